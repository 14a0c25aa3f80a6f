// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/* plan_random.c - random small networks through mapping, tiling, allocation and scheduling, then
 * run by the simulator with --poison and compared, bit for bit, with the layers' formulas.
 *
 *   plan_random [FIRST COUNT]     seeds; default 0 300
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fuse/check.h"
#include "fuse/plan.h"
#include "fuse/sim.h"
#include "unit.h"

static uint64_t state;

static uint32_t next(void) {
  state = state * 6364136223846793005ull + 1442695040888963407ull;
  return (uint32_t)(state >> 33);
}

/* low..high, both included */
static int64_t range(int64_t low, int64_t high) {
  return low + (int64_t)(next() % (uint32_t)(high - low + 1));
}

static float real(void) {
  return (float)((int)(next() % 2001) - 1000) / 512.0f;
}

/* ---- a network with its values ---- */

enum { MAX_LAYERS = 5 };

typedef struct Values {
  int64_t n, h, w, c;
  float *data; /* NHWC */
} Values;

typedef struct Case {
  FuseArena arena;
  StosTarget target;
  FusePlanNet net;
  FuseStorage storages[MAX_LAYERS + 1];
  FuseLayer layers[MAX_LAYERS];
  FusePlanData data[2 * MAX_LAYERS];
  Values values[MAX_LAYERS + 1]; /* values[i + 1]: result of layer i, by formula */
} Case;

static Values new_values(Case *c, int64_t n, int64_t h, int64_t w, int64_t channels) {
  return (Values){n, h, w, channels,
                  fuse_alloc_array(&c->arena, (size_t)(n * h * w * channels), sizeof(float))};
}

static float *at(const Values *v, int64_t n, int64_t y, int64_t x, int64_t c) {
  return &v->data[((n * v->h + y) * v->w + x) * v->c + c];
}

static StosTarget random_target(void) {
  static const char *const presets[] = {"os-8",    "stos-8",   "stosx-8", "os-16",
                                        "stos-16", "stosx-16", "stos-32", "stosx-32"};
  StosTarget t;
  FUSE_ASSERT(stos_target_preset(presets[next() % FUSE_COUNTOF(presets)], &t));
  if (next() % 2) { /* small memories: tiles, chunks of the reduction */
    uint32_t unit = t.sections * stos_banks(&t) * t.lanes;
    t.scratchpad_words = unit * (uint32_t)range(4, 24);
    t.param_entries = (uint32_t)range(4, 16) * t.rows;
  }
  if (next() % 3 == 0)
    t.overlap = 0;
  t.accumulators = t.broadcast ? (uint32_t)range(1, 5) : 1;
  t.dram_latency = (uint32_t)range(1, 60);
  t.queue_depth = (uint32_t)range(2, 8);
  return t;
}

static float apply_post(const FuseLayer *l, float v, float bias, float res) {
  for (int i = 0; i < STOS_MAX_POST; i++) {
    float imm;
    memcpy(&imm, &l->post[i].imm, sizeof imm);
    switch (l->post[i].code) {
    case STOS_POST_BIAS: v = v + bias; break;
    case STOS_POST_MAXI: v = v < imm ? imm : v; break;
    case STOS_POST_MULI: v = v * imm; break;
    case STOS_POST_ADDR: v = v + res; break;
    case STOS_POST_MULR: v = v * res; break;
    default: return v;
    }
  }
  return v;
}

static float pixel(const Values *x, int64_t n, int64_t y, int64_t xx, int64_t c, bool *inside) {
  *inside = y >= 0 && y < x->h && xx >= 0 && xx < x->w;
  return *inside ? *at(x, n, y, xx, c) : 0;
}

