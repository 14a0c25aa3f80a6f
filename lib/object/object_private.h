// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/* object_private.h - what the files of lib/object share: sections, quoted strings. */
#ifndef FUSE_OBJECT_PRIVATE_H
#define FUSE_OBJECT_PRIVATE_H

#include <jansson.h>

#include "fuse/line.h"
#include "fuse/object.h"

/* X(ID, name, ELF type, ELF flags, alignment), in the order of the file. */
#define STOS_SECTIONS(X)                                                                           \
  X(TEXT, ".stos.text", STOS_SHT_PROGBITS, STOS_SHF_ALLOC | STOS_SHF_EXECINSTR, 16)                \
  X(WEIGHTS, ".stos.weights", STOS_SHT_PROGBITS, STOS_SHF_ALLOC, STOS_REGION_ALIGNMENT)            \
  X(HOST, ".stos.host", STOS_SHT_PROGBITS, 0, 4)                                                   \
  X(IO, ".stos.io", STOS_SHT_PROGBITS, 0, 4)                                                       \
  X(DEBUG, ".stos.debug", STOS_SHT_PROGBITS, 0, 4)                                                 \
  X(NOTE, ".note.stos", STOS_SHT_NOTE, 0, 4)                                                       \
  X(SHSTRTAB, ".shstrtab", STOS_SHT_STRTAB, 0, 1)

typedef enum StosSection {
  STOS_SECTION_NULL = 0,
#define X(ID, name, type, flags, alignment) STOS_SECTION_##ID,
  STOS_SECTIONS(X)
#undef X
      STOS_N_SECTIONS,
} StosSection;

enum {
  STOS_SHT_PROGBITS = 1,
  STOS_SHT_STRTAB = 3,
  STOS_SHT_NOTE = 7,
  STOS_SHF_ALLOC = 2,
  STOS_SHF_EXECINSTR = 4,
  STOS_ELF_HEADER_BYTES = 64,
  STOS_ELF_SECTION_BYTES = 64,
  STOS_NOTE_TYPE = 1,
};

typedef struct StosSectionInfo {
  const char *name;
  uint32_t type, alignment;
  uint64_t flags;
} StosSectionInfo;

extern const StosSectionInfo stos_sections[STOS_N_SECTIONS];

/* What the target's fields are in the note and in the hash: u32 each, in the order of target.h. */
enum {
#define X(field, smallest, largest) STOS_TARGET_FIELD_##field,
  STOS_TARGET_FIELDS(X)
#undef X
      STOS_N_TARGET_FIELDS
};

/* "s" with escapes, whole (fuse_text_escaped cuts). */
void stos_text_quoted(FuseText *text, const char *s);
/* "1x3x8x8"; "scalar" for rank 0. */
void stos_text_shape(FuseText *text, const StosIo *io);
/* Bytes as lower-case hexadecimal digits. */
void stos_text_hex(FuseText *text, const uint8_t *bytes, size_t n);

/* Names of kernels.def; NULL and false when there is none. */
const char *stos_kernel_name(uint32_t id);
bool stos_kernel_find(FuseWord name, uint32_t *id);

/* Parts of the JSON form that the memory images share. */
json_t *stos_json_target(const StosTarget *target);
json_t *stos_json_tensors(const StosIo *list, uint32_t n);
json_t *stos_json_host(const StosObject *object);
/* Text of owned_root, with a newline; released. */
void stos_json_print(json_t *owned_root, FuseText *out);

/* A file cut into its sections; headers and places checked, contents not. */
typedef struct StosElf {
  const uint8_t *bytes;
  size_t size_bytes;
  const char *place;
  FuseDiag *diag;
  const uint8_t *section[STOS_N_SECTIONS];
  size_t section_bytes[STOS_N_SECTIONS];
} StosElf;
bool stos_elf_open(StosElf *elf, const uint8_t *bytes, size_t size_bytes, const char *place,
                   FuseDiag *diag);

/* A string that may be NULL. */
static inline const char *stos_string(const char *s) {
  return s ? s : "";
}

#endif
