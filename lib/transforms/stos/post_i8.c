// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/* post_i8.c - what follows a quantised layer becomes operations of its post program.
 *
 *   rescale(v - zi) + zo -> i8       muli or scale; zo and the saturation wait
 *   clamp(v, lo, hi)                 waits
 *   reshape of one line              nothing
 *   table(v)                         lut
 *   v + rescale(r - zr), v - ...     addr, subr, rsub           r a tensor of the machine
 *   v * (r - zr)                     mulr
 *   max(v, r - zr), min(v, r - zr)   maxr, minr
 *   select(v >= 0, v, rescale(v))    lrelu, or prelu with one factor a channel
 *   v + k, v - k, k - v, v * k       bias, neg, muli or scale      k constant, one or one a channel
 *   f(v) * g(v), f(v) + g(v), ...    lut                        hard-swish: one table for all of it
 *
 * Zero points and saturations are held back: a zero point that the next rescale takes off again is
 * never added, a saturation that the next clamp or the write does anyway is never made. What is
 * left over stands where it must: MAXI and MINI before the next scaling, ADDI at the end. Each step
 * is the same function on the same integers, so the bits are those of the tosa ops.
 *
 * source: docs/machine.md, M-POST-2; TOSA 1.0, rescale
 */
#include <string.h>

#include "fuse/requant.h"
#include "stos_private.h"

enum { SMALLEST_SHIFT = 2, LARGEST_SHIFT = 62, SINGLE_UP_TO = 31 };

/* ---- constants ---- */

/* Element i of a constant of integers. */
static int64_t element(const FuseTensor *t, int64_t i) {
  const uint8_t *at = (const uint8_t *)t->data + (size_t)i * fuse_dtype_bytes(t->dtype);
  int32_t word;
  if (fuse_dtype_bytes(t->dtype) == 1)
    return t->dtype == FUSE_U8 ? *at : (int8_t)*at;
  memcpy(&word, at, sizeof word);
  return word;
}

static bool is_int(FuseDtype dtype) {
  return dtype == FUSE_I8 || dtype == FUSE_U8 || dtype == FUSE_I32;
}

static bool constant_int(FuseIr *ir, MlirValue value, FuseTensor *t) {
  return fuse_value_constant(ir, value, t) && is_int(t->dtype) && fuse_tensor_elems(t) > 0;
}

static bool constant_number(FuseIr *ir, MlirValue value, int64_t *number) {
  FuseTensor t;
  if (!constant_int(ir, value, &t) || fuse_tensor_elems(&t) != 1)
    return false;
  *number = element(&t, 0);
  return true;
}

/* ---- tosa.rescale ---- */

/* Do the flags say of both types what the types say? */
static bool signs_agree(MlirOperation op, FuseDtype from, FuseDtype to) {
  bool in = false, out = false;
  fuse_get_bool(op, "input_unsigned", &in);
  fuse_get_bool(op, "output_unsigned", &out);
  return in == (from == FUSE_U8) && out == (to == FUSE_U8);
}

static bool read_rounding(MlirOperation op, uint32_t largest_shift, StosRounding *rounding) {
  bool one = fuse_attr_says(op, "rounding_mode", "SINGLE_ROUND"),
       two = fuse_attr_says(op, "rounding_mode", "DOUBLE_ROUND");
  *rounding = largest_shift <= SINGLE_UP_TO ? ROUND_ANY : one ? ROUND_SINGLE : ROUND_DOUBLE;
  return one || two;
}

