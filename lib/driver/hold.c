// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/* hold.c - diagnostics held back and printed in the order of the model's nodes.
 *
 * needs: diagnostics of more than one stage (the importer, the conversion)
 * gives: the same lines: first what belongs to no node, then by node, each in the order reported
 */
#include <stdlib.h>
#include <string.h>

#include "fuse/driver.h"

typedef struct FuseHeld {
  FuseSeverity severity;
  int node; /* -1: of none */
  size_t order;
  const char *place, *message;
} FuseHeld;

static void hold(const FuseDiagEvent *event, void *user) {
  FuseHold *h = user;
  bool node = event->column == 0 && event->file[0] && event->line >= 0;
  h->held = fuse_grow(&h->arena, h->held, h->n, &h->capacity, h->n + 1, sizeof *h->held);
  h->held[h->n] = (FuseHeld){.severity = event->severity,
                             .node = node ? event->line : -1,
                             .order = h->n,
                             .place = fuse_strdup(&h->arena, event->place),
                             .message = fuse_strdup(&h->arena, event->message)};
  h->n++;
}

static int by_node(const void *left, const void *right) {
  const FuseHeld *a = left, *b = right;
  if (a->node != b->node)
    return a->node < b->node ? -1 : 1;
  return a->order < b->order ? -1 : a->order > b->order;
}

void fuse_hold_begin(FuseHold *h, FuseIr *ir) {
  *h = (FuseHold){.ir = ir};
  fuse_ir_set_sink(ir, hold, h);
}

void fuse_hold_end(FuseHold *h) {
  fuse_ir_set_sink(h->ir, NULL, NULL);
  if (h->n > 1)
    qsort(h->held, h->n, sizeof *h->held, by_node);
  for (size_t i = 0; i < h->n; i++)
    fuse_ir_print(h->ir, h->held[i].severity, h->held[i].place, h->held[i].message);
  fuse_ir_print_rest(h->ir);
  fuse_arena_fini(&h->arena);
}
