// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/* conv.c - convolutions, matrix products that convert-onnx-to-tosa has made 1x1 convolutions, and
 * pooling: everything with a window.
 *
 *   tosa.conv2d             Conv; or Flatten and Gemm
 *   depthwise forms         Conv with group = channels
 *   fuse.fuseconv           Split, two of these, Concat
 */
#include <string.h>

#include "export.h"

enum { N, H, W, C, RANK };

typedef struct Window {
  int64_t kernel[2], stride[2], dilation[2], pad[4]; /* pad: top bottom left right */
} Window;

/* ---- weights ---- */

/* Operand i as OIHW or what else perm makes of it, in this shape; known or not. */
static Tensor *weights(Export *e, int i, const int *perm, int rank, const int64_t *shape) {
  Value *w = t2o_operand(e, i);
  if (w->type.data) {
    FuseTensor t = t2o_permuted(e, &w->type, perm);
    t = t2o_shaped(&t, rank, shape);
    return t2o_initializer(e, &t, "weight");
  }
  Tensor *x = t2o_part(e, t2o_transpose(e, t2o_get(e, w, AS_IS), perm), "transpose");
  return t2o_part(e, t2o_reshape(e, x, rank, shape), "weight");
}

static bool is_zero(const FuseTensor *t) {
  const uint8_t *bytes = t->data;
  for (size_t b = 0; b < t->size_bytes; b++)
    if (bytes[b])
      return false;
  return true;
}

/* Operand i, one number per channel, into *bias; NULL when all are +0. TOSA lets a single number
 * stand for all. */
static bool bias_of(Export *e, int i, int64_t channels, Tensor **bias) {
  Value *b = t2o_operand(e, i);
  const int64_t n = fuse_tensor_elems(&b->type);
  *bias = NULL;
  if (!b->type.data) {
    if (n != channels)
      return t2o_refuse(e, "a bias of %lld numbers that aren't constant for %lld channels",
                        (long long)n, (long long)channels);
    *bias = t2o_get(e, b, AS_IS);
    return true;
  }
  if (is_zero(&b->type))
    return true;
  FuseTensor t = t2o_shaped(&b->type, 1, &channels);
  if (n != channels) {
    uint8_t *bytes = fuse_alloc_array(e->arena, (size_t)channels, 4);
    for (int64_t c = 0; c < channels; c++)
      memcpy(bytes + 4 * c, b->type.data, 4);
    t.data = bytes;
    t.size_bytes = (size_t)channels * 4;
  }
  *bias = t2o_initializer(e, &t, "bias");
  return true;
}

/* ---- Conv ---- */

static void window_attrs(Export *e, Node *node, const Window *window, bool dilation) {
  const int64_t *pad = window->pad;
  t2o_attr_i64s(e, node, "kernel_shape", 2, window->kernel);
  t2o_attr_i64s(e, node, "strides", 2, window->stride);
  t2o_attr_i64s(e, node, "pads", 4, (const int64_t[]){pad[0], pad[2], pad[1], pad[3]});
  if (dilation)
    t2o_attr_i64s(e, node, "dilations", 2, window->dilation);
}

static Tensor *conv(Export *e, const char *type, const FuseTensor *result, Tensor *x, Tensor *w,
                    Tensor *b, const Window *window, int64_t group) {
  Tensor *y = t2o_node(e, type, result, b ? 3 : 2, (Tensor *[]){x, w, b});
  window_attrs(e, y->node, window, true);
  t2o_attr_i64(e, y->node, "group", group);
  return y;
}

/* The value that the op may read instead of x: of a slice that only cuts off the end of H and W, so
 * that the stride divides exactly, the whole. */
static Value *untrimmed(Export *e, Value *x, const Window *window) {
  const int64_t *out = t2o_result(e)->type.shape;
  int64_t start[RANK];
  int n = 0;
  MlirOperation slice = t2o_made_by(x->mlir, "tosa.slice");
  if (mlirOperationIsNull(slice) ||
      !fuse_value_shape(mlirOperationGetOperand(slice, 1), RANK, start, &n) || n != RANK)
    return x;
  Value *whole = t2o_value(e, mlirOperationGetOperand(slice, 0));
  for (int d = 0; d < RANK; d++) {
    const int64_t size = whole->type.shape[d], cut = size - x->type.shape[d];
    if (start[d] != 0 || (cut && d != H && d != W))
      return x;
    if (!cut)
      continue;
    const int i = d - H; /* no output more, and none that sees another end */
    const int64_t extent = window->dilation[i] * (window->kernel[i] - 1) + 1;
    const int64_t room = size + window->pad[2 * i] - extent;
    if (window->pad[2 * i + 1] != 0 || room / window->stride[i] + 1 != out[d])
      return x;
  }
  return whole;
}

