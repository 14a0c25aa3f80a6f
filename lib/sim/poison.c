// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/* poison.c - memories start as garbage; every word remembers who wrote it and who reads it, so that
 * reads of unwritten words and races in time are found.
 *
 * A piece of work (a tile, a beat, a line) reads and writes as a whole when it starts. What the
 * program's order puts before it has ended by then, so whatever has not is a race.
 */
#include <inttypes.h>
#include <string.h>

#include "sim_private.h"

enum { RECORD_NONE = 0, RECORD_BEFORE_START = 1 };

/* Every byte of these memories is written before the start, with more beside it for who wrote it.
 */
#define MAX_POISONED_BYTES (UINT64_C(1) << 30)

static void shadow_init(Sim *sim, SimShadow *shadow, uint64_t units) {
  shadow->n = units;
  shadow->writer = fuse_alloc_array(sim->arena, units, sizeof *shadow->writer);
  for (int q = 0; q < STOS_N_QUEUES; q++)
    shadow->reader[q] = fuse_alloc_array(sim->arena, units, sizeof *shadow->writer);
}

/* Everything a region holds at the start counts as written. */
static void region_init(Sim *sim, int region) {
  const StosMemory *memory = &sim->regions[region];
  SimShadow *shadow = &sim->poison->shadow[SIM_SHADOW_DRAM + region];
  uint32_t grain = sim->poison->grain_bytes;
  shadow_init(sim, shadow, memory->size_bytes / grain + 1);
  if (region == STOS_REGION_WEIGHTS)
    for (uint64_t i = 0; i < shadow->n; i++)
      shadow->writer[i] = RECORD_BEFORE_START;
  for (size_t i = 0; i < memory->n_valid; i++) {
    const StosExtent *range = &memory->valid[i];
    if (range->size_bytes == 0)
      continue;
    FUSE_ASSERT(range->offset + range->size_bytes <= memory->size_bytes);
    for (uint64_t k = range->offset / grain; k <= (range->offset + range->size_bytes - 1) / grain;
         k++)
      shadow->writer[k] = RECORD_BEFORE_START;
  }
}

/* An object of a few bytes may ask for memories that cost nothing until they are filled. */
static bool check_size(const Sim *sim) {
  uint64_t bytes = (uint64_t)sim->target->scratchpad_words * sim->word_bytes;
  for (int region = 0; region < STOS_N_REGIONS; region++)
    bytes += sim->regions[region].size_bytes; /* at most 2^40 each */
  return bytes <= MAX_POISONED_BYTES ||
         fuse_diag_error(sim->diag, sim->options->place ? sim->options->place : "",
                         "%" PRIu64 " bytes of memory; expected at most %" PRIu64 " to poison them",
                         bytes, MAX_POISONED_BYTES);
}

bool sim_poison_init(Sim *sim) {
  if (!sim->options->poison)
    return true;
  if (!check_size(sim))
    return false;
  sim->poison = fuse_alloc(sim->arena, sizeof *sim->poison);
  sim->poison->grain_bytes = sim->lanes < 16 ? sim->lanes : 16;
  sim->poison->capacity = 1024;
  sim->poison->records = fuse_alloc_array(sim->arena, 1024, sizeof(SimRecord));
  sim->poison->n = RECORD_BEFORE_START + 1;
  shadow_init(sim, &sim->poison->shadow[SIM_SHADOW_SCRATCHPAD], sim->target->scratchpad_words);
  shadow_init(sim, &sim->poison->shadow[SIM_SHADOW_PARAM], sim->target->param_entries);
  shadow_init(sim, &sim->poison->shadow[SIM_SHADOW_LUT], sim->target->luts);
  for (int region = 0; region < STOS_N_REGIONS; region++)
    region_init(sim, region);
  if (sim->options->chip) {
    for (int kind = SIM_SHADOW_SCRATCHPAD; kind <= SIM_SHADOW_LUT; kind++)
      for (uint64_t i = 0; i < sim->poison->shadow[kind].n; i++)
        sim->poison->shadow[kind].writer[i] = RECORD_BEFORE_START;
    return true;
  }
  if (!sim->values)
    return true;
  /* 0xff...: NaN, and -1 */
  memset(sim->scratch, 0xff, (size_t)sim->target->scratchpad_words * sim->word_bytes);
  memset(sim->params, 0xff, (size_t)sim->target->param_entries * STOS_PARAM_BYTES);
  memset(sim->luts, 0xff, (size_t)sim->target->luts * STOS_LUT_BYTES);
  StosMemory *arena = &sim->regions[STOS_REGION_ARENA];
  if (arena->n_valid == 0)
    memset(arena->data, 0xff, arena->size_bytes);
  return true;
}

