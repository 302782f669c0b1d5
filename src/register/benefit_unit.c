#include "register/benefit_unit.h"

#include "register/fact_rows.h"
#include "register/names.h"
#include "register/register.h"

enum { AGE_OF_ADULTS = 16, AGE_OF_OWING = 18, AGE_BEYOND_YOUNG = 20 };

static const char *const role_words[] = {"adult", "partner", "child"};
const char *unit_role_word(enum unit_role role) { return role_words[role]; }

struct unit_reader {
  const struct unit_source *source;
  struct arena *arena;
  day_t day;
  struct benefit_unit *unit;
  int member_capacity, other_capacity, question_capacity;
};

static void add_question(struct unit_reader *r, int64_t person, const char *variable) {
  struct benefit_unit *u = r->unit;
  for (int i = 0; i < u->question_count; i++)
    if (u->questions[i].person == person && strcmp(u->questions[i].variable, variable) == 0) return;
  arena_reserve(r->arena, u->questions, r->question_capacity, u->question_count + 1);
  u->questions[u->question_count++] = (struct unit_question){.person = person,
                                                             .variable = variable};
}

static void add_confirming(struct unit_reader *r, int64_t person, const char *variable) {
  add_question(r, person, variable);
  for (int i = 0; i < r->unit->question_count; i++) {
    struct unit_question *q = &r->unit->questions[i];
    q->confirms |= q->person == person && strcmp(q->variable, variable) == 0;
  }
}

/* Shown, or the two live in one home on the day. */
static enum status attest(struct unit_reader *r, const struct unit_relation *told, int64_t by,
                          int64_t of, bool *out, struct error *err) {
  const struct unit_source *s = r->source;
  int64_t home = 0, other = 0;
  *out = told->shown;
  if (*out) return DONE;
  enum status status = s->home(s->context, by, &home, err);
  if (status == DONE) status = s->home(s->context, of, &other, err);
  *out = status == DONE && home && home == other;
  return status;
}

static struct unit_member *add_member(struct unit_reader *r, int64_t person, enum unit_role role) {
  struct benefit_unit *u = r->unit;
  for (int i = 0; i < u->member_count; i++)
    if (u->members[i].person == person) return &u->members[i];
  arena_reserve(r->arena, u->members, r->member_capacity, u->member_count + 1);
  u->members[u->member_count] = (struct unit_member){.person = person, .role = role};
  return &u->members[u->member_count++];
}

/* Whoever died on the day or before it is nobody's partner, child or lodger, and responsible for
 * nobody: the one place where a unit asks it. */
static bool is_dead_on(day_t died, day_t day) { return died != DAY_NONE && died <= day; }
static enum status is_alive_on(const struct unit_source *s, int64_t person, day_t day, bool *out,
                               struct error *err) {
  day_t born, died = DAY_NONE;
  enum status status = s->life(s->context, person, &born, &died, err);
  *out = status == DONE && !is_dead_on(died, day);
  return status;
}

static bool is_child(day_t born, day_t day) {
  return born != DAY_NONE && !day_is_of_age(born, AGE_OF_ADULTS, day);
}

/* ---- the partner ---- */

static enum status read_partner(struct unit_reader *r, struct error *err) {
  const struct unit_source *s = r->source;
  const int64_t person = r->unit->person;
  const struct unit_relation *all = NULL, *back = NULL;
  enum unit_said said = UNIT_NOT_SAID;
  int count = 0, back_count = 0;
  bool lives = false;
  enum status status = s->related(s->context, person, "partner", &said, &all, &count, err);
  if (status == DONE && said == UNIT_NOT_SAID) add_question(r, person, "partner");
  if (status == DONE && count) status = is_alive_on(s, all->other, r->day, &lives, err);
  if (status != DONE || !lives) return status;
  status = s->related(s->context, all->other, "partner", &said, &back, &back_count, err);
  struct unit_member *member = add_member(r, all->other, UNIT_PARTNER);
  member->confirmed = all->shown || (back_count && back->other == person);
  member->attested = member->confirmed;
  if (!member->confirmed) add_confirming(r, all->other, "partner");
  return status;
}

