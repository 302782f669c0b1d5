/* Awards: what a body pays somebody from a day on, how much and on which days. A row is never
 * changed: a change ends what stood and begins what follows, under the same number.
 *
 *     struct award_call call = {.store = store, .arena = arena, .pack = pack, .desk = &desk,
 *                               .who = who, .today = today};
 *     status = award_make(&call, &(struct award_terms){.person = person, .body = council,
 *         .what = housing_benefit, .pence = 8000, .per = PER_WEEK, .from = day,
 *         .to = DAY_NONE, .first_due = DAY_NONE}, &number, &err);
 *     status = award_change(&call, person, number, &(struct award_changing){.from = day,
 *         .pence = 7000, .why = span_of("rent went down")}, &changed, &err);
 *
 * Who pays is the row of entitlements.csv: a body by its code, or the council whose duty it is.
 * When it is paid are rows of pay-days.csv. pay.h posts what is due.
 *
 * A change of days that are paid already posts nothing by itself. Where they came to more, the
 * difference is `arrears`, paid at the next run; where they came to less, a case of the kind
 * `overpayment` is opened with the amount, the days and the terms of overpayments.csv. What comes
 * to more of days of which such a case says that too much was paid corrects the case first:
 * paid + arrears - overpaid is what the award comes to as it stands, to the penny.
 *
 * Everything that writes runs inside the caller's write transaction and takes the number of its row
 * first, for which others who write awards wait. REFUSED sets err->column to the field that is
 * wrong; roll back then.
 */
#ifndef WEAL_AWARD_AWARD_H
#define WEAL_AWARD_AWARD_H

#include "case/case.h"
#include "pack/pack.h"
#include "store/store.h"

struct rules;

struct award {
  int64_t party, id, award; /* award: the number of the award, the id of its first row */
  int64_t body;
  const char *variable;
  int64_t pence; /* in each `per` */
  enum tell_per per;
  day_t from, to;       /* to DAY_NONE: until further notice; before `from`: never in force */
  const char *pay_days; /* a word of pay-days.csv; null: the body posts its payments itself */
  day_t first_due;      /* DAY_NONE without pay_days */
  int64_t arrears;      /* pence */
  const char *source;   /* assessment, amounts, claim, import */
  const char *reference, *facts, *versions; /* null: none */
  const char *made_by, *made_at, *why;
  int64_t supersedes;
  int64_t superseded_by; /* read, not stored; 0: it stands */
};
struct awards {
  struct award *all; /* in order of id */
  int count;
};
/* Whether it is the last word on its days, and has any. */
static inline bool award_stands(const struct award *a) {
  return !a->superseded_by && (a->to == DAY_NONE || a->to >= a->from);
}
/* Whether it stands on one of the days; last DAY_NONE: on `first` or any day after it. */
static inline bool award_runs(const struct award *a, day_t first, day_t last) {
  return award_stands(a) && (last == DAY_NONE || a->from <= last) &&
         (a->to == DAY_NONE || a->to >= first);
}

struct award_payment {
  int64_t party, award, row; /* row: whose arrears it pays; 0: of a day of pay */
  day_t due, first, last, paid;
  int64_t pence, entry; /* entry 0: nothing was due */
};

/* ---- making and changing ---- */

struct award_call {
  struct store *store;
  struct arena *arena;
  const struct pack *pack;
  const struct case_desk *desk; /* for overpayments */
  const char *who;              /* as in the access log */
  day_t today;
  bool as_person;            /* what is assessed is shown to the person: assess.h */
  int64_t ends_us;           /* when an assessment ends REFUSED: assess.h; 0: never */
  const struct rules *rules; /* of the pack, read before; null: read where they are needed */
};

struct award_terms {
  int64_t person, body;
  const struct pack_entitlement *what;
  int64_t pence;
  enum tell_per per; /* PER_NONE: the entitlement's own */
  day_t from, to;
  bool elsewhere;       /* the body posts its payments itself */
  struct span pay_days; /* empty: as is usual */
  day_t first_due;      /* DAY_NONE: a whole period after `from`, and never else of what is whole */
  const char *source;
  struct span reference, facts, versions; /* empty: none */
};
enum status award_make(const struct award_call *call, const struct award_terms *terms,
                       int64_t *number, struct error *err) MUST_USE;

