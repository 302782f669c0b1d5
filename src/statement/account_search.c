/* Reading what was written in the search of an account, and holding an item against it. */
#include "statement/account_search.h"

#include "base/fold.h"
#include "base/money.h"

/* ---- reading ---- */

static struct span word_at(struct span text, size_t at) {
  size_t end = at;
  while (end < text.size && text.bytes[end] != ' ') end++;
  return span_make(text.bytes + at, end - at);
}

/* The word after this one; empty at the end. */
static struct span word_after(struct span text, struct span word) {
  const size_t at = (size_t)(word.bytes - text.bytes) + word.size + 1;
  return at < text.size ? word_at(text, at) : span_make(text.bytes + text.size, 0);
}

/* Digits alone, at most `most`; -1: it is no such number. */
static int number_of(struct span word, size_t most) {
  int n = 0;
  if (!word.size || word.size > most) return -1;
  for (size_t i = 0; i < word.size; i++) {
    if (word.bytes[i] < '0' || word.bytes[i] > '9') return -1;
    n = n * 10 + (word.bytes[i] - '0');
  }
  return n;
}

/* 1, 01, 1st, 22nd; 0: none. */
static int day_of_month(struct span word) {
  static const char *const endings[] = {"st", "nd", "rd", "th"};
  for (size_t i = 0; word.size > 2 && i < sizeof endings / sizeof *endings; i++)
    if (span_is(span_make(word.bytes + word.size - 2, 2), endings[i])) {
      word.size -= 2;
      break;
    }
  const int n = number_of(word, 2);
  return n >= 1 && n <= 31 ? n : 0;
}

static int year_of(struct span word) {
  const int n = word.size == 4 ? number_of(word, 4) : -1;
  return n >= DAY_YEAR_MIN && n <= DAY_YEAR_MAX ? n : 0;
}

static bool real_day(int year, int month, int day, day_t *out) {
  char iso[16];
  snprintf(iso, sizeof iso, "%04d-%02d-%02d", year, month, day);
  return year && day_parse(span_make(iso, 10), out, NULL) == DONE;
}

static void set_month(struct account_term *term, int year, int month) {
  term->from = day_make(year, month, 1);
  term->to = (month == 12 ? day_make(year, 12, 31) : day_make(year, month + 1, 1) - 1);
}

/* `1 march 2026`, `march 2026`, `1 march`, `march`: how many words it takes; 0: it is none. */
static int read_month(struct account_term *term, struct span words, struct span first) {
  const int day = day_of_month(first);
  const struct span named = day ? word_after(words, first) : first;
  const struct span after = word_after(words, named);
  const int year = year_of(after), month = month_named(named, !day && !year);
  if (!month) return 0;
  if (day && year) {
    if (!real_day(year, month, day, &term->from)) return 0;
    term->to = term->from;
    return 3;
  }
  if (year) {
    set_month(term, year, month);
    return 2;
  }
  term->month = month;
  term->month_day = day;
  return day ? 2 : 1;
}

/* 2026-03-01, 2026-03, 2025-26, 1/3/2026, 2026 */
static bool read_numbers(struct account_term *term, struct span word) {
  int parts[3] = {0}, count = 0, tax_year = 0;
  char mark = 0;
  struct span rest = word;
  if (year_parse(word, &tax_year, NULL) == DONE) {
    term->from = year_first_day(YEAR_TAX, tax_year);
    term->to = year_last_day(YEAR_TAX, tax_year);
    return true;
  }
  while (rest.size && count < 3) {
    size_t n = 0;
    while (n < rest.size && rest.bytes[n] >= '0' && rest.bytes[n] <= '9') n++;
    if ((parts[count++] = number_of(span_make(rest.bytes, n), 4)) < 0) return false;
    rest.bytes += n, rest.size -= n;
    if (!rest.size) break;
    if ((mark && *rest.bytes != mark) || (*rest.bytes != '-' && *rest.bytes != '/')) return false;
    mark = *rest.bytes++;
    if (!--rest.size) return false;
  }
  if (rest.size) return false;
  if (count == 3 && (mark == '-' ? real_day(parts[0], parts[1], parts[2], &term->from)
                                 : real_day(parts[2], parts[1], parts[0], &term->from)))
    return term->to = term->from, true;
  if (count == 2 && mark == '-' && parts[0] >= DAY_YEAR_MIN && parts[0] <= DAY_YEAR_MAX &&
      parts[1] >= 1 && parts[1] <= 12)
    return set_month(term, parts[0], parts[1]), true;
  if (count != 1 || !year_of(word)) return false;
  term->from = day_make(parts[0], 1, 1);
  term->to = day_make(parts[0], 12, 31);
  return true;
}

