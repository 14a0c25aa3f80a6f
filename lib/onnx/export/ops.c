// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/* ops.c - one row and one function per op of the module.
 *
 * needs: verified ops with static shapes
 * gives: nodes of ONNX's operator set 14; or an error that names what isn't supported
 * source: TOSA 1.0 and docs/dialects.md for what goes in, ONNX's operator documents for what comes
 *         out
 */
#include <float.h>
#include <math.h>
#include <string.h>

#include "export.h"

enum { ALL = -1 };

/* ---- about ops ---- */

MlirOperation t2o_made_by(MlirValue value, const char *name) {
  MlirOperation none = {NULL};
  if (!mlirValueIsAOpResult(value) || !fuse_op_is(mlirOpResultGetOwner(value), name))
    return none;
  return mlirOpResultGetOwner(value);
}

bool t2o_is_number(Export *e, MlirValue value, double *number) {
  FuseTensor t;
  float first, f;
  if (!fuse_value_constant(e->ir, value, &t) || t.dtype != FUSE_F32 || t.size_bytes == 0)
    return false;
  memcpy(&first, t.data, sizeof first);
  for (size_t i = 0; i < t.size_bytes; i += sizeof f) {
    memcpy(&f, (const uint8_t *)t.data + i, sizeof f);
    if (!(f == first))
      return false;
  }
  *number = (double)first;
  return true;
}

bool t2o_attr_numbers(Export *e, const char *name, int n, int64_t *values) {
  int found = 0;
  if (fuse_get_i64s(e->op, name, n, values, &found) && found == n)
    return true;
  (void)fuse_op_error(e->op, "%s isn't array<i64> of %d values; expected that", name, n);
  return false;
}

bool t2o_zero_operand(Export *e, int i) {
  FuseTensor t;
  if (!fuse_value_constant(e->ir, mlirOperationGetOperand(e->op, i), &t))
    return t2o_refuse(e, "a zero point or shift that isn't constant");
  for (size_t b = 0; b < t.size_bytes; b++)
    if (((const uint8_t *)t.data)[b] & (t.dtype == FUSE_F32 && b % 4 == 3 ? 0x7f : 0xff))
      return t2o_refuse(e, "a zero point or shift other than 0");
  return true;
}

/* Values of a tosa.const_shape operand, exactly n. */
static bool shape_operand(Export *e, int i, int n, int64_t *values) {
  int found = 0;
  if (!fuse_value_shape(mlirOperationGetOperand(e->op, i), n, values, &found) || found != n)
    return t2o_refuse(e, "operand %d isn't a constant shape of %d numbers", i, n);
  return true;
}

static bool nan_mode_ok(Export *e) {
  return !fuse_attr_says(e->op, "nan_mode", "IGNORE") || t2o_refuse(e, "nan_mode IGNORE");
}

static bool read_axis(Export *e, int rank, int64_t *axis) {
  if (fuse_get_i64(e->op, "axis", axis) && *axis >= 0 && *axis < rank)
    return true;
  return t2o_refuse(e, "this axis");
}

/* ---- elementwise ---- */

static int n_operands(Export *e) {
  return e->row->n_data == ALL ? (int)mlirOperationGetNumOperands(e->op) : e->row->n_data;
}

/* The operands that are data, in the layout that suits them. */
static Layout gather_operands(Export *e, Tensor **in) {
  const int n = n_operands(e), rank = t2o_result(e)->type.rank;
  Value **values = fuse_alloc_array(e->arena, (size_t)n, sizeof *values);
  for (int i = 0; i < n; i++)
    values[i] = t2o_operand(e, i);
  const Layout layout = t2o_choose(values, n, rank);
  for (int i = 0; i < n; i++)
    in[i] = t2o_get(e, values[i], layout);
  return layout;
}

/* One node of the row's type on all operands; the result's tensor. */
static Tensor *same_op(Export *e) {
  Value *y = t2o_result(e);
  const int n = n_operands(e);
  Tensor **in = fuse_alloc_array(e->arena, (size_t)n, sizeof *in);
  const Layout layout = gather_operands(e, in);
  const FuseTensor type = t2o_type(&y->type, layout);
  return y->form[layout] = t2o_node(e, e->row->type, &type, n, in);
}

