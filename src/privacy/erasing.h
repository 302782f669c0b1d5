/* What erasure.c and rewrite.c share. */
#ifndef WEAL_PRIVACY_ERASING_H
#define WEAL_PRIVACY_ERASING_H

#include "base/arena.h"
#include "base/day.h"
#include "book/imports.h"
#include "store/store.h"

#include <stdatomic.h>

/* Takes the lock alone: no import is under way, and nobody reads the whole book on several
 * connections. Waits for them; FAILED once *stop is true. stop null: it waits without a limit. */
enum status erasing_lock(struct store *store, const atomic_bool *stop, struct error *err) MUST_USE;
void erasing_unlock(struct store *store);

/* FAILED, with the message of a stopped call. */
enum status erasing_stopped(struct error *err);

/* ---- noted ---- */

/* The setting with the time of the first erasure since the last rewriting, in seconds since
 * 1970. */
#define ERASED_SINCE "erased_since"

/* ---- rows of the declared columns (privacy/personal.h) ---- */

#define MOMENT_LAST "9999-12-31" /* after every moment */

/* A time in which the person's roles were the same: from a day up to, and without, another. */
struct erasing_role {
  char from[11], before[11];
  const char *who; /* what the reference becomes (WHO_ERASED of register/access_log.h) */
};
struct erasing_roles {
  struct erasing_role *all;
  int count;
};
/* Of all records of one person; read it before any of them is erased. */
enum status erasing_roles_of(struct store *store, struct arena *arena, const int64_t *records,
                             int record_count, struct erasing_roles *out,
                             struct error *err) MUST_USE;
/* Erases one record from every table but the ledger. `code`: of the record; empty: it has none. */
enum status erasing_walk(struct store *store, struct arena *arena, int64_t party, const char *code,
                         const struct erasing_roles *roles, struct error *err) MUST_USE;

/* ---- words in which a person is named ---- */

/* Rows that imports refused and that have one of the record's numbers in the value or the reason,
 * in the arena; none leaves *out as it was. */
struct refused_row {
  struct reject_record reject;
  struct refused_row *next;
};
enum status erasing_refused_rows(struct store *store, struct arena *arena, int64_t party,
                                 struct refused_row **out, struct error *err) MUST_USE;
/* Empties the value and the reason of them. Import and line number stay: by them the same file,
 * imported again, leaves out the same rows. */
enum status erasing_forget_refused(struct store *store, struct arena *arena, int64_t party,
                                   struct error *err) MUST_USE;
/* Empties the reasons of entries that name the person, by their name or one of their numbers.
 * Reasons of an entry that has one line only went with the line (book/erase.h). */
enum status erasing_forget_memos(struct store *store, struct arena *arena, int64_t party,
                                 const char *name, struct error *err) MUST_USE;

#endif
