#include "base/number_form.h"

#include <ctype.h>

/* ---- forms ---- */

struct form_item {
  char what;
  int least, most;
};

/* `12` at *at, which it moves; -1: there is no number of at most two digits. */
static int read_count(struct span form, size_t *at) {
  int n = 0;
  size_t from = *at;
  for (; *at < form.size && *at < from + 2 && isdigit((unsigned char)form.bytes[*at]); (*at)++)
    n = n * 10 + (form.bytes[*at] - '0');
  return *at > from ? n : -1;
}

/* Reads the item that begins at *at and moves *at past it; false: there is none. */
static bool read_item(struct span form, size_t *at, struct form_item *out) {
  unsigned char c = (unsigned char)form.bytes[(*at)++];
  *out = (struct form_item){(char)c, 1, 1};
  if (!isupper(c) && !isdigit(c)) return false;
  if (*at == form.size || form.bytes[*at] != '{') return true;
  (*at)++;
  out->least = out->most = read_count(form, at);
  if (*at < form.size && form.bytes[*at] == ',') {
    (*at)++;
    out->most = read_count(form, at);
  }
  return *at < form.size && form.bytes[(*at)++] == '}' && out->least >= 0 && out->most >= 1 &&
         out->least <= out->most;
}

bool number_form_valid(struct span form) {
  int least = 0, most = 0;
  struct form_item item;
  for (size_t at = 0; at < form.size;) {
    if (!read_item(form, &at, &item)) return false;
    least += item.least;
    most += item.most;
  }
  return least > 0 && most <= NUMBER_FORM_VALUE_MAX;
}

bool number_form_has_check_digit(struct span form) {
  int least = 0;
  struct form_item item;
  for (size_t at = 0; at < form.size;) {
    if (!read_item(form, &at, &item) || !isdigit((unsigned char)item.what)) return false;
    least += item.least;
  }
  return least >= 2;
}

static bool is_of(char what, unsigned char c) {
  return what == '9'   ? isdigit(c)
         : what == 'A' ? isupper(c)
         : what == 'X' ? isdigit(c) || isupper(c)
                       : (unsigned char)what == c;
}

/* `reached[n]`: the items so far can stand for the first n characters. */
bool number_form_fits(struct span form, struct span value) {
  bool reached[NUMBER_FORM_VALUE_MAX + 1] = {true};
  struct form_item item;
  if (value.size > NUMBER_FORM_VALUE_MAX) return false;
  for (size_t at = 0; at < form.size;) {
    bool next[NUMBER_FORM_VALUE_MAX + 1] = {false};
    if (!read_item(form, &at, &item)) return false;
    for (size_t from = 0; from <= value.size; from++) {
      if (!reached[from]) continue;
      size_t n = from;
      for (int times = 0; times <= item.most; times++, n++) {
        if (times >= item.least) next[n] = true;
        if (n == value.size || !is_of(item.what, (unsigned char)value.bytes[n])) break;
      }
    }
    memcpy(reached, next, sizeof reached);
  }
  return reached[value.size];
}

/* ---- check digits ---- */

static bool is_luhn(struct span value) {
  int sum = 0;
  for (size_t i = 0; i < value.size; i++) {
    int digit = value.bytes[value.size - 1 - i] - '0';
    if (i % 2 == 1) digit = digit > 4 ? 2 * digit - 9 : 2 * digit;
    sum += digit;
  }
  return sum % 10 == 0;
}

static bool is_mod11(struct span value) {
  int sum = 0;
  for (size_t i = 0; i + 1 < value.size; i++) sum += (value.bytes[i] - '0') * (int)(value.size - i);
  /* a remainder of 10 has no check digit: such a number is never issued */
  return (11 - sum % 11) % 11 == value.bytes[value.size - 1] - '0';
}

static const struct {
  const char *name;
  bool (*right)(struct span digits);
} checks[] = {{"luhn", is_luhn}, {"mod11", is_mod11}};

bool check_digit_known(struct span name) {
  for (size_t i = 0; i < sizeof checks / sizeof *checks; i++)
    if (span_is(name, checks[i].name)) return true;
  return name.size == 0;
}

bool check_digit_right(struct span name, struct span value) {
  if (name.size == 0) return true;
  if (value.size < 2) return false;
  for (size_t i = 0; i < value.size; i++)
    if (!isdigit((unsigned char)value.bytes[i])) return false;
  for (size_t i = 0; i < sizeof checks / sizeof *checks; i++)
    if (span_is(name, checks[i].name)) return checks[i].right(value);
  return false;
}
