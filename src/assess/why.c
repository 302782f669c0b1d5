#include "assess/why.h"

#include "assess/home.h"

/* As assess() asks for it: a week or month that begins on the day, or the year around it. */
static struct rule_period period_of(const struct home *home, const struct assess_answer *answer) {
  static const enum rule_each each[TELL_PERS] = {EACH_YEAR, EACH_WEEK, EACH_MONTH, EACH_YEAR};
  const struct rule_period day = {.each = EACH_DAY, .start = home->request->on};
  const enum rule_each own = each[answer->what->per];
  if (own == EACH_YEAR) return period_around(home->request->rules, day, EACH_YEAR);
  return (struct rule_period){.each = own, .start = home->request->on};
}

enum status assess_why(struct arena *arena, const struct assessment *assessment,
                       const struct assess_answer *answer, const char *const *names,
                       const struct explain_line **out, int *count, struct error *err) {
  const struct home *home = assessment->home;
  const struct rules *rules = home->request->rules;
  const struct rule_variable *v = rules_variable(rules, span_of(answer->what->variable));
  struct situation called = {.arena = arena, .rules = rules, .pop = home->pop};
  struct explanation explained = {0};
  struct compiler *compiler = compiler_make(arena, rules, home->pop, READ_LEGAL);
  const char **rows = arena_array(arena, const char *, home->count + 1);
  *count = 0;
  if (!v) return rules_refuse_name(rules, span_of(answer->what->variable), err);
  for (int i = 0; i < home->count; i++)
    rows[i] = i < assessment->unit_count ? names[i] : "another adult of the home";
  called.names[0] = rows;
  enum status status = explain_variable(arena, compiler, v, period_of(home, answer), &explained,
                                        err);
  if (status != DONE) return status;
  const struct explain_writer writer = {arena, compiler, &called, &explained, false};
  *count = explain_list(&writer, ASSESS_WHY_DEPTH, ASSESS_WHY_LINES, out);
  return DONE;
}