bool stos_read_rescale(FuseIr *ir, MlirOperation op, StosRescale *r) {
  FuseTensor x, y, mult, shift;
  bool scale32 = false;
  *r = (StosRescale){0};
  if (!fuse_op_is(op, "tosa.rescale") || !fuse_get_bool(op, "scale32", &scale32) || !scale32 ||
      !fuse_type_tensor(mlirValueGetType(mlirOperationGetOperand(op, 0)), &x) ||
      !fuse_type_tensor(mlirValueGetType(stos_result(op)), &y) || x.rank == 0)
    return false;
  r->mult = mlirOperationGetOperand(op, 1), r->shift = mlirOperationGetOperand(op, 2);
  if (!constant_int(ir, r->mult, &mult) || !constant_int(ir, r->shift, &shift) ||
      !constant_number(ir, mlirOperationGetOperand(op, 3), &r->in_zp) ||
      !constant_number(ir, mlirOperationGetOperand(op, 4), &r->out_zp))
    return false;
  r->from = x.dtype, r->to = y.dtype;
  r->n = fuse_tensor_elems(&mult);
  r->first_mult = (int32_t)element(&mult, 0), r->first_shift = (uint32_t)element(&shift, 0);
  if (mult.dtype != FUSE_I32 || shift.dtype != FUSE_I8 || fuse_tensor_elems(&shift) != r->n ||
      (r->n != 1 && r->n != x.shape[x.rank - 1]) || !is_int(r->from) || !is_int(r->to) ||
      !signs_agree(op, r->from, r->to))
    return false;
  for (int64_t i = 0; i < r->n; i++) {
    int64_t s = element(&shift, i);
    if (s < SMALLEST_SHIFT || s > LARGEST_SHIFT)
      return false;
    r->largest_shift = (uint32_t)fuse_max(r->largest_shift, s);
  }
  return read_rounding(op, r->largest_shift, &r->rounding);
}

/* v * 2^s / 2^s, rounded, is v. */
bool stos_rescale_is_unity(const StosRescale *r) {
  return r->n == 1 && r->first_shift <= 30 && r->first_mult == (int32_t)1 << r->first_shift;
}

bool stos_rescale_is_shift(const StosRescale *r, bool into) {
  return stos_rescale_is_unity(r) && r->from == (into ? FUSE_U8 : FUSE_I8) &&
         r->to == (into ? FUSE_I8 : FUSE_U8) && r->in_zp == (into ? 128 : 0) &&
         r->out_zp == (into ? 0 : 128);
}

/* ---- what is held back ---- */

static const StosPending unbounded = {
    .low = INT32_MIN, .high = INT32_MAX, .known_low = INT32_MIN, .known_high = INT32_MAX};

static bool push_number(StosChain *c, StosPostCode code, int64_t number) {
  return number >= INT32_MIN && number <= INT32_MAX &&
         stos_chain_push(c, (StosPost){.code = (uint8_t)code, .imm = (uint32_t)(int32_t)number});
}

/* The bounds, on v. */
static bool enforce_bounds(StosChain *c) {
  StosPending *p = &c->pending;
  if ((p->low > p->known_low && !push_number(c, STOS_POST_MAXI, p->low - p->offset)) ||
      (p->high < p->known_high && !push_number(c, STOS_POST_MINI, p->high - p->offset)))
    return false;
  p->known_low = fuse_max(p->known_low, p->low);
  p->known_high = fuse_min(p->known_high, p->high);
  p->low = INT32_MIN, p->high = INT32_MAX;
  return true;
}

/* A first operation of the vector unit has its operand less a zero point: more costs nothing. But
 * pixels outside the image are 0 whatever the zero point. */
static bool offset_is_free(const StosChain *c) {
  const StosLayer *l = c->layer;
  int64_t in_zp = l->in_zp - c->pending.offset;
  return strcmp(l->kind, "vector") == 0 && strcmp(l->reduce, "sum") != 0 && !l->pads &&
         l->n_post == 0 && in_zp >= INT8_MIN && in_zp <= INT8_MAX;
}

static bool add_offset(StosChain *c) {
  if (offset_is_free(c))
    c->layer->in_zp = (int16_t)(c->layer->in_zp - c->pending.offset);
  else if (c->pending.offset != 0 && !push_number(c, STOS_POST_ADDI, c->pending.offset))
    return false;
  c->pending.offset = 0;
  return true;
}

/* min(max(value, low), high) on top of what is held back. */
static void bound(StosPending *p, int64_t low, int64_t high) {
  p->low = fuse_min(fuse_max(p->low, low), high);
  p->high = fuse_min(fuse_max(p->high, low), high);
}

