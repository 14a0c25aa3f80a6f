// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// onnx.irdl.mlir - one op per ONNX operator, as the importer writes it.
// Number of inputs and allowed attributes: verify_onnx.c.
irdl.dialect @onnx {
}
