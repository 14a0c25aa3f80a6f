// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/* pool.h - pooling and resizing, NHWC.
 *
 * Sums start from +0 and go in (y, x) order. An average is the sum times the f32 reciprocal of the
 * number of pixels inside the image: one multiplication, which the machine's post unit has too.
 */

/*@ pool_range */
/* The pixels from..to-1 of a window that are inside the image, along one axis. */
static void fk_pool_range(int32_t o, int32_t stride, int32_t pad, int32_t kernel, int32_t size,
                          int32_t *from, int32_t *to) {
  const int32_t first = o * stride - pad;
  *from = first < 0 ? 0 : first;
  *to = first + kernel < size ? first + kernel : size;
}

/*@ avg_pool2d_f32 : pool_range */
static void fk_avg_pool2d_f32(float *restrict y, const float *restrict x,
                              const struct fk_pool2d *p) {
  for (int32_t n = 0; n < p->n; n++, x += (ptrdiff_t)p->h * p->w * p->c)
    for (int32_t oy = 0; oy < p->oh; oy++)
      for (int32_t ox = 0; ox < p->ow; ox++, y += p->c) {
        int32_t y0, y1, x0, x1;
        fk_pool_range(oy, p->sy, p->top, p->kh, p->h, &y0, &y1);
        fk_pool_range(ox, p->sx, p->left, p->kw, p->w, &x0, &x1);
        const float reciprocal = 1.0f / ((float)(y1 - y0) * (float)(x1 - x0));
        for (ptrdiff_t c = 0; c < p->c; c++)
          y[c] = 0.0f;
        for (int32_t iy = y0; iy < y1; iy++)
          for (int32_t ix = x0; ix < x1; ix++) {
            const float *xp = x + ((ptrdiff_t)iy * p->w + ix) * p->c;
            for (ptrdiff_t c = 0; c < p->c; c++)
              y[c] = y[c] + xp[c];
          }
        for (ptrdiff_t c = 0; c < p->c; c++)
          y[c] = y[c] * reciprocal;
      }
}

/*@ avg_pool2d_i8 : apply_scale pool_range */
/* TOSA's: the sum of x - zx over the window's pixels inside the image, times a 31-bit reciprocal of
 * their number, plus zy. A window without any gives zy. */
static void fk_avg_pool2d_i8(int8_t *restrict y, const int8_t *restrict x,
                             const struct fk_pool2d *p) {
  for (int32_t n = 0; n < p->n; n++, x += (ptrdiff_t)p->h * p->w * p->c)
    for (int32_t oy = 0; oy < p->oh; oy++)
      for (int32_t ox = 0; ox < p->ow; ox++, y += p->c) {
        int32_t y0, y1, x0, x1;
        fk_pool_range(oy, p->sy, p->top, p->kh, p->h, &y0, &y1);
        fk_pool_range(ox, p->sx, p->left, p->kw, p->w, &x0, &x1);
        const int64_t count = y0 < y1 && x0 < x1 ? (int64_t)(y1 - y0) * (x1 - x0) : 1;
        int32_t k = 0; /* 2^k >= count */
        while ((int64_t)1 << k < count)
          k++;
        const int32_t multiplier = (int32_t)(((((int64_t)1 << 30) + 1) << k) / count);
        for (ptrdiff_t c = 0; c < p->c; c++) {
          uint32_t sum = 0;
          for (int32_t iy = y0; iy < y1; iy++)
            for (int32_t ix = x0; ix < x1; ix++)
              sum += (uint32_t)(x[((ptrdiff_t)iy * p->w + ix) * p->c + c] - p->zx);
          const int64_t v = (int64_t)fk_apply_scale((int32_t)sum, multiplier, 30 + k, 0) + p->zy;
          y[c] = (int8_t)(v < -128 ? -128 : v > 127 ? 127 : v);
        }
      }
}

