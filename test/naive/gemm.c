// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/* gemm.c - GEMM mode: tiles, both edges with their lags, and the PEs' multiply-add. */
#include <string.h>

#include "naive_private.h"

typedef struct Tile {
  int64_t first; /* pixel, in (y, x) order */
  int n;
} Tile;

static int64_t tiles(const StosCmd_gemm *x) {
  return x->wrap ? fuse_ceil_div((int64_t)x->ny * x->nx, x->tile)
                 : x->ny * fuse_ceil_div(x->nx, x->tile);
}

/* M-GEMM-2 */
static Tile tile_at(const StosCmd_gemm *x, int64_t i) {
  if (x->wrap) {
    int64_t first = i * x->tile;
    return (Tile){first, (int)fuse_min(x->tile, (int64_t)x->ny * x->nx - first)};
  }
  int64_t of_line = fuse_ceil_div(x->nx, x->tile);
  int64_t from = i % of_line * x->tile;
  return (Tile){i / of_line * x->nx + from, (int)fuse_min(x->tile, x->nx - from)};
}

static uint32_t steps(const StosCmd_gemm *x, const StosTarget *target) {
  return target->lanes * x->nkh * x->nkw * x->nkc;
}

void naive_gemm_loops(const StosCmd *cmd, const StosTarget *target, Loops *loops) {
  const StosCmd_gemm *x = &cmd->gemm;
  int64_t blocks = fuse_ceil_div(x->rows_total, target->rows);
  naive_loops(loops, 5, (int64_t[]){x->o[0], x->o[1], x->o[2], blocks, tiles(x)});
}

/* M-GEMM-4: a tile starts in this cycle, unless its results would meet others in the drain. */
bool naive_gemm_begin(Naive *m) {
  Array *a = &m->array;
  const StosCmd_gemm *x = &a->cmd->gemm;
  const Loops *loops = &a->loops;
  Tile tile = tile_at(x, loops->at[4]);
  uint64_t now = a->clock.cycle, last = now + steps(x, m->target);
  if (tile.n > (int)m->target->cols)
    return naive_fail(m, "tile of %d pixels; the array has %u columns", tile.n, m->target->cols);
  /* A chunk that keeps its results starts as if it drained (M-GEMM-5). */
  if (m->target->overlap ? !naive_drain_free(m, tile.n, last, 1) : !naive_array_empty(m))
    return false;
  a->packet = a->start_token = naive_packet(m, a->cmd, a->index);
  a->step = 0;
  Packet *packet = &a->packets[a->packet];
  packet->n = packet->n_drain = tile.n;
  packet->first = tile.first;
  packet->block = (uint32_t)loops->at[3];
  packet->drains = packet->in_array = !x->hold_back;
  packet->skewed = m->target->overlap;
  packet->res_done = !x->res_use || x->hold_back;
  packet->ends_pool = naive_ends(loops, 3);
  packet->ends_command = naive_ends(loops, -1);
  for (int i = 0; i < 3; i++)
    packet->o[i] = (uint32_t)loops->at[i];
  for (int level = 0; level <= loops->n; level++)
    if (naive_ends(loops, level - 1))
      naive_add_signals(&packet->signals, a->cmd, level);
  if (packet->drains && m->target->overlap)
    naive_drain_reserve(m, last + (uint64_t)tile.n - 1);
  naive_event(m, NAIVE_TILE, a->index);
  return true;
}

/* The left edge's step: a weight per row, with the control bits that go with it. */
bool naive_gemm_issue(Naive *m) {
  Array *a = &m->array;
  const StosTarget *t = m->target;
  Packet *packet = &a->packets[a->packet];
  const StosCmd_gemm *x = &packet->cmd->gemm;
  uint32_t total = steps(x, t);
  int64_t rows = fuse_min(t->rows, (int64_t)x->rows_total - (int64_t)packet->block * t->rows);
  int64_t groups = fuse_ceil_div(rows, t->lanes);
  int64_t base = x->left + (int64_t)packet->block * x->left_m + a->step * groups;
  for (int i = 0; i < 3; i++)
    base += (int64_t)packet->o[i] * x->o_left[i];
  Access access = {0};
  for (uint32_t r = 0; r < t->rows; r++)
    a->left[r] = (Operand){.valid = true,
                           .first = a->step == 0 && !x->keep,
                           .last = a->step == total - 1,
                           .packet = a->packet,
                           .step = a->step};
  for (int64_t g = 0; g < groups; g++) {
    uint32_t lanes[MAX_LANES];
    if (!naive_read_word(m, base + g, x->w_unsigned, x->w_zp, lanes))
      return true;
    naive_access(&access, base + g);
    for (uint32_t l = 0; l < t->lanes; l++)
      a->left[g * t->lanes + l].value = lanes[l];
  }
  a->slowest = (uint32_t)fuse_max(a->slowest, naive_access_cycles(m, &access));
  packet->issued = ++a->step == total;
  return packet->issued;
}

/* order(n, s) of M-GEMM-1: the kernel column at this position. */
static int kernel_column(int n, int s, int position) {
  for (int p = 0; p < s; p++)
    for (int kw = p; kw < n; kw += s)
      if (position-- == 0)
        return kw;
  FUSE_ASSERT(false);
  return 0;
}

