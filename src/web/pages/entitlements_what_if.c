/* What if: a ready change of the pack (what-ifs.csv) with its few questions, then both sides by
 * benefit and what is left to live on; for work, what is left at each number of hours. Nothing is
 * told or kept. */
#include "web/pages/assessing.h"

#include "base/money.h"
#include "register/facts.h"
#include "register/names.h"
#include <math.h>

static const char *path_of(const struct request *r, const char *rest) {
  return arena_printf(r->arena, "%s/entitlements%s", request_base(r), rest);
}

/* ---- the rows ---- */

static const struct pack_what_if *find_what(const struct pack *pack, struct span code) {
  for (int i = 0; i < pack->what_if_count; i++)
    if (span_is(code, pack->what_ifs[i].code)) return &pack->what_ifs[i];
  return NULL;
}

enum { WHAT_IF_FIELDS_MOST = 24 };
static const struct choice yes_or_no[] = {{"yes", N_("Yes")}, {"no", N_("No")}, {NULL, NULL}};
static const struct choice shown[] = {{"yes", NULL}, {NULL, NULL}};

/* A field for each question and, of what comes again and again, how often: `rent`, `rent-per`. */
static const struct field *fields_for(const struct request *r, struct span code) {
  const struct pack_what_if *what = find_what(r->pack, code);
  struct field *f = arena_array(r->arena, struct field, WHAT_IF_FIELDS_MOST + 1);
  int n = 0;
  if (!what) return f;
  for (int i = 0; i < what->ask_count && n + 3 < WHAT_IF_FIELDS_MOST; i++) {
    const struct pack_tellable *ask = what->asks[i];
    const bool chosen = ask->kind == TELL_YES_NO || ask->kind == TELL_CHOICE;
    f[n++] = (struct field){.name = ask->variable,
                            .kind = chosen ? FIELD_CHOICE : FIELD_TEXT,
                            .optional = true,
                            .among = true,
                            .choices = ask->kind == TELL_YES_NO ? yes_or_no : NULL,
                            .most = 30,
                            .label = ask->name[r->language]};
    if (ask->per_count > 1)
      f[n++] = (struct field){.name = arena_printf(r->arena, "%s-per", ask->variable),
                              .kind = FIELD_CHOICE,
                              .optional = true,
                              .among = true,
                              .choices = per_choices,
                              .label = N_("How often")};
  }
  f[n++] = (struct field){.name = "show", .kind = FIELD_CHOICE, .optional = true, .choices = shown};
  f[n].name = NULL;
  return f;
}

const struct field *what_if_fields(const struct request *r, const struct span *names) {
  return fields_for(r, names[0]);
}
const struct field *what_if_fields_for(const struct request *r, const struct span *names) {
  return fields_for(r, names[1]);
}

/* ---- the choices ---- */

static bool is_for(const struct assessing *s, const struct pack_what_if *what, int years) {
  const bool couple = s->now.unit_count > 1;
  if (strstr(what->sets, "partner=none") && !couple) return false;
  return years < 0 || ((what->ages.from == AGE_ANY || years >= what->ages.from) &&
                       (what->ages.to == AGE_ANY || years <= what->ages.to));
}

/* Whole years; -1: not known. */
static enum status age_of(const struct request *r, int64_t person, int *out, struct error *err) {
  day_t born = DAY_NONE, died = DAY_NONE;
  enum status status = register_life(r->store, person, &born, &died, err);
  *out = -1;
  if (status != DONE || born == DAY_NONE) return status;
  for (*out = 0; day_is_of_age(born, *out + 1, day_today());) ++*out;
  return DONE;
}

enum status page_what_ifs(struct request *r, struct reply *reply, struct error *err) {
  struct assessing s = {0};
  int years = -1;
  if (!assessing_can(r) || !r->pack->what_if_count) return reply_not_found(reply, r), DONE;
  enum status status = assessing_visit(r, &s, err);
  if (status == DONE) status = age_of(r, s.answers->person, &years, err);
  if (status != DONE) return status;
  if (!s.is_own) return reply_go(reply, r, path_of(r, "")), DONE;
  struct view *v = view_new(r->arena, r->language);
  view_list(v, "whats");
  for (int i = 0; i < r->pack->what_if_count; i++) {
    const struct pack_what_if *what = &r->pack->what_ifs[i];
    if (!is_for(&s, what, years)) continue;
    struct view *one = view_item(v, "whats");
    view_text(one, "name", what->name[r->language]);
    view_text(one, "href",
              request_path(r, path_of(r, arena_printf(r->arena, "/what-if/%s", what->code))));
  }
  view_flag(v, "is_helper", r->person != 0);
  view_text(v, "back", request_path(r, path_of(r, "/answer")));
  reply_page(reply, r, "what-ifs", say(r->language, "What if something changes?"), v);
  return DONE;
}

