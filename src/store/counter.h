/* Ids of the tables that have a row in `counter` (schema/), each its own numbers from 1. */
#ifndef WEAL_STORE_COUNTER_H
#define WEAL_STORE_COUNTER_H

#include "store/store.h"

/* The next id. Call it inside a write transaction; other writers wait for the row until its end.
 * `name`: the table's name. */
enum status counter_next(struct store *store, const char *name, int64_t *id,
                         struct error *err) MUST_USE;
/* `count` of them at once, *first and those after it. */
enum status counter_take(struct store *store, const char *name, int64_t count, int64_t *first,
                         struct error *err) MUST_USE;
/* The last id that was given out. */
enum status counter_last(struct store *store, const char *name, int64_t *id,
                         struct error *err) MUST_USE;

#endif
