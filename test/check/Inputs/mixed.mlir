// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// A network with a bit of everything: a stem on a packed input, a depthwise layer, squeeze-excite, a residual, a concatenation
// with a max pool, a wide conv (its reduction comes in chunks where the scratchpad is small), and a host call at the end.
func.func @main(%x: tensor<1x3x12x12xf32>) -> tensor<1x10xf32> attributes {fuse.inputs = ["x"], fuse.outputs = ["y"]} {
  %z = "tosa.const"() {values = dense<0.0> : tensor<1xf32>} : () -> tensor<1xf32>
  %s = "tosa.const"() {values = dense<0> : tensor<1xi8>} : () -> tensor<1xi8>
  %w0 = "tosa.const"() {values = dense<0.0625> : tensor<16x3x3x3xf32>} : () -> tensor<16x3x3x3xf32>
  %b0 = "tosa.const"() {values = dense<0.25> : tensor<16xf32>} : () -> tensor<16xf32>
  %w1 = "tosa.const"() {values = dense<0.125> : tensor<3x3x16x1xf32>} : () -> tensor<3x3x16x1xf32>
  %w2 = "tosa.const"() {values = dense<0.0625> : tensor<16x1x1x16xf32>} : () -> tensor<16x1x1x16xf32>
  %w3 = "tosa.const"() {values = dense<0.015625> : tensor<40x3x3x32xf32>} : () -> tensor<40x3x3x32xf32>
  %b3 = "tosa.const"() {values = dense<-0.5> : tensor<40xf32>} : () -> tensor<40xf32>
  %w4 = "tosa.const"() {values = dense<0.03125> : tensor<10x1x1x40xf32>} : () -> tensor<10x1x1x40xf32>
  %b4 = "tosa.const"() {values = dense<[0.0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9]> : tensor<10xf32>} : () -> tensor<10xf32>
  %three = "tosa.const"() {values = dense<3.0> : tensor<1x1x1x1xf32>} : () -> tensor<1x1x1x1xf32>
  %sixth = "tosa.const"() {values = dense<0.16666667> : tensor<1x1x1x1xf32>} : () -> tensor<1x1x1x1xf32>
  %t = tosa.transpose %x {perms = array<i32: 0, 2, 3, 1>} : (tensor<1x3x12x12xf32>) -> tensor<1x12x12x3xf32>
  %c0 = tosa.conv2d %t, %w0, %b0, %z, %z {acc_type = f32, pad = array<i64: 1, 1, 1, 1>, stride = array<i64: 1, 1>, dilation = array<i64: 1, 1>} : (tensor<1x12x12x3xf32>, tensor<16x3x3x3xf32>, tensor<16xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x12x12x16xf32>
  %r0 = tosa.clamp %c0 {min_val = 0.0 : f32, max_val = 6.0 : f32} : (tensor<1x12x12x16xf32>) -> tensor<1x12x12x16xf32>
  %d = tosa.depthwise_conv2d %r0, %w1, %b0, %z, %z {acc_type = f32, pad = array<i64: 1, 1, 1, 1>, stride = array<i64: 1, 1>, dilation = array<i64: 1, 1>} : (tensor<1x12x12x16xf32>, tensor<3x3x16x1xf32>, tensor<16xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x12x12x16xf32>
  %g = tosa.avg_pool2d %d, %z, %z {kernel = array<i64: 12, 12>, stride = array<i64: 12, 12>, pad = array<i64: 0, 0, 0, 0>, acc_type = f32} : (tensor<1x12x12x16xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x1x1x16xf32>
  %e = tosa.conv2d %g, %w2, %b0, %z, %z {acc_type = f32, pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>, dilation = array<i64: 1, 1>} : (tensor<1x1x1x16xf32>, tensor<16x1x1x16xf32>, tensor<16xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x1x1x16xf32>
  %h0 = tosa.add %e, %three : (tensor<1x1x1x16xf32>, tensor<1x1x1x1xf32>) -> tensor<1x1x1x16xf32>
  %h1 = tosa.clamp %h0 {min_val = 0.0 : f32, max_val = 6.0 : f32} : (tensor<1x1x1x16xf32>) -> tensor<1x1x1x16xf32>
  %h2 = tosa.mul %h1, %sixth, %s : (tensor<1x1x1x16xf32>, tensor<1x1x1x1xf32>, tensor<1xi8>) -> tensor<1x1x1x16xf32>
  %m = tosa.mul %d, %h2, %s : (tensor<1x12x12x16xf32>, tensor<1x1x1x16xf32>, tensor<1xi8>) -> tensor<1x12x12x16xf32>
  %p = tosa.conv2d %m, %w2, %b0, %z, %z {acc_type = f32, pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>, dilation = array<i64: 1, 1>} : (tensor<1x12x12x16xf32>, tensor<16x1x1x16xf32>, tensor<16xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x12x12x16xf32>
  %a = tosa.add %p, %r0 : (tensor<1x12x12x16xf32>, tensor<1x12x12x16xf32>) -> tensor<1x12x12x16xf32>
  %mp = tosa.max_pool2d %r0 {kernel = array<i64: 3, 3>, stride = array<i64: 1, 1>, pad = array<i64: 1, 1, 1, 1>} : (tensor<1x12x12x16xf32>) -> tensor<1x12x12x16xf32>
  %k = tosa.concat %a, %mp {axis = 3 : i32} : (tensor<1x12x12x16xf32>, tensor<1x12x12x16xf32>) -> tensor<1x12x12x32xf32>
  %q = tosa.conv2d %k, %w3, %b3, %z, %z {acc_type = f32, pad = array<i64: 0, 1, 0, 1>, stride = array<i64: 2, 2>, dilation = array<i64: 1, 1>} : (tensor<1x12x12x32xf32>, tensor<40x3x3x32xf32>, tensor<40xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x6x6x40xf32>
  %v = tosa.avg_pool2d %q, %z, %z {kernel = array<i64: 6, 6>, stride = array<i64: 6, 6>, pad = array<i64: 0, 0, 0, 0>, acc_type = f32} : (tensor<1x6x6x40xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x1x1x40xf32>
  %o = tosa.conv2d %v, %w4, %b4, %z, %z {acc_type = f32, pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>, dilation = array<i64: 1, 1>} : (tensor<1x1x1x40xf32>, tensor<10x1x1x40xf32>, tensor<10xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x1x1x10xf32>
  %n = tosa.const_shape {values = dense<[1, 10]> : tensor<2xindex>} : () -> !tosa.shape<2>
  %f = tosa.reshape %o, %n : (tensor<1x1x1x10xf32>, !tosa.shape<2>) -> tensor<1x10xf32>
  %y = tosa.sigmoid %f : (tensor<1x10xf32>) -> tensor<1x10xf32>
  return %y : tensor<1x10xf32>
}
