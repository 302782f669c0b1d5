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

/* Marks in both texts the characters that they have in common. */
static int mark_common(const uint32_t *a, int a_size, const uint32_t *b, int b_size, bool *in_a,
                       bool *in_b) {
  const int longer = a_size > b_size ? a_size : b_size;
  const int apart = longer / 2 > 0 ? longer / 2 - 1 : 0;
  int common = 0;
  for (int i = 0; i < a_size; i++) {
    const int from = i > apart ? i - apart : 0, to = i + apart < b_size ? i + apart : b_size - 1;
    for (int k = from; k <= to; k++) {
      if (in_b[k] || a[i] != b[k]) continue;
      in_a[i] = in_b[k] = true;
      common++;
      break;
    }
  }
  return common;
}

/* How many of the common characters stand in another order. */
static int count_moved(const uint32_t *a, int a_size, const uint32_t *b, const bool *in_a,
                       const bool *in_b) {
  int moved = 0, k = 0;
  for (int i = 0; i < a_size; i++) {
    if (!in_a[i]) continue;
    while (!in_b[k]) k++;
    moved += a[i] != b[k++];
  }
  return moved;
}

double alike(struct span a, struct span b) {
  uint32_t first[ALIKE_CHARACTERS_MOST], second[ALIKE_CHARACTERS_MOST];
  bool in_first[ALIKE_CHARACTERS_MOST] = {false}, in_second[ALIKE_CHARACTERS_MOST] = {false};
  if (span_equal(a, b)) return 1;
  if (b.size < a.size || (b.size == a.size && span_compare(b, a) < 0)) return alike(b, a);
  const int m = characters_of(a, first), n = characters_of(b, second);
  if (m <= 0 || n <= 0) return 0;
  const int common = mark_common(first, m, second, n, in_first, in_second);
  if (!common) return 0;
  const int swapped = count_moved(first, m, second, in_first, in_second) / 2;
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
