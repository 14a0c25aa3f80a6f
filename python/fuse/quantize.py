# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""quantize.py - a float model to int8, by ONNX Runtime's static quantiser.

needs: an ONNX model of floats; an .npz file with samples: arrays named as the inputs, the first axis counts samples
gives: an ONNX model with 8-bit activations and weights; status 0, or 2 after one error

The quantiser is ONNX Runtime's. What is done here: the model is brought to an opset that it takes and its
BatchNormalizations are folded, samples are fed, and errors are said in one line.
"""
import logging
import os
import tempfile

import onnx
from onnxruntime.quantization import CalibrationDataReader, CalibrationMethod, QuantFormat, QuantType, quantize_static
from onnxruntime.quantization.shape_inference import quant_pre_process

from .model import Model
from .tools import Failure, Parser, file_name, main_of

FORMATS = {"qdq": QuantFormat.QDQ, "qoperator": QuantFormat.QOperator}
TYPES = {"int8": QuantType.QInt8, "uint8": QuantType.QUInt8}
METHODS = {"minmax": CalibrationMethod.MinMax, "entropy": CalibrationMethod.Entropy,
           "percentile": CalibrationMethod.Percentile}  # fmt: skip
LEAST_OPSET = 13  # since when there is a scale per channel
LEAST_IR_VERSION = 7  # that of the opset


class Samples(CalibrationDataReader):
    """One feed after the other."""

    def __init__(self, feeds):
        self.feeds = iter(feeds)

    def get_next(self):
        return next(self.feeds, None)


# ---- the model ----


def is_quantized(model):
    return any(node.op_type.startswith(("QLinear", "QuantizeLinear", "DequantizeLinear")) for node in model.nodes)


def as_constants(proto):
    """Before IR version 4 initialisers are inputs, too; nothing is folded into a weight that might be given."""
    known = {i.name for i in proto.graph.initializer}
    inputs = [value for value in proto.graph.input if value.name not in known]
    del proto.graph.input[:]
    proto.graph.input.extend(inputs)
    proto.ir_version = max(proto.ir_version, LEAST_IR_VERSION)


def flatten_biases(path):
    """MatMul and Add become a Gemm, whose bias of 1 x N the quantiser stumbles over; N broadcasts alike."""
    proto = onnx.load(path)
    biases = {node.input[2] for node in proto.graph.node if node.op_type == "Gemm" and len(node.input) > 2}
    others = {name for node in proto.graph.node for k, name in enumerate(node.input) if node.op_type != "Gemm" or k != 2}
    for tensor in proto.graph.initializer:
        if tensor.name in biases - others and len(tensor.dims) == 2 and tensor.dims[0] == 1:
            del tensor.dims[0]
    onnx.save(proto, path)


def prepare(model, folder):
    """The model with at least LEAST_OPSET, BatchNormalization folded; its path."""
    opset = max((o.version for o in model.proto.opset_import if o.domain in ("", "ai.onnx")), default=0)
    source, path = os.path.join(folder, "source.onnx"), os.path.join(folder, "prepared.onnx")
    try:
        proto = model.proto if opset >= LEAST_OPSET else onnx.version_converter.convert_version(model.proto, LEAST_OPSET)
        as_constants(proto)
        onnx.save(proto, source)  # a model in memory would lose its shapes on the way: they'd be external data
        quant_pre_process(source, path, skip_symbolic_shape=True)
        flatten_biases(path)
    except Exception as error:  # neither has exceptions of its own
        raise Failure(f"{model.path}: error: it can't be prepared for quantisation: {first_line(error)}") from error
    return path


def first_line(error):
    return (str(error).splitlines() or [type(error).__name__])[0]


def quantize(args):
    model = Model(args.model)
    if is_quantized(model):
        raise Failure(f"{args.model}: error: it is quantised already; expected a model of floats")
    feeds = model.read_samples(args.calibration)
    with tempfile.TemporaryDirectory(prefix="fuse-quantize-") as folder:
        source, made = prepare(model, folder), os.path.join(folder, "quantized.onnx")
        try:
            quantize_static(source, made, Samples(feeds), quant_format=FORMATS[args.format], per_channel=args.per_channel,
                            activation_type=TYPES[args.activations], weight_type=TYPES[args.weights],
                            calibrate_method=METHODS[args.method], extra_options={"WeightSymmetric": True})
            proto = onnx.load(made)
        except Exception as error:
            raise Failure(f"{args.model}: error: ONNX Runtime's quantiser: {first_line(error)}") from error
    try:
        onnx.save(proto, args.output)
    except OSError as error:
        raise Failure(f"{args.output}: error: cannot be written: {error.strerror}") from error


def parse(argv):
    parser = Parser(prog="python -m fuse.quantize",
                    description="Quantise a float model with ONNX Runtime's static quantiser.")
    parser.add_argument("model", type=file_name, metavar="MODEL.onnx")
    parser.add_argument("calibration", type=file_name, metavar="SAMPLES.npz", help="arrays named as the inputs, first axis: samples")
    parser.add_argument("-o", type=file_name, dest="output", required=True, metavar="FILE", help="the .onnx file to write")
    parser.add_argument("--format", choices=FORMATS, default="qdq", help="default: qdq")
    parser.add_argument("--per-channel", action="store_true", help="a scale for each channel of a weight")
    parser.add_argument("--activations", choices=TYPES, default="int8", help="default: int8")
    parser.add_argument("--weights", choices=TYPES, default="int8", help="default: int8")
    parser.add_argument("--method", choices=METHODS, default="minmax",
                        help="how ranges come of the samples (default: minmax)")
    return parser.parse_args(argv)


def main(argv):
    args = parse(argv)
    logging.disable(logging.WARNING)  # hints about options of its own
    quantize(args)
    return 0


if __name__ == "__main__":
    main_of(main)
