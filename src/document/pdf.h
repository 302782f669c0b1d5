/* What the files that write a PDF share (private to this folder).
 *
 * A document is laid out page by page into content streams. At the same time a tree of structure is
 * built: each element of the tree has kids, which are elements or pieces of content on a page (by
 * their MCID). Everything drawn is either in such a piece or in an artifact.
 *
 *     pdf_element_open(p, "P");
 *     pdf_content_begin(p);                  BDC: a piece of the open element on the current page
 *     pdf_text(p, FACE_REGULAR, 1000, x, y, text);
 *     pdf_content_end(p);                    EMC
 *     pdf_element_close(p);
 *
 * Lengths are in hundredths of a point, whole numbers, so that the same document gives the same
 * bytes everywhere; y goes down from the top of the page.
 */
#ifndef WEAL_DOCUMENT_PDF_H
#define WEAL_DOCUMENT_PDF_H

#include "document/pdf_font.h"
#include "document/tree.h"

enum {
  PAGE_WIDTH = 59528,
  PAGE_HEIGHT = 84189, /* A4 */
  MARGIN = 4600,
  FOOT = 4000,
  BODY_LEFT = MARGIN,
  BODY_RIGHT = PAGE_WIDTH - MARGIN,
  BODY_WIDTH = BODY_RIGHT - BODY_LEFT,
  BODY_BOTTOM = PAGE_HEIGHT - FOOT,
  SIZE_BODY = 950,
  SIZE_TABLE = 870,
  SIZE_SMALL = 850,
  COLOUR_TEXT = 0x0b0c0c,
  COLOUR_GREY = 0x505a5f,
  COLOUR_RULE = 0xb1b4b6,
  COLOUR_BRAND = 0x12506b,
  COLOUR_TINT = 0xeef4f6
};

struct pdf_element {
  const char *type;        /* structure type, a name of the standard ones */
  const char *attributes;  /* the value of /A, or null */
  const char *text;        /* Alt of a figure, Contents of a link; UTF-8, or null */
  const char *summary;     /* of a table that has no caption, or null */
  int parent, first, last; /* kids, in `kids`; -1 when none */
  /* of a figure: left, bottom, right, top, in PDF's direction; zeros: none */
  int64_t box[4];
};

struct pdf_kid {
  int next;
  int element;    /* else -1: */
  int page, mcid; /* a piece of content */
  int link;       /* an annotation, or -1 */
};

struct pdf_page {
  struct text content;
  int *mcids; /* the element of each piece */
  size_t mcid_count, mcid_capacity;
};

struct pdf_link {
  int page, element;
  int64_t left, top, right, bottom;
  size_t at, size; /* in `addresses` */
};

struct pdf_bookmark {
  const char *title;
  int level, page;
  int64_t y;
};

struct pdf_grid; /* of pdf_table.c */

struct pdf {
  const struct document *d;
  struct pdf_page *pages;
  size_t page_count, page_capacity;
  struct text *content; /* of the current page */
  int64_t y;            /* where the next thing begins */
  bool fresh;           /* nothing is on the page yet */
  int colour, stroke;   /* current ones, -1 unknown */

  struct pdf_element *elements;
  size_t element_count, element_capacity;
  struct pdf_kid *kids;
  size_t kid_count, kid_capacity;
  int open; /* the element that is open */

  struct pdf_bookmark *bookmarks;
  size_t bookmark_count, bookmark_capacity;
  struct pdf_link *links;
  size_t link_count, link_capacity;
  struct text addresses;

  /* glyphs outside the common subset, in the order in which they came */
  const struct pdf_glyph **rare[FACES];
  size_t rare_count[FACES], rare_capacity[FACES];
  bool patterns; /* a chart has them */

  /* the table measured last, which is measured for its heading and drawn next; null: none yet */
  struct pdf_grid *grid;
  int64_t *cell_widths; /* of its cells, in rows of its shown columns */
  size_t cell_width_capacity;

