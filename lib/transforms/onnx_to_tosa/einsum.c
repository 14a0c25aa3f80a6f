// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/* einsum.c - Einsum: sums of products, two operands at a time.
 *
 *   y = Einsum("bij,bjk->bik", a, b)
 *
 * gives: a label that stands twice in one operand as its diagonal; labels that no one else needs as
 *        sums; two operands of f32 that share a summed label as tosa.matmul, others as tosa.mul and
 *        sums; at the end the axes in the order of the result
 *
 * A label is a letter's place in LETTERS, or N_LETTERS + k for the axis of "..." that is k-th from
 * the right. An axis of size 1 against a larger one of the same label is repeated.
 */
#include <string.h>

#include "onnx_to_tosa.h"

static const char LETTERS[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
#define N_LETTERS 52
#define N_LABELS (N_LETTERS + FUSE_MAX_RANK)

typedef struct Labels {
  int n, at[FUSE_MAX_RANK];
} Labels;

/* A tensor with a label for each axis. */
typedef struct Operand {
  Term *term;
  Labels labels;
} Operand;

static int find(const Labels *labels, int label) {
  for (int i = 0; i < labels->n; i++)
    if (labels->at[i] == label)
      return i;
  return -1;
}

static bool append(OnnxNode *node, Labels *labels, int label) {
  if (labels->n == FUSE_MAX_RANK)
    return o2t_refuse(node, "not supported yet: more than %d labels in a term", FUSE_MAX_RANK);
  labels->at[labels->n++] = label;
  return true;
}

/* ---- the equation ---- */

/* One term of the equation, up to a comma, "->" or the end; "..." stands for n_dots axes. */
static bool read_term(OnnxNode *node, const char **text, int n_dots, Labels *labels) {
  *labels = (Labels){0};
  bool dots = false;
  for (; **text && **text != ',' && **text != '-'; ++*text) {
    const char *letter = strchr(LETTERS, **text);
    if (**text == ' ')
      continue;
    if (letter) {
      if (!append(node, labels, (int)(letter - LETTERS)))
        return false;
      continue;
    }
    if (strncmp(*text, "...", 3) != 0 || dots)
      return o2t_refuse(node, "equation: unexpected '%.20s'", *text);
    dots = true;
    *text += 2;
    for (int k = n_dots; k-- > 0;)
      if (!append(node, labels, N_LETTERS + k))
        return false;
  }
  return true;
}

/* How many axes "..." has in a term of an operand of this rank. */
static int count_dots(const char *text, int rank) {
  int letters = 0;
  size_t length = strcspn(text, ",-");
  if (!memmem(text, length, "...", 3))
    return 0;
  for (size_t i = 0; i < length; i++)
    letters += text[i] != ' ' && text[i] != '.';
  return rank > letters ? rank - letters : 0;
}

static bool read_operand(OnnxNode *node, const char **text, int i, int *most_dots,
                         Operand *operand) {
  int rank = node->in[i]->tensor.rank, dots = count_dots(*text, rank);
  if (!read_term(node, text, dots, &operand->labels))
    return false;
  if (operand->labels.n != rank)
    return o2t_refuse(node, "equation: %d labels for input %d; expected %d", operand->labels.n, i,
                      rank);
  *most_dots = dots > *most_dots ? dots : *most_dots;
  operand->term = o2t_get(node, node->in[i], LAYOUT_ONNX);
  return true;
}

/* Without "->": the axes of "...", then in alphabetical order the letters that stand once. */
static bool implied_result(OnnxNode *node, const Operand *operands, int most_dots, Labels *result) {
  int count[N_LABELS] = {0};
  *result = (Labels){0};
  for (int i = 0; i < node->n_in; i++)
    for (int d = 0; d < operands[i].labels.n; d++)
      count[operands[i].labels.at[d]]++;
  for (int k = most_dots; k-- > 0;)
    if (!append(node, result, N_LETTERS + k))
      return false;
  for (int label = 0; label < N_LETTERS; label++)
    if (count[label] == 1 && !append(node, result, label))
      return false;
  return true;
}

static bool read_equation(OnnxNode *node, const char *text, Operand *operands, Labels *result) {
  int most_dots = 0;
  for (int i = 0; i < node->n_in; i++) {
    if (i > 0 && *text++ != ',')
      return o2t_refuse(node, "equation: %d terms; expected %d", i, node->n_in);
    if (!read_operand(node, &text, i, &most_dots, &operands[i]))
      return false;
  }
  if (*text == '\0')
    return implied_result(node, operands, most_dots, result);
  if (strncmp(text, "->", 2) != 0)
    return o2t_refuse(node, "equation: unexpected '%.20s'", text);
  text += 2;
  if (!read_term(node, &text, most_dots, result))
    return false;
  return !*text || o2t_refuse(node, "equation: unexpected '%.20s'", text);
}

/* ---- one operand ---- */

static void drop(Labels *labels, int at) {
  memmove(&labels->at[at], &labels->at[at + 1], (size_t)(labels->n - at - 1) * sizeof(int));
  labels->n--;
}

/* Axis `at` goes, which has size 1. */
static void squeeze(OnnxNode *node, Operand *x, int at) {
  int64_t shape[FUSE_MAX_RANK];
  drop(&x->labels, at);
  for (int d = 0; d < x->labels.n; d++)
    shape[d] = x->term->tensor.shape[d + (d >= at)];
  x->term = o2t_reshape(node, x->term, x->labels.n, shape);
}

/* Axes i < j become one: their diagonal, at i. Seen as one axis, that is every n + 1st. */
static bool take_diagonal(OnnxNode *node, Operand *x, int i, int j) {
  int rank = x->labels.n, perm[FUSE_MAX_RANK], p = 0;
  const int64_t *s = x->term->tensor.shape;
  int64_t n = s[i], shape[FUSE_MAX_RANK];
  if (s[j] != n)
    return o2t_refuse(node, "a diagonal of %lld times %lld elements", (long long)n,
                      (long long)s[j]);
  for (int d = 0; d < rank; d++) {
    if (d != j)
      perm[p++] = d;
    if (d == i)
      perm[p++] = j;
  }
  Term *y = o2t_transpose(node, x->term, perm);
  if (!y)
    return false;
  for (int d = 0; d < rank - 1; d++)
    shape[d] = d == i ? n * n : y->tensor.shape[d + (d > i)];
  y = o2t_reshape(node, y, rank - 1, shape);
  Term *zero = o2t_scalar(node, y->tensor.dtype, 1, 0);
  x->term = o2t_every(node, o2t_fit_axis(node, y, i, 0, n * (n + 1), zero), i, 0, n + 1, n);
  drop(&x->labels, j);
  return x->term != NULL;
}

static bool take_diagonals(OnnxNode *node, Operand *x) {
  for (int i = 0; i < x->labels.n; i++)
    for (int j = x->labels.n - 1; j > i; j--)
      if (x->labels.at[i] == x->labels.at[j] && !take_diagonal(node, x, i, j))
        return false;
  return true;
}

/* Sum over the labels that are neither wanted nor in `other`. */
static void sum_rest(OnnxNode *node, Operand *x, const Labels *other, const bool *wanted) {
  for (int d = x->labels.n; d-- > 0 && x->term;) {
    int label = x->labels.at[d];
    if (wanted[label] || find(other, label) >= 0)
      continue;
    x->term = o2t_reduce(node, "tosa.reduce_sum", x->term, d);
    if (x->term)
      squeeze(node, x, d);
  }
}

/* x with these labels, 1 where it has none. */
static Term *arranged(OnnxNode *node, const Operand *x, const Labels *labels) {
  int perm[FUSE_MAX_RANK], n = 0;
  int64_t shape[FUSE_MAX_RANK];
  for (int d = 0; d < labels->n; d++) {
    int at = find(&x->labels, labels->at[d]);
    shape[d] = at < 0 ? 1 : x->term->tensor.shape[at];
    if (at >= 0)
      perm[n++] = at;
  }
  FUSE_ASSERT(n == x->labels.n);
  Term *y = o2t_transpose(node, x->term, perm);
  return y ? o2t_reshape(node, y, labels->n, shape) : NULL;
}

/* ---- two operands ---- */

/* The labels of x that are (not) in other, and (not) wanted, behind those of *list. */
static bool list_labels(OnnxNode *node, const Operand *x, const Operand *other, bool shared,
                        const bool *wanted, bool keep, Labels *list) {
  for (int d = 0; d < x->labels.n; d++) {
    int label = x->labels.at[d];
    if ((find(&other->labels, label) >= 0) == shared && wanted[label] == keep &&
        !append(node, list, label))
      return false;
  }
  return true;
}

/* Product of the sizes of labels first to end of those of x. */
static int64_t product(const Term *x, int first, int end) {
  int64_t n = 1;
  for (int d = first; d < end; d++)
    n *= x->tensor.shape[d];
  return n;
}

/* all: labels of both, of a alone, of b alone, and the last `summed`, which are summed. */
static Term *multiply(OnnxNode *node, const Operand *a, const Operand *b, const Labels *all,
                      int summed) {
  Term *right = arranged(node, b, all);
  Term *y = o2t_binary(node, "tosa.mul", arranged(node, a, all), right);
  int kept = all->n - summed;
  for (int d = kept; y && d < all->n; d++)
    y = o2t_reduce(node, "tosa.reduce_sum", y, d);
  return y ? o2t_reshape(node, y, kept, y->tensor.shape) : NULL;
}

/* The same as a product of matrices; n_both, n_a: of the labels of both and of a alone. */
static Term *multiply_matrices(OnnxNode *node, const Operand *a, const Operand *b,
                               const Labels *all, int n_both, int n_a, int summed) {
  Term *x = arranged(node, a, all), *w = arranged(node, b, all);
  if (!x || !w)
    return NULL;
  int kept = all->n - summed;
  int64_t shape[FUSE_MAX_RANK];
  for (int d = 0; d < kept; d++)
    shape[d] = d < n_both + n_a ? x->tensor.shape[d] : w->tensor.shape[d];
  int64_t batch = product(x, 0, n_both), rows = product(x, n_both, n_both + n_a);
  int64_t inner = product(x, kept, all->n), columns = product(w, n_both + n_a, kept);
  x = o2t_reshape(node, x, 3, (int64_t[]){batch, rows, inner});
  w = o2t_reshape(node, w, 3, (int64_t[]){batch, columns, inner});
  Term *y = o2t_batched_matmul(node, x, o2t_transpose(node, w, (int[]){0, 2, 1}), NULL);
  return o2t_reshape(node, y, kept, shape);
}

/* Where one side has 1 and the other more, the former doesn't have the label. */
static bool match_sizes(OnnxNode *node, Operand *a, Operand *b) {
  for (int i = a->labels.n; i-- > 0;) {
    int j = find(&b->labels, a->labels.at[i]);
    if (j < 0)
      continue;
    int64_t of_a = a->term->tensor.shape[i], of_b = b->term->tensor.shape[j];
    if (of_a == of_b)
      continue;
    if (of_a != 1 && of_b != 1)
      return o2t_refuse(node, "a label of %lld and of %lld elements", (long long)of_a,
                        (long long)of_b);
    squeeze(node, of_a == 1 ? a : b, of_a == 1 ? i : j);
    if (!a->term || !b->term)
      return false;
  }
  return true;
}

/* a becomes the product of both, summed over what isn't wanted. */
static bool contract(OnnxNode *node, Operand *a, Operand *b, const bool *wanted) {
  Labels all = {0};
  if (!match_sizes(node, a, b))
    return false;
  sum_rest(node, a, &b->labels, wanted);
  sum_rest(node, b, &a->labels, wanted);
  if (!a->term || !b->term || !list_labels(node, a, b, true, wanted, true, &all))
    return false;
  int n_both = all.n;
  if (!list_labels(node, a, b, false, wanted, true, &all))
    return false;
  int n_a = all.n - n_both;
  if (!list_labels(node, b, a, false, wanted, true, &all))
    return false;
  int kept = all.n;
  if (!list_labels(node, a, b, true, wanted, false, &all))
    return false;
  int summed = all.n - kept;
  a->term = summed > 0 && a->term->tensor.dtype == FUSE_F32
                ? multiply_matrices(node, a, b, &all, n_both, n_a, summed)
                : multiply(node, a, b, &all, summed);
  a->labels = all;
  a->labels.n = kept;
  return a->term != NULL;
}

/* Labels of the result and of the operands from `first` on. */
static void find_wanted(const OnnxNode *node, const Operand *operands, int first,
                        const Labels *result, bool *wanted) {
  memset(wanted, 0, N_LABELS * sizeof *wanted);
  for (int d = 0; d < result->n; d++)
    wanted[result->at[d]] = true;
  for (int i = first; i < node->n_in; i++)
    for (int d = 0; d < operands[i].labels.n; d++)
      wanted[operands[i].labels.at[d]] = true;
}

static bool check_result(OnnxNode *node, const Operand *product_of_all, const Labels *result) {
  for (int d = 0; d < result->n; d++) {
    int label = result->at[d];
    if (label < N_LETTERS && find(&product_of_all->labels, label) < 0)
      return o2t_refuse(node, "equation: '%c' of the result is in no operand", LETTERS[label]);
    for (int k = 0; k < d; k++)
      if (result->at[k] == label)
        return o2t_refuse(node, "equation: a label stands twice in the result");
  }
  return true;
}

bool o2t_einsum(OnnxNode *node) {
  Operand *operands =
      fuse_alloc_array(node->conversion->scratch, (size_t)node->n_in, sizeof *operands);
  bool wanted[N_LABELS];
  const char *equation;
  Labels result;
  if (!o2t_attr_str(node, "equation", "", &equation) ||
      !read_equation(node, equation, operands, &result))
    return false;
  for (int i = 0; i < node->n_in; i++)
    if (!operands[i].term || !take_diagonals(node, &operands[i]))
      return false;
  for (int i = 1; i < node->n_in; i++) {
    find_wanted(node, operands, i + 1, &result, wanted);
    if (!contract(node, &operands[0], &operands[i], wanted))
      return false;
  }
  find_wanted(node, operands, node->n_in, &result, wanted);
  sum_rest(node, &operands[0], &(Labels){0}, wanted);
  return operands[0].term && check_result(node, &operands[0], &result) &&
         o2t_set(node, 0, LAYOUT_ONNX, arranged(node, &operands[0], &result));
}
