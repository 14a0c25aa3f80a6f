// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/* stream.c - scheduled stos ops become an object: commands, weights, I/O table, host calls, debug
 * map.
 *
 * needs: the result of stos-schedule
 * gives: StosObject (docs/isa.md, section 3); the last code that sees MLIR
 */
#include <string.h>

#include "fuse/codegen.h"
#include "fuse/stos_ir.h"

typedef struct Stream {
  FuseIr *ir;
  FuseArena *arena;
  MlirOperation func;
  StosFunction function;
  StosObject *object;
  uint8_t *text;
  size_t text_bytes, text_cap, nodes_cap, ranges_cap;
  StosNode *nodes;
  StosRange *ranges;
  int *node_of_row; /* per stos.node op: node of the map; rows of one name are one node */
  int n_rows;
} Stream;

static const FusePlanBuffer *buffer_of(const Stream *s, int index) {
  return &s->function.program.buffers[index];
}

/* ---- weights ---- */

static bool write_weights(Stream *s) {
  int64_t bytes = 0;
  if (!fuse_get_i64(s->func, "stos.weights_bytes", &bytes) || bytes < 0 || bytes > UINT32_MAX)
    return mlirLogicalResultIsSuccess(fuse_op_error(
        s->func, "expected stos.weights_bytes from 0 to %lld", (long long)UINT32_MAX));
  uint8_t *weights = fuse_alloc(s->arena, (size_t)bytes);
  for (int i = 0; i < s->function.program.n_buffers; i++) {
    const FusePlanBuffer *b = buffer_of(s, i);
    FuseTensor values;
    if (b->space != FUSE_SPACE_WEIGHTS)
      continue;
    MlirAttribute attr =
        mlirOperationGetAttributeByName(s->function.buffer_ops[i], fuse_str("values"));
    if (mlirAttributeIsNull(attr) || !fuse_constant_get(s->ir, attr, &values) || b->address < 0 ||
        b->address + (int64_t)values.size_bytes > bytes)
      return mlirLogicalResultIsSuccess(fuse_op_error(
          s->function.buffer_ops[i], "expected values and an address inside stos.weights_bytes"));
    memcpy(weights + b->address, values.data, values.size_bytes);
  }
  s->object->weights = weights;
  s->object->weights_bytes = (size_t)bytes;
  return true;
}

/* ---- inputs and outputs ---- */

static int buffer_of_operand(const Stream *s, MlirValue operand) {
  for (int i = 0; i < s->function.program.n_buffers; i++)
    if (mlirOperationEqual(s->function.buffer_ops[i], mlirOpResultGetOwner(operand)))
      return i;
  return -1;
}

static StosLayout layout_of(MlirStringRef name) {
  for (int i = 0; i < STOS_N_LAYOUTS; i++)
    if (fuse_str_is(name, stos_layout_name(i)))
      return (StosLayout)i;
  return STOS_N_LAYOUTS;
}

static bool read_io(Stream *s, MlirOperation op, StosIo *io) {
  MlirStringRef name, layout, dtype;
  int rank, n, index = buffer_of_operand(s, mlirOperationGetOperand(op, 0));
  int64_t window[N_WINDOW] = {0};
  *io = (StosIo){0};
  if (index < 0 || !fuse_get_str(op, "name", &name) || !fuse_get_str(op, "layout", &layout) ||
      !fuse_get_str(op, "dtype", &dtype) ||
      !fuse_get_i64s(op, "shape", FUSE_MAX_RANK, io->shape, &rank) ||
      layout_of(layout) == STOS_N_LAYOUTS)
    return mlirLogicalResultIsSuccess(
        fuse_op_error(op, "expected name, layout, dtype and shape, and a stos.buffer"));
  const FusePlanBuffer *b = buffer_of(s, index);
  io->name = fuse_str_dup(s->arena, name);
  io->dtype = (uint8_t)fuse_dtype_find(dtype.data, dtype.length);
  io->layout = (uint8_t)layout_of(layout);
  io->machine_dtype = io->layout == STOS_LAYOUT_PLAIN ? io->dtype : (uint8_t)s->function.net.dtype;
  io->rank = (uint8_t)rank;
  io->offset_bytes = (uint64_t)b->address;
  FuseTensor plain = {.dtype = (FuseDtype)io->dtype, .rank = rank};
  memcpy(plain.shape, io->shape, sizeof plain.shape);
  fuse_tensor_set_size(&plain);
  io->size_bytes = io->layout == STOS_LAYOUT_PLAIN ? plain.size_bytes : b->size;
  if (io->layout == STOS_LAYOUT_PLAIN)
    return true;
  if (b->storage < 0)
    return mlirLogicalResultIsSuccess(
        fuse_op_error(op, "the buffer has no storage; expected one, the layout isn't plain"));
  int64_t zero_point = 0;
  double scale = 0;
  fuse_get_i64(op, "zero_point", &zero_point);
  fuse_get_f64(op, "scale", &scale);
  io->zero_point = (int32_t)zero_point, io->scale = (float)scale;
  const FuseStorage *storage = &s->function.net.storages[b->storage];
  io->channels_last = fuse_has_attr(op, "channels_last");
  io->line_pitch = (uint32_t)storage->w;
  io->block_pitch = (uint32_t)(storage->h * storage->w);
  if (io->layout != STOS_LAYOUT_PACKED)
    return true;
  if (!fuse_get_i64s(op, "window", N_WINDOW, window, &n) || n != N_WINDOW)
    return mlirLogicalResultIsSuccess(
        fuse_op_error(op, "expected window, %d numbers, for the packed layout", N_WINDOW));
  io->kh = (uint8_t)window[WIN_KH], io->kw = (uint8_t)window[WIN_KW];
  io->stride_y = (uint8_t)window[WIN_SY], io->stride_x = (uint8_t)window[WIN_SX];
  io->dil_y = (uint8_t)window[WIN_DY], io->dil_x = (uint8_t)window[WIN_DX];
  io->pad_top = (int32_t)window[WIN_TOP], io->pad_left = (int32_t)window[WIN_LEFT];
  io->out_lines = (uint32_t)storage->h, io->out_pixels = (uint32_t)storage->w;
  return true;
}

