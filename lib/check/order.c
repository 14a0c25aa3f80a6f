// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/* order.c - run the four queues without time, and keep clocks of what must have happened.
 *
 * needs: commands that passed the rules of single commands
 * gives: each segment's operands checked in an order that the program allows, or a deadlock
 *        (M-CTL-1), a semaphore left over (M-CTL-4)
 * One run decides: a wait takes what is there, and only its own queue takes from that semaphore, so
 * whatever can run can run later too.
 * Clocks: a signal carries what its queue knew and has done; a wait adds it to what the waiting
 * queue knows.
 */
#include <inttypes.h>

#include "check_private.h"

/* Signals and segments cost more than words. */
enum { SEGMENT_WORK = 64 };
/* Segment numbers share a word with the queue (shadow.c). */
#define MAX_EVENTS (UINT32_C(1) << 28)

static const char *const queue_names[STOS_N_QUEUES] = {"load", "array", "vector", "store"};

static void clock_join(Clock *into, const Clock *from) {
  for (int q = 0; q < STOS_N_QUEUES; q++)
    for (int t = 0; t < N_TIMELINES; t++)
      if (into->at[q][t] < from->at[q][t])
        into->at[q][t] = from->at[q][t];
}

static void clock_meet(Clock *into, const Clock *from) {
  for (int q = 0; q < STOS_N_QUEUES; q++)
    for (int t = 0; t < N_TIMELINES; t++)
      if (into->at[q][t] > from->at[q][t])
        into->at[q][t] = from->at[q][t];
}

/* ---- levels ---- */

/* From outer to inner: of which level each loop is. */
typedef struct Levels {
  uint32_t size[MAX_LEVELS]; /* of loop 0, 1, ... */
  int level[MAX_LEVELS];     /* 1 is the first */
  int depth;                 /* loops down to the deepest wait or signal */
  uint64_t n_segments;
} Levels;

/* Loops outside an iteration of the level, this one included. */
static int loops_of(const Levels *levels, int level) {
  int loop = 0;
  while (level > 0 && levels->level[loop] != level)
    loop++;
  return level > 0 ? loop + 1 : 0;
}

/* Segments in one iteration of a level; saturates where the checker would give up anyway. */
static uint64_t segments_of(const Levels *levels, int level) {
  uint64_t n = 1;
  for (int v = loops_of(levels, level); v < levels->depth; v++)
    n = n * levels->size[v] < MAX_EVENTS ? n * levels->size[v] : MAX_EVENTS;
  return n;
}

static Levels levels_of(const Checker *c, const StosCmd *cmd) {
  Levels levels = {.size = {1, 1, 1, 1, 1}, .level = {1, 2, 3, 4, 5}};
  switch (cmd->opcode) {
  case STOS_CMD_LOAD:
  case STOS_CMD_STORE:
    for (int v = 0; v < 4; v++)
      levels.size[v] = cmd->load.n[v]; /* a store has the same fields */
    break;
  case STOS_CMD_GEMM: stos_check_gemm_levels(c, &cmd->gemm, levels.size); break;
  case STOS_CMD_CONV1D:
    for (int v = 0; v < 3; v++)
      levels.size[v] = cmd->conv1d.o[v];
    break;
  case STOS_CMD_VECTOR: stos_check_vector_levels(c, &cmd->vector, levels.size, levels.level); break;
  }
  for (int i = 0; i < cmd->n_waits + cmd->n_signals; i++) {
    int loops = loops_of(&levels, cmd->sync[i].level);
    if (levels.depth < loops)
      levels.depth = loops;
  }
  levels.n_segments = segments_of(&levels, 0);
  return levels;
}

/* Iterations by level. */
static Part part_of(const Levels *levels, uint64_t segment) {
  Part part;
  for (int loop = MAX_LEVELS - 1; loop >= 0; loop--) {
    int v = levels->level[loop] - 1;
    part.first[v] = 0;
    part.end[v] = levels->size[loop];
    if (loop >= levels->depth)
      continue;
    part.first[v] = (uint32_t)(segment % levels->size[loop]);
    part.end[v] = part.first[v] + 1;
    segment /= levels->size[loop];
  }
  return part;
}

