/* Take-up: which households of a place seem entitled to something and receive nothing.
 *
 *     struct takeup_request q = {.store = store, .pack = pack, .rules = rules,
 *                                .place = "E07000117", .on = day, .wanted_count = 1,
 *                                .wanted = &pension_credit};
 *     status = takeup_find(arena, &q, &found, &err);      reads: no look is noted, nothing written
 *     status = takeup_keep(&call, &found, &number, &err); the run, whom it found and a look at each
 *
 * A unit *seems entitled* where the rules come to more than nothing whatever is told later
 * (assess/many.h). It *receives* where an award to one of them stands on the day, a payment of the
 * category was posted to one of them within TAKEUP_PAID_DAYS before the last payment of that
 * category that is known (of what is paid once a year, within a year and a day), or one of them
 * told that they get it. A known end decides over payments (got_by_payments of got.h). Of a
 * household's benefit whoever lives there counts. Where no award of
 * something and no payment of the last year is known, only those are found of whom it was told
 * that they get nothing of it: a reduction of a bill is no payment, and the bills say who has it.
 *
 * Nobody is guessed to belong with somebody: units of which a relation is not known are counted as
 * those of whom nothing can be said, by what is missing.
 *
 * What is looked for, and for which purpose, are rows of take-up.csv. What is sensitive
 * (entitlements.csv) has none.
 */
#ifndef WEAL_TAKEUP_TAKEUP_H
#define WEAL_TAKEUP_TAKEUP_H

#include "assess/many.h"
#include "document/document.h"
#include "register/access_log.h"

enum { TAKEUP_PAID_DAYS = 92, TAKEUP_WANTED_MOST = 32 };

struct takeup_request {
  struct store *store;
  const struct pack *pack;
  const struct rules *rules;
  const char *place; /* code; null: the book's own */
  /* parts are the place itself and every place under it, each with who lives right there; else the
   * places directly under it, each with all who live in it or under it */
  bool each_place;
  day_t on;
  int wanted_count;
  const struct pack_take_up *const *wanted;
  int threads; /* 0: as many as the machine has */
  enum progress_mode progress;
  const struct progress_watch *watch;
};

/* A unit that seems entitled to something and receives nothing of it. */
struct takeup_row {
  int of;           /* of wanted */
  int64_t adult;    /* of the unit */
  int64_t person;   /* whose it is; 0: the unit's or the household's */
  int64_t place;    /* where the adult lives */
  double low, high; /* in the entitlement's period */
  bool is_exact;
  day_t since;
  const struct many_answer *answer;
  const struct many_unit *unit;
};

/* Nobody can tell it: the rules do not know it, as of a council's scheme that the pack lacks. */
#define TAKEUP_OF_RULES "rules"
/* units of whom somebody told that no public funds are open to them: they are in no other number */
#define TAKEUP_BARRED "no-public-funds"
/* What is missing to say more, and of how many units. */
struct takeup_reason {
  const char *variable; /* of tellable.csv, `date_of_birth`, TAKEUP_OF_RULES or TAKEUP_BARRED */
  int units;
};

/* Of one place under the one that was asked for, or of all. Amounts in pence a year. */
struct takeup_sums {
  int64_t entitled;  /* seem entitled */
  int64_t receiving; /* of these: receive it */
  int64_t missing;   /* of these: receive nothing */
  int64_t exact;     /* of the missing: the amount is known */
  int64_t maybe;     /* from nothing to something, and receive nothing: nothing can be said */
  int64_t missing_low, missing_high; /* a year; high INT64_MAX: no limit */
};

struct takeup_benefit {
  const struct pack_take_up *what;
  day_t paid_to; /* the last payment that is known; DAY_NONE: none */
  bool awards;   /* an award of it is known */
  /* the two largest that somebody misses, pence a year: of missing_low of `all` */
  int64_t largest, second;
  struct takeup_sums all;
  struct takeup_sums *parts; /* of each part of the place, and of what is in none */
  int reason_count;
  struct takeup_reason *reasons; /* of `maybe`, most units first */
};

struct takeup_part {
  int64_t place;
  const char *code, *name;
  int64_t units; /* whose adult lives there */
  int64_t open;  /* of these: of which a relation is not known */
};

struct takeup {
  int64_t place;
  const char *code, *name;
  day_t on;
  int64_t people, units; /* who live there; units of them */
  int64_t open_units;    /* of which a relation is not known: nothing can be said */
  int64_t objected;      /* missing ones who do not want to be looked for: counted, not listed */
  int open_count;
  struct takeup_reason *open; /* why, most units first */
  int part_count;
  struct takeup_part *parts; /* which: each_place of the request */
  int benefit_count;
  struct takeup_benefit *benefits; /* of wanted */
  int row_count;
  struct takeup_row *rows; /* in order of the adult's id, then of wanted */
  const struct people *register_people;
};

