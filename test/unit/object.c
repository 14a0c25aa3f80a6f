// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/* object.c - unit test of the .stos writer and reader: there and back, truncations, flipped bytes,
 * refused objects. usage: object FILE (the object is written there, for readelf and friends) */
#include <stdlib.h>

#include "fuse/file.h"
#include "fuse/object.h"
#include "unit.h"

static FuseArena arena;
static uint8_t text[80], weights[100];

static const StosHostTensor host_tensors[] = {{STOS_REGION_WEIGHTS, 4, 96},
                                              {STOS_REGION_ARENA, 0, 1u << 20}};
static const uint32_t host_words[] = {7, 0xffffffff};
static const StosHostCall calls[] = {
    {.kernel = 3, .n_tensors = 2, .n_words = 2, .tensors = host_tensors, .words = host_words},
    {.kernel = 9}};
static const StosNode nodes[] = {
    {.name = "conv_1", .op = "Conv", .mapping = "gemm", .macs = 1000, .bound_cycles = 10},
    {.name = "gr\xc3\xbc\xc3\x9f \"x\"", .op = "Relu"}};
static const StosRange ranges[] = {{0, 16, 1}, {16, 32, 0}, {32, 64, 1}};
static const StosIo inputs[] = {{.name = "x",
                                 .dtype = FUSE_F32,
                                 .machine_dtype = FUSE_F32,
                                 .layout = STOS_LAYOUT_PACKED,
                                 .rank = 4,
                                 .shape = {1, 3, 8, 8},
                                 .size_bytes = 4 * 16 * 32,
                                 .line_pitch = 4,
                                 .block_pitch = 16,
                                 .kh = 3,
                                 .kw = 3,
                                 .stride_y = 2,
                                 .stride_x = 2,
                                 .dil_y = 1,
                                 .dil_x = 1,
                                 .pad_top = -1,
                                 .out_lines = 4,
                                 .out_pixels = 4}};
static const StosIo outputs[] = {{.name = "y",
                                  .dtype = FUSE_F32,
                                  .machine_dtype = FUSE_F32,
                                  .layout = STOS_LAYOUT_BLOCKED,
                                  .rank = 2,
                                  .shape = {1, 10},
                                  .offset_bytes = 2048,
                                  .size_bytes = 64,
                                  .line_pitch = 1,
                                  .block_pitch = 1},
                                 {.name = "z",
                                  .dtype = FUSE_U8,
                                  .machine_dtype = FUSE_I8,
                                  .layout = STOS_LAYOUT_PLAIN,
                                  .rank = 3,
                                  .shape = {2, 3, 5},
                                  .offset_bytes = 2112,
                                  .size_bytes = 30,
                                  .scale = 0.5f,
                                  .zero_point = -3}};

static StosObject example(void) {
  FuseDiag diag = {0};
  static const char *const lines[] = {"barrier", "host main{call=1}", "load.f32 main{run=3}",
                                      "end"};
  StosObject object = {.text = text,
                       .weights = weights,
                       .weights_bytes = sizeof weights,
                       .arena_bytes = 1u << 20,
                       .io_bytes = 2142,
                       .inputs = inputs,
                       .outputs = outputs,
                       .n_inputs = 1,
                       .n_outputs = 2,
                       .host = calls,
                       .n_host = 2,
                       .nodes = nodes,
                       .ranges = ranges,
                       .n_nodes = 2,
                       .n_ranges = 3,
                       .compiler = "1.2.3",
                       .flags = "--x",
                       .model_hash = {1, 2, 3},
                       .dtype = FUSE_F32,
                       .allow_reassociation = true};
  CHECK(stos_target_preset("stosx-16", &object.target));
  for (size_t i = 0; i < FUSE_COUNTOF(lines); i++) {
    StosCmd cmd;
    uint8_t bytes[STOS_MAX_CMD_BYTES];
    CHECK(stos_parse(lines[i], strlen(lines[i]), "x", &cmd, &diag));
    size_t length = stos_encode(&cmd, bytes, &diag);
    CHECK(length && object.text_bytes + length <= sizeof text);
    memcpy(text + object.text_bytes, bytes, length);
    object.text_bytes += length;
  }
  for (size_t i = 0; i < sizeof weights; i++)
    weights[i] = (uint8_t)(i * 7);
  return object;
}

