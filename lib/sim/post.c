// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/* post.c - the post stage's program on a vector of elements, and the writing of results.
 *
 * source: docs/machine.md, M-POST-1, M-POST-2, M-MEM-5
 */
#include <string.h>

#include "fuse/requant.h"
#include "sim_private.h"

bool sim_post_check(Sim *sim, size_t cmd, const StosPost *ops, int max_ops) {
  for (int i = 0; i < max_ops; i++)
    if (ops[i].code == STOS_POST_LUT && ops[i].imm >= sim->target->luts)
      return sim_error(sim, cmd, "post operation %d uses table %u; the target has %u", i,
                       ops[i].imm, sim->target->luts);
  return true;
}

static bool uses_params(int code) {
  return code == STOS_POST_BIAS || code == STOS_POST_SCALE || code == STOS_POST_PRELU;
}

void sim_post_init(FuseArena *arena, SimPost *post, size_t cmd, const StosPost *ops, int max_ops,
                   uint32_t rows) {
  *post = (SimPost){.cmd = cmd, .ops = ops};
  while (post->n_ops < max_ops && ops[post->n_ops].code != STOS_POST_NOP)
    post->uses_params |= uses_params(ops[post->n_ops++].code);
  if (!post->uses_params)
    return;
  post->bias.i = fuse_alloc_array(arena, rows, 4);
  post->scale.i = fuse_alloc_array(arena, rows, 4);
  post->aux.i = fuse_alloc_array(arena, rows, 4);
  post->shift = fuse_alloc_array(arena, rows, 1);
}

bool sim_post_params(Sim *sim, SimPost *post, int64_t entry, uint32_t first, uint32_t n,
                     uint32_t record) {
  for (int i = 0; i < post->n_ops; i++)
    if (post->ops[i].code == STOS_POST_LUT &&
        !sim_poison_read(sim, SIM_SHADOW_LUT, post->ops[i].imm, record))
      return false;
  if (!post->uses_params || n == 0)
    return true;
  if (entry < 0 || entry + n > sim->target->param_entries)
    return sim_error(sim, post->cmd, "parameters %lld to %lld; the parameter memory has %u",
                     (long long)entry, (long long)entry + n - 1, sim->target->param_entries);
  for (uint32_t i = 0; i < n && sim->values; i++) {
    if (!sim_poison_read(sim, SIM_SHADOW_PARAM, (uint64_t)entry + i, record))
      return false;
    const uint8_t *bytes = sim->params + ((size_t)entry + i) * STOS_PARAM_BYTES;
    memcpy(&post->bias.i[first + i], bytes, 4);
    memcpy(&post->scale.i[first + i], bytes + 4, 4);
    post->shift[first + i] = bytes[8];
    memcpy(&post->aux.i[first + i], bytes + 12, 4);
    if (sim->dtype == FUSE_I8 && bytes[8] > 62)
      return sim_error(sim, post->cmd, "parameter entry %lld has shift %u; expected 0 to 62",
                       (long long)entry + i, bytes[8]);
  }
  return true;
}

static float float_of(uint32_t bits) {
  float f;
  memcpy(&f, &bits, 4);
  return f;
}

static float flip_sign(float v, uint32_t keep, uint32_t flip) {
  uint32_t bits;
  memcpy(&bits, &v, 4);
  return float_of((bits & keep) ^ flip);
}

void sim_post_f32(const SimPost *post, float *v, const float *r, uint32_t first, uint32_t n) {
  float x[256];
  const float *bias = post->bias.f ? post->bias.f + first : NULL;
  const float *scale = post->scale.f ? post->scale.f + first : NULL;
  const float *aux = post->aux.f ? post->aux.f + first : NULL;
  FUSE_ASSERT(n <= FUSE_COUNTOF(x));
  memset(x, 0, n * sizeof *x);
  for (int k = 0; k < post->n_ops; k++) {
    float imm = float_of(post->ops[k].imm);
#define EACH(expression)                                                                           \
  for (uint32_t i = 0; i < n; i++)                                                                 \
    v[i] = (expression);                                                                           \
  break
    switch ((StosPostCode)post->ops[k].code) {
    case STOS_POST_NOP: break;
    case STOS_POST_BIAS: EACH(v[i] + bias[i]);
    case STOS_POST_SCALE: EACH(v[i] * scale[i]);
    case STOS_POST_ADDI: EACH(v[i] + imm);
    case STOS_POST_MULI: EACH(v[i] * imm);
    case STOS_POST_MAXI: EACH(v[i] < imm ? imm : v[i]);
    case STOS_POST_MINI: EACH(v[i] > imm ? imm : v[i]);
    case STOS_POST_SAVE: memcpy(x, v, n * sizeof *x); break;
    case STOS_POST_MULX: EACH(v[i] * x[i]);
    case STOS_POST_LRELU: EACH(v[i] < 0 ? v[i] * imm : v[i]);
    case STOS_POST_PRELU: EACH(v[i] < 0 ? v[i] * aux[i] : v[i]);
    case STOS_POST_ADDR: EACH(v[i] + r[i]);
    case STOS_POST_SUBR: EACH(v[i] - r[i]);
    case STOS_POST_RSUB: EACH(r[i] - v[i]);
    case STOS_POST_MULR: EACH(v[i] * r[i]);
    case STOS_POST_MAXR: EACH(v[i] > r[i] ? v[i] : r[i]);
    case STOS_POST_MINR: EACH(v[i] < r[i] ? v[i] : r[i]);
    case STOS_POST_LUT: break; /* refused by sim_post_check */
    case STOS_POST_ABS: EACH(flip_sign(v[i], 0x7fffffff, 0));
    case STOS_POST_NEG: EACH(flip_sign(v[i], 0xffffffff, 0x80000000));
    }
#undef EACH
  }
}

