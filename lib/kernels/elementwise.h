// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/* elementwise.h - one result element per operand element; y may be the operand's own memory.
 *
 * Operands of two and three operand kernels have a stride per dimension, 0 where they are repeated.
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

/*@ abs_f32 */
static void fk_abs_f32(float *y, const float *x, const struct fk_unary *p) {
  for (ptrdiff_t i = 0; i < p->n; i++)
    y[i] = fabsf(x[i]);
}

/*@ ceil_f32 */
static void fk_ceil_f32(float *y, const float *x, const struct fk_unary *p) {
  for (ptrdiff_t i = 0; i < p->n; i++)
    y[i] = ceilf(x[i]);
}

/*@ cos_f32 */
static void fk_cos_f32(float *y, const float *x, const struct fk_unary *p) {
  for (ptrdiff_t i = 0; i < p->n; i++)
    y[i] = cosf(x[i]);
}

/*@ erf_f32 */
static void fk_erf_f32(float *y, const float *x, const struct fk_unary *p) {
  for (ptrdiff_t i = 0; i < p->n; i++)
    y[i] = erff(x[i]);
}

/*@ exp_f32 */
static void fk_exp_f32(float *y, const float *x, const struct fk_unary *p) {
  for (ptrdiff_t i = 0; i < p->n; i++)
    y[i] = expf(x[i]);
}

/*@ floor_f32 */
static void fk_floor_f32(float *y, const float *x, const struct fk_unary *p) {
  for (ptrdiff_t i = 0; i < p->n; i++)
    y[i] = floorf(x[i]);
}

/*@ log_f32 */
static void fk_log_f32(float *y, const float *x, const struct fk_unary *p) {
  for (ptrdiff_t i = 0; i < p->n; i++)
    y[i] = logf(x[i]);
}

/*@ negate_f32 */
static void fk_negate_f32(float *y, const float *x, const struct fk_unary *p) {
  for (ptrdiff_t i = 0; i < p->n; i++)
    y[i] = -x[i];
}

/*@ reciprocal_f32 */
static void fk_reciprocal_f32(float *y, const float *x, const struct fk_unary *p) {
  for (ptrdiff_t i = 0; i < p->n; i++)
    y[i] = 1.0f / x[i];
}

/*@ rsqrt_f32 */
/* Two roundings: the square root's and the division's. */
static void fk_rsqrt_f32(float *y, const float *x, const struct fk_unary *p) {
  for (ptrdiff_t i = 0; i < p->n; i++)
    y[i] = 1.0f / sqrtf(x[i]);
}

/*@ sigmoid_f32 */
static void fk_sigmoid_f32(float *y, const float *x, const struct fk_unary *p) {
  for (ptrdiff_t i = 0; i < p->n; i++)
    y[i] = 1.0f / (1.0f + expf(-x[i]));
}

/*@ sin_f32 */
static void fk_sin_f32(float *y, const float *x, const struct fk_unary *p) {
  for (ptrdiff_t i = 0; i < p->n; i++)
    y[i] = sinf(x[i]);
}

/*@ tanh_f32 */
static void fk_tanh_f32(float *y, const float *x, const struct fk_unary *p) {
  for (ptrdiff_t i = 0; i < p->n; i++)
    y[i] = tanhf(x[i]);
}

/*@ clamp_f32 */
/* A NaN stays; -0 stays unless a limit is above or below it. */
static void fk_clamp_f32(float *y, const float *x, const struct fk_clamp *p) {
  const float lo = p->lo, hi = p->hi;
  for (ptrdiff_t i = 0; i < p->n; i++)
    y[i] = x[i] < lo ? lo : x[i] > hi ? hi : x[i];
}

/*@ cast_f32_i32 */
/* To the nearest, ties to even; out of range gives the nearest int32, NaN gives 0. */
static void fk_cast_f32_i32(int32_t *restrict y, const float *restrict x,
                            const struct fk_unary *p) {
  for (ptrdiff_t i = 0; i < p->n; i++) {
    const float v = rintf(x[i]);
    if (v != v)
      y[i] = 0;
    else
      y[i] = v >= 2147483648.0f ? INT32_MAX : v < -2147483648.0f ? INT32_MIN : (int32_t)v;
  }
}

/*@ cast_i32_f32 */
static void fk_cast_i32_f32(float *restrict y, const int32_t *restrict x,
                            const struct fk_unary *p) {
  for (ptrdiff_t i = 0; i < p->n; i++)
    y[i] = (float)x[i];
}

