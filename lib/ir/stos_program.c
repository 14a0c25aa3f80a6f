// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/* stos_program.c - the planner's program as stos.buffer and command ops, and back.
 *
 * A field of a command is an attribute of the same name (isa.def): an integer, array<i64> for
 * arrays, strings for post programs. Fields with their fallback value are left out. `refs` names
 * what each operand, a buffer, is to the command.
 */
#include <string.h>

#include "fuse/kernels.h"
#include "fuse/stos_ir.h"

static const char *const space_names[] = {"chip", "param", "lut", "weights", "arena", "io"};
static const char *const ref_names[FUSE_N_REFS] = {"in",    "left", "out", "res",
                                                   "param", "dram", "lut"};

/* Index of a string in a list; -1. */
static int index_of(MlirStringRef s, const char *const *names, int n) {
  for (int i = 0; i < n; i++)
    if (fuse_str_is(s, names[i]))
      return i;
  return -1;
}

/* ---- fields ---- */

static MlirAttribute field_attr(MlirContext context, const StosCmd *cmd, const StosField *field) {
  StosCmd copy = *cmd;
  if (field->is_post) {
    MlirAttribute ops[STOS_MAX_POST];
    int n = 0;
    for (; n < field->count && stos_field_post(&copy, field, n)->code != STOS_POST_NOP; n++) {
      FuseText text = {0};
      stos_print_post(&text, stos_field_post(&copy, field, n), cmd->dtype);
      ops[n] = mlirStringAttrGet(context, mlirStringRefCreate(text.data, text.length));
      fuse_text_fini(&text);
    }
    return n ? mlirArrayAttrGet(context, n, ops) : mlirAttributeGetNull();
  }
  int64_t values[8];
  bool fallback = true;
  for (int i = 0; i < field->count; i++) {
    values[i] = stos_field_get(cmd, field, i);
    fallback = fallback && values[i] == field->fallback;
  }
  if (fallback)
    return mlirAttributeGetNull();
  return field->count == 1 ? mlirIntegerAttrGet(mlirIntegerTypeGet(context, 64), values[0])
                           : mlirDenseI64ArrayGet(context, field->count, values);
}

static bool read_post_field(MlirOperation op, MlirAttribute attr, StosCmd *cmd,
                            const StosField *field) {
  if (!mlirAttributeIsAArray(attr) || mlirArrayAttrGetNumElements(attr) > field->count) {
    fuse_op_error(op, "attribute '%s'; expected at most %d post operations", field->name,
                  field->count);
    return false;
  }
  for (intptr_t i = 0; i < mlirArrayAttrGetNumElements(attr); i++) {
    if (!mlirAttributeIsAString(mlirArrayAttrGetElement(attr, i))) {
      fuse_op_error(op, "%s[%d] is no string; expected a post operation", field->name, (int)i);
      return false;
    }
    MlirStringRef text = mlirStringAttrGetValue(mlirArrayAttrGetElement(attr, i));
    FuseDiag diag = {0};
    if (!stos_parse_post(text.data, text.length, field->name, cmd->dtype,
                         stos_field_post(cmd, field, (int)i), &diag)) {
      fuse_op_error(op, "%s: %s", diag.place, diag.message);
      return false;
    }
  }
  return true;
}

static bool read_field(MlirOperation op, StosCmd *cmd, const StosField *field) {
  MlirAttribute attr = mlirOperationGetAttributeByName(op, fuse_str(field->name));
  if (mlirAttributeIsNull(attr))
    return true;
  if (field->is_post)
    return read_post_field(op, attr, cmd, field);
  int64_t values[8];
  int n = 1;
  if (field->count == 1
          ? !fuse_get_i64(op, field->name, values)
          : !fuse_get_i64s(op, field->name, field->count, values, &n) || n != field->count) {
    fuse_op_error(op, "attribute '%s'; expected %d number%s", field->name, field->count,
                  field->count > 1 ? "s" : "");
    return false;
  }
  for (int i = 0; i < n; i++) {
    if (values[i] < field->smallest || values[i] > field->largest) {
      fuse_op_error(op, "%s = %lld; expected %lld to %lld", field->name, (long long)values[i],
                    (long long)field->smallest, (long long)field->largest);
      return false;
    }
    stos_field_set(cmd, field, i, values[i]);
  }
  return true;
}

