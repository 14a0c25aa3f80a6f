// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/* check.c - rules of an object (docs/isa.md, section 3), and what can be asked of one.
 *
 * needs: an object, made by the reader or by a compiler
 * gives: every address inside its region, every string UTF-8, every code known; or one error */
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "object_private.h"

const StosSectionInfo stos_sections[STOS_N_SECTIONS] = {
#define X(ID, name_, type_, flags_, alignment_)                                                    \
  [STOS_SECTION_##ID] = {.name = name_, .type = type_, .alignment = alignment_, .flags = flags_},
    STOS_SECTIONS(X)
#undef X
};

/* ---- small questions ---- */

uint32_t stos_dtype_bytes(uint8_t datapath_dtype) {
  return datapath_dtype == FUSE_F32 ? 4 : 1;
}

uint32_t stos_word_bytes(const StosObject *object) {
  return object->target.lanes * stos_dtype_bytes(object->dtype);
}

uint64_t stos_region_bytes(const StosObject *object, int region) {
  switch (region) {
  case STOS_REGION_WEIGHTS: return object->weights_bytes;
  case STOS_REGION_ARENA: return object->arena_bytes;
  default: FUSE_ASSERT(region == STOS_REGION_IO); return object->io_bytes;
  }
}

const char *stos_region_name(int region) {
  static const char *const names[STOS_N_REGIONS] = {
      [STOS_REGION_WEIGHTS] = "weights", [STOS_REGION_ARENA] = "arena", [STOS_REGION_IO] = "io"};
  return region >= 0 && region < STOS_N_REGIONS ? names[region] : NULL;
}

const char *stos_layout_name(int layout) {
  static const char *const names[STOS_N_LAYOUTS] = {[STOS_LAYOUT_PLAIN] = "plain",
                                                    [STOS_LAYOUT_BLOCKED] = "blocked",
                                                    [STOS_LAYOUT_PACKED] = "packed"};
  return layout >= 0 && layout < STOS_N_LAYOUTS ? names[layout] : NULL;
}

const StosNode *stos_object_node(const StosObject *object, uint32_t offset) {
  size_t low = 0, high = object->n_ranges;
  while (low < high) {
    size_t middle = (low + high) / 2;
    const StosRange *range = &object->ranges[middle];
    if (offset < range->begin)
      high = middle;
    else if (offset >= range->end)
      low = middle + 1;
    else
      return &object->nodes[range->node];
  }
  return NULL;
}

void stos_text_quoted(FuseText *text, const char *s) {
  fuse_text_puts(text, "\"");
  for (const char *c = s; *c; c++) {
    static const char from[] = "\n\t\r\\\"", to[] = "ntr\\\"";
    const char *special = strchr(from, *c);
    if (special)
      fuse_text_printf(text, "\\%c", to[special - from]);
    else if ((uint8_t)*c < 0x20 || *c == 0x7f)
      fuse_text_printf(text, "\\x%02x", (uint8_t)*c);
    else
      fuse_text_append(text, c, 1);
  }
  fuse_text_puts(text, "\"");
}

void stos_text_shape(FuseText *text, const StosIo *io) {
  if (io->rank == 0)
    fuse_text_puts(text, "scalar");
  for (int i = 0; i < io->rank; i++)
    fuse_text_printf(text, "%s%" PRId64, i ? "x" : "", io->shape[i]);
}

/* ---- layouts ---- */

bool stos_io_dims(const StosIo *io, int64_t dims[4]) {
  for (int i = 0; i < 4; i++)
    dims[i] = 1;
  if (io->rank > 4)
    return false;
  if (io->rank == 1)
    dims[1] = io->shape[0];
  for (int i = 0; i < io->rank && io->rank != 1; i++)
    dims[i] = io->shape[i];
  if (io->channels_last && io->rank > 1) { /* N,H,W,C, N,W,C or N,C */
    dims[1] = io->shape[io->rank - 1];
    dims[2] = io->rank == 4 ? io->shape[1] : 1;
    dims[3] = io->rank > 2 ? io->shape[io->rank - 2] : 1;
  }
  return true;
}

static bool packing_good(const StosIo *io) {
  return io->kh && io->kw && io->stride_y && io->stride_x && io->dil_y && io->dil_x &&
         io->out_lines && io->out_pixels;
}

/* Words of the blocks of all images: the last block need not be filled up to its pitch. */
static bool blocked_words(const StosIo *io, int64_t blocks, int64_t h, int64_t w, int64_t *words) {
  int64_t lines = 0, before = 0;
  if (blocks < 1 || h < 1 || w < 1 || w > io->line_pitch)
    return false;
  if (!fuse_mul_dims((int64_t[]){h - 1, io->line_pitch}, 2, &lines) ||
      lines > (int64_t)io->block_pitch - w ||
      !fuse_mul_dims((int64_t[]){blocks - 1, io->block_pitch}, 2, &before) ||
      before > INT64_MAX - lines - w)
    return false;
  *words = before + lines + w;
  return true;
}

static bool plain_bytes(const StosIo *io, int64_t elem_bytes, int64_t *bytes) {
  int64_t elems;
  return fuse_mul_dims(io->shape, io->rank, &elems) &&
         fuse_mul_dims((int64_t[]){elems, elem_bytes}, 2, bytes);
}

bool stos_io_bytes(const StosIo *io, uint32_t lanes, uint64_t *bytes) {
  int64_t dims[4], depth, blocks, count;
  int64_t elem_bytes = (int64_t)fuse_dtype_bytes((FuseDtype)io->machine_dtype);
  bool packed = io->layout == STOS_LAYOUT_PACKED;
  if (io->layout == STOS_LAYOUT_PLAIN) {
    if (!plain_bytes(io, elem_bytes, &count))
      return false;
  } else if (!stos_io_dims(io, dims) || (packed && !packing_good(io)) ||
             !fuse_mul_dims((int64_t[]){dims[1], packed ? io->kh : 1, packed ? io->kw : 1}, 3,
                            &depth) ||
             !fuse_mul_dims((int64_t[]){dims[0], fuse_ceil_div(depth, lanes)}, 2, &blocks) ||
             !blocked_words(io, blocks, packed ? io->out_lines : dims[2],
                            packed ? io->out_pixels : dims[3], &count) ||
             !fuse_mul_dims((int64_t[]){count, lanes, elem_bytes}, 3, &count)) {
    return false;
  }
  *bytes = (uint64_t)count;
  return true;
}

/* ---- the check ---- */

typedef struct Context {
  const StosObject *object;
  const char *place;
  FuseDiag *diag;
} Context;

/* An error about the `what` that is called `name`. */
FUSE_PRINTF(4, 5)
static bool fail(const Context *c, const char *what, const char *name, const char *format, ...) {
  FuseText text = {0};
  va_list args;
  va_start(args, format);
  fuse_text_printf(&text, "%s '", what);
  fuse_text_escaped(&text, name, strlen(name));
  fuse_text_puts(&text, "': ");
  fuse_text_vprintf(&text, format, args);
  va_end(args);
  fuse_diag_error(c->diag, c->place, "%s", text.data);
  fuse_text_fini(&text);
  return false;
}

static bool check_string(const Context *c, const char *what, const char *s) {
  if (fuse_utf8_valid(stos_string(s), strlen(stos_string(s))))
    return true;
  return fail(c, what, stos_string(s), "isn't UTF-8");
}

/* [offset, offset + size) inside a region. */
static bool inside(uint64_t offset, uint64_t size, uint64_t region) {
  return offset <= region && size <= region - offset;
}

static bool check_shape(const Context *c, const char *what, const StosIo *io) {
  if (io->rank > FUSE_MAX_RANK)
    return fail(c, what, io->name, "rank %d; expected at most %d", io->rank, FUSE_MAX_RANK);
  for (int i = 0; i < io->rank; i++)
    if (io->shape[i] < 0 || io->shape[i] > INT32_MAX)
      return fail(c, what, io->name, "dimension %d is %" PRId64 "; expected 0 to %d", i,
                  io->shape[i], INT32_MAX);
  return true;
}

static bool check_codes(const Context *c, const char *what, const StosIo *io) {
  size_t elem_bytes = fuse_dtype_bytes((FuseDtype)io->machine_dtype);
  if (!fuse_dtype_bytes((FuseDtype)io->dtype) || !elem_bytes)
    return fail(c, what, io->name, "dtype codes %d and %d; expected known ones", io->dtype,
                io->machine_dtype);
  if (!stos_layout_name(io->layout))
    return fail(c, what, io->name, "layout code %d; expected 0 to %d", io->layout,
                STOS_N_LAYOUTS - 1);
  if (io->channels_last > (io->layout != STOS_LAYOUT_PLAIN))
    return fail(c, what, io->name, "channels_last = %d; expected 0, or 1 if it isn't plain",
                io->channels_last);
  if (io->layout != STOS_LAYOUT_PLAIN && elem_bytes != stos_dtype_bytes(c->object->dtype))
    return fail(c, what, io->name, "elements of %s; expected those of the datapath, %s",
                fuse_dtype_name((FuseDtype)io->machine_dtype),
                fuse_dtype_name((FuseDtype)c->object->dtype));
  /* Without a scale a zero point says what pads are. */
  bool pads = io->layout == STOS_LAYOUT_PACKED && elem_bytes == 1 && io->zero_point >= INT8_MIN &&
              io->zero_point <= UINT8_MAX;
  if (!isfinite(io->scale) || signbit(io->scale) ||
      (io->scale == 0 && io->zero_point != 0 && !pads))
    return fail(c, what, io->name,
                "scale %g and zero point %" PRId32
                "; expected a positive scale, or 0 and 0, or 0 and the byte that pads a packed "
                "tensor",
                (double)io->scale, io->zero_point);
  return true;
}

static bool check_io(const Context *c, const char *what, const StosIo *io) {
  uint64_t need;
  if (!check_string(c, what, io->name) || !check_shape(c, what, io) || !check_codes(c, what, io))
    return false;
  uint32_t align = io->layout == STOS_LAYOUT_PLAIN
                       ? (uint32_t)fuse_dtype_bytes((FuseDtype)io->machine_dtype)
                       : stos_word_bytes(c->object);
  if (!stos_io_bytes(io, c->object->target.lanes, &need))
    return fail(c, what, io->name, "its shape, pitches or packing don't fit its layout, %s",
                stos_layout_name(io->layout));
  if (io->size_bytes < need)
    return fail(c, what, io->name, "%" PRIu64 " bytes; expected at least %" PRIu64 " (%s)",
                io->size_bytes, need, stos_layout_name(io->layout));
  if (io->offset_bytes % align)
    return fail(c, what, io->name, "offset %" PRIu64 "; expected a multiple of %" PRIu32,
                io->offset_bytes, align);
  if (!inside(io->offset_bytes, io->size_bytes, c->object->io_bytes))
    return fail(c, what, io->name,
                "%" PRIu64 " bytes at offset %" PRIu64
                "; expected inside the io region of %" PRIu64,
                io->size_bytes, io->offset_bytes, c->object->io_bytes);
  return true;
}

static int compare_names(const void *a, const void *b) {
  return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* `names` is sorted in place. */
static bool check_unique(const Context *c, const char *what, const char **names, size_t n) {
  if (n)
    qsort(names, n, sizeof *names, compare_names);
  for (size_t i = 1; i < n; i++)
    if (strcmp(names[i - 1], names[i]) == 0)
      return fail(c, what, names[i], "stands there twice; expected different names");
  return true;
}

static bool check_tensors(const Context *c, const char *what, const StosIo *list, uint32_t n) {
  FuseArena arena = {0};
  const char **names = fuse_alloc_array(&arena, n, sizeof *names);
  bool good = true;
  for (uint32_t i = 0; i < n && good; i++) {
    good = check_io(c, what, &list[i]);
    names[i] = list[i].name;
  }
  good = good && check_unique(c, what, names, n);
  fuse_arena_fini(&arena);
  return good;
}

static bool check_nodes(const Context *c) {
  FuseArena arena = {0};
  const StosObject *object = c->object;
  const char **names = fuse_alloc_array(&arena, object->n_nodes, sizeof *names);
  bool good = true;
  for (uint32_t i = 0; i < object->n_nodes && good; i++) {
    const StosNode *node = &object->nodes[i];
    good = check_string(c, "node", node->name) && check_string(c, "operator", node->op) &&
           check_string(c, "mapping", node->mapping);
    if (good && (node->macs > INT64_MAX || node->bound_cycles > INT64_MAX))
      good = fail(c, "node", node->name, "MACs or cycles beyond 2^63");
    names[i] = node->name;
  }
  good = good && check_unique(c, "node", names, object->n_nodes);
  fuse_arena_fini(&arena);
  return good;
}

static bool check_ranges(const Context *c) {
  const StosObject *object = c->object;
  uint32_t before = 0;
  for (uint32_t i = 0; i < object->n_ranges; i++) {
    const StosRange *range = &object->ranges[i];
    if (range->begin < before || range->end <= range->begin || range->end > object->text_bytes)
      return fuse_diag_error(c->diag, c->place,
                             "range %" PRIu32 " is bytes %" PRIu32 " to %" PRIu32
                             "; expected it between %" PRIu32 " and %zu, and not empty",
                             i, range->begin, range->end, before, object->text_bytes);
    if (range->node >= object->n_nodes)
      return fuse_diag_error(c->diag, c->place,
                             "range %" PRIu32 " names node %" PRIu32
                             "; expected less than %" PRIu32,
                             i, range->node, object->n_nodes);
    before = range->end;
  }
  return true;
}

static bool check_host_tensor(const Context *c, uint32_t call, uint32_t t,
                              const StosHostTensor *tensor) {
  if (tensor->region >= STOS_N_REGIONS)
    return fuse_diag_error(c->diag, c->place,
                           "host call %" PRIu32 ", tensor %" PRIu32 ": region %" PRIu32
                           "; expected 0 to %d",
                           call, t, tensor->region, STOS_N_REGIONS - 1);
  uint64_t bytes = stos_region_bytes(c->object, (int)tensor->region);
  if (!inside(tensor->offset_bytes, tensor->size_bytes, bytes))
    return fuse_diag_error(c->diag, c->place,
                           "host call %" PRIu32 ", tensor %" PRIu32 ": %" PRIu64
                           " bytes at %" PRIu64 "; expected inside %s of %" PRIu64 " bytes",
                           call, t, tensor->size_bytes, tensor->offset_bytes,
                           stos_region_name((int)tensor->region), bytes);
  return true;
}

static bool check_host(const Context *c) {
  for (uint32_t i = 0; i < c->object->n_host; i++)
    for (uint32_t t = 0; t < c->object->host[i].n_tensors; t++)
      if (!check_host_tensor(c, i, t, &c->object->host[i].tensors[t]))
        return false;
  return true;
}

static bool check_regions(const Context *c) {
  const StosObject *object = c->object;
  if (object->dtype != FUSE_F32 && object->dtype != FUSE_I8)
    return fuse_diag_error(c->diag, c->place, "datapath dtype code %d; expected f32 or i8",
                           object->dtype);
  if (object->text_bytes % 16 || object->text_bytes > UINT32_MAX)
    return fuse_diag_error(c->diag, c->place,
                           "%zu bytes of commands; expected a multiple of 16 below 4 GiB",
                           object->text_bytes);
  if (object->io_bytes > UINT32_MAX)
    return fuse_diag_error(c->diag, c->place,
                           "io region of %" PRIu64 " bytes; expected below 4 GiB",
                           object->io_bytes);
  if (object->arena_bytes > STOS_MAX_REGION_BYTES || object->weights_bytes > STOS_MAX_REGION_BYTES)
    return fuse_diag_error(c->diag, c->place,
                           "%" PRIu64
                           " bytes of arena and %zu of weights; expected at most %" PRIu64,
                           object->arena_bytes, object->weights_bytes, STOS_MAX_REGION_BYTES);
  return true;
}

bool stos_object_check(const StosObject *object, const char *place, FuseDiag *diag) {
  Context c = {.object = object, .place = place, .diag = diag};
  return stos_target_check(&object->target, place, diag) && check_regions(&c) &&
         check_string(&c, "compiler", object->compiler) &&
         check_string(&c, "flags", object->flags) &&
         check_tensors(&c, "input", object->inputs, object->n_inputs) &&
         check_tensors(&c, "output", object->outputs, object->n_outputs) && check_nodes(&c) &&
         check_ranges(&c) && check_host(&c);
}

/* ---- the commands in it ---- */

static bool check_cmd(const StosObject *object, const StosCmd *cmd, uint32_t offset,
                      const char *place, FuseDiag *diag) {
  if (stos_cmd_has_dtype(cmd->opcode) && cmd->dtype != object->dtype)
    return fuse_diag_error(
        diag, place, "command at byte %" PRIu32 ": element type %s; expected the object's %s",
        offset, fuse_dtype_name((FuseDtype)cmd->dtype), fuse_dtype_name((FuseDtype)object->dtype));
  if (cmd->opcode == STOS_CMD_HOST && cmd->host.call >= object->n_host)
    return fuse_diag_error(diag, place,
                           "command at byte %" PRIu32 ": host call %" PRIu32
                           "; expected less than %" PRIu32,
                           offset, cmd->host.call, object->n_host);
  return true;
}

static bool begins_command(const StosProgram *program, uint32_t offset) {
  size_t low = 0, high = program->n;
  while (low < high) {
    size_t middle = (low + high) / 2;
    if (program->offsets[middle] < offset)
      low = middle + 1;
    else
      high = middle;
  }
  return low < program->n && program->offsets[low] == offset;
}

bool stos_object_program(FuseArena *arena, const StosObject *object, const char *place,
                         StosProgram *program, FuseDiag *diag) {
  if (!stos_program_decode(arena, object->text, object->text_bytes, place, program, diag))
    return false;
  for (size_t i = 0; i < program->n; i++)
    if (!check_cmd(object, &program->cmds[i], program->offsets[i], place, diag))
      return false;
  for (uint32_t i = 0; i < object->n_ranges; i++) {
    const StosRange *range = &object->ranges[i];
    if (!begins_command(program, range->begin) ||
        (range->end != object->text_bytes && !begins_command(program, range->end)))
      return fuse_diag_error(diag, place,
                             "range %" PRIu32 " is bytes %" PRIu32 " to %" PRIu32
                             "; expected the beginnings of commands",
                             i, range->begin, range->end);
  }
  return true;
}
