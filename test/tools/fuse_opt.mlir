// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Ways in and out of fuse-opt.
// RUN: rm -rf %t && mkdir %t
// RUN: fuse-opt %s -o %t/a.mlir && FileCheck %s < %t/a.mlir
// RUN: fuse-opt < %s | diff - %t/a.mlir
// RUN: fuse-opt - < %s | diff - %t/a.mlir
// Locations are written when asked for, or when there are some; a pipe keeps them.
// RUN: fuse-opt --mlir-print-debuginfo %s -o %t/loc.mlir && FileCheck --check-prefix=LOC %s < %t/loc.mlir
// RUN: %python -c "import sys; sys.exit(not open(sys.argv[1]).read().endswith(')\n'))" %t/loc.mlir
// RUN: fuse-opt %t/loc.mlir | fuse-opt | diff - %t/loc.mlir
// RUN: fuse-opt --mlir-print-debuginfo=false %t/loc.mlir | diff - %t/a.mlir
// Bytecode carries them too, and is told by its content; the same input gives the same bytes.
// RUN: fuse-opt --emit-bytecode %s -o %t/b.txt && fuse-opt %t/b.txt | diff - %t/loc.mlir
// RUN: fuse-opt --emit-bytecode %s | cmp - %t/b.txt
// RUN: fuse-opt --emit-bytecode < %t/b.txt | cmp - %t/b.txt
// A text without a final newline is complete.
// RUN: printf 'func.func private @f()' | fuse-opt | FileCheck --check-prefix=SHORT %s
// SHORT: func.func private @f()

// CHECK-LABEL: func.func @f
// CHECK-SAME:    (%[[X:.*]]: tensor<1x4x4x2xf32>)
// CHECK-NEXT:    %[[Y:.*]] = tosa.abs %[[X]] : (tensor<1x4x4x2xf32>) -> tensor<1x4x4x2xf32>{{$}}
// CHECK-NEXT:    return %[[Y]]
// LOC: %arg0: tensor<1x4x4x2xf32> loc("{{.*}}fuse_opt.mlir":[[#@LINE+1]]:14)
func.func @f(%x: tensor<1x4x4x2xf32>) -> tensor<1x4x4x2xf32> {
  %y = tosa.abs %x : (tensor<1x4x4x2xf32>) -> tensor<1x4x4x2xf32>
  return %y : tensor<1x4x4x2xf32>
}
