// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/* branch.c - an If without graphs inside: the nodes of both branches, and a choice for each output.
 *
 *   y = If(c)  "if"      then_branch: t = Relu(x) "then" -> t      else_branch: e = Abs(x) "else"
 * -> e
 *     ==>
 *   t = Relu(x)  "then"
 *   e = Abs(x)   "else"
 *   y = If(c, t, e)  "if"
 *
 * Which branch is taken shows when convert-onnx-to-tosa knows c: then only the nodes that lead to
 * that side of the choices are converted. So what can't be taken within a branch is no error yet
 * (OnnxPlace.in_branch), but what makes no sense is.
 *
 * needs: an If as the file has it, the scope around it
 * gives: names as in the file where nothing else is called so; an initializer of a branch is a
 *        Constant
 * source: ONNX's docs/IR.md, Graphs and Names: a value of a branch is called otherwise than those
 *         around it that are made before; branches see what is around them
 */
#include <string.h>

#include "inline_private.h"

enum { THEN, ELSE, N_SIDES };
static const char *const side_names[N_SIDES] = {"then_branch", "else_branch"};

/* ---- sizes ---- */

/* Bytes of numbers that a tensor holds one by one; those in raw_data aren't copied. */
static size_t typed_bytes(const Onnx__TensorProto *t) {
  return t ? 8 * (t->n_float_data + t->n_int32_data + t->n_int64_data + t->n_double_data +
                  t->n_uint64_data)
           : 0;
}

static void measure_graph(const Onnx__GraphProto *graph, OnnxSize *size) {
  for (size_t i = 0; i < graph->n_initializer; i++)
    size->fixed_bytes += ONNX_NODE_BYTES + typed_bytes(graph->initializer[i]) +
                         4 * strlen(onnx_text(graph->initializer[i]->name));
  size->fixed_bytes += ONNX_NODE_BYTES * graph->n_output; /* choices */
  size->n_names += 2 * graph->n_initializer + graph->n_output;
  onnx_measure_nodes(graph->n_node, graph->node, size);
}

void onnx_measure_nodes(size_t n, Onnx__NodeProto *const *nodes, OnnxSize *size) {
  for (size_t i = 0; i < n; i++) {
    const Onnx__NodeProto *node = nodes[i];
    size->fixed_bytes += ONNX_NODE_BYTES + 2 * strlen(onnx_text(node->name)) +
                         ONNX_PIECE_BYTES * (node->n_input + node->n_output + node->n_attribute);
    size->n_names += 2 + node->n_input + node->n_output;
    for (size_t k = 0; k < node->n_output; k++)
      size->fixed_bytes += 2 * strlen(node->output[k]);
    for (size_t k = 0; k < node->n_attribute; k++) {
      const Onnx__AttributeProto *a = node->attribute[k];
      size->fixed_bytes += typed_bytes(a->t) + 4 * a->n_floats + 8 * a->n_ints;
      if (a->g)
        measure_graph(a->g, size);
    }
  }
}

/* ---- names ---- */

static size_t count_names(const Onnx__GraphProto *graph) {
  size_t n = graph->n_initializer + graph->n_input;
  for (size_t i = 0; i < graph->n_node; i++)
    n += graph->node[i]->n_output;
  return n;
}

/* All names that the graph makes, without what they are outside. */
static void list_names(Inliner *in, Scope *scope, const Onnx__GraphProto *graph) {
  scope->names = fuse_alloc_array(in->arena, count_names(graph), sizeof *scope->names);
  for (size_t i = 0; i < graph->n_initializer; i++)
    onnx_scope_add(scope, onnx_text(graph->initializer[i]->name), NULL, 0);
  for (size_t i = 0; i < graph->n_input; i++)
    onnx_scope_add(scope, onnx_text(graph->input[i]->name), NULL, 0);
  for (size_t i = 0; i < graph->n_node; i++)
    for (size_t k = 0; k < graph->node[i]->n_output; k++)
      if (*graph->node[i]->output[k])
        onnx_scope_add(scope, graph->node[i]->output[k], NULL, i + 1);
}

