// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/* direct.c - the sums and the closed forms of docs/machine.md. */
#include <string.h>

#include "direct.h"

typedef struct Direct {
  const StosTarget *t;
  bool f32;
  NaiveMemory mem;
  uint32_t *acc; /* of a chain of GEMM chunks: [pixel][row] */
} Direct;

/* ---- elements ---- */

static float f(uint32_t bits) {
  float x;
  memcpy(&x, &bits, 4);
  return x;
}

static uint32_t u(float x) {
  uint32_t bits;
  memcpy(&bits, &x, 4);
  return bits;
}

static uint32_t mac(const Direct *d, uint32_t acc, uint32_t a, uint32_t b) {
  if (!d->f32)
    return acc + a * b;
  float product = f(a) * f(b);
  return u(f(acc) + product);
}

static uint32_t elem(const Direct *d, int64_t word, uint32_t lane, bool is_unsigned, int zp) {
  size_t i = (size_t)word * d->t->lanes + lane;
  if (d->f32)
    return fuse_get32(d->mem.scratchpad + 4 * i);
  uint8_t byte = d->mem.scratchpad[i];
  return (uint32_t)((is_unsigned ? (int)byte : (int)(int8_t)byte) - zp);
}

static void put(const Direct *d, int64_t word, uint32_t lane, uint32_t v, bool is_unsigned) {
  size_t i = (size_t)word * d->t->lanes + lane;
  if (d->f32) {
    fuse_put32(d->mem.scratchpad + 4 * i, v);
    return;
  }
  int64_t x = (int32_t)v, low = is_unsigned ? 0 : -128, high = is_unsigned ? 255 : 127;
  d->mem.scratchpad[i] = (uint8_t)fuse_min(fuse_max(x, low), high);
}

static int64_t ringed(uint32_t base, int64_t offset, uint32_t size, uint32_t start) {
  return size ? base + (((start + offset) % size) + size) % size : base + offset;
}

/* ---- M-POST-2 ---- */

static int64_t scaled(int64_t v, int64_t by, int shift, bool twice) {
  int64_t round = shift > 0 ? (int64_t)1 << (shift - 1) : 0;
  if (twice && shift > 31)
    round += v < 0 ? -((int64_t)1 << 30) : (int64_t)1 << 30;
  return (int32_t)(uint32_t)((v * by + round) >> shift);
}

static uint32_t post_f32(const Direct *d, StosPost op, float v, float *x, float r,
                         const uint8_t *p) {
  (void)d;
  float imm = f(op.imm), bias = f(fuse_get32(p)), scale = f(fuse_get32(p + 4));
  float aux = f(fuse_get32(p + 12));
  switch (op.code) {
  case STOS_POST_BIAS: return u(v + bias);
  case STOS_POST_SCALE: return u(v * scale);
  case STOS_POST_ADDI: return u(v + imm);
  case STOS_POST_MULI: return u(v * imm);
  case STOS_POST_MAXI: return u(v < imm ? imm : v);
  case STOS_POST_MINI: return u(v > imm ? imm : v);
  case STOS_POST_SAVE: return u(*x = v);
  case STOS_POST_MULX: return u(v * *x);
  case STOS_POST_LRELU: return u(v < 0 ? v * imm : v);
  case STOS_POST_PRELU: return u(v < 0 ? v * aux : v);
  case STOS_POST_ADDR: return u(v + r);
  case STOS_POST_SUBR: return u(v - r);
  case STOS_POST_RSUB: return u(r - v);
  case STOS_POST_MULR: return u(v * r);
  case STOS_POST_MAXR: return u(v > r ? v : r);
  case STOS_POST_MINR: return u(v < r ? v : r);
  case STOS_POST_ABS: return u(v) & 0x7fffffffu;
  case STOS_POST_NEG: return u(v) ^ 0x80000000u;
  default: FUSE_ASSERT(false); return 0;
  }
}