/* ---- both sides ---- */

static const char *value_of(const struct request *r, const char *name) {
  for (const struct value *v = r->values; v && v->name; v++)
    if (strcmp(v->name, name) == 0 && v->given) return kept_text(r, v->text);
  return NULL;
}

/* What the row sets, and what was answered, laid over. REFUSED: an answer of another form. */
static enum status take_change(const struct request *r, const struct pack_what_if *what,
                               struct assess_request *q, const char **wrong, struct error *err) {
  struct span rest = span_of(what->sets);
  *wrong = NULL;
  while (rest.size) {
    const char *space = memchr(rest.bytes, ' ', rest.size);
    const size_t size = space ? (size_t)(space - rest.bytes) : rest.size;
    if (assess_take_if(r->arena, span_make(rest.bytes, size), q, err) != DONE) return err->code;
    rest = span_make(rest.bytes + size + (space != NULL), rest.size - size - (space != NULL));
  }
  for (int i = 0; i < what->ask_count; i++) {
    const struct pack_tellable *ask = what->asks[i];
    const char *value = value_of(r, ask->variable);
    const char *per = value_of(r, arena_printf(r->arena, "%s-per", ask->variable));
    if (!value) continue;
    *wrong = ask->name[r->language];
    const struct fact_telling said = {.pack = r->pack,
                                      .what = ask,
                                      .value = span_of(value),
                                      .per = span_of(per ? per : ""),
                                      .today = day_today()};
    if (fact_read_value(r->arena, &said, &value, err) != DONE) return err->code;
    const char *told = per ? arena_printf(r->arena, "%s=%s/%s", ask->variable, value, per)
                           : arena_printf(r->arena, "%s=%s", ask->variable, value);
    if (assess_take_if(r->arena, span_of(told), q, err) != DONE) return err->code;
  }
  *wrong = NULL;
  return DONE;
}

static const char *more_words(const struct request *r, double low, double high, bool is_exact) {
  const enum language l = r->language;
  if (is_exact) {
    const int64_t pence = assess_pence_of(low);
    if (!pence) return say(l, "no change");
    return arena_printf(r->arena, pence > 0 ? say(l, "%s more") : say(l, "%s less"),
                        written_value(r, doc_money(pence > 0 ? pence : -pence)));
  }
  if (isinf(low) || isinf(high) || fabs(low) > 250000 || fabs(high) > 250000)
    return say(l, "not known yet");
  const char *least = written_value(r, doc_money(assess_pence_of(fabs(floor(low * 100) / 100))));
  const char *most = written_value(r, doc_money(assess_pence_of(fabs(ceil(high * 100) / 100))));
  if (low < 0 && high > 0)
    return arena_printf(r->arena, say(l, "between %s less and %s more"), least, most);
  if (high <= 0) return arena_printf(r->arena, say(l, "from %s to %s less"), most, least);
  return arena_printf(r->arena, say(l, "from %s to %s more"), least, most);
}

static const struct table_head change_heads[] = {{N_("What"), false},
                                                 {N_("Now, a year"), true},
                                                 {N_("Then, a year"), true},
                                                 {N_("Change"), true},
                                                 {NULL, false}};

static const char *side_words(const struct request *r, const struct assess_answer *a,
                              bool is_billed) {
  if (!a) return written_value(r, doc_money(0));
  if (!is_billed) return assess_amount_words(r, a, PER_YEAR);
  const struct assess_bounds bill = a->bill;
  if (!bill.is_exact) return say(r->language, "not known yet");
  return arena_printf(r->arena, say(r->language, "%s before any reduction"),
                      written_value(r,
                                    doc_money(assess_pence_of(assess_a_year(a->what, bill.low)))));
}

static const char *change_name(const struct request *r, const struct pack_entitlement *what) {
  const enum language l = r->language;
  if (what->is_paid) return arena_printf(r->arena, say(l, "%s (to pay)"), what->name[l]);
  if (what->within)
    return arena_printf(r->arena, say(l, "%s (counted in what is left to pay)"), what->name[l]);
  return what->name[l];
}

/* What others must pay tells what they earn. */
static bool is_of_others(const struct assess_change *one, int64_t own) {
  return one->what->is_paid && one->person && one->person != own;
}

