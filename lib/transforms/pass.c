// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/* pass.c - from FusePass to MlirPass, and from text to a pipeline of ours and upstream's.
 *
 * needs: passes.def
 * gives: passes in a pass manager; each of ours verified after it ran
 *
 * The C API can't register a pass by name, so the text is parsed here: our names are looked up in
 * passes.def, everything else goes to upstream's parser as it stands.
 */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <mlir-c/Rewrite.h>

#include "fuse/passes.h"

#define MAX_NESTING 32

static const FusePass *const passes[] = {
#define PASS(symbol) &fuse_pass_##symbol,
#include "fuse/passes.def"
#undef PASS
    NULL,
};

const FusePass *const *fuse_passes(void) {
  return passes;
}

const FusePass *fuse_pass_find(const char *name, size_t length) {
  for (const FusePass *const *pass = passes; *pass; pass++)
    if (strlen((*pass)->name) == length && !memcmp((*pass)->name, name, length))
      return *pass;
  return NULL;
}

static int find_option(const FusePass *pass, const char *name, size_t length) {
  for (int i = 0; i < FUSE_MAX_PASS_OPTIONS && pass->options[i].name; i++)
    if (strlen(pass->options[i].name) == length && !memcmp(pass->options[i].name, name, length))
      return i;
  return -1;
}

const char *fuse_pass_option(const FusePass *pass, const FusePassOptions *options,
                             const char *name) {
  int i = find_option(pass, name, strlen(name));
  FUSE_ASSERT(i >= 0);
  return options->values[i];
}

/* ---- one pass as MLIR's pass ---- */

/* User data of an external pass: a pass of ours, or a call of the hook around any pass. Constant
 * once made; strings live in the FuseIr. */
typedef struct Instance {
  FuseIr *ir;
  const FusePass *pass; /* NULL: a hook */
  const char *values[FUSE_MAX_PASS_OPTIONS];
  FusePassHook hook;
  const char *hook_pass;
  bool hook_after;
} Instance;

static void run_pass(const Instance *instance, MlirOperation op, MlirExternalPass external) {
  FuseArena scratch = {0};
  FusePassOptions options = {.ir = instance->ir, .scratch = &scratch};
  memcpy(options.values, instance->values, sizeof options.values);
  size_t errors = fuse_ir_errors(instance->ir);
  MlirLogicalResult result = instance->pass->run(op, &options);
  fuse_arena_fini(&scratch);
  bool silent = fuse_ir_errors(instance->ir) == errors;
  if (silent && mlirLogicalResultIsSuccess(result) && mlirLogicalResultIsSuccess(fuse_verify(op)))
    return;
  if (fuse_ir_errors(instance->ir) == 0) /* the importer's errors are a reason, too */
    fuse_op_error(op, "pass '%s' failed and gave no reason; please report that",
                  instance->pass->name);
  mlirExternalPassSignalFailure(external);
}

static void on_run(MlirOperation op, MlirExternalPass external, void *user) {
  const Instance *instance = user;
  if (instance->pass) {
    run_pass(instance, op, external);
    fuse_ir_print_rest(instance->ir);
  } else
    instance->hook.call(instance->hook_pass, instance->hook_after, op, instance->hook.user);
}

static void on_construct(void *user) {
  (void)user;
}

static void *on_clone(void *user) {
  Instance *copy = malloc(sizeof *copy);
  if (!copy)
    fuse_fatal("out of memory");
  return memcpy(copy, user, sizeof *copy);
}

/* anchor: NULL for any op. */
static MlirPass create_pass(const Instance *instance, const char *name, const char *text,
                            const char *summary, const char *anchor) {
  MlirExternalPassCallbacks callbacks = {
      .construct = on_construct, .destruct = free, .clone = on_clone, .run = on_run};
  return mlirCreateExternalPass(fuse_ir_new_type_id(instance->ir), fuse_str(name), fuse_str(text),
                                fuse_str(summary), fuse_str(anchor ? anchor : ""), 0, NULL,
                                callbacks, on_clone((void *)(uintptr_t)instance));
}

/* ---- options ---- */

static bool option_error(FuseDiag *diag, const FusePass *pass, const char *message) {
  return fuse_diag_error(diag, "", "pass '%s': %s", pass->name, message);
}

