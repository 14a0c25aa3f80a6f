// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/* c_source.c - a module as one self-contained C99 program.
 *
 * needs: func.func @main (or the only function), static shapes, ops that kernel_calls.c takes
 * gives: NAME.c with the kernels it uses, constants and NAME_run(); NAME.h; constants above 1 MiB
 *        (or when asked for) as bytes for NAME.weights. No paths, no dates: equal modules give
 * equal text.
 */
#include <string.h>

#include "codegen_private.h"
#include "fuse/version.h"

#define MAX_WEIGHTS_INSIDE ((size_t)1 << 20)
#define LINE 100 /* characters of a line */

static const char NPY[] = {
#include "npy.inc"
};

/* One module on its way. */
typedef struct Emit {
  FuseArena arena;
  FuseProgram program;
  const char *name;         /* C identifier */
  const char *upper;        /* the same in capitals, for macros */
  const char **border;      /* C names of inputs, then outputs */
  const char **border_text; /* their names in the model */
  FuseKeptText kept;
  const char *header; /* its file name; NULL: in the C file */
  bool inside;        /* constants are in the C file */
} Emit;

/* ---- names ---- */

/* Names of the first n of `listed` inputs or outputs. */
static void model_names(Emit *e, MlirOperation function, const char *attribute,
                        const char *fallback, size_t first, size_t n, size_t listed) {
  for (size_t i = 0; i < n; i++) {
    e->border_text[first + i] =
        fuse_c_model_name(&e->arena, function, attribute, fallback, listed, i);
    e->border[first + i] =
        fuse_c_unique(&e->arena, e->border_text[first + i], e->border, first + i);
  }
}

static void make_names(Emit *e, MlirOperation function, const char *name) {
  const FuseProgram *p = &e->program;
  const size_t n = p->n_inputs + p->n_outputs;
  e->name = fuse_c_identifier(&e->arena, name);
  char *upper = fuse_strdup(&e->arena, e->name);
  for (char *s = upper; *s; s++)
    *s = (char)(*s >= 'a' && *s <= 'z' ? *s - 'a' + 'A' : *s);
  e->upper = upper;
  e->border = fuse_alloc_array(&e->arena, n, sizeof *e->border);
  e->border_text = fuse_alloc_array(&e->arena, n, sizeof *e->border_text);
  model_names(e, function, "fuse.inputs", "input", 0, p->n_inputs, p->n_inputs);
  model_names(e, function, "fuse.outputs", "output", p->n_inputs, p->n_outputs,
              p->n_outputs + p->n_kept);
  e->kept = (FuseKeptText){.arena = &e->arena,
                           .program = p,
                           .function = function,
                           .name = e->name,
                           .upper = e->upper,
                           .names = fuse_kept_names(&e->arena, function, p)};
}

/* The C name of a buffer. */
static const char *buffer_name(Emit *e, const FuseBuffer *buffer) {
  switch (buffer->place) {
  case FUSE_PLACE_INPUT: return e->border[buffer->index];
  case FUSE_PLACE_OUTPUT: return e->border[e->program.n_inputs + buffer->index];
  case FUSE_PLACE_ARENA: return fuse_format(&e->arena, "t%zu", buffer->index);
  case FUSE_PLACE_WEIGHTS: return fuse_format(&e->arena, "w%zu", buffer->index);
  }
  return "";
}

/* ---- pieces ---- */

static void print_shape(FuseText *out, const FuseTensor *tensor) {
  char type[128];
  fuse_text_puts(out, fuse_tensor_type(tensor, type, sizeof type));
}

/* A list that is broken into lines. */
typedef struct List {
  FuseText *out;
  size_t column;      /* characters of the line so far */
  const char *indent; /* of lines after the first */
  bool begun;
} List;

/* Append an item with what follows it (", " without the blank, or the end of the list). */
static void print_item(List *list, const char *item, const char *after) {
  const size_t n = strlen(item) + strlen(after);
  if (list->begun && list->column + 1 + n > LINE) {
    fuse_text_printf(list->out, "\n%s", list->indent);
    list->column = strlen(list->indent);
  } else if (list->begun) {
    fuse_text_puts(list->out, " ");
    list->column++;
  }
  fuse_text_printf(list->out, "%s%s", item, after);
  list->column += n;
  list->begun = true;
}