static uint32_t post_i8(const Direct *d, StosPost op, int32_t v, int32_t *x, int32_t r,
                        const uint8_t *p, bool twice) {
  int32_t imm = (int32_t)op.imm, bias = (int32_t)fuse_get32(p), aux = (int32_t)fuse_get32(p + 12);
  int32_t scale = (int32_t)fuse_get32(p + 4);
  uint32_t w = (uint32_t)v, wr = (uint32_t)r;
  switch (op.code) {
  case STOS_POST_BIAS: return w + (uint32_t)bias;
  case STOS_POST_SCALE: return (uint32_t)scaled(v, scale, p[8], twice);
  case STOS_POST_ADDI: return w + op.imm;
  case STOS_POST_MULI: return (uint32_t)scaled(v, imm, op.shift, twice);
  case STOS_POST_MAXI: return (uint32_t)(v < imm ? imm : v);
  case STOS_POST_MINI: return (uint32_t)(v > imm ? imm : v);
  case STOS_POST_SAVE: return (uint32_t)(*x = v);
  case STOS_POST_MULX: return w * (uint32_t)*x;
  case STOS_POST_LRELU: return v < 0 ? (uint32_t)scaled(v, imm, op.shift, twice) : w;
  case STOS_POST_PRELU: return v < 0 ? (uint32_t)scaled(v, aux, op.shift, twice) : w;
  case STOS_POST_ADDR: return w + (uint32_t)scaled(r, imm, op.shift, twice);
  case STOS_POST_SUBR: return w - (uint32_t)scaled(r, imm, op.shift, twice);
  case STOS_POST_RSUB: return (uint32_t)scaled(r, imm, op.shift, twice) - w;
  case STOS_POST_MULR: return w * wr;
  case STOS_POST_MAXR: return (uint32_t)(v > r ? v : r);
  case STOS_POST_MINR: return (uint32_t)(v < r ? v : r);
  case STOS_POST_LUT: {
    int64_t index = fuse_max(-128, fuse_min(127, v)) + 128;
    return (uint32_t)(int8_t)d->mem.luts[op.imm * 256 + (uint32_t)index];
  }
  case STOS_POST_ABS: return v < 0 ? 0u - w : w;
  case STOS_POST_NEG: return 0u - w;
  default: FUSE_ASSERT(false); return 0;
  }
}

static uint32_t post(const Direct *d, const StosPost *ops, int n, uint32_t v, uint32_t r,
                     int64_t entry, bool twice) {
  float xf = 0;
  int32_t xi = 0;
  const uint8_t *p = d->mem.params + 16 * entry;
  for (int i = 0; i < n && ops[i].code; i++)
    v = d->f32 ? post_f32(d, ops[i], f(v), &xf, f(r), p)
               : post_i8(d, ops[i], (int32_t)v, &xi, (int32_t)r, p, twice);
  return v;
}

/* M-POST-3 */
static uint32_t pooled(const Direct *d, int how, bool first, uint32_t so_far, uint32_t v) {
  if (how == STOS_REDUCE_SUM)
    return d->f32 ? u(f(first ? 0 : so_far) + f(v)) : (first ? 0 : so_far) + v;
  bool less = d->f32 ? f(so_far) < f(v) : (int32_t)so_far < (int32_t)v;
  return first || less ? v : so_far;
}

/* ---- GEMM ---- */

static int column_of(int nkw, int s, int position) {
  int order[256], n = 0;
  for (int p = 0; p < s; p++)
    for (int kw = p; kw < nkw; kw += s)
      order[n++] = kw;
  return order[position];
}

