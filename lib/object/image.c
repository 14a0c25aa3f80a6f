// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/* image.c - what a test bench loads: $readmemh text and a map of it (docs/isa.md, section 5).
 *
 * needs: an object that stos_object_check takes
 * gives: text.hex, dram.hex and map.json; the same bytes for equal objects */
#include <errno.h>
#include <string.h>
#include <sys/stat.h>

#include "fuse/file.h"
#include "object_private.h"

/* Lines of `width` bytes, the byte of the highest address first; the last is filled with zeros. */
static void put_lines(FuseText *out, const uint8_t *bytes, size_t size, size_t width) {
  static const char digits[] = "0123456789abcdef";
  for (size_t at = 0; at < size; at += width) {
    for (size_t i = width; i-- > 0;) {
      uint8_t byte = at + i < size ? bytes[at + i] : 0;
      char hex[2] = {digits[byte >> 4], digits[byte & 15]};
      fuse_text_append(out, hex, sizeof hex);
    }
    fuse_text_append(out, "\n", 1);
  }
}

static json_t *file_entry(const char *name, size_t word_bytes, size_t words) {
  return json_pack("{s:s, s:I, s:I}", "file", name, "word_bytes", (json_int_t)word_bytes, "words",
                   (json_int_t)words);
}

/* A region begins at a beat, and at 256 bytes (M-MEM-6). */
static uint64_t align_region(uint64_t at, uint64_t beat_bytes) {
  uint64_t unit = beat_bytes > STOS_REGION_ALIGNMENT ? beat_bytes : STOS_REGION_ALIGNMENT;
  while (unit % beat_bytes || unit % STOS_REGION_ALIGNMENT)
    unit += beat_bytes;
  return (at + unit - 1) / unit * unit;
}

static json_t *regions(const StosObject *object, uint64_t beat_bytes) {
  json_t *root = json_array();
  uint64_t base = 0;
  for (int r = 0; r < STOS_N_REGIONS; r++) {
    uint64_t bytes = stos_region_bytes(object, r);
    json_array_append_new(root,
                          json_pack("{s:s, s:I, s:I, s:I}", "name", stos_region_name(r),
                                    "base_bytes", (json_int_t)base, "base_beats",
                                    (json_int_t)(base / beat_bytes), "bytes", (json_int_t)bytes));
    base = align_region(base + bytes, beat_bytes);
  }
  return root;
}

void stos_object_image(const StosObject *object, StosImage *image) {
  size_t beat_bytes = (size_t)object->target.dram_elems * stos_dtype_bytes(object->dtype);
  size_t beats = (object->weights_bytes + beat_bytes - 1) / beat_bytes;
  *image = (StosImage){0};
  put_lines(&image->text, object->text, object->text_bytes, 16);
  put_lines(&image->dram, object->weights, object->weights_bytes, beat_bytes);
  json_t *map =
      json_pack("{s:i, s:s, s:o, s:o, s:o, s:o, s:o, s:o, s:o}", "version", STOS_OBJECT_VERSION,
                "datapath", fuse_dtype_name((FuseDtype)object->dtype), "text",
                file_entry("text.hex", 16, object->text_bytes / 16), "dram",
                file_entry("dram.hex", beat_bytes, beats), "regions", regions(object, beat_bytes),
                "inputs", stos_json_tensors(object->inputs, object->n_inputs), "outputs",
                stos_json_tensors(object->outputs, object->n_outputs), "host",
                stos_json_host(object), "target", stos_json_target(&object->target));
  if (!map)
    fuse_fatal("out of memory");
  stos_json_print(map, &image->map);
}

void stos_image_fini(StosImage *image) {
  fuse_text_fini(&image->text);
  fuse_text_fini(&image->dram);
  fuse_text_fini(&image->map);
}

bool stos_image_write(const StosImage *image, const char *folder, FuseDiag *diag) {
  const struct {
    const char *name;
    const FuseText *text;
  } files[] = {{"text.hex", &image->text}, {"dram.hex", &image->dram}, {"map.json", &image->map}};
  FuseArena arena = {0};
  bool good = true;
  if (mkdir(folder, 0777) != 0 && errno != EEXIST)
    good = fuse_diag_error(diag, folder, "cannot create the folder: %s", strerror(errno));
  for (size_t i = 0; i < FUSE_COUNTOF(files) && good; i++) {
    const char *path = fuse_format(&arena, "%s/%s", folder, files[i].name);
    good = fuse_file_write(path, files[i].text->data, files[i].text->length, diag);
  }
  fuse_arena_fini(&arena);
  return good;
}
