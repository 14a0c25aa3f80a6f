// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/* import.c - an ONNX graph as the onnx dialect (include/fuse/onnx.h says what comes out).
 *
 * needs: a file that read.c unpacked; nothing in it is trusted
 * gives: a verified module, or printed errors: every node that can't be taken, every input without
 *        a size
 * source: ONNX's docs/IR.md
 */
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "fuse/onnx.h"
#include "import_private.h"

/* ---- small things ---- */

const char *onnx_text(const char *s) {
  return s ? s : ""; /* protobuf-c's absent string */
}

const char *onnx_shown(OnnxImport *import, const char *name) {
  FuseText text = {0};
  fuse_text_escaped(&text, name, strlen(name));
  const char *shown = fuse_strdup(&import->scratch, text.data ? text.data : "");
  fuse_text_fini(&text);
  return shown;
}

bool onnx_error(OnnxImport *import, const char *format, ...) {
  va_list args;
  va_start(args, format);
  /* Of the file as a whole, by its whole path: nodes go by its name. */
  fuse_loc_error(mlirLocationFileLineColGet(import->context, fuse_str(import->model.path), 0, 1),
                 "%s", fuse_vformat(&import->scratch, format, args));
  va_end(args);
  import->n_errors++;
  return false;
}

bool onnx_node_damaged(OnnxImport *import, size_t node, const char *format, ...) {
  va_list args;
  va_start(args, format);
  const char *message = fuse_vformat(&import->scratch, format, args);
  va_end(args);
  const Onnx__NodeProto *proto = import->graph->node[node];
  const char *name = onnx_shown(import, import->places[node].name);
  fuse_loc_error(onnx_node_location(import, node), "'%s' (%s): %s", name,
                 onnx_shown(import, onnx_text(proto->op_type)), message);
  import->n_errors++;
  import->places[node].refused = true;
  return false;
}

bool onnx_node_error(OnnxImport *import, size_t node, const char *format, ...) {
  OnnxPlace *place = &import->places[node];
  va_list args;
  va_start(args, format);
  const char *message = fuse_vformat(&import->scratch, format, args);
  va_end(args);
  if (!place->in_branch)
    return onnx_node_damaged(import, node, "%s", message);
  if (!place->refused) /* the first reason */
    place->why = message;
  place->refused = true;
  return false;
}

MlirLocation onnx_node_location(OnnxImport *import, size_t node) {
  return fuse_loc_node(import->context, import->file_name, (int)import->places[node].origin,
                       import->places[node].name, onnx_text(import->graph->node[node]->op_type));
}

/* ---- names of values ---- */

static int compare_value(const void *a, const void *b) {
  const OnnxValue *x = a, *y = b;
  int order = strcmp(x->name, y->name);
  if (order)
    return order;
  return x->order < y->order ? -1 : x->order > y->order;
}

static int compare_name(const void *name, const void *value) {
  return strcmp(name, ((const OnnxValue *)value)->name);
}

OnnxValue *onnx_value_find(OnnxImport *import, const char *name) {
  if (import->n_values == 0)
    return NULL;
  return bsearch(name, import->values, import->n_values, sizeof *import->values, compare_name);
}

static const char *where_from(OnnxImport *import, const OnnxValue *value) {
  switch (value->from) {
  case ONNX_FROM_INITIALIZER: return "an initializer";
  case ONNX_FROM_INPUT: return "a graph input";
  case ONNX_FROM_NODE: return fuse_format(&import->scratch, "node %zu", value->index);
  }
  return "";
}

static void add_value(OnnxImport *import, const char *name, OnnxFrom from, size_t index,
                      size_t output) {
  size_t n = import->n_values;
  import->values[n] =
      (OnnxValue){.name = name, .from = from, .index = index, .output = output, .order = n};
  import->n_values++;
}

/* Drop graph inputs that are only the declaration of an initializer; refuse other doubles. */
static bool merge_values(OnnxImport *import) {
  size_t kept = 0, errors = import->n_errors;
  for (size_t i = 0; i < import->n_values; i++) {
    OnnxValue *value = &import->values[i], *before = kept ? &import->values[kept - 1] : NULL;
    if (!before || strcmp(before->name, value->name) != 0) {
      import->values[kept++] = *value;
      continue;
    }
    if (before->from == ONNX_FROM_INITIALIZER && value->from == ONNX_FROM_INPUT)
      continue;
    onnx_error(import, "value '%s' comes from %s and from %s; expected one origin",
               onnx_shown(import, value->name), where_from(import, before),
               where_from(import, value));
  }
  import->n_values = kept;
  return import->n_errors == errors;
}

