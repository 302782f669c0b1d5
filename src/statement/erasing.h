/* What erasure.c and rewrite.c share. */
#ifndef WEAL_STATEMENT_ERASING_H
#define WEAL_STATEMENT_ERASING_H

#include "store/store.h"

/* Alone: no import is under way, and nobody reads the whole book on several connections. */
enum status erasing_lock(struct store *store, struct error *err) MUST_USE;
void erasing_unlock(struct store *store);

/* The setting that holds when the first erasure since the last rewriting was, in seconds since 1970. */
#define ERASED_SINCE "erased_since"

#endif
