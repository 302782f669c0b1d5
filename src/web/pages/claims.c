/* Claiming: what can be claimed, and one claim with what goes along, from when, and the form. What
 * becomes of it is a request (cases_one.c). */
#include "web/pages/assessing.h"
#include "web/pages/cases.h"
#include "web/pages/claims.h"
#include "web/pages/facts.h"

#include "award/assessed.h"
#include "award/claim.h"
#include "award/claim_pack.h"
#include "award/goes_along.h"
#include "base/money.h"
#include "register/benefit_unit.h"
#include "register/facts.h"
#include "register/names.h"
#include "web/site.h"

enum { VARIABLE_AT };

const struct field claim_page_fields[] = {{.name = "of", .kind = FIELD_CODE, .optional = true},
                                          {.name = NULL}};

const struct pack_claim *claim_row_for(const struct request *r, const struct pack_entitlement *what,
                                       day_t born) {
  return what ? pack_find_claim(r->pack, what, born, day_today()) : NULL;
}

enum status claimant_born(const struct request *r, day_t *born, struct error *err) {
  day_t died;
  return register_life(r->store, request_subject(r), born, &died, err);
}

/* Who decides it: the organisation's name, or that it is the council. */
enum status claim_decides_words(const struct request *r, const struct pack_claim *row,
                                const char **out, struct error *err) {
  struct error none = {0};
  int64_t id = 0;
  enum status status = claim_body(r->store, r->arena, r->pack, request_subject(r), row->what,
                                  day_today(), &id, &none);
  const struct body *body = id ? bodies_by_id(r->reference_data->bodies, id) : NULL;
  const char *name = body && body->name ? body_words(r, body) : say(r->language, "The council");
  if (status == FAILED) *err = none;
  *out = arena_printf(r->arena,
                      row->elsewhere
                          ? say(r->language, "%s decides it. It must be claimed there too.")
                          : say(r->language, "%s decides it. The answer comes here."),
                      name);
  return status == FAILED ? FAILED : DONE;
}

static const char *per_words(const struct request *r, enum tell_per per, const char *amount) {
  switch (per) {
  case PER_WEEK: return arena_printf(r->arena, say(r->language, "%s a week"), amount);
  case PER_MONTH: return arena_printf(r->arena, say(r->language, "%s a month"), amount);
  case PER_YEAR: return arena_printf(r->arena, say(r->language, "%s a year"), amount);
  default: return amount;
  }
}

const char *claim_money_words(const struct request *r, int64_t pence, enum tell_per per) {
  return per_words(r, per, written_value(r, doc_money(pence)));
}

/* ---- what a decision made, and what can be done against it ---- */

static const char *award_days(const struct request *r, const struct award *a) {
  const char *from = written_value(r, doc_day(a->from));
  return a->to == DAY_NONE ? arena_printf(r->arena, say(r->language, "from %s"), from)
                           : arena_printf(r->arena, say(r->language, "from %s to %s"), from,
                                          written_value(r, doc_day(a->to)));
}

bool case_hides_amounts(const struct case_page *page, const struct case_file *file) {
  const struct case_actor *actor = &page->actor;
  return (claim_is(file) || claim_is_dispute(file)) && actor->helped &&
         !span_has_word(span_of(actor->scopes), "see");
}

struct award_call claim_call_of(const struct request *r) {
  return (struct award_call){.store = r->store,
                             .arena = r->arena,
                             .pack = r->pack,
                             .today = day_today(),
                             .rules = assessing_rules(r),
                             .ends_us = clock_microseconds() + r->site->config.reckon_ms * 1000};
}

enum status note_claims(struct request *r, struct reply *reply, struct error *err) {
  (void)reply;
  return assessing_note(r, "claims", err);
}

const char *claim_fact(const struct request *r, const struct case_file *file,
                       const struct pack_case_fact *fact, const struct span *figures) {
  const int at = figures ? claim_figure(fact->word) : CLAIM_FIGURES;
  return at < CLAIM_FIGURES ? kept_text(r, figures[at]) : case_fact(file, fact->word);
}

bool claim_figure_words(const struct request *r, const struct case_file *file, const char *word,
                        const struct span *figures, const char **out) {
  static const char per_word[] = "rules-per";
  const struct pack_case_fact per_fact = {.word = per_word};
  const int at = claim_figure(word);
  int64_t pence = 0;
  if ((!claim_is(file) && !claim_is_dispute(file)) || at == CLAIM_FIGURES) return false;
  const char *per = claim_fact(r, file, &per_fact, figures);
  if (strcmp(word, per_word) == 0) return *out = NULL, true;
  if (!*out || money_parse(span_of(*out), &pence, NULL) != DONE) return false;
  *out = claim_money_words(r, pence, tell_per_of(span_of(per ? per : "")));
  return true;
}

/* The row that the decision made: the last that began something by then. What changes and ends it
 * later stands below, not in its place. Null: there is none. */
