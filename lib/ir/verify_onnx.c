// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/* verify_onnx.c - rules of the onnx dialect: number of inputs and allowed attributes.
 *
 * needs: an op that IRDL accepts
 * gives: success, or one error
 * source: the ONNX operator specifications
 */
#include "ir_private.h"

/*   op, fewest and most inputs (-1: any number), attributes */
static const FuseOnnxRow rows[] = {
    {0},
};

const FuseOnnxRow *fuse_onnx_row(MlirStringRef name) {
  for (const FuseOnnxRow *row = rows; row->name; row++)
    if (fuse_str_is(name, row->name))
      return row;
  return NULL;
}

MlirLogicalResult fuse_verify_onnx(MlirOperation op) {
  const FuseOnnxRow *row = fuse_onnx_row(fuse_op_name(op));
  intptr_t n = mlirOperationGetNumOperands(op);
  if (n < row->min_inputs || (row->max_inputs >= 0 && n > row->max_inputs)) {
    if (row->max_inputs < 0)
      return fuse_op_error(op, "%d inputs; expected at least %d", (int)n, row->min_inputs);
    return fuse_op_error(op, "%d inputs; expected %d to %d", (int)n, row->min_inputs,
                         row->max_inputs);
  }
  return fuse_check_attributes(op, row->attributes);
}