static bool run_same(Export *e) {
  if (!nan_mode_ok(e))
    return false;
  same_op(e);
  return true;
}

static bool run_negate(Export *e) {
  return t2o_zero_operand(e, 1) && t2o_zero_operand(e, 2) && run_same(e);
}

static bool run_mul(Export *e) {
  return t2o_zero_operand(e, 2) &&
         (t2o_is_hard_swish(e) || t2o_is_softmax(e) || t2o_is_div(e) || run_same(e));
}

/* Result and operand in one layout: the operand's tensor. */
static Tensor *one_operand(Export *e, Layout *layout, FuseTensor *type) {
  Value *x = t2o_operand(e, 0);
  *layout = t2o_choose(&x, 1, x->type.rank);
  *type = t2o_type(&t2o_result(e)->type, *layout);
  return t2o_get(e, x, *layout);
}

static bool run_pow(Export *e) {
  double exponent;
  Layout layout;
  FuseTensor type;
  if (!t2o_is_number(e, mlirOperationGetOperand(e->op, 1), &exponent) || exponent != 0.5 ||
      fuse_tensor_elems(&t2o_operand(e, 0)->type) != fuse_tensor_elems(&t2o_result(e)->type))
    return run_same(e);
  Tensor *x = one_operand(e, &layout, &type);
  t2o_result(e)->form[layout] = t2o_node1(e, "Sqrt", &type, x);
  return true;
}

static bool run_rsqrt(Export *e) {
  Layout layout;
  FuseTensor type;
  Tensor *x = one_operand(e, &layout, &type);
  x = t2o_part(e, t2o_node1(e, "Sqrt", &type, x), "sqrt");
  t2o_result(e)->form[layout] = t2o_node1(e, "Reciprocal", &type, x);
  return true;
}

static bool run_clamp(Export *e) {
  double low, high;
  Layout layout;
  FuseTensor type;
  if (!nan_mode_ok(e))
    return false;
  if (!fuse_get_f64(e->op, "min_val", &low) || !fuse_get_f64(e->op, "max_val", &high))
    return t2o_refuse(e, "a clamp that isn't float");
  if (t2o_is_hard_sigmoid(e))
    return true;
  Tensor *x = one_operand(e, &layout, &type);
  const bool open = high >= (double)FLT_MAX;
  Tensor *y = x; /* a clamp without bounds */
  if (open && low == 0 && !signbit(low))
    y = t2o_node1(e, "Relu", &type, x);
  else if (!open)
    y = t2o_node(e, "Clip", &type, 3,
                 (Tensor *[]){x, low > -(double)FLT_MAX ? t2o_scalar(e, low, "min") : NULL,
                              t2o_scalar(e, high, "max")});
  else if (low > -(double)FLT_MAX)
    y = t2o_node2(e, "Clip", &type, x, t2o_scalar(e, low, "min"));
  t2o_result(e)->form[layout] = y;
  return true;
}

static bool run_select(Export *e) {
  return t2o_is_leaky(e) || run_same(e);
}

static Tensor *cast(Export *e, Tensor *x, FuseDtype dtype) {
  FuseTensor type = x->type;
  type.dtype = dtype;
  FUSE_ASSERT(fuse_tensor_set_size(&type));
  Tensor *y = t2o_node1(e, "Cast", &type, x);
  t2o_attr_i64(e, y->node, "to", t2o_data_type(dtype));
  return y;
}

/* TOSA rounds to the nearest, ONNX towards zero. Round doesn't take bf16. */
static bool run_cast(Export *e) {
  Layout layout;
  FuseTensor type;
  Tensor *x = one_operand(e, &layout, &type);
  if (x->type.dtype == FUSE_BF16)
    x = t2o_part(e, cast(e, x, FUSE_F32), "f32");
  if (fuse_dtype_is_float(x->type.dtype) && !fuse_dtype_is_float(type.dtype) &&
      type.dtype != FUSE_BOOL)
    x = t2o_part(e, t2o_node1(e, "Round", &x->type, x), "round");
  t2o_result(e)->form[layout] = cast(e, x, type.dtype);
  return true;
}

