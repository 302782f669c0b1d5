/* Subsets of a face. Linked into the program, for documents with rare characters, and into
 * make_fonts, for the common ones. */
#include "document/pdf_font.h"

#include "base/arena.h"

#include <hb-subset.h>
#include <hb.h>
#include <zlib.h>

struct pdf_packer {
  z_stream z;
};

struct pdf_packer *pdf_packer_new(int level) {
  struct pdf_packer *packer = memory_zeroed(1, sizeof *packer);
  if (deflateInit(&packer->z, level) == Z_OK) return packer;
  free(packer);
  return NULL;
}

void pdf_packer_free(struct pdf_packer *packer) {
  if (packer) deflateEnd(&packer->z);
  free(packer);
}

bool pdf_pack(struct pdf_packer *packer, struct text *out, struct span bytes) {
  if (!packer || deflateReset(&packer->z) != Z_OK) return false;
  z_stream *z = &packer->z;
  size_t bound = deflateBound(z, bytes.size);
  text_reserve(out, bound);
  z->next_in = (Bytef *)(uintptr_t)bytes.bytes;
  z->avail_in = (uInt)bytes.size;
  z->next_out = (Bytef *)out->bytes + out->size;
  z->avail_out = (uInt)bound;
  bool done = deflate(z, Z_FINISH) == Z_STREAM_END;
  out->size += z->total_out;
  return done;
}

static bool pack_well(struct text *out, struct span bytes) {
  struct pdf_packer *packer = pdf_packer_new(9);
  bool done = pdf_pack(packer, out, bytes);
  pdf_packer_free(packer);
  return done;
}

const struct pdf_glyph *pdf_glyph_find(const struct pdf_font *font, uint32_t character) {
  if (character < DIRECT) {
    uint16_t i = font->direct[character];
    return i == NO_GLYPH ? NULL : &font->glyphs[i];
  }
  int low = 0, high = font->count;
  while (low < high) {
    int middle = (low + high) / 2;
    if (font->glyphs[middle].character < character) low = middle + 1;
    else high = middle;
  }
  return low < font->count && font->glyphs[low].character == character ? &font->glyphs[low] : NULL;
}

static bool subset_file(const char *whole, size_t whole_size, const struct pdf_glyph *const *glyphs,
                        int count, struct pdf_subset_parts *out) {
  static const hb_tag_t dropped[] = {HB_TAG('c', 'm', 'a', 'p'), HB_TAG('n', 'a', 'm', 'e'),
                                     HB_TAG('p', 'o', 's', 't'), HB_TAG('O', 'S', '/', '2'),
                                     HB_TAG('G', 'S', 'U', 'B'), HB_TAG('G', 'P', 'O', 'S'),
                                     HB_TAG('G', 'D', 'E', 'F'), HB_TAG('g', 'a', 's', 'p'),
                                     HB_TAG('F', 'F', 'T', 'M'), HB_TAG('k', 'e', 'r', 'n')};
  hb_blob_t *blob = hb_blob_create_or_fail(whole, (unsigned)whole_size, HB_MEMORY_MODE_READONLY,
                                           NULL, NULL);
  if (!blob) return false;
  hb_face_t *face = hb_face_create(blob, 0), *small = NULL;
  hb_subset_input_t *input = hb_subset_input_create_or_fail();
  if (input) {
    for (int i = 0; i < count; i++) hb_set_add(hb_subset_input_glyph_set(input), glyphs[i]->id);
    for (size_t i = 0; i < sizeof dropped / sizeof *dropped; i++)
      hb_set_add(hb_subset_input_set(input, HB_SUBSET_SETS_DROP_TABLE_TAG), dropped[i]);
    hb_subset_input_set_flags(input, HB_SUBSET_FLAGS_NO_HINTING | HB_SUBSET_FLAGS_RETAIN_GIDS |
                                         HB_SUBSET_FLAGS_NOTDEF_OUTLINE);
    small = hb_subset_or_fail(face, input);
  }
  bool done = false;
  if (small) {
    unsigned size;
    hb_blob_t *result = hb_face_reference_blob(small);
    const char *bytes = hb_blob_get_data(result, &size);
    out->file_raw_size = size;
    done = pack_well(&out->file, span_make(bytes, size));
    hb_blob_destroy(result);
  }
  hb_face_destroy(small);
  hb_subset_input_destroy(input);
  hb_face_destroy(face);
  hb_blob_destroy(blob);
  return done;
}

static bool subset_unicode(const struct pdf_glyph *const *glyphs, int count, struct text *out) {
  struct text map = {0};
  text_add(&map, "/CIDInit /ProcSet findresource begin\n12 dict begin\nbegincmap\n/CIDSystemInfo "
                 "<< /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def\n"
                 "/CMapName /Adobe-Identity-UCS def\n/CMapType 2 def\n1 "
                 "begincodespacerange\n<0000> <FFFF>\nendcodespacerange\n");
  for (int i = 0; i < count; i++) {
    if (i % 100 == 0) text_addf(&map, "%d beginbfchar\n", count - i < 100 ? count - i : 100);
    text_addf(&map, "<%04X> <%04X>\n", glyphs[i]->id, glyphs[i]->character);
    if (i % 100 == 99 || i == count - 1) text_add(&map, "endbfchar\n");
  }
  text_add(&map, "endcmap\nCMapName currentdict /CMap defineresource pop\nend\nend\n");
  bool done = pack_well(out, span_make(map.bytes, map.size));
  text_release(&map);
  return done;
}

static void subset_widths(const struct pdf_glyph *const *glyphs, int count, struct text *out) {
  for (int i = 0; i < count; i++) {
    if (i == 0 || glyphs[i]->id != glyphs[i - 1]->id + 1)
      text_addf(out, "%s%u[", i ? "]" : "", glyphs[i]->id);
    else text_add_char(out, ' ');
    text_addf(out, "%u", glyphs[i]->width);
  }
  if (count) text_add_char(out, ']');
}

bool pdf_subset_make(const char *whole, size_t whole_size, const struct pdf_glyph *const *glyphs,
                     int count, struct pdf_subset_parts *out) {
  subset_widths(glyphs, count, &out->widths);
  return subset_file(whole, whole_size, glyphs, count, out) &&
         subset_unicode(glyphs, count, &out->unicode);
}

void pdf_subset_release(struct pdf_subset_parts *parts) {
  text_release(&parts->file);
  text_release(&parts->unicode);
  text_release(&parts->widths);
}
