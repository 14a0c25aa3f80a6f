// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/* target.c - unit test of lib/target.
 *
 * usage: target                  rules, presets, hash, damaged text
 *        target print TARGET     load (a preset or a file) and print as JSON
 */
#include <stdlib.h>

#include "fuse/target.h"
#include "unit.h"

static StosTarget preset(const char *name) {
  StosTarget t = {0};
  CHECK(stos_target_preset(name, &t));
  return t;
}

static void test_presets(void) {
  static const char *const names[] = {"os-8",    "os-16",    "os-32",    "os-64",
                                      "stos-8",  "stos-16",  "stos-32",  "stos-64",
                                      "stosx-8", "stosx-16", "stosx-32", "stosx-64"};
  for (size_t i = 0; i < FUSE_COUNTOF(names); i++) {
    StosTarget t = preset(names[i]);
    FuseDiag diag = {0};
    CHECK(stos_target_check(&t, names[i], &diag));
    CHECK_STR(t.name, names[i]);
  }
  /* Spot values of the table in docs/machine.md. */
  StosTarget t = preset("stosx-64");
  CHECK(t.rows == 64 && t.cols == 64 && t.lanes == 16 && t.broadcast == 1 && t.accumulators == 5);
  CHECK(t.shadow == 1 && t.segments == 2 && t.overlap == 1 && t.scratchpad_words == 65536);
  CHECK(t.dram_elems == 128 && stos_row_groups(&t) == 4 && stos_banks(&t) == 8);
  t = preset("stosx-16");
  CHECK(t.segments == 1 && t.accumulators == 5 && t.lanes == 8 && t.scratchpad_words == 32768);
  t = preset("stos-32");
  CHECK(t.segments == 1 && t.accumulators == 1 && t.shadow == 0 && t.broadcast == 1);
  t = preset("os-8");
  CHECK(t.broadcast == 0 && t.accumulators == 1 && t.dram_elems == 16);

  static const char *const none[] = {"",       "os",    "os-",       "os-7",
                                     "os-160", "OS-16", "stosx-16 ", "xos-16"};
  for (size_t i = 0; i < FUSE_COUNTOF(none); i++) {
    StosTarget before = t;
    CHECK(!stos_target_preset(none[i], &t) && memcmp(&before, &t, sizeof t) == 0);
  }
}

static void refuse(StosTarget t, const char *message) {
  FuseDiag diag = {0};
  CHECK(!stos_target_check(&t, "t.json", &diag));
  CHECK_STR(diag.place, "t.json");
  CHECK_STR(diag.message, message);
}

/* stosx-32 with one other field. */
static void refuse_field(size_t offset, uint32_t value, const char *message) {
  StosTarget t = preset("stosx-32");
  memcpy((char *)&t + offset, &value, sizeof value);
  refuse(t, message);
}

static void test_rules(void) {
  refuse_field(offsetof(StosTarget, rows), 24, "rows is 24; expected a power of two from 8 to 256");
  refuse_field(offsetof(StosTarget, rows), 4, "rows is 4; expected a power of two from 8 to 256");
  refuse_field(offsetof(StosTarget, rows), 512, "rows is 512; expected 2 to 256");
  refuse_field(offsetof(StosTarget, cols), 4, "cols is 4; expected a power of two from 8 to 256");
  refuse_field(offsetof(StosTarget, lanes), 0, "lanes is 0; expected 2 to 64");
  refuse_field(offsetof(StosTarget, lanes), 12,
               "lanes is 12; expected a power of two from 2 to 64");
  refuse_field(offsetof(StosTarget, lanes), 64,
               "rows is 32; expected a power of two from 64 to 256");
  refuse_field(offsetof(StosTarget, accumulators), 17, "accumulators is 17; expected 1 to 16");
  refuse_field(offsetof(StosTarget, segments), 3,
               "segments is 3; expected a power of two from 1 to 4");
  refuse_field(offsetof(StosTarget, sections), 12,
               "sections is 12; expected a power of two from 4 to 16");
  refuse_field(
      offsetof(StosTarget, scratchpad_words), 65537,
      "scratchpad_words is 65537; expected a multiple of sections * 2 * (rows / lanes) * lanes "
      "= 512");
  refuse_field(offsetof(StosTarget, scratchpad_words), 1 << 25,
               "scratchpad_words is 33554432; expected 64 to 16777216");
  refuse_field(offsetof(StosTarget, dram_elems), 60,
               "dram_elems is 60; expected a multiple of lanes = 8");
  refuse_field(offsetof(StosTarget, dram_elems), 520,
               "dram_elems is 520; expected at most 64 * lanes = 512");
  refuse_field(offsetof(StosTarget, clock_mhz), UINT32_MAX,
               "clock_mhz is 4294967295; expected 1 to 100000");
  StosTarget t = preset("stosx-32");
  t.name[5] = '\n';
  refuse(t, "name is 'stosx\\n32'; expected 1 to 63 letters, digits, '.', '_' or '-'");
  t.name[0] = '\0';
  refuse(t, "name is ''; expected 1 to 63 letters, digits, '.', '_' or '-'");
  memset(t.name, 'x', sizeof t.name);
  refuse(t, "name without an end; expected at most 63 characters");
  t = preset("os-8");
  t.cols = 2, t.rows = 2, t.lanes = 2, t.segments = 4;
  refuse(t, "cols is 2; expected a multiple of segments = 4");
}