/* Word `j` of a column's pixel (M-GEMM-1); false: outside the window. */
static bool pixel_word(const Packet *packet, int column, uint32_t j, int64_t *word) {
  const StosCmd_gemm *x = &packet->cmd->gemm;
  int64_t pixel = packet->first + packet->n - 1 - column;
  int64_t kc = j % x->nkc;
  int kw = kernel_column(x->nkw, x->kphase, (int)(j / x->nkc % x->nkw));
  int64_t kh = j / x->nkc / x->nkw;
  int64_t iy = pixel / x->nx * x->stride_y + kh * x->dil_y + x->y0;
  int64_t ix = pixel % x->nx * x->stride_x + kw * x->dil_x + x->x0;
  int64_t offset = kc * x->in_block + (int64_t)packet->block * x->in_m;
  for (int i = 0; i < 3; i++) {
    iy += (int64_t)packet->o[i] * x->o_dy[i];
    ix += (int64_t)packet->o[i] * x->o_dx[i];
    offset += (int64_t)packet->o[i] * x->o_in[i];
  }
  offset += iy * x->in_line + ix * x->in_pixel;
  *word = naive_ring(x->in, offset, x->ring_size, x->ring_start);
  return iy >= 0 && iy < x->ih && ix >= 0 && ix < x->iw;
}

/* One column of the top edge: a new word every `lanes` steps, one element of it in each. */
static void column_step(Naive *m, uint32_t c, Access *access) {
  Array *a = &m->array;
  Column *column = &a->columns[c];
  Packet *packet = &a->packets[column->packet];
  const StosCmd_gemm *x = &packet->cmd->gemm;
  uint32_t lane = column->step % m->target->lanes, total = steps(x, m->target);
  int64_t word;
  if (lane == 0) {
    memset(column->word, 0, sizeof column->word);
    if (pixel_word(packet, (int)c, column->step / m->target->lanes, &word)) {
      if (!naive_read_word(m, word, x->in_unsigned, x->in_zp, column->word))
        return;
      naive_access(access, word);
    }
    if ((int)c == packet->n - 1 && column->step + m->target->lanes == total)
      packet->top_done = true;
  }
  a->top[c] = (Operand){
      .valid = true, .packet = column->packet, .step = column->step, .value = column->word[lane]};
  column->active = ++column->step < total;
}

/* M-GEMM-3: a start token runs along the columns, one per cycle. */
void naive_gemm_top(Naive *m) {
  Array *a = &m->array;
  Access access = {0};
  for (uint32_t c = m->target->cols - 1; c > 0; c--)
    a->starts[c] = a->starts[c - 1];
  a->starts[0] = a->start_token;
  for (uint32_t c = 0; c < m->target->cols; c++) {
    Column *column = &a->columns[c];
    if (a->starts[c] >= 0 && (int)c < a->packets[a->starts[c]].n) {
      if (column->active)
        naive_fail(m, "two tiles at once in column %u of the top edge", c);
      *column = (Column){.active = true, .packet = a->starts[c]};
    }
    if (column->active)
      column_step(m, c, &access);
  }
  a->slowest = (uint32_t)fuse_max(a->slowest, naive_access_cycles(m, &access));
}

/* Row r gets what the left edge read r cycles ago. */
static void skew(Naive *m) {
  Array *a = &m->array;
  uint32_t rows = m->target->rows;
  for (uint32_t r = 1; r < rows; r++) {
    Operand *line = &a->skew[r * rows], out = line[r - 1];
    for (uint32_t i = r - 1; i > 0; i--)
      line[i] = line[i - 1];
    line[0] = a->left[r];
    a->left[r] = out;
  }
}

static void pe_step(Naive *m, uint32_t r, uint32_t c, Operand left, Operand top) {
  Array *a = &m->array;
  Pe *next = &a->next[r * m->target->cols + c];
  const Pe *now = &a->now[r * m->target->cols + c];
  next->left = left;
  next->top = top;
  if (!left.valid) {
    if (top.valid)
      naive_fail(m, "PE (%u,%u): an input without a weight", r, c);
    return;
  }
  Packet *packet = &a->packets[left.packet];
  if (top.valid) {
    if (top.packet != left.packet || top.step != left.step)
      naive_fail(m, "PE (%u,%u): operands of different steps meet", r, c);
    if (!m->target->overlap && now->drain.valid)
      naive_fail(m, "PE (%u,%u): accumulates while it drains", r, c);
    uint32_t acc = left.first ? 0 : now->acc[0];
    acc = naive_add(m->dtype, acc, naive_mul(m->dtype, left.value, top.value));
    next->acc[0] = acc;
    if (left.last && packet->drains)
      naive_drain_load(m, (int)r, (int)c, left.packet, acc);
  } else if ((int)c < packet->n) {
    naive_fail(m, "PE (%u,%u): a weight without an input", r, c);
  }
  if (!left.last)
    return;
  if (!packet->drains) /* its last operands are on their way out */
    packet->live &= r < m->target->rows - 1 || c < m->target->cols - 1;
  if (!packet->drains)
    return;
  if (m->target->overlap && (int)c == packet->n - 1)
    packet->moves[r] = true;
  if (!m->target->overlap && r == m->target->rows - 1 && c == m->target->cols - 1)
    memset(packet->moves, true, m->target->rows);
}

void naive_gemm_step(Naive *m) {
  Array *a = &m->array;
  uint32_t cols = m->target->cols;
  skew(m);
  for (uint32_t r = 0; r < m->target->rows; r++)
    for (uint32_t c = 0; c < cols; c++)
      pe_step(m, r, c, c == 0 ? a->left[r] : a->now[r * cols + c - 1].left,
              r == 0 ? a->top[c] : a->now[(r - 1) * cols + c].top);
}
