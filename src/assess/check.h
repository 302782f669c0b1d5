/* What the rules make of the facts over days that have passed, to be laid beside what was posted.
 *
 *     const struct check_request q = {.assess = {.store = store, .pack = pack, .rules = rules,
 *                                                .person = person}, .what = child_benefit,
 *                                     .first = day, .last = day};
 *     status = check_days(arena, &q, &out, &err);
 *     if (out.state == CHECK_KNOWN) ... out.spans[0].amount, out.pounds ...
 *     if (out.state == CHECK_NEEDS) ... out.needs: what would have to be told ...
 *
 * The days are cut where what is known changes: a fact begins or ends, or was to be reviewed;
 * somebody of the home is born, moves or dies; the home moves; and, for what is paid by the week or
 * the month, where its amount changes with the law or an age. They end before the day on which the
 * person died. Of what the law works out by the year, the year is worked out once: amounts that
 * come again and again are what they come to over the days on which they were told, everything else
 * is as on the last day.
 *
 * Not known is never zero: where a day of them needs something that nobody told, the whole is not
 * known.
 */
#ifndef WEAL_ASSESS_CHECK_H
#define WEAL_ASSESS_CHECK_H

#include "assess/assess.h"

struct check_request {
  struct assess_request assess; /* its `on` is not read */
  const struct pack_entitlement *what;
  day_t first, last;
  bool with_steps;
};

/* NONE: it is not of the person on these days (of other ages; they are of nobody's unit). RULES:
 * the rules say that they cannot work it out here. CHANGES: it changed too often to be worked out.
 */
enum check_state { CHECK_KNOWN, CHECK_NEEDS, CHECK_NONE, CHECK_RULES, CHECK_CHANGES };

enum { CHECK_SPANS_MOST = 40, CHECK_STEPS_MOST = 40 };
/* Pounds in each period of the entitlement. */
struct check_span {
  day_t first, last;
  double amount;
};
/* How the last span's amount comes about, in the order in which it is read aloud. */
struct check_step {
  int depth; /* 0: the amount itself */
  const char *label, *value;
  const char *law, *address; /* null: none */
};
struct check_days {
  enum check_state state;
  bool is_of_unit; /* of the family or household, not of one person */
  int adult_count; /* of CHECK_KNOWN: the adults of the unit on the last day */
  int64_t adults[2];
  int span_count;
  struct check_span *spans;
  double pounds; /* of all the days */
  int need_count;
  const struct assess_need *needs; /* of CHECK_NEEDS, in the order to ask */
  int step_count;
  const struct check_step *steps;
};
/* REFUSED as assess(). */
enum status check_days(struct arena *arena, const struct check_request *request,
                       struct check_days *out, struct error *err) MUST_USE;

#endif
