// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/* plan.h - from layers on whole tensors to machine commands: cost, mapping, tiles, addresses,
 * order, tokens.
 *
 * Plain numbers in, plain numbers out; the stos passes read the IR into these structs and write the
 * answers down. Everything here follows docs/machine.md; the planner's own choices are in
 * docs/planner.md.
 *
 *   fuse_plan_map       layer -> mapping and its cycles                        (stos-map)
 *   fuse_plan_tile      layers, storages -> commands on named buffers          (stos-tile)
 *   fuse_plan_allocate  commands, buffers -> addresses, how far loads run ahead (stos-allocate)
 *   fuse_plan_schedule  addressed commands -> final order, waits and signals   (stos-schedule)
 */
#ifndef FUSE_PLAN_H
#define FUSE_PLAN_H

#include "fuse/isa.h"
#include "fuse/target.h"

/* ---- tensors ---- */

typedef enum FuseHome {
  FUSE_HOME_AUTO,  /* arena or scratchpad: fuse_plan_tile decides */
  FUSE_HOME_ARENA, /* DRAM: touched by the host, or too large */
  FUSE_HOME_IO,    /* DRAM: input or output of the network */
  FUSE_HOME_CHIP,  /* stays in the scratchpad all its life */
} FuseHome;

/* Memory of one or more tensors: channel-blocked, word ((image * blocks + cb) * h + y) * w + x
 * (docs/machine.md, 10). */
typedef struct FuseStorage {
  int64_t n, blocks, h, w; /* images, channel blocks, lines, pixels */
  FuseHome home;
  const char *name; /* for people */
} FuseStorage;

/* A tensor is channel blocks [first_block, first_block + ceil(c / lanes)) of a storage: so concat
 * and split are addresses. */
typedef struct FusePlanTensor {
  int storage; /* -1: none */
  int64_t first_block, c;
} FusePlanTensor;

/* ---- layers ---- */

typedef enum FuseLayerKind {
  FUSE_LAYER_CONV,      /* any dense conv, 1x1 and fully connected ones too: GEMM */
  FUSE_LAYER_DEPTHWISE, /* KxK per channel, 1xK and Kx1 too: CONV1D, or GEMM with block-diagonal
                           weights */
  FUSE_LAYER_VECTOR,    /* elementwise and pools */
  FUSE_LAYER_HOST,      /* one host call on arena and io */
} FuseLayerKind;

typedef enum FuseMapping {
  FUSE_MAP_GEMM,
  FUSE_MAP_BLOCK_DIAGONAL,
  FUSE_MAP_STREAM,
  FUSE_MAP_HOLD,
  FUSE_MAP_VECTOR,
  FUSE_MAP_HOST,
} FuseMapping;

const char *fuse_mapping_name(FuseMapping mapping); /* "gemm", "block-diagonal", "stream", ... */
bool fuse_mapping_find(const char *name, size_t length, FuseMapping *mapping);

/* How the second operand (residual, or b of VECTOR) covers the result. */
typedef enum FuseResidual {
  FUSE_RES_NONE,
  FUSE_RES_FULL,    /* same shape */
  FUSE_RES_CHANNEL, /* one pixel: broadcast over y and x (squeeze-excite) */
} FuseResidual;

typedef struct FuseLayer {
  FuseLayerKind kind;
  FuseDtype dtype;
  int node;                    /* index of the ONNX node in the debug map */
  FusePlanTensor in, out, res; /* shapes through their storages; res.storage = -1: none */
  FuseResidual residual;
  int64_t out_h, out_w; /* result; of the conv itself when pooled */
  int64_t kh, kw, stride_y, stride_x, dil_y, dil_x, pad_top,
      pad_left;   /* window; 1 1 1 1 1 1 0 0 without */
  uint8_t reduce; /* VECTOR: STOS_REDUCE_* over the window */
  uint8_t pool;   /* array layers: STOS_REDUCE_* over all pixels, result 1x1 */
  StosPost post[STOS_MAX_POST], post2[4]; /* LUT: index in the layer's own tables */
  int16_t in_zp, w_zp, res_zp;            /* i8: zero points of input, weights and second operand */
  bool double_round;   /* i8: TOSA's double rounding wherever the program scales */
  FuseMapping mapping; /* set by fuse_plan_map */
  bool column;         /* CONV1D runs along y: set by fuse_plan_map when that is cheaper (kw = 1) */
  int weights, params, tables; /* indices into FusePlanNet.data, -1: none */
  int host_call;               /* HOST: index into FusePlanNet.calls, else -1 */
} FuseLayer;

