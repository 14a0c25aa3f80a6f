// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/* check_private.h - what the files of lib/check share.
 *
 *   check.c     entry: rules of single commands, regions, semaphores' queues
 *   order.c     runs the queues without time; clocks say what must have happened
 *   shadow.c    per word: last writer and last readers, against the clocks
 *   sections.c  two streams on one port of a section
 *   limits.c    fields against the target
 *   gemm.c  conv1d.c  vector.c  dma.c    which words a command touches
 *
 * A command is cut in segments at its waits and signals. The segments of a queue are numbered; a
 * queue has up to three timelines on which they lie in order (docs/machine.md, M-CTL-6): reads of
 * operands, reads of residuals, and results. A segment's reads come before its results; nothing
 * else is ordered without a token.
 */
#ifndef FUSE_CHECK_PRIVATE_H
#define FUSE_CHECK_PRIVATE_H

#include "fuse/check.h"

typedef enum Timeline {
  AT_OPERANDS,
  AT_RESIDUALS, /* array only: beside later operands (M-MEM-4) */
  AT_RESULTS,   /* parameters and tables are read here too: READ doesn't cover them (M-CTL-3) */
  N_TIMELINES
} Timeline;

/* What has happened: events below at[queue][timeline]. */
typedef struct Clock {
  uint32_t at[STOS_N_QUEUES][N_TIMELINES];
} Clock;

typedef enum Stream {
  STREAM_LEFT,
  STREAM_TOP,
  STREAM_RESIDUAL,
  STREAM_A,
  STREAM_B,
  STREAM_STORE,
  N_READ_STREAMS,
  STREAM_OUT = N_READ_STREAMS,
  STREAM_VECTOR_OUT,
  STREAM_LOAD,
  N_STREAMS
} Stream;

/* An operand of a command: its field's name and the port it uses. */
typedef struct Operand {
  const char *name;
  Stream stream;
} Operand;

enum { MAX_LEVELS = 5, MAX_SECTIONS = 16, N_READERS = 4, CHECK_CALL_WORK = 16 };

/* Iterations [first, end) of each level. */
typedef struct Part {
  uint32_t first[MAX_LEVELS], end[MAX_LEVELS];
} Part;

/* ---- memories ---- */

/* 0: nobody; else 1 + segment, and for a writer its queue in the low bits. */
typedef struct Cell {
  uint32_t writer, readers[N_READERS];
} Cell;

typedef struct Reader {
  StosQueue queue;
  Timeline timeline;
} Reader;

typedef struct Memory {
  const char *name, *unit; /* "scratchpad", "word" */
  uint64_t n_cells;
  uint64_t cell_units; /* units of a cell: 1, or bytes in DRAM */
  unsigned page_bits;  /* cells of a page; pages come when touched */
  Cell **pages;
  const Reader *readers; /* who may read it */
  int n_readers;
} Memory;

/* ---- the checker ---- */

typedef struct Queue {
  /* fetched, not complete; the head is being executed */
  size_t *fifo;
  size_t first, n;
  /* progress of the head */
  uint64_t segment; /* next */
  int waits_taken;  /* of this segment */
  bool begun;
  /* on the timelines */
  Clock known;        /* when the next segment begins */
  uint32_t n_events;  /* segments done */
  uint32_t residuals; /* 1 + last segment that read one */
  uint32_t results;   /* 1 + last segment that wrote */
  size_t *command_of; /* of each segment, for messages */
  size_t command_capacity;
  Clock *clocks; /* array: what each knew, where there are host calls */
  size_t clock_capacity;
} Queue;

typedef struct Signal {
  uint64_t total;    /* of the semaphore, this one included */
  Clock clock;       /* what has happened at least when a wait takes it */
  Timeline timeline; /* where it lies */
  uint32_t event;    /* on that timeline */
  uint32_t taken_by; /* 1 + last segment that waited for it */
  size_t command;
} Signal;

