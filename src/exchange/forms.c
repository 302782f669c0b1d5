#include "exchange/forms.h"

#include "base/message.h"
#include "base/pasted.h"

#include <stdio.h>

/* ---- days ---- */

static bool is_digit(char c) { return c >= '0' && c <= '9'; }
static bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
static char lower(char c) { return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c; }

/* The text without a time of day at its end: ` 00:00`, ` 00:00:00`, `T00:00:00`. */
static struct span without_time(struct span s) {
  size_t at = 0;
  while (at < s.size && s.bytes[at] != ':') at++;
  if (at == s.size) return s;
  while (at > 0 && is_digit(s.bytes[at - 1])) at--;
  if (at < 2 || (s.bytes[at - 1] != ' ' && s.bytes[at - 1] != 'T')) return s;
  return span_trim(span_make(s.bytes, at - 1));
}

static int month_of(struct span word) {
  static const char *const months[] = {"january",   "february", "march",    "april",
                                       "may",       "june",     "july",     "august",
                                       "september", "october",  "november", "december"};
  if (word.size == 4 && strncasecmp(word.bytes, "sept", 4) == 0) return 9;
  for (int m = 0; m < 12; m++) {
    if (!word.size || lower(word.bytes[0]) != months[m][0]) continue;
    size_t whole = strlen(months[m]), k = 0;
    if (word.size != 3 && word.size != whole) continue;
    while (k < word.size && lower(word.bytes[k]) == months[m][k]) k++;
    if (k == word.size) return m + 1;
  }
  return 0;
}

static int number_of(struct span digits) {
  int n = 0;
  for (size_t i = 0; i < digits.size; i++) n = n * 10 + (digits.bytes[i] - '0');
  return n;
}

static int days_in(int year, int month) {
  static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  return month == 2 && year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : days[month - 1];
}

static bool serial_day(struct span s, day_t *day) {
  enum { DAY_ZERO = -25569 /* 1899-12-30 */, EARLIEST = 20000 /* 1954 */, DIGITS = 5 };
  for (size_t i = 0; i < s.size; i++)
    if (!is_digit(s.bytes[i]) && !(i == DIGITS && s.bytes[i] == '.' && s.size > DIGITS + 1))
      return false;
  int n = s.size >= DIGITS && s.size <= 16 && (s.size == DIGITS || s.bytes[DIGITS] == '.')
              ? number_of(span_make(s.bytes, DIGITS))
              : 0;
  if (n < EARLIEST) return false;
  *day = DAY_ZERO + n;
  return true;
}

/* `20140331`. */
static bool packed_day(struct span s, day_t *day) {
  for (size_t i = 0; i < s.size; i++)
    if (!is_digit(s.bytes[i])) return false;
  if (s.size != 8) return false;
  int year = number_of(span_make(s.bytes, 4)), month = number_of(span_make(s.bytes + 4, 2)),
      of_month = number_of(span_make(s.bytes + 6, 2));
  if (year < DAY_YEAR_MIN || year > DAY_YEAR_MAX || month < 1 || month > 12 || of_month < 1 ||
      of_month > days_in(year, month))
    return false;
  *day = day_make(year, month, of_month);
  return true;
}

/* Three runs of digits or letters with the same divider between them. */
static bool three_parts(struct span s, struct span part[3], char *divider) {
  size_t at = 0;
  for (int i = 0; i < 3; i++) {
    size_t from = at;
    if (at < s.size && is_digit(s.bytes[at]))
      while (at < s.size && is_digit(s.bytes[at])) at++;
    else
      while (at < s.size && is_letter(s.bytes[at])) at++;
    if (at == from || at - from > 9) return false;
    part[i] = span_make(s.bytes + from, at - from);
    if (i == 2) return at == s.size;
    if (at == s.size || !strchr("/-. ", s.bytes[at]) || (i == 1 && s.bytes[at] != *divider))
      return false;
    *divider = s.bytes[at++];
  }
  return false;
}