/* The layer as it is when the value is written: the write saturates by itself. */
static bool close_layer(const StosChain *c, StosLayer *closed) {
  StosChain end = *c;
  *closed = *c->layer;
  end.layer = closed;
  end.pending.known_low = fuse_max(end.pending.known_low, INT8_MIN);
  end.pending.known_high = fuse_min(end.pending.known_high, INT8_MAX);
  return enforce_bounds(&end) && add_offset(&end);
}

/* LUT saturates to i8 by itself. */
static bool push_table(StosChain *c, MlirValue table) {
  c->pending.known_low = fuse_max(c->pending.known_low, INT8_MIN);
  c->pending.known_high = fuse_min(c->pending.known_high, INT8_MAX);
  if (!enforce_bounds(c) || !add_offset(c) || !stos_chain_set_operand(c, ROLE_TABLE, table))
    return false;
  c->pending = unbounded;
  c->pending.known_low = INT8_MIN, c->pending.known_high = INT8_MAX;
  return stos_chain_push(c, (StosPost){.code = STOS_POST_LUT});
}

/* ---- functions of one value ----
 *
 * What is computed from one value of i8 alone, and ends in one, is a table, however many ops it
 * takes. */

/* What `value` is for each of the 256 that `start` may be; false: it isn't made of `start` alone.
 */
static bool tabulate(StosChain *c, MlirValue value, MlirValue start, int64_t *y, int depth) {
  MlirOperation op = stos_def(value);
  int64_t x[256], low, high, shift = 0;
  StosRescale r;
  FuseTensor t;
  if (mlirValueEqual(value, start)) {
    for (int i = 0; i < 256; i++)
      y[i] = i + INT8_MIN;
    return true;
  }
  bool sum = fuse_op_is(op, "tosa.add"), difference = fuse_op_is(op, "tosa.sub"),
       product = fuse_op_is(op, "tosa.mul"), table = fuse_op_is(op, "tosa.table");
  bool clamp = fuse_op_is(op, "tosa.clamp") && fuse_get_i64(op, "min_val", &low) &&
               fuse_get_i64(op, "max_val", &high);
  bool rescale =
      stos_read_rescale(c->ir, op, &r) && r.n == 1 && r.from != FUSE_U8 && r.to != FUSE_U8;
  if (depth == 0 || !(sum || difference || product || table || clamp || rescale) ||
      !tabulate(c, mlirOperationGetOperand(op, 0), start, y, depth - 1))
    return false;
  if (table && (!constant_int(c->ir, mlirOperationGetOperand(op, 1), &t) || t.dtype != FUSE_I8 ||
                fuse_tensor_elems(&t) != 256))
    return false;
  if ((sum || difference || product) &&
      (!tabulate(c, mlirOperationGetOperand(op, 1), start, x, depth - 1) ||
       (product && (mlirOperationGetNumOperands(op) != 3 ||
                    !constant_number(c->ir, mlirOperationGetOperand(op, 2), &shift) || shift))))
    return false;
  for (int i = 0; i < 256; i++) {
    if (rescale)
      y[i] = r.out_zp + fuse_apply_scale((int32_t)(y[i] - r.in_zp), r.first_mult, r.first_shift,
                                         r.rounding == ROUND_DOUBLE);
    else if (table)
      y[i] = element(&t, y[i] - INT8_MIN);
    else
      y[i] = sum ? y[i] + x[i] : difference ? y[i] - x[i] : product ? y[i] * x[i] : y[i];
    if (clamp || (rescale && r.to == FUSE_I8))
      y[i] = fuse_min(fuse_max(y[i], clamp ? low : INT8_MIN), clamp ? high : INT8_MAX);
    if (y[i] < INT32_MIN || y[i] > INT32_MAX)
      return false;
  }
  return true;
}

static MlirOperation user_of(MlirOpOperand use) {
  return mlirOpOperandGetOwner(use);
}

