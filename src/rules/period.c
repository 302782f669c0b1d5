#include "rules/period.h"

#include "base/refusal.h"

const char *const rule_each_words[EACH_COUNT] = {"",    "day",  "week",  "month",
                                                 "pay", "year", "asked", "eternity"};

day_t period_month_day(int year, int month, int day) {
  year += (month - 1) / 12 - (month < 1 && (month - 1) % 12);
  month = ((month - 1) % 12 + 12) % 12 + 1;
  static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  const bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
  const int last = days[month - 1] + (month == 2 && leap);
  if (year < DAY_YEAR_MIN) return DAY_FIRST;
  if (year > DAY_YEAR_MAX) return DAY_LAST;
  return day_make(year, month, day > last ? last : day);
}

/* The period from a day of a month, or from the month's last day where that is earlier. */
static struct rule_period from_day(enum rule_each each, int year, int month, int day) {
  const day_t start = period_month_day(year, month, day);
  const bool is_short = start - period_month_day(year, month, 1) + 1 < day;
  return (struct rule_period){.each = each, .start = start, .day = is_short ? day : 0};
}

struct rule_period period_year(const struct rules *rules, int year) {
  return from_day(EACH_YEAR, year, rules->year_month, rules->year_day);
}

struct parameter_year period_parameter_year(const struct rules *rules, int year) {
  return (
      struct parameter_year){.at = period_month_day(year, rules->annual_month, rules->annual_day),
                             .first = period_year(rules, year).start,
                             .last = period_year(rules, year + 1).start - 1};
}

struct rule_period period_shift(struct rule_period p, enum rule_each each, int steps) {
  int year, month, day;
  day_parts(p.start, &year, &month, &day);
  if (p.day) day = p.day;
  const bool has_day = p.each == EACH_MONTH || p.each == EACH_PAY || p.each == EACH_YEAR;
  struct rule_period shifted = {.each = p.each, .start = p.start};
  switch (each) {
  case EACH_DAY: shifted.start += steps; break;
  case EACH_WEEK: shifted.start += 7 * steps; break;
  case EACH_MONTH:
  case EACH_PAY: shifted = from_day(p.each, year, month + steps, day); break;
  case EACH_YEAR: shifted = from_day(p.each, year + steps, month, day); break;
  default: return p;
  }
  if (!has_day) shifted.day = 0;
  return shifted;
}

day_t period_after(struct rule_period p) {
  if (p.each == EACH_ETERNITY || p.each == EACH_NONE) return DAY_LAST;
  return period_shift(p, p.each, 1).start;
}

struct rule_period period_around(const struct rules *rules, struct rule_period p,
                                 enum rule_each each) {
  int year, month, day;
  if (p.each == EACH_ETERNITY || each == EACH_ETERNITY) return (struct rule_period){.each = each};
  day_parts(p.start, &year, &month, &day);
  if (each == EACH_YEAR) {
    struct rule_period y = period_year(rules, year);
    return y.start <= p.start ? y : period_year(rules, year - 1);
  }
  if (each == EACH_MONTH) {
    struct rule_period m = from_day(EACH_MONTH, year, month, rules->year_day);
    return m.start <= p.start ? m : from_day(EACH_MONTH, year, month - 1, rules->year_day);
  }
  return (struct rule_period){.each = each, .start = p.start};
}

/* Weeks of a year begin on its Mondays; other parts begin with it. */
struct rule_period period_part(struct rule_period p, enum rule_each each, int i) {
  const bool mondays = p.each == EACH_YEAR && each == EACH_WEEK;
  const struct rule_period first = {.each = each,
                                    .start = mondays ? day_monday_from(p.start) : p.start,
                                    .day = each < EACH_MONTH ? 0 : p.day};
  return period_shift(first, each, i);
}

int period_parts(struct rule_period p, enum rule_each each) {
  const day_t after = period_after(p);
  if (p.each == EACH_ETERNITY || each == EACH_ETERNITY || each >= p.each) return 1;
  if (each == EACH_DAY) return after - p.start;
  if (p.each == EACH_YEAR && each == EACH_WEEK)
    return (after - day_monday_from(p.start) + 6) / 7; /* 52 or 53 */
  if (p.each == EACH_YEAR) return (int)period_times(each);
  int n = 0;
  while (period_after(period_part(p, each, n)) <= after) n++;
  return n;
}

double period_times(enum rule_each each) {
  static const double times[EACH_COUNT] = {1, 365, 52, 12, 12, 1, 1, 1};
  return times[each];
}

/* ---- as text ---- */

