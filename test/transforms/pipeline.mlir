// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Passes of ours and of upstream in one text; ours may stand at module level.
// RUN: fuse-opt --pass-pipeline='builtin.module(func.func(fuse-split-fuseconv{},canonicalize{max-iterations=3}), cse )' %s | FileCheck %s
// RUN: fuse-opt --pass-pipeline='fuse-split-fuseconv,func.func(canonicalize),cse' %s | FileCheck %s
// RUN: fuse-opt --pass-pipeline='builtin.module()' %s | FileCheck --check-prefix=NONE %s
// RUN: fuse-opt --fuse-split-fuseconv --mlir-print-ir-before-all %s 2>&1 >/dev/null | FileCheck --check-prefix=BEFORE_ALL %s
// RUN: fuse-opt --fuse-split-fuseconv --mlir-print-ir-after-all %s 2>&1 >/dev/null | FileCheck --check-prefix=AFTER_ALL %s
// RUN: fuse-opt --pass-pipeline='cse,fuse-split-fuseconv,canonicalize' --mlir-print-ir-before=fuse-split-fuseconv --mlir-print-ir-after=canonicalize %s 2>&1 >/dev/null | FileCheck --check-prefix=SOME %s
// RUN: fuse-opt --fuse-split-fuseconv --mlir-timing %s 2>&1 >/dev/null | FileCheck --check-prefix=TIMING %s

// CHECK-LABEL: func.func @full
// CHECK-NOT:   fuse.fuseconv
// CHECK:       "fuse.conv1d"{{.*}}axis = "row"
// CHECK:       "fuse.conv1d"{{.*}}axis = "col"
// CHECK-COUNT-1: tosa.abs
// CHECK-NOT:   tosa.abs
// NONE:        "fuse.fuseconv"
// NONE-COUNT-2: tosa.abs

// BEFORE_ALL:     // -----// IR Dump Before fuse-split-fuseconv
// BEFORE_ALL:     fuse.fuseconv
// BEFORE_ALL-NOT: fuse.conv1d
// AFTER_ALL:      // -----// IR Dump After fuse-split-fuseconv
// AFTER_ALL-NOT:  fuse.fuseconv
// AFTER_ALL:      fuse.conv1d
// SOME-NOT:       cse
// SOME:           // -----// IR Dump Before fuse-split-fuseconv //----- //
// SOME-NEXT:      func.func @full
// SOME:           fuse.fuseconv
// SOME-NOT:       // -----//
// SOME:           // -----// IR Dump After canonicalize //----- //
// SOME-NEXT:      module
// SOME-NOT:       // -----//
// TIMING:         Execution time report
// TIMING:         fuse-split-fuseconv
func.func @full(%x: tensor<1x8x8x4xf32>, %w: tensor<4x3xf32>, %b: tensor<4xf32>) -> tensor<1x8x8x8xf32> {
  %y = "fuse.fuseconv"(%x, %w, %b, %w, %b) {variant = "full", pad_row = array<i64: 1, 1>, pad_col = array<i64: 1, 1>, stride = array<i64: 1, 1>, dilation = 1 : i64}
     : (tensor<1x8x8x4xf32>, tensor<4x3xf32>, tensor<4xf32>, tensor<4x3xf32>, tensor<4xf32>) -> tensor<1x8x8x8xf32>
  %a = tosa.abs %y : (tensor<1x8x8x8xf32>) -> tensor<1x8x8x8xf32>
  %b2 = tosa.abs %y : (tensor<1x8x8x8xf32>) -> tensor<1x8x8x8xf32>
  %z = tosa.add %a, %b2 : (tensor<1x8x8x8xf32>, tensor<1x8x8x8xf32>) -> tensor<1x8x8x8xf32>
  return %z : tensor<1x8x8x8xf32>
}