/* ---- semaphores ---- */

static bool has_happened_at(const Clock *clock, StosQueue queue, Timeline timeline,
                            uint32_t event) {
  return clock->at[queue][timeline] > event;
}

/* M-CTL-7 wants signals in order, but one for READ may come before an earlier one for DONE. Then a
 * wait for the earlier one knows only what both say. */
static bool weaken_overtaken(Checker *c, Semaphore *s, StosQueue queue, int number) {
  const Signal *now = &s->signals[s->n - 1];
  for (size_t i = s->n - 1; i-- > 0;) {
    Signal *before = &s->signals[i];
    if (has_happened_at(&now->clock, queue, before->timeline, before->event))
      return true;
    StosQueue waiter = stos_cmd_queue(&c->program->cmds[s->waiter ? s->waiter - 1 : c->command]);
    if (before->taken_by && !c->in_program_order &&
        !has_happened_at(&now->clock, waiter, AT_OPERANDS, before->taken_by - 1))
      return stos_check_fail(
          c,
          "the signal of s%d may come before that of %s, so which of the two a wait "
          "takes isn't determined; expected signals of one kind (M-CTL-7)",
          number, stos_check_describe(c, before->command));
    clock_meet(&before->clock, &now->clock);
  }
  return true;
}

/* What a signal of this kind says when the iteration that began with segment `first` is over. */
static Signal make_signal(const Checker *c, const Queue *q, int kind, uint32_t first) {
  Signal signal = {.clock = c->known, .command = c->command, .event = c->event};
  uint32_t *own = signal.clock.at[c->queue];
  own[AT_OPERANDS] = c->event + 1;
  signal.timeline = AT_OPERANDS;
  if (q->residuals > first) {
    own[AT_RESIDUALS] = q->residuals;
    signal.timeline = AT_RESIDUALS;
    signal.event = q->residuals - 1;
  }
  bool is_host = c->program->cmds[c->command].opcode == STOS_CMD_HOST; /* both kinds (M-CTL-5) */
  if ((kind == STOS_SIGNAL_DONE || is_host) && q->results > first) {
    own[AT_RESULTS] = q->results;
    own[AT_RESIDUALS] = (uint32_t)fuse_max(own[AT_RESIDUALS], q->results);
    signal.timeline = AT_RESULTS;
    signal.event = q->results - 1;
  }
  return signal;
}

static bool give_signals(Checker *c, Queue *q, const StosCmd *cmd, const Levels *levels) {
  for (int i = cmd->n_waits; i < cmd->n_waits + cmd->n_signals; i++) {
    const StosSync *sync = &cmd->sync[i];
    uint64_t iteration = segments_of(levels, sync->level);
    if ((q->segment + 1) % iteration != 0)
      continue;
    Semaphore *s = &c->semaphores[sync->semaphore];
    s->signals = fuse_grow(c->arena, s->signals, s->n, &s->capacity, s->n + 1, sizeof *s->signals);
    s->total += sync->count;
    s->signals[s->n] = make_signal(c, q, sync->kind, c->event + 1 - (uint32_t)iteration);
    s->signals[s->n++].total = s->total;
    if (!weaken_overtaken(c, s, c->queue, sync->semaphore))
      return false;
  }
  return true;
}

static bool take(Queue *q, Semaphore *s, uint16_t count) {
  if (s->total - s->taken < count)
    return false;
  s->taken += count;
  for (;; s->next++) {
    Signal *signal = &s->signals[s->next];
    signal->taken_by = q->n_events + 1;
    if (signal->total < s->taken)
      continue;
    clock_join(&q->known, &signal->clock);
    if (signal->total == s->taken)
      s->next++;
    return true;
  }
}

