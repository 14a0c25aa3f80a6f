// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/* compute.c - what the builders compute when every operand is known: the kernels that would compute
 * it when the network runs, so that a folded value has the same bits.
 *
 * gives: tensors in the IR's arena
 */
#include <string.h>

#include "fuse/kernels.h"
#include "onnx_to_tosa.h"

const FuseKernelInfo *o2t_find_kernel(const char *family, int n, const FuseTensor *const *tensors) {
  FuseDtype types[FUSE_KERNEL_TENSORS] = {FUSE_DTYPE_NONE};
  for (int i = 0; i < n; i++)
    types[i] = tensors[i]->dtype;
  return fuse_kernel_pick(family, n, types);
}

/* The elements of x as a kernel wants them: aligned, which a mapped model doesn't promise. */
static bool take_operand(OnnxNode *node, const FuseTensor *x, void **data) {
  FuseTensor copy;
  *data = (void *)(uintptr_t)x->data;
  if ((uintptr_t)x->data % fuse_dtype_bytes(x->dtype) == 0)
    return true;
  if (!o2t_new_tensor(node, x->dtype, x->rank, x->shape, &copy, data))
    return false;
  memcpy(*data, x->data, copy.size_bytes);
  return true;
}

bool o2t_compute(OnnxNode *node, const char *family, int n_results, FuseTensor *const *results,
                 int n_operands, const FuseTensor *const *operands,
                 const FuseKernelParams *params) {
  const int n = n_results + n_operands;
  const FuseTensor *tensors[FUSE_KERNEL_TENSORS];
  void *data[FUSE_KERNEL_TENSORS];
  FUSE_ASSERT(n <= FUSE_KERNEL_TENSORS);
  for (int i = 0; i < n; i++)
    tensors[i] = i < n_results ? results[i] : operands[i - n_results];
  const FuseKernelInfo *kernel = o2t_find_kernel(family, n, tensors);
  if (!kernel)
    return o2t_refuse(node, "not supported yet: %s of %s giving %s", family,
                      fuse_dtype_name(operands[0]->dtype), fuse_dtype_name(results[0]->dtype));
  for (int i = 0; i < n_results; i++) {
    const FuseTensor type = *results[i];
    if (!o2t_new_tensor(node, type.dtype, type.rank, type.shape, results[i], &data[i]))
      return false;
  }
  if (fuse_tensor_elems(results[0]) == 0)
    return true;
  for (int i = n_results; i < n; i++)
    if (!take_operand(node, tensors[i], &data[i]))
      return false;
  return fuse_kernel_run(kernel->id, data, (size_t)n, params->words, kernel->n_words) ||
         o2t_refuse(node, "not supported yet: constants of this size");
}

/* Kernel parameters are 32 bits wide; what is larger becomes what every check refuses. */
static int32_t word(int64_t value) {
  return value <= INT32_MAX ? (int32_t)value : -1;
}

bool o2t_compute_pointwise(OnnxNode *node, const char *family, int n, const FuseTensor *const *x,
                           FuseTensor *result) {
  FuseKernelParams p = {0};
  const int rank = result->rank;
  int32_t *const binary[] = {p.binary.a, p.binary.b};
  int32_t *const ternary[] = {p.ternary.c, p.ternary.a, p.ternary.b};
  int32_t *const *stride = n == 2 ? binary : ternary;
  if (n == 1) {
    p.unary.n = word(fuse_tensor_elems(result));
    return o2t_compute(node, family, 1, &result, n, x, &p);
  }
  p.binary.rank = rank ? rank : 1; /* the ternary ones begin alike */
  p.binary.size[0] = 1;
  for (int d = 0; d < rank; d++)
    p.binary.size[d] = word(result->shape[d]);
  for (int i = 0; i < n; i++) {
    int64_t dense[FUSE_MAX_RANK];
    o2t_strides(rank, x[i]->shape, dense);
    for (int d = 0; d < rank; d++)
      stride[i][d] = x[i]->shape[d] == 1 ? 0 : word(dense[d]);
  }
  return o2t_compute(node, family, 1, &result, n, x, &p);
}

bool o2t_folds_products(OnnxNode *node, int n, Term *const *factors, int n_sizes,
                        const int64_t *sizes) {
  int64_t macs, *left = &node->conversion->fold_left_macs;
  for (int i = 0; i < n; i++)
    if (!factors[i]->tensor.data || factors[i]->tensor.dtype != FUSE_F32)
      return false;
  if (!fuse_mul_dims(sizes, n_sizes, &macs) || macs > *left)
    return false;
  *left -= macs;
  return true;
}

void o2t_reduce_params(const FuseTensor *x, int axis, FuseKernelParams *params) {
  int64_t outer = 1, inner = 1;
  for (int d = 0; d < x->rank; d++)
    *(d < axis ? &outer : &inner) *= d == axis ? 1 : x->shape[d];
  params->reduce = (struct fk_reduce){word(outer), word(x->shape[axis]), word(inner)};
}

void o2t_matmul_params(const FuseTensor *a, const FuseTensor *b, FuseKernelParams *params) {
  params->matmul = (struct fk_matmul){.n = word(a->shape[0]),
                                      .rows = word(a->shape[1]),
                                      .inner = word(a->shape[2]),
                                      .cols = word(b->shape[2])};
}

void o2t_conv2d_params(const FuseTensor *x, const OnnxWindow *window, const int64_t *result,
                       FuseKernelParams *params) {
  params->conv2d = (struct fk_conv2d){
      .n = word(x->shape[0]),
      .h = word(x->shape[1]),
      .w = word(x->shape[2]),
      .cin = word(x->shape[3]),
      .oh = word(result[1]),
      .ow = word(result[2]),
      .cout = word(result[3]),
      .kh = word(window->kernel[0]),
      .kw = word(window->kernel[1]),
      .sy = word(window->stride[0]),
      .sx = word(window->stride[1]),
      .dy = word(window->dilation[0]),
      .dx = word(window->dilation[1]),
      .top = word(window->pads[0]),
      .left = word(window->pads[2]),
  };
}
