// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/* read.c - the bytes of a .stos file to an object (docs/isa.md, section 3). Trusts nothing.
 *
 * needs: any bytes
 * gives: an object that stos_object_check takes, or one error that names the section */
#include <inttypes.h>
#include <string.h>

#include "fuse/file.h"
#include "object_private.h"

/* Bytes of a section that are left. After the first failure everything reads as zero. */
typedef struct Reader {
  const uint8_t *start, *at, *end;
  const char *section, *place;
  FuseArena *arena;
  FuseDiag *diag;
  bool failed;
} Reader;

FUSE_PRINTF(2, 3)
static bool fail(Reader *r, const char *format, ...) {
  FuseText text = {0};
  va_list args;
  va_start(args, format);
  fuse_text_vprintf(&text, format, args);
  va_end(args);
  if (!r->failed)
    fuse_diag_error(r->diag, r->place, "section %s, byte %td: %s", r->section, r->at - r->start,
                    text.data);
  fuse_text_fini(&text);
  r->failed = true;
  return false;
}

static size_t left(const Reader *r) {
  return (size_t)(r->end - r->at);
}

/* The next n bytes; NULL when there are fewer. */
static const uint8_t *take(Reader *r, size_t n) {
  if (r->failed || left(r) < n) {
    fail(r, "%zu bytes are left; expected %zu", left(r), n);
    return NULL;
  }
  r->at += n;
  return r->at - n;
}

static uint8_t get8(Reader *r) {
  const uint8_t *at = take(r, 1);
  return at ? *at : 0;
}

static uint16_t get16(Reader *r) {
  const uint8_t *at = take(r, 2);
  return at ? fuse_get16(at) : 0;
}

static uint32_t get32(Reader *r) {
  const uint8_t *at = take(r, 4);
  return at ? fuse_get32(at) : 0;
}

static uint64_t get64(Reader *r) {
  const uint8_t *at = take(r, 8);
  return at ? fuse_get64(at) : 0;
}

/* A count of records that take at least record_bytes each: so much memory and no more. */
static uint32_t get_count(Reader *r, const char *what, size_t record_bytes) {
  uint32_t n = get32(r);
  if (!r->failed && n > left(r) / record_bytes)
    fail(r, "%" PRIu32 " %s; expected at most %zu in the bytes that are left", n, what,
         left(r) / record_bytes);
  return r->failed ? 0 : n;
}

static void get_zeros(Reader *r, size_t n) {
  const uint8_t *at = take(r, n);
  for (size_t i = 0; at && i < n; i++)
    if (at[i])
      fail(r, "padding byte 0x%02x; expected 0", at[i]);
}

static const char *get_string(Reader *r) {
  uint32_t length = get32(r);
  const uint8_t *at = take(r, length);
  if (!at)
    return "";
  get_zeros(r, (size_t)(-(r->at - r->start) & 3));
  if (!fuse_utf8_valid((const char *)at, length)) {
    fail(r, "a string of %" PRIu32 " bytes isn't UTF-8 without NUL", length);
    return "";
  }
  return fuse_strndup(r->arena, (const char *)at, length);
}

static void get_version(Reader *r) {
  uint32_t version = get32(r);
  if (!r->failed && version != STOS_OBJECT_VERSION)
    fail(r, "version %" PRIu32 "; expected %d", version, STOS_OBJECT_VERSION);
}

static bool at_end(Reader *r) {
  if (!r->failed && left(r))
    fail(r, "%zu bytes behind the last record", left(r));
  return !r->failed;
}

/* ---- sections ---- */

static bool get_target(Reader *r, StosObject *object) {
  uint8_t hash[STOS_HASH_BYTES];
  uint32_t n = get32(r);
  if (!r->failed && n != STOS_N_TARGET_FIELDS)
    return fail(r, "%" PRIu32 " target fields; expected %d", n, STOS_N_TARGET_FIELDS);
#define X(field, smallest, largest) object->target.field = get32(r);
  STOS_TARGET_FIELDS(X)
#undef X
  const char *name = get_string(r);
  if (strlen(name) >= sizeof object->target.name)
    return fail(r, "a target name of %zu bytes; expected less than %zu", strlen(name),
                sizeof object->target.name);
  memcpy(object->target.name, name, strlen(name) + 1);
  const uint8_t *found = take(r, sizeof hash);
  stos_target_hash(&object->target, hash);
  if (found && memcmp(found, hash, sizeof hash) != 0)
    return fail(r, "the target's hash doesn't match its fields");
  return !r->failed;
}

