/* Rewriting removes the bytes of erased rows from the store's files. An erasure deletes rows.
 * SQLite overwrites them (secure_delete), but an earlier change of the same page may have left
 * copies that are not rows any more. PostgreSQL keeps a deleted row in its place until something is
 * written over it. A rewriting writes the tables that an erasure touches anew and deletes the old
 * files.
 *
 *     status = erasure_person(store, person, who, reason, &erased, &err);
 *     status = erasure_rewrite(store, NULL, &rewritten, &err);
 *
 * The administrator must take care of what it cannot reach (docs/how-to/erase-a-person.md): the
 * write-ahead log until it is recycled, its archive, replicas that lag, backups, and disk blocks of
 * deleted files.
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

/* Runs without any import or reader of the whole book; pages and postings wait while their table is
 * rewritten (SQLite: writers wait while the file is). FAILED: another transaction is older than the
 * erasure and does not end within a minute; nothing is lost, so try again. `stop` (may be null) is
 * checked while it waits and between tables: FAILED soon after another thread makes it true, when
 * the current table (SQLite: the file) is finished. On PostgreSQL this connection then waits at
 * most five seconds for any table: give the call a connection of its own. */
enum status erasure_rewrite(struct store *store, const atomic_bool *stop,
                            struct rewrite_result *result, struct error *err) MUST_USE;

/* The time of the first erasure that has not been rewritten, in seconds since 1970; 0: none. */
enum status erasure_unwritten_since(struct store *store, int64_t *since,
                                    struct error *err) MUST_USE;

#endif
