// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: fuse-opt --split-input-file --verify-diagnostics --stos-allocate %s
// Programs that stos-allocate does not take, one a piece. The machine is Inputs/tiny.json.

// Not mapped: no machine.
// expected-error@+1 {{'func.func': no attribute stos.target; expected the machine that stos-map writes there}}
func.func @f() attributes {x = 1 : i64} {
  %x = "stos.buffer"() {space = "io", size = 2048 : i64, storage = array<i64: 1, 1, 8, 8>} : () -> i32
  %a = "stos.buffer"() {space = "chip", size = 64 : i64} : () -> i32
  "stos.load"(%a, %x) {refs = ["out", "dram"], dtype = "f32", region = 2 : i64, run = 64 : i64} : (i32, i32) -> ()
  return
}

// -----

// A machine that is none.
// expected-error@+1 {{'func.func': stos.target: key 'name' is missing; expected it}}
func.func @f() attributes {stos.target = "{}"} {
  %x = "stos.buffer"() {space = "io", size = 2048 : i64, storage = array<i64: 1, 1, 8, 8>} : () -> i32
  %a = "stos.buffer"() {space = "chip", size = 64 : i64} : () -> i32
  "stos.load"(%a, %x) {refs = ["out", "dram"], dtype = "f32", region = 2 : i64, run = 64 : i64} : (i32, i32) -> ()
  return
}

// -----

// Twice.
func.func @f() attributes {stos.target = "{\22name\22:\22tiny\22,\22rows\22:8,\22cols\22:8,\22lanes\22:8,\22broadcast\22:1,\22accumulators\22:5,\22shadow\22:1,\22segments\22:1,\22overlap\22:1,\22taps\22:64,\22scratchpad_words\22:512,\22sections\22:4,\22param_entries\22:256,\22luts\22:1,\22post_latency\22:8,\22dram_elems\22:16,\22dram_latency\22:100,\22queue_depth\22:16,\22clock_mhz\22:1000}"} {
  %x = "stos.buffer"() {space = "io", size = 2048 : i64, storage = array<i64: 1, 1, 8, 8>} : () -> i32
  // expected-error@+1 {{'stos.buffer': the buffer has an address already; expected the result of stos-tile}}
  %a = "stos.buffer"() {space = "chip", size = 64 : i64, address = 0 : i64} : () -> i32
  "stos.load"(%a, %x) {refs = ["out", "dram"], dtype = "f32", region = 2 : i64, run = 64 : i64} : (i32, i32) -> ()
  return
}

// -----

// More than the scratchpad.
func.func @f() attributes {stos.target = "{\22name\22:\22tiny\22,\22rows\22:8,\22cols\22:8,\22lanes\22:8,\22broadcast\22:1,\22accumulators\22:5,\22shadow\22:1,\22segments\22:1,\22overlap\22:1,\22taps\22:64,\22scratchpad_words\22:512,\22sections\22:4,\22param_entries\22:256,\22luts\22:1,\22post_latency\22:8,\22dram_elems\22:16,\22dram_latency\22:100,\22queue_depth\22:16,\22clock_mhz\22:1000}"} {
  %x = "stos.buffer"() {space = "io", size = 2048 : i64, storage = array<i64: 1, 1, 8, 8>} : () -> i32
  // expected-error@+1 {{'stos.buffer': size = 513; expected 1 to 512, the size of chip}}
  %a = "stos.buffer"() {space = "chip", size = 513 : i64} : () -> i32
  "stos.load"(%a, %x) {refs = ["out", "dram"], dtype = "f32", region = 2 : i64, run = 64 : i64} : (i32, i32) -> ()
  return
}

// -----

// A tensor in too few bytes.
func.func @f() attributes {stos.target = "{\22name\22:\22tiny\22,\22rows\22:8,\22cols\22:8,\22lanes\22:8,\22broadcast\22:1,\22accumulators\22:5,\22shadow\22:1,\22segments\22:1,\22overlap\22:1,\22taps\22:64,\22scratchpad_words\22:512,\22sections\22:4,\22param_entries\22:256,\22luts\22:1,\22post_latency\22:8,\22dram_elems\22:16,\22dram_latency\22:100,\22queue_depth\22:16,\22clock_mhz\22:1000}"} {
  // expected-error@+1 {{'stos.buffer': size = 2016 doesn't hold the storage's words}}
  %x = "stos.buffer"() {space = "io", size = 2016 : i64, storage = array<i64: 1, 1, 8, 8>} : () -> i32
  %a = "stos.buffer"() {space = "chip", size = 64 : i64} : () -> i32
  "stos.load"(%a, %x) {refs = ["out", "dram"], dtype = "f32", region = 2 : i64, run = 64 : i64} : (i32, i32) -> ()
  return
}

