// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/* onnx.c - unit test of lib/onnx: damaged files are refused with a message, never more.
 *
 *   onnx damage MODEL.onnx ROUNDS   every truncation of the file, every byte inverted, then ROUNDS
 *                                   seeded random damages; the file needs --dim batch=2 and x:3=4
 *   onnx corpus MODEL.onnx...       good models: taken, or refused for what isn't supported yet
 *   onnx memory SMALL.onnx BIG.onnx LIMIT   importing BIG allocates fewer than LIMIT bytes
 *   onnx kind FILE...               does its content look like an ONNX model?
 */
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <unistd.h>

#include "../unit.h"
#include "fuse/onnx.h"

enum { IMPORTS_PER_CONTEXT = 256 };

static uint64_t state = 1;

/* splitmix64 */
static uint64_t next_random(void) {
  uint64_t z = state += UINT64_C(0x9E3779B97F4A7C15);
  z = (z ^ (z >> 30)) * UINT64_C(0xBF58476D1CE4E5B9);
  z = (z ^ (z >> 27)) * UINT64_C(0x94D049BB133111EB);
  return z ^ (z >> 31);
}

static size_t below(size_t n) {
  return (size_t)(next_random() % n);
}

/* ---- what the importer says on stderr ---- */

static FuseOnnxOptions options; /* of every import */
static int messages_fd = -1;
static int real_stderr = -1;

static void capture_begin(void) {
  FILE *file = tmpfile();
  if (!file || (messages_fd = dup(fileno(file))) < 0 || (real_stderr = dup(2)) < 0)
    exit(3);
  fclose(file);
}

