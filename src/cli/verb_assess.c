/* weal assess: what a household is entitled to and must pay, and what to ask first. */
#include "cli/cli.h"

#include "assess/assumed.h"
#include "assess/claiming.h"
#include "base/json.h"
#include "base/money.h"
#include "register/names.h"
#include "takeup/got.h"
#include <math.h>

/* ---- amounts ---- */

/* Pounds to pence; the least is rounded down and the most up, so that both hold. */
static int64_t pence_of(double pounds) { return (int64_t)llround(pounds * 100); }
static int64_t pence_below(double pounds) { return (int64_t)floor(pounds * 100 + 1e-6); }
static int64_t pence_above(double pounds) { return (int64_t)ceil(pounds * 100 - 1e-6); }

struct telling {
  struct call *call;
  const struct assessment *a;
  const struct assess_claims *claims;       /* null: of a what-if */
  const struct assess_assumptions *assumed; /* null: no --assumed */
  const struct got_now *got;                /* one for each answer of `a` */
  int advice_count;
  const struct pack_advice *const *advice;    /* of what is warned of */
  const struct assess_comparison *comparison; /* null: no --if */
  const struct assess_budget *budget;         /* null: no --wage */
};

static enum status code_of(const struct telling *t, int64_t person, const char **out,
                           struct error *err) {
  struct register_name name = {0};
  enum status status = register_name_of_party(t->call->store, t->call->arena, person, &name, err);
  *out = name.code;
  return status;
}

/* ---- JSON: docs/reference/assess.md ---- */

static void add_variables(struct json *j, const char *key, const struct assess_need *needs,
                          int count) {
  json_open_array(j, key);
  for (int i = 0; i < count; i++) {
    bool before = false;
    for (int k = 0; k < i; k++) before |= needs[k].what == needs[i].what;
    if (!before) json_text(j, NULL, span_of(needs[i].what->variable));
  }
  json_close_array(j);
}

static void add_range(struct json *j, const char *key, double low, double high) {
  json_open_array(j, key);
  if (isinf(low)) json_none(j, NULL);
  else json_int(j, NULL, pence_below(low));
  if (isinf(high)) json_none(j, NULL);
  else json_int(j, NULL, pence_above(high));
  json_close_array(j);
}

/* An amount, or null and its range. */
static void add_amount(struct json *j, const char *key, double low, double high, bool is_exact) {
  if (is_exact) json_int(j, key, pence_of(low));
  else json_none(j, key);
  if (is_exact || (isinf(low) && isinf(high))) json_none(j, "range");
  else add_range(j, "range", low, high);
}

static const char *payer_of(const struct telling *t, const struct assess_answer *a) {
  const struct pack *pack = t->call->pack;
  for (int i = 0; i < pack->body_count; i++)
    if (strcmp(pack->bodies[i].id, a->what->payer) == 0) return pack->bodies[i].name;
  return a->what->payer;
}

static void add_side(struct json *j, const char *key, const char *range,
                     const struct assess_total *side) {
  if (side->is_exact) json_int(j, key, pence_of(side->low));
  else json_none(j, key);
  if (side->is_exact || (isinf(side->low) && isinf(side->high))) json_none(j, range);
  else add_range(j, range, side->low, side->high);
}

static void add_warning(struct json *j, const struct assess_warning *w) {
  json_open_object(j, NULL);
  json_text(j, "code", span_of(w->row->code));
  json_text(j, "kind", span_of(claim_harm_word(w->row->harm)));
  json_text(j, "applies", span_of(w->applies ? "yes" : "unknown"));
  json_text(j, "button", span_of(claim_button_word(w->row->button)));
  json_text(j, "says", span_of((w->applies ? w->row->says : w->row->unknown)[ENGLISH]));
  json_text(j, "do", span_of(w->row->step[ENGLISH]));
  json_text(j, "source", span_of(w->row->source));
  json_open_array(j, "ends");
  for (int i = 0; i < w->row->ends_count; i++)
    json_text(j, NULL, span_of(w->row->ends[i]->variable));
  json_close_array(j);
  add_variables(j, "needs", w->needs, w->need_count);
  json_close_object(j);
}

/* Null: of a what-if, where nothing is paid. */
static const struct got_now *got_of(const struct telling *t, const struct assess_answer *a) {
  return t->claims && t->got ? &t->got[a - t->a->answers] : NULL;
}

