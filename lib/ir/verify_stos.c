// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/* verify_stos.c - rules of the stos dialect that IRDL can't say: docs/dialects.md, S1 to S6. */
#include <string.h>

#include "fuse/stos_ir.h"
#include "ir_private.h"

static MlirLogicalResult ok(void) {
  return mlirLogicalResultSuccess();
}

static bool failed(MlirLogicalResult result) {
  return mlirLogicalResultIsFailure(result);
}

/* S1: blocked tensors have rank 4 and the encoding "blocked"; plain ones have no encoding. */
static MlirLogicalResult check_tensor(MlirOperation op, const char *what, MlirType type,
                                      bool blocked, FuseTensor *t) {
  MlirAttribute encoding = mlirTypeIsARankedTensor(type) ? mlirRankedTensorTypeGetEncoding(type)
                                                         : mlirAttributeGetNull();
  bool encoded = !mlirAttributeIsNull(encoding);
  if (!fuse_type_tensor(type, t))
    return fuse_op_error(op, "%s has no static shape or an unknown element type", what);
  if (!blocked)
    return encoded ? fuse_op_error(op, "%s has an encoding; expected a plain tensor", what) : ok();
  if (!encoded || !mlirAttributeIsAString(encoding) ||
      !fuse_str_is(mlirStringAttrGetValue(encoding), "blocked") || t->rank != 4)
    return fuse_op_error(
        op, "%s has rank %d; expected a tensor of rank 4 with the encoding \"blocked\"", what,
        t->rank);
  return ok();
}

static bool has_scale(MlirOperation op) {
  return fuse_has_attr(op, "scale");
}

static MlirLogicalResult check_pair(MlirOperation op, bool from_blocked, bool to_blocked,
                                    FuseTensor *x, FuseTensor *y) {
  if (failed(check_tensor(op, "the operand", mlirValueGetType(mlirOperationGetOperand(op, 0)),
                          from_blocked, x)) ||
      failed(check_tensor(op, "the result", mlirValueGetType(mlirOperationGetResult(op, 0)),
                          to_blocked, y)))
    return mlirLogicalResultFailure();
  const FuseTensor *plain = from_blocked ? y : x, *blocked = from_blocked ? x : y;
  bool border = fuse_op_is(op, "stos.input") || fuse_op_is(op, "stos.output");
  if (x->dtype == y->dtype ||
      (border && blocked->dtype == FUSE_I8 && plain->dtype == (has_scale(op) ? FUSE_F32 : FUSE_U8)))
    return ok();
  return fuse_op_error(op, "operand of %s, result of %s; expected one element type",
                       fuse_dtype_name(x->dtype), fuse_dtype_name(y->dtype));
}

/* Of stos.input and stos.output: f32 outside, i8 inside. */
static MlirLogicalResult check_quant(MlirOperation op, const FuseTensor *plain,
                                     const FuseTensor *blocked) {
  double scale;
  int64_t zp = 0;
  if (has_scale(op) && (plain->dtype != FUSE_F32 || blocked->dtype != FUSE_I8 ||
                        !fuse_get_f64(op, "scale", &scale) || !(scale > 0)))
    return fuse_op_error(op, "expected a positive scale, and it only from f32 to i8 or back");
  if (fuse_get_i64(op, "zero_point", &zp) &&
      (blocked->dtype != FUSE_I8 || zp < INT8_MIN || zp > INT8_MAX))
    return fuse_op_error(op, "zero_point = %lld of %s; expected -128 to 127 and i8", (long long)zp,
                         fuse_dtype_name(blocked->dtype));
  return ok();
}

/* S2: the same elements on both sides. */
static MlirLogicalResult check_move(MlirOperation op, bool from_blocked, const char *attributes) {
  FuseTensor x, y;
  if (failed(fuse_check_attributes(op, attributes)) ||
      failed(check_pair(op, from_blocked, !from_blocked, &x, &y)) ||
      failed(check_quant(op, from_blocked ? &y : &x, from_blocked ? &x : &y)))
    return mlirLogicalResultFailure();
  return fuse_tensor_elems(&x) == fuse_tensor_elems(&y)
             ? ok()
             : fuse_op_error(op, "operand and result have different numbers of elements");
}

