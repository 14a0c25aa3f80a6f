// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/* ir.h - our dialects and MLIR from C: context, constants, building, errors.
 *
 * Layer 5: only onnx, transforms, codegen, driver and tools include this.
 *
 * The dialects `onnx`, `fuse` and `stos` are IRDL (lib/ir/<name>.irdl.mlir), so stock mlir-opt
 * reads them; what IRDL can't say (shapes, element types, allowed attributes) is checked by
 * fuse_verify (lib/ir/verify.c).
 */
#ifndef FUSE_IR_H
#define FUSE_IR_H

#include <mlir-c/BuiltinAttributes.h>
#include <mlir-c/BuiltinTypes.h>
#include <mlir-c/Diagnostics.h>
#include <mlir-c/IR.h>
#include <mlir-c/Rewrite.h>

#include "fuse/diag.h"
#include "fuse/tensor.h"

/* ---- context ---- */

/* One compilation: an MLIR context with our dialects, func and tosa loaded, an arena that lives as
 * long, and the table that finds the bytes behind a constant (the C API has no raw pointer accessor
 * for resources). Single-threaded. */
typedef struct FuseIr FuseIr;

FuseIr *fuse_ir_create(void);
void fuse_ir_destroy(FuseIr *ir);
MlirContext fuse_ir_context(const FuseIr *ir);
/* Lives until fuse_ir_destroy: what constants point to is kept here. */
FuseArena *fuse_ir_arena(FuseIr *ir);

/* Read a module: .mlir text or MLIR bytecode, told apart by content. `name` is what diagnostics and
 * locations call it. The result is verified (fuse_verify). Null module after printed errors. The
 * caller destroys it (mlirModuleDestroy) before ir. */
MlirModule fuse_ir_parse(FuseIr *ir, const void *data, size_t size_bytes, const char *name);
/* The same from a text that begins `line_offset` lines below the beginning of its file. */
MlirModule fuse_ir_parse_at(FuseIr *ir, const void *data, size_t size_bytes, const char *name,
                            int line_offset);
/* Add the dialects of an IRDL file, before modules that use them are read. Prints errors. */
bool fuse_ir_load_irdl(FuseIr *ir, const void *data, size_t size_bytes, const char *name);

/* A fresh identity, for a pass. */
MlirTypeID fuse_ir_new_type_id(FuseIr *ir);
/* Number of errors reported so far. */
size_t fuse_ir_errors(const FuseIr *ir);

/* What a pass leaves for whoever runs it (a report), by a literal name; NULL when there is none.
 * What it points to lives as long as ir. */
void *fuse_ir_note(const FuseIr *ir, const char *name);
void fuse_ir_set_note(FuseIr *ir, const char *name, void *note);

/* All rules of all ops: mlirOperationVerify, then ours. Prints errors. */
MlirLogicalResult fuse_verify(MlirOperation root);

/* ---- strings ---- */

MlirStringRef fuse_str(const char *s);
/* NUL-terminated copy. */
char *fuse_str_dup(FuseArena *arena, MlirStringRef s);
bool fuse_str_is(MlirStringRef s, const char *literal);
/* Is op called `name` ("tosa.conv2d")? A null op is not. */
bool fuse_op_is(MlirOperation op, const char *name);
MlirStringRef fuse_op_name(MlirOperation op);

/* ---- types ---- */

/* Our dtype of an MLIR element type; FUSE_DTYPE_NONE if we have none. tosa's i8 is I8, ui8 is U8,
 * i1 is BOOL. */
FuseDtype fuse_dtype_of(MlirType element);
MlirType fuse_type_of(MlirContext context, FuseDtype dtype);
MlirType fuse_tensor_type_get(MlirType element, int rank, const int64_t *shape);
/* Shape and dtype of a static ranked tensor type into *tensor (data NULL); false if it isn't one or
 * has no dtype. */
bool fuse_type_tensor(MlirType type, FuseTensor *tensor);

/* ---- attributes ---- */