static void test_hash(void) {
  StosTarget a = preset("stosx-16"), b = a;
  uint8_t first[32], second[32], direct[32], bytes[4 * 18];
  stos_target_hash(&a, first);
  strcpy(b.name, "mine");
  stos_target_hash(&b, second);
  CHECK(memcmp(first, second, 32) == 0);
  b.clock_mhz++;
  stos_target_hash(&b, second);
  CHECK(memcmp(first, second, 32) != 0);
  static const uint32_t fields[] = {16,    16, 8,    1, 5, 1,  1,   1,  64,
                                    32768, 8,  4096, 8, 8, 32, 100, 16, 1000};
  for (size_t i = 0; i < FUSE_COUNTOF(fields); i++)
    fuse_put32(bytes + 4 * i, fields[i]);
  fuse_sha256(bytes, sizeof bytes, direct);
  CHECK(memcmp(first, direct, 32) == 0);
}

/* Every prefix and every changed byte of a good file: an error with a place, or a legal target. */
static void test_damage(void) {
  StosTarget good = preset("stosx-16"), t;
  FuseText text = {0};
  stos_target_print(&good, &text);
  FuseDiag diag = {0};
  CHECK(stos_target_parse(text.data, text.length, "x", &t, &diag));
  CHECK(memcmp(&t, &good, sizeof t) == 0);
  for (size_t length = 0; length + 2 < text.length; length++) {
    char *exact = malloc(length + 1); /* so that the address sanitizer sees a step too far */
    memcpy(exact, text.data, length);
    diag = (FuseDiag){0};
    CHECK(!stos_target_parse(exact, length, "x", &t, &diag) && diag.set);
    CHECK(strncmp(diag.place, "x:", 2) == 0);
    free(exact);
  }
  for (size_t i = 0; i < text.length; i++) {
    for (int byte = 0; byte < 256; byte++) {
      char before = text.data[i];
      text.data[i] = (char)byte;
      diag = (FuseDiag){0};
      if (stos_target_parse(text.data, text.length, "x", &t, &diag))
        CHECK(stos_target_check(&t, "x", &diag));
      else
        CHECK(diag.set && diag.message[0]);
      text.data[i] = before;
    }
  }
  fuse_text_fini(&text);
}

static int print(const char *name) {
  StosTarget target;
  FuseDiag diag = {0};
  FuseText text = {0};
  if (!stos_target_load(name, &target, &diag)) {
    fuse_diag_print(&diag);
    return 1;
  }
  stos_target_print(&target, &text);
  fputs(text.data, stdout);
  fuse_text_fini(&text);
  return 0;
}

int main(int argc, char **argv) {
  if (argc == 3 && strcmp(argv[1], "print") == 0)
    return print(argv[2]);
  if (argc != 1)
    return 2;
  test_presets();
  test_rules();
  test_hash();
  test_damage();
  return unit_result();
}
