// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/* naive_private.h - all state of the machine, and what its units share. */
#ifndef FUSE_TEST_NAIVE_PRIVATE_H
#define FUSE_TEST_NAIVE_PRIVATE_H

#include "naive.h"

enum {
  MAX_LANES = 64,
  MAX_ACCUMULATORS = 16,
  MAX_PACKETS = 1024,
  MAX_ACCESS = 4 * 256,
  MAX_LOOPS = 6,
};

typedef struct Naive Naive;

/* ---- what the units share ---- */

/* The words a port needs in one cycle (M-MEM-2). */
typedef struct Access {
  uint32_t words[MAX_ACCESS];
  int n;
} Access;

/* Nested loops, outermost first. */
typedef struct Loops {
  int n;
  int64_t limit[MAX_LOOPS], at[MAX_LOOPS];
} Loops;

/* Signals of iterations that end together. */
typedef struct Signals {
  const StosCmd *cmd;
  uint32_t times[STOS_MAX_SIGNALS];
} Signals;

/* Bytes on their way into a memory on chip. */
typedef struct Write {
  uint8_t *to;
  uint32_t size_bytes;
  uint8_t data[MAX_LANES * 4];
} Write;

/* What a unit's cycle changes outside the unit, when that cycle ends. */
typedef struct Effects {
  Write *writes;
  size_t n_writes, capacity;
  uint32_t signalled[STOS_N_SEMAPHORES];
  size_t *completed; /* indices of commands */
  size_t n_completed;
} Effects;

/* A unit whose cycle lasts as long as its slowest access (M-MEM-3). */
typedef struct Clock {
  uint32_t left;  /* machine cycles that the cycle in progress still takes */
  uint64_t cycle; /* counts this unit's cycles */
  Effects effects;
} Clock;

/* One of the four queues. A command is issued when its unit begins it. */
typedef struct Queue {
  size_t *commands; /* indices */
  uint64_t *fetched_at;
  size_t n, issued;
  uint32_t incomplete;
  int wait_position; /* waits taken so far at the point in question */
  bool waiting;      /* for a semaphore, in this cycle */
} Queue;

/* ---- array ---- */

/* What moves right through the rows in GEMM mode: a weight with its control bits. */
typedef struct Operand {
  bool valid, first, last;
  int packet;
  uint32_t step;
  uint32_t value;
} Operand;

typedef struct Drained {
  bool valid;
  int packet, column; /* where it was computed */
  uint32_t value;
} Drained;

typedef struct Pe {
  Operand left, top; /* operand registers: to the right, downwards */
  uint32_t x;        /* CONV1D: the input, to the right (the same register as `left`) */
  uint32_t shadow;
  uint32_t acc[MAX_ACCUMULATORS];
  Drained drain;
} Pe;

/* The results that leave together: a GEMM tile, a CONV1D line. */
typedef struct Packet {
  bool live;     /* until its last value is through the post stage */
  bool in_array; /* until its last value has left column C - 1 and the edge */
  bool drains;
  bool skewed; /* row r is r cycles behind row 0 */
  const StosCmd *cmd;
  size_t index;
  uint32_t o[3];
  uint32_t block;       /* row block, or wave */
  int n;                /* columns in use (of a segment) */
  int n_drain;          /* columns that the drain occupies */
  int64_t first;        /* GEMM: index of its first pixel; CONV1D: first column of the tile */
  int n_valid;          /* CONV1D: columns to be written, of pieces = 1 */
  int spacing;          /* CONV1D: columns from one piece to the next */
  int64_t line;         /* CONV1D: output line in its band */
  bool ends_pool;       /* last one of the pooled pixels */
  bool ends_command;    /* last one of its command */
  Signals signals;      /* of the iterations that end with it */
  bool issued;          /* left edge, resp. taps, done */
  bool top_done;        /* top edge done */
  bool res_done;        /* last residual read */
  bool read_signalled;  /* READ is out */
  bool *moving, *moves; /* per row: drain shifts in this cycle, in the next */
} Packet;

/* A column of the top edge in GEMM mode. */
typedef struct Column {
  bool active;
  int packet;
  uint32_t step;
  uint32_t word[MAX_LANES];
} Column;

/* What a cycle of CONV1D does in all PEs. */
typedef struct ConvOp {
  bool swap;  /* operand = shadow */
  bool shift; /* operand from the left, port into the first column */
  bool shift_shadow;
  bool zero_in, zero_in_shadow; /* a zero enters there, not what is at the port */
  bool mac, clear;
  uint32_t acc;     /* of mac */
  bool drain, zero; /* zero: no tap ever came */
  uint32_t drain_acc;
  uint32_t of_segment; /* columns */
  int packet;
} ConvOp;