/* A layer with no tensors yet, a window of one pixel, and -1 wherever that means none. */
FuseLayer fuse_plan_layer(FuseLayerKind kind, FuseDtype dtype);

/* Bytes of the weights region, packed for the layer's mapping (lib/plan/pack.c). */
typedef struct FusePlanData {
  const uint8_t *bytes;
  size_t size_bytes;
  const char *name;
} FusePlanData;

/* A host call: kernel id, tensors in DRAM, parameter words (docs/isa.md, I-OBJ-2). */
typedef struct FusePlanCallTensor {
  int buffer;  /* of FusePlanProgram, after tiling; before: storage index in `storage` */
  int storage; /* -1: `data` */
  int data;    /* weights region data, -1: storage */
  uint64_t offset_bytes, size_bytes;
  bool written;
} FusePlanCallTensor;

typedef struct FusePlanCall {
  uint32_t kernel;
  FusePlanCallTensor *tensors;
  int n_tensors;
  uint32_t *words;
  int n_words;
} FusePlanCall;

typedef struct FusePlanNet {
  FuseDtype dtype; /* datapath: F32 or I8 */
  FuseStorage *storages;
  int n_storages;
  FuseLayer *layers; /* in an order in which they can run */
  int n_layers;
  FusePlanData *data;
  int n_data;
  FusePlanCall *calls;
  int n_calls;
} FusePlanNet;

/* ---- mapping and cost ---- */

typedef struct FuseCost {
  uint64_t cycles;       /* of the array or vector unit, data at hand */
  uint64_t dram_beats;   /* input, weights, residual and result once */
  uint64_t macs;         /* useful */
  uint64_t bound_cycles; /* the largest of MACs over PEs, edge ports, drain, DRAM beats
                            (docs/planner.md) */
} FuseCost;

/* Array cycles of a layer in a mapping, the target's best tiles; UINT64_MAX if the target can't. */
uint64_t fuse_plan_cycles(const FuseLayer *layer, const FusePlanNet *net, FuseMapping mapping,
                          bool column, const StosTarget *target);
/* Choose the cheapest mapping; sets layer->mapping and column. False when no command can run it
 * (the caller makes it a HOST call). */
bool fuse_plan_map(FuseLayer *layer, const FusePlanNet *net, const StosTarget *target,
                   FuseCost *cost);
/* Cost of a mapped layer; zeros for the host's. */
FuseCost fuse_plan_cost(const FuseLayer *layer, const FusePlanNet *net, const StosTarget *target);

/* ---- packing: plain weights to the words that the edges read ---- */

/* Lanes and steps without a weight hold the layer's w_zp: they add 0 whatever the input's lane
 * holds. */
/* weights: f32 or i8, [out_c][kh][kw][in_c / groups] -> left-edge words of M-GEMM-1. */
FusePlanData fuse_pack_conv(FuseArena *arena, const FuseTensor *weights, const FuseLayer *layer,
                            const StosTarget *target);
/* weights: [kh][kw][c] -> taps (CONV1D mappings) or block-diagonal words. */
FusePlanData fuse_pack_depthwise(FuseArena *arena, const FuseTensor *weights,
                                 const FuseLayer *layer, const StosTarget *target);
/* Parameter entries: each array has `channels` values or is NULL (zeros). */
FusePlanData fuse_pack_params(FuseArena *arena, int64_t channels, const uint32_t *bias,
                              const uint32_t *scale, const uint32_t *shift, const uint32_t *aux);

/* ---- commands on buffers ---- */

