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

/*@ CUMSUM */
/* y[i] = first + x[0] + ... + x[i], or another operation; exclusive: without x[i]; reverse: from
 * the other end. */
#define FK_CUMSUM(name, TYPE, first, expression)                                                   \
  static void fk_##name(TYPE *restrict to, const TYPE *restrict x, const struct fk_cumsum *p) {    \
    const ptrdiff_t step = p->reverse ? -(ptrdiff_t)p->inner : p->inner;                           \
    const ptrdiff_t begin = p->reverse ? (p->n - 1) * (ptrdiff_t)p->inner : 0;                     \
    for (int32_t o = 0; o < p->outer; o++) {                                                       \
      for (ptrdiff_t j = 0; j < p->inner; j++) {                                                   \
        ptrdiff_t at = begin + j;                                                                  \
        TYPE y = first;                                                                            \
        for (int32_t i = 0; i < p->n; i++, at += step) {                                           \
          const TYPE a = x[at], before = y;                                                        \
          y = (TYPE)(expression);                                                                  \
          to[at] = p->exclusive ? before : y;                                                      \
        }                                                                                          \
      }                                                                                            \
      x += p->n * (ptrdiff_t)p->inner;                                                             \
      to += p->n * (ptrdiff_t)p->inner;                                                            \
    }                                                                                              \
  }

/*@ TOPK */
/* The k first elements and their indices in order: the largest (or smallest) first, of equal ones
 * the lower index. What is kept so far is a heap in y and index; the one that comes last is its
 * root. */
#define FK_TOPK(name, TYPE, expression)                                                            \
  static int fk_##name##_greater(TYPE a, TYPE b) {                                                 \
    return expression;                                                                             \
  }                                                                                                \
  static int fk_##name##_before(TYPE a, int64_t i, TYPE b, int64_t j, int32_t largest) {           \
    const int more = fk_##name##_greater(a, b), less = fk_##name##_greater(b, a);                  \
    return more == less ? i < j : largest ? more : less;                                           \
  }                                                                                                \
  /* Put an element where it belongs in the heap of n below place `at`. */                         \
  static void fk_##name##_sift(TYPE *y, int64_t *index, ptrdiff_t step, ptrdiff_t at, ptrdiff_t n, \
                               TYPE a, int64_t i, int32_t largest) {                               \
    for (ptrdiff_t down = 2 * at + 1; down < n; at = down, down = 2 * at + 1) {                    \
      const ptrdiff_t u = down * step, v = u + step;                                               \
      if (down + 1 < n && fk_##name##_before(y[u], index[u], y[v], index[v], largest))             \
        down++;                                                                                    \
      if (!fk_##name##_before(a, i, y[down * step], index[down * step], largest))                  \
        break;                                                                                     \
      y[at * step] = y[down * step];                                                               \
      index[at * step] = index[down * step];                                                       \
    }                                                                                              \
    y[at * step] = a;                                                                              \
    index[at * step] = i;                                                                          \
  }                                                                                                \
  static void fk_##name(TYPE *restrict y, int64_t *restrict index, const TYPE *restrict x,         \
                        const struct fk_topk *p) {                                                 \
    const ptrdiff_t k = p->k, inner = p->inner;                                                    \
    for (int32_t o = 0; o < p->outer; o++, y += k * inner, index += k * inner, x += p->n * inner)  \
      for (ptrdiff_t j = 0; j < inner; j++) {                                                      \
        TYPE *to = y + j;                                                                          \
        int64_t *number = index + j;                                                               \
        for (ptrdiff_t i = 0; i < k; i++)                                                          \
          to[i * inner] = x[i * inner + j], number[i * inner] = i;                                 \
        for (ptrdiff_t i = k / 2; i-- > 0;)                                                        \
          fk_##name##_sift(to, number, inner, i, k, to[i * inner], i, p->largest);                 \
        for (ptrdiff_t i = k; i < p->n; i++)                                                       \
          if (fk_##name##_before(x[i * inner + j], i, to[0], number[0], p->largest))               \
            fk_##name##_sift(to, number, inner, 0, k, x[i * inner + j], i, p->largest);            \
        for (ptrdiff_t n = k - 1; n > 0; n--) { /* the last one to its place */                    \
          const TYPE a = to[n * inner];                                                            \
          const int64_t i = number[n * inner];                                                     \
          to[n * inner] = to[0], number[n * inner] = number[0];                                    \
          fk_##name##_sift(to, number, inner, 0, n, a, i, p->largest);                             \
        }                                                                                          \
      }                                                                                            \
  }
