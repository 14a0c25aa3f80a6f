; SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
; One word in, doubled, out: legal. Without the store the output isn't written; without the token it
; isn't written in time. Nothing else is shown of such an object.
; RUN: fuse-as %s -o %t.stos
; RUN: fuse-objdump --check %t.stos | count 0
; RUN: fuse-objdump --check -h %t.stos | FileCheck --check-prefix=SHOWN %s
; RUN: grep -v '^store' %s | sed 's/ signal{s1:1@0 done}//' | fuse-as -o %t-none.stos
; RUN: not fuse-objdump --check %t-none.stos 2>&1 | FileCheck --check-prefix=NONE %s
; RUN: sed 's/ wait{s1:1@0}//; s/ signal{s1:1@0 done}//' %s | fuse-as -o %t-race.stos
; RUN: not fuse-objdump --check -h %t-race.stos 2> %t.err | count 0
; RUN: FileCheck --check-prefix=RACE %s < %t.err

; SHOWN: .stos.text
; NONE: -none.stos: error: io byte 256 of an output is never written; expected the program to write each output
; RACE: -race.stos: error: command 2 (offset 0x90, store.f32): chip: reads scratchpad word 2048 while command 1 (offset 0x20, vector.f32) may still write it; expected a wait for its DONE signal (M-CTL-6)
.target stosx-8
.io 512
.input "x" f32 1x8x1x1 blocked 0
.output "y" f32 1x8x1x1 blocked 256
.node "double" "Add"
load.f32 main{region=2} signal{s0:1@0 done}
vector.f32 shape{channels=8} out{out=2048} post{post=[muli 2.0]} wait{s0:1@0} signal{s1:1@0 done}
store.f32 main{region=2 dram=8 chip=2048} wait{s1:1@0}
end
