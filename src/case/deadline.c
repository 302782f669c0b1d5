/* The last day of a deadline. Days have no hours, so a change of the clocks changes nothing. */
#include "case/case.h"

static day_t months_after(day_t from, int months) {
  static const int lengths[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  int year, month, day;
  day_parts(from, &year, &month, &day);
  month += months;
  year += (month - 1) / 12;
  month = (month - 1) % 12 + 1;
  bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
  int last = month == 2 && leap ? 29 : lengths[month - 1];
  return day_make(year, month, day < last ? day : last);
}

day_t case_deadline(const struct pack *pack, const struct pack_case_kind *kind, day_t from) {
  day_t day = from;
  if (kind->deadline_plain) return from + kind->deadline_days;
  if (kind->deadline_days) {
    for (int left = kind->deadline_days; left; left -= pack_working_day(pack, day)) day++;
    return day;
  }
  if (!kind->deadline_months) return DAY_NONE;
  day = months_after(from, kind->deadline_months);
  while (!pack_working_day(pack, day)) day++;
  return day;
}