// -----

// A field out of its range.
func.func @f() attributes {stos.target = "{\22name\22:\22tiny\22,\22rows\22:8,\22cols\22:8,\22lanes\22:8,\22broadcast\22:1,\22accumulators\22:5,\22shadow\22:1,\22segments\22:1,\22overlap\22:1,\22taps\22:64,\22scratchpad_words\22:512,\22sections\22:4,\22param_entries\22:256,\22luts\22:1,\22post_latency\22:8,\22dram_elems\22:16,\22dram_latency\22:100,\22queue_depth\22:16,\22clock_mhz\22:1000}"} {
  %x = "stos.buffer"() {space = "io", size = 2048 : i64, storage = array<i64: 1, 1, 8, 8>} : () -> i32
  %a = "stos.buffer"() {space = "chip", size = 64 : i64} : () -> i32
  // expected-error@+1 {{'stos.load': region = 3; expected 0 to 2}}
  "stos.load"(%a, %x) {refs = ["out", "dram"], dtype = "f32", region = 3 : i64, run = 64 : i64} : (i32, i32) -> ()
  return
}

// -----

// A field with too many numbers.
func.func @f() attributes {stos.target = "{\22name\22:\22tiny\22,\22rows\22:8,\22cols\22:8,\22lanes\22:8,\22broadcast\22:1,\22accumulators\22:5,\22shadow\22:1,\22segments\22:1,\22overlap\22:1,\22taps\22:64,\22scratchpad_words\22:512,\22sections\22:4,\22param_entries\22:256,\22luts\22:1,\22post_latency\22:8,\22dram_elems\22:16,\22dram_latency\22:100,\22queue_depth\22:16,\22clock_mhz\22:1000}"} {
  %x = "stos.buffer"() {space = "io", size = 2048 : i64, storage = array<i64: 1, 1, 8, 8>} : () -> i32
  %a = "stos.buffer"() {space = "chip", size = 64 : i64} : () -> i32
  // expected-error@+1 {{'stos.load': attribute 'n'; expected 4 numbers}}
  "stos.load"(%a, %x) {refs = ["out", "dram"], dtype = "f32", region = 2 : i64, n = array<i64: 1, 1>, run = 64 : i64} : (i32, i32) -> ()
  return
}

// -----

// A load to nowhere.
func.func @f() attributes {stos.target = "{\22name\22:\22tiny\22,\22rows\22:8,\22cols\22:8,\22lanes\22:8,\22broadcast\22:1,\22accumulators\22:5,\22shadow\22:1,\22segments\22:1,\22overlap\22:1,\22taps\22:64,\22scratchpad_words\22:512,\22sections\22:4,\22param_entries\22:256,\22luts\22:1,\22post_latency\22:8,\22dram_elems\22:16,\22dram_latency\22:100,\22queue_depth\22:16,\22clock_mhz\22:1000}"} {
  %x = "stos.buffer"() {space = "io", size = 2048 : i64, storage = array<i64: 1, 1, 8, 8>} : () -> i32
  // expected-error@+1 {{'stos.load': needs 'out'; expected a buffer for it}}
  "stos.load"(%x) {refs = ["dram"], dtype = "f32", region = 2 : i64, run = 64 : i64} : (i32) -> ()
  return
}

// -----

