// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The program around the C: reads and writes what numpy writes and reads; refuses other files by name.

// RUN: rm -rf %t && mkdir %t
// RUN: fuse-translate --emit-c %s -o %t/net.c --weights=file
// RUN: %cc -std=c99 -Wall -Wextra -Werror -pedantic -DNET_MAIN %t/net.c -o %t/net -lm
// RUN: %python -c "import numpy as np; np.save('%t/x', np.arange(6, dtype='f4').reshape(2, 3)); np.save('%t/i', np.array(7, 'i4')); np.save('%t/big', np.zeros((2, 3))); np.save('%t/flat', np.zeros(6, 'f4')); np.save('%t/f', np.ones((2, 3), 'f4', order='F'))"
// RUN: %t/net %t/net.weights %t/x.npy %t/i.npy %t/y.npy %t/j.npy
// RUN: %python -c "import numpy as np; y = np.load('%t/y.npy'); assert y.tobytes() == np.arange(10, 16, dtype='f4').tobytes() and y.shape == (2, 3); j = np.load('%t/j.npy'); assert j == 7 and j.shape == () and j.dtype == np.int32"

// Version 2 and 3 of the format have a longer header.
// RUN: %python -c "import numpy as np; x = np.arange(6, dtype='f4').reshape(2, 3); np.lib.format.write_array(open('%t/x2.npy', 'wb'), x, version=(2, 0)); np.lib.format.write_array(open('%t/x3.npy', 'wb'), x, version=(3, 0))"
// RUN: %t/net %t/net.weights %t/x2.npy %t/i.npy %t/y2.npy %t/j.npy && cmp %t/y.npy %t/y2.npy
// RUN: %t/net %t/net.weights %t/x3.npy %t/i.npy %t/y3.npy %t/j.npy && cmp %t/y.npy %t/y3.npy

// RUN: not %t/net %t/net.weights %t/big.npy %t/i.npy %t/y.npy %t/j.npy 2>&1 | FileCheck --check-prefix=DTYPE %s
// DTYPE: big.npy: error: found {'descr':'<f8',{{.*}}; expected 'descr':'<f4', 'shape':(2,3) in C order
// RUN: not %t/net %t/net.weights %t/flat.npy %t/i.npy %t/y.npy %t/j.npy 2>&1 | FileCheck --check-prefix=SHAPE %s
// SHAPE: flat.npy: error: found {{.*}}'shape':(6,){{.*}}; expected 'descr':'<f4', 'shape':(2,3) in C order
// RUN: not %t/net %t/net.weights %t/f.npy %t/i.npy %t/y.npy %t/j.npy 2>&1 | FileCheck --check-prefix=ORDER %s
// ORDER: f.npy: error: found {{.*}}'fortran_order':True
// RUN: not %t/net %t/net.weights %t/none.npy %t/i.npy %t/y.npy %t/j.npy 2>&1 | FileCheck --check-prefix=NONE %s
// NONE: none.npy: error: cannot be opened
// RUN: not %t/net %t/net.weights %t/net.c %t/i.npy %t/y.npy %t/j.npy 2>&1 | FileCheck --check-prefix=KIND %s
// KIND: net.c: error: not an .npy file
// RUN: head -c 140 %t/x.npy > %t/short.npy
// RUN: not %t/net %t/net.weights %t/short.npy %t/i.npy %t/y.npy %t/j.npy 2>&1 | FileCheck --check-prefix=SHORT %s
// SHORT: short.npy: error: too short
// RUN: cat %t/x.npy %t/x.npy > %t/long.npy
// RUN: not %t/net %t/net.weights %t/long.npy %t/i.npy %t/y.npy %t/j.npy 2>&1 | FileCheck --check-prefix=LONG %s
// LONG: long.npy: error: too long
// RUN: not %t/net %t/x.npy %t/x.npy %t/i.npy %t/y.npy %t/j.npy 2>&1 | FileCheck --check-prefix=WEIGHTS %s
// WEIGHTS: x.npy: error: too long
// RUN: not %t/net %t/net.weights %t/x.npy %t/i.npy %t/none/y.npy %t/j.npy 2>&1 | FileCheck --check-prefix=WRITE %s
// WRITE: none/y.npy: error: cannot be written
// RUN: not %t/net %t/x.npy 2>&1 | FileCheck --check-prefix=USAGE %s
// USAGE: usage: net FILE.weights fputs_.npy net_run_.npy output0.npy output1.npy

// Names that the program itself needs are no trouble.
func.func @main(%x: tensor<2x3xf32>, %i: tensor<i32>) -> (tensor<2x3xf32>, tensor<i32>) attributes {fuse.inputs = ["fputs", "net_run"]} {
  %c = "tosa.const"() <{values = dense<10.0> : tensor<1x1xf32>}> : () -> tensor<1x1xf32>
  %y = tosa.add %x, %c : (tensor<2x3xf32>, tensor<1x1xf32>) -> tensor<2x3xf32>
  return %y, %i : tensor<2x3xf32>, tensor<i32>
}