/* "mode, tolerance", or "no options". */
static const char *option_names(FuseArena *arena, const FusePass *pass) {
  const char *names = "no options";
  for (int i = 0; i < FUSE_MAX_PASS_OPTIONS && pass->options[i].name; i++)
    names = i ? fuse_format(arena, "%s, %s", names, pass->options[i].name) : pass->options[i].name;
  return names;
}

static bool allows(const char *values, const char *value) {
  size_t n = strlen(value);
  while (values && *values) {
    size_t length = strcspn(values, "|");
    if (length == n && !memcmp(values, value, n))
      return true;
    values += length + (values[length] == '|');
  }
  return values == NULL;
}

/* One `name=value`; s is behind it afterwards. */
static bool parse_option(Instance *instance, const char **s, const char *end, FuseDiag *diag) {
  FuseArena *arena = fuse_ir_arena(instance->ir);
  const FusePass *pass = instance->pass;
  const char *name = *s, *p = name;
  while (p < end && *p != '=' && !isspace((unsigned char)*p))
    p++;
  const char *shown = fuse_strndup(arena, name, (size_t)(p - name));
  int i = find_option(pass, name, (size_t)(p - name));
  if (i < 0)
    return option_error(
        diag, pass,
        fuse_format(arena, "unknown option '%s'; expected %s", shown, option_names(arena, pass)));
  if (p == end || *p != '=')
    return option_error(diag, pass,
                        fuse_format(arena, "option '%s' without a value; expected %s=%s", shown,
                                    shown,
                                    pass->options[i].values ? pass->options[i].values : "..."));
  char quote = p + 1 < end && strchr("'\"", p[1]) ? p[1] : 0;
  const char *value = p + 1 + (quote != 0);
  p = value;
  while (p < end && (quote ? *p != quote : !isspace((unsigned char)*p)))
    p++;
  if (quote && p == end)
    return option_error(diag, pass,
                        fuse_format(arena, "%s = %.*s has no closing quote; expected one", shown,
                                    (int)(end - value) + 1, value - 1));
  if (instance->values[i])
    return option_error(diag, pass, fuse_format(arena, "option '%s' is given twice", shown));
  instance->values[i] = fuse_strndup(arena, value, (size_t)(p - value));
  *s = p + (quote != 0);
  if (!allows(pass->options[i].values, instance->values[i]))
    return option_error(diag, pass,
                        fuse_format(arena, "%s = '%s'; expected %s", shown, instance->values[i],
                                    pass->options[i].values));
  return true;
}

/* The text between the braces into instance->values, defaults filled in. */
static bool parse_options(Instance *instance, const char *s, const char *end, FuseDiag *diag) {
  const FusePass *pass = instance->pass;
  for (;;) {
    while (s < end && isspace((unsigned char)*s))
      s++;
    if (s >= end)
      break;
    if (!parse_option(instance, &s, end, diag))
      return false;
  }
  for (int i = 0; i < FUSE_MAX_PASS_OPTIONS && pass->options[i].name; i++) {
    if (!instance->values[i])
      instance->values[i] = pass->options[i].fallback;
    if (!instance->values[i])
      return fuse_diag_error(diag, "", "pass '%s': option '%s' is missing; expected %s=%s",
                             pass->name, pass->options[i].name, pass->options[i].name,
                             pass->options[i].values ? pass->options[i].values : "...");
  }
  return true;
}

bool fuse_pass_add(FuseIr *ir, MlirOpPassManager pm, const FusePass *pass, const char *options,
                   FuseDiag *diag) {
  Instance instance = {.ir = ir, .pass = pass};
  if (!parse_options(&instance, options, options + strlen(options), diag))
    return false;
  const char *text =
      *options ? fuse_format(fuse_ir_arena(ir), "%s{%s}", pass->name, options) : pass->name;
  mlirOpPassManagerAddOwnedPass(
      pm, create_pass(&instance, pass->name, text, pass->summary, pass->anchor));
  return true;
}

/* ---- pipelines ---- */

typedef struct Parser {
  FuseIr *ir;
  const char *s;
  const FusePassHook *hook;
  FuseDiag *diag;
  int depth;
} Parser;

static void skip_space(Parser *p) {
  p->s += strspn(p->s, " \t\n\r");
}

static bool syntax_error(Parser *p, const char *expected) {
  if (!*p->s)
    return fuse_diag_error(p->diag, "", "the pass pipeline ends early; expected %s", expected);
  return fuse_diag_error(p->diag, "", "found '%.40s' in the pass pipeline; expected %s", p->s,
                         expected);
}

