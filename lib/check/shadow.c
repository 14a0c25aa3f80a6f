// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/* shadow.c - per word: who wrote it last, who read it last; each access against the clocks.
 *
 * needs: segments in an order that the program allows (order.c)
 * gives: a read that isn't sure to come after its write, a write that isn't sure to come after the
 *        reads and the write before it, a read of an unwritten word: an error (M-CTL-6, M-MEM-8)
 * Why the last ones are enough: as long as nothing was refused, the writes of a word are in order,
 * and so are the reads on one timeline; what comes after the last comes after all.
 */
#include <assert.h>
#include <inttypes.h>

#include "check_private.h"

/* Of a word that was there when the program started. */
#define WRITER_START UINT32_MAX
enum { SMALL_PAGE_BITS = 12, LARGE_PAGE_BITS = 20, FLAT_PAGE_BITS = 24 };
/* Of DRAM, in the pages that are there. */
enum { MAX_CELLS = 1 << 25 };

static const Reader chip_readers[] = {{STOS_QUEUE_ARRAY, AT_OPERANDS},
                                      {STOS_QUEUE_ARRAY, AT_RESIDUALS},
                                      {STOS_QUEUE_VECTOR, AT_OPERANDS},
                                      {STOS_QUEUE_STORE, AT_OPERANDS}};
static const Reader post_readers[] = {{STOS_QUEUE_ARRAY, AT_RESULTS},
                                      {STOS_QUEUE_VECTOR, AT_RESULTS}};
static const Reader dram_readers[] = {{STOS_QUEUE_LOAD, AT_OPERANDS},
                                      {STOS_QUEUE_STORE, AT_OPERANDS}};
static_assert(FUSE_COUNTOF(chip_readers) <= N_READERS, "a cell has room for each reader");

static const struct {
  bool is_write;
  int reader; /* of the scratchpad */
} streams[N_STREAMS] = {
    [STREAM_LEFT] = {false, 0}, [STREAM_TOP] = {false, 0},       [STREAM_RESIDUAL] = {false, 1},
    [STREAM_A] = {false, 2},    [STREAM_B] = {false, 2},         [STREAM_STORE] = {false, 3},
    [STREAM_OUT] = {true, 0},   [STREAM_VECTOR_OUT] = {true, 0}, [STREAM_LOAD] = {true, 0},
};

/* ---- set-up ---- */

static void memory_init(Checker *c, Memory *memory, const char *name, const char *unit,
                        uint64_t n_cells, uint64_t cell_units, const Reader *readers,
                        int n_readers) {
  bool flat = cell_units == 0;
  *memory = (Memory){.name = name,
                     .unit = unit,
                     .n_cells = n_cells,
                     .cell_units = flat ? 1 : cell_units,
                     .page_bits = flat                 ? FLAT_PAGE_BITS
                                  : n_cells >> 30 == 0 ? SMALL_PAGE_BITS
                                                       : LARGE_PAGE_BITS,
                     .readers = readers,
                     .n_readers = n_readers};
  size_t n_pages = (size_t)((n_cells >> memory->page_bits) + 1);
  memory->pages = fuse_alloc_array(c->arena, n_pages, sizeof *memory->pages);
  if (flat)
    memory->pages[0] = fuse_alloc_array(c->arena, (size_t)n_cells, sizeof(Cell));
}

/* The largest power of two that divides a. */
static uint64_t power_in(uint64_t a) {
  return a & (0 - a);
}

/* Bytes of a cell of a DRAM region: all accesses begin and end between cells. */
static uint64_t granule(const Checker *c, uint32_t region) {
  uint64_t bits = c->word_bytes;
  for (size_t i = 0; i < c->program->n; i++) {
    const StosCmd *cmd = &c->program->cmds[i];
    if (cmd->opcode == STOS_CMD_LOAD && cmd->load.region == region &&
        cmd->load.space == STOS_SPACE_PARAM)
      bits |= STOS_PARAM_BYTES;
    if (cmd->opcode == STOS_CMD_LOAD && cmd->load.region == region &&
        cmd->load.space == STOS_SPACE_LUT)
      bits |= STOS_LUT_BYTES;
  }
  for (size_t i = 0; i < c->n_calls; i++)
    for (size_t t = 0; t < c->calls[i].n_tensors; t++)
      if (c->calls[i].tensors[t].region == region)
        bits |= c->calls[i].tensors[t].span.offset_bytes | c->calls[i].tensors[t].span.size_bytes;
  if (region == STOS_REGION_IO) {
    for (size_t i = 0; i < c->regions->n_inputs; i++)
      bits |= c->regions->inputs[i].offset_bytes | c->regions->inputs[i].size_bytes;
    for (size_t i = 0; i < c->regions->n_outputs; i++)
      bits |= c->regions->outputs[i].offset_bytes | c->regions->outputs[i].size_bytes;
  }
  return power_in(bits);
}

