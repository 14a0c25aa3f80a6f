// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/* verify_onnx.c - rules of the onnx dialect that IRDL can't say: inputs that must be there, number
 * of outputs, allowed attributes and their kinds.
 *
 * needs: an op that IRDL accepts (number of operands, required results)
 * gives: success, or one error
 * source: lib/ir/onnx_ops.def
 */
#include <string.h>

#include "fuse/onnx_ops.h"
#include "ir_private.h"

static bool is_string_array(MlirAttribute attr) {
  if (!mlirAttributeIsAArray(attr))
    return false;
  for (intptr_t i = 0; i < mlirArrayAttrGetNumElements(attr); i++)
    if (!mlirAttributeIsAString(mlirArrayAttrGetElement(attr, i)))
      return false;
  return true;
}

static bool is_kind(MlirAttribute attr, char kind) {
  switch (kind) {
  case 'f': return mlirAttributeIsAFloat(attr) && mlirTypeIsAF32(mlirAttributeGetType(attr));
  case 'i':
    return mlirAttributeIsAInteger(attr) && mlirTypeIsAInteger(mlirAttributeGetType(attr)) &&
           mlirIntegerTypeGetWidth(mlirAttributeGetType(attr)) == 64;
  case 's': return mlirAttributeIsAString(attr);
  case 't': return mlirAttributeIsAElements(attr);
  case 'F': return mlirAttributeIsADenseF32Array(attr);
  case 'I': return mlirAttributeIsADenseI64Array(attr);
  case 'S': return is_string_array(attr);
  default: return false;
  }
}

static const char *kind_text(char kind) {
  switch (kind) {
  case 'f': return "an f32";
  case 'i': return "an i64";
  case 's': return "a string";
  case 't': return "a tensor";
  case 'F': return "array<f32>";
  case 'I': return "array<i64>";
  default: return "an array of strings";
  }
}

/* Attributes that are the importer's, not the node's. */
static MlirLogicalResult check_own(MlirOperation op, const FuseOnnxOp *row, MlirStringRef name,
                                   MlirAttribute attr, bool *known) {
  *known = true;
  if (fuse_str_is(name, "output_names")) {
    if (!is_string_array(attr) ||
        mlirArrayAttrGetNumElements(attr) > mlirOperationGetNumResults(op))
      return fuse_op_error(op, "output_names isn't an array of at most %d strings; expected that",
                           (int)mlirOperationGetNumResults(op));
  } else if (fuse_str_is(name, "doc_string")) {
    if (!mlirAttributeIsAString(attr))
      return fuse_op_error(op, "doc_string isn't a string; expected one");
  } else if (fuse_str_is(name, "opset_version")) {
    if (!is_kind(attr, 'i') || mlirIntegerAttrGetValueInt(attr) < row->since)
      return fuse_op_error(op, "opset_version isn't an i64 of at least %d; expected that",
                           row->since);
  } else if (fuse_str_is(name, "initializer") && strcmp(row->type, "Constant") == 0) {
    if (!mlirAttributeIsABool(attr))
      return fuse_op_error(op, "initializer isn't a boolean; expected one");
  } else {
    /* IRDL has looked at the sizes where it reads them. */
    *known = (row->max_inputs < 0 && fuse_str_is(name, "operandSegmentSizes")) ||
             (row->max_outputs < 0 && fuse_str_is(name, "resultSegmentSizes"));
  }
  return mlirLogicalResultSuccess();
}

static MlirLogicalResult check_attribute(MlirOperation op, const FuseOnnxOp *row,
                                         MlirNamedAttribute attr) {
  MlirStringRef name = mlirIdentifierStr(attr.name);
  size_t n_kinds;
  const char *kinds = fuse_onnx_op_kinds(row, name, &n_kinds);
  if (kinds) {
    for (size_t i = 0; i < n_kinds; i++)
      if (is_kind(attr.attribute, kinds[i]))
        return mlirLogicalResultSuccess();
    return fuse_op_error(op, "attribute '%.*s' is of another kind; expected %s", (int)name.length,
                         name.data, kind_text(kinds[0]));
  }
  bool known;
  MlirLogicalResult result = check_own(op, row, name, attr.attribute, &known);
  if (known)
    return result;
  FuseText text = {0};
  fuse_text_puts(&text, "unknown attribute '");
  fuse_text_escaped(&text, name.data, name.length);
  fuse_text_puts(&text, "'; expected ");
  fuse_onnx_op_attributes(row, &text);
  fuse_op_error(op, "%s", text.data);
  fuse_text_fini(&text);
  return mlirLogicalResultFailure();
}

MlirLogicalResult fuse_verify_onnx(MlirOperation op) {
  const FuseOnnxOp *row = fuse_onnx_op_of(fuse_op_name(op));
  if (!row) /* onnx.novalue, onnx.refused */
    return fuse_check_attributes(op, fuse_op_is(op, "onnx.refused") ? "why" : "");
  int n_inputs = (int)mlirOperationGetNumOperands(op);
  int n_outputs = (int)mlirOperationGetNumResults(op);
  if (n_inputs < row->min_inputs)
    return fuse_op_error(op, "%d inputs; expected at least %d", n_inputs, row->min_inputs);
  for (int i = 0; i < n_inputs; i++)
    if ((row->max_inputs < 0 || i < row->min_inputs) && mlirValueIsNull(fuse_onnx_operand(op, i)))
      return fuse_op_error(op, "input %d is left out; expected a value", i);
  if (n_outputs < row->min_outputs || (row->max_outputs >= 0 && n_outputs > row->max_outputs))
    return fuse_op_error(op, "%d outputs; expected %d to %d", n_outputs, row->min_outputs,
                         row->max_outputs);
  for (intptr_t i = 0; i < mlirOperationGetNumAttributes(op); i++)
    if (mlirLogicalResultIsFailure(check_attribute(op, row, mlirOperationGetAttribute(op, i))))
      return mlirLogicalResultFailure();
  return mlirLogicalResultSuccess();
}
