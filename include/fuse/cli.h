// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/* cli.h - the flags of every tool, parsed from a table (lib/cli/options.c). Without LLVM: tools
 * that don't use MLIR link it too.
 *
 * A tool's main() is: parse the flags, do the work, return the status (0 good, 1 the input is
 * wrong, 2 the command line is wrong).
 */
#ifndef FUSE_CLI_H
#define FUSE_CLI_H

#include "fuse/file.h"

typedef enum FuseFlagKind {
  FUSE_FLAG_END = 0,  /* ends the table */
  FUSE_FLAG_SWITCH,   /* --x, --x=true, --x=false: value is "true" or "false" */
  FUSE_FLAG_VALUE,    /* --x=V or --x V (one letter: -x V) */
  FUSE_FLAG_OPTIONAL, /* --x or --x=V: value is NULL or V; argument NULL: V is not offered */
} FuseFlagKind;

typedef struct FuseFlag {
  FuseFlagKind kind;
  const char *name;     /* "pass-pipeline"; one letter is written with one dash */
  const char *argument; /* what V is called in --help: "FILE"; NULL for a switch */
  const char *summary;  /* one line */
} FuseFlag;

typedef struct FuseTool {
  const char *name;      /* "fuse-opt" */
  const char *usage;     /* "[flags] [INPUT]" */
  const char *summary;   /* a few lines for --help */
  const FuseFlag *flags; /* ends with FUSE_FLAG_END; --help and --version are added */
} FuseTool;

/* One thing on the command line, in order. */
typedef struct FuseArg {
  const FuseFlag *flag; /* NULL: a positional argument */
  const char *value;
} FuseArg;

typedef struct FuseArgs {
  FuseArg *args;
  size_t n;
  int status; /* what main() returns when fuse_args_parse says false */
} FuseArgs;

/* Parse the command line; "--" ends the flags, "-" is positional. False when main() has nothing
 * left to do: --help and --version (printed on stdout, status 0), or a wrong flag (one error,
 * status 2). Strings are argv's or the arena's. */
bool fuse_args_parse(FuseArena *arena, const FuseTool *tool, int argc, char **argv, FuseArgs *args);
/* Value of the last flag `name`, or fallback. A flag given without a value (OPTIONAL) is "". */
const char *fuse_args_value(const FuseArgs *args, const char *name, const char *fallback);
/* Is the switch `name` on? fallback when it isn't given. */
bool fuse_args_switch(const FuseArgs *args, const char *name, bool fallback);
/* The only positional argument; fallback when there is none. False with an error for a second. */
bool fuse_args_input(const FuseTool *tool, FuseArgs *args, const char *fallback,
                     const char **input);
/* Print `fuse-opt: error: ...` and return 2. */
int fuse_usage_error(const FuseTool *tool, const char *format, ...) FUSE_PRINTF(2, 3);

#endif
