/* Streams of money (schema/007-streams.sql): what a body has to spend, from whom, for what and
 * under which conditions; and the labels of lines of spending and budgets.
 *
 * A line names its stream by code. A body's stream is found by its code or its name; one that an
 * import of budgets meets for the first time gets a code made from its name.
 */
#ifndef WEAL_BOOK_STREAMS_H
#define WEAL_BOOK_STREAMS_H

#include "base/map.h"
#include "book/book.h"

struct stream_year {
  int year;       /* the financial year, by its first calendar year */
  int64_t amount; /* pence */
  const char *source;
};
/* All of category, people, place and days that are given must hold. */
struct stream_condition {
  const char *words;       /* as published */
  int64_t category, place; /* ids; 0: any */
  const char *people;      /* a group, in words; null: anybody */
  day_t from, to;          /* DAY_NONE: any */
};
struct stream {
  int64_t id;
  const char *code, *name;
  int64_t owner, payer;      /* bodies: who has it, who gives it; payer 0: not known */
  const char *kind;          /* one of stream_kinds; null: not known */
  struct stream_year *years; /* in order */
  struct stream_condition *conditions;
  int year_count, condition_count;
};
extern const char *const stream_kinds[]; /* revenue, capital; then null */

/* ---- all of them ---- */

struct streams {
  struct stream *all; /* in order of id */
  int count;
  struct map by_code, by_name; /* to indexes; names begin with the owner's id */
};
/* There are few: some for each body. */
enum status streams_read(struct store *store, struct arena *arena, struct streams **out,
                         struct error *err) MUST_USE;
/* Both take null bytes, and give null where there is none. */
const struct stream *streams_by_code(const struct streams *s, struct span code);
/* The body's stream whose code this is, else the oldest one whose name it is. */
const struct stream *streams_named(const struct streams *s, int64_t owner, struct span text);

/* ---- writing, in the caller's write transaction ---- */

/* The stream without its years and conditions, its texts in the arena. */
enum status stream_find(struct store *store, struct arena *arena, struct span code,
                        struct stream *out, bool *found, struct error *err) MUST_USE;
/* Adds a stream (id 0, which is then set), or writes over the one of its id. */
enum status stream_write(struct store *store, struct stream *stream, struct error *err) MUST_USE;
/* *there: the year stood already; *same: it says the same, and is not written. */
enum status stream_write_year(struct store *store, int64_t stream, const struct stream_year *year,
                              bool *there, bool *same, struct error *err) MUST_USE;
/* The conditions of the streams that were asked about, of one transaction: each stream's are read
 * once, so that a file of many of one stream is read in a time that grows with its rows. */
struct stream_conditions {
  struct arena *arena; /* the caller sets it, here and in both maps */
  struct map held;     /* what each says */
  struct map last;     /* by the stream's id: the highest number */
};
/* *same: the stream has this condition already. */
enum status stream_add_condition(struct store *store, struct stream_conditions *known,
                                 int64_t stream, const struct stream_condition *condition,
                                 bool *same, struct error *err) MUST_USE;
/* A code from a name: its letters a to z and digits, in lower case, with a hyphen for each gap. A
 * letter with an accent is a gap (`Café roads` becomes `caf-roads`). `number` past 1 comes after
 * it, for a name whose code is taken. */
enum { STREAM_CODE_SIZE = 80 };
void stream_code_of_name(struct span name, int number, char out[STREAM_CODE_SIZE]);

/* ---- labels ---- */

/* What a line of spending or of a budget says besides its figures. Lines that were posted before
 * lines had labels keep two texts in their note, with a tab between: the department and the
 * description of a payment, the stream's name and the conditions of a budget. This is the one
 * function that reads them. All are borrowed from the line and from `streams`. */
struct line_labels {
  struct span department, description; /* of a payment */
  struct span stream, condition;       /* the stream's name; its code where no stream has it */
  /* null: no stream of the table. Of an older line it is the one of that name: older programs had
   * no codes, so a code that reads like the name is another stream's */
  const struct stream *of;
};
/* Adds a label or a name to a text as lines have it: with spaces for tabs, which divide older
 * notes, and for line breaks. */
void label_add(struct text *t, struct span s);
/* `budget_of`: the body that owns the account of a budget's line; 0: the line is a payment.
 * `streams` may be null, where only the texts of payments are wanted. */
void line_labels(const struct streams *streams, const struct line *line, int64_t budget_of,
                 struct line_labels *out);

#endif
