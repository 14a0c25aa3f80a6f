// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/* driver.h - what the MLIR tools share: input files told apart by content, printing modules,
 * expected diagnostics; and cli.h.
 *
 * Layer 7: tools include this. A tool's main() is: parse the flags, do the work, return the status
 * (0 good, 1 the input is wrong, 2 the command line is wrong).
 */
#ifndef FUSE_DRIVER_H
#define FUSE_DRIVER_H

#include "fuse/cli.h"
#include "fuse/codegen.h"
#include "fuse/file.h"
#include "fuse/ir.h"
#include "fuse/kernels.h"
#include "fuse/object.h"
#include "fuse/onnx.h"

/* ---- input (input.c) ---- */

typedef enum FuseInputKind { FUSE_INPUT_TEXT, FUSE_INPUT_BYTECODE, FUSE_INPUT_ONNX } FuseInputKind;

typedef struct FuseInput {
  const char *path; /* as given; "-" for standard input */
  const char *name; /* for diagnostics and locations: the path, or "<stdin>" */
  FuseFile file;    /* empty once a model has been imported: its weights stay in it */
  FuseInputKind kind;
} FuseInput;

/* Open a file and tell by its content (never by its name) what it is. Binary data that is neither
 * bytecode nor a model is an error. */
bool fuse_input_open(const char *path, FuseInput *input, FuseDiag *diag);
void fuse_input_close(FuseInput *input);

/* A piece of an input; the whole of it, or what lies between two lines `// -----`. */
typedef struct FusePiece {
  const uint8_t *data;
  size_t size_bytes;
  int line_offset; /* lines of the file in front of it */
} FusePiece;

/* Cut a text input in pieces; anything else is one piece. */
FusePiece *fuse_input_split(FuseArena *arena, const FuseInput *input, size_t *n);
/* The module in a piece, a model imported (once: ir takes its file); null after printed errors. */
MlirModule fuse_input_parse(FuseIr *ir, FuseInput *input, const FusePiece *piece,
                            const FuseOnnxOptions *options);
/* Every `--dim NAME=SIZE` and `--value INPUT=FILE` of the command line; false after an error, with
 * args->status set. */
bool fuse_args_onnx(FuseArena *arena, const FuseTool *tool, FuseArgs *args,
                    FuseOnnxOptions *options);

/* ---- output (print.c) ---- */

/* Module as text; with locations: loc(...) on every op and argument. */
void fuse_print_module(MlirOperation op, bool locations, FuseText *text);
/* Module as bytecode (locations are always in it). */
void fuse_print_bytecode(MlirOperation op, FuseText *text);
/* Does the module carry locations of its own: of an ONNX node, or written out with loc(...)? Text
 * without any gets places in its own file `name`, which aren't worth printing. */
bool fuse_has_locations(MlirOperation op, const char *name);

/* ---- binaries (emit.c) ---- */

/* A scheduled module (the result of stos-schedule) as an object whose parts live in arena, its
 * program judged by the stream checker. The note's flags come from what passes wrote on the
 * function, so every way to compile gives the same bytes. False after printed errors. */
bool fuse_make_object(FuseIr *ir, FuseArena *arena, MlirModule module, StosObject *object);
/* The same into a .stos file ("-": standard output), or as memory images into a folder. */
bool fuse_write_object(FuseIr *ir, MlirModule module, const char *path);
bool fuse_write_image(FuseIr *ir, MlirModule module, const char *folder);
/* A module of tosa and fuse ops into an ONNX file ("-": standard output). */
bool fuse_write_onnx(FuseIr *ir, MlirModule module, const char *path);

/* ---- a whole compilation (compile.c) ---- */

typedef enum FuseEmit {
  FUSE_EMIT_STOS,  /* object file */
  FUSE_EMIT_C,     /* reference C of the rewritten network: NAME.c, NAME.h, perhaps NAME.weights */
  FUSE_EMIT_MLIR,  /* the scheduled module */
  FUSE_EMIT_ONNX,  /* the rewritten network */
  FUSE_EMIT_IMAGE, /* memory images: a folder */
  FUSE_N_EMITS
} FuseEmit;

/* "stos,c": what is listed becomes true in emit. False and diag for a wrong, repeated or empty
 * item.
 */
bool fuse_emit_parse(const char *list, bool emit[FUSE_N_EMITS], FuseDiag *diag);

typedef struct FuseCompile {
  const char *input;    /* path or "-" */
  const char *quantize; /* .npz with samples: quantise the model first; NULL: don't */
  FuseOnnxOptions onnx;
  const char *target;  /* preset or file */
  const char *rewrite; /* mode of fuse-rewrite */
  const char *keep;    /* option of convert-onnx-to-tosa: "none", "all", or names */
  bool emit[FUSE_N_EMITS];
  const char *output; /* of the first of emit in the enum's order; the others share its stem */
  const char *report; /* JSON file; NULL: none */
  FuseCWeights weights;
  bool save_temps;  /* STEM.1-onnx.mlir ...; also when a later stage fails */
  bool forbid_host; /* a node on the host is an error */
  FuseText *check;  /* nothing is written but the report, which is that of check.c; its text goes
                       here. NULL: compile */
  bool time;        /* fill in the summary's cycles */
  void (*progress)(const char *stage, void *user); /* before each stage; NULL: not told */
  void *user;
} FuseCompile;