/* What could be said on one side only is shown; what can be said on neither is named elsewhere. */
static bool is_shown(const struct assess_change *one, int64_t own) {
  if (is_of_others(one, own)) return false;
  if (one->is_left_out) return one->today && one->then && one->today->cannot != one->then->cannot;
  return !one->is_exact || fabs(one->low) >= 0.005;
}

int view_changes(struct view *v, const struct request *r, int64_t own,
                 const struct assess_comparison *c) {
  struct view *table = view_table(v, "changes", r, say(r->language, "What would change, a year"),
                                  change_heads, say(r->language, "No amount would change."));
  int count = 0;
  view_table_of_words(table);
  for (int i = 0; i < c->change_count; i++) {
    const struct assess_change *one = &c->changes[i];
    if (!is_shown(one, own)) continue;
    struct view *row = view_row(table);
    view_cell(row, r, change_heads, 0, change_name(r, one->what), NULL);
    view_cell(row, r, change_heads, 1, side_words(r, one->today, one->is_billed), NULL);
    view_cell(row, r, change_heads, 2, side_words(r, one->then, one->is_billed), NULL);
    view_cell(row, r, change_heads, 3,
              one->is_left_out ? say(r->language, "cannot be said here")
                               : more_words(r, one->low, one->high, one->is_exact),
              NULL);
    count++;
  }
  return count;
}

static const struct table_head sum_heads[] = {{N_("What"), false},
                                              {N_("Change"), true},
                                              {NULL, false}};

static void put_sum_row(struct view *table, const struct request *r, const char *name,
                        struct assess_bounds by) {
  if (by.is_exact && fabs(by.low) < 0.005) return;
  struct view *row = view_row(table);
  view_cell(row, r, sum_heads, 0, name, NULL);
  view_cell(row, r, sum_heads, 1, more_words(r, by.low, by.high, by.is_exact), NULL);
}

static void add_bounds(struct assess_bounds *sum, double low, double high, bool is_exact) {
  sum->low += low;
  sum->high += high;
  sum->is_exact &= is_exact;
}

/* How what is left to live on changes: income, what is got, what is paid, what the home costs.
 * Income and what others pay stand as one sum, so that it does not tell what they earn. */
static void put_total(struct view *v, const struct request *r, int64_t own,
                      const struct assess_comparison *c) {
  const enum language l = r->language;
  struct assess_bounds got = {.is_exact = true}, paid = got, others = got;
  for (int i = 0; i < c->change_count; i++) {
    const struct assess_change *one = &c->changes[i];
    if (one->what->within || one->is_left_out) continue;
    add_bounds(!one->what->is_paid      ? &got
               : is_of_others(one, own) ? &others
                                        : &paid,
               one->low, one->high, one->is_exact);
  }
  struct view *table = view_table(v, "adds_up", r, say(l, "How it adds up, a year"), sum_heads,
                                  NULL);
  view_table_of_words(table);
  const bool by_others = !others.is_exact || fabs(others.low) >= 0.005;
  const struct assess_bounds income = {c->income - others.high, c->income - others.low,
                                       others.is_exact};
  put_sum_row(table, r,
              by_others ? say(l, "Pay and other income, less what others must pay")
                        : say(l, "Pay and other income, before tax"),
              income);
  put_sum_row(table, r, say(l, "What is due"), got);
  put_sum_row(table, r, say(l, "What is to pay"), paid);
  put_sum_row(table, r, say(l, "Rent and other costs of the home"), c->costs);
  struct view *row = view_row(table);
  view_cell(row, r, sum_heads, 0, say(l, "What is left to live on"), NULL);
  view_cell(row, r, sum_heads, 1, more_words(r, c->low, c->high, c->is_exact), NULL);
}

/* What no sum counts, by name, once each. */
static const char *left_out_words(const struct request *r, const struct assess_comparison *c) {
  const enum language l = r->language;
  struct text names = {0};
  bool billed = false;
  for (int i = 0; i < c->change_count; i++) {
    const struct assess_change *one = &c->changes[i];
    billed |= one->is_billed;
    if (one->is_left_out && !(i && c->changes[i - 1].what == one->what))
      text_addf(&names, "%s%s", names.size ? ", " : "", one->what->name[l]);
  }
  const char *all = names.size ? arena_copy(r->arena, names.bytes, names.size) : NULL;
  text_release(&names);
  if (!all) return NULL;
  return arena_printf(r->arena,
                      billed ? say(l, "It leaves out what cannot be said here: %s. The council tax "
                                      "counts as it is billed.")
                             : say(l, "It leaves out what cannot be said here: %s."),
                      all);
}

static double counted_low(const struct assess_change *one, const struct assess_answer *a) {
  if (!a) return 0;
  return assess_a_year(one->what, one->is_billed ? a->bill.low : assess_counted(a).low);
}

