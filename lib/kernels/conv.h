// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/* conv.h - convolutions and matrix products, NHWC.
 *
 * A row of kernels.def gives the types and two expressions: `product` of an element a of the input
 * and a weight b, and `sum` of y, the sum so far, and product. Integers subtract zero points (zx,
 * zw) first, and wrap.
 *
 * Order of additions, for every kernel here: the sum starts from +0 and takes one rounded product
 * after the other; the bias is added last. Product and sum are two statements, so that no compiler
 * makes one rounding of them. Taps that lie in the padding are skipped: a sum that starts from +0
 * is never -0, so adding the +-0 of such a tap would not change a bit of it (weights are finite).
 * The innermost loop runs over output channels, whose sums are independent of each other.
 * source: docs/machine.md (order of additions), TOSA 1.0 (shapes).
 */

/*@ DENSE */
/* y[n][oy][ox][:] = bias + sum over ky, kx, ci of x[n][IY][IX][ci] * w[ky][kx][ci][:] in this
 * order. IY (of oy and ky) and IX say which pixel a tap reads; one that is outside is skipped. */
#define FK_DENSE(name, params, IY, IX, Y, X, PRODUCT, SUM)                                         \
  static void fk_##name(Y *restrict to, const X *restrict x, const X *restrict w,                  \
                        const Y *restrict bias, const struct params *p) {                          \
    const ptrdiff_t cin = p->cin, cout = p->cout;                                                  \
    for (int32_t n = 0; n < p->n; n++)                                                             \
      for (int32_t oy = 0; oy < p->oh; oy++)                                                       \
        for (int32_t ox = 0; ox < p->ow; ox++, to += cout) {                                       \
          for (ptrdiff_t co = 0; co < cout; co++)                                                  \
            to[co] = 0;                                                                            \
          for (int32_t ky = 0; ky < p->kh; ky++) {                                                 \
            const int32_t iy = IY;                                                                 \
            if (iy < 0 || iy >= p->h)                                                              \
              continue;                                                                            \
            for (int32_t kx = 0; kx < p->kw; kx++) {                                               \
              const int32_t ix = IX;                                                               \
              if (ix < 0 || ix >= p->w)                                                            \
                continue;                                                                          \
              const X *xp = x + (((ptrdiff_t)n * p->h + iy) * p->w + ix) * cin;                    \
              const X *wp = w + ((ptrdiff_t)ky * p->kw + kx) * cin * cout;                         \
              for (ptrdiff_t ci = 0; ci < cin; ci++, wp += cout)                                   \
                for (ptrdiff_t co = 0; co < cout; co++) {                                          \
                  const X a = xp[ci], b = wp[co];                                                  \
                  const Y y = to[co], product = PRODUCT;                                           \
                  to[co] = SUM;                                                                    \
                }                                                                                  \
            }                                                                                      \
          }                                                                                        \
          for (ptrdiff_t co = 0; co < cout; co++) {                                                \
            const Y y = to[co], product = bias[co];                                                \
            to[co] = SUM;                                                                          \
          }                                                                                        \
        }                                                                                          \
  }

/*@ CONV2D : DENSE */
#define FK_CONV2D(name, Y, X, PRODUCT, SUM)                                                        \
  FK_DENSE(name, fk_conv2d, oy * p->sy + ky * p->dy - p->top, ox * p->sx + kx * p->dx - p->left,   \
           Y, X, PRODUCT, SUM)

/*@ DWCONV2D */
/* Depthwise, with `mult` outputs per channel: y[..][c*mult + m] = bias + sum over taps of
 * x[..][c] * w[ky][kx][c*mult + m]. A pixel of x has cx channels of which those from x0 are read, a
 * pixel of y has cy of which those from y0 are written: both halves of a FuSeConv write one tensor.
 * Order of taps: ky mod qy, ky div qy, kx mod qx, kx div qx; (qy, qx) is (1, stride) or, for a
 * kernel of one column, (stride, 1): the taps of a line come in the order in which the phases of a
 * strided line enter the array. */
