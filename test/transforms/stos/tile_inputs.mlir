// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: fuse-opt --stos-map=target=stosx-8 --stos-tile %s | FileCheck %s
// The I/O table has the inputs in the function's order: the machine reads the third before the first, the host the second.

// CHECK:      "stos.io"(%{{[0-9]+}}) {direction = "input", {{.*}}layout = "blocked", name = "a"
// CHECK-NEXT: "stos.io"(%{{[0-9]+}}) {direction = "input", {{.*}}layout = "plain", name = "b"
// CHECK-NEXT: "stos.io"(%{{[0-9]+}}) {direction = "input", {{.*}}layout = "blocked", name = "c"
// CHECK-NEXT: "stos.io"(%{{[0-9]+}}) {direction = "output", {{.*}}name = "output0"
// CHECK-NEXT: "stos.io"(%{{[0-9]+}}) {direction = "output", {{.*}}name = "output1"
func.func @main(%a: tensor<1x8xf32>, %b: tensor<4xf32>, %c: tensor<1x8xf32>) -> (tensor<1x8xf32>, tensor<4xf32>)
    attributes {fuse.inputs = ["a", "b", "c"]} {
  %s = tosa.sigmoid %b : (tensor<4xf32>) -> tensor<4xf32>
  %d = tosa.clamp %c {min_val = 0.0 : f32, max_val = 6.0 : f32} : (tensor<1x8xf32>) -> tensor<1x8xf32>
  %e = tosa.add %a, %d : (tensor<1x8xf32>, tensor<1x8xf32>) -> tensor<1x8xf32>
  return %e, %s : tensor<1x8xf32>, tensor<4xf32>
}