/* The first op that two values meet in on the way from `op`: one with a second operand. */
static MlirOperation meeting(MlirOperation op) {
  while (fuse_op_is(op, "tosa.rescale") || fuse_op_is(op, "tosa.table") ||
         fuse_op_is(op, "tosa.clamp"))
    op = stos_only_user(stos_result(op));
  return op;
}

static void absorb_way(StosChain *c, MlirOperation op, MlirOperation end) {
  for (; !mlirOperationEqual(op, end); op = stos_only_user(stos_result(op)))
    stos_chain_absorb(c, op);
}

/* The value has two users, whose ways meet in a sum or a product that is requantised. */
static bool take_function(StosChain *c) {
  enum { DEPTH = 8 };
  MlirOpOperand first = mlirValueGetFirstUse(c->value);
  FuseTensor t;
  if (stos_n_uses(c->value) != 2 || !fuse_type_tensor(mlirValueGetType(c->value), &t) ||
      t.dtype != FUSE_I8)
    return false;
  MlirOperation a = user_of(first), b = user_of(mlirOpOperandGetNextUse(first)), end = meeting(a);
  MlirValue start = c->value;
  if (!end.ptr || !mlirOperationEqual(end, meeting(b)) || mlirOperationGetNumResults(end) != 1)
    return false;
  MlirOperation last = stos_only_user(stos_result(end));
  int64_t y[256];
  FuseDtype dtype;
  StosLayer layer = *c->layer;
  StosPending pending = c->pending;
  if (!fuse_op_is(last, "tosa.rescale") || !stos_chain_keeps_shape(c, last, &dtype) ||
      dtype != FUSE_I8 || !tabulate(c, stos_result(last), start, y, DEPTH))
    return false;
  int8_t *values = fuse_alloc(fuse_ir_arena(c->ir), 256);
  for (int i = 0; i < 256; i++)
    values[i] = (int8_t)y[i];
  FuseTensor table = {
      .dtype = FUSE_I8, .rank = 1, .shape = {256}, .data = values, .size_bytes = 256};
  if (!mlirValueIsNull(c->layer->operand[ROLE_TABLE]) ||
      !push_table(
          c, fuse_build_const(c->ir, c->rw, mlirOperationGetLocation(last), &table, "function"))) {
    *c->layer = layer;
    c->pending = pending;
    return false;
  }
  absorb_way(c, a, end);
  absorb_way(c, b, end);
  stos_chain_absorb(c, end);
  stos_chain_absorb(c, last);
  return true;
}

/* ---- one op ---- */

static bool set_rounding(StosChain *c, StosRounding rounding) {
  if (rounding == ROUND_ANY || c->layer->rounding == rounding)
    return true;
  if (c->layer->rounding != ROUND_ANY)
    return false;
  c->layer->rounding = rounding;
  return true;
}

/* v * mult / 2^shift, one factor or one a channel. */
static bool scale(StosChain *c, const StosRescale *r) {
  if (!add_offset(c) || !set_rounding(c, r->rounding))
    return false;
  c->pending = unbounded;
  if (r->n == 1)
    return stos_chain_push(c, (StosPost){.code = STOS_POST_MULI,
                                         .imm = (uint32_t)r->first_mult,
                                         .shift = (uint8_t)r->first_shift});
  return stos_chain_set_operand(c, ROLE_SCALE, r->mult) &&
         stos_chain_set_operand(c, ROLE_SHIFT, r->shift) &&
         stos_chain_push(c, (StosPost){.code = STOS_POST_SCALE});
}

/* Whatever is known, it is an i32. */
static void shift_value(StosPending *p, int64_t by) {
  p->offset += by;
  p->known_low = fuse_max(p->known_low + by, INT32_MIN);
  p->known_high = fuse_min(p->known_high + by, INT32_MAX);
}

static bool take_rescale(StosChain *c, MlirOperation op) {
  StosRescale r;
  if (!stos_read_rescale(c->ir, op, &r) || r.from == FUSE_U8 || !enforce_bounds(c))
    return false;
  shift_value(&c->pending, -r.in_zp);
  if (!stos_rescale_is_unity(&r) && !scale(c, &r))
    return false;
  shift_value(&c->pending, r.out_zp);
  if (r.to == FUSE_I8)
    bound(&c->pending, INT8_MIN, INT8_MAX);
  return r.to != FUSE_U8;
}

