// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/* attributes.c - the attributes of a node, under their own names.
 *
 * needs: a node with a row in the operator table
 * gives: i -> i64, f -> f32, s -> string, ints -> array<i64>, floats -> array<f32>, strings ->
 * array of strings, t -> elements; or an error for each attribute that the operator doesn't have,
 * has with another kind, or that doesn't hold what it says
 */
#include <string.h>

#include "import_private.h"

typedef Onnx__AttributeProto Attribute;

/* By AttributeProto.AttributeType: its name, its kind in onnx_ops.def (0: not supported yet). */
typedef struct Kind {
  const char *name;
  char kind;
} Kind;

static const Kind kinds[] = {
    {"UNDEFINED", 0},      {"FLOAT", 'f'},    {"INT", 'i'},       {"STRING", 's'},
    {"TENSOR", 't'},       {"GRAPH", 0},      {"FLOATS", 'F'},    {"INTS", 'I'},
    {"STRINGS", 'S'},      {"TENSORS", 0},    {"GRAPHS", 0},      {"SPARSE_TENSOR", 0},
    {"SPARSE_TENSORS", 0}, {"TYPE_PROTO", 0}, {"TYPE_PROTOS", 0},
};

/* Bit t: there is a value of AttributeType t. */
static uint32_t present(const Attribute *a) {
  const bool there[] = {
      false,
      a->has_f,
      a->has_i,
      a->has_s,
      a->t != NULL,
      a->g != NULL,
      a->n_floats,
      a->n_ints,
      a->n_strings,
      a->n_tensors,
      a->n_graphs,
      a->sparse_tensor != NULL,
      a->n_sparse_tensors,
      a->tp != NULL,
      a->n_type_protos,
  };
  uint32_t bits = 0;
  for (size_t t = 0; t < FUSE_COUNTOF(there); t++)
    bits |= (uint32_t)there[t] << t;
  return bits;
}

/* The AttributeType, also where an old file doesn't say it; -1 after an error. */
static int attribute_type(OnnxImport *import, size_t node, const Attribute *a, const char *name) {
  uint32_t there = present(a);
  int type = (int)a->type;
  if (*onnx_text(a->ref_attr_name))
    return onnx_node_error(import, node,
                           "attribute '%s' refers to a function's attribute; expected "
                           "a value",
                           name),
           -1;
  if (type < 0 || (size_t)type >= FUSE_COUNTOF(kinds))
    return onnx_node_error(import, node, "attribute '%s' has type %d; expected 1 to %zu", name,
                           type, FUSE_COUNTOF(kinds) - 1),
           -1;
  if (type == ONNX__ATTRIBUTE_PROTO__ATTRIBUTE_TYPE__UNDEFINED)
    for (size_t t = 1; t < FUSE_COUNTOF(kinds); t++)
      if (there == 1u << t)
        type = (int)t;
  if (type == ONNX__ATTRIBUTE_PROTO__ATTRIBUTE_TYPE__UNDEFINED)
    return onnx_node_error(import, node, "attribute '%s' has no type; expected one", name), -1;
  if (there & ~(1u << type))
    return onnx_node_error(import, node,
                           "attribute '%s' is %s and holds something else; expected "
                           "only that",
                           name, kinds[type].name),
           -1;
  return type;
}

static MlirStringRef bytes_ref(ProtobufCBinaryData bytes) {
  return mlirStringRefCreate(bytes.data ? (const char *)bytes.data : "", bytes.len);
}

static MlirAttribute strings(OnnxImport *import, const Attribute *a) {
  MlirAttribute *items = fuse_alloc_array(&import->scratch, a->n_strings, sizeof *items);
  for (size_t i = 0; i < a->n_strings; i++)
    items[i] = mlirStringAttrGet(import->context, bytes_ref(a->strings[i]));
  return mlirArrayAttrGet(import->context, (intptr_t)a->n_strings, items);
}