/* One output before the post program. weights: [out][kh][kw][in] or [kh][kw][c]. */
static float formula(const FuseLayer *l, const Values *x, const float *weights, int64_t n,
                     int64_t oy, int64_t ox, int64_t o) {
  float acc = 0;
  bool inside, any = false;
  /* Depthwise taps go by phase of x; by phase of y where the kernel has one column (F3). */
  bool depthwise = l->kind == FUSE_LAYER_DEPTHWISE, column = depthwise && l->kw == 1;
  int64_t sy = column ? l->stride_y : 1, sx = depthwise && !column ? l->stride_x : 1;
  for (int64_t q = 0; q < sy; q++)
    for (int64_t kh = q; kh < l->kh; kh += sy)
      for (int64_t p = 0; p < sx; p++)
        for (int64_t kw = p; kw < l->kw; kw += sx) {
          int64_t y = oy * l->stride_y + kh * l->dil_y - l->pad_top,
                  xx = ox * l->stride_x + kw * l->dil_x - l->pad_left;
          if (l->kind == FUSE_LAYER_VECTOR) {
            float v = pixel(x, n, y, xx, o, &inside);
            if (inside)
              acc = l->reduce == STOS_REDUCE_SUM ? acc + v : !any || acc < v ? v : acc;
            any = any || inside;
            continue;
          }
          int64_t first = l->kind == FUSE_LAYER_CONV ? 0 : o,
                  last = l->kind == FUSE_LAYER_CONV ? x->c : o + 1;
          for (int64_t c = first; c < last; c++) {
            float w = l->kind == FUSE_LAYER_CONV
                          ? weights[((o * l->kh + kh) * l->kw + kw) * x->c + c]
                          : weights[(kh * l->kw + kw) * x->c + c];
            float product = pixel(x, n, y, xx, c, &inside) * w;
            acc = acc + product;
          }
        }
  return acc;
}

static void post_op(FuseLayer *l, int i, StosPostCode code, float imm) {
  l->post[i].code = (uint8_t)code;
  memcpy(&l->post[i].imm, &imm, sizeof imm);
}

static int add_data(Case *c, FusePlanData data) {
  data.name = "data";
  c->data[c->net.n_data] = data;
  return c->net.n_data++;
}

/* Layer i on the result of layer i - 1; sometimes with an earlier tensor of the same shape as
 * residual. */
