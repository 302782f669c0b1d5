/* How many forms one sender sent in this minute. A sender is a session, or an address that is
 * signed out. */
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

#endif
