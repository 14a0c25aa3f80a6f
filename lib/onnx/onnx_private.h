// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/* onnx_private.h - what the files of lib/onnx share.
 *
 *   wire.c    bytes of the file       -> checked, shortened message
 *   read.c    shortened message       -> protobuf-c structs; one TensorProto -> FuseTensor
 *   inline.c  calls of functions      -> nodes; contrib.c: functions for com.microsoft's operators
 *   import.c  protobuf-c structs      -> onnx dialect
 */
#ifndef FUSE_ONNX_PRIVATE_H
#define FUSE_ONNX_PRIVATE_H

#include "fuse/file.h"
#include "fuse/tensor.h"
#include "onnx.pb-c.h"

/* ---- wire.c ---- */

enum {
  ONNX_BLOB_REF_BYTES = 16,    /* what stands for a raw_data in the shortened message */
  ONNX_MAX_DEPTH = 64,         /* messages inside messages */
  ONNX_MAX_MESSAGES = 1 << 20, /* so many become structs, a few hundred bytes each */
  ONNX_MESSAGE_BYTES = 4,      /* at least, on average: the smallest models there are have 5 */
  ONNX_MAX_TEXTS = 1 << 22,    /* so many become strings, at least 32 bytes each */
  ONNX_MAX_UNKNOWN = 32,       /* kinds of unknown fields that are told apart */
};

/* A field that is left out of the shortened message. */
typedef struct OnnxUnknown {
  const char *message; /* "NodeProto" */
  uint32_t field;
  const char *name; /* NULL: not in our table either */
  size_t count;
} OnnxUnknown;

typedef struct OnnxWire {
  FuseText bytes; /* the shortened message; every raw_data is replaced by offset and length, 8 bytes
                     little-endian each, of the blob in the file */
  OnnxUnknown unknown[ONNX_MAX_UNKNOWN];
  size_t n_unknown;
} OnnxWire;

/* Walk the bytes of a ModelProto: tags, wire types, lengths, varints, nesting, text without NUL.
 * What it lets pass, protobuf-c unpacks without surprise. `place` begins the diagnostics.
 * The caller frees wire->bytes also after false. */
bool onnx_wire_shorten(const uint8_t *data, size_t size_bytes, const char *place, OnnxWire *wire,
                       FuseDiag *diag);

/* ---- read.c ---- */

typedef struct OnnxExternal OnnxExternal; /* an open file of external data */

/* An open model. Its files are `file` and those in `externals`; the one who reads it hands them to
 * whoever keeps the tensors' bytes. */
typedef struct OnnxModel {
  const char *path;  /* as the user gave it: begins diagnostics */
  bool folder_known; /* false: standard input */
  FuseFile file;
  Onnx__ModelProto *proto; /* in `scratch`; raw_data fields hold references, see onnx_tensor_get */
  OnnxExternal *externals;
  FuseArena *scratch; /* the message */
  FuseArena *keep;    /* decoded tensors */
} OnnxModel;

/* Unpack model->file. Warns about fields that are left out. */
bool onnx_read(OnnxModel *model, FuseDiag *diag);

/* Fields that our onnx.proto doesn't have and that matter. */
enum { ONNX_NODE_OVERLOAD = 8, ONNX_FUNCTION_DEFAULT = 11, ONNX_FUNCTION_OVERLOAD = 13 };

/* The next field `number`, of text or a message, that wire.c lets pass and our onnx.proto doesn't
 * have: its bytes; NULL behind the last. *at begins as 0. */
const uint8_t *onnx_newer_field(const ProtobufCMessage *message, uint32_t number, size_t *at,
                                size_t *size_bytes);

/* Unpack an attribute from such bytes. */
Onnx__AttributeProto *onnx_unpack_attribute(FuseArena *arena, const uint8_t *bytes,
                                            size_t size_bytes);

/* Shape, element type and bytes of a tensor: a pointer into a file (of any alignment), or decoded
 * into model->keep. After false diag->message tells what is wrong with it, without a place. */
bool onnx_tensor_get(OnnxModel *model, const Onnx__TensorProto *proto, FuseTensor *tensor,
                     FuseDiag *diag);

/* Take the files of external data out of the model, one by one; false behind the last. */
bool onnx_next_external(OnnxModel *model, FuseFile *file);

/* Our element type for a TensorProto.DataType; NONE: not supported yet. */
FuseDtype onnx_dtype(int data_type);
/* Two elements to a byte: INT4 and UINT4, which onnx_tensor_get unpacks to i8 and ui8. */
bool onnx_is_packed(int data_type);
/* "FLOAT16"; "number 99" into buffer for one that ONNX 1.23 doesn't have. */
const char *onnx_dtype_name(int data_type, char buffer[24]);

/* Larger tensors are refused: the C program and the machine count elements in 32 bits. */
#define ONNX_MAX_ELEMS INT64_C(0x7fffffff)

#endif
