// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/* host.c - what the host runs, by node of the network, and why the machine doesn't.
 *
 * needs: an object and its commands, both checked
 * gives: one entry per node that has a HOST command, in program order
 */
#include <string.h>

#include "fuse/driver.h"
#include "fuse/kernels.h"

/* Why a kernel is the host's; what explains a node best comes last. */
typedef enum Why {
  LAYOUT,   /* computes nothing */
  OPERANDS, /* the machine has it, but not for these operands */
  MAPPING,
  ADDRESSES,
  MISSING,
  N_WHYS
} Why;

bool fuse_kernel_is_layout(const FuseKernelInfo *kernel) {
  return kernel->group == FUSE_PARAMS_move || kernel->group == FUSE_PARAMS_fill;
}

/* Does the post program have it (lib/transforms/stos/post.c)? */
static bool is_post(const char *family) {
  static const char *const families[] = {"add",     "sub",     "mul", "clamp",
                                         "maximum", "minimum", "abs", "negate"};
  for (size_t i = 0; i < FUSE_COUNTOF(families); i++)
    if (!strcmp(family, families[i]))
      return true;
  return false;
}

static Why why_of(const FuseKernelInfo *kernel) {
  switch (kernel->group) {
  case FUSE_PARAMS_move:
  case FUSE_PARAMS_fill: return LAYOUT;
  case FUSE_PARAMS_gather:
  case FUSE_PARAMS_scatter:
  case FUSE_PARAMS_update: return ADDRESSES;
  case FUSE_PARAMS_conv2d:
  case FUSE_PARAMS_dwconv2d:
  case FUSE_PARAMS_tconv2d:
  case FUSE_PARAMS_matmul: return MAPPING;
  case FUSE_PARAMS_pool2d: return OPERANDS;
  default: return is_post(kernel->family) ? OPERANDS : MISSING;
  }
}

/* The family after those that are there already. */
static const char *add_name(FuseArena *arena, const char *names, const char *name) {
  size_t length = strlen(name);
  for (const char *at = names; (at = strstr(at, name)); at++)
    if ((at == names || at[-1] == ' ') && (at[length] == ',' || at[length] == '\0'))
      return names;
  return *names ? fuse_format(arena, "%s, %s", names, name) : name;
}

static const char *reason(FuseArena *arena, Why why, const char *names) {
  switch (why) {
  case LAYOUT: return "changes the order of elements, for a step of the host or of the machine";
  case OPERANDS:
    return fuse_format(arena, "no command of the machine takes these operands of %s", names);
  case MAPPING: return "no mapping of the array takes its operands";
  case ADDRESSES: return "addresses depend on data";
  case MISSING:
  case N_WHYS: break;
  }
  return fuse_format(arena, "no command of the machine computes %s", names);
}

static uint64_t tensor_bytes(const StosHostCall *call) {
  uint64_t bytes = 0;
  for (uint32_t i = 0; i < call->n_tensors; i++)
    bytes += call->tensors[i].size_bytes;
  return bytes;
}

/* The entry of a command's node, perhaps a new one. */
static FuseHostNode *entry_of(FuseHostNode *nodes, size_t *n, const StosNode *node) {
  for (size_t i = 0; i < *n; i++)
    if (nodes[i].node == node)
      return &nodes[i];
  nodes[*n] = (FuseHostNode){.node = node};
  return &nodes[(*n)++];
}

FuseHostNode *fuse_host_nodes(FuseArena *arena, const StosObject *object,
                              const StosProgram *program, size_t *n) {
  size_t most = (size_t)object->n_nodes + 1, n_calls = 0; /* calls of no node are one entry */
  FuseHostNode *nodes = fuse_alloc_array(arena, most, sizeof *nodes);
  const char *(*names)[N_WHYS] = fuse_alloc_array(arena, most, sizeof *names);
  *n = 0;
  for (size_t i = 0; i < program->n; i++) {
    if (program->cmds[i].opcode != STOS_CMD_HOST)
      continue;
    const StosHostCall *call = &object->host[program->cmds[i].host.call];
    const FuseKernelInfo *kernel = fuse_kernel_find(call->kernel);
    FuseHostNode *entry = entry_of(nodes, n, stos_object_node(object, program->offsets[i]));
    const char **known = &names[entry - nodes][why_of(kernel)];
    if (entry->calls++ == 0)
      entry->first = n_calls;
    n_calls++;
    *known = add_name(arena, *known ? *known : "", kernel->family);
    entry->macs += fuse_kernel_macs(call->kernel, call->words);
    entry->bytes += tensor_bytes(call);
  }
  for (size_t i = 0; i < *n; i++) {
    Why why = MISSING;
    while (!names[i][why])
      why--;
    nodes[i].reason = reason(arena, why, names[i][why]);
    nodes[i].layout = why == LAYOUT;
  }
  return nodes;
}
