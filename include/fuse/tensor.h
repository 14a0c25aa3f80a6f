// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/* tensor.h - element types, a dense tensor in memory, .npy and ONNX .pb tensor files.
 *
 * Data are row-major (C order), without gaps, little-endian.
 */
#ifndef FUSE_TENSOR_H
#define FUSE_TENSOR_H

#include "fuse/diag.h"

#define FUSE_MAX_RANK 8

/*     name   code  bytes  MLIR    .npy   C, as stored */
#define FUSE_DTYPES(X)                                                                             \
  X(F32, 1, 4, "f32", "<f4", float)                                                                \
  X(F64, 2, 8, "f64", "<f8", double)                                                               \
  X(F16, 3, 2, "f16", "<f2", uint16_t)                                                             \
  X(BF16, 4, 2, "bf16", "<u2", uint16_t)                                                           \
  X(I8, 5, 1, "i8", "|i1", int8_t)                                                                 \
  X(U8, 6, 1, "ui8", "|u1", uint8_t)                                                               \
  X(I16, 7, 2, "i16", "<i2", int16_t)                                                              \
  X(U16, 8, 2, "ui16", "<u2", uint16_t)                                                            \
  X(I32, 9, 4, "i32", "<i4", int32_t)                                                              \
  X(U32, 10, 4, "ui32", "<u4", uint32_t)                                                           \
  X(I64, 11, 8, "i64", "<i8", int64_t)                                                             \
  X(U64, 12, 8, "ui64", "<u8", uint64_t)                                                           \
  X(BOOL, 13, 1, "i1", "|b1", uint8_t)

/* The codes are part of the .stos format: never renumber. 0 is "none". */
typedef enum FuseDtype {
  FUSE_DTYPE_NONE = 0,
#define X(name, code, bytes, mlir, npy, c) FUSE_##name = code,
  FUSE_DTYPES(X)
#undef X
} FuseDtype;

size_t fuse_dtype_bytes(FuseDtype dtype);     /* 0 for an unknown code */
const char *fuse_dtype_name(FuseDtype dtype); /* "f32"; "?" for an unknown code */
const char *fuse_dtype_npy(FuseDtype dtype);  /* "<f4"; bf16 is written as its bits, "<u2" */
const char *fuse_dtype_c(FuseDtype dtype);    /* "float"; f16 and bf16 are stored as uint16_t */
/* The type that arithmetic on dtype is done in: F32 for F16 and BF16, else itself. */
FuseDtype fuse_dtype_wide(FuseDtype dtype);
bool fuse_dtype_is_float(FuseDtype dtype);
FuseDtype fuse_dtype_find(const char *name,
                          size_t length); /* by MLIR name; NONE if there is none */

/* Borrowed or arena memory: the tensor does not own data. */
typedef struct FuseTensor {
  FuseDtype dtype;
  int rank; /* 0..FUSE_MAX_RANK; rank 0 is a scalar */
  int64_t shape[FUSE_MAX_RANK];
  const void *data;
  size_t size_bytes; /* elements * dtype bytes */
} FuseTensor;

/* Number of elements; the shape must have been checked. */
int64_t fuse_tensor_elems(const FuseTensor *tensor);
/* Set size_bytes from dtype and shape; false on a bad rank, an unknown dtype, a negative dimension
 * or overflow. */
bool fuse_tensor_set_size(FuseTensor *tensor);
/* Room for any type and its NUL. */
#define FUSE_TENSOR_TYPE_CHARS (FUSE_MAX_RANK * 21 + 8)
/* "1x3x8x8xf32" into buffer, cut to size; returns buffer. */
const char *fuse_tensor_type(const FuseTensor *tensor, char *buffer, size_t size);

/* Tensor files. The data are copied into arena, so the file is closed when these return; the size
 * that a header claims is held against the file before it is allocated. */

/* .npy version 1-3, C order (Fortran order is transposed), any dtype above; "<u2" is U16. Other
 * types, big-endian data and bytes after the data are refused. */
bool fuse_npy_read(FuseArena *arena, const char *path, FuseTensor *tensor, FuseDiag *diag);
/* Always version 1.0, so that equal tensors give equal bytes. */
bool fuse_npy_write(const char *path, const FuseTensor *tensor, FuseDiag *diag);

/* An ONNX TensorProto in a file of its own (input_0.pb of ONNX's test data): raw or typed storage.
 * Strings, segments and external data are refused. *name is arena text, "" when there is none. */
bool fuse_pb_tensor_read(FuseArena *arena, const char *path, FuseTensor *tensor, const char **name,
                         FuseDiag *diag);

/* Either of the two, told apart by content; *name is "" for .npy. */
bool fuse_tensor_read(FuseArena *arena, const char *path, FuseTensor *tensor, const char **name,
                      FuseDiag *diag);

#endif