static bool write_io(Stream *s) {
  FuseOpList list = fuse_ops_of(s->arena, s->func, "stos.io");
  StosIo *inputs = fuse_alloc_array(s->arena, list.n, sizeof *inputs),
         *outputs = fuse_alloc_array(s->arena, list.n, sizeof *outputs);
  for (size_t i = 0; i < list.n; i++) {
    MlirStringRef direction = {NULL, 0};
    fuse_get_str(list.ops[i], "direction", &direction);
    bool input = fuse_str_is(direction, "input");
    if (!read_io(s, list.ops[i],
                 input ? &inputs[s->object->n_inputs++] : &outputs[s->object->n_outputs++]))
      return false;
  }
  s->object->inputs = inputs;
  s->object->outputs = outputs;
  return true;
}

/* ---- host calls ---- */

static bool write_host(Stream *s) {
  static const uint32_t regions[] = {[FUSE_SPACE_WEIGHTS] = STOS_REGION_WEIGHTS,
                                     [FUSE_SPACE_ARENA] = STOS_REGION_ARENA,
                                     [FUSE_SPACE_IO] = STOS_REGION_IO};
  const FusePlanNet *net = &s->function.net;
  StosHostCall *calls = fuse_alloc_array(s->arena, (size_t)net->n_calls, sizeof *calls);
  for (int i = 0; i < net->n_calls; i++) {
    const FusePlanCall *call = &net->calls[i];
    StosHostTensor *tensors = fuse_alloc_array(s->arena, (size_t)call->n_tensors, sizeof *tensors);
    for (int k = 0; k < call->n_tensors; k++) {
      const FusePlanBuffer *b = buffer_of(s, call->tensors[k].buffer);
      if (b->space < FUSE_SPACE_WEIGHTS)
        return mlirLogicalResultIsSuccess(
            fuse_op_error(s->func, "a host call names a buffer on chip; expected one in DRAM"));
      tensors[k] =
          (StosHostTensor){.region = regions[b->space],
                           .offset_bytes = (uint64_t)b->address + call->tensors[k].offset_bytes,
                           .size_bytes = call->tensors[k].size_bytes};
    }
    calls[i] = (StosHostCall){.kernel = call->kernel,
                              .n_tensors = (uint32_t)call->n_tensors,
                              .n_words = (uint32_t)call->n_words,
                              .tensors = tensors,
                              .words = call->words};
  }
  s->object->host = calls;
  s->object->n_host = (uint32_t)net->n_calls;
  return true;
}

/* ---- debug map ---- */

/* The name of a row's location; a row without one is a node of its own, but outputs are one. */
static const char *row_name(Stream *s, MlirOperation row, MlirStringRef op, size_t index) {
  const char *name = fuse_loc_name(s->arena, mlirOperationGetLocation(row));
  if (*name)
    return name;
  return fuse_str_is(op, STOS_OP_OUTPUT) ? "(outputs)"
                                         : fuse_format(s->arena, "layer%d", (int)index);
}

/* Does the row explain its node better than those before: by more work, by the machine's work
 * beside the host's, or not by moves alone? */
static bool is_main_row(const StosNode *node, MlirStringRef mapping, uint64_t macs) {
  const char *host = fuse_mapping_name(FUSE_MAP_HOST);
  bool machine = strcmp(node->mapping, host) == 0 && !fuse_str_is(mapping, host);
  return !node->mapping[0] || macs > node->macs || (machine && macs == node->macs) ||
         strcmp(node->op, "stos.pack") == 0 || strcmp(node->op, "stos.unpack") == 0;
}

/* Rows of the same ONNX node are one node of the map; the mapping is that of the row with the most
 * work. */