static const struct award *decided_row(const struct awards *rows, int64_t number,
                                       const char *decided_at) {
  const struct award *found = NULL;
  for (int i = 0; i < rows->count; i++) {
    const struct award *a = &rows->all[i];
    if (a->award != number || a->supersedes) continue;
    if (!found || !decided_at || strcmp(a->made_at, decided_at) <= 0) found = a;
    if (!decided_at) break;
  }
  return found;
}

/* How it is paid: what was awarded after its first day of pay is paid with the next run; a
 * reduction is taken off a bill, and what another body pays it pays by itself. */
static const char *pay_words(const struct request *r, const struct award *a) {
  const struct pack_entitlement *what = pack_find_entitlement(r->pack, span_of(a->variable));
  const enum language l = r->language;
  if (what && award_is_off_bill(what)) return say(l, "it is taken off the bill");
  if (a->first_due == DAY_NONE) return NULL;
  const day_t made = clock_day_of(span_of(a->made_at));
  if (made != DAY_NONE && a->first_due < made)
    return say(l, "what was due by then is paid with the next payment run");
  return arena_printf(r->arena, say(l, "the first day of pay is %s"),
                      written_value(r, doc_day(a->first_due)));
}

enum status claim_awards(const struct request *r, const struct case_file *file, struct awards *out,
                         struct error *err) {
  *out = (struct awards){0};
  return claim_award(file) ? awards_of_person(r->store, r->arena, file->party, out, err) : DONE;
}

const char *claim_result_words(const struct request *r, const struct case_file *file,
                               const struct awards *rows) {
  const struct award *a = decided_row(rows, claim_award(file), file->decided_at);
  if (!a) return NULL;
  const char *amount = claim_money_words(r, a->pence, a->per), *days = award_days(r, a);
  const char *paid = pay_words(r, a);
  return paid ? arena_printf(r->arena, "%s, %s; %s", amount, days, paid)
              : arena_printf(r->arena, "%s, %s", amount, days);
}

/* One row that came later; null: it says nothing of its own. */
static const char *later_words(const struct request *r, const struct awards *rows,
                               const struct award *a, const char *body) {
  const enum language l = r->language;
  const char *day = written_value(r, doc_day(clock_day_of(span_of(a->made_at))));
  const char *why = a->why && *a->why ? a->why : "";
  if (!a->supersedes)
    return arena_printf(r->arena, say(l, "%s, %s: changed by %s on %s. %s"),
                        claim_money_words(r, a->pence, a->per), award_days(r, a), body, day, why);
  for (int i = 0; i < rows->count; i++) /* it made room for what began then */
    if (rows->all[i].award == a->award && !rows->all[i].supersedes && a->to != DAY_NONE &&
        rows->all[i].from == a->to + 1 && rows->all[i].id > a->id)
      return NULL;
  if (!award_stands(a)) return NULL;
  return a->to == DAY_NONE
             ? arena_printf(r->arena, say(l, "It goes on: corrected by %s on %s. %s"), body, day,
                            why)
             : arena_printf(r->arena, say(l, "It ends on %s: decided by %s on %s. %s"),
                            written_value(r, doc_day(a->to)), body, day, why);
}

int claim_changes_since(const struct request *r, const struct case_file *file,
                        const struct awards *rows, const char **out, int most) {
  const int64_t number = claim_award(file);
  int count = 0;
  if (!number || !file->decided_at) return 0;
  for (int i = 0; i < rows->count && count < most; i++) {
    const struct award *a = &rows->all[i];
    if (a->award != number || strcmp(a->made_at, file->decided_at) <= 0) continue;
    out[count] = later_words(r, rows, a, body_words_of(r, a->body));
    count += out[count] != NULL;
  }
  return count;
}

enum status claim_view_steps(struct view *v, const struct request *r, const struct case_page *page,
                             const struct case_file *file, int *count, struct error *err) {
  struct claim_step steps[CLAIM_STEPS_MOST];
  int all = 0;
  const enum language l = r->language;
  const bool unknown = claim_day_is_unknown(r->pack, file);
  *count = 0;
  enum status status = claim_steps(r->store, r->arena, r->pack, file, steps, &all, err);
  for (int i = 0; status == DONE && i < all; i++) {
    const struct claim_step *step = &steps[i];
    const struct pack_dispute *row = step->row;
    const bool late = step->last != DAY_NONE && day_today() > step->last;
    const bool over = late && (step->last_late == DAY_NONE || day_today() > step->last_late);
    const struct pack_case_kind *kind = row->kind ? pack_find_case_kind(r->pack, span_of(row->kind))
                                                  : NULL;
    const char *path =
        kind ? case_open_path(r, page, kind,
                              arena_printf(r->arena, "case:%lld", (long long)file->id))
             : row->address;
    if (!path || over) continue;
    struct view *item = view_item(v, "steps");
    view_text(item, "name", row->name[l]);
    view_text(item, "text", row->text[l]);
    view_text(item, "href", path);
    view_text(item, "due",
              unknown
                  ? say(l, "The time runs from the day on their decision: look at their letter.")
              : step->last == DAY_NONE ? NULL
              : late ? arena_printf(r->arena, say(l, "The last day was %s: say why it is late."),
                                    written_value(r, doc_day(step->last)))
                     : arena_printf(r->arena, say(l, "The last day is %s."),
                                    written_value(r, doc_day(step->last))));
    (*count)++;
  }
  return status;
}

