// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/* build.c - write the onnx dialect: module attributes, @main, one op per initializer and node.
 *
 * needs: a graph that import.c has found good: every name is known, every node has a table row or
 *        has been refused
 * gives: a module (include/fuse/onnx.h), not verified yet
 */
#include <string.h>

#include "import_private.h"

/* ---- attributes of ours ---- */

typedef struct AttributeList {
  MlirNamedAttribute items[16];
  intptr_t n;
} AttributeList;

static void add(OnnxImport *import, AttributeList *list, const char *name, MlirAttribute value) {
  FUSE_ASSERT((size_t)list->n < FUSE_COUNTOF(list->items));
  list->items[list->n++] = fuse_attr(import->context, name, value);
}

static MlirAttribute text_attr(OnnxImport *import, const char *text) {
  return mlirStringAttrGet(import->context, fuse_str(text));
}

/* Nothing for an absent or empty text. */
static void add_text(OnnxImport *import, AttributeList *list, const char *name, const char *text) {
  if (*onnx_text(text))
    add(import, list, name, text_attr(import, text));
}

static void add_int(OnnxImport *import, AttributeList *list, const char *name, int64_t value) {
  add(import, list, name, mlirIntegerAttrGet(mlirIntegerTypeGet(import->context, 64), value));
}

static MlirAttribute names_attr(OnnxImport *import, size_t n, char *const *names) {
  MlirAttribute *items = fuse_alloc_array(&import->scratch, n, sizeof *items);
  for (size_t i = 0; i < n; i++)
    items[i] = text_attr(import, names[i]);
  return mlirArrayAttrGet(import->context, (intptr_t)n, items);
}

/* As the file says. The default domain is always there: where only functions import it, each node
 * has its own version. */
static MlirAttribute opsets_attr(OnnxImport *import) {
  const Onnx__ModelProto *proto = import->model.proto;
  size_t n = 0;
  MlirNamedAttribute *items =
      fuse_alloc_array(&import->scratch, proto->n_opset_import + 1, sizeof *items);
  items[n++] = fuse_attr_i64(import->context, "ai.onnx", import->opset);
  for (size_t i = 0; i < proto->n_opset_import; i++) {
    const char *domain = onnx_domain(proto->opset_import[i]->domain);
    if (strcmp(domain, "ai.onnx") != 0)
      items[n++] = fuse_attr_i64(import->context, domain, proto->opset_import[i]->version);
  }
  return mlirDictionaryAttrGet(import->context, (intptr_t)n, items);
}

static MlirAttribute metadata_attr(OnnxImport *import) {
  const Onnx__ModelProto *proto = import->model.proto;
  size_t n = proto->n_metadata_props;
  MlirAttribute *items = fuse_alloc_array(&import->scratch, n, sizeof *items);
  for (size_t i = 0; i < n; i++) {
    MlirAttribute pair[] = {text_attr(import, onnx_text(proto->metadata_props[i]->key)),
                            text_attr(import, onnx_text(proto->metadata_props[i]->value))};
    items[i] = mlirArrayAttrGet(import->context, 2, pair);
  }
  return mlirArrayAttrGet(import->context, (intptr_t)n, items);
}

static void set_all(MlirOperation op, const AttributeList *list) {
  for (intptr_t i = 0; i < list->n; i++)
    mlirOperationSetAttributeByName(op, mlirIdentifierStr(list->items[i].name),
                                    list->items[i].attribute);
}

/* SHA-256 of the model file, without external data, in hexadecimal. */
static MlirAttribute hash_attr(OnnxImport *import) {
  uint8_t hash[32];
  FuseText hex = {0};
  fuse_sha256(import->model.file.data, import->model.file.size_bytes, hash);
  for (size_t i = 0; i < sizeof hash; i++)
    fuse_text_printf(&hex, "%02x", hash[i]);
  MlirAttribute attribute = text_attr(import, hex.data);
  fuse_text_fini(&hex);
  return attribute;
}

