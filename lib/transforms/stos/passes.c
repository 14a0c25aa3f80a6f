// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/* passes.c - stos-tile, stos-allocate, stos-schedule: ask lib/plan and write its answers down.
 *
 *   stos-tile      stos.layer, ...            ==>  stos.buffer, stos.io, stos.node, commands on
 * buffers stos-allocate  buffers                    ==>  addresses; commands with absolute ones;
 * ahead stos-schedule  commands in a right order  ==>  the final order, waits and signals, stos.end
 *
 * needs: the pass before
 * source: docs/machine.md, docs/planner.md
 */
#include "stos_private.h"

/* ---- stos-tile ---- */

static MlirLogicalResult run_tile(MlirOperation func, const FusePassOptions *options) {
  StosTarget target;
  StosNet net;
  FusePlanProgram program;
  FuseDiag diag = {0};
  if (!stos_function_target(func, &target) ||
      !stos_read_net(options->ir, options->scratch, func, &target, &net))
    return mlirLogicalResultFailure();
  if (!fuse_plan_tile(options->scratch, &net.plan, &target, &program, &diag))
    return fuse_op_error(net.op_of_layer[program.failed_layer], "%s", diag.message);
  stos_write_program(options->ir, options->scratch, func, &target, &net, &program);
  return mlirLogicalResultSuccess();
}

const FusePass fuse_pass_stos_tile = {
    .name = "stos-tile",
    .anchor = "func.func",
    .keeps = FUSE_CHANGES,
    .run = run_tile,
    .summary = "Cut layers into commands on named buffers; small tensors stay in the scratchpad",
};

/* ---- stos-allocate ---- */

static bool read_function(MlirOperation func, const FusePassOptions *options, StosTarget *target,
                          StosFunction *function) {
  return stos_function_target(func, target) &&
         stos_read_program(options->scratch, func, target, function);
}

/* What was read may have been written by hand: the planner trusts it only after this. */
static bool check_program(MlirOperation func, const StosFunction *function,
                          const StosTarget *target, bool addressed) {
  int buffer, cmd;
  FuseDiag diag = {0};
  if (fuse_plan_check(&function->net, target, &function->program, addressed, &buffer, &cmd, &diag))
    return true;
  MlirOperation op = buffer >= 0 ? function->buffer_ops[buffer]
                     : cmd >= 0  ? function->cmd_ops[cmd]
                                 : func;
  return mlirLogicalResultIsSuccess(fuse_op_error(op, "%s", diag.message));
}

static void set_bytes(MlirOperation func, const char *name, uint64_t bytes) {
  MlirContext context = mlirOperationGetContext(func);
  mlirOperationSetAttributeByName(
      func, fuse_str(name), mlirIntegerAttrGet(mlirIntegerTypeGet(context, 64), (int64_t)bytes));
}

static MlirLogicalResult run_allocate(MlirOperation func, const FusePassOptions *options) {
  StosTarget target;
  StosFunction function;
  FuseDiag diag = {0};
  if (!read_function(func, options, &target, &function))
    return mlirLogicalResultFailure();
  for (int i = 0; i < function.program.n_buffers; i++)
    if (function.program.buffers[i].address >= 0)
      return fuse_op_error(function.buffer_ops[i],
                           "the buffer has an address already; expected the result of stos-tile");
  if (!check_program(func, &function, &target, false))
    return mlirLogicalResultFailure();
  if (!fuse_plan_allocate(options->scratch, &function.net, &target, &function.program, &diag))
    return fuse_op_error(func, "%s", diag.message);
  stos_update_program(&function);
  set_bytes(func, "stos.arena_bytes", function.program.arena_bytes);
  set_bytes(func, "stos.io_bytes", function.program.io_bytes);
  set_bytes(func, "stos.weights_bytes", function.program.weights_bytes);
  return mlirLogicalResultSuccess();
}

const FusePass fuse_pass_stos_allocate = {
    .name = "stos-allocate",
    .anchor = "func.func",
    .keeps = FUSE_CHANGES,
    .run = run_allocate,
    .summary = "Give every buffer an address and every load room to run ahead",
};

/* ---- stos-schedule ---- */

/* The commands in their new order before the terminator. */
static void reorder(MlirOperation func, const StosFunction *function) {
  MlirOperation last =
      mlirBlockGetTerminator(mlirRegionGetFirstBlock(mlirOperationGetRegion(func, 0)));
  for (int i = 0; i < function->program.n_cmds; i++)
    if (function->program.cmds[i].origin >= 0)
      mlirOperationMoveBefore(function->cmd_ops[function->program.cmds[i].origin], last);
  MlirRewriterBase rw = mlirIRRewriterCreate(mlirOperationGetContext(func));
  mlirRewriterBaseSetInsertionPointBefore(rw, last);
  fuse_build_op(rw, mlirOperationGetLocation(func), "stos.end", 0, NULL, 0, NULL, 0, NULL);
  mlirIRRewriterDestroy(rw);
}

static MlirLogicalResult run_schedule(MlirOperation func, const FusePassOptions *options) {
  StosTarget target;
  StosFunction function;
  int64_t arena = 0, io = 0, weights = 0;
  if (!read_function(func, options, &target, &function))
    return mlirLogicalResultFailure();
  if (!fuse_get_i64(func, "stos.arena_bytes", &arena) ||
      !fuse_get_i64(func, "stos.io_bytes", &io) ||
      !fuse_get_i64(func, "stos.weights_bytes", &weights) || arena < 0 || io < 0 || weights < 0)
    return fuse_op_error(func,
                         "no attribute stos.arena_bytes; expected the result of stos-allocate");
  for (int i = 0; i < function.program.n_cmds; i++)
    if (function.program.cmds[i].cmd.opcode == STOS_CMD_END)
      return fuse_op_error(function.cmd_ops[i], "the program is scheduled already");
  function.program.arena_bytes = (uint64_t)arena;
  function.program.io_bytes = (uint64_t)io;
  function.program.weights_bytes = (uint64_t)weights;
  if (!check_program(func, &function, &target, true))
    return mlirLogicalResultFailure();
  fuse_plan_schedule(options->scratch, &function.net, &target, &function.program);
  stos_update_program(&function);
  reorder(func, &function);
  return mlirLogicalResultSuccess();
}

const FusePass fuse_pass_stos_schedule = {
    .name = "stos-schedule",
    .anchor = "func.func",
    .keeps = FUSE_CHANGES,
    .run = run_schedule,
    .summary = "Order the commands, let loads run ahead, and add waits and signals",
};
