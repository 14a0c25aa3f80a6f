// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/* schedule.c - the final order of the commands, and the waits and signals that keep it right.
 *
 * needs: addressed commands in an order that is right when run one by one; `ahead` of each LOAD
 * gives: loads moved forward, waits and signals, END
 *
 * Every pair of commands in different queues that touch the same words, one of them writing, and
 * every pair whose streams of the same direction meet in a section, keeps its order by a token. For
 * a pair of queues and a kind of signal there is one semaphore: both queues are in order, so the
 * k-th signal belongs to the k-th wait. What a command already knows through earlier tokens (vector
 * clocks) needs none.
 *
 * source: docs/machine.md, M-CTL-2, M-CTL-3, M-CTL-6, M-MEM-4
 */
#include <string.h>

#include "plan_private.h"

enum { DONE, READ, N_KINDS };

typedef struct Clock {
  int at[STOS_N_QUEUES]
        [N_KINDS]; /* commands (index + 1) of each queue known to be done, or to have read */
} Clock;

/* Last accesses of a word: index + 1 of commands; 0 none. */
typedef struct Word {
  int writer;
  int reader[STOS_N_QUEUES], late_reader[STOS_N_QUEUES];
} Word;

/* Streams that read, for M-MEM-4. */
enum {
  STREAM_LEFT,
  STREAM_TOP,
  STREAM_RES,
  STREAM_VECTOR_A,
  STREAM_VECTOR_B,
  STREAM_STORE,
  N_READ_STREAMS
};

typedef struct Section {
  int reader[N_READ_STREAMS];
  int writer[STOS_N_QUEUES];
} Section;

typedef struct Token {
  int from, to; /* commands */
} Token;

typedef struct TokenList {
  Token *tokens;
  size_t n, capacity;
} TokenList;

typedef struct Scheduler {
  FuseArena *arena;
  const StosTarget *target;
  FuseDtype dtype;
  FusePlanProgram *program;
  const FusePlanCall *calls;
  Word *words[FUSE_SPACE_IO + 1];
  Section *sections;
  int *queue;                       /* of each command */
  Clock *clock;                     /* what each command knows when it starts */
  int last_in_queue[STOS_N_QUEUES]; /* index + 1 */
  int current;
  Clock need; /* of the current command */
  TokenList list[STOS_N_QUEUES][STOS_N_QUEUES][N_KINDS];
} Scheduler;

/* ---- order ---- */

/* Each LOAD moves before the work it is to run ahead of; loads keep their order among themselves.
 */
static void move_loads(FuseArena *arena, FusePlanProgram *p) {
  int n = p->n_cmds, work = 0, last_target = 0;
  int *target = fuse_alloc_array(arena, (size_t)n, sizeof *target);
  for (int i = 0; i < n; i++) {
    target[i] = -1;
    if (p->cmds[i].cmd.opcode == STOS_CMD_LOAD) {
      last_target = (int)fuse_max(last_target, work - p->cmds[i].ahead);
      target[i] = last_target;
    }
    work += plan_is_work(&p->cmds[i]);
  }
  FusePlanCmd *moved = fuse_alloc_array(arena, (size_t)n, sizeof *moved);
  int at = 0, load = 0;
  work = 0;
  for (int i = 0; i < n; i++) {
    if (target[i] >= 0)
      continue;
    for (; plan_is_work(&p->cmds[i]) && load < n && (target[load] < 0 || target[load] <= work);
         load++)
      if (target[load] >= 0)
        moved[at++] = p->cmds[load];
    work += plan_is_work(&p->cmds[i]);
    moved[at++] = p->cmds[i];
  }
  for (; load < n; load++)
    if (target[load] >= 0)
      moved[at++] = p->cmds[load];
  FUSE_ASSERT(at == n);
  p->cmds = moved;
}

/* ---- what must come before the current command ---- */

static void need(Scheduler *s, int queue, int kind, int command) {
  if (command > s->need.at[queue][kind])
    s->need.at[queue][kind] = command;
}

/* READ signals exist where they pay: for loads that wait for a buffer to be free, and among array
 * commands; and where there is no result to wait for. */
static void need_read(Scheduler *s, int queue, int command) {
  int own = s->queue[s->current];
  const StosCmd *cmd = &s->program->cmds[command - 1].cmd;
  bool no_result = cmd->opcode == STOS_CMD_GEMM && cmd->gemm.hold_back;
  bool early = queue == STOS_QUEUE_ARRAY && (own == STOS_QUEUE_LOAD || own == STOS_QUEUE_ARRAY);
  need(s, queue, early || no_result ? READ : DONE, command);
}

