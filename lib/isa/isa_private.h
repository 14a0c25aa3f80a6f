// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/* isa_private.h - what the files of lib/isa share: blocks as runs of fields. */
#ifndef FUSE_ISA_PRIVATE_H
#define FUSE_ISA_PRIVATE_H

#include "fuse/isa.h"

/* Larger than any command would be without the limit of 256 bytes (the encoder asserts it). */
enum { STOS_LONGEST_BYTES = 512, STOS_HEADER_BYTES = 8, STOS_SYNC_BYTES = 4, STOS_UNIT_BYTES = 16 };

/* First field after the block that begins at `first`. */
int stos_block_end(const StosCmdInfo *info, int first);
/* Every field of the block has its fallback value. */
bool stos_block_is_fallback(const StosCmd *cmd, const StosCmdInfo *info, int first, int end);
bool stos_field_is_fallback(const StosCmd *cmd, const StosField *field, int i);
const StosPost *stos_field_post_const(const StosCmd *cmd, const StosField *field, int i);

#endif
