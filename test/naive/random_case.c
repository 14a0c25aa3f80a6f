// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/* random_case.c - what every test of random cases does with them. */
#include <stdio.h>
#include <string.h>

#include "random.h"

NaiveMemory random_copy(FuseArena *arena, const RandomCase *c) {
  const StosTarget *t = &c->target;
  size_t word = (size_t)t->lanes * (c->dtype == FUSE_F32 ? 4 : 1);
  NaiveMemory copy = c->memory;
  copy.scratchpad = fuse_memdup(arena, copy.scratchpad, t->scratchpad_words * word);
  copy.params = fuse_memdup(arena, copy.params, (size_t)t->param_entries * STOS_PARAM_BYTES);
  copy.luts = fuse_memdup(arena, copy.luts, (size_t)t->luts * STOS_LUT_BYTES);
  for (int r = 0; r < STOS_N_REGIONS; r++)
    copy.region[r] = fuse_memdup(arena, copy.region[r], copy.region_bytes[r]);
  return copy;
}

const char *random_difference(const RandomCase *c, const NaiveMemory *a, const NaiveMemory *b,
                              bool chip) {
  const StosTarget *t = &c->target;
  size_t word = (size_t)t->lanes * (c->dtype == FUSE_F32 ? 4 : 1);
  if (chip && memcmp(a->scratchpad, b->scratchpad, t->scratchpad_words * word) != 0)
    return "other values in the scratchpad";
  if (chip && memcmp(a->params, b->params, (size_t)t->param_entries * STOS_PARAM_BYTES) != 0)
    return "other parameters";
  if (chip && memcmp(a->luts, b->luts, (size_t)t->luts * STOS_LUT_BYTES) != 0)
    return "other tables";
  for (int r = 0; r < STOS_N_REGIONS; r++)
    if (memcmp(a->region[r], b->region[r], a->region_bytes[r]) != 0)
      return "other values in DRAM";
  return NULL;
}

void random_host(uint32_t call, int region, uint8_t *data, size_t size_bytes) {
  if (region == STOS_REGION_WEIGHTS)
    return;
  for (size_t i = 0; i < size_bytes; i += 1 + call)
    data[i] ^= (uint8_t)call;
}

void random_show(const RandomCase *c, uint64_t seed, const char *what) {
  FuseText text = {0};
  for (size_t i = 0; i < c->program.n; i++) {
    stos_print(&text, &c->program.cmds[i]);
    fuse_text_puts(&text, "\n");
  }
  fuse_text_puts(&text, "target:");
#define X(field, smallest, largest) fuse_text_printf(&text, " " #field "=%u", c->target.field);
  STOS_TARGET_FIELDS(X)
#undef X
  fprintf(stderr, "seed %llu: %s\n%s\n", (unsigned long long)seed, what, text.data);
  fuse_text_fini(&text);
}