static size_t elems_of(const FuseTensor *tensor) {
  return (size_t)fuse_tensor_elems(tensor);
}

/* void NAME_run(const float *image, float *logits, const void *weights, void *arena) */
static void print_prototype(Emit *e, FuseText *out) {
  const FuseProgram *p = &e->program;
  List list = {.out = out, .indent = "    "};
  const char *start = fuse_format(&e->arena, "void %s_run(", e->name);
  fuse_text_puts(out, start);
  list.column = strlen(start);
  for (size_t i = 0; i < p->n_inputs + p->n_outputs; i++)
    print_item(&list,
               fuse_format(&e->arena, "%s%s *%s", i < p->n_inputs ? "const " : "",
                           fuse_dtype_c(p->buffers[i].tensor.dtype), e->border[i]),
               ",");
  if (!e->inside)
    print_item(&list, "const void *weights", ",");
  print_item(&list, "void *arena", ")");
}

static void print_provenance(FuseText *out) {
  fuse_text_puts(out, "/* SPDX-License-Identifier: MIT-0 */\n"
                      "/* Made by fuse " FUSE_VERSION ". */\n");
}

/* What the memory of a run must be aligned to: the largest element in it, at least a float. */
static size_t element_align(const FuseProgram *p) {
  size_t align = 4;
  for (size_t i = 0; i < p->n_buffers; i++)
    if (fuse_dtype_bytes(p->buffers[i].tensor.dtype) > align)
      align = fuse_dtype_bytes(p->buffers[i].tensor.dtype);
  return align;
}

/* ---- header ---- */

static void print_tensors(Emit *e, FuseText *out) {
  const FuseProgram *p = &e->program;
  for (size_t i = 0; i < p->n_inputs + p->n_outputs; i++) {
    fuse_text_printf(out, " *   %-8s %s  ", i < p->n_inputs ? "input" : "output", e->border[i]);
    print_shape(out, &p->buffers[i].tensor);
    if (strcmp(e->border[i], e->border_text[i]) != 0) {
      fuse_text_puts(out, "  in the model: ");
      fuse_c_comment(out, e->border_text[i], strlen(e->border_text[i]));
    }
    fuse_text_puts(out, "\n");
  }
}

static void print_header(Emit *e, FuseText *out) {
  const FuseProgram *p = &e->program;
  fuse_text_printf(out, "#ifndef %s_H\n#define %s_H\n\n%s#include <stdint.h>\n\n", e->upper,
                   e->upper, p->n_kept ? "#include <stddef.h>\n" : "");
  fuse_text_printf(out,
                   "/* Memory for one run: bytes, aligned to 64 (smaller alignments down to that\n"
                   " * of a %s work and are slower). Nothing needs to be in it. */\n"
                   "#define %s_ARENA_BYTES %zu\n",
                   element_align(p) == 8 ? "double" : "float", e->upper,
                   p->arena_bytes ? p->arena_bytes : (size_t)FUSE_PROGRAM_ALIGN);
  if (!e->inside)
    fuse_text_printf(out,
                     "/* Size of the weights file: little-endian; load or map it. */\n"
                     "#define %s_WEIGHTS_BYTES %zu\n",
                     e->upper, p->weights_bytes);
  fuse_text_puts(out, "\n#ifdef __cplusplus\nextern \"C\" {\n#endif\n\n"
                      "/* Run the network once. Tensors are dense, the last dimension fastest;\n"
                      " * none may overlap another.\n");
  print_tensors(e, out);
  fuse_text_puts(out, " */\n");
  print_prototype(e, out);
  fuse_text_puts(out, ";\n");
  fuse_kept_declare(&e->kept, out);
  fuse_text_puts(out, "\n#ifdef __cplusplus\n}\n#endif\n\n#endif\n");
}

/* ---- constants ---- */

