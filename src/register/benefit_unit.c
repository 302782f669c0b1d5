#include "register/benefit_unit.h"

#include "register/fact_rows.h"
#include "register/names.h"
#include "register/register.h"

enum { MONTHS_OF_16 = 16 * 12, MONTHS_OF_20 = 20 * 12 };

static const char *const role_words[] = {"adult", "partner", "child"};
const char *unit_role_word(enum unit_role role) { return role_words[role]; }

struct unit_reader {
  struct store *store;
  struct arena *arena;
  day_t day;
  const struct facts_moment *until; /* null: now */
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

/* More than the word of one of the two: shown, or said by somebody whose task it is. */
static bool is_shown(const struct fact *told) {
  return told->source <= FACT_EVIDENCED ||
         (told->said_as != FACT_BY_SELF && told->said_as != FACT_BY_HELPER);
}

/* Shown, or the two live in one home on the day. */
static enum status attest(struct unit_reader *r, const struct fact *told, int64_t by, bool *out,
                          struct error *err) {
  struct person one = {0}, other = {0};
  *out = is_shown(told);
  if (*out) return DONE;
  enum status status = register_surviving_person(r->store, r->arena, by, &one, err);
  if (status == DONE)
    status = register_surviving_person(r->store, r->arena, told->other, &other, err);
  if (status != DONE) return status;
  const int64_t home = person_household(&one, r->day);
  *out = home && home == person_household(&other, r->day);
  return DONE;
}

static struct unit_member *add_member(struct unit_reader *r, int64_t person, enum unit_role role) {
  struct benefit_unit *u = r->unit;
  for (int i = 0; i < u->member_count; i++)
    if (u->members[i].person == person) return &u->members[i];
  arena_reserve(r->arena, u->members, r->member_capacity, u->member_count + 1);
  u->members[u->member_count] = (struct unit_member){.person = person, .role = role};
  return &u->members[u->member_count++];
}

static enum status read_facts(struct unit_reader *r, int64_t person, struct facts *out,
                              struct error *err) {
  enum status status = facts_of_person(r->store, r->arena, person, r->day, out, err);
  if (status == DONE && r->until) facts_until(out, r->until);
  return status;
}

/* Who says on the day that they are responsible for the child, attested: ids, each once. */
static enum status read_responsible(struct unit_reader *r, int64_t child, int64_t **out, int *count,
                                    struct error *err) {
  static const char variable[] = "responsible_for";
  struct query *q = NULL;
  int64_t *parties = NULL;
  int n = 0, capacity = 0;
  bool row = false;
  enum status status = store_query_with(
      r->store, &q,
      "select distinct party from fact where other = ?1 and variable = ?2 order by party", err,
      child, variable);
  while (status == DONE && (status = query_step(q, &row, err)) == DONE && row) {
    arena_reserve(r->arena, parties, capacity, n + 1);
    parties[n++] = query_int(q, 0);
  }
  query_end(q);
  *count = 0;
  *out = parties;
  for (int i = 0; status == DONE && i < n; i++) {
    struct facts facts = {0};
    const struct fact **people = NULL;
    int found = 0;
    status = fact_rows_of_variable(r->store, r->arena, parties[i], variable, &facts, err);
    if (r->until) facts_until(&facts, r->until);
    facts_people(&facts, r->arena, variable, r->day, &people, &found);
    bool holds = false;
    for (int k = 0; status == DONE && k < found; k++)
      if (people[k]->other == child) status = attest(r, people[k], parties[i], &holds, err);
    if (holds) parties[(*count)++] = parties[i];
  }
  return status;
}

/* ---- the partner ---- */

/* What the other says of it. */
static enum status confirm_partner(struct unit_reader *r, const struct fact *told,
                                   struct error *err) {
  struct facts theirs = {0};
  const int64_t partner = told->other;
  enum status status = read_facts(r, partner, &theirs, err);
  if (status != DONE) return status;
  const struct fact_known said = facts_known(&theirs, "partner", r->day);
  struct unit_member *member = add_member(r, partner, UNIT_PARTNER);
  member->confirmed = is_shown(told) || (said.fact && said.fact->other == r->unit->person);
  member->attested = member->confirmed;
  if (!member->confirmed) add_confirming(r, partner, "partner");
  return DONE;
}

static enum status read_partner(struct unit_reader *r, const struct facts *facts,
                                struct error *err) {
  const struct fact_known known = facts_known(facts, "partner", r->day);
  if (known.fact && known.fact->other) return confirm_partner(r, known.fact, err);
  if (!known.fact) add_question(r, r->unit->person, "partner");
  return DONE;
}

/* ---- children and others ---- */

/* Whether a young person of 16 to 19 is known to count, or known not to. */
static enum status read_young(struct unit_reader *r, int64_t child, bool *counts, bool *known,
                              struct error *err) {
  static const char *const ways[] = {"is_in_full_time_education", "is_in_approved_training"};
  struct facts facts = {0};
  enum status status = read_facts(r, child, &facts, err);
  *counts = false;
  *known = true;
  for (size_t i = 0; status == DONE && i < sizeof ways / sizeof *ways; i++) {
    const struct fact_known way = facts_known(&facts, ways[i], r->day);
    if (way.fact && strcmp(way.fact->value, "yes") == 0) *counts = true;
    if (!way.fact) *known = false;
  }
  if (*counts) *known = true;
  for (size_t i = 0; !*known && i < sizeof ways / sizeof *ways; i++)
    if (!facts_known(&facts, ways[i], r->day).fact) add_question(r, child, ways[i]);
  return status;
}

static enum status read_child(struct unit_reader *r, const struct fact *told, int64_t adult,
                              struct error *err) {
  const int64_t child = told->other;
  day_t born, died;
  bool counts = true, known = true, attested = false;
  int64_t *claimants = NULL;
  int count = 0;
  enum status status = attest(r, told, adult, &attested, err);
  if (status != DONE) return status;
  if (!attested) {
    add_member(r, child, UNIT_CHILD);
    add_confirming(r, child, "responsible_for");
    return DONE;
  }
  status = register_life(r->store, child, &born, &died, err);
  if (status != DONE || (died != DAY_NONE && died < r->day)) return status;
  if (born == DAY_NONE) {
    add_question(r, child, "date_of_birth");
    known = false;
  } else if (born > r->day || r->day >= day_months_after(born, MONTHS_OF_20)) return DONE;
  else if (r->day >= day_months_after(born, MONTHS_OF_16))
    status = read_young(r, child, &counts, &known, err);
  if (status != DONE || (known && !counts)) return status;
  struct unit_member *member = add_member(r, child, UNIT_CHILD);
  member->confirmed = known;
  member->attested = true;
  status = read_responsible(r, child, &claimants, &count, err);
  for (int i = 0; i < count; i++) {
    bool ours = false;
    for (int m = 0; m < r->unit->member_count; m++)
      ours |= r->unit->members[m].person == claimants[i] && r->unit->members[m].role != UNIT_CHILD;
    member->contested |= !ours;
  }
  return status;
}

static bool is_member(const struct benefit_unit *u, int64_t person) {
  for (int i = 0; i < u->member_count; i++)
    if (u->members[i].person == person) return true;
  for (int i = 0; i < u->non_dependant_count; i++)
    if (u->non_dependants[i] == person) return true;
  return false;
}

static enum status read_other(struct unit_reader *r, const struct fact *told, int64_t adult,
                              struct error *err) {
  struct benefit_unit *u = r->unit;
  bool attested = false;
  if (is_member(u, told->other)) return DONE;
  enum status status = attest(r, told, adult, &attested, err);
  if (status == DONE && !attested) add_confirming(r, told->other, "non_dependant");
  if (status != DONE || !attested) return status;
  arena_reserve(r->arena, u->non_dependants, r->other_capacity, u->non_dependant_count + 1);
  u->non_dependants[u->non_dependant_count++] = told->other;
  return DONE;
}

/* What one adult of the unit says of children, or of other adults. */
static enum status read_people(struct unit_reader *r, int64_t adult, const char *variable,
                               struct error *err) {
  struct facts facts = {0};
  const struct fact **people = NULL;
  const bool children = strcmp(variable, "responsible_for") == 0;
  int count = 0;
  enum status status = read_facts(r, adult, &facts, err);
  if (status != DONE) return status;
  facts_people(&facts, r->arena, variable, r->day, &people, &count);
  if (!count) add_question(r, adult, variable);
  for (int i = 0; status == DONE && i < count; i++) {
    if (!people[i]->other) continue;
    status = children ? read_child(r, people[i], adult, err) : read_other(r, people[i], adult, err);
  }
  return status;
}

static int by_role_and_id(const void *a, const void *b) {
  const struct unit_member *x = a, *y = b;
  if (x->role != y->role) return (x->role > y->role) - (x->role < y->role);
  return (x->person > y->person) - (x->person < y->person);
}

static int by_number(const void *a, const void *b) {
  int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
  return (x > y) - (x < y);
}

static enum status read_unit(struct unit_reader *r, const struct person *adult, struct error *err) {
  static const char *const relations[] = {"responsible_for", "non_dependant"};
  struct benefit_unit *u = r->unit;
  struct facts facts = {0};
  u->person = adult->id;
  u->household = person_household(adult, r->day);
  struct unit_member *self = add_member(r, adult->id, UNIT_ADULT);
  self->confirmed = self->attested = true;
  enum status status = read_facts(r, adult->id, &facts, err);
  if (status == DONE) status = read_partner(r, &facts, err);
  const int adults = u->member_count;
  for (int v = 0; v < 2; v++)
    for (int i = 0; status == DONE && i < adults; i++)
      if (u->members[i].attested) status = read_people(r, u->members[i].person, relations[v], err);
  array_sort(u->members, u->member_count, by_role_and_id);
  array_sort(u->non_dependants, u->non_dependant_count, by_number);
  return status;
}

enum status register_unit_on(struct store *store, struct arena *arena, int64_t person, day_t day,
                             struct benefit_unit *out, struct error *err) {
  return register_unit_until(store, arena, person, day, NULL, out, err);
}

enum status register_unit_until(struct store *store, struct arena *arena, int64_t person, day_t day,
                                const struct facts_moment *until, struct benefit_unit *out,
                                struct error *err) {
  struct unit_reader r = {.store = store, .arena = arena, .day = day, .until = until, .unit = out};
  struct person read = {0};
  int64_t *claimants = NULL;
  int count = 0;
  *out = (struct benefit_unit){0};
  enum status status = register_surviving_person(store, arena, person, &read, err);
  if (status != DONE) return status;
  if (read.born == DAY_NONE || day >= day_months_after(read.born, MONTHS_OF_16))
    return read_unit(&r, &read, err);
  status = read_responsible(&r, read.id, &claimants, &count, err);
  if (status != DONE) return status;
  if (!count) {
    add_question(&r, read.id, "responsible_for");
    return DONE;
  }
  struct person adult = {0};
  status = register_surviving_person(store, arena, claimants[0], &adult, err);
  return status == DONE ? read_unit(&r, &adult, err) : status;
}

enum status register_may_tell_for(struct store *store, struct arena *arena, int64_t person,
                                  int64_t other, day_t day, bool *may, struct error *err) {
  struct person adult = {0}, child = {0};
  struct facts facts = {0};
  const struct fact **people = NULL;
  int count = 0;
  *may = false;
  enum status status = register_surviving_person(store, arena, person, &adult, err);
  if (status == DONE) status = register_surviving_person(store, arena, other, &child, err);
  if (status == DONE) status = facts_of_person(store, arena, adult.id, day, &facts, err);
  if (status != DONE) return status;
  facts_people(&facts, arena, "responsible_for", day, &people, &count);
  bool responsible = false;
  for (int i = 0; i < count; i++) responsible |= people[i]->other == child.id;
  const int64_t home = person_household(&adult, day);
  *may = responsible && home && person_household(&child, day) == home && child.died == DAY_NONE &&
         child.born != DAY_NONE && day < day_months_after(child.born, MONTHS_OF_16);
  return DONE;
}