  struct text scratch; /* what plain() makes */
  struct text value;   /* a value as people read it */
  struct text string;  /* a string of glyphs */
};

/* ---- pdf_page.c: pages, structure, text ---- */

void pdf_page_new(struct pdf *p);
/* Begins a new page when less than `height` is left; never while the page is empty. */
bool pdf_need(struct pdf *p, int64_t height);

void pdf_element_open(struct pdf *p, const char *type);
void pdf_element_close(struct pdf *p);
struct pdf_element *pdf_element(struct pdf *p); /* the open one; valid until another is opened */
void pdf_content_begin(struct pdf *p);
void pdf_artifact_begin(struct pdf *p, const char *properties); /* "" or e.g. "/Type/Pagination" */
void pdf_content_end(struct pdf *p);

/* The text without characters that must not be shown; valid until the next call. */
struct span pdf_plain(struct pdf *p, const char *text);
/* A value as people read it; valid until the next call. */
struct span pdf_value(struct pdf *p, struct doc_value value);

int64_t pdf_text_width(enum pdf_face face, int64_t size, struct span text);
void pdf_text(struct pdf *p, enum pdf_face face, int64_t size, int64_t x, int64_t baseline,
              struct span text);
void pdf_text_right(struct pdf *p, enum pdf_face face, int64_t size, int64_t right,
                    int64_t baseline, struct span text);
/* Takes a line at most `width` wide from *rest, broken at a space, else within the word. */
struct span pdf_line_take(enum pdf_face face, int64_t size, int64_t width, struct span *rest);
/* The same, with the blank at which it was broken: a reader of the tagged text would else run its
 * last word into the next line's first (ISO 32000-1, 14.8.2.5). */
struct span pdf_line_drawn(struct span line, struct span rest);
int pdf_lines_count(enum pdf_face face, int64_t size, int64_t width, struct span text);
int64_t pdf_word_width(enum pdf_face face, int64_t size, struct span text); /* the longest word */
/* Draws a line of `whole` in the regular face; web addresses in it become links. Call it within a
 * piece of content. */
void pdf_line(struct pdf *p, int64_t size, int64_t x, int64_t baseline, struct span line,
              struct span whole);
/* Draws lines from p->y down, `leading` apart, in the open element, on further pages if needed;
 * p->y moves. */
void pdf_flow(struct pdf *p, enum pdf_face face, int64_t size, int64_t leading, int64_t left,
              int64_t right, struct span text);
static inline int64_t pdf_leading(int64_t size) { return size * 130 / 100; }
/* of a line whose top is at `top` */
static inline int64_t pdf_baseline(int64_t top, int64_t size) { return top + size * 98 / 100; }

void pdf_colour(struct pdf *p, int rgb);
void pdf_stroke(struct pdf *p, int rgb);
/* filled */
void pdf_rectangle(struct pdf *p, int64_t left, int64_t top, int64_t right, int64_t bottom);
/* stroked */
void pdf_outline(struct pdf *p, int64_t left, int64_t top, int64_t right, int64_t bottom,
                 int64_t line);
/* a filled line, hanging from y */
void pdf_rule(struct pdf *p, int64_t left, int64_t right, int64_t y, int64_t thick, int rgb);
void pdf_length(struct text *out, int64_t hundredths); /* 12.3 and a space */

/* ---- the parts of a page ---- */

/* With `bars` each row has the bar of its point beside its name; null: none. */
void pdf_table(struct pdf *p, const struct document_node *node, const struct doc_chart *bars);
/* the height needed to keep a heading with its table */
int64_t pdf_table_height_min(struct pdf *p, const struct document_node *node);
void pdf_table_release(struct pdf *p);
void pdf_chart(struct pdf *p, const struct document_node *node);
int64_t pdf_chart_height(struct pdf *p, const struct document_node *node);

/* ---- pdf_file.c ---- */
void pdf_write(struct pdf *p, const struct document_attachment *attachment, struct text *out);

#endif
