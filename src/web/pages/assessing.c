#include "web/pages/assessing.h"

#include "base/json.h"
#include "register/benefit_unit.h"
#include "register/delegation.h"
#include "register/facts.h"
#include "register/names.h"
#include "register/sessions.h"
#include "web/site.h"

#include <inttypes.h>
#include <jansson.h>
#include <math.h>

static const char *const how_words[ASKED_HOWS] = {"told", "unsure", "said"};

bool assessing_can(const struct request *r) {
  return r->site->rules && r->pack->entitlement_count > 0;
}

const struct rules *assessing_rules(const struct request *r) { return r->site->rules; }

/* ---- how far the visitor may go ---- */

static enum status may(const struct request *r, enum permission needs, bool *out,
                       struct error *err) {
  unsigned scope = 0;
  *out = !r->person;
  if (!r->person) return DONE;
  enum status status = delegation_scope(r->store, r->person, r->visitor.person, day_today(), &scope,
                                        err);
  *out = status == DONE && permission_in(needs, scope_gives(scope));
  return status;
}

enum status assessing_may_see(const struct request *r, bool *out, struct error *err) {
  return may(r, HELPER_SEE, out, err);
}

enum status assessing_may_tell(const struct request *r, bool *out, struct error *err) {
  return may(r, HELPER_NOTIFY, out, err);
}

/* ---- the draft ---- */

/* Answers for one person are kept apart from those for oneself or for another. */
static const char *draft_name(const struct request *r) {
  return arena_printf(r->arena, "entitlements/%" PRId64, request_subject(r));
}

static const char *text_at(json_t *row, size_t i) {
  const char *text = json_string_value(json_array_get(row, i));
  return text ? text : "";
}

static void take_row(const struct request *r, struct answering *a, json_t *row) {
  struct asked one = {.what = pack_find_tellable(r->pack, span_of(text_at(row, 0))),
                      .person = json_integer_value(json_array_get(row, 1)),
                      .value = arena_string(r->arena, text_at(row, 3)),
                      .per = arena_string(r->arena, text_at(row, 4))};
  if (!one.what || !one.person || a->count >= ASKED_MOST) return;
  for (int i = 0; i < ASKED_HOWS; i++)
    if (strcmp(text_at(row, 2), how_words[i]) == 0) {
      one.how = (enum asked_how)i;
      const struct fact_telling said = {.pack = r->pack,
                                        .what = one.what,
                                        .value = span_of(one.value),
                                        .per = span_of(one.per),
                                        .today = day_today()};
      if (one.how == ASKED_SAID && fact_read_value(r->arena, &said, &one.value, NULL) != DONE)
        return;
      a->all[a->count++] = one;
      return;
    }
}

enum status answering_read(const struct request *r, struct answering *out, struct error *err) {
  const char *text = NULL;
  out->count = 0;
  enum status status = register_survivor(r->store, request_subject(r), &out->person, err);
  if (status == DONE) status = assessing_may_see(r, &out->sees, err);
  if (status == DONE)
    status = drafts_read(r->store, r->arena, r->visitor.session, draft_name(r), &text, err);
  if (status != DONE || !text) return status;
  json_t *object = json_loads(text, JSON_REJECT_DUPLICATES, NULL), *row;
  size_t i;
  json_array_foreach(json_object_get(object, "asked"), i, row) take_row(r, out, row);
  json_decref(object);
  return DONE;
}

static enum status write_draft(const struct request *r, const struct answering *a,
                               struct error *err) {
  struct text text = {0};
  struct json j;
  json_begin(&j, &text);
  json_open_object(&j, NULL);
  json_open_array(&j, "asked");
  for (int i = 0; i < a->count; i++) {
    const struct asked *one = &a->all[i];
    json_open_array(&j, NULL);
    json_text(&j, NULL, span_of(one->what->variable));
    json_int(&j, NULL, one->person);
    json_text(&j, NULL, span_of(how_words[one->how]));
    json_text(&j, NULL, span_of(one->value ? one->value : ""));
    json_text(&j, NULL, span_of(one->per ? one->per : ""));
    json_close_array(&j);
  }
  json_close_array(&j);
  json_close_object(&j);
  enum status status = drafts_write(r->store, r->visitor.session, draft_name(r),
                                    span_make(text.bytes, text.size), err);
  text_release(&text);
  return status;
}

