# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
# weights.py - draw seeded weights and take the batch norms' statistics from one forward pass.
#
# needs: graph.py, images.py
# gives: draw_weights
"""Numbers for a described network.

The nodes are run once, in order, on a batch of smooth random images; each layer's parameters are
drawn when it is reached and fitted to what it is given. The batch has the network's resolution,
within limits: what the padding contributes, and so a layer's statistics, depends on the resolution.

The result must not depend on how many threads a BLAS has or in which order it adds, or the same
command would write different files on two machines. So inputs and weights of a convolution are
rounded to fixed steps: all products and sums are then integers below 2^53, exact in a double.
"""

from math import prod

import numpy as np

from .images import smooth_images

MIN_RESOLUTION, MAX_RESOLUTION = 32, 128
# Of the batch. The last layers have one pixel per image at resolution 32: that takes many images.
PIXELS, MAX_IMAGES = 16 * 128 * 128, 128
INPUT_STEP = 2.0**-12
WEIGHT_STEP = 2.0**-20
# A channel that hardly varies on the batch may vary on other images: amplify it within limits.
# As a share of the layer's mean variance.
LEAST_VARIANCE = 0.05


def _to_step(x, step):
    return np.rint(x / step) * step


def _he(rng, shape):
    """Normal with variance 2 / fan-in, in steps."""
    fan_in = prod(shape[1:])
    return _to_step(rng.standard_normal(shape) * np.sqrt(2.0 / fan_in), WEIGHT_STEP)


def _taps(x, kernel, pads, strides, size):
    """(kh, kw) and the inputs (N, H', W', C) that this tap meets, for all taps."""
    ph, pw = pads[0], pads[1]
    x = np.pad(x, ((0, 0), (ph, ph), (pw, pw), (0, 0)))
    sy, sx = strides
    for i in range(kernel[0]):
        for j in range(kernel[1]):
            yield (i, j), x[:, i : i + sy * size[0] : sy, j : j + sx * size[1] : sx]


def _conv(x, w, attrs):
    """Exact: see above. x: N,H,W,C   w: as in ONNX; dense or depthwise."""
    x, w = np.rint(x / INPUT_STEP), w / WEIGHT_STEP
    assert np.abs(x).max() * np.abs(w).max() * prod(w.shape[1:]) < 2.0**53
    kernel, pads, strides = attrs["kernel_shape"], attrs["pads"], attrs["strides"]
    size = [(x.shape[1 + a] + 2 * pads[a] - kernel[a]) // strides[a] + 1 for a in (0, 1)]
    y = np.zeros((x.shape[0], *size, w.shape[0]))
    for (i, j), inputs in _taps(x, kernel, pads, strides, size):
        if attrs["group"] == 1:
            y += (inputs.reshape(-1, x.shape[3]) @ w[:, :, i, j].T).reshape(y.shape)
        else:
            assert attrs["group"] == x.shape[3] == w.shape[0]
            y += inputs * w[:, 0, i, j]
    return y * (INPUT_STEP * WEIGHT_STEP)


def _gemm(x, w, attrs):
    """A convolution of 1x1 images."""
    as_conv = {"kernel_shape": [1, 1], "pads": [0] * 4, "strides": [1, 1], "group": 1}
    return _conv(x[:, None, None, :], w[:, :, None, None], as_conv)[:, 0, 0, :]


def _linear(run, node, x, rng):
    """Conv or Gemm. One with a bias has no batch norm after it, so the layer as a whole is scaled
    to deviation 1 and shifted to its centre. Not each channel: that would blow up what differs
    little between the images of the batch."""
    w = _he(rng, node.params["weight"])
    y = run(x, w, node.attrs)
    if "bias" not in node.params:
        return y, {"weight": w}
    w = _to_step(w / y.std(), WEIGHT_STEP)
    y = run(x, w, node.attrs)
    bias = _to_step(rng.uniform(-0.25, 0.25, y.shape[-1]) - y.mean() + node.centre, INPUT_STEP)
    return y + bias, {"weight": w, "bias": bias}


def _batch_norm(node, x, rng):
    axes = (0, 1, 2)
    variance = x.var(axis=axes)
    params = {
        "weight": rng.uniform(0.75, 1.25, x.shape[3]),
        "bias": rng.uniform(-0.25, 0.25, x.shape[3]),
        "running_mean": x.mean(axis=axes),
        "running_var": np.maximum(variance, LEAST_VARIANCE * variance.mean()),
    }
    params = {p: v.astype(np.float32) for p, v in params.items()}
    gamma, beta, mean, var = (v.astype(np.float64) for v in params.values())
    return (x - mean) * (gamma / np.sqrt(var + node.attrs["epsilon"])) + beta, params


def _hard_sigmoid(x):
    return np.clip(x / 6.0 + 0.5, 0.0, 1.0)


_LAYERS = {
    "Conv": lambda node, x, rng: _linear(_conv, node, x, rng),
    "Gemm": lambda node, x, rng: _linear(_gemm, node, x, rng),
    "BatchNormalization": _batch_norm,
}

# The others, without parameters; NHWC, so that channels are the last axis.
_FUNCTIONS = {
    "Relu": lambda x: np.maximum(x, 0.0),
    "Clip": lambda x, low, high: np.clip(x, low, high),
    "HardSwish": lambda x: x * _hard_sigmoid(x),
    "HardSigmoid": _hard_sigmoid,
    "Concat": lambda *xs: np.concatenate(xs, axis=3),
    "Split": lambda x, sizes: np.split(x, np.cumsum(sizes)[:-1], axis=3),
    "Add": lambda a, b: a + b,
    "Mul": lambda a, b: a * b,
    "GlobalAveragePool": lambda x: x.mean(axis=(1, 2), keepdims=True),
    "Flatten": lambda x: x.reshape(x.shape[0], -1),
}


def _batch(rng, resolution):
    resolution = min(max(resolution, MIN_RESOLUTION), MAX_RESOLUTION)
    return smooth_images(rng, min(PIXELS // resolution**2, MAX_IMAGES), resolution)


def draw_weights(graph, seed):
    """All parameters of the graph as float32: {"NODE.weight": array, ...}."""
    rng = np.random.Generator(np.random.PCG64(seed))
    values = dict(graph.constants)
    values[graph.input.name] = _batch(rng, graph.input.shape[1])
    last_use = {name: i for i, node in enumerate(graph.nodes) for name in node.inputs}
    weights = {}
    for i, node in enumerate(graph.nodes):
        inputs = [values[name] for name in node.inputs]
        if node.op in _LAYERS:
            y, params = _LAYERS[node.op](node, *inputs, rng)
            assert {p: v.shape for p, v in params.items()} == node.params
            weights |= {node.param_name(p): v.astype(np.float32) for p, v in params.items()}
        else:
            y = _FUNCTIONS[node.op](*inputs)
        values |= zip(node.outputs, y if isinstance(y, list) else [y])
        for name in [n for n in node.inputs if last_use[n] == i]:
            values.pop(name, None)
    return weights
