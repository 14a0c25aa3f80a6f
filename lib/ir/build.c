// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/* build.c - strings, types, attributes and ops of MLIR in few words.
 *
 * needs: live handles of one context
 * gives: new types, attributes, ops; attribute values with their kind checked
 */
#include <string.h>

#include "ir_private.h"

/* ---- strings ---- */

MlirStringRef fuse_str(const char *s) {
  return mlirStringRefCreate(s, strlen(s));
}

char *fuse_str_dup(FuseArena *arena, MlirStringRef s) {
  return fuse_strndup(arena, s.data, s.length);
}

bool fuse_str_is(MlirStringRef s, const char *literal) {
  return s.length == strlen(literal) && !memcmp(s.data, literal, s.length);
}

MlirStringRef fuse_op_name(MlirOperation op) {
  return mlirIdentifierStr(mlirOperationGetName(op));
}

bool fuse_op_is(MlirOperation op, const char *name) {
  return !mlirOperationIsNull(op) && fuse_str_is(fuse_op_name(op), name);
}

/* ---- types ---- */

FuseDtype fuse_dtype_of(MlirType element) {
  if (mlirTypeIsAF32(element))
    return FUSE_F32;
  if (mlirTypeIsAF64(element))
    return FUSE_F64;
  if (mlirTypeIsAF16(element))
    return FUSE_F16;
  if (mlirTypeIsABF16(element))
    return FUSE_BF16;
  if (!mlirTypeIsAInteger(element) || mlirIntegerTypeIsSigned(element))
    return FUSE_DTYPE_NONE;
  bool u = mlirIntegerTypeIsUnsigned(element);
  switch (mlirIntegerTypeGetWidth(element)) {
  case 1: return u ? FUSE_DTYPE_NONE : FUSE_BOOL;
  case 8: return u ? FUSE_U8 : FUSE_I8;
  case 16: return u ? FUSE_U16 : FUSE_I16;
  case 32: return u ? FUSE_U32 : FUSE_I32;
  case 64: return u ? FUSE_U64 : FUSE_I64;
  default: return FUSE_DTYPE_NONE;
  }
}

MlirType fuse_type_of(MlirContext context, FuseDtype dtype) {
  switch (dtype) {
  case FUSE_F32: return mlirF32TypeGet(context);
  case FUSE_F64: return mlirF64TypeGet(context);
  case FUSE_F16: return mlirF16TypeGet(context);
  case FUSE_BF16: return mlirBF16TypeGet(context);
  case FUSE_I8: return mlirIntegerTypeGet(context, 8);
  case FUSE_U8: return mlirIntegerTypeUnsignedGet(context, 8);
  case FUSE_I16: return mlirIntegerTypeGet(context, 16);
  case FUSE_U16: return mlirIntegerTypeUnsignedGet(context, 16);
  case FUSE_I32: return mlirIntegerTypeGet(context, 32);
  case FUSE_U32: return mlirIntegerTypeUnsignedGet(context, 32);
  case FUSE_I64: return mlirIntegerTypeGet(context, 64);
  case FUSE_U64: return mlirIntegerTypeUnsignedGet(context, 64);
  case FUSE_BOOL: return mlirIntegerTypeGet(context, 1);
  case FUSE_DTYPE_NONE: break;
  }
  FUSE_ASSERT(!"a dtype");
  return mlirNoneTypeGet(context);
}

MlirType fuse_tensor_type_get(MlirType element, int rank, const int64_t *shape) {
  return mlirRankedTensorTypeGet(rank, shape, element, mlirAttributeGetNull());
}

bool fuse_type_tensor(MlirType type, FuseTensor *tensor) {
  if (!mlirTypeIsARankedTensor(type) || !mlirShapedTypeHasStaticShape(type))
    return false;
  FuseTensor t = {.dtype = fuse_dtype_of(mlirShapedTypeGetElementType(type))};
  int64_t rank = mlirShapedTypeGetRank(type);
  if (t.dtype == FUSE_DTYPE_NONE || rank > FUSE_MAX_RANK)
    return false;
  t.rank = (int)rank;
  for (int d = 0; d < t.rank; d++)
    t.shape[d] = mlirShapedTypeGetDimSize(type, d);
  if (!fuse_tensor_set_size(&t))
    return false;
  *tensor = t;
  return true;
}

/* ---- attributes ---- */

