// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/* read.c - an ONNX file as protobuf-c structs, and the bytes behind a TensorProto.
 *
 * needs: a mapped file; external data files beside it
 * gives: structs without the weights; tensors that point into the mapped files, or decoded ones
 *        where the file stores numbers one by one (float_data, int32_data, ...)
 * source: onnx.proto; ONNX's docs/ExternalData.md
 */
#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "onnx_private.h"

struct OnnxExternal {
  OnnxExternal *next;
  const char *path; /* resolved */
  FuseFile file;
  bool taken; /* by onnx_next_external */
};

/* ---- the message ---- */

static void *arena_alloc(void *arena, size_t size_bytes) {
  return fuse_alloc(arena, size_bytes);
}

static void arena_free(void *arena, void *pointer) {
  (void)arena, (void)pointer; /* goes with the arena */
}

static void warn_unknown(const char *place, const OnnxWire *wire) {
  for (size_t i = 0; i < wire->n_unknown; i++) {
    const OnnxUnknown *unknown = &wire->unknown[i];
    if (unknown->name)
      fuse_diag_say(FUSE_WARNING, place,
                    "%s.%s (%zu found) is left out: it doesn't belong to the "
                    "computation",
                    unknown->message, unknown->name, unknown->count);
    else
      fuse_diag_say(FUSE_WARNING, place,
                    "unknown field %u of %s (%zu found) is left out; expected "
                    "a file of ONNX 1.23 or older",
                    (unsigned)unknown->field, unknown->message, unknown->count);
  }
}

bool onnx_read(OnnxModel *model, FuseDiag *diag) {
  OnnxWire wire = {0};
  bool ok = onnx_wire_shorten(model->file.data, model->file.size_bytes, model->path, &wire, diag);
  if (ok) {
    ProtobufCAllocator allocator = {arena_alloc, arena_free, model->scratch};
    warn_unknown(model->path, &wire);
    model->proto =
        onnx__model_proto__unpack(&allocator, wire.bytes.length, (const uint8_t *)wire.bytes.data);
    ok = model->proto || fuse_diag_error(diag, model->path,
                                         "protobuf-c can't unpack the file; "
                                         "expected an ONNX model");
  }
  fuse_text_fini(&wire.bytes);
  return ok;
}

const uint8_t *onnx_newer_field(const ProtobufCMessage *message, uint32_t number, size_t *at,
                                size_t *size_bytes) {
  while (*at < message->n_unknown_fields) {
    const ProtobufCMessageUnknownField *field = &message->unknown_fields[(*at)++];
    if (field->tag != number)
      continue;
    size_t length = 0, n = 0; /* of the varint that stands before the bytes */
    while (field->data[n] & 0x80)
      n++;
    for (size_t i = n + 1; i-- > 0;)
      length = length << 7 | (field->data[i] & 0x7f);
    FUSE_ASSERT(n + 1 + length == field->len);
    *size_bytes = length;
    return field->data + n + 1;
  }
  return NULL;
}

Onnx__AttributeProto *onnx_unpack_attribute(FuseArena *arena, const uint8_t *bytes,
                                            size_t size_bytes) {
  ProtobufCAllocator allocator = {arena_alloc, arena_free, arena};
  return onnx__attribute_proto__unpack(&allocator, size_bytes, bytes);
}

/* ---- element types ---- */

typedef enum Storage { NO_TYPED, IN_FLOAT, IN_INT32, IN_INT64, IN_DOUBLE, IN_UINT64 } Storage;

static const char *const storage_names[] = {"raw_data",   "float_data",  "int32_data",
                                            "int64_data", "double_data", "uint64_data"};

typedef struct Element {
  const char *name;
  FuseDtype dtype; /* NONE: not supported yet */
  Storage storage;
  FuseDtype unpacked; /* of an initializer with two elements to a byte: what they become */
} Element;

