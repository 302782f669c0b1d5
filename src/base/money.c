#include "base/money.h"
#include "base/pasted.h"
#include "base/refusal.h"
#include <assert.h>

struct decimal {
  bool negative, empty, malformed, overflow;
  bool more;      /* digits other than 0 past the places that are kept */
  int decimals;   /* how many were written */
  uint64_t units; /* magnitude in the smallest part; further decimals are cut off */
};

/* Reads `-123.456` with `places` decimals kept. It is found out afterwards, off the fast path, what
 * is wrong with a bad text. */
static struct decimal decimal_read(struct span text, int places) {
  struct decimal d = {0};
  const char *p = text.bytes, *end = p + text.size;
  if (p == end) {
    d.empty = true;
    return d;
  }
  if (*p == '-') d.negative = true, p++;
  const char *first = p;
  for (; p < end && *p >= '0' && *p <= '9'; p++) {
    d.overflow |= __builtin_mul_overflow(d.units, 10u, &d.units);
    d.overflow |= __builtin_add_overflow(d.units, (uint64_t)(*p - '0'), &d.units);
  }
  if (p == first) d.malformed = true;
  int kept = 0;
  if (p < end && *p == '.') {
    const char *point = p++;
    for (; p < end && *p >= '0' && *p <= '9'; p++) {
      if (kept == places) {
        d.more |= *p != '0';
        continue;
      }
      kept++;
      d.overflow |= __builtin_mul_overflow(d.units, 10u, &d.units);
      d.overflow |= __builtin_add_overflow(d.units, (uint64_t)(*p - '0'), &d.units);
    }
    d.decimals = p - point - 1 > INT16_MAX ? INT16_MAX : (int)(p - point - 1);
    if (d.decimals == 0) d.malformed = true;
  }
  if (p != end) d.malformed = true;
  for (; kept < places; kept++) d.overflow |= __builtin_mul_overflow(d.units, 10u, &d.units);
  d.overflow |= d.units > INT64_MAX;
  return d;
}

/* ---- reading again what was pasted ---- */

enum { PLAIN_BYTES = 64 };

/* Folds a pasted number (base/pasted.h) into `plain`; false when that cannot change it, or it is
 * too long for a number. */
static bool unpaste(struct span *text, char plain[PLAIN_BYTES]) {
  if (text->size > PLAIN_BYTES || !pasted_may_fold(*text)) return false;
  *text = span_make(plain, pasted_fold(*text, plain));
  return true;
}

static bool is_sound(const struct decimal *d) { return !d->empty && !d->malformed && !d->overflow; }

/* Off the fast path: only a text that is no number is looked at again. */
static struct decimal decimal_read_pasted(struct span text, int places) {
  struct decimal d = decimal_read(text, places);
  char plain[PLAIN_BYTES];
  return !is_sound(&d) && unpaste(&text, plain) ? decimal_read(text, places) : d;
}

/* ---- advice ---- */

/* Whether `s` is one to three digits and then, after each divider `c`, three more: 1,234,567. */
static bool is_thousands(struct span s, char c) {
  size_t run = 0, groups = 0;
  for (size_t i = 0; i < s.size; i++) {
    if (s.bytes[i] >= '0' && s.bytes[i] <= '9') run++;
    else if (s.bytes[i] != c || run == 0 || run > 3 || (groups && run != 3)) return false;
    else run = 0, groups++;
  }
  return groups ? run == 3 && s.bytes[0] != '0' : run > 0;
}

static bool is_divider(char c) { return c && strchr(",. '_", c); }

/* Writes the digits of what people write for an amount, with a point before the pence. False when
 * it could be read as two amounts, one a hundred or a thousand times the other: a comma or a point
 * divides thousands only where three digits follow each. */
