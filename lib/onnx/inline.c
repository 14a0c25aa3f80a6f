// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/* inline.c - a graph without calls: each is replaced by the nodes of its function.
 *
 *   y = Own(x)  "call"      function Own(a) -> b:  t = Relu(a) "first";  b = Abs(t) "last"
 *     ==>
 *   call/t = Relu(x)  "call/first"
 *   y = Abs(call/t)   "call/last"
 *
 * needs: a checked file, names of its nodes
 * gives: import->graph with other nodes; name, index in the file and opset of each
 * source: ONNX's docs/IR.md, Functions
 */
#include <stdlib.h>
#include <string.h>

#include "import_private.h"

enum {
  MAX_CALLS = 64,       /* one in the other */
  MAX_ATTRIBUTES = 256, /* of a function: they are looked for one by one */
  BUDGET_MIB = 64,      /* that calls may add to the model, beside BUDGET_TIMES the file */
  BUDGET_TIMES = 4,     /* so that a small file can't become any number of nodes */
  NODE_BYTES = 1024,    /* about, of a node on its way to an op */
  PIECE_BYTES = 128,    /* of an input, output or attribute */
};

/* ---- sets of names ---- */

typedef struct NameSet {
  const char **slots; /* a power of two, at most half full */
  size_t n, n_slots;
} NameSet;

static size_t hash(const char *name) {
  uint64_t h = 14695981039346656037u; /* FNV-1a */
  for (; *name; name++)
    h = (h ^ (uint8_t)*name) * 1099511628211u;
  return (size_t)(h ^ h >> 32);
}

/* Where name is, or goes. */
static const char **slot_of(const NameSet *set, const char *name) {
  size_t i = hash(name) & (set->n_slots - 1);
  while (set->slots[i] && strcmp(set->slots[i], name) != 0)
    i = (i + 1) & (set->n_slots - 1);
  return &set->slots[i];
}

static bool add_name(FuseArena *arena, NameSet *set, const char *name) {
  if (2 * set->n + 2 > set->n_slots) {
    NameSet larger = {.n_slots = set->n_slots ? 2 * set->n_slots : 64};
    larger.slots = fuse_alloc_array(arena, larger.n_slots, sizeof *larger.slots);
    for (size_t i = 0; i < set->n_slots; i++)
      if (set->slots[i])
        *slot_of(&larger, set->slots[i]) = set->slots[i], larger.n++;
    *set = larger;
  }
  const char **slot = slot_of(set, name);
  if (*slot)
    return false;
  *slot = name;
  set->n++;
  return true;
}

/* "call/name", with #2, #3, ... behind it where there is one already. */
static char *new_name(FuseArena *arena, NameSet *set, const char *call, const char *name) {
  char *full = fuse_format(arena, "%s/%s", call, name), *tried = full;
  for (int i = 2; !add_name(arena, set, tried); i++)
    tried = fuse_format(arena, "%s#%d", full, i);
  return tried;
}

/* ---- the model's functions ---- */

/* What a node names, and a function is found by. */
typedef struct Key {
  const char *type, *domain, *overload;
  size_t n_overload; /* bytes */
} Key;

typedef struct Own {
  Key key;
  const Onnx__FunctionProto *proto;
  OnnxFunction function;
  int n_open;                  /* calls that are being replaced */
  size_t fixed_bytes, n_names; /* of a call: fixed + names * length of the caller's */
} Own;

typedef struct Inliner {
  OnnxImport *import;
  FuseArena *arena;
  Onnx__GraphProto *graph; /* what comes out */
  size_t capacities[5];    /* of its nodes and the four arrays of what is known of them */
  Own *owns;
  size_t n_owns;
  NameSet values, nodes;
  size_t budget_bytes;
  bool spent; /* the budget: said, and the end */
} Inliner;

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

/* Bytes of numbers that a tensor attribute holds one by one; those in raw_data aren't copied. */
static size_t typed_bytes(const Onnx__TensorProto *t) {
  return t ? 8 * (t->n_float_data + t->n_int32_data + t->n_int64_data + t->n_double_data +
                  t->n_uint64_data)
           : 0;
}

