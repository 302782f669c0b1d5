/* Recognises the ids of erased people, so that an id is not given a second time. An erasure keeps a
 * digest of each record's id: SHA-256 over the book's own key (setting `erased`, drawn when the
 * book was made or upgraded), a colon and the id. So no table has the id in clear, and the digest
 * alone, in a list taken out of the book, says nothing. With the whole book one can still ask
 * whether an id was erased: that is its purpose. Other numbers (National Insurance, NHS) leave
 * nothing: the person may lawfully be registered again, under a new id. Erasures by older programs
 * have no digest.
 *
 *     status = erased_ids_read(store, arena, &ids, &err);
 *     if (erased_ids_find(ids, code, day)) ...                refuse: erased on `day`
 */
#ifndef WEAL_REGISTER_ERASED_IDS_H
#define WEAL_REGISTER_ERASED_IDS_H

#include "base/arena.h"
#include "base/hash.h"
#include "store/store.h"

/* All digests, in the arena; read-only, so any number of threads may use them. */
struct erased_ids;
enum status erased_ids_read(struct store *store, struct arena *arena, const struct erased_ids **out,
                            struct error *err) MUST_USE;
/* Whether a person with this id was erased, and on which day. In a book without erasures nothing is
 * hashed. */
enum { ERASED_DAY_SIZE = 11 };
bool erased_ids_find(const struct erased_ids *ids, struct span code, char day[ERASED_DAY_SIZE]);

/* What an erasure keeps of an id. */
enum status erased_id_digest(struct store *store, struct span code, struct digest *out,
                             struct error *err) MUST_USE;

/* ---- who was erased ---- */

struct erasure_record {
  int64_t party; /* negated: of somebody whom a list named and this book did not have */
  struct span at, who, reason;
  struct span id_digest; /* null bytes: of an id that is not known */
};
/* Keeps the first of two of one party. */
enum status erased_ids_keep(struct store *store, const struct erasure_record *record,
                            struct error *err) MUST_USE;
enum status erased_ids_has(struct store *store, int64_t party, bool *erased,
                           struct error *err) MUST_USE;
/* In order of party; borrowed until the next one. query_end is the caller's. */
enum status erased_ids_open(struct store *store, struct query **out, struct error *err) MUST_USE;
enum status erased_ids_next(struct query *q, struct erasure_record *out, bool *some,
                            struct error *err) MUST_USE;

#endif
