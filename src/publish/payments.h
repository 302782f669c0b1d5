/* The payments of a body, one by one, and its budgets, as anyone may see them.
 *
 * Whoever is paid is named if it is known to be an organisation (body_is_private); all others, here
 * called private people, are `a private person`. Of a payment to one of them nobody is shown a
 * description, a reference, a department or a place, its category only where PUBLISH_FEWEST private
 * people whom the body paid in the financial year were paid in it, and the rows stand in order of
 * day and amount, so that those of one person do not stand together. Where a body paid fewer than
 * PUBLISH_FEWEST private people in a year, their payments are left out: of few people it would be
 * known who they are (docs/explanation/suppression.md). Of a payee whose name the payer withheld
 * nobody is shown the same four either.
 *
 *     struct payments_reader_of *book = NULL;
 *     status = published_payments_begin(&book, store, pack, log_size, NULL, arena, &err);
 *     status = published_payments_open(&payments, book, span_of("oxford"), 2025, arena, &err);
 *     status = published_payments_read(payments, &wanted, take, context, &place, &all, &err);
 *
 * They are those of a financial year as the log was when it had so many entries: of an edition its
 * own size, so that they add up to what it shows and stay until the next one. A payment that was
 * undone on a day of the same year is left out with its reversal; undone on a day of another year,
 * each stands in its own, as in the kept totals (book/payment_totals.h). Bodies that were found to
 * be one payee have the name of that one.
 *
 * Rows come in order of the payee's name, day and entry; private people last. Nothing is kept but
 * the payees of the year and the payments to private people, so that ten million rows take no more
 * memory than a hundred thousand suppliers do.
 */
#ifndef WEAL_PUBLISH_PAYMENTS_H
#define WEAL_PUBLISH_PAYMENTS_H

#include "book/book.h"
#include "pack/pack.h"
#include "register/body_pairs.h"
#include "register/register.h"

struct published_payment {
  day_t day;
  int64_t amount;                                 /* pence */
  const char *payer;                              /* code */
  const char *payee;                              /* null: a private person */
  const char *category, *place;                   /* codes; null: none */
  struct span department, description, reference; /* borrowed until the next row */
};

struct payments_reader_of; /* what all bodies and years of a reading share */
/* What stays the same from one reading to the next: nothing in it changes, so threads share it. */
struct payments_sources {
  struct codes *codes;
  struct places *places;
  struct bodies *bodies;
  const struct body_pairs *pairs; /* of these bodies */
  const struct pack_name_words *words;
};
/* Reads those that are null. */
enum status payments_sources_read(struct payments_sources *s, struct store *store,
                                  const struct pack *pack, struct arena *arena,
                                  struct error *err) MUST_USE;
/* `given`: what the caller has read already; null: nothing. All of it lives in the arena, which the
 * caller frees when nothing reads any more. */
enum status published_payments_begin(struct payments_reader_of **out, struct store *store,
                                     const struct pack *pack, int64_t log_size,
                                     const struct payments_sources *given, struct arena *arena,
                                     struct error *err) MUST_USE;
struct published_payments; /* of one body and financial year */
/* *out null: there is no such body. */
enum status published_payments_open(struct published_payments **out,
                                    struct payments_reader_of *book, struct span payer, int year,
                                    struct arena *arena, struct error *err) MUST_USE;

/* Where a row stands among all of the body and year, so that the next page begins behind it. */
struct payments_place {
  const char *payee; /* its code; null: among private people */
  day_t day;
  int64_t entry; /* among private people: how many rows of them stand before it, and it */
  int32_t line_no;
};
/* Which ones. All zero: every one. */
struct payments_wanted {
  struct span payee;    /* words of the payee's name */
  struct span category; /* a code */
  bool after;           /* those behind this one */
  struct payments_place from;
  int64_t lines_most; /* the reading stops when it has looked at about as many lines; 0: never */
};
/* *more false ends the reading behind this row. */
typedef enum status published_payment_take(void *context, const struct published_payment *payment,
                                           bool *more, struct error *err);
/* *all: nothing stands behind `reached`, the last row that was looked at; null: nobody asks. */
enum status published_payments_read(struct published_payments *p,
                                    const struct payments_wanted *wanted,
                                    published_payment_take *take, void *context,
                                    struct payments_place *reached, bool *all,
                                    struct error *err) MUST_USE;
/* Every payment to a payee who is named, unless the body made more than about lines_most of them in
 * the year: then *read is false, and none is given. */
enum status published_payments_read_named(struct published_payments *p, int64_t lines_most,
                                          published_payment_take *take, void *context, bool *read,
                                          struct error *err) MUST_USE;
const char *published_payments_name(const struct published_payments *p); /* the body's */

/* ---- budgets ---- */

/* A line of a budget. Those that were undone are left out with their reversals. */
struct published_budget {
  const char *body, *name;                    /* its code, and its name */
  const char *stream, *category, *conditions; /* category: a code */
  int64_t amount;                             /* pence */
};
/* Those of a financial year, in order of body, stream and category; in the arena. */
enum status published_budgets(struct payments_reader_of *book, int year, struct arena *arena,
                              struct published_budget **out, int *count,
                              struct error *err) MUST_USE;

#endif
