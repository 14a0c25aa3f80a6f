// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/* tree.c - the elementwise ops (an activation) between a layer and what uses it.
 *
 *   %r = tosa.depthwise_conv2d ...     %c = tosa.depthwise_conv2d ...      leaves
 *   %s = tosa.clamp %r                 %d = tosa.clamp %c                  tree, two copies
 *   %y = tosa.concat %s, %d                                                user
 *
 * gives: is it the same function on both sides, one that treats all channels alike? Then it may as
 *        well be computed behind the concatenation, with the same bits.
 */
#include <string.h>

#include "rewrite.h"

static bool is_elementwise(MlirOperation op) {
  static const char *const names[] = {
      "tosa.abs",     "tosa.add",           "tosa.ceil",       "tosa.clamp",   "tosa.erf",
      "tosa.exp",     "tosa.floor",         "tosa.greater",    "tosa.log",     "tosa.maximum",
      "tosa.minimum", "tosa.greater_equal", "tosa.mul",        "tosa.negate",  "tosa.pow",
      "tosa.rsqrt",   "tosa.select",        "tosa.reciprocal", "tosa.sigmoid", "tosa.sub",
      "tosa.tanh"};
  for (size_t i = 0; i < FUSE_COUNTOF(names); i++)
    if (fuse_op_is(op, names[i]))
      return true;
  return false;
}

/* The op of a value; null for an argument. */
static MlirOperation owner(MlirValue value) {
  return mlirValueIsAOpResult(value) ? mlirOpResultGetOwner(value) : (MlirOperation){NULL};
}

/* One number for all elements, the same for a and b. */
static bool same_constant(Rewrite *r, MlirValue a, MlirValue b) {
  FuseTensor x, y;
  return fuse_value_constant(r->ir, a, &x) && fuse_value_constant(r->ir, b, &y) &&
         fuse_tensor_elems(&x) == 1 && mlirTypeEqual(mlirValueGetType(a), mlirValueGetType(b)) &&
         memcmp(x.data, y.data, x.size_bytes) == 0;
}

static bool same_attributes(MlirOperation a, MlirOperation b) {
  intptr_t n = mlirOperationGetNumAttributes(a);
  if (mlirOperationGetNumAttributes(b) != n)
    return false;
  for (intptr_t i = 0; i < n; i++) {
    MlirNamedAttribute attr = mlirOperationGetAttribute(a, i);
    MlirAttribute other = mlirOperationGetAttributeByName(b, mlirIdentifierStr(attr.name));
    if (mlirAttributeIsNull(other) || !mlirAttributeEqual(attr.attribute, other))
      return false;
  }
  return true;
}

/* Does the op's result have the leaf's shape (nothing is broadcast up)? */
static bool keeps_shape(MlirOperation op, MlirOperation leaf) {
  FuseTensor x, y;
  return mlirOperationGetNumResults(op) == 1 &&
         fuse_type_tensor(mlirValueGetType(mlirOperationGetResult(op, 0)), &y) &&
         fuse_type_tensor(mlirValueGetType(mlirOperationGetResult(leaf, 0)), &x) &&
         y.rank == x.rank && !memcmp(y.shape, x.shape, (size_t)x.rank * sizeof *x.shape);
}

static bool match_leaf(Tree *tree, MlirOperation a, MlirOperation b) {
  if (mlirOperationIsNull(tree->leaf[0]))
    tree->leaf[0] = a, tree->leaf[1] = b;
  return mlirOperationEqual(tree->leaf[0], a) && mlirOperationEqual(tree->leaf[1], b);
}

