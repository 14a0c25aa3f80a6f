// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/* dma.c - load and store queues, the DRAM channel between them, and HOST (M-DMA, M-CTL-5). */
#include <string.h>

#include "naive_private.h"

enum { BURST = 16 };

static const StosCmd_load *fields(const StosCmd *cmd) {
  return cmd->opcode == STOS_CMD_LOAD ? &cmd->load : (const StosCmd_load *)&cmd->store;
}
_Static_assert(sizeof(StosCmd_load) == sizeof(StosCmd_store), "the same fields");

static uint32_t unit_bytes(const Naive *m, const StosCmd_load *x) {
  return x->space == STOS_SPACE_SCRATCHPAD ? m->word_bytes
         : x->space == STOS_SPACE_PARAM    ? STOS_PARAM_BYTES
                                           : STOS_LUT_BYTES;
}

static uint64_t chip_bytes(const Naive *m, const StosCmd_load *x) {
  const StosTarget *t = m->target;
  return (uint64_t)unit_bytes(m, x) * (x->space == STOS_SPACE_SCRATCHPAD ? t->scratchpad_words
                                       : x->space == STOS_SPACE_PARAM    ? t->param_entries
                                                                         : t->luts);
}

static uint8_t *chip_memory(const Naive *m, const StosCmd_load *x) {
  return x->space == STOS_SPACE_SCRATCHPAD ? m->memory.scratchpad
         : x->space == STOS_SPACE_PARAM    ? m->memory.params
                                           : m->memory.luts;
}

/* ---- the next beat of a queue ---- */

/* What is left of the unit at hand, on both sides. False: outside a memory. */
static bool fragment(Naive *m, const Dma *dma, Fragment *fragment) {
  const StosCmd_load *x = fields(dma->cmd);
  uint32_t unit = unit_bytes(m, x);
  int64_t dram = x->dram + dma->loops.at[4], chip = dma->loops.at[4];
  for (int i = 0; i < 4; i++) {
    dram += dma->loops.at[i] * x->dram_stride[i];
    chip += dma->loops.at[i] * x->chip_stride[i];
  }
  chip = naive_ring(x->chip, chip, x->ring_size, x->ring_start);
  if (chip < 0 || (uint64_t)(chip + 1) * unit > chip_bytes(m, x))
    return naive_fail(m, "%s: unit %lld outside the memory on chip", "dma", (long long)chip);
  if (!x->fill && (dram < 0 || (uint64_t)(dram + 1) * unit > m->memory.region_bytes[x->region]))
    return naive_fail(m, "%s: unit %lld outside the DRAM region", "dma", (long long)dram);
  *fragment = (Fragment){.dram = (uint64_t)dram * unit + dma->unit_at,
                         .chip = (uint64_t)chip * unit + dma->unit_at,
                         .size_bytes = unit - dma->unit_at};
  return true;
}

/* Waits of the levels whose iteration begins with this run. */
static bool run_waits(Naive *m, Dma *dma) {
  int levels[5], n = 0;
  for (int level = 0; level <= 4; level++)
    if (naive_begins(&dma->loops, level - 1))
      levels[n++] = level;
  return naive_wait(m, dma->queue, dma->cmd, levels, n);
}

static bool run_has_wait(const Dma *dma) {
  for (int i = 0; i < dma->cmd->n_waits; i++)
    if (naive_begins(&dma->loops, dma->cmd->sync[i].level - 1))
      return true;
  return false;
}

/* Past the fragment; true: the beat can't go on. */
static bool advance(Naive *m, Dma *dma, uint32_t size_bytes) {
  const StosCmd_load *x = fields(dma->cmd);
  dma->unit_at += size_bytes;
  if (dma->unit_at < unit_bytes(m, x))
    return true;
  dma->unit_at = 0;
  bool ends_run = dma->loops.at[4] + 1 == dma->loops.limit[4];
  for (int level = 0; level <= 4 && ends_run; level++)
    if (naive_ends(&dma->loops, level - 1))
      naive_add_signals(&dma->beat.signals, dma->cmd, level);
  dma->beat.ends_command = naive_ends(&dma->loops, -1);
  dma->running = !ends_run;
  return !naive_advance(&dma->loops) || (x->fill && ends_run);
}

