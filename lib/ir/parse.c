// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/* parse.c - text or bytecode to a verified module.
 *
 * needs: bytes from anywhere
 * gives: a module whose locations carry the file's name, or printed errors
 *
 * MLIR calls every in-memory buffer "-"; the locations are given their file's name afterwards (a
 * file that is parsed by name can't be standard input, nor one piece of a split file).
 */
#include <stdlib.h>
#include <string.h>

#include "ir_private.h"

#define MAX_NESTING 256        /* deeper text would overflow the parser's stack */
#define BYTECODE_ALIGNMENT 64u /* of the buffer: resources in it are aligned relative to it */

static const uint8_t bytecode_magic[] = {'M', 'L', 0xEF, 'R'};

/* ---- text that must not reach MLIR's recursive parser ---- */

typedef struct Scan {
  const char *s;
  size_t i;
  size_t n;
  int line;
  int column;
} Scan;

static void step(Scan *scan) {
  if (scan->s[scan->i] == '\n')
    scan->line++, scan->column = 1;
  else
    scan->column++;
  scan->i++;
}

static bool at(const Scan *scan, const char *text) {
  size_t n = strlen(text);
  return scan->n - scan->i >= n && !memcmp(scan->s + scan->i, text, n);
}

/* Skip a comment or a string that begins here; false when neither does. */
static bool skip_opaque(Scan *scan) {
  if (at(scan, "//")) {
    while (scan->i < scan->n && scan->s[scan->i] != '\n')
      step(scan);
    return true;
  }
  if (scan->s[scan->i] != '"')
    return false;
  step(scan);
  while (scan->i < scan->n && scan->s[scan->i] != '"' && scan->s[scan->i] != '\n') {
    if (scan->s[scan->i] == '\\' && scan->i + 1 < scan->n)
      step(scan);
    step(scan);
  }
  if (scan->i < scan->n)
    step(scan);
  return true;
}

static bool report_at(FuseIr *ir, const char *name, const Scan *scan, const char *message) {
  MlirLocation loc = mlirLocationFileLineColGet(ir->context, fuse_str(name), (unsigned)scan->line,
                                                (unsigned)scan->column);
  fuse_loc_error(loc, "%s", message);
  return false;
}

/* Brackets of all kinds nested too deeply, or a NUL, are refused here. */
static bool check_text(FuseIr *ir, const char *text, size_t n, const char *name, int line_offset) {
  Scan scan = {text, 0, n, 1 + line_offset, 1};
  int depth = 0;
  while (scan.i < n) {
    if (skip_opaque(&scan))
      continue;
    char c = text[scan.i];
    if (c == '\0')
      return report_at(ir, name, &scan, "found a NUL byte; expected MLIR text or bytecode");
    if (at(&scan, "->")) {
      step(&scan);
    } else if (strchr("([{<", c)) {
      if (++depth > MAX_NESTING)
        return report_at(ir, name, &scan, "brackets are nested more than 256 deep; expected less");
    } else if (strchr(")]}>", c) && depth > 0) {
      depth--;
    }
    step(&scan);
  }
  return true;
}

/* MLIR refuses the custom form of an IRDL op without a message: find one to say it. */
static void explain_silence(FuseIr *ir, const char *text, size_t n, const char *name,
                            int line_offset) {
  Scan scan = {text, 0, n, 1 + line_offset, 1};
  while (scan.i < n) {
    if (skip_opaque(&scan))
      continue;
    bool begins = scan.i == 0 || strchr(" \t\n=", text[scan.i - 1]);
    if (begins && (at(&scan, "onnx.") || at(&scan, "fuse.") || at(&scan, "stos."))) {
      report_at(ir, name, &scan,
                "an op of the dialects onnx, fuse and stos without quotes; expected the generic "
                "form: \"dialect.op\"(operands) {attributes} : type");
      return;
    }
    step(&scan);
  }
  scan.line = 1 + line_offset, scan.column = 1;
  report_at(ir, name, &scan, "not MLIR text; expected a module");
}

/* ---- locations get the file's name ---- */

typedef struct Rename {
  MlirContext context;
  MlirStringRef name;
} Rename;

/* The module that MLIR puts around a text without one is at 0:0; it begins where the text does. */
static MlirLocation renamed(const Rename *r, MlirLocation loc) {
  if (!mlirLocationIsAFileLineColRange(loc) ||
      !fuse_str_is(mlirIdentifierStr(mlirLocationFileLineColRangeGetFilename(loc)), "-"))
    return loc; /* written out in the text */
  int line = mlirLocationFileLineColRangeGetStartLine(loc);
  int column = mlirLocationFileLineColRangeGetStartColumn(loc);
  return mlirLocationFileLineColGet(r->context, r->name, (unsigned)(line ? line : 1),
                                    (unsigned)(column ? column : 1));
}

