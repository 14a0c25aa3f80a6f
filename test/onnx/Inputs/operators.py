# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Small models for every operator that convert-onnx-to-tosa takes, several cases to a model.

models() yields (name, ModelProto). A case is a node on inputs of its own; its outputs are named
after it, so a difference names the case. As a program: write the models to the folder given.
"""
import os
import sys

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

IR_VERSIONS = {7: 3, 8: 3, 9: 4, 10: 5, 11: 6, 12: 7, 13: 7, 14: 7, 15: 8, 16: 8, 17: 8, 18: 8, 19: 9, 20: 9, 21: 10,
               22: 10, 23: 11, 24: 11, 25: 12, 26: 13, 28: 13}


class Model:
    """Cases that share an opset and a file."""

    def __init__(self, name, opset):
        self.name, self.opset = name, opset
        self.nodes, self.inputs, self.outputs, self.constants = [], [], [], []
        self.rng = np.random.default_rng(len(name) + opset)

    def input(self, case, shape):
        name = "%s_in%d" % (case, len(self.inputs))
        self.inputs.append(helper.make_tensor_value_info(name, TensorProto.FLOAT, shape))
        return name

    def constant(self, case, value):
        name = "%s_const%d" % (case, len(self.constants))
        self.constants.append(numpy_helper.from_array(np.asarray(value), name))
        return name

    def weights(self, case, *shape):
        return self.constant(case, self.rng.normal(0, 0.5, shape).astype(np.float32))

    def node(self, op, case, inputs, outputs=1, **attributes):
        names = [case + "_out%d" % i for i in range(outputs)] if outputs > 1 else [case]
        self.nodes.append(helper.make_node(op, inputs, names, name=case, **attributes))
        return names if outputs > 1 else case

    def result(self, *names, types=()):
        for i, name in enumerate(names):
            kind = types[i] if i < len(types) else TensorProto.FLOAT
            self.outputs.append(helper.make_tensor_value_info(name, kind, None))

    def case(self, op, case, inputs, outputs=1, types=(), **attributes):
        """inputs: a shape (tuple), a constant (array or list), or None for an absent one; types: of outputs that
        aren't f32."""
        names = []
        for value in inputs:
            if value is None:
                names.append("")
            elif isinstance(value, tuple):
                names.append(self.input(case, value))
            elif isinstance(value, str):
                names.append(value)
            else:
                array = np.asarray(value)
                names.append(self.constant(case, array))
        made = self.node(op, case, names, outputs, **attributes)
        self.result(*(made if outputs > 1 else [made]), types=types)
        return made

    def model(self):
        graph = helper.make_graph(self.nodes, self.name, self.inputs, self.outputs, self.constants)
        model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", self.opset)],
                                  ir_version=IR_VERSIONS[self.opset])
        return model


def f32(*values):
    return np.array(values, np.float32)


def conv():
    m = Model("conv", 11)

    def case(name, x, w, bias=True, **attributes):
        inputs = [x, m.rng.normal(0, 0.5, w).astype(np.float32)]
        if bias:
            inputs.append(m.rng.normal(0, 0.5, w[:1]).astype(np.float32))
        m.case("Conv", name, inputs, **attributes)
    case("plain", (1, 3, 8, 8), (4, 3, 3, 3))
    case("no_bias", (2, 3, 7, 5), (4, 3, 3, 2), bias=False)
    case("constants", m.rng.normal(0, 1, (2, 3, 9, 8)).astype(np.float32), (4, 3, 3, 2), strides=[2, 1], pads=[1, 0, 2, 1],
         dilations=[1, 2])
    case("stride_floor", (1, 3, 8, 9), (4, 3, 3, 3), strides=[2, 2])
    case("stride_trim_pad", (1, 3, 8, 8), (4, 3, 3, 3), strides=[2, 2], pads=[1, 1, 1, 1])
    case("stride_slice_1x1", (1, 3, 8, 8), (4, 3, 1, 1), strides=[2, 3])
    case("pads_uneven", (1, 2, 6, 7), (3, 2, 3, 3), pads=[0, 1, 2, 3])
    case("dilated", (1, 2, 9, 10), (3, 2, 3, 3), dilations=[2, 3], pads=[2, 3, 2, 3])
    case("same_upper", (1, 2, 9, 10), (3, 2, 4, 3), auto_pad="SAME_UPPER", strides=[2, 2])
    case("same_lower", (1, 2, 9, 10), (3, 2, 4, 3), auto_pad="SAME_LOWER", strides=[2, 3])
    case("valid", (1, 2, 9, 10), (3, 2, 4, 3), auto_pad="VALID", strides=[2, 2])
    case("grouped", (1, 6, 5, 6), (9, 2, 3, 3), group=3, pads=[1, 1, 1, 1])
    case("depthwise", (1, 6, 8, 8), (6, 1, 3, 3), group=6, pads=[1, 1, 1, 1], strides=[2, 2])
    case("depthwise_multiplier", (1, 4, 6, 6), (12, 1, 3, 3), group=4)
    case("row", (1, 6, 5, 8), (6, 1, 1, 5), group=6, pads=[0, 2, 0, 2])
    case("conv_1d", (1, 3, 12), (4, 3, 3), pads=[1, 1], strides=[2])
    case("depthwise_1d", (1, 3, 12), (3, 1, 5), group=3, dilations=[2])
    case("one_channel", (1, 1, 6, 6), (2, 1, 3, 3), group=1)
    case("conv_3d", (2, 3, 5, 6, 7), (4, 3, 2, 3, 3), pads=[1, 0, 1, 0, 1, 2], strides=[2, 1, 2])
    case("conv_3d_dilated", (1, 2, 7, 6, 5), (3, 2, 3, 3, 1), dilations=[2, 1, 1], pads=[1, 2, 0, 3, 0, 1])
    case("conv_3d_same", (1, 2, 7, 6, 5), (3, 2, 3, 2, 1), strides=[2, 2, 1], auto_pad="SAME_LOWER")
    case("conv_3d_grouped", (1, 4, 3, 4, 5), (6, 2, 2, 2, 2), group=2, bias=False)
    case("conv_3d_depthwise", (1, 3, 4, 4, 4), (3, 1, 3, 3, 3), group=3, pads=[1] * 6)
    m.case("Conv", "varying_3d", [(1, 2, 4, 4, 4), (3, 2, 2, 2, 2), (3,)])
    m.case("Conv", "varying_weights", [(1, 2, 5, 5), (3, 2, 3, 3), (3,)])
    m.case("Conv", "varying_grouped", [(1, 4, 5, 5), (4, 2, 3, 3)], group=2)
    m.case("Conv", "varying_depthwise", [(1, 4, 5, 5), (8, 1, 3, 3), (8,)], group=4)
    yield m