MlirNamedAttribute fuse_attr(MlirContext context, const char *name, MlirAttribute value);
MlirNamedAttribute fuse_attr_str(MlirContext context, const char *name, const char *value);
MlirNamedAttribute fuse_attr_i64(MlirContext context, const char *name,
                                 int64_t value); /* value : i64 */
MlirNamedAttribute fuse_attr_f32(MlirContext context, const char *name,
                                 double value); /* value : f32 */
MlirNamedAttribute fuse_attr_bool(MlirContext context, const char *name, bool value);
MlirNamedAttribute fuse_attr_i64s(MlirContext context, const char *name, int n,
                                  const int64_t *values); /* array<i64: ...> */

/* Read an attribute of op; false when it is absent or of another kind (outputs untouched). */
bool fuse_get_i64(MlirOperation op, const char *name, int64_t *value);
bool fuse_get_f64(MlirOperation op, const char *name, double *value);
bool fuse_get_bool(MlirOperation op, const char *name, bool *value);
bool fuse_has_attr(MlirOperation op, const char *name);
/* Does the printed form of an attribute of op, an enumeration, hold this word? False when it is
 * absent. */
bool fuse_attr_says(MlirOperation op, const char *name, const char *word);
bool fuse_get_str(MlirOperation op, const char *name, MlirStringRef *value);
/* array<i64: ...>; at most `max` values, *n is how many. False also when there are more. */
bool fuse_get_i64s(MlirOperation op, const char *name, int max, int64_t *values, int *n);

/* ---- constants ---- */

/* A constant attribute over bytes that outlive ir (use fuse_ir_arena or a mapped file registered
 * with fuse_ir_keep_file). Up to 64 bytes it becomes dense<...>; larger ones dense_resource<key>
 * without a copy. Key: made unique by the context. */
MlirAttribute fuse_constant(FuseIr *ir, const FuseTensor *tensor, const char *key);
/* "tosa.const" at loc, inserted at the rewriter's point. TOSA has no tensors without elements: such
 * a one is an "arith.constant". */
MlirValue fuse_build_const(FuseIr *ir, MlirRewriterBase rw, MlirLocation loc,
                           const FuseTensor *tensor, const char *key);
/* The tensor behind an elements attribute (dense, splat, resource); decoded into the arena once if
 * there is no raw pointer. False for another kind of attribute, an element type we have no dtype
 * for, or a size above FUSE_MAX_CONSTANT_BYTES. Data may be unaligned (a mapped model): read with
 * memcpy. */
#define FUSE_MAX_CONSTANT_BYTES ((size_t)1 << 31)
bool fuse_constant_get(FuseIr *ir, MlirAttribute attr, FuseTensor *tensor);
/* Is op an arith.constant without elements? No other one is taken. */
bool fuse_op_is_empty_constant(MlirOperation op);
/* The tensor that a value is known to hold: result of tosa.const (or of an op whose "values"
 * attribute is constant), or of an empty arith.constant. */
bool fuse_value_constant(FuseIr *ir, MlirValue value, FuseTensor *tensor);
/* "tosa.const_shape" of n values, and the values behind one (false: not constant, or more than
 * max).
 */
MlirValue fuse_build_shape(MlirRewriterBase rw, MlirLocation loc, int n, const int64_t *values);
bool fuse_value_shape(MlirValue value, int max, int64_t *values, int *n);
/* Take over an open file whose bytes constants point to; closed by fuse_ir_destroy. */
struct FuseFile;
void fuse_ir_keep_file(FuseIr *ir, const struct FuseFile *owned_file);

/* ---- building and rewriting ---- */

/* One-result op of any dialect, inserted at the rewriter's point. The op isn't verified here; the
 * pass manager does. */
MlirValue fuse_build(MlirRewriterBase rw, MlirLocation loc, const char *name, int n_operands,
                     const MlirValue *operands, int n_attrs, const MlirNamedAttribute *attrs,
                     MlirType result);
/* The same with any number of results; returns the op. */
MlirOperation fuse_build_op(MlirRewriterBase rw, MlirLocation loc, const char *name, int n_operands,
                            const MlirValue *operands, int n_attrs, const MlirNamedAttribute *attrs,
                            int n_results, const MlirType *results);