static void describe_model(OnnxImport *import, MlirModule module) {
  const Onnx__ModelProto *proto = import->model.proto;
  AttributeList list = {0};
  add(import, &list, "onnx.sha256", hash_attr(import));
  add_int(import, &list, "onnx.ir_version", proto->ir_version);
  add(import, &list, "onnx.opset_import", opsets_attr(import));
  add_text(import, &list, "onnx.producer_name", proto->producer_name);
  add_text(import, &list, "onnx.producer_version", proto->producer_version);
  add_text(import, &list, "onnx.domain", proto->domain);
  if (proto->has_model_version)
    add_int(import, &list, "onnx.model_version", proto->model_version);
  add_text(import, &list, "onnx.doc_string", proto->doc_string);
  add(import, &list, "onnx.graph_name", text_attr(import, onnx_text(import->graph->name)));
  add_text(import, &list, "onnx.graph_doc_string", import->graph->doc_string);
  if (proto->n_metadata_props)
    add(import, &list, "onnx.metadata_props", metadata_attr(import));
  set_all(mlirModuleGetOperation(module), &list);
}

/* ---- ops ---- */

typedef struct Builder {
  OnnxImport *import;
  MlirBlock block;
  MlirLocation file; /* what belongs to no node: line 0, column 1 */
  MlirValue absent;  /* result of onnx.novalue, once needed */
} Builder;

static MlirOperation create(MlirLocation loc, const char *name, intptr_t n_operands,
                            const MlirValue *operands, intptr_t n_results, const MlirType *results,
                            intptr_t n_attributes, const MlirNamedAttribute *attributes) {
  MlirOperationState state = mlirOperationStateGet(fuse_str(name), loc);
  mlirOperationStateAddOperands(&state, n_operands, operands);
  mlirOperationStateAddResults(&state, n_results, results);
  mlirOperationStateAddAttributes(&state, n_attributes, attributes);
  return mlirOperationCreate(&state);
}

static MlirValue absent(Builder *b) {
  if (mlirValueIsNull(b->absent)) {
    MlirType none = mlirNoneTypeGet(b->import->context);
    MlirOperation op = create(b->file, "onnx.novalue", 0, NULL, 1, &none, 0, NULL);
    mlirBlockInsertOwnedOperation(b->block, 0, op);
    b->absent = mlirOperationGetResult(op, 0);
  }
  return b->absent;
}

static void add_initializers(Builder *b) {
  OnnxImport *import = b->import;
  for (size_t i = 0; i < import->graph->n_initializer; i++) {
    if (!import->used[i])
      continue;
    char *name = import->graph->initializer[i]->name;
    AttributeList list = {0};
    MlirAttribute value = fuse_constant(import->ir, &import->tensors[i], name);
    add(import, &list, "value", value);
    add(import, &list, "initializer", mlirBoolAttrGet(import->context, true));
    add(import, &list, "output_names", names_attr(import, 1, &name));
    add_text(import, &list, "doc_string", import->graph->initializer[i]->doc_string);
    MlirType type = mlirAttributeGetType(value);
    MlirLocation loc = mlirLocationNameGet(import->context, fuse_str(name), b->file);
    MlirOperation op = create(loc, "onnx.constant", 0, NULL, 1, &type, list.n, list.items);
    mlirBlockAppendOwnedOperation(b->block, op);
    onnx_value_find(import, name)->value = mlirOperationGetResult(op, 0);
  }
}

/* Lengths of the runs of equal types, for an operator with any number of values: IRDL wants one
 * group per type. False when there are more runs than groups. */
static bool runs_of(size_t n, const MlirType *types, int32_t runs[FUSE_ONNX_GROUPS]) {
  int run = -1;
  memset(runs, 0, FUSE_ONNX_GROUPS * sizeof *runs);
  for (size_t i = 0; i < n; i++) {
    if (i == 0 || !mlirTypeEqual(types[i], types[i - 1]))
      run++;
    if (run == FUSE_ONNX_GROUPS)
      return false;
    runs[run]++;
  }
  return true;
}