/* ---- what is known of what can be claimed ---- */

const char *claim_waits_words(const struct request *r, const struct case_file *claim) {
  return arena_printf(r->arena, say(r->language, "Claimed on %s. It waits for an answer."),
                      written_value(r, doc_day(clock_day_of(span_of(claim->opened_at)))));
}

const char *claim_path_of(const struct request *r, const struct case_file *claim, bool is_staff) {
  return is_staff ? request_path(r, arena_printf(r->arena, "/inbox/%lld", (long long)claim->id))
                  : request_path(r, arena_printf(r->arena, "%s/requests/%lld", request_base(r),
                                                 (long long)claim->id));
}

/* As the visitor may learn it: the claimant, and a helper who may see, all; staff of what their
 * organisations pay; a helper who may only tell nothing, as nobody of a child. */
struct claimable {
  bool is_staff, sees;
  struct assessing s;
  struct assess_claims claims;
  const struct answer_got *got; /* null: nothing is known, or shown */
  struct case_file *waiting;
  int waiting_count;
  int nation; /* where they live; below 0: not known */
  bool has_no_child;
  day_t born; /* of the claimant; DAY_NONE: not known */
};

/* With all that is known of the home: whoever decides counts it. */
static enum status assess_for_staff(const struct request *r, struct assessing *out,
                                    struct error *err) {
  out->answers = arena_array(r->arena, struct answering, 1);
  *out->answers = (struct answering){.sees = true};
  out->request = arena_array(r->arena, struct assess_request, 1);
  *out->request = (struct assess_request){.store = r->store,
                                          .pack = r->pack,
                                          .rules = assessing_rules(r),
                                          .on = day_today(),
                                          .ends_us = claim_call_of(r).ends_us};
  out->is_own = true;
  enum status status = register_survivor(r->store, r->person, &out->request->person, err);
  out->answers->person = out->request->person;
  if (status != DONE) return status;
  status = assess(r->arena, out->request, &out->now, err);
  if (!assess_is_nobodys(status, err)) return status;
  out->is_own = false;
  return DONE;
}

static enum status read_paid(const struct request *r, bool is_staff, struct claimable *out,
                             struct error *err) {
  *out = (struct claimable){.is_staff = is_staff, .sees = is_staff};
  enum status status = is_staff ? DONE : assessing_may_see(r, &out->sees, err);
  if (status != DONE || !out->sees || !assessing_can(r)) return status;
  status = is_staff ? assess_for_staff(r, &out->s, err) : assessing_read(r, &out->s, err);
  if (status != DONE || !out->s.is_own) return status;
  status = assess_before_claiming(r->arena, &out->s.now, &out->claims, err);
  return status == DONE ? assessing_got(r, &out->s, &out->claims, &out->got, err) : status;
}

/* That they told that they are responsible for no child. */
static enum status read_childless(const struct request *r, struct claimable *out,
                                  struct error *err) {
  struct benefit_unit unit = {0};
  int64_t person = 0;
  enum status status = register_survivor(r->store, request_subject(r), &person, err);
  if (status == DONE)
    status = register_unit_on(r->store, r->arena, person, day_today(), &unit, err);
  out->has_no_child = status == DONE && unit.person == person;
  for (int i = 0; i < unit.member_count; i++)
    if (unit.members[i].role == UNIT_CHILD) out->has_no_child = false;
  for (int i = 0; i < unit.question_count; i++)
    if (strcmp(unit.questions[i].variable, "responsible_for") == 0) out->has_no_child = false;
  return status;
}

static enum status read_claimable(const struct request *r, bool is_staff, struct claimable *out,
                                  struct error *err) {
  enum status status = read_paid(r, is_staff, out, err);
  if (status == DONE)
    status = assess_nation(r->store, r->arena, r->pack, request_subject(r), day_today(),
                           &out->nation, err);
  if (status == DONE)
    status = claims_waiting(r->store, r->arena, r->pack, request_subject(r), day_today(),
                            &out->waiting, &out->waiting_count, err);
  return status == DONE && out->sees ? read_childless(r, out, err) : status;
}

