// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// tosa.custom of the domain "fuse" calls a kernel by name: two results, types chosen by the tensors, f16 by way of f32.

// RUN: rm -rf %t && mkdir %t
// RUN: fuse-translate --emit-c %s -o %t/net.c
// RUN: FileCheck %s < %t/net.c
// RUN: %cc -std=c99 -Wall -Wextra -Werror -pedantic -DNET_MAIN %t/net.c -o %t/net -lm
// RUN: %python -c "import numpy as np; np.save('%t/x.npy', np.array([[3, 1, 3], [5, 7, 6]], 'f2'))"
// RUN: %t/net %t/x.npy %t/v.npy %t/i.npy %t/d.npy
// RUN: %python -c "import numpy as np; v, i = np.load('%t/v.npy'), np.load('%t/i.npy'); assert v.dtype == 'f2' and i.dtype == 'i8', (v, i); assert v.tolist() == [[3, 3], [7, 6]] and i.tolist() == [[0, 2], [1, 2]], (v, i)"
// RUN: %python -c "import numpy as np; assert np.load('%t/d.npy').tolist() == [[1, 1], [1, 1]]"

// CHECK:      FK_TOPK(topk_f32, float, a > b || (a != a && b == b))
// CHECK:      fk_cast_f16_f32([[T:t[0-9]+]], x,
// CHECK:      fk_topk_f32([[V:t[0-9]+]], i, [[T]],
// CHECK-NEXT: .outer = 2, .n = 3, .inner = 1, .k = 2, .largest = 1});
// CHECK:      fk_cast_f32_f16(v, [[V]],
// CHECK:      fk_intdiv_i64(d, [[J:t[0-9]+]], [[J]],
func.func @main(%x: tensor<2x3xf16>) -> (tensor<2x2xf16>, tensor<2x2xi64>, tensor<2x2xi64>)
    attributes {fuse.inputs = ["x"], fuse.outputs = ["v", "i", "d"]} {
  %v, %i = tosa.custom %x {domain_name = "fuse", operator_name = "topk", implementation_attrs = "outer = 2, n = 3, inner = 1, k = 2, largest = 1"}
      : (tensor<2x3xf16>) -> (tensor<2x2xf16>, tensor<2x2xi64>)
  %one = "tosa.const"() <{values = dense<1> : tensor<1x1xi64>}> : () -> tensor<1x1xi64>
  %j = tosa.maximum %i, %one : (tensor<2x2xi64>, tensor<1x1xi64>) -> tensor<2x2xi64>
  %d = tosa.custom %j, %j {domain_name = "fuse", operator_name = "intdiv", implementation_attrs = ""} : (tensor<2x2xi64>, tensor<2x2xi64>) -> tensor<2x2xi64>
  return %v, %i, %d : tensor<2x2xf16>, tensor<2x2xi64>, tensor<2x2xi64>
}
