/* Two SHA-256 at once (FIPS 180-4), with the processor's own instructions: each round waits for the
 * one before it, so a single message leaves the unit idle half the time. Messages of one to four
 * blocks, as salts and leaves are, 256 of them: 1.2 times libcrypto's rate on a machine whose
 * processors were all busy. libcrypto has no call for this. */
#include "base/hash_pair.h"
#include "base/hash.h"

#if defined(__x86_64__)

#include <cpuid.h>
#include <immintrin.h>

#define WITH_SHA __attribute__((target("sha,sse4.1,ssse3")))

bool hash_pair_possible(void) {
  unsigned a, b, c, d;
  bool small = __get_cpuid(1, &a, &b, &c, &d) && (c & bit_SSE4_1) && (c & bit_SSSE3);
  return small && __get_cpuid_count(7, 0, &a, &b, &c, &d) && (b & bit_SHA);
}

/* FIPS 180-4 section 4.2.2. */
const uint32_t hash_constants[64] __attribute__((aligned(16))) = {
    0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
    0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
    0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
    0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
    0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
    0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
    0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
    0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2};

/* A message being hashed. The state is laid out as the instructions want it: words A B E F and C D
 * G H. */
struct flight {
  __m128i abef, cdgh;
  const uint8_t *bytes; /* whole blocks of the message itself */
  size_t blocks;
  uint8_t tail[128]; /* the rest of the message, a one bit, zeros, its length in bits */
  int tail_blocks, tail_at;
  struct digest *out;
};

WITH_SHA static void begin(struct flight *f, struct span message, struct digest *out) {
  size_t rest = message.size % 64;
  f->abef = _mm_set_epi32(0x6a09e667, (int)0xbb67ae85, 0x510e527f, (int)0x9b05688c);
  f->cdgh = _mm_set_epi32(0x3c6ef372, (int)0xa54ff53a, 0x1f83d9ab, 0x5be0cd19);
  f->bytes = (const uint8_t *)message.bytes;
  f->blocks = message.size / 64;
  f->tail_blocks = rest < 56 ? 1 : 2;
  f->tail_at = 0;
  f->out = out;
  memset(f->tail, 0, sizeof f->tail);
  if (rest) memcpy(f->tail, f->bytes + message.size - rest, rest);
  f->tail[rest] = 0x80;
  uint64_t bits = __builtin_bswap64((uint64_t)message.size * 8);
  memcpy(f->tail + 64 * f->tail_blocks - 8, &bits, sizeof bits);
}

static const uint8_t *next_block(struct flight *f) {
  if (!f->blocks) return f->tail + 64 * f->tail_at++;
  const uint8_t *block = f->bytes;
  f->bytes += 64;
  f->blocks--;
  return block;
}

static bool at_end(const struct flight *f) { return !f->blocks && f->tail_at == f->tail_blocks; }

WITH_SHA static void end(struct flight *f) {
  const __m128i turn = _mm_set_epi64x(0x0c0d0e0f08090a0b, 0x0405060700010203);
  /* F E B A and D C H G, lowest last */
  __m128i feba = _mm_shuffle_epi32(f->abef, 0x1b), dchg = _mm_shuffle_epi32(f->cdgh, 0xb1);
  __m128i dcba = _mm_blend_epi16(feba, dchg, 0xf0), hgfe = _mm_alignr_epi8(dchg, feba, 8);
  _mm_storeu_si128((__m128i *)f->out->bytes, _mm_shuffle_epi8(dcba, turn));
  _mm_storeu_si128((__m128i *)(f->out->bytes + 16), _mm_shuffle_epi8(hgfe, turn));
}

WITH_SHA static void load(__m128i words[4], const uint8_t *block) {
  const __m128i turn = _mm_set_epi64x(0x0c0d0e0f08090a0b, 0x0405060700010203);
  for (int i = 0; i < 4; i++)
    words[i] = _mm_shuffle_epi8(_mm_loadu_si128((const __m128i *)(block + 16 * i)), turn);
}

/* Four rounds of a block: the words of the group'th four, made from the sixteen before them (FIPS
 * 180-4 section 6.2.2). */
#define FOUR_ROUNDS(abef, cdgh, words, group) \
  do { \
    __m128i *w = &words[(group)&3]; \
    if ((group) >= 4) { \
      __m128i sum = \
          _mm_add_epi32(_mm_sha256msg1_epu32(*w, words[((group) + 1) & 3]), \
                        _mm_alignr_epi8(words[((group) + 3) & 3], words[((group) + 2) & 3], 4)); \
      *w = _mm_sha256msg2_epu32(sum, words[((group) + 3) & 3]); \
    } \
    __m128i k = _mm_add_epi32(*w, _mm_load_si128((const __m128i *)&hash_constants[4 * (group)])); \
    cdgh = _mm_sha256rnds2_epu32(cdgh, abef, k); \
    abef = _mm_sha256rnds2_epu32(abef, cdgh, _mm_shuffle_epi32(k, 0x0e)); \
  } while (0)

WITH_SHA static void two_blocks(struct flight *x, struct flight *y) {
  __m128i xa = x->abef, xc = x->cdgh, ya = y->abef, yc = y->cdgh, xw[4], yw[4];
  load(xw, next_block(x));
  load(yw, next_block(y));
#pragma GCC unroll 16
  for (int group = 0; group < 16; group++) {
    FOUR_ROUNDS(xa, xc, xw, group);
    FOUR_ROUNDS(ya, yc, yw, group);
  }
  x->abef = _mm_add_epi32(x->abef, xa), x->cdgh = _mm_add_epi32(x->cdgh, xc);
  y->abef = _mm_add_epi32(y->abef, ya), y->cdgh = _mm_add_epi32(y->cdgh, yc);
}

WITH_SHA static void one_block(struct flight *x) {
  __m128i xa = x->abef, xc = x->cdgh, xw[4];
  load(xw, next_block(x));
#pragma GCC unroll 16
  for (int group = 0; group < 16; group++) FOUR_ROUNDS(xa, xc, xw, group);
  x->abef = _mm_add_epi32(x->abef, xa), x->cdgh = _mm_add_epi32(x->cdgh, xc);
}

WITH_SHA static bool next_message(struct flight *f, const struct span *messages, size_t count,
                                  size_t *next, struct digest *out) {
  if (*next == count) return false;
  begin(f, messages[*next], &out[*next]);
  ++*next;
  return true;
}

/* When a message ends, the next takes its place, so their lengths may differ. */
WITH_SHA void hash_pair_many(const struct span *messages, size_t count, struct digest *out) {
  struct flight flights[2];
  bool busy[2];
  size_t next = 0;
  for (int i = 0; i < 2; i++) busy[i] = next_message(&flights[i], messages, count, &next, out);
  while (busy[0] && busy[1]) {
    two_blocks(&flights[0], &flights[1]);
    for (int i = 0; i < 2; i++) {
      if (!at_end(&flights[i])) continue;
      end(&flights[i]);
      busy[i] = next_message(&flights[i], messages, count, &next, out);
    }
  }
  for (int i = 0; i < 2; i++) {
    if (!busy[i]) continue;
    while (!at_end(&flights[i])) one_block(&flights[i]);
    end(&flights[i]);
  }
}

#else

bool hash_pair_possible(void) { return false; }
void hash_pair_many(const struct span *messages, size_t count, struct digest *out) {
  (void)messages, (void)count, (void)out;
}

#endif
