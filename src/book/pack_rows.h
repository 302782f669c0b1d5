/* The policy pack's rows, put into a store: units, roles of accounts, categories, services, unit
 * costs, rates.
 *
 * Codes that the store has keep their ids and the values that a place imported over them; missing
 * codes are added. So it may be run again when a pack has grown.
 */
#ifndef WEAL_BOOK_PACK_ROWS_H
#define WEAL_BOOK_PACK_ROWS_H

#include "pack/pack.h"
#include "store/store.h"

/* In the caller's write transaction. REFUSED when the store has a category of the same code in
 * another unit, a unit of another kind or scale, or a role for another use: posted amounts would
 * change their meaning. How a unit is shown, and whether a role counts in a statement, is taken
 * from the pack. */
enum status book_sync_pack(struct store *store, const struct pack *pack,
                           struct error *err) MUST_USE;
/* Whether a row of the pack is missing in the store, or a unit, a role or the unit of a category
 * differs: then book_sync_pack corrects it, or says why it cannot. */
enum status book_pack_differs(struct store *store, const struct pack *pack, bool *differs,
                              struct error *err) MUST_USE;

#endif