/* Without a weekday before it: `Wednesday, 4 May 2022`, `Wed 4 May 2022`. */
static struct span without_weekday(struct span s) {
  static const char *const days[] = {"mon", "tue", "wed", "thu", "fri", "sat", "sun"};
  size_t at = 0;
  if (s.size < 6 || !is_letter(s.bytes[0])) return s;
  for (int d = 0; d < 7; d++) at |= (size_t)(strncasecmp(s.bytes, days[d], 3) == 0);
  if (!at) return s;
  for (at = 3; at < s.size && is_letter(s.bytes[at]); at++) continue;
  while (at < s.size && (s.bytes[at] == ',' || s.bytes[at] == ' ')) at++;
  return at < s.size ? span_make(s.bytes + at, s.size - at) : s;
}

/* The text with one divider where people write several: `16th May, 2023` is `16 May 2023`, and `May
 * 4, 2022` is `4 May 2022`. `out` holds SPELT_BYTES. */
enum { SPELT_BYTES = 32 };
static struct span respelt(struct span s, char *out) {
  size_t n = 0;
  struct span word[3];
  int words = 0;
  bool other = false;
  for (size_t i = 0; i < s.size && !other;) {
    size_t from = i;
    while (i < s.size && s.bytes[i] != ' ' && s.bytes[i] != ',') i++;
    other = words == 3 || i == from;
    if (!other) word[words++] = span_make(s.bytes + from, i - from);
    while (i < s.size && (s.bytes[i] == ' ' || s.bytes[i] == ',')) i++;
  }
  if (other || words != 3 || s.size >= SPELT_BYTES) return s;
  if (is_letter(word[0].bytes[0]) && is_digit(word[1].bytes[0])) {
    struct span month = word[0];
    word[0] = word[1];
    word[1] = month;
  }
  if (word[0].size > 2) {
    static const char *const ends[] = {"st", "nd", "rd", "th"};
    for (int e = 0; e < 4; e++)
      if (is_digit(word[0].bytes[0]) &&
          strncasecmp(word[0].bytes + word[0].size - 2, ends[e], 2) == 0) {
        word[0].size -= 2;
        break;
      }
  }
  for (int w = 0; w < 3; w++) {
    if (w) out[n++] = ' ';
    memcpy(out + n, word[w].bytes, word[w].size);
    n += word[w].size;
  }
  return span_make(out, n);
}

/* Whether the text begins and ends as every day does: with a letter or digit, and with a digit
 * unless a time of day comes after it. Almost every cell of names does not, and is passed over. */
static bool may_be_day(struct span s) {
  enum { BYTES_LEAST = 5 };
  if (s.size < BYTES_LEAST || (!is_digit(s.bytes[0]) && !is_letter(s.bytes[0]))) return false;
  return is_digit(s.bytes[s.size - 1]) || memchr(s.bytes, ':', s.size);
}

/* The form's words with the divider between them. Each row of a file of payments has its form
 * written. */
static void write_form(char form[FORM_SIZE], const char *const *words, int count, char divider) {
  char *at = form;
  for (int i = 0; i < count; i++) {
    if (i) *at++ = divider;
    for (const char *word = words[i]; *word; word++) *at++ = *word;
  }
  *at = 0;
}

bool form_day(struct span text, bool month_first, day_t *day, char form[FORM_SIZE]) {
  char spelt[SPELT_BYTES];
  struct span s = span_trim_pasted(text), part[3];
  char divider = 0;
  if (!may_be_day(s)) return false;
  s = respelt(without_weekday(without_time(s)), spelt);
  if (serial_day(s, day)) {
    memcpy(form, "serial", sizeof "serial");
    return true;
  }
  if (packed_day(s, day)) {
    memcpy(form, "yyyymmdd", sizeof "yyyymmdd");
    return true;
  }
  if (!three_parts(s, part, &divider)) return false;
  bool named = is_letter(part[1].bytes[0]), year_first = part[0].size == 4;
  int d = year_first ? 2 : 0, m = 1, y = year_first ? 0 : 2;
  if (!named && month_first && !year_first) d = 1, m = 0;
  if (!is_digit(part[d].bytes[0]) || !is_digit(part[y].bytes[0]) || part[d].size > 2 ||
      (part[y].size != 2 && part[y].size != 4))
    return false;
  if (!named && (!is_digit(part[m].bytes[0]) || part[m].size > 2)) return false;
  int month = named ? month_of(part[m]) : number_of(part[m]),
      year = number_of(part[y]) + (part[y].size == 2 ? 2000 : 0), of_month = number_of(part[d]);
  if (month < 1 || month > 12 || year < DAY_YEAR_MIN || year > DAY_YEAR_MAX || of_month < 1 ||
      of_month > days_in(year, month))
    return false;
  *day = day_make(year, month, of_month);
  const char *word[3];
  word[d] = "dd";
  word[m] = named ? "mmm" : "mm";
  word[y] = part[y].size == 2 ? "yy" : "yyyy";
  write_form(form, word, 3, divider);
  return true;
}

