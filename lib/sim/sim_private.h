// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/* sim_private.h - the state of one simulation, shared by the files of lib/sim.
 *
 * Event-driven: six actors (fetch, array, vector, load, store, channel), each with the cycle of its
 * next action; the loop in sim.c lets the earliest act. What an actor does at cycle t depends on
 * what others did before t only; signals and completions carry the cycle in which they are visible.
 * So an actor may compute its own future as far as nobody else can change it.
 */
#ifndef FUSE_SIM_PRIVATE_H
#define FUSE_SIM_PRIVATE_H

#include "fuse/sim.h"

#define SIM_NEVER UINT64_MAX
#define SIM_CHUNK_STEPS 512 /* steps whose operands are gathered at a time */

/* In the order in which they act within one cycle: HOST (store) sees the array's starts, the
 * channel sees the offers. */
typedef enum SimActor {
  SIM_FETCH,
  SIM_ARRAY,
  SIM_VECTOR,
  SIM_LOAD,
  SIM_STORE,
  SIM_CHANNEL,
  SIM_N_ACTORS
} SimActor;

/* ---- streams and sections (M-MEM-2, M-MEM-4) ---- */

typedef enum SimStream {
  SIM_LEFT,
  SIM_TOP,
  SIM_RESIDUAL,
  SIM_VECTOR_A,
  SIM_VECTOR_B,
  SIM_STORE_READ,
  SIM_N_READS,
  SIM_OUT = SIM_N_READS,
  SIM_VECTOR_OUT,
  SIM_LOAD_WRITE,
  SIM_N_STREAMS
} SimStream;

typedef struct SimInterval {
  uint64_t begin, end; /* cycles [begin, end) */
  size_t cmd;
} SimInterval;

typedef struct SimIntervals {
  SimInterval *items;
  size_t n, capacity;
} SimIntervals;

typedef struct Sim Sim;
typedef struct SimGemm SimGemm;
typedef struct SimConv SimConv;
typedef struct SimVectorCmd SimVectorCmd;

/* ---- poison: who wrote, who reads ---- */

typedef enum SimShadowKind {
  SIM_SHADOW_SCRATCHPAD,
  SIM_SHADOW_PARAM,
  SIM_SHADOW_LUT,
  SIM_SHADOW_DRAM, /* + region */
  SIM_N_SHADOWS = SIM_SHADOW_DRAM + STOS_N_REGIONS
} SimShadowKind;

/* A read or write in progress or done; words remember their last one per queue. */
typedef struct SimRecord {
  uint32_t cmd;
  uint8_t queue;
  uint64_t end; /* first cycle after it; SIM_NEVER while it isn't known */
} SimRecord;

typedef struct SimShadow {
  uint32_t *writer;                /* record, 0: never written, 1: before the start */
  uint32_t *reader[STOS_N_QUEUES]; /* record, 0: none */
  uint64_t n;
} SimShadow;

typedef struct SimPoison {
  SimShadow shadow[SIM_N_SHADOWS];
  SimRecord *records; /* 0 and 1 are reserved */
  size_t n, capacity;
  uint32_t grain_bytes; /* of the DRAM shadows */
} SimPoison;

/* ---- a unit's clock: array with post stage, or vector unit (M-MEM-3) ---- */

typedef enum SimEventKind {
  SIM_EVENT_SIGNAL,   /* a: sync index in the command */
  SIM_EVENT_COMPLETE, /* the command is complete */
  SIM_EVENT_CLOSE,    /* a: record */
  SIM_EVENT_BEGIN,    /* a: span: its first access is in the next cycle */
  SIM_EVENT_END,      /* a: span: its last access was in this cycle */
} SimEventKind;

typedef struct SimEvent {
  uint64_t u; /* fires when this cycle of the unit is over */
  SimEventKind kind;
  uint32_t a;
  size_t cmd;
} SimEvent;

/* An access that takes longer than one cycle. */
typedef struct SimHold {
  uint64_t u;
  uint32_t cycles;
} SimHold;

/* The section use of one stream during one piece of work, while its cycles aren't known yet. */
typedef struct SimSpan {
  SimStream stream;
  uint32_t mask; /* sections */
  uint64_t begin;
  bool used;
} SimSpan;

