// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/* quant.h - quantised values, and the operators on them.
 *
 * DequantizeLinear computes nothing: its result remembers the integers (Quant). An operator that
 * has a row in quant_ops.def works on them, when a QuantizeLinear takes its result (QuantOut); any
 * other asks for a form, and gets one in f32 (o2t_materialize). Moves pass the Quant on.
 * Inside, integers are i8: a u8 value x is the i8 value x - 128, and so is its zero point.
 */
#ifndef FUSE_ONNX_TO_TOSA_QUANT_H
#define FUSE_ONNX_TO_TOSA_QUANT_H

#include "onnx_to_tosa.h"

/* real = scale * (q - zero), per tensor or along one axis. */
struct Quant {
  OnnxValue *q;        /* i8 or i32 */
  int axis;            /* ONNX's; -1: per tensor */
  int64_t n;           /* 1, or the size of that axis */
  const double *scale; /* n of each */
  const int64_t *zero;
};

/* Where the result of an operation on integers goes. */
typedef struct QuantOut {
  double scale;
  int64_t zero;      /* i8 */
  int64_t low, high; /* i8: what activations before QuantizeLinear leave */
  OnnxValue *result; /* of QuantizeLinear: i8 or u8 */
  OnnxNode *taken[8];
  int n_taken; /* activations and QuantizeLinear: done once the result is set */
} QuantOut;

/* One operator on integers. *taken: it did the node; false and nothing done otherwise. Returns
 * false after a refusal. */
typedef struct QuantOp {
  const char *name;
  bool (*convert)(OnnxNode *node, bool *taken);
} QuantOp;
const QuantOp *o2t_quant_op(const OnnxNode *node);
#define QUANT_OP(name, function) bool function(OnnxNode *node, bool *taken);
#include "quant_ops.def"
#undef QUANT_OP

/* ---- quant.c: values ---- */

/* Is input i a dequantised value with one scale? */
bool o2t_is_quant(const OnnxNode *node, int i);
/* The integers of value as i8, which may be value itself. */
OnnxValue *o2t_signed(OnnxNode *node, OnnxValue *value);
/* The signed bytes that unsigned ones are stored as; NULL: they are stored as they are, or aren't
 * unsigned bytes. */
OnnxValue *o2t_stored_bytes(const OnnxValue *value);
/* A form of a value that has none yet: dequantised, or with the other signedness. */
Term *o2t_materialize(OnnxNode *node, OnnxValue *value, OnnxLayout layout);
/* saturate(round(x / scale) + zero) at run time; several scales run along position `axis` of x, one
 * has axis -1. dtype: i8 or u8, zero's. */
Term *o2t_quantize_term(OnnxNode *node, Term *x, Term *scale, Term *zero, FuseDtype dtype,
                        int axis);
/* A form in f32 (quantize_linear.c). */
Term *o2t_dequantized(OnnxNode *node, const Quant *quant, OnnxLayout layout);
/* value is `q` behind a dequantisation like `like`. */
void o2t_set_quant(OnnxNode *node, OnnxValue *value, OnnxValue *q, const Quant *like);
/* Scale and zero point from inputs i and i + 1, for integers x; false and a refusal when they
 * aren't known. */
bool o2t_read_quant(OnnxNode *node, OnnxValue *x, int i, int64_t axis, Quant *quant);
/* The element type that a QuantizeLinear makes: its zero point's, or output_dtype. False and a
 * refusal: one that we don't take. */
bool o2t_quantized_type(OnnxNode *node, FuseDtype *dtype);
/* The parameters of a QuantizeLinear to bytes that has one scale, known; false: it hasn't. */
bool o2t_read_out(OnnxNode *node, QuantOut *out);
/* Follow value through Relu and Clip to the QuantizeLinear that alone uses it. */
bool o2t_find_out(OnnxNode *node, const OnnxValue *value, QuantOut *out);
/* term (i8, what out asks for) is out's result. */
bool o2t_set_out(OnnxNode *node, const QuantOut *out, OnnxLayout layout, Term *term);
/* ONNX's quantisation of one number to i8: to the nearest, ties to even, saturated. */
int64_t o2t_quantize(double real, double scale, int64_t zero);

/* ---- quant.c: TOSA ---- */

