// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/* graph.c - the ONNX graph being built: tensors, nodes, and values in their layouts.
 *
 * gives: t2o_get, the only place that transposes or reshapes data by itself
 */
#include <string.h>

#include "export.h"

bool t2o_refuse(Export *e, const char *format, ...) {
  va_list args;
  va_start(args, format);
  (void)fuse_op_error(e->op, "not supported yet: %s", fuse_vformat(e->arena, format, args));
  va_end(args);
  return false;
}

/* ---- values ---- */

Value *t2o_value(Export *e, MlirValue mlir) {
  size_t slot = ((uintptr_t)mlir.ptr >> 4) % e->n_slots;
  while (e->slots[slot] && e->slots[slot]->mlir.ptr != mlir.ptr)
    slot = (slot + 1) % e->n_slots;
  if (!e->slots[slot]) {
    e->slots[slot] = fuse_alloc(e->arena, sizeof(Value));
    e->slots[slot]->mlir = mlir;
  }
  return e->slots[slot];
}

Value *t2o_operand(Export *e, int i) {
  return t2o_value(e, mlirOperationGetOperand(e->op, i));
}

Value *t2o_result(Export *e) {
  return t2o_value(e, mlirOperationGetResult(e->op, 0));
}

/* ---- layouts ---- */

void t2o_order(Layout layout, int rank, int *order) {
  for (int p = 0; p < rank; p++)
    order[p] = p;
  if (layout == AS_IS || rank < 3)
    return;
  order[1] = rank - 1;
  for (int p = 2; p < rank; p++)
    order[p] = p - 1;
}

int t2o_place(Layout layout, int rank, int axis) {
  int order[FUSE_MAX_RANK];
  t2o_order(layout, rank, order);
  int p = 0;
  while (order[p] != axis)
    p++;
  return p;
}

bool t2o_same_order(const FuseTensor *type) {
  if (type->rank < 3 || type->shape[type->rank - 1] == 1)
    return true;
  for (int d = 1; d < type->rank - 1; d++)
    if (type->shape[d] != 1)
      return false;
  return true;
}

FuseTensor t2o_type(const FuseTensor *type, Layout layout) {
  FuseTensor result = *type;
  int order[FUSE_MAX_RANK];
  t2o_order(layout, type->rank, order);
  for (int p = 0; p < type->rank; p++)
    result.shape[p] = type->shape[order[p]];
  result.data = NULL;
  return result;
}

/* Are the bytes of x in layout `from` those of its reshape y in layout `to`? */
static bool connected(const FuseTensor *x, Layout from, const FuseTensor *y, Layout to) {
  bool x_any = t2o_same_order(x), y_any = t2o_same_order(y);
  bool kept = x->rank > 0 && y->rank > 0 && x->shape[0] == y->shape[0] &&
              x->shape[x->rank - 1] == y->shape[y->rank - 1];
  if ((from == AS_IS || x_any) && (to == AS_IS || y_any))
    return true;
  return kept && (from == FIRST || x_any) && (to == FIRST || y_any);
}

Tensor *t2o_bytes(Value *value, Layout layout) {
  if (value->form[layout])
    return value->form[layout];
  if (value->raw && (layout == AS_IS || t2o_same_order(&value->type)))
    return value->raw;
  if (t2o_same_order(&value->type) && value->form[1 - layout])
    return value->form[1 - layout];
  for (int from = 0; value->reshape && from < N_LAYOUTS; from++) {
    Tensor *bytes = connected(&value->reshape->type, (Layout)from, &value->type, layout)
                        ? t2o_bytes(value->reshape, (Layout)from)
                        : NULL;
    if (bytes)
      return bytes;
  }
  return NULL;
}

/* A known value as an initializer. */
static Tensor *known(Export *e, const Value *value, Layout layout) {
  int order[FUSE_MAX_RANK];
  FuseTensor tensor = value->type;
  t2o_order(layout, tensor.rank, order);
  if (!t2o_same_order(&tensor) && layout != AS_IS)
    tensor = t2o_permuted(e, &tensor, order);
  else
    tensor = t2o_shaped(&tensor, tensor.rank, t2o_type(&tensor, layout).shape);
  return t2o_initializer(e, &tensor, "constant");
}

static bool same_shape(const FuseTensor *a, const FuseTensor *b) {
  return a->rank == b->rank && memcmp(a->shape, b->shape, (size_t)a->rank * sizeof *a->shape) == 0;
}

/* From the form that is there, which holds another order of elements. */
static Tensor *reordered(Export *e, Tensor *x, Layout from, int rank) {
  int order[FUSE_MAX_RANK], perm[FUSE_MAX_RANK];
  t2o_order((Layout)(1 - from), rank, order);
  for (int p = 0; p < rank; p++)
    perm[p] = t2o_place(from, rank, order[p]);
  return t2o_transpose(e, x, perm);
}