typedef struct FuseCompileSummary {
  bool scheduled; /* false: only C was asked for; then the rest is 0 */
  size_t commands, text_bytes, weights_bytes;
  uint64_t arena_bytes, io_bytes, cycles; /* cycles: with a report or `time` */
  uint32_t host_calls;
} FuseCompileSummary;

/* Read, compile, write. All files of emit and the report appear, or none. False after printed
 * errors. */
bool fuse_compile(const FuseCompile *job, FuseCompileSummary *summary);
/* "dir/net.onnx" and "stos" to "net.stos". */
const char *fuse_default_output(FuseArena *arena, const char *input, const char *extension);
/* File extension of one kind: "stos"; "image" for the folder. */
const char *fuse_emit_name(FuseEmit emit);

/* ---- what is left for the host (host.c) ---- */

/* A node with HOST commands: all of its calls together. */
typedef struct FuseHostNode {
  const StosNode *node; /* NULL: calls of no node */
  const char *reason;   /* why the machine doesn't run it */
  size_t first;         /* its first HOST command, counted among those of the program */
  uint32_t calls;
  uint64_t macs, bytes;
  bool layout; /* nothing is computed */
} FuseHostNode;

/* In program order; arena memory. The program is the object's. */
FuseHostNode *fuse_host_nodes(FuseArena *arena, const StosObject *object,
                              const StosProgram *program, size_t *n);
/* Does a call of the kernel only move elements? */
bool fuse_kernel_is_layout(const FuseKernelInfo *kernel);

/* ---- a float model to int8 (quantize.c) ---- */

typedef struct FuseQuantized {
  const char *folder, *path; /* NULL: not made */
} FuseQuantized;

/* The model, quantised after samples (an .npz file), in a new temporary folder. False after an
 * error: in diag, or printed by the child process that does it. */
bool fuse_quantize(FuseArena *arena, const char *model, const char *samples, FuseQuantized *made,
                   FuseDiag *diag);
void fuse_quantized_remove(const FuseQuantized *made);

/* ---- what becomes of each node (check.c, cut.c) ---- */

typedef struct FuseCheck FuseCheck;

/* A check, in arena. */
FuseCheck *fuse_check_begin(FuseArena *arena, bool forbid_host);
/* From here on errors of nodes in ir are kept; `again`: and nothing else is reported. */
void fuse_check_listen(FuseCheck *check, FuseIr *ir, bool again);
/* All nodes of an imported module. */
void fuse_check_nodes(FuseCheck *check, MlirModule module);
/* Nodes that are refused so far; is one of them? */
size_t fuse_check_refused(const FuseCheck *check);
bool fuse_check_is_refused(const FuseCheck *check, int index);
/* A node that can't be compiled because it needs another one. */
void fuse_check_drop(FuseCheck *check, int index);
/* Take the refused nodes out of an imported module, and those that can't do without. */
void fuse_check_cut(FuseCheck *check, MlirModule module);
/* Which nodes the machine and the host have got, of those that were left. */
void fuse_check_commands(FuseCheck *check, const StosObject *object, const StosProgram *program);
/* The result as text and, unless json is NULL, as JSON; nothing of a model that has no nodes
 * because it couldn't be read. True when all nodes compile. */
bool fuse_check_end(FuseCheck *check, bool compiled, FuseText *text, FuseText *json);

/* ---- what a compilation says about itself (report.c) ---- */

typedef struct FuseReport {
  const char *network;  /* name of the input file, without folder */
  const char *rewrite;  /* mode */
  const FuseText *file; /* the object file's bytes */
  const StosObject *object;
  uint64_t *cycles; /* out */
} FuseReport;

/* Run the object on the simulator for its cycles, and append the report as JSON to out (NULL: only
 * the cycles). False and diag when the simulator refuses the program. */
bool fuse_report(const FuseIr *ir, const FuseReport *report, FuseText *out, FuseDiag *diag);

/* ---- diagnostics in the order of the model (hold.c) ---- */

typedef struct FuseHold {
  FuseIr *ir;
  FuseArena arena;
  struct FuseHeld *held;
  size_t n, capacity;
} FuseHold;

/* From here on ir's diagnostics are kept; h stays where it is until the end. */
void fuse_hold_begin(FuseHold *h, FuseIr *ir);
/* Print them, those of a node in the order of the nodes. */
void fuse_hold_end(FuseHold *h);

/* ---- expected diagnostics (expect.c): --verify-diagnostics ---- */

/* Comments `expected-error {{part of the message}}` (also -warning, -note) say what is reported on
 * their own line, or with @+N, @-N, @above, @below on another one; @unknown: without a place. */
typedef struct FuseExpect FuseExpect;

/* Read the comments of a piece; NULL with an error when one is malformed. */
FuseExpect *fuse_expect_create(const FuseInput *input, const FusePiece *piece, FuseDiag *diag);
/* The sink that ticks them off; user is the FuseExpect. */
void fuse_expect_sink(const FuseDiagEvent *event, void *user);
/* Print what was not expected, or not reported; false when there was any of it. */
bool fuse_expect_finish(FuseExpect *owned_expect);

#endif