/* The least number has no literal: it would be a larger one, negated. */
static void print_signed(FuseText *out, int64_t value, int64_t least) {
  const char *suffix = least == INT64_MIN ? "LL" : "";
  if (value == least)
    fuse_text_printf(out, "(%lld%s - 1)", (long long)(value + 1), suffix);
  else
    fuse_text_printf(out, "%lld%s", (long long)value, suffix);
}

static void print_element(FuseText *out, const FuseTensor *tensor, size_t i) {
  const uint8_t *at = (const uint8_t *)tensor->data + i * fuse_dtype_bytes(tensor->dtype);
  float f32;
  double f64;
  switch (tensor->dtype) {
  case FUSE_F32:
    memcpy(&f32, at, sizeof f32);
    fuse_c_float(out, f32);
    break;
  case FUSE_F64:
    memcpy(&f64, at, sizeof f64);
    fuse_c_double(out, f64);
    break;
  case FUSE_I8: print_signed(out, (int8_t)*at, INT8_MIN); break;
  case FUSE_I16: print_signed(out, (int16_t)fuse_get16(at), INT16_MIN); break;
  case FUSE_I32: print_signed(out, (int32_t)fuse_get32(at), INT32_MIN); break;
  case FUSE_I64: print_signed(out, (int64_t)fuse_get64(at), INT64_MIN); break;
  case FUSE_F16:
  case FUSE_BF16: fuse_text_printf(out, "0x%04x", fuse_get16(at)); break;
  case FUSE_U16: fuse_text_printf(out, "%u", fuse_get16(at)); break;
  case FUSE_U32: fuse_text_printf(out, "%uu", fuse_get32(at)); break;
  case FUSE_U64: fuse_text_printf(out, "%lluULL", (unsigned long long)fuse_get64(at)); break;
  default: fuse_text_printf(out, "%u", *at); break;
  }
}

static void print_table(Emit *e, FuseText *out, const FuseBuffer *buffer) {
  const FuseTensor *t = &buffer->tensor;
  fuse_text_printf(out, "static const %s %s[%zu] = {", fuse_dtype_c(t->dtype),
                   buffer_name(e, buffer), elems_of(t));
  for (size_t i = 0; i < elems_of(t); i++) {
    fuse_text_puts(out, i % 8 ? " " : "\n    ");
    print_element(out, t, i);
    fuse_text_puts(out, ",");
  }
  fuse_text_puts(out, "\n};\n\n");
}

/* Buffers that are in a place, in print order. */
static const FuseBuffer **sorted(Emit *e, FusePlace place, size_t *n) {
  FuseProgram *p = &e->program;
  const FuseBuffer **list = fuse_alloc_array(&e->arena, p->n_buffers, sizeof *list);
  *n = 0;
  for (size_t s = 0; s < p->n_steps; s++)
    for (int t = 0; t < p->steps[s].call.kernel->n_tensors; t++) {
      const FuseBuffer *buffer = &p->buffers[p->steps[s].buffers[t]];
      if (buffer->place == place && buffer->index == *n)
        list[(*n)++] = buffer;
    }
  return list;
}

static void collect_weights(Emit *e, FuseText *weights) {
  static const char zeros[FUSE_PROGRAM_ALIGN];
  size_t n;
  const FuseBuffer **list = sorted(e, FUSE_PLACE_WEIGHTS, &n);
  for (size_t i = 0; i < n; i++) {
    fuse_text_append(weights, zeros, list[i]->offset - weights->length);
    fuse_text_append(weights, list[i]->tensor.data, list[i]->tensor.size_bytes);
  }
}

/* ---- run() ---- */

/* "  float *const t3 = (float *)((char *)arena + 256);  1x8x8x4xf32" */
static void print_pointers(Emit *e, FuseText *out, FusePlace place, const char *base) {
  const char *qualifier = place == FUSE_PLACE_WEIGHTS ? "const " : "";
  size_t n;
  const FuseBuffer **list = sorted(e, place, &n);
  for (size_t i = 0; i < n; i++) {
    const char *type = fuse_dtype_c(list[i]->tensor.dtype);
    fuse_text_printf(out, "  %s%s *const %s = (%s%s *)(%svoid *)((%schar *)%s + %zu); /* ",
                     qualifier, type, buffer_name(e, list[i]), qualifier, type, qualifier,
                     qualifier, base, list[i]->offset);
    print_shape(out, &list[i]->tensor);
    fuse_text_puts(out, " */\n");
  }
}

