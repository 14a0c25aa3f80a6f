// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// What the C looks like: names, comments, kernels once and only those used, constants, the arena.

// RUN: rm -rf %t && mkdir %t
// RUN: fuse-translate --emit-c %s -o "%t/my net.c"
// RUN: FileCheck --check-prefix=H %s < "%t/my net.h"
// RUN: FileCheck %s < "%t/my net.c"
// RUN: fuse-translate --emit-c %s -o "%t/my net.c" --weights=file
// RUN: FileCheck --check-prefix=FILE %s < "%t/my net.c"
// RUN: %python -c "import sys; d = open(sys.argv[1], 'rb').read(); assert d[:12] == bytes.fromhex('0000003f0000803f00001040') and len(d) == 80" "%t/my net.weights"
// RUN: fuse-translate --emit-c < %s > %t/single.c
// RUN: grep -q '^void net_run(const float .image, float .a_b, float .int_, float .t3_, float .image_2, void .arena);$' %t/single.c
// RUN: %cc -std=c99 -Wall -Wextra -Werror -pedantic -c %t/single.c -o %t/single.o
// RUN: %cc -std=c99 -Wall -Wextra -Werror -pedantic -DMY_NET_MAIN "%t/my net.c" -o %t/net -lm
// RUN: not %t/net 2>&1 | FileCheck --check-prefix=USAGE %s

// The model's names become identifiers: not a C one, a keyword, one that is used inside, one that is taken.
// H:       #ifndef MY_NET_H
// H:       #define MY_NET_ARENA_BYTES 480
// H-NOT:   MY_NET_WEIGHTS_BYTES
// H:       *   input    image  1x5x6x3xf32
// H-NEXT:  *   output   a_b  1x5x6x4xf32  in the model: a/b
// H-NEXT:  *   output   int_  1x120xf32  in the model: int
// H-NEXT:  *   output   t3_  1x5x6x3xf32  in the model: t3
// H-NEXT:  *   output   image_2  1x5x6x4xf32  in the model: image
// H-NEXT:  */
// H-NEXT:  void my_net_run(const float *image, float *a_b, float *int_, float *t3_, float *image_2,
// H-NEXT:      void *arena);

// CHECK:       /* SPDX-License-Identifier: MIT-0 */
// CHECK-NEXT:  /* Made by fuse {{[0-9]+\.[0-9]+\.[^ ]+}}. */
// CHECK-NEXT:  #include "my net.h"
// CHECK:       #pragma STDC FP_CONTRACT OFF
// CHECK-NOT:   fk_dwconv2d
// CHECK:       FK_CONV2D(conv2d_f32, float, float, a * b, y + product)
// CHECK-NOT:   FK_CONV2D(
// CHECK:       static const float w0[12] = {
// CHECK-NEXT:    0.5f, 1.0f, 2.25f, INFINITY, 3e+38f, 3.0f, -INFINITY, -0.0f,
// CHECK-NEXT:    2.0f, 9.99995e-41f, NAN, 0.1f,
// CHECK-NEXT:  };
// CHECK:       static const float w1[4] = {
// CHECK-NEXT:    1.0f, 1.0f, 1.0f, 1.0f,
// CHECK-NEXT:  };
// CHECK:       void my_net_run(
// CHECK-NEXT:      void *arena) {
// CHECK-NEXT:    float *const t0 = (float *)(void *)((char *)arena + 0); /* 1x5x6x4xf32 */
// CHECK-EMPTY:
// CHECK-NEXT:    /* conv* /_3? ?/: tosa.conv2d, 1x5x6x3xf32 -> 1x5x6x4xf32 */
// CHECK-NEXT:    fk_conv2d_f32(t0, image, w0, w1,
// CHECK-NEXT:        &(const struct fk_conv2d){.n = 1, .h = 5, .w = 6, .cin = 3, .oh = 5, .ow = 6, .cout = 4,
// CHECK-NEXT:            .kh = 1, .kw = 1, .sy = 1, .sx = 1, .dy = 1, .dx = 1, .top = 0, .left = 0, .zx = 0,
// CHECK-NEXT:            .zw = 0});
// CHECK-EMPTY:
// CHECK-NEXT:    /* tosa.clamp, 1x5x6x4xf32 -> 1x5x6x4xf32 */
// CHECK-NEXT:    fk_clamp_f32(int_, t0,
// CHECK-NEXT:        &(const struct fk_clamp){.n = 120, .lo = 0.0f, .hi = INFINITY});
// CHECK-EMPTY:
// CHECK-NEXT:    /* tosa.exp, 1x5x6x4xf32 -> 1x5x6x4xf32 */
// CHECK-NEXT:    fk_exp_f32(a_b, int_,
// CHECK-NEXT:        &(const struct fk_unary){.n = 120});
// CHECK-EMPTY:
// CHECK-NEXT:    /* func.return */
// CHECK-NEXT:    fk_move_32(t3_, image,
// CHECK-NEXT:        &(const struct fk_move){.y0 = 0, .x0 = 0, .rank = 1, .size = {90}, .ys = {1}, .xs = {1}});
// CHECK-NEXT:    fk_move_32(image_2, a_b,
// CHECK-NEXT:        &(const struct fk_move){.y0 = 0, .x0 = 0, .rank = 1, .size = {120}, .ys = {1}, .xs = {1}});
// CHECK-NEXT:  }
// CHECK-EMPTY:
// CHECK-NEXT:  #ifdef MY_NET_MAIN

