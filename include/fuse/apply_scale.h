// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/* apply_scale.h - the one place where integers are rounded, as text: the compiler, the simulator
 * and generated programs compile this same function.
 */

/*@ apply_scale */
/* value * multiplier / 2^shift, halves rounded up, cut to 32 bits: TOSA's apply_scale_32. With
 * double_round and a shift above 31 a rounding at bit 30 comes first. A shift is held to 0..62. */
static int32_t fk_apply_scale(int32_t value, int32_t multiplier, int32_t shift, int double_round) {
  const int32_t s = shift < 0 ? 0 : shift > 62 ? 62 : shift;
  int64_t round = s > 0 ? (int64_t)1 << (s - 1) : 0;
  if (double_round && s > 31)
    round += value >= 0 ? (int64_t)1 << 30 : -((int64_t)1 << 30);
  /* At most 2^62 + 2^61 + 2^30: no overflow. */
  return (int32_t)(uint32_t)(uint64_t)(((int64_t)value * multiplier + round) >> s);
}
