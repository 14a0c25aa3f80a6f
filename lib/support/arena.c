// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/* arena.c - many allocations, one release.
 *
 * Blocks come zeroed from calloc, so a large allocation costs nothing until it is written to.
 */
#include <stdlib.h>
#include <string.h>

#include "fuse/support.h"

enum { ALIGN = 16, BLOCK_BYTES = 64 * 1024 };

struct FuseArenaBlock {
  FuseArenaBlock *next;
  size_t size_bytes; /* of the data after this header */
  size_t used_bytes;
};

enum { HEADER_BYTES = (sizeof(FuseArenaBlock) + ALIGN - 1) / ALIGN * ALIGN };

static uint8_t *block_data(FuseArenaBlock *block) {
  return (uint8_t *)block + HEADER_BYTES;
}

static FuseArenaBlock *block_create(size_t size_bytes) {
  size_t total_bytes;
  if (!fuse_add_size(size_bytes, HEADER_BYTES, &total_bytes))
    fuse_fatal("out of memory");
  FuseArenaBlock *block = calloc(1, total_bytes);
  if (!block)
    fuse_fatal("out of memory");
  block->size_bytes = size_bytes;
  return block;
}

/* A block with room for size_bytes (a multiple of ALIGN). */
static FuseArenaBlock *block_with_room(FuseArena *arena, size_t size_bytes) {
  FuseArenaBlock *head = arena->blocks;
  if (head && head->size_bytes - head->used_bytes >= size_bytes)
    return head;
  if (head && size_bytes > BLOCK_BYTES / 4) {
    /* A block of its own, behind the head, whose free room stays in use. */
    FuseArenaBlock *own = block_create(size_bytes);
    own->next = head->next;
    head->next = own;
    return own;
  }
  FuseArenaBlock *block = block_create((size_t)fuse_max(BLOCK_BYTES, (int64_t)size_bytes));
  block->next = head;
  arena->blocks = block;
  return block;
}

void *fuse_alloc(FuseArena *arena, size_t size_bytes) {
  if (size_bytes > PTRDIFF_MAX - ALIGN)
    fuse_fatal("out of memory");
  size_t rounded_bytes = size_bytes ? (size_bytes + ALIGN - 1) / ALIGN * ALIGN : ALIGN;
  FuseArenaBlock *block = block_with_room(arena, rounded_bytes);
  void *at = block_data(block) + block->used_bytes;
  block->used_bytes += rounded_bytes;
  arena->used_bytes += rounded_bytes;
  if (arena->peak_bytes < arena->used_bytes)
    arena->peak_bytes = arena->used_bytes;
  return at;
}

void *fuse_alloc_array(FuseArena *arena, size_t count, size_t elem_bytes) {
  size_t size_bytes;
  if (!fuse_mul_size(count, elem_bytes, &size_bytes))
    fuse_fatal("out of memory: the size of an array overflows");
  return fuse_alloc(arena, size_bytes);
}

void *fuse_memdup(FuseArena *arena, const void *data, size_t size_bytes) {
  void *copy = fuse_alloc(arena, size_bytes);
  if (size_bytes)
    memcpy(copy, data, size_bytes);
  return copy;
}

char *fuse_strndup(FuseArena *arena, const char *s, size_t length) {
  size_t size_bytes;
  if (!fuse_add_size(length, 1, &size_bytes))
    fuse_fatal("out of memory");
  char *copy = fuse_alloc(arena, size_bytes);
  if (length)
    memcpy(copy, s, length);
  return copy;
}

char *fuse_strdup(FuseArena *arena, const char *s) {
  return fuse_strndup(arena, s, strlen(s));
}

char *fuse_vformat(FuseArena *arena, const char *format, va_list args) {
  va_list again;
  va_copy(again, args);
  int length = fuse_vsnprintf(NULL, 0, format, args);
  FUSE_ASSERT(length >= 0);
  char *text = fuse_alloc(arena, (size_t)length + 1);
  fuse_vsnprintf(text, (size_t)length + 1, format, again);
  va_end(again);
  return text;
}

char *fuse_format(FuseArena *arena, const char *format, ...) {
  va_list args;
  va_start(args, format);
  char *text = fuse_vformat(arena, format, args);
  va_end(args);
  return text;
}

void *fuse_grow(FuseArena *arena, void *items, size_t count, size_t *capacity, size_t need,
                size_t elem_bytes) {
  if (need <= *capacity)
    return items;
  size_t grown;
  if (!fuse_mul_size(*capacity, 2, &grown) || grown < need)
    grown = need;
  if (grown < 8)
    grown = 8;
  void *moved = fuse_alloc_array(arena, grown, elem_bytes);
  if (count)
    memcpy(moved, items, count * elem_bytes);
  *capacity = grown;
  return moved;
}

void fuse_arena_reset(FuseArena *arena) {
  /* Keep one ordinary block: scratch arenas are reset once per layer. */
  FuseArenaBlock *kept = NULL;
  for (FuseArenaBlock *block = arena->blocks, *next; block; block = next) {
    next = block->next;
    if (!kept && block->size_bytes == BLOCK_BYTES)
      kept = block;
    else
      free(block);
  }
  if (kept) {
    memset(block_data(kept), 0, kept->used_bytes);
    kept->used_bytes = 0;
    kept->next = NULL;
  }
  arena->blocks = kept;
  arena->used_bytes = 0;
}

void fuse_arena_fini(FuseArena *arena) {
  for (FuseArenaBlock *block = arena->blocks, *next; block; block = next) {
    next = block->next;
    free(block);
  }
  *arena = (FuseArena){0};
}
