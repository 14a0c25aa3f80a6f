// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/* conv_transpose.c - ConvTranspose: tosa.conv2d (conv_phases.c); of weights that aren't known
 * tosa.transpose_conv2d, one per group.
 *
 *   y = ConvTranspose(x, w, b)    x: N,Cin,H,W or N,Cin,L    w: Cin,Cout/group,KH,KW    b: Cout
 *
 * gives: dilated weights with zeros between them, since TOSA has no dilation here; a 1-D one as a
 *        2-D one with H = 1; what follows folded in, as for Conv;
 *        one of more axes as a sum, over the elements of the kernel's leading axes, of 2-D ones of
 *        all planes, each put where that element puts them
 */
#include <string.h>

#include "onnx_to_tosa.h"

typedef struct Transposed {
  int64_t batch, cin, cout, group;
  int n;                        /* spatial axes */
  OnnxAxis axes[FUSE_MAX_RANK]; /* before, after: added to each side, or cut off if negative */
} Transposed;

/* Extent of the kernel with its dilation. */
static int64_t extent(const OnnxAxis *axis) {
  return (axis->kernel - 1) * axis->dilation + 1;
}

/* Result sizes: given by output_shape; as many times the input's as the stride, by auto_pad; or
 * what the pads leave. Pads that follow from a size: of an odd number SAME_UPPER cuts the larger
 * half off the end, the others off the beginning. */
static bool place_results(OnnxNode *node, const char *auto_pad, Transposed *s) {
  const int64_t *sizes = node->in[0]->tensor.shape + 2;
  int64_t extra[FUSE_MAX_RANK] = {0}, wanted[FUSE_MAX_RANK];
  int n_extra, n_wanted;
  bool upper = strcmp(auto_pad, "SAME_UPPER") == 0;
  bool same = upper || strcmp(auto_pad, "SAME_LOWER") == 0;
  if (!o2t_attr_i64s(node, "output_padding", s->n, extra, &n_extra) ||
      !o2t_attr_i64s(node, "output_shape", s->n, wanted, &n_wanted))
    return false;
  if ((n_extra >= 0 && n_extra != s->n) || (n_wanted >= 0 && n_wanted != s->n))
    return o2t_refuse(node, "output_padding or output_shape; expected %d values", s->n);
  for (int i = 0; i < s->n; i++) {
    OnnxAxis *a = &s->axes[i];
    int64_t full = (sizes[i] - 1) * a->stride + extent(a), before = a->before;
    if (extra[i] < 0 || extra[i] > INT32_MAX)
      return o2t_refuse(node, "output_padding: %lld; expected at least 0", (long long)extra[i]);
    if (n_wanted >= 0 && (wanted[i] < 1 || wanted[i] > INT32_MAX))
      return o2t_refuse(node, "output_shape: %lld; expected at least 1", (long long)wanted[i]);
    int64_t after = a->given_after - extra[i];
    a->out = full - before - after;
    if (same || n_wanted >= 0) {
      a->out = n_wanted >= 0 ? wanted[i] : sizes[i] * a->stride;
      int64_t cut = full + extra[i] - a->out;
      before = cut <= 0 ? 0 : upper ? cut / 2 : cut - cut / 2;
      after = full - before - a->out;
    } else if (strcmp(auto_pad, "VALID") == 0) {
      before = 0, after = -extra[i];
      a->out = full - after;
    }
    if (a->out < 1 || a->out > INT32_MAX)
      return o2t_refuse(node, "a result of %lld elements; expected at least 1", (long long)a->out);
    a->before = -before, a->after = -after;
  }
  return true;
}

static bool read_shape(OnnxNode *node, Transposed *s) {
  const FuseTensor *x = &node->in[0]->tensor, *w = &node->in[1]->tensor;
  int64_t kernel[FUSE_MAX_RANK];
  const char *auto_pad;
  int n;
  *s = (Transposed){.batch = x->shape[0], .cin = x->shape[1], .n = x->rank - 2};
  if (x->rank < 3 || w->rank != x->rank)
    return o2t_refuse(node, "weights of rank %d for an input of rank %d", w->rank, x->rank);
  if (!o2t_attr_i64(node, "group", 1, &s->group) ||
      !o2t_attr_i64s(node, "kernel_shape", FUSE_MAX_RANK, kernel, &n))
    return false;
  if (n >= 0 && (n != s->n || memcmp(kernel, w->shape + 2, (size_t)n * sizeof *kernel) != 0))
    return o2t_refuse(node, "kernel_shape differs from the shape of the weights");
  if (s->group < 1 || s->cin % s->group || w->shape[0] != s->cin)
    return o2t_refuse(node, "group = %lld with %lld input channels and weights for %lld of them",
                      (long long)s->group, (long long)s->cin, (long long)w->shape[0]);
  if (!fuse_mul_dims((int64_t[]){w->shape[1], s->group}, 2, &s->cout))
    return o2t_refuse(node, "the result is too large");
  if (o2t_has(node, 2) &&
      (node->in[2]->tensor.rank != 1 || node->in[2]->tensor.shape[0] != s->cout))
    return o2t_refuse(node, "the bias has another length than %lld output channels",
                      (long long)s->cout);
  return o2t_strides_and_pads(node, s->n, w->shape + 2, x->shape + 2, s->axes, &auto_pad) &&
         place_results(node, auto_pad, s);
}

