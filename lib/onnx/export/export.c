// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/* export.c - a module of tosa and fuse ops as an ONNX model.
 *
 * needs: func.func @main (or the only function) of one block, static shapes; convert-onnx-to-tosa's
 *        result, rewritten or not, or any other front end's
 * gives: a model that computes the same, for training or checking elsewhere: channels first, no
 *        transposes between convolutions, one node for what was one operator; or an error for every
 *        op that can't be written
 */
#include <string.h>

#include "export.h"
#include "fuse/onnx.h"

/* ---- names ---- */

/* A text that may stand in the file. */
static const char *valid(Export *e, const char *s) {
  FuseText escaped = {0};
  if (fuse_utf8_valid(s, strlen(s)))
    return s;
  fuse_text_escaped(&escaped, s, strlen(s));
  s = fuse_strdup(e->arena, escaped.data);
  fuse_text_fini(&escaped);
  return s;
}

/* Name i of fuse.inputs or fuse.outputs; where there is none, `fallback`, with a number when there
 * are several. */
static const char *border_name(Export *e, MlirOperation function, const char *attribute,
                               const char *fallback, size_t i, size_t n) {
  const MlirAttribute names = mlirOperationGetAttributeByName(function, fuse_str(attribute));
  if (!mlirAttributeIsNull(names) && mlirAttributeIsAArray(names) &&
      (size_t)mlirArrayAttrGetNumElements(names) == n) {
    MlirAttribute name = mlirArrayAttrGetElement(names, (intptr_t)i);
    if (mlirAttributeIsAString(name) && mlirStringAttrGetValue(name).length > 0)
      return valid(e, fuse_str_dup(e->arena, mlirStringAttrGetValue(name)));
  }
  return n == 1 ? fallback : fuse_format(e->arena, "%s%zu", fallback, i);
}

/* ---- the border ---- */

static bool take_argument(Export *e, MlirOperation function, MlirBlock block, size_t i) {
  Value *value = t2o_value(e, mlirBlockGetArgument(block, (intptr_t)i));
  Tensor *tensor = fuse_alloc(e->arena, sizeof *tensor);
  if (!fuse_type_tensor(mlirValueGetType(value->mlir), &value->type)) {
    (void)fuse_op_error(function, "argument %zu has no static shape; expected one", i);
    return false;
  }
  tensor->type = value->type;
  tensor->name = border_name(e, function, "fuse.inputs", "input", i, e->n_inputs);
  value->form[AS_IS] = e->inputs[i] = tensor;
  return true;
}

/* Result i of the function. A tensor that has a name already, and what no node makes, goes through
 * an Identity. */
static void give_result(Export *e, MlirOperation function, size_t i) {
  const char *name = border_name(e, function, "fuse.outputs", "output", i, e->n_outputs);
  Tensor *tensor = t2o_get(e, t2o_operand(e, (int)i), AS_IS);
  if (tensor->name && strcmp(tensor->name, name) == 0) {
    e->outputs[i] = tensor;
    return;
  }
  if (tensor->name || !tensor->node) {
    e->name = name;
    tensor = t2o_node1(e, "Identity", &tensor->type, tensor);
  }
  tensor->name = name;
  e->outputs[i] = tensor;
}

/* Two values can't have one name. */
static bool check_names(Export *e, MlirOperation function) {
  const size_t n = e->n_inputs + e->n_outputs;
  for (size_t i = 0; i < n; i++)
    for (size_t k = i + 1; k < n; k++) {
      const Tensor *a = i < e->n_inputs ? e->inputs[i] : e->outputs[i - e->n_inputs];
      const Tensor *b = k < e->n_inputs ? e->inputs[k] : e->outputs[k - e->n_inputs];
      if (strcmp(a->name, b->name) == 0 && (a != b || i >= e->n_inputs)) {
        FuseText shown = {0};
        fuse_text_escaped(&shown, a->name, strlen(a->name));
        (void)fuse_op_error(function,
                            "two inputs or outputs are called '%s'; expected names of their own",
                            shown.data);
        fuse_text_fini(&shown);
        return false;
      }
    }
  return true;
}

