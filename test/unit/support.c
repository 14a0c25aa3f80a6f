// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/* support.c - unit test of lib/support. usage: support SCRATCH_FOLDER (empty) */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <locale.h>
#include <setjmp.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "fuse/file.h"
#include "unit.h"

static const char *folder;
static FuseArena arena;

static const char *in_folder(const char *name) {
  return fuse_format(&arena, "%s/%s", folder, name);
}

static int n_files(void) {
  int n = 0;
  DIR *dir = opendir(folder);
  for (struct dirent *entry; (entry = readdir(dir));)
    n += strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0;
  closedir(dir);
  return n;
}

static void test_arith(void) {
  size_t size = 7;
  CHECK(fuse_mul_size(3, 5, &size) && size == 15);
  CHECK(fuse_mul_size(0, SIZE_MAX, &size) && size == 0);
  CHECK(fuse_mul_size(SIZE_MAX, 1, &size) && size == SIZE_MAX);
  CHECK(!fuse_mul_size(SIZE_MAX / 2 + 1, 2, &size) && size == SIZE_MAX);
  CHECK(fuse_add_size(SIZE_MAX - 1, 1, &size) && size == SIZE_MAX);
  CHECK(!fuse_add_size(SIZE_MAX, 1, &size) && size == SIZE_MAX);

  int64_t product = 7;
  CHECK(fuse_mul_dims(NULL, 0, &product) && product == 1);
  CHECK(fuse_mul_dims((int64_t[]){2, 3, 4}, 3, &product) && product == 24);
  CHECK(fuse_mul_dims((int64_t[]){INT64_MAX, INT64_MAX, 0}, 3, &product) && product == 0);
  CHECK(fuse_mul_dims((int64_t[]){INT64_MAX, 1}, 2, &product) && product == INT64_MAX);
  CHECK(!fuse_mul_dims((int64_t[]){INT64_MAX / 2 + 1, 2}, 2, &product) && product == INT64_MAX);
  CHECK(!fuse_mul_dims((int64_t[]){0, -1}, 2, &product) && product == INT64_MAX);

  CHECK(fuse_ceil_div(7, 3) == 3 && fuse_ceil_div(6, 3) == 2 && fuse_ceil_div(0, 3) == 0);
  CHECK(fuse_ceil_div(-7, 3) == -2 && fuse_ceil_div(-6, 3) == -2);
  CHECK(fuse_floor_div(7, 3) == 2 && fuse_floor_div(6, 3) == 2);
  CHECK(fuse_floor_div(-7, 3) == -3 && fuse_floor_div(-6, 3) == -2);

  uint8_t bytes[8];
  fuse_put64(bytes, UINT64_C(0xf1e2d3c4b5a69788));
  CHECK(bytes[0] == 0x88 && bytes[7] == 0xf1);
  CHECK(fuse_get64(bytes) == UINT64_C(0xf1e2d3c4b5a69788));
  CHECK(fuse_get32(bytes) == 0xb5a69788 && fuse_get16(bytes + 6) == 0xf1e2);
}

static void check_sha256(const char *data, size_t size, const char *expected) {
  uint8_t hash[32];
  char hex[65];
  fuse_sha256(data, size, hash);
  for (int i = 0; i < 32; i++)
    snprintf(hex + 2 * i, 3, "%02x", hash[i]);
  CHECK_STR(hex, expected);
}

/* NIST's example values (one block, two blocks), its long message of a million "a", the empty
 * message, and the lengths around which the padding changes (values by Python's hashlib). */