/* Behind `{...}`, quotes and inner braces respected; false when it isn't closed. */
static bool skip_braces(Parser *p) {
  int depth = 0;
  char quote = 0;
  do {
    char c = *p->s;
    if (!c)
      return syntax_error(p, "'}'");
    if (quote)
      quote = c == quote ? 0 : quote;
    else if (c == '\'' || c == '"')
      quote = c;
    else
      depth += (c == '{') - (c == '}');
    p->s++;
  } while (depth);
  return true;
}

static void add_hook(Parser *p, MlirOpPassManager pm, const char *pass, bool after) {
  if (!p->hook)
    return;
  Instance hook = {.ir = p->ir, .hook = *p->hook, .hook_pass = pass, .hook_after = after};
  mlirOpPassManagerAddOwnedPass(pm, create_pass(&hook, "FuseHook", "fuse-hook", "", NULL));
}

static bool parse_list(Parser *p, MlirOpPassManager pm, const char *anchor);

/* The passes that one name stands for. */
static bool add_expanded(Parser *p, MlirOpPassManager pm, const char *anchor, const FusePass *pass,
                         const char *options) {
  Instance instance = {.ir = p->ir, .pass = pass};
  FuseArena *arena = fuse_ir_arena(p->ir);
  if (!parse_options(&instance, options, options + strlen(options), p->diag))
    return false;
  FusePassOptions values = {.ir = p->ir, .scratch = arena};
  memcpy(values.values, instance.values, sizeof values.values);
  Parser inner = *p;
  inner.s = pass->expand(arena, &values, p->diag);
  return inner.s && parse_list(&inner, pm, anchor);
}

/* Ours: nested in func.func where it stands at module level. */
static bool add_own(Parser *p, MlirOpPassManager pm, const char *anchor, const FusePass *pass,
                    const char *begin) {
  size_t name_length = strlen(pass->name), length = (size_t)(p->s - begin);
  const char *options = "";
  if (length > name_length) /* without its braces */
    options = fuse_strndup(fuse_ir_arena(p->ir), begin + name_length + 1, length - name_length - 2);
  if (strcmp(anchor, pass->anchor) != 0) {
    if (strcmp(anchor, "builtin.module") != 0)
      return fuse_diag_error(p->diag, "", "pass '%s' in %s(...); expected %s(...)", pass->name,
                             anchor, pass->anchor);
    pm = mlirOpPassManagerGetNestedUnder(pm, fuse_str(pass->anchor));
  }
  if (pass->expand)
    return add_expanded(p, pm, anchor, pass, options);
  add_hook(p, pm, pass->name, false);
  bool ok = fuse_pass_add(p->ir, pm, pass, options, p->diag);
  add_hook(p, pm, pass->name, true);
  return ok;
}

static void append(MlirStringRef s, void *text) {
  fuse_text_append(text, s.data, s.length);
}

/* Upstream's message is a report over several lines; its first sentence is enough. */
static bool upstream_error(Parser *p, const FuseText *report, const char *name) {
  const char *message = report->data ? report->data : "";
  const char *error = strstr(message, "error: ");
  if (error)
    message = error + strlen("error: ");
  int length = (int)strcspn(message, "\n");
  if (length == 0)
    return fuse_diag_error(p->diag, "", "pass '%s' can't be used here", name);
  return fuse_diag_error(p->diag, "", "%.*s; see --list-passes and mlir-opt --help", length,
                         message);
}

static bool add_upstream(Parser *p, MlirOpPassManager pm, const char *name, const char *begin) {
  FuseText report = {0};
  add_hook(p, pm, name, false);
  MlirStringRef text = mlirStringRefCreate(begin, (size_t)(p->s - begin));
  bool ok = mlirLogicalResultIsSuccess(mlirOpPassManagerAddPipeline(pm, text, append, &report));
  add_hook(p, pm, name, true);
  if (!ok)
    upstream_error(p, &report, name);
  fuse_text_fini(&report);
  return ok;
}

static bool parse_nested(Parser *p, MlirOpPassManager pm, const char *name) {
  if (++p->depth > MAX_NESTING)
    return syntax_error(p, "at most 32 nested lists");
  p->s++;
  if (!parse_list(p, mlirOpPassManagerGetNestedUnder(pm, fuse_str(name)), name))
    return false;
  p->depth--;
  if (*p->s != ')')
    return syntax_error(p, "',' or ')'");
  p->s++;
  return true;
}

