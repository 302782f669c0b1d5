/* What everybody of a place seems entitled to on a day: the same rules and facts as assess.h, of
 * all units at once. For finding who misses out; it writes nothing and notes no look, which is for
 * whoever shows what it finds.
 *
 *     struct many_request q = {.store = store, .pack = pack, .rules = rules, .people = people,
 *                              .on = day, .lives = lives, .wanted = wanted};
 *     status = assess_many(arena, &q, &many, &err);
 *     for each of many.units: reasons for which nothing can be said, or answers
 *
 * Every adult who lives in the place stands in one unit: their own, or that of the partner with the
 * lower id, or, below 20, that of whoever is responsible for them. Of a unit in which a relation is
 * not known, or a partner has not said the same, nothing is worked out: its reasons are these
 * variables. Amounts that are known are those of `assess`, to the last bit. A range is sound and
 * may be wider than that of `assess` (range_bound); needs are the variables that would tell.
 *
 * Facts are read in one ordered scan; then nothing is read, and units are worked out some at a time
 * on all threads, by one plan (range_kept.h). What is said of a home does not hang on which others
 * are worked out with it, to the last bit.
 */
#ifndef WEAL_ASSESS_MANY_H
#define WEAL_ASSESS_MANY_H

#include "assess/assess.h"
#include "base/progress.h"
#include "register/register.h"

struct many_request {
  struct store *store;
  const struct pack *pack;
  const struct rules *rules;
  const struct people *people;
  const struct places *places;
  day_t on;
  const bool *lives;  /* of each of people->all: whether they live there on the day, alive */
  const bool *wanted; /* of each row of entitlements.csv */
  int threads;        /* 0: as many as the machine has */
  int at_once;        /* units worked out in one pass; the answers do not hang on it. 0: 48 */
  enum progress_mode progress;
  const struct progress_watch *watch; /* null: nobody */
};

/* One row of tellable.csv is one bit; rows past the last are left out. */
enum { MANY_NEED_WORDS = 4 };
struct many_answer {
  const struct pack_entitlement *what;
  int64_t person;   /* whose it is; 0: the unit's or the household's */
  double low, high; /* in the entitlement's period; high above 0, or NAN: the rules give no value */
  bool is_exact;
  bool cannot; /* the rules do not know it (`known where`); low 0, high INFINITY */
  /* one of them, or of a benefit of the household one who lives there, told that they get it
   * (`in_payment` of entitlements.csv) */
  bool is_in_payment;
  bool is_told_none; /* it was told of one of them that they get nothing of it, and of none that
                         they do */
  /* the amount hangs on what one of them gets of it now, which they have not told */
  bool hangs_on_received;
  /* an adult of the unit told that no public funds are open to them, and it is some: the law does
   * not give it them (Immigration and Asylum Act 1999 s. 115; before-claiming.csv) */
  bool is_barred;
  uint64_t needs[MANY_NEED_WORDS];
};
struct many_unit {
  int64_t adult, household;
  int member_count;
  const int64_t *members; /* the adult, their partner, children */
  /* somebody with whom they live says that they live with them as a non-dependant: what is the
   * household's is not theirs */
  bool is_non_dependant;
  bool owes_jointly; /* the council tax, with another family of the home: each has a reduction */
  /* since when all that is known of them has been so, at most a year */
  day_t since;
  int reason_count; /* 0: there are answers */
  const char *const *reasons;
  int answer_count; /* without those that are exactly nothing */
  const struct many_answer *answers;
};
struct many {
  int unit_count;
  struct many_unit *units; /* in order of the adult's id */
  int64_t people_count;    /* who live there */
};
/* What is given lives in the arena. */
enum status assess_many(struct arena *arena, const struct many_request *request, struct many *out,
                        struct error *err) MUST_USE;

static inline bool many_needs(const struct many_answer *a, int row) {
  return row < MANY_NEED_WORDS * 64 && (a->needs[row / 64] >> (row % 64) & 1);
}

#endif