/*@ cast_bool_f32 */
static void fk_cast_bool_f32(float *restrict y, const uint8_t *restrict x,
                             const struct fk_unary *p) {
  for (ptrdiff_t i = 0; i < p->n; i++)
    y[i] = x[i] ? 1.0f : 0.0f;
}

/*@ cast_bool_i32 */
static void fk_cast_bool_i32(int32_t *restrict y, const uint8_t *restrict x,
                             const struct fk_unary *p) {
  for (ptrdiff_t i = 0; i < p->n; i++)
    y[i] = x[i] ? 1 : 0;
}

/*@ cast_i32_bool */
static void fk_cast_i32_bool(uint8_t *restrict y, const int32_t *restrict x,
                             const struct fk_unary *p) {
  for (ptrdiff_t i = 0; i < p->n; i++)
    y[i] = x[i] != 0;
}

/*@ add_f32 : walk */
static void fk_add_f32(float *y, const float *a, const float *b, const struct fk_binary *p) {
  int32_t at[FK_RANK] = {0};
  const int32_t last = p->rank - 1;
  const ptrdiff_t n = p->size[last], su = p->a[last], sv = p->b[last];
  do {
    const float *u = a + fk_walk_offset(at, p->a, last);
    const float *v = b + fk_walk_offset(at, p->b, last);
    for (ptrdiff_t i = 0; i < n; i++)
      y[i] = u[i * su] + v[i * sv];
    y += n;
  } while (fk_walk_next(at, p->size, last));
}

/*@ sub_f32 : walk */
static void fk_sub_f32(float *y, const float *a, const float *b, const struct fk_binary *p) {
  int32_t at[FK_RANK] = {0};
  const int32_t last = p->rank - 1;
  const ptrdiff_t n = p->size[last], su = p->a[last], sv = p->b[last];
  do {
    const float *u = a + fk_walk_offset(at, p->a, last);
    const float *v = b + fk_walk_offset(at, p->b, last);
    for (ptrdiff_t i = 0; i < n; i++)
      y[i] = u[i * su] - v[i * sv];
    y += n;
  } while (fk_walk_next(at, p->size, last));
}

/*@ mul_f32 : walk */
static void fk_mul_f32(float *y, const float *a, const float *b, const struct fk_binary *p) {
  int32_t at[FK_RANK] = {0};
  const int32_t last = p->rank - 1;
  const ptrdiff_t n = p->size[last], su = p->a[last], sv = p->b[last];
  do {
    const float *u = a + fk_walk_offset(at, p->a, last);
    const float *v = b + fk_walk_offset(at, p->b, last);
    for (ptrdiff_t i = 0; i < n; i++)
      y[i] = u[i * su] * v[i * sv];
    y += n;
  } while (fk_walk_next(at, p->size, last));
}

/*@ pow_f32 : walk */
static void fk_pow_f32(float *y, const float *a, const float *b, const struct fk_binary *p) {
  int32_t at[FK_RANK] = {0};
  const int32_t last = p->rank - 1;
  const ptrdiff_t n = p->size[last], su = p->a[last], sv = p->b[last];
  do {
    const float *u = a + fk_walk_offset(at, p->a, last);
    const float *v = b + fk_walk_offset(at, p->b, last);
    for (ptrdiff_t i = 0; i < n; i++)
      y[i] = powf(u[i * su], v[i * sv]);
    y += n;
  } while (fk_walk_next(at, p->size, last));
}

/*@ maximum_f32 : walk */
/* a, unless b is larger; NaN if one of them is. */
static void fk_maximum_f32(float *y, const float *a, const float *b, const struct fk_binary *p) {
  int32_t at[FK_RANK] = {0};
  const int32_t last = p->rank - 1;
  const ptrdiff_t n = p->size[last], su = p->a[last], sv = p->b[last];
  do {
    const float *u = a + fk_walk_offset(at, p->a, last);
    const float *v = b + fk_walk_offset(at, p->b, last);
    for (ptrdiff_t i = 0; i < n; i++) {
      const float s = u[i * su], t = v[i * sv];
      y[i] = t > s || t != t ? t : s;
    }
    y += n;
  } while (fk_walk_next(at, p->size, last));
}