/* A phase step (M-CONV-7), or a tile's phase of the stream schedule. */
typedef struct Step {
  uint32_t wave;
  bool begins_wave;
  int64_t x;                       /* first output column */
  int n, n_valid;                  /* columns in use, columns written */
  int64_t line;                    /* input line, counted from the first line of the group's band */
  uint32_t phase, taps, first_tap; /* kernel columns, kw' of the first */
  bool inputs;
  int lead; /* cycles with inputs before the first tap; shadow: 0 */
  int open;
  uint32_t kh[MAX_ACCUMULATORS], acc[MAX_ACCUMULATORS];
  bool clear[MAX_ACCUMULATORS];
  bool completes, zero;
  int64_t out_line;
  uint32_t out_acc;
} Step;

typedef enum ConvStage { CONV_TAPS, CONV_FIRST_FILL, CONV_STEP, CONV_GAP } ConvStage;

typedef struct Conv {
  Step *steps;
  size_t n_steps, capacity, at;
  ConvStage stage;
  int spacing;          /* columns from one piece to the next */
  int cycle;            /* of the step */
  int shifted;          /* inputs entered in this step */
  int filled;           /* inputs in the shadow chain */
  uint32_t tap;         /* taps read by the fill in progress */
  uint32_t filling;     /* the wave they are for */
  uint32_t *tap_memory; /* [bank][group][tap][lane] */
  uint32_t *port;       /* [segment][row]: what enters in this cycle */
  uint32_t *taps;       /* [row]: what is broadcast in this cycle */
} Conv;

typedef struct PostStage {
  bool valid;
  int packet, column;
  uint32_t *values; /* R */
} PostStage;

typedef struct Array {
  Clock clock;
  Pe *now, *next; /* R x C */
  /* sequencer */
  const StosCmd *cmd; /* in progress */
  size_t index;
  Loops loops;
  bool waited;       /* the next iteration has its waits */
  bool running;      /* an iteration has begun */
  int start_token;   /* packet that begins in column 0 in this cycle, or -1 */
  uint8_t mode;      /* opcode of the last command */
  int packet;        /* GEMM: tile being issued */
  uint32_t step;     /* GEMM: of that tile */
  uint64_t *free_at; /* per column: array cycle from which its drain register is free in row 0 */
  Conv conv;
  ConvOp op;
  /* edges */
  Operand *left;   /* R: into column 0 in this cycle */
  Operand *skew;   /* [row][stage], R x R */
  Operand *top;    /* C: into row 0 in this cycle */
  Column *columns; /* C */
  int *starts;     /* C: packet whose start token is in this column, or -1 */
  Drained *edge;   /* R: leaves the edge in this cycle */
  Drained *deskew; /* [row][stage], R x R */
  /* post stage */
  PostStage *stages; /* post_latency; the last is written */
  uint32_t *pool;    /* R */
  bool pool_started;
  Packet *packets;  /* MAX_PACKETS */
  int n_packets;    /* slots used so far */
  uint32_t slowest; /* access of this cycle */
} Array;

/* ---- vector unit ---- */

typedef struct VectorStage {
  bool valid, ends_command;
  size_t index;
  int n;
  int64_t *words;   /* RG */
  uint32_t *values; /* RG * L */
  Signals signals;
} VectorStage;

typedef struct Vector {
  Clock clock;
  const StosCmd *cmd;
  size_t index;
  Loops loops;     /* down to the chunk */
  bool running;    /* the chunk has its waits */
  uint32_t tap;    /* ky * nkx + kx */
  uint32_t *v, *b; /* RG * L */
  bool *any;       /* RG: a pixel was inside */
  VectorStage *stages;
} Vector;

/* ---- DMA ---- */

typedef struct Fragment {
  uint64_t dram; /* byte in the region */
  uint64_t chip; /* byte in the memory on chip */
  uint32_t size_bytes;
} Fragment;

typedef struct Beat {
  bool ready;
  const StosCmd *cmd;
  size_t index;
  Fragment *fragments;
  size_t n, capacity;
  Signals signals;
  bool ends_command;
} Beat;

/* Load data between their beat and the scratchpad. */
typedef struct Arrival {
  bool used;
  uint64_t at_cycle;
  Effects effects;
} Arrival;

typedef struct Dma {
  StosQueue queue;
  const StosCmd *cmd;
  size_t index;
  Loops loops;       /* n0..n3 and the units of the run */
  uint32_t unit_at;  /* bytes of the unit done */
  bool running;      /* this run has its waits */
  Beat beat;         /* offered */
  uint32_t left;     /* cycles until it is taken; 0: not begun */
  Effects effects;   /* of this cycle */
  Arrival *arrivals; /* dram_latency + 2 slots: what is on its way */
} Dma;

typedef struct Channel {
  Dma *serving; /* NULL after a cycle without a beat */
  int burst;
} Channel;

