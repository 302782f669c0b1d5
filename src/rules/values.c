#include "rules/values.h"

#include "base/nearest.h"
#include "base/refusal.h"
#include "rules/yaml.h"
#include <ctype.h>
#include <float.h>
#include <math.h>
#include <stdio.h>

bool rule_value_word(struct text *out, const struct rule_type *t, double x) {
  if (t->kind == KIND_ENUM && x >= 0 && x < t->items->count) text_add(out, t->items->items[(int)x]);
  else if (t->kind == KIND_DATE && x >= DAY_FIRST && x <= DAY_LAST) text_add_day(out, (day_t)x);
  else return false;
  return true;
}

enum { MILLIONTHS_BELOW = 1000000000 }; /* a double has more places than six */

/* The nearest whole number of millionths, as printf rounds: what the product lost decides where it
 * lies halfway. */
static int64_t millionths_of(double x) {
  const double all = x * 1e6;
  const int64_t whole = (int64_t)all;
  const double rest = all - (double)whole;
  if (rest != 0.5) return whole + (rest > 0.5);
  const double lost = fma(x, 1e6, -all);
  return whole + (lost > 0 || (lost == 0 && whole % 2));
}

/* Without the zeros at its end. By printf it was three tenths of a run from files. */
static void add_millionths(struct text *out, double x) {
  char digits[32], *at = digits + sizeof digits;
  int64_t left = millionths_of(fabs(x));
  const bool minus = x < 0 && left;
  int places = 6;
  for (; places && left % 10 == 0; places--) left /= 10;
  const bool has_point = places > 0;
  for (; places; places--, left /= 10) *--at = (char)('0' + left % 10);
  if (has_point) *--at = '.';
  do *--at = (char)('0' + left % 10);
  while (left /= 10);
  if (minus) *--at = '-';
  text_add_bytes(out, at, (size_t)(digits + sizeof digits - at));
}

void rule_number_write(struct text *out, double x) {
  if (isinf(x)) {
    text_add(out, x > 0 ? "inf" : "-inf");
    return;
  }
  if (fabs(x) < 9e11 && x == floor(x)) {
    text_add_int(out, (int64_t)x);
    return;
  }
  if (fabs(x) < MILLIONTHS_BELOW) {
    add_millionths(out, x);
    return;
  }
  char digits[DBL_MAX_10_EXP + 16];
  int n = snprintf(digits, sizeof digits, "%.6f", x);
  while (n && digits[n - 1] == '0') n--;
  if (n && digits[n - 1] == '.') n--;
  text_add_bytes(out, digits, (size_t)n);
}

/* ---- what is no value ---- */

enum { ITEMS_NAMED_MOST = 16 };

static enum status refuse_item(struct arena *arena, const struct rule_variable *v,
                               const char *quoted, struct error *err) {
  const struct rule_enum *items = v->type.items;
  struct nearest near = {.typed = quoted};
  for (int i = 0; i < items->count; i++) nearest_offer(&near, items->items[i]);
  if (near.best) return refuse(err, RULE_VALUE_NEAREST, quoted, v->name, near.best);
  struct text all = {0};
  for (int i = 0; i < items->count && i < ITEMS_NAMED_MOST; i++)
    text_addf(&all, "%s%s", i ? ", " : "", items->items[i]);
  if (items->count > ITEMS_NAMED_MOST) text_addf(&all, ", ... (%d)", items->count);
  return refuse(err, RULE_VALUE_ITEMS, quoted, v->name, text_take(arena, &all));
}

/* `£24,000.50`: 24000.50. Null: it is none. */
static const char *number_meant(const struct rules *rules, struct arena *arena, struct span s) {
  const char *sign = rules->money_sign ? rules->money_sign : "";
  struct text plain = {0};
  double ignored;
  const size_t skip = strlen(sign);
  if (skip && s.size > skip && memcmp(s.bytes, sign, skip) == 0)
    s = span_trim(span_make(s.bytes + skip, s.size - skip));
  for (size_t i = 0; i < s.size; i++) {
    const bool gap = s.bytes[i] == ',' && i && i + 3 < s.size &&
                     isdigit((unsigned char)s.bytes[i - 1]) &&
                     isdigit((unsigned char)s.bytes[i + 1]) &&
                     isdigit((unsigned char)s.bytes[i + 2]) &&
                     isdigit((unsigned char)s.bytes[i + 3]) &&
                     (i + 4 == s.size || !isdigit((unsigned char)s.bytes[i + 4]));
    if (!gap && s.bytes[i] != '_') text_add_char(&plain, s.bytes[i]);
  }
  const bool good = yaml_number(span_make(plain.bytes, plain.size), &ignored);
  const char *meant = text_take(arena, &plain);
  return good ? meant : NULL;
}

bool rule_looks_like_day(struct span s, int parts[3]) {
  int n = 0;
  size_t digits = 0;
  char between = 0;
  parts[0] = 0;
  for (size_t i = 0; i < s.size; i++) {
    const char c = s.bytes[i];
    if (isdigit((unsigned char)c)) {
      if (++digits > 4) return false;
      parts[n] = parts[n] * 10 + (c - '0');
    } else {
      if (!digits || (c != '/' && c != '-' && c != '.') || n == 2 || (between && c != between))
        return false;
      between = c;
      digits = 0;
      parts[++n] = 0;
    }
  }
  return n == 2 && digits;
}

/* The day first, as it is written here, or the year first. */
static const char *day_meant(struct arena *arena, struct span s) {
  struct error ignored = {0};
  int n[3];
  day_t day;
  if (!rule_looks_like_day(s, n)) return NULL;
  const bool year_first = n[0] > 31;
  const char *meant = arena_printf(arena, "%04d-%02d-%02d", year_first ? n[0] : n[2], n[1],
                                   year_first ? n[2] : n[0]);
  return day_parse(span_of(meant), &day, &ignored) == DONE ? meant : NULL;
}

enum status rule_value_refuse(const struct rules *rules, struct arena *arena,
                              const struct rule_variable *v, struct span written,
                              struct error *err) {
  char quoted[SPAN_QUOTE_SIZE];
  (void)span_quote(written, quoted);
  if (v->type.kind == KIND_ENUM) return refuse_item(arena, v, quoted, err);
  const bool number = v->type.kind == KIND_NUMBER;
  const char *kind = rule_type_words(rules, arena, &v->type), *meant = NULL;
  if (number) meant = number_meant(rules, arena, written);
  else if (v->type.kind == KIND_DATE) meant = day_meant(arena, written);
  if (meant) return refuse(err, RULE_VALUE_WRITE, quoted, v->name, kind, meant);
  if (number) return refuse(err, RULE_VALUE_NUMBER, quoted, v->name, kind);
  if (v->type.kind == KIND_DATE)
    return refuse(err, RULE_VALUE_WRITE, quoted, v->name, kind, "1990-07-14");
  return refuse(err, RULE_VALUE_MALFORMED, quoted, v->name, kind);
}