static MlirAttribute tensor(OnnxImport *import, size_t node, const Attribute *a, const char *name) {
  FuseTensor value;
  FuseDiag diag = {0};
  static const Onnx__TensorProto missing = ONNX__TENSOR_PROTO__INIT;
  char buffer[24];
  if (a->t && onnx_is_packed(a->t->data_type)) {
    onnx_node_error(import, node, "attribute '%s': not supported yet: element type %s", name,
                    onnx_dtype_name(a->t->data_type, buffer));
    return mlirAttributeGetNull();
  }
  if (!onnx_tensor_get(&import->model, a->t ? a->t : &missing, &value, &diag)) {
    onnx_node_error(import, node, "attribute '%s': %s", name, diag.message);
    return mlirAttributeGetNull();
  }
  return fuse_constant(import->ir, &value, import->places[node].name);
}

/* Null after an error. */
static MlirAttribute convert(OnnxImport *import, size_t node, const Attribute *a, int type,
                             const char *name) {
  MlirContext context = import->context;
  switch (kinds[type].kind) {
  case 'f': return mlirFloatAttrDoubleGet(context, mlirF32TypeGet(context), (double)a->f);
  case 'i': return mlirIntegerAttrGet(mlirIntegerTypeGet(context, 64), a->i);
  case 's': return mlirStringAttrGet(context, bytes_ref(a->s));
  case 't': return tensor(import, node, a, name);
  case 'F': return mlirDenseF32ArrayGet(context, (intptr_t)a->n_floats, a->floats);
  case 'I': return mlirDenseI64ArrayGet(context, (intptr_t)a->n_ints, a->ints);
  case 'S': return strings(import, a);
  default:
    onnx_node_error(import, node, "attribute '%s': not supported yet: an attribute of type %s",
                    name, kinds[type].name);
    return mlirAttributeGetNull();
  }
}

static const char *kind_name(char kind) {
  for (size_t t = 0; t < FUSE_COUNTOF(kinds); t++)
    if (kinds[t].kind == kind)
      return kinds[t].name;
  return "";
}

static bool unknown(OnnxImport *import, size_t node, const char *name) {
  FuseText known = {0};
  fuse_onnx_op_attributes(import->ops[node], &known);
  onnx_node_error(import, node, "unknown attribute '%s'; expected %s", name, known.data);
  fuse_text_fini(&known);
  return false;
}

/* One attribute; false after an error. */
static bool add(OnnxImport *import, size_t node, const Attribute *a, OnnxAttributes *list) {
  const char *raw = onnx_text(a->name), *name = onnx_shown(import, raw);
  size_t n_kinds;
  const char *allowed = fuse_onnx_op_kinds(import->ops[node], fuse_str(raw), &n_kinds);
  if (!allowed)
    return unknown(import, node, name);
  int type = attribute_type(import, node, a, name);
  if (type < 0)
    return false;
  if (kinds[type].kind && !memchr(allowed, kinds[type].kind, n_kinds))
    return onnx_node_error(import, node, "attribute '%s' is %s; expected %s", name,
                           kinds[type].name, kind_name(allowed[0]));
  for (intptr_t i = 0; i < list->n; i++)
    if (fuse_str_is(mlirIdentifierStr(list->attributes[i].name), raw))
      return onnx_node_error(import, node, "attribute '%s' is there twice; expected it once", name);
  MlirAttribute value = convert(import, node, a, type, name);
  if (mlirAttributeIsNull(value))
    return false;
  list->attributes[list->n++] = fuse_attr(import->context, raw, value);
  return true;
}

bool onnx_attributes(OnnxImport *import, size_t node) {
  const Onnx__NodeProto *proto = import->graph->node[node];
  OnnxAttributes *list = &import->attributes[node];
  bool ok = true;
  list->attributes =
      fuse_alloc_array(&import->scratch, proto->n_attribute, sizeof *list->attributes);
  for (size_t i = 0; i < proto->n_attribute; i++)
    ok = add(import, node, proto->attribute[i], list) && ok;
  return ok;
}
