// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/* tables.c - isa.def as the tables of docs/isa.md, section 4. */
#include <inttypes.h>

#include "isa_private.h"

static const char *const queues[] = {[STOS_QUEUE_LOAD] = "load queue",
                                     [STOS_QUEUE_ARRAY] = "array queue",
                                     [STOS_QUEUE_VECTOR] = "vector queue",
                                     [STOS_QUEUE_STORE] = "store queue",
                                     [STOS_QUEUE_CONTROL] = "no queue of its own"};

static void print_field(FuseText *out, const StosField *field, int block, bool first) {
  if (first)
    fuse_text_printf(out, "| %d %s", block, field->block);
  else
    fuse_text_puts(out, "|");
  fuse_text_printf(out, " | `%s`", field->name);
  if (field->count > 1)
    fuse_text_printf(out, "[%d]", field->count);
  fuse_text_printf(out, " | %s | ", field->type);
  if (field->is_post)
    fuse_text_puts(out, "nop |");
  else
    fuse_text_printf(out, "%" PRId64 " | %" PRId64 " to %" PRId64, field->fallback, field->smallest,
                     field->largest);
  fuse_text_printf(out, " | %s |\n", field->doc);
}

static void print_command(FuseText *out, const StosCmdInfo *info) {
  int block = 0;
  fuse_text_printf(out, "\n### %s (0x%02x): %s\n\n", info->name, info->opcode, info->summary);
  fuse_text_printf(out, "%s; %s; levels of waits and signals: 0 to %d.\n", queues[info->queue],
                   stos_cmd_has_dtype(info->opcode) ? "f32 or i8" : "no element type",
                   stos_cmd_levels(info->opcode));
  if (info->n_fields)
    fuse_text_puts(out, "\n| block | field | type | fallback | range | meaning |\n"
                        "|---|---|---|---|---|---|\n");
  for (int first = 0, end; first < info->n_fields; first = end, block++) {
    end = stos_block_end(info, first);
    for (int f = first; f < end; f++)
      print_field(out, &info->fields[f], block, f == first);
  }
}

static const char *or_dash(const char *operands) {
  return !operands ? "refused" : *operands ? operands : "-";
}

void stos_print_tables(FuseText *out) {
  fuse_text_puts(out, "Blocks are numbered as in the block mask.\n");
  for (int opcode = 0; opcode <= UINT8_MAX; opcode++)
    if (stos_cmd_info(opcode))
      print_command(out, stos_cmd_info(opcode));
  fuse_text_puts(out, "\n### Post operations\n\n"
                      "Operands: i immediate, s shift, r residual, c parameter entry of the "
                      "channel.\n\n"
                      "| code | name | f32 | i8 | meaning |\n|---|---|---|---|---|\n");
  const StosPostInfo *op;
  for (int code = 0; (op = stos_post_info(code)); code++) {
    fuse_text_printf(out, "| %d | `%s` | %s | %s | ", code, op->name, or_dash(op->operands_f32),
                     or_dash(op->operands_i8));
    for (const char *c = op->doc; *c; c++) /* a bar would end the cell */
      fuse_text_printf(out, *c == '|' ? "\\%c" : "%c", *c);
    fuse_text_puts(out, " |\n");
  }
}