/* The wait that holds the head back, or NULL. Outer levels first (M-CTL-2). */
static const StosSync *take_waits(Checker *c, Queue *q, const StosCmd *cmd, const Levels *levels) {
  int number = 0;
  for (int loops = 0; loops <= levels->depth; loops++)
    for (int i = 0; i < cmd->n_waits; i++) {
      const StosSync *sync = &cmd->sync[i];
      if (loops_of(levels, sync->level) != loops ||
          q->segment % segments_of(levels, sync->level) != 0)
        continue;
      if (number++ < q->waits_taken)
        continue;
      if (!take(q, &c->semaphores[sync->semaphore], sync->count))
        return sync;
      q->waits_taken++;
    }
  return NULL;
}

/* ---- HOST and the array (M-CTL-5) ---- */

/* Array commands before `command` in the program are complete. */
static bool array_is_done(const Checker *c, size_t command) {
  const Queue *array = &c->queues[STOS_QUEUE_ARRAY];
  return array->n == 0 || array->fifo[array->first] > command;
}

/* HOST comes after them, and after everything before it in its own queue (M-CTL-6). */
static void order_host(Checker *c, Queue *q, size_t command) {
  const Queue *array = &c->queues[STOS_QUEUE_ARRAY];
  uint32_t n = array->n_events;
  while (n > 0 && array->command_of[n - 1] > command)
    n--;
  if (n > 0)
    clock_join(&q->known, &array->clocks[n - 1]);
  for (int t = 0; t < N_TIMELINES; t++) {
    q->known.at[STOS_QUEUE_ARRAY][t] = (uint32_t)fuse_max(q->known.at[STOS_QUEUE_ARRAY][t], n);
    q->known.at[STOS_QUEUE_STORE][t] = q->n_events;
  }
}

/* ---- one segment ---- */

static bool touch_operands(Checker *c, const StosCmd *cmd, const Part *part) {
  switch (cmd->opcode) {
  case STOS_CMD_LOAD: return stos_check_dma(c, &cmd->load, true, part);
  case STOS_CMD_STORE: return stos_check_dma(c, &cmd->load, false, part); /* the same fields */
  case STOS_CMD_GEMM: return stos_check_gemm(c, &cmd->gemm, part);
  case STOS_CMD_CONV1D: return stos_check_conv1d(c, &cmd->conv1d, part);
  case STOS_CMD_VECTOR: return stos_check_vector(c, &cmd->vector, part);
  case STOS_CMD_HOST: return stos_check_host(c, &cmd->host);
  default: return true;
  }
}

static bool enter_segment(Checker *c, StosQueue queue) {
  Queue *q = &c->queues[queue];
  const StosCmd *cmd = &c->program->cmds[q->fifo[q->first]];
  c->command = q->fifo[q->first];
  c->queue = queue;
  c->event = q->n_events;
  c->is_first = q->segment == 0;
  if (q->n_events >= MAX_EVENTS)
    return stos_check_fail(
        c, "more than %" PRIu32 " iterations with waits and signals; not supported", MAX_EVENTS);
  if (cmd->opcode == STOS_CMD_HOST)
    order_host(c, q, c->command);
  c->known = q->known;
  c->read_residual = c->wrote = false;
  for (int s = 0; s < N_STREAMS; s++) {
    c->segment_sections[s] = 0;
    if (c->is_first)
      c->command_sections[s] = 0;
  }
  q->command_of = fuse_grow(c->arena, q->command_of, q->n_events, &q->command_capacity,
                            (size_t)q->n_events + 1, sizeof *q->command_of);
  q->command_of[q->n_events] = c->command;
  if (queue == STOS_QUEUE_ARRAY && c->n_calls > 0) { /* only HOST asks for them */
    q->clocks = fuse_grow(c->arena, q->clocks, q->n_events, &q->clock_capacity,
                          (size_t)q->n_events + 1, sizeof *q->clocks);
    q->clocks[q->n_events] = c->known;
  }
  if (queue == STOS_QUEUE_ARRAY && c->is_first && !stos_check_chunks(c))
    return false;
  return stos_check_spend(c, SEGMENT_WORK);
}