/* Stride, dilation and padding of the op; the kernel is the caller's. */
static bool read_window(Export *e, const char *pad, Window *window) {
  return t2o_attr_numbers(e, "stride", 2, window->stride) &&
         t2o_attr_numbers(e, "dilation", 2, window->dilation) &&
         t2o_attr_numbers(e, pad, 4, window->pad);
}

static bool set_first(Export *e, Tensor *y) {
  t2o_result(e)->form[FIRST] = y;
  return true;
}

/* ---- Gemm ---- */

/* Is the result but a matrix of rows x columns to everyone? */
static bool is_matrix(Value *y, int64_t rows, int64_t columns) {
  MlirOpOperand use = mlirValueGetFirstUse(y->mlir);
  if (mlirOpOperandIsNull(use))
    return false;
  for (; !mlirOpOperandIsNull(use); use = mlirOpOperandGetNextUse(use)) {
    MlirOperation user = mlirOpOperandGetOwner(use);
    FuseTensor type;
    if (!fuse_op_is(user, "tosa.reshape") ||
        !fuse_type_tensor(mlirValueGetType(mlirOperationGetResult(user, 0)), &type) ||
        type.rank != 2 || type.shape[0] != rows || type.shape[1] != columns)
      return false;
  }
  return true;
}

/* x as rows x inner, to be multiplied by w (columns x inner). Of an image that was flattened in the
 * module's order, channels last, w changes instead of the image. NULL when it takes a transpose. */
static Tensor *matrix_of(Export *e, Value *x, int64_t rows, FuseTensor *w) {
  const int64_t shape[] = {rows, w->shape[1]};
  Tensor *in = t2o_bytes(x, AS_IS);
  Value *image = x->reshape;
  if (!in && image && image->type.rank > 2 && image->type.shape[0] == rows &&
      (in = t2o_bytes(image, FIRST))) {
    const int rank = image->type.rank;
    int perm[FUSE_MAX_RANK];
    int64_t spread[FUSE_MAX_RANK];
    memcpy(spread, image->type.shape, sizeof spread);
    spread[0] = w->shape[0];
    t2o_order(FIRST, rank, perm);
    FuseTensor t = t2o_shaped(w, rank, spread);
    t = t2o_permuted(e, &t, perm);
    *w = t2o_shaped(&t, 2, w->shape);
  }
  if (!in || (in->type.rank == 2 && in->type.shape[0] == rows))
    return in;
  if (!image || !x->name)
    return t2o_part(e, t2o_reshape(e, in, 2, shape), "flatten");
  const char *name = e->name;
  e->name = x->name;
  in = t2o_reshape(e, in, 2, shape);
  e->name = name;
  return in;
}

static bool is_one(const Window *window) {
  static const Window one = {.kernel = {1, 1}, .stride = {1, 1}, .dilation = {1, 1}};
  return memcmp(window, &one, sizeof one) == 0;
}

/* A 1x1 convolution that is a matrix product with known weights; false when it is none. */
static bool gemm(Export *e, const Window *window, Tensor *bias) {
  Value *x = t2o_operand(e, 0), *w = t2o_operand(e, 1), *y = t2o_result(e);
  const int64_t columns = y->type.shape[C], inner = x->type.shape[C];
  const int64_t rows = fuse_tensor_elems(&y->type) / columns;
  if (!w->type.data || !is_one(window) || !is_matrix(y, rows, columns))
    return false;
  FuseTensor matrix = t2o_shaped(&w->type, 2, (const int64_t[]){columns, inner});
  FuseTensor type = t2o_shaped(&y->type, 2, (const int64_t[]){rows, columns});
  Tensor *in = matrix_of(e, x, rows, &matrix);
  if (!in)
    return false;
  y->raw = t2o_node(e, "Gemm", &type, bias ? 3 : 2,
                    (Tensor *[]){in, t2o_initializer(e, &matrix, "weight"), bias});
  t2o_attr_i64(e, y->raw->node, "transB", 1);
  return true;
}

/* ---- tosa ---- */

bool t2o_conv2d(Export *e) {
  const FuseTensor *w = &t2o_operand(e, 1)->type, *y = &t2o_result(e)->type;
  Window window = {.kernel = {w->shape[1], w->shape[2]}};
  Tensor *bias;
  if (!read_window(e, "pad", &window) || !t2o_zero_operand(e, 3) || !t2o_zero_operand(e, 4) ||
      !bias_of(e, 2, y->shape[C], &bias))
    return false;
  if (gemm(e, &window, bias))
    return true;
  const FuseTensor type = t2o_type(y, FIRST);
  Tensor *x = t2o_get(e, untrimmed(e, t2o_operand(e, 0), &window), FIRST);
  const int64_t shape[] = {w->shape[0], w->shape[3], w->shape[1], w->shape[2]};
  Tensor *weight = weights(e, 1, (const int[]){0, 3, 1, 2}, RANK, shape);
  return set_first(e, conv(e, "Conv", &type, x, weight, bias, &window, 1));
}

