/* Rewriting: the store's files no longer hold the bytes of what was erased.
 *
 * An erasure deletes rows. SQLite overwrites them (secure_delete), but copies of a row that an
 * earlier change of the same page left behind are no rows any more. PostgreSQL keeps a deleted row
 * in its place until something is written over it. A rewriting makes the tables that an erasure
 * touches anew and lets go of the old files.
 *
 *     status = erasure_person(store, person, who, reason, &erased, &err);
 *     status = erasure_rewrite(store, NULL, &rewritten, &err);
 *
 * What it cannot reach is the keeper's to see to (docs/how-to/erase-a-person.md): the write-ahead
 * log until it is recycled, its archive, replicas that lag, backups, and blocks of the disk that
 * files once lay in.
 */
#ifndef WEAL_PRIVACY_REWRITE_H
#define WEAL_PRIVACY_REWRITE_H

#include "store/store.h"

#include <stdatomic.h>

struct rewrite_result {
  int64_t tables; /* 0: the whole file (SQLite) */
  int64_t before_bytes, after_bytes;
  int64_t replicas; /* that follow this server now */
  /* PostgreSQL keeps samples of columns (pg_statistic), which only the owner of the database may
   * rewrite */
  bool samples_left;
};

/* Alone: no import, no reader of the whole book; pages and postings wait while their table is
 * rewritten, on SQLite writers while the file is. FAILED: somebody else's transaction is older than
 * the erasure and does not end within a minute; nothing is lost, and it can be done again.
 *
 * `stop`, or null: looked at while it waits and between tables; FAILED soon after another thread
 * makes it true. A table (SQLite: the file) that is being written then is written first. On
 * PostgreSQL the connection waits five seconds for a table from then on: give it one of its own. */
enum status erasure_rewrite(struct store *store, const atomic_bool *stop,
                            struct rewrite_result *result, struct error *err) MUST_USE;

/* Since when something that was erased has not been rewritten, as seconds since 1970; 0: nothing is
 * left. */
enum status erasure_unwritten_since(struct store *store, int64_t *since,
                                    struct error *err) MUST_USE;

#endif
