// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/* dma.c - LOAD, STORE and HOST: beats, the DRAM channel, fills.
 *
 * source: docs/machine.md, section 9, M-CTL-5
 */
#include <assert.h>
#include <string.h>

#include "sim_private.h"

#define BURST_BEATS 16
#define MAX_PIECES 65536

static uint32_t unit_bytes(const Sim *sim, const StosCmd_load *f) {
  return f->space == STOS_SPACE_SCRATCHPAD ? sim->word_bytes
         : f->space == STOS_SPACE_PARAM    ? STOS_PARAM_BYTES
                                           : STOS_LUT_BYTES;
}

static uint64_t units_of(const Sim *sim, const StosCmd_load *f) {
  return f->space == STOS_SPACE_SCRATCHPAD ? sim->target->scratchpad_words
         : f->space == STOS_SPACE_PARAM    ? sim->target->param_entries
                                           : sim->target->luts;
}

/* ---- checks ---- */

/* LOAD and STORE have the same fields. */
static const StosCmd_load *fields_of(const Sim *sim, size_t cmd) {
  static_assert(sizeof(StosCmd_load) == sizeof(StosCmd_store), "isa.def: STOS_DMA_FIELDS");
  const StosCmd *c = &sim->program->cmds[cmd];
  return c->opcode == STOS_CMD_LOAD ? &c->load : (const StosCmd_load *)(const void *)&c->store;
}

/* Smallest and largest first unit of a run. */
static void extent(const uint16_t *n, const int32_t *stride, int64_t base, int64_t *low,
                   int64_t *high) {
  *low = *high = base;
  for (int i = 0; i < 4; i++) {
    int64_t reach = (int64_t)(n[i] - 1) * stride[i];
    *(reach < 0 ? low : high) += reach;
  }
}

static bool check_dram(Sim *sim, size_t cmd, const StosCmd_load *f) {
  int64_t low, high;
  extent(f->n, f->dram_stride, f->dram, &low, &high);
  high += f->run;
  int64_t size = (int64_t)(sim->regions[f->region].size_bytes / unit_bytes(sim, f));
  if (low < 0 || high > size)
    return sim_error(sim, cmd, "DRAM units %lld to %lld; region %u has %lld of them",
                     (long long)low, (long long)high - 1, f->region, (long long)size);
  return true;
}

static bool check_chip(Sim *sim, size_t cmd, const StosCmd_load *f) {
  int64_t low, high;
  int64_t size = (int64_t)units_of(sim, f);
  extent(f->n, f->chip_stride, f->chip, &low, &high);
  high += f->run;
  if (f->ring_size != 0) { /* any place of the ring */
    low = f->chip;
    high = low + f->ring_size;
  }
  if (low < 0 || high > size)
    return sim_error(sim, cmd, "units %lld to %lld on chip; there are %lld", (long long)low,
                     (long long)high - 1, (long long)size);
  return true;
}

bool sim_dma_check(Sim *sim, size_t cmd) {
  const StosCmd_load *f = fields_of(sim, cmd);
  uint64_t loops[] = {f->n[0], f->n[1], f->n[2], f->n[3], f->run};
  if (!sim_check_work(sim, cmd, loops, FUSE_COUNTOF(loops)))
    return false;
  return (f->fill || check_dram(sim, cmd, f)) && check_chip(sim, cmd, f);
}

/* ---- beats ---- */

static void begin(Sim *sim, SimDma *dma, size_t cmd) {
  const StosCmd *c = &sim->program->cmds[cmd];
  *dma = (SimDma){.active = true,
                  .cmd = cmd,
                  .fields = fields_of(sim, cmd),
                  .pieces = dma->pieces,
                  .piece_capacity = dma->piece_capacity};
  dma->unit_bytes = unit_bytes(sim, dma->fields);
  dma->run_bytes = (uint64_t)dma->fields->run * dma->unit_bytes;
  for (int i = 0; i < c->n_waits; i++)
    dma->wait_levels |= 1u << c->sync[i].level;
}

