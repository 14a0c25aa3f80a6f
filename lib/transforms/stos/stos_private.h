// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/* stos_private.h - what the passes from tosa to commands share. */
#ifndef FUSE_STOS_PRIVATE_H
#define FUSE_STOS_PRIVATE_H

#include "fuse/passes.h"
#include "fuse/stos_ir.h"

enum { STOS_N, STOS_H, STOS_W, STOS_C, STOS_RANK }; /* of a blocked tensor */

/* Operands of stos.layer, in the order of its groups. */
typedef enum StosRole {
  ROLE_IN,
  ROLE_WEIGHTS,
  ROLE_BIAS,
  ROLE_SCALE,
  ROLE_AUX,
  ROLE_RES,
  ROLE_SHIFT, /* i8, of `scale` */
  ROLE_TABLE, /* i8, 256 entries */
  N_ROLES
} StosRole;

/* ---- looking at the IR ---- */

static inline MlirOperation stos_def(MlirValue value) {
  return mlirValueIsAOpResult(value) ? mlirOpResultGetOwner(value) : (MlirOperation){NULL};
}

static inline MlirValue stos_result(MlirOperation op) {
  return mlirOperationGetResult(op, 0);
}

static inline int stos_n_uses(MlirValue value) {
  int n = 0;
  for (MlirOpOperand use = mlirValueGetFirstUse(value); !mlirOpOperandIsNull(use);
       use = mlirOpOperandGetNextUse(use))
    n++;
  return n;
}

/* ---- layers.c: stos.layer and its neighbours as structs ---- */

/* tensor<NxHxWxCxT, "blocked"> */
MlirType stos_blocked_type(MlirContext context, FuseDtype dtype, const int64_t shape[STOS_RANK]);
bool stos_is_blocked(MlirType type);
/* One number for each of N,H,W,C of those for the axes of a plain tensor that the machine can hold:
 * N,H,W,C, N,W,C or N,C. `other` stands for the axes that aren't there. */
void stos_spread(int rank, const int64_t *values, int64_t other, int64_t spread[STOS_RANK]);
/* N,H,W,C of such a tensor. */
bool stos_shape(MlirType type, FuseDtype *dtype, int64_t shape[STOS_RANK]);
/* Is the op's attribute `axis` the channels of its result? */
bool stos_is_channel_axis(MlirOperation op);

/* How the layer's operations scale; the modes differ only for shifts above 31. */
typedef enum StosRounding { ROUND_ANY, ROUND_SINGLE, ROUND_DOUBLE } StosRounding;

/* A layer being made: what stos.layer will say. */
typedef struct StosLayer {
  const char *kind, *reduce;  /* "conv", "none" */
  MlirValue operand[N_ROLES]; /* null: absent */
  int64_t window[N_WINDOW];
  StosPost post[STOS_MAX_POST];
  int n_post;
  int16_t in_zp, w_zp, res_zp; /* i8 */
  bool pads;                   /* a vector layer without reduction reads outside of the image */
  StosRounding rounding;
  FuseDtype dtype;
  int64_t shape[STOS_RANK]; /* of the result */
} StosLayer;

MlirValue stos_build_layer(MlirRewriterBase rw, MlirLocation loc, const StosLayer *layer,
                           const char *mapping, bool column);

/* ---- post.c, post_i8.c: elementwise tosa ops become post operations ---- */

/* A blocked tensor that holds the value and exists already; null if there is none. */
typedef MlirValue (*StosFindBlocked)(MlirValue value, void *user);

/* What a chain of integers holds back until the program needs it: the value is
 * min(max(v + offset, low), high), and v + offset is known to lie in [known_low, known_high]. */
typedef struct StosPending {
  int64_t offset, low, high, known_low, known_high;
} StosPending;

/* A value on its way through a layer, and the ops taken up so far. */
typedef struct StosChain {
  FuseIr *ir;
  MlirRewriterBase rw; /* where the layer will stand */
  FuseArena *scratch;
  StosLayer *layer;
  MlirValue value; /* what the layer's result stands for */
  StosFindBlocked find;
  void *user;
  MlirOperation *absorbed;
  size_t n_absorbed, capacity;
  StosPending pending; /* i8 */
  bool complete;       /* the value is one that a layer can write; set by stos_chain_follow */
} StosChain;

/* Take up `op`, which has chain->value as an operand; false (nothing changed) when it can't be a
 * post operation here. */
