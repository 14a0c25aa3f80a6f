# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""What the programs of bench/ share. Nothing here asks the compiler what it thinks of a layer."""
