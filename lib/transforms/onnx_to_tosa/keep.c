// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/* keep.c - values inside the ONNX graph as further results of the function.
 *
 * needs: all nodes converted, so that a value more that is read changes nothing about them
 * gives: func.return returns the kept values after the outputs, fuse.outputs names them as well,
 *        fuse.kept = N says that the last N results are such, and fuse.not_kept = [["name",
 *        "why"], ...] lists what was asked for and isn't in the program
 */
#include <string.h>

#include "onnx_to_tosa.h"

/* A list of attributes that grows. */
typedef struct Attrs {
  MlirAttribute *items;
  size_t n, capacity;
} Attrs;

typedef struct Keep {
  Conversion *conversion;
  MlirOperation func, last;
  MlirValue *results; /* operands of func.return */
  size_t n_results, results_capacity, n_outputs;
  Attrs names; /* fuse.outputs */
  Attrs missing;
} Keep;

static void append(Keep *k, Attrs *list, MlirAttribute item) {
  list->items = fuse_grow(k->conversion->scratch, list->items, list->n, &list->capacity,
                          list->n + 1, sizeof *list->items);
  list->items[list->n++] = item;
}

static MlirAttribute text_attr(const Keep *k, MlirStringRef text) {
  return mlirStringAttrGet(k->conversion->context, text);
}

static void set_attr(const Keep *k, const char *name, const Attrs *list) {
  mlirOperationSetAttributeByName(
      k->func, fuse_str(name),
      mlirArrayAttrGet(k->conversion->context, (intptr_t)list->n, list->items));
}

/* ---- names ---- */

static bool is_initializer(const OnnxNode *node) {
  bool initializer = false;
  (void)fuse_get_bool(node->op, "initializer", &initializer);
  return initializer;
}

/* The name of output i of a node; empty when it has none. */
static MlirStringRef output_name(const OnnxNode *node, int i) {
  const MlirStringRef none = {"", 0};
  MlirAttribute names = mlirOperationGetAttributeByName(node->op, fuse_str("output_names"));
  if (mlirAttributeIsNull(names) || !mlirAttributeIsAArray(names) ||
      i >= mlirArrayAttrGetNumElements(names))
    return none;
  MlirAttribute name = mlirArrayAttrGetElement(names, i);
  return mlirAttributeIsAString(name) ? mlirStringAttrGetValue(name) : none;
}

static bool is_input(const Keep *k, MlirStringRef name) {
  MlirAttribute names = mlirOperationGetAttributeByName(k->func, fuse_str("fuse.inputs"));
  if (mlirAttributeIsNull(names) || !mlirAttributeIsAArray(names))
    return false;
  for (intptr_t i = 0; i < mlirArrayAttrGetNumElements(names); i++) {
    MlirAttribute item = mlirArrayAttrGetElement(names, i);
    if (mlirAttributeIsAString(item) && mlirStringRefEqual(mlirStringAttrGetValue(item), name))
      return true;
  }
  return false;
}

/* Is `other` as many typing mistakes away from name; or, when all that still pass for one are, a
 * longer name with it inside? */
static bool is_near(const char *name, const char *other, size_t mistakes) {
  const size_t d = fuse_text_distance(name, other), limit = fuse_text_typo(name);
  return d == mistakes || (mistakes == limit && d > limit && *name && strstr(other, name));
}

enum { SHOWN = 3 }; /* names in a message */

/* "'a', 'b'" and one more. */
static const char *listed(FuseArena *scratch, const char *text, MlirStringRef name) {
  FuseText escaped = {0};
  fuse_text_escaped(&escaped, name.data, name.length);
  text =
      fuse_format(scratch, "%s%s'%s'", text, *text ? ", " : "", escaped.data ? escaped.data : "");
  fuse_text_fini(&escaped);
  return text;
}

/* The first names that could be kept; "" when none could. */
static const char *first_names(const Keep *k) {
  const char *text = "";
  int n = 0;
  for (size_t i = 0; i < k->conversion->n_nodes && n < SHOWN; i++) {
    const OnnxNode *node = &k->conversion->nodes[i];
    MlirStringRef name = output_name(node, 0);
    if (is_initializer(node) || !name.length)
      continue;
    text = listed(k->conversion->scratch, text, name);
    n++;
  }
  return text;
}

/* The names most like this one; "" when none is. */
static const char *near_names(const Keep *k, const char *name) {
  FuseArena *scratch = k->conversion->scratch;
  const char *text = "";
  int n = 0;
  for (size_t mistakes = 0; mistakes <= fuse_text_typo(name); mistakes++)
    for (size_t i = 0; i < k->conversion->n_nodes; i++) {
      const OnnxNode *node = &k->conversion->nodes[i];
      for (int o = 0; o < node->n_out && n < SHOWN; o++) {
        MlirStringRef other = output_name(node, o);
        if (!is_near(name, fuse_str_dup(scratch, other), mistakes))
          continue;
        text = listed(scratch, text, other);
        n++;
      }
    }
  return text;
}

/* ---- what the program has ---- */

static bool is_result(const Keep *k, MlirValue value) {
  for (size_t i = 0; i < k->n_results; i++)
    if (mlirValueEqual(k->results[i], value))
      return true;
  return false;
}

/* The node of a use, in words. */
static const char *reader(const Keep *k, MlirOpOperand use) {
  FuseArena *scratch = k->conversion->scratch;
  MlirLocation loc = mlirOperationGetLocation(mlirOpOperandGetOwner(use));
  const char *name = fuse_loc_name(scratch, loc);
  FuseText escaped = {0};
  fuse_text_escaped(&escaped, name, strlen(name));
  const char *text = fuse_format(scratch, "%s (%s)", escaped.data ? escaped.data : "",
                                 fuse_loc_type(scratch, loc));
  fuse_text_fini(&escaped);
  return text;
}