static FuseText written(const StosObject *object) {
  FuseText file = {0};
  FuseDiag diag = {0};
  CHECK(stos_object_write(object, &file, &diag));
  if (diag.set)
    fprintf(stderr, "%s\n", diag.message);
  return file;
}

static void test_round_trip(const StosObject *object, const FuseText *file) {
  FuseDiag diag = {0};
  StosObject again;
  StosProgram program;
  CHECK(stos_object_read(&arena, (const uint8_t *)file->data, file->length, "f", &again, &diag));
  FuseText same = written(&again);
  CHECK(same.length == file->length && memcmp(same.data, file->data, same.length) == 0);
  CHECK(again.weights_bytes == sizeof weights && memcmp(again.weights, weights, 100) == 0);
  CHECK(again.outputs[1].zero_point == -3 && again.outputs[1].scale == 0.5f);
  CHECK(again.inputs[0].pad_top == -1 && again.inputs[0].out_pixels == 4);
  CHECK_STR(again.nodes[1].name, nodes[1].name);
  CHECK(again.host[0].words[1] == 0xffffffff && again.host[0].tensors[1].size_bytes == 1u << 20);
  CHECK(again.allow_reassociation && again.model_hash[2] == 3);
  CHECK_STR(again.compiler, "1.2.3");
  CHECK_STR(again.target.name, "stosx-16");
  CHECK(memcmp(&again.target.rows, &object->target.rows, 18 * sizeof(uint32_t)) == 0);
  CHECK(stos_object_program(&arena, &again, "f", &program, &diag) && program.n == 4);
  CHECK(stos_object_node(&again, 48) == &again.nodes[1]);
  CHECK(stos_object_node(&again, 16) == &again.nodes[0]);
  CHECK(stos_object_node(&again, 64) == NULL);
  fuse_text_fini(&same);
}

static int n_survivors;

/* The source of an object assembles to the same object; and everything can be shown. */
static bool reassembles(FuseArena *scratch, const StosObject *object) {
  FuseDiag diag = {0};
  FuseText source = {0}, shown = {0}, file = {0}, same = {0};
  StosImage image;
  StosObject again;
  n_survivors++;
  bool good = stos_object_disassemble(object, "f", true, &source, &diag) &&
              stos_object_json(object, "f", &shown, &diag) &&
              stos_object_dump(object, "io", &shown) && stos_object_dump(object, "note", &shown) &&
              stos_object_dump(object, "host", &shown) &&
              stos_object_dump(object, "debug", &shown) &&
              stos_object_assemble(scratch, source.data, source.length, "s", NULL, &again, &diag) &&
              stos_object_write(object, &file, &diag) && stos_object_write(&again, &same, &diag) &&
              file.length == same.length && memcmp(file.data, same.data, file.length) == 0;
  stos_object_image(object, &image);
  stos_image_fini(&image);
  if (!good)
    fprintf(stderr, "%s: %s\n%s\n", diag.place, diag.message, source.data ? source.data : "");
  fuse_text_fini(&source);
  fuse_text_fini(&shown);
  fuse_text_fini(&file);
  fuse_text_fini(&same);
  return good;
}

/* Bytes that the reader doesn't look at: behind the commands and behind the last section. */
static bool in_gap(size_t at, size_t size) {
  size_t headers = size - 8 * 64;
  return (at >= 64 + sizeof text && at < 256) || (at >= headers - 5 && at < headers);
}

/* What was read is what is written: nothing in the file goes unseen. */
static bool canonical(const StosObject *object, const char *data, size_t size) {
  FuseText file = {0};
  FuseDiag diag = {0};
  bool good = stos_object_write(object, &file, &diag) && file.length == size;
  for (size_t at = 0; at < size && good; at++)
    good = file.data[at] == data[at] || in_gap(at, size);
  fuse_text_fini(&file);
  return good;
}

