// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/* index.c - elements that an index names: Gather, GatherElements, GatherND, Scatter,
 * ScatterElements, ScatterND, Compress, ReverseSequence.
 *
 * gives: slices and tosa.concat where the index of Gather is known; else tosa.gather and
 * tosa.scatter on rows: data N,K,C and an index N,W into K, counted in i32; the kernels scatter_add
 * and so on where an update adds to what is there
 */
#include <string.h>

#include "onnx_to_tosa.h"

/* ---- what an index means ---- */

static bool is_index(OnnxNode *node, int i) {
  FuseDtype dtype = node->in[i]->tensor.dtype;
  return dtype == FUSE_I64 || dtype == FUSE_I32 ||
         o2t_refuse(node, "indices of type %s; expected i32 or i64", fuse_dtype_name(dtype));
}

/* Every place in data can be told in 31 bits. */
static bool is_countable(OnnxNode *node, const FuseTensor *data) {
  return fuse_tensor_elems(data) <= INT32_MAX ||
         o2t_refuse(node, "not supported yet: indices into more than %d elements", INT32_MAX);
}

/* n integers along the last of `rank` axes. */
static Term *row(OnnxNode *node, int rank, int64_t n, const int64_t *values) {
  int64_t shape[FUSE_MAX_RANK];
  for (int d = 0; d < rank; d++)
    shape[d] = d == rank - 1 ? n : 1;
  FuseTensor tensor;
  void *data;
  if (!o2t_new_tensor(node, FUSE_I32, rank, shape, &tensor, &data))
    return NULL;
  for (int64_t i = 0; i < n; i++)
    ((int32_t *)data)[i] = (int32_t)values[i];
  return o2t_constant(node->conversion, &tensor, "index");
}

/* index in i32; what is below 0 counts from the end of `size` elements (one size, or one for each
 * along the last axis). */
static Term *wrapped(OnnxNode *node, Term *index, Term *size) {
  Term *i = o2t_cast(node, index, FUSE_I32);
  if (!i || !size)
    return NULL;
  Term *zero = o2t_scalar(node, FUSE_I32, i->tensor.rank, 0);
  Term *from_end = o2t_binary(node, "tosa.add", i, size);
  return o2t_select(node, o2t_binary(node, "tosa.greater", zero, i), from_end, i);
}

static Term *wrapped_axis(OnnxNode *node, Term *index, int64_t size) {
  return index ? wrapped(node, index, o2t_scalar(node, FUSE_I32, index->tensor.rank, (double)size))
               : NULL;
}

/* Places in `data` as a row of elements: `index` along the axis, its own place along the others. */
static Term *element_places(OnnxNode *node, const FuseTensor *data, Term *index, int axis) {
  const FuseTensor *at = &index->tensor;
  int64_t stride[FUSE_MAX_RANK], shape[FUSE_MAX_RANK], place[FUSE_MAX_RANK] = {0};
  FuseTensor rest;
  void *values;
  memcpy(shape, at->shape, sizeof shape);
  shape[axis] = 1;
  if (!o2t_new_tensor(node, FUSE_I32, at->rank, shape, &rest, &values))
    return NULL;
  o2t_strides(data->rank, data->shape, stride);
  for (int64_t i = 0, n = fuse_tensor_elems(&rest); i < n; i++) {
    int64_t offset = 0;
    for (int d = 0; d < at->rank; d++)
      offset += place[d] * stride[d];
    ((int32_t *)values)[i] = (int32_t)offset;
    for (int d = at->rank - 1; d >= 0 && ++place[d] == shape[d]; d--)
      place[d] = 0;
  }
  Term *along = o2t_binary(node, "tosa.mul", wrapped_axis(node, index, data->shape[axis]),
                           o2t_scalar(node, FUSE_I32, at->rank, (double)stride[axis]));
  return o2t_binary(node, "tosa.add", along, o2t_constant(node->conversion, &rest, "places"));
}

/* Rows of GatherND and ScatterND: n sizes of data from axis `first` on are addressed by the n
 * numbers along the last axis of index; batch x rows of them. */
