// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/* wire.c - walk the bytes of an ONNX file before protobuf-c sees them.
 *
 * needs: the whole file in memory (mapped)
 * gives: a message that protobuf-c can unpack: every length inside its message, nesting limited,
 *        wire types as declared, no field twice that stands once; weights (raw_data) replaced by
 *        their place in the file, since protobuf-c copies every bytes field
 * source: protobuf encoding guide; onnx.proto of ONNX 1.12 (what libonnx-dev installs) and, for the
 *         fields that came later, of ONNX 1.23 (protobuf-c hands those that pass to
 * onnx_newer_field)
 */
#include <string.h>

#include "fuse/onnx.h"
#include "onnx_private.h"

typedef enum Kind {
  INT,     /* varint */
  FLOAT,   /* 4 bytes */
  DOUBLE,  /* 8 bytes */
  STRING,  /* UTF-8 text; protobuf-c gives it as a C string */
  BYTES,   /* any bytes */
  BLOB,    /* bytes that stay in the file */
  MESSAGE, /* fields[].message */
} Kind;

typedef enum Label {
  ONCE,
  MANY,  /* repeated; of numbers: packed or not */
  LEFT,  /* known, but newer than our onnx.proto and no part of the computation: left out, warned */
  NOTES, /* the same, of which newer exporters write some at every node: left out */
  REFUSED, /* newer than our onnx.proto, and the computation depends on it */
} Label;

typedef enum MessageId {
  MODEL,
  OPSET,
  PAIR,
  TRAINING,
  FUNCTION,
  GRAPH,
  NODE,
  ATTRIBUTE,
  VALUE_INFO,
  TENSOR,
  SEGMENT,
  SPARSE,
  ANNOTATION,
  TYPE,
  TENSOR_TYPE,
  SEQUENCE_TYPE,
  MAP_TYPE,
  OPTIONAL_TYPE,
  SPARSE_TYPE,
  SHAPE,
  DIMENSION,
} MessageId;

typedef struct Field {
  uint8_t number, kind, label, message;
  const char *name;
} Field;

typedef struct Message {
  const char *name;
  const Field *fields; /* ends with number 0; at most 32, one bit each in `seen` */
  uint32_t one_of;     /* of these fields at most one is there; bit i: fields[i] */
} Message;

/* clang-format off */
static const Field model_fields[] = {
    {1, INT, ONCE, 0, "ir_version"}, {2, STRING, ONCE, 0, "producer_name"}, {3, STRING, ONCE, 0, "producer_version"},
    {4, STRING, ONCE, 0, "domain"}, {5, INT, ONCE, 0, "model_version"}, {6, STRING, ONCE, 0, "doc_string"},
    {7, MESSAGE, ONCE, GRAPH, "graph"}, {8, MESSAGE, MANY, OPSET, "opset_import"},
    {14, MESSAGE, MANY, PAIR, "metadata_props"}, {20, MESSAGE, MANY, TRAINING, "training_info"},
    {25, MESSAGE, MANY, FUNCTION, "functions"}, {26, BYTES, LEFT, 0, "configuration"}, {0}};
static const Field opset_fields[] = {{1, STRING, ONCE, 0, "domain"}, {2, INT, ONCE, 0, "version"}, {0}};
static const Field pair_fields[] = {{1, STRING, ONCE, 0, "key"}, {2, STRING, ONCE, 0, "value"}, {0}};
static const Field training_fields[] = {
    {1, MESSAGE, ONCE, GRAPH, "initialization"}, {2, MESSAGE, ONCE, GRAPH, "algorithm"},
    {3, MESSAGE, MANY, PAIR, "initialization_binding"}, {4, MESSAGE, MANY, PAIR, "update_binding"}, {0}};