static bool take_clamp(StosChain *c, MlirOperation op) {
  int64_t low, high;
  if (!fuse_get_i64(op, "min_val", &low) || !fuse_get_i64(op, "max_val", &high))
    return false;
  bound(&c->pending, low, high);
  return true;
}

static bool take_table(StosChain *c, MlirOperation op) {
  MlirValue table = mlirOperationGetOperand(op, 1);
  FuseTensor t;
  return constant_int(c->ir, table, &t) && t.dtype == FUSE_I8 && fuse_tensor_elems(&t) == 256 &&
         push_table(c, table);
}
/* The other operand as rescale(r - zp) of a tensor of i8. */
static bool read_other(StosChain *c, MlirValue other, StosRescale *r, MlirValue *tensor) {
  MlirOperation op = stos_def(other);
  if (!stos_read_rescale(c->ir, op, r) || r->n != 1 || r->from != FUSE_I8 || r->to != FUSE_I32 ||
      r->out_zp != 0)
    return false;
  *tensor = mlirOperationGetOperand(op, 0);
  return true;
}

static bool push_other(StosChain *c, StosPostCode code, const StosRescale *r, MlirValue tensor) {
  bool scales = code == STOS_POST_ADDR || code == STOS_POST_SUBR || code == STOS_POST_RSUB;
  StosPost op = {.code = (uint8_t)code};
  if (scales)
    op.imm = (uint32_t)r->first_mult, op.shift = (uint8_t)r->first_shift;
  c->layer->res_zp = (int16_t)r->in_zp;
  return (scales ? set_rounding(c, r->rounding) : stos_rescale_is_unity(r)) &&
         stos_chain_push_tensor(c, op, tensor);
}

/* A constant of i32: one number, or one a channel. */
static bool channel_numbers(const StosChain *c, MlirValue value, FuseTensor *t) {
  int64_t n = constant_int(c->ir, value, t) && t->dtype == FUSE_I32 ? fuse_tensor_elems(t) : 0;
  return n == 1 || (n > 0 && n == c->layer->shape[STOS_C] && t->shape[t->rank - 1] == n);
}

/* Numbers, one a channel, in the arena of the IR. */
static MlirValue build_numbers(StosChain *c, FuseDtype dtype, int64_t n, const void *values) {
  FuseTensor t = {.dtype = dtype,
                  .rank = 1,
                  .shape = {n},
                  .data = values,
                  .size_bytes = (size_t)n * fuse_dtype_bytes(dtype)};
  return fuse_build_const(c->ir, c->rw, mlirOperationGetLocation(stos_def(c->value)), &t,
                          "channels");
}

/* v + numbers, or v - numbers. */
static bool add_constant(StosChain *c, MlirValue value, int sign) {
  FuseTensor t;
  if (!channel_numbers(c, value, &t))
    return false;
  int64_t n = fuse_tensor_elems(&t);
  if (n == 1) {
    shift_value(&c->pending, sign * element(&t, 0));
    return true;
  }
  if (sign < 0) {
    uint32_t *minus = fuse_alloc_array(fuse_ir_arena(c->ir), (size_t)n, sizeof *minus);
    for (int64_t i = 0; i < n; i++)
      minus[i] = 0u - (uint32_t)element(&t, i); /* as i32 wraps */
    value = build_numbers(c, FUSE_I32, n, minus);
  }
  return stos_chain_set_operand(c, ROLE_BIAS, value) &&
         stos_chain_push(c, (StosPost){.code = STOS_POST_BIAS});
}