static void random_layer(Case *c, int i) {
  const Values *x = &c->values[i];
  FuseLayer *l = &c->layers[i];
  *l = (FuseLayer){.kind = (FuseLayerKind)range(0, 2),
                   .dtype = FUSE_F32,
                   .node = i,
                   .in = {.storage = i, .c = x->c},
                   .out = {.storage = i + 1},
                   .res = {.storage = -1},
                   .kh = 1,
                   .kw = 1,
                   .stride_y = 1,
                   .stride_x = 1,
                   .dil_y = 1,
                   .dil_x = 1,
                   .weights = -1,
                   .params = -1,
                   .host_call = -1};
  if (next() % 4) {
    l->kh = range(1, 5), l->kw = range(1, 5);
    l->stride_y = range(1, 3), l->stride_x = next() % 3 ? l->stride_y : range(1, 3);
    l->pad_top = range(0, l->kh / 2), l->pad_left = range(0, l->kw / 2);
    if (l->kind != FUSE_LAYER_VECTOR && next() % 5 == 0)
      l->dil_y = range(1, 3), l->dil_x = range(1, 3);
  }
  int64_t eff_h = (l->kh - 1) * l->dil_y + 1, eff_w = (l->kw - 1) * l->dil_x + 1;
  if (eff_h > x->h + l->pad_top || eff_w > x->w + l->pad_left)
    l->kh = l->kw = l->dil_y = l->dil_x = 1, l->pad_top = l->pad_left = 0, eff_h = eff_w = 1;
  l->out_h = (x->h + 2 * l->pad_top - eff_h) / l->stride_y + 1,
  l->out_w = (x->w + 2 * l->pad_left - eff_w) / l->stride_x + 1;
  l->out_h = l->out_h < 1 ? 1 : l->out_h, l->out_w = l->out_w < 1 ? 1 : l->out_w;
  l->out.c = l->kind == FUSE_LAYER_CONV ? range(1, next() % 4 ? 40 : 150) : x->c;
  if (l->kind == FUSE_LAYER_VECTOR)
    l->reduce = (uint8_t)(l->kh * l->kw == 1 ? 0 : range(1, 2));
  Values y = new_values(c, x->n, l->out_h, l->out_w, l->out.c);
  const Values *res = NULL;
  for (int k = 0; k < i && !res; k++)
    if (next() % 2 && c->values[k].c == y.c &&
        ((c->values[k].h == y.h && c->values[k].w == y.w) ||
         (c->values[k].h == 1 && c->values[k].w == 1))) {
      res = &c->values[k];
      l->res = (FusePlanTensor){.storage = k, .c = y.c};
      l->residual = res->h == y.h && res->w == y.w ? FUSE_RES_FULL : FUSE_RES_CHANNEL;
    }
  int n = 0;
  bool has_bias = next() % 4 != 0;
  if (has_bias)
    post_op(l, n++, STOS_POST_BIAS, 0);
  if (next() % 2)
    post_op(l, n++, STOS_POST_MAXI, 0);
  if (res)
    post_op(l, n++, next() % 2 ? STOS_POST_ADDR : STOS_POST_MULR, 0);
  post_op(l, n++, STOS_POST_MULI, 0.125f);
  int64_t n_weights = l->kind == FUSE_LAYER_CONV        ? l->out.c * l->kh * l->kw * x->c
                      : l->kind == FUSE_LAYER_DEPTHWISE ? l->kh * l->kw * x->c
                                                        : 0;
  float *weights = fuse_alloc_array(&c->arena, (size_t)n_weights, sizeof *weights),
        *bias = fuse_alloc_array(&c->arena, (size_t)y.c, sizeof *bias);
  for (int64_t k = 0; k < n_weights; k++)
    weights[k] = real();
  for (int64_t k = 0; k < y.c; k++)
    bias[k] = real();
  c->storages[i + 1] = (FuseStorage){
      .n = y.n, .blocks = fuse_ceil_div(y.c, c->target.lanes), .h = y.h, .w = y.w, .name = "t"};
  c->net.n_storages = i + 2;
  FuseCost cost;
  if (!fuse_plan_map(l, &c->net, &c->target, &cost)) { /* a kernel too large for this memory */
    random_layer(c, i);
    return;
  }
  FuseTensor t = {
      .dtype = FUSE_F32, .data = weights, .size_bytes = (size_t)n_weights * sizeof *weights};
  if (l->kind == FUSE_LAYER_CONV) {
    t.rank = 4, t.shape[0] = y.c, t.shape[1] = l->kh, t.shape[2] = l->kw, t.shape[3] = x->c;
    l->weights = add_data(c, fuse_pack_conv(&c->arena, &t, l, &c->target));
  } else if (l->kind == FUSE_LAYER_DEPTHWISE) {
    t.rank = 3, t.shape[0] = l->kh, t.shape[1] = l->kw, t.shape[2] = x->c;
    l->weights = add_data(c, fuse_pack_depthwise(&c->arena, &t, l, &c->target));
  }
  if (has_bias)
    l->params =
        add_data(c, fuse_pack_params(&c->arena, y.c, (const uint32_t *)bias, NULL, NULL, NULL));
  for (int64_t b = 0; b < y.n; b++)
    for (int64_t oy = 0; oy < y.h; oy++)
      for (int64_t ox = 0; ox < y.w; ox++)
        for (int64_t o = 0; o < y.c; o++) {
          float r = res ? *at(res, b, l->residual == FUSE_RES_FULL ? oy : 0,
                              l->residual == FUSE_RES_FULL ? ox : 0, o)
                        : 0;
          *at(&y, b, oy, ox, o) = apply_post(l, formula(l, x, weights, b, oy, ox, o), bias[o], r);
        }
  c->values[i + 1] = y;
  c->net.n_layers = i + 1;
}

