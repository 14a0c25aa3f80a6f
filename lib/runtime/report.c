// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/* report.c - the statistics of a run, by queue and by node, for people and as JSON.
 *
 * A node's cycles are what it adds: from the end of the nodes that end before it to its own end. So
 * the column sums to the program's cycles.
 */
#include <inttypes.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "runtime_private.h"

typedef struct Row {
  const StosNode *node; /* NULL: commands of no node */
  uint64_t end, cycles, macs, sim_macs, dram;
  uint64_t reasons[2][STOS_SIM_N_REASONS]; /* array and vector queue; load and store queue */
  size_t n_commands;
} Row;

typedef struct Rows {
  Row *rows;
  size_t n;
} Rows;

static size_t row_of(const FuseRuntime *runtime, size_t cmd) {
  const StosNode *node = stos_object_node(&runtime->object, runtime->program.offsets[cmd]);
  return node ? (size_t)(node - runtime->object.nodes) : runtime->object.n_nodes;
}

static int by_end(const void *left, const void *right) {
  const Row *a = left, *b = right;
  if (a->end != b->end)
    return a->end < b->end ? -1 : 1;
  return a->node < b->node ? -1 : a->node > b->node;
}

static void add_command(const FuseRuntime *runtime, Row *row, size_t cmd) {
  const StosCmdStats *stats = &runtime->result.cmds[cmd];
  StosQueue queue = stos_cmd_queue(&runtime->program.cmds[cmd]);
  row->n_commands++;
  row->end = stats->complete > row->end ? stats->complete : row->end;
  row->sim_macs += stats->macs;
  row->dram += stats->dram_read + stats->dram_written;
  bool dma = queue == STOS_QUEUE_LOAD || queue == STOS_QUEUE_STORE;
  for (int r = 0; r < STOS_SIM_N_REASONS; r++)
    row->reasons[dma][r] += stats->cycles[r];
}

/* One row per node that has commands, in the order in which they end. */
static Rows rows_of(const FuseRuntime *runtime, FuseArena *arena) {
  const StosObject *object = &runtime->object;
  Row *rows = fuse_alloc_array(arena, object->n_nodes + 1, sizeof *rows);
  for (size_t i = 0; i < runtime->program.n; i++)
    if (runtime->program.cmds[i].opcode != STOS_CMD_END)
      add_command(runtime, &rows[row_of(runtime, i)], i);
  size_t n = 0;
  for (size_t i = 0; i <= object->n_nodes; i++) {
    if (rows[i].n_commands == 0)
      continue;
    rows[n] = rows[i];
    rows[n].node = i < object->n_nodes ? &object->nodes[i] : NULL;
    rows[n].macs = rows[n].node && rows[n].node->macs ? rows[n].node->macs : rows[n].sim_macs;
    n++;
  }
  qsort(rows, n, sizeof *rows, by_end);
  if (n > 0) { /* END only waits for the others: it goes with the last of them */
    rows[n - 1].end = runtime->result.cycles;
    rows[n - 1].n_commands++;
  }
  uint64_t before = 0;
  for (size_t i = 0; i < n; i++) {
    rows[i].cycles = rows[i].end - before;
    before = rows[i].end;
  }
  return (Rows){rows, n};
}

/* Why the node's unit stood still most, with its share of the node's time there; NULL: it never
 * did.
 */
static const char *stall_of(const Row *row, int *percent) {
  const uint64_t *reasons = row->reasons[0];
  uint64_t sum = 0;
  for (int pass = 0; pass < 2 && sum == 0; pass++) {
    reasons = row->reasons[pass];
    for (int r = 0; r < STOS_SIM_N_REASONS; r++)
      sum += reasons[r];
  }
  int most = STOS_SIM_HOLD;
  for (int r = STOS_SIM_HOLD; r < STOS_SIM_N_REASONS; r++)
    most = reasons[r] > reasons[most] ? r : most;
  if (sum == 0 || reasons[most] == 0)
    return NULL;
  *percent = (int)(100 * (double)reasons[most] / (double)sum + 0.5);
  return stos_sim_reason_name((StosSimReason)most);
}

static double percent_of(uint64_t part, uint64_t whole) {
  return whole > 0 ? 100.0 * (double)part / (double)whole : 0.0;
}