def conv_transpose():
    m = Model("conv_transpose", 11)

    def case(name, x, w, group=1, bias=True, **attributes):
        inputs = [x, m.rng.normal(0, 0.5, w).astype(np.float32)]
        if bias:
            inputs.append(m.rng.normal(0, 0.5, [w[1] * group]).astype(np.float32))
        m.case("ConvTranspose", name, inputs, group=group, **attributes)
    case("plain", (2, 3, 4, 5), (3, 2, 3, 2))
    case("no_bias", (1, 3, 4, 5), (3, 2, 3, 3), bias=False)
    case("strides", (1, 3, 4, 5), (3, 2, 3, 2), strides=[2, 3])
    case("stride_beyond_kernel", (1, 2, 3, 4), (2, 2, 2, 1), strides=[4, 3])
    case("pads", (1, 3, 4, 5), (3, 2, 3, 4), strides=[2, 2], pads=[1, 0, 2, 3])
    case("pads_beyond_kernel", (1, 2, 6, 7), (2, 3, 2, 3), pads=[2, 3, 3, 0])
    case("output_padding", (1, 3, 4, 5), (3, 2, 3, 3), strides=[2, 3], pads=[1] * 4, output_padding=[1, 2])
    case("dilations", (1, 3, 4, 5), (3, 2, 3, 2), dilations=[2, 3], strides=[2, 1])
    case("grouped", (1, 6, 4, 5), (6, 2, 3, 3), group=3, strides=[2, 2])
    case("depthwise", (1, 4, 4, 5), (4, 1, 3, 3), group=4, pads=[1] * 4)
    case("same_upper", (1, 2, 4, 5), (2, 3, 4, 3), auto_pad="SAME_UPPER", strides=[2, 2])
    case("same_lower", (1, 2, 4, 5), (2, 3, 4, 3), auto_pad="SAME_LOWER", strides=[3, 2])
    case("valid", (1, 2, 4, 5), (2, 3, 4, 3), auto_pad="VALID", strides=[3, 2])
    case("output_shape", (1, 2, 4, 5), (2, 3, 4, 3), output_shape=[9, 10], strides=[2, 2], auto_pad="SAME_UPPER")
    case("transpose_1d", (2, 3, 7), (3, 2, 4), strides=[3], pads=[1, 2])
    case("transpose_3d", (1, 2, 3, 4, 3), (2, 3, 2, 3, 2), strides=[2, 1, 2])
    case("transpose_3d_pads", (2, 2, 3, 4, 5), (2, 3, 3, 3, 2), pads=[1, 1, 0, 2, 1, 1], dilations=[2, 1, 1])
    case("transpose_3d_grouped", (1, 4, 3, 2, 3), (4, 1, 2, 2, 2), group=2, strides=[2, 2, 2], output_padding=[1, 0, 1])
    def followed(name, x, w, channels, **attributes):
        y = m.node("ConvTranspose", name + "_first", [m.input(name, x), m.weights(name, *w)], **attributes)
        m.case("BatchNormalization", name, [y, *(m.weights(name, channels) for _ in range(3)),
                                            m.constant(name, m.rng.uniform(0.1, 2, channels).astype(np.float32))])
    followed("then_norm", (1, 3, 4, 5), (3, 2, 2, 2), 2, strides=[2, 2])
    followed("then_norm_grouped", (1, 6, 4, 5), (6, 2, 4, 4), 4, strides=[2, 2], pads=[1] * 4, group=2)
    followed("then_norm_1d", (1, 3, 5), (3, 2, 4), 2, strides=[2])
    case("depthwise_strides", (1, 4, 4, 5), (4, 1, 4, 3), group=4, pads=[1] * 4, strides=[2, 3])
    m.case("ConvTranspose", "varying", [(1, 2, 4, 5), (2, 3, 3, 2), (3,)], dilations=[2, 2], strides=[2, 1])
    yield m


def grid():
    m = Model("grid", 20)
    m.case("AffineGrid", "affine", [(2, 2, 3), [2, 1, 4, 5]])
    m.case("Pad", "wrap", [(2, 3, 4), [0, 1, 3, 0, 2, 4]], mode="wrap")
    yield m


def batch_norm():
    m = Model("batch_norm", 11)

    def parameters(case, n):
        return [m.weights(case, n), m.weights(case, n), m.weights(case, n),
                m.constant(case, m.rng.uniform(0.1, 2, n).astype(np.float32))]

    def conv(case, *inputs):
        return m.node("Conv", case + "_conv", [m.input(case, (1, 3, 6, 6)), m.weights(case, 4, 3, 3, 3), *inputs])
    m.case("BatchNormalization", "alone", [(2, 3, 4, 5), *parameters("alone", 3)], epsilon=1e-3)
    m.case("BatchNormalization", "rank2", [(2, 3), *parameters("rank2", 3)])
    m.case("BatchNormalization", "rank3", [(2, 3, 4), *parameters("rank3", 3)])
    m.case("BatchNormalization", "folded", [conv("folded"), *parameters("folded", 4)])
    y = conv("folded_bias", m.weights("folded_bias", 4))
    m.case("BatchNormalization", "folded_bias", [y, *parameters("folded_bias", 4)], epsilon=1e-2)
    y = m.node("Add", "add_bn_add", [conv("add_bn"), m.weights("add_bn", 4, 1, 1)])
    m.case("BatchNormalization", "add_bn", [y, *parameters("add_bn", 4)])
    y = conv("two_users")
    m.case("BatchNormalization", "two_users", [y, *parameters("two_users", 4)])
    m.case("Relu", "other_user", [y])
    y = m.node("Gemm", "after_gemm_gemm", [m.input("after_gemm", (2, 5)), m.weights("after_gemm", 5, 4)])
    m.case("BatchNormalization", "after_gemm", [y, *parameters("after_gemm", 4)])
    y = m.node("Conv", "depthwise_conv", [m.input("depthwise", (1, 3, 6, 6)), m.weights("depthwise", 6, 1, 3, 3)], group=3)
    m.case("BatchNormalization", "depthwise", [y, *parameters("depthwise", 6)])
    m.case("Add", "not_per_channel", [conv("not_per_channel"), m.rng.normal(size=(1, 1, 4, 4)).astype(np.float32)])
    m.case("Add", "wider", [conv("wider"), m.rng.normal(size=(2, 4, 1, 1)).astype(np.float32)])
    yield m
    m = Model("batch_norm", 15)
    m.case("BatchNormalization", "training_0", [(2, 3, 4, 5), *parameters("training_0", 3)], training_mode=0)
    m.case("BatchNormalization", "training_1", [(2, 3, 4, 5), *parameters("training_1", 3)], training_mode=1, outputs=3,
           epsilon=1e-3)
    m.case("BatchNormalization", "training_moments", [(4, 3), *parameters("training_moments", 3)], outputs=3, training_mode=1,
           momentum=0.7)
    # Standardised weights: one more step that is known.
    m.case("BatchNormalization", "training_known", [m.rng.normal(1, 2, (1, 3, 20)).astype(np.float32),
                                                    *parameters("training_known", 3)], outputs=3, training_mode=1)
    yield m


