// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/* run.c - the life of an object, for the fuzz targets: loaded, shown, taken apart and put together
 * again, checked, simulated.
 *
 * What a machine may do is not limited by its file (a program may multiply for hours), so the
 * simulator gets limits here. Everything else has to limit itself.
 */
#include <string.h>

#include "fuse/check.h"
#include "fuse/runtime.h"
#include "fuzz.h"

enum {
  MAX_CYCLES = 1 << 14,
  MAX_MACS = 1 << 18, /* of a run with values */
  MAX_BYTES = 1 << 20 /* of DRAM, for a run with values; of weights, to be written as text */
};

/* Text for people and programs of whatever the loader takes. */
static void show(const StosObject *object) {
  static const char *const sections[] = {"io", "note", "debug", "host"};
  FuseText text = {0};
  FuseDiag diag = {0};
  for (size_t i = 0; i < FUSE_COUNTOF(sections); i++)
    FUSE_ASSERT(stos_object_dump(object, sections[i], &text));
  fuzz_outcome(stos_object_json(object, "x.stos", &text, &diag), &diag);
  fuse_text_fini(&text);
}

/* Source that assembles to the same object: the bytes are those of the file, written anew. */
static void round_trip(FuseArena *arena, const StosObject *object) {
  FuseText source = {0}, file = {0}, again = {0};
  FuseDiag diag = {0};
  StosObject assembled;
  if (fuzz_outcome(stos_object_disassemble(object, "x.stos", true, &source, &diag), &diag)) {
    FUSE_ASSERT(
        stos_object_assemble(arena, source.data, source.length, "x.s", NULL, &assembled, &diag));
    FUSE_ASSERT(stos_object_write(object, &file, &diag));
    FUSE_ASSERT(stos_object_write(&assembled, &again, &diag));
    FUSE_ASSERT(file.length == again.length && memcmp(file.data, again.data, file.length) == 0);
  }
  fuse_text_fini(&source);
  fuse_text_fini(&file);
  fuse_text_fini(&again);
}

static bool run(FuseRuntime *runtime, const FuseRunOptions *options) {
  FuseDiag diag = {0};
  return fuzz_outcome(fuse_runtime_run(runtime, options, &diag), &diag);
}

/* With values; every output can be had. */
static void run_values(FuseRuntime *runtime) {
  const StosObject *object = fuse_runtime_object(runtime);
  FuseArena arena = {0};
  FuseDiag diag = {0};
  FuseTensor output;
  for (uint32_t i = 0; i < object->n_inputs; i++)
    FUSE_ASSERT(fuse_runtime_set_noise(runtime, i, 1, &diag));
  if (run(runtime, &(FuseRunOptions){.max_cycles = MAX_CYCLES}))
    for (uint32_t i = 0; i < object->n_outputs; i++)
      FUSE_ASSERT(fuse_runtime_get_output(runtime, &arena, i, &output, &diag));
  run(runtime, &(FuseRunOptions){.max_cycles = MAX_CYCLES, .poison = true});
  fuse_arena_fini(&arena);
}

static void simulate(const uint8_t *data, size_t size) {
  FuseDiag diag = {0};
  FuseText report = {0};
  FuseRuntime *runtime = fuse_runtime_open(data, size, "x.stos", &diag);
  if (!fuzz_outcome(runtime != NULL, &diag))
    return;
  const StosObject *object = fuse_runtime_object(runtime);
  if (run(runtime, &(FuseRunOptions){.max_cycles = MAX_CYCLES, .timing_only = true})) {
    fuse_runtime_report(runtime, &report);
    fuse_runtime_report_json(runtime, &report);
    if (object->arena_bytes <= MAX_BYTES && object->io_bytes <= MAX_BYTES &&
        fuse_runtime_result(runtime)->macs <= MAX_MACS)
      run_values(runtime);
  }
  fuse_text_fini(&report);
  fuse_runtime_close(runtime);
}

void fuzz_object(const uint8_t *data, size_t size) {
  FuseArena arena = {0};
  FuseDiag diag = {0}, check = {0};
  StosObject object;
  if (fuzz_outcome(stos_object_read(&arena, data, size, "x.stos", &object, &diag), &diag)) {
    show(&object);
    if (object.weights_bytes <= MAX_BYTES)
      round_trip(&arena, &object);
    fuzz_outcome(stos_check_object(&arena, &object, "x.stos", &check), &check);
    simulate(data, size);
  }
  fuse_arena_fini(&arena);
}
