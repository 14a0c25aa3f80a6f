// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/* conv.c - Conv: tosa.conv2d, tosa.depthwise_conv2d, or a group-wise split of tosa.conv2d.
 *
 *   y = Conv(x, w, b)    x: N,Cin,H,W or N,Cin,L    w: Cout,Cin/group,KH,KW    b: Cout
 *
 * gives: a 1-D convolution as a 2-D one with H = 1; a BatchNormalization or an Add of a constant
 *        per channel that alone follows is folded into weights and bias (in double, rounded once);
 *        a Pad of H and W with zeros in front becomes the convolution's own padding
 */
#include <string.h>

#include "onnx_to_tosa.h"

typedef struct ConvShape {
  int64_t cin, cout, group;
  OnnxWindow window;
} ConvShape;

static bool read_shape(OnnxNode *node, ConvShape *shape) {
  const FuseTensor *x = &node->in[0]->tensor, *w = &node->in[1]->tensor;
  int spatial = x->rank - 2, n;
  int64_t kernel[FUSE_MAX_RANK];
  if (x->rank != 3 && x->rank != 4)
    return o2t_refuse(node, "not supported yet: input of rank %d; expected 3 or 4", x->rank);
  if (w->rank != x->rank)
    return o2t_refuse(node, "weights of rank %d for an input of rank %d", w->rank, x->rank);
  if (!o2t_attr_i64(node, "group", 1, &shape->group) ||
      !o2t_attr_i64s(node, "kernel_shape", FUSE_MAX_RANK, kernel, &n))
    return false;
  if (n >= 0 && (n != spatial || memcmp(kernel, w->shape + 2, (size_t)n * sizeof *kernel) != 0))
    return o2t_refuse(node, "kernel_shape differs from the shape of the weights");
  shape->cin = x->shape[1];
  shape->cout = w->shape[0];
  if (shape->group < 1 || shape->cin % shape->group || shape->cout % shape->group ||
      shape->cout < 1 || w->shape[1] != shape->cin / shape->group)
    return o2t_refuse(node,
                      "group = %lld with %lld input channels and weights for %lld of them, "
                      "%lld output channels; expected group to divide both",
                      (long long)shape->group, (long long)shape->cin, (long long)w->shape[1],
                      (long long)shape->cout);
  if (o2t_has(node, 2) &&
      (node->in[2]->tensor.rank != 1 || node->in[2]->tensor.shape[0] != shape->cout))
    return o2t_refuse(node, "the bias has another length than %lld output channels",
                      (long long)shape->cout);
  return o2t_window(node, spatial, w->shape + 2, x->shape + 2, &shape->window);
}

/* w * scale of its first axis. */
static Term *scaled_weights(OnnxNode *node, Term *w, const double *scale) {
  FuseTensor result;
  void *data;
  if (!w || !o2t_new_tensor(node, FUSE_F32, w->tensor.rank, w->tensor.shape, &result, &data))
    return NULL;
  int64_t n = fuse_tensor_elems(&w->tensor), per_channel = n / w->tensor.shape[0];
  for (int64_t i = 0; i < n; i++)
    ((float *)data)[i] = (float)(o2t_at_f64(&w->tensor, i) * scale[i / per_channel]);
  return o2t_constant(node->conversion, &result, w->key);
}

/* Weights and bias with what follows folded in; *result: the value that the last folded node makes.
 */