def pool():
    m = Model("pool", 12)
    for op in ("MaxPool", "AveragePool"):
        def case(name, x, **attributes):
            m.case(op, op.lower() + "_" + name, [x], **attributes)
        case("plain", (1, 3, 8, 8), kernel_shape=[2, 2], strides=[2, 2])
        case("floor", (1, 3, 9, 8), kernel_shape=[3, 3], strides=[2, 2])
        case("pads", (1, 3, 9, 8), kernel_shape=[3, 3], pads=[1, 1, 1, 1], strides=[2, 2])
        case("pads_uneven", (1, 3, 9, 8), kernel_shape=[3, 4], pads=[0, 1, 2, 3], strides=[1, 2])
        case("ceil", (1, 3, 8, 9), kernel_shape=[3, 3], strides=[2, 2], ceil_mode=1)
        case("ceil_pads", (1, 3, 8, 8), kernel_shape=[3, 3], pads=[1, 1, 1, 1], strides=[2, 3], ceil_mode=1)
        case("same_upper", (1, 3, 8, 9), kernel_shape=[3, 2], auto_pad="SAME_UPPER", strides=[2, 2])
        case("same_lower", (1, 3, 8, 9), kernel_shape=[3, 2], auto_pad="SAME_LOWER", strides=[2, 2])
        case("valid", (1, 3, 8, 9), kernel_shape=[3, 2], auto_pad="VALID", strides=[2, 2])
        case("pool_1d", (2, 3, 11), kernel_shape=[3], strides=[2], pads=[1, 1])
        case("pool_3d", (2, 3, 6, 7, 5), kernel_shape=[2, 3, 3], strides=[2, 1, 2], pads=[1, 1, 0, 0, 1, 1])
        case("pool_3d_ceil", (1, 2, 6, 7, 6), kernel_shape=[3, 3, 3], strides=[2, 2, 3], ceil_mode=1)
    m.case("MaxPool", "dilated", [(1, 2, 8, 9)], kernel_shape=[3, 2], dilations=[2, 3], pads=[1, 1, 2, 1], strides=[1, 2])
    m.case("MaxPool", "dilated_1d", [(1, 2, 9)], kernel_shape=[3], dilations=[2], pads=[1, 1])
    both = (TensorProto.FLOAT, TensorProto.INT64)
    m.case("MaxPool", "indices", [(2, 3, 7, 8)], outputs=2, types=both, kernel_shape=[3, 3], strides=[2, 2], pads=[1] * 4)
    m.case("MaxPool", "indices_order", [(2, 3, 6, 5)], outputs=2, types=both, kernel_shape=[2, 3], storage_order=1)
    m.case("MaxPool", "indices_3d", [(1, 2, 4, 5, 6)], outputs=2, types=both, kernel_shape=[2, 3, 2], strides=[1, 2, 2])
    y = m.node("Relu", "indices_ties_relu", [m.input("indices_ties", (1, 2, 8, 8))])
    m.case("MaxPool", "indices_ties", [y], outputs=2, types=both, kernel_shape=[3, 3])
    m.case("AveragePool", "include_pad_3d", [(1, 2, 5, 6, 5)], kernel_shape=[3, 3, 2], pads=[1, 1, 1, 1, 1, 0],
           strides=[2, 1, 2], count_include_pad=1)
    for name, size in (("1d", (2, 3, 9)), ("2d", (1, 3, 8, 9)), ("3d", (1, 2, 4, 5, 6))):
        n = len(size) - 2
        m.case("LpPool", "lp_" + name, [size], kernel_shape=[3] * n, strides=[2] * n, pads=[1] * 2 * n)
        m.case("LpPool", "lp1_" + name, [size], kernel_shape=[2] * n, p=1)
        m.case("LpPool", "lp3_" + name, [size], kernel_shape=[2] * n, p=3)
        m.case("GlobalLpPool", "global_lp_" + name, [size])
        m.case("GlobalLpPool", "global_lp3_" + name, [size], p=3)
    for op in ("GlobalAveragePool", "GlobalMaxPool"):
        m.case(op, op + "_3d", [(2, 3, 4, 5, 2)])
    m.case("AveragePool", "include_pad", [(1, 3, 8, 8)], kernel_shape=[3, 3], pads=[1, 1, 1, 1], count_include_pad=1)
    m.case("AveragePool", "include_pad_floor", [(1, 3, 8, 7)], kernel_shape=[3, 3], pads=[1, 1, 1, 1], strides=[2, 3], count_include_pad=1)
    m.case("GlobalAveragePool", "global_average", [(2, 3, 5, 4)])
    m.case("GlobalAveragePool", "global_average_1d", [(2, 3, 5)])
    m.case("GlobalMaxPool", "global_max", [(2, 3, 5, 4)])
    yield m
    m = Model("pool", 19)
    m.case("AveragePool", "average_dilated", [(1, 2, 8, 9)], kernel_shape=[3, 2], dilations=[2, 3], pads=[1, 1, 2, 1])
    m.case("AveragePool", "include_pad_ceil", [(1, 2, 8, 9)], kernel_shape=[3, 3], pads=[1] * 4, strides=[2, 3],
           count_include_pad=1, ceil_mode=1)
    yield m


