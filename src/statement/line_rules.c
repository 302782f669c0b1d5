#include "statement/line_rules.h"

#define SAY(text) say(to->language, (text))

static const char *money(const struct line_rules *to, int64_t pence) {
  return value_words(to->arena, to->language, doc_money(pence));
}

static const char *day(const struct line_rules *to, day_t on) {
  return value_words(to->arena, to->language, doc_day(on));
}

static const char *year_words(const struct line_rules *to, int year) {
  return year_write(year, arena_alloc(to->arena, 8));
}

static void sentence(const struct line_rules *to, const char *message,
                     const struct text_filling *all) {
  struct text t = {0};
  text_add_filled(&t, message, all);
  document_paragraph(to->d, text_take(to->arena, &t));
}

static const char *verdict_word(enum line_verdict verdict) {
  static const char *const words[] = {"not-compared", "agrees", "differs",
                                      "needs",        "runs",   "unknown"};
  return words[verdict];
}

/* ---- the verdict ---- */

static const char *agrees_words(const struct line_rules *to, const struct line_comparison *c) {
  if (c->year) return SAY("They agree, within one payment.");
  if (c->award.is_arrears)
    return SAY("It is what a change of the award added for days that were paid before.");
  return SAY("It agrees with the award and with the rules.");
}

/* A question, and nobody's fault. */
static void add_difference(const struct line_rules *to, const struct line_comparison *c) {
  const struct text_filling all[] = {{"expected", money(to, c->expected)},
                                     {"recorded", money(to, c->recorded)},
                                     {"year", c->year ? year_words(to, c->year) : ""},
                                     {NULL, NULL}};
  const char *const you[] = {
      SAY("By what you told us it would be {expected}; {recorded} was paid."),
      SAY("By what you told us it would be {expected} in {year}; {recorded} was paid.")};
  const char *const named[] = {
      SAY("By what was told it would be {expected}; {recorded} was paid."),
      SAY("By what was told it would be {expected} in {year}; {recorded} was paid.")};
  sentence(to, (to->named ? named : you)[c->year != 0], all);
}

static void add_needs(const struct line_rules *to, const struct line_comparison *c) {
  document_paragraph(to->d, SAY("We cannot say whether it is right. It needs to be known first:"));
  document_list(to->d, "needs", NULL);
  for (int i = 0; i < c->need_count; i++) {
    if (!c->needs[i].what) continue;
    bool before = false;
    for (int k = 0; k < i; k++) before |= c->needs[k].what == c->needs[i].what;
    if (!before) document_list_item(to->d, c->needs[i].what->name[to->language]);
  }
  document_list_end(to->d);
}

static void add_verdict(const struct line_rules *to, const struct line_comparison *c) {
  const day_t last = c->year ? year_last_day(YEAR_TAX, c->year) : DAY_NONE;
  const struct text_filling all[] = {{"year", c->year ? year_words(to, c->year) : ""},
                                     {"day", day(to, last)},
                                     {NULL, NULL}};
  switch (c->verdict) {
  case LINE_AGREES: document_paragraph(to->d, agrees_words(to, c)); break;
  case LINE_DIFFERS: add_difference(to, c); break;
  case LINE_NEEDS: add_needs(to, c); break;
  case LINE_RUNS:
    sentence(to, SAY("{year} is not over. After {day} all of it is compared with the rules."), all);
    break;
  default:
    document_paragraph(to->d, SAY("We cannot say whether it is right: the rules cannot work it out "
                                  "from what can be told."));
  }
}

/* ---- the amounts ---- */

static void add_award(const struct line_rules *to, const struct line_comparison *c) {
  const struct award_check *a = &c->award;
  const struct text_filling all[] = {{"award",
                                      arena_printf(to->arena, "%lld", (long long)a->award)},
                                     {"first", day(to, a->first)},
                                     {"last", day(to, a->last)},
                                     {NULL, NULL}};
  sentence(to, SAY("It is a payment of award {award}, for {first} to {last}."), all);
  document_value(to->d, "award", NULL, doc_count(a->award));
  document_value(to->d, "first", NULL, doc_day(a->first));
  document_value(to->d, "last", NULL, doc_day(a->last));
  document_value(to->d, "recorded", SAY("Paid"), doc_money(a->paid));
  document_value(to->d, "by_award", SAY("By the award"), doc_money(a->by_award));
  document_value(to->d, "stood",
                 a->has_stood ? SAY("By the rules, from what was known when it was awarded") : NULL,
                 a->has_stood ? doc_money(a->stood) : doc_null());
  document_value(to->d, "expected", a->has_now ? SAY("By the rules, from what is known now") : NULL,
                 a->has_now ? doc_money(a->now) : doc_null());
}

static void add_year(const struct line_rules *to, const struct line_comparison *c) {
  const bool is_known = c->verdict == LINE_AGREES || c->verdict == LINE_DIFFERS;
  document_value(to->d, "year", NULL, doc_text(year_words(to, c->year)));
  document_value(to->d, "recorded",
                 is_known ? arena_printf(to->arena, SAY("Recorded in %s"), year_words(to, c->year))
                          : NULL,
                 is_known ? doc_money(c->recorded) : doc_null());
  document_value(to->d, "expected", is_known ? SAY("By the rules, from what is known") : NULL,
                 is_known ? doc_money(c->expected) : doc_null());
  if (is_known && c->is_of_unit)
    document_paragraph(to->d, SAY("It is worked out for a family together: what a partner has "
                                  "recorded counts too."));
}

/* Labels and titles of laws are the rules' own, in the language of the law. */
static void add_steps(const struct line_rules *to, const struct line_comparison *c) {
  const struct doc_column columns[] = {{"label", SAY("What")},
                                       {"value", SAY("Amount")},
                                       {"law", SAY("Law")}};
  if (!c->step_count) return;
  document_open(to->d, NULL, SAY("How the rules work it out"));
  document_fold(to->d);
  document_table(to->d, "steps", NULL, columns, 3, "steps");
  for (int i = 0; i < c->step_count; i++) {
    document_cell(to->d, doc_text(c->steps[i].label));
    document_cell(to->d, doc_text(c->steps[i].value));
    document_cell(to->d, doc_text(c->steps[i].law ? c->steps[i].law : ""));
  }
  document_table_end(to->d);
  document_close(to->d);
}

void line_rules_add(const struct line_rules *to, const struct line_comparison *c) {
  if (c->verdict == LINE_NOT_COMPARED) {
    document_absent(to->d, "rules");
    return;
  }
  document_open(to->d, "rules", SAY("Is the amount right?"));
  document_value(to->d, "variable", NULL, doc_text(c->what->variable));
  document_value(to->d, "verdict", NULL, doc_text(verdict_word(c->verdict)));
  if (c->award.found) add_award(to, c);
  else add_year(to, c);
  add_verdict(to, c);
  add_steps(to, c);
  document_close(to->d);
}
