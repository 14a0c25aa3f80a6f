// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/* support.h - arena, text, checked arithmetic, SHA-256, little-endian bytes.
 *
 * Bottom layer: everything may include this, it includes nothing of ours.
 */
#ifndef FUSE_SUPPORT_H
#define FUSE_SUPPORT_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define FUSE_COUNTOF(a) (sizeof(a) / sizeof((a)[0]))

#if defined(__GNUC__)
#define FUSE_PRINTF(fmt, args) __attribute__((format(printf, fmt, args)))
#define FUSE_NORETURN __attribute__((noreturn))
#else
#define FUSE_PRINTF(fmt, args)
#define FUSE_NORETURN
#endif

/* ---- the program is wrong, or there is no memory ---- */

/* Called once with the reason before the process aborts; a host program may longjmp out of it. */
typedef void (*FuseFatalHandler)(const char *reason, void *user);

/* Process-wide by nature (out of memory has no context to hang it on); set it before starting
 * threads. */
void fuse_set_fatal_handler(FuseFatalHandler handler, void *user);
FUSE_NORETURN void fuse_fatal(const char *reason);
FUSE_NORETURN void fuse_assert_failed(const char *condition, const char *file, int line);

/* Kept in release builds: a broken invariant must not become a wrong binary. */
#define FUSE_ASSERT(condition)                                                                     \
  ((condition) ? (void)0 : fuse_assert_failed(#condition, __FILE__, __LINE__))

/* ---- arena: many allocations, one release ---- */

typedef struct FuseArenaBlock FuseArenaBlock;
typedef struct FuseArena {
  FuseArenaBlock *blocks; /* newest first */
  size_t used_bytes;      /* handed out since init or reset */
  size_t peak_bytes;      /* largest used_bytes so far */
} FuseArena;              /* {0} is a valid empty arena */

/* Zeroed memory aligned to 16 bytes, valid until reset or fini. Never NULL, also for size 0. */
void *fuse_alloc(FuseArena *arena, size_t size_bytes);
/* As fuse_alloc for count elements; the product is checked (fuse_fatal on overflow). */
void *fuse_alloc_array(FuseArena *arena, size_t count, size_t elem_bytes);
void *fuse_memdup(FuseArena *arena, const void *data, size_t size_bytes);
/* A NUL-terminated copy of length bytes. */
char *fuse_strndup(FuseArena *arena, const char *s, size_t length);
char *fuse_strdup(FuseArena *arena, const char *s);
char *fuse_format(FuseArena *arena, const char *format, ...) FUSE_PRINTF(2, 3);
char *fuse_vformat(FuseArena *arena, const char *format, va_list args);
void fuse_arena_reset(FuseArena *arena);
void fuse_arena_fini(FuseArena *arena);

/* Grow an arena array to hold at least `need` elements (doubling); returns the new base, contents
 * kept. FooVec: items = fuse_grow(arena, items, n, &capacity, n + 1, sizeof *items); items[n++] =
 * x; */
void *fuse_grow(FuseArena *arena, void *items, size_t count, size_t *capacity, size_t need,
                size_t elem_bytes);

/* ---- text: a growable byte string on the heap ---- */

typedef struct FuseText {
  char *data;    /* NUL-terminated once anything was appended; NULL when empty */
  size_t length; /* without the NUL */
  size_t capacity;
} FuseText; /* {0} is the empty text */

void fuse_text_append(FuseText *text, const char *data, size_t length);
void fuse_text_puts(FuseText *text, const char *s);
void fuse_text_printf(FuseText *text, const char *format, ...) FUSE_PRINTF(2, 3);
void fuse_text_vprintf(FuseText *text, const char *format, va_list args);
/* Append s with control characters, quotes, backslashes and malformed UTF-8 escaped (\n, \xNN), cut
 * after 200 printed bytes with "...": for names that come from a file. */
void fuse_text_escaped(FuseText *text, const char *s, size_t length);
void fuse_text_fini(FuseText *text);
/* Insertions, deletions and replacements between two names (Levenshtein); SIZE_MAX when one has
 * more than 64 characters. And how many of them still look like a typing mistake. */
size_t fuse_text_distance(const char *a, const char *b);
size_t fuse_text_typo(const char *name);
/* Well-formed UTF-8 without NUL. */
bool fuse_utf8_valid(const char *s, size_t length);

/* vsnprintf and snprintf in the C locale, whatever locale a host program has set. */
int fuse_vsnprintf(char *buffer, size_t size, const char *format, va_list args);
int fuse_snprintf(char *buffer, size_t size, const char *format, ...) FUSE_PRINTF(3, 4);

/* ---- checked arithmetic: false on overflow, *out untouched ---- */

bool fuse_mul_size(size_t a, size_t b, size_t *out);
bool fuse_add_size(size_t a, size_t b, size_t *out);
/* Product of n dimensions, each >= 0; false on a negative one or when it exceeds INT64_MAX. n = 0
 * gives 1. */
bool fuse_mul_dims(const int64_t *dims, int n, int64_t *out);

static inline int64_t fuse_ceil_div(int64_t a, int64_t b) {
  return a / b + (a % b > 0);
}
static inline int64_t fuse_floor_div(int64_t a, int64_t b) {
  return a / b - (a % b < 0);
}
static inline int64_t fuse_min(int64_t a, int64_t b) {
  return a < b ? a : b;
}
static inline int64_t fuse_max(int64_t a, int64_t b) {
  return a > b ? a : b;
}

/* ---- hash ---- */

/* SHA-256 (FIPS 180-4) of size_bytes bytes. */
void fuse_sha256(const void *data, size_t size_bytes, uint8_t out[32]);

/* ---- little-endian bytes ---- */

static inline uint16_t fuse_get16(const void *at) {
  const uint8_t *p = at;
  return (uint16_t)(p[0] | p[1] << 8);
}
static inline uint32_t fuse_get32(const void *at) {
  const uint8_t *p = at;
  return (uint32_t)p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 | (uint32_t)p[3] << 24;
}
static inline uint64_t fuse_get64(const void *at) {
  return (uint64_t)fuse_get32(at) | (uint64_t)fuse_get32((const uint8_t *)at + 4) << 32;
}
static inline void fuse_put16(void *at, uint16_t v) {
  uint8_t *p = at;
  p[0] = (uint8_t)v, p[1] = (uint8_t)(v >> 8);
}
static inline void fuse_put32(void *at, uint32_t v) {
  fuse_put16(at, (uint16_t)v);
  fuse_put16((uint8_t *)at + 2, (uint16_t)(v >> 16));
}
static inline void fuse_put64(void *at, uint64_t v) {
  fuse_put32(at, (uint32_t)v);
  fuse_put32((uint8_t *)at + 4, (uint32_t)(v >> 32));
}

#endif
