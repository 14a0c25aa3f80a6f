// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/* liveness.c - one arena for tensors that live at different times.
 *
 * needs: size and lifetime of each slot
 * gives: an offset for each; the largest go first, each to the lowest place that is free while it
 *        lives (greedy by size, as in Pisarchyk and Lee, Efficient memory management for deep
 *        neural net inference, 2020)
 */
#include <stdlib.h>

#include "codegen_private.h"

static bool overlap_in_time(const FuseSlot *a, const FuseSlot *b) {
  return a->first <= b->last && b->first <= a->last;
}

static int larger_first(const void *pa, const void *pb) {
  const FuseSlot *a = *(FuseSlot *const *)pa, *b = *(FuseSlot *const *)pb;
  if (a->size_bytes != b->size_bytes)
    return a->size_bytes < b->size_bytes ? 1 : -1;
  return a < b ? -1 : a > b; /* slots are one array: its order */
}

static int lower_first(const void *pa, const void *pb) {
  const FuseSlot *a = *(FuseSlot *const *)pa, *b = *(FuseSlot *const *)pb;
  if (a->offset != b->offset)
    return a->offset < b->offset ? -1 : 1;
  return a < b ? -1 : a > b;
}

static size_t round_up(size_t value, size_t align) {
  return (value + align - 1) / align * align;
}

size_t fuse_place_slots(FuseArena *arena, FuseSlot *slots, size_t n, size_t align_bytes) {
  FuseSlot **order = fuse_alloc_array(arena, n, sizeof *order);
  FuseSlot **near = fuse_alloc_array(arena, n, sizeof *near);
  size_t total = 0, sum = 0;
  for (size_t i = 0; i < n; i++) {
    size_t padded; /* when all of them behind each other don't overflow, no offset does */
    if (!fuse_add_size(slots[i].size_bytes, align_bytes, &padded) ||
        !fuse_add_size(sum, padded, &sum))
      return SIZE_MAX;
    order[i] = &slots[i];
  }
  qsort(order, n, sizeof *order, larger_first);
  for (size_t i = 0; i < n; i++) {
    size_t n_near = 0, at = 0;
    for (size_t k = 0; k < i; k++)
      if (overlap_in_time(order[k], order[i]))
        near[n_near++] = order[k];
    qsort(near, n_near, sizeof *near, lower_first);
    for (size_t k = 0; k < n_near && at + order[i]->size_bytes > near[k]->offset; k++) {
      const size_t end = round_up(near[k]->offset + near[k]->size_bytes, align_bytes);
      at = end > at ? end : at;
    }
    order[i]->offset = at;
    if (at + order[i]->size_bytes > total)
      total = at + order[i]->size_bytes;
  }
  return total;
}