bool stos_chain_take(StosChain *chain, MlirOperation op);
/* Take up users of the value as long as they are its only ones; in i8 as far as there is a tensor
 * of i8 to write. */
void stos_chain_follow(StosChain *chain);

/* What is known of the value at which the chain begins. */
void stos_chain_begin(StosChain *chain);
/* i8: the value is what the layer has so far, plus a zero point, saturated. */
void stos_chain_unsaturated(StosChain *chain, int64_t zero_point);
bool stos_chain_take_i8(StosChain *chain, MlirOperation op);
void stos_chain_follow_i8(StosChain *chain);

/* The only user of a value; null when there are none or several. */
MlirOperation stos_only_user(MlirValue value);
/* False when the program is full. */
bool stos_chain_push(StosChain *chain, StosPost op);
bool stos_chain_set_operand(StosChain *chain, StosRole role, MlirValue value);
/* A machine tensor as the second operand: of the result's shape, or one pixel of it. */
bool stos_chain_push_tensor(StosChain *chain, StosPost op, MlirValue other);
/* The op is taken up: its result is the value from now on. */
void stos_chain_absorb(StosChain *chain, MlirOperation op);
/* select(v >= 0, v, negative(v)): the value has these three users. */
typedef struct StosLeaky {
  MlirOperation compare, negative, select;
} StosLeaky;
bool stos_chain_find_leaky(const StosChain *chain, const char *negative, StosLeaky *found);
void stos_chain_absorb_leaky(StosChain *chain, const StosLeaky *found);
/* Has the op one result, of the layer's shape? No broadcast of the value itself. */
bool stos_chain_keeps_shape(const StosChain *chain, MlirOperation op, FuseDtype *dtype);

/* A tosa.rescale of constants that the machine can do. */
typedef struct StosRescale {
  MlirValue mult, shift; /* constants of n values */
  int64_t n;             /* 1 or one a channel */
  int32_t first_mult;
  uint32_t first_shift, largest_shift;
  int64_t in_zp, out_zp;
  StosRounding rounding;
  FuseDtype from, to; /* I8, I32, or U8 */
} StosRescale;
/* v * 2^s / 2^s: nothing but the zero points. */
bool stos_rescale_is_unity(const StosRescale *rescale);
/* u8 to the i8 that is 128 less (into), or back. */
bool stos_rescale_is_shift(const StosRescale *rescale, bool into);
bool stos_read_rescale(FuseIr *ir, MlirOperation op, StosRescale *rescale);

/* ---- border.c ---- */

/* The float side of a quantised border. */
typedef struct StosQuant {
  bool there;
  double scale;
  int64_t zero_point;
} StosQuant;

/* An input of the network: a function argument, and how it is quantised on the way. */
typedef struct StosEntry {
  MlirValue argument;
  bool channels_last; /* of images: the argument is N,H,W,C */
  StosQuant quant;
} StosEntry;

/* Is the value a function argument, brought to channels-last order, quantised or moved from u8 on
 * the way, and its only use? The I/O table has one layout for an input. */
bool stos_argument_of(FuseIr *ir, MlirValue value, StosEntry *entry);
/* The tensor of i8 that a value is outside of the machine (dequantised, or as u8), or the value
 * itself. */
MlirValue stos_inside_of(FuseIr *ir, MlirValue value, StosQuant *quant);
/* Packed where a layer says how: its window and what pads are. */
MlirValue stos_build_input(MlirRewriterBase rw, MlirLocation loc, const StosEntry *entry,
                           const StosLayer *packed, FuseDtype dtype, const int64_t *shape);
/* scale and zero_point of stos.input or stos.output; how many attributes (0 or 2). */
int stos_quant_attrs(MlirContext context, const StosQuant *quant, MlirNamedAttribute *attrs);

/* ---- sink.c ---- */

/* f(concat(a, b)) becomes concat(f(a), f(b)), so that the layers that make a and b do f in their
 * post program. */
void stos_sink_elementwise(FuseIr *ir, FuseArena *scratch, MlirRewriterBase rw, MlirOperation func);

/* ---- net.c ---- */

/* A mapped function as the planner's network. False after printed errors. */
bool stos_read_net(FuseIr *ir, FuseArena *arena, MlirOperation func, const StosTarget *target,
                   StosNet *net);

#endif
