/* A difference between an amount and what the rules make of the facts is asked about: a case with
 * both amounts, for the organisation that recorded it. */
#include "action/cases.h"
#include "action/rows.h"
#include "base/limits.h"
#include "base/money.h"
#include "statement/line_compare.h"
#include "statement/statement.h"

static const struct field ask_fields[] = {{.name = "line", .kind = FIELD_LINE, .label = N_("Line")},
                                          {.name = "words",
                                           .kind = FIELD_LONG,
                                           .optional = true,
                                           .most = CASE_WORDS_BYTES_MAX,
                                           .label = N_("What do you want to say about it?")},
                                          {.name = NULL}};

static const struct value *line_of(const struct action_call *call) {
  const struct value *v = call->values;
  while (strcmp(v->name, "line") != 0) v++;
  return v;
}

static struct span money_of(const struct action_call *call, int64_t pence) {
  struct text t = {0};
  text_add_money(&t, pence);
  return span_of(text_take(call->arena, &t));
}

/* The year, or the days of the payment. */
static const char *for_words(const struct action_call *call, const struct line_comparison *c) {
  char year[8], first[11], last[11];
  if (c->year) return arena_string(call->arena, year_write(c->year, year));
  return arena_printf(call->arena, "%s to %s", day_write(c->award.first, first),
                      day_write(c->award.last, last));
}

static enum status compare(const struct action_call *call, struct line_comparison *out,
                           struct error *err) {
  const struct rules *rules = NULL;
  const struct value *line = line_of(call);
  if (rules_ready(call->arena, call->rules, call->pack->dir, &rules, err) != DONE) return err->code;
  const struct line_request wanted = {.entry = line->number,
                                      .line_no = (int32_t)line->number2,
                                      .language = call->language,
                                      .named = call->actor.is_operator,
                                      .rules = rules,
                                      .comparison = out};
  enum status status = statement_line_compare(call->store, call->reference_data, call->subject,
                                              &wanted, call->arena, err);
  if (status == REFUSED && err->refusal.code == REFUSAL_PERSON_LINE_UNKNOWN)
    return refuse_at(err, "line", LINE_UNKNOWN);
  if (status != DONE || out->verdict == LINE_DIFFERS) return status;
  return refuse_at(err, "line", AMOUNT_NOT_ASKED);
}

static enum status run_ask(struct action_call *call, struct error *err) {
  struct action_case side;
  struct line_comparison c = {.verdict = LINE_NOT_COMPARED};
  const struct value *line = line_of(call);
  int64_t id = 0;
  if (compare(call, &c, err) != DONE || action_case_begin(call, false, &side, err) != DONE)
    return err->code;
  const struct case_fact facts[] = {{"what", span_of(c.what->name[ENGLISH])},
                                    {"for", span_of(for_words(call, &c))},
                                    {"recorded", money_of(call, c.recorded)},
                                    {"expected", money_of(call, c.expected)}};
  struct case_opening opening = {.kind = "amount-question",
                                 .party = call->subject,
                                 .subject = arena_printf(call->arena, "line:%lld:%lld",
                                                         (long long)line->number,
                                                         (long long)line->number2),
                                 .reason = action_text(call, "words"),
                                 .kept = facts,
                                 .kept_count = 4};
  enum status status = case_open(call->store, call->arena, &side.desk, &side.actor, &opening, &id,
                                 err);
  if (status == REFUSED && strcmp(err->column, "reason") == 0)
    snprintf(err->column, sizeof err->column, "words");
  if (status == DONE) action_answer_int(call, "case", id);
  return status;
}

static const enum refusal_code ask_refusals[] = {
    REFUSAL_LINE_UNKNOWN,       REFUSAL_AMOUNT_NOT_ASKED,        REFUSAL_REDRESS_LINE_IS_REVERSAL,
    REFUSAL_CASE_WAITS_ALREADY, REFUSAL_REDRESS_LINE_TAKEN_BACK, REFUSAL_NONE};

const struct action amount_actions[] = {
    {.name = "amount-ask",
     .summary = "Asks the organisation why an amount is not what the rules make of the facts.",
     .fields = ask_fields,
     .needs = SIGNED_IN,
     .about = ABOUT_ONESELF,
     .needs_terms = true,
     .refusals = ask_refusals,
     .answers = (const char *const[]){"case", NULL},
     .run = run_ask},
    {.name = NULL},
};
