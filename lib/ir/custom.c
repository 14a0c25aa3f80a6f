// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/* custom.c - tosa.custom of the domain "fuse": a portable kernel, called by the name of its family.
 *
 *   %v, %i = tosa.custom %x {domain_name = "fuse", operator_name = "topk",
 *                            implementation_attrs = "outer = 2, n = 9, inner = 1, k = 3, largest =
 * 1"}
 *
 * needs: any tosa.custom
 * gives: the kernel that the tensors' types choose, and its parameters; or an error. Elementwise
 *        kernels have no attributes: their parameters follow from the shapes.
 * source: docs/dialects.md, rules K1 to K4
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "ir_private.h"

#define DOMAIN "fuse"
#define MAX_TEXT 1000

bool fuse_op_is_custom(MlirOperation op) {
  MlirStringRef domain;
  return fuse_op_is(op, "tosa.custom") && fuse_get_str(op, "domain_name", &domain) &&
         fuse_str_is(domain, DOMAIN);
}

bool fuse_kernel_is_elementwise(const FuseKernelInfo *kernel) {
  return kernel->group == FUSE_PARAMS_unary || kernel->group == FUSE_PARAMS_binary;
}

/* ---- tensors ---- */

/* Results, then operands. */
typedef struct Tensors {
  FuseTensor tensors[FUSE_KERNEL_TENSORS];
  int n, n_results;
} Tensors;

static bool get_tensors(MlirOperation op, Tensors *t) {
  const intptr_t n_results = mlirOperationGetNumResults(op),
                 n = n_results + mlirOperationGetNumOperands(op);
  if (n > FUSE_KERNEL_TENSORS) {
    fuse_op_error(op, "%ld operands and results; expected at most %d", (long)n,
                  FUSE_KERNEL_TENSORS);
    return false;
  }
  t->n = (int)n, t->n_results = (int)n_results;
  for (intptr_t i = 0; i < n; i++) {
    MlirValue value =
        i < n_results ? mlirOperationGetResult(op, i) : mlirOperationGetOperand(op, i - n_results);
    if (!fuse_type_tensor(mlirValueGetType(value), &t->tensors[i])) {
      fuse_op_error(op, "a tensor has an unknown size or element type; expected static tensors");
      return false;
    }
  }
  return true;
}

/* K1: the family's kernel for these types, or for f32 where they are f16 or bf16. */
static const FuseKernelInfo *find_kernel(MlirOperation op, const char *family, const Tensors *t) {
  const FuseKernelInfo *kernel = NULL;
  for (int widen = 0; widen < 2 && !kernel; widen++) {
    FuseDtype types[FUSE_KERNEL_TENSORS] = {FUSE_DTYPE_NONE};
    for (int i = 0; i < t->n; i++)
      types[i] = widen ? fuse_dtype_wide(t->tensors[i].dtype) : t->tensors[i].dtype;
    kernel = fuse_kernel_pick(family, t->n, types);
  }
  if (kernel && kernel->n_results == t->n_results)
    return kernel;
  FuseText found = {0};
  fuse_text_escaped(&found, family, strlen(family));
  fuse_text_puts(&found, ":");
  for (int i = 0; i < t->n; i++)
    fuse_text_printf(&found, "%s %s", i == t->n_results ? " of" : "",
                     fuse_dtype_name(t->tensors[i].dtype));
  fuse_op_error(op,
                "%s; expected a kernel of include/fuse/kernels.def with these results and operands",
                found.data);
  fuse_text_fini(&found);
  return NULL;
}

/* ---- parameters ---- */

static const char *skip_blanks(const char *s) {
  return s + strspn(s, " ");
}

/* "name = value" at s into the kernel's parameters; where it ends, or NULL. */
static const char *read_field(const char *s, const FuseKernelInfo *kernel, uint32_t *words,
                              bool *seen) {
  const size_t length = strcspn(s, " =,");
  size_t i = 0;
  for (; kernel->fields[i].type; i++)
    if (strlen(kernel->fields[i].name) == length && !memcmp(kernel->fields[i].name, s, length))
      break;
  s = skip_blanks(s + length);
  if (!kernel->fields[i].type || seen[i] || *s != '=')
    return NULL;
  char *end;
  errno = 0;
  const long long value = strtoll(s + 1, &end, 10);
  if (end == s + 1 || errno || value < INT32_MIN || value > INT32_MAX)
    return NULL;
  seen[i] = true;
  words[i] = (uint32_t)(int32_t)value;
  return skip_blanks(end);
}

/* K2: each field of the parameters once. */
static bool read_fields(MlirOperation op, const FuseKernelInfo *kernel, FuseKernelParams *params) {
  MlirStringRef attr = {NULL, 0};
  bool seen[FUSE_KERNEL_WORDS] = {false};
  char text[MAX_TEXT + 1] = "";
  size_t n_seen = 0, n_fields = 0;
  fuse_get_str(op, "implementation_attrs", &attr);
  if (attr.length <= MAX_TEXT)
    memcpy(text, attr.data ? attr.data : "", attr.length);
  for (const char *s = skip_blanks(text); s && *s; n_seen++) {
    s = read_field(s, kernel, params->words, seen);
    if (s && *s == ',')
      s = skip_blanks(s + 1);
    else if (s && *s)
      s = NULL;
    if (!s)
      n_seen = FUSE_KERNEL_WORDS;
  }
  FuseText expected = {0};
  for (; kernel->fields[n_fields].type; n_fields++)
    fuse_text_printf(&expected, "%s%s", n_fields ? ", " : "", kernel->fields[n_fields].name);
  const bool ok = n_seen == n_fields;
  if (!ok)
    fuse_op_error(op, "implementation_attrs isn't a list 'field = integer, ...' of each of: %s",
                  expected.data);
  fuse_text_fini(&expected);
  return ok;
}

static bool has_list_fields(const FuseKernelInfo *kernel) {
  for (const FuseKernelField *field = kernel->fields; field->type; field++)
    if (field->type != 'I')
      return true;
  return false;
}

/* K3: what the kernel touches is exactly the tensors. */
static bool check_sizes(MlirOperation op, const FuseKernelInfo *kernel,
                        const FuseKernelParams *params, const Tensors *t) {
  uint64_t bytes[FUSE_KERNEL_TENSORS];
  const char *why;
  if (!fuse_kernel_check(kernel->id, params->words, kernel->n_words, (size_t)t->n, bytes, &why)) {
    fuse_op_error(op, "implementation_attrs: %s", why);
    return false;
  }
  for (int i = 0; i < t->n; i++) {
    const uint64_t expected = bytes[i] / fuse_dtype_bytes(kernel->types[i]);
    const uint64_t found = (uint64_t)fuse_tensor_elems(&t->tensors[i]);
    if (found != expected) {
      const bool is_result = i < t->n_results;
      fuse_op_error(op, "%s %d has %llu elements; implementation_attrs say %llu",
                    is_result ? "result" : "operand", is_result ? i : i - t->n_results,
                    (unsigned long long)found, (unsigned long long)expected);
      return false;
    }
  }
  return true;
}

/* K4: operands have the result's rank and, where they aren't 1, its dimensions. */
static bool check_elementwise(MlirOperation op, const Tensors *t) {
  const FuseTensor *y = &t->tensors[0];
  MlirStringRef attrs = {NULL, 0};
  fuse_get_str(op, "implementation_attrs", &attrs);
  if (attrs.length) {
    fuse_op_error(op, "implementation_attrs of an elementwise kernel; expected \"\"");
    return false;
  }
  for (int i = 1; i < t->n; i++) {
    const FuseTensor *x = &t->tensors[i];
    bool fits = x->rank == y->rank;
    for (int d = 0; fits && d < y->rank; d++)
      fits = x->shape[d] == y->shape[d] || (x->shape[d] == 1 && t->n > 2);
    if (!fits) {
      fuse_op_error(op, "operand %d doesn't have the result's shape; expected it%s", i - 1,
                    t->n > 2 ? ", or 1 where it is repeated" : "");
      return false;
    }
  }
  return true;
}

const FuseKernelInfo *fuse_custom_kernel(MlirOperation op, FuseKernelParams *params) {
  MlirStringRef name;
  Tensors t;
  *params = (FuseKernelParams){0};
  if (!fuse_get_str(op, "operator_name", &name) || name.length > MAX_TEXT) {
    fuse_op_error(op, "no operator_name; expected a family of include/fuse/kernels.def");
    return NULL;
  }
  if (!get_tensors(op, &t))
    return NULL;
  char family[MAX_TEXT + 1] = "";
  memcpy(family, name.data, name.length);
  const FuseKernelInfo *kernel = find_kernel(op, family, &t);
  if (!kernel)
    return NULL;
  if (fuse_kernel_is_elementwise(kernel))
    return check_elementwise(op, &t) ? kernel : NULL;
  if (has_list_fields(kernel)) {
    fuse_op_error(op,
                  "not supported yet: tosa.custom of %s, which has parameters other than integers",
                  kernel->family);
    return NULL;
  }
  return read_fields(op, kernel, params) && check_sizes(op, kernel, params, &t) ? kernel : NULL;
}

static MlirLogicalResult verify_custom(MlirOperation op) {
  FuseKernelParams params;
  if (!fuse_op_is_custom(op)) /* another domain's: whoever made it knows */
    return mlirLogicalResultSuccess();
  return fuse_custom_kernel(op, &params) ? mlirLogicalResultSuccess() : mlirLogicalResultFailure();
}

const FuseRuleRow fuse_rules_tosa[] = {{"tosa.custom", verify_custom}, {NULL, NULL}};
