// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/* common.c - loops, semaphores, accesses and arithmetic that the units share. */
#include <stdarg.h>
#include <string.h>

#include "naive_private.h"

bool naive_fail(Naive *m, const char *format, ...) {
  char message[512];
  va_list args;
  va_start(args, format);
  fuse_vsnprintf(message, sizeof message, format, args);
  va_end(args);
  return fuse_diag_error(m->diag, "naive", "cycle %llu: %s", (unsigned long long)m->cycle, message);
}

void naive_event(Naive *m, NaiveEventKind kind, size_t command) {
  NaiveResult *result = m->result;
  result->events = fuse_grow(m->arena, result->events, result->n_events, &m->events_capacity,
                             result->n_events + 1, sizeof *result->events);
  result->events[result->n_events++] = (NaiveEvent){kind, command, m->array.clock.cycle};
}

/* ---- queues ---- */

/* The command a unit may begin in this cycle. */
const StosCmd *naive_head(Naive *m, StosQueue queue, size_t *index) {
  Queue *q = &m->queues[queue];
  if (q->issued == q->n || q->fetched_at[q->issued] >= m->cycle)
    return NULL;
  *index = q->commands[q->issued];
  return &m->program->cmds[*index];
}

void naive_issue(Naive *m, StosQueue queue) {
  m->queues[queue].issued++;
  m->progress = m->cycle;
}

void naive_complete(Naive *m, Effects *effects, size_t index) {
  (void)m;
  effects->completed[effects->n_completed++] = index;
}

/* ---- loops ---- */

void naive_loops(Loops *loops, int n, const int64_t *limits) {
  *loops = (Loops){.n = n};
  for (int i = 0; i < n; i++)
    loops->limit[i] = limits[i];
}

bool naive_begins(const Loops *loops, int loop) {
  for (int i = loop + 1; i < loops->n; i++)
    if (loops->at[i] != 0)
      return false;
  return true;
}

bool naive_ends(const Loops *loops, int loop) {
  for (int i = loop + 1; i < loops->n; i++)
    if (loops->at[i] != loops->limit[i] - 1)
      return false;
  return true;
}

bool naive_advance(Loops *loops) {
  for (int i = loops->n - 1; i >= 0; i--) {
    if (++loops->at[i] < loops->limit[i])
      return true;
    loops->at[i] = 0;
  }
  return false;
}

/* ---- semaphores ---- */

bool naive_wait(Naive *m, StosQueue queue, const StosCmd *cmd, const int *levels, int n) {
  Queue *q = &m->queues[queue];
  int points = n * cmd->n_waits;
  for (; q->wait_position < points; q->wait_position++) {
    const StosSync *wait = &cmd->sync[q->wait_position % cmd->n_waits];
    if (wait->level != levels[q->wait_position / cmd->n_waits])
      continue;
    if (m->semaphores[wait->semaphore] < wait->count) {
      q->waiting = true;
      return false;
    }
    m->semaphores[wait->semaphore] -= wait->count;
    m->progress = m->cycle;
  }
  q->wait_position = 0;
  return true;
}

void naive_add_signals(Signals *signals, const StosCmd *cmd, int level) {
  signals->cmd = cmd;
  for (int i = 0; i < cmd->n_signals; i++)
    signals->times[i] += cmd->sync[cmd->n_waits + i].level == level;
}

void naive_fire(Effects *effects, const Signals *signals, StosSyncKind kind) {
  for (int i = 0; signals->cmd && i < signals->cmd->n_signals; i++) {
    const StosSync *sync = &signals->cmd->sync[signals->cmd->n_waits + i];
    if (sync->kind == kind)
      effects->signalled[sync->semaphore] += sync->count * signals->times[i];
  }
}

/* ---- effects ---- */

void naive_write(Naive *m, Effects *effects, uint8_t *to, const void *data, uint32_t size_bytes) {
  FUSE_ASSERT(size_bytes <= sizeof effects->writes->data);
  effects->writes = fuse_grow(m->arena, effects->writes, effects->n_writes, &effects->capacity,
                              effects->n_writes + 1, sizeof *effects->writes);
  Write *write = &effects->writes[effects->n_writes++];
  write->to = to;
  write->size_bytes = size_bytes;
  memcpy(write->data, data, size_bytes);
}

