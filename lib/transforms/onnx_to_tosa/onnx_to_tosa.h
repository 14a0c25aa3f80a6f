// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/* onnx_to_tosa.h - what the operator functions of convert-onnx-to-tosa share.
 *
 * An operator is one row of the table in ops.def and one function
 *     bool o2t_conv(OnnxNode *node)
 * that reads its attributes and inputs and sets its outputs. See docs/adding-an-op.md.
 *
 * A Term is a tensor in some axis order: known at compile time, or an MLIR value. The builders
 * (o2t_add, o2t_slice, ...) evaluate when all their operands are known and emit TOSA otherwise, so
 * one function serves the data path and shape arithmetic alike.
 *
 * An OnnxValue is a value of the ONNX graph: its shape in ONNX's axis order, and the Terms that
 * hold it, one per layout that somebody asked for. Asking for a layout that isn't there transposes
 * once; the result is kept for the next one who asks.
 */
#ifndef FUSE_ONNX_TO_TOSA_H
#define FUSE_ONNX_TO_TOSA_H

#include "fuse/ir.h"
#include "fuse/kernels.h"
#include "fuse/passes.h"

typedef enum OnnxLayout {
  LAYOUT_ONNX, /* N C H W ...; everything of rank 0 to 2 */
  LAYOUT_LAST, /* N H W ... C; rank 3 and above */
  LAYOUT_FLAT, /* rank 2: N C H W flattened to N x K, K stored as H W C */
  N_LAYOUTS,
} OnnxLayout;

typedef struct Term {
  FuseTensor tensor; /* dtype and shape as stored; data: known at compile time */
  MlirValue value;   /* null: not built yet (only when data is there) */
  const char *key;   /* name of the constant in the IR */
} Term;

typedef struct OnnxNode OnnxNode;
typedef struct Quant Quant;

typedef struct OnnxValue {
  FuseTensor tensor; /* dtype and shape in ONNX's axis order; no data */
  MlirValue onnx;    /* the value in the input IR */
  OnnxNode *node;    /* who makes it; NULL: a graph input */
  bool ready;        /* tensor and a form are there, or absent is set */
  bool absent;       /* an optional input that isn't given */
  bool refused;      /* made by a node that was refused */
  FuseDtype half;    /* f16 or bf16: what ONNX has where the forms are f32 (half.c) */
  bool wants_last;   /* leads to a convolution through ops that keep any layout */
  Term *form[N_LAYOUTS];
  FuseTensor flattened; /* LAYOUT_FLAT: the ONNX shape that was flattened */
  /* While there is no form, what it is made from when somebody asks (quant.c): */
  const Quant *quant;        /* the integers behind a dequantised value */
  struct OnnxValue *shifted; /* of 8-bit integers: the same ones with the other signedness */
} OnnxValue;

enum {
  SPATIAL = 1,
  ANY_LAYOUT = 2,
  ANY_TYPE = 4,
  FULL = 8,
  POINTWISE = 16,
  INTEGERS = 32,
  FLOATS = 64,
  NUMBERS = 128,
  OWN_TYPE = 256,
  MIXED = 512,
}; /* ops.def */

/* One operator. */
typedef struct OnnxOp {
  const char *name;                /* "conv" for onnx.conv */
  bool (*convert)(OnnxNode *node); /* false: refused, and said so */
  int min_inputs, max_inputs;      /* max -1: no limit */
  int flags;
  const char *attributes; /* allowed, separated by one space */
} OnnxOp;

typedef struct Conversion Conversion;

struct OnnxNode {
  Conversion *conversion;
  MlirOperation op;
  MlirLocation loc;
  const OnnxOp *row; /* NULL: an operator that isn't in the table */
  bool lazy;         /* only a branch reads it (choice.c) */
  bool done;
  bool refused;
  int n_in, n_out;
  OnnxValue **in, **out;
  OnnxNode *end; /* of a chain of nodes that was converted with this one; NULL: this one */
};

/* What folding may make: so much, and so many times the constants of the model. */
enum { FOLD_MIB = 256, FOLD_TIMES_MODEL = 8 };
/* Products of constant tensors that a model may have computed; the network computes the others. */
enum { FOLD_MACS = 1 << 28 };

