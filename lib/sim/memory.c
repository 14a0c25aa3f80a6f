// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/* memory.c - words, banks and sections of the scratchpad; errors that name a command.
 *
 * source: docs/machine.md, section 2
 */
#include <string.h>

#include "sim_private.h"

const char *sim_queue_name(int queue) {
  static const char *const names[STOS_N_QUEUES] = {"load", "array", "vector", "store"};
  return names[queue];
}

bool sim_error(Sim *sim, size_t cmd, const char *format, ...) {
  if (sim->diag->set)
    return false;
  FuseText text = {0};
  va_list args;
  va_start(args, format);
  fuse_text_vprintf(&text, format, args);
  va_end(args);
  fuse_diag_error(sim->diag, sim->options->place ? sim->options->place : "",
                  "command %zu at 0x%x (%s): %s", cmd,
                  sim->program->offsets ? sim->program->offsets[cmd] : 0,
                  stos_cmd_info(sim->program->cmds[cmd].opcode)->name, text.data);
  fuse_text_fini(&text);
  return false;
}

bool sim_check_work(Sim *sim, size_t cmd, const uint64_t *iterations, size_t n) {
  double work = 1;
  for (size_t i = 0; i < n; i++)
    work *= (double)iterations[i];
  return work <= (double)sim->max_cycles ||
         sim_error(sim, cmd, "loops of %.3g steps; expected at most %llu to simulate", work,
                   (unsigned long long)sim->max_cycles);
}

/* Some bank has several words: count the different ones. */
static uint32_t count_fullest(Sim *sim, const uint32_t *words, size_t n) {
  uint32_t most = 1;
  for (size_t i = 0; i < n; i++)
    sim->bank_count[sim_bank(sim, words[i])] = 0;
  for (size_t i = 0; i < n; i++) {
    bool again = false;
    for (size_t j = 0; j < i && !again; j++)
      again = words[j] == words[i];
    if (again)
      continue;
    uint32_t count = ++sim->bank_count[sim_bank(sim, words[i])];
    most = count > most ? count : most;
  }
  return most;
}

uint32_t sim_many_cycles(Sim *sim, const uint32_t *words, size_t n) {
  if (++sim->bank_stamp == 0) { /* wrapped: old marks could look new */
    memset(sim->bank_mark, 0, (size_t)sim->banks * sim->target->sections * sizeof *sim->bank_mark);
    sim->bank_stamp = 1;
  }
  for (size_t i = 0; i < n; i++) {
    uint32_t bank = sim_bank(sim, words[i]);
    if (sim->bank_mark[bank] == sim->bank_stamp)
      return count_fullest(sim, words, n);
    sim->bank_mark[bank] = sim->bank_stamp;
  }
  return 1;
}

static const char *stream_name(SimStream stream) {
  static const char *const names[SIM_N_STREAMS] = {"left edge", "top edge",   "residual",
                                                   "vector a",  "vector b",   "store",
                                                   "result",    "vector out", "load"};
  return names[stream];
}

/* Add an interval to a stream's list; intervals of one stream come in order and may touch. */
static void add_interval(Sim *sim, SimIntervals *list, uint64_t begin, uint64_t end, size_t cmd) {
  SimInterval *last = list->n > 0 ? &list->items[list->n - 1] : NULL;
  if (last && begin <= last->end) {
    last->end = end > last->end ? end : last->end;
    last->cmd = cmd;
    return;
  }
  list->items = fuse_grow(sim->arena, list->items, list->n, &list->capacity, list->n + 1,
                          sizeof *list->items);
  list->items[list->n++] = (SimInterval){begin, end, cmd};
}

bool sim_use_sections(Sim *sim, SimStream stream, uint32_t mask, uint64_t begin, uint64_t end,
                      size_t cmd) {
  SimStream first = stream < SIM_N_READS ? 0 : SIM_N_READS;
  SimStream stop = stream < SIM_N_READS ? SIM_N_READS : SIM_N_STREAMS;
  for (uint32_t section = 0; mask >> section != 0; section++) {
    if (!(mask >> section & 1))
      continue;
    for (SimStream other = first; other < stop; other++) {
      const SimIntervals *list = &sim->sections[section][other];
      for (size_t i = list->n; other != stream && i-- > 0 && list->items[i].end > begin;) {
        const SimInterval *used = &list->items[i];
        if (used->begin < end)
          return sim_error(sim, cmd,
                           "its stream '%s' %s section %u in cycles %llu to %llu, and '%s' of "
                           "command %zu in cycles %llu to %llu; expected one stream (M-MEM-4)",
                           stream_name(stream), stream < SIM_N_READS ? "reads" : "writes", section,
                           (unsigned long long)begin, (unsigned long long)end - 1,
                           stream_name(other), used->cmd, (unsigned long long)used->begin,
                           (unsigned long long)used->end - 1);
      }
    }
    add_interval(sim, &sim->sections[section][stream], begin, end, cmd);
  }
  return true;
}

void sim_read_f32(const Sim *sim, uint32_t word, float *out) {
  memcpy(out, sim_word_bytes(sim, word), sim->word_bytes);
}

void sim_read_i8(const Sim *sim, uint32_t word, bool is_unsigned, int32_t zero_point,
                 int32_t *out) {
  const uint8_t *bytes = sim_word_bytes(sim, word);
  for (uint32_t l = 0; l < sim->lanes; l++)
    out[l] = (is_unsigned ? bytes[l] : (int8_t)bytes[l]) - zero_point;
}
