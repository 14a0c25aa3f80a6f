// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/* net.c - a mapped function as the planner's network: storages, layers, packed weights, host calls.
 *
 * needs: the result of stos-map
 * gives: FusePlanNet; the inputs and outputs; for each layer the op it comes from
 *
 * A blocked tensor is a storage, or channel blocks of one: stos.concat puts its operands into one
 * storage, stos.slice looks into one. Where an operand can't be made in place (an input, or a part
 * of two concatenations) a vector layer copies it. Plain tensors are storages of the host: bytes in
 * the arena.
 */
#include <string.h>

#include "net_private.h"

/* ---- where blocked tensors live ---- */

static bool is_placed(NetReader *r, MlirValue value) {
  return net_home(r, value)->tensor.storage >= 0;
}

/* Outer concatenations first: an operand that a layer makes is made in its part of the result. */
static void place_backward(NetReader *r, MlirOperation op) {
  if (mlirOperationGetNumResults(op) != 1 || !stos_is_blocked(mlirValueGetType(stos_result(op))) ||
      fuse_op_is(op, "stos.slice"))
    return;
  MlirValue y = stos_result(op);
  FuseTensor t = net_type(y);
  if (!is_placed(r, y))
    net_place(r, y,
              (FusePlanTensor){.storage = net_new_storage(
                                   r, net_blocked_storage(r, &t, FUSE_HOME_AUTO, net_name(r, op))),
                               .c = t.shape[STOS_C]});
  if (!fuse_op_is(op, "stos.concat"))
    return;
  FusePlanTensor at = net_home(r, y)->tensor;
  for (int i = 0; i < 2; i++) {
    MlirValue x = mlirOperationGetOperand(op, i);
    FuseTensor part = net_type(x);
    bool makes = fuse_op_is(stos_def(x), "stos.layer") || fuse_op_is(stos_def(x), "stos.concat");
    if (makes && !is_placed(r, x))
      net_place(r, x,
                (FusePlanTensor){
                    .storage = at.storage, .first_block = at.first_block, .c = part.shape[STOS_C]});
    at.first_block += net_blocks(r, part.shape[STOS_C]);
  }
}

/* Operands of a concatenation that were not made in place. */
static bool read_concat(NetReader *r, MlirOperation op) {
  FusePlanTensor to = net_home(r, stos_result(op))->tensor;
  int64_t first = net_type(mlirOperationGetOperand(op, 0)).shape[STOS_C];
  if (first % r->target->lanes)
    return mlirLogicalResultIsSuccess(
        fuse_op_error(op, "the first operand has %lld channels; expected a multiple of %u lanes",
                      (long long)first, r->target->lanes));
  for (int i = 0; i < 2; i++) {
    MlirValue x = mlirOperationGetOperand(op, i);
    FusePlanTensor from = net_home(r, x)->tensor;
    to.c = net_type(x).shape[STOS_C];
    if (from.storage != to.storage || from.first_block != to.first_block)
      net_new_layer(r, net_vector_layer(r, from, to), op);
    to.first_block += net_blocks(r, to.c);
  }
  return true;
}

static bool read_slice(NetReader *r, MlirOperation op) {
  FusePlanTensor x = net_home(r, mlirOperationGetOperand(op, 0))->tensor;
  int64_t first = 0, channels = net_type(stos_result(op)).shape[STOS_C],
          blocks = net_blocks(r, x.c);
  fuse_get_i64(op, "first_block", &first);
  if (first > blocks - net_blocks(r, channels))
    return mlirLogicalResultIsSuccess(fuse_op_error(
        op, "channel blocks %lld to %lld; expected some of the operand's %lld", (long long)first,
        (long long)(first + net_blocks(r, channels) - 1), (long long)blocks));
  net_place(
      r, stos_result(op),
      (FusePlanTensor){.storage = x.storage, .first_block = x.first_block + first, .c = channels});
  return true;
}

/* ---- ops ---- */

static bool read_op(NetReader *r, MlirOperation op) {
  if (fuse_op_is(op, "stos.layer"))
    return net_layer(r, op);
  if (fuse_op_is(op, "stos.input"))
    net_input(r, op);
  else if (fuse_op_is(op, "stos.concat"))
    return read_concat(r, op);
  else if (fuse_op_is(op, "stos.slice"))
    return read_slice(r, op);
  else if (fuse_op_is(op, "stos.pack"))
    net_convert(r, op, true);
  else if (fuse_op_is(op, "stos.unpack"))
    net_convert(r, op, false);
  else if (!fuse_op_is(op, "stos.output") && !fuse_op_is(op, "func.return"))
    return net_host(r, op);
  return true;
}

static bool is_stos(MlirOperation op) {
  MlirStringRef name = fuse_op_name(op);
  return name.length > 5 && memcmp(name.data, "stos.", 5) == 0;
}

/* Blocked tensors are made and read by stos ops alone. */
static bool check_blocked(MlirOperation op) {
  for (intptr_t i = 0; i < mlirOperationGetNumOperands(op); i++) {
    MlirValue value = mlirOperationGetOperand(op, i);
    if (stos_is_blocked(mlirValueGetType(value)) &&
        (!is_stos(op) || !mlirValueIsAOpResult(value) || !is_stos(stos_def(value))))
      return mlirLogicalResultIsSuccess(fuse_op_error(
          op, "operand %d is blocked; expected that stos ops alone make and read it", (int)i));
  }
  return true;
}

/* The element type of the first blocked tensor; read_attributes holds the layers to it. */
static FuseDtype datapath(FuseOpList list) {
  for (size_t i = 0; i < list.n; i++)
    if (mlirOperationGetNumResults(list.ops[i]) == 1 &&
        stos_is_blocked(mlirValueGetType(stos_result(list.ops[i]))))
      return net_type(stos_result(list.ops[i])).dtype;
  return FUSE_F32;
}

bool stos_read_net(FuseIr *ir, FuseArena *arena, MlirOperation func, const StosTarget *target,
                   StosNet *net) {
  NetReader r = {.ir = ir, .arena = arena, .func = func, .target = target, .net = net};
  MlirBlock block = mlirRegionGetFirstBlock(mlirOperationGetRegion(func, 0));
  FuseOpList list = fuse_ops_of(arena, func, NULL);
  *net = (StosNet){.plan.dtype = datapath(list)};
  for (r.capacity = 64; r.capacity < 16 * list.n + 64;)
    r.capacity *= 2;
  r.homes = fuse_alloc_array(arena, r.capacity, sizeof *r.homes);
  for (size_t i = 0; i < list.n; i++)
    if (!check_blocked(list.ops[i]))
      return false;
  for (size_t i = list.n; i-- > 0;)
    place_backward(&r, list.ops[i]);
  net_plain_arguments(&r, block);
  MlirOperation last = mlirBlockGetTerminator(block);
  bool ok = true;
  for (size_t i = 0; i < list.n; i++)
    ok = read_op(&r, list.ops[i]) && ok;
  net_order_inputs(&r);
  for (intptr_t i = 0; i < mlirOperationGetNumOperands(last) && ok; i++)
    ok = net_output(&r, last, i);
  return ok;
}
