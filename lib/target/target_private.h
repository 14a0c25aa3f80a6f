// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/* target_private.h - the fields of a target as a table. */
#ifndef FUSE_TARGET_PRIVATE_H
#define FUSE_TARGET_PRIVATE_H

#include "fuse/target.h"

typedef struct TargetField {
  const char *name;
  size_t offset; /* in StosTarget */
  uint32_t smallest, largest;
} TargetField;

enum {
#define X(field, smallest, largest) FIELD_##field,
  STOS_TARGET_FIELDS(X)
#undef X
      N_TARGET_FIELDS
};

extern const TargetField stos_target_fields[N_TARGET_FIELDS];

static inline uint32_t *stos_target_field(StosTarget *target, int field) {
  return (uint32_t *)((char *)target + stos_target_fields[field].offset);
}
static inline uint32_t stos_target_value(const StosTarget *target, int field) {
  return *(const uint32_t *)((const char *)target + stos_target_fields[field].offset);
}

bool stos_target_check_name(const char *name, const char *place, FuseDiag *diag);
/* value is wider than any field, so that what a file says needs no check before. */
bool stos_target_check_range(int field, int64_t value, const char *place, FuseDiag *diag);

#endif
