// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/* tensor_private.h - what the two file formats share. */
#ifndef FUSE_TENSOR_PRIVATE_H
#define FUSE_TENSOR_PRIVATE_H

#include "fuse/file.h"
#include "fuse/tensor.h"

#define NPY_MAGIC "\x93NUMPY"
#define NPY_MAGIC_BYTES 6

/* The readers proper, of a file that is open. */
bool fuse_npy_parse(FuseArena *arena, const FuseFile *file, const char *place, FuseTensor *tensor,
                    FuseDiag *diag);
bool fuse_pb_tensor_parse(FuseArena *arena, const FuseFile *file, const char *place,
                          FuseTensor *tensor, const char **name, FuseDiag *diag);
/* Either of the two, told apart by content; *name is "" for .npy. */
bool fuse_tensor_parse(FuseArena *arena, const FuseFile *file, const char *place,
                       FuseTensor *tensor, const char **name, FuseDiag *diag);

/* fuse_tensor_set_size, or an error that names the shape. */
bool fuse_tensor_check_size(FuseTensor *tensor, const char *place, FuseDiag *diag);
/* BOOL data that came as bytes must be 0 or 1; other types pass. */
bool fuse_tensor_check_bools(const FuseTensor *tensor, const char *place, FuseDiag *diag);

#endif