static FuseDtype unsigned_of(FuseDtype dtype) {
  switch (dtype) {
  case FUSE_I8: return FUSE_U8;
  case FUSE_I16: return FUSE_U16;
  case FUSE_I32: return FUSE_U32;
  case FUSE_I64: return FUSE_U64;
  default: return dtype;
  }
}

/* BitShift takes unsigned types: signed ones are seen as those. */
static bool run_shift(Export *e) {
  Tensor *in[2];
  const Layout layout = gather_operands(e, in);
  FuseTensor type = t2o_type(&t2o_result(e)->type, layout);
  const FuseDtype dtype = type.dtype;
  type.dtype = unsigned_of(dtype);
  const bool cast_around = type.dtype != dtype;
  for (int i = 0; cast_around && i < 2; i++)
    in[i] = t2o_part(e, cast(e, in[i], type.dtype), "cast");
  Tensor *y = t2o_node2(e, "BitShift", &type, in[0], in[1]);
  t2o_attr_str(e, y->node, "direction", e->row->type);
  t2o_result(e)->form[layout] = cast_around ? cast(e, t2o_part(e, y, "shift"), dtype) : y;
  return true;
}

/* fmod: the sign of the first operand; else of the second. */
static bool run_fmod(Export *e) {
  t2o_attr_i64(e, same_op(e)->node, "fmod", 1);
  return true;
}

/* ---- reductions ---- */

/* A node of the row's type along an axis. */
static Tensor *reduce(Export *e, const FuseTensor *type, Tensor *x, int64_t axis) {
  Tensor *y;
  if (strcmp(e->row->type, "ReduceSum") == 0) { /* the only one whose axes are an input by now */
    y = t2o_node2(e, "ReduceSum", type, x, t2o_numbers(e, 1, &axis, "axes"));
  } else {
    y = t2o_node1(e, e->row->type, type, x);
    t2o_attr_i64s(e, y->node, "axes", 1, &axis);
  }
  t2o_attr_i64(e, y->node, "keepdims", 1);
  return y;
}

/* All and any: the least and the greatest of i32, since ONNX reduces no bools. */
static bool run_reduce(Export *e) {
  Layout layout;
  FuseTensor type;
  int64_t axis;
  if (!nan_mode_ok(e) || !read_axis(e, t2o_operand(e, 0)->type.rank, &axis))
    return false;
  Tensor *x = one_operand(e, &layout, &type), *y;
  const bool bools = type.dtype == FUSE_BOOL;
  axis = t2o_place(layout, type.rank, (int)axis);
  if (bools) {
    x = t2o_part(e, cast(e, x, FUSE_I32), "i32");
    type.dtype = FUSE_I32;
  }
  y = reduce(e, &type, x, axis);
  t2o_result(e)->form[layout] = bools ? cast(e, t2o_part(e, y, "reduce"), FUSE_BOOL) : y;
  return true;
}

/* The axis goes away. Without the last axis channels first is the order as it is; without another
 * one, the layout stays. */
static bool run_argmax(Export *e) {
  Value *x = t2o_operand(e, 0), *result = t2o_result(e);
  const int rank = x->type.rank;
  int64_t axis;
  if (!nan_mode_ok(e) || !read_axis(e, rank, &axis))
    return false;
  const Layout from = axis == 0 ? AS_IS : t2o_choose(&x, 1, rank);
  const Layout to = axis == rank - 1 ? AS_IS : from;
  FuseTensor type = t2o_type(&result->type, to);
  type.dtype = FUSE_I64;
  Tensor *y = t2o_node1(e, "ArgMax", &type, t2o_get(e, x, from));
  t2o_attr_i64(e, y->node, "axis", t2o_place(from, rank, (int)axis));
  t2o_attr_i64(e, y->node, "keepdims", 0);
  result->form[to] = t2o_part(e, cast(e, y, FUSE_I32), "i32");
  return true;
}

/* ---- matrix product ---- */

static bool run_matmul(Export *e) {
  Value *y = t2o_result(e);
  if (!t2o_zero_operand(e, 2) || !t2o_zero_operand(e, 3))
    return false;
  y->form[AS_IS] = t2o_node2(e, "MatMul", &y->type, t2o_get(e, t2o_operand(e, 0), AS_IS),
                             t2o_get(e, t2o_operand(e, 1), AS_IS));
  return true;
}

