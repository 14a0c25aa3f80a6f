// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/* map_values.c - which tensor of the machine holds a value, and which ops layers have taken up. */
#include "map_private.h"

static Slot *slot_of(Mapper *m, const void *key) {
  size_t i = ((uintptr_t)key >> 4) * 0x9E3779B97F4A7C15ull >> 20 & (m->capacity - 1);
  while (m->slots[i].key && m->slots[i].key != key)
    i = (i + 1) & (m->capacity - 1);
  if (!m->slots[i].key)
    m->slots[i] = (Slot){.key = key, .blocked = {NULL}};
  return &m->slots[i];
}

void map_init_values(Mapper *m, size_t n_ops) {
  for (m->capacity = 64; m->capacity < 16 * n_ops + 64;)
    m->capacity *= 2;
  m->slots = fuse_alloc_array(m->scratch, m->capacity, sizeof *m->slots);
}

MlirValue map_blocked(Mapper *m, MlirValue value) {
  return slot_of(m, value.ptr)->blocked;
}

void map_set_blocked(Mapper *m, MlirValue value, MlirValue blocked) {
  slot_of(m, value.ptr)->blocked = blocked;
}

bool map_is_done(Mapper *m, MlirOperation op) {
  return slot_of(m, op.ptr)->done;
}

void map_set_done(Mapper *m, MlirOperation op) {
  slot_of(m, op.ptr)->done = true;
}

/* ---- tensors of the machine ---- */

MlirValue map_find_blocked(MlirValue value, void *user) {
  Mapper *m = user;
  Slot *slot = slot_of(m, value.ptr);
  StosEntry entry;
  FuseDtype dtype;
  int64_t shape[STOS_RANK];
  if (mlirValueIsNull(slot->blocked) && stos_argument_of(m->ir, value, &entry) &&
      stos_shape(mlirValueGetType(value), &dtype, shape) && dtype == m->dtype) {
    MlirOperation op = stos_def(value);
    MlirLocation loc = op.ptr ? mlirOperationGetLocation(op) : mlirLocationUnknownGet(m->context);
    slot->blocked = stos_build_input(m->rw, loc, &entry, NULL, m->dtype, shape);
  }
  return slot->blocked;
}

MlirValue map_get_blocked(Mapper *m, MlirOperation at, MlirValue value) {
  MlirValue blocked = map_find_blocked(value, m);
  MlirOperation maker = stos_def(value);
  FuseDtype dtype;
  int64_t shape[STOS_RANK];
  if (!mlirValueIsNull(blocked) || !stos_shape(mlirValueGetType(value), &dtype, shape) ||
      dtype != m->dtype)
    return blocked;
  blocked = fuse_build(m->rw, mlirOperationGetLocation(maker.ptr ? maker : at), "stos.pack", 1,
                       &value, 0, NULL, stos_blocked_type(m->context, dtype, shape));
  map_set_blocked(m, value, blocked);
  return blocked;
}