/* By TensorProto.DataType; those from FLOAT8E4M3FN on are newer than our onnx.proto. */
static const Element elements[] = {
    {"UNDEFINED", FUSE_DTYPE_NONE, NO_TYPED, FUSE_DTYPE_NONE},
    {"FLOAT", FUSE_F32, IN_FLOAT, FUSE_DTYPE_NONE},
    {"UINT8", FUSE_U8, IN_INT32, FUSE_DTYPE_NONE},
    {"INT8", FUSE_I8, IN_INT32, FUSE_DTYPE_NONE},
    {"UINT16", FUSE_U16, IN_INT32, FUSE_DTYPE_NONE},
    {"INT16", FUSE_I16, IN_INT32, FUSE_DTYPE_NONE},
    {"INT32", FUSE_I32, IN_INT32, FUSE_DTYPE_NONE},
    {"INT64", FUSE_I64, IN_INT64, FUSE_DTYPE_NONE},
    {"STRING", FUSE_DTYPE_NONE, NO_TYPED, FUSE_DTYPE_NONE},
    {"BOOL", FUSE_BOOL, IN_INT32, FUSE_DTYPE_NONE},
    {"FLOAT16", FUSE_F16, IN_INT32, FUSE_DTYPE_NONE},
    {"DOUBLE", FUSE_F64, IN_DOUBLE, FUSE_DTYPE_NONE},
    {"UINT32", FUSE_U32, IN_UINT64, FUSE_DTYPE_NONE},
    {"UINT64", FUSE_U64, IN_UINT64, FUSE_DTYPE_NONE},
    {"COMPLEX64", FUSE_DTYPE_NONE, NO_TYPED, FUSE_DTYPE_NONE},
    {"COMPLEX128", FUSE_DTYPE_NONE, NO_TYPED, FUSE_DTYPE_NONE},
    {"BFLOAT16", FUSE_BF16, IN_INT32, FUSE_DTYPE_NONE},
    {"FLOAT8E4M3FN", FUSE_DTYPE_NONE, NO_TYPED, FUSE_DTYPE_NONE},
    {"FLOAT8E4M3FNUZ", FUSE_DTYPE_NONE, NO_TYPED, FUSE_DTYPE_NONE},
    {"FLOAT8E5M2", FUSE_DTYPE_NONE, NO_TYPED, FUSE_DTYPE_NONE},
    {"FLOAT8E5M2FNUZ", FUSE_DTYPE_NONE, NO_TYPED, FUSE_DTYPE_NONE},
    {"UINT4", FUSE_DTYPE_NONE, IN_INT32, FUSE_U8},
    {"INT4", FUSE_DTYPE_NONE, IN_INT32, FUSE_I8},
    {"FLOAT4E2M1", FUSE_DTYPE_NONE, NO_TYPED, FUSE_DTYPE_NONE},
    {"FLOAT8E8M0", FUSE_DTYPE_NONE, NO_TYPED, FUSE_DTYPE_NONE},
    {"UINT2", FUSE_DTYPE_NONE, NO_TYPED, FUSE_DTYPE_NONE},
    {"INT2", FUSE_DTYPE_NONE, NO_TYPED, FUSE_DTYPE_NONE},
    {"FLOAT6E2M3", FUSE_DTYPE_NONE, NO_TYPED, FUSE_DTYPE_NONE},
    {"FLOAT6E3M2", FUSE_DTYPE_NONE, NO_TYPED, FUSE_DTYPE_NONE},
};

FuseDtype onnx_dtype(int data_type) {
  if (data_type < 0 || (size_t)data_type >= FUSE_COUNTOF(elements))
    return FUSE_DTYPE_NONE;
  return elements[data_type].dtype;
}

bool onnx_is_packed(int data_type) {
  return data_type >= 0 && (size_t)data_type < FUSE_COUNTOF(elements) &&
         elements[data_type].unpacked != FUSE_DTYPE_NONE;
}

const char *onnx_dtype_name(int data_type, char buffer[24]) {
  if (data_type >= 0 && (size_t)data_type < FUSE_COUNTOF(elements))
    return elements[data_type].name;
  fuse_snprintf(buffer, 24, "number %d", data_type);
  return buffer;
}

/* ---- a tensor's bytes ---- */

static bool wrong(FuseDiag *diag, const char *what) {
  return fuse_diag_error(diag, "", "%s", what);
}