// A name that no command has.
func.func @f() attributes {stos.target = "{\22name\22:\22tiny\22,\22rows\22:8,\22cols\22:8,\22lanes\22:8,\22broadcast\22:1,\22accumulators\22:5,\22shadow\22:1,\22segments\22:1,\22overlap\22:1,\22taps\22:64,\22scratchpad_words\22:512,\22sections\22:4,\22param_entries\22:256,\22luts\22:1,\22post_latency\22:8,\22dram_elems\22:16,\22dram_latency\22:100,\22queue_depth\22:16,\22clock_mhz\22:1000}"} {
  %x = "stos.buffer"() {space = "io", size = 2048 : i64, storage = array<i64: 1, 1, 8, 8>} : () -> i32
  %a = "stos.buffer"() {space = "chip", size = 64 : i64} : () -> i32
  // expected-error@+1 {{'stos.load': operand 0: expected a stos.buffer and its name in refs: in, left, out, res, param, dram or lut}}
  "stos.load"(%a, %x) {refs = ["to", "dram"], dtype = "f32", region = 2 : i64, run = 64 : i64} : (i32, i32) -> ()
  return
}

// -----

// A buffer that a load has no use for.
func.func @f() attributes {stos.target = "{\22name\22:\22tiny\22,\22rows\22:8,\22cols\22:8,\22lanes\22:8,\22broadcast\22:1,\22accumulators\22:5,\22shadow\22:1,\22segments\22:1,\22overlap\22:1,\22taps\22:64,\22scratchpad_words\22:512,\22sections\22:4,\22param_entries\22:256,\22luts\22:1,\22post_latency\22:8,\22dram_elems\22:16,\22dram_latency\22:100,\22queue_depth\22:16,\22clock_mhz\22:1000}"} {
  %x = "stos.buffer"() {space = "io", size = 2048 : i64, storage = array<i64: 1, 1, 8, 8>} : () -> i32
  %a = "stos.buffer"() {space = "chip", size = 64 : i64} : () -> i32
  %o = "stos.buffer"() {space = "chip", size = 64 : i64} : () -> i32
  // expected-error@+1 {{'stos.load': has no 'in'; expected no such buffer}}
  "stos.load"(%a, %o, %x) {refs = ["out", "in", "dram"], dtype = "f32", region = 2 : i64, run = 64 : i64} : (i32, i32, i32) -> ()
  return
}

// -----

// Weights as a result.
func.func @f() attributes {stos.target = "{\22name\22:\22tiny\22,\22rows\22:8,\22cols\22:8,\22lanes\22:8,\22broadcast\22:1,\22accumulators\22:5,\22shadow\22:1,\22segments\22:1,\22overlap\22:1,\22taps\22:64,\22scratchpad_words\22:512,\22sections\22:4,\22param_entries\22:256,\22luts\22:1,\22post_latency\22:8,\22dram_elems\22:16,\22dram_latency\22:100,\22queue_depth\22:16,\22clock_mhz\22:1000}"} {
  %w = "stos.buffer"() {space = "weights", size = 256 : i64} : () -> i32
  %a = "stos.buffer"() {space = "chip", size = 64 : i64} : () -> i32
  // expected-error@+1 {{'stos.vector': 'out' is a buffer of weights}}
  "stos.vector"(%a, %w) {refs = ["in", "out"], dtype = "f32", channels = 8 : i64, ny = 8 : i64, nx = 8 : i64, ih = 8 : i64, iw = 8 : i64, in_line = 8 : i64, in_pixel = 1 : i64, out_line = 8 : i64, out_pixel = 1 : i64} : (i32, i32) -> ()
  return
}

// -----

// The region and the buffer.
func.func @f() attributes {stos.target = "{\22name\22:\22tiny\22,\22rows\22:8,\22cols\22:8,\22lanes\22:8,\22broadcast\22:1,\22accumulators\22:5,\22shadow\22:1,\22segments\22:1,\22overlap\22:1,\22taps\22:64,\22scratchpad_words\22:512,\22sections\22:4,\22param_entries\22:256,\22luts\22:1,\22post_latency\22:8,\22dram_elems\22:16,\22dram_latency\22:100,\22queue_depth\22:16,\22clock_mhz\22:1000}"} {
  %w = "stos.buffer"() {space = "weights", size = 256 : i64} : () -> i32
  %a = "stos.buffer"() {space = "chip", size = 64 : i64} : () -> i32
  // expected-error@+1 {{'stos.load': region = 2, but 'dram' is a buffer of weights}}
  "stos.load"(%a, %w) {refs = ["out", "dram"], dtype = "f32", region = 2 : i64, run = 64 : i64} : (i32, i32) -> ()
  return
}

// -----

