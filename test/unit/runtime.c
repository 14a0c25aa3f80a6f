// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/* runtime.c - objects that only move data: packings, quantised borders, host calls. */
#include <math.h>
#include <stdlib.h>

#include "fuse/runtime.h"
#include "unit.h"

static FuseArena arena;
static FuseDiag diag;

/* Assemble, write, and open the bytes; NULL with diag. */
static FuseRuntime *open_source(const char *source) {
  FuseText *text = fuse_alloc(&arena, sizeof *text);
  StosObject object;
  diag = (FuseDiag){0};
  if (!stos_object_assemble(&arena, source, strlen(source), "test.s", NULL, &object, &diag) ||
      !stos_object_write(&object, text, &diag))
    return NULL;
  uint8_t *bytes = fuse_memdup(&arena, text->data, text->length);
  size_t length = text->length;
  fuse_text_fini(text);
  return fuse_runtime_open(bytes, length, "test.stos", &diag);
}

/* Run input 0 through and give output 0. */
static const void *through(FuseRuntime *runtime, const void *data, FuseTensor *out) {
  FuseTensor in = {.dtype = (FuseDtype)fuse_runtime_object(runtime)->inputs[0].dtype,
                   .rank = fuse_runtime_object(runtime)->inputs[0].rank,
                   .data = data};
  memcpy(in.shape, fuse_runtime_object(runtime)->inputs[0].shape, sizeof in.shape);
  if (!fuse_tensor_set_size(&in) || !fuse_runtime_set_input(runtime, 0, &in, &diag) ||
      !fuse_runtime_run(runtime, &(FuseRunOptions){.poison = true}, &diag) ||
      !fuse_runtime_get_output(runtime, &arena, 0, out, &diag)) {
    fprintf(stderr, "%s\n", diag.message);
    exit(1);
  }
  return out->data;
}

/* Two images of 11 channels, padded pitches, quantised on the way in and back on the way out. */
static void blocked(void) {
  FuseRuntime *rt = open_source(
      ".target stosx-8\n.datapath i8\n"
      ".input \"x\" f32 2x11x3x2 blocked 0 machine=i8 scale=0.5 zero=3 line=3 block=10\n"
      ".output \"y\" f32 2x11x3x2 blocked 512 machine=i8 scale=0.5 zero=3 line=3 block=10\n"
      "load.i8 main{region=2 run=38} signal{s0:1@0 done}\n"
      "store.i8 main{region=2 dram=64 run=38} wait{s0:1@0}\nend\n");
  CHECK(rt != NULL);
  if (!rt)
    return;
  float x[2 * 11 * 3 * 2];
  FuseTensor out;
  for (size_t i = 0; i < FUSE_COUNTOF(x); i++)
    x[i] = (float)i * 0.5f - 20;
  x[0] = 0.25f; /* 0.5 + 3: half to even: 3, so 0 */
  x[1] = 0.75f; /* 1.5 + 3: 5, so 1 */
  x[2] = 1000;  /* 127, so 62 */
  x[3] = -1000; /* -128, so -65.5 */
  x[4] = NAN;   /* the zero point */
  const float *y = through(rt, x, &out);
  CHECK(out.rank == 4 && out.shape[1] == 11 && out.dtype == FUSE_F32);
  CHECK(y[0] == 0 && y[1] == 1 && y[2] == 62 && y[3] == -65.5f && y[4] == 0);
  for (size_t i = 5; i < FUSE_COUNTOF(x); i++)
    CHECK(y[i] == x[i]);
  fuse_runtime_close(rt);
}

/* im2col of a 2x2 window: 3x3 pixels, 3 channels, pad 1, stride 2: 12 elements, two blocks. */
static void packed(void) {
  FuseRuntime *rt =
      open_source(".target stosx-8\n.datapath f32\n.input \"x\" f32 1x3x3x3 packed 0 kh=2 kw=2 "
                  "stride_y=2 stride_x=2 pad_top=1 pad_left=1 out_lines=2 out_pixels=2 line=2 "
                  "block=4\n.output \"y\" f32 1x16x2x2 blocked 1024 line=2 block=4\n"
                  "load.f32 main{region=2 run=8} signal{s0:1@0 done}\n"
                  "store.f32 main{region=2 dram=32 run=8} wait{s0:1@0}\nend\n");
  CHECK(rt != NULL);
  if (!rt)
    return;
  float x[27];
  FuseTensor out;
  for (int i = 0; i < 27; i++)
    x[i] = (float)(i + 1); /* channel c, line y, pixel x: 9 c + 3 y + x + 1 */
  const float *y = through(rt, x, &out);
  for (int oy = 0; oy < 2; oy++)
    for (int ox = 0; ox < 2; ox++)
      for (int e = 0; e < 16; e++) {
        int kh = e / 6, kw = e / 3 % 2, c = e % 3, iy = oy * 2 + kh - 1, ix = ox * 2 + kw - 1;
        bool inside = e < 12 && iy >= 0 && iy < 3 && ix >= 0 && ix < 3;
        CHECK(y[e * 4 + oy * 2 + ox] == (inside ? (float)(9 * c + 3 * iy + ix + 1) : 0.0f));
      }
  fuse_runtime_close(rt);
}

