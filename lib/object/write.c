// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/* write.c - an object to the bytes of a .stos file (docs/isa.md, section 3).
 *
 * needs: an object that stos_object_check takes
 * gives: the same bytes for equal objects; no clock, no path, no pointer order */
#include <string.h>

#include "object_private.h"

static void put8(FuseText *out, uint8_t v) {
  fuse_text_append(out, (const char *)&v, 1);
}

static void put16(FuseText *out, uint16_t v) {
  char bytes[2];
  fuse_put16(bytes, v);
  fuse_text_append(out, bytes, sizeof bytes);
}

static void put32(FuseText *out, uint32_t v) {
  char bytes[4];
  fuse_put32(bytes, v);
  fuse_text_append(out, bytes, sizeof bytes);
}

static void put64(FuseText *out, uint64_t v) {
  char bytes[8];
  fuse_put64(bytes, v);
  fuse_text_append(out, bytes, sizeof bytes);
}

/* Zeros up to a multiple of `alignment` bytes from `from`. */
static void put_padding(FuseText *out, size_t from, size_t alignment) {
  while ((out->length - from) % alignment)
    put8(out, 0);
}

static void put_string(FuseText *out, size_t from, const char *s) {
  size_t length = strlen(stos_string(s));
  put32(out, (uint32_t)length);
  fuse_text_append(out, stos_string(s), length);
  put_padding(out, from, 4);
}

/* ---- sections; each begins at `from` ---- */

static void put_text(FuseText *out, const StosObject *object, size_t from) {
  (void)from;
  fuse_text_append(out, (const char *)object->text, object->text_bytes);
}

static void put_weights(FuseText *out, const StosObject *object, size_t from) {
  (void)from;
  fuse_text_append(out, (const char *)object->weights, object->weights_bytes);
}

static void put_host(FuseText *out, const StosObject *object, size_t from) {
  for (uint32_t i = 0; i <= object->n_host; i++)
    put32(out, i ? 0 : object->n_host); /* the offsets are filled in below */
  for (uint32_t i = 0; i < object->n_host; i++) {
    const StosHostCall *call = &object->host[i];
    fuse_put32(out->data + from + 4 + 4 * (size_t)i, (uint32_t)(out->length - from));
    put32(out, call->kernel);
    put32(out, call->n_tensors);
    put32(out, call->n_words);
    for (uint32_t t = 0; t < call->n_tensors; t++) {
      put32(out, call->tensors[t].region);
      put64(out, call->tensors[t].offset_bytes);
      put64(out, call->tensors[t].size_bytes);
    }
    for (uint32_t w = 0; w < call->n_words; w++)
      put32(out, call->words[w]);
  }
}

static void put_packing(FuseText *out, const StosIo *io) {
  const uint8_t small[] = {io->kh, io->kw, io->stride_y, io->stride_x, io->dil_y, io->dil_x, 0, 0};
  fuse_text_append(out, (const char *)small, sizeof small);
  put32(out, (uint32_t)io->pad_top);
  put32(out, (uint32_t)io->pad_left);
  put32(out, io->out_lines);
  put32(out, io->out_pixels);
}

static void put_tensor(FuseText *out, const StosIo *io, size_t from) {
  uint32_t scale;
  memcpy(&scale, &io->scale, sizeof scale);
  put_string(out, from, io->name);
  put8(out, io->dtype);
  put8(out, io->machine_dtype);
  put8(out, (uint8_t)(io->layout | (io->channels_last ? STOS_LAYOUT_CHANNELS_LAST : 0)));
  put8(out, io->rank);
  for (int i = 0; i < io->rank; i++)
    put64(out, (uint64_t)io->shape[i]);
  put64(out, io->offset_bytes);
  put64(out, io->size_bytes);
  put32(out, scale);
  put32(out, (uint32_t)io->zero_point);
  if (io->layout == STOS_LAYOUT_PACKED)
    put_packing(out, io);
  if (io->layout != STOS_LAYOUT_PLAIN) {
    put32(out, io->line_pitch);
    put32(out, io->block_pitch);
  }
}

static void put_io(FuseText *out, const StosObject *object, size_t from) {
  put32(out, STOS_OBJECT_VERSION);
  put32(out, (uint32_t)object->io_bytes);
  put64(out, object->arena_bytes);
  put32(out, object->n_inputs);
  put32(out, object->n_outputs);
  for (uint32_t i = 0; i < object->n_inputs; i++)
    put_tensor(out, &object->inputs[i], from);
  for (uint32_t i = 0; i < object->n_outputs; i++)
    put_tensor(out, &object->outputs[i], from);
}