def matmul():
    m = Model("matmul", 11)

    def w(*shape):
        return m.rng.normal(0, 0.5, shape).astype(np.float32)
    m.case("Gemm", "gemm", [(3, 5), w(5, 4), w(4)])
    m.case("Gemm", "gemm_trans_b", [(3, 5), w(4, 5), w(1, 4)], transB=1, alpha=0.5, beta=2.0)
    m.case("Gemm", "gemm_trans_a", [(5, 3), w(5, 4), w(4)], transA=1)
    m.case("Gemm", "gemm_matrix_c", [(3, 5), w(5, 4), w(3, 4)], beta=0.5)
    m.case("Gemm", "gemm_column_c", [(3, 5), w(5, 4), w(3, 1)])
    m.case("Gemm", "gemm_scalar_c", [(3, 5), w(5, 4), f32(0.25)])
    m.case("Gemm", "gemm_no_c", [(3, 5), w(5, 4)])
    m.case("Gemm", "gemm_varying", [(3, 5), (4, 5), (4,)], transB=1, alpha=2.0, beta=3.0)
    m.case("Gemm", "gemm_varying_c", [(3, 5), w(5, 4), (3, 4)])
    m.case("MatMul", "matmul", [(3, 5), w(5, 4)])
    y = m.node("MatMul", "matmul_bias_matmul", [m.input("matmul_bias", (3, 5)), m.weights("matmul_bias", 5, 4)])
    m.case("Add", "matmul_bias", [m.weights("matmul_bias", 4), y])
    m.case("MatMul", "rank3", [(2, 3, 5), w(5, 4)])
    m.case("MatMul", "rank4", [(2, 2, 3, 5), w(5, 4)])
    m.case("MatMul", "batched", [(2, 3, 5), (2, 5, 4)])
    m.case("MatMul", "broadcast", [(2, 1, 3, 5), (3, 5, 4)])
    m.case("MatMul", "constant_left", [w(3, 5), (5, 4)])
    m.case("MatMul", "constant_rank3", [(2, 3, 5), w(2, 5, 4)])
    m.case("MatMul", "constants", [w(2, 3, 5), w(5, 4)])
    m.case("MatMul", "constants_batched", [w(2, 1, 3, 5), w(3, 5, 4)])
    m.case("MatMul", "vector_left", [(5,), w(5, 4)])
    m.case("MatMul", "vector_right", [(3, 5), w(5)])
    m.case("MatMul", "vectors", [(5,), (5,)])
    yield m


def einsum():
    m = Model("einsum", 12)
    for name, equation, *inputs in (
            ("matmul", "ij,jk->ik", (3, 4), (4, 5)),
            ("batched", "bij, bjk -> bik", (2, 3, 4), (2, 4, 5)),
            ("implied", "kb,ak", (3, 4), (5, 3)),
            ("implied_one", "ba", (3, 4)),
            ("sum", "ij->i", (3, 4)),
            ("transpose", "abc->cab", (2, 3, 4)),
            ("outer", "i,j->ji", (3,), (4,)),
            ("elementwise", "ij,ij->ij", (3, 4), (3, 4)),
            ("attention", "bqhd,bkhd->bhqk", (2, 3, 2, 4), (2, 5, 2, 4)),
            ("two_summed", "abcd,cdab->b", (2, 3, 4, 2), (4, 2, 2, 3)),
            ("summed_alone", "aij,jk->k", (2, 3, 4), (4, 5)),
            ("diagonal", "ii->i", (4, 4)),
            ("batch_diagonal", "...ii->...i", (2, 3, 3)),
            ("diagonal_apart", "iji->ji", (3, 2, 3)),
            ("dots", "...ij,...jk->...ik", (2, 3, 4), (2, 4, 5)),
            ("dots_broadcast", "...ij,...jk->...ik", (2, 1, 3, 4), (1, 3, 4, 5)),
            ("dots_implied", "...j,...j", (2, 3, 4), (2, 3, 4)),
            ("three", "ij,jk,kl->il", (2, 3), (3, 4), (4, 5)),
            ("three_shared", "bi,bj,b->ij", (2, 3), (2, 4), (2,))):
        m.case("Einsum", name, inputs, equation=equation)
    yield m
    m = Model("einsum_to_one", 12)
    m.case("Einsum", "sum_all", [(2, 3, 4)], equation="ijk->")
    m.case("Einsum", "inner", [(4,), (4,)], equation="i,i")
    m.case("Einsum", "trace", [(4, 4)], equation="ii")
    yield m


def recurrent():
    m = Model("recurrent", 14)
    steps, batch, size, hidden = 4, 2, 3, 5

    def w(*shape):
        return m.rng.normal(0, 0.5, shape).astype(np.float32)

    def case(op, name, gates, directions=1, bias=False, states=0, lengths=None, **attributes):
        inputs = [(steps, batch, size), w(directions, gates * hidden, size), w(directions, gates * hidden, hidden),
                  w(directions, 2 * gates * hidden) if bias else None, lengths]
        inputs += [w(directions, batch, hidden)] * min(states, 2) + [w(directions, 3 * hidden)] * (states > 2)
        m.case(op, op.lower() + "_" + name, inputs, outputs=3 if op == "LSTM" else 2, hidden_size=hidden, **attributes)
    for op, gates, states in (("RNN", 1, 1), ("GRU", 3, 1), ("LSTM", 4, 2)):
        case(op, "plain", gates)
        case(op, "bias", gates, bias=True)
        case(op, "state", gates, bias=True, states=states)
        case(op, "reverse", gates, bias=True, states=states, direction="reverse")
        case(op, "both", gates, 2, bias=True, states=states, direction="bidirectional")
        case(op, "clip", gates, bias=True, clip=0.25)
        case(op, "short", gates, 2, bias=True, states=states, direction="bidirectional", lengths=np.array([4, 2], np.int32))
    case("RNN", "relu", 1, activations=["Relu"])
    case("GRU", "linear", 3, bias=True, states=1, linear_before_reset=1)
    case("GRU", "activations", 3, activations=["Tanh", "Relu"])
    case("LSTM", "peepholes", 4, bias=True, states=3)
    yield m