// Words behind the end of the tensor,
func.func @f() attributes {stos.target = "{\22name\22:\22tiny\22,\22rows\22:8,\22cols\22:8,\22lanes\22:8,\22broadcast\22:1,\22accumulators\22:5,\22shadow\22:1,\22segments\22:1,\22overlap\22:1,\22taps\22:64,\22scratchpad_words\22:512,\22sections\22:4,\22param_entries\22:256,\22luts\22:1,\22post_latency\22:8,\22dram_elems\22:16,\22dram_latency\22:100,\22queue_depth\22:16,\22clock_mhz\22:1000}"} {
  %x = "stos.buffer"() {space = "io", size = 2048 : i64, storage = array<i64: 1, 1, 8, 8>} : () -> i32
  %a = "stos.buffer"() {space = "chip", size = 64 : i64} : () -> i32
  // expected-error@+1 {{'stos.load': touches words outside of its buffers}}
  "stos.load"(%a, %x) {refs = ["out", "dram"], dtype = "f32", region = 2 : i64, dram = 1 : i64, run = 64 : i64} : (i32, i32) -> ()
  return
}

// -----

// of the tile,
func.func @f() attributes {stos.target = "{\22name\22:\22tiny\22,\22rows\22:8,\22cols\22:8,\22lanes\22:8,\22broadcast\22:1,\22accumulators\22:5,\22shadow\22:1,\22segments\22:1,\22overlap\22:1,\22taps\22:64,\22scratchpad_words\22:512,\22sections\22:4,\22param_entries\22:256,\22luts\22:1,\22post_latency\22:8,\22dram_elems\22:16,\22dram_latency\22:100,\22queue_depth\22:16,\22clock_mhz\22:1000}"} {
  %x = "stos.buffer"() {space = "io", size = 2048 : i64, storage = array<i64: 1, 1, 8, 8>} : () -> i32
  %a = "stos.buffer"() {space = "chip", size = 64 : i64} : () -> i32
  // expected-error@+1 {{'stos.load': touches words outside of its buffers}}
  "stos.load"(%a, %x) {refs = ["out", "dram"], dtype = "f32", region = 2 : i64, chip = 1 : i64, run = 64 : i64} : (i32, i32) -> ()
  return
}

// -----

// and before its beginning.
func.func @f() attributes {stos.target = "{\22name\22:\22tiny\22,\22rows\22:8,\22cols\22:8,\22lanes\22:8,\22broadcast\22:1,\22accumulators\22:5,\22shadow\22:1,\22segments\22:1,\22overlap\22:1,\22taps\22:64,\22scratchpad_words\22:512,\22sections\22:4,\22param_entries\22:256,\22luts\22:1,\22post_latency\22:8,\22dram_elems\22:16,\22dram_latency\22:100,\22queue_depth\22:16,\22clock_mhz\22:1000}"} {
  %a = "stos.buffer"() {space = "chip", size = 64 : i64} : () -> i32
  %o = "stos.buffer"() {space = "chip", size = 64 : i64} : () -> i32
  // expected-error@+1 {{'stos.vector': touches words outside of its buffers}}
  "stos.vector"(%a, %o) {refs = ["in", "out"], dtype = "f32", channels = 8 : i64, ny = 8 : i64, nx = 8 : i64, ih = 8 : i64, iw = 8 : i64, in_line = 8 : i64, in_pixel = 1 : i64, out_line = 8 : i64, out_pixel = 1 : i64, out_block = -64 : i64, o = array<i64: 2, 1>} : (i32, i32) -> ()
  return
}

// -----

// Loops without an end.
func.func @f() attributes {stos.target = "{\22name\22:\22tiny\22,\22rows\22:8,\22cols\22:8,\22lanes\22:8,\22broadcast\22:1,\22accumulators\22:5,\22shadow\22:1,\22segments\22:1,\22overlap\22:1,\22taps\22:64,\22scratchpad_words\22:512,\22sections\22:4,\22param_entries\22:256,\22luts\22:1,\22post_latency\22:8,\22dram_elems\22:16,\22dram_latency\22:100,\22queue_depth\22:16,\22clock_mhz\22:1000}"} {
  %x = "stos.buffer"() {space = "io", size = 2048 : i64, storage = array<i64: 1, 1, 8, 8>} : () -> i32
  %a = "stos.buffer"() {space = "chip", size = 64 : i64} : () -> i32
  // expected-error@+1 {{'stos.load': touches 65535 x 65535 x 1 x 1 words; expected at most 67108864}}
  "stos.load"(%a, %x) {refs = ["out", "dram"], dtype = "f32", region = 2 : i64, n = array<i64: 65535, 65535, 1, 1>, run = 64 : i64} : (i32, i32) -> ()
  return
}