static Term *row_places(OnnxNode *node, const FuseTensor *data, int first, Term *index, int n,
                        int64_t batch, int64_t rows) {
  int64_t stride[FUSE_MAX_RANK];
  o2t_strides(n, data->shape + first, stride);
  Term *i = o2t_reshape(node, index, 3, (int64_t[]){batch, rows, n});
  i = wrapped(node, i, row(node, 3, n, data->shape + first));
  i = o2t_reduce(node, "tosa.reduce_sum", o2t_binary(node, "tosa.mul", i, row(node, 3, n, stride)),
                 2);
  return o2t_reshape(node, i, 2, (int64_t[]){batch, rows});
}

/* ---- rows ---- */

/* y[n][w][:] = x[n][index[n][w]][:] */
Term *o2t_pixels_at(OnnxNode *node, Term *x, Term *index) {
  if (!x || !index)
    return NULL;
  const int64_t *s = x->tensor.shape;
  int64_t shape[] = {s[0], index->tensor.shape[1], s[2]};
  const FuseDtype dtype = x->tensor.dtype;
  FuseKernelParams p = {.gather = {(int32_t)s[0], (int32_t)s[1], (int32_t)shape[1], (int32_t)s[2]}};
  if (x->tensor.data && index->tensor.data)
    return o2t_kernel(node, "gather", &p, 2, (Term *const[]){x, index}, dtype, 3, shape);
  MlirValue operands[] = {o2t_emit(node, x), o2t_emit(node, index)};
  return o2t_op(node, "tosa.gather", dtype, 3, shape, 2, operands, 0, NULL);
}

static Term *fold_scatter(OnnxNode *node, const FuseTensor *x, const FuseTensor *index,
                          const FuseTensor *updates) {
  FuseTensor y;
  void *data;
  if (!o2t_new_tensor(node, x->dtype, 3, x->shape, &y, &data))
    return NULL;
  memcpy(data, x->data, x->size_bytes);
  const int64_t rows = index->shape[1], bytes = x->shape[2] * (int64_t)fuse_dtype_bytes(x->dtype);
  for (int64_t i = 0, n = index->shape[0] * rows; i < n; i++) {
    const int64_t k = o2t_at_i64(index, i);
    if (k >= 0 && k < x->shape[1])
      memcpy((char *)data + (i / rows * x->shape[1] + k) * bytes,
             (const char *)updates->data + i * bytes, (size_t)bytes);
  }
  return o2t_constant(node->conversion, &y, "folded");
}

/* x, in which row index[n][w] becomes updates[n][w][:], or with a kernel that plus what it was, ...
 */
static Term *scatter_rows(OnnxNode *node, const char *kernel, Term *x, Term *index, Term *updates) {
  if (!x || !index || !updates)
    return NULL;
  const int64_t *s = x->tensor.shape;
  const FuseDtype dtype = x->tensor.dtype;
  if (fuse_tensor_elems(&index->tensor) == 0)
    return x;
  if (kernel) {
    FuseKernelParams p = {
        .update = {(int32_t)s[0], (int32_t)s[1], (int32_t)index->tensor.shape[1], (int32_t)s[2]}};
    return o2t_kernel(node, kernel, &p, 3, (Term *const[]){x, index, updates}, dtype, 3, s);
  }
  if (x->tensor.data && index->tensor.data && updates->tensor.data)
    return fold_scatter(node, &x->tensor, &index->tensor, &updates->tensor);
  MlirValue operands[] = {o2t_emit(node, x), o2t_emit(node, index), o2t_emit(node, updates)};
  return o2t_op(node, "tosa.scatter", dtype, 3, s, 3, operands, 0, NULL);
}

/* x as one batch of `rows` rows. */
static Term *as_rows(OnnxNode *node, Term *x, int64_t rows) {
  int64_t elems = x ? fuse_tensor_elems(&x->tensor) : 0;
  return o2t_reshape(node, x, 3, (int64_t[]){1, rows, rows ? elems / rows : 0});
}

