// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/* tile.c - layers on whole tensors become commands on named buffers.
 *
 * needs: mapped layers; storages with homes fixed where the network or the host fixes them
 * gives: a sequence of commands that is right when run one by one; each tile, weight chunk and
 * resident tensor is a buffer
 *
 * A storage that is small enough for its whole life stays in the scratchpad; the rest lives in DRAM
 * and streams through in tiles. Whether the choice fits is asked of the allocator; when it doesn't,
 * the largest resident storage in the way goes to DRAM.
 */
#include <string.h>

#include "plan_private.h"

int plan_new_buffer(PlanTiler *t, FusePlanSpace space, uint64_t size, const char *name) {
  FusePlanProgram *p = t->program;
  size_t n = (size_t)p->n_buffers;
  p->buffers = fuse_grow(t->arena, p->buffers, n, &t->buffer_capacity, n + 1, sizeof *p->buffers);
  p->buffers[n] = (FusePlanBuffer){
      .space = space, .size = size, .address = -1, .storage = -1, .data = -1, .name = name};
  return p->n_buffers++;
}

FusePlanCmd *plan_new_cmd(PlanTiler *t, StosOpcode opcode, int layer) {
  FusePlanProgram *p = t->program;
  size_t n = (size_t)p->n_cmds;
  p->cmds = fuse_grow(t->arena, p->cmds, n, &t->cmd_capacity, n + 1, sizeof *p->cmds);
  FusePlanCmd *cmd = &p->cmds[p->n_cmds++];
  *cmd = (FusePlanCmd){.cmd = stos_cmd_init(opcode), .layer = layer, .call = -1};
  if (opcode != STOS_CMD_HOST)
    cmd->cmd.dtype = (uint8_t)t->net->dtype;
  for (int i = 0; i < FUSE_N_REFS; i++)
    cmd->buffer[i] = -1;
  return cmd;
}

const FuseStorage *plan_storage(const PlanTiler *t, FusePlanTensor tensor) {
  return &t->net->storages[tensor.storage];
}

bool plan_on_chip(const PlanTiler *t, FusePlanTensor tensor) {
  return t->home[tensor.storage] == FUSE_HOME_CHIP;
}

/* ---- the two sides of a transfer ---- */

/* One LOAD or STORE between a rectangle of a DRAM tensor and its tile. */
static void transfer(PlanTiler *t, StosOpcode opcode, int layer, FusePlanTensor tensor, PlanRect r,
                     PlanPlace tile) {
  const FuseStorage *s = plan_storage(t, tensor);
  FusePlanCmd *cmd = plan_new_cmd(t, opcode, layer);
  StosCmd_load *dma = &cmd->cmd.load; /* STORE has the same fields */
  bool whole_lines = r.w == s->w && tile.line == r.w;
  dma->region = t->home[tensor.storage] == FUSE_HOME_IO ? STOS_REGION_IO : STOS_REGION_ARENA;
  dma->dram =
      (uint32_t)((((r.image * s->blocks) + tensor.first_block + r.block) * s->h + r.y) * s->w +
                 r.x);
  dma->chip = (uint32_t)tile.base;
  dma->n[2] = (uint16_t)r.blocks;
  dma->dram_stride[2] = (int32_t)(s->h * s->w);
  dma->chip_stride[2] = (int32_t)tile.block;
  dma->run = (uint32_t)(whole_lines ? r.h * r.w : r.w);
  if (!whole_lines) {
    dma->n[3] = (uint16_t)r.h;
    dma->dram_stride[3] = (int32_t)s->w;
    dma->chip_stride[3] = (int32_t)tile.line;
  }
  cmd->buffer[FUSE_REF_DRAM] = t->storage_buffer[tensor.storage];
  cmd->buffer[opcode == STOS_CMD_LOAD ? FUSE_REF_OUT : FUSE_REF_IN] = tile.buffer;
}

static PlanPlace in_place(const PlanTiler *t, FusePlanTensor tensor, PlanRect r) {
  const FuseStorage *s = plan_storage(t, tensor);
  int64_t block = plan_block_pitch(s->h * s->w, t->target);
  return (PlanPlace){.buffer = t->storage_buffer[tensor.storage],
                     .line = s->w,
                     .block = block,
                     .base = (r.image * s->blocks + tensor.first_block + r.block) * block +
                             r.y * s->w + r.x};
}

