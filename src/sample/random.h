/* Numbers that look random and are the same everywhere for a seed: xoshiro256** seeded by
 * splitmix64 (Blackman and Vigna, public domain). */
#ifndef WEAL_SAMPLE_RANDOM_H
#define WEAL_SAMPLE_RANDOM_H

#include <stdint.h>

struct random {
  uint64_t state[4];
};

static inline uint64_t random_mix(uint64_t x) { /* splitmix64's finaliser */
  x += 0x9e3779b97f4a7c15u;
  x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9u;
  x = (x ^ (x >> 27)) * 0x94d049bb133111ebu;
  return x ^ (x >> 31);
}

static inline void random_seed(struct random *r, uint64_t seed) {
  for (int i = 0; i < 4; i++) {
    r->state[i] = random_mix(seed);
    seed += 0x9e3779b97f4a7c15u;
  }
}

static inline uint64_t random_next(struct random *r) {
  uint64_t *s = r->state, product = s[1] * 5, result = ((product << 7) | (product >> 57)) * 9,
           t = s[1] << 17;
  s[2] ^= s[0];
  s[3] ^= s[1];
  s[1] ^= s[2];
  s[0] ^= s[3];
  s[2] ^= t;
  s[3] = (s[3] << 45) | (s[3] >> 19);
  return result;
}

/* In [0, 1), 53 bits: exact in any IEEE double. */
static inline double random_unit(struct random *r) {
  return (double)(random_next(r) >> 11) * 0x1p-53;
}

/* From 0 to below - 1; below > 0. The bias of the multiplication is below 2^-32 for the sizes used
 * here. */
static inline int random_below(struct random *r, int below) {
  return (int)(((random_next(r) >> 32) * (uint64_t)below) >> 32);
}

static inline int random_between(struct random *r, int low, int high) {
  return low + random_below(r, high - low + 1);
}

/* A number in [0, 1) that depends only on (seed, what, who), not on the order of drawing: a
 * person's lasting place in a queue. */
static inline double random_of(uint64_t seed, uint64_t what, uint64_t who) {
  return (double)(random_mix(random_mix(seed ^ (what * 0xd1342543de82ef95u)) ^ who) >> 11) *
         0x1p-53;
}

#endif