Term *o2t_elements_at(OnnxNode *node, Term *x, Term *places) {
  if (!x || !places)
    return NULL;
  const FuseTensor *at = &places->tensor;
  const int64_t n = fuse_tensor_elems(at), elems = fuse_tensor_elems(&x->tensor);
  if (elems == 0 && n > 0) {
    o2t_refuse(node, "%lld indices into no elements", (long long)n);
    return NULL;
  }
  Term *index = o2t_reshape(node, places, 2, (int64_t[]){1, n});
  Term *y = o2t_pixels_at(node, as_rows(node, x, elems), index);
  return o2t_reshape(node, y, at->rank, at->shape);
}

/* ---- Gather ---- */

/* The indices' elements of the axis, one slice per run of consecutive indices. */
static Term *gather_axis(OnnxNode *node, Term *x, int axis, const FuseTensor *indices) {
  int64_t n = fuse_tensor_elems(indices), size = x->tensor.shape[axis];
  Term **runs = fuse_alloc_array(node->conversion->scratch, (size_t)n + 1, sizeof(Term *));
  int n_runs = 0;
  for (int64_t i = 0, length; i < n; i += length) {
    int64_t first = o2t_at_i64(indices, i);
    first += first < 0 ? size : 0;
    bool inside = first >= 0 && first < size;
    for (length = 1; inside && i + length < n; length++) {
      int64_t next = o2t_at_i64(indices, i + length);
      if (next + (next < 0 ? size : 0) != first + length)
        break;
    }
    if (!inside || length > size - first) {
      o2t_refuse(node, "index %lld; expected -%lld to %lld",
                 (long long)o2t_at_i64(indices, i + length - 1), (long long)size,
                 (long long)size - 1);
      return NULL;
    }
    runs[n_runs++] = o2t_slice_axis(node, x, axis, first, length);
  }
  return n_runs == 0 ? o2t_slice_axis(node, x, axis, 0, 0) : o2t_concat(node, n_runs, runs, axis);
}

/* The same for each of the blocks before the axis. */
Term *o2t_gather_along(OnnxNode *node, Term *x, int axis, Term *index) {
  if (!x || !index || !is_countable(node, &x->tensor))
    return NULL;
  int64_t outer = 1, inner = 1, n = fuse_tensor_elems(&index->tensor), shape[FUSE_MAX_RANK];
  for (int d = 0; d < x->tensor.rank; d++)
    *(d < axis ? &outer : &inner) *= d == axis ? 1 : x->tensor.shape[d];
  memcpy(shape, x->tensor.shape, sizeof shape);
  shape[axis] = n;
  Term *rows = o2t_reshape(node, x, 3, (int64_t[]){outer, x->tensor.shape[axis], inner});
  index = o2t_tile(node, o2t_reshape(node, index, 2, (int64_t[]){1, n}), (int64_t[]){outer, 1});
  return o2t_reshape(node, o2t_pixels_at(node, rows, index), x->tensor.rank, shape);
}

Term *o2t_gather_wrapped(OnnxNode *node, Term *x, int axis, OnnxValue *index) {
  int64_t row[] = {1, fuse_tensor_elems(&index->tensor)};
  Term *at = o2t_reshape(node, o2t_get(node, index, LAYOUT_ONNX), 2, row);
  at = x ? wrapped_axis(node, at, x->tensor.shape[axis]) : NULL;
  return o2t_gather_along(node, x, axis, at);
}

bool o2t_gather(OnnxNode *node) {
  OnnxValue *data = node->in[0], *where = node->in[1];
  int64_t axis, shape[FUSE_MAX_RANK];
  int rank = data->tensor.rank, n = 0, where_rank = where->tensor.rank;
  if (!is_index(node, 1) || !o2t_attr_i64(node, "axis", 0, &axis) || !o2t_axis(node, rank, &axis))
    return false;
  if (rank - 1 + where_rank > FUSE_MAX_RANK)
    return o2t_refuse(node, "a result of rank %d; expected at most %d", rank - 1 + where_rank,
                      FUSE_MAX_RANK);
  for (int d = 0; d < rank; d++) {
    if (d != axis)
      shape[n++] = data->tensor.shape[d];
    for (int k = 0; d == axis && k < where_rank; k++)
      shape[n++] = where->tensor.shape[k];
  }
  if (!o2t_known(where)) {
    Term *x = o2t_get(node, data, LAYOUT_ONNX);
    return o2t_set(node, 0, LAYOUT_ONNX,
                   o2t_reshape(node, o2t_gather_wrapped(node, x, (int)axis, where), n, shape));
  }
  OnnxLayout layout = where_rank == 1 ? o2t_choose_axes(node, rank) : LAYOUT_ONNX;
  Term *y = gather_axis(node, o2t_get(node, data, layout), o2t_position(layout, rank, (int)axis),
                        &where->form[LAYOUT_ONNX]->tensor);
  return o2t_set(node, 0, layout, where_rank == 1 ? y : o2t_reshape(node, y, n, shape));
}