int answering_find(const struct answering *a, const struct pack_tellable *what, int64_t person) {
  for (int i = 0; i < a->count; i++)
    if (a->all[i].what == what && a->all[i].person == person) return i;
  return a->count;
}

enum status answering_keep(const struct request *r, struct answering *a, struct asked one,
                           struct error *err) {
  const int at = answering_find(a, one.what, one.person);
  if (at == a->count && a->count >= ASKED_MOST) return DONE;
  a->all[at] = one;
  if (at == a->count) a->count++;
  return write_draft(r, a, err);
}

enum status answering_forget(const struct request *r, struct error *err) {
  return drafts_delete(r->store, r->visitor.session, draft_name(r), err);
}

/* ---- the request ---- */

static struct assess_request answering_request(const struct request *r, const struct answering *a) {
  struct assess_instead *said = arena_array(r->arena, struct assess_instead, a->count + 1);
  struct assess_request q = {.store = r->store,
                             .pack = r->pack,
                             .rules = r->site->rules,
                             .person = a->person,
                             .on = day_today(),
                             .as_person = true,
                             .ends_us = clock_microseconds() + r->site->config.reckon_ms * 1000,
                             .instead = said};
  for (int i = 0; i < a->count; i++)
    if (a->all[i].how == ASKED_SAID)
      said[q.instead_count++] = (struct assess_instead){a->all[i].person, a->all[i].what,
                                                        span_of(a->all[i].value),
                                                        span_of(a->all[i].per)};
  q.held_count = q.instead_count;
  return q;
}

static bool answering_asks(const struct request *r, const struct answering *a,
                           const struct assess_need *need) {
  const bool own = need->person == a->person;
  const bool relation = need->what->kind == TELL_PERSON || need->what->kind == TELL_PEOPLE;
  const int at = answering_find(a, need->what, need->person);
  if (!(need->what->who & (r->person ? TELL_HELPER : TELL_SELF))) return false;
  if (!a->sees && !own) return false; /* who lives with them, and what of them is open, is known */
  if (relation && !own) return false; /* theirs to say, on their own page */
  return at == a->count || a->all[at].how != ASKED_UNSURE;
}

int answering_left(const struct request *r, const struct answering *a, const struct assessment *out,
                   const struct assess_need **first) {
  int count = 0;
  *first = NULL;
  for (int i = 0; i < out->question_count; i++) {
    if (!answering_asks(r, a, &out->questions[i])) continue;
    if (!count++) *first = &out->questions[i];
  }
  return count;
}

enum status assessing_name(const struct request *r, int64_t person, const char **name,
                           const char **code, struct error *err) {
  struct person own = {0}, other = {0};
  const day_t today = day_today();
  enum status status = register_surviving_person(r->store, r->arena, person, &other, err);
  if (status == DONE)
    status = register_surviving_person(r->store, r->arena, r->visitor.person, &own, err);
  if (status != DONE) return status;
  const int64_t home = person_household(&own, today);
  *code = other.code;
  *name = home && person_household(&other, today) == home && other.name ? other.name : other.code;
  return DONE;
}

enum status assessing_read(const struct request *r, struct assessing *out, struct error *err) {
  enum { AGE_OF_ONES_OWN = 16 };
  day_t born = DAY_NONE, died = DAY_NONE;
  *out = (struct assessing){.answers = arena_array(r->arena, struct answering, 1)};
  enum status status = answering_read(r, out->answers, err);
  if (status == DONE) status = register_life(r->store, out->answers->person, &born, &died, err);
  if (status != DONE) return status;
  out->is_own = born == DAY_NONE || day_is_of_age(born, AGE_OF_ONES_OWN, day_today());
  out->request = arena_array(r->arena, struct assess_request, 1);
  *out->request = answering_request(r, out->answers);
  return out->is_own ? assess(r->arena, out->request, &out->now, err) : DONE;
}

