// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/* list.c - an object as assembly source (docs/isa.md, section 2): disassembly.
 *
 * needs: an object whose commands decode
 * gives: source that assembles to the same object */
#include <inttypes.h>
#include <string.h>

#include "object_private.h"

enum { HEX_BYTES = 32 }; /* of weights in a line */

static void print_target(const StosTarget *target, FuseText *out) {
  StosTarget preset;
  uint8_t hash[STOS_HASH_BYTES], preset_hash[STOS_HASH_BYTES];
  stos_target_hash(target, hash);
  if (stos_target_preset(target->name, &preset)) {
    stos_target_hash(&preset, preset_hash);
    if (memcmp(hash, preset_hash, sizeof hash) == 0) {
      fuse_text_printf(out, ".target %s\n", target->name);
      return;
    }
  }
  fuse_text_printf(out, ".target \"%s\"", target->name);
#define X(field, smallest, largest) fuse_text_printf(out, " " #field "=%" PRIu32, target->field);
  STOS_TARGET_FIELDS(X)
#undef X
  fuse_text_puts(out, "\n");
}

void stos_text_hex(FuseText *text, const uint8_t *bytes, size_t n) {
  static const char digits[] = "0123456789abcdef";
  for (size_t i = 0; i < n; i++) {
    char hex[2] = {digits[bytes[i] >> 4], digits[bytes[i] & 15]};
    fuse_text_append(text, hex, sizeof hex);
  }
}

static void print_note(const StosObject *object, FuseText *out) {
  static const uint8_t none[STOS_HASH_BYTES];
  print_target(&object->target, out);
  fuse_text_printf(out, ".datapath %s\n", fuse_dtype_name((FuseDtype)object->dtype));
  if (object->allow_reassociation)
    fuse_text_puts(out, ".reassociation\n");
  fuse_text_puts(out, ".compiler ");
  stos_text_quoted(out, stos_string(object->compiler));
  fuse_text_puts(out, " ");
  stos_text_quoted(out, stos_string(object->flags));
  fuse_text_puts(out, "\n");
  if (memcmp(object->model_hash, none, sizeof none) != 0) {
    fuse_text_puts(out, ".model ");
    stos_text_hex(out, object->model_hash, STOS_HASH_BYTES);
    fuse_text_puts(out, "\n");
  }
}

static void print_io(const char *directive, const StosIo *io, FuseText *out) {
  fuse_text_printf(out, "%s ", directive);
  stos_text_quoted(out, io->name);
  fuse_text_printf(out, " %s ", fuse_dtype_name((FuseDtype)io->dtype));
  stos_text_shape(out, io);
  fuse_text_printf(out, " %s %" PRIu64 " bytes=%" PRIu64 " machine=%s",
                   stos_layout_name(io->layout), io->offset_bytes, io->size_bytes,
                   fuse_dtype_name((FuseDtype)io->machine_dtype));
  if (io->scale != 0) {
    uint32_t bits;
    memcpy(&bits, &io->scale, sizeof bits);
    fuse_text_puts(out, " scale=");
    stos_print_f32(out, bits);
  }
  if (io->scale != 0 || io->zero_point != 0)
    fuse_text_printf(out, " zero=%" PRId32, io->zero_point);
  if (io->channels_last)
    fuse_text_puts(out, " channels_last=1");
  if (io->layout != STOS_LAYOUT_PLAIN)
    fuse_text_printf(out, " line=%" PRIu32 " block=%" PRIu32, io->line_pitch, io->block_pitch);
#define X(field, type) fuse_text_printf(out, " " #field "=%" PRId64, (int64_t)io->field);
  if (io->layout == STOS_LAYOUT_PACKED) {
    STOS_PACKING_FIELDS(X)
  }
#undef X
  fuse_text_puts(out, "\n");
}

