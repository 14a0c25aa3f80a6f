// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/* kernels.c - the table of kernels, and calls by id.
 *
 * The kernels are text in conv_f32.h, pool_f32.h, elementwise.h and move.h: included here they are
 * compiled, and print.c prints the same bytes into generated programs.
 */
#include <math.h>
#include <string.h>

#include "fuse/kernels.h"

#include "elementwise.h"

#include "conv_f32.h"
#include "move.h"
#include "pool_f32.h"

/* ---- table ---- */

#define I(x) {'I', #x},
#define F(x) {'F', #x},
#define A(x) {'A', #x},
#define T(x) {'T', #x},
#define PARAMS(name, fields) static const FuseKernelField fields_##name[] = {fields{0, NULL}};
#include "fuse/kernels.def"
#undef I
#undef F
#undef A
#undef T

#define FRESH false
#define IN_PLACE true
#define ROW(id, name, params, reuse, n, ...)                                                       \
  {id,                                                                                             \
   #name,                                                                                          \
   #params,                                                                                        \
   FUSE_PARAMS_##params,                                                                           \
   fields_##params,                                                                                \
   sizeof(struct fk_##params) / 4,                                                                 \
   n,                                                                                              \
   {__VA_ARGS__},                                                                                  \
   reuse},
static const FuseKernelInfo KERNELS[] = {
#define KERNEL1(id, name, params, reuse, t0) ROW(id, name, params, reuse, 1, FUSE_##t0)
#define KERNEL2(id, name, params, reuse, t0, t1)                                                   \
  ROW(id, name, params, reuse, 2, FUSE_##t0, FUSE_##t1)
#define KERNEL3(id, name, params, reuse, t0, t1, t2)                                               \
  ROW(id, name, params, reuse, 3, FUSE_##t0, FUSE_##t1, FUSE_##t2)
#define KERNEL4(id, name, params, reuse, t0, t1, t2, t3)                                           \
  ROW(id, name, params, reuse, 4, FUSE_##t0, FUSE_##t1, FUSE_##t2, FUSE_##t3)
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
#define KERNEL1(id, name, params, reuse, t0)                                                       \
  case id: fk_##name(t[0], &p.params); break;
#define KERNEL2(id, name, params, reuse, t0, t1)                                                   \
  case id: fk_##name(t[0], t[1], &p.params); break;
#define KERNEL3(id, name, params, reuse, t0, t1, t2)                                               \
  case id: fk_##name(t[0], t[1], t[2], &p.params); break;
#define KERNEL4(id, name, params, reuse, t0, t1, t2, t3)                                           \
  case id: fk_##name(t[0], t[1], t[2], t[3], &p.params); break;
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
