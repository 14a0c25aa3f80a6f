// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/* c_kept.c - the values of the model that a C program keeps: a table for the caller, files for
 * main().
 *
 * needs: a program with kept values; fuse.outputs and fuse.not_kept of its function
 * gives: text; nothing for a program that keeps none, unless some were asked for
 */
#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "codegen_private.h"

enum { MAX_FILE_CHARS = 100 };

/* ---- names ---- */

/* A file name on every system: letters, digits, '.', '-' and '_', no dot in front. */
static char *file_name(FuseArena *arena, const char *name) {
  const size_t n = strlen(name);
  char *file = fuse_strndup(arena, name, n < MAX_FILE_CHARS ? n : MAX_FILE_CHARS);
  for (char *s = file; *s; s++)
    if (!isalnum((unsigned char)*s) && (s == file || !strchr(".-", *s)))
      *s = '_';
  return *file ? file : fuse_strdup(arena, "_");
}

static char *unique_file(FuseArena *arena, const char *name, const FuseKeptName *others, size_t n) {
  const char *base = file_name(arena, name);
  char *file = fuse_strdup(arena, base);
  for (int suffix = 2;; suffix++) {
    bool clash = false;
    for (size_t i = 0; i < n; i++)
      clash |= !strcmp(file, others[i].file);
    if (!clash)
      return file;
    file = fuse_format(arena, "%s_%d", base, suffix);
  }
}

const FuseKeptName *fuse_kept_names(FuseArena *arena, MlirOperation function,
                                    const FuseProgram *program) {
  FuseKeptName *names = fuse_alloc_array(arena, program->n_kept, sizeof *names);
  for (size_t i = 0; i < program->n_kept; i++) {
    names[i].name = fuse_c_model_name(arena, function, "fuse.outputs", "kept",
                                      program->n_outputs + program->n_kept, program->n_outputs + i);
    names[i].file = unique_file(arena, names[i].name, names, i);
  }
  return names;
}

/* Pair i of fuse.not_kept: a name, and why it isn't there. False behind the last. */
static bool not_kept(const FuseKeptText *kept, size_t i, const char *pair[2]) {
  MlirAttribute list = mlirOperationGetAttributeByName(kept->function, fuse_str("fuse.not_kept"));
  if (mlirAttributeIsNull(list) || !mlirAttributeIsAArray(list) ||
      (intptr_t)i >= mlirArrayAttrGetNumElements(list))
    return false;
  MlirAttribute item = mlirArrayAttrGetElement(list, (intptr_t)i);
  for (int k = 0; k < 2; k++) {
    const bool there = mlirAttributeIsAArray(item) && k < mlirArrayAttrGetNumElements(item) &&
                       mlirAttributeIsAString(mlirArrayAttrGetElement(item, k));
    pair[k] =
        there ? fuse_str_dup(kept->arena, mlirStringAttrGetValue(mlirArrayAttrGetElement(item, k)))
              : "";
  }
  return true;
}

/* ---- header ---- */

static void print_missing(const FuseKeptText *kept, FuseText *out) {
  const char *pair[2];
  for (size_t i = 0; not_kept(kept, i, pair); i++) {
    if (i == 0)
      fuse_text_puts(out, "\n/* Values of the model that this program doesn't have:\n");
    fuse_text_puts(out, " *   ");
    fuse_c_comment(out, pair[0], strlen(pair[0]));
    fuse_text_puts(out, ": ");
    fuse_c_comment(out, pair[1], strlen(pair[1]));
    fuse_text_puts(out, "\n");
  }
  if (not_kept(kept, 0, pair))
    fuse_text_puts(out, " */\n");
}

void fuse_kept_declare(const FuseKeptText *kept, FuseText *out) {
  if (kept->program->n_kept)
    fuse_text_printf(out,
                     "\n/* Values of the model that stay in the arena after a run. */\n"
                     "#define %s_KEPT %zu\n"
                     "struct %s_kept_value {\n"
                     "  const char *name;          /* in the model */\n"
                     "  const char *file;          /* a name for an .npy file */\n"
                     "  const char *descr, *shape; /* as in its header */\n"
                     "  size_t offset, bytes;      /* in the arena */\n"
                     "};\n"
                     "extern const struct %s_kept_value %s_kept[%s_KEPT];\n",
                     kept->upper, kept->program->n_kept, kept->name, kept->name, kept->name,
                     kept->upper);
  print_missing(kept, out);
}

/* ---- the table ---- */