static bool plain_digits(struct span s, char *out, size_t *size) {
  size_t last = s.size, n = 0, after;
  while (last > 0 && !is_divider(s.bytes[last - 1])) last--;
  after = s.size - last;
  struct span whole = last ? span_make(s.bytes, last - 1) : s;
  char divider = last ? s.bytes[last - 1] : 0, first = 0;
  for (size_t i = 0; i < whole.size && !first; i++)
    if (is_divider(whole.bytes[i])) first = whole.bytes[i];
  bool pence = (divider == '.' || divider == ',') && divider != first && after <= 2 &&
               (after || divider == '.');
  if (!pence) whole = s, first = divider;
  if (!is_thousands(whole, first) && !(pence && whole.size == 0 && after)) return false;
  if (!pence && divider == '.' && !memchr(s.bytes, '.', last - 1)) return false; /* 1.234 */
  for (size_t i = 0; i < whole.size; i++)
    if (!is_divider(whole.bytes[i])) out[n++] = whole.bytes[i];
  if (n == 0) out[n++] = '0';
  if (pence && after) {
    out[n++] = '.';
    memcpy(out + n, s.bytes + last, after);
    n += after;
  }
  *size = n;
  return true;
}

/* What people write for an amount, as we write it: without marks of thousands, a pound sign and
 * spaces; a leading '+' dropped; `(12.50)` and `12.50-` as minus. False when that is no amount
 * either, or may be several. */
static bool amount_guess(struct span text, struct text *out) {
  char plain[PLAIN_BYTES], digits[PLAIN_BYTES + 2];
  size_t size;
  int signs = 0;
  if (text.size > PLAIN_BYTES) return false;
  text = span_make(plain, pasted_fold(text, plain));
  if (text.size > 2 && text.bytes[0] == '(' && text.bytes[text.size - 1] == ')') {
    text = span_trim(span_make(text.bytes + 1, text.size - 2));
    signs++;
  }
  for (bool pound = false, plus = false; text.size;) {
    size_t taken = 0;
    if (text.bytes[0] == '-') taken = 1, signs++;
    else if (text.bytes[0] == '+' && !plus) taken = 1, plus = true;
    else if (!pound && text.size > 2 && memcmp(text.bytes, "\xc2\xa3", 2) == 0)
      taken = 2, pound = true;
    if (!taken) break;
    text = span_trim(span_make(text.bytes + taken, text.size - taken));
  }
  if (text.size && text.bytes[text.size - 1] == '-') {
    text = span_trim(span_make(text.bytes, text.size - 1));
    signs++;
  }
  if (signs > 1 || text.size == 0 || !plain_digits(text, digits, &size)) return false;
  struct decimal d = decimal_read(span_make(digits, size), 2);
  if (!is_sound(&d) || d.more || d.negative) return false;
  text_add_money(out, signs ? -(int64_t)d.units : (int64_t)d.units);
  return true;
}

static void add_money(struct text *t, int64_t pence, int places) {
  (void)places;
  text_add_money(t, pence);
}

/* `1.234`: three decimals, or a thousand and more? Writes it both ways, with `places` decimals. */
static bool two_readings(struct span text, struct decimal d, int places, struct text *thousands,
                         struct text *decimals) {
  char plain[PLAIN_BYTES], digits[PLAIN_BYTES];
  size_t n = 0;
  (void)unpaste(&text, plain);
  if (text.size && text.bytes[0] == '-') text = span_make(text.bytes + 1, text.size - 1);
  if (d.decimals != 3 || text.size > 7 || !is_thousands(text, '.')) return false;
  for (size_t i = 0; i < text.size; i++)
    if (text.bytes[i] != '.') digits[n++] = text.bytes[i];
  int64_t sign = d.negative ? -1 : 1;
  struct decimal whole = decimal_read(span_make(digits, n), places);
  void (*write)(struct text *, int64_t, int) = places == 2 ? add_money : text_add_decimal;
  write(thousands, sign * (int64_t)whole.units, places);
  write(decimals, sign * (int64_t)d.units, places);
  return true;
}

