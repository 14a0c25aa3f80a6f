// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/* reduce.h - along one axis: x[outer][n][inner] to y[outer][inner], n ascending. */

/*@ REDUCE */
/* In expressions y is the result so far, and a the next element: the first one in `first`. */
#define FK_REDUCE(name, TYPE, first, expression)                                                   \
  static void fk_##name(TYPE *restrict to, const TYPE *restrict x, const struct fk_reduce *p) {    \
    for (int32_t o = 0; o < p->outer; o++, to += p->inner) {                                       \
      for (ptrdiff_t j = 0; j < p->inner; j++) {                                                   \
        const TYPE a = x[j];                                                                       \
        (void)a;                                                                                   \
        to[j] = first;                                                                             \
      }                                                                                            \
      for (int32_t i = 0; i < p->n; i++, x += p->inner)                                            \
        for (ptrdiff_t j = 0; j < p->inner; j++) {                                                 \
          const TYPE a = x[j], y = to[j];                                                          \
          to[j] = (TYPE)(expression);                                                              \
        }                                                                                          \
    }                                                                                              \
  }

/*@ ARGMAX */
/* Index of the first element that beats all before it; a NaN counts as the largest. */
#define FK_ARGMAX(name, TYPE, expression)                                                          \
  static void fk_##name(int32_t *restrict y, const TYPE *restrict x, const struct fk_reduce *p) {  \
    const ptrdiff_t inner = p->inner;                                                              \
    for (int32_t o = 0; o < p->outer; o++, y += inner, x += p->n * inner)                          \
      for (ptrdiff_t j = 0; j < inner; j++) {                                                      \
        y[j] = 0;                                                                                  \
        for (int32_t i = 1; i < p->n; i++) {                                                       \
          const TYPE best = x[y[j] * inner + j], a = x[i * inner + j];                             \
          if (expression)                                                                          \
            y[j] = i;                                                                              \
        }                                                                                          \
      }                                                                                            \
  }