/* To the next run; the outermost level that ended, 0 when the command is over. */
static int advance(SimDma *dma) {
  for (int i = 3; i >= 0; i--) {
    if (++dma->index[i] < dma->fields->n[i])
      return i + 1;
    dma->index[i] = 0;
  }
  return 0;
}

static int64_t place(const SimDma *dma, const int32_t *stride, int64_t base) {
  for (int i = 0; i < 4; i++)
    base += (int64_t)dma->index[i] * stride[i];
  return base;
}

/* Byte in the region of the present byte of the present run. */
static uint64_t dram_byte(const SimDma *dma) {
  const StosCmd_load *f = dma->fields;
  return (uint64_t)place(dma, f->dram_stride, f->dram) * dma->unit_bytes + dma->at_byte;
}

/* Byte in the chip-side memory of byte `at` of the present run; a ring wraps by words, so *room is
 * what remains before it does. */
static uint64_t chip_byte(const SimDma *dma, uint64_t at, uint64_t *room) {
  const StosCmd_load *f = dma->fields;
  *room = UINT64_MAX;
  if (f->ring_size == 0)
    return (uint64_t)place(dma, f->chip_stride, f->chip) * dma->unit_bytes + at;
  int64_t unit = (int64_t)(at / dma->unit_bytes), rest = (int64_t)(at % dma->unit_bytes);
  int64_t offset = (place(dma, f->chip_stride, f->ring_start) + unit) % f->ring_size;
  offset += offset < 0 ? f->ring_size : 0;
  *room = (uint64_t)(f->ring_size - offset) * dma->unit_bytes;
  return (uint64_t)((f->chip + offset) * dma->unit_bytes + rest);
}

/* Cut a piece of the present run that fits in `space` bytes. */
static bool cut(Sim *sim, SimDma *dma, uint64_t dram, uint64_t space) {
  uint64_t room, size = dma->run_bytes - dma->at_byte;
  uint64_t chip = chip_byte(dma, dma->at_byte, &room);
  size = size < space ? size : space;
  size = size < room ? size : room;
  if (dma->n_pieces == MAX_PIECES)
    return sim_error(sim, dma->cmd, "not supported yet: a beat of more than %d pieces", MAX_PIECES);
  dma->pieces = fuse_grow(sim->arena, dma->pieces, dma->n_pieces, &dma->piece_capacity,
                          dma->n_pieces + 1, sizeof *dma->pieces);
  dma->at_byte += size;
  dma->size_bytes += size;
  int ended = 5;
  if (dma->at_byte == dma->run_bytes) {
    dma->at_byte = 0;
    ended = advance(dma);
  }
  dma->pieces[dma->n_pieces++] = (SimPiece){dram, chip, (uint32_t)size, ended};
  return true;
}

/* Does the command end after the last piece, or wait for something? */
static bool must_stop(const SimDma *dma) {
  int ended = dma->pieces[dma->n_pieces - 1].ended;
  return ended == 0 || (ended < 5 && dma->wait_levels >> ended != 0);
}

/* Collect the next beat: consecutive pieces in one aligned block of DRAM (M-DMA-2). */
static bool collect(Sim *sim, SimDma *dma) {
  uint64_t dram = dram_byte(dma), block = dram - dram % sim->beat_bytes;
  dma->n_pieces = dma->size_bytes = 0;
  do {
    if (!cut(sim, dma, dram, block + sim->beat_bytes - dram))
      return false;
    if (must_stop(dma))
      return true;
    dram = dram_byte(dma);
  } while (dram - block < sim->beat_bytes); /* below the block it wraps to a large number */
  return true;
}