/* ---- months ---- */

static const char *const month_forms[] = {"mmm-yy",   "mmm yy",  "mmm/yy",  "mmm-yyyy", "mmm yyyy",
                                          "mmm/yyyy", "yyyy-mm", "yyyy/mm", "mm-yyyy",  "mm/yyyy"};
enum { MONTH_FORMS = sizeof month_forms / sizeof *month_forms };

static bool form_is_month(const char *form) {
  for (int i = 0; i < MONTH_FORMS; i++)
    if (strcmp(form, month_forms[i]) == 0) return true;
  return false;
}

static bool month_end(int year, int month, day_t *last) {
  if (month < 1 || month > 12 || year < DAY_YEAR_MIN || year > DAY_YEAR_MAX) return false;
  *last = day_make(year, month, days_in(year, month));
  return true;
}

bool form_month(struct span text, day_t *last, char form[FORM_SIZE]) {
  struct span s = span_trim_pasted(text), part[2];
  size_t at = 0;
  if (!s.size || s.size > 14) return false;
  while (at < s.size && (is_digit(s.bytes[at]) || is_letter(s.bytes[at]))) at++;
  if (at == 0 || at + 1 >= s.size || !strchr("-/ ", s.bytes[at])) return false;
  part[0] = span_make(s.bytes, at);
  part[1] = span_make(s.bytes + at + 1, s.size - at - 1);
  const char *word[2];
  int number[2];
  for (int i = 0; i < 2; i++) {
    size_t digits = 0;
    while (digits < part[i].size && is_digit(part[i].bytes[digits])) digits++;
    number[i] = digits == part[i].size && digits <= 4 ? number_of(part[i]) : -1;
    word[i] = number[i] < 0 ? "mmm" : digits == 4 ? "yyyy" : digits == 2 ? "yy" : "";
  }
  int month = 0, year = 0;
  if (number[0] < 0) {
    month = month_of(part[0]);
    year = *word[1] == 'y' ? number[1] + (part[1].size == 2 ? 2000 : 0) : 0;
  } else if (part[0].size == 4 && number[1] >= 0 && part[1].size <= 2) {
    year = number[0], month = number[1];
    word[1] = "mm";
  } else if (part[1].size == 4 && number[1] >= 0 && part[0].size <= 2) {
    year = number[1], month = number[0];
    word[0] = "mm";
  }
  if (!month_end(year, month, last)) return false;
  write_form(form, word, 2, s.bytes[at]);
  return form_is_month(form);
}

/* A run of digits or of letters. */
struct run {
  struct span text;
  bool digits;
};

static int runs_of(struct span words, struct run *runs, int most) {
  int n = 0;
  for (size_t i = 0; i < words.size && n < most;) {
    const bool digits = is_digit(words.bytes[i]);
    if (!digits && !is_letter(words.bytes[i])) {
      i++;
      continue;
    }
    size_t from = i;
    while (i < words.size && (digits ? is_digit(words.bytes[i]) : is_letter(words.bytes[i]))) i++;
    runs[n++] = (struct run){span_make(words.bytes + from, i - from), digits};
  }
  return n;
}

static int plausible_year(struct run r, bool short_one) {
  if (!r.digits) return 0;
  int year = r.text.size == 4                ? number_of(r.text)
             : r.text.size == 2 && short_one ? 2000 + number_of(r.text)
                                             : 0;
  return year >= 2000 && year < 2100 ? year : 0;
}

