// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/* fuse-objdump.c - what is in a .stos object.
 *
 * needs: an object; flags
 * gives: what the flags ask for, in this order: sections, tables, JSON, assembly
 */
#include <string.h>

#include "fuse/check.h"
#include "fuse/cli.h"
#include "fuse/object.h"

static const FuseFlag flags[] = {
    {FUSE_FLAG_SWITCH, "d", NULL, "disassemble: source that fuse-as takes, without the weights"},
    {FUSE_FLAG_SWITCH, "all", NULL, "disassemble with the weights"},
    {FUSE_FLAG_SWITCH, "h", NULL, "list the sections"},
    {FUSE_FLAG_VALUE, "s", "SECTION", "show io, note, debug or host; may be repeated"},
    {FUSE_FLAG_SWITCH, "json", NULL, "everything but the weights' bytes, as JSON"},
    {FUSE_FLAG_VALUE, "image", "DIR", "write text.hex, dram.hex and map.json for a test bench"},
    {FUSE_FLAG_SWITCH, "check", NULL,
     "prove that the commands have no race, deadlock, unwritten read or address outside"},
    {FUSE_FLAG_SWITCH, "isa-tables", NULL, "print the tables of docs/isa.md; needs no INPUT"},
    {FUSE_FLAG_VALUE, "o", "FILE", "write to FILE instead of standard output"},
    {FUSE_FLAG_END},
};

static const FuseTool tool = {
    .name = "fuse-objdump",
    .usage = "[flags] [INPUT]",
    .summary = "Show what is in a .stos object (docs/isa.md).\n"
               "INPUT: a file, or - (the default) for standard input.",
    .flags = flags,
};

/* Something must be asked for, and sections must exist. 0, or the status of an error. */
static int check_args(const FuseArgs *args) {
  static const char *const known[] = {"io", "note", "debug", "host"};
  bool any = false;
  for (size_t i = 0; i < args->n; i++) {
    const FuseArg *arg = &args->args[i];
    any |= arg->flag && strcmp(arg->flag->name, "o") != 0;
    if (!arg->flag || strcmp(arg->flag->name, "s") != 0)
      continue;
    size_t k = 0;
    while (k < FUSE_COUNTOF(known) && strcmp(known[k], arg->value) != 0)
      k++;
    if (k == FUSE_COUNTOF(known))
      return fuse_usage_error(&tool, "-s %s; expected io, note, debug or host", arg->value);
  }
  return any ? 0
             : fuse_usage_error(&tool, "nothing to show; expected -d, --all, -h, -s, --json, "
                                       "--image or --check (see fuse-objdump --help)");
}

static bool write_image(const StosObject *object, const char *folder, FuseDiag *diag) {
  StosImage image;
  stos_object_image(object, &image);
  bool good = stos_image_write(&image, folder, diag);
  stos_image_fini(&image);
  return good;
}

/* What the flags ask for, of an object. */
static bool show(FuseArena *arena, const FuseArgs *args, const FuseFile *file, const char *place,
                 FuseText *out, FuseDiag *diag) {
  StosObject object;
  const char *folder = fuse_args_value(args, "image", NULL);
  bool all = fuse_args_switch(args, "all", false);
  if (!stos_object_read(arena, file->data, file->size_bytes, place, &object, diag))
    return false;
  if (fuse_args_switch(args, "check", false) && !stos_check_object(arena, &object, place, diag))
    return false;
  if (fuse_args_switch(args, "h", false) &&
      !stos_object_dump_sections(file->data, file->size_bytes, place, out, diag))
    return false;
  for (size_t i = 0; i < args->n; i++)
    if (args->args[i].flag && strcmp(args->args[i].flag->name, "s") == 0)
      stos_object_dump(&object, args->args[i].value, out);
  if (fuse_args_switch(args, "json", false) && !stos_object_json(&object, place, out, diag))
    return false;
  if ((all || fuse_args_switch(args, "d", false)) &&
      !stos_object_disassemble(&object, place, all, out, diag))
    return false;
  return !folder || write_image(&object, folder, diag);
}

static bool run(FuseArena *arena, const FuseArgs *args, const char *input, FuseDiag *diag) {
  FuseFile file = {0};
  FuseText out = {0};
  bool tables = fuse_args_switch(args, "isa-tables", false);
  if (tables)
    stos_print_tables(&out);
  const char *place = strcmp(input, "-") == 0 ? "<stdin>" : input;
  const char *output = fuse_args_value(args, "o", "-");
  bool good =
      tables || (fuse_file_not_input(output, input, diag) && fuse_file_open(input, &file, diag) &&
                 show(arena, args, &file, place, &out, diag));
  good = good && fuse_file_write(output, out.data, out.length, diag);
  fuse_file_close(&file);
  fuse_text_fini(&out);
  return good;
}

int main(int argc, char **argv) {
  FuseArena arena = {0};
  FuseArgs args;
  FuseDiag diag = {0};
  const char *input;
  int status;
  fuse_tool_init();
  if (!fuse_args_parse(&arena, &tool, argc, argv, &args) ||
      !fuse_args_input(&tool, &args, "-", &input))
    status = args.status;
  else if ((status = check_args(&args)) == 0 && !run(&arena, &args, input, &diag)) {
    fuse_diag_print(&diag);
    status = 1;
  }
  fuse_arena_fini(&arena);
  return status;
}
