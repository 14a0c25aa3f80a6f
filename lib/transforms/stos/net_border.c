// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/* net_border.c - inputs and outputs: where the caller writes and reads them. */
#include <stdlib.h>

#include "net_private.h"

/* Element i of a string array attribute of the function, or "input0". */
static const char *border_name(NetReader *r, const char *attribute, const char *fallback,
                               intptr_t i) {
  MlirAttribute names = mlirOperationGetAttributeByName(r->func, fuse_str(attribute));
  if (mlirAttributeIsNull(names) || !mlirAttributeIsAArray(names) ||
      i >= mlirArrayAttrGetNumElements(names))
    return fuse_format(r->arena, "%s%d", fallback, (int)i);
  return fuse_str_dup(r->arena, mlirStringAttrGetValue(mlirArrayAttrGetElement(names, i)));
}

/* Of stos.input or stos.output: what the I/O table says besides the layout. */
static void read_attributes(MlirOperation op, StosBorder *io) {
  io->channels_last = fuse_has_attr(op, "channels_last");
  fuse_get_f64(op, "scale", &io->scale);
  fuse_get_i64(op, "zero_point", &io->zero_point);
}

void net_input(NetReader *r, MlirOperation op) {
  MlirValue argument = mlirOperationGetOperand(op, 0);
  intptr_t index = mlirBlockArgumentGetArgNumber(argument);
  StosBorder io = {.name = border_name(r, "fuse.inputs", "input", index),
                   .input = true,
                   .index = index,
                   .type = net_type(argument),
                   .layout = "blocked"};
  MlirStringRef layout = {NULL, 0};
  int n;
  fuse_get_str(op, "layout", &layout);
  if (fuse_str_is(layout, "packed")) {
    io.layout = "packed";
    fuse_get_i64s(op, "window", N_WINDOW, io.window, &n);
  }
  read_attributes(op, &io);
  io.storage = net_home(r, stos_result(op))->tensor.storage;
  r->net->plan.storages[io.storage].home = FUSE_HOME_IO;
  r->net->plan.storages[io.storage].name = io.name;
  net_new_io(r, io);
}

/* Arguments that the host reads as they are. */
void net_plain_arguments(NetReader *r, MlirBlock block) {
  for (intptr_t i = 0; i < mlirBlockGetNumArguments(block); i++) {
    MlirValue argument = mlirBlockGetArgument(block, i);
    bool plain = false;
    for (MlirOpOperand use = mlirValueGetFirstUse(argument); !mlirOpOperandIsNull(use);
         use = mlirOpOperandGetNextUse(use))
      plain = plain || !fuse_op_is(mlirOpOperandGetOwner(use), "stos.input");
    if (!plain && !mlirOpOperandIsNull(mlirValueGetFirstUse(argument)))
      continue;
    StosBorder io = {.name = border_name(r, "fuse.inputs", "input", i),
                     .input = true,
                     .index = i,
                     .type = net_type(argument),
                     .layout = "plain"};
    io.storage =
        net_new_storage(r, net_plain_storage(r, io.type.size_bytes, FUSE_HOME_IO, io.name));
    net_place(r, argument, (FusePlanTensor){.storage = io.storage});
    net_new_io(r, io);
  }
}

static int compare_borders(const void *a, const void *b) {
  const StosBorder *x = a, *y = b;
  return (x->index > y->index) - (x->index < y->index);
}

void net_order_inputs(NetReader *r) {
  if (r->net->n_io > 1)
    qsort(r->net->io, (size_t)r->net->n_io, sizeof *r->net->io, compare_borders);
}

/* A blocked tensor: the storage itself, or a copy of a part of one or of another output. */
static void blocked_output(NetReader *r, MlirOperation op, StosBorder *io) {
  MlirValue value = mlirOperationGetOperand(op, 0);
  FusePlanTensor from = net_home(r, value)->tensor;
  FuseTensor t = net_type(value);
  io->layout = "blocked";
  read_attributes(op, io);
  FuseStorage *s = &r->net->plan.storages[from.storage];
  if (s->home != FUSE_HOME_IO && from.first_block == 0 && s->blocks == net_blocks(r, from.c)) {
    s->home = FUSE_HOME_IO;
    s->name = io->name;
    io->storage = from.storage;
    return;
  }
  io->storage = net_new_storage(r, net_blocked_storage(r, &t, FUSE_HOME_IO, io->name));
  const FusePlanTensor to = {.storage = io->storage, .c = from.c};
  net_new_layer(r, net_vector_layer(r, from, to), op);
}

/* A plain tensor, or a constant: the host copies it. */
static bool plain_output(NetReader *r, MlirOperation last, MlirValue value, StosBorder *io) {
  MlirOperation op = stos_def(value);
  FuseCallArg to = {.kind = FUSE_ARG_VALUE, .value = value, .tensor = io->type};
  FuseKernelCalls calls = {0};
  io->storage =
      net_new_storage(r, net_plain_storage(r, io->type.size_bytes, FUSE_HOME_IO, io->name));
  if (mlirLogicalResultIsFailure(fuse_kernel_copy(r->ir, r->arena, last, value, &to, &calls)))
    return false;
  for (size_t k = 0; k < calls.n; k++) {
    const FuseCallArg *x = &calls.calls[k].args[1];
    bool constant = x->kind == FUSE_ARG_CONSTANT;
    FusePlanTensor tensors[] = {{.storage = io->storage},
                                constant ? (FusePlanTensor){.storage = -1}
                                         : net_plain_home(r, x->value)};
    int data[] = {-1, constant ? net_constant_data(r, &x->tensor, io->name) : -1};
    net_add_call(r, op.ptr ? op : last, &calls.calls[k], tensors, data, (const uint64_t[]){0, 0});
  }
  return true;
}

bool net_output(NetReader *r, MlirOperation last, intptr_t i) {
  MlirValue value = mlirOperationGetOperand(last, i);
  MlirOperation op = stos_def(value);
  StosBorder io = {.name = border_name(r, "fuse.outputs", "output", i),
                   .index = i,
                   .type = net_type(value),
                   .layout = "plain"};
  if (fuse_op_is(op, "stos.output"))
    blocked_output(r, op, &io);
  else if (!plain_output(r, last, value, &io))
    return false;
  net_new_io(r, io);
  return true;
}
