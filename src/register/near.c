#include "register/near.h"

#include "register/fact_rows.h"
#include "register/register.h"

enum { DAYS_AFTER_END = 365 };
static const char *const relations[] = {"partner", "responsible_for", "non_dependant"};
enum { RELATIONS = sizeof relations / sizeof *relations };

struct near_reader {
  struct store *store;
  struct arena *arena;
  day_t today;
  struct near *out;
  int capacity;
};

/* Under every record. */
static enum status add_person(struct near_reader *r, int64_t person, struct error *err) {
  int64_t *records = NULL;
  int count = 0;
  enum status status = register_records(r->store, r->arena, person, &records, &count, err);
  for (int i = 0; status == DONE && i < count; i++) {
    arena_reserve(r->arena, r->out->all, r->capacity, r->out->count + 1);
    r->out->all[r->out->count++] = records[i];
  }
  return status;
}

/* The days of a residence, its next one's first day left out, as far as they are within the year.
 * False: none of them is. */
static bool days_within(const struct near_reader *r, const struct person *p, int at, day_t *from,
                        day_t *to) {
  const day_t since = r->today - DAYS_AFTER_END;
  *from = p->residences[at].from == DAY_NONE ? since : p->residences[at].from;
  *to = person_stay_end(p, at);
  if (*from < since) *from = since;
  if (*to == DAY_NONE || *to > r->today) *to = r->today;
  return *from <= *to;
}

/* Whether somebody lived in the home on one of these days. */
static bool lived_there(const struct near_reader *r, const struct person *p, int64_t home,
                        day_t from, day_t to) {
  day_t first = DAY_NONE, last = DAY_NONE;
  for (int i = 0; i < p->residence_count; i++)
    if (p->residences[i].household == home && days_within(r, p, i, &first, &last) && first <= to &&
        last >= from)
      return true;
  return false;
}

static enum status add_home(struct near_reader *r, int64_t home, day_t from, day_t to,
                            struct error *err) {
  int64_t *members = NULL;
  int count = 0;
  arena_reserve(r->arena, r->out->all, r->capacity, r->out->count + 1);
  r->out->all[r->out->count++] = home;
  enum status status = register_household_members(r->store, r->arena, home, &members, &count, err);
  for (int i = 0; status == DONE && i < count; i++) {
    struct person other = {0};
    status = register_surviving_person(r->store, r->arena, members[i], &other, err);
    if (status == DONE && lived_there(r, &other, home, from, to))
      status = add_person(r, other.id, err);
  }
  return status;
}

/* Each home of the last year, and whoever lived there at the same time. */
static enum status add_homes(struct near_reader *r, int64_t person, struct error *err) {
  struct person read = {0};
  day_t from = DAY_NONE, to = DAY_NONE;
  enum status status = register_surviving_person(r->store, r->arena, person, &read, err);
  for (int i = 0; status == DONE && i < read.residence_count; i++)
    if (read.residences[i].household && days_within(r, &read, i, &from, &to))
      status = add_home(r, read.residences[i].household, from, to, err);
  return status;
}

/* Whether it counts still: a relation that was ended yesterday is none the less near, and so is one
 * that was taken back or corrected yesterday, which would else be done for one decision. A day that
 * cannot be read is taken as late. */
static bool is_recent(const struct near_reader *r, const struct facts *facts,
                      const struct fact *f) {
  const day_t since = r->today - DAYS_AFTER_END;
  if (!f->value || !f->other || (f->to != DAY_NONE && f->to < since)) return false;
  for (int i = 0; i < facts->count; i++) {
    if (!f->superseded_by || facts->all[i].id != f->superseded_by) continue;
    const day_t said = clock_day_of(span_of(facts->all[i].said_at));
    return said == DAY_NONE || said >= since;
  }
  return true;
}

/* Whom a record names, and who names it. */
static enum status add_related(struct near_reader *r, int64_t record, struct error *err) {
  enum status status = DONE;
  for (int v = 0; status == DONE && v < RELATIONS; v++) {
    struct facts facts = {0};
    int64_t *parties = NULL;
    int count = 0;
    status = fact_rows_of_variable(r->store, r->arena, record, relations[v], &facts, err);
    for (int i = 0; status == DONE && i < facts.count; i++)
      if (is_recent(r, &facts, &facts.all[i])) status = add_person(r, facts.all[i].other, err);
    if (status == DONE)
      status = fact_parties_who_name(r->store, r->arena, record, relations[v], &parties, &count,
                                     err);
    for (int p = 0; status == DONE && p < count; p++) {
      status = fact_rows_of_variable(r->store, r->arena, parties[p], relations[v], &facts, err);
      for (int i = 0; status == DONE && i < facts.count; i++)
        if (is_recent(r, &facts, &facts.all[i]) && facts.all[i].other == record)
          status = add_person(r, parties[p], err);
    }
  }
  return status;
}