/* ---- children and others ---- */

/* Until 1 September after the 16th birthday somebody counts whether or not they have left school
 * (Child Benefit (General) Regulations 2006, regulation 4; SI 2013/376 regulation 5(1)(a)). */
static bool is_before_september(day_t born, day_t on) {
  enum { MONTHS_OF_16 = AGE_OF_ADULTS * 12, MONTHS_LEFT_OF_SEPTEMBER = 4, SEPTEMBER = 9 };
  int year, month, day;
  day_parts(day_months_after(born, MONTHS_OF_16 + MONTHS_LEFT_OF_SEPTEMBER), &year, &month, &day);
  return on < day_make(year, SEPTEMBER, 1);
}

/* Whether a young person of 16 to 19 is known to count, or known not to. */
static enum status read_young(struct unit_reader *r, int64_t child, bool *counts, bool *known,
                              struct error *err) {
  static const char *const ways[] = {"is_in_full_time_education", "is_in_approved_training"};
  enum { WAYS = sizeof ways / sizeof *ways };
  enum unit_said said[WAYS] = {UNIT_NOT_SAID}, advanced = UNIT_NOT_SAID;
  enum status status = r->source->told(r->source->context, child, "in_HE", &advanced, err);
  *counts = false;
  *known = true;
  for (int i = 0; status == DONE && i < WAYS; i++) {
    status = r->source->told(r->source->context, child, ways[i], &said[i], err);
    if (i == 0 && said[i] == UNIT_SAID_YES && advanced == UNIT_SAID_YES) said[i] = UNIT_SAID_NO;
    *counts |= said[i] == UNIT_SAID_YES;
    *known &= said[i] != UNIT_NOT_SAID;
  }
  *known |= *counts;
  for (int i = 0; !*known && i < WAYS; i++)
    if (said[i] == UNIT_NOT_SAID) add_question(r, child, ways[i]);
  return status;
}

static bool is_one_of(const int64_t *all, int count, int64_t id) {
  for (int i = 0; i < count; i++)
    if (all[i] == id) return true;
  return false;
}

static bool is_withdrawn(const struct facts *facts, const struct fact *f) {
  for (int i = 0; i < facts->count; i++)
    if (facts->all[i].id == f->superseded_by) return !facts->all[i].value;
  return false;
}

/* Back from the fact that holds, as long as nothing says otherwise: what was withdrawn, `none`, and
 * what ended before the day break off. */
static int64_t said_since(const struct facts *facts, const int64_t *records, int record_count,
                          const struct unit_relation *held, day_t day) {
  int64_t since = held->fact;
  for (int i = facts->count - 1; i >= 0; i--) {
    const struct fact *f = &facts->all[i];
    if (f->id >= held->fact || strcmp(f->variable, "responsible_for") != 0 || !f->value) continue;
    if (!f->other && fact_stands(f) && f->to == DAY_NONE) break;
    if (!is_one_of(records, record_count, f->other)) continue;
    if (is_withdrawn(facts, f) || (fact_stands(f) && f->to != DAY_NONE && f->to < day)) break;
    since = f->id;
  }
  return since;
}

/* One who says that they are responsible for a child. */
struct responsible {
  bool shown;
  int64_t since; /* the fact by which they have said so without a break */
};

static enum status read_responsible(struct unit_reader *r, const struct unit_relation *told,
                                    int64_t child, struct responsible *out, struct error *err) {
  const struct unit_source *s = r->source;
  struct facts facts = {0};
  int64_t *records = NULL;
  int count = 0;
  enum status status = s->facts(s->context, told->other, &facts, err);
  if (status == DONE) status = s->records(s->context, child, &records, &count, err);
  if (status == DONE)
    *out = (struct responsible){told->shown, said_since(&facts, records, count, told, r->day)};
  return status;
}

static bool comes_before(const struct responsible *a, const struct responsible *b) {
  return a->shown != b->shown ? a->shown : a->since < b->since;
}