/* ---- tokens: "s3:1@0" and "s3:1@0 done" ---- */

static MlirAttribute sync_attr(MlirContext context, const StosSync *sync, int n) {
  static const char *const kinds[] = {"", " read", " done"};
  MlirAttribute list[STOS_MAX_WAITS + STOS_MAX_SIGNALS];
  for (int i = 0; i < n; i++) {
    char text[64];
    int length = fuse_snprintf(text, sizeof text, "s%d:%d@%d%s", sync[i].semaphore, sync[i].count,
                               sync[i].level, kinds[sync[i].kind]);
    list[i] = mlirStringAttrGet(context, mlirStringRefCreate(text, (size_t)length));
  }
  return mlirArrayAttrGet(context, n, list);
}

static bool read_number(MlirStringRef s, size_t *at, char before, unsigned *value) {
  if (*at >= s.length || s.data[*at] != before)
    return false;
  size_t first = ++*at;
  for (*value = 0; *at < s.length && s.data[*at] >= '0' && s.data[*at] <= '9' && *value < 100000;
       ++*at)
    *value = *value * 10 + (unsigned)(s.data[*at] - '0');
  return *at > first;
}

static bool read_sync(MlirOperation op, const char *name, bool wait, StosCmd *cmd) {
  MlirAttribute list = mlirOperationGetAttributeByName(op, fuse_str(name));
  bool array = mlirAttributeIsNull(list) || mlirAttributeIsAArray(list);
  intptr_t n = mlirAttributeIsNull(list) ? 0 : array ? mlirArrayAttrGetNumElements(list) : 1;
  for (intptr_t i = 0; i < n; i++) {
    MlirAttribute element = array ? mlirArrayAttrGetElement(list, i) : list;
    MlirStringRef s = {"", 0};
    if (array && mlirAttributeIsAString(element))
      s = mlirStringAttrGetValue(element);
    unsigned semaphore, count, level;
    size_t at = 0;
    bool ok = read_number(s, &at, 's', &semaphore) && read_number(s, &at, ':', &count) &&
              read_number(s, &at, '@', &level);
    MlirStringRef rest = {s.data + at, s.length - at};
    int kind = wait                         ? rest.length == 0 ? STOS_WAIT : -1
               : fuse_str_is(rest, " read") ? STOS_SIGNAL_READ
               : fuse_str_is(rest, " done") ? STOS_SIGNAL_DONE
                                            : -1;
    if (!ok || kind < 0 || semaphore >= STOS_N_SEMAPHORES || count == 0 || count > UINT16_MAX ||
        level > 7 || n > 4) {
      fuse_op_error(op, "%s: expected up to 4 of sN:COUNT@LEVEL%s", name,
                    wait ? "" : " with read or done");
      return false;
    }
    cmd->sync[cmd->n_waits + cmd->n_signals] = (StosSync){.semaphore = (uint8_t)semaphore,
                                                          .kind = (uint8_t)kind,
                                                          .level = (uint8_t)level,
                                                          .count = (uint16_t)count};
    if (wait)
      cmd->n_waits++;
    else
      cmd->n_signals++;
  }
  return true;
}

/* ---- writing ---- */

typedef struct Writer {
  FuseIr *ir;
  FuseArena *arena;
  MlirContext context;
  MlirRewriterBase rw;
  MlirLocation loc;
  const FusePlanNet *net;
  const FusePlanProgram *program;
  MlirValue *buffers;
} Writer;

