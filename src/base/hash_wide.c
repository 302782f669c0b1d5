/* Sixteen SHA-256 at once (FIPS 180-4), a message in each lane of AVX-512's registers. Two messages
 * in flight already keep the processor's one unit for SHA-256 busy; these instructions have two
 * units: 25 ns a block of a leaf against 42 in pairs (Intel Xeon, all processors busy). */
#include "base/hash_wide.h"
#include "base/hash_pair.h"

#if defined(__x86_64__)

#include <assert.h>
#include <immintrin.h>

#define WITH_AVX512 __attribute__((target("avx512f,avx512bw")))

enum { LANES = 16, WORDS = 8 };

bool hash_wide_possible(void) {
  return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw");
}

/* A message being hashed, and the bytes that it gives to the next block. */
struct lane {
  const uint8_t *at;
  size_t left, blocks; /* bytes not yet taken; blocks still to come, the padding's among them */
  uint32_t bits;
  bool ended; /* the one bit after the last byte is written */
  struct digest *out;
};

/* The next block of all lanes: for each the bytes from `at`, a one bit after the last byte, and in
 * the last block the length in bits (section 5.1.1). */
struct sixteen {
  const uint8_t *at[LANES];
  __mmask64 bytes[LANES], one[LANES];
  uint32_t bits[LANES] __attribute__((aligned(64)));
  __mmask16 fresh; /* lanes for which this is the first block */
};

/* A word's bytes lie the other way round in memory. */
WITH_AVX512 static inline __m512i word_order(void) {
  return _mm512_broadcast_i32x4(_mm_set_epi64x(0x0c0d0e0f08090a0b, 0x0405060700010203));
}

/* Sixteen rows of sixteen words become columns. */
WITH_AVX512 static inline void transpose(__m512i r[16]) {
  __m512i t[16];
#pragma GCC unroll 8
  for (int i = 0; i < 16; i += 2) {
    t[i] = _mm512_unpacklo_epi32(r[i], r[i + 1]);
    t[i + 1] = _mm512_unpackhi_epi32(r[i], r[i + 1]);
  }
#pragma GCC unroll 4
  for (int i = 0; i < 16; i += 4) {
    r[i] = _mm512_unpacklo_epi64(t[i], t[i + 2]);
    r[i + 1] = _mm512_unpackhi_epi64(t[i], t[i + 2]);
    r[i + 2] = _mm512_unpacklo_epi64(t[i + 1], t[i + 3]);
    r[i + 3] = _mm512_unpackhi_epi64(t[i + 1], t[i + 3]);
  }
#pragma GCC unroll 4
  for (int i = 0; i < 4; i++) {
    t[i] = _mm512_shuffle_i32x4(r[i], r[i + 4], 0x88);
    t[i + 4] = _mm512_shuffle_i32x4(r[i], r[i + 4], 0xdd);
    t[i + 8] = _mm512_shuffle_i32x4(r[i + 8], r[i + 12], 0x88);
    t[i + 12] = _mm512_shuffle_i32x4(r[i + 8], r[i + 12], 0xdd);
  }
#pragma GCC unroll 4
  for (int i = 0; i < 4; i++) {
    r[i] = _mm512_shuffle_i32x4(t[i], t[i + 8], 0x88);
    r[i + 4] = _mm512_shuffle_i32x4(t[i + 4], t[i + 12], 0x88);
    r[i + 8] = _mm512_shuffle_i32x4(t[i], t[i + 8], 0xdd);
    r[i + 12] = _mm512_shuffle_i32x4(t[i + 4], t[i + 12], 0xdd);
  }
}

/* The functions of FIPS 180-4 section 4.1.2; a truth table each for the three-way ones. */
#define ADD(x, y) _mm512_add_epi32(x, y)
#define XOR3(x, y, z) _mm512_ternarylogic_epi32(x, y, z, 0x96)
#define CHOOSE(x, y, z) _mm512_ternarylogic_epi32(x, y, z, 0xca)
#define MAJORITY(x, y, z) _mm512_ternarylogic_epi32(x, y, z, 0xe8)
#define TURNED(x, i, j, k) \
  XOR3(_mm512_ror_epi32(x, i), _mm512_ror_epi32(x, j), _mm512_ror_epi32(x, k))
#define SHIFTED(x, i, j, k) \
  XOR3(_mm512_ror_epi32(x, i), _mm512_ror_epi32(x, j), _mm512_srli_epi32(x, k))