typedef struct SimClock {
  uint64_t u, t; /* next cycle of the unit, and the machine's cycle in which it begins */
  SimEvent *events;
  size_t first_event, n_events, event_capacity; /* sorted by u */
  SimHold *holds;
  size_t first_hold, n_holds, hold_capacity; /* sorted by u */
  SimSpan *spans;
  size_t n_spans, span_capacity;
  StosQueue queue;
  StosSimReason idle_reason; /* what skipped time is counted as */
  size_t idle_cmd;
} SimClock;

/* ---- queues and semaphores ---- */

typedef struct SimFetched {
  size_t cmd;
  uint64_t ready; /* first cycle in which it may start */
} SimFetched;

typedef struct SimQueue {
  SimFetched *fifo; /* ring of queue_depth: fetched, not yet issued */
  uint32_t head, n;
  uint64_t *completes; /* when the incomplete commands will be; SIM_NEVER: not known yet */
  size_t *completing;  /* the same, which command */
  uint32_t n_incomplete;
  uint32_t taken;            /* waits taken at the present point, a bit per sync */
  int blocked_on;            /* semaphore, -1: none; for the deadlock's message */
  uint64_t remaining;        /* commands before the next barrier that aren't fetched yet */
  uint64_t accounted;        /* load and store: cycles counted so far ... */
  StosSimReason idle_reason; /* ... and what the time since then is counted as */
  size_t idle_cmd;
} SimQueue;

typedef struct SimCredit {
  uint64_t cycle, count;
} SimCredit;

typedef struct SimSemaphore {
  SimCredit *credits; /* by cycle in which they become visible */
  size_t n, capacity;
  int signaller, waiter; /* queues, -1: none since the last barrier */
} SimSemaphore;

/* ---- units ---- */

/* Where a column of a GEMM tile reads next. The words of one kernel position are a run, in_block
 * apart; what holds for all of them is found out once. */
typedef struct SimColumn {
  uint32_t kernel; /* position that the next run belongs to */
  uint32_t left;   /* words left in the present run */
  bool inside;     /* its words are inside the window: they are read */
  bool linear;     /* no ring, all of them inside the scratchpad: word + kc * in_block */
  int64_t offset;  /* of word 0 from the operand's base */
} SimColumn;

/* An operand's columns in flight at the top edge: one GEMM tile (M-GEMM-3). */
typedef struct SimTopTile {
  uint64_t s;
  uint64_t last; /* the last cycle in which a column reads */
  uint32_t n;    /* pixels */
  size_t cmd;
  int64_t *iy, *ix, *offset; /* per pixel of the tile, kernel position 0 */
  SimColumn *columns;
  uint32_t span;
  const SimGemm *gemm;
} SimTopTile;

typedef struct SimArray {
  SimClock clock;
  int mode;            /* opcode of what was last placed, 0: nothing yet */
  uint64_t issue_end;  /* array cycle from which more work may be issued, the drain aside */
  uint64_t next_start; /* the same for starts: later than issue_end when overlap is 0 */
  uint64_t drain_free; /* GEMM: s' >= drain_free - T' */
  uint64_t empty;      /* array cycle from which the array is empty */
  uint64_t last_drain; /* D of the last drain; CONV1D */
  bool drained;        /* there was one */
  bool open_chain;     /* accumulators hold an unfinished chain (M-GEMM-5) */
  uint32_t chain_n, chain_rows;
  SimGemm *gemm; /* the current command, prepared; NULL: none */
  SimConv *conv;
  SimTopTile *tops; /* ring */
  uint32_t first_top, n_tops, top_capacity;
  void *acc;                  /* accumulators [C][acc_rows]: float or int32_t */
  uint32_t acc_rows;          /* R rounded up to a multiple of 8 */
  uint32_t *inputs, *weights; /* SIM_CHUNK_STEPS steps of a tile's operands */
  FuseArena arena;            /* of the current command */
} SimArray;

typedef struct SimVector {
  SimClock clock;
  uint64_t issue_end;
  SimVectorCmd *cmd; /* current; NULL: none */
  FuseArena arena;
} SimVector;

/* Contiguous bytes of a beat, or of several beats that are served as one. */
typedef struct SimPiece {
  uint64_t dram; /* byte in the region */
  uint64_t chip; /* byte in the chip-side memory */
  uint32_t size_bytes;
  int ended; /* outermost level whose iteration ends with it; 5: none */
} SimPiece;

