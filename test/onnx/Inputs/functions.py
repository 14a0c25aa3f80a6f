# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Models with functions of their own: write them to the folder given."""
import os
import sys

import onnx
from onnx import helper, parser

NESTED = """
<ir_version: 10, opset_import: ["": 17, "here": 1, "nobody.uses": 5]>
nested (float[1,4] x) => (float[1,4] y, float[1,4] z) {
  [call] a = here.Outer <slope = 0.25> (x)
  [again] b = here.Outer (a)
  [two] y, z = here.Two <k = 3.0> (b)
}
<domain: "here", opset_import: ["": 9, "here": 1]>
Outer <slope: float = 0.5> (p) => (q) {
  t = here.Inner <alpha: float = @slope> (p)
  q = Neg (t)
}
<domain: "here", opset_import: ["": 13]>
Inner <alpha> (p) => (q) {
  [leaky] t = LeakyRelu <alpha: float = @alpha> (p)
  q = Add (t, p)
}
<domain: "here", opset_import: ["": 13]>
Two <k> (p) => (r, q) {
  c = Constant <value_float: float = @k> ()
  t = Mul (p, c)
  q = Abs (t)
  r = Identity (p)
}
"""

# What ONNX Runtime doesn't take: an input that isn't given, an output that is an input, nodes in another order.
THROUGH = """
<ir_version: 10, opset_import: ["": 17, "here": 1]>
through (float[1,4] x) => (float[1,4] y, float[1,4] unchanged) {
  [call] y, unchanged = here.Two (x)
}
<domain: "here", opset_import: ["": 17]>
Two (p, low) => (q, p) {
  [same] q = Neg (t)
  [same] t = Clip (p, low)
}
"""

# Softmax means another thing before opset 13, and the names are already taken.
OPSETS = """
<ir_version: 10, opset_import: ["": 17, "here": 1]>
opsets (float[2,3,4] x) => (float[2,3,4] y, float[2,3,4] z) {
  [call] call_t = here.Old (x)
  [call_first] a = Relu (call_t)
  [new] y = Softmax <axis = 1> (a)
  z = Identity (call_t)
}
<domain: "here", opset_import: ["": 11]>
Old (p) => (q) {
  [first] t = Softmax <axis = 1> (p)
  [second] q = Mul (t, t)
}
"""


def main():
    for name, text in (("nested", NESTED), ("through", THROUGH), ("opsets", OPSETS)):
        model = parser.parse_model(text)
        for node in model.graph.node:  # the parser's names have no slash
            node.name = node.name.replace("call_", "call/")
            for names in (node.input, node.output):
                names[:] = [value.replace("call_", "call/") for value in names]
        onnx.save(model, os.path.join(sys.argv[1], name + ".onnx"))
    graph = helper.make_graph([helper.make_node("Relu", ["x"], ["y"])], "newer",
                              [helper.make_tensor_value_info("x", 1, [1, 4])], [helper.make_tensor_value_info("y", 1, [1, 4])])
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 99), helper.make_opsetid("nobody.uses", 1)])
    model.ir_version = 77
    onnx.save(model, os.path.join(sys.argv[1], "future.onnx"))


main()