static void add_got(const struct telling *t, struct json *j, const struct assess_answer *a) {
  const struct got_now *got = got_of(t, a);
  char day[11];
  if (!got || a->what->is_paid) return;
  json_bool(j, "got_now", got->got == GOT_ALREADY);
  if (got->paid.last == DAY_NONE) {
    json_none(j, "account_shows");
    return;
  }
  json_open_object(j, "account_shows");
  json_int(j, "paid", got->paid.pence);
  json_text(j, "last", span_of(day_write(got->paid.last, day)));
  json_close_object(j);
}

/* Where it is claimed, and what to know before: of what somebody gets. */
static void add_claim(const struct telling *t, struct json *j, const struct assess_answer *a) {
  const struct assess_claiming *c = t->claims ? assess_claiming_of(t->claims, a) : NULL;
  const struct got_now *got = got_of(t, a);
  const bool is_new = !got || got->got != GOT_ALREADY;
  if (a->what->claim && c && c->may_claim && is_new) json_text(j, "claim", span_of(a->what->claim));
  else json_none(j, "claim");
  if (!c) return;
  json_open_object(j, "before_claiming");
  json_bool(j, "may_claim", c->may_claim);
  json_bool(j, "is_paid_now", c->is_paid_now);
  json_open_array(j, "warnings");
  for (int i = 0; i < c->warning_count; i++) add_warning(j, &c->warnings[i]);
  json_close_array(j);
  if (c->has_sides) {
    add_side(j, "with_a_year", "with_range", &c->with);
    add_side(j, "without_a_year", "without_range", &c->without);
  }
  json_close_object(j);
}

static enum status add_answer(const struct telling *t, struct json *j,
                              const struct assess_answer *a, struct error *err) {
  const char *code = NULL;
  if (a->person && code_of(t, a->person, &code, err) != DONE) return err->code;
  json_open_object(j, NULL);
  json_text(j, "variable", span_of(a->what->variable));
  json_text(j, "name", span_of(a->what->name[ENGLISH]));
  json_text(j, "side", span_of(a->what->is_paid ? "pay" : "get"));
  if (code) json_text(j, "person", span_of(code));
  if (a->is_exact) json_int(j, "amount", pence_of(a->low));
  else json_none(j, "amount");
  json_text(j, "period", span_of(tell_per_word(a->what->per)));
  json_text(j, "payer", span_of(a->what->payer));
  json_text(j, "payer_name", span_of(payer_of(t, a)));
  if (a->is_exact || a->is_open) json_none(j, "range");
  else add_range(j, "range", a->low, a->high);
  const double year = assess_a_year(a->what, a->low);
  if (a->is_exact) json_int(j, "a_week", pence_of(year / 52));
  else json_none(j, "a_week");
  if (a->is_exact) json_int(j, "a_year", pence_of(year));
  else json_none(j, "a_year");
  if (a->cannot && a->what->unsaid[ENGLISH])
    json_text(j, "cannot_say", span_of(a->what->unsaid[ENGLISH]));
  else json_none(j, "cannot_say");
  if (a->rests_on_facts) json_text(j, "sure", span_of(fact_source_word(a->sure)));
  else json_none(j, "sure");
  add_got(t, j, a);
  add_claim(t, j, a);
  add_variables(j, "needs", a->needs, a->need_count);
  json_close_object(j);
  return DONE;
}

static enum status add_codes(const struct telling *t, struct json *j, const char *key,
                             const int64_t *people, int count, struct error *err) {
  json_open_array(j, key);
  for (int i = 0; i < count; i++) {
    const char *code;
    if (code_of(t, people[i], &code, err) != DONE) return err->code;
    json_text(j, NULL, span_of(code));
  }
  json_close_array(j);
  return DONE;
}

static enum status add_questions(const struct telling *t, struct json *j, struct error *err) {
  add_variables(j, "questions", t->a->questions, t->a->question_count);
  json_open_array(j, "ask");
  for (int i = 0; i < t->a->question_count; i++) {
    const struct assess_need *n = &t->a->questions[i];
    const char *code;
    if (code_of(t, n->person, &code, err) != DONE) return err->code;
    json_open_object(j, NULL);
    json_text(j, "variable", span_of(n->what->variable));
    json_text(j, "person", span_of(code));
    json_text(j, "question", span_of(n->what->question[ENGLISH]));
    json_text(j, "why", span_of(n->what->why[ENGLISH]));
    json_close_object(j);
  }
  json_close_array(j);
  return DONE;
}