/* ".kh = 3" or ".size = {3, 4}" (of FK_RANK: as many as the rank says). */
static char *field_text(Emit *e, const FuseKernelField *field, const uint32_t *words,
                        int32_t rank) {
  FuseText text = {0};
  fuse_text_printf(&text, ".%s = ", field->name);
  if (field->type == 'F') {
    float value;
    memcpy(&value, words, sizeof value);
    fuse_c_float(&text, value);
  } else if (field->type == 'I') {
    fuse_text_printf(&text, "%d", (int32_t)words[0]);
  } else if (field->type == 'X') {
    fuse_text_printf(&text, words[0] ? "0x%08xu" : "%u", words[0]);
  } else {
    const int32_t n = field->type == 'A' ? rank : 3;
    for (int32_t i = 0; i < n; i++)
      fuse_text_printf(&text, "%s%d", i ? ", " : "{", (int32_t)words[i]);
    fuse_text_puts(&text, "}");
  }
  char *copy = fuse_strdup(&e->arena, text.data);
  fuse_text_fini(&text);
  return copy;
}

/* fk_conv2d_f32(t1, image, w0, w1,
 *     &(const struct fk_conv2d){.n = 1, ...}); */
static void print_call(Emit *e, FuseText *out, const FuseStep *step) {
  const FuseKernelInfo *kernel = step->call.kernel;
  const uint32_t *words = (const uint32_t *)&step->call.params;
  const char *start = fuse_format(&e->arena, "      &(const struct fk_%s){", kernel->params);
  List list = {.out = out, .column = strlen(start), .indent = "          "};
  int32_t rank = 0;
  fuse_text_printf(out, "  fk_%s(", kernel->name);
  for (int t = 0; t < kernel->n_tensors; t++)
    fuse_text_printf(out, "%s%s", t ? ", " : "",
                     buffer_name(e, &e->program.buffers[step->buffers[t]]));
  fuse_text_printf(out, ",\n%s", start);
  for (const FuseKernelField *field = kernel->fields; field->type; field++) {
    char *text = field_text(e, field, words, rank);
    if (!strcmp(field->name, "rank"))
      rank = (int32_t)words[0];
    words += field->type == 'A' ? FK_RANK : field->type == 'T' ? 3 : 1;
    print_item(&list, text, field[1].type ? "," : "});\n");
  }
}

/* The comment above the calls of one op: its name in the model, the op, the shapes. */
static void print_layer(Emit *e, FuseText *out, MlirOperation op) {
  const char *name = fuse_loc_name(&e->arena, mlirOperationGetLocation(op));
  const MlirStringRef kind = fuse_op_name(op);
  FuseTensor t;
  fuse_text_puts(out, "\n  /* ");
  if (*name) {
    fuse_c_comment(out, name, strlen(name));
    fuse_text_puts(out, ": ");
  }
  fuse_c_comment(out, kind.data, kind.length);
  if (mlirOperationGetNumResults(op) == 1) {
    if (fuse_type_tensor(mlirValueGetType(mlirOperationGetOperand(op, 0)), &t)) {
      fuse_text_puts(out, ", ");
      print_shape(out, &t);
    }
    if (fuse_type_tensor(mlirValueGetType(mlirOperationGetResult(op, 0)), &t)) {
      fuse_text_puts(out, " -> ");
      print_shape(out, &t);
    }
  }
  fuse_text_puts(out, " */\n");
}

