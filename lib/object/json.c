// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/* json.c - an object as JSON: everything but the weights' bytes.
 *
 * needs: an object that stos_object_check takes
 * gives: keys in a fixed order, numbers as they are in the file */
#include <stdlib.h>
#include <string.h>

#include "object_private.h"

/* jansson gives NULL for want of memory only: names are UTF-8. */
static void set(json_t *object, const char *key, json_t *owned_value) {
  if (json_object_set_new(object, key, owned_value) != 0)
    fuse_fatal("out of memory");
}

static void append(json_t *array, json_t *owned_value) {
  if (json_array_append_new(array, owned_value) != 0)
    fuse_fatal("out of memory");
}

static json_t *integer(uint64_t value) {
  FUSE_ASSERT(value <= INT64_MAX);
  return json_integer((json_int_t)value);
}

static json_t *hash(const uint8_t *bytes) {
  FuseText text = {0};
  stos_text_hex(&text, bytes, STOS_HASH_BYTES);
  json_t *string = json_string(text.data);
  fuse_text_fini(&text);
  return string;
}

json_t *stos_json_target(const StosTarget *target) {
  json_t *root = json_object();
  set(root, "name", json_string(target->name));
#define X(field, smallest, largest) set(root, #field, integer(target->field));
  STOS_TARGET_FIELDS(X)
#undef X
  return root;
}

static json_t *tensor(const StosIo *io) {
  json_t *root = json_object(), *shape = json_array();
  set(root, "name", json_string(io->name));
  set(root, "dtype", json_string(fuse_dtype_name((FuseDtype)io->dtype)));
  for (int i = 0; i < io->rank; i++)
    append(shape, integer((uint64_t)io->shape[i]));
  set(root, "shape", shape);
  set(root, "layout", json_string(stos_layout_name(io->layout)));
  set(root, "machine_dtype", json_string(fuse_dtype_name((FuseDtype)io->machine_dtype)));
  set(root, "offset_bytes", integer(io->offset_bytes));
  set(root, "size_bytes", integer(io->size_bytes));
  set(root, "scale", json_real((double)io->scale));
  set(root, "zero_point", json_integer(io->zero_point));
  if (io->layout != STOS_LAYOUT_PLAIN) {
    set(root, "channels_last", json_boolean(io->channels_last));
    set(root, "line_pitch", integer(io->line_pitch));
    set(root, "block_pitch", integer(io->block_pitch));
  }
#define X(field, type) set(root, #field, json_integer((json_int_t)io->field));
  if (io->layout == STOS_LAYOUT_PACKED) {
    STOS_PACKING_FIELDS(X)
  }
#undef X
  return root;
}

json_t *stos_json_tensors(const StosIo *list, uint32_t n) {
  json_t *root = json_array();
  for (uint32_t i = 0; i < n; i++)
    append(root, tensor(&list[i]));
  return root;
}

static json_t *host_call(const StosHostCall *call) {
  json_t *root = json_object(), *tensors = json_array(), *words = json_array();
  const char *name = stos_kernel_name(call->kernel);
  set(root, "kernel", integer(call->kernel));
  set(root, "name", name ? json_string(name) : json_null());
  for (uint32_t i = 0; i < call->n_tensors; i++) {
    json_t *t = json_object();
    set(t, "region", json_string(stos_region_name((int)call->tensors[i].region)));
    set(t, "offset_bytes", integer(call->tensors[i].offset_bytes));
    set(t, "size_bytes", integer(call->tensors[i].size_bytes));
    append(tensors, t);
  }
  for (uint32_t i = 0; i < call->n_words; i++)
    append(words, integer(call->words[i]));
  set(root, "tensors", tensors);
  set(root, "words", words);
  return root;
}

json_t *stos_json_host(const StosObject *object) {
  json_t *root = json_array();
  for (uint32_t i = 0; i < object->n_host; i++)
    append(root, host_call(&object->host[i]));
  return root;
}

static json_t *debug_nodes(const StosObject *object) {
  json_t *root = json_array();
  for (uint32_t i = 0; i < object->n_nodes; i++) {
    const StosNode *node = &object->nodes[i];
    json_t *n = json_object();
    set(n, "name", json_string(node->name));
    set(n, "op", json_string(stos_string(node->op)));
    set(n, "mapping", json_string(stos_string(node->mapping)));
    set(n, "macs", integer(node->macs));
    set(n, "bound_cycles", integer(node->bound_cycles));
    append(root, n);
  }
  return root;
}

static json_t *debug_ranges(const StosObject *object) {
  json_t *root = json_array();
  for (uint32_t i = 0; i < object->n_ranges; i++) {
    json_t *range = json_object();
    set(range, "begin", integer(object->ranges[i].begin));
    set(range, "end", integer(object->ranges[i].end));
    set(range, "node", json_string(object->nodes[object->ranges[i].node].name));
    append(root, range);
  }
  return root;
}

/* ---- commands ---- */