// -----

// A parameter that no buffer holds.
func.func @f() attributes {stos.target = "{\22name\22:\22tiny\22,\22rows\22:8,\22cols\22:8,\22lanes\22:8,\22broadcast\22:1,\22accumulators\22:5,\22shadow\22:1,\22segments\22:1,\22overlap\22:1,\22taps\22:64,\22scratchpad_words\22:512,\22sections\22:4,\22param_entries\22:256,\22luts\22:1,\22post_latency\22:8,\22dram_elems\22:16,\22dram_latency\22:100,\22queue_depth\22:16,\22clock_mhz\22:1000}"} {
  %a = "stos.buffer"() {space = "chip", size = 64 : i64} : () -> i32
  %o = "stos.buffer"() {space = "chip", size = 64 : i64} : () -> i32
  // expected-error@+1 {{'stos.vector': needs 'param'; expected a buffer for it}}
  "stos.vector"(%a, %o) {refs = ["in", "out"], dtype = "f32", channels = 8 : i64, ny = 8 : i64, nx = 8 : i64, ih = 8 : i64, iw = 8 : i64, in_line = 8 : i64, in_pixel = 1 : i64, out_line = 8 : i64, out_pixel = 1 : i64, post = ["bias"]} : (i32, i32) -> ()
  return
}

// -----

// What the planner does not know.
func.func @f() attributes {stos.target = "{\22name\22:\22tiny\22,\22rows\22:8,\22cols\22:8,\22lanes\22:8,\22broadcast\22:1,\22accumulators\22:5,\22shadow\22:1,\22segments\22:1,\22overlap\22:1,\22taps\22:64,\22scratchpad_words\22:512,\22sections\22:4,\22param_entries\22:256,\22luts\22:1,\22post_latency\22:8,\22dram_elems\22:16,\22dram_latency\22:100,\22queue_depth\22:16,\22clock_mhz\22:1000}"} {
  %x = "stos.buffer"() {space = "io", size = 2048 : i64, storage = array<i64: 1, 1, 8, 8>} : () -> i32
  %a = "stos.buffer"() {space = "chip", size = 64 : i64} : () -> i32
  // expected-error@+1 {{'stos.load': not supported yet: fills and rings of transfers}}
  "stos.load"(%a, %x) {refs = ["out", "dram"], dtype = "f32", region = 2 : i64, fill = 1 : i64, run = 64 : i64} : (i32, i32) -> ()
  return
}

// -----

// A post operation.
func.func @f() attributes {stos.target = "{\22name\22:\22tiny\22,\22rows\22:8,\22cols\22:8,\22lanes\22:8,\22broadcast\22:1,\22accumulators\22:5,\22shadow\22:1,\22segments\22:1,\22overlap\22:1,\22taps\22:64,\22scratchpad_words\22:512,\22sections\22:4,\22param_entries\22:256,\22luts\22:1,\22post_latency\22:8,\22dram_elems\22:16,\22dram_latency\22:100,\22queue_depth\22:16,\22clock_mhz\22:1000}"} {
  %a = "stos.buffer"() {space = "chip", size = 64 : i64} : () -> i32
  %o = "stos.buffer"() {space = "chip", size = 64 : i64} : () -> i32
  // expected-error@+1 {{'stos.vector': post:1: 'relu'; expected a post operation}}
  "stos.vector"(%a, %o) {refs = ["in", "out"], dtype = "f32", channels = 8 : i64, ny = 8 : i64, nx = 8 : i64, ih = 8 : i64, iw = 8 : i64, in_line = 8 : i64, in_pixel = 1 : i64, out_line = 8 : i64, out_pixel = 1 : i64, post = ["relu"]} : (i32, i32) -> ()
  return
}

// -----

