// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/* call.c - calls of kernels, and the tensors that they take. */
#include <string.h>

#include "kernel_calls.h"

bool kc_fail(Lower *l, const char *what) {
  fuse_op_error(l->op, "not supported yet: %s", what);
  return false;
}

/* ---- arguments ---- */

FuseCallArg kc_value(FuseIr *ir, FuseArena *arena, MlirValue value) {
  FuseCallArg arg = {.kind = FUSE_ARG_VALUE, .value = fuse_alias_root(value)};
  FuseTensor constant;
  if (fuse_value_constant(ir, arg.value, &constant)) {
    arg.kind = FUSE_ARG_CONSTANT;
    arg.tensor = constant;
    arg.tensor.data = fuse_memdup(arena, constant.data, constant.size_bytes);
  } else {
    FUSE_ASSERT(fuse_type_tensor(mlirValueGetType(arg.value), &arg.tensor));
  }
  return arg;
}

FuseCallArg kc_operand(Lower *l, int i) {
  return kc_value(l->ir, l->arena, mlirOperationGetOperand(l->op, i));
}

FuseCallArg kc_result_of(MlirOperation op, int i) {
  FuseCallArg arg = {.kind = FUSE_ARG_VALUE, .value = mlirOperationGetResult(op, i)};
  FUSE_ASSERT(fuse_type_tensor(mlirValueGetType(arg.value), &arg.tensor));
  return arg;
}

FuseCallArg kc_result(Lower *l) {
  return kc_result_of(l->op, 0);
}

FuseCallArg kc_scratch(Lower *l, FuseDtype dtype, int64_t elems) {
  FuseCallArg arg = {.kind = FUSE_ARG_SCRATCH, .scratch = l->n_scratch++};
  arg.tensor = (FuseTensor){.dtype = dtype, .rank = 1, .shape = {elems}};
  FUSE_ASSERT(fuse_tensor_set_size(&arg.tensor));
  return arg;
}

/* ---- calls ---- */

int32_t kc_word(int64_t value) {
  return value >= INT32_MIN && value <= INT32_MAX ? (int32_t)value : INT32_MIN;
}

int32_t kc_elems(const FuseTensor *tensor) {
  return kc_word(fuse_tensor_elems(tensor));
}

/* Append a call; refuses by name what the kernel can't do. `args` are its tensors. */
static bool append_call(Lower *l, const FuseKernelInfo *kernel, const FuseCallArg *args,
                        const void *params) {
  FuseKernelCall c = {.kernel = kernel};
  const size_t n = (size_t)kernel->n_tensors;
  uint64_t bytes[FUSE_KERNEL_TENSORS];
  const char *why;
  memcpy(&c.params, params, kernel->n_words * sizeof(uint32_t));
  memcpy(c.args, args, n * sizeof *args);
  if (!fuse_kernel_check(kernel->id, (const uint32_t *)params, kernel->n_words, n, bytes, &why))
    return kc_fail(l, why);
  for (size_t i = 0; i < n; i++)
    if (bytes[i] > args[i].tensor.size_bytes) {
      fuse_op_error(l->op, "tensor %zu has %zu bytes; expected %llu", i, args[i].tensor.size_bytes,
                    (unsigned long long)bytes[i]);
      return false;
    }
  FuseKernelCalls *out = l->out;
  out->calls =
      fuse_grow(l->arena, out->calls, out->n, &out->capacity, out->n + 1, sizeof *out->calls);
  out->calls[out->n++] = c;
  return true;
}

static const FuseKernelInfo *pick(const char *family, const FuseCallArg *args, int n, bool widen) {
  FuseDtype types[FUSE_KERNEL_TENSORS] = {FUSE_DTYPE_NONE};
  for (int i = 0; i < n; i++)
    types[i] = widen ? fuse_dtype_wide(args[i].tensor.dtype) : args[i].tensor.dtype;
  return fuse_kernel_pick(family, n, types);
}

static bool no_kernel(Lower *l, const char *family, const FuseCallArg *args, int n) {
  FuseText types = {0};
  for (int i = 1; i < n; i++)
    fuse_text_printf(&types, "%s%s", i > 1 ? ", " : "", fuse_dtype_name(args[i].tensor.dtype));
  fuse_op_error(l->op, "not supported yet: %s of %s giving %s", family,
                types.data ? types.data : "nothing", fuse_dtype_name(args[0].tensor.dtype));
  fuse_text_fini(&types);
  return false;
}

bool kc_convert(Lower *l, FuseCallArg y, FuseCallArg x) {
  const FuseCallArg args[] = {y, x};
  const struct fk_unary p = {kc_elems(&y.tensor)};
  const FuseKernelInfo *cast = pick("cast", args, 2, false);
  FUSE_ASSERT(cast);
  return append_call(l, cast, args, &p);
}

bool kc_call(Lower *l, const char *family, const FuseCallArg *args, int n, const void *params) {
  const FuseKernelInfo *kernel = pick(family, args, n, false);
  if (kernel)
    return append_call(l, kernel, args, params);
  kernel = pick(family, args, n, true);
  if (!kernel)
    return no_kernel(l, family, args, n);
  FuseCallArg wide[FUSE_KERNEL_TENSORS];
  for (int i = 0; i < n; i++) {
    const FuseTensor *tensor = &args[i].tensor;
    wide[i] = args[i];
    if (tensor->dtype == kernel->types[i])
      continue;
    wide[i] = kc_scratch(l, kernel->types[i], fuse_tensor_elems(tensor));
    if (i >= kernel->n_results && !kc_convert(l, wide[i], args[i]))
      return false;
  }
  if (!append_call(l, kernel, wide, params))
    return false;
  for (int i = 0; i < kernel->n_results; i++)
    if (args[i].tensor.dtype != kernel->types[i] && !kc_convert(l, args[i], wide[i]))
      return false;
  return true;
}

bool kc_call2(Lower *l, const char *family, FuseCallArg y, FuseCallArg x, const void *params) {
  return kc_call(l, family, (const FuseCallArg[]){y, x}, 2, params);
}

bool kc_call3(Lower *l, const char *family, FuseCallArg y, FuseCallArg a, FuseCallArg b,
              const void *params) {
  return kc_call(l, family, (const FuseCallArg[]){y, a, b}, 3, params);
}

bool kc_call4(Lower *l, const char *family, FuseCallArg y, FuseCallArg a, FuseCallArg b,
              FuseCallArg c, const void *params) {
  return kc_call(l, family, (const FuseCallArg[]){y, a, b, c}, 4, params);
}
