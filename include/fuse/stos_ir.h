// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/* stos_ir.h - the stos dialect as the planner's structs, and back.
 *
 * Layer 5. The passes and the object writer see the IR's buffers and commands through this.
 */
#ifndef FUSE_STOS_IR_H
#define FUSE_STOS_IR_H

#include "fuse/ir.h"
#include "fuse/plan.h"

/* window of stos.layer, stos.input and stos.io. */
typedef enum StosWindow {
  WIN_KH,
  WIN_KW,
  WIN_SY,
  WIN_SX,
  WIN_DY,
  WIN_DX,
  WIN_TOP,
  WIN_LEFT,
  N_WINDOW
} StosWindow;

/* ---- target of a function ---- */

/* The machine that stos-map wrote on the function (attribute stos.target: the numbers as JSON). */
bool stos_function_target(MlirOperation func, StosTarget *target);
void stos_set_function_target(MlirOperation func, const StosTarget *target);

/* ---- a network, and the commands made of it ---- */

/* Layers, storages, weights and host calls of a mapped function; `values` etc. for what the tile
 * pass writes. */
typedef struct StosNet {
  FusePlanNet plan;
  MlirOperation *op_of_layer;
  struct StosBorder *io;
  int n_io;
} StosNet;

typedef struct StosBorder {
  const char *name;
  bool input;
  intptr_t index; /* of the argument or result */
  int storage;
  FuseTensor type;    /* the model's */
  const char *layout; /* "plain", "blocked", "packed" */
  bool channels_last; /* the model's, if it isn't plain: N,H,W,C */
  int64_t window[N_WINDOW];
  double scale;       /* f32 outside, i8 inside; 0: not quantised */
  int64_t zero_point; /* without a scale: of pads in a packed input */
} StosBorder;

/* The op of a stos.node whose commands copy a value to an output, for no node of the network. */
#define STOS_OP_OUTPUT "output"

/* Replace the function's body by the program: buffers, io, nodes, commands. */
void stos_write_program(FuseIr *ir, FuseArena *arena, MlirOperation func, const StosTarget *target,
                        const StosNet *net, const FusePlanProgram *program);

/* A function of buffers and commands. `net` gets what the planner's later steps need: dtype,
 * storages, calls, data. */
typedef struct StosFunction {
  MlirOperation func;
  FusePlanNet net;
  FusePlanProgram program;
  MlirOperation *buffer_ops, *cmd_ops;
} StosFunction;
bool stos_read_program(FuseArena *arena, MlirOperation func, const StosTarget *target,
                       StosFunction *out);
/* Write addresses, `ahead`, fields and tokens back to the ops. */
void stos_update_program(StosFunction *function);

#endif
