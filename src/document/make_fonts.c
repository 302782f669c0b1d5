/* Run by the build: make_fonts OUT.c REGULAR.ttf BOLD.ttf writes pdf_fonts (pdf_font.h): each face
 * whole, its character map and widths, and its common subset, ready to be copied into a PDF. */
#include "document/pdf_font.h"

#include "base/arena.h"

#include <hb-ot.h>
#include <hb.h>
#include <stdio.h>

/* The common subset: what English and Welsh are written with, the letters of western Europe and of
 * Polish (most named among the others), and a few signs. The whole of Latin would make every file
 * 10 kB larger. */
static bool common(uint32_t c) {
  static const uint32_t ranges[][2] = {
      {0x20, 0x7E},     {0xA3, 0xA3},     {0xB0, 0xB0},     {0xB7, 0xB7},     {0xC0, 0xFF},
      {0x104, 0x107},   {0x118, 0x119},   {0x141, 0x144},   {0x15A, 0x15B},   {0x174, 0x178},
      {0x179, 0x17E},   {0x2013, 0x2014}, {0x2018, 0x2019}, {0x201C, 0x201D}, {0x2022, 0x2022},
      {0x2026, 0x2026}, {0x20AC, 0x20AC}, {0x2212, 0x2212}, {0x25A1, 0x25A1}};
  for (size_t i = 0; i < sizeof ranges / sizeof *ranges; i++)
    if (c >= ranges[i][0] && c <= ranges[i][1]) return true;
  return false;
}

static void write_bytes(FILE *out, const char *name, int face, struct span bytes) {
  fprintf(out, "static const char %s_%d[] =\n", name, face);
  for (size_t i = 0; i < bytes.size; i++) {
    if (i % 64 == 0) fputs(i ? "\"\n\"" : "\"", out);
    fprintf(out, "\\%03o", (unsigned char)bytes.bytes[i]);
  }
  fputs("\";\n", out);
}

static int by_id(const void *a, const void *b) {
  const struct pdf_glyph *x = *(const struct pdf_glyph *const *)a,
                         *y = *(const struct pdf_glyph *const *)b;
  return x->id != y->id ? (x->id > y->id) - (x->id < y->id)
                        : (x->character > y->character) - (x->character < y->character);
}

enum { GLYPHS_MAX = 0xFFFF };

/* Every character of the face up to U+FFFF; a reader of the PDF gets a glyph back as its first
 * character. */
static int glyphs_read(hb_face_t *face, hb_font_t *font, struct pdf_glyph *glyphs,
                       const struct pdf_glyph **ordered) {
  int count = 0;
  unsigned upem = hb_face_get_upem(face);
  hb_set_t *characters = hb_set_create();
  hb_face_collect_unicodes(face, characters);
  for (hb_codepoint_t c = HB_SET_VALUE_INVALID;
       hb_set_next(characters, &c) && c < 0xFFFF && count < GLYPHS_MAX;) {
    hb_codepoint_t id = 0;
    if (c < 0x20 || (c >= 0x7F && c < 0xA0) || !hb_font_get_nominal_glyph(font, c, &id) || !id)
      continue;
    unsigned width = ((unsigned)hb_font_get_glyph_h_advance(font, id) * 1000 + upem / 2) / upem;
    glyphs[count++] = (struct pdf_glyph){(uint16_t)c, (uint16_t)id, (uint16_t)width,
                                         common(c) ? GLYPH_COMMON : 0};
  }
  hb_set_destroy(characters);
  for (int i = 0; i < count; i++) ordered[i] = &glyphs[i];
  array_sort(ordered, count, by_id);
  for (int i = 1; i < count; i++)
    if (ordered[i]->id == ordered[i - 1]->id) glyphs[ordered[i] - glyphs].flags |= GLYPH_ALIAS;
  return count;
}

static void write_tables(FILE *out, int f, const struct pdf_glyph *glyphs, int count) {
  fprintf(out, "static const struct pdf_glyph glyphs_%d[] = {\n", f);
  for (int i = 0; i < count; i++)
    fprintf(out, "{%u,%u,%u,%u},%s", glyphs[i].character, glyphs[i].id, glyphs[i].width,
            glyphs[i].flags, i % 8 == 7 ? "\n" : "");
  fprintf(out, "};\nstatic const uint16_t direct_%d[DIRECT] = {\n", f);
  for (uint32_t c = 0, i = 0; c < DIRECT; c++) {
    while (i < (uint32_t)count && glyphs[i].character < c) i++;
    fprintf(out, "%u,%s", i < (uint32_t)count && glyphs[i].character == c ? i : NO_GLYPH,
            c % 16 == 15 ? "\n" : "");
  }
  fputs("};\n", out);
}

