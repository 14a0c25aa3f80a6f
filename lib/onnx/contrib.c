// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/* contrib.c - operators of com.microsoft, and those that only ONNX Runtime knows, as functions of
 * ONNX's own operators.
 *
 *   y = com.microsoft.QLinearAdd(a, as, az, b, bs, bz, ys, yz)
 *     ==>
 *   f = DequantizeLinear(a, as, az);  g = DequantizeLinear(b, bs, bz);  h = Add(f, g);
 *   y = QuantizeLinear(h, ys, yz)
 *
 * which convert-onnx-to-tosa computes on integers. An operator is one row in OPERATORS; its body is
 * text, one statement "outputs = Op inputs attributes" after the other:
 *
 *   s = Add? x bias; y = Gelu s approximate='tanh'
 *
 *   Op?       the operator is left out when its last input isn't given
 *   @axis     attribute axis, as the call gives it (or by default); to=@type, under another name
 *   k=1  k=[0,-1]  k='text'   attributes of the body
 *
 * needs: a node that no function of the model is called by
 * gives: a function, or an error, or neither: then the operator isn't one of these
 * source: ONNX Runtime's docs/ContribOperators.md
 */
#include <stdlib.h>
#include <string.h>

#include "import_private.h"

typedef Onnx__AttributeProto Attribute;
typedef Onnx__NodeProto Node;

/* An attribute of the operator. */
typedef struct Parameter {
  const char *name;
  char kind; /* of the default: i, f; 0: there is none */
  double value;
} Parameter;

enum { MAX_PARAMETERS = 12, MAX_ITEMS = 8 };

typedef struct Contrib Contrib;

/* One function that is being made. */
typedef struct Making {
  OnnxImport *import;
  FuseArena *arena;
  size_t index; /* of the node */
  const Node *node;
  const Contrib *row;
  OnnxFunction *function;
  size_t nodes_capacity;
} Making;

struct Contrib {
  const char *type;
  int opset;           /* of the body */
  const char *inputs;  /* "x scale bias?": those with ? may be left out */
  const char *outputs; /* "y" */
  const char *body;
  bool (*write)(Making *m, FuseText *body); /* where the body depends on the call */
  Parameter parameters[MAX_PARAMETERS];
};

/* ---- the call ---- */

static bool is_given(const Node *node, size_t i) {
  return i < node->n_input && *node->input[i];
}

static const Attribute *attribute_of(const Node *node, const char *name) {
  for (size_t i = 0; i < node->n_attribute; i++)
    if (strcmp(onnx_text(node->attribute[i]->name), name) == 0)
      return node->attribute[i];
  return NULL;
}

static int64_t int_of(const Node *node, const char *name, int64_t fallback) {
  const Attribute *a = attribute_of(node, name);
  return a && a->has_i ? a->i : fallback;
}

static double float_of(const Node *node, const char *name, double fallback) {
  const Attribute *a = attribute_of(node, name);
  return a && a->has_f ? (double)a->f : fallback;
}

/* Texts come from the file: "" when there is none. */
static const char *text_of(Making *m, const char *name) {
  const Attribute *a = attribute_of(m->node, name);
  return a && a->has_s ? fuse_strndup(m->arena, (const char *)a->s.data, a->s.len) : "";
}

/* ---- attributes of the body ---- */

static Attribute *new_attribute(Making *m, const char *name, int type) {
  Attribute *a = fuse_alloc(m->arena, sizeof *a);
  onnx__attribute_proto__init(a);
  a->name = fuse_strdup(m->arena, name);
  a->has_type = true;
  a->type = (Onnx__AttributeProto__AttributeType)type;
  return a;
}

static Attribute *int_attribute(Making *m, const char *name, int64_t value) {
  Attribute *a = new_attribute(m, name, ONNX__ATTRIBUTE_PROTO__ATTRIBUTE_TYPE__INT);
  a->has_i = true;
  a->i = value;
  return a;
}

static Attribute *float_attribute(Making *m, const char *name, double value) {
  Attribute *a = new_attribute(m, name, ONNX__ATTRIBUTE_PROTO__ATTRIBUTE_TYPE__FLOAT);
  a->has_f = true;
  a->f = (float)value;
  return a;
}

/* What the body may refer to beside the call's attributes. */
static void add_default(Making *m, Attribute *a) {
  m->function->defaults[m->function->n_defaults++] = a;
}