// Nine of them.
func.func @f() attributes {stos.target = "{\22name\22:\22tiny\22,\22rows\22:8,\22cols\22:8,\22lanes\22:8,\22broadcast\22:1,\22accumulators\22:5,\22shadow\22:1,\22segments\22:1,\22overlap\22:1,\22taps\22:64,\22scratchpad_words\22:512,\22sections\22:4,\22param_entries\22:256,\22luts\22:1,\22post_latency\22:8,\22dram_elems\22:16,\22dram_latency\22:100,\22queue_depth\22:16,\22clock_mhz\22:1000}"} {
  %a = "stos.buffer"() {space = "chip", size = 64 : i64} : () -> i32
  %o = "stos.buffer"() {space = "chip", size = 64 : i64} : () -> i32
  // expected-error@+1 {{'stos.vector': attribute 'post'; expected at most 8 post operations}}
  "stos.vector"(%a, %o) {refs = ["in", "out"], dtype = "f32", channels = 8 : i64, ny = 8 : i64, nx = 8 : i64, ih = 8 : i64, iw = 8 : i64, in_line = 8 : i64, in_pixel = 1 : i64, out_line = 8 : i64, out_pixel = 1 : i64, post = ["abs", "abs", "abs", "abs", "abs", "abs", "abs", "abs", "abs"]} : (i32, i32) -> ()
  return
}

// -----

// Tokens that are none.
func.func @f() attributes {stos.target = "{\22name\22:\22tiny\22,\22rows\22:8,\22cols\22:8,\22lanes\22:8,\22broadcast\22:1,\22accumulators\22:5,\22shadow\22:1,\22segments\22:1,\22overlap\22:1,\22taps\22:64,\22scratchpad_words\22:512,\22sections\22:4,\22param_entries\22:256,\22luts\22:1,\22post_latency\22:8,\22dram_elems\22:16,\22dram_latency\22:100,\22queue_depth\22:16,\22clock_mhz\22:1000}"} {
  %x = "stos.buffer"() {space = "io", size = 2048 : i64, storage = array<i64: 1, 1, 8, 8>} : () -> i32
  %a = "stos.buffer"() {space = "chip", size = 64 : i64} : () -> i32
  // expected-error@+1 {{'stos.load': waits: expected up to 4 of sN:COUNT@LEVEL}}
  "stos.load"(%a, %x) {refs = ["out", "dram"], dtype = "f32", region = 2 : i64, waits = 7 : i64, run = 64 : i64} : (i32, i32) -> ()
  return
}

// -----

// A token without a number.
func.func @f() attributes {stos.target = "{\22name\22:\22tiny\22,\22rows\22:8,\22cols\22:8,\22lanes\22:8,\22broadcast\22:1,\22accumulators\22:5,\22shadow\22:1,\22segments\22:1,\22overlap\22:1,\22taps\22:64,\22scratchpad_words\22:512,\22sections\22:4,\22param_entries\22:256,\22luts\22:1,\22post_latency\22:8,\22dram_elems\22:16,\22dram_latency\22:100,\22queue_depth\22:16,\22clock_mhz\22:1000}"} {
  %x = "stos.buffer"() {space = "io", size = 2048 : i64, storage = array<i64: 1, 1, 8, 8>} : () -> i32
  %a = "stos.buffer"() {space = "chip", size = 64 : i64} : () -> i32
  // expected-error@+1 {{'stos.load': waits: expected up to 4 of sN:COUNT@LEVEL}}
  "stos.load"(%a, %x) {refs = ["out", "dram"], dtype = "f32", region = 2 : i64, waits = ["s:1@0"], run = 64 : i64} : (i32, i32) -> ()
  return
}

// -----

// A kernel that the host does not have.
func.func @f() attributes {stos.target = "{\22name\22:\22tiny\22,\22rows\22:8,\22cols\22:8,\22lanes\22:8,\22broadcast\22:1,\22accumulators\22:5,\22shadow\22:1,\22segments\22:1,\22overlap\22:1,\22taps\22:64,\22scratchpad_words\22:512,\22sections\22:4,\22param_entries\22:256,\22luts\22:1,\22post_latency\22:8,\22dram_elems\22:16,\22dram_latency\22:100,\22queue_depth\22:16,\22clock_mhz\22:1000}"} {
  %x = "stos.buffer"() {space = "io", size = 2048 : i64, storage = array<i64: 1, 1, 8, 8>} : () -> i32
  // expected-error@+1 {{'stos.host': expected a kernel of lib/kernels, words, and offsets, sizes and written for each of 1 operands}}
  "stos.host"(%x) {kernel = "frobnicate", offsets = array<i64: 0>, sizes = array<i64: 64>, written = array<i64: 1>, words = array<i64: 16>} : (i32) -> ()
  return
}