/* ---- moving ---- */

static bool run_reshape(Export *e) {
  Value *x = t2o_operand(e, 0), *y = t2o_result(e);
  if (x->type.data) {
    y->type = t2o_shaped(&x->type, y->type.rank, y->type.shape);
    return true;
  }
  if (!x->reshape)
    y->reshape = x;
  else /* of a reshape: what lies between makes no difference */
    y->reshape = x->reshape;
  return true;
}

static bool run_transpose(Export *e) {
  Value *x = t2o_operand(e, 0), *y = t2o_result(e);
  MlirAttribute perms = mlirOperationGetAttributeByName(e->op, fuse_str("perms"));
  const int rank = y->type.rank;
  int perm[FUSE_MAX_RANK], from[FUSE_MAX_RANK], to[FUSE_MAX_RANK];
  if (mlirAttributeIsNull(perms) || !mlirAttributeIsADenseI32Array(perms) ||
      mlirDenseArrayGetNumElements(perms) != rank)
    return t2o_refuse(e, "this form of the op");
  for (int p = 0; p < rank; p++)
    perm[p] = mlirDenseI32ArrayGetElement(perms, p);
  if (x->type.data) {
    y->type = t2o_permuted(e, &x->type, perm);
    return true;
  }
  for (int l = 0; l < N_LAYOUTS; l++) /* is it what a layout of x holds already? */
    for (int m = 0; m < N_LAYOUTS; m++) {
      bool same = t2o_bytes(x, (Layout)m) != NULL;
      t2o_order((Layout)m, rank, from);
      t2o_order((Layout)l, rank, to);
      for (int p = 0; p < rank; p++)
        same = same && from[p] == perm[to[p]];
      if (same && !y->form[l])
        y->form[l] = t2o_get(e, x, (Layout)m);
    }
  if (!y->form[AS_IS] && !y->form[FIRST]) {
    const Layout layout = t2o_choose(&x, 1, rank);
    Tensor *in = t2o_get(e, x, layout);
    for (int p = 0; p < rank; p++)
      perm[p] = t2o_place(layout, rank, perm[p]);
    y->form[AS_IS] = t2o_transpose(e, in, perm);
  }
  return true;
}

static bool run_concat(Export *e) {
  int64_t axis;
  const int rank = t2o_result(e)->type.rank;
  if (!read_axis(e, rank, &axis))
    return false;
  Tensor *y = same_op(e);
  const Layout layout = t2o_result(e)->form[FIRST] == y ? FIRST : AS_IS;
  t2o_attr_i64(e, y->node, "axis", t2o_place(layout, rank, (int)axis));
  return true;
}

static bool run_slice(Export *e) {
  Value *x = t2o_operand(e, 0), *y = t2o_result(e);
  const int rank = y->type.rank;
  int64_t start[FUSE_MAX_RANK], starts[FUSE_MAX_RANK], ends[FUSE_MAX_RANK], axes[FUSE_MAX_RANK];
  int n = 0;
  Layout layout;
  FuseTensor type;
  if (!shape_operand(e, 1, rank, start))
    return false;
  Tensor *in = one_operand(e, &layout, &type);
  for (int d = 0; d < rank; d++) {
    if (y->type.shape[d] == x->type.shape[d])
      continue;
    starts[n] = start[d], ends[n] = start[d] + y->type.shape[d];
    axes[n++] = t2o_place(layout, rank, d);
  }
  y->form[layout] = n == 0 ? in
                           : t2o_node(e, "Slice", &type, 4,
                                      (Tensor *[]){in, t2o_numbers(e, n, starts, "starts"),
                                                   t2o_numbers(e, n, ends, "ends"),
                                                   t2o_numbers(e, n, axes, "axes")});
  return true;
}

