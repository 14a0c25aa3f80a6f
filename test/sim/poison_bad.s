; SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
; Memories that cost nothing until they are used are not filled with garbage when they are huge.
; RUN: fuse-as --target=os-8 %s -o %t.stos
; RUN: fuse-sim %t.stos | FileCheck %s --check-prefix=RUNS
; RUN: not fuse-sim --poison %t.stos 2>&1 | FileCheck %s
; RUNS: cycles
; CHECK: .stos: error: 17180393472 bytes of memory; expected at most 1073741824 to poison them
.datapath f32
.arena 17179869184
end