static bool match(Rewrite *r, Tree *tree, MlirValue a, MlirValue b, int depth) {
  MlirOperation x = owner(a), y = owner(b);
  if (fuse_op_is(x, "tosa.depthwise_conv2d") && fuse_op_is(y, "tosa.depthwise_conv2d"))
    return match_leaf(tree, x, y);
  if (mlirOperationIsNull(x) || mlirOperationIsNull(y) || depth == TREE_MAX)
    return false;
  for (int i = 0; i < tree->n; i++) /* seen before: only as the same pair */
    if (mlirOperationEqual(tree->ops[0][i], x) || mlirOperationEqual(tree->ops[1][i], y))
      return mlirOperationEqual(tree->ops[0][i], x) && mlirOperationEqual(tree->ops[1][i], y);
  intptr_t n = mlirOperationGetNumOperands(x);
  if (!is_elementwise(x) || !mlirStringRefEqual(fuse_op_name(x), fuse_op_name(y)) ||
      mlirOperationGetNumOperands(y) != n || !same_attributes(x, y))
    return false;
  for (intptr_t i = 0; i < n; i++) {
    MlirValue from_x = mlirOperationGetOperand(x, i), from_y = mlirOperationGetOperand(y, i);
    if (!same_constant(r, from_x, from_y) && !match(r, tree, from_x, from_y, depth + 1))
      return false;
  }
  if (tree->n == TREE_MAX || mlirOperationIsNull(tree->leaf[0]) || !keeps_shape(x, tree->leaf[0]) ||
      !keeps_shape(y, tree->leaf[1]))
    return false;
  tree->ops[0][tree->n] = x;
  tree->ops[1][tree->n++] = y;
  return true;
}

bool rewrite_tree_match(Rewrite *r, Tree *tree, MlirValue a, MlirValue b) {
  *tree = (Tree){.n = 0};
  return match(r, tree, a, b, 0) && !mlirOperationIsNull(tree->leaf[0]);
}

static bool in_tree(const Tree *tree, MlirOperation op) {
  for (int i = 0; i < tree->n; i++)
    if (mlirOperationEqual(tree->ops[0][i], op) || mlirOperationEqual(tree->ops[1][i], op))
      return true;
  return false;
}

static bool used_within(const Tree *tree, MlirOperation op, MlirOperation user) {
  MlirOpOperand use = mlirValueGetFirstUse(mlirOperationGetResult(op, 0));
  for (; !mlirOpOperandIsNull(use); use = mlirOpOperandGetNextUse(use)) {
    MlirOperation by = mlirOpOperandGetOwner(use);
    if (!mlirOperationEqual(by, user) && !in_tree(tree, by))
      return false;
  }
  return true;
}

bool rewrite_tree_closed(const Tree *tree, MlirOperation user) {
  for (int side = 0; side < 2; side++) {
    if (!used_within(tree, tree->leaf[side], user))
      return false;
    for (int i = 0; i < tree->n; i++)
      if (!used_within(tree, tree->ops[side][i], user))
        return false;
  }
  return true;
}

/* What an operand of the tree's first copy has become: the new leaf, a new op, or itself where it
 * is a constant. */
static MlirValue rebuilt(const Tree *tree, const MlirValue *values, MlirValue leaf,
                         MlirValue operand) {
  MlirOperation op = owner(operand);
  if (mlirOperationEqual(op, tree->leaf[0]))
    return leaf;
  for (int i = 0; i < tree->n; i++)
    if (mlirOperationEqual(op, tree->ops[0][i]))
      return values[i];
  return operand;
}

MlirValue rewrite_tree_build(Rewrite *r, const Tree *tree, MlirValue leaf) {
  MlirValue values[TREE_MAX], last = leaf;
  FuseTensor shape;
  FUSE_ASSERT(fuse_type_tensor(mlirValueGetType(leaf), &shape));
  for (int i = 0; i < tree->n; i++) {
    MlirOperation op = tree->ops[0][i];
    int n = (int)mlirOperationGetNumOperands(op), n_attrs = (int)mlirOperationGetNumAttributes(op);
    MlirValue *operands = fuse_alloc_array(r->scratch, (size_t)n, sizeof *operands);
    MlirNamedAttribute *attrs = fuse_alloc_array(r->scratch, (size_t)n_attrs, sizeof *attrs);
    for (int k = 0; k < n; k++)
      operands[k] = rebuilt(tree, values, leaf, mlirOperationGetOperand(op, k));
    for (int k = 0; k < n_attrs; k++)
      attrs[k] = mlirOperationGetAttribute(op, k);
    MlirType element =
        mlirShapedTypeGetElementType(mlirValueGetType(mlirOperationGetResult(op, 0)));
    values[i] = last = fuse_build(r->rw, rewrite_fused_loc(r, op, tree->ops[1][i]),
                                  fuse_str_dup(r->scratch, fuse_op_name(op)), n, operands, n_attrs,
                                  attrs, fuse_tensor_type_get(element, shape.rank, shape.shape));
  }
  return last;
}
