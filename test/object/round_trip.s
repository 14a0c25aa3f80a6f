; SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
; Assembly to object and back: the disassembly assembles to the same bytes, weights included.
; RUN: fuse-as %s -o %t.stos
; RUN: fuse-objdump --all %t.stos -o %t.s
; RUN: fuse-as %t.s -o %t.again
; RUN: cmp %t.stos %t.again
; RUN: FileCheck %s < %t.s
; Without the weights' bytes the commands are the same.
; RUN: fuse-objdump -d %t.stos | FileCheck %s --check-prefix=ZERO
; RUN: fuse-objdump -d %t.stos | fuse-as -o %t.zero
; RUN: llvm-objcopy -O binary -j .stos.text %t.stos %t.text
; RUN: llvm-objcopy -O binary -j .stos.text %t.zero %t.text0
; RUN: cmp %t.text %t.text0
; RUN: not cmp %t.stos %t.zero
; ZERO: .zero 52 ; weights are left out

; CHECK:      .target "small" rows=8 cols=8
; CHECK-NEXT: .datapath f32
; CHECK-NEXT: .compiler "1.0" "--flag \"a b\""
; CHECK:      .arena 4096
; CHECK-NEXT: .io 544
; CHECK-NEXT: .input "x;1" f32 1x3x4x4 blocked 0 bytes=512 machine=f32 line=4 block=16
; CHECK-NEXT: .input "w" f32 1x4x4x3 blocked 0 bytes=512 machine=f32 channels_last=1 line=4 block=16
; CHECK-NEXT: .output "y" f32 1x2 plain 512 bytes=8 machine=f32
; CHECK-NEXT: .output "z" ui8 scalar plain 520 bytes=1 machine=ui8 scale=0.1 zero=3
; CHECK-NEXT: .host max_pool2d_f32 [arena:0:32, io:512:8] [1, 1065353216, 4294967295]
; CHECK-NEXT: .weights hex 0000803f0000c07f000080ff010203040a000000f6ffffff00ffab0000000000
; CHECK-NEXT: .weights hex 0000000000000000000000000000000000000000
; CHECK-NEXT: .node "conv" "Conv" "gemm" macs=12 bound=3
; CHECK-NEXT: .node "b\\ \n" "Relu" "" macs=0 bound=0
; CHECK-NEXT: .node
; CHECK-NEXT: load.f32 main{region=2 run=16} signal{s0:1@0 done} ; 0x0
; CHECK-NEXT: .node "conv"
; CHECK-NEXT: load.f32 main{chip=64 run=16} fill{fill=1 value=-inf} ; 0x20 conv
; CHECK-NEXT: gemm.f32 shape{nx=8 tile=8} post{post=[bias, addi 0.1]} wait{s0:1@0} ; 0x40 conv
; CHECK-NEXT: .node "b\\ \n"
; CHECK-NEXT: barrier ; 0x{{[0-9a-f]+}} b\\ \n
; CHECK-NEXT: .node
; CHECK-NEXT: host ;
; CHECK-NEXT: .node "conv"
; CHECK-NEXT: end ; 0x{{[0-9a-f]+}} conv

.target "small" rows=8 cols=8 lanes=8 broadcast=0 accumulators=1 shadow=0 segments=1 overlap=1 taps=64 scratchpad_words=4096 sections=8 param_entries=256 luts=8 post_latency=8 dram_elems=16 dram_latency=100 queue_depth=16 clock_mhz=1000
.compiler "1.0" "--flag \"a b\""
.arena 0x1000
.input "x;1" f32 1x3x4x4 blocked 0 ; a comment
.input "w" f32 1x4x4x3 blocked 0 channels_last=1
.output "y" f32 1x2 plain 512
.output "z" ui8 scalar plain 520 scale=0.1 zero=3
.io 544
.host max_pool2d_f32 [arena:0:32, io:512:8] [1, 0x3f800000, -1]
.weights f32 1.0, 0x7fc00000, -inf
.weights i8 1, 2, 3, 4
.weights i32 10, -10
.weights hex 00ffAB
.zero 25

load.f32 main{region=2 run=16} signal{s0:1@0 done}
.node "conv" "Conv" "gemm" macs=12 bound=3
  load.f32 main{chip=64 run=16} fill{fill=1 value=-inf} ; fill
  gemm.f32 shape{nx=8 tile=8} post{post=[bias, addi 0.1]} wait{s0:1@0}
.node "b\\ \n" "Relu"
barrier
.node
host
.node "conv"
end
