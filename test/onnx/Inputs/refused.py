# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Files that the importer must refuse, each with exactly these lines on stderr, status 1 and no output.

usage: refused.py DIR            writes DIR/NAME.onnx, runs `fuse-translate --import-onnx` on each
"""
import os
import struct
import subprocess
import sys

import protobuf as p
from protobuf import X, Y, data, initializer, model, node, number, value, varint

BAD = "; the file is damaged or not an ONNX model"
RELU = node("Relu", ["x"], ["y"])
ADD = node("Add", ["x", "w"], ["y"])
WEIGHTS = bytes(16)


def nested(depth):
    """An attribute's graph in a node's attribute, and so on."""
    inner = b""
    for _ in range(depth):
        inner = data(1, data(5, data(6, inner)))
    return p.HEAD + data(7, inner)


def chain(*edges):
    return [node("Relu", [a], [b]) for a, b in edges]


def attribute(name, kind, *fields):
    return data(5, data(1, name) + number(20, kind) + b"".join(fields))


OWN, MICROSOFT = data(7, "here"), data(7, "com.microsoft")


def call(name, *fields):
    return node(name, ["x"], ["y"], OWN, *fields)


def body(op, inputs, outputs, *fields):
    """A node of a function."""
    return data(7, node(op, inputs, outputs, *fields)[2:])


def function(name, inputs, outputs, *fields, opset=13):
    """FunctionProto of the model, in domain "here"."""
    imports = b"" if opset is None else data(9, number(2, opset))
    return data(25, data(1, name) + data(10, "here") + b"".join([data(4, i) for i in inputs] + [data(5, o) for o in outputs]) +
                b"".join(fields) + imports)


def branch(side, *fields):
    return attribute(side, 5, data(6, b"".join(fields)))


def choice(then, other, *fields, outputs=("y",), condition="c"):
    return node("If", [condition], outputs, branch("then_branch", *then), branch("else_branch", *other), *fields)


def made(*names):
    """A branch's outputs."""
    return b"".join(data(12, data(1, name)) for name in names)


def nested_choices(depth):
    graph = NEG
    for _ in range(depth):
        graph = choice([graph], [made("x")], outputs=["t"]) + made("t")
    return model(choice([graph], [made("x")]), C, X, Y)


NEG = node("Neg", ["x"], ["t"]) + made("t")
C = initializer("c", [], data(9, b"\1"), dtype=9)


