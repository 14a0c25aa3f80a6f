#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""torch_zoo.py - networks with random weights as PyTorch's exporters write them, for bench/zoo.

    python bench/torch_zoo.py FOLDER [WORD ...] [--exporter=script|dynamo] [--opset=N] [--dynamic]

needs: a Python with torch, onnx and onnxscript (torchvision and timm for their networks, which are left out otherwise);
       nothing is downloaded
gives: FOLDER/<network>.onnx of each network whose name has a WORD. --dynamic: the batch is a symbol
"""
from exported import front


def main():
    parser = front.parser("Networks with random weights as PyTorch's exporters write them.")
    parser.add_argument("--exporter", choices=("script", "dynamo"), default="script")
    parser.add_argument("--dynamic", action="store_true", help="leave the batch open")
    args = parser.parse_args()
    front.write(front.load("torch_networks", "torch, onnx and onnxscript"), args)


main()