def elementwise():
    m = Model("elementwise", 14)

    def w(*shape):
        return m.rng.normal(0, 0.5, shape).astype(np.float32)
    for op in ("Add", "Sub", "Mul", "Div", "Max", "Min"):
        def case(name, *inputs):
            m.case(op, op.lower() + "_" + name, list(inputs))
        case("same", (2, 3, 4, 5), (2, 3, 4, 5))
        case("scalar", (2, 3, 4, 5), f32(1.5).reshape(()))
        case("channel", (2, 3, 4, 5), w(3, 1, 1))
        case("row", w(5) + 2, (2, 3, 4, 5))
        case("both", (2, 1, 4, 1), (3, 1, 5))
    for op in ("Relu", "Sigmoid", "HardSigmoid", "HardSwish", "Tanh", "Exp", "LeakyRelu", "Abs", "Neg", "Floor",
               "Ceil", "Erf", "Identity", "Reciprocal", "Dropout"):
        m.case(op, op.lower(), [(1, 3, 4, 5)])
    m.case("LeakyRelu", "leaky_alpha", [(3, 4)], alpha=0.3)
    m.case("HardSigmoid", "hard_sigmoid_alpha", [(3, 4)], alpha=1.0 / 6, beta=0.4)
    y = m.node("Abs", "positive_abs", [m.input("positive", (3, 4))])
    m.case("Sqrt", "sqrt", [y])
    m.case("Log", "log", [y])
    m.case("Pow", "pow", [y, f32(1.5)])
    m.case("PRelu", "prelu_channel", [(1, 3, 4, 5), w(3, 1, 1)])
    m.case("PRelu", "prelu_scalar", [(3, 4), w(1)])
    m.case("PRelu", "prelu_varying", [(1, 3, 4, 5), (3, 1, 1)])
    m.case("Clip", "clip", [(3, 4), f32(-0.25).reshape(()), f32(0.5).reshape(())])
    m.case("Clip", "clip_min", [(3, 4), f32(0.25).reshape(())])
    m.case("Clip", "clip_max", [(3, 4), None, f32(0.25).reshape(())])
    m.case("Clip", "clip_none", [(3, 4)])
    m.case("Clip", "clip_crossed", [(3, 4), f32(0.5).reshape(()), f32(-0.25).reshape(())])
    m.case("Clip", "clip_varying", [(3, 4), (), ()])
    m.case("Where", "where", [np.array([[True], [False], [True]]), (3, 4), (4,)])
    m.case("Sum", "sum", [(3, 4), (4,), (3, 1)])
    m.case("Mean", "mean", [(3, 4), (4,), (3, 1)])
    m.case("Mean", "mean_one", [(3, 4)])
    for op in ("Sign", "Sin", "Cos", "Tan"):
        m.case(op, op.lower(), [(1, 3, 4, 5)])
    for op in ("Less", "LessOrEqual", "Greater", "GreaterOrEqual"):
        y = m.node(op, op.lower() + "_bool", [m.input(op, (3, 4)), m.input(op, (4,))])
        m.case("Where", op.lower(), [y, f32(1), f32(0)])
    yield m
    m = Model("elementwise", 7)
    m.case("Clip", "clip_attributes", [(3, 4)], min=-0.5, max=0.25)
    m.case("Clip", "clip_attribute_max", [(3, 4)], max=0.25)
    m.case("Dropout", "dropout", [(3, 4)], ratio=0.5)
    yield m


def activations():
    m = Model("activations", 14)
    for op in ("Elu", "Selu", "Celu", "Softplus", "Softsign", "ThresholdedRelu", "Shrink"):
        wide = m.node("Mul", op.lower() + "_wide", [m.input(op, (1, 3, 4, 5)), m.constant(op, f32(3))])
        m.case(op, op.lower(), [wide])
    m.case("Elu", "elu_alpha", [(3, 4)], alpha=0.5)
    m.case("Selu", "selu_numbers", [(3, 4)], alpha=0.5, gamma=3.0)
    m.case("Celu", "celu_alpha", [(3, 4)], alpha=4.0)
    m.case("ThresholdedRelu", "thresholded_alpha", [(3, 4)], alpha=0.25)
    m.case("Shrink", "shrink_numbers", [(3, 4)], lambd=0.25, bias=0.125)
    yield m
    m = Model("activations", 20)
    m.case("Gelu", "gelu", [(3, 4)])
    m.case("Gelu", "gelu_tanh", [(3, 4)], approximate="tanh")
    m.case("Mish", "mish", [(3, 4)])
    yield m
    m = Model("activations", 24)
    m.case("Swish", "swish", [(3, 4)], alpha=2.0)
    yield m


def norm():
    m = Model("norm", 17)

    def w(*shape):
        return m.rng.normal(1, 0.5, shape).astype(np.float32)

    def conv(case):
        return m.node("Conv", case + "_conv", [m.input(case, (1, 3, 6, 6)), m.weights(case, 4, 3, 3, 3)])
    m.case("LayerNormalization", "layer", [(2, 3, 4, 5), w(5), w(5)])
    m.case("LayerNormalization", "layer_axis", [(2, 3, 4), w(3, 4)], axis=1, epsilon=0.5)
    m.case("LayerNormalization", "layer_image", [conv("layer_image"), w(4)])
    m.case("LayerNormalization", "layer_moments", [(2, 3, 4), w(4), w(4)], outputs=3)
    m.case("InstanceNormalization", "instance", [(2, 3, 4, 5), w(3), w(3)])
    m.case("InstanceNormalization", "instance_image", [conv("instance_image"), w(4), w(4)], epsilon=0.5)
    m.case("InstanceNormalization", "instance_1d", [(2, 3, 4), w(3), w(3)])
    m.case("MeanVarianceNormalization", "mvn", [(2, 3, 4, 5)])
    m.case("MeanVarianceNormalization", "mvn_axes", [(2, 3, 4, 5)], axes=[0, 1, 2, 3])
    m.case("LpNormalization", "lp1", [(2, 3, 4)], p=1, axis=1)
    m.case("LpNormalization", "lp2", [(2, 3, 4)])
    for size in (1, 3, 9):  # ONNX Runtime takes no even ones
        m.case("LRN", "lrn%d" % size, [(2, 4, 3, 3)], size=size, alpha=0.5, beta=0.6, bias=1.5)
    m.case("LRN", "lrn_image", [conv("lrn_image")], size=3)
    yield m
    m = Model("norm", 18)
    m.case("GroupNormalization", "group_18", [(2, 6, 3, 3), w(3), w(3)], num_groups=3)
    yield m
    m = Model("norm", 21)
    m.case("GroupNormalization", "group_21", [(2, 6, 3, 3), w(6), w(6)], num_groups=3)
    yield m
    m = Model("norm", 23)
    m.case("RMSNormalization", "rms", [(2, 3, 4), w(4)], epsilon=0.5)
    m.case("RMSNormalization", "rms_axis", [(2, 3, 4), w(3, 4)], axis=1)
    yield m


def reduce():
    m = Model("reduce", 13)
    for op in ("ReduceMean", "ReduceMax", "ReduceMin", "ReduceL1", "ReduceL2", "ReduceSumSquare", "ReduceLogSumExp"):
        def case(name, x, **attributes):
            m.case(op, op.lower() + "_" + name, [x], **attributes)
        case("spatial", (2, 3, 4, 5), axes=[2, 3])
        case("spatial_drop", (2, 3, 4, 5), axes=[-1, -2], keepdims=0)
        case("channel", (2, 3, 4, 5), axes=[1], keepdims=0)
        case("all", (2, 3, 4))
        case("first", (2, 3), axes=[0], keepdims=0)
    y = m.node("Abs", "log_sum_abs", [m.input("log_sum", (2, 3, 4))])
    m.case("ReduceLogSum", "log_sum", [y], axes=[1], keepdims=0)
    m.case("ReduceSum", "sum_axes", [(2, 3, 4), [1]], keepdims=0)
    m.case("ReduceSum", "sum_noop", [(2, 3, 4)], noop_with_empty_axes=1)
    m.case("Softmax", "softmax", [(2, 3, 4)])
    m.case("Softmax", "softmax_axis", [(2, 3, 4, 5)], axis=1)
    m.case("LogSoftmax", "log_softmax", [(2, 3, 4, 5)], axis=1)
    y = m.node("Conv", "softmax_conv_conv", [m.input("softmax_conv", (1, 3, 5, 5)), m.weights("softmax_conv", 4, 3, 3, 3)])
    m.case("Softmax", "softmax_conv", [y], axis=1)
    yield m
    m = Model("reduce", 18)
    m.case("ReduceMean", "mean_axes_input", [(2, 3, 4, 5), [2, 3]], keepdims=0)
    m.case("ReduceMean", "mean_of_pixels", [(2, 3, 4, 5), [1, 2]], keepdims=0)
    m.case("ReduceMean", "mean_of_line", [(2, 3, 4), [1]])
    m.case("ReduceMean", "mean_noop", [(2, 3)], noop_with_empty_axes=1)
    yield m
    m = Model("reduce", 11)
    m.case("Softmax", "softmax_merged", [(2, 3, 4)], axis=1)
    m.case("Softmax", "softmax_default", [(2, 3)])
    m.case("Softmax", "softmax_first", [(2, 3, 4)], axis=0)
    m.case("LogSoftmax", "log_softmax_merged", [(2, 3, 4)])
    m.case("ReduceSum", "sum_attribute", [(2, 3, 4)], axes=[1])
    yield m


