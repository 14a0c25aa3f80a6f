// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/* types.c - types of values, and sizes for the input dimensions that the file leaves open.
 *
 * needs: the graph's inputs, outputs and value_info; --dim
 * gives: a static type for every graph input; for other values what the file claims
 *
 * A graph input's dimension gets its size from the file, or from --dim by its symbol (batch=1), or
 * from --dim by its place (image:0=1). An open dimension of another value stays open ("?").
 */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "import_private.h"

bool fuse_onnx_dim_parse(const char *text, FuseOnnxDim *dim, FuseDiag *diag) {
  const char *equals = strrchr(text, '=');
  const char *digits = equals ? equals + 1 : "";
  size_t n = strlen(digits);
  if (!equals || equals == text || n == 0 || n > 10 || strspn(digits, "0123456789") != n ||
      strtoll(digits, NULL, 10) < 1 || strtoll(digits, NULL, 10) > ONNX_MAX_ELEMS)
    return fuse_diag_error(diag, "",
                           "--dim=%s; expected NAME=SIZE or INPUT:INDEX=SIZE with a size "
                           "from 1 to 2147483647",
                           text);
  *dim = (FuseOnnxDim){text, (size_t)(equals - text), strtoll(digits, NULL, 10)};
  return true;
}

typedef Onnx__TensorShapeProto__Dimension Dimension;

/* Which --dim names this; its size, or 0. Remembers that it was of use. */
static int64_t bound_size(OnnxImport *import, const char *name) {
  for (size_t i = 0; i < import->options->n_dims; i++) {
    const FuseOnnxDim *dim = &import->options->dims[i];
    if (strlen(name) == dim->length && !memcmp(name, dim->name, dim->length)) {
      import->dim_used[i] = true;
      return dim->size;
    }
  }
  return 0;
}

static const char *symbol_of(const Dimension *dim) {
  if (dim && dim->value_case == ONNX__TENSOR_SHAPE_PROTO__DIMENSION__VALUE_DIM_PARAM)
    return onnx_text(dim->dim_param);
  return "";
}

static const char *place_of(OnnxImport *import, const char *input, size_t d) {
  return fuse_format(&import->scratch, "%s:%zu", input, d);
}

/* Size of dimension d of a graph input; any number after an error. */
static int64_t input_dim(OnnxImport *import, const char *input, size_t d, const Dimension *dim) {
  const char *symbol = symbol_of(dim), *place = place_of(import, input, d);
  if (dim->value_case == ONNX__TENSOR_SHAPE_PROTO__DIMENSION__VALUE_DIM_VALUE) {
    if (dim->dim_value < 0)
      onnx_error(import, "input '%s': dimension %zu is %" PRId64 "; expected 0 or more",
                 onnx_shown(import, input), d, dim->dim_value);
    return dim->dim_value;
  }
  int64_t size = *symbol ? bound_size(import, symbol) : 0;
  if (!size)
    size = bound_size(import, place);
  if (!size && *symbol)
    onnx_error(import,
               "input '%s': dimension %zu is '%s', which has no size; expected the flag "
               "--dim %s=SIZE",
               onnx_shown(import, input), d, onnx_shown(import, symbol),
               onnx_shown(import, symbol));
  else if (!size)
    onnx_error(import, "input '%s': dimension %zu has no size; expected the flag --dim %s=SIZE",
               onnx_shown(import, input), d, onnx_shown(import, place));
  return size;
}