/* Without an axis, of the elements in a row. */
bool o2t_compress(OnnxNode *node) {
  OnnxValue *x = node->in[0], *condition = node->in[1];
  int64_t axis = 0, n = 0;
  bool flat = !o2t_has_attr(node, "axis");
  if (!o2t_attr_i64(node, "axis", 0, &axis) || (!flat && !o2t_axis(node, x->tensor.rank, &axis)))
    return false;
  if (!o2t_known(condition))
    return o2t_refuse_unknown(node, 1, NULL);
  int64_t elems = fuse_tensor_elems(&x->tensor);
  int64_t size = flat ? elems : x->tensor.shape[axis], given;
  const FuseTensor *c = &condition->form[LAYOUT_ONNX]->tensor;
  given = fuse_tensor_elems(c);
  if (c->dtype != FUSE_BOOL || given > size)
    return o2t_refuse(node, "a condition of %lld %s; expected at most %lld i1", (long long)given,
                      fuse_dtype_name(c->dtype), (long long)size);
  FuseTensor index;
  void *data;
  if (!o2t_new_tensor(node, FUSE_I64, 1, &given, &index, &data))
    return false;
  for (int64_t i = 0; i < given; i++)
    if (o2t_at_i64(c, i))
      ((int64_t *)data)[n++] = i;
  index.shape[0] = n;
  OnnxLayout layout = flat ? LAYOUT_ONNX : o2t_choose_axes(node, x->tensor.rank);
  Term *all = o2t_get(node, x, layout);
  if (flat)
    all = o2t_reshape(node, all, 1, &elems);
  int position = flat ? 0 : o2t_position(layout, x->tensor.rank, (int)axis);
  return all && o2t_set(node, 0, layout, gather_axis(node, all, position, &index));
}

/* ---- by element ---- */

/* Axis of GatherElements and ScatterElements, whose index must fit data beside it. */
static bool element_axis(OnnxNode *node, int64_t *axis) {
  const FuseTensor *x = &node->in[0]->tensor, *at = &node->in[1]->tensor;
  if (!is_index(node, 1) || !is_countable(node, x) || !o2t_attr_i64(node, "axis", 0, axis) ||
      !o2t_axis(node, x->rank, axis))
    return false;
  if (at->rank != x->rank)
    return o2t_refuse(node, "indices of rank %d; expected %d", at->rank, x->rank);
  for (int d = 0; d < x->rank; d++)
    if (d != *axis && at->shape[d] > x->shape[d])
      return o2t_refuse(node, "%lld indices along axis %d of %lld", (long long)at->shape[d], d,
                        (long long)x->shape[d]);
  return true;
}

bool o2t_gather_elements(OnnxNode *node) {
  int64_t axis;
  if (!element_axis(node, &axis))
    return false;
  Term *x = o2t_get(node, node->in[0], LAYOUT_ONNX), *at = o2t_get(node, node->in[1], LAYOUT_ONNX);
  Term *y = o2t_elements_at(node, x, element_places(node, &x->tensor, at, (int)axis));
  return o2t_set(node, 0, LAYOUT_ONNX, y);
}

/* *kernel: what an update does to an element; NULL: replaces it. */
static bool read_reduction(OnnxNode *node, const char **kernel) {
  static const char *const kernels[][2] = {{"none", NULL},
                                           {"add", "scatter_add"},
                                           {"mul", "scatter_mul"},
                                           {"max", "scatter_max"},
                                           {"min", "scatter_min"}};
  const char *name;
  if (!o2t_attr_str(node, "reduction", "none", &name))
    return false;
  for (size_t i = 0; i < FUSE_COUNTOF(kernels); i++)
    if (strcmp(name, kernels[i][0]) == 0)
      return *kernel = kernels[i][1], true;
  return o2t_refuse(node, "reduction \"%s\"; expected none, add, mul, max or min", name);
}

