// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/* npy.c - numpy's file format for one array.
 *
 * needs: a file of any content
 * gives: a tensor whose size agrees with the file, or one error
 * source: NumPy Enhancement Proposal 1, and numpy.lib.format for versions 2 and 3
 *
 * The header is a Python dict in text. Of Python we take what the format asks for: three keys in
 * any order, quotes of either kind, any spaces.
 */
#include <inttypes.h>
#include <string.h>

#include "tensor_private.h"

enum { HEADER_ALIGN = 64, PREFIX_BYTES = NPY_MAGIC_BYTES + 4 /* version, length in 1.0 */ };

typedef struct NpyRow {
  FuseDtype dtype;
  size_t bytes;
  const char *descr;
} NpyRow;

static const NpyRow rows[] = {
#define X(name, code, bytes, mlir, npy, c) {FUSE_##name, bytes, npy},
    FUSE_DTYPES(X)
#undef X
};

/* ---- header ---- */

typedef struct Parser {
  const char *start, *at, *end; /* the dict */
  const char *place;
  FuseDiag *diag;
  /* what has been read */
  bool has_descr, has_order, has_shape;
  bool fortran_order;
  FuseTensor tensor;
} Parser;

static bool expected(Parser *p, const char *what) {
  if (p->at == p->end)
    return fuse_diag_error(p->diag, p->place, "npy header ends too early; expected %s", what);
  FuseText found = {0};
  fuse_text_escaped(&found, p->at, 1);
  fuse_diag_error(p->diag, p->place, "npy header: found '%s' at its byte %zu; expected %s",
                  found.data, (size_t)(p->at - p->start), what);
  fuse_text_fini(&found);
  return false;
}

static void skip_space(Parser *p) {
  while (p->at < p->end && (*p->at == ' ' || *p->at == '\t' || *p->at == '\n' || *p->at == '\r'))
    p->at++;
}

/* Is c next, after spaces? Then go past it. */
static bool take(Parser *p, char c) {
  skip_space(p);
  if (p->at == p->end || *p->at != c)
    return false;
  p->at++;
  return true;
}

static bool take_word(Parser *p, const char *word) {
  size_t length = strlen(word);
  skip_space(p);
  if ((size_t)(p->end - p->at) < length || memcmp(p->at, word, length) != 0)
    return false;
  p->at += length;
  return true;
}

static bool parse_string(Parser *p, const char *what, const char **s, size_t *length) {
  skip_space(p);
  if (p->at == p->end || (*p->at != '\'' && *p->at != '"'))
    return expected(p, what);
  char quote = *p->at++;
  *s = p->at;
  while (p->at < p->end && *p->at != quote && *p->at != '\\' && *p->at != '\n')
    p->at++;
  if (p->at == p->end || *p->at != quote)
    return expected(p, "the end of a string");
  *length = (size_t)(p->at++ - *s);
  return true;
}

static bool refuse_descr(Parser *p, const char *s, size_t length, const char *why) {
  FuseText descr = {0};
  fuse_text_escaped(&descr, s, length);
  fuse_diag_error(p->diag, p->place, "element type '%s' (%s); expected little-endian %s",
                  descr.data, why, "f2, f4, f8, i1 to i8, u1 to u8 or b1");
  fuse_text_fini(&descr);
  return false;
}

static bool parse_descr(Parser *p) {
  const char *s;
  size_t length;
  skip_space(p);
  if (p->at < p->end && (*p->at == '[' || *p->at == '('))
    return fuse_diag_error(p->diag, p->place,
                           "structured element type; not supported, expected a plain one");
  if (!parse_string(p, "an element type", &s, &length))
    return false;
  if (length >= 2 && s[1] == 'O')
    return refuse_descr(p, s, length, "Python objects");
  for (size_t i = 0; i < FUSE_COUNTOF(rows); i++) {
    const NpyRow *row = &rows[i];
    if (row->dtype == FUSE_BF16 || strlen(row->descr) != length ||
        memcmp(s + 1, row->descr + 1, length - 1) != 0)
      continue;
    if (s[0] == '>' && row->bytes > 1)
      return refuse_descr(p, s, length, "big-endian");
    if (s[0] != '<' && !(s[0] == '|' && row->bytes == 1))
      break;
    p->tensor.dtype = row->dtype;
    return true;
  }
  return refuse_descr(p, s, length, "not supported");
}

static bool parse_order(Parser *p) {
  if (take_word(p, "True"))
    p->fortran_order = true;
  else if (!take_word(p, "False"))
    return expected(p, "True or False");
  return true;
}

