// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/* queues.c - fetch, the four command queues, semaphores and barriers.
 *
 * source: docs/machine.md, section 8
 */
#include "sim_private.h"

static const SimActor actor_of[STOS_N_QUEUES] = {SIM_LOAD, SIM_ARRAY, SIM_VECTOR, SIM_STORE};

static void wake(Sim *sim, SimActor actor, uint64_t cycle) {
  if (sim->next[actor] > cycle)
    sim->next[actor] = cycle;
}

static bool is_barrier(const StosCmd *cmd) {
  return cmd->opcode == STOS_CMD_BARRIER || cmd->opcode == STOS_CMD_END;
}

/* Count what each queue will get before the next barrier, and forget who used the semaphores. */
static void begin_segment(Sim *sim) {
  for (int q = 0; q < STOS_N_QUEUES; q++)
    sim->queues[q].remaining = 0;
  for (size_t i = sim->fetch_at; i < sim->program->n && !is_barrier(&sim->program->cmds[i]); i++)
    sim->queues[stos_cmd_queue(&sim->program->cmds[i])].remaining++;
  for (int s = 0; s < STOS_N_SEMAPHORES; s++)
    sim->semaphores[s].signaller = sim->semaphores[s].waiter = -1;
}

void sim_queues_init(Sim *sim) {
  uint32_t depth = sim->target->queue_depth;
  for (int q = 0; q < STOS_N_QUEUES; q++) {
    sim->queues[q] = (SimQueue){
        .fifo = fuse_alloc_array(sim->arena, depth, sizeof(SimFetched)),
        .completes = fuse_alloc_array(sim->arena, depth, sizeof(uint64_t)),
        .completing = fuse_alloc_array(sim->arena, depth, sizeof(size_t)),
        .blocked_on = -1,
    };
  }
  begin_segment(sim);
}

/* ---- completion ---- */

static void forget_completed(SimQueue *queue, uint64_t now) {
  uint32_t kept = 0;
  for (uint32_t i = 0; i < queue->n_incomplete; i++) {
    if (queue->completes[i] <= now)
      continue;
    queue->completes[kept] = queue->completes[i];
    queue->completing[kept++] = queue->completing[i];
  }
  queue->n_incomplete = kept;
}

void sim_complete(Sim *sim, size_t cmd, StosQueue queue, uint64_t cycle) {
  SimQueue *q = &sim->queues[queue];
  for (uint32_t i = 0; i < q->n_incomplete; i++)
    if (q->completing[i] == cmd && q->completes[i] == SIM_NEVER)
      q->completes[i] = cycle;
  sim->result->cmds[cmd].complete = cycle;
  wake(sim, SIM_FETCH, cycle > sim->now ? cycle : sim->now);
  if (queue == STOS_QUEUE_ARRAY) /* a HOST may wait for it */
    wake(sim, SIM_STORE, cycle > sim->now ? cycle : sim->now);
}

uint64_t sim_complete_before(const Sim *sim, StosQueue queue, size_t cmd) {
  const SimQueue *q = &sim->queues[queue];
  uint64_t last = 0;
  for (uint32_t i = 0; i < q->n_incomplete; i++)
    if (q->completing[i] < cmd && q->completes[i] > last)
      last = q->completes[i];
  return last;
}

/* ---- fetch ---- */

static bool semaphores_empty(Sim *sim) {
  for (int s = 0; s < STOS_N_SEMAPHORES; s++) {
    uint64_t left = 0;
    for (size_t i = 0; i < sim->semaphores[s].n; i++)
      left += sim->semaphores[s].credits[i].count;
    if (left > 0)
      return sim_error(sim, sim->fetch_at,
                       "semaphore %d still holds %llu; expected 0 at a barrier (M-CTL-4)", s,
                       (unsigned long long)left);
  }
  return true;
}

/* The cycle in which the last command completes, as far as known. */
static uint64_t all_complete(Sim *sim) {
  uint64_t last = 0;
  for (int q = 0; q < STOS_N_QUEUES; q++) {
    forget_completed(&sim->queues[q], sim->now);
    for (uint32_t i = 0; i < sim->queues[q].n_incomplete; i++)
      if (sim->queues[q].completes[i] > last)
        last = sim->queues[q].completes[i];
  }
  return last;
}