static bool read_shape(const Onnx__TensorProto *proto, FuseTensor *tensor, FuseDiag *diag) {
  char buffer[24];
  tensor->dtype = onnx_is_packed(proto->data_type) ? elements[proto->data_type].unpacked
                                                   : onnx_dtype(proto->data_type);
  if (tensor->dtype == FUSE_DTYPE_NONE)
    return fuse_diag_error(diag, "", "not supported yet: element type %s",
                           onnx_dtype_name(proto->data_type, buffer));
  if (proto->n_dims > FUSE_MAX_RANK)
    return fuse_diag_error(diag, "", "not supported yet: %zu dimensions; expected at most %d",
                           proto->n_dims, FUSE_MAX_RANK);
  tensor->rank = (int)proto->n_dims;
  int64_t n_elems;
  for (int d = 0; d < tensor->rank; d++) {
    tensor->shape[d] = proto->dims[d];
    if (proto->dims[d] < 0)
      return fuse_diag_error(diag, "", "dimension %d is %lld; expected 0 or more", d,
                             (long long)proto->dims[d]);
  }
  if (!fuse_mul_dims(tensor->shape, tensor->rank, &n_elems) || n_elems > ONNX_MAX_ELEMS)
    return fuse_diag_error(diag, "",
                           "its dimensions make more than 2^31-1 elements; expected "
                           "fewer");
  return fuse_tensor_set_size(tensor) || wrong(diag, "its size overflows; expected a smaller one");
}

/* Bytes must be there exactly, and a boolean must be one. */
static bool set_bytes(FuseTensor *tensor, const uint8_t *data, size_t size_bytes, FuseDiag *diag) {
  if (size_bytes != tensor->size_bytes)
    return fuse_diag_error(diag, "", "%zu bytes of data; expected %zu for its dimensions and type",
                           size_bytes, tensor->size_bytes);
  if (tensor->dtype == FUSE_BOOL)
    for (size_t i = 0; i < size_bytes; i++)
      if (data[i] > 1)
        return fuse_diag_error(diag, "", "boolean %zu is %d; expected 0 or 1", i, data[i]);
  tensor->data = data;
  return true;
}

/* raw_data: 16 bytes that say where the blob is (wire.c). */
static bool read_raw(const OnnxModel *model, const ProtobufCBinaryData *ref, FuseTensor *tensor,
                     FuseDiag *diag) {
  FUSE_ASSERT(ref->len == ONNX_BLOB_REF_BYTES);
  uint64_t offset = fuse_get64(ref->data), n = fuse_get64(ref->data + 8);
  FUSE_ASSERT(offset <= model->file.size_bytes && n <= model->file.size_bytes - offset);
  return set_bytes(tensor, model->file.data + offset, (size_t)n, diag);
}

/* Does v fit the (small) element type that is stored in int32_data? */
static bool int32_fits(FuseDtype dtype, int32_t v) {
  switch (dtype) {
  case FUSE_BOOL: return v == 0 || v == 1;
  case FUSE_I8: return v >= INT8_MIN && v <= INT8_MAX;
  case FUSE_U8: return v >= 0 && v <= UINT8_MAX;
  case FUSE_I16: return v >= INT16_MIN && v <= INT16_MAX;
  case FUSE_U16:
  case FUSE_F16:
  case FUSE_BF16: return v >= 0 && v <= UINT16_MAX;
  default: return true;
  }
}

static size_t typed_count(const Onnx__TensorProto *proto, Storage storage) {
  switch (storage) {
  case IN_FLOAT: return proto->n_float_data;
  case IN_INT32: return proto->n_int32_data;
  case IN_INT64: return proto->n_int64_data;
  case IN_DOUBLE: return proto->n_double_data;
  case IN_UINT64: return proto->n_uint64_data;
  case NO_TYPED: break;
  }
  return 0;
}

/* Numbers stored one by one, to little-endian bytes. */
static bool read_typed(OnnxModel *model, const Onnx__TensorProto *proto, Storage storage,
                       FuseTensor *tensor, FuseDiag *diag) {
  size_t n = typed_count(proto, storage), elem_bytes = fuse_dtype_bytes(tensor->dtype);
  if (n != (size_t)fuse_tensor_elems(tensor))
    return fuse_diag_error(diag, "", "%zu numbers in %s; expected %lld for its dimensions", n,
                           storage_names[storage], (long long)fuse_tensor_elems(tensor));
  uint8_t *bytes = fuse_alloc(model->keep, tensor->size_bytes);
  for (size_t i = 0; i < n; i++) {
    uint64_t v = 0;
    switch (storage) {
    case IN_FLOAT: memcpy(&v, &proto->float_data[i], 4); break;
    case IN_DOUBLE: memcpy(&v, &proto->double_data[i], 8); break;
    case IN_INT64: v = (uint64_t)proto->int64_data[i]; break;
    case IN_UINT64: v = proto->uint64_data[i]; break;
    case IN_INT32:
      if (!int32_fits(tensor->dtype, proto->int32_data[i]))
        return fuse_diag_error(diag, "", "int32_data[%zu] is %d; expected a value of type %s", i,
                               (int)proto->int32_data[i], fuse_dtype_name(tensor->dtype));
      v = (uint64_t)(int64_t)proto->int32_data[i];
      break;
    case NO_TYPED: break;
    }
    if (tensor->dtype == FUSE_U32 && v > UINT32_MAX)
      return fuse_diag_error(diag, "", "uint64_data[%zu] is %llu; expected a value of type ui32", i,
                             (unsigned long long)v);
    for (size_t b = 0; b < elem_bytes; b++)
      bytes[i * elem_bytes + b] = (uint8_t)(v >> 8 * b);
  }
  tensor->data = bytes;
  return true;
}

