// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/* kernel.c - names of host kernels, from kernels.def; their meaning is the runtime's business. */
#include "object_private.h"

static const struct {
  uint32_t id;
  const char *name;
  uint32_t results;
} kernels[] = {
#define FRESH 1
#define IN_PLACE 1
#define TWO_RESULTS 2
#define ROW(op, family, s, t0, t1, results) {FK_ID(op, t0, t1), #family "_" #s, results},
#define KERNEL1(op, family, s, params, reuse, t0) ROW(op, family, s, t0, t0, reuse)
#define KERNEL2(op, family, s, params, reuse, t0, t1) ROW(op, family, s, t0, t1, reuse)
#define KERNEL3(op, family, s, params, reuse, t0, t1, t2) ROW(op, family, s, t0, t1, reuse)
#define KERNEL4(op, family, s, params, reuse, t0, t1, t2, t3) ROW(op, family, s, t0, t1, reuse)
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

uint32_t stos_kernel_results(uint32_t id) {
  for (size_t i = 0; i < FUSE_COUNTOF(kernels); i++)
    if (kernels[i].id == id)
      return kernels[i].results;
  return 1;
}