typedef struct Semaphore {
  Signal *signals;
  size_t n, capacity, next; /* next: first that isn't wholly taken */
  uint64_t total, taken;
  /* between barriers: 1 + command */
  size_t signaller, waiter;
} Semaphore;

/* Sections that an array command's edges may still read when the next one begins (M-GEMM-3). */
typedef struct Edges {
  uint32_t left, top; /* sections */
  uint32_t event;     /* its last segment */
  size_t command;
} Edges;

/* The array command before. */
typedef struct Tail {
  bool valid;
  bool held; /* a chunk: accumulators wait for the next */
  uint8_t opcode;
  size_t command;
  uint32_t rows, pixels; /* of the chain */
  Edges *edges;          /* its own, and those of chunks before it that may still read */
  size_t n_edges, capacity;
} Tail;

/* Sorted indices in runs. */
typedef struct Run {
  int32_t first, count;
} Run;

typedef struct Axis {
  uint8_t *marks;
  Run *runs;
  int n_runs;
  int32_t limit; /* indices are below */
} Axis;

typedef struct Checker {
  FuseArena *arena;
  const StosProgram *program;
  const StosTarget *target;
  const StosCheckRegions *regions;
  const StosCheckCall *calls;
  size_t n_calls;
  const char *place;
  FuseDiag *diag;
  bool in_program_order; /* run the queues so, for messages */

  uint32_t word_bytes;
  Memory scratchpad, params, luts, dram[STOS_N_REGIONS];
  uint64_t work;    /* words and loop iterations so far */
  uint64_t n_cells; /* of DRAM */
  bool gave_up;     /* too much work or memory: another order won't say more */
  Axis lines, pixels;

  Queue queues[STOS_N_QUEUES];
  Semaphore semaphores[STOS_N_SEMAPHORES];
  size_t next;    /* to fetch */
  size_t barrier; /* 1 + the last one passed */

  /* the segment at hand */
  size_t command;
  StosQueue queue;
  uint32_t event;
  Clock known;
  bool is_first; /* of its command */
  bool read_residual, wrote;
  uint32_t segment_sections[N_STREAMS], command_sections[N_STREAMS];

  uint32_t last[N_STREAMS][MAX_SECTIONS]; /* 1 + segment that used it last */
  Tail tail;
  uint32_t array_empty; /* array segments below have read all (M-ARR-2) */
} Checker;

/* ---- messages (check.c) ---- */

/* "command 3 (offset 0x40, gemm.f32)", in arena. */
const char *stos_check_describe(const Checker *c, size_t command);
/* An error of the command at hand. Always false. */
bool stos_check_fail(const Checker *c, const char *format, ...) FUSE_PRINTF(2, 3);
bool stos_check_fail_at(const Checker *c, size_t command, const char *format, ...)
    FUSE_PRINTF(3, 4);
/* Count work; false when a command stream asks for more than is sensible. */
bool stos_check_spend(Checker *c, uint64_t work);

/* ---- limits.c ---- */

bool stos_check_limits(const Checker *c, size_t command);

/* ---- order.c ---- */

bool stos_check_order(Checker *c);
/* The event is sure to have happened before the segment at hand begins. */
static inline bool stos_check_happened(const Checker *c, StosQueue queue, Timeline timeline,
                                       uint32_t event) {
  return c->known.at[queue][timeline] > event;
}

/* ---- shadow.c ---- */

void stos_check_shadow_init(Checker *c);
bool stos_check_host_inputs(Checker *c);
bool stos_check_outputs(Checker *c);
/* Scratchpad words first, first + stride, ... */
bool stos_check_words(Checker *c, const Operand *operand, int64_t first, int64_t stride,
                      uint64_t count);
/* The same on a ring (M-OP-2): offsets from base; size 0: no ring. */
bool stos_check_ring_words(Checker *c, const Operand *operand, int64_t base, uint32_t size,
                           uint32_t start, int64_t offset, int64_t stride, uint64_t count);
