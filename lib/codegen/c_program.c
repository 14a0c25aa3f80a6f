// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/* c_program.c - a function as a list of kernel calls on buffers with places.
 *
 * needs: a function of one block, static shapes, ops that fuse_kernel_calls takes
 * gives: steps in program order; each buffer is an input, an output, a constant (equal constants
 *        once) or a part of one arena in which tensors that don't live together share memory;
 *        kept values lie in the arena, too, and share theirs with nothing
 */
#include <string.h>

#include "codegen_private.h"

typedef struct Builder {
  FuseIr *ir;
  FuseArena *arena;
  FuseProgram *program;
  uint64_t *hashes; /* of constants, per buffer */
  size_t hashes_capacity;
} Builder;

/* ---- buffers ---- */

static size_t add_buffer(Builder *b, FuseBuffer buffer) {
  FuseProgram *p = b->program;
  p->buffers = fuse_grow(b->arena, p->buffers, p->n_buffers, &p->buffers_capacity, p->n_buffers + 1,
                         sizeof *p->buffers);
  b->hashes = fuse_grow(b->arena, b->hashes, p->n_buffers, &b->hashes_capacity, p->n_buffers + 1,
                        sizeof *b->hashes);
  p->buffers[p->n_buffers] = buffer;
  return p->n_buffers++;
}

static uint64_t hash_bytes(const void *data, size_t n) {
  uint64_t h = UINT64_C(0xcbf29ce484222325); /* FNV-1a */
  for (size_t i = 0; i < n; i++)
    h = (h ^ ((const uint8_t *)data)[i]) * UINT64_C(0x100000001b3);
  return h;
}

/* The buffer with these bytes and this element type; a new one if there is none. */
static size_t constant_buffer(Builder *b, const FuseTensor *tensor) {
  const FuseProgram *p = b->program;
  const uint64_t hash = hash_bytes(tensor->data, tensor->size_bytes);
  for (size_t i = 0; i < p->n_buffers; i++) {
    const FuseTensor *t = &p->buffers[i].tensor;
    if (p->buffers[i].place == FUSE_PLACE_WEIGHTS && b->hashes[i] == hash &&
        t->dtype == tensor->dtype && t->size_bytes == tensor->size_bytes &&
        !memcmp(t->data, tensor->data, t->size_bytes))
      return i;
  }
  const size_t i = add_buffer(b, (FuseBuffer){.place = FUSE_PLACE_WEIGHTS, .tensor = *tensor});
  b->hashes[i] = hash;
  return i;
}

/* The buffer that holds a value; a new one in the arena at its definition. */
static size_t value_buffer(Builder *b, MlirValue value, const FuseTensor *tensor) {
  const FuseProgram *p = b->program;
  for (size_t i = p->n_buffers; i-- > 0;)
    if (p->buffers[i].value.ptr && mlirValueEqual(p->buffers[i].value, value))
      return i;
  return add_buffer(b, (FuseBuffer){.place = FUSE_PLACE_ARENA, .tensor = *tensor, .value = value});
}

/* ---- steps ---- */

/* Buffers of the calls of one op; scratch[k] is the op's k-th scratch buffer. */
static void add_steps(Builder *b, MlirOperation op, const FuseKernelCalls *calls) {
  FuseProgram *p = b->program;
  const size_t n_scratch = fuse_calls_scratch(calls);
  size_t *scratch = fuse_alloc_array(b->arena, n_scratch, sizeof *scratch);
  for (size_t i = 0; i < n_scratch; i++)
    scratch[i] = SIZE_MAX;
  for (size_t c = 0; c < calls->n; c++) {
    FuseStep step = {.op = op, .call = calls->calls[c]};
    for (int i = 0; i < step.call.kernel->n_tensors; i++) {
      const FuseCallArg *arg = &step.call.args[i];
      if (arg->kind == FUSE_ARG_CONSTANT) {
        step.buffers[i] = constant_buffer(b, &arg->tensor);
      } else if (arg->kind == FUSE_ARG_VALUE) {
        step.buffers[i] = value_buffer(b, arg->value, &arg->tensor);
      } else {
        if (scratch[arg->scratch] == SIZE_MAX)
          scratch[arg->scratch] =
              add_buffer(b, (FuseBuffer){.place = FUSE_PLACE_ARENA, .tensor = arg->tensor});
        step.buffers[i] = scratch[arg->scratch];
      }
    }
    p->steps = fuse_grow(b->arena, p->steps, p->n_steps, &p->steps_capacity, p->n_steps + 1,
                         sizeof *p->steps);
    p->steps[p->n_steps++] = step;
  }
}