static bool same_type(OnnxNode *node) {
  FuseDtype x = node->in[0]->tensor.dtype, updates = node->in[2]->tensor.dtype;
  return x == updates || o2t_refuse(node, "updates of type %s; expected %s",
                                    fuse_dtype_name(updates), fuse_dtype_name(x));
}

bool o2t_scatter_elements(OnnxNode *node) {
  const FuseTensor *x = &node->in[0]->tensor, *at = &node->in[1]->tensor;
  const char *kernel;
  int64_t axis, n = fuse_tensor_elems(at);
  if (!element_axis(node, &axis) || !read_reduction(node, &kernel) || !same_type(node))
    return false;
  if (fuse_tensor_elems(&node->in[2]->tensor) != n)
    return o2t_refuse(node, "%lld updates for %lld indices",
                      (long long)fuse_tensor_elems(&node->in[2]->tensor), (long long)n);
  Term *places = element_places(node, x, o2t_get(node, node->in[1], LAYOUT_ONNX), (int)axis);
  Term *index = o2t_reshape(node, places, 2, (int64_t[]){1, n});
  Term *data = as_rows(node, o2t_get(node, node->in[0], LAYOUT_ONNX), fuse_tensor_elems(x));
  Term *updates = as_rows(node, o2t_get(node, node->in[2], LAYOUT_ONNX), n);
  Term *y = scatter_rows(node, kernel, data, index, updates);
  return o2t_set(node, 0, LAYOUT_ONNX, o2t_reshape(node, y, x->rank, x->shape));
}

/* ---- by rows ---- */

bool o2t_gather_nd(OnnxNode *node) {
  const FuseTensor *x = &node->in[0]->tensor, *at = &node->in[1]->tensor;
  int64_t batch_dims, batch = 1, rows = 1, shape[2 * FUSE_MAX_RANK];
  if (!is_index(node, 1) || !is_countable(node, x) ||
      !o2t_attr_i64(node, "batch_dims", 0, &batch_dims))
    return false;
  int64_t n = at->rank > 0 ? at->shape[at->rank - 1] : 0;
  if (batch_dims < 0 || batch_dims >= at->rank || n < 1 || n > x->rank - batch_dims)
    return o2t_refuse(node, "batch_dims = %lld and %lld numbers to an index; expected at most %d",
                      (long long)batch_dims, (long long)n, x->rank);
  int first = (int)batch_dims, rank = 0;
  for (int d = 0; d < at->rank - 1; d++) {
    if (d < first && at->shape[d] != x->shape[d])
      return o2t_refuse(node, "axis %d has %lld and %lld elements; expected equal numbers", d,
                        (long long)x->shape[d], (long long)at->shape[d]);
    *(d < first ? &batch : &rows) *= at->shape[d];
    shape[rank++] = at->shape[d];
  }
  for (int d = first + (int)n; d < x->rank; d++)
    shape[rank++] = x->shape[d];
  if (rank > FUSE_MAX_RANK)
    return o2t_refuse(node, "a result of rank %d; expected at most %d", rank, FUSE_MAX_RANK);
  int64_t places = 1, inner = 1;
  for (int d = first; d < x->rank; d++)
    *(d < first + n ? &places : &inner) *= x->shape[d];
  Term *index =
      row_places(node, x, first, o2t_get(node, node->in[1], LAYOUT_ONNX), (int)n, batch, rows);
  Term *data = o2t_reshape(node, o2t_get(node, node->in[0], LAYOUT_ONNX), 3,
                           (int64_t[]){batch, places, inner});
  return o2t_set(node, 0, LAYOUT_ONNX,
                 o2t_reshape(node, o2t_pixels_at(node, data, index), rank, shape));
}

