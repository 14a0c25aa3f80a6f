// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/* compile.c - fuse-compile: the passes of a compilation, from a level to a level.
 *
 *   onnx -- convert-onnx-to-tosa --> tosa -- fuse-rewrite --> fuse -- fuse-split-fuseconv, stos-map
 * --> layers
 *        -- stos-tile, stos-allocate, stos-schedule --> stos
 */
#include <string.h>

#include "fuse/passes.h"

static const char *const level_names[] = {"onnx", "tosa", "fuse", "layers", "stos"};

/* A value between quotes, so that a path may hold spaces and braces. */
static const char *quoted(FuseArena *arena, const char *value) {
  return fuse_format(arena, strchr(value, '\'') ? "\"%s\"" : "'%s'", value);
}

const char *fuse_compile_passes(FuseArena *arena, FuseLevel from, FuseLevel to, const char *target,
                                const char *rewrite, const char *keep) {
  const char *steps[] = {
      [FUSE_LEVEL_ONNX] = "",
      [FUSE_LEVEL_TOSA] = fuse_format(arena, "convert-onnx-to-tosa{keep=%s}", quoted(arena, keep)),
      [FUSE_LEVEL_FUSE] = fuse_format(arena, "fuse-rewrite{mode=%s}", rewrite),
      [FUSE_LEVEL_LAYERS] = fuse_format(
          arena,
          "stos-align-fuseconv{target=%s},fuse-split-fuseconv,stos-pad-channels{target=%s},"
          "stos-map{target=%s}",
          quoted(arena, target), quoted(arena, target), quoted(arena, target)),
      [FUSE_LEVEL_STOS] = "stos-tile,stos-allocate,stos-schedule",
  };
  const char *text = "";
  for (int level = (int)from + 1; level <= (int)to; level++)
    text = fuse_format(arena, "%s%s%s", text, *text ? "," : "", steps[level]);
  return text;
}

static FuseLevel level_of(const char *name) {
  int level = 0;
  while (strcmp(level_names[level], name) != 0)
    level++;
  return (FuseLevel)level;
}

static const char *expand(FuseArena *arena, const FusePassOptions *options, FuseDiag *diag) {
  const FusePass *self = &fuse_pass_compile;
  const char *from = fuse_pass_option(self, options, "from"),
             *to = fuse_pass_option(self, options, "to");
  if (level_of(from) > level_of(to)) {
    fuse_diag_error(diag, "", "pass '%s': from=%s to=%s; expected a later level", self->name, from,
                    to);
    return NULL;
  }
  return fuse_compile_passes(
      arena, level_of(from), level_of(to), fuse_pass_option(self, options, "target"),
      fuse_pass_option(self, options, "rewrite"), fuse_pass_option(self, options, "keep"));
}

const FusePass fuse_pass_compile = {
    .name = "fuse-compile",
    .anchor = "builtin.module",
    .keeps = FUSE_CHANGES,
    .expand = expand,
    .options = {{"target", "stosx-16", NULL, "the machine: a preset or a target file"},
                {"rewrite", "exact", "recognize|exact|half|full",
                 "what becomes of depthwise convolutions"},
                {"keep", "none", NULL, "values of the ONNX graph that become results, too"},
                {"from", "onnx", "onnx|tosa|fuse|layers|stos", "the level of the input"},
                {"to", "stos", "onnx|tosa|fuse|layers|stos", "the level to stop at"}},
    .summary = "All passes of a compilation, or those between two levels",
};
