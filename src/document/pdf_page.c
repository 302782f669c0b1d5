/* Pages, structure, text: the functions with which every part of a PDF is drawn. */
#include "document/pdf.h"

#include "base/arena.h"
#include "base/utf8.h"

#include <assert.h>
#include <hb.h>

/* ---- pages and structure ---- */

void pdf_page_new(struct pdf *p) {
  array_reserve(p->pages, p->page_capacity, p->page_count + 1);
  p->pages[p->page_count] = (struct pdf_page){0};
  p->content = &p->pages[p->page_count++].content;
  text_reserve(p->content, 16384);
  p->y = p->page_count == 1 ? 4000 : 5900;
  p->fresh = true;
  p->colour = p->stroke = -1;
}

bool pdf_need(struct pdf *p, int64_t height) {
  if (p->fresh || p->y + height <= BODY_BOTTOM) return false;
  pdf_page_new(p);
  return true;
}

static int kid_add(struct pdf *p, struct pdf_kid kid) {
  array_reserve(p->kids, p->kid_capacity, p->kid_count + 1);
  int index = (int)p->kid_count++;
  kid.next = -1;
  p->kids[index] = kid;
  struct pdf_element *e = &p->elements[p->open];
  if (e->last < 0) e->first = index;
  else p->kids[e->last].next = index;
  e->last = index;
  return index;
}

void pdf_element_open(struct pdf *p, const char *type) {
  array_reserve(p->elements, p->element_capacity, p->element_count + 1);
  int index = (int)p->element_count++;
  p->elements[index] =
      (struct pdf_element){.type = type, .parent = index ? p->open : -1, .first = -1, .last = -1};
  if (index) kid_add(p, (struct pdf_kid){.element = index, .link = -1});
  p->open = index;
}

void pdf_element_close(struct pdf *p) { p->open = p->elements[p->open].parent; }
struct pdf_element *pdf_element(struct pdf *p) {
  return &p->elements[p->open];
}

void pdf_content_begin(struct pdf *p) {
  struct pdf_page *page = &p->pages[p->page_count - 1];
  int mcid = (int)page->mcid_count;
  array_reserve(page->mcids, page->mcid_capacity, page->mcid_count + 1);
  page->mcids[page->mcid_count++] = p->open;
  kid_add(
      p, (struct pdf_kid){.element = -1, .page = (int)p->page_count - 1, .mcid = mcid, .link = -1});
  PUT(p->content, "/");
  put(p->content, p->elements[p->open].type, strlen(p->elements[p->open].type));
  PUT(p->content, "<</MCID ");
  put_int(p->content, mcid);
  PUT(p->content, ">>BDC\n");
}

void pdf_artifact_begin(struct pdf *p, const char *properties) {
  if (!*properties) {
    PUT(p->content, "/Artifact BMC\n");
    return;
  }
  PUT(p->content, "/Artifact<<");
  put(p->content, properties, strlen(properties));
  PUT(p->content, ">>BDC\n");
}

void pdf_content_end(struct pdf *p) {
  PUT(p->content, "EMC\n");
  p->fresh = false;
}

/* ---- text ---- */

struct span pdf_plain(struct pdf *p, const char *text) {
  return plain(&p->scratch, span_of(text));
}

struct span pdf_value(struct pdf *p, struct doc_value value) {
  text_reserve(&p->value, 64);
  text_clear(&p->value);
  value_for_people(&p->value, p->d->language, value);
  return plain(&p->scratch, span_make(p->value.bytes, p->value.size));
}

/* Joiners, variation selectors and soft hyphens: they have no width and no shape of their own
 * here. */
static bool invisible(uint32_t c) {
  return c == 0xAD || (c >= 0x200B && c <= 0x200D) || c == 0x2060 || (c >= 0xFE00 && c <= 0xFE0F);
}

/* The next character, composed with a combining accent after it. Bytes that are no UTF-8 are a
 * replacement character. */
static uint32_t character_next(struct span *rest) {
  uint32_t c, accent, together;
  size_t size = utf8_decode(rest->bytes, rest->size, &c);
  if (!size) c = 0xFFFD, size = 1;
  rest->bytes += size;
  rest->size -= size;
  while (rest->size && (unsigned char)rest->bytes[0] >= 0xCC &&
         (unsigned char)rest->bytes[0] <= 0xCD &&
         (size = utf8_decode(rest->bytes, rest->size, &accent)) != 0 && accent >= 0x300 &&
         accent <= 0x36F &&
         hb_unicode_compose(hb_unicode_funcs_get_default(), c, accent, &together)) {
    c = together;
    rest->bytes += size;
    rest->size -= size;
  }
  return c;
}