static const Field function_fields[] = {
    {1, STRING, ONCE, 0, "name"}, {4, STRING, MANY, 0, "input"}, {5, STRING, MANY, 0, "output"},
    {6, STRING, MANY, 0, "attribute"}, {7, MESSAGE, MANY, NODE, "node"}, {8, STRING, ONCE, 0, "doc_string"},
    {9, MESSAGE, MANY, OPSET, "opset_import"}, {10, STRING, ONCE, 0, "domain"}, {11, MESSAGE, MANY, ATTRIBUTE, "attribute_proto"},
    {12, BYTES, LEFT, 0, "value_info"}, {13, STRING, ONCE, 0, "overload"}, {14, BYTES, NOTES, 0, "metadata_props"}, {0}};
static const Field graph_fields[] = {
    {1, MESSAGE, MANY, NODE, "node"}, {2, STRING, ONCE, 0, "name"}, {5, MESSAGE, MANY, TENSOR, "initializer"},
    {10, STRING, ONCE, 0, "doc_string"}, {11, MESSAGE, MANY, VALUE_INFO, "input"}, {12, MESSAGE, MANY, VALUE_INFO, "output"},
    {13, MESSAGE, MANY, VALUE_INFO, "value_info"}, {14, MESSAGE, MANY, ANNOTATION, "quantization_annotation"},
    {15, MESSAGE, MANY, SPARSE, "sparse_initializer"}, {16, BYTES, NOTES, 0, "metadata_props"}, {0}};
static const Field node_fields[] = {
    {1, STRING, MANY, 0, "input"}, {2, STRING, MANY, 0, "output"}, {3, STRING, ONCE, 0, "name"}, {4, STRING, ONCE, 0, "op_type"},
    {5, MESSAGE, MANY, ATTRIBUTE, "attribute"}, {6, STRING, ONCE, 0, "doc_string"}, {7, STRING, ONCE, 0, "domain"},
    {8, STRING, ONCE, 0, "overload"}, {9, BYTES, NOTES, 0, "metadata_props"}, {10, BYTES, LEFT, 0, "device_configurations"}, {0}};
static const Field attribute_fields[] = {
    {1, STRING, ONCE, 0, "name"}, {2, FLOAT, ONCE, 0, "f"}, {3, INT, ONCE, 0, "i"}, {4, BYTES, ONCE, 0, "s"},
    {5, MESSAGE, ONCE, TENSOR, "t"}, {6, MESSAGE, ONCE, GRAPH, "g"}, {7, FLOAT, MANY, 0, "floats"}, {8, INT, MANY, 0, "ints"},
    {9, BYTES, MANY, 0, "strings"}, {10, MESSAGE, MANY, TENSOR, "tensors"}, {11, MESSAGE, MANY, GRAPH, "graphs"},
    {13, STRING, ONCE, 0, "doc_string"}, {14, MESSAGE, ONCE, TYPE, "tp"}, {15, MESSAGE, MANY, TYPE, "type_protos"},
    {20, INT, ONCE, 0, "type"}, {21, STRING, ONCE, 0, "ref_attr_name"}, {22, MESSAGE, ONCE, SPARSE, "sparse_tensor"},
    {23, MESSAGE, MANY, SPARSE, "sparse_tensors"}, {0}};
static const Field value_info_fields[] = {
    {1, STRING, ONCE, 0, "name"}, {2, MESSAGE, ONCE, TYPE, "type"}, {3, STRING, ONCE, 0, "doc_string"},
    {4, BYTES, NOTES, 0, "metadata_props"}, {0}};
static const Field tensor_fields[] = {
    {1, INT, MANY, 0, "dims"}, {2, INT, ONCE, 0, "data_type"}, {3, MESSAGE, ONCE, SEGMENT, "segment"},
    {4, FLOAT, MANY, 0, "float_data"}, {5, INT, MANY, 0, "int32_data"}, {6, BYTES, MANY, 0, "string_data"},
    {7, INT, MANY, 0, "int64_data"}, {8, STRING, ONCE, 0, "name"}, {9, BLOB, ONCE, 0, "raw_data"},
    {10, DOUBLE, MANY, 0, "double_data"}, {11, INT, MANY, 0, "uint64_data"}, {12, STRING, ONCE, 0, "doc_string"},
    {13, MESSAGE, MANY, PAIR, "external_data"}, {14, INT, ONCE, 0, "data_location"}, {16, BYTES, NOTES, 0, "metadata_props"}, {0}};
