/* The last day of a deadline. Days have no hours, so a change of the clocks changes nothing. */
#include "case/case.h"

day_t case_deadline(const struct pack *pack, const struct pack_case_kind *kind, day_t from) {
  day_t day = from;
  if (kind->deadline_plain) return from + kind->deadline_days;
  if (kind->deadline_days) {
    for (int left = kind->deadline_days; left; left -= pack_working_day(pack, day)) day++;
    return day;
  }
  if (!kind->deadline_months) return DAY_NONE;
  day = day_months_after(from, kind->deadline_months);
  while (!pack_working_day(pack, day)) day++;
  return day;
}