static bool leave_segment(Checker *c, const StosCmd *cmd, const Levels *levels) {
  Queue *q = &c->queues[c->queue];
  if (!stos_check_sections(c))
    return false;
  if (c->read_residual)
    q->residuals = c->event + 1;
  if (c->wrote)
    q->results = c->event + 1;
  if (!give_signals(c, q, cmd, levels))
    return false;
  q->n_events++;
  if (cmd->opcode == STOS_CMD_HOST)
    for (int t = 0; t < N_TIMELINES; t++)
      q->known.at[c->queue][t] = q->n_events;
  q->waits_taken = 0;
  if (++q->segment < levels->n_segments)
    return true;
  if (c->queue == STOS_QUEUE_ARRAY)
    stos_check_array_done(c);
  q->segment = 0;
  q->first = (q->first + 1) % c->target->queue_depth;
  q->n--;
  return true;
}

/* Run the next segment of the queue's head if it can. *moved: it could. */
static bool step(Checker *c, StosQueue queue, bool *moved) {
  Queue *q = &c->queues[queue];
  *moved = false;
  if (q->n == 0)
    return true;
  const StosCmd *cmd = &c->program->cmds[q->fifo[q->first]];
  Levels levels = levels_of(c, cmd);
  if (take_waits(c, q, cmd, &levels))
    return true;
  if (cmd->opcode == STOS_CMD_HOST && !array_is_done(c, q->fifo[q->first]))
    return true;
  *moved = true;
  Part part = part_of(&levels, q->segment);
  return enter_segment(c, queue) && touch_operands(c, cmd, &part) && leave_segment(c, cmd, &levels);
}

/* ---- fetch ---- */

/* Everything before has happened for everybody (M-CTL-4). */
static bool pass_barrier(Checker *c) {
  for (int i = 0; i < STOS_N_SEMAPHORES; i++) {
    Semaphore *s = &c->semaphores[i];
    if (s->total != s->taken)
      return stos_check_fail_at(
          c, c->next, "s%d is %" PRIu64 " here, signalled last by %s; expected 0 (M-CTL-4)", i,
          s->total - s->taken, stos_check_describe(c, s->signals[s->n - 1].command));
    s->n = s->next = 0;
    s->total = s->taken = 0;
    s->signaller = s->waiter = 0;
  }
  if (c->tail.valid && c->tail.held)
    return stos_check_fail_at(c, c->next,
                              "comes between the chunks that began with %s; expected the "
                              "chunk that drains before (M-GEMM-5)",
                              stos_check_describe(c, c->tail.command));
  for (int q = 0; q < STOS_N_QUEUES; q++)
    for (int p = 0; p < STOS_N_QUEUES; p++)
      for (int t = 0; t < N_TIMELINES; t++)
        c->queues[q].known.at[p][t] = c->queues[p].n_events;
  stos_check_sections_barrier(c);
  return true;
}

/* M-CTL-2: one signalling and one waiting queue. */
static bool claim(const Checker *c, size_t command, size_t *owner, int semaphore,
                  const char *what) {
  const StosCmd *cmds = c->program->cmds;
  StosQueue queue = stos_cmd_queue(&cmds[command]);
  if (*owner == 0)
    *owner = command + 1;
  StosQueue first = stos_cmd_queue(&cmds[*owner - 1]);
  return first == queue ||
         stos_check_fail_at(
             c, command,
             "the %s queue %s s%d, and so does the %s queue (%s); expected one of them "
             "between barriers (M-CTL-2)",
             queue_names[queue], what, semaphore, queue_names[first],
             stos_check_describe(c, *owner - 1));
}

static bool claim_semaphores(Checker *c, size_t command) {
  const StosCmd *cmd = &c->program->cmds[command];
  for (int i = 0; i < cmd->n_waits + cmd->n_signals; i++) {
    Semaphore *s = &c->semaphores[cmd->sync[i].semaphore];
    bool waits = i < cmd->n_waits;
    if (!claim(c, command, waits ? &s->waiter : &s->signaller, cmd->sync[i].semaphore,
               waits ? "waits for" : "signals"))
      return false;
  }
  return true;
}

static bool all_empty(const Checker *c) {
  for (int q = 0; q < STOS_N_QUEUES; q++)
    if (c->queues[q].n > 0)
      return false;
  return true;
}

