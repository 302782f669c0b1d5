/* One document, every rendering: text for a terminal, HTML, JSON, CSV, PDF.
 *
 * A document is a tree. A node with a `key` is data and is in the JSON under that key; a node with
 * a label (heading, caption) is shown to people; most nodes have both. So each format shows the
 * same figures, in the same order, with the same names.
 *
 *     struct document *d = document_new(arena, language, "Your statement for 2025-26");
 *     document_open(d, "paid", say(language, "What you paid"));
 *     document_value(d, "total", say(language, "Total"), doc_money(12345));
 *     document_table(d, "lines", NULL, columns, 5, "paid");
 *     document_cell(d, doc_text("income-tax")); ... one cell for each column, row by row
 *     document_table_end(d);
 *     document_close(d);
 *     document_render(d, FORMAT_HTML, NULL, &out);
 *
 * Texts are borrowed and must live as long as the arena; arrays that are passed (columns, series, a
 * total's values, CSV columns) are copied, so they may be locals. Keys are plain words of ours
 * (letters, digits, `_`, `-`). Nothing is computed here.
 *
 * An object in JSON that people see in another form (`"base": {"what", "amount"}`) is a section
 * without a heading whose values have no label; where the object is missing, call
 * document_absent(). A cell that is an array of texts is doc_texts().
 */
#ifndef WEAL_DOCUMENT_DOCUMENT_H
#define WEAL_DOCUMENT_DOCUMENT_H

#include "base/arena.h"
#include "base/day.h"
#include "base/hash.h"
#include "base/message.h"
#include "base/text.h"
#include "base/wide.h"

enum format { FORMAT_TEXT, FORMAT_HTML, FORMAT_JSON, FORMAT_CSV, FORMAT_PDF };

enum doc_kind {
  DOC_NULL, /* JSON null; shown as nothing */
  DOC_TEXT,
  DOC_MONEY,  /* pence; JSON: integer; people: £1,234.56; CSV: 1234.56 */
  DOC_POUNDS, /* the same for rounded pence: people see whole pounds, £1,235 */
  /* the same for uses of a service that have no cost: people see `not valued`, never £0.00 */
  DOC_UNVALUED,
  DOC_COUNT,   /* integer; people: 1,234 */
  DOC_MINUTES, /* JSON and CSV: integer; people: `12 hours 30 minutes` */
  /* thousandths; JSON: "2.5" (a text); people: 2.5, or `2.5 visits` where the value was given a
   * unit */
  DOC_QUANTITY,
  /* an amount of a unit, in its smallest part; JSON: integer; CSV: a decimal; people: with its sign
   * before it or its word after it, `12.5 shares` */
  DOC_UNIT,
  DOC_DAY, /* JSON and CSV: ISO; people: 5 April 2026 / 5 Ebrill 2026 */
  /* JSON: true, false; CSV: yes, no; people: yes or nothing. In a table people see no column for
   * it: where it is true, its label is a mark beside the row's first cell, `Council Tax
   * (estimated)` */
  DOC_BOOL,
  /* a decimal as text that JSON shows as given in quotes ("21.3"); people: aligned right */
  DOC_NUMBER,
  /* a line of the book, `12:3`: a page may make it a link to the line's own page
   * (document_options.line_path) */
  DOC_LINE,
  /* an item of an account (struct doc_item). JSON, CSV: what it was; people: a link to its page,
   * struck through if it was taken back, with what became of it */
  DOC_ITEM,
  DOC_TEXTS, /* JSON: an array of texts; CSV: separated by `;`; people: by commas */
  /* a figure that is withheld to protect people. JSON: null; CSV: hidden; people: hidden */
  DOC_HIDDEN,
  /* a figure too large to be shown (base/wide.h). JSON: null; CSV: too large; people: cannot be
   * shown; a note in the document names its largest lines */
  DOC_TOO_LARGE
};

/* How amounts of a unit are written. Texts are borrowed; empty where there are none. */
struct doc_unit {
  int scale; /* decimal places that the number holds */
  /* people see all decimal places, as for money; else no trailing zeros */
  bool full;
  const char *before;     /* a sign: `$` */
  const char *one, *many; /* words after it: `share`, `shares` */
};

/* Texts are borrowed; all but `what` may be null. Lines are `12:3`. */
struct doc_item {
  const char *what, *line;
  bool is_taken_back;
  const char *more;               /* a sentence: when and why it was taken back, or what it is */
  const char *other, *other_name; /* the line that belongs to it, and the words of the link there */
};