/* Erase ops of our dialects and tosa that have no side effect and no used result, until there are
 * none. (IRDL ops carry no traits, so upstream's DCE leaves them.) */
void fuse_dce(MlirOperation root);

/* All ops below root (not root) in program order, as an arena array: safe to rewrite while going
 * through it. */
typedef struct FuseOpList {
  MlirOperation *ops;
  size_t n;
} FuseOpList;
FuseOpList fuse_ops_of(FuseArena *arena, MlirOperation root, const char *name /* NULL: all */);

/* func.func @main, or the only function of the module; null after an error. */
MlirOperation fuse_find_main(MlirModule module);

/* ---- diagnostics ----
 *
 * Locations. What came from an ONNX model is
 *   NameLoc("conv_3", NameLoc("Conv", FileLineCol("net.onnx", 3, 0))):
 * the node's name, its operator, its index as the line, and column 0, which marks that it is a
 * node. Text has columns from 1. Printed places are "net.onnx:node 3" and "x.mlir:12:4".
 */

/* The location of node `index` of an ONNX model; type: its operator, "" leaves it out. */
MlirLocation fuse_loc_node(MlirContext context, const char *file, int index, const char *name,
                           const char *type);

/* Report an error at op's location. The message begins with the node's name and the op,
 *   net.onnx:node 3: error: 'conv_3' (Conv): <message>        onnx.Conv; others as
 *                                              (Conv, tosa.conv2d), or (tosa.conv2d) without a type
 *   x.mlir:12:4: error: 'fuse.conv1d': <message>              a location without a name
 * Returns failure. */
MlirLogicalResult fuse_op_error(MlirOperation op, const char *format, ...) FUSE_PRINTF(2, 3);
/* The same as a warning. */
void fuse_op_warning(MlirOperation op, const char *format, ...) FUSE_PRINTF(2, 3);
/* The same as a note. */
void fuse_op_note(MlirOperation op, const char *format, ...) FUSE_PRINTF(2, 3);
/* An error at a location; the message is printed as it is. Returns failure. */
MlirLogicalResult fuse_loc_error(MlirLocation loc, const char *format, ...) FUSE_PRINTF(2, 3);
/* "file:line:col" or "net.onnx:node 3", "" when unknown; and the node's name ("" when the location
 * has none). Of a fused location the first part that has one. Arena text, not escaped. */
const char *fuse_loc_place(FuseArena *arena, MlirLocation loc);
const char *fuse_loc_name(FuseArena *arena, MlirLocation loc);
/* The operator ("Conv") of the node that fuse_loc_name names; "" when the location doesn't say. */
const char *fuse_loc_type(FuseArena *arena, MlirLocation loc);

/* The index of the ONNX node that a location names; -1: it names none. */
int fuse_loc_node_index(MlirLocation loc);

/* One diagnostic on its way out: everything that MLIR or we report in this context. */
typedef struct FuseDiagEvent {
  FuseSeverity severity;
  const char *file; /* "" when unknown */
  int line;         /* node index when column is 0 */
  int column;
  const char *place;   /* as printed */
  const char *message; /* as printed */
} FuseDiagEvent;
typedef void (*FuseDiagSink)(const FuseDiagEvent *event, void *user);
/* Send diagnostics to sink instead of stderr; NULL: stderr again. The event lives for the call. */
void fuse_ir_set_sink(FuseIr *ir, FuseDiagSink sink, void *user);
/* Print as if there were no sink: of a stage the first hundred errors, and as many warnings and
 * notes. */
void fuse_ir_print(FuseIr *ir, FuseSeverity severity, const char *place, const char *message);
/* The end of a stage (a reader, a pass): "... and N more errors", and count anew. */
void fuse_ir_print_rest(FuseIr *ir);

/* ---- rules, for the test that every op has one ---- */

/* Has the op `name` ("fuse.conv1d") a verify function? */
bool fuse_has_rule(MlirStringRef name);
/* IRDL text of our dialects: 0 onnx, 1 fuse, 2 stos; NULL behind the last. */
const char *fuse_irdl_text(int dialect);

#endif