/* S2: the other side of the border has the blocked tensor's own order, images or vectors. */
static MlirLogicalResult check_channels_last(MlirOperation op, const FuseTensor *plain,
                                             const FuseTensor *blocked, bool packed) {
  if (!fuse_has_attr(op, "channels_last"))
    return ok();
  int64_t image[4];
  bool line = plain->rank == 3;
  memcpy(image, plain->shape, sizeof image);
  if (line)
    memcpy(image, (int64_t[]){plain->shape[0], 1, plain->shape[1], plain->shape[2]}, sizeof image);
  bool same =
      (line || plain->rank == 4) && (packed || memcmp(image, blocked->shape, sizeof image) == 0);
  return same ? ok()
              : fuse_op_error(op, "channels_last: expected a plain tensor N,H,W,C or N,W,C%s",
                              packed ? "" : " of the blocked one's shape");
}

static MlirLogicalResult verify_pack(MlirOperation op) {
  return check_move(op, false, "");
}

static MlirLogicalResult verify_unpack(MlirOperation op) {
  return check_move(op, true, "");
}

/* Kernel, stride and dilation from 1 to `largest`, pads small enough that no sum of them overflows.
 */
static MlirLogicalResult check_window(MlirOperation op, int64_t largest) {
  int64_t window[N_WINDOW];
  int n = 0;
  if (!fuse_get_i64s(op, "window", N_WINDOW, window, &n) || n != N_WINDOW)
    return fuse_op_error(
        op,
        "window has %d numbers; expected %d: kernel, stride, dilation, pad before, each y and x", n,
        N_WINDOW);
  for (int i = 0; i < N_WINDOW; i++) {
    bool pad = i == WIN_TOP || i == WIN_LEFT;
    int64_t low = pad ? -UINT16_MAX : 1, high = pad ? UINT16_MAX : largest;
    if (window[i] < low || window[i] > high)
      return fuse_op_error(op, "window[%d] = %lld; expected %lld to %lld", i, (long long)window[i],
                           (long long)low, (long long)high);
  }
  return ok();
}

static MlirLogicalResult verify_input(MlirOperation op) {
  FuseTensor x, y;
  MlirStringRef layout;
  bool packed = fuse_get_str(op, "layout", &layout) && fuse_str_is(layout, "packed");
  bool pads = packed || has_scale(op);
  if (failed(fuse_check_attributes(op, packed ? "layout channels_last window scale zero_point"
                                       : pads ? "layout channels_last scale zero_point"
                                              : "layout channels_last")) ||
      failed(check_pair(op, false, true, &x, &y)) || failed(check_quant(op, &x, &y)) ||
      failed(check_channels_last(op, &x, &y, packed)))
    return mlirLogicalResultFailure();
  if (!mlirValueIsABlockArgument(mlirOperationGetOperand(op, 0)))
    return fuse_op_error(op, "the operand is no argument of the function");
  if (packed)
    return check_window(op, UINT8_MAX);
  return fuse_tensor_elems(&x) == fuse_tensor_elems(&y)
             ? ok()
             : fuse_op_error(op, "operand and result have different numbers of elements");
}

static MlirLogicalResult verify_output(MlirOperation op) {
  FuseTensor x, y;
  return failed(check_move(op, true, "channels_last scale zero_point")) ||
                 failed(check_pair(op, true, false, &x, &y))
             ? mlirLogicalResultFailure()
             : check_channels_last(op, &y, &x, false);
}

/* S3: channels add up, everything else is equal. */
static MlirLogicalResult verify_concat(MlirOperation op) {
  FuseTensor a, b, y;
  if (failed(fuse_check_attributes(op, "")) ||
      failed(check_tensor(op, "the first operand", mlirValueGetType(mlirOperationGetOperand(op, 0)),
                          true, &a)) ||
      failed(check_tensor(op, "the second operand",
                          mlirValueGetType(mlirOperationGetOperand(op, 1)), true, &b)) ||
      failed(check_tensor(op, "the result", mlirValueGetType(mlirOperationGetResult(op, 0)), true,
                          &y)))
    return mlirLogicalResultFailure();
  if (memcmp(a.shape, y.shape, 3 * sizeof a.shape[0]) ||
      memcmp(b.shape, y.shape, 3 * sizeof a.shape[0]) || a.shape[3] + b.shape[3] != y.shape[3])
    return fuse_op_error(op, "shapes don't add up along the channels");
  return ok();
}

static MlirLogicalResult verify_slice(MlirOperation op) {
  FuseTensor x, y;
  int64_t first;
  if (failed(fuse_check_attributes(op, "first_block")) ||
      failed(check_pair(op, true, true, &x, &y)))
    return mlirLogicalResultFailure();
  if (!fuse_get_i64(op, "first_block", &first) || first < 0 ||
      memcmp(x.shape, y.shape, 3 * sizeof x.shape[0]) || y.shape[3] > x.shape[3])
    return fuse_op_error(
        op, "expected first_block >= 0 and a result with some of the operand's channels");
  return ok();
}

