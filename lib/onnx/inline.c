// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/* inline.c - a graph without calls: each is replaced by the nodes of its function.
 *
 *   y = Own(x)  "call"      function Own(a) -> b:  t = Relu(a) "first";  b = Abs(t) "last"
 *     ==>
 *   call/t = Relu(x)  "call/first"
 *   y = Abs(call/t)   "call/last"
 *
 * needs: a checked file, places of its nodes
 * gives: import->graph with other nodes; the place of each
 * source: ONNX's docs/IR.md, Functions
 */
#include <stdlib.h>
#include <string.h>

#include "inline_private.h"

enum {
  MAX_CALLS = 64,       /* one in the other */
  MAX_ATTRIBUTES = 256, /* of a function: they are looked for one by one */
  BUDGET_MIB = 64,      /* that calls may add to the model, beside BUDGET_TIMES the file */
  BUDGET_TIMES = 4,     /* so that a small file can't become any number of nodes */
};

/* ---- the model's functions ---- */

/* What a node names, and a function is found by. */
typedef struct Key {
  const char *type, *domain, *overload;
  size_t n_overload; /* bytes */
} Key;

struct Own {
  Key key;
  const Onnx__FunctionProto *proto;
  OnnxFunction function;
  int n_open; /* calls that are being replaced */
  OnnxSize size;
};

static Key key_of(const char *type, const char *domain, const ProtobufCMessage *message,
                  uint32_t overload_field) {
  Key key = {.type = onnx_text(type), .domain = onnx_domain(domain), .overload = ""};
  size_t at = 0;
  const uint8_t *overload = onnx_newer_field(message, overload_field, &at, &key.n_overload);
  if (overload)
    key.overload = (const char *)overload;
  return key;
}

static int compare_keys(const Key *x, const Key *y) {
  int order = strcmp(x->type, y->type);
  if (order == 0)
    order = strcmp(x->domain, y->domain);
  if (order == 0 && x->n_overload != y->n_overload)
    return x->n_overload < y->n_overload ? -1 : 1;
  return order ? order : memcmp(x->overload, y->overload, x->n_overload);
}

static int compare_owns(const void *a, const void *b) {
  return compare_keys(&((const Own *)a)->key, &((const Own *)b)->key);
}

static int compare_key(const void *key, const void *own) {
  return compare_keys(key, &((const Own *)own)->key);
}

static OnnxSize measure(const OnnxFunction *function) {
  OnnxSize size = {.fixed_bytes = ONNX_NODE_BYTES,
                   .n_names = function->n_inputs + function->n_outputs};
  onnx_measure_nodes(function->n_nodes, function->nodes, &size);
  size.fixed_bytes += ONNX_PIECE_BYTES * size.n_names;
  return size;
}

static bool read_defaults(Inliner *in, Own *own) {
  size_t at = 0, n = own->proto->base.n_unknown_fields, size_bytes;
  OnnxFunction *function = &own->function;
  function->defaults = fuse_alloc_array(in->arena, n, sizeof(Onnx__AttributeProto *));
  for (const uint8_t *bytes;
       (bytes = onnx_newer_field(&own->proto->base, ONNX_FUNCTION_DEFAULT, &at, &size_bytes));) {
    Onnx__AttributeProto *attribute = onnx_unpack_attribute(in->arena, bytes, size_bytes);
    if (!attribute)
      return onnx_error(in->import,
                        "function %s: protobuf-c can't unpack its attribute_proto; "
                        "expected an attribute",
                        function->shown);
    function->defaults[function->n_defaults++] = attribute;
  }
  return true;
}

static bool read_function(Inliner *in, Own *own) {
  const Onnx__FunctionProto *proto = own->proto;
  const char *shown = fuse_format(in->arena, "%s.%s", onnx_shown(in->import, own->key.domain),
                                  onnx_shown(in->import, own->key.type));
  own->function = (OnnxFunction){.shown = shown,
                                 .n_inputs = proto->n_input,
                                 .n_outputs = proto->n_output,
                                 .n_attributes = proto->n_attribute,
                                 .n_nodes = proto->n_node,
                                 .inputs = proto->input,
                                 .outputs = proto->output,
                                 .attributes = proto->attribute,
                                 .nodes = proto->node};
  own->size = measure(&own->function);
  if (proto->n_attribute + proto->base.n_unknown_fields > MAX_ATTRIBUTES)
    return onnx_error(in->import, "function %s has %zu attributes; expected at most %d", shown,
                      proto->n_attribute + proto->base.n_unknown_fields, MAX_ATTRIBUTES);
  return read_defaults(in, own) &&
         onnx_opset(in->import, fuse_format(in->arena, "function %s: ", shown),
                    proto->n_opset_import, proto->opset_import, &own->function.opset);
}