static void put_debug(FuseText *out, const StosObject *object, size_t from) {
  put32(out, STOS_OBJECT_VERSION);
  put32(out, object->n_nodes);
  for (uint32_t i = 0; i < object->n_nodes; i++) {
    put_string(out, from, object->nodes[i].name);
    put_string(out, from, object->nodes[i].op);
    put_string(out, from, object->nodes[i].mapping);
    put64(out, object->nodes[i].macs);
    put64(out, object->nodes[i].bound_cycles);
  }
  put32(out, object->n_ranges);
  for (uint32_t i = 0; i < object->n_ranges; i++) {
    put32(out, object->ranges[i].begin);
    put32(out, object->ranges[i].end);
    put32(out, object->ranges[i].node);
  }
}

/* An ELF note: sizes of name and content, type, name, content. */
static void put_note(FuseText *out, const StosObject *object, size_t from) {
  uint8_t hash[STOS_HASH_BYTES];
  stos_target_hash(&object->target, hash);
  put32(out, sizeof "STOS");
  put32(out, 0); /* filled in below */
  put32(out, STOS_NOTE_TYPE);
  fuse_text_append(out, "STOS\0\0\0", 8);
  size_t begin = out->length;
  put32(out, STOS_OBJECT_VERSION);
  put32(out, STOS_N_TARGET_FIELDS);
#define X(field, smallest, largest) put32(out, object->target.field);
  STOS_TARGET_FIELDS(X)
#undef X
  put_string(out, begin, object->target.name);
  fuse_text_append(out, (const char *)hash, sizeof hash);
  put_string(out, begin, object->compiler);
  put_string(out, begin, object->flags);
  fuse_text_append(out, (const char *)object->model_hash, sizeof object->model_hash);
  put8(out, object->dtype);
  put8(out, object->allow_reassociation);
  put16(out, 0);
  fuse_put32(out->data + from + 4, (uint32_t)(out->length - begin));
}

static void put_names(FuseText *out, const StosObject *object, size_t from) {
  (void)object, (void)from;
  put8(out, 0);
  for (int s = STOS_SECTION_TEXT; s < STOS_N_SECTIONS; s++)
    fuse_text_append(out, stos_sections[s].name, strlen(stos_sections[s].name) + 1);
}

/* ---- the file ---- */

static void put_elf_header(FuseText *out) {
  static const uint8_t ident[16] = {0x7f, 'E', 'L', 'F', 2 /* 64 bits */, 1 /* little */, 1};
  fuse_text_append(out, (const char *)ident, sizeof ident);
  put16(out, 1); /* ET_REL */
  put16(out, 0); /* machine: none */
  put32(out, 1);
  put64(out, 0); /* entry */
  put64(out, 0); /* program headers */
  put64(out, 0); /* section headers: filled in at the end */
  put32(out, 0);
  put16(out, STOS_ELF_HEADER_BYTES);
  put16(out, 0);
  put16(out, 0);
  put16(out, STOS_ELF_SECTION_BYTES);
  put16(out, STOS_N_SECTIONS);
  put16(out, STOS_SECTION_SHSTRTAB);
}

static void put_section_headers(FuseText *out, const size_t *begin, const size_t *size) {
  uint32_t name = 1;
  for (int i = 0; i < STOS_ELF_SECTION_BYTES; i++)
    put8(out, 0); /* section 0 */
  for (int s = STOS_SECTION_TEXT; s < STOS_N_SECTIONS; s++) {
    put32(out, name);
    put32(out, stos_sections[s].type);
    put64(out, stos_sections[s].flags);
    put64(out, 0); /* address */
    put64(out, begin[s]);
    put64(out, size[s]);
    put32(out, 0);
    put32(out, 0);
    put64(out, stos_sections[s].alignment);
    put64(out, 0);
    name += (uint32_t)strlen(stos_sections[s].name) + 1;
  }
}

bool stos_object_write(const StosObject *object, FuseText *out, FuseDiag *diag) {
  static void (*const put[STOS_N_SECTIONS])(FuseText *, const StosObject *, size_t) = {
      [STOS_SECTION_TEXT] = put_text,     [STOS_SECTION_WEIGHTS] = put_weights,
      [STOS_SECTION_HOST] = put_host,     [STOS_SECTION_IO] = put_io,
      [STOS_SECTION_DEBUG] = put_debug,   [STOS_SECTION_NOTE] = put_note,
      [STOS_SECTION_SHSTRTAB] = put_names};
  if (!stos_object_check(object, "", diag))
    return false;
  size_t begin[STOS_N_SECTIONS] = {0}, size[STOS_N_SECTIONS] = {0}, start = out->length;
  put_elf_header(out);
  for (int s = STOS_SECTION_TEXT; s < STOS_N_SECTIONS; s++) {
    put_padding(out, start, stos_sections[s].alignment);
    begin[s] = out->length - start;
    put[s](out, object, out->length);
    size[s] = out->length - start - begin[s];
  }
  put_padding(out, start, 8);
  fuse_put64(out->data + start + 40, out->length - start); /* e_shoff */
  put_section_headers(out, begin, size);
  return true;
}
