# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""extremes.py [--typed] [--every=N] FOLDER: the importer's small test models, each number in turn made extreme; for the fuzz target
`onnx`. With --typed those of other element types instead. All of them take too long for every day; --every=N writes one in N.

Numbers are those that a random change seldom hits: attributes, integer constants (shapes, axes, indices), dimensions of inputs.
"""
import argparse
import os

from onnx import AttributeProto, numpy_helper

import corpus

INTEGERS = [0, -1, 1 << 31, (1 << 63) - 1, -(1 << 63)]
FLOATS = [0.0, -1.0, float("nan"), float("inf"), 1e30]
DIMENSIONS = [0, 1 << 20, (1 << 31) - 1]
MOST_ELEMENTS = 4


def in_turn(values, extremes):
    """values[i] becomes each extreme, one at a time."""
    for i, old in enumerate(values):
        for value in extremes:
            values[i] = value
            yield
        values[i] = old


def attributes(model):
    for node in model.graph.node:
        for attribute in node.attribute:
            if attribute.type == AttributeProto.INTS:
                yield from in_turn(attribute.ints, INTEGERS)
            elif attribute.type in (AttributeProto.INT, AttributeProto.FLOAT):
                field, extremes = ("i", INTEGERS) if attribute.type == AttributeProto.INT else ("f", FLOATS)
                old = getattr(attribute, field)
                for value in extremes:
                    setattr(attribute, field, value)
                    yield
                setattr(attribute, field, old)


def constants(model):
    for tensor in model.graph.initializer:
        array = numpy_helper.to_array(tensor).copy()
        if array.dtype == "int64" and 0 < array.size <= MOST_ELEMENTS:
            old = tensor.SerializeToString()
            for _ in in_turn(array.reshape(-1), INTEGERS):
                tensor.CopyFrom(numpy_helper.from_array(array, tensor.name))
                yield
            tensor.ParseFromString(old)


def dimensions(model):
    """One dimension; and where it is large, another one 0, so that the tensor has no elements."""
    for value in model.graph.input:
        dims = value.type.tensor_type.shape.dim
        old = [dim.dim_value for dim in dims]
        for i in range(len(dims)):
            for size in DIMENSIONS:
                dims[i].dim_value = size
                yield
                dims[i - 1].dim_value = 0 if len(dims) > 1 else size
                yield
                dims[i - 1].dim_value = old[i - 1]
            dims[i].dim_value = old[i]


def changed(models):
    """Each model, as often as it has a number and that an extreme."""
    for _, model in models:
        for _, piece in corpus.pieces(model):
            for change in (attributes, constants, dimensions):
                for _ in change(piece):
                    yield piece


def main():
    p = argparse.ArgumentParser(description="Small models with an extreme number in one place.")
    p.add_argument("--typed", action="store_true"), p.add_argument("--every", type=int, default=1, metavar="N"), p.add_argument("folder")
    args = p.parse_args()
    os.makedirs(args.folder, exist_ok=True)
    n = 0
    for k, model in enumerate(changed(corpus.typed.models() if args.typed else corpus.small_models())):
        if k % args.every == 0:
            with open(os.path.join(args.folder, str(n)), "wb") as file:
                file.write(model.SerializeToString())
            n += 1
    print("%d models" % n)


if __name__ == "__main__":
    main()
