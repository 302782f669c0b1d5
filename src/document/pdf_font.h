/* The two faces that PDFs are set in (private to this folder): Liberation Sans Regular and Bold.
 *
 * A statement needs few characters, nearly always the same. So one subset of each face (the common
 * one: make_fonts.c says what is in it; English and Welsh need no more) is made when the program is
 * built, compressed and ready to be copied: 10 kB a face, no time. A document that has any other
 * character of the face gets a subset of its own, the common characters and those. Glyphs keep
 * their numbers from the whole face, so the layout does not depend on the subset. Text is set one
 * glyph for each character, by the face's character map: English and Welsh need no shaping, and a
 * character followed by a combining accent is composed first. A character that the face lacks is
 * drawn as a box and keeps its character in the file's ActualText. */
#ifndef WEAL_DOCUMENT_PDF_FONT_H
#define WEAL_DOCUMENT_PDF_FONT_H

#include "base/text.h"

enum pdf_face { FACE_REGULAR, FACE_BOLD, FACES };

/* in the common subset; a glyph that ToUnicode gives back as another character */
enum { GLYPH_COMMON = 1, GLYPH_ALIAS = 2 };
struct pdf_glyph {
  uint16_t character, id, width; /* width in thousandths of the size */
  uint16_t flags;
};

/* What a PDF says of an embedded face, ready to be copied. */
struct pdf_subset {
  const char *file; /* FontFile2, compressed */
  size_t file_size, file_raw_size;
  const char *unicode; /* ToUnicode, compressed */
  size_t unicode_size;
  const char *widths; /* the inside of /W */
  size_t widths_size;
};

struct pdf_font {
  const char *name;               /* PostScript name */
  const struct pdf_glyph *glyphs; /* by character */
  int count;
  const uint16_t *direct; /* of characters below DIRECT: index of the glyph, or NONE */
  int ascent, descent, cap_height, box[4];
  struct pdf_subset common;
  const char *whole; /* the face itself */
  size_t whole_size;
};
enum { DIRECT = 0x180, NO_GLYPH = 0xFFFF };

extern const struct pdf_font pdf_fonts[FACES]; /* written by make_fonts.c */

/* The glyph of a character, null when the face has none. */
const struct pdf_glyph *pdf_glyph_find(const struct pdf_font *font, uint32_t character);

/* A subset of these glyphs (in order of id, no alias): the three parts of a pdf_subset. False when
 * harfbuzz or zlib fails. */
struct pdf_subset_parts {
  struct text file, unicode, widths;
  size_t file_raw_size;
};
bool pdf_subset_make(const char *whole, size_t whole_size, const struct pdf_glyph *const *glyphs,
                     int count, struct pdf_subset_parts *out);
void pdf_subset_release(struct pdf_subset_parts *parts);

/* zlib: one state for many streams (a state for each stream took a tenth of a document's time).
 * pdf_pack is false when memory runs out. */
struct pdf_packer;
struct pdf_packer *pdf_packer_new(int level); /* null when memory runs out */
void pdf_packer_free(struct pdf_packer *packer);
bool pdf_pack(struct pdf_packer *packer, struct text *out, struct span bytes);

#endif