/* Tell the compiler that a parameter is left alone. */
static void print_unused(Emit *e, FuseText *out) {
  const FuseProgram *p = &e->program;
  size_t n;
  bool *used = fuse_alloc_array(&e->arena, p->n_buffers, sizeof *used);
  for (size_t s = 0; s < p->n_steps; s++)
    for (int t = 0; t < p->steps[s].call.kernel->n_tensors; t++)
      used[p->steps[s].buffers[t]] = true;
  for (size_t i = 0; i < p->n_inputs + p->n_outputs; i++)
    if (!used[i])
      fuse_text_printf(out, "  (void)%s;\n", e->border[i]);
  sorted(e, FUSE_PLACE_ARENA, &n);
  if (n == 0)
    fuse_text_puts(out, "  (void)arena;\n");
  sorted(e, FUSE_PLACE_WEIGHTS, &n);
  if (!e->inside && n == 0)
    fuse_text_puts(out, "  (void)weights;\n");
}

static void print_run(Emit *e, FuseText *out) {
  const FuseProgram *p = &e->program;
  print_prototype(e, out);
  fuse_text_puts(out, " {\n");
  print_unused(e, out);
  print_pointers(e, out, FUSE_PLACE_ARENA, "arena");
  if (!e->inside)
    print_pointers(e, out, FUSE_PLACE_WEIGHTS, "weights");
  for (size_t s = 0; s < p->n_steps; s++) {
    if (s == 0 || !mlirOperationEqual(p->steps[s].op, p->steps[s - 1].op))
      print_layer(e, out, p->steps[s].op);
    print_call(e, out, &p->steps[s]);
  }
  fuse_text_puts(out, "}\n");
}

/* ---- main() ---- */

static void print_npy_call(Emit *e, FuseText *out, size_t i, size_t argument) {
  const FuseBuffer *buffer = &e->program.buffers[i];
  const bool in = i < e->program.n_inputs;
  const char *blank = in ? "" : " ";
  fuse_text_printf(out, "  if (!npy_%s(argv[%zu], \"'descr':%s'%s'\", \"'shape':%s",
                   in ? "read" : "write", argument, blank, fuse_dtype_npy(buffer->tensor.dtype),
                   blank);
  fuse_c_npy_shape(out, &buffer->tensor, in ? "," : ", ");
  fuse_text_printf(out, "\", %s,\n        %s%s))\n    return 1;\n", e->border[i],
                   buffer->tensor.size_bytes ? "sizeof " : "0",
                   buffer->tensor.size_bytes ? e->border[i] : "");
}

/* A section of npy.h: from its marker line to the next. */
static void print_npy_section(FuseText *out, const char *marker) {
  const char *begin = strstr(NPY, marker);
  FUSE_ASSERT(begin);
  begin += strlen(marker);
  const char *end = strstr(begin, "/*@ ");
  fuse_text_append(out, begin, end ? (size_t)(end - begin) : strlen(begin));
}

/* An array has at least one element, also where the tensor has none. */
static void print_border(FuseText *out, const FuseTensor *tensor, const char *name) {
  fuse_text_printf(out, "  static %s %s[%zu];\n", fuse_dtype_c(tensor->dtype), name,
                   tensor->size_bytes ? elems_of(tensor) : 1);
}

