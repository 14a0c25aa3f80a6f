// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/* print.c - the text of chosen kernels, for generated programs.
 *
 * A kernel file is a sequence of sections. A section begins with a marker line: its name and the
 * sections that it needs. What stands before the first marker is for readers of this repository.
 *   marker: slash star at-sign, name, optionally " : other other", star slash
 * A section is a kernel of this name; or a template, FK_<name>, which is printed where a row of
 * kernels.def uses it, before a line per row; or a helper, which is printed where a section needs
 * it or an expression of a row calls fk_<name>.
 */
#include <string.h>

#include "fuse/kernels.h"

static const char APPLY_SCALE_TEXT[] = {
#include "apply_scale.inc"
};
static const char NUMBERS_TEXT[] = {
#include "numbers.inc"
};
static const char ELEMENTWISE_TEXT[] = {
#include "elementwise.inc"
};
static const char REDUCE_TEXT[] = {
#include "reduce.inc"
};
static const char QUANTIZE_TEXT[] = {
#include "quantize.inc"
};
static const char CONV_TEXT[] = {
#include "conv.inc"
};
static const char MOVE_TEXT[] = {
#include "move.inc"
};
static const char POOL_TEXT[] = {
#include "pool.inc"
};
static const char RESCALE_TEXT[] = {
#include "rescale.inc"
};
/* Helpers that several files need come in the first one. */
static const char *const FILES[] = {APPLY_SCALE_TEXT, NUMBERS_TEXT,  ELEMENTWISE_TEXT,
                                    REDUCE_TEXT,      QUANTIZE_TEXT, CONV_TEXT,
                                    POOL_TEXT,        RESCALE_TEXT,  MOVE_TEXT};

/* A kernel that is made of a template. */
typedef struct Row {
  uint32_t id;
  const char *shape;     /* the template: "UNARY" */
  FuseDtype types[2];    /* that it takes after the name; the second may be NONE */
  const char *arguments; /* after those; may be "" */
} Row;