/* The bytes right before a page that can't be read: reading behind their end is a crash. */
static FuseFile guarded_file(const uint8_t *bytes, size_t n) {
  size_t page = (size_t)sysconf(_SC_PAGESIZE), room = (n + page - 1) / page * page;
  FuseFile file = {.size_bytes = n, .mapping_bytes = room + page};
  file.mapping =
      mmap(NULL, room + page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (file.mapping == MAP_FAILED || mprotect((uint8_t *)file.mapping + room, page, PROT_NONE) != 0)
    exit(3);
  uint8_t *data = (uint8_t *)file.mapping + room - n;
  memcpy(data, bytes, n);
  file.data = data;
  return file;
}

static void append(MlirStringRef s, void *text) {
  fuse_text_append(text, s.data, s.length);
}

/* Can what was imported be printed, with locations, and read again? */
static void check_round_trip(FuseIr *ir, MlirModule module) {
  FuseText text = {0};
  MlirOpPrintingFlags flags = mlirOpPrintingFlagsCreate();
  mlirOpPrintingFlagsEnableDebugInfo(flags, true, false);
  mlirOperationPrintWithFlags(mlirModuleGetOperation(module), flags, append, &text);
  mlirOpPrintingFlagsDestroy(flags);
  MlirModule again = fuse_ir_parse(ir, text.data, text.length, "again.mlir");
  CHECK(!mlirModuleIsNull(again));
  if (!mlirModuleIsNull(again))
    mlirModuleDestroy(again);
  fuse_text_fini(&text);
}

/* Run an import with stderr in a file; gives what it wrote. */
static bool import_captured(FuseIr *ir, const FuseFile *owned_file, const char *path,
                            FuseText *said) {
  if (ftruncate(messages_fd, 0) != 0 || lseek(messages_fd, 0, SEEK_SET) != 0)
    exit(3);
  dup2(messages_fd, 2);
  MlirModule module = fuse_onnx_import_bytes(ir, owned_file, path, &options);
  dup2(real_stderr, 2);
  char buffer[4096];
  lseek(messages_fd, 0, SEEK_SET);
  for (ssize_t got; (got = read(messages_fd, buffer, sizeof buffer)) > 0;)
    fuse_text_append(said, buffer, (size_t)got);
  bool ok = !mlirModuleIsNull(module);
  if (ok) {
    check_round_trip(ir, module);
    mlirModuleDestroy(module);
  }
  return ok;
}

static bool begins(const char *s, const char *with) {
  return strncmp(s, with, strlen(with)) == 0;
}

/* Every line is `place: error: text` or a warning, the place being the file or a node of it. */
static bool well_formed(const char *said, const char *path, int *n_errors) {
  const char *base = strrchr(path, '/') + 1;
  for (const char *line = said; *line;) {
    const char *end = strchr(line, '\n');
    if (!end)
      return false;
    char *copy = strndup(line, (size_t)(end - line));
    bool placed = begins(copy, path) || begins(copy, base);
    bool error = strstr(copy, ": error: ") != NULL, warning = strstr(copy, ": warning: ") != NULL;
    free(copy);
    if (!placed || (!error && !warning))
      return false;
    *n_errors += error;
    line = end + 1;
  }
  return true;
}

static size_t n_accepted, n_refused;

/* The context of the next import: a new one now and then, so that they don't fill the memory. */
static FuseIr *fresh_ir(void) {
  static FuseIr *ir;
  static int n_imports;
  if (n_imports++ % IMPORTS_PER_CONTEXT == 0) {
    fuse_ir_destroy(ir);
    ir = fuse_ir_create();
  }
  return ir;
}

/* Refused with errors or taken without. */
static bool check_import(const FuseFile *owned_file, const char *path, const char *what, size_t at,
                         FuseText *said) {
  int n_errors = 0;
  bool ok = import_captured(fresh_ir(), owned_file, path, said);
  const char *text = said->data ? said->data : "";
  bool formed = well_formed(text, path, &n_errors);
  if (!formed || ok != (n_errors == 0))
    fprintf(stderr, "%s %zu: accepted %d, errors %d, said:\n%s\n", what, at, ok, n_errors, text);
  CHECK(formed);
  CHECK(ok == (n_errors == 0));
  n_accepted += ok, n_refused += !ok;
  return ok;
}

static void try_bytes(const uint8_t *bytes, size_t n, const char *what, size_t at) {
  FuseText said = {0};
  FuseFile file = guarded_file(bytes, n);
  check_import(&file, "dir/x.onnx", what, at, &said);
  fuse_text_fini(&said);
}

/* Up to three small damages in a copy of at most n + 64 bytes; its new size. */
static size_t damage(uint8_t *copy, size_t n) {
  static const uint8_t nasty[] = {0, 1, 0x7f, 0x80, 0xff, 0x0a, 0x12};
  for (size_t i = 0, n_damages = 1 + below(3); i < n_damages && n > 1; i++) {
    size_t at = below(n), length = 1 + below(n - at < 16 ? n - at : 16);
    switch (below(5)) {
    case 0: copy[at] ^= (uint8_t)(1u << below(8)); break;
    case 1: copy[at] = (uint8_t)next_random(); break;
    case 2: copy[at] = nasty[below(sizeof nasty)]; break;
    case 3: /* cut a piece out */
      memmove(copy + at, copy + at + length, n - at - length);
      n -= length;
      break;
    case 4: /* a piece twice */
      memmove(copy + at + length, copy + at, n - at);
      n += length;
      break;
    }
  }
  return n;
}

static int damage_model(const char *path, size_t rounds) {
  FuseFile file;
  FuseDiag diag = {0};
  if (!fuse_file_open(path, &file, &diag))
    return fuse_diag_print(&diag), 1;
  static const FuseOnnxDim dims[] = {{"batch", 5, 2}, {"x:3", 3, 4}};
  options = (FuseOnnxOptions){dims, FUSE_COUNTOF(dims)};
  capture_begin();
  uint8_t *copy = malloc(file.size_bytes + 64);
  try_bytes(file.data, file.size_bytes, "undamaged", 0);
  CHECK(n_accepted == 1);
  for (size_t n = 0; n < file.size_bytes; n++)
    try_bytes(file.data, n, "truncated at", n);
  for (size_t at = 0; at < file.size_bytes; at++) {
    memcpy(copy, file.data, file.size_bytes);
    copy[at] ^= 0xff;
    try_bytes(copy, file.size_bytes, "inverted at", at);
  }
  for (size_t round = 0; round < rounds; round++) {
    memcpy(copy, file.data, file.size_bytes);
    try_bytes(copy, damage(copy, file.size_bytes), "random round", round);
  }
  printf("%zu damaged files accepted, %zu refused\n", n_accepted - 1, n_refused);
  CHECK(n_refused > file.size_bytes);
  free(copy);
  fuse_file_close(&file);
  return unit_result();
}

/* Good models: each is taken, or refused for what is not supported yet. */
static int corpus(int n, char **paths) {
  capture_begin();
  for (int i = 0; i < n; i++) {
    FuseFile file;
    FuseDiag diag = {0};
    FuseText said = {0};
    if (!fuse_file_open(paths[i], &file, &diag))
      return fuse_diag_print(&diag), 1;
    if (!check_import(&file, paths[i], paths[i], 0, &said) &&
        !strstr(said.data, ": not supported yet: ")) {
      fprintf(stderr, "%s", said.data);
      CHECK(!"refused for another reason");
    }
    fuse_text_fini(&said);
  }
  printf("%zu models taken, %zu refused\n", n_accepted, n_refused);
  return unit_result();
}

static bool import_file(FuseIr *ir, const char *path) {
  MlirModule module = fuse_onnx_import(ir, path, &(FuseOnnxOptions){0});
  bool ok = !mlirModuleIsNull(module);
  if (ok)
    mlirModuleDestroy(module);
  return ok;
}

/* Writable private memory of the process (VmData), which RLIMIT_DATA limits. */
static size_t data_bytes(void) {
  char line[256];
  size_t kib = 0;
  FILE *status = fopen("/proc/self/status", "r");
  while (status && fgets(line, sizeof line, status))
    sscanf(line, "VmData: %zu", &kib);
  if (status)
    fclose(status);
  return kib * 1024;
}

/* Import `small` to bring everything in that a first import needs; then `big` must do with
 * limit_bytes more than the process has. */
static int memory(const char *small, const char *big, size_t limit_bytes) {
  FuseIr *ir = fuse_ir_create();
  CHECK(import_file(ir, small));
  size_t arena_bytes = fuse_ir_arena(ir)->used_bytes, before_bytes = data_bytes();
  CHECK(before_bytes > 0);
  struct rlimit limit = {before_bytes + limit_bytes, before_bytes + limit_bytes};
  CHECK(setrlimit(RLIMIT_DATA, &limit) == 0);
  CHECK(import_file(ir, big));
  printf("%zu bytes in the arena, %zu more in the process\n",
         fuse_ir_arena(ir)->used_bytes - arena_bytes, data_bytes() - before_bytes);
  fuse_ir_destroy(ir);
  return unit_result();
}

static int kind(int n, char **paths) {
  for (int i = 0; i < n; i++) {
    FuseFile file;
    FuseDiag diag = {0};
    if (!fuse_file_open(paths[i], &file, &diag))
      return fuse_diag_print(&diag), 1;
    printf("%s\n", fuse_onnx_looks_like(file.data, file.size_bytes) ? "onnx" : "other");
    fuse_file_close(&file);
  }
  return 0;
}

int main(int argc, char **argv) {
  if (argc == 4 && !strcmp(argv[1], "damage"))
    return damage_model(argv[2], strtoul(argv[3], NULL, 10));
  if (argc > 2 && !strcmp(argv[1], "corpus"))
    return corpus(argc - 2, argv + 2);
  if (argc == 5 && !strcmp(argv[1], "memory"))
    return memory(argv[2], argv[3], strtoul(argv[4], NULL, 10));
  if (argc > 2 && !strcmp(argv[1], "kind"))
    return kind(argc - 2, argv + 2);
  fprintf(stderr, "usage: onnx damage MODEL ROUNDS | corpus MODEL... | memory SMALL BIG LIMIT | "
                  "kind FILE...\n");
  return 2;
}
