# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Print an ONNX model as text, one line per input, initializer, node and output.

usage: print_graph.py MODEL.onnx      (-: standard input)
"""
import sys

import onnx
from onnx import helper, numpy_helper


def type_of(value):
    tensor = value.type.tensor_type
    return "%s%s" % (onnx.TensorProto.DataType.Name(tensor.elem_type).lower(),
                     [d.dim_value if d.HasField("dim_value") else d.dim_param for d in tensor.shape.dim])


model = onnx.load(sys.stdin.buffer if sys.argv[1] == "-" else sys.argv[1])
print("model ir %d, %s, producer %s, graph %s, doc '%s' '%s'" % (
    model.ir_version, ", ".join("opset '%s' %d" % (o.domain, o.version) for o in model.opset_import), model.producer_name,
    model.graph.name, model.doc_string, model.graph.doc_string))
for value in model.graph.input:
    print("input %s %s" % (value.name, type_of(value)))
for tensor in model.graph.initializer:
    array = numpy_helper.to_array(tensor)
    shown = ", ".join("%g" % x for x in array.reshape(-1)[:8]) + (", ..." if array.size > 8 else "")
    print("initializer %s %s%s = %s" % (tensor.name, array.dtype, list(array.shape), shown))
for node in model.graph.node:
    attributes = ["%s=%s" % (a.name, helper.get_attribute_value(a)) for a in node.attribute]
    print("%s: %s = %s(%s)%s" % (node.name, ", ".join(node.output), node.op_type, ", ".join(node.input),
                                 " {" + ", ".join(attributes) + "}" if attributes else ""))
for value in model.graph.output:
    print("output %s %s" % (value.name, type_of(value)))
