// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/* net_private.h - what the files share that read a mapped function as the planner's network. */
#ifndef FUSE_STOS_NET_PRIVATE_H
#define FUSE_STOS_NET_PRIVATE_H

#include "fuse/kernel_calls.h"
#include "stos_private.h"

/* Where a value lives; storage < 0: nowhere yet. */
typedef struct Home {
  const void *value;
  FusePlanTensor tensor;
} Home;

typedef struct NetReader {
  FuseIr *ir;
  FuseArena *arena;
  MlirOperation func;
  const StosTarget *target;
  StosNet *net;
  Home *homes; /* of values, by pointer: open addressing */
  size_t capacity;
  size_t storages_cap, layers_cap, data_cap, calls_cap, io_cap, ops_cap;
} NetReader;

/* ---- net_values.c ---- */

/* Add one to the net; those that give a number, its index. */
int net_new_storage(NetReader *r, FuseStorage storage);
int net_new_data(NetReader *r, FusePlanData data, const char *name);
int net_new_call(NetReader *r, FusePlanCall call);
void net_new_layer(NetReader *r, FuseLayer layer, MlirOperation op);
void net_new_io(NetReader *r, StosBorder io);

Home *net_home(NetReader *r, MlirValue value);
void net_place(NetReader *r, MlirValue value, FusePlanTensor tensor);
/* The name of the op's location, in the arena. */
const char *net_name(NetReader *r, MlirOperation op);
FuseTensor net_type(MlirValue value);
/* Channel blocks of so many channels. */
int64_t net_blocks(const NetReader *r, int64_t channels);
/* The storage of a blocked tensor N,H,W,C. */
FuseStorage net_blocked_storage(const NetReader *r, const FuseTensor *t, FuseHome home,
                                const char *name);
/* The storage of a plain tensor: its bytes as words of the datapath. */
FuseStorage net_plain_storage(const NetReader *r, size_t bytes, FuseHome home, const char *name);
/* The home of a plain value, an argument or the result of a host op; made when there is none. */
FusePlanTensor net_plain_home(NetReader *r, MlirValue value);
int net_constant_data(NetReader *r, const FuseTensor *t, const char *name);
/* A layer of the vector unit that copies; the start of every other layer. */
FuseLayer net_vector_layer(const NetReader *r, FusePlanTensor in, FusePlanTensor out);

/* ---- net_layer.c: stos.layer ---- */

bool net_layer(NetReader *r, MlirOperation op);

/* ---- net_host.c ---- */

/* An op of the host as calls of kernels. */
bool net_host(NetReader *r, MlirOperation op);
/* One call: tensors by storage (-1: data[i]), each from a byte offset. */
void net_add_call(NetReader *r, MlirOperation op, const FuseKernelCall *call,
                  const FusePlanTensor *tensors, const int *data, const uint64_t *offsets);
/* stos.pack and stos.unpack: the host copies; pad lanes are zero. */
void net_convert(NetReader *r, MlirOperation op, bool pack);

/* ---- net_border.c ---- */

void net_input(NetReader *r, MlirOperation op);
/* Arguments that the host reads as they are. */
void net_plain_arguments(NetReader *r, MlirBlock block);
/* Inputs as the function has them: they were found as they are read, and people count them. */
void net_order_inputs(NetReader *r);
/* Operand i of func.return: made where the caller reads it, the storage itself when a layer or the
 * host makes all of it, else a copy. */
bool net_output(NetReader *r, MlirOperation last, intptr_t i);

#endif