/* ---- external data ---- */

/* "/a/b/net.onnx" -> "/a/b"; "net.onnx" -> "." */
static char *folder_of(FuseArena *arena, const char *path) {
  const char *slash = strrchr(path, '/');
  if (!slash)
    return fuse_strdup(arena, ".");
  return fuse_strndup(arena, path, slash == path ? 1 : (size_t)(slash - path));
}

static bool is_below(const char *path, const char *folder) {
  size_t n = strlen(folder);
  if (n == 1) /* "/" */
    return true;
  return strncmp(path, folder, n) == 0 && path[n] == '/';
}

/* The file behind `location`, symbolic links resolved; NULL and diag unless it is a regular file
 * inside the model's folder. */
static const char *resolve(OnnxModel *model, const char *location, FuseDiag *diag) {
  FuseText shown = {0};
  fuse_text_escaped(&shown, location, strlen(location));
  const char *name = fuse_strdup(model->scratch, shown.data ? shown.data : ""), *found = NULL;
  fuse_text_fini(&shown);
  if (!model->folder_known) {
    fuse_diag_error(diag, "",
                    "external data in '%s' of a model from standard input; expected a "
                    "file",
                    name);
    return NULL;
  }
  char *folder = folder_of(model->scratch, model->path);
  char *inside = realpath(folder, NULL);
  char *resolved = realpath(
      location[0] == '/' ? location : fuse_format(model->scratch, "%s/%s", folder, location), NULL);
  struct stat status;
  if (!location[0])
    fuse_diag_error(diag, "", "external data without a location; expected a file name");
  else if (location[0] == '/' || (inside && resolved && !is_below(resolved, inside)))
    fuse_diag_error(diag, "", "external data in '%s'; expected a file inside the model's folder",
                    name);
  else if (!inside || !resolved || stat(resolved, &status) != 0)
    fuse_diag_error(diag, "",
                    "external data in '%s', which can't be opened; expected a file "
                    "beside the model",
                    name);
  else if (!S_ISREG(status.st_mode))
    fuse_diag_error(diag, "", "external data in '%s'; expected a regular file", name);
  else
    found = fuse_strdup(model->scratch, resolved);
  free(inside);
  free(resolved);
  return found;
}

static const FuseFile *open_external(OnnxModel *model, const char *location, FuseDiag *diag) {
  const char *path = resolve(model, location, diag);
  if (!path)
    return NULL;
  for (OnnxExternal *external = model->externals; external; external = external->next)
    if (strcmp(external->path, path) == 0)
      return &external->file;
  OnnxExternal *external = fuse_alloc(model->scratch, sizeof *external);
  FuseDiag opening = {0};
  if (!fuse_file_open(path, &external->file, &opening)) {
    fuse_diag_error(diag, "", "external data: %s", opening.message);
    return NULL;
  }
  external->path = path;
  external->next = model->externals;
  model->externals = external;
  return &external->file;
}

/* A number >= 0 in decimal digits. */
static bool parse_size(const char *text, uint64_t *value) {
  uint64_t v = 0;
  if (!*text)
    return false;
  for (; *text; text++) {
    if (*text < '0' || *text > '9' || v > (UINT64_MAX - 9) / 10)
      return false;
    v = v * 10 + (uint64_t)(*text - '0');
  }
  *value = v;
  return true;
}