static bool refuse_two_readings(struct span text, struct decimal d, int places, struct error *err) {
  char quoted[SPAN_QUOTE_SIZE];
  struct text thousands = {0}, decimals = {0};
  bool two = two_readings(text, d, places, &thousands, &decimals);
  if (two)
    refuse(err, THREE_DECIMALS_OR_THOUSANDS, span_quote(text, quoted), thousands.bytes,
           decimals.bytes);
  text_release(&thousands);
  text_release(&decimals);
  return two;
}

static enum status money_refuse(struct span text, struct decimal d, struct error *err) {
  char quoted[SPAN_QUOTE_SIZE];
  span_quote(text, quoted);
  if (d.empty) return refuse(err, AMOUNT_MISSING);
  if (!d.malformed && d.overflow) return refuse(err, AMOUNT_TOO_LARGE, quoted);
  if (!d.malformed && refuse_two_readings(text, d, 2, err)) return REFUSED;
  struct text hint = {0};
  if (!d.malformed) {
    const int64_t sign = d.negative ? -1 : 1;
    text_add_money(&hint, sign * (int64_t)d.units);
    if (d.more && d.units < INT64_MAX) {
      struct text above = {0};
      text_add_money(&above, sign * ((int64_t)d.units + 1));
      refuse(err, AMOUNT_DECIMALS_BETWEEN, quoted, hint.bytes, above.bytes);
      text_release(&above);
    } else refuse(err, AMOUNT_DECIMALS, quoted, hint.bytes);
  } else if (amount_guess(text, &hint)) refuse(err, AMOUNT_WRITTEN_OTHERWISE, quoted, hint.bytes);
  else refuse(err, AMOUNT_MALFORMED, quoted);
  text_release(&hint);
  return REFUSED;
}

enum status money_parse(struct span text, int64_t *pence, struct error *err) {
  struct decimal d = decimal_read_pasted(text, 2);
  if (d.empty || d.malformed || d.overflow || d.decimals > 2) return money_refuse(text, d, err);
  *pence = d.negative ? -(int64_t)d.units : (int64_t)d.units;
  return DONE;
}

enum status quantity_parse(struct span text, int64_t *thousandths, struct error *err) {
  struct decimal d = decimal_read_pasted(text, 3);
  if (!d.empty && !d.malformed && !d.overflow && d.decimals <= 3 && (!d.negative || d.units == 0)) {
    *thousandths = (int64_t)d.units;
    return DONE;
  }
  char quoted[SPAN_QUOTE_SIZE];
  span_quote(text, quoted);
  if (d.empty) return refuse(err, QUANTITY_MISSING);
  if (d.malformed) return refuse(err, QUANTITY_MALFORMED, quoted);
  if (d.overflow) return refuse(err, QUANTITY_TOO_LARGE, quoted);
  if (d.negative) return refuse(err, QUANTITY_NEGATIVE, quoted);
  struct text hint = {0};
  text_add_quantity(&hint, (int64_t)d.units);
  if (d.more && d.units < INT64_MAX) {
    text_add(&hint, " or ");
    text_add_quantity(&hint, (int64_t)d.units + 1);
  }
  refuse(err, QUANTITY_DECIMALS, quoted, hint.bytes);
  text_release(&hint);
  return REFUSED;
}

