#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""keras_zoo.py - keras' networks with random weights as ONNX files, for bench/zoo.

    python bench/keras_zoo.py FOLDER [WORD ...] [--opset=N] [--int8]

needs: a Python with tensorflow and tf2onnx (nothing is downloaded)
gives: FOLDER/<network>.onnx of each network whose name has a WORD, as tf2onnx writes it: images N,H,W,C, an open batch. With
       --int8 FOLDER/<network>-int8.onnx, quantised by TensorFlow Lite on noise and written by tf2onnx --tflite
"""
from exported import front


def main():
    parser = front.parser("keras' networks with random weights as ONNX files.")
    parser.add_argument("--int8", action="store_true", help="quantised by TensorFlow Lite")
    args = parser.parse_args()
    front.write(front.load("keras_networks", "tensorflow and tf2onnx"), args, "-int8" if args.int8 else "")


main()
