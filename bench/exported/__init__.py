# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Networks as frameworks export them: front.py for all, a module for each framework, imported only when files are written."""
