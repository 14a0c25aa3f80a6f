// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/* requant.c - integer rounding.
 *
 * source: TOSA 1.0, apply_scale_32
 */
#include "fuse/requant.h"

int32_t fuse_apply_scale(int32_t value, int32_t multiplier, uint32_t shift, bool double_round) {
  FUSE_ASSERT(shift <= 62);
  int64_t round = shift > 0 ? (int64_t)1 << (shift - 1) : 0;
  if (double_round && shift > 31)
    round += value >= 0 ? (int64_t)1 << 30 : -((int64_t)1 << 30);
  /* At most 2^62 + 2^61 + 2^30: no overflow. */
  return (int32_t)(uint32_t)(uint64_t)(((int64_t)value * multiplier + round) >> shift);
}
