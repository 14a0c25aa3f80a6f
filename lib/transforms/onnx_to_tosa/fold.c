// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/* fold.c - what the builders move when everything is known: weights behind Reshape, Transpose and
 * the like. Arithmetic: compute.c.
 *
 * gives: tensors in the IR's arena
 */
#include <string.h>

#include "onnx_to_tosa.h"

bool o2t_new_tensor(OnnxNode *node, FuseDtype dtype, int rank, const int64_t *shape,
                    FuseTensor *tensor, void **data) {
  Conversion *conversion = node->conversion;
  *tensor = (FuseTensor){.dtype = dtype, .rank = rank};
  if (rank > 0)
    memcpy(tensor->shape, shape, (size_t)rank * sizeof *shape);
  for (int d = 0; d < rank; d++)
    if (shape[d] < 0)
      return o2t_refuse(node, "a size of %lld; expected 0 or more", (long long)shape[d]);
  if (!fuse_tensor_set_size(tensor) || tensor->size_bytes > conversion->fold_left_bytes)
    return o2t_refuse(
        node,
        "constants of more than %zu MiB would be made; expected at most %d MiB and %d "
        "times the model's own",
        conversion->fold_limit_bytes >> 20, FOLD_MIB, FOLD_TIMES_MODEL);
  conversion->fold_left_bytes -= tensor->size_bytes;
  *data = fuse_alloc(fuse_ir_arena(conversion->ir), tensor->size_bytes);
  tensor->data = *data;
  return true;
}

/* ---- elements ---- */

/* Tensors may lie at any address in a mapped model, hence memcpy. */
#define ELEMENT(type)                                                                              \
  type value;                                                                                      \
  memcpy(&value, (const char *)tensor->data + (size_t)i * sizeof value, sizeof value)

int64_t o2t_at_i64(const FuseTensor *tensor, int64_t i) {
  switch (tensor->dtype) {
  case FUSE_I64:
  case FUSE_U64: {
    ELEMENT(int64_t);
    return value;
  }
  case FUSE_I32: {
    ELEMENT(int32_t);
    return value;
  }
  case FUSE_U32: {
    ELEMENT(uint32_t);
    return value;
  }
  case FUSE_I16: {
    ELEMENT(int16_t);
    return value;
  }
  case FUSE_U16: {
    ELEMENT(uint16_t);
    return value;
  }
  case FUSE_I8: {
    ELEMENT(int8_t);
    return value;
  }
  default: {
    FUSE_ASSERT(tensor->dtype == FUSE_U8 || tensor->dtype == FUSE_BOOL);
    ELEMENT(uint8_t);
    return value;
  }
  }
}

double o2t_at_f64(const FuseTensor *tensor, int64_t i) {
  if (tensor->dtype == FUSE_F32) {
    ELEMENT(float);
    return (double)value;
  }
  if (tensor->dtype == FUSE_F64) {
    ELEMENT(double);
    return value;
  }
  return (double)o2t_at_i64(tensor, i);
}

void o2t_strides(int rank, const int64_t *shape, int64_t *stride) {
  int64_t step = 1;
  for (int d = rank - 1; d >= 0; d--) {
    stride[d] = step;
    step *= shape[d];
  }
}

/* The next index in row-major order, and the offset that goes with it. */
static int64_t advance(int rank, const int64_t *shape, const int64_t *stride, int64_t *index,
                       int64_t offset) {
  for (int d = rank - 1; d >= 0; d--) {
    offset += stride[d];
    if (++index[d] < shape[d])
      return offset;
    offset -= stride[d] * shape[d];
    index[d] = 0;
  }
  return offset;
}

/* ---- data movement: any element type ---- */

bool o2t_fold_strided(OnnxNode *node, const FuseTensor *x, int rank, const int64_t *shape,
                      int64_t offset, const int64_t *stride, FuseTensor *result) {
  void *data;
  if (!o2t_new_tensor(node, x->dtype, rank, shape, result, &data))
    return false;
  size_t bytes = fuse_dtype_bytes(x->dtype);
  int64_t n = fuse_tensor_elems(result), index[FUSE_MAX_RANK] = {0};
  for (int64_t i = 0; i < n; i++) {
    memcpy((char *)data + (size_t)i * bytes, (const char *)x->data + (size_t)offset * bytes, bytes);
    offset = advance(rank, shape, stride, index, offset);
  }
  return true;
}

/* Copy x into the block of data that starts at element `offset` of a tensor with these strides. */
static void place(const FuseTensor *x, void *data, int64_t offset, const int64_t *stride) {
  size_t bytes = fuse_dtype_bytes(x->dtype);
  int64_t n = fuse_tensor_elems(x), index[FUSE_MAX_RANK] = {0};
  for (int64_t i = 0; i < n; i++) {
    memcpy((char *)data + (size_t)offset * bytes, (const char *)x->data + (size_t)i * bytes, bytes);
    offset = advance(x->rank, x->shape, stride, index, offset);
  }
}

bool o2t_fold_concat(OnnxNode *node, int n, Term *const *terms, int axis, FuseTensor *result) {
  const FuseTensor *first = &terms[0]->tensor;
  int64_t shape[FUSE_MAX_RANK], stride[FUSE_MAX_RANK], start = 0;
  memcpy(shape, first->shape, sizeof shape);
  shape[axis] = 0;
  for (int i = 0; i < n; i++)
    if (__builtin_add_overflow(shape[axis], terms[i]->tensor.shape[axis], &shape[axis]))
      return o2t_refuse(node, "the result is too large");
  void *data;
  if (!o2t_new_tensor(node, first->dtype, first->rank, shape, result, &data))
    return false;
  o2t_strides(first->rank, shape, stride);
  for (int i = 0; i < n; i++) {
    place(&terms[i]->tensor, data, start * stride[axis], stride);
    start += terms[i]->tensor.shape[axis];
  }
  return true;
}

bool o2t_fold_pad(OnnxNode *node, const FuseTensor *x, const int64_t *pads, const FuseTensor *value,
                  FuseTensor *result) {
  int64_t shape[FUSE_MAX_RANK], stride[FUSE_MAX_RANK], offset = 0;
  for (int d = 0; d < x->rank; d++)
    shape[d] = pads[2 * d] + x->shape[d] + pads[2 * d + 1];
  void *data;
  if (!o2t_new_tensor(node, x->dtype, x->rank, shape, result, &data))
    return false;
  size_t bytes = fuse_dtype_bytes(x->dtype);
  int64_t n = fuse_tensor_elems(result);
  for (int64_t i = 0; i < n; i++)
    memcpy((char *)data + (size_t)i * bytes, value->data, bytes);
  o2t_strides(x->rank, shape, stride);
  for (int d = 0; d < x->rank; d++)
    offset += pads[2 * d] * stride[d];
  place(x, data, offset, stride);
  return true;
}
