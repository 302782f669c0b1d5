/* Legal holds: nothing of a person's record is erased while one stands, by an erasure or by
 * retention.
 *
 * A hold lies on one record. Of a person with several records (merged into one another) a hold on
 * any of them holds all of them. It is placed and ended by somebody, with a reason, and both stay:
 * a hold that ended is a row still. Several may stand at once, each for a reason of its own.
 * Placing and ending leave a row each among the looks at the record, which names the hold and not
 * its reason: the person reads that page.
 *
 *     status = store_begin(store, STORE_WRITE, &err);
 *     status = legal_hold_place(store, person, who, "claim 12 of 2026", &id, &err);
 *     status = store_commit(store, &err);
 *
 * The functions that write run inside a write transaction of the caller's. Erasure asks inside its
 * own, alone among writers: so a hold stands before it, or finds nobody.
 */
#ifndef WEAL_REGISTER_LEGAL_HOLDS_H
#define WEAL_REGISTER_LEGAL_HOLDS_H

#include "base/arena.h"
#include "store/store.h"

struct legal_hold {
  int64_t party, id;       /* the record; the hold's number, of the whole book */
  const char *code, *name; /* of the record; null: none */
  const char *reason, *placed_by, *placed_at;
  const char *ended_by, *ended_at, *end_reason; /* null: it stands */
};

/* REFUSED: no reason, or one of more than LIMIT_HOLD_REASON_BYTES; nobody of that number. */
enum status legal_hold_place(struct store *store, int64_t person, const char *who,
                             const char *reason, int64_t *id, struct error *err) MUST_USE;
/* Of any record of the person. *id 0: the one that stands; its number is put there. REFUSED: none
 * does, or several and no number; not one of this person's; no reason. */
enum status legal_hold_end(struct store *store, struct arena *arena, int64_t person, int64_t *id,
                           const char *who, const char *reason, struct error *err) MUST_USE;

/* All, also those that ended, in order of number; of a person's records, or of everybody (person
 * 0). */
enum status legal_holds_list(struct store *store, struct arena *arena, int64_t person,
                             struct legal_hold **out, int *count, struct error *err) MUST_USE;
/* The records on which one stands. */
enum status legal_holds_standing(struct store *store, struct arena *arena, int64_t **parties,
                                 int *count, struct error *err) MUST_USE;

/* REFUSED when one stands on any of these records: who placed it, when, why, and how it is
 * ended. */
enum status legal_holds_refuse(struct store *store, struct arena *arena, const int64_t *records,
                               int count, struct error *err) MUST_USE;
/* Whether one stands on any record of the person. */
enum status legal_holds_keep(struct store *store, struct arena *arena, int64_t person, bool *held,
                             struct error *err) MUST_USE;
/* Of an erased record the holds that ended stay, with who and when; their reasons, which may name
 * the person, go. */
enum status legal_holds_forget(struct store *store, int64_t person, struct error *err) MUST_USE;

#endif