/* A beat's worth of words of the run, or its rest (M-DMA-1); a ring's end may cut it in pieces. */
static bool collect_fill(Sim *sim, SimDma *dma) {
  dma->n_pieces = dma->size_bytes = 0;
  do {
    if (!cut(sim, dma, 0, sim->beat_bytes - dma->size_bytes))
      return false;
  } while (dma->size_bytes < sim->beat_bytes && dma->pieces[dma->n_pieces - 1].ended == 5);
  return true;
}

/* Cycles of a beat in consecutive words of one section: their banks repeat, so each place in that
 * pattern is worked out once. */
static uint32_t beat_cycles(Sim *sim, uint32_t first) {
  uint8_t *known = &sim->beat_cycles[first & (sim->banks * sim->lanes - 1)];
  if (*known == 0) {
    uint32_t n = sim->target->dram_elems / sim->lanes;
    for (uint32_t i = 0; i < n; i++)
      sim->access[i] = first + i;
    *known = (uint8_t)sim_access_cycles(sim, sim->access, n);
  }
  return *known;
}

/* Cycles and sections of the beat's scratchpad words (M-DMA-3). */
static void weigh(Sim *sim, SimDma *dma) {
  dma->cycles = 1;
  dma->mask = 0;
  if (dma->fields->space != STOS_SPACE_SCRATCHPAD)
    return;
  size_t n = 0;
  sim->access = fuse_grow(sim->arena, sim->access, 0, &sim->access_capacity,
                          dma->size_bytes / sim->word_bytes, sizeof *sim->access);
  for (size_t i = 0; i < dma->n_pieces; i++)
    for (uint32_t at = 0; at < dma->pieces[i].size_bytes; at += sim->word_bytes) {
      sim->access[n] = (uint32_t)((dma->pieces[i].chip + at) / sim->word_bytes);
      dma->mask |= sim_section_bit(sim, sim->access[n++]);
    }
  dma->cycles = sim_access_cycles(sim, sim->access, n);
}

/* The first cycle in which anyone but this queue and the channel may act. */
static uint64_t others_act(const Sim *sim, StosQueue queue) {
  uint64_t first = SIM_NEVER;
  for (SimActor i = SIM_FETCH; i < SIM_CHANNEL; i++)
    if (i != (queue == STOS_QUEUE_LOAD ? SIM_LOAD : SIM_STORE) && sim->next[i] < first)
      first = sim->next[i];
  return first;
}

/* Let the offered beat stand for several: up to `most` whole beats follow it in the run and in the
 * section, and each would be served before anyone could come between. Returns how many it is now.
 */
static uint32_t extend(Sim *sim, StosQueue queue, SimDma *dma, uint32_t most) {
  SimPiece *piece = &dma->pieces[0];
  bool plain = dma->n_pieces == 1 && piece->ended == 5 && dma->fields->ring_size == 0 &&
               dma->fields->space == STOS_SPACE_SCRATCHPAD && !sim->poison;
  if (!plain)
    return 1;
  uint64_t horizon = others_act(sim, queue);
  uint32_t n = 1;
  for (; n < most && dma->at_byte + sim->beat_bytes < dma->run_bytes; n++) {
    uint32_t first = (uint32_t)((piece->chip + piece->size_bytes) / sim->word_bytes);
    uint32_t last = first + sim->target->dram_elems / sim->lanes - 1;
    if (sim->now + dma->cycles >= horizon ||
        (sim_section_bit(sim, first) | sim_section_bit(sim, last)) != dma->mask)
      break;
    dma->cycles += beat_cycles(sim, first);
    dma->at_byte += sim->beat_bytes;
    dma->size_bytes += sim->beat_bytes;
    piece->size_bytes += sim->beat_bytes;
  }
  return n;
}

/* ---- values ---- */