/* A variable of entitlements.csv with a row of take-up.csv, or all of a category. Adds each once to
 * `out`, which has room for TAKEUP_WANTED_MOST. REFUSED at `benefits`. */
enum status takeup_want(const struct pack *pack, struct span word, const struct pack_take_up **out,
                        int *count, struct error *err) MUST_USE;

/* In a snapshot of the caller's. REFUSED: no such place; a day in the future. */
enum status takeup_find(struct arena *arena, const struct takeup_request *request,
                        struct takeup *out, struct error *err) MUST_USE;

/* ---- runs: the tables take_up_run and take_up_found ---- */

struct takeup_run {
  int64_t id, place, body; /* body 0: the operator */
  day_t on;
  const char *benefits; /* variables with a space between */
  const char *purpose, *law;
  const char *agreement; /* null: none was needed */
  const char *who, *at;  /* as in the access log; RFC 3339 */
  int64_t found;
  int64_t objected; /* units that do not want to be looked for, and are not in the list */
};
struct takeup_found {
  int64_t party, run, whose, place;
  const char *variable;
  int64_t low, high; /* pence a year; high INT64_MAX: no limit */
  bool is_exact;
  const char *needs;    /* variables that would tell, with a space between; empty: none */
  day_t since, written; /* written DAY_NONE: nobody wrote to them */
  const char *left_out; /* why nobody does; null: no reason */
};

struct takeup_keeping {
  struct store *store;
  const struct access_reader *by;
  const struct pack *pack;
  const struct takeup *found;
  struct span purpose;   /* empty: that of the rows */
  struct span agreement; /* empty: none */
  int64_t body;          /* 0: the operator */
  int64_t now;           /* seconds since 1970 */
};
/* Whether what is wanted may be looked for: an agreement is named where one is needed. REFUSED at
 * `agreement`. */
enum status takeup_may(const struct pack_take_up *const *wanted, int count, struct span agreement,
                       struct error *err) MUST_USE;
/* Writes the run, whom it found, a look at each member of the units that it found, and a look of
 * the run at everybody who lives in the place: all of it in the caller's write transaction. */
enum status takeup_keep(struct arena *arena, const struct takeup_keeping *keeping, int64_t *number,
                        struct error *err) MUST_USE;

/* REFUSED at `run`: none has the number. */
enum status takeup_run_find(struct store *store, struct arena *arena, int64_t number,
                            struct takeup_run *out, struct error *err) MUST_USE;
/* All runs, the newest first. */
enum status takeup_runs_all(struct store *store, struct arena *arena, struct takeup_run **out,
                            int *count, struct error *err) MUST_USE;
/* What a run came to: of the place (the run's own first) and the places directly under it. */
struct takeup_kept_sums {
  const char *variable;
  int64_t place, units;
  struct takeup_sums sums;
  day_t paid_to;
};
enum status takeup_sums_of(struct store *store, struct arena *arena, const struct takeup_run *run,
                           struct takeup_kept_sums **out, int *count, struct error *err) MUST_USE;
struct takeup_kept_reason {
  const char *variable, *reason; /* variable empty: who belongs together */
  int64_t units;
};
enum status takeup_reasons_of(struct store *store, struct arena *arena, int64_t run,
                              struct takeup_kept_reason **out, int *count,
                              struct error *err) MUST_USE;
/* Whom a run found and who is still registered, in order of the adult's id. */
enum status takeup_found_by(struct store *store, struct arena *arena, int64_t run,
                            struct takeup_found **out, int *count, struct error *err) MUST_USE;

/* The run as a document: why, what it came to, and, with `people`, whom it found. Reads no look. */
struct takeup_telling {
  struct store *store;
  const struct pack *pack;
  enum language language;
  bool people;
  bool outcomes; /* and what came of letters, as of `today` */
  day_t today;
};
enum status takeup_document(struct arena *arena, const struct takeup_telling *telling, int64_t run,
                            struct document **out, struct error *err) MUST_USE;

/* The runs of a place (empty: of all), the newest first. REFUSED: no such place. */
enum status takeup_runs_document(struct arena *arena, const struct takeup_telling *telling,
                                 struct span place, struct document **out,
                                 struct error *err) MUST_USE;

/* Pence a year, rounded down and up so that both hold. */
int64_t takeup_pence_low(const struct pack_entitlement *what, double amount);
int64_t takeup_pence_high(const struct pack_entitlement *what, double amount);

#endif
