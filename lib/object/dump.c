// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/* dump.c - sections of an object as tables for people. */
#include <inttypes.h>
#include <string.h>

#include "object_private.h"

bool stos_object_dump_sections(const uint8_t *bytes, size_t size_bytes, const char *place,
                               FuseText *out, FuseDiag *diag) {
  StosElf elf;
  if (!stos_elf_open(&elf, bytes, size_bytes, place, diag))
    return false;
  fuse_text_printf(out, "%-14s %12s %12s %9s\n", "section", "offset", "bytes", "alignment");
  for (int s = STOS_SECTION_TEXT; s < STOS_N_SECTIONS; s++)
    fuse_text_printf(out, "%-14s %12td %12zu %9" PRIu32 "\n", stos_sections[s].name,
                     elf.section[s] - bytes, elf.section_bytes[s], stos_sections[s].alignment);
  return true;
}

static void dump_tensor(const char *what, const StosIo *io, FuseText *out) {
  fuse_text_printf(out, "%s ", what);
  stos_text_quoted(out, io->name);
  fuse_text_puts(out, ": ");
  stos_text_shape(out, io);
  fuse_text_printf(out, " %s; %s %s, bytes %" PRIu64 " to %" PRIu64,
                   fuse_dtype_name((FuseDtype)io->dtype),
                   fuse_dtype_name((FuseDtype)io->machine_dtype), stos_layout_name(io->layout),
                   io->offset_bytes, io->offset_bytes + io->size_bytes);
  if (io->channels_last)
    fuse_text_puts(out, ", channels last");
  if (io->layout != STOS_LAYOUT_PLAIN)
    fuse_text_printf(out, ", pitches %" PRIu32 " and %" PRIu32 " words", io->line_pitch,
                     io->block_pitch);
  if (io->layout == STOS_LAYOUT_PACKED)
    fuse_text_printf(out,
                     ", kernel %dx%d, stride %dx%d, dilation %dx%d, pads %" PRId32 " and %" PRId32
                     ", output %" PRIu32 "x%" PRIu32,
                     io->kh, io->kw, io->stride_y, io->stride_x, io->dil_y, io->dil_x, io->pad_top,
                     io->pad_left, io->out_lines, io->out_pixels);
  if (io->scale == 0 && io->zero_point != 0)
    fuse_text_printf(out, ", pads of %" PRId32, io->zero_point);
  if (io->scale != 0)
    fuse_text_printf(out, ", scale %.9g, zero point %" PRId32, (double)io->scale, io->zero_point);
  fuse_text_puts(out, "\n");
}

static void dump_io(const StosObject *object, FuseText *out) {
  for (int r = 0; r < STOS_N_REGIONS; r++)
    fuse_text_printf(out, "region %s: %" PRIu64 " bytes\n", stos_region_name(r),
                     stos_region_bytes(object, r));
  for (uint32_t i = 0; i < object->n_inputs; i++)
    dump_tensor("input", &object->inputs[i], out);
  for (uint32_t i = 0; i < object->n_outputs; i++)
    dump_tensor("output", &object->outputs[i], out);
}

static void dump_note(const StosObject *object, FuseText *out) {
  static const uint8_t none[STOS_HASH_BYTES];
  uint8_t hash[STOS_HASH_BYTES];
  stos_target_hash(&object->target, hash);
  fuse_text_printf(out, "format: %d\ntarget: %s\ntarget hash: ", STOS_OBJECT_VERSION,
                   object->target.name);
  stos_text_hex(out, hash, sizeof hash);
  fuse_text_puts(out, "\n");
#define X(field, smallest, largest)                                                                \
  fuse_text_printf(out, "  " #field " = %" PRIu32 "\n", object->target.field);
  STOS_TARGET_FIELDS(X)
#undef X
  fuse_text_printf(
      out, "datapath: %s\nreassociation: %s\ncompiler: ", fuse_dtype_name((FuseDtype)object->dtype),
      object->allow_reassociation ? "allowed" : "no");
  stos_text_quoted(out, stos_string(object->compiler));
  fuse_text_puts(out, "\nflags: ");
  stos_text_quoted(out, stos_string(object->flags));
  fuse_text_puts(out, "\nmodel: ");
  if (memcmp(object->model_hash, none, sizeof none) == 0)
    fuse_text_puts(out, "none");
  else
    stos_text_hex(out, object->model_hash, STOS_HASH_BYTES);
  fuse_text_puts(out, "\n");
}

static void dump_debug(const StosObject *object, FuseText *out) {
  for (uint32_t i = 0; i < object->n_nodes; i++) {
    const StosNode *node = &object->nodes[i];
    fuse_text_printf(out, "node %" PRIu32 ": ", i);
    stos_text_quoted(out, node->name);
    fuse_text_puts(out, " ");
    stos_text_quoted(out, stos_string(node->op));
    fuse_text_puts(out, " ");
    stos_text_quoted(out, stos_string(node->mapping));
    fuse_text_printf(out, " %" PRIu64 " MACs, bound %" PRIu64 " cycles\n", node->macs,
                     node->bound_cycles);
  }
  for (uint32_t i = 0; i < object->n_ranges; i++)
    fuse_text_printf(out, "bytes 0x%" PRIx32 " to 0x%" PRIx32 ": node %" PRIu32 "\n",
                     object->ranges[i].begin, object->ranges[i].end, object->ranges[i].node);
}

static void dump_host(const StosObject *object, FuseText *out) {
  for (uint32_t i = 0; i < object->n_host; i++) {
    const StosHostCall *call = &object->host[i];
    const char *name = stos_kernel_name(call->kernel);
    fuse_text_printf(out, "call %" PRIu32 ": kernel %" PRIu32 " (%s)\n", i, call->kernel,
                     name ? name : "unknown");
    for (uint32_t t = 0; t < call->n_tensors; t++)
      fuse_text_printf(out, "  tensor %" PRIu32 ": %s, bytes %" PRIu64 " to %" PRIu64 "\n", t,
                       stos_region_name((int)call->tensors[t].region),
                       call->tensors[t].offset_bytes,
                       call->tensors[t].offset_bytes + call->tensors[t].size_bytes);
    fuse_text_puts(out, "  words:");
    for (uint32_t w = 0; w < call->n_words; w++)
      fuse_text_printf(out, " 0x%" PRIx32, call->words[w]);
    fuse_text_puts(out, "\n");
  }
}

bool stos_object_dump(const StosObject *object, const char *section, FuseText *out) {
  static const struct {
    const char *name;
    void (*dump)(const StosObject *, FuseText *);
  } dumps[] = {{"io", dump_io}, {"note", dump_note}, {"debug", dump_debug}, {"host", dump_host}};
  for (size_t i = 0; i < FUSE_COUNTOF(dumps); i++)
    if (strcmp(section, dumps[i].name) == 0) {
      dumps[i].dump(object, out);
      return true;
    }
  return false;
}
