// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/* runtime.c - a .stos file as something that runs.
 *
 * needs: the bytes of an object file
 * gives: its outputs for given inputs, and the statistics of the run
 */
#include <stdlib.h>
#include <string.h>

#include "fuse/kernels.h"
#include "runtime_private.h"

#define MAX_SIMULATED_BYTES (UINT64_C(1) << 34) /* of arena and io */

/* "tensor 'x': what" */
static bool io_error(const FuseRuntime *runtime, const StosIo *io, FuseDiag *diag,
                     const char *what) {
  FuseText name = {0};
  fuse_text_escaped(&name, io->name, strlen(io->name));
  fuse_diag_error(diag, runtime->place, "tensor '%s': %s", name.data ? name.data : "", what);
  fuse_text_fini(&name);
  return false;
}

/* ---- open and close ---- */

static bool check_io(const FuseRuntime *runtime, FuseDiag *diag) {
  const StosObject *object = &runtime->object;
  FuseTensor tensor;
  for (uint32_t i = 0; i < object->n_inputs + object->n_outputs; i++) {
    bool output = i >= object->n_inputs;
    const StosIo *io = output ? &object->outputs[i - object->n_inputs] : &object->inputs[i];
    if (!fuse_io_check(io, runtime->place, diag))
      return false;
    if (!fuse_io_tensor(io, &tensor))
      return io_error(runtime, io, diag, "its shape has no size");
    if (output && io->layout == STOS_LAYOUT_PACKED)
      return io_error(runtime, io, diag, "an output is packed; expected plain or blocked");
  }
  return true;
}

static bool load(FuseRuntime *runtime, const uint8_t *bytes, size_t size_bytes, FuseDiag *diag) {
  StosObject *object = &runtime->object;
  if (!stos_object_read(&runtime->arena, bytes, size_bytes, runtime->place, object, diag) ||
      !stos_object_program(&runtime->arena, object, runtime->place, &runtime->program, diag) ||
      !check_io(runtime, diag) || !fuse_host_check(runtime, diag))
    return false;
  if (object->arena_bytes > MAX_SIMULATED_BYTES)
    return fuse_diag_error(
        diag, runtime->place, "an arena of %llu bytes; expected at most %llu to simulate it",
        (unsigned long long)object->arena_bytes, (unsigned long long)MAX_SIMULATED_BYTES);
  runtime->input_set = fuse_alloc_array(&runtime->arena, object->n_inputs, sizeof(bool));
  runtime->valid = fuse_alloc_array(&runtime->arena, object->n_inputs, sizeof(StosExtent));
  runtime->accesses =
      fuse_alloc_array(&runtime->arena, FUSE_KERNEL_TENSORS, sizeof *runtime->accesses);
  for (uint32_t i = 0; i < object->n_inputs; i++)
    runtime->valid[i] = (StosExtent){object->inputs[i].offset_bytes, object->inputs[i].size_bytes};
  runtime->regions[STOS_REGION_WEIGHTS] =
      (StosMemory){.data = (uint8_t *)(uintptr_t)object->weights, /* never written */
                   .size_bytes = object->weights_bytes};
  runtime->regions[STOS_REGION_ARENA].size_bytes = object->arena_bytes;
  runtime->regions[STOS_REGION_IO] = (StosMemory){
      .size_bytes = object->io_bytes, .valid = runtime->valid, .n_valid = object->n_inputs};
  return true;
}

FuseRuntime *fuse_runtime_open(const uint8_t *bytes, size_t size_bytes, const char *place,
                               FuseDiag *diag) {
  FuseArena arena = {0};
  FuseRuntime *runtime = fuse_alloc(&arena, sizeof *runtime);
  runtime->arena = arena;
  runtime->place = fuse_strdup(&runtime->arena, place);
  if (load(runtime, bytes, size_bytes, diag))
    return runtime;
  fuse_runtime_close(runtime);
  return NULL;
}

void fuse_runtime_close(FuseRuntime *runtime) {
  if (!runtime)
    return;
  free(runtime->regions[STOS_REGION_ARENA].data);
  free(runtime->regions[STOS_REGION_IO].data);
  fuse_arena_fini(&runtime->run_arena);
  FuseArena arena = runtime->arena; /* the runtime itself lies in it */
  fuse_arena_fini(&arena);
}

const StosObject *fuse_runtime_object(const FuseRuntime *runtime) {
  return &runtime->object;
}

/* DRAM, when values are wanted: zeroed pages that cost nothing until they are touched. */
static void make_region(StosMemory *memory) {
  if (memory->data)
    return;
  memory->data = calloc(memory->size_bytes > 0 ? memory->size_bytes : 1, 1);
  if (!memory->data)
    fuse_fatal("out of memory");
}

/* ---- tensors ---- */

int fuse_runtime_find_input(const FuseRuntime *runtime, const char *name) {
  for (uint32_t i = 0; i < runtime->object.n_inputs; i++)
    if (strcmp(runtime->object.inputs[i].name, name) == 0)
      return (int)i;
  return -1;
}