/* A claim that was decided in the person's favour: a case about them with the facts `variable`,
 * `amount`, `per` (empty: the entitlement's own), `from`, and where there are `to`, `pay`
 * (pay-days.csv), `rests-on` and `versions`; it is decided by the body it was sent to.
 * Call it from the kind's handler, in the transaction of the decision. */
enum status award_of_claim(const struct award_call *call, const struct case_file *claim,
                           int64_t *number, struct error *err) MUST_USE;

struct award_changing {
  day_t from;    /* of an end: the day after the last */
  int64_t pence; /* 0: it ends */
  bool has_to;   /* `to` is its last day (DAY_NONE: until further notice); false: as it stood */
  day_t to;
  struct span why, facts, versions;
};
struct award_changed {
  int64_t overpaid, arrears, opened; /* pence, pence, the case */
  int64_t corrected;                 /* pence that are not overpaid after all */
};
/* REFUSED at `from`: the award is over by then, or begins later; at `amount`: it is so already. */
enum status award_change(const struct award_call *call, int64_t person, int64_t number,
                         const struct award_changing *change, struct award_changed *out,
                         struct error *err) MUST_USE;

/* The day of death by which a row ended what it supersedes; DAY_NONE: it is no such row. */
day_t award_death_of(const struct award *row);
/* Its `facts`. */
const char *award_death_facts(struct arena *arena, day_t died);

/* Whether it is a reduction of a bill, of which nothing is paid in money: it is taken off what is
 * to pay (`billed` of entitlements.csv). */
static inline bool award_is_off_bill(const struct pack_entitlement *what) {
  return what->billed && *what->billed && !what->is_paid;
}

/* ---- reading ---- */

/* Of all records of one person. */
enum status awards_of_person(struct store *store, struct arena *arena, int64_t person,
                             struct awards *out, struct error *err) MUST_USE;
/* The row that says what holds of an award of the person: the last that stands, else its last.
 * REFUSED: they have none of this number. */
enum status award_find(struct store *store, struct arena *arena, int64_t person, int64_t number,
                       struct award *out, struct error *err) MUST_USE;
enum status award_payments_of(struct store *store, struct arena *arena, int64_t party,
                              int64_t number, struct award_payment **out, int *count,
                              struct error *err) MUST_USE;
/* What awards of a person make due: one, or all that a body made or changed within the last week
 * for the person or their family, of which many small ones are one large one. */
struct award_due_query {
  int64_t person, body; /* body 0: of any */
  int64_t award;        /* 0: all of the week */
  day_t today;
  int64_t now; /* seconds since 1970 */
};
enum { AWARD_COMING = 3 };
struct award_coming {
  day_t due; /* a working day */
  int64_t pence;
};
struct award_due {
  int64_t at_once; /* pence: of days of pay up to today that are not posted, and arrears */
  int64_t posted;  /* pence: of the same awards within the last week */
  int64_t each;    /* pence: of the next day of pay; of several awards the largest */
  /* pence: of each award what is due within a week after today, or what its largest day of pay is
   * above all of that, at_once and posted, whenever it is */
  int64_t coming;
  struct award_coming next[AWARD_COMING]; /* of one award: the next days of pay after today */
  int next_count;
};
enum status award_due(struct store *store, struct arena *arena, const struct pack *pack,
                      const struct award_due_query *q, struct award_due *out,
                      struct error *err) MUST_USE;
/* Due at once, posted and coming together: what is held against the amount that nobody decides
 * alone. At most INT64_MAX. */
int64_t award_due_sum(const struct award_due *due);
/* REFUSED: so many pence are due at once that nobody decides it alone. */
enum status award_refuse_at_once(const char *column, int64_t pence, struct error *err) MUST_USE;
/* Everybody's rows, those of an award together. */
enum status awards_all(struct store *store, struct arena *arena, struct awards *out,
                       struct error *err) MUST_USE;

#endif