/* What shows that it is paid; null: it can be claimed as new. */
static const char *paid_words(const struct request *r, const struct claimable *known,
                              const struct pack_entitlement *what) {
  for (int i = 0; known->got && i < known->s.now.answer_count; i++) {
    const struct answer_got *got = &known->got[i];
    if (known->s.now.answers[i].what != what || got->got != GOT_ALREADY) continue;
    if (got->paid_last == DAY_NONE) return got->words;
    return arena_printf(r->arena,
                        r->person ? say(r->language, "Their account shows payments of it, the last "
                                                     "on %s.")
                                  : say(r->language, "Your account shows payments of it, the last "
                                                     "on %s."),
                        written_value(r, doc_day(got->paid_last)));
  }
  return NULL;
}

static bool is_of_visitor(const struct request *r, int64_t body) {
  for (int i = 0; i < r->visitor.body_count; i++)
    if (body && r->visitor.bodies[i] == body) return true;
  return false;
}

/* The claim of it that waits; null: none that the visitor may read. */
static const struct case_file *waiting_of(const struct request *r, const struct claimable *known,
                                          const struct pack_entitlement *what) {
  const struct case_file *file = claim_among(r->pack, known->waiting, known->waiting_count, what);
  return file && known->is_staff && !is_of_visitor(r, file->to_body) ? NULL : file;
}

/* ---- everything that can be claimed ---- */

/* What is known without asking anything: nobody of their age gets it. Null: they may be old enough.
 */
static const char *too_young_words(const struct request *r, const struct pack_entitlement *what,
                                   day_t born) {
  const struct pack_ages from = {.from = what->ages.from, .to = AGE_ANY};
  if (what->ages.from == AGE_ANY || born == DAY_NONE || pack_ages_have(from, born, day_today()))
    return NULL;
  return arena_printf(r->arena, say(r->language, "Nobody gets it before the age of %d."),
                      what->ages.from);
}

enum claim_list { LIST_DUE, LIST_CLAIMS, LIST_OTHERS, LIST_UNLIKELY, LIST_PAID, CLAIM_LISTS };

/* Due: by the rules there is something. Unlikely: by them nothing, or it is of a child and there is
 * none. Of what another organisation decides staff learn nothing here. */
static enum claim_list list_of(const struct request *r, const struct claimable *known,
                               const struct pack_claim *row, const char *paid) {
  int answers = 0, nothing = 0, something = 0;
  if (known->is_staff && !staff_pay(r, row->what)) return LIST_OTHERS;
  if (paid) return LIST_PAID;
  if (row->needs_child && known->has_no_child) return LIST_UNLIKELY;
  if (too_young_words(r, row->what, known->born)) return LIST_UNLIKELY;
  for (int i = 0; known->got && i < known->s.now.answer_count; i++) {
    const struct assess_answer *a = &known->s.now.answers[i];
    if (a->what != row->what) continue;
    answers++;
    nothing += a->is_exact && a->low == 0;
    something += !a->is_open && a->low > 0;
  }
  return something ? LIST_DUE : answers && nothing == answers ? LIST_UNLIKELY : LIST_CLAIMS;
}

/* One that can be claimed, in which list, and what shows that it is paid (null: nothing). */
struct listed {
  const struct pack_claim *row;
  enum claim_list list;
  const char *paid;
};

static struct listed *find_listed(const struct request *r, const struct claimable *known,
                                  int *count) {
  const int most = r->pack->entitlement_count + r->pack->discretionary_count;
  struct listed *all = arena_array(r->arena, struct listed, most + 1);
  *count = 0;
  for (int i = 0; i < most; i++) {
    const struct pack_claim *row = claim_row_for(r, &r->pack->entitlements[i], known->born);
    if (!row || !pack_entitlement_is_of(row->what, known->nation)) continue;
    const char *paid = paid_words(r, known, row->what);
    all[(*count)++] = (struct listed){row, list_of(r, known, row, paid), paid};
  }
  return all;
}

/* The lists of the page, each with a flag. */
enum { IN_CLAIMS, IN_OTHERS, IN_UNLIKELY, IN_PAID, IN_WAITS, PAGE_LISTS };
static const char *const page_lists[PAGE_LISTS] = {"claims", "others", "unlikely", "paid", "waits"};
static const char *const page_flags[PAGE_LISTS] = {"has_claims", "has_others", "has_unlikely",
                                                   "has_paid", "has_waits"};

static enum status put_claim(struct view *v, const struct request *r, const struct claimable *known,
                             const struct listed *one, const char *path, int *counts,
                             struct error *err) {
  static const int in[CLAIM_LISTS] = {IN_CLAIMS, IN_CLAIMS, IN_OTHERS, IN_UNLIKELY, IN_PAID};
  const struct pack_claim *row = one->row;
  const enum claim_list list = one->list;
  const char *decides = NULL;
  const struct case_file *waits = waiting_of(r, known, row->what);
  enum status status = claim_decides_words(r, row, &decides, err);
  struct view *item = view_item(v, page_lists[waits ? IN_WAITS : in[list]]);
  view_text(item, "name", row->what->name[r->language]);
  view_text(item, "decides",
            waits               ? claim_waits_words(r, waits)
            : list == LIST_PAID ? one->paid
                                : decides);
  view_text(item, "href",
            waits ? claim_path_of(r, waits, known->is_staff)
                  : request_path(r, arena_printf(r->arena, "%s?of=%s", path, row->what->variable)));
  counts[waits ? IN_WAITS : in[list]]++;
  return status;
}