static bool get_note(Reader *r, StosObject *object) {
  static const char name[8] = "STOS";
  uint32_t name_bytes = get32(r), size = get32(r), type = get32(r);
  const uint8_t *found = take(r, sizeof name);
  if (!found)
    return false;
  if (name_bytes != sizeof "STOS" || memcmp(found, name, sizeof name) != 0 ||
      type != STOS_NOTE_TYPE || size != left(r))
    return fail(r, "expected one note STOS of type %d over the whole section", STOS_NOTE_TYPE);
  r->start = r->at; /* strings are padded from here */
  get_version(r);
  if (r->failed || !get_target(r, object))
    return false;
  object->compiler = get_string(r);
  object->flags = get_string(r);
  const uint8_t *model = take(r, STOS_HASH_BYTES);
  if (model)
    memcpy(object->model_hash, model, STOS_HASH_BYTES);
  object->dtype = get8(r);
  uint8_t reassociation = get8(r);
  if (reassociation > 1)
    return fail(r, "allow-reassociation = %d; expected 0 or 1", reassociation);
  object->allow_reassociation = reassociation;
  if (get16(r))
    return fail(r, "padding isn't 0");
  return at_end(r);
}

static void get_packing(Reader *r, StosIo *io) {
  io->kh = get8(r);
  io->kw = get8(r);
  io->stride_y = get8(r);
  io->stride_x = get8(r);
  io->dil_y = get8(r);
  io->dil_x = get8(r);
  get_zeros(r, 2);
  io->pad_top = (int32_t)get32(r);
  io->pad_left = (int32_t)get32(r);
  io->out_lines = get32(r);
  io->out_pixels = get32(r);
}

static void get_tensor(Reader *r, StosIo *io) {
  io->name = get_string(r);
  io->dtype = get8(r);
  io->machine_dtype = get8(r);
  uint8_t layout = get8(r);
  io->layout = layout & ~STOS_LAYOUT_CHANNELS_LAST;
  io->channels_last = (layout & STOS_LAYOUT_CHANNELS_LAST) != 0;
  io->rank = get8(r);
  if (io->rank > FUSE_MAX_RANK) {
    fail(r, "rank %d; expected at most %d", io->rank, FUSE_MAX_RANK);
    return;
  }
  for (int i = 0; i < io->rank; i++)
    io->shape[i] = (int64_t)get64(r);
  io->offset_bytes = get64(r);
  io->size_bytes = get64(r);
  uint32_t scale = get32(r);
  memcpy(&io->scale, &scale, sizeof scale);
  io->zero_point = (int32_t)get32(r);
  if (io->layout == STOS_LAYOUT_PACKED)
    get_packing(r, io);
  if (io->layout != STOS_LAYOUT_PLAIN) {
    io->line_pitch = get32(r);
    io->block_pitch = get32(r);
  }
}

static const StosIo *get_tensors(Reader *r, uint32_t n) {
  StosIo *list = fuse_alloc_array(r->arena, n, sizeof *list);
  for (uint32_t i = 0; i < n && !r->failed; i++)
    get_tensor(r, &list[i]);
  return list;
}

static bool get_io(Reader *r, StosObject *object) {
  enum { RECORD_BYTES = 4 + 4 + 16 + 8 };
  get_version(r);
  object->io_bytes = get32(r);
  object->arena_bytes = get64(r);
  object->n_inputs = get_count(r, "inputs", RECORD_BYTES);
  object->n_outputs = get_count(r, "outputs", RECORD_BYTES);
  object->inputs = get_tensors(r, object->n_inputs);
  object->outputs = get_tensors(r, object->n_outputs);
  return at_end(r);
}

static void get_call(Reader *r, StosHostCall *call) {
  enum { TENSOR_BYTES = 20, WORD_BYTES = 4 };
  call->kernel = get32(r);
  call->n_tensors = get_count(r, "tensors", TENSOR_BYTES);
  call->n_words = get_count(r, "parameter words", WORD_BYTES);
  StosHostTensor *tensors = fuse_alloc_array(r->arena, call->n_tensors, sizeof *tensors);
  uint32_t *words = fuse_alloc_array(r->arena, call->n_words, sizeof *words);
  for (uint32_t i = 0; i < call->n_tensors; i++) {
    tensors[i].region = get32(r);
    tensors[i].offset_bytes = get64(r);
    tensors[i].size_bytes = get64(r);
  }
  for (uint32_t i = 0; i < call->n_words; i++)
    words[i] = get32(r);
  call->tensors = tensors;
  call->words = words;
}

