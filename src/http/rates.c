/* A table of fixed size: a client that floods it with addresses only pushes out counts of old
 * minutes, and takes no more memory. */
#include "http/rates.h"

#include "base/arena.h"

#include <pthread.h>
#include <sodium.h>
#include <stdlib.h>

enum { RATES_SLOTS = 1 << 14, RATES_WAYS = 8 };

struct rate_slot {
  uint64_t who;
  int64_t minute, count;
};

struct rates {
  pthread_mutex_t lock;
  /* random, so that nobody can choose addresses that share a slot */
  unsigned char key[crypto_shorthash_KEYBYTES];
  struct rate_slot slots[RATES_SLOTS];
};

struct rates *rates_new(void) {
  struct rates *r = memory_zeroed(1, sizeof *r);
  pthread_mutex_init(&r->lock, NULL);
  crypto_shorthash_keygen(r->key);
  return r;
}

void rates_free(struct rates *r) {
  if (!r) return;
  pthread_mutex_destroy(&r->lock);
  free(r);
}

bool rates_allow(struct rates *r, const void *who, size_t size, int64_t most, int64_t now) {
  return rates_allow_many(r, who, size, 1, most, now);
}

bool rates_allow_many(struct rates *r, const void *who, size_t size, int count, int64_t most,
                      int64_t now) {
  uint64_t hash;
  _Static_assert(sizeof hash == crypto_shorthash_BYTES, "a hash of 64 bits");
  crypto_shorthash((unsigned char *)&hash, who, size, r->key);
  int64_t minute = now / 60;
  pthread_mutex_lock(&r->lock);
  struct rate_slot *base = &r->slots[hash % (RATES_SLOTS / RATES_WAYS) * RATES_WAYS], *take = base;
  for (int i = 0; i < RATES_WAYS; i++) {
    if (base[i].who == hash) {
      take = &base[i];
      break;
    }
    if (base[i].minute < take->minute ||
        (base[i].minute == take->minute && base[i].count < take->count))
      take = &base[i];
  }
  if (take->who != hash || take->minute != minute)
    *take = (struct rate_slot){.who = hash, .minute = minute};
  take->count += count;
  bool allowed = take->count <= most;
  pthread_mutex_unlock(&r->lock);
  return allowed;
}