/* ---- the function ---- */

static void make_slots(Export *e, MlirBlock block) {
  size_t n = (size_t)mlirBlockGetNumArguments(block);
  for (MlirOperation op = mlirBlockGetFirstOperation(block); !mlirOperationIsNull(op);
       op = mlirOperationGetNextInBlock(op))
    n += (size_t)mlirOperationGetNumResults(op);
  e->n_slots = 2 * n + 1;
  e->slots = fuse_alloc_array(e->arena, e->n_slots, sizeof(Value *));
}

/* Something in place of the results of an op that was refused, so that the ops behind it are looked
 * at, too. */
static bool fill_in(Export *e) {
  bool known = true;
  for (intptr_t i = 0; i < mlirOperationGetNumResults(e->op); i++) {
    Value *value = t2o_value(e, mlirOperationGetResult(e->op, i));
    known = known && fuse_type_tensor(mlirValueGetType(value->mlir), &value->type);
    value->reshape = NULL;
    value->form[AS_IS] = fuse_alloc(e->arena, sizeof(Tensor));
    value->form[AS_IS]->type = value->type;
  }
  return known;
}

/* A network that is still in the onnx dialect: one error says what to do. */
static bool check_level(MlirBlock block) {
  for (MlirOperation op = mlirBlockGetFirstOperation(block); !mlirOperationIsNull(op);
       op = mlirOperationGetNextInBlock(op)) {
    const MlirStringRef name = fuse_op_name(op);
    if (name.length > 5 && memcmp(name.data, "onnx.", 5) == 0) {
      (void)fuse_op_error(op, "an op of the onnx dialect; expected tosa and fuse ops, which "
                              "convert-onnx-to-tosa makes");
      return false;
    }
  }
  return true;
}

static bool run(Export *e, MlirOperation function) {
  const MlirBlock block = mlirRegionGetFirstBlock(mlirOperationGetRegion(function, 0));
  if (mlirBlockIsNull(block) || !mlirBlockIsNull(mlirBlockGetNextInRegion(block))) {
    (void)fuse_op_error(function, "expected a body of one block");
    return false;
  }
  const MlirOperation last = mlirBlockGetTerminator(block);
  bool ok = check_level(block);
  make_slots(e, block);
  e->n_inputs = (size_t)mlirBlockGetNumArguments(block);
  e->n_outputs = (size_t)mlirOperationGetNumOperands(last);
  e->inputs = fuse_alloc_array(e->arena, e->n_inputs, sizeof(Tensor *));
  e->outputs = fuse_alloc_array(e->arena, e->n_outputs, sizeof(Tensor *));
  for (size_t i = 0; ok && i < e->n_inputs; i++)
    ok = take_argument(e, function, block, i);
  if (!ok)
    return false;
  for (e->op = mlirBlockGetFirstOperation(block); !mlirOperationEqual(e->op, last);
       e->op = mlirOperationGetNextInBlock(e->op)) {
    e->name = valid(e, fuse_loc_name(e->arena, mlirOperationGetLocation(e->op)));
    if (mlirOperationGetNumResults(e->op) == 1)
      t2o_result(e)->name = e->name;
    if (t2o_op(e))
      continue;
    ok = false;
    if (!fill_in(e))
      return false; /* nothing can be said of what comes behind */
  }
  for (size_t i = 0; ok && i < e->n_outputs; i++)
    give_result(e, function, i);
  return ok && check_names(e, function);
}

bool fuse_onnx_export(FuseIr *ir, MlirModule module, FuseText *model) {
  FuseArena arena = {0};
  MlirStringRef graph_name;
  Export e = {.ir = ir, .arena = &arena, .graph_name = "main"};
  const MlirOperation root = mlirModuleGetOperation(module);
  if (fuse_get_str(root, "onnx.graph_name", &graph_name) && graph_name.length > 0)
    e.graph_name = valid(&e, fuse_str_dup(&arena, graph_name));
  const MlirOperation function = fuse_find_main(module);
  const bool ok = !mlirOperationIsNull(function) && run(&e, function) && t2o_write(&e, root, model);
  fuse_arena_fini(&arena);
  return ok;
}
