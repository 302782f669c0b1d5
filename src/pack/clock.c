/* clock.csv: when the clocks of the place are ahead of UTC. */
#include "base/day.h"
#include "base/money.h"
#include "pack/fields.h"

#include <stdio.h>

enum {
  CLOCK_FROM,
  CLOCK_STARTS,
  CLOCK_ENDS,
  CLOCK_MINUTES,
  CLOCK_NAME,
  CLOCK_SUMMER,
  CLOCK_SOURCE
};

/* `03-25 01:00`: the first Sunday on or after 25 March, at that time, UTC. Both months that anybody
 * changes clocks in have it in every year, so a day up to 25 is asked for. */
static enum status take_change(const struct pack_row *row, int column, struct clock_change *out,
                               struct error *err) {
  const struct span s = pack_field(row, column);
  int hour = 0, minute = 0, end = 0;
  char text[12] = "";
  if (s.size == 11) memcpy(text, s.bytes, s.size);
  if (sscanf(text, "%2d-%2d %2d:%2d%n", &out->month, &out->day, &hour, &minute, &end) != 4 ||
      end != 11 || out->month < 1 || out->month > 12 || out->day < 1 || out->day > 25 || hour < 0 ||
      hour > 23 || minute < 0 || minute > 59)
    return refuse_field(row, column, err, PACK_CLOCK_CHANGE);
  out->second = (hour * 60 + minute) * 60;
  return DONE;
}

static enum status take_name(const struct pack_row *row, int column, char out[8],
                             struct error *err) {
  const struct span s = pack_field(row, column);
  if (!s.size || s.size > 7) return refuse_field(row, column, err, PACK_CLOCK_NAME);
  memcpy(out, s.bytes, s.size);
  return DONE;
}

enum status pack_take_clock(const struct pack_row *row, struct error *err) {
  struct clock_rules *rules = &row->pack->clock;
  struct clock_rule rule = {0};
  const char *source = NULL;
  int64_t from = 0, minutes = 0;
  if (integer_parse(pack_field(row, CLOCK_FROM), &from, NULL) != DONE || from < DAY_YEAR_MIN ||
      from > DAY_YEAR_MAX || rules->count == CLOCK_RULES_MOST ||
      (rules->count && from <= rules->all[rules->count - 1].from_year))
    return refuse_field(row, CLOCK_FROM, err, PACK_CLOCK_FROM, CLOCK_RULES_MOST);
  if (integer_parse(pack_field(row, CLOCK_MINUTES), &minutes, NULL) != DONE || minutes < 0 ||
      minutes > 180)
    return refuse_field(row, CLOCK_MINUTES, err, PACK_CLOCK_MINUTES);
  rule.from_year = (int)from;
  rule.ahead_s = (int)minutes * 60;
  enum status s = take_change(row, CLOCK_STARTS, &rule.starts, err);
  if (s == DONE) s = take_change(row, CLOCK_ENDS, &rule.ends, err);
  if (s == DONE) s = take_name(row, CLOCK_NAME, rule.name, err);
  if (s == DONE) s = take_name(row, CLOCK_SUMMER, rule.summer_name, err);
  if (s == DONE) s = pack_take_text(row, CLOCK_SOURCE, &source, err);
  if (s == DONE) rules->all[rules->count++] = rule;
  return s;
}