static bool add_runs(OnnxImport *import, size_t node, AttributeList *list, const char *name,
                     size_t n, const MlirType *types) {
  int32_t runs[FUSE_ONNX_GROUPS];
  if (!runs_of(n, types, runs))
    return onnx_node_error(import, node,
                           "not supported yet: values of more than %d different types "
                           "in a row",
                           FUSE_ONNX_GROUPS);
  add(import, list, name, mlirDenseI32ArrayGet(import->context, FUSE_ONNX_GROUPS, runs));
  return true;
}

typedef struct Operands {
  size_t n;
  MlirValue *values;
} Operands;

/* All inputs; behind them "no value" up to the most that the operator takes. */
static Operands get_operands(Builder *b, size_t node) {
  OnnxImport *import = b->import;
  const Onnx__NodeProto *proto = import->graph->node[node];
  const FuseOnnxOp *op = import->ops[node];
  Operands operands = {.n = op->max_inputs < 0 ? proto->n_input : (size_t)op->max_inputs};
  if (op->max_inputs < 0)
    while (operands.n && !*proto->input[operands.n - 1])
      operands.n--;
  operands.values = fuse_alloc_array(&import->scratch, operands.n, sizeof *operands.values);
  for (size_t i = 0; i < operands.n; i++) {
    const char *name = i < proto->n_input ? proto->input[i] : "";
    operands.values[i] = *name ? onnx_value_find(import, name)->value : absent(b);
  }
  return operands;
}

typedef struct Results {
  size_t n;
  MlirType *types;
} Results;

/* What a Constant holds has a type even where the file doesn't repeat it. */
static MlirType constant_type(OnnxImport *import, size_t node, MlirType otherwise) {
  const OnnxAttributes *own = &import->attributes[node];
  if (strcmp(import->ops[node]->type, "Constant") == 0)
    for (intptr_t i = 0; i < own->n; i++)
      if (fuse_str_is(mlirIdentifierStr(own->attributes[i].name), "value"))
        return mlirAttributeGetType(own->attributes[i].attribute);
  return otherwise;
}

/* Types of the outputs up to the last named one. The optional ones form one IRDL group, so where
 * their types differ they are all called unknown. */
static Results get_results(OnnxImport *import, size_t node) {
  const Onnx__NodeProto *proto = import->graph->node[node];
  const FuseOnnxOp *op = import->ops[node];
  MlirType unknown = mlirTypeParseGet(import->context, fuse_str("!onnx.unknown"));
  size_t n = proto->n_output, min = (size_t)op->min_outputs;
  while (n && !*proto->output[n - 1])
    n--;
  Results results = {.n = n < min ? min : n};
  results.types = fuse_alloc_array(&import->scratch, results.n, sizeof *results.types);
  bool tail_differs = false;
  for (size_t i = 0; i < results.n; i++) {
    const char *name = i < n ? proto->output[i] : "";
    MlirType type = *name ? onnx_value_find(import, name)->type : mlirNoneTypeGet(import->context);
    results.types[i] = mlirTypeIsNull(type) ? constant_type(import, node, unknown) : type;
    if (i > min && !mlirTypeEqual(results.types[i], results.types[i - 1]))
      tail_differs = true;
  }
  if (op->max_outputs >= 0 && tail_differs)
    for (size_t i = min; i < results.n; i++)
      results.types[i] = unknown;
  return results;
}

/* What others read of a node that can't be taken. */
static void add_refused(Builder *b, size_t node) {
  OnnxImport *import = b->import;
  const Onnx__NodeProto *proto = import->graph->node[node];
  AttributeList list = {0};
  add_text(import, &list, "why", import->places[node].why);
  MlirType unknown = mlirTypeParseGet(import->context, fuse_str("!onnx.unknown"));
  for (size_t i = 0; i < proto->n_output; i++) {
    OnnxValue *value = *proto->output[i] ? onnx_value_find(import, proto->output[i]) : NULL;
    if (!value)
      continue;
    MlirType type = mlirTypeIsNull(value->type) ? unknown : value->type;
    MlirOperation op = create(onnx_node_location(import, node), "onnx.refused", 0, NULL, 1, &type,
                              list.n, list.items);
    mlirBlockAppendOwnedOperation(b->block, op);
    value->value = mlirOperationGetResult(op, 0);
  }
}

