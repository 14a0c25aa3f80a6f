// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/* parts.c - Concat, Split, Slice, Pad: along axes, in the layout they find. */
#include <string.h>

#include "onnx_to_tosa.h"

bool o2t_concat_op(OnnxNode *node) {
  const FuseTensor *first = &node->in[0]->tensor;
  int64_t axis;
  if (!o2t_attr_i64(node, "axis", 1, &axis) || !o2t_axis(node, first->rank, &axis))
    return false;
  for (int i = 1; i < node->n_in; i++) {
    const FuseTensor *x = &node->in[i]->tensor;
    if (x->dtype != first->dtype || x->rank != first->rank)
      return o2t_refuse(node, "inputs 0 and %d differ in element type or rank", i);
    for (int d = 0; d < x->rank; d++)
      if (d != axis && x->shape[d] != first->shape[d])
        return o2t_refuse(node, "inputs 0 and %d differ on axis %d: %lld and %lld", i, d,
                          (long long)first->shape[d], (long long)x->shape[d]);
  }
  OnnxLayout layout = o2t_choose_axes(node, first->rank);
  Term **terms = fuse_alloc_array(node->conversion->scratch, (size_t)node->n_in, sizeof(Term *));
  for (int i = 0; i < node->n_in; i++)
    terms[i] = o2t_get(node, node->in[i], layout);
  return o2t_set(node, 0, layout,
                 o2t_concat(node, node->n_in, terms, o2t_position(layout, first->rank, (int)axis)));
}

/* Sizes of the parts that the model says; false: not of all. */
static bool declared_sizes(const OnnxNode *node, int axis, int64_t *sizes) {
  for (int i = 0; i < node->n_out; i++) {
    FuseTensor part;
    if (!o2t_declared(node, i, &part) || part.rank != node->in[0]->tensor.rank)
      return false;
    sizes[i] = part.shape[axis];
  }
  return true;
}

/* The sizes in input 1, or what the model says where they aren't known. */
static bool input_sizes(OnnxNode *node, int axis, int64_t *sizes, int *n) {
  if (o2t_known(node->in[1]) || !declared_sizes(node, axis, sizes))
    return o2t_input_i64s(node, 1, node->n_out, sizes, n);
  *n = node->n_out;
  return true;
}

/* Sizes: attribute `split` before opset 13, input 1 since; else equal parts, the last one smaller
 * (which opset 18 allows with num_outputs). */
static bool split_sizes(OnnxNode *node, int axis, int64_t *sizes) {
  int64_t num_outputs, total = 0, size = node->in[0]->tensor.shape[axis];
  int n;
  if (!o2t_attr_i64(node, "num_outputs", node->n_out, &num_outputs) ||
      !o2t_attr_i64s(node, "split", node->n_out, sizes, &n) ||
      (o2t_has(node, 1) && !input_sizes(node, axis, sizes, &n)))
    return false;
  if (num_outputs != node->n_out || (n >= 0 && n != node->n_out))
    return o2t_refuse(node, "%lld sizes for %d outputs", (long long)(n >= 0 ? n : num_outputs),
                      node->n_out);
  int64_t each = fuse_ceil_div(size, node->n_out);
  if (n < 0 && size % node->n_out && !o2t_has_attr(node, "num_outputs"))
    return o2t_refuse(node, "%lld elements don't divide by %d outputs", (long long)size,
                      node->n_out);
  for (int i = 0; i < node->n_out; i++) {
    if (n < 0)
      sizes[i] = fuse_min(each, size - total);
    if (sizes[i] < 0 || sizes[i] > size - total)
      return o2t_refuse(node, "a part of %lld of %lld elements", (long long)sizes[i],
                        (long long)(size - total));
    total += sizes[i];
  }
  if (total != size)
    return o2t_refuse(node, "sizes sum to %lld; expected %lld", (long long)total, (long long)size);
  return true;
}

