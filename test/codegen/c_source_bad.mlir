// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// What has no kernel is refused by name, all of it in one run, and no file is written.

// RUN: rm -rf %t && mkdir %t
// RUN: not fuse-translate --emit-c %s -o %t/net.c 2>&1 | FileCheck %s
// RUN: not ls %t/net.c
// RUN: not fuse-translate --emit-c %s -o %t/net 2>&1 | FileCheck --check-prefix=NAME %s
// NAME: /net: error: not the name of a C file; expected NAME.c
// RUN: not fuse-translate --emit-c %s --weights=file 2>&1 | FileCheck --check-prefix=STDOUT %s
// STDOUT: fuse-translate: error: --weights=file to standard output; expected -o NAME.c
// RUN: not fuse-translate --emit-c %s --weights=elsewhere 2>&1 | FileCheck --check-prefix=WHERE %s
// WHERE: fuse-translate: error: --weights=elsewhere; expected inside or file

func.func @main(%x: tensor<4xf32>, %i: tensor<4xi32>, %q: tensor<4xi8>) -> (tensor<4xi32>, tensor<4xf32>, tensor<4xi8>) {
  // CHECK: c_source_bad.mlir:[[#@LINE+1]]:8: error: 'tosa.clz': not supported yet: this op has no kernel
  %a = tosa.clz %i : (tensor<4xi32>) -> tensor<4xi32>
  // CHECK-NEXT: c_source_bad.mlir:[[#@LINE+1]]:8: error: 'tosa.exp': not supported yet: exp of i8 giving i8
  %b = tosa.exp %q : (tensor<4xi8>) -> tensor<4xi8>
  // CHECK-NEXT: c_source_bad.mlir:[[#@LINE+1]]:8: error: 'tosa.clamp': not supported yet: nan_mode IGNORE
  %c = tosa.clamp %x {min_val = 0.0 : f32, max_val = 1.0 : f32, nan_mode = IGNORE} : (tensor<4xf32>) -> tensor<4xf32>
  // CHECK-NOT: error:
  return %a, %c, %b : tensor<4xi32>, tensor<4xf32>, tensor<4xi8>
}
