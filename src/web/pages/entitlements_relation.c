/* Who belongs together, as a question of the journey: those who are registered in the same home to
 * choose from, nobody, and a field for the reference of somebody else. */
#include "web/pages/assessing.h"
#include "web/pages/facts.h"

#include "base/refusal.h"
#include "register/benefit_unit.h"
#include "register/register.h"

static const struct field people_fields[] = {
    {.name = "value", .kind = FIELD_CHOICES, .optional = true, .among = true},
    {.name = "reference", .kind = FIELD_CODE, .optional = true, .among = true},
    {.name = NULL}};
static const struct field person_fields_of[] = {
    {.name = "value", .kind = FIELD_CHOICE, .optional = true, .among = true},
    {.name = "reference", .kind = FIELD_CODE, .optional = true, .among = true},
    {.name = NULL}};

static const struct field *ask_fields(const struct request *r, struct span variable) {
  const struct pack_tellable *what = pack_find_tellable(r->pack, variable);
  if (what && what->kind == TELL_PEOPLE) return people_fields;
  if (what && what->kind == TELL_PERSON) return person_fields_of;
  return fact_fields(r, action_find(span_of("fact-tell"))->fields + 1, what); /* of the path */
}
const struct field *entitlements_ask_fields(const struct request *r, const struct span *names) {
  return ask_fields(r, names[0]);
}
const struct field *entitlements_ask_fields_for(const struct request *r, const struct span *names) {
  return ask_fields(r, names[1]);
}

/* Of somebody else the path names whom too. */
const struct field *entitlements_ask_of_fields(const struct request *r, const struct span *names) {
  return fact_fields(r, action_find(span_of("fact-tell"))->fields + 2,
                     pack_find_tellable(r->pack, names[0]));
}
const struct field *entitlements_ask_of_fields_for(const struct request *r,
                                                   const struct span *names) {
  return fact_fields(r, action_find(span_of("fact-tell"))->fields + 2,
                     pack_find_tellable(r->pack, names[1]));
}

/* ---- the form ---- */

/* Of what ages somebody can be it, in whole years. */
static struct pack_ages ages_of(const struct pack_tellable *what) {
  if (what->kind == TELL_PERSON) return (struct pack_ages){16, AGE_ANY};
  if (strcmp(what->variable, "responsible_for") == 0) return (struct pack_ages){AGE_ANY, 19};
  return (struct pack_ages){18, AGE_ANY};
}

static bool is_of_ages(const struct person *p, struct pack_ages ages, day_t today) {
  return p->born == DAY_NONE || pack_ages_have(ages, p->born, today);
}

/* Those who live in the visitor's home. A helper does not see who they are: that would be a look at
 * each of their records. */
static enum status put_members(struct request *r, const struct pack_tellable *what,
                               struct view *form, struct error *err) {
  struct person self = {0}, other = {0};
  const day_t today = day_today();
  int64_t *ids = NULL;
  int count = 0;
  if (r->person) return DONE;
  enum status status = register_surviving_person(r->store, r->arena, r->visitor.person, &self, err);
  const int64_t home = status == DONE ? person_household(&self, today) : 0;
  if (home) status = register_household_members(r->store, r->arena, home, &ids, &count, err);
  for (int i = 0; i < count && status == DONE; i++) {
    status = register_person(r->store, r->arena, ids[i], &other, err);
    if (status != DONE || other.id == self.id || other.survivor || other.died != DAY_NONE ||
        person_household(&other, today) != home || !is_of_ages(&other, ages_of(what), today))
      continue;
    view_form_choice(form, "value", other.code, other.name, NULL);
  }
  return status;
}

/* Who says that they are the visitor's partner and lives in another home, to answer with one word:
 * who lives in the same home is in the list already. */
static enum status put_claimants(const struct request *r, struct view *form, struct error *err) {
  int64_t who[PARTNERS_ASKED];
  struct person self = {0}, other = {0};
  const day_t today = day_today();
  int count = 0;
  enum status status = register_partner_claims(r->store, r->arena, r->visitor.person, today, who,
                                               PARTNERS_ASKED, &count, err);
  if (status == DONE)
    status = register_surviving_person(r->store, r->arena, r->visitor.person, &self, err);
  const int64_t home = person_household(&self, today);
  for (int i = 0; status == DONE && i < count; i++) {
    status = register_surviving_person(r->store, r->arena, who[i], &other, err);
    if (status != DONE || (home && person_household(&other, today) == home)) continue;
    view_form_choice(form, "value", other.code,
                     arena_printf(r->arena, say(r->language, "Yes: %s"), other.code),
                     say(r->language, "They say that you are partners"));
  }
  return status;
}

static const char *nobody_words(const struct request *r, const struct pack_tellable *what) {
  if (what->kind == TELL_PERSON) return say(r->language, "Not living as a couple");
  if (strcmp(what->variable, "responsible_for") == 0) return say(r->language, "No child");
  return say(r->language, "No other adult");
}

enum status view_relation_form(struct view *v, struct request *r, const struct pack_tellable *what,
                               const char *path, struct view **form, struct error *err) {
  struct field *fields = arena_array(r->arena, struct field, 3);
  fields[0] = (what->kind == TELL_PEOPLE ? people_fields : person_fields_of)[0];
  fields[1] = people_fields[1];
  fields[0].label = r->person ? N_("Their answer") : what->question[r->language];
  fields[1].label = N_("Reference of somebody who is not in the list");
  fields[1].hint = N_("It is on that person's statement, for example P000123");
  *form = view_form_of(v, "form", r, fields, request_path(r, path), say(r->language, "Continue"),
                       NULL);
  enum status status = put_members(r, what, *form, err);
  if (status == DONE && what->kind == TELL_PERSON && !r->person)
    status = put_claimants(r, *form, err);
  view_form_choice(*form, "value", "none", nobody_words(r, what), NULL);
  return status;
}

/* ---- what is sent ---- */

static enum status tell_one(struct request *r, const struct pack_tellable *what, struct span value,
                            struct error *err) {
  struct action_call call = request_actor(r);
  struct sent sent[] = {{.name = span_of("variable"), .value = span_of(what->variable)},
                        {.name = span_of("value"), .value = value}};
  return action_run_sent(action_find(span_of("fact-tell")), &call, sent, 2, err);
}

enum status tell_relation(struct request *r, const struct pack_tellable *what, struct error *err) {
  struct span rest = request_text(r, "value");
  const struct span reference = request_text(r, "reference");
  int count = reference.size > 0;
  enum status status = DONE;
  while (rest.size && status == DONE) {
    const char *space = memchr(rest.bytes, ' ', rest.size);
    const size_t size = space ? (size_t)(space - rest.bytes) : rest.size;
    const struct span one = span_make(rest.bytes, size);
    /* nobody, and somebody: one of both is a slip */
    if (span_is(one, "none") && (count || size < rest.size))
      return refuse_at(err, "value", FACT_NOBODY_AND_SOMEBODY);
    status = tell_one(r, what, span_of(kept_text(r, one)), err);
    count++;
    rest = span_make(rest.bytes + size + (space != NULL), rest.size - size - (space != NULL));
  }
  if (status == DONE && reference.size) {
    status = tell_one(r, what, reference, err);
    if (status == REFUSED) status = error_at(err, NULL, 0, "reference");
  }
  return status == DONE && !count ? refuse_at(err, "value", FACT_VALUE_MISSING) : status;
}