# name: (bytes, [stderr lines]); FILE is the path, BASE its last part.
CASES = {
    # not a model at all
    "empty": (b"", ["FILE: error: the file is empty; expected an ONNX model"]),
    "text": (b"This is a text.\n", ["FILE: error: byte 0, in ModelProto: an unknown wire type" + BAD]),
    "zeros": (bytes(64), ["FILE: error: byte 0, in ModelProto: no field tag here" + BAD]),
    "no_graph": (p.HEAD, ["FILE: error: no graph in the file; expected an ONNX model"]),
    "no_version": (data(7, RELU + X + Y), ["FILE: error: no ir_version in the file; expected an ONNX model"]),
    # wire format
    "cut": (model(RELU, X, Y)[:-3],
            ["FILE: error: byte 6, in ModelProto: a field runs past the end of what it is part of (is the file cut off?)" + BAD]),
    "endless_length": (p.HEAD + b"\x3a" + b"\xff" * 11, ["FILE: error: byte 6, in ModelProto: a length that doesn't end" + BAD]),
    "huge_length": (p.HEAD + b"\x3a" + varint((1 << 64) - 1),
                    ["FILE: error: byte 6, in ModelProto: a field runs past the end of what it is part of (is the file cut off?)" + BAD]),
    "endless_number": (b"\x08" + b"\x80" * 12, ["FILE: error: byte 0, in ModelProto: a number that doesn't end" + BAD]),
    "wrong_wire_type": (number(7, 5) + p.HEAD, ["FILE: error: byte 0: ModelProto.graph has the wrong wire type" + BAD]),
    "packed_cut": (model(data(5, data(4, b"abc"))), ["FILE: error: byte 10: TensorProto.float_data ends inside a number" + BAD]),
    "two_graphs": (model(RELU, X, Y) + data(7, b""), ["FILE: error: byte %d: ModelProto.graph is there twice" % len(model(RELU, X, Y)) + BAD]),
    "nul_in_name": (model(data(2, b"a\0b")), ["FILE: error: byte 8: GraphProto.name has a NUL byte in its text" + BAD]),
    "two_dims": (model(data(11, data(1, "x") + data(2, data(1, number(1, 1) + data(2, data(1, number(1, 4) + data(2, "n"))))))),
                 ["FILE: error: byte 25: TensorShapeProto.Dimension.dim_param is there beside its alternative" + BAD]),
    "deep": (nested(3500), None),  # 42 kB; None: the message is checked below
    "many_texts": (model(data(1, b"\x0a\x00" * ((1 << 22) + 1))), None),
    "many_messages": (model(b"\x0a\x02\x1a\x00" * ((1 << 20) + 1)), None),
    "empty_messages": (model(b"\x0a\x00" * (1 << 18)), None),  # a hundred times as large in memory
    # what the file claims
    "big_tensor": (model(ADD, X, Y, initializer("w", [1 << 20, 1 << 20], data(9, WEIGHTS))),
                   ["FILE: error: initializer 'w': its dimensions make more than 2^31-1 elements; expected fewer"]),
    "overflow": (model(ADD, X, Y, initializer("w", [1 << 62, 1 << 62], data(9, WEIGHTS))),
                 ["FILE: error: initializer 'w': its dimensions make more than 2^31-1 elements; expected fewer"]),
    "negative": (model(ADD, X, Y, initializer("w", [-4], data(9, WEIGHTS))),
                 ["FILE: error: initializer 'w': dimension 0 is -4; expected 0 or more"]),
    "short_data": (model(ADD, X, Y, initializer("w", [1 << 30], data(9, WEIGHTS))),
                   ["FILE: error: initializer 'w': 16 bytes of data; expected 4294967296 for its dimensions and type"]),
    "short_typed": (model(ADD, X, Y, initializer("w", [1 << 30], data(4, WEIGHTS))),
                    ["FILE: error: initializer 'w': 4 numbers in float_data; expected 1073741824 for its dimensions"]),
    "no_data": (model(ADD, X, Y, initializer("w", [4])),
                ["FILE: error: initializer 'w': 0 numbers in float_data; expected 4 for its dimensions"]),
    "two_places": (model(ADD, X, Y, initializer("w", [4], data(4, WEIGHTS), data(9, WEIGHTS))),
                   ["FILE: error: initializer 'w': its numbers are stored in more than one place; expected one"]),
    "wrong_place": (model(ADD, X, Y, initializer("w", [4], data(7, b"\1\2\3\4"))),
                    ["FILE: error: initializer 'w': numbers in int64_data; expected them in float_data for its type"]),
    "too_large": (model(ADD, X, Y, initializer("w", [2], data(5, varint(1) + varint(300)), dtype=3)),
                  ["FILE: error: initializer 'w': int32_data[1] is 300; expected a value of type i8"]),
    "no_bool": (model(ADD, X, Y, initializer("w", [2], data(9, b"\1\2"), dtype=9)),
                ["FILE: error: initializer 'w': boolean 1 is 2; expected 0 or 1"]),
    "strings": (model(ADD, X, Y, initializer("w", [1], data(6, "text"), dtype=8)),
                ["FILE: error: initializer 'w': not supported yet: element type STRING"]),
    "float8": (model(ADD, X, Y, initializer("w", [1], data(9, b"a"), dtype=17)),
               ["FILE: error: initializer 'w': not supported yet: element type FLOAT8E4M3FN"]),
    "opaque": (model(RELU, data(11, data(1, "x") + data(2, data(7, data(1, "own")))), Y),
               ["FILE: error: byte 29: not supported yet: TypeProto.opaque_type"]),
    "unknown_type": (model(ADD, X, Y, initializer("w", [1], data(9, b"a"), dtype=99)),
                     ["FILE: error: initializer 'w': not supported yet: element type number 99"]),
    "rank": (model(ADD, X, Y, initializer("w", [1] * 9, data(9, bytes(4)))),
             ["FILE: error: initializer 'w': not supported yet: 9 dimensions; expected at most 8"]),
    "segment": (model(ADD, X, Y, initializer("w", [4], data(3, number(2, 4)), data(9, WEIGHTS))),
                ["FILE: error: initializer 'w': not supported yet: a tensor in segments"]),
    "huge_input": (model(RELU, value(11, "x", [1 << 40]), Y), ["FILE: error: input 'x' has more than 2^31-1 elements; expected fewer"]),
    "negative_input": (model(RELU, value(11, "x", [-1, 4]), Y), ["FILE: error: input 'x': dimension 0 is -1; expected 0 or more"]),
    "negative_output": (model(RELU, X, value(12, "y", [-2])), ["FILE: error: output 'y': dimension 0 is -2; expected 0 or more"]),
    "huge_output": (model(RELU, X, value(12, "y", [1 << 40])), ["FILE: error: output 'y' has more than 2^31-1 elements; expected fewer"]),
    "input_type": (model(RELU, value(11, "x", dtype=8), Y), ["FILE: error: input 'x': not supported yet: element type STRING"]),
    "sequence": (model(RELU, data(11, data(1, "x") + data(2, data(4, b""))), Y), ["FILE: error: input 'x': not supported yet: a sequence"]),
    "no_type": (model(RELU, data(11, data(1, "x")), Y), ["FILE: error: input 'x' has no type; expected a tensor"]),
    "no_shape": (model(RELU, data(11, data(1, "x") + data(2, data(1, number(1, 1)))), Y),
                 ["FILE: error: input 'x' has no shape; expected the flags --dim x:0=SIZE --dim x:1=SIZE ..."]),
    # the graph
    "cycle": (model(*chain(("x", "a")), node("Add", ["a", "c"], ["b"]), node("Relu", ["b"], ["c"], data(3, "back")), node("Relu", ["c"], ["y"]), X, Y),
              ["BASE:node 2: error: 'back' (Relu): its input 'b' depends on its own output; expected a graph without cycles"]),
    "self": (model(node("Add", ["x", "y"], ["y"]), X, Y),
             ["BASE:node 0: error: 'Add_0' (Add): its input 'y' depends on its own output; expected a graph without cycles"]),
    "missing": (model(ADD, X, Y),
                ["BASE:node 0: error: 'Add_0' (Add): input 1 is 'w'; expected a graph input, an initializer or an output of a node"]),
    "double": (model(RELU, node("Abs", ["x"], ["y"]), X, Y), ["FILE: error: value 'y' comes from node 0 and from node 1; expected one origin"]),
    "shadow": (model(node("Relu", ["x"], ["x"]), X, Y), ["FILE: error: value 'x' comes from a graph input and from node 0; expected one origin"]),
    "no_output": (model(RELU, X), ["FILE: error: the graph has no outputs; expected at least one"]),
    "not_computed": (model(RELU, X, value(12, "z")), ["FILE: error: output 'z' isn't computed; expected it to be a node's output"]),
    "output_twice": (model(RELU, X, Y, Y), ["FILE: error: output 'y' is listed twice; expected it once"]),
    "confused_output": (model(X, value(12, "x", dtype=7)),
                        ["FILE: error: output 'x' is declared with another type than the input it is; expected the same"]),
    "no_opset": (number(1, 7) + data(7, RELU + X + Y),
                 ["BASE:node 0: error: 'Relu_0' (Relu): the file's opset_import doesn't name the default domain; expected its version"]),
    "opset_0": (number(1, 7) + data(8, number(2, 0)) + data(7, RELU + X + Y), ["FILE: error: opset version 0; expected 1 to 28"]),
    "old_opset": (number(1, 7) + data(8, number(2, 13)) + data(7, node("Gelu", ["x"], ["y"]) + X + Y),
                  ["BASE:node 0: error: 'Gelu_0' (Gelu): the file imports opset 13; expected 20 or later, which has this operator"]),
    "training": (p.HEAD + data(20, b"") + data(7, RELU + X + Y), ["FILE: error: not supported yet: training_info"]),
    "sparse": (model(ADD, X, Y, data(15, data(1, data(8, "w")))), ["FILE: error: not supported yet: sparse_initializer 'w'"]),
    # nodes: all of them in one run, and with them what else is wrong
    "all_nodes": (model(
        node("Relu", ["x"], ["a"]),
        node("Loop", ["a"], ["b"], attribute("body", 5, data(6, b""))),
        node("Attention", ["b"], ["c"], data(7, "com.microsoft"), data(3, "fused")),
        node("Own", ["c"], ["d"], data(7, "here")),
        node("Conv", ["d"], ["e"]),
        node("Relu", ["e", "e"], ["f"]),
        node("Relu", [""], ["g"]),
        node("Relu", ["f"], []),
        node("Relu", ["f"], ["h", "i"]),
        node("", ["h"], ["j"]),
        node("Flatten", ["g"], ["y"],
             attribute("axis", 1, b"\x15" + struct.pack("<f", 1.0)), attribute("axes", 2, number(3, 1))),
        node("Softmax", ["g"], ["k"], attribute("axis", 2, number(3, 1), data(4, "x")), attribute("axis", 99)),
        node("Softmax", ["g"], ["l"], attribute("axis", 2, number(3, 1)), attribute("axis", 2, number(3, 1))),
        node("Softmax", ["g"], ["m"], data(5, data(1, "axis"))),
        node("Softmax", ["g"], ["n"], data(5, data(1, "axis") + data(21, "outer"))),
        node("Softmax", ["g"], ["o"], attribute("axis", 5)),
        X, Y, value(13, "a", [-7])) + function("Own", ["a"], ["b"], body("Sin", [], ["b"])), [
        "BASE:node 1: error: 'Loop_1' (Loop): not supported yet: operator Loop",
        "BASE:node 2: error: 'fused' (Attention): not supported yet: operator com.microsoft.Attention",
        "BASE:node 3: error: 'Own_3/Sin' (Sin): 0 inputs; expected at least 1",
        "BASE:node 4: error: 'Conv_4' (Conv): 1 inputs; expected at least 2",
        "BASE:node 5: error: 'Relu_5' (Relu): 2 inputs; expected at most 1",
        "BASE:node 6: error: 'Relu_6' (Relu): 0 inputs; expected at least 1",
        "BASE:node 7: error: 'Relu_7' (Relu): no outputs; expected at least one",
        "BASE:node 8: error: 'Relu_8' (Relu): 2 outputs; expected at most 1",
        "BASE:node 9: error: '_9' (): the node has no op_type; expected one",
        "BASE:node 10: error: 'Flatten_10' (Flatten): attribute 'axis' is FLOAT; expected INT",
        "BASE:node 10: error: 'Flatten_10' (Flatten): unknown attribute 'axes'; expected axis",
        "BASE:node 11: error: 'Softmax_11' (Softmax): attribute 'axis' is INT and holds something else; expected only that",
        "BASE:node 11: error: 'Softmax_11' (Softmax): attribute 'axis' has type 99; expected 1 to 14",
        "BASE:node 12: error: 'Softmax_12' (Softmax): attribute 'axis' is there twice; expected it once",
        "BASE:node 13: error: 'Softmax_13' (Softmax): attribute 'axis' has no type; expected one",
        "BASE:node 14: error: 'Softmax_14' (Softmax): attribute 'axis' refers to a function's attribute; expected a value",
        "BASE:node 15: error: 'Softmax_15' (Softmax): attribute 'axis': not supported yet: an attribute of type GRAPH",
        "FILE: error: value 'a': dimension 0 is -7; expected 0 or more",
    ]),
    "bad_value": (model(node("Constant", [], ["y"], attribute("value", 4, data(5, number(1, 3) + number(2, 1) + data(9, b"abc")))), Y),
                  ["BASE:node 0: error: 'Constant_0' (Constant): attribute 'value': 3 bytes of data; expected 12 for its dimensions and type"]),
    "escapes": (model(node("Re\nlu\x1b[31m", ["x"], ["y"]), X, Y),
                ["BASE:node 0: error: 'Re\\nlu\\x1b[31m_0' (Re\\nlu\\x1b[31m): not supported yet: operator Re\\nlu\\x1b[31m"]),
    "nchwc": (model(node("Conv", ["x", "w"], ["y"], data(7, "com.microsoft.nchwc")), X, Y, value(11, "w", [16, 16, 3, 3])),
              ["BASE:node 0: error: 'Conv_0' (Conv): not supported yet: operator com.microsoft.nchwc.Conv; "
               "ONNX Runtime wrote the file for one processor, at the level 'all': expected 'extended' or less"]),
    "overload": (model(node("Relu", ["x"], ["y"], data(8, "other")), X, Y),
                 ["BASE:node 0: error: 'Relu_0' (Relu): not supported yet: operator ai.onnx.Relu with an overload"]),
    # functions
    "recursive": (model(call("F"), X, Y) + function("F", ["a"], ["b"], body("G", ["a"], ["b"], OWN)) +
                  function("G", ["a"], ["b"], body("F", ["a"], ["b"], OWN)),
                  ["BASE:node 0: error: 'F_0/G/F' (F): function here.F calls itself; expected no recursion"]),
    "calls_deep": (model(call("F0"), X, Y) + b"".join(
        function("F%d" % i, ["a"], ["b"], body("F%d" % (i + 1), ["a"], ["b"], OWN, data(3, "f"))) for i in range(80)),
                   ["BASE:node 0: error: 'F0_0%s' (F64): calls of functions are nested more than 64 deep; expected fewer" % ("/f" * 64)]),
    "doubling": (model(call("F0"), X, Y) + b"".join(
        function("F%d" % i, ["a"], ["b"], body("F%d" % (i + 1), ["a"], ["c"], OWN), body("F%d" % (i + 1), ["c"], ["b"], OWN))
        for i in range(40)), None),
    "function_twice": (model(call("F"), X, Y) + 2 * function("F", ["a"], ["b"], body("Relu", ["a"], ["b"])),
                       ["FILE: error: function here.F is there twice; expected it once"]),
    "function_opset": (model(call("F"), X, Y) + function("F", ["a"], ["b"], body("Relu", ["a"], ["b"]), opset=0),
                       ["FILE: error: function here.F: opset version 0; expected 1 to 28"]),
    "function_no_opset": (model(call("F"), X, Y) + function("F", ["a"], ["b"], body("Relu", ["a"], ["b"]), opset=None),
                          ["BASE:node 0: error: 'F_0/Relu' (Relu): the file's opset_import doesn't name the default domain; expected its "
                           "version"]),
    "function_inputs": (model(node("F", ["x", "x"], ["y"], OWN), X, Y) + function("F", ["a"], ["b"], body("Relu", ["a"], ["b"])),
                        ["BASE:node 0: error: 'F_0' (F): 2 inputs; expected at most 1, as function here.F has"]),
    "function_outputs": (model(node("F", ["x"], ["y", "z"], OWN), X, Y) + function("F", ["a"], ["b"], body("Relu", ["a"], ["b"])),
                         ["BASE:node 0: error: 'F_0' (F): 2 outputs; expected at most 1, as function here.F has"]),
    "function_attributes": (model(call("F", attribute("k", 2, number(3, 1))), X, Y) +
                            function("F", ["a"], ["b"], body("Relu", ["a"], ["b"])),
                            ["BASE:node 0: error: 'F_0' (F): 1 attributes; expected at most 0, as function here.F has"]),
    "function_attribute": (model(call("F", attribute("k", 2, number(3, 1))), X, Y) +
                           function("F", ["a"], ["b"], body("Relu", ["a"], ["b"]), data(6, "n")),
                           ["BASE:node 0: error: 'F_0' (F): attribute 'k'; expected one of those of function here.F"]),
    "function_value": (model(call("F"), X, Y) + function("F", ["a"], ["b"], body("Add", ["a", "x"], ["b"])),
                       ["BASE:node 0: error: 'F_0/Add' (Add): input 1 is 'F_0/x'; expected a graph input, an initializer or an output "
                        "of a node"]),
    # branches: what makes no sense is refused whether or not it is taken
    "if_empty": (model(node("If", ["c"], ["y"]), C, X, Y), ["BASE:node 0: error: 'If_0' (If): 0 attributes; expected then_branch and else_branch"]),
    "if_one": (model(node("If", ["c"], ["y"], branch("then_branch", NEG), branch("then_branch", NEG)), C, X, Y),
               ["BASE:node 0: error: 'If_0' (If): else_branch isn't there; expected a graph"]),
    "if_no_graph": (model(node("If", ["c"], ["y"], branch("then_branch", NEG), attribute("else_branch", 2, number(3, 1))), C, X, Y),
                    ["BASE:node 0: error: 'If_0' (If): else_branch is an attribute without one; expected a graph"]),
    "if_inputs": (model(node("If", ["c", "x"], ["y"], branch("then_branch", NEG), branch("else_branch", NEG)), C, X, Y),
                  ["BASE:node 0: error: 'If_0' (If): 2 inputs; expected one, the condition"]),
    "if_no_output": (model(choice([NEG], [NEG], outputs=[]), RELU, C, X, Y),
                     ["BASE:node 0: error: 'If_0' (If): no outputs; expected at least one"]),
    "if_outputs": (model(choice([NEG], [NEG, made("x")]), C, X, Y),
                   ["BASE:node 0: error: 'If_0' (If): else_branch has 2 outputs; expected 1, as the node has"]),
    "if_input": (model(choice([NEG, value(11, "z")], [NEG]), C, X, Y),
                 ["BASE:node 0: error: 'If_0' (If): then_branch has 1 inputs; expected none"]),
    "if_unnamed": (model(choice([NEG, initializer("", [4], data(9, WEIGHTS))], [NEG]), C, X, Y),
                   ["BASE:node 0: error: 'If_0' (If): then_branch: initializer 0 has no name; expected one"]),
    "if_twice": (model(choice([NEG], [node("Abs", ["x"], ["t"]), NEG]), C, X, Y),
                 ["BASE:node 0: error: 'If_0' (If): else_branch: value 't' has another origin, too; expected one origin"]),
    "if_shadow": (model(node("Abs", ["x"], ["t"]), choice([NEG], [made("x")]), C, X, Y),
                  ["BASE:node 1: error: 'If_1' (If): then_branch: value 't' has another origin, too; expected one origin"]),
    "if_inner_shadow": (model(choice([choice([NEG], [made("x")], outputs=["u"]), made("u")],
                                     [NEG, choice([NEG], [made("x")], outputs=["u"])]), C, X, Y),
                        ["BASE:node 0: error: 'If#2' (If): then_branch: value 't' has another origin, too; expected one origin"]),
    "if_result": (model(choice([NEG], [made("t")]), C, X, Y),
                  ["BASE:node 0: error: 'If_0' (If): else_branch: output 0 is 't'; expected a value of the branch or of what is around"]),
    "if_value": (model(choice([NEG], [node("Abs", ["w"], ["u"]), made("u")]), C, X, Y),
                 ["BASE:node 0: error: 'Abs' (Abs): input 0 is 'w'; expected a graph input, an initializer or an output of a node"]),
    "if_outside": (model(choice([NEG], [NEG]), node("Abs", ["t"], ["z"]), C, X, Y),
                   ["BASE:node 1: error: 'Abs_1' (Abs): input 0 is 't'; expected a graph input, an initializer or an output of a node"]),
    "if_graph_output": (model(choice([NEG], [NEG]), C, X, Y, value(12, "t")),
                        ["FILE: error: output 't' isn't computed; expected it to be a node's output"]),
    "if_condition": (model(choice([NEG], [NEG], condition="t"), C, X, Y),
                     ["BASE:node 0: error: 'If_0' (If): input 0 is 't'; expected a graph input, an initializer or an output of a node"]),
    "if_own": (model(choice([NEG], [node("Abs", ["y"], ["u"]), made("u")]), C, X, Y),
               ["BASE:node 0: error: 'Abs' (Abs): its input 'y' depends on its own output; expected a graph without cycles"]),
    "if_cycle": (model(choice([NEG], [NEG, node("Abs", ["v"], ["u"]), node("Abs", ["u"], ["v"])]), C, X, Y),
                 ["BASE:node 0: error: 'Abs#2' (Abs): its input 'u' depends on its own output; expected a graph without cycles"]),
    "if_function": (model(call("F", branch("body", NEG)), X, Y) + function(
        "F", ["a"], ["b"], body("If", ["a"], ["b"], branch("else_branch", NEG), data(5, data(1, "then_branch") + data(21, "body"))), data(6, "body")),
                    ["BASE:node 0: error: 'F_0/If' (If): then_branch is an attribute without one; expected a graph"]),
    "if_doubling": (model(call("F0"), C, X, Y) + b"".join(
        function("F%d" % i, ["x"], ["y"], body("Not", ["x"], ["c"]), data(7, choice(
            [node("F%d" % (i + 1), ["x"], ["s"], OWN), node("F%d" % (i + 1), ["s"], ["t"], OWN), made("t")], [made("x")])[2:]))
        for i in range(40)), None),
    "if_deep": (nested_choices(40), None),
    "if_many_deep": (nested_choices(10000), None),
    # 4-bit integers: two to a byte, read by DequantizeLinear alone
    "int4_add": (model(ADD, initializer("w", (1, 4), data(9, bytes(2)), dtype=22), X, Y),
                 ["BASE:node 0: error: 'Add_0' (Add): not supported yet: input 1 is an initializer of element type INT4; expected "
                  "DequantizeLinear to read it"]),
    "int4_scale": (model(node("DequantizeLinear", ["w", "w"], ["y"]), initializer("w", (3,), data(9, bytes(2)), dtype=21), X, Y),
                   ["BASE:node 0: error: 'DequantizeLinear_0' (DequantizeLinear): not supported yet: input 1 is an initializer of element "
                    "type UINT4; expected DequantizeLinear to read it"]),
    "int4_bytes": (model(node("DequantizeLinear", ["w", "x"], ["y"]), initializer("w", (5,), data(9, bytes(2)), dtype=22), X, Y),
                   ["FILE: error: initializer 'w': 2 bytes of data; expected 3 for its dimensions and type"]),
    # a node without an op_type, even beside a function and with an initializer to read
    "no_op_type": (model(data(1, data(1, "x") + data(1, "w") + data(2, "y")), initializer("w", (1, 4), data(9, bytes(16))), X, Y) +
                   function("F", ["a"], ["b"], body("Relu", ["a"], ["b"])),
                   ["BASE:node 0: error: '_0' (): the node has no op_type; expected one"]),
    "int4_constant": (model(node("Constant", [], ["y"], attribute("value", 4, data(5, number(1, 2) + number(2, 22) + data(9, b"0")))), Y),
                      ["BASE:node 0: error: 'Constant_0' (Constant): attribute 'value': not supported yet: element type INT4"]),
    "contrib_output": (model(node("SkipLayerNormalization", ["x", "x", "x"], ["y", "mean"], MICROSOFT), X, Y),
                       ["BASE:node 0: error: 'SkipLayerNormalization_0' (SkipLayerNormalization): not supported yet: output 1 (mean)"]),
    "contrib_activation": (model(node("FusedConv", ["x", "x"], ["y"], MICROSOFT, attribute("activation", 3, data(4, "Cubic"))), X, Y),
                           ["BASE:node 0: error: 'FusedConv_0' (FusedConv): not supported yet: activation 'Cubic'"]),
    "contrib_input": (model(node("QLinearAdd", ["x"], ["y"], MICROSOFT), X, Y),
                      ["BASE:node 0: error: 'QLinearAdd_0' (QLinearAdd): input 1 isn't given; expected a value"]),
    "contrib_concat": (model(node("QLinearConcat", ["x"] * 4, ["y"], MICROSOFT), X, Y),
                       ["BASE:node 0: error: 'QLinearConcat_0' (QLinearConcat): 4 inputs; expected 2 and 3 more for each value"]),
}