/* "[0,-1]" */
static Attribute *ints_attribute(Making *m, const char *name, const char *list) {
  Attribute *a = new_attribute(m, name, ONNX__ATTRIBUTE_PROTO__ATTRIBUTE_TYPE__INTS);
  a->ints = fuse_alloc_array(m->arena, MAX_ITEMS, sizeof *a->ints);
  for (char *end; *list != ']' && *list; list = end) {
    FUSE_ASSERT(a->n_ints < MAX_ITEMS);
    a->ints[a->n_ints++] = strtoll(list + 1, &end, 10);
  }
  return a;
}

/* "name=value" or "@name"; the text is cut up. */
static Attribute *parse_attribute(Making *m, char *text) {
  char *equals = strchr(text, '='), *value = equals ? equals + 1 : text;
  const char *name = equals ? text : text + 1;
  if (equals)
    *equals = '\0';
  if (*value == '[')
    return ints_attribute(m, name, value);
  if (*value == '\'' || *value == '@') {
    Attribute *a = new_attribute(m, name, ONNX__ATTRIBUTE_PROTO__ATTRIBUTE_TYPE__STRING);
    if (*value == '@') {
      a->ref_attr_name = value + 1;
      return a;
    }
    a->has_s = true;
    a->s = (ProtobufCBinaryData){strlen(value) - 2, (uint8_t *)value + 1};
    return a;
  }
  return int_attribute(m, name, strtoll(value, NULL, 10));
}

/* ---- bodies ---- */

/* The words of a text, which is cut up. */
static size_t split(FuseArena *arena, char *text, char ***words) {
  size_t n = 0, capacity = 0;
  *words = NULL;
  while (*(text += strspn(text, " "))) {
    *words = fuse_grow(arena, *words, n, &capacity, n + 1, sizeof **words);
    (*words)[n++] = text;
    text += strcspn(text, " ");
    if (*text)
      *text++ = '\0';
  }
  return n;
}

/* Is the name an input that the call leaves out? */
static bool is_absent(const Making *m, const char *name) {
  for (size_t i = 0; i < m->function->n_inputs; i++)
    if (strcmp(m->function->inputs[i], name) == 0)
      return !is_given(m->node, i);
  return false;
}

static void add_statement(Making *m, char *text) {
  OnnxFunction *f = m->function;
  Node *node = fuse_alloc(m->arena, sizeof *node);
  char **words;
  size_t n = split(m->arena, text, &words), i = 0, n_attributes = 0;
  onnx__node_proto__init(node);
  node->output = words;
  while (strcmp(words[i], "=") != 0)
    i++;
  node->n_output = i++;
  node->op_type = words[i++];
  node->input = &words[i];
  while (i < n && words[i][0] != '@' && !strchr(words[i], '='))
    i++, node->n_input++;
  node->attribute = fuse_alloc_array(m->arena, n - i, sizeof *node->attribute);
  for (; i < n; i++)
    node->attribute[n_attributes++] = parse_attribute(m, words[i]);
  node->n_attribute = n_attributes;
  size_t length = strlen(node->op_type);
  if (node->op_type[length - 1] == '?') {
    node->op_type[length - 1] = '\0';
    if (is_absent(m, node->input[node->n_input - 1])) {
      node->op_type = fuse_strdup(m->arena, "Identity");
      node->n_input = 1;
    }
  }
  Node **nodes = fuse_grow(m->arena, (Node **)f->nodes, f->n_nodes, &m->nodes_capacity,
                           f->n_nodes + 1, sizeof *nodes);
  nodes[f->n_nodes++] = node;
  f->nodes = nodes;
}

static void add_body(Making *m, const char *body) {
  char *text = fuse_strdup(m->arena, body), *end;
  for (; *text; text = end) {
    end = text + strcspn(text, ";");
    if (*end)
      *end++ = '\0';
    add_statement(m, text);
  }
}

/* ---- operators whose bodies depend on the call ---- */