static void touch(void *user, FusePlanSpace space, FuseTouch kind, uint64_t first, uint64_t count) {
  Scheduler *s = user;
  int own = s->queue[s->current];
  if (!s->words[space])
    return;
  for (Word *w = s->words[space] + first, *end = w + count; w < end; w++) {
    int writer_queue = w->writer ? s->queue[w->writer - 1] : own;
    /* Results of the own queue come in order; but array and vector commands read before earlier
     * ones have written. */
    bool own_reads_early =
        kind != FUSE_TOUCH_WRITE && (own == STOS_QUEUE_ARRAY || own == STOS_QUEUE_VECTOR);
    if (w->writer && (writer_queue != own || own_reads_early))
      need(s, writer_queue, DONE, w->writer);
    for (int q = 0; q < STOS_N_QUEUES && kind == FUSE_TOUCH_WRITE; q++) {
      if (q != own && w->reader[q])
        need_read(s, q, w->reader[q]);
      if (q != own && w->late_reader[q])
        need(s, q, DONE, w->late_reader[q]);
    }
  }
}

static void record(void *user, FusePlanSpace space, FuseTouch kind, uint64_t first,
                   uint64_t count) {
  Scheduler *s = user;
  int own = s->queue[s->current], self = s->current + 1;
  if (!s->words[space])
    return;
  for (Word *w = s->words[space] + first, *end = w + count; w < end; w++) {
    if (kind == FUSE_TOUCH_WRITE)
      w->writer = self;
    else
      *(kind == FUSE_TOUCH_READ ? &w->reader[own] : &w->late_reader[own]) = self;
  }
}

/* ---- sections ---- */

static uint64_t mask_of(const Scheduler *s, const FusePlanCmd *cmd, FusePlanRef ref) {
  if (cmd->buffer[ref] < 0 || s->program->buffers[cmd->buffer[ref]].space != FUSE_SPACE_CHIP)
    return 0;
  const FusePlanBuffer *b = &s->program->buffers[cmd->buffer[ref]];
  uint32_t first = stos_section_of(s->target, (uint32_t)b->address),
           last = stos_section_of(s->target, (uint32_t)(b->address + (int64_t)b->size - 1));
  return ((2ull << last) - 1) & ~((1ull << first) - 1);
}

typedef struct Streams {
  uint64_t reads[N_READ_STREAMS], writes;
} Streams;

/* Sections of the whole buffer: coarser than what the command touches, and as the allocator saw it.
 */
static Streams streams_of(const Scheduler *s, const FusePlanCmd *cmd) {
  Streams r = {0};
  bool drains = cmd->cmd.opcode != STOS_CMD_GEMM || !cmd->cmd.gemm.hold_back;
  switch (cmd->cmd.opcode) {
  case STOS_CMD_GEMM:
  case STOS_CMD_CONV1D:
    r.reads[STREAM_LEFT] = mask_of(s, cmd, FUSE_REF_LEFT);
    r.reads[STREAM_TOP] = mask_of(s, cmd, FUSE_REF_IN);
    /* A chunk that holds its sums back writes nothing, so its DONE says nothing of earlier results.
     */
    r.reads[STREAM_RES] = drains ? mask_of(s, cmd, FUSE_REF_RES) : 0;
    r.writes = drains ? mask_of(s, cmd, FUSE_REF_OUT) : 0;
    break;
  case STOS_CMD_VECTOR:
    r.reads[STREAM_VECTOR_A] = mask_of(s, cmd, FUSE_REF_IN);
    r.reads[STREAM_VECTOR_B] = mask_of(s, cmd, FUSE_REF_RES);
    r.writes = mask_of(s, cmd, FUSE_REF_OUT);
    break;
  case STOS_CMD_LOAD: r.writes = mask_of(s, cmd, FUSE_REF_OUT); break;
  case STOS_CMD_STORE: r.reads[STREAM_STORE] = mask_of(s, cmd, FUSE_REF_IN); break;
  default: break;
  }
  return r;
}

static int queue_of_stream(int stream) {
  return stream <= STREAM_RES        ? STOS_QUEUE_ARRAY
         : stream <= STREAM_VECTOR_B ? STOS_QUEUE_VECTOR
                                     : STOS_QUEUE_STORE;
}

static void order_sections(Scheduler *s, const Streams *now) {
  int own = s->queue[s->current];
  for (uint32_t k = 0; k < s->target->sections; k++) {
    Section *section = &s->sections[k];
    for (int stream = 0; stream < N_READ_STREAMS; stream++) {
      if (!(now->reads[stream] >> k & 1))
        continue;
      for (int other = 0; other < N_READ_STREAMS; other++) {
        int queue = queue_of_stream(other);
        /* The vector unit's commands don't overlap in reading (M-VEC-2); the array's do. */
        if (other == stream || !section->reader[other] || (queue == own && own != STOS_QUEUE_ARRAY))
          continue;
        if (other == STREAM_RES) /* late: READ of a later command doesn't cover it */
          need(s, queue, DONE, section->reader[other]);
        else
          need_read(s, queue, section->reader[other]);
      }
    }
    for (int q = 0; q < STOS_N_QUEUES && (now->writes >> k & 1); q++)
      if (q != own && section->writer[q])
        need(s, q, DONE, section->writer[q]);
  }
}

