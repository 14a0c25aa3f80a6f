// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/* quantize.h - between floats and integers: real = scale * (q - zero).
 *
 * x[outer][n][inner]; scale[n] and zero[n], one of each when n is 1. source: ONNX's QuantizeLinear
 * and DequantizeLinear.
 */

/*@ QUANTIZE */
/* saturate(round(x / scale) + zero), halves to even; a NaN gives zero. */
#define FK_QUANTIZE(name, TYPE, low, high)                                                         \
  static void fk_##name(TYPE *restrict y, const float *restrict x, const float *restrict scale,    \
                        const TYPE *restrict zero, const struct fk_quantize *p) {                  \
    for (int32_t o = 0; o < p->outer; o++)                                                         \
      for (int32_t c = 0; c < p->n; c++)                                                           \
        for (int32_t i = 0; i < p->inner; i++) {                                                   \
          const float steps = rintf(*x++ / scale[c]);                                              \
          const double q = (double)steps + zero[c];                                                \
          *y++ = (TYPE)(q != q ? zero[c] : q < low ? low : q > high ? high : q);                   \
        }                                                                                          \
  }

/*@ DEQUANTIZE */
#define FK_DEQUANTIZE(name, TYPE)                                                                  \
  static void fk_##name(float *restrict y, const TYPE *restrict x, const float *restrict scale,    \
                        const TYPE *restrict zero, const struct fk_quantize *p) {                  \
    for (int32_t o = 0; o < p->outer; o++)                                                         \
      for (int32_t c = 0; c < p->n; c++)                                                           \
        for (int32_t i = 0; i < p->inner; i++)                                                     \
          *y++ = (float)((int64_t)*x++ - zero[c]) * scale[c];                                      \
  }
