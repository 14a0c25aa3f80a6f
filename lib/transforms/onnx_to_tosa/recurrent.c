// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/* recurrent.c - RNN, GRU and LSTM, one step after the other.
 *
 *   y, y_h, y_c = LSTM(x, w, r, b, lengths, h, c, p)
 *     x: steps,batch,in   w: directions,gates*hidden,in   r: directions,gates*hidden,hidden
 *     b: directions,2*gates*hidden   h, c: directions,batch,hidden   p: directions,3*hidden
 *     y: steps,directions,batch,hidden          layout = 1: batch first in x, h, c and the results
 *
 * gives: one tosa.matmul with w for all steps, one with r for each
 */
#include <float.h>
#include <string.h>

#include "onnx_to_tosa.h"

#define MAX_STEPS 4096 /* each becomes a dozen ops or two */

typedef struct Recurrent Recurrent;

/* What one step keeps: 1,batch,hidden. */
typedef struct State {
  Term *h, *c;
} State;

typedef struct Cell {
  int gates, n_activations;
  const char *activations[3]; /* by default */
  /* x: of this step times w, with its bias: 1,batch,gates*hidden */
  void (*step)(OnnxNode *node, const Recurrent *r, Term *x, State *state);
} Cell;

/* One direction of one node. */
struct Recurrent {
  const Cell *cell;
  int directions;
  bool backward, batch_first, linear_before_reset;
  int64_t steps, batch, in, hidden;
  double clip; /* 0: none */
  const char *activations[6];
  Term *lengths;        /* of the sequences, i32: 1,batch,1; NULL: all have all steps */
  const char *const *f; /* activations of this direction */
  Term *r;              /* 1,hidden,gates*hidden */
  Term *r_bias;         /* 1,1,gates*hidden; NULL: there is none */
  Term *peephole;       /* 1,1,3*hidden; NULL: there is none */
};

/* ---- one step ---- */

static Term *activate(OnnxNode *node, const Recurrent *r, int i, Term *x) {
  if (r->clip > 0)
    x = o2t_clamp(node, x, -r->clip, r->clip);
  if (strcmp(r->f[i], "Relu") == 0)
    return o2t_clamp(node, x, 0, (double)FLT_MAX);
  return o2t_unary(node, strcmp(r->f[i], "Tanh") == 0 ? "tosa.tanh" : "tosa.sigmoid", x);
}

static Term *gate(OnnxNode *node, const Recurrent *r, Term *x, int i) {
  return o2t_slice_axis(node, x, 2, i * r->hidden, r->hidden);
}

static Term *add(OnnxNode *node, Term *a, Term *b) {
  return o2t_binary(node, "tosa.add", a, b);
}

static Term *mul(OnnxNode *node, Term *a, Term *b) {
  return o2t_binary(node, "tosa.mul", a, b);
}

/* h times r, with r's bias. */
static Term *times_r(OnnxNode *node, const Recurrent *r, Term *h) {
  Term *y = o2t_batched_matmul(node, h, r->r, NULL);
  return r->r_bias ? add(node, y, r->r_bias) : y;
}

static void step_rnn(OnnxNode *node, const Recurrent *r, Term *x, State *state) {
  state->h = activate(node, r, 0, add(node, x, times_r(node, r, state->h)));
}

/* Gate i of what comes from x and from h. */
static Term *gates(OnnxNode *node, const Recurrent *r, Term *x, Term *h, int i) {
  Term *part = gate(node, r, h, i);
  return add(node, gate(node, r, x, i), part);
}

/* Gates z, r, h. The reset applies to the last h, or to what r has made of it. */
static void step_gru(OnnxNode *node, const Recurrent *r, Term *x, State *state) {
  Term *last = state->h, *hr = times_r(node, r, last);
  Term *z = activate(node, r, 0, gates(node, r, x, hr, 0));
  Term *reset = activate(node, r, 0, gates(node, r, x, hr, 1));
  Term *part = r->linear_before_reset ? mul(node, reset, gate(node, r, hr, 2))
                                      : gate(node, r, times_r(node, r, mul(node, reset, last)), 2);
  Term *h = activate(node, r, 1, add(node, gate(node, r, x, 2), part));
  /* (1 - z) * h + z * last */
  state->h = add(node, h, mul(node, z, o2t_binary(node, "tosa.sub", last, h)));
}

