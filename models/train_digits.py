#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""train_digits.py - train the two digits networks in numpy and write them as ONNX files.

needs: numpy, scikit-learn (for its digits), onnx, onnxruntime
gives: digits-dw.onnx (3x3 depthwise convolutions) and digits-half.onnx (FuSe-Half in their place);
       with --check it trains nothing and says how well the files do on the held-out digits
source: the operator of Selvam, Ganesan, Kumar, FuSeConv, DATE 2021 (half variant: the first half of the
        channels, rounded up, gets a 1x3 filter along W, the rest a 3x1 filter along H, one batch norm each)

A run repeats itself to the byte on one machine: everything random comes from one seed, and BLAS keeps to one
thread because the order of its sums may depend on how many there are. Another processor may round differently.
"""
import argparse
import collections
import os
import sys

# Before numpy is imported: the BLAS library reads these once.
for _variable in ("OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "OMP_NUM_THREADS"):
    os.environ[_variable] = "1"

import numpy as np  # noqa: E402

import digits_data  # noqa: E402

HERE = os.path.dirname(os.path.abspath(__file__))
SEED = 1
# The numbers of the training were chosen on a quarter of the training images, never on the held-out ones.
EPOCHS = 100
BATCH = 32
PEAK_RATE = 1e-2
WEIGHT_DECAY = 1e-2
MAX_WARP = 0.15  # of the distortions in training: matrix entries
MAX_SHIFT = 0.7  # and pixels
BN_EPSILON = 1e-3
BN_MOMENTUM = 0.9
OPSET = 13
IR_VERSION = 7  # the one that came with opset 13

N_CLASSES = 10
STEM_CHANNELS = 16
# name, output channels, stride; a block that keeps its shape gets a residual add and a linear projection.
BLOCKS = (("block1", 16, 1), ("block2", 32, 2), ("block3", 32, 1), ("block4", 48, 1))
FILES = {"dw": "digits-dw.onnx", "half": "digits-half.onnx"}


# ---------------------------------------------------------------------------------------------------------------
# Layers. Tensors are n, h, w, c inside. forward() keeps what backward() needs; backward() takes the gradient of
# the output, stores the gradients of the parameters and returns that of the input. export() adds ONNX nodes.


class Parameter:
    def __init__(self, value, decays):
        self.value = value.astype(np.float32)
        self.grad = np.zeros_like(self.value)
        self.decays = decays  # does weight decay apply?


def he_normal(rng, shape, fan_in):
    return rng.standard_normal(shape) * np.sqrt(2.0 / fan_in)


class Window:
    """A kh x kw window with stride and "same" padding: the pixels under each of its taps."""

    def __init__(self, kh, kw, stride):
        self.kernel = (kh, kw)
        self.pad = (kh // 2, kw // 2)
        self.stride = stride

    def taps(self, x):
        """One view of the padded x per tap, each n x ho x wo x c, in (kh, kw) order."""
        (ph, pw), (kh, kw), s = self.pad, self.kernel, self.stride
        padded = np.pad(x, ((0, 0), (ph, ph), (pw, pw), (0, 0)))
        ho = (padded.shape[1] - kh) // s + 1
        wo = (padded.shape[2] - kw) // s + 1
        return [
            padded[:, i : i + s * (ho - 1) + 1 : s, k : k + s * (wo - 1) + 1 : s, :]
            for i in range(kh)
            for k in range(kw)
        ]

    def scatter(self, grads, in_shape):
        """The inverse of taps() for gradients: add each tap's gradient back where it came from."""
        (ph, pw), (_, kw), s = self.pad, self.kernel, self.stride
        n, h, w, c = in_shape
        padded = np.zeros((n, h + 2 * ph, w + 2 * pw, c), np.float32)
        for tap, grad in enumerate(grads):
            i, k = divmod(tap, kw)
            ho, wo = grad.shape[1:3]
            padded[:, i : i + s * (ho - 1) + 1 : s, k : k + s * (wo - 1) + 1 : s, :] += grad
        return padded[:, ph : ph + h, pw : pw + w, :]

    def attributes(self):
        (ph, pw), s = self.pad, self.stride
        return {"kernel_shape": list(self.kernel), "strides": [s, s], "pads": [ph, pw, ph, pw]}