static void record_sections(Scheduler *s, const Streams *now) {
  for (uint32_t k = 0; k < s->target->sections; k++) {
    for (int stream = 0; stream < N_READ_STREAMS; stream++)
      if (now->reads[stream] >> k & 1)
        s->sections[k].reader[stream] = s->current + 1;
    if (now->writes >> k & 1)
      s->sections[k].writer[s->queue[s->current]] = s->current + 1;
  }
}

/* ---- tokens ---- */

static void join(Clock *into, const Clock *from) {
  for (int q = 0; q < STOS_N_QUEUES; q++)
    for (int k = 0; k < N_KINDS; k++)
      if (from->at[q][k] > into->at[q][k])
        into->at[q][k] = from->at[q][k];
}

/* Waiting for `command` teaches what it knew when it started, and that it and all before it in its
 * queue are done or have read. */
static void learn(Scheduler *s, Clock *clock, int queue, int kind, int command) {
  join(clock, &s->clock[command - 1]);
  for (int k = kind; k < N_KINDS; k++)
    if (command > clock->at[queue][k])
      clock->at[queue][k] = command;
}

static void add_token(Scheduler *s, int queue, int kind, int command) {
  TokenList *list = &s->list[queue][s->queue[s->current]][kind];
  list->tokens = fuse_grow(s->arena, list->tokens, list->n, &list->capacity, list->n + 1,
                           sizeof *list->tokens);
  list->tokens[list->n++] = (Token){.from = command - 1, .to = s->current};
}

/* A command has room for 4 waits: with all four queues to wait for, READ and DONE of the array
 * become one DONE. */
static void merge_needs(Scheduler *s, const Clock *clock) {
  int n = 0, *read = &s->need.at[STOS_QUEUE_ARRAY][READ];
  for (int q = 0; q < STOS_N_QUEUES; q++)
    for (int k = 0; k < N_KINDS; k++)
      n += s->need.at[q][k] > clock->at[q][k];
  if (n <= STOS_MAX_WAITS || *read <= clock->at[STOS_QUEUE_ARRAY][READ])
    return;
  need(s, STOS_QUEUE_ARRAY, DONE, *read);
  *read = 0;
}

static void add_tokens(Scheduler *s) {
  int own = s->queue[s->current];
  Clock *clock = &s->clock[s->current];
  if (s->last_in_queue[own])
    *clock = s->clock[s->last_in_queue[own] - 1];
  merge_needs(s, clock);
  /* The latest first: what it knows may spare the others. */
  for (;;) {
    int queue = -1, kind = -1, latest = 0;
    for (int q = 0; q < STOS_N_QUEUES; q++)
      for (int k = 0; k < N_KINDS; k++)
        if (s->need.at[q][k] > clock->at[q][k] && s->need.at[q][k] > latest)
          latest = s->need.at[q][k], queue = q, kind = k;
    if (queue < 0)
      break;
    add_token(s, queue, kind, latest);
    learn(s, clock, queue, kind, latest);
  }
  s->last_in_queue[own] = s->current + 1;
}

/* A command has room for 4 signals. One with more signals DONE instead of READ where it signals the
 * same queue anyway, then everywhere. */
static void merge_signals(Scheduler *s) {
  int n = s->program->n_cmds;
  uint8_t (*signals)[STOS_N_QUEUES][N_KINDS] =
      fuse_alloc_array(s->arena, (size_t)n, sizeof *signals);
  for (int q = 0; q < STOS_N_QUEUES; q++)
    for (int w = 0; w < STOS_N_QUEUES; w++)
      for (int k = 0; k < N_KINDS; k++)
        for (size_t i = 0; i < s->list[q][w][k].n; i++)
          signals[s->list[q][w][k].tokens[i].from][w][k] = 1;
  for (int w = 0; w < STOS_N_QUEUES; w++) {
    TokenList *read = &s->list[STOS_QUEUE_ARRAY][w][READ],
              *done = &s->list[STOS_QUEUE_ARRAY][w][DONE];
    TokenList merged = {0}, kept = {0};
    size_t a = 0, b = 0;
    int last = -1;
    while (a < read->n || b < done->n) {
      bool from_read = b >= done->n || (a < read->n && read->tokens[a].to <= done->tokens[b].to);
      Token token = from_read ? read->tokens[a++] : done->tokens[b++];
      int count = 0;
      for (int q = 0; q < STOS_N_QUEUES; q++)
        count += signals[token.from][q][DONE] + signals[token.from][q][READ];
      TokenList *into = from_read && count <= STOS_MAX_SIGNALS ? &kept : &merged;
      if (into == &merged) {
        if (token.from <= last)
          continue; /* an earlier wait of this queue already covers it */
        last = token.from;
      }
      into->tokens =
          fuse_grow(s->arena, into->tokens, into->n, &into->capacity, into->n + 1, sizeof token);
      into->tokens[into->n++] = token;
    }
    *read = kept;
    *done = merged;
  }
}