// -----

// A call that reads behind its buffer.
func.func @f() attributes {stos.target = "{\22name\22:\22tiny\22,\22rows\22:8,\22cols\22:8,\22lanes\22:8,\22broadcast\22:1,\22accumulators\22:5,\22shadow\22:1,\22segments\22:1,\22overlap\22:1,\22taps\22:64,\22scratchpad_words\22:512,\22sections\22:4,\22param_entries\22:256,\22luts\22:1,\22post_latency\22:8,\22dram_elems\22:16,\22dram_latency\22:100,\22queue_depth\22:16,\22clock_mhz\22:1000}"} {
  %x = "stos.buffer"() {space = "io", size = 2048 : i64, storage = array<i64: 1, 1, 8, 8>} : () -> i32
  // expected-error@+1 {{'stos.host': tensor 0: 64 bytes at 2000; the buffer has 2048}}
  "stos.host"(%x) {kernel = "fill_32", offsets = array<i64: 2000>, sizes = array<i64: 64>, written = array<i64: 1>, words = array<i64: 16, 0, 0>} : (i32) -> ()
  return
}

// -----

// A table without a buffer for it.
func.func @f() attributes {stos.target = "{\22name\22:\22tiny\22,\22rows\22:8,\22cols\22:8,\22lanes\22:8,\22broadcast\22:1,\22accumulators\22:5,\22shadow\22:1,\22segments\22:1,\22overlap\22:1,\22taps\22:64,\22scratchpad_words\22:512,\22sections\22:4,\22param_entries\22:256,\22luts\22:1,\22post_latency\22:8,\22dram_elems\22:16,\22dram_latency\22:100,\22queue_depth\22:16,\22clock_mhz\22:1000}"} {
  %x = "stos.buffer"() {space = "chip", size = 64 : i64} : () -> i32
  %y = "stos.buffer"() {space = "chip", size = 64 : i64} : () -> i32
  // expected-error@+1 {{'stos.vector': needs 'lut'; expected a buffer for it}}
  "stos.vector"(%x, %y) {refs = ["in", "out"], dtype = "i8", channels = 8 : i64, ny = 8 : i64, nx = 8 : i64, ih = 8 : i64, iw = 8 : i64, in_line = 8 : i64, in_pixel = 1 : i64, out_line = 8 : i64, out_pixel = 1 : i64, post = ["lut 0"]} : (i32, i32) -> ()
  return
}

// -----

// More tables than their buffer holds.
func.func @f() attributes {stos.target = "{\22name\22:\22tiny\22,\22rows\22:8,\22cols\22:8,\22lanes\22:8,\22broadcast\22:1,\22accumulators\22:5,\22shadow\22:1,\22segments\22:1,\22overlap\22:1,\22taps\22:64,\22scratchpad_words\22:512,\22sections\22:4,\22param_entries\22:256,\22luts\22:1,\22post_latency\22:8,\22dram_elems\22:16,\22dram_latency\22:100,\22queue_depth\22:16,\22clock_mhz\22:1000}"} {
  %x = "stos.buffer"() {space = "chip", size = 64 : i64} : () -> i32
  %y = "stos.buffer"() {space = "chip", size = 64 : i64} : () -> i32
  %t = "stos.buffer"() {space = "lut", size = 1 : i64} : () -> i32
  // expected-error@+1 {{'stos.vector': touches words outside of its buffers}}
  "stos.vector"(%x, %y, %t) {refs = ["in", "out", "lut"], dtype = "i8", channels = 8 : i64, ny = 8 : i64, nx = 8 : i64, ih = 8 : i64, iw = 8 : i64, in_line = 8 : i64, in_pixel = 1 : i64, out_line = 8 : i64, out_pixel = 1 : i64, post = ["lut 1"]} : (i32, i32, i32) -> ()
  return
}
