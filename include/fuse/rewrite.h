// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/* rewrite.h - what fuse-rewrite did: one row per depthwise layer.
 *
 * The pass leaves the rows with the FuseIr, where the driver finds them, and writes them as JSON
 * where its option report= names a file.
 */
#ifndef FUSE_REWRITE_H
#define FUSE_REWRITE_H

#include "fuse/ir.h"

typedef struct FuseRewriteRow {
  const char *node;  /* ONNX node, "" when unknown; of a row and column pair the row's */
  const char *place; /* "net.onnx:node 3", "x.mlir:12:4" */
  const char *mode;  /* "kept", "recognize", "exact", "half", "full" */
  const char *op;    /* what it is now: "fuse.conv1d", ...; its old name when kept */
  const char *why;   /* one sentence */
  int64_t kernel[2]; /* height, width; of a pair the column's taps and the row's */
  int64_t stride[2];
  int64_t channels;    /* of the input */
  int64_t macs_before; /* of the layer; with full also of the 1x1 convolution behind it, which */
  int64_t macs_after;  /* then has twice the inputs */
  double weight_error; /* sqrt(e'Se / w'Sw) of half and full, 0 when the weights are the same */
  bool approximation;  /* an activation follows: the error of the weights isn't the result's */
} FuseRewriteRow;

typedef struct FuseRewriteReport {
  const FuseRewriteRow *rows; /* in program order */
  size_t n;
} FuseRewriteReport;

/* Rows of every run of the pass in ir so far; valid until the next one. */
FuseRewriteReport fuse_rewrite_report(const FuseIr *ir);
/* As a table for people, one line per row. */
void fuse_rewrite_table(const FuseRewriteReport *report, FuseText *text);
/* As JSON: {"layers": [{"node": ..., ...}]}. */
void fuse_rewrite_json(const FuseRewriteReport *report, FuseText *text);

#endif