enum status decimal_parse(struct span text, int scale, const char *unit, int64_t *parts,
                          struct error *err) {
  struct decimal d = decimal_read_pasted(text, scale);
  if (!d.empty && !d.malformed && !d.overflow && d.decimals <= scale &&
      (!d.negative || d.units == 0)) {
    *parts = (int64_t)d.units;
    return DONE;
  }
  char quoted[SPAN_QUOTE_SIZE];
  span_quote(text, quoted);
  const char *example = scale ? "2 or 1.5" : "2";
  if (d.empty) return refuse(err, UNITS_MISSING, unit, example);
  if (d.malformed) return refuse(err, UNITS_MALFORMED, quoted, unit, example);
  if (d.overflow) {
    struct text most = {0};
    text_add_decimal(&most, LIMIT_LINE, scale);
    refuse(err, UNITS_TOO_LARGE, quoted, unit, most.bytes);
    text_release(&most);
    return REFUSED;
  }
  if (d.negative) return refuse(err, QUANTITY_NEGATIVE, quoted);
  if (refuse_two_readings(text, d, scale, err)) return REFUSED;
  struct text hint = {0};
  text_add_decimal(&hint, (int64_t)d.units, scale);
  if (d.more && d.units < INT64_MAX) {
    text_add(&hint, " or ");
    text_add_decimal(&hint, (int64_t)d.units + 1, scale);
  }
  if (scale) refuse(err, UNITS_DECIMALS, quoted, unit, scale, hint.bytes);
  else refuse(err, UNITS_WHOLE, quoted, unit, hint.bytes);
  text_release(&hint);
  return REFUSED;
}

enum status minutes_parse(struct span text, int64_t *minutes, struct error *err) {
  struct decimal d = decimal_read_pasted(text, 0);
  if (!d.empty && !d.malformed && !d.overflow && d.decimals == 0 && (!d.negative || d.units == 0)) {
    *minutes = (int64_t)d.units;
    return DONE;
  }
  char quoted[SPAN_QUOTE_SIZE];
  span_quote(text, quoted);
  if (d.empty) return refuse(err, MINUTES_MISSING);
  if (d.malformed) return refuse(err, MINUTES_MALFORMED, quoted);
  if (d.overflow) return refuse(err, MINUTES_TOO_LARGE, quoted);
  if (d.negative) return refuse(err, MINUTES_NEGATIVE, quoted);
  return refuse(err, MINUTES_WHOLE, quoted);
}

enum status integer_parse(struct span text, int64_t *value, struct error *err) {
  struct decimal d = decimal_read_pasted(text, 0);
  char quoted[SPAN_QUOTE_SIZE];
  if (d.empty) return refuse(err, NUMBER_MISSING);
  if (d.malformed || d.decimals) return refuse(err, NUMBER_MALFORMED, span_quote(text, quoted));
  if (d.overflow) return refuse(err, NUMBER_TOO_LARGE, span_quote(text, quoted));
  *value = d.negative ? -(int64_t)d.units : (int64_t)d.units;
  return DONE;
}

enum status boolean_parse(struct span text, bool *value, struct error *err) {
  static const struct {
    const char *word;
    bool value;
  } words[] = {{"", false},      {"yes", true}, {"no", false}, {"true", true},
               {"false", false}, {"1", true},   {"0", false}};
  char lower[8] = "", quoted[SPAN_QUOTE_SIZE];
  for (size_t i = 0; i < text.size && i < sizeof lower - 1; i++) {
    char c = text.bytes[i];
    lower[i] = c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
  }
  for (size_t i = 0; text.size < sizeof lower && i < sizeof words / sizeof *words; i++) {
    if (!span_is(span_make(lower, text.size), words[i].word)) continue;
    *value = words[i].value;
    return DONE;
  }
  return refuse(err, YES_OR_NO, span_quote(text, quoted));
}

bool money_scale(int64_t value, int64_t numerator, int64_t denominator, int64_t *out) {
  assert(denominator > 0);
  /* |product| <= 2^126, so that doubling and adding stay inside */
  __int128 product = (__int128)value * numerator;
  bool negative = product < 0;
  if (negative) product = -product;
  __int128 result = product / denominator, rest = product % denominator;
  if (rest >= denominator - rest) result++;
  if (result > INT64_MAX) return false;
  *out = negative ? -(int64_t)result : (int64_t)result;
  return true;
}

static uint64_t magnitude(int64_t n) { return n < 0 ? -(uint64_t)n : (uint64_t)n; }