/* A LOAD or STORE in progress. */
typedef struct SimDma {
  bool active;
  size_t cmd;
  const StosCmd_load *fields; /* StosCmd_store has the same fields */
  uint32_t unit_bytes;        /* a power of two, like its parts */
  uint64_t run_bytes;
  uint64_t index[4];
  uint64_t at_byte;     /* in the run */
  bool entered;         /* the waits of the present iteration are taken */
  int enter_level;      /* outermost level that begins here */
  uint32_t wait_levels; /* a bit per level with a wait */
  /* the next beat */
  bool offered;
  uint64_t offer_at;
  SimPiece *pieces;
  size_t n_pieces, piece_capacity;
  uint32_t cycles, mask;
  uint64_t size_bytes;
} SimDma;

typedef struct SimChannel {
  uint64_t free_at; /* end of the last beat */
  int current;      /* queue of the burst, -1: none yet */
  uint32_t burst;
} SimChannel;

struct Sim {
  FuseArena *arena;
  const StosProgram *program;
  const StosTarget *target;
  StosMemory *regions;
  const StosSimOptions *options;
  StosSimResult *result;
  FuseDiag *diag;

  FuseDtype dtype;
  uint32_t elem_bytes, word_bytes, beat_bytes;
  uint32_t row_groups, col_groups, banks, lanes, lane_shift, section_words;
  uint64_t section_factor; /* see sim_section */
  bool values;             /* not timing_only */

  uint8_t *scratch, *params, *luts;

  uint64_t now, next[SIM_N_ACTORS], max_cycles;
  bool over;

  size_t fetch_at; /* next command to fetch */
  SimQueue queues[STOS_N_QUEUES];
  SimSemaphore semaphores[STOS_N_SEMAPHORES];
  SimArray array;
  SimVector vector;
  SimDma dma[2]; /* load, store */
  SimChannel channel;
  SimIntervals sections[16][SIM_N_STREAMS];
  SimPoison *poison;

  uint8_t *beat_cycles; /* of a beat by the place of its first word, 0: not known yet */
  uint32_t *bank_mark, *bank_count;
  uint32_t bank_stamp;
  uint32_t *access; /* words of the access at hand */
  size_t access_capacity;
};

/* ---- memory.c: words, banks, sections, errors ---- */

/* Error about a command: "x.stos: command 3 at 0x40 (gemm): ..."; returns false. */
bool sim_error(Sim *sim, size_t cmd, const char *format, ...) FUSE_PRINTF(3, 4);
const char *sim_queue_name(int queue);
/* Loops whose product of iterations is beyond max_cycles are refused: a damaged program must not
 * keep the simulator busy for years. */
bool sim_check_work(Sim *sim, size_t cmd, const uint64_t *iterations, size_t n);

/* word / section_words by a multiplication: exact, since word < 2^24 and the quotient < 2^5. */
#define SIM_SECTION_SHIFT 47
static inline uint32_t sim_section(const Sim *sim, uint32_t word) {
  return (uint32_t)(word * sim->section_factor >> SIM_SECTION_SHIFT);
}
static inline uint32_t sim_section_bit(const Sim *sim, uint32_t word) {
  return 1u << sim_section(sim, word);
}
/* Every section has banks of its own: their numbers run through all sections (M-MEM-1). */
static inline uint32_t sim_bank(const Sim *sim, uint32_t word) {
  uint32_t bank = (word + (word >> sim->lane_shift)) & (sim->banks - 1);
  return sim_section(sim, word) * sim->banks + bank;
}
/* Cycles of an access: different words in the fullest bank, at least 1 (M-MEM-2). */
uint32_t sim_many_cycles(Sim *sim, const uint32_t *words, size_t n);
static inline uint32_t sim_access_cycles(Sim *sim, const uint32_t *words, size_t n) {
  if (n > 2)
    return sim_many_cycles(sim, words, n);
  return n == 2 && words[0] != words[1] && sim_bank(sim, words[0]) == sim_bank(sim, words[1]) ? 2
                                                                                              : 1;
}
/* base + offset (in a ring of ring_size words when that isn't 0) as a word of the scratchpad; false
 * with an error when it lies outside. */