/* x + what the cell's state adds to the gate by peephole i. */
static Term *peep(OnnxNode *node, const Recurrent *r, Term *x, Term *c, int i) {
  return r->peephole ? add(node, x, mul(node, gate(node, r, r->peephole, i), c)) : x;
}

/* Gates i, o, f, c; peepholes i, o, f. */
static void step_lstm(OnnxNode *node, const Recurrent *r, Term *x, State *state) {
  Term *sum = add(node, x, times_r(node, r, state->h)), *last = state->c;
  Term *i = activate(node, r, 0, peep(node, r, gate(node, r, sum, 0), last, 0));
  Term *forget = activate(node, r, 0, peep(node, r, gate(node, r, sum, 2), last, 2));
  Term *c = activate(node, r, 1, gate(node, r, sum, 3));
  c = mul(node, i, c);
  state->c = add(node, mul(node, forget, last), c);
  Term *o = activate(node, r, 0, peep(node, r, gate(node, r, sum, 1), state->c, 1));
  Recurrent unclipped = *r; /* the clip is for what enters gates */
  unclipped.clip = 0;
  state->h = mul(node, o, activate(node, &unclipped, 2, state->c));
}

/* ---- attributes ---- */

static bool read_activations(OnnxNode *node, Recurrent *r) {
  const Cell *cell = r->cell;
  int n = r->directions * cell->n_activations;
  for (int i = 0; i < n; i++)
    r->activations[i] = cell->activations[i % cell->n_activations];
  MlirAttribute attr = mlirOperationGetAttributeByName(node->op, fuse_str("activations"));
  if (mlirAttributeIsNull(attr))
    return true;
  if (!mlirAttributeIsAArray(attr) || mlirArrayAttrGetNumElements(attr) != n)
    return o2t_refuse(node, "activations; expected %d names", n);
  for (int i = 0; i < n; i++) {
    MlirAttribute name = mlirArrayAttrGetElement(attr, i);
    if (!mlirAttributeIsAString(name))
      return o2t_refuse(node, "activations; expected %d names", n);
    const char *text = fuse_str_dup(node->conversion->scratch, mlirStringAttrGetValue(name));
    if (strcmp(text, "Relu") != 0 && strcmp(text, "Tanh") != 0 && strcmp(text, "Sigmoid") != 0)
      return o2t_refuse(node, "not supported yet: activation %s; expected Relu, Tanh or Sigmoid",
                        text);
    r->activations[i] = text;
  }
  return true;
}

static bool read_attributes(OnnxNode *node, Recurrent *r) {
  const char *direction;
  int64_t layout, linear, input_forget, hidden;
  if (!o2t_attr_str(node, "direction", "forward", &direction) ||
      !o2t_attr_i64(node, "layout", 0, &layout) ||
      !o2t_attr_i64(node, "linear_before_reset", 0, &linear) ||
      !o2t_attr_i64(node, "input_forget", 0, &input_forget) ||
      !o2t_attr_i64(node, "hidden_size", r->hidden, &hidden) ||
      !o2t_attr_f32(node, "clip", 0, &r->clip))
    return false;
  r->backward = strcmp(direction, "reverse") == 0;
  r->directions = strcmp(direction, "bidirectional") == 0 ? 2 : 1;
  if (!r->backward && r->directions == 1 && strcmp(direction, "forward") != 0)
    return o2t_refuse(node, "direction \"%s\"; expected forward, reverse or bidirectional",
                      direction);
  if (input_forget)
    return o2t_refuse(node, "not supported yet: input_forget = 1");
  if (hidden != r->hidden)
    return o2t_refuse(node, "hidden_size = %lld; the weights have %lld", (long long)hidden,
                      (long long)r->hidden);
  r->batch_first = layout != 0, r->linear_before_reset = linear != 0;
  return read_activations(node, r);
}

/* Input i, if given, has the shape a,b,c; c = 0: a,b. */
static bool check_shape(OnnxNode *node, int i, int64_t a, int64_t b, int64_t c) {
  const FuseTensor *x = o2t_has(node, i) ? &node->in[i]->tensor : NULL;
  if (!x ||
      (x->rank == (c ? 3 : 2) && x->shape[0] == a && x->shape[1] == b && (!c || x->shape[2] == c)))
    return true;
  const char *more = c ? fuse_format(node->conversion->scratch, " x %lld", (long long)c) : "";
  return o2t_refuse(node, "input %d; expected a shape of %lld x %lld%s", i, (long long)a,
                    (long long)b, more);
}