/* Bars of a year, now and then, of what changes and is known to the penny. */
static void put_chart(struct view *v, const struct request *r, int64_t own,
                      const struct assess_comparison *c, struct document *d) {
  const enum language l = r->language;
  const char *const series[] = {say(l, "Now"), say(l, "Then")};
  int bars = 0;
  document_chart(d, CHART_BARS, say(l, "Now and then, a year"),
                 say(l, "The same figures as in the table above."), series, 2);
  document_chart_measure(d, CHART_SUMS);
  for (int i = 0; i < c->change_count; i++) {
    const struct assess_change *one = &c->changes[i];
    if (!is_shown(one, own) || !one->is_exact) continue;
    const double now = counted_low(one, one->today), then = counted_low(one, one->then);
    const struct doc_value values[] = {doc_money(assess_pence_of(now)),
                                       doc_money(assess_pence_of(then))};
    document_chart_point(d, one->what->name[l], values);
    bars++;
  }
  document_chart_end(d);
  view_flag(v, "has_chart", bars > 0);
}

/* ---- what is left at each number of hours ---- */

static const struct table_head budget_heads[] = {{N_("Hours a week"), true},
                                                 {N_("Pay a year"), true},
                                                 {N_("To live on a year"), true},
                                                 {NULL, false}};

static const char *left_words(const struct request *r, const struct assess_budget_row *row) {
  if (row->is_exact) return written_value(r, doc_money(assess_pence_of(row->low)));
  if (isinf(row->low) || isinf(row->high)) return say(r->language, "not known yet");
  return arena_printf(r->arena, say(r->language, "%s to %s"),
                      written_value(r, doc_money(assess_pence_of(row->low))),
                      written_value(r, doc_money(assess_pence_of(row->high))));
}

/* At the wage that was answered: pay a week by hours a week. *some: there is one. */
static enum status put_budget(struct view *v, const struct request *r, const struct assessing *s,
                              const struct pack_what_if *what, bool *some, struct error *err) {
  const char *pay = value_of(r, "employment_income"), *hours = value_of(r, "hours_worked");
  const char *per = value_of(r, "employment_income-per");
  static const int weeks[TELL_PERS] = {52, 1, 0, 52};
  struct assess_budget budget = {.hours_most = 40, .hours_step = 5};
  int64_t pence = 0, thousandths = 0;
  *some = false;
  if (!pay || !hours || money_parse(span_of(pay), &pence, NULL) != DONE ||
      quantity_parse(span_of(hours), &thousandths, NULL) != DONE || thousandths < 1000)
    return DONE;
  const enum tell_per often = per ? tell_per_of(span_of(per)) : PER_MONTH;
  const int64_t a_week = often == PER_MONTH ? pence * 12 / 52
                                            : pence / (weeks[often] ? weeks[often] : 1);
  budget.wage_pence = a_week * 1000 / thousandths;
  struct assess_request q = *s->request;
  (void)what;
  if (budget.wage_pence < 1) return DONE;
  enum status status = assess_budget(r->arena, &q, &budget, err);
  if (status == REFUSED) return *err = (struct error){0}, DONE;
  if (status != DONE || !budget.row_count) return status;
  struct view *table = view_table(v, "budget", r,
                                  arena_printf(r->arena,
                                               say(r->language, "What would be left at %s an hour"),
                                               written_value(r, doc_money(budget.wage_pence))),
                                  budget_heads, NULL);
  for (int i = 0; i < budget.row_count; i++) {
    const struct assess_budget_row *row = &budget.rows[i];
    struct view *one = view_row(table);
    view_cell(one, r, budget_heads, 0, written_value(r, doc_count(row->hours)), NULL);
    view_cell(one, r, budget_heads, 1, written_value(r, doc_money(assess_pence_of(row->pay))),
              NULL);
    view_cell(one, r, budget_heads, 2, left_words(r, row), NULL);
    *some |= row->is_exact;
  }
  struct document *d = document_new(r->arena, r->language, "");
  const char *const series[] = {say(r->language, "To live on a year")};
  document_chart(d, CHART_BARS, say(r->language, "To live on a year, by hours of work a week"),
                 say(r->language, "The same figures as in the table above."), series, 1);
  document_chart_measure(d, CHART_YEARS);
  for (int i = 0; *some && i < budget.row_count; i++) {
    const struct doc_value value = doc_money(assess_pence_of(budget.rows[i].low));
    if (budget.rows[i].is_exact)
      document_chart_point(
          d, arena_printf(r->arena, say(r->language, "%d hours"), budget.rows[i].hours), &value);
  }
  document_chart_end(d);
  if (*some) view_document(view_object(v, "budget_chart"), r, d, NULL);
  return DONE;
}

