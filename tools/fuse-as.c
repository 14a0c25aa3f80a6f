// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/* fuse-as.c - assembly to a .stos object.
 *
 * needs: a program in assembly (docs/isa.md, section 2); flags
 * gives: the object, or one error with line and column and no output
 */
#include "fuse/cli.h"
#include "fuse/object.h"
#include "fuse/version.h"

static const FuseFlag flags[] = {
    {FUSE_FLAG_VALUE, "o", "FILE", "write to FILE instead of standard output"},
    {FUSE_FLAG_VALUE, "target", "NAME", "preset or JSON file for a source without .target"},
    {FUSE_FLAG_END},
};

static const FuseTool tool = {
    .name = "fuse-as",
    .usage = "[flags] [INPUT]",
    .summary = "Assemble a program for the accelerator (docs/isa.md) into a .stos object.\n"
               "INPUT: a file, or - (the default) for standard input.",
    .flags = flags,
};

static bool assemble(FuseArena *arena, const FuseFile *source, const char *place,
                     const char *target_name, FuseText *out, FuseDiag *diag) {
  StosTarget target;
  StosObject object;
  if (target_name && !stos_target_load(target_name, &target, diag))
    return false;
  if (!stos_object_assemble(arena, (const char *)source->data, source->size_bytes, place,
                            target_name ? &target : NULL, &object, diag))
    return false;
  if (!object.compiler)
    object.compiler = FUSE_VERSION;
  return stos_object_write(&object, out, diag);
}

int main(int argc, char **argv) {
  FuseArena arena = {0};
  FuseArgs args;
  FuseFile source = {0};
  FuseText out = {0};
  FuseDiag diag = {0};
  const char *input;
  fuse_tool_init();
  if (!fuse_args_parse(&arena, &tool, argc, argv, &args) ||
      !fuse_args_input(&tool, &args, "-", &input)) {
    fuse_arena_fini(&arena);
    return args.status;
  }
  const char *place = input[0] == '-' && !input[1] ? "<stdin>" : input;
  const char *output = fuse_args_value(&args, "o", "-");
  bool good =
      fuse_file_not_input(output, input, &diag) && fuse_file_open(input, &source, &diag) &&
      assemble(&arena, &source, place, fuse_args_value(&args, "target", NULL), &out, &diag) &&
      fuse_file_write(output, out.data, out.length, &diag);
  if (!good)
    fuse_diag_print(&diag);
  fuse_file_close(&source);
  fuse_text_fini(&out);
  fuse_arena_fini(&arena);
  return good ? 0 : 1;
}
