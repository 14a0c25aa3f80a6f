// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/* options.c - one parser of flags for all tools.
 *
 * needs: a table of flags, argv
 * gives: the arguments in order; --help from the table; an error that names the nearest flag
 */
#include <stdio.h>
#include <string.h>

#include "fuse/cli.h"
#include "fuse/version.h"

#define HELP_COLUMN 34 /* where summaries begin */

static const FuseFlag common_flags[] = {
    {FUSE_FLAG_SWITCH, "help", NULL, "print this"},
    {FUSE_FLAG_SWITCH, "version", NULL, "print the version"},
    {FUSE_FLAG_END},
};

static const char *dashes(const char *name) {
  return name[1] ? "--" : "-";
}

int fuse_usage_error(const FuseTool *tool, const char *format, ...) {
  FuseText text = {0};
  va_list args;
  va_start(args, format);
  fuse_text_vprintf(&text, format, args);
  va_end(args);
  fuse_diag_emit(FUSE_ERROR, tool->name, text.data ? text.data : "");
  fuse_text_fini(&text);
  return 2;
}

/* ---- help ---- */

static void print_flags(FuseText *text, const FuseFlag *flags) {
  for (; flags->kind != FUSE_FLAG_END; flags++) {
    size_t begin = text->length;
    fuse_text_printf(text, "  %s%s", dashes(flags->name), flags->name);
    if (flags->kind == FUSE_FLAG_VALUE)
      fuse_text_printf(text, "%s%s", flags->name[1] ? "=" : " ", flags->argument);
    else if (flags->kind == FUSE_FLAG_OPTIONAL && flags->argument)
      fuse_text_printf(text, "[=%s]", flags->argument);
    int used = (int)(text->length - begin);
    if (used >= HELP_COLUMN)
      fuse_text_printf(text, "\n%*s", HELP_COLUMN, "");
    else
      fuse_text_printf(text, "%*s", HELP_COLUMN - used, "");
    fuse_text_printf(text, "%s\n", flags->summary);
  }
}

/* To stdout; a closed pipe (| head) is no error worth a message. */
static int print_and_stop(FuseText *owned_text) {
  FuseDiag diag = {0};
  bool ok = fuse_file_write("-", owned_text->data, owned_text->length, &diag);
  if (!ok)
    fuse_diag_print(&diag);
  fuse_text_fini(owned_text);
  return ok ? 0 : 1;
}

static int print_help(const FuseTool *tool) {
  FuseText text = {0};
  fuse_text_printf(&text, "usage: %s %s\n\n%s\n\nflags:\n", tool->name, tool->usage, tool->summary);
  print_flags(&text, tool->flags);
  print_flags(&text, common_flags);
  return print_and_stop(&text);
}

static int print_version(const FuseTool *tool) {
  FuseText text = {0};
  fuse_text_printf(&text, "%s %s\n", tool->name, FUSE_VERSION);
  return print_and_stop(&text);
}

/* ---- did you mean ---- */

static const FuseFlag *nearest(const FuseTool *tool, const char *name) {
  const FuseFlag *tables[] = {tool->flags, common_flags}, *best = NULL;
  size_t limit = fuse_text_typo(name);
  for (size_t t = 0; t < FUSE_COUNTOF(tables); t++)
    for (const FuseFlag *flag = tables[t]; flag->kind != FUSE_FLAG_END; flag++) {
      size_t d = fuse_text_distance(name, flag->name);
      if (d <= limit) {
        best = flag;
        limit = d ? d - 1 : 0;
        if (d == 0)
          return best;
      }
    }
  return best;
}

static int unknown_flag(const FuseTool *tool, const char *name, const char *shown) {
  FuseText escaped = {0};
  fuse_text_escaped(&escaped, shown, strlen(shown));
  const FuseFlag *near = nearest(tool, name);
  int status =
      near ? fuse_usage_error(tool, "unknown flag '%s'; did you mean %s%s? See %s --help",
                              escaped.data, dashes(near->name), near->name, tool->name)
           : fuse_usage_error(tool, "unknown flag '%s'; see %s --help", escaped.data, tool->name);
  fuse_text_fini(&escaped);
  return status;
}