enum status view_claims(struct view *v, const struct request *r, const char *path, bool is_staff,
                        struct error *err) {
  day_t born = DAY_NONE;
  int counts[PAGE_LISTS] = {0}, count = 0;
  struct claimable known = {0};
  enum status status = claimant_born(r, &born, err);
  if (status == DONE) status = read_claimable(r, is_staff, &known, err);
  known.born = born;
  for (int i = 0; i < PAGE_LISTS; i++) view_list(v, page_lists[i]);
  if (status != DONE) return status;
  const struct listed *all = find_listed(r, &known, &count);
  for (int list = 0; list < CLAIM_LISTS; list++)
    for (int i = 0; status == DONE && i < count; i++)
      if (all[i].list == (enum claim_list)list)
        status = put_claim(v, r, &known, &all[i], path, counts, err);
  for (int i = 0; i < PAGE_LISTS; i++) view_flag(v, page_flags[i], counts[i] > 0);
  return status;
}

/* ---- one ---- */

/* Null: nothing can be said. */
static const char *assessed_words(const struct request *r, const struct award_assessed *a,
                                  enum tell_per per) {
  const enum language l = r->language;
  const char *low = claim_money_words(r, a->low, per), *high = claim_money_words(r, a->high, per);
  switch (a->known) {
  case AWARD_EXACT:
    return a->low ? arena_printf(r->arena, say(l, "By the rules it is %s."), low)
                  : say(l, "By the rules nothing is due.");
  case AWARD_RANGE:
    return arena_printf(r->arena, say(l, "By the rules it is from %s to %s."), low, high);
  case AWARD_AT_LEAST: return arena_printf(r->arena, say(l, "By the rules it is %s or more."), low);
  default: return NULL;
  }
}

const char *claim_comes_words(const struct request *r, const struct pack_entitlement *what,
                              const struct award_assessed *a) {
  const enum language l = r->language;
  const char *words = assessed_words(r, a, what->per);
  if (words) return words;
  if (what->discretionary) return say(l, "No rule says how much: the organisation decides it.");
  if (a->answer && a->answer->cannot)
    return say(l, "The rules that are held here do not work it out: your organisation does, by its "
                  "own scheme.");
  return say(l, "What is known is not enough to say how much it is by the rules.");
}

/* What the rules come to today, from what was told; nothing for a helper who may only tell. */
static enum status put_amount(struct view *v, const struct request *r, const struct pack_claim *row,
                              struct error *err) {
  struct award_call call = claim_call_of(r);
  struct award_assessed a;
  bool sees = false;
  const enum tell_per per = row->what->per;
  call.as_person = true;
  enum status status = assessing_may_see(r, &sees, err);
  if (status != DONE || !sees) return status;
  status = award_assess(&call, request_subject(r), row->what, day_today(), &a, err);
  if (status != DONE) return status;
  const bool cannot = a.answer && a.answer->cannot;
  day_t born = DAY_NONE;
  if (claimant_born(r, &born, err) != DONE) return err->code;
  const char *young = too_young_words(r, row->what, born);
  view_text(v, "amount",
            young    ? young
            : cannot ? row->what->unsaid[r->language]
                     : assessed_words(r, &a, per));
  view_text(v, "ask",
            young || row->what->discretionary || a.known == AWARD_EXACT || cannot || r->person
                ? NULL
                : request_path(r, "/facts"));
  return DONE;
}

static bool warns_of_funds(const struct assess_claiming *claim) {
  for (int i = 0; claim && i < claim->warning_count; i++)
    if (claim->warnings[i].row->harm == HARM_NO_PUBLIC_FUNDS) return true;
  return false;
}

/* What a claim can cost; of public funds whatever it comes to, also of what no rule has. Null:
 * nothing can be said. */
static const struct assess_claiming *costs_of(const struct request *r, const struct assessing *s,
                                              const struct pack_entitlement *what,
                                              const struct assess_claims *claims) {
  const struct assess_claiming *found = NULL;
  for (int i = 0; i < claims->count && !found; i++) {
    const struct assess_answer *a = claims->all[i].answer;
    if (a->what == what && (!a->person || a->person == s->answers->person)) found = &claims->all[i];
  }
  if (warns_of_funds(found)) return found;
  const int known = found ? found->warning_count : 0;
  struct assess_claiming *out = arena_array(r->arena, struct assess_claiming, 1);
  struct assess_answer *none = arena_array(r->arena, struct assess_answer, 1);
  struct assess_warning *all = arena_array(r->arena, struct assess_warning,
                                           known + claims->fund_count + 1);
  *none = (struct assess_answer){.what = what};
  *out = found ? *found : (struct assess_claiming){.answer = none};
  out->warnings = all;
  out->warning_count = 0;
  for (int i = 0; i < claims->fund_count; i++)
    if (what->discretionary || pack_claiming_is_of(claims->funds[i].row, what))
      all[out->warning_count++] = claims->funds[i];
  if (!out->warning_count) return found;
  out->may_claim = false;
  for (int i = 0; i < known; i++) all[out->warning_count++] = found->warnings[i];
  return out;
}