/* Writes digits backwards, before `p`; a comma before each group of three where asked. */
static char *digits_before(char *p, uint64_t n, int least, bool grouped) {
  for (int i = 0; n || i < least; i++, n /= 10) {
    if (grouped && i && i % 3 == 0) *--p = ',';
    *--p = (char)('0' + n % 10);
  }
  return p;
}

void text_add_money(struct text *t, int64_t pence) {
  char buffer[32], *end = buffer + sizeof buffer,
                   *p = digits_before(end, magnitude(pence) % 100, 2, false);
  *--p = '.';
  p = digits_before(p, magnitude(pence) / 100, 1, false);
  if (pence < 0) *--p = '-';
  text_add_bytes(t, p, (size_t)(end - p));
}

void text_add_pounds(struct text *t, int64_t pence) {
  char buffer[40], *end = buffer + sizeof buffer,
                   *p = digits_before(end, magnitude(pence) % 100, 2, false);
  *--p = '.';
  p = digits_before(p, magnitude(pence) / 100, 1, true);
  text_add(t, pence < 0 ? "\xe2\x88\x92\xc2\xa3" : "\xc2\xa3");
  text_add_bytes(t, p, (size_t)(end - p));
}

void text_add_quantity(struct text *t, int64_t thousandths) { text_add_decimal(t, thousandths, 3); }

void text_add_decimal(struct text *t, int64_t parts, int scale) {
  uint64_t one = 1;
  for (int i = 0; i < scale; i++) one *= 10;
  uint64_t whole = magnitude(parts) / one, part = magnitude(parts) % one;
  int places = scale;
  while (places && part % 10 == 0) part /= 10, places--;
  char buffer[32], *end = buffer + sizeof buffer, *p = digits_before(end, part, places, false);
  if (places) *--p = '.';
  p = digits_before(p, whole, 1, false);
  if (parts < 0) *--p = '-';
  text_add_bytes(t, p, (size_t)(end - p));
}

void text_add_minutes(struct text *t, int64_t minutes) {
  char buffer[32], *end = buffer + sizeof buffer,
                   *p = digits_before(end, magnitude(minutes) % 60, 2, false);
  *--p = ':';
  p = digits_before(p, magnitude(minutes) / 60, 1, false);
  if (minutes < 0) *--p = '-';
  text_add_bytes(t, p, (size_t)(end - p));
}

void text_add_count(struct text *t, int64_t n) {
  char digits[24];
  uint64_t size = n < 0 ? 0 - (uint64_t)n : (uint64_t)n;
  int length = snprintf(digits, sizeof digits, "%llu", (unsigned long long)size);
  if (n < 0) text_add_char(t, '-');
  for (int i = 0; i < length; i++) {
    if (i && (length - i) % 3 == 0) text_add_char(t, ',');
    text_add_char(t, digits[i]);
  }
}

/* ---- as people type it ---- */

/* Removes the commas of `1,234.50`. False when a comma does not divide thousands: 12,50 is not read
 * as 1250. */
static bool drop_commas(struct span text, char *out, size_t *size) {
  const char *point = memchr(text.bytes, '.', text.size), *end = text.bytes + text.size;
  size_t whole = (size_t)((point ? point : end) - text.bytes), commas = 0;
  *size = 0;
  for (size_t i = 0; i < text.size; i++) {
    bool divides = i < whole && i > 0 && (whole - i) % 4 == 0;
    if (text.bytes[i] != ',') {
      out[(*size)++] = text.bytes[i];
      continue;
    }
    if (!divides) return false;
    commas++;
  }
  size_t digits = whole - commas;
  return commas == 0 || commas == (digits - 1) / 3;
}

bool money_typed(struct span text, int64_t *pence) {
  char plain[32];
  size_t size = 0;
  if (text.size > 2 && memcmp(text.bytes, "\xc2\xa3", 2) == 0)
    text = span_trim(span_make(text.bytes + 2, text.size - 2));
  return text.size < sizeof plain && drop_commas(text, plain, &size) &&
         money_parse(span_make(plain, size), pence, NULL) == DONE;
}
