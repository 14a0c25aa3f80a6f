// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/* constant.c - elements attributes from bytes, and the bytes behind them.
 *
 * needs: tensors whose bytes outlive the FuseIr; or any elements attribute
 * gives: dense<...> (small) or dense_resource<key> without a copy; FuseTensors
 *
 * The C API has no pointer to a resource's bytes and no length, and reading one element behind its
 * end isn't caught. So our own resources are remembered when they are made, and those that came
 * from a file are read from MLIR's own printed form, which is exact and has a length.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ir_private.h"

#define MAX_DENSE_BYTES 64 /* larger constants become resources */
#define EMPTY_CONSTANT "arith.constant"

/* ---- the table ---- */

static size_t hash(const void *attr) {
  uint64_t h = (uint64_t)(uintptr_t)attr * UINT64_C(0x9E3779B97F4A7C15);
  return (size_t)(h >> 20);
}

static FuseConstantSlot *slot_of(const FuseConstantTable *table, const void *attr) {
  size_t i = hash(attr) & (table->capacity - 1);
  while (table->slots[i].attr && table->slots[i].attr != attr)
    i = (i + 1) & (table->capacity - 1);
  return &table->slots[i];
}

static const FuseConstantSlot *find(const FuseConstantTable *table, MlirAttribute attr) {
  if (!table->n)
    return NULL;
  const FuseConstantSlot *slot = slot_of(table, attr.ptr);
  return slot->attr ? slot : NULL;
}

static void remember(FuseConstantTable *table, FuseConstantSlot entry) {
  if (table->n * 2 >= table->capacity) {
    FuseConstantTable grown = {.n = table->n,
                               .capacity = table->capacity ? table->capacity * 2 : 64};
    grown.slots = calloc(grown.capacity, sizeof *grown.slots);
    if (!grown.slots)
      fuse_fatal("out of memory");
    for (size_t i = 0; i < table->capacity; i++)
      if (table->slots[i].attr)
        *slot_of(&grown, table->slots[i].attr) = table->slots[i];
    free(table->slots);
    *table = grown;
  }
  FuseConstantSlot *slot = slot_of(table, entry.attr);
  table->n += slot->attr == NULL;
  *slot = entry;
}

/* ---- making ---- */

static MlirAttribute dense_bools(MlirType type, const FuseTensor *tensor) {
  int values[MAX_DENSE_BYTES];
  const uint8_t *bytes = tensor->data;
  for (size_t i = 0; i < tensor->size_bytes; i++)
    values[i] = bytes[i] != 0;
  return mlirDenseElementsAttrBoolGet(type, (intptr_t)tensor->size_bytes, values);
}

MlirAttribute fuse_constant(FuseIr *ir, const FuseTensor *tensor, const char *key) {
  MlirType type =
      fuse_tensor_type_get(fuse_type_of(ir->context, tensor->dtype), tensor->rank, tensor->shape);
  MlirAttribute attr;
  if (tensor->size_bytes > MAX_DENSE_BYTES) {
    /* The element's size is claimed as alignment: a fixed number, because it shows in the output.
     */
    attr = mlirUnmanagedDenseResourceElementsAttrGet(
        type, fuse_str(key), (void *)(uintptr_t)tensor->data, tensor->size_bytes,
        fuse_dtype_bytes(tensor->dtype), false, NULL, NULL);
    remember(&ir->constants,
             (FuseConstantSlot){.attr = attr.ptr, .valid = true, .tensor = *tensor});
  } else if (tensor->size_bytes == 0) {
    attr = mlirDenseElementsAttrGet(type, 0, NULL);
  } else if (tensor->dtype == FUSE_BOOL) {
    attr = dense_bools(type, tensor);
  } else {
    attr = mlirDenseElementsAttrRawBufferGet(type, tensor->size_bytes, tensor->data);
  }
  FUSE_ASSERT(!mlirAttributeIsNull(attr));
  return attr;
}

