#include "base/text.h"
#include "base/arena.h"
#include "base/utf8.h"
#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#ifdef __SSE2__
#include <emmintrin.h>
#endif

int span_compare(struct span a, struct span b) {
  size_t n = a.size < b.size ? a.size : b.size;
  int order = n ? memcmp(a.bytes, b.bytes, n) : 0;
  return order ? order : (a.size > b.size) - (a.size < b.size);
}

struct span span_trim(struct span a) {
  while (a.size && (a.bytes[0] == ' ' || a.bytes[0] == '\t')) a.bytes++, a.size--;
  while (a.size && (a.bytes[a.size - 1] == ' ' || a.bytes[a.size - 1] == '\t')) a.size--;
  return a;
}

struct span span_cut(struct span text, size_t most) {
  size_t size = text.size < most ? text.size : most;
  while (size < text.size && size > 0 && ((unsigned char)text.bytes[size] & 0xC0) == 0x80) size--;
  return span_make(text.bytes, size);
}

/* Two 64-bit halves of a product folded together: the step of wyhash (public domain), eight bytes
 * at a time. */
static uint64_t fold(uint64_t a, uint64_t b) {
  unsigned __int128 p = (unsigned __int128)a * b;
  return (uint64_t)p ^ (uint64_t)(p >> 64);
}

/* Reads the letter at `at` as a small one. A letter below U+0180 takes at most two bytes; others
 * are compared byte by byte. */
static unsigned letter_folded(struct span s, size_t *at) {
  unsigned char c = (unsigned char)s.bytes[(*at)++];
  if (c < 0x80) return c >= 'A' && c <= 'Z' ? c + 32u : c;
  if (c < 0xc3 || c > 0xc5 || *at >= s.size) return c + 0x10000u;
  unsigned letter = (c & 0x1fu) << 6 | ((unsigned char)s.bytes[(*at)++] & 0x3fu);
  if (letter >= 0xc0 && letter <= 0xde && letter != 0xd7) return letter + 32;
  if (letter == 0x178) return 0xff;
  bool odd_is_large = (letter >= 0x139 && letter <= 0x148) || letter >= 0x179;
  if (letter < 0x100 || letter == 0x130 || letter == 0x131 || letter == 0x138 || letter == 0x149 ||
      letter == 0x17f)
    return letter;
  return (letter & 1) == odd_is_large ? letter + 1 : letter;
}

void span_to_small(char *bytes, size_t size) {
  for (size_t at = 0; at < size;) {
    size_t from = at;
    unsigned letter = letter_folded(span_make(bytes, size), &at);
    if (at - from == 2 && letter < 0x800) {
      bytes[from] = (char)(0xc0 | letter >> 6);
      bytes[from + 1] = (char)(0x80 | (letter & 0x3f));
    } else if (letter < 0x80) bytes[from] = (char)letter;
  }
}

bool span_has_word(struct span words, const char *word) {
  while (words.size) {
    const char *space = memchr(words.bytes, ' ', words.size);
    const size_t size = space ? (size_t)(space - words.bytes) : words.size, rest = size + !!space;
    if (span_is(span_make(words.bytes, size), word)) return *word != 0;
    words = span_make(words.bytes + rest, words.size - rest);
  }
  return false;
}

uint64_t span_hash(struct span a, uint64_t seed) {
  const uint64_t secret = seed << 1;
  uint64_t h = 0x9e3779b97f4a7c15u ^ a.size ^ seed, word;
  const char *p = a.bytes;
  size_t left = a.size;
  for (; left >= 8; p += 8, left -= 8) {
    memcpy(&word, p, 8);
    h = fold(h ^ word, 0xa0761d6478bd642fu ^ secret);
  }
  if (left) {
    word = 0;
    memcpy(&word, p, left);
    h = fold(h ^ word, 0xe7037ed1a0b428dbu ^ secret);
  }
  return fold(h ^ 0x8ebc6af09c88c6e3u, 0x589965cc75374cc3u);
}

/* How many bytes from the front are plain ASCII without NUL, 16 bytes a step. Almost all imported
 * bytes are. */