/* The activation of a fused operator, from `from` to y. Its numbers are attributes p0, p1. */
static bool put_activation(Making *m, FuseText *body, const char *name, const char *from) {
  static const struct {
    const char *name, *attributes;
  } known[] = {{"Relu", ""},
               {"Sigmoid", ""},
               {"Tanh", ""},
               {"Softplus", ""},
               {"Softsign", ""},
               {"LeakyRelu", "alpha=@p0"},
               {"Elu", "alpha=@p0"},
               {"ThresholdedRelu", "alpha=@p0"},
               {"HardSigmoid", "alpha=@p0 beta=@p1"}};
  if (!*name)
    fuse_text_printf(body, "y = Identity %s", from);
  else if (strcmp(name, "Clip") == 0)
    fuse_text_printf(body,
                     "p = Constant value_float=@p0; low = CastLike p %s; "
                     "q = Constant value_float=@p1; high = CastLike q %s; y = Clip %s low high",
                     from, from, from);
  for (size_t i = 0; i < FUSE_COUNTOF(known); i++)
    if (strcmp(name, known[i].name) == 0)
      fuse_text_printf(body, "y = %s %s %s", name, from, known[i].attributes);
  if (*name && strcmp(name, "Clip") != 0 && !strstr(body->data, "y = "))
    return onnx_node_error(m->import, m->index, "not supported yet: activation '%s'",
                           onnx_shown(m->import, name));
  return true;
}

/* activation_params[i] as attribute p<i>; Clip and HardSigmoid need two, LeakyRelu one. */
static void add_activation_numbers(Making *m) {
  const Attribute *a = attribute_of(m->node, "activation_params");
  for (size_t i = 0; a && i < a->n_floats && i < 2; i++)
    add_default(m, float_attribute(m, i ? "p1" : "p0", (double)a->floats[i]));
}

#define CONV_ATTRIBUTES "@auto_pad @dilations @group @kernel_shape @pads @strides"

static bool fused_conv(Making *m, FuseText *body) {
  add_activation_numbers(m);
  fuse_text_puts(body, "c = Conv x w b " CONV_ATTRIBUTES "; s = Add? c z; ");
  return put_activation(m, body, text_of(m, "activation"), "s");
}

/* Inputs and result are N,H,W,C; weights are as in ONNX. */
static bool nhwc_fused_conv(Making *m, FuseText *body) {
  add_activation_numbers(m);
  fuse_text_puts(body, "t = Transpose x perm=[0,3,1,2]; c = Conv t w b " CONV_ATTRIBUTES
                       "; l = Transpose c perm=[0,2,3,1]; s = Add? l z; ");
  return put_activation(m, body, text_of(m, "activation"), "s");
}

static bool fused_gemm(Making *m, FuseText *body) {
  add_default(m, float_attribute(m, "p0", float_of(m->node, "activation_alpha", 0)));
  add_default(m, float_attribute(m, "p1", float_of(m->node, "activation_beta", 0)));
  fuse_text_puts(body, "g = Gemm a b c @alpha @beta @transA @transB; ");
  return put_activation(m, body, text_of(m, "activation"), "g");
}

/* x as t with channels second, and q back as y, where the call has channels last. */
static void put_in(const Making *m, FuseText *body) {
  bool last = int_of(m->node, "channels_last", 0) != 0;
  fuse_text_puts(body, last ? "t = Transpose x perm=[0,3,1,2]; " : "t = Identity x; ");
}

static void put_out(const Making *m, FuseText *body) {
  bool last = int_of(m->node, "channels_last", 0) != 0;
  fuse_text_puts(body, last ? "y = Transpose q perm=[0,2,3,1]" : "y = Identity q");
}

static bool qlinear_conv(Making *m, FuseText *body) {
  put_in(m, body);
  fuse_text_puts(body, "q = QLinearConv t xs xz w ws wz ys yz b " CONV_ATTRIBUTES "; ");
  put_out(m, body);
  return true;
}

static bool pool(Making *m, FuseText *body, const char *op) {
  put_in(m, body);
  fuse_text_printf(body, "f = DequantizeLinear t xs xz; p = %s; q = QuantizeLinear p ys yz; ", op);
  put_out(m, body);
  return true;
}

static bool qlinear_average_pool(Making *m, FuseText *body) {
  return pool(m, body,
              "AveragePool f @auto_pad @ceil_mode @count_include_pad @kernel_shape @pads "
              "@strides");
}

static bool qlinear_global_average_pool(Making *m, FuseText *body) {
  return pool(m, body, "GlobalAveragePool f");
}

/* Scale and zero point of the result, then x, scale and zero point of each input. */
static bool qlinear_concat(Making *m, FuseText *body) {
  size_t n = m->node->n_input;
  FuseText inputs = {0};
  if (n < 5 || (n - 2) % 3 != 0)
    return onnx_node_error(m->import, m->index, "%zu inputs; expected 2 and 3 more for each value",
                           n);
  char **names = fuse_alloc_array(m->arena, n, sizeof *names);
  for (size_t i = 0; i < n; i++)
    names[i] = fuse_format(m->arena, "i%zu", i);
  m->function->inputs = names;
  m->function->n_inputs = n;
  for (size_t i = 2; i < n; i += 3) {
    fuse_text_printf(body, "f%zu = DequantizeLinear i%zu i%zu i%zu; ", i, i, i + 1, i + 2);
    fuse_text_printf(&inputs, " f%zu", i);
  }
  fuse_text_printf(body, "c = Concat%s @axis; y = QuantizeLinear c i0 i1", inputs.data);
  fuse_text_fini(&inputs);
  return true;
}

