// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/* inline_private.h - a graph in which no node has nodes inside: scope.c knows what names mean
 * where, inline.c replaces calls of functions, branch.c the branches of If. */
#ifndef FUSE_ONNX_INLINE_PRIVATE_H
#define FUSE_ONNX_INLINE_PRIVATE_H

#include "import_private.h"

/* ---- scope.c ---- */

typedef struct NameSlot {
  const char *name; /* NULL: none yet */
  size_t n_like;    /* names that have been made of it */
} NameSlot;

typedef struct NameSet {
  NameSlot *slots; /* a power of two, at most half full */
  size_t n, n_slots;
} NameSet;

/* False: the name is there already. */
bool onnx_names_add(FuseArena *arena, NameSet *set, const char *name);
/* "prefix/name", or name where the prefix is NULL; with #2, #3, ... behind it where there is one
 * already. */
char *onnx_names_new(FuseArena *arena, NameSet *set, const char *prefix, const char *name);

/* A name of a graph or function, and what it is in the graph that comes out. */
typedef struct Rename {
  const char *inner, *outer; /* outer: NULL, not given a name yet */
  size_t order;              /* in which the names were added */
  size_t made;               /* i + 1: by node i; 0: there from the start */
} Rename;

/* Where a node stands: the model's graph, a function that is called, a branch. */
typedef struct Scope Scope;
struct Scope {
  const Scope *around;          /* of a branch: where its node stands */
  const char *prefix;           /* of new names: the call's; NULL: none */
  const OnnxFunction *function; /* NULL: none */
  const Onnx__NodeProto *call;
  OnnxPlace place; /* of its nodes, but for the name */
  size_t at;       /* the node that is being taken */
  Rename *names;   /* sorted by inner; room for all of them */
  size_t n_names;
};

void onnx_scope_add(Scope *scope, const char *inner, const char *outer, size_t made);
/* Sort the names; of equal ones the first stays. NULL, or one of a pair of equal ones. */
const char *onnx_scope_sort(Scope *scope);
/* Of this scope alone; NULL: it has no such name. */
const Rename *onnx_scope_find(const Scope *scope, const char *inner);

/* ---- inline.c ---- */

enum {
  ONNX_NODE_BYTES = 1024, /* about, of a node on its way to an op */
  ONNX_PIECE_BYTES = 128, /* of an input, output or attribute */
};

typedef struct Own Own; /* a function of the model */

typedef struct Inliner {
  OnnxImport *import;
  FuseArena *arena;
  const Onnx__GraphProto *source; /* what went in */
  Onnx__GraphProto *graph;        /* what comes out */
  size_t nodes_capacity, places_capacity;
  Scope top; /* of source; the names are there once a branch asks for them */
  Own *owns;
  size_t n_owns;
  NameSet values, nodes;
  size_t budget_bytes;
  bool spent; /* the budget: said, and the end */
} Inliner;

/* The nodes of the scope, or those in their place. */
void onnx_inline_take_nodes(Inliner *in, size_t n, Onnx__NodeProto *const *nodes, Scope *scope,
                            int depth);
/* Of a new node of the scope; its name is made of `name`. */
OnnxPlace onnx_inline_place(Inliner *in, const Scope *scope, const char *name);
/* A node that stands in the graph that comes out; its index. */
size_t onnx_inline_append(Inliner *in, Onnx__NodeProto *node, const OnnxPlace *place);
/* What a name of the scope is outside. One that nothing makes gets a name that nothing makes
 * outside, and is reported with the node. */
char *onnx_outer_name(Inliner *in, const Scope *scope, const char *inner);

/* ---- branch.c ---- */

bool onnx_is_if(const Onnx__NodeProto *node);

/* In place of an If, which was appended last: the nodes of its branches, and a choice for each
 * output. After an error it stays, refused. */
void onnx_take_branches(Inliner *in, size_t node, Scope *around, int depth);

/* What copies of the nodes take: fixed_bytes, and n_names times the length of a prefix. */
typedef struct OnnxSize {
  size_t fixed_bytes, n_names;
} OnnxSize;

/* Add these nodes and those of the graphs in them. */
void onnx_measure_nodes(size_t n, Onnx__NodeProto *const *nodes, OnnxSize *size);

#endif
