// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/* batch_norm.c - BatchNormalization, alone or folded into the node before it, as Add, Sub, Mul and
 * Div of known numbers are.
 *
 *   y = (x - mean) / sqrt(var + epsilon) * scale + bias, per channel (axis 1); by the moments of x
 *   itself in training mode (norm.c)
 */
#include <math.h>
#include <string.h>

#include "onnx_to_tosa.h"

static bool per_channel_inputs(const OnnxNode *node, int64_t channels, FuseDtype dtype) {
  for (int i = 1; i < 5; i++)
    if (node->in[i]->absent || node->in[i]->tensor.rank != 1 ||
        node->in[i]->tensor.shape[0] != channels || node->in[i]->tensor.dtype != dtype)
      return false;
  return true;
}

/* Since opset 14. PyTorch's standardised weights are a node in this mode. */
static bool is_training(const OnnxNode *node) {
  int64_t training = 0;
  (void)fuse_get_i64(node->op, "training_mode", &training);
  return training;
}

/* Before opset 7 is_test, which is 0 by default; before opset 14 as many outputs. */
static bool was_training(const OnnxNode *node) {
  int64_t is_test = o2t_opset(node) >= 7;
  (void)fuse_get_i64(node->op, "is_test", &is_test);
  return !is_test || (node->n_out > 1 && !is_training(node));
}

/* False without a refusal when the node isn't one that can be folded: it is then converted alone.
 */
static bool fold_batch_norm(OnnxNode *node, int64_t channels, double *scale, double *shift) {
  double epsilon = 1e-5;
  for (int i = 1; i < 5; i++)
    if (node->in[i]->absent || !node->in[i]->ready || !o2t_known(node->in[i]))
      return false;
  if (!per_channel_inputs(node, channels, FUSE_F32) || is_training(node) || was_training(node) ||
      (o2t_has_attr(node, "epsilon") && !fuse_get_f64(node->op, "epsilon", &epsilon)))
    return false;
  const FuseTensor *in[5];
  for (int i = 1; i < 5; i++)
    in[i] = &o2t_get(node, node->in[i], LAYOUT_ONNX)->tensor;
  for (int64_t c = 0; c < channels; c++) {
    double factor = o2t_at_f64(in[1], c) / sqrt(o2t_at_f64(in[4], c) + epsilon);
    scale[c] *= factor;
    shift[c] = (shift[c] - o2t_at_f64(in[3], c)) * factor + o2t_at_f64(in[2], c);
  }
  return true;
}

/* The other operand than x: known, and one number or one per channel. NULL: it isn't. */
static const FuseTensor *channel_operand(OnnxNode *node, const OnnxValue *x, int rank, int axis,
                                         int64_t channels) {
  OnnxValue *other = node->in[node->in[0] == x ? 1 : 0];
  if (o2t_has_attr(node, "broadcast") || o2t_has_attr(node, "axis") || !other->ready ||
      other->absent || !o2t_known(other) || other->tensor.rank > rank ||
      other->tensor.dtype != FUSE_F32)
    return NULL;
  for (int d = 0; d < other->tensor.rank; d++) {
    int64_t size = other->tensor.shape[d];
    bool is_channel = d + rank - other->tensor.rank == axis;
    if (size != 1 && !(is_channel && size == channels))
      return NULL;
  }
  return &o2t_get(node, other, LAYOUT_ONNX)->tensor;
}

bool o2t_fold_add(OnnxNode *node, const OnnxValue *x, int rank, int axis, int64_t channels,
                  double *shift) {
  const FuseTensor *v =
      strcmp(node->row->name, "add") == 0 ? channel_operand(node, x, rank, axis, channels) : NULL;
  for (int64_t c = 0; v && c < channels; c++)
    shift[c] += o2t_at_f64(v, fuse_tensor_elems(v) == 1 ? 0 : c);
  return v;
}

/* Operators that leave scale * x + shift what it is, with other numbers. */
typedef enum Affine { ADD, SUB, MUL, DIV, N_AFFINE } Affine;

static Affine affine_of(const OnnxNode *node) {
  static const char *const names[N_AFFINE] = {"add", "sub", "mul", "div"};
  Affine op = ADD;
  while (op < N_AFFINE && strcmp(node->row->name, names[op]) != 0)
    op++;
  return op;
}

/* Add, Sub, Mul or Div of x and known numbers. Not a division that x is the divisor of, nor one by
 * a number that isn't an ordinary one: those stay what they are. */