MlirNamedAttribute fuse_attr(MlirContext context, const char *name, MlirAttribute value) {
  return mlirNamedAttributeGet(mlirIdentifierGet(context, fuse_str(name)), value);
}

MlirNamedAttribute fuse_attr_str(MlirContext context, const char *name, const char *value) {
  return fuse_attr(context, name, mlirStringAttrGet(context, fuse_str(value)));
}

MlirNamedAttribute fuse_attr_i64(MlirContext context, const char *name, int64_t value) {
  return fuse_attr(context, name, mlirIntegerAttrGet(mlirIntegerTypeGet(context, 64), value));
}

MlirNamedAttribute fuse_attr_f32(MlirContext context, const char *name, double value) {
  return fuse_attr(context, name, mlirFloatAttrDoubleGet(context, mlirF32TypeGet(context), value));
}

MlirNamedAttribute fuse_attr_bool(MlirContext context, const char *name, bool value) {
  return fuse_attr(context, name, mlirBoolAttrGet(context, value));
}

MlirNamedAttribute fuse_attr_i64s(MlirContext context, const char *name, int n,
                                  const int64_t *values) {
  return fuse_attr(context, name, mlirDenseI64ArrayGet(context, n, values));
}

static MlirAttribute find_attr(MlirOperation op, const char *name) {
  return mlirOperationGetAttributeByName(op, fuse_str(name));
}

bool fuse_get_i64(MlirOperation op, const char *name, int64_t *value) {
  MlirAttribute attr = find_attr(op, name);
  if (mlirAttributeIsNull(attr) || !mlirAttributeIsAInteger(attr) || mlirAttributeIsABool(attr))
    return false;
  MlirType type = mlirAttributeGetType(attr);
  if (!mlirTypeIsAInteger(type) || mlirIntegerTypeGetWidth(type) > 64)
    return false;
  if (mlirIntegerTypeIsUnsigned(type)) {
    uint64_t bits = mlirIntegerAttrGetValueUInt(attr);
    if (bits > INT64_MAX)
      return false;
    *value = (int64_t)bits;
  } else {
    *value = mlirIntegerTypeIsSigned(type) ? mlirIntegerAttrGetValueSInt(attr)
                                           : mlirIntegerAttrGetValueInt(attr);
  }
  return true;
}

bool fuse_get_f64(MlirOperation op, const char *name, double *value) {
  MlirAttribute attr = find_attr(op, name);
  if (mlirAttributeIsNull(attr) || !mlirAttributeIsAFloat(attr))
    return false;
  *value = mlirFloatAttrGetValueDouble(attr);
  return true;
}

bool fuse_has_attr(MlirOperation op, const char *name) {
  return !mlirAttributeIsNull(find_attr(op, name));
}

bool fuse_get_bool(MlirOperation op, const char *name, bool *value) {
  MlirAttribute attr = find_attr(op, name);
  if (mlirAttributeIsNull(attr) || !mlirAttributeIsABool(attr))
    return false;
  *value = mlirBoolAttrGetValue(attr);
  return true;
}

static void append(MlirStringRef s, void *text) {
  fuse_text_append(text, s.data, s.length);
}

bool fuse_attr_says(MlirOperation op, const char *name, const char *word) {
  MlirAttribute attr = mlirOperationGetAttributeByName(op, fuse_str(name));
  FuseText text = {0};
  if (!mlirAttributeIsNull(attr))
    mlirAttributePrint(attr, append, &text);
  bool says = text.data && strstr(text.data, word);
  fuse_text_fini(&text);
  return says;
}

bool fuse_get_str(MlirOperation op, const char *name, MlirStringRef *value) {
  MlirAttribute attr = find_attr(op, name);
  if (mlirAttributeIsNull(attr) || !mlirAttributeIsAString(attr))
    return false;
  *value = mlirStringAttrGetValue(attr);
  return true;
}

bool fuse_get_i64s(MlirOperation op, const char *name, int max, int64_t *values, int *n) {
  MlirAttribute attr = find_attr(op, name);
  if (mlirAttributeIsNull(attr) || !mlirAttributeIsADenseI64Array(attr))
    return false;
  intptr_t count = mlirDenseArrayGetNumElements(attr);
  if (count > max)
    return false;
  for (intptr_t i = 0; i < count; i++)
    values[i] = mlirDenseI64ArrayGetElement(attr, i);
  *n = (int)count;
  return true;
}

/* ---- ops ---- */

