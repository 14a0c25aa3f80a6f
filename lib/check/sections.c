// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/* sections.c - two streams that may be active at the same time use different sections (M-MEM-4),
 * and chunks of an accumulation follow each other (M-GEMM-5).
 *
 * needs: the sections that each segment read and wrote through each stream
 * gives: an error when another stream of the same direction used one of them and isn't sure to be
 *        over
 */
#include <inttypes.h>

#include "check_private.h"

static const struct {
  const char *name;
  StosQueue queue;
  Timeline timeline;
} streams[N_STREAMS] = {
    [STREAM_LEFT] = {"left edge", STOS_QUEUE_ARRAY, AT_OPERANDS},
    [STREAM_TOP] = {"top edge", STOS_QUEUE_ARRAY, AT_OPERANDS},
    [STREAM_RESIDUAL] = {"residual", STOS_QUEUE_ARRAY, AT_RESIDUALS},
    [STREAM_A] = {"vector a", STOS_QUEUE_VECTOR, AT_OPERANDS},
    [STREAM_B] = {"vector b", STOS_QUEUE_VECTOR, AT_OPERANDS},
    [STREAM_STORE] = {"store", STOS_QUEUE_STORE, AT_OPERANDS},
    [STREAM_OUT] = {"array result", STOS_QUEUE_ARRAY, AT_RESULTS},
    [STREAM_VECTOR_OUT] = {"vector result", STOS_QUEUE_VECTOR, AT_RESULTS},
    [STREAM_LOAD] = {"load", STOS_QUEUE_LOAD, AT_RESULTS},
};

static bool report(const Checker *c, Stream mine, Stream other, uint32_t sections,
                   size_t other_command) {
  int section = 0;
  while (!(sections >> section & 1))
    section++;
  uint32_t words = stos_section_words(c->target);
  const char *what = mine < N_READ_STREAMS ? "read" : "write";
  if (other_command == c->command)
    return stos_check_fail(
        c,
        "%s and %s both %s section %d (scratchpad words %" PRIu32 "..%" PRIu32
        "); expected different sections for the streams of one command (M-MEM-4)",
        streams[mine].name, streams[other].name, what, section, (uint32_t)section * words,
        ((uint32_t)section + 1) * words - 1);
  return stos_check_fail(c,
                         "%s %ss section %d (scratchpad words %" PRIu32 "..%" PRIu32
                         ") while %s of %s may %s there; "
                         "expected another section, or a wait for its %s signal (M-MEM-4)",
                         streams[mine].name, what, section, (uint32_t)section * words,
                         ((uint32_t)section + 1) * words - 1, streams[other].name,
                         stos_check_describe(c, other_command), what,
                         streams[other].timeline == AT_RESULTS ? "DONE" : "READ or DONE");
}

/* Is what `other` did in segment `event` before all that `mine` does now? */
static bool is_over(const Checker *c, Stream mine, Stream other, uint32_t event) {
  StosQueue queue = streams[other].queue;
  if (stos_check_happened(c, queue, streams[other].timeline, event))
    return true;
  if (queue != streams[mine].queue)
    return false;
  /* In one queue reads come in order, only residuals are late (M-CTL-6); neighbours of the array
   * queue are looked at in check_neighbours. */
  return other != STREAM_RESIDUAL || event < c->array_empty;
}

static bool against(const Checker *c, Stream mine, Stream other) {
  for (uint32_t s = 0; s < c->target->sections; s++) {
    uint32_t last = c->last[other][s];
    if (!(c->segment_sections[mine] >> s & 1) || last == 0 || is_over(c, mine, other, last - 1))
      continue;
    return report(c, mine, other, 1u << s, c->queues[streams[other].queue].command_of[last - 1]);
  }
  return true;
}

/* Columns of the array lag: the edges of a tile may still read when the next begins, but not when
 * the one after it begins (M-GEMM-3, M-GEMM-4). A segment is one tile at least. */
static bool check_neighbours(const Checker *c) {
  const Tail *tail = &c->tail;
  if (c->queue != STOS_QUEUE_ARRAY || !tail->valid || !c->is_first ||
      c->program->cmds[c->command].opcode != STOS_CMD_GEMM || tail->opcode != STOS_CMD_GEMM)
    return true;
  for (size_t i = 0; i < tail->n_edges; i++) {
    const Edges *e = &tail->edges[i];
    if (stos_check_happened(c, STOS_QUEUE_ARRAY, AT_OPERANDS, e->event))
      continue;
    uint32_t left = c->segment_sections[STREAM_LEFT] & e->top;
    uint32_t top = c->segment_sections[STREAM_TOP] & e->left;
    if (left)
      return report(c, STREAM_LEFT, STREAM_TOP, left, e->command);
    if (top)
      return report(c, STREAM_TOP, STREAM_LEFT, top, e->command);
  }
  return true;
}

