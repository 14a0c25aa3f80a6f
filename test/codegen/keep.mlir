// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Results that fuse.kept counts stay in the arena, in memory of their own; a table says where, main() writes them.
// RUN: rm -rf %t && mkdir -p %t/kept
// RUN: fuse-translate --emit-c %s -o %t/net.c
// RUN: FileCheck --check-prefix=H %s < %t/net.h
// RUN: FileCheck %s < %t/net.c
// RUN: %cc -std=c99 -Wall -Wextra -Werror -pedantic -DNET_MAIN %t/net.c -o %t/net -lm
// RUN: %python -c "import numpy as n; n.save('%t/x.npy', n.float32([[1, -2], [3, -4]]))"
// RUN: %t/net --keep-dir %t/kept %t/x.npy %t/y.npy
// RUN: %python "%S/keep.py" %t
// RUN: %t/net %t/x.npy %t/y.npy
// RUN: not %t/net --keep-dir %t/missing %t/x.npy %t/y.npy 2>&1 | FileCheck --check-prefix=FOLDER %s
// RUN: not %t/net 2>&1 | FileCheck --check-prefix=USAGE %s
// RUN: fuse-translate --emit-c < %s > %t/single.c
// RUN: %cc -std=c99 -Wall -Wextra -Werror -pedantic -c %t/single.c -o %t/single.o
// RUN: sed 's/fuse.kept = 5/fuse.kept = 7/' %s > %t/bad.mlir
// RUN: not fuse-translate --emit-c %t/bad.mlir 2>&1 | FileCheck --check-prefix=BAD %s

// H:       void net_run(const float *x, float *y, void *arena);
// H:       #define NET_KEPT 5
// H:       extern const struct net_kept_value net_kept[NET_KEPT];
// H:       /* Values of the model that this program doesn't have:
// H-NEXT:   *   gone: computed in one with bn (BatchNormalization)
// H-NEXT:   */
// CHECK:       const struct net_kept_value net_kept[NET_KEPT] = {
// CHECK-NEXT:    {"a/b", "a_b.npy",
// CHECK-NEXT:     "'descr': '<f4'", "'shape': (2, 2)", [[A:[0-9]+]], 16},
// CHECK-NEXT:    {"a_b", "a_b_2.npy",
// CHECK-NEXT:     "'descr': '<f4'", "'shape': (4,)", [[A]], 16},
// CHECK-NEXT:    {"../\042\077\303\244", "_._____.npy",
// CHECK-NOT:       [[A]], 16},
// CHECK:         {"x again", "x_again.npy",
// CHECK:         {"y again", "y_again.npy",
// FOLDER:      missing/a_b.npy: error: cannot be written
// USAGE:       usage: net [--keep-dir FOLDER] x.npy y.npy
// BAD:         error: {{.*}}fuse.kept = 7 of 6 results; expected 0 to all of them

// abs works in place where its operand isn't needed any more: a kept operand is.
func.func @main(%x: tensor<2x2xf32>) -> (tensor<2x2xf32>, tensor<2x2xf32>, tensor<4xf32>, tensor<2x2xf32>, tensor<2x2xf32>, tensor<2x2xf32>)
    attributes {fuse.inputs = ["x"], fuse.outputs = ["y", "a/b", "a_b", "../\22?\C3\A4", "x again", "y again"], fuse.kept = 5 : i64,
                fuse.not_kept = [["gone", "computed in one with bn (BatchNormalization)"]]} {
  %zp = "tosa.const"() {values = dense<0.0> : tensor<1xf32>} : () -> tensor<1xf32>
  %a = tosa.negate %x, %zp, %zp : (tensor<2x2xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<2x2xf32>
  %shape = tosa.const_shape {values = dense<4> : tensor<1xindex>} : () -> !tosa.shape<1>
  %flat = tosa.reshape %a, %shape : (tensor<2x2xf32>, !tosa.shape<1>) -> tensor<4xf32>
  %b = tosa.abs %a : (tensor<2x2xf32>) -> tensor<2x2xf32>
  %c = tosa.add %b, %b : (tensor<2x2xf32>, tensor<2x2xf32>) -> tensor<2x2xf32>
  %y = tosa.exp %c : (tensor<2x2xf32>) -> tensor<2x2xf32>
  return %y, %a, %flat, %b, %x, %y : tensor<2x2xf32>, tensor<2x2xf32>, tensor<4xf32>, tensor<2x2xf32>, tensor<2x2xf32>, tensor<2x2xf32>
}
