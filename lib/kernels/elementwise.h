// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/* elementwise.h - one result element per operand element; y may be the operand's own memory.
 *
 * Operands of two and three operand kernels have a stride per dimension, 0 where they are repeated.
 * The expressions of the rows of kernels.def are in a and b, an element of each operand.
 */

/*@ UNARY */
#define FK_UNARY(name, Y, X, expression)                                                           \
  static void fk_##name(Y *y, const X *x, const struct fk_unary *p) {                              \
    for (ptrdiff_t i = 0; i < p->n; i++) {                                                         \
      const X a = x[i];                                                                            \
      y[i] = (Y)(expression);                                                                      \
    }                                                                                              \
  }

/*@ BINARY : walk */
#define FK_BINARY(name, Y, X, expression)                                                          \
  static void fk_##name(Y *y, const X *first, const X *second, const struct fk_binary *p) {        \
    int32_t at[FK_RANK] = {0};                                                                     \
    const int32_t last = p->rank - 1;                                                              \
    const ptrdiff_t n = p->size[last], su = p->a[last], sv = p->b[last];                           \
    do {                                                                                           \
      const X *u = first + fk_walk_offset(at, p->a, last);                                         \
      const X *v = second + fk_walk_offset(at, p->b, last);                                        \
      for (ptrdiff_t i = 0; i < n; i++) {                                                          \
        const X a = u[i * su], b = v[i * sv];                                                      \
        y[i] = (Y)(expression);                                                                    \
      }                                                                                            \
      y += n;                                                                                      \
    } while (fk_walk_next(at, p->size, last));                                                     \
  }

/*@ clamp_f32 */
/* A NaN stays; -0 stays unless a limit is above or below it. */
static void fk_clamp_f32(float *y, const float *x, const struct fk_clamp *p) {
  const float lo = p->lo, hi = p->hi;
  for (ptrdiff_t i = 0; i < p->n; i++)
    y[i] = x[i] < lo ? lo : x[i] > hi ? hi : x[i];
}

/*@ SELECT : walk */
/* y = c ? a : b, for elements of a type's size. */
#define FK_SELECT(name, TYPE)                                                                      \
  static void fk_##name(void *y, const uint8_t *c, const void *a, const void *b,                   \
                        const struct fk_ternary *p) {                                              \
    const ptrdiff_t size = (ptrdiff_t)sizeof(TYPE);                                                \
    int32_t at[FK_RANK] = {0};                                                                     \
    const int32_t last = p->rank - 1;                                                              \
    const ptrdiff_t n = p->size[last], st = p->c[last], su = p->a[last], sv = p->b[last];          \
    char *to = y;                                                                                  \
    do {                                                                                           \
      const uint8_t *t = c + fk_walk_offset(at, p->c, last);                                       \
      const char *u = (const char *)a + fk_walk_offset(at, p->a, last) * size;                     \
      const char *v = (const char *)b + fk_walk_offset(at, p->b, last) * size;                     \
      for (ptrdiff_t i = 0; i < n; i++, to += size)                                                \
        memcpy(to, t[i * st] ? u + i * su * size : v + i * sv * size, sizeof(TYPE));               \
    } while (fk_walk_next(at, p->size, last));                                                     \
  }
