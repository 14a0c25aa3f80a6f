// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/* ir.c - unit test of lib/ir: every op has rules, constants keep their bytes, diagnostics their
 * places. */
#include <string.h>

#include "../unit.h"
#include "fuse/ir.h"
#include "said.h"

static MlirModule parse(FuseIr *ir, const char *text) {
  return fuse_ir_parse(ir, text, strlen(text), "x.mlir");
}

static void append(MlirStringRef s, void *text) {
  fuse_text_append(text, s.data, s.length);
}

/* ---- rules ---- */

static int check_dialect(FuseIr *ir, const char *irdl) {
  int n = 0;
  MlirModule module = fuse_ir_parse(ir, irdl, strlen(irdl), "irdl");
  CHECK(!mlirModuleIsNull(module));
  FuseOpList ops = fuse_ops_of(fuse_ir_arena(ir), mlirModuleGetOperation(module), "irdl.operation");
  for (size_t i = 0; i < ops.n; i++, n++) {
    MlirStringRef dialect, name;
    CHECK(fuse_get_str(mlirOperationGetParentOperation(ops.ops[i]), "sym_name", &dialect));
    CHECK(fuse_get_str(ops.ops[i], "sym_name", &name));
    const char *full = fuse_format(fuse_ir_arena(ir), "%.*s.%.*s", (int)dialect.length,
                                   dialect.data, (int)name.length, name.data);
    if (!fuse_has_rule(fuse_str(full)))
      printf("%s has no verify function\n", full);
    CHECK(fuse_has_rule(fuse_str(full)));
  }
  mlirModuleDestroy(module);
  return n;
}

static void test_every_op_has_rules(void) {
  FuseIr *ir = create_listening();
  int n = 0;
  for (int i = 0; fuse_irdl_text(i); i++)
    n += check_dialect(ir, fuse_irdl_text(i));
  CHECK(n >= 3);
  CHECK(!fuse_has_rule(fuse_str("fuse.nothing")));
  fuse_ir_destroy(ir);
}

/* ---- constants ---- */

/* A module with attr as its attribute "func.v". */
static char *print_module(FuseIr *ir, MlirAttribute attr, FuseText *text) {
  MlirModule module = mlirModuleCreateEmpty(mlirLocationUnknownGet(fuse_ir_context(ir)));
  mlirOperationSetAttributeByName(mlirModuleGetOperation(module), fuse_str("func.v"), attr);
  mlirOperationPrint(mlirModuleGetOperation(module), append, text);
  mlirModuleDestroy(module);
  return text->data;
}

/* Bytes survive: tensor -> attribute -> tensor, and -> text -> another context -> tensor. */
static void check_constant(FuseDtype dtype, int64_t n, bool splat) {
  uint8_t bytes[1024];
  FuseTensor tensor = {.dtype = dtype, .rank = 1, .shape = {n}, .data = bytes}, back;
  CHECK(fuse_tensor_set_size(&tensor) && tensor.size_bytes <= sizeof bytes);
  size_t elem = fuse_dtype_bytes(dtype);
  for (size_t i = 0; i < tensor.size_bytes; i++)
    bytes[i] = (uint8_t)(dtype == FUSE_BOOL ? i % 3 == 0 : 17 * (splat ? i % elem : i) % 113);
  FuseIr *ir = create_listening(), *other = create_listening();
  MlirAttribute attr = fuse_constant(ir, &tensor, "w");
  CHECK(fuse_constant_get(ir, attr, &back));
  CHECK(back.dtype == dtype && back.shape[0] == n && back.size_bytes == tensor.size_bytes);
  CHECK(memcmp(back.data, bytes, back.size_bytes) == 0);
  CHECK(tensor.size_bytes <= 64 || back.data == bytes); /* not copied */

  FuseText text = {0};
  MlirModule module = parse(other, print_module(ir, attr, &text));
  CHECK_STR(said.message, "");
  if (mlirModuleIsNull(module))
    return;
  MlirAttribute copy =
      mlirOperationGetAttributeByName(mlirModuleGetOperation(module), fuse_str("func.v"));
  const void *first = NULL;
  for (int i = 0; i < 2; i++) {
    CHECK(fuse_constant_get(other, copy, &back));
    CHECK(back.dtype == dtype && back.size_bytes == tensor.size_bytes);
    CHECK(memcmp(back.data, bytes, back.size_bytes) == 0);
    CHECK(i == 0 || back.data == first); /* decoded once */
    first = back.data;
  }
  mlirModuleDestroy(module);
  fuse_text_fini(&text);
  fuse_ir_destroy(ir);
  fuse_ir_destroy(other);
}

