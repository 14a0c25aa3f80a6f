// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/* kernel_calls.c - one tosa or fuse op as calls of portable kernels.
 *
 * needs: verified ops with static shapes (fuse_verify)
 * gives: calls that fuse_kernel_check has passed; or an error that names what isn't supported
 * source: TOSA 1.0 for the ops, include/fuse/kernels.def for the kernels
 *
 * One table row and one function per kind of op, at the end of this file.
 */
#include <stdio.h>
#include <string.h>

#include "fuse/kernel_calls.h"
#include "ir_private.h"

#define MAX_OPERANDS 5 /* of ops other than concat */

/* One op on its way. */
typedef struct Lower {
  FuseIr *ir;
  FuseArena *arena;
  MlirOperation op;
  FuseKernelCalls *out;
  const char *family;         /* of kernels.def, from the table row */
  int n_scratch;              /* scratch tensors so far */
  FuseTensor x[MAX_OPERANDS]; /* types of the operands */
  FuseTensor y;               /* type of the (first) result */
} Lower;

static bool fail(Lower *l, const char *what) {
  fuse_op_error(l->op, "not supported yet: %s", what);
  return false;
}

/* ---- arguments ---- */

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
         fuse_op_is(op, "tosa.reshape") || fuse_op_is(op, "tosa.identity");
}