/* The operands of stos.layer, in the order of operandSegmentSizes. */
enum { IN, WEIGHTS, BIAS, SCALE, AUX, RES, SHIFT, TABLE, N_ROLES };
typedef struct LayerTypes {
  FuseTensor of[N_ROLES], result;
  bool there[N_ROLES];
} LayerTypes;

static bool is_constant(MlirValue value) {
  return mlirValueIsAOpResult(value) && fuse_op_is(mlirOpResultGetOwner(value), "tosa.const");
}

/* i8 layers have parameters of i32; tables are of i8 (NONE: f32 has none). */
static FuseDtype operand_dtype(int role, FuseDtype layer) {
  if (role == SHIFT || role == TABLE)
    return FUSE_I8;
  return layer == FUSE_I8 && role >= BIAS && role <= AUX ? FUSE_I32 : layer;
}

static MlirLogicalResult read_layer_types(MlirOperation op, LayerTypes *l) {
  static const char *const names[] = {"in",  "weights", "bias",  "scale",
                                      "aux", "res",     "shift", "table"};
  if (failed(check_pair(op, true, true, &l->of[IN], &l->result)))
    return mlirLogicalResultFailure();
  MlirAttribute sizes = mlirOperationGetAttributeByName(op, fuse_str("operandSegmentSizes"));
  intptr_t at = 0;
  for (int i = 0; i < N_ROLES; i++) {
    l->there[i] = mlirDenseI32ArrayGetElement(sizes, i) != 0;
    if (!l->there[i])
      continue;
    MlirValue value = mlirOperationGetOperand(op, at++);
    if (failed(check_tensor(op, names[i], mlirValueGetType(value), i == IN || i == RES, &l->of[i])))
      return mlirLogicalResultFailure();
    if (i != IN && i != RES && !is_constant(value))
      return fuse_op_error(op, "%s is no constant; expected the result of a tosa.const", names[i]);
    if (l->of[i].dtype != operand_dtype(i, l->result.dtype))
      return fuse_op_error(op, "%s of %s in a layer of %s; expected %s", names[i],
                           fuse_dtype_name(l->of[i].dtype), fuse_dtype_name(l->result.dtype),
                           fuse_dtype_name(operand_dtype(i, l->result.dtype)));
  }
  static const int per_channel[] = {BIAS, SCALE, AUX, SHIFT};
  for (size_t k = 0; k < FUSE_COUNTOF(per_channel); k++) {
    int i = per_channel[k];
    int64_t n = l->there[i] ? fuse_tensor_elems(&l->of[i]) : 1;
    if (n != 1 && n != l->result.shape[3])
      return fuse_op_error(op, "%s has %lld values; expected one for each of %lld channels",
                           names[i], (long long)n, (long long)l->result.shape[3]);
  }
  int64_t n_table = l->there[TABLE] ? fuse_tensor_elems(&l->of[TABLE]) : STOS_LUT_BYTES;
  if (n_table == 0 || n_table % STOS_LUT_BYTES)
    return fuse_op_error(op, "table has %lld values; expected a multiple of %d", (long long)n_table,
                         STOS_LUT_BYTES);
  bool shifts = l->result.dtype == FUSE_I8 && l->there[SCALE];
  return l->there[SHIFT] == shifts
             ? ok()
             : fuse_op_error(op, "expected shift where an i8 layer has scale, and only there");
}

static MlirLogicalResult check_shape(MlirOperation op, const char *what, const FuseTensor *found,
                                     int rank, const int64_t *expected) {
  char type[FUSE_TENSOR_TYPE_CHARS], wanted[FUSE_TENSOR_TYPE_CHARS];
  FuseTensor t = {.dtype = found->dtype, .rank = rank};
  memcpy(t.shape, expected, (size_t)rank * sizeof *expected);
  if (found->rank == rank && memcmp(found->shape, expected, (size_t)rank * sizeof *expected) == 0)
    return ok();
  return fuse_op_error(op, "%s is %s; expected %s", what,
                       fuse_tensor_type(found, type, sizeof type),
                       fuse_tensor_type(&t, wanted, sizeof wanted));
}

