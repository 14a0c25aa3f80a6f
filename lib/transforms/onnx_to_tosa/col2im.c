// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/* col2im.c - Col2Im: the columns that a convolution reads of an image, added up where they were.
 *
 *   y = Col2Im(x)    x: N, C*K0*K1.., L0*L1..    y: N,C,image
 *
 * gives: one axis after the other, for each element of the block there one slice, put in place and
 *        added
 */
#include <string.h>

#include "onnx_to_tosa.h"

#define MAX_BLOCK 4096 /* each element becomes a few ops */

typedef struct Columns {
  int n;                         /* axes of the image */
  OnnxAxis axes[FUSE_MAX_RANK];  /* before: minus the pads; out: of the image */
  int64_t places[FUSE_MAX_RANK]; /* of the block along each axis */
} Columns;

/* Elements of the padded image behind the block's first place; negative: there is none. */
static int64_t room_of(const OnnxAxis *a) {
  if (a->out < 1)
    return -1;
  return a->out + a->before + a->given_after - (a->kernel - 1) * a->dilation - 1;
}

/* Places of the block along each axis. */
static bool find_places(OnnxNode *node, Columns *c) {
  for (int i = 0; i < c->n; i++) {
    OnnxAxis *a = &c->axes[i];
    const int64_t room = room_of(a);
    if (room < 0 || a->kernel > MAX_BLOCK)
      return o2t_refuse(
          node,
          "a block of %lld on an axis of %lld elements; expected that it fits, and at most %d",
          (long long)a->kernel, (long long)a->out, MAX_BLOCK);
    c->places[i] = room / a->stride + 1;
    a->before = -a->before;
  }
  return true;
}

static bool read_columns(OnnxNode *node, Columns *c, int64_t *image) {
  const FuseTensor *x = &node->in[0]->tensor;
  int64_t block[FUSE_MAX_RANK], taps, places;
  const char *auto_pad;
  int n_block;
  if (!o2t_input_i64s(node, 1, FUSE_MAX_RANK, image, &c->n) ||
      !o2t_input_i64s(node, 2, FUSE_MAX_RANK, block, &n_block))
    return false;
  if (x->rank != 3 || c->n < 1 || n_block != c->n || c->n + 2 > FUSE_MAX_RANK)
    return o2t_refuse(
        node,
        "an input of rank %d, an image of %d axes and a block of %d; expected rank 3 and as many "
        "axes, at most %d",
        x->rank, c->n, n_block, FUSE_MAX_RANK - 2);
  if (!o2t_strides_and_pads(node, c->n, block, image, c->axes, &auto_pad))
    return false;
  for (int i = 0; i < c->n; i++)
    c->axes[i].out = image[i];
  if (!find_places(node, c))
    return false;
  if (!fuse_mul_dims(block, c->n, &taps) || !fuse_mul_dims(c->places, c->n, &places) ||
      x->shape[1] % taps || x->shape[2] != places)
    return o2t_refuse(node,
                      "columns of %lld numbers, %lld of them; expected a multiple of the block, "
                      "and one for each place "
                      "of it",
                      (long long)x->shape[1], (long long)x->shape[2]);
  return true;
}

/* Axis i: `images` x block of this and the later axes x earlier axes of the image x places along
 * this and the later axes. */
static Term *add_up(OnnxNode *node, const Columns *c, int i, int64_t images, Term *x) {
  const OnnxAxis *axis = &c->axes[i];
  int64_t between = 1, behind = 1;
  for (int j = 0; j < c->n; j++) {
    between *= j < i ? c->axes[j].out : j > i ? c->axes[j].kernel : 1;
    behind *= j > i ? c->places[j] : 1;
  }
  const int64_t part[] = {images, between, c->places[i], behind};
  x = o2t_reshape(node, x, 5, (int64_t[]){images, axis->kernel, between, c->places[i], behind});
  Term *sum = NULL;
  for (int64_t k = 0; x && k < axis->kernel; k++) {
    Term *tap = o2t_reshape(node, o2t_slice_axis(node, x, 1, k, 1), 4, part);
    tap = o2t_untap(node, tap, 2, axis, k);
    sum = k == 0 ? tap : o2t_binary(node, "tosa.add", sum, tap);
  }
  return sum;
}

bool o2t_col2im(OnnxNode *node) {
  const FuseTensor *x = &node->in[0]->tensor;
  Columns c = {0};
  int64_t image[FUSE_MAX_RANK], shape[FUSE_MAX_RANK], images = x->shape[0] * x->shape[1];
  if (!read_columns(node, &c, image))
    return false;
  for (int i = 0; i < c.n; i++)
    images /= c.axes[i].kernel;
  Term *y = o2t_get(node, node->in[0], LAYOUT_ONNX);
  for (int i = 0; i < c.n; i++)
    y = add_up(node, &c, i, images, y);
  shape[0] = x->shape[0], shape[1] = images / x->shape[0];
  memcpy(shape + 2, image, (size_t)c.n * sizeof *image);
  return o2t_set(node, 0, LAYOUT_ONNX, o2t_reshape(node, y, c.n + 2, shape));
}