/* ---- the page ---- */

static void put_form(struct view *v, const struct request *r, const struct pack_what_if *what) {
  view_list(v, "asks");
  for (int i = 0; i < what->ask_count; i++) {
    const struct pack_tellable *ask = what->asks[i];
    struct view *one = view_item(v, "asks");
    const char *value = value_of(r, ask->variable);
    const char *per_name = arena_printf(r->arena, "%s-per", ask->variable);
    const char *per = value_of(r, per_name);
    view_text(one, "name", ask->variable);
    view_text(one, "label", ask->name[r->language]);
    view_text(one, "value", value);
    view_flag(one, "is_money", ask->kind == TELL_MONEY);
    view_list(one, "choices");
    view_list(one, "pers");
    for (int k = 0; ask->kind == TELL_CHOICE && k < r->pack->tell_item_count; k++) {
      const struct tell_item *item = &r->pack->tell_items[k];
      if (strcmp(item->list, ask->list) != 0) continue;
      struct view *choice = view_item(one, "choices");
      view_text(choice, "word", item->item);
      view_text(choice, "said", item->name[r->language]);
      view_flag(choice, "is_chosen", value && strcmp(value, item->item) == 0);
    }
    view_flag(one, "is_choice", ask->kind == TELL_CHOICE);
    view_flag(one, "has_pers", ask->per_count > 1);
    view_text(one, "per_name", per_name);
    for (int k = 0; ask->per_count > 1 && k < ask->per_count; k++) {
      struct view *often = view_item(one, "pers");
      const char *word = tell_per_word(ask->per[k]);
      view_text(often, "word", word);
      view_text(often, "said", say(r->language, per_choices[ask->per[k] - PER_WEEK].label));
      view_flag(often, "is_chosen", per ? strcmp(per, word) == 0 : k == 0);
    }
  }
  view_flag(v, "has_asks", what->ask_count > 0);
}

static enum status put_sides(struct view *v, const struct request *r, const struct assessing *s,
                             const struct assess_request *then, struct error *err) {
  struct assess_comparison c = {0};
  struct document *d = document_new(r->arena, r->language, "");
  const int64_t own = s->answers->person;
  enum status status = assess_compare(r->arena, then, &c, err);
  if (status != DONE) return status;
  view_flag(v, "has_changes", view_changes(v, r, own, &c) > 0);
  put_chart(v, r, own, &c, d);
  view_document(v, r, d, NULL);
  put_total(v, r, own, &c);
  view_text(v, "left_out", left_out_words(r, &c));
  view_text(v, "more", more_words(r, c.low, c.high, c.is_exact));
  return DONE;
}

enum status page_what_if(struct request *r, struct reply *reply, struct error *err) {
  struct assessing s = {0};
  const struct pack_what_if *what = find_what(r->pack, request_text(r, "what"));
  const char *wrong = NULL;
  if (!assessing_can(r) || !what) return reply_not_found(reply, r), DONE;
  enum status status = assessing_visit(r, &s, err);
  if (status != DONE) return status;
  if (!s.is_own) return reply_go(reply, r, path_of(r, "")), DONE;
  struct view *v = view_new(r->arena, r->language);
  struct assess_request then = *s.request;
  bool asked = request_has(r, "show") || !what->ask_count, has_budget = false;
  status = asked ? take_change(r, what, &then, &wrong, err) : DONE;
  if (status == REFUSED) {
    view_text(v, "wrong", fault_sentence(r->arena, wrong, refusal_said(r, err)));
    *err = (struct error){0};
    asked = false;
  } else if (status != DONE) return status;
  status = asked ? put_sides(v, r, &s, &then, err) : DONE;
  if (status == DONE && asked && strcmp(what->code, "work-more") == 0)
    status = put_budget(v, r, &s, what, &has_budget, err);
  if (status != DONE) return status;
  put_form(v, r, what);
  view_flag(v, "asked", asked);
  view_flag(v, "has_budget", has_budget);
  view_flag(v, "is_helper", r->person != 0);
  view_text(v, "name", what->name[r->language]);
  view_text(v, "action",
            request_path(r, path_of(r, arena_printf(r->arena, "/what-if/%s", what->code))));
  view_text(v, "back", request_path(r, path_of(r, "/what-if")));
  reply_page(reply, r, "what-if",
             arena_printf(r->arena, say(r->language, "What if: %s"), what->name[r->language]), v);
  return DONE;
}
