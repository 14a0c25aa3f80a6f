// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/* rewrite.h - what the parts of fuse-rewrite share. One file per idea:
 *
 *   depthwise.c  a tosa.depthwise_conv2d read and checked; constants for what replaces it
 *   tree.c       the elementwise ops (an activation) between a layer and what uses it
 *   recognize.c  1xK, Kx1 and their pairs
 *   exact.c      KxK as one op of the array
 *   replace.c    half and full: another operator instead
 *   least_squares.c  its weights
 *   report.c     rows, table, JSON
 */
#ifndef FUSE_REWRITE_PRIVATE_H
#define FUSE_REWRITE_PRIVATE_H

#include "fuse/passes.h"
#include "fuse/rewrite.h"

enum { N, H, W, C, RANK };

/* One tosa.depthwise_conv2d. */
typedef struct Depthwise {
  MlirOperation op;
  FuseTensor in, out;
  FuseTensor weight; /* KH KW C M, with data */
  FuseTensor bias;   /* C, or 1 for all channels; with data */
  int64_t pad[4];    /* top bottom left right */
  int64_t stride[2], dilation[2];
  int64_t input_zp, weight_zp; /* i8 only */
  const char *refused;         /* why it stays as it is; NULL: it needn't */
  bool done;                   /* decided, row filled in */
  bool silent;                 /* reported with its partner */
  FuseRewriteRow row;
} Depthwise;

typedef struct Rewrite {
  FuseIr *ir;
  FuseArena *scratch;
  MlirContext context;
  MlirRewriterBase rw;
  MlirOperation root;
  Depthwise *layers; /* in program order */
  size_t n_layers;
} Rewrite;

/* ---- depthwise.c ---- */

void rewrite_read(Rewrite *r, MlirOperation op, Depthwise *d);
static inline int64_t rewrite_taps(const Depthwise *d, int axis /* 0: H, 1: W */) {
  return d->weight.shape[axis];
}
/* The input as it is now: rewriting the layer before changes it. */
static inline MlirValue rewrite_input(const Depthwise *d) {
  return mlirOperationGetOperand(d->op, 0);
}
/* Outputs along an axis, as rule F4 of docs/dialects.md counts; 0 when the filter doesn't fit. */
int64_t rewrite_outputs(int64_t size, int64_t before, int64_t after, int64_t taps, int64_t dilation,
                        int64_t stride);
/* Is x channels [*first, ...) of *from, cut at the ends of H and W at most? */
bool rewrite_crop(MlirValue x, MlirValue *from, int64_t *first);
/* Would d give the same numbers from an input of the height and width of *in? An end that was cut
 * off because no tap reads it (TOSA's strides divide exactly) needn't be. */
bool rewrite_fits(const Depthwise *d, const FuseTensor *in);
/* d's input, without a slice that only cuts off such ends. */
MlirValue rewrite_uncut(const Depthwise *d);
/* The layer's weights of one row of taps (axis 1) or one column (axis 0) as a constant C,K. */
MlirValue rewrite_taps_1d(Rewrite *r, MlirLocation loc, const Depthwise *d);
/* KH,KW,C. */
MlirValue rewrite_taps_2d(Rewrite *r, MlirLocation loc, const Depthwise *d);
/* C values. */
MlirValue rewrite_bias(Rewrite *r, MlirLocation loc, const Depthwise *d);
/* Attributes that all fuse ops share: stride; zero points of i8. Returns how many (up to 3). */
int rewrite_common_attributes(Rewrite *r, const Depthwise *d, MlirNamedAttribute *attrs);
/* `value` takes d's place; d's op becomes dead. */
void rewrite_replace(Rewrite *r, Depthwise *d, MlirValue value, const char *mode, const char *op,
                     const char *why);
/* a * b * c, or INT64_MAX / 8 where that is less: multiply-adds, a few of which are summed. */
int64_t rewrite_count(int64_t a, int64_t b, int64_t c);
/* "node.what": the key of a constant that belongs to the node at loc. */
const char *rewrite_key(Rewrite *r, MlirLocation loc, const char *what);
/* The location of several ops. */
MlirLocation rewrite_fused_loc(Rewrite *r, MlirOperation a, MlirOperation b);

/* ---- tree.c ---- */

#define TREE_MAX 16

/* Elementwise ops with one tensor input, the leaf (constants beside it hold one value for all
 * channels), in two copies that do the same. Operands come before users. */
typedef struct Tree {
  MlirOperation leaf[2];
  MlirOperation ops[2][TREE_MAX];
  int n;
} Tree;

/* Are a and b the same tree over a tosa.depthwise_conv2d each? a may be b. */
bool rewrite_tree_match(Rewrite *r, Tree *tree, MlirValue a, MlirValue b);
/* Do the results of leaves and tree go nowhere but into the tree and `user`? */
bool rewrite_tree_closed(const Tree *tree, MlirOperation user);
/* The tree over another leaf, which may have other channels. */
MlirValue rewrite_tree_build(Rewrite *r, const Tree *tree, MlirValue leaf);

/* ---- the modes; each returns false and leaves the layer alone where it doesn't apply ---- */

/* Row and column pairs below root. */
void rewrite_recognize_pairs(Rewrite *r);
/* One 1xK or Kx1. */
bool rewrite_recognize(Rewrite *r, Depthwise *d);
void rewrite_exact(Rewrite *r, Depthwise *d);
/* Half or full; with a warning. *why: why not, NULL when it was done. */
bool rewrite_separate(Rewrite *r, Depthwise *d, bool full, double rho, const char **why);

/* ---- report.c ---- */

/* Append the rows of all layers to the FuseIr's. */
void rewrite_report(Rewrite *r);

#endif