static MlirNamedAttribute strings_attr(MlirContext context, const char *name, int n,
                                       const char *const *strings) {
  MlirAttribute list[16];
  for (int i = 0; i < n; i++)
    list[i] = mlirStringAttrGet(context, fuse_str(strings[i]));
  return fuse_attr(context, name, mlirArrayAttrGet(context, n, list));
}

static void write_buffer(Writer *w, int index) {
  const FusePlanBuffer *b = &w->program->buffers[index];
  MlirNamedAttribute attrs[5];
  int n = 0;
  attrs[n++] = fuse_attr_str(w->context, "space", space_names[b->space]);
  attrs[n++] = fuse_attr_i64(w->context, "size", (int64_t)b->size);
  if (b->address >= 0)
    attrs[n++] = fuse_attr_i64(w->context, "address", b->address);
  if (b->name && b->name[0])
    attrs[n++] = fuse_attr_str(w->context, "name", b->name);
  if (b->data >= 0) {
    const FusePlanData *data = &w->net->data[b->data];
    FuseTensor bytes = {.dtype = FUSE_I8,
                        .rank = 1,
                        .shape = {(int64_t)data->size_bytes},
                        .size_bytes = data->size_bytes};
    bytes.data = fuse_memdup(fuse_ir_arena(w->ir), data->bytes, data->size_bytes);
    attrs[n++] =
        fuse_attr(w->context, "values",
                  fuse_constant(w->ir, &bytes, data->name && data->name[0] ? data->name : "data"));
  } else if (b->storage >= 0) {
    const FuseStorage *s = &w->net->storages[b->storage];
    attrs[n++] =
        fuse_attr_i64s(w->context, "storage", 4, (const int64_t[]){s->n, s->blocks, s->h, s->w});
  }
  w->buffers[index] = fuse_build(w->rw, w->loc, "stos.buffer", 0, NULL, n, attrs,
                                 mlirIntegerTypeGet(w->context, 32));
}

static void write_io(Writer *w, const StosBorder *io) {
  MlirValue buffer = {NULL};
  for (int i = 0; i < w->program->n_buffers; i++)
    if (w->program->buffers[i].storage == io->storage)
      buffer = w->buffers[i];
  MlirNamedAttribute attrs[9] = {
      fuse_attr_str(w->context, "name", io->name),
      fuse_attr_str(w->context, "direction", io->input ? "input" : "output"),
      fuse_attr_str(w->context, "dtype", fuse_dtype_name(io->type.dtype)),
      fuse_attr_i64s(w->context, "shape", io->type.rank, io->type.shape),
      fuse_attr_str(w->context, "layout", io->layout),
  };
  int n = 5;
  if (strcmp(io->layout, "packed") == 0)
    attrs[n++] = fuse_attr_i64s(w->context, "window", N_WINDOW, io->window);
  if (io->channels_last)
    attrs[n++] = fuse_attr(w->context, "channels_last", mlirUnitAttrGet(w->context));
  if (io->scale > 0)
    attrs[n++] = fuse_attr_f32(w->context, "scale", io->scale);
  if (io->zero_point)
    attrs[n++] = fuse_attr_i64(w->context, "zero_point", io->zero_point);
  fuse_build_op(w->rw, w->loc, "stos.io", 1, &buffer, n, attrs, 0, NULL);
}

static MlirNamedAttribute i64s_of(Writer *w, const char *name, int n, const uint64_t *values) {
  int64_t *copy = fuse_alloc_array(w->arena, (size_t)n, sizeof *copy);
  for (int i = 0; i < n; i++)
    copy[i] = (int64_t)values[i];
  return fuse_attr_i64s(w->context, name, n, copy);
}