/* lengths stays NULL where all sequences have all steps. */
static bool read_lengths(OnnxNode *node, Recurrent *r) {
  if (!o2t_has(node, 4))
    return true;
  const FuseTensor *lengths = &node->in[4]->tensor;
  if (lengths->dtype != FUSE_I32 || lengths->rank != 1 || lengths->shape[0] != r->batch)
    return o2t_refuse(node, "sequence_lens; expected %lld i32 values", (long long)r->batch);
  Term *x = o2t_get(node, node->in[4], LAYOUT_ONNX);
  bool shorter = !o2t_known(node->in[4]);
  for (int64_t i = 0; !shorter && i < r->batch; i++)
    shorter = o2t_at_i64(&x->tensor, i) < r->steps;
  if (shorter)
    r->lengths = o2t_reshape(node, x, 3, (int64_t[]){1, r->batch, 1});
  return true;
}

static bool check_types(OnnxNode *node) {
  for (int i = 0; i < node->n_in; i++)
    if (i != 4 && o2t_has(node, i) && node->in[i]->tensor.dtype != FUSE_F32)
      return o2t_refuse(node, "not supported yet: input %d has element type %s; expected f32", i,
                        fuse_dtype_name(node->in[i]->tensor.dtype));
  return true;
}

static bool read_node(OnnxNode *node, Recurrent *r) {
  const FuseTensor *x = &node->in[0]->tensor, *w = &node->in[1]->tensor, *h = &node->in[2]->tensor;
  if (x->rank != 3 || w->rank != 3 || h->rank != 3)
    return o2t_refuse(node, "inputs of rank %d, %d and %d; expected 3", x->rank, w->rank, h->rank);
  r->hidden = h->shape[2];
  if (!check_types(node) || !read_attributes(node, r))
    return false;
  int64_t gates, d = r->directions;
  r->steps = x->shape[r->batch_first ? 1 : 0], r->batch = x->shape[r->batch_first ? 0 : 1];
  r->in = x->shape[2];
  if (r->steps > MAX_STEPS)
    return o2t_refuse(node, "not supported yet: %lld steps; expected at most %d",
                      (long long)r->steps, MAX_STEPS);
  if (!fuse_mul_dims((int64_t[]){r->cell->gates, r->hidden, 2}, 3, &gates))
    return o2t_refuse(node, "the result is too large");
  bool ok = check_shape(node, 1, d, gates / 2, r->in) &&
            check_shape(node, 2, d, gates / 2, r->hidden) && check_shape(node, 3, d, gates, 0) &&
            check_shape(node, 7, d, 3 * r->hidden, 0) && read_lengths(node, r);
  for (int i = 5; ok && i <= 6; i++)
    ok = r->batch_first ? check_shape(node, i, r->batch, d, r->hidden)
                        : check_shape(node, i, d, r->batch, r->hidden);
  return ok;
}

/* ---- one direction ---- */

/* Part `direction` of input i as 1,rows,columns, turned round if asked; NULL if it isn't given. */
static Term *part(OnnxNode *node, int i, int direction, int64_t rows, int64_t columns, bool turn) {
  if (!o2t_has(node, i))
    return NULL;
  Term *x = o2t_slice_axis(node, o2t_get(node, node->in[i], LAYOUT_ONNX), 0, direction, 1);
  x = o2t_reshape(node, x, 3, (int64_t[]){1, rows, columns});
  return turn ? o2t_transpose(node, x, (int[]){0, 2, 1}) : x;
}

/* Input i (h or c) of one direction, or zeros: 1,batch,hidden. */
static Term *initial(OnnxNode *node, const Recurrent *r, int i, int direction) {
  if (!o2t_has(node, i))
    return o2t_tile(node, o2t_scalar(node, FUSE_F32, 3, 0), (int64_t[]){1, r->batch, r->hidden});
  Term *x = o2t_get(node, node->in[i], LAYOUT_ONNX);
  x = o2t_slice_axis(node, x, r->batch_first ? 1 : 0, direction, 1);
  return o2t_reshape(node, x, 3, (int64_t[]){1, r->batch, r->hidden});
}