/* int32 arithmetic that wraps. */
static int32_t add(int32_t a, int32_t b) {
  return (int32_t)((uint32_t)a + (uint32_t)b);
}
static int32_t sub(int32_t a, int32_t b) {
  return (int32_t)((uint32_t)a - (uint32_t)b);
}
static int32_t mul(int32_t a, int32_t b) {
  return (int32_t)((uint32_t)a * (uint32_t)b);
}

void sim_post_i8(Sim *sim, const SimPost *post, int32_t *v, const int32_t *r, uint32_t first,
                 uint32_t n) {
  int32_t x[256];
  const int32_t *bias = post->bias.i ? post->bias.i + first : NULL;
  const int32_t *scale = post->scale.i ? post->scale.i + first : NULL;
  const int32_t *aux = post->aux.i ? post->aux.i + first : NULL;
  const uint8_t *shifts = post->shift ? post->shift + first : NULL;
  bool twice = post->double_round;
  FUSE_ASSERT(n <= FUSE_COUNTOF(x));
  memset(x, 0, n * sizeof *x);
  for (int k = 0; k < post->n_ops; k++) {
    int32_t imm = (int32_t)post->ops[k].imm;
    uint32_t shift = post->ops[k].shift;
    const uint8_t *table = post->ops[k].code == STOS_POST_LUT
                               ? sim->luts + (size_t)post->ops[k].imm * STOS_LUT_BYTES
                               : NULL;
#define SCALED(value) fuse_apply_scale((value), imm, shift, twice)
#define EACH(expression)                                                                           \
  for (uint32_t i = 0; i < n; i++)                                                                 \
    v[i] = (expression);                                                                           \
  break
    switch ((StosPostCode)post->ops[k].code) {
    case STOS_POST_NOP: break;
    case STOS_POST_BIAS: EACH(add(v[i], bias[i]));
    case STOS_POST_SCALE: EACH(fuse_apply_scale(v[i], scale[i], shifts[i], twice));
    case STOS_POST_ADDI: EACH(add(v[i], imm));
    case STOS_POST_MULI: EACH(SCALED(v[i]));
    case STOS_POST_MAXI: EACH(v[i] < imm ? imm : v[i]);
    case STOS_POST_MINI: EACH(v[i] > imm ? imm : v[i]);
    case STOS_POST_SAVE: memcpy(x, v, n * sizeof *x); break;
    case STOS_POST_MULX: EACH(mul(v[i], x[i]));
    case STOS_POST_LRELU: EACH(v[i] < 0 ? SCALED(v[i]) : v[i]);
    case STOS_POST_PRELU: EACH(v[i] < 0 ? fuse_apply_scale(v[i], aux[i], shift, twice) : v[i]);
    case STOS_POST_ADDR: EACH(add(v[i], SCALED(r[i])));
    case STOS_POST_SUBR: EACH(sub(v[i], SCALED(r[i])));
    case STOS_POST_RSUB: EACH(sub(SCALED(r[i]), v[i]));
    case STOS_POST_MULR: EACH(mul(v[i], r[i]));
    case STOS_POST_MAXR: EACH(v[i] > r[i] ? v[i] : r[i]);
    case STOS_POST_MINR: EACH(v[i] < r[i] ? v[i] : r[i]);
    case STOS_POST_LUT: EACH((int8_t)table[(v[i] < -128 ? -128 : v[i] > 127 ? 127 : v[i]) + 128]);
    case STOS_POST_ABS: EACH(v[i] < 0 ? sub(0, v[i]) : v[i]);
    case STOS_POST_NEG: EACH(sub(0, v[i]));
    }
#undef EACH
#undef SCALED
  }
}

void sim_write_f32(Sim *sim, uint32_t word, const float *v, uint32_t valid) {
  uint8_t *bytes = sim->scratch + (size_t)word * sim->word_bytes;
  memcpy(bytes, v, valid * sizeof *v);
  memset(bytes + valid * sizeof *v, 0, (sim->lanes - valid) * sizeof *v);
}

void sim_write_i8(Sim *sim, uint32_t word, const int32_t *v, uint32_t valid, bool is_unsigned) {
  uint8_t *bytes = sim->scratch + (size_t)word * sim->word_bytes;
  int32_t low = is_unsigned ? 0 : -128, high = is_unsigned ? 255 : 127;
  for (uint32_t l = 0; l < sim->lanes; l++)
    bytes[l] = (uint8_t)(l >= valid ? 0 : v[l] < low ? low : v[l] > high ? high : v[l]);
}