static void write_host(Writer *w, const FusePlanCmd *cmd, MlirLocation loc) {
  const FusePlanCall *call = &w->net->calls[cmd->call];
  MlirValue operands[16];
  uint64_t offsets[16], sizes[16], written[16];
  uint64_t *words = fuse_alloc_array(w->arena, (size_t)call->n_words, sizeof *words);
  for (int i = 0; i < call->n_tensors; i++) {
    operands[i] = w->buffers[call->tensors[i].buffer];
    offsets[i] = call->tensors[i].offset_bytes, sizes[i] = call->tensors[i].size_bytes,
    written[i] = call->tensors[i].written;
  }
  for (int i = 0; i < call->n_words; i++)
    words[i] = call->words[i];
  MlirNamedAttribute attrs[] = {
      fuse_attr_str(w->context, "kernel", fuse_kernel_find(call->kernel)->name),
      i64s_of(w, "offsets", call->n_tensors, offsets),
      i64s_of(w, "sizes", call->n_tensors, sizes),
      i64s_of(w, "written", call->n_tensors, written),
      i64s_of(w, "words", call->n_words, words),
      fuse_attr_i64(w->context, "node", cmd->layer),
  };
  fuse_build_op(w->rw, loc, "stos.host", call->n_tensors, operands, (int)FUSE_COUNTOF(attrs), attrs,
                0, NULL);
}

enum { MAX_ATTRS = 80 };

static int field_attrs(MlirContext context, const StosCmd *cmd, MlirNamedAttribute *attrs) {
  const StosCmdInfo *info = stos_cmd_info(cmd->opcode);
  int n = 0;
  for (int i = 0; i < info->n_fields; i++) {
    MlirAttribute value = field_attr(context, cmd, &info->fields[i]);
    if (!mlirAttributeIsNull(value))
      attrs[n++] = fuse_attr(context, info->fields[i].name, value);
  }
  return n;
}

static void write_cmd(Writer *w, const FusePlanCmd *cmd, MlirLocation loc) {
  const char *refs[FUSE_N_REFS];
  MlirValue operands[FUSE_N_REFS];
  MlirNamedAttribute attrs[MAX_ATTRS];
  int n_refs = 0;
  for (int i = 0; i < FUSE_N_REFS; i++)
    if (cmd->buffer[i] >= 0) {
      refs[n_refs] = ref_names[i];
      operands[n_refs++] = w->buffers[cmd->buffer[i]];
    }
  int n = field_attrs(w->context, &cmd->cmd, attrs);
  attrs[n++] = strings_attr(w->context, "refs", n_refs, refs);
  attrs[n++] = fuse_attr_str(w->context, "dtype", fuse_dtype_name(cmd->cmd.dtype));
  attrs[n++] = fuse_attr_i64(w->context, "node", cmd->layer);
  char name[32];
  fuse_snprintf(name, sizeof name, "stos.%s", stos_cmd_info(cmd->cmd.opcode)->name);
  fuse_build_op(w->rw, loc, name, n_refs, operands, n, attrs, 0, NULL);
}

/* A function without arguments and results. */
static void clear_body(MlirContext context, MlirOperation func, MlirBlock block, FuseOpList old) {
  for (size_t i = old.n; i-- > 0;)
    mlirOperationDestroy(old.ops[i]);
  for (intptr_t i = mlirBlockGetNumArguments(block); i-- > 0;)
    mlirBlockEraseArgument(block, (unsigned)i);
  MlirType type = mlirFunctionTypeGet(context, 0, NULL, 0, NULL);
  mlirOperationSetInherentAttributeByName(func, fuse_str("function_type"), mlirTypeAttrGet(type));
  mlirOperationRemoveAttributeByName(func, fuse_str("arg_attrs"));
  mlirOperationRemoveAttributeByName(func, fuse_str("res_attrs"));
}

/* What people know the layer as: the operator of its ONNX node, else its kind or op. */
static const char *op_of(FuseArena *arena, MlirOperation layer) {
  const char *type = fuse_loc_type(arena, mlirOperationGetLocation(layer));
  MlirStringRef kind = fuse_op_name(layer);
  if (*type)
    return type;
  if (fuse_op_is(layer, "func.return"))
    return STOS_OP_OUTPUT;
  fuse_get_str(layer, "kind", &kind);
  return fuse_str_dup(arena, kind);
}