static bool parse_element(Parser *p, MlirOpPassManager pm, const char *anchor) {
  static const char letters[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.";
  const char *begin = p->s;
  size_t n = strspn(begin, letters);
  if (!n)
    return syntax_error(p, "the name of a pass");
  const char *name = fuse_strndup(fuse_ir_arena(p->ir), begin, n);
  p->s += n;
  if (*p->s == '(')
    return parse_nested(p, pm, name);
  if (*p->s == '{' && !skip_braces(p))
    return false;
  const FusePass *pass = fuse_pass_find(name, n);
  return pass ? add_own(p, pm, anchor, pass, begin) : add_upstream(p, pm, name, begin);
}

/* Elements separated by commas, up to ')' or the end; an empty list is one. */
static bool parse_list(Parser *p, MlirOpPassManager pm, const char *anchor) {
  skip_space(p);
  if (!*p->s || *p->s == ')')
    return true;
  for (;;) {
    skip_space(p);
    if (!parse_element(p, pm, anchor))
      return false;
    skip_space(p);
    if (*p->s != ',')
      return true;
    p->s++;
  }
}

/* The text inside an outer `builtin.module(...)` that spans it all; NULL when there is none. */
static char *strip_module(const char *pipeline) {
  static const char outer[] = "builtin.module(";
  size_t n = strlen(pipeline);
  while (n && isspace((unsigned char)pipeline[n - 1]))
    n--;
  if (strncmp(pipeline, outer, sizeof outer - 1) != 0 || pipeline[n - 1] != ')')
    return NULL;
  int depth = 0;
  for (size_t i = 0; i < n; i++) {
    depth += (pipeline[i] == '(') - (pipeline[i] == ')');
    if (depth == 0 && pipeline[i] == ')' && i + 1 < n)
      return NULL; /* "builtin.module(a),b" */
  }
  return strndup(pipeline + sizeof outer - 1, n - sizeof outer);
}

bool fuse_pipeline_parse(FuseIr *ir, MlirPassManager pm, const char *pipeline,
                         const FusePassHook *hook, FuseDiag *diag) {
  pipeline += strspn(pipeline, " \t\n\r");
  char *inner = strip_module(pipeline);
  Parser p = {.ir = ir, .s = inner ? inner : pipeline, .hook = hook, .diag = diag};
  bool ok = parse_list(&p, mlirPassManagerGetAsOpPassManager(pm), "builtin.module");
  if (ok && *p.s)
    ok = syntax_error(&p, "',' or the end");
  free(inner);
  return ok;
}

/* ---- helpers of passes ---- */

MlirLogicalResult fuse_rewrite(MlirOperation root, const char *name, FusePattern pattern,
                               void *data) {
  MlirContext context = mlirOperationGetContext(root);
  MlirRewritePatternSet set = mlirRewritePatternSetCreate(context);
  MlirRewritePatternCallbacks callbacks = {.matchAndRewrite = pattern};
  mlirRewritePatternSetAdd(
      set, mlirOpRewritePatternCreate(fuse_str(name), 1, context, callbacks, data, 0, NULL));
  MlirFrozenRewritePatternSet frozen = mlirFreezeRewritePattern(set);
  mlirRewritePatternSetDestroy(set); /* freezing takes the patterns, not the set */
  MlirGreedyRewriteDriverConfig config = mlirGreedyRewriteDriverConfigCreate();
  mlirGreedyRewriteDriverConfigEnableFolding(config, false);
  mlirGreedyRewriteDriverConfigEnableConstantCSE(config, false);
  MlirLogicalResult result = mlirApplyPatternsAndFoldGreedilyWithOp(root, frozen, config);
  mlirGreedyRewriteDriverConfigDestroy(config);
  mlirFrozenRewritePatternSetDestroy(frozen);
  return result;
}

MlirLogicalResult fuse_none_left(MlirOperation root, const char *name, const char *why) {
  FuseArena scratch = {0};
  FuseOpList left = fuse_ops_of(&scratch, root, name);
  for (size_t i = 0; i < left.n; i++)
    fuse_op_error(left.ops[i], "%s", why);
  fuse_arena_fini(&scratch);
  return left.n ? mlirLogicalResultFailure() : mlirLogicalResultSuccess();
}