/* v * numbers: a scaling by 4 times as much over 2^2, the smallest shift there is. */
static bool multiply_constant(StosChain *c, MlirValue value) {
  FuseTensor t;
  if (!channel_numbers(c, value, &t))
    return false;
  int64_t n = fuse_tensor_elems(&t), factor = (int64_t)1 << SMALLEST_SHIFT;
  int32_t *mult = fuse_alloc_array(fuse_ir_arena(c->ir), (size_t)n, sizeof *mult);
  int8_t *shift = fuse_alloc(fuse_ir_arena(c->ir), (size_t)n);
  for (int64_t i = 0; i < n; i++) {
    int64_t product = element(&t, i) * factor;
    if (product < INT32_MIN || product > INT32_MAX)
      return false;
    mult[i] = (int32_t)product, shift[i] = SMALLEST_SHIFT;
  }
  if (n == 1)
    return stos_chain_push(
        c, (StosPost){.code = STOS_POST_MULI, .imm = (uint32_t)mult[0], .shift = SMALLEST_SHIFT});
  return stos_chain_set_operand(c, ROLE_SCALE, build_numbers(c, FUSE_I32, n, mult)) &&
         stos_chain_set_operand(c, ROLE_SHIFT, build_numbers(c, FUSE_I8, n, shift)) &&
         stos_chain_push(c, (StosPost){.code = STOS_POST_SCALE});
}

/* numbers - v */
static bool subtract_from_constant(StosChain *c, MlirValue value) {
  FuseTensor t;
  if (!channel_numbers(c, value, &t) || !add_offset(c) ||
      !stos_chain_push(c, (StosPost){.code = STOS_POST_NEG}))
    return false;
  c->pending = unbounded;
  return add_constant(c, value, 1);
}

static bool take_sum(StosChain *c, bool minus, bool first, MlirValue other) {
  StosRescale r;
  MlirValue tensor;
  if (!enforce_bounds(c))
    return false;
  if ((first || !minus) && add_constant(c, other, minus ? -1 : 1))
    return true;
  if (minus && !first && subtract_from_constant(c, other))
    return true;
  if (!read_other(c, other, &r, &tensor) || (minus && !first && !add_offset(c)) ||
      !push_other(c,
                  !minus  ? STOS_POST_ADDR
                  : first ? STOS_POST_SUBR
                          : STOS_POST_RSUB,
                  &r, tensor))
    return false;
  c->pending.known_low = INT32_MIN, c->pending.known_high = INT32_MAX;
  return true;
}

static bool take_product(StosChain *c, MlirOperation op, MlirValue other) {
  StosRescale r;
  MlirValue tensor;
  int64_t shift = 0;
  if ((mlirOperationGetNumOperands(op) > 2 &&
       !constant_number(c->ir, mlirOperationGetOperand(op, 2), &shift)) ||
      shift != 0 || !enforce_bounds(c) || !add_offset(c) ||
      !(multiply_constant(c, other) ||
        (read_other(c, other, &r, &tensor) && push_other(c, STOS_POST_MULR, &r, tensor))))
    return false;
  c->pending = unbounded;
  return true;
}

/* The larger or smaller of v and r - zr. */
static bool take_extreme(StosChain *c, StosPostCode code, MlirValue other) {
  StosRescale r;
  MlirValue tensor;
  if (!enforce_bounds(c) || !add_offset(c) || !read_other(c, other, &r, &tensor) ||
      !push_other(c, code, &r, tensor))
    return false;
  c->pending = unbounded;
  return true;
}

/* A sum, product or comparison of i32: operands of the same type, the value one of them. */
static bool take_binary(StosChain *c, MlirOperation op) {
  MlirValue x = mlirOperationGetOperand(op, 0), y = mlirOperationGetOperand(op, 1);
  bool first = mlirValueEqual(x, c->value);
  MlirValue other = first ? y : x;
  if (mlirValueEqual(x, y))
    return false;
  if (fuse_op_is(op, "tosa.mul"))
    return take_product(c, op, other);
  if (fuse_op_is(op, "tosa.maximum"))
    return take_extreme(c, STOS_POST_MAXR, other);
  if (fuse_op_is(op, "tosa.minimum"))
    return take_extreme(c, STOS_POST_MINR, other);
  return take_sum(c, fuse_op_is(op, "tosa.sub"), first, other);
}

