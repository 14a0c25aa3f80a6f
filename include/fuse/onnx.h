// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/* onnx.h - read an ONNX file into the onnx dialect; write tosa and fuse ops as an ONNX file.
 *
 * What comes out:
 *
 *   module attributes
 *     onnx.sha256 (of the file), onnx.ir_version, onnx.opset_import = {ai.onnx = 13, ...},
 *     onnx.graph_name; where the file has them onnx.producer_name, onnx.producer_version,
 * onnx.domain, onnx.model_version, onnx.doc_string, onnx.graph_doc_string, onnx.metadata_props =
 * [["key", "value"], ...] func.func @main one argument per graph input that isn't an initializer,
 * one result per graph output; fuse.inputs and fuse.outputs hold their names "onnx.constant" first,
 * one per used initializer in the file's order: value, initializer = true "onnx.<op>"
 * (include/fuse/onnx_ops.h) one per node, in the file's order where no node reads what comes later:
 * the node's attributes under their own names (i64, f32, string, array<i64>, array<f32>, array of
 * strings, elements), output_names, doc_string where there is one, opset_version where it isn't the
 * module's
 *
 * Calls of functions, the model's own and com.microsoft's operators, are replaced by their nodes,
 * which are called <call>/<node> and have the call's index.
 *
 * So are nodes with branches: an If becomes the nodes of both and an "onnx.if"(condition, then,
 * else) for each output. What can't be taken there is "onnx.refused" with the reason in `why`.
 *
 * Types: what the file says of a value (tensor<1x8x?xf32>, tensor<*xf32>), else !onnx.unknown. They
 * are the file's claims and not checked against each other; shape inference is the work of
 * convert-onnx-to-tosa. Types of arguments and constants are static.
 *
 * Locations: a node's is its name, the file's name without folder, the node's index, column 0:
 * loc("dw_3"("net.onnx":3:0)). What is no node has line 0, column 1.
 *
 * Left out without a word: doc strings of values and attributes, denotations, checksums of external
 * data, unused initializers. Everything else that is left out has a warning.
 */
#ifndef FUSE_ONNX_H
#define FUSE_ONNX_H

#include "fuse/file.h"
#include "fuse/ir.h"

/* Size of a symbolic or unset input dimension: from --dim batch=1 (a dim_param of the file) or
 * --dim image:0=1 (input name, dimension). */
typedef struct FuseOnnxDim {
  const char *name; /* what stands before the last '='; borrowed */
  size_t length;
  int64_t size;
} FuseOnnxDim;

/* A graph input whose value is known when the network is compiled: no argument, but a constant.
 * From
 * --value shape=FILE (.npy or an ONNX TensorProto). */
typedef struct FuseOnnxValue {
  const char *name; /* what stands before the first '='; borrowed */
  size_t length;
  const char *path;
} FuseOnnxValue;

typedef struct FuseOnnxOptions {
  const FuseOnnxDim *dims;
  size_t n_dims;
  const FuseOnnxValue *values;
  size_t n_values;
  /* Make a module also when nodes can't be taken, after reporting them: "onnx.refused" stands for
   * each of their outputs. It is of use only to convert-onnx-to-tosa, which reports the nodes that
   * it can't take, and fails. */
  bool keep_refused;
} FuseOnnxOptions; /* {0}: no dimension is bound, no input known */

/* "batch=1" into *dim, which borrows text; false and diag when it isn't NAME=SIZE with SIZE >= 1.
 */
bool fuse_onnx_dim_parse(const char *text, FuseOnnxDim *dim, FuseDiag *diag);
/* "shape=file.npy" into *value, which borrows text; false and diag when it isn't INPUT=FILE. */
bool fuse_onnx_value_parse(const char *text, FuseOnnxValue *value, FuseDiag *diag);

/* Could these bytes be an ONNX model (and not MLIR text or bytecode)? Looks at the first tags only:
 * a damaged model still looks like one. */
bool fuse_onnx_looks_like(const void *data, size_t size_bytes);

/* Import a file. Weights are not copied: they stay in the mapped file, which ir keeps.
 * `path` names the file in diagnostics; its folder is where external data lie ("-" has none).
 * Errors are printed, every node that can't be taken among them; then the module is null.
 * Else the caller destroys it. */
MlirModule fuse_onnx_import(FuseIr *ir, const char *path, const FuseOnnxOptions *options);

/* The same from an open file, taken over in any case. */
MlirModule fuse_onnx_import_bytes(FuseIr *ir, const FuseFile *owned_file, const char *path,
                                  const FuseOnnxOptions *options);

/* ---- export ---- */

/* The module's function (`main`, or the only one), of tosa and fuse ops, as an ONNX model: bytes at
 * the end of model. It computes the same numbers up to the order of additions, in ONNX's layout
 * (N,C,H,W) and operators, with the names of fuse.inputs and fuse.outputs at the border and nodes
 * called as their locations say. Equal modules give equal bytes. Every op that can't be written is
 * reported; false then. */
bool fuse_onnx_export(FuseIr *ir, MlirModule module, FuseText *model);

#endif