static enum status read_near(struct near_reader *r, int64_t person, bool with_homes,
                             struct error *err) {
  *r->out = (struct near){0};
  if (!person) return DONE;
  enum status status = add_person(r, person, err);
  const int own = r->out->count;
  for (int i = 0; status == DONE && i < own; i++) status = add_related(r, r->out->all[i], err);
  if (status == DONE && with_homes) status = add_homes(r, person, err);
  array_sort(r->out->all, r->out->count, int64_compare);
  return status;
}

enum status register_near(struct store *store, struct arena *arena, int64_t person, day_t today,
                          struct near *out, struct error *err) {
  struct near_reader r = {.store = store, .arena = arena, .today = today, .out = out};
  return read_near(&r, person, true, err);
}

enum status register_family(struct store *store, struct arena *arena, int64_t person, day_t today,
                            struct near *out, struct error *err) {
  struct near_reader r = {.store = store, .arena = arena, .today = today, .out = out};
  return read_near(&r, person, false, err);
}

enum status register_near_of_who(struct store *store, struct arena *arena, const char *who,
                                 day_t today, struct near *out, struct error *err) {
  static const char begins[] = "id:";
  int64_t person = 0;
  struct error unknown = {0};
  *out = (struct near){0};
  if (!who || strncmp(who, begins, sizeof begins - 1) != 0) return DONE;
  enum status status = register_find_person(store, who + sizeof begins - 1, &person, &unknown);
  if (status == REFUSED) return DONE;
  if (status != DONE) return *err = unknown, status;
  return register_near(store, arena, person, today, out, err);
}

bool near_has(const struct near *near, int64_t id) {
  for (int i = 0; id && i < near->count; i++)
    if (near->all[i] == id) return true;
  return false;
}

enum status register_is_near(struct store *store, struct arena *arena, int64_t person,
                             int64_t other, day_t today, bool *out, struct error *err) {
  struct near near = {0};
  enum status status = register_near(store, arena, person, today, &near, err);
  *out = status == DONE && near_has(&near, other);
  return status;
}

static enum status add_days(struct store *store, struct arena *arena, int64_t party, int64_t with,
                            day_t **out, int *count, int *capacity, struct error *err) {
  struct facts facts = {0};
  enum status status = fact_rows_of_variable(store, arena, party, relations[0], &facts, err);
  for (int i = 0; status == DONE && i < facts.count; i++) {
    const struct fact *f = &facts.all[i];
    if (!fact_stands(f) || !f->other || (with && f->other != with)) continue;
    arena_reserve(arena, *out, *capacity, *count + 1);
    (*out)[(*count)++] = f->from;
  }
  return status;
}

enum status register_couple_days(struct store *store, struct arena *arena, int64_t person,
                                 day_t **out, int *count, struct error *err) {
  int64_t *records = NULL, *parties = NULL;
  int record_count = 0, party_count = 0, capacity = 0;
  *out = NULL;
  *count = 0;
  enum status status = register_records(store, arena, person, &records, &record_count, err);
  for (int r = 0; status == DONE && r < record_count; r++) {
    status = add_days(store, arena, records[r], 0, out, count, &capacity, err);
    if (status == DONE)
      status = fact_parties_who_name(store, arena, records[r], relations[0], &parties, &party_count,
                                     err);
    for (int p = 0; status == DONE && p < party_count; p++)
      status = add_days(store, arena, parties[p], records[r], out, count, &capacity, err);
  }
  return status;
}

enum status register_couples(struct store *store, struct arena *arena, struct couple **out,
                             int *count, struct error *err) {
  struct query *q = NULL;
  bool row = false;
  int capacity = 0;
  *out = NULL;
  *count = 0;
  enum status status = store_query(
      store, &q,
      "select f.party, f.other from fact f where f.variable = 'partner' and f.other is not null "
      "and "
      "not exists (select 1 from fact s where s.party = f.party and s.supersedes = f.id) "
      "order by f.party, f.id",
      err);
  if (status != DONE) return status;
  while ((status = query_step(q, &row, err)) == DONE && row) {
    arena_reserve(arena, *out, capacity, *count + 1);
    (*out)[(*count)++] = (struct couple){query_int(q, 0), query_int(q, 1)};
  }
  query_end(q);
  return status;
}