/* All values of the graph, sorted by name. Initializers are added first, so they precede an input
 * of the same name. */
static bool collect_values(OnnxImport *import) {
  const Onnx__GraphProto *graph = import->graph;
  size_t errors = import->n_errors;
  size_t n = graph->n_initializer + graph->n_input;
  for (size_t i = 0; i < graph->n_node; i++)
    n += graph->node[i]->n_output;
  import->values = fuse_alloc_array(&import->scratch, n, sizeof *import->values);
  for (size_t i = 0; i < graph->n_initializer; i++)
    if (*onnx_text(graph->initializer[i]->name))
      add_value(import, graph->initializer[i]->name, ONNX_FROM_INITIALIZER, i, 0);
    else
      onnx_error(import, "initializer %zu has no name; expected one", i);
  for (size_t i = 0; i < graph->n_input; i++)
    if (*onnx_text(graph->input[i]->name))
      add_value(import, graph->input[i]->name, ONNX_FROM_INPUT, i, 0);
    else
      onnx_error(import, "graph input %zu has no name; expected one", i);
  for (size_t i = 0; i < graph->n_node; i++)
    for (size_t k = 0; k < graph->node[i]->n_output; k++)
      if (*graph->node[i]->output[k])
        add_value(import, graph->node[i]->output[k], ONNX_FROM_NODE, i, k);
  if (import->n_values > 1)
    qsort(import->values, import->n_values, sizeof *import->values, compare_value);
  return merge_values(import) && import->n_errors == errors;
}

/* ---- names of nodes ---- */

typedef struct NodeName {
  const char *name;
  size_t node;
} NodeName;

static int compare_node_name(const void *a, const void *b) {
  const NodeName *x = a, *y = b;
  int order = strcmp(x->name, y->name);
  if (order)
    return order;
  return x->node < y->node ? -1 : x->node > y->node;
}

static int compare_node_key(const void *name, const void *node) {
  return strcmp(name, ((const NodeName *)node)->name);
}

/* No name: <op_type>_<index>. A name that stood before: #<index> behind it, again until no node of
 * the file is called so. */
static void name_nodes(OnnxImport *import) {
  const Onnx__GraphProto *graph = import->graph;
  size_t n = graph->n_node;
  import->places = fuse_alloc_array(&import->scratch, n, sizeof *import->places);
  NodeName *sorted = fuse_alloc_array(&import->scratch, n, sizeof *sorted);
  for (size_t i = 0; i < n; i++) {
    const char *name = onnx_text(graph->node[i]->name);
    if (!*name)
      name = fuse_format(&import->scratch, "%s_%zu", onnx_text(graph->node[i]->op_type), i);
    import->places[i] = (OnnxPlace){.name = name, .origin = i, .opset = import->opset};
    sorted[i] = (NodeName){name, i};
  }
  if (n > 1)
    qsort(sorted, n, sizeof *sorted, compare_node_name);
  for (size_t i = 1; i < n; i++) {
    if (strcmp(sorted[i - 1].name, sorted[i].name) != 0)
      continue;
    const char *name = sorted[i].name;
    do
      name = fuse_format(&import->scratch, "%s#%zu", name, sorted[i].node);
    while (bsearch(name, sorted, n, sizeof *sorted, compare_node_key));
    import->places[sorted[i].node].name = name;
  }
}

/* ---- the model around the graph ---- */

/* The default domain has two spellings. */
const char *onnx_domain(const char *domain) {
  domain = onnx_text(domain);
  return *domain ? domain : "ai.onnx";
}

enum { MAX_OPSETS = 256, NEWEST_IR_VERSION = 14 };

/* Semantics change at few versions, so a newer one is tried. Said once for the whole model. */
static void warn_newer(OnnxImport *import, int64_t version) {
  if (!import->newer_opset)
    fuse_diag_say(
        FUSE_WARNING, import->model.path,
        "opset version %lld is newer than %d, the newest known; operators are taken as of "
        "that one",
        (long long)version, FUSE_ONNX_NEWEST_OPSET);
  import->newer_opset = true;
}