bool form_month_within(struct span words, day_t *last) {
  enum { RUNS = 40 };
  struct run runs[RUNS];
  bool found = false;
  day_t end;
  int count = runs_of(words, runs, RUNS);
  for (int i = 0; i < count; i++) {
    int month = runs[i].digits ? 0 : month_of(runs[i].text), year = 0;
    if (month && i + 1 < count && month_of(runs[i + 1].text)) return false; /* apr-jun-2014 */
    if (month) {
      year = i + 1 < count ? plausible_year(runs[i + 1], true) : 0;
      /* the day before the month of `to 31 March 2024` is no year */
      if (!year && i > 0) year = plausible_year(runs[i - 1], false);
    } else if (runs[i].digits && runs[i].text.size == 4 && i + 1 < count && runs[i + 1].digits &&
               runs[i + 1].text.size == 2) {
      year = plausible_year(runs[i], false), month = number_of(runs[i + 1].text);
      if (month == year % 100 + 1) year = 0; /* 2011-12 may be a financial year */
    } else if (runs[i].digits && runs[i].text.size == 6) {
      year = plausible_year((struct run){span_make(runs[i].text.bytes, 4), true}, false);
      month = number_of(span_make(runs[i].text.bytes + 4, 2));
    }
    if (!year || !month_end(year, month, &end)) continue;
    if (found && end != *last) return false;
    *last = end;
    found = true;
  }
  return found;
}

bool form_day_known(const char *form) {
  if (strcmp(form, "serial") == 0 || strcmp(form, "yyyymmdd") == 0 || form_is_month(form))
    return true;
  static const char *const orders[][3] = {{"dd", "mm", "yyyy"},  {"dd", "mm", "yy"},
                                          {"dd", "mmm", "yyyy"}, {"dd", "mmm", "yy"},
                                          {"yyyy", "mm", "dd"},  {"yyyy", "mmm", "dd"},
                                          {"mm", "dd", "yyyy"},  {"mm", "dd", "yy"}};
  for (size_t i = 0; i < sizeof orders / sizeof *orders; i++)
    for (const char *divider = "/-. "; *divider; divider++) {
      char known[FORM_SIZE];
      snprintf(known, sizeof known, "%s%c%s%c%s", orders[i][0], *divider, orders[i][1], *divider,
               orders[i][2]);
      if (strcmp(form, known) == 0) return true;
    }
  return false;
}

const char *form_day_example(const char *form, char out[FORM_SIZE]) {
  static const struct {
    const char *part, *is;
  } parts[] = {{"yyyy", "2025"}, {"yy", "25"}, {"mmm", "May"}, {"mm", "05"}, {"dd", "31"}};
  size_t n = 0;
  if (strcmp(form, "serial") == 0) return "45808";
  for (const char *at = form; *at && n + 5 < FORM_SIZE;) {
    size_t k = 0;
    while (k < 5 && strncmp(at, parts[k].part, strlen(parts[k].part)) != 0) k++;
    if (k == 5) {
      out[n++] = *at++;
      continue;
    }
    memcpy(out + n, parts[k].is, strlen(parts[k].is));
    n += strlen(parts[k].is);
    at += strlen(parts[k].part);
  }
  out[n] = '\0';
  return out;
}

/* ---- amounts ---- */

const char *const money_form_words[MONEY_FORMS] = {"thousands", "trailing-minus", "brackets",
                                                   "pound-sign", "dash"};

/* `what` has a byte or more. */
static bool take_front(struct span *s, const char *what) {
  if (!s->size || s->bytes[0] != what[0]) return false;
  size_t size = strlen(what);
  if (s->size < size || memcmp(s->bytes, what, size) != 0) return false;
  *s = span_trim_pasted(span_make(s->bytes + size, s->size - size));
  return true;
}

static bool take_back(struct span *s, char what) {
  if (!s->size || s->bytes[s->size - 1] != what) return false;
  *s = span_trim_pasted(span_make(s->bytes, s->size - 1));
  return true;
}

#define POUND "\xc2\xa3"
/* What becomes of a pound sign on its way: read in the wrong encoding once more, lost, or taken for
 * the character that had its number on an old machine. */
