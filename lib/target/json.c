// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/* json.c - a target as a JSON file.
 *
 * jansson gives a line for what isn't JSON, not for what we refuse; so the text is searched for the
 * key in question: the n-th key of the text is the n-th of the object, as jansson keeps the order
 * and duplicates are refused.
 */
#include <errno.h>
#include <inttypes.h>
#include <jansson.h>
#include <string.h>
#include <unistd.h>

#include "fuse/file.h"
#include "target_private.h"

typedef struct Parse {
  const char *json;
  size_t length;
  const char *place;
  FuseDiag *diag;
  StosTarget target;
  bool has_name, has[N_TARGET_FIELDS];
} Parse;

/* Byte position of key number n of the object. Only items that were accepted stand before it, so
 * there is no nesting and no quote, brace or comma inside a string there. */
static size_t find_key(const Parse *p, size_t n) {
  bool key = false; /* is the next string a key? */
  for (size_t at = 0; at < p->length; at++) {
    if (p->json[at] == '{' || p->json[at] == ',')
      key = true;
    if (p->json[at] != '"')
      continue;
    if (key && n-- == 0)
      return at;
    key = false; /* also for the closing quote */
  }
  FUSE_ASSERT(!"a key that jansson has seen");
  return 0;
}

/* "place:line:column" of a byte, both from 1, the column in bytes. */
static void append_place(FuseText *text, const Parse *p, size_t at) {
  size_t line = 1, column = 1;
  for (size_t i = 0; i < at; i++, column++) {
    if (p->json[i] == '\n')
      line++, column = 0;
  }
  fuse_text_printf(text, "%s:%zu:%zu", p->place, line, column);
}

static bool read_name(Parse *p, const json_t *value, const char *place) {
  if (!json_is_string(value))
    return fuse_diag_error(p->diag, place, "name isn't a string; expected one");
  const char *name = json_string_value(value);
  if (!stos_target_check_name(name, place, p->diag))
    return false;
  fuse_snprintf(p->target.name, sizeof p->target.name, "%s", name);
  p->has_name = true;
  return true;
}

static bool read_field(Parse *p, const char *key, const json_t *value, const char *place) {
  for (int field = 0; field < N_TARGET_FIELDS; field++) {
    if (strcmp(key, stos_target_fields[field].name) != 0)
      continue;
    if (!json_is_integer(value))
      return fuse_diag_error(p->diag, place, "%s isn't an integer; expected one", key);
    if (!stos_target_check_range(field, json_integer_value(value), place, p->diag))
      return false;
    *stos_target_field(&p->target, field) = (uint32_t)json_integer_value(value);
    p->has[field] = true;
    return true;
  }
  FuseText escaped = {0};
  fuse_text_escaped(&escaped, key, strlen(key));
  fuse_diag_error(p->diag, place, "key '%s'; expected a field of a target", escaped.data);
  fuse_text_fini(&escaped);
  return false;
}

static bool read_object(Parse *p, json_t *object) {
  size_t n = 0;
  const char *key;
  json_t *value;
  json_object_foreach(object, key, value) {
    FuseText place = {0};
    append_place(&place, p, find_key(p, n++));
    bool good = strcmp(key, "name") == 0 ? read_name(p, value, place.data)
                                         : read_field(p, key, value, place.data);
    fuse_text_fini(&place);
    if (!good)
      return false;
  }
  if (!p->has_name)
    return fuse_diag_error(p->diag, p->place, "key 'name' is missing; expected it");
  for (int field = 0; field < N_TARGET_FIELDS; field++) {
    if (!p->has[field])
      return fuse_diag_error(p->diag, p->place, "key '%s' is missing; expected it",
                             stos_target_fields[field].name);
  }
  return stos_target_check(&p->target, p->place, p->diag);
}

/* jansson's text quotes a short piece of the file; fuse_diag_emit makes control characters visible.
 */
static bool syntax_error(const Parse *p, const json_error_t *error) {
  FuseText place = {0};
  fuse_text_printf(&place, "%s:%d:%d", p->place, (int)fuse_max(error->line, 1),
                   (int)fuse_max(error->column, 1));
  fuse_diag_error(p->diag, place.data, "%s; expected a target in JSON", error->text);
  fuse_text_fini(&place);
  return false;
}

bool stos_target_parse(const char *json, size_t length, const char *place, StosTarget *target,
                       FuseDiag *diag) {
  Parse p = {.json = json, .length = length, .place = place, .diag = diag};
  json_error_t error;
  json_t *root = json_loadb(json, length, JSON_REJECT_DUPLICATES, &error);
  if (!root)
    return syntax_error(&p, &error);
  bool good = json_is_object(root)
                  ? read_object(&p, root)
                  : fuse_diag_error(diag, place, "not an object; expected a target in JSON");
  json_decref(root);
  if (good)
    *target = p.target;
  return good;
}

bool stos_target_load(const char *name_or_path, StosTarget *target, FuseDiag *diag) {
  if (stos_target_preset(name_or_path, target))
    return true;
  bool standard_input = strcmp(name_or_path, "-") == 0;
  if (!standard_input && access(name_or_path, F_OK) != 0 && errno == ENOENT)
    return fuse_diag_error(diag, name_or_path,
                           "no such target; expected os-N, stos-N, stosx-N with N = 8, 16, 32, 64 "
                           "or a JSON file");
  FuseFile file;
  if (!fuse_file_open(name_or_path, &file, diag))
    return false;
  bool good = stos_target_parse((const char *)file.data, file.size_bytes,
                                standard_input ? "<stdin>" : name_or_path, target, diag);
  fuse_file_close(&file);
  return good;
}

void stos_target_print(const StosTarget *target, FuseText *text) {
  fuse_text_printf(text, "{\n  \"name\": \"%s\"", target->name);
  for (int field = 0; field < N_TARGET_FIELDS; field++)
    fuse_text_printf(text, ",\n  \"%s\": %" PRIu32, stos_target_fields[field].name,
                     stos_target_value(target, field));
  fuse_text_puts(text, "\n}\n");
}
