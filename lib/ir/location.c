// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/* location.c - places and names from MLIR locations, and the way of every diagnostic out.
 *
 * needs: a location, a message
 * gives: one line `place: error: message` through lib/support/diag.c, or an event for the sink
 *
 * MLIR's C API can only emit errors. A warning or a note is emitted as an error whose first byte is
 * a mark; the handler takes it off again, so that all go the same way. Emitting fails nothing by
 * itself.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fuse/onnx_ops.h"
#include "ir_private.h"

#define WARNING_MARK '\1'
#define NOTE_MARK '\2'

MlirLocation fuse_loc_node(MlirContext context, const char *file, int index, const char *name,
                           const char *type) {
  MlirLocation node = mlirLocationFileLineColGet(context, fuse_str(file), (unsigned)index, 0);
  if (*type)
    node = mlirLocationNameGet(context, fuse_str(type), node);
  return mlirLocationNameGet(context, fuse_str(name), node);
}

/* What a location says: a file place, a name, an ONNX operator; each may be missing. */
typedef struct Place {
  MlirStringRef file;
  int line;
  int column;
  MlirStringRef name;
  MlirStringRef type;
} Place;

/* The operator of an ONNX node, from what stands inside the location with the node's name. */
static MlirStringRef operator_of(MlirLocation inner) {
  MlirStringRef none = {NULL, 0};
  if (!mlirLocationIsAName(inner))
    return none;
  MlirLocation node = mlirLocationNameGetChildLoc(inner);
  if (!mlirLocationIsAFileLineColRange(node) ||
      mlirLocationFileLineColRangeGetStartColumn(node) != 0)
    return none;
  return mlirIdentifierStr(mlirLocationNameGetName(inner));
}

/* Adds to *place what it doesn't know yet. Depth-first: the first part of a fused location wins. */
static void find_place(MlirLocation loc, Place *place) {
  if (mlirLocationIsAFileLineColRange(loc)) {
    if (place->file.data)
      return;
    place->file = mlirIdentifierStr(mlirLocationFileLineColRangeGetFilename(loc));
    place->line = mlirLocationFileLineColRangeGetStartLine(loc);
    place->column = mlirLocationFileLineColRangeGetStartColumn(loc);
  } else if (mlirLocationIsAName(loc)) {
    MlirLocation inner = mlirLocationNameGetChildLoc(loc);
    if (!place->name.data) {
      place->name = mlirIdentifierStr(mlirLocationNameGetName(loc));
      place->type = operator_of(inner);
    }
    find_place(inner, place);
  } else if (mlirLocationIsACallSite(loc)) {
    find_place(mlirLocationCallSiteGetCallee(loc), place);
  } else if (mlirLocationIsAFused(loc)) {
    unsigned n = mlirLocationFusedGetNumLocations(loc);
    MlirLocation *parts = calloc(n ? n : 1, sizeof *parts);
    if (!parts)
      fuse_fatal("out of memory");
    mlirLocationFusedGetLocations(loc, parts);
    for (unsigned i = 0; i < n; i++)
      find_place(parts[i], place);
    free(parts);
  }
}

/* The file as a whole, as the importer's function has it; lines of text are counted from 1. */
static bool is_file(const Place *place) {
  return place->file.data && place->line == 0 && place->column != 0;
}

static void print_place(FuseText *text, const Place *place) {
  if (!place->file.data)
    return;
  fuse_text_append(text, place->file.data, place->file.length);
  if (is_file(place))
    return;
  if (place->column == 0 && place->line >= 0)
    fuse_text_printf(text, ":node %d", place->line);
  else
    fuse_text_printf(text, ":%d:%d", place->line, place->column);
}

static const char *to_arena(FuseArena *arena, FuseText *owned_text) {
  const char *s = fuse_strndup(arena, owned_text->data ? owned_text->data : "", owned_text->length);
  fuse_text_fini(owned_text);
  return s;
}

const char *fuse_loc_place(FuseArena *arena, MlirLocation loc) {
  Place place = {0};
  FuseText text = {0};
  find_place(loc, &place);
  print_place(&text, &place);
  return to_arena(arena, &text);
}

const char *fuse_loc_name(FuseArena *arena, MlirLocation loc) {
  Place place = {0};
  find_place(loc, &place);
  return fuse_strndup(arena, place.name.data ? place.name.data : "", place.name.length);
}

const char *fuse_loc_type(FuseArena *arena, MlirLocation loc) {
  Place place = {0};
  find_place(loc, &place);
  return fuse_strndup(arena, place.type.data ? place.type.data : "", place.type.length);
}

int fuse_loc_node_index(MlirLocation loc) {
  Place place = {0};
  find_place(loc, &place);
  return place.file.data && place.column == 0 ? place.line : -1;
}

/* ---- out ---- */

static void append(MlirStringRef s, void *text) {
  fuse_text_append(text, s.data, s.length);
}

static void append_quoted(FuseText *text, MlirStringRef name) {
  fuse_text_puts(text, "'");
  fuse_text_escaped(text, name.data, name.length);
  fuse_text_puts(text, "'");
}

/* The message with the node's name in front, unless it says the name already. */
static void compose(FuseText *out, const Place *place, const char *message) {
  if (place->name.data) {
    FuseText name = {0};
    append_quoted(&name, place->name);
    if (strncmp(message, name.data, name.length) != 0)
      fuse_text_printf(out, "%s: ", name.data);
    fuse_text_fini(&name);
  }
  fuse_text_puts(out, message);
}

/* A damaged model may have a million bad nodes; nobody reads more than the first of them. */
#define MAX_PRINTED 100

