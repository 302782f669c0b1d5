/* The whole table `alias`: mergers are few. Private to the register. */
#ifndef WEAL_REGISTER_MERGES_H
#define WEAL_REGISTER_MERGES_H

#include "base/arena.h"
#include "store/store.h"

struct merge {
  int64_t merged, survivor;
};
struct merges {
  struct merge *all;
  int count; /* in order of the merged record */
};

enum status merges_read(struct store *store, struct arena *arena, struct merges *out,
                        struct error *err) MUST_USE;
/* The survivor at the end of the chain; the id itself if it was not merged. */
int64_t merges_survivor(const struct merges *merges, int64_t id);
/* All records whose chain goes through this survivor, sorted; null and 0 when there are none. */
void merges_merged(const struct merges *merges, struct arena *arena, int64_t survivor,
                   int64_t **out, int *count);

/* The same for one record without reading all: its survivor (0: none), and the records that were
 * merged into it. */
enum status merges_of_one(struct store *store, struct arena *arena, int64_t id, int64_t *survivor,
                          int64_t **merged, int *merged_count, struct error *err) MUST_USE;

#endif
