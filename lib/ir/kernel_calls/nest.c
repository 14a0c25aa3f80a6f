// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/* nest.c - loop nests with a stride per tensor, and moves, which are nothing else. */
#include "kernel_calls.h"

void kc_nest_add(Nest *nest, int64_t size, const int64_t *stride) {
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

bool kc_nest_words(Lower *l, const Nest *nest, int32_t *rank, int32_t *size,
                   int32_t *const *stride) {
  if (nest->rank > FK_RANK)
    return kc_fail(l, "more than 8 dimensions that can't be merged");
  *rank = nest->rank ? nest->rank : 1;
  size[0] = 1;
  for (int d = 0; d < nest->rank; d++) {
    size[d] = kc_word(nest->size[d]);
    for (int t = 0; t < nest->n_tensors; t++)
      stride[t][d] = kc_word(nest->stride[t][d]);
  }
  return true;
}

void kc_strides(const FuseTensor *tensor, int64_t *stride) {
  int64_t step = 1;
  for (int d = tensor->rank; d-- > 0; step *= tensor->shape[d])
    stride[d] = step;
}

/* ---- moves ---- */

bool kc_move(Lower *l, FuseCallArg y, FuseCallArg x, int64_t y0, int64_t x0, const Nest *nest) {
  struct fk_move p = {.y0 = kc_word(y0), .x0 = kc_word(x0)};
  int32_t *const stride[] = {p.ys, p.xs};
  return kc_nest_words(l, nest, &p.rank, p.size, stride) && kc_call2(l, "move", y, x, &p);
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

/* Operand x rearranged by nest into a dense tensor of n elements. */
static bool rearrange(Lower *l, FuseCallArg x, int64_t n, const Nest *nest, FuseCallArg *y) {
  *y = kc_scratch(l, x.tensor.dtype, n);
  return kc_move(l, *y, x, 0, 0, nest) && fold(l, x, y);
}

bool kc_converted(Lower *l, FuseCallArg x, FuseDtype dtype, FuseCallArg *y) {
  *y = x;
  if (x.tensor.dtype == dtype)
    return true;
  *y = kc_scratch(l, dtype, fuse_tensor_elems(&x.tensor));
  return kc_convert(l, *y, x) && fold(l, x, y);
}

bool kc_permuted(Lower *l, int i, const int *perm, FuseCallArg *y) {
  const FuseTensor *x = &l->x[i];
  int64_t xs[FUSE_MAX_RANK], ys[FUSE_MAX_RANK];
  FuseTensor to = {.rank = x->rank};
  Nest nest = {.n_tensors = 2};
  for (int d = 0; d < x->rank; d++)
    to.shape[d] = x->shape[perm[d]];
  kc_strides(x, xs);
  kc_strides(&to, ys);
  for (int d = 0; d < x->rank; d++)
    kc_nest_add(&nest, to.shape[d], (const int64_t[]){ys[d], xs[perm[d]]});
  return rearrange(l, kc_operand(l, i), fuse_tensor_elems(x), &nest, y);
}

bool kc_per_channel(Lower *l, int i, int64_t channels, FuseCallArg *y) {
  *y = kc_operand(l, i);
  if (fuse_tensor_elems(&y->tensor) == channels)
    return true;
  Nest nest = {.n_tensors = 2};
  kc_nest_add(&nest, channels, (const int64_t[]){1, 0});
  return rearrange(l, *y, channels, &nest, y);
}
