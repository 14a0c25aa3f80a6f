// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/* move.h - elements from place to place: copy, transpose, slice, concat, pad, tile, reverse,
 * gather.
 */

/*@ move_f32 : walk */
/* y[y0 + i.ys] = x[x0 + i.xs] for every position i: a permutation, a part, a repetition or a
 * reversal is only a choice of strides. */
static void fk_move_f32(float *restrict y, const float *restrict x, const struct fk_move *p) {
  int32_t at[FK_RANK] = {0};
  const int32_t last = p->rank - 1;
  const ptrdiff_t n = p->size[last], sy = p->ys[last], sx = p->xs[last];
  do {
    float *to = y + p->y0 + fk_walk_offset(at, p->ys, last);
    const float *from = x + p->x0 + fk_walk_offset(at, p->xs, last);
    for (ptrdiff_t i = 0; i < n; i++)
      to[i * sy] = from[i * sx];
  } while (fk_walk_next(at, p->size, last));
}

/*@ move_i32 : walk */
/* y[y0 + i.ys] = x[x0 + i.xs] for every position i: a permutation, a part, a repetition or a
 * reversal is only a choice of strides. */
static void fk_move_i32(int32_t *restrict y, const int32_t *restrict x, const struct fk_move *p) {
  int32_t at[FK_RANK] = {0};
  const int32_t last = p->rank - 1;
  const ptrdiff_t n = p->size[last], sy = p->ys[last], sx = p->xs[last];
  do {
    int32_t *to = y + p->y0 + fk_walk_offset(at, p->ys, last);
    const int32_t *from = x + p->x0 + fk_walk_offset(at, p->xs, last);
    for (ptrdiff_t i = 0; i < n; i++)
      to[i * sy] = from[i * sx];
  } while (fk_walk_next(at, p->size, last));
}

/*@ move_bool : walk */
/* y[y0 + i.ys] = x[x0 + i.xs] for every position i: a permutation, a part, a repetition or a
 * reversal is only a choice of strides. */
static void fk_move_bool(uint8_t *restrict y, const uint8_t *restrict x, const struct fk_move *p) {
  int32_t at[FK_RANK] = {0};
  const int32_t last = p->rank - 1;
  const ptrdiff_t n = p->size[last], sy = p->ys[last], sx = p->xs[last];
  do {
    uint8_t *to = y + p->y0 + fk_walk_offset(at, p->ys, last);
    const uint8_t *from = x + p->x0 + fk_walk_offset(at, p->xs, last);
    for (ptrdiff_t i = 0; i < n; i++)
      to[i * sy] = from[i * sx];
  } while (fk_walk_next(at, p->size, last));
}

/*@ fill_f32 */
static void fk_fill_f32(float *y, const struct fk_fill_f32 *p) {
  for (ptrdiff_t i = 0; i < p->n; i++)
    y[i] = p->value;
}

/*@ fill_i32 */
static void fk_fill_i32(int32_t *y, const struct fk_fill_int *p) {
  for (ptrdiff_t i = 0; i < p->n; i++)
    y[i] = p->value;
}

/*@ fill_bool */
static void fk_fill_bool(uint8_t *y, const struct fk_fill_int *p) {
  for (ptrdiff_t i = 0; i < p->n; i++)
    y[i] = (uint8_t)p->value;
}

/*@ gather_f32 */
/* y[n][w][:] = x[n][index[n][w]][:]; an index outside 0..k-1 reads the nearest row. */
static void fk_gather_f32(float *restrict y, const float *restrict x, const int32_t *restrict index,
                          const struct fk_gather *p) {
  for (int32_t n = 0; n < p->n; n++, x += (ptrdiff_t)p->k * p->c)
    for (int32_t w = 0; w < p->w; w++, y += p->c, index++) {
      const ptrdiff_t row = *index < 0 ? 0 : *index >= p->k ? p->k - 1 : *index;
      for (ptrdiff_t c = 0; c < p->c; c++)
        y[c] = x[row * p->c + c];
    }
}

/*@ gather_i32 */
/* y[n][w][:] = x[n][index[n][w]][:]; an index outside 0..k-1 reads the nearest row. */
static void fk_gather_i32(int32_t *restrict y, const int32_t *restrict x,
                          const int32_t *restrict index, const struct fk_gather *p) {
  for (int32_t n = 0; n < p->n; n++, x += (ptrdiff_t)p->k * p->c)
    for (int32_t w = 0; w < p->w; w++, y += p->c, index++) {
      const ptrdiff_t row = *index < 0 ? 0 : *index >= p->k ? p->k - 1 : *index;
      for (ptrdiff_t c = 0; c < p->c; c++)
        y[c] = x[row * p->c + c];
    }
}