static json_t *element(const StosCmd *cmd, const StosField *field, int i) {
  if (!field->is_post)
    return json_integer(stos_field_get(cmd, field, i));
  StosCmd copy = *cmd; /* stos_field_post hands out something to write to */
  const StosPost *op = stos_field_post(&copy, field, i);
  json_t *root = json_object();
  set(root, "op", json_string(stos_post_info(op->code)->name));
  set(root, "shift", integer(op->shift));
  set(root, "imm", integer(op->imm));
  return root;
}

static json_t *fields(const StosCmd *cmd) {
  const StosCmdInfo *info = stos_cmd_info(cmd->opcode);
  json_t *root = json_object();
  for (int f = 0; f < info->n_fields; f++) {
    const StosField *field = &info->fields[f];
    if (field->count == 1) {
      set(root, field->name, element(cmd, field, 0));
      continue;
    }
    json_t *array = json_array();
    for (int i = 0; i < field->count; i++)
      append(array, element(cmd, field, i));
    set(root, field->name, array);
  }
  return root;
}

static json_t *syncs(const StosSync *sync, int n) {
  static const char *const kinds[] = {
      [STOS_WAIT] = "wait", [STOS_SIGNAL_READ] = "read", [STOS_SIGNAL_DONE] = "done"};
  json_t *root = json_array();
  for (int i = 0; i < n; i++) {
    json_t *s = json_object();
    set(s, "semaphore", integer(sync[i].semaphore));
    set(s, "kind", json_string(kinds[sync[i].kind]));
    set(s, "level", integer(sync[i].level));
    set(s, "count", integer(sync[i].count));
    append(root, s);
  }
  return root;
}

static json_t *command(const StosObject *object, const StosCmd *cmd, uint32_t offset) {
  json_t *root = json_object();
  FuseText line = {0};
  const StosNode *node = stos_object_node(object, offset);
  stos_print(&line, cmd);
  set(root, "offset", integer(offset));
  set(root, "name", json_string(stos_cmd_info(cmd->opcode)->name));
  set(root, "node", node ? json_string(node->name) : json_null());
  set(root, "text", json_string(line.data));
  set(root, "waits", syncs(cmd->sync, cmd->n_waits));
  set(root, "signals", syncs(cmd->sync + cmd->n_waits, cmd->n_signals));
  set(root, "fields", fields(cmd));
  fuse_text_fini(&line);
  return root;
}

static json_t *commands(const StosObject *object, const StosProgram *program) {
  json_t *root = json_array();
  for (size_t i = 0; i < program->n; i++)
    append(root, command(object, &program->cmds[i], program->offsets[i]));
  return root;
}

/* ---- the whole ---- */

static int write_text(const char *bytes, size_t n, void *user) {
  fuse_text_append(user, bytes, n);
  return 0;
}

void stos_json_print(json_t *owned_root, FuseText *out) {
  /* 9 digits are enough for a float to read back. */
  size_t flags = JSON_INDENT(2) | JSON_REAL_PRECISION(9) | JSON_PRESERVE_ORDER;
  if (json_dump_callback(owned_root, write_text, out, flags) != 0)
    fuse_fatal("out of memory");
  fuse_text_puts(out, "\n");
  json_decref(owned_root);
}

bool stos_object_json(const StosObject *object, const char *place, FuseText *out, FuseDiag *diag) {
  static const uint8_t none[STOS_HASH_BYTES];
  FuseArena arena = {0};
  StosProgram program;
  uint8_t target_hash[STOS_HASH_BYTES];
  if (!stos_object_program(&arena, object, place, &program, diag)) {
    fuse_arena_fini(&arena);
    return false;
  }
  json_t *root = json_object(), *regions = json_object();
  bool has_model = memcmp(object->model_hash, none, sizeof none) != 0;
  stos_target_hash(&object->target, target_hash);
  set(root, "version", integer(STOS_OBJECT_VERSION));
  set(root, "target", stos_json_target(&object->target));
  set(root, "target_sha256", hash(target_hash));
  set(root, "compiler", json_string(stos_string(object->compiler)));
  set(root, "flags", json_string(stos_string(object->flags)));
  set(root, "model_sha256", has_model ? hash(object->model_hash) : json_null());
  set(root, "datapath", json_string(fuse_dtype_name((FuseDtype)object->dtype)));
  set(root, "allow_reassociation", json_boolean(object->allow_reassociation));
  for (int r = 0; r < STOS_N_REGIONS; r++)
    set(regions, stos_region_name(r), integer(stos_region_bytes(object, r)));
  set(root, "region_bytes", regions);
  set(root, "text_bytes", integer(object->text_bytes));
  set(root, "inputs", stos_json_tensors(object->inputs, object->n_inputs));
  set(root, "outputs", stos_json_tensors(object->outputs, object->n_outputs));
  set(root, "host", stos_json_host(object));
  set(root, "nodes", debug_nodes(object));
  set(root, "ranges", debug_ranges(object));
  set(root, "commands", commands(object, &program));
  stos_json_print(root, out);
  fuse_arena_fini(&arena);
  return true;
}