bool fuse_runtime_set_input(FuseRuntime *runtime, uint32_t input, const FuseTensor *tensor,
                            FuseDiag *diag) {
  FUSE_ASSERT(input < runtime->object.n_inputs);
  const StosIo *io = &runtime->object.inputs[input];
  FuseTensor expected;
  fuse_io_tensor(io, &expected);
  /* .npy has no bf16: its bits come as ui16 */
  bool same = (tensor->dtype == expected.dtype ||
               (tensor->dtype == FUSE_U16 && expected.dtype == FUSE_BF16)) &&
              tensor->rank == expected.rank;
  for (int i = 0; i < expected.rank && same; i++)
    same = tensor->shape[i] == expected.shape[i];
  if (!same) {
    char found[FUSE_TENSOR_TYPE_CHARS], wanted[FUSE_TENSOR_TYPE_CHARS], what[1024];
    fuse_snprintf(what, sizeof what, "a tensor of %s; expected %s",
                  fuse_tensor_type(tensor, found, sizeof found),
                  fuse_tensor_type(&expected, wanted, sizeof wanted));
    return io_error(runtime, io, diag, what);
  }
  StosMemory *memory = &runtime->regions[STOS_REGION_IO];
  make_region(memory);
  fuse_io_pack(io, runtime->object.target.lanes, tensor->data, memory->data + io->offset_bytes);
  runtime->input_set[input] = true;
  return true;
}

/* splitmix64: the same noise everywhere. */
static uint64_t noise(uint64_t *state) {
  uint64_t z = *state += 0x9e3779b97f4a7c15u;
  z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
  z = (z ^ z >> 27) * 0x94d049bb133111ebu;
  return z ^ z >> 31;
}

bool fuse_runtime_set_noise(FuseRuntime *runtime, uint32_t input, uint64_t seed, FuseDiag *diag) {
  FUSE_ASSERT(input < runtime->object.n_inputs);
  FuseTensor tensor;
  fuse_io_tensor(&runtime->object.inputs[input], &tensor);
  uint64_t state = seed + input;
  uint8_t *data = malloc(tensor.size_bytes > 0 ? tensor.size_bytes : 1);
  if (!data)
    fuse_fatal("out of memory");
  if (tensor.dtype == FUSE_F32) {
    for (size_t i = 0; i < tensor.size_bytes; i += 4) {
      float value = (float)(int64_t)(noise(&state) >> 40) / (float)(1 << 23) - 1.0f;
      memcpy(data + i, &value, 4);
    }
  } else { /* bit patterns; BOOL: 0 and 1 */
    for (size_t i = 0; i < tensor.size_bytes; i++)
      data[i] = (uint8_t)(noise(&state) & (tensor.dtype == FUSE_BOOL ? 1 : 0xff));
  }
  tensor.data = data;
  bool ok = fuse_runtime_set_input(runtime, input, &tensor, diag);
  free(data);
  return ok;
}

bool fuse_runtime_get_output(FuseRuntime *runtime, FuseArena *arena, uint32_t output,
                             FuseTensor *tensor, FuseDiag *diag) {
  FUSE_ASSERT(output < runtime->object.n_outputs);
  const StosIo *io = &runtime->object.outputs[output];
  const StosMemory *memory = &runtime->regions[STOS_REGION_IO];
  if (!runtime->ran || !memory->data)
    return io_error(runtime, io, diag, "no values; expected a run with values before");
  fuse_io_tensor(io, tensor);
  uint8_t *data = fuse_alloc(arena, tensor->size_bytes);
  fuse_io_unpack(io, runtime->object.target.lanes, memory->data + io->offset_bytes, data);
  tensor->data = data;
  return true;
}

/* ---- run ---- */

bool fuse_runtime_run(FuseRuntime *runtime, const FuseRunOptions *options, FuseDiag *diag) {
  for (uint32_t i = 0; i < runtime->object.n_inputs && !options->timing_only; i++)
    if (!runtime->input_set[i])
      return io_error(runtime, &runtime->object.inputs[i], diag, "the input is not set");
  if (!options->timing_only) {
    make_region(&runtime->regions[STOS_REGION_ARENA]);
    make_region(&runtime->regions[STOS_REGION_IO]);
  }
  fuse_arena_reset(&runtime->run_arena);
  StosSimOptions sim = {.timing_only = options->timing_only,
                        .poison = options->poison,
                        .max_cycles = options->max_cycles,
                        .place = runtime->place,
                        .host = fuse_host_run,
                        .host_access = fuse_host_access,
                        .user = runtime};
  runtime->ran = stos_sim_run(&runtime->run_arena, &runtime->program, &runtime->object.target,
                              runtime->regions, &sim, &runtime->result, diag);
  return runtime->ran;
}

const StosSimResult *fuse_runtime_result(const FuseRuntime *runtime) {
  return &runtime->result;
}