/* The model's own graph, where names are what they are. Doubles are reported later. */
static void bind_top(Inliner *in) {
  if (in->top.names)
    return;
  list_names(in, &in->top, in->source);
  for (size_t i = 0; i < in->top.n_names; i++)
    in->top.names[i].outer = in->top.names[i].inner;
  (void)onnx_scope_sort(&in->top);
}

static bool is_made_before(const Scope *scope, const char *name) {
  for (; scope; scope = scope->around) {
    const Rename *rename = onnx_scope_find(scope, name);
    if (rename && rename->made <= scope->at)
      return true;
  }
  return false;
}

/* ---- is it a good one? ---- */

bool onnx_is_if(const Onnx__NodeProto *node) {
  size_t at = 0, n_overload = 0;
  return strcmp(onnx_text(node->op_type), "If") == 0 &&
         strcmp(onnx_domain(node->domain), "ai.onnx") == 0 &&
         !(onnx_newer_field(&node->base, ONNX_NODE_OVERLOAD, &at, &n_overload) && n_overload);
}

/* NULL after an error. */
static const Onnx__GraphProto *find_branch(OnnxImport *import, size_t i, const char *side) {
  const Onnx__NodeProto *node = import->graph->node[i];
  const Onnx__AttributeProto *found = NULL;
  for (size_t k = 0; k < node->n_attribute && !found; k++)
    if (strcmp(onnx_text(node->attribute[k]->name), side) == 0)
      found = node->attribute[k];
  if (found && found->g)
    return found->g;
  onnx_node_damaged(import, i, "%s %s; expected a graph", side,
                    found ? "is an attribute without one" : "isn't there");
  return NULL;
}

static bool check_if(OnnxImport *import, size_t i) {
  const Onnx__NodeProto *node = import->graph->node[i];
  if (node->n_input != 1 || !*node->input[0])
    return onnx_node_damaged(import, i, "%zu inputs; expected one, the condition", node->n_input);
  if (node->n_output == 0)
    return onnx_node_damaged(import, i, "no outputs; expected at least one");
  if (node->n_attribute != N_SIDES)
    return onnx_node_damaged(import, i, "%zu attributes; expected then_branch and else_branch",
                             node->n_attribute);
  return true;
}

static bool check_branch(OnnxImport *import, size_t i, const char *side,
                         const Onnx__GraphProto *branch) {
  const size_t n = import->graph->node[i]->n_output;
  if (branch->n_output != n)
    return onnx_node_damaged(import, i, "%s has %zu outputs; expected %zu, as the node has", side,
                             branch->n_output, n);
  if (branch->n_input)
    return onnx_node_damaged(import, i, "%s has %zu inputs; expected none", side, branch->n_input);
  if (branch->n_sparse_initializer)
    return onnx_node_error(import, i, "not supported yet: sparse_initializer in %s", side);
  for (size_t k = 0; k < branch->n_initializer; k++)
    if (!*onnx_text(branch->initializer[k]->name))
      return onnx_node_damaged(import, i, "%s: initializer %zu has no name; expected one", side, k);
  return true;
}

/* The names of a branch, each with one origin. */
static bool bind_branch(Inliner *in, size_t i, const char *side, const Onnx__GraphProto *branch,
                        Scope *scope) {
  list_names(in, scope, branch);
  const char *twice = onnx_scope_sort(scope);
  for (size_t k = 0; k < scope->n_names && !twice; k++)
    if (is_made_before(scope->around, scope->names[k].inner))
      twice = scope->names[k].inner;
  if (twice)
    return onnx_node_damaged(in->import, i,
                             "%s: value '%s' has another origin, too; expected one origin", side,
                             onnx_shown(in->import, twice));
  for (size_t k = 0; k < scope->n_names; k++)
    scope->names[k].outer =
        onnx_names_new(in->arena, &in->values, scope->prefix, scope->names[k].inner);
  return true;
}