static bool face_write(FILE *out, struct text *table, int f, const char *path, const char *name) {
  hb_blob_t *blob = hb_blob_create_from_file_or_fail(path);
  if (!blob) return false;
  unsigned size;
  const char *whole = hb_blob_get_data(blob, &size);
  hb_face_t *face = hb_face_create(blob, 0);
  hb_font_t *font = hb_font_create(face);
  struct pdf_glyph *glyphs = memory_zeroed(GLYPHS_MAX, sizeof *glyphs);
  const struct pdf_glyph **ordered = memory_zeroed(GLYPHS_MAX, sizeof *ordered);
  int count = glyphs_read(face, font, glyphs, ordered), subset = 0;
  for (int i = 0; i < count; i++)
    if (ordered[i]->flags == GLYPH_COMMON) ordered[subset++] = ordered[i];
  struct pdf_subset_parts parts = {0};
  bool done = pdf_subset_make(whole, size, ordered, subset, &parts);
  write_tables(out, f, glyphs, count);
  write_bytes(out, "whole", f, span_make(whole, size));
  write_bytes(out, "file", f, span_make(parts.file.bytes, parts.file.size));
  write_bytes(out, "unicode", f, span_make(parts.unicode.bytes, parts.unicode.size));
  write_bytes(out, "widths", f, span_make(parts.widths.bytes, parts.widths.size));
  /* The metrics of the descriptor, as the face's head, hhea and OS/2 have them. */
  hb_font_set_scale(font, 1000, 1000);
  hb_position_t ascent = 0, descent = 0, cap = 0;
  hb_ot_metrics_get_position(font, HB_OT_METRICS_TAG_HORIZONTAL_ASCENDER, &ascent);
  hb_ot_metrics_get_position(font, HB_OT_METRICS_TAG_HORIZONTAL_DESCENDER, &descent);
  hb_ot_metrics_get_position(font, HB_OT_METRICS_TAG_CAP_HEIGHT, &cap);
  hb_blob_t *head = hb_face_reference_table(face, HB_TAG('h', 'e', 'a', 'd'));
  const unsigned char *h = (const unsigned char *)hb_blob_get_data(head, NULL);
  int box[4], upem = (int)hb_face_get_upem(face);
  for (int i = 0; i < 4; i++) box[i] = (int16_t)(h[36 + i * 2] << 8 | h[37 + i * 2]) * 1000 / upem;
  text_addf(table,
            "  {\"%s\", glyphs_%d, %d, direct_%d, %d, %d, %d, {%d, %d, %d, %d},\n   {file_%d, "
            "sizeof file_%d - 1, %zu, unicode_%d, sizeof unicode_%d - 1, widths_%d, sizeof "
            "widths_%d - 1}, whole_%d, sizeof whole_%d - 1},\n",
            name, f, count, f, ascent, descent, cap, box[0], box[1], box[2], box[3], f, f,
            parts.file_raw_size, f, f, f, f, f, f);
  hb_blob_destroy(head);
  pdf_subset_release(&parts);
  free(glyphs);
  free(ordered);
  hb_font_destroy(font);
  hb_face_destroy(face);
  hb_blob_destroy(blob);
  return done;
}

int main(int argc, char **argv) {
  if (argc != 2 + FACES) {
    fputs("usage: make_fonts OUT.c REGULAR.ttf BOLD.ttf\n", stderr);
    return 2;
  }
  static const char *const names[FACES] = {"LiberationSans", "LiberationSans-Bold"};
  FILE *out = fopen(argv[1], "w");
  if (!out) return 3;
  struct text table = {0};
  fputs("#include \"document/pdf_font.h\"\n", out);
  bool done = true;
  for (int f = 0; f < FACES && done; f++) done = face_write(out, &table, f, argv[2 + f], names[f]);
  fprintf(out, "const struct pdf_font pdf_fonts[FACES] = {\n%s};\n",
          table.bytes ? table.bytes : "");
  text_release(&table);
  if (fclose(out) != 0) done = false;
  if (!done) fputs("make_fonts: a face cannot be read or subset\n", stderr);
  return done ? 0 : 3;
}