static void fetch_barrier(Sim *sim, const StosCmd *cmd) {
  uint64_t last = all_complete(sim);
  if (last > sim->now) {
    sim->next[SIM_FETCH] = last;
    return;
  }
  if (!semaphores_empty(sim))
    return;
  StosCmdStats *stats = &sim->result->cmds[sim->fetch_at];
  stats->start = stats->complete = sim->now;
  if (cmd->opcode == STOS_CMD_END) {
    sim->over = true;
    return;
  }
  sim->fetch_at++;
  begin_segment(sim);
  sim->next[SIM_FETCH] = sim->now + 1;
}

void sim_fetch_step(Sim *sim) {
  const StosCmd *cmd = &sim->program->cmds[sim->fetch_at];
  if (is_barrier(cmd)) {
    fetch_barrier(sim, cmd);
    return;
  }
  StosQueue queue = stos_cmd_queue(cmd);
  SimQueue *q = &sim->queues[queue];
  forget_completed(q, sim->now);
  if (q->n_incomplete == sim->target->queue_depth) {
    uint64_t first = SIM_NEVER;
    for (uint32_t i = 0; i < q->n_incomplete; i++)
      first = q->completes[i] < first ? q->completes[i] : first;
    sim->next[SIM_FETCH] = first;
    return;
  }
  q->completes[q->n_incomplete] = SIM_NEVER;
  q->completing[q->n_incomplete++] = sim->fetch_at;
  q->fifo[(q->head + q->n++) % sim->target->queue_depth] =
      (SimFetched){sim->fetch_at, sim->now + 1};
  q->remaining--;
  wake(sim, actor_of[queue], sim->now + 1);
  sim->fetch_at++;
  sim->next[SIM_FETCH] = sim->now + 1;
}

/* ---- the units' side of a queue ---- */

const SimFetched *sim_queue_head(Sim *sim, StosQueue queue, uint64_t now, uint64_t *retry) {
  SimQueue *q = &sim->queues[queue];
  *retry = SIM_NEVER;
  if (q->n == 0)
    return NULL;
  const SimFetched *head = &q->fifo[q->head];
  if (head->ready <= now)
    return head;
  *retry = head->ready;
  return NULL;
}

StosSimReason sim_queue_starved(const Sim *sim, StosQueue queue) {
  return sim->queues[queue].remaining > 0 || sim->queues[queue].n > 0 ? STOS_SIM_FETCH
                                                                      : STOS_SIM_IDLE;
}

void sim_queue_pop(Sim *sim, StosQueue queue) {
  SimQueue *q = &sim->queues[queue];
  q->head = (q->head + 1) % sim->target->queue_depth;
  q->n--;
}

/* ---- semaphores ---- */

/* Only one queue may signal, and one wait, between two barriers (M-CTL-2). */
static bool claim(Sim *sim, size_t cmd, int *user, int queue, int semaphore, const char *verb) {
  if (*user >= 0 && *user != queue)
    return sim_error(sim, cmd,
                     "semaphore %d: the %s and the %s queue %s it between two barriers; expected "
                     "one (M-CTL-2)",
                     semaphore, sim_queue_name(*user), sim_queue_name(queue), verb);
  *user = queue;
  return true;
}

/* Take `count` credits visible at `now`; false with the earliest cycle at which they may be there.
 */
static bool take(SimSemaphore *semaphore, uint64_t count, uint64_t now, uint64_t *retry) {
  uint64_t have = 0;
  size_t i = 0;
  for (; i < semaphore->n && have < count; i++)
    have += semaphore->credits[i].count;
  *retry = have < count ? SIM_NEVER : semaphore->credits[i - 1].cycle;
  if (have < count || *retry > now)
    return false;
  /* The last one read may keep a rest. */
  size_t used = have == count ? i : i - 1;
  if (have > count)
    semaphore->credits[used].count = have - count;
  for (size_t k = used; k < semaphore->n; k++)
    semaphore->credits[k - used] = semaphore->credits[k];
  semaphore->n -= used;
  return true;
}

int sim_level_rank(const StosCmd *cmd, int level) {
  static const int across[4] = {0, 3, 1, 2};
  return cmd->opcode == STOS_CMD_VECTOR && cmd->vector.across ? across[level] : level;
}