static bool is_adult_of(const struct benefit_unit *u, int64_t person) {
  for (int m = 0; m < u->member_count; m++)
    if (u->members[m].person == person && u->members[m].role != UNIT_CHILD) return true;
  return false;
}

/* Others who say, attested, that they are responsible for the child; *lost: one of them comes
 * before every adult of the unit who says so. */
static enum status find_contest(struct unit_reader *r, int64_t child, bool *out, bool *lost,
                                struct error *err) {
  const struct unit_source *s = r->source;
  const struct unit_relation *claimants = NULL;
  struct responsible first[2] = {{false, INT64_MAX}, {false, INT64_MAX}}; /* ours, others */
  int count = 0;
  enum status status = s->claimants(s->context, child, "responsible_for", &claimants, &count, err);
  for (int i = 0; status == DONE && i < count; i++) {
    bool lives = false, attested = false;
    if (is_adult_of(r->unit, claimants[i].other)) continue;
    status = is_alive_on(s, claimants[i].other, r->day, &lives, err);
    if (lives) status = attest(r, &claimants[i], claimants[i].other, child, &attested, err);
    *out |= attested;
    struct responsible one = {0};
    if (attested) status = read_responsible(r, &claimants[i], child, &one, err);
    if (attested && comes_before(&one, &first[1])) first[1] = one;
  }
  for (int i = 0; status == DONE && *out && i < count; i++) {
    struct responsible one = {0};
    if (!is_adult_of(r->unit, claimants[i].other)) continue;
    status = read_responsible(r, &claimants[i], child, &one, err);
    if (comes_before(&one, &first[0])) first[0] = one;
  }
  *lost = *out && comes_before(&first[1], &first[0]);
  return status;
}

static enum status read_child(struct unit_reader *r, const struct unit_relation *told,
                              int64_t adult, struct error *err) {
  const struct unit_source *s = r->source;
  const int64_t child = told->other;
  day_t born, died;
  bool counts = true, known = true, attested = false, contested = false, lost = false;
  enum status status = s->life(s->context, child, &born, &died, err);
  if (status != DONE || is_dead_on(died, r->day)) return status;
  status = attest(r, told, adult, child, &attested, err);
  if (status == DONE) status = find_contest(r, child, &contested, &lost, err);
  if (status != DONE) return status;
  if (!attested || lost) {
    /* who named a stranger's child reads nothing of those who are responsible for them */
    add_member(r, child, UNIT_CHILD)->contested |= attested && contested;
    add_confirming(r, child, "responsible_for");
    return DONE;
  }
  if (born == DAY_NONE) {
    add_question(r, child, "date_of_birth");
    known = false;
  } else if (born > r->day || day_is_of_age(born, AGE_BEYOND_YOUNG, r->day)) return DONE;
  else if (day_is_of_age(born, AGE_OF_ADULTS, r->day) && !is_before_september(born, r->day))
    status = read_young(r, child, &counts, &known, err);
  if (status != DONE || (known && !counts)) return status;
  struct unit_member *member = add_member(r, child, UNIT_CHILD);
  member->confirmed = known;
  member->attested = true;
  member->contested |= contested;
  return DONE;
}

static bool is_member(const struct benefit_unit *u, int64_t person) {
  for (int i = 0; i < u->member_count; i++)
    if (u->members[i].person == person) return true;
  for (int i = 0; i < u->non_dependant_count; i++)
    if (u->non_dependants[i] == person) return true;
  return false;
}

static enum status read_other(struct unit_reader *r, const struct unit_relation *told,
                              int64_t adult, struct error *err) {
  struct benefit_unit *u = r->unit;
  bool attested = false, lives = false;
  if (is_member(u, told->other)) return DONE;
  enum status status = is_alive_on(r->source, told->other, r->day, &lives, err);
  if (status != DONE || !lives) return status;
  status = attest(r, told, adult, told->other, &attested, err);
  if (status == DONE && !attested) add_confirming(r, told->other, "non_dependant");
  if (status != DONE || !attested) return status;
  arena_reserve(r->arena, u->non_dependants, r->other_capacity, u->non_dependant_count + 1);
  u->non_dependants[u->non_dependant_count++] = told->other;
  return DONE;
}

