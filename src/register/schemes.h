/* A place's own schemes of identifiers, besides those of the program: a library card, a council tax
 * account. A scheme is a row of the policy pack's schemes.csv, which is copied into the book; each
 * of its values belongs to one person, and a person has at most one value of each scheme.
 *
 *     struct schemes own;
 *     schemes_read(store, arena, &own, &err);
 *     identifier_read(&own, span_of("library-card:2049 1734"), &identifier)
 */
#ifndef WEAL_REGISTER_SCHEMES_H
#define WEAL_REGISTER_SCHEMES_H

#include "pack/pack.h"
#include "register/identifier.h"
#include "store/store.h"

/* In the order in which the pack has them; all in the arena. At most LIMIT_SCHEMES: FAILED when the
 * table has more. */
enum status schemes_read(struct store *store, struct arena *arena, struct schemes *out,
                         struct error *err) MUST_USE;
/* Adds the pack's schemes that the book does not have and updates those that differ, in the
 * caller's write transaction, which holds the head. A scheme that the pack no longer has is kept;
 * where the book then has more than LIMIT_SCHEMES, those of them go that nobody has a number of.
 * REFUSED when there are too many still, or when a number that somebody has does not fit the form
 * or check digit that the pack has now: the caller rolls back. */
enum status schemes_sync(struct store *store, const struct pack *pack, struct error *err) MUST_USE;
enum status schemes_differ(struct store *store, const struct pack *pack, bool *differ,
                           struct error *err) MUST_USE;

#endif
