// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/* runtime_private.h - a loaded program and its memories. */
#ifndef FUSE_RUNTIME_PRIVATE_H
#define FUSE_RUNTIME_PRIVATE_H

#include "fuse/runtime.h"

struct FuseRuntime {
  FuseArena arena, run_arena; /* of the object, of the last run */
  const char *place;
  StosObject object;
  StosProgram program;
  StosMemory regions[STOS_N_REGIONS];
  bool *input_set;
  StosExtent *valid;        /* the inputs' places */
  StosHostAccess *accesses; /* of the host call at hand */
  StosSimResult result;
  bool ran;
};

/* layout.c: the model's tensor from and to its place in the io region. */
bool fuse_io_check(const StosIo *io, const char *place, FuseDiag *diag);
void fuse_io_pack(const StosIo *io, uint32_t lanes, const uint8_t *model, uint8_t *machine);
void fuse_io_unpack(const StosIo *io, uint32_t lanes, const uint8_t *machine, uint8_t *model);
/* The model's type and shape; false when it has no size. */
bool fuse_io_tensor(const StosIo *io, FuseTensor *tensor);

/* host.c */
bool fuse_host_check(const FuseRuntime *runtime, FuseDiag *diag);
bool fuse_host_run(void *user, uint32_t call, StosMemory *regions, FuseDiag *diag);
size_t fuse_host_access(void *user, uint32_t call, const StosHostAccess **accesses);

#endif