bool o2t_split(OnnxNode *node) {
  const FuseTensor *x = &node->in[0]->tensor;
  int64_t axis, start = 0;
  int64_t *sizes = fuse_alloc_array(node->conversion->scratch, (size_t)node->n_out, sizeof *sizes);
  if (!o2t_attr_i64(node, "axis", 0, &axis) || !o2t_axis(node, x->rank, &axis) ||
      !split_sizes(node, (int)axis, sizes))
    return false;
  OnnxLayout layout = o2t_choose_axes(node, x->rank);
  Term *term = o2t_get(node, node->in[0], layout);
  int position = o2t_position(layout, x->rank, (int)axis);
  for (int i = 0; i < node->n_out; i++) {
    if (!o2t_set(node, i, layout, o2t_slice_axis(node, term, position, start, sizes[i])))
      return false;
    start += sizes[i];
  }
  return true;
}

/* ---- Slice ---- */

/* Every step-th element from the first on; the axis has count * step elements, or up to step - 1
 * fewer. */
static Term *every(OnnxNode *node, Term *x, int axis, int64_t step, int64_t count) {
  if (!x || step == 1)
    return x;
  Term *zero = o2t_scalar(node, x->tensor.dtype, 1, 0);
  return o2t_every(node, o2t_fit_axis(node, x, axis, 0, count * step, zero), axis, 0, step, count);
}

/* x[start:end:step] along one axis, numpy's rules. */
static Term *slice_steps(OnnxNode *node, Term *x, int axis, int64_t start, int64_t end,
                         int64_t step) {
  if (!x)
    return NULL;
  int64_t size = x->tensor.shape[axis];
  if (step == 0 || step == INT64_MIN) {
    o2t_refuse(node, "a step of %lld", (long long)step);
    return NULL;
  }
  start += start < 0 ? size : 0;
  end += end < 0 ? size : 0;
  if (step < 0) { /* the same on the reversed axis */
    start = size - 1 - fuse_max(fuse_min(start, size - 1), -1);
    end = size - 1 - fuse_max(fuse_min(end, size - 1), -1);
    step = -step;
    x = o2t_reverse(node, x, axis);
  }
  start = fuse_max(fuse_min(start, size), 0);
  end = fuse_max(fuse_min(end, size), start);
  int64_t count = fuse_ceil_div(end - start, step);
  step = fuse_min(step, fuse_max(size, 1)); /* one element at most: any larger step is the same */
  int64_t extent = fuse_min(count * step, size - start);
  return every(node, o2t_slice_axis(node, x, axis, start, extent), axis, step, count);
}

/* n axes, those given or the first ones, each once. */
static bool slice_axes(OnnxNode *node, int n, int n_given, int64_t *axes) {
  int rank = node->in[0]->tensor.rank;
  bool seen[FUSE_MAX_RANK] = {0};
  for (int i = 0; i < n; i++) {
    if (n_given < 0)
      axes[i] = i;
    if (!o2t_axis(node, rank, &axes[i]))
      return false;
    if (seen[axes[i]])
      return o2t_refuse(node, "axis %lld is given twice", (long long)axes[i]);
    seen[axes[i]] = true;
  }
  return true;
}

/* Places start, start + step, ... along an axis of `size`: start is one number, from the end where
 * it is below 0, and at most the ends. */
static Term *run_time_places(OnnxNode *node, Term *start, int64_t size, int64_t step,
                             int64_t count) {
  if (!start)
    return NULL;
  FuseDtype dtype = start->tensor.dtype;
  Term *zero = o2t_scalar(node, dtype, 1, 0);
  Term *last = o2t_scalar(node, dtype, 1, (double)(step < 0 ? size - 1 : size));
  Term *from_end = o2t_binary(node, "tosa.add", start, o2t_scalar(node, dtype, 1, (double)size));
  start = o2t_select(node, o2t_binary(node, "tosa.greater", zero, start), from_end, start);
  start = o2t_binary(node, "tosa.minimum", o2t_binary(node, "tosa.maximum", start, zero), last);
  Term *steps = o2t_binary(node, "tosa.mul", o2t_iota(node, FUSE_I32, 1, 0, count),
                           o2t_scalar(node, FUSE_I32, 1, (double)step));
  return o2t_binary(node, "tosa.add", o2t_cast(node, start, FUSE_I32), steps);
}

