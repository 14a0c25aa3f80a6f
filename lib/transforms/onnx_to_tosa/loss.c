// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/* loss.c - NegativeLogLikelihoodLoss and SoftmaxCrossEntropyLoss.
 *
 *   x N,C,d..   target N,d..   weight C
 *     ==>
 *   loss[n][d] = -x[n][target[n][d]][d] * weight[target[n][d]], 0 where the target is ignored; then
 *   all of them, their sum, or the sum divided by that of the weights
 */
#include <string.h>

#include "onnx_to_tosa.h"

/* Batches, classes, and elements of an image. */
typedef struct Loss {
  int64_t n, classes, size;
  Term *target;  /* N,d in i32; 0 where ignored */
  Term *ignored; /* N,d in i1, or NULL */
  Term *weight;  /* N,d, or NULL: all 1 */
} Loss;

static bool read_sizes(OnnxNode *node, Loss *loss) {
  const FuseTensor *x = &node->in[0]->tensor, *target = &node->in[1]->tensor;
  bool fits = x->rank >= 2 && target->rank == x->rank - 1;
  for (int d = 0; fits && d < target->rank; d++)
    fits = target->shape[d] == x->shape[d == 0 ? 0 : d + 1];
  if (!fits)
    return o2t_refuse(node, "shapes of input and target; expected N,C,d.. and N,d..");
  if (fuse_tensor_elems(x) > INT32_MAX)
    return o2t_refuse(node, "not supported yet: more than %d elements", INT32_MAX);
  loss->n = x->shape[0], loss->classes = x->shape[1];
  loss->size = fuse_tensor_elems(target) / fuse_max(loss->n, 1);
  return true;
}

static bool read_target(OnnxNode *node, Loss *loss) {
  const FuseDtype dtype = node->in[1]->tensor.dtype;
  int64_t ignore;
  if (dtype != FUSE_I32 && dtype != FUSE_I64)
    return o2t_refuse(node, "a target of type %s; expected i32 or i64", fuse_dtype_name(dtype));
  if (!o2t_attr_i64(node, "ignore_index", 0, &ignore))
    return false;
  Term *target = o2t_reshape(node, o2t_get(node, node->in[1], LAYOUT_ONNX), 2,
                             (int64_t[]){loss->n, loss->size});
  if (o2t_has_attr(node, "ignore_index")) {
    Term *zero = o2t_scalar(node, dtype, 2, 0);
    loss->ignored =
        o2t_binary(node, "tosa.equal", target, o2t_scalar(node, dtype, 2, (double)ignore));
    target = o2t_select(node, loss->ignored, zero, target);
  }
  loss->target = o2t_cast(node, target, FUSE_I32);
  return loss->target != NULL;
}

static bool read_weight(OnnxNode *node, Loss *loss) {
  const FuseDtype dtype = node->in[0]->tensor.dtype;
  if (o2t_has(node, 2)) {
    if (fuse_tensor_elems(&node->in[2]->tensor) != loss->classes)
      return o2t_refuse(node, "%lld weights; expected %lld",
                        (long long)fuse_tensor_elems(&node->in[2]->tensor),
                        (long long)loss->classes);
    loss->weight = o2t_elements_at(node, o2t_get(node, node->in[2], LAYOUT_ONNX), loss->target);
  } else if (loss->ignored) {
    loss->weight = o2t_scalar(node, dtype, 2, 1);
  }
  if (loss->weight && loss->ignored)
    loss->weight = o2t_select(node, loss->ignored, o2t_scalar(node, dtype, 2, 0), loss->weight);
  return !node->refused;
}

/* -x at the targets; x: N,C,d */
static Term *at_targets(OnnxNode *node, Term *x, const Loss *loss) {
  FuseTensor rest;
  void *data;
  if (!o2t_new_tensor(node, FUSE_I32, 2, (int64_t[]){loss->n, loss->size}, &rest, &data))
    return NULL;
  for (int64_t i = 0; i < loss->n * loss->size; i++)
    ((int32_t *)data)[i] = (int32_t)(i / loss->size * loss->classes * loss->size + i % loss->size);
  Term *places =
      o2t_binary(node, "tosa.mul", loss->target, o2t_scalar(node, FUSE_I32, 2, (double)loss->size));
  places = o2t_binary(node, "tosa.add", places, o2t_constant(node->conversion, &rest, "places"));
  return o2t_unary(node, "tosa.negate", o2t_elements_at(node, x, places));
}

/* The sum of all elements, as a scalar. */
static Term *total(OnnxNode *node, Term *x) {
  if (!x)
    return NULL;
  const int64_t n = fuse_tensor_elems(&x->tensor);
  Term *sum = o2t_reduce(node, "tosa.reduce_sum", o2t_reshape(node, x, 1, &n), 0);
  return o2t_reshape(node, sum, 0, NULL);
}

static Term *mean(OnnxNode *node, Term *loss, Term *weight) {
  if (!loss || !weight)
    return loss ? o2t_binary(node, "tosa.mul", total(node, loss),
                             o2t_scalar(node, loss->tensor.dtype, 0,
                                        1.0 / (double)fuse_tensor_elems(&loss->tensor)))
                : NULL;
  Term *inverse = o2t_unary(node, "tosa.reciprocal", total(node, weight));
  return o2t_binary(node, "tosa.mul", total(node, loss), inverse);
}

/* x: N,C,d, logarithms of probabilities */
static bool set_loss(OnnxNode *node, Term *x, Loss *loss) {
  const FuseTensor *target = &node->in[1]->tensor;
  const char *reduction;
  if (!o2t_attr_str(node, "reduction", "mean", &reduction) || !read_target(node, loss) ||
      !read_weight(node, loss))
    return false;
  Term *y = at_targets(node, x, loss);
  if (loss->weight)
    y = o2t_binary(node, "tosa.mul", y, loss->weight);
  if (loss->ignored) /* whatever x is there, infinite for one */
    y = o2t_select(node, loss->ignored, o2t_scalar(node, node->in[0]->tensor.dtype, 2, 0), y);
  if (strcmp(reduction, "none") == 0)
    return o2t_set(node, 0, LAYOUT_ONNX, o2t_reshape(node, y, target->rank, target->shape));
  if (strcmp(reduction, "sum") == 0)
    return o2t_set(node, 0, LAYOUT_ONNX, total(node, y));
  if (strcmp(reduction, "mean") != 0)
    return o2t_refuse(node, "reduction \"%s\"; expected none, sum or mean", reduction);
  return o2t_set(node, 0, LAYOUT_ONNX, mean(node, y, loss->weight));
}

static Term *as_classes(OnnxNode *node, const Loss *loss) {
  return o2t_reshape(node, o2t_get(node, node->in[0], LAYOUT_ONNX), 3,
                     (int64_t[]){loss->n, loss->classes, loss->size});
}

bool o2t_negative_log_likelihood_loss(OnnxNode *node) {
  Loss loss = {0};
  return read_sizes(node, &loss) && set_loss(node, as_classes(node, &loss), &loss);
}

bool o2t_softmax_cross_entropy_loss(OnnxNode *node) {
  Loss loss = {0};
  const FuseTensor *x = &node->in[0]->tensor;
  if (!read_sizes(node, &loss))
    return false;
  Term *log = o2t_log_softmax_of(node, as_classes(node, &loss), 1);
  if (node->n_out > 1 && !o2t_set(node, 1, LAYOUT_ONNX, o2t_reshape(node, log, x->rank, x->shape)))
    return false;
  return set_loss(node, log, &loss);
}