static uint32_t gemm_sum(const Direct *d, const StosCmd_gemm *c, const int *o, int m, int r, int y,
                         int x, uint32_t acc) {
  int L = (int)d->t->lanes, R = (int)d->t->rows;
  int rows = (int)fuse_min(R, c->rows_total - m * R);
  int64_t g_m = (rows + L - 1) / L, step = 0;
  int64_t wbase = c->left + (int64_t)m * c->left_m, xbase = (int64_t)m * c->in_m;
  int64_t dy = c->y0, dx = c->x0;
  for (int i = 0; i < 3; i++) {
    wbase += (int64_t)o[i] * c->o_left[i];
    xbase += (int64_t)o[i] * c->o_in[i];
    dy += o[i] * c->o_dy[i];
    dx += o[i] * c->o_dx[i];
  }
  for (int kh = 0; kh < c->nkh; kh++)
    for (int k = 0; k < c->nkw; k++)
      for (int kc = 0; kc < c->nkc; kc++)
        for (int l = 0; l < L; l++, step++) {
          int kw = column_of(c->nkw, c->kphase, k);
          int64_t iy = y * c->stride_y + kh * c->dil_y + dy;
          int64_t ix = x * c->stride_x + kw * c->dil_x + dx;
          uint32_t a = 0;
          if (iy >= 0 && iy < c->ih && ix >= 0 && ix < c->iw) {
            int64_t offset = xbase + iy * c->in_line + ix * c->in_pixel + (int64_t)kc * c->in_block;
            a = elem(d, ringed(c->in, offset, c->ring_size, c->ring_start), (uint32_t)l,
                     c->in_unsigned, c->in_zp);
          }
          uint32_t w =
              elem(d, wbase + step * g_m + r / L, (uint32_t)(r % L), c->w_unsigned, c->w_zp);
          acc = mac(d, acc, w, a);
        }
  return acc;
}

static int64_t outer3(const int *o, const int32_t *stride) {
  return (int64_t)o[0] * stride[0] + (int64_t)o[1] * stride[1] + (int64_t)o[2] * stride[2];
}

/* One row of one row block, all pixels. */
static void gemm_row(Direct *d, const StosCmd_gemm *c, const int *o, int m, int r) {
  int L = (int)d->t->lanes, R = (int)d->t->rows;
  int64_t block = (int64_t)m * (R / L) + r / L, ch = (int64_t)m * R + r;
  int64_t entry = c->param + ch + outer3(o, c->o_param);
  int64_t out = c->out + block * c->out_block + outer3(o, c->o_out);
  bool real = ch < c->rows_total;
  uint32_t pool = 0;
  for (int y = 0; y < c->ny; y++)
    for (int x = 0; x < c->nx; x++) {
      uint32_t *acc = &d->acc[(y * c->nx + x) % 256 * R + r], res = 0, v = 0;
      if (real) {
        *acc = gemm_sum(d, c, o, m, r, y, x, c->keep ? *acc : 0);
        if (c->res_use)
          res = elem(d,
                     c->res + y * c->res_line + x * c->res_pixel + block * c->res_block +
                         outer3(o, c->o_res),
                     (uint32_t)(r % L), c->res_unsigned, c->res_zp);
        v = post(d, c->post, 8, *acc, res, entry, c->double_round);
        pool = pooled(d, c->pool, y == 0 && x == 0, pool, v);
      }
      if (!c->hold_back && !c->pool)
        put(d, out + y * c->out_line + x * c->out_pixel, (uint32_t)(r % L), v, c->out_unsigned);
    }
  if (c->pool && !c->hold_back)
    put(d, out, (uint32_t)(r % L), real ? post(d, c->post2, 4, pool, 0, entry, c->double_round) : 0,
        c->out_unsigned);
}

static void gemm(Direct *d, const StosCmd_gemm *c) {
  int L = (int)d->t->lanes, R = (int)d->t->rows;
  for (int m = 0; m * R < c->rows_total; m++) {
    int rows = (int)fuse_min(R, c->rows_total - m * R);
    for (int o0 = 0; o0 < c->o[0]; o0++)
      for (int o1 = 0; o1 < c->o[1]; o1++)
        for (int o2 = 0; o2 < c->o[2]; o2++)
          for (int r = 0; r < (rows + L - 1) / L * L; r++)
            gemm_row(d, c, (int[]){o0, o1, o2}, m, r);
  }
}

/* ---- CONV1D ---- */