/* What one adult of the unit says of children, or of other adults. */
static enum status read_people(struct unit_reader *r, int64_t adult, const char *variable,
                               struct error *err) {
  const bool children = strcmp(variable, "responsible_for") == 0;
  const struct unit_relation *all = NULL;
  enum unit_said said = UNIT_NOT_SAID;
  int count = 0;
  enum status status = r->source->related(r->source->context, adult, variable, &said, &all, &count,
                                          err);
  if (status == DONE && said == UNIT_NOT_SAID) add_question(r, adult, variable);
  for (int i = 0; status == DONE && i < count; i++)
    status = children ? read_child(r, &all[i], adult, err) : read_other(r, &all[i], adult, err);
  return status;
}

/* Who names an adult of the unit as a non-dependant of theirs. */
static enum status read_named(struct unit_reader *r, int64_t adult, struct error *err) {
  const struct unit_source *s = r->source;
  const struct unit_relation *all = NULL;
  int count = 0;
  enum status status = s->claimants(s->context, adult, "non_dependant", &all, &count, err);
  for (int i = 0; status == DONE && i < count; i++) {
    bool attested = false;
    if (is_member(r->unit, all[i].other)) continue;
    status = attest(r, &all[i], all[i].other, adult, &attested, err);
    r->unit->is_named |= status == DONE && attested;
  }
  return status;
}

/* ---- who else lives there ---- */

static bool may_owe(day_t born, day_t died, day_t day) {
  return !is_dead_on(died, day) && (born == DAY_NONE || day_is_of_age(born, AGE_OF_OWING, day));
}

/* Of the unit all but its children. */
static enum status is_housemate(const struct unit_reader *r, int64_t person, bool *out,
                                struct error *err) {
  day_t born = DAY_NONE, died = DAY_NONE;
  *out = false;
  if (is_adult_of(r->unit, person)) return DONE;
  enum status status = r->source->life(r->source->context, person, &born, &died, err);
  *out = status == DONE && may_owe(born, died, r->day);
  return status;
}

/* Whether somebody names an adult of the unit as theirs. */
static enum status read_claimed(struct unit_reader *r, int64_t adult, const char *variable,
                                struct error *err) {
  const struct unit_source *s = r->source;
  const struct unit_relation *all = NULL;
  int count = 0;
  enum status status = s->claimants(s->context, adult, variable, &all, &count, err);
  for (int i = 0; status == DONE && i < count && !r->unit->shares_home; i++) {
    bool attested = false, other = false;
    status = attest(r, &all[i], all[i].other, adult, &attested, err);
    if (status == DONE && attested) status = is_housemate(r, all[i].other, &other, err);
    r->unit->shares_home |= other;
  }
  return status;
}

static enum status said_owing(const struct unit_source *s, int64_t person, bool *out,
                              struct error *err) {
  enum unit_said said = UNIT_NOT_SAID;
  enum status status = s->told(s->context, person, "owes_council_tax", &said, err);
  *out |= said == UNIT_SAID_YES;
  return status;
}

/* Those who live in the home. Of a couple both owe what one of them is known to owe (section 9);
 * what somebody who died told makes nobody owe. */
static enum status read_owing(struct unit_reader *r, const int64_t *all, int count,
                              struct error *err) {
  const struct unit_source *s = r->source;
  struct benefit_unit *u = r->unit;
  enum status status = DONE;
  int capacity = 0;
  for (int i = 0; status == DONE && i < count; i++) {
    const struct unit_relation *partner = NULL;
    enum unit_said said = UNIT_NOT_SAID;
    int partners = 0;
    bool other = false, owes = false;
    status = is_housemate(r, all[i], &other, err);
    if (status != DONE || !other) continue;
    status = said_owing(s, all[i], &owes, err);
    if (status == DONE && !owes)
      status = s->related(s->context, all[i], "partner", &said, &partner, &partners, err);
    for (int k = 0; status == DONE && k < partners && !owes; k++) {
      bool lives = false;
      if (!is_one_of(all, count, partner[k].other) || is_adult_of(u, partner[k].other)) continue;
      status = is_alive_on(s, partner[k].other, r->day, &lives, err);
      if (status == DONE && lives) status = said_owing(s, partner[k].other, &owes, err);
    }
    if (status != DONE || !owes) continue;
    arena_reserve(r->arena, u->owing, capacity, u->owing_count + 1);
    u->owing[u->owing_count++] = all[i];
  }
  return status;
}