static bool run_pad(Export *e) {
  Value *y = t2o_result(e);
  const int rank = y->type.rank;
  int64_t pad[2 * FUSE_MAX_RANK], pads[2 * FUSE_MAX_RANK];
  FuseTensor value;
  Layout layout;
  FuseTensor type;
  if (!shape_operand(e, 1, 2 * rank, pad))
    return false;
  if (!fuse_value_constant(e->ir, mlirOperationGetOperand(e->op, 2), &value))
    return t2o_refuse(e, "a padding value that isn't constant");
  Tensor *x = one_operand(e, &layout, &type);
  for (int d = 0; d < rank; d++) {
    const int p = t2o_place(layout, rank, d);
    pads[p] = pad[2 * d], pads[rank + p] = pad[2 * d + 1];
  }
  value = t2o_shaped(&value, 0, NULL);
  Tensor *in[] = {x, t2o_numbers(e, 2 * rank, pads, "pads"), t2o_initializer(e, &value, "value")};
  y->form[layout] = t2o_node(e, "Pad", &type, 3, in);
  return true;
}

static bool run_tile(Export *e) {
  Value *y = t2o_result(e);
  const int rank = y->type.rank;
  int64_t times[FUSE_MAX_RANK], repeats[FUSE_MAX_RANK];
  Layout layout;
  FuseTensor type;
  if (!shape_operand(e, 1, rank, times))
    return false;
  Tensor *x = one_operand(e, &layout, &type);
  for (int d = 0; d < rank; d++)
    repeats[t2o_place(layout, rank, d)] = times[d];
  y->form[layout] = t2o_node2(e, "Tile", &type, x, t2o_numbers(e, rank, repeats, "repeats"));
  return true;
}

static bool run_reverse(Export *e) {
  static const int64_t start = -1, end = INT64_MIN, step = -1; /* from the last to the first */
  Layout layout;
  FuseTensor type;
  int64_t axis;
  if (!read_axis(e, t2o_result(e)->type.rank, &axis))
    return false;
  Tensor *x = one_operand(e, &layout, &type);
  axis = t2o_place(layout, type.rank, (int)axis);
  Tensor *in[] = {x, t2o_numbers(e, 1, &start, "starts"), t2o_numbers(e, 1, &end, "ends"),
                  t2o_numbers(e, 1, &axis, "axes"), t2o_numbers(e, 1, &step, "steps")};
  t2o_result(e)->form[layout] = t2o_node(e, "Slice", &type, 5, in);
  return true;
}

/* y[n][w][:] = x[n][index[n][w]][:]: GatherND takes indices N,W,1. */
static bool run_gather(Export *e) {
  Value *y = t2o_result(e);
  Tensor *index = t2o_get(e, t2o_operand(e, 1), AS_IS);
  const int64_t shape[] = {index->type.shape[0], index->type.shape[1], 1};
  FuseTensor wide = index->type;
  wide.dtype = FUSE_I64;
  FUSE_ASSERT(fuse_tensor_set_size(&wide));
  index = t2o_node1(e, "Cast", &wide, index);
  t2o_attr_i64(e, index->node, "to", ONNX__TENSOR_PROTO__DATA_TYPE__INT64);
  index = t2o_part(e, t2o_reshape(e, t2o_part(e, index, "cast"), 3, shape), "indices");
  y->form[AS_IS] = t2o_node2(e, "GatherND", &y->type, t2o_get(e, t2o_operand(e, 0), AS_IS), index);
  t2o_attr_i64(e, y->form[AS_IS]->node, "batch_dims", 1);
  return true;
}

/* ---- table ---- */

/* The element types that an operator of this set takes. */
#define BIT(name) (1u << FUSE_##name)
#define SIGNED (BIT(I8) | BIT(I16) | BIT(I32) | BIT(I64))
#define INTS (SIGNED | BIT(U8) | BIT(U16) | BIT(U32) | BIT(U64))
#define REALS (BIT(F16) | BIT(F32) | BIT(F64))
#define FLOATS (REALS | BIT(BF16))
#define NUMBERS (INTS | FLOATS)
#define ANY (NUMBERS | BIT(BOOL))
#define ORDERED (INTS | REALS)
#define COMPARED (ORDERED | BIT(BOOL)) /* operands and result */
#define WHERE (ORDERED | BIT(BOOL))    /* the condition as well */
#define SUMMED (BIT(I32) | BIT(I64) | BIT(U32) | BIT(U64) | BIT(F32) | BIT(F64))

