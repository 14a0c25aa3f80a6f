// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/* kind.c - what a file is that can't be used, by its first bytes: for errors only.
 *
 * needs: the bytes, nothing of them trusted
 * gives: words for a message, with their article
 * source: the formats' own documents; `file` has more of them
 */
#include <string.h>

#include "fuse/file.h"

#define PROBE_BYTES 4096 /* looked at to tell text from binary */

typedef struct Magic {
  size_t at, length;
  const char *bytes, *kind;
} Magic;

#define MAGIC(at, bytes, kind) {at, sizeof(bytes) - 1, bytes, kind}
/* The first that fits; ELF with machine 0 and type 1 (relocatable) is ours. */
static const Magic magics[] = {
    MAGIC(0, "\177ELF\2\1\1\0\0\0\0\0\0\0\0\0\1\0\0\0", "a .stos object"),
    MAGIC(0, "\177ELF", "an ELF file"),
    MAGIC(0, "ML\xEFR", "MLIR bytecode"),
    MAGIC(0, "PK\3\4", "a zip archive (a PyTorch or Keras model?)"),
    MAGIC(0, "\x1f\x8b", "a gzip file"),
    MAGIC(0, "BZh", "a bzip2 file"),
    MAGIC(0,
          "\xfd"
          "7zXZ\0",
          "an xz file"),
    MAGIC(0, "\x28\xb5\x2f\xfd", "a zstd file"),
    MAGIC(257, "ustar", "a tar archive"),
    MAGIC(0, "\x80\2", "a Python pickle (a PyTorch model?)"),
    MAGIC(0, "\x80\3", "a Python pickle (a PyTorch model?)"),
    MAGIC(0, "\x80\4", "a Python pickle (a PyTorch model?)"),
    MAGIC(0, "\x80\5", "a Python pickle (a PyTorch model?)"),
    MAGIC(4, "TFL3", "a TensorFlow Lite model"),
    MAGIC(0, "\x89HDF\r\n\x1a\n", "an HDF5 file (a Keras model?)"),
    MAGIC(0, "\x93NUMPY", "a NumPy array"),
    MAGIC(5, "\0\0\0{\"", "a safetensors file (weights without a network)"),
    MAGIC(0, "version https://git-lfs.github.com/spec/",
          "a Git LFS pointer (`git lfs pull` fetches the file itself)"),
};

bool fuse_bytes_are_text(const void *data, size_t size_bytes) {
  const uint8_t *bytes = data;
  size_t n = size_bytes < PROBE_BYTES ? size_bytes : PROBE_BYTES;
  for (size_t i = 0; i < n; i++)
    if (bytes[i] < ' ' && !memchr("\t\n\r\f\v", bytes[i], 5))
      return false;
  return true;
}

/* Does text begin with this, whatever the case of its letters? */
static bool begins_with(const char *s, size_t length, const char *lower) {
  size_t i = 0;
  for (; lower[i]; i++)
    if (i >= length || (s[i] >= 'A' && s[i] <= 'Z' ? s[i] - 'A' + 'a' : s[i]) != lower[i])
      return false;
  return true;
}

static const char *text_kind(const char *s, size_t length) {
  while (length && strchr(" \t\r\n", *s))
    s++, length--;
  if (length == 0)
    return "blank text";
  if (begins_with(s, length, "<!doctype html") || begins_with(s, length, "<html"))
    return "a web page (a failed download?)";
  if (*s == '<')
    return "XML";
  if (length > 1 && *s == '{' && strchr(" \t\r\n\"}", s[1]))
    return "JSON";
  return "text";
}

/* Begins like a ModelProto: ir_version, then the tag of a string or message that comes next. */
static bool is_like_onnx(const uint8_t *bytes, size_t size_bytes) {
  return size_bytes > 2 && bytes[0] == 0x08 && bytes[1] < 32 && bytes[2] && bytes[2] < 0x80 &&
         memchr("\x12\x1a\x22\x32\x3a\x42", bytes[2], 6);
}

const char *fuse_bytes_kind(const void *data, size_t size_bytes) {
  const uint8_t *bytes = data;
  if (size_bytes == 0)
    return "an empty file";
  for (size_t i = 0; i < FUSE_COUNTOF(magics); i++) {
    const Magic *m = &magics[i];
    if (m->at < size_bytes && size_bytes - m->at >= m->length &&
        memcmp(bytes + m->at, m->bytes, m->length) == 0)
      return m->kind;
  }
  if (is_like_onnx(bytes, size_bytes))
    return "what looks like an ONNX model";
  return fuse_bytes_are_text(data, size_bytes) ? text_kind(data, size_bytes) : "binary data";
}
