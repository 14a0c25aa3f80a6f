// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/* host.c - HOST commands: the kernels of lib/kernels on the DRAM regions.
 *
 * source: docs/isa.md, I-OBJ-2
 */
#include "fuse/kernels.h"
#include "runtime_private.h"

static bool wrong(const FuseRuntime *runtime, uint32_t call, FuseDiag *diag, const char *what) {
  return fuse_diag_error(diag, runtime->place, "host call %u: %s", call, what);
}

static bool overlap(const StosHostTensor *a, const StosHostTensor *b) {
  return a->region == b->region && a->offset_bytes < b->offset_bytes + b->size_bytes &&
         b->offset_bytes < a->offset_bytes + a->size_bytes;
}

static bool check_call(const FuseRuntime *runtime, uint32_t index, FuseDiag *diag) {
  const StosHostCall *call = &runtime->object.host[index];
  const char *why = "";
  uint64_t need[FUSE_KERNEL_TENSORS];
  if (call->n_tensors > FUSE_KERNEL_TENSORS)
    return wrong(runtime, index, diag, "more tensors than any kernel has");
  if (!fuse_kernel_check(call->kernel, call->words, call->n_words, call->n_tensors, need, &why))
    return wrong(runtime, index, diag, why);
  const FuseKernelInfo *kernel = fuse_kernel_find(call->kernel);
  for (uint32_t i = 0; i < call->n_tensors; i++) {
    const StosHostTensor *tensor = &call->tensors[i];
    if (tensor->size_bytes < need[i])
      return wrong(runtime, index, diag, "a tensor is smaller than its kernel needs");
    if (tensor->offset_bytes % fuse_dtype_bytes(kernel->types[i]) != 0)
      return wrong(runtime, index, diag, "a tensor is not aligned to its element");
    bool same = i == 1 && kernel->in_place && tensor->offset_bytes == call->tensors[0].offset_bytes;
    for (uint32_t r = 0; r < i && r < (uint32_t)kernel->n_results; r++)
      if (!same && overlap(&call->tensors[r], tensor))
        return wrong(runtime, index, diag, "a result overlaps another tensor");
    if (i < (uint32_t)kernel->n_results && tensor->region == STOS_REGION_WEIGHTS)
      return wrong(runtime, index, diag, "a result is in the weights region, which is read only");
  }
  return true;
}

bool fuse_host_check(const FuseRuntime *runtime, FuseDiag *diag) {
  for (uint32_t i = 0; i < runtime->object.n_host; i++)
    if (!check_call(runtime, i, diag))
      return false;
  return true;
}

bool fuse_host_run(void *user, uint32_t index, StosMemory *regions, FuseDiag *diag) {
  const FuseRuntime *runtime = user;
  const StosHostCall *call = &runtime->object.host[index];
  void *tensors[FUSE_KERNEL_TENSORS];
  for (uint32_t i = 0; i < call->n_tensors; i++)
    tensors[i] = regions[call->tensors[i].region].data + call->tensors[i].offset_bytes;
  return fuse_kernel_run(call->kernel, tensors, call->n_tensors, call->words, call->n_words) ||
         wrong(runtime, index, diag, "the kernel refused it");
}

size_t fuse_host_access(void *user, uint32_t index, const StosHostAccess **accesses) {
  FuseRuntime *runtime = user;
  const StosHostCall *call = &runtime->object.host[index];
  for (uint32_t i = 0; i < call->n_tensors; i++)
    runtime->accesses[i] = (StosHostAccess){.region = (uint8_t)call->tensors[i].region,
                                            .written = i < stos_kernel_results(call->kernel),
                                            .offset = call->tensors[i].offset_bytes,
                                            .size_bytes = call->tensors[i].size_bytes};
  *accesses = runtime->accesses;
  return call->n_tensors;
}
