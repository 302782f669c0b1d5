/* Private to takeup. */
#ifndef WEAL_TAKEUP_PARTS_H
#define WEAL_TAKEUP_PARTS_H

#include "register/benefit_unit.h"
#include "takeup/takeup.h"

/* Who receives it, by party id of the surviving record. */
struct received {
  uint32_t *award; /* a bit for each of wanted: an award of it runs */
  /* of each record and each of wanted: the last payment, where payments say that it is paid
   * (got_by_payments, of awards that ended); else DAY_NONE */
  day_t *last;
  int wanted_count;
  int64_t max_id;
};
/* Sets paid_to and awards of each benefit. */
enum status takeup_received(struct arena *arena, const struct takeup_request *request,
                            const struct people *people, struct takeup_benefit *benefits,
                            struct received *out, struct error *err) MUST_USE;

/* Of a place (0: of all), the newest first. */
enum status takeup_runs_of(struct store *store, struct arena *arena, int64_t place,
                           struct takeup_run **out, int *count, struct error *err) MUST_USE;

/* Whose awards, claims and payments say that a unit gets something: members who are attested, and
 * who lives with them. Of somebody whom they alone name as theirs they learn nothing, not even by a
 * letter that is not written (register/benefit_unit.h). */
void takeup_people_of(struct arena *arena, const struct benefit_unit *unit, int64_t **out,
                      int *count);

#endif
