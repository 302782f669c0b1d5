/* A citizen's statement: one `document` made of the book's lines, the register and the policy pack.
 *
 * docs/reference/figures.md says what each figure is; the JSON's keys are the contract.
 */
#ifndef WEAL_STATEMENT_STATEMENT_H
#define WEAL_STATEMENT_STATEMENT_H

#include "base/progress.h"
#include "book/book.h"
#include "document/document.h"
#include "pack/pack.h"
#include "register/register.h"
#include "statement/reference_data.h"

struct statement_request {
  int year;  /* tax year, by its first calendar year */
  bool life; /* also the life's lines by category */
  enum language language;
};

/* One person's: reads only what is theirs. `person` is a party id; a merged record gives the
 * statement of the one it was merged into. */
enum status statement_one(struct store *store, const struct reference_data *reference_data,
                          int64_t person, const struct statement_request *request,
                          struct arena *arena, struct document **out, struct error *err) MUST_USE;

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
};

/* Everybody's. JSON: OUT/statements.jsonl, a person a line, in order of person id. Others: a file a
 * person in folders of at most 1,000, with an index. Written under temporary names and renamed when
 * whole. */
enum status statements_write(struct store *store, const struct pack *pack,
                             const struct statements_options *options,
                             struct statements_result *result, struct error *err) MUST_USE;

/* Which lines of a person's account. A null or empty text, DAY_NONE: no such bound. */
struct account_request {
  day_t from, to;
  const char *category, *body; /* codes */
  const char *side;            /* a word of pack_side_word */
  /* stand in the note or the reference, large and small letters alike */
  const char *words;
  /* from 1: ACCOUNT_PAGE_LINES of each unit, the newest first; 0: all of them, the oldest first */
  int page;
  /* how many there are, of the unit that has the most; null: not wanted */
  int *pages;
  enum language language;
};
enum { ACCOUNT_PAGE_LINES = 100 };

/* The lines of a person with a running balance in each unit, as `weal account` prints them. The
 * balance after a line counts every line up to it, those too that the request leaves out. REFUSED,
 * with err->column: no category, body or side has that code. */
enum status statement_account(struct store *store, const struct reference_data *reference_data,
                              int64_t person, const struct account_request *request,
                              struct arena *arena, struct document **out,
                              struct error *err) MUST_USE;

/* The story of one line of theirs: what, who told it, under which category, when and from which
 * file it came, what it was valued with, what it undoes or is undone by, and whether a signed head
 * and a closing hold it. REFUSED, in the same words, where there is no such line and where it is
 * another's. */
enum status statement_line(struct store *store, const struct reference_data *reference_data,
                           int64_t person, int64_t entry, int32_t line_no, enum language language,
                           struct arena *arena, struct document **out, struct error *err) MUST_USE;

/* Their life so far, by year and by category: the figures of a statement's `life`. `year`: the last
 * that counts; 0: the last with a line. */
enum status statement_life(struct store *store, const struct reference_data *reference_data,
                           int64_t person, int year, enum language language, struct arena *arena,
                           struct document **out, struct error *err) MUST_USE;

/* The tax years from the first to the last with a line of theirs. */
/* last: not after the running year, unless all are; ahead: the latest after it of which a line
 * stands, 0 none */
struct year_range {
  bool some;
  int first, last, ahead;
};
enum status statement_years(struct store *store, int64_t person, struct arena *arena,
                            struct year_range *out, struct error *err) MUST_USE;

/* The bodies (ids, sorted) that they have lines of from a day on: who is to be told of a change. */
enum status statement_bodies_of(struct store *store, int64_t person, day_t since,
                                struct arena *arena, int64_t **bodies, int *count,
                                struct error *err) MUST_USE;

#endif
