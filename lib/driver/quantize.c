// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/* quantize.c - a float model to int8, by the Python package (python/fuse/quantize.py), which leaves
 * it to ONNX Runtime.
 *
 * needs: a Python with the packages of deps/python.txt: FUSE_PYTHON, or the build's, or python3
 * gives: a file in a folder of its own, which whoever asked for it removes
 */
#include <errno.h>
#include <limits.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "fuse/driver.h"

extern char **environ;

/* A path from the folder that this program lies in; NULL when nothing is there. */
static const char *beside_program(FuseArena *arena, const char *path) {
  char program[PATH_MAX];
  const ssize_t n = readlink("/proc/self/exe", program, sizeof program - 1);
  if (n <= 0)
    return NULL;
  program[n] = '\0';
  const char *slash = strrchr(program, '/');
  const char *found = fuse_format(arena, "%.*s/%s", (int)(slash - program), program, path);
  return access(found, F_OK) == 0 ? found : NULL;
}

static const char *find_python(FuseArena *arena) {
  const char *given = getenv("FUSE_PYTHON");
  const char *built = given ? given : beside_program(arena, "../venv/bin/python");
  return built ? built : "python3";
}

/* Our environment; with the Python package of the checkout or of the installed tree on the path. */
static char **child_environment(FuseArena *arena) {
  static const char variable[] = "PYTHONPATH=";
  const char *checkout = beside_program(arena, "../../python/fuse/quantize.py");
  const char *package = checkout ? beside_program(arena, "../../python")
                                 : beside_program(arena, "../share/fuse/python");
  const char *before = getenv("PYTHONPATH");
  size_t n = 0;
  while (environ[n])
    n++;
  char **list = fuse_alloc_array(arena, n + 2, sizeof *list);
  size_t kept = 0;
  for (size_t i = 0; i < n; i++)
    if (!package || strncmp(environ[i], variable, sizeof variable - 1) != 0)
      list[kept++] = environ[i];
  if (package)
    list[kept] = fuse_format(arena, "%s%s%s%s", variable, package, before && *before ? ":" : "",
                             before && *before ? before : "");
  return list;
}

/* Run a command whose standard output joins its standard error. It says itself what is wrong. */
static bool run_child(FuseArena *arena, char *const *words, FuseDiag *diag) {
  posix_spawn_file_actions_t actions;
  pid_t child;
  int status = 0, why;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, STDERR_FILENO, STDOUT_FILENO);
  why = posix_spawnp(&child, words[0], &actions, NULL, words, child_environment(arena));
  posix_spawn_file_actions_destroy(&actions);
  if (why)
    return fuse_diag_error(diag, "",
                           "--quantize: cannot run %s: %s; FUSE_PYTHON names another Python",
                           words[0], strerror(why));
  while (waitpid(child, &status, 0) < 0)
    if (errno != EINTR)
      return fuse_diag_error(diag, "", "--quantize: %s: %s", words[0], strerror(errno));
  if (WIFSIGNALED(status))
    return fuse_diag_error(diag, "", "--quantize: %s: ended by signal %d", words[0],
                           WTERMSIG(status));
  return WEXITSTATUS(status) == 0;
}

bool fuse_quantize(FuseArena *arena, const char *model, const char *samples, FuseQuantized *made,
                   FuseDiag *diag) {
  const char *temporary = getenv("TMPDIR");
  char *folder = fuse_format(arena, "%s/fuse-XXXXXX", temporary && *temporary ? temporary : "/tmp");
  if (!mkdtemp(folder))
    return fuse_diag_error(diag, folder, "cannot create the folder: %s", strerror(errno));
  made->folder = folder;
  made->path = fuse_format(arena, "%s/%s", folder, fuse_default_output(arena, model, "int8.onnx"));
  const char *words[] = {find_python(arena), "-m", "fuse.quantize", "--per-channel", "-o",
                         made->path,         "--", model,           samples};
  char *argv[FUSE_COUNTOF(words) + 1] = {NULL}; /* of copies: what is run may write to them */
  for (size_t i = 0; i < FUSE_COUNTOF(words); i++)
    argv[i] = fuse_strdup(arena, words[i]);
  return run_child(arena, argv, diag);
}

void fuse_quantized_remove(const FuseQuantized *made) {
  if (made->path)
    (void)unlink(made->path);
  if (made->folder)
    (void)rmdir(made->folder);
}