def parts():
    m = Model("parts", 13)

    def conv(case, shape=(1, 3, 8, 8)):
        return m.node("Conv", case + "_conv", [m.input(case, shape), m.weights(case, 4, 3, 3, 3)])
    m.case("Concat", "concat", [(2, 3), (2, 1), f32(1, 2).reshape(2, 1)], axis=1)
    m.case("Concat", "concat_channels", [conv("concat_channels"), (1, 2, 6, 6)], axis=1)
    m.case("Concat", "concat_rows", [conv("concat_rows"), (1, 4, 2, 6)], axis=-2)
    m.case("Split", "split_even", [(2, 6, 3)], outputs=3, axis=1)
    m.case("Split", "split_sizes", [conv("split_sizes"), [1, 3]], outputs=2, axis=1)
    m.case("Slice", "slice", [(4, 6), [1, 2], [3, 5]])
    m.case("Slice", "slice_axes", [conv("slice_axes"), [1], [-1], [1]])
    m.case("Slice", "slice_steps", [(2, 3, 8, 9), [0, 1], [100, 100], [2, 3], [2, 3]])
    m.case("Slice", "slice_exact", [(2, 8), [1], [7], [1], [2]])
    m.case("Slice", "slice_reverse", [(4, 6), [-1], [-100], [1], [-1]])
    m.case("Slice", "slice_reverse_step", [(4, 7), [5], [0], [1], [-2]])
    m.case("Slice", "slice_huge", [(4, 6), [0], [2**63 - 1], [0], [2**62]])
    m.case("Gather", "gather_scalar", [(4, 6), np.array(2)], axis=1)
    m.case("Gather", "gather_list", [(4, 6), [5, 0, 1, -1]], axis=1)
    m.case("Gather", "gather_matrix", [(4, 6), [[0, 1], [3, 2]]], axis=0)
    m.case("Gather", "gather_channels", [conv("gather_channels"), [2, 3, 0]], axis=1)
    m.case("Pad", "pad", [(2, 3), [0, 1, 2, 3], f32(1.5).reshape(())])
    m.case("Pad", "pad_conv", [conv("pad_conv"), [0, 0, 1, 2, 0, 0, 3, 4]])
    y = m.node("Pad", "pad_before_pad", [m.input("pad_before", (1, 3, 7, 8)), m.constant("pad_before", np.array([0, 0, 0, 1, 0, 0, 2, 3]))])
    m.case("Conv", "pad_before", [y, m.rng.normal(size=(2, 3, 2, 3)).astype(np.float32)], strides=[2, 3])
    m.case("Conv", "pad_before_twice", [y, m.rng.normal(size=(2, 3, 2, 3)).astype(np.float32)], pads=[1, 1, 1, 1])
    y = m.node("Pad", "pad_value_pad", [m.input("pad_value", (1, 3, 7, 8)), m.constant("pad_value", np.array([0, 0, 1, 1, 0, 0, 1, 1])),
                                        m.constant("pad_value", np.array(1.5, np.float32))])
    m.case("Conv", "pad_value", [y, m.rng.normal(size=(2, 3, 3, 3)).astype(np.float32)])
    m.case("Pad", "pad_negative", [(4, 6), [-1, 1, 0, -2]])
    m.case("Pad", "pad_reflect", [(1, 2, 4, 5), [0, 0, 2, 1, 0, 0, 3, 2]], mode="reflect")
    m.case("Pad", "pad_edge", [(1, 2, 4, 5), [0, 1, 2, 1, 0, 0, 3, 2]], mode="edge")
    m.case("Tile", "tile", [(2, 3), [2, 3]])
    m.case("Tile", "tile_conv", [conv("tile_conv"), [1, 2, 3, 1]])
    m.case("Expand", "expand", [(3, 1), [2, 1, 4]])
    yield m
    m = Model("parts", 18)
    m.case("Split", "split_num_outputs", [(2, 7)], outputs=3, axis=1, num_outputs=3)
    m.case("Pad", "pad_axes", [(2, 3, 4), [1, 2], None, [-1]])
    yield m
    m = Model("parts", 9)
    m.case("Slice", "slice_attributes", [(4, 6)], starts=[1, 0], ends=[3, -1], axes=[0, 1])
    m.case("Split", "split_attribute", [(4, 6)], outputs=2, axis=1, split=[2, 4])
    m.case("Pad", "pad_attributes", [(2, 3)], pads=[0, 1, 2, 3], value=0.5)
    yield m


