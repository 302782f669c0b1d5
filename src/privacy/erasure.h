/* Erasure: details go, money stays.
 *
 * Of each line only its 32-byte hash is kept, so that every root still can be made and every head
 * still verifies; the amounts become one sum an (entry, category, place on its day, body) in that
 * place's `erased` account, numbered past the entry's count and outside its root; what passes 64
 * bits begins another. With the account's secret gone no hash can be tied to a line again. Lines
 * that were undone before leave a sum of their own, which counts as undone. The person's name,
 * numbers, homes and the log of who looked at them are deleted; of rows that imports refused and in
 * which one of their numbers stands only import, line and column stay. Totals stay to the penny.
 *
 *     status = erasure_again(store, path, &result, &err);
 *     ...result.people, result.held[0 .. result.held_count - 1]...
 *     erasure_result_free(&result);
 *
 * That the bytes are gone from the store's files too is rewrite.h's.
 */
#ifndef WEAL_PRIVACY_ERASURE_H
#define WEAL_PRIVACY_ERASURE_H

#include "base/arena.h"
#include "base/day.h"
#include "base/progress.h"
#include "pack/pack.h"
#include "store/store.h"

struct erasure_result {
  int64_t people, lines, sums;
  /* retention, erasure_again: the records that a legal hold keeps, left as they are, each once.
   * Freed by erasure_result_free. */
  int64_t *held;
  int held_count, held_capacity;
};

/* The person, with the records that were merged into them; in one transaction. Waits for an import
 * that is under way, for readers of the whole book, and for whoever is writing. REFUSED: no reason;
 * unknown; erased before; under a legal hold (register/legal_holds.h). */
enum status erasure_person(struct store *store, int64_t person, const char *who, const char *reason,
                           struct erasure_result *result, struct error *err) MUST_USE;

/* The numbers of everybody who was erased, one a line with when, who, why and the digest of their
 * id (register/erased_ids.h), as CSV: kept apart from backups, and given to erasure_again after one
 * is restored. That keeps the digests of those whom the backup does not have, too. */
enum status erasure_list(struct store *store, struct text *out, struct error *err) MUST_USE;
enum status erasure_again(struct store *store, const char *path, struct erasure_result *result,
                          struct error *err) MUST_USE;

/* Lines whose category's retention (policy pack, retention.csv) ended before `on` lose their
 * details in the same way, but for those of people under a legal hold. A block of people a
 * transaction. */
enum status erasure_retention(struct store *store, const struct pack *pack, day_t on,
                              enum progress_mode progress, struct erasure_result *result,
                              struct error *err) MUST_USE;

/* Also after a call that failed: the calls above begin with an empty result. */
void erasure_result_free(struct erasure_result *result);

#endif
