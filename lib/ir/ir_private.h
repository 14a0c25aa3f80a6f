// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/* ir_private.h - what the files of lib/ir share. */
#ifndef FUSE_IR_PRIVATE_H
#define FUSE_IR_PRIVATE_H

#include "fuse/file.h"
#include "fuse/ir.h"
#include "fuse/kernels.h"

/* From attribute (uniqued by MLIR, so its address is its identity) to the decoded tensor. Only
 * looked up, never listed: addresses don't reach any output. */
typedef struct FuseConstantSlot {
  const void *attr; /* NULL: free */
  bool valid;       /* false: known to have no usable bytes */
  FuseTensor tensor;
} FuseConstantSlot;

typedef struct FuseConstantTable {
  FuseConstantSlot *slots;
  size_t n;
  size_t capacity; /* a power of two, or 0 */
} FuseConstantTable;

typedef struct FuseKeptFile {
  FuseFile file;
  struct FuseKeptFile *next;
} FuseKeptFile;

typedef struct FuseNote {
  struct FuseNote *next;
  const char *name;
  void *note;
} FuseNote;

struct FuseIr {
  MlirContext context;
  FuseArena arena;
  FuseConstantTable constants;
  FuseKeptFile *files;
  FuseNote *notes;
  MlirTypeIDAllocator type_ids;
  const char *input_name; /* while parsing: what MLIR's "-" stands for */
  size_t n_errors;
  size_t n_said[FUSE_N_SEVERITIES]; /* to fuse_ir_print, in this stage */
  FuseDiagSink sink;                /* NULL: print */
  void *sink_user;
};

/* location.c: MLIR's diagnostic handler; user is the FuseIr. */
MlirLogicalResult fuse_on_diagnostic(MlirDiagnostic diagnostic, void *user);

/* constant.c: why an elements attribute has no usable bytes; NULL when it has (or is of a kind we
 * don't decode). */
const char *fuse_constant_problem(FuseIr *ir, MlirAttribute attr);

/* The rules of one op, run after mlirOperationVerify. */
typedef MlirLogicalResult (*FuseRule)(MlirOperation op);
typedef struct FuseRuleRow {
  const char *name;
  FuseRule rule;
} FuseRuleRow;

/* verify_fuse.c: the fuse dialect; ends with a NULL name. */
extern const FuseRuleRow fuse_rules_fuse[];
/* verify_stos.c: the stos dialect; the same. */
extern const FuseRuleRow fuse_rules_stos[];

/* custom.c: tosa.custom. */
extern const FuseRuleRow fuse_rules_tosa[];
/* Is op a tosa.custom of our domain? */
bool fuse_op_is_custom(MlirOperation op);
/* Its kernel, which may be of f32 where the tensors are of 16-bit floats, and its parameters (those
 * of an elementwise kernel are left zero). NULL after an error. */
const FuseKernelInfo *fuse_custom_kernel(MlirOperation op, FuseKernelParams *params);
/* Do the parameters follow from the shapes of a result and of operands that are repeated to it? */
bool fuse_kernel_is_elementwise(const FuseKernelInfo *kernel);

/* verify_onnx.c: every op of the onnx dialect. */
MlirLogicalResult fuse_verify_onnx(MlirOperation op);

/* verify.c: an error for the first attribute of op that isn't in the space-separated list. */
MlirLogicalResult fuse_check_attributes(MlirOperation op, const char *allowed);
/* Is word one of the space-separated words of list? */
bool fuse_word_in(const char *list, MlirStringRef word);

#endif
