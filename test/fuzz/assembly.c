// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/* assembly.c - fuzz target: assembly source; what assembles is written, and the object goes the
 * way of every object. */
#include "fuse/object.h"
#include "fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  FuseArena arena = {0};
  FuseDiag diag = {0};
  FuseText file = {0};
  StosObject object;
  StosTarget target;
  FUSE_ASSERT(stos_target_preset("stosx-8", &target));
  if (fuzz_outcome(
          stos_object_assemble(&arena, (const char *)data, size, "x.s", &target, &object, &diag),
          &diag) &&
      fuzz_outcome(stos_object_write(&object, &file, &diag), &diag))
    fuzz_object((const uint8_t *)file.data, file.length);
  fuse_text_fini(&file);
  fuse_arena_fini(&arena);
  return 0;
}
