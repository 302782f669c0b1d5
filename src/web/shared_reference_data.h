/* The reference data that every view needs (statement/reference_data.h), shared and counted: a
 * caller that takes them keeps them unchanged until it gives them back, while a thread of its own
 * reads newer ones. The same thread tells the cache when the book's log has grown.
 */
#ifndef WEAL_WEB_SHARED_REFERENCE_DATA_H
#define WEAL_WEB_SHARED_REFERENCE_DATA_H

#include "http/cache.h"
#include "http/readers.h"
#include "statement/reference_data.h"

struct shared_reference_data;

/* Reads them for the first time. `cache` may be null. */
enum status shared_reference_data_start(struct shared_reference_data **out, struct readers *readers,
                                        const struct pack *pack, struct cache *cache,
                                        struct error *err) MUST_USE;
const struct reference_data *shared_reference_data_take(struct shared_reference_data *s);
void shared_reference_data_give(struct shared_reference_data *s,
                                const struct reference_data *reference_data);
/* Call it after a write that changes them: the thread checks at once instead of within two seconds.
 * Does not wait. */
void shared_reference_data_look(struct shared_reference_data *s);
/* The same after pages show another edition of the public account: those of the cache are old. */
void shared_reference_data_edition(struct shared_reference_data *s, int64_t edition);
/* takes null; all must have been given back */
void shared_reference_data_stop(struct shared_reference_data *s);

#endif