enum status assessing_note_partner(const struct request *r, const char *what, const char *why,
                                   struct error *err) {
  struct benefit_unit unit = {0};
  int64_t person = 0;
  enum status status = register_survivor(r->store, r->person, &person, err);
  if (status == DONE)
    status = register_unit_on(r->store, r->arena, person, day_today(), &unit, err);
  for (int i = 0; status == DONE && i < unit.member_count; i++)
    if (unit_member_is_adult(&unit.members[i]) && unit.members[i].person != person)
      status = request_note_access_of(r, unit.members[i].person, what, why, err);
  return status;
}

enum status assessing_note(const struct request *r, const char *what, struct error *err) {
  bool sees = false;
  enum status status = request_note_help(r, what, err);
  if (status == DONE) status = assessing_may_see(r, &sees, err);
  return status == DONE && sees ? assessing_note_partner(r, what, "helping their partner", err)
                                : status;
}

enum status note_assessment(struct request *r, struct reply *reply, struct error *err) {
  (void)reply;
  return assessing_note(r, "assessment", err);
}

enum status assessing_visit(struct request *r, struct assessing *out, struct error *err) {
  enum status status = request_note_help(r, "assessment", err);
  return status == DONE ? assessing_read(r, out, err) : status;
}

bool assessing_is_open(const struct assessment *now) {
  for (int i = 0; i < now->answer_count; i++)
    if (!now->answers[i].is_open) return false;
  return true;
}

bool assessing_has(const struct assessment *now, int64_t person) {
  bool found = false;
  for (int i = 0; i < now->unit_count; i++) found |= now->unit[i] == person;
  for (int i = 0; i < now->question_count; i++) found |= now->questions[i].person == person;
  return found;
}

const struct assess_need *assessing_before_claim(const struct request *r, const struct assessing *s,
                                                 const struct assess_claims *claims) {
  for (int i = 0; i < claims->count; i++)
    for (int k = 0; k < claims->all[i].warning_count; k++) {
      const struct assess_warning *w = &claims->all[i].warnings[k];
      for (int n = 0; n < w->need_count; n++)
        if (!w->applies && w->needs[n].person == s->answers->person &&
            answering_asks(r, s->answers, &w->needs[n]))
          return &w->needs[n];
    }
  return NULL;
}

/* ---- amounts ---- */

int64_t assess_pence_of(double pounds) { return (int64_t)llround(pounds * 100); }
static int64_t assess_pence_below(double pounds) { return (int64_t)floor(pounds * 100 + 1e-6); }
static int64_t assess_pence_above(double pounds) { return (int64_t)ceil(pounds * 100 - 1e-6); }

struct year_range_of assess_year_range(const struct assess_answer *a) {
  struct year_range_of out = {0, INFINITY, a->is_exact};
  if (a->is_open) return out;
  out.low = assess_a_year(a->what, a->low);
  out.high = assess_a_year(a->what, a->high);
  if (a->is_exact) out.high = out.low;
  return out;
}

const char *assess_amount_words(const struct request *r, const struct assess_answer *a,
                                enum tell_per per) {
  static const double times[TELL_PERS] = {1, 52, 12, 1};
  const enum language l = r->language;
  const struct year_range_of range = assess_year_range(a);
  if (a->cannot) return say(l, "cannot be said here");
  const double low = range.low / times[per], high = range.high / times[per];
  if (a->is_exact)
    return written_value(r, doc_money(assess_pence_of(per == a->what->per ? a->low : low)));
  if (isinf(high) && low == 0) return say(l, "not known yet");
  const char *least = written_value(r, doc_money(assess_pence_below(low)));
  if (isinf(high)) return arena_printf(r->arena, say(l, "%s or more"), least);
  return arena_printf(r->arena, say(l, "%s to %s"), least,
                      written_value(r, doc_money(assess_pence_above(high))));
}
