// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/* fuzz.h - what the fuzz targets share.
 *
 * A target is one function over bytes. It aborts (FUSE_ASSERT) where a promise is broken; the
 * sanitizers and libFuzzer's limits on time and memory find the rest.
 */
#ifndef FUSE_FUZZ_H
#define FUSE_FUZZ_H

#include "fuse/diag.h"

/* libFuzzer's entry: always 0. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* What is refused has a reason, what is taken has none; gives `good` back. */
static inline bool fuzz_outcome(bool good, const FuseDiag *diag) {
  FUSE_ASSERT(good != diag->set);
  FUSE_ASSERT(good || diag->message[0]);
  return good;
}

/* Everything that reads an object: loader, dumps, checker, disassembler, and the simulator as far
 * as the program stays small (run.c). */
void fuzz_object(const uint8_t *data, size_t size);

#endif
