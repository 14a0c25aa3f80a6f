// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/* check.c - what becomes of each node of a model: machine, host, or why it isn't taken.
 *
 * needs: the module as imported, every diagnostic after that, the object where there is one
 * gives: a table by operator and a list of the nodes with a reason; the same as JSON
 */
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "fuse/driver.h"

typedef enum Support { MACHINE, HOST, FOLDED, OPEN, NO, N_SUPPORTS } Support;

static const char *const support_names[N_SUPPORTS] = {"machine", "host", "folded", "open", "no"};

/* What is said of a node that has no reason of its own. */
static const char *const common_reasons[N_SUPPORTS] = {
    [MACHINE] = "",
    [FOLDED] = "no command of its own: known at compile time, or part of another node's",
    [OPEN] = "reads what a refused node makes, whose type isn't known",
};

typedef struct Node {
  int index; /* in the graph */
  const char *name, *type;
  Support support;
  bool dropped; /* not in what was compiled */
  bool shared;  /* of the machine, with steps of the host */
  const char *reason;
} Node;

struct FuseCheck {
  FuseArena arena;
  FuseIr *ir; /* listened to */
  bool forbid_host;
  bool again;  /* not the first time through: what is said of no node has been said */
  Node *nodes; /* in the order of the module */
  size_t n, capacity;
};

/* ---- diagnostics ---- */

static Node *find_node(const FuseCheck *check, int index) {
  for (size_t i = check->n; i-- > 0;) /* the last ones are asked for most */
    if (check->nodes[i].index == index)
      return &check->nodes[i];
  return NULL;
}

/* The message without the name and operator in front: a row says them. */
static const char *without_name(const char *message) {
  const char *end = *message == '\'' ? strstr(message, "): ") : NULL;
  return end ? end + 3 : message;
}

static Node *add_node(FuseCheck *check, int index) {
  Node *node = find_node(check, index);
  if (node)
    return node;
  check->nodes = fuse_grow(&check->arena, check->nodes, check->n, &check->capacity, check->n + 1,
                           sizeof *check->nodes);
  node = &check->nodes[check->n++];
  *node = (Node){.index = index, .name = "", .type = "", .support = OPEN};
  return node;
}

/* An error of a node becomes its reason; everything else is printed. */
static void take_event(const FuseDiagEvent *event, void *user) {
  FuseCheck *check = user;
  const bool of_node = event->column == 0 && event->file[0] && event->line >= 0;
  if (!of_node || event->severity != FUSE_ERROR) {
    if (!check->again)
      fuse_ir_print(check->ir, event->severity, event->place, event->message);
    return;
  }
  Node *node = add_node(check, event->line);
  if (node->support != NO) /* the first reason; what follows from it is noise */
    node->reason = fuse_strdup(&check->arena, without_name(event->message));
  node->support = NO;
}

FuseCheck *fuse_check_begin(FuseArena *arena, bool forbid_host) {
  FuseCheck *check = fuse_alloc(arena, sizeof *check);
  check->forbid_host = forbid_host;
  return check;
}

void fuse_check_listen(FuseCheck *check, FuseIr *ir, bool again) {
  check->ir = ir;
  check->again = again;
  fuse_ir_set_sink(ir, take_event, check);
}

void fuse_check_nodes(FuseCheck *check, MlirModule module) {
  FuseOpList ops = fuse_ops_of(&check->arena, mlirModuleGetOperation(module), NULL);
  for (size_t i = 0; i < ops.n; i++) {
    MlirLocation loc = mlirOperationGetLocation(ops.ops[i]);
    const int index = fuse_loc_node_index(loc);
    if (index < 0)
      continue;
    Node *node = add_node(check, index);
    node->name = fuse_loc_name(&check->arena, loc);
    node->type = fuse_loc_type(&check->arena, loc);
  }
}

/* ---- what is left without the refused ones ---- */

size_t fuse_check_refused(const FuseCheck *check) {
  size_t n = 0;
  for (size_t i = 0; i < check->n; i++)
    n += check->nodes[i].support == NO;
  return n;
}

bool fuse_check_is_refused(const FuseCheck *check, int index) {
  const Node *node = find_node(check, index);
  return node && node->support == NO;
}

void fuse_check_drop(FuseCheck *check, int index) {
  Node *node = find_node(check, index);
  if (node)
    node->dropped = true;
}

/* ---- commands ---- */

static bool is_of(const Node *node, const StosNode *commands) {
  return commands && !strcmp(node->name, commands->name) && !strcmp(node->type, commands->op);
}

static bool has_command(const Node *node, const StosObject *object, const StosProgram *program) {
  for (size_t i = 0; i < program->n; i++)
    if (program->cmds[i].opcode != STOS_CMD_HOST &&
        is_of(node, stos_object_node(object, program->offsets[i])))
      return true;
  return false;
}

/* Moving elements around is no reason against a node that the machine computes, but it is said. */
static void set_support(FuseCheck *check, Node *node, const FuseHostNode *host, bool has_commands) {
  node->support = has_commands ? MACHINE : FOLDED;
  if (!host)
    return;
  node->reason = host->reason;
  node->shared = has_commands && host->layout && !check->forbid_host;
  if (node->shared)
    node->reason = fuse_format(&check->arena, "with %u step%s of the host: %s", host->calls,
                               host->calls == 1 ? "" : "s", host->reason);
  else
    node->support = check->forbid_host ? NO : HOST;
}

