// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/* kernels.c - unit test of lib/kernels.
 * usage: kernels                 checks and runs random calls, honest and hostile
 *        kernels print all|NAME  a C file with these kernels and something that uses each
 *        kernels table           name, family, parameters and types of each
 *        kernels names           one kernel of each family, and all casts: what needs helpers
 */
#include <stdlib.h>

#include "fuse/kernels.h"
#include "unit.h"

/* ---- printing ---- */

static int print_kernels(const char *which) {
  size_t n;
  const FuseKernelInfo *all = fuse_kernel_all(&n);
  uint32_t *ids = malloc(n * sizeof *ids);
  size_t n_ids = 0;
  FuseText text = {0};
  for (size_t i = 0; i < n; i++)
    if (!strcmp(which, "all") || !strcmp(which, all[i].name))
      ids[n_ids++] = all[i].id;
  fuse_kernel_print(ids, n_ids, &text);
  for (size_t i = 0; i < n_ids; i++)
    fuse_text_printf(&text, "void (*use_%s)(void) = (void (*)(void))fk_%s;\n",
                     fuse_kernel_find(ids[i])->name, fuse_kernel_find(ids[i])->name);
  fputs(text.data, stdout);
  fuse_text_fini(&text);
  free(ids);
  return n_ids ? 0 : 1;
}

static int print_table(void) {
  size_t n;
  const FuseKernelInfo *all = fuse_kernel_all(&n);
  for (size_t i = 0; i < n; i++) {
    printf("%s %s %s", all[i].name, all[i].family, all[i].params);
    for (int t = 0; t < all[i].n_tensors; t++)
      printf(" %s", fuse_dtype_name(all[i].types[t]));
    puts("");
  }
  return 0;
}

static int print_names(void) {
  size_t n;
  const FuseKernelInfo *all = fuse_kernel_all(&n);
  for (size_t i = 0; i < n; i++)
    if (i == 0 || strcmp(all[i].family, all[i - 1].family) != 0 || !strcmp(all[i].family, "cast"))
      puts(all[i].name);
  return 0;
}

/* ---- random calls ---- */

static uint32_t random_bits(void) {
  static uint64_t state = 1;
  state = state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
  return (uint32_t)(state >> 33);
}

/* Small numbers mostly, so that many calls are possible; sometimes anything at all. */
static uint32_t random_word(bool hostile) {
  static const uint32_t edges[] = {0,          0xffffffff, 0x7fffffff, 0x80000000, 0x3fffffff,
                                   0x10000000, 0x4000,     0x10001,    0xfffffffe, 0x7fffff};
  if (hostile && random_bits() % 8 == 0)
    return edges[random_bits() % FUSE_COUNTOF(edges)];
  return random_bits() % 4 + (random_bits() % 8 != 0);
}

/* Zero points are mostly 0, since they must be where elements are wide. */
static void clear_zero_points(const FuseKernelInfo *info, bool hostile, uint32_t *words) {
  for (const FuseKernelField *field = info->fields; field->type; field++) {
    if (field->name[0] == 'z' && !(hostile && random_bits() % 8 == 0) &&
        fuse_dtype_bytes(info->types[1]) > 1)
      *words = 0;
    words += field->type == 'A' ? FK_RANK : field->type == 'T' ? 3 : 1;
  }
}

/* Run one call with tensors of exactly the sizes that the check gave: under AddressSanitizer any
 * other byte touched is reported. False when the check refused it or it is too large. */
static bool try_call(const FuseKernelInfo *info, bool hostile) {
  uint32_t words[FUSE_KERNEL_WORDS];
  uint64_t bytes[FUSE_KERNEL_TENSORS];
  void *tensors[FUSE_KERNEL_TENSORS];
  const char *why = NULL;
  for (size_t i = 0; i < info->n_words; i++)
    words[i] = random_word(hostile);
  clear_zero_points(info, hostile, words);
  size_t n = (size_t)info->n_tensors;
  if (!fuse_kernel_check(info->id, words, info->n_words, n, bytes, &why)) {
    CHECK(why && *why);
    CHECK(!fuse_kernel_run(info->id, tensors, n, words, info->n_words));
    return false;
  }
  CHECK(why == NULL);
  uint64_t total = 0;
  for (size_t i = 0; i < n; i++)
    total += bytes[i] < 4096 ? bytes[i] : 4096;
  if (total >= 4096)
    return false;
  for (size_t i = 0; i < n; i++) {
    uint8_t *data = tensors[i] = malloc(bytes[i]);
    for (uint64_t b = 0; b < bytes[i]; b++)
      data[b] = info->types[i] == FUSE_BOOL ? random_bits() & 1 : (uint8_t)random_bits();
  }
  CHECK(fuse_kernel_run(info->id, tensors, n, words, info->n_words));
  for (size_t i = 0; i < n; i++)
    free(tensors[i]);
  return true;
}

