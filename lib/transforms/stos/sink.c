// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/* sink.c - elementwise ops behind a concatenation are done on its parts.
 *
 *   %c = tosa.concat %a, %b          %x = tosa.clamp %a
 *   %y = tosa.clamp %c        ==>    %z = tosa.clamp %b
 *                                    %y = tosa.concat %x, %z
 *
 * The layers that make %a and %b do it in their post programs.
 *
 * needs: tosa ops
 * gives: the same numbers
 */
#include "stos_private.h"

typedef struct Parts {
  MlirValue whole;
  const MlirValue *parts; /* whole is their concatenation */
  MlirOperation op;       /* the op that was done on parts; null: the concatenation itself */
} Parts;

typedef struct Sinker {
  FuseIr *ir;
  FuseArena *scratch;
  MlirRewriterBase rw;
  Parts *list;
  size_t n, capacity;
  intptr_t n_parts;
} Sinker;

static const Parts *parts_of(const Sinker *s, MlirValue value) {
  for (size_t i = 0; i < s->n; i++)
    if (mlirValueEqual(s->list[i].whole, value))
      return &s->list[i];
  return NULL;
}

static void add_parts(Sinker *s, MlirValue whole, const MlirValue *parts, MlirOperation op) {
  s->list = fuse_grow(s->scratch, s->list, s->n, &s->capacity, s->n + 1, sizeof *s->list);
  s->list[s->n++] = (Parts){whole, parts, op};
}

/* One number, or a table, which is the same for all channels. */
static bool is_shared(const Sinker *s, MlirOperation op, MlirValue value) {
  FuseTensor t;
  return fuse_value_constant(s->ir, value, &t) &&
         (fuse_tensor_elems(&t) == 1 || fuse_op_is(op, "tosa.table"));
}

/* Every operand is split in parts or shared, and at least one is split. */
static bool can_sink(const Sinker *s, MlirOperation op) {
  static const char *const names[] = {"tosa.clamp", "tosa.add",    "tosa.mul",     "tosa.sub",
                                      "tosa.abs",   "tosa.negate", "tosa.rescale", "tosa.table"};
  bool known = false, split = false;
  for (size_t i = 0; i < FUSE_COUNTOF(names); i++)
    known = known || fuse_op_is(op, names[i]);
  for (intptr_t i = 0; known && i < mlirOperationGetNumOperands(op); i++) {
    MlirValue x = mlirOperationGetOperand(op, i);
    bool has_parts = parts_of(s, x) != NULL;
    split = split || has_parts;
    known = has_parts || is_shared(s, op, x);
  }
  return known && split &&
         mlirTypeEqual(mlirValueGetType(stos_result(op)), mlirValueGetType(s->list[0].whole));
}

static void sink(Sinker *s, MlirOperation op) {
  MlirValue *results = fuse_alloc_array(s->scratch, (size_t)s->n_parts, sizeof *results);
  mlirRewriterBaseSetInsertionPointBefore(s->rw, op);
  for (intptr_t p = 0; p < s->n_parts; p++) {
    MlirOperation one = mlirOperationClone(op);
    for (intptr_t i = 0; i < mlirOperationGetNumOperands(op); i++) {
      const Parts *x = parts_of(s, mlirOperationGetOperand(op, i));
      if (x)
        mlirOperationSetOperand(one, i, x->parts[p]);
    }
    mlirValueSetType(stos_result(one), mlirValueGetType(s->list[0].parts[p]));
    results[p] = stos_result(mlirRewriterBaseInsert(s->rw, one));
  }
  add_parts(s, stos_result(op), results, op);
}

static bool has_other_user(const Sinker *s, MlirValue value) {
  for (MlirOpOperand use = mlirValueGetFirstUse(value); !mlirOpOperandIsNull(use);
       use = mlirOpOperandGetNextUse(use)) {
    MlirOperation user = mlirOpOperandGetOwner(use);
    if (mlirOperationGetNumResults(user) == 0 || !parts_of(s, stos_result(user)))
      return true;
  }
  return false;
}

static void sink_behind(Sinker base, MlirOperation concat, FuseOpList list) {
  Sinker s = base;
  s.n_parts = mlirOperationGetNumOperands(concat);
  MlirValue *operands = fuse_alloc_array(base.scratch, (size_t)s.n_parts, sizeof *operands);
  for (intptr_t i = 0; i < s.n_parts; i++)
    operands[i] = mlirOperationGetOperand(concat, i);
  add_parts(&s, stos_result(concat), operands, (MlirOperation){NULL});
  for (size_t i = 0; i < list.n; i++)
    if (can_sink(&s, list.ops[i]))
      sink(&s, list.ops[i]);
  for (size_t i = 1; i < s.n; i++) {
    if (!has_other_user(&s, s.list[i].whole))
      continue;
    MlirNamedAttribute axis = fuse_attr(mlirOperationGetContext(concat), "axis",
                                        mlirOperationGetAttributeByName(concat, fuse_str("axis")));
    mlirRewriterBaseSetInsertionPointBefore(base.rw, s.list[i].op);
    MlirValue y = fuse_build(base.rw, mlirOperationGetLocation(concat), "tosa.concat", s.n_parts,
                             s.list[i].parts, 1, &axis, mlirValueGetType(s.list[i].whole));
    mlirValueReplaceAllUsesOfWith(s.list[i].whole, y);
  }
}

void stos_sink_elementwise(FuseIr *ir, FuseArena *scratch, MlirRewriterBase rw,
                           MlirOperation func) {
  const Sinker base = {.ir = ir, .scratch = scratch, .rw = rw};
  FuseOpList concats = fuse_ops_of(scratch, func, "tosa.concat");
  for (size_t i = 0; i < concats.n; i++)
    if (stos_is_channel_axis(concats.ops[i]))
      sink_behind(base, concats.ops[i], fuse_ops_of(scratch, func, NULL));
  fuse_dce(func);
}