/* ---- what if ---- */

static enum status add_change(const struct telling *t, struct json *j,
                              const struct assess_change *c, struct error *err) {
  const char *code = NULL;
  if (c->person && code_of(t, c->person, &code, err) != DONE) return err->code;
  json_open_object(j, NULL);
  json_text(j, "variable", span_of(c->what->variable));
  json_text(j, "name", span_of(c->what->name[ENGLISH]));
  json_text(j, "side", span_of(c->what->is_paid ? "pay" : "get"));
  if (code) json_text(j, "person", span_of(code));
  add_amount(j, "more_a_year", c->low, c->high, c->is_exact);
  json_close_object(j);
  return DONE;
}

/* Each once: what no sum counts. */
static void add_left_out(struct json *j, const struct assessment *a) {
  const struct pack_entitlement *last = NULL;
  json_open_array(j, "left_out");
  for (int i = 0; i < a->answer_count; i++) {
    if (!a->answers[i].cannot || a->answers[i].what == last) continue;
    last = a->answers[i].what;
    json_text(j, NULL, span_of(last->variable));
  }
  json_close_array(j);
}

static enum status add_comparison(const struct telling *t, struct json *j, struct error *err) {
  const struct assess_comparison *c = t->comparison;
  const struct telling then = {.call = t->call, .a = &c->then};
  enum status status = DONE;
  json_open_object(j, "if");
  json_open_array(j, "answers");
  for (int i = 0; status == DONE && i < c->then.answer_count; i++)
    status = add_answer(&then, j, &c->then.answers[i], err);
  json_close_array(j);
  json_open_array(j, "changes");
  for (int i = 0; status == DONE && i < c->change_count; i++)
    status = add_change(t, j, &c->changes[i], err);
  json_close_array(j);
  add_left_out(j, &c->then);
  json_int(j, "income_a_year", pence_of(c->income));
  if (c->costs.is_exact) json_int(j, "costs_a_year", pence_of(c->costs.low));
  else json_none(j, "costs_a_year");
  add_amount(j, "more_a_year", c->low, c->high, c->is_exact);
  if (status == DONE) status = add_questions(&then, j, err);
  json_close_object(j);
  return status;
}

static void add_advice(const struct telling *t, struct json *j) {
  json_open_array(j, "advice");
  for (int i = 0; i < t->advice_count; i++) {
    const struct pack_advice *a = t->advice[i];
    json_open_object(j, NULL);
    json_text(j, "code", span_of(a->code));
    json_text(j, "name", span_of(a->name[ENGLISH]));
    json_text(j, "help", span_of(a->help[ENGLISH]));
    json_open_array(j, "topics");
    for (int topic = 0; topic < ADVICE_TOPICS; topic++)
      if (a->topics & 1u << topic)
        json_text(j, NULL, span_of(advice_topic_word((enum advice_topic)topic)));
    json_close_array(j);
    json_text(j, "address", span_of(a->address));
    json_text(j, "telephone", span_of(a->telephone));
    json_close_object(j);
  }
  json_close_array(j);
}

static void add_assumed(const struct telling *t, struct json *j) {
  if (t->assumed->is_left_out) {
    json_none(j, "assumed");
    return;
  }
  json_open_array(j, "assumed");
  for (int i = 0; i < t->assumed->count; i++) {
    const struct assess_assumption *a = &t->assumed->all[i];
    json_open_object(j, NULL);
    json_text(j, "variable", span_of(a->row->variable));
    json_text(j, "name", span_of(a->row->name[ENGLISH]));
    json_text(j, "taken", span_of(a->row->taken[ENGLISH]));
    json_text(j, "why", span_of(a->row->why[ENGLISH]));
    json_text(j, "source", span_of(a->row->source));
    json_bool(j, "can_be_told", a->what != NULL);
    json_open_array(j, "changes");
    for (int k = 0; k < a->change_count; k++) json_text(j, NULL, span_of(a->changes[k]->variable));
    json_close_array(j);
    json_close_object(j);
  }
  json_close_array(j);
}