/* What may come of any bytes: an error with a message, or an object whose commands can be asked
 * for. */
static bool survives(const char *data, size_t size) {
  FuseArena scratch = {0};
  FuseDiag diag = {0};
  StosObject object;
  StosProgram program;
  uint8_t *copy = malloc(size + 1); /* a sanitizer sees what is read beyond */
  memcpy(copy, data, size);
  bool good = stos_object_read(&scratch, copy, size, "f", &object, &diag) &&
              stos_object_program(&scratch, &object, "f", &program, &diag);
  if (good)
    good = reassembles(&scratch, &object) && canonical(&object, data, size);
  free(copy);
  fuse_arena_fini(&scratch);
  return good != diag.set;
}

static void test_damage(const FuseText *file) {
  FuseDiag diag = {0};
  StosObject object;
  bool good = true;
  for (size_t n = 0; n < file->length; n++) {
    uint8_t *cut = malloc(n + 1);
    memcpy(cut, file->data, n);
    diag = (FuseDiag){0};
    good &= !stos_object_read(&arena, cut, n, "f", &object, &diag) && diag.set;
    free(cut);
  }
  CHECK(good); /* every truncation is refused */
  FuseText damaged = {0};
  fuse_text_append(&damaged, file->data, file->length);
  static const uint8_t values[] = {0, 1, 0x7f, 0x80, 0xff};
  for (size_t at = 0; at < file->length; at++) {
    for (size_t v = 0; v < FUSE_COUNTOF(values); v++) {
      damaged.data[at] = (char)values[v];
      good &= survives(damaged.data, damaged.length);
    }
    damaged.data[at] = file->data[at];
  }
  CHECK(good);
  uint32_t seed = 1;
  for (int i = 0; i < 20000; i++) { /* up to four bytes at once */
    memcpy(damaged.data, file->data, file->length);
    for (int k = 0; k <= i % 4; k++) {
      seed = seed * 1664525u + 1013904223u;
      damaged.data[(seed >> 8) % file->length] ^= (char)(1u << (seed & 7));
    }
    good &= survives(damaged.data, damaged.length);
  }
  CHECK(good);
  CHECK(n_survivors > 1000);
  fuse_text_fini(&damaged);
}

/* Damaged sources: an error with a message, or an object. */
static void test_damaged_source(const StosObject *object) {
  FuseText source = {0};
  FuseDiag diag = {0};
  uint32_t seed = 7;
  bool good = true;
  CHECK(stos_object_disassemble(object, "f", true, &source, &diag));
  for (int i = 0; i < 5000; i++) {
    FuseArena scratch = {0};
    StosObject again;
    char *copy = malloc(source.length);
    memcpy(copy, source.data, source.length);
    for (int k = 0; k <= i % 3; k++) {
      seed = seed * 1664525u + 1013904223u;
      char c = "0 \"[];=,:.x-9\n\\\0\xff"[(seed >> 4) % 18];
      copy[(seed >> 10) % source.length] = c;
    }
    diag = (FuseDiag){0};
    size_t length = i % 2 ? source.length : (seed >> 9) % source.length;
    bool assembled = stos_object_assemble(&scratch, copy, length, "s", NULL, &again, &diag);
    good &= assembled != diag.set;
    fuse_arena_fini(&scratch);
    free(copy);
  }
  CHECK(good);
  fuse_text_fini(&source);
}

static void expect_refused(const StosObject *object, const char *message) {
  FuseText file = {0};
  FuseDiag diag = {0};
  CHECK(!stos_object_write(object, &file, &diag) && file.length == 0);
  CHECK(strstr(diag.message, message) != NULL);
  if (!strstr(diag.message, message))
    fprintf(stderr, "%s\n", diag.message);
}