void fuse_check_commands(FuseCheck *check, const StosObject *object, const StosProgram *program) {
  size_t n_host;
  const FuseHostNode *host = fuse_host_nodes(&check->arena, object, program, &n_host);
  for (size_t i = 0; i < check->n; i++) {
    const FuseHostNode *found = NULL;
    if (check->nodes[i].support == NO || check->nodes[i].dropped)
      continue;
    for (size_t k = 0; k < n_host && !found; k++)
      if (is_of(&check->nodes[i], host[k].node))
        found = &host[k];
    set_support(check, &check->nodes[i], found, has_command(&check->nodes[i], object, program));
  }
}

/* ---- text ---- */

static int by_index(const void *left, const void *right) {
  const Node *a = left, *b = right;
  return a->index < b->index ? -1 : a->index > b->index;
}

static size_t count(const FuseCheck *check, const char *type, Support support) {
  size_t n = 0;
  for (size_t i = 0; i < check->n; i++)
    n += check->nodes[i].support == support && (!type || !strcmp(check->nodes[i].type, type));
  return n;
}

/* Is node i the first of its operator? */
static bool is_first(const FuseCheck *check, size_t i) {
  for (size_t k = 0; k < i; k++)
    if (!strcmp(check->nodes[k].type, check->nodes[i].type))
      return false;
  return true;
}

static void print_operators(const FuseCheck *check, FuseText *out) {
  fuse_text_printf(out, "%-24s", "operator");
  for (int s = 0; s < N_SUPPORTS; s++)
    fuse_text_printf(out, "%9s", support_names[s]);
  fuse_text_puts(out, "\n");
  for (size_t i = 0; i < check->n; i++) {
    if (!is_first(check, i))
      continue;
    FuseText name = {0};
    fuse_text_escaped(&name, check->nodes[i].type, strlen(check->nodes[i].type));
    fuse_text_printf(out, "%-24s", name.data ? name.data : "");
    fuse_text_fini(&name);
    for (Support s = 0; s < N_SUPPORTS; s++)
      fuse_text_printf(out, "%9zu", count(check, check->nodes[i].type, s));
    fuse_text_puts(out, "\n");
  }
}

/* "node 3 'prob' (Softmax): host: no command of the machine computes exp" */
static void print_reasons(const FuseCheck *check, FuseText *out) {
  for (size_t i = 0; i < check->n; i++) {
    const Node *node = &check->nodes[i];
    if (!node->reason)
      continue;
    fuse_text_printf(out, "node %d '", node->index);
    fuse_text_escaped(out, node->name, strlen(node->name));
    fuse_text_puts(out, "' (");
    fuse_text_escaped(out, node->type, strlen(node->type));
    fuse_text_printf(out, "): %s: %s\n", support_names[node->support], node->reason);
  }
}

static size_t count_shared(const FuseCheck *check) {
  size_t n = 0;
  for (size_t i = 0; i < check->n; i++)
    n += check->nodes[i].shared;
  return n;
}

static void print_sum(const FuseCheck *check, FuseText *out) {
  const size_t n_shared = count_shared(check);
  fuse_text_printf(out, "%zu nodes:", check->n);
  for (Support s = 0; s < N_SUPPORTS; s++) {
    fuse_text_printf(out, "%s %zu %s", s ? "," : "", count(check, NULL, s), support_names[s]);
    if (s == MACHINE && n_shared)
      fuse_text_printf(out, " (%zu with steps of the host)", n_shared);
  }
  fuse_text_puts(out, "\n");
}

/* ---- JSON ---- */

static void set(json_t *object, const char *key, json_t *owned_value) {
  if (json_object_set_new(object, key, owned_value) != 0)
    fuse_fatal("out of memory");
}

/* A file's names may be no UTF-8, which JSON must be. */
static json_t *name_json(const char *name) {
  FuseText escaped = {0};
  if (fuse_utf8_valid(name, strlen(name)))
    return json_string(name);
  fuse_text_escaped(&escaped, name, strlen(name));
  json_t *text = json_string(escaped.data);
  fuse_text_fini(&escaped);
  return text;
}

static json_t *node_json(const Node *node) {
  json_t *entry = json_object();
  set(entry, "index", json_integer(node->index));
  set(entry, "name", name_json(node->name));
  set(entry, "operator", name_json(node->type));
  set(entry, "support", json_string(support_names[node->support]));
  set(entry, "reason", name_json(node->reason ? node->reason : common_reasons[node->support]));
  return entry;
}

static void print_json(const FuseCheck *check, bool compiles, FuseText *out) {
  json_t *root = json_object(), *nodes = json_array();
  for (size_t i = 0; i < check->n; i++)
    if (json_array_append_new(nodes, node_json(&check->nodes[i])) != 0)
      fuse_fatal("out of memory");
  set(root, "compiles", json_boolean(compiles));
  set(root, "nodes", nodes);
  char *text = json_dumps(root, JSON_INDENT(2));
  if (!text)
    fuse_fatal("out of memory");
  fuse_text_printf(out, "%s\n", text);
  free(text);
  json_decref(root);
}

bool fuse_check_end(FuseCheck *check, bool compiled, FuseText *text, FuseText *json) {
  const bool ok = compiled && fuse_check_refused(check) == 0;
  if (check->n) {
    qsort(check->nodes, check->n, sizeof *check->nodes, by_index);
    print_operators(check, text);
    print_reasons(check, text);
    print_sum(check, text);
  }
  if (json)
    print_json(check, ok, json);
  fuse_arena_fini(&check->arena);
  return ok;
}
