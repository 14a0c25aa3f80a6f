// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/* fuse_rewrite.c - depthwise convolutions in the forms that the array runs.
 *
 *   recognize   1xK, Kx1 and [row, column] pairs                    ==> fuse.conv1d, fuse.fuseconv
 *   exact       these, and every other KxK                          ==> fuse.dwconv2d
 *   half, full  these, but KxK by another operator where it can be  ==> fuse.fuseconv
 *
 * half and full change the numbers: a warning per layer.
 *
 * needs: TOSA, N H W C, as convert-onnx-to-tosa leaves it; static shapes
 * gives: no tosa.depthwise_conv2d with one output per channel and constant weights (recognize:
 *        none that is one line of taps); a row per layer (include/fuse/rewrite.h); the mode as
 *        the function's attribute fuse.rewrite
 * source: docs/rewrite.md; Selvam, Ganesan, Kumar, FuSeConv, DATE 2021
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

typedef enum Mode { RECOGNIZE, EXACT, HALF, FULL } Mode;

static Mode mode_of(const char *name) {
  static const char *const names[] = {"recognize", "exact", "half", "full"};
  Mode mode = RECOGNIZE;
  while (strcmp(names[mode], name) != 0)
    mode++; /* the option's values are these */
  return mode;
}

static void rewrite_layer(Rewrite *r, Depthwise *d, Mode mode, double rho) {
  const char *why = NULL;
  if (d->done || d->refused || rewrite_recognize(r, d))
    return;
  if (mode == RECOGNIZE) {
    d->row.why = "more than one line of taps";
    return;
  }
  if (mode != EXACT && rewrite_separate(r, d, mode == FULL, rho, &why))
    return;
  rewrite_exact(r, d);
  if (why)
    d->row.why = why;
}

/* "0.9", "0", ".25" up to 0.99; at most 15 digits, so that one division rounds. */
static bool parse_rho(const char *s, double *rho) {
  double digits = 0, scale = 1;
  int n = 0, point = 0;
  for (; *s && n <= 15; s++) {
    if (*s == '.' && !point) {
      point = 1;
    } else if (*s >= '0' && *s <= '9') {
      digits = digits * 10 + (*s - '0'), n++;
      scale = point ? scale * 10 : scale;
    } else {
      return false;
    }
  }
  *rho = digits / scale;
  return n > 0 && n <= 15 && *rho <= 0.99;
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
  const char *name = fuse_pass_option(&fuse_pass_fuse_rewrite, options, "mode");
  const char *path = fuse_pass_option(&fuse_pass_fuse_rewrite, options, "report");
  const char *correlation = fuse_pass_option(&fuse_pass_fuse_rewrite, options, "rho");
  double rho;
  if (!parse_rho(correlation, &rho))
    return fuse_op_error(root, "rho = '%s'; expected a number from 0 to 0.99", correlation);
  MlirContext context = fuse_ir_context(options->ir);
  Rewrite r = {.ir = options->ir, .scratch = options->scratch, .context = context, .root = root};
  r.rw = mlirIRRewriterCreate(context);
  read_layers(&r);
  rewrite_recognize_pairs(&r);
  for (size_t i = 0; i < r.n_layers; i++)
    rewrite_layer(&r, &r.layers[i], mode_of(name), rho);
  rewrite_report(&r);
  fuse_dce(root);
  /* For the object file's note. */
  mlirOperationSetAttributeByName(root, fuse_str("fuse.rewrite"),
                                  mlirStringAttrGet(context, fuse_str(name)));
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
                 .values = "recognize|exact|half|full",
                 .summary = "what may be done; see docs/rewrite.md",
                 .changes = "half|full"},
                {.name = "rho",
                 .fallback = "0.9",
                 .summary = "half, full: correlation of neighbouring pixels, 0 to 0.99"},
                {.name = "report",
                 .fallback = "",
                 .summary = "JSON file: what was done, per layer"}},
    .run = run,
};
