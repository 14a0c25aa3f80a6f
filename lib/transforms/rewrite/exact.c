// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/* exact.c - a KxK depthwise convolution as one op that the array runs line by line.
 *
 *   %y = tosa.depthwise_conv2d %x, %w, %b     w: KH,KW,C,1
 *     ==>
 *   %y = fuse.dwconv2d %x, %w, %b             w: KH,KW,C
 *
 * Each kernel row is a 1-D convolution that adds to the same accumulators; the order of additions
 * is that of the tosa op (M-CONV-2), so the bits stay.
 */
#include "rewrite.h"

void rewrite_exact(Rewrite *r, Depthwise *d) {
  mlirRewriterBaseSetInsertionPointBefore(r->rw, d->op);
  MlirLocation loc = mlirOperationGetLocation(d->op);
  MlirNamedAttribute attrs[5];
  int n = rewrite_common_attributes(r, d, attrs);
  attrs[n++] = fuse_attr_i64s(r->context, "pad", 4, d->pad);
  attrs[n++] = fuse_attr_i64s(r->context, "dilation", 2, d->dilation);
  MlirValue operands[] = {rewrite_uncut(d), rewrite_taps_2d(r, loc, d), rewrite_bias(r, loc, d)};
  MlirValue y = fuse_build(r->rw, loc, "fuse.dwconv2d", 3, operands, n, attrs,
                           mlirValueGetType(mlirOperationGetResult(d->op, 0)));
  rewrite_replace(r, d, y, "exact", "fuse.dwconv2d", "a sum over kernel rows, same bits");
}