/* Fetch as far as the queues allow. */
static bool fetch(Checker *c) {
  for (; c->next < c->program->n; c->next++) {
    const StosCmd *cmd = &c->program->cmds[c->next];
    if (cmd->opcode == STOS_CMD_BARRIER || cmd->opcode == STOS_CMD_END) {
      if (!all_empty(c))
        return true;
      if (!pass_barrier(c))
        return false;
      continue;
    }
    Queue *q = &c->queues[stos_cmd_queue(cmd)];
    if (q->n == c->target->queue_depth)
      return true;
    if (!claim_semaphores(c, c->next))
      return false;
    q->fifo[(q->first + q->n++) % c->target->queue_depth] = c->next;
  }
  return true;
}

/* ---- deadlock ---- */

/* Nothing can move: say what the first command in program order waits for, and why in vain. */
static bool report_deadlock(Checker *c) {
  Queue *stuck = NULL;
  for (int i = 0; i < STOS_N_QUEUES; i++) {
    Queue *q = &c->queues[i];
    if (q->n > 0 && (!stuck || q->fifo[q->first] < stuck->fifo[stuck->first]))
      stuck = q;
  }
  FUSE_ASSERT(stuck);
  size_t command = stuck->fifo[stuck->first];
  const StosCmd *cmds = c->program->cmds;
  Levels levels = levels_of(c, &cmds[command]);
  const StosSync *sync = take_waits(c, stuck, &cmds[command], &levels);
  FUSE_ASSERT(sync); /* a HOST without waits stands behind an array command, which comes first */
  const Semaphore *s = &c->semaphores[sync->semaphore];
  const char *why = "no later command signals it before the next barrier";
  for (size_t i = command + 1; i < c->program->n; i++) {
    if (cmds[i].opcode == STOS_CMD_BARRIER || cmds[i].opcode == STOS_CMD_END)
      break;
    bool signals = false;
    for (int k = cmds[i].n_waits; k < cmds[i].n_waits + cmds[i].n_signals; k++)
      signals |= cmds[i].sync[k].semaphore == sync->semaphore;
    if (!signals)
      continue;
    const char *state = i < c->next ? "is stuck itself" : "isn't fetched: a queue is full";
    why = fuse_format(c->arena, "%s, which would signal it, %s", stos_check_describe(c, i), state);
    break;
  }
  return stos_check_fail_at(c, command,
                            "deadlock: waits for %d of s%d, which is %" PRIu64 "; %s (M-CTL-1)",
                            sync->count, sync->semaphore, s->total - s->taken, why);
}

/* The queues in the order in which they are tried. Loads last: an array command's later signals are
 * seen before a load takes the earlier ones (weaken_overtaken). */
static void order_queues(const Checker *c, StosQueue order[STOS_N_QUEUES]) {
  static const StosQueue fixed[] = {STOS_QUEUE_ARRAY, STOS_QUEUE_VECTOR, STOS_QUEUE_STORE,
                                    STOS_QUEUE_LOAD};
  for (int i = 0; i < STOS_N_QUEUES; i++) {
    int at = i;
    for (; c->in_program_order && at > 0; at--) {
      const Queue *q = &c->queues[fixed[i]], *before = &c->queues[order[at - 1]];
      if (before->n > 0 && (q->n == 0 || before->fifo[before->first] < q->fifo[q->first]))
        break;
      order[at] = order[at - 1];
    }
    order[at] = fixed[i];
  }
}

bool stos_check_order(Checker *c) {
  for (int q = 0; q < STOS_N_QUEUES; q++)
    c->queues[q].fifo = fuse_alloc_array(c->arena, c->target->queue_depth, sizeof(size_t));
  while (fetch(c)) {
    StosQueue order[STOS_N_QUEUES];
    order_queues(c, order);
    bool moved = false;
    for (size_t i = 0; i < FUSE_COUNTOF(order) && !moved; i++)
      if (!step(c, order[i], &moved))
        return false;
    if (!moved)
      return c->next == c->program->n || report_deadlock(c);
  }
  return false;
}
