// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/* drain.c - drain registers (overlap = 0: the accumulators as a chain) and the right edge. */
#include "naive_private.h"

/* Put a value into a register that must be free. */
static void put(Naive *m, Drained *at, Drained value, int row, int column) {
  if (at->valid)
    naive_fail(m, "two values meet in the drain register of PE (%d,%d)", row, column);
  *at = value;
}

void naive_drain_load(Naive *m, int row, int column, int packet, uint32_t value) {
  put(m, &m->array.next[row * (int)m->target->cols + column].drain,
      (Drained){true, packet, column, value}, row, column);
}

/* Remove the row skew: row r waits R - 1 - r cycles. */
static Drained deskew(Naive *m, uint32_t row, Drained in) {
  uint32_t rows = m->target->rows, n = rows - 1 - row;
  Drained *line = &m->array.deskew[row * rows];
  if (n == 0)
    return in;
  Drained out = line[n - 1];
  for (uint32_t i = n - 1; i > 0; i--)
    line[i] = line[i - 1];
  line[0] = in;
  return out;
}

static void shift_row(Naive *m, uint32_t r) {
  Array *a = &m->array;
  int cols = (int)m->target->cols;
  Drained direct = {0}, skewed = {0};
  for (int c = cols - 1; c >= 0; c--) {
    Drained item = a->now[(int)r * cols + c].drain;
    if (!item.valid)
      continue;
    const Packet *packet = &a->packets[item.packet];
    if (!packet->moving[r])
      put(m, &a->next[(int)r * cols + c].drain, item, (int)r, c);
    else if (c + 1 < cols)
      put(m, &a->next[(int)r * cols + c + 1].drain, item, (int)r, c + 1);
    else if (packet->skewed)
      skewed = item;
    else
      direct = item;
    if (r == 0 && packet->moving[r] && c == packet->n_drain - 1 && item.column == c)
      naive_event(m, NAIVE_DRAIN, packet->index);
  }
  a->edge[r] = deskew(m, r, skewed);
  if (direct.valid)
    put(m, &a->edge[r], direct, (int)r, cols);
}

/* A cycle of the drain, before this cycle's results are loaded. */
void naive_drain_shift(Naive *m) {
  Array *a = &m->array;
  uint32_t rows = m->target->rows, cols = m->target->cols;
  for (int p = 0; p < a->n_packets; p++)
    for (uint32_t r = 0; r < rows && a->packets[p].live; r++)
      a->packets[p].moving[r] = a->packets[p].moves[r];
  for (uint32_t i = 0; i < rows * cols; i++)
    a->next[i].drain = (Drained){0};
  for (uint32_t r = 0; r < rows; r++)
    shift_row(m, r);
}