static void add_sync(StosCmd *cmd, StosSyncKind kind, int semaphore) {
  int n = cmd->n_waits + cmd->n_signals;
  FUSE_ASSERT(kind == STOS_WAIT ? cmd->n_waits < STOS_MAX_WAITS && cmd->n_signals == 0
                                : cmd->n_signals < STOS_MAX_SIGNALS);
  cmd->sync[n] =
      (StosSync){.semaphore = (uint8_t)semaphore, .kind = (uint8_t)kind, .level = 0, .count = 1};
  if (kind == STOS_WAIT)
    cmd->n_waits++;
  else
    cmd->n_signals++;
}

static int semaphore_of(int from, int to, int kind) {
  return (kind * STOS_N_QUEUES + from) * STOS_N_QUEUES + to;
}

/* Waits of each command, then the signals of each. */
static void write_tokens(Scheduler *s) {
  for (int pass = 0; pass < 2; pass++)
    for (int q = 0; q < STOS_N_QUEUES; q++)
      for (int w = 0; w < STOS_N_QUEUES; w++)
        for (int k = 0; k < N_KINDS; k++)
          for (size_t i = 0; i < s->list[q][w][k].n; i++) {
            Token token = s->list[q][w][k].tokens[i];
            StosCmd *cmd = &s->program->cmds[pass ? token.from : token.to].cmd;
            add_sync(cmd,
                     pass == 0   ? STOS_WAIT
                     : k == READ ? STOS_SIGNAL_READ
                                 : STOS_SIGNAL_DONE,
                     semaphore_of(q, w, k));
          }
}

static void append_end(FuseArena *arena, FusePlanProgram *p) {
  FusePlanCmd *cmds = fuse_alloc_array(arena, (size_t)p->n_cmds + 1, sizeof *cmds);
  memcpy(cmds, p->cmds, (size_t)p->n_cmds * sizeof *cmds);
  cmds[p->n_cmds] = (FusePlanCmd){.cmd = stos_cmd_init(STOS_CMD_END),
                                  .layer = -1,
                                  .origin = -1,
                                  .call = -1,
                                  .buffer = {-1, -1, -1, -1, -1, -1, -1}};
  p->cmds = cmds;
  p->n_cmds++;
}

static Word *new_words(FuseArena *arena, uint64_t count) {
  return fuse_alloc_array(arena, (size_t)count, sizeof(Word));
}

void fuse_plan_schedule(FuseArena *arena, const FusePlanNet *net, const StosTarget *target,
                        FusePlanProgram *program) {
  Scheduler s = {.arena = arena,
                 .target = target,
                 .dtype = net->dtype,
                 .program = program,
                 .calls = net->calls};
  uint64_t word_bytes = target->lanes * fuse_dtype_bytes(net->dtype);
  move_loads(arena, program);
  s.words[FUSE_SPACE_CHIP] = new_words(arena, target->scratchpad_words);
  s.words[FUSE_SPACE_PARAM] = new_words(arena, target->param_entries);
  s.words[FUSE_SPACE_LUT] = new_words(arena, target->luts);
  s.words[FUSE_SPACE_ARENA] = new_words(arena, program->arena_bytes / word_bytes + 1);
  s.words[FUSE_SPACE_IO] = new_words(arena, program->io_bytes / word_bytes + 1);
  s.sections = fuse_alloc_array(arena, target->sections, sizeof *s.sections);
  s.queue = fuse_alloc_array(arena, (size_t)program->n_cmds, sizeof *s.queue);
  s.clock = fuse_alloc_array(arena, (size_t)program->n_cmds, sizeof *s.clock);
  for (int i = 0; i < program->n_cmds; i++)
    s.queue[i] = (int)stos_cmd_queue(&program->cmds[i].cmd);
  for (s.current = 0; s.current < program->n_cmds; s.current++) {
    const FusePlanCmd *cmd = &program->cmds[s.current];
    Streams streams = streams_of(&s, cmd);
    s.need = (Clock){0};
    fuse_plan_touches(cmd, s.calls, program->buffers, target, s.dtype, touch, &s);
    order_sections(&s, &streams);
    add_tokens(&s);
    fuse_plan_touches(cmd, s.calls, program->buffers, target, s.dtype, record, &s);
    record_sections(&s, &streams);
  }
  merge_signals(&s);
  write_tokens(&s);
  append_end(arena, program);
}