/* Starts or ends that aren't known: the size of the result is what the model says. */
static bool slice_at_run_time(OnnxNode *node, int unknown) {
  const FuseTensor *x = &node->in[0]->tensor, *starts = &node->in[1]->tensor;
  int64_t axes[FUSE_MAX_RANK], steps[FUSE_MAX_RANK];
  int n_axes, n_steps, n = starts->rank == 1 ? (int)fuse_min(starts->shape[0], INT32_MAX) : -1;
  FuseTensor y;
  if (!o2t_input_i64s(node, 3, FUSE_MAX_RANK, axes, &n_axes) ||
      !o2t_input_i64s(node, 4, FUSE_MAX_RANK, steps, &n_steps))
    return false;
  if (!o2t_declared(node, 0, &y) || y.rank != x->rank)
    return o2t_refuse_unknown(node, unknown, NULL);
  if ((starts->dtype != FUSE_I64 && starts->dtype != FUSE_I32) || n < 0 || n > x->rank ||
      !o2t_has(node, 2) || fuse_tensor_elems(&node->in[2]->tensor) != n ||
      (n_axes >= 0 && n_axes != n) || (n_steps >= 0 && n_steps != n))
    return o2t_refuse(node, "starts, ends, axes and steps; expected equally many, at most %d",
                      x->rank);
  if (!slice_axes(node, n, n_axes, axes))
    return false;
  Term *data = o2t_get(node, node->in[0], LAYOUT_ONNX);
  Term *start = o2t_get(node, node->in[1], LAYOUT_ONNX);
  for (int i = 0; i < n; i++) {
    const int64_t step = n_steps < 0 ? 1 : steps[i], size = x->shape[axes[i]],
                  count = y.shape[axes[i]];
    if (step == 0 || step > INT32_MAX || step < -INT32_MAX || size > INT32_MAX ||
        count > fuse_ceil_div(size, step < 0 ? -step : step))
      return o2t_refuse(node, "%lld of %lld elements with a step of %lld", (long long)count,
                        (long long)size, (long long)step);
    Term *places = run_time_places(node, o2t_slice_axis(node, start, 0, i, 1), size, step, count);
    data = o2t_gather_along(node, data, (int)axes[i], places);
  }
  return o2t_set(node, 0, LAYOUT_ONNX, data);
}

/* starts, ends, axes and steps: attributes before opset 10, inputs since. */
bool o2t_slice_op(OnnxNode *node) {
  const FuseTensor *x = &node->in[0]->tensor;
  int64_t starts[FUSE_MAX_RANK], ends[FUSE_MAX_RANK], axes[FUSE_MAX_RANK], steps[FUSE_MAX_RANK];
  int n, n_ends, n_axes, n_steps = -1, max = FUSE_MAX_RANK;
  for (int i = 1; i <= 2; i++)
    if (o2t_has(node, 1) && o2t_has(node, i) && !o2t_known(node->in[i]))
      return slice_at_run_time(node, i);
  bool ok = node->n_in > 1 ? o2t_input_i64s(node, 1, max, starts, &n) &&
                                 o2t_input_i64s(node, 2, max, ends, &n_ends) &&
                                 o2t_input_i64s(node, 3, max, axes, &n_axes) &&
                                 o2t_input_i64s(node, 4, max, steps, &n_steps)
                           : o2t_attr_i64s(node, "starts", max, starts, &n) &&
                                 o2t_attr_i64s(node, "ends", max, ends, &n_ends) &&
                                 o2t_attr_i64s(node, "axes", max, axes, &n_axes);
  if (!ok)
    return false;
  if (n < 0 || n_ends != n || (n_axes >= 0 && n_axes != n) || (n_steps >= 0 && n_steps != n) ||
      n > x->rank)
    return o2t_refuse(node, "starts, ends, axes and steps; expected equally many, at most %d",
                      x->rank);
  if (!slice_axes(node, n, n_axes, axes))
    return false;
  OnnxLayout layout = o2t_choose_axes(node, x->rank);
  Term *y = o2t_get(node, node->in[0], layout);
  for (int i = 0; i < n; i++)
    y = slice_steps(node, y, o2t_position(layout, x->rank, (int)axes[i]), starts[i], ends[i],
                    n_steps < 0 ? 1 : steps[i]);
  return o2t_set(node, 0, layout, y);
}

