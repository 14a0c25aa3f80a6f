// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/* post_program.c - a post program on one element (M-POST-2). */
#include "naive_private.h"

/* TOSA's apply_scale_32, in 64 bits as the page writes it. */
static uint32_t apply_scale(uint32_t v, uint32_t multiplier, uint32_t shift, bool double_round) {
  int64_t round = shift ? INT64_C(1) << (shift - 1) : 0;
  if (double_round && shift > 31)
    round += (int32_t)v >= 0 ? INT64_C(1) << 30 : -(INT64_C(1) << 30);
  return (uint32_t)(((int64_t)(int32_t)v * (int32_t)multiplier + round) >> shift);
}

static uint32_t look_up(Naive *m, uint32_t table, uint32_t v) {
  int32_t index = (int32_t)v < -128 ? -128 : (int32_t)v > 127 ? 127 : (int32_t)v;
  if (table >= m->target->luts) {
    naive_fail(m, "table %u; the target has %u", table, m->target->luts);
    return 0;
  }
  return (uint32_t)(int8_t)m->memory.luts[table * STOS_LUT_BYTES + (uint32_t)(index + 128)];
}

/* Field 0..3 of the channel's entry: bias, scale, shift, aux (M-MEM-5). */
static uint32_t parameter(Naive *m, int64_t entry, int field) {
  if (entry < 0 || entry >= m->target->param_entries) {
    naive_fail(m, "parameter entry %lld; the target has %u", (long long)entry,
               m->target->param_entries);
    return 0;
  }
  const uint8_t *bytes = m->memory.params + entry * STOS_PARAM_BYTES + 4 * field;
  return field == 2 ? bytes[0] : fuse_get32(bytes);
}

static uint32_t scale(Naive *m, uint32_t v, uint32_t by, uint32_t shift, const PostContext *c) {
  return m->dtype == FUSE_F32 ? naive_mul(FUSE_F32, v, by)
                              : apply_scale(v, by, shift, c->double_round);
}

uint32_t naive_post(Naive *m, const StosPost *ops, int n, uint32_t v, const PostContext *c) {
  int dtype = m->dtype;
  bool f32 = dtype == FUSE_F32;
  uint32_t saved = 0, r = c->residual;
  for (int i = 0; i < n && ops[i].code != STOS_POST_NOP; i++) {
    uint32_t imm = ops[i].imm, shift = ops[i].shift;
    bool negative = naive_less(dtype, v, 0);
    switch ((StosPostCode)ops[i].code) {
    case STOS_POST_NOP: break;
    case STOS_POST_BIAS: v = naive_add(dtype, v, parameter(m, c->entry, 0)); break;
    case STOS_POST_SCALE: {
      uint32_t by = f32 ? 0 : parameter(m, c->entry, 2);
      if (!f32 && by > 62) {
        naive_fail(m, "shift %u in parameter entry %lld", by, (long long)c->entry);
        return 0;
      }
      v = scale(m, v, parameter(m, c->entry, 1), by, c);
      break;
    }
    case STOS_POST_ADDI: v = naive_add(dtype, v, imm); break;
    case STOS_POST_MULI: v = scale(m, v, imm, shift, c); break;
    case STOS_POST_MAXI: v = naive_less(dtype, v, imm) ? imm : v; break;
    case STOS_POST_MINI: v = naive_less(dtype, imm, v) ? imm : v; break;
    case STOS_POST_SAVE: saved = v; break;
    case STOS_POST_MULX: v = naive_mul(dtype, v, saved); break;
    case STOS_POST_LRELU: v = negative ? scale(m, v, imm, shift, c) : v; break;
    case STOS_POST_PRELU:
      v = negative ? scale(m, v, parameter(m, c->entry, 3), shift, c) : v;
      break;
    case STOS_POST_ADDR:
      v = naive_add(dtype, v, f32 ? r : apply_scale(r, imm, shift, c->double_round));
      break;
    case STOS_POST_SUBR:
      v = naive_sub(dtype, v, f32 ? r : apply_scale(r, imm, shift, c->double_round));
      break;
    case STOS_POST_RSUB:
      v = naive_sub(dtype, f32 ? r : apply_scale(r, imm, shift, c->double_round), v);
      break;
    case STOS_POST_MULR: v = naive_mul(dtype, v, r); break;
    case STOS_POST_MAXR: v = naive_less(dtype, r, v) ? v : r; break;
    case STOS_POST_MINR: v = naive_less(dtype, v, r) ? v : r; break;
    case STOS_POST_LUT: v = look_up(m, imm, v); break;
    case STOS_POST_ABS: v = f32 ? v & 0x7fffffffu : negative ? 0u - v : v; break;
    case STOS_POST_NEG: v = f32 ? v ^ 0x80000000u : 0u - v; break;
    }
  }
  return v;
}

uint32_t naive_saturate(int dtype, uint32_t v, bool is_unsigned) {
  if (dtype == FUSE_F32)
    return v;
  int32_t smallest = is_unsigned ? 0 : -128;
  int32_t x = (int32_t)v;
  return (uint32_t)(x < smallest ? smallest : x > smallest + 255 ? smallest + 255 : x);
}
