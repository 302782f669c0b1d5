/* The last day of a deadline. Days have no hours, so a change of the clocks changes nothing. */
#include "case/case.h"

day_t case_deadline_of(const struct pack *pack, struct pack_deadline deadline, day_t from) {
  day_t day = from;
  if (deadline.plain) return from + deadline.days;
  if (deadline.days) {
    for (int left = deadline.days; left; left -= pack_working_day(pack, day)) day++;
    return day;
  }
  if (!deadline.months) return DAY_NONE;
  day = day_months_after(from, deadline.months);
  while (!pack_working_day(pack, day)) day++;
  return day;
}

day_t case_deadline(const struct pack *pack, const struct pack_case_kind *kind, day_t from) {
  return case_deadline_of(pack, kind->deadline, from);
}
