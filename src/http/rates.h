/* How much one sender asked in this minute: forms, and pages that take long to make. A sender is a
 * session, or an address that is signed out. */
#ifndef WEAL_HTTP_RATES_H
#define WEAL_HTTP_RATES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct rates;

struct rates *rates_new(void);
void rates_free(struct rates *r); /* takes null */
/* Counts one more; false when this makes more than `most` in the minute of `now` (seconds). */
bool rates_allow(struct rates *r, const void *who, size_t size, int64_t most, int64_t now);
/* The same for what counts as several. */
bool rates_allow_many(struct rates *r, const void *who, size_t size, int count, int64_t most,
                      int64_t now);

#endif