/* One function being converted. */
struct Conversion {
  FuseIr *ir;
  MlirContext context;
  FuseArena *scratch;
  MlirRewriterBase rw;
  int64_t opset;
  const char *keep;   /* the pass's option */
  MlirValue zero_f32; /* the zero points that tosa.conv2d and others ask for; null: not built */
  MlirValue zero_i8;  /* the shift of tosa.mul */
  OnnxNode *nodes;
  size_t n_nodes;
  OnnxValue **slots; /* hash of OnnxValue.onnx */
  size_t n_slots;
  /* A few bytes of a model (ConstantOfShape, Tile, a weight that many nodes transpose) must not eat
   * the machine: what folding may make altogether, and what is left of that. */
  size_t fold_limit_bytes, fold_left_bytes;
  int64_t fold_left_macs;
  MlirLocation undecided; /* of the If that was refused last; null: none */
};

/* ---- the operators ---- */

#define OP(name, function, ...) bool function(OnnxNode *node);
#include "ops.def"
#undef OP

/* ---- graph.c: values, layouts, refusals ---- */

/* Report that the node can't be taken. Always false. */
bool o2t_refuse(OnnxNode *node, const char *format, ...) FUSE_PRINTF(2, 3);
OnnxValue *o2t_value(Conversion *conversion, MlirValue onnx);
/* Is optional input i given? */
bool o2t_has(const OnnxNode *node, int i);
/* Is the value known at compile time? */
bool o2t_known(const OnnxValue *value);
int64_t o2t_opset(const OnnxNode *node);
/* What the model says of output i; false: not all of it. For what the numbers of an input would
 * decide that isn't known. */
bool o2t_declared(const OnnxNode *node, int i, FuseTensor *tensor);

/* order[p] = the ONNX axis that position p of the stored form holds. */
void o2t_order(OnnxLayout layout, int rank, int *order);
/* Position of an ONNX axis in the stored form. */
int o2t_position(OnnxLayout layout, int rank, int axis);
/* LAYOUT_LAST, but LAYOUT_ONNX below rank 3. */
OnnxLayout o2t_last(int rank);
/* The layout in which an op that takes any costs the fewest transposes; rank: of its result. */
OnnxLayout o2t_choose(const OnnxNode *node, int rank);
/* The same for an op of several operands or with an axis: never the flattened one. */
OnnxLayout o2t_choose_axes(const OnnxNode *node, int rank);
Term *o2t_get(OnnxNode *node, OnnxValue *value, OnnxLayout layout);
/* The node that alone uses value, if it is still to be converted; else NULL. */
OnnxNode *o2t_sole_user(const OnnxNode *node, const OnnxValue *value);
/* Give value a form if it has none yet (quant.h). */
void o2t_store(OnnxNode *node, OnnxValue *value);
/* The same with 1s put around the ONNX shape so that it has `rank` axes, its own from `first` on.
 */
Term *o2t_get_placed(OnnxNode *node, OnnxValue *value, int rank, int first, OnnxLayout layout);
/* All 1s in front (numpy broadcasting). */
Term *o2t_get_ranked(OnnxNode *node, OnnxValue *value, int rank, OnnxLayout layout);
/* Output i is term, stored in layout. */
bool o2t_set(OnnxNode *node, int i, OnnxLayout layout, Term *term);
/* Output i is input `from` under another name. */
bool o2t_alias(OnnxNode *node, int i, OnnxValue *from);
/* Output 0 has ONNX shape `shape`; its axis j is axis source[j] of input 0, or a new 1 where that
 * is -1; the axes of input 0 that aren't named are 1. Costs nothing where some layout allows. */
bool o2t_set_permuted(OnnxNode *node, int rank, const int64_t *shape, const int *source);

/* ---- half.c: f16 and bf16 are held in f32 ---- */