static void random_case(Case *c) {
  c->target = random_target();
  c->net = (FusePlanNet){
      .dtype = FUSE_F32, .storages = c->storages, .layers = c->layers, .data = c->data};
  Values x =
      new_values(c, next() % 6 ? 1 : 2, range(1, 20), range(1, 40), range(1, next() % 3 ? 24 : 70));
  for (int64_t i = 0; i < x.n * x.h * x.w * x.c; i++)
    x.data[i] = real();
  c->values[0] = x;
  c->storages[0] = (FuseStorage){.n = x.n,
                                 .blocks = fuse_ceil_div(x.c, c->target.lanes),
                                 .h = x.h,
                                 .w = x.w,
                                 .home = FUSE_HOME_IO,
                                 .name = "in"};
  int n = (int)range(1, MAX_LAYERS);
  for (int i = 0; i < n; i++)
    random_layer(c, i);
  c->storages[n].home = FUSE_HOME_IO;
}

/* ---- running the plan ---- */

/* Element (n, y, x, ch) of a blocked storage. */
static float *blocked(const Case *c, float *base, const FuseStorage *s, int64_t n, int64_t y,
                      int64_t x, int64_t ch) {
  int64_t lanes = c->target.lanes;
  return base + (((n * s->blocks + ch / lanes) * s->h + y) * s->w + x) * lanes + ch % lanes;
}

static float *io_of(const FusePlanProgram *p, uint8_t *io, int storage) {
  for (int i = 0; i < p->n_buffers; i++)
    if (p->buffers[i].storage == storage)
      return (float *)(void *)(io + p->buffers[i].address);
  return NULL;
}

static bool fail(const Case *c, uint64_t seed, const char *what) {
  printf("seed %llu (%s, %u words): %s\n", (unsigned long long)seed, c->target.name,
         c->target.scratchpad_words, what);
  for (int i = 0; i < c->net.n_layers; i++) {
    const FuseLayer *l = &c->layers[i];
    printf("  layer %d kind %d %s%s: %lldx%lldx%lld -> %lldx%lldx%lld kernel %lldx%lld stride "
           "%lld,%lld dilation %lld,%lld pad %lld,%lld res %d\n",
           i, l->kind, fuse_mapping_name(l->mapping), l->column ? " column" : "",
           (long long)c->values[i].c, (long long)c->values[i].h, (long long)c->values[i].w,
           (long long)l->out.c, (long long)l->out_h, (long long)l->out_w, (long long)l->kh,
           (long long)l->kw, (long long)l->stride_y, (long long)l->stride_x, (long long)l->dil_y,
           (long long)l->dil_x, (long long)l->pad_top, (long long)l->pad_left, l->res.storage);
  }
  return false;
}

/* With PLAN_PRINT in the environment: the commands of a program that failed. */
static void print_program(const StosProgram *program) {
  for (size_t i = 0; getenv("PLAN_PRINT") && i < program->n; i++) {
    FuseText text = {0};
    stos_print(&text, &program->cmds[i]);
    printf("%zu: %s\n", i, text.data);
    fuse_text_fini(&text);
  }
}

