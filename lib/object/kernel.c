// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/* kernel.c - names of host kernels, from kernels.def; their meaning is the runtime's business. */
#include "object_private.h"

static const struct {
  uint32_t id;
  const char *name;
} kernels[] = {
#define KERNEL1(id, name, ...) {id, #name},
#define KERNEL2(id, name, ...) {id, #name},
#define KERNEL3(id, name, ...) {id, #name},
#define KERNEL4(id, name, ...) {id, #name},
#include "fuse/kernels.def"
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
