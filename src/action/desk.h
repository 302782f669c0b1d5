/* The handlers of all kinds of case (case/case.h), and the desk that verbs, pages and programs give
 * to its functions. */
#ifndef WEAL_ACTION_DESK_H
#define WEAL_ACTION_DESK_H

#include "book/record.h"
#include "case/case.h"
#include "statement/reference_data.h"

extern const struct case_handler *const case_handlers[]; /* ended by null */

/* What the handlers share. `record` comes first: handlers of floors below read only that. */
struct desk_terms {
  struct record_terms record;
  const struct reference_data *reference_data; /* null: nothing that reads it is approved here */
  const struct rules *rules;                   /* of the pack, read before; null: they were not */
  bool runs; /* what is approved is run by the caller, after its transaction (second.h) */
};

/* The desk of a call; `terms` must outlive it. */
struct case_desk action_desk(const struct desk_terms *terms, day_t today);
/* What the pack by itself cannot say of its kinds: their roles and handlers are those of this
 * program. REFUSED at the row of kinds.csv. */
enum status action_check_kinds(const struct pack *pack, struct error *err) MUST_USE;

/* What time alone does to cases: those that are late escalate, offers of help and what waits for a
 * second person run out. *count: how many escalated. In the caller's write transaction; any number
 * may call it at once. */
enum status action_cases_by_time(struct store *store, struct arena *arena, const struct pack *pack,
                                 day_t today, int64_t *count, struct error *err) MUST_USE;

#endif
