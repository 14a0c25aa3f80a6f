// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/* said.h - what was reported last, for tests of messages. */
#ifndef FUSE_TEST_SAID_H
#define FUSE_TEST_SAID_H

#include <stdio.h>
#include <string.h>

#include "fuse/ir.h"

static struct {
  int n; /* how many */
  FuseSeverity severity;
  char place[256];
  char message[1024];
} said;

static void listen(const FuseDiagEvent *event, void *user) {
  (void)user;
  said.n++;
  said.severity = event->severity;
  snprintf(said.place, sizeof said.place, "%s", event->place);
  snprintf(said.message, sizeof said.message, "%s", event->message);
}

/* An IR that reports to `said`, which is empty. */
static inline FuseIr *create_listening(void) {
  memset(&said, 0, sizeof said);
  FuseIr *ir = fuse_ir_create();
  fuse_ir_set_sink(ir, listen, NULL);
  return ir;
}

#endif
