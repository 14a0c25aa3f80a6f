// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/* check.c - may a kernel be called with these parameters, and what memory does it touch?
 *
 * needs: parameters that may come from a damaged or hostile file
 * gives: bytes per tensor, from which the caller proves that nothing else is touched; that no index
 *        in the kernel overflows; that the call ends in time proportional to the memory it names
 */
#include <string.h>

#include "fuse/kernels.h"

/* Limits far above real layers and far below where an int32_t index could overflow. */
#define MAX_SIZE (1 << 28)
#define MAX_STEP (1 << 14)
#define MAX_INDEX ((int64_t)1 << 30)
#define MAX_ELEMS ((int64_t)1 << 40)

/* What is known so far; the first problem stays. */
typedef struct Check {
  int64_t elems[FUSE_KERNEL_TENSORS];
  bool bytes;      /* operands have 8 bits: they may have zero points */
  const char *why; /* NULL: nothing wrong yet */
} Check;

static void need(Check *check, bool holds, const char *why) {
  if (!holds && !check->why)
    check->why = why;
}

static void need_range(Check *check, int64_t value, int64_t low, int64_t high, const char *why) {
  need(check, value >= low && value <= high, why);
}

/* Tensor i has the product of these sizes. */
static void set_elems(Check *check, int i, int n, const int32_t *sizes) {
  int64_t elems = 1;
  for (int d = 0; d < n; d++) {
    need_range(check, sizes[d], 1, MAX_SIZE, "a size is not in 1..2^28");
    if (check->why)
      return;
    need(check, elems <= MAX_ELEMS / sizes[d], "a tensor has more than 2^40 elements");
    if (check->why)
      return;
    elems *= sizes[d];
  }
  check->elems[i] = elems;
}
#define SET_ELEMS(check, i, ...)                                                                   \
  set_elems(check, i, FUSE_COUNTOF(((const int32_t[]){__VA_ARGS__})),                              \
            (const int32_t[]){__VA_ARGS__})

/* One axis of a window: output o and tap k read input o*stride + k*dilation - pad. */
static void need_window(Check *check, int32_t out, int32_t kernel, int32_t stride, int32_t dilation,
                        int32_t pad) {
  need_range(check, stride, 1, MAX_STEP, "a stride is not in 1..2^14");
  need_range(check, dilation, 1, MAX_STEP, "a dilation is not in 1..2^14");
  need_range(check, pad, -MAX_STEP, MAX_STEP, "a padding is not in -2^14..2^14");
  need_range(check, out, 1, MAX_SIZE, "a size is not in 1..2^28");
  need_range(check, kernel, 1, MAX_SIZE, "a size is not in 1..2^28");
  need(check, (int64_t)out * stride + (int64_t)kernel * dilation < MAX_INDEX,
       "a window reaches too far");
}

/* So far from 0 that any uint8_t or int8_t is one, and the product of two differences fits. */
static void need_zero_point(Check *check, int32_t zero) {
  const int32_t most = check->bytes ? 255 : 0;
  need_range(check, zero, -most, most, "a zero point is not in -255..255, or of a wide type");
}

static void check_conv2d(Check *check, const struct fk_conv2d *p) {
  need_zero_point(check, p->zx);
  need_zero_point(check, p->zw);
  need_window(check, p->oh, p->kh, p->sy, p->dy, p->top);
  need_window(check, p->ow, p->kw, p->sx, p->dx, p->left);
  SET_ELEMS(check, 0, p->n, p->oh, p->ow, p->cout);
  SET_ELEMS(check, 1, p->n, p->h, p->w, p->cin);
  SET_ELEMS(check, 2, p->kh, p->kw, p->cin, p->cout);
  SET_ELEMS(check, 3, p->cout);
}

static void check_dwconv2d(Check *check, const struct fk_dwconv2d *p) {
  need_zero_point(check, p->zx);
  need_zero_point(check, p->zw);
  need_window(check, p->oh, p->kh, p->sy, p->dy, p->top);
  need_window(check, p->ow, p->kw, p->sx, p->dx, p->left);
  need_range(check, p->qy, 1, MAX_STEP, "an order of taps is not in 1..2^14");
  need_range(check, p->qx, 1, MAX_STEP, "an order of taps is not in 1..2^14");
  SET_ELEMS(check, 0, p->n, p->oh, p->ow, p->cy);
  SET_ELEMS(check, 1, p->n, p->h, p->w, p->cx);
  SET_ELEMS(check, 2, p->kh, p->kw, p->c, p->mult);
  SET_ELEMS(check, 3, p->c, p->mult);
  need(check, p->x0 >= 0 && p->x0 <= p->cx - (int64_t)p->c,
       "the channels are not inside the input's");
  need(check, p->y0 >= 0 && p->y0 <= p->cy - check->elems[3],
       "the channels are not inside the output's");
}

