// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/* build_math.c - builders that compute: pointwise ops, reductions, casts, convolutions. */
#include <float.h>
#include <math.h>
#include <string.h>

#include "build_private.h"

static MlirValue zero_i8(OnnxNode *node) {
  static const int8_t zero = 0;
  Conversion *conversion = node->conversion;
  FuseTensor tensor = {.dtype = FUSE_I8, .rank = 1, .shape = {1}, .data = &zero, .size_bytes = 1};
  if (!conversion->zero_i8.ptr)
    conversion->zero_i8 = o2t_emit(node, o2t_constant(conversion, &tensor, "shift"));
  return conversion->zero_i8;
}

/* ---- arithmetic ---- */

static bool broadcast(OnnxNode *node, const FuseTensor *a, const FuseTensor *b, int64_t *shape) {
  FUSE_ASSERT(a->rank == b->rank);
  for (int d = 0; d < a->rank; d++) {
    if (a->shape[d] != b->shape[d] && a->shape[d] != 1 && b->shape[d] != 1)
      return o2t_refuse(node, "shapes %s and %s don't broadcast", o2t_shape_text(node, a),
                        o2t_shape_text(node, b));
    shape[d] = a->shape[d] == 1 ? b->shape[d] : a->shape[d];
  }
  return true;
}

static bool starts_with(const char *s, const char *prefix) {
  return strncmp(s, prefix, strlen(prefix)) == 0;
}

/* The family of kernels that computes an op: its name without the dialect. */
static const char *family_of(const char *name) {
  return starts_with(name, "tosa.") ? name + strlen("tosa.") : name;
}

/* A TOSA op of n operands, or the kernel that `name` is the family of. Operands have the result's
 * rank. */
static Term *pointwise(OnnxNode *node, const char *name, FuseDtype dtype, const int64_t *shape,
                       int n, Term *const *x) {
  const int rank = x[0]->tensor.rank;
  const FuseTensor *tensors[3];
  MlirValue operands[3];
  bool known = true;
  for (int i = 0; i < n; i++)
    known = known && o2t_is_known(x[i]), tensors[i] = &x[i]->tensor;
  if (known) {
    Term *y = o2t_new_term(node->conversion, dtype, rank, shape);
    y->key = n == 1 && x[0]->key ? x[0]->key : "folded";
    return o2t_compute_pointwise(node, family_of(name), n, tensors, &y->tensor) ? y : NULL;
  }
  for (int i = 0; i < n; i++)
    operands[i] = o2t_emit(node, x[i]);
  if (!starts_with(name, "tosa."))
    return o2t_elementwise_kernel(node, name, dtype, rank, shape, n, operands);
  if (strcmp(name, "tosa.mul") == 0)
    operands[n++] = zero_i8(node);
  if (strcmp(name, "tosa.negate") == 0) /* the zero points of both sides */
    operands[1] = operands[2] = o2t_emit(node, o2t_scalar(node, dtype, 1, 0)), n = 3;
  MlirNamedAttribute round = fuse_attr_bool(node->conversion->context, "round", false);
  const int n_attrs = strcmp(name, "tosa.arithmetic_right_shift") == 0;
  return o2t_op(node, name, dtype, rank, shape, n, operands, n_attrs, &round);
}

bool o2t_same_types(OnnxNode *node, const Term *a, const Term *b) {
  return a->tensor.dtype == b->tensor.dtype ||
         o2t_refuse(node, "element types %s and %s; expected equal ones",
                    fuse_dtype_name(a->tensor.dtype), fuse_dtype_name(b->tensor.dtype));
}

Term *o2t_binary(OnnxNode *node, const char *name, Term *a, Term *b) {
  int64_t shape[FUSE_MAX_RANK] = {0};
  if (!a || !b || !o2t_same_types(node, a, b) || !broadcast(node, &a->tensor, &b->tensor, shape))
    return NULL;
  bool compares = starts_with(name, "tosa.greater") || starts_with(name, "tosa.equal");
  FuseDtype dtype = compares ? FUSE_BOOL : a->tensor.dtype;
  return pointwise(node, name, dtype, shape, 2, (Term *const[]){a, b});
}

Term *o2t_with(OnnxNode *node, const char *name, Term *x, double number) {
  return x ? o2t_binary(node, name, x, o2t_scalar(node, x->tensor.dtype, x->tensor.rank, number))
           : NULL;
}

Term *o2t_unary_to(OnnxNode *node, const char *name, Term *x, FuseDtype dtype) {
  return x ? pointwise(node, name, dtype, x->tensor.shape, 1, &x) : NULL;
}

Term *o2t_unary(OnnxNode *node, const char *name, Term *x) {
  if (!x)
    return NULL;
  return o2t_unary_to(node, name, x, starts_with(name, "is") ? FUSE_BOOL : x->tensor.dtype);
}

Term *o2t_clamp(OnnxNode *node, Term *x, double low, double high) {
  if (!x)
    return NULL;
  FuseDtype dtype = x->tensor.dtype;
  if (o2t_is_known(x) || dtype != FUSE_F32) {
    int rank = x->tensor.rank;
    if (low > -(double)FLT_MAX)
      x = o2t_binary(node, "tosa.maximum", x, o2t_scalar(node, dtype, rank, low));
    if (high < (double)FLT_MAX)
      x = o2t_binary(node, "tosa.minimum", x, o2t_scalar(node, dtype, rank, high));
    return x;
  }
  MlirContext context = node->conversion->context;
  MlirNamedAttribute attrs[] = {fuse_attr_f32(context, "min_val", low),
                                fuse_attr_f32(context, "max_val", high)};
  MlirValue operand = o2t_emit(node, x);
  return o2t_op(node, "tosa.clamp", dtype, x->tensor.rank, x->tensor.shape, 1, &operand, 2, attrs);
}