static uint32_t conv_sum(const Direct *d, const StosCmd_conv1d *c, const int *o, int64_t oy,
                         int64_t ox, int64_t cb, uint32_t l) {
  uint32_t acc = 0;
  for (int kh = 0; kh < c->nkh; kh++)
    for (int k = 0; k < c->nkw; k++) {
      int kw = column_of(c->nkw, c->stride_x, k);
      int64_t iy = oy * c->stride_y + kh + c->y0, ix = ox * c->stride_x + kw + c->x0;
      for (int i = 0; i < 3; i++) {
        iy += o[i] * c->o_dy[i];
        ix += o[i] * c->o_dx[i];
      }
      uint32_t a = 0;
      if (iy >= 0 && iy < c->ih && ix >= 0 && ix < c->iw) {
        int64_t offset = iy * c->in_line + ix * c->in_pixel + cb * c->in_block + outer3(o, c->o_in);
        a = elem(d, ringed(c->in, offset, c->ring_size, c->ring_start), l, c->in_unsigned,
                 c->in_zp);
      }
      uint32_t w = elem(d, c->taps + cb * c->taps_block + kh * c->nkw + k + outer3(o, c->o_taps), l,
                        c->w_unsigned, c->w_zp);
      acc = mac(d, acc, w, a);
    }
  return acc;
}

/* One channel: all its output pixels. */
static void conv_channel(const Direct *d, const StosCmd_conv1d *c, const int *o, int64_t cb,
                         uint32_t l) {
  int64_t ch = cb * d->t->lanes + l, entry = c->param + ch + outer3(o, c->o_param);
  int64_t out = c->out + cb * c->out_block + outer3(o, c->o_out);
  int64_t bands = (int64_t)c->n_gb * c->n_seg * c->pieces;
  int64_t lines = fuse_min(c->ny_total, bands * c->ny);
  int64_t columns = fuse_min(c->nx_total, (int64_t)c->n_gt * c->nx);
  bool real = ch < c->channels;
  uint32_t pool = 0;
  for (int64_t y = 0; y < lines; y++)
    for (int64_t x = 0; x < columns; x++) {
      uint32_t v = 0, res = 0;
      if (real) {
        if (c->res_use)
          res = elem(d,
                     c->res + y * c->res_line + x * c->res_pixel + cb * c->res_block +
                         outer3(o, c->o_res),
                     l, c->res_unsigned, c->res_zp);
        v = post(d, c->post, 8, conv_sum(d, c, o, y, x, cb, l), res, entry, c->double_round);
        pool = pooled(d, c->pool, y == 0 && x == 0, pool, v);
      }
      if (!c->pool)
        put(d, out + y * c->out_line + x * c->out_pixel, l, v, c->out_unsigned);
    }
  if (c->pool)
    put(d, out, l, real ? post(d, c->post2, 4, pool, 0, entry, c->double_round) : 0,
        c->out_unsigned);
}

static void conv1d(const Direct *d, const StosCmd_conv1d *c) {
  for (int o0 = 0; o0 < c->o[0]; o0++)
    for (int o1 = 0; o1 < c->o[1]; o1++)
      for (int o2 = 0; o2 < c->o[2]; o2++)
        for (int64_t cb = 0; cb < c->blocks; cb++)
          for (uint32_t l = 0; l < d->t->lanes; l++)
            conv_channel(d, c, (int[]){o0, o1, o2}, cb, l);
}

/* ---- VECTOR ---- */

static uint32_t window(const Direct *d, const StosCmd_vector *c, int o0, int o1, int y, int x,
                       uint32_t l) {
  uint32_t v = 0;
  bool any = false;
  for (int ky = 0; ky < c->nky; ky++)
    for (int kx = 0; kx < c->nkx; kx++) {
      int64_t iy = (int64_t)y * c->stride_y + ky + c->y0 + o1 * c->o1_dy;
      int64_t ix = (int64_t)x * c->stride_x + kx + c->x0 + o1 * c->o1_dx;
      if (iy < 0 || iy >= c->ih || ix < 0 || ix >= c->iw)
        continue;
      int64_t offset =
          iy * c->in_line + ix * c->in_pixel + (int64_t)o0 * c->in_block + (int64_t)o1 * c->o1_in;
      uint32_t a =
          elem(d, ringed(c->in, offset, c->ring_size, c->ring_start), l, c->in_unsigned, c->in_zp);
      bool less = d->f32 ? f(v) < f(a) : (int32_t)v < (int32_t)a;
      if (c->reduce == STOS_REDUCE_SUM)
        v = d->f32 ? u(f(v) + f(a)) : v + a;
      else if (!any || less)
        v = a;
      any = true;
    }
  return v;
}