static bool run_case(Case *c, uint64_t seed) {
  FusePlanProgram p;
  FuseDiag diag = {0};
  if (!fuse_plan_tile(&c->arena, &c->net, &c->target, &p, &diag) ||
      !fuse_plan_allocate(&c->arena, &c->net, &c->target, &p, &diag)) {
    /* Only a memory too small for one tile may be refused, and says so. */
    return c->target.scratchpad_words < c->target.rows * 256 && diag.set
               ? true
               : fail(c, seed, diag.message);
  }
  fuse_plan_schedule(&c->arena, &c->net, &c->target, &p);
  StosProgram program = {.n = (size_t)p.n_cmds};
  program.cmds = fuse_alloc_array(&c->arena, program.n, sizeof *program.cmds);
  program.offsets = fuse_alloc_array(&c->arena, program.n, sizeof *program.offsets);
  uint32_t offset = 0;
  for (size_t i = 0; i < program.n; i++) {
    uint8_t bytes[STOS_MAX_CMD_BYTES];
    size_t length = stos_encode(&p.cmds[i].cmd, bytes, &diag);
    if (length == 0)
      return fail(c, seed, diag.message);
    program.cmds[i] = p.cmds[i].cmd;
    program.offsets[i] = offset;
    offset += (uint32_t)length;
  }
  StosMemory regions[STOS_N_REGIONS] = {
      {.size_bytes = p.weights_bytes}, {.size_bytes = p.arena_bytes}, {.size_bytes = p.io_bytes}};
  for (int i = 0; i < STOS_N_REGIONS; i++)
    regions[i].data = fuse_alloc(&c->arena, (size_t)regions[i].size_bytes + 64);
  for (int i = 0; i < p.n_buffers; i++)
    if (p.buffers[i].data >= 0)
      memcpy(regions[0].data + p.buffers[i].address, c->data[p.buffers[i].data].bytes,
             c->data[p.buffers[i].data].size_bytes);
  float *in = io_of(&p, regions[2].data, 0), *out = io_of(&p, regions[2].data, c->net.n_layers);
  const Values *x = &c->values[0], *y = &c->values[c->net.n_layers];
  for (int64_t n = 0; n < x->n; n++)
    for (int64_t h = 0; h < x->h; h++)
      for (int64_t w = 0; w < x->w; w++)
        for (int64_t k = 0; k < x->c; k++)
          *blocked(c, in, &c->storages[0], n, h, w, k) = *at(x, n, h, w, k);
  const FuseStorage *s = &c->storages[0];
  StosExtent valid = {.offset = (uint64_t)((uint8_t *)in - regions[2].data),
                      .size_bytes =
                          (uint64_t)(s->n * s->blocks * s->h * s->w) * c->target.lanes * 4};
  regions[2].valid = &valid, regions[2].n_valid = 1;
  StosCheckSpan input = {valid.offset, valid.size_bytes},
                output = {(uint64_t)((uint8_t *)out - regions[2].data), 0};
  const FuseStorage *last = &c->storages[c->net.n_layers];
  output.size_bytes = (uint64_t)(last->n * last->blocks * last->h * last->w) * c->target.lanes * 4;
  StosCheckRegions check = {.size_bytes = {p.weights_bytes, p.arena_bytes, p.io_bytes},
                            .inputs = &input,
                            .n_inputs = 1,
                            .outputs = &output,
                            .n_outputs = 1};
  if (!stos_check(&c->arena, &program, &c->target, &check, NULL, 0, "check", &diag)) {
    print_program(&program);
    return fail(c, seed, fuse_format(&c->arena, "%s: %s", diag.place, diag.message));
  }
  StosSimOptions options = {.poison = true, .place = "plan"};
  StosSimResult result;
  if (!stos_sim_run(&c->arena, &program, &c->target, regions, &options, &result, &diag)) {
    print_program(&program);
    return fail(c, seed, fuse_format(&c->arena, "%s: %s", diag.place, diag.message));
  }
  const FuseStorage *os = &c->storages[c->net.n_layers];
  for (int64_t n = 0; n < y->n; n++)
    for (int64_t h = 0; h < y->h; h++)
      for (int64_t w = 0; w < y->w; w++)
        for (int64_t k = 0; k < y->c; k++)
          if (memcmp(blocked(c, out, os, n, h, w, k), at(y, n, h, w, k), sizeof(float)) != 0)
            return fail(c, seed,
                        fuse_format(&c->arena,
                                    "image %d line %d pixel %d channel %d is %.9g; expected %.9g",
                                    (int)n, (int)h, (int)w, (int)k,
                                    (double)*blocked(c, out, os, n, h, w, k),
                                    (double)*at(y, n, h, w, k)));
  return true;
}

int main(int argc, char **argv) {
  uint64_t first = argc > 2 ? strtoull(argv[1], NULL, 10) : 0,
           count = argc > 2 ? strtoull(argv[2], NULL, 10) : 300;
  int bad = 0;
  for (uint64_t seed = first; seed < first + count && bad < 5; seed++) {
    static Case c;
    c = (Case){0};
    state = seed * 2654435761u + 12345;
    next();
    random_case(&c);
    bad += !run_case(&c, seed);
    fuse_arena_fini(&c.arena);
  }
  CHECK(bad == 0);
  return unit_result();
}
