; SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
; Two commands that reach a word in each kilobyte of 128 GiB: refused before the checker remembers all of them.
; RUN: fuse-as --target=os-8 %s -o %t.stos
; RUN: not fuse-objdump --check %t.stos 2>&1 | FileCheck %s
; CHECK: .stos: error: the program touches more than 33554432 words in DRAM; not supported
.datapath f32
.arena 137438953472
.zero 32
load.f32 main{} signal{s1:1@0 done}
store.f32 main{region=1} loop{n=[1, 2048, 65535]} dram_stride{dram_stride=[0, 2097152, 32]} wait{s1:1@0}
end