MlirValue fuse_build_const(FuseIr *ir, MlirRewriterBase rw, MlirLocation loc,
                           const FuseTensor *tensor, const char *key) {
  const bool empty = tensor->size_bytes == 0;
  MlirNamedAttribute values =
      fuse_attr(ir->context, empty ? "value" : "values", fuse_constant(ir, tensor, key));
  return fuse_build(rw, loc, empty ? EMPTY_CONSTANT : "tosa.const", 0, NULL, 1, &values,
                    mlirAttributeGetType(values.attribute));
}

/* ---- reading ---- */

static int nibble(char c) {
  return c >= '0' && c <= '9' ? c - '0' : c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

static void append(MlirStringRef s, void *text) {
  fuse_text_append(text, s.data, s.length);
}

/* The last `: "0x<alignment, 8 digits><bytes>"` of the text; false when there is none. A key can't
 * hold that text: its quotes are escaped. */
static bool find_blob(const FuseText *text, const char **digits, size_t *n_bytes) {
  static const char intro[] = ": \"0x";
  const char *found = NULL;
  for (const char *s = text->data; s && (s = strstr(s, intro)); s++)
    found = s;
  if (!found)
    return false;
  found += sizeof intro - 1;
  size_t n = strcspn(found, "\"");
  if (n < 8 || n % 2)
    return false;
  *digits = found + 8;
  *n_bytes = (n - 8) / 2;
  return true;
}

/* The bytes of a resource into *tensor: print a module that has this one attribute. Returns what is
 * wrong, or NULL. */
static const char *read_resource(FuseIr *ir, MlirAttribute attr, FuseTensor *tensor) {
  const char *problem = NULL, *digits;
  size_t n;
  FuseText text = {0};
  MlirModule module = mlirModuleCreateEmpty(mlirLocationUnknownGet(ir->context));
  MlirOpPrintingFlags flags = mlirOpPrintingFlagsCreate();
  mlirOpPrintingFlagsAssumeVerified(flags);
  mlirOperationSetAttributeByName(mlirModuleGetOperation(module), fuse_str("v"), attr);
  mlirOperationPrintWithFlags(mlirModuleGetOperation(module), flags, append, &text);
  if (!find_blob(&text, &digits, &n)) {
    problem = "a resource without data; expected its bytes in dialect_resources";
  } else if (n != tensor->size_bytes) {
    problem = fuse_format(&ir->arena, "a resource of %zu bytes; expected the %zu of its type", n,
                          tensor->size_bytes);
  } else {
    uint8_t *bytes = fuse_alloc(&ir->arena, n);
    for (size_t i = 0; i < n; i++)
      bytes[i] = (uint8_t)(nibble(digits[2 * i]) << 4 | nibble(digits[2 * i + 1]));
    tensor->data = bytes;
  }
  mlirOpPrintingFlagsDestroy(flags);
  mlirModuleDestroy(module);
  fuse_text_fini(&text);
  return problem;
}

static const void *read_dense(FuseIr *ir, MlirAttribute attr, const FuseTensor *tensor) {
  size_t n = (size_t)fuse_tensor_elems(tensor), elem = fuse_dtype_bytes(tensor->dtype);
  if (tensor->dtype == FUSE_BOOL) {
    uint8_t *bytes = fuse_alloc(&ir->arena, n);
    for (size_t i = 0; i < n; i++)
      bytes[i] = mlirDenseElementsAttrGetBoolValue(attr, (intptr_t)i);
    return bytes;
  }
  if (n == 0)
    return fuse_alloc(&ir->arena, 0); /* never NULL */
  const uint8_t *raw = mlirDenseElementsAttrGetRawData(attr);
  if (!mlirDenseElementsAttrIsSplat(attr))
    return raw;
  uint8_t *bytes = fuse_alloc_array(&ir->arena, n, elem);
  for (size_t i = 0; i < n; i++)
    memcpy(bytes + i * elem, raw, elem);
  return bytes;
}

/* Decode attr once. Returns NULL for a kind that we don't decode. */
static const FuseConstantSlot *lookup(FuseIr *ir, MlirAttribute attr, const char **problem) {
  *problem = NULL;
  if (mlirAttributeIsNull(attr))
    return NULL;
  const FuseConstantSlot *known = find(&ir->constants, attr);
  if (known)
    return known;
  bool resource = mlirAttributeIsADenseResourceElements(attr);
  FuseConstantSlot slot = {.attr = attr.ptr};
  if (!resource && !mlirAttributeIsADenseElements(attr))
    return NULL;
  if (!fuse_type_tensor(mlirAttributeGetType(attr), &slot.tensor) ||
      slot.tensor.size_bytes > FUSE_MAX_CONSTANT_BYTES)
    return NULL;
  if (resource)
    *problem = read_resource(ir, attr, &slot.tensor);
  else
    slot.tensor.data = read_dense(ir, attr, &slot.tensor);
  slot.valid = !*problem;
  remember(&ir->constants, slot);
  return find(&ir->constants, attr);
}

const char *fuse_constant_problem(FuseIr *ir, MlirAttribute attr) {
  const char *problem = NULL;
  if (mlirAttributeIsADenseResourceElements(attr))
    lookup(ir, attr, &problem);
  return problem;
}

bool fuse_constant_get(FuseIr *ir, MlirAttribute attr, FuseTensor *tensor) {
  const char *problem;
  const FuseConstantSlot *slot = lookup(ir, attr, &problem);
  if (!slot || !slot->valid)
    return false;
  *tensor = slot->tensor;
  return true;
}

bool fuse_op_is_empty_constant(MlirOperation op) {
  FuseTensor tensor;
  return fuse_op_is(op, EMPTY_CONSTANT) &&
         fuse_type_tensor(mlirValueGetType(mlirOperationGetResult(op, 0)), &tensor) &&
         tensor.size_bytes == 0;
}

bool fuse_value_constant(FuseIr *ir, MlirValue value, FuseTensor *tensor) {
  if (!mlirValueIsAOpResult(value))
    return false;
  MlirOperation op = mlirOpResultGetOwner(value);
  const char *name = fuse_op_is_empty_constant(op) ? "value" : "values";
  return mlirOperationGetNumOperands(op) == 0 &&
         fuse_constant_get(ir, mlirOperationGetAttributeByName(op, fuse_str(name)), tensor);
}

/* ---- shapes ---- */

MlirValue fuse_build_shape(MlirRewriterBase rw, MlirLocation loc, int n, const int64_t *values) {
  MlirContext context = mlirLocationGetContext(loc);
  char text[32];
  snprintf(text, sizeof text, "!tosa.shape<%d>", n);
  MlirType type = mlirTypeParseGet(context, fuse_str(text));
  FUSE_ASSERT(!mlirTypeIsNull(type));
  int64_t length = n;
  MlirType data = fuse_tensor_type_get(mlirIndexTypeGet(context), 1, &length);
  MlirNamedAttribute attr =
      fuse_attr(context, "values", mlirDenseElementsAttrInt64Get(data, n, values));
  return fuse_build(rw, loc, "tosa.const_shape", 0, NULL, 1, &attr, type);
}

bool fuse_value_shape(MlirValue value, int max, int64_t *values, int *n) {
  if (!mlirValueIsAOpResult(value) || !fuse_op_is(mlirOpResultGetOwner(value), "tosa.const_shape"))
    return false;
  MlirAttribute attr =
      mlirOperationGetAttributeByName(mlirOpResultGetOwner(value), fuse_str("values"));
  if (mlirAttributeIsNull(attr) || !mlirAttributeIsADenseElements(attr))
    return false;
  int64_t count = mlirElementsAttrGetNumElements(attr);
  if (count > max || !mlirTypeIsAIndex(mlirShapedTypeGetElementType(mlirAttributeGetType(attr))))
    return false;
  for (int64_t i = 0; i < count; i++)
    values[i] = (int64_t)mlirDenseElementsAttrGetIndexValue(attr, i);
  *n = (int)count;
  return true;
}