static const char *const pounds[] = {POUND, "\xc3\x82\xc2\xa3", "\xef\xbf\xbd", "\xc5\x93", "GBP"};
enum { POUNDS = sizeof pounds / sizeof *pounds };

static bool take_pound(struct span *s) {
  for (int i = 0; i < POUNDS; i++)
    if (take_front(s, pounds[i])) return true;
  return false;
}

/* Takes the signs around the digits. False when there are two. */
static bool take_signs(struct span *s, bool *negative, unsigned *forms) {
  int signs = 0;
  if (take_pound(s)) *forms |= MONEY_POUND_SIGN;
  bool brackets = s->size > 1 && s->bytes[0] == '(' && s->bytes[s->size - 1] == ')';
  if (brackets) {
    *s = span_trim(span_make(s->bytes + 1, s->size - 2));
    *forms |= MONEY_BRACKETS;
    signs++;
  }
  for (;;) {
    if (take_front(s, "-") || take_front(s, "\xe2\x88\x92")) signs++; /* the second is U+2212 */
    else if (!(*forms & MONEY_POUND_SIGN) && take_pound(s)) *forms |= MONEY_POUND_SIGN;
    else break;
  }
  if (take_back(s, '-')) {
    *forms |= MONEY_TRAILING_MINUS;
    signs++;
  }
  *negative = signs > 0;
  return signs <= 1;
}

/* Whether commas divide the whole part into threes, from the first one on. */
static bool commas_right(struct span s) {
  size_t whole = 0, run = 0, commas = 0;
  while (whole < s.size && s.bytes[whole] != '.') whole++;
  for (size_t i = 0; i < s.size; i++) {
    if (i >= whole) {
      if (s.bytes[i] == ',') return false;
      continue;
    }
    if (s.bytes[i] != ',') {
      run++;
      continue;
    }
    if (run == 0 || run > 3 || (commas && run != 3)) return false;
    commas++;
    run = 0;
  }
  return !commas || run == 3;
}

const char *form_money(struct span text, int64_t scale, int64_t *pence, unsigned *forms) {
  struct span s = span_trim_pasted(text), rest = s;
  bool negative = false, point = false, digits = false;
  unsigned found = 0;
  __int128 value = 0, unit = 1, limit = (__int128)1 << 100;
  if (take_pound(&rest)) found = MONEY_POUND_SIGN;
  if (rest.size == 1 && rest.bytes[0] == '-') {
    *forms = MONEY_DASH | found;
    *pence = 0;
    return NULL;
  }
  found = 0;
  if (!take_signs(&s, &negative, &found)) return N_("has two signs; write one, as in -12.50");
  for (size_t i = 0; i < s.size; i++) {
    char c = s.bytes[i];
    if (c == ',') found |= MONEY_THOUSANDS;
    else if (c == '.' && !point) point = true;
    else if (!is_digit(c)) return N_("is not an amount; write pounds as 1234.56");
    else {
      digits = true;
      value = value * 10 + (c - '0');
      if (point) unit *= 10;
      if (value > limit || unit > limit)
        return N_("is too long for an amount; write pounds as 1234.56");
    }
  }
  if (!digits) return N_("is not an amount; write pounds as 1234.56");
  if (found & MONEY_THOUSANDS && !commas_right(s))
    return N_("has commas that do not divide thousands; write 1,234.56 or 1234.56");
  if (value > ((__int128)1 << 70)) return N_("is too large; an amount is at most 100000000000.00");
  value *= (__int128)scale * 100;
  if (value % unit) return N_("has a part of a penny; write two decimals at most");
  value /= unit;
  if (negative) value = -value;
  if (value > INT64_MAX || value < -INT64_MAX)
    return N_("is too large; an amount is at most 100000000000.00");
  *pence = (int64_t)value;
  *forms = found;
  return NULL;
}

bool form_money_begins(struct span text) {
  struct span s = span_trim_pasted(text);
  while (take_front(&s, "-") || take_front(&s, "(") || take_pound(&s)) continue;
  return s.size && is_digit(s.bytes[0]);
}