static uint64_t array_size(const FuseRuntime *runtime) {
  return (uint64_t)runtime->object.target.rows * runtime->object.target.cols;
}

static uint64_t sum_macs(const Rows *rows) {
  uint64_t macs = 0;
  for (size_t i = 0; i < rows->n; i++)
    macs += rows->rows[i].macs;
  return macs;
}

/* ---- for people ---- */

/* 1234567 as "1.2 M". */
static const char *short_number(uint64_t value, char *buffer, size_t size) {
  static const char *const units[] = {"", " k", " M", " G", " T"};
  double v = (double)value;
  size_t unit = 0;
  while (v >= 999.5 && unit + 1 < FUSE_COUNTOF(units))
    v /= 1000, unit++;
  fuse_snprintf(buffer, size, unit == 0 || v >= 99.5 ? "%.0f%s" : "%.1f%s", v, units[unit]);
  return buffer;
}

/* A name in `width` columns: escaped, cut with an ellipsis. */
static void put_name(FuseText *out, const char *name, int width) {
  FuseText text = {0};
  fuse_text_escaped(&text, name, strlen(name));
  const char *s = text.data ? text.data : "";
  if (text.length > (size_t)width)
    fuse_text_printf(out, "%.*s.. ", width - 2, s);
  else
    fuse_text_printf(out, "%-*s ", width, s);
  fuse_text_fini(&text);
}

static void put_queues(const FuseRuntime *runtime, FuseText *out) {
  static const char *const names[STOS_N_QUEUES] = {"load", "array", "vector", "store"};
  fuse_text_printf(out, "\n%-8s", "queue");
  for (int r = 0; r < STOS_SIM_N_REASONS; r++)
    fuse_text_printf(out, "%9s", stos_sim_reason_name((StosSimReason)r));
  fuse_text_puts(out, "\n");
  for (int q = 0; q < STOS_N_QUEUES; q++) {
    fuse_text_printf(out, "%-8s", names[q]);
    for (int r = 0; r < STOS_SIM_N_REASONS; r++)
      fuse_text_printf(out, "%7.1f %%",
                       percent_of(runtime->result.queue[q][r], runtime->result.cycles));
    fuse_text_puts(out, "\n");
  }
}

static void put_row(const FuseRuntime *runtime, const Row *row, FuseText *out) {
  char macs[32], dram[32];
  int percent = 0;
  const char *stall = stall_of(row, &percent);
  put_name(out, row->node ? row->node->name : "(no node)", 28);
  put_name(out, row->node ? row->node->op : "", 12);
  put_name(out, row->node ? row->node->mapping : "", 12);
  fuse_text_printf(out, "%10" PRIu64 " %4.0f %% %7s %7sB", row->cycles,
                   percent_of(row->macs, row->cycles * array_size(runtime)),
                   short_number(row->macs, macs, sizeof macs),
                   short_number(row->dram, dram, sizeof dram));
  if (stall)
    fuse_text_printf(out, "  %s %d %%", stall, percent);
  fuse_text_puts(out, "\n");
}

void fuse_runtime_report(const FuseRuntime *runtime, FuseText *out) {
  const StosSimResult *result = &runtime->result;
  const StosTarget *target = &runtime->object.target;
  FuseArena arena = {0};
  Rows rows = rows_of(runtime, &arena);
  char macs[32], in[32], back[32];
  uint64_t total = sum_macs(&rows);
  double us = (double)result->cycles / target->clock_mhz;
  fuse_text_printf(out, "%s: %" PRIu64 " cycles, %.3f %s at %u MHz\n", target->name, result->cycles,
                   us < 1000 ? us : us / 1000, us < 1000 ? "us" : "ms", target->clock_mhz);
  fuse_text_printf(out, "%s MACs, %.1f %% of what %ux%u PEs can do in that time\n",
                   short_number(total, macs, sizeof macs),
                   percent_of(total, result->cycles * array_size(runtime)), target->rows,
                   target->cols);
  fuse_text_printf(out, "DRAM: %sB read, %sB written, channel held %.1f %%\n",
                   short_number(result->dram_read, in, sizeof in),
                   short_number(result->dram_written, back, sizeof back),
                   percent_of(result->channel_busy, result->cycles));
  fuse_text_printf(out, "%zu commands, %u calls of the host\n", result->n_cmds, result->host_calls);
  put_queues(runtime, out);
  if (runtime->object.n_nodes > 0) {
    fuse_text_printf(out, "\n%-28s %-12s %-12s %10s %6s %7s %8s  %s\n", "node", "op", "mapping",
                     "cycles", "PEs", "MACs", "DRAM", "stalls");
    for (size_t i = 0; i < rows.n; i++)
      put_row(runtime, &rows.rows[i], out);
  }
  fuse_arena_fini(&arena);
}

