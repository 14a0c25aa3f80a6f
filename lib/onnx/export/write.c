// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/* write.c - the finished graph as bytes of a ModelProto.
 *
 * gives: names for everything; fields in the order of their numbers, weights as raw_data; the same
 *        graph gives the same bytes
 *
 * protobuf-c packs the small parts. A message inside a message is copied once per level when it
 * does, so the initializers and the graph are put together here: a field is its tag, its length and
 * its bytes.
 */
#include <inttypes.h>
#include <string.h>

#include "export.h"
#include "fuse/version.h"

static char *text(const char *s) {
  return (char *)(uintptr_t)s; /* protobuf-c's strings aren't const */
}

/* ---- what is needed ---- */

static void use(Tensor *tensor) {
  tensor->used = true;
  if (tensor->node)
    tensor->node->used = true;
}

/* Nodes stand behind what they read, so one walk from the end finds all that an output needs. */
static void find_used(Export *e) {
  for (size_t i = 0; i < e->n_outputs; i++)
    use(e->outputs[i]);
  for (size_t i = e->n_nodes; i-- > 0;)
    for (size_t k = 0; e->nodes[i]->used && k < e->nodes[i]->proto.n_input; k++)
      if (e->nodes[i]->in[k])
        use(e->nodes[i]->in[k]);
}

/* ---- names ---- */

typedef struct Taken {
  const char *name; /* NULL: free slot */
  size_t next;      /* suffix to try first for another one of this name */
} Taken;

typedef struct Names {
  Taken *slots;
  size_t capacity; /* more than there will be names */
} Names;

static Taken *find(const Names *names, const char *name) {
  uint64_t hash = UINT64_C(0xcbf29ce484222325);
  for (const char *s = name; *s; s++)
    hash = (hash ^ (uint8_t)*s) * UINT64_C(0x100000001b3);
  size_t i = (size_t)(hash % names->capacity);
  while (names->slots[i].name && strcmp(names->slots[i].name, name) != 0)
    i = (i + 1) % names->capacity;
  return &names->slots[i];
}

/* hint, or hint_1, hint_2, ... where it is taken. */
static const char *take(Export *e, Names *names, const char *hint) {
  Taken *first = find(names, hint), *slot = first;
  const char *name = hint;
  while (slot->name) {
    name = fuse_format(e->arena, "%s_%zu", hint, ++first->next);
    slot = find(names, name);
  }
  slot->name = name;
  return name;
}

static void reserve(Names *names, Tensor *const *tensors, size_t n) {
  for (size_t i = 0; i < n; i++)
    find(names, tensors[i]->name)->name = tensors[i]->name;
}

/* "conv_3"; without a name of its own the operator's. */
static char *node_name(Export *e, Names *names, const Node *node) {
  const char *hint = *node->hint ? node->hint : node->proto.op_type;
  return text(take(e, names, hint));
}

static void name_outputs(Export *e, Names *values, const Node *node) {
  for (size_t k = 0; k < node->proto.n_output; k++) {
    const char *own = node->proto.name;
    if (!node->out[k]->name)
      node->out[k]->name = take(e, values, k ? fuse_format(e->arena, "%s.%zu", own, k) : own);
  }
}

/* Nodes have names of their own; inputs, outputs, initializers and what lies between share theirs.
 */
static void name_all(Export *e) {
  size_t n = e->n_inputs + e->n_outputs + e->n_initializers;
  for (size_t i = 0; i < e->n_nodes; i++)
    n += e->nodes[i]->proto.n_output;
  Names nodes = {fuse_alloc_array(e->arena, n + 1, sizeof(Taken)), n + 1};
  Names values = {fuse_alloc_array(e->arena, n + 1, sizeof(Taken)), n + 1};
  reserve(&values, e->inputs, e->n_inputs);
  reserve(&values, e->outputs, e->n_outputs);
  for (size_t i = 0; i < e->n_nodes; i++)
    if (e->nodes[i]->used) {
      e->nodes[i]->proto.name = node_name(e, &nodes, e->nodes[i]);
      name_outputs(e, &values, e->nodes[i]);
    }
  for (size_t i = 0; i < e->n_initializers; i++)
    if (e->initializers[i]->used)
      e->initializers[i]->name = take(e, &values, e->initializers[i]->hint);
}

/* ---- messages ---- */

static char **tensor_names(Export *e, Tensor *const *tensors, size_t n) {
  char **names = fuse_alloc_array(e->arena, n, sizeof *names);
  for (size_t i = 0; i < n; i++)
    names[i] = text(tensors[i] ? tensors[i]->name : "");
  return names;
}

