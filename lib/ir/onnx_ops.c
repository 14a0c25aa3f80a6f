// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/* onnx_ops.c - find an operator of the onnx dialect and what it allows. */
#include <stdlib.h>
#include <string.h>

#include "fuse/onnx_ops.h"

static const FuseOnnxOp ops[] = {
#define ONNX_OP(type, name, since, min_inputs, max_inputs, min_outputs, max_outputs, attributes)   \
  {#type, "onnx." name, since, min_inputs, max_inputs, min_outputs, max_outputs, attributes},
#include "onnx_ops.def"
#undef ONNX_OP
};

static int compare_type(const void *key, const void *op) {
  return strcmp(key, ((const FuseOnnxOp *)op)->type);
}

const FuseOnnxOp *fuse_onnx_op_find(const char *type) {
  return bsearch(type, ops, FUSE_COUNTOF(ops), sizeof *ops, compare_type);
}

const FuseOnnxOp *fuse_onnx_op_of(MlirStringRef name) {
  if (name.length < 5 || memcmp(name.data, "onnx.", 5) != 0)
    return NULL;
  for (size_t i = 0; i < FUSE_COUNTOF(ops); i++)
    if (fuse_str_is(name, ops[i].name))
      return &ops[i];
  return NULL;
}

const char *fuse_onnx_op_kinds(const FuseOnnxOp *op, MlirStringRef attribute, size_t *n_kinds) {
  for (const char *item = op->attributes; *item;) {
    const char *colon = strchr(item, ':');
    size_t kinds = strcspn(colon + 1, " ");
    if (attribute.length == (size_t)(colon - item) &&
        !memcmp(attribute.data, item, attribute.length)) {
      *n_kinds = kinds;
      return colon + 1;
    }
    item = colon + 1 + kinds;
    item += *item == ' ';
  }
  return NULL;
}

void fuse_onnx_op_attributes(const FuseOnnxOp *op, FuseText *text) {
  if (!*op->attributes)
    fuse_text_puts(text, "none");
  for (const char *item = op->attributes; *item;) {
    size_t n = strcspn(item, ":");
    fuse_text_printf(text, "%s%.*s", item == op->attributes ? "" : ", ", (int)n, item);
    item += strcspn(item, " ");
    item += *item == ' ';
  }
}

MlirValue fuse_onnx_operand(MlirOperation op, int i) {
  MlirValue absent = {NULL};
  if (i >= mlirOperationGetNumOperands(op))
    return absent;
  MlirValue value = mlirOperationGetOperand(op, i);
  if (mlirValueIsAOpResult(value) && fuse_op_is(mlirOpResultGetOwner(value), "onnx.novalue"))
    return absent;
  return value;
}
