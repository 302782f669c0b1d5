#include "award/rests.h"

#include "award/assessed.h"
#include "award/claim.h"
#include "award/rows.h"
#include "register/facts.h"
#include "register/names.h"
#include "register/near.h"
#include "register/register.h"

static const struct case_actor program = {.who = "program"};

/* An answer to the same that was told before, or was taken back. */
static bool is_earlier(const struct fact *f, const struct award_answer *answer) {
  return f->id != answer->fact && f->party == answer->party &&
         strcmp(f->variable, answer->variable) == 0;
}

static bool has_earlier(const struct facts *facts, const struct award_answer *answer) {
  for (int i = 0; i < facts->count; i++)
    if (is_earlier(&facts->all[i], answer)) return true;
  return false;
}

static bool rests_on(const struct award *a, const struct facts *facts,
                     const struct award_answer *answer) {
  for (int i = 0; a->facts && i < facts->count; i++) {
    const struct fact *f = &facts->all[i];
    if (is_earlier(f, answer) && award_rests_on(span_of(a->facts), f->id)) return true;
  }
  return false;
}

static enum status waits_already(const struct award_call *call, int64_t person, const char *number,
                                 bool *out, struct error *err) {
  struct case_file *files = NULL;
  int count = 0;
  *out = false;
  enum status status = cases_of_kind_about(call->store, call->arena, person, AWARD_FACTS_KIND,
                                           &files, &count, err);
  for (int i = 0; status == DONE && i < count && !*out; i++) {
    struct case_file file;
    if (!span_is(case_fact_given(files[i].facts, files[i].fact_count, "award"), number)) continue;
    status = case_one(call->store, call->arena, call->desk, &program, files[i].id, &file, err);
    *out = status == DONE && file.waits;
  }
  return status;
}

static enum status ask(const struct award_call *call, const struct award *a,
                       struct award_asked *out, struct error *err) {
  const char *number = arena_printf(call->arena, "%lld", (long long)a->award);
  const struct case_fact facts[] = {{"award", span_of(number)}};
  struct case_opening opening = {.kind = AWARD_FACTS_KIND,
                                 .to_body = a->body,
                                 .subject = arena_printf(call->arena, CLAIM_SUBJECT "%s",
                                                         a->variable),
                                 .kept = facts,
                                 .kept_count = 1};
  bool waits = false;
  enum status status = award_rows_hold(call->store, err);
  if (status == DONE) status = register_survivor(call->store, a->party, &opening.party, err);
  if (status == DONE) status = waits_already(call, opening.party, number, &waits, err);
  if (status != DONE || waits) return status;
  out->body = a->body;
  return case_open(call->store, call->arena, call->desk, &program, &opening, &out->opened, err);
}

/* Those of one person, each once, however many of its rows rest on it. */
static enum status ask_of(const struct award_call *call, int64_t person, const struct facts *facts,
                          const struct award_answer *answer, struct award_asked *out,
                          struct error *err) {
  struct awards rows = {0};
  enum status status = awards_of_person(call->store, call->arena, person, &rows, err);
  for (int i = 0; status == DONE && i < rows.count; i++) {
    const struct award *a = &rows.all[i];
    if (award_stands(a) && rests_on(a, facts, answer)) status = ask(call, a, out, err);
  }
  return status;
}

enum status awards_ask_again(const struct award_call *call, const struct award_answer *answer,
                             struct award_asked *out, struct error *err) {
  struct near family = {0};
  struct facts facts = {0};
  int64_t last = 0;
  *out = (struct award_asked){0};
  if (!call->pack || !pack_find_case_kind(call->pack, span_of(AWARD_FACTS_KIND))) return DONE;
  enum status status = facts_of_person(call->store, call->arena, answer->person, call->today,
                                       &facts, err);
  if (status == DONE && !has_earlier(&facts, answer)) return DONE; /* nothing rests on it */
  if (status == DONE)
    status = register_family(call->store, call->arena, answer->teller, call->today, &family, err);
  for (int i = 0; status == DONE && i < family.count; i++) {
    int64_t person = 0;
    status = register_survivor(call->store, family.all[i], &person, err);
    if (status != DONE || person == last) continue;
    last = person;
    status = ask_of(call, person, &facts, answer, out, err);
  }
  return status;
}