/* Copy a result of the function to where it shall be; an empty one needs no copy. */
static bool add_copy(Builder *b, MlirOperation ret, MlirValue value, size_t to_buffer) {
  FuseProgram *p = b->program;
  FuseKernelCalls calls = {0};
  const FuseCallArg to = {.kind = FUSE_ARG_VALUE, .tensor = p->buffers[to_buffer].tensor};
  if (mlirLogicalResultIsFailure(fuse_kernel_copy(b->ir, b->arena, ret, value, &to, &calls)))
    return false;
  if (calls.n == 0)
    return true;
  FuseStep step = {.op = ret, .call = calls.calls[0]};
  const FuseCallArg *from = &step.call.args[1];
  step.buffers[0] = to_buffer;
  step.buffers[1] = from->kind == FUSE_ARG_CONSTANT ? constant_buffer(b, &from->tensor)
                                                    : value_buffer(b, from->value, &from->tensor);
  p->steps =
      fuse_grow(b->arena, p->steps, p->n_steps, &p->steps_capacity, p->n_steps + 1, sizeof step);
  p->steps[p->n_steps++] = step;
  return true;
}

/* The buffer in the arena that an op of the function writes a value to; SIZE_MAX: there is none. */
static size_t arena_buffer(const FuseProgram *p, MlirValue root) {
  for (size_t k = 0; k < p->n_buffers; k++)
    if (p->buffers[k].place == FUSE_PLACE_ARENA && p->buffers[k].value.ptr &&
        mlirValueEqual(p->buffers[k].value, root))
      return k;
  return SIZE_MAX;
}

/* Result i of the function: computed in place if it is the first result with these bytes, else
 * copied. Buffers of inputs and constants are never outputs. */
static bool add_output(Builder *b, MlirOperation ret, size_t i) {
  FuseProgram *p = b->program;
  const MlirValue value = mlirOperationGetOperand(ret, (intptr_t)i);
  const MlirValue root = fuse_alias_root(value);
  const size_t k = arena_buffer(p, root);
  if (k == SIZE_MAX)
    return add_copy(b, ret, value, p->n_inputs + i);
  /* The arena buffer becomes the output: whoever used it uses the output's number. */
  for (size_t s = 0; s < p->n_steps; s++)
    for (int t = 0; t < p->steps[s].call.kernel->n_tensors; t++)
      if (p->steps[s].buffers[t] == k)
        p->steps[s].buffers[t] = p->n_inputs + i;
  p->buffers[p->n_inputs + i].value = root;
  p->buffers[k].value.ptr = NULL;
  return true;
}

/* Kept value i: stays where it is computed; what isn't in the arena is copied there. */
static bool add_kept(Builder *b, MlirOperation ret, size_t i) {
  FuseProgram *p = b->program;
  FuseKept *kept = &p->kept[i];
  const MlirValue value = mlirOperationGetOperand(ret, (intptr_t)(p->n_outputs + i));
  if (!fuse_type_tensor(mlirValueGetType(value), &kept->tensor) || kept->tensor.size_bytes == 0) {
    fuse_op_error(ret, "a kept value has no static shape, or is empty; expected neither");
    return false;
  }
  kept->buffer = arena_buffer(p, fuse_alias_root(value));
  if (kept->buffer != SIZE_MAX)
    return true;
  kept->buffer = add_buffer(b, (FuseBuffer){.place = FUSE_PLACE_ARENA, .tensor = kept->tensor});
  return add_copy(b, ret, value, kept->buffer);
}