static bool weights_and_bias(OnnxNode *node, int64_t cout, Term **w, Term **b, OnnxValue **result) {
  bool known = o2t_known(node->in[1]) && (!o2t_has(node, 2) || o2t_known(node->in[2]));
  double *scale = fuse_alloc_array(node->conversion->scratch, (size_t)cout, sizeof *scale);
  double *shift = fuse_alloc_array(node->conversion->scratch, (size_t)cout, sizeof *shift);
  *w = o2t_get(node, node->in[1], LAYOUT_ONNX);
  *result = node->out[0];
  bool scales = false;
  for (int64_t c = 0; c < cout; c++) {
    scale[c] = 1;
    if (known && o2t_has(node, 2))
      shift[c] = o2t_at_f64(&node->in[2]->form[LAYOUT_ONNX]->tensor, c);
  }
  if (known)
    *result = o2t_absorb(node, node->in[0]->tensor.rank, 1, cout, scale, shift);
  for (int64_t c = 0; c < cout; c++)
    scales = scales || scale[c] != 1;
  if (scales)
    *w = scaled_weights(node, *w, scale);
  *b = !known && o2t_has(node, 2) ? o2t_get(node, node->in[2], LAYOUT_ONNX)
                                  : o2t_vector(node, cout, shift);
  return *w && *b;
}

/* Zeros that a tosa.pad puts around H and W of x (N H W C): x without them, their number in pads.
 */
static Term *take_padding(OnnxNode *node, Term *x, OnnxWindow *window) {
  FuseTensor zero;
  int64_t pads[8];
  int n;
  if (!x || x->tensor.data || !mlirValueIsAOpResult(x->value))
    return x;
  MlirOperation pad = mlirOpResultGetOwner(x->value);
  if (!fuse_op_is(pad, "tosa.pad") ||
      !fuse_value_shape(mlirOperationGetOperand(pad, 1), 8, pads, &n) || n != 8 || pads[0] ||
      pads[1] || pads[6] || pads[7] ||
      !fuse_value_constant(node->conversion->ir, mlirOperationGetOperand(pad, 2), &zero) ||
      zero.dtype != FUSE_F32 || o2t_at_f64(&zero, 0) != 0)
    return x;
  for (int i = 0; i < 4; i++)
    window->pads[i] += pads[2 + i];
  return o2t_term(node->conversion, mlirOperationGetOperand(pad, 0));
}

/* One tosa.conv2d per group, on slices of the channels. */
static Term *grouped(OnnxNode *node, const ConvShape *shape, Term *x, Term *w, Term *b) {
  int64_t in = shape->cin / shape->group, out = shape->cout / shape->group;
  Term **parts = fuse_alloc_array(node->conversion->scratch, (size_t)shape->group, sizeof(Term *));
  for (int64_t g = 0; g < shape->group; g++)
    parts[g] = o2t_conv2d(node, "tosa.conv2d", o2t_slice_axis(node, x, 3, g * in, in),
                          o2t_slice_axis(node, w, 0, g * out, out),
                          o2t_slice_axis(node, b, 0, g * out, out), &shape->window);
  return o2t_concat(node, (int)shape->group, parts, 3);
}

bool o2t_conv(OnnxNode *node) {
  ConvShape shape;
  Term *w, *b, *y;
  OnnxValue *result;
  if (!read_shape(node, &shape) || !weights_and_bias(node, shape.cout, &w, &b, &result))
    return false;
  int rank = node->in[0]->tensor.rank;
  Term *x = o2t_to_nhwc(node, o2t_get(node, node->in[0], LAYOUT_LAST));
  x = o2t_window_trim(node, take_padding(node, x, &shape.window), &shape.window);
  const int64_t *k = shape.window.kernel;
  w = o2t_reshape(node, w, 4, (int64_t[]){shape.cout, w->tensor.shape[1], k[0], k[1]});
  if (shape.group > 1 && shape.group == shape.cin) {
    w = o2t_transpose(node, w, (int[]){2, 3, 0, 1});
    w = o2t_reshape(node, w, 4, (int64_t[]){k[0], k[1], shape.cin, shape.cout / shape.cin});
    y = o2t_conv2d(node, "tosa.depthwise_conv2d", x, w, b, &shape.window);
  } else {
    w = o2t_transpose(node, w, (int[]){0, 2, 3, 1});
    y = shape.group == 1 ? o2t_conv2d(node, "tosa.conv2d", x, w, b, &shape.window)
                         : grouped(node, &shape, x, w, b);
  }
  return o2t_set_value(node, result, LAYOUT_LAST, o2t_from_nhwc(node, y, rank));
}
