/* Two SHA-256 at once. Private to hash.c. */
#ifndef WEAL_BASE_HASH_PAIR_H
#define WEAL_BASE_HASH_PAIR_H

#include "base/hash.h"

#include <stdbool.h>

/* Whether this processor has the instructions. */
bool hash_pair_possible(void);
/* Call it only where hash_pair_possible(). */
void hash_pair_many(const struct span *messages, size_t count, struct digest *out);

/* of every round of SHA-256; only where the processor is an x86-64 */
extern const uint32_t hash_constants[64];

#endif
