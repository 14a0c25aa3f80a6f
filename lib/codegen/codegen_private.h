// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/* codegen_private.h - pieces that files of this folder share. */
#ifndef FUSE_CODEGEN_PRIVATE_H
#define FUSE_CODEGEN_PRIVATE_H

#include "fuse/codegen.h"

/* Memory that is in use from step `first` to step `last`, both included. */
typedef struct FuseSlot {
  size_t size_bytes;
  size_t first, last;
  size_t offset; /* out */
} FuseSlot;

/* Give every slot an offset so that slots in use at the same step don't overlap. Offsets are
 * multiples of align_bytes. Returns the bytes needed in all; SIZE_MAX when that overflows. */
size_t fuse_place_slots(FuseArena *arena, FuseSlot *slots, size_t n, size_t align_bytes);

/* ---- a function as kernel calls on buffers ---- */

typedef enum FusePlace {
  FUSE_PLACE_INPUT,   /* memory of the caller, read only */
  FUSE_PLACE_OUTPUT,  /* memory of the caller */
  FUSE_PLACE_ARENA,   /* at offset in the arena */
  FUSE_PLACE_WEIGHTS, /* a constant; at offset in the weights */
} FusePlace;

typedef struct FuseBuffer {
  FusePlace place;
  FuseTensor tensor; /* type; WEIGHTS: also data */
  MlirValue value;   /* null for scratch and constants */
  size_t index;      /* INPUT, OUTPUT: which; WEIGHTS, ARENA: number in print order */
  size_t slot;       /* ARENA */
  size_t offset;     /* ARENA, WEIGHTS: bytes */
} FuseBuffer;

/* A value of the model that stays in the arena after the run. */
typedef struct FuseKept {
  FuseTensor tensor; /* its type; the buffer may have it in another shape */
  size_t buffer;
} FuseKept;

typedef struct FuseStep {
  MlirOperation op;
  FuseKernelCall call;
  size_t buffers[FUSE_KERNEL_TENSORS]; /* the call's tensors */
} FuseStep;

typedef struct FuseProgram {
  FuseBuffer *buffers;
  size_t n_buffers, buffers_capacity;
  FuseStep *steps;
  size_t n_steps, steps_capacity;
  size_t n_inputs, n_outputs; /* buffers[0..n_inputs) are inputs, then come the outputs */
  FuseKept *kept;             /* the function's results after the outputs, as fuse.kept says */
  size_t n_kept;
  size_t arena_bytes, weights_bytes;
} FuseProgram;

#define FUSE_PROGRAM_ALIGN 64 /* of tensors in the arena and in the weights */

/* The body of a function: one block of tosa and fuse ops, then func.return. False after printed
 * errors; every op that has no kernel is reported. */
bool fuse_build_program(FuseIr *ir, FuseArena *arena, MlirOperation function, FuseProgram *program);

/* ---- kept values (c_kept.c) ---- */

/* What a kept value is called. */
typedef struct FuseKeptName {
  const char *name; /* in the model */
  const char *file; /* without .npy */
} FuseKeptName;

/* name: the program's C identifier; upper: the same in capitals. names: of program->kept.
 * The declarations for the header; the tables; the function of the program with a main() that
 * writes the values and an index of them (kept.json) into a folder. Nothing without kept values. */
typedef struct FuseKeptText {
  FuseArena *arena;
  const FuseProgram *program;
  MlirOperation function;
  const char *name, *upper;
  const FuseKeptName *names;
} FuseKeptText;
const FuseKeptName *fuse_kept_names(FuseArena *arena, MlirOperation function,
                                    const FuseProgram *program);
void fuse_kept_declare(const FuseKeptText *kept, FuseText *out);
void fuse_kept_define(const FuseKeptText *kept, FuseText *out);
void fuse_kept_write(const FuseKeptText *kept, FuseText *out);

/* ---- C text ---- */

/* What the model calls input or output i, from an attribute with `listed` names: fuse.inputs,
 * fuse.outputs; where there is none, `fallback`, with a number when there are several. */
const char *fuse_c_model_name(FuseArena *arena, MlirOperation function, const char *attribute,
                              const char *fallback, size_t listed, size_t i);
/* "(1, 28, 28, 1)" as numpy prints it; comma: what stands between the sizes. */
void fuse_c_npy_shape(FuseText *out, const FuseTensor *tensor, const char *comma);
/* A string literal; bytes that aren't plain ASCII as \ooo. */
void fuse_c_string(FuseText *out, const char *s);

/* fuse_c_identifier, with a number behind it where it is one of the others. */
char *fuse_c_unique(FuseArena *arena, const char *name, const char *const *others, size_t n);
/* A name inside a comment. */
void fuse_c_comment(FuseText *out, const char *s, size_t length);
/* A constant that reads back as the same float (of a NaN: as a NaN of the same sign). */
void fuse_c_float(FuseText *out, float value);
void fuse_c_double(FuseText *out, double value);

#endif
