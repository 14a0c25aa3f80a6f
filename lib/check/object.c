// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/* object.c - the stream of an object: its regions, inputs, outputs and host calls as the checker
 * takes them.
 *
 * source: docs/isa.md, I-OBJ-1 and I-OBJ-2; docs/machine.md, section 10
 */
#include "fuse/check.h"

typedef struct Spans {
  StosCheckSpan *items;
  size_t n, capacity;
} Spans;

/* Behind the last one when it begins where that ends. */
static void add_span(FuseArena *arena, Spans *spans, uint64_t offset, uint64_t size) {
  StosCheckSpan *last = spans->n ? &spans->items[spans->n - 1] : NULL;
  if (last && last->offset_bytes + last->size_bytes == offset) {
    last->size_bytes += size;
    return;
  }
  spans->items = fuse_grow(arena, spans->items, spans->n, &spans->capacity, spans->n + 1,
                           sizeof *spans->items);
  spans->items[spans->n++] = (StosCheckSpan){offset, size};
}

/* An output without the gaps between its lines and blocks. The object was checked: dimensions
 * fit. */
static void add_output(FuseArena *arena, const StosObject *object, const StosIo *io, Spans *spans) {
  int64_t dims[4];
  if (io->layout != STOS_LAYOUT_BLOCKED || !stos_io_dims(io, dims)) {
    add_span(arena, spans, io->offset_bytes, io->size_bytes);
    return;
  }
  uint64_t word_bytes = stos_word_bytes(object);
  int64_t blocks = dims[0] * fuse_ceil_div(dims[1], object->target.lanes);
  for (int64_t b = 0; b < blocks; b++)
    for (int64_t y = 0; y < dims[2]; y++) {
      uint64_t word = (uint64_t)b * io->block_pitch + (uint64_t)y * io->line_pitch;
      add_span(arena, spans, io->offset_bytes + word * word_bytes, (uint64_t)dims[3] * word_bytes);
    }
}

static StosCheckCall *calls_of(FuseArena *arena, const StosObject *object) {
  StosCheckCall *calls = fuse_alloc_array(arena, object->n_host, sizeof *calls);
  for (uint32_t i = 0; i < object->n_host; i++) {
    const StosHostCall *call = &object->host[i];
    StosCheckTensor *tensors = fuse_alloc_array(arena, call->n_tensors, sizeof *tensors);
    for (uint32_t k = 0; k < call->n_tensors; k++) {
      const StosHostTensor *t = &call->tensors[k];
      tensors[k] = (StosCheckTensor){
          t->region, {t->offset_bytes, t->size_bytes}, k < stos_kernel_results(call->kernel)};
    }
    calls[i] = (StosCheckCall){tensors, call->n_tensors};
  }
  return calls;
}

bool stos_check_object(FuseArena *scratch, const StosObject *object, const char *place,
                       FuseDiag *diag) {
  StosProgram program;
  if (!stos_object_check(object, place, diag) ||
      !stos_object_program(scratch, object, place, &program, diag))
    return false;
  Spans inputs = {0}, outputs = {0};
  for (uint32_t i = 0; i < object->n_inputs; i++)
    add_span(scratch, &inputs, object->inputs[i].offset_bytes, object->inputs[i].size_bytes);
  for (uint32_t i = 0; i < object->n_outputs; i++)
    add_output(scratch, object, &object->outputs[i], &outputs);
  StosCheckRegions regions = {.inputs = inputs.items,
                              .n_inputs = inputs.n,
                              .outputs = outputs.items,
                              .n_outputs = outputs.n};
  for (int r = 0; r < STOS_N_REGIONS; r++)
    regions.size_bytes[r] = stos_region_bytes(object, r);
  return stos_check(scratch, &program, &object->target, &regions, calls_of(scratch, object),
                    object->n_host, place, diag);
}