static bool read_functions(Inliner *in) {
  const Onnx__ModelProto *model = in->import->model.proto;
  bool ok = true;
  in->owns = fuse_alloc_array(in->arena, model->n_functions, sizeof *in->owns);
  in->n_owns = model->n_functions;
  for (size_t i = 0; i < in->n_owns; i++) {
    Onnx__FunctionProto *proto = model->functions[i];
    in->owns[i].proto = proto;
    in->owns[i].key = key_of(proto->name, proto->domain, &proto->base, ONNX_FUNCTION_OVERLOAD);
    ok = read_function(in, &in->owns[i]) && ok;
  }
  if (in->n_owns > 1)
    qsort(in->owns, in->n_owns, sizeof *in->owns, compare_owns);
  for (size_t i = 1; i < in->n_owns; i++)
    if (compare_owns(&in->owns[i - 1], &in->owns[i]) == 0)
      ok = onnx_error(in->import, "function %s is there twice; expected it once",
                      in->owns[i].function.shown);
  return ok;
}

static Own *find_own(const Inliner *in, const Onnx__NodeProto *node) {
  if (!in->n_owns)
    return NULL;
  Key key = key_of(node->op_type, node->domain, &node->base, ONNX_NODE_OVERLOAD);
  return bsearch(&key, in->owns, in->n_owns, sizeof *in->owns, compare_key);
}

/* ---- the nodes that come out ---- */

size_t onnx_inline_append(Inliner *in, Onnx__NodeProto *node, const OnnxPlace *place) {
  OnnxImport *import = in->import;
  size_t n = in->graph->n_node;
  in->graph->node =
      fuse_grow(in->arena, in->graph->node, n, &in->nodes_capacity, n + 1, sizeof node);
  import->places =
      fuse_grow(in->arena, import->places, n, &in->places_capacity, n + 1, sizeof *import->places);
  in->graph->node[n] = node;
  import->places[n] = *place;
  return in->graph->n_node++;
}

OnnxPlace onnx_inline_place(Inliner *in, const Scope *scope, const char *name) {
  OnnxPlace place = scope->place;
  place.name = onnx_names_new(in->arena, &in->nodes, scope->prefix, name);
  return place;
}

/* ---- one call ---- */

/* All names of the function that node calls. An input that isn't given is "" outside; values that
 * only the function sees get new names. */
static void bind_names(Inliner *in, Scope *scope) {
  const OnnxFunction *f = scope->function;
  const Onnx__NodeProto *node = scope->call;
  size_t n = f->n_inputs + f->n_outputs;
  for (size_t i = 0; i < f->n_nodes; i++)
    n += f->nodes[i]->n_output;
  scope->names = fuse_alloc_array(in->arena, n, sizeof *scope->names);
  for (size_t i = 0; i < f->n_inputs; i++)
    onnx_scope_add(scope, f->inputs[i], i < node->n_input ? node->input[i] : "", 0);
  for (size_t i = 0; i < f->n_outputs; i++)
    onnx_scope_add(scope, f->outputs[i],
                   i < node->n_output && *node->output[i] ? node->output[i] : NULL, 0);
  for (size_t i = 0; i < f->n_nodes; i++)
    for (size_t k = 0; k < f->nodes[i]->n_output; k++)
      if (*f->nodes[i]->output[k])
        onnx_scope_add(scope, f->nodes[i]->output[k], NULL, i + 1);
  (void)onnx_scope_sort(scope);
  for (size_t i = 0; i < scope->n_names; i++)
    if (!scope->names[i].outer)
      scope->names[i].outer =
          onnx_names_new(in->arena, &in->values, scope->prefix, scope->names[i].inner);
}

char *onnx_outer_name(Inliner *in, const Scope *scope, const char *inner) {
  if (!*inner)
    return fuse_strdup(in->arena, "");
  for (const Scope *s = scope; s; s = s->around) {
    const Rename *rename = onnx_scope_find(s, inner);
    if (rename)
      return fuse_strdup(in->arena, rename->outer);
  }
  return onnx_names_new(in->arena, &in->values, scope->prefix, inner);
}

static char **outer_names(Inliner *in, const Scope *scope, size_t n, char *const *inner) {
  char **outer = fuse_alloc_array(in->arena, n, sizeof *outer);
  for (size_t i = 0; i < n; i++)
    outer[i] = onnx_outer_name(in, scope, inner[i]);
  return outer;
}

