# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The files that the program of keep.mlir has written, held to numpy.

usage: keep.py FOLDER
"""
import json
import sys

import numpy as np


def main():
    folder = sys.argv[1]
    x, y = np.load(folder + "/x.npy"), np.load(folder + "/y.npy")
    with open(folder + "/kept/kept.json", encoding="utf-8") as file:
        index = json.load(file)
    expected = {"a/b": -x, "a_b": -x.reshape(4), '../"?\u00e4': np.abs(x), "x again": x, "y again": y}
    if [item["name"] for item in index["kept"]] != list(expected):
        sys.exit("keep.py: found %s; expected %s" % (index["kept"], list(expected)))
    for item in index["kept"]:
        found = np.load("%s/kept/%s" % (folder, item["file"]))
        np.testing.assert_array_equal(found, expected[item["name"]], strict=True)
    np.testing.assert_allclose(y, np.exp(2 * np.abs(x)), rtol=1e-6)
    if index["not_kept"] != [{"name": "gone", "why": "computed in one with bn (BatchNormalization)"}]:
        sys.exit("keep.py: found %s" % index["not_kept"])


main()
