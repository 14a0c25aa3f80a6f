// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/* onnx_ops.h - the operators of the onnx dialect (lib/ir/onnx_ops.def).
 *
 * ONNX's "GlobalAveragePool" is the op "onnx.globalaveragepool": IRDL names are lower case.
 * Operand i is input i of the node; an absent input is the result of "onnx.novalue" (an operator
 * with at most n inputs has always n operands). Results are the outputs up to the last named one;
 * an unnamed one has type none. Use fuse_onnx_operand to see an absent input as a null value.
 */
#ifndef FUSE_ONNX_OPS_H
#define FUSE_ONNX_OPS_H

#include "fuse/ir.h"

enum {
  FUSE_ONNX_NEWEST_OPSET = 28, /* that the table covers */
  FUSE_ONNX_GROUPS = 16, /* runs of equal types that an operator with any number of inputs takes */
};

typedef struct FuseOnnxOp {
  const char *type;             /* "Conv" */
  const char *name;             /* "onnx.conv" */
  int since;                    /* first opset that has it */
  int min_inputs, max_inputs;   /* -1: no limit */
  int min_outputs, max_outputs; /* -1: no limit */
  const char *attributes;       /* "axis:i pads:I", see onnx_ops.def */
} FuseOnnxOp;

/* By ONNX's name; NULL when the table doesn't have it. */
const FuseOnnxOp *fuse_onnx_op_find(const char *type);
/* By the op's name ("onnx.conv"); NULL for another dialect's, onnx.novalue or an unknown one. */
const FuseOnnxOp *fuse_onnx_op_of(MlirStringRef name);

/* Kinds that an attribute may have ("i", "is"), as many characters as *n_kinds; NULL when the
 * operator has no such attribute. */
const char *fuse_onnx_op_kinds(const FuseOnnxOp *op, MlirStringRef attribute, size_t *n_kinds);

/* Append the names of the operator's attributes, "axis, keepdims", or "none": for messages. */
void fuse_onnx_op_attributes(const FuseOnnxOp *op, FuseText *text);

/* Input i of an onnx op; null (mlirValueIsNull) when the node leaves it out. */
MlirValue fuse_onnx_operand(MlirOperation op, int i);

#endif