def shape():
    m = Model("shape", 13)

    def conv(case, shape=(1, 3, 6, 6)):
        return m.node("Conv", case + "_conv", [m.input(case, shape), m.weights(case, 4, 3, 3, 3)])

    def gap(case):
        return m.node("GlobalAveragePool", case + "_pool", [conv(case)])
    m.case("Reshape", "reshape", [(2, 6), [3, -1]])
    m.case("Reshape", "reshape_zero", [(2, 6, 2), [0, -1]])
    m.case("Reshape", "reshape_conv", [conv("reshape_conv"), [2, 2, 4, 4]])
    m.case("Flatten", "flatten_conv", [conv("flatten_conv")])
    m.case("Flatten", "flatten_0", [(2, 3, 4)], axis=0)
    m.case("Flatten", "flatten_pool", [gap("flatten_pool")])
    m.case("Squeeze", "squeeze_pool", [gap("squeeze_pool"), [2, 3]])
    m.case("Squeeze", "squeeze_all", [(1, 3, 1)])
    m.case("Squeeze", "squeeze_batch", [conv("squeeze_batch"), [0]])
    m.case("Unsqueeze", "unsqueeze", [(3, 4), [0, -1]])
    m.case("Unsqueeze", "unsqueeze_conv", [conv("unsqueeze_conv"), [0]])
    m.case("Transpose", "transpose", [(2, 3, 4)])
    m.case("Transpose", "transpose_conv", [conv("transpose_conv")], perm=[0, 2, 3, 1])
    m.case("Transpose", "transpose_mixed", [conv("transpose_mixed")], perm=[3, 0, 1, 2])
    y = m.node("Transpose", "nhwc_in_transpose", [m.input("nhwc_in", (1, 6, 6, 3))], perm=[0, 3, 1, 2])
    m.case("Conv", "nhwc_in", [y, m.rng.normal(size=(4, 3, 3, 3)).astype(np.float32)])
    for op in ("Flatten", "Reshape"):
        case = "dense_after_" + op.lower()
        extra = [m.constant(case, np.array([1, -1]))] if op == "Reshape" else []
        y = m.node(op, case + "_flat", [conv(case)] + extra)
        y = m.node("Relu", case + "_relu", [y])
        m.case("Gemm", case, [y, m.rng.normal(size=(64, 5)).astype(np.float32)])
    y = m.node("Flatten", "flat_two_users_flat", [conv("flat_two_users")])
    m.case("MatMul", "flat_two_users", [y, m.rng.normal(size=(64, 5)).astype(np.float32)])
    m.case("Softmax", "flat_other_user", [y])
    # x.view(x.size(0), -1), as exporters write it
    x = conv("view", (2, 3, 6, 6))
    y = m.node("Gather", "view_gather", [m.node("Shape", "view_shape", [x]), m.constant("view", np.array(0))], axis=0)
    y = m.node("Unsqueeze", "view_unsqueeze", [y, m.constant("view", np.array([0]))])
    y = m.node("Concat", "view_concat", [y, m.constant("view", np.array([-1]))], axis=0)
    m.case("Reshape", "view", [x, y])
    # squeeze and excite
    x = conv("se")
    y = m.node("Conv", "se_down", [m.node("GlobalAveragePool", "se_pool", [x]), m.weights("se", 2, 4, 1, 1)])
    y = m.node("Conv", "se_up", [m.node("Relu", "se_relu", [y]), m.weights("se", 4, 2, 1, 1)])
    m.case("Mul", "se", [x, m.node("HardSigmoid", "se_gate", [y])])
    # normalised input, residual
    y = m.node("Sub", "norm_sub", [m.input("norm", (1, 3, 6, 6)), m.weights("norm", 3, 1, 1)])
    y = m.node("Div", "norm_div", [y, m.constant("norm", np.abs(m.rng.normal(1, 0.1, (3, 1, 1))).astype(np.float32))])
    z = m.node("Conv", "norm_conv", [y, m.weights("norm", 3, 3, 3, 3)], pads=[1, 1, 1, 1])
    m.case("Add", "norm", [y, z])
    yield m


def blocks():
    m = Model("blocks", 13)
    m.case("DepthToSpace", "depth_to_space", [(2, 12, 3, 4)], blocksize=2)
    m.case("DepthToSpace", "depth_to_space_crd", [(2, 12, 3, 4)], blocksize=2, mode="CRD")
    m.case("SpaceToDepth", "space_to_depth", [(2, 3, 4, 6)], blocksize=2)
    yield m


def resize():
    m = Model("resize", 13)

    def case(name, x, scales=None, sizes=None, **attributes):
        inputs = [x, None, f32(*scales)] if scales else [x, None, None, sizes]
        m.case("Resize", name, inputs, **attributes)
    for rounding in ("round_prefer_floor", "round_prefer_ceil", "floor", "ceil"):
        for coordinates in ("half_pixel", "asymmetric", "align_corners", "pytorch_half_pixel"):
            name = "nearest_%s_%s" % (rounding, coordinates)
            case(name, (1, 2, 4, 5), [1, 1, 2, 3], nearest_mode=rounding, coordinate_transformation_mode=coordinates)
            case(name + "_sizes", (1, 2, 6, 8), None, [1, 2, 4, 12], nearest_mode=rounding,
                 coordinate_transformation_mode=coordinates)
    for coordinates in ("half_pixel", "asymmetric", "align_corners", "pytorch_half_pixel"):
        case("linear_" + coordinates, (2, 2, 4, 5), [1, 1, 2, 2], mode="linear", coordinate_transformation_mode=coordinates)
        case("linear_%s_sizes" % coordinates, (1, 2, 6, 4), None, [1, 2, 9, 3], mode="linear",
             coordinate_transformation_mode=coordinates)
        case("linear_%s_one" % coordinates, (1, 2, 6, 4), None, [1, 2, 1, 8], mode="linear",
             coordinate_transformation_mode=coordinates)
    for coordinates in ("half_pixel", "asymmetric", "align_corners", "pytorch_half_pixel"):
        kind = dict(mode="cubic", coordinate_transformation_mode=coordinates)
        case("cubic_" + coordinates, (2, 2, 4, 5), [1, 1, 2, 3], **kind)
        case("cubic_%s_sizes" % coordinates, (1, 2, 8, 7), None, [1, 2, 5, 3], **kind)
        case("cubic_%s_outside" % coordinates, (1, 2, 8, 6), [1, 1, 0.75, 1.5], exclude_outside=1, cubic_coeff_a=-0.5, **kind)
        case("linear_%s_one_axis" % coordinates, (3, 5), [1, 1.4], mode="linear", coordinate_transformation_mode=coordinates)
        case("linear_%s_3d" % coordinates, (1, 2, 3, 4, 5), [1, 1, 2, 1.5, 0.6], mode="linear",
             coordinate_transformation_mode=coordinates)
        case("nearest_%s_3d" % coordinates, (2, 1, 3, 4, 5), [1, 2, 2, 1.5, 0.6], coordinate_transformation_mode=coordinates)
        case("nearest_%s_1d" % coordinates, (7,), [2.3], coordinate_transformation_mode=coordinates)
    case("nearest_tf_half_pixel", (1, 1, 5, 6), [1, 1, 0.6, 2], coordinate_transformation_mode="tf_half_pixel_for_nn")
    for kind in ("linear", "nearest"):
        m.case("Resize", "crop_" + kind, [(1, 2, 5, 6), f32(0, 0, 0.2, -0.3, 1, 1, 0.8, 0.7), None, [1, 2, 4, 7]], mode=kind,
               coordinate_transformation_mode="tf_crop_and_resize", extrapolation_value=2.5)
    yield m
    m = Model("resize", 19)
    for kind in ("linear", "cubic"):
        m.case("Resize", "antialias_%s_up" % kind, [(1, 2, 4, 5), None, f32(1, 1, 2, 3)], mode=kind, antialias=1)
        m.case("Resize", "antialias_%s_exclude" % kind, [(1, 2, 9, 5), None, None, [1, 2, 4, 7]], mode=kind, antialias=1,
               exclude_outside=1)
    m.case("Resize", "not_larger", [(1, 2, 4, 5), None, None, [7, 6]], axes=[2, 3], keep_aspect_ratio_policy="not_larger")
    m.case("Resize", "not_smaller", [(1, 2, 4, 5), None, None, [7, 6]], axes=[3, 2], keep_aspect_ratio_policy="not_smaller")
    m.case("Resize", "symmetric", [(1, 2, 5, 7), None, f32(1, 1, 0.7, 1.3)], mode="linear",
           coordinate_transformation_mode="half_pixel_symmetric")
    yield m
    m = Model("resize", 10)
    m.case("Resize", "resize_10", [(1, 2, 3, 4), f32(1, 1, 2, 2)], mode="nearest")
    m.case("Resize", "resize_10_linear", [(1, 2, 3, 4), f32(1, 1, 2, 2)], mode="linear")
    yield m
    m = Model("resize", 9)
    m.case("Upsample", "upsample", [(1, 2, 3, 4), f32(1, 1, 2, 3)], mode="nearest")
    m.case("Upsample", "upsample_batch", [(2, 3, 3, 4), f32(2, 1.5, 2, 3)], mode="nearest")
    m.case("Upsample", "upsample_3d", [(1, 2, 3, 4, 2), f32(1, 1, 2, 3, 2)], mode="nearest")
    yield m


