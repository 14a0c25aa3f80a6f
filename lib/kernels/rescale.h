// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/* rescale.h - from one quantised type to another.
 *
 * source: TOSA 1.0, RESCALE and TABLE
 */

/*@ RESCALE : apply_scale */
/* y = (x - zx) * multiplier[c] / 2^shift[c] + zy, within LOW..HIGH; the channel c is innermost. */
#define FK_RESCALE(name, Y, X, LOW, HIGH)                                                          \
  static void fk_##name(Y *restrict y, const X *restrict x, const int32_t *restrict multiplier,    \
                        const int8_t *restrict shift, const struct fk_rescale *p) {                \
    for (int32_t o = 0; o < p->outer; o++)                                                         \
      for (ptrdiff_t c = 0; c < p->channels; c++, x++, y++) {                                      \
        const int32_t value = (int32_t)((uint32_t)*x - (uint32_t)p->zx);                           \
        const int64_t v =                                                                          \
            (int64_t)fk_apply_scale(value, multiplier[c], shift[c], p->double_round) + p->zy;      \
        *y = (Y)(v < LOW ? LOW : v > HIGH ? HIGH : v);                                             \
      }                                                                                            \
  }

/*@ table_i8 */
static void fk_table_i8(int8_t *restrict y, const int8_t *restrict x, const int8_t *restrict table,
                        const struct fk_table *p) {
  for (ptrdiff_t i = 0; i < p->n; i++)
    y[i] = table[x[i] + 128];
}