struct doc_value {
  enum doc_kind kind;
  bool is_struck; /* HTML: struck through; words beside it must say why */
  int64_t number; /* of DOC_TEXTS: how many */
  union {
    /* null is an empty text; of DOC_QUANTITY: the unit shown to people, or null */
    const char *text;
    const char *const *texts;    /* borrowed, the array too */
    const struct doc_unit *unit; /* of DOC_UNIT; borrowed */
    const struct doc_item *item; /* of DOC_ITEM; borrowed */
  };
};
#define doc_null() ((struct doc_value){.kind = DOC_NULL})
#define doc_text(t) ((struct doc_value){.kind = DOC_TEXT, .text = (t)})
/* For figures, which are sums: a sum past WIDE_SHOWN_MOST is not shown at all, neither rounded nor
 * cut. */
static inline struct doc_value doc_figure(enum doc_kind kind, wide_t n, const char *unit) {
  if (!wide_shown(n)) return (struct doc_value){.kind = DOC_TOO_LARGE};
  return (struct doc_value){.kind = kind, .number = (int64_t)n, .text = unit};
}
#define doc_money(n) doc_figure(DOC_MONEY, (n), NULL)
#define doc_pounds(n) doc_figure(DOC_POUNDS, (n), NULL)
#define doc_unvalued() ((struct doc_value){.kind = DOC_UNVALUED})
#define doc_count(n) doc_figure(DOC_COUNT, (n), NULL)
#define doc_minutes(n) doc_figure(DOC_MINUTES, (n), NULL)
#define doc_quantity(n) doc_figure(DOC_QUANTITY, (n), NULL)
#define doc_quantity_of(n, unit) doc_figure(DOC_QUANTITY, (n), (unit))
static inline struct doc_value doc_unit_exactly(int64_t n, const struct doc_unit *unit) {
  return (struct doc_value){.kind = DOC_UNIT, .number = n, .unit = unit};
}
static inline struct doc_value doc_of_unit(wide_t n, const struct doc_unit *unit) {
  return wide_shown(n) ? doc_unit_exactly((int64_t)n, unit)
                       : (struct doc_value){.kind = DOC_TOO_LARGE};
}
/* For the amount of one line of the book: shown as it is, however large, so that the line can be
 * found. `kind`: DOC_MONEY, DOC_MINUTES, DOC_COUNT, DOC_QUANTITY. */
#define doc_exactly(kind_of, n) ((struct doc_value){.kind = (kind_of), .number = (n)})
/* DAY_NONE: JSON null, people nothing */
#define doc_day(n) ((struct doc_value){.kind = DOC_DAY, .number = (n)})
#define doc_bool(b) ((struct doc_value){.kind = DOC_BOOL, .number = (b)})
#define doc_line(t) ((struct doc_value){.kind = DOC_LINE, .text = (t)})
#define doc_item_of(i) ((struct doc_value){.kind = DOC_ITEM, .item = (i)})
#define doc_number(t) ((struct doc_value){.kind = DOC_NUMBER, .text = (t)})
#define doc_hidden() ((struct doc_value){.kind = DOC_HIDDEN})
#define doc_texts(array, count) \
  ((struct doc_value){.kind = DOC_TEXTS, .number = (count), .texts = (array)})

struct doc_column {
  const char *key;   /* JSON key of the row's object, CSV column; null: shown only */
  const char *label; /* heading; null: data only (not shown) */
};

struct document;

/* `title` empty: a chart or table within a page that has a heading of its own. */
struct document *document_new(struct arena *arena, enum language language, const char *title);
const char *document_title(const struct document *d);

/* A section: a heading for people (null: none), an object in JSON (key null: its members belong to
 * the object around it). */
void document_open(struct document *d, const char *key, const char *heading);
void document_close(struct document *d);
/* After document_open: HTML shows the section folded, its heading as the summary that opens it, and
 * not in the list of contents. Text and PDF have nothing to fold: they show it at their end. */
void document_fold(struct document *d);
/* One value: `label: value` (a summary list in HTML). label null: JSON only. key null: people
 * only. */
void document_value(struct document *d, const char *key, const char *label, struct doc_value value);
/* The figure that the section is about, shown large. */
void document_headline(struct document *d, const char *key, const char *label,
                       struct doc_value value);
/* The same with a figure to compare it with, people only: `2024-25: £6,480`; null: none. */
void document_headline_beside(struct document *d, const char *key, const char *label,
                              struct doc_value value, const char *beside);
/* JSON null under a key (an optional object that is not there). */
void document_absent(struct document *d, const char *key);

/* A table. It is shown when it has a column with a label; without a row people read `Nothing
 * recorded.` under the heading. `csv_section` names the rows in the CSV rendering (null: not in
 * it). In JSON an array of objects. */
void document_table(struct document *d, const char *key, const char *caption,
                    const struct doc_column *columns, int count, const char *csv_section);
void document_cell(struct document *d, struct doc_value value);
/* A whole-row total shown to people as the table's foot; not in JSON or CSV. */
/* one value for each column; that of column 0 is ignored */
void document_table_total(struct document *d, const char *label, const struct doc_value *values);
void document_table_end(struct document *d);