/* ---- Pad ---- */

typedef enum Border { EDGE, REFLECT, WRAP, CONSTANT, N_BORDERS } Border;
static const char *const border_names[N_BORDERS] = {"edge", "reflect", "wrap", "constant"};

/* Elements beyond one end of the axis: the end repeated, mirrored at it, or the other end. */
static Term *border(OnnxNode *node, Term *x, int axis, bool at_end, Border mode, int64_t width) {
  int64_t size = x->tensor.shape[axis], multiples[FUSE_MAX_RANK];
  if (size == 0) {
    o2t_refuse(node, "%lld elements to be made of an empty axis", (long long)width);
    return NULL;
  }
  if (mode != EDGE && width > size - (mode == REFLECT)) {
    o2t_refuse(node, "not supported yet: mode %s with %lld elements of %lld", border_names[mode],
               (long long)width, (long long)size);
    return NULL;
  }
  if (mode == WRAP)
    return o2t_slice_axis(node, x, axis, at_end ? 0 : size - width, width);
  if (mode == REFLECT) {
    Term *part = o2t_slice_axis(node, x, axis, at_end ? size - 1 - width : 1, width);
    return o2t_reverse(node, part, axis);
  }
  for (int d = 0; d < FUSE_MAX_RANK; d++)
    multiples[d] = d == axis ? width : 1;
  return o2t_tile(node, o2t_slice_axis(node, x, axis, at_end ? size - 1 : 0, 1), multiples);
}

static Term *pad_borders(OnnxNode *node, Term *x, const int64_t *pads, Border mode) {
  for (int d = 0; x && d < x->tensor.rank; d++) {
    Term *parts[3];
    int n = 0;
    if (pads[2 * d] > 0)
      parts[n++] = border(node, x, d, false, mode, pads[2 * d]);
    parts[n++] = x;
    if (pads[2 * d + 1] > 0)
      parts[n++] = border(node, x, d, true, mode, pads[2 * d + 1]);
    x = o2t_concat(node, n, parts, d);
  }
  return x;
}

/* Pads in stored order: before, after of each position. Attribute before opset 11, input 1 since;
 * for some axes only since 18. */
static bool read_pads(OnnxNode *node, OnnxLayout layout, int64_t *pads) {
  int rank = node->in[0]->tensor.rank, n, n_axes;
  int64_t given[2 * FUSE_MAX_RANK], axes[FUSE_MAX_RANK];
  if (!o2t_attr_i64s(node, "pads", 2 * FUSE_MAX_RANK, given, &n) ||
      (o2t_has(node, 1) && !o2t_input_i64s(node, 1, 2 * FUSE_MAX_RANK, given, &n)) ||
      !o2t_input_i64s(node, 3, FUSE_MAX_RANK, axes, &n_axes))
    return false;
  if (n_axes < 0)
    for (n_axes = 0; n_axes < rank; n_axes++)
      axes[n_axes] = n_axes;
  if (n != 2 * n_axes)
    return o2t_refuse(node, "%d pads; expected %d", n, 2 * n_axes);
  memset(pads, 0, 2 * FUSE_MAX_RANK * sizeof *pads);
  for (int i = 0; i < n_axes; i++) {
    if (!o2t_axis(node, rank, &axes[i]))
      return false;
    int p = o2t_position(layout, rank, (int)axes[i]);
    pads[2 * p] = given[i];
    pads[2 * p + 1] = given[n_axes + i];
    if (given[i] > INT32_MAX || given[n_axes + i] > INT32_MAX || given[i] < -INT32_MAX ||
        given[n_axes + i] < -INT32_MAX)
      return o2t_refuse(node, "pads larger than %d", INT32_MAX);
  }
  return true;
}

