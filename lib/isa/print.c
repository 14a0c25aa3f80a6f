// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/* print.c - a command as one line of assembly (docs/isa.md, section 2).
 *
 * needs: a valid command
 * gives: a line that stos_parse turns into an equal command */
#include <inttypes.h>
#include <locale.h>
#include <stdlib.h>
#include <string.h>

#include "isa_private.h"

/* Accepts what strtof would and more strictly: a decimal number, without inf and nan. */
static bool is_decimal(const char *s) {
  bool digits = false;
  s += *s == '-';
  for (; *s >= '0' && *s <= '9'; s++)
    digits = true;
  if (*s == '.')
    for (s++; *s >= '0' && *s <= '9'; s++)
      digits = true;
  if (!digits)
    return false;
  if (*s != 'e' && *s != 'E')
    return *s == '\0';
  s++;
  s += *s == '-' || *s == '+';
  if (*s < '0' || *s > '9')
    return false;
  while (*s >= '0' && *s <= '9')
    s++;
  return *s == '\0';
}

static bool parse_bits(const char *digits, uint32_t *bits) {
  uint64_t value = 0;
  size_t n = 0;
  for (; digits[n]; n++) {
    const char *hex = "0123456789abcdef0123456789ABCDEF", *at = strchr(hex, digits[n]);
    if (!at || n == 8)
      return false;
    value = value * 16 + (uint64_t)(at - hex) % 16;
  }
  *bits = (uint32_t)value;
  return n > 0;
}

bool stos_parse_f32(const char *s, size_t length, uint32_t *bits) {
  char text[128];
  float value;
  if (length == 0 || length >= sizeof text)
    return false;
  memcpy(text, s, length);
  text[length] = '\0';
  if (strncmp(text, "0x", 2) == 0)
    return strlen(text) == length && parse_bits(text + 2, bits);
  if (strcmp(text, "inf") == 0 || strcmp(text, "-inf") == 0) {
    *bits = text[0] == '-' ? 0xff800000 : 0x7f800000;
    return true;
  }
  if (strlen(text) != length || !is_decimal(text))
    return false;
  locale_t c = newlocale(LC_ALL_MASK, "C", (locale_t)0);
  FUSE_ASSERT(c);
  value = strtof_l(text, NULL, c);
  freelocale(c);
  memcpy(bits, &value, sizeof value);
  return (*bits & 0x7fffffff) != 0x7f800000; /* beyond the largest float */
}

void stos_print_f32(FuseText *text, uint32_t bits) {
  char buffer[32];
  float value;
  memcpy(&value, &bits, sizeof value);
  if ((bits & 0x7fffffff) > 0x7f800000) {
    fuse_text_printf(text, "0x%08" PRIx32, bits);
    return;
  }
  if ((bits & 0x7fffffff) == 0x7f800000) {
    fuse_text_puts(text, bits >> 31 ? "-inf" : "inf");
    return;
  }
  for (int digits = 1; digits <= 9; digits++) {
    uint32_t again = 0;
    int length = fuse_snprintf(buffer, sizeof buffer, "%.*g", digits, (double)value);
    if (stos_parse_f32(buffer, (size_t)length, &again) && again == bits)
      break;
  }
  fuse_text_puts(text, buffer);
  if (!strpbrk(buffer, ".e"))
    fuse_text_puts(text, ".0");
}

void stos_print_post(FuseText *text, const StosPost *op, FuseDtype dtype) {
  bool is_i8 = dtype == FUSE_I8;
  const StosPostInfo *info = stos_post_info(op->code);
  FUSE_ASSERT(info);
  fuse_text_puts(text, info->name);
  const char *operands = is_i8 ? info->operands_i8 : info->operands_f32;
  FUSE_ASSERT(operands);
  if (strchr(operands, 'i')) {
    fuse_text_puts(text, " ");
    if (is_i8)
      fuse_text_printf(text, "%" PRId32, (int32_t)op->imm);
    else
      stos_print_f32(text, op->imm);
  }
  if (strchr(operands, 's'))
    fuse_text_printf(text, " %d", op->shift);
}

static void print_element(FuseText *text, const StosCmd *cmd, const StosField *field, int i) {
  bool is_i8 = cmd->dtype == FUSE_I8;
  if (field->is_post)
    stos_print_post(text, stos_field_post_const(cmd, field, i), cmd->dtype);
  else if (field->is_value && !is_i8)
    stos_print_f32(text, (uint32_t)stos_field_get(cmd, field, i));
  else
    fuse_text_printf(text, "%" PRId64, stos_field_get(cmd, field, i));
}

/* Elements up to the last that isn't the fallback; 0 when all are. */
static int n_significant(const StosCmd *cmd, const StosField *field) {
  int n = field->count;
  while (n > 0 && stos_field_is_fallback(cmd, field, n - 1))
    n--;
  return n;
}

static void print_block(FuseText *text, const StosCmd *cmd, const StosField *fields, int first,
                        int end) {
  const char *separator = "";
  fuse_text_printf(text, " %s{", fields[first].block);
  for (int f = first; f < end; f++) {
    int n = n_significant(cmd, &fields[f]);
    if (n == 0)
      continue;
    bool array = fields[f].count > 1;
    fuse_text_printf(text, "%s%s=%s", separator, fields[f].name, array ? "[" : "");
    for (int i = 0; i < n; i++) {
      fuse_text_puts(text, i ? ", " : "");
      print_element(text, cmd, &fields[f], i);
    }
    fuse_text_puts(text, array ? "]" : "");
    separator = " ";
  }
  fuse_text_puts(text, "}");
}

static void print_sync(FuseText *text, const char *name, const StosSync *sync, int n) {
  static const char *const kinds[] = {
      [STOS_WAIT] = "", [STOS_SIGNAL_READ] = " read", [STOS_SIGNAL_DONE] = " done"};
  if (n == 0)
    return;
  fuse_text_printf(text, " %s{", name);
  for (int i = 0; i < n; i++)
    fuse_text_printf(text, "%ss%d:%d@%d%s", i ? ", " : "", sync[i].semaphore, sync[i].count,
                     sync[i].level, kinds[sync[i].kind]);
  fuse_text_puts(text, "}");
}

void stos_print(FuseText *text, const StosCmd *cmd) {
  const StosCmdInfo *info = stos_cmd_info(cmd->opcode);
  FUSE_ASSERT(info);
  fuse_text_puts(text, info->name);
  if (stos_cmd_has_dtype(cmd->opcode))
    fuse_text_printf(text, ".%s", fuse_dtype_name((FuseDtype)cmd->dtype));
  for (int first = 0, end; first < info->n_fields; first = end) {
    end = stos_block_end(info, first);
    if (!stos_block_is_fallback(cmd, info, first, end))
      print_block(text, cmd, info->fields, first, end);
  }
  print_sync(text, "wait", cmd->sync, cmd->n_waits);
  print_sync(text, "signal", cmd->sync + cmd->n_waits, cmd->n_signals);
}