static const Row ROWS[] = {
    {"tosa.abs", run_same, "Abs", 1, NUMBERS},
    {"tosa.add", run_same, "Add", 2, NUMBERS},
    {"tosa.argmax", run_argmax, NULL, 1, ORDERED},
    {"tosa.avg_pool2d", t2o_pool, "AveragePool", 1, BIT(F32)},
    {"tosa.cast", run_cast, NULL, 1, ANY},
    {"tosa.ceil", run_same, "Ceil", 1, REALS},
    {"tosa.clamp", run_clamp, NULL, 1, BIT(F32)},
    {"tosa.concat", run_concat, "Concat", ALL, ANY},
    {"tosa.conv2d", t2o_conv2d, NULL, 3, BIT(F32)},
    {"tosa.cos", run_same, "Cos", 1, REALS},
    {"tosa.depthwise_conv2d", t2o_depthwise, NULL, 3, BIT(F32)},
    {"tosa.equal", run_same, "Equal", 2, ANY},
    {"tosa.erf", run_same, "Erf", 1, REALS},
    {"tosa.exp", run_same, "Exp", 1, REALS},
    {"tosa.floor", run_same, "Floor", 1, REALS},
    {"tosa.gather", run_gather, NULL, 2, ANY},
    {"tosa.greater", run_same, "Greater", 2, COMPARED},
    {"tosa.greater_equal", run_same, "GreaterOrEqual", 2, COMPARED},
    {"tosa.identity", run_reshape, NULL, 1, ANY},
    {"tosa.intdiv", run_same, "Div", 2, INTS},
    {"tosa.log", run_same, "Log", 1, REALS},
    {"tosa.logical_and", run_same, "And", 2, BIT(BOOL)},
    {"tosa.logical_left_shift", run_shift, "LEFT", 2, INTS},
    {"tosa.logical_not", run_same, "Not", 1, BIT(BOOL)},
    {"tosa.logical_or", run_same, "Or", 2, BIT(BOOL)},
    {"tosa.logical_right_shift", run_shift, "RIGHT", 2, INTS},
    {"tosa.logical_xor", run_same, "Xor", 2, BIT(BOOL)},
    {"tosa.matmul", run_matmul, NULL, 2, BIT(F32) | BIT(F64)},
    {"tosa.max_pool2d", t2o_pool, "MaxPool", 1, BIT(F32)},
    {"tosa.maximum", run_same, "Max", 2, NUMBERS},
    {"tosa.minimum", run_same, "Min", 2, NUMBERS},
    {"tosa.mul", run_mul, "Mul", 2, NUMBERS},
    {"tosa.negate", run_negate, "Neg", 1, SIGNED | FLOATS},
    {"tosa.pad", run_pad, NULL, 1, ANY},
    {"tosa.pow", run_pow, "Pow", 2, BIT(F32)},
    {"tosa.reciprocal", run_same, "Reciprocal", 1, REALS},
    {"tosa.reduce_all", run_reduce, "ReduceMin", 1, BIT(BOOL)},
    {"tosa.reduce_any", run_reduce, "ReduceMax", 1, BIT(BOOL)},
    {"tosa.reduce_max", run_reduce, "ReduceMax", 1, SUMMED | BIT(I8) | BIT(U8)},
    {"tosa.reduce_min", run_reduce, "ReduceMin", 1, SUMMED | BIT(I8) | BIT(U8)},
    {"tosa.reduce_product", run_reduce, "ReduceProd", 1, SUMMED},
    {"tosa.reduce_sum", run_reduce, "ReduceSum", 1, SUMMED},
    {"tosa.reshape", run_reshape, NULL, 1, ANY},
    {"tosa.resize", t2o_resize, NULL, 1, BIT(F32)},
    {"tosa.reverse", run_reverse, NULL, 1, ANY},
    {"tosa.rsqrt", run_rsqrt, NULL, 1, BIT(F32) | BIT(F64)},
    {"tosa.select", run_select, "Where", 3, WHERE},
    {"tosa.sigmoid", run_same, "Sigmoid", 1, REALS},
    {"tosa.sin", run_same, "Sin", 1, REALS},
    {"tosa.slice", run_slice, NULL, 1, ANY},
    {"tosa.sub", run_same, "Sub", 2, NUMBERS},
    {"tosa.tanh", run_same, "Tanh", 1, REALS},
    {"tosa.tile", run_tile, NULL, 1, ANY},
    {"tosa.transpose", run_transpose, NULL, 1, ANY},
    {"tosa.transpose_conv2d", t2o_transpose_conv2d, NULL, 3, BIT(F32)},
    {"fuse.conv1d", t2o_fuse_conv1d, NULL, 3, BIT(F32)},
    {"fuse.dwconv2d", t2o_fuse_dwconv2d, NULL, 3, BIT(F32)},
    {"fuse.fuseconv", t2o_fuseconv, NULL, 5, BIT(F32)},
};

