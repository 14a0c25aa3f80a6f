// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/* map_private.h - what the files of stos-map share.
 *
 * An op is one row of the table in map.c and one function
 *     bool map_conv(Mapper *m, MlirOperation op)
 * that says which layer begins with it: an input, a window, parameters. A chain (stos_private.h)
 * then takes up what follows as post operations, and the planner is asked for a mapping. False, and
 * nothing built: the op stays the host's.
 */
#ifndef FUSE_STOS_MAP_PRIVATE_H
#define FUSE_STOS_MAP_PRIVATE_H

#include "stos_private.h"

typedef struct Slot {
  const void *key;
  MlirValue blocked;
  bool done; /* an op that a layer has taken up */
} Slot;

typedef struct Mapper {
  FuseIr *ir;
  FuseArena *scratch;
  MlirContext context;
  MlirRewriterBase rw;
  StosTarget target;
  FuseDtype dtype; /* the datapath's: all tensors of the machine */
  Slot *slots;     /* values and ops by their pointer; only looked up */
  size_t capacity;
} Mapper;

/* ---- the ops ---- */

/* map_conv.c */
bool map_conv(Mapper *m, MlirOperation op);
bool map_depthwise(Mapper *m, MlirOperation op);
/* map_pool.c */
bool map_pool(Mapper *m, MlirOperation op);
bool map_sum_i8(Mapper *m, MlirOperation op);
/* map_elementwise.c: any other op */
bool map_group(Mapper *m, MlirOperation op);
bool map_elementwise(Mapper *m, MlirOperation op);
bool map_elementwise_i8(Mapper *m, MlirOperation op);
/* map_address.c */
bool map_reshape(Mapper *m, MlirOperation op);
bool map_concat(Mapper *m, MlirOperation op);
bool map_slice(Mapper *m, MlirOperation op);
bool map_pad(Mapper *m, MlirOperation op);
/* map_host.c: result i of the network straight from the machine; what a host op reads of it */
bool map_result(Mapper *m, MlirOperation last, intptr_t i);
void map_unpack_operands(Mapper *m, MlirOperation op);

/* ---- values.c: value -> blocked tensor, op -> taken up ---- */

/* Room for the values and ops of a function of n_ops. */
void map_init_values(Mapper *m, size_t n_ops);
/* Null: none yet. */
MlirValue map_blocked(Mapper *m, MlirValue value);
void map_set_blocked(Mapper *m, MlirValue value, MlirValue blocked);
bool map_is_done(Mapper *m, MlirOperation op);
void map_set_done(Mapper *m, MlirOperation op);
/* The blocked tensor of a value if it exists already, or if the value is an input of the network.
 * user: the Mapper (StosFindBlocked). */
MlirValue map_find_blocked(MlirValue value, void *user);
/* The same; a plain tensor of the host is packed. Null when the machine can't hold it. The move
 * belongs to the node that the host runs: what makes the value, if there is one. */
MlirValue map_get_blocked(Mapper *m, MlirOperation at, MlirValue value);

/* ---- layer.c ---- */

/* kind: "conv", "depthwise" or "vector"; a window of one pixel. */
StosLayer map_default_layer(const Mapper *m, const char *kind);
/* A layer with the result's shape. What an op makes on the way to a tensor of i8 may be i32. */
bool map_init_layer(const Mapper *m, MlirOperation op, const char *kind, StosLayer *layer);
/* The layer computes `value` so far. */
StosChain map_begin(Mapper *m, StosLayer *layer, MlirValue value);
/* Build the layer that the chain describes, where op stands. False (nothing built) when it ends
 * nowhere or the machine can't run it. */
bool map_finish(Mapper *m, MlirOperation op, StosChain *chain);
/* All three: the layer computes `value`, takes up what follows, and is built. False also when it
 * has no input. */
bool map_layer(Mapper *m, MlirOperation op, StosLayer *layer, MlirValue value);

/* ---- window.c ---- */

/* pad = [top, bottom, left, right], stride, dilation of a conv or a pool. */
bool map_read_window(MlirOperation op, StosLayer *layer);
/* The operand of a window that starts at the image's origin: through a tosa.slice that only cuts
 * off lines and pixels at the end which no window reads (ONNX's floor semantics made exact for
 * TOSA). */
MlirValue map_window_input(MlirOperation op, const StosLayer *layer);
/* A zero point of the op: operand `operand`, or in the fuse dialect the attribute `name`, else 0.
 * False when it isn't a constant, or in f32 not 0. */
bool map_zero_point(Mapper *m, MlirOperation op, int operand, const char *name, int16_t *zp);
/* Are all bits 0? */
bool map_all_zero(const FuseTensor *t);

#endif
