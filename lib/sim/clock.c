// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/* clock.c - the clock of the array or of the vector unit: cycles that last longer when an access
 * meets bank conflicts, and what happens at their ends.
 *
 * source: docs/machine.md, M-MEM-3, M-ARR-3
 */
#include <string.h>

#include "sim_private.h"

/* Make room at the end of a sorted list whose first `first` entries are used up. */
static void *sorted_room(Sim *sim, void *items, size_t *first, size_t *n, size_t *capacity,
                         size_t elem_bytes) {
  if (*first + *n < *capacity)
    return items;
  if (*first >= *n && *first > 0) {
    memmove(items, (char *)items + *first * elem_bytes, *n * elem_bytes);
    *first = 0;
    return items;
  }
  return fuse_grow(sim->arena, items, *first + *n, capacity, *first + *n + 1, elem_bytes);
}

void sim_clock_event(Sim *sim, SimClock *clock, SimEventKind kind, uint64_t u, uint32_t a,
                     size_t cmd) {
  FUSE_ASSERT(u >= clock->u);
  clock->events = sorted_room(sim, clock->events, &clock->first_event, &clock->n_events,
                              &clock->event_capacity, sizeof *clock->events);
  SimEvent *events = clock->events + clock->first_event;
  size_t at = clock->n_events++;
  for (; at > 0 && events[at - 1].u > u; at--)
    events[at] = events[at - 1];
  events[at] = (SimEvent){.u = u, .kind = kind, .a = a, .cmd = cmd};
}

void sim_clock_hold(Sim *sim, SimClock *clock, uint64_t u, uint32_t cycles) {
  if (cycles <= 1)
    return;
  FUSE_ASSERT(u >= clock->u);
  clock->holds = sorted_room(sim, clock->holds, &clock->first_hold, &clock->n_holds,
                             &clock->hold_capacity, sizeof *clock->holds);
  SimHold *holds = clock->holds + clock->first_hold;
  size_t at = clock->n_holds++;
  for (; at > 0 && holds[at - 1].u > u; at--)
    holds[at] = holds[at - 1];
  holds[at] = (SimHold){u, cycles};
}

static uint32_t span_slot(Sim *sim, SimClock *clock) {
  for (size_t i = 0; i < clock->n_spans; i++)
    if (!clock->spans[i].used)
      return (uint32_t)i;
  clock->spans = fuse_grow(sim->arena, clock->spans, clock->n_spans, &clock->span_capacity,
                           clock->n_spans + 1, sizeof *clock->spans);
  return (uint32_t)clock->n_spans++;
}

uint32_t sim_clock_span(Sim *sim, SimClock *clock, SimStream stream, uint32_t mask, uint64_t first,
                        uint64_t last, size_t cmd) {
  uint32_t slot = span_slot(sim, clock);
  clock->spans[slot] = (SimSpan){stream, mask, clock->t, true};
  if (first > clock->u)
    sim_clock_event(sim, clock, SIM_EVENT_BEGIN, first - 1, slot, cmd);
  sim_clock_event(sim, clock, SIM_EVENT_END, last, slot, cmd);
  return slot;
}

void sim_clock_signals(Sim *sim, SimClock *clock, size_t cmd, int first, uint64_t read_u,
                       uint64_t done_u) {
  const StosCmd *c = &sim->program->cmds[cmd];
  for (uint32_t i = c->n_waits; i < (uint32_t)c->n_waits + c->n_signals; i++)
    if (sim_level_rank(c, c->sync[i].level) >= first)
      sim_clock_event(sim, clock, SIM_EVENT_SIGNAL,
                      c->sync[i].kind == STOS_SIGNAL_READ ? read_u : done_u, i, cmd);
  if (first == 0)
    sim_clock_event(sim, clock, SIM_EVENT_COMPLETE, read_u > done_u ? read_u : done_u, 0, cmd);
}

void sim_clock_close(Sim *sim, SimClock *clock, uint32_t record, uint64_t u) {
  if (sim->poison)
    sim_clock_event(sim, clock, SIM_EVENT_CLOSE, u, record, SIM_NO_CMD);
}