/* Negative pads cut; afterwards they are 0. */
static Term *cut(OnnxNode *node, Term *x, int64_t *pads) {
  int64_t start[FUSE_MAX_RANK], size[FUSE_MAX_RANK];
  for (int d = 0; x && d < x->tensor.rank; d++) {
    int64_t after = fuse_max(-pads[2 * d + 1], 0);
    start[d] = fuse_max(-pads[2 * d], 0);
    size[d] = x->tensor.shape[d] - start[d] - after;
    if (size[d] < 0) {
      o2t_refuse(node, "pads cut more than all of axis %d", d);
      return NULL;
    }
    pads[2 * d] = fuse_max(pads[2 * d], 0);
    pads[2 * d + 1] = fuse_max(pads[2 * d + 1], 0);
  }
  return o2t_slice(node, x, start, size);
}

bool o2t_pad_op(OnnxNode *node) {
  const char *mode;
  double value;
  int64_t pads[2 * FUSE_MAX_RANK];
  Border kind = EDGE;
  OnnxLayout layout = o2t_choose_axes(node, node->in[0]->tensor.rank);
  if (!o2t_attr_str(node, "mode", "constant", &mode) || !o2t_attr_f32(node, "value", 0, &value) ||
      !read_pads(node, layout, pads))
    return false;
  while (kind < N_BORDERS && strcmp(mode, border_names[kind]) != 0)
    kind++;
  if (kind == N_BORDERS)
    return o2t_refuse(node, "mode \"%s\"; expected constant, reflect, edge or wrap", mode);
  Term *x = cut(node, o2t_get(node, node->in[0], layout), pads);
  if (!x)
    return false;
  if (kind != CONSTANT)
    return o2t_set(node, 0, layout, pad_borders(node, x, pads, kind));
  Term *fill = o2t_has(node, 2) ? o2t_get(node, node->in[2], LAYOUT_ONNX)
                                : o2t_scalar(node, x->tensor.dtype, 1, value);
  if (fill && (fuse_tensor_elems(&fill->tensor) != 1 || fill->tensor.dtype != x->tensor.dtype))
    return o2t_refuse(node, "constant_value; expected one %s", fuse_dtype_name(x->tensor.dtype));
  return o2t_set(node, 0, layout, o2t_pad(node, x, pads, fill));
}

/* ---- CenterCropPad ---- */

/* Each axis cut or padded with zeros on both sides alike, the odd element at the end. */
bool o2t_center_crop_pad(OnnxNode *node) {
  const FuseTensor *x = &node->in[0]->tensor;
  int64_t sizes[FUSE_MAX_RANK], axes[FUSE_MAX_RANK];
  int n, n_axes;
  if (!o2t_input_i64s(node, 1, FUSE_MAX_RANK, sizes, &n) ||
      !o2t_attr_i64s(node, "axes", FUSE_MAX_RANK, axes, &n_axes))
    return false;
  if (n_axes < 0)
    for (n_axes = 0; n_axes < x->rank; n_axes++)
      axes[n_axes] = n_axes;
  if (n != n_axes)
    return o2t_refuse(node, "%d sizes; expected %d", n, n_axes);
  OnnxLayout layout = o2t_choose_axes(node, x->rank);
  Term *y = o2t_get(node, node->in[0], layout);
  for (int i = 0; i < n; i++) {
    if (!o2t_axis(node, x->rank, &axes[i]))
      return false;
    if (sizes[i] < 1 || sizes[i] > INT32_MAX)
      return o2t_refuse(node, "size %lld; expected at least 1", (long long)sizes[i]);
    int64_t more = sizes[i] - x->shape[axes[i]], before = more < 0 ? -(-more / 2) : more / 2;
    y = o2t_fit_axis(node, y, o2t_position(layout, x->rank, (int)axes[i]), before, sizes[i],
                     o2t_scalar(node, x->dtype, 1, 0));
  }
  return o2t_set(node, 0, layout, y);
}
