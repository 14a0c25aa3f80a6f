// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/* arith.c - sizes and products that can't overflow silently. */
#include "fuse/support.h"

bool fuse_mul_size(size_t a, size_t b, size_t *out) {
  if (a != 0 && b > SIZE_MAX / a)
    return false;
  *out = a * b;
  return true;
}

bool fuse_add_size(size_t a, size_t b, size_t *out) {
  if (b > SIZE_MAX - a)
    return false;
  *out = a + b;
  return true;
}

bool fuse_mul_dims(const int64_t *dims, int n, int64_t *out) {
  bool empty = false;
  for (int i = 0; i < n; i++) {
    if (dims[i] < 0)
      return false;
    empty |= dims[i] == 0;
  }
  /* A zero anywhere makes the product 0, whatever the order of the others. */
  int64_t product = empty ? 0 : 1;
  for (int i = 0; i < n && !empty; i++) {
    if (dims[i] > INT64_MAX / product)
      return false;
    product *= dims[i];
  }
  *out = product;
  return true;
}
