/* Erasure deletes the details and keeps the totals to the penny. Only the 32-byte hash of each line
 * is kept, so that every root can still be computed and every head still verifies. The amounts
 * become one sum for each (entry, category, place on its day, body) in that place's `erased`
 * account, with a line number past the entry's count and outside its root; a sum that would pass 64
 * bits begins another. Since the account's secret is deleted, no hash can be tied to a line again.
 * Lines that were undone before make a sum of their own, which counts as undone. The person's name,
 * numbers, residences and access log are deleted. Of rows that imports refused and that contain one
 * of their numbers, only import, line and column stay.
 *
 *     status = erasure_again(store, path, &result, &err);
 *     ...result.people, result.held[0 .. result.held_count - 1]...
 *     erasure_result_free(&result);
 *
 * rewrite.h removes the bytes from the store's files too.
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
  /* retention, erasure_again: the records under a legal hold, which were not erased, each once.
   * Freed by erasure_result_free. */
  int64_t *held;
  int held_count, held_capacity;
};

/* Erases the person, with the records that were merged into them, in one transaction. Waits for an
 * import that is under way, for readers of the whole book, and for open write transactions.
 * REFUSED: no reason; unknown; erased before; under a legal hold (register/legal_holds.h). */
enum status erasure_person(struct store *store, int64_t person, const char *who, const char *reason,
                           struct erasure_result *result, struct error *err) MUST_USE;

/* Writes the party numbers of everybody who was erased, as CSV: a line each with when, by whom, why
 * and the digest of the id (register/erased_ids.h). Keep it apart from backups; after a backup is
 * restored, give it to erasure_again, which also keeps the digests of people whom the backup does
 * not have. */
enum status erasure_list(struct store *store, struct text *out, struct error *err) MUST_USE;
enum status erasure_again(struct store *store, const char *path, struct erasure_result *result,
                          struct error *err) MUST_USE;

/* Lines whose category's retention (policy pack, retention.csv) ended before `on` lose their
 * details in the same way, except lines of people under a legal hold. One transaction for each
 * block of people. */
enum status erasure_retention(struct store *store, const struct pack *pack, day_t on,
                              enum progress_mode progress, struct erasure_result *result,
                              struct error *err) MUST_USE;

/* Call it also after a failure: the calls above begin with an empty result. */
void erasure_result_free(struct erasure_result *result);

#endif
