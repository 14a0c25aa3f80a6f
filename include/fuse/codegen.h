// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/* codegen.h - from IR to what runs: C programs and object files.
 *
 * Layer 6.
 */
#ifndef FUSE_CODEGEN_H
#define FUSE_CODEGEN_H

#include "fuse/kernel_calls.h"
#include "fuse/object.h"

/* ---- reference C ---- */

typedef enum FuseCWeights {
  FUSE_C_WEIGHTS_AUTO,   /* inside up to 1 MiB, else a file */
  FUSE_C_WEIGHTS_INSIDE, /* tables in the C file */
  FUSE_C_WEIGHTS_FILE,   /* bytes that the caller loads or maps */
} FuseCWeights;

typedef struct FuseCOptions {
  const char *name; /* of the network: made a C identifier; begins every public name */
  const char
      *header; /* file name of the header; NULL: declarations are in the C text, h is empty */
  FuseCWeights weights;
} FuseCOptions;

/* The module's function (`main`, or the only one) as a C99 program: NAME.c, NAME.h and, when
 * weights->length is not 0 afterwards, NAME.weights. Texts are empty before. The same module gives
 * the same bytes. Failure after printed errors. */
bool fuse_emit_c(FuseIr *ir, MlirModule module, const FuseCOptions *options, FuseText *c,
                 FuseText *h, FuseText *weights);
/* The same into files: path "dir/net.c" gives net.c, net.h and perhaps net.weights in dir, names
 * begin with net_. "-": the C text with its declarations on standard output; its constants are
 * inside. False after printed errors; then none of the files has been touched, unless the disk
 * fails between them. */
bool fuse_write_c(FuseIr *ir, MlirModule module, const char *path, FuseCWeights weights);
/* The identifier that fuse_emit_c makes of a name. */
char *fuse_c_identifier(FuseArena *arena, const char *name);

/* ---- object file ---- */

typedef struct FuseObjectOptions {
  const char *compiler; /* version for the note */
  const char *flags;
  uint8_t model_hash[STOS_HASH_BYTES];
} FuseObjectOptions;

/* The module's one function, scheduled, as an object whose parts live in arena. False after printed
 * errors. */
bool fuse_emit_object(FuseIr *ir, FuseArena *arena, MlirModule module,
                      const FuseObjectOptions *options, StosObject *object);

#endif