static bool get_host(Reader *r, StosObject *object) {
  enum { RECORD_BYTES = 4 + 12 };
  uint32_t n = get_count(r, "host calls", RECORD_BYTES);
  const uint8_t *offsets = take(r, 4 * (size_t)n);
  StosHostCall *calls = fuse_alloc_array(r->arena, n, sizeof *calls);
  for (uint32_t i = 0; i < n && !r->failed; i++) {
    if (fuse_get32(offsets + 4 * (size_t)i) != (size_t)(r->at - r->start))
      return fail(r, "host call %" PRIu32 " is said to be at %" PRIu32 "; expected it here", i,
                  fuse_get32(offsets + 4 * (size_t)i));
    get_call(r, &calls[i]);
  }
  object->host = calls;
  object->n_host = n;
  return at_end(r);
}

static bool get_debug(Reader *r, StosObject *object) {
  enum { NODE_BYTES = 12 + 16, RANGE_BYTES = 12 };
  get_version(r);
  object->n_nodes = get_count(r, "nodes", NODE_BYTES);
  StosNode *nodes = fuse_alloc_array(r->arena, object->n_nodes, sizeof *nodes);
  for (uint32_t i = 0; i < object->n_nodes && !r->failed; i++) {
    nodes[i].name = get_string(r);
    nodes[i].op = get_string(r);
    nodes[i].mapping = get_string(r);
    nodes[i].macs = get64(r);
    nodes[i].bound_cycles = get64(r);
  }
  object->n_ranges = get_count(r, "ranges", RANGE_BYTES);
  StosRange *ranges = fuse_alloc_array(r->arena, object->n_ranges, sizeof *ranges);
  for (uint32_t i = 0; i < object->n_ranges; i++) {
    ranges[i].begin = get32(r);
    ranges[i].end = get32(r);
    ranges[i].node = get32(r);
  }
  object->nodes = nodes;
  object->ranges = ranges;
  return at_end(r);
}

/* ---- ELF ---- */

static bool check_elf_header(const StosElf *elf) {
  static const uint8_t ident[16] = {0x7f, 'E', 'L', 'F', 2, 1, 1};
  const uint8_t *b = elf->bytes;
  if (elf->size_bytes < 4 || memcmp(b, ident, 4) != 0)
    return fuse_diag_error(elf->diag, elf->place,
                           "%s; expected a .stos object, which fusec makes of a network",
                           fuse_bytes_kind(b, elf->size_bytes));
  if (elf->size_bytes < STOS_ELF_HEADER_BYTES)
    return fuse_diag_error(elf->diag, elf->place, "%zu bytes; expected an ELF header of %d",
                           elf->size_bytes, STOS_ELF_HEADER_BYTES);
  if (memcmp(b, ident, sizeof ident) != 0 || fuse_get16(b + 16) != 1 || fuse_get16(b + 18) != 0)
    return fuse_diag_error(elf->diag, elf->place,
                           "another kind of ELF file; expected a .stos object: 64 bits, little-"
                           "endian, relocatable, machine 0");
  bool good = fuse_get32(b + 20) == 1 && fuse_get64(b + 24) == 0 && fuse_get64(b + 32) == 0 &&
              fuse_get32(b + 48) == 0 && fuse_get16(b + 52) == STOS_ELF_HEADER_BYTES &&
              fuse_get16(b + 54) == 0 && fuse_get16(b + 56) == 0 &&
              fuse_get16(b + 58) == STOS_ELF_SECTION_BYTES;
  if (!good)
    return fuse_diag_error(elf->diag, elf->place, "damaged ELF header");
  if (fuse_get16(b + 60) != STOS_N_SECTIONS || fuse_get16(b + 62) != STOS_SECTION_SHSTRTAB)
    return fuse_diag_error(
        elf->diag, elf->place, "%d sections, names in section %d; expected %d and %d",
        fuse_get16(b + 60), fuse_get16(b + 62), STOS_N_SECTIONS, STOS_SECTION_SHSTRTAB);
  return true;
}