class Conv:
    """Dense convolution without bias; weight[tap, cin, cout]."""

    def __init__(self, rng, name, cin, cout, k):
        self.name = name
        self.window = Window(k, k, 1)
        self.weight = Parameter(he_normal(rng, (k * k, cin, cout), k * k * cin), decays=True)

    def parameters(self):
        return [self.weight]

    def forward(self, x, training):
        del training
        self.in_shape = x.shape
        self.patches = np.concatenate(self.window.taps(x), axis=3)
        return self.patches @ self.weight.value.reshape(-1, self.weight.value.shape[2])

    def backward(self, dy):
        n_taps, cin, cout = self.weight.value.shape
        flat_dy = dy.reshape(-1, cout)
        self.weight.grad = (self.patches.reshape(len(flat_dy), -1).T @ flat_dy).reshape(n_taps, cin, cout)
        dpatches = dy @ self.weight.value.reshape(-1, cout).T
        return self.window.scatter(np.split(dpatches, n_taps, axis=3), self.in_shape)

    def export(self, graph, x):
        kh, kw = self.window.kernel
        _, cin, cout = self.weight.value.shape
        weight = self.weight.value.reshape(kh, kw, cin, cout).transpose(3, 2, 0, 1)
        inputs = [x, graph.constant(self.name + "/weight", weight)]
        return graph.node("Conv", self.name, inputs, group=1, **self.window.attributes())


class DepthwiseConv:
    """kh x kw depthwise convolution without bias; weight[tap, c]."""

    def __init__(self, rng, name, c, kh, kw, stride):
        self.name = name
        self.window = Window(kh, kw, stride)
        self.weight = Parameter(he_normal(rng, (kh * kw, c), kh * kw), decays=False)

    def parameters(self):
        return [self.weight]

    def forward(self, x, training):
        del training
        self.in_shape = x.shape
        self.taps = self.window.taps(x)
        return sum(tap * w for tap, w in zip(self.taps, self.weight.value))

    def backward(self, dy):
        self.weight.grad = np.stack([np.einsum("nhwc,nhwc->c", tap, dy) for tap in self.taps])
        return self.window.scatter([dy * w for w in self.weight.value], self.in_shape)

    def export(self, graph, x):
        kh, kw = self.window.kernel
        c = self.weight.value.shape[1]
        weight = self.weight.value.T.reshape(c, 1, kh, kw)
        inputs = [x, graph.constant(self.name + "/weight", weight)]
        return graph.node("Conv", self.name, inputs, group=c, **self.window.attributes())