/* The opset that the operator had before it was quantised says which axes are one. */
static bool qlinear_softmax(Making *m, FuseText *body) {
  int64_t opset = int_of(m->node, "opset", m->import->opset);
  m->function->opset = opset >= 1 && opset < 13 ? 10 : 13;
  fuse_text_puts(body,
                 "f = DequantizeLinear x xs xz; s = Softmax f @axis; y = QuantizeLinear s ys yz");
  return true;
}

/* C is i32 in units of alpha * as * bs; without ys the result is in floats. */
static bool qgemm(Making *m, FuseText *body) {
  fuse_text_printf(body, "fa = DequantizeLinear a as az; fb = DequantizeLinear b bs bz axis=%d; ",
                   int_of(m->node, "transB", 0) ? 0 : 1);
  if (is_given(m->node, 6))
    fuse_text_puts(body, "al = Constant value_float=@alpha; s = Mul as bs; cs = Mul s al; "
                         "fc = DequantizeLinear c cs axis=0; ");
  fuse_text_printf(body, "g = Gemm fa fb %s @alpha @transA @transB; ",
                   is_given(m->node, 6) ? "fc" : "");
  fuse_text_puts(body, is_given(m->node, 7) ? "y = QuantizeLinear g ys yz" : "y = Identity g");
  return true;
}

/* Letters of one factor for Einsum, which turns axes around whatever the rank: rows, then columns;
 * transposed the other way around. With `batch` the axes between come second instead of first. */
static const char *factor(Making *m, char rows, char columns, bool transposed, bool batch) {
  char first = transposed ? columns : rows, second = transposed ? rows : columns;
  return batch ? fuse_format(m->arena, "%c...%c", first, second)
               : fuse_format(m->arena, "...%c%c", first, second);
}

static bool fused_matmul(Making *m, FuseText *body) {
  bool a = int_of(m->node, "transA", 0) != 0, b = int_of(m->node, "transB", 0) != 0,
       batch_a = int_of(m->node, "transBatchA", 0) != 0,
       batch_b = int_of(m->node, "transBatchB", 0) != 0;
  if (a || b || batch_a || batch_b)
    fuse_text_printf(body, "p = Einsum a b equation='%s,%s->...ik'; ",
                     factor(m, 'i', 'j', a, batch_a), factor(m, 'j', 'k', b, batch_b));
  else
    fuse_text_puts(body, "p = MatMul a b; ");
  fuse_text_puts(body, "al = Constant value_float=@alpha; k = CastLike al p; y = Mul p k");
  return true;
}

/* ---- the table ---- */

#define DQ(to, q) #to " = DequantizeLinear " #q " " #q "s " #q "z; "
#define CONV_PARAMETERS                                                                            \
  {"auto_pad"}, {"dilations"}, {"group"}, {"kernel_shape"}, {"pads"}, {"strides"}
#define POOL_PARAMETERS                                                                            \
  {"auto_pad"}, {"ceil_mode"}, {"count_include_pad"}, {"kernel_shape"}, {"pads"}, {"strides"},     \
      {"channels_last"}

