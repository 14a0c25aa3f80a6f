// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/* scope.c - what the names of a function or branch are in the one graph that comes out.
 *
 * gives: names that nothing else has; the names of one scope, found by bisection
 */
#include <stdlib.h>
#include <string.h>

#include "inline_private.h"

/* ---- sets of names ---- */

static size_t hash(const char *name) {
  uint64_t h = 14695981039346656037u; /* FNV-1a */
  for (; *name; name++)
    h = (h ^ (uint8_t)*name) * 1099511628211u;
  return (size_t)(h ^ h >> 32);
}

/* Where name is, or goes. */
static NameSlot *slot_of(const NameSet *set, const char *name) {
  size_t i = hash(name) & (set->n_slots - 1);
  while (set->slots[i].name && strcmp(set->slots[i].name, name) != 0)
    i = (i + 1) & (set->n_slots - 1);
  return &set->slots[i];
}

bool onnx_names_add(FuseArena *arena, NameSet *set, const char *name) {
  if (2 * set->n + 2 > set->n_slots) {
    NameSet larger = {.n_slots = set->n_slots ? 2 * set->n_slots : 64, .n = set->n};
    larger.slots = fuse_alloc_array(arena, larger.n_slots, sizeof *larger.slots);
    for (size_t i = 0; i < set->n_slots; i++)
      if (set->slots[i].name)
        *slot_of(&larger, set->slots[i].name) = set->slots[i];
    *set = larger;
  }
  NameSlot *slot = slot_of(set, name);
  if (slot->name)
    return false;
  *slot = (NameSlot){name, 1};
  set->n++;
  return true;
}

char *onnx_names_new(FuseArena *arena, NameSet *set, const char *prefix, const char *name) {
  char *full = prefix ? fuse_format(arena, "%s/%s", prefix, name) : fuse_strdup(arena, name);
  char *tried = full;
  while (!onnx_names_add(arena, set, tried)) /* goes on where the last one with this name ended */
    tried = fuse_format(arena, "%s#%zu", full, ++slot_of(set, full)->n_like);
  return tried;
}

/* ---- scopes ---- */

static int compare_renames(const void *a, const void *b) {
  const Rename *x = a, *y = b;
  int order = strcmp(x->inner, y->inner);
  if (order)
    return order;
  return x->order < y->order ? -1 : x->order > y->order;
}

static int compare_inner(const void *inner, const void *rename) {
  return strcmp(inner, ((const Rename *)rename)->inner);
}

void onnx_scope_add(Scope *scope, const char *inner, const char *outer, size_t made) {
  scope->names[scope->n_names] = (Rename){inner, outer, scope->n_names, made};
  scope->n_names++;
}

const char *onnx_scope_sort(Scope *scope) {
  const char *twice = NULL;
  size_t kept = 0;
  if (scope->n_names > 1)
    qsort(scope->names, scope->n_names, sizeof *scope->names, compare_renames);
  for (size_t i = 0; i < scope->n_names; i++)
    if (kept == 0 || strcmp(scope->names[kept - 1].inner, scope->names[i].inner) != 0) {
      scope->names[kept++] = scope->names[i];
    } else {
      twice = scope->names[i].inner;
      scope->names[kept - 1].made = scope->names[i].made; /* a function's output: by its node */
    }
  scope->n_names = kept;
  return twice;
}

const Rename *onnx_scope_find(const Scope *scope, const char *inner) {
  return scope->n_names && *inner
             ? bsearch(inner, scope->names, scope->n_names, sizeof *scope->names, compare_inner)
             : NULL;
}
