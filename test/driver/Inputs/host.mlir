// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Two steps that no machine has commands for, with the names of the nodes that they come from.
func.func @main(%x: tensor<1x16xf32>) -> (tensor<1x16xf32>, tensor<1x16xf32>)
    attributes {fuse.inputs = ["x"], fuse.outputs = ["y", "z"]} {
  %y = tosa.exp %x : (tensor<1x16xf32>) -> tensor<1x16xf32> loc("first")
  %z = tosa.sin %y : (tensor<1x16xf32>) -> tensor<1x16xf32> loc("second")
  return %y, %z : tensor<1x16xf32>, tensor<1x16xf32>
}