enum status unit_housemates(const struct unit_source *s, struct arena *arena, day_t day,
                            struct benefit_unit *u, struct error *err) {
  static const char *const theirs[] = {"non_dependant", "responsible_for"};
  struct unit_reader r = {.source = s, .arena = arena, .day = day, .unit = u};
  const int64_t *all = NULL;
  int count = 0, adults = 0;
  bool owes = false;
  enum status status = DONE;
  while (adults < u->member_count && u->members[adults].role != UNIT_CHILD) adults++;
  if (u->household) status = s->residents(s->context, u->household, &all, &count, err);
  for (int i = 0; status == DONE && i < count && !u->shares_home; i++)
    status = is_housemate(&r, all[i], &u->shares_home, err);
  for (int i = 0; status == DONE && i < u->non_dependant_count && !u->shares_home; i++)
    status = is_housemate(&r, u->non_dependants[i], &u->shares_home, err);
  for (int v = 0; v < 2; v++)
    for (int i = 0; status == DONE && i < adults && !u->shares_home; i++)
      status = read_claimed(&r, u->members[i].person, theirs[v], err);
  for (int i = 0; status == DONE && i < adults && u->shares_home && !owes; i++)
    if (u->members[i].attested) status = said_owing(s, u->members[i].person, &owes, err);
  return status == DONE && owes ? read_owing(&r, all, count, err) : status;
}

static int by_role_and_id(const void *a, const void *b) {
  const struct unit_member *x = a, *y = b;
  if (x->role != y->role) return (x->role > y->role) - (x->role < y->role);
  return (x->person > y->person) - (x->person < y->person);
}

enum status unit_from(const struct unit_source *source, struct arena *arena, int64_t adult,
                      day_t day, struct benefit_unit *out, struct error *err) {
  static const char *const relations[] = {"responsible_for", "non_dependant"};
  struct unit_reader r = {.source = source, .arena = arena, .day = day, .unit = out};
  *out = (struct benefit_unit){.person = adult};
  struct unit_member *self = add_member(&r, adult, UNIT_ADULT);
  self->confirmed = self->attested = true;
  enum status status = source->home(source->context, adult, &out->household, err);
  if (status == DONE) status = read_partner(&r, err);
  const int adults = out->member_count;
  for (int v = 0; v < 2; v++)
    for (int i = 0; status == DONE && i < adults; i++)
      if (out->members[i].attested)
        status = read_people(&r, out->members[i].person, relations[v], err);
  for (int i = 0; status == DONE && i < adults; i++)
    if (out->members[i].attested) status = read_named(&r, out->members[i].person, err);
  array_sort(out->members, out->member_count, by_role_and_id);
  array_sort(out->non_dependants, out->non_dependant_count, int64_compare);
  return status;
}

/* ---- from the store ---- */

struct stored {
  struct store *store;
  struct arena *arena;
  day_t day;
  const struct facts_moment *until; /* null: now */
};

static enum status stored_facts(const struct stored *s, int64_t person, struct facts *out,
                                struct error *err) {
  enum status status = facts_of_person(s->store, s->arena, person, s->day, out, err);
  if (status == DONE && s->until) facts_until(out, s->until);
  return status;
}

