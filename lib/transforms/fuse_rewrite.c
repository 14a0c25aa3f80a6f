// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/* fuse_rewrite.c - depthwise convolutions in the forms that the array runs.
 *
 *   recognize   1xK, Kx1 and [row, column] pairs                    ==> fuse.conv1d, fuse.fuseconv
 *   exact       these, and every other KxK                          ==> fuse.dwconv2d
 *
 * needs: TOSA, N H W C, as convert-onnx-to-tosa leaves it; static shapes
 * gives: no tosa.depthwise_conv2d with one output per channel and constant weights (recognize:
 *        none that is one line of taps); a row per layer (include/fuse/rewrite.h); the mode as
 *        the function's attribute fuse.rewrite
 * source: design of the rewrite in docs/pipeline.md; Selvam, Ganesan, Kumar, FuSeConv, DATE 2021
 */
#include <string.h>

#include "fuse/file.h"
#include "rewrite/rewrite.h"

static void read_layers(Rewrite *r) {
  FuseOpList ops = fuse_ops_of(r->scratch, r->root, "tosa.depthwise_conv2d");
  r->layers = fuse_alloc_array(r->scratch, ops.n, sizeof *r->layers);
  r->n_layers = ops.n;
  for (size_t i = 0; i < ops.n; i++)
    rewrite_read(r, ops.ops[i], &r->layers[i]);
}

static void rewrite_layer(Rewrite *r, Depthwise *d, const char *mode) {
  if (d->done || d->refused || rewrite_recognize(r, d))
    return;
  if (strcmp(mode, "recognize") == 0)
    d->row.why = "more than one line of taps";
  else
    rewrite_exact(r, d);
}

/* All rows so far, into the file. */
static MlirLogicalResult write_report(FuseIr *ir, const char *path) {
  FuseRewriteReport report = fuse_rewrite_report(ir);
  FuseText text = {0};
  FuseDiag diag = {0};
  fuse_rewrite_json(&report, &text);
  bool ok = fuse_file_write(path, text.data, text.length, &diag);
  fuse_text_fini(&text);
  if (ok)
    return mlirLogicalResultSuccess();
  return fuse_loc_error(mlirLocationUnknownGet(fuse_ir_context(ir)), "%s: %s", diag.place,
                        diag.message);
}

static MlirLogicalResult run(MlirOperation root, const FusePassOptions *options) {
  const char *mode = fuse_pass_option(&fuse_pass_fuse_rewrite, options, "mode");
  const char *path = fuse_pass_option(&fuse_pass_fuse_rewrite, options, "report");
  MlirContext context = fuse_ir_context(options->ir);
  Rewrite r = {.ir = options->ir, .scratch = options->scratch, .context = context, .root = root};
  r.rw = mlirIRRewriterCreate(context);
  read_layers(&r);
  rewrite_recognize_pairs(&r);
  for (size_t i = 0; i < r.n_layers; i++)
    rewrite_layer(&r, &r.layers[i], mode);
  rewrite_report(&r);
  fuse_dce(root);
  /* For the object file's note. */
  mlirOperationSetAttributeByName(root, fuse_str("fuse.rewrite"),
                                  mlirStringAttrGet(context, fuse_str(mode)));
  mlirIRRewriterDestroy(r.rw);
  return *path ? write_report(options->ir, path) : mlirLogicalResultSuccess();
}

const FusePass fuse_pass_fuse_rewrite = {
    .name = "fuse-rewrite",
    .summary = "Rewrite depthwise convolutions into 1-D and line-by-line forms",
    .anchor = "func.func",
    .keeps = FUSE_KEEPS_BITS,
    .options = {{.name = "mode",
                 .fallback = "exact",
                 .values = "recognize|exact",
                 .summary = "what may be done; see docs/pipeline.md"},
                {.name = "report",
                 .fallback = "",
                 .summary = "JSON file: what was done, per layer"}},
    .run = run,
};