/* The element type that ONNX has. */
FuseDtype o2t_onnx_dtype(const OnnxValue *value);
/* What the value's forms hold of term: f32 for f16 and bf16, which the value then remembers. */
Term *o2t_hold(OnnxNode *node, OnnxValue *value, Term *term);
/* A form of value in the type that ONNX has. */
Term *o2t_release(OnnxNode *node, const OnnxValue *value, Term *term);
/* The node computes value of its inputs: of their type. */
void o2t_inherit_half(const OnnxNode *node, OnnxValue *value);
/* Are the inputs that are held in f32 of one type? A refusal if not. */
bool o2t_one_float_type(OnnxNode *node);

/* ---- attrs.c: attributes and constant inputs; false and a refusal when they are of another kind
 */

bool o2t_attr_i64(OnnxNode *node, const char *name, int64_t fallback, int64_t *value);
bool o2t_attr_f32(OnnxNode *node, const char *name, double fallback, double *value);
bool o2t_attr_str(OnnxNode *node, const char *name, const char *fallback, const char **value);
/* *n = -1 when absent. */
bool o2t_attr_i64s(OnnxNode *node, const char *name, int max, int64_t *values, int *n);
bool o2t_has_attr(const OnnxNode *node, const char *name);
/* Integers of input i, which must be known; a scalar counts as one. *n = -1 when not given. */
bool o2t_input_i64s(OnnxNode *node, int i, int max, int64_t *values, int *n);
/* Refuse the node because input i isn't known: "not supported yet: WHAT" (NULL: that it decides the
 * result's size), and which input of the graph is to blame. Always false. */
bool o2t_refuse_unknown(OnnxNode *node, int i, const char *what);
/* One known number of input i. */
bool o2t_input_f64(OnnxNode *node, int i, double fallback, double *value);
/* 0 <= *axis < rank, counted from the end where negative. */
bool o2t_axis(OnnxNode *node, int rank, int64_t *axis);

/* ---- build.c, build_*.c: TOSA, or evaluated ---- */

/* Neither known nor built yet. */
Term *o2t_new_term(Conversion *conversion, FuseDtype dtype, int rank, const int64_t *shape);
Term *o2t_term(Conversion *conversion, MlirValue value);
Term *o2t_constant(Conversion *conversion, const FuseTensor *tensor, const char *key);
/* One number as a tensor of rank 1s. */
Term *o2t_scalar(OnnxNode *node, FuseDtype dtype, int rank, double value);
/* The same number everywhere. */
Term *o2t_fill(OnnxNode *node, FuseDtype dtype, int rank, const int64_t *shape, double value);
/* Of a float type, each value rounded once. */
Term *o2t_vector(OnnxNode *node, FuseDtype dtype, int64_t n, const double *values);
MlirValue o2t_emit(OnnxNode *node, Term *term);
Term *o2t_reshape(OnnxNode *node, Term *x, int rank, const int64_t *shape);
/* Result axis i is axis perm[i] of x. A reshape where only 1s move. */
Term *o2t_transpose(OnnxNode *node, Term *x, const int *perm);
Term *o2t_slice(OnnxNode *node, Term *x, const int64_t *start, const int64_t *size);
/* Along one axis. */
Term *o2t_slice_axis(OnnxNode *node, Term *x, int axis, int64_t start, int64_t size);
Term *o2t_reverse(OnnxNode *node, Term *x, int axis);
Term *o2t_tile(OnnxNode *node, Term *x, const int64_t *multiples);
Term *o2t_concat(OnnxNode *node, int n, Term *const *terms, int axis);
/* pads: before, after of each axis in turn; not negative. */
Term *o2t_pad(OnnxNode *node, Term *x, const int64_t *pads, Term *value);
/* Shapes of equal rank that broadcast; NULL and a refusal otherwise. name: "tosa.add", ..., or the
 * family of an elementwise kernel that TOSA has no op for: "fmod", ... */