int32_t t2o_data_type(FuseDtype dtype) {
  switch (dtype) {
  case FUSE_F32: return ONNX__TENSOR_PROTO__DATA_TYPE__FLOAT;
  case FUSE_F64: return ONNX__TENSOR_PROTO__DATA_TYPE__DOUBLE;
  case FUSE_F16: return ONNX__TENSOR_PROTO__DATA_TYPE__FLOAT16;
  case FUSE_BF16: return ONNX__TENSOR_PROTO__DATA_TYPE__BFLOAT16;
  case FUSE_I8: return ONNX__TENSOR_PROTO__DATA_TYPE__INT8;
  case FUSE_U8: return ONNX__TENSOR_PROTO__DATA_TYPE__UINT8;
  case FUSE_I16: return ONNX__TENSOR_PROTO__DATA_TYPE__INT16;
  case FUSE_U16: return ONNX__TENSOR_PROTO__DATA_TYPE__UINT16;
  case FUSE_I32: return ONNX__TENSOR_PROTO__DATA_TYPE__INT32;
  case FUSE_U32: return ONNX__TENSOR_PROTO__DATA_TYPE__UINT32;
  case FUSE_I64: return ONNX__TENSOR_PROTO__DATA_TYPE__INT64;
  case FUSE_U64: return ONNX__TENSOR_PROTO__DATA_TYPE__UINT64;
  case FUSE_BOOL: return ONNX__TENSOR_PROTO__DATA_TYPE__BOOL;
  case FUSE_DTYPE_NONE: break;
  }
  FUSE_ASSERT(!"a dtype");
  return 0;
}

static Onnx__TensorShapeProto *shape_of(Export *e, const FuseTensor *type) {
  Onnx__TensorShapeProto *shape = fuse_alloc(e->arena, sizeof *shape);
  onnx__tensor_shape_proto__init(shape);
  shape->n_dim = (size_t)type->rank;
  shape->dim = fuse_alloc_array(e->arena, shape->n_dim, sizeof *shape->dim);
  for (int d = 0; d < type->rank; d++) {
    shape->dim[d] = fuse_alloc(e->arena, sizeof **shape->dim);
    onnx__tensor_shape_proto__dimension__init(shape->dim[d]);
    shape->dim[d]->value_case = ONNX__TENSOR_SHAPE_PROTO__DIMENSION__VALUE_DIM_VALUE;
    shape->dim[d]->dim_value = type->shape[d];
  }
  return shape;
}

static Onnx__ValueInfoProto **value_infos(Export *e, Tensor *const *tensors, size_t n) {
  Onnx__ValueInfoProto **infos = fuse_alloc_array(e->arena, n, sizeof *infos);
  for (size_t i = 0; i < n; i++) {
    Onnx__TypeProto__Tensor *tensor = fuse_alloc(e->arena, sizeof *tensor);
    Onnx__TypeProto *type = fuse_alloc(e->arena, sizeof *type);
    infos[i] = fuse_alloc(e->arena, sizeof **infos);
    onnx__type_proto__tensor__init(tensor);
    onnx__type_proto__init(type);
    onnx__value_info_proto__init(infos[i]);
    tensor->has_elem_type = true;
    tensor->elem_type = t2o_data_type(tensors[i]->type.dtype);
    tensor->shape = shape_of(e, &tensors[i]->type);
    type->value_case = ONNX__TYPE_PROTO__VALUE_TENSOR_TYPE;
    type->tensor_type = tensor;
    infos[i]->name = text(tensors[i]->name);
    infos[i]->type = type;
  }
  return infos;
}

/* An attribute of the module that is a text; NULL when there is none. */
static char *module_text(Export *e, MlirOperation module, const char *name) {
  MlirStringRef value;
  if (!fuse_get_str(module, name, &value) || !fuse_utf8_valid(value.data, value.length))
    return NULL;
  return fuse_str_dup(e->arena, value);
}

/* ---- bytes ---- */

typedef struct Bytes {
  const uint8_t *data;
  size_t n;
} Bytes;

static Bytes pack(Export *e, const ProtobufCMessage *message) {
  const size_t n = protobuf_c_message_get_packed_size(message);
  uint8_t *data = fuse_alloc(e->arena, n);
  return (Bytes){data, protobuf_c_message_pack(message, data)};
}

/* Tag and length of a field that is a message or bytes. */
static Bytes field_head(Export *e, unsigned field, uint64_t length) {
  uint8_t *data = fuse_alloc(e->arena, 16);
  size_t n = 0;
  FUSE_ASSERT(field < 16); /* one byte */
  data[n++] = (uint8_t)(field << 3 | 2);
  for (; length > 0x7f; length >>= 7)
    data[n++] = (uint8_t)((length & 0x7f) | 0x80);
  data[n++] = (uint8_t)length;
  return (Bytes){data, n};
}