void fuse_kept_define(const FuseKeptText *kept, FuseText *out) {
  const FuseProgram *p = kept->program;
  if (!p->n_kept)
    return;
  fuse_text_printf(out, "\nconst struct %s_kept_value %s_kept[%s_KEPT] = {\n", kept->name,
                   kept->name, kept->upper);
  for (size_t i = 0; i < p->n_kept; i++) {
    const FuseTensor *t = &p->kept[i].tensor;
    fuse_text_puts(out, "    {");
    fuse_c_string(out, kept->names[i].name);
    fuse_text_printf(out, ", \"%s.npy\",\n     \"'descr': '%s'\", \"'shape': ", kept->names[i].file,
                     fuse_dtype_npy(t->dtype));
    fuse_c_npy_shape(out, t, ", ");
    fuse_text_printf(out, "\", %zu, %zu},\n", p->buffers[p->kept[i].buffer].offset, t->size_bytes);
  }
  fuse_text_puts(out, "};\n");
}

/* ---- main() ---- */

/* As a JSON string. What isn't UTF-8 is taken for Latin-1. */
static void json_string(FuseText *out, const char *s) {
  const bool utf8 = fuse_utf8_valid(s, strlen(s));
  fuse_text_puts(out, "\"");
  for (; *s; s++) {
    const unsigned char c = (unsigned char)*s;
    if (c < ' ' || c == 127 || strchr("\"\\", c) || (c > 127 && !utf8))
      fuse_text_printf(out, "\\u%04x", c);
    else
      fuse_text_append(out, s, 1);
  }
  fuse_text_puts(out, "\"");
}

/* A line of the index, as a string of the C program: {"name": ..., KEY: ...}. */
static void print_entry(FuseText *out, const char *name, const char *key, const char *value,
                        bool first) {
  FuseText json = {0};
  fuse_text_puts(&json, first ? "\n  {\"name\": " : ",\n  {\"name\": ");
  json_string(&json, name);
  fuse_text_printf(&json, ", \"%s\": ", key);
  json_string(&json, value);
  fuse_text_puts(&json, "}");
  fuse_text_puts(out, "      ");
  fuse_c_string(out, json.data);
  fuse_text_puts(out, ",\n");
  fuse_text_fini(&json);
}

static void print_index(const FuseKeptText *kept, FuseText *out) {
  const char *pair[2];
  fuse_text_puts(out, "  static const char *const index[] = {\n      \"{\\\"kept\\\": [\",\n");
  for (size_t i = 0; i < kept->program->n_kept; i++)
    print_entry(out, kept->names[i].name, "file",
                fuse_format(kept->arena, "%s.npy", kept->names[i].file), i == 0);
  fuse_text_puts(out, "      \"\\n], \\\"not_kept\\\": [\",\n");
  for (size_t i = 0; not_kept(kept, i, pair); i++)
    print_entry(out, pair[0], "why", pair[1], i == 0);
  fuse_text_puts(out, "      \"\\n]}\\n\",\n  };\n");
}

void fuse_kept_write(const FuseKeptText *kept, FuseText *out) {
  if (!kept->program->n_kept)
    return;
  fuse_text_puts(out, "\n/* The kept values into a folder, and kept.json, which lists them. */\n"
                      "static int npy_write_kept(const char *folder, const char *arena) {\n");
  print_index(kept, out);
  fuse_text_printf(out,
                   "  char path[4096];\n"
                   "  size_t i;\n"
                   "  FILE *file;\n"
                   "  int ok = 1;\n"
                   "  if (strlen(folder) > sizeof path - %d)\n"
                   "    return npy_error(folder, \"too long\");\n"
                   "  for (i = 0; ok && i < %s_KEPT; i++) {\n"
                   "    sprintf(path, \"%%s/%%s\", folder, %s_kept[i].file);\n"
                   "    ok = npy_write(path, %s_kept[i].descr, %s_kept[i].shape,\n"
                   "                   arena + %s_kept[i].offset, %s_kept[i].bytes);\n"
                   "  }\n"
                   "  sprintf(path, \"%%s/kept.json\", folder);\n"
                   "  file = ok ? fopen(path, \"w\") : NULL;\n"
                   "  if (!file)\n"
                   "    return ok && npy_error(path, \"cannot be written\");\n"
                   "  for (i = 0; i < sizeof index / sizeof *index; i++)\n"
                   "    ok &= fputs(index[i], file) >= 0;\n"
                   "  ok &= fclose(file) == 0;\n"
                   "  return ok || npy_error(path, \"cannot be written\");\n"
                   "}\n",
                   MAX_FILE_CHARS + 32, kept->upper, kept->name, kept->name, kept->name, kept->name,
                   kept->name);
}