static bool touch(Sim *sim, const SimDma *dma, const SimPiece *piece, uint32_t record) {
  if (!sim->poison)
    return true;
  const StosCmd_load *f = dma->fields;
  bool load = sim->program->cmds[dma->cmd].opcode == STOS_CMD_LOAD;
  if (!f->fill && !sim_poison_dram(sim, f->region, piece->dram, piece->size_bytes, !load, record))
    return false;
  SimShadowKind kind = (SimShadowKind)(SIM_SHADOW_SCRATCHPAD + f->space);
  uint64_t last = (piece->chip + piece->size_bytes - 1) / dma->unit_bytes;
  for (uint64_t unit = piece->chip / dma->unit_bytes; unit <= last; unit++)
    if (!(load ? sim_poison_write : sim_poison_read)(sim, kind, unit, record))
      return false;
  return true;
}

static void fill(const Sim *sim, uint8_t *to, uint32_t size_bytes, uint32_t value) {
  if (sim->dtype == FUSE_I8) {
    memset(to, (int)(value & 0xff), size_bytes);
    return;
  }
  for (uint32_t i = 0; i < size_bytes; i += 4)
    memcpy(to + i, &value, 4);
}

static bool move_values(Sim *sim, const SimDma *dma, uint64_t end) {
  const StosCmd_load *f = dma->fields;
  bool load = sim->program->cmds[dma->cmd].opcode == STOS_CMD_LOAD;
  uint8_t *chip = f->space == STOS_SPACE_SCRATCHPAD ? sim->scratch
                  : f->space == STOS_SPACE_PARAM    ? sim->params
                                                    : sim->luts;
  uint32_t record = sim_record_open(sim, dma->cmd, load ? STOS_QUEUE_LOAD : STOS_QUEUE_STORE);
  uint8_t *dram = sim->regions[f->region].data;
  for (size_t i = 0; i < dma->n_pieces; i++) {
    const SimPiece *piece = &dma->pieces[i];
    if (!touch(sim, dma, piece, record))
      return false;
    if (f->fill)
      fill(sim, chip + piece->chip, piece->size_bytes, f->value);
    else if (load)
      memcpy(chip + piece->chip, dram + piece->dram, piece->size_bytes);
    else
      memcpy(dram + piece->dram, chip + piece->chip, piece->size_bytes);
  }
  sim_record_close(sim, record, end);
  return true;
}

/* ---- a beat, taken ---- */

/* Signals of the iterations that end with a beat, in their order; the end of the command. */
static void signal_ended(Sim *sim, SimDma *dma, StosQueue queue, uint64_t read, uint64_t done) {
  const StosCmd *c = &sim->program->cmds[dma->cmd];
  for (size_t k = 0; k < dma->n_pieces; k++)
    for (uint32_t i = c->n_waits; i < (uint32_t)c->n_waits + c->n_signals; i++)
      if (c->sync[i].level >= dma->pieces[k].ended)
        sim_signal(sim, dma->cmd, i, c->sync[i].kind == STOS_SIGNAL_READ ? read : done);
  int ended = dma->pieces[dma->n_pieces - 1].ended;
  if (ended < 5) {
    dma->entered = false;
    dma->enter_level = ended;
  }
  if (ended > 0)
    return;
  sim_complete(sim, dma->cmd, queue, done);
  dma->active = false;
  sim_queue_pop(sim, queue);
}

static void account(Sim *sim, StosQueue queue, uint64_t cycles, uint32_t held) {
  SimQueue *q = &sim->queues[queue];
  sim_count(sim, queue, q->idle_reason, sim->now - q->accounted, q->idle_cmd);
  size_t cmd = sim->dma[queue == STOS_QUEUE_STORE].cmd;
  if (cycles > 0)
    sim_count(sim, queue, STOS_SIM_BUSY, cycles - held, cmd);
  sim_count(sim, queue, STOS_SIM_HOLD, held, cmd);
  q->accounted = sim->now + cycles;
}

