// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/* numbers.h - what expressions of kernels.def call: conversions and integer functions.
 *
 * A section fk_<name> is printed where an expression or another section names it.
 */

/*@ walk */
/* Next position of the outer dimensions, the last one fastest; 0 when there is none. */
static int fk_walk_next(int32_t *at, const int32_t *size, int32_t dims) {
  for (int32_t d = dims - 1; d >= 0; d--) {
    if (++at[d] < size[d])
      return 1;
    at[d] = 0;
  }
  return 0;
}

/* Offset of a position in a tensor with these strides. */
static ptrdiff_t fk_walk_offset(const int32_t *at, const int32_t *stride, int32_t dims) {
  ptrdiff_t offset = 0;
  for (int32_t d = 0; d < dims; d++)
    offset += (ptrdiff_t)at[d] * stride[d];
  return offset;
}

/*@ small */
/* The 16-bit float nearest to v, ties to even: `digits` bits of fraction, exponents from 1 - bias.
 */
static uint16_t fk_small(double v, int digits, int bias) {
  const uint64_t infinity = (uint64_t)(2 * bias + 1) << digits, one = UINT64_C(1) << 52;
  uint64_t bits, sign, fraction, half, result;
  memcpy(&bits, &v, sizeof bits);
  sign = bits >> 48 & 0x8000;
  fraction = bits & (one - 1);
  const int exponent = (int)(bits >> 52 & 0x7ff) - 1023;
  if (exponent == 1024) /* infinite, or a NaN */
    return (uint16_t)(sign | infinity | (fraction ? UINT64_C(1) << (digits - 1) : 0));
  const int below = exponent < 1 - bias ? 1 - bias - exponent : 0; /* subnormal: fewer digits */
  const int drop = 52 - digits + below;
  if (exponent > bias)
    return (uint16_t)(sign | infinity);
  if (drop > 53)
    return (uint16_t)sign;
  fraction |= one;
  half = UINT64_C(1) << (drop - 1);
  result = fraction >> drop;
  fraction &= 2 * half - 1;
  result += fraction > half || (fraction == half && (result & 1));
  /* The leading 1 of a normal number, and a carry out of the fraction, add to the exponent. */
  result += below ? 0 : (uint64_t)(exponent + bias - 1) << digits;
  return (uint16_t)(sign | result);
}

/*@ f16 : small */
static uint16_t fk_f16(double v) {
  return fk_small(v, 10, 15);
}

/*@ bf16 : small */
static uint16_t fk_bf16(double v) {
  return fk_small(v, 7, 127);
}

/*@ bf16_value */
/* The upper half of a float. */
static float fk_bf16_value(uint16_t v) {
  const uint32_t bits = (uint32_t)v << 16;
  float value;
  memcpy(&value, &bits, sizeof value);
  return value;
}

/*@ f16_value */
static float fk_f16_value(uint16_t v) {
  const uint32_t sign = (uint32_t)(v & 0x8000) << 16, magnitude = v & 0x7fff;
  uint32_t bits = magnitude << 13;
  float value;
  if (magnitude >= 0x7c00) /* infinite, or a NaN */
    bits += (uint32_t)(255 - 31) << 23;
  else if (magnitude >= 0x400)
    bits += (uint32_t)(127 - 15) << 23;
  else { /* subnormal: a multiple of 2^-24 */
    value = (float)magnitude * (1.0f / 16777216.0f);
    memcpy(&bits, &value, sizeof bits);
  }
  bits |= sign;
  memcpy(&value, &bits, sizeof value);
  return value;
}

/*@ bits32 */
static uint32_t fk_bits32(float v) {
  uint32_t bits;
  memcpy(&bits, &v, sizeof bits);
  return bits;
}

/*@ of_bits32 */
static float fk_of_bits32(uint32_t bits) {
  float v;
  memcpy(&v, &bits, sizeof v);
  return v;
}

/*@ bits64 */
static uint64_t fk_bits64(double v) {
  uint64_t bits;
  memcpy(&bits, &v, sizeof bits);
  return bits;
}

/*@ of_bits64 */
static double fk_of_bits64(uint64_t bits) {
  double v;
  memcpy(&v, &bits, sizeof v);
  return v;
}

/*@ odd */
/* A double that rounds to fewer than 40 digits as v does: of a larger v the low bits become one,
 * which says whether there were any. */
static double fk_odd(uint64_t v) {
  return v >> 53 ? (double)((v >> 12 | ((v & 4095) != 0)) << 12) : (double)v;
}

/*@ to_int */
/* The nearest integer, ties to even, from low to high; 0 for a NaN. */
static int64_t fk_to_int(double v, double low, double high) {
  v = rint(v);
  return v != v ? 0 : (int64_t)(v < low ? low : v > high ? high : v);
}

/*@ to_i64 */
static int64_t fk_to_i64(double v) {
  v = rint(v);
  if (v != v)
    return 0;
  return v >= 9223372036854775808.0   ? INT64_MAX
         : v < -9223372036854775808.0 ? INT64_MIN
                                      : (int64_t)v;
}

/*@ to_u64 */
static uint64_t fk_to_u64(double v) {
  v = rint(v);
  if (!(v > 0))
    return 0;
  return v >= 18446744073709551616.0 ? UINT64_MAX : (uint64_t)v;
}

/*@ pow_int */
/* a to the b-th, wrapping; 1 / a^-b towards zero for a negative b, and 0 where a is 0. */
static uint64_t fk_pow_int(int64_t a, int64_t b) {
  uint64_t result = 1, square = (uint64_t)a;
  if (b < 0)
    return a == 1 || (a == -1 && b % 2 == 0) ? 1 : a == -1 ? square : 0;
  for (; b; b >>= 1, square *= square)
    if (b & 1)
      result *= square;
  return result;
}

/*@ shift_right */
static int64_t fk_shift_right(int64_t a, int64_t b) {
  return b < 0 || b > 63 ? -(a < 0) : a >> b;
}

/*@ shift_right_round : shift_right */
static int64_t fk_shift_right_round(int64_t a, int64_t b) {
  const int64_t below = b < 1 || b > 64 ? 0 : a >> (b - 1) & 1;
  return fk_shift_right(a, b) + below;
}
