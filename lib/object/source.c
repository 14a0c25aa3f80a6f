// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/* source.c - a whole program in assembly to an object (docs/isa.md, section 2).
 *
 * needs: any bytes
 * gives: an object whose commands decode, or one error with line and column */
#include <inttypes.h>
#include <string.h>

#include "object_private.h"

/* Sources are written by hand or by the disassembler: limits before memory is asked for. Weights
 * that are written out may be more than those of a .zero, which costs its source nothing. */
#define MAX_SOURCE_WEIGHTS_BYTES (UINT64_C(1) << 30)
#define MAX_ZERO_BYTES (UINT64_C(256) << 20)

typedef struct Assembler {
  FuseArena *arena;
  StosObject *object;
  FuseText text, weights;
  StosIo *io[2]; /* inputs, outputs */
  size_t n_io[2], io_capacity[2];
  StosHostCall *host;
  size_t n_host, host_capacity;
  StosNode *nodes;
  size_t n_nodes, node_capacity;
  uint32_t *slots; /* nodes by name: 1 + the index, 0 where free */
  size_t n_slots;
  StosRange *ranges;
  size_t n_ranges, range_capacity;
  StosRange open; /* the range that commands now belong to ... */
  bool in_node;   /* ... if they do */
  bool io_given;  /* .io */
  bool has_target, has_dtype;
  FuseDiag *diag;
} Assembler;

/* ---- .target, .datapath, .compiler, ... ---- */

typedef struct Number {
  const char *name;
  size_t offset;
  uint32_t bytes;
  int64_t smallest, largest;
} Number;

static void set_number(void *at, const Number *number, int64_t value) {
  char *field = (char *)at + number->offset;
  uint8_t u8 = (uint8_t)value;
  uint32_t u32 = (uint32_t)value;
  uint64_t u64 = (uint64_t)value;
  switch (number->bytes) {
  case 1: memcpy(field, &u8, 1); break;
  case 4: memcpy(field, &u32, 4); break;
  default: memcpy(field, &u64, 8); break;
  }
}

static const Number *find_number(const Number *numbers, size_t n, FuseWord key) {
  for (size_t i = 0; i < n; i++)
    if (fuse_word_is(key, numbers[i].name))
      return &numbers[i];
  return NULL;
}

/* name=number pairs up to the end of the line; *seen has a bit for each. */
static bool take_number(FuseLine *line, const Number *numbers, size_t n, FuseWord key, void *at,
                        uint32_t *seen) {
  const Number *number = find_number(numbers, n, key);
  int64_t value;
  if (!number)
    return fuse_line_unexpected(line, key, "a known name before '='");
  uint32_t bit = UINT32_C(1) << (number - numbers);
  if (*seen & bit)
    return fuse_line_unexpected(line, key, "each name once");
  *seen |= bit;
  if (!fuse_line_expect(line, '=') ||
      !fuse_line_integer(line, number->name, number->smallest, number->largest, &value))
    return false;
  set_number(at, number, value);
  return true;
}

