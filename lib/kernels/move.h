// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/* move.h - elements from place to place: copy, transpose, slice, concat, pad, tile, reverse,
 * gather, scatter.
 *
 * TYPE is an unsigned integer of the elements' size. The elements are copied as bytes, so that they
 * may be of any type.
 */

/*@ MOVE : walk */
/* y[y0 + i.ys] = x[x0 + i.xs] for every position i: a permutation, a part, a repetition or a
 * reversal is only a choice of strides. */
#define FK_MOVE(name, TYPE)                                                                        \
  static void fk_##name(void *restrict y, const void *restrict x, const struct fk_move *p) {       \
    const ptrdiff_t size = (ptrdiff_t)sizeof(TYPE);                                                \
    int32_t at[FK_RANK] = {0};                                                                     \
    const int32_t last = p->rank - 1;                                                              \
    const ptrdiff_t n = p->size[last], sy = p->ys[last] * size, sx = p->xs[last] * size;           \
    do {                                                                                           \
      char *to = (char *)y + (p->y0 + fk_walk_offset(at, p->ys, last)) * size;                     \
      const char *from = (const char *)x + (p->x0 + fk_walk_offset(at, p->xs, last)) * size;       \
      if (sy == size && sx == size)                                                                \
        memcpy(to, from, (size_t)(n * size));                                                      \
      else                                                                                         \
        for (ptrdiff_t i = 0; i < n; i++)                                                          \
          memcpy(to + i * sy, from + i * sx, sizeof(TYPE));                                        \
    } while (fk_walk_next(at, p->size, last));                                                     \
  }

/*@ FILL */
#define FK_FILL(name, TYPE)                                                                        \
  static void fk_##name(void *y, const struct fk_fill *p) {                                        \
    const TYPE value = (TYPE)((uint64_t)p->high << 32 | p->low);                                   \
    for (ptrdiff_t i = 0; i < p->n; i++)                                                           \
      memcpy((char *)y + i * (ptrdiff_t)sizeof value, &value, sizeof value);                       \
  }

/*@ GATHER */
/* y[n][w][:] = x[n][index[n][w]][:]; an index outside 0..k-1 reads the nearest row. */
#define FK_GATHER(name, TYPE)                                                                      \
  static void fk_##name(void *restrict y, const void *restrict x, const int32_t *restrict index,   \
                        const struct fk_gather *p) {                                               \
    const ptrdiff_t row = p->c * (ptrdiff_t)sizeof(TYPE);                                          \
    const char *from = x;                                                                          \
    char *to = y;                                                                                  \
    for (int32_t n = 0; n < p->n; n++, from += p->k * row)                                         \
      for (int32_t w = 0; w < p->w; w++, to += row, index++) {                                     \
        const ptrdiff_t k = *index < 0 ? 0 : *index >= p->k ? p->k - 1 : *index;                   \
        memcpy(to, from + k * row, (size_t)row);                                                   \
      }                                                                                            \
  }

/*@ SCATTER */
/* y[n][index[n][w]][:] = x[n][w][:], w ascending; an index outside 0..k-1 writes nothing. */
#define FK_SCATTER(name, TYPE)                                                                     \
  static void fk_##name(void *restrict y, const int32_t *restrict index, const void *restrict x,   \
                        const struct fk_scatter *p) {                                              \
    const ptrdiff_t row = p->c * (ptrdiff_t)sizeof(TYPE);                                          \
    const char *from = x;                                                                          \
    char *to = y;                                                                                  \
    for (int32_t n = 0; n < p->n; n++, to += p->k * row)                                           \
      for (int32_t w = 0; w < p->w; w++, from += row, index++)                                     \
        if (*index >= 0 && *index < p->k)                                                          \
          memcpy(to + *index * row, from, (size_t)row);                                            \
  }

/*@ UPDATE */
/* As SCATTER into a copy of x, but in expressions y is what a row holds so far, and a what comes to
 * it.
 */
#define FK_UPDATE(name, TYPE, expression)                                                          \
  static void fk_##name(TYPE *restrict to, const TYPE *restrict x, const int32_t *restrict index,  \
                        const TYPE *restrict from, const struct fk_update *p) {                    \
    const ptrdiff_t c = p->c;                                                                      \
    for (ptrdiff_t i = 0; i < p->n * (ptrdiff_t)p->k * c; i++)                                     \
      to[i] = x[i];                                                                                \
    for (int32_t n = 0; n < p->n; n++, to += p->k * c)                                             \
      for (int32_t w = 0; w < p->w; w++, from += c, index++)                                       \
        for (ptrdiff_t i = 0; *index >= 0 && *index < p->k && i < c; i++) {                        \
          const TYPE y = to[*index * c + i], a = from[i];                                          \
          to[*index * c + i] = (TYPE)(expression);                                                 \
        }                                                                                          \
  }