static PlanPlace new_tile(PlanTiler *t, FusePlanTensor tensor, PlanRect r) {
  int64_t block = plan_block_pitch(r.h * r.w, t->target);
  int buffer = plan_new_buffer(t, FUSE_SPACE_CHIP, (uint64_t)(r.blocks * block),
                               plan_storage(t, tensor)->name);
  return (PlanPlace){.buffer = buffer, .line = r.w, .block = block};
}

PlanPlace plan_bring(PlanTiler *t, int layer, FusePlanTensor tensor, PlanRect rect) {
  if (plan_on_chip(t, tensor))
    return in_place(t, tensor, rect);
  PlanPlace place = new_tile(t, tensor, rect);
  transfer(t, STOS_CMD_LOAD, layer, tensor, rect, place);
  return place;
}

PlanPlace plan_room(PlanTiler *t, FusePlanTensor tensor, PlanRect rect) {
  return plan_on_chip(t, tensor) ? in_place(t, tensor, rect) : new_tile(t, tensor, rect);
}

void plan_put(PlanTiler *t, int layer, FusePlanTensor tensor, PlanRect rect, PlanPlace place) {
  if (!plan_on_chip(t, tensor))
    transfer(t, STOS_CMD_STORE, layer, tensor, rect, place);
}

PlanRect plan_input_rect(const PlanTiler *t, const FuseLayer *l, PlanRect out, int64_t block,
                         int64_t blocks) {
  const FuseStorage *s = plan_storage(t, l->in);
  PlanRect r = {.image = out.image, .block = block, .blocks = blocks};
  plan_input_range(out.y, out.h, l->kh, l->stride_y, l->dil_y, l->pad_top, s->h, &r.y, &r.h);
  plan_input_range(out.x, out.w, l->kw, l->stride_x, l->dil_x, l->pad_left, s->w, &r.x, &r.w);
  r.h = fuse_max(r.h, 1), r.w = fuse_max(r.w, 1);
  return r;
}

const PlanPlace *plan_bring_residual(PlanTiler *t, int layer, PlanRect out, PlanPlace *place) {
  const FuseLayer *l = &t->net->layers[layer];
  if (l->residual == FUSE_RES_NONE)
    return NULL;
  if (l->residual == FUSE_RES_CHANNEL)
    out.y = out.x = 0, out.h = out.w = 1;
  *place = plan_bring(t, layer, l->res, out);
  return place;
}

int plan_load_params(PlanTiler *t, int layer, int64_t first, int64_t channels) {
  const FuseLayer *l = &t->net->layers[layer];
  if (l->params < 0)
    return -1;
  return plan_load_data(t, layer, l->params, FUSE_SPACE_PARAM, (uint64_t)first,
                        (uint64_t)fuse_min(channels, l->out.c - first));
}

int plan_load_data(PlanTiler *t, int layer, int data, FusePlanSpace space, uint64_t first,
                   uint64_t count) {
  const FusePlanData *d = &t->net->data[data];
  if (t->data_buffer[data] < 0) {
    t->data_buffer[data] = plan_new_buffer(t, FUSE_SPACE_WEIGHTS, d->size_bytes, d->name);
    t->program->buffers[t->data_buffer[data]].data = data;
  }
  int buffer = plan_new_buffer(t, space, count, d->name);
  FusePlanCmd *cmd = plan_new_cmd(t, STOS_CMD_LOAD, layer);
  StosCmd_load *load = &cmd->cmd.load;
  static const uint8_t spaces[] = {[FUSE_SPACE_CHIP] = STOS_SPACE_SCRATCHPAD,
                                   [FUSE_SPACE_PARAM] = STOS_SPACE_PARAM,
                                   [FUSE_SPACE_LUT] = STOS_SPACE_LUT};
  load->region = STOS_REGION_WEIGHTS;
  load->space = spaces[space];
  load->dram = (uint32_t)first;
  load->run = (uint32_t)count;
  cmd->buffer[FUSE_REF_DRAM] = t->data_buffer[data];
  cmd->buffer[plan_loaded_ref(load)] = buffer;
  return buffer;
}