static void add_budget(const struct telling *t, struct json *j) {
  json_open_array(j, "budget");
  for (int i = 0; i < t->budget->row_count; i++) {
    const struct assess_budget_row *row = &t->budget->rows[i];
    json_open_object(j, NULL);
    json_int(j, "hours", row->hours);
    json_int(j, "pay_a_year", pence_of(row->pay));
    add_amount(j, "left_a_year", row->low, row->high, row->is_exact);
    json_close_object(j);
  }
  json_close_array(j);
}

static enum status as_json(const struct telling *t, int64_t person, struct error *err) {
  struct json j;
  char day[11];
  const char *code;
  if (code_of(t, person, &code, err) != DONE) return err->code;
  json_begin(&j, &t->call->out);
  json_open_object(&j, NULL);
  json_text(&j, "person", span_of(code));
  json_text(&j, "on", span_of(day_write(t->a->on, day)));
  enum status status = add_codes(t, &j, "unit", t->a->unit, t->a->unit_count, err);
  json_open_array(&j, "answers");
  for (int i = 0; status == DONE && i < t->a->answer_count; i++)
    status = add_answer(t, &j, &t->a->answers[i], err);
  json_close_array(&j);
  if (status == DONE) status = add_questions(t, &j, err);
  add_left_out(&j, t->a);
  json_bool(&j, "wide", t->a->is_wide);
  if (t->assumed) add_assumed(t, &j);
  add_advice(t, &j);
  if (status == DONE && t->comparison) status = add_comparison(t, &j, err);
  if (t->budget) add_budget(t, &j);
  json_close_object(&j);
  text_add_char(&t->call->out, '\n');
  return status;
}

/* ---- text ---- */

static const char *money_words(struct arena *arena, double pounds, bool up) {
  struct text t = {0};
  text_add_pounds(&t, up ? pence_above(pounds) : pence_below(pounds));
  const char *out = arena_copy(arena, t.bytes, t.size);
  text_release(&t);
  return out;
}

static struct doc_value amount_of(struct arena *arena, const struct assess_answer *a) {
  if (a->is_exact) return doc_money(pence_of(a->low));
  if (a->is_open) return doc_text(a->cannot ? "cannot be said" : "not known yet");
  if (isinf(a->high) && a->low <= 0) return doc_text("not known yet");
  if (isinf(a->high))
    return doc_text(arena_printf(arena, "%s or more", money_words(arena, a->low, false)));
  return doc_text(arena_printf(arena, "%s to %s", money_words(arena, a->low, false),
                               money_words(arena, a->high, true)));
}

/* The weakest of what an answer rests on. */
static const char *const sure_words[FACT_SOURCES] = {
    [FACT_DECISION] = "decisions",
    [FACT_EVIDENCED] = "what was shown",
    [FACT_TOLD] = "what was told",
    [FACT_ESTIMATED] = "an estimate",
};

static enum status table_of_answers(const struct telling *t, struct document *d, bool paid,
                                    struct error *err) {
  static const struct doc_column columns[] = {{"name", "What"},          {"person", "Whose"},
                                              {"amount", "Amount"},      {"period", "A"},
                                              {"payer", "Organisation"}, {"sure", "Rests on"}};
  document_table(d, paid ? "pay" : "get", paid ? "To pay" : "To get", columns, 6, "answers");
  for (int i = 0; i < t->a->answer_count; i++) {
    const struct assess_answer *a = &t->a->answers[i];
    const char *code = NULL;
    if (a->what->is_paid != paid || (a->is_exact && a->low == 0)) continue;
    if (a->person && code_of(t, a->person, &code, err) != DONE) return err->code;
    document_cell(d, doc_text(a->what->name[ENGLISH]));
    document_cell(d, code ? doc_text(code) : doc_null());
    document_cell(d, amount_of(t->call->arena, a));
    document_cell(d, doc_text(tell_per_word(a->what->per)));
    document_cell(d, doc_text(a->what->payer));
    document_cell(d, a->rests_on_facts ? doc_text(sure_words[a->sure]) : doc_null());
  }
  document_table_end(d);
  return DONE;
}

