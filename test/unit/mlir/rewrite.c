// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/* rewrite.c - unit test of fuse-rewrite's report as a table and as JSON. */
#include "fuse/rewrite.h"
#include "../unit.h"

static const FuseRewriteRow rows[] = {
    {"dw_3",
     "net.onnx:node 3",
     "half",
     "fuse.fuseconv half",
     "other weights",
     {3, 5},
     {2, 1},
     16,
     9216,
     3072,
     0.4547,
     true},
    {"bad\xffname\n",
     "x.mlir:1:2",
     "exact",
     "fuse.dwconv2d",
     "same bits",
     {3, 3},
     {1, 1},
     8,
     72,
     72,
     0,
     false},
    {"", "x.mlir:7:8", "kept", "tosa.depthwise_conv2d", "no", {1, 1}, {1, 1}, 2, 1, 1, 0, false},
};
static const FuseRewriteReport report = {rows, 3};

static void check_table(void) {
  FuseText text = {0};
  fuse_rewrite_table(&report, &text);
  const char *second = strchr(text.data, '\n') + 1, *third = strchr(second, '\n') + 1;
  CHECK(strncmp(text.data, "layer ", 6) == 0);
  CHECK(strncmp(second, "dw_3 ", 5) == 0);
  CHECK(strstr(second, " 3x5     2,1       16  half       fuse.fuseconv half          9216  "
                       "       3072  45.5 %  other weights\n") != NULL);
  CHECK(strncmp(third, "bad\\xffname\\n ", 14) == 0);
  CHECK(strstr(third, "       -  same bits\n") != NULL);
  CHECK(strncmp(strchr(third, '\n') + 1, "x.mlir:7:8 ", 11) == 0);
  fuse_text_fini(&text);
}

static void check_json(void) {
  FuseText text = {0};
  fuse_rewrite_json(&report, &text);
  CHECK(strstr(text.data, "\"node\": \"bad\\\\xffname\\\\n\"") != NULL);
  CHECK(
      strstr(text.data, "\"weight_error\": 0.45469999999999999,\n      \"approximation\": true") ||
      strstr(text.data, "\"weight_error\": 0.4547,\n      \"approximation\": true"));
  CHECK(fuse_utf8_valid(text.data, text.length));
  fuse_text_fini(&text);
}

int main(void) {
  check_table();
  check_json();
  return unit_result();
}