static void vector_word(const Direct *d, const StosCmd_vector *c, int o0, int o1, int y, int x) {
  for (uint32_t l = 0; l < d->t->lanes; l++) {
    int64_t ch = (int64_t)o0 * d->t->lanes + l;
    uint32_t res = 0, v = 0;
    if (ch < c->channels) {
      if (c->res_use)
        res = elem(d,
                   c->res + y * c->res_line + x * c->res_pixel + (int64_t)o0 * c->res_block +
                       (int64_t)o1 * c->o1_res,
                   l, c->res_unsigned, c->res_zp);
      v = post(d, c->post, 8, window(d, c, o0, o1, y, x, l), res, c->param + ch, c->double_round);
    }
    put(d,
        c->out + y * c->out_line + x * c->out_pixel + (int64_t)o0 * c->out_block +
            (int64_t)o1 * c->o1_out,
        l, v, c->out_unsigned);
  }
}

static void vector(const Direct *d, const StosCmd_vector *c) {
  for (int o0 = 0; o0 < c->o[0]; o0++)
    for (int o1 = 0; o1 < c->o[1]; o1++)
      for (int y = 0; y < c->ny; y++)
        for (int x = 0; x < c->nx; x++)
          vector_word(d, c, o0, o1, y, x);
}

/* ---- LOAD, STORE ---- */

static void copy_unit(const Direct *d, const StosCmd_load *c, bool store, int64_t dram,
                      int64_t chip) {
  uint32_t word = d->t->lanes * (d->f32 ? 4 : 1);
  uint32_t unit = c->space == 0 ? word : c->space == 1 ? 16 : 256;
  uint8_t *memory = c->space == 0 ? d->mem.scratchpad : c->space == 1 ? d->mem.params : d->mem.luts;
  uint8_t *on_chip = memory + chip * unit;
  if (c->fill) {
    for (uint32_t b = 0; b < unit; b++)
      on_chip[b] = (uint8_t)(c->value >> (d->f32 ? 8 * (b % 4) : 0));
    return;
  }
  uint8_t *in_dram = d->mem.region[c->region] + dram * unit;
  memcpy(store ? in_dram : on_chip, store ? on_chip : in_dram, unit);
}

static void dma(const Direct *d, const StosCmd_load *c, bool store) {
  for (int n0 = 0; n0 < c->n[0]; n0++)
    for (int n1 = 0; n1 < c->n[1]; n1++)
      for (int n2 = 0; n2 < c->n[2]; n2++)
        for (int n3 = 0; n3 < c->n[3]; n3++)
          for (int64_t i = 0; i < c->run; i++) {
            int64_t n[4] = {n0, n1, n2, n3}, dram = c->dram + i, chip = i;
            for (int k = 0; k < 4; k++) {
              dram += n[k] * c->dram_stride[k];
              chip += n[k] * c->chip_stride[k];
            }
            copy_unit(d, c, store, dram, ringed(c->chip, chip, c->ring_size, c->ring_start));
          }
}

void direct_run(FuseArena *arena, const StosProgram *program, const StosTarget *target, int dtype,
                const NaiveMemory *memory, NaiveHost *host, void *user) {
  Direct d = {.t = target, .f32 = dtype == FUSE_F32, .mem = *memory};
  d.acc = fuse_alloc_array(arena, 256 * (size_t)target->rows, sizeof *d.acc);
  for (size_t i = 0; i < program->n; i++) {
    const StosCmd *cmd = &program->cmds[i];
    switch (cmd->opcode) {
    case STOS_CMD_GEMM: gemm(&d, &cmd->gemm); break;
    case STOS_CMD_CONV1D: conv1d(&d, &cmd->conv1d); break;
    case STOS_CMD_VECTOR: vector(&d, &cmd->vector); break;
    case STOS_CMD_LOAD: dma(&d, &cmd->load, false); break;
    case STOS_CMD_STORE: dma(&d, (const StosCmd_load *)&cmd->store, true); break;
    case STOS_CMD_HOST: host(user, cmd->host.call, memory); break;
    default: break;
    }
  }
}

/* ---- closed forms ---- */

