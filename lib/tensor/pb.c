// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/* pb.c - an ONNX TensorProto in a file of its own, as ONNX's backend test data come.
 *
 * needs: a file of any content
 * gives: a tensor with exactly the elements that its dims ask for, or one error
 * source: onnx.proto, message TensorProto; the protobuf encoding guide
 *
 * This layer links no protobuf, so the few wire rules are here. The bytes are walked twice: first
 * everything is checked and counted, then the elements are decoded into memory of the right size.
 */
#include <inttypes.h>
#include <string.h>

#include "tensor_private.h"

/* ---- wire format ---- */

enum { WIRE_VARINT = 0, WIRE_64 = 1, WIRE_BYTES = 2, WIRE_32 = 5 };

typedef struct Wire {
  const uint8_t *at, *end;
} Wire;

/* The bytes of a field's value; for WIRE_BYTES without their length. */
typedef struct Field {
  uint32_t number;
  int wire;
  Wire payload;
} Field;

static bool get_varint(Wire *w, uint64_t *value) {
  *value = 0;
  for (int shift = 0; w->at < w->end; shift += 7) {
    uint8_t byte = *w->at++;
    if (shift == 63 && byte > 1) /* more than ten bytes, or than 64 bits */
      return false;
    *value |= (uint64_t)(byte & 0x7f) << shift;
    if (byte < 0x80)
      return true;
  }
  return false;
}

static bool get_element(Wire *w, int wire, uint64_t *value) {
  size_t left = (size_t)(w->end - w->at);
  switch (wire) {
  case WIRE_VARINT: return get_varint(w, value);
  case WIRE_32:
    if (left < 4)
      return false;
    *value = fuse_get32(w->at);
    w->at += 4;
    return true;
  case WIRE_64:
    if (left < 8)
      return false;
    *value = fuse_get64(w->at);
    w->at += 8;
    return true;
  default: return false; /* groups are no element */
  }
}

static bool get_field(Wire *w, Field *field) {
  uint64_t tag, value;
  if (!get_varint(w, &tag) || tag >> 3 == 0 || tag > UINT32_MAX)
    return false;
  *field = (Field){.number = (uint32_t)(tag >> 3), .wire = (int)(tag & 7), .payload = *w};
  if (field->wire == WIRE_BYTES) {
    if (!get_varint(w, &value) || value > (uint64_t)(w->end - w->at))
      return false;
    field->payload.at = w->at;
    w->at += value;
  } else if (!get_element(w, field->wire, &value)) {
    return false;
  }
  field->payload.end = w->at;
  return true;
}

/* ---- TensorProto ---- */

typedef enum FieldKind {
  REPEATED, /* numbers, packed or not */
  SINGLE,
  IGNORED, /* for people */
  REFUSED,
} FieldKind;

typedef struct FieldRow {
  const char *name; /* NULL: no such field */
  FieldKind kind;
  int wire; /* of a value; of an element when REPEATED */
} FieldRow;

enum {
  DIMS = 1,
  DATA_TYPE = 2,
  SEGMENT = 3,
  FLOAT_DATA = 4,
  INT32_DATA = 5,
  STRING_DATA = 6,
  INT64_DATA = 7,
  NAME = 8,
  RAW_DATA = 9,
  DOUBLE_DATA = 10,
  UINT64_DATA = 11,
  DOC_STRING = 12,
  EXTERNAL_DATA = 13,
  DATA_LOCATION = 14,
  METADATA_PROPS = 16,
  N_FIELDS
};

static const FieldRow fields[N_FIELDS] = {
    [DIMS] = {"dims", REPEATED, WIRE_VARINT},
    [DATA_TYPE] = {"data_type", SINGLE, WIRE_VARINT},
    [SEGMENT] = {"segment", REFUSED, WIRE_BYTES},
    [FLOAT_DATA] = {"float_data", REPEATED, WIRE_32},
    [INT32_DATA] = {"int32_data", REPEATED, WIRE_VARINT},
    [STRING_DATA] = {"string_data", REFUSED, WIRE_BYTES},
    [INT64_DATA] = {"int64_data", REPEATED, WIRE_VARINT},
    [NAME] = {"name", SINGLE, WIRE_BYTES},
    [RAW_DATA] = {"raw_data", SINGLE, WIRE_BYTES},
    [DOUBLE_DATA] = {"double_data", REPEATED, WIRE_64},
    [UINT64_DATA] = {"uint64_data", REPEATED, WIRE_VARINT},
    [DOC_STRING] = {"doc_string", IGNORED, WIRE_BYTES},
    [EXTERNAL_DATA] = {"external_data", REFUSED, WIRE_BYTES},
    [DATA_LOCATION] = {"data_location", SINGLE, WIRE_VARINT},
    [METADATA_PROPS] = {"metadata_props", IGNORED, WIRE_BYTES},
};

/* TensorProto.DataType: our type and the field that holds its elements when raw_data doesn't. */
typedef struct TypeRow {
  const char *name;
  FuseDtype dtype;
  int storage;
} TypeRow;