/* The tensor type of a value, or NULL after an error. */
static const Onnx__TypeProto__Tensor *tensor_type(OnnxImport *import, const char *what,
                                                  const Onnx__ValueInfoProto *info) {
  static const char *const kinds[] = {
      [ONNX__TYPE_PROTO__VALUE_SEQUENCE_TYPE] = "a sequence",
      [ONNX__TYPE_PROTO__VALUE_MAP_TYPE] = "a map",
      [ONNX__TYPE_PROTO__VALUE_OPTIONAL_TYPE] = "an optional",
      [ONNX__TYPE_PROTO__VALUE_SPARSE_TENSOR_TYPE] = "a sparse tensor",
  };
  const char *name = onnx_shown(import, info->name);
  if (!info->type || info->type->value_case == ONNX__TYPE_PROTO__VALUE__NOT_SET) {
    onnx_error(import, "%s '%s' has no type; expected a tensor", what, name);
    return NULL;
  }
  if (info->type->value_case != ONNX__TYPE_PROTO__VALUE_TENSOR_TYPE) {
    onnx_error(import, "%s '%s': not supported yet: %s", what, name, kinds[info->type->value_case]);
    return NULL;
  }
  const Onnx__TypeProto__Tensor *tensor = info->type->tensor_type;
  if (onnx_dtype(tensor->elem_type) == FUSE_DTYPE_NONE) {
    char buffer[24];
    onnx_error(import, "%s '%s': not supported yet: element type %s", what, name,
               onnx_dtype_name(tensor->elem_type, buffer));
    return NULL;
  }
  if (tensor->shape && tensor->shape->n_dim > FUSE_MAX_RANK) {
    onnx_error(import, "%s '%s': not supported yet: %zu dimensions; expected at most %d", what,
               name, tensor->shape->n_dim, FUSE_MAX_RANK);
    return NULL;
  }
  return tensor;
}

static bool fits(const int64_t *shape, int rank) {
  int64_t n;
  return fuse_mul_dims(shape, rank, &n) && n <= ONNX_MAX_ELEMS;
}

/* An input without any shape: what --dim INPUT:0=, INPUT:1=, ... say. */
static int shape_from_flags(OnnxImport *import, const char *input, int64_t *shape) {
  int rank = 0;
  while (rank < FUSE_MAX_RANK) {
    int64_t size = bound_size(import, place_of(import, input, (size_t)rank));
    if (!size)
      break;
    shape[rank++] = size;
  }
  if (!rank)
    onnx_error(import,
               "input '%s' has no shape; expected the flags --dim %s:0=SIZE --dim "
               "%s:1=SIZE ...",
               onnx_shown(import, input), onnx_shown(import, input), onnx_shown(import, input));
  return rank;
}

static void input_type(OnnxImport *import, const Onnx__ValueInfoProto *info, OnnxValue *value) {
  int64_t shape[FUSE_MAX_RANK] = {0};
  size_t errors = import->n_errors;
  const Onnx__TypeProto__Tensor *tensor = tensor_type(import, "input", info);
  if (!tensor)
    return;
  int rank =
      tensor->shape ? (int)tensor->shape->n_dim : shape_from_flags(import, info->name, shape);
  for (int d = 0; tensor->shape && d < rank; d++)
    shape[d] = input_dim(import, info->name, (size_t)d, tensor->shape->dim[d]);
  if (import->n_errors != errors)
    return;
  if (!fits(shape, rank)) {
    onnx_error(import, "input '%s' has more than 2^31-1 elements; expected fewer",
               onnx_shown(import, info->name));
    return;
  }
  value->type = fuse_tensor_type_get(fuse_type_of(import->context, onnx_dtype(tensor->elem_type)),
                                     rank, shape);
}

/* What the file claims of another value: open dimensions stay open. -1 is how some exporters write
 * an open dimension. */
