// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/* file.h - read whole files, and write them so that no partial output is ever left behind. */
#ifndef FUSE_FILE_H
#define FUSE_FILE_H

#include "fuse/diag.h"

/* First thing in main() of a tool: a closed pipe becomes a write error instead of SIGPIPE,
 * unfinished outputs are removed on SIGINT, SIGTERM and SIGHUP, and descriptors 0 to 2 are taken,
 * so that no file that is opened later becomes standard output. Signals that are ignored or have a
 * handler already are left alone. */
void fuse_tool_init(void);

/* Last thing in main() of a tool that prints: false when not everything reached standard output
 * (disk full, closed pipe). */
bool fuse_stdout_flush(FuseDiag *diag);

/* Bytes of a file, mapped read-only (or on the heap when the source can't be mapped: a pipe,
 * stdin). */
typedef struct FuseFile {
  const uint8_t *data; /* never NULL after a successful open, also for an empty file */
  size_t size_bytes;
  void *mapping; /* private */
  size_t mapping_bytes;
  void *heap;
} FuseFile;

/* Open `path`, or standard input for "-". A directory, a missing or unreadable file is an error.
 * The place of errors is the path, "<stdin>" for "-". */
bool fuse_file_open(const char *path, FuseFile *file, FuseDiag *diag);
/* Also for a zeroed, closed or never opened FuseFile. */
void fuse_file_close(FuseFile *file);

/* False, with an error, when an output is the regular file that is being read, under whatever name.
 * NULL and "-" (standard output) are none. */
bool fuse_file_not_input(const char *output, const char *input, FuseDiag *diag);

/* Has it no character that no text has, in its first 4 KiB? */
bool fuse_bytes_are_text(const void *data, size_t size_bytes);
/* What the content looks like, for an error that says what was found: "an empty file", "a gzip
 * file", "text", "binary data". A guess by the first bytes; a string literal, never NULL. */
const char *fuse_bytes_kind(const void *data, size_t size_bytes);

/* An output file: written beside its final name, renamed on commit, removed on abort or when the
 * process gets SIGINT, SIGTERM or SIGHUP. "-" and things that are not regular files (a pipe,
 * /dev/stdout) are written directly. Where the final name is a symbolic link, its target is
 * replaced, not the link. */
typedef struct FuseOutput {
  int fd;
  bool direct;
  char *path;      /* final name, links resolved; NULL when not open */
  char *temporary; /* NULL when direct */
  int slot;        /* private: place in the list that the signal handler removes */
} FuseOutput;      /* {0} is a closed output */

bool fuse_output_open(const char *path, FuseOutput *output, FuseDiag *diag);
/* Every byte, or an error (disk full, closed pipe), after which the output is aborted. */
bool fuse_output_write(FuseOutput *output, const void *data, size_t size_bytes, FuseDiag *diag);
/* Close, rename into place. After false nothing is left behind. */
bool fuse_output_commit(FuseOutput *output, FuseDiag *diag);
/* Remove what was written. Nothing happens when the output is closed (committed, failed, {0}). */
void fuse_output_abort(FuseOutput *output);

/* One of several outputs that belong together. */
typedef struct FuseFileText {
  const char *path;
  const char *data;
  size_t size_bytes;
} FuseFileText;

/* Write them all beside their names, then put them in place: all appear or, after an error, none,
 * unless the disk fails between the last steps. */
bool fuse_files_write(const FuseFileText *files, size_t n, FuseDiag *diag);

/* open + write + commit. */
bool fuse_file_write(const char *path, const void *data, size_t size_bytes, FuseDiag *diag);

#endif