static void check_tconv2d(Check *check, const struct fk_tconv2d *p) {
  need_zero_point(check, p->zx);
  need_zero_point(check, p->zw);
  need_window(check, p->h, p->kh, p->sy, 1, p->top);
  need_window(check, p->w, p->kw, p->sx, 1, p->left);
  SET_ELEMS(check, 0, p->n, p->oh, p->ow, p->cout);
  SET_ELEMS(check, 1, p->n, p->h, p->w, p->cin);
  SET_ELEMS(check, 2, p->kh, p->kw, p->cin, p->cout);
  SET_ELEMS(check, 3, p->cout);
}

static void check_matmul(Check *check, const struct fk_matmul *p) {
  need_zero_point(check, p->zx);
  need_zero_point(check, p->zw);
  SET_ELEMS(check, 0, p->n, p->rows, p->cols);
  SET_ELEMS(check, 1, p->n, p->rows, p->inner);
  SET_ELEMS(check, 2, p->n, p->inner, p->cols);
}

static void check_pool2d(Check *check, const struct fk_pool2d *p) {
  need_zero_point(check, p->zx);
  need_zero_point(check, p->zy);
  need_range(check, (int64_t)p->kh * p->kw, 1, MAX_INDEX, "a window has more than 2^30 pixels");
  need_window(check, p->oh, p->kh, p->sy, 1, p->top);
  need_window(check, p->ow, p->kw, p->sx, 1, p->left);
  SET_ELEMS(check, 0, p->n, p->oh, p->ow, p->c);
  SET_ELEMS(check, 1, p->n, p->h, p->w, p->c);
}

static void check_reduce(Check *check, const struct fk_reduce *p) {
  SET_ELEMS(check, 0, p->outer, p->inner);
  SET_ELEMS(check, 1, p->outer, p->n, p->inner);
}

static void need_scale(Check *check, int32_t out, const int32_t *scale) {
  need_range(check, scale[0], 1, MAX_STEP, "a scale is not in 1..2^14");
  need_range(check, scale[1], 1, MAX_STEP, "a scale is not in 1..2^14");
  need_range(check, scale[2], -MAX_INDEX / 2, MAX_INDEX / 2, "an offset reaches too far");
  need(check, (int64_t)out * scale[1] < MAX_INDEX, "a window reaches too far");
}

static void check_cumsum(Check *check, const struct fk_cumsum *p) {
  need_range(check, p->exclusive, 0, 1, "exclusive is not 0 or 1");
  need_range(check, p->reverse, 0, 1, "reverse is not 0 or 1");
  SET_ELEMS(check, 0, p->outer, p->n, p->inner);
  SET_ELEMS(check, 1, p->outer, p->n, p->inner);
}

static void check_quantize(Check *check, const struct fk_quantize *p) {
  SET_ELEMS(check, 0, p->outer, p->n, p->inner);
  SET_ELEMS(check, 1, p->outer, p->n, p->inner);
  SET_ELEMS(check, 2, p->n);
  SET_ELEMS(check, 3, p->n);
}

static void check_topk(Check *check, const struct fk_topk *p) {
  need_range(check, p->largest, 0, 1, "largest is not 0 or 1");
  need_range(check, p->k, 1, p->n, "k is not in 1..n");
  SET_ELEMS(check, 0, p->outer, p->k, p->inner);
  SET_ELEMS(check, 1, p->outer, p->k, p->inner);
  SET_ELEMS(check, 2, p->outer, p->n, p->inner);
}

static void check_resize(Check *check, const struct fk_resize *p) {
  SET_ELEMS(check, 0, p->n, p->oh, p->ow, p->c);
  SET_ELEMS(check, 1, p->n, p->h, p->w, p->c);
  need_scale(check, p->oh, p->scale_y);
  need_scale(check, p->ow, p->scale_x);
}

static void check_rescale(Check *check, const struct fk_rescale *p) {
  need_range(check, p->double_round, 0, 1, "double_round is not 0 or 1");
  SET_ELEMS(check, 0, p->outer, p->channels);
  SET_ELEMS(check, 1, p->outer, p->channels);
  SET_ELEMS(check, 2, p->channels);
  SET_ELEMS(check, 3, p->channels);
}

static void check_table(Check *check, const struct fk_table *p) {
  SET_ELEMS(check, 0, p->n);
  SET_ELEMS(check, 1, p->n);
  SET_ELEMS(check, 2, 256);
}

static void check_unary(Check *check, const struct fk_unary *p) {
  SET_ELEMS(check, 0, p->n);
  SET_ELEMS(check, 1, p->n);
}

