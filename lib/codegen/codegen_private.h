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
  size_t arena_bytes, weights_bytes;
} FuseProgram;

#define FUSE_PROGRAM_ALIGN 64 /* of tensors in the arena and in the weights */

/* The body of a function: one block of tosa and fuse ops, then func.return. False after printed
 * errors; every op that has no kernel is reported. */
bool fuse_build_program(FuseIr *ir, FuseArena *arena, MlirOperation function, FuseProgram *program);

/* ---- C text ---- */

/* fuse_c_identifier, with a number behind it where it is one of the others. */
char *fuse_c_unique(FuseArena *arena, const char *name, const char *const *others, size_t n);
/* A name inside a comment. */
void fuse_c_comment(FuseText *out, const char *s, size_t length);
/* A constant that reads back as the same float (of a NaN: as a NaN of the same sign). */
void fuse_c_float(FuseText *out, float value);
void fuse_c_double(FuseText *out, double value);

#endif