void stos_write_program(FuseIr *ir, FuseArena *arena, MlirOperation func, const StosTarget *target,
                        const StosNet *net, const FusePlanProgram *program) {
  MlirContext context = fuse_ir_context(ir);
  MlirBlock block = mlirRegionGetFirstBlock(mlirOperationGetRegion(func, 0));
  FuseOpList old = fuse_ops_of(arena, func, NULL);
  Writer w = {.ir = ir,
              .arena = arena,
              .context = context,
              .rw = mlirIRRewriterCreate(context),
              .loc = mlirOperationGetLocation(func),
              .net = &net->plan,
              .program = program};
  w.buffers = fuse_alloc_array(arena, (size_t)program->n_buffers, sizeof *w.buffers);
  mlirRewriterBaseSetInsertionPointToEnd(w.rw, block);
  for (int i = 0; i < program->n_buffers; i++)
    write_buffer(&w, i);
  for (int i = 0; i < net->n_io; i++)
    write_io(&w, &net->io[i]);
  for (int i = 0; i < net->plan.n_layers; i++) {
    FuseCost cost = fuse_plan_cost(&net->plan.layers[i], &net->plan, target);
    MlirNamedAttribute attrs[] = {
        fuse_attr_str(context, "mapping", fuse_mapping_name(net->plan.layers[i].mapping)),
        fuse_attr_str(context, "op", op_of(arena, net->op_of_layer[i])),
        fuse_attr_i64(context, "macs", (int64_t)cost.macs),
        fuse_attr_i64(context, "bound", (int64_t)cost.bound_cycles)};
    fuse_build_op(w.rw, mlirOperationGetLocation(net->op_of_layer[i]), "stos.node", 0, NULL,
                  (int)FUSE_COUNTOF(attrs), attrs, 0, NULL);
  }
  for (int i = 0; i < program->n_cmds; i++) {
    const FusePlanCmd *cmd = &program->cmds[i];
    MlirLocation loc = mlirOperationGetLocation(net->op_of_layer[cmd->layer]);
    if (cmd->cmd.opcode == STOS_CMD_HOST)
      write_host(&w, cmd, loc);
    else
      write_cmd(&w, cmd, loc);
  }
  fuse_build_op(w.rw, w.loc, "func.return", 0, NULL, 0, NULL, 0, NULL);
  clear_body(context, func, block, old);
  mlirIRRewriterDestroy(w.rw);
}

/* ---- reading ---- */

typedef struct Loader {
  FuseArena *arena;
  const StosTarget *target;
  StosFunction *out;
  size_t buffers_cap, buffer_ops_cap, cmds_cap, cmd_ops_cap, storages_cap, calls_cap;
} Loader;

static bool load_buffer(Loader *l, MlirOperation op) {
  FusePlanProgram *p = &l->out->program;
  MlirStringRef space, name;
  int64_t size, dims[4];
  int n;
  FusePlanBuffer b = {.address = -1, .storage = -1, .data = -1, .name = ""};
  if (!fuse_get_str(op, "space", &space) || !fuse_get_i64(op, "size", &size) || size < 0)
    return mlirLogicalResultIsSuccess(fuse_op_error(op, "expected space and size >= 0"));
  int index = index_of(space, space_names, (int)FUSE_COUNTOF(space_names));
  if (index < 0)
    return mlirLogicalResultIsSuccess(
        fuse_op_error(op, "unknown space; expected chip, param, lut, weights, arena or io"));
  b.space = (FusePlanSpace)index;
  b.size = (uint64_t)size;
  fuse_get_i64(op, "address", &b.address);
  if (fuse_get_str(op, "name", &name))
    b.name = fuse_str_dup(l->arena, name);
  if (fuse_get_i64s(op, "storage", 4, dims, &n) && n == 4) {
    FusePlanNet *net = &l->out->net;
    net->storages = fuse_grow(l->arena, net->storages, (size_t)net->n_storages, &l->storages_cap,
                              (size_t)net->n_storages + 1, sizeof *net->storages);
    net->storages[net->n_storages] =
        (FuseStorage){.n = dims[0], .blocks = dims[1], .h = dims[2], .w = dims[3], .name = b.name};
    b.storage = net->n_storages++;
  }
  size_t at = (size_t)p->n_buffers;
  p->buffers = fuse_grow(l->arena, p->buffers, at, &l->buffers_cap, at + 1, sizeof b);
  l->out->buffer_ops =
      fuse_grow(l->arena, l->out->buffer_ops, at, &l->buffer_ops_cap, at + 1, sizeof op);
  p->buffers[at] = b;
  l->out->buffer_ops[at] = op;
  p->n_buffers++;
  return true;
}

