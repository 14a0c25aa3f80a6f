# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""An ONNX model as the package sees it: inputs and their sizes, who makes which value, ONNX Runtime on all or parts of it.

needs: onnx, onnxruntime
gives: arrays by name
"""
import copy
from contextlib import contextmanager
from dataclasses import dataclass
from zipfile import BadZipFile

import numpy as np
import onnx
import onnxruntime

from .tools import Failure

SEED = 1
SMALL = 2  # noise of integers that may be indices: 0 or 1


@dataclass
class Part:
    """Nodes of the graph, in its order; what they read from outside."""

    nodes: list
    inputs: list  # names of values
    constants: list


class Model:
    def __init__(self, path, values=None):
        """values: {input: file of an array} for inputs that are constants from here on."""
        self.path = str(path)
        try:
            self.proto = onnx.load(self.path)
        except OSError as error:
            raise Failure(f"{path}: error: cannot open: {error.strerror or error}") from error
        except Exception as error:  # what protobuf raises depends on its implementation
            raise Failure(f"{path}: error: not an ONNX model that can be read: {error}") from error
        graph = self.proto.graph
        if not graph.node:
            raise Failure(f"{path}: error: a graph without nodes; expected an ONNX model")
        for name, file in (values or {}).items():
            self._take_value(name, file)
        self.nodes = list(graph.node)
        self.initializers = {i.name: i for i in graph.initializer}
        self.sparse = {i.values.name: i for i in graph.sparse_initializer}
        self.inputs = [i for i in graph.input if i.name not in self.initializers]
        self.outputs = [o.name for o in graph.output]
        self.producer = {name: node for node in self.nodes for name in node.output if name}

    # ---- inputs ----

    def _take_value(self, name, file):
        """Make an input an initializer; whether the array fits is the compiler's to say."""
        graph = self.proto.graph
        if name not in [value.name for value in graph.input]:
            raise Failure(f"{self.path}: error: --value {name}: no input is called so")
        try:
            array = np.load(file, allow_pickle=False)
        except (OSError, ValueError, EOFError) as error:
            raise Failure(f"{file}: error: not an array that can be read: {error}") from error
        kept = [tensor for tensor in graph.initializer if tensor.name != name]
        del graph.initializer[:]
        graph.initializer.extend([*kept, onnx.numpy_helper.from_array(array, name)])

    def sizes(self, value, dims):
        """The shape of an input; dims: {name or "input:axis": size}."""
        shape = []
        for axis, dim in enumerate(value.type.tensor_type.shape.dim):
            place = f"{value.name}:{axis}"
            size = dims.get(place, dims.get(dim.dim_param)) if not dim.HasField("dim_value") else dim.dim_value
            if size is None:
                name = dim.dim_param or place
                raise Failure(f"{self.path}: error: input '{value.name}': dimension {axis} has no size; "
                              f"expected --dim {name}=SIZE")
            shape.append(size)
        return shape

    def noise(self, dims):
        """Seeded arrays for all inputs."""
        rng = np.random.default_rng(SEED)
        arrays = {}
        for value in self.inputs:
            dtype = onnx.helper.tensor_dtype_to_np_dtype(value.type.tensor_type.elem_type)
            shape = self.sizes(value, dims)
            if dtype == np.bool_:
                arrays[value.name] = rng.integers(0, 2, shape).astype(bool)
            elif dtype in (np.uint8, np.int8):
                limits = np.iinfo(dtype)
                arrays[value.name] = rng.integers(limits.min, limits.max, shape, dtype, endpoint=True)
            elif np.issubdtype(dtype, np.integer):
                arrays[value.name] = rng.integers(0, SMALL, shape, dtype)
            elif dtype in (np.float16, np.float32, np.float64):
                arrays[value.name] = rng.standard_normal(shape).astype(dtype)
            else:
                raise Failure(f"{self.path}: error: input '{value.name}': no noise of type {dtype}; expected --input")
        return arrays

    def read_arrays(self, path):
        """The arrays of an .npz file, one per input, of any shape."""
        try:
            with np.load(path, allow_pickle=False) as file:
                arrays = {name: file[name] for name in file.files}
        except OSError as error:
            raise Failure(f"{path}: error: cannot open: {error.strerror or error}") from error
        except (EOFError, ValueError, AttributeError, TypeError, BadZipFile) as error:
            raise Failure(f"{path}: error: not an .npz file of arrays of numbers, as numpy.savez writes it") from error
        names = [value.name for value in self.inputs]
        if sorted(arrays) != sorted(names):
            found = "arrays " + ", ".join(sorted(arrays)) if arrays else "no arrays"
            raise Failure(f"{path}: error: {found}; expected the inputs {', '.join(names)}")
        for name in names:
            if arrays[name].dtype.kind not in "biuf":
                raise Failure(f"{path}: error: '{name}' is an array of {arrays[name].dtype}; expected one of numbers")
        return {name: arrays[name] for name in names}

    def read_samples(self, path):
        """Inputs for each sample of a file; the first axis of its arrays counts them."""
        arrays = self.read_arrays(path)
        counts = {len(array) if array.ndim else 0 for array in arrays.values()}
        if len(counts) != 1 or 0 in counts:
            raise Failure(f"{path}: error: {sorted(counts)} samples; expected the same number for each input, and one at least")
        for name, array in arrays.items():
            if not np.isfinite(array).all():
                raise Failure(f"{path}: error: '{name}': infinite or not a number; expected samples of finite numbers")
        cuts = {value.name: _sample_of(path, value, arrays[value.name]) for value in self.inputs}
        return [{name: cut(i) for name, cut in cuts.items()} for i in range(counts.pop())]

    def read(self, path):
        """The arrays of a file as inputs."""
        arrays = self.read_arrays(path)
        for value in self.inputs:
            dtype = onnx.helper.tensor_dtype_to_np_dtype(value.type.tensor_type.elem_type)
            sizes = [d.dim_value if d.HasField("dim_value") else None for d in value.type.tensor_type.shape.dim]
            found = arrays[value.name]
            if found.dtype != dtype or len(found.shape) != len(sizes) or any(
                    size not in (None, have) for size, have in zip(sizes, found.shape, strict=True)):
                raise Failure(f"{path}: error: '{value.name}' is {found.dtype} {list(found.shape)}; expected {dtype} "
                              f"{['?' if size is None else size for size in sizes]}")
        return arrays

    def dim_flags(self, arrays):
        """What fusec must be told about the sizes of these inputs."""
        sizes = {}
        for value in self.inputs:
            for axis, dim in enumerate(value.type.tensor_type.shape.dim):
                if not dim.HasField("dim_value"):
                    sizes.setdefault(dim.dim_param or f"{value.name}:{axis}", arrays[value.name].shape[axis])
        return [f"--dim={name}={size}" for name, size in sizes.items()]

    # ---- ONNX Runtime ----

    def computes(self, values):
        """A function: {input: array} -> {value: array}, by the whole network."""
        proto = copy.deepcopy(self.proto)
        del proto.graph.output[:]
        proto.graph.output.extend(onnx.ValueInfoProto(name=name) for name in values)
        return self._session(proto, values)

    def part(self, values, known):
        """What computes values from the nearest values that are known."""
        wanted, seen, inputs, constants = list(values), set(), {}, {}
        while wanted:
            node = self.producer[wanted.pop()]
            if id(node) in seen:
                continue
            seen.add(id(node))
            for name in _reads(node):
                if name in known:
                    inputs[name] = True
                elif name in self.producer:
                    wanted.append(name)
                else:
                    constants[name] = True
        return Part([node for node in self.nodes if id(node) in seen], list(inputs), list(constants))

    def part_computes(self, part, values, known):
        """The same, from values like those that are known ({name: array}) instead of from the model's inputs."""
        inputs = [onnx.helper.make_tensor_value_info(name, onnx.helper.np_dtype_to_tensor_dtype(known[name].dtype),
                                                     known[name].shape) for name in part.inputs]
        graph = onnx.helper.make_graph(
            part.nodes, "part", inputs, [onnx.ValueInfoProto(name=name) for name in values],
            [self.initializers[name] for name in part.constants if name in self.initializers],
            sparse_initializer=[self.sparse[name] for name in part.constants if name in self.sparse])
        proto = onnx.helper.make_model(graph, opset_imports=self.proto.opset_import, functions=self.proto.functions,
                                       ir_version=self.proto.ir_version)
        return self._session(proto, values)

    def _session(self, proto, values):
        options = onnxruntime.SessionOptions()
        options.log_severity_level = 4
        options.intra_op_num_threads = 1  # a session for each node: more threads would only wait for one another
        # The graph as it is written: what is fused couldn't be compared node by node.
        options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_DISABLE_ALL
        inputs = [value.name for value in proto.graph.input if value.name not in self.initializers]
        with self._failures():
            session = onnxruntime.InferenceSession(proto.SerializeToString(), options,
                                                   providers=["CPUExecutionProvider"])

        def compute(arrays):
            with self._failures():
                return dict(zip(values, session.run(None, {name: arrays[name] for name in inputs}), strict=True))
        return compute

    @contextmanager
    def _failures(self):
        try:
            yield
        except Exception as error:  # its exceptions have no common base
            raise Failure(f"{self.path}: error: ONNX Runtime: {str(error).splitlines()[0]}") from error