void fuse_ir_print(FuseIr *ir, FuseSeverity severity, const char *place, const char *message) {
  if (ir->n_said[severity]++ < MAX_PRINTED)
    fuse_diag_emit(severity, place, message);
}

void fuse_ir_print_rest(FuseIr *ir) {
  static const char *const names[FUSE_N_SEVERITIES] = {"error", "warning", "note"};
  for (int i = 0; i < FUSE_N_SEVERITIES; i++) {
    if (ir->n_said[i] > MAX_PRINTED)
      fuse_diag_say(FUSE_NOTE, "", "... and %zu more %s%s", ir->n_said[i] - MAX_PRINTED, names[i],
                    ir->n_said[i] > MAX_PRINTED + 1 ? "s" : "");
    ir->n_said[i] = 0;
  }
}

static void deliver(FuseIr *ir, FuseSeverity severity, MlirLocation loc, const char *message) {
  Place place = {0};
  find_place(loc, &place);
  if (ir->input_name && place.file.data && fuse_str_is(place.file, "-"))
    place.file = fuse_str(ir->input_name);
  FuseText where = {0}, what = {0}, file = {0};
  print_place(&where, &place);
  compose(&what, &place, message);
  if (place.file.data)
    fuse_text_append(&file, place.file.data, place.file.length);
  FuseDiagEvent event = {.severity = severity,
                         .file = file.data ? file.data : "",
                         .line = place.line,
                         .column = place.column,
                         .place = where.data ? where.data : "",
                         .message = what.data ? what.data : ""};
  if (ir->sink)
    ir->sink(&event, ir->sink_user);
  else
    fuse_ir_print(ir, severity, event.place, event.message);
  fuse_text_fini(&where);
  fuse_text_fini(&what);
  fuse_text_fini(&file);
}

static FuseSeverity severity_of(MlirDiagnostic diagnostic) {
  switch (mlirDiagnosticGetSeverity(diagnostic)) {
  case MlirDiagnosticError: return FUSE_ERROR;
  case MlirDiagnosticWarning: return FUSE_WARNING;
  case MlirDiagnosticNote:
  case MlirDiagnosticRemark: return FUSE_NOTE;
  }
  return FUSE_ERROR;
}

MlirLogicalResult fuse_on_diagnostic(MlirDiagnostic diagnostic, void *user) {
  static const char dull[] = "see current operation";
  FuseIr *ir = user;
  FuseText text = {0};
  mlirDiagnosticPrint(diagnostic, append, &text);
  const char *message = text.data ? text.data : "";
  FuseSeverity severity = severity_of(diagnostic);
  if (message[0] == WARNING_MARK || message[0] == NOTE_MARK)
    severity = *message++ == NOTE_MARK ? FUSE_NOTE : FUSE_WARNING;
  /* An IRDL op prints itself in that note, weights and all. */
  if (severity != FUSE_NOTE || strncmp(message, dull, sizeof dull - 1) != 0)
    deliver(ir, severity, mlirDiagnosticGetLocation(diagnostic), message);
  ir->n_errors += severity == FUSE_ERROR;
  fuse_text_fini(&text);
  for (intptr_t i = 0; i < mlirDiagnosticGetNumNotes(diagnostic); i++)
    fuse_on_diagnostic(mlirDiagnosticGetNote(diagnostic, i), user);
  return mlirLogicalResultSuccess();
}

/* ---- in ---- */

/* mark: one of the marks, 0 for an error. */
static void op_diagnostic(MlirOperation op, char mark, const char *format, va_list args) {
  FuseText text = {0};
  Place place = {0};
  MlirStringRef name = fuse_op_name(op);
  find_place(mlirOperationGetLocation(op), &place);
  if (mark)
    fuse_text_append(&text, &mark, 1);
  if (place.name.data) {
    const FuseOnnxOp *onnx = fuse_onnx_op_of(name); /* goes by its ONNX name */
    if (place.type.data && fuse_str_is(name, "onnx.refused"))
      name = place.type, place.type.data = NULL; /* stands for such a node */
    append_quoted(&text, place.name);
    fuse_text_puts(&text, " (");
    if (place.type.data && !onnx) {
      fuse_text_escaped(&text, place.type.data, place.type.length);
      fuse_text_puts(&text, ", ");
    }
    if (onnx)
      fuse_text_printf(&text, "%s): ", onnx->type);
    else
      fuse_text_escaped(&text, name.data, name.length), fuse_text_puts(&text, "): ");
  } else if (!is_file(&place) || !fuse_op_is(op, "func.func")) { /* a network goes by its file */
    fuse_text_printf(&text, "'%.*s': ", (int)name.length, name.data);
  }
  fuse_text_vprintf(&text, format, args);
  mlirEmitError(mlirOperationGetLocation(op), text.data);
  fuse_text_fini(&text);
}

MlirLogicalResult fuse_op_error(MlirOperation op, const char *format, ...) {
  va_list args;
  va_start(args, format);
  op_diagnostic(op, 0, format, args);
  va_end(args);
  return mlirLogicalResultFailure();
}

void fuse_op_warning(MlirOperation op, const char *format, ...) {
  va_list args;
  va_start(args, format);
  op_diagnostic(op, WARNING_MARK, format, args);
  va_end(args);
}

void fuse_op_note(MlirOperation op, const char *format, ...) {
  va_list args;
  va_start(args, format);
  op_diagnostic(op, NOTE_MARK, format, args);
  va_end(args);
}

MlirLogicalResult fuse_loc_error(MlirLocation loc, const char *format, ...) {
  FuseText text = {0};
  va_list args;
  va_start(args, format);
  fuse_text_vprintf(&text, format, args);
  va_end(args);
  mlirEmitError(loc, text.data ? text.data : "");
  fuse_text_fini(&text);
  return mlirLogicalResultFailure();
}