static size_t ascii_run(const char *bytes, size_t size) {
  size_t i = 0;
#ifdef __SSE2__
  const __m128i one = _mm_set1_epi8(1);
  for (; i + 64 <= size; i += 64) { /* as signed bytes, NUL and everything past 0x7f are below 1 */
    __m128i a = _mm_loadu_si128((const __m128i *)(bytes + i)),
            b = _mm_loadu_si128((const __m128i *)(bytes + i + 16));
    __m128i c = _mm_loadu_si128((const __m128i *)(bytes + i + 32)),
            d = _mm_loadu_si128((const __m128i *)(bytes + i + 48));
    __m128i low = _mm_or_si128(_mm_or_si128(_mm_cmplt_epi8(a, one), _mm_cmplt_epi8(b, one)),
                               _mm_or_si128(_mm_cmplt_epi8(c, one), _mm_cmplt_epi8(d, one)));
    if (_mm_movemask_epi8(low)) break;
  }
#endif
  while (i < size && (signed char)bytes[i] > 0) i++;
  return i;
}

bool utf8_valid(const char *bytes, size_t size) {
  size_t i = 0;
  while (i < size) {
    if ((signed char)bytes[i] > 0) {
      i += ascii_run(bytes + i, size - i);
      continue;
    }
    uint32_t c;
    size_t n = utf8_decode(bytes + i, size - i, &c);
    if (n == 0 || c == 0) return false;
    i += n;
  }
  return true;
}

struct range {
  uint32_t first, last;
};

static bool in_ranges(const struct range *ranges, size_t count, uint32_t c) {
  size_t low = 0, high = count;
  while (low < high) {
    size_t mid = (low + high) / 2;
    if (c > ranges[mid].last) low = mid + 1;
    else high = mid;
  }
  return low < count && c >= ranges[low].first;
}

/* The marks and wide blocks that names in this country can hold (Unicode 15: general category Mn
 * and Me of the scripts in use, East Asian Width W and F by block). A character missing here shifts
 * a column by one; nothing else depends on it. */
static const struct range combining[] = {{0x300, 0x36f},   {0x483, 0x489},   {0x591, 0x5bd},
                                         {0x610, 0x61a},   {0x64b, 0x65f},   {0x6d6, 0x6dc},
                                         {0x900, 0x902},   {0x93c, 0x93c},   {0x941, 0x948},
                                         {0x94d, 0x94d},   {0xe31, 0xe31},   {0xe34, 0xe3a},
                                         {0x1ab0, 0x1aff}, {0x1dc0, 0x1dff}, {0x200b, 0x200f},
                                         {0x20d0, 0x20f0}, {0xfe00, 0xfe0f}, {0xfe20, 0xfe2f}};
static const struct range wide[] = {{0x1100, 0x115f},   {0x2e80, 0x303e},  {0x3041, 0x33ff},
                                    {0x3400, 0x4dbf},   {0x4e00, 0x9fff},  {0xa000, 0xa4cf},
                                    {0xac00, 0xd7a3},   {0xf900, 0xfaff},  {0xfe30, 0xfe6f},
                                    {0xff00, 0xff60},   {0xffe0, 0xffe6},  {0x1f300, 0x1f64f},
                                    {0x1f900, 0x1f9ff}, {0x20000, 0x3fffd}};

size_t utf8_width(struct span text) {
  size_t width = 0;
  for (size_t i = 0; i < text.size;) {
    uint32_t c = 0;
    size_t n = utf8_decode(text.bytes + i, text.size - i, &c);
    i += n ? n : 1;
    if (!n || c < 0x300) width++;
    else if (in_ranges(combining, sizeof combining / sizeof *combining, c)) continue;
    else width += in_ranges(wide, sizeof wide / sizeof *wide, c) ? 2 : 1;
  }
  return width;
}

char *span_quote(struct span s, char out[SPAN_QUOTE_SIZE]) {
  enum { DOTS = 3 };
  size_t size = s.size;
  if (size > SPAN_QUOTE_SIZE - 1) {
    size = SPAN_QUOTE_SIZE - 1 - DOTS;
    /* back to a character's first byte */
    while (size && ((uint8_t)s.bytes[size] & 0xc0) == 0x80) size--;
  }
  for (size_t i = 0; i < size; i++) out[i] = s.bytes[i] ? s.bytes[i] : '?';
  if (size < s.size) {
    memcpy(out + size, "...", DOTS);
    size += DOTS;
  }
  out[size] = 0;
  return out;
}

