// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/* requant.c - apply_scale against TOSA's text, worked out by hand. */
#include "fuse/requant.h"
#include "unit.h"

int main(void) {
  /* 10 * 2^30 / 2^31 = 5; halves go up: 11 / 2 = 5.5 is 6, -11 / 2 is -5. */
  CHECK(fuse_apply_scale(10, 1 << 30, 31, false) == 5);
  CHECK(fuse_apply_scale(11, 1 << 30, 31, false) == 6);
  CHECK(fuse_apply_scale(-11, 1 << 30, 31, false) == -5);
  CHECK(fuse_apply_scale(-10, 1 << 30, 31, false) == -5);
  /* Double rounding only beyond 31: at 32, 2^31 +- 2^30 is added. -2 * 2^30 / 2^32 = -0.5: single
   * goes to 0, double to -1. 1 / 4: single 0.25 + 0.5 is 0; double 0.25 + 0.75 is 1. */
  CHECK(fuse_apply_scale(-11, 1 << 30, 31, true) == -5);
  CHECK(fuse_apply_scale(-2, 1 << 30, 32, false) == 0);
  CHECK(fuse_apply_scale(-2, 1 << 30, 32, true) == -1);
  CHECK(fuse_apply_scale(1, 1 << 30, 32, false) == 0);
  CHECK(fuse_apply_scale(1, 1 << 30, 32, true) == 1);
  CHECK(fuse_apply_scale(7, 3, 0, false) == 21);
  CHECK(fuse_apply_scale(7, 3, 1, false) == 11);
  /* The extremes don't overflow; the result is cut to 32 bits. */
  CHECK(fuse_apply_scale(INT32_MIN, INT32_MIN, 62, true) == 1);
  CHECK(fuse_apply_scale(INT32_MIN, INT32_MAX, 31, false) == -INT32_MAX);
  CHECK(fuse_apply_scale(1 << 20, 1 << 20, 2, false) == 0);
  return unit_result();
}
