/* What of an assessment's answers is in payment now: by an award in force, else by what was told or
 * decided, else by what the accounts show of the last year, as long as nobody has said since that
 * it ended.
 *
 *     status = assess(arena, &q, &now, &err);
 *     status = assess_before_claiming(arena, &now, &claims, &err);
 *     status = got_read(arena, &(struct got_request){store, pack, &now, &claims}, &got, &err);
 *     got[i].got == GOT_ALREADY ... got[i].paid.last ...       i: as in now.answers
 *     if (got[i].has_year) ... got[i].a_year beside what is due a year
 *
 * Payments count by their category, of a book's own awards and of imported lines alike. A known end
 * decides over them (got_by_payments). Of a
 * partner who has not said that they are partners nothing is read. While it is not known who
 * belongs together only the person's own award, word and accounts count.
 *
 * What payments came to in some months is not what is paid in a year: the rate may have changed,
 * or it may have ended. So it is told with its days, and is never compared with a year.
 */
#ifndef WEAL_TAKEUP_GOT_H
#define WEAL_TAKEUP_GOT_H

#include "assess/claiming.h"
#include "award/award.h"
#include "award/claim.h"
#include "register/facts.h"

/* BARRED: it is not got, and something that applies says that it should not be claimed from here.
 */
enum got { GOT_NOT, GOT_ALREADY, GOT_UNKNOWN, GOT_BARRED };

/* Payments of one category; first and last: DAY_NONE where there are none. */
struct got_paid {
  int64_t pence;
  day_t first, last;
};
struct got_now {
  enum got got;
  /* GOT_ALREADY: the first of these that says it; none of them: a plain question did */
  const struct award *award; /* null: no award in force */
  const struct fact *told;   /* how much was told or decided; null: nothing was, or none */
  bool by_payments;          /* the accounts alone say it */
  struct got_paid paid;      /* what they show of the last 366 days, whatever says it */
  /* What is paid now, in pence a year (52 weeks, 12 months): by the award, or by what one of the
   * unit told. False: it is not known, or two of the unit told an amount each. */
  bool has_year;
  int64_t a_year;
  /* a_year was told of days before this tax year. Benefits are uprated in April, so that it may be
   * another amount by now. */
  bool is_old;
  /* A claim of it that waits for an answer, of anybody of the unit; null: none. */
  const struct case_file *claim;
};

/* Whether payments say that something is paid now: the one rule, of one person's answer as of who
 * misses out. A known end decides over payments. `none`: since when it is told or decided that
 * nothing is paid; `ended`: the last day of the last award of it, where none runs (got_ended);
 * DAY_NONE: not known. What comes within a period of pay after an award ended is for days of the
 * award. */
bool got_by_payments(const struct pack_entitlement *what, struct got_paid paid, day_t none,
                     day_t ended) MUST_USE;
/* Whose an answer is, of those of a unit: person 0: the unit's. */
struct got_whose {
  const struct pack_entitlement *what;
  int64_t person;
  const int64_t *people;
  int count;
  day_t on;
};
/* A row of an award of it, into the last day of those that ended: DAY_NONE before the first.
 * Whether one runs on the day is for the caller to ask first. */
void got_take_end(const struct award *row, day_t on, day_t *ended);

/* Since when it is told or decided of people of a unit that nothing of it is paid; DAY_NONE: it is
 * not. person 0: it is the unit's. */
enum status got_none_since(struct arena *arena, struct store *store, const struct pack *pack,
                           const struct got_whose *whose, day_t *out, struct error *err) MUST_USE;

struct got_request {
  struct store *store;
  const struct pack *pack;
  const struct assessment *now;
  const struct assess_claims *claims;
};

/* How what is paid now a year stands to what is due by the rules. Not compared: one of both is not
 * known, or what is paid lies within what may be due. */
enum got_differs { GOT_NOT_COMPARED, GOT_SAME, GOT_MORE_DUE, GOT_MORE_PAID };
enum { GOT_SAME_PENCE = 520 }; /* a year, up to which both are the same, 10 pence a week: ours */
/* *pence: of MORE_DUE and MORE_PAID by how much a year; where the answer is no exact amount, at
 * least by so much. */
enum got_differs got_differs(const struct assess_answer *answer, const struct got_now *now,
                             int64_t *pence);

/* *out: one for each answer. */
enum status got_read(struct arena *arena, const struct got_request *request,
                     const struct got_now **out, struct error *err) MUST_USE;

#endif
