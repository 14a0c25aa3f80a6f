// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/* convert_onnx_to_tosa.c - the onnx dialect to TOSA with static shapes, channels last.
 *
 *   %y = "onnx.conv"(%x, %w, %b)           x: N,Cin,H,W   w: Cout,Cin,KH,KW
 *     ==>
 *   %t = tosa.transpose %x                 only where the data isn't channels-last already
 *   %y = tosa.conv2d %t, %w', %b           t: N,H,W,Cin   w': Cout,KH,KW,Cin
 *
 * needs: functions whose arguments have static shapes (the importer's); the module's opset
 * gives: tosa and func only, or an error for every node that can't be taken; arguments and results
 *        as in ONNX (N,C,H,W); each op at the location of its ONNX node; with `keep` values of the
 *        graph as further results (onnx_to_tosa/keep.c). What has no elements is known, an argument
 *        too, and no op reads or makes it: a result of that kind is an arith.constant
 * source: ONNX's operator documents (semantics by opset); TOSA 1.0
 *
 * Three walks over the nodes. The first refuses what isn't in the table or has an unknown
 * attribute. The second converts the nodes whose inputs are all known, so that constants that stand
 * later in the file than their users are there too. The third converts the rest in order. All of
 * them leave out the nodes that only a branch of an If reads, until it is taken (choice.c).
 */
#include <string.h>

#include "onnx_to_tosa/quant.h"

/* ---- the table ---- */

static const OnnxOp table[] = {
#define OP(name, function, min_inputs, max_inputs, flags, attributes)                              \
  {name, function, min_inputs, max_inputs, flags, attributes},
#include "onnx_to_tosa/ops.def"
#undef OP
};

static const OnnxOp *find_op(MlirStringRef name) {
  static const char prefix[] = "onnx.";
  if (name.length < sizeof prefix || memcmp(name.data, prefix, sizeof prefix - 1) != 0)
    return NULL;
  MlirStringRef type = {name.data + sizeof prefix - 1, name.length - (sizeof prefix - 1)};
  for (size_t i = 0; i < FUSE_COUNTOF(table); i++)
    if (fuse_str_is(type, table[i].name))
      return &table[i];
  return NULL;
}

/* ---- the graph ---- */

static bool is_absent(MlirValue value) {
  return mlirTypeIsANone(mlirValueGetType(value));
}

static void fill_node(Conversion *conversion, OnnxNode *node, MlirOperation op) {
  *node = (OnnxNode){.conversion = conversion,
                     .op = op,
                     .loc = mlirOperationGetLocation(op),
                     .row = find_op(fuse_op_name(op)),
                     .n_in = (int)mlirOperationGetNumOperands(op),
                     .n_out = (int)mlirOperationGetNumResults(op)};
  while (node->n_in > 0 && is_absent(mlirOperationGetOperand(op, node->n_in - 1)))
    node->n_in--; /* the importer fills up with "no value" */
  node->in = fuse_alloc_array(conversion->scratch, (size_t)node->n_in, sizeof *node->in);
  node->out = fuse_alloc_array(conversion->scratch, (size_t)node->n_out, sizeof *node->out);
  for (int i = 0; i < node->n_in; i++) {
    MlirValue operand = mlirOperationGetOperand(op, i);
    node->in[i] = o2t_value(conversion, operand);
    node->in[i]->absent = is_absent(operand);
  }
  for (int i = 0; i < node->n_out; i++) {
    node->out[i] = o2t_value(conversion, mlirOperationGetResult(op, i));
    node->out[i]->node = node;
  }
}

/* What the importer has refused, and said so. */
static bool is_refused(MlirOperation op) {
  MlirStringRef why;
  return fuse_op_is(op, "onnx.refused") && !o2t_refused_later(op, &why);
}

/* No node: an input that isn't given, or what the importer has refused. */
static bool is_no_node(MlirOperation op) {
  return fuse_op_is(op, "onnx.novalue") || is_refused(op);
}

/* All onnx ops of the block, as nodes in order. */
static void collect(Conversion *conversion, MlirBlock block) {
  size_t n_ops = 0, n_values = (size_t)mlirBlockGetNumArguments(block);
  for (MlirOperation op = mlirBlockGetFirstOperation(block); !mlirOperationIsNull(op);
       op = mlirOperationGetNextInBlock(op)) {
    n_ops++;
    n_values += (size_t)mlirOperationGetNumResults(op);
  }
  conversion->n_slots = 2 * n_values + 1;
  conversion->slots =
      fuse_alloc_array(conversion->scratch, conversion->n_slots, sizeof *conversion->slots);
  conversion->nodes = fuse_alloc_array(conversion->scratch, n_ops, sizeof *conversion->nodes);
  MlirOperation last = mlirBlockGetTerminator(block);
  for (MlirOperation op = mlirBlockGetFirstOperation(block); !mlirOperationEqual(op, last);
       op = mlirOperationGetNextInBlock(op))
    if (!is_no_node(op))
      fill_node(conversion, &conversion->nodes[conversion->n_nodes++], op);
}

/* What the importer has refused is ready all the same where the file says its type: then those who
 * read it are converted, and their errors show. */
static void take_refused(Conversion *conversion, MlirOperation func) {
  FuseOpList refused = fuse_ops_of(conversion->scratch, func, "onnx.refused");
  for (size_t i = 0; i < refused.n; i++) {
    if (!is_refused(refused.ops[i]))
      continue;
    MlirValue result = mlirOperationGetResult(refused.ops[i], 0);
    OnnxValue *value = o2t_value(conversion, result);
    value->ready = fuse_type_tensor(mlirValueGetType(result), &value->tensor);
    if (value->ready)
      value->form[LAYOUT_ONNX] = o2t_term(conversion, result);
  }
}

static bool take_argument(Conversion *conversion, MlirOperation func, MlirValue argument,
                          intptr_t index) {
  OnnxValue *value = o2t_value(conversion, argument);
  if (!fuse_type_tensor(mlirValueGetType(argument), &value->tensor)) {
    (void)fuse_op_error(func, "argument %ld has no static shape; expected one", (long)index);
    return false;
  }
  OnnxNode at = {.conversion = conversion, .op = func, .loc = mlirValueGetLocation(argument)};
  value->form[LAYOUT_ONNX] = o2t_hold(&at, value, o2t_term(conversion, argument));
  value->tensor = value->form[LAYOUT_ONNX]->tensor;
  value->ready = true;
  return true;
}

/* Which values lead to a convolution or a pool through ops that keep any layout: those ops are then
 * done channels-last, and the transposes stay at the border. */
static void find_wants_last(Conversion *conversion) {
  for (size_t i = conversion->n_nodes; i-- > 0;) {
    OnnxNode *node = &conversion->nodes[i];
    if (!node->row)
      continue;
    bool wanted = false;
    for (int k = 0; k < node->n_out; k++)
      wanted = wanted || node->out[k]->wants_last;
    if (node->row->flags & SPATIAL && node->n_in > 0)
      node->in[0]->wants_last = true;
    for (int k = 0; wanted && node->row->flags & ANY_LAYOUT && k < node->n_in; k++)
      node->in[k]->wants_last = true;
  }
}

/* ---- the walks ---- */

static bool word_in(const char *list, MlirStringRef word) {
  for (const char *at = list; *at;) {
    size_t length = strcspn(at, " ");
    if (length == word.length && memcmp(at, word.data, length) == 0)
      return true;
    at += length + (at[length] == ' ');
  }
  return false;
}

/* Operators that can't be had here, and why. */
static const struct {
  const char *name, *why;
} impossible[] = {
    {"onnx.bernoulli", "its result is random; expected operators without chance"},
    {"onnx.imagedecoder", "its input is a compressed image; expected pixels"},
    {"onnx.multinomial", "its result is random; expected operators without chance"},
    {"onnx.nonmaxsuppression",
     "the size of its result depends on the data; expected static shapes"},
    {"onnx.randomnormal", "its result is random; expected operators without chance"},
    {"onnx.randomnormallike", "its result is random; expected operators without chance"},
    {"onnx.randomuniform", "its result is random; expected operators without chance"},
    {"onnx.randomuniformlike", "its result is random; expected operators without chance"},
    {"onnx.unique", "the size of its result depends on the data; expected static shapes"},
};

static const char *why_refused(const OnnxNode *node) {
  MlirStringRef why;
  if (o2t_refused_later(node->op, &why))
    return fuse_str_dup(node->conversion->scratch, why);
  for (size_t i = 0; i < FUSE_COUNTOF(impossible); i++)
    if (fuse_op_is(node->op, impossible[i].name))
      return impossible[i].why;
  return "not supported yet: this operator";
}

static void check_node(OnnxNode *node) {
  static const char ours[] =
      "output_names doc_string opset_version initializer operandSegmentSizes "
      "resultSegmentSizes consumed_inputs"; /* the last: a hint, before opset 6 */
  if (!node->row) {
    o2t_refuse(node, "%s", why_refused(node));
    return;
  }
  for (intptr_t i = 0; i < mlirOperationGetNumAttributes(node->op); i++) {
    MlirStringRef name = mlirIdentifierStr(mlirOperationGetAttribute(node->op, i).name);
    if (!word_in(node->row->attributes, name) && !word_in(ours, name)) {
      o2t_refuse(node, "not supported yet: attribute %s",
                 fuse_str_dup(node->conversion->scratch, name));
      return;
    }
  }
  int least = node->row->min_inputs, most = node->row->max_inputs;
  if (node->n_in < least || (most >= 0 && node->n_in > most) || node->n_out < 1) {
    o2t_refuse(node, "%d inputs and %d outputs; expected at least %d and 1", node->n_in,
               node->n_out, least);
    return;
  }
  for (int i = 0; i < least; i++)
    if (node->in[i]->absent) {
      o2t_refuse(node, "input %d isn't given", i);
      return;
    }
}

/* False: an input comes from a refused node, which has been reported. */
static bool inputs_ready(const OnnxNode *node) {
  for (int i = 0; i < node->n_in; i++)
    if (!node->in[i]->absent && !node->in[i]->ready)
      return false;
  return true;
}

/* What ops.def says of the element types of inputs that aren't known. */
static bool takes_type(const OnnxOp *op, FuseDtype dtype) {
  return dtype == FUSE_F32 || op->flags & ANY_TYPE ||
         (op->flags & FLOATS && fuse_dtype_is_float(dtype)) ||
         (op->flags & NUMBERS && dtype != FUSE_BOOL);
}

static bool check_inputs(OnnxNode *node) {
  for (int i = 0; i < node->n_in; i++) {
    const OnnxValue *in = node->in[i];
    if (in->absent)
      continue;
    if (!o2t_known(in) && !takes_type(node->row, in->tensor.dtype))
      return o2t_refuse(node,
                        "not supported yet: input %d has element type %s; expected f32, or a value "
                        "known at compile time",
                        i, fuse_dtype_name(in->tensor.dtype));
    if (fuse_tensor_elems(&in->tensor) == 0 && node->row->flags & FULL)
      return o2t_refuse(node, "not supported yet: input %d has no elements", i);
  }
  return node->row->flags & MIXED || o2t_one_float_type(node);
}

static bool is_known_throughout(const OnnxNode *node) {
  for (int i = 0; i < node->n_in; i++)
    if (!node->in[i]->absent && !o2t_known(node->in[i]))
      return false;
  return true;
}

static bool has_empty_input(const OnnxNode *node) {
  for (int i = 0; i < node->n_in; i++)
    if (!node->in[i]->absent && fuse_tensor_elems(&node->in[i]->tensor) == 0)
      return true;
  return false;
}

/* On integers, if the node's inputs have been dequantised and there is a way. */
static bool convert_quantized(OnnxNode *node, bool *taken) {
  const QuantOp *op = has_empty_input(node) ? NULL : o2t_quant_op(node);
  *taken = false;
  if (op && !op->convert(node, taken))
    return false;
  for (int i = 0; !*taken && !(node->row->flags & INTEGERS) && i < node->n_in; i++)
    o2t_store(node, node->in[i]);
  return true;
}

static void convert_node(OnnxNode *node) {
  bool taken;
  if (node->done || node->refused || !inputs_ready(node))
    return;
  node->done = true;
  if (!check_inputs(node))
    return;
  bool ok = convert_quantized(node, &taken) && (taken || node->row->convert(node));
  if (!ok && !node->refused)
    o2t_refuse(node, "not supported yet");
}

/* Nodes on the way, each needed by the one before it. */
typedef struct Needed {
  struct {
    OnnxNode *node;
    int next;
  } *items;
  size_t n, capacity;
} Needed;

static void push(Conversion *conversion, Needed *needed, OnnxNode *node) {
  needed->items = fuse_grow(conversion->scratch, needed->items, needed->n, &needed->capacity,
                            needed->n + 1, sizeof *needed->items);
  needed->items[needed->n].node = node;
  needed->items[needed->n++].next = 0;
  if (node->lazy)
    check_node(node);
}

/* The node, and before it the lazy ones that it needs. No recursion: there may be many. */
static void convert_with_needed(Conversion *conversion, Needed *needed, OnnxNode *node) {
  push(conversion, needed, node);
  while (needed->n) {
    OnnxNode *last = needed->items[needed->n - 1].node;
    OnnxNode *before = o2t_next_needed(last, &needed->items[needed->n - 1].next);
    if (before)
      push(conversion, needed, before);
    else
      convert_node(last), needed->n--;
  }
}

static bool convert_nodes(Conversion *conversion) {
  bool ok = true;
  Needed needed = {0};
  o2t_find_lazy(conversion);
  for (size_t i = 0; i < conversion->n_nodes; i++)
    if (!conversion->nodes[i].lazy)
      check_node(&conversion->nodes[i]);
  for (size_t i = 0; i < conversion->n_nodes; i++) {
    OnnxNode *node = &conversion->nodes[i];
    if (node->row && !node->lazy && !(node->row->flags & SPATIAL) && inputs_ready(node) &&
        is_known_throughout(node))
      convert_node(node);
  }
  find_wants_last(conversion);
  for (size_t i = 0; i < conversion->n_nodes; i++)
    if (!conversion->nodes[i].lazy)
      convert_with_needed(conversion, &needed, &conversion->nodes[i]);
  for (size_t i = 0; i < conversion->n_nodes; i++)
    ok = ok && !conversion->nodes[i].refused;
  return ok;
}

/* ---- the function ---- */

/* An output has the element type that the model says. Sizes are often those that a model had before
 * somebody changed its inputs, so they only give a warning, as in ONNX Runtime. */
static bool check_declared(const OnnxNode *at, MlirType declared, const FuseTensor *computed) {
  if (!mlirTypeIsAShaped(declared)) /* !onnx.unknown: a kept value */
    return true;
  FuseDtype dtype = fuse_dtype_of(mlirShapedTypeGetElementType(declared));
  FuseTensor says;
  char found[FUSE_TENSOR_TYPE_CHARS], expected[FUSE_TENSOR_TYPE_CHARS];
  if (dtype != FUSE_DTYPE_NONE && dtype != computed->dtype) {
    (void)fuse_op_error(at->op, "its output is of type %s; expected %s, as the model says",
                        fuse_dtype_name(computed->dtype), fuse_dtype_name(dtype));
    return false;
  }
  if (fuse_type_tensor(declared, &says) &&
      (says.rank != computed->rank ||
       memcmp(says.shape, computed->shape, (size_t)says.rank * sizeof *says.shape) != 0))
    fuse_op_warning(at->op, "its output is %s; the model says %s",
                    fuse_tensor_type(computed, found, sizeof found),
                    fuse_tensor_type(&says, expected, sizeof expected));
  return true;
}

/* Hand the outputs to func.return, in ONNX's layout, and give the function its new type. */
static bool finish(Conversion *conversion, MlirOperation func, MlirOperation last) {
  intptr_t n = mlirOperationGetNumOperands(last);
  MlirBlock block = mlirOperationGetBlock(last);
  intptr_t n_args = mlirBlockGetNumArguments(block);
  MlirType *types = fuse_alloc_array(conversion->scratch, (size_t)n, sizeof *types);
  MlirType *args = fuse_alloc_array(conversion->scratch, (size_t)n_args, sizeof *args);
  for (intptr_t i = 0; i < n_args; i++)
    args[i] = mlirValueGetType(mlirBlockGetArgument(block, i));
  for (intptr_t i = 0; i < n; i++) {
    OnnxValue *value = o2t_value(conversion, mlirOperationGetOperand(last, i));
    OnnxNode at = {.conversion = conversion,
                   .op = value->node ? value->node->op : func,
                   .loc = value->node ? value->node->loc : mlirOperationGetLocation(func)};
    if (!value->ready) {
      (void)fuse_op_error(func, "result %ld is no value", (long)i);
      return false;
    }
    Term *term = o2t_release(&at, value, o2t_get(&at, value, LAYOUT_ONNX));
    if (!term)
      return false;
    MlirType declared = mlirValueGetType(mlirOperationGetOperand(last, i));
    MlirValue result = o2t_emit(&at, term);
    mlirOperationSetOperand(last, i, result);
    types[i] = mlirValueGetType(result);
    if (!check_declared(&at, declared, &term->tensor))
      return false;
  }
  MlirType type = mlirFunctionTypeGet(conversion->context, n_args, args, n, types);
  mlirOperationSetAttributeByName(func, fuse_str("function_type"), mlirTypeAttrGet(type));
  return true;
}

static void erase_onnx(FuseArena *scratch, MlirOperation func) {
  FuseOpList list = fuse_ops_of(scratch, func, NULL);
  for (size_t i = list.n; i-- > 0;) {
    MlirStringRef name = fuse_op_name(list.ops[i]);
    if (name.length > 5 && memcmp(name.data, "onnx.", 5) == 0)
      mlirOperationDestroy(list.ops[i]);
  }
}

/* The importer has said why. Only a module that somebody has written has one without an error. */
static bool check_refused(Conversion *conversion, MlirOperation func) {
  FuseOpList refused = fuse_ops_of(conversion->scratch, func, "onnx.refused");
  size_t n = 0;
  for (size_t i = 0; i < refused.n; i++)
    if (is_refused(refused.ops[i]) && n++ == 0 && fuse_ir_errors(conversion->ir) == 0)
      (void)fuse_op_error(refused.ops[i], "stands for a node that can't be taken; expected none");
  return n == 0;
}

static bool convert_function(Conversion *conversion, MlirOperation func) {
  MlirRegion body = mlirOperationGetRegion(func, 0);
  MlirBlock block = mlirRegionGetFirstBlock(body);
  if (mlirBlockIsNull(block) || !mlirBlockIsNull(mlirBlockGetNextInRegion(block))) {
    (void)fuse_op_error(func, "expected a body of one block");
    return false;
  }
  collect(conversion, block);
  MlirOperation last = mlirBlockGetTerminator(block);
  mlirRewriterBaseSetInsertionPointBefore(conversion->rw, last);
  bool ok = true;
  for (intptr_t i = 0; i < mlirBlockGetNumArguments(block); i++)
    ok = take_argument(conversion, func, mlirBlockGetArgument(block, i), i) && ok;
  take_refused(conversion, func);
  if (!ok || !convert_nodes(conversion) || !check_refused(conversion, func) ||
      !o2t_keep(conversion, func, last) || !finish(conversion, func, last))
    return false;
  erase_onnx(conversion->scratch, func);
  fuse_dce(func);
  return true;
}

/* The version of ONNX's own operator set. */
static bool read_opset(MlirOperation module, int64_t *opset) {
  MlirAttribute sets = mlirOperationGetAttributeByName(module, fuse_str("onnx.opset_import"));
  if (mlirAttributeIsNull(sets) || !mlirAttributeIsADictionary(sets))
    return false;
  MlirAttribute version = mlirDictionaryAttrGetElementByName(sets, fuse_str("ai.onnx"));
  if (mlirAttributeIsNull(version) || !mlirAttributeIsAInteger(version))
    return false;
  *opset = mlirIntegerAttrGetValueInt(version);
  return true;
}

static size_t fold_limit(FuseArena *scratch, MlirOperation module) {
  FuseOpList list = fuse_ops_of(scratch, module, "onnx.constant");
  size_t model = 0, limit;
  for (size_t i = 0; i < list.n; i++) {
    MlirAttribute value = mlirOperationGetAttributeByName(list.ops[i], fuse_str("value"));
    FuseTensor tensor;
    if (!mlirAttributeIsNull(value) && fuse_type_tensor(mlirAttributeGetType(value), &tensor) &&
        !fuse_add_size(model, tensor.size_bytes, &model))
      return SIZE_MAX;
  }
  bool fits = fuse_mul_size(model, FOLD_TIMES_MODEL, &limit) &&
              fuse_add_size(limit, (size_t)FOLD_MIB << 20, &limit);
  return fits ? limit : SIZE_MAX;
}

static MlirLogicalResult run(MlirOperation root, const FusePassOptions *options) {
  Conversion common = {.ir = options->ir, .context = fuse_ir_context(options->ir)};
  FuseOpList funcs = fuse_ops_of(options->scratch, root, "func.func");
  if (!read_opset(root, &common.opset))
    return fuse_op_error(root, "no opset version in onnx.opset_import; expected ai.onnx = N");
  common.scratch = options->scratch;
  common.keep = fuse_pass_option(&fuse_pass_convert_onnx_to_tosa, options, "keep");
  common.fold_limit_bytes = common.fold_left_bytes = fold_limit(options->scratch, root);
  common.fold_left_macs = FOLD_MACS;
  common.rw = mlirIRRewriterCreate(common.context);
  bool ok = true;
  for (size_t i = 0; i < funcs.n; i++) {
    Conversion conversion = common;
    ok = convert_function(&conversion, funcs.ops[i]) && ok;
    common.fold_left_bytes = conversion.fold_left_bytes;
    common.fold_left_macs = conversion.fold_left_macs;
  }
  mlirIRRewriterDestroy(common.rw);
  return ok ? mlirLogicalResultSuccess() : mlirLogicalResultFailure();
}

const FusePass fuse_pass_convert_onnx_to_tosa = {
    .name = "convert-onnx-to-tosa",
    .anchor = "builtin.module",
    .keeps = FUSE_CHANGES,
    .run = run,
    .options = {{"keep", "none", NULL,
                 "all, or names of ONNX values, with commas: they become results, too"}},
    .summary = "Lower the onnx dialect to TOSA: static shapes, channels last, constants folded",
};