/* A block of each lane (section 6.2.2). */
WITH_AVX512 static void sixteen_blocks(__m512i state[WORDS], const struct sixteen *next) {
  /* section 5.3.3 */
  static const uint32_t first[WORDS] = {0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a,
                                        0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19};
  const __m512i order = word_order(), one = _mm512_set1_epi8((char)0x80);
  __m512i w[16], s[WORDS];
  for (int i = 0; i < LANES; i++) {
    __m512i block = _mm512_mask_blend_epi8(next->one[i],
                                           _mm512_maskz_loadu_epi8(next->bytes[i], next->at[i]),
                                           one);
    w[i] = _mm512_shuffle_epi8(block, order);
  }
  transpose(w);
  w[15] = _mm512_or_si512(w[15], _mm512_load_si512(next->bits));
  for (int i = 0; i < WORDS; i++)
    s[i] = _mm512_mask_mov_epi32(state[i], next->fresh, _mm512_set1_epi32((int)first[i]));
  __m512i a = s[0], b = s[1], c = s[2], d = s[3], e = s[4], f = s[5], g = s[6], h = s[7];
  for (int round = 0; round < 64; round += 16) {
#pragma GCC unroll 16
    for (int i = 0; i < 16; i++) {
      __m512i k = ADD(w[i], _mm512_set1_epi32((int)hash_constants[round + i]));
      __m512i t1 = ADD(ADD(h, k), ADD(TURNED(e, 6, 11, 25), CHOOSE(e, f, g)));
      __m512i t2 = ADD(TURNED(a, 2, 13, 22), MAJORITY(a, b, c));
      h = g, g = f, f = e, e = ADD(d, t1);
      d = c, c = b, b = a, a = ADD(t1, t2);
      if (round < 48)
        w[i] = ADD(ADD(w[i], w[(i + 9) & 15]),
                   ADD(SHIFTED(w[(i + 1) & 15], 7, 18, 3), SHIFTED(w[(i + 14) & 15], 17, 19, 10)));
    }
  }
  const __m512i made[WORDS] = {a, b, c, d, e, f, g, h};
  for (int i = 0; i < WORDS; i++) state[i] = ADD(s[i], made[i]);
}

WITH_AVX512 static void take_digests(const __m512i state[WORDS], const struct lane lanes[LANES],
                                     unsigned ended) {
  const __m512i order = word_order();
  __m512i rows[16];
  for (int i = 0; i < WORDS; i++) rows[i] = _mm512_shuffle_epi8(state[i], order);
  for (int i = WORDS; i < 16; i++) rows[i] = _mm512_setzero_si512();
  transpose(rows);
  for (int i = 0; i < LANES; i++)
    if (ended >> i & 1)
      _mm256_storeu_si256((__m256i *)lanes[i].out->bytes, _mm512_castsi512_si256(rows[i]));
}

static void lane_begin(struct lane *l, struct span message, struct digest *out) {
  assert(message.size <= UINT32_MAX / 8);
  *l = (struct lane){.at = (const uint8_t *)message.bytes,
                     .left = message.size,
                     .blocks = message.size / 64 + (message.size % 64 < 56 ? 1 : 2),
                     .bits = (uint32_t)message.size * 8,
                     .out = out};
}

static void lane_next(struct lane *l, int lane, struct sixteen *next) {
  size_t bytes = l->left < 64 ? l->left : 64;
  next->at[lane] = l->at;
  next->bytes[lane] = bytes == 64 ? UINT64_MAX : ((uint64_t)1 << bytes) - 1;
  next->one[lane] = bytes == 64 || l->ended ? 0 : (uint64_t)1 << bytes;
  l->ended = bytes < 64;
  l->at += bytes;
  l->left -= bytes;
  next->bits[lane] = --l->blocks ? 0 : l->bits;
}

/* When a message ends, the next takes its lane. A lane without a message hashes zeros that nobody
 * uses. */
WITH_AVX512 void hash_wide_many(const struct span *messages, size_t count, struct digest *out) {
  struct lane lanes[LANES];
  struct sixteen sixteen = {.fresh = 0};
  __m512i state[WORDS] = {_mm512_setzero_si512()};
  unsigned busy = 0, ended;
  for (size_t next = 0; next < count || busy;) {
    sixteen.fresh = 0;
    for (int i = 0; i < LANES; i++) {
      if (!(busy >> i & 1)) {
        sixteen.bytes[i] = sixteen.one[i] = 0;
        if (next == count) continue;
        lane_begin(&lanes[i], messages[next], &out[next]);
        next++;
        busy |= 1u << i;
        sixteen.fresh |= (__mmask16)(1u << i);
      }
      lane_next(&lanes[i], i, &sixteen);
    }
    sixteen_blocks(state, &sixteen);
    ended = 0;
    for (int i = 0; i < LANES; i++) ended |= (unsigned)((busy >> i & 1) && !lanes[i].blocks) << i;
    if (ended) take_digests(state, lanes, ended);
    busy &= ~ended;
  }
}

#else

bool hash_wide_possible(void) { return false; }
void hash_wide_many(const struct span *messages, size_t count, struct digest *out) {
  (void)messages, (void)count, (void)out;
}

#endif
