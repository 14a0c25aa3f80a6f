// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/* import_private.h - one run of the importer: inline.c and contrib.c replace calls of functions,
 * import.c looks at the graph, types.c at shapes and dimensions, attributes.c at attributes,
 * build.c writes the ops. */
#ifndef FUSE_ONNX_IMPORT_PRIVATE_H
#define FUSE_ONNX_IMPORT_PRIVATE_H

#include "fuse/onnx.h"
#include "fuse/onnx_ops.h"
#include "onnx_private.h"

typedef enum OnnxFrom { ONNX_FROM_INITIALIZER, ONNX_FROM_INPUT, ONNX_FROM_NODE } OnnxFrom;

typedef struct OnnxValue {
  const char *name;
  OnnxFrom from;
  size_t index;  /* of the initializer, input or node */
  size_t output; /* of the node */
  size_t order;  /* of appearance */
  bool is_output;
  MlirType type; /* a node's output: what the file says, or null; a graph input: its static type */
  MlirType claimed; /* a graph output: what the file says */
  MlirValue value;
} OnnxValue;

/* A node's attributes, converted. */
typedef struct OnnxAttributes {
  MlirNamedAttribute *attributes;
  intptr_t n;
} OnnxAttributes;

/* What is known of a node beside its message. */
typedef struct OnnxPlace {
  const char *name;
  size_t origin;  /* its index, or its caller's, in the file */
  int opset;      /* the default domain's where it stands */
  bool in_branch; /* of an If: whether it is needed shows later, and its errors with that */
  bool refused;
  const char *why; /* the error of a refused node in a branch; of others it has been printed */
} OnnxPlace;

/* A body that calls are replaced by: of the model, or of an operator that isn't ONNX's own. */
typedef struct OnnxFunction {
  const char *shown; /* "com.microsoft.Gelu" */
  size_t n_inputs, n_outputs, n_attributes, n_defaults, n_nodes;
  char *const *inputs;
  char *const *outputs;
  char *const *attributes; /* names of those without a default */
  Onnx__AttributeProto **defaults;
  Onnx__NodeProto *const *nodes;
  int opset; /* of the nodes of the default domain; 0: not imported */
} OnnxFunction;

typedef struct OnnxImport {
  FuseIr *ir;
  MlirContext context;
  const FuseOnnxOptions *options;
  const char *file_name; /* without folder, for locations */
  FuseArena scratch;
  OnnxModel model;
  const Onnx__GraphProto *graph; /* once inlined, a copy with other nodes */
  int opset;                     /* of the default domain; 0: not imported */
  bool newer_opset;              /* there is one that we don't know; said */
  size_t n_errors;
  bool *dim_used;    /* of each of options->dims */
  OnnxPlace *places; /* of each node */
  OnnxValue *values; /* sorted by name */
  size_t n_values;
  const FuseOnnxOp **ops; /* of each node */
  OnnxAttributes *attributes;
  size_t *order; /* of the nodes in the module: so many */
  size_t n_order;
  bool *used;          /* of each initializer */
  FuseTensor *tensors; /* of each used initializer */
  FuseTensor *given;   /* of the initializers from first_given on, which --value has made */
  size_t first_given;
} OnnxImport;

/* import.c */
const char *onnx_text(const char *s);                             /* "" for NULL */
const char *onnx_shown(OnnxImport *import, const char *name);     /* escaped */
const char *onnx_domain(const char *domain);                      /* "ai.onnx" for the default */
OnnxValue *onnx_value_find(OnnxImport *import, const char *name); /* NULL: no such value */
MlirLocation onnx_node_location(OnnxImport *import, size_t node);
/* Print and count an error of the file, or of a node. Always false, as the next one. */
bool onnx_error(OnnxImport *import, const char *format, ...) FUSE_PRINTF(2, 3);
bool onnx_node_damaged(OnnxImport *import, size_t node, const char *format, ...) FUSE_PRINTF(3, 4);
/* The node can't be taken: the same, but within a branch of an If it is only remembered. */
bool onnx_node_error(OnnxImport *import, size_t node, const char *format, ...) FUSE_PRINTF(3, 4);

/* Version of the default domain in a list of imports (of the model, or of `whose` function); false
 * and an error when the list is no good. */
bool onnx_opset(OnnxImport *import, const char *whose, size_t n,
                Onnx__OperatorSetIdProto *const *list, int *opset);

/* inline.c: import->graph without calls of functions and without graphs inside nodes, and the place
 * of each of its nodes. A call that can't be replaced stays, refused. Needs the places of the
 * file's nodes. */
bool onnx_inline(OnnxImport *import);

/* contrib.c: the function that computes node, whose operator is com.microsoft's or only ONNX
 * Runtime's; false: it is none of those, or is refused. */
bool onnx_contrib(OnnxImport *import, size_t node, OnnxFunction *function);

/* values.c: import->graph with an initializer for each of options->values. */
bool onnx_take_values(OnnxImport *import);

/* types.c: types of inputs, outputs and the values of value_info into import->values. */
bool onnx_types(OnnxImport *import);

/* attributes.c: import->attributes[node]; needs import->ops[node]. */
bool onnx_attributes(OnnxImport *import, size_t node);

/* build.c: the module, not verified; null after an error. */
MlirModule onnx_build(OnnxImport *import);

#endif