static bool check_results(OnnxImport *import, size_t i, const char *side,
                          const Onnx__GraphProto *branch, const Scope *scope) {
  for (size_t k = 0; k < branch->n_output; k++) {
    const char *name = onnx_text(branch->output[k]->name);
    const Scope *at = scope;
    while (at && !onnx_scope_find(at, name))
      at = at->around;
    if (!at)
      return onnx_node_damaged(
          import, i, "%s: output %zu is '%s'; expected a value of the branch or of what is around",
          side, k, onnx_shown(import, name));
  }
  return true;
}

static const Onnx__GraphProto *open_branch(Inliner *in, size_t i, const char *side, Scope *scope) {
  const Onnx__GraphProto *branch = find_branch(in->import, i, side);
  return branch && check_branch(in->import, i, side, branch) &&
                 bind_branch(in, i, side, branch, scope) &&
                 check_results(in->import, i, side, branch, scope)
             ? branch
             : NULL;
}

/* ---- what comes in its place ---- */

static void add_constant(Inliner *in, const Scope *scope, Onnx__TensorProto *tensor) {
  Onnx__AttributeProto *value = fuse_alloc(in->arena, sizeof *value);
  Onnx__NodeProto *node = fuse_alloc(in->arena, sizeof *node);
  char *output = onnx_outer_name(in, scope, tensor->name);
  onnx__attribute_proto__init(value);
  value->name = fuse_strdup(in->arena, "value");
  value->type = ONNX__ATTRIBUTE_PROTO__ATTRIBUTE_TYPE__TENSOR;
  value->t = tensor;
  onnx__node_proto__init(node);
  node->op_type = fuse_strdup(in->arena, "Constant");
  node->n_output = node->n_attribute = 1;
  node->output = fuse_memdup(in->arena, &output, sizeof output);
  node->attribute = fuse_memdup(in->arena, &value, sizeof value);
  const OnnxPlace place = onnx_inline_place(in, scope, tensor->name);
  onnx_inline_append(in, node, &place);
}

static void add_branch(Inliner *in, Scope *scope, const Onnx__GraphProto *branch, int depth) {
  for (size_t i = 0; i < branch->n_initializer; i++)
    add_constant(in, scope, branch->initializer[i]);
  onnx_inline_take_nodes(in, branch->n_node, branch->node, scope, depth + 1);
}

/* Output k of the node: that of one branch or the other. */
static void add_choice(Inliner *in, const Onnx__NodeProto *node, const OnnxPlace *place, size_t k,
                       const Scope *scopes, const Onnx__GraphProto *const *branches) {
  Onnx__NodeProto *choice = fuse_alloc(in->arena, sizeof *choice);
  char *inputs[1 + N_SIDES] = {node->input[0]};
  for (int side = THEN; side < N_SIDES; side++)
    inputs[1 + side] = onnx_outer_name(in, &scopes[side], branches[side]->output[k]->name);
  onnx__node_proto__init(choice);
  choice->op_type = node->op_type;
  choice->doc_string = node->doc_string;
  choice->n_input = FUSE_COUNTOF(inputs);
  choice->input = fuse_memdup(in->arena, inputs, sizeof inputs);
  choice->n_output = 1;
  choice->output = &node->output[k];
  onnx_inline_append(in, choice, place);
}

void onnx_take_branches(Inliner *in, size_t i, Scope *around, int depth) {
  const OnnxPlace place = in->import->places[i];
  const Onnx__NodeProto *node = in->graph->node[i];
  const Onnx__GraphProto *branches[N_SIDES];
  Scope scopes[N_SIDES];
  bind_top(in);
  if (!check_if(in->import, i))
    return;
  for (int side = THEN; side < N_SIDES; side++) {
    scopes[side] = *around;
    scopes[side].around = around;
    scopes[side].place.in_branch = true;
    scopes[side].names = NULL;
    scopes[side].n_names = 0;
    branches[side] = open_branch(in, i, side_names[side], &scopes[side]);
    if (!branches[side])
      return;
  }
  in->graph->n_node--;
  for (int side = THEN; side < N_SIDES; side++)
    add_branch(in, &scopes[side], branches[side], depth);
  for (size_t k = 0; k < node->n_output; k++)
    if (*node->output[k])
      add_choice(in, node, &place, k, scopes, branches);
}
