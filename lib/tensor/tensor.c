// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/* tensor.c - element types, sizes, and reading a tensor file of either format. */
#include <inttypes.h>
#include <string.h>

#include "tensor_private.h"

typedef struct DtypeRow {
  size_t bytes;
  const char *name, *npy, *c;
} DtypeRow;

static const DtypeRow dtypes[] = {
#define X(name, code, bytes, mlir, npy, c) [code] = {bytes, mlir, npy, #c},
    FUSE_DTYPES(X)
#undef X
};

static const DtypeRow *dtype_row(FuseDtype dtype) {
  bool known = dtype > FUSE_DTYPE_NONE && (size_t)dtype < FUSE_COUNTOF(dtypes);
  return known && dtypes[dtype].name ? &dtypes[dtype] : NULL;
}

size_t fuse_dtype_bytes(FuseDtype dtype) {
  const DtypeRow *row = dtype_row(dtype);
  return row ? row->bytes : 0;
}

const char *fuse_dtype_name(FuseDtype dtype) {
  const DtypeRow *row = dtype_row(dtype);
  return row ? row->name : "?";
}

const char *fuse_dtype_npy(FuseDtype dtype) {
  const DtypeRow *row = dtype_row(dtype);
  FUSE_ASSERT(row);
  return row->npy;
}

const char *fuse_dtype_c(FuseDtype dtype) {
  const DtypeRow *row = dtype_row(dtype);
  FUSE_ASSERT(row);
  return row->c;
}

FuseDtype fuse_dtype_wide(FuseDtype dtype) {
  return dtype == FUSE_F16 || dtype == FUSE_BF16 ? FUSE_F32 : dtype;
}

bool fuse_dtype_is_float(FuseDtype dtype) {
  return dtype == FUSE_F32 || dtype == FUSE_F64 || dtype == FUSE_F16 || dtype == FUSE_BF16;
}

FuseDtype fuse_dtype_find(const char *name, size_t length) {
  for (size_t code = 0; code < FUSE_COUNTOF(dtypes); code++) {
    const DtypeRow *row = dtype_row((FuseDtype)code);
    if (row && strlen(row->name) == length && memcmp(row->name, name, length) == 0)
      return (FuseDtype)code;
  }
  return FUSE_DTYPE_NONE;
}

int64_t fuse_tensor_elems(const FuseTensor *tensor) {
  int64_t elems;
  bool good = fuse_mul_dims(tensor->shape, tensor->rank, &elems);
  FUSE_ASSERT(good);
  return elems;
}

bool fuse_tensor_set_size(FuseTensor *tensor) {
  int64_t elems, strides = 1;
  size_t size_bytes, elem_bytes = fuse_dtype_bytes(tensor->dtype);
  if (tensor->rank < 0 || tensor->rank > FUSE_MAX_RANK || elem_bytes == 0 ||
      !fuse_mul_dims(tensor->shape, tensor->rank, &elems))
    return false;
  /* Also without elements every stride must be a number, as in numpy. */
  for (int d = 0; d < tensor->rank; d++)
    if (!fuse_mul_dims((int64_t[]){strides, fuse_max(tensor->shape[d], 1)}, 2, &strides))
      return false;
  if ((uint64_t)strides > SIZE_MAX || !fuse_mul_size((size_t)strides, elem_bytes, &size_bytes) ||
      size_bytes > PTRDIFF_MAX)
    return false;
  tensor->size_bytes = elems ? size_bytes : 0;
  return true;
}

const char *fuse_tensor_type(const FuseTensor *tensor, char *buffer, size_t size) {
  size_t at = 0;
  for (int d = 0; d < tensor->rank; d++) {
    int n = fuse_snprintf(buffer + at, size - at, "%" PRId64 "x", tensor->shape[d]);
    at = (size_t)fuse_min((int64_t)(at + (size_t)n), (int64_t)size - 1);
  }
  fuse_snprintf(buffer + at, size - at, "%s", fuse_dtype_name(tensor->dtype));
  return buffer;
}

bool fuse_tensor_check_size(FuseTensor *tensor, const char *place, FuseDiag *diag) {
  char type[FUSE_TENSOR_TYPE_CHARS];
  if (fuse_tensor_set_size(tensor))
    return true;
  return fuse_diag_error(diag, place,
                         "shape %s; expected dimensions of at least 0 whose size fits in memory",
                         fuse_tensor_type(tensor, type, sizeof type));
}

bool fuse_tensor_check_bools(const FuseTensor *tensor, const char *place, FuseDiag *diag) {
  const uint8_t *values = tensor->data;
  for (size_t i = 0; tensor->dtype == FUSE_BOOL && i < tensor->size_bytes; i++) {
    if (values[i] > 1)
      return fuse_diag_error(diag, place, "bool element %zu is %u; expected 0 or 1", i,
                             (unsigned)values[i]);
  }
  return true;
}

/* ---- files ---- */

static const char *place_of(const char *path) {
  return strcmp(path, "-") == 0 ? "<stdin>" : path;
}

bool fuse_npy_read(FuseArena *arena, const char *path, FuseTensor *tensor, FuseDiag *diag) {
  FuseFile file;
  if (!fuse_file_open(path, &file, diag))
    return false;
  bool good = fuse_npy_parse(arena, &file, place_of(path), tensor, diag);
  fuse_file_close(&file);
  return good;
}

bool fuse_pb_tensor_read(FuseArena *arena, const char *path, FuseTensor *tensor, const char **name,
                         FuseDiag *diag) {
  FuseFile file;
  if (!fuse_file_open(path, &file, diag))
    return false;
  bool good = fuse_pb_tensor_parse(arena, &file, place_of(path), tensor, name, diag);
  fuse_file_close(&file);
  return good;
}

/* A TensorProto has no magic: what can't be read as one is told about as what it looks like. */
static bool parse_pb(FuseArena *arena, const FuseFile *file, const char *place, FuseTensor *tensor,
                     const char **name, FuseDiag *diag) {
  FuseDiag damage = {0};
  if (fuse_pb_tensor_parse(arena, file, place, tensor, name, &damage))
    return true;
  const char *kind = fuse_bytes_kind(file->data, file->size_bytes);
  if (strcmp(kind, "binary data") != 0)
    return fuse_diag_error(diag, place, "%s; expected a tensor: .npy or an ONNX TensorProto", kind);
  return fuse_diag_error(diag, damage.place, "%s", damage.message);
}

bool fuse_tensor_parse(FuseArena *arena, const FuseFile *file, const char *place,
                       FuseTensor *tensor, const char **name, FuseDiag *diag) {
  /* As protobuf, the first byte of the magic would open a group, which no TensorProto has. */
  if (file->size_bytes == 0 || file->data[0] != (uint8_t)NPY_MAGIC[0])
    return parse_pb(arena, file, place, tensor, name, diag);
  *name = "";
  return fuse_npy_parse(arena, file, place, tensor, diag);
}

bool fuse_tensor_read(FuseArena *arena, const char *path, FuseTensor *tensor, const char **name,
                      FuseDiag *diag) {
  FuseFile file;
  if (!fuse_file_open(path, &file, diag))
    return false;
  bool good = fuse_tensor_parse(arena, &file, place_of(path), tensor, name, diag);
  fuse_file_close(&file);
  return good;
}