/* .target "name" rows=16 ...: every field. */
static bool take_inline_target(Assembler *a, FuseLine *line) {
  static const Number fields[] = {
#define X(field, smallest, largest)                                                                \
  {#field, offsetof(StosTarget, field), sizeof(uint32_t), smallest, largest},
      STOS_TARGET_FIELDS(X)
#undef X
  };
  StosTarget *target = &a->object->target;
  uint32_t seen = 0;
  const char *name;
  const char *at = line->at;
  if (!fuse_line_string(a->arena, line, &name))
    return false;
  if (strlen(name) >= sizeof target->name)
    return fuse_line_error(line, at, "a target's name has less than 64 bytes");
  memcpy(target->name, name, strlen(name) + 1);
  while (!fuse_line_at_end(line))
    if (!take_number(line, fields, FUSE_COUNTOF(fields), fuse_line_word(line), target, &seen))
      return false;
  for (size_t i = 0; i < FUSE_COUNTOF(fields); i++)
    if (!(seen >> i & 1)) {
      FuseText text = {0};
      fuse_text_printf(&text, "the target lacks %s", fields[i].name);
      fuse_line_error(line, line->at, text.data);
      fuse_text_fini(&text);
      return false;
    }
  return true;
}

static bool take_target(Assembler *a, FuseLine *line) {
  if (a->text.length || a->has_target)
    return fuse_line_error(line, line->start, ".target stands once and before the commands");
  a->has_target = true;
  fuse_line_skip_space(line);
  if (line->at < line->end && *line->at == '"')
    return take_inline_target(a, line) &&
           stos_target_check(&a->object->target, line->place, a->diag);
  const char *end = line->end;
  while (end > line->at && (end[-1] == ' ' || end[-1] == '\t' || end[-1] == '\r'))
    end--;
  const char *name = fuse_strndup(a->arena, line->at, (size_t)(end - line->at));
  line->at = line->end;
  if (!*name)
    return fuse_line_unexpected(line, (FuseWord){line->at, 0}, "a preset, a file or \"name\"");
  FuseDiag inner = {0}; /* its place is the name or a place in the file; ours is the source */
  if (stos_target_load(name, &a->object->target, &inner))
    return true;
  FuseText quoted = {0};
  fuse_text_escaped(&quoted, inner.place, strlen(inner.place));
  fuse_diag_error(a->diag, line->place, ".target %s: %s", quoted.data, inner.message);
  fuse_text_fini(&quoted);
  return false;
}

static bool take_dtype(FuseLine *line, uint8_t *dtype) {
  FuseWord word = fuse_line_word(line);
  *dtype = (uint8_t)fuse_dtype_find(word.s, word.length);
  return *dtype != FUSE_DTYPE_NONE || fuse_line_unexpected(line, word, "an element type");
}

static bool take_datapath(Assembler *a, FuseLine *line) {
  const char *at = line->at;
  uint8_t dtype;
  if (!take_dtype(line, &dtype))
    return false;
  if ((dtype != FUSE_F32 && dtype != FUSE_I8) || (a->has_dtype && dtype != a->object->dtype))
    return fuse_line_error(line, at, "expected f32 or i8, as the commands before");
  a->object->dtype = dtype;
  a->has_dtype = true;
  return true;
}

static bool take_reassociation(Assembler *a, FuseLine *line) {
  (void)line;
  a->object->allow_reassociation = true;
  return true;
}

static bool take_compiler(Assembler *a, FuseLine *line) {
  return fuse_line_string(a->arena, line, &a->object->compiler) &&
         fuse_line_string(a->arena, line, &a->object->flags);
}

/* Pairs of hexadecimal digits, at most `limit` bytes, appended to out. */
static bool take_hex(FuseLine *line, size_t limit, FuseText *out) {
  FuseWord word = fuse_line_word(line);
  if (word.length % 2 || word.length / 2 > limit)
    return fuse_line_unexpected(line, word, "pairs of hexadecimal digits");
  for (size_t i = 0; i < word.length; i += 2) {
    char text[4] = {'0', 'x', word.s[i], word.s[i + 1]};
    int64_t value;
    if (!fuse_word_integer((FuseWord){text, sizeof text}, &value))
      return fuse_line_unexpected(line, word, "hexadecimal digits");
    fuse_text_append(out, (const char *)&(uint8_t){(uint8_t)value}, 1);
  }
  return true;
}

static bool take_model(Assembler *a, FuseLine *line) {
  FuseText hash = {0};
  const char *at = line->at;
  bool good = take_hex(line, STOS_HASH_BYTES, &hash);
  if (good && hash.length != STOS_HASH_BYTES)
    good = fuse_line_error(line, at, "expected a SHA-256: 64 hexadecimal digits");
  if (good)
    memcpy(a->object->model_hash, hash.data, STOS_HASH_BYTES);
  fuse_text_fini(&hash);
  return good;
}

/* ---- memory ---- */

static bool take_size(FuseLine *line, uint64_t largest, uint64_t *bytes) {
  int64_t value;
  if (!fuse_line_integer(line, "bytes", 0, (int64_t)largest, &value))
    return false;
  *bytes = (uint64_t)value;
  return true;
}

static bool take_arena(Assembler *a, FuseLine *line) {
  return take_size(line, STOS_MAX_REGION_BYTES, &a->object->arena_bytes);
}

static bool take_io_size(Assembler *a, FuseLine *line) {
  a->io_given = true;
  return take_size(line, UINT32_MAX, &a->object->io_bytes);
}

static bool weights_fit(Assembler *a, FuseLine *line, uint64_t more) {
  return a->weights.length + more <= MAX_SOURCE_WEIGHTS_BYTES ||
         fuse_line_error(line, line->start, "more than 1 GiB of weights in a source");
}

static bool take_zero(Assembler *a, FuseLine *line) {
  static const char zeros[256];
  uint64_t left;
  if (!take_size(line, MAX_ZERO_BYTES, &left))
    return false;
  if (a->weights.length + left > MAX_ZERO_BYTES)
    return fuse_line_error(line, line->start,
                           ".zero beyond 256 MiB of weights; expected them as .weights");
  for (uint64_t n; left; left -= n) {
    n = left < sizeof zeros ? left : sizeof zeros;
    fuse_text_append(&a->weights, zeros, n);
  }
  return true;
}

static bool take_weight(Assembler *a, FuseLine *line, FuseDtype dtype) {
  uint8_t bytes[4];
  int64_t value = 0;
  if (dtype == FUSE_F32) {
    uint32_t bits;
    FuseWord word = fuse_line_word(line);
    if (!stos_parse_f32(word.s, word.length, &bits))
      return fuse_line_unexpected(line, word, "a decimal float that f32 holds");
    value = bits;
  } else if (!fuse_line_integer(line, "a weight", dtype == FUSE_I8 ? INT8_MIN : INT32_MIN,
                                dtype == FUSE_I8 ? INT8_MAX : INT32_MAX, &value)) {
    return false;
  }
  fuse_put32(bytes, (uint32_t)value);
  fuse_text_append(&a->weights, (const char *)bytes, fuse_dtype_bytes(dtype));
  return true;
}

static bool take_weights(Assembler *a, FuseLine *line) {
  FuseWord word = fuse_line_word(line);
  if (!weights_fit(a, line, (uint64_t)(line->end - line->at) * 4))
    return false;
  if (fuse_word_is(word, "hex"))
    return take_hex(line, SIZE_MAX, &a->weights);
  FuseDtype dtype = fuse_dtype_find(word.s, word.length);
  if (dtype != FUSE_F32 && dtype != FUSE_I8 && dtype != FUSE_I32)
    return fuse_line_unexpected(line, word, "f32, i8, i32 or hex");
  do
    if (!take_weight(a, line, dtype))
      return false;
  while (fuse_line_accept(line, ','));
  return true;
}

/* ---- inputs and outputs ---- */

/* 1x3x8x8, or "scalar" */
static bool take_shape(FuseLine *line, StosIo *io) {
  FuseWord word = fuse_line_word(line);
  if (fuse_word_is(word, "scalar"))
    return true;
  const char *at = word.s, *end = word.s + word.length;
  while (at < end && io->rank < FUSE_MAX_RANK) {
    const char *x = memchr(at, 'x', (size_t)(end - at));
    FuseWord dim = {at, (size_t)((x ? x : end) - at)};
    int64_t value;
    if (!fuse_word_integer(dim, &value) || value < 0 || value > INT32_MAX)
      break;
    io->shape[io->rank++] = value;
    if (!x)
      return true;
    at = x + 1;
  }
  return fuse_line_unexpected(line, word, "a shape like 1x3x8x8, at most 8 dimensions");
}

static bool take_layout(FuseLine *line, StosIo *io) {
  FuseWord word = fuse_line_word(line);
  for (int i = 0; i < STOS_N_LAYOUTS; i++)
    if (fuse_word_is(word, stos_layout_name(i))) {
      io->layout = (uint8_t)i;
      return true;
    }
  return fuse_line_unexpected(line, word, "plain, blocked or packed");
}

static bool take_scale(FuseLine *line, StosIo *io) {
  uint32_t bits;
  if (!fuse_line_expect(line, '='))
    return false;
  FuseWord word = fuse_line_word(line);
  if (!stos_parse_f32(word.s, word.length, &bits))
    return fuse_line_unexpected(line, word, "a decimal float that f32 holds");
  memcpy(&io->scale, &bits, sizeof bits);
  return true;
}

#define NUMBER_uint8_t 0, UINT8_MAX
#define NUMBER_int32_t INT32_MIN, INT32_MAX
#define NUMBER_uint32_t 0, UINT32_MAX

static bool take_io_key(FuseLine *line, StosIo *io, uint32_t *seen) {
  static const Number numbers[] = {{"bytes", offsetof(StosIo, size_bytes), 8, 0, UINT32_MAX},
                                   {"zero", offsetof(StosIo, zero_point), 4, INT32_MIN, INT32_MAX},
                                   {"channels_last", offsetof(StosIo, channels_last), 1, 0, 1},
                                   {"line", offsetof(StosIo, line_pitch), 4, 1, UINT32_MAX},
                                   {"block", offsetof(StosIo, block_pitch), 4, 1, UINT32_MAX},
#define X(field, type) {#field, offsetof(StosIo, field), sizeof(type), NUMBER_##type},
                                   STOS_PACKING_FIELDS(X)
#undef X
  };
  FuseWord key = fuse_line_word(line);
  if (fuse_word_is(key, "scale"))
    return take_scale(line, io);
  if (fuse_word_is(key, "machine"))
    return fuse_line_expect(line, '=') && take_dtype(line, &io->machine_dtype);
  return take_number(line, numbers, FUSE_COUNTOF(numbers), key, io, seen);
}

static bool take_io(Assembler *a, FuseLine *line, int which) {
  size_t n = a->n_io[which];
  uint32_t seen = 0;
  a->io[which] =
      fuse_grow(a->arena, a->io[which], n, &a->io_capacity[which], n + 1, sizeof(StosIo));
  StosIo *io = &a->io[which][n];
  *io = (StosIo){0};
  if (!fuse_line_string(a->arena, line, &io->name) || !take_dtype(line, &io->dtype) ||
      !take_shape(line, io) || !take_layout(line, io) ||
      !take_size(line, UINT32_MAX, &io->offset_bytes))
    return false;
  if (io->layout == STOS_LAYOUT_PACKED)
    io->kh = io->kw = io->stride_y = io->stride_x = io->dil_y = io->dil_x = 1;
  while (!fuse_line_at_end(line))
    if (!take_io_key(line, io, &seen))
      return false;
  a->n_io[which]++;
  return true;
}

static bool take_input(Assembler *a, FuseLine *line) {
  return take_io(a, line, 0);
}

static bool take_output(Assembler *a, FuseLine *line) {
  return take_io(a, line, 1);
}

/* What the line left out; lanes and datapath are known by now. */
static void complete_io(Assembler *a, StosIo *io) {
  int64_t dims[4];
  bool packed = io->layout == STOS_LAYOUT_PACKED, plain = io->layout == STOS_LAYOUT_PLAIN;
  if (io->machine_dtype == FUSE_DTYPE_NONE)
    io->machine_dtype = plain ? io->dtype : a->object->dtype;
  if (!plain && stos_io_dims(io, dims)) {
    uint64_t h = packed ? io->out_lines : (uint64_t)dims[2];
    uint64_t w = packed ? io->out_pixels : (uint64_t)dims[3];
    if (io->line_pitch == 0 && w <= UINT32_MAX)
      io->line_pitch = (uint32_t)w;
    if (io->block_pitch == 0 && h * io->line_pitch <= UINT32_MAX)
      io->block_pitch = (uint32_t)(h * io->line_pitch);
  }
  if (io->size_bytes == 0 && !stos_io_bytes(io, a->object->target.lanes, &io->size_bytes))
    io->size_bytes = 0; /* the check will say why */
  if (!a->io_given && io->size_bytes <= STOS_MAX_REGION_BYTES &&
      a->object->io_bytes < io->offset_bytes + io->size_bytes)
    a->object->io_bytes = io->offset_bytes + io->size_bytes;
}

/* ---- .host ---- */

static bool take_region(FuseLine *line, uint32_t *region) {
  FuseWord word = fuse_line_word(line);
  for (int i = 0; i < STOS_N_REGIONS; i++)
    if (fuse_word_is(word, stos_region_name(i))) {
      *region = (uint32_t)i;
      return true;
    }
  return fuse_line_unexpected(line, word, "weights, arena or io");
}

/* [region:offset:bytes, ...] */
static bool take_host_tensors(Assembler *a, FuseLine *line, StosHostCall *call) {
  StosHostTensor *tensors = NULL;
  size_t capacity = 0;
  if (!fuse_line_expect(line, '['))
    return false;
  if (fuse_line_accept(line, ']'))
    return true;
  do {
    uint32_t n = call->n_tensors++;
    tensors = fuse_grow(a->arena, tensors, n, &capacity, n + 1, sizeof *tensors);
    call->tensors = tensors;
    if (!take_region(line, &tensors[n].region) || !fuse_line_expect(line, ':') ||
        !take_size(line, STOS_MAX_REGION_BYTES, &tensors[n].offset_bytes) ||
        !fuse_line_expect(line, ':') ||
        !take_size(line, STOS_MAX_REGION_BYTES, &tensors[n].size_bytes))
      return false;
  } while (fuse_line_accept(line, ','));
  return fuse_line_expect(line, ']');
}

/* [1, 0x3f800000, -1, ...] */
static bool take_host_words(Assembler *a, FuseLine *line, StosHostCall *call) {
  uint32_t *words = NULL;
  size_t capacity = 0;
  if (!fuse_line_expect(line, '['))
    return false;
  if (fuse_line_accept(line, ']'))
    return true;
  do {
    int64_t value;
    uint32_t n = call->n_words++;
    words = fuse_grow(a->arena, words, n, &capacity, n + 1, sizeof *words);
    call->words = words;
    if (!fuse_line_integer(line, "a word", INT32_MIN, UINT32_MAX, &value))
      return false;
    words[n] = (uint32_t)value;
  } while (fuse_line_accept(line, ','));
  return fuse_line_expect(line, ']');
}

static bool take_host(Assembler *a, FuseLine *line) {
  StosHostCall call = {0};
  int64_t kernel;
  FuseWord word = fuse_line_word(line);
  if (!stos_kernel_find(word, &call.kernel)) {
    if (!fuse_word_integer(word, &kernel) || kernel < 0 || kernel > UINT32_MAX)
      return fuse_line_unexpected(line, word, "a kernel's name or number");
    call.kernel = (uint32_t)kernel;
  }
  if (!take_host_tensors(a, line, &call) || !take_host_words(a, line, &call))
    return false;
  a->host = fuse_grow(a->arena, a->host, a->n_host, &a->host_capacity, a->n_host + 1, sizeof call);
  a->host[a->n_host++] = call;
  return true;
}

/* ---- .node ---- */

static void close_range(Assembler *a) {
  a->open.end = (uint32_t)a->text.length;
  if (a->in_node && a->open.end > a->open.begin) {
    size_t n = a->n_ranges++;
    a->ranges = fuse_grow(a->arena, a->ranges, n, &a->range_capacity, n + 1, sizeof a->open);
    a->ranges[n] = a->open;
  }
  a->in_node = false;
}

/* FNV-1a */
static uint32_t name_hash(const char *name) {
  uint32_t hash = 2166136261u;
  for (; *name; name++)
    hash = (hash ^ (uint8_t)*name) * 16777619u;
  return hash;
}

/* Where the node called name is in the table, or belongs. */
static uint32_t *node_slot(const Assembler *a, const char *name) {
  size_t mask = a->n_slots - 1, i = name_hash(name) & mask;
  while (a->slots[i] && strcmp(a->nodes[a->slots[i] - 1].name, name) != 0)
    i = (i + 1) & mask;
  return &a->slots[i];
}

/* At least half of the slots stay free when one more node comes. */
static void grow_slots(Assembler *a) {
  if (2 * (a->n_nodes + 1) <= a->n_slots)
    return;
  a->n_slots = a->n_slots ? 2 * a->n_slots : 64;
  a->slots = fuse_alloc_array(a->arena, a->n_slots, sizeof *a->slots);
  for (size_t i = 0; i < a->n_nodes; i++)
    *node_slot(a, a->nodes[i].name) = (uint32_t)i + 1;
}

static bool take_new_node(Assembler *a, FuseLine *line, const char *name, const char *at) {
  static const Number numbers[] = {
      {"macs", offsetof(StosNode, macs), 8, 0, INT64_MAX},
      {"bound", offsetof(StosNode, bound_cycles), 8, 0, INT64_MAX},
  };
  uint32_t seen = 0;
  StosNode node = {.name = name};
  if (fuse_line_at_end(line))
    return fuse_line_error(line, at, "unknown node; a new one needs its operator: \"name\" \"Op\"");
  if (!fuse_line_string(a->arena, line, &node.op))
    return false;
  if (!fuse_line_at_end(line) && *line->at == '"' &&
      !fuse_line_string(a->arena, line, &node.mapping))
    return false;
  while (!fuse_line_at_end(line))
    if (!take_number(line, numbers, FUSE_COUNTOF(numbers), fuse_line_word(line), &node, &seen))
      return false;
  a->nodes =
      fuse_grow(a->arena, a->nodes, a->n_nodes, &a->node_capacity, a->n_nodes + 1, sizeof node);
  a->nodes[a->n_nodes++] = node;
  return true;
}

static bool take_node(Assembler *a, FuseLine *line) {
  const char *name, *at = line->at;
  close_range(a);
  if (fuse_line_at_end(line))
    return true;
  if (!fuse_line_string(a->arena, line, &name))
    return false;
  grow_slots(a);
  uint32_t *slot = node_slot(a, name);
  if (!*slot) {
    if (!take_new_node(a, line, name, at))
      return false;
    *slot = (uint32_t)a->n_nodes;
  }
  a->open = (StosRange){.begin = (uint32_t)a->text.length, .node = *slot - 1};
  a->in_node = true;
  return true;
}

/* ---- lines ---- */

static const struct {
  const char *name;
  bool (*take)(Assembler *, FuseLine *);
} directives[] = {
    {".target", take_target},
    {".datapath", take_datapath},
    {".reassociation", take_reassociation},
    {".compiler", take_compiler},
    {".model", take_model},
    {".arena", take_arena},
    {".io", take_io_size},
    {".weights", take_weights},
    {".zero", take_zero},
    {".input", take_input},
    {".output", take_output},
    {".host", take_host},
    {".node", take_node},
};

static bool take_directive(Assembler *a, FuseLine *line) {
  FuseWord word = fuse_line_word(line);
  for (size_t i = 0; i < FUSE_COUNTOF(directives); i++) {
    if (!fuse_word_is(word, directives[i].name))
      continue;
    if (!directives[i].take(a, line))
      return false;
    return fuse_line_at_end(line) ||
           fuse_line_unexpected(line, (FuseWord){line->at, 1}, "the end of the line");
  }
  return fuse_line_unexpected(line, word, "a directive");
}

static bool take_command(Assembler *a, FuseLine *line) {
  StosCmd cmd;
  FuseDiag inner = {0};
  uint8_t bytes[STOS_MAX_CMD_BYTES];
  /* Columns count from the line's first character. */
  if (!stos_parse(line->start, (size_t)(line->end - line->start), line->place, &cmd, a->diag))
    return false;
  if (stos_cmd_has_dtype(cmd.opcode)) {
    if (a->has_dtype && cmd.dtype != a->object->dtype)
      return fuse_line_error(line, line->at,
                             "a program is for one element type; expected that of "
                             "the commands before (M-NUM-1)");
    a->object->dtype = cmd.dtype;
    a->has_dtype = true;
  }
  size_t length = stos_encode(&cmd, bytes, &inner);
  if (length == 0)
    return fuse_diag_error(a->diag, line->place, "%s", inner.message);
  fuse_text_append(&a->text, (const char *)bytes, length);
  return a->text.length <= UINT32_MAX / 2 ||
         fuse_line_error(line, line->at, "more than 2 GiB of commands");
}

/* Length without the comment: a ; outside quotes. */
static size_t code_length(const char *s, size_t length) {
  bool quoted = false;
  for (size_t i = 0; i < length; i++) {
    if (s[i] == ';' && !quoted)
      return i;
    if (s[i] == '\\' && quoted)
      i++;
    else if (s[i] == '"')
      quoted = !quoted;
  }
  return length;
}

static bool take_lines(Assembler *a, const char *source, size_t length, const char *place) {
  FuseText line_place = {0};
  bool good = true;
  size_t number = 1;
  for (size_t at = 0; at < length && good; number++) {
    const char *newline = memchr(source + at, '\n', length - at);
    size_t n = newline ? (size_t)(newline - source) - at : length - at;
    line_place.length = 0;
    fuse_text_printf(&line_place, "%s:%zu", place, number);
    FuseLine line = fuse_line(source + at, code_length(source + at, n), line_place.data, a->diag);
    if (!fuse_line_at_end(&line))
      good = *line.at == '.' ? take_directive(a, &line) : take_command(a, &line);
    at += n + 1;
  }
  fuse_text_fini(&line_place);
  return good;
}

static bool finish(Assembler *a, const char *place, const StosTarget *target) {
  StosObject *object = a->object;
  StosProgram program;
  close_range(a);
  if (!a->has_target && !target)
    return fuse_diag_error(a->diag, place, "no target; expected a line .target, or --target");
  if (!a->has_target)
    object->target = *target;
  if (!a->has_dtype)
    object->dtype = FUSE_F32;
  object->text = fuse_memdup(a->arena, a->text.data, a->text.length);
  object->text_bytes = a->text.length;
  object->weights = fuse_memdup(a->arena, a->weights.data, a->weights.length);
  object->weights_bytes = a->weights.length;
  for (int which = 0; which < 2; which++)
    for (size_t i = 0; i < a->n_io[which]; i++)
      complete_io(a, &a->io[which][i]);
  object->inputs = a->io[0], object->n_inputs = (uint32_t)a->n_io[0];
  object->outputs = a->io[1], object->n_outputs = (uint32_t)a->n_io[1];
  object->host = a->host, object->n_host = (uint32_t)a->n_host;
  object->nodes = a->nodes, object->n_nodes = (uint32_t)a->n_nodes;
  object->ranges = a->ranges, object->n_ranges = (uint32_t)a->n_ranges;
  return stos_object_check(object, place, a->diag) &&
         stos_object_program(a->arena, object, place, &program, a->diag);
}

bool stos_object_assemble(FuseArena *arena, const char *source, size_t length, const char *place,
                          const StosTarget *target, StosObject *object, FuseDiag *diag) {
  Assembler a = {.arena = arena, .object = object, .diag = diag};
  *object = (StosObject){0};
  bool good = take_lines(&a, source, length, place) && finish(&a, place, target);
  fuse_text_fini(&a.text);
  fuse_text_fini(&a.weights);
  return good;
}