static MlirType claimed_type(OnnxImport *import, const char *what,
                             const Onnx__ValueInfoProto *info) {
  MlirType none = {NULL};
  const Onnx__TypeProto__Tensor *tensor = tensor_type(import, what, info);
  if (!tensor)
    return none;
  MlirType element = fuse_type_of(import->context, onnx_dtype(tensor->elem_type));
  if (!tensor->shape)
    return mlirUnrankedTensorTypeGet(element);
  int64_t shape[FUSE_MAX_RANK];
  bool is_static = true;
  int rank = (int)tensor->shape->n_dim;
  for (int d = 0; d < rank; d++) {
    const Dimension *dim = tensor->shape->dim[d];
    const char *symbol = symbol_of(dim);
    shape[d] = *symbol ? bound_size(import, symbol) : 0;
    if (!shape[d])
      shape[d] = mlirShapedTypeGetDynamicSize();
    if (dim->value_case == ONNX__TENSOR_SHAPE_PROTO__DIMENSION__VALUE_DIM_VALUE &&
        dim->dim_value != -1)
      shape[d] = dim->dim_value;
    if (shape[d] < 0 && !mlirShapedTypeIsDynamicSize(shape[d])) {
      onnx_error(import, "%s '%s': dimension %d is %" PRId64 "; expected 0 or more", what,
                 onnx_shown(import, info->name), d, shape[d]);
      return none;
    }
    is_static = is_static && !mlirShapedTypeIsDynamicSize(shape[d]);
  }
  if (is_static && !fits(shape, rank)) {
    onnx_error(import, "%s '%s' has more than 2^31-1 elements; expected fewer", what,
               onnx_shown(import, info->name));
    return none;
  }
  return fuse_tensor_type_get(element, rank, shape);
}

static void output_types(OnnxImport *import) {
  const Onnx__GraphProto *graph = import->graph;
  if (!graph->n_output)
    onnx_error(import, "the graph has no outputs; expected at least one");
  for (size_t i = 0; i < graph->n_output; i++) {
    const Onnx__ValueInfoProto *info = graph->output[i];
    OnnxValue *value = onnx_value_find(import, onnx_text(info->name));
    if (!value) {
      onnx_error(import, "output '%s' isn't computed; expected it to be a node's output",
                 onnx_shown(import, onnx_text(info->name)));
      continue;
    }
    value->claimed = claimed_type(import, "output", info);
    if (value->is_output)
      onnx_error(import, "output '%s' is listed twice; expected it once",
                 onnx_shown(import, info->name));
    value->is_output = true;
    if (value->from == ONNX_FROM_NODE)
      value->type = value->claimed;
  }
}

/* A --dim that did nothing, or stands twice, is a mistake. */
static void check_flags(OnnxImport *import, size_t errors_before) {
  for (size_t i = 0; i < import->options->n_dims; i++) {
    const FuseOnnxDim *dim = &import->options->dims[i];
    for (size_t k = 0; k < i; k++)
      if (dim->length == import->options->dims[k].length &&
          !memcmp(dim->name, import->options->dims[k].name, dim->length))
        onnx_error(import, "--dim %.*s is given twice; expected it once", (int)dim->length,
                   dim->name);
    if (!import->dim_used[i] && import->n_errors == errors_before)
      onnx_error(import,
                 "--dim %.*s: no dimension without a size is called so; expected the name of one, "
                 "or INPUT:INDEX",
                 (int)dim->length, dim->name);
  }
}

bool onnx_types(OnnxImport *import) {
  const Onnx__GraphProto *graph = import->graph;
  size_t errors = import->n_errors;
  import->dim_used = fuse_alloc(&import->scratch, import->options->n_dims);
  for (size_t i = 0; i < graph->n_value_info; i++) {
    const char *name = onnx_text(graph->value_info[i]->name);
    OnnxValue *value = onnx_value_find(import, name);
    /* Value infos may outlive their value; other types than tensors show at the node. */
    if (value && value->from == ONNX_FROM_NODE && graph->value_info[i]->type &&
        graph->value_info[i]->type->value_case == ONNX__TYPE_PROTO__VALUE_TENSOR_TYPE)
      value->type = claimed_type(import, "value", graph->value_info[i]);
  }
  for (size_t i = 0; i < graph->n_input; i++) {
    OnnxValue *value = onnx_value_find(import, onnx_text(graph->input[i]->name));
    if (value && value->from == ONNX_FROM_INPUT)
      input_type(import, graph->input[i], value);
  }
  output_types(import);
  check_flags(import, errors);
  return import->n_errors == errors;
}
