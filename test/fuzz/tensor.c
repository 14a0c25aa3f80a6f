// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/* tensor.c - fuzz target: .npy and ONNX .pb tensors; no more memory than a multiple of the file. */
#include "fuzz.h"
#include "tensor_private.h"

/* One byte of a varint or of a packed field becomes at most a double. */
enum { SLACK_BYTES = 4096, BYTES_PER_BYTE = 16 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  FuseArena arena = {0};
  FuseDiag diag = {0};
  FuseTensor tensor = {0};
  const char *name = NULL;
  FuseFile file = {.data = data, .size_bytes = size};
  if (fuzz_outcome(fuse_tensor_parse(&arena, &file, "x", &tensor, &name, &diag), &diag)) {
    FUSE_ASSERT(name != NULL);
    size_t claimed = tensor.size_bytes;
    FUSE_ASSERT(fuse_tensor_set_size(&tensor) && tensor.size_bytes == claimed);
    uint8_t hash[32];
    fuse_sha256(tensor.data, claimed, hash); /* reads all of it */
  }
  FUSE_ASSERT(arena.peak_bytes <= SLACK_BYTES + BYTES_PER_BYTE * size);
  fuse_arena_fini(&arena);
  return 0;
}