// FILE-NOT:    static const
// FILE:        const float *const w0 = (const float *)(const void *)((const char *)weights + 0); /* 12xf32 */
// FILE-NEXT:   const float *const w1 = (const float *)(const void *)((const char *)weights + 64); /* 4xf32 */

// USAGE: usage: my_net FILE.weights image.npy a_b.npy int_.npy t3_.npy image_2.npy

func.func @main(%x: tensor<1x5x6x3xf32>)
    -> (tensor<1x5x6x4xf32>, tensor<1x120xf32>, tensor<1x5x6x3xf32>, tensor<1x5x6x4xf32>)
    attributes {fuse.inputs = ["image"], fuse.outputs = ["a/b", "int", "t3", "image"]} {
  // Rows of the weight are output channels; kernels want them as the last dimension.
  %w = "tosa.const"() <{values = dense<[[[[0.5, 3.0e38, 2.0]]], [[[1.0, 3.0, 1.0e-40]]], [[[2.25, 0xFF800000, 0x7FC00000]]], [[[0x7F800000, -0.0, 0.1]]]]> : tensor<4x1x1x3xf32>}> : () -> tensor<4x1x1x3xf32>
  %b = "tosa.const"() <{values = dense<1.0> : tensor<1xf32>}> : () -> tensor<1xf32>
  %zp = "tosa.const"() <{values = dense<0.0> : tensor<1xf32>}> : () -> tensor<1xf32>
  %y = tosa.conv2d %x, %w, %b, %zp, %zp {acc_type = f32, dilation = array<i64: 1, 1>, pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>} : (tensor<1x5x6x3xf32>, tensor<4x1x1x3xf32>, tensor<1xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x5x6x4xf32> loc("conv*/_3??/")
  %z = tosa.clamp %y {min_val = 0.0 : f32, max_val = 0x7F800000 : f32} : (tensor<1x5x6x4xf32>) -> tensor<1x5x6x4xf32>
  %e = tosa.exp %z : (tensor<1x5x6x4xf32>) -> tensor<1x5x6x4xf32>
  %s = tosa.const_shape {values = dense<[1, 120]> : tensor<2xindex>} : () -> !tosa.shape<2>
  %r = tosa.reshape %z, %s : (tensor<1x5x6x4xf32>, !tosa.shape<2>) -> tensor<1x120xf32>
  return %e, %r, %x, %e : tensor<1x5x6x4xf32>, tensor<1x120xf32>, tensor<1x5x6x3xf32>, tensor<1x5x6x4xf32>
}