void stos_check_shadow_init(Checker *c) {
  const StosTarget *t = c->target;
  memory_init(c, &c->scratchpad, "scratchpad", "word", t->scratchpad_words, 0, chip_readers,
              FUSE_COUNTOF(chip_readers));
  memory_init(c, &c->params, "parameter memory", "entry", t->param_entries, 0, post_readers,
              FUSE_COUNTOF(post_readers));
  memory_init(c, &c->luts, "look-up", "table", t->luts, 0, post_readers,
              FUSE_COUNTOF(post_readers));
  static const char *const names[] = {"weights", "arena", "io"};
  for (uint32_t r = 0; r < STOS_N_REGIONS; r++) {
    uint64_t cell_bytes = granule(c, r);
    memory_init(c, &c->dram[r], names[r], "byte",
                r == STOS_REGION_WEIGHTS ? 0 : c->regions->size_bytes[r] / cell_bytes + 1,
                cell_bytes, dram_readers, FUSE_COUNTOF(dram_readers));
  }
}

/* A program of two commands can reach every word of a terabyte: no more cells than a few networks
 * need. */
static bool more_cells(Checker *c, uint64_t n) {
  c->n_cells += n;
  if (c->n_cells <= MAX_CELLS)
    return true;
  c->gave_up = true;
  return fuse_diag_error(c->diag, c->place,
                         "the program touches more than %d words in DRAM; not supported",
                         MAX_CELLS);
}

/* `*n` becomes the number of cells from `index` to the end of its page. NULL after an error. */
static Cell *cells_at(Checker *c, Memory *memory, uint64_t index, uint64_t *n) {
  uint64_t in_page = index & ((UINT64_C(1) << memory->page_bits) - 1);
  Cell **page = &memory->pages[index >> memory->page_bits];
  if (!*page) {
    if (!more_cells(c, UINT64_C(1) << memory->page_bits))
      return NULL;
    *page = fuse_alloc_array(c->arena, (size_t)1 << memory->page_bits, sizeof(Cell));
  }
  *n = (UINT64_C(1) << memory->page_bits) - in_page;
  return *page + in_page;
}

/* ---- messages ---- */

/* What an access has against a cell. */
typedef enum Fault { FINE, UNWRITTEN, BEING_WRITTEN, BEING_READ, READ_BY_ITSELF } Fault;

typedef struct Finding {
  Fault fault;
  StosQueue queue; /* of the other command */
  uint32_t event;  /* its segment */
  bool done_needed;
} Finding;

static bool report(Checker *c, const Memory *memory, const char *operand, bool is_write,
                   uint64_t first, uint64_t count, Finding finding) {
  uint64_t unit = memory->cell_units, begin = first * unit, end = (first + count) * unit - 1;
  const char *plural = begin == end ? "" : "s";
  const char *range = begin == end ? fuse_format(c->arena, "%" PRIu64, begin)
                                   : fuse_format(c->arena, "%" PRIu64 "..%" PRIu64, begin, end);
  const char *unit_name = begin != end && memory->unit[0] == 'e' ? "entries" : memory->unit;
  if (unit_name != memory->unit)
    plural = "";
  const char *what =
      fuse_format(c->arena, "%s: %s %s %s%s %s", operand, is_write ? "writes" : "reads",
                  memory->name, unit_name, plural, range);
  if (finding.fault == UNWRITTEN)
    return stos_check_fail(c, "%s, which nothing has written; expected a write before (M-MEM-8)",
                           what);
  size_t other = c->queues[finding.queue].command_of[finding.event];
  if (finding.fault == READ_BY_ITSELF || other == c->command)
    return stos_check_fail(
        c,
        "%s, which the command itself %s without an order between the two; expected "
        "other words (M-CTL-6)",
        what, is_write ? "reads" : "writes");
  return stos_check_fail(
      c, "%s while %s may still %s %s; expected a wait for its %s signal (M-CTL-6)", what,
      stos_check_describe(c, other), finding.fault == BEING_READ ? "read" : "write",
      begin == end ? "it" : "them", finding.done_needed ? "DONE" : "READ or DONE");
}

