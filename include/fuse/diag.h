// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/* diag.h - one error: where, what was found, what was expected; and the one function that prints
 * it.
 *
 * Below the MLIR line a function that can fail on its input takes a FuseDiag * and returns false.
 * The first error wins: a filled FuseDiag is not overwritten.
 */
#ifndef FUSE_DIAG_H
#define FUSE_DIAG_H

#include "fuse/support.h"

typedef enum FuseSeverity {
  FUSE_ERROR,
  FUSE_WARNING,
  FUSE_NOTE,
  FUSE_N_SEVERITIES,
} FuseSeverity;

typedef struct FuseDiag {
  bool set;           /* an error has been recorded */
  char place[256];    /* "net.onnx:node 3", "x.s:12:4", "net.stos"; may be empty */
  char message[1024]; /* "what was found; what was expected" */
} FuseDiag;           /* {0} means no error yet */

/* Record an error unless one is there already. Always returns false, so that a caller can write
 *   return fuse_diag_error(diag, path, "found %d; expected %d", a, b); */
bool fuse_diag_error(FuseDiag *diag, const char *place, const char *format, ...) FUSE_PRINTF(3, 4);

/* Print one line on stderr: `place: error: message`. With an empty place: `error: message`.
 * Names taken from files must have been escaped (fuse_text_escaped) by the caller. */
void fuse_diag_emit(FuseSeverity severity, const char *place, const char *message);
/* The same for a recorded error. */
void fuse_diag_print(const FuseDiag *diag);
/* fuse_diag_emit with a format. */
void fuse_diag_say(FuseSeverity severity, const char *place, const char *format, ...)
    FUSE_PRINTF(3, 4);

#endif
