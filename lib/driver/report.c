// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/* report.c - what a compilation says about itself: sizes, cycles, what the rewrite did per layer,
 * what is left for the host and why.
 *
 * needs: an object, the notes that fuse-rewrite left
 * gives: JSON; cycles are those of a run of the simulator without values
 */
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "fuse/driver.h"
#include "fuse/kernels.h"
#include "fuse/rewrite.h"
#include "fuse/runtime.h"

/* jansson gives NULL for want of memory only: names are UTF-8, keys are ours. */
static void set(json_t *object, const char *key, json_t *owned_value) {
  if (json_object_set_new(object, key, owned_value) != 0)
    fuse_fatal("out of memory");
}

static void set_count(json_t *object, const char *key, uint64_t value) {
  set(object, key, json_integer((json_int_t)value));
}

/* JSON that we have printed ourselves. */
static json_t *parse(const FuseText *text) {
  json_t *root = json_loadb(text->data, text->length, 0, NULL);
  FUSE_ASSERT(root);
  return root;
}

/* ---- the host's part ---- */

/* One entry per node, in program order. */
static json_t *host_json(FuseArena *arena, const StosObject *object, const StosProgram *program) {
  json_t *list = json_array();
  size_t n;
  const FuseHostNode *nodes = fuse_host_nodes(arena, object, program, &n);
  for (size_t i = 0; i < n; i++) {
    const StosNode *node = nodes[i].node;
    json_t *entry = json_object();
    set(entry, "node", node ? json_string(node->name) : json_null());
    set(entry, "op", json_string(node ? node->op : ""));
    set(entry, "reason", json_string(nodes[i].reason));
    set_count(entry, "calls", nodes[i].calls);
    set_count(entry, "macs", nodes[i].macs);
    set_count(entry, "bytes", nodes[i].bytes);
    set(entry, "layout", json_boolean(nodes[i].layout));
    if (json_array_append_new(list, entry) != 0)
      fuse_fatal("out of memory");
  }
  return list;
}

/* ---- sums ---- */

static json_t *bytes_json(const StosObject *object) {
  json_t *bytes = json_object();
  set_count(bytes, "text", object->text_bytes);
  set_count(bytes, "weights", object->weights_bytes);
  set_count(bytes, "arena", object->arena_bytes);
  set_count(bytes, "io", object->io_bytes);
  return bytes;
}

/* Bytes that only change their order: at the border, where the runtime packs and unpacks, and in
 * HOST commands. */
static json_t *layout_json(const StosObject *object) {
  uint64_t border = 0, host = 0;
  for (uint32_t i = 0; i < object->n_inputs; i++)
    border += object->inputs[i].layout == STOS_LAYOUT_PLAIN ? 0 : object->inputs[i].size_bytes;
  for (uint32_t i = 0; i < object->n_outputs; i++)
    border += object->outputs[i].layout == STOS_LAYOUT_PLAIN ? 0 : object->outputs[i].size_bytes;
  for (uint32_t i = 0; i < object->n_host; i++)
    if (fuse_kernel_is_layout(fuse_kernel_find(object->host[i].kernel)))
      for (uint32_t k = 0; k < object->host[i].n_tensors; k++)
        host += object->host[i].tensors[k].size_bytes;
  json_t *layout = json_object();
  set_count(layout, "border", border);
  set_count(layout, "host", host);
  return layout;
}

static uint64_t host_macs(const StosObject *object) {
  uint64_t macs = 0;
  for (uint32_t i = 0; i < object->n_host; i++)
    macs += fuse_kernel_macs(object->host[i].kernel, object->host[i].words);
  return macs;
}

/* ---- the report ---- */

static void add_rewrites(const FuseIr *ir, json_t *root) {
  FuseRewriteReport report = fuse_rewrite_report(ir);
  FuseText text = {0};
  fuse_rewrite_json(&report, &text);
  json_t *rewrites = parse(&text);
  set(root, "rewrites", json_incref(json_object_get(rewrites, "layers")));
  json_decref(rewrites);
  fuse_text_fini(&text);
}

static void add_timing(const FuseRuntime *runtime, json_t *root) {
  FuseText text = {0};
  fuse_runtime_report_json(runtime, &text);
  json_t *timing = parse(&text);
  if (json_object_update(root, timing) != 0)
    fuse_fatal("out of memory");
  json_decref(timing);
  fuse_text_fini(&text);
}

static json_t *root_json(FuseArena *arena, const FuseIr *ir, const FuseReport *report,
                         const StosProgram *program, const FuseRuntime *runtime) {
  const StosObject *object = report->object;
  json_t *root = json_object();
  set(root, "network", json_string(report->network));
  set(root, "compiler", json_string(object->compiler));
  set(root, "flags", json_string(object->flags));
  set(root, "rewrite", json_string(report->rewrite));
  set(root, "bytes", bytes_json(object));
  set(root, "layout_bytes", layout_json(object));
  set_count(root, "host_macs", host_macs(object));
  add_timing(runtime, root);
  set(root, "host", host_json(arena, object, program));
  add_rewrites(ir, root);
  return root;
}

static bool print_report(const FuseIr *ir, const FuseReport *report, const FuseRuntime *runtime,
                         FuseText *out, FuseDiag *diag) {
  FuseArena arena = {0};
  StosProgram program;
  bool ok = stos_object_program(&arena, report->object, report->network, &program, diag);
  if (ok) {
    json_t *root = root_json(&arena, ir, report, &program, runtime);
    char *text = json_dumps(root, JSON_INDENT(2) | JSON_REAL_PRECISION(6));
    if (!text)
      fuse_fatal("out of memory");
    fuse_text_printf(out, "%s\n", text);
    free(text);
    json_decref(root);
  }
  fuse_arena_fini(&arena);
  return ok;
}

bool fuse_report(const FuseIr *ir, const FuseReport *report, FuseText *out, FuseDiag *diag) {
  FuseRunOptions options = {.timing_only = true};
  FuseRuntime *runtime = fuse_runtime_open((const uint8_t *)report->file->data,
                                           report->file->length, report->network, diag);
  bool ok = runtime && fuse_runtime_run(runtime, &options, diag);
  if (ok)
    *report->cycles = fuse_runtime_result(runtime)->cycles;
  ok = ok && (!out || print_report(ir, report, runtime, out, diag));
  fuse_runtime_close(runtime);
  return ok;
}