/* tosa.transpose_conv2d. x: N H W C   w: Cout KH KW Cin   out_pad: top bottom left right */
static Term *transpose_conv2d(OnnxNode *node, Term *x, Term *w, Term *b, const int64_t *stride,
                              const int64_t *out_pad) {
  if (!x || !w || !b)
    return NULL;
  MlirContext context = node->conversion->context;
  const int64_t *xs = x->tensor.shape, *ws = w->tensor.shape;
  int64_t shape[] = {xs[0], (xs[1] - 1) * stride[0] + ws[1] + out_pad[0] + out_pad[1],
                     (xs[2] - 1) * stride[1] + ws[2] + out_pad[2] + out_pad[3], ws[0]};
  MlirValue operands[] = {o2t_emit(node, x), o2t_emit(node, w), o2t_emit(node, b),
                          o2t_zero(node, x->tensor.dtype, NULL),
                          o2t_zero(node, x->tensor.dtype, NULL)};
  MlirNamedAttribute attrs[] = {
      fuse_attr_i64s(context, "out_pad", 4, out_pad),
      fuse_attr_i64s(context, "stride", 2, stride),
      o2t_acc_type(node, NULL),
  };
  return o2t_op(node, "tosa.transpose_conv2d", x->tensor.dtype, 4, shape, 5, operands, 3, attrs);
}

/* x: N H W C   w: Cin Cout/group KH KW, with zeros where dilated */
static Term *grouped(OnnxNode *node, const Transposed *s, Term *x, Term *w, Term *b,
                     const int64_t *stride, const int64_t *out_pad) {
  int64_t in = s->cin / s->group, out = s->cout / s->group;
  Term **parts = fuse_alloc_array(node->conversion->scratch, (size_t)s->group, sizeof(Term *));
  for (int64_t g = 0; g < s->group; g++) {
    Term *data = o2t_slice_axis(node, x, 3, g * in, in);
    Term *weights = o2t_slice_axis(node, w, 0, g * in, in);
    weights = o2t_transpose(node, weights, (int[]){1, 2, 3, 0});
    Term *bias = o2t_slice_axis(node, b, 0, g * out, out);
    parts[g] = transpose_conv2d(node, data, weights, bias, stride, out_pad);
  }
  return o2t_concat(node, (int)s->group, parts, 3);
}

/* The last two axes (or one). TOSA cuts off less than the kernel's extent; the rest is sliced off.
 */
static Term *transpose_plane(OnnxNode *node, const Transposed *s, Term *x, Term *w, Term *b) {
  int n = s->n < 2 ? s->n : 2;
  int64_t stride[2] = {1, 1}, out_pad[4] = {0}, start[4] = {0}, size[4], weights[4];
  if (!x || !w || !b)
    return NULL;
  memcpy(weights, (int64_t[]){s->cin, s->cout / s->group, 1, 1}, sizeof weights);
  for (int i = 0; i < n; i++)
    weights[4 - n + i] = s->axes[s->n - n + i].kernel;
  w = o2t_reshape(node, w, 4, weights);
  size[1] = 1;
  OnnxAxis plane[2] = {{.kernel = 1, .stride = 1, .dilation = 1, .out = 1}};
  for (int i = 0; i < n; i++) {
    const OnnxAxis *a = &s->axes[s->n - n + i];
    int d = 2 - n + i;
    plane[d] = *a;
    stride[d] = a->stride;
    out_pad[2 * d] = fuse_max(a->before, 1 - extent(a));
    out_pad[2 * d + 1] = fuse_max(a->after, 1 - extent(a));
    start[1 + d] = out_pad[2 * d] - a->before;
    size[1 + d] = a->out;
    w = o2t_spread(node, w, 2 + d, a->dilation);
  }
  Term *y;
  if (o2t_conv_phases(node, x, w, b, s->group, plane, &y))
    return y;
  y = grouped(node, s, x, w, b, stride, out_pad);
  size[0] = x->tensor.shape[0], size[3] = s->cout;
  return o2t_slice(node, y, start, size);
}

/* Leading axis i and what is inside it; x: N D.. H W C, w: its part of the weights. Bias comes
 * last. */
