// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: fuse-opt --fuse-compile=from=fuse %s --emit=stos -o %t.stos && fuse-objdump -d %t.stos | FileCheck %s
// A node that the host begins and the machine goes on with is called after the machine's part, one of the host alone after that.

// CHECK:      .node "gate" "vector" "vector"
// CHECK-NEXT: .node "alone" "tosa.exp" "host"
func.func @main(%x: tensor<1x2x2x8xf32>) -> tensor<1x2x2x8xf32> {
  %s = tosa.sigmoid %x : (tensor<1x2x2x8xf32>) -> tensor<1x2x2x8xf32> loc("gate")
  %c = tosa.max_pool2d %s {kernel = array<i64: 2, 2>, stride = array<i64: 1, 1>, pad = array<i64: 0, 1, 0, 1>} : (tensor<1x2x2x8xf32>) -> tensor<1x2x2x8xf32> loc("gate")
  %y = tosa.exp %c : (tensor<1x2x2x8xf32>) -> tensor<1x2x2x8xf32> loc("alone")
  return %y : tensor<1x2x2x8xf32>
}