/* The glyph for a character; *as_is: a reader gets that character back from it. */
static const struct pdf_glyph *glyph_of(enum pdf_face face, uint32_t c, bool *as_is) {
  const struct pdf_font *font = &pdf_fonts[face];
  const struct pdf_glyph *glyph = pdf_glyph_find(font, c == 0xA0 || c == 0x202F ? ' ' : c);
  *as_is = glyph && !(glyph->flags & GLYPH_ALIAS);
  return glyph ? glyph : pdf_glyph_find(font, 0x25A1); /* a box */
}

int64_t pdf_text_width(enum pdf_face face, int64_t size, struct span text) {
  int64_t width = 0;
  while (text.size) {
    bool as_is;
    uint32_t c = character_next(&text);
    if (!invisible(c)) width += glyph_of(face, c, &as_is)->width;
  }
  return (width * size + 999) / 1000;
}

static void rare_add(struct pdf *p, enum pdf_face face, const struct pdf_glyph *glyph) {
  for (size_t i = 0; i < p->rare_count[face]; i++)
    if (p->rare[face][i]->id == glyph->id) return;
  array_reserve(p->rare[face], p->rare_capacity[face], p->rare_count[face] + 1);
  p->rare[face][p->rare_count[face]++] = glyph;
}

/* The canonical entry of a glyph that several characters share. */
static const struct pdf_glyph *glyph_first(enum pdf_face face, const struct pdf_glyph *glyph) {
  const struct pdf_font *font = &pdf_fonts[face];
  for (int i = 0; i < font->count && (glyph->flags & GLYPH_ALIAS); i++)
    if (font->glyphs[i].id == glyph->id && !(font->glyphs[i].flags & GLYPH_ALIAS))
      return &font->glyphs[i];
  return glyph;
}

static void string_flush(struct pdf *p) {
  if (!p->string.size) return;
  PUT(p->content, "(");
  put(p->content, p->string.bytes, p->string.size);
  PUT(p->content, ")Tj\n");
  p->string.size = 0;
}

static void string_byte(struct text *out, unsigned char byte) {
  if (byte == '\r') PUT(out, "\\r"); /* a bare one would be read as a line's end */
  else {
    if (byte == '(' || byte == ')' || byte == '\\') PUT(out, "\\");
    put(out, (const char *)&byte, 1);
  }
}

static void glyph_draw(struct pdf *p, enum pdf_face face, uint32_t c) {
  bool as_is;
  const struct pdf_glyph *glyph = glyph_of(face, c, &as_is);
  if (!as_is) { /* the glyph does not give the character back, so write the character beside it */
    char utf16[16];
    string_flush(p);
    if (c < 0x10000) snprintf(utf16, sizeof utf16, "%04X", c);
    else
      snprintf(utf16, sizeof utf16, "%04X%04X", 0xD800 + ((c - 0x10000) >> 10),
               0xDC00 + ((c - 0x10000) & 0x3FF));
    PUT(p->content, "/Span<</ActualText<FEFF");
    put(p->content, utf16, strlen(utf16));
    PUT(p->content, ">>>BDC\n");
  }
  string_byte(&p->string, (unsigned char)(glyph->id >> 8));
  string_byte(&p->string, (unsigned char)glyph->id);
  glyph = glyph_first(face, glyph);
  if (!(glyph->flags & GLYPH_COMMON)) rare_add(p, face, glyph);
  if (as_is) return;
  string_flush(p);
  PUT(p->content, "EMC\n");
}

void pdf_text(struct pdf *p, enum pdf_face face, int64_t size, int64_t x, int64_t baseline,
              struct span text) {
  if (!text.size) return;
  if (face == FACE_REGULAR) PUT(p->content, "BT/R ");
  else PUT(p->content, "BT/B ");
  pdf_length(p->content, size);
  PUT(p->content, "Tf ");
  pdf_length(p->content, x);
  pdf_length(p->content, PAGE_HEIGHT - baseline);
  PUT(p->content, "Td");
  text_reserve(&p->string, text.size * 4);
  text_clear(&p->string);
  while (text.size) {
    uint32_t c = character_next(&text);
    if (!invisible(c)) glyph_draw(p, face, c);
  }
  string_flush(p);
  PUT(p->content, "ET\n");
}

