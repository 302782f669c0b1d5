/* Rows of the tables award and award_payment, and how an award is reckoned. Private to award. */
#ifndef WEAL_AWARD_ROWS_H
#define WEAL_AWARD_ROWS_H

#include "award/award.h"
#include "award/schedule.h"

/* Takes the next id, for which other writers wait; then nothing that is read changes. */
enum status award_row_number(struct store *store, int64_t *id, struct error *err) MUST_USE;
/* The same wait, and no number. */
enum status award_rows_hold(struct store *store, struct error *err) MUST_USE;
enum status award_row_insert(struct store *store, const struct award *a,
                             struct error *err) MUST_USE;
enum status award_rows_of(struct store *store, struct arena *arena, int64_t party, int64_t number,
                          struct awards *out, struct error *err) MUST_USE;
/* The same by the number alone, of whomever. */
enum status award_numbered(struct store *store, struct arena *arena, int64_t number,
                           struct awards *out, struct error *err) MUST_USE;
/* What a decision ended is as it was before: the rows from `row` on that ended others are
 * superseded by what they ended. What was due since is paid at the next run (award.c). */
enum status award_restore(const struct award_call *call, const struct awards *rows, int64_t row,
                          struct error *err) MUST_USE;
/* The rows as they are where the person died on the day (DAY_NONE: they live): what runs on ends
 * the day before, and what ended by another day of death ends no more by it. What is added has no
 * id; as many as before: nothing is to do. */
struct awards award_at_death(struct arena *arena, const struct awards *rows, day_t died);
/* Whether it has more rows than before; a run asks it of every award. */
bool award_is_other_at_death(const struct awards *rows, day_t died);
/* Writes that, with what it makes of days that are paid. */
enum status award_settle_death(const struct award_call *call, const struct awards *rows, day_t died,
                               struct award_changed *out, struct error *err) MUST_USE;
enum status award_payment_insert(struct store *store, const struct award_payment *p,
                                 struct error *err) MUST_USE;
/* The last day of pay of each award that has one, and how many it has; in order of award. */
struct award_last {
  int64_t award;
  day_t due;
  int64_t count;
};
enum status award_lasts(struct store *store, struct arena *arena, struct award_last **out,
                        int *count, struct error *err) MUST_USE;

/* ---- what is taken of payments: recovery.c ---- */

struct codes;
struct recovery_taking {
  const struct award_call *call;
  const struct codes *codes; /* null: read */
  const struct award_payment *payment;
  const char *variable;
  int64_t person, body;
};
/* Takes of a payment that is posted what the person owes of the same benefit; *taken: pence. */
enum status recovery_take(const struct recovery_taking *t, int64_t *taken,
                          struct error *err) MUST_USE;
/* A payment that comes to more than before. */
struct award_rise {
  day_t first, last;
  int64_t pence;
};
struct recovery_correction {
  int64_t party, award;
  const struct award_rise *rises;
  int rise_count;
  int64_t pence; /* what all come to more, at most the sum of the rises */
  day_t from;    /* the first day of what is still overpaid; DAY_NONE: as the case says */
};
/* Takes what is no longer overpaid out of the cases about the award, the newest first: each by the
 * rises of its days, at most its amount. One of which nothing is left is over. *pence: how much. */
enum status recovery_correct(const struct award_call *call, const struct recovery_correction *c,
                             int64_t *pence, struct error *err) MUST_USE;
/* Records of which something was asked back at some time. */
enum status award_debtors(struct store *store, struct arena *arena, int64_t **out, int *count,
                          struct error *err) MUST_USE;

/* REFUSED: the pack does not say how it is paid. */
enum status award_plan_of(const struct pack *pack, const struct award *a, struct award_plan *out,
                          struct error *err) MUST_USE;
/* What stands of the rows, none past `last` (DAY_NONE: no limit). */
int award_rates_of(struct arena *arena, const struct awards *rows, day_t last,
                   struct award_rate **out);

#endif