/* Streams of one command are always simultaneous. */
static bool check_own(const Checker *c) {
  static const Stream pairs[][2] = {{STREAM_LEFT, STREAM_TOP},
                                    {STREAM_LEFT, STREAM_RESIDUAL},
                                    {STREAM_TOP, STREAM_RESIDUAL},
                                    {STREAM_A, STREAM_B}};
  for (size_t i = 0; i < FUSE_COUNTOF(pairs); i++) {
    uint32_t both = c->command_sections[pairs[i][0]] & c->command_sections[pairs[i][1]];
    if (both)
      return report(c, pairs[i][0], pairs[i][1], both, c->command);
  }
  return true;
}

bool stos_check_sections(Checker *c) {
  for (int s = 0; s < N_STREAMS; s++)
    c->command_sections[s] |= c->segment_sections[s];
  if (!check_own(c) || !check_neighbours(c))
    return false;
  for (int mine = 0; mine < N_STREAMS; mine++) {
    int first = mine < N_READ_STREAMS ? 0 : N_READ_STREAMS;
    int end = mine < N_READ_STREAMS ? N_READ_STREAMS : N_STREAMS;
    for (int other = first; other < end && c->segment_sections[mine]; other++)
      if (other != mine && !against(c, (Stream)mine, (Stream)other))
        return false;
  }
  for (int s = 0; s < N_STREAMS; s++)
    for (uint32_t i = 0; i < c->target->sections; i++)
      if (c->segment_sections[s] >> i & 1)
        c->last[s][i] = c->event + 1;
  return true;
}

/* ---- the array's neighbours ---- */

static uint32_t chunk_pixels(const StosCmd_gemm *x) {
  return x->wrap ? (uint32_t)x->ny * x->nx : x->nx;
}

bool stos_check_chunks(Checker *c) {
  const StosCmd *cmd = &c->program->cmds[c->command];
  const Tail *tail = &c->tail;
  /* M-ARR-2: the array is empty, so all operands and residuals were read. */
  if (cmd->opcode != STOS_CMD_SIGNAL && tail->valid && tail->opcode != cmd->opcode)
    c->array_empty = c->event;
  bool keeps = cmd->opcode == STOS_CMD_GEMM && cmd->gemm.keep;
  bool held = tail->valid && tail->held;
  if (keeps && !held)
    return stos_check_fail(c, "keep, but the array command before has drained; expected one with "
                              "hold_back just before (M-GEMM-5)");
  if (!held)
    return true;
  if (!keeps)
    return stos_check_fail(c,
                           "stands between the chunks of %s; expected the chunk that keeps its "
                           "accumulators (M-GEMM-5)",
                           stos_check_describe(c, tail->command));
  if (cmd->gemm.rows_total == tail->rows && chunk_pixels(&cmd->gemm) == tail->pixels)
    return true;
  return stos_check_fail(c,
                         "a chunk of %d rows and %" PRIu32 " pixels; expected %" PRIu32
                         " rows and %" PRIu32 " pixels as in %s (M-GEMM-5)",
                         cmd->gemm.rows_total, chunk_pixels(&cmd->gemm), tail->rows, tail->pixels,
                         stos_check_describe(c, tail->command));
}

void stos_check_array_done(Checker *c) {
  const StosCmd *cmd = &c->program->cmds[c->command];
  Tail *tail = &c->tail;
  if (cmd->opcode == STOS_CMD_SIGNAL)
    return;
  /* Behind a chunk nothing waits for the last columns, so its neighbour's neighbour overlaps too
   * (M-GEMM-5). */
  size_t kept = 0;
  for (size_t i = 0; i < tail->n_edges && tail->valid && tail->held; i++)
    if (!stos_check_happened(c, STOS_QUEUE_ARRAY, AT_OPERANDS, tail->edges[i].event))
      tail->edges[kept++] = tail->edges[i];
  tail->edges =
      fuse_grow(c->arena, tail->edges, kept, &tail->capacity, kept + 1, sizeof *tail->edges);
  tail->edges[kept] = (Edges){.left = c->segment_sections[STREAM_LEFT],
                              .top = c->segment_sections[STREAM_TOP],
                              .event = c->event,
                              .command = c->command};
  tail->n_edges = kept + 1;
  tail->valid = true;
  tail->held = false;
  tail->opcode = cmd->opcode;
  tail->command = c->command;
  if (cmd->opcode == STOS_CMD_GEMM) {
    tail->held = cmd->gemm.hold_back;
    tail->rows = cmd->gemm.rows_total;
    tail->pixels = chunk_pixels(&cmd->gemm);
  }
}

void stos_check_sections_barrier(Checker *c) {
  c->tail.valid = false;
}
