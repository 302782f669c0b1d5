#include "exchange/own_units.h"

#include "base/money.h"
#include "base/refusal.h"
#include "base/wide.h"

#include <stdlib.h>

enum { MILLION = 1000000, THOUSAND = 1000 };

static bool is_word(const char *word, const char *other) { return strcmp(word, other) == 0; }

/* `visit` and `visits` are one. */
static bool same_unit(const char *from, const char *to) {
  const size_t size = strlen(to);
  return strncmp(from, to, size) == 0 && (!from[size] || is_word(from + size, "s"));
}

static enum status refuse_quantity(struct span text, const struct own_unit *unit,
                                   struct error *err) {
  char quoted[SPAN_QUOTE_SIZE];
  return refuse(err, OWN_QUANTITY_WRONG, span_quote(text, quoted), unit->from,
                is_word(unit->from, "hours:minutes") ? "1:30"
                : is_word(unit->from, "hours")       ? "1.5"
                                                     : "30");
}

/* `1:30` and `1:30:00`, as millionths of a minute. */
static bool read_clock(struct span text, wide_t *out) {
  int64_t part[3] = {0};
  int parts = 1, digits = 0;
  for (size_t i = 0; i < text.size; i++) {
    const char c = text.bytes[i];
    if (c == ':') {
      if (!digits || parts == 3) return false;
      parts++;
      digits = 0;
    } else if (c >= '0' && c <= '9' && digits < 6) {
      part[parts - 1] = part[parts - 1] * 10 + (c - '0');
      digits++;
    } else return false;
  }
  if (parts < 2 || digits != 2 || part[1] > 59 || part[2] > 59) return false;
  *out = (wide_t)(part[0] * 60 + part[1]) * MILLION + (wide_t)part[2] * MILLION / 60;
  return true;
}

/* A decimal in millionths. */
static bool read_decimal(struct span text, wide_t *out) {
  struct error ignored = {0};
  int64_t parts = 0;
  if (decimal_parse(text, 6, "", &parts, &ignored) != DONE) return false;
  *out = parts;
  return true;
}

enum status own_quantity(struct span text, const struct own_unit *unit, struct text *out,
                         struct error *err) {
  const bool clock = is_word(unit->from, "hours:minutes"), hours = is_word(unit->from, "hours"),
             minutes = is_word(unit->from, "minutes");
  const bool timed = clock || hours || minutes || unit->each;
  wide_t n = 0, divisor = 0; /* n / divisor: of what is written, thousandths of a service */
  int64_t written = 0;
  if (!(clock ? read_clock(text, &n) : read_decimal(text, &n)))
    return refuse_quantity(text, unit, err);
  if (hours) n *= 60;
  else if (!clock && !minutes && unit->each) n *= unit->each;
  if (is_word(unit->to, "minutes") && timed) divisor = MILLION;
  else if (same_unit("hours", unit->to) && timed) divisor = (wide_t)60 * MILLION / THOUSAND;
  else if (!clock && same_unit(unit->from, unit->to)) divisor = MILLION / THOUSAND;
  if (!divisor) return refuse(err, OWN_UNIT_UNLIKE, unit->from, unit->what, unit->to);
  if (!wide_narrow((2 * n + divisor) / (2 * divisor), &written))
    return refuse_quantity(text, unit, err);
  if (is_word(unit->to, "minutes")) text_add_int(out, written);
  else text_add_quantity(out, written);
  return DONE;
}
