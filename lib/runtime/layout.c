// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/* layout.c - tensors of the model to and from the packings of the I/O table.
 *
 * source: docs/machine.md, section 10; docs/isa.md, I-OBJ-1
 */
#include <math.h>
#include <string.h>

#include "runtime_private.h"

static bool is_byte(uint8_t dtype) {
  return dtype == FUSE_I8 || dtype == FUSE_U8;
}

/* u8 in the model, i8 on the machine: the same bytes but for their highest bit. */
static bool is_shifted(const StosIo *io) {
  return io->dtype == FUSE_U8 && io->machine_dtype == FUSE_I8;
}

bool fuse_io_check(const StosIo *io, const char *place, FuseDiag *diag) {
  bool quantised = io->dtype == FUSE_F32 && is_byte(io->machine_dtype) && io->scale > 0;
  if (io->dtype == io->machine_dtype || quantised || is_shifted(io))
    return true;
  FuseText name = {0};
  fuse_text_escaped(&name, io->name, strlen(io->name));
  fuse_diag_error(diag, place, "tensor '%s': not supported yet: %s in the model, %s on the machine",
                  name.data ? name.data : "", fuse_dtype_name((FuseDtype)io->dtype),
                  fuse_dtype_name((FuseDtype)io->machine_dtype));
  fuse_text_fini(&name);
  return false;
}

bool fuse_io_tensor(const StosIo *io, FuseTensor *tensor) {
  *tensor = (FuseTensor){.dtype = (FuseDtype)io->dtype, .rank = io->rank};
  memcpy(tensor->shape, io->shape, sizeof tensor->shape);
  return fuse_tensor_set_size(tensor);
}

/* ---- one element ---- */

/* Real to byte: round half to even, saturate (ONNX QuantizeLinear); a NaN becomes 0. */
static uint8_t quantise(const StosIo *io, float value) {
  double low = io->machine_dtype == FUSE_U8 ? 0 : -128;
  double q = rint((double)(value / io->scale)) + io->zero_point;
  if (isnan(q))
    q = io->zero_point;
  if (q < low)
    q = low;
  if (q > low + 255)
    q = low + 255;
  return (uint8_t)(int)q;
}

static float dequantise(const StosIo *io, uint8_t byte) {
  int q = io->machine_dtype == FUSE_U8 ? byte : (int8_t)byte;
  return (float)(q - io->zero_point) * io->scale;
}

static void store(const StosIo *io, const uint8_t *model, uint8_t *machine) {
  float value;
  if (is_shifted(io)) {
    *machine = *model ^ 0x80;
    return;
  }
  if (io->dtype == io->machine_dtype) {
    memcpy(machine, model, fuse_dtype_bytes((FuseDtype)io->dtype));
    return;
  }
  memcpy(&value, model, sizeof value);
  *machine = quantise(io, value);
}

static void fetch(const StosIo *io, const uint8_t *machine, uint8_t *model) {
  if (is_shifted(io)) {
    *model = *machine ^ 0x80;
    return;
  }
  if (io->dtype == io->machine_dtype) {
    memcpy(model, machine, fuse_dtype_bytes((FuseDtype)io->dtype));
    return;
  }
  float value = dequantise(io, *machine);
  memcpy(model, &value, sizeof value);
}

/* What a real 0 is in the machine's elements: pads of packed tensors. */
static void store_zero(const StosIo *io, uint8_t *machine) {
  memset(machine, 0, fuse_dtype_bytes((FuseDtype)io->machine_dtype));
  if (is_byte(io->machine_dtype))
    *machine = io->scale > 0 ? quantise(io, 0.0f) : (uint8_t)io->zero_point;
}

/* ---- places ---- */

/* Sizes that every walk needs. */
typedef struct Walk {
  const StosIo *io;
  int64_t dims[4];                          /* N C H W */
  int64_t strides[4];                       /* of them in the model, in elements */
  size_t model_bytes, machine_bytes, lanes; /* of an element; elements of a word */
} Walk;

static Walk walk_of(const StosIo *io, uint32_t lanes) {
  Walk w = {.io = io,
            .model_bytes = fuse_dtype_bytes((FuseDtype)io->dtype),
            .machine_bytes = fuse_dtype_bytes((FuseDtype)io->machine_dtype),
            .lanes = lanes};
  FUSE_ASSERT(stos_io_dims(io, w.dims));
  static const int orders[2][4] = {{0, 1, 2, 3}, {0, 2, 3, 1}};
  int64_t stride = 1;
  for (int i = 3; i >= 0; i--) {
    int dim = orders[io->channels_last][i];
    w.strides[dim] = stride;
    stride *= w.dims[dim];
  }
  return w;
}