Term *o2t_binary(OnnxNode *node, const char *name, Term *a, Term *b);
/* x and one number, in x's type. */
Term *o2t_with(OnnxNode *node, const char *name, Term *x, double number);
Term *o2t_unary(OnnxNode *node, const char *name, Term *x);
/* The same where the result is of another type. */
Term *o2t_unary_to(OnnxNode *node, const char *name, Term *x, FuseDtype dtype);
Term *o2t_clamp(OnnxNode *node, Term *x, double low, double high);
Term *o2t_select(OnnxNode *node, Term *condition, Term *yes, Term *no);
/* "tosa.reduce_sum" and so on along one axis, which becomes 1. */
Term *o2t_reduce(OnnxNode *node, const char *name, Term *x, int axis);
/* As TOSA has it: floats are rounded to the nearest integer. */
Term *o2t_cast(OnnxNode *node, Term *x, FuseDtype dtype);
/* As ONNX has it: towards zero. */
Term *o2t_convert(OnnxNode *node, Term *x, FuseDtype dtype);
/* Operands that are tensors through a kernel that TOSA has no op for, with its parameters:
 * integers. */
Term *o2t_kernel(OnnxNode *node, const char *family, const FuseKernelParams *params, int n,
                 Term *const *x, FuseDtype dtype, int rank, const int64_t *shape);
/* The same with several results, which o2t_new_term has made. */
bool o2t_kernels(OnnxNode *node, const char *family, const FuseKernelParams *params, int n,
                 Term *const *x, int n_results, Term **y);
/* Any op on emitted operands, for what has no builder of its own. */
Term *o2t_op(OnnxNode *node, const char *name, FuseDtype dtype, int rank, const int64_t *shape,
             int n_operands, const MlirValue *operands, int n_attrs,
             const MlirNamedAttribute *attrs);
/* tosa.conv2d: x N H W Cin, w Cout KH KW Cin, b Cout; `name` may be tosa.depthwise_conv2d with w KH
 * KW C M. pads: top bottom left right. zeros: of x and w, NULL for f32. */
typedef struct OnnxWindow {
  int64_t kernel[2], stride[2], dilation[2], pads[4];
  int64_t out[2];
} OnnxWindow;
Term *o2t_conv2d(OnnxNode *node, const char *name, Term *x, Term *w, Term *b,
                 const OnnxWindow *window, const int64_t *zeros);
MlirValue o2t_shape_value(OnnxNode *node, int n, const int64_t *values);
/* A zero point operand: of i8, or NULL: 0 of dtype. */
MlirValue o2t_zero(OnnxNode *node, FuseDtype dtype, const int64_t *zero);
/* The element type of sums of products of x: i32 where there are zero points. */
FuseDtype o2t_sum_type(const Term *x, const int64_t *zeros);
/* The attribute acc_type of such a sum. TOSA has no name for a sum in f64. */
MlirNamedAttribute o2t_acc_type(OnnxNode *node, const int64_t *zeros);
/* Are both of one element type? A refusal if not. */
bool o2t_same_types(OnnxNode *node, const Term *a, const Term *b);

/* ---- fold.c: numbers at compile time; results live as long as the IR ---- */

/* A tensor to be filled: *data is writable. False and a refusal when it is too large. */
bool o2t_new_tensor(OnnxNode *node, FuseDtype dtype, int rank, const int64_t *shape,
                    FuseTensor *tensor, void **data);
/* Element i; integers and booleans exactly. */
double o2t_at_f64(const FuseTensor *tensor, int64_t i);
int64_t o2t_at_i64(const FuseTensor *tensor, int64_t i);
/* Element i of the result is element offset + sum(index[d] * stride[d]) of x, index within shape.
 */
bool o2t_fold_strided(OnnxNode *node, const FuseTensor *x, int rank, const int64_t *shape,
                      int64_t offset, const int64_t *stride, FuseTensor *result);
void o2t_strides(int rank, const int64_t *shape, int64_t *stride);
bool o2t_fold_concat(OnnxNode *node, int n, Term *const *terms, int axis, FuseTensor *result);
bool o2t_fold_pad(OnnxNode *node, const FuseTensor *x, const int64_t *pads, const FuseTensor *value,
                  FuseTensor *result);

/* ---- compute.c: the same by the kernels ---- */

/* The kernel of this family for these tensors, results first; NULL if there is none. */
const FuseKernelInfo *o2t_find_kernel(const char *family, int n, const FuseTensor *const *tensors);
/* Compute the results, whose types and shapes are set; false and a refusal when no kernel does. */
bool o2t_compute(OnnxNode *node, const char *family, int n_results, FuseTensor *const *results,
                 int n_operands, const FuseTensor *const *operands, const FuseKernelParams *params);