bool o2t_scatter_nd(OnnxNode *node) {
  const FuseTensor *x = &node->in[0]->tensor, *at = &node->in[1]->tensor;
  const char *kernel;
  int64_t n = at->rank > 0 ? at->shape[at->rank - 1] : 0, places = 1, inner = 1;
  if (!is_index(node, 1) || !is_countable(node, x) || !read_reduction(node, &kernel) ||
      !same_type(node))
    return false;
  if (n < 1 || n > x->rank)
    return o2t_refuse(node, "%lld numbers to an index; expected 1 to %d", (long long)n, x->rank);
  for (int d = 0; d < x->rank; d++)
    *(d < n ? &places : &inner) *= x->shape[d];
  int64_t rows = fuse_tensor_elems(at) / n, given = fuse_tensor_elems(&node->in[2]->tensor);
  if (given != rows * inner)
    return o2t_refuse(node, "%lld updates; expected %lld rows of %lld", (long long)given,
                      (long long)rows, (long long)inner);
  Term *index = row_places(node, x, 0, o2t_get(node, node->in[1], LAYOUT_ONNX), (int)n, 1, rows);
  Term *updates = as_rows(node, o2t_get(node, node->in[2], LAYOUT_ONNX), rows);
  Term *data = as_rows(node, o2t_get(node, node->in[0], LAYOUT_ONNX), places);
  Term *y = scatter_rows(node, kernel, data, index, updates);
  return o2t_set(node, 0, LAYOUT_ONNX, o2t_reshape(node, y, x->rank, x->shape));
}

/* ---- MaxUnpool ---- */

/* The least shape that a MaxPool with these attributes makes x of. */
static bool unpooled_shape(OnnxNode *node, int64_t *shape) {
  const FuseTensor *x = &node->in[0]->tensor;
  int64_t kernel[FUSE_MAX_RANK], strides[FUSE_MAX_RANK], pads[2 * FUSE_MAX_RANK] = {0};
  int n = x->rank - 2, n_kernel, n_strides, n_pads;
  if (!o2t_attr_i64s(node, "kernel_shape", FUSE_MAX_RANK, kernel, &n_kernel) ||
      !o2t_attr_i64s(node, "strides", FUSE_MAX_RANK, strides, &n_strides) ||
      !o2t_attr_i64s(node, "pads", 2 * FUSE_MAX_RANK, pads, &n_pads))
    return false;
  if (n < 1 || n_kernel != n || (n_strides >= 0 && n_strides != n) ||
      (n_pads >= 0 && n_pads != 2 * n))
    return o2t_refuse(node,
                      "%d values in kernel_shape, %d in strides and %d in pads for an image "
                      "of %d axes",
                      n_kernel, n_strides, n_pads, n);
  memcpy(shape, x->shape, 2 * sizeof *shape);
  for (int i = 0; i < n; i++) {
    int64_t *size = &shape[2 + i];
    if (__builtin_mul_overflow(x->shape[2 + i] - 1, n_strides < 0 ? 1 : strides[i], size) ||
        __builtin_add_overflow(*size, kernel[i], size) ||
        __builtin_sub_overflow(*size, pads[i], size) ||
        __builtin_sub_overflow(*size, pads[n + i], size) || *size < 1 || *size > INT32_MAX)
      return o2t_refuse(node, "axis %d of the result; expected 1 to %d elements", 2 + i, INT32_MAX);
  }
  return true;
}

/* What output_shape has more than shape, as padding behind each axis. */
static bool more_than(OnnxNode *node, int rank, const int64_t *shape, int64_t *pads) {
  int64_t sizes[FUSE_MAX_RANK];
  int n;
  if (!o2t_input_i64s(node, 2, FUSE_MAX_RANK, sizes, &n))
    return false;
  if (n >= 0 && n != rank)
    return o2t_refuse(node, "output_shape of %d values; expected %d", n, rank);
  for (int d = 0; n >= 0 && d < rank; d++) {
    pads[2 * d + 1] = sizes[d] - shape[d];
    if (sizes[d] < shape[d] || sizes[d] > INT32_MAX)
      return o2t_refuse(node, "output_shape has %lld on axis %d; expected at least %lld",
                        (long long)sizes[d], d, (long long)shape[d]);
  }
  return true;
}

