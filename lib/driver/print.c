// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/* print.c - modules as text and as bytecode.
 *
 * needs: a verified op
 * gives: its text
 */
#include "fuse/driver.h"

static void append(MlirStringRef s, void *text) {
  fuse_text_append(text, s.data, s.length);
}

void fuse_print_module(MlirOperation op, bool locations, FuseText *text) {
  MlirOpPrintingFlags flags = mlirOpPrintingFlagsCreate();
  if (locations)
    mlirOpPrintingFlagsEnableDebugInfo(flags, true, false);
  mlirOperationPrintWithFlags(op, flags, append, text);
  mlirOpPrintingFlagsDestroy(flags);
}

void fuse_print_bytecode(MlirOperation op, FuseText *text) {
  mlirOperationWriteBytecode(op, append, text);
}

typedef struct Search {
  MlirStringRef name;
  bool found;
} Search;

/* Neither unknown nor a place in the file itself? */
static bool is_own(const Search *search, MlirLocation loc) {
  if (!mlirLocationIsAFileLineColRange(loc))
    return mlirLocationIsAName(loc) || mlirLocationIsAFused(loc) || mlirLocationIsACallSite(loc);
  MlirStringRef file = mlirIdentifierStr(mlirLocationFileLineColRangeGetFilename(loc));
  return !mlirStringRefEqual(file, search->name);
}

static MlirWalkResult look(MlirOperation op, void *user) {
  Search *search = user;
  search->found = search->found || is_own(search, mlirOperationGetLocation(op));
  return search->found ? MlirWalkResultInterrupt : MlirWalkResultAdvance;
}

bool fuse_has_locations(MlirOperation op, const char *name) {
  Search search = {fuse_str(name), false};
  mlirOperationWalk(op, look, &search, MlirWalkPreOrder);
  return search.found;
}