static void test_sha256(void) {
  check_sha256("", 0, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  check_sha256(NULL, 0, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  check_sha256("abc", 3, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  check_sha256("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq", 56,
               "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
  size_t million = 1000000;
  char *a = fuse_alloc(&arena, million);
  memset(a, 'a', million);
  check_sha256(a, million, "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
  check_sha256(a, 55, "9f4390f8d30c2dd92ec9f095b65e2b9ae9b0a925a5258e241c9f1e910f734318");
  check_sha256(a, 56, "b35439a4ac6f0948b6d6f9e3c6af0f5f590ce20f1bde7090ef7970686ec6738a");
  check_sha256(a, 63, "7d3e74a05d7db15bce4ad9ec0658ea98e3f06eeecf16b4c6fff2da457ddc2f34");
  check_sha256(a, 64, "ffe054fe7ae0cb6dc65c3af9b61d5209f439851db43d0ba5997337df154668eb");
}

static jmp_buf fatal_jump;
static char fatal_reason[128];

static void on_fatal(const char *reason, void *user) {
  (void)user;
  snprintf(fatal_reason, sizeof fatal_reason, "%s", reason);
  longjmp(fatal_jump, 1);
}

static void test_arena(void) {
  FuseArena a = {0};
  size_t total = 0;
  unsigned state = 1;
  for (int round = 0; round < 3; round++) {
    for (int i = 0; i < 2000; i++) {
      state = state * 1103515245u + 12345u;
      size_t size = i % 100 == 0 ? 100000 : (state >> 16) % 300;
      uint8_t *p = fuse_alloc(&a, size);
      bool zero = true;
      for (size_t k = 0; k < size; k++)
        zero &= p[k] == 0;
      if (!zero || (uintptr_t)p % 16 != 0) {
        CHECK(!"zeroed and aligned to 16");
        return;
      }
      memset(p, 0xa5, size);
      total += size;
    }
    CHECK(a.used_bytes >= total);
    fuse_arena_reset(&a);
    CHECK(a.used_bytes == 0 && a.peak_bytes >= total);
    total = 0;
  }
  CHECK(fuse_alloc(&a, 0) != fuse_alloc(&a, 0));
  CHECK_STR(fuse_strndup(&a, "abcdef", 3), "abc");
  CHECK_STR(fuse_strdup(&a, ""), "");
  CHECK_STR(fuse_format(&a, "%s-%05d", "x", 42), "x-00042");
  CHECK(memcmp(fuse_memdup(&a, "a\0b", 3), "a\0b", 3) == 0);

  int *items = NULL;
  size_t n = 0, capacity = 0;
  for (int i = 0; i < 1000; i++) {
    items = fuse_grow(&a, items, n, &capacity, n + 1, sizeof *items);
    items[n++] = i;
  }
  CHECK(items[0] == 0 && items[500] == 500 && items[999] == 999 && capacity >= 1000);

  fuse_set_fatal_handler(on_fatal, NULL);
  if (setjmp(fatal_jump) == 0) {
    fuse_alloc_array(&a, SIZE_MAX / 2, 4);
    CHECK(!"an array whose size overflows is fatal");
  }
  CHECK(strstr(fatal_reason, "out of memory"));
  if (setjmp(fatal_jump) == 0) {
    fuse_alloc(&a, SIZE_MAX - 3);
    CHECK(!"a size near SIZE_MAX is fatal");
  }
  if (setjmp(fatal_jump) == 0) {
    FUSE_ASSERT(n == 1001);
    CHECK(!"a broken invariant is fatal");
  }
  CHECK(strstr(fatal_reason, "support.c:") && strstr(fatal_reason, "n == 1001"));
  fuse_set_fatal_handler(NULL, NULL);
  fuse_arena_fini(&a);
  CHECK(!a.blocks && a.used_bytes == 0);
}

static void check_escaped(const char *in, size_t length, const char *expected) {
  FuseText text = {0};
  fuse_text_escaped(&text, in, length);
  CHECK_STR(text.data, expected);
  fuse_text_fini(&text);
}

static void test_text(void) {
  FuseText text = {0};
  FuseText expected = {0};
  for (int i = 0; i < 500; i++) {
    char number[16];
    fuse_text_printf(&text, "%d,", i);
    snprintf(number, sizeof number, "%d,", i);
    fuse_text_puts(&expected, number);
  }
  CHECK(text.length == expected.length);
  CHECK_STR(text.data, expected.data);
  fuse_text_fini(&text);
  CHECK(!text.data && text.length == 0);
  fuse_text_printf(&text, "%2000d", 1); /* longer than any first capacity */
  CHECK(text.length == 2000 && text.data[1999] == '1');
  fuse_text_fini(&text);
  fuse_text_fini(&expected);

  /* The decimal point is a point under any locale that is installed. */
  if (setlocale(LC_ALL, "de_DE.UTF-8") || setlocale(LC_ALL, "de_DE")) {
    CHECK_STR(fuse_format(&arena, "%.2f", 1.5), "1.50");
    setlocale(LC_ALL, "C");
  }

  CHECK(fuse_utf8_valid("", 0) && fuse_utf8_valid("a\xc3\xa4\xc2\x9b", 5));
  CHECK(!fuse_utf8_valid("a\0", 2) && !fuse_utf8_valid("\xc3", 1));
  CHECK(!fuse_utf8_valid("\xc0\xaf", 2) && !fuse_utf8_valid("\xed\xa0\x80", 3));
  CHECK(fuse_text_distance("", "") == 0 && fuse_text_distance("conv_1", "conv_1") == 0);
  CHECK(fuse_text_distance("conv", "con") == 1 && fuse_text_distance("conv", "cone") == 1);
  CHECK(fuse_text_distance("kitten", "sitting") == 3 && fuse_text_distance("", "abc") == 3);
  char long_name[66] = {0}; /* one more than it takes */
  memset(long_name, 'a', 65);
  CHECK(fuse_text_distance(long_name, "a") == SIZE_MAX &&
        fuse_text_distance("a", long_name + 1) == 63);
  CHECK(fuse_text_typo("") == 1 && fuse_text_typo("keep") == 2);
  check_escaped("", 0, "");
  check_escaped("conv_1/x", 8, "conv_1/x");
  check_escaped("a\n\t\r\\\"'\0\x1b[31m", 13, "a\\n\\t\\r\\\\\\\"\\'\\x00\\x1b[31m");
  check_escaped("\xc3\xa4\xe2\x82\xac\xf0\x9f\x98\x80", 9, "\xc3\xa4\xe2\x82\xac\xf0\x9f\x98\x80");
  check_escaped("\xc3", 1, "\\xc3");                            /* cut short */
  check_escaped("\xc0\xaf", 2, "\\xc0\\xaf");                   /* overlong */
  check_escaped("\xed\xa0\x80", 3, "\\xed\\xa0\\x80");          /* surrogate */
  check_escaped("\xc2\x9b", 2, "\\xc2\\x9b");                   /* C1 control */
  check_escaped("\xf4\x90\x80\x80", 4, "\\xf4\\x90\\x80\\x80"); /* above U+10FFFF */

  char longest[203], cut[204];
  memset(longest, 'x', sizeof longest);
  longest[200] = '\0';
  check_escaped(longest, 200, longest);
  longest[200] = 'x';
  memset(cut, 'x', 200);
  strcpy(cut + 200, "...");
  check_escaped(longest, 201, cut);
  longest[199] = '\xc3', longest[200] = '\xa4'; /* would straddle the cut */
  strcpy(cut + 199, "...");
  check_escaped(longest, 201, cut);
}

static void test_diag(void) {
  FuseDiag diag = {0};
  CHECK(!fuse_diag_error(&diag, "net.onnx:node 3", "found %d; expected %d", 2, 4));
  CHECK(!fuse_diag_error(&diag, "elsewhere", "second"));
  CHECK(diag.set);
  CHECK_STR(diag.place, "net.onnx:node 3");
  CHECK_STR(diag.message, "found 2; expected 4");

  char longer[3000];
  memset(longer, 'y', sizeof longer);
  longer[2999] = '\0';
  diag = (FuseDiag){0};
  fuse_diag_error(&diag, longer, "%s", longer);
  CHECK(strlen(diag.place) == sizeof diag.place - 1 && strlen(diag.message) == 1023);
  CHECK_STR(diag.message + 1018, "yy...");

  /* What is printed, through a file in place of stderr. */
  const char *path = in_folder("stderr");
  int saved = dup(STDERR_FILENO);
  int fd = open(path, O_RDWR | O_CREAT | O_TRUNC, 0600);
  dup2(fd, STDERR_FILENO);
  fuse_diag_emit(FUSE_ERROR, "a:1", "m\nn");
  fuse_diag_emit(FUSE_WARNING, "", "w");
  fuse_diag_say(FUSE_NOTE, NULL, "%d%%", 5);
  dup2(saved, STDERR_FILENO);
  close(saved);
  close(fd);
  FuseFile file;
  diag = (FuseDiag){0};
  CHECK(fuse_file_open(path, &file, &diag));
  CHECK_STR(fuse_strndup(&arena, (const char *)file.data, file.size_bytes),
            "a:1: error: m\\x0an\nwarning: w\nnote: 5%\n");
  fuse_file_close(&file);
  unlink(path);
}

static bool file_is(const char *path, const char *expected) {
  FuseFile file;
  FuseDiag diag = {0};
  if (!fuse_file_open(path, &file, &diag))
    return false;
  bool same =
      file.size_bytes == strlen(expected) && memcmp(file.data, expected, file.size_bytes) == 0;
  fuse_file_close(&file);
  return same;
}

/* The error message of opening path for reading. */
static const char *open_error(const char *path) {
  FuseFile file;
  FuseDiag diag = {0};
  CHECK(!fuse_file_open(path, &file, &diag) && diag.set);
  CHECK_STR(diag.place, path);
  return fuse_strdup(&arena, diag.message);
}

static void test_read(void) {
  FuseFile file;
  FuseDiag diag = {0};
  CHECK_STR(open_error(in_folder("missing")), "cannot open: No such file or directory");
  CHECK_STR(open_error(folder), "is a directory; expected a file");

  const char *path = in_folder("empty");
  CHECK(fuse_file_write(path, "", 0, &diag));
  CHECK(fuse_file_open(path, &file, &diag) && file.data && file.size_bytes == 0);
  fuse_file_close(&file);
  fuse_file_close(&file); /* closed already */
  unlink(path);

  /* A file of /proc says that it has no bytes. */
  CHECK(fuse_file_open("/proc/self/status", &file, &diag) && file.size_bytes > 100);
  fuse_file_close(&file);

  /* A pipe in place of standard input, more than its buffer. */
  size_t size = 300000;
  uint8_t *bytes = fuse_alloc(&arena, size);
  for (size_t i = 0; i < size; i++)
    bytes[i] = (uint8_t)(i * 7 + i / 251);
  int ends[2];
  CHECK(pipe(ends) == 0);
  pid_t child = fork();
  if (child == 0) {
    close(ends[0]);
    for (size_t i = 0; i < size; i += 1000)
      if (write(ends[1], bytes + i, 1000) != 1000)
        _exit(1);
    _exit(0);
  }
  close(ends[1]);
  int saved = dup(STDIN_FILENO);
  dup2(ends[0], STDIN_FILENO);
  close(ends[0]);
  CHECK(fuse_file_open("-", &file, &diag) && file.size_bytes == size);
  CHECK(file.size_bytes == size && memcmp(file.data, bytes, size) == 0);
  fuse_file_close(&file);
  waitpid(child, NULL, 0);

  /* Standard input in the middle of a file: what is left. */
  path = in_folder("middle");
  CHECK(fuse_file_write(path, "0123456789", 10, &diag));
  int fd = open(path, O_RDONLY);
  dup2(fd, STDIN_FILENO);
  close(fd);
  lseek(STDIN_FILENO, 4, SEEK_SET);
  CHECK(fuse_file_open("-", &file, &diag) && file.size_bytes == 6 &&
        memcmp(file.data, "456789", 6) == 0);
  fuse_file_close(&file);
  dup2(saved, STDIN_FILENO);
  close(saved);
  unlink(path);
  CHECK(!diag.set && n_files() == 0);
}

static void test_write(void) {
  FuseDiag diag = {0};
  FuseOutput output = {0};
  fuse_output_abort(&output); /* a zeroed output is closed */
  const char *path = in_folder("out");

  /* Nothing under the final name before the commit; nothing at all after an abort. */
  umask(027);
  CHECK(fuse_output_open(path, &output, &diag) && fuse_output_write(&output, "ab", 2, &diag));
  CHECK(access(path, F_OK) != 0 && n_files() == 1);
  CHECK(fuse_output_write(&output, "c", 1, &diag) && fuse_output_commit(&output, &diag));
  CHECK(file_is(path, "abc") && n_files() == 1);
  struct stat info;
  CHECK(stat(path, &info) == 0 && (info.st_mode & 0777) == 0640);
  fuse_output_abort(&output); /* committed already */
  CHECK(fuse_output_open(path, &output, &diag) && fuse_output_write(&output, "zz", 2, &diag));
  CHECK(n_files() == 2);
  fuse_output_abort(&output);
  CHECK(file_is(path, "abc") && n_files() == 1);

  /* Links: the target is replaced, also one that doesn't exist yet. */
  CHECK(symlink("out", in_folder("link")) == 0 && symlink("link", in_folder("link2")) == 0);
  CHECK(fuse_file_write(in_folder("link2"), "new", 3, &diag) && file_is(path, "new"));
  CHECK(lstat(in_folder("link2"), &info) == 0 && S_ISLNK(info.st_mode));
  unlink(path);
  CHECK(fuse_file_write(in_folder("link2"), "again", 5, &diag) && file_is(path, "again"));
  CHECK(!diag.set);
  unlink(in_folder("link2"));
  unlink(in_folder("link"));
  CHECK(symlink("loop", in_folder("loop")) == 0);
  CHECK(!fuse_file_write(in_folder("loop"), "x", 1, &diag));
  CHECK(strstr(diag.message, "symbolic links"));
  unlink(in_folder("loop"));

  /* Refusals. */
  diag = (FuseDiag){0};
  CHECK(!fuse_file_write(folder, "x", 1, &diag));
  CHECK_STR(diag.message, "is a directory; expected a file");
  diag = (FuseDiag){0};
  CHECK(!fuse_file_write(in_folder("no/where"), "x", 1, &diag));
  CHECK_STR(diag.place, in_folder("no/where"));
  CHECK_STR(diag.message, "cannot create: No such file or directory");
  diag = (FuseDiag){0};
  CHECK(!fuse_file_write("", "x", 1, &diag));
  CHECK_STR(diag.message, "empty name of an output file; expected a path");
  diag = (FuseDiag){0};
  CHECK(!fuse_file_write("/dev/full", "x", 1, &diag));
  CHECK_STR(diag.message, "cannot write: No space left on device");
  if (geteuid() != 0) { /* root may write anywhere */
    diag = (FuseDiag){0};
    chmod(path, 0444);
    CHECK(!fuse_file_write(path, "x", 1, &diag));
    CHECK_STR(diag.message, "cannot write: Permission denied");
  }

  /* A FIFO is written directly. */
  diag = (FuseDiag){0};
  const char *fifo = in_folder("fifo");
  CHECK(mkfifo(fifo, 0600) == 0);
  int reader = open(fifo, O_RDONLY | O_NONBLOCK);
  CHECK(fuse_file_write(fifo, "through", 7, &diag));
  char got[8] = {0};
  CHECK(read(reader, got, 7) == 7);
  CHECK_STR(got, "through");
  close(reader);
  unlink(fifo);
  unlink(path);
  CHECK(n_files() == 0);
}

/* "-" and /dev/stdout continue a redirected standard output where it stands. */
static void test_standard_output(void) {
  FuseDiag diag = {0};
  const char *path = in_folder("redirected");
  fflush(stdout);
  int saved = dup(STDOUT_FILENO);
  int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);
  dup2(fd, STDOUT_FILENO);
  close(fd);
  printf("a");
  bool good = fuse_file_write("-", "b", 1, &diag);
  printf("c");
  good &= fuse_file_write("/dev/stdout", "d", 1, &diag);
  good &= fuse_stdout_flush(&diag);
  fd = open("/dev/full", O_WRONLY);
  dup2(fd, STDOUT_FILENO);
  close(fd);
  printf("lost");
  bool flushed = fuse_stdout_flush(&diag);
  clearerr(stdout);
  dup2(saved, STDOUT_FILENO);
  close(saved);
  CHECK(good && file_is(path, "abcd"));
  CHECK(!flushed);
  CHECK_STR(diag.place, "<stdout>");
  CHECK_STR(diag.message, "cannot write: No space left on device");
  unlink(path);
}

static void test_signals(void) {
  /* An unfinished output is removed, and the process ends by the signal. */
  static const int signals[] = {SIGINT, SIGTERM, SIGHUP};
  for (size_t i = 0; i < FUSE_COUNTOF(signals); i++) {
    int status = 0;
    pid_t child = fork();
    if (child == 0) {
      FuseDiag diag = {0};
      FuseOutput first, second;
      if (!fuse_output_open(in_folder("killed"), &first, &diag) ||
          !fuse_output_open(in_folder("killed too"), &second, &diag) || n_files() != 2)
        _exit(3);
      raise(signals[i]);
      _exit(4);
    }
    waitpid(child, &status, 0);
    CHECK(WIFSIGNALED(status) && WTERMSIG(status) == signals[i]);
    CHECK(n_files() == 0);
  }

  /* A closed pipe is an error, not a signal. */
  int ends[2], status = 0;
  CHECK(pipe(ends) == 0);
  pid_t child = fork();
  if (child == 0) {
    FuseDiag diag = {0};
    close(ends[0]);
    dup2(ends[1], STDOUT_FILENO);
    fuse_tool_init();
    if (fuse_file_write("-", "x", 1, &diag) || !strstr(diag.message, "Broken pipe"))
      _exit(3);
    printf("x");
    diag = (FuseDiag){0};
    _exit(fuse_stdout_flush(&diag) || !strstr(diag.message, "Broken pipe") ? 4 : 0);
  }
  close(ends[0]);
  close(ends[1]);
  waitpid(child, &status, 0);
  CHECK(WIFEXITED(status) && WEXITSTATUS(status) == 0);

  /* With a closed standard output, what is printed must not end up in the output file. */
  child = fork();
  if (child == 0) {
    FuseDiag diag = {0};
    close(STDOUT_FILENO);
    fuse_tool_init();
    FuseOutput output;
    bool good = fuse_output_open(in_folder("closed"), &output, &diag);
    printf("x");
    good &= !fuse_stdout_flush(&diag) && fuse_output_commit(&output, &diag);
    _exit(good && file_is(in_folder("closed"), "") ? 0 : 3);
  }
  waitpid(child, &status, 0);
  CHECK(WIFEXITED(status) && WEXITSTATUS(status) == 0);
  unlink(in_folder("closed"));
}

int main(int argc, char **argv) {
  if (argc != 2)
    return 2;
  folder = argv[1];
  signal(SIGINT, SIG_DFL); /* what is ignored stays ignored, and a test runner may ignore it */
  signal(SIGPIPE, SIG_DFL);
  test_arith();
  test_sha256();
  test_arena();
  test_text();
  test_diag();
  test_read();
  test_write();
  test_standard_output();
  fflush(stdout); /* children must not print it again */
  test_signals();
  fuse_arena_fini(&arena);
  return unit_result();
}