static bool parse_dimension(Parser *p) {
  int64_t value = 0;
  skip_space(p);
  if (p->at == p->end || *p->at < '0' || *p->at > '9')
    return expected(p, "a dimension of at least 0");
  for (; p->at < p->end && *p->at >= '0' && *p->at <= '9'; p->at++) {
    int digit = *p->at - '0';
    if (value > (INT64_MAX - digit) / 10)
      return fuse_diag_error(p->diag, p->place, "a dimension of the shape exceeds 63 bits");
    value = value * 10 + digit;
  }
  if (p->tensor.rank == FUSE_MAX_RANK)
    return fuse_diag_error(p->diag, p->place, "rank above %d; expected at most %d", FUSE_MAX_RANK,
                           FUSE_MAX_RANK);
  p->tensor.shape[p->tensor.rank++] = value;
  return true;
}

/* A tuple: (), (3,), (3, 4), (3, 4,). One number in parentheses is no tuple. */
static bool parse_shape(Parser *p) {
  if (!take(p, '('))
    return expected(p, "'('");
  while (!take(p, ')')) {
    if (!parse_dimension(p))
      return false;
    bool comma = take(p, ',');
    if (!comma && p->tensor.rank == 1)
      return expected(p, "','");
    if (!comma) {
      if (!take(p, ')'))
        return expected(p, "',' or ')'");
      break;
    }
  }
  return true;
}

static bool parse_item(Parser *p) {
  const char *key;
  size_t length;
  if (!parse_string(p, "a key or '}'", &key, &length))
    return false;
  static const struct {
    const char *key;
    bool (*parse)(Parser *);
    size_t seen;
  } items[] = {{"descr", parse_descr, offsetof(Parser, has_descr)},
               {"fortran_order", parse_order, offsetof(Parser, has_order)},
               {"shape", parse_shape, offsetof(Parser, has_shape)}};
  for (size_t i = 0; i < FUSE_COUNTOF(items); i++) {
    if (strlen(items[i].key) != length || memcmp(items[i].key, key, length) != 0)
      continue;
    bool *seen = (bool *)((char *)p + items[i].seen);
    if (*seen)
      return fuse_diag_error(p->diag, p->place, "npy header: '%s' twice; expected once",
                             items[i].key);
    *seen = true;
    if (!take(p, ':'))
      return expected(p, "':'");
    return items[i].parse(p);
  }
  FuseText name = {0};
  fuse_text_escaped(&name, key, length);
  fuse_diag_error(p->diag, p->place,
                  "npy header: key '%s'; expected descr, fortran_order and shape", name.data);
  fuse_text_fini(&name);
  return false;
}

static bool parse_header(Parser *p) {
  if (!take(p, '{'))
    return expected(p, "'{'");
  while (!take(p, '}')) {
    if (!parse_item(p))
      return false;
    if (!take(p, ',')) {
      if (!take(p, '}'))
        return expected(p, "',' or '}'");
      break;
    }
  }
  skip_space(p);
  if (p->at != p->end)
    return expected(p, "nothing after the header");
  const char *missing = !p->has_descr   ? "descr"
                        : !p->has_order ? "fortran_order"
                        : !p->has_shape ? "shape"
                                        : NULL;
  return !missing ||
         fuse_diag_error(p->diag, p->place, "npy header without '%s'; expected it", missing);
}

/* Find the dict in the file: *start and *length. */
static bool find_header(const FuseFile *file, const char *place, size_t *start, size_t *length,
                        FuseDiag *diag) {
  const uint8_t *data = file->data;
  if (file->size_bytes < PREFIX_BYTES || memcmp(data, NPY_MAGIC, NPY_MAGIC_BYTES) != 0)
    return fuse_diag_error(diag, place,
                           "not an .npy file; expected \\x93NUMPY, version and header");
  unsigned major = data[NPY_MAGIC_BYTES], minor = data[NPY_MAGIC_BYTES + 1];
  if (major < 1 || major > 3 || minor != 0)
    return fuse_diag_error(diag, place, "npy version %u.%u; expected 1.0, 2.0 or 3.0", major,
                           minor);
  *start = major == 1 ? PREFIX_BYTES : PREFIX_BYTES + 2;
  if (file->size_bytes < *start)
    return fuse_diag_error(diag, place, "file of %zu bytes ends in the npy header; expected more",
                           file->size_bytes);
  const uint8_t *field = data + NPY_MAGIC_BYTES + 2;
  *length = major == 1 ? fuse_get16(field) : fuse_get32(field);
  if (*length > file->size_bytes - *start)
    return fuse_diag_error(diag, place, "npy header of %zu bytes in a file of %zu; expected more",
                           *length, file->size_bytes);
  return true;
}