static const Field segment_fields[] = {{1, INT, ONCE, 0, "begin"}, {2, INT, ONCE, 0, "end"}, {0}};
static const Field sparse_fields[] = {
    {1, MESSAGE, ONCE, TENSOR, "values"}, {2, MESSAGE, ONCE, TENSOR, "indices"}, {3, INT, MANY, 0, "dims"}, {0}};
static const Field annotation_fields[] = {
    {1, STRING, ONCE, 0, "tensor_name"}, {2, MESSAGE, MANY, PAIR, "quant_parameter_tensor_names"}, {0}};
static const Field type_fields[] = {
    {1, MESSAGE, ONCE, TENSOR_TYPE, "tensor_type"}, {4, MESSAGE, ONCE, SEQUENCE_TYPE, "sequence_type"},
    {5, MESSAGE, ONCE, MAP_TYPE, "map_type"}, {6, STRING, ONCE, 0, "denotation"},
    {8, MESSAGE, ONCE, SPARSE_TYPE, "sparse_tensor_type"}, {9, MESSAGE, ONCE, OPTIONAL_TYPE, "optional_type"}, {7, BYTES, REFUSED, 0, "opaque_type"}, {0}};
static const Field tensor_type_fields[] = {{1, INT, ONCE, 0, "elem_type"}, {2, MESSAGE, ONCE, SHAPE, "shape"}, {0}};
static const Field element_type_fields[] = {{1, MESSAGE, ONCE, TYPE, "elem_type"}, {0}};
static const Field map_type_fields[] = {{1, INT, ONCE, 0, "key_type"}, {2, MESSAGE, ONCE, TYPE, "value_type"}, {0}};
static const Field shape_fields[] = {{1, MESSAGE, MANY, DIMENSION, "dim"}, {0}};
static const Field dimension_fields[] = {
    {1, INT, ONCE, 0, "dim_value"}, {2, STRING, ONCE, 0, "dim_param"}, {3, STRING, ONCE, 0, "denotation"}, {0}};

static const Message messages[] = {
    [MODEL] = {"ModelProto", model_fields}, [OPSET] = {"OperatorSetIdProto", opset_fields},
    [PAIR] = {"StringStringEntryProto", pair_fields}, [TRAINING] = {"TrainingInfoProto", training_fields},
    [FUNCTION] = {"FunctionProto", function_fields}, [GRAPH] = {"GraphProto", graph_fields},
    [NODE] = {"NodeProto", node_fields}, [ATTRIBUTE] = {"AttributeProto", attribute_fields},
    [VALUE_INFO] = {"ValueInfoProto", value_info_fields}, [TENSOR] = {"TensorProto", tensor_fields},
    [SEGMENT] = {"TensorProto.Segment", segment_fields}, [SPARSE] = {"SparseTensorProto", sparse_fields},
    [ANNOTATION] = {"TensorAnnotation", annotation_fields}, [TYPE] = {"TypeProto", type_fields, 0x37},
    [TENSOR_TYPE] = {"TypeProto.Tensor", tensor_type_fields}, [SEQUENCE_TYPE] = {"TypeProto.Sequence", element_type_fields},
    [MAP_TYPE] = {"TypeProto.Map", map_type_fields}, [OPTIONAL_TYPE] = {"TypeProto.Optional", element_type_fields},
    [SPARSE_TYPE] = {"TypeProto.SparseTensor", tensor_type_fields}, [SHAPE] = {"TensorShapeProto", shape_fields},
    [DIMENSION] = {"TensorShapeProto.Dimension", dimension_fields, 0x3}};
/* clang-format on */

enum { WIRE_VARINT = 0, WIRE_8_BYTES = 1, WIRE_LENGTH = 2, WIRE_4_BYTES = 5 };