bool stos_check_entries(Checker *c, Memory *memory, bool is_write, int64_t first, uint64_t count);
bool stos_check_bytes(Checker *c, int region, bool is_write, int64_t first, uint64_t count);

/* ---- sections.c ---- */

bool stos_check_sections(Checker *c);
/* At the first segment of an array command, and after its last. */
bool stos_check_chunks(Checker *c);
void stos_check_array_done(Checker *c);
void stos_check_sections_barrier(Checker *c);

/* ---- operands: which words a part of a command touches ---- */

/* Sizes of the levels that waits and signals can name; VECTOR: also their order. */
void stos_check_gemm_levels(const Checker *c, const StosCmd_gemm *x, uint32_t size[MAX_LEVELS]);
void stos_check_vector_levels(const Checker *c, const StosCmd_vector *x, uint32_t size[MAX_LEVELS],
                              int level[MAX_LEVELS]);
bool stos_check_gemm(Checker *c, const StosCmd_gemm *x, const Part *part);
bool stos_check_conv1d(Checker *c, const StosCmd_conv1d *x, const Part *part);
/* Columns from one piece to the next (Z of M-CONV-3). */
uint32_t stos_check_spacing(const StosCmd_conv1d *x);
bool stos_check_vector(Checker *c, const StosCmd_vector *x, const Part *part);
bool stos_check_dma(Checker *c, const StosCmd_load *x, bool is_load, const Part *part);
bool stos_check_host(Checker *c, const StosCmd_host *x);

/* A window's pixels (M-OP-3). */
typedef struct Window {
  const Operand *operand;
  int64_t base, line, pixel;
  uint32_t ring_size, ring_start;
} Window;
#define CHECK_WINDOW(name, x)                                                                      \
  (Window) {                                                                                       \
    .operand = (name), .base = (x)->in, .line = (x)->in_line, .pixel = (x)->in_pixel,              \
    .ring_size = (x)->ring_size, .ring_start = (x)->ring_start                                     \
  }
void stos_check_axis_begin(Axis *axis, uint32_t limit);
/* base + i * stride + k * step for i in [0, n), k in [0, n_k). */
bool stos_check_axis_mark(Checker *c, Axis *axis, int64_t base, uint32_t n, int64_t stride,
                          uint32_t n_k, int64_t step);
void stos_check_axis_end(Axis *axis);
/* The pixels (lines x pixels), each at `offset` more. */
bool stos_check_window(Checker *c, const Window *window, int64_t offset);

/* A result or residual: offset y * line + x * pixel + block * stride (M-POST-1). */
typedef struct Target {
  const Operand *operand;
  int64_t base, line, pixel, block;
} Target;
#define CHECK_OUT(name, x)                                                                         \
  (Target) {                                                                                       \
    .operand = (name), .base = (x)->out, .line = (x)->out_line, .pixel = (x)->out_pixel,           \
    .block = (x)->out_block                                                                        \
  }
#define CHECK_RES(name, x)                                                                         \
  (Target) {                                                                                       \
    .operand = (name), .base = (x)->res, .line = (x)->res_line, .pixel = (x)->res_pixel,           \
    .block = (x)->res_block                                                                        \
  }
/* Words lowest..highest that an operand can reach, to see whether two may meet. */
typedef struct Box {
  int64_t lowest, highest;
} Box;
static inline Box stos_check_box_add(Box box, int64_t stride, int64_t n) {
  int64_t far = stride * (n - 1);
  return (Box){box.lowest + (far < 0 ? far : 0), box.highest + (far > 0 ? far : 0)};
}
static inline bool stos_check_boxes_meet(Box a, Box b) {
  return a.lowest <= b.highest && b.lowest <= a.highest;
}
Box stos_check_box_window(const Window *window, uint32_t ih, uint32_t iw);
Box stos_check_box_target(const Target *target, int64_t ny, int64_t nx, int64_t blocks);

/* Parameters of channels [first, first + count) and tables, if the programs use them. */
bool stos_check_post(Checker *c, const StosPost *post, size_t n, int64_t first, uint64_t count);

#endif