/* ---- parsing ---- */

static const FuseFlag *find_flag(const FuseTool *tool, const char *name) {
  const FuseFlag *tables[] = {tool->flags, common_flags};
  for (size_t t = 0; t < FUSE_COUNTOF(tables); t++)
    for (const FuseFlag *flag = tables[t]; flag->kind != FUSE_FLAG_END; flag++)
      if (!strcmp(flag->name, name))
        return flag;
  return NULL;
}

/* One flag at argv[*i], its value perhaps at argv[*i + 1]. Returns 0, or the status of an error. */
static int parse_flag(FuseArena *arena, const FuseTool *tool, int argc, char **argv, int *i,
                      FuseArg *arg) {
  const char *shown = argv[*i], *text = shown + 1 + (shown[1] == '-');
  size_t length = strcspn(text, "=");
  const char *name = fuse_strndup(arena, text, length);
  const char *value = text[length] == '=' ? text + length + 1 : NULL;
  const FuseFlag *flag = find_flag(tool, name);
  if (!flag)
    return unknown_flag(tool, name, fuse_strndup(arena, shown, (size_t)(text - shown) + length));
  const char *dash = dashes(flag->name);
  if (flag->kind == FUSE_FLAG_SWITCH) {
    if (value && strcmp(value, "true") != 0 && strcmp(value, "false") != 0)
      return fuse_usage_error(tool, "%s%s=%s; expected true or false", dash, name, value);
    value = value ? value : "true";
  } else if (flag->kind == FUSE_FLAG_VALUE) {
    if (!value && *i + 1 < argc)
      value = argv[++*i];
    if (!value || !*value) /* an empty name is most often a variable of a script that is not set */
      return fuse_usage_error(tool, "%s%s without a value; expected %s%s%s%s", dash, name, dash,
                              name, flag->name[1] ? "=" : " ", flag->argument);
  }
  *arg = (FuseArg){flag, value};
  return 0;
}

bool fuse_args_parse(FuseArena *arena, const FuseTool *tool, int argc, char **argv,
                     FuseArgs *args) {
  bool flags = true;
  *args = (FuseArgs){.args = fuse_alloc_array(arena, (size_t)argc + 1, sizeof *args->args)};
  for (int i = 1; i < argc; i++) {
    FuseArg arg = {NULL, argv[i]};
    if (flags && !strcmp(argv[i], "--")) {
      flags = false;
      continue;
    }
    if (flags && argv[i][0] == '-' && argv[i][1]) {
      args->status = parse_flag(arena, tool, argc, argv, &i, &arg);
      if (args->status)
        return false;
    }
    args->args[args->n++] = arg;
  }
  if (fuse_args_switch(args, "help", false)) {
    args->status = print_help(tool);
    return false;
  }
  if (fuse_args_switch(args, "version", false)) {
    args->status = print_version(tool);
    return false;
  }
  return true;
}

/* ---- reading them ---- */

static const FuseArg *last(const FuseArgs *args, const char *name) {
  for (size_t i = args->n; i-- > 0;)
    if (args->args[i].flag && !strcmp(args->args[i].flag->name, name))
      return &args->args[i];
  return NULL;
}

const char *fuse_args_value(const FuseArgs *args, const char *name, const char *fallback) {
  const FuseArg *arg = last(args, name);
  return !arg ? fallback : arg->value ? arg->value : "";
}

bool fuse_args_switch(const FuseArgs *args, const char *name, bool fallback) {
  const FuseArg *arg = last(args, name);
  return arg ? !strcmp(arg->value, "true") : fallback;
}

bool fuse_args_input(const FuseTool *tool, FuseArgs *args, const char *fallback,
                     const char **input) {
  size_t n = 0;
  *input = fallback;
  for (size_t i = 0; i < args->n; i++)
    if (!args->args[i].flag && n++ == 0)
      *input = args->args[i].value;
  if (n > 1)
    args->status = fuse_usage_error(tool, "%zu inputs; expected one", n);
  else if (*input && !**input)
    args->status = fuse_usage_error(tool, "an empty name of an input; expected a file");
  else
    return true;
  return false;
}
