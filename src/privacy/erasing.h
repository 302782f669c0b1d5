/* What erasure.c and rewrite.c share. */
#ifndef WEAL_PRIVACY_ERASING_H
#define WEAL_PRIVACY_ERASING_H

#include "base/arena.h"
#include "store/store.h"

#include <stdatomic.h>

/* Alone: no import is under way, and nobody reads the whole book on several connections. Waits for
 * them; FAILED once *stop is true. stop null: it waits as long as they take. */
enum status erasing_lock(struct store *store, const atomic_bool *stop, struct error *err) MUST_USE;
void erasing_unlock(struct store *store);

/* FAILED, with what the one who is told to stop says. */
enum status erasing_stopped(struct error *err);

/* The setting that holds when the first erasure since the last rewriting was, in seconds since
 * 1970. */
#define ERASED_SINCE "erased_since"

/* Rows that imports refused in which one of the person's numbers stands, as the value or in the
 * reason: both are emptied. Import and line stay, since by them a file that comes in again leaves
 * out what it left out before. */
enum status erasing_forget_refused(struct store *store, struct arena *arena, int64_t party,
                                   struct error *err) MUST_USE;

#endif