/* Pieces of the file in order. */
typedef struct Pieces {
  Bytes *items;
  size_t n, capacity, n_bytes;
} Pieces;

static void add(Export *e, Pieces *pieces, Bytes bytes) {
  pieces->items = fuse_grow(e->arena, pieces->items, pieces->n, &pieces->capacity, pieces->n + 1,
                            sizeof *pieces->items);
  pieces->items[pieces->n++] = bytes;
  pieces->n_bytes += bytes.n;
}

enum { MODEL_GRAPH = 7, GRAPH_INITIALIZER = 5, TENSOR_RAW_DATA = 9 }; /* field numbers */

static void add_initializer(Export *e, Pieces *pieces, const Tensor *tensor) {
  const FuseTensor *t = &tensor->type;
  Onnx__TensorProto proto;
  onnx__tensor_proto__init(&proto);
  proto.n_dims = (size_t)t->rank;
  proto.dims = (int64_t *)(uintptr_t)t->shape;
  proto.has_data_type = true;
  proto.data_type = t2o_data_type(t->dtype);
  proto.name = text(tensor->name);
  const Bytes head = pack(e, &proto.base), raw = {t->data, t->size_bytes};
  const Bytes raw_head = field_head(e, TENSOR_RAW_DATA, raw.n);
  add(e, pieces, field_head(e, GRAPH_INITIALIZER, head.n + raw_head.n + raw.n));
  add(e, pieces, head);
  add(e, pieces, raw_head);
  add(e, pieces, raw);
}

/* Fields of the graph in front of the initializers, these, and fields behind them. */
static void add_graph(Export *e, Pieces *pieces, MlirOperation module) {
  Onnx__GraphProto front, back;
  onnx__graph_proto__init(&front);
  onnx__graph_proto__init(&back);
  front.name = text(e->graph_name);
  front.node = fuse_alloc_array(e->arena, e->n_nodes, sizeof *front.node);
  for (size_t i = 0; i < e->n_nodes; i++) {
    Node *node = e->nodes[i];
    if (!node->used)
      continue;
    node->proto.input = tensor_names(e, node->in, node->proto.n_input);
    node->proto.output = tensor_names(e, node->out, node->proto.n_output);
    front.node[front.n_node++] = &node->proto;
  }
  add(e, pieces, pack(e, &front.base));
  for (size_t i = 0; i < e->n_initializers; i++)
    if (e->initializers[i]->used)
      add_initializer(e, pieces, e->initializers[i]);
  back.doc_string = module_text(e, module, "onnx.graph_doc_string");
  back.input = value_infos(e, e->inputs, back.n_input = e->n_inputs);
  back.output = value_infos(e, e->outputs, back.n_output = e->n_outputs);
  add(e, pieces, pack(e, &back.base));
}

bool t2o_write(Export *e, MlirOperation module, FuseText *model) {
  Onnx__ModelProto front, back;
  Onnx__OperatorSetIdProto opset, *opsets[] = {&opset};
  Pieces pieces = {0};
  find_used(e);
  name_all(e);
  add_graph(e, &pieces, module);
  if (pieces.n_bytes > (size_t)INT32_MAX - (1 << 20)) {
    (void)fuse_op_error(
        module, "not supported yet: a model of %zu bytes in one file; expected at most 2 GiB",
        pieces.n_bytes);
    return false;
  }
  onnx__model_proto__init(&front);
  front.has_ir_version = true;
  front.ir_version = T2O_IR_VERSION;
  front.producer_name = text("fuse");
  front.producer_version = text(FUSE_VERSION);
  front.doc_string = module_text(e, module, "onnx.doc_string");
  onnx__operator_set_id_proto__init(&opset);
  opset.domain = text("");
  opset.has_version = true;
  opset.version = T2O_OPSET;
  onnx__model_proto__init(&back);
  back.n_opset_import = 1;
  back.opset_import = opsets;
  const Bytes head = pack(e, &front.base), tail = pack(e, &back.base);
  const Bytes graph = field_head(e, MODEL_GRAPH, pieces.n_bytes);
  fuse_text_append(model, (const char *)head.data, head.n);
  fuse_text_append(model, (const char *)graph.data, graph.n);
  for (size_t i = 0; i < pieces.n; i++)
    fuse_text_append(model, (const char *)pieces.items[i].data, pieces.items[i].n);
  fuse_text_append(model, (const char *)tail.data, tail.n);
  return true;
}
