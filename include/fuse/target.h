// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/* target.h - the numbers of one machine (docs/machine.md, section 1). */
#ifndef FUSE_TARGET_H
#define FUSE_TARGET_H

#include "fuse/diag.h"

/* X(field, smallest, largest): the order is the order in target files, the note and the hash. */
#define STOS_TARGET_FIELDS(X)                                                                      \
  X(rows, 2, 256)                                                                                  \
  X(cols, 2, 256)                                                                                  \
  X(lanes, 2, 64)                                                                                  \
  X(broadcast, 0, 1)                                                                               \
  X(accumulators, 1, 16)                                                                           \
  X(shadow, 0, 1)                                                                                  \
  X(segments, 1, 4)                                                                                \
  X(overlap, 0, 1)                                                                                 \
  X(taps, 1, 1024)                                                                                 \
  X(scratchpad_words, 64, 1 << 24)                                                                 \
  X(sections, 4, 16)                                                                               \
  X(param_entries, 16, 1 << 20)                                                                    \
  X(luts, 0, 256)                                                                                  \
  X(post_latency, 1, 64)                                                                           \
  X(dram_elems, 2, 4096)                                                                           \
  X(dram_latency, 1, 100000)                                                                       \
  X(queue_depth, 2, 1024)                                                                          \
  X(clock_mhz, 1, 100000)

typedef struct StosTarget {
  char name[64]; /* "stosx-16" */
#define X(field, smallest, largest) uint32_t field;
  STOS_TARGET_FIELDS(X)
#undef X
} StosTarget;

static inline uint32_t stos_row_groups(const StosTarget *t) {
  return t->rows / t->lanes;
}
static inline uint32_t stos_banks(const StosTarget *t) {
  return 2 * stos_row_groups(t);
}
static inline uint32_t stos_section_words(const StosTarget *t) {
  return t->scratchpad_words / t->sections;
}
/* M-MEM-1 */
static inline uint32_t stos_section_of(const StosTarget *t, uint32_t word) {
  return word / stos_section_words(t);
}
static inline uint32_t stos_bank_of(const StosTarget *t, uint32_t word) {
  return (word + word / t->lanes) % stos_banks(t);
}

/* A preset by name: os-N, stos-N, stosx-N with N = 8, 16, 32, 64. False: no such preset, *target
 * untouched. */
bool stos_target_preset(const char *name, StosTarget *target);
/* A preset, or a JSON file when the name isn't one. */
bool stos_target_load(const char *name_or_path, StosTarget *target, FuseDiag *diag);
/* One JSON object with "name" and every field, each once and nothing else; then
 * stos_target_check. Errors of a key have the place place:line:column. */
bool stos_target_parse(const char *json, size_t length, const char *place, StosTarget *target,
                       FuseDiag *diag);
/* Every rule of docs/machine.md section 1, and the name: 1 to 63 of [A-Za-z0-9._-]. */
bool stos_target_check(const StosTarget *target, const char *place, FuseDiag *diag);
/* The JSON text of a target, as in targets/; keys in order. */
void stos_target_print(const StosTarget *target, FuseText *text);
/* SHA-256 of the fields as little-endian u32 in order; the name doesn't count. */
void stos_target_hash(const StosTarget *target, uint8_t out[32]);

#endif