/* By an elementwise kernel; operands have the result's rank, and 1 where they are repeated. */
bool o2t_compute_pointwise(OnnxNode *node, const char *family, int n, const FuseTensor *const *x,
                           FuseTensor *result);
/* Are the n factors known, and is the sum of their products, n_sizes sizes' product of them, to be
 * computed now? If so, it counts. */
bool o2t_folds_products(OnnxNode *node, int n, Term *const *factors, int n_sizes,
                        const int64_t *sizes);
/* Of the kernels along one axis of x. */
void o2t_reduce_params(const FuseTensor *x, int axis, FuseKernelParams *params);
/* Of f32 kernels: a times b, B M K times B K N; a convolution of x (N H W C). */
void o2t_matmul_params(const FuseTensor *a, const FuseTensor *b, FuseKernelParams *params);
void o2t_conv2d_params(const FuseTensor *x, const OnnxWindow *window, const int64_t *result,
                       FuseKernelParams *params);

/* ---- shared between operator families ---- */

/* elementwise.c: the node as one op of its operands, from left to right; of its operand */
bool o2t_fold_left(OnnxNode *node, const char *name);
bool o2t_map(OnnxNode *node, const char *name);
Term *o2t_sqrt_of(OnnxNode *node, Term *x);

/* window.c: the window of a node along one axis. */
typedef struct OnnxAxis {
  int64_t kernel, stride, dilation, out;
  int64_t before, given_after; /* pads as auto_pad or the model gives them */
  int64_t after; /* what makes the stride divide exactly, as TOSA wants; negative: the input's end
                    is never read */
} OnnxAxis;
/* Of each of n axes: strides, dilations and pads; *auto_pad: the mode, whose pads the caller finds.
 */
bool o2t_strides_and_pads(OnnxNode *node, int n, const int64_t *kernel, const int64_t *sizes,
                          OnnxAxis *axes, const char **auto_pad);
/* The same with auto_pad and ceil_mode worked out. */
bool o2t_window_axes(OnnxNode *node, int n, const int64_t *kernel, const int64_t *sizes,
                     OnnxAxis *axes);
/* One axis or two as a window of H and W; a 1-D window has H = 1. */
void o2t_window_2d(int n, const OnnxAxis *axes, OnnxWindow *window);
bool o2t_window(OnnxNode *node, int spatial, const int64_t *kernel, const int64_t *sizes,
                OnnxWindow *window);
/* Cut off what negative end pads say of x (N H W C) and make them 0. */
Term *o2t_window_trim(OnnxNode *node, Term *x, OnnxWindow *window);
/* x (layout LAST, rank 3 or 4) as N H W C, and back. */
Term *o2t_to_nhwc(OnnxNode *node, Term *x);
Term *o2t_from_nhwc(OnnxNode *node, Term *x, int rank);

/* One axis cut and padded so that it has `size` elements, `before` of them (or minus that many cut)
 * in front of x's first. */
Term *o2t_fit_axis(OnnxNode *node, Term *x, int axis, int64_t before, int64_t size, Term *fill);
/* Elements start, start + step, ... of an axis that has at least start + count * step. */
Term *o2t_every(OnnxNode *node, Term *x, int axis, int64_t start, int64_t step, int64_t count);
/* step - 1 zeros between neighbours. */
Term *o2t_spread(OnnxNode *node, Term *x, int axis, int64_t step);
/* The axis padded for o2t_tap: what element k of every window reads. */
Term *o2t_for_taps(OnnxNode *node, Term *x, int axis, const OnnxAxis *window, Term *fill);
Term *o2t_tap(OnnxNode *node, Term *x, int axis, const OnnxAxis *window, int64_t k);
/* What element k of every window adds to an axis of window->out elements, zeros elsewhere;
 * window->before: minus the pads. */
Term *o2t_untap(OnnxNode *node, Term *x, int axis, const OnnxAxis *window, int64_t k);

