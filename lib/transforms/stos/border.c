// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/* border.c - what the I/O table can say of an input or output of the network: layout, packing,
 * quantisation.
 *
 * needs: tosa ops between a function argument, or its results, and the machine's tensors
 * gives: stos.input; what stos.output needs
 * source: docs/isa.md, I-OBJ-1
 */
#include <math.h>
#include <string.h>

#include "stos_private.h"

/* tosa.custom "quantize" (f32 to i8) or "dequantize" with one scale and zero point that are known:
 * the I/O table can say it. */
static bool read_quant(FuseIr *ir, MlirOperation op, const char *name, StosQuant *quant) {
  MlirStringRef domain, what;
  FuseTensor scale, zero;
  float number;
  if (!fuse_op_is(op, "tosa.custom") || !fuse_get_str(op, "domain_name", &domain) ||
      !fuse_str_is(domain, "fuse") || !fuse_get_str(op, "operator_name", &what) ||
      !fuse_str_is(what, name) || mlirOperationGetNumOperands(op) != 3 ||
      !fuse_value_constant(ir, mlirOperationGetOperand(op, 1), &scale) ||
      !fuse_value_constant(ir, mlirOperationGetOperand(op, 2), &zero) || scale.dtype != FUSE_F32 ||
      fuse_tensor_elems(&scale) != 1 || zero.dtype != FUSE_I8 || fuse_tensor_elems(&zero) != 1)
    return false;
  memcpy(&number, scale.data, sizeof number);
  if (!isfinite(number) || number <= 0)
    return false;
  *quant =
      (StosQuant){.there = true, .scale = (double)number, .zero_point = *(const int8_t *)zero.data};
  return true;
}

/* u8 outside, i8 inside: the runtime moves the bytes by 128. */
static bool is_shift(FuseIr *ir, MlirOperation op, bool into) {
  StosRescale r;
  return stos_read_rescale(ir, op, &r) && stos_rescale_is_shift(&r, into);
}

/* f32 or u8 outside, i8 inside: the op is taken off *value, which nobody else reads. */
static bool take_off_quant(FuseIr *ir, MlirValue *value, StosQuant *quant) {
  MlirOperation op = stos_def(*value);
  if (stos_n_uses(*value) != 1 ||
      !(read_quant(ir, op, "quantize", quant) || is_shift(ir, op, true)))
    return false;
  *value = mlirOperationGetOperand(op, 0);
  return true;
}

/* The function argument behind a value that is an argument in channels-last order, and its only
 * use, for the I/O table has one layout for an input. */
static bool argument_behind(FuseIr *ir, MlirValue value, StosEntry *entry) {
  FuseTensor t, a;
  MlirOperation op = stos_def(value);
  MlirValue *argument = &entry->argument;
  *argument = value;
  if (op.ptr) {
    *argument = mlirOperationGetNumOperands(op) ? mlirOperationGetOperand(op, 0) : value;
    if (!entry->quant.there)
      take_off_quant(ir, argument, &entry->quant);
    if (!mlirValueIsABlockArgument(*argument))
      return false;
  }
  if (!fuse_type_tensor(mlirValueGetType(value), &t) ||
      !fuse_type_tensor(mlirValueGetType(*argument), &a) || stos_n_uses(*argument) != 1)
    return false;
  if (!op.ptr) {
    entry->channels_last = t.rank > 2;
    return t.rank >= 2 && t.rank <= STOS_RANK;
  }
  if (fuse_op_is(op, "tosa.transpose")) {
    MlirAttribute perms = mlirOperationGetAttributeByName(op, fuse_str("perms"));
    static const int32_t last[] = {0, 2, 3, 1};
    if (t.rank != 4 || mlirAttributeIsNull(perms))
      return false;
    for (int i = 0; i < 4; i++)
      if (mlirDenseI32ArrayGetElement(perms, i) != last[i])
        return false;
    return true;
  }
  /* A transpose that moves nothing is a reshape: one channel, or one pixel. */
  if (!fuse_op_is(op, "tosa.reshape") || t.rank != 4 || a.rank < 2 || a.shape[0] != t.shape[0])
    return false;
  if (a.rank == 2)
    return t.shape[1] == 1 && t.shape[2] == 1;
  if (a.rank == 3) { /* a line N,W,C as an image */
    entry->channels_last = true;
    return t.shape[1] == 1 && t.shape[2] == a.shape[1];
  }
  return a.rank == 4 && a.shape[1] == t.shape[3] && a.shape[2] == t.shape[1] &&
         a.shape[3] == t.shape[2] && (t.shape[3] == 1 || t.shape[1] * t.shape[2] == 1);
}

bool stos_argument_of(FuseIr *ir, MlirValue value, StosEntry *entry) {
  *entry = (StosEntry){0};
  MlirOperation op = stos_def(value);
  if (read_quant(ir, op, "quantize", &entry->quant) || is_shift(ir, op, true)) {
    value = mlirOperationGetOperand(op, 0);
    if (stos_n_uses(value) != 1)
      return false;
  }
  return argument_behind(ir, value, entry);
}

int stos_quant_attrs(MlirContext context, const StosQuant *quant, MlirNamedAttribute *attrs) {
  if (!quant->there)
    return 0;
  attrs[0] = fuse_attr_f32(context, "scale", quant->scale);
  attrs[1] = fuse_attr_i64(context, "zero_point", quant->zero_point);
  return 2;
}

MlirValue stos_build_input(MlirRewriterBase rw, MlirLocation loc, const StosEntry *entry,
                           const StosLayer *packed, FuseDtype dtype, const int64_t *shape) {
  MlirContext context = mlirLocationGetContext(loc);
  MlirNamedAttribute attrs[5];
  int n = 0;
  attrs[n++] = fuse_attr_str(context, "layout", packed ? "packed" : "blocked");
  if (entry->channels_last)
    attrs[n++] = fuse_attr(context, "channels_last", mlirUnitAttrGet(context));
  if (packed)
    attrs[n++] = fuse_attr_i64s(context, "window", N_WINDOW, packed->window);
  if (packed && packed->in_zp && !entry->quant.there)
    attrs[n++] = fuse_attr_i64(context, "zero_point", packed->in_zp);
  n += stos_quant_attrs(context, &entry->quant, attrs + n);
  return fuse_build(rw, loc, "stos.input", 1, &entry->argument, n, attrs,
                    stos_blocked_type(context, dtype, shape));
}

MlirValue stos_inside_of(FuseIr *ir, MlirValue value, StosQuant *quant) {
  MlirOperation op = stos_def(value);
  bool outside =
      !quant->there && (read_quant(ir, op, "dequantize", quant) || is_shift(ir, op, false));
  return outside ? mlirOperationGetOperand(op, 0) : value;
}