void text_reserve(struct text *t, size_t more) {
  size_t need = t->size + more + 1;
  if (need <= t->capacity) return;
  size_t capacity = t->capacity * 2 > need ? t->capacity * 2 : need < 64 ? 64 : need;
  t->bytes = memory_grow(t->bytes, capacity);
  t->capacity = capacity;
  t->bytes[t->size] = 0;
}

void text_add_bytes(struct text *t, const char *bytes, size_t size) {
  text_reserve(t, size);
  if (size) memcpy(t->bytes + t->size, bytes, size);
  t->size += size;
  t->bytes[t->size] = 0;
}

void text_add(struct text *t, const char *string) { text_add_bytes(t, string, strlen(string)); }
void text_add_span(struct text *t, struct span s) { text_add_bytes(t, s.bytes, s.size); }

void text_add_character(struct text *t, uint32_t c) {
  char bytes[4];
  text_add_bytes(t, bytes, utf8_encode(c, bytes));
}

void text_add_filled(struct text *t, const char *message, const struct text_filling *all) {
  while (*message) {
    const char *end = *message == '{' ? strchr(message, '}') : NULL;
    const struct text_filling *one = all;
    while (end && one->name &&
           !span_is(span_make(message + 1, (size_t)(end - message - 1)), one->name))
      one++;
    if (end && one->name) {
      text_add(t, one->value);
      message = end + 1;
    } else text_add_char(t, *message++);
  }
}

void text_add_char(struct text *t, char c) {
  text_reserve(t, 1);
  t->bytes[t->size++] = c;
  t->bytes[t->size] = 0;
}

void text_add_int(struct text *t, int64_t n) {
  char buffer[24], *p = buffer + sizeof buffer;
  uint64_t left = n < 0 ? -(uint64_t)n : (uint64_t)n;
  do *--p = (char)('0' + left % 10);
  while (left /= 10);
  if (n < 0) *--p = '-';
  text_add_bytes(t, p, (size_t)(buffer + sizeof buffer - p));
}

/* Whether a format only copies: printf takes some ten times as long over %s, %.*s and %d. */
static bool only_copies(const char *format) {
  for (const char *p = format; (p = strchr(p, '%'));) {
    if (p[1] == 's' || p[1] == 'd') p += 2;
    else if (strncmp(p, SPAN_FORMAT, sizeof SPAN_FORMAT - 1) == 0) p += sizeof SPAN_FORMAT - 1;
    else return false;
  }
  return true;
}

static void add_copies(struct text *t, const char *format, va_list args) {
  for (const char *sign; (sign = strchr(format, '%')); format = sign + 2) {
    text_add_bytes(t, format, (size_t)(sign - format));
    if (sign[1] == 's') {
      const char *string = va_arg(args, const char *);
      text_add(t, string ? string : "(null)"); /* as printf does */
    } else if (sign[1] == 'd') text_add_int(t, va_arg(args, int));
    else {
      const size_t most = (size_t)va_arg(args, int);
      const char *bytes = va_arg(args, const char *);
      text_add_bytes(t, bytes, most ? strnlen(bytes, most) : 0);
      sign += 2;
    }
  }
  text_add(t, format);
}

void text_addf(struct text *t, const char *format, ...) {
  va_list args;
  if (only_copies(format)) {
    va_start(args, format);
    add_copies(t, format, args);
    va_end(args);
    return;
  }
  text_reserve(t, 0);
  va_start(args, format);
  int n = vsnprintf(t->bytes + t->size, t->capacity - t->size, format, args);
  va_end(args);
  assert(n >= 0);
  if ((size_t)n >= t->capacity - t->size) {
    text_reserve(t, (size_t)n);
    va_start(args, format);
    vsnprintf(t->bytes + t->size, t->capacity - t->size, format, args);
    va_end(args);
  }
  t->size += (size_t)n;
}

void text_clear(struct text *t) {
  t->size = 0;
  if (t->bytes) t->bytes[0] = 0;
}

void text_release(struct text *t) {
  free(t->bytes);
  *t = (struct text){0};
}

void text_add_csv(struct text *t, struct span field) {
  bool quote = field.size && (field.bytes[0] == ' ' || field.bytes[field.size - 1] == ' ');
  for (size_t i = 0; i < field.size && !quote; i++) {
    char c = field.bytes[i];
    quote = c == ',' || c == '"' || c == '\n' || c == '\r';
  }
  if (!quote) {
    text_add_span(t, field);
    return;
  }
  text_reserve(t, field.size + 2);
  text_add_char(t, '"');
  for (size_t i = 0; i < field.size; i++) {
    if (field.bytes[i] == '"') text_add_char(t, '"');
    text_add_char(t, field.bytes[i]);
  }
  text_add_char(t, '"');
}

