/* Legal holds: while a hold is in force, neither an erasure nor retention erases anything of the
 * person's record. A hold is on one record; if a person has several records (merged into one
 * another), a hold on any of them covers all. Somebody places it and somebody ends it, each with a
 * reason; the row is kept after the end. Several holds may be in force at once, each for its own
 * reason. Placing and ending are each noted in the access log, with the hold's number and without
 * its reason, since the person reads that page.
 *
 *     status = store_begin(store, STORE_WRITE, &err);
 *     status = legal_hold_place(store, person, who, "claim 12 of 2026", &id, &err);
 *     status = store_commit(store, &err);
 *
 * Functions that write run inside the caller's write transaction. An erasure checks for holds
 * inside its own transaction, with other writers kept out: so a hold is placed either before it, or
 * after it and then finds no person.
 */
#ifndef WEAL_REGISTER_LEGAL_HOLDS_H
#define WEAL_REGISTER_LEGAL_HOLDS_H

#include "base/arena.h"
#include "store/store.h"

struct legal_hold {
  int64_t party, id;       /* the record; the hold's number, unique in the book */
  const char *code, *name; /* of the record; null: none */
  const char *reason, *placed_by, *placed_at;
  const char *ended_by, *ended_at, *end_reason; /* null: it is in force (end_reason: or erased) */
};

/* REFUSED: no reason, or one of more than LIMIT_HOLD_REASON_BYTES; no such person. */
struct access_reader;
enum status legal_hold_place(struct store *store, int64_t person, const struct access_reader *by,
                             const char *reason, int64_t *id, struct error *err) MUST_USE;
/* Ends a hold on any record of the person. *id 0: the one that is in force; its number is put
 * there. REFUSED: none is in force, or several are and no number is given; not a hold of this
 * person; no reason. */
enum status legal_hold_end(struct store *store, struct arena *arena, int64_t person, int64_t *id,
                           const struct access_reader *by, const char *reason,
                           struct error *err) MUST_USE;

/* All holds, including ended ones, in order of number; of a person's records, or of everybody
 * (person 0). */
enum status legal_holds_list(struct store *store, struct arena *arena, int64_t person,
                             struct legal_hold **out, int *count, struct error *err) MUST_USE;
/* The records with a hold in force. */
enum status legal_holds_standing(struct store *store, struct arena *arena, int64_t **parties,
                                 int *count, struct error *err) MUST_USE;

/* REFUSED when a hold is in force on any of these records; the message says who placed it, when,
 * why, and how to end it. */
enum status legal_holds_refuse(struct store *store, struct arena *arena, const int64_t *records,
                               int count, struct error *err) MUST_USE;
/* Whether a hold is in force on any record of the person. */
enum status legal_holds_keep(struct store *store, struct arena *arena, int64_t person, bool *held,
                             struct error *err) MUST_USE;

#endif