/* The offered beats (or group of filled words) are served from `now` on. */
static void serve(Sim *sim, StosQueue queue, uint32_t beats) {
  SimDma *dma = &sim->dma[queue == STOS_QUEUE_STORE];
  bool load = queue == STOS_QUEUE_LOAD;
  uint64_t end = sim->now + dma->cycles;
  uint64_t shift = load ? sim->target->dram_latency : 0;
  StosCmdStats *stats = &sim->result->cmds[dma->cmd];
  if (stats->start == 0)
    stats->start = sim->now;
  if (!dma->fields->fill)
    *(load ? &stats->dram_read : &stats->dram_written) += dma->size_bytes;
  account(sim, queue, dma->cycles, dma->cycles - beats);
  dma->offered = false;
  sim->next[load ? SIM_LOAD : SIM_STORE] = end;
  if (!sim_use_sections(sim, load ? SIM_LOAD_WRITE : SIM_STORE_READ, dma->mask, sim->now + shift,
                        end + shift, dma->cmd))
    return;
  if (sim->values && !move_values(sim, dma, end + shift))
    return;
  signal_ended(sim, dma, queue, end, end + shift);
}

void sim_channel_step(Sim *sim) {
  SimChannel *channel = &sim->channel;
  sim->next[SIM_CHANNEL] = SIM_NEVER;
  if (sim->now < channel->free_at) {
    sim->next[SIM_CHANNEL] = channel->free_at;
    return;
  }
  bool offer[2] = {sim->dma[0].offered, sim->dma[1].offered};
  if (!offer[0] && !offer[1])
    return;
  int current = channel->current; /* 0: load, 1: store */
  bool on_time = current >= 0 && channel->free_at == sim->now;
  int chosen;
  if (on_time && offer[current] && channel->burst < BURST_BEATS)
    chosen = current;
  else if (on_time && offer[!current])
    chosen = !current;
  else
    chosen = offer[0] ? 0 : 1;
  StosQueue queue = chosen == 0 ? STOS_QUEUE_LOAD : STOS_QUEUE_STORE;
  bool goes_on = chosen == current && on_time && channel->burst < BURST_BEATS;
  uint32_t before = goes_on ? channel->burst : 0;
  uint32_t beats =
      extend(sim, queue, &sim->dma[chosen], offer[!chosen] ? BURST_BEATS - before : UINT32_MAX);
  channel->burst = (before + beats - 1) % BURST_BEATS + 1;
  channel->current = chosen;
  channel->free_at = sim->now + sim->dma[chosen].cycles;
  sim->next[SIM_CHANNEL] = channel->free_at;
  sim->result->channel_busy += sim->dma[chosen].cycles;
  sim->result->beats += beats;
  serve(sim, queue, beats);
}

/* ---- HOST ---- */

static bool host_touch(Sim *sim, size_t cmd, uint32_t call) {
  const StosHostAccess *accesses;
  if (!sim->poison || !sim->options->host_access)
    return true;
  uint32_t record = sim_record_open(sim, cmd, STOS_QUEUE_STORE);
  size_t n = sim->options->host_access(sim->options->user, call, &accesses);
  for (int write = 0; write < 2; write++)
    for (size_t i = 0; i < n; i++)
      if (accesses[i].written == (write == 1) &&
          !sim_poison_dram(sim, accesses[i].region, accesses[i].offset, accesses[i].size_bytes,
                           write == 1, record))
        return false;
  sim_record_close(sim, record, sim->now + 1);
  return true;
}

/* HOST at the head, its waits taken: run it once the array commands before it are complete; the
 * stores before it are done, because the queue is in order (M-CTL-5). */