struct Naive {
  FuseArena *arena;
  const StosProgram *program;
  const StosTarget *target;
  int dtype;
  uint32_t elem_bytes, word_bytes;
  NaiveMemory memory;
  NaiveHost *host;
  void *user;
  FuseDiag *diag;
  NaiveResult *result;
  size_t events_capacity;

  uint64_t cycle, progress; /* cycle in which something last happened */
  size_t fetched;
  bool over;
  bool *complete; /* per command */
  uint32_t semaphores[STOS_N_SEMAPHORES];
  Queue queues[STOS_N_QUEUES];
  Array array;
  Vector vector;
  Dma load, store;
  Channel channel;
};

/* common.c */
bool naive_fail(Naive *m, const char *format, ...) FUSE_PRINTF(2, 3); /* false */
void naive_event(Naive *m, NaiveEventKind kind, size_t command);
const StosCmd *naive_head(Naive *m, StosQueue queue, size_t *index);
void naive_issue(Naive *m, StosQueue queue);
void naive_loops(Loops *loops, int n, const int64_t *limits);
bool naive_begins(const Loops *loops, int loop); /* all loops inside `loop` at their start */
bool naive_ends(const Loops *loops, int loop);
bool naive_advance(Loops *loops); /* false when it was the last */
/* Takes what it can of the waits of these levels, in this order; true when it has them all. */
bool naive_wait(Naive *m, StosQueue queue, const StosCmd *cmd, const int *levels, int n);
void naive_add_signals(Signals *signals, const StosCmd *cmd, int level);
void naive_fire(Effects *effects, const Signals *signals, StosSyncKind kind);
void naive_complete(Naive *m, Effects *effects, size_t index);
void naive_write(Naive *m, Effects *effects, uint8_t *to, const void *data, uint32_t size_bytes);
void naive_write_word(Naive *m, Effects *effects, int64_t word, const uint32_t *lanes);
void naive_commit(Naive *m, Effects *effects);
void naive_access(Access *access, int64_t word);
uint32_t naive_access_cycles(const Naive *m, const Access *access);
int64_t naive_ring(int64_t base, int64_t offset, uint32_t size, uint32_t start);
/* A word's lanes; i8: extended, zero point subtracted. False: outside the scratchpad. */
bool naive_read_word(Naive *m, int64_t word, bool is_unsigned, int zero_point, uint32_t *lanes);
uint32_t naive_mul(int dtype, uint32_t a, uint32_t b);
uint32_t naive_add(int dtype, uint32_t a, uint32_t b);
uint32_t naive_sub(int dtype, uint32_t a, uint32_t b);
bool naive_less(int dtype, uint32_t a, uint32_t b);

/* post_program.c: a post program on one element; r is the residual, channel -1: not allowed */
typedef struct PostContext {
  int64_t entry; /* of the channel */
  uint32_t residual;
  bool double_round, out_unsigned;
} PostContext;
uint32_t naive_post(Naive *m, const StosPost *ops, int n, uint32_t v, const PostContext *context);
uint32_t naive_saturate(int dtype, uint32_t v, bool is_unsigned);

/* The units, one cycle each. */
void naive_array_tick(Naive *m);
void naive_vector_tick(Naive *m);
void naive_dma_tick(Naive *m);
void naive_dma_end(Naive *m); /* makes visible what ended in this cycle */

/* array.c */
int naive_packet(Naive *m, const StosCmd *cmd, size_t index);
/* Whether the drain registers of columns 0 .. n-1 are free when column c is loaded in array cycle
 * first + lag * c. */
bool naive_drain_free(const Naive *m, int n, uint64_t first, int lag);
/* A drain will begin, or begins, in this array cycle. */
void naive_drain_reserve(Naive *m, uint64_t at_cycle);
bool naive_array_empty(const Naive *m);

/* gemm.c */
void naive_gemm_loops(const StosCmd *cmd, const StosTarget *target, Loops *loops);
bool naive_gemm_begin(Naive *m); /* false: not in this cycle */
bool naive_gemm_issue(Naive *m); /* one step; true: it was the tile's last */
void naive_gemm_top(Naive *m);
void naive_gemm_step(Naive *m);

/* conv.c, conv_plan.c */
typedef struct Group {
  bool active;
  uint32_t gb, gt, block;
} Group;
Group naive_conv_group(const StosCmd_conv1d *x, uint32_t wave, uint32_t g);
/* The phase steps of an outer iteration, in order; false when the command doesn't fit the machine.
 */
bool naive_conv_plan(Naive *m);
bool naive_conv_issue(Naive *m); /* one cycle; true: it was the iteration's last */
void naive_conv_step(Naive *m);

/* drain.c */
void naive_drain_shift(Naive *m);
void naive_drain_load(Naive *m, int row, int column, int packet, uint32_t value);

/* post.c */
void naive_post_tick(Naive *m);

#endif
