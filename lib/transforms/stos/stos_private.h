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
/* N,H,W,C of a plain tensor that the machine can hold: rank 4, or rank 2 as N,1,1,C. */
bool stos_shape(MlirType type, FuseDtype *dtype, int64_t shape[STOS_RANK]);

/* A layer being made: what stos.layer will say. */
typedef struct StosLayer {
  const char *kind, *reduce;  /* "conv", "none" */
  MlirValue operand[N_ROLES]; /* null: absent */
  int64_t window[N_WINDOW];
  StosPost post[STOS_MAX_POST];
  int n_post;
  FuseDtype dtype;
  int64_t shape[STOS_RANK]; /* of the result */
} StosLayer;

MlirValue stos_build_layer(MlirRewriterBase rw, MlirLocation loc, const StosLayer *layer,
                           const char *mapping, bool column);

/* ---- post.c: elementwise tosa ops become post operations ---- */

/* A blocked tensor that holds the value and exists already; null if there is none. */
typedef MlirValue (*StosFindBlocked)(MlirValue value, void *user);

/* A value on its way through a layer, and the ops taken up so far. */
typedef struct StosChain {
  FuseIr *ir;
  FuseArena *scratch;
  StosLayer *layer;
  MlirValue value; /* what the layer's result stands for */
  StosFindBlocked find;
  void *user;
  MlirOperation *absorbed;
  size_t n_absorbed, capacity;
} StosChain;

/* Take up `op`, which has chain->value as an operand; false (nothing changed) when it can't be a
 * post operation here. */
bool stos_chain_take(StosChain *chain, MlirOperation op);
/* Take up users of the value as long as they are its only ones. */
void stos_chain_follow(StosChain *chain);

/* ---- net.c ---- */

/* A mapped function as the planner's network. False after printed errors. */
bool stos_read_net(FuseIr *ir, FuseArena *arena, MlirOperation func, const StosTarget *target,
                   StosNet *net);

#endif
