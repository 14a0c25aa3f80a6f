// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Pieces are modules of their own, and lines are counted in the whole file.
// RUN: fuse-opt --split-input-file %s | FileCheck %s
// RUN: fuse-opt --split-input-file --mlir-print-debuginfo %s | FileCheck --check-prefix=LOC %s

// CHECK:      module
// CHECK-NEXT:   func.func private @same()
// CHECK-NEXT: }
// CHECK-NEXT: // -----
// CHECK-NEXT: module
// CHECK-NEXT:   func.func private @same()
// CHECK-NEXT: }
// CHECK-NOT:  // -----
// LOC: loc("{{.*}}fuse_opt_split.mlir":[[#@LINE+1]]:1)
func.func private @same()
// ----- is no separator with words behind it
// -----  
// LOC: {{^}}// -----{{$}}
// LOC: loc("{{.*}}fuse_opt_split.mlir":[[#@LINE+1]]:3)
  func.func private @same()
