// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/* kernel_calls.c - one tosa or fuse op as calls of portable kernels.
 *
 * needs: verified ops with static shapes (fuse_verify)
 * gives: calls that fuse_kernel_check has passed; or an error that names what isn't supported
 * source: TOSA 1.0 for the ops, include/fuse/kernels.def for the kernels
 *
 * One row of the table here and one function per kind of op, in a file per family (kernel_calls/).
 */
#include <string.h>

#include "ir_private.h"
#include "kernel_calls/kernel_calls.h"

/* ---- what needs no kernel ---- */

MlirValue fuse_alias_root(MlirValue value) {
  while (mlirValueIsAOpResult(value)) {
    MlirOperation op = mlirOpResultGetOwner(value);
    if (!fuse_op_is(op, "tosa.reshape") && !fuse_op_is(op, "tosa.identity"))
      break;
    value = mlirOperationGetOperand(op, 0);
  }
  return value;
}

size_t fuse_calls_scratch(const FuseKernelCalls *calls) {
  size_t n = 0;
  for (size_t c = 0; c < calls->n; c++)
    for (int i = 0; i < calls->calls[c].kernel->n_tensors; i++) {
      const FuseCallArg *arg = &calls->calls[c].args[i];
      if (arg->kind == FUSE_ARG_SCRATCH && (size_t)arg->scratch >= n)
        n = (size_t)arg->scratch + 1;
    }
  return n;
}

bool fuse_op_is_free(MlirOperation op) {
  return fuse_op_is(op, "tosa.const") || fuse_op_is(op, "tosa.const_shape") ||
         fuse_op_is(op, "tosa.reshape") || fuse_op_is(op, "tosa.identity") ||
         fuse_op_is_empty_constant(op);
}

/* ---- any kernel, by name ---- */

static bool lower_custom(Lower *l) {
  FuseKernelParams params;
  if (!fuse_op_is_custom(l->op))
    return kc_fail(l, "tosa.custom of another domain than \"fuse\"");
  const FuseKernelInfo *kernel = fuse_custom_kernel(l->op, &params);
  if (!kernel)
    return false;
  l->family = kernel->family;
  if (fuse_kernel_is_elementwise(kernel))
    return kernel->n_tensors == 2 ? lower_unary(l) : lower_binary(l);
  FuseCallArg args[FUSE_KERNEL_TENSORS];
  for (int i = 0; i < kernel->n_tensors; i++)
    args[i] = i < kernel->n_results ? kc_result_of(l->op, i) : kc_operand(l, i - kernel->n_results);
  return kc_call(l, kernel->family, args, kernel->n_tensors, &params);
}

/* ---- table ---- */

typedef struct Row {
  const char *name; /* behind the dot: the family of kernels, where the function serves several */
  bool (*lower)(Lower *l);
} Row;

