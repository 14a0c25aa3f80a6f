// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/* kernels.c - the table of kernels, and calls by id.
 *
 * The kernels are text in the headers of this folder: included here they are compiled, and print.c
 * prints the same bytes into generated programs.
 */
#include <math.h>
#include <string.h>

#include "fuse/kernels.h"

#include "fuse/apply_scale.h"
#include "numbers.h"

#include "conv.h"
#include "elementwise.h"
#include "move.h"
#include "pool.h"
#include "quantize.h"
#include "reduce.h"
#include "rescale.h"

/* ---- rows that are made of a template ---- */

#define X(name, code, bytes, mlir, npy, c) typedef c C_##name;
FUSE_DTYPES(X)
#undef X

#define UNARY(op, family, s, y, x, e) FK_UNARY(family##_##s, C_##y, C_##x, e)
#define BINARY(op, family, s, y, x, e) FK_BINARY(family##_##s, C_##y, C_##x, e)
#define CONV(op, family, s, kernel, y, x, product, sum)                                            \
  FK_##kernel(family##_##s, C_##y, C_##x, product, sum)
#define MAX_POOL2D(op, family, s, t, least, e) FK_MAX_POOL2D(family##_##s, C_##t, least, e)
#define RESCALE(op, family, s, y, x, low, high) FK_RESCALE(family##_##s, C_##y, C_##x, low, high)
#define REDUCE(op, family, s, t, first, e) FK_REDUCE(family##_##s, C_##t, first, e)
#define ARGMAX(op, family, s, t, e) FK_ARGMAX(family##_##s, C_##t, e)
#define CUMSUM(op, family, s, t, first, e) FK_CUMSUM(family##_##s, C_##t, first, e)
#define QUANTIZE(op, family, s, t, low, high) FK_QUANTIZE(family##_##s, C_##t, low, high)
#define DEQUANTIZE(op, family, s, t) FK_DEQUANTIZE(family##_##s, C_##t)
#define TOPK(op, family, s, t, e) FK_TOPK(family##_##s, C_##t, e)
#define UPDATE(op, family, s, t, e) FK_UPDATE(family##_##s, C_##t, e)
#define SIZED(op, family, s, kernel, t) FK_##kernel(family##_##s, C_##t)
#include "fuse/kernels.def"

/* ---- table ---- */

#define X(x) {'X', #x},
#define I(x) {'I', #x},
#define F(x) {'F', #x},
#define A(x) {'A', #x},
#define T(x) {'T', #x},
#define PARAMS(name, fields) static const FuseKernelField fields_##name[] = {fields{0, NULL}};
#include "fuse/kernels.def"
#undef X
#undef I
#undef F
#undef A
#undef T

/* An operand of another type is never overwritten, though it may have the result's size: compilers
 * take pointers to different types for different memory. */