int plan_load_runs(PlanTiler *t, int layer, int data, uint64_t first, int64_t run, int64_t n,
                   int64_t pitch) {
  uint64_t words = (uint64_t)((n - 1) * pitch + run);
  int buffer = plan_load_data(t, layer, data, FUSE_SPACE_CHIP, first, words);
  if (n > 1 && pitch != run) {
    StosCmd_load *load = &t->program->cmds[t->program->n_cmds - 1].cmd.load;
    load->run = (uint32_t)run;
    load->n[3] = (uint16_t)n;
    load->dram_stride[3] = (int32_t)run;
    load->chip_stride[3] = (int32_t)pitch;
  }
  return buffer;
}

/* A layer's tables are read by all its commands. */
static int load_tables(PlanTiler *t, int layer) {
  int data = t->net->layers[layer].tables;
  if (data < 0)
    return -1;
  return plan_load_data(t, layer, data, FUSE_SPACE_LUT, 0,
                        t->net->data[data].size_bytes / STOS_LUT_BYTES);
}

static void set_field(FusePlanCmd *cmd, const char *name, int64_t value) {
  const StosField *field = stos_field_find(stos_cmd_info(cmd->cmd.opcode), name, strlen(name));
  if (field) /* VECTOR has no weights */
    stos_field_set(&cmd->cmd, field, 0, value);
}

void plan_set_post(const PlanTiler *t, FusePlanCmd *cmd) {
  const FuseLayer *l = &t->net->layers[cmd->layer];
  const StosField *post = stos_field_find(stos_cmd_info(cmd->cmd.opcode), "post", strlen("post"));
  memcpy(stos_field_post(&cmd->cmd, post, 0), l->post, sizeof l->post);
  cmd->buffer[FUSE_REF_LUT] = t->tables;
  set_field(cmd, "in_zp", l->in_zp);
  set_field(cmd, "w_zp", l->w_zp);
  set_field(cmd, "double_round", l->double_round);
  if (cmd->buffer[FUSE_REF_RES] >= 0)
    set_field(cmd, "res_zp", l->res_zp);
}

/* ---- homes ---- */

typedef struct Life {
  int first, last; /* layers that touch the storage; first > last: none */
} Life;

static void live_at(Life *lives, FusePlanTensor tensor, int layer) {
  if (tensor.storage < 0)
    return;
  Life *life = &lives[tensor.storage];
  life->first = life->first < layer ? life->first : layer;
  life->last = life->last > layer ? life->last : layer;
}

static Life *storage_lives(FuseArena *arena, const FusePlanNet *net) {
  Life *lives = fuse_alloc_array(arena, (size_t)net->n_storages, sizeof *lives);
  for (int i = 0; i < net->n_storages; i++)
    lives[i] = (Life){.first = net->n_layers, .last = -1};
  for (int i = 0; i < net->n_layers; i++) {
    const FuseLayer *layer = &net->layers[i];
    live_at(lives, layer->in, i);
    live_at(lives, layer->res, i);
    live_at(lives, layer->out, i);
  }
  return lives;
}

static int64_t chip_words(const FuseStorage *s, const StosTarget *target) {
  int64_t dims[] = {s->n, s->blocks, plan_block_pitch(s->h * s->w, target)}, words;
  return fuse_mul_dims(dims, 3, &words) ? words : INT64_MAX / 2;
}

/* Storages in the order in which they get a place: small ones first, for they save most per word.
 */
static int *by_size(FuseArena *arena, const FusePlanNet *net, const StosTarget *target) {
  int *order = fuse_alloc_array(arena, (size_t)net->n_storages, sizeof *order);
  for (int i = 0; i < net->n_storages; i++) {
    int64_t words = chip_words(&net->storages[i], target);
    int at = i;
    for (; at > 0 && chip_words(&net->storages[order[at - 1]], target) > words; at--)
      order[at] = order[at - 1];
    order[at] = i;
  }
  return order;
}