/* Where section s lies; sections must follow each other in the file. */
static bool find_section(StosElf *elf, const uint8_t *header, int s, uint64_t *before) {
  const StosSectionInfo *info = &stos_sections[s];
  uint64_t offset = fuse_get64(header + 24), size = fuse_get64(header + 32);
  bool good = fuse_get32(header + 4) == info->type && fuse_get64(header + 8) == info->flags &&
              fuse_get64(header + 16) == 0 && fuse_get64(header + 40) == 0 &&
              fuse_get64(header + 48) == info->alignment && fuse_get64(header + 56) == 0;
  if (!good)
    return fuse_diag_error(elf->diag, elf->place,
                           "section %d: type, flags or alignment aren't those of %s", s,
                           info->name);
  if (offset % info->alignment || offset < *before || offset > elf->size_bytes ||
      size > elf->size_bytes - offset)
    return fuse_diag_error(elf->diag, elf->place,
                           "section %s: %" PRIu64 " bytes at %" PRIu64
                           "; expected alignment %" PRIu32 ", after byte %" PRIu64
                           " and inside the file of %zu bytes",
                           info->name, size, offset, info->alignment, *before, elf->size_bytes);
  elf->section[s] = elf->bytes + offset;
  elf->section_bytes[s] = (size_t)size;
  *before = offset + size;
  return true;
}

/* The names, as the writer puts them: a NUL, then each with its NUL in order. */
static bool check_section_names(const StosElf *elf, const uint8_t *header) {
  const char *names = (const char *)elf->section[STOS_SECTION_SHSTRTAB];
  size_t size = elf->section_bytes[STOS_SECTION_SHSTRTAB], at = 1;
  if (size == 0 || names[0])
    return fuse_diag_error(elf->diag, elf->place, "damaged names of sections");
  for (int s = STOS_SECTION_TEXT; s < STOS_N_SECTIONS; s++) {
    size_t length = strlen(stos_sections[s].name) + 1;
    if (fuse_get32(header + s * STOS_ELF_SECTION_BYTES) != at || size - at < length ||
        memcmp(names + at, stos_sections[s].name, length) != 0)
      return fuse_diag_error(elf->diag, elf->place, "section %d has another name; expected %s", s,
                             stos_sections[s].name);
    at += length;
  }
  return at == size || fuse_diag_error(elf->diag, elf->place,
                                       "%zu bytes behind the names of sections", size - at);
}

static bool find_sections(StosElf *elf) {
  uint64_t table = fuse_get64(elf->bytes + 40), before = STOS_ELF_HEADER_BYTES;
  const size_t table_bytes = STOS_N_SECTIONS * STOS_ELF_SECTION_BYTES;
  if (table % 8 || table > elf->size_bytes || table_bytes > elf->size_bytes - table)
    return fuse_diag_error(elf->diag, elf->place,
                           "section headers at byte %" PRIu64
                           "; expected a multiple of 8 inside the file of %zu bytes",
                           table, elf->size_bytes);
  const uint8_t *header = elf->bytes + table;
  for (int i = 0; i < STOS_ELF_SECTION_BYTES; i++)
    if (header[i])
      return fuse_diag_error(elf->diag, elf->place, "section 0 isn't empty");
  for (int s = STOS_SECTION_TEXT; s < STOS_N_SECTIONS; s++)
    if (!find_section(elf, header + s * STOS_ELF_SECTION_BYTES, s, &before))
      return false;
  return check_section_names(elf, header);
}

bool stos_elf_open(StosElf *elf, const uint8_t *bytes, size_t size_bytes, const char *place,
                   FuseDiag *diag) {
  *elf = (StosElf){.bytes = bytes, .size_bytes = size_bytes, .place = place, .diag = diag};
  return check_elf_header(elf) && find_sections(elf);
}

bool stos_object_read(FuseArena *arena, const uint8_t *bytes, size_t size_bytes, const char *place,
                      StosObject *object, FuseDiag *diag) {
  StosElf elf;
  static const struct {
    StosSection section;
    bool (*get)(Reader *, StosObject *);
  } readers[] = {{STOS_SECTION_NOTE, get_note},
                 {STOS_SECTION_IO, get_io},
                 {STOS_SECTION_HOST, get_host},
                 {STOS_SECTION_DEBUG, get_debug}};
  *object = (StosObject){0};
  if (!stos_elf_open(&elf, bytes, size_bytes, place, diag))
    return false;
  for (size_t i = 0; i < FUSE_COUNTOF(readers); i++) {
    const uint8_t *start = elf.section[readers[i].section];
    Reader r = {.start = start,
                .at = start,
                .end = start + elf.section_bytes[readers[i].section],
                .section = stos_sections[readers[i].section].name,
                .place = place,
                .arena = arena,
                .diag = diag};
    if (!readers[i].get(&r, object))
      return false;
  }
  object->text = elf.section[STOS_SECTION_TEXT];
  object->text_bytes = elf.section_bytes[STOS_SECTION_TEXT];
  object->weights = elf.section[STOS_SECTION_WEIGHTS];
  object->weights_bytes = elf.section_bytes[STOS_SECTION_WEIGHTS];
  return stos_object_check(object, place, diag);
}