/* Index of the buffer that an operand is: buffer ops stand in order, so a binary search by position
 * isn't needed; `seen` maps them. */
static int buffer_index(const Loader *l, MlirValue operand) {
  MlirOperation op =
      mlirValueIsAOpResult(operand) ? mlirOpResultGetOwner(operand) : (MlirOperation){NULL};
  int64_t index = -1;
  if (!op.ptr || !fuse_op_is(op, "stos.buffer") || !fuse_get_i64(op, "index", &index) ||
      index < 0 || index >= l->out->program.n_buffers)
    return -1;
  return (int)index;
}

/* 0 when there is no kernel of this name: ids begin at 1. */
static uint32_t kernel_id(MlirStringRef name) {
  size_t n;
  const FuseKernelInfo *all = fuse_kernel_all(&n);
  for (size_t i = 0; i < n; i++)
    if (fuse_str_is(name, all[i].name))
      return all[i].id;
  return 0;
}

static bool load_call(Loader *l, MlirOperation op, FusePlanCmd *cmd) {
  FusePlanNet *net = &l->out->net;
  MlirStringRef name = {NULL, 0};
  int64_t offsets[16], sizes[16], written[16], words[256];
  int n = (int)mlirOperationGetNumOperands(op), n_offsets, n_sizes, n_written, n_words;
  if (!fuse_get_str(op, "kernel", &name) || !kernel_id(name) || n > 16 ||
      !fuse_get_i64s(op, "offsets", 16, offsets, &n_offsets) ||
      !fuse_get_i64s(op, "sizes", 16, sizes, &n_sizes) ||
      !fuse_get_i64s(op, "written", 16, written, &n_written) ||
      !fuse_get_i64s(op, "words", 256, words, &n_words) || n_offsets != n || n_sizes != n ||
      n_written != n)
    return mlirLogicalResultIsSuccess(
        fuse_op_error(op,
                      "expected a kernel of lib/kernels, words, and offsets, sizes and written for "
                      "each of %d operands",
                      n));
  FusePlanCall call = {.kernel = kernel_id(name), .n_tensors = n, .n_words = n_words};
  call.tensors = fuse_alloc_array(l->arena, (size_t)n, sizeof *call.tensors);
  call.words = fuse_alloc_array(l->arena, (size_t)n_words, sizeof *call.words);
  for (int i = 0; i < n_words; i++)
    call.words[i] = (uint32_t)words[i];
  for (int i = 0; i < n; i++) {
    int buffer = buffer_index(l, mlirOperationGetOperand(op, i));
    if (buffer < 0)
      return mlirLogicalResultIsSuccess(fuse_op_error(op, "operand %d isn't a stos.buffer", i));
    call.tensors[i] = (FusePlanCallTensor){.buffer = buffer,
                                           .storage = l->out->program.buffers[buffer].storage,
                                           .data = -1,
                                           .offset_bytes = (uint64_t)offsets[i],
                                           .size_bytes = (uint64_t)sizes[i],
                                           .written = written[i] != 0};
  }
  net->calls = fuse_grow(l->arena, net->calls, (size_t)net->n_calls, &l->calls_cap,
                         (size_t)net->n_calls + 1, sizeof call);
  net->calls[net->n_calls] = call;
  cmd->call = net->n_calls++;
  cmd->cmd.host.call = (uint32_t)cmd->call;
  return true;
}

