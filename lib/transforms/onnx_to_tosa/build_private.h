// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/* build_private.h - what the builders share among themselves. */
#ifndef FUSE_O2T_BUILD_PRIVATE_H
#define FUSE_O2T_BUILD_PRIVATE_H

#include "onnx_to_tosa.h"

static inline bool o2t_is_known(const Term *term) {
  return term->tensor.data != NULL;
}

/* ---- build.c ---- */

/* Where a tensor has no elements, all of it is known: data says so. True if it is one. */
bool o2t_know_empty(FuseTensor *tensor);
/* A constant that was computed; key: the name of what it came from, or NULL. */
Term *o2t_folded(OnnxNode *node, const FuseTensor *tensor, const char *key);
/* "tensor<1x2xf32>", for a message. */
const char *o2t_shape_text(OnnxNode *node, const FuseTensor *tensor);
/* Refuses operands without elements: what would read none and give some must have been computed. */
bool o2t_check_operands(OnnxNode *node, const char *name, int n, const MlirValue *operands);
MlirNamedAttribute o2t_axis_attr(Conversion *conversion, int axis);

/* ---- build_kernel.c ---- */

/* A kernel that has no parameters but its size. */
Term *o2t_elementwise_kernel(OnnxNode *node, const char *family, FuseDtype dtype, int rank,
                             const int64_t *shape, int n, const MlirValue *operands);

#endif