/* Weights [out][kh][kw][in] of a conv, [kh][kw][channels] of a depthwise layer. */
static MlirLogicalResult check_weights(MlirOperation op, const LayerTypes *l, bool conv) {
  int64_t window[N_WINDOW];
  int n;
  fuse_get_i64s(op, "window", N_WINDOW, window, &n);
  const int64_t in_c = l->of[IN].shape[3], out_c = l->result.shape[3];
  const int64_t dense[] = {out_c, window[WIN_KH], window[WIN_KW], in_c};
  const int64_t flat[] = {window[WIN_KH], window[WIN_KW], out_c};
  return check_shape(op, "weights", &l->of[WEIGHTS], conv ? 4 : 3, conv ? dense : flat);
}

/* The residual covers the result, or is one pixel of it. */
static MlirLogicalResult check_residual(MlirOperation op, const LayerTypes *l) {
  const int64_t *y = l->result.shape, pixel[] = {y[0], 1, 1, y[3]};
  if (l->of[RES].shape[1] == 1 && l->of[RES].shape[2] == 1)
    return check_shape(op, "res", &l->of[RES], 4, pixel);
  return check_shape(op, "res", &l->of[RES], 4, y);
}

static MlirLogicalResult check_mapping(MlirOperation op, bool conv, bool vector) {
  MlirStringRef mapping = {NULL, 0};
  fuse_get_str(op, "mapping", &mapping);
  if (conv || vector)
    return fuse_str_is(mapping, conv ? "gemm" : "vector")
               ? ok()
               : fuse_op_error(op, "the mapping isn't '%s', which this kind has alone",
                               conv ? "gemm" : "vector");
  return fuse_str_is(mapping, "stream") || fuse_str_is(mapping, "hold") ||
                 fuse_str_is(mapping, "block-diagonal")
             ? ok()
             : fuse_op_error(op, "unknown mapping of a depthwise layer; expected stream, hold or "
                                 "block-diagonal");
}

static MlirLogicalResult check_post(MlirOperation op) {
  MlirAttribute post = mlirOperationGetAttributeByName(op, fuse_str("post"));
  for (intptr_t i = 0; i < mlirArrayAttrGetNumElements(post); i++)
    if (!mlirAttributeIsAString(mlirArrayAttrGetElement(post, i)))
      return fuse_op_error(op, "post[%d] is no string; expected a post operation", (int)i);
  return ok();
}

/* Zero points and rounding belong to i8, w_zp to layers with weights, res_zp to those with res. */
static MlirLogicalResult check_integers(MlirOperation op, const LayerTypes *l) {
  static const struct {
    const char *name;
    int role; /* the operand it belongs to */
  } zero_points[] = {{"in_zp", IN}, {"w_zp", WEIGHTS}, {"res_zp", RES}};
  bool i8 = l->result.dtype == FUSE_I8, any = false;
  for (size_t i = 0; i < FUSE_COUNTOF(zero_points); i++) {
    int64_t zp;
    if (!fuse_get_i64(op, zero_points[i].name, &zp))
      continue;
    any = true;
    if (!l->there[zero_points[i].role] || zp < INT8_MIN || zp > INT8_MAX)
      return fuse_op_error(op, "%s = %lld; expected -128 to 127, and that its operand is there",
                           zero_points[i].name, (long long)zp);
  }
  any = any || l->there[TABLE] ||
        !mlirAttributeIsNull(mlirOperationGetAttributeByName(op, fuse_str("double_round")));
  return i8 || !any ? ok()
                    : fuse_op_error(op,
                                    "zero points, double_round and tables are of i8; this is "
                                    "a layer of %s",
                                    fuse_dtype_name(l->result.dtype));
}

/* S4: shapes, constants and mapping of a layer fit its kind. */
static MlirLogicalResult verify_layer(MlirOperation op) {
  LayerTypes l;
  MlirStringRef kind = {NULL, 0};
  if (failed(fuse_check_attributes(op, "kind reduce mapping window post operandSegmentSizes column "
                                       "double_round in_zp w_zp res_zp")) ||
      failed(check_window(op, UINT16_MAX)) || failed(read_layer_types(op, &l)))
    return mlirLogicalResultFailure();
  fuse_get_str(op, "kind", &kind);
  bool vector = fuse_str_is(kind, "vector"), conv = fuse_str_is(kind, "conv");
  if (l.there[WEIGHTS] == vector)
    return fuse_op_error(
        op, "expected weights in a conv or depthwise layer and none in a vector layer");
  if (l.of[IN].shape[0] != l.result.shape[0] || (!conv && l.of[IN].shape[3] != l.result.shape[3]))
    return fuse_op_error(op, "expected as many images in the result as in the operand, and outside "
                             "of a conv as many channels");
  if (failed(check_mapping(op, conv, vector)) || (!vector && failed(check_weights(op, &l, conv))) ||
      (l.there[RES] && failed(check_residual(op, &l))) || failed(check_integers(op, &l)))
    return mlirLogicalResultFailure();
  return check_post(op);
}