/* x times w with its bias: steps,batch,gates*hidden */
static Term *times_w(OnnxNode *node, const Recurrent *r, int direction, Term *bias) {
  int64_t gates = r->cell->gates * r->hidden;
  Term *x = o2t_get(node, node->in[0], LAYOUT_ONNX);
  if (r->batch_first)
    x = o2t_transpose(node, x, (int[]){1, 0, 2});
  x = o2t_reshape(node, x, 3, (int64_t[]){1, r->steps * r->batch, r->in});
  Term *y = o2t_batched_matmul(node, x, part(node, 1, direction, gates, r->in, true), NULL);
  if (bias)
    y = add(node, y, bias);
  return y ? o2t_reshape(node, y, 3, (int64_t[]){r->steps, r->batch, gates}) : NULL;
}

/* Step t; beyond its end a sequence keeps its state and gives zeros. Returns its part of y. */
static Term *run_step(OnnxNode *node, const Recurrent *r, int64_t t, Term *x, State *state) {
  State last = *state;
  r->cell->step(node, r, x, state);
  if (!r->lengths)
    return state->h;
  Term *runs =
      o2t_binary(node, "tosa.greater", r->lengths, o2t_scalar(node, FUSE_I32, 3, (double)t));
  Term *y = o2t_select(node, runs, state->h, o2t_scalar(node, FUSE_F32, 3, 0));
  state->h = o2t_select(node, runs, state->h, last.h);
  if (last.c)
    state->c = o2t_select(node, runs, state->c, last.c);
  return y;
}

/* steps,1,batch,hidden; state: what the last step leaves. */
static Term *run_direction(OnnxNode *node, Recurrent *r, int direction, State *state) {
  int64_t gates = r->cell->gates * r->hidden;
  Term *bias = part(node, 3, direction, 1, 2 * gates, false);
  Term *x = times_w(node, r, direction, o2t_slice_axis(node, bias, 2, 0, gates));
  Term **y = fuse_alloc_array(node->conversion->scratch, (size_t)r->steps, sizeof(Term *));
  r->f = r->activations + direction * r->cell->n_activations;
  r->r = part(node, 2, direction, gates, r->hidden, true);
  r->r_bias = o2t_slice_axis(node, bias, 2, gates, gates);
  r->peephole = part(node, 7, direction, 1, 3 * r->hidden, false);
  *state = (State){initial(node, r, 5, direction),
                   r->cell->gates == 4 ? initial(node, r, 6, direction) : NULL};
  bool backward = r->backward || direction == 1;
  for (int64_t t = 0; t < r->steps && state->h; t++) {
    int64_t at = backward ? r->steps - 1 - t : t;
    y[at] = run_step(node, r, at, o2t_slice_axis(node, x, 0, at, 1), state);
  }
  if (!state->h)
    return NULL;
  Term *all = o2t_concat(node, (int)r->steps, y, 0); /* NULL if one is */
  return all ? o2t_reshape(node, all, 4, (int64_t[]){r->steps, 1, r->batch, r->hidden}) : NULL;
}

/* directions,batch,hidden */
static bool set_last(OnnxNode *node, const Recurrent *r, int i, Term *const *last) {
  if (i >= node->n_out)
    return true;
  Term *y = o2t_concat(node, r->directions, last, 0);
  return o2t_set(node, i, LAYOUT_ONNX,
                 r->batch_first ? o2t_transpose(node, y, (int[]){1, 0, 2}) : y);
}

static bool convert(OnnxNode *node, const Cell *cell) {
  Recurrent r = {.cell = cell};
  Term *y[2], *h[2], *c[2];
  if (!read_node(node, &r))
    return false;
  for (int d = 0; d < r.directions; d++) {
    State state;
    y[d] = run_direction(node, &r, d, &state);
    h[d] = state.h, c[d] = state.c;
  }
  Term *all = o2t_concat(node, r.directions, y, 1);
  if (r.batch_first)
    all = o2t_transpose(node, all, (int[]){2, 0, 1, 3});
  return o2t_set(node, 0, LAYOUT_ONNX, all) && set_last(node, &r, 1, h) && set_last(node, &r, 2, c);
}

bool o2t_rnn(OnnxNode *node) {
  static const Cell cell = {1, 1, {"Tanh"}, step_rnn};
  return convert(node, &cell);
}

bool o2t_gru(OnnxNode *node) {
  static const Cell cell = {3, 2, {"Sigmoid", "Tanh"}, step_gru};
  return convert(node, &cell);
}

bool o2t_lstm(OnnxNode *node) {
  static const Cell cell = {4, 3, {"Sigmoid", "Tanh", "Tanh"}, step_lstm};
  return convert(node, &cell);
}