void pdf_text_right(struct pdf *p, enum pdf_face face, int64_t size, int64_t right,
                    int64_t baseline, struct span text) {
  struct span seen = text; /* a blank at the end takes no place in the column */
  while (seen.size && seen.bytes[seen.size - 1] == ' ') seen.size--;
  pdf_text(p, face, size, right - pdf_text_width(face, size, seen), baseline, text);
}

struct span pdf_line_take(enum pdf_face face, int64_t size, int64_t width, struct span *rest) {
  while (rest->size && rest->bytes[0] == ' ') rest->bytes++, rest->size--;
  struct span left = *rest;
  int64_t used = 0, limit = width * 1000 / size;
  const char *space = NULL, *at = left.bytes;
  while (left.size) {
    bool as_is;
    if (*left.bytes == ' ') space = left.bytes;
    uint32_t c = character_next(&left);
    if (!invisible(c)) used += glyph_of(face, c, &as_is)->width;
    if (used > limit && at > rest->bytes) {
      if (space > rest->bytes) at = space;
      break;
    }
    at = left.bytes;
  }
  struct span line = span_make(rest->bytes, (size_t)(at - rest->bytes));
  *rest = span_make(at, rest->size - line.size);
  while (rest->size && rest->bytes[0] == ' ') rest->bytes++, rest->size--;
  while (line.size && line.bytes[line.size - 1] == ' ') line.size--;
  return line;
}

struct span pdf_line_drawn(struct span line, struct span rest) {
  if (rest.size && line.bytes + line.size < rest.bytes) line.size++;
  return line;
}

int pdf_lines_count(enum pdf_face face, int64_t size, int64_t width, struct span text) {
  int count = 0;
  while (text.size) {
    pdf_line_take(face, size, width, &text);
    count++;
  }
  return count;
}

int64_t pdf_word_width(enum pdf_face face, int64_t size, struct span text) {
  int64_t longest = 0;
  while (text.size) {
    const char *space = memchr(text.bytes, ' ', text.size);
    size_t word = space ? (size_t)(space - text.bytes) : text.size;
    int64_t width = pdf_text_width(face, size, span_make(text.bytes, word));
    if (width > longest) longest = width;
    if (word < text.size) word++;
    text.bytes += word;
    text.size -= word;
  }
  return longest;
}

/* ---- addresses become links ---- */

enum { ADDRESS_MAX = 2000 };

static struct span address_find(struct span text) {
  for (size_t i = 0; i + 8 < text.size; i++) {
    const char *at = text.bytes + i;
    if (*at != 'h' || (memcmp(at, "https://", 8) != 0 && memcmp(at, "http://", 7) != 0)) continue;
    size_t size = 0;
    while (i + size < text.size && (unsigned char)at[size] > 0x20 &&
           (unsigned char)at[size] < 0x7F && !strchr("<>\"()", at[size]))
      size++;
    while (size && strchr(".,;:!?'", at[size - 1])) size--;
    if (size > ADDRESS_MAX) { /* too long for an address: it stays text */
      i += size;
      continue;
    }
    return span_make(at, size);
  }
  return span_make(NULL, 0);
}

/* A piece of an address on one line: an element of its own, tied to the annotation that covers
 * it. */
static void link_draw(struct pdf *p, int64_t size, int64_t x, int64_t right, int64_t baseline,
                      struct span piece, struct span address) {
  pdf_content_end(p);
  pdf_element_open(p, "Link");
  pdf_content_begin(p);
  pdf_colour(p, COLOUR_BRAND);
  pdf_text(p, FACE_REGULAR, size, x, baseline, piece);
  pdf_rectangle(p, x, baseline + size * 12 / 100, right, baseline + size * 12 / 100 + 40);
  pdf_content_end(p);
  array_reserve(p->links, p->link_capacity, p->link_count + 1);
  int page = (int)p->page_count - 1;
  p->links[p->link_count] = (struct pdf_link){.page = page,
                                              .element = p->open,
                                              .left = x,
                                              .top = baseline - size * 90 / 100,
                                              .right = right,
                                              .bottom = baseline + size * 25 / 100,
                                              .at = p->addresses.size,
                                              .size = address.size};
  put(&p->addresses, address.bytes, address.size);
  kid_add(p, (struct pdf_kid){.element = -1, .page = page, .link = (int)p->link_count++});
  pdf_element_close(p);
  pdf_content_begin(p);
  pdf_colour(p, COLOUR_TEXT);
}