/* ---- one cell ---- */

_Static_assert(N_READERS == 4, "write_unshared looks at four");

static uint32_t pack_writer(const Checker *c) {
  return ((c->event + 1) << 2) | (uint32_t)c->queue;
}

static Finding finding_of_writer(Fault fault, uint32_t writer) {
  return (Finding){.fault = fault,
                   .queue = (StosQueue)(writer & 3),
                   .event = (writer >> 2) - 1,
                   .done_needed = true};
}

static inline bool written_before(const Checker *c, uint32_t writer) {
  return writer == WRITER_START ||
         stos_check_happened(c, (StosQueue)(writer & 3), AT_RESULTS, (writer >> 2) - 1);
}

static inline Finding read_cell(const Checker *c, Cell *cell, int reader) {
  uint32_t writer = cell->writer;
  if (writer == 0)
    return (Finding){.fault = UNWRITTEN};
  if (!written_before(c, writer))
    return finding_of_writer(BEING_WRITTEN, writer);
  cell->readers[reader] = c->event + 1;
  return (Finding){0};
}

/* Within a queue results come after all before them (M-CTL-6). The exception: CONV1D reads lines
 * ahead while others drain, so inside one nothing is said. */
static inline Finding write_cell(const Checker *c, const Memory *memory, Cell *cell) {
  uint32_t writer = cell->writer;
  if (writer && (writer & 3) != (uint32_t)c->queue && !written_before(c, writer))
    return finding_of_writer(BEING_WRITTEN, writer);
  for (int r = 0; r < memory->n_readers; r++) {
    uint32_t event = cell->readers[r];
    const Reader *reader = &memory->readers[r];
    if (event == 0)
      continue;
    if (reader->queue == c->queue) {
      bool ahead = reader->timeline == AT_OPERANDS && event == c->event + 1 &&
                   c->program->cmds[c->command].opcode == STOS_CMD_CONV1D;
      if (ahead)
        return (Finding){.fault = READ_BY_ITSELF};
    } else if (!stos_check_happened(c, reader->queue, reader->timeline, event - 1)) {
      return (Finding){.fault = BEING_READ,
                       .queue = reader->queue,
                       .event = event - 1,
                       .done_needed = reader->timeline == AT_RESULTS};
    }
  }
  cell->writer = pack_writer(c);
  return (Finding){0};
}

/* Write cells, from the first on, as long as nothing has read them and no other queue has written
 * them, which needs no order: most cells, and quickly. How many. */
static uint64_t write_unshared(const Checker *c, Cell *cells, uint64_t n) {
  const uint32_t writer = pack_writer(c), queue = (uint32_t)c->queue;
  uint64_t i = 0;
  for (; i < n; i++) {
    const uint32_t *readers = cells[i].readers, before = cells[i].writer;
    if (readers[0] | readers[1] | readers[2] | readers[3] | (before ? (before & 3) ^ queue : 0))
      break;
    cells[i].writer = writer;
  }
  return i;
}

/* Read cells, from the first on, that `writer` has written, whose order has been found good. */
static uint64_t read_alike(const Checker *c, Cell *cells, uint64_t n, int reader, uint32_t writer) {
  const uint32_t event = c->event + 1;
  uint64_t i = 0;
  for (; i < n && cells[i].writer == writer; i++)
    cells[i].readers[reader] = event;
  return i;
}

