// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/* values.c - graph inputs whose values are given with --value: initializers from here on.
 *
 * needs: the graph as the file has it
 * gives: a graph with an initializer for each of them (its declaration as an input then says
 *        nothing more), and their tensors in import->given; or printed errors
 */
#include <string.h>

#include "import_private.h"

bool fuse_onnx_value_parse(const char *text, FuseOnnxValue *value, FuseDiag *diag) {
  const char *equals = strchr(text, '=');
  if (!equals || equals == text || !equals[1])
    return fuse_diag_error(diag, "", "--value=%s; expected INPUT=FILE with a tensor's file", text);
  *value = (FuseOnnxValue){text, (size_t)(equals - text), equals + 1};
  return true;
}

static bool is_called(const FuseOnnxValue *value, const char *name) {
  return strlen(name) == value->length && !memcmp(name, value->name, value->length);
}

static const char *shown(OnnxImport *import, const FuseOnnxValue *value) {
  return onnx_shown(import, fuse_strndup(&import->scratch, value->name, value->length));
}

/* The input of this name; NULL after an error. */
static const Onnx__ValueInfoProto *find_input(OnnxImport *import, const FuseOnnxValue *value) {
  const Onnx__GraphProto *graph = import->graph;
  const char *names = "";
  for (size_t i = 0; i < graph->n_input; i++) {
    const char *name = onnx_text(graph->input[i]->name);
    if (is_called(value, name))
      return graph->input[i];
    if (*name)
      names = fuse_format(&import->scratch, "%s%s'%s'", names, *names ? ", " : "",
                          onnx_shown(import, name));
  }
  onnx_error(import, "--value %s: no input is called so; expected one of %s", shown(import, value),
             *names ? names : "none: the graph has no inputs");
  return NULL;
}

/* Does the tensor have the type of the input, as far as the file says it? */
static bool check_type(OnnxImport *import, const FuseOnnxValue *value, FuseTensor *tensor,
                       const Onnx__ValueInfoProto *input) {
  char found[FUSE_TENSOR_TYPE_CHARS], element[24];
  (void)fuse_tensor_type(tensor, found, sizeof found);
  if (!input->type || input->type->value_case != ONNX__TYPE_PROTO__VALUE_TENSOR_TYPE)
    return onnx_error(import, "--value %s: the input is no tensor; expected one",
                      shown(import, value));
  const Onnx__TypeProto__Tensor *type = input->type->tensor_type;
  const FuseDtype dtype = onnx_dtype(type->elem_type);
  if (dtype == FUSE_BF16 && tensor->dtype == FUSE_U16) /* .npy has bf16 as its bits */
    tensor->dtype = FUSE_BF16;
  if (tensor->dtype != dtype)
    return onnx_error(import, "--value %s: a tensor of %s; expected elements of type %s",
                      shown(import, value), found, onnx_dtype_name(type->elem_type, element));
  if (!type->shape)
    return true;
  if (type->shape->n_dim != (size_t)tensor->rank)
    return onnx_error(import, "--value %s: a tensor of %s; expected %zu dimensions",
                      shown(import, value), found, type->shape->n_dim);
  for (int d = 0; d < tensor->rank; d++) {
    const Onnx__TensorShapeProto__Dimension *dim = type->shape->dim[d];
    if (dim->value_case == ONNX__TENSOR_SHAPE_PROTO__DIMENSION__VALUE_DIM_VALUE &&
        dim->dim_value != tensor->shape[d])
      return onnx_error(import, "--value %s: a tensor of %s; expected %lld in dimension %d",
                        shown(import, value), found, (long long)dim->dim_value, d);
  }
  return true;
}

static bool read_value(OnnxImport *import, const FuseOnnxValue *value, FuseTensor *tensor) {
  const Onnx__ValueInfoProto *input = find_input(import, value);
  const char *name;
  FuseDiag diag = {0};
  if (!input)
    return false;
  if (!fuse_tensor_read(fuse_ir_arena(import->ir), value->path, tensor, &name, &diag)) {
    fuse_diag_print(&diag);
    import->n_errors++;
    return false;
  }
  return check_type(import, value, tensor, input);
}

/* The declaration of an initializer whose data are in import->given. */
static Onnx__TensorProto *declare(OnnxImport *import, const FuseOnnxValue *value) {
  Onnx__TensorProto *proto = fuse_alloc(&import->scratch, sizeof *proto);
  onnx__tensor_proto__init(proto);
  proto->name = fuse_strndup(&import->scratch, value->name, value->length);
  return proto;
}

static bool is_given(const OnnxImport *import, const char *name) {
  for (size_t i = 0; i < import->options->n_values; i++)
    if (is_called(&import->options->values[i], name))
      return true;
  return false;
}

/* A copy of the graph with these initializers behind its own, which give way to them. */
static void add_initializers(OnnxImport *import, Onnx__TensorProto *const *given, size_t n) {
  Onnx__GraphProto *graph = fuse_memdup(&import->scratch, import->graph, sizeof *graph);
  Onnx__TensorProto **list =
      fuse_alloc_array(&import->scratch, graph->n_initializer + n, sizeof *list);
  size_t kept = 0;
  for (size_t i = 0; i < graph->n_initializer; i++)
    if (!is_given(import, onnx_text(graph->initializer[i]->name)))
      list[kept++] = graph->initializer[i];
  memcpy(list + kept, given, n * sizeof *list);
  graph->initializer = list;
  graph->n_initializer = kept + n;
  import->first_given = kept;
  import->graph = graph;
}

bool onnx_take_values(OnnxImport *import) {
  const size_t n = import->options->n_values, errors = import->n_errors;
  import->first_given = import->graph->n_initializer;
  if (n == 0)
    return true;
  Onnx__TensorProto **given = fuse_alloc_array(&import->scratch, n, sizeof *given);
  import->given = fuse_alloc_array(&import->scratch, n, sizeof *import->given);
  for (size_t i = 0; i < n; i++) {
    const FuseOnnxValue *value = &import->options->values[i];
    for (size_t k = 0; k < i; k++)
      if (is_called(value, given[k]->name))
        onnx_error(import, "--value %s is given twice; expected it once", shown(import, value));
    given[i] = declare(import, value);
    read_value(import, value, &import->given[i]);
  }
  add_initializers(import, given, n);
  return import->n_errors == errors;
}