/* A form that isn't there yet of a value that isn't known. */
static Tensor *make_form(Export *e, Value *value, Layout layout) {
  const FuseTensor type = t2o_type(&value->type, layout);
  const Layout other = (Layout)(1 - layout);
  Tensor *bytes = t2o_bytes(value, layout);
  if (!bytes && !t2o_bytes(value, other)) { /* a reshape across the order of elements */
    (void)t2o_get(e, value->reshape, AS_IS);
    bytes = t2o_bytes(value, layout);
  }
  if (bytes)
    return same_shape(&bytes->type, &type) ? bytes : t2o_reshape(e, bytes, type.rank, type.shape);
  return t2o_part(e, reordered(e, t2o_get(e, value, other), other, type.rank), "transpose");
}

Tensor *t2o_get(Export *e, Value *value, Layout layout) {
  if (value->form[layout])
    return value->form[layout];
  if (value->type.data)
    return value->form[layout] = known(e, value, layout);
  const char *name = e->name; /* what moves the value is called like what made it */
  if (value->name)
    e->name = value->name;
  value->form[layout] = make_form(e, value, layout);
  e->name = name;
  return value->form[layout];
}

Layout t2o_choose(Value *const *values, int n, int rank) {
  int transposes[N_LAYOUTS] = {0, 0};
  bool made_first = false;
  for (int i = 0; rank >= 3 && i < n; i++) {
    Value *v = values[i];
    if (v->type.data)
      continue;
    const bool as_is = t2o_bytes(v, AS_IS), first = t2o_bytes(v, FIRST);
    transposes[AS_IS] += !as_is;
    transposes[FIRST] += !first + (!first && !as_is); /* through AS_IS */
    made_first = made_first || (first && (!as_is || (v->form[FIRST] && !v->form[AS_IS])));
  }
  if (transposes[FIRST] == transposes[AS_IS])
    return made_first ? FIRST : AS_IS;
  return transposes[FIRST] < transposes[AS_IS] ? FIRST : AS_IS;
}

/* ---- initializers ---- */

Tensor *t2o_initializer(Export *e, const FuseTensor *tensor, const char *what) {
  Tensor *t = fuse_alloc(e->arena, sizeof *t);
  t->type = *tensor;
  t->hint = *e->name ? fuse_format(e->arena, "%s.%s", e->name, what) : what;
  e->initializers = fuse_grow(e->arena, e->initializers, e->n_initializers,
                              &e->initializer_capacity, e->n_initializers + 1, sizeof(Tensor *));
  return e->initializers[e->n_initializers++] = t;
}

Tensor *t2o_numbers(Export *e, int n, const int64_t *values, const char *what) {
  uint8_t *bytes = fuse_alloc_array(e->arena, (size_t)n, 8);
  for (int i = 0; i < n; i++)
    fuse_put64(bytes + 8 * i, (uint64_t)values[i]);
  FuseTensor tensor = {.dtype = FUSE_I64, .rank = 1, .shape = {n}, .data = bytes};
  FUSE_ASSERT(fuse_tensor_set_size(&tensor));
  return t2o_initializer(e, &tensor, what);
}

Tensor *t2o_scalar(Export *e, double value, const char *what) {
  const float f = (float)value;
  FuseTensor tensor = {.dtype = FUSE_F32, .data = fuse_memdup(e->arena, &f, sizeof f)};
  FUSE_ASSERT(fuse_tensor_set_size(&tensor));
  return t2o_initializer(e, &tensor, what);
}

FuseTensor t2o_permuted(Export *e, const FuseTensor *x, const int *perm) {
  const size_t elem = fuse_dtype_bytes(x->dtype);
  int64_t step[FUSE_MAX_RANK], at[FUSE_MAX_RANK] = {0}, stride = 1, from = 0;
  FuseTensor y = *x;
  uint8_t *to = fuse_alloc(e->arena, x->size_bytes);
  for (int d = x->rank; d-- > 0; stride *= x->shape[d])
    for (int p = 0; p < x->rank; p++)
      if (perm[p] == d)
        y.shape[p] = x->shape[d], step[p] = stride;
  for (size_t i = 0; i < x->size_bytes; i += elem) {
    memcpy(to + i, (const uint8_t *)x->data + (size_t)from * elem, elem);
    for (int p = x->rank; p-- > 0;) { /* the next position, the last axis fastest */
      from += step[p];
      if (++at[p] < y.shape[p])
        break;
      from -= y.shape[p] * step[p], at[p] = 0;
    }
  }
  y.data = to;
  return y;
}

FuseTensor t2o_shaped(const FuseTensor *x, int rank, const int64_t *shape) {
  FuseTensor y = *x;
  y.rank = rank;
  if (rank)
    memmove(y.shape, shape, (size_t)rank * sizeof *shape);
  return y;
}

/* ---- nodes ---- */

static Tensor *new_output(Export *e, Node *node, const FuseTensor *type) {
  Tensor *t = fuse_alloc(e->arena, sizeof *t);
  *t = (Tensor){.type = *type, .node = node};
  t->type.data = NULL;
  return t;
}

