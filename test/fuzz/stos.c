// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/* stos.c - fuzz target: a .stos object, loaded, shown, checked and run. */
#include "fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  fuzz_object(data, size);
  return 0;
}