static void fire(Sim *sim, SimClock *clock, const SimEvent *event) {
  switch (event->kind) {
  case SIM_EVENT_SIGNAL: sim_signal(sim, event->cmd, event->a, clock->t); break;
  case SIM_EVENT_COMPLETE: sim_complete(sim, event->cmd, clock->queue, clock->t); break;
  case SIM_EVENT_CLOSE: sim_record_close(sim, event->a, clock->t); break;
  case SIM_EVENT_BEGIN: clock->spans[event->a].begin = clock->t; break;
  case SIM_EVENT_END: {
    SimSpan *span = &clock->spans[event->a];
    span->used = false;
    sim_use_sections(sim, span->stream, span->mask, span->begin, clock->t, event->cmd);
    break;
  }
  }
}

/* The hold list's cycles of unit cycle u, at least 1; drops what lies before. */
static uint32_t take_holds(SimClock *clock, uint64_t u) {
  uint32_t cycles = 1;
  for (; clock->n_holds > 0 && clock->holds[clock->first_hold].u <= u; clock->n_holds--) {
    const SimHold *hold = &clock->holds[clock->first_hold++];
    cycles = hold->cycles > cycles ? hold->cycles : cycles;
  }
  return cycles;
}

/* Pass the cycles up to `stop`; no event lies between. Returns the cycles held. */
static uint64_t pass(Sim *sim, SimClock *clock, uint64_t stop) {
  uint64_t held = 0;
  bool top = clock == &sim->array.clock;
  while (clock->u < stop && !sim->diag->set) {
    uint32_t cycles = 1;
    if (top && sim->array.n_tops > 0)
      cycles = sim_gemm_top(sim, clock->u);
    else if (clock->n_holds == 0 || clock->holds[clock->first_hold].u > clock->u) {
      uint64_t to = clock->n_holds == 0 ? stop : clock->holds[clock->first_hold].u;
      to = to < stop ? to : stop;
      clock->t += to - clock->u;
      clock->u = to;
      continue;
    }
    uint32_t listed = take_holds(clock, clock->u);
    cycles = listed > cycles ? listed : cycles;
    held += cycles - 1;
    clock->t += cycles;
    clock->u++;
  }
  return held;
}

void sim_clock_run(Sim *sim, SimClock *clock, uint64_t u, StosSimReason reason, size_t cmd) {
  while (clock->u < u && !sim->diag->set) {
    uint64_t stop = u, from = clock->u;
    if (clock->n_events > 0 && clock->events[clock->first_event].u + 1 < stop)
      stop = clock->events[clock->first_event].u + 1;
    uint64_t held = pass(sim, clock, stop);
    sim_count(sim, clock->queue, reason, clock->u - from, cmd);
    sim_count(sim, clock->queue, STOS_SIM_HOLD, held, cmd);
    while (clock->n_events > 0 && clock->events[clock->first_event].u < clock->u) {
      SimEvent event = clock->events[clock->first_event++];
      clock->n_events--;
      fire(sim, clock, &event);
    }
  }
}

bool sim_clock_pending(const SimClock *clock) {
  return clock->n_events > 0 || clock->n_holds > 0;
}

uint64_t sim_clock_wait(Sim *sim, SimClock *clock, uint64_t until, StosSimReason reason,
                        size_t cmd) {
  clock->idle_reason = reason;
  clock->idle_cmd = cmd;
  if (!sim_clock_pending(clock))
    return until;
  sim_clock_run(sim, clock, clock->u + 1, reason, cmd);
  return clock->t;
}

void sim_clock_catch_up(Sim *sim, SimClock *clock) {
  while (clock->t < sim->now && sim_clock_pending(clock) && !sim->diag->set)
    sim_clock_run(sim, clock, clock->u + 1, clock->idle_reason, clock->idle_cmd);
  if (clock->t >= sim->now)
    return;
  uint64_t skipped = sim->now - clock->t;
  sim_count(sim, clock->queue, clock->idle_reason, skipped, clock->idle_cmd);
  clock->u += skipped;
  clock->t += skipped;
}