/* An array of texts in JSON (key) and a list for people. */
void document_list(struct document *d, const char *key, const char *heading);
void document_list_item(struct document *d, const char *text);
/* JSON only: people read the same elsewhere in the document, in a table. */
void document_list_item_data(struct document *d, const char *text);
void document_list_end(struct document *d);

void document_page(struct document *d);                        /* PDF: what follows begins a page */
void document_paragraph(struct document *d, const char *text); /* people only */
/* the same, larger: what the document says first */
void document_lead(struct document *d, const char *text);
/* people only: a note that stands out */
void document_inset(struct document *d, const char *text);
/* The same, with a link to a line of the book (`12:3`) at its end. */
void document_inset_line(struct document *d, const char *text, const char *line, const char *name);

/* A chart drawn from numbers that are also in a table of the document: bars (one or more series
 * over named points). In HTML an SVG with a text alternative; in text, bars of block characters;
 * not in JSON or CSV. All bars of a document that measure the same (money, time, people; sums, per
 * head, whole years) have one scale, so that bars of two charts can be compared. */
enum chart_kind { CHART_BARS, CHART_COLUMNS };
void document_chart(struct document *d, enum chart_kind kind, const char *title,
                    const char *alternative, const char *const *series, int series_count);
/* What its figures are of, where they are not the sums of the document's one year: bars of whole
 * years or per head have another scale. Said before the first point. */
enum chart_measure { CHART_SUMS, CHART_PER_HEAD, CHART_YEARS };
void document_chart_measure(struct document *d, enum chart_measure measure);
/* one a series, all of one kind */
void document_chart_point(struct document *d, const char *label, const struct doc_value *values);
/* The share of the point added last, `52.9`, shown after its figure; borrowed; null: none. */
void document_chart_share(struct document *d, const char *percent);
void document_chart_end(struct document *d);

/* The columns of the CSV rendering, in order: keys of table columns, `section` being the table's
 * csv_section. A table's row fills the columns that the table has. A column whose key differs from
 * table to table is `category|code`: the heading is the first; the value is from the one that the
 * table has. */
void document_csv_columns(struct document *d, const char *const *keys, int count);

/* A file carried inside a PDF: the statement as JSON. Borrowed. */
struct document_attachment {
  const char *name; /* `statement.json` */
  const char *bytes;
  size_t size;             /* below 10^10 */
  const char *description; /* for people, or null */
};

struct document_options {
  bool fragment; /* HTML: the main part only, for a page that wraps it */
  /* HTML: lines of the book are links to this and their number, `/account/lines/`; null: plain */
  const char *line_path;
  bool csv_header;                              /* CSV: write the header row */
  int width_columns;                            /* text: width of the terminal; 0: 80 */
  const struct document_attachment *attachment; /* PDF: null: none */
};
/* Added to `out`; `options` may be null. JSON: one compact line without a line's end. HTML: a whole
 * page that needs no other file, or a fragment (headings start at h1, ids are the keys of
 * sections). Text: ends in a line's end; control characters and marks of writing direction are left
 * out. PDF: a whole file, tagged (PDF/UA-1), the same bytes for the same document. */
void document_render(const struct document *d, enum format format,
                     const struct document_options *options, struct text *out);
/* For a PDF with an attachment: the SHA-256 of the file outside the attachment. It does not depend
 * on the attachment's bytes or length (the rule is in pdf_file.c), so the attachment may hold a
 * signature over it:
 *
 *     options.attachment = &(struct document_attachment){"statement.json", NULL, 0, say(...)};
 *     document_render(d, FORMAT_PDF, &options, &pdf);  with room for the attachment
 *     document_pdf_digest(span, &attachment, &digest, err);             what is to be signed
 *     document_pdf_attach(&pdf, json);                           the digest does not change
 *
 * It reads strictly. REFUSED, with what is wrong: another program's PDF, a PDF that was changed or
 * added to after it was made, two attachments or none, wrong lengths, bytes after the end.
 * *attachment points into `pdf`. */
enum status document_pdf_digest(struct span pdf, struct span *attachment, struct digest *out,
                                struct error *err) MUST_USE;
/* Puts `bytes` (below 10^10) in place of the attachment; `pdf` is what document_render made with
 * one, alone in the text. */
void document_pdf_attach(struct text *pdf, struct span bytes);
/* The page's style sheet (assets/document.css), for a page that wraps a fragment. */
struct span document_style(void);
/* A value as people read it, not escaped: for use inside a sentence. */
void value_for_people(struct text *out, enum language language, struct doc_value value);
char *value_words(struct arena *arena, enum language language, struct doc_value value);
/* A moment (RFC 3339) by the clocks of the place: `29 November 2026, 9:04am`, or the time alone. In
 * the hour that comes twice when the clocks go back, with the clock's name. What is no moment is
 * added as it is. */
void moment_for_people(struct text *out, enum language language, const char *at, bool with_day);
enum status format_parse(struct span text, enum format *format, struct error *err) MUST_USE;

#endif
