// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/* target.c - the presets, and the rules of a target.
 *
 * source: docs/machine.md, section 1
 */
#include <inttypes.h>
#include <string.h>

#include "target_private.h"

const TargetField stos_target_fields[N_TARGET_FIELDS] = {
#define X(field, smallest, largest) {#field, offsetof(StosTarget, field), smallest, largest},
    STOS_TARGET_FIELDS(X)
#undef X
};

/* ---- presets ---- */

static void make_preset(const char *name, uint32_t n, bool broadcast, bool extended,
                        StosTarget *target) {
  uint32_t lanes = n == 64 ? 16 : 8;
  *target = (StosTarget){
      .rows = n,
      .cols = n,
      .lanes = lanes,
      .broadcast = broadcast,
      .accumulators = extended ? 5 : 1,
      .shadow = extended,
      .segments = extended && n >= 32 ? 2 : 1,
      .overlap = 1,
      .taps = 64,
      .scratchpad_words = 16384 * n / lanes,
      .sections = 8,
      .param_entries = 4096,
      .luts = 8,
      .post_latency = 8,
      .dram_elems = 2 * n,
      .dram_latency = 100,
      .queue_depth = 16,
      .clock_mhz = 1000,
  };
  fuse_snprintf(target->name, sizeof target->name, "%s", name);
}

bool stos_target_preset(const char *name, StosTarget *target) {
  static const struct {
    const char *prefix;
    bool broadcast, extended;
  } families[] = {{"os", false, false}, {"stos", true, false}, {"stosx", true, true}};
  static const uint32_t sizes[] = {8, 16, 32, 64};
  for (size_t f = 0; f < FUSE_COUNTOF(families); f++) {
    for (size_t i = 0; i < FUSE_COUNTOF(sizes); i++) {
      char preset[16];
      fuse_snprintf(preset, sizeof preset, "%s-%" PRIu32, families[f].prefix, sizes[i]);
      if (strcmp(name, preset) != 0)
        continue;
      make_preset(name, sizes[i], families[f].broadcast, families[f].extended, target);
      return true;
    }
  }
  return false;
}

/* ---- rules ---- */

bool stos_target_check_name(const char *name, const char *place, FuseDiag *diag) {
  static const char allowed[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-";
  size_t length = strlen(name);
  if (length > 0 && length < sizeof((StosTarget *)NULL)->name && strspn(name, allowed) == length)
    return true;
  FuseText escaped = {0};
  fuse_text_escaped(&escaped, name, length);
  fuse_diag_error(diag, place, "name is '%s'; expected 1 to 63 letters, digits, '.', '_' or '-'",
                  escaped.data);
  fuse_text_fini(&escaped);
  return false;
}

bool stos_target_check_range(int field, int64_t value, const char *place, FuseDiag *diag) {
  const TargetField *row = &stos_target_fields[field];
  if (value >= row->smallest && value <= row->largest)
    return true;
  return fuse_diag_error(diag, place, "%s is %" PRId64 "; expected %" PRIu32 " to %" PRIu32,
                         row->name, value, row->smallest, row->largest);
}

static bool power_of_two(uint32_t value) {
  return value != 0 && (value & (value - 1)) == 0;
}

/* `smallest` to `largest` in steps of doubling. */
static bool check_power(const StosTarget *t, int field, uint32_t smallest, uint32_t largest,
                        const char *place, FuseDiag *diag) {
  uint32_t value = stos_target_value(t, field);
  if (power_of_two(value) && value >= smallest && value <= largest)
    return true;
  return fuse_diag_error(diag, place,
                         "%s is %" PRIu32 "; expected a power of two from %" PRIu32 " to %" PRIu32,
                         stos_target_fields[field].name, value, smallest, largest);
}

static bool check_multiple(const StosTarget *t, int field, uint32_t unit, const char *formula,
                           const char *place, FuseDiag *diag) {
  uint32_t value = stos_target_value(t, field);
  if (value % unit == 0)
    return true;
  return fuse_diag_error(diag, place, "%s is %" PRIu32 "; expected a multiple of %s = %" PRIu32,
                         stos_target_fields[field].name, value, formula, unit);
}

bool stos_target_check(const StosTarget *target, const char *place, FuseDiag *diag) {
  const StosTarget *t = target;
  if (!memchr(t->name, 0, sizeof t->name))
    return fuse_diag_error(diag, place, "name without an end; expected at most 63 characters");
  if (!stos_target_check_name(t->name, place, diag))
    return false;
  for (int field = 0; field < N_TARGET_FIELDS; field++) {
    if (!stos_target_check_range(field, stos_target_value(t, field), place, diag))
      return false;
  }
  /* The ranges above keep these products far below 32 bits. */
  uint32_t section_unit_words = t->sections * stos_banks(t) * t->lanes;
  if (!check_power(t, FIELD_lanes, 2, 64, place, diag) ||
      !check_power(t, FIELD_rows, t->lanes, 256, place, diag) ||
      !check_power(t, FIELD_cols, t->lanes, 256, place, diag) ||
      !check_power(t, FIELD_segments, 1, 4, place, diag) ||
      !check_multiple(t, FIELD_cols, t->segments, "segments", place, diag) ||
      !check_power(t, FIELD_sections, 4, 16, place, diag) ||
      !check_multiple(t, FIELD_scratchpad_words, section_unit_words,
                      "sections * 2 * (rows / lanes) * lanes", place, diag) ||
      !check_multiple(t, FIELD_dram_elems, t->lanes, "lanes", place, diag))
    return false;
  if (t->dram_elems > 64 * t->lanes)
    return fuse_diag_error(diag, place,
                           "dram_elems is %" PRIu32 "; expected at most 64 * lanes = %" PRIu32,
                           t->dram_elems, 64 * t->lanes);
  return true;
}

void stos_target_hash(const StosTarget *target, uint8_t out[32]) {
  uint8_t bytes[4 * N_TARGET_FIELDS];
  for (int field = 0; field < N_TARGET_FIELDS; field++)
    fuse_put32(bytes + 4 * field, stos_target_value(target, field));
  fuse_sha256(bytes, sizeof bytes, out);
}
