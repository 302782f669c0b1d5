/* The policy pack's rows, put into a store: categories, services, unit costs, rates.
 *
 * Codes that the store has keep their ids and what a place imported over them; what is missing is added. So it may be run again when a pack
 * has grown.
 */
#ifndef WEAL_BOOK_PACK_ROWS_H
#define WEAL_BOOK_PACK_ROWS_H

#include "pack/pack.h"
#include "store/store.h"

/* In the caller's write transaction. REFUSED when the store has a category of the same code in another unit. */
enum status book_sync_pack(struct store *store, const struct pack *pack, struct error *err) MUST_USE;

#endif