/* Resident words during a layer: three quarters of the scratchpad, or less where the weights of one
 * row block, three times, need more than the last quarter; never less than a half. */
static int64_t resident_limit(const PlanTiler *t, const FuseLayer *layer) {
  int64_t words = t->target->scratchpad_words, need = words / 4;
  if (layer->kind == FUSE_LAYER_CONV)
    need = fuse_max(need, 3 * layer->kh * layer->kw * plan_blocks(layer->in.c, t->target) *
                              t->target->lanes * stos_row_groups(t->target));
  return words - fuse_min(need, words / 2);
}

static void choose_homes(PlanTiler *t, const Life *lives, int64_t *resident, const bool *banned) {
  const FusePlanNet *net = t->net;
  const int *order = by_size(t->arena, net, t->target);
  memset(resident, 0, (size_t)net->n_layers * sizeof *resident);
  for (int k = 0; k < net->n_storages; k++) {
    int s = order[k];
    int64_t words = chip_words(&net->storages[s], t->target);
    t->home[s] = net->storages[s].home;
    if (t->home[s] != FUSE_HOME_AUTO)
      continue;
    bool fits = !banned[s];
    for (int i = lives[s].first; i <= lives[s].last && fits; i++)
      fits = resident[i] + words <= resident_limit(t, &net->layers[i]);
    t->home[s] = fits ? FUSE_HOME_CHIP : FUSE_HOME_ARENA;
    for (int i = lives[s].first; i <= lives[s].last && fits; i++)
      resident[i] += words;
  }
}

static void make_storage_buffers(PlanTiler *t) {
  static const FusePlanSpace spaces[] = {[FUSE_HOME_ARENA] = FUSE_SPACE_ARENA,
                                         [FUSE_HOME_IO] = FUSE_SPACE_IO,
                                         [FUSE_HOME_CHIP] = FUSE_SPACE_CHIP};
  for (int i = 0; i < t->net->n_storages; i++) {
    const FuseStorage *s = &t->net->storages[i];
    bool chip = t->home[i] == FUSE_HOME_CHIP;
    uint64_t size = chip ? (uint64_t)chip_words(s, t->target)
                         : (uint64_t)(s->n * s->blocks * s->h * s->w) * t->word_bytes;
    t->storage_buffer[i] = plan_new_buffer(t, spaces[t->home[i]], size, s->name);
    t->program->buffers[t->storage_buffer[i]].storage = i;
  }
}

/* ---- layers ---- */

static void tile_host(PlanTiler *t, int layer) {
  int index = t->net->layers[layer].host_call;
  FusePlanCall *call = &t->net->calls[index];
  for (int i = 0; i < call->n_tensors; i++) {
    FusePlanCallTensor *tensor = &call->tensors[i];
    if (tensor->storage >= 0) {
      tensor->buffer = t->storage_buffer[tensor->storage];
      continue;
    }
    if (t->data_buffer[tensor->data] < 0) {
      t->data_buffer[tensor->data] =
          plan_new_buffer(t, FUSE_SPACE_WEIGHTS, t->net->data[tensor->data].size_bytes,
                          t->net->data[tensor->data].name);
      t->program->buffers[t->data_buffer[tensor->data]].data = tensor->data;
    }
    tensor->buffer = t->data_buffer[tensor->data];
  }
  FusePlanCmd *cmd = plan_new_cmd(t, STOS_CMD_HOST, layer);
  cmd->cmd.host.call = (uint32_t)index;
  cmd->call = index;
}

static bool tile_layer(PlanTiler *t, int layer) {
  t->tables = load_tables(t, layer);
  switch (t->net->layers[layer].mapping) {
  case FUSE_MAP_GEMM:
  case FUSE_MAP_BLOCK_DIAGONAL: return plan_tile_gemm(t, layer);
  case FUSE_MAP_STREAM:
  case FUSE_MAP_HOLD: return plan_tile_conv1d(t, layer);
  case FUSE_MAP_VECTOR: return plan_tile_vector(t, layer);
  case FUSE_MAP_HOST: tile_host(t, layer); return true;
  }
  return false;
}