static void measure(const OnnxFunction *function, size_t *fixed_bytes, size_t *n_names) {
  size_t bytes = NODE_BYTES, names = function->n_inputs + function->n_outputs;
  for (size_t i = 0; i < function->n_nodes; i++) {
    const Onnx__NodeProto *node = function->nodes[i];
    size_t pieces = node->n_input + node->n_output + node->n_attribute;
    bytes += NODE_BYTES + PIECE_BYTES * pieces + 2 * strlen(onnx_text(node->name));
    names += 2 + node->n_input + node->n_output;
    for (size_t k = 0; k < node->n_output; k++)
      bytes += 2 * strlen(node->output[k]);
    for (size_t k = 0; k < node->n_attribute; k++)
      bytes += typed_bytes(node->attribute[k]->t) + 4 * node->attribute[k]->n_floats +
               8 * node->attribute[k]->n_ints;
  }
  *fixed_bytes = bytes + PIECE_BYTES * names;
  *n_names = names;
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
  measure(&own->function, &own->fixed_bytes, &own->n_names);
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

typedef struct Placed {
  const char *name;
  size_t origin;
  int opset;
} Placed;

static size_t append(Inliner *in, Onnx__NodeProto *node, const Placed *placed) {
  OnnxImport *import = in->import;
  size_t n = in->graph->n_node, *capacity = in->capacities;
  in->graph->node = fuse_grow(in->arena, in->graph->node, n, &capacity[0], n + 1, sizeof node);
  import->node_names =
      fuse_grow(in->arena, import->node_names, n, &capacity[1], n + 1, sizeof *import->node_names);
  import->origins =
      fuse_grow(in->arena, import->origins, n, &capacity[2], n + 1, sizeof *import->origins);
  import->opsets =
      fuse_grow(in->arena, import->opsets, n, &capacity[3], n + 1, sizeof *import->opsets);
  import->refused =
      fuse_grow(in->arena, import->refused, n, &capacity[4], n + 1, sizeof *import->refused);
  in->graph->node[n] = node;
  import->node_names[n] = placed->name;
  import->origins[n] = placed->origin;
  import->opsets[n] = placed->opset;
  import->refused[n] = false;
  return in->graph->n_node++;
}

/* ---- one call ---- */

/* A name of the function, and what it is outside. */
typedef struct Rename {
  const char *inner, *outer; /* outer: NULL, not given a name yet */
  size_t order;              /* inputs, outputs, outputs of nodes */
} Rename;

typedef struct Call {
  const OnnxFunction *function;
  const Onnx__NodeProto *node;
  Placed placed;
  Rename *names; /* sorted by inner */
  size_t n_names;
} Call;

static int compare_renames(const void *a, const void *b) {
  const Rename *x = a, *y = b;
  int order = strcmp(x->inner, y->inner);
  if (order)
    return order;
  return x->order < y->order ? -1 : x->order > y->order;
}

static int compare_inner(const void *inner, const void *rename) {
  return strcmp(inner, ((const Rename *)rename)->inner);
}

static void add_rename(Call *call, const char *inner, const char *outer) {
  call->names[call->n_names] = (Rename){inner, outer, call->n_names};
  call->n_names++;
}

/* All names of the function. An input that isn't given is "" outside; values that only the function
 * sees get new names. */
static void bind_names(Inliner *in, Call *call) {
  const OnnxFunction *f = call->function;
  const Onnx__NodeProto *node = call->node;
  size_t n = f->n_inputs + f->n_outputs, kept = 0;
  for (size_t i = 0; i < f->n_nodes; i++)
    n += f->nodes[i]->n_output;
  call->names = fuse_alloc_array(in->arena, n, sizeof *call->names);
  for (size_t i = 0; i < f->n_inputs; i++)
    add_rename(call, f->inputs[i], i < node->n_input ? node->input[i] : "");
  for (size_t i = 0; i < f->n_outputs; i++)
    add_rename(call, f->outputs[i],
               i < node->n_output && *node->output[i] ? node->output[i] : NULL);
  for (size_t i = 0; i < f->n_nodes; i++)
    for (size_t k = 0; k < f->nodes[i]->n_output; k++)
      if (*f->nodes[i]->output[k])
        add_rename(call, f->nodes[i]->output[k], NULL);
  if (call->n_names > 1)
    qsort(call->names, call->n_names, sizeof *call->names, compare_renames);
  for (size_t i = 0; i < call->n_names; i++)
    if (kept == 0 || strcmp(call->names[kept - 1].inner, call->names[i].inner) != 0)
      call->names[kept++] = call->names[i];
  call->n_names = kept;
  for (size_t i = 0; i < kept; i++)
    if (!call->names[i].outer)
      call->names[i].outer =
          new_name(in->arena, &in->values, call->placed.name, call->names[i].inner);
}

/* What a name of the function is outside. One that nothing in the function makes gets a name that
 * nothing makes outside, and is reported with the node. */
static char *outer_name(Inliner *in, const Call *call, const char *inner) {
  const Rename *rename = call->n_names && *inner ? bsearch(inner, call->names, call->n_names,
                                                           sizeof *call->names, compare_inner)
                                                 : NULL;
  if (rename)
    return fuse_strdup(in->arena, rename->outer);
  return *inner ? new_name(in->arena, &in->values, call->placed.name, inner)
                : fuse_strdup(in->arena, "");
}

static char **outer_names(Inliner *in, const Call *call, size_t n, char *const *inner) {
  char **outer = fuse_alloc_array(in->arena, n, sizeof *outer);
  for (size_t i = 0; i < n; i++)
    outer[i] = outer_name(in, call, inner[i]);
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
 * default. */
static Onnx__AttributeProto *dereference(Inliner *in, const Call *call, Onnx__AttributeProto *a) {
  const char *name = onnx_text(a->ref_attr_name);
  if (!*name)
    return a;
  Onnx__AttributeProto *given =
      find_attribute(call->node->n_attribute, call->node->attribute, name);
  if (!given)
    given = find_attribute(call->function->n_defaults, call->function->defaults, name);
  if (!given)
    return NULL;
  Onnx__AttributeProto *copy = fuse_memdup(in->arena, given, sizeof *given);
  copy->name = a->name;
  return copy;
}

/* A node of the function as it stands outside. */
static Onnx__NodeProto *instantiate(Inliner *in, const Call *call, const Onnx__NodeProto *inner) {
  Onnx__NodeProto *node = fuse_memdup(in->arena, inner, sizeof *inner);
  node->input = outer_names(in, call, inner->n_input, inner->input);
  node->output = outer_names(in, call, inner->n_output, inner->output);
  node->attribute = fuse_alloc_array(in->arena, inner->n_attribute, sizeof *node->attribute);
  node->n_attribute = 0;
  for (size_t i = 0; i < inner->n_attribute; i++) {
    Onnx__AttributeProto *a = dereference(in, call, inner->attribute[i]);
    if (a)
      node->attribute[node->n_attribute++] = a;
  }
  return node;
}

/* An output of the function that isn't its own value: an input, or an output once more. */
static void add_identities(Inliner *in, const Call *call) {
  const OnnxFunction *f = call->function;
  for (size_t i = 0; i < f->n_outputs && i < call->node->n_output; i++) {
    char *wanted = call->node->output[i], *made = outer_name(in, call, f->outputs[i]);
    if (!*wanted || strcmp(wanted, made) == 0)
      continue;
    Onnx__NodeProto *node = fuse_alloc(in->arena, sizeof *node);
    onnx__node_proto__init(node);
    node->op_type = fuse_strdup(in->arena, "Identity");
    node->n_input = node->n_output = 1;
    node->input = fuse_memdup(in->arena, &made, sizeof made);
    node->output = fuse_memdup(in->arena, &wanted, sizeof wanted);
    Placed placed = {new_name(in->arena, &in->nodes, call->placed.name, "Identity"),
                     call->placed.origin, f->opset ? f->opset : 1};
    append(in, node, &placed);
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
  if (depth == MAX_CALLS)
    return onnx_node_error(import, i,
                           "calls of functions are nested more than %d deep; expected "
                           "fewer",
                           MAX_CALLS);
  if (!fuse_mul_size(own->n_names, strlen(import->node_names[i]), &bytes) ||
      !fuse_add_size(bytes, own->fixed_bytes, &bytes) || bytes > in->budget_bytes) {
    in->spent = true;
    return onnx_node_error(import, i,
                           "not supported yet: functions that add more than %zu MiB to the model",
                           BUDGET_MIB + (import->model.file.size_bytes >> 20) * BUDGET_TIMES);
  }
  in->budget_bytes -= bytes;
  return true;
}

static void take(Inliner *in, Onnx__NodeProto *node, const Placed *placed, int depth);

/* The nodes of the function in place of the call, which was appended last. */
static void replace(Inliner *in, const OnnxFunction *f, Onnx__NodeProto *node, const Placed *placed,
                    int depth) {
  Call call = {.function = f, .node = node, .placed = *placed};
  in->graph->n_node--;
  bind_names(in, &call);
  for (size_t i = 0; i < f->n_nodes; i++) {
    const char *name = onnx_text(f->nodes[i]->name);
    Placed inner = {new_name(in->arena, &in->nodes, placed->name,
                             *name ? name : onnx_text(f->nodes[i]->op_type)),
                    placed->origin, f->opset};
    take(in, instantiate(in, &call, f->nodes[i]), &inner, depth + 1);
  }
  add_identities(in, &call);
}

/* A node, or the nodes in its place. */
static void take(Inliner *in, Onnx__NodeProto *node, const Placed *placed, int depth) {
  if (in->spent)
    return;
  size_t i = append(in, node, placed);
  Own *own = find_own(in, node), other = {0};
  if (!own && !onnx_contrib(in->import, i, &other.function))
    return;
  if (!own) {
    own = &other;
    measure(&own->function, &own->fixed_bytes, &own->n_names);
  }
  if (!check_call(in->import, i, &own->function) || !afford(in, i, own, depth))
    return;
  own->n_open++;
  replace(in, &own->function, node, placed, depth);
  own->n_open--;
}

/* ---- the graph ---- */

static void note_names(Inliner *in, const Onnx__GraphProto *graph) {
  for (size_t i = 0; i < graph->n_initializer; i++)
    add_name(in->arena, &in->values, onnx_text(graph->initializer[i]->name));
  for (size_t i = 0; i < graph->n_input; i++)
    add_name(in->arena, &in->values, onnx_text(graph->input[i]->name));
  for (size_t i = 0; i < graph->n_node; i++) {
    add_name(in->arena, &in->nodes, in->import->node_names[i]);
    for (size_t k = 0; k < graph->node[i]->n_output; k++)
      add_name(in->arena, &in->values, graph->node[i]->output[k]);
  }
}

bool onnx_inline(OnnxImport *import) {
  Inliner in = {.import = import, .arena = &import->scratch};
  const Onnx__GraphProto *graph = import->graph;
  const char **names = import->node_names;
  if (!read_functions(&in))
    return false;
  if (!fuse_mul_size(import->model.file.size_bytes, BUDGET_TIMES, &in.budget_bytes) ||
      !fuse_add_size(in.budget_bytes, (size_t)BUDGET_MIB << 20, &in.budget_bytes))
    in.budget_bytes = SIZE_MAX;
  note_names(&in, graph);
  in.graph = fuse_memdup(in.arena, graph, sizeof *graph);
  in.graph->node = NULL;
  in.graph->n_node = 0;
  import->graph = in.graph;
  import->node_names = NULL;
  for (size_t i = 0; i < graph->n_node; i++)
    take(&in, graph->node[i], &(Placed){names[i], i, import->opset}, 0);
  return !in.spent;
}