#define FK_DWCONV2D(name, Y, X, PRODUCT, SUM)                                                      \
  static void fk_##name(Y *restrict to, const X *restrict x, const X *restrict w,                  \
                        const Y *restrict bias, const struct fk_dwconv2d *p) {                     \
    const ptrdiff_t outputs = (ptrdiff_t)p->c * p->mult;                                           \
    to += p->y0;                                                                                   \
    x += p->x0;                                                                                    \
    for (int32_t n = 0; n < p->n; n++)                                                             \
      for (int32_t oy = 0; oy < p->oh; oy++)                                                       \
        for (int32_t ox = 0; ox < p->ow; ox++, to += p->cy) {                                      \
          for (ptrdiff_t co = 0; co < outputs; co++)                                               \
            to[co] = 0;                                                                            \
          for (int32_t i = 0, ky = 0; i < p->kh; i++) {                                            \
            const int32_t iy = oy * p->sy + ky * p->dy - p->top;                                   \
            for (int32_t j = 0, kx = 0; j < p->kw; j++) {                                          \
              const int32_t ix = ox * p->sx + kx * p->dx - p->left;                                \
              if (iy >= 0 && iy < p->h && ix >= 0 && ix < p->w) {                                  \
                const X *xp = x + (((ptrdiff_t)n * p->h + iy) * p->w + ix) * p->cx;                \
                const X *wp = w + ((ptrdiff_t)ky * p->kw + kx) * outputs;                          \
                if (p->mult == 1)                                                                  \
                  for (ptrdiff_t co = 0; co < outputs; co++) {                                     \
                    const X a = xp[co], b = wp[co];                                                \
                    const Y y = to[co], product = PRODUCT;                                         \
                    to[co] = SUM;                                                                  \
                  }                                                                                \
                else                                                                               \
                  for (ptrdiff_t co = 0; co < outputs; co++) {                                     \
                    const X a = xp[co / p->mult], b = wp[co];                                      \
                    const Y y = to[co], product = PRODUCT;                                         \
                    to[co] = SUM;                                                                  \
                  }                                                                                \
              }                                                                                    \
              kx = kx + p->qx < p->kw ? kx + p->qx : kx % p->qx + 1;                               \
            }                                                                                      \
            ky = ky + p->qy < p->kh ? ky + p->qy : ky % p->qy + 1;                                 \
          }                                                                                        \
          for (ptrdiff_t co = 0; co < outputs; co++) {                                             \
            const Y y = to[co], product = bias[co];                                                \
            to[co] = SUM;                                                                          \
          }                                                                                        \
        }                                                                                          \
  }

/*@ quotient */
/* a / b where that is whole, else -1. */
static int32_t fk_quotient(int32_t a, int32_t b) {
  return a % b == 0 ? a / b : -1;
}

/*@ TCONV2D : DENSE quotient */
/* Transposed convolution, as TOSA's transpose_conv2d: input pixel (iy, ix) adds to the outputs
 * (iy*sy + ky + top, ix*sx + kx + left). Written as a sum per output. */
#define FK_TCONV2D(name, Y, X, PRODUCT, SUM)                                                       \
  FK_DENSE(name, fk_tconv2d, fk_quotient(oy - ky - p->top, p->sy),                                 \
           fk_quotient(ox - kx - p->left, p->sx), Y, X, PRODUCT, SUM)

/*@ MATMUL */
/* y[n][i][:] = sum over k ascending of a[n][i][k] * b[n][k][:]. */
#define FK_MATMUL(name, Y, X, PRODUCT, SUM)                                                        \
  static void fk_##name(Y *restrict to, const X *restrict x, const X *restrict w,                  \
                        const struct fk_matmul *p) {                                               \
    const ptrdiff_t cols = p->cols, inner = p->inner;                                              \
    for (int32_t n = 0; n < p->n; n++, w += inner * cols)                                          \
      for (int32_t i = 0; i < p->rows; i++, to += cols, x += inner) {                              \
        for (ptrdiff_t j = 0; j < cols; j++)                                                       \
          to[j] = 0;                                                                               \
        for (ptrdiff_t k = 0; k < inner; k++)                                                      \
          for (ptrdiff_t j = 0; j < cols; j++) {                                                   \
            const X a = x[k], b = w[k * cols + j];                                                 \
            const Y y = to[j], product = PRODUCT;                                                  \
            to[j] = SUM;                                                                           \
          }                                                                                        \
      }                                                                                            \
  }