/* N,H,W,C in, packed with a 1x2 window (2x3 pixels, 3 channels), and N,H,W,C out: 2x2 pixels. */
static void channels_last(void) {
  FuseRuntime *rt = open_source(
      ".target stosx-8\n.datapath f32\n.input \"x\" f32 1x2x3x3 packed 0 channels_last=1 kw=2 "
      "out_lines=2 out_pixels=2\n.output \"y\" f32 1x2x2x6 blocked 128 channels_last=1\n"
      "load.f32 main{region=2 run=4} signal{s0:1@0 done}\n"
      "store.f32 main{region=2 dram=4 run=4} wait{s0:1@0}\nend\n");
  CHECK(rt != NULL);
  if (!rt)
    return;
  float x[18];
  FuseTensor out;
  for (int i = 0; i < 18; i++)
    x[i] = (float)i; /* line y, pixel x, channel c: 9 y + 3 x + c */
  const float *y = through(rt, x, &out);
  CHECK(out.rank == 4 && out.shape[1] == 2 && out.shape[3] == 6);
  for (int oy = 0; oy < 2; oy++)
    for (int ox = 0; ox < 2; ox++)
      for (int e = 0; e < 6; e++)
        CHECK(y[12 * oy + 6 * ox + e] == (float)(9 * oy + 3 * ox + e));
  fuse_runtime_close(rt);
}

/* N,W,C: one line, in and out. */
static void line(void) {
  FuseRuntime *rt = open_source(
      ".target stosx-8\n.datapath f32\n.input \"x\" f32 1x3x2 blocked 0 channels_last=1\n"
      ".output \"y\" f32 1x3x2 blocked 128 channels_last=1\n"
      "load.f32 main{region=2 run=3} signal{s0:1@0 done}\n"
      "store.f32 main{region=2 dram=4 run=3} wait{s0:1@0}\nend\n");
  CHECK(rt != NULL);
  if (!rt)
    return;
  const float x[6] = {1, 2, 3, 4, 5, 6};
  FuseTensor out;
  CHECK(memcmp(through(rt, x, &out), x, sizeof x) == 0);
  CHECK(out.rank == 3 && out.shape[1] == 3 && out.shape[2] == 2);
  fuse_runtime_close(rt);
}

#define ABS                                                                                        \
  ".target stosx-8\n.datapath f32\n.input \"x\" f32 4 plain 0\n.output \"y\" f32 4 plain 16\n"

static void host(void) {
  FuseRuntime *rt = open_source(ABS ".host abs_f32 [io:16:16, io:0:16] [4]\nhost\nend\n");
  CHECK(rt != NULL);
  if (!rt)
    return;
  float x[4] = {-1, 2, -3.5f, 0};
  FuseTensor out;
  const float *y = through(rt, x, &out);
  CHECK(y[0] == 1 && y[1] == 2 && y[2] == 3.5f && y[3] == 0);
  CHECK(fuse_runtime_result(rt)->host_calls == 1);
  fuse_runtime_close(rt);
}

static void refused(void) {
  CHECK(open_source(ABS ".host abs_f32 [io:16:12, io:0:16] [4]\nhost\nend\n") == NULL);
  CHECK_STR(diag.message, "host call 0: a tensor is smaller than its kernel needs");
  CHECK(open_source(ABS ".host abs_f32 [io:8:16, io:0:16] [4]\nhost\nend\n") == NULL);
  CHECK_STR(diag.message, "host call 0: a result overlaps another tensor");
  FuseRuntime *two_results = open_source(
      ABS ".io 64\n.host topk_f32 [io:16:8, io:48:16, io:0:16] [1, 4, 1, 2, 1]\nhost\nend\n");
  CHECK(two_results != NULL);
  fuse_runtime_close(two_results);
  CHECK(open_source(
            ABS
            ".io 64\n.host topk_f32 [io:16:8, io:0:16, io:0:16] [1, 4, 1, 2, 1]\nhost\nend\n") ==
        NULL);
  CHECK_STR(diag.message, "host call 0: a result overlaps another tensor");
  CHECK(open_source(ABS ".zero 16\n.host topk_f32 [io:16:8, weights:0:16, io:0:16] [1, 4, 1, 2, "
                        "1]\nhost\nend\n") == NULL);
  CHECK(strstr(diag.message, "weights") != NULL);
  CHECK(open_source(ABS ".io 64\n.host abs_f32 [io:14:16, io:32:16] [4]\nhost\nend\n") == NULL);
  CHECK(strstr(diag.message, "is not aligned to its element") != NULL);
  CHECK(open_source(ABS ".zero 16\n.host abs_f32 [weights:0:16, io:0:16] [4]\nhost\nend\n") ==
        NULL);
  CHECK(strstr(diag.message, "weights") != NULL);
  CHECK(open_source(
            ".target stosx-8\n.datapath f32\n.input \"x\" f64 4 plain 0 machine=f32\nend\n") ==
        NULL);
  CHECK_STR(diag.message, "tensor 'x': not supported yet: f64 in the model, f32 on the machine");
  FuseRuntime *rt = open_source(ABS "end\n");
  diag = (FuseDiag){0};
  CHECK(rt && !fuse_runtime_run(rt, &(FuseRunOptions){0}, &diag));
  CHECK_STR(diag.message, "tensor 'x': the input is not set");
  fuse_runtime_close(rt);
}

int main(void) {
  blocked();
  packed();
  channels_last();
  line();
  host();
  refused();
  fuse_arena_fini(&arena);
  return unit_result();
}