typedef struct List {
  NaiveEvent *events;
  size_t n, room;
} List;

static void note(List *list, NaiveEventKind kind, uint64_t cycle) {
  FUSE_ASSERT(list->n < list->room);
  list->events[list->n++] = (NaiveEvent){kind, 0, cycle};
}

/* Where the array is between two commands. */
typedef struct Line {
  const StosTarget *t;
  List *list;
  uint64_t ready; /* s + T of the last tile; CONV1D: the cycle after the last tap or phase step */
  uint64_t n;     /* pixels of the last tile that still have to drain before a next one may */
  uint64_t D;     /* of the last CONV1D drain */
  uint64_t empty;
} Line;

/* M-GEMM-3 to M-GEMM-5 */
static void gemm_events(Line *line, const StosCmd_gemm *c) {
  const StosTarget *t = line->t;
  uint64_t R = t->rows, C = t->cols, T = (uint64_t)t->lanes * c->nkh * c->nkw * c->nkc;
  int64_t lines = c->wrap ? 1 : c->ny, pixels = c->wrap ? (int64_t)c->ny * c->nx : c->nx;
  int64_t repeats =
      (int64_t)c->o[0] * c->o[1] * c->o[2] * fuse_ceil_div(c->rows_total, t->rows) * lines;
  for (int64_t i = 0; i < repeats; i++)
    for (int64_t x = 0; x < pixels; x += c->tile) {
      uint64_t s = line->ready + (line->n > T ? line->n - T : 0);
      uint64_t n = (uint64_t)fuse_min(c->tile, pixels - x);
      uint64_t D = t->overlap ? s + T + n - 1 : s + T + R + C - 2;
      note(line->list, NAIVE_TILE, s);
      line->ready = s + T;
      line->n = 0;
      if (c->hold_back)
        continue;
      note(line->list, NAIVE_DRAIN, D);
      note(line->list, NAIVE_LEAVE, D + (C - n) + n - 1 + (t->overlap ? R - 1 : 0));
      line->empty = t->overlap ? s + T + n + R + C - 2 : D + C;
      if (t->overlap)
        line->n = n;
      else
        line->ready = D + C;
    }
}

/* State of the hold schedule's clock. */
typedef struct Hold {
  const StosCmd_conv1d *c;
  const StosTarget *t;
  List *list;
  uint64_t now; /* the next phase step begins here */
  uint64_t D;   /* of the previous drain; 0: none */
} Hold;

static void conv_drain(Hold *h, uint64_t end) {
  h->D = end;
  note(h->list, NAIVE_DRAIN, end);
  note(h->list, NAIVE_LEAVE, end + h->t->cols - 1);
}

static bool inside(const StosCmd_conv1d *c, const int *o, int wave, int64_t line) {
  (void)wave;
  for (int b = 0; b < c->n_gb * c->n_seg * c->pieces; b++) {
    int64_t iy = (int64_t)b * c->ny * c->stride_y + line + c->y0;
    for (int i = 0; i < 3; i++)
      iy += o[i] * c->o_dy[i];
    if (iy >= 0 && iy < c->ih)
      return true;
  }
  return false;
}

/* A phase step as the formulas of M-CONV-7 see it. */
typedef struct Phase {
  uint64_t n, taps, open;
  bool inputs, completes, begins_wave;
  int64_t line, x, phase; /* of its inputs: line in the band, first column of the tile */
} Phase;

/* M-CONV-3 */
static int64_t spacing(const StosCmd_conv1d *c) {
  int64_t s = c->stride_x, h = (c->nkw + s - 1) / s - 1, Z = 0;
  for (int o0 = 0; o0 < c->o[0]; o0++)
    for (int o1 = 0; o1 < c->o[1]; o1++)
      for (int o2 = 0; o2 < c->o[2]; o2++)
        for (int gt = 0; gt < c->n_gt; gt++) {
          int64_t X = c->x0 + gt * c->nx * s + o0 * c->o_dx[0] + o1 * c->o_dx[1] + o2 * c->o_dx[2];
          int64_t lp = X < 0 ? -X / s : 0;
          int64_t inside = c->iw > X ? (c->iw - X + s - 1) / s : 0;
          int64_t rp = fuse_max(0, c->nx + h - inside);
          Z = fuse_max(Z, c->nx + h - fuse_min(h, fuse_min(lp, rp)));
        }
  return Z;
}