static bool load_cmd(Loader *l, MlirOperation op, const StosCmdInfo *info) {
  FusePlanProgram *p = &l->out->program;
  FusePlanCmd cmd = {.cmd = stos_cmd_init((StosOpcode)info->opcode),
                     .layer = -1,
                     .call = -1,
                     .origin = l->out->program.n_cmds};
  int64_t node = -1, ahead = 0;
  MlirStringRef dtype;
  for (int i = 0; i < FUSE_N_REFS; i++)
    cmd.buffer[i] = -1;
  if (fuse_get_str(op, "dtype", &dtype))
    cmd.cmd.dtype = (uint8_t)fuse_dtype_find(dtype.data, dtype.length);
  for (int i = 0; i < info->n_fields; i++)
    if (!read_field(op, &cmd.cmd, &info->fields[i]))
      return false;
  if (!read_sync(op, "waits", true, &cmd.cmd) || !read_sync(op, "signals", false, &cmd.cmd))
    return false;
  if (fuse_get_i64(op, "node", &node))
    cmd.layer = (int)node;
  if (fuse_get_i64(op, "ahead", &ahead))
    cmd.ahead = (int)ahead;
  if (info->opcode == STOS_CMD_HOST) {
    if (!load_call(l, op, &cmd))
      return false;
  } else if (mlirOperationGetNumOperands(op)) {
    MlirAttribute refs = mlirOperationGetAttributeByName(op, fuse_str("refs"));
    for (intptr_t i = 0; i < mlirOperationGetNumOperands(op); i++) {
      int ref = i < mlirArrayAttrGetNumElements(refs)
                    ? index_of(mlirStringAttrGetValue(mlirArrayAttrGetElement(refs, i)), ref_names,
                               FUSE_N_REFS)
                    : -1;
      int buffer = buffer_index(l, mlirOperationGetOperand(op, i));
      if (ref < 0 || buffer < 0)
        return mlirLogicalResultIsSuccess(
            fuse_op_error(op,
                          "operand %d: expected a stos.buffer and its name in refs: in, left, out, "
                          "res, param, dram or lut",
                          (int)i));
      cmd.buffer[ref] = buffer;
    }
  }
  size_t at = (size_t)p->n_cmds;
  p->cmds = fuse_grow(l->arena, p->cmds, at, &l->cmds_cap, at + 1, sizeof cmd);
  l->out->cmd_ops = fuse_grow(l->arena, l->out->cmd_ops, at, &l->cmd_ops_cap, at + 1, sizeof op);
  p->cmds[at] = cmd;
  l->out->cmd_ops[at] = op;
  p->n_cmds++;
  return true;
}

bool stos_read_program(FuseArena *arena, MlirOperation func, const StosTarget *target,
                       StosFunction *out) {
  Loader l = {.arena = arena, .target = target, .out = out};
  FuseOpList list = fuse_ops_of(arena, func, NULL);
  *out = (StosFunction){.func = func, .net.dtype = FUSE_F32};
  for (size_t i = 0; i < list.n; i++) {
    MlirOperation op = list.ops[i];
    MlirStringRef name = fuse_op_name(op);
    if (fuse_op_is(op, "stos.buffer")) {
      /* A discardable number for the look-up from operands; removed below. */
      mlirOperationSetAttributeByName(
          op, fuse_str("index"),
          mlirIntegerAttrGet(mlirIntegerTypeGet(mlirOperationGetContext(op), 64),
                             out->program.n_buffers));
      if (!load_buffer(&l, op))
        return false;
      continue;
    }
    const StosCmdInfo *info = name.length > 5 && memcmp(name.data, "stos.", 5) == 0
                                  ? stos_cmd_find(name.data + 5, name.length - 5)
                                  : NULL;
    if (info && !load_cmd(&l, op, info))
      return false;
  }
  for (int i = 0; i < out->program.n_buffers; i++)
    mlirOperationRemoveAttributeByName(out->buffer_ops[i], fuse_str("index"));
  for (int i = 0; i < out->program.n_cmds; i++)
    if (out->program.cmds[i].cmd.dtype == FUSE_I8)
      out->net.dtype = FUSE_I8;
  return true;
}