Term *o2t_select(OnnxNode *node, Term *condition, Term *yes, Term *no) {
  if (!condition || !yes || !no || !o2t_same_types(node, yes, no))
    return NULL;
  FuseTensor both = yes->tensor;
  int64_t shape[FUSE_MAX_RANK] = {0};
  if (!broadcast(node, &yes->tensor, &no->tensor, both.shape) ||
      !broadcast(node, &both, &condition->tensor, shape))
    return NULL;
  return pointwise(node, "tosa.select", yes->tensor.dtype, shape, 3,
                   (Term *const[]){condition, yes, no});
}

/* What a reduction of no elements gives; an infinity is the end of the type's range. */
static double of_nothing(const char *reduction) {
  static const struct {
    const char *name;
    double value;
  } values[] = {{"tosa.reduce_sum", 0},         {"tosa.reduce_product", 1},
                {"tosa.reduce_max", -INFINITY}, {"tosa.reduce_min", INFINITY},
                {"tosa.reduce_any", 0},         {"tosa.reduce_all", 1}};
  for (size_t i = 0; i < FUSE_COUNTOF(values); i++)
    if (strcmp(reduction, values[i].name) == 0)
      return values[i].value;
  FUSE_ASSERT(!"a reduction of TOSA");
  return 0;
}

Term *o2t_reduce(OnnxNode *node, const char *name, Term *x, int axis) {
  if (!x || x->tensor.shape[axis] == 1)
    return x;
  int64_t shape[FUSE_MAX_RANK];
  memcpy(shape, x->tensor.shape, sizeof shape);
  shape[axis] = 1;
  if (o2t_is_known(x)) {
    if (x->tensor.shape[axis] == 0)
      return o2t_fill(node, x->tensor.dtype, x->tensor.rank, shape, of_nothing(name));
    FuseKernelParams params;
    o2t_reduce_params(&x->tensor, axis, &params);
    return o2t_kernel(node, family_of(name), &params, 1, &x, x->tensor.dtype, x->tensor.rank,
                      shape);
  }
  MlirNamedAttribute attr = o2t_axis_attr(node->conversion, axis);
  MlirValue operand = o2t_emit(node, x);
  return o2t_op(node, name, x->tensor.dtype, x->tensor.rank, shape, 1, &operand, 1, &attr);
}

Term *o2t_cast(OnnxNode *node, Term *x, FuseDtype dtype) {
  if (!x || x->tensor.dtype == dtype)
    return x;
  return pointwise(node, "tosa.cast", dtype, x->tensor.shape, 1, &x);
}

Term *o2t_convert(OnnxNode *node, Term *x, FuseDtype dtype) {
  if (x && fuse_dtype_is_float(x->tensor.dtype) && !fuse_dtype_is_float(dtype) &&
      dtype != FUSE_BOOL)
    x = o2t_unary(node, "trunc", x);
  return o2t_cast(node, x, dtype);
}

/* ---- convolution ---- */

/* The kernel wants w as KH KW Cin Cout. */
static Term *known_conv2d(OnnxNode *node, Term *x, Term *w, Term *b, const OnnxWindow *window,
                          const int64_t *shape) {
  FuseKernelParams params;
  o2t_conv2d_params(&x->tensor, window, shape, &params);
  w = o2t_transpose(node, w, (int[]){1, 2, 3, 0});
  if (!w)
    return NULL;
  return o2t_kernel(node, "conv2d", &params, 3, (Term *[]){x, w, b}, x->tensor.dtype, 4, shape);
}

FuseDtype o2t_sum_type(const Term *x, const int64_t *zeros) {
  return zeros ? FUSE_I32 : x->tensor.dtype;
}

MlirNamedAttribute o2t_acc_type(OnnxNode *node, const int64_t *zeros) {
  MlirContext context = node->conversion->context;
  MlirType type = fuse_type_of(context, zeros ? FUSE_I32 : FUSE_F32);
  return fuse_attr(context, "acc_type", mlirTypeAttrGet(type));
}

Term *o2t_conv2d(OnnxNode *node, const char *name, Term *x, Term *w, Term *b,
                 const OnnxWindow *window, const int64_t *zeros) {
  if (!x || !w || !b || (!zeros && !(o2t_same_types(node, x, w) && o2t_same_types(node, x, b))))
    return NULL;
  MlirContext context = node->conversion->context;
  bool depthwise = strcmp(name, "tosa.depthwise_conv2d") == 0;
  const int64_t *ws = w->tensor.shape;
  int64_t shape[] = {x->tensor.shape[0], window->out[0], window->out[1],
                     depthwise ? ws[2] * ws[3] : ws[0]};
  const int64_t sizes[] = {shape[0], shape[1], shape[2], shape[3], ws[1], ws[2], ws[3]};
  if (!depthwise && o2t_folds_products(node, 3, (Term *[]){x, w, b}, 7, sizes))
    return known_conv2d(node, x, w, b, window, shape);
  MlirValue zero[2];
  for (int i = 0; i < 2; i++)
    zero[i] = o2t_zero(node, x->tensor.dtype, zeros ? &zeros[i] : NULL);
  MlirValue operands[] = {o2t_emit(node, x), o2t_emit(node, w), o2t_emit(node, b), zero[0],
                          zero[1]};
  MlirNamedAttribute attrs[] = {
      fuse_attr_i64s(context, "pad", 4, window->pads),
      fuse_attr_i64s(context, "stride", 2, window->stride),
      fuse_attr_i64s(context, "dilation", 2, window->dilation),
      o2t_acc_type(node, zeros),
  };
  return o2t_op(node, name, o2t_sum_type(x, zeros), 4, shape, 5, operands, 4, attrs);
}
