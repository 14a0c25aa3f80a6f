// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/* least_squares.h - 1-D filters that stand for a KxK filter; numbers only. */
#ifndef FUSE_LEAST_SQUARES_H
#define FUSE_LEAST_SQUARES_H

#include "fuse/support.h"

/* Everything that depends on the kernel's size alone. */
typedef struct LeastSquares {
  int kh, kw;
  double *sh, *sw; /* correlation along H and W */
  double *factor;  /* of P'SP, Cholesky */
  double *product; /* scratch, kh * kw */
  double *cross;   /* scratch, kh + kw - 1 */
} LeastSquares;

/* kh, kw odd, 0 <= rho <= 0.99. */
void rewrite_ls_init(LeastSquares *ls, FuseArena *arena, int kh, int kw, double rho);
/* w: kh * kw. The best single row (kw taps), the best single column (kh taps). */
void rewrite_ls_row(const LeastSquares *ls, const double *w, double *row);
void rewrite_ls_col(const LeastSquares *ls, const double *w, double *col);
/* The best sum of a row and a column. */
void rewrite_ls_cross(LeastSquares *ls, const double *w, double *row, double *col);
/* w'Sw. */
double rewrite_ls_norm(LeastSquares *ls, const double *w);

#endif
