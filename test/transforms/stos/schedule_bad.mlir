// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: fuse-opt --split-input-file --verify-diagnostics --stos-schedule %s
// Programs that stos-schedule does not take, one a piece. The machine is Inputs/tiny.json.

// Before stos-allocate.
// expected-error@+1 {{'func.func': no attribute stos.arena_bytes; expected the result of stos-allocate}}
func.func @f() attributes {stos.target = "{\22name\22:\22tiny\22,\22rows\22:8,\22cols\22:8,\22lanes\22:8,\22broadcast\22:1,\22accumulators\22:5,\22shadow\22:1,\22segments\22:1,\22overlap\22:1,\22taps\22:64,\22scratchpad_words\22:512,\22sections\22:4,\22param_entries\22:256,\22luts\22:1,\22post_latency\22:8,\22dram_elems\22:16,\22dram_latency\22:100,\22queue_depth\22:16,\22clock_mhz\22:1000}"} {
  %x = "stos.buffer"() {space = "io", size = 2048 : i64, storage = array<i64: 1, 1, 8, 8>} : () -> i32
  %a = "stos.buffer"() {space = "chip", size = 64 : i64} : () -> i32
  "stos.load"(%a, %x) {refs = ["out", "dram"], dtype = "f32", region = 2 : i64, run = 64 : i64} : (i32, i32) -> ()
  return
}

// -----

// A tile that has no address.
func.func @f() attributes {stos.target = "{\22name\22:\22tiny\22,\22rows\22:8,\22cols\22:8,\22lanes\22:8,\22broadcast\22:1,\22accumulators\22:5,\22shadow\22:1,\22segments\22:1,\22overlap\22:1,\22taps\22:64,\22scratchpad_words\22:512,\22sections\22:4,\22param_entries\22:256,\22luts\22:1,\22post_latency\22:8,\22dram_elems\22:16,\22dram_latency\22:100,\22queue_depth\22:16,\22clock_mhz\22:1000}", stos.arena_bytes = 0 : i64, stos.io_bytes = 2048 : i64, stos.weights_bytes = 256 : i64} {
  %x = "stos.buffer"() {space = "io", size = 2048 : i64, storage = array<i64: 1, 1, 8, 8>, address = 0 : i64} : () -> i32
  // expected-error@+1 {{'stos.buffer': address = -1; expected 0 to 448}}
  %a = "stos.buffer"() {space = "chip", size = 64 : i64, address = -1 : i64} : () -> i32
  "stos.load"(%a, %x) {refs = ["out", "dram"], dtype = "f32", region = 2 : i64, run = 64 : i64} : (i32, i32) -> ()
  return
}

// -----

// A tile that begins behind the end.
func.func @f() attributes {stos.target = "{\22name\22:\22tiny\22,\22rows\22:8,\22cols\22:8,\22lanes\22:8,\22broadcast\22:1,\22accumulators\22:5,\22shadow\22:1,\22segments\22:1,\22overlap\22:1,\22taps\22:64,\22scratchpad_words\22:512,\22sections\22:4,\22param_entries\22:256,\22luts\22:1,\22post_latency\22:8,\22dram_elems\22:16,\22dram_latency\22:100,\22queue_depth\22:16,\22clock_mhz\22:1000}", stos.arena_bytes = 0 : i64, stos.io_bytes = 2048 : i64, stos.weights_bytes = 256 : i64} {
  %x = "stos.buffer"() {space = "io", size = 2048 : i64, storage = array<i64: 1, 1, 8, 8>, address = 0 : i64} : () -> i32
  // expected-error@+1 {{'stos.buffer': address = 449; expected 0 to 448}}
  %a = "stos.buffer"() {space = "chip", size = 64 : i64, address = 449 : i64} : () -> i32
  "stos.load"(%a, %x) {refs = ["out", "dram"], dtype = "f32", region = 2 : i64, run = 64 : i64} : (i32, i32) -> ()
  return
}

// -----

// Words outside of the scratchpad.
func.func @f() attributes {stos.target = "{\22name\22:\22tiny\22,\22rows\22:8,\22cols\22:8,\22lanes\22:8,\22broadcast\22:1,\22accumulators\22:5,\22shadow\22:1,\22segments\22:1,\22overlap\22:1,\22taps\22:64,\22scratchpad_words\22:512,\22sections\22:4,\22param_entries\22:256,\22luts\22:1,\22post_latency\22:8,\22dram_elems\22:16,\22dram_latency\22:100,\22queue_depth\22:16,\22clock_mhz\22:1000}", stos.arena_bytes = 0 : i64, stos.io_bytes = 2048 : i64, stos.weights_bytes = 256 : i64} {
  %x = "stos.buffer"() {space = "io", size = 2048 : i64, storage = array<i64: 1, 1, 8, 8>, address = 0 : i64} : () -> i32
  %a = "stos.buffer"() {space = "chip", size = 64 : i64, address = 0 : i64} : () -> i32
  // expected-error@+1 {{'stos.load': touches words outside of its buffers}}
  "stos.load"(%a, %x) {refs = ["out", "dram"], dtype = "f32", region = 2 : i64, chip = 449 : i64, run = 64 : i64} : (i32, i32) -> ()
  return
}

// -----

// Twice.
func.func @f() attributes {stos.target = "{\22name\22:\22tiny\22,\22rows\22:8,\22cols\22:8,\22lanes\22:8,\22broadcast\22:1,\22accumulators\22:5,\22shadow\22:1,\22segments\22:1,\22overlap\22:1,\22taps\22:64,\22scratchpad_words\22:512,\22sections\22:4,\22param_entries\22:256,\22luts\22:1,\22post_latency\22:8,\22dram_elems\22:16,\22dram_latency\22:100,\22queue_depth\22:16,\22clock_mhz\22:1000}", stos.arena_bytes = 0 : i64, stos.io_bytes = 2048 : i64, stos.weights_bytes = 256 : i64} {
  // expected-error@+1 {{'stos.end': the program is scheduled already}}
  "stos.end"() : () -> ()
  return
}

// -----

// A barrier.
func.func @f() attributes {stos.target = "{\22name\22:\22tiny\22,\22rows\22:8,\22cols\22:8,\22lanes\22:8,\22broadcast\22:1,\22accumulators\22:5,\22shadow\22:1,\22segments\22:1,\22overlap\22:1,\22taps\22:64,\22scratchpad_words\22:512,\22sections\22:4,\22param_entries\22:256,\22luts\22:1,\22post_latency\22:8,\22dram_elems\22:16,\22dram_latency\22:100,\22queue_depth\22:16,\22clock_mhz\22:1000}", stos.arena_bytes = 0 : i64, stos.io_bytes = 2048 : i64, stos.weights_bytes = 256 : i64} {
  // expected-error@+1 {{'stos.barrier': not supported yet: a program with tokens, barriers or an end before it is scheduled}}
  "stos.barrier"() : () -> ()
  return
}
