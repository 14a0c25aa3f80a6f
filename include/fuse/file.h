// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/* file.h - read whole files, and write them so that no partial output is ever left behind. */
#ifndef FUSE_FILE_H
#define FUSE_FILE_H

#include "fuse/diag.h"

/* Bytes of a file, mapped read-only (or on the heap when the source can't be mapped: a pipe,
 * stdin). */
typedef struct FuseFile {
  const uint8_t *data; /* never NULL after a successful open, also for an empty file */
  size_t size_bytes;
  void *mapping; /* private */
  size_t mapping_bytes;
  void *heap;
} FuseFile;

/* Open `path`, or standard input for "-". A directory, a missing or unreadable file is an error. */
bool fuse_file_open(const char *path, FuseFile *file, FuseDiag *diag);
void fuse_file_close(FuseFile *file);

/* An output file: written beside its final name, renamed on commit, removed on abort or when the
 * process gets SIGINT, SIGTERM or SIGHUP. "-" and things that are not regular files (a pipe,
 * /dev/stdout) are written directly. */
typedef struct FuseOutput {
  int fd;
  bool direct;
  char *path;      /* final name */
  char *temporary; /* NULL when direct */
  int slot;        /* private: place in the list that the signal handler removes */
} FuseOutput;

bool fuse_output_open(const char *path, FuseOutput *output, FuseDiag *diag);
/* Every byte or an error (disk full, closed pipe). */
bool fuse_output_write(FuseOutput *output, const void *data, size_t size_bytes, FuseDiag *diag);
/* Flush, rename into place, close. After false nothing is left behind. */
bool fuse_output_commit(FuseOutput *output, FuseDiag *diag);
void fuse_output_abort(FuseOutput *output);

/* open + write + commit. */
bool fuse_file_write(const char *path, const void *data, size_t size_bytes, FuseDiag *diag);

#endif