/* clang-format off */
static const Contrib OPERATORS[] = {
    {"BiasGelu", 20, "x b", "y", "s = Add x b; y = Gelu s", NULL, {{0}}},
    {"DequantizeLinear", 21, "x s z?", "y", "y = DequantizeLinear x s z @axis", NULL, {{"axis"}}},
    {"DynamicQuantizeMatMul", 13, "a b bs bz? c?", "y",
     "q as az = DynamicQuantizeLinear a; m = MatMulInteger q b az bz; s = Mul as bs; g = DequantizeLinear m s axis=-1; y = Add? g c", NULL, {{0}}},
    {"FastGelu", 20, "x b?", "y", "s = Add? x b; y = Gelu s approximate='tanh'", NULL, {{0}}},
    {"FusedConv", 15, "x w b? z?", "y", NULL, fused_conv, {CONV_PARAMETERS, {"activation"}, {"activation_params"}}},
    {"FusedGemm", 15, "a b c?", "y", NULL, fused_gemm,
     {{"alpha"}, {"beta"}, {"transA"}, {"transB"}, {"activation"}, {"activation_alpha"}, {"activation_beta"}, {"activation_gamma"}}},
    {"FusedMatMul", 15, "a b", "y", NULL, fused_matmul,
     {{"alpha", 'f', 1}, {"transA"}, {"transB"}, {"transBatchA"}, {"transBatchB"}}},
    {"Gelu", 20, "x", "y", "y = Gelu x", NULL, {{0}}},
    {"MatMulIntegerToFloat", 13, "a b as bs az? bz? c?", "y",
     "m = MatMulInteger a b az bz; s = Mul as bs; g = DequantizeLinear m s axis=-1; y = Add? g c", NULL, {{0}}},
    {"NhwcFusedConv", 15, "x w b? z?", "y", NULL, nhwc_fused_conv, {CONV_PARAMETERS, {"activation"}, {"activation_params"}}},
    {"NhwcMaxPool", 13, "x", "y",
     "t = Transpose x perm=[0,3,1,2]; p = MaxPool t @auto_pad @ceil_mode @dilations @kernel_shape @pads @strides; y = Transpose p perm=[0,2,3,1]",
     NULL, {{"auto_pad"}, {"ceil_mode"}, {"dilations"}, {"kernel_shape"}, {"pads"}, {"strides"}}},
    {"QGemm", 13, "a as az b bs bz c? ys? yz?", "y", NULL, qgemm, {{"alpha", 'f', 1}, {"transA"}, {"transB"}}},
    {"QLinearAdd", 13, "a as az b bs bz ys yz?", "y", DQ(f, a) DQ(g, b) "h = Add f g; y = QuantizeLinear h ys yz", NULL, {{0}}},
    {"QLinearAveragePool", 13, "x xs xz ys yz?", "y", NULL, qlinear_average_pool, {POOL_PARAMETERS}},
    {"QLinearConcat", 13, "", "y", NULL, qlinear_concat, {{"axis"}}},
    {"QLinearConv", 13, "x xs xz w ws wz ys yz b?", "y", NULL, qlinear_conv, {CONV_PARAMETERS, {"channels_last"}}},
    {"QLinearGlobalAveragePool", 13, "x xs xz ys yz?", "y", NULL, qlinear_global_average_pool, {{"channels_last"}}},
    {"QLinearLeakyRelu", 13, "x xs xz ys yz?", "y", DQ(f, x) "g = LeakyRelu f @alpha; y = QuantizeLinear g ys yz", NULL, {{"alpha"}}},
    {"QLinearMul", 13, "a as az b bs bz ys yz?", "y", DQ(f, a) DQ(g, b) "h = Mul f g; y = QuantizeLinear h ys yz", NULL, {{0}}},
    {"QLinearReduceMean", 13, "x xs xz ys yz?", "y", DQ(f, x) "g = ReduceMean f @axes @keepdims; y = QuantizeLinear g ys yz", NULL, {{"axes"}, {"keepdims"}}},
    {"QLinearSigmoid", 13, "x xs xz ys yz?", "y", DQ(f, x) "g = Sigmoid f; y = QuantizeLinear g ys yz", NULL, {{0}}},
    {"QLinearSoftmax", 13, "x xs xz ys yz?", "y", NULL, qlinear_softmax, {{"axis", 'i', -1}, {"opset"}}},
    {"QLinearWhere", 16, "c a as az b bs bz ys yz", "y", DQ(f, a) DQ(g, b) "h = Where c f g; y = QuantizeLinear h ys yz", NULL, {{0}}},
    {"QuantizeLinear", 21, "x s z?", "y", "y = QuantizeLinear x s z @axis", NULL, {{"axis"}}},
    {"QuickGelu", 15, "x", "y", "al = Constant value_float=@alpha; k = CastLike al x; a = Mul x k; s = Sigmoid a; y = Mul x s", NULL, {{"alpha", 'f', 1.702}}},
    {"SkipLayerNormalization", 17, "x skip gamma beta? bias?", "y mean deviation s",
     "t = Add x skip; s = Add? t bias; y = LayerNormalization s gamma beta axis=-1 @epsilon", NULL, {{"epsilon", 'f', 1e-12}}},
    {"SkipSimplifiedLayerNormalization", 23, "x skip gamma bias?", "y mean deviation s",
     "t = Add x skip; s = Add? t bias; y = RMSNormalization s gamma axis=-1 @epsilon", NULL, {{"epsilon", 'f', 1e-12}}},
};