bool sim_take_waits(Sim *sim, size_t cmd, StosQueue queue, int first, int last, uint64_t now,
                    uint64_t *retry) {
  const StosCmd *c = &sim->program->cmds[cmd];
  SimQueue *q = &sim->queues[queue];
  for (int rank = first; rank <= last; rank++) {
    for (int i = 0; i < c->n_waits; i++) {
      const StosSync *sync = &c->sync[i];
      if (sim_level_rank(c, sync->level) != rank || q->taken >> i & 1)
        continue;
      SimSemaphore *semaphore = &sim->semaphores[sync->semaphore];
      if (!claim(sim, cmd, &semaphore->waiter, queue, sync->semaphore, "wait for"))
        return false;
      if (!take(semaphore, sync->count, now, retry)) {
        q->blocked_on = sync->semaphore;
        return false;
      }
      q->taken |= 1u << i;
    }
  }
  q->taken = 0;
  q->blocked_on = -1;
  return true;
}

bool sim_signal(Sim *sim, size_t cmd, uint32_t sync_index, uint64_t cycle) {
  const StosSync *sync = &sim->program->cmds[cmd].sync[sync_index];
  StosQueue queue = stos_cmd_queue(&sim->program->cmds[cmd]);
  SimSemaphore *semaphore = &sim->semaphores[sync->semaphore];
  if (!claim(sim, cmd, &semaphore->signaller, queue, sync->semaphore, "signal"))
    return false;
  semaphore->credits = fuse_grow(sim->arena, semaphore->credits, semaphore->n, &semaphore->capacity,
                                 semaphore->n + 1, sizeof(SimCredit));
  size_t at = semaphore->n++;
  for (; at > 0 && semaphore->credits[at - 1].cycle > cycle; at--)
    semaphore->credits[at] = semaphore->credits[at - 1];
  semaphore->credits[at] = (SimCredit){cycle, sync->count};
  for (int q = 0; q < STOS_N_QUEUES; q++)
    if (sim->queues[q].blocked_on == sync->semaphore)
      wake(sim, actor_of[q], cycle > sim->now ? cycle : sim->now);
  return true;
}

void sim_run_signal(Sim *sim, size_t cmd, StosQueue queue, uint64_t now, uint64_t visible) {
  const StosCmd *c = &sim->program->cmds[cmd];
  sim->result->cmds[cmd].start = now;
  for (uint32_t i = c->n_waits; i < (uint32_t)c->n_waits + c->n_signals; i++)
    sim_signal(sim, cmd, i, visible);
  sim_queue_pop(sim, queue);
  sim_complete(sim, cmd, queue, visible);
}

/* ---- deadlock ---- */

static void describe(const Sim *sim, int queue, FuseText *text) {
  const SimQueue *q = &sim->queues[queue];
  size_t cmd = q->fifo[q->head].cmd;
  const StosCmd *c = &sim->program->cmds[cmd];
  fuse_text_printf(text, "%s%s queue: command %zu at 0x%x (%s)", text->length > 0 ? "; " : "",
                   sim_queue_name(queue), cmd,
                   sim->program->offsets ? sim->program->offsets[cmd] : 0,
                   stos_cmd_info(c->opcode)->name);
  if (q->blocked_on < 0) {
    fuse_text_puts(text, " waits for the array commands before it");
    return;
  }
  uint64_t have = 0, need = 0;
  for (size_t i = 0; i < sim->semaphores[q->blocked_on].n; i++)
    have += sim->semaphores[q->blocked_on].credits[i].count;
  for (int i = 0; i < c->n_waits; i++)
    if (c->sync[i].semaphore == q->blocked_on)
      need = c->sync[i].count;
  fuse_text_printf(text, " waits for %llu of semaphore %d, which has %llu",
                   (unsigned long long)need, q->blocked_on, (unsigned long long)have);
}

bool sim_deadlock(Sim *sim) {
  FuseText text = {0};
  for (int queue = 0; queue < STOS_N_QUEUES; queue++)
    if (sim->queues[queue].n > 0)
      describe(sim, queue, &text);
  fuse_diag_error(sim->diag, sim->options->place ? sim->options->place : "",
                  "deadlock in cycle %llu: %s", (unsigned long long)sim->now,
                  text.length > 0 ? text.data : "nothing moves");
  fuse_text_fini(&text);
  return false;
}