static void write_nodes(Stream *s) {
  FuseOpList list = fuse_ops_of(s->arena, s->func, "stos.node");
  s->node_of_row = fuse_alloc_array(s->arena, list.n, sizeof *s->node_of_row);
  s->n_rows = (int)list.n;
  s->nodes = fuse_alloc_array(s->arena, list.n, sizeof *s->nodes);
  for (size_t i = 0; i < list.n; i++) {
    MlirStringRef op = {NULL, 0}, mapping = {NULL, 0};
    int64_t macs = 0, bound = 0;
    fuse_get_str(list.ops[i], "op", &op);
    const char *name = row_name(s, list.ops[i], op, i);
    fuse_get_str(list.ops[i], "mapping", &mapping);
    fuse_get_i64(list.ops[i], "macs", &macs);
    fuse_get_i64(list.ops[i], "bound", &bound);
    uint32_t at = 0;
    while (at < s->object->n_nodes && strcmp(s->nodes[at].name, name) != 0)
      at++;
    if (at == s->object->n_nodes)
      s->nodes[s->object->n_nodes++] = (StosNode){.name = name, .op = "", .mapping = ""};
    StosNode *node = &s->nodes[at];
    if (is_main_row(node, mapping, (uint64_t)macs)) {
      node->op = fuse_str_dup(s->arena, op);
      node->mapping = fuse_str_dup(s->arena, mapping);
    }
    node->macs += (uint64_t)macs;
    node->bound_cycles += (uint64_t)bound;
    s->node_of_row[i] = (int)at;
  }
  s->object->nodes = s->nodes;
}

static void add_range(Stream *s, uint32_t begin, uint32_t end, int row) {
  if (row < 0)
    return;
  uint32_t node = (uint32_t)s->node_of_row[row], n = s->object->n_ranges;
  if (n && s->ranges[n - 1].node == node && s->ranges[n - 1].end == begin) {
    s->ranges[n - 1].end = end;
    return;
  }
  s->ranges = fuse_grow(s->arena, s->ranges, n, &s->ranges_cap, n + 1, sizeof *s->ranges);
  s->ranges[n] = (StosRange){.begin = begin, .end = end, .node = node};
  s->object->n_ranges++;
  s->object->ranges = s->ranges;
}

/* ---- commands ---- */

static bool write_commands(Stream *s) {
  for (int i = 0; i < s->function.program.n_cmds; i++) {
    const FusePlanCmd *cmd = &s->function.program.cmds[i];
    FuseDiag diag = {0};
    s->text = fuse_grow(s->arena, s->text, s->text_bytes, &s->text_cap,
                        s->text_bytes + STOS_MAX_CMD_BYTES, 1);
    if (cmd->layer >= s->n_rows)
      return mlirLogicalResultIsSuccess(
          fuse_op_error(s->function.cmd_ops[i], "node = %d; expected the index of one of %d nodes",
                        cmd->layer, s->n_rows));
    size_t bytes = stos_encode(&cmd->cmd, s->text + s->text_bytes, &diag);
    if (bytes == 0)
      return mlirLogicalResultIsSuccess(fuse_op_error(s->function.cmd_ops[i], "%s", diag.message));
    add_range(s, (uint32_t)s->text_bytes, (uint32_t)(s->text_bytes + bytes), cmd->layer);
    s->text_bytes += bytes;
  }
  s->object->text = s->text;
  s->object->text_bytes = s->text_bytes;
  return true;
}

bool fuse_emit_object(FuseIr *ir, FuseArena *arena, MlirModule module,
                      const FuseObjectOptions *options, StosObject *object) {
  FuseOpList funcs = fuse_ops_of(arena, mlirModuleGetOperation(module), "func.func");
  if (funcs.n != 1)
    return mlirLogicalResultIsSuccess(
        fuse_op_error(mlirModuleGetOperation(module), "%zu functions; expected one", funcs.n));
  Stream s = {.ir = ir, .arena = arena, .func = funcs.ops[0], .object = object};
  StosTarget target;
  int64_t arena_bytes = 0, io_bytes = 0;
  *object = (StosObject){.compiler = options->compiler, .flags = options->flags};
  memcpy(object->model_hash, options->model_hash, sizeof object->model_hash);
  if (!stos_function_target(s.func, &target) ||
      !stos_read_program(arena, s.func, &target, &s.function))
    return false;
  int n = s.function.program.n_cmds;
  if (n == 0 || s.function.program.cmds[n - 1].cmd.opcode != STOS_CMD_END)
    return mlirLogicalResultIsSuccess(
        fuse_op_error(s.func, "no stos.end at the end; expected the result of stos-schedule"));
  fuse_get_i64(s.func, "stos.arena_bytes", &arena_bytes);
  fuse_get_i64(s.func, "stos.io_bytes", &io_bytes);
  object->target = target;
  object->dtype = (uint8_t)s.function.net.dtype;
  object->arena_bytes = (uint64_t)arena_bytes;
  object->io_bytes = (uint64_t)io_bytes;
  write_nodes(&s);
  return write_weights(&s) && write_io(&s) && write_host(&s) && write_commands(&s);
}