static enum status stored_related(void *context, int64_t person, const char *variable,
                                  enum unit_said *said, const struct unit_relation **out,
                                  int *count, struct error *err) {
  const struct stored *s = context;
  struct facts facts = {0};
  const struct fact **found = NULL, *partner = NULL;
  int n = 0;
  enum status status = stored_facts(s, person, &facts, err);
  if (strcmp(variable, "partner") != 0)
    facts_people(&facts, s->arena, variable, s->day, &found, &n);
  else if ((partner = facts_known(&facts, variable, s->day).fact)) {
    found = &partner;
    n = 1;
  }
  struct unit_relation *all = arena_array(s->arena, struct unit_relation, n + 1);
  *count = 0;
  for (int i = 0; status == DONE && i < n; i++) {
    struct unit_relation *one = &all[*count];
    if (!found[i]->other) continue;
    *one = (struct unit_relation){found[i]->other, fact_is_shown(found[i]), found[i]->id};
    status = register_survivor(s->store, found[i]->other, &one->other, err);
    (*count)++;
  }
  *out = all;
  *said = *count ? UNIT_SAID_YES : n ? UNIT_SAID_NO : UNIT_NOT_SAID;
  return status;
}

/* Of one record of theirs. */
static enum status add_claimants(const struct stored *s, int64_t record, const char *variable,
                                 int64_t **out, int *count, int *capacity, struct error *err) {
  int64_t *parties = NULL;
  int n = 0;
  enum status status = fact_parties_who_name(s->store, s->arena, record, variable, &parties, &n,
                                             err);
  for (int i = 0; status == DONE && i < n; i++) {
    arena_reserve(s->arena, *out, *capacity, *count + 1);
    (*out)[(*count)++] = parties[i];
  }
  return status;
}

static enum status stored_claimants(void *context, int64_t person, const char *variable,
                                    const struct unit_relation **out, int *count,
                                    struct error *err) {
  const struct stored *s = context;
  int64_t *records = NULL, *parties = NULL;
  int record_count = 0, n = 0, capacity = 0;
  enum status status = register_records(s->store, s->arena, person, &records, &record_count, err);
  for (int i = 0; status == DONE && i < record_count; i++)
    status = add_claimants(s, records[i], variable, &parties, &n, &capacity, err);
  struct unit_relation *all = arena_array(s->arena, struct unit_relation, n + 1);
  *count = 0;
  *out = all;
  for (int i = 0; status == DONE && i < n; i++) {
    struct facts facts = {0};
    const struct fact **people = NULL, *held = NULL;
    int found = 0;
    status = fact_rows_of_variable(s->store, s->arena, parties[i], variable, &facts, err);
    if (s->until) facts_until(&facts, s->until);
    facts_people(&facts, s->arena, variable, s->day, &people, &found);
    for (int k = 0; k < found; k++)
      if (is_one_of(records, record_count, people[k]->other)) held = people[k];
    if (status != DONE || !held) continue;
    all[*count] = (struct unit_relation){parties[i], fact_is_shown(held), held->id};
    status = register_survivor(s->store, parties[i], &all[(*count)++].other, err);
  }
  return status;
}

static enum status stored_told(void *context, int64_t person, const char *variable,
                               enum unit_said *said, struct error *err) {
  const struct stored *s = context;
  struct facts facts = {0};
  enum status status = stored_facts(s, person, &facts, err);
  const struct fact *known = facts_known(&facts, variable, s->day).fact;
  *said = !known ? UNIT_NOT_SAID : strcmp(known->value, "yes") == 0 ? UNIT_SAID_YES : UNIT_SAID_NO;
  return status;
}

static enum status stored_life(void *context, int64_t person, day_t *born, day_t *died,
                               struct error *err) {
  const struct stored *s = context;
  return register_life(s->store, person, born, died, err);
}

static enum status stored_home(void *context, int64_t person, int64_t *household,
                               struct error *err) {
  const struct stored *s = context;
  struct person read = {0};
  enum status status = register_surviving_person(s->store, s->arena, person, &read, err);
  *household = status == DONE ? person_household(&read, s->day) : 0;
  return status;
}

static enum status stored_residents(void *context, int64_t household, const int64_t **out,
                                    int *count, struct error *err) {
  const struct stored *s = context;
  return register_residents(s->store, s->arena, household, s->day, out, count, err);
}

static enum status stored_said(void *context, int64_t person, struct facts *out,
                               struct error *err) {
  return stored_facts(context, person, out, err);
}