bool onnx_opset(OnnxImport *import, const char *whose, size_t n,
                Onnx__OperatorSetIdProto *const *list, int *opset) {
  if (n > MAX_OPSETS)
    return onnx_error(import, "%s%zu entries in opset_import; expected at most %d", whose, n,
                      MAX_OPSETS);
  for (size_t i = 0; i < n; i++) {
    const char *domain = onnx_domain(list[i]->domain);
    int64_t version = list[i]->version;
    for (size_t k = 0; k < i; k++)
      if (strcmp(domain, onnx_domain(list[k]->domain)) == 0)
        return onnx_error(import, "%sopset_import names domain '%s' twice; expected it once", whose,
                          onnx_shown(import, domain));
    if (strcmp(domain, "ai.onnx") != 0)
      continue;
    if (version < 1)
      return onnx_error(import, "%sopset version %lld; expected 1 to %d", whose, (long long)version,
                        FUSE_ONNX_NEWEST_OPSET);
    if (version > FUSE_ONNX_NEWEST_OPSET)
      warn_newer(import, version);
    *opset = (int)fuse_min(version, FUSE_ONNX_NEWEST_OPSET);
  }
  return true;
}

static bool check_model(OnnxImport *import) {
  const Onnx__ModelProto *proto = import->model.proto;
  if (!proto->graph)
    return onnx_error(import, "no graph in the file; expected an ONNX model");
  import->graph = proto->graph;
  if (!proto->has_ir_version || proto->ir_version < 1)
    return onnx_error(import, "no ir_version in the file; expected an ONNX model");
  if (proto->ir_version > NEWEST_IR_VERSION)
    fuse_diag_say(
        FUSE_WARNING, import->model.path,
        "ir_version %lld is newer than %d, the newest known; the file is taken as of that "
        "one",
        (long long)proto->ir_version, NEWEST_IR_VERSION);
  if (proto->ir_version < 3 && proto->n_opset_import == 0)
    import->opset = 1; /* what a file means that is older than opset_import */
  if (proto->n_training_info)
    return onnx_error(import, "not supported yet: training_info");
  if (proto->graph->n_sparse_initializer) {
    const Onnx__TensorProto *values = proto->graph->sparse_initializer[0]->values;
    return onnx_error(import, "not supported yet: sparse_initializer '%s'",
                      onnx_shown(import, onnx_text(values ? values->name : NULL)));
  }
  if (proto->graph->n_node > INT_MAX)
    return onnx_error(import, "%zu nodes; expected fewer than 2^31", proto->graph->n_node);
  if (proto->graph->n_quantization_annotation)
    fuse_diag_say(
        FUSE_WARNING, import->model.path,
        "GraphProto.quantization_annotation (%zu found) is left out: it doesn't belong to "
        "the computation",
        proto->graph->n_quantization_annotation);
  return onnx_opset(import, "", proto->n_opset_import, proto->opset_import, &import->opset);
}

/* ---- nodes: can they be taken? ---- */

/* What may help where an operator isn't known. */
static const char *advice(const char *domain) {
  return strcmp(domain, "com.microsoft.nchwc") == 0
             ? "; ONNX Runtime wrote the file for one processor, at the level 'all': expected "
               "'extended' or less"
             : "";
}

/* The table row of a node, or an error. */
static const FuseOnnxOp *check_operator(OnnxImport *import, size_t i) {
  const Onnx__NodeProto *node = import->graph->node[i];
  const char *type = onnx_text(node->op_type), *domain = onnx_domain(node->domain);
  size_t at = 0, n_overload = 0;
  bool overloaded =
      onnx_newer_field(&node->base, ONNX_NODE_OVERLOAD, &at, &n_overload) && n_overload;
  bool standard = strcmp(domain, "ai.onnx") == 0 && !overloaded;
  const FuseOnnxOp *op = standard ? fuse_onnx_op_find(type) : NULL;
  if (!*type)
    onnx_node_error(import, i, "the node has no op_type; expected one");
  else if (!op)
    onnx_node_error(import, i, "not supported yet: operator %s%s%s%s%s",
                    standard ? "" : onnx_shown(import, domain), standard ? "" : ".",
                    onnx_shown(import, type), overloaded ? " with an overload" : "",
                    advice(domain));
  else if (!import->places[i].opset)
    onnx_node_error(import, i,
                    "the file's opset_import doesn't name the default domain; expected "
                    "its version");
  else if (op->since > import->places[i].opset)
    onnx_node_error(import, i,
                    "the file imports opset %d; expected %d or later, which has this "
                    "operator",
                    import->places[i].opset, op->since);
  else
    return op;
  return NULL;
}

/* Number of names up to the last that isn't empty. */
static size_t n_named(char *const *names, size_t n) {
  while (n && !*names[n - 1])
    n--;
  return n;
}