/* ---- buffers and commands ---- */

static MlirLogicalResult verify_buffer(MlirOperation op) {
  static const char *const spaces[] = {"chip", "param", "lut", "weights", "arena", "io"};
  MlirStringRef space = {NULL, 0};
  int64_t size = -1;
  if (failed(fuse_check_attributes(op, "space size address name values storage")))
    return mlirLogicalResultFailure();
  fuse_get_str(op, "space", &space);
  for (size_t i = 0; i < FUSE_COUNTOF(spaces); i++)
    if (fuse_str_is(space, spaces[i]))
      return fuse_get_i64(op, "size", &size) && size >= 0
                 ? ok()
                 : fuse_op_error(op, "size = %lld; expected at least 0", (long long)size);
  return fuse_op_error(op, "unknown space; expected chip, param, lut, weights, arena or io");
}

static MlirLogicalResult verify_node(MlirOperation op) {
  return fuse_check_attributes(op, "mapping op macs bound");
}

/* S5: operands are results of stos.buffer. */
static MlirLogicalResult check_buffers(MlirOperation op) {
  for (intptr_t i = 0; i < mlirOperationGetNumOperands(op); i++) {
    MlirValue value = mlirOperationGetOperand(op, i);
    if (!mlirValueIsAOpResult(value) || !fuse_op_is(mlirOpResultGetOwner(value), "stos.buffer"))
      return fuse_op_error(op, "operand %d isn't the result of a stos.buffer", (int)i);
  }
  return ok();
}

static MlirLogicalResult verify_io(MlirOperation op) {
  return failed(fuse_check_attributes(
             op, "name direction dtype shape layout channels_last window scale zero_point"))
             ? mlirLogicalResultFailure()
             : check_buffers(op);
}

static MlirLogicalResult verify_host(MlirOperation op) {
  return failed(fuse_check_attributes(op, "kernel offsets sizes written words node waits signals"))
             ? mlirLogicalResultFailure()
             : check_buffers(op);
}

/* S6: attributes are the command's fields, its tokens, and refs: one name an operand. */
static MlirLogicalResult verify_command(MlirOperation op) {
  MlirStringRef name = fuse_op_name(op);
  const StosCmdInfo *info =
      stos_cmd_find(name.data + strlen("stos."), name.length - strlen("stos."));
  FuseText allowed = {0};
  fuse_text_puts(&allowed, "refs dtype node waits signals ahead");
  for (int i = 0; info && i < info->n_fields; i++)
    fuse_text_printf(&allowed, " %s", info->fields[i].name);
  MlirLogicalResult result = fuse_check_attributes(op, allowed.data);
  fuse_text_fini(&allowed);
  if (failed(result))
    return result;
  MlirAttribute refs = mlirOperationGetAttributeByName(op, fuse_str("refs"));
  intptr_t n = mlirAttributeIsNull(refs) ? 0 : mlirArrayAttrGetNumElements(refs);
  if (n != mlirOperationGetNumOperands(op))
    return fuse_op_error(op, "%d refs for %d operands; expected one an operand", (int)n,
                         (int)mlirOperationGetNumOperands(op));
  for (intptr_t i = 0; i < n; i++)
    if (!mlirAttributeIsAString(mlirArrayAttrGetElement(refs, i)))
      return fuse_op_error(op, "refs[%d] is no string", (int)i);
  return check_buffers(op);
}

const FuseRuleRow fuse_rules_stos[] = {
    {"stos.input", verify_input},    {"stos.output", verify_output},
    {"stos.pack", verify_pack},      {"stos.unpack", verify_unpack},
    {"stos.concat", verify_concat},  {"stos.slice", verify_slice},
    {"stos.layer", verify_layer},    {"stos.buffer", verify_buffer},
    {"stos.node", verify_node},      {"stos.io", verify_io},
    {"stos.host", verify_host},      {"stos.load", verify_command},
    {"stos.store", verify_command},  {"stos.gemm", verify_command},
    {"stos.conv1d", verify_command}, {"stos.vector", verify_command},
    {"stos.signal", verify_command}, {"stos.barrier", verify_command},
    {"stos.end", verify_command},    {NULL, NULL},
};