static void test_refused(const StosObject *good) {
  StosObject bad = *good;
  StosIo io[2];
  bad.dtype = FUSE_I16;
  expect_refused(&bad, "datapath dtype code 7");
  bad = *good, bad.target.rows = 12;
  expect_refused(&bad, "rows");
  bad = *good, bad.text_bytes = 24;
  expect_refused(&bad, "24 bytes of commands");
  bad = *good, bad.io_bytes = UINT64_C(1) << 32;
  expect_refused(&bad, "io region of 4294967296 bytes");
  bad = *good, bad.arena_bytes = STOS_MAX_REGION_BYTES + 1;
  expect_refused(&bad, "expected at most 1099511627776");
  bad = *good, bad.io_bytes = 2141;
  expect_refused(&bad,
                 "output 'z': 30 bytes at offset 2112; expected inside the io region of 2141");
  bad = *good, bad.outputs = io;
  memcpy(io, outputs, sizeof io), io[1].name = "y";
  expect_refused(&bad, "output 'y': stands there twice");
  memcpy(io, outputs, sizeof io), io[0].size_bytes = 63;
  expect_refused(&bad, "output 'y': 63 bytes; expected at least 64 (blocked)");
  memcpy(io, outputs, sizeof io), io[0].offset_bytes = 4;
  expect_refused(&bad, "output 'y': offset 4; expected a multiple of 32");
  memcpy(io, outputs, sizeof io), io[0].machine_dtype = FUSE_I8;
  expect_refused(&bad, "output 'y': elements of i8; expected those of the datapath, f32");
  memcpy(io, outputs, sizeof io), io[0].line_pitch = 0;
  expect_refused(&bad, "output 'y': its shape, pitches or packing don't fit its layout, blocked");
  memcpy(io, outputs, sizeof io), io[0].channels_last = 2;
  expect_refused(&bad, "output 'y': channels_last = 2; expected 0, or 1 if it isn't plain");
  memcpy(io, outputs, sizeof io), io[0].shape[1] = -1;
  expect_refused(&bad, "output 'y': dimension 1 is -1");
  memcpy(io, outputs, sizeof io), io[1].scale = 0;
  expect_refused(&bad, "output 'z': scale 0 and zero point -3");
  memcpy(io, outputs, sizeof io), io[1].name = "\xff";
  expect_refused(&bad, "output '\\xff': isn't UTF-8");
  bad = *good;
  StosRange range = {16, 16, 0};
  bad.ranges = &range, bad.n_ranges = 1;
  expect_refused(&bad, "range 0 is bytes 16 to 16");
  range.end = 32, range.node = 2;
  expect_refused(&bad, "range 0 names node 2; expected less than 2");
  bad = *good;
  StosHostTensor tensor = {STOS_REGION_WEIGHTS, 5, 96};
  StosHostCall call = {.n_tensors = 1, .tensors = &tensor};
  bad.host = &call, bad.n_host = 1;
  expect_refused(&bad,
                 "host call 0, tensor 0: 96 bytes at 5; expected inside weights of 100 bytes");
}

static void expect_program_refused(const StosObject *object, const char *message) {
  FuseDiag diag = {0};
  StosProgram program;
  CHECK(!stos_object_program(&arena, object, "f", &program, &diag));
  CHECK_STR(diag.message, message);
}

static void test_program(const StosObject *good) {
  StosObject bad = *good;
  bad.n_host = 1;
  expect_program_refused(&bad, "command at byte 16: host call 1; expected less than 1");
  bad = *good, bad.dtype = FUSE_I8;
  expect_program_refused(&bad, "command at byte 32: element type f32; expected the object's i8");
  StosRange range = {0, 8, 0};
  bad = *good, bad.ranges = &range, bad.n_ranges = 1;
  expect_program_refused(&bad, "range 0 is bytes 0 to 8; expected the beginnings of commands");
}

int main(int argc, char **argv) {
  FuseDiag diag = {0};
  StosObject object = example();
  FuseText file = written(&object);
  test_round_trip(&object, &file);
  test_damage(&file);
  test_damaged_source(&object);
  test_refused(&object);
  test_program(&object);
  CHECK(argc == 2 && fuse_file_write(argv[1], file.data, file.length, &diag));
  fuse_text_fini(&file);
  fuse_arena_fini(&arena);
  return unit_result();
}