/* Why, and whom to ask. */
static void notes_of_unsaid(const struct telling *t, struct document *d) {
  const struct pack_entitlement *last = NULL;
  for (int i = 0; i < t->a->answer_count; i++) {
    const struct assess_answer *a = &t->a->answers[i];
    if (!a->cannot || a->what == last || !a->what->unsaid[ENGLISH]) continue;
    last = a->what;
    document_paragraph(d, arena_printf(t->call->arena, "%s: %s", last->name[ENGLISH],
                                       last->unsaid[ENGLISH]));
  }
}

static struct doc_value change_words(struct arena *arena, double low, double high, bool is_exact) {
  if (is_exact) return doc_money(pence_of(low));
  if (isinf(low) || isinf(high)) return doc_text("not known yet");
  return doc_text(arena_printf(arena, "%s to %s", money_words(arena, low, false),
                               money_words(arena, high, true)));
}

static struct doc_value side_words(struct arena *arena, const struct assess_total *side) {
  return change_words(arena, side->low, side->high, side->is_exact);
}

/* What to know before a claim, of all that somebody gets. */
static void table_of_warnings(const struct telling *t, struct document *d) {
  static const struct doc_column columns[] = {{"name", "What"},
                                              {"says", "What a claim does"},
                                              {"do", "What to do"}};
  document_table(d, "before", "Before you claim", columns, 3, "warnings");
  for (int i = 0; i < t->claims->count; i++) {
    const struct assess_claiming *c = &t->claims->all[i];
    for (int k = 0; k < c->warning_count; k++) {
      const struct assess_warning *w = &c->warnings[k];
      document_cell(d, doc_text(c->answer->what->name[ENGLISH]));
      document_cell(d, doc_text((w->applies ? w->row->says : w->row->unknown)[ENGLISH]));
      document_cell(d, doc_text(w->row->step[ENGLISH]));
    }
  }
  document_table_end(d);
}

static void table_of_sides(const struct telling *t, struct document *d) {
  static const struct doc_column columns[] = {{"name", "What"},
                                              {"with", "With the claim"},
                                              {"without", "Without it"}};
  bool any = false;
  for (int i = 0; i < t->claims->count; i++) any |= t->claims->all[i].has_sides;
  if (!any) return;
  document_table(d, "sides", "What the household has a year, with the claim and without", columns,
                 3, "claims");
  for (int i = 0; i < t->claims->count; i++) {
    const struct assess_claiming *c = &t->claims->all[i];
    if (!c->has_sides) continue;
    document_cell(d, doc_text(c->answer->what->name[ENGLISH]));
    document_cell(d, side_words(t->call->arena, &c->with));
    document_cell(d, side_words(t->call->arena, &c->without));
  }
  document_table_end(d);
}

static void table_of_advice(const struct telling *t, struct document *d) {
  static const struct doc_column columns[] = {{"name", "Who"},
                                              {"help", "On what"},
                                              {"at", "Where"}};
  if (!t->advice_count) return;
  document_table(d, "advice", "Who advises", columns, 3, "organisations");
  for (int i = 0; i < t->advice_count; i++) {
    const struct pack_advice *a = t->advice[i];
    document_cell(d, doc_text(a->name[ENGLISH]));
    document_cell(d, doc_text(a->help[ENGLISH]));
    document_cell(d, doc_text(*a->address ? a->address : a->telephone));
  }
  document_table_end(d);
}

/* What nobody told and nobody is asked. */
static void table_of_assumed(const struct telling *t, struct document *d) {
  static const struct doc_column columns[] = {{"name", "What"},
                                              {"taken", "Taken as"},
                                              {"changes", "Could change"},
                                              {"why", "Why it is not asked"}};
  if (t->assumed->is_left_out) {
    document_paragraph(d, "So much is not known yet that nothing was tried of what is assumed.");
    return;
  }
  document_table(d, "assumed", "What was assumed", columns, 4, "inputs");
  for (int i = 0; i < t->assumed->count; i++) {
    const struct assess_assumption *a = &t->assumed->all[i];
    struct text changes = {0};
    for (int k = 0; k < a->change_count; k++)
      text_addf(&changes, "%s%s", k ? ", " : "", a->changes[k]->name[ENGLISH]);
    document_cell(d, doc_text(a->row->name[ENGLISH]));
    document_cell(d, doc_text(a->row->taken[ENGLISH]));
    document_cell(d, doc_text(arena_copy(t->call->arena, changes.bytes, changes.size)));
    document_cell(d, doc_text(a->row->why[ENGLISH]));
    text_release(&changes);
  }
  document_table_end(d);
}

