// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/* least_squares.c - 1-D filters that stand for a KxK filter, without data.
 *
 * The input is taken to be correlated by rho^|distance| along each axis, S[(i,k),(j,l)] =
 * rho^|i-j| * rho^|k-l|. An error e of the weights then makes an error of the results whose
 * variance is e'Se; that is made least. Plain least squares (rho = 0) would just keep the middle
 * lines.
 *
 *   half   row[k] = sum over i of rho^|i-c| W[i][k]; col[i] = sum over k of rho^|k-c| W[i][k]
 *          (what the best row alone, or column alone, comes to)
 *   full   the best cross of a row and a column: (P'SP) v = P'S w, P the cells of the cross. The
 *          cell in the middle belongs to both; the least norm of the two gives each a half.
 *
 * Sums and products in double in a fixed order; no call of libm that isn't rounded correctly.
 * needs: odd sizes; 0 <= rho <= 0.99, where P'SP is well conditioned
 * source: docs/rewrite.md, L1 to L3
 */
#include "least_squares.h"

/* rho^|i-j| for all i, j < n. */
static double *correlation(FuseArena *arena, int n, double rho) {
  double *s = fuse_alloc_array(arena, (size_t)n * (size_t)n, sizeof *s);
  for (int i = 0; i < n; i++)
    for (int j = 0; j < n; j++) {
      double power = 1;
      for (int k = i < j ? j - i : i - j; k > 0; k--)
        power *= rho;
      s[i * n + j] = power;
    }
  return s;
}

/* a = L L' in place, a symmetric and positive definite. */
static void cholesky(double *a, int n) {
  for (int j = 0; j < n; j++) {
    for (int k = 0; k < j; k++)
      for (int i = j; i < n; i++)
        a[i * n + j] -= a[i * n + k] * a[j * n + k];
    const double root = __builtin_sqrt(a[j * n + j]);
    for (int i = j; i < n; i++)
      a[i * n + j] /= root;
  }
}

/* x = (L L')^-1 x. */
static void solve(const double *l, int n, double *x) {
  for (int i = 0; i < n; i++) {
    for (int k = 0; k < i; k++)
      x[i] -= l[i * n + k] * x[k];
    x[i] /= l[i * n + i];
  }
  for (int i = n; i-- > 0;) {
    for (int k = i + 1; k < n; k++)
      x[i] -= l[k * n + i] * x[k];
    x[i] /= l[i * n + i];
  }
}

/* Cell of the cross: the middle row from left to right, then the middle column without its middle.
 */
static void cell(const LeastSquares *ls, int at, int *i, int *k) {
  if (at < ls->kw) {
    *i = ls->kh / 2, *k = at;
  } else {
    at -= ls->kw;
    *i = at + (at >= ls->kh / 2), *k = ls->kw / 2;
  }
}

void rewrite_ls_init(LeastSquares *ls, FuseArena *arena, int kh, int kw, double rho) {
  FUSE_ASSERT(kh % 2 && kw % 2 && rho >= 0 && rho <= 0.99);
  const int n = kh + kw - 1;
  *ls = (LeastSquares){.kh = kh, .kw = kw};
  ls->sh = correlation(arena, kh, rho);
  ls->sw = correlation(arena, kw, rho);
  ls->product = fuse_alloc_array(arena, (size_t)kh * (size_t)kw, sizeof *ls->product);
  ls->cross = fuse_alloc_array(arena, (size_t)n, sizeof *ls->cross);
  ls->factor = fuse_alloc_array(arena, (size_t)n * (size_t)n, sizeof *ls->factor);
  for (int a = 0; a < n; a++)
    for (int b = 0; b < n; b++) {
      int i, k, j, l;
      cell(ls, a, &i, &k);
      cell(ls, b, &j, &l);
      ls->factor[a * n + b] = ls->sh[i * kh + j] * ls->sw[k * kw + l];
    }
  cholesky(ls->factor, n);
}

/* product = S w. */
static void weigh(LeastSquares *ls, const double *w) {
  const int kh = ls->kh, kw = ls->kw;
  for (int i = 0; i < kh; i++)
    for (int k = 0; k < kw; k++) {
      double sum = 0;
      for (int j = 0; j < kh; j++)
        for (int l = 0; l < kw; l++)
          sum += ls->sh[i * kh + j] * ls->sw[k * kw + l] * w[j * kw + l];
      ls->product[i * kw + k] = sum;
    }
}

void rewrite_ls_row(const LeastSquares *ls, const double *w, double *row) {
  for (int k = 0; k < ls->kw; k++) {
    row[k] = 0;
    for (int i = 0; i < ls->kh; i++)
      row[k] += ls->sh[ls->kh / 2 * ls->kh + i] * w[i * ls->kw + k];
  }
}

void rewrite_ls_col(const LeastSquares *ls, const double *w, double *col) {
  for (int i = 0; i < ls->kh; i++) {
    col[i] = 0;
    for (int k = 0; k < ls->kw; k++)
      col[i] += ls->sw[ls->kw / 2 * ls->kw + k] * w[i * ls->kw + k];
  }
}

void rewrite_ls_cross(LeastSquares *ls, const double *w, double *row, double *col) {
  const int n = ls->kh + ls->kw - 1;
  weigh(ls, w);
  for (int a = 0; a < n; a++) {
    int i, k;
    cell(ls, a, &i, &k);
    ls->cross[a] = ls->product[i * ls->kw + k];
  }
  solve(ls->factor, n, ls->cross);
  for (int k = 0; k < ls->kw; k++)
    row[k] = ls->cross[k];
  for (int a = ls->kw; a < n; a++) {
    int i, k;
    cell(ls, a, &i, &k);
    col[i] = ls->cross[a];
  }
  row[ls->kw / 2] = col[ls->kh / 2] = ls->cross[ls->kw / 2] / 2;
}

double rewrite_ls_norm(LeastSquares *ls, const double *w) {
  double sum = 0;
  weigh(ls, w);
  for (int i = 0; i < ls->kh * ls->kw; i++)
    sum += w[i] * ls->product[i];
  return sum;
}
