// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/* post.c - elementwise tosa ops become operations of a layer's post program.
 *
 *   clamp(v, lo, hi)             maxi lo, mini hi
 *   v + c, v - c, c - v, v * c   addi, addi -c, neg addi, muli     c one number
 *   v + p, v * p                 bias, scale                       p one number a channel, if the
 * layer has none yet v + r, v - r, v * r, ...     addr, subr, mulr, ...             r a tensor of
 * the machine; one per layer select(v >= 0, v, v * a)     lrelu a, or prelu with one a per channel
 *   v * f(v)                     save, f, mulx                     hard-swish
 *
 * Each is the same operation on the same operands, so the bits are those of the tosa ops.
 * source: docs/machine.md, M-POST-2
 */
#include <string.h>

#include "stos_private.h"

/* ---- looking at the IR ---- */

MlirOperation stos_only_user(MlirValue value) {
  MlirOpOperand use = mlirValueGetFirstUse(value);
  if (mlirOpOperandIsNull(use) || !mlirOpOperandIsNull(mlirOpOperandGetNextUse(use)))
    return (MlirOperation){NULL};
  return mlirOpOperandGetOwner(use);
}

/* The f32 numbers of a constant: one (n = 1), or one per channel (n = channels, all other
 * dimensions 1). */
static bool constant_f32(const StosChain *c, MlirValue value, const float **numbers, int64_t *n) {
  FuseTensor t;
  if (!fuse_value_constant(c->ir, value, &t) || t.dtype != FUSE_F32)
    return false;
  *n = fuse_tensor_elems(&t);
  bool one = *n == 1,
       per_channel = t.rank > 0 && t.shape[t.rank - 1] == *n && *n == c->layer->shape[STOS_C];
  if (!one && !per_channel)
    return false;
  float *copy = fuse_alloc_array(c->scratch, (size_t)*n,
                                 sizeof *copy); /* a mapped constant may be unaligned */
  memcpy(copy, t.data, (size_t)*n * sizeof *copy);
  *numbers = copy;
  return true;
}

static uint32_t bits_of(double number) {
  float f = (float)number;
  uint32_t bits;
  memcpy(&bits, &f, sizeof bits);
  return bits;
}

/* ---- the program ---- */

bool stos_chain_push(StosChain *c, StosPost op) {
  if (c->layer->n_post == STOS_MAX_POST)
    return false;
  c->layer->post[c->layer->n_post++] = op;
  return true;
}

static bool push(StosChain *c, StosPostCode code, uint32_t imm) {
  return stos_chain_push(c, (StosPost){.code = (uint8_t)code, .imm = imm});
}

bool stos_chain_set_operand(StosChain *c, StosRole role, MlirValue value) {
  if (!mlirValueIsNull(c->layer->operand[role]))
    return false;
  c->layer->operand[role] = value;
  return true;
}

bool stos_chain_push_tensor(StosChain *c, StosPost op, MlirValue other) {
  MlirValue blocked = c->find(other, c->user);
  FuseTensor t;
  if (mlirValueIsNull(blocked) || !fuse_type_tensor(mlirValueGetType(blocked), &t))
    return false;
  const int64_t *want = c->layer->shape;
  bool full = memcmp(t.shape, want, STOS_RANK * sizeof *want) == 0;
  bool pixel = t.shape[STOS_N] == want[STOS_N] && t.shape[STOS_H] == 1 && t.shape[STOS_W] == 1 &&
               t.shape[STOS_C] == want[STOS_C];
  return (full || pixel) && stos_chain_set_operand(c, ROLE_RES, blocked) && stos_chain_push(c, op);
}

typedef struct Binary {
  const char *name;
  StosPostCode number, channel, tensor, reversed; /* NOP: there is none */
} Binary;

static const Binary binaries[] = {
    {"tosa.add", STOS_POST_ADDI, STOS_POST_BIAS, STOS_POST_ADDR, STOS_POST_ADDR},
    {"tosa.mul", STOS_POST_MULI, STOS_POST_SCALE, STOS_POST_MULR, STOS_POST_MULR},
    {"tosa.sub", STOS_POST_NOP, STOS_POST_NOP, STOS_POST_SUBR, STOS_POST_RSUB},
    {"tosa.maximum", STOS_POST_MAXI, STOS_POST_NOP, STOS_POST_NOP, STOS_POST_NOP},
    {"tosa.minimum", STOS_POST_MINI, STOS_POST_NOP, STOS_POST_NOP, STOS_POST_NOP},
};