/* £71.70, 71.70, -71.70, 1,234, 71 */
static void read_amount(struct account_term *term, struct span word) {
  char plain[32];
  size_t n = 0;
  bool decimals = false;
  int64_t pence = 0;
  static const char pound[] = "£";
  for (size_t i = 0; i < word.size; i++) {
    if (word.size - i >= sizeof pound - 1 && !memcmp(word.bytes + i, pound, sizeof pound - 1)) {
      i += sizeof pound - 2;
      continue;
    }
    if (word.bytes[i] == ',' || (!n && (word.bytes[i] == '-' || word.bytes[i] == '+'))) continue;
    if (n == sizeof plain) return;
    decimals |= word.bytes[i] == '.';
    plain[n++] = word.bytes[i];
  }
  if (money_parse(span_make(plain, n), &pence, NULL) != DONE || pence < 0 || !line_holds(pence))
    return;
  term->has_amount = true;
  term->least = pence;
  term->most = decimals ? pence : pence + 99;
}

void account_search_read(struct arena *arena, struct span words, struct account_search *out) {
  struct text folded = {0};
  text_add_folded(&folded, words);
  const struct span all = span_make(arena_copy(arena, folded.bytes, folded.size), folded.size);
  text_release(&folded);
  out->count = 0;
  for (size_t at = 0; at < all.size;) {
    struct account_term *term = &out->all[out->count++];
    struct span word = word_at(all, at), last = word;
    *term = (struct account_term){.from = DAY_NONE, .to = DAY_NONE};
    if (out->count == ACCOUNT_TERMS_MOST) last = span_make(all.bytes + all.size, 0);
    else
      for (int taken = read_month(term, all, word); taken > 1; taken--)
        last = word_after(all, last);
    if (term->from == DAY_NONE && !term->month) {
      read_amount(term, word);
      (void)read_numbers(term, word);
    }
    term->words = span_make(word.bytes, (size_t)(last.bytes + last.size - word.bytes));
    at += term->words.size + 1;
  }
}

/* ---- finding ---- */

static bool amount_fits(const struct account_term *term, const struct account_item *item) {
  enum { PENCE = 100, MINUTES = 60 };
  const int64_t amount = item->amount < 0 ? -item->amount : item->amount;
  if (!term->has_amount) return false;
  if (item->is_money) return amount >= term->least && amount <= term->most;
  return item->is_time && amount * PENCE >= term->least * MINUTES &&
         amount * PENCE <= term->most * MINUTES;
}

static bool day_fits(const struct account_term *term, day_t day) {
  int year, month, of_month;
  if (term->from != DAY_NONE) return day >= term->from && day <= term->to;
  if (!term->month) return false;
  day_parts(day, &year, &month, &of_month);
  return month == term->month && (!term->month_day || of_month == term->month_day);
}

bool account_search_finds(const struct account_search *search, const struct account_item *item) {
  for (int i = 0; i < search->count; i++) {
    const struct account_term *term = &search->all[i];
    if (!amount_fits(term, item) && !day_fits(term, item->day) &&
        !folded_has(item->texts, term->words))
      return false;
  }
  return true;
}