static bool take(StosChain *c, MlirOperation op) {
  FuseDtype dtype;
  if (!stos_chain_keeps_shape(c, op, &dtype) || (dtype != FUSE_I8 && dtype != FUSE_I32))
    return false;
  if (fuse_op_is(op, "tosa.rescale"))
    return take_rescale(c, op);
  if (fuse_op_is(op, "tosa.reshape"))
    return true; /* N,1,W,C as N,W,C: the same words */
  if (fuse_op_is(op, "tosa.clamp"))
    return take_clamp(c, op);
  if (fuse_op_is(op, "tosa.table"))
    return take_table(c, op);
  static const char *const binary[] = {"tosa.add", "tosa.sub", "tosa.mul", "tosa.maximum",
                                       "tosa.minimum"};
  for (size_t i = 0; dtype == FUSE_I32 && i < FUSE_COUNTOF(binary); i++)
    if (fuse_op_is(op, binary[i]))
      return take_binary(c, op);
  return false;
}

bool stos_chain_take_i8(StosChain *c, MlirOperation op) {
  StosLayer before = *c->layer;
  StosPending pending = c->pending;
  if (take(c, op)) {
    stos_chain_absorb(c, op);
    return true;
  }
  *c->layer = before;
  c->pending = pending;
  return false;
}

/* All shifts of the rescaling are the same one: PRELU has one for all channels. */
static bool one_shift(FuseIr *ir, const StosRescale *r) {
  FuseTensor shift;
  bool same = constant_int(ir, r->shift, &shift);
  for (int64_t i = 0; same && i < r->n; i++)
    same = element(&shift, i) == (int64_t)r->first_shift;
  return same;
}

/* select(v >= 0, v, rescale(v)) of i32. */
static bool take_leaky(StosChain *c) {
  StosLeaky found;
  StosRescale r;
  FuseDtype dtype;
  StosLayer before = *c->layer;
  StosPending pending = c->pending;
  if (!stos_chain_find_leaky(c, "tosa.rescale", &found) ||
      !stos_chain_keeps_shape(c, found.select, &dtype) || dtype != FUSE_I32 ||
      !stos_read_rescale(c->ir, found.negative, &r) || r.to != FUSE_I32 || r.in_zp != 0 ||
      r.out_zp != 0 || !one_shift(c->ir, &r))
    return false;
  StosPost op = {.code = (uint8_t)(r.n == 1 ? STOS_POST_LRELU : STOS_POST_PRELU),
                 .imm = r.n == 1 ? (uint32_t)r.first_mult : 0,
                 .shift = (uint8_t)r.first_shift};
  if (!enforce_bounds(c) || !add_offset(c) || !set_rounding(c, r.rounding) ||
      (r.n > 1 && !stos_chain_set_operand(c, ROLE_AUX, r.mult)) || !stos_chain_push(c, op)) {
    *c->layer = before;
    c->pending = pending;
    return false;
  }
  c->pending = unbounded;
  stos_chain_absorb_leaky(c, &found);
  return true;
}

void stos_chain_begin(StosChain *c) {
  FuseTensor t;
  c->pending = unbounded;
  if (fuse_type_tensor(mlirValueGetType(c->value), &t) && t.dtype == FUSE_I8)
    c->pending.known_low = INT8_MIN, c->pending.known_high = INT8_MAX;
}

void stos_chain_unsaturated(StosChain *c, int64_t zero_point) {
  c->pending = unbounded;
  shift_value(&c->pending, zero_point);
  bound(&c->pending, INT8_MIN, INT8_MAX);
}

void stos_chain_follow_i8(StosChain *c) {
  StosChain best = *c;
  StosLayer best_layer = *c->layer, closed;
  for (;;) {
    FuseTensor t;
    if (fuse_type_tensor(mlirValueGetType(c->value), &t) && t.dtype == FUSE_I8 &&
        close_layer(c, &closed)) {
      best = *c;
      best.complete = true;
      best_layer = closed;
    }
    MlirOperation user = stos_only_user(c->value);
    if (user.ptr ? !stos_chain_take_i8(c, user) : !take_leaky(c) && !take_function(c))
      break;
  }
  *c = best;
  *c->layer = best_layer;
}
