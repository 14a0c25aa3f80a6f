// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/* npy.h - text for the main() of generated programs: files of tensors and weights. A
 * section begins with a marker line; those that a program needs are printed. */

/*@ error */
/* Report what is wrong with a file; returns 0. */
static int npy_error(const char *path, const char *what) {
  fprintf(stderr, "%s: error: %s\n", path, what);
  return 0;
}

/*@ read */
/* Copy n characters without the blanks; returns how many. */
static size_t npy_squeeze(char *to, const char *from, size_t n) {
  size_t length = 0;
  for (size_t i = 0; i < n; i++)
    if (from[i] != ' ' && from[i] != '\n')
      to[length++] = from[i];
  to[length] = '\0';
  return length;
}

/* Read a file that must hold exactly these bytes behind the current place. */
static int npy_rest(FILE *file, const char *path, void *data, size_t bytes) {
  if (fread(data, 1, bytes, file) != bytes)
    return npy_error(path, "too short");
  return fgetc(file) == EOF || npy_error(path, "too long");
}

/* Read an array of this element type and shape ("'descr':'<f4'", "'shape':(1,28,28,1)"). */
static int npy_load(FILE *file, const char *path, const char *descr, const char *shape, void *data,
                    size_t bytes) {
  unsigned char start[12];
  char header[4097], text[4097];
  size_t n;
  if (fread(start, 1, 10, file) != 10 || memcmp(start, "\x93NUMPY", 6) != 0)
    return npy_error(path, "not an .npy file");
  n = start[8] + 256u * start[9];
  if (start[6] > 1) {
    if (fread(start + 10, 1, 2, file) != 2)
      return npy_error(path, "too short");
    n += 65536u * start[10] + 16777216u * start[11];
  }
  if (n >= sizeof header || fread(header, 1, n, file) != n)
    return npy_error(path, "too short, or a header of more than 4096 characters");
  npy_squeeze(text, header, n);
  if (!strstr(text, descr) || !strstr(text, "'fortran_order':False") || !strstr(text, shape)) {
    fprintf(stderr, "%s: error: found %s; expected %s, %s in C order\n", path, text, descr, shape);
    return 0;
  }
  return npy_rest(file, path, data, bytes);
}

/* With descr NULL: the file is nothing but the bytes. */
static int npy_read(const char *path, const char *descr, const char *shape, void *data,
                    size_t bytes) {
  FILE *file = fopen(path, "rb");
  int ok;
  if (!file)
    return npy_error(path, "cannot be opened");
  ok = descr ? npy_load(file, path, descr, shape, data, bytes) : npy_rest(file, path, data, bytes);
  fclose(file);
  return ok;
}

/*@ write */
static int npy_write(const char *path, const char *descr, const char *shape, const void *data,
                     size_t bytes) {
  char header[256] = "\x93NUMPY\x01\x00";
  const int length =
      snprintf(header + 10, sizeof header - 10, "{%s, 'fortran_order': False, %s, }", descr, shape);
  const size_t n = ((size_t)length + 10 + 1 + 63) / 64 * 64; /* with a line feed, 64-byte steps */
  FILE *file = fopen(path, "wb");
  int ok;
  if (!file)
    return npy_error(path, "cannot be written");
  memset(header + 10 + length, ' ', n - 10 - (size_t)length - 1);
  header[n - 1] = '\n';
  header[8] = (char)((n - 10) % 256), header[9] = (char)((n - 10) / 256);
  ok = fwrite(header, 1, n, file) == n && fwrite(data, 1, bytes, file) == bytes;
  ok &= fclose(file) == 0;
  return ok || npy_error(path, "cannot be written");
}
