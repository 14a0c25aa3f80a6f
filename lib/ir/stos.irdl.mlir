// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// stos.irdl.mlir - one op per machine command.
irdl.dialect @stos {
}
