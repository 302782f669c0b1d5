/* A citizen's statement: one `document` made of the book's lines, the register and the policy pack.
 *
 * docs/reference/figures.md says what each figure is; other programs rely on the JSON's keys.
 */
#ifndef WEAL_STATEMENT_STATEMENT_H
#define WEAL_STATEMENT_STATEMENT_H

#include "base/progress.h"
#include "book/book.h"
#include "document/document.h"
#include "pack/pack.h"
#include "register/register.h"
#include "statement/headline.h"
#include "statement/reference_data.h"

struct statement_request {
  int year;  /* tax year, by its first calendar year */
  bool life; /* also the life's lines by category */
  /* the fingerprint of the public key (proof/sign.h) whose seal the statement gets, which people
   * read in it; null: it is not sealed */
  const char *key;
  enum language language;
  bool named; /* speaks of the person by name, for somebody else's eyes; else to them */
};

/* One person's statement: reads only what concerns them. `person` is a party id; for a merged
 * record the statement is its survivor's. */
enum status statement_one(struct store *store, const struct reference_data *reference_data,
                          int64_t person, const struct statement_request *request,
                          struct arena *arena, struct document **out, struct error *err) MUST_USE;

/* The year in a sentence, and the figures that it says: totals of the statement. */
struct statement_summary {
  int year;
  bool some, is_running;
  struct headline_words words;
  struct figures now, before;
  bool estimated[FIGURE_COUNT], was_estimated[FIGURE_COUNT]; /* rests on an estimate */
  bool recorded[FIGURE_COUNT];                               /* there is a line of the year */
  bool has_before;
  /* services were used, and no use has a cost: now, before */
  bool unvalued, was_unvalued;
};
/* What people read for a figure of the year: minutes of time given, else pounds, rounded, *about*
 * where it is estimated; *not valued* for services of which none has a cost; *nothing yet* where a
 * year that runs has no line. */
struct doc_value statement_summary_value(const struct statement_summary *s, enum language language,
                                         enum pack_shown shown, struct arena *arena);
/* Reads the person's lines and nobody else's. */
enum status statement_summary(struct store *store, const struct reference_data *reference_data,
                              int64_t person, const struct statement_request *request,
                              struct arena *arena, struct statement_summary *out,
                              struct error *err) MUST_USE;

struct statements_options {
  struct statement_request request;
  enum format format;
  const char *out_dir; /* made if absent */
  int jobs;            /* threads; 0: as many as the machine has */
  /* code: people who live there at the year's end (or died there); null: everyone */
  const char *place;
  enum progress_mode progress;
};
struct statements_result {
  int64_t statements, bytes;
  bool replaced; /* those of an earlier run */
};

/* The name of the list of what runs made in a folder of statements (base/made.h). */
extern const char statements_list[];

/* Everybody's statements. JSON: OUT/statements.jsonl, one person on each line, in order of person
 * id. Other formats: a file for each person in folders of at most 1,000, with an index. Written
 * under temporary names and renamed when complete. REFUSED: OUT holds something else under these
 * names. */
enum status statements_write(struct store *store, const struct pack *pack,
                             const struct statements_options *options,
                             struct statements_result *result, struct error *err) MUST_USE;

/* What the lines of the days asked for name, whichever of them were wanted: ids, in the arena. */
struct account_seen {
  int64_t *bodies, *categories;
  int body_count, body_capacity, category_count, category_capacity;
  int64_t found; /* how many lines were wanted */
};

/* Which lines of a person's account. A null or empty text, or DAY_NONE: no such condition. */
struct account_request {
  day_t from, to;
  const char *category, *body; /* codes */
  const char *side;            /* a word of pack_side_word */
  /* words, amounts and days that must be found in it (statement/account_search.h) */
  const char *words;
  /* from 1: ACCOUNT_PAGE_LINES of each unit, the newest first; 0: all of them, the oldest first */
  int page;
  /* the number of pages, of the unit that has the most; null: not needed */
  int *pages;
  struct account_seen *seen; /* empty at first; null: not needed */
  enum language language;
  bool named; /* speaks of the person by name, for somebody else's eyes; else to them */
};
enum { ACCOUNT_PAGE_LINES = 100 };

/* The lines of a person with a running balance in each unit, as `weal account` prints them. The
 * balance after a line counts every line up to it, also those that the request leaves out. REFUSED,
 * with err->column: no category, body or side has that code. */
enum status statement_account(struct store *store, const struct reference_data *reference_data,
                              int64_t person, const struct account_request *request,
                              struct arena *arena, struct document **out,
                              struct error *err) MUST_USE;

struct rules;
struct line_comparison;
struct line_request {
  int64_t entry;
  int32_t line_no;
  enum language language;
  bool named; /* speaks of the person by name, for somebody else's eyes; else to them */
  /* with both: what the rules make of it (line_compare.h), which the facts of the person and their
   * family are read for; null: it is not compared */
  const struct rules *rules;
  struct line_comparison *comparison;
};
/* Everything about one line of the person: it in a sentence, its body and category, when and from
 * which file it came, how it was valued, what it undoes or is undone by, and whether a signed head
 * and a closing cover it. REFUSED with the same message if there is no such line and if it is
 * somebody else's. */
enum status statement_line(struct store *store, const struct reference_data *reference_data,
                           int64_t person, const struct line_request *request, struct arena *arena,
                           struct document **out, struct error *err) MUST_USE;

/* What the rules make of the line, without its page. REFUSED as statement_line. */
enum status statement_line_compare(struct store *store, const struct reference_data *reference_data,
                                   int64_t person, const struct line_request *request,
                                   struct arena *arena, struct error *err) MUST_USE;

/* The person's life so far, by year and by category: the figures of a statement's `life`. The
 * request's year is the last that counts; 0: the last with a line. */
enum status statement_life(struct store *store, const struct reference_data *reference_data,
                           int64_t person, const struct statement_request *request,
                           struct arena *arena, struct document **out, struct error *err) MUST_USE;

/* The tax years from the first to the last with a line of theirs. */
/* last: not after the running year, unless all are; ahead: the latest later year with a line that
 * was not undone; 0: none; opens: the latest of them that is over, else `last`: what is shown to
 * somebody who chose none, so that one item of a year that has just begun hides no whole year */
struct year_range {
  bool some;
  int first, last, ahead, opens;
};
enum status statement_years(struct store *store, int64_t person, struct arena *arena,
                            struct year_range *out, struct error *err) MUST_USE;

/* The bodies (ids, sorted) of the person's lines from a day on: they are notified of a change. */
enum status statement_bodies_of(struct store *store, int64_t person, day_t since,
                                struct arena *arena, int64_t **bodies, int *count,
                                struct error *err) MUST_USE;

#endif
