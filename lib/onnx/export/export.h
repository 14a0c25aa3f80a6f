// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/* export.h - what the files of lib/onnx/export share.
 *
 *   export.c  a module of tosa and fuse ops -> the graph below -> a file
 *   ops.c     one row and one function per op; conv.c, resize.c, activation.c: the longer ones
 *   graph.c   tensors, nodes, layouts
 *   write.c   the graph -> bytes of a ModelProto
 *
 * A Value is a value of the module: channels last, most of them. A Tensor is a value of the ONNX
 * graph. A Value is held by up to one Tensor per layout, made when somebody asks for it, so a
 * network whose ops all ask for channels first has no transposes. Nodes whose results nobody uses
 * are left out in the end: an op that becomes part of a larger node needs no bookkeeping.
 */
#ifndef FUSE_ONNX_EXPORT_H
#define FUSE_ONNX_EXPORT_H

#include "fuse/ir.h"
#include "onnx.pb-c.h"

enum { T2O_OPSET = 14, T2O_IR_VERSION = 8 };

typedef enum Layout {
  AS_IS, /* the axes in the module's order */
  FIRST, /* the last axis moved to place 1: N H W C as N C H W. The same as AS_IS below rank 3 */
  N_LAYOUTS,
} Layout;

typedef struct Node Node;

/* A tensor of the ONNX graph. */
typedef struct Tensor {
  FuseTensor type;  /* data: an initializer */
  Node *node;       /* who makes it; NULL: an input or an initializer */
  const char *name; /* final when set; else made of the node's name, or of hint */
  const char *hint;
  bool used;
} Tensor;

/* A node of the ONNX graph. */
struct Node {
  Onnx__NodeProto proto; /* names of inputs and outputs are filled in at the end */
  size_t attribute_capacity;
  const char *hint; /* its name, unless that is taken */
  Tensor **in;      /* NULL: an optional one that isn't given */
  Tensor **out;
  bool used;
};

/* A value of the module. */
typedef struct Value {
  MlirValue mlir;
  FuseTensor type;  /* as in the module; data: known */
  const char *name; /* of the node that made it; NULL: an input */
  Tensor *form[N_LAYOUTS];
  Tensor *raw;           /* the bytes of AS_IS in another shape */
  struct Value *reshape; /* the same elements in the same order as this value, which is none itself;
                            its forms are made when asked for */
} Value;

/* A module on its way. */
typedef struct Export {
  FuseIr *ir;
  FuseArena *arena;
  MlirOperation op;      /* the one being exported */
  const struct Row *row; /* its row */
  const char *name;      /* of its ONNX node; "" when unknown */
  Value **slots;         /* hash of Value.mlir */
  size_t n_slots;
  Node **nodes; /* in an order in which they can run */
  size_t n_nodes, node_capacity;
  Tensor **initializers;
  size_t n_initializers, initializer_capacity;
  Tensor **inputs, **outputs;
  size_t n_inputs, n_outputs;
  const char *graph_name;
} Export;

/* ---- graph.c ---- */

/* "not supported yet: ..." about the current op. Always false. */
bool t2o_refuse(Export *e, const char *format, ...) FUSE_PRINTF(2, 3);

Value *t2o_value(Export *e, MlirValue mlir);
Value *t2o_operand(Export *e, int i);
/* Result 0 of the current op. */
Value *t2o_result(Export *e);

/* order[p] = the module's axis at place p. */
void t2o_order(Layout layout, int rank, int *order);
int t2o_place(Layout layout, int rank, int axis);
/* Does the order of elements stay the same when the layout changes? */
bool t2o_same_order(const FuseTensor *type);
/* The type in a layout. */
FuseTensor t2o_type(const FuseTensor *type, Layout layout);

/* Is there a tensor with these bytes, whatever its shape? NULL when it would take a transpose.
 * Known values have none until they are asked for. */
Tensor *t2o_bytes(Value *value, Layout layout);
/* The tensor that holds a value in a layout. */
Tensor *t2o_get(Export *e, Value *value, Layout layout);
/* The layout in which an op on these operands costs the fewest transposes. */
Layout t2o_choose(Value *const *values, int n, int rank);