typedef enum FusePlanSpace {
  FUSE_SPACE_CHIP,    /* scratchpad, words */
  FUSE_SPACE_PARAM,   /* parameter memory, entries */
  FUSE_SPACE_LUT,     /* tables */
  FUSE_SPACE_WEIGHTS, /* DRAM, bytes; `data` is what lies there */
  FUSE_SPACE_ARENA,   /* DRAM, bytes */
  FUSE_SPACE_IO,      /* DRAM, bytes */
} FusePlanSpace;

typedef struct FusePlanBuffer {
  FusePlanSpace space;
  uint64_t size; /* units of the space */
  int64_t
      address; /* -1 until fuse_plan_allocate; WEIGHTS, ARENA, IO: bytes from the region's start */
  int storage; /* the whole storage lives here; -1: a tile */
  int data;    /* WEIGHTS */
  const char *name;
} FusePlanBuffer;

/* Which buffer an address field of a command is relative to. */
typedef enum FusePlanRef {
  FUSE_REF_IN,
  FUSE_REF_LEFT,
  FUSE_REF_OUT,
  FUSE_REF_RES,
  FUSE_REF_PARAM,
  FUSE_REF_DRAM,
  FUSE_REF_LUT, /* the post program's tables */
  FUSE_N_REFS
} FusePlanRef;

typedef struct FusePlanCmd {
  StosCmd cmd; /* address fields relative to their buffers until fuse_plan_allocate has run */
  int buffer[FUSE_N_REFS]; /* -1: none. LOAD: OUT (or PARAM, LUT) and DRAM; STORE: IN and DRAM;
                              taps are LEFT */
  int layer;               /* index into FusePlanNet.layers, for the debug map */
  int call;                /* HOST */
  int ahead;  /* LOAD: may be issued before this many array/vector commands more than it stands; set
                 by allocate */
  int origin; /* the caller's: kept when the schedule moves the command; -1 for END */
} FusePlanCmd;

typedef struct FusePlanProgram {
  FusePlanBuffer *buffers;
  int n_buffers;
  FusePlanCmd *cmds; /* an order in which running one by one is right */
  int n_cmds;
  uint64_t arena_bytes, io_bytes, weights_bytes; /* after allocate */
  int failed_layer; /* after a failed tile or allocate: the layer that found no room */
} FusePlanProgram;

/* Commands that run the layers, tile by tile. Decides which storages stay on chip. False: a layer
 * can't be tiled for this target (diag says which and why). */
bool fuse_plan_tile(FuseArena *arena, const FusePlanNet *net, const StosTarget *target,
                    FusePlanProgram *program, FuseDiag *diag);
/* May the steps below trust a program that was read from text? Sizes, buffers of each command,
 * words inside them; addressed: addresses too (for fuse_plan_schedule). What is wrong is *buffer or
 * *cmd, else both are -1. */
bool fuse_plan_check(const FusePlanNet *net, const StosTarget *target,
                     const FusePlanProgram *program, bool addressed, int *buffer, int *cmd,
                     FuseDiag *diag);
/* Addresses for all buffers. */
bool fuse_plan_allocate(FuseArena *arena, const FusePlanNet *net, const StosTarget *target,
                        FusePlanProgram *program, FuseDiag *diag);
/* Move loads forward as far as their memory allows, then add waits and signals so that every pair
 * of commands that touch the same words, or the same section's port, keeps its order (M-CTL,
 * M-MEM-4). Ends with END. */
void fuse_plan_schedule(FuseArena *arena, const FusePlanNet *net, const StosTarget *target,
                        FusePlanProgram *program);

/* Words that a command touches on chip and in DRAM: what schedule orders by. Calls visit(first,
 * count) for runs in any order, runs may repeat. */
typedef enum FuseTouch {
  FUSE_TOUCH_READ,
  FUSE_TOUCH_READ_LATE, /* by the post stage: residual, parameters; a READ signal doesn't cover it
                         */
  FUSE_TOUCH_WRITE,
} FuseTouch;
typedef void (*FuseTouchFn)(void *user, FusePlanSpace space, FuseTouch touch, uint64_t first,
                            uint64_t count);
void fuse_plan_touches(const FusePlanCmd *cmd, const FusePlanCall *calls,
                       const FusePlanBuffer *buffers, const StosTarget *target, FuseDtype dtype,
                       FuseTouchFn visit, void *user);

#endif