class BatchNorm:
    def __init__(self, name, c):
        self.name = name
        self.gamma = Parameter(np.ones(c), decays=False)
        self.beta = Parameter(np.zeros(c), decays=False)
        self.mean = np.zeros(c, np.float32)
        self.variance = np.ones(c, np.float32)

    def parameters(self):
        return [self.gamma, self.beta]

    def forward(self, x, training):
        mean, variance = self.mean, self.variance
        if training:
            mean, variance = x.mean(axis=(0, 1, 2)), x.var(axis=(0, 1, 2))
            self.mean = BN_MOMENTUM * self.mean + (1 - BN_MOMENTUM) * mean
            self.variance = BN_MOMENTUM * self.variance + (1 - BN_MOMENTUM) * variance
        self.scale = 1 / np.sqrt(variance + np.float32(BN_EPSILON))
        self.normal = (x - mean) * self.scale
        return self.normal * self.gamma.value + self.beta.value

    def backward(self, dy):
        self.beta.grad = dy.sum(axis=(0, 1, 2))
        self.gamma.grad = (dy * self.normal).sum(axis=(0, 1, 2))
        n_samples = np.float32(dy.size // dy.shape[3])
        centred = dy - self.beta.grad / n_samples - self.normal * (self.gamma.grad / n_samples)
        return centred * (self.gamma.value * self.scale)

    def export(self, graph, x):
        values = {"scale": self.gamma.value, "bias": self.beta.value, "mean": self.mean, "var": self.variance}
        inputs = [x] + [graph.constant(f"{self.name}/{key}", value) for key, value in values.items()]
        return graph.node("BatchNormalization", self.name, inputs, epsilon=BN_EPSILON)


class Clamp:
    """ReLU, or ReLU6 where high is 6."""

    def __init__(self, name, high=np.inf):
        self.name = name
        self.high = high

    def parameters(self):
        return []

    def forward(self, x, training):
        del training
        self.open = (x > 0) & (x < self.high)
        return np.clip(x, 0, self.high)

    def backward(self, dy):
        return dy * self.open

    def export(self, graph, x):
        if np.isinf(self.high):
            return graph.node("Relu", self.name, [x])
        bounds = [graph.constant("relu6/min", np.float32(0)), graph.constant("relu6/max", np.float32(self.high))]
        return graph.node("Clip", self.name, [x] + bounds)


class Sequence:
    def __init__(self, *layers):
        self.layers = layers

    def parameters(self):
        return [p for layer in self.layers for p in layer.parameters()]

    def forward(self, x, training):
        for layer in self.layers:
            x = layer.forward(x, training)
        return x

    def backward(self, dy):
        for layer in reversed(self.layers):
            dy = layer.backward(dy)
        return dy

    def export(self, graph, x):
        for layer in self.layers:
            x = layer.export(graph, x)
        return x


class FuseHalf:
    """FuSe-Half: the first ceil(c/2) channels by 1xk along W, the others by kx1 along H, rows first."""

    def __init__(self, rng, name, c, k, stride):
        self.name = name
        self.sizes = [(c + 1) // 2, c // 2]
        self.branches = [
            Sequence(DepthwiseConv(rng, f"{name}/{axis}", size, kh, kw, stride), BatchNorm(f"{name}/{axis}_bn", size))
            for axis, size, kh, kw in (("row", self.sizes[0], 1, k), ("col", self.sizes[1], k, 1))
        ]

    def parameters(self):
        return [p for branch in self.branches for p in branch.parameters()]

    def forward(self, x, training):
        parts = np.split(x, self.sizes[:1], axis=3)
        return np.concatenate([b.forward(part, training) for b, part in zip(self.branches, parts)], axis=3)

    def backward(self, dy):
        parts = np.split(dy, self.sizes[:1], axis=3)
        return np.concatenate([b.backward(part) for b, part in zip(self.branches, parts)], axis=3)

    def export(self, graph, x):
        sizes = graph.constant(self.name + "/sizes", np.array(self.sizes, np.int64))
        halves = [f"{self.name}/split/{axis}" for axis in ("row", "col")]
        graph.node("Split", self.name + "/split", [x, sizes], outputs=halves, axis=1)
        branches = [b.export(graph, half) for b, half in zip(self.branches, halves)]
        return graph.node("Concat", self.name + "/concat", branches, axis=1)


class Residual:
    def __init__(self, name, body):
        self.name = name
        self.body = body

    def parameters(self):
        return self.body.parameters()

    def forward(self, x, training):
        return x + self.body.forward(x, training)

    def backward(self, dy):
        return dy + self.body.backward(dy)

    def export(self, graph, x):
        return graph.node("Add", self.name, [self.body.export(graph, x), x])


class Head:
    """Global average pool and classifier; weight[c, class]."""

    def __init__(self, rng, c, n_classes):
        self.weight = Parameter(he_normal(rng, (c, n_classes), c), decays=True)
        self.bias = Parameter(np.zeros(n_classes), decays=False)

    def parameters(self):
        return [self.weight, self.bias]

    def forward(self, x, training):
        del training
        self.in_shape = x.shape
        self.pooled = x.mean(axis=(1, 2))
        return self.pooled @ self.weight.value + self.bias.value

    def backward(self, dy):
        self.weight.grad = self.pooled.T @ dy
        self.bias.grad = dy.sum(axis=0)
        _, h, w, _ = self.in_shape
        dpooled = dy @ self.weight.value.T / np.float32(h * w)
        return np.broadcast_to(dpooled[:, None, None, :], self.in_shape)

    def export(self, graph, x):
        x = graph.node("GlobalAveragePool", "head/pool", [x])
        x = graph.node("Flatten", "head/flatten", [x], axis=1)
        weight = graph.constant("head/fc/weight", self.weight.value.T)
        bias = graph.constant("head/fc/bias", self.bias.value)
        return graph.node("Gemm", "head/fc", [x, weight, bias], outputs=["logits"], transB=1)


# ---------------------------------------------------------------------------------------------------------------
# The network and its training.


def make_block(rng, variant, name, cin, cout, stride):
    """One depthwise-separable block: depthwise or FuSe-Half, ReLU6, 1x1."""
    if variant == "half":
        spatial = [FuseHalf(rng, name + "/fuse", cin, 3, stride)]
    else:
        spatial = [DepthwiseConv(rng, name + "/dw", cin, 3, 3, stride), BatchNorm(name + "/dw_bn", cin)]
    pointwise = [Conv(rng, name + "/pw", cin, cout, 1), BatchNorm(name + "/pw_bn", cout)]
    layers = spatial + [Clamp(name + "/relu6", 6)] + pointwise
    if cin == cout and stride == 1:
        return Residual(name + "/add", Sequence(*layers))
    return Sequence(*layers, Clamp(name + "/relu"))


def make_network(variant, rng):
    layers = [Conv(rng, "stem/conv", 1, STEM_CHANNELS, 3), BatchNorm("stem/bn", STEM_CHANNELS), Clamp("stem/relu6", 6)]
    channels = STEM_CHANNELS
    for name, cout, stride in BLOCKS:
        layers.append(make_block(rng, variant, name, channels, cout, stride))
        channels = cout
    return Sequence(*layers, Head(rng, channels, N_CLASSES))


class Adam:
    """Adam with decoupled weight decay (Loshchilov, Hutter, 2019)."""

    def __init__(self, parameters, decay, beta1=0.9, beta2=0.999, epsilon=1e-8):
        self.parameters = parameters
        self.decay, self.beta1, self.beta2, self.epsilon = decay, beta1, beta2, epsilon
        self.moments = [(np.zeros_like(p.value), np.zeros_like(p.value)) for p in parameters]
        self.n_steps = 0

    def step(self, rate):
        self.n_steps += 1
        unbias1, unbias2 = 1 - self.beta1**self.n_steps, 1 - self.beta2**self.n_steps
        for p, (m, v) in zip(self.parameters, self.moments):
            m += (1 - self.beta1) * (p.grad - m)
            v += (1 - self.beta2) * (p.grad**2 - v)
            if p.decays:
                p.value *= 1 - rate * self.decay
            p.value -= rate * (m / unbias1) / (np.sqrt(v / unbias2) + self.epsilon)


def cross_entropy(logits, labels):
    """The mean loss and its gradient by the logits."""
    shifted = logits - logits.max(axis=1, keepdims=True)
    probability = np.exp(shifted)
    probability /= probability.sum(axis=1, keepdims=True)
    rows = np.arange(len(labels))
    loss = -np.log(probability[rows, labels] + 1e-12).mean()
    probability[rows, labels] -= 1
    return loss, probability / np.float32(len(labels))


def distort(images, rng):
    """Each n x h x w x 1 image a little turned, scaled, sheared and shifted (bilinear, black outside)."""
    n, h, w, _ = images.shape
    matrix = np.eye(2) + rng.uniform(-MAX_WARP, MAX_WARP, (n, 2, 2))
    shift = rng.uniform(-MAX_SHIFT, MAX_SHIFT, (n, 2, 1))
    grid = np.indices((h, w)).reshape(2, -1)
    centre = np.array([[(h - 1) / 2], [(w - 1) / 2]])
    source = matrix @ (grid - centre) + centre + shift  # n x (y, x) x pixel
    # One black pixel all around: a source outside the image is moved onto it.
    padded = np.pad(images[:, :, :, 0], ((0, 0), (1, 1), (1, 1)))
    y, x = np.clip(source[:, 0] + 1, 0, h + 0.999), np.clip(source[:, 1] + 1, 0, w + 0.999)
    y0, x0 = y.astype(int), x.astype(int)
    fy, fx = y - y0, x - x0
    image = np.arange(n)[:, None]
    top = padded[image, y0, x0] * (1 - fx) + padded[image, y0, x0 + 1] * fx
    bottom = padded[image, y0 + 1, x0] * (1 - fx) + padded[image, y0 + 1, x0 + 1] * fx
    return (top * (1 - fy) + bottom * fy).astype(np.float32).reshape(images.shape)


def train(variant, images, labels, n_epochs):
    """Train one variant on n x 1 x 8 x 8 images; returns the network."""
    rng = np.random.RandomState(SEED)
    network = make_network(variant, rng)
    optimizer = Adam(network.parameters(), WEIGHT_DECAY)
    x = images.transpose(0, 2, 3, 1)
    n_batches = len(x) // BATCH
    for epoch in range(n_epochs):
        order = rng.permutation(len(x))
        total_loss = 0.0
        for b in range(n_batches):
            chosen = order[b * BATCH : (b + 1) * BATCH]
            loss, dlogits = cross_entropy(network.forward(distort(x[chosen], rng), training=True), labels[chosen])
            total_loss += float(loss)
            network.backward(dlogits)
            progress = (epoch * n_batches + b) / (n_epochs * n_batches)
            optimizer.step(PEAK_RATE * 0.5 * (1 + np.cos(np.pi * progress)))
        if (epoch + 1) % 20 == 0:
            print(f"{variant}: epoch {epoch + 1} of {n_epochs}, loss {total_loss / n_batches:.4f}", flush=True)
    return network


# ---------------------------------------------------------------------------------------------------------------
# The files.


class GraphWriter:
    """Collects ONNX nodes and initialisers; names of nodes are given, names of tensors follow from them."""

    def __init__(self):
        self.nodes = []
        self.constants = {}

    def constant(self, name, value):
        from onnx import numpy_helper

        if name not in self.constants:
            self.constants[name] = numpy_helper.from_array(np.ascontiguousarray(value), name)
        return name

    def node(self, op_type, name, inputs, outputs=None, **attributes):
        from onnx import helper

        outputs = outputs or [name + "/out"]
        self.nodes.append(helper.make_node(op_type, inputs, outputs, name=name, **attributes))
        return outputs[0]


def make_model(variant, network):
    """The network as an ONNX model for one image, batch norms unfolded."""
    from onnx import TensorProto, helper

    graph = GraphWriter()
    network.export(graph, "image")
    return helper.make_model(
        helper.make_graph(
            graph.nodes,
            "digits-" + variant,
            [helper.make_tensor_value_info("image", TensorProto.FLOAT, [1, 1, 8, 8])],
            [helper.make_tensor_value_info("logits", TensorProto.FLOAT, [1, N_CLASSES])],
            initializer=list(graph.constants.values()),
        ),
        producer_name="train_digits.py",
        ir_version=IR_VERSION,
        opset_imports=[helper.make_opsetid("", OPSET)],
    )


def write_file(path, data):
    """Write all of it or nothing: a run that is interrupted leaves the old file."""
    partial = f"{path}.{os.getpid()}.partial"
    try:
        with open(partial, "wb") as file:
            file.write(data)
        os.replace(partial, path)
    finally:
        if os.path.exists(partial):
            os.remove(partial)


def run_onnxruntime(model_bytes, images):
    """Logits of every image, one at a time as the files want them."""
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    session = onnxruntime.InferenceSession(model_bytes, options, providers=["CPUExecutionProvider"])
    return np.concatenate([session.run(["logits"], {"image": image[None]})[0] for image in images])


def train_and_write(directory, n_epochs):
    import onnx

    split = digits_data.load_digits_split()
    for variant, name in FILES.items():
        network = train(variant, split.train_images, split.train_labels, n_epochs)
        model = make_model(variant, network)
        onnx.checker.check_model(model, full_check=True)
        data = model.SerializeToString(deterministic=True)
        # The exported graph must be the network that was trained.
        ours = network.forward(split.held_out_images.transpose(0, 2, 3, 1), training=False)
        theirs = run_onnxruntime(data, split.held_out_images)
        difference = np.abs(ours - theirs).max() / np.ptp(ours)
        if difference > 1e-5:
            sys.exit(f"{name}: error: {difference:.1e} of the range between numpy and onnxruntime; expected 1e-5")
        write_file(os.path.join(directory, name), data)


def depthwise_kernels(model):
    """The kernel shapes of the depthwise convolutions and how many have each: "4 x 1x3, 4 x 3x1"."""
    kernels = []
    for node in model.graph.node:
        attributes = {attribute.name: attribute for attribute in node.attribute}
        if node.op_type == "Conv" and attributes["group"].i > 1:
            kernels.append("x".join(str(size) for size in attributes["kernel_shape"].ints))
    return ", ".join(f"{count} x {kernel}" for kernel, count in sorted(collections.Counter(kernels).items()))


def check_file(path, split):
    """Print how good one file is on the held-out digits; returns the accuracy."""
    import onnx
    from google.protobuf.message import DecodeError

    with open(path, "rb") as file:
        data = file.read()
    try:
        model = onnx.load_model_from_string(data)
        onnx.checker.check_model(model, full_check=True)
    except (DecodeError, onnx.checker.ValidationError, onnx.shape_inference.InferenceError) as error:
        reason = str(error).strip().split("\n")[0]
        sys.exit(f"{path}: error: {reason}; expected an ONNX file that this script wrote")
    n_images = len(split.held_out_labels)
    n_right = int((run_onnxruntime(data, split.held_out_images).argmax(axis=1) == split.held_out_labels).sum())
    accuracy = n_right / n_images
    print(
        f"{os.path.basename(path)}: {n_right} of {n_images} held-out digits right ({100 * accuracy:.2f} %),"
        f" {len(data)} bytes, depthwise kernels: {depthwise_kernels(model)}"
    )
    return accuracy


def check_files(directory, min_accuracy):
    """Check both files; false when the accuracy of one is below min_accuracy."""
    split = digits_data.load_digits_split()
    good = True
    for name in FILES.values():
        path = os.path.join(directory, name)
        accuracy = check_file(path, split)
        if accuracy < min_accuracy:
            print(f"{path}: error: accuracy {accuracy:.4f}; expected at least {min_accuracy}", file=sys.stderr)
            good = False
    return good


def positive(text):
    value = int(text)
    if value < 1:
        raise argparse.ArgumentTypeError(f"{text}; expected a number from 1 on")
    return value


def fraction(text):
    value = float(text)
    if not 0 <= value <= 1:
        raise argparse.ArgumentTypeError(f"{text}; expected a fraction from 0 to 1")
    return value


def main():
    parser = argparse.ArgumentParser(description="Train the digits networks, or check the files that are there.")
    parser.add_argument("--check", action="store_true", help="train nothing, say how good the files are")
    parser.add_argument("--min-accuracy", type=fraction, default=0.0, help="status 1 if a file does worse (0 to 1)")
    parser.add_argument("--directory", default=HERE, help="where the files are (default: beside this script)")
    parser.add_argument("--epochs", type=positive, default=EPOCHS, help="passes over the data (default: %(default)s)")
    options = parser.parse_args()
    # Said before the minute of training, not after it.
    if not options.check and not (os.path.isdir(options.directory) and os.access(options.directory, os.W_OK)):
        sys.exit(f"{options.directory}: error: can't write there; expected a folder for the two files")
    try:
        if not options.check:
            train_and_write(options.directory, options.epochs)
        good = check_files(options.directory, options.min_accuracy)
    except OSError as error:
        sys.exit(f"{error.filename}: error: {error.strerror}; expected the digits networks there")
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
