// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/* quant_table.c - pointwise operators between DequantizeLinear and QuantizeLinear as one table.
 *
 *   q -> DequantizeLinear -> Sigmoid -> Mul -> QuantizeLinear      (Mul: by the dequantised q too)
 *     ==>
 *   tosa.table q, t       t[q + 128]: what the nodes make of q
 *
 * The nodes are converted once more with the 256 numbers as a known input, so every operator that
 * can be folded (fold.c) can be in a table.
 */
#include <string.h>

#include "quant.h"

#define MAX_REGION 8
#define N_ENTRIES 256

/* Nodes that compute one number from x alone, in order, and what follows them. */
typedef struct Region {
  const OnnxValue *x;
  OnnxNode *node[MAX_REGION];
  int n;
  QuantOut out;
} Region;

/* Does the node compute each number of its result from the same of x and of `from`, and constants?
 */
static bool is_pointwise(const OnnxNode *node, const OnnxValue *x, const OnnxValue *from) {
  if (!(node->row->flags & POINTWISE) || node->n_out != 1)
    return false;
  bool varies = false;
  for (int i = 0; i < node->n_in; i++) {
    const OnnxValue *in = node->in[i];
    if (in == x || in == from)
      varies = true;
    else if (!in->absent && (!in->ready || !o2t_known(in) || fuse_tensor_elems(&in->tensor) != 1))
      return false;
  }
  return varies;
}

/* From node on, which reads x, to a QuantizeLinear. */
static bool find_region(OnnxNode *node, Region *region) {
  const OnnxValue *from = region->x;
  for (region->n = 0; node && region->n < MAX_REGION;) {
    if (!is_pointwise(node, region->x, from))
      return false;
    region->node[region->n++] = node;
    from = node->out[0];
    if (o2t_find_out(node, from, &region->out))
      return true;
    node = o2t_sole_user(node, from);
  }
  return false;
}

/* A constant's one number, whatever its rank was: it must broadcast with a line of numbers. */
static OnnxValue *as_scalar(OnnxNode *node, OnnxValue *value) {
  OnnxValue *scalar = fuse_alloc(node->conversion->scratch, sizeof *scalar);
  if (value->absent)
    return value;
  o2t_store(node, value);
  Term *term = o2t_reshape(node, o2t_get(node, value, LAYOUT_ONNX), 0, NULL);
  return o2t_set_value(node, scalar, LAYOUT_ONNX, term) ? scalar : value;
}

/* The node on numbers that are known. */
static OnnxValue *evaluate(OnnxNode *node, const OnnxValue *x, OnnxValue *numbers,
                           const OnnxValue *from, OnnxValue *last) {
  FuseArena *scratch = node->conversion->scratch;
  OnnxNode copy = *node;
  OnnxValue *result = fuse_alloc(scratch, sizeof *result);
  copy.in = fuse_alloc_array(scratch, (size_t)node->n_in, sizeof(OnnxValue *));
  copy.out = &result;
  for (int i = 0; i < node->n_in; i++) {
    OnnxValue *in = node->in[i];
    copy.in[i] = in == x ? numbers : in == from ? last : as_scalar(node, in);
  }
  return node->row->convert(&copy) ? result : NULL;
}

static OnnxValue *all_numbers(OnnxNode *node, const Quant *quant) {
  double values[N_ENTRIES];
  OnnxValue *numbers = fuse_alloc(node->conversion->scratch, sizeof *numbers);
  for (int64_t q = 0; q < N_ENTRIES; q++)
    values[q] = quant->scale[0] * (double)(q - 128 - quant->zero[0]);
  Term *term = o2t_vector(node, FUSE_F32, N_ENTRIES, values);
  return term && o2t_set_value(node, numbers, LAYOUT_ONNX, term) ? numbers : NULL;
}

Term *o2t_table(OnnxNode *node, Term *x, const int64_t *entries) {
  Term *constant = o2t_integers(node, FUSE_I8, N_ENTRIES, entries);
  if (!x || !constant)
    return NULL;
  MlirValue operands[] = {o2t_emit(node, x), o2t_emit(node, constant)};
  return o2t_op(node, "tosa.table", FUSE_I8, x->tensor.rank, x->tensor.shape, 2, operands, 0, NULL);
}

bool o2t_quant_table(OnnxNode *node, bool *taken) {
  Region region = {0};
  for (int i = 0; i < node->n_in && !region.x; i++)
    if (o2t_is_quant(node, i) && !o2t_known(node->in[i]))
      region.x = node->in[i];
  if (!region.x || !find_region(node, &region))
    return true;
  const Quant *quant = region.x->quant;
  OnnxValue *numbers = all_numbers(node, quant), *last = numbers;
  const OnnxValue *from = region.x;
  for (int i = 0; i < region.n && last; i++) {
    last = evaluate(region.node[i], region.x, numbers, from, last);
    from = region.node[i]->out[0];
  }
  *taken = true;
  if (!last || fuse_tensor_elems(&last->tensor) != N_ENTRIES || last->tensor.dtype != FUSE_F32)
    return o2t_refuse(node, "not supported yet: this operator on quantised values");
  int64_t entries[N_ENTRIES];
  const QuantOut *out = &region.out;
  for (int64_t q = 0; q < N_ENTRIES; q++) {
    double real = o2t_at_f64(&last->form[LAYOUT_ONNX]->tensor, q);
    entries[q] = fuse_max(out->low, fuse_min(out->high, o2t_quantize(real, out->scale, out->zero)));
  }
  OnnxLayout layout = o2t_choose(node, quant->q->tensor.rank);
  if (!o2t_set_out(node, out, layout, o2t_table(node, o2t_get(node, quant->q, layout), entries)))
    return false;
  for (int i = 0; i < region.n; i++)
    region.node[i]->done = true;
  return true;
}