typedef struct Walk {
  const uint8_t *data; /* the file */
  size_t size_bytes, max_messages;
  const char *place;
  OnnxWire *wire;
  size_t n_messages, n_texts;
  FuseDiag *diag;
} Walk;

/* One field as it stands in the file. */
typedef struct Item {
  size_t at;         /* of its tag */
  uint32_t number;   /* of the field */
  uint32_t wire;     /* wire type */
  size_t begin, end; /* its payload; of WIRE_LENGTH: without the length */
} Item;

static bool damaged(const Walk *walk, const Message *message, size_t at, const char *what) {
  return fuse_diag_error(walk->diag, walk->place,
                         "byte %zu, in %s: %s; the file is damaged or not an ONNX model", at,
                         message->name, what);
}

static bool damaged_field(const Walk *walk, const Message *message, const Field *field, size_t at,
                          const char *what) {
  return fuse_diag_error(walk->diag, walk->place,
                         "byte %zu: %s.%s %s; the file is damaged or not an ONNX model", at,
                         message->name, field->name, what);
}

/* A varint of at most 10 bytes in [*at, end); moves *at behind it. */
static bool get_varint(const uint8_t *data, size_t *at, size_t end, uint64_t *value) {
  uint64_t v = 0;
  size_t i = *at;
  for (int shift = 0; shift < 70; shift += 7) {
    if (i == end)
      return false;
    uint8_t byte = data[i++];
    v |= (uint64_t)(byte & 0x7f) << shift;
    if (!(byte & 0x80)) {
      *at = i, *value = v;
      return true;
    }
  }
  return false;
}

/* The field at *at; moves *at behind it. NULL, or what is wrong. */
static const char *get_item(const uint8_t *data, size_t *at, size_t end, Item *item) {
  uint64_t tag, value;
  item->at = *at;
  if (!get_varint(data, at, end, &tag) || tag > UINT32_MAX || tag >> 3 == 0)
    return "no field tag here";
  item->number = (uint32_t)(tag >> 3);
  item->wire = tag & 7;
  item->begin = *at;
  size_t left = end - *at;
  switch (item->wire) {
  case WIRE_VARINT:
    if (!get_varint(data, at, end, &value))
      return "a number that doesn't end";
    break;
  case WIRE_8_BYTES:
  case WIRE_4_BYTES: {
    size_t n_bytes = item->wire == WIRE_8_BYTES ? 8 : 4;
    if (left < n_bytes)
      return "a number is cut off";
    *at += n_bytes;
    break;
  }
  case WIRE_LENGTH:
    if (!get_varint(data, at, end, &value))
      return "a length that doesn't end";
    if (value > end - *at)
      return "a field runs past the end of what it is part of (is the file cut off?)";
    item->begin = *at;
    *at += (size_t)value;
    break;
  default: return "an unknown wire type";
  }
  item->end = *at;
  return NULL;
}

static const Field *find_field(const Message *message, uint32_t number) {
  for (const Field *field = message->fields; field->number; field++)
    if (field->number == number)
      return field;
  return NULL;
}

static bool wire_type_fits(const Field *field, uint32_t wire) {
  switch ((Kind)field->kind) {
  case INT: return wire == WIRE_VARINT || (field->label == MANY && wire == WIRE_LENGTH);
  case FLOAT: return wire == WIRE_4_BYTES || (field->label == MANY && wire == WIRE_LENGTH);
  case DOUBLE: return wire == WIRE_8_BYTES || (field->label == MANY && wire == WIRE_LENGTH);
  case STRING:
  case BYTES:
  case BLOB:
  case MESSAGE: return wire == WIRE_LENGTH;
  }
  return false;
}

/* Are [begin, end) whole numbers of the field's kind? */
static bool packed_is_whole(const Walk *walk, const Field *field, size_t begin, size_t end) {
  if (field->kind == FLOAT)
    return (end - begin) % 4 == 0;
  if (field->kind == DOUBLE)
    return (end - begin) % 8 == 0;
  uint64_t value;
  while (begin < end)
    if (!get_varint(walk->data, &begin, end, &value))
      return false;
  return true;
}