static void print_main(Emit *e, FuseText *out) {
  const FuseProgram *p = &e->program;
  const size_t align = element_align(p);
  const char *memory = align == 8 ? "double" : "float";
  const size_t n = p->n_inputs + p->n_outputs, first = e->inside ? 1 : 2;
  const bool reads = p->n_inputs || !e->inside, writes = p->n_outputs + p->n_kept > 0;
  fuse_text_printf(out,
                   "\n#ifdef %s_MAIN\n/* A program that reads inputs and writes outputs as .npy "
                   "files. */\n#include <stdio.h>\n#include <string.h>\n\n",
                   e->upper);
  if (reads || writes)
    print_npy_section(out, "/*@ error */\n");
  if (reads)
    print_npy_section(out, "/*@ read */\n");
  if (writes)
    print_npy_section(out, "/*@ write */\n");
  fuse_kept_write(&e->kept, out);
  fuse_text_puts(out, writes ? "\nint main(int argc, char **argv) {\n"
                             : "int main(int argc, char **argv) {\n");
  if (!reads && !writes)
    fuse_text_puts(out, "  (void)argv;\n");
  for (size_t i = 0; i < n; i++)
    print_border(out, &p->buffers[i].tensor, e->border[i]);
  if (!e->inside)
    fuse_text_printf(out, "  static %s weights[(%s_WEIGHTS_BYTES + %zu) / %zu];\n", memory,
                     e->upper, align - 1, align);
  fuse_text_printf(out, "  static %s arena[(%s_ARENA_BYTES + %zu) / %zu];\n", memory, e->upper,
                   align - 1, align);
  if (p->n_kept)
    fuse_text_puts(out, "  const char *npy_folder = NULL;\n"
                        "  if (argc > 2 && strcmp(argv[1], \"--keep-dir\") == 0)\n"
                        "    npy_folder = argv[2], argc -= 2, argv += 2;\n");
  fuse_text_printf(out, "  if (argc != %zu) {\n    fputs(\"usage: %s%s%s\", stderr);\n", first + n,
                   e->name, p->n_kept ? " [--keep-dir FOLDER]" : "",
                   e->inside ? "" : " FILE.weights");
  for (size_t i = 0; i < n; i++) /* one by one: C99 promises strings of 4095 characters */
    fuse_text_printf(out, "    fputs(\" %s.npy\", stderr);\n", e->border[i]);
  fuse_text_puts(out, "    fputs(\"\\n\", stderr);\n    return 2;\n  }\n");
  if (!e->inside)
    fuse_text_printf(
        out, "  if (!npy_read(argv[1], NULL, NULL, weights, %s_WEIGHTS_BYTES))\n    return 1;\n",
        e->upper);
  for (size_t i = 0; i < p->n_inputs; i++)
    print_npy_call(e, out, i, first + i);
  fuse_text_printf(out, "  %s_run(", e->name);
  for (size_t i = 0; i < n; i++)
    fuse_text_printf(out, "%s, ", e->border[i]);
  fuse_text_printf(out, "%sarena);\n", e->inside ? "" : "weights, ");
  for (size_t i = p->n_inputs; i < n; i++)
    print_npy_call(e, out, i, first + i);
  if (p->n_kept)
    fuse_text_puts(out, "  if (npy_folder && !npy_write_kept(npy_folder, (const char *)arena))\n"
                        "    return 1;\n");
  fuse_text_puts(out, "  return 0;\n}\n#endif\n");
}

/* ---- the whole ---- */

static void print_source(Emit *e, FuseText *out) {
  const FuseProgram *p = &e->program;
  uint32_t *ids = fuse_alloc_array(&e->arena, p->n_steps, sizeof *ids);
  size_t n;
  for (size_t s = 0; s < p->n_steps; s++)
    ids[s] = p->steps[s].call.kernel->id;
  print_provenance(out);
  if (e->header)
    fuse_text_printf(out, "#include \"%s\"\n\n", e->header);
  else
    print_header(e, out);
  fuse_kernel_print(ids, p->n_steps, out);
  const FuseBuffer **list = sorted(e, FUSE_PLACE_WEIGHTS, &n);
  for (size_t i = 0; e->inside && i < n; i++)
    print_table(e, out, list[i]);
  print_run(e, out);
  fuse_kept_define(&e->kept, out);
  print_main(e, out);
}

bool fuse_emit_c(FuseIr *ir, MlirModule module, const FuseCOptions *options, FuseText *c,
                 FuseText *h, FuseText *weights) {
  Emit e = {.header = options->header};
  const MlirOperation function = fuse_find_main(module);
  bool ok =
      !mlirOperationIsNull(function) && fuse_build_program(ir, &e.arena, function, &e.program);
  if (ok) {
    e.inside = options->weights == FUSE_C_WEIGHTS_INSIDE ||
               (options->weights == FUSE_C_WEIGHTS_AUTO &&
                e.program.weights_bytes <= MAX_WEIGHTS_INSIDE) ||
               e.program.weights_bytes == 0;
    make_names(&e, function, options->name);
    print_source(&e, c);
    if (e.header) {
      print_provenance(h);
      print_header(&e, h);
    }
    if (!e.inside)
      collect_weights(&e, weights);
  }
  fuse_arena_fini(&e.arena);
  return ok;
}
