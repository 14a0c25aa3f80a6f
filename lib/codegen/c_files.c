// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/* c_files.c - the reference C as files beside each other.
 *
 * needs: a module, the path of the C file
 * gives: all files or, after an error, none
 */
#include <string.h>

#include "codegen_private.h"
#include "fuse/file.h"

enum { SOURCE, HEADER, WEIGHTS, N_FILES };

/* Can this stand between the quotes of an #include? */
static bool is_includable(const char *name) {
  return !strpbrk(name, "\"\\\n\r");
}

bool fuse_write_c(FuseIr *ir, MlirModule module, const char *path, FuseCWeights weights) {
  FuseArena arena = {0};
  FuseDiag diag = {0};
  FuseText texts[N_FILES] = {{0}};
  FuseCOptions options = {.name = "net", .weights = weights};
  const char *paths[N_FILES + 1] = {path};
  bool ok = true;
  if (strcmp(path, "-") != 0) {
    const size_t n = strlen(path);
    const char *slash = strrchr(path, '/'), *file = slash ? slash + 1 : path;
    ok = strlen(file) > 2 && !strcmp(path + n - 2, ".c") && is_includable(file);
    if (!ok)
      fuse_diag_error(&diag, path, "not the name of a C file; expected NAME.c");
    const char *stem = fuse_strndup(&arena, path, n > 2 ? n - 2 : 0);
    options.name = fuse_strndup(&arena, file, strlen(file) > 2 ? strlen(file) - 2 : 0);
    options.header = fuse_format(&arena, "%s.h", options.name);
    paths[HEADER] = fuse_format(&arena, "%s.h", stem);
    paths[WEIGHTS] = fuse_format(&arena, "%s.weights", stem);
  } else {
    options.weights = FUSE_C_WEIGHTS_INSIDE;
  }
  ok = ok && fuse_emit_c(ir, module, &options, &texts[SOURCE], &texts[HEADER], &texts[WEIGHTS]);
  if (ok) {
    FuseFileText files[N_FILES];
    size_t n = 0;
    for (int i = 0; i < N_FILES && paths[i]; i++)
      if (i != WEIGHTS || texts[i].length)
        files[n++] = (FuseFileText){paths[i], texts[i].data, texts[i].length};
    ok = fuse_files_write(files, n, &diag);
  }
  if (diag.set)
    fuse_diag_print(&diag);
  for (int i = 0; i < N_FILES; i++)
    fuse_text_fini(&texts[i]);
  fuse_arena_fini(&arena);
  return ok;
}
