; SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
; Tables, JSON and memory images of one small program.
; RUN: rm -rf %t && mkdir %t
; RUN: fuse-as %s -o %t/x.stos
; RUN: fuse-objdump -h -s io -s debug -s host %t/x.stos | FileCheck %s --check-prefix=DUMP --match-full-lines
; RUN: fuse-objdump -s note < %t/x.stos | FileCheck %s --check-prefix=NOTE
; RUN: fuse-objdump --json %t/x.stos -o %t/x.json
; RUN: %python %S/Inputs/check_json.py %t/x.json
; RUN: fuse-objdump --image=%t/image %t/x.stos
; RUN: FileCheck %s --check-prefix=TEXT --match-full-lines < %t/image/text.hex
; RUN: FileCheck %s --check-prefix=DRAM --match-full-lines < %t/image/dram.hex
; RUN: %python %S/Inputs/check_map.py %t/image/map.json

; DUMP:      section              offset        bytes alignment
; DUMP-NEXT: .stos.text               64           80        16
; DUMP-NEXT: .stos.weights           256           20       256
; DUMP:      region weights: 20 bytes
; DUMP-NEXT: region arena: 100 bytes
; DUMP-NEXT: region io: 64 bytes
; DUMP-NEXT: input "x": 1x8x1x2 f32; i8 blocked, bytes 0 to 16, pitches 2 and 2 words, scale 0.5, zero point -3
; DUMP-NEXT: output "y": 1x1x2x8 f32; i8 blocked, bytes 32 to 48, channels last, pitches 2 and 2 words
; DUMP-NEXT: node 0: "n" "Conv" "" 0 MACs, bound 0 cycles
; DUMP-NEXT: bytes 0x0 to 0x40: node 0
; DUMP-NEXT: call 0: kernel 4000000000 (unknown)
; DUMP-NEXT:   tensor 0: arena, bytes 4 to 8
; DUMP-NEXT:   words: 0x1

; NOTE: target: os-8
; NOTE: target hash: {{[0-9a-f]+$}}
; NOTE: dram_elems = 16
; NOTE: datapath: i8
; NOTE: reassociation: no
; NOTE: model: none

; The byte of the lowest address is the last of its line.
; TEXT:      00000000000100000000000100050210
; TEXT-NEXT: 00000000000000000000000000020000
; TEXT-NEXT: 00010000000100020000000100050211
; TEXT-NEXT: 00000000000000000000000000020000
; TEXT-NEXT: 00000000000000000000000000000100
; TEXT-NOT:  {{.}}
; DRAM:      100f0e0d0c0b0a090807060504030201
; DRAM-NEXT: 000000000000000000000000fffefd7f
; DRAM-NOT:  {{.}}

.target os-8
.weights i8 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 127, -3, -2, -1
.arena 100
.io 64
.input "x" f32 1x8x1x2 blocked 0 scale=0.5 zero=-3
.output "y" f32 1x1x2x8 blocked 32 channels_last=1
.host 4000000000 [arena:4:4] [1]
.node "n" "Conv"
load.i8 main{dram=1 run=2}
store.i8 main{region=2 dram=1 chip=1 run=2}
.node
end