/* Where it is claimed: of what may be. */
static void table_of_claims(const struct telling *t, struct document *d) {
  static const struct doc_column columns[] = {{"name", "What"}, {"claim", "Where it is claimed"}};
  document_table(d, "claim", "To claim", columns, 2, "claims");
  for (int i = 0; i < t->claims->count; i++) {
    const struct assess_claiming *c = &t->claims->all[i];
    if (!c->may_claim || got_of(t, c->answer)->got == GOT_ALREADY) continue;
    document_cell(d, doc_text(c->answer->what->name[ENGLISH]));
    document_cell(d, doc_text(c->answer->what->claim));
  }
  document_table_end(d);
}

/* What is in payment, and needs no claim. */
static void table_of_paid(const struct telling *t, struct document *d) {
  static const struct doc_column columns[] = {{"name", "What"}, {"known", "How it is known"}};
  bool any = false;
  for (int i = 0; i < t->a->answer_count; i++) any |= t->got[i].got == GOT_ALREADY;
  if (!any) return;
  document_table(d, "paid_now", "Paid now", columns, 2, "benefits");
  for (int i = 0; i < t->a->answer_count; i++) {
    const struct got_now *got = &t->got[i];
    char day[11];
    if (got->got != GOT_ALREADY) continue;
    document_cell(d, doc_text(t->a->answers[i].what->name[ENGLISH]));
    if (got->award) document_cell(d, doc_text("an award is in force"));
    else if (got->by_payments)
      document_cell(d, doc_text(arena_printf(t->call->arena,
                                             "the account shows payments of it (last on %s)",
                                             day_write(got->paid.last, day))));
    else document_cell(d, doc_text("it was told"));
  }
  document_table_end(d);
}

/* What stays as it is is left out. */
static enum status table_of_changes(const struct telling *t, struct document *d,
                                    struct error *err) {
  static const struct doc_column columns[] = {{"name", "What"},
                                              {"person", "Whose"},
                                              {"more", "More a year"}};
  const struct assess_comparison *c = t->comparison;
  document_table(d, "if", "What would change, a year", columns, 3, "changes");
  for (int i = 0; i < c->change_count; i++) {
    const struct assess_change *one = &c->changes[i];
    const char *code = NULL;
    if (one->is_left_out || (one->is_exact && one->low == 0)) continue;
    if (one->person && code_of(t, one->person, &code, err) != DONE) return err->code;
    document_cell(d, doc_text(one->what->name[ENGLISH]));
    document_cell(d, code ? doc_text(code) : doc_null());
    document_cell(d, change_words(t->call->arena, one->low, one->high, one->is_exact));
  }
  document_cell(d, doc_text("Income before taxes and benefits"));
  document_cell(d, doc_null());
  document_cell(d, doc_money(pence_of(c->income)));
  document_cell(d, doc_text("Rent and other costs of the home"));
  document_cell(d, doc_null());
  document_cell(d, change_words(t->call->arena, c->costs.low, c->costs.high, c->costs.is_exact));
  document_cell(d, doc_text("More to live on"));
  document_cell(d, doc_null());
  document_cell(d, change_words(t->call->arena, c->low, c->high, c->is_exact));
  document_table_end(d);
  if (c->leaves_out)
    document_paragraph(d, "What cannot be said is left out. What is left to pay after it counts as "
                          "it is billed.");
  return DONE;
}

static void table_of_budget(const struct telling *t, struct document *d) {
  static const struct doc_column columns[] = {{"hours", "Hours a week"},
                                              {"pay", "Pay a year"},
                                              {"left", "To live on a year"}};
  document_table(d, "budget", "What is left at each number of hours", columns, 3, "rows");
  for (int i = 0; i < t->budget->row_count; i++) {
    const struct assess_budget_row *row = &t->budget->rows[i];
    document_cell(d, doc_count(row->hours));
    document_cell(d, doc_money(pence_of(row->pay)));
    document_cell(d, change_words(t->call->arena, row->low, row->high, row->is_exact));
  }
  document_table_end(d);
}

