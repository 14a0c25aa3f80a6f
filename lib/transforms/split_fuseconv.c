// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/* split_fuseconv.c - turn one FuSeConv layer into two independent 1-D convolutions.
 *
 *   %y = fuse.fuseconv(%x, %wr, %br, %wc, %bc) {variant = "full"}   x: N,H,W,C  y: N,H',W',Cr+Cc
 *     ==>
 *   %r = fuse.conv1d(%x, %wr, %br) {axis = "row"}                   r: N,H',W',Cr
 *   %c = fuse.conv1d(%x, %wc, %bc) {axis = "col"}                   c: N,H',W',Cc
 *   %y = tosa.concat(%r, %c) {axis = 3}                             rows first
 *
 * half: each convolution reads its channels of %x through a tosa.slice.
 *
 * needs: nothing (the verifier knows the shapes)
 * gives: no fuse.fuseconv; every conv1d is a set of lines that share nothing
 * source: Selvam, Ganesan, Kumar, FuSeConv, DATE 2021
 */
#include "fuse/passes.h"

enum { N, H, W, C, RANK };

/* Channels [first, first + n) of x; x itself when that is all of them. */
static MlirValue slice_channels(MlirRewriterBase rw, MlirLocation loc, MlirValue x,
                                const FuseTensor *in, int64_t first, int64_t n) {
  if (n == in->shape[C])
    return x;
  int64_t start[RANK] = {[C] = first};
  int64_t size[RANK] = {in->shape[N], in->shape[H], in->shape[W], n};
  MlirValue operands[] = {x, fuse_build_shape(rw, loc, RANK, start),
                          fuse_build_shape(rw, loc, RANK, size)};
  MlirType element = mlirShapedTypeGetElementType(mlirValueGetType(x));
  return fuse_build(rw, loc, "tosa.slice", 3, operands, 0, NULL,
                    fuse_tensor_type_get(element, RANK, size));
}

/* The branch's attributes: the layer's own, with the axis's pad as "pad". Returns how many. */
static int branch_attributes(MlirOperation op, const char *axis, const char *pad,
                             MlirNamedAttribute *attrs) {
  static const char *const copied[] = {"stride", "dilation", "input_zp", "weight_zp"};
  MlirContext context = mlirOperationGetContext(op);
  int n = 0;
  attrs[n++] = fuse_attr_str(context, "axis", axis);
  attrs[n++] = fuse_attr(context, "pad", mlirOperationGetAttributeByName(op, fuse_str(pad)));
  for (size_t i = 0; i < FUSE_COUNTOF(copied); i++) {
    MlirAttribute value = mlirOperationGetAttributeByName(op, fuse_str(copied[i]));
    if (!mlirAttributeIsNull(value))
      attrs[n++] = fuse_attr(context, copied[i], value);
  }
  return n;
}

static MlirLogicalResult split(MlirRewritePattern pattern, MlirOperation op,
                               MlirPatternRewriter rewriter, void *data) {
  (void)pattern, (void)data;
  static const char *const axis[] = {"row", "col"}, *const pad[] = {"pad_row", "pad_col"};
  MlirRewriterBase rw = mlirPatternRewriterAsBase(rewriter);
  MlirLocation loc = mlirOperationGetLocation(op);
  MlirValue x = mlirOperationGetOperand(op, 0), branch[2];
  MlirType result = mlirValueGetType(mlirOperationGetResult(op, 0));
  FuseTensor in, out, weight;
  if (!fuse_type_tensor(mlirValueGetType(x), &in) || !fuse_type_tensor(result, &out))
    return mlirLogicalResultFailure();

  int64_t first = 0;
  for (int i = 0; i < 2; i++) {
    MlirValue w = mlirOperationGetOperand(op, 1 + 2 * i),
              b = mlirOperationGetOperand(op, 2 + 2 * i);
    if (!fuse_type_tensor(mlirValueGetType(w), &weight))
      return mlirLogicalResultFailure();
    int64_t channels = weight.shape[0];
    MlirValue operands[] = {slice_channels(rw, loc, x, &in, first, channels), w, b};
    MlirNamedAttribute attrs[6];
    int n_attrs = branch_attributes(op, axis[i], pad[i], attrs);
    int64_t shape[RANK] = {out.shape[N], out.shape[H], out.shape[W], channels};
    MlirType type = fuse_tensor_type_get(mlirShapedTypeGetElementType(result), RANK, shape);
    branch[i] = fuse_build(rw, loc, "fuse.conv1d", 3, operands, n_attrs, attrs, type);
    first += channels; /* full never slices */
  }
  MlirContext context = mlirOperationGetContext(op);
  MlirNamedAttribute last =
      fuse_attr(context, "axis", mlirIntegerAttrGet(mlirIntegerTypeGet(context, 32), C));
  MlirValue y = fuse_build(rw, loc, "tosa.concat", 2, branch, 1, &last, result);
  mlirRewriterBaseReplaceOpWithValues(rw, op, 1, &y);
  return mlirLogicalResultSuccess();
}

static MlirLogicalResult run(MlirOperation root, const FusePassOptions *options) {
  (void)options;
  if (mlirLogicalResultIsFailure(fuse_rewrite(root, "fuse.fuseconv", split, NULL)))
    return mlirLogicalResultFailure();
  return fuse_none_left(root, "fuse.fuseconv", "could not be split; expected static shapes");
}

const FusePass fuse_pass_split_fuseconv = {
    .name = "fuse-split-fuseconv",
    .summary = "Split each FuSeConv layer into a row and a column 1-D convolution",
    .anchor = "func.func",
    .keeps = FUSE_KEEPS_BITS,
    .run = run,
};
