/* What of an assessment's answers is in payment now: by an award in force, else by what was told or
 * decided, else by what the accounts show of the last year, as long as nobody has said since that
 * it ended.
 *
 *     status = assess(arena, &q, &now, &err);
 *     status = assess_before_claiming(arena, &now, &claims, &err);
 *     status = got_read(arena, &(struct got_request){store, pack, &now, &claims}, &got, &err);
 *     got[i].got == GOT_ALREADY ... got[i].paid.last ...       i: as in now.answers
 *
 * Payments count by their category, of a book's own awards and of imported lines alike. Of a
 * partner who has not said that they are partners nothing is read. While it is not known who
 * belongs together only the person's own award, word and accounts count.
 */
#ifndef WEAL_TAKEUP_GOT_H
#define WEAL_TAKEUP_GOT_H

#include "assess/claiming.h"
#include "award/award.h"
#include "register/facts.h"

/* BARRED: it is not got, and something that applies says that it should not be claimed from here.
 */
enum got { GOT_NOT, GOT_ALREADY, GOT_UNKNOWN, GOT_BARRED };

/* Payments of one category; last: DAY_NONE where there are none. */
struct got_paid {
  int64_t pence;
  day_t last;
};
struct got_now {
  enum got got;
  /* GOT_ALREADY: the first of these that says it; none of them: a plain question did */
  const struct award *award; /* null: no award in force */
  const struct fact *told;   /* how much was told or decided; null: nothing was, or none */
  bool by_payments;          /* the accounts alone say it */
  struct got_paid paid;      /* what they show of the last 366 days, whatever says it */
};

struct got_request {
  struct store *store;
  const struct pack *pack;
  const struct assessment *now;
  const struct assess_claims *claims;
};

/* *out: one for each answer. */
enum status got_read(struct arena *arena, const struct got_request *request,
                     const struct got_now **out, struct error *err) MUST_USE;

#endif