static Onnx__AttributeProto *find_attribute(size_t n, Onnx__AttributeProto *const *attributes,
                                            const char *name) {
  for (size_t i = 0; i < n; i++)
    if (strcmp(onnx_text(attributes[i]->name), name) == 0)
      return attributes[i];
  return NULL;
}

/* The attribute that stands for a reference; NULL: the call doesn't give it, and there is no
 * default. A graph stays where it is: its names are the caller's. */
static Onnx__AttributeProto *dereference(Inliner *in, const Scope *scope, Onnx__AttributeProto *a) {
  const char *name = onnx_text(a->ref_attr_name);
  if (!*name || !scope->function)
    return a;
  Onnx__AttributeProto *given =
      find_attribute(scope->call->n_attribute, scope->call->attribute, name);
  if (!given)
    given = find_attribute(scope->function->n_defaults, scope->function->defaults, name);
  if (!given)
    return NULL;
  if (given->g || given->n_graphs)
    return a;
  Onnx__AttributeProto *copy = fuse_memdup(in->arena, given, sizeof *given);
  copy->name = a->name;
  return copy;
}

/* A node of the function or branch as it stands outside. */
static Onnx__NodeProto *instantiate(Inliner *in, const Scope *scope, const Onnx__NodeProto *inner) {
  Onnx__NodeProto *node = fuse_memdup(in->arena, inner, sizeof *inner);
  node->input = outer_names(in, scope, inner->n_input, inner->input);
  node->output = outer_names(in, scope, inner->n_output, inner->output);
  node->attribute = fuse_alloc_array(in->arena, inner->n_attribute, sizeof *node->attribute);
  node->n_attribute = 0;
  for (size_t i = 0; i < inner->n_attribute; i++) {
    Onnx__AttributeProto *a = dereference(in, scope, inner->attribute[i]);
    if (a)
      node->attribute[node->n_attribute++] = a;
  }
  return node;
}

/* An output of the function that isn't its own value: an input, or an output once more. */
static void add_identities(Inliner *in, const Scope *scope) {
  const OnnxFunction *f = scope->function;
  for (size_t i = 0; i < f->n_outputs && i < scope->call->n_output; i++) {
    char *wanted = scope->call->output[i], *made = onnx_outer_name(in, scope, f->outputs[i]);
    if (!*wanted || strcmp(wanted, made) == 0)
      continue;
    Onnx__NodeProto *node = fuse_alloc(in->arena, sizeof *node);
    onnx__node_proto__init(node);
    node->op_type = fuse_strdup(in->arena, "Identity");
    node->n_input = node->n_output = 1;
    node->input = fuse_memdup(in->arena, &made, sizeof made);
    node->output = fuse_memdup(in->arena, &wanted, sizeof wanted);
    OnnxPlace place = onnx_inline_place(in, scope, "Identity");
    place.opset = f->opset ? f->opset : 1;
    onnx_inline_append(in, node, &place);
  }
}

/* ---- may it be replaced? ---- */

static bool has_attribute(const OnnxFunction *f, const char *name) {
  for (size_t i = 0; i < f->n_attributes; i++)
    if (strcmp(f->attributes[i], name) == 0)
      return true;
  return find_attribute(f->n_defaults, f->defaults, name);
}

static bool check_call(OnnxImport *import, size_t i, const OnnxFunction *f) {
  const Onnx__NodeProto *node = import->graph->node[i];
  if (node->n_input > f->n_inputs)
    return onnx_node_error(import, i, "%zu inputs; expected at most %zu, as function %s has",
                           node->n_input, f->n_inputs, f->shown);
  if (node->n_output > f->n_outputs)
    return onnx_node_error(import, i, "%zu outputs; expected at most %zu, as function %s has",
                           node->n_output, f->n_outputs, f->shown);
  if (node->n_attribute > f->n_attributes + f->n_defaults)
    return onnx_node_error(import, i, "%zu attributes; expected at most %zu, as function %s has",
                           node->n_attribute, f->n_attributes + f->n_defaults, f->shown);
  for (size_t k = 0; k < node->n_attribute; k++) {
    const char *name = onnx_text(node->attribute[k]->name);
    if (!has_attribute(f, name))
      return onnx_node_error(import, i, "attribute '%s'; expected one of those of function %s",
                             onnx_shown(import, name), f->shown);
  }
  return true;
}

