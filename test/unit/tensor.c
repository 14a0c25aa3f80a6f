// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/* tensor.c - unit test of lib/tensor.
 *
 * usage: tensor                     types and sizes
 *        tensor show FILE...        name, type and bytes of each, or its error, one line each
 *        tensor copy IN OUT         read IN, write OUT as .npy
 *        tensor damage SCRATCH FILE...
 *                                   every prefix of each file and every byte changed in several
 *                                   ways: an error, or a tensor that keeps its promises
 */
#include <stdlib.h>

#include "fuse/file.h"
#include "fuse/tensor.h"
#include "unit.h"

static FuseArena arena;

static void test_types(void) {
  CHECK(fuse_dtype_bytes(FUSE_F32) == 4 && fuse_dtype_bytes(FUSE_BOOL) == 1);
  CHECK(fuse_dtype_bytes(FUSE_DTYPE_NONE) == 0 && fuse_dtype_bytes((FuseDtype)99) == 0);
  CHECK(fuse_dtype_bytes((FuseDtype)-1) == 0);
  CHECK_STR(fuse_dtype_name(FUSE_U8), "ui8");
  CHECK_STR(fuse_dtype_name(FUSE_DTYPE_NONE), "?");
  CHECK_STR(fuse_dtype_name((FuseDtype)99), "?");
  int known = 0;
  for (int code = 0; code < 64; code++) {
    const char *name = fuse_dtype_name((FuseDtype)code);
    if (strcmp(name, "?") == 0)
      continue;
    known++;
    CHECK(fuse_dtype_find(name, strlen(name)) == (FuseDtype)code);
  }
  CHECK(known == 13);
  CHECK(fuse_dtype_find("f322", 3) == FUSE_F32 && fuse_dtype_find("f322", 4) == FUSE_DTYPE_NONE);
  CHECK(fuse_dtype_find("", 0) == FUSE_DTYPE_NONE && fuse_dtype_find("?", 1) == FUSE_DTYPE_NONE);
}

static void test_sizes(void) {
  FuseTensor t = {.dtype = FUSE_F32, .rank = 3, .shape = {2, 3, 4}};
  CHECK(fuse_tensor_set_size(&t) && t.size_bytes == 96 && fuse_tensor_elems(&t) == 24);
  t = (FuseTensor){.dtype = FUSE_F64};
  CHECK(fuse_tensor_set_size(&t) && t.size_bytes == 8 && fuse_tensor_elems(&t) == 1);
  t = (FuseTensor){.dtype = FUSE_I8, .rank = 2, .shape = {0, INT64_MAX}};
  CHECK(fuse_tensor_set_size(&t) && t.size_bytes == 0);
  t = (FuseTensor){.dtype = FUSE_I8, .rank = 3, .shape = {INT64_MAX, 0, 2}}; /* strides overflow */
  CHECK(!fuse_tensor_set_size(&t));
  t = (FuseTensor){.dtype = FUSE_I8, .rank = 1, .shape = {-1}, .size_bytes = 7};
  CHECK(!fuse_tensor_set_size(&t) && t.size_bytes == 7);
  t.shape[0] = INT64_MAX; /* as many bytes as a pointer difference can hold */
  CHECK(fuse_tensor_set_size(&t) && t.size_bytes == INT64_MAX);
  t.dtype = FUSE_F32; /* the elements fit, their bytes don't */
  CHECK(!fuse_tensor_set_size(&t));
  t.dtype = FUSE_F16; /* a size_t can hold them, an object can't be that large */
  CHECK(!fuse_tensor_set_size(&t));
  t = (FuseTensor){.dtype = FUSE_DTYPE_NONE};
  CHECK(!fuse_tensor_set_size(&t));
  t = (FuseTensor){.dtype = FUSE_I8, .rank = FUSE_MAX_RANK + 1};
  CHECK(!fuse_tensor_set_size(&t));

  char type[FUSE_TENSOR_TYPE_CHARS];
  t = (FuseTensor){.dtype = FUSE_F32, .rank = 4, .shape = {1, 3, 8, 8}};
  CHECK_STR(fuse_tensor_type(&t, type, sizeof type), "1x3x8x8xf32");
  CHECK_STR(fuse_tensor_type(&t, type, 8), "1x3x8x8");
  t.rank = 0;
  CHECK_STR(fuse_tensor_type(&t, type, sizeof type), "f32");
  t = (FuseTensor){.dtype = FUSE_BF16, .rank = FUSE_MAX_RANK};
  for (int d = 0; d < FUSE_MAX_RANK; d++)
    t.shape[d] = INT64_MIN;
  CHECK(strlen(fuse_tensor_type(&t, type, sizeof type)) == 8 * 21 + 4);
}

