// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/* isa.h - commands as structs, words and text. Meaning: docs/machine.md; encoding: docs/isa.md.
 *
 * The structs are made from isa.def. A decoded command is plain data: copy it, compare it, print
 * it.
 */
#ifndef FUSE_ISA_H
#define FUSE_ISA_H

#include "fuse/diag.h"
#include "fuse/isa.def"
#include "fuse/tensor.h"

typedef enum StosQueue {
  STOS_QUEUE_LOAD = 0,
  STOS_QUEUE_ARRAY = 1,
  STOS_QUEUE_VECTOR = 2,
  STOS_QUEUE_STORE = 3,
  STOS_N_QUEUES = 4,
  STOS_QUEUE_CONTROL =
      4, /* END, BARRIER, SIGNAL: handled by the fetch, or by the queue SIGNAL names */
} StosQueue;

typedef enum StosOpcode {
#define X(NAME, name, opcode, queue, summary) STOS_CMD_##NAME = opcode,
  STOS_COMMANDS(X)
#undef X
} StosOpcode;

typedef enum StosPostCode {
#define X(NAME, name, code, operands_f32, operands_i8, doc) STOS_POST_##NAME = code,
  STOS_POST_OPS(X)
#undef X
} StosPostCode;

enum {
  STOS_REGION_WEIGHTS = 0,
  STOS_REGION_ARENA = 1,
  STOS_REGION_IO = 2,
  STOS_N_REGIONS = 3,
  STOS_SPACE_SCRATCHPAD = 0,
  STOS_SPACE_PARAM = 1,
  STOS_SPACE_LUT = 2,
  STOS_REDUCE_NONE = 0,
  STOS_REDUCE_SUM = 1,
  STOS_REDUCE_MAX = 2,
  STOS_N_SEMAPHORES = 64,
  STOS_MAX_WAITS = 4,
  STOS_MAX_SIGNALS = 4,
  STOS_MAX_POST = 8,
  STOS_MAX_CMD_BYTES = 256,
  STOS_PARAM_BYTES = 16,
  STOS_LUT_BYTES = 256,
};

/* One post operation (M-POST-2); 8 bytes in the encoding: code, shift, two zero bytes, imm. */
typedef struct StosPost {
  uint8_t code;  /* StosPostCode */
  uint8_t shift; /* i8: 2..62 where the operation scales, else 0 */
  uint32_t imm;  /* f32 bits, or an int32 */
} StosPost;

typedef enum StosSyncKind {
  STOS_WAIT = 0,
  STOS_SIGNAL_READ = 1,
  STOS_SIGNAL_DONE = 2
} StosSyncKind;

typedef struct StosSync {
  uint8_t semaphore; /* 0..63 */
  uint8_t kind;      /* StosSyncKind */
  uint8_t level;     /* M-CTL-2 */
  uint16_t count;    /* at least 1 */
} StosSync;

/* The field types of isa.def. */
typedef uint8_t StosType_u8;
typedef uint16_t StosType_u16;
typedef uint32_t StosType_u32;
typedef int8_t StosType_s8;
typedef int16_t StosType_s16;
typedef int32_t StosType_s32;
typedef uint32_t StosType_val;
typedef StosPost StosType_post;

/* Arrays of one are arrays too ([1]) only where isa.def's count is above 1: see StosField. */
#define STOS_MEMBER_1(type, field) StosType_##type field;
#define STOS_MEMBER_2(type, field) StosType_##type field[2];
#define STOS_MEMBER_3(type, field) StosType_##type field[3];
#define STOS_MEMBER_4(type, field) StosType_##type field[4];
#define STOS_MEMBER_8(type, field) StosType_##type field[8];
#define STOS_MEMBER(block, field, type, count, fallback, range, doc)                               \
  STOS_MEMBER_##count(type, field)
#define X(NAME, name, opcode, queue, summary)                                                      \
  typedef struct StosCmd_##name {                                                                  \
    STOS_##NAME##_FIELDS(STOS_MEMBER) char end_of_fields;                                          \
  } StosCmd_##name;
STOS_COMMANDS(X)
#undef X

typedef struct StosCmd {
  uint8_t opcode;    /* StosOpcode */
  uint8_t dtype;     /* FUSE_F32 or FUSE_I8 where the command touches data, else FUSE_DTYPE_NONE */
  uint8_t n_waits;   /* sync[0 .. n_waits) are waits ... */
  uint8_t n_signals; /* ... then signals */
  StosSync sync[STOS_MAX_WAITS + STOS_MAX_SIGNALS];
  union {
#define X(NAME, name, opcode, queue, summary) StosCmd_##name name;
    STOS_COMMANDS(X)
#undef X
  };
} StosCmd;

