// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/* cut.c - a model without the nodes that can't be taken, so that the others can be compiled.
 *
 * needs: a module as imported; a check that knows refused nodes
 * gives: what a refused node makes is an input of the function, where the file says its type; where
 *        it doesn't, the nodes that read it are cut out too, and the check is told so. What cut
 *        nodes have read is a result, or it would be taken for dead
 */
#include "fuse/driver.h"

typedef struct Cut {
  FuseArena scratch;
  MlirOperation func, last; /* what is cut out lies behind func.return until the end */
  MlirBlock block;
  MlirValue *results;
  size_t n_results, capacity;
} Cut;

/* Does an op that has been cut out make it? */
static bool is_void(const Cut *cut, MlirValue value) {
  return mlirValueIsAOpResult(value) &&
         mlirOperationIsBeforeInBlock(cut->last, mlirOpResultGetOwner(value));
}

static bool reads_void(const Cut *cut, MlirOperation op) {
  for (intptr_t i = 0; i < mlirOperationGetNumOperands(op); i++)
    if (is_void(cut, mlirOperationGetOperand(op, i)))
      return true;
  return false;
}

static bool can_be_input(MlirValue value) {
  FuseTensor tensor;
  return fuse_type_tensor(mlirValueGetType(value), &tensor) && fuse_tensor_elems(&tensor) > 0;
}

/* A value that a node makes becomes a result of the function, once. */
static void add_result(Cut *cut, MlirValue value) {
  if (!mlirValueIsAOpResult(value) ||
      fuse_loc_node_index(mlirOperationGetLocation(mlirOpResultGetOwner(value))) < 0)
    return;
  for (size_t i = 0; i < cut->n_results; i++)
    if (mlirValueEqual(cut->results[i], value))
      return;
  cut->results = fuse_grow(&cut->scratch, cut->results, cut->n_results, &cut->capacity,
                           cut->n_results + 1, sizeof *cut->results);
  cut->results[cut->n_results++] = value;
}

static void cut_out(Cut *cut, MlirOperation op) {
  const MlirLocation loc = mlirOperationGetLocation(op);
  for (intptr_t i = 0; i < mlirOperationGetNumOperands(op); i++)
    add_result(cut, mlirOperationGetOperand(op, i));
  for (intptr_t i = 0; i < mlirOperationGetNumResults(op); i++) {
    const MlirValue result = mlirOperationGetResult(op, i);
    if (can_be_input(result))
      mlirValueReplaceAllUsesOfWith(
          result, mlirBlockAddArgument(cut->block, mlirValueGetType(result), loc));
  }
  mlirOperationMoveAfter(op, cut->last);
}

/* func.return with what is left, and the function's type and names after it. */
static void finish(Cut *cut) {
  size_t n = 0;
  for (intptr_t i = 0; i < mlirOperationGetNumOperands(cut->last); i++)
    add_result(cut, mlirOperationGetOperand(cut->last, i));
  for (size_t i = 0; i < cut->n_results; i++)
    if (!is_void(cut, cut->results[i]))
      cut->results[n++] = cut->results[i];
  mlirOperationSetOperands(cut->last, (intptr_t)n, cut->results);
  const size_t n_args = (size_t)mlirBlockGetNumArguments(cut->block);
  MlirType *types = fuse_alloc_array(&cut->scratch, n_args + n, sizeof *types);
  for (size_t i = 0; i < n_args; i++)
    types[i] = mlirValueGetType(mlirBlockGetArgument(cut->block, (intptr_t)i));
  for (size_t i = 0; i < n; i++)
    types[n_args + i] = mlirValueGetType(cut->results[i]);
  mlirOperationSetAttributeByName(
      cut->func, fuse_str("function_type"),
      mlirTypeAttrGet(mlirFunctionTypeGet(mlirOperationGetContext(cut->func), (intptr_t)n_args,
                                          types, (intptr_t)n, types + n_args)));
  mlirOperationRemoveAttributeByName(cut->func, fuse_str("fuse.inputs"));
  mlirOperationRemoveAttributeByName(cut->func, fuse_str("fuse.outputs"));
  /* The ops behind func.return lie in reverse order: users first. */
  for (MlirOperation op = mlirOperationGetNextInBlock(cut->last), next; !mlirOperationIsNull(op);
       op = next) {
    next = mlirOperationGetNextInBlock(op);
    mlirOperationDestroy(op);
  }
}

void fuse_check_cut(FuseCheck *check, MlirModule module) {
  Cut cut = {.func = fuse_find_main(module)};
  cut.block = mlirRegionGetFirstBlock(mlirOperationGetRegion(cut.func, 0));
  cut.last = mlirBlockGetTerminator(cut.block);
  for (MlirOperation op = mlirBlockGetFirstOperation(cut.block), next;
       !mlirOperationEqual(op, cut.last); op = next) {
    next = mlirOperationGetNextInBlock(op);
    const int index = fuse_loc_node_index(mlirOperationGetLocation(op));
    const bool loose = reads_void(&cut, op);
    if (loose)
      fuse_check_drop(check, index);
    if (loose || (index >= 0 && fuse_check_is_refused(check, index)))
      cut_out(&cut, op);
  }
  finish(&cut);
  fuse_arena_fini(&cut.scratch);
}