/* ---- JSON ---- */

/* jansson gives NULL for want of memory only: names are UTF-8, keys are ours. */
static void set(json_t *object, const char *key, json_t *owned_value) {
  if (json_object_set_new(object, key, owned_value) != 0)
    fuse_fatal("out of memory");
}

static void set_count(json_t *object, const char *key, uint64_t value) {
  set(object, key, json_integer((json_int_t)value));
}

static json_t *reasons_json(const uint64_t *reasons) {
  json_t *object = json_object();
  for (int r = 0; r < STOS_SIM_N_REASONS; r++)
    set_count(object, stos_sim_reason_name((StosSimReason)r), reasons[r]);
  return object;
}

static json_t *queues_json(const FuseRuntime *runtime) {
  static const char *const names[STOS_N_QUEUES] = {"load", "array", "vector", "store"};
  json_t *queues = json_object();
  for (int q = 0; q < STOS_N_QUEUES; q++)
    set(queues, names[q], reasons_json(runtime->result.queue[q]));
  return queues;
}

static json_t *row_json(const FuseRuntime *runtime, const Row *row) {
  json_t *object = json_object();
  set(object, "node", row->node ? json_string(row->node->name) : json_null());
  set(object, "op", json_string(row->node ? row->node->op : ""));
  set(object, "mapping", json_string(row->node ? row->node->mapping : ""));
  set_count(object, "commands", row->n_commands);
  set_count(object, "end", row->end);
  set_count(object, "cycles", row->cycles);
  set_count(object, "bound_cycles", row->node ? row->node->bound_cycles : 0);
  set_count(object, "macs", row->macs);
  set(object, "utilisation",
      json_real(percent_of(row->macs, row->cycles * array_size(runtime)) / 100));
  set_count(object, "dram_bytes", row->dram);
  set(object, "compute", reasons_json(row->reasons[0]));
  set(object, "dma", reasons_json(row->reasons[1]));
  return object;
}

static json_t *root_json(const FuseRuntime *runtime, const Rows *rows) {
  const StosSimResult *result = &runtime->result;
  json_t *root = json_object(), *nodes = json_array();
  uint64_t macs = sum_macs(rows);
  set(root, "target", json_string(runtime->object.target.name));
  set_count(root, "cycles", result->cycles);
  set_count(root, "clock_mhz", runtime->object.target.clock_mhz);
  set_count(root, "macs", macs);
  set(root, "utilisation", json_real(percent_of(macs, result->cycles * array_size(runtime)) / 100));
  set_count(root, "dram_read_bytes", result->dram_read);
  set_count(root, "dram_written_bytes", result->dram_written);
  set_count(root, "dram_beats", result->beats);
  set_count(root, "dram_channel_cycles", result->channel_busy);
  set_count(root, "commands", result->n_cmds);
  set_count(root, "host_calls", result->host_calls);
  set(root, "queues", queues_json(runtime));
  for (size_t i = 0; i < rows->n; i++)
    if (json_array_append_new(nodes, row_json(runtime, &rows->rows[i])) != 0)
      fuse_fatal("out of memory");
  set(root, "nodes", nodes);
  return root;
}

void fuse_runtime_report_json(const FuseRuntime *runtime, FuseText *out) {
  FuseArena arena = {0};
  Rows rows = rows_of(runtime, &arena);
  json_t *root = root_json(runtime, &rows);
  char *text = json_dumps(root, JSON_INDENT(2) | JSON_REAL_PRECISION(6));
  if (!text)
    fuse_fatal("out of memory");
  fuse_text_puts(out, text);
  fuse_text_puts(out, "\n");
  free(text);
  json_decref(root);
  fuse_arena_fini(&arena);
}