/* Weights KH KW C M as C*M 1 KH KW. */
bool t2o_depthwise(Export *e) {
  const FuseTensor *w = &t2o_operand(e, 1)->type, *y = &t2o_result(e)->type;
  Window window = {.kernel = {w->shape[0], w->shape[1]}};
  Tensor *bias;
  if (!read_window(e, "pad", &window) || !t2o_zero_operand(e, 3) || !t2o_zero_operand(e, 4) ||
      !bias_of(e, 2, y->shape[C], &bias))
    return false;
  const FuseTensor type = t2o_type(y, FIRST);
  Tensor *x = t2o_get(e, untrimmed(e, t2o_operand(e, 0), &window), FIRST);
  const int64_t shape[] = {y->shape[C], 1, w->shape[0], w->shape[1]};
  Tensor *weight = weights(e, 1, (const int[]){2, 3, 0, 1}, RANK, shape);
  return set_first(e, conv(e, "Conv", &type, x, weight, bias, &window, w->shape[2]));
}

/* TOSA's padding adds to the result where ONNX's takes away. What is added holds the bias alone, so
 * there the bias comes last. */
bool t2o_transpose_conv2d(Export *e) {
  const FuseTensor *w = &t2o_operand(e, 1)->type, *y = &t2o_result(e)->type;
  Window window = {.kernel = {w->shape[1], w->shape[2]}, .dilation = {1, 1}};
  int64_t grow[4];
  Tensor *bias;
  if (!t2o_attr_numbers(e, "stride", 2, window.stride) ||
      !t2o_attr_numbers(e, "out_pad", 4, grow) || !t2o_zero_operand(e, 3) ||
      !t2o_zero_operand(e, 4) || !bias_of(e, 2, y->shape[C], &bias))
    return false;
  bool grows = false;
  FuseTensor type = t2o_type(y, FIRST), small = type;
  for (int i = 0; i < 4; i++) {
    window.pad[i] = fuse_max(-grow[i], 0);
    grow[i] = fuse_max(grow[i], 0);
    grows = grows || grow[i] > 0;
    small.shape[2 + i / 2] -= grow[i];
  }
  Tensor *x = t2o_get(e, t2o_operand(e, 0), FIRST);
  const int64_t shape[] = {w->shape[3], w->shape[0], w->shape[1], w->shape[2]};
  Tensor *weight = weights(e, 1, (const int[]){3, 0, 1, 2}, RANK, shape);
  x = conv(e, "ConvTranspose", &small, x, weight, grows ? NULL : bias, &window, 1);
  if (grows) {
    t2o_part(e, x, "conv");
    const int64_t pads[] = {0, 0, grow[0], grow[2], 0, 0, grow[1], grow[3]};
    x = t2o_node2(e, "Pad", &type, x, t2o_numbers(e, 8, pads, "pads"));
  }
  if (grows && bias) {
    bias = t2o_reshape(e, bias, RANK, (const int64_t[]){1, y->shape[C], 1, 1});
    x = t2o_node2(e, "Add", &type, t2o_part(e, x, "pad"), t2o_part(e, bias, "bias"));
  }
  return set_first(e, x);
}

/* ---- fuse ---- */

/* Weights KH KW C. */
bool t2o_fuse_dwconv2d(Export *e) {
  const FuseTensor *w = &t2o_operand(e, 1)->type, *y = &t2o_result(e)->type;
  Window window = {.kernel = {w->shape[0], w->shape[1]}};
  Tensor *bias;
  if (!read_window(e, "pad", &window) || !bias_of(e, 2, y->shape[C], &bias))
    return false;
  const FuseTensor type = t2o_type(y, FIRST);
  const int64_t shape[] = {y->shape[C], 1, w->shape[0], w->shape[1]};
  Tensor *weight = weights(e, 1, (const int[]){2, 0, 1}, RANK, shape);
  Tensor *x = t2o_get(e, untrimmed(e, t2o_operand(e, 0), &window), FIRST);
  return set_first(e, conv(e, "Conv", &type, x, weight, bias, &window, y->shape[C]));
}

/* Filters of operand i (C K) along W (row) or H on part, or on the op's input where that is NULL,
 * to *y. Stride and dilation are the op's, pad is of the filters' axis, bias is operand i + 1. */
