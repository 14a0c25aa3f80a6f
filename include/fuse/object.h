// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/* object.h - the .stos object file as a struct (docs/isa.md, section 3), as assembly source, as
 * text for people, as JSON and as memory images for a test bench.
 */
#ifndef FUSE_OBJECT_H
#define FUSE_OBJECT_H

#include "fuse/isa.h"
#include "fuse/target.h"
#include "fuse/tensor.h"

enum {
  STOS_OBJECT_VERSION = 2, /* of each section that has one */
  STOS_HASH_BYTES = 32,
  STOS_REGION_ALIGNMENT = 256, /* M-MEM-6 */
};
#define STOS_MAX_REGION_BYTES (UINT64_C(1) << 40)

typedef enum StosLayout {
  STOS_LAYOUT_PLAIN = 0,   /* the model's order, without gaps */
  STOS_LAYOUT_BLOCKED = 1, /* docs/machine.md, section 10 */
  STOS_LAYOUT_PACKED = 2,
  STOS_N_LAYOUTS = 3,
  STOS_LAYOUT_CHANNELS_LAST = 0x80, /* in the file: a bit of the layout's byte */
} StosLayout;

/* How a packed tensor was made from the model's (im2col); the names are those of the assembly. */
#define STOS_PACKING_FIELDS(X)                                                                     \
  X(kh, uint8_t)                                                                                   \
  X(kw, uint8_t)                                                                                   \
  X(stride_y, uint8_t)                                                                             \
  X(stride_x, uint8_t)                                                                             \
  X(dil_y, uint8_t)                                                                                \
  X(dil_x, uint8_t)                                                                                \
  X(pad_top, int32_t)                                                                              \
  X(pad_left, int32_t)                                                                             \
  X(out_lines, uint32_t)                                                                           \
  X(out_pixels, uint32_t)

typedef struct StosIo {
  const char *name;
  uint8_t dtype;         /* FuseDtype of the model's tensor */
  uint8_t machine_dtype; /* FuseDtype of the elements in the io region */
  uint8_t layout;        /* StosLayout */
  uint8_t channels_last; /* not for plain; 0: the model has N,C,H,W, 1: N,H,W,C */
  uint8_t rank;
  int64_t shape[FUSE_MAX_RANK];      /* the model's order */
  uint64_t offset_bytes, size_bytes; /* in the io region */
  float scale;                       /* 0: not quantised */
  int32_t zero_point;
  uint32_t line_pitch, block_pitch; /* words; not for plain */
#define X(field, type) type field;
  STOS_PACKING_FIELDS(X) /* packed only */
#undef X
} StosIo;

typedef struct StosHostTensor {
  uint32_t region; /* STOS_REGION_... */
  uint64_t offset_bytes, size_bytes;
} StosHostTensor;

typedef struct StosHostCall {
  uint32_t kernel; /* id in kernels.def; the runtime checks it */
  uint32_t n_tensors, n_words;
  const StosHostTensor *tensors;
  const uint32_t *words; /* parameters */
} StosHostCall;

/* A node of the network. Names are different from each other. */
typedef struct StosNode {
  const char *name, *op, *mapping; /* "conv_3", "Conv", "conv1d-hold"; the latter two may be "" */
  uint64_t macs;
  uint64_t bound_cycles; /* 0: none computed */
} StosNode;

/* Commands [begin, end) (bytes of .stos.text) belong to a node. Ascending, not overlapping. */
typedef struct StosRange {
  uint32_t begin, end, node;
} StosRange;

/* Plain data; whoever makes one owns what it points to. {0} with a target and a datapath dtype is
 * an object without commands. */
typedef struct StosObject {
  const uint8_t *text; /* commands */
  size_t text_bytes;
  const uint8_t *weights;
  size_t weights_bytes;
  uint64_t arena_bytes, io_bytes; /* io: below 4 GiB */
  const StosIo *inputs, *outputs;
  uint32_t n_inputs, n_outputs;
  const StosHostCall *host;
  uint32_t n_host;
  const StosNode *nodes;
  const StosRange *ranges;
  uint32_t n_nodes, n_ranges;
  /* the note */
  StosTarget target;
  const char *compiler, *flags;        /* version and flags; NULL is "" */
  uint8_t model_hash[STOS_HASH_BYTES]; /* SHA-256 of the model file; zeros: none */
  uint8_t dtype;                       /* of the datapath: FUSE_F32 or FUSE_I8 */
  bool allow_reassociation;
} StosObject;