static void note_unknown(Walk *walk, const Message *message, uint32_t number, const char *name) {
  OnnxWire *wire = walk->wire;
  for (size_t i = 0; i < wire->n_unknown; i++) {
    OnnxUnknown *unknown = &wire->unknown[i];
    if (unknown->message == message->name && unknown->field == number) {
      unknown->count++;
      return;
    }
  }
  if (wire->n_unknown < ONNX_MAX_UNKNOWN)
    wire->unknown[wire->n_unknown++] = (OnnxUnknown){message->name, number, name, 1};
}

static void put_varint(FuseText *out, uint64_t value) {
  char bytes[10];
  size_t n = 0;
  for (; value >= 0x80; value >>= 7)
    bytes[n++] = (char)(value | 0x80);
  bytes[n++] = (char)value;
  fuse_text_append(out, bytes, n);
}

/* In place of a blob: where it is. */
static void put_blob_ref(FuseText *out, const Item *item) {
  uint8_t ref[ONNX_BLOB_REF_BYTES];
  fuse_put64(ref, item->begin);
  fuse_put64(ref + 8, item->end - item->begin);
  put_varint(out, item->number << 3 | WIRE_LENGTH);
  put_varint(out, sizeof ref);
  fuse_text_append(out, (const char *)ref, sizeof ref);
}

/* Room for a length that is known later: a varint of 5 bytes, whatever its value. */
enum { LENGTH_BYTES = 5 };

static void patch_length(FuseText *out, size_t at, size_t length) {
  for (int i = 0; i < LENGTH_BYTES; i++, length >>= 7)
    out->data[at + (size_t)i] = (char)((length & 0x7f) | (i + 1 < LENGTH_BYTES ? 0x80 : 0));
}

static bool text_is_clean(const Walk *walk, const Item *item) {
  return memchr(walk->data + item->begin, 0, item->end - item->begin) == NULL;
}

static bool walk_message(Walk *walk, const Message *message, size_t begin, size_t end, int depth);

static bool walk_submessage(Walk *walk, const Message *message, const Field *field,
                            const Item *item, int depth) {
  if (depth + 1 > ONNX_MAX_DEPTH)
    return fuse_diag_error(walk->diag, walk->place,
                           "byte %zu: messages are nested more than %d deep; expected a model",
                           item->at, ONNX_MAX_DEPTH);
  if (++walk->n_messages > walk->max_messages)
    return fuse_diag_error(walk->diag, walk->place,
                           "byte %zu: %s.%s: found more than %zu messages in a file of %zu bytes; "
                           "expected at most that many",
                           item->at, message->name, field->name, walk->max_messages,
                           walk->size_bytes);
  FuseText *out = &walk->wire->bytes;
  put_varint(out, item->number << 3 | WIRE_LENGTH);
  size_t length_at = out->length;
  fuse_text_append(out, "\0\0\0\0", LENGTH_BYTES);
  if (!walk_message(walk, &messages[field->message], item->begin, item->end, depth + 1))
    return false;
  size_t length = out->length - length_at - LENGTH_BYTES;
  if (length > INT32_MAX)
    return fuse_diag_error(walk->diag, walk->place,
                           "byte %zu: %s.%s has %zu bytes besides raw_data; expected at most 2 GiB",
                           item->at, message->name, field->name, length);
  patch_length(out, length_at, length);
  return true;
}

