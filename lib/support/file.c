// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/* file.c - read whole files; write outputs that appear complete or not at all.
 *
 * The table of unfinished outputs is process-wide: a signal handler can see nothing else.
 */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <locale.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "fuse/file.h"

enum { MAX_UNFINISHED = 64, MAX_LINKS = 40, MAX_TEMPORARY_TRIES = 1000 };

/* What can't be mapped is read to its end; an endless source must end in an error. */
#define MAX_STREAM_BYTES ((size_t)2 << 30)

static bool fail(FuseDiag *diag, const char *path, const char *what, int error) {
  locale_t c = newlocale(LC_ALL_MASK, "C", (locale_t)0);
  fuse_diag_error(diag, path, "%s: %s", what, c ? strerror_l(error, c) : "unknown error");
  if (c)
    freelocale(c);
  return false;
}

static char *heap_strdup(const char *s) {
  char *copy = strdup(s);
  if (!copy)
    fuse_fatal("out of memory");
  return copy;
}

/* ---- signals ---- */

static _Atomic(char *) unfinished[MAX_UNFINISHED];
static const int ending_signals[] = {SIGINT, SIGTERM, SIGHUP};

static void remove_unfinished(int number) {
  for (int i = 0; i < MAX_UNFINISHED; i++) {
    const char *path = atomic_load(&unfinished[i]);
    if (path)
      unlink(path);
  }
  /* SA_RESETHAND has restored the default: the process ends as if there had been no handler. */
  raise(number);
}

/* Only where nobody has asked for anything else (nohup, a host program's handler). */
static void handle_if_default(int number, const struct sigaction *action) {
  struct sigaction before;
  if (sigaction(number, NULL, &before) == 0 && !(before.sa_flags & SA_SIGINFO) &&
      before.sa_handler == SIG_DFL)
    sigaction(number, action, NULL);
}

static void init_signals(void) {
  static atomic_flag done = ATOMIC_FLAG_INIT;
  if (atomic_flag_test_and_set(&done))
    return;
  struct sigaction ending = {.sa_handler = remove_unfinished, .sa_flags = (int)SA_RESETHAND};
  sigemptyset(&ending.sa_mask);
  for (size_t i = 0; i < FUSE_COUNTOF(ending_signals); i++)
    sigaddset(&ending.sa_mask, ending_signals[i]);
  for (size_t i = 0; i < FUSE_COUNTOF(ending_signals); i++)
    handle_if_default(ending_signals[i], &ending);
  struct sigaction ignore = {.sa_handler = SIG_IGN};
  sigemptyset(&ignore.sa_mask);
  handle_if_default(SIGPIPE, &ignore);
}

static void block_ending_signals(sigset_t *before) {
  sigset_t set;
  sigemptyset(&set);
  for (size_t i = 0; i < FUSE_COUNTOF(ending_signals); i++)
    sigaddset(&set, ending_signals[i]);
  pthread_sigmask(SIG_BLOCK, &set, before);
}

/* A free place in the table for path, or -1. */
static int unfinished_add(char *path) {
  for (int i = 0; i < MAX_UNFINISHED; i++) {
    char *expected = NULL;
    if (atomic_compare_exchange_strong(&unfinished[i], &expected, path))
      return i;
  }
  return -1;
}

void fuse_tool_init(void) {
  for (int fd = 0; fd <= 2; fd++) {
    /* Opened the wrong way round, so that using it is an error. */
    if (fcntl(fd, F_GETFD) == -1 && errno == EBADF &&
        open("/dev/null", fd == 0 ? O_WRONLY : O_RDONLY) != fd)
      fuse_fatal("standard input, output or error is closed and /dev/null can't be opened");
  }
  init_signals();
}

bool fuse_stdout_flush(FuseDiag *diag) {
  bool failed_before = ferror(stdout) != 0;
  errno = 0;
  if (fflush(stdout) != 0)
    return fail(diag, "<stdout>", "cannot write", errno);
  if (failed_before)
    return fuse_diag_error(diag, "<stdout>", "cannot write: not everything was printed");
  return true;
}