static enum status as_text(const struct telling *t, struct error *err) {
  static const struct doc_column columns[] = {{"variable", "Variable"},
                                              {"person", "Of"},
                                              {"question", "Question"}};
  struct document *d = document_new(t->call->arena, ENGLISH, "What was worked out");
  enum status status = table_of_answers(t, d, false, err);
  if (status == DONE) status = table_of_answers(t, d, true, err);
  notes_of_unsaid(t, d);
  if (t->a->is_wide)
    document_paragraph(d, "Little is known of so many people of this home that some amounts are "
                          "wider than they need to be. Each thing that is told makes them "
                          "narrower.");
  table_of_warnings(t, d);
  table_of_sides(t, d);
  table_of_advice(t, d);
  table_of_claims(t, d);
  table_of_paid(t, d);
  if (t->assumed) table_of_assumed(t, d);
  if (status == DONE && t->comparison) status = table_of_changes(t, d, err);
  if (t->budget) table_of_budget(t, d);
  document_table(d, "questions", "To ask, the first first", columns, 3, "questions");
  for (int i = 0; status == DONE && i < t->a->question_count; i++) {
    const struct assess_need *n = &t->a->questions[i];
    const char *code;
    status = code_of(t, n->person, &code, err);
    if (status != DONE) break;
    document_cell(d, doc_text(n->what->variable));
    document_cell(d, doc_text(code));
    document_cell(d, doc_text(n->what->question[ENGLISH]));
  }
  document_table_end(d);
  output_document(t->call, d);
  return status;
}

/* --if and --wage; null where they were not given. */
static enum status take_what_if(struct call *call, struct assess_request *q, struct telling *t,
                                struct error *err) {
  struct assess_request then = *q;
  struct assess_comparison *c = arena_array(call->arena, struct assess_comparison, 1);
  struct assess_budget *b = arena_array(call->arena, struct assess_budget, 1);
  for (int i = 0; i < call->options_given_count; i++)
    if (strcmp(call->given[i].option->name, "if") == 0 &&
        assess_take_if(call->arena, span_of(call->given[i].value), &then, err) != DONE)
      return err->code;
  if (call_has(call, "if")) {
    if (assess_compare(call->arena, &then, c, err) != DONE) return err->code;
    t->comparison = c;
  }
  if (!call_has(call, "wage")) return DONE;
  *b = (struct assess_budget){.hours_most = 40, .hours_step = 5};
  if (money_parse(span_of(call_option(call, "wage")), &b->wage_pence, err) != DONE)
    return error_at(err, NULL, 0, "--wage");
  t->budget = b;
  return assess_budget(call->arena, &then, b, err);
}

enum status verb_assess(struct call *call, struct error *err) {
  if (call_has(call, "missing") || call_option(call, "run")) return verb_missing(call, err);
  if (call->argument_count != 1) return error_set(err, USAGE, "write: assess PERSON");
  struct rules *rules;
  struct assessment a = {0};
  struct assess_claims claims = {0};
  struct assess_request q = {.on = day_today()};
  if (call_day(call, "on", &q.on, err) != DONE || call_open_store(call, STORE_WRITE, err) != DONE ||
      call_open_pack(call, err) != DONE || call_person(call, 0, &q.person, err) != DONE ||
      call_note_access(call, q.person, "assessment", err) != DONE ||
      call_load_rules(call, &rules, err) != DONE)
    return err->code;
  q.store = call->store;
  q.pack = call->pack;
  q.rules = rules;
  if (assess(call->arena, &q, &a, err) != DONE) return err->code;
  struct assess_assumptions assumed = {0};
  struct telling t = {.call = call, .a = &a, .claims = &claims};
  if (assess_before_claiming(call->arena, &a, &claims, err) != DONE) return err->code;
  if (call_has(call, "assumed")) {
    if (assess_assumed(call->arena, &a, &assumed, err) != DONE) return err->code;
    t.assumed = &assumed;
  }
  const struct got_request got = {call->store, call->pack, &a, &claims};
  if (got_read(call->arena, &got, &t.got, err) != DONE) return err->code;
  const unsigned topics = assess_advice_topics(&claims);
  if (topics && assess_advice(call->arena, &q, topics, &t.advice, &t.advice_count, err) != DONE)
    return err->code;
  if (take_what_if(call, &q, &t, err) != DONE) return err->code;
  return call_format(call) == FORMAT_JSON ? as_json(&t, q.person, err) : as_text(&t, err);
}
