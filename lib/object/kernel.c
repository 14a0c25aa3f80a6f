// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/* kernel.c - names of host kernels, from kernels.def; their meaning is the runtime's business. */
#include "object_private.h"

static const struct {
  uint32_t id;
  const char *name;
} kernels[] = {
#define ROW(op, family, s, t0, t1) {FK_ID(op, t0, t1), #family "_" #s},
#define KERNEL1(op, family, s, params, reuse, t0) ROW(op, family, s, t0, t0)
#define KERNEL2(op, family, s, params, reuse, t0, t1) ROW(op, family, s, t0, t1)
#define KERNEL3(op, family, s, params, reuse, t0, t1, t2) ROW(op, family, s, t0, t1)
#define KERNEL4(op, family, s, params, reuse, t0, t1, t2, t3) ROW(op, family, s, t0, t1)
#include "fuse/kernels.def"
#undef ROW
};

const char *stos_kernel_name(uint32_t id) {
  for (size_t i = 0; i < FUSE_COUNTOF(kernels); i++)
    if (kernels[i].id == id)
      return kernels[i].name;
  return NULL;
}

bool stos_kernel_find(FuseWord name, uint32_t *id) {
  for (size_t i = 0; i < FUSE_COUNTOF(kernels); i++)
    if (fuse_word_is(name, kernels[i].name)) {
      *id = kernels[i].id;
      return true;
    }
  return false;
}
