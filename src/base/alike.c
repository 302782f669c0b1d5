#include "base/alike.h"

#include "base/utf8.h"

#ifdef __SSE2__
#include <emmintrin.h>
#endif

enum { PREFIX_MOST = 4 };
static const double prefix_scale = 0.1, prefix_from = 0.7;

/* The characters of the text; -1: too many, or no UTF-8. */
static int characters_of(struct span text, uint32_t out[ALIKE_CHARACTERS_MOST]) {
  int n = 0;
  for (size_t at = 0; at < text.size; n++) {
    if (n == ALIKE_CHARACTERS_MOST) return -1;
    const size_t size = utf8_decode(text.bytes + at, text.size - at, &out[n]);
    if (!size) return -1;
    at += size;
  }
  return n;
}

/* A bit for each character of a text. */
enum { WORDS = ALIKE_CHARACTERS_MOST / 64, PLACES = 128 };
struct marks {
  uint64_t word[WORDS];
};

/* Where a text has characters, by their last seven bits: of plain letters each has its own. */
struct places {
  int words; /* as many as the text needs */
  uint64_t at[WORDS][PLACES];
};

static void find_places(const uint32_t *text, int size, struct places *out) {
  out->words = (size + 63) / 64;
  memset(out->at, 0, (size_t)out->words * sizeof *out->at);
  for (int k = 0; k < size; k++) out->at[k / 64][text[k] % PLACES] |= UINT64_C(1) << k % 64;
}

/* The bits of a word from place `from` to `to`, which count from the word's first. */
static uint64_t bits_between(int from, int to) {
  if (from >= 64 || to < 0) return 0;
  const uint64_t above = from > 0 ? UINT64_MAX << from : UINT64_MAX;
  return to < 63 ? above & ((UINT64_C(2) << to) - 1) : above;
}

/* The first place in b from `from` to `to` that has the character and is not taken; -1: none. */
static int first_place(const struct places *places, const uint32_t *b, uint32_t character, int from,
                       int to, const struct marks *taken) {
  for (int w = 0; w < places->words; w++) {
    uint64_t left = places->at[w][character % PLACES] & ~taken->word[w] &
                    bits_between(from - w * 64, to - w * 64);
    for (; left; left &= left - 1) {
      const int k = w * 64 + __builtin_ctzll(left);
      if (b[k] == character) return k;
    }
  }
  return -1;
}

/* Marks in both texts the characters that they have in common. */
static int mark_common(const uint32_t *a, int a_size, const uint32_t *b, int b_size,
                       struct marks *in_a, struct marks *in_b) {
  const int longer = a_size > b_size ? a_size : b_size;
  const int apart = longer / 2 > 0 ? longer / 2 - 1 : 0;
  struct places places;
  int common = 0;
  find_places(b, b_size, &places);
  for (int i = 0; i < a_size; i++) {
    const int k = first_place(&places, b, a[i], i - apart, i + apart, in_b);
    if (k < 0) continue;
    in_a->word[i / 64] |= UINT64_C(1) << i % 64;
    in_b->word[k / 64] |= UINT64_C(1) << k % 64;
    common++;
  }
  return common;
}

/* The first marked place from the word `*word` on, whose mark it takes away; one is there. */
static int take_mark(struct marks *marks, int *word) {
  while (!marks->word[*word]) ++*word;
  const int place = *word * 64 + __builtin_ctzll(marks->word[*word]);
  marks->word[*word] &= marks->word[*word] - 1;
  return place;
}

/* How many of the common characters stand in another order. Uses the marks up. */
static int count_moved(const uint32_t *a, const uint32_t *b, int common, struct marks *in_a,
                       struct marks *in_b) {
  int moved = 0, a_word = 0, b_word = 0;
  for (int i = 0; i < common; i++)
    moved += a[take_mark(in_a, &a_word)] != b[take_mark(in_b, &b_word)];
  return moved;
}