static void run_host(Sim *sim, size_t cmd) {
  SimQueue *q = &sim->queues[STOS_QUEUE_STORE];
  const StosCmd *c = &sim->program->cmds[cmd];
  uint64_t ready = sim_complete_before(sim, STOS_QUEUE_ARRAY, cmd);
  if (ready > sim->now) {
    q->idle_reason = STOS_SIM_DRAIN;
    q->idle_cmd = cmd;
    sim->next[SIM_STORE] = ready;
    return;
  }
  sim->dma[1].cmd = cmd;
  account(sim, STOS_QUEUE_STORE, 1, 0);
  sim->result->cmds[cmd].start = sim->now;
  sim->result->host_calls++;
  if (sim->values) {
    if (!sim->options->host) {
      sim_error(sim, cmd, "a call of the host; expected none (no host is there)");
      return;
    }
    if (!host_touch(sim, cmd, c->host.call) ||
        !sim->options->host(sim->options->user, c->host.call, sim->regions, sim->diag))
      return;
  }
  for (uint32_t i = c->n_waits; i < (uint32_t)c->n_waits + c->n_signals; i++)
    sim_signal(sim, cmd, i, sim->now + 1);
  sim_queue_pop(sim, STOS_QUEUE_STORE);
  sim_complete(sim, cmd, STOS_QUEUE_STORE, sim->now + 1);
  sim->dma[1].entered = false;
  sim->dma[1].enter_level = 0;
  sim->next[SIM_STORE] = sim->now + 1;
}

/* ---- the queue ---- */

static void sleep_until(Sim *sim, StosQueue queue, uint64_t cycle, StosSimReason reason,
                        size_t cmd) {
  sim->queues[queue].idle_reason = reason;
  sim->queues[queue].idle_cmd = cmd;
  sim->next[queue == STOS_QUEUE_LOAD ? SIM_LOAD : SIM_STORE] = cycle;
}

/* Offer the next beat, or fill at once: the channel isn't needed. */
static void offer(Sim *sim, StosQueue queue, SimDma *dma) {
  if (!(dma->fields->fill ? collect_fill : collect)(sim, dma))
    return;
  weigh(sim, dma);
  if (dma->fields->fill) {
    serve(sim, queue, 1);
    return;
  }
  dma->offered = true;
  sleep_until(sim, queue, SIM_NEVER, STOS_SIM_CHANNEL, dma->cmd);
  if (sim->next[SIM_CHANNEL] > sim->now)
    sim->next[SIM_CHANNEL] = sim->now;
}

void sim_dma_step(Sim *sim, StosQueue queue) {
  SimDma *dma = &sim->dma[queue == STOS_QUEUE_STORE];
  sim->next[queue == STOS_QUEUE_LOAD ? SIM_LOAD : SIM_STORE] = SIM_NEVER;
  if (dma->offered) /* the channel will call */
    return;
  if (sim->now < sim->queues[queue].accounted) { /* woken within a beat */
    sim->next[queue == STOS_QUEUE_LOAD ? SIM_LOAD : SIM_STORE] = sim->queues[queue].accounted;
    return;
  }
  account(sim, queue, 0, 0);
  uint64_t retry;
  const SimFetched *head = sim_queue_head(sim, queue, sim->now, &retry);
  if (!head) {
    sleep_until(sim, queue, retry, sim_queue_starved(sim, queue), SIM_NO_CMD);
    return;
  }
  size_t cmd = head->cmd;
  const StosCmd *c = &sim->program->cmds[cmd];
  if (c->opcode == STOS_CMD_SIGNAL) {
    sim_run_signal(sim, cmd, queue, sim->now, sim->now + 1);
    sleep_until(sim, queue, sim->now + 1, STOS_SIM_BUSY, cmd);
    return;
  }
  if (c->opcode != STOS_CMD_HOST && !dma->active)
    begin(sim, dma, cmd);
  if (!dma->entered) {
    int levels = stos_cmd_levels(c->opcode);
    if (!sim_take_waits(sim, cmd, queue, dma->enter_level, levels, sim->now, &retry)) {
      sleep_until(sim, queue, retry, STOS_SIM_WAIT, cmd);
      return;
    }
    dma->entered = true;
  }
  if (c->opcode == STOS_CMD_HOST)
    run_host(sim, cmd);
  else
    offer(sim, queue, dma);
}
