// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/* build_kernel.c - builders of tosa.custom: a kernel of ours by its family (docs/dialects.md). */
#include "build_private.h"

enum { N_CUSTOM_ATTRS = 3 };
static void custom_attrs(MlirContext context, const char *family, const char *params,
                         MlirNamedAttribute *attrs) {
  attrs[0] = fuse_attr_str(context, "domain_name", "fuse");
  attrs[1] = fuse_attr_str(context, "operator_name", family);
  attrs[2] = fuse_attr_str(context, "implementation_attrs", params);
}

Term *o2t_elementwise_kernel(OnnxNode *node, const char *family, FuseDtype dtype, int rank,
                             const int64_t *shape, int n, const MlirValue *operands) {
  MlirNamedAttribute attrs[N_CUSTOM_ATTRS];
  custom_attrs(node->conversion->context, family, "", attrs);
  return o2t_op(node, "tosa.custom", dtype, rank, shape, n, operands, N_CUSTOM_ATTRS, attrs);
}

/* "field = value, ..." of a kernel whose parameters are integers. */
static const char *params_text(OnnxNode *node, const FuseKernelInfo *kernel,
                               const FuseKernelParams *params) {
  const char *text = "";
  for (size_t i = 0; kernel->fields[i].type; i++)
    text = fuse_format(node->conversion->scratch, "%s%s%s = %d", text, i ? ", " : "",
                       kernel->fields[i].name, (int32_t)params->words[i]);
  return text;
}

bool o2t_kernels(OnnxNode *node, const char *family, const FuseKernelParams *params, int n,
                 Term *const *x, int n_results, Term **y) {
  FuseTensor *results[FUSE_KERNEL_TENSORS];
  const FuseTensor *tensors[FUSE_KERNEL_TENSORS];
  MlirValue operands[FUSE_KERNEL_TENSORS];
  MlirType types[FUSE_KERNEL_TENSORS];
  MlirContext context = node->conversion->context;
  bool known = true;
  for (int i = 0; i < n; i++) {
    if (!x[i])
      return false;
    known = known && o2t_is_known(x[i]), tensors[n_results + i] = &x[i]->tensor;
  }
  for (int i = 0; i < n_results; i++)
    tensors[i] = results[i] = &y[i]->tensor;
  if (known)
    return o2t_compute(node, family, n_results, results, n, tensors + n_results, params);
  bool empty = true;
  for (int i = 0; i < n_results; i++) {
    if (!fuse_tensor_set_size(results[i]))
      return o2t_refuse(node, "a result of %s is too large", o2t_shape_text(node, results[i]));
    empty = o2t_know_empty(results[i]) && empty;
  }
  if (empty)
    return true;
  const FuseKernelInfo *kernel = o2t_find_kernel(family, n_results + n, tensors);
  if (!kernel)
    return o2t_refuse(node, "not supported yet: %s of %s", family,
                      fuse_dtype_name(x[0]->tensor.dtype));
  for (int i = 0; i < n; i++)
    operands[i] = o2t_emit(node, x[i]);
  for (int i = 0; i < n_results; i++)
    types[i] = fuse_tensor_type_get(fuse_type_of(context, results[i]->dtype), results[i]->rank,
                                    results[i]->shape);
  if (!o2t_check_operands(node, family, n, operands))
    return false;
  MlirNamedAttribute attrs[N_CUSTOM_ATTRS];
  custom_attrs(context, family, params_text(node, kernel, params), attrs);
  MlirOperation op = fuse_build_op(node->conversion->rw, node->loc, "tosa.custom", n, operands,
                                   N_CUSTOM_ATTRS, attrs, n_results, types);
  for (int i = 0; i < n_results; i++)
    y[i]->value = mlirOperationGetResult(op, i);
  return true;
}

Term *o2t_kernel(OnnxNode *node, const char *family, const FuseKernelParams *params, int n,
                 Term *const *x, FuseDtype dtype, int rank, const int64_t *shape) {
  Term *y = o2t_new_term(node->conversion, dtype, rank, shape);
  return o2t_kernels(node, family, params, n, x, 1, &y) ? y : NULL;
}