def check(folder, name, content, expected):
    path = os.path.join(folder, name + ".onnx")
    with open(path, "wb") as file:
        file.write(content)
    run = subprocess.run(["fuse-translate", "--import-onnx", path], capture_output=True, timeout=60)
    lines = run.stderr.decode().splitlines()
    good = run.returncode == 1 and not run.stdout
    if expected is None:
        good = good and len(lines) == 1
        deep = "messages are nested more than 64 deep"
        expected = {"deep": deep, "if_deep": deep, "if_many_deep": deep, "many_messages": "more than 1048576 messages",
                    "empty_messages": "more than 132098 messages in a file of 524298 bytes",
                    "many_texts": "more than 4194304 texts",
                    "if_doubling": "functions that add more than 64 MiB to the model",
                    "doubling": "functions that add more than 64 MiB to the model"}[name]
        good = good and expected in lines[0]
    else:
        expected = [line.replace("FILE", path).replace("BASE", name + ".onnx") for line in expected]
        good = good and lines == expected
    if not good:
        print("%s: status %d, %d bytes of output, said\n  %s\nexpected\n  %s" % (
            name, run.returncode, len(run.stdout), "\n  ".join(lines), expected if isinstance(expected, str) else "\n  ".join(expected)))
    return good


def main():
    good = [check(sys.argv[1], name, *case) for name, case in CASES.items()]
    print("%d of %d files refused as they should be" % (sum(good), len(good)))
    return 0 if all(good) else 1


sys.exit(main())
