/* What erasure.c and rewrite.c share. */
#ifndef WEAL_PRIVACY_ERASING_H
#define WEAL_PRIVACY_ERASING_H

#include "base/arena.h"
#include "store/store.h"

#include <stdatomic.h>

/* Takes the lock alone: no import is under way, and nobody reads the whole book on several
 * connections. Waits for them; FAILED once *stop is true. stop null: it waits without a limit. */
enum status erasing_lock(struct store *store, const atomic_bool *stop, struct error *err) MUST_USE;
void erasing_unlock(struct store *store);

/* FAILED, with the message of a stopped call. */
enum status erasing_stopped(struct error *err);

/* The setting with the time of the first erasure since the last rewriting, in seconds since
 * 1970. */
#define ERASED_SINCE "erased_since"

/* Finds rows that imports refused and that have one of the person's numbers in the value or the
 * reason, and empties both. Import and line number stay: by them the same file, imported again,
 * leaves out the same rows. */
enum status erasing_forget_refused(struct store *store, struct arena *arena, int64_t party,
                                   struct error *err) MUST_USE;

#endif
