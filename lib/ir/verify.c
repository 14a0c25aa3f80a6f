// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/* verify.c - every rule of every op: MLIR's and IRDL's first, then ours.
 *
 * needs: an op with everything below it
 * gives: success, or printed errors
 *
 * IRDL counts operands and attributes and knows their kinds; it can't say shapes, element types,
 * optional attributes, and it accepts unknown attributes. That is done by one function per op.
 */
#include <string.h>

#include "fuse/onnx_ops.h"
#include "ir_private.h"

bool fuse_word_in(const char *list, MlirStringRef word) {
  while (*list) {
    size_t n = strcspn(list, " ");
    if (n == word.length && !memcmp(list, word.data, n))
      return true;
    list += n + (list[n] == ' ');
  }
  return false;
}

MlirLogicalResult fuse_check_attributes(MlirOperation op, const char *allowed) {
  for (intptr_t i = 0; i < mlirOperationGetNumAttributes(op); i++) {
    MlirStringRef name = mlirIdentifierStr(mlirOperationGetAttribute(op, i).name);
    if (fuse_word_in(allowed, name))
      continue;
    FuseText found = {0};
    fuse_text_escaped(&found, name.data, name.length);
    fuse_op_error(op, "unknown attribute '%s'; expected %s", found.data ? found.data : "",
                  allowed[0] ? allowed : "none");
    fuse_text_fini(&found);
    return mlirLogicalResultFailure();
  }
  return mlirLogicalResultSuccess();
}

static FuseRule find_rule(MlirStringRef name) {
  const FuseRuleRow *const tables[] = {fuse_rules_fuse, fuse_rules_stos, fuse_rules_tosa};
  for (size_t i = 0; i < FUSE_COUNTOF(tables); i++)
    for (const FuseRuleRow *row = tables[i]; row->name; row++)
      if (fuse_str_is(name, row->name))
        return row->rule;
  bool onnx = fuse_onnx_op_of(name) || fuse_str_is(name, "onnx.novalue") ||
              fuse_str_is(name, "onnx.refused");
  return onnx ? fuse_verify_onnx : NULL;
}

bool fuse_has_rule(MlirStringRef name) {
  return find_rule(name) != NULL;
}

static MlirWalkResult check(MlirOperation op, void *user) {
  bool *ok = user;
  FuseRule rule = find_rule(fuse_op_name(op));
  if (rule && mlirLogicalResultIsFailure(rule(op)))
    *ok = false;
  return MlirWalkResultAdvance;
}

MlirLogicalResult fuse_verify(MlirOperation root) {
  bool ok = mlirOperationVerify(root);
  if (ok) /* our rules rely on counts and kinds */
    mlirOperationWalk(root, check, &ok, MlirWalkPreOrder);
  return ok ? mlirLogicalResultSuccess() : mlirLogicalResultFailure();
}