/* In the default domain without being ONNX's, or before they were. */
static const Contrib EARLY[] = {
    {"LayerNormalization", 17, "x scale b?", "y", "y = LayerNormalization x scale b @axis @epsilon @stash_type", NULL,
     {{"axis"}, {"epsilon"}, {"stash_type"}}},
    {"SimplifiedLayerNormalization", 23, "x scale", "y", "y = RMSNormalization x scale @axis @epsilon @stash_type", NULL,
     {{"axis"}, {"epsilon"}, {"stash_type"}}},
};
/* clang-format on */

static const Contrib *find(const OnnxImport *import, size_t index) {
  const Node *node = import->graph->node[index];
  const char *domain = onnx_domain(node->domain), *type = onnx_text(node->op_type);
  if (strcmp(domain, "com.microsoft") == 0)
    for (size_t i = 0; i < FUSE_COUNTOF(OPERATORS); i++)
      if (strcmp(OPERATORS[i].type, type) == 0)
        return &OPERATORS[i];
  for (size_t i = 0; i < FUSE_COUNTOF(EARLY); i++) {
    const FuseOnnxOp *standard = fuse_onnx_op_find(type);
    bool early = strcmp(domain, "ai.onnx") == 0 && strcmp(EARLY[i].type, type) == 0;
    if (early && (!standard || import->places[index].opset < standard->since))
      return &EARLY[i];
  }
  return NULL;
}

/* ---- the function ---- */

/* "x w b?" */
static bool set_inputs(Making *m) {
  OnnxFunction *f = m->function;
  char **names;
  f->n_inputs = split(m->arena, fuse_strdup(m->arena, m->row->inputs), &names);
  for (size_t i = 0; i < f->n_inputs; i++) {
    size_t length = strlen(names[i]);
    bool optional = names[i][length - 1] == '?';
    if (optional)
      names[i][length - 1] = '\0';
    if (!optional && !is_given(m->node, i))
      return onnx_node_error(m->import, m->index, "input %zu isn't given; expected a value", i);
  }
  f->inputs = names;
  return true;
}

/* Outputs that the body doesn't make can't be asked for. */
static bool check_outputs(Making *m) {
  const OnnxFunction *f = m->function;
  for (size_t i = 0; i < f->n_outputs && i < m->node->n_output; i++) {
    bool made = !*m->node->output[i];
    for (size_t k = 0; !made && k < f->n_nodes; k++)
      for (size_t o = 0; o < f->nodes[k]->n_output; o++)
        made = made || strcmp(f->nodes[k]->output[o], f->outputs[i]) == 0;
    if (!made)
      return onnx_node_error(m->import, m->index, "not supported yet: output %zu (%s)", i,
                             f->outputs[i]);
  }
  return true;
}

static void set_parameters(Making *m) {
  OnnxFunction *f = m->function;
  char **names = fuse_alloc_array(m->arena, MAX_PARAMETERS, sizeof *names);
  f->defaults = fuse_alloc_array(m->arena, MAX_PARAMETERS + 2, sizeof(Attribute *));
  for (int i = 0; i < MAX_PARAMETERS && m->row->parameters[i].name; i++) {
    const Parameter *p = &m->row->parameters[i];
    if (p->kind == 'f')
      add_default(m, float_attribute(m, p->name, p->value));
    else if (p->kind == 'i')
      add_default(m, int_attribute(m, p->name, (int64_t)p->value));
    else
      names[f->n_attributes++] = fuse_strdup(m->arena, p->name);
  }
  f->attributes = names;
}

bool onnx_contrib(OnnxImport *import, size_t index, OnnxFunction *function) {
  const Contrib *row = find(import, index);
  if (!row)
    return false;
  Making m = {.import = import,
              .arena = &import->scratch,
              .index = index,
              .node = import->graph->node[index],
              .row = row,
              .function = function};
  char **outputs;
  FuseText body = {0};
  *function = (OnnxFunction){.shown = row->type, .opset = row->opset};
  function->n_outputs = split(m.arena, fuse_strdup(m.arena, row->outputs), &outputs);
  function->outputs = outputs;
  set_parameters(&m);
  bool ok = set_inputs(&m);
  if (ok && row->write)
    ok = row->write(&m, &body);
  else if (ok)
    fuse_text_puts(&body, row->body);
  if (ok)
    add_body(&m, body.data);
  fuse_text_fini(&body);
  return ok && check_outputs(&m);
}