enum { FRESH, IN_PLACE, TWO_RESULTS };
#define ROW(op, family, s, params, reuse, n, t0, t1, ...)                                          \
  {FK_ID(op, t0, t1),                                                                              \
   #family "_" #s,                                                                                 \
   #family,                                                                                        \
   #params,                                                                                        \
   FUSE_PARAMS_##params,                                                                           \
   fields_##params,                                                                                \
   sizeof(struct fk_##params) / 4,                                                                 \
   n,                                                                                              \
   (reuse) == TWO_RESULTS ? 2 : 1,                                                                 \
   {FUSE_##t0, FUSE_##t1, __VA_ARGS__},                                                            \
   (reuse) == IN_PLACE && FUSE_##t0 == FUSE_##t1},
static const FuseKernelInfo KERNELS[] = {
#define KERNEL1(op, family, s, params, reuse, t0) ROW(op, family, s, params, reuse, 1, t0, t0, 0)
#define KERNEL2(op, family, s, params, reuse, t0, t1)                                              \
  ROW(op, family, s, params, reuse, 2, t0, t1, 0)
#define KERNEL3(op, family, s, params, reuse, t0, t1, t2)                                          \
  ROW(op, family, s, params, reuse, 3, t0, t1, FUSE_##t2)
#define KERNEL4(op, family, s, params, reuse, t0, t1, t2, t3)                                      \
  ROW(op, family, s, params, reuse, 4, t0, t1, FUSE_##t2, FUSE_##t3)
#include "fuse/kernels.def"
};

const FuseKernelInfo *fuse_kernel_all(size_t *n) {
  *n = FUSE_COUNTOF(KERNELS);
  return KERNELS;
}

const FuseKernelInfo *fuse_kernel_find(uint32_t id) {
  for (size_t i = 0; i < FUSE_COUNTOF(KERNELS); i++)
    if (KERNELS[i].id == id)
      return &KERNELS[i];
  return NULL;
}

bool fuse_kernel_takes(const FuseKernelInfo *kernel, int i, FuseDtype type) {
  bool sized = !strcmp(kernel->family, "resize_nearest") && kernel->types[i] == kernel->types[0];
  switch (kernel->group) {
  case FUSE_PARAMS_move:
  case FUSE_PARAMS_fill:
  case FUSE_PARAMS_ternary:
  case FUSE_PARAMS_gather:
  case FUSE_PARAMS_scatter: sized = kernel->types[i] == kernel->types[0]; break;
  default: break;
  }
  return sized ? fuse_dtype_bytes(type) == fuse_dtype_bytes(kernel->types[i])
               : type == kernel->types[i];
}

const FuseKernelInfo *fuse_kernel_pick(const char *family, int n_tensors, const FuseDtype *types) {
  for (size_t k = 0; k < FUSE_COUNTOF(KERNELS); k++) {
    bool good = !strcmp(KERNELS[k].family, family) && KERNELS[k].n_tensors == n_tensors;
    for (int i = 0; good && i < n_tensors; i++)
      good = fuse_kernel_takes(&KERNELS[k], i, types[i]);
    if (good)
      return &KERNELS[k];
  }
  return NULL;
}

/* ---- calls ---- */

bool fuse_kernel_run(uint32_t id, void *const *tensors, size_t n_tensors, const uint32_t *params,
                     size_t n_params) {
  void *const *t = tensors;
  uint64_t bytes[FUSE_KERNEL_TENSORS];
  const char *why;
  if (!fuse_kernel_check(id, params, n_params, n_tensors, bytes, &why))
    return false;
  FuseKernelParams p;
  memcpy(&p, params, n_params * 4);
  switch (id) {
#define KERNEL1(op, family, s, params, reuse, t0)                                                  \
  case FK_ID(op, t0, t0): fk_##family##_##s(t[0], &p.params); break;
#define KERNEL2(op, family, s, params, reuse, t0, t1)                                              \
  case FK_ID(op, t0, t1): fk_##family##_##s(t[0], t[1], &p.params); break;
#define KERNEL3(op, family, s, params, reuse, t0, t1, t2)                                          \
  case FK_ID(op, t0, t1): fk_##family##_##s(t[0], t[1], t[2], &p.params); break;
#define KERNEL4(op, family, s, params, reuse, t0, t1, t2, t3)                                      \
  case FK_ID(op, t0, t1): fk_##family##_##s(t[0], t[1], t[2], t[3], &p.params); break;
#include "fuse/kernels.def"
  }
  return true;
}

/* A check has bounded the tensors, so no product is too large. */
static uint64_t product(size_t n, const int32_t *factors) {
  uint64_t result = 1;
  for (size_t i = 0; i < n; i++)
    result *= (uint64_t)factors[i];
  return result;
}

uint64_t fuse_kernel_macs(uint32_t id, const uint32_t *params) {
  const FuseKernelInfo *kernel = fuse_kernel_find(id);
  FuseKernelParams p;
  FUSE_ASSERT(kernel);
  memcpy(&p, params, kernel->n_words * 4);
  const struct fk_conv2d *c = &p.conv2d;
  const struct fk_dwconv2d *d = &p.dwconv2d;
  const struct fk_tconv2d *t = &p.tconv2d;
  const struct fk_matmul *m = &p.matmul;
  switch (kernel->group) {
  case FUSE_PARAMS_conv2d:
    return product(7, (const int32_t[]){c->n, c->oh, c->ow, c->cout, c->kh, c->kw, c->cin});
  case FUSE_PARAMS_dwconv2d:
    return product(7, (const int32_t[]){d->n, d->oh, d->ow, d->c, d->mult, d->kh, d->kw});
  case FUSE_PARAMS_tconv2d:
    return product(7, (const int32_t[]){t->n, t->h, t->w, t->cout, t->kh, t->kw, t->cin});
  case FUSE_PARAMS_matmul: return product(4, (const int32_t[]){m->n, m->rows, m->inner, m->cols});
  default: return 0;
  }
}