/*@ MAX_POOL2D : pool_range */
/* Of an empty window the least value there is. */
#define FK_MAX_POOL2D(name, TYPE, LEAST, EXPRESSION)                                               \
  static void fk_##name(TYPE *restrict to, const TYPE *restrict x, const struct fk_pool2d *p) {    \
    for (int32_t n = 0; n < p->n; n++, x += (ptrdiff_t)p->h * p->w * p->c)                         \
      for (int32_t oy = 0; oy < p->oh; oy++)                                                       \
        for (int32_t ox = 0; ox < p->ow; ox++, to += p->c) {                                       \
          int32_t y0, y1, x0, x1;                                                                  \
          fk_pool_range(oy, p->sy, p->top, p->kh, p->h, &y0, &y1);                                 \
          fk_pool_range(ox, p->sx, p->left, p->kw, p->w, &x0, &x1);                                \
          for (ptrdiff_t c = 0; c < p->c; c++)                                                     \
            to[c] = LEAST;                                                                         \
          for (int32_t iy = y0; iy < y1; iy++)                                                     \
            for (int32_t ix = x0; ix < x1; ix++) {                                                 \
              const TYPE *xp = x + ((ptrdiff_t)iy * p->w + ix) * p->c;                             \
              for (ptrdiff_t c = 0; c < p->c; c++) {                                               \
                const TYPE a = xp[c], y = to[c];                                                   \
                to[c] = EXPRESSION;                                                                \
              }                                                                                    \
            }                                                                                      \
        }                                                                                          \
  }

/*@ resize_place */
/* Where output position o samples the input, as TOSA's RESIZE has it: input positions i0 and i1
 * (both inside 0..size-1) and the distance r/scale_n from i0 towards i1. */
static void fk_resize_place(int32_t o, const int32_t *scale, int32_t size, int32_t *i0, int32_t *i1,
                            int32_t *r) {
  const int32_t at = o * scale[1] + scale[2];
  const int32_t i = at >= 0 ? at / scale[0] : -((scale[0] - 1 - at) / scale[0]);
  *r = at - i * scale[0];
  *i0 = i < 0 ? 0 : i > size - 1 ? size - 1 : i;
  *i1 = i + 1 < 0 ? 0 : i + 1 > size - 1 ? size - 1 : i + 1;
}

/*@ RESIZE_NEAREST : resize_place */
#define FK_RESIZE_NEAREST(name, TYPE)                                                              \
  static void fk_##name(void *restrict y, const void *restrict x, const struct fk_resize *p) {     \
    const ptrdiff_t pixel = p->c * (ptrdiff_t)sizeof(TYPE);                                        \
    char *to = y;                                                                                  \
    for (int32_t n = 0; n < p->n; n++)                                                             \
      for (int32_t oy = 0; oy < p->oh; oy++)                                                       \
        for (int32_t ox = 0; ox < p->ow; ox++, to += pixel) {                                      \
          int32_t y0, y1, ry, x0, x1, rx;                                                          \
          fk_resize_place(oy, p->scale_y, p->h, &y0, &y1, &ry);                                    \
          fk_resize_place(ox, p->scale_x, p->w, &x0, &x1, &rx);                                    \
          const int32_t iy = 2 * ry >= p->scale_y[0] ? y1 : y0;                                    \
          const int32_t ix = 2 * rx >= p->scale_x[0] ? x1 : x0;                                    \
          memcpy(to, (const char *)x + (((ptrdiff_t)n * p->h + iy) * p->w + ix) * pixel,           \
                 (size_t)pixel);                                                                   \
        }                                                                                          \
  }

/*@ resize_bilinear_f32 : resize_place */
/* v00*(1-dy)*(1-dx) + v01*(1-dy)*dx + v10*dy*(1-dx) + v11*dy*dx, every step rounded, from the left.
 */
static void fk_resize_bilinear_f32(float *restrict y, const float *restrict x,
                                   const struct fk_resize *p) {
  for (int32_t n = 0; n < p->n; n++, x += (ptrdiff_t)p->h * p->w * p->c)
    for (int32_t oy = 0; oy < p->oh; oy++)
      for (int32_t ox = 0; ox < p->ow; ox++, y += p->c) {
        int32_t y0, y1, ry, x0, x1, rx;
        fk_resize_place(oy, p->scale_y, p->h, &y0, &y1, &ry);
        fk_resize_place(ox, p->scale_x, p->w, &x0, &x1, &rx);
        const float dy = (float)ry / (float)p->scale_y[0], dx = (float)rx / (float)p->scale_x[0];
        const float ey = 1.0f - dy, ex = 1.0f - dx;
        const float *v00 = x + ((ptrdiff_t)y0 * p->w + x0) * p->c;
        const float *v01 = x + ((ptrdiff_t)y0 * p->w + x1) * p->c;
        const float *v10 = x + ((ptrdiff_t)y1 * p->w + x0) * p->c;
        const float *v11 = x + ((ptrdiff_t)y1 * p->w + x1) * p->c;
        for (ptrdiff_t c = 0; c < p->c; c++) {
          const float t00 = v00[c] * ey * ex, t01 = v01[c] * ey * dx;
          const float t10 = v10[c] * dy * ex, t11 = v11[c] * dy * dx;
          y[c] = t00 + t01 + t10 + t11;
        }
      }
}