/* What it can cost; *claim null: nothing is known of that, as for a helper who may only tell. *may
 * false: nobody is given a way to claim, since a row forbids it. */
static enum status find_costs(const struct request *r, const struct pack_claim *row,
                              struct claimable *known, const struct assess_claiming **claim,
                              bool *may, struct error *err) {
  enum status status = read_paid(r, false, known, err);
  *claim = NULL;
  *may = true;
  if (status != DONE || !known->got || !row->pays) return status; /* a service is no public fund */
  *claim = costs_of(r, &known->s, row->what, &known->claims);
  *may = !*claim || !warns_of_funds(*claim);
  return DONE;
}

/* Before the button, as on the page of the answers. */
static enum status put_costs(struct view *v, const struct request *r, const struct pack_claim *row,
                             bool *may, struct error *err) {
  struct claimable known;
  const struct assess_claiming *claim = NULL;
  view_list(v, "warnings");
  enum status status = find_costs(r, row, &known, &claim, may, err);
  view_text(v, "paid", status == DONE ? paid_words(r, &known, row->what) : NULL);
  if (status != DONE || !claim) return status;
  view_flag(v, "no_button", !*may);
  view_claiming(v, r, claim);
  const struct assess_claims one = {.count = 1, .all = claim};
  return view_advice(v, r, known.s.request, assess_advice_topics(&one), err);
}

const char *claim_back_words(const struct request *r, const struct pack_claim *row) {
  const int months = row->back_months, reason = row->back_reason_months;
  if (months && reason > months)
    return arena_printf(r->arena,
                        say(r->language, "It can begin up to %d months before today, and up to %d "
                                         "months before with a reason."),
                        months, reason);
  if (months)
    return arena_printf(r->arena, say(r->language, "It can begin up to %d months before today."),
                        months);
  if (reason == 1)
    return say(r->language, "It begins today, or up to a month before with a reason why it was not "
                            "claimed then.");
  if (reason)
    return arena_printf(r->arena,
                        say(r->language, "It begins today, or up to %d months before with a reason "
                                         "why it was not claimed then."),
                        reason);
  return say(r->language, "It begins today.");
}

/* ---- what goes along ---- */

static const char *other_words(const struct request *r, const struct goes_person *p,
                               const char *name) {
  const enum language l = r->language;
  if (p->role == UNIT_PARTNER)
    return r->person ? arena_printf(r->arena, say(l, "Their partner, %s"), name)
                     : arena_printf(r->arena, say(l, "Your partner, %s"), name);
  return r->person ? arena_printf(r->arena, say(l, "Their child, %s"), name)
                   : arena_printf(r->arena, say(l, "Your child, %s"), name);
}

/* Another's own answers: what they say is shown to whoever told it or decides it. */
static enum status put_other(struct view *v, const struct request *r, const struct goes_person *p,
                             enum goes_reader reader, struct error *err) {
  const char *name = NULL, *code = NULL;
  int shown = 0;
  if (assessing_name(r, p->person, &name, &code, err) != DONE) return err->code;
  struct view *other = view_item(v, "others");
  view_text(other, "who", other_words(r, p, name));
  view_list(other, "facts");
  view_list(other, "hidden");
  for (int i = 0; i < p->count; i++) {
    const struct goes_answer *one = &p->all[i];
    const bool may = reader == GOES_TO_DECIDER || one->is_claimants;
    struct view *item = view_item(other, may ? "facts" : "hidden");
    view_text(item, "key", one->what->name[r->language]);
    view_text(item, "value", may ? fact_value_words(r, one->fact) : NULL);
    shown += may;
  }
  view_flag(other, "has_facts", shown > 0);
  view_flag(other, "has_hidden", shown < p->count);
  view_flag(other, "has_none", !p->count);
  return DONE;
}

static const char *change_path(const struct request *r, const struct goes_answer *one,
                               enum goes_reader reader) {
  if (!r->person)
    return request_path(r, arena_printf(r->arena, "/facts/one/%lld", (long long)one->fact->id));
  return reader == GOES_TO_DECIDER && (one->what->who & TELL_OFFICER)
             ? request_path(r, arena_printf(r->arena, "/people/" SPAN_FORMAT "/facts/%s",
                                            SPAN(request_text(r, "person")), one->what->variable))
             : NULL;
}

/* Whoever may not see what was told reads which answers go along, and not what they say; of those
 * that say something of health or family only how many. */