/* ---- memory ---- */

static bool same_bytes(const FuseBuffer *a, const FuseBuffer *b) {
  return a->place == FUSE_PLACE_ARENA && b->place == FUSE_PLACE_ARENA &&
         a->tensor.size_bytes == b->tensor.size_bytes;
}

/* Lifetimes of arena buffers in steps; first > last: never used. */
static FuseSlot *lifetimes(Builder *b) {
  FuseProgram *p = b->program;
  FuseSlot *life = fuse_alloc_array(b->arena, p->n_buffers, sizeof *life);
  for (size_t i = 0; i < p->n_buffers; i++)
    life[i] = (FuseSlot){.size_bytes = p->buffers[i].tensor.size_bytes, .first = SIZE_MAX};
  for (size_t s = 0; s < p->n_steps; s++)
    for (int t = 0; t < p->steps[s].call.kernel->n_tensors; t++) {
      FuseSlot *l = &life[p->steps[s].buffers[t]];
      l->first = s < l->first ? s : l->first;
      l->last = s;
    }
  for (size_t i = 0; i < p->n_kept; i++)
    life[p->kept[i].buffer].last = p->n_steps; /* to the end of the run, and after it */
  return life;
}

/* The slot of result t of step s, if the value begins there: the first operand's, if that dies in
 * an in-place kernel, else a new one. */
static void place_result(FuseProgram *p, size_t s, int t, const FuseSlot *life, FuseSlot *slots,
                         size_t *n_slots) {
  const FuseStep *step = &p->steps[s];
  const size_t y = step->buffers[t];
  FuseBuffer *result = &p->buffers[y];
  if (result->place != FUSE_PLACE_ARENA || life[y].first != s)
    return;
  const FuseKernelInfo *kernel = step->call.kernel;
  const size_t x = kernel->n_tensors > 1 ? step->buffers[1] : y;
  if (kernel->in_place && x != y && life[x].last == s && same_bytes(result, &p->buffers[x])) {
    result->slot = p->buffers[x].slot;
    slots[result->slot].last = life[y].last;
  } else {
    result->slot = *n_slots;
    slots[(*n_slots)++] = life[y];
  }
}

/* One slot per arena buffer, but an operand that dies in an in-place kernel passes its slot on. */
static bool place_arena(Builder *b) {
  FuseProgram *p = b->program;
  const FuseSlot *life = lifetimes(b);
  FuseSlot *slots = fuse_alloc_array(b->arena, p->n_buffers, sizeof *slots);
  size_t n_slots = 0;
  for (size_t s = 0; s < p->n_steps; s++)
    for (int t = 0; t < p->steps[s].call.kernel->n_results; t++)
      place_result(p, s, t, life, slots, &n_slots);
  p->arena_bytes = fuse_place_slots(b->arena, slots, n_slots, FUSE_PROGRAM_ALIGN);
  for (size_t i = 0; i < p->n_buffers; i++)
    if (p->buffers[i].place == FUSE_PLACE_ARENA && life[i].first != SIZE_MAX)
      p->buffers[i].offset = slots[p->buffers[i].slot].offset;
  return p->arena_bytes != SIZE_MAX;
}

/* Number what is used, in order of first use, and place the constants. */
static bool number_buffers(Builder *b) {
  FuseProgram *p = b->program;
  bool *seen = fuse_alloc_array(b->arena, p->n_buffers, sizeof *seen);
  size_t n[4] = {0};
  for (size_t s = 0; s < p->n_steps; s++)
    for (int t = 0; t < p->steps[s].call.kernel->n_tensors; t++) {
      const size_t i = p->steps[s].buffers[t];
      FuseBuffer *buffer = &p->buffers[i];
      if (seen[i] || buffer->place == FUSE_PLACE_INPUT || buffer->place == FUSE_PLACE_OUTPUT)
        continue;
      seen[i] = true;
      buffer->index = n[buffer->place]++;
      if (buffer->place != FUSE_PLACE_WEIGHTS)
        continue;
      buffer->offset =
          (p->weights_bytes + FUSE_PROGRAM_ALIGN - 1) / FUSE_PROGRAM_ALIGN * FUSE_PROGRAM_ALIGN;
      if (!fuse_add_size(buffer->offset, buffer->tensor.size_bytes, &p->weights_bytes))
        return false;
    }
  return true;
}

