// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/* unit.h - CHECK(condition) prints the place of what doesn't hold and goes on; main ends with
 * `return unit_result();`. */
#ifndef FUSE_TEST_UNIT_H
#define FUSE_TEST_UNIT_H

#include <stdio.h>
#include <string.h>

static int unit_failures;
static int unit_checks;

#define CHECK(condition) unit_check((condition), #condition, __FILE__, __LINE__)
#define CHECK_STR(found, expected) unit_check_str((found), (expected), __FILE__, __LINE__)

static inline void unit_check(_Bool holds, const char *condition, const char *file, int line) {
  unit_checks++;
  if (holds)
    return;
  unit_failures++;
  fprintf(stderr, "%s:%d: CHECK failed: %s\n", file, line, condition);
}

static inline void unit_check_str(const char *found, const char *expected, const char *file,
                                  int line) {
  unit_checks++;
  if (found && strcmp(found, expected) == 0)
    return;
  unit_failures++;
  fprintf(stderr, "%s:%d: found '%s'; expected '%s'\n", file, line, found ? found : "(null)",
          expected);
}

/* A test in which nothing was checked has failed. */
static inline int unit_result(void) {
  printf("%d checks, %d failed\n", unit_checks, unit_failures);
  return unit_failures != 0 || unit_checks == 0;
}

#endif