static bool take_number(StosChain *c, const Binary *b, float number, bool first) {
  if (strcmp(b->name, "tosa.sub") == 0)
    return (first || push(c, STOS_POST_NEG, 0)) &&
           push(c, STOS_POST_ADDI, bits_of(first ? -number : number));
  /* maximum and minimum keep their first operand when both are equal, as MAXI and MINI keep v. */
  bool keeps_first = b->number == STOS_POST_MAXI || b->number == STOS_POST_MINI;
  return b->number != STOS_POST_NOP && (first || !keeps_first) &&
         push(c, b->number, bits_of(number));
}

static bool take_binary(StosChain *c, MlirOperation op, const Binary *b) {
  MlirValue x = mlirOperationGetOperand(op, 0), y = mlirOperationGetOperand(op, 1);
  bool first = mlirValueEqual(x, c->value);
  if (first && mlirValueEqual(y, c->value))
    return false;
  MlirValue other = first ? y : x;
  const float *numbers;
  int64_t n;
  if (strcmp(b->name, "tosa.mul") == 0) { /* the third operand is the shift of integers */
    FuseTensor shift;
    if (mlirOperationGetNumOperands(op) > 2 &&
        (!fuse_value_constant(c->ir, mlirOperationGetOperand(op, 2), &shift) ||
         *(const char *)shift.data != 0))
      return false;
  }
  if (constant_f32(c, other, &numbers, &n)) {
    if (n == 1)
      return take_number(c, b, numbers[0], first);
    StosRole role = b->channel == STOS_POST_BIAS ? ROLE_BIAS : ROLE_SCALE;
    return b->channel != STOS_POST_NOP && stos_chain_set_operand(c, role, other) &&
           push(c, b->channel, 0);
  }
  StosPostCode code = first ? b->tensor : b->reversed;
  return code != STOS_POST_NOP &&
         stos_chain_push_tensor(c, (StosPost){.code = (uint8_t)code}, other);
}

static bool take_clamp(StosChain *c, MlirOperation op) {
  double low, high;
  return fuse_get_f64(op, "min_val", &low) && fuse_get_f64(op, "max_val", &high) &&
         push(c, STOS_POST_MAXI, bits_of(low)) && push(c, STOS_POST_MINI, bits_of(high));
}

/* ---- one op, or a small group that begins at the value ---- */

void stos_chain_absorb(StosChain *c, MlirOperation op) {
  size_t n = c->n_absorbed;
  c->absorbed = fuse_grow(c->scratch, c->absorbed, n, &c->capacity, n + 1, sizeof *c->absorbed);
  c->absorbed[c->n_absorbed++] = op;
  c->value = stos_result(op);
}

bool stos_chain_keeps_shape(const StosChain *c, MlirOperation op, FuseDtype *dtype) {
  int64_t shape[STOS_RANK];
  return mlirOperationGetNumResults(op) == 1 &&
         stos_shape(mlirValueGetType(stos_result(op)), dtype, shape) &&
         memcmp(shape, c->layer->shape, sizeof shape) == 0;
}

static bool same_shape(const StosChain *c, MlirOperation op) {
  FuseDtype dtype;
  return stos_chain_keeps_shape(c, op, &dtype) && dtype == c->layer->dtype;
}

static bool take_simple(StosChain *c, MlirOperation op) {
  if (!same_shape(c, op))
    return false;
  if (fuse_op_is(op, "tosa.reshape"))
    return true; /* N,1,W,C as N,W,C: the same words */
  if (fuse_op_is(op, "tosa.clamp"))
    return take_clamp(c, op);
  if (fuse_op_is(op, "tosa.abs"))
    return push(c, STOS_POST_ABS, 0);
  if (fuse_op_is(op, "tosa.negate"))
    return push(c, STOS_POST_NEG, 0);
  for (size_t i = 0; i < FUSE_COUNTOF(binaries); i++)
    if (fuse_op_is(op, binaries[i].name))
      return take_binary(c, op, &binaries[i]);
  return false;
}

bool stos_chain_take(StosChain *c, MlirOperation op) {
  if (c->layer->dtype == FUSE_I8)
    return stos_chain_take_i8(c, op);
  StosLayer before = *c->layer;
  if (take_simple(c, op)) {
    stos_chain_absorb(c, op);
    return true;
  }
  *c->layer = before;
  return false;
}