static bool read_external(OnnxModel *model, const Onnx__TensorProto *proto, FuseTensor *tensor,
                          FuseDiag *diag) {
  const char *location = "";
  uint64_t offset = 0, length = tensor->size_bytes;
  for (size_t i = 0; i < proto->n_external_data; i++) {
    const char *key = proto->external_data[i]->key, *value = proto->external_data[i]->value;
    if (!key || !value)
      return wrong(diag, "external data with an empty entry; expected key and value");
    bool is_offset = strcmp(key, "offset") == 0;
    if (strcmp(key, "location") == 0)
      location = value;
    else if ((is_offset || strcmp(key, "length") == 0) &&
             !parse_size(value, is_offset ? &offset : &length))
      return fuse_diag_error(diag, "",
                             "external data whose %s isn't a number of bytes; expected "
                             "decimal digits",
                             key);
  }
  const FuseFile *file = open_external(model, location, diag);
  if (!file)
    return false;
  if (offset > file->size_bytes || length > file->size_bytes - offset)
    return fuse_diag_error(diag, "",
                           "external data at byte %llu, %llu long; expected it inside "
                           "the file's %zu bytes",
                           (unsigned long long)offset, (unsigned long long)length,
                           file->size_bytes);
  return set_bytes(tensor, file->data + offset, (size_t)length, diag);
}

bool onnx_next_external(OnnxModel *model, FuseFile *file) {
  for (OnnxExternal *external = model->externals; external; external = external->next)
    if (!external->taken) {
      external->taken = true;
      *file = external->file;
      return true;
    }
  return false;
}

/* ---- a tensor ---- */

/* A tensor holds its numbers in one place; the place for its type. */
static bool check_storage(const Onnx__TensorProto *proto, Storage want, FuseDiag *diag) {
  bool external = proto->data_location == ONNX__TENSOR_PROTO__DATA_LOCATION__EXTERNAL;
  int n_places = proto->has_raw_data + external;
  if (proto->data_location != ONNX__TENSOR_PROTO__DATA_LOCATION__DEFAULT && !external)
    return fuse_diag_error(diag, "", "data_location %d; expected 0 or 1",
                           (int)proto->data_location);
  for (Storage s = IN_FLOAT; s <= IN_UINT64; s++) {
    if (!typed_count(proto, s))
      continue;
    n_places++;
    if (s != want)
      return fuse_diag_error(diag, "", "numbers in %s; expected them in %s for its type",
                             storage_names[s], storage_names[want]);
  }
  if (proto->n_string_data)
    return wrong(diag, "text in string_data; expected numbers");
  if (!external && proto->n_external_data)
    return wrong(diag, "external_data without data_location EXTERNAL; expected both or none");
  if (proto->segment)
    return wrong(diag, "not supported yet: a tensor in segments");
  if (n_places > 1)
    return wrong(diag, "its numbers are stored in more than one place; expected one");
  return true;
}

/* The bytes of a tensor whose shape and type are known. */
static bool read_bytes(OnnxModel *model, const Onnx__TensorProto *proto, FuseTensor *tensor,
                       FuseDiag *diag) {
  Storage storage = elements[proto->data_type].storage;
  if (!check_storage(proto, storage, diag))
    return false;
  if (proto->data_location == ONNX__TENSOR_PROTO__DATA_LOCATION__EXTERNAL)
    return read_external(model, proto, tensor, diag);
  if (proto->has_raw_data)
    return read_raw(model, &proto->raw_data, tensor, diag);
  return read_typed(model, proto, storage, tensor, diag);
}

/* 4-bit integers, the first of a byte in its low half, to one in each byte. */
static bool read_packed(OnnxModel *model, const Onnx__TensorProto *proto, FuseTensor *tensor,
                        FuseDiag *diag) {
  size_t n = tensor->size_bytes;
  FuseTensor bytes = {.dtype = FUSE_U8, .rank = 1, .shape = {(int64_t)((n + 1) / 2)}};
  FUSE_ASSERT(fuse_tensor_set_size(&bytes));
  if (!read_bytes(model, proto, &bytes, diag))
    return false;
  uint8_t *data = fuse_alloc(model->keep, n);
  for (size_t i = 0; i < n; i++) {
    int v = ((const uint8_t *)bytes.data)[i / 2] >> (i % 2 ? 4 : 0) & 15;
    data[i] = (uint8_t)(tensor->dtype == FUSE_I8 && v > 7 ? v - 16 : v);
  }
  tensor->data = data;
  return true;
}

bool onnx_tensor_get(OnnxModel *model, const Onnx__TensorProto *proto, FuseTensor *tensor,
                     FuseDiag *diag) {
  *tensor = (FuseTensor){0};
  if (!read_shape(proto, tensor, diag))
    return false;
  return onnx_is_packed(proto->data_type) ? read_packed(model, proto, tensor, diag)
                                          : read_bytes(model, proto, tensor, diag);
}