static bool add_node(Builder *b, size_t node) {
  OnnxImport *import = b->import;
  const Onnx__NodeProto *proto = import->graph->node[node];
  const FuseOnnxOp *row = import->ops[node];
  const OnnxAttributes *own = &import->attributes[node];
  AttributeList list = {0};
  Operands operands = get_operands(b, node);
  Results results = get_results(import, node);
  if (row->max_inputs < 0) {
    MlirType *types = fuse_alloc_array(&import->scratch, operands.n, sizeof *types);
    for (size_t i = 0; i < operands.n; i++)
      types[i] = mlirValueGetType(operands.values[i]);
    if (!add_runs(import, node, &list, "operandSegmentSizes", operands.n, types))
      return false;
  }
  if (row->max_outputs < 0 &&
      !add_runs(import, node, &list, "resultSegmentSizes", results.n, results.types))
    return false;
  size_t n_names = proto->n_output < results.n ? proto->n_output : results.n;
  add(import, &list, "output_names", names_attr(import, n_names, proto->output));
  add_text(import, &list, "doc_string", proto->doc_string);
  if (import->places[node].opset != import->opset) /* of a function that imports another one */
    add_int(import, &list, "opset_version", import->places[node].opset);
  MlirOperation op =
      create(onnx_node_location(import, node), row->name, (intptr_t)operands.n, operands.values,
             (intptr_t)results.n, results.types, own->n, own->attributes);
  set_all(op, &list);
  mlirBlockAppendOwnedOperation(b->block, op);
  for (size_t i = 0; i < n_names; i++)
    if (*proto->output[i])
      onnx_value_find(import, proto->output[i])->value = mlirOperationGetResult(op, (intptr_t)i);
  return true;
}

/* ---- the function ---- */

/* Graph inputs that are arguments: not those that only declare an initializer. */
static size_t list_arguments(OnnxImport *import, OnnxValue **arguments) {
  size_t n = 0;
  for (size_t i = 0; i < import->graph->n_input; i++) {
    OnnxValue *value = onnx_value_find(import, import->graph->input[i]->name);
    if (value->from == ONNX_FROM_INPUT)
      arguments[n++] = value;
  }
  return n;
}

static MlirAttribute value_names(OnnxImport *import, size_t n, OnnxValue *const *values) {
  MlirAttribute *items = fuse_alloc_array(&import->scratch, n, sizeof *items);
  for (size_t i = 0; i < n; i++)
    items[i] = text_attr(import, values[i]->name);
  return mlirArrayAttrGet(import->context, (intptr_t)n, items);
}

static void add_arguments(Builder *b, size_t n, OnnxValue *const *arguments) {
  for (size_t i = 0; i < n; i++) {
    MlirLocation loc =
        mlirLocationNameGet(b->import->context, fuse_str(arguments[i]->name), b->file);
    arguments[i]->value = mlirBlockAddArgument(b->block, arguments[i]->type, loc);
  }
}

/* Can a value of one tensor type be of the other, too? */
static bool types_agree(MlirType a, MlirType b) {
  if (!mlirTypeEqual(mlirShapedTypeGetElementType(a), mlirShapedTypeGetElementType(b)))
    return false;
  if (!mlirShapedTypeHasRank(a) || !mlirShapedTypeHasRank(b))
    return true;
  if (mlirShapedTypeGetRank(a) != mlirShapedTypeGetRank(b))
    return false;
  for (intptr_t d = 0; d < mlirShapedTypeGetRank(a); d++)
    if (!mlirShapedTypeIsDynamicDim(a, d) && !mlirShapedTypeIsDynamicDim(b, d) &&
        mlirShapedTypeGetDimSize(a, d) != mlirShapedTypeGetDimSize(b, d))
      return false;
  return true;
}

