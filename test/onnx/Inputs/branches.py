# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Models with If whose condition is known: write them to the folder given."""
import os
import sys

import onnx
from onnx import parser

# Conditions from shapes and constants; several outputs; names that both branches have, or that are made later outside; an If
# in a branch and in a function; values of the graphs around, initializers of the branch. Nodes that nobody reads or that
# aren't supported where nobody gets.
VALUES = """
<ir_version: 10, opset_import: ["": 17, "here": 1]>
values (float[1,3,4,4] x, float[3] v) => (float[1,3,4,4] y, float[N] z, float[3] w, float[2] last) {
  s = Shape (x)
  zero, one, three = Split <axis = 0> (counts)
  n = Gather (s, zero)
  is_one = Equal (n, one)
  is_three = Equal (n, three)
  [squeeze] p, count = If (is_one) <
    then_branch = yes () => (float[A,B,C] p1, int64[D] c1) <float[1] half = {0.5}> {
      [scale] t = Mul (x, half)
      [drop] p1 = Squeeze (t, zero)
      c1 = Identity (three)
    },
    else_branch = no () => (float[A,B,C,D] p2, int64[D] c2) {
      [chance] t = RandomNormalLike (x)
      p2 = Identity (t)
      [twice] c2 = Add (one, one)
    }>
  [outer] q = If (is_three) <
    then_branch = yes () => (float[A,B,C] q1) { q1 = Neg (p) },
    else_branch = no () => (float[A,B,C] q2) {
      k = Relu (p)
      [dead] unused = RandomNormalLike (p)
      [inner] q2 = If (is_one) <
        then_branch = yes () => (float[A,B,C] q3) { later = Add (k, p) q3 = Sub (later, k) },
        else_branch = no () => (float[A,B,C] q4) { q4 = RandomNormalLike (k) }>
    }>
  later = Unsqueeze (q, zero)
  y = here.Sharpen <by = 2.0> (later, is_one)
  z = here.Sharpen <by = 0.25> (v, is_three)
  w = Expand (one_float, count)
  last = If (is_one) <
    then_branch = yes () => (float[2] o1) <float[2] o1 = {1.0, -2.0}> { },
    else_branch = no () => (float[2] o2) { o2 = Constant <value = float[2] {3.0, 4.0}> () }>
}
<domain: "here", opset_import: ["": 17]>
Sharpen <by> (a, c) => (d) {
  [if] b = If (c) <
    then_branch = yes () => (float[] r) { f = Constant <value_float: float = @by> () [strong] r = Mul (a, f) },
    else_branch = no () => (float[] r) { [weak] f = Constant <value_float: float = @by> () d = Neg (a) r = Add (d, f) }>
  d = Identity (b)
}
"""

# What ONNX Runtime doesn't take: values of the graph around as results; where nobody gets, shapes that don't fit and nodes
# of no operator.
OUTER = """
<ir_version: 10, opset_import: ["": 17]>
outer (float[1,4] x) => (float[1,4] y, float[1,4] z) {
  c = Constant <value = bool {0}> ()
  r = Relu (x)
  [pass] y, m = If (c) <
    then_branch = yes () => (float[1,4] r, float[1,4] n) { [misfit] n = Concat <axis = 0> (t, v, x) [nothing] t, v = here.Other (x) },
    else_branch = no () => (float[1,4] x, float[1,4] r) { }>
  [neg] z = Neg (m)
}
"""

# The branch that can't be taken is the one that is needed.
TAKEN = """
<ir_version: 10, opset_import: ["": 17]>
taken (float[1,4] x) => (float[1,4] y) {
  c = Constant <value = bool {1}> ()
  [pick] y = If (c) <
    then_branch = yes () => (float[1,4] n) { [neg] t = Neg (x) [first] n = Nothing (t) },
    else_branch = no () => (float[1,4] a) { a = Abs (x) }>
}
"""

# A condition that only the data decide, of an If with two outputs.
OPEN = """
<ir_version: 10, opset_import: ["": 17]>
open (float[1,4] x) => (float[1,4] y, float[1,4] z) {
  sum = ReduceSum (x)
  zero = Constant <value_float = 0.0> ()
  c = Greater (sum, zero)
  [pick] y, z = If (c) <
    then_branch = yes () => (float[1,4] n, float[1,4] m) { n = Neg (x) m = Relu (x) },
    else_branch = no () => (float[1,4] a, float[1,4] b) { a = Abs (x) b = Nothing (x) }>
}
"""


def models():
    for name, text in (("values", VALUES), ("outer", OUTER), ("taken", TAKEN), ("open", OPEN)):
        model = parser.parse_model(text)
        if name == "values":
            model.graph.initializer.extend([
                onnx.helper.make_tensor("counts", onnx.TensorProto.INT64, [3], [0, 1, 3]),
                onnx.helper.make_tensor("one_float", onnx.TensorProto.FLOAT, [1], [1.0])])
        yield name, model


if __name__ == "__main__":
    for name, model in models():
        onnx.save(model, os.path.join(sys.argv[1], name + ".onnx"))
