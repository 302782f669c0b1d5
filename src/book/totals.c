#include "book/totals.h"

#include "base/money.h"

static size_t slot_of(const struct totals *t, uint64_t high, uint64_t low) {
  uint64_t h = (high ^ low * UINT64_C(0x9E3779B97F4A7C15)) * UINT64_C(0xD6E8FEB86659FD93);
  size_t mask = t->capacity - 1, at = (size_t)(h >> 32) & mask;
  while (t->all[at].high && (t->all[at].high != high || t->all[at].low != low))
    at = (at + 1) & mask;
  return at;
}

static void grow(struct totals *t) {
  struct totals old = *t;
  t->capacity = old.capacity ? old.capacity * 2 : 256;
  t->all = memory_zeroed(t->capacity, sizeof *t->all);
  for (size_t i = 0; i < old.capacity; i++)
    if (old.all[i].high) t->all[slot_of(t, old.all[i].high, old.all[i].low)] = old.all[i];
  free(old.all);
}

bool totals_add(struct totals *t, uint64_t high, uint64_t low, int64_t amount, int64_t rows) {
  if (t->count * 2 >= t->capacity) grow(t);
  struct total *total = &t->all[slot_of(t, high, low)];
  if (!total->high) {
    *total = (struct total){.high = high, .low = low};
    t->count++;
  }
  total->rows += rows;
  return money_add(total->sum, amount, &total->sum);
}

bool totals_merge(struct totals *into, const struct totals *from) {
  for (size_t i = 0; i < from->capacity; i++) {
    const struct total *t = &from->all[i];
    if (t->high && !totals_add(into, t->high, t->low, t->sum, t->rows)) return false;
  }
  return true;
}

void totals_release(struct totals *t) {
  free(t->all);
  *t = (struct totals){0};
}