/* Rules of docs/isa.md, section 3, but not the commands; reader and writer call it. */
bool stos_object_check(const StosObject *object, const char *place, FuseDiag *diag);

/* Trusts nothing. text and weights point into bytes, which must outlive the object. */
bool stos_object_read(FuseArena *arena, const uint8_t *bytes, size_t size_bytes, const char *place,
                      StosObject *object, FuseDiag *diag);
/* Append the file to out; equal objects give equal bytes. */
bool stos_object_write(const StosObject *object, FuseText *out, FuseDiag *diag);

/* Decode the commands, and check what ties them to the object: their element type (M-NUM-1), the
 * host calls they name, that ranges begin and end at commands. */
bool stos_object_program(FuseArena *arena, const StosObject *object, const char *place,
                         StosProgram *program, FuseDiag *diag);
/* A host call writes its first tensors: how many, by kernel; 1 for an unknown id. */
uint32_t stos_kernel_results(uint32_t id);
/* Node of the command at a byte offset; NULL when it belongs to none. */
const StosNode *stos_object_node(const StosObject *object, uint32_t offset);

uint32_t stos_dtype_bytes(uint8_t datapath_dtype);  /* E of docs/machine.md: 4 or 1 */
uint32_t stos_word_bytes(const StosObject *object); /* L E */
uint64_t stos_region_bytes(const StosObject *object, int region);
const char *stos_region_name(int region); /* "weights"; NULL if unknown */
const char *stos_layout_name(int layout); /* "blocked"; NULL if unknown */

/* Images, channels, lines and pixels of a tensor: [N, C, H, W] without missing trailing dimensions,
 * which are 1; rank 1 is [C]. With channels_last [N, H, W, C], [N, W, C] or [N, C]. False above
 * rank 4. */
bool stos_io_dims(const StosIo *io, int64_t dims[4]);
/* Least bytes the layout needs; false on overflow or an impossible description (I-OBJ-1). */
bool stos_io_bytes(const StosIo *io, uint32_t lanes, uint64_t *bytes);

/* ---- assembly source ---- */

/* A whole program with directives (docs/isa.md, section 2). Everything lives in arena. target: used
 * where the source has no .target; may be NULL. */
bool stos_object_assemble(FuseArena *arena, const char *source, size_t length, const char *place,
                          const StosTarget *target, StosObject *object, FuseDiag *diag);
/* Source that assembles to the same object; without weights their bytes are zeros in it. */
bool stos_object_disassemble(const StosObject *object, const char *place, bool with_weights,
                             FuseText *out, FuseDiag *diag);

/* ---- for people and for other programs ---- */

/* Name, place, size and alignment of each section of a file. */
bool stos_object_dump_sections(const uint8_t *bytes, size_t size_bytes, const char *place,
                               FuseText *out, FuseDiag *diag);
/* section: "io", "note", "debug" or "host"; false if it is none of them. */
bool stos_object_dump(const StosObject *object, const char *section, FuseText *out);
/* Everything but the weights' bytes. */
bool stos_object_json(const StosObject *object, const char *place, FuseText *out, FuseDiag *diag);

/* ---- memory images for a test bench (docs/isa.md, section 5) ---- */

typedef struct StosImage {
  FuseText text; /* $readmemh: one line per 16 bytes of commands */
  FuseText dram; /* one line per beat: what DRAM holds at start */
  FuseText map;  /* JSON: target, regions, tensors */
} StosImage;
void stos_object_image(const StosObject *object, StosImage *image);
void stos_image_fini(StosImage *image);
/* Write text.hex, dram.hex and map.json into a folder that exists or can be made. */
bool stos_image_write(const StosImage *image, const char *folder, FuseDiag *diag);

#endif
