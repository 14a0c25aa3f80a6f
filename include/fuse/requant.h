// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/* requant.h - the one place where integers are rounded: TOSA's apply_scale_32. */
#ifndef FUSE_REQUANT_H
#define FUSE_REQUANT_H

#include "fuse/support.h"

/* value * multiplier / 2^shift, halves rounded up; the result is cut to 32 bits.
 *   shift         0..62 (TOSA asks for at least 2; 0 and 1 follow the same formula, 0 without
 *                 rounding)
 *   double_round  TOSA's double rounding: for shift above 31 a rounding at bit 30 comes first
 * Source: TOSA 1.0, apply_scale_32; docs/machine.md, M-POST-2. */
int32_t fuse_apply_scale(int32_t value, int32_t multiplier, uint32_t shift, bool double_round);

#endif