/* ---- the function ---- */

static bool add_border(Builder *b, MlirValue value, FusePlace place, size_t index,
                       MlirOperation op) {
  FuseBuffer buffer = {.place = place, .index = index};
  if (!fuse_type_tensor(mlirValueGetType(value), &buffer.tensor)) {
    fuse_op_error(op, "an input or output of the function has no static shape; expected one");
    return false;
  }
  if (place == FUSE_PLACE_INPUT)
    buffer.value = value;
  add_buffer(b, buffer);
  return true;
}

/* How many of the function's results are kept values; false after an error. */
static bool read_kept(MlirOperation function, size_t n_results, size_t *n_kept) {
  int64_t n = 0;
  (void)fuse_get_i64(function, "fuse.kept", &n);
  *n_kept = (size_t)n;
  if (n >= 0 && (uint64_t)n <= n_results)
    return true;
  fuse_op_error(function, "fuse.kept = %lld of %zu results; expected 0 to all of them",
                (long long)n, n_results);
  return false;
}

bool fuse_build_program(FuseIr *ir, FuseArena *arena, MlirOperation function,
                        FuseProgram *program) {
  Builder b = {.ir = ir, .arena = arena, .program = program};
  const MlirRegion body = mlirOperationGetRegion(function, 0);
  const MlirBlock block = mlirRegionGetFirstBlock(body);
  if (mlirBlockIsNull(block) || !mlirBlockIsNull(mlirBlockGetNextInRegion(block))) {
    fuse_op_error(function, "the function has no body, or control flow; expected one block");
    return false;
  }
  const MlirOperation ret = mlirBlockGetTerminator(block);
  size_t n_kept;
  bool ok = read_kept(function, (size_t)mlirOperationGetNumOperands(ret), &n_kept);
  if (!ok)
    return false;
  *program = (FuseProgram){.n_inputs = (size_t)mlirBlockGetNumArguments(block),
                           .n_outputs = (size_t)mlirOperationGetNumOperands(ret) - n_kept,
                           .kept = fuse_alloc_array(arena, n_kept, sizeof *program->kept),
                           .n_kept = n_kept};
  for (size_t i = 0; i < program->n_inputs; i++)
    ok &= add_border(&b, mlirBlockGetArgument(block, (intptr_t)i), FUSE_PLACE_INPUT, i, function);
  for (size_t i = 0; i < program->n_outputs; i++)
    ok &= add_border(&b, mlirOperationGetOperand(ret, (intptr_t)i), FUSE_PLACE_OUTPUT, i, ret);
  if (!ok)
    return false;
  for (MlirOperation op = mlirBlockGetFirstOperation(block); !mlirOperationEqual(op, ret);
       op = mlirOperationGetNextInBlock(op)) {
    FuseKernelCalls calls = {0};
    if (mlirLogicalResultIsFailure(fuse_kernel_calls(ir, arena, op, &calls)))
      ok = false; /* go on: one run shows all that is missing */
    else
      add_steps(&b, op, &calls);
  }
  for (size_t i = 0; ok && i < program->n_outputs; i++)
    ok = add_output(&b, ret, i);
  for (size_t i = 0; ok && i < program->n_kept; i++)
    ok = add_kept(&b, ret, i);
  if (ok && (!place_arena(&b) || !number_buffers(&b))) {
    fuse_op_error(function, "the function's tensors don't fit in an address space");
    ok = false;
  }
  return ok;
}
