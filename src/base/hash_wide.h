/* Sixteen SHA-256 at once. Private to hash.c. */
#ifndef WEAL_BASE_HASH_WIDE_H
#define WEAL_BASE_HASH_WIDE_H

#include "base/hash.h"

#include <stdbool.h>

/* Sixteen lanes take as long as eight messages in pairs do. */
enum { HASH_WIDE_LEAST = 9 };

/* Whether processor and system have the instructions. */
bool hash_wide_possible(void);
/* Call it only where hash_wide_possible(). For messages of about the same length: the longest keeps
 * the other lanes waiting at the end. */
void hash_wide_many(const struct span *messages, size_t count, struct digest *out);

#endif
