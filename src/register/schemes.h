/* Schemes of identifiers that a place has of its own, beside those of the program: a library card,
 * a council tax account. A scheme is a row of the policy pack's schemes.csv, which the book takes
 * up; its values belong to one person each, and a person has one of each scheme.
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

/* In the order in which the pack has them; all in the arena. */
enum status schemes_read(struct store *store, struct arena *arena, struct schemes *out,
                         struct error *err) MUST_USE;
/* What the book lacks of the pack's, or keeps otherwise, in the caller's write transaction. A
 * scheme that the pack has no more stays. */
enum status schemes_sync(struct store *store, const struct pack *pack, struct error *err) MUST_USE;
enum status schemes_differ(struct store *store, const struct pack *pack, bool *differ,
                           struct error *err) MUST_USE;

#endif