static void check_clamp(Check *check, const struct fk_clamp *p) {
  SET_ELEMS(check, 0, p->n);
  SET_ELEMS(check, 1, p->n);
}

static void check_fill(Check *check, const struct fk_fill *p) {
  SET_ELEMS(check, 0, p->n);
}

static void check_gather(Check *check, const struct fk_gather *p) {
  SET_ELEMS(check, 0, p->n, p->w, p->c);
  SET_ELEMS(check, 1, p->n, p->k, p->c);
  SET_ELEMS(check, 2, p->n, p->w);
}

static void check_scatter(Check *check, const struct fk_scatter *p) {
  SET_ELEMS(check, 0, p->n, p->k, p->c);
  SET_ELEMS(check, 1, p->n, p->w);
  SET_ELEMS(check, 2, p->n, p->w, p->c);
}

static void check_update(Check *check, const struct fk_update *p) {
  SET_ELEMS(check, 0, p->n, p->k, p->c);
  SET_ELEMS(check, 1, p->n, p->k, p->c);
  SET_ELEMS(check, 2, p->n, p->w);
  SET_ELEMS(check, 3, p->n, p->w, p->c);
}

/* Offsets low..high that a tensor with these strides is touched at. */
static void span(Check *check, int32_t first, int32_t rank, const int32_t *size,
                 const int32_t *stride, int64_t *low, int64_t *high) {
  *low = *high = first;
  for (int32_t d = 0; d < rank; d++) {
    const int64_t reach = (int64_t)(size[d] - 1) * stride[d];
    *(reach < 0 ? low : high) += reach;
  }
  need(check, *low >= 0, "a tensor is touched before its first element");
  need(check, *high < MAX_ELEMS, "a tensor has more than 2^40 elements");
}

static bool rank_and_sizes(Check *check, int i, int32_t rank, const int32_t *size) {
  need_range(check, rank, 1, FK_RANK, "the rank is not in 1..8");
  if (!check->why)
    set_elems(check, i, rank, size);
  return !check->why;
}

/* Operand i of an elementwise kernel. */
static void operand(Check *check, int i, int32_t rank, const int32_t *size, const int32_t *stride) {
  int64_t low, high;
  span(check, 0, rank, size, stride, &low, &high);
  check->elems[i] = high + 1;
}

static void check_binary(Check *check, const struct fk_binary *p) {
  if (!rank_and_sizes(check, 0, p->rank, p->size))
    return;
  operand(check, 1, p->rank, p->size, p->a);
  operand(check, 2, p->rank, p->size, p->b);
}

static void check_ternary(Check *check, const struct fk_ternary *p) {
  if (!rank_and_sizes(check, 0, p->rank, p->size))
    return;
  operand(check, 1, p->rank, p->size, p->c);
  operand(check, 2, p->rank, p->size, p->a);
  operand(check, 3, p->rank, p->size, p->b);
}

static void check_move(Check *check, const struct fk_move *p) {
  int64_t low, high;
  if (!rank_and_sizes(check, 0, p->rank, p->size))
    return;
  const int64_t moved = check->elems[0];
  need(check, p->x0 >= 0 && p->y0 >= 0, "a tensor is touched before its first element");
  span(check, p->x0, p->rank, p->size, p->xs, &low, &high);
  check->elems[1] = high + 1;
  span(check, p->y0, p->rank, p->size, p->ys, &low, &high);
  check->elems[0] = high + 1;
  /* Otherwise a few bytes could be written over and over for ever. */
  need(check, moved <= high - low + 1, "an element is written more than once");
}

bool fuse_kernel_check(uint32_t id, const uint32_t *params, size_t n_params, size_t n_tensors,
                       uint64_t bytes[FUSE_KERNEL_TENSORS], const char **why) {
  const FuseKernelInfo *info = fuse_kernel_find(id);
  Check check = {.why = NULL};
  FuseKernelParams p;
  need(&check, info != NULL, "no such kernel");
  need(&check, info && info->n_words == n_params, "wrong number of parameters");
  need(&check, info && (size_t)info->n_tensors == n_tensors, "wrong number of tensors");
  if (!check.why) {
    memcpy(&p, params, n_params * 4);
    check.bytes = fuse_dtype_bytes(info->types[1]) == 1;
    switch (info->group) {
#define PARAMS(name, fields)                                                                       \
  case FUSE_PARAMS_##name: check_##name(&check, &p.name); break;
#include "fuse/kernels.def"
    }
  }
  for (int i = 0; !check.why && i < info->n_tensors; i++)
    bytes[i] = (uint64_t)check.elems[i] * fuse_dtype_bytes(info->types[i]);
  *why = check.why;
  return !check.why;
}