uint32_t sim_record_open(Sim *sim, size_t cmd, StosQueue queue) {
  SimPoison *poison = sim->poison;
  if (!poison)
    return RECORD_NONE;
  poison->records = fuse_grow(sim->arena, poison->records, poison->n, &poison->capacity,
                              poison->n + 1, sizeof *poison->records);
  poison->records[poison->n] = (SimRecord){(uint32_t)cmd, (uint8_t)queue, SIM_NEVER};
  return (uint32_t)poison->n++;
}

void sim_record_close(Sim *sim, uint32_t record, uint64_t end) {
  if (sim->poison)
    sim->poison->records[record].end = end;
}

static const char *shadow_name(SimShadowKind kind) {
  static const char *const names[SIM_N_SHADOWS] = {
      "scratchpad word", "parameter entry", "table", "weights grain", "arena grain", "io grain"};
  return names[kind];
}

bool sim_poison_read(Sim *sim, SimShadowKind kind, uint64_t unit, uint32_t record) {
  SimPoison *poison = sim->poison;
  if (!poison)
    return true;
  SimShadow *shadow = &poison->shadow[kind];
  const SimRecord *self = &poison->records[record];
  uint32_t writer = shadow->writer[unit];
  if (writer == RECORD_NONE)
    return sim_error(sim, self->cmd, "cycle %llu: %s %llu is read, which nobody has written",
                     (unsigned long long)sim->now, shadow_name(kind), (unsigned long long)unit);
  if (writer != RECORD_BEFORE_START && writer != record && poison->records[writer].end > sim->now)
    return sim_error(sim, self->cmd,
                     "cycle %llu: %s %llu is read while command %u is still writing it",
                     (unsigned long long)sim->now, shadow_name(kind), (unsigned long long)unit,
                     poison->records[writer].cmd);
  shadow->reader[self->queue][unit] = record;
  return true;
}

bool sim_poison_write(Sim *sim, SimShadowKind kind, uint64_t unit, uint32_t record) {
  SimPoison *poison = sim->poison;
  if (!poison)
    return true;
  SimShadow *shadow = &poison->shadow[kind];
  const SimRecord *self = &poison->records[record];
  for (int q = 0; q < STOS_N_QUEUES; q++) {
    uint32_t reader = shadow->reader[q][unit];
    if (q != self->queue && reader != RECORD_NONE && poison->records[reader].end > sim->now)
      return sim_error(sim, self->cmd,
                       "cycle %llu: %s %llu is overwritten while command %u still reads it",
                       (unsigned long long)sim->now, shadow_name(kind), (unsigned long long)unit,
                       poison->records[reader].cmd);
  }
  uint32_t writer = shadow->writer[unit];
  if (writer > RECORD_BEFORE_START && poison->records[writer].queue != self->queue &&
      poison->records[writer].end > sim->now)
    return sim_error(sim, self->cmd,
                     "cycle %llu: %s %llu is written while command %u is still writing it",
                     (unsigned long long)sim->now, shadow_name(kind), (unsigned long long)unit,
                     poison->records[writer].cmd);
  shadow->writer[unit] = record;
  return true;
}

bool sim_poison_dram(Sim *sim, int region, uint64_t offset, uint64_t size_bytes, bool write,
                     uint32_t record) {
  if (!sim->poison || size_bytes == 0)
    return true;
  SimShadowKind kind = (SimShadowKind)(SIM_SHADOW_DRAM + region);
  uint32_t grain = sim->poison->grain_bytes;
  for (uint64_t i = offset / grain; i <= (offset + size_bytes - 1) / grain; i++)
    if (!(write ? sim_poison_write(sim, kind, i, record) : sim_poison_read(sim, kind, i, record)))
      return false;
  return true;
}