Tensor *t2o_node(Export *e, const char *type, const FuseTensor *result, int n_in,
                 Tensor *const *in) {
  Node *node = fuse_alloc(e->arena, sizeof *node);
  onnx__node_proto__init(&node->proto);
  node->proto.op_type = fuse_strdup(e->arena, type);
  node->proto.n_input = (size_t)n_in;
  node->in = fuse_memdup(e->arena, in, (size_t)n_in * sizeof *in);
  node->proto.n_output = 1;
  node->out = fuse_alloc(e->arena, sizeof *node->out);
  node->out[0] = new_output(e, node, result);
  node->hint = e->name;
  e->nodes = fuse_grow(e->arena, e->nodes, e->n_nodes, &e->node_capacity, e->n_nodes + 1,
                       sizeof *e->nodes);
  e->nodes[e->n_nodes++] = node;
  return node->out[0];
}

Tensor *t2o_more(Export *e, Node *node, const FuseTensor *result) {
  const size_t n = node->proto.n_output;
  Tensor **out = fuse_alloc_array(e->arena, n + 1, sizeof *out);
  memcpy(out, node->out, n * sizeof *out);
  node->out = out;
  node->proto.n_output++;
  return out[n] = new_output(e, node, result);
}

Tensor *t2o_part(Export *e, Tensor *tensor, const char *part) {
  if (tensor->node && *tensor->node->hint)
    tensor->node->hint = fuse_format(e->arena, "%s.%s", tensor->node->hint, part);
  return tensor;
}

Tensor *t2o_node1(Export *e, const char *type, const FuseTensor *result, Tensor *x) {
  return t2o_node(e, type, result, 1, &x);
}

Tensor *t2o_node2(Export *e, const char *type, const FuseTensor *result, Tensor *a, Tensor *b) {
  return t2o_node(e, type, result, 2, (Tensor *[]){a, b});
}

Tensor *t2o_reshape(Export *e, Tensor *x, int rank, const int64_t *shape) {
  const FuseTensor type = t2o_shaped(&x->type, rank, shape);
  if (rank == 2 && x->type.rank > 1 && x->type.shape[0] == shape[0]) {
    Tensor *y = t2o_node1(e, "Flatten", &type, x);
    t2o_attr_i64(e, y->node, "axis", 1);
    return y;
  }
  return t2o_node2(e, "Reshape", &type, x, t2o_numbers(e, rank, shape, "shape"));
}

Tensor *t2o_transpose(Export *e, Tensor *x, const int *perm) {
  FuseTensor type = x->type;
  int64_t values[FUSE_MAX_RANK];
  for (int p = 0; p < type.rank; p++) {
    values[p] = perm[p];
    type.shape[p] = x->type.shape[perm[p]];
  }
  Tensor *y = t2o_node1(e, "Transpose", &type, x);
  t2o_attr_i64s(e, y->node, "perm", type.rank, values);
  return y;
}

/* ---- attributes ---- */

static Onnx__AttributeProto *new_attribute(Export *e, Node *node, const char *name,
                                           Onnx__AttributeProto__AttributeType type) {
  Onnx__AttributeProto *attr = fuse_alloc(e->arena, sizeof *attr);
  onnx__attribute_proto__init(attr);
  attr->name = fuse_strdup(e->arena, name);
  attr->has_type = true;
  attr->type = type;
  node->proto.attribute =
      fuse_grow(e->arena, node->proto.attribute, node->proto.n_attribute, &node->attribute_capacity,
                node->proto.n_attribute + 1, sizeof attr);
  return node->proto.attribute[node->proto.n_attribute++] = attr;
}

void t2o_attr_i64(Export *e, Node *node, const char *name, int64_t value) {
  Onnx__AttributeProto *attr =
      new_attribute(e, node, name, ONNX__ATTRIBUTE_PROTO__ATTRIBUTE_TYPE__INT);
  attr->has_i = true;
  attr->i = value;
}

void t2o_attr_i64s(Export *e, Node *node, const char *name, int n, const int64_t *values) {
  Onnx__AttributeProto *attr =
      new_attribute(e, node, name, ONNX__ATTRIBUTE_PROTO__ATTRIBUTE_TYPE__INTS);
  attr->n_ints = (size_t)n;
  attr->ints = fuse_memdup(e->arena, values, (size_t)n * sizeof *values);
}

void t2o_attr_f32(Export *e, Node *node, const char *name, float value) {
  Onnx__AttributeProto *attr =
      new_attribute(e, node, name, ONNX__ATTRIBUTE_PROTO__ATTRIBUTE_TYPE__FLOAT);
  attr->has_f = true;
  attr->f = value;
}

void t2o_attr_str(Export *e, Node *node, const char *name, const char *value) {
  Onnx__AttributeProto *attr =
      new_attribute(e, node, name, ONNX__ATTRIBUTE_PROTO__ATTRIBUTE_TYPE__STRING);
  attr->has_s = true;
  attr->s.len = strlen(value);
  attr->s.data = fuse_memdup(e->arena, value, attr->s.len);
}
