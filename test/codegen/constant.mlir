// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// A network without inputs still is a program without a warning; its constant result is copied out.

// RUN: rm -rf %t && mkdir %t
// RUN: fuse-translate --emit-c %s -o %t/net.c
// RUN: FileCheck %s < %t/net.c
// RUN: %cc -std=c99 -Wall -Wextra -Werror -pedantic -DNET_MAIN %t/net.c -o %t/net -lm
// RUN: %t/net %t/y.npy
// RUN: %python -c "import numpy as np; assert np.load('%t/y.npy').tolist() == [[-2147483648, 7]]"
// RUN: sed '/tosa.const/d;s/ -> .*{/ {/;s/return.*/return/' %s | fuse-translate --emit-c -o %t/none.c
// RUN: %cc -std=c99 -Wall -Wextra -Werror -pedantic -DNONE_MAIN %t/none.c -o %t/none -lm && %t/none

// CHECK-NOT: npy_read
// CHECK:     static const int32_t w0[2] = {
// CHECK-NEXT: (-2147483647 - 1), 7,
// CHECK:     fk_move_32(output, w0,
func.func @main() -> tensor<1x2xi32> {
  %c = "tosa.const"() <{values = dense<[[-2147483648, 7]]> : tensor<1x2xi32>}> : () -> tensor<1x2xi32>
  return %c : tensor<1x2xi32>
}
