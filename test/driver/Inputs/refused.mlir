// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// What the importer leaves of a node that it can't take, but written by hand: nobody has said why.
module attributes {onnx.opset_import = {ai.onnx = 13 : i64}} {
  func.func @main() -> !onnx.unknown {
    %0 = "onnx.refused"() : () -> !onnx.unknown
    return %0 : !onnx.unknown
  }
}