double alike(struct span a, struct span b) {
  uint32_t first[ALIKE_CHARACTERS_MOST], second[ALIKE_CHARACTERS_MOST];
  struct marks in_first = {{0}}, in_second = {{0}};
  if (span_equal(a, b)) return 1;
  if (b.size < a.size || (b.size == a.size && span_compare(b, a) < 0)) return alike(b, a);
  const int m = characters_of(a, first), n = characters_of(b, second);
  if (m <= 0 || n <= 0) return 0;
  const int common = mark_common(first, m, second, n, &in_first, &in_second);
  if (!common) return 0;
  const int swapped = count_moved(first, second, common, &in_first, &in_second) / 2;
  const double jaro =
      ((double)common / m + (double)common / n + (double)(common - swapped) / common) / 3;
  if (jaro < prefix_from) return jaro;
  int prefix = 0;
  while (prefix < PREFIX_MOST && prefix < m && prefix < n && first[prefix] == second[prefix])
    prefix++;
  return jaro + prefix * prefix_scale * (1 - jaro);
}

struct alike_sign alike_sign(struct span text) {
  enum { DIGITS = 26, OTHERS = 31 };
  struct alike_sign sign = {.size = 0};
  for (size_t i = 0; i < text.size; i++) {
    const char c = text.bytes[i];
    const int kind = c >= 'a' && c <= 'z'   ? c - 'a'
                     : c >= '0' && c <= '9' ? DIGITS + (c - '0') / 2
                                            : OTHERS;
    if ((c & 0xc0) == 0x80) continue; /* of a character counted before */
    sign.counts[kind] = (uint8_t)(sign.counts[kind] + (sign.counts[kind] < UINT8_MAX));
    sign.size++;
  }
  return sign;
}

/* alike is at most jaro + most * (1 - jaro), and jaro at most (common / a + common / b + 1) / 3. */
static double jaro_least(double least) {
  const double most = PREFIX_MOST * prefix_scale;
  return (least - most) / (1 - most);
}

static bool is_enough(int common, double shorter, double longer, double jaro) {
  return common / shorter + common / longer + 1 >= 3 * jaro;
}

unsigned alike_common_most(const struct alike_sign *a, const struct alike_sign *b) {
#ifdef __SSE2__
  /* 3x: sixteen counts at once (tests/unit/test_body_name.c: many names of one first word) */
  __m128i sum = _mm_setzero_si128();
  for (int i = 0; i < ALIKE_KINDS; i += 16) {
    const __m128i x = _mm_loadu_si128((const void *)&a->counts[i]),
                  y = _mm_loadu_si128((const void *)&b->counts[i]);
    sum = _mm_add_epi64(sum, _mm_sad_epu8(_mm_min_epu8(x, y), _mm_setzero_si128()));
  }
  return (unsigned)(_mm_cvtsi128_si32(sum) + _mm_cvtsi128_si32(_mm_srli_si128(sum, 8)));
#else
  unsigned common = 0;
  for (int i = 0; i < ALIKE_KINDS; i++)
    common += a->counts[i] < b->counts[i] ? a->counts[i] : b->counts[i];
  return common;
#endif
}

int alike_common_least(int size, int other_size, double least) {
  const int shorter = size < other_size ? size : other_size,
            longer = size < other_size ? other_size : size;
  const double jaro = jaro_least(least);
  if (!shorter) return longer ? -1 : 0;
  int common = shorter;
  if (!is_enough(common, shorter, longer, jaro)) return -1;
  while (common > 0 && is_enough(common - 1, shorter, longer, jaro)) common--;
  return common;
}

bool alike_may_reach(const struct alike_sign *a, const struct alike_sign *b, double least) {
  if (!a->size || !b->size) return a->size == b->size;
  const double shorter = a->size < b->size ? a->size : b->size,
               longer = a->size < b->size ? b->size : a->size;
  const double jaro = jaro_least(least);
  if (1 + shorter / longer + 1 < 3 * jaro) return false;
  if (longer > UINT8_MAX) return true; /* its counts may be cut */
  return is_enough((int)alike_common_most(a, b), shorter, longer, jaro);
}