/* matmul.c: tosa.matmul. a: B,M,K   b: B,K,N   ->   B,M,N; zeros: as o2t_conv2d */
Term *o2t_batched_matmul(OnnxNode *node, Term *a, Term *b, const int64_t *zeros);
/* Along one axis of x (f32), y[o] = sum of matrix[o][i] * x[i]; the axis gets n elements.
 */
Term *o2t_times_matrix(OnnxNode *node, Term *x, int axis, int64_t n, const double *matrix);
/* window.c: elements from[0], ..., from[n - 1] of an axis, each within it. */
Term *o2t_pick(OnnxNode *node, Term *x, int axis, int64_t n, const int64_t *from);

/* conv_phases.c: a transposed convolution over two axes as an ordinary one; b: Cout, x: N H W Cin,
 * w: Cin Cout/group KH KW with zeros where dilated. Of the axes stride, before and out count.
 * False: it can't be, and *y isn't set. */
bool o2t_conv_phases(OnnxNode *node, Term *x, Term *w, Term *b, int64_t group, const OnnxAxis *axes,
                     Term **y);

/* norm.c: BatchNormalization by the moments of its input, which it gives as well. */
bool o2t_batch_moments(OnnxNode *node, double epsilon, double momentum);

/* batch_norm.c: the per-channel scale and shift that the nodes after `node` apply when its result
 * goes nowhere else: BatchNormalization; Add, Sub, Mul, Div with a constant. They are marked as
 * done; returned is the value that the last of them makes. */
OnnxValue *o2t_absorb(OnnxNode *node, int rank, int channel_axis, int64_t channels, double *scale,
                      double *shift);
/* Is node the Add of x (of this rank) and a constant that has one value per channel, or one? Then
 * it is added to shift. */
bool o2t_fold_add(OnnxNode *node, const OnnxValue *x, int rank, int axis, int64_t channels,
                  double *shift);
/* As o2t_set for the value that o2t_absorb returned. */
bool o2t_set_value(OnnxNode *node, OnnxValue *value, OnnxLayout layout, Term *term);

/* choice.c: which nodes are lazy */
void o2t_find_lazy(Conversion *conversion);
/* The maker of a next input of node that has to be converted before it; NULL: there is none, or
 * node is refused. *next begins as 0. An onnx.if chooses one of its values on the way. */
OnnxNode *o2t_next_needed(OnnxNode *node, int *next);
/* Is op a node of a branch that the importer couldn't take? Why. */
bool o2t_refused_later(MlirOperation op, MlirStringRef *why);

/* keep.c: the values that conversion->keep names as further operands of the func.return `last`, its
 * names in the function's attributes. False after an error: a name that the graph doesn't have. */
bool o2t_keep(Conversion *conversion, MlirOperation func, MlirOperation last);

/* pool.c: "tosa.avg_pool2d" or "tosa.max_pool2d" over all of x (layout LAST, rank 3 or 4). */
Term *o2t_global_pool(OnnxNode *node, const char *name, Term *x);

/* mask.c: 0, 1, ... n - 1 along one of `rank` axes */
Term *o2t_iota(OnnxNode *node, FuseDtype dtype, int rank, int axis, int64_t n);

/* index.c: along an axis of x the elements at these places (i32) */
Term *o2t_gather_along(OnnxNode *node, Term *x, int axis, Term *index);
/* the same for integers of a value, below 0 counted from the end */
Term *o2t_gather_wrapped(OnnxNode *node, Term *x, int axis, OnnxValue *index);
/* the elements of x, seen as a row, at these places (i32): a tensor of their shape */
Term *o2t_elements_at(OnnxNode *node, Term *x, Term *places);
/* x: N,K,C   places: N,P (i32, 0..K-1)   ->   N,P,C */
Term *o2t_pixels_at(OnnxNode *node, Term *x, Term *places);

/* reduce.c */
Term *o2t_softmax_of(OnnxNode *node, Term *x, int axis);
Term *o2t_log_softmax_of(OnnxNode *node, Term *x, int axis);

/* constant.c: an attribute that holds one of ONNX's codes of element types */
bool o2t_attr_dtype(OnnxNode *node, const char *name, FuseDtype *dtype);

#endif