/* A graph output that is an input or an initializer: nothing computes it into the declared type. */
static bool check_output(OnnxImport *import, const OnnxValue *value) {
  if (value->from == ONNX_FROM_NODE || types_agree(mlirValueGetType(value->value), value->claimed))
    return true;
  return onnx_error(import,
                    "output '%s' is declared with another type than the %s it is; expected "
                    "the same",
                    onnx_shown(import, value->name),
                    value->from == ONNX_FROM_INPUT ? "input" : "initializer");
}

/* All of the block; the function's result types. False after an error. */
static bool fill(Builder *b, size_t n_arguments, OnnxValue *const *arguments, size_t n_results,
                 OnnxValue *const *outputs, MlirType *result_types) {
  OnnxImport *import = b->import;
  bool ok = true;
  add_arguments(b, n_arguments, arguments);
  add_initializers(b);
  for (size_t i = 0; i < import->n_order; i++)
    if (import->places[import->order[i]].refused)
      add_refused(b, import->order[i]);
    else
      ok = add_node(b, import->order[i]) && ok;
  MlirValue *results = fuse_alloc_array(&import->scratch, n_results, sizeof *results);
  for (size_t i = 0; ok && i < n_results; i++) {
    results[i] = outputs[i]->value;
    result_types[i] = mlirValueGetType(results[i]);
    ok = check_output(import, outputs[i]);
  }
  if (ok)
    mlirBlockAppendOwnedOperation(
        b->block, create(b->file, "func.return", (intptr_t)n_results, results, 0, NULL, 0, NULL));
  return ok;
}

MlirModule onnx_build(OnnxImport *import) {
  const Onnx__GraphProto *graph = import->graph;
  MlirContext context = import->context;
  MlirLocation file = mlirLocationFileLineColGet(context, fuse_str(import->file_name), 0, 1);
  MlirModule module = mlirModuleCreateEmpty(file);
  Builder b = {.import = import, .file = file, .block = mlirBlockCreate(0, NULL, NULL)};
  OnnxValue **arguments = fuse_alloc_array(&import->scratch, graph->n_input, sizeof *arguments);
  OnnxValue **outputs = fuse_alloc_array(&import->scratch, graph->n_output, sizeof *outputs);
  MlirType *argument_types =
      fuse_alloc_array(&import->scratch, graph->n_input, sizeof *argument_types);
  MlirType *result_types =
      fuse_alloc_array(&import->scratch, graph->n_output, sizeof *result_types);
  size_t n_arguments = list_arguments(import, arguments);
  for (size_t i = 0; i < n_arguments; i++)
    argument_types[i] = arguments[i]->type;
  for (size_t i = 0; i < graph->n_output; i++)
    outputs[i] = onnx_value_find(import, graph->output[i]->name);

  describe_model(import, module);
  MlirRegion body = mlirRegionCreate();
  mlirRegionAppendOwnedBlock(body, b.block);
  bool ok = fill(&b, n_arguments, arguments, graph->n_output, outputs, result_types);
  AttributeList list = {0};
  MlirType type = mlirFunctionTypeGet(context, (intptr_t)n_arguments, argument_types,
                                      ok ? (intptr_t)graph->n_output : 0, result_types);
  add(import, &list, "sym_name", text_attr(import, "main"));
  add(import, &list, "function_type", mlirTypeAttrGet(type));
  add(import, &list, "fuse.inputs", value_names(import, n_arguments, arguments));
  add(import, &list, "fuse.outputs", value_names(import, graph->n_output, outputs));
  MlirOperationState state = mlirOperationStateGet(fuse_str("func.func"), file);
  mlirOperationStateAddAttributes(&state, list.n, list.items);
  mlirOperationStateAddOwnedRegions(&state, 1, &body);
  mlirBlockAppendOwnedOperation(mlirModuleGetBody(module), mlirOperationCreate(&state));
  if (!ok) {
    mlirModuleDestroy(module);
    return (MlirModule){NULL};
  }
  return module;
}