/* Add fragments until the beat is full: M-DMA-2; a fill's beat: M-DMA-1. */
static bool build_beat(Naive *m, Dma *dma) {
  const StosCmd_load *x = fields(dma->cmd);
  uint64_t beat_bytes = (uint64_t)m->target->dram_elems * m->elem_bytes;
  uint32_t of_fill = m->target->dram_elems / m->target->lanes;
  Beat *beat = &dma->beat;
  for (bool over = false; !over;) {
    Fragment f;
    if (!dma->running) {
      if (beat->n > 0 && run_has_wait(dma))
        break;
      if (!run_waits(m, dma))
        return false;
      dma->running = true;
    }
    if (!fragment(m, dma, &f))
      return false;
    if (!x->fill) {
      uint64_t end = (f.dram / beat_bytes + 1) * beat_bytes;
      if (beat->n > 0 && beat->fragments[0].dram / beat_bytes != f.dram / beat_bytes)
        break;
      f.size_bytes = (uint32_t)fuse_min(f.size_bytes, (int64_t)(end - f.dram));
    }
    beat->fragments = fuse_grow(m->arena, beat->fragments, beat->n, &beat->capacity, beat->n + 1,
                                sizeof *beat->fragments);
    beat->fragments[beat->n++] = f;
    over = advance(m, dma, f.size_bytes) || (x->fill && beat->n == of_fill);
  }
  return true;
}

/* HOST: true when it ran in this cycle. */
static bool try_host(Naive *m, Dma *dma) {
  const Queue *array = &m->queues[STOS_QUEUE_ARRAY];
  if (!dma->running && !naive_wait(m, dma->queue, dma->cmd, (int[]){0}, 1))
    return false;
  dma->running = true;
  for (size_t i = 0; i < array->n; i++)
    if (array->commands[i] < dma->index && !m->complete[array->commands[i]])
      return false;
  m->host(m->user, dma->cmd->host.call, &m->memory);
  return true;
}

/* SIGNAL or HOST: this cycle of the queue, if it may. */
static void control(Naive *m, Dma *dma) {
  Signals signals = {0};
  if (dma->cmd->opcode == STOS_CMD_HOST && !try_host(m, dma))
    return;
  naive_add_signals(&signals, dma->cmd, 0);
  naive_fire(&dma->effects, &signals, STOS_SIGNAL_READ);
  naive_fire(&dma->effects, &signals, STOS_SIGNAL_DONE);
  naive_complete(m, &dma->effects, dma->index);
  dma->cmd = NULL;
  dma->running = false;
}

/* Make the queue's next beat ready if it can be. */
static void prepare(Naive *m, Dma *dma) {
  if (dma->beat.ready)
    return;
  if (!dma->cmd) {
    const StosCmd *cmd = naive_head(m, dma->queue, &dma->index);
    if (!cmd)
      return;
    naive_issue(m, dma->queue);
    dma->cmd = cmd;
    if (cmd->opcode == STOS_CMD_LOAD || cmd->opcode == STOS_CMD_STORE) {
      const StosCmd_load *x = fields(cmd);
      naive_loops(&dma->loops, 5, (int64_t[]){x->n[0], x->n[1], x->n[2], x->n[3], x->run});
    }
  }
  if (dma->cmd->opcode != STOS_CMD_LOAD && dma->cmd->opcode != STOS_CMD_STORE) {
    control(m, dma);
    return;
  }
  dma->beat.ready = build_beat(m, dma);
  dma->beat.cmd = dma->cmd;
  dma->beat.index = dma->index;
  if (dma->beat.ends_command)
    dma->cmd = NULL;
}

/* ---- the channel ---- */

static bool offers(const Dma *dma) {
  return dma->beat.ready && dma->left == 0 && !fields(dma->beat.cmd)->fill;
}

/* M-DMA-3: whose beat is served; NULL: none. */
static Dma *choose(Naive *m) {
  Channel *channel = &m->channel;
  Dma *serving = channel->serving;
  Dma *other = serving == &m->load ? &m->store : &m->load;
  if (serving && offers(serving) && channel->burst < BURST) {
    channel->burst++;
    return serving;
  }
  channel->burst = 1;
  if (offers(other))
    return channel->serving = other;
  /* After idling the load side was asked first. */
  if (!serving)
    serving = &m->store;
  return channel->serving = offers(serving) ? serving : NULL;
}