static Term *transpose_axes(OnnxNode *node, const Transposed *s, int i, Term *x, Term *w, Term *b) {
  int64_t shape[FUSE_MAX_RANK], images = 1;
  if (!x || !w)
    return NULL;
  int rank = x->tensor.rank;
  if (i < s->n - 2) {
    Term *sum = NULL;
    for (int64_t k = 0; k < s->axes[i].kernel; k++) {
      Term *y = transpose_axes(node, s, i + 1, x, o2t_slice_axis(node, w, 2 + i, k, 1), b);
      y = o2t_untap(node, y, 1 + i, &s->axes[i], k);
      sum = k == 0 ? y : o2t_binary(node, "tosa.add", sum, y);
    }
    return sum;
  }
  memcpy(shape, x->tensor.shape, sizeof shape);
  for (int d = 0; d < rank - 3; d++)
    images *= shape[d];
  x = o2t_reshape(node, x, 4,
                  (int64_t[]){images, shape[rank - 3], shape[rank - 2], shape[rank - 1]});
  Term *y = transpose_plane(node, s, x, w, b);
  shape[rank - 3] = s->axes[s->n - 2].out;
  shape[rank - 2] = s->axes[s->n - 1].out;
  shape[rank - 1] = s->cout;
  return y ? o2t_reshape(node, y, rank, shape) : NULL;
}

/* w (Cin, Cout/group, ...) times a number per output channel. */
static Term *scaled_weights(OnnxNode *node, const Transposed *s, Term *w, const double *scale) {
  int64_t out = s->cout / s->group, in = s->cin / s->group, shape[FUSE_MAX_RANK] = {s->cin, out};
  FuseTensor factors;
  void *data;
  for (int d = 0; d < s->n; d++)
    shape[2 + d] = 1;
  if (!w || !o2t_new_tensor(node, FUSE_F32, s->n + 2, shape, &factors, &data))
    return NULL;
  for (int64_t i = 0; i < s->cin * out; i++)
    ((float *)data)[i] = (float)scale[i / out / in * out + i % out];
  return o2t_binary(node, "tosa.mul", w, o2t_constant(node->conversion, &factors, "scale"));
}

/* Weights and bias with what follows folded in, when they are known; *result: the value that the
 * last folded node makes. */
static bool weights_and_bias(OnnxNode *node, const Transposed *s, Term **w, Term **b,
                             OnnxValue **result) {
  const FuseDtype dtype = node->in[0]->tensor.dtype;
  *w = o2t_get(node, node->in[1], LAYOUT_ONNX);
  *b = o2t_has(node, 2) ? o2t_get(node, node->in[2], LAYOUT_ONNX)
                        : o2t_tile(node, o2t_scalar(node, dtype, 1, 0), &s->cout);
  *result = node->out[0];
  if (!*w || !*b || !(*w)->tensor.data || !(*b)->tensor.data || dtype != FUSE_F32)
    return *w && *b;
  double *scale = fuse_alloc_array(node->conversion->scratch, (size_t)s->cout, sizeof *scale);
  double *shift = fuse_alloc_array(node->conversion->scratch, (size_t)s->cout, sizeof *shift);
  for (int64_t c = 0; c < s->cout; c++)
    scale[c] = 1, shift[c] = o2t_at_f64(&(*b)->tensor, c);
  *result = o2t_absorb(node, s->n + 2, 1, s->cout, scale, shift);
  if (*result == node->out[0])
    return true;
  *w = scaled_weights(node, s, *w, scale);
  *b = o2t_vector(node, dtype, s->cout, shift);
  return *w && *b;
}

bool o2t_conv_transpose(OnnxNode *node) {
  Transposed s;
  Term *w, *b;
  OnnxValue *result;
  if (!read_shape(node, &s) || !weights_and_bias(node, &s, &w, &b, &result))
    return false;
  int rank = s.n + 2;
  Term *x = o2t_get(node, node->in[0], LAYOUT_LAST);
  if (s.n <= 2) {
    Term *y = transpose_plane(node, &s, o2t_to_nhwc(node, x), w, b);
    return o2t_set_value(node, result, LAYOUT_LAST, o2t_from_nhwc(node, y, rank));
  }
  int64_t last[FUSE_MAX_RANK];
  for (int d = 0; d < rank; d++)
    last[d] = d < rank - 1 ? 1 : s.cout;
  Term *none = o2t_tile(node, o2t_scalar(node, node->in[0]->tensor.dtype, 1, 0), &s.cout);
  Term *y = transpose_axes(node, &s, 0, x, w, none);
  return y && o2t_set_value(node, result, LAYOUT_LAST,
                            o2t_binary(node, "tosa.add", y, o2t_reshape(node, b, rank, last)));
}