/* Zeros, and each element of x at its index in the least result, seen as a row. */
bool o2t_max_unpool(OnnxNode *node) {
  const FuseTensor *x = &node->in[0]->tensor;
  FuseTensor y = {.dtype = x->dtype, .rank = x->rank};
  int64_t n = fuse_tensor_elems(x), total, pads[2 * FUSE_MAX_RANK] = {0};
  if (!is_index(node, 1) || !unpooled_shape(node, y.shape) ||
      !more_than(node, y.rank, y.shape, pads))
    return false;
  if (fuse_tensor_elems(&node->in[1]->tensor) != n)
    return o2t_refuse(node, "%lld indices for %lld elements; expected as many",
                      (long long)fuse_tensor_elems(&node->in[1]->tensor), (long long)n);
  if (!fuse_mul_dims(y.shape, y.rank, &total) || total > INT32_MAX)
    return o2t_refuse(node, "the result is too large");
  Term *index = o2t_reshape(node, o2t_get(node, node->in[1], LAYOUT_ONNX), 2, (int64_t[]){1, n});
  index = o2t_cast(node, index, FUSE_I32);
  Term *zeros = o2t_fill(node, x->dtype, 3, (int64_t[]){1, total, 1}, 0);
  Term *updates = as_rows(node, o2t_get(node, node->in[0], LAYOUT_ONNX), n);
  Term *filled = scatter_rows(node, NULL, zeros, index, updates);
  filled = o2t_reshape(node, filled, y.rank, y.shape);
  return o2t_set(node, 0, LAYOUT_ONNX,
                 o2t_pad(node, filled, pads, o2t_scalar(node, x->dtype, 1, 0)));
}

/* ---- ReverseSequence ---- */

/* Of each batch the first lens[batch] elements in reverse order, then the rest. */
bool o2t_reverse_sequence(OnnxNode *node) {
  static const int swap[FUSE_MAX_RANK] = {1, 0, 2, 3, 4, 5, 6, 7};
  const FuseTensor *x = &node->in[0]->tensor;
  int64_t batch_axis, time_axis;
  if (!o2t_attr_i64(node, "batch_axis", 1, &batch_axis) ||
      !o2t_attr_i64(node, "time_axis", 0, &time_axis) || !is_index(node, 1) ||
      !is_countable(node, x))
    return false;
  if (x->rank < 2 || time_axis != !batch_axis || batch_axis != !time_axis)
    return o2t_refuse(node, "batch_axis = %lld and time_axis = %lld; expected 0 and 1",
                      (long long)batch_axis, (long long)time_axis);
  const int64_t batch = x->shape[batch_axis], times = x->shape[time_axis];
  if (fuse_tensor_elems(&node->in[1]->tensor) != batch)
    return o2t_refuse(node, "%lld lengths; expected %lld",
                      (long long)fuse_tensor_elems(&node->in[1]->tensor), (long long)batch);
  Term *lens = o2t_reshape(node, o2t_get(node, node->in[1], LAYOUT_ONNX), 2, (int64_t[]){batch, 1});
  Term *time = o2t_iota(node, FUSE_I32, 2, 1, times);
  lens = o2t_cast(node, lens, FUSE_I32);
  Term *last = o2t_binary(node, "tosa.sub", lens, o2t_scalar(node, FUSE_I32, 2, 1));
  Term *mirrored = o2t_binary(node, "tosa.sub", last, time);
  Term *index = o2t_select(node, o2t_binary(node, "tosa.greater", lens, time), mirrored, time);
  Term *data = o2t_get(node, node->in[0], LAYOUT_ONNX);
  if (batch_axis == 1)
    data = o2t_transpose(node, data, swap);
  if (!data)
    return false;
  const FuseTensor moved = data->tensor;
  int64_t inner = 1;
  for (int d = 2; d < x->rank; d++)
    inner *= x->shape[d];
  data = o2t_reshape(node, data, 3, (int64_t[]){batch, times, inner});
  Term *y = o2t_reshape(node, o2t_pixels_at(node, data, index), x->rank, moved.shape);
  return o2t_set(node, 0, LAYOUT_ONNX, batch_axis == 1 ? o2t_transpose(node, y, swap) : y);
}