/* Calls inside calls, and what they add to the model, are limited. */
static bool afford(Inliner *in, size_t i, const Own *own, int depth) {
  OnnxImport *import = in->import;
  size_t bytes;
  if (own->n_open)
    return onnx_node_error(import, i, "function %s calls itself; expected no recursion",
                           own->function.shown);
  if (depth >= MAX_CALLS)
    return onnx_node_error(import, i,
                           "calls of functions are nested more than %d deep; expected "
                           "fewer",
                           MAX_CALLS);
  if (!fuse_mul_size(own->size.n_names, strlen(import->places[i].name), &bytes) ||
      !fuse_add_size(bytes, own->size.fixed_bytes, &bytes) || bytes > in->budget_bytes) {
    in->spent = true;
    return onnx_node_damaged(import, i,
                             "not supported yet: functions that add more than %zu MiB to the model",
                             BUDGET_MIB + (import->model.file.size_bytes >> 20) * BUDGET_TIMES);
  }
  in->budget_bytes -= bytes;
  return true;
}

/* The nodes of the function in place of the call, which was appended last. */
static void replace(Inliner *in, const OnnxFunction *f, size_t call, int depth) {
  Scope scope = {.function = f, .call = in->graph->node[call], .place = in->import->places[call]};
  scope.prefix = scope.place.name;
  scope.place.opset = f->opset;
  in->graph->n_node--;
  bind_names(in, &scope);
  onnx_inline_take_nodes(in, f->n_nodes, f->nodes, &scope, depth + 1);
  add_identities(in, &scope);
}

/* A node of the scope, or the nodes in its place. */
static void take(Inliner *in, Onnx__NodeProto *inner, OnnxPlace place, Scope *scope, int depth) {
  if (in->spent)
    return;
  Onnx__NodeProto *node = scope == &in->top ? inner : instantiate(in, scope, inner);
  size_t i = onnx_inline_append(in, node, &place);
  Own *own = find_own(in, node), other = {0};
  if (!own && onnx_is_if(node)) {
    onnx_take_branches(in, i, scope, depth);
    return;
  }
  if (!own && !onnx_contrib(in->import, i, &other.function))
    return;
  if (!own) {
    own = &other;
    own->size = measure(&own->function);
  }
  if (!check_call(in->import, i, &own->function) || !afford(in, i, own, depth))
    return;
  own->n_open++;
  replace(in, &own->function, i, depth);
  own->n_open--;
}

void onnx_inline_take_nodes(Inliner *in, size_t n, Onnx__NodeProto *const *nodes, Scope *scope,
                            int depth) {
  for (size_t i = 0; i < n; i++) {
    const char *name = onnx_text(nodes[i]->name);
    scope->at = i;
    take(in, nodes[i], onnx_inline_place(in, scope, *name ? name : onnx_text(nodes[i]->op_type)),
         scope, depth);
  }
}

/* ---- the graph ---- */

/* What the graph calls something, also without making it: no other value may be called so. */
static void note_names(Inliner *in) {
  const Onnx__GraphProto *graph = in->source;
  for (size_t i = 0; i < graph->n_initializer; i++)
    onnx_names_add(in->arena, &in->values, onnx_text(graph->initializer[i]->name));
  for (size_t i = 0; i < graph->n_input; i++)
    onnx_names_add(in->arena, &in->values, onnx_text(graph->input[i]->name));
  for (size_t i = 0; i < graph->n_output; i++)
    onnx_names_add(in->arena, &in->values, onnx_text(graph->output[i]->name));
  for (size_t i = 0; i < graph->n_node; i++) {
    onnx_names_add(in->arena, &in->nodes, in->import->places[i].name);
    for (size_t k = 0; k < graph->node[i]->n_input; k++)
      onnx_names_add(in->arena, &in->values, graph->node[i]->input[k]);
    for (size_t k = 0; k < graph->node[i]->n_output; k++)
      onnx_names_add(in->arena, &in->values, graph->node[i]->output[k]);
  }
}

bool onnx_inline(OnnxImport *import) {
  Inliner in = {.import = import, .arena = &import->scratch, .source = import->graph};
  const OnnxPlace *places = import->places;
  if (!read_functions(&in))
    return false;
  if (!fuse_mul_size(import->model.file.size_bytes, BUDGET_TIMES, &in.budget_bytes) ||
      !fuse_add_size(in.budget_bytes, (size_t)BUDGET_MIB << 20, &in.budget_bytes))
    in.budget_bytes = SIZE_MAX;
  note_names(&in);
  in.graph = fuse_memdup(in.arena, in.source, sizeof *in.graph);
  in.graph->node = NULL;
  in.graph->n_node = 0;
  import->graph = in.graph;
  import->places = NULL;
  for (size_t i = 0; i < in.source->n_node; i++) {
    in.top.place = places[i];
    in.top.at = i;
    take(&in, in.source->node[i], places[i], &in.top, 0);
  }
  return !in.spent;
}