/* One field that our onnx.proto has. */
static bool walk_field(Walk *walk, const Message *message, const Field *field, const Item *item,
                       int depth) {
  bool is_packed = field->kind <= DOUBLE && item->wire == WIRE_LENGTH;
  if (is_packed && !packed_is_whole(walk, field, item->begin, item->end))
    return damaged_field(walk, message, field, item->at, "ends inside a number");
  if (field->kind == STRING && !text_is_clean(walk, item))
    return damaged_field(walk, message, field, item->at, "has a NUL byte in its text");
  if (field->kind == MESSAGE)
    return walk_submessage(walk, message, field, item, depth);
  if ((field->kind == STRING || field->kind == BYTES) && ++walk->n_texts > ONNX_MAX_TEXTS)
    return fuse_diag_error(walk->diag, walk->place,
                           "byte %zu: %s.%s: found more than %d texts in the file; expected at "
                           "most that many",
                           item->at, message->name, field->name, ONNX_MAX_TEXTS);
  FuseText *out = &walk->wire->bytes;
  if (field->kind == BLOB) {
    put_blob_ref(out, item);
    return true;
  }
  put_varint(out, item->number << 3 | item->wire);
  if (item->wire == WIRE_LENGTH)
    put_varint(out, item->end - item->begin);
  fuse_text_append(out, (const char *)walk->data + item->begin, item->end - item->begin);
  return true;
}

static bool walk_message(Walk *walk, const Message *message, size_t begin, size_t end, int depth) {
  uint32_t seen = 0; /* bit i: message->fields[i] */
  for (size_t at = begin; at < end;) {
    Item item;
    const char *wrong = get_item(walk->data, &at, end, &item);
    if (wrong)
      return damaged(walk, message, item.at, wrong);
    const Field *field = find_field(message, item.number);
    if (!field || field->label == LEFT) {
      note_unknown(walk, message, item.number, field ? field->name : NULL);
      continue;
    }
    if (field->label == NOTES)
      continue;
    if (!wire_type_fits(field, item.wire))
      return damaged_field(walk, message, field, item.at, "has the wrong wire type");
    if (field->label == REFUSED) {
      if (item.begin == item.end)
        continue; /* empty text is the default */
      return fuse_diag_error(walk->diag, walk->place, "byte %zu: not supported yet: %s.%s", item.at,
                             message->name, field->name);
    }
    uint32_t bit = 1u << (field - message->fields);
    if (field->label == ONCE && (seen & bit))
      return damaged_field(walk, message, field, item.at, "is there twice");
    seen |= bit;
    uint32_t choice = seen & message->one_of;
    if (choice & (choice - 1))
      return damaged_field(walk, message, field, item.at, "is there beside its alternative");
    if (!walk_field(walk, message, field, &item, depth))
      return false;
  }
  return true;
}

bool onnx_wire_shorten(const uint8_t *data, size_t size_bytes, const char *place, OnnxWire *wire,
                       FuseDiag *diag) {
  enum { FEW = 1024 };
  size_t in_proportion = FEW + size_bytes / ONNX_MESSAGE_BYTES;
  Walk walk = {.data = data,
               .size_bytes = size_bytes,
               .max_messages =
                   in_proportion < ONNX_MAX_MESSAGES ? in_proportion : ONNX_MAX_MESSAGES,
               .place = place,
               .wire = wire,
               .diag = diag};
  if (size_bytes == 0)
    return fuse_diag_error(diag, place, "the file is empty; expected an ONNX model");
  return walk_message(&walk, &messages[MODEL], 0, size_bytes, 0);
}

/* The first tag decides, so that a truncated model is still told about as a model. Where that byte
 * could also begin MLIR text (a quote is the tag of ModelProto.domain), all fields must fit. */
bool fuse_onnx_looks_like(const void *data, size_t size_bytes) {
  const uint8_t *bytes = data;
  bool printable = size_bytes > 0 && bytes[0] >= 0x20 && bytes[0] < 0x7f;
  size_t at = 0;
  while (at < size_bytes) {
    size_t tag_at = at;
    uint64_t tag;
    if (!get_varint(bytes, &tag_at, size_bytes, &tag) || tag > UINT32_MAX)
      return false;
    const Field *field = find_field(&messages[MODEL], (uint32_t)(tag >> 3));
    if (!field || !wire_type_fits(field, tag & 7))
      return false;
    if (!printable)
      return true;
    Item item;
    if (get_item(bytes, &at, size_bytes, &item))
      return false;
  }
  return size_bytes > 0;
}
