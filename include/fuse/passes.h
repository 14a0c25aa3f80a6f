// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/* passes.h - what a pass of ours is, and pipelines made of ours and upstream's.
 *
 * passes.def lists all of them in pipeline order; the C API can't register a pass by name, so that
 * list is the registry.
 */
#ifndef FUSE_PASSES_H
#define FUSE_PASSES_H

#include <mlir-c/Pass.h>

#include "fuse/ir.h"

/* What a pass promises about the numbers; the test harness holds it to that (design: exact passes
 * are exact). */
typedef enum FuseKeeps {
  FUSE_KEEPS_BITS,    /* same bits for every element type */
  FUSE_KEEPS_REASSOC, /* integers: same bits; f32: 1e-5 of the output range */
  FUSE_CHANGES,       /* another function, or not executable on one side */
} FuseKeeps;

#define FUSE_MAX_PASS_OPTIONS 8

/* One option of a pass: name=value in braces after its name, or in the short flag:
 * --fuse-rewrite=mode=half. */
typedef struct FusePassOptionDef {
  const char *name;
  const char *fallback; /* text of the default value; NULL: the option must be given */
  const char *values;   /* "recognize|exact|half|full" when only these are allowed, else NULL */
  const char *summary;
  const char *changes; /* "half|full": with these values the pass is FUSE_CHANGES */
} FusePassOptionDef;

typedef struct FusePassOptions {
  FuseIr *ir;
  FuseArena *scratch;                        /* emptied after the pass */
  const char *values[FUSE_MAX_PASS_OPTIONS]; /* in the order of the pass's option table; defaults
                                                filled in */
} FusePassOptions;

typedef struct FusePass {
  const char *name;    /* "fuse-rewrite" */
  const char *summary; /* one line for --list-passes */
  const char *anchor;  /* "func.func" or "builtin.module" */
  FuseKeeps keeps;
  FusePassOptionDef options[FUSE_MAX_PASS_OPTIONS]; /* ends at the first without a name */
  MlirLogicalResult (*run)(MlirOperation root, const FusePassOptions *options);
  /* Instead of run: the pass stands for the pipeline text returned (arena); NULL after diag. */
  const char *(*expand)(FuseArena *arena, const FusePassOptions *options, FuseDiag *diag);
} FusePass;

#define PASS(symbol) extern const FusePass fuse_pass_##symbol;
#include "fuse/passes.def"
#undef PASS

/* All passes of passes.def in order, NULL at the end. */
const FusePass *const *fuse_passes(void);
const FusePass *fuse_pass_find(const char *name, size_t length);

/* Value of an option by name; the option must exist in the pass's table. */
const char *fuse_pass_option(const FusePass *pass, const FusePassOptions *options,
                             const char *name);

/* Add one pass to pm, which is anchored on the pass's anchor. options: what would stand in braces,
 * "a=b c='d e'". Returns false and fills diag for an unknown, missing or repeated option or a value
 * that isn't allowed. */
bool fuse_pass_add(FuseIr *ir, MlirOpPassManager pm, const FusePass *pass, const char *options,
                   FuseDiag *diag);

/* Called before and after each pass that the pipeline text names (a pipeline of upstream's counts
 * as one), for the op that it runs on. */
typedef struct FusePassHook {
  void (*call)(const char *pass, bool after, MlirOperation op, void *user);
  void *user;
} FusePassHook;

/* Parse "a,builtin.module(b{x=1},func.func(c))" and add it to pm, ours and upstream's mixed.
 *   pm    anchored on builtin.module (mlirPassManagerCreateOnOperation)
 *   hook  NULL: none
 * An outer builtin.module(...) may be present. A pass of ours that runs on func.func may stand at
 * module level too. Values with spaces are quoted: target='a b.json'. After each of ours
 * fuse_verify runs. Returns false and fills diag for an unknown pass, option or value. */
bool fuse_pipeline_parse(FuseIr *ir, MlirPassManager pm, const char *pipeline,
                         const FusePassHook *hook, FuseDiag *diag);

/* Levels of a compilation, in order (compile.c). */
typedef enum FuseLevel {
  FUSE_LEVEL_ONNX,
  FUSE_LEVEL_TOSA,
  FUSE_LEVEL_FUSE,
  FUSE_LEVEL_LAYERS,
  FUSE_LEVEL_STOS
} FuseLevel;
/* Pipeline text of the passes that lead from one level to another; "" when there is nothing to do.
 * target: a preset or file; rewrite: a mode of fuse-rewrite; keep: an option of
 * convert-onnx-to-tosa. */
const char *fuse_compile_passes(FuseArena *arena, FuseLevel from, FuseLevel to, const char *target,
                                const char *rewrite, const char *keep);

/* Greedy rewrite of every op `name` below root with one pattern function, without folding; ops of
 * upstream dialects that become dead are erased. root is a module or function. A pattern that
 * doesn't apply returns failure quietly; one that reports an error makes the pass fail. */
typedef MlirLogicalResult (*FusePattern)(MlirRewritePattern pattern, MlirOperation op,
                                         MlirPatternRewriter rewriter, void *data);
MlirLogicalResult fuse_rewrite(MlirOperation root, const char *name, FusePattern pattern,
                               void *data);
/* Error for each op `name` still below root. */
MlirLogicalResult fuse_none_left(MlirOperation root, const char *name, const char *why);

#endif