/* How long a beat takes: its scratchpad words in the fullest bank. */
static uint32_t beat_cycles(const Naive *m, const Beat *beat) {
  Access access = {0};
  if (fields(beat->cmd)->space != STOS_SPACE_SCRATCHPAD)
    return 1;
  for (size_t i = 0; i < beat->n; i++)
    naive_access(&access, (int64_t)(beat->fragments[i].chip / m->word_bytes));
  return naive_access_cycles(m, &access);
}

static Arrival *new_arrival(Naive *m, Dma *dma) {
  for (uint32_t i = 0; i < m->target->dram_latency + 2; i++)
    if (!dma->arrivals[i].used)
      return &dma->arrivals[i];
  fuse_fatal("naive model: more beats on their way than cycles");
}

/* Data of a load's beat, dram_latency cycles before they are written. */
static void send_load(Naive *m, Dma *dma) {
  const Beat *beat = &dma->beat;
  const StosCmd_load *x = fields(beat->cmd);
  Arrival *arrival = new_arrival(m, dma);
  arrival->used = true;
  arrival->at_cycle = m->cycle + m->target->dram_latency;
  for (size_t i = 0; i < beat->n; i++) {
    const Fragment *f = &beat->fragments[i];
    uint8_t value[MAX_LANES * 4];
    for (uint32_t b = 0; b < m->word_bytes; b += m->elem_bytes) {
      if (m->dtype == FUSE_F32)
        fuse_put32(value + b, x->value);
      else
        value[b] = (uint8_t)x->value;
    }
    const uint8_t *from = x->fill ? value : m->memory.region[x->region] + f->dram;
    naive_write(m, &arrival->effects, chip_memory(m, x) + f->chip, from, f->size_bytes);
  }
  naive_fire(&arrival->effects, &beat->signals, STOS_SIGNAL_DONE);
  if (beat->ends_command)
    naive_complete(m, &arrival->effects, beat->index);
}

static void send_store(Naive *m, Dma *dma) {
  const Beat *beat = &dma->beat;
  const StosCmd_load *x = fields(beat->cmd);
  for (size_t i = 0; i < beat->n; i++) {
    const Fragment *f = &beat->fragments[i];
    naive_write(m, &dma->effects, m->memory.region[x->region] + f->dram,
                m->memory.scratchpad + f->chip, f->size_bytes);
  }
  naive_fire(&dma->effects, &beat->signals, STOS_SIGNAL_DONE);
  if (beat->ends_command)
    naive_complete(m, &dma->effects, beat->index);
}

/* One cycle of a beat that has begun. */
static void beat_cycle(Naive *m, Dma *dma) {
  Beat *beat = &dma->beat;
  if (dma->left == 0)
    return;
  m->progress = m->cycle;
  if (--dma->left > 0)
    return;
  naive_fire(&dma->effects, &beat->signals, STOS_SIGNAL_READ);
  if (dma == &m->load)
    send_load(m, dma);
  else
    send_store(m, dma);
  *beat = (Beat){.fragments = beat->fragments, .capacity = beat->capacity};
}

static bool on_channel(const Dma *dma) {
  return dma->left > 0 && !fields(dma->beat.cmd)->fill;
}

void naive_dma_tick(Naive *m) {
  Dma *load = &m->load, *store = &m->store;
  prepare(m, load);
  prepare(m, store);
  if (!on_channel(load) && !on_channel(store)) {
    Dma *served = choose(m);
    if (served)
      served->left = beat_cycles(m, &served->beat);
  }
  if (load->beat.ready && load->left == 0 && fields(load->beat.cmd)->fill)
    load->left = beat_cycles(m, &load->beat);
  beat_cycle(m, load);
  beat_cycle(m, store);
}

void naive_dma_end(Naive *m) {
  for (uint32_t i = 0; i < m->target->dram_latency + 2; i++) {
    Arrival *arrival = &m->load.arrivals[i];
    if (!arrival->used || arrival->at_cycle != m->cycle)
      continue;
    naive_commit(m, &arrival->effects);
    arrival->used = false;
  }
  naive_commit(m, &m->load.effects);
  naive_commit(m, &m->store.effects);
}