/* tosa.custom of domain "fuse", by the kernel's family. */
static const Row CUSTOM_ROWS[] = {
    {"acos", run_same, "Acos", 1, REALS},
    {"acosh", run_same, "Acosh", 1, REALS},
    {"asin", run_same, "Asin", 1, REALS},
    {"asinh", run_same, "Asinh", 1, REALS},
    {"atan", run_same, "Atan", 1, REALS},
    {"atanh", run_same, "Atanh", 1, REALS},
    {"cosh", run_same, "Cosh", 1, REALS},
    {"div", run_same, "Div", 2, REALS},
    {"fmod", run_fmod, "Mod", 2, INTS | REALS},
    {"isinf", run_same, "IsInf", 1, BIT(F32) | BIT(F64) | BIT(BOOL)},
    {"isnan", run_same, "IsNaN", 1, REALS | BIT(BOOL)},
    {"mod", run_same, "Mod", 2, INTS},
    {"pow", run_same, "Pow", 2, REALS | BIT(I32) | BIT(I64)},
    {"round", run_same, "Round", 1, REALS},
    {"sign", run_same, "Sign", 1, NUMBERS},
    {"sinh", run_same, "Sinh", 1, REALS},
    {"sqrt", run_same, "Sqrt", 1, REALS},
    {"tan", run_same, "Tan", 1, REALS},
};

static bool check_type(Export *e, const FuseTensor *type) {
  if (e->row->types >> type->dtype & 1)
    return true;
  const char *expected = "";
  for (int t = 1; e->row->types >> t; t++)
    if (e->row->types >> t & 1)
      expected = fuse_format(e->arena, "%s%s%s", expected, *expected ? ", " : "",
                             fuse_dtype_name((FuseDtype)t));
  return t2o_refuse(e, "element type %s; expected %s", fuse_dtype_name(type->dtype), expected);
}

static bool check_types(Export *e) {
  for (int i = 0; i < n_operands(e); i++)
    if (!check_type(e, &t2o_operand(e, i)->type))
      return false;
  return check_type(e, &t2o_result(e)->type);
}

static const Row *find_row(MlirOperation op) {
  MlirStringRef domain, family;
  if (!fuse_op_is(op, "tosa.custom")) {
    for (size_t i = 0; i < FUSE_COUNTOF(ROWS); i++)
      if (fuse_op_is(op, ROWS[i].name))
        return &ROWS[i];
    return NULL;
  }
  if (!fuse_get_str(op, "domain_name", &domain) || !fuse_str_is(domain, "fuse") ||
      !fuse_get_str(op, "operator_name", &family))
    return NULL;
  for (size_t i = 0; i < FUSE_COUNTOF(CUSTOM_ROWS); i++)
    if (fuse_str_is(family, CUSTOM_ROWS[i].name))
      return &CUSTOM_ROWS[i];
  return NULL;
}

bool t2o_op(Export *e) {
  const bool is_const = fuse_op_is(e->op, "tosa.const") || fuse_op_is_empty_constant(e->op);
  if (fuse_op_is(e->op, "tosa.const_shape"))
    return true;
  e->row = find_row(e->op);
  if (!is_const && !e->row)
    return t2o_refuse(e, "writing this op as ONNX");
  if (mlirOperationGetNumResults(e->op) != 1 ||
      !fuse_type_tensor(mlirValueGetType(mlirOperationGetResult(e->op, 0)), &t2o_result(e)->type))
    return t2o_refuse(e, "a result without a static shape or with an unknown element type");
  if (is_const)
    return fuse_value_constant(e->ir, mlirOperationGetResult(e->op, 0), &t2o_result(e)->type) ||
           t2o_refuse(e, "this form of the op");
  return check_types(e) && e->row->run(e);
}
