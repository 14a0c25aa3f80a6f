// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/* report.c - what was done per layer: rows, a table for people, JSON for programs.
 *
 * needs: layers that are decided
 * gives: include/fuse/rewrite.h
 */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include <jansson.h>

#include "rewrite.h"

static const char NOTE[] = "fuse-rewrite";

typedef struct Rows {
  FuseRewriteRow *rows;
  size_t n, capacity;
} Rows;

void rewrite_report(Rewrite *r) {
  FuseArena *arena = fuse_ir_arena(r->ir);
  Rows *all = fuse_ir_note(r->ir, NOTE);
  if (!all) {
    all = fuse_alloc(arena, sizeof *all);
    fuse_ir_set_note(r->ir, NOTE, all);
  }
  for (size_t i = 0; i < r->n_layers; i++) {
    if (r->layers[i].silent)
      continue;
    all->rows = fuse_grow(arena, all->rows, all->n, &all->capacity, all->n + 1, sizeof *all->rows);
    all->rows[all->n++] = r->layers[i].row;
  }
}

FuseRewriteReport fuse_rewrite_report(const FuseIr *ir) {
  const Rows *all = fuse_ir_note(ir, NOTE);
  return all ? (FuseRewriteReport){all->rows, all->n} : (FuseRewriteReport){NULL, 0};
}

/* ---- table ---- */

void fuse_rewrite_table(const FuseRewriteReport *report, FuseText *text) {
  fuse_text_printf(text, "%-32s %7s %7s %8s  %-10s %-19s %12s %12s %7s  %s\n", "layer", "kernel",
                   "stride", "channels", "mode", "now", "MACs before", "MACs after", "error",
                   "why");
  for (size_t i = 0; i < report->n; i++) {
    const FuseRewriteRow *row = &report->rows[i];
    char kernel[48], stride[48], error[32] = "-";
    FuseText name = {0};
    fuse_text_escaped(&name, row->node, strlen(row->node));
    fuse_snprintf(kernel, sizeof kernel, "%" PRId64 "x%" PRId64, row->kernel[0], row->kernel[1]);
    fuse_snprintf(stride, sizeof stride, "%" PRId64 ",%" PRId64, row->stride[0], row->stride[1]);
    if (row->weight_error > 0)
      fuse_snprintf(error, sizeof error, "%.1f %%", 100 * row->weight_error);
    fuse_text_printf(
        text, "%-32s %7s %7s %8" PRId64 "  %-10s %-19s %12" PRId64 " %12" PRId64 " %7s  %s\n",
        name.length ? name.data : row->place, kernel, stride, row->channels, row->mode, row->op,
        row->macs_before, row->macs_after, error, row->why);
    fuse_text_fini(&name);
  }
}

/* ---- JSON ---- */

static json_t *pair(const int64_t *values) {
  return json_pack("[I, I]", (json_int_t)values[0], (json_int_t)values[1]);
}

/* A name from a file may not be UTF-8; then its printed form stands. */
static json_t *string(const char *s) {
  if (fuse_utf8_valid(s, strlen(s)))
    return json_string(s);
  FuseText text = {0};
  fuse_text_escaped(&text, s, strlen(s));
  json_t *value = json_string(text.data);
  fuse_text_fini(&text);
  return value;
}

static json_t *row_json(const FuseRewriteRow *row) {
  json_t *object = json_object();
  json_object_set_new(object, "node", string(row->node));
  json_object_set_new(object, "place", string(row->place));
  json_object_set_new(object, "mode", json_string(row->mode));
  json_object_set_new(object, "op", json_string(row->op));
  json_object_set_new(object, "why", json_string(row->why));
  json_object_set_new(object, "kernel", pair(row->kernel));
  json_object_set_new(object, "stride", pair(row->stride));
  json_object_set_new(object, "channels", json_integer((json_int_t)row->channels));
  json_object_set_new(object, "macs_before", json_integer((json_int_t)row->macs_before));
  json_object_set_new(object, "macs_after", json_integer((json_int_t)row->macs_after));
  json_object_set_new(object, "weight_error", json_real(row->weight_error));
  json_object_set_new(object, "approximation", json_boolean(row->approximation));
  return object;
}

static int append(const char *data, size_t n, void *text) {
  fuse_text_append(text, data, n);
  return 0;
}

void fuse_rewrite_json(const FuseRewriteReport *report, FuseText *text) {
  json_t *root = json_object(), *layers = json_array();
  json_object_set_new(root, "layers", layers);
  for (size_t i = 0; i < report->n; i++)
    json_array_append_new(layers, row_json(&report->rows[i]));
  if (json_dump_callback(root, append, text, JSON_INDENT(2)))
    fuse_fatal("out of memory");
  json_decref(root);
  fuse_text_puts(text, "\n");
}
