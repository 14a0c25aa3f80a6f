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

/* Read a module: .mlir text or MLIR bytecode, told apart by content. `name` is what diagnostics
 * call it. Null module after printed errors. The caller destroys it (mlirModuleDestroy). */
MlirModule fuse_ir_parse(FuseIr *ir, const void *data, size_t size_bytes, const char *name);

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
bool fuse_get_str(MlirOperation op, const char *name, MlirStringRef *value);
/* array<i64: ...>; at most `max` values, *n is how many. False also when there are more. */
bool fuse_get_i64s(MlirOperation op, const char *name, int max, int64_t *values, int *n);

/* ---- constants ---- */

/* A constant attribute over bytes that outlive ir (use fuse_ir_arena or a mapped file registered
 * with fuse_ir_keep_file). Up to 64 bytes it becomes dense<...>; larger ones dense_resource<key>
 * without a copy. Key: made unique by the context. */
MlirAttribute fuse_constant(FuseIr *ir, const FuseTensor *tensor, const char *key);
/* "tosa.const" at loc, inserted at the rewriter's point. */
MlirValue fuse_build_const(FuseIr *ir, MlirRewriterBase rw, MlirLocation loc,
                           const FuseTensor *tensor, const char *key);
/* The tensor behind an elements attribute (dense, splat, resource); decoded into the arena if there
 * is no raw pointer. */
bool fuse_constant_get(FuseIr *ir, MlirAttribute attr, FuseTensor *tensor);
/* The tensor that a value is known to hold: result of tosa.const (or of an op whose "values"
 * attribute is constant). */
bool fuse_value_constant(FuseIr *ir, MlirValue value, FuseTensor *tensor);
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

/* ---- diagnostics ---- */

/* Emit an error at op's location: "'<op name>': <message>". Returns failure. */
MlirLogicalResult fuse_op_error(MlirOperation op, const char *format, ...) FUSE_PRINTF(2, 3);
/* Print a warning at op's location (MLIR's C API can only emit errors). */
void fuse_op_warning(MlirOperation op, const char *format, ...) FUSE_PRINTF(2, 3);
/* "file:line:col" or "net.onnx:node 3"; and the node's name ("" when the location has none). Arena
 * text. */
const char *fuse_loc_place(FuseArena *arena, MlirLocation loc);
const char *fuse_loc_name(FuseArena *arena, MlirLocation loc);

#endif