static const Row ROWS[] = {
    {"tosa.abs", lower_unary},
    {"tosa.add", lower_binary},
    {"tosa.argmax", lower_reduce},
    {"tosa.arithmetic_right_shift", lower_binary},
    {"tosa.avg_pool2d", lower_pool2d},
    {"tosa.bitwise_and", lower_binary},
    {"tosa.bitwise_not", lower_unary},
    {"tosa.bitwise_or", lower_binary},
    {"tosa.bitwise_xor", lower_binary},
    {"tosa.cast", lower_unary},
    {"tosa.ceil", lower_unary},
    {"tosa.clamp", lower_clamp},
    {"tosa.concat", lower_concat},
    {"tosa.conv2d", lower_conv2d},
    {"tosa.cos", lower_unary},
    {"tosa.custom", lower_custom},
    {"tosa.depthwise_conv2d", lower_dwconv2d},
    {"tosa.equal", lower_binary},
    {"tosa.erf", lower_unary},
    {"tosa.exp", lower_unary},
    {"tosa.floor", lower_unary},
    {"tosa.gather", lower_gather},
    {"tosa.greater", lower_binary},
    {"tosa.greater_equal", lower_binary},
    {"tosa.intdiv", lower_binary},
    {"tosa.log", lower_unary},
    {"tosa.logical_and", lower_binary},
    {"tosa.logical_left_shift", lower_binary},
    {"tosa.logical_not", lower_unary},
    {"tosa.logical_or", lower_binary},
    {"tosa.logical_right_shift", lower_binary},
    {"tosa.logical_xor", lower_binary},
    {"tosa.matmul", lower_matmul},
    {"tosa.max_pool2d", lower_pool2d},
    {"tosa.maximum", lower_binary},
    {"tosa.minimum", lower_binary},
    {"tosa.mul", lower_binary},
    {"tosa.negate", lower_unary},
    {"tosa.pad", lower_pad},
    {"tosa.pow", lower_binary},
    {"tosa.reciprocal", lower_unary},
    {"tosa.reduce_all", lower_reduce},
    {"tosa.reduce_any", lower_reduce},
    {"tosa.reduce_max", lower_reduce},
    {"tosa.reduce_min", lower_reduce},
    {"tosa.reduce_product", lower_reduce},
    {"tosa.reduce_sum", lower_reduce},
    {"tosa.resize", lower_resize},
    {"tosa.rescale", lower_rescale},
    {"tosa.reverse", lower_reverse},
    {"tosa.rsqrt", lower_unary},
    {"tosa.scatter", lower_scatter},
    {"tosa.select", lower_select},
    {"tosa.sigmoid", lower_unary},
    {"tosa.sin", lower_unary},
    {"tosa.slice", lower_slice},
    {"tosa.sub", lower_binary},
    {"tosa.table", lower_table},
    {"tosa.tanh", lower_unary},
    {"tosa.tile", lower_tile},
    {"tosa.transpose", lower_transpose},
    {"tosa.transpose_conv2d", lower_tconv2d},
    {"fuse.conv1d", lower_conv1d},
    {"fuse.dwconv2d", lower_dwconv2d},
    {"fuse.fuseconv", lower_fuseconv},
};

/* Types of the operands that are tensors; shapes and variadic rests stay empty. */
static bool get_types(Lower *l) {
  for (intptr_t i = mlirOperationGetNumResults(l->op); i-- > 0;)
    if (!fuse_type_tensor(mlirValueGetType(mlirOperationGetResult(l->op, i)), &l->y))
      return kc_fail(l, "a result without a static shape or with an unknown element type");
  for (intptr_t i = 0; i < mlirOperationGetNumOperands(l->op) && i < MAX_OPERANDS; i++) {
    MlirType type = mlirValueGetType(mlirOperationGetOperand(l->op, i));
    if (mlirTypeIsAShaped(type) && !fuse_type_tensor(type, &l->x[i]))
      return kc_fail(l, "an operand without a static shape or with an unknown element type");
  }
  return true;
}

MlirLogicalResult fuse_kernel_calls(FuseIr *ir, FuseArena *arena, MlirOperation op,
                                    FuseKernelCalls *out) {
  Lower l = {.ir = ir, .arena = arena, .op = op, .out = out};
  if (fuse_op_is_free(op))
    return mlirLogicalResultSuccess();
  for (size_t i = 0; i < FUSE_COUNTOF(ROWS); i++)
    if (fuse_op_is(op, ROWS[i].name)) {
      l.family = strchr(ROWS[i].name, '.') + 1;
      return get_types(&l) && ROWS[i].lower(&l) ? mlirLogicalResultSuccess()
                                                : mlirLogicalResultFailure();
    }
  return fuse_op_error(op, "not supported yet: this op has no kernel");
}

MlirLogicalResult fuse_kernel_copy(FuseIr *ir, FuseArena *arena, MlirOperation op, MlirValue from,
                                   const FuseCallArg *to, FuseKernelCalls *out) {
  Lower l = {.ir = ir, .arena = arena, .op = op, .out = out};
  const FuseCallArg x = kc_value(ir, arena, from);
  Nest nest = {.n_tensors = 2};
  if (x.tensor.size_bytes == 0)
    return mlirLogicalResultSuccess();
  kc_nest_add(&nest, fuse_tensor_elems(&x.tensor), (const int64_t[]){1, 1});
  return kc_move(&l, *to, x, 0, 0, &nest) ? mlirLogicalResultSuccess() : mlirLogicalResultFailure();
}