def _sample_of(path, value, array):
    """How sample i of an input is cut out of its array: with a batch axis of 1, or without."""
    rank = len(value.type.tensor_type.shape.dim)
    sizes = [d.dim_value if d.HasField("dim_value") else None for d in value.type.tensor_type.shape.dim]
    batched = array.ndim == rank and sizes[:1] in ([1], [None])
    shape = (1, *array.shape[1:]) if batched else array.shape[1:]
    dtype = onnx.helper.tensor_dtype_to_np_dtype(value.type.tensor_type.elem_type)
    fits = len(shape) == rank and all(size in (None, have) for size, have in zip(sizes, shape, strict=True))
    if array.dtype != dtype or not fits:
        raise Failure(f"{path}: error: '{value.name}': samples of {array.dtype} {list(array.shape[1:])}; expected "
                      f"{dtype} {['?' if size is None else size for size in sizes]}, and an axis of samples in front")
    return (lambda i: array[i:i + 1]) if batched else (lambda i: array[i])


def _reads(node):
    """Names that a node reads, those that the graphs of its attributes take from outside too."""
    yield from node.input
    for attribute in node.attribute:
        for graph in [attribute.g, *attribute.graphs]:
            own = {name for inner in graph.node for name in inner.output}
            own |= {value.name for value in [*graph.input, *graph.initializer]}
            reads = [name for inner in graph.node for name in _reads(inner)] + [value.name for value in graph.output]
            yield from (name for name in reads if name not in own)