/* n integers as a constant of rank 1. */
Term *o2t_integers(OnnxNode *node, FuseDtype dtype, int64_t n, const int64_t *values);
/* saturate(round((x - in_zero) * scale[c]) + out_zero), c along the last axis when n > 1.
 * x: i8, u8 or i32; result: `dtype`. Known x is computed. */
Term *o2t_rescale(OnnxNode *node, Term *x, int64_t in_zero, int64_t n, const double *scale,
                  int64_t out_zero, FuseDtype dtype);
/* The same with scales factor[c] / 2^shift[c]. */
Term *o2t_rescale_by(OnnxNode *node, Term *x, int64_t in_zero, int64_t n, const int64_t *factor,
                     const int64_t *shift, int64_t out_zero, FuseDtype dtype);
/* The same with out's zero point and range, from integers of scale[c]. */
Term *o2t_requantize(OnnxNode *node, Term *x, int64_t in_zero, int64_t n, const double *scale,
                     const QuantOut *out);
/* x - zero in i32. */
Term *o2t_widen(OnnxNode *node, Term *x, int64_t zero);

/* The parts of sum((x - zero) * (w - zero)) + bias. */
typedef struct QuantSum {
  int64_t zeros[2]; /* of x and w */
  int64_t n;        /* 1, or channels */
  const double *scale;
  Term *bias; /* i32, one per channel */
} QuantSum;
/* w: one scale, or one per channel along `axis`; bias: a real number per channel,
 * or NULL. False: the
 * channels' zero points differ, or a bias is beyond i32. */
bool o2t_quant_sum(OnnxNode *node, const Quant *x, const Quant *w, int axis, int64_t channels,
                   const double *bias, QuantSum *sum);
/* The n numbers (or the one, n times) of known input i; zeros when it isn't given. */
double *o2t_reals(OnnxNode *node, int i, int64_t n);

/* ---- on integers, to what `out` asks for ---- */

/* tosa.add, .sub or .mul with numpy's broadcasting. */
bool o2t_binary_quant(OnnxNode *node, const char *name, const Quant *a, const Quant *b,
                      const QuantOut *out);
/* Over all spatial axes; without keepdims they go. */
bool o2t_mean_quant(OnnxNode *node, const Quant *x, OnnxLayout pixels, const QuantOut *out,
                    bool keepdims);
/* Is the window of an AveragePool one that TOSA's pools know (pool.c)? False: refused. */
bool o2t_pool_fits_tosa(OnnxNode *node, bool *fits);
/* The node is an AveragePool whose window fits. */
bool o2t_average_pool_quant(OnnxNode *node, const Quant *x, const QuantOut *out, bool *taken);
/* entries[q + 128] for each q of x. */
Term *o2t_table(OnnxNode *node, Term *x, const int64_t *entries);
/* Pointwise operators from node on as one table. */
bool o2t_quant_table(OnnxNode *node, bool *taken);
/* reduce.c: which axes the node reduces. */
bool o2t_read_axes(OnnxNode *node, bool *reduced);
/* The layout in which the reduced axes of input 0 are those of an image's pixels, all but the first
 * and the last: a model that has its images as N,H,W,C calls them others. LAYOUT_FLAT: there is
 * none, or only by a transpose. */
OnnxLayout o2t_pixel_layout(const OnnxNode *node, const bool *reduced);

/* Convolution of x (per tensor) with w (per tensor or along axis 0), bias: real numbers per output
 * channel. */
bool o2t_conv_quant(OnnxNode *node, const Quant *x, const Quant *w, const double *bias,
                    const QuantOut *out, bool *taken);
/* x (.. M K, per tensor) times known w (K N; N K where transposed): as a 1x1 convolution. */
bool o2t_dense_quant(OnnxNode *node, const Quant *x, const Quant *w, bool transposed,
                     const double *bias, const QuantOut *out, bool *taken);
/* As numpy.matmul. */
bool o2t_product_quant(OnnxNode *node, const Quant *a, const Quant *b, const QuantOut *out,
                       bool *taken);
/* The sums of products in i32: the results of ConvInteger and MatMulInteger. */
bool o2t_conv_sum(OnnxNode *node, const Quant *x, const Quant *w);
bool o2t_matmul_sum(OnnxNode *node, const Quant *a, const Quant *b);
/* The same of values in f32, in ONNX's layout. */
Term *o2t_convolve(OnnxNode *node, OnnxValue *x, OnnxValue *w);
Term *o2t_multiply(OnnxNode *node, OnnxValue *a, OnnxValue *b);

#endif