/* A new initializer of these bytes, which must live as long as the FuseIr. what: "weight". */
Tensor *t2o_initializer(Export *e, const FuseTensor *tensor, const char *what);
Tensor *t2o_numbers(Export *e, int n, const int64_t *values, const char *what);
Tensor *t2o_scalar(Export *e, double value, const char *what);
/* A copy with axis perm[i] of x at place i. */
FuseTensor t2o_permuted(Export *e, const FuseTensor *x, const int *perm);
/* The same elements with another shape. */
FuseTensor t2o_shaped(const FuseTensor *x, int rank, const int64_t *shape);

/* A node with one result, more of them by t2o_more. A NULL input isn't given. */
Tensor *t2o_node(Export *e, const char *type, const FuseTensor *result, int n_in,
                 Tensor *const *in);
Tensor *t2o_more(Export *e, Node *node, const FuseTensor *result);
/* The node that makes a tensor is a lesser part of what it is named after; returns the tensor. */
Tensor *t2o_part(Export *e, Tensor *tensor, const char *part);
Tensor *t2o_node1(Export *e, const char *type, const FuseTensor *result, Tensor *x);
Tensor *t2o_node2(Export *e, const char *type, const FuseTensor *result, Tensor *a, Tensor *b);
Tensor *t2o_reshape(Export *e, Tensor *x, int rank, const int64_t *shape);
Tensor *t2o_transpose(Export *e, Tensor *x, const int *perm);
void t2o_attr_i64(Export *e, Node *node, const char *name, int64_t value);
void t2o_attr_i64s(Export *e, Node *node, const char *name, int n, const int64_t *values);
void t2o_attr_f32(Export *e, Node *node, const char *name, float value);
void t2o_attr_str(Export *e, Node *node, const char *name, const char *value);

/* ---- about ops ---- */

/* The op that makes a value, if it has this name; null otherwise. */
MlirOperation t2o_made_by(MlirValue value, const char *name);
/* A known value whose elements are all equal f32 numbers. */
bool t2o_is_number(Export *e, MlirValue value, double *number);
/* Attribute array<i64> of n numbers; false and an error otherwise. */
bool t2o_attr_numbers(Export *e, const char *name, int n, int64_t *values);
/* Operand i is a zero point or a shift of 0. */
bool t2o_zero_operand(Export *e, int i);

/* ---- rows (ops.c): false after an error ---- */

/* An op of the module: how to write it as nodes. */
typedef struct Row {
  const char *name;       /* "tosa.add"; of a tosa.custom "tan" */
  bool (*run)(Export *e); /* sets a form of the result */
  const char *type;       /* ONNX operator, where the function serves several */
  int n_data;             /* operands that are data; ALL of them */
  uint32_t types;         /* 1 << FuseDtype of each that result and data may have */
} Row;

/* The current op into the graph. */
bool t2o_op(Export *e);

/* conv.c */
bool t2o_conv2d(Export *e);
bool t2o_depthwise(Export *e);
bool t2o_transpose_conv2d(Export *e);
bool t2o_fuse_conv1d(Export *e);
bool t2o_fuse_dwconv2d(Export *e);
bool t2o_fuseconv(Export *e);
bool t2o_pool(Export *e);

/* resize.c */
bool t2o_resize(Export *e);

/* activation.c: one node for a group of ops that ends in the current one; false: this is none. */
bool t2o_is_hard_swish(Export *e);
bool t2o_is_softmax(Export *e);
bool t2o_is_div(Export *e);
bool t2o_is_hard_sigmoid(Export *e);
bool t2o_is_leaky(Export *e);

/* ---- write.c ---- */

/* ONNX's number of an element type. */
int32_t t2o_data_type(FuseDtype dtype);

/* The graph with its names, and what the module says about the model, to the end of model. False
 * after an error. */
bool t2o_write(Export *e, MlirOperation module, FuseText *model);

#endif
