// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/* requant.c - integer rounding.
 *
 * source: TOSA 1.0, apply_scale_32
 */
#include "fuse/requant.h"

#include "fuse/apply_scale.h"

int32_t fuse_apply_scale(int32_t value, int32_t multiplier, uint32_t shift, bool double_round) {
  FUSE_ASSERT(shift <= 62);
  return fk_apply_scale(value, multiplier, (int32_t)shift, double_round);
}