MlirOperation fuse_build_op(MlirRewriterBase rw, MlirLocation loc, const char *name, int n_operands,
                            const MlirValue *operands, int n_attrs, const MlirNamedAttribute *attrs,
                            int n_results, const MlirType *results) {
  MlirOperationState state = mlirOperationStateGet(fuse_str(name), loc);
  mlirOperationStateAddOperands(&state, n_operands, operands);
  mlirOperationStateAddAttributes(&state, n_attrs, attrs);
  mlirOperationStateAddResults(&state, n_results, results);
  MlirOperation op = mlirOperationCreate(&state);
  FUSE_ASSERT(!mlirOperationIsNull(op));
  return mlirRewriterBaseInsert(rw, op);
}

MlirValue fuse_build(MlirRewriterBase rw, MlirLocation loc, const char *name, int n_operands,
                     const MlirValue *operands, int n_attrs, const MlirNamedAttribute *attrs,
                     MlirType result) {
  return mlirOperationGetResult(
      fuse_build_op(rw, loc, name, n_operands, operands, n_attrs, attrs, 1, &result), 0);
}

/* ---- op lists ---- */

typedef struct Collect {
  FuseArena *arena;
  MlirOperation root;
  const char *name;
  FuseOpList list;
  size_t capacity;
} Collect;

static MlirWalkResult collect(MlirOperation op, void *user) {
  Collect *c = user;
  if (mlirOperationEqual(op, c->root) || (c->name && !fuse_op_is(op, c->name)))
    return MlirWalkResultAdvance;
  c->list.ops =
      fuse_grow(c->arena, c->list.ops, c->list.n, &c->capacity, c->list.n + 1, sizeof *c->list.ops);
  c->list.ops[c->list.n++] = op;
  return MlirWalkResultAdvance;
}

FuseOpList fuse_ops_of(FuseArena *arena, MlirOperation root, const char *name) {
  Collect c = {.arena = arena, .root = root, .name = name};
  mlirOperationWalk(root, collect, &c, MlirWalkPreOrder);
  return c.list;
}

MlirOperation fuse_find_main(MlirModule module) {
  MlirOperation found = {0}, only = {0};
  size_t n = 0;
  for (MlirOperation op = mlirBlockGetFirstOperation(mlirModuleGetBody(module));
       !mlirOperationIsNull(op); op = mlirOperationGetNextInBlock(op)) {
    MlirStringRef name;
    if (!fuse_op_is(op, "func.func"))
      continue;
    only = op, n++;
    if (fuse_get_str(op, "sym_name", &name) && fuse_str_is(name, "main"))
      found = op;
  }
  if (mlirOperationIsNull(found) && n == 1)
    found = only;
  if (mlirOperationIsNull(found))
    fuse_op_error(mlirModuleGetOperation(module), "%zu functions, none of them @main; expected it",
                  n);
  return found;
}

static bool starts_with(MlirStringRef s, const char *prefix) {
  size_t n = strlen(prefix);
  return s.length >= n && !memcmp(s.data, prefix, n);
}

/* Has op no effect beside its results? A region may hold anything, another domain's custom op do
 * anything. The commands of stos have no result. */
static bool is_pure(MlirOperation op) {
  MlirStringRef name = fuse_op_name(op);
  if (mlirOperationGetNumRegions(op) > 0 ||
      (fuse_str_is(name, "tosa.custom") && !fuse_op_is_custom(op)))
    return false;
  return starts_with(name, "onnx.") || starts_with(name, "fuse.") || starts_with(name, "tosa.") ||
         starts_with(name, "stos.") || fuse_op_is_empty_constant(op);
}

static bool is_unused(MlirOperation op) {
  intptr_t n = mlirOperationGetNumResults(op);
  for (intptr_t i = 0; i < n; i++)
    if (!mlirOpOperandIsNull(mlirValueGetFirstUse(mlirOperationGetResult(op, i))))
      return false;
  return n > 0;
}

void fuse_dce(MlirOperation root) {
  FuseArena scratch = {0};
  FuseOpList list = fuse_ops_of(&scratch, root, NULL);
  /* Backwards: users go before what they use, so one pass is enough. */
  for (size_t i = list.n; i-- > 0;)
    if (is_pure(list.ops[i]) && is_unused(list.ops[i]))
      mlirOperationDestroy(list.ops[i]);
  fuse_arena_fini(&scratch);
}