static void put_claimants(struct view *v, const struct request *r, const struct goes_person *p,
                          enum goes_reader reader) {
  const bool blind = reader == GOES_TO_TELLER;
  int counted = 0;
  view_list(v, "facts");
  for (int i = 0; i < p->count; i++) {
    const struct goes_answer *one = &p->all[i];
    if (blind && one->what->sensitive) {
      counted++;
      continue;
    }
    struct view *item = view_item(v, "facts");
    view_text(item, "key", one->what->name[r->language]);
    view_text(item, "value",
              blind ? say(r->language, "Not shown to you") : fact_value_words(r, one->fact));
    view_text(item, "href", blind ? NULL : change_path(r, one, reader));
  }
  view_flag(v, "has_facts", p->count > counted);
  view_flag(v, "has_none", !p->count);
  view_text(v, "counted",
            counted ? arena_printf(r->arena,
                                   say_count(r->language,
                                             "%d answer of theirs about health, family or the like "
                                             "goes along too.",
                                             "%d answers of theirs about health, family or the "
                                             "like go along too.",
                                             counted),
                                   counted)
                    : NULL);
}

enum status view_goes_along(struct view *v, const struct request *r,
                            const struct pack_entitlement *what, day_t on, enum goes_reader reader,
                            struct error *err) {
  const struct award_call call = claim_call_of(r);
  const struct goes_along_of of = {.person = request_subject(r), .what = what, .on = on};
  struct goes_along goes = {0};
  enum status status = goes_along(&call, &of, &goes, err);
  if (status != DONE) return status;
  put_claimants(v, r, &goes.people[0], reader);
  view_flag(v, "is_blind", reader == GOES_TO_TELLER);
  view_list(v, "others");
  for (int i = 1; status == DONE && reader != GOES_TO_TELLER && i < goes.count; i++)
    status = put_other(v, r, &goes.people[i], reader, err);
  return status;
}

/* What another organisation needs to know, to take along, and where it is claimed. */
static void put_pack(struct view *v, const struct request *r, const struct pack_claim *row,
                     bool may, bool sees) {
  const char *of = arena_printf(r->arena, "%s/claim/pack?of=%s", request_base(r),
                                row->what->variable);
  const bool shown = row->elsewhere && may && sees;
  view_text(v, "pack_pdf",
            shown ? request_path(r, arena_printf(r->arena, "%s&format=pdf", of)) : NULL);
  view_text(v, "pack_json",
            shown ? request_path(r, arena_printf(r->arena, "%s&format=json", of)) : NULL);
  view_text(v, "claim_at", shown ? row->what->claim : NULL);
}

/* Of `body` the councils by name, where there are several. */
static void add_councils(struct view *form, const struct request *r) {
  const struct bodies *bodies = r->reference_data->bodies;
  for (int i = 0; i < bodies->count; i++)
    if (bodies->all[i].kind && strcmp(bodies->all[i].kind, PACK_PAYER_COUNCIL) == 0)
      view_form_choice(form, "body", bodies->all[i].code, body_words(r, &bodies->all[i]), NULL);
}

static bool has_councils(const struct request *r, const struct pack_claim *row) {
  const struct bodies *bodies = r->reference_data->bodies;
  int count = 0;
  for (int i = 0; i < bodies->count; i++)
    count += bodies->all[i].kind && strcmp(bodies->all[i].kind, PACK_PAYER_COUNCIL) == 0;
  return strcmp(row->what->payer, PACK_PAYER_COUNCIL) == 0 && count > 1;
}

/* What was sent to be checked stands in the form again, to be corrected. */
static void take_sent(const struct request *r, struct value *start) {
  for (const struct value *sent = r->values; r->route->method == POST && sent && sent->name; sent++)
    if (strcmp(sent->name, start->name) == 0) *start = *sent;
}

void view_claim_form(struct view *v, const struct request *r, const struct pack_claim *row,
                     const char *action, const char *path, const char *button) {
  const struct field *fields = action_find(span_of(action))->fields;
  int count = 0;
  while (fields[count].name) count++;
  struct field *shown = arena_array(r->arena, struct field, count + 1);
  struct value *start = arena_array(r->arena, struct value, count + 1);
  bool asks_body = false;
  for (int i = 0; i <= count; i++) shown[i] = fields[i];
  for (int i = 0; i < count; i++) {
    start[i].name = fields[i].name;
    take_sent(r, &start[i]);
    if (strcmp(fields[i].name, "body") != 0) continue;
    asks_body = has_councils(r, row);
    shown[i].kind = asks_body ? FIELD_CHOICE : FIELD_HIDDEN;
  }
  shown[VARIABLE_AT].kind = FIELD_HIDDEN;
  start[VARIABLE_AT].given = true;
  start[VARIABLE_AT].text = span_of(row->what->variable);
  struct view *form = view_form_of(v, "form", r, shown, request_path(r, path), button, start);
  if (asks_body) add_councils(form, r);
}