/* NAME TYPE HEX, or the error without the file's folder. */
static void show(const char *path) {
  FuseTensor t;
  FuseDiag diag = {0};
  const char *name;
  const char *slash = strrchr(path, '/');
  const char *base = slash ? slash + 1 : path;
  printf("%s: ", base);
  if (!fuse_tensor_read(&arena, path, &t, &name, &diag)) {
    CHECK_STR(diag.place, path);
    printf("error: %s\n", diag.message);
    return;
  }
  char type[FUSE_TENSOR_TYPE_CHARS];
  FuseText escaped = {0};
  fuse_text_escaped(&escaped, name, strlen(name));
  printf("'%s' %s ", escaped.data, fuse_tensor_type(&t, type, sizeof type));
  fuse_text_fini(&escaped);
  for (size_t i = 0; i < t.size_bytes; i++)
    printf("%02x", ((const uint8_t *)t.data)[i]);
  printf("\n");
}

static int copy(const char *in, const char *out) {
  FuseTensor t;
  FuseDiag diag = {0};
  if (fuse_npy_read(&arena, in, &t, &diag) && fuse_npy_write(out, &t, &diag))
    return 0;
  fuse_diag_print(&diag);
  return 1;
}

/* Read what is left of a damaged file. Returns whether it still is a tensor. */
static bool survives(const char *path, FuseTensor *t) {
  FuseDiag diag = {0};
  const char *name;
  *t = (FuseTensor){0};
  if (!fuse_tensor_read(&arena, path, t, &name, &diag)) {
    CHECK(diag.set && diag.message[0] && t->data == NULL);
    return false;
  }
  /* Reads every byte, for the address sanitizer. */
  FuseTensor sized = *t;
  CHECK(!diag.set && fuse_tensor_set_size(&sized) && sized.size_bytes == t->size_bytes);
  CHECK(memcmp(fuse_memdup(&arena, t->data, t->size_bytes), t->data, t->size_bytes) == 0);
  return true;
}

static void damage(const char *scratch, const char *path) {
  FuseFile file;
  FuseDiag diag = {0};
  FuseTensor whole, t;
  const char *name;
  FuseArena kept = {0};
  if (!fuse_file_open(path, &file, &diag) || !fuse_tensor_read(&kept, path, &whole, &name, &diag)) {
    fuse_diag_print(&diag);
    exit(1);
  }
  bool npy = file.data[0] == 0x93;
  for (size_t length = 0; length < file.size_bytes; length++) {
    CHECK(fuse_file_write(scratch, file.data, length, &diag));
    /* A TensorProto without its last fields (the name) can be whole; an .npy can't. */
    if (survives(scratch, &t))
      CHECK(!npy && t.dtype == whole.dtype && t.size_bytes == whole.size_bytes &&
            memcmp(t.data, whole.data, t.size_bytes) == 0);
    fuse_arena_reset(&arena);
  }
  uint8_t *bytes = fuse_memdup(&kept, file.data, file.size_bytes);
  static const uint8_t flips[] = {1, 2, 4, 8, 0x10, 0x20, 0x40, 0x80, 0xff};
  for (size_t i = 0; i < file.size_bytes; i++) {
    for (size_t k = 0; k < sizeof flips; k++) {
      bytes[i] ^= flips[k];
      CHECK(fuse_file_write(scratch, bytes, file.size_bytes, &diag));
      survives(scratch, &t);
      bytes[i] ^= flips[k];
      fuse_arena_reset(&arena);
    }
  }
  fuse_file_close(&file);
  fuse_arena_fini(&kept);
}

int main(int argc, char **argv) {
  const char *mode = argc > 1 ? argv[1] : "";
  int status = 0;
  if (argc == 1) {
    test_types();
    test_sizes();
    status = unit_result();
  } else if (strcmp(mode, "show") == 0) {
    for (int i = 2; i < argc; i++)
      show(argv[i]);
    status = unit_failures != 0;
  } else if (strcmp(mode, "copy") == 0 && argc == 4) {
    status = copy(argv[2], argv[3]);
  } else if (strcmp(mode, "damage") == 0 && argc > 3) {
    for (int i = 3; i < argc; i++)
      damage(argv[2], argv[i]);
    status = unit_result();
  } else {
    status = 2;
  }
  fuse_arena_fini(&arena);
  return status;
}