static FuseCallArg value_arg(FuseIr *ir, FuseArena *arena, MlirValue value) {
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

static FuseCallArg operand(Lower *l, int i) {
  return value_arg(l->ir, l->arena, mlirOperationGetOperand(l->op, i));
}

static FuseCallArg result_of(MlirOperation op, int i) {
  FuseCallArg arg = {.kind = FUSE_ARG_VALUE, .value = mlirOperationGetResult(op, i)};
  FUSE_ASSERT(fuse_type_tensor(mlirValueGetType(arg.value), &arg.tensor));
  return arg;
}

static FuseCallArg result(Lower *l) {
  return result_of(l->op, 0);
}

static FuseCallArg scratch(Lower *l, FuseDtype dtype, int64_t elems) {
  FuseCallArg arg = {.kind = FUSE_ARG_SCRATCH, .scratch = l->n_scratch++};
  arg.tensor = (FuseTensor){.dtype = dtype, .rank = 1, .shape = {elems}};
  FUSE_ASSERT(fuse_tensor_set_size(&arg.tensor));
  return arg;
}

/* ---- calls ---- */

/* Kernel parameters are 32 bits wide; what doesn't fit becomes a value that every check refuses. */
static int32_t word(int64_t value) {
  return value >= INT32_MIN && value <= INT32_MAX ? (int32_t)value : INT32_MIN;
}

static int32_t elems(const FuseTensor *tensor) {
  return word(fuse_tensor_elems(tensor));
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
    return fail(l, why);
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

static bool convert(Lower *l, FuseCallArg y, FuseCallArg x) {
  const FuseCallArg args[] = {y, x};
  const struct fk_unary p = {elems(&y.tensor)};
  const FuseKernelInfo *cast = pick("cast", args, 2, false);
  FUSE_ASSERT(cast);
  return append_call(l, cast, args, &p);
}

/* Append a call of the kernel of this family that takes these tensors, the result first. Where only
 * f32 has one, 16-bit floats are converted on the way in and out: the result is rounded once. */
static bool call(Lower *l, const char *family, const FuseCallArg *args, int n, const void *params) {
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
    wide[i] = scratch(l, kernel->types[i], fuse_tensor_elems(tensor));
    if (i >= kernel->n_results && !convert(l, wide[i], args[i]))
      return false;
  }
  if (!append_call(l, kernel, wide, params))
    return false;
  for (int i = 0; i < kernel->n_results; i++)
    if (args[i].tensor.dtype != kernel->types[i] && !convert(l, args[i], wide[i]))
      return false;
  return true;
}

static bool call2(Lower *l, const char *family, FuseCallArg y, FuseCallArg x, const void *params) {
  return call(l, family, (const FuseCallArg[]){y, x}, 2, params);
}

static bool call3(Lower *l, const char *family, FuseCallArg y, FuseCallArg a, FuseCallArg b,
                  const void *params) {
  return call(l, family, (const FuseCallArg[]){y, a, b}, 3, params);
}

static bool call4(Lower *l, const char *family, FuseCallArg y, FuseCallArg a, FuseCallArg b,
                  FuseCallArg c, const void *params) {
  return call(l, family, (const FuseCallArg[]){y, a, b, c}, 4, params);
}

/* ---- loop nests ---- */

/* Dimensions with a stride per tensor; neighbours are merged where every tensor allows it, so that
 * inner loops are long. */
typedef struct Nest {
  int rank, n_tensors;
  int64_t size[2 * FUSE_MAX_RANK];
  int64_t stride[3][2 * FUSE_MAX_RANK];
} Nest;

/* Add a dimension inside all others. */
static void nest_add(Nest *nest, int64_t size, const int64_t *stride) {
  if (size == 1)
    return;
  int at = nest->rank - 1;
  bool merges = nest->rank > 0;
  for (int t = 0; t < nest->n_tensors; t++)
    merges = merges && nest->stride[t][at] == stride[t] * size;
  if (!merges)
    at = nest->rank++, nest->size[at] = 1;
  nest->size[at] *= size;
  for (int t = 0; t < nest->n_tensors; t++)
    nest->stride[t][at] = stride[t];
}

/* Into kernel parameters: rank, sizes, one array of strides per tensor. */
static bool nest_words(Lower *l, const Nest *nest, int32_t *rank, int32_t *size,
                       int32_t *const *stride) {
  if (nest->rank > FK_RANK)
    return fail(l, "more than 8 dimensions that can't be merged");
  *rank = nest->rank ? nest->rank : 1;
  size[0] = 1;
  for (int d = 0; d < nest->rank; d++) {
    size[d] = word(nest->size[d]);
    for (int t = 0; t < nest->n_tensors; t++)
      stride[t][d] = word(nest->stride[t][d]);
  }
  return true;
}

/* Strides of a dense tensor. */
static void dense_strides(const FuseTensor *tensor, int64_t *stride) {
  int64_t step = 1;
  for (int d = tensor->rank; d-- > 0; step *= tensor->shape[d])
    stride[d] = step;
}

/* ---- moves ---- */

/* y[y0 + i.ys] = x[x0 + i.xs]; tensor 0 of the nest is y, tensor 1 is x. */
static bool move(Lower *l, FuseCallArg y, FuseCallArg x, int64_t y0, int64_t x0, const Nest *nest) {
  struct fk_move p = {.y0 = word(y0), .x0 = word(x0)};
  int32_t *const stride[] = {p.ys, p.xs};
  return nest_words(l, nest, &p.rank, p.size, stride) && call2(l, "move", y, x, &p);
}

/* The last call has made y of x alone; if x is constant, make it now and drop the call. */
static bool fold(Lower *l, FuseCallArg x, FuseCallArg *y) {
  if (x.kind != FUSE_ARG_CONSTANT)
    return true;
  const FuseKernelCall *c = &l->out->calls[--l->out->n];
  void *to = fuse_alloc(l->arena, y->tensor.size_bytes);
  void *const tensors[] = {to, (void *)(uintptr_t)x.tensor.data};
  FUSE_ASSERT(
      fuse_kernel_run(c->kernel->id, tensors, 2, (const uint32_t *)&c->params, c->kernel->n_words));
  l->n_scratch--;
  y->kind = FUSE_ARG_CONSTANT;
  y->tensor.data = to;
  return true;
}

/* Operand x rearranged by nest into a dense tensor of n elements: now if it is constant, else by a
 * call into scratch memory. */
static bool rearrange(Lower *l, FuseCallArg x, int64_t n, const Nest *nest, FuseCallArg *y) {
  *y = scratch(l, x.tensor.dtype, n);
  return move(l, *y, x, 0, 0, nest) && fold(l, x, y);
}

/* x in another element type, the same way. */
static bool converted(Lower *l, FuseCallArg x, FuseDtype dtype, FuseCallArg *y) {
  *y = x;
  if (x.tensor.dtype == dtype)
    return true;
  *y = scratch(l, dtype, fuse_tensor_elems(&x.tensor));
  return convert(l, *y, x) && fold(l, x, y);
}

/* Operand i with dimension perm[d] of it at place d. */
static bool permuted(Lower *l, int i, const int *perm, FuseCallArg *y) {
  const FuseTensor *x = &l->x[i];
  int64_t xs[FUSE_MAX_RANK], ys[FUSE_MAX_RANK];
  FuseTensor to = {.rank = x->rank};
  Nest nest = {.n_tensors = 2};
  for (int d = 0; d < x->rank; d++)
    to.shape[d] = x->shape[perm[d]];
  dense_strides(x, xs);
  dense_strides(&to, ys);
  for (int d = 0; d < x->rank; d++)
    nest_add(&nest, to.shape[d], (const int64_t[]){ys[d], xs[perm[d]]});
  return rearrange(l, operand(l, i), fuse_tensor_elems(x), &nest, y);
}

/* Operand i, one value per channel; TOSA lets a single value stand for all. */
static bool per_channel(Lower *l, int i, int64_t channels, FuseCallArg *y) {
  *y = operand(l, i);
  if (fuse_tensor_elems(&y->tensor) == channels)
    return true;
  Nest nest = {.n_tensors = 2};
  nest_add(&nest, channels, (const int64_t[]){1, 0});
  return rearrange(l, *y, channels, &nest, y);
}

/* ---- attributes and constant operands ---- */

static bool numbers(Lower *l, const char *name, int n, int64_t *values) {
  int found = 0;
  if (fuse_get_i64s(l->op, name, n, values, &found) && found == n)
    return true;
  fuse_op_error(l->op, "%s isn't array<i64> of %d values; expected that", name, n);
  return false;
}

/* Values of a tosa.const_shape operand. */
static bool shape_operand(Lower *l, int i, int max, int64_t *values, int *n) {
  MlirValue value = mlirOperationGetOperand(l->op, i);
  MlirAttribute attr = mlirAttributeGetNull();
  if (mlirValueIsAOpResult(value))
    attr = mlirOperationGetAttributeByName(mlirOpResultGetOwner(value), fuse_str("values"));
  if (mlirAttributeIsNull(attr) || !mlirAttributeIsADenseElements(attr) ||
      mlirElementsAttrGetNumElements(attr) > max)
    return fail(l, "a shape operand that isn't constant");
  *n = (int)mlirElementsAttrGetNumElements(attr);
  for (int k = 0; k < *n; k++)
    values[k] = mlirDenseElementsAttrGetIndexValue(attr, k);
  return true;
}

/* The first element as an integer, by the kernels' own cast; false for a float that isn't 0. */
static bool first_integer(const FuseTensor *t, int64_t *value) {
  const bool is_float = fuse_dtype_is_float(t->dtype);
  const FuseKernelInfo *cast =
      fuse_kernel_pick("cast", 2, (const FuseDtype[]){is_float ? FUSE_BOOL : FUSE_I64, t->dtype});
  const uint32_t n = 1;
  uint8_t not_zero = 0;
  uint64_t element = 0;
  void *const tensors[] = {is_float ? (void *)&not_zero : (void *)value, &element};
  *value = 0;
  memcpy(&element, t->data, fuse_dtype_bytes(t->dtype));
  return fuse_kernel_run(cast->id, tensors, 2, &n, 1) && !not_zero;
}

/* A zero point or shift: constant; an integer, or +-0 of a float type. */
static bool zero_point(Lower *l, int i, int32_t *value) {
  FuseTensor t;
  int64_t found = 0;
  if (!fuse_value_constant(l->ir, mlirOperationGetOperand(l->op, i), &t) || t.size_bytes == 0)
    return fail(l, "a zero point or shift that isn't constant");
  if (!first_integer(&t, &found))
    return fail(l, "a zero point or shift of a float type other than 0");
  *value = word(found);
  return true;
}

/* The same, where only 0 will do. */
static bool zero_operand(Lower *l, int i) {
  int32_t value;
  return zero_point(l, i, &value) && (value == 0 || fail(l, "a zero point or shift other than 0"));
}

/* Zero points of input and weights: of TOSA's ops operands i and up, of ours attributes. */
static bool zero_points(Lower *l, int i, int32_t *zx, int32_t *zw) {
  int64_t x = 0, w = 0;
  if (fuse_op_name(l->op).data[0] == 't')
    return zero_point(l, i, zx) && zero_point(l, i + 1, zw);
  fuse_get_i64(l->op, "input_zp", &x); /* floats have none */
  fuse_get_i64(l->op, "weight_zp", &w);
  *zx = word(x), *zw = word(w);
  return true;
}

static bool nan_mode_ok(Lower *l) {
  return !fuse_attr_says(l->op, "nan_mode", "IGNORE") || fail(l, "nan_mode IGNORE");
}

/* ---- convolutions ---- */

static bool lower_conv2d(Lower *l) {
  const FuseTensor *x = &l->x[0], *w = &l->x[1], *y = &l->y;
  int64_t pad[4], stride[2], dilation[2];
  int32_t zx, zw;
  FuseCallArg weights, bias;
  if (!numbers(l, "pad", 4, pad) || !numbers(l, "stride", 2, stride) ||
      !numbers(l, "dilation", 2, dilation) || !zero_points(l, 3, &zx, &zw) ||
      !permuted(l, 1, (const int[]){1, 2, 3, 0}, &weights) ||
      !per_channel(l, 2, y->shape[3], &bias))
    return false;
  const struct fk_conv2d p = {
      .n = word(x->shape[0]),
      .h = word(x->shape[1]),
      .w = word(x->shape[2]),
      .cin = word(x->shape[3]),
      .oh = word(y->shape[1]),
      .ow = word(y->shape[2]),
      .cout = word(y->shape[3]),
      .kh = word(w->shape[1]),
      .kw = word(w->shape[2]),
      .sy = word(stride[0]),
      .sx = word(stride[1]),
      .dy = word(dilation[0]),
      .dx = word(dilation[1]),
      .top = word(pad[0]),
      .left = word(pad[2]),
      .zx = zx,
      .zw = zw,
  };
  return call4(l, "conv2d", result(l), operand(l, 0), weights, bias, &p);
}

/* What all depthwise forms share: no padding, stride as given, all channels. The line along which a
 * one-column kernel's taps come in phases is the image's column. */
static struct fk_dwconv2d depthwise(const Lower *l, int64_t kh, int64_t kw, const int64_t *stride) {
  const FuseTensor *x = &l->x[0], *y = &l->y;
  return (struct fk_dwconv2d){
      .n = word(x->shape[0]),
      .h = word(x->shape[1]),
      .w = word(x->shape[2]),
      .c = word(x->shape[3]),
      .mult = 1,
      .oh = word(y->shape[1]),
      .ow = word(y->shape[2]),
      .kh = word(kh),
      .kw = word(kw),
      .sy = word(stride[0]),
      .sx = word(stride[1]),
      .dy = 1,
      .dx = 1,
      .qy = word(kw == 1 ? stride[0] : 1),
      .qx = word(kw == 1 ? 1 : stride[1]),
      .cx = word(x->shape[3]),
      .cy = word(y->shape[3]),
  };
}

/* tosa.depthwise_conv2d and fuse.dwconv2d: weights [kh][kw][c] or [kh][kw][c][m]. */
static bool lower_dwconv2d(Lower *l) {
  const FuseTensor *w = &l->x[1];
  int64_t pad[4], stride[2], dilation[2];
  FuseCallArg bias;
  if (!numbers(l, "pad", 4, pad) || !numbers(l, "stride", 2, stride) ||
      !numbers(l, "dilation", 2, dilation) || !per_channel(l, 2, l->y.shape[3], &bias))
    return false;
  struct fk_dwconv2d p = depthwise(l, w->shape[0], w->shape[1], stride);
  if (!zero_points(l, 3, &p.zx, &p.zw))
    return false;
  p.mult = w->rank == 4 ? word(w->shape[3]) : 1;
  p.dy = word(dilation[0]), p.dx = word(dilation[1]);
  p.top = word(pad[0]), p.left = word(pad[2]);
  return call4(l, "dwconv2d", result(l), operand(l, 0), operand(l, 1), bias, &p);
}

/* One group of 1-D filters: weights (operand i) [c][k], bias operand i + 1; channels from x0 of the
 * input to y0 of the result. */
static bool filters_1d(Lower *l, int i, bool row, const int64_t *pad, const int64_t *stride,
                       int64_t dilation, int64_t x0, int64_t y0) {
  const int64_t c = l->x[i].shape[0], k = l->x[i].shape[1];
  FuseCallArg weights;
  if (!permuted(l, i, (const int[]){1, 0}, &weights))
    return false;
  struct fk_dwconv2d p = depthwise(l, row ? 1 : k, row ? k : 1, stride);
  if (row) /* also when k = 1: the op says which axis it is */
    p.qy = 1, p.qx = word(stride[1]), p.dx = word(dilation), p.left = word(pad[0]);
  else
    p.dy = word(dilation), p.top = word(pad[0]);
  p.c = word(c), p.x0 = word(x0), p.y0 = word(y0);
  if (!zero_points(l, 0, &p.zx, &p.zw))
    return false;
  return call4(l, "dwconv2d", result(l), operand(l, 0), weights, operand(l, i + 1), &p);
}

static bool lower_conv1d(Lower *l) {
  int64_t pad[2], stride[2], dilation;
  MlirStringRef axis;
  if (!numbers(l, "pad", 2, pad) || !numbers(l, "stride", 2, stride) ||
      !fuse_get_i64(l->op, "dilation", &dilation) || !fuse_get_str(l->op, "axis", &axis))
    return fail(l, "this form of the op");
  return filters_1d(l, 1, fuse_str_is(axis, "row"), pad, stride, dilation, 0, 0);
}

static bool lower_fuseconv(Lower *l) {
  int64_t pad_row[2], pad_col[2], stride[2], dilation;
  MlirStringRef variant;
  if (!numbers(l, "pad_row", 2, pad_row) || !numbers(l, "pad_col", 2, pad_col) ||
      !numbers(l, "stride", 2, stride) || !fuse_get_i64(l->op, "dilation", &dilation) ||
      !fuse_get_str(l->op, "variant", &variant))
    return fail(l, "this form of the op");
  const int64_t rows = l->x[1].shape[0];
  return filters_1d(l, 1, true, pad_row, stride, dilation, 0, 0) &&
         filters_1d(l, 3, false, pad_col, stride, dilation, fuse_str_is(variant, "half") ? rows : 0,
                    rows);
}

static bool lower_tconv2d(Lower *l) {
  const FuseTensor *x = &l->x[0], *w = &l->x[1], *y = &l->y;
  int64_t pad[4], stride[2];
  int32_t zx, zw;
  FuseCallArg weights, bias;
  if (!numbers(l, "out_pad", 4, pad) || !numbers(l, "stride", 2, stride) ||
      !zero_points(l, 3, &zx, &zw) || !permuted(l, 1, (const int[]){1, 2, 3, 0}, &weights) ||
      !per_channel(l, 2, y->shape[3], &bias))
    return false;
  const struct fk_tconv2d p = {
      .n = word(x->shape[0]),
      .h = word(x->shape[1]),
      .w = word(x->shape[2]),
      .cin = word(x->shape[3]),
      .oh = word(y->shape[1]),
      .ow = word(y->shape[2]),
      .cout = word(y->shape[3]),
      .kh = word(w->shape[1]),
      .kw = word(w->shape[2]),
      .sy = word(stride[0]),
      .sx = word(stride[1]),
      .top = word(pad[0]),
      .left = word(pad[2]),
      .zx = zx,
      .zw = zw,
  };
  return call4(l, "tconv2d", result(l), operand(l, 0), weights, bias, &p);
}

static bool lower_matmul(Lower *l) {
  const FuseTensor *a = &l->x[0], *b = &l->x[1];
  struct fk_matmul p = {.n = word(a->shape[0]),
                        .rows = word(a->shape[1]),
                        .inner = word(a->shape[2]),
                        .cols = word(b->shape[2])};
  return zero_points(l, 2, &p.zx, &p.zw) &&
         call3(l, "matmul", result(l), operand(l, 0), operand(l, 1), &p);
}

/* ---- pooling and reductions ---- */

static bool lower_pool2d(Lower *l) {
  const FuseTensor *x = &l->x[0], *y = &l->y;
  int64_t kernel[2], stride[2], pad[4];
  if (!numbers(l, "kernel", 2, kernel) || !numbers(l, "stride", 2, stride) ||
      !numbers(l, "pad", 4, pad) || !nan_mode_ok(l))
    return false;
  int32_t zx = 0, zy = 0;
  if (fuse_op_is(l->op, "tosa.avg_pool2d") && !zero_points(l, 1, &zx, &zy))
    return false;
  const struct fk_pool2d p = {
      .n = word(x->shape[0]),
      .h = word(x->shape[1]),
      .w = word(x->shape[2]),
      .c = word(x->shape[3]),
      .oh = word(y->shape[1]),
      .ow = word(y->shape[2]),
      .kh = word(kernel[0]),
      .kw = word(kernel[1]),
      .sy = word(stride[0]),
      .sx = word(stride[1]),
      .top = word(pad[0]),
      .left = word(pad[2]),
      .zx = zx,
      .zy = zy,
  };
  return call2(l, l->family, result(l), operand(l, 0), &p);
}

static bool lower_reduce(Lower *l) {
  const FuseTensor *x = &l->x[0];
  int64_t axis, outer, inner;
  if (!fuse_get_i64(l->op, "axis", &axis) || axis < 0 || axis >= x->rank)
    return fail(l, "this axis");
  if (!nan_mode_ok(l) || !fuse_mul_dims(x->shape, (int)axis, &outer) ||
      !fuse_mul_dims(x->shape + axis + 1, x->rank - (int)axis - 1, &inner))
    return false;
  const struct fk_reduce p = {word(outer), word(x->shape[axis]), word(inner)};
  return call2(l, l->family, result(l), operand(l, 0), &p);
}

static bool lower_resize(Lower *l) {
  const FuseTensor *x = &l->x[0], *y = &l->y;
  int64_t scale[4], offset[2];
  int n_scale = 0, n_offset = 0;
  if (!shape_operand(l, 1, 4, scale, &n_scale) || !shape_operand(l, 2, 2, offset, &n_offset))
    return false;
  if (n_scale != 4 || n_offset != 2)
    return fail(l, "this form of the op");
  const struct fk_resize p = {
      .n = word(x->shape[0]),
      .h = word(x->shape[1]),
      .w = word(x->shape[2]),
      .c = word(x->shape[3]),
      .oh = word(y->shape[1]),
      .ow = word(y->shape[2]),
      .scale_y = {word(scale[0]), word(scale[1]), word(offset[0])},
      .scale_x = {word(scale[2]), word(scale[3]), word(offset[1])},
  };
  return call2(l, fuse_attr_says(l->op, "mode", "BILINEAR") ? "resize_bilinear" : "resize_nearest",
               result(l), operand(l, 0), &p);
}

/* ---- quantised types ---- */

/* The unsigned type of the same size, where an attribute says that a signless one is unsigned. */
static FuseDtype with_sign(const Lower *l, const char *attribute, FuseDtype dtype) {
  bool is_unsigned = false;
  fuse_get_bool(l->op, attribute, &is_unsigned);
  return !is_unsigned ? dtype : dtype == FUSE_I8 ? FUSE_U8 : dtype == FUSE_I16 ? FUSE_U16 : dtype;
}

/* INEXACT_ROUND leaves the choice open: like SINGLE_ROUND. */
static bool lower_rescale(Lower *l) {
  const FuseTensor *x = &l->x[0];
  const FuseDtype in = with_sign(l, "input_unsigned", x->dtype),
                  out = with_sign(l, "output_unsigned", l->y.dtype);
  bool per_channel = false;
  FuseCallArg input, multiplier, y = result(l);
  struct fk_rescale p = {.double_round = fuse_attr_says(l->op, "rounding_mode", "DOUBLE_ROUND")};
  if (!fuse_get_bool(l->op, "per_channel", &per_channel) || (per_channel && x->rank == 0))
    return fail(l, "this form of the op");
  const int64_t channels = per_channel ? x->shape[x->rank - 1] : 1;
  p.channels = word(channels), p.outer = word(fuse_tensor_elems(x) / channels);
  if (!zero_point(l, 3, &p.zx) || !zero_point(l, 4, &p.zy) ||
      !converted(l, operand(l, 0), in, &input) ||
      !converted(l, operand(l, 1), FUSE_I32, &multiplier))
    return false;
  if (out != y.tensor.dtype)
    y = scratch(l, out, fuse_tensor_elems(x));
  return call4(l, "rescale", y, input, multiplier, operand(l, 2), &p) &&
         (y.kind == FUSE_ARG_VALUE || convert(l, result(l), y));
}

static bool lower_table(Lower *l) {
  const struct fk_table p = {elems(&l->y)};
  return call3(l, "table", result(l), operand(l, 0), operand(l, 1), &p);
}

/* ---- elementwise ---- */

static bool lower_unary(Lower *l) {
  const struct fk_unary p = {elems(&l->y)};
  if (fuse_op_is(l->op, "tosa.negate") && (!zero_operand(l, 1) || !zero_operand(l, 2)))
    return false;
  return call2(l, l->family, result(l), operand(l, 0), &p);
}

/* One element of the result's type; an integer or a float as the attribute has it. */
static bool limit(Lower *l, const char *name, FuseCallArg *arg) {
  uint8_t *bytes = fuse_alloc(l->arena, 8);
  double value;
  int64_t integer;
  *arg = (FuseCallArg){.kind = FUSE_ARG_CONSTANT,
                       .tensor = {.dtype = l->y.dtype, .rank = 1, .shape = {1}, .data = bytes}};
  if (fuse_get_i64(l->op, name, &integer))
    fuse_put64(bytes, (uint64_t)integer);
  else if (l->y.dtype == FUSE_F64 && fuse_get_f64(l->op, name, &value))
    memcpy(bytes, &value, sizeof value);
  else
    return fail(l, "a clamp of this type");
  return fuse_tensor_set_size(&arg->tensor);
}

static bool lower_clamp(Lower *l) {
  struct fk_binary p = {1, {elems(&l->y)}, {1}, {0}};
  double lo, hi;
  FuseCallArg low, high;
  if (!nan_mode_ok(l))
    return false;
  if (fuse_dtype_wide(l->y.dtype) == FUSE_F32 && fuse_get_f64(l->op, "min_val", &lo) &&
      fuse_get_f64(l->op, "max_val", &hi)) {
    const struct fk_clamp q = {elems(&l->y), (float)lo, (float)hi};
    return call2(l, "clamp", result(l), operand(l, 0), &q);
  }
  return limit(l, "min_val", &low) && limit(l, "max_val", &high) &&
         call3(l, "maximum", result(l), operand(l, 0), low, &p) &&
         call3(l, "minimum", result(l), result(l), high, &p);
}

/* The result's loop nest over n operands of equal rank: stride 0 where an operand has size 1. */
static bool broadcast(Lower *l, int n, Nest *nest) {
  int64_t dense[3][FUSE_MAX_RANK];
  *nest = (Nest){.n_tensors = n};
  for (int t = 0; t < n; t++) {
    if (l->x[t].rank != l->y.rank)
      return fail(l, "operands of different rank");
    dense_strides(&l->x[t], dense[t]);
  }
  for (int d = 0; d < l->y.rank; d++) {
    int64_t stride[3];
    for (int t = 0; t < n; t++)
      stride[t] = l->x[t].shape[d] == 1 ? 0 : dense[t][d];
    nest_add(nest, l->y.shape[d], stride);
  }
  return true;
}

static bool lower_binary(Lower *l) {
  struct fk_binary p = {0};
  Nest nest;
  bool round = false;
  int32_t *const stride[] = {p.a, p.b};
  if (fuse_op_is(l->op, "tosa.mul") && !zero_operand(l, 2))
    return false;
  if (!nan_mode_ok(l))
    return false;
  if (fuse_get_bool(l->op, "round", &round) && round)
    l->family = "arithmetic_right_shift_round";
  return broadcast(l, 2, &nest) && nest_words(l, &nest, &p.rank, p.size, stride) &&
         call3(l, l->family, result(l), operand(l, 0), operand(l, 1), &p);
}

static bool lower_select(Lower *l) {
  struct fk_ternary p = {0};
  Nest nest;
  int32_t *const stride[] = {p.c, p.a, p.b};
  return broadcast(l, 3, &nest) && nest_words(l, &nest, &p.rank, p.size, stride) &&
         call4(l, "select", result(l), operand(l, 0), operand(l, 1), operand(l, 2), &p);
}

/* ---- moving ---- */

/* All of operand x (of type *type) to offset y0 of the result, whose strides are ys. */
static bool place(Lower *l, FuseCallArg x, const FuseTensor *type, int64_t y0, const int64_t *ys) {
  int64_t xs[FUSE_MAX_RANK];
  Nest nest = {.n_tensors = 2};
  dense_strides(type, xs);
  for (int d = 0; d < type->rank; d++)
    nest_add(&nest, type->shape[d], (const int64_t[]){ys[d], xs[d]});
  return move(l, result(l), x, y0, 0, &nest);
}

static bool lower_concat(Lower *l) {
  int64_t axis, ys[FUSE_MAX_RANK], y0 = 0;
  if (!fuse_get_i64(l->op, "axis", &axis) || axis < 0 || axis >= l->y.rank)
    return fail(l, "this axis");
  dense_strides(&l->y, ys);
  for (intptr_t i = 0; i < mlirOperationGetNumOperands(l->op); i++) {
    FuseTensor type;
    MlirValue value = mlirOperationGetOperand(l->op, i);
    if (!fuse_type_tensor(mlirValueGetType(value), &type))
      return fail(l, "an operand without a static shape");
    if (!place(l, value_arg(l->ir, l->arena, value), &type, y0, ys))
      return false;
    y0 += type.shape[axis] * ys[axis];
  }
  return true;
}

static bool lower_slice(Lower *l) {
  int64_t start[FUSE_MAX_RANK], xs[FUSE_MAX_RANK], ys[FUSE_MAX_RANK], x0 = 0;
  int n = 0;
  Nest nest = {.n_tensors = 2};
  if (!shape_operand(l, 1, FUSE_MAX_RANK, start, &n))
    return false;
  if (n != l->y.rank)
    return fail(l, "this form of the op");
  dense_strides(&l->x[0], xs);
  dense_strides(&l->y, ys);
  for (int d = 0; d < l->y.rank; d++) {
    x0 += start[d] * xs[d];
    nest_add(&nest, l->y.shape[d], (const int64_t[]){ys[d], xs[d]});
  }
  return move(l, result(l), operand(l, 0), 0, x0, &nest);
}

static bool fill(Lower *l, const FuseTensor *value) {
  const FuseCallArg y = result(l);
  uint8_t bits[8] = {0};
  memcpy(bits, value->data, fuse_dtype_bytes(value->dtype));
  const struct fk_fill p = {elems(&l->y), fuse_get32(bits), fuse_get32(bits + 4)};
  return call(l, "fill", &y, 1, &p);
}

static bool lower_pad(Lower *l) {
  int64_t pad[2 * FUSE_MAX_RANK], ys[FUSE_MAX_RANK], y0 = 0;
  int n = 0;
  FuseTensor value;
  if (!shape_operand(l, 1, 2 * FUSE_MAX_RANK, pad, &n))
    return false;
  if (n != 2 * l->y.rank || !fuse_value_constant(l->ir, mlirOperationGetOperand(l->op, 2), &value))
    return fail(l, "a padding value that isn't constant");
  dense_strides(&l->y, ys);
  for (int d = 0; d < l->y.rank; d++) {
    if (pad[2 * d] < 0 || pad[2 * d + 1] < 0)
      return fail(l, "a negative padding");
    y0 += pad[2 * d] * ys[d];
  }
  return fill(l, &value) && place(l, operand(l, 0), &l->x[0], y0, ys);
}

static bool lower_transpose(Lower *l) {
  MlirAttribute perms = mlirOperationGetAttributeByName(l->op, fuse_str("perms"));
  int64_t xs[FUSE_MAX_RANK], ys[FUSE_MAX_RANK];
  Nest nest = {.n_tensors = 2};
  if (mlirAttributeIsNull(perms) || !mlirAttributeIsADenseI32Array(perms) ||
      mlirDenseArrayGetNumElements(perms) != l->y.rank)
    return fail(l, "this form of the op");
  dense_strides(&l->x[0], xs);
  dense_strides(&l->y, ys);
  for (int d = 0; d < l->y.rank; d++)
    nest_add(&nest, l->y.shape[d],
             (const int64_t[]){ys[d], xs[mlirDenseI32ArrayGetElement(perms, d)]});
  return move(l, result(l), operand(l, 0), 0, 0, &nest);
}

static bool lower_tile(Lower *l) {
  int64_t times[FUSE_MAX_RANK], xs[FUSE_MAX_RANK], ys[FUSE_MAX_RANK];
  int n = 0;
  Nest nest = {.n_tensors = 2};
  if (!shape_operand(l, 1, FUSE_MAX_RANK, times, &n))
    return false;
  if (n != l->y.rank)
    return fail(l, "this form of the op");
  dense_strides(&l->x[0], xs);
  dense_strides(&l->y, ys);
  for (int d = 0; d < n; d++) {
    nest_add(&nest, times[d], (const int64_t[]){l->x[0].shape[d] * ys[d], 0});
    nest_add(&nest, l->x[0].shape[d], (const int64_t[]){ys[d], xs[d]});
  }
  return move(l, result(l), operand(l, 0), 0, 0, &nest);
}

static bool lower_reverse(Lower *l) {
  int64_t axis, xs[FUSE_MAX_RANK];
  Nest nest = {.n_tensors = 2};
  if (!fuse_get_i64(l->op, "axis", &axis) || axis < 0 || axis >= l->y.rank)
    return fail(l, "this axis");
  dense_strides(&l->y, xs);
  for (int d = 0; d < l->y.rank; d++)
    nest_add(&nest, l->y.shape[d], (const int64_t[]){xs[d], d == axis ? -xs[d] : xs[d]});
  return move(l, result(l), operand(l, 0), 0, (l->y.shape[axis] - 1) * xs[axis], &nest);
}

static bool lower_gather(Lower *l) {
  const FuseTensor *x = &l->x[0];
  const struct fk_gather p = {word(x->shape[0]), word(x->shape[1]), word(l->x[1].shape[1]),
                              word(x->shape[2])};
  return call3(l, "gather", result(l), operand(l, 0), operand(l, 1), &p);
}

/* A copy of the first operand, then the rows that change. */
static bool lower_scatter(Lower *l) {
  const FuseTensor *x = &l->x[0];
  const struct fk_scatter p = {word(x->shape[0]), word(x->shape[1]), word(l->x[1].shape[1]),
                               word(x->shape[2])};
  int64_t dense[FUSE_MAX_RANK];
  dense_strides(x, dense);
  return place(l, operand(l, 0), x, 0, dense) &&
         call3(l, "scatter", result(l), operand(l, 1), operand(l, 2), &p);
}

/* ---- any kernel, by name ---- */

static bool lower_custom(Lower *l) {
  FuseKernelParams params;
  if (!fuse_op_is_custom(l->op))
    return fail(l, "tosa.custom of another domain than \"fuse\"");
  const FuseKernelInfo *kernel = fuse_custom_kernel(l->op, &params);
  if (!kernel)
    return false;
  l->family = kernel->family;
  if (fuse_kernel_is_elementwise(kernel))
    return kernel->n_tensors == 2 ? lower_unary(l) : lower_binary(l);
  FuseCallArg args[FUSE_KERNEL_TENSORS];
  for (int i = 0; i < kernel->n_tensors; i++)
    args[i] = i < kernel->n_results ? result_of(l->op, i) : operand(l, i - kernel->n_results);
  return call(l, kernel->family, args, kernel->n_tensors, &params);
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
      return fail(l, "a result without a static shape or with an unknown element type");
  for (intptr_t i = 0; i < mlirOperationGetNumOperands(l->op) && i < MAX_OPERANDS; i++) {
    MlirType type = mlirValueGetType(mlirOperationGetOperand(l->op, i));
    if (mlirTypeIsAShaped(type) && !fuse_type_tensor(type, &l->x[i]))
      return fail(l, "an operand without a static shape or with an unknown element type");
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
  const FuseCallArg x = value_arg(ir, arena, from);
  Nest nest = {.n_tensors = 2};
  if (x.tensor.size_bytes == 0)
    return mlirLogicalResultSuccess();
  nest_add(&nest, fuse_tensor_elems(&x.tensor), (const int64_t[]){1, 1});
  return move(&l, *to, x, 0, 0, &nest) ? mlirLogicalResultSuccess() : mlirLogicalResultFailure();
}