void naive_write_word(Naive *m, Effects *effects, int64_t word, const uint32_t *lanes) {
  uint8_t data[MAX_LANES * 4];
  if (word < 0 || word >= m->target->scratchpad_words) {
    naive_fail(m, "write of word %lld outside the scratchpad", (long long)word);
    return;
  }
  for (uint32_t l = 0; l < m->target->lanes; l++) {
    if (m->dtype == FUSE_F32)
      fuse_put32(data + 4 * l, lanes[l]);
    else
      data[l] = (uint8_t)lanes[l];
  }
  naive_write(m, effects, m->memory.scratchpad + (size_t)word * m->word_bytes, data, m->word_bytes);
}

void naive_commit(Naive *m, Effects *effects) {
  for (size_t i = 0; i < effects->n_writes; i++)
    memcpy(effects->writes[i].to, effects->writes[i].data, effects->writes[i].size_bytes);
  for (int s = 0; s < STOS_N_SEMAPHORES; s++) {
    m->semaphores[s] += effects->signalled[s];
    effects->signalled[s] = 0;
  }
  for (size_t i = 0; i < effects->n_completed; i++) {
    size_t index = effects->completed[i];
    FUSE_ASSERT(!m->complete[index]);
    m->complete[index] = true;
    m->queues[stos_cmd_queue(&m->program->cmds[index])].incomplete--;
    m->progress = m->cycle;
  }
  effects->n_writes = effects->n_completed = 0;
}

/* ---- scratchpad ---- */

void naive_access(Access *access, int64_t word) {
  for (int i = 0; i < access->n; i++)
    if (access->words[i] == (uint32_t)word)
      return;
  FUSE_ASSERT(access->n < MAX_ACCESS);
  access->words[access->n++] = (uint32_t)word;
}

/* M-MEM-2 */
uint32_t naive_access_cycles(const Naive *m, const Access *access) {
  uint32_t fullest = 1;
  for (int i = 0; i < access->n; i++) {
    uint32_t same = 0;
    for (int k = 0; k < access->n; k++)
      same +=
          stos_bank_of(m->target, access->words[k]) == stos_bank_of(m->target, access->words[i]) &&
          stos_section_of(m->target, access->words[k]) ==
              stos_section_of(m->target, access->words[i]);
    fullest = same > fullest ? same : fullest;
  }
  return fullest;
}

/* M-OP-2 */
int64_t naive_ring(int64_t base, int64_t offset, uint32_t size, uint32_t start) {
  if (!size)
    return base + offset;
  int64_t at = (start + offset) % size;
  return base + (at < 0 ? at + size : at);
}

bool naive_read_word(Naive *m, int64_t word, bool is_unsigned, int zero_point, uint32_t *lanes) {
  if (word < 0 || word >= m->target->scratchpad_words)
    return naive_fail(m, "read of word %lld outside the scratchpad", (long long)word);
  const uint8_t *bytes = m->memory.scratchpad + (size_t)word * m->word_bytes;
  for (uint32_t l = 0; l < m->target->lanes; l++)
    lanes[l] = m->dtype == FUSE_F32
                   ? fuse_get32(bytes + 4 * l)
                   : (uint32_t)((is_unsigned ? bytes[l] : (int8_t)bytes[l]) - zero_point);
  return true;
}

/* ---- arithmetic (M-NUM-1) ---- */

static float as_float(uint32_t bits) {
  float f;
  memcpy(&f, &bits, sizeof f);
  return f;
}

static uint32_t as_bits(float f) {
  uint32_t bits;
  memcpy(&bits, &f, sizeof bits);
  return bits;
}

uint32_t naive_mul(int dtype, uint32_t a, uint32_t b) {
  return dtype == FUSE_F32 ? as_bits(as_float(a) * as_float(b)) : a * b;
}

uint32_t naive_add(int dtype, uint32_t a, uint32_t b) {
  return dtype == FUSE_F32 ? as_bits(as_float(a) + as_float(b)) : a + b;
}

uint32_t naive_sub(int dtype, uint32_t a, uint32_t b) {
  return dtype == FUSE_F32 ? as_bits(as_float(a) - as_float(b)) : a - b;
}

bool naive_less(int dtype, uint32_t a, uint32_t b) {
  return dtype == FUSE_F32 ? as_float(a) < as_float(b) : (int32_t)a < (int32_t)b;
}
