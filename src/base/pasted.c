/* The sets of characters are from UnicodeData.txt and DerivedCoreProperties.txt of Unicode 15. */
#include "base/pasted.h"
#include "base/utf8.h"

enum pasted_kind { PASTED_PLAIN, PASTED_BLANK, PASTED_UNSEEN, PASTED_DASH, PASTED_WIDE };

static const struct {
  uint32_t first, last;
  enum pasted_kind kind;
} pasted_ranges[] = {{0x09, 0x0d, PASTED_BLANK},        {0x20, 0x20, PASTED_BLANK},
                     {0x85, 0x85, PASTED_BLANK},        {0xa0, 0xa0, PASTED_BLANK},
                     {0xad, 0xad, PASTED_UNSEEN},       {0x2d7, 0x2d7, PASTED_DASH},
                     {0x34f, 0x34f, PASTED_UNSEEN},     {0x61c, 0x61c, PASTED_UNSEEN},
                     {0x115f, 0x1160, PASTED_BLANK},    {0x1680, 0x1680, PASTED_BLANK},
                     {0x17b4, 0x17b5, PASTED_UNSEEN},   {0x180b, 0x180f, PASTED_UNSEEN},
                     {0x2000, 0x200a, PASTED_BLANK},    {0x200b, 0x200f, PASTED_UNSEEN},
                     {0x2010, 0x2015, PASTED_DASH},     {0x2028, 0x2029, PASTED_BLANK},
                     {0x202a, 0x202e, PASTED_UNSEEN},   {0x202f, 0x202f, PASTED_BLANK},
                     {0x2043, 0x2043, PASTED_DASH},     {0x205f, 0x205f, PASTED_BLANK},
                     {0x2060, 0x206f, PASTED_UNSEEN},   {0x2212, 0x2212, PASTED_DASH},
                     {0x2800, 0x2800, PASTED_BLANK},    {0x3000, 0x3000, PASTED_BLANK},
                     {0x3164, 0x3164, PASTED_BLANK},    {0xfe00, 0xfe0f, PASTED_UNSEEN},
                     {0xfe58, 0xfe58, PASTED_DASH},     {0xfe63, 0xfe63, PASTED_DASH},
                     {0xfeff, 0xfeff, PASTED_UNSEEN},   {0xff01, 0xff5e, PASTED_WIDE},
                     {0xffa0, 0xffa0, PASTED_BLANK},    {0xfff0, 0xfffb, PASTED_UNSEEN},
                     {0x1bca0, 0x1bca3, PASTED_UNSEEN}, {0x1d173, 0x1d17a, PASTED_UNSEEN},
                     {0xe0000, 0xe0fff, PASTED_UNSEEN}};

static enum pasted_kind pasted_kind(uint32_t c) {
  if (c < 0x80) return c == ' ' || (c >= 0x09 && c <= 0x0d) ? PASTED_BLANK : PASTED_PLAIN;
  size_t low = 0, high = sizeof pasted_ranges / sizeof *pasted_ranges;
  while (low < high) {
    size_t mid = (low + high) / 2;
    if (c > pasted_ranges[mid].last) low = mid + 1;
    else high = mid;
  }
  return low < sizeof pasted_ranges / sizeof *pasted_ranges && c >= pasted_ranges[low].first
             ? pasted_ranges[low].kind
             : PASTED_PLAIN;
}

static bool is_left_out(uint32_t c) {
  enum pasted_kind kind = pasted_kind(c);
  return kind == PASTED_BLANK || kind == PASTED_UNSEEN;
}

/* The size of the character that the text ends with, and the character; 0 when it is no UTF-8. */
static size_t last_character(struct span text, uint32_t *c) {
  for (size_t n = 1; n <= 4 && n <= text.size; n++)
    if (utf8_decode(text.bytes + text.size - n, n, c) == n) return n;
  return 0;
}

/* Whether the byte is a character that is never trimmed: most texts begin and end with one. */
static bool is_plain_byte(char c) { return (signed char)c > ' '; }

struct span span_trim_pasted(struct span text) {
  uint32_t c;
  size_t n;
  if (text.size && is_plain_byte(text.bytes[0]) && is_plain_byte(text.bytes[text.size - 1]))
    return text;
  while ((n = utf8_decode(text.bytes, text.size, &c)) != 0 && is_left_out(c))
    text.bytes += n, text.size -= n;
  while ((n = last_character(text, &c)) != 0 && is_left_out(c)) text.size -= n;
  return text;
}

size_t pasted_fold(struct span text, char *out) {
  size_t size = 0;
  text = span_trim_pasted(text);
  for (size_t i = 0, n; i < text.size; i += n) {
    uint32_t c = 0;
    if (is_plain_byte(text.bytes[i])) {
      out[size++] = text.bytes[i];
      n = 1;
      continue;
    }
    n = utf8_decode(text.bytes + i, text.size - i, &c);
    enum pasted_kind kind = n ? pasted_kind(c) : PASTED_PLAIN;
    if (!n) n = 1;
    if (kind == PASTED_BLANK) out[size++] = ' ';
    else if (kind == PASTED_DASH) out[size++] = '-';
    else if (kind == PASTED_WIDE) out[size++] = (char)(c - 0xff01 + '!');
    else if (kind == PASTED_PLAIN) {
      memmove(out + size, text.bytes + i, n);
      size += n;
    }
  }
  return size;
}

bool pasted_may_fold(struct span text) {
  if (!text.size) return false;
  if (is_left_out((unsigned char)text.bytes[0]) ||
      is_left_out((unsigned char)text.bytes[text.size - 1]))
    return true;
  for (size_t i = 0; i < text.size; i++)
    if ((signed char)text.bytes[i] < 0) return true;
  return false;
}
