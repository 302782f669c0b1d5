/* What the decision of a claim rests on, for whoever decides it: the facts, how the rules come to
 * the amount, by which rules and rows; and what the form of the decision asks. */
#include "web/pages/assessing.h"
#include "web/pages/cases.h"
#include "web/pages/facts.h"

#include "award/assessed.h"
#include "award/claim.h"
#include "award/goes_along.h"
#include "base/money.h"
#include "register/names.h"

/* ---- who reads it ---- */

/* Whoever claims for themself or for another never reads them, in whatever office. */
static bool has_part(const struct case_page *page, const struct case_file *file) {
  return case_actor_is(&page->actor, file->party) || case_actor_is(&page->actor, file->opener);
}

static bool decides_now(const struct case_page *page, const struct case_file *file) {
  const struct pack_case_move *move;
  return page->is_officer && file->waits && !has_part(page, file) &&
         case_moves_of(&page->actor, file, &move, 1) > 0;
}

/* Whoever decides it, and afterwards whoever acts for the organisation whose decision it was. */
bool claim_may_read(const struct request *r, const struct case_page *page,
                    const struct case_file *file) {
  if (!page->is_officer || has_part(page, file)) return false;
  for (int i = 0; i < r->visitor.body_count; i++)
    if (file->to_body && r->visitor.bodies[i] == file->to_body) return true;
  return decides_now(page, file);
}

/* ---- the facts ---- */

static const struct table_head fact_heads[] = {
    {N_("What"), false}, {N_("Answer"), false}, {N_("Who told us"), false}, {NULL, false}};

static const char *days_words(const struct request *r, const struct fact *f) {
  const char *from = written_value(r, doc_day(f->from));
  return f->to == DAY_NONE ? arena_printf(r->arena, say(r->language, "since %s"), from)
                           : arena_printf(r->arena, say(r->language, "from %s to %s"), from,
                                          written_value(r, doc_day(f->to)));
}

/* `The person (told)`, `Harrowmere Borough Council (shown: bill of 3 May)`. */
static const char *teller_words(const struct request *r, const struct fact *f, int64_t person) {
  const char *who = fact_sayer_words_of(r, f, person), *rest = fact_rest_words(r, f);
  return f->evidence && *f->evidence ? arena_printf(r->arena, "%s (%s: %s)", who, rest, f->evidence)
                                     : arena_printf(r->arena, "%s (%s)", who, rest);
}

static void put_fact(struct view *table, const struct request *r, const struct goes_answer *answer,
                     const struct register_name *name, int64_t person) {
  struct view *row = view_row(table);
  const struct pack_tellable *what = answer->what;
  const struct fact *f = answer->fact;
  const char *path = arena_printf(r->arena, "/people/%s/facts%s%s", name->code,
                                  what->topic ? "?topic=" : "",
                                  what->topic ? what->topic->code : "");
  view_cell(row, r, fact_heads, 0, what->name[r->language],
            r->visitor.body_count ? request_path(r, path) : NULL);
  view_cell(row, r, fact_heads, 1,
            arena_printf(r->arena, "%s, %s", fact_value_words(r, f), days_words(r, f)), NULL);
  view_cell(row, r, fact_heads, 2, teller_words(r, f, person), NULL);
}

/* Those that went along, of one person. */
static enum status put_person(struct view *v, const struct request *r, const struct goes_person *p,
                              struct error *err) {
  struct register_name name = {0};
  if (!p->count) return DONE;
  enum status status = register_name_of_party(r->store, r->arena, p->person, &name, err);
  if (status != DONE) return status;
  struct view *table = view_table(view_item(v, "people"), "facts", r,
                                  arena_printf(r->arena, "%s (%s)", name.name, name.code),
                                  fact_heads, NULL);
  for (int i = 0; i < p->count; i++) put_fact(table, r, &p->all[i], &name, p->person);
  view_table_of_words(table);
  return DONE;
}

/* Of everybody who claims with them; each look at another is noted. */
static enum status put_people(struct view *v, const struct request *r, struct case_page *page,
                              const struct case_file *file, const struct goes_along *goes,
                              struct error *err) {
  enum status status = DONE;
  view_list(v, "people");
  for (int i = 0; status == DONE && i < goes->count; i++) {
    if (i) status = case_note_visit(r, page, file, goes->people[i].person, err);
    if (status == DONE) status = put_person(v, r, &goes->people[i], err);
  }
  return status;
}

/* ---- what it comes to ---- */

static const char *needs_words(const struct request *r, const struct assess_answer *a) {
  struct text t = {0};
  for (int i = 0; a && i < a->need_count; i++)
    text_addf(&t, "%s%s", i ? ", " : "", a->needs[i].what->name[r->language]);
  return t.size ? text_take(r->arena, &t) : NULL;
}

