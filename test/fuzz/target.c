// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/* target.c - fuzz target: a target file; what is taken prints and reads back as it was. */
#include <string.h>

#include "fuse/target.h"
#include "fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  StosTarget target = {0}, again = {0};
  FuseDiag diag = {0};
  if (!fuzz_outcome(stos_target_parse((const char *)data, size, "x.json", &target, &diag), &diag))
    return 0;
  FuseText text = {0};
  uint8_t hash[32], hash_again[32];
  stos_target_print(&target, &text);
  FUSE_ASSERT(stos_target_parse(text.data, text.length, "x.json", &again, &diag));
  stos_target_hash(&target, hash);
  stos_target_hash(&again, hash_again);
  FUSE_ASSERT(memcmp(hash, hash_again, sizeof hash) == 0);
  FUSE_ASSERT(strcmp(target.name, again.name) == 0);
  fuse_text_fini(&text);
  return 0;
}