static bool tile_all(PlanTiler *t, const Life *lives, const bool *banned) {
  const FusePlanNet *net = t->net;
  int64_t *resident = fuse_alloc_array(t->arena, (size_t)net->n_layers, sizeof *resident);
  *t->program = (FusePlanProgram){0};
  t->cmd_capacity = t->buffer_capacity = 0;
  for (int i = 0; i < net->n_data; i++)
    t->data_buffer[i] = -1;
  choose_homes(t, lives, resident, banned);
  make_storage_buffers(t);
  for (int i = 0; i < net->n_layers; i++) {
    t->free_words = ((int64_t)t->target->scratchpad_words - resident[i]) / t->shrink[i];
    t->program->failed_layer = i;
    if (!tile_layer(t, i))
      return false;
  }
  return true;
}

/* The largest storage that is on chip during a layer, to be sent to DRAM; -1 if there is none. */
static int largest_resident(const PlanTiler *t, const Life *lives, int layer) {
  int worst = -1;
  for (int i = 0; i < t->net->n_storages; i++)
    if (t->home[i] == FUSE_HOME_CHIP && lives[i].first <= layer && layer <= lives[i].last &&
        (worst < 0 || chip_words(&t->net->storages[i], t->target) >
                          chip_words(&t->net->storages[worst], t->target)))
      worst = i;
  return worst;
}

/* One tensor less on chip during a layer, and its tiles at full size again. */
static bool send_away(PlanTiler *t, const Life *lives, bool *banned, int layer) {
  int worst = largest_resident(t, lives, layer);
  if (worst < 0)
    return false;
  banned[worst] = true;
  t->shrink[layer] = 1;
  return true;
}

/* Make room where a layer found none: smaller tiles first, then one tensor less on chip, then the
 * smallest tiles. False when all that has been tried. */
static bool make_room(PlanTiler *t, const Life *lives, bool *banned, int layer) {
  enum { SMALL = 4, SMALLEST = 64 };
  if (t->shrink[layer] >= SMALL && send_away(t, lives, banned, layer))
    return true;
  t->shrink[layer] *= 2;
  return t->shrink[layer] <= SMALLEST;
}

bool fuse_plan_tile(FuseArena *arena, const FusePlanNet *net, const StosTarget *target,
                    FusePlanProgram *program, FuseDiag *diag) {
  PlanTiler t = {.arena = arena,
                 .net = net,
                 .target = target,
                 .program = program,
                 .word_bytes = target->lanes * fuse_dtype_bytes(net->dtype)};
  t.home = fuse_alloc_array(arena, (size_t)net->n_storages, sizeof *t.home);
  t.storage_buffer = fuse_alloc_array(arena, (size_t)net->n_storages, sizeof *t.storage_buffer);
  t.data_buffer = fuse_alloc_array(arena, (size_t)net->n_data, sizeof *t.data_buffer);
  t.shrink = fuse_alloc_array(arena, (size_t)net->n_layers, sizeof *t.shrink);
  for (int i = 0; i < net->n_layers; i++)
    t.shrink[i] = 1;
  bool *banned = fuse_alloc_array(arena, (size_t)net->n_storages, sizeof *banned);
  const Life *lives = storage_lives(arena, net);
  for (;;) {
    FuseDiag failed = {0};
    t.diag = &failed;
    if (!tile_all(&t, lives, banned)) {
      if (!send_away(&t, lives, banned, program->failed_layer))
        return fuse_diag_error(diag, failed.place, "%s", failed.message);
      continue;
    }
    FusePlanProgram trial = *program;
    trial.buffers =
        fuse_memdup(arena, program->buffers, (size_t)program->n_buffers * sizeof *program->buffers);
    trial.cmds = fuse_memdup(arena, program->cmds, (size_t)program->n_cmds * sizeof *program->cmds);
    if (fuse_plan_allocate(arena, net, target, &trial, &failed))
      return true;
    program->failed_layer = trial.failed_layer;
    if (!make_room(&t, lives, banned, trial.failed_layer))
      return fuse_diag_error(diag, failed.place, "%s", failed.message);
  }
}