static void test_random_calls(void) {
  size_t n;
  const FuseKernelInfo *all = fuse_kernel_all(&n);
  for (size_t i = 0; i < n; i++) {
    int ran = 0, refused = 0;
    for (int k = 0; k < 2000; k++) {
      bool ok = try_call(&all[i], k % 2);
      ran += ok, refused += !ok;
    }
    if (ran < 5 || refused < 5)
      fprintf(stderr, "%s: %d ran, %d refused\n", all[i].name, ran, refused);
    CHECK(ran >= 5);
    CHECK(refused >= 5);
  }
}

/* ---- single rules ---- */

static bool check_words(uint32_t id, const void *params, size_t size_bytes, size_t n_tensors,
                        uint64_t *bytes) {
  const char *why;
  return fuse_kernel_check(id, params, size_bytes / 4, n_tensors, bytes, &why);
}

static void test_rules(void) {
  uint64_t b[FUSE_KERNEL_TENSORS];
  struct fk_unary u = {6};
  CHECK(check_words(FK_abs_f32, &u, sizeof u, 2, b) && b[0] == 24 && b[1] == 24);
  CHECK(check_words(FK_cast_i32_i1, &u, sizeof u, 2, b) && b[0] == 6 && b[1] == 24);
  CHECK(!check_words(FK_abs_f32, &u, sizeof u, 3, b));     /* tensors */
  CHECK(!check_words(FK_abs_f32, &u, 2 * sizeof u, 2, b)); /* words */
  CHECK(!check_words(31, &u, sizeof u, 2, b));             /* id */
  struct fk_conv2d c = {1, 5, 6, 3, 4, 4, 7, 2, 3, 1, 1, 1, 1, 0, 0};
  CHECK(check_words(FK_conv2d_f32, &c, sizeof c, 4, b));
  CHECK(b[0] == 4 * 4 * 4 * 7 && b[1] == 4 * 5 * 6 * 3 && b[2] == 4 * 2 * 3 * 3 * 7 &&
        b[3] == 4 * 7);
  /* Every other element of the second half, backwards: 3 of y, from element 5 down. */
  struct fk_move m = {.y0 = 5, .x0 = 1, .rank = 1, .size = {3}, .ys = {-2}, .xs = {0}};
  CHECK(check_words(FK_move_32, &m, sizeof m, 2, b) && b[0] == 24 && b[1] == 8);
  m.size[0] = 4; /* element -1 */
  CHECK(!check_words(FK_move_32, &m, sizeof m, 2, b));
  m = (struct fk_move){.rank = 2, .size = {4, 4}, .ys = {0, 1}, .xs = {4, 1}};
  CHECK(!check_words(FK_move_32, &m, sizeof m, 2, b)); /* the same place four times */
}

/* ---- the order of additions ---- */

/* 1e8 + 1 is 1e8 in float, so the order of three taps shows in the sum. */
static void test_order(void) {
  float y, b = 0, w[3] = {1, 1, 1}, x[3] = {1e8f, -1e8f, 1};
  struct fk_dwconv2d p = {1, 1, 3, 1, 1, 1, 1, 1, 3, 1, 1, 1, 1, 0, 0, 1, 1, 1, 0, 1, 0};
  void *t[] = {&y, x, w, &b};
  CHECK(fuse_kernel_run(FK_dwconv2d_f32, t, 4, (uint32_t *)&p, sizeof p / 4) && y == 1);
  p.qx = 2; /* taps 0, 2, 1 */
  CHECK(fuse_kernel_run(FK_dwconv2d_f32, t, 4, (uint32_t *)&p, sizeof p / 4) && y == 0);
  struct fk_conv2d c = {1, 1, 3, 1, 1, 1, 1, 1, 3, 1, 1, 1, 1, 0, 0};
  CHECK(fuse_kernel_run(FK_conv2d_f32, t, 4, (uint32_t *)&c, sizeof c / 4) && y == 1);
  b = 1, x[2] = 0; /* 1 + 1e8 - 1e8 would be 0 */
  CHECK(fuse_kernel_run(FK_conv2d_f32, t, 4, (uint32_t *)&c, sizeof c / 4) && y == 1);
}

int main(int argc, char **argv) {
  if (argc == 3 && !strcmp(argv[1], "print"))
    return print_kernels(argv[2]);
  if (argc == 2 && !strcmp(argv[1], "table"))
    return print_table();
  if (argc == 2 && !strcmp(argv[1], "names"))
    return print_names();
  test_rules();
  test_order();
  test_random_calls();
  return unit_result();
}