/*@ minimum_f32 : walk */
/* a, unless b is smaller; NaN if one of them is. */
static void fk_minimum_f32(float *y, const float *a, const float *b, const struct fk_binary *p) {
  int32_t at[FK_RANK] = {0};
  const int32_t last = p->rank - 1;
  const ptrdiff_t n = p->size[last], su = p->a[last], sv = p->b[last];
  do {
    const float *u = a + fk_walk_offset(at, p->a, last);
    const float *v = b + fk_walk_offset(at, p->b, last);
    for (ptrdiff_t i = 0; i < n; i++) {
      const float s = u[i * su], t = v[i * sv];
      y[i] = t < s || t != t ? t : s;
    }
    y += n;
  } while (fk_walk_next(at, p->size, last));
}

/*@ equal_f32 : walk */
static void fk_equal_f32(uint8_t *y, const float *a, const float *b, const struct fk_binary *p) {
  int32_t at[FK_RANK] = {0};
  const int32_t last = p->rank - 1;
  const ptrdiff_t n = p->size[last], su = p->a[last], sv = p->b[last];
  do {
    const float *u = a + fk_walk_offset(at, p->a, last);
    const float *v = b + fk_walk_offset(at, p->b, last);
    for (ptrdiff_t i = 0; i < n; i++)
      y[i] = u[i * su] == v[i * sv];
    y += n;
  } while (fk_walk_next(at, p->size, last));
}

/*@ greater_f32 : walk */
static void fk_greater_f32(uint8_t *y, const float *a, const float *b, const struct fk_binary *p) {
  int32_t at[FK_RANK] = {0};
  const int32_t last = p->rank - 1;
  const ptrdiff_t n = p->size[last], su = p->a[last], sv = p->b[last];
  do {
    const float *u = a + fk_walk_offset(at, p->a, last);
    const float *v = b + fk_walk_offset(at, p->b, last);
    for (ptrdiff_t i = 0; i < n; i++)
      y[i] = u[i * su] > v[i * sv];
    y += n;
  } while (fk_walk_next(at, p->size, last));
}

/*@ greater_equal_f32 : walk */
static void fk_greater_equal_f32(uint8_t *y, const float *a, const float *b,
                                 const struct fk_binary *p) {
  int32_t at[FK_RANK] = {0};
  const int32_t last = p->rank - 1;
  const ptrdiff_t n = p->size[last], su = p->a[last], sv = p->b[last];
  do {
    const float *u = a + fk_walk_offset(at, p->a, last);
    const float *v = b + fk_walk_offset(at, p->b, last);
    for (ptrdiff_t i = 0; i < n; i++)
      y[i] = u[i * su] >= v[i * sv];
    y += n;
  } while (fk_walk_next(at, p->size, last));
}

/*@ select_f32 : walk */
/* y = c ? a : b. */
static void fk_select_f32(float *y, const uint8_t *c, const float *a, const float *b,
                          const struct fk_ternary *p) {
  int32_t at[FK_RANK] = {0};
  const int32_t last = p->rank - 1;
  const ptrdiff_t n = p->size[last], st = p->c[last], su = p->a[last], sv = p->b[last];
  do {
    const uint8_t *t = c + fk_walk_offset(at, p->c, last);
    const float *u = a + fk_walk_offset(at, p->a, last);
    const float *v = b + fk_walk_offset(at, p->b, last);
    for (ptrdiff_t i = 0; i < n; i++)
      y[i] = t[i * st] ? u[i * su] : v[i * sv];
    y += n;
  } while (fk_walk_next(at, p->size, last));
}

/*@ select_i32 : walk */
/* y = c ? a : b. */
static void fk_select_i32(int32_t *y, const uint8_t *c, const int32_t *a, const int32_t *b,
                          const struct fk_ternary *p) {
  int32_t at[FK_RANK] = {0};
  const int32_t last = p->rank - 1;
  const ptrdiff_t n = p->size[last], st = p->c[last], su = p->a[last], sv = p->b[last];
  do {
    const uint8_t *t = c + fk_walk_offset(at, p->c, last);
    const int32_t *u = a + fk_walk_offset(at, p->a, last);
    const int32_t *v = b + fk_walk_offset(at, p->b, last);
    for (ptrdiff_t i = 0; i < n; i++)
      y[i] = t[i * st] ? u[i * su] : v[i * sv];
    y += n;
  } while (fk_walk_next(at, p->size, last));
}
