// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/* map_host.c - results of the network, and what the host reads of the machine. */
#include "map_private.h"

/* Is the plain tensor N,C,H,W of the blocked one, or N,C where that has one pixel? */
static bool is_channels_first(const FuseTensor *out, const FuseTensor *b) {
  if (out->shape[0] != b->shape[STOS_N] || out->shape[1] != b->shape[STOS_C])
    return false;
  return out->rank == 4 ? out->shape[2] == b->shape[STOS_H] && out->shape[3] == b->shape[STOS_W]
                        : out->rank == 2 && b->shape[STOS_H] * b->shape[STOS_W] == 1;
}

/* Does the op move N,H,W,C to N,C,H,W? A reshape does where that moves nothing. */
static bool puts_channels_first(MlirOperation op, const FuseTensor *out, const FuseTensor *b) {
  static const int32_t first[] = {0, 3, 1, 2};
  if (fuse_op_is(op, "tosa.reshape"))
    return b->shape[STOS_C] == 1 || b->shape[STOS_H] * b->shape[STOS_W] == 1;
  MlirAttribute perms = mlirOperationGetAttributeByName(op, fuse_str("perms"));
  for (int k = 0; k < 4; k++)
    if (out->rank != 4 || mlirDenseI32ArrayGetElement(perms, k) != first[k])
      return false;
  return true;
}

/* The machine's tensor of a value, but not where the host has made the value and packed it. */
static MlirValue made_by_machine(Mapper *m, MlirValue value) {
  MlirValue blocked = map_blocked(m, value);
  bool packed = !mlirValueIsNull(blocked) && fuse_op_is(stos_def(blocked), "stos.pack");
  return packed ? (MlirValue){NULL} : blocked;
}

/* A result of the network straight from a machine tensor whose layout the I/O table can describe.
 */
bool map_result(Mapper *m, MlirOperation last, intptr_t i) {
  StosQuant quant = {0};
  MlirValue value = mlirOperationGetOperand(last, i), inner = stos_inside_of(m->ir, value, &quant),
            blocked = made_by_machine(m, inner);
  MlirOperation op = stos_def(inner);
  FuseTensor out, b;
  if (!fuse_type_tensor(mlirValueGetType(value), &out) || out.rank == 0)
    return false;
  bool is_there = !mlirValueIsNull(blocked), channels_last = is_there && out.rank > 2,
       is_moved = !channels_last && (out.rank != 2 || !is_there);
  if (is_moved) {
    if (!fuse_op_is(op, "tosa.transpose") && !fuse_op_is(op, "tosa.reshape"))
      return false;
    blocked = made_by_machine(m, stos_inside_of(m->ir, mlirOperationGetOperand(op, 0), &quant));
  }
  if (mlirValueIsNull(blocked) || !fuse_type_tensor(mlirValueGetType(blocked), &b) ||
      (!channels_last && !is_channels_first(&out, &b)) ||
      (is_moved && !puts_channels_first(op, &out, &b)))
    return false;
  mlirRewriterBaseSetInsertionPointBefore(m->rw, last);
  MlirLocation loc = mlirOperationGetLocation(op.ptr ? op : last);
  MlirNamedAttribute attrs[3];
  int n = stos_quant_attrs(m->context, &quant, attrs);
  if (channels_last)
    attrs[n++] = fuse_attr(m->context, "channels_last", mlirUnitAttrGet(m->context));
  MlirValue y =
      fuse_build(m->rw, loc, "stos.output", 1, &blocked, n, attrs, mlirValueGetType(value));
  mlirOperationSetOperand(last, i, y);
  return true;
}

/* An input of the network that layers read: the I/O table has one layout for it, so the host reads
 * that one too. */
static bool is_machine_input(MlirValue blocked) {
  return fuse_op_is(stos_def(blocked), "stos.input") && stos_n_uses(blocked) > 0;
}

/* What the host reads of the machine's tensors. The move belongs to the node that the host runs, or
 * makes a result of the network. */
void map_unpack_operands(Mapper *m, MlirOperation op) {
  for (intptr_t i = 0; i < mlirOperationGetNumOperands(op); i++) {
    MlirValue value = mlirOperationGetOperand(op, i), blocked = map_blocked(m, value);
    MlirOperation maker = stos_def(value);
    if (mlirValueIsNull(blocked) || !maker.ptr ||
        (!map_is_done(m, maker) && !is_machine_input(blocked)))
      continue;
    /* An input stands where its first layer stood; of an argument it can be made earlier. */
    if (mlirOperationIsBeforeInBlock(op, stos_def(blocked)))
      mlirOperationMoveBefore(stos_def(blocked), op);
    mlirRewriterBaseSetInsertionPointBefore(m->rw, op);
    MlirOperation node = mlirOperationGetNumResults(op) ? op : maker;
    MlirValue plain = fuse_build(m->rw, mlirOperationGetLocation(node), "stos.unpack", 1, &blocked,
                                 0, NULL, mlirValueGetType(value));
    mlirOperationSetOperand(op, i, plain);
  }
}