bool stos_chain_find_leaky(const StosChain *c, const char *negative, StosLeaky *found) {
  *found = (StosLeaky){0};
  for (MlirOpOperand use = mlirValueGetFirstUse(c->value); !mlirOpOperandIsNull(use);
       use = mlirOpOperandGetNextUse(use)) {
    MlirOperation op = mlirOpOperandGetOwner(use);
    if (fuse_op_is(op, "tosa.select"))
      found->select = op;
    else if (fuse_op_is(op, "tosa.greater_equal"))
      found->compare = op;
    else if (fuse_op_is(op, negative))
      found->negative = op;
  }
  if (stos_n_uses(c->value) != 3 || !found->select.ptr || !found->compare.ptr ||
      !found->negative.ptr || stos_n_uses(stos_result(found->compare)) != 1 ||
      stos_n_uses(stos_result(found->negative)) != 1)
    return false;
  FuseTensor zero;
  static const char zeros[8];
  return mlirValueEqual(mlirOperationGetOperand(found->select, 0), stos_result(found->compare)) &&
         mlirValueEqual(mlirOperationGetOperand(found->select, 1), c->value) &&
         mlirValueEqual(mlirOperationGetOperand(found->select, 2), stos_result(found->negative)) &&
         mlirValueEqual(mlirOperationGetOperand(found->compare, 0), c->value) &&
         fuse_value_constant(c->ir, mlirOperationGetOperand(found->compare, 1), &zero) &&
         fuse_tensor_elems(&zero) == 1 && memcmp(zero.data, zeros, zero.size_bytes) == 0;
}

void stos_chain_absorb_leaky(StosChain *c, const StosLeaky *found) {
  stos_chain_absorb(c, found->compare);
  stos_chain_absorb(c, found->negative);
  stos_chain_absorb(c, found->select);
}

/* select(v >= 0, v, v * a) */
static bool take_leaky(StosChain *c) {
  StosLeaky found;
  const float *slope;
  int64_t n;
  if (!stos_chain_find_leaky(c, "tosa.mul", &found) || !same_shape(c, found.select))
    return false;
  bool first = mlirValueEqual(mlirOperationGetOperand(found.negative, 0), c->value);
  MlirValue factor = mlirOperationGetOperand(found.negative, first ? 1 : 0);
  if (!constant_f32(c, factor, &slope, &n))
    return false;
  StosLayer before = *c->layer;
  if (n == 1 ? !push(c, STOS_POST_LRELU, bits_of(slope[0]))
             : !(stos_chain_set_operand(c, ROLE_AUX, factor) && push(c, STOS_POST_PRELU, 0))) {
    *c->layer = before;
    return false;
  }
  stos_chain_absorb_leaky(c, &found);
  return true;
}

/* v * f(v), f a chain of single-use operations: v has two users, the chain's first and the
 * multiplication at its end. */
static bool take_gated(StosChain *c) {
  MlirValue start = c->value;
  if (stos_n_uses(start) != 2)
    return false;
  StosChain trial = *c;
  StosLayer layer = *c->layer;
  trial.layer = &layer;
  MlirOperation first = {NULL}, last = {NULL};
  for (MlirOpOperand use = mlirValueGetFirstUse(start); !mlirOpOperandIsNull(use);
       use = mlirOpOperandGetNextUse(use)) {
    MlirOperation op = mlirOpOperandGetOwner(use);
    /* The multiplication has both operands computed from the value; the chain's first op only the
     * value. */
    MlirValue a = mlirOperationGetOperand(op, 0),
              b = mlirOperationGetNumOperands(op) > 1 ? mlirOperationGetOperand(op, 1) : a;
    FuseTensor constant;
    bool other_known = mlirValueEqual(a, b) ||
                       fuse_value_constant(c->ir, mlirValueEqual(a, start) ? b : a, &constant);
    if (other_known)
      first = op;
    else if (fuse_op_is(op, "tosa.mul"))
      last = op;
  }
  if (!first.ptr || !last.ptr || !push(&trial, STOS_POST_SAVE, 0))
    return false;
  for (MlirOperation op = first; op.ptr && !mlirOperationEqual(op, last);
       op = stos_only_user(trial.value))
    if (!stos_chain_take(&trial, op) || stos_n_uses(trial.value) != 1)
      return false;
  MlirValue a = mlirOperationGetOperand(last, 0), b = mlirOperationGetOperand(last, 1);
  bool closes = (mlirValueEqual(a, start) && mlirValueEqual(b, trial.value)) ||
                (mlirValueEqual(b, start) && mlirValueEqual(a, trial.value));
  if (!closes || !same_shape(&trial, last) || !push(&trial, STOS_POST_MULX, 0))
    return false;
  *c->layer = layer;
  trial.layer = c->layer;
  *c = trial;
  stos_chain_absorb(c, last);
  return true;
}

void stos_chain_follow(StosChain *c) {
  if (c->layer->dtype == FUSE_I8) {
    stos_chain_follow_i8(c);
    return;
  }
  c->complete = true;
  for (;;) {
    MlirOperation user = stos_only_user(c->value);
    if (user.ptr ? !stos_chain_take(c, user) : !take_leaky(c) && !take_gated(c))
      return;
  }
}