def folding():
    m = Model("folding", 13)
    x = m.input("folding", (2, 3, 4, 5))
    shape = m.node("Shape", "shape", [x])

    def i64(*values):
        return m.constant("i64", np.array(values, np.int64))
    h = m.node("Slice", "h", [shape, i64(2), i64(3)])
    w = m.node("Gather", "w", [shape, i64(3)])
    half = m.node("Div", "half", [m.node("Mul", "hw", [h, w]), i64(2)])
    rest = m.node("Sub", "rest", [m.node("Add", "more", [half, i64(5)]), i64(5)])
    rest = m.node("Cast", "back", [m.node("Floor", "whole", [m.node("Cast", "real", [rest], to=TensorProto.FLOAT)])],
                  to=TensorProto.INT64)
    target = m.node("Concat", "target", [i64(2), i64(3), i64(2), rest], axis=0)
    m.case("Reshape", "reshaped", [x, target])
    ones = m.node("ConstantOfShape", "ones", [m.node("Shape", "target_shape", [target])],
                  value=numpy_helper.from_array(np.array([1], np.int64)))
    same = m.node("Equal", "same", [ones, i64(1)])
    sizes = m.node("Where", "sizes", [same, shape, ones])
    m.case("Expand", "expanded", [m.input("folding", (1, 3, 1, 1)), sizes])
    weights = m.node("Transpose", "weights_t", [m.weights("weights", 5, 4)])
    m.case("MatMul", "weights_behind_transpose", [(3, 4), weights])
    weights = m.node("Reshape", "weights_r", [m.node("Identity", "weights_i", [m.weights("weights", 3, 18)]), i64(6, 1, 3, 3)])
    m.case("Conv", "weights_behind_reshape", [(1, 6, 5, 5), weights], group=6)
    squeezed = m.node("Squeeze", "squeezed", [m.node("Unsqueeze", "unsqueezed", [m.weights("w", 4), i64(0)]), i64(0)])
    m.case("Add", "weights_behind_squeeze", [(3, 4), squeezed])
    arange = m.node("Cast", "arange_f", [m.node("Range", "arange", [m.constant("r", np.array(0, np.int64)),
                    m.constant("r", np.array(4, np.int64)), m.constant("r", np.array(1, np.int64))])], to=TensorProto.FLOAT)
    m.case("Mul", "by_range", [(3, 4), arange])
    both = m.node("Exp", "e", [m.node("Split", "parts", [m.weights("parts", 2, 4)], outputs=2, axis=0)[1]])
    m.case("Sub", "by_constant_arithmetic", [(3, 4), m.node("Sqrt", "root", [both])])
    wave = m.node("Tan", "wave", [m.weights("wave", 4)])
    m.case("Mul", "by_tan", [(3, 4), wave])
    more = m.node("Greater", "is_more", [m.node("Size", "count", [x]), m.constant("limit", np.array([100, 200]))])
    m.case("Mul", "by_comparison", [(3, 2), m.node("Cast", "is_more_f", [more], to=TensorProto.FLOAT)])
    tiled = m.node("Tile", "tiled", [m.weights("tiled", 2, 1, 2), i64(1, 3, 2)])
    m.case("Add", "by_tile", [(2, 3, 4), tiled])
    value = m.node("Constant", "value", [], value_float=2.5)
    m.case("Mul", "by_value_float", [(3, 4), value])
    m.case("Mul", "by_value_floats", [(3, 2), m.node("Constant", "values", [], value_floats=[2.5, -1.0])])
    m.case("Add", "by_prod", [(3, 4), m.node("Cast", "prod_f", [m.node("ReduceProd", "prod", [shape], keepdims=1)], to=TensorProto.FLOAT)])
    yield m
    m = Model("folding", 15)
    y = m.node("Conv", "like_conv", [m.input("like", (1, 3, 6, 6)), m.weights("like", 4, 3, 3, 3)])
    like = m.node("CastLike", "like_cast", [m.constant("like", np.arange(64.0).reshape(1, 4, 4, 4)), y])
    m.case("Add", "known_like_an_image", [y, like])
    yield m


def signal():
    m = Model("signal", 18)
    for kind in ("Hann", "Hamming", "Blackman"):
        for periodic in (0, 1):
            name = "%s_%d" % (kind.lower(), periodic)
            y = m.node(kind + "Window", name + "_window", [m.constant(name, np.array(9))], periodic=periodic)
            m.case("Mul", name, [(2, 9), y])
    m.case("CenterCropPad", "crop_pad", [(5, 8, 3), np.array([8, 5, 3])])
    m.case("CenterCropPad", "crop_pad_axes", [(5, 8, 3), np.array([4, 2])], axes=[-1, 0])
    yield m


def models():
    for family in (conv, conv_transpose, grid, batch_norm, pool, matmul, einsum, recurrent, elementwise, activations, norm, reduce, parts, shape, blocks,
                   resize, folding, signal):
        for model in family():
            yield "%s_%d" % (model.name, model.opset), model.model()


if __name__ == "__main__":
    for file_name, proto in models():
        onnx.save(proto, os.path.join(sys.argv[1], file_name + ".onnx"))
