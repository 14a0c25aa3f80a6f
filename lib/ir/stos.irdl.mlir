// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// stos.irdl.mlir - layers of the machine, then its commands.
//
// After stos-map: layers on whole tensors. A tensor in the machine's packing (docs/machine.md, section 10) has rank 4, N,H,W,C, and
// the encoding "blocked"; plain tensors and the tosa ops on them are the host's.
// After stos-tile: buffers and commands. A command names its buffers in `refs`, one an operand; its fields are those of isa.def, each an
// attribute of the same name, left out where it has its fallback value. verify_stos.c has the rules.
irdl.dialect @stos {
  // ---- layers ----

  // A function argument enters the machine. layout "blocked"; or "packed" with window = [kh, kw, sy, sx, dy, dx, top, left]: im2col by the host.
  irdl.operation @input {
    %plain = irdl.base "!builtin.tensor"
    %blocked = irdl.base "!builtin.tensor"
    %b = irdl.is "blocked"
    %p = irdl.is "packed"
    %layout = irdl.any_of(%b, %p)
    irdl.operands(plain: %plain)
    irdl.results(blocked: %blocked)
    irdl.attributes {"layout" = %layout}
  }
  // A result of the network, in the network's own layout and rank.
  irdl.operation @output {
    %blocked = irdl.base "!builtin.tensor"
    %plain = irdl.base "!builtin.tensor"
    irdl.operands(blocked: %blocked)
    irdl.results(plain: %plain)
  }
  // Between the machine's packing and the host's: a copy by the host.
  irdl.operation @pack {
    %plain = irdl.base "!builtin.tensor"
    %blocked = irdl.base "!builtin.tensor"
    irdl.operands(plain: %plain)
    irdl.results(blocked: %blocked)
  }
  irdl.operation @unpack {
    %blocked = irdl.base "!builtin.tensor"
    %plain = irdl.base "!builtin.tensor"
    irdl.operands(blocked: %blocked)
    irdl.results(plain: %plain)
  }
  // Channel blocks of both operands one after the other, and channel blocks [first_block, ...) of one: addresses only.
  irdl.operation @concat {
    %a = irdl.base "!builtin.tensor"
    %b = irdl.base "!builtin.tensor"
    %y = irdl.base "!builtin.tensor"
    irdl.operands(first: %a, second: %b)
    irdl.results(output: %y)
  }
  irdl.operation @slice {
    %x = irdl.base "!builtin.tensor"
    %y = irdl.base "!builtin.tensor"
    %first = irdl.base "#builtin.integer"
    irdl.operands(input: %x)
    irdl.results(output: %y)
    irdl.attributes {"first_block" = %first}
  }
  // One pass through the array or the vector unit with its post program (docs/isa.md: post). bias, scale and aux: one value a channel.
  // i8: shift goes with scale; table: 256 bytes for each lut; in_zp, w_zp, res_zp and the unit attribute double_round are the command's fields.
  // window: [kh, kw, sy, sx, dy, dx, top, left]; reduce (vector): over that window.
  irdl.operation @layer {
    %in = irdl.base "!builtin.tensor"
    %weights = irdl.base "!builtin.tensor"
    %bias = irdl.base "!builtin.tensor"
    %scale = irdl.base "!builtin.tensor"
    %aux = irdl.base "!builtin.tensor"
    %res = irdl.base "!builtin.tensor"
    %shift = irdl.base "!builtin.tensor"
    %table = irdl.base "!builtin.tensor"
    %y = irdl.base "!builtin.tensor"
    %conv = irdl.is "conv"
    %depthwise = irdl.is "depthwise"
    %vector = irdl.is "vector"
    %kind = irdl.any_of(%conv, %depthwise, %vector)
    %none = irdl.is "none"
    %sum = irdl.is "sum"
    %max = irdl.is "max"
    %reduce = irdl.any_of(%none, %sum, %max)
    %post = irdl.base "#builtin.array"
    %window = irdl.base "#builtin.dense_array"
    %mapping = irdl.base "#builtin.string"
    irdl.operands(in: %in, weights: optional %weights, bias: optional %bias, scale: optional %scale, aux: optional %aux, res: optional %res, shift: optional %shift, table: optional %table)
    irdl.results(output: %y)
    irdl.attributes {"kind" = %kind, "reduce" = %reduce, "post" = %post, "window" = %window, "mapping" = %mapping}
  }

  // ---- buffers and commands ----

  // Memory: chip (words), param (entries), lut (tables), weights, arena, io (bytes). weights: `values` lie there. address: after stos-allocate.
  irdl.operation @buffer {
    %address = irdl.base "!builtin.integer"
    %space = irdl.base "#builtin.string"
    %size = irdl.base "#builtin.integer"
    irdl.results(address: %address)
    irdl.attributes {"space" = %space, "size" = %size}
  }
  // A row of the debug map; commands say node = its index in order.
  irdl.operation @node {
    %mapping = irdl.base "#builtin.string"
    %op = irdl.base "#builtin.string"
    irdl.attributes {"mapping" = %mapping, "op" = %op}
  }
  // An input or output of the network and the buffer it lies in (docs/isa.md, I-OBJ-1).
  irdl.operation @io {
    %buffer = irdl.base "!builtin.integer"
    %name = irdl.base "#builtin.string"
    %in = irdl.is "input"
    %out = irdl.is "output"
    %direction = irdl.any_of(%in, %out)
    %shape = irdl.base "#builtin.dense_array"
    %layout = irdl.base "#builtin.string"
    irdl.operands(buffer: %buffer)
    irdl.attributes {"name" = %name, "direction" = %direction, "shape" = %shape, "layout" = %layout}
  }
  irdl.operation @load {
    %b = irdl.base "!builtin.integer"
    %refs = irdl.base "#builtin.array"
    irdl.operands(buffers: variadic %b)
    irdl.attributes {"refs" = %refs}
  }
  irdl.operation @store {
    %b = irdl.base "!builtin.integer"
    %refs = irdl.base "#builtin.array"
    irdl.operands(buffers: variadic %b)
    irdl.attributes {"refs" = %refs}
  }
  irdl.operation @gemm {
    %b = irdl.base "!builtin.integer"
    %refs = irdl.base "#builtin.array"
    irdl.operands(buffers: variadic %b)
    irdl.attributes {"refs" = %refs}
  }
  irdl.operation @conv1d {
    %b = irdl.base "!builtin.integer"
    %refs = irdl.base "#builtin.array"
    irdl.operands(buffers: variadic %b)
    irdl.attributes {"refs" = %refs}
  }
  irdl.operation @vector {
    %b = irdl.base "!builtin.integer"
    %refs = irdl.base "#builtin.array"
    irdl.operands(buffers: variadic %b)
    irdl.attributes {"refs" = %refs}
  }
  // A kernel of the host (lib/kernels): tensors in the buffers at `offsets` with `sizes` bytes, `written` 1 where it writes; words: its parameters.
  irdl.operation @host {
    %b = irdl.base "!builtin.integer"
    %kernel = irdl.base "#builtin.string"
    %offsets = irdl.base "#builtin.dense_array"
    %sizes = irdl.base "#builtin.dense_array"
    %written = irdl.base "#builtin.dense_array"
    %words = irdl.base "#builtin.dense_array"
    irdl.operands(buffers: variadic %b)
    irdl.attributes {"kernel" = %kernel, "offsets" = %offsets, "sizes" = %sizes, "written" = %written, "words" = %words}
  }
  irdl.operation @signal {}
  irdl.operation @barrier {}
  irdl.operation @end {}
}