/* ---- data ---- */

/* Copy column-major data at `from` to row-major data at `to`. */
static void transpose(const FuseTensor *tensor, const uint8_t *from, uint8_t *to) {
  size_t elem_bytes = fuse_dtype_bytes(tensor->dtype);
  int64_t index[FUSE_MAX_RANK] = {0}, stride[FUSE_MAX_RANK], source = 0;
  if (tensor->size_bytes == 0)
    return; /* strides of an empty shape may overflow */
  for (int d = 0; d < tensor->rank; d++)
    stride[d] = d == 0 ? 1 : stride[d - 1] * tensor->shape[d - 1];
  for (size_t at = 0; at < tensor->size_bytes; at += elem_bytes) {
    memcpy(to + at, from + (size_t)source * elem_bytes, elem_bytes);
    for (int d = tensor->rank - 1; d >= 0; d--) {
      source += stride[d];
      if (++index[d] < tensor->shape[d])
        break;
      source -= stride[d] * index[d];
      index[d] = 0;
    }
  }
}

bool fuse_npy_parse(FuseArena *arena, const FuseFile *file, const char *place, FuseTensor *tensor,
                    FuseDiag *diag) {
  size_t start = 0, length = 0;
  if (!find_header(file, place, &start, &length, diag))
    return false;
  const char *text = (const char *)file->data + start;
  Parser p = {.start = text, .at = text, .end = text + length, .place = place, .diag = diag};
  if (!parse_header(&p) || !fuse_tensor_check_size(&p.tensor, place, diag))
    return false;

  size_t found_bytes = file->size_bytes - start - length;
  if (found_bytes != p.tensor.size_bytes) {
    char type[FUSE_TENSOR_TYPE_CHARS];
    return fuse_diag_error(diag, place, "%zu bytes of data; expected %zu for %s", found_bytes,
                           p.tensor.size_bytes, fuse_tensor_type(&p.tensor, type, sizeof type));
  }
  uint8_t *data = fuse_alloc(arena, found_bytes);
  if (p.fortran_order)
    transpose(&p.tensor, file->data + start + length, data);
  else if (found_bytes)
    memcpy(data, file->data + start + length, found_bytes);
  p.tensor.data = data;
  if (!fuse_tensor_check_bools(&p.tensor, place, diag))
    return false;
  *tensor = p.tensor;
  return true;
}

/* ---- writing ---- */

static const char *descr_of(FuseDtype dtype) {
  for (size_t i = 0; i < FUSE_COUNTOF(rows); i++) {
    if (rows[i].dtype == dtype)
      return rows[i].descr;
  }
  FUSE_ASSERT(!"a tensor with an element type");
  return NULL;
}

/* Prefix and dict, padded so that the data begin at a multiple of 64 bytes. */
static void print_header(FuseText *text, const FuseTensor *tensor) {
  uint8_t prefix[PREFIX_BYTES] = NPY_MAGIC "\1\0";
  fuse_text_append(text, (const char *)prefix, sizeof prefix);
  fuse_text_printf(text, "{'descr': '%s', 'fortran_order': False, 'shape': (",
                   descr_of(tensor->dtype));
  for (int d = 0; d < tensor->rank; d++)
    fuse_text_printf(text, "%s%" PRId64, d ? ", " : "", tensor->shape[d]);
  fuse_text_puts(text, tensor->rank == 1 ? ",), }" : "), }");
  while ((text->length + 1) % HEADER_ALIGN != 0)
    fuse_text_puts(text, " ");
  fuse_text_puts(text, "\n");
  fuse_put16(text->data + PREFIX_BYTES - 2, (uint16_t)(text->length - PREFIX_BYTES));
}

bool fuse_npy_write(const char *path, const FuseTensor *tensor, FuseDiag *diag) {
  FuseText header = {0};
  FuseOutput output;
  print_header(&header, tensor);
  bool good = fuse_output_open(path, &output, diag) &&
              fuse_output_write(&output, header.data, header.length, diag) &&
              fuse_output_write(&output, tensor->data, tensor->size_bytes, diag) &&
              fuse_output_commit(&output, diag);
  fuse_text_fini(&header);
  return good;
}