static enum status stored_records(void *context, int64_t person, int64_t **out, int *count,
                                  struct error *err) {
  const struct stored *s = context;
  return register_records(s->store, s->arena, person, out, count, err);
}

static struct unit_source stored_source(struct stored *s) {
  return (struct unit_source){s,           stored_related, stored_claimants,
                              stored_told, stored_said,    stored_records,
                              stored_life, stored_home,    stored_residents};
}

/* Who says, attested, that they are responsible for the child, and comes before others; 0: nobody.
 */
static enum status find_responsible(const struct unit_source *source, struct arena *arena,
                                    int64_t child, day_t day, int64_t *out, struct error *err) {
  struct unit_reader r = {.source = source, .arena = arena, .day = day};
  const struct unit_relation *all = NULL;
  int count = 0;
  enum status status = source->claimants(source->context, child, "responsible_for", &all, &count,
                                         err);
  struct responsible first = {false, INT64_MAX};
  *out = 0;
  for (int i = 0; status == DONE && i < count; i++) {
    bool attested = false, lives = false;
    struct responsible one = {0};
    status = is_alive_on(source, all[i].other, day, &lives, err);
    if (lives) status = attest(&r, &all[i], all[i].other, child, &attested, err);
    if (attested) status = read_responsible(&r, &all[i], child, &one, err);
    if (!attested || !comes_before(&one, &first)) continue;
    first = one;
    *out = all[i].other;
  }
  return status;
}

enum status register_unit_on(struct store *store, struct arena *arena, int64_t person, day_t day,
                             struct benefit_unit *out, struct error *err) {
  return register_unit_until(store, arena, person, day, NULL, out, err);
}

enum status register_unit_until(struct store *store, struct arena *arena, int64_t person, day_t day,
                                const struct facts_moment *until, struct benefit_unit *out,
                                struct error *err) {
  struct stored stored = {store, arena, day, until};
  const struct unit_source source = stored_source(&stored);
  struct person read = {0};
  int64_t adult = 0;
  *out = (struct benefit_unit){0};
  enum status status = register_surviving_person(store, arena, person, &read, err);
  if (status == DONE && is_child(read.born, day)) {
    status = find_responsible(&source, arena, read.id, day, &adult, err);
    if (status == DONE && adult)
      status = register_surviving_person(store, arena, adult, &read, err);
    if (status == DONE && !adult) {
      struct unit_reader r = {.arena = arena, .unit = out};
      add_question(&r, read.id, "responsible_for");
      return DONE;
    }
  }
  return status == DONE ? unit_from(&source, arena, read.id, day, out, err) : status;
}

enum status register_unit_housemates(struct store *store, struct arena *arena, day_t day,
                                     const struct facts_moment *until, struct benefit_unit *unit,
                                     struct error *err) {
  struct stored stored = {store, arena, day, until};
  const struct unit_source source = stored_source(&stored);
  return unit_housemates(&source, arena, day, unit, err);
}

/* Whom somebody names as their partner; other 0: nobody, or it was not said (*said). */
static enum status partner_of(struct stored *s, int64_t person, struct unit_relation *out,
                              enum unit_said *said, struct error *err) {
  const struct unit_relation *all = NULL;
  int count = 0;
  *out = (struct unit_relation){0};
  enum status status = stored_related(s, person, "partner", said, &all, &count, err);
  if (status == DONE && count) *out = all[0];
  return status;
}