/* Description of a field, for whoever walks commands generically. */
typedef struct StosField {
  const char *block, *name, *type, *doc;
  uint8_t count; /* 1: a scalar; above: an array */
  uint8_t bytes; /* of one element in the encoding */
  bool is_signed, is_post;
  bool is_value;             /* an element of the command's dtype: f32 bits or a byte */
  uint16_t offset;           /* in StosCmd */
  int64_t smallest, largest; /* of each element; not for post operations */
  int64_t fallback;
} StosField;

typedef struct StosCmdInfo {
  const char *name, *summary; /* "gemm" */
  uint8_t opcode;
  StosQueue queue;
  const StosField *fields; /* those of a block stand together */
  int n_fields;
} StosCmdInfo;

typedef struct StosPostInfo {
  const char *name, *doc; /* "muli" */
  /* What the operation uses: i immediate, s shift, r residual, c parameter entry; NULL: refused. */
  const char *operands_f32, *operands_i8;
} StosPostInfo;

/* NULL for an unknown opcode. */
const StosCmdInfo *stos_cmd_info(int opcode);
const StosCmdInfo *stos_cmd_find(const char *name, size_t length);
/* NULL when the command has no such field. */
const StosField *stos_field_find(const StosCmdInfo *info, const char *name, size_t length);
/* Element i of a field that isn't a post operation; a value is its bits, zero-extended. */
int64_t stos_field_get(const StosCmd *cmd, const StosField *field, int i);
/* The value must fit the field's type. */
void stos_field_set(StosCmd *cmd, const StosField *field, int i, int64_t value);
/* Operation i of a post program. */
StosPost *stos_field_post(StosCmd *cmd, const StosField *field, int i);
/* Queue of a decoded command; SIGNAL: the one it names. */
StosQueue stos_cmd_queue(const StosCmd *cmd);
/* Deepest level waits and signals may name (M-CTL-2). */
int stos_cmd_levels(int opcode);
/* END, BARRIER, SIGNAL and HOST have no element type. */
bool stos_cmd_has_dtype(int opcode);
const StosPostInfo *stos_post_info(int code); /* NULL if unknown */
/* Same opcode, type, waits, signals and fields. */
bool stos_cmd_equal(const StosCmd *a, const StosCmd *b);

/* A command of this opcode with every field at its fallback. */
StosCmd stos_cmd_init(StosOpcode opcode);

/* Every rule of docs/isa.md that doesn't depend on a target (I-ENC-4). The encoder, the decoder and
 * the assembler call it: what they let through is valid. Messages begin with the command's name. */
bool stos_cmd_check(const StosCmd *cmd, const char *place, FuseDiag *diag);

/* Encode into out (at least STOS_MAX_CMD_BYTES); the length in bytes (a multiple of 16), or 0 with
 * diag when the command isn't valid or longer than the limit. */
size_t stos_encode(const StosCmd *cmd, uint8_t *out, FuseDiag *diag);
/* Decode one command. *used: its length. Strict: unknown opcode, field out of range, a
 * non-canonical encoding (a present block with only fallbacks, non-zero padding) is an error, so
 * decode then encode gives the same bytes. */
bool stos_decode(const uint8_t *bytes, size_t available, StosCmd *cmd, size_t *used,
                 FuseDiag *diag);

/* A decoded program. */
typedef struct StosProgram {
  StosCmd *cmds; /* in program order; the last is END */
  size_t n;
  uint32_t *offsets; /* byte offset of each command in .stos.text */
} StosProgram;
/* Errors: `place`, then the byte offset of the command. */
bool stos_program_decode(FuseArena *arena, const uint8_t *bytes, size_t size_bytes,
                         const char *place, StosProgram *program, FuseDiag *diag);

/* One line of assembly, without a newline. */
void stos_print(FuseText *text, const StosCmd *cmd);
/* Parse one line, comment allowed; `place` ("x.s:12") and the column begin its errors. */
bool stos_parse(const char *line, size_t length, const char *place, StosCmd *cmd, FuseDiag *diag);
/* A decimal float ("0.1", "-inf") that reads back to the same bits; 0x... for a NaN. */
void stos_print_f32(FuseText *text, uint32_t bits);
/* The bits of what stos_print_f32 prints, or of any other decimal float; false when it is none. */
bool stos_parse_f32(const char *s, size_t length, uint32_t *bits);

/* The tables of docs/isa.md, section 4, as Markdown. */
void stos_print_tables(FuseText *out);
/* One post operation as in a program: "maxi 0.0". */
void stos_print_post(FuseText *text, const StosPost *op, FuseDtype dtype);
bool stos_parse_post(const char *text, size_t length, const char *place, FuseDtype dtype,
                     StosPost *op, FuseDiag *diag);

#endif
