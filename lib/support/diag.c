// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/* diag.c - record and print errors; what happens when the program is wrong. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fuse/diag.h"

static FuseFatalHandler fatal_handler;
static void *fatal_user;

void fuse_set_fatal_handler(FuseFatalHandler handler, void *user) {
  fatal_handler = handler;
  fatal_user = user;
}

void fuse_fatal(const char *reason) {
  /* No allocation here: memory may be what is missing. */
  if (fatal_handler)
    fatal_handler(reason, fatal_user);
  fputs("fuse: fatal: ", stderr);
  fputs(reason, stderr);
  fputc('\n', stderr);
  abort();
}

void fuse_assert_failed(const char *condition, const char *file, int line) {
  char reason[512];
  snprintf(reason, sizeof reason, "%s:%d: broken invariant: %s", file, line, condition);
  fuse_fatal(reason);
}

/* Mark a text that did not fit with "..." at its end, without splitting a UTF-8 sequence. */
static void mark_cut(char *buffer, size_t size, int length) {
  if (length < 0 || (size_t)length < size)
    return;
  size_t end = size - 4;
  while (end > 0 && ((uint8_t)buffer[end] & 0xc0) == 0x80)
    end--;
  memcpy(buffer + end, "...", 4);
}

bool fuse_diag_error(FuseDiag *diag, const char *place, const char *format, ...) {
  if (diag->set)
    return false;
  diag->set = true;
  int length = fuse_snprintf(diag->place, sizeof diag->place, "%s", place ? place : "");
  mark_cut(diag->place, sizeof diag->place, length);
  va_list args;
  va_start(args, format);
  length = fuse_vsnprintf(diag->message, sizeof diag->message, format, args);
  va_end(args);
  mark_cut(diag->message, sizeof diag->message, length);
  return false;
}

/* One line stays one line, and no terminal sequence gets through, whatever a caller forgot. */
static void append_line(FuseText *line, const char *s) {
  for (; *s; s++) {
    if ((uint8_t)*s < 0x20 || *s == 0x7f)
      fuse_text_printf(line, "\\x%02x", (unsigned)(uint8_t)*s);
    else
      fuse_text_append(line, s, 1);
  }
}

void fuse_diag_emit(FuseSeverity severity, const char *place, const char *message) {
  static const char *const names[] = {"error: ", "warning: ", "note: "};
  FuseText line = {0};
  if (place && *place) {
    append_line(&line, place);
    fuse_text_puts(&line, ": ");
  }
  fuse_text_puts(&line, names[severity]);
  append_line(&line, message);
  fuse_text_puts(&line, "\n");
  fwrite(line.data, 1, line.length, stderr);
  fuse_text_fini(&line);
}

void fuse_diag_print(const FuseDiag *diag) {
  FUSE_ASSERT(diag->set);
  fuse_diag_emit(FUSE_ERROR, diag->place, diag->message);
}

void fuse_diag_say(FuseSeverity severity, const char *place, const char *format, ...) {
  FuseText message = {0};
  va_list args;
  va_start(args, format);
  fuse_text_vprintf(&message, format, args);
  va_end(args);
  fuse_diag_emit(severity, place, message.data);
  fuse_text_fini(&message);
}