/* ---- reading ---- */

/* Everything up to the end of fd. */
static bool read_stream(int fd, const char *place, FuseFile *file, FuseDiag *diag) {
  size_t capacity = 0;
  for (;;) {
    if (file->size_bytes == capacity) {
      if (capacity >= MAX_STREAM_BYTES)
        return fuse_diag_error(diag, place,
                               "more than %zu bytes from a stream; expected less, or a file",
                               MAX_STREAM_BYTES);
      capacity = capacity ? 2 * capacity : 64 * 1024;
      void *grown = realloc(file->heap, capacity);
      if (!grown)
        return fuse_diag_error(diag, place, "cannot read: not enough memory for %zu bytes",
                               capacity);
      file->heap = grown;
    }
    ssize_t n = read(fd, (uint8_t *)file->heap + file->size_bytes, capacity - file->size_bytes);
    if (n == 0)
      break;
    if (n > 0)
      file->size_bytes += (size_t)n;
    else if (errno == EAGAIN)
      poll(&(struct pollfd){.fd = fd, .events = POLLIN}, 1, -1);
    else if (errno != EINTR)
      return fail(diag, place, "cannot read", errno);
  }
  file->data = file->heap;
  return true;
}

static bool read_descriptor(int fd, const char *place, FuseFile *file, FuseDiag *diag) {
  struct stat info;
  if (fstat(fd, &info) != 0)
    return fail(diag, place, "cannot read", errno);
  if (S_ISDIR(info.st_mode))
    return fuse_diag_error(diag, place, "is a directory; expected a file");
  /* A redirected standard input may stand in the middle of its file: only whole files are mapped.
   * Files of /proc say that they are empty and aren't. */
  if (S_ISREG(info.st_mode) && info.st_size > 0 && lseek(fd, 0, SEEK_CUR) == 0) {
    void *mapping = mmap(NULL, (size_t)info.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
    if (mapping != MAP_FAILED) {
      file->data = file->mapping = mapping;
      file->size_bytes = file->mapping_bytes = (size_t)info.st_size;
      return true;
    }
  }
  return read_stream(fd, place, file, diag);
}

bool fuse_file_open(const char *path, FuseFile *file, FuseDiag *diag) {
  *file = (FuseFile){0};
  if (!*path)
    return fuse_diag_error(diag, "", "an empty name of a file; expected a path");
  if (strcmp(path, "-") == 0) {
    if (read_descriptor(STDIN_FILENO, "<stdin>", file, diag))
      return true;
    fuse_file_close(file);
    return false;
  }
  int fd;
  do
    fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
  while (fd < 0 && errno == EINTR);
  if (fd < 0)
    return fail(diag, path, "cannot open", errno);
  bool good = read_descriptor(fd, path, file, diag);
  close(fd);
  if (!good)
    fuse_file_close(file);
  return good;
}

void fuse_file_close(FuseFile *file) {
  if (file->mapping)
    munmap(file->mapping, file->mapping_bytes);
  free(file->heap);
  *file = (FuseFile){0};
}

/* ---- writing ---- */

bool fuse_file_not_input(const char *output, const char *input, FuseDiag *diag) {
  struct stat a, b;
  bool same = output && strcmp(output, "-") != 0 && stat(input, &a) == 0 && stat(output, &b) == 0 &&
              a.st_dev == b.st_dev && a.st_ino == b.st_ino && S_ISREG(a.st_mode);
  return !same || fuse_diag_error(diag, output, "is the input; expected another output");
}

/* Folder part of path, with its slash; "" when there is none. */
static size_t folder_length(const char *path) {
  const char *slash = strrchr(path, '/');
  return slash ? (size_t)(slash - path) + 1 : 0;
}

/* The descriptor that a name like /dev/stdout or /dev/fd/3 stands for, or -1. Opening such a name
 * would start a redirected file anew. */
static int named_descriptor(const char *path) {
  static const char *const prefixes[] = {"/dev/fd/", "/proc/self/fd/"};
  if (strcmp(path, "-") == 0 || strcmp(path, "/dev/stdout") == 0)
    return STDOUT_FILENO;
  if (strcmp(path, "/dev/stderr") == 0)
    return STDERR_FILENO;
  for (size_t i = 0; i < FUSE_COUNTOF(prefixes); i++) {
    size_t length = strlen(prefixes[i]);
    char *end;
    if (strncmp(path, prefixes[i], length) != 0 || path[length] < '0' || path[length] > '9')
      continue;
    long fd = strtol(path + length, &end, 10);
    if (*end == '\0' && fd <= INT_MAX)
      return (int)fd;
  }
  return -1;
}

/* Follow *path (heap) while it is a symbolic link, also a dangling one. */
static bool resolve_links(char **path, const char *place, FuseDiag *diag) {
  for (int i = 0; i < MAX_LINKS; i++) {
    struct stat info;
    char target[PATH_MAX];
    if (named_descriptor(*path) >= 0 || lstat(*path, &info) != 0 || !S_ISLNK(info.st_mode))
      return true;
    ssize_t n = readlink(*path, target, sizeof target - 1);
    if (n < 0)
      return fail(diag, place, "cannot read link", errno);
    target[n] = '\0';
    size_t folder = target[0] == '/' ? 0 : folder_length(*path);
    FuseText joined = {0};
    fuse_text_append(&joined, *path, folder);
    fuse_text_puts(&joined, target);
    free(*path);
    *path = joined.data;
  }
  return fail(diag, place, "cannot create", ELOOP);
}

/* A new file in the folder of output->path; its name is known to the signal handler before any
 * signal can come. The kernel applies the umask, as for any new file. */
static bool create_temporary(FuseOutput *output, const char *place, FuseDiag *diag) {
  sigset_t before;
  int error = EEXIST;
  block_ending_signals(&before);
  for (int i = 0; i < MAX_TEMPORARY_TRIES && error == EEXIST; i++) {
    FuseText name = {0};
    fuse_text_append(&name, output->path, folder_length(output->path));
    fuse_text_printf(&name, ".fuse-%ld-%d.tmp", (long)getpid(), i);
    output->fd = open(name.data, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0666);
    error = output->fd < 0 ? errno : 0;
    if (error == 0)
      output->temporary = name.data;
    else
      fuse_text_fini(&name);
  }
  bool listed = false;
  if (error == 0) {
    output->slot = unfinished_add(output->temporary);
    listed = output->slot >= 0;
    if (!listed) {
      unlink(output->temporary);
      close(output->fd);
    }
  }
  pthread_sigmask(SIG_SETMASK, &before, NULL);
  if (error)
    return fail(diag, place, "cannot create", error);
  if (!listed)
    return fuse_diag_error(diag, place, "cannot create: %d outputs are open; expected fewer",
                           MAX_UNFINISHED);
  return true;
}

static bool open_direct(FuseOutput *output, const char *place, FuseDiag *diag) {
  int fd = named_descriptor(output->path);
  output->direct = true;
  if (fd >= 0) {
    fflush(stdout); /* keeps the order of what a tool prints; fuse_stdout_flush reports errors */
    output->fd = fcntl(fd, F_DUPFD_CLOEXEC, 3);
  } else {
    do
      output->fd = open(output->path, O_WRONLY | O_CLOEXEC | O_NOCTTY);
    while (output->fd < 0 && errno == EINTR);
  }
  return output->fd >= 0 || fail(diag, place, "cannot open for writing", errno);
}

static void output_free(FuseOutput *output) {
  free(output->path);
  free(output->temporary);
  *output = (FuseOutput){.fd = -1};
}

static const char *output_place(const FuseOutput *output) {
  return strcmp(output->path, "-") == 0 ? "<stdout>" : output->path;
}

static bool open_resolved(FuseOutput *output, const char *place, FuseDiag *diag) {
  struct stat info;
  if (named_descriptor(output->path) >= 0)
    return open_direct(output, place, diag);
  if (stat(output->path, &info) != 0)
    return create_temporary(output, place, diag);
  if (S_ISDIR(info.st_mode))
    return fuse_diag_error(diag, place, "is a directory; expected a file");
  if (!S_ISREG(info.st_mode))
    return open_direct(output, place, diag);
  /* A rename would replace a write-protected file. */
  if (access(output->path, W_OK) != 0)
    return fail(diag, place, "cannot write", errno);
  return create_temporary(output, place, diag);
}

bool fuse_output_open(const char *path, FuseOutput *output, FuseDiag *diag) {
  init_signals();
  *output = (FuseOutput){.fd = -1};
  if (path[0] == '\0')
    return fuse_diag_error(diag, "", "empty name of an output file; expected a path");
  output->path = heap_strdup(path);
  const char *place = strcmp(path, "-") == 0 ? "<stdout>" : path;
  if (resolve_links(&output->path, place, diag) && open_resolved(output, place, diag))
    return true;
  output_free(output);
  return false;
}

bool fuse_output_write(FuseOutput *output, const void *data, size_t size_bytes, FuseDiag *diag) {
  FUSE_ASSERT(output->path);
  const uint8_t *at = data;
  while (size_bytes > 0) {
    ssize_t n = write(output->fd, at, size_bytes);
    if (n >= 0) {
      at += n;
      size_bytes -= (size_t)n;
    } else if (errno == EAGAIN) {
      poll(&(struct pollfd){.fd = output->fd, .events = POLLOUT}, 1, -1);
    } else if (errno != EINTR) {
      fail(diag, output_place(output), "cannot write", errno);
      fuse_output_abort(output);
      return false;
    }
  }
  return true;
}

bool fuse_output_commit(FuseOutput *output, FuseDiag *diag) {
  FUSE_ASSERT(output->path);
  int fd = output->fd;
  output->fd = -1;
  bool good =
      close(fd) == 0 || errno == EINTR || fail(diag, output_place(output), "cannot write", errno);
  if (good && !output->direct) {
    good = rename(output->temporary, output->path) == 0 ||
           fail(diag, output_place(output), "cannot rename into place", errno);
    if (good)
      atomic_store(&unfinished[output->slot], NULL);
  }
  if (!good)
    fuse_output_abort(output);
  else
    output_free(output);
  return good;
}

void fuse_output_abort(FuseOutput *output) {
  if (!output->path)
    return;
  if (output->fd >= 0)
    close(output->fd);
  if (!output->direct) {
    unlink(output->temporary);
    atomic_store(&unfinished[output->slot], NULL);
  }
  output_free(output);
}

bool fuse_file_write(const char *path, const void *data, size_t size_bytes, FuseDiag *diag) {
  FuseOutput output;
  return fuse_output_open(path, &output, diag) &&
         fuse_output_write(&output, data, size_bytes, diag) && fuse_output_commit(&output, diag);
}

bool fuse_files_write(const FuseFileText *files, size_t n, FuseDiag *diag) {
  FuseArena arena = {0};
  FuseOutput *outputs = fuse_alloc_array(&arena, n, sizeof *outputs);
  size_t n_open = 0;
  bool ok = true;
  for (size_t i = 0; ok && i < n; i++) {
    ok = fuse_output_open(files[i].path, &outputs[i], diag);
    n_open += ok;
  }
  for (size_t i = 0; ok && i < n_open; i++)
    ok = fuse_output_write(&outputs[i], files[i].data, files[i].size_bytes, diag);
  for (size_t i = 0; i < n_open; i++) {
    if (ok)
      ok = fuse_output_commit(&outputs[i], diag);
    else
      fuse_output_abort(&outputs[i]);
  }
  fuse_arena_fini(&arena);
  return ok;
}