static inline bool sim_word(Sim *sim, size_t cmd, const char *operand, uint32_t base,
                            int64_t offset, uint32_t ring_size, uint32_t ring_start,
                            uint32_t *word) {
  if (ring_size != 0) {
    offset = (offset + ring_start) % ring_size;
    offset += offset < 0 ? ring_size : 0;
  }
  int64_t at = base + offset;
  if (at < 0 || at >= sim->target->scratchpad_words) {
    sim_error(sim, cmd, "operand '%s' is at word %lld; the scratchpad has %u words", operand,
              (long long)at, sim->target->scratchpad_words);
    return false;
  }
  *word = (uint32_t)at;
  return true;
}
/* A stream used these sections in cycles [begin, end); false when another one did too (M-MEM-4). */
bool sim_use_sections(Sim *sim, SimStream stream, uint32_t mask, uint64_t begin, uint64_t end,
                      size_t cmd);

/* L elements of a word as numbers: f32, or int32 after subtraction of the zero point. */
static inline const uint8_t *sim_word_bytes(const Sim *sim, uint32_t word) {
  return sim->scratch + (size_t)word * sim->word_bytes;
}
void sim_read_f32(const Sim *sim, uint32_t word, float *out);
void sim_read_i8(const Sim *sim, uint32_t word, bool is_unsigned, int32_t zero_point, int32_t *out);

/* ---- poison.c; all of it does nothing when sim->poison is NULL ---- */

bool sim_poison_init(Sim *sim);
/* A new record for `cmd`, its end not known; 0 without poison. */
uint32_t sim_record_open(Sim *sim, size_t cmd, StosQueue queue);
void sim_record_close(Sim *sim, uint32_t record, uint64_t end);
bool sim_poison_read(Sim *sim, SimShadowKind kind, uint64_t unit, uint32_t record);
bool sim_poison_write(Sim *sim, SimShadowKind kind, uint64_t unit, uint32_t record);
/* Bytes of a DRAM region. */
bool sim_poison_dram(Sim *sim, int region, uint64_t offset, uint64_t size_bytes, bool write,
                     uint32_t record);

/* ---- clock.c ---- */

#define SIM_NO_CMD SIZE_MAX

void sim_clock_event(Sim *sim, SimClock *clock, SimEventKind kind, uint64_t u, uint32_t a,
                     size_t cmd);
void sim_clock_hold(Sim *sim, SimClock *clock, uint64_t u, uint32_t cycles);
/* A stream reads or writes these sections in unit cycles [first, last]. */
uint32_t sim_clock_span(Sim *sim, SimClock *clock, SimStream stream, uint32_t mask, uint64_t first,
                        uint64_t last, size_t cmd);
/* The record ends with unit cycle u. */
void sim_clock_close(Sim *sim, SimClock *clock, uint32_t record, uint64_t u);
/* Let the unit's cycles up to (not with) `u` pass; counted as `reason`. */
void sim_clock_run(Sim *sim, SimClock *clock, uint64_t u, StosSimReason reason, size_t cmd);
/* Is anything scheduled? If not, time may be skipped. */
bool sim_clock_pending(const SimClock *clock);
/* The unit waits in machine cycle `now` for something that may come in cycle `until` (SIM_NEVER:
 * not known). Lets time pass as far as nothing can happen; the cycle in which to look again. */
uint64_t sim_clock_wait(Sim *sim, SimClock *clock, uint64_t until, StosSimReason reason,
                        size_t cmd);
/* Bring a clock that waited to machine cycle `now` or beyond. */
void sim_clock_catch_up(Sim *sim, SimClock *clock);
/* Signals (and, when all is over, the completion) of the iterations of ranks >= first that end
 * with unit cycles read_u (last read) and done_u (last read or write). */
void sim_clock_signals(Sim *sim, SimClock *clock, size_t cmd, int first, uint64_t read_u,
                       uint64_t done_u);

/* ---- queues.c ---- */

void sim_queues_init(Sim *sim);
void sim_fetch_step(Sim *sim);
/* Head of a queue that may start at `now`, or NULL with *retry = the cycle from which it may
 * (SIM_NEVER when the queue is empty). */
const SimFetched *sim_queue_head(Sim *sim, StosQueue queue, uint64_t now, uint64_t *retry);
/* Why an empty queue is empty: FETCH or IDLE. */
StosSimReason sim_queue_starved(const Sim *sim, StosQueue queue);
/* The head has issued everything. */
void sim_queue_pop(Sim *sim, StosQueue queue);
/* Place of a level from outermost (0) to innermost: the level, but for VECTOR across (M-CTL-2). */
int sim_level_rank(const StosCmd *cmd, int level);
/* Take the waits of the levels of ranks first..last in that order; false while one is missing, with
 * *retry the earliest cycle at which it may be there. */