/* Why the program doesn't have a value; NULL when it has. */
static const char *why_not(const Keep *k, const OnnxValue *value) {
  if (!value->ready && value->node && value->node->lazy && !value->node->done)
    return "in a branch that isn't taken";
  if (!value->ready) {
    MlirOpOperand use = mlirValueGetFirstUse(value->onnx);
    return mlirOpOperandIsNull(use)
               ? "nothing reads it"
               : fuse_format(k->conversion->scratch, "computed in one with %s", reader(k, use));
  }
  if (o2t_known(value))
    return "known at compile time";
  if (fuse_tensor_elems(&value->tensor) == 0)
    return "has no elements";
  return NULL;
}

static void add_result(Keep *k, MlirStringRef name, MlirValue value) {
  k->results = fuse_grow(k->conversion->scratch, k->results, k->n_results, &k->results_capacity,
                         k->n_results + 1, sizeof *k->results);
  k->results[k->n_results++] = value;
  append(k, &k->names, text_attr(k, name));
}

static void add_missing(Keep *k, MlirStringRef name, const char *why) {
  const MlirAttribute pair[] = {text_attr(k, name), text_attr(k, fuse_str(why))};
  append(k, &k->missing, mlirArrayAttrGet(k->conversion->context, 2, pair));
}

/* Keep the value, or say why not; NULL when it is kept. An output stays what it is. */
static const char *keep_value(Keep *k, MlirStringRef name, const OnnxValue *value) {
  if (is_result(k, value->onnx))
    return NULL;
  const char *why = why_not(k, value);
  if (why)
    add_missing(k, name, why);
  else
    add_result(k, name, value->onnx);
  return why;
}

/* ---- the list ---- */

static void keep_all(Keep *k) {
  const Conversion *c = k->conversion;
  for (size_t i = 0; i < c->n_nodes; i++) {
    const OnnxNode *node = &c->nodes[i];
    for (int o = 0; !is_initializer(node) && o < node->n_out; o++) {
      MlirStringRef name = output_name(node, o);
      if (name.length)
        keep_value(k, name, node->out[o]);
    }
  }
  if (k->missing.n)
    fuse_op_note(k->func,
                 "keep=all: %zu values of the graph aren't in the program; the attribute "
                 "fuse.not_kept and emitted C list them",
                 k->missing.n);
}

static bool keep_named(Keep *k, MlirStringRef name) {
  const Conversion *c = k->conversion;
  for (size_t i = 0; i < c->n_nodes; i++)
    for (int o = 0; o < c->nodes[i].n_out; o++) {
      if (!mlirStringRefEqual(output_name(&c->nodes[i], o), name))
        continue;
      const char *why = keep_value(k, name, c->nodes[i].out[o]);
      if (why)
        fuse_op_note(c->nodes[i].op, "keep=%s: %s", fuse_str_dup(c->scratch, name), why);
      return true;
    }
  if (is_input(k, name)) {
    add_missing(k, name, "an input");
    fuse_op_note(k->func, "keep=%s: an input", fuse_str_dup(c->scratch, name));
    return true;
  }
  const char *text = fuse_str_dup(c->scratch, name), *near = near_names(k, text);
  const char *some = *near ? "" : first_names(k);
  (void)fuse_op_error(k->func, "keep=%s: no value is called so; %s%s%s%s%s", text,
                      *near ? "did you mean " : "expected all, or names of nodes' outputs",
                      *some ? ", such as " : "", some, near, *near ? "?" : "");
  return false;
}

static bool keep_list(Keep *k, const char *list) {
  bool ok = true;
  for (const char *at = list;; at++) {
    size_t length = strcspn(at, ",");
    ok = keep_named(k, (MlirStringRef){at, length}) && ok;
    at += length;
    if (!*at)
      return ok;
  }
}

/* What the function returns already; false when its outputs have no names to add to. */
static bool begin(Keep *k) {
  intptr_t n = mlirOperationGetNumOperands(k->last);
  MlirAttribute names = mlirOperationGetAttributeByName(k->func, fuse_str("fuse.outputs"));
  if (mlirAttributeIsNull(names) || !mlirAttributeIsAArray(names) ||
      mlirArrayAttrGetNumElements(names) != n)
    return mlirLogicalResultIsSuccess(
        fuse_op_error(k->func, "keep: no fuse.outputs with a name for each result; expected what "
                               "the importer writes"));
  for (intptr_t i = 0; i < n; i++) {
    MlirAttribute name = mlirArrayAttrGetElement(names, i);
    add_result(k, mlirAttributeIsAString(name) ? mlirStringAttrGetValue(name) : fuse_str(""),
               mlirOperationGetOperand(k->last, i));
  }
  k->n_outputs = k->n_results;
  return true;
}

bool o2t_keep(Conversion *conversion, MlirOperation func, MlirOperation last) {
  Keep k = {.conversion = conversion, .func = func, .last = last};
  if (!strcmp(conversion->keep, "none"))
    return true;
  if (!begin(&k))
    return false;
  if (!strcmp(conversion->keep, "all"))
    keep_all(&k);
  else if (!keep_list(&k, conversion->keep))
    return false;
  mlirOperationSetOperands(last, (intptr_t)k.n_results, k.results);
  set_attr(&k, "fuse.outputs", &k.names);
  set_attr(&k, "fuse.not_kept", &k.missing);
  MlirNamedAttribute kept =
      fuse_attr_i64(conversion->context, "fuse.kept", (int64_t)(k.n_results - k.n_outputs));
  mlirOperationSetAttributeByName(func, mlirIdentifierStr(kept.name), kept.attribute);
  return true;
}
