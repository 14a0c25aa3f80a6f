// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/* signal.c - HannWindow, HammingWindow, BlackmanWindow: constants, of a size that must be known. */
#include <math.h>

#include "onnx_to_tosa.h"

#define PI 3.14159265358979323846
#define MAX_WINDOW (1 << 26)

/* a - b cos(t) + c cos(2 t), t going once round in `size` steps, or size - 1 of a symmetric one. */
static bool window(OnnxNode *node, double a, double b, double c) {
  int64_t type, periodic, size[1];
  int n;
  if (!o2t_attr_i64(node, "output_datatype", 1, &type) ||
      !o2t_attr_i64(node, "periodic", 1, &periodic) || !o2t_input_i64s(node, 0, 1, size, &n))
    return false;
  if (type != 1)
    return o2t_refuse(node, "not supported yet: output_datatype = %lld; expected 1 (f32)",
                      (long long)type);
  if (n != 1 || size[0] < 1 || size[0] > MAX_WINDOW)
    return o2t_refuse(node, "a size of %lld; expected 1 to %d", (long long)(n == 1 ? size[0] : 0),
                      MAX_WINDOW);
  double *values = fuse_alloc_array(node->conversion->scratch, (size_t)size[0], sizeof *values);
  double steps = fmax((double)(periodic ? size[0] : size[0] - 1), 1);
  for (int64_t i = 0; i < size[0]; i++) {
    double t = 2 * PI * (double)i / steps;
    values[i] = a - b * cos(t) + c * cos(2 * t);
  }
  return o2t_set(node, 0, LAYOUT_ONNX, o2t_vector(node, FUSE_F32, size[0], values));
}

bool o2t_hann_window(OnnxNode *node) {
  return window(node, 0.5, 0.5, 0);
}

bool o2t_hamming_window(OnnxNode *node) {
  return window(node, 25.0 / 46, 21.0 / 46, 0);
}

bool o2t_blackman_window(OnnxNode *node) {
  return window(node, 0.42, 0.5, 0.08);
}