static void rename_arguments(const Rename *r, MlirOperation op) {
  for (intptr_t i = 0; i < mlirOperationGetNumRegions(op); i++) {
    MlirBlock block = mlirRegionGetFirstBlock(mlirOperationGetRegion(op, i));
    for (; !mlirBlockIsNull(block); block = mlirBlockGetNextInRegion(block))
      for (intptr_t k = 0; k < mlirBlockGetNumArguments(block); k++) {
        MlirValue argument = mlirBlockGetArgument(block, k);
        mlirBlockArgumentSetLocation(argument, renamed(r, mlirValueGetLocation(argument)));
      }
  }
}

static MlirWalkResult rename_op(MlirOperation op, void *user) {
  const Rename *r = user;
  mlirOperationSetLocation(op, renamed(r, mlirOperationGetLocation(op)));
  rename_arguments(r, op);
  return MlirWalkResultAdvance;
}

/* ---- resources ---- */

/* MLIR doesn't compare a resource's length with its type, so that is done here, once for each. */
static MlirWalkResult check_resources(MlirOperation op, void *user) {
  FuseIr *ir = user;
  for (intptr_t i = 0; i < mlirOperationGetNumAttributes(op); i++) {
    MlirNamedAttribute attr = mlirOperationGetAttribute(op, i);
    const char *problem = fuse_constant_problem(ir, attr.attribute);
    MlirStringRef name = mlirIdentifierStr(attr.name);
    if (problem)
      fuse_op_error(op, "attribute '%.*s': %s", (int)name.length, name.data, problem);
  }
  return MlirWalkResultAdvance;
}

/* ---- the whole ---- */

static MlirModule parse_text(FuseIr *ir, const char *data, size_t n, const char *name,
                             int line_offset) {
  MlirModule module = {NULL};
  FuseText text = {0};
  if (!check_text(ir, data, n, name, line_offset))
    return module;
  /* Empty lines in front keep line numbers true for a piece of a file. */
  for (int i = 0; i < line_offset; i++)
    fuse_text_puts(&text, "\n");
  fuse_text_append(&text, data, n);
  fuse_text_puts(&text, "\n");
  size_t errors = ir->n_errors;
  module = mlirModuleCreateParse(ir->context, mlirStringRefCreate(text.data, text.length));
  if (mlirModuleIsNull(module) && ir->n_errors == errors)
    explain_silence(ir, data, n, name, line_offset);
  fuse_text_fini(&text);
  return module;
}

static MlirModule parse_bytecode(FuseIr *ir, const void *data, size_t n) {
  const void *aligned = data;
  if ((uintptr_t)data % BYTECODE_ALIGNMENT) {
    uint8_t *room = fuse_alloc(&ir->arena, n + BYTECODE_ALIGNMENT);
    room += BYTECODE_ALIGNMENT - (uintptr_t)room % BYTECODE_ALIGNMENT;
    aligned = memcpy(room, data, n);
  }
  return mlirModuleCreateParse(ir->context, mlirStringRefCreate(aligned, n));
}

static MlirModule parse_at(FuseIr *ir, const void *data, size_t size_bytes, const char *name,
                           int line_offset) {
  const MlirModule none = {NULL};
  bool bytecode =
      size_bytes >= sizeof bytecode_magic && !memcmp(data, bytecode_magic, sizeof bytecode_magic);
  size_t errors = ir->n_errors;
  ir->input_name = name;
  MlirModule module = bytecode ? parse_bytecode(ir, data, size_bytes)
                               : parse_text(ir, data, size_bytes, name, line_offset);
  ir->input_name = NULL;
  if (mlirModuleIsNull(module)) {
    if (ir->n_errors == errors)
      fuse_loc_error(mlirLocationFileLineColGet(ir->context, fuse_str(name), 1, 1),
                     "damaged MLIR bytecode; expected a module");
    return none;
  }
  MlirOperation root = mlirModuleGetOperation(module);
  Rename r = {ir->context, fuse_str(name)};
  mlirOperationWalk(root, rename_op, &r, MlirWalkPreOrder);
  mlirOperationWalk(root, check_resources, ir, MlirWalkPreOrder);
  if (ir->n_errors == errors && mlirLogicalResultIsSuccess(fuse_verify(root)))
    return module;
  mlirModuleDestroy(module);
  return none;
}

MlirModule fuse_ir_parse_at(FuseIr *ir, const void *data, size_t size_bytes, const char *name,
                            int line_offset) {
  MlirModule module = parse_at(ir, data, size_bytes, name, line_offset);
  fuse_ir_print_rest(ir);
  return module;
}

MlirModule fuse_ir_parse(FuseIr *ir, const void *data, size_t size_bytes, const char *name) {
  return fuse_ir_parse_at(ir, data, size_bytes, name, 0);
}