static enum status put_working(struct view *v, const struct request *r,
                               const struct award_assessed *assessed, struct error *err) {
  const struct assessment *of = assessed->of;
  const char **names = arena_array(r->arena, const char *, of->unit_count + 1);
  enum status status = DONE;
  const bool has_working = assessed->answer && !assessed->answer->is_open;
  view_flag(v, "has_working", has_working);
  if (!has_working) return DONE;
  for (int i = 0; status == DONE && i < of->unit_count; i++) {
    struct register_name name = {0};
    status = register_name_of_party(r->store, r->arena, of->unit[i], &name, err);
    names[i] = name.name ? name.name : name.code;
  }
  view_flag(v, "is_sure", assessed->known == AWARD_EXACT);
  return status == DONE ? view_why_lines(v, r, of, assessed->answer, names, err) : status;
}

/* By which rows and rules: as the case or the award keeps it, else those of now. */
static enum status put_versions(struct view *v, const struct request *r,
                                const struct award_call *call, const struct claim_basis *basis,
                                bool is_now, struct error *err) {
  struct span versions = basis->versions;
  if (is_now && award_versions(call, &versions, err) != DONE) return err->code;
  view_text(v, "versions", versions.size ? kept_text(r, versions) : NULL);
  return DONE;
}

enum status claim_view_rests(struct view *v, const struct request *r, struct case_page *page,
                             const struct case_file *file, struct error *err) {
  const struct award_call call = claim_call_of(r);
  struct award_assessed assessed = {0};
  struct claim_basis basis = {0};
  struct goes_along goes = {0};
  page->figures = NULL;
  if ((!claim_is(file) && !claim_is_dispute(file)) || !claim_may_read(r, page, file)) return DONE;
  const struct pack_entitlement *what = claim_of(r->pack, file);
  struct span *figures = arena_array(r->arena, struct span, CLAIM_FIGURES);
  const bool now = decides_now(page, file);
  enum status status = claim_assess_all(&call, file, &assessed, figures, err);
  if (status != DONE || !what || !assessed.of) return status;
  if (now) page->figures = figures;
  status = claim_basis_of(r->store, r->arena, file, &basis, err);
  struct view *rests = view_object(v, "rests");
  const struct goes_along_of of = {.person = file->party,
                                   .what = what,
                                   .on = file->waits || basis.on == DAY_NONE ? assessed.of->on
                                                                             : basis.on,
                                   .is_decided = !file->waits,
                                   .numbers = basis.facts};
  if (status == DONE) status = goes_along(&call, &of, &goes, err);
  if (status == DONE) status = put_people(rests, r, page, file, &goes, err);
  if (status == DONE) status = put_versions(rests, r, &call, &basis, file->waits, err);
  view_flag(rests, "waits", file->waits);
  if (status != DONE || !file->waits) return status;
  view_text(rests, "comes", claim_comes_words(r, what, &assessed));
  view_text(rests, "missing",
            assessed.known == AWARD_EXACT ? NULL : needs_words(r, assessed.answer));
  return put_working(rests, r, &assessed, err);
}

/* ---- what the form asks ---- */

/* Of how often it is paid only what its rows allow: one way is no question. */
static bool fit_pay(const struct request *r, const struct pack_entitlement *what,
                    struct field *field) {
  struct choice *choices = arena_array(r->arena, struct choice, PAY_EVERYS + 1);
  int count = 0;
  for (const struct choice *c = field->choices; c && c->word; c++)
    if (what && pack_find_pay_days(r->pack, what, span_of(c->word))) choices[count++] = *c;
  choices[count] = (struct choice){NULL, NULL};
  field->choices = choices;
  return count > 1;
}

/* Empty, the rules' amount is taken where they come to one. */
static const char *amount_hint(const struct request *r, const struct case_page *page,
                               const struct pack_entitlement *what) {
  const char *amount = page->figures ? kept_text(r, page->figures[0]) : "";
  int64_t pence = 0;
  if (*amount && money_parse(span_of(amount), &pence, NULL) == DONE && pence)
    return arena_printf(r->arena,
                        say(r->language, "Leave it empty to award what the rules come to: %s. Of "
                                         "another amount write why in your answer."),
                        claim_money_words(r, pence, what->per));
  return say(r->language,
             "The rules come to no amount here: write how much, and in your answer how "
             "you found it.");
}

bool claim_fit_field(const struct request *r, const struct case_page *page,
                     const struct case_file *file, const struct pack_case_fact *fact,
                     struct field *field) {
  const struct pack_entitlement *what = claim_of(r->pack, file);
  if (!claim_is(file) && !claim_is_dispute(file)) return true;
  if (fact->type == FACT_TYPE_EVERY) return fit_pay(r, what, field);
  if (what && strcmp(fact->word, "amount") == 0) field->hint = amount_hint(r, page, what);
  return true;
}