/* A claim of it waits already: it is shown in place of the form, which would be refused. */
static enum status put_waiting(struct view *v, const struct request *r,
                               const struct pack_claim *row, bool *may, struct error *err) {
  struct case_file *all = NULL;
  int count = 0;
  enum status status = claims_waiting(r->store, r->arena, r->pack, request_subject(r), day_today(),
                                      &all, &count, err);
  const struct case_file *claim = status == DONE ? claim_among(r->pack, all, count, row->what)
                                                 : NULL;
  view_text(v, "waiting", claim ? claim_waits_words(r, claim) : NULL);
  view_text(v, "waiting_at", claim ? claim_path_of(r, claim, false) : NULL);
  if (claim) *may = false;
  return status;
}

static enum status show_claim(const struct request *r, struct reply *reply,
                              const struct pack_claim *row, struct error *err) {
  struct view *v = view_new(r->arena, r->language);
  const char *decides = NULL, *name = row->what->name[r->language];
  bool may = true, sees = false;
  enum status status = claim_decides_words(r, row, &decides, err);
  if (status == DONE) status = assessing_may_see(r, &sees, err);
  if (status == DONE) status = put_amount(v, r, row, err);
  if (status == DONE) status = put_costs(v, r, row, &may, err);
  if (status == DONE)
    status = view_goes_along(v, r, row->what, day_today(), sees ? GOES_TO_CLAIMANT : GOES_TO_TELLER,
                             err);
  if (status == DONE) status = put_waiting(v, r, row, &may, err);
  if (status != DONE) return status;
  view_text(v, "back", request_path(r, arena_printf(r->arena, "%s/claim", request_base(r))));
  view_text(v, "back_words", claim_back_words(r, row));
  view_text(v, "name", name);
  view_text(v, "decides", decides);
  view_text(v, "law", row->source);
  view_flag(v, "is_barred", !may);
  put_pack(v, r, row, may, sees);
  if (may)
    view_claim_form(v, r, row, "claim-make", arena_printf(r->arena, "%s/claim", request_base(r)),
                    say(r->language, "Send the claim"));
  reply_page(reply, r, "claim", arena_printf(r->arena, say(r->language, "Claim: %s"), name), v);
  return DONE;
}

enum status page_claim(struct request *r, struct reply *reply, struct error *err) {
  const struct span of = r->given ? r->given[VARIABLE_AT] : request_text(r, "of");
  day_t born = DAY_NONE;
  if (claimant_born(r, &born, err) != DONE) return err->code;
  const struct pack_claim *row = claim_row_for(r, pack_find_entitlement(r->pack, of), born);
  if (row) return show_claim(r, reply, row, err);
  if (of.size && !r->given) return reply_not_found(reply, r), DONE;
  struct view *v = view_new(r->arena, r->language);
  if (view_claims(v, r, arena_printf(r->arena, "%s/claim", request_base(r)), false, err) != DONE)
    return err->code;
  reply_page(reply, r, "claims", say(r->language, "Claim something"), v);
  return DONE;
}

const struct field claim_pack_fields[] = {{.name = "of", .kind = FIELD_CODE, .optional = true},
                                          {.name = "format", .kind = FIELD_CODE, .optional = true},
                                          {.name = NULL}};

enum status page_claim_pack(struct request *r, struct reply *reply, struct error *err) {
  const struct award_call call = claim_call_of(r);
  struct claim_pack_of of = {.person = request_subject(r),
                             .from = day_today(),
                             .language = r->language};
  struct document *d = NULL;
  day_t born = DAY_NONE;
  struct claimable known;
  const struct assess_claiming *costs = NULL;
  bool may = true;
  if (!request_has(r, "of"))
    return reply_go(reply, r, arena_printf(r->arena, "%s/claim", request_base(r))), DONE;
  if (claimant_born(r, &born, err) != DONE) return err->code;
  of.row = claim_row_for(r, pack_find_entitlement(r->pack, request_text(r, "of")), born);
  if (!of.row || !of.row->elsewhere) return reply_not_found(reply, r), DONE;
  /* who is warned that a claim can harm them reads that first, by whatever address they came */
  enum status status = find_costs(r, of.row, &known, &costs, &may, err);
  if (status == DONE && !may)
    return reply_go(reply, r,
                    arena_printf(r->arena, "%s/claim?of=%s", request_base(r),
                                 of.row->what->variable)),
           DONE;
  if (status == DONE) status = claim_pack(&call, &of, &d, err);
  if (status == DONE)
    reply_download(reply, r, d,
                   span_is(request_text(r, "format"), "json") ? FORMAT_JSON : FORMAT_PDF,
                   "claim-pack");
  return status;
}

enum status act_claim(struct request *r, struct reply *reply, struct error *err) {
  struct action_call call;
  enum status status = request_act(r, &call, err);
  if (status == DONE)
    reply_go(reply, r,
             arena_printf(r->arena, "%s/requests/%s?done=opened", request_base(r),
                          action_answer_of(&call, "case")));
  return status;
}