static const Row ROWS[] = {
#define UNARY(op, family, s, y, x, e) {FK_ID(op, y, x), "UNARY", {FUSE_##y, FUSE_##x}, ", " #e},
#define BINARY(op, family, s, y, x, e) {FK_ID(op, y, x), "BINARY", {FUSE_##y, FUSE_##x}, ", " #e},
#define CONV(op, family, s, kernel, y, x, product, sum)                                            \
  {FK_ID(op, y, x), #kernel, {FUSE_##y, FUSE_##x}, ", " #product ", " #sum},
#define MAX_POOL2D(op, family, s, t, least, e)                                                     \
  {FK_ID(op, t, t), "MAX_POOL2D", {FUSE_##t}, ", " #least ", " #e},
#define RESCALE(op, family, s, y, x, low, high)                                                    \
  {FK_ID(op, y, x), "RESCALE", {FUSE_##y, FUSE_##x}, ", " #low ", " #high},
#define REDUCE(op, family, s, t, first, e)                                                         \
  {FK_ID(op, t, t), "REDUCE", {FUSE_##t}, ", " #first ", " #e},
#define ARGMAX(op, family, s, t, e) {FK_ID(op, I32, t), "ARGMAX", {FUSE_##t}, ", " #e},
#define CUMSUM(op, family, s, t, first, e)                                                         \
  {FK_ID(op, t, t), "CUMSUM", {FUSE_##t}, ", " #first ", " #e},
#define QUANTIZE(op, family, s, t, low, high)                                                      \
  {FK_ID(op, t, F32), "QUANTIZE", {FUSE_##t}, ", " #low ", " #high},
#define DEQUANTIZE(op, family, s, t) {FK_ID(op, F32, t), "DEQUANTIZE", {FUSE_##t}, ""},
#define TOPK(op, family, s, t, e) {FK_ID(op, t, I64), "TOPK", {FUSE_##t}, ", " #e},
#define UPDATE(op, family, s, t, e) {FK_ID(op, t, t), "UPDATE", {FUSE_##t}, ", " #e},
#define SIZED(op, family, s, kernel, t) {FK_##family##_##s, #kernel, {FUSE_##t}, ""},
#include "fuse/kernels.def"
};

static const char MARKER[] = "/*@ ";

typedef struct Section {
  const char *name, *needs, *body;
  size_t name_length, needs_length, body_length;
} Section;

/* The first section at or after `at`; false when there is none. */
static bool next_section(const char *at, Section *section) {
  const char *marker = strstr(at, MARKER);
  if (!marker)
    return false;
  section->name = marker + strlen(MARKER);
  const char *end = strstr(section->name, " */");
  FUSE_ASSERT(end);
  section->name_length = strcspn(section->name, " ");
  section->needs = section->name + section->name_length;
  section->needs_length = (size_t)(end - section->needs);
  section->body = end + strlen(" */\n");
  const char *next = strstr(section->body, MARKER);
  section->body_length = next ? (size_t)(next - section->body) : strlen(section->body);
  return true;
}

/* Is `name` one of the words of a list? */
static bool has_word(const char *list, size_t length, const char *name, size_t name_length) {
  for (size_t i = 0; i < length; i += strcspn(list + i, " \n") + 1)
    if (length - i >= name_length && !memcmp(list + i, name, name_length) &&
        (length - i == name_length || list[i + name_length] == ' '))
      return true;
  return false;
}

static bool is_named(const Section *section, const char *name) {
  return strlen(name) == section->name_length && !memcmp(name, section->name, section->name_length);
}

static const Row *row_of(uint32_t id) {
  for (size_t i = 0; i < FUSE_COUNTOF(ROWS); i++)
    if (ROWS[i].id == id)
      return &ROWS[i];
  return NULL;
}

/* Does the text call the section's function? */
static bool calls(const char *text, const Section *section) {
  for (const char *at = text; (at = strstr(at, "fk_")); at++)
    if (!strncmp(at + 3, section->name, section->name_length) &&
        at[3 + section->name_length] == '(')
      return true;
  return false;
}

/* Is this section one of the kernels, or needed by one? */
static bool is_wanted(const Section *section, const uint32_t *ids, size_t n_ids) {
  for (size_t i = 0; i < n_ids; i++) {
    const Row *row = row_of(ids[i]);
    if (row ? is_named(section, row->shape) || calls(row->arguments, section)
            : is_named(section, fuse_kernel_find(ids[i])->name))
      return true;
  }
  Section other;
  for (size_t f = 0; f < FUSE_COUNTOF(FILES); f++)
    for (const char *at = FILES[f]; next_section(at, &other); at = other.body)
      if (has_word(other.needs, other.needs_length, section->name, section->name_length) &&
          is_wanted(&other, ids, n_ids))
        return true;
  return false;
}

/* "FK_UNARY(abs_f32, float, float, fabsf(a))" for each kernel of this template, in the order of
 * kernels.def. */
static void print_rows(const Section *section, const uint32_t *ids, size_t n_ids, FuseText *out) {
  bool any = false;
  for (size_t i = 0; i < FUSE_COUNTOF(ROWS); i++) {
    bool used = false;
    for (size_t k = 0; k < n_ids && is_named(section, ROWS[i].shape); k++)
      used = used || ids[k] == ROWS[i].id;
    if (!used)
      continue;
    fuse_text_printf(out, "FK_%s(%s", ROWS[i].shape, fuse_kernel_find(ROWS[i].id)->name);
    for (int t = 0; t < 2 && ROWS[i].types[t]; t++)
      fuse_text_printf(out, ", %s", fuse_dtype_c(ROWS[i].types[t]));
    fuse_text_printf(out, "%s)\n", ROWS[i].arguments);
    any = true;
  }
  if (any)
    fuse_text_puts(out, "\n");
}

static void print_struct(const FuseKernelInfo *info, FuseText *out) {
  fuse_text_printf(out, "struct fk_%s {\n", info->params);
  for (const FuseKernelField *field = info->fields; field->type; field++)
    fuse_text_printf(out, "  %s %s%s;\n",
                     field->type == 'F'   ? "float"
                     : field->type == 'X' ? "uint32_t"
                                          : "int32_t",
                     field->name,
                     field->type == 'A'   ? "[FK_RANK]"
                     : field->type == 'T' ? "[3]"
                                          : "");
  fuse_text_puts(out, "};\n\n");
}

/* The structs of all wanted kernels, each once. */
static void print_structs(const uint32_t *ids, size_t n_ids, FuseText *out) {
#define PARAMS(name, fields)                                                                       \
  for (size_t i = 0; i < n_ids; i++)                                                               \
    if (fuse_kernel_find(ids[i])->group == FUSE_PARAMS_##name) {                                   \
      print_struct(fuse_kernel_find(ids[i]), out);                                                 \
      break;                                                                                       \
    }
#include "fuse/kernels.def"
}

static bool any_has_rank(const uint32_t *ids, size_t n_ids) {
  for (size_t i = 0; i < n_ids; i++)
    for (const FuseKernelField *f = fuse_kernel_find(ids[i])->fields; f->type; f++)
      if (f->type == 'A')
        return true;
  return false;
}

void fuse_kernel_print(const uint32_t *ids, size_t n_ids, FuseText *out) {
  fuse_text_puts(out,
                 "#include <math.h>\n"
                 "#include <stddef.h>\n"
                 "#include <stdint.h>\n"
                 "#include <string.h>\n"
                 "\n"
                 "/* Every product and every sum is rounded to float by itself: results don't\n"
                 " * depend on the compiler, its options, or the processor. */\n"
                 "#if defined(__FAST_MATH__)\n"
                 "#error \"compile without -ffast-math\"\n"
                 "#elif defined(__clang__)\n"
                 "#pragma STDC FP_CONTRACT OFF\n"
                 "#elif defined(__GNUC__)\n"
                 "#pragma GCC optimize(\"fp-contract=off\")\n"
                 "#endif\n"
                 "\n");
  if (any_has_rank(ids, n_ids))
    fuse_text_printf(out, "#define FK_RANK %d\n\n", FK_RANK);
  print_structs(ids, n_ids, out);
  Section section;
  for (size_t f = 0; f < FUSE_COUNTOF(FILES); f++)
    for (const char *at = FILES[f]; next_section(at, &section); at = section.body)
      if (is_wanted(&section, ids, n_ids)) {
        fuse_text_append(out, section.body, section.body_length);
        if (section.body[section.body_length - 2] != '\n')
          fuse_text_puts(out, "\n"); /* the last section of a file has no empty line after it */
        print_rows(&section, ids, n_ids, out);
      }
}