static void test_constants(void) {
#define X(name, code, bytes, mlir, npy, c)                                                         \
  check_constant(FUSE_##name, 0, false);                                                           \
  check_constant(FUSE_##name, 1, false);                                                           \
  check_constant(FUSE_##name, 5, true);                                                            \
  check_constant(FUSE_##name, 7, false);                                                           \
  check_constant(FUSE_##name, 100, false);
  FUSE_DTYPES(X)
#undef X
}

static void test_keys(void) {
  FuseIr *ir = create_listening();
  float a[32] = {1}, b[32] = {2};
  FuseTensor tensor = {.dtype = FUSE_F32, .rank = 1, .shape = {32}, .data = a};
  CHECK(fuse_tensor_set_size(&tensor));
  MlirAttribute first = fuse_constant(ir, &tensor, "w");
  tensor.data = b;
  MlirAttribute second = fuse_constant(ir, &tensor, "w");
  FuseTensor back;
  CHECK(!mlirAttributeEqual(first, second));
  CHECK(fuse_constant_get(ir, first, &back) && back.data == a);
  CHECK(fuse_constant_get(ir, second, &back) && back.data == b);
  fuse_ir_destroy(ir);
}

static void test_value(void) {
  FuseIr *ir = create_listening();
  FuseTensor tensor;
  MlirModule module =
      parse(ir, "%0 = \"tosa.const\"() {values = dense<[3, 4]> : tensor<2xi8>} : () -> "
                "tensor<2xi8>\n%1 = tosa.identity %0 : (tensor<2xi8>) -> tensor<2xi8>\n");
  CHECK_STR(said.message, "");
  MlirOperation op = mlirBlockGetFirstOperation(mlirModuleGetBody(module));
  CHECK(fuse_value_constant(ir, mlirOperationGetResult(op, 0), &tensor));
  CHECK(tensor.dtype == FUSE_I8 && ((const int8_t *)tensor.data)[1] == 4);
  op = mlirOperationGetNextInBlock(op);
  CHECK(!fuse_value_constant(ir, mlirOperationGetResult(op, 0), &tensor));
  mlirModuleDestroy(module);
  fuse_ir_destroy(ir);
}

/* ---- places ---- */

static void test_places(void) {
  FuseIr *ir = create_listening();
  MlirContext context = fuse_ir_context(ir);
  FuseArena *arena = fuse_ir_arena(ir);
  MlirLocation node = fuse_loc_node(context, "net.onnx", 3, "dw_3", "Conv");
  CHECK_STR(fuse_loc_place(arena, node), "net.onnx:node 3");
  CHECK_STR(fuse_loc_name(arena, node), "dw_3");
  CHECK_STR(fuse_loc_type(arena, node), "Conv");
  CHECK_STR(fuse_loc_type(arena, fuse_loc_node(context, "net.onnx", 3, "dw_3", "")), "");
  MlirLocation text = mlirLocationFileLineColGet(context, fuse_str("x.mlir"), 12, 4);
  CHECK_STR(fuse_loc_place(arena, text), "x.mlir:12:4");
  CHECK_STR(fuse_loc_name(arena, text), "");
  /* A name in a name is an operator only around a node's index. */
  MlirLocation call = mlirLocationNameGet(context, fuse_str("callee"), text);
  MlirLocation named = mlirLocationNameGet(context, fuse_str("layer"), call);
  CHECK_STR(fuse_loc_name(arena, named), "layer");
  CHECK_STR(fuse_loc_type(arena, named), "");
  MlirLocation both[] = {mlirLocationUnknownGet(context), node};
  MlirLocation fused = mlirLocationFusedGet(context, 2, both, mlirAttributeGetNull());
  CHECK_STR(fuse_loc_place(arena, fused), "net.onnx:node 3");
  CHECK_STR(fuse_loc_type(arena, fused), "Conv");
  CHECK_STR(fuse_loc_place(arena, both[0]), "");

  CHECK(mlirLogicalResultIsFailure(fuse_loc_error(node, "bad %d", 7)));
  CHECK(said.n == 1 && said.severity == FUSE_ERROR && fuse_ir_errors(ir) == 1);
  CHECK_STR(said.place, "net.onnx:node 3");
  CHECK_STR(said.message, "'dw_3': bad 7");
  fuse_loc_error(node, "'dw_3' (Conv): bad");
  CHECK_STR(said.message, "'dw_3' (Conv): bad");
  fuse_ir_destroy(ir);
}

static void test_op_messages(void) {
  FuseIr *ir = create_listening();
  MlirModule module = parse(ir, "func.func @f() {\n  return loc(\"out\"(\"net.onnx\":7:0))\n}\n");
  CHECK(!mlirModuleIsNull(module));
  MlirOperation root = mlirModuleGetOperation(module);
  FuseOpList returns = fuse_ops_of(fuse_ir_arena(ir), root, "func.return");
  FuseOpList functions = fuse_ops_of(fuse_ir_arena(ir), root, "func.func");
  CHECK(returns.n == 1 && functions.n == 1);
  fuse_op_warning(returns.ops[0], "careful");
  CHECK(said.severity == FUSE_WARNING && fuse_ir_errors(ir) == 0);
  CHECK_STR(said.place, "net.onnx:node 7");
  CHECK_STR(said.message, "'out' (func.return): careful");
  fuse_op_error(functions.ops[0], "wrong");
  CHECK(said.severity == FUSE_ERROR && fuse_ir_errors(ir) == 1);
  CHECK_STR(said.place, "x.mlir:1:1");
  CHECK_STR(said.message, "'func.func': wrong");
  mlirModuleDestroy(module);

  module = parse(ir, "%0 = \"onnx.novalue\"() : () -> none\n"
                     "%1 = \"onnx.globalaveragepool\"(%0) : (none) -> !onnx.unknown "
                     "loc(\"gap\"(\"net.onnx\":9:0))\n");
  CHECK(mlirModuleIsNull(module)); /* its input must be there */
  CHECK_STR(said.place, "net.onnx:node 9");
  CHECK(strncmp(said.message, "'gap' (GlobalAveragePool): ", 27) == 0);
  fuse_ir_destroy(ir);
}

/* ---- dead ops ---- */

static void test_dce(void) {
  FuseIr *ir = create_listening();
  MlirModule module =
      parse(ir, "func.func @f(%x: tensor<2xf32>) -> tensor<2xf32> {\n"
                "  %a = tosa.abs %x : (tensor<2xf32>) -> tensor<2xf32>\n"
                "  %b = tosa.abs %a : (tensor<2xf32>) -> tensor<2xf32>\n"
                "  %c = tosa.abs %x : (tensor<2xf32>) -> tensor<2xf32>\n"
                "  %d = tosa.custom %x {domain_name = \"a\", operator_name = \"b\", "
                "implementation_attrs = \"\"} : (tensor<2xf32>) -> (tensor<2xf32>)\n"
                "  %e = func.call @f(%x) : (tensor<2xf32>) -> tensor<2xf32>\n"
                "  return %c : tensor<2xf32>\n"
                "}\n");
  CHECK_STR(said.message, "");
  MlirOperation root = mlirModuleGetOperation(module);
  fuse_dce(root);
  CHECK(fuse_ops_of(fuse_ir_arena(ir), root, "tosa.abs").n == 1);
  CHECK(fuse_ops_of(fuse_ir_arena(ir), root, "tosa.custom").n == 1); /* may do anything */
  CHECK(fuse_ops_of(fuse_ir_arena(ir), root, "func.call").n == 1);
  mlirModuleDestroy(module);
  fuse_ir_destroy(ir);
}

/* ---- text that is refused ---- */

static void refuse(const char *text, const char *place, const char *message) {
  FuseIr *ir = create_listening();
  MlirModule module = parse(ir, text);
  CHECK(mlirModuleIsNull(module));
  CHECK_STR(said.place, place);
  if (!strstr(said.message, message)) /* ours are parts of MLIR's sentences */
    CHECK_STR(said.message, message);
  fuse_ir_destroy(ir);
}

static void test_refused(void) {
  char deep[2000];
  memset(deep, '[', sizeof deep);
  deep[sizeof deep - 1] = 0;
  refuse(deep, "x.mlir:1:257", "nested more than 256 deep");
  refuse("func.func @f() {\n  %0 = fuse.conv1d %x : f32\n}\n", "x.mlir:2:8", "without quotes");
  refuse("\n  \"fuse.nothing\"() : () -> ()\n", "x.mlir:2:3", "fuse.nothing");
  refuse("%0 = \"tosa.const\"() {values = dense_resource<w> : tensor<40xf32>} : () -> "
         "tensor<40xf32>\n",
         "x.mlir:1:6", "a resource without data");
  refuse("%0 = \"tosa.const\"() {values = dense_resource<w> : tensor<40xf32>} : () -> "
         "tensor<40xf32>\n{-# dialect_resources: {builtin: {w: \"0x040000000000803F\"}} #-}\n",
         "x.mlir:1:6", "a resource of 4 bytes; expected the 160 of its type");
}

int main(void) {
  test_every_op_has_rules();
  test_constants();
  test_keys();
  test_value();
  test_places();
  test_op_messages();
  test_dce();
  test_refused();
  return unit_result();
}