enum status register_partner_claims(struct store *store, struct arena *arena, int64_t person,
                                    day_t day, int64_t *out, int most, int *count,
                                    struct error *err) {
  struct stored s = {store, arena, day, NULL};
  const struct unit_relation *all = NULL;
  struct unit_relation own, theirs;
  enum unit_said said = UNIT_NOT_SAID;
  int64_t self = 0;
  int n = 0;
  *count = 0;
  enum status status = register_survivor(store, person, &self, err);
  if (status == DONE) status = partner_of(&s, self, &own, &said, err);
  if (status != DONE || said == UNIT_SAID_YES) return status;
  struct facts own_facts = {0};
  status = stored_facts(&s, self, &own_facts, err);
  const struct fact *nobody = facts_known(&own_facts, "partner", day).fact;
  day_t born = DAY_NONE, died = DAY_NONE;
  if (status == DONE) status = stored_life(&s, self, &born, &died, err);
  if (status != DONE || is_child(born, day)) return status; /* nobody asks that of a child */
  status = stored_claimants(&s, self, "partner", &all, &n, err);
  for (int i = 0; status == DONE && i < n && *count < most; i++) {
    status = partner_of(&s, all[i].other, &theirs, &said, err);
    if (status == DONE) status = stored_life(&s, all[i].other, &born, &died, err);
    /* whoever answered "nobody" after it has answered it; the same said twice on one day is kept
     * once, so whoever said it today is asked tomorrow */
    if (status == DONE && theirs.other == self && !theirs.shown && !is_dead_on(died, day) &&
        !is_child(born, day) && (!nobody || (nobody->id < theirs.fact && nobody->from < day)))
      out[(*count)++] = all[i].other;
  }
  return status;
}

enum status register_partner_unconfirmed(struct store *store, struct arena *arena, int64_t person,
                                         day_t day, int64_t *out, struct error *err) {
  struct stored s = {store, arena, day, NULL};
  struct unit_relation own, theirs;
  enum unit_said said = UNIT_NOT_SAID;
  *out = 0;
  enum status status = partner_of(&s, person, &own, &said, err);
  if (status != DONE || !own.other || own.shown) return status;
  status = partner_of(&s, own.other, &theirs, &said, err);
  if (status == DONE && theirs.other != person) *out = own.other;
  return status;
}

enum status register_share_home(struct store *store, struct arena *arena, int64_t one,
                                int64_t other, day_t day, bool *out, struct error *err) {
  struct person a = {0}, b = {0};
  *out = false;
  enum status status = register_surviving_person(store, arena, one, &a, err);
  if (status == DONE) status = register_surviving_person(store, arena, other, &b, err);
  if (status != DONE) return status;
  const int64_t home = person_household(&a, day);
  *out = home && home == person_household(&b, day);
  return DONE;
}

enum status register_partner_denied(struct store *store, struct arena *arena, int64_t person,
                                    day_t day, int64_t *out, int64_t *fact, struct error *err) {
  struct stored s = {store, arena, day, NULL};
  struct unit_relation own;
  struct facts theirs = {0};
  enum unit_said said = UNIT_NOT_SAID;
  int64_t self = 0;
  bool together = false;
  *out = *fact = 0;
  enum status status = register_survivor(store, person, &self, err);
  if (status == DONE) status = partner_of(&s, self, &own, &said, err);
  if (status != DONE || !own.other || own.shown) return status;
  status = register_share_home(store, arena, self, own.other, day, &together, err);
  if (status != DONE || !together) return status;
  status = stored_facts(&s, own.other, &theirs, err);
  const struct fact *answer = status == DONE ? facts_known(&theirs, "partner", day).fact : NULL;
  if (!answer || answer->other || answer->id < own.fact) return status;
  *out = own.other;
  *fact = own.fact;
  return DONE;
}

enum status register_may_tell_for(struct store *store, struct arena *arena, int64_t person,
                                  int64_t other, day_t day, bool *may, struct error *err) {
  struct person adult = {0}, child = {0};
  struct benefit_unit unit = {0};
  *may = false;
  enum status status = register_surviving_person(store, arena, person, &adult, err);
  if (status == DONE) status = register_surviving_person(store, arena, other, &child, err);
  if (status == DONE) status = register_unit_on(store, arena, adult.id, day, &unit, err);
  if (status != DONE) return status;
  const int64_t home = person_household(&adult, day);
  if (!home || person_household(&child, day) != home || child.died != DAY_NONE ||
      !is_child(child.born, day))
    return DONE;
  for (int i = 0; i < unit.member_count; i++)
    *may |= unit.members[i].person == child.id && unit.members[i].role == UNIT_CHILD &&
            unit.members[i].attested;
  return DONE;
}