int64_t direct_piece_columns(const StosCmd_conv1d *c) {
  return (c->pieces - 1) * spacing(c) + c->nx;
}

/* Input q of a phase step is inside the window for some group and segment. */
static bool is_real(const StosCmd_conv1d *c, const int *o, const Phase *p, int64_t q) {
  int64_t piece = c->pieces > 1 ? fuse_min(q / spacing(c), c->pieces - 1) : 0;
  int64_t at = c->pieces > 1 ? q - piece * spacing(c) : q;
  for (int b = (int)piece; b < c->n_gb * c->n_seg * c->pieces; b += c->pieces)
    for (int gt = 0; gt < c->n_gt; gt++) {
      int64_t iy = (int64_t)b * c->ny * c->stride_y + p->line + c->y0;
      int64_t ix = (gt * c->nx + p->x + at) * c->stride_x + p->phase + c->x0;
      for (int i = 0; i < 3; i++)
        iy += o[i] * c->o_dy[i], ix += o[i] * c->o_dx[i];
      if (iy >= 0 && iy < c->ih && ix >= 0 && ix < c->iw)
        return true;
    }
  return false;
}

/* Cycles of a step until the next one's fill is in: a fill input that needs the port waits while
 * halo inputs do. */
static uint64_t fill_cycles(const StosCmd_conv1d *c, const int *o, const Phase *p,
                            const Phase *next) {
  uint64_t cycle = 0, K = p->inputs ? p->taps : 0;
  for (uint64_t q = 0; q < next->n; q++, cycle++)
    for (uint64_t k = 1; k < K; k++)
      if (cycle == k * p->open && is_real(c, o, p, (int64_t)(p->n - 1 + k)) &&
          is_real(c, o, next, (int64_t)q))
        cycle++;
  return cycle;
}

/* All phase steps of an outer iteration (hold), or tiles by phases (stream with stride). */
static size_t phases(const StosCmd_conv1d *c, const StosTarget *t, const int *o, Phase *out,
                     size_t room) {
  size_t n = 0;
  int64_t A = t->accumulators, sy = c->stride_y;
  int64_t band = A >= (c->nkh + sy - 1) / sy ? c->ny : A;
  for (int wave = 0; wave < c->waves; wave++) {
    bool begins = true;
    for (int x = 0; x < (c->pieces > 1 ? 1 : c->nx); x += c->tile)
      for (int64_t first = 0; first < c->ny; first += band) {
        int64_t b = fuse_min(band, c->ny - first);
        for (int64_t i = 0; i <= (b - 1) * sy + c->nkh - 1; i++) {
          uint64_t open = 0;
          bool done = false;
          for (int64_t l = 0; l < b; l++) {
            open += i - l * sy >= 0 && i - l * sy < c->nkh;
            done |= i - l * sy == c->nkh - 1;
          }
          bool in = inside(c, o, wave, first * sy + i);
          if (!open || (!in && !done))
            continue;
          int n_phases = in ? (int)fuse_min(c->stride_x, c->nkw) : 1;
          for (int p = 0; p < n_phases; p++) {
            FUSE_ASSERT(n < room);
            out[n++] =
                (Phase){.n = (uint64_t)(c->pieces > 1 ? direct_piece_columns(c)
                                                      : fuse_min(c->tile, c->nx - x)),
                        .taps = in ? (uint64_t)((c->nkw - p + c->stride_x - 1) / c->stride_x) : 0,
                        .open = open,
                        .inputs = in,
                        .completes = done && p == n_phases - 1,
                        .begins_wave = begins,
                        .line = first * sy + i,
                        .x = x,
                        .phase = p};
            begins = false;
          }
        }
      }
  }
  return n;
}