static bool fold_affine(OnnxNode *node, const OnnxValue *x, int rank, int axis, int64_t channels,
                        double *scale, double *shift) {
  Affine op = affine_of(node);
  bool first = node->in[0] == x;
  const FuseTensor *v = op == N_AFFINE ? NULL : channel_operand(node, x, rank, axis, channels);
  if (!v || (op == DIV && !first))
    return false;
  int64_t n = fuse_tensor_elems(v);
  for (int64_t i = 0; i < n; i++)
    if (!isfinite(o2t_at_f64(v, i)) || (op == DIV && o2t_at_f64(v, i) == 0))
      return false;
  for (int64_t c = 0; c < channels; c++) {
    double number = o2t_at_f64(v, n == 1 ? 0 : c);
    double factor = op == MUL ? number : op == DIV ? 1 / number : op == SUB && !first ? -1 : 1;
    scale[c] *= factor;
    shift[c] = shift[c] * factor + (op == ADD || (op == SUB && !first) ? number : 0) -
               (op == SUB && first ? number : 0);
  }
  return true;
}

OnnxValue *o2t_absorb(OnnxNode *node, int rank, int channel_axis, int64_t channels, double *scale,
                      double *shift) {
  OnnxValue *value = node->out[0];
  for (;;) {
    OnnxNode *user = o2t_sole_user(node, value);
    if (!user)
      return value;
    bool folded = false;
    if (strcmp(user->row->name, "batchnormalization") == 0 && user->in[0] == value &&
        channel_axis == 1)
      folded = fold_batch_norm(user, channels, scale, shift);
    else
      folded = fold_affine(user, value, rank, channel_axis, channels, scale, shift);
    if (!folded)
      return value;
    user->done = true;
    value = user->out[0];
  }
}

/* The parameter as 1,...,C,...,1 in `layout`. */
static Term *parameter(OnnxNode *node, int i, int rank, OnnxLayout layout) {
  int64_t shape[FUSE_MAX_RANK];
  for (int d = 0; d < rank; d++)
    shape[d] = 1;
  shape[o2t_position(layout, rank, 1)] = node->in[i]->tensor.shape[0];
  return o2t_reshape(node, o2t_get(node, node->in[i], LAYOUT_ONNX), rank, shape);
}

bool o2t_batch_normalization(OnnxNode *node) {
  double epsilon, momentum;
  int64_t spatial;
  const OnnxValue *x = node->in[0];
  int rank = x->tensor.rank;
  if (!o2t_attr_f32(node, "epsilon", 1e-5, &epsilon) ||
      !o2t_attr_f32(node, "momentum", 0.9, &momentum) ||
      !o2t_attr_i64(node, "spatial", 1, &spatial))
    return false;
  if (was_training(node))
    return o2t_refuse(node, "not supported yet: training mode");
  if (spatial != 1)
    return o2t_refuse(node, "not supported yet: spatial = %lld", (long long)spatial);
  if (rank < 2 || !per_channel_inputs(node, x->tensor.shape[1], x->tensor.dtype))
    return o2t_refuse(node, "scale, bias, mean and variance; expected one %s value per channel",
                      fuse_dtype_name(x->tensor.dtype));
  if (is_training(node))
    return o2t_batch_moments(node, epsilon, momentum);
  OnnxLayout layout = o2t_choose_axes(node, rank);
  int64_t channels = x->tensor.shape[1];
  Term *scale, *shift;
  double *folded_scale =
      fuse_alloc_array(node->conversion->scratch, (size_t)channels, sizeof(double));
  double *folded_shift =
      fuse_alloc_array(node->conversion->scratch, (size_t)channels, sizeof(double));
  for (int64_t c = 0; c < channels; c++)
    folded_scale[c] = 1;
  if (fold_batch_norm(node, channels, folded_scale, folded_shift)) {
    int64_t shape[FUSE_MAX_RANK];
    for (int d = 0; d < rank; d++)
      shape[d] = 1;
    shape[o2t_position(layout, rank, 1)] = channels;
    FuseTensor tensors[2];
    void *data[2];
    for (int k = 0; k < 2; k++)
      if (!o2t_new_tensor(node, FUSE_F32, rank, shape, &tensors[k], &data[k]))
        return false;
    for (int64_t c = 0; c < channels; c++) {
      ((float *)data[0])[c] = (float)folded_scale[c];
      ((float *)data[1])[c] = (float)folded_shift[c];
    }
    scale = o2t_constant(node->conversion, &tensors[0], "scale");
    shift = o2t_constant(node->conversion, &tensors[1], "shift");
  } else {
    Term *variance = o2t_binary(node, "tosa.add", parameter(node, 4, rank, layout),
                                o2t_scalar(node, x->tensor.dtype, rank, epsilon));
    Term *inverse = o2t_unary(node, "tosa.rsqrt", variance);
    scale = o2t_binary(node, "tosa.mul", parameter(node, 1, rank, layout), inverse);
    Term *mean = o2t_binary(node, "tosa.mul", parameter(node, 3, rank, layout), scale);
    shift = o2t_binary(node, "tosa.sub", parameter(node, 2, rank, layout), mean);
  }
  Term *y = o2t_binary(node, "tosa.mul", o2t_get(node, node->in[0], layout), scale);
  return o2t_set(node, 0, layout, o2t_binary(node, "tosa.add", y, shift));
}