void pdf_line(struct pdf *p, int64_t size, int64_t x, int64_t baseline, struct span line,
              struct span whole) {
  const char *end = line.bytes + line.size;
  struct span rest = whole, address;
  while (line.size && (address = address_find(rest)).size) {
    const char *from = address.bytes > line.bytes ? address.bytes : line.bytes,
               *to = address.bytes + address.size < end ? address.bytes + address.size : end;
    rest = span_make(address.bytes + address.size,
                     (size_t)(whole.bytes + whole.size - (address.bytes + address.size)));
    if (from >= to) {
      if (address.bytes >= end) break;
      continue;
    }
    struct span before = span_make(line.bytes, (size_t)(from - line.bytes)),
                piece = span_make(from, (size_t)(to - from));
    pdf_text(p, FACE_REGULAR, size, x, baseline, before);
    x += pdf_text_width(FACE_REGULAR, size, before);
    int64_t right = x + pdf_text_width(FACE_REGULAR, size, piece);
    link_draw(p, size, x, right, baseline, piece, address);
    x = right;
    line = span_make(to, (size_t)(end - to));
  }
  pdf_text(p, FACE_REGULAR, size, x, baseline, line);
}

void pdf_flow(struct pdf *p, enum pdf_face face, int64_t size, int64_t leading, int64_t left,
              int64_t right, struct span text) {
  bool open = false;
  struct span whole = text;
  while (text.size) {
    struct span line = pdf_line_take(face, size, right - left, &text);
    if (p->y + leading > BODY_BOTTOM && (open || !p->fresh)) {
      if (open) pdf_content_end(p);
      open = false;
      pdf_page_new(p);
    }
    if (!open) pdf_content_begin(p);
    if (!open) pdf_colour(p, COLOUR_TEXT);
    open = true;
    int64_t baseline = pdf_baseline(p->y + (leading - size) / 2 - size / 20, size);
    line = pdf_line_drawn(line, text);
    if (face == FACE_REGULAR) pdf_line(p, size, left, baseline, line, whole);
    else pdf_text(p, face, size, left, baseline, line);
    p->y += leading;
  }
  if (open) pdf_content_end(p);
}

/* ---- lines and areas ---- */

void pdf_length(struct text *out, int64_t hundredths) {
  if (hundredths < 0) PUT(out, "-");
  uint64_t n = hundredths < 0 ? -(uint64_t)hundredths : (uint64_t)hundredths;
  put_int(out, (int64_t)(n / 100));
  if (n % 100) {
    char part[3] = {'.', (char)('0' + n % 100 / 10), (char)('0' + n % 10)};
    put(out, part, n % 10 ? 3 : 2);
  }
  PUT(out, " ");
}

static void colour_put(struct text *out, int rgb) {
  for (int shift = 16; shift >= 0; shift -= 8)
    pdf_length(out, ((rgb >> shift & 0xFF) * 100 + 127) / 255);
}

void pdf_colour(struct pdf *p, int rgb) {
  if (p->colour == rgb) return;
  p->colour = rgb;
  colour_put(p->content, rgb);
  PUT(p->content, "rg\n");
}

void pdf_stroke(struct pdf *p, int rgb) {
  if (p->stroke == rgb) return;
  p->stroke = rgb;
  colour_put(p->content, rgb);
  PUT(p->content, "RG\n");
}

static void rectangle_put(struct pdf *p, int64_t left, int64_t top, int64_t right, int64_t bottom) {
  pdf_length(p->content, left);
  pdf_length(p->content, PAGE_HEIGHT - bottom);
  pdf_length(p->content, right - left);
  pdf_length(p->content, bottom - top);
}

void pdf_rectangle(struct pdf *p, int64_t left, int64_t top, int64_t right, int64_t bottom) {
  rectangle_put(p, left, top, right, bottom);
  PUT(p->content, "re f\n");
}

void pdf_outline(struct pdf *p, int64_t left, int64_t top, int64_t right, int64_t bottom,
                 int64_t line) {
  pdf_length(p->content, line);
  PUT(p->content, "w ");
  rectangle_put(p, left, top, right, bottom);
  PUT(p->content, "re S\n");
}

void pdf_rule(struct pdf *p, int64_t left, int64_t right, int64_t y, int64_t thick, int rgb) {
  pdf_artifact_begin(p, "");
  pdf_colour(p, rgb);
  pdf_rectangle(p, left, y, right, y + thick);
  PUT(p->content, "EMC\n"); /* a page with only a rule still counts as fresh */
}