static void hold_events(Hold *h, const int *o) {
  static Phase list[20000];
  const StosCmd_conv1d *c = h->c;
  uint64_t F = (uint64_t)c->nkh * c->nkw, began = 0;
  size_t n = phases(c, h->t, o, list, FUSE_COUNTOF(list));
  h->now += F;
  if (h->t->shadow && list[0].inputs)
    h->now += list[0].n;
  for (size_t i = 0; i < n; i++) {
    const Phase *p = &list[i];
    uint64_t Q = p->inputs ? p->taps * p->open : 0, step;
    uint64_t n_d = (uint64_t)(c->n_seg - 1) * h->t->cols / c->n_seg + p->n;
    if (p->begins_wave) {
      if (i > 0 && h->now < began + F)
        h->now = began + F;
      began = h->now;
      note(h->list, NAIVE_TILE, h->now);
    }
    uint64_t fill = i + 1 < n && list[i + 1].inputs ? fill_cycles(c, o, p, p + 1) : 0;
    if (h->t->shadow)
      step = (uint64_t)fuse_max(fuse_max((int64_t)fill, (int64_t)Q), 1);
    else
      step = p->inputs ? p->n - 1 + Q : 1;
    h->now += step;
    if (!p->completes)
      continue;
    if (h->D && h->now < h->D + n_d)
      h->now = h->D + n_d;
    conv_drain(h, h->now);
  }
}

/* M-CONV-6 */
static void stream_events(Hold *h) {
  const StosCmd_conv1d *c = h->c;
  uint64_t K = c->nkw, s = c->stride_x;
  h->now += K;
  for (int wave = 0; wave < c->waves; wave++) {
    note(h->list, NAIVE_TILE, h->now);
    for (int y = 0; y < c->ny; y++) {
      uint64_t taps = 0; /* first tap of the tile */
      for (int x = 0; x < c->nx; x += c->tile) {
        uint64_t n = (uint64_t)fuse_min(c->tile, c->nx - x);
        if (s == 1) {
          n = n > K ? n : K;
          taps = x == 0 ? h->now + n - 1 : taps + n;
          conv_drain(h, taps + K);
          continue;
        }
        h->now += K >= s ? s * n + K - s : K * n;
        conv_drain(h, h->now);
      }
      if (s == 1)
        h->now = taps + K;
    }
  }
}

static void conv_events(Line *line, const StosCmd_conv1d *c) {
  Hold hold = {.c = c, .t = line->t, .list = line->list, .now = line->ready, .D = line->D};
  for (int o0 = 0; o0 < c->o[0]; o0++)
    for (int o1 = 0; o1 < c->o[1]; o1++)
      for (int o2 = 0; o2 < c->o[2]; o2++) {
        if (c->hold)
          hold_events(&hold, (int[]){o0, o1, o2});
        else
          stream_events(&hold);
      }
  line->ready = hold.now;
  line->D = hold.D;
  line->empty = hold.D + line->t->cols;
}

size_t direct_events(const StosProgram *program, const StosTarget *target, uint64_t start,
                     NaiveEvent *out, size_t room) {
  List list = {out, 0, room};
  Line line = {.t = target, .list = &list, .ready = start};
  uint8_t mode = 0;
  for (size_t i = 0; i < program->n; i++) {
    const StosCmd *cmd = &program->cmds[i];
    if (cmd->opcode != STOS_CMD_GEMM && cmd->opcode != STOS_CMD_CONV1D)
      continue;
    if (mode && mode != cmd->opcode) { /* M-ARR-2 */
      line.ready = line.empty;
      line.n = line.D = 0;
    }
    mode = cmd->opcode;
    if (mode == STOS_CMD_GEMM)
      gemm_events(&line, &cmd->gemm);
    else
      conv_events(&line, &cmd->conv1d);
  }
  return list.n;
}

uint64_t direct_vector_cycles(const StosCmd *cmd, const StosTarget *target) {
  const StosCmd_vector *c = &cmd->vector;
  uint64_t RG = stos_row_groups(target), window_size = (uint64_t)c->nky * c->nkx;
  uint64_t lines = (uint64_t)c->o[1] * c->ny;
  uint64_t chunks = c->across ? lines * c->nx * ((c->o[0] + RG - 1) / RG)
                              : lines * c->o[0] * ((c->nx + RG - 1) / RG);
  return chunks * window_size + target->post_latency;
}