static const TypeRow types[] = {
    {"UNDEFINED"},
    {"FLOAT", FUSE_F32, FLOAT_DATA},
    {"UINT8", FUSE_U8, INT32_DATA},
    {"INT8", FUSE_I8, INT32_DATA},
    {"UINT16", FUSE_U16, INT32_DATA},
    {"INT16", FUSE_I16, INT32_DATA},
    {"INT32", FUSE_I32, INT32_DATA},
    {"INT64", FUSE_I64, INT64_DATA},
    {"STRING"},
    {"BOOL", FUSE_BOOL, INT32_DATA},
    {"FLOAT16", FUSE_F16, INT32_DATA},
    {"DOUBLE", FUSE_F64, DOUBLE_DATA},
    {"UINT32", FUSE_U32, UINT64_DATA},
    {"UINT64", FUSE_U64, UINT64_DATA},
    {"COMPLEX64"},
    {"COMPLEX128"},
    {"BFLOAT16", FUSE_BF16, INT32_DATA},
    {"FLOAT8E4M3FN"},
    {"FLOAT8E4M3FNUZ"},
    {"FLOAT8E5M2"},
    {"FLOAT8E5M2FNUZ"},
    {"UINT4"},
    {"INT4"},
    {"FLOAT4E2M1"},
    {"FLOAT8E8M0"},
};

typedef struct Reader {
  const FuseFile *file;
  const char *place;
  FuseDiag *diag;
  FuseTensor tensor;
  uint64_t data_type;
  uint32_t seen;          /* bit per field that isn't empty */
  size_t count[N_FIELDS]; /* elements of each repeated field */
  Wire name, raw;
} Reader;

static bool fail_at(Reader *r, const uint8_t *at, const char *what) {
  return fuse_diag_error(r->diag, r->place, "byte %zu: %s; expected an ONNX TensorProto",
                         (size_t)(at - r->file->data), what);
}

static bool add_dimension(Reader *r, uint64_t value) {
  if (r->tensor.rank == FUSE_MAX_RANK)
    return fuse_diag_error(r->diag, r->place, "rank above %d; expected at most %d", FUSE_MAX_RANK,
                           FUSE_MAX_RANK);
  r->tensor.shape[r->tensor.rank++] = (int64_t)value;
  return true;
}

/* First walk, a repeated field: count its elements, keep the dimensions. */
static bool count_elements(Reader *r, const Field *field) {
  uint64_t value;
  for (Wire w = field->payload; w.at < w.end; r->count[field->number]++) {
    const uint8_t *at = w.at;
    if (!get_element(&w, fields[field->number].wire, &value))
      return fail_at(r, at, "cut or malformed number");
    if (field->number == DIMS && !add_dimension(r, value))
      return false;
  }
  return true;
}

static bool read_single(Reader *r, Field *field) {
  uint64_t value = 0;
  if (field->wire == WIRE_VARINT)
    get_varint(&field->payload, &value); /* checked by get_field */
  switch (field->number) {
  case DATA_TYPE: r->data_type = value; return true;
  case NAME: r->name = field->payload; return true;
  case RAW_DATA: r->raw = field->payload; return true;
  default: /* DATA_LOCATION */
    return value == 0 ||
           fuse_diag_error(r->diag, r->place, "external data; not supported in a tensor file");
  }
}

/* First walk, one field. */
static bool check_field(Reader *r, Field *field, const uint8_t *at) {
  const FieldRow *row = field->number < N_FIELDS ? &fields[field->number] : NULL;
  if (!row || !row->name)
    return fuse_diag_error(r->diag, r->place,
                           "byte %zu: field %" PRIu32 "; expected a field of an ONNX TensorProto",
                           (size_t)(at - r->file->data), field->number);
  bool packed = row->kind == REPEATED && field->wire == WIRE_BYTES;
  if (field->wire != row->wire && !packed)
    return fuse_diag_error(r->diag, r->place, "byte %zu: %s has wire type %d; expected %d",
                           (size_t)(at - r->file->data), row->name, field->wire, row->wire);
  if (row->kind == SINGLE && r->seen >> field->number & 1)
    return fuse_diag_error(r->diag, r->place, "%s is given twice; expected once", row->name);
  if (row->kind != REPEATED || field->payload.at < field->payload.end)
    r->seen |= UINT32_C(1) << field->number;
  switch (row->kind) {
  case REPEATED: return count_elements(r, field);
  case SINGLE: return read_single(r, field);
  case IGNORED: return true;
  default:
    return fuse_diag_error(r->diag, r->place, "%s; not supported in a tensor file", row->name);
  }
}

static bool check_fields(Reader *r) {
  Wire w = {r->file->data, r->file->data + r->file->size_bytes};
  while (w.at < w.end) {
    Field field;
    const uint8_t *at = w.at;
    if (!get_field(&w, &field))
      return fail_at(r, at, "cut or malformed field");
    if (!check_field(r, &field, at))
      return false;
  }
  return true;
}

/* ---- elements ---- */

