# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""keras_networks.py - keras' networks, and small ones for what they lack.

needs: tensorflow, tf2onnx
gives: networks() and export(), as front.py wants them
"""
import os
import subprocess
import sys

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
import keras  # noqa: E402
import numpy as np  # noqa: E402
import tensorflow as tf  # noqa: E402
import tf2onnx  # noqa: E402
from keras import layers as L  # noqa: E402
from tensorflow.python.framework.convert_to_constants import convert_variables_to_constants_v2  # noqa: E402

OPSET = 16  # unless another is asked for
SAMPLES = 16
APPLICATIONS = {"MobileNet": 96, "MobileNetV2": 96, "MobileNetV3Small": 96, "MobileNetV3Large": 96, "EfficientNetB0": 64,
                "EfficientNetV2B0": 64, "NASNetMobile": 64, "DenseNet121": 64, "ResNet50V2": 64, "InceptionV3": 96, "Xception": 72}


def application(name):
    size = APPLICATIONS[name]
    return getattr(keras.applications, name)(input_shape=(size, size, 3), weights=None, classes=100)


def sequence(shape, *layers):
    x = inputs = keras.Input(shape)
    for layer in layers:
        x = layer(x)
    return keras.Model(inputs, x)


def small():
    """What the applications lack."""
    image = (16, 16, 8)
    return {
        "separable": lambda: sequence(image, L.SeparableConv2D(16, 3, strides=2, padding="same", activation="relu6"),
                                      L.SeparableConv2D(24, 5, depth_multiplier=2)),
        "line": lambda: sequence((64, 8), L.Conv1D(16, 5, strides=2, padding="same", activation="relu"),
                                 L.Conv1D(16, 3, padding="causal", dilation_rate=2), L.BatchNormalization(), L.MaxPooling1D(2),
                                 L.SeparableConv1D(24, 3), L.GlobalAveragePooling1D(), L.Dense(5)),
        "volume": lambda: sequence((8, 12, 12, 3), L.Conv3D(8, 3, padding="same", activation="relu"), L.MaxPooling3D(2),
                                   L.Conv3D(8, (1, 3, 3)), L.GlobalAveragePooling3D()),
        "transposed": lambda: sequence(image, L.Conv2DTranspose(8, 3, strides=2, padding="same"),
                                       L.Conv2DTranspose(4, 4, strides=2, activation="relu")),
        "nearest": lambda: sequence(image, L.Conv2D(8, 3), L.UpSampling2D(2), L.Conv2D(4, 1)),
        "bilinear": lambda: sequence(image, L.Conv2D(8, 3), L.UpSampling2D(2, interpolation="bilinear"), L.Conv2D(4, 1)),
        "depthwise": lambda: sequence(image, L.DepthwiseConv2D(3, dilation_rate=2, padding="same"),
                                      L.DepthwiseConv2D(5, strides=2, padding="same", activation="relu"), L.Conv2D(8, 1)),
        "pools": lambda: sequence(image, L.Conv2D(16, 3), L.AveragePooling2D(3, strides=2, padding="same"),
                                  L.ZeroPadding2D(((1, 0), (0, 2))), L.MaxPooling2D(3), L.GlobalAveragePooling2D(keepdims=True)),
        "norm": lambda: sequence((10, 32), L.LayerNormalization(), L.Dense(32, activation="swish")),
        "lstm": lambda: sequence((12, 8), L.Bidirectional(L.LSTM(16, return_sequences=True)), L.LSTM(8)),
    }


def randomise(model):
    """Batch norms, too, are otherwise as they begin."""
    rng = np.random.default_rng(1)
    for weight in model.weights:
        name = weight.path.split("/")[-1]
        if name in ("moving_variance", "gamma"):
            weight.assign(rng.uniform(0.5, 1.5, weight.shape))
        elif name in ("moving_mean", "beta", "bias"):
            weight.assign(rng.normal(0, 0.1, weight.shape))


def function_of(model, batch):
    spec = tf.TensorSpec([batch, *model.inputs[0].shape[1:]], tf.float32, name="x")
    return tf.function(lambda x: model(x, training=False), input_signature=[spec]), spec


def export_float(model, path, opset):
    function, spec = function_of(model, None)
    tf2onnx.convert.from_function(function, input_signature=[spec], opset=opset, output_path=str(path))


def export_int8(model, path, opset):
    function, spec = function_of(model, 1)
    frozen = convert_variables_to_constants_v2(function.get_concrete_function())
    rng = np.random.default_rng(2)
    converter = tf.lite.TFLiteConverter.from_concrete_functions([frozen])
    converter.optimizations = [tf.lite.Optimize.DEFAULT]
    converter.representative_dataset = lambda: ([rng.uniform(-1, 1, spec.shape).astype(np.float32)] for _ in range(SAMPLES))
    converter.target_spec.supported_ops = [tf.lite.OpsSet.TFLITE_BUILTINS_INT8]
    converter.inference_input_type = converter.inference_output_type = tf.int8
    tflite = path.with_suffix(".tflite")
    tflite.write_bytes(converter.convert())
    subprocess.run([sys.executable, "-m", "tf2onnx.convert", "--tflite", tflite, "--opset", str(opset), "--output", path],
                   check=True, capture_output=True)


def networks():
    return {name: lambda name=name: application(name) for name in APPLICATIONS} | small()


def export(build, path, args):
    keras.utils.set_random_seed(1)
    model = build()
    randomise(model)
    (export_int8 if args.int8 else export_float)(model, path, args.opset or OPSET)