/* Set, or remove where value is null; an op's dictionary is made anew only where something changes.
 */
static void change_attr(MlirOperation op, const char *name, MlirAttribute value) {
  MlirAttribute old = mlirOperationGetAttributeByName(op, fuse_str(name));
  if (mlirAttributeIsNull(value) ? mlirAttributeIsNull(old) : mlirAttributeEqual(old, value))
    return;
  if (mlirAttributeIsNull(value))
    mlirOperationRemoveAttributeByName(op, fuse_str(name));
  else
    mlirOperationSetAttributeByName(op, fuse_str(name), value);
}

static MlirAttribute i64_attr(MlirContext context, int64_t value) {
  return mlirIntegerAttrGet(mlirIntegerTypeGet(context, 64), value);
}

static void update_cmd(MlirOperation op, const FusePlanCmd *cmd) {
  MlirContext context = mlirOperationGetContext(op);
  const StosCmdInfo *info = stos_cmd_info(cmd->cmd.opcode);
  const StosCmd *c = &cmd->cmd;
  for (int i = 0; i < info->n_fields && info->opcode != STOS_CMD_HOST;
       i++) /* HOST: `call` is the op's place */
    change_attr(op, info->fields[i].name, field_attr(context, c, &info->fields[i]));
  change_attr(op, "waits",
              c->n_waits ? sync_attr(context, c->sync, c->n_waits) : mlirAttributeGetNull());
  change_attr(op, "signals",
              c->n_signals ? sync_attr(context, c->sync + c->n_waits, c->n_signals)
                           : mlirAttributeGetNull());
  change_attr(op, "ahead", cmd->ahead ? i64_attr(context, cmd->ahead) : mlirAttributeGetNull());
}

void stos_update_program(StosFunction *f) {
  MlirContext context = mlirOperationGetContext(f->func);
  for (int i = 0; i < f->program.n_buffers; i++)
    if (f->program.buffers[i].address >= 0)
      change_attr(f->buffer_ops[i], "address", i64_attr(context, f->program.buffers[i].address));
  for (int i = 0; i < f->program.n_cmds; i++)
    if (f->program.cmds[i].origin >= 0)
      update_cmd(f->cmd_ops[f->program.cmds[i].origin], &f->program.cmds[i]);
}

/* ---- the target of a function ---- */

bool stos_function_target(MlirOperation func, StosTarget *target) {
  MlirStringRef json;
  FuseDiag diag = {0};
  if (!fuse_get_str(func, "stos.target", &json)) {
    fuse_op_error(func,
                  "no attribute stos.target; expected the machine that stos-map writes there");
    return false;
  }
  if (stos_target_parse(json.data, json.length, "stos.target", target, &diag))
    return true;
  fuse_op_error(func, "%s: %s", diag.place, diag.message);
  return false;
}

void stos_set_function_target(MlirOperation func, const StosTarget *target) {
  FuseText json = {0};
  stos_target_print(target, &json);
  mlirOperationSetAttributeByName(func, fuse_str("stos.target"),
                                  mlirStringAttrGet(mlirOperationGetContext(func),
                                                    mlirStringRefCreate(json.data, json.length)));
  fuse_text_fini(&json);
}