/* Is value, as protobuf stores it (negative numbers as 64-bit two's complement), one of dtype? */
static bool in_range(FuseDtype dtype, uint64_t value) {
  int64_t number = (int64_t)value;
  switch (dtype) {
  case FUSE_I8: return number >= INT8_MIN && number <= INT8_MAX;
  case FUSE_I16: return number >= INT16_MIN && number <= INT16_MAX;
  case FUSE_I32: return number >= INT32_MIN && number <= INT32_MAX;
  case FUSE_BOOL: return value <= 1;
  case FUSE_U8: return value <= UINT8_MAX;
  case FUSE_U16:
  case FUSE_F16:
  case FUSE_BF16: return value <= UINT16_MAX;
  case FUSE_U32: return value <= UINT32_MAX;
  default: return true; /* the storage is as wide as the type */
  }
}

static void put_element(uint8_t *at, size_t elem_bytes, uint64_t value) {
  for (size_t i = 0; i < elem_bytes; i++)
    at[i] = (uint8_t)(value >> 8 * i);
}

/* Second walk: the elements of a field, in the order of the file. */
static bool decode_elements(Reader *r, int storage, uint8_t *data) {
  Wire w = {r->file->data, r->file->data + r->file->size_bytes};
  size_t elem_bytes = fuse_dtype_bytes(r->tensor.dtype), i = 0;
  for (Field field; w.at < w.end && get_field(&w, &field);) {
    uint64_t value;
    if (field.number != (uint32_t)storage)
      continue;
    for (Wire e = field.payload; e.at < e.end && get_element(&e, fields[storage].wire, &value);
         i++) {
      if (!in_range(r->tensor.dtype, value))
        return fuse_diag_error(r->diag, r->place, "element %zu is %" PRId64 "; expected one of %s",
                               i, (int64_t)value, fuse_dtype_name(r->tensor.dtype));
      put_element(data + i * elem_bytes, elem_bytes, value);
    }
  }
  return true;
}

static bool check_type(Reader *r) {
  if (!(r->seen >> DATA_TYPE & 1))
    return fuse_diag_error(r->diag, r->place, "no data_type; expected an ONNX TensorProto");
  if (r->data_type >= FUSE_COUNTOF(types))
    return fuse_diag_error(r->diag, r->place, "data_type %" PRId64 "; expected 1 to %zu",
                           (int64_t)r->data_type, FUSE_COUNTOF(types) - 1);
  r->tensor.dtype = types[r->data_type].dtype;
  if (r->tensor.dtype == FUSE_DTYPE_NONE)
    return fuse_diag_error(r->diag, r->place, "element type %s (%" PRIu64 "); not supported",
                           types[r->data_type].name, r->data_type);
  return true;
}

/* The elements must be in raw_data or in the field of their type, and nowhere else. */
static bool check_storage(Reader *r, int storage, bool *raw) {
  size_t elems = (size_t)fuse_tensor_elems(&r->tensor);
  size_t raw_bytes = (size_t)(r->raw.end - r->raw.at);
  char type[FUSE_TENSOR_TYPE_CHARS];
  fuse_tensor_type(&r->tensor, type, sizeof type);
  *raw = raw_bytes > 0;
  for (int f = FLOAT_DATA; f < N_FIELDS; f++) {
    if (r->count[f] > 0 && (*raw || f != storage))
      return fuse_diag_error(r->diag, r->place, "%zu elements in %s; expected those of %s in %s",
                             r->count[f], fields[f].name, type,
                             fields[*raw ? RAW_DATA : storage].name);
  }
  if (*raw && raw_bytes != r->tensor.size_bytes)
    return fuse_diag_error(r->diag, r->place, "raw_data has %zu bytes; expected %zu for %s",
                           raw_bytes, r->tensor.size_bytes, type);
  if (!*raw && r->count[storage] != elems)
    return fuse_diag_error(r->diag, r->place, "%zu elements; expected %zu for %s",
                           r->count[storage], elems, type);
  return true;
}

static bool get_name(Reader *r, FuseArena *arena, const char **name) {
  size_t length = (size_t)(r->name.end - r->name.at);
  if (length && memchr(r->name.at, 0, length))
    return fuse_diag_error(r->diag, r->place, "name has a zero byte; expected text");
  *name = fuse_strndup(arena, (const char *)r->name.at, length);
  return true;
}

bool fuse_pb_tensor_parse(FuseArena *arena, const FuseFile *file, const char *place,
                          FuseTensor *tensor, const char **name, FuseDiag *diag) {
  static const uint8_t none[1];
  Reader r = {
      .file = file, .place = place, .diag = diag, .name = {none, none}, .raw = {none, none}};
  if (!check_fields(&r) || !check_type(&r) || !fuse_tensor_check_size(&r.tensor, place, diag))
    return false;

  bool raw;
  int storage = types[r.data_type].storage;
  if (!check_storage(&r, storage, &raw))
    return false;
  uint8_t *data = fuse_alloc(arena, r.tensor.size_bytes);
  if (raw)
    memcpy(data, r.raw.at, r.tensor.size_bytes);
  else if (!decode_elements(&r, storage, data))
    return false;
  r.tensor.data = data;
  if (!fuse_tensor_check_bools(&r.tensor, place, diag) || !get_name(&r, arena, name))
    return false;
  *tensor = r.tensor;
  return true;
}
