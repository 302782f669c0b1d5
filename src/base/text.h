/* Text: a growing buffer, and a borrowed piece of somebody else's.
 *
 * `struct span` borrows; it is not terminated. `struct text` owns a buffer that is always
 * terminated, so `text.bytes` may be read as a C string (where it holds no zero byte).
 *
 *     struct text t = {0};              empty, nothing allocated yet
 *     text_addf(&t, "%s: ", name);
 *     text_add_money(&t, pence);        in base/money.h
 *     fwrite(t.bytes, 1, t.size, stdout);
 *     text_release(&t);                 empty again
 */
#ifndef WEAL_BASE_TEXT_H
#define WEAL_BASE_TEXT_H

#include "base/status.h"
#include <stdbool.h>
#include <stddef.h>
#include <string.h>

/* The byte-order mark in UTF-8, before the CSV that people fetch: without it spreadsheets read
 * UTF-8 as another code. */
#define UTF8_MARK "\xef\xbb\xbf"

struct span {
  const char *bytes; /* borrowed, not terminated; may be null when size is 0 */
  size_t size;
};

static inline struct span span_of(const char *text) {
  return (struct span){text, text ? strlen(text) : 0};
}
static inline struct span span_make(const char *bytes, size_t size) {
  return (struct span){bytes, size};
}
static inline bool span_equal(struct span a, struct span b) {
  return a.size == b.size && (a.size == 0 || memcmp(a.bytes, b.bytes, a.size) == 0);
}
/* Letters A to Z of either case, digits and `-`, `_`, `.`, `:`, one at least: what can be typed,
 * stand in an address and be the name of a file. */
bool span_is_code(struct span text);
/* Most are told apart by their first letters. */
static inline bool span_is(struct span a, const char *text) {
  return a.size ? *a.bytes == *text && span_equal(a, span_of(text)) : !*text;
}
int span_compare(struct span a, struct span b); /* by bytes, the shorter first */
struct span span_trim(struct span a);           /* without spaces and tabs at either end */
/* At most so many bytes, but not cut within a character, which PostgreSQL would refuse. */
struct span span_cut(struct span text, size_t most);
/* Capital letters to small ones in place, to U+017F (English, Welsh). */
void span_to_small(char *bytes, size_t size);
/* Whether it is one of the words, which have a space between. */
bool span_has_word(struct span words, const char *word);
/* For tables in memory only: differs between builds. Who does not know the seed cannot choose texts
 * whose hashes are the same. */
uint64_t span_hash(struct span a, uint64_t seed);

/* For "%.*s": printf(SPAN_FORMAT, SPAN(x)). */
#define SPAN_FORMAT "%.*s"
#define SPAN(s) (int)(s).size, (s).bytes ? (s).bytes : ""

/* The text as a message quotes it: at most this much of it, cut at a character's border with "...";
 * out, terminated. */
enum { SPAN_QUOTE_SIZE = 64 };
char *span_quote(struct span s, char out[SPAN_QUOTE_SIZE]);

/* True when the bytes are well-formed UTF-8 without NUL (RFC 3629: no surrogates, nothing past
 * U+10FFFF). */
bool utf8_valid(const char *bytes, size_t size);
/* How many columns of a terminal the text takes (combining marks 0, wide characters 2). */
size_t utf8_width(struct span text);

struct text {
  char *bytes;
  size_t size, capacity;
};

void text_reserve(struct text *t, size_t more);
void text_add(struct text *t, const char *string);
void text_add_bytes(struct text *t, const char *bytes, size_t size);
void text_add_span(struct text *t, struct span s);
void text_add_char(struct text *t, char c);
void text_add_character(struct text *t, uint32_t c); /* of Unicode, as UTF-8 */
void text_add_int(struct text *t, int64_t n);        /* decimal */
void text_addf(struct text *t, const char *format, ...) PRINTF(2, 3);
/* A message with names in braces, `In {year} you paid {amount}.`, each replaced by its value; a
 * name that is not among them stays as it is. A null name ends them. */
struct text_filling {
  const char *name, *value;
};
void text_add_filled(struct text *t, const char *message, const struct text_filling *all);
void text_clear(struct text *t);   /* size 0, memory kept */
void text_release(struct text *t); /* memory returned */

/* Escaping, for the formats that we write. */
void text_add_csv(struct text *t, struct span field); /* RFC 4180: quoted only where it must be */
/* For a file that people open in a spreadsheet: a text that begins with = + - @, a tab or a line
 * end would be run there as a formula, so an apostrophe is put in front of it, and also in front of
 * apostrophes before such a beginning. So the reader (table.h) takes exactly one away. Numbers are
 * written without. */
void text_add_csv_guarded(struct text *t, struct span field);
/* The field without that apostrophe; itself where there is none. */
struct span csv_unguarded(struct span field);
/* with its quotes; control characters as \u00XX */
void text_add_json(struct text *t, struct span value);
/* What others wrote, in a report for a terminal: each character that would control it, end the line
 * or turn its direction, and each byte that is not UTF-8, is a `?`. */
void text_add_clean(struct text *t, struct span value);
/* a part of an address: characters that RFC 3986 does not call unreserved become %XX */
void text_add_percent(struct text *t, struct span value);
/* & < > " ' ; safe in content and in quoted attributes */
void text_add_html(struct text *t, struct span value);

#endif