static bool check_inputs(OnnxImport *import, size_t i, const FuseOnnxOp *op) {
  const Onnx__NodeProto *node = import->graph->node[i];
  size_t n = n_named(node->input, node->n_input), errors = import->n_errors;
  if (op->max_inputs >= 0 && n > (size_t)op->max_inputs)
    onnx_node_error(import, i, "%zu inputs; expected at most %d", n, op->max_inputs);
  else if (n < (size_t)op->min_inputs)
    onnx_node_error(import, i, "%zu inputs; expected at least %d", n, op->min_inputs);
  for (size_t k = 0; k < n; k++) {
    const char *name = node->input[k];
    if (!*name && (op->max_inputs < 0 || k < (size_t)op->min_inputs))
      onnx_node_error(import, i, "input %zu has no name; expected a value", k);
    else if (*name && !onnx_value_find(import, name))
      onnx_node_damaged(import, i,
                        "input %zu is '%s'; expected a graph input, an initializer or an "
                        "output of a node",
                        k, onnx_shown(import, name));
  }
  return import->n_errors == errors;
}

static bool check_outputs(OnnxImport *import, size_t i, const FuseOnnxOp *op) {
  const Onnx__NodeProto *node = import->graph->node[i];
  size_t n = n_named(node->output, node->n_output);
  if (n == 0)
    return onnx_node_error(import, i, "no outputs; expected at least one");
  if (op->max_outputs >= 0 && n > (size_t)op->max_outputs)
    return onnx_node_error(import, i, "%zu outputs; expected at most %d", n, op->max_outputs);
  return true;
}

static void check_nodes(OnnxImport *import) {
  size_t n = import->graph->n_node;
  import->ops = fuse_alloc_array(&import->scratch, n, sizeof *import->ops);
  import->attributes = fuse_alloc_array(&import->scratch, n, sizeof *import->attributes);
  for (size_t i = 0; i < n; i++) {
    import->ops[i] = import->places[i].refused ? NULL : check_operator(import, i);
    if (!import->ops[i])
      continue;
    check_inputs(import, i, import->ops[i]);
    check_outputs(import, i, import->ops[i]);
    onnx_attributes(import, i);
  }
}

/* ---- the order of nodes ---- */

enum { NEW, OPEN, DONE };

typedef struct Frame {
  size_t node, next_input;
} Frame;

/* The next input of the frame's node that a node makes which isn't done yet; false behind the last.
 */
static bool next_producer(OnnxImport *import, Frame *frame, const uint8_t *state, size_t *producer,
                          const char **name) {
  const Onnx__NodeProto *node = import->graph->node[frame->node];
  while (frame->next_input < node->n_input) {
    *name = node->input[frame->next_input++];
    const OnnxValue *value = **name ? onnx_value_find(import, *name) : NULL;
    if (value && value->from == ONNX_FROM_NODE && state[value->index] != DONE) {
      *producer = value->index;
      return true;
    }
  }
  return false;
}

/* Behind import->order: a node that is new, and before it those it reads. */
static bool order_node(OnnxImport *import, size_t first, uint8_t *state, Frame *stack) {
  size_t depth = 0;
  if (state[first] == NEW)
    stack[depth++] = (Frame){first, 0}, state[first] = OPEN;
  while (depth) {
    size_t producer;
    const char *name;
    if (!next_producer(import, &stack[depth - 1], state, &producer, &name)) {
      size_t node = stack[--depth].node;
      state[node] = DONE;
      import->order[import->n_order++] = node;
    } else if (state[producer] == OPEN) {
      return onnx_node_damaged(import, stack[depth - 1].node,
                               "its input '%s' depends on its own output; expected a graph without "
                               "cycles",
                               onnx_shown(import, name));
    } else {
      stack[depth++] = (Frame){producer, 0}, state[producer] = OPEN;
    }
  }
  return true;
}

/* import->order: every node behind those it reads; the file's order where that is one already.
 * Nodes of branches that nobody reads are looked at, but aren't in it: whether they are supported
 * doesn't matter. */
static bool order_nodes(OnnxImport *import) {
  size_t n = import->graph->n_node;
  uint8_t *state = fuse_alloc(&import->scratch, n);
  Frame *stack = fuse_alloc_array(&import->scratch, n, sizeof *stack);
  import->order = fuse_alloc_array(&import->scratch, n, sizeof *import->order);
  for (size_t i = 0; i < n; i++)
    if (!import->places[i].in_branch && !order_node(import, i, state, stack))
      return false;
  const size_t n_read = import->n_order;
  for (size_t i = 0; i < n; i++)
    if (!order_node(import, i, state, stack))
      return false;
  import->n_order = n_read;
  return true;
}

/* ---- initializers ---- */

static void mark_used(OnnxImport *import, const char *name) {
  OnnxValue *value = *name ? onnx_value_find(import, name) : NULL;
  if (value && value->from == ONNX_FROM_INITIALIZER)
    import->used[value->index] = true;
}