/* Whether the text is run as a formula once its first `quotes` apostrophes are gone. */
static bool is_formula_after(struct span field, size_t quotes) {
  if (quotes >= field.size) return false;
  char c = field.bytes[quotes];
  return c == '=' || c == '+' || c == '-' || c == '@' || c == '\t' || c == '\r' || c == '\n';
}

static size_t leading_quotes(struct span field) {
  size_t n = 0;
  while (n < field.size && field.bytes[n] == '\'') n++;
  return n;
}

void text_add_csv_guarded(struct text *t, struct span field) {
  if (!is_formula_after(field, leading_quotes(field))) {
    text_add_csv(t, field);
    return;
  }
  struct text guarded = {0};
  text_add_char(&guarded, '\'');
  text_add_span(&guarded, field);
  text_add_csv(t, span_make(guarded.bytes, guarded.size));
  text_release(&guarded);
}

struct span csv_unguarded(struct span field) {
  size_t quotes = leading_quotes(field);
  return quotes && is_formula_after(field, quotes) ? span_make(field.bytes + 1, field.size - 1)
                                                   : field;
}

void text_add_json(struct text *t, struct span value) {
  static const char hex[] = "0123456789abcdef";
  text_reserve(t, value.size + 2);
  text_add_char(t, '"');
  size_t from = 0; /* what needs no escape is copied in one piece */
  for (size_t i = 0; i < value.size;) {
    uint8_t c = (uint8_t)value.bytes[i];
    uint32_t ignored;
    size_t n = c < 0x80 ? 1 : utf8_decode(value.bytes + i, value.size - i, &ignored);
    if (n && c >= 0x20 && c != '"' && c != '\\' && c != 0x7f) {
      i += n;
      continue;
    }
    text_add_bytes(t, value.bytes + from, i - from);
    if (!n) text_add(t, "\xef\xbf\xbd"); /* U+FFFD: JSON must be UTF-8, whatever the input is */
    else if (c == '"' || c == '\\') text_add_bytes(t, (char[]){'\\', (char)c}, 2);
    else text_add_bytes(t, (char[]){'\\', 'u', '0', '0', hex[c >> 4], hex[c & 15]}, 6);
    from = ++i;
  }
  if (from < value.size) text_add_bytes(t, value.bytes + from, value.size - from);
  text_add_char(t, '"');
}

void text_add_html(struct text *t, struct span value) {
  size_t from = 0;
  for (size_t i = 0; i < value.size; i++) {
    const char *entity = NULL;
    switch (value.bytes[i]) {
    case '&': entity = "&amp;"; break;
    case '<': entity = "&lt;"; break;
    case '>': entity = "&gt;"; break;
    case '"': entity = "&quot;"; break;
    case '\'': entity = "&#39;"; break;
    default: continue;
    }
    text_add_bytes(t, value.bytes + from, i - from);
    text_add(t, entity);
    from = i + 1;
  }
  if (from < value.size) text_add_bytes(t, value.bytes + from, value.size - from);
}

void text_add_clean(struct text *t, struct span value) {
  for (size_t at = 0; at < value.size;) {
    uint32_t c;
    const size_t size = utf8_decode(value.bytes + at, value.size - at, &c);
    if (size && utf8_is_printable(c)) text_add_bytes(t, value.bytes + at, size);
    else text_add_char(t, '?');
    at += size ? size : 1;
  }
}

void text_add_percent(struct text *t, struct span value) {
  static const char hex[] = "0123456789ABCDEF";
  for (size_t i = 0; i < value.size; i++) {
    unsigned char c = (unsigned char)value.bytes[i];
    bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                 c == '-' || c == '_' || c == '~' || c == '.';
    if (!plain) text_add_char(t, '%');
    text_add_char(t, plain ? (char)c : hex[c >> 4]);
    if (!plain) text_add_char(t, hex[c & 15]);
  }
}

bool span_is_code(struct span text) {
  for (size_t i = 0; i < text.size; i++) {
    const char c = text.bytes[i];
    if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
          c == '_' || c == '.' || c == ':'))
      return false;
  }
  return text.size > 0;
}