/* Byte of element (n, c, y, x) in the model. */
static size_t model_at(const Walk *w, int64_t n, int64_t c, int64_t y, int64_t x) {
  return (size_t)(n * w->strides[0] + c * w->strides[1] + y * w->strides[2] + x * w->strides[3]) *
         w->model_bytes;
}

/* Byte of channel (or vector element) c of image n's pixel (y, x); `depth` channels in all. */
static size_t machine_at(const Walk *w, int64_t depth, int64_t n, int64_t c, int64_t y, int64_t x) {
  int64_t lanes = (int64_t)w->lanes;
  int64_t block = n * fuse_ceil_div(depth, lanes) + c / lanes;
  int64_t word = block * w->io->block_pitch + y * w->io->line_pitch + x;
  return (size_t)(word * lanes + c % lanes) * w->machine_bytes;
}

/* im2col: element (kh, kw, c) of the vector of output (y, x). */
static void pack_vector(const Walk *w, const uint8_t *model, int64_t n, int64_t y, int64_t x,
                        uint8_t *machine) {
  const StosIo *io = w->io;
  int64_t depth = w->dims[1] * io->kh * io->kw, element = 0;
  for (int64_t kh = 0; kh < io->kh; kh++)
    for (int64_t kw = 0; kw < io->kw; kw++)
      for (int64_t c = 0; c < w->dims[1]; c++, element++) {
        int64_t iy = y * io->stride_y + kh * io->dil_y - io->pad_top;
        int64_t ix = x * io->stride_x + kw * io->dil_x - io->pad_left;
        uint8_t *to = machine + machine_at(w, depth, n, element, y, x);
        if (iy < 0 || iy >= w->dims[2] || ix < 0 || ix >= w->dims[3])
          store_zero(io, to);
        else
          store(io, model + model_at(w, n, c, iy, ix), to);
      }
}

static void pack_packed(const Walk *w, const uint8_t *model, uint8_t *machine) {
  for (int64_t n = 0; n < w->dims[0]; n++)
    for (int64_t y = 0; y < w->io->out_lines; y++)
      for (int64_t x = 0; x < w->io->out_pixels; x++)
        pack_vector(w, model, n, y, x, machine);
}

typedef void Mover(const StosIo *io, const uint8_t *from, uint8_t *to);

/* Every element of a blocked tensor, into the machine or out of it. */
static void move_blocked(const Walk *w, const uint8_t *from, uint8_t *to, bool into) {
  Mover *move = into ? store : fetch;
  for (int64_t n = 0; n < w->dims[0]; n++)
    for (int64_t c = 0; c < w->dims[1]; c++)
      for (int64_t y = 0; y < w->dims[2]; y++)
        for (int64_t x = 0; x < w->dims[3]; x++) {
          size_t model = model_at(w, n, c, y, x), machine = machine_at(w, w->dims[1], n, c, y, x);
          move(w->io, from + (into ? model : machine), to + (into ? machine : model));
        }
}

static void move_plain(const StosIo *io, const uint8_t *from, uint8_t *to, bool into) {
  FuseTensor tensor;
  FUSE_ASSERT(fuse_io_tensor(io, &tensor));
  size_t model = fuse_dtype_bytes((FuseDtype)io->dtype);
  size_t machine = fuse_dtype_bytes((FuseDtype)io->machine_dtype);
  for (size_t i = 0; i < tensor.size_bytes / model; i++)
    (into ? store : fetch)(io, from + i * (into ? model : machine),
                           to + i * (into ? machine : model));
}

void fuse_io_pack(const StosIo *io, uint32_t lanes, const uint8_t *model, uint8_t *machine) {
  memset(machine, 0, io->size_bytes); /* lanes above the channels, gaps between lines */
  if (io->layout == STOS_LAYOUT_PLAIN) {
    move_plain(io, model, machine, true);
    return;
  }
  Walk w = walk_of(io, lanes);
  if (io->layout == STOS_LAYOUT_PACKED)
    pack_packed(&w, model, machine);
  else
    move_blocked(&w, model, machine, true);
}

void fuse_io_unpack(const StosIo *io, uint32_t lanes, const uint8_t *machine, uint8_t *model) {
  if (io->layout == STOS_LAYOUT_PLAIN) {
    move_plain(io, machine, model, false);
    return;
  }
  Walk w = walk_of(io, lanes);
  move_blocked(&w, machine, model, false);
}