static bool digits(struct span s, size_t from, size_t count, int *out) {
  if (s.size < from + count) return false;
  *out = 0;
  for (size_t i = from; i < from + count; i++) {
    if (s.bytes[i] < '0' || s.bytes[i] > '9') return false;
    *out = *out * 10 + (s.bytes[i] - '0');
  }
  return true;
}

static bool prefix(struct span *text, const char *word, enum rule_each each,
                   struct rule_period *out) {
  const size_t size = strlen(word);
  if (text->size <= size || memcmp(text->bytes, word, size) != 0) return false;
  *text = span_make(text->bytes + size, text->size - size);
  out->each = each;
  return true;
}

static bool year_is(int year) { return year >= DAY_YEAR_MIN && year <= DAY_YEAR_MAX; }

enum status period_parse(const struct rules *rules, struct span text, struct rule_period *out,
                         struct error *err) {
  struct span s = span_trim(text);
  struct rule_period p = {.each = EACH_NONE};
  int year, month, day;
  if (span_is(s, "ETERNITY") || span_is(s, "eternity")) {
    *out = (struct rule_period){.each = EACH_ETERNITY};
    return DONE;
  }
  (void)(prefix(&s, "day:", EACH_DAY, &p) || prefix(&s, "week:", EACH_WEEK, &p) ||
         prefix(&s, "month:", EACH_MONTH, &p) || prefix(&s, "year:", EACH_YEAR, &p));
  const bool has_year = digits(s, 0, 4, &year) && year_is(year);
  const bool april = rules->year_month != 1 || rules->year_day != 1;
  const bool month_only = s.size == 7 && has_year && s.bytes[4] == '-' && digits(s, 5, 2, &month);
  if (has_year && s.size == 4) {
    *out = p.each == EACH_NONE || p.each == EACH_YEAR ? period_year(rules, year) : p;
    if (p.each == EACH_NONE || p.each == EACH_YEAR) return DONE;
  } else if (month_only && month == (year + 1) % 100 && p.each != EACH_MONTH &&
             (p.each == EACH_YEAR || april || month > 12 || !month)) {
    *out = period_year(rules, year); /* 2025-26; 2009-10 too where years begin in April */
    if (p.each == EACH_NONE || p.each == EACH_YEAR) return DONE;
  } else if (month_only && month >= 1 && month <= 12 &&
             (p.each == EACH_NONE || p.each == EACH_MONTH)) {
    *out = (struct rule_period){.each = EACH_MONTH, .start = day_make(year, month, 1)};
    return DONE;
  } else if (s.size == 10 && has_year && p.each != EACH_YEAR && s.bytes[4] == '-' &&
             s.bytes[7] == '-' && digits(s, 5, 2, &month) && digits(s, 8, 2, &day) && month >= 1 &&
             month <= 12 && day >= 1 &&
             period_month_day(year, month, day) == period_month_day(year, month, 1) + day - 1) {
    *out = (struct rule_period){.each = p.each ? p.each : EACH_DAY,
                                .start = day_make(year, month, day)};
    return DONE;
  }
  char quoted[SPAN_QUOTE_SIZE];
  return refuse(err, RULE_PERIOD_MALFORMED, span_quote(text, quoted));
}

char *period_write(struct arena *arena, struct rule_period p) {
  char day[11];
  int year, month, of_month;
  if (p.each == EACH_ETERNITY) return arena_string(arena, "eternity");
  day_parts(p.start, &year, &month, &of_month);
  day_write(p.start, day);
  const bool is_like_year = month == (year + 1) % 100; /* 2009-10 */
  enum { YEAR = 4, MONTH = 7 };                        /* of the day's letters */
  if (p.each == EACH_YEAR && month == 1 && of_month == 1) return arena_copy(arena, day, YEAR);
  if (p.each == EACH_YEAR) { /* 2025-26 */
    day[YEAR + 1] = (char)('0' + (year + 1) / 10 % 10);
    day[YEAR + 2] = (char)('0' + (year + 1) % 10);
    return arena_copy(arena, day, MONTH);
  }
  if (p.each == EACH_MONTH && of_month == 1 && !is_like_year) return arena_copy(arena, day, MONTH);
  if (p.each == EACH_DAY) return arena_string(arena, day);
  const char *word = rule_each_words[p.each];
  const size_t size = strlen(word);
  char *out = arena_alloc(arena, size + sizeof ":" + sizeof day);
  memcpy(out, word, size);
  out[size] = ':';
  memcpy(out + size + 1, day, sizeof day);
  return out;
}