/* How many cells from the first on have the same fault from the same command. */
static uint64_t same_fault(const Checker *c, const Memory *memory, Cell *cells, uint64_t n,
                           int reader, bool is_write, Finding first) {
  uint64_t same = 1;
  for (; same < n; same++) {
    Finding f = is_write ? write_cell(c, memory, &cells[same]) : read_cell(c, &cells[same], reader);
    if (f.fault != first.fault || f.queue != first.queue || f.event != first.event)
      break;
  }
  return same;
}

/* ---- runs of cells ---- */

static bool touch(Checker *c, Memory *memory, const char *operand, bool is_write, int reader,
                  uint64_t first, int64_t stride, uint64_t count) {
  while (count > 0) {
    uint64_t room;
    Cell *cells = cells_at(c, memory, first, &room);
    if (!cells)
      return false;
    uint64_t n = stride == 1 && room < count ? room : count;
    for (uint64_t i = is_write && stride == 1 ? write_unshared(c, cells, n) : 0; i < n; i++) {
      Cell *cell = cells + (int64_t)i * stride;
      Finding finding = is_write ? write_cell(c, memory, cell) : read_cell(c, cell, reader);
      if (finding.fault != FINE) {
        uint64_t same =
            stride == 1 ? same_fault(c, memory, cell, n - i, reader, is_write, finding) : 1;
        return report(c, memory, operand, is_write, first + i * (uint64_t)stride, same, finding);
      }
      if (!is_write && stride == 1)
        i += read_alike(c, cell + 1, n - i - 1, reader, cell->writer);
    }
    first += n;
    count -= n;
  }
  return true;
}

static void mark_sections(Checker *c, Stream stream, uint64_t lowest, uint64_t highest) {
  uint32_t from = stos_section_of(c->target, (uint32_t)lowest);
  uint32_t to = stos_section_of(c->target, (uint32_t)highest);
  c->segment_sections[stream] |= (2u << to) - (1u << from);
}

bool stos_check_words(Checker *c, const Operand *operand, int64_t first, int64_t stride,
                      uint64_t count) {
  if (count == 0)
    return true;
  if (!stos_check_spend(c, count + CHECK_CALL_WORK))
    return false;
  int64_t last = first + stride * (int64_t)(count - 1);
  int64_t lowest = fuse_min(first, last), highest = fuse_max(first, last);
  if (lowest < 0 || highest >= (int64_t)c->scratchpad.n_cells)
    return stos_check_fail(c, "%s: scratchpad word %" PRId64 "; expected 0 to %" PRIu64 " (M-OP-1)",
                           operand->name, lowest < 0 ? lowest : highest, c->scratchpad.n_cells - 1);
  bool is_write = streams[operand->stream].is_write;
  if (is_write)
    c->wrote = true;
  if (operand->stream == STREAM_RESIDUAL)
    c->read_residual = true;
  if (!touch(c, &c->scratchpad, operand->name, is_write, streams[operand->stream].reader,
             (uint64_t)first, stride, count))
    return false;
  uint32_t section_words = stos_section_words(c->target);
  if (stride >= -(int64_t)section_words && stride <= (int64_t)section_words)
    mark_sections(c, operand->stream, (uint64_t)lowest, (uint64_t)highest);
  else
    for (uint64_t i = 0; i < count; i++) {
      uint64_t word = (uint64_t)(first + stride * (int64_t)i);
      mark_sections(c, operand->stream, word, word);
    }
  return true;
}

bool stos_check_ring_words(Checker *c, const Operand *operand, int64_t base, uint32_t size,
                           uint32_t start, int64_t offset, int64_t stride, uint64_t count) {
  if (size == 0)
    return stos_check_words(c, operand, base + offset, stride, count);
  while (count > 0) {
    int64_t at = (start + offset) % (int64_t)size;
    if (at < 0)
      at += size;
    /* as many as fit before the ring's end */
    uint64_t n = stride == 1 ? (uint64_t)fuse_min((int64_t)count, size - at) : 1;
    if (!stos_check_words(c, operand, base + at, 1, n))
      return false;
    offset += stride * (int64_t)n;
    count -= n;
  }
  return true;
}

static int post_reader(const Checker *c) {
  return c->queue == STOS_QUEUE_ARRAY ? 0 : 1;
}