/* 4-bit integers are unpacked to bytes, which no other operator may take for what they are. */
static void check_packed(OnnxImport *import, size_t node, size_t input) {
  const Onnx__NodeProto *proto = import->graph->node[node];
  const OnnxValue *value =
      *proto->input[input] ? onnx_value_find(import, proto->input[input]) : NULL;
  if (!value || value->from != ONNX_FROM_INITIALIZER)
    return;
  int type = import->graph->initializer[value->index]->data_type;
  bool dequantized = strcmp(onnx_text(proto->op_type), "DequantizeLinear") == 0 && input != 1;
  char buffer[24];
  if (onnx_is_packed(type) && !dequantized)
    onnx_node_error(import, node,
                    "not supported yet: input %zu is an initializer of element type %s; expected "
                    "DequantizeLinear to read it",
                    input, onnx_dtype_name(type, buffer));
}

/* Find out which initializers are read, and look at their data. */
static bool read_initializers(OnnxImport *import) {
  const Onnx__GraphProto *graph = import->graph;
  size_t errors = import->n_errors;
  import->used = fuse_alloc(&import->scratch, graph->n_initializer);
  import->tensors =
      fuse_alloc_array(&import->scratch, graph->n_initializer, sizeof *import->tensors);
  for (size_t i = 0; i < graph->n_node; i++)
    for (size_t k = 0; k < graph->node[i]->n_input; k++) {
      mark_used(import, graph->node[i]->input[k]);
      check_packed(import, i, k);
    }
  for (size_t i = 0; i < graph->n_output; i++)
    mark_used(import, onnx_text(graph->output[i]->name));
  for (size_t i = 0; i < graph->n_initializer; i++) {
    FuseDiag diag = {0};
    if (i >= import->first_given)
      import->tensors[i] = import->given[i - import->first_given];
    else if (import->used[i] &&
             !onnx_tensor_get(&import->model, graph->initializer[i], &import->tensors[i], &diag))
      onnx_error(import, "initializer '%s': %s", onnx_shown(import, graph->initializer[i]->name),
                 diag.message);
  }
  return import->n_errors == errors;
}

/* ---- entry ---- */

static MlirModule import_model(OnnxImport *import) {
  FuseDiag diag = {0};
  MlirModule none = {NULL};
  if (!onnx_read(&import->model, &diag)) {
    fuse_diag_print(&diag);
    return none;
  }
  if (!check_model(import))
    return none;
  if (!onnx_take_values(import))
    return none;
  name_nodes(import);
  if (!onnx_inline(import) || !collect_values(import))
    return none;
  /* All of these speak before the import gives up. */
  check_nodes(import);
  bool nodes = import->n_errors == 0, types = onnx_types(import), data = read_initializers(import);
  if (!types || !data || !order_nodes(import) || (!nodes && !import->options->keep_refused))
    return none;
  MlirModule module = onnx_build(import);
  if (!mlirModuleIsNull(module) &&
      mlirLogicalResultIsFailure(fuse_verify(mlirModuleGetOperation(module)))) {
    mlirModuleDestroy(module);
    return none;
  }
  return module;
}

static const char *base_name(const char *path) {
  const char *slash = strrchr(path, '/');
  return slash ? slash + 1 : path;
}

MlirModule fuse_onnx_import_bytes(FuseIr *ir, const FuseFile *owned_file, const char *path,
                                  const FuseOnnxOptions *options) {
  OnnxImport import = {.ir = ir,
                       .context = fuse_ir_context(ir),
                       .options = options,
                       .file_name = strcmp(path, "-") == 0 ? "<stdin>" : base_name(path)};
  import.model = (OnnxModel){.path = strcmp(path, "-") == 0 ? "<stdin>" : path,
                             .folder_known = strcmp(path, "-") != 0,
                             .file = *owned_file,
                             .scratch = &import.scratch,
                             .keep = fuse_ir_arena(ir)};
  fuse_ir_keep_file(ir, owned_file);
  MlirModule module = import_model(&import);
  FuseFile external;
  while (onnx_next_external(&import.model, &external))
    fuse_ir_keep_file(ir, &external);
  fuse_arena_fini(&import.scratch);
  fuse_ir_print_rest(ir);
  return module;
}

MlirModule fuse_onnx_import(FuseIr *ir, const char *path, const FuseOnnxOptions *options) {
  FuseDiag diag = {0};
  FuseFile file;
  if (!fuse_file_open(path, &file, &diag)) {
    fuse_diag_print(&diag);
    return (MlirModule){NULL};
  }
  return fuse_onnx_import_bytes(ir, &file, path, options);
}
