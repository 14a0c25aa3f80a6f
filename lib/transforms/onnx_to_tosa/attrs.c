// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/* attrs.c - attributes and constant inputs of an ONNX node, read with their kind checked. */
#include <string.h>

#include "onnx_to_tosa.h"

bool o2t_has_attr(const OnnxNode *node, const char *name) {
  return fuse_has_attr(node->op, name);
}

bool o2t_attr_i64(OnnxNode *node, const char *name, int64_t fallback, int64_t *value) {
  *value = fallback;
  if (!o2t_has_attr(node, name) || fuse_get_i64(node->op, name, value))
    return true;
  return o2t_refuse(node, "attribute %s is of another kind; expected an integer", name);
}

bool o2t_attr_f32(OnnxNode *node, const char *name, double fallback, double *value) {
  *value = fallback;
  if (!o2t_has_attr(node, name) || fuse_get_f64(node->op, name, value))
    return true;
  return o2t_refuse(node, "attribute %s is of another kind; expected a float", name);
}

bool o2t_attr_str(OnnxNode *node, const char *name, const char *fallback, const char **value) {
  *value = fallback;
  if (!o2t_has_attr(node, name))
    return true;
  MlirStringRef text;
  if (!fuse_get_str(node->op, name, &text))
    return o2t_refuse(node, "attribute %s is of another kind; expected a string", name);
  *value = fuse_str_dup(node->conversion->scratch, text);
  return true;
}

bool o2t_attr_i64s(OnnxNode *node, const char *name, int max, int64_t *values, int *n) {
  *n = -1;
  if (!o2t_has_attr(node, name) || fuse_get_i64s(node->op, name, max, values, n))
    return true;
  return o2t_refuse(node, "attribute %s; expected at most %d integers", name, max);
}

/* ---- inputs that must be known ---- */

/* The graph input behind a value, by the first input of each node that isn't known; null: none. */
static MlirValue source(const OnnxValue *value) {
  while (value && value->node) {
    const OnnxNode *maker = value->node;
    value = NULL;
    for (int i = 0; i < maker->n_in && !value; i++)
      if (!maker->in[i]->absent && !o2t_known(maker->in[i]))
        value = maker->in[i];
  }
  return value && mlirValueIsABlockArgument(value->onnx) ? value->onnx : (MlirValue){NULL};
}

/* The name that the model gives to a graph input, escaped; "" where the module doesn't say it. */
static const char *input_name(const OnnxNode *node, MlirValue argument) {
  MlirOperation func = mlirOperationGetParentOperation(node->op);
  MlirAttribute names = mlirOperationGetAttributeByName(func, fuse_str("fuse.inputs"));
  intptr_t i = mlirBlockArgumentGetArgNumber(argument);
  if (mlirAttributeIsNull(names) || !mlirAttributeIsAArray(names) ||
      i >= mlirArrayAttrGetNumElements(names) ||
      !mlirAttributeIsAString(mlirArrayAttrGetElement(names, i)))
    return "";
  MlirStringRef name = mlirStringAttrGetValue(mlirArrayAttrGetElement(names, i));
  FuseText text = {0};
  fuse_text_escaped(&text, name.data, name.length);
  const char *shown = fuse_strdup(node->conversion->scratch, text.data ? text.data : "");
  fuse_text_fini(&text);
  return shown;
}

bool o2t_refuse_unknown(OnnxNode *node, int i, const char *what) {
  MlirValue argument = source(node->in[i]);
  const char *name = mlirValueIsNull(argument) ? "" : input_name(node, argument);
  if (!what)
    what = fuse_format(node->conversion->scratch,
                       "input %d decides the result's size, and is not known at compile time", i);
  if (!*name)
    return o2t_refuse(node, "not supported yet: %s", what);
  return o2t_refuse(node, "not supported yet: %s; --value %s=FILE would make it so", what, name);
}

static bool refuse_unknown(OnnxNode *node, int i) {
  return o2t_refuse_unknown(
      node, i, fuse_format(node->conversion->scratch, "input %d is not known at compile time", i));
}

bool o2t_input_i64s(OnnxNode *node, int i, int max, int64_t *values, int *n) {
  *n = -1;
  if (!o2t_has(node, i))
    return true;
  const OnnxValue *in = node->in[i];
  if (!o2t_known(in))
    return refuse_unknown(node, i);
  const FuseTensor *tensor = &in->form[LAYOUT_ONNX]->tensor;
  char type[96];
  if ((tensor->dtype != FUSE_I64 && tensor->dtype != FUSE_I32) || tensor->rank > 1)
    return o2t_refuse(node, "input %d is %s; expected integers of rank 1", i,
                      fuse_tensor_type(tensor, type, sizeof type));
  int64_t count = fuse_tensor_elems(tensor);
  if (count > max)
    return o2t_refuse(node, "input %d has %lld values; expected at most %d", i, (long long)count,
                      max);
  for (int64_t k = 0; k < count; k++)
    values[k] = o2t_at_i64(tensor, k);
  *n = (int)count;
  return true;
}

bool o2t_input_f64(OnnxNode *node, int i, double fallback, double *value) {
  *value = fallback;
  if (!o2t_has(node, i))
    return true;
  if (!o2t_known(node->in[i]))
    return refuse_unknown(node, i);
  const FuseTensor *tensor = &node->in[i]->form[LAYOUT_ONNX]->tensor;
  if (fuse_tensor_elems(tensor) != 1)
    return o2t_refuse(node, "input %d has %lld values; expected one", i,
                      (long long)fuse_tensor_elems(tensor));
  const Term *wide = o2t_cast(node, node->in[i]->form[LAYOUT_ONNX], FUSE_F64);
  if (!wide)
    return false;
  *value = o2t_at_f64(&wide->tensor, 0);
  return true;
}

bool o2t_axis(OnnxNode *node, int rank, int64_t *axis) {
  if (*axis < -rank || *axis >= rank)
    return o2t_refuse(node, "axis %lld; expected -%d to %d", (long long)*axis, rank, rank - 1);
  *axis += *axis < 0 ? rank : 0;
  return true;
}