static bool filters(Export *e, Tensor *part, int i, bool row, const int64_t *pad, Tensor **y) {
  const FuseTensor *w = &t2o_operand(e, i)->type;
  const int64_t channels = w->shape[0], taps = w->shape[1];
  Window window = {.kernel = {row ? 1 : taps, row ? taps : 1}, .dilation = {1, 1}};
  int64_t dilation;
  Tensor *bias;
  if (!fuse_get_i64(e->op, "dilation", &dilation))
    return t2o_refuse(e, "this form of the op");
  if (!t2o_attr_numbers(e, "stride", 2, window.stride) || !bias_of(e, i + 1, channels, &bias))
    return false;
  window.dilation[row] = dilation;
  window.pad[row ? 2 : 0] = pad[0], window.pad[row ? 3 : 1] = pad[1];
  const int64_t shape[] = {channels, 1, window.kernel[0], window.kernel[1]};
  Tensor *weight = weights(e, i, (const int[]){0, 1}, RANK, shape);
  FuseTensor type = t2o_type(&t2o_result(e)->type, FIRST);
  type.shape[1] = channels;
  if (!part)
    part = t2o_get(e, untrimmed(e, t2o_operand(e, 0), &window), FIRST);
  *y = conv(e, "Conv", &type, part, weight, bias, &window, channels);
  return true;
}

bool t2o_fuse_conv1d(Export *e) {
  int64_t pad[2];
  MlirStringRef axis;
  Tensor *y;
  if (!fuse_get_str(e->op, "axis", &axis))
    return t2o_refuse(e, "this form of the op");
  return t2o_attr_numbers(e, "pad", 2, pad) &&
         filters(e, NULL, 1, fuse_str_is(axis, "row"), pad, &y) && set_first(e, y);
}

/* half: the first channels go through the row filters, the rest through the column filters. */
bool t2o_fuseconv(Export *e) {
  int64_t pad_row[2], pad_col[2];
  MlirStringRef variant;
  const char *name = e->name;
  if (!fuse_get_str(e->op, "variant", &variant))
    return t2o_refuse(e, "this form of the op");
  if (!t2o_attr_numbers(e, "pad_row", 2, pad_row) || !t2o_attr_numbers(e, "pad_col", 2, pad_col))
    return false;
  Tensor *in[2] = {NULL, NULL}, *out[2];
  if (fuse_str_is(variant, "half")) {
    in[0] = in[1] = t2o_get(e, t2o_operand(e, 0), FIRST);
    const int64_t parts[] = {t2o_operand(e, 1)->type.shape[0], t2o_operand(e, 3)->type.shape[0]};
    FuseTensor type = in[0]->type;
    type.shape[1] = parts[0];
    in[0] = t2o_node2(e, "Split", &type, in[1], t2o_numbers(e, 2, parts, "sizes"));
    t2o_part(e, in[0], "split");
    t2o_attr_i64(e, in[0]->node, "axis", 1);
    type.shape[1] = parts[1];
    in[1] = t2o_more(e, in[0]->node, &type);
  }
  bool ok = true;
  for (int i = 0; ok && i < 2; i++) {
    e->name = *name ? fuse_format(e->arena, "%s%s", name, i ? ".col" : ".row") : name;
    ok = filters(e, in[i], 1 + 2 * i, i == 0, i ? pad_col : pad_row, &out[i]);
  }
  e->name = name;
  if (!ok)
    return false;
  const FuseTensor type = t2o_type(&t2o_result(e)->type, FIRST);
  Tensor *y = t2o_node2(e, "Concat", &type, out[0], out[1]);
  t2o_attr_i64(e, y->node, "axis", 1);
  return set_first(e, y);
}

/* ---- pooling ---- */

bool t2o_pool(Export *e) {
  const bool average = strcmp(e->row->type, "AveragePool") == 0;
  Value *x = t2o_operand(e, 0);
  Window window = {.dilation = {1, 1}};
  if (!t2o_attr_numbers(e, "kernel", 2, window.kernel) ||
      !t2o_attr_numbers(e, "stride", 2, window.stride) ||
      !t2o_attr_numbers(e, "pad", 4, window.pad))
    return false;
  if (fuse_attr_says(e->op, "nan_mode", "IGNORE"))
    return t2o_refuse(e, "nan_mode IGNORE");
  if (average && (!t2o_zero_operand(e, 1) || !t2o_zero_operand(e, 2)))
    return false;
  const FuseTensor type = t2o_type(&t2o_result(e)->type, FIRST);
  bool global = window.kernel[0] == x->type.shape[H] && window.kernel[1] == x->type.shape[W];
  for (int i = 0; i < 4; i++)
    global = global && window.pad[i] == 0;
  if (global) {
    const char *name = average ? "GlobalAveragePool" : "GlobalMaxPool";
    return set_first(e, t2o_node1(e, name, &type, t2o_get(e, x, FIRST)));
  }
  Tensor *in = t2o_get(e, untrimmed(e, x, &window), FIRST);
  Tensor *y = t2o_node1(e, e->row->type, &type, in); /* what lies outside isn't counted */
  window_attrs(e, y->node, &window, false);
  return set_first(e, y);
}