bool sim_take_waits(Sim *sim, size_t cmd, StosQueue queue, int first, int last, uint64_t now,
                    uint64_t *retry);
/* Signal number `sync` of a command is visible from `cycle` on. */
bool sim_signal(Sim *sim, size_t cmd, uint32_t sync, uint64_t cycle);
/* A command is complete from `cycle` on. */
void sim_complete(Sim *sim, size_t cmd, StosQueue queue, uint64_t cycle);
/* SIGNAL at the head of a queue, starting in cycle `now`, its signals visible in cycle `visible`.
 */
void sim_run_signal(Sim *sim, size_t cmd, StosQueue queue, uint64_t now, uint64_t visible);
/* The cycle from which all of a queue's commands before `cmd` are complete; SIM_NEVER: not known.
 */
uint64_t sim_complete_before(const Sim *sim, StosQueue queue, size_t cmd);
/* The queue spent these cycles so, on this command or on none. */
static inline void sim_count(Sim *sim, StosQueue queue, StosSimReason reason, uint64_t cycles,
                             size_t cmd) {
  if (cycles == 0)
    return;
  sim->result->queue[queue][reason] += cycles;
  if (cmd != SIM_NO_CMD)
    sim->result->cmds[cmd].cycles[reason] += cycles;
}
/* Deadlock: who waits for what. */
bool sim_deadlock(Sim *sim);

/* ---- units ---- */

bool sim_dma_check(Sim *sim, size_t cmd);
void sim_dma_step(Sim *sim, StosQueue queue);
void sim_channel_step(Sim *sim);

void sim_array_init(Sim *sim);
void sim_array_step(Sim *sim);
/* The longest access that the top edge makes in array cycle u. */
uint32_t sim_gemm_top(Sim *sim, uint64_t u);

bool sim_gemm_check(Sim *sim, size_t cmd);
SimGemm *sim_gemm_begin(Sim *sim, size_t cmd);
/* Outermost level that begins with the next tile. */
int sim_gemm_level(const SimGemm *gemm);
uint64_t sim_gemm_steps(const Sim *sim, const SimGemm *gemm);
/* Run the next tile from array cycle s on; *more is false after the last. */
bool sim_gemm_tile(Sim *sim, SimGemm *gemm, uint64_t s, bool *more);

bool sim_conv_check(Sim *sim, size_t cmd);
SimConv *sim_conv_begin(Sim *sim, size_t cmd);
int sim_conv_level(const SimConv *conv);
bool sim_conv_iteration(Sim *sim, SimConv *conv, uint64_t start, bool *more);

bool sim_vector_check(Sim *sim, size_t cmd);
void sim_vector_init(Sim *sim);
void sim_vector_step(Sim *sim);

/* ---- post.c ---- */

/* The result side of GEMM, CONV1D and VECTOR with the fields they share. */
typedef struct SimPost {
  size_t cmd;
  const StosPost *ops;
  int n_ops;
  bool uses_params, double_round;
  /* parameters of the rows in use */
  union {
    float *f;
    int32_t *i;
  } bias, scale, aux;
  uint8_t *shift;
} SimPost;

/* What depends on the target in a program's operations. */
bool sim_post_check(Sim *sim, size_t cmd, const StosPost *ops, int max_ops);
void sim_post_init(FuseArena *arena, SimPost *post, size_t cmd, const StosPost *ops, int max_ops,
                   uint32_t rows);
/* Parameters entry .. entry + n into places first .. first + n. */
bool sim_post_params(Sim *sim, SimPost *post, int64_t entry, uint32_t first, uint32_t n,
                     uint32_t record);
/* Apply to n values in place; r: residual elements, or NULL. `first`: place of value 0's
 * parameters. */
void sim_post_f32(const SimPost *post, float *v, const float *r, uint32_t first, uint32_t n);
void sim_post_i8(Sim *sim, const SimPost *post, int32_t *v, const int32_t *r, uint32_t first,
                 uint32_t n);
/* Write L results as a word; the lanes from `valid` on as 0. */
void sim_write_f32(Sim *sim, uint32_t word, const float *v, uint32_t valid);
void sim_write_i8(Sim *sim, uint32_t word, const int32_t *v, uint32_t valid, bool is_unsigned);

#endif