static void print_host(const StosHostCall *call, FuseText *out) {
  const char *name = stos_kernel_name(call->kernel);
  if (name)
    fuse_text_printf(out, ".host %s [", name);
  else
    fuse_text_printf(out, ".host %" PRIu32 " [", call->kernel);
  for (uint32_t i = 0; i < call->n_tensors; i++)
    fuse_text_printf(out, "%s%s:%" PRIu64 ":%" PRIu64, i ? ", " : "",
                     stos_region_name((int)call->tensors[i].region), call->tensors[i].offset_bytes,
                     call->tensors[i].size_bytes);
  fuse_text_puts(out, "] [");
  for (uint32_t i = 0; i < call->n_words; i++)
    fuse_text_printf(out, "%s%" PRIu32, i ? ", " : "", call->words[i]);
  fuse_text_puts(out, "]\n");
}

static void print_weights(const StosObject *object, bool with_weights, FuseText *out) {
  if (object->weights_bytes && !with_weights)
    fuse_text_printf(out, ".zero %zu ; weights are left out\n", object->weights_bytes);
  for (size_t at = 0; with_weights && at < object->weights_bytes; at += HEX_BYTES) {
    size_t left = object->weights_bytes - at;
    fuse_text_puts(out, ".weights hex ");
    stos_text_hex(out, object->weights + at, left < HEX_BYTES ? left : HEX_BYTES);
    fuse_text_puts(out, "\n");
  }
}

/* Every node once, in order; commands name them later. */
static void print_nodes(const StosObject *object, FuseText *out) {
  for (uint32_t i = 0; i < object->n_nodes; i++) {
    const StosNode *node = &object->nodes[i];
    fuse_text_puts(out, ".node ");
    stos_text_quoted(out, node->name);
    fuse_text_puts(out, " ");
    stos_text_quoted(out, stos_string(node->op));
    fuse_text_puts(out, " ");
    stos_text_quoted(out, stos_string(node->mapping));
    fuse_text_printf(out, " macs=%" PRIu64 " bound=%" PRIu64 "\n", node->macs, node->bound_cycles);
  }
  if (object->n_nodes)
    fuse_text_puts(out, ".node\n");
}

static void print_commands(const StosObject *object, const StosProgram *program, FuseText *out) {
  uint32_t next = 0; /* range that is open or comes next */
  for (size_t i = 0; i < program->n; i++) {
    uint32_t at = program->offsets[i];
    if (next < object->n_ranges && at == object->ranges[next].end) {
      next++;
      if (next == object->n_ranges || object->ranges[next].begin != at)
        fuse_text_puts(out, ".node\n");
    }
    const StosNode *node = NULL;
    if (next < object->n_ranges && at >= object->ranges[next].begin)
      node = &object->nodes[object->ranges[next].node];
    if (node && at == object->ranges[next].begin) {
      fuse_text_puts(out, ".node ");
      stos_text_quoted(out, node->name);
      fuse_text_puts(out, "\n");
    }
    stos_print(out, &program->cmds[i]);
    fuse_text_printf(out, " ; 0x%" PRIx32 "%s", at, node ? " " : "");
    if (node)
      fuse_text_escaped(out, node->name, strlen(node->name));
    fuse_text_puts(out, "\n");
  }
}

bool stos_object_disassemble(const StosObject *object, const char *place, bool with_weights,
                             FuseText *out, FuseDiag *diag) {
  FuseArena arena = {0};
  StosProgram program;
  bool good = stos_object_program(&arena, object, place, &program, diag);
  if (good) {
    print_note(object, out);
    fuse_text_printf(out, ".arena %" PRIu64 "\n.io %" PRIu64 "\n", object->arena_bytes,
                     object->io_bytes);
    for (uint32_t i = 0; i < object->n_inputs; i++)
      print_io(".input", &object->inputs[i], out);
    for (uint32_t i = 0; i < object->n_outputs; i++)
      print_io(".output", &object->outputs[i], out);
    for (uint32_t i = 0; i < object->n_host; i++)
      print_host(&object->host[i], out);
    print_weights(object, with_weights, out);
    print_nodes(object, out);
    print_commands(object, &program, out);
  }
  fuse_arena_fini(&arena);
  return good;
}