bool stos_check_entries(Checker *c, Memory *memory, bool is_write, int64_t first, uint64_t count) {
  if (count == 0)
    return true;
  if (!stos_check_spend(c, count + CHECK_CALL_WORK))
    return false;
  int64_t last = first + (int64_t)count - 1;
  const char *operand = memory == &c->luts ? "lut" : "param";
  if (is_write)
    operand = "chip", c->wrote = true;
  if (first < 0 || last >= (int64_t)memory->n_cells)
    return stos_check_fail(c, "%s: %s %s %" PRId64 "; expected 0 to %" PRId64 " (M-OP-1)", operand,
                           memory->name, memory->unit, first < 0 ? first : last,
                           (int64_t)memory->n_cells - 1);
  return touch(c, memory, operand, is_write, post_reader(c), (uint64_t)first, 1, count);
}

static const char *dram_operand(const Checker *c) {
  return c->program->cmds[c->command].opcode == STOS_CMD_HOST ? "call" : "dram";
}

bool stos_check_bytes(Checker *c, int region, bool is_write, int64_t first, uint64_t count) {
  uint64_t size = c->regions->size_bytes[region];
  Memory *memory = &c->dram[region];
  if (count == 0)
    return true;
  if (first < 0 || (uint64_t)first > size || count > size - (uint64_t)first)
    return stos_check_fail(c,
                           "%s: %s bytes %" PRId64 "..%" PRId64 "; expected them in the %" PRIu64
                           " bytes of the region (M-OP-1)",
                           dram_operand(c), memory->name, first, first + (int64_t)(count - 1),
                           size);
  if (is_write)
    c->wrote = true;
  if (region == STOS_REGION_WEIGHTS)
    return stos_check_spend(c, CHECK_CALL_WORK); /* all is there, and nothing writes it */
  uint64_t cells = count / memory->cell_units;
  return stos_check_spend(c, cells + CHECK_CALL_WORK) &&
         touch(c, memory, dram_operand(c), is_write, c->queue == STOS_QUEUE_LOAD ? 0 : 1,
               (uint64_t)first / memory->cell_units, 1, cells);
}

/* ---- start and end ---- */

static bool span_inside(const Checker *c, const StosCheckSpan *span, const char *what) {
  uint64_t size = c->regions->size_bytes[STOS_REGION_IO];
  if (span->offset_bytes <= size && span->size_bytes <= size - span->offset_bytes)
    return true;
  return fuse_diag_error(c->diag, c->place,
                         "%s at io byte %" PRIu64 ", %" PRIu64 " bytes; expected it in the %" PRIu64
                         " bytes of io",
                         what, span->offset_bytes, span->size_bytes, size);
}

bool stos_check_host_inputs(Checker *c) {
  Memory *io = &c->dram[STOS_REGION_IO];
  for (size_t i = 0; i < c->regions->n_inputs; i++) {
    const StosCheckSpan *span = &c->regions->inputs[i];
    if (!span_inside(c, span, "an input") ||
        !stos_check_spend(c, span->size_bytes / io->cell_units))
      return false;
    uint64_t at = span->offset_bytes / io->cell_units, room;
    for (uint64_t end = at + span->size_bytes / io->cell_units; at < end; at++) {
      Cell *cell = cells_at(c, io, at, &room);
      if (!cell)
        return false;
      cell->writer = WRITER_START;
    }
  }
  return true;
}

bool stos_check_outputs(Checker *c) {
  Memory *io = &c->dram[STOS_REGION_IO];
  for (size_t i = 0; i < c->regions->n_outputs; i++) {
    const StosCheckSpan *span = &c->regions->outputs[i];
    if (!span_inside(c, span, "an output") ||
        !stos_check_spend(c, span->size_bytes / io->cell_units))
      return false;
    uint64_t at = span->offset_bytes / io->cell_units, room;
    for (uint64_t end = at + span->size_bytes / io->cell_units; at < end; at++) {
      const Cell *cell = cells_at(c, io, at, &room);
      if (!cell)
        return false;
      if (cell->writer == 0)
        return fuse_diag_error(c->diag, c->place,
                               "io byte %" PRIu64 " of an output is never written; expected the "
                               "program to write each output",
                               at * io->cell_units);
    }
  }
  return true;
}
