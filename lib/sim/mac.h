// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/* mac.h - the multiply-accumulate loops of a GEMM tile; included by gemm.c once per element type.
 *
 *   MAC_NAME  the function; MAC_TYPE  element of accumulators, weights and inputs
 *   MAC_STEP(a, w, x)  a + w * x, rounded twice or wrapping
 *
 * acc[pixel][row] += sum over steps of w[step][row] * x[pixel][step], in the order of the steps;
 * rows is a multiple of 8. Four pixels and eight rows at a time stay in registers.
 */
static void MAC_NAME(MAC_TYPE *acc, size_t acc_stride, const MAC_TYPE *w, size_t w_stride,
                     const MAC_TYPE *x, size_t x_stride, uint32_t pixels, uint32_t rows,
                     uint32_t steps) {
  for (uint32_t r = 0; r < rows; r += 8) {
    uint32_t c = 0;
    for (; c + 4 <= pixels; c += 4) {
      MAC_TYPE a[4][8];
      for (int i = 0; i < 4; i++)
        memcpy(a[i], acc + (c + i) * acc_stride + r, sizeof a[i]);
      for (uint32_t t = 0; t < steps; t++) {
        const MAC_TYPE *wt = w + t * w_stride + r, *xt = x + c * x_stride + t;
        for (int i = 0; i < 4; i++)
          for (int k = 0; k < 8; k++)
            a[i][k] = MAC_STEP(a[i][k], wt[k], xt[i * x_stride]);
      }
      for (int i = 0; i < 4; i++)
        memcpy(acc + (c + i) * acc_stride + r, a[i], sizeof a[i]);
    }
    for (; c < pixels; c++) {
      MAC_TYPE a[8];
      memcpy(a, acc + c * acc_stride + r, sizeof a);
      for (uint32_t t = 0; t < steps; t++) {
        const MAC_TYPE *wt = w + t * w_stride + r;
        for (int k = 0; k < 8; k++)
          a[k] = MAC_STEP(a[k], wt[k], x[c * x_stride + t]);
      }
      memcpy(acc + c * acc_stride + r, a, sizeof a);
    }
  }
}
