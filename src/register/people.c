/* Reads everyone at once. Three passes in order of key: party, residence, alias; then sorts in
 * memory, since the engines' order of text differs from the order of bytes. */
#include "register/register.h"

#include "base/refusal.h"
#include "register/merges.h"
#include "register/names.h"
#include "register/numbers.h"
#include "register/schemes.h"
#include "register/writer.h"

static int code_compare(const void *a, const void *b) {
  return strcmp(((const struct person *)a)->code, ((const struct person *)b)->code);
}

/* Imports give ids in order of code where they can, so the sort is seldom needed. */
static void people_sort(struct people *people) {
  bool sorted = true;
  for (int i = 1; i < people->count && sorted; i++)
    sorted = code_compare(&people->all[i - 1], &people->all[i]) <= 0;
  if (!sorted) array_sort(people->all, people->count, code_compare);
  for (int64_t id = 0; id <= people->max_id; id++) people->by_id[id] = -1;
  for (int i = 0; i < people->count; i++) people->by_id[people->all[i].id] = i;
}

static enum status people_read_parties(struct store *store, struct arena *arena,
                                       struct people *people, struct error *err) {
  int64_t count;
  enum status status = store_int(store, "select count(*) from party where kind = 'person'", 0,
                                 &count, err);
  if (status == DONE)
    status = store_int(store, "select coalesce(max(id), 0) from party", 0, &people->max_id, err);
  if (status != DONE) return status;
  size_t ids = (size_t)people->max_id + 1;
  people->all = arena_array(arena, struct person, count + 1);
  people->by_id = arena_array(arena, int, ids);
  people->household_residences = arena_array(arena, struct residence *, ids);
  people->household_residence_count = arena_array(arena, int, ids);
  people->household_code = arena_array(arena, const char *, ids);
  people->member = arena_array(arena, int *, ids);
  people->member_count = arena_array(arena, int, ids);
  struct query *q;
  if ((status = store_stream(
           store, &q, "select id, kind, code, name, email, born, died, sex from party order by id",
           err)) != DONE)
    return status;
  bool row;
  while ((status = query_step(q, &row, err)) == DONE && row) {
    int64_t id = query_int(q, 0);
    if (id > people->max_id) break; /* added after we counted */
    if (!span_is(query_text(q, 1), "person")) {
      people->household_code[id] = query_copy_or_null(q, arena, 2);
      continue;
    }
    if (people->count == count) break;
    struct person *p = &people->all[people->count++];
    p->id = id;
    p->code = query_copy_or_null(q, arena, 2);
    p->name = query_copy_or_null(q, arena, 3);
    p->email = query_copy_or_null(q, arena, 4);
    p->born = query_day(q, 5);
    p->died = query_day(q, 6);
    struct span sex = query_text(q, 7);
    p->sex = sex.size ? sex.bytes[0] : 0;
  }
  query_end(q);
  return status;
}

/* Among residences in order of day, the one that begins on this day. */
static struct residence *residence_from(struct residence *residences, int count, day_t from) {
  for (int i = 0; i < count; i++)
    if (residences[i].from == from) return &residences[i];
  return NULL;
}

enum status register_people_addresses(struct store *store, struct arena *arena,
                                      struct people *people, bool *some, struct error *err) {
  struct query *q;
  bool row;
  *some = false;
  enum status status =
      store_stream(store, &q,
                   "select party, from_day, " ADDRESS_STORED
                   " from residence where lines is not null or "
                   "postcode is not null or uprn is not null order by party, from_day",
                   err);
  if (status != DONE) return status;
  while ((status = query_step(q, &row, err)) == DONE && row) {
    int64_t party = query_int(q, 0);
    if (party < 1 || party > people->max_id) continue;
    struct person *p = people->by_id[party] >= 0 ? &people->all[people->by_id[party]] : NULL;
    struct residence *of =
        p ? residence_from(p->residences, p->residence_count, (day_t)query_int(q, 1))
          : residence_from(people->household_residences[party],
                           people->household_residence_count[party], (day_t)query_int(q, 1));
    if (!of) continue;
    of->address = address_of_row(q, arena, 2);
    *some = true;
  }
  query_end(q);
  return status;
}

static enum status people_read_residences(struct store *store, struct arena *arena,
                                          struct people *people, struct error *err) {
  int64_t count;
  enum status status = store_int(store, "select count(*) from residence", 0, &count, err);
  if (status != DONE) return status;
  struct residence *residences = arena_array(arena, struct residence, count + 1);
  struct query *q;
  if ((status = store_stream(
           store, &q,
           "select party, from_day, household, place from residence order by party, from_day",
           err)) != DONE)
    return status;
  bool row;
  for (int64_t n = 0; (status = query_step(q, &row, err)) == DONE && row && n < count; n++) {
    int64_t party = query_int(q, 0);
    if (party > people->max_id) break;
    residences[n] = (struct residence){(day_t)query_int(q, 1), query_int(q, 2), query_int(q, 3),
                                       NULL};
    if (people->by_id[party] >= 0) {
      struct person *p = &people->all[people->by_id[party]];
      if (!p->residences) p->residences = &residences[n];
      p->residence_count++;
    } else {
      if (!people->household_residences[party])
        people->household_residences[party] = &residences[n];
      people->household_residence_count[party]++;
    }
  }
  query_end(q);
  return status;
}

/* True when an earlier residence of the person names the same household, so that a member is listed
 * once. */
static bool residence_repeats(const struct person *p, int residence) {
  for (int s = 0; s < residence; s++)
    if (p->residences[s].household == p->residences[residence].household) return true;
  return false;
}

static void people_list_members(struct people *people, struct arena *arena) {
  int64_t total = 0;
  for (int pass = 0; pass < 2; pass++) {
    int *next = NULL;
    if (pass == 1) {
      next = arena_array(arena, int, total + 1);
      for (int64_t id = 0; id <= people->max_id; id++) {
        people->member[id] = people->member_count[id] ? next : NULL;
        next += people->member_count[id];
        people->member_count[id] = 0;
      }
    }
    for (int i = 0; i < people->count; i++) {
      const struct person *p = &people->all[i];
      for (int s = 0; s < p->residence_count; s++) {
        int64_t household = p->residences[s].household;
        if (household < 1 || household > people->max_id || residence_repeats(p, s)) continue;
        if (pass == 1) people->member[household][people->member_count[household]] = i;
        people->member_count[household]++;
        if (pass == 0) total++;
      }
    }
  }
}

static enum status people_read_merges(struct store *store, struct arena *arena,
                                      struct people *people, struct error *err) {
  struct merges merges;
  enum status status = merges_read(store, arena, &merges, err);
  if (status != DONE) return status;
  for (int m = 0; m < merges.count; m++) {
    int64_t merged = merges.all[m].merged, survivor = merges_survivor(&merges, merged);
    if (merged <= people->max_id && people->by_id[merged] >= 0)
      people->all[people->by_id[merged]].survivor = survivor;
    if (survivor <= people->max_id && people->by_id[survivor] >= 0) {
      struct person *p = &people->all[people->by_id[survivor]];
      if (!p->merged) merges_merged(&merges, arena, survivor, &p->merged, &p->merged_count);
    }
  }
  return DONE;
}

enum status register_people(struct store *store, struct arena *arena, struct people **out,
                            struct error *err) {
  struct people *people = arena_alloc(arena, sizeof *people);
  enum status status = people_read_parties(store, arena, people, err);
  if (status != DONE) return status;
  people_sort(people);
  if ((status = people_read_residences(store, arena, people, err)) != DONE) return status;
  people_list_members(people, arena);
  if ((status = people_read_merges(store, arena, people, err)) != DONE) return status;
  *out = people;
  return DONE;
}

/* ---- where somebody is on a day ---- */

static const struct residence *residence_on(const struct residence *residences, int count,
                                            day_t day) {
  while (count > 0 && residences[count - 1].from > day) count--;
  return count > 0 ? &residences[count - 1] : NULL;
}

int64_t person_place(const struct person *person, const struct people *people, day_t day) {
  const struct residence *own = residence_on(person->residences, person->residence_count, day);
  if (!own) return 0;
  if (own->place || own->household < 1 || own->household > people->max_id) return own->place;
  const struct residence *home = residence_on(people->household_residences[own->household],
                                              people->household_residence_count[own->household],
                                              day);
  return home ? home->place : 0;
}

int64_t person_household(const struct person *person, day_t day) {
  const struct residence *own = residence_on(person->residences, person->residence_count, day);
  return own ? own->household : 0;
}

enum status register_residents(struct store *store, struct arena *arena, int64_t household,
                               day_t day, const int64_t **out, int *count, struct error *err) {
  int64_t *all = NULL;
  int all_count = 0, lives = 0;
  enum status status = register_household_members(store, arena, household, &all, &all_count, err);
  for (int i = 0; status == DONE && i < all_count; i++) {
    struct person person = {0};
    bool before = false;
    status = register_surviving_person(store, arena, all[i], &person, err);
    if (status != DONE || person_household(&person, day) != household) continue;
    for (int k = 0; k < lives; k++) before |= all[k] == person.id;
    if (!before) all[lives++] = person.id;
  }
  *out = all;
  *count = lives;
  return status;
}

struct household_home {
  int64_t household;
  struct residence *residences;
  int residence_count;
};
struct homes {
  struct household_home *all;
  int count;
};

enum status residences_of_party(struct store *store, struct arena *arena, int64_t party,
                                struct residence **out, int *out_count, struct error *err) {
  struct query *q;
  enum status status = store_query(store, &q,
                                   "select from_day, household, place, " ADDRESS_STORED
                                   " from residence where party = ?1 order by from_day",
                                   err);
  if (status != DONE) return status;
  query_bind_int(q, 1, party);
  struct residence *residences = NULL;
  int count = 0, capacity = 0;
  bool row;
  while ((status = query_step(q, &row, err)) == DONE && row) {
    arena_reserve(arena, residences, capacity, count + 1);
    residences[count++] = (struct residence){(day_t)query_int(q, 0), query_int(q, 1),
                                             query_int(q, 2), address_of_row(q, arena, 3)};
  }
  query_end(q);
  *out = residences;
  *out_count = count;
  return status;
}

enum status register_homes(struct store *store, struct arena *arena, const struct person *person,
                           struct homes **out, struct error *err) {
  struct homes *homes = arena_alloc(arena, sizeof *homes);
  homes->all = arena_array(arena, struct household_home, person->residence_count + 1);
  for (int s = 0; s < person->residence_count; s++) {
    int64_t household = person->residences[s].household;
    if (!household || residence_repeats(person, s)) continue;
    struct household_home *home = &homes->all[homes->count++];
    home->household = household;
    enum status status = residences_of_party(store, arena, household, &home->residences,
                                             &home->residence_count, err);
    if (status != DONE) return status;
  }
  *out = homes;
  return DONE;
}

static const struct household_home *home_of(const struct homes *homes, int64_t household) {
  for (int h = 0; h < homes->count; h++)
    if (homes->all[h].household == household) return &homes->all[h];
  return NULL;
}

int64_t homes_place(const struct homes *homes, const struct person *person, day_t day) {
  const struct residence *own = residence_on(person->residences, person->residence_count, day);
  if (!own || own->place || !own->household) return own ? own->place : 0;
  const struct household_home *home = home_of(homes, own->household);
  const struct residence *at = home ? residence_on(home->residences, home->residence_count, day)
                                    : NULL;
  return at ? at->place : 0;
}

const struct address *homes_address(const struct homes *homes, const struct person *person,
                                    day_t day) {
  const struct residence *own = residence_on(person->residences, person->residence_count, day);
  /* who has a place of their own does not live where the household does */
  if (!own || own->address || own->place || !own->household) return own ? own->address : NULL;
  const struct household_home *home = home_of(homes, own->household);
  const struct residence *at = home ? residence_on(home->residences, home->residence_count, day)
                                    : NULL;
  return at ? at->address : NULL;
}

static void add_stay(struct address_stay *all, int *count, day_t from, day_t to,
                     const struct address *address) {
  struct address_stay *last = *count ? &all[*count - 1] : NULL;
  if (!address) return;
  if (last && last->to != DAY_NONE && last->to + 1 == from && address_same(last->address, address))
    last->to = to;
  else all[(*count)++] = (struct address_stay){from, to, address};
}

void homes_addresses(const struct homes *homes, const struct person *person, struct arena *arena,
                     struct address_stay **out, int *count) {
  int most = 1;
  for (int s = 0; s < person->residence_count; s++) {
    const struct household_home *home = home_of(homes, person->residences[s].household);
    most += 1 + (home ? home->residence_count : 0);
  }
  *out = arena_array(arena, struct address_stay, most);
  *count = 0;
  for (int s = 0; s < person->residence_count; s++) {
    const struct residence *own = &person->residences[s];
    const day_t to = person_stay_end(person, s);
    const struct household_home *home = home_of(homes, own->household);
    if (own->address || own->place || !home) {
      add_stay(*out, count, own->from, to, own->address);
      continue;
    }
    for (int h = 0; h < home->residence_count; h++) {
      const struct residence *at = &home->residences[h];
      const bool last = h + 1 == home->residence_count;
      const day_t from = at->from > own->from ? at->from : own->from;
      day_t until = last ? to : at[1].from - 1;
      if (to != DAY_NONE && until > to) until = to;
      if (until == DAY_NONE || from <= until) add_stay(*out, count, from, until, at->address);
    }
  }
}

static bool begins_within(const struct residence *residences, int count, day_t first, day_t last) {
  for (int i = 0; i < count; i++)
    if (residences[i].from > first && residences[i].from <= last) return true;
  return false;
}

bool homes_move(const struct homes *homes, const struct person *person, day_t first, day_t last) {
  bool moves = begins_within(person->residences, person->residence_count, first, last);
  for (int h = 0; h < homes->count && !moves; h++)
    moves = begins_within(homes->all[h].residences, homes->all[h].residence_count, first, last);
  return moves;
}

/* ---- one by one ---- */

enum status register_find_person_as(struct store *store, const char *reference, int64_t *id,
                                    char registered[NUMBER_FULL_SIZE], struct error *err) {
  struct identifier wanted;
  struct holders holders;
  int64_t party;
  *registered = 0;
  struct schemes own = {0};
  struct arena *arena = arena_new();
  enum status status = strchr(reference, ':') ? schemes_read(store, arena, &own, err) : DONE;
  if (status == DONE) status = identifier_parse(&own, span_of(reference), &wanted, err);
  arena_free(arena);
  if (status == DONE) status = numbers_holders(store, &wanted, &holders, err);
  if (status == DONE) status = numbers_meant(store, &holders, &party, err);
  if (status != DONE) return status;
  if (holders.count > 1 && !party)
    return refuse(err, PERSON_NUMBER_OF_SEVERAL, reference, holders.all[0].number,
                  holders.all[1].number);
  if (!party) return refuse(err, PERSON_UNKNOWN, reference);
  *id = party;
  if (holders.whole < 0 && wanted.suffix[0])
    snprintf(registered, NUMBER_FULL_SIZE, "%s", holders.all[0].number);
  return DONE;
}

enum status register_find_person(struct store *store, const char *reference, int64_t *id,
                                 struct error *err) {
  char registered[NUMBER_FULL_SIZE];
  return register_find_person_as(store, reference, id, registered, err);
}

enum status register_person(struct store *store, struct arena *arena, int64_t id,
                            struct person *out, struct error *err) {
  struct query *q;
  enum status status = store_query(
      store, &q,
      "select code, name, email, born, died, sex from party where id = ?1 and kind = 'person'",
      err);
  if (status != DONE) return status;
  query_bind_int(q, 1, id);
  struct person p = {.id = id};
  bool row;
  if ((status = query_step(q, &row, err)) == DONE && row) {
    p.code = query_copy_or_null(q, arena, 0);
    p.name = query_copy_or_null(q, arena, 1);
    p.email = query_copy_or_null(q, arena, 2);
    p.born = query_day(q, 3);
    p.died = query_day(q, 4);
    struct span sex = query_text(q, 5);
    p.sex = sex.size ? sex.bytes[0] : 0;
  }
  query_end(q);
  if (status != DONE) return status;
  if (!row) return refuse(err, PERSON_NUMBER_UNKNOWN, (long long)id);
  if ((status = residences_of_party(store, arena, id, &p.residences, &p.residence_count, err)) !=
      DONE)
    return status;
  if ((status = merges_of_one(store, arena, id, &p.survivor, &p.merged, &p.merged_count, err)) !=
      DONE)
    return status;
  *out = p;
  return DONE;
}

enum status register_born(struct store *store, struct arena *arena, day_t **out, int64_t *max_id,
                          struct error *err) {
  struct query *q;
  bool row;
  enum status status = store_int(store, "select coalesce(max(id), 0) from party", 0, max_id, err);
  if (status != DONE) return status;
  *out = arena_array(arena, day_t, *max_id + 1);
  for (int64_t id = 0; id <= *max_id; id++) (*out)[id] = DAY_NONE;
  if ((status = store_stream(store, &q,
                             "select id, born from party where born is not null order by id",
                             err)) != DONE)
    return status;
  while ((status = query_step(q, &row, err)) == DONE && row && query_int(q, 0) <= *max_id)
    (*out)[query_int(q, 0)] = (day_t)query_int(q, 1);
  query_end(q);
  struct merges merges;
  if (status == DONE) status = merges_read(store, arena, &merges, err);
  for (int i = 0; status == DONE && i < merges.count; i++) {
    const int64_t merged = merges.all[i].merged, survivor = merges_survivor(&merges, merged);
    if (merged >= 0 && merged <= *max_id && survivor >= 0 && survivor <= *max_id)
      (*out)[merged] = (*out)[survivor];
  }
  return status;
}

enum status register_household_members(struct store *store, struct arena *arena, int64_t household,
                                       int64_t **ids, int *count, struct error *err) {
  struct query *q;
  enum status status = store_query(
      store, &q, "select distinct party from residence where household = ?1 order by party", err);
  if (status != DONE) return status;
  query_bind_int(q, 1, household);
  int64_t *found = NULL;
  int n = 0, capacity = 0;
  bool row;
  while ((status = query_step(q, &row, err)) == DONE && row) {
    arena_reserve(arena, found, capacity, n + 1);
    found[n++] = query_int(q, 0);
  }
  query_end(q);
  *ids = found;
  *count = n;
  return status;
}

enum status register_forget_home(struct store *store, int64_t household, struct error *err) {
  struct query *q = NULL;
  bool some = false;
  enum status status = store_row_with(store, &q, &some,
                                      "select 1 from residence where household = ?1 limit 1", err,
                                      household);
  query_end(q);
  if (status != DONE || some) return status;
  status = store_run_with(store, "delete from fact where party = ?1", err, household);
  if (status != DONE) return status;
  return store_run_with(
      store, "update residence set lines = null, postcode = null, uprn = null where party = ?1",
      err, household);
}

enum status register_email(struct store *store, struct arena *arena, int64_t id,
                           const char **address, day_t *since, struct error *err) {
  struct query *q = NULL;
  int64_t survivor = id;
  bool row = false;
  *address = NULL;
  *since = DAY_NONE;
  enum status status = register_survivor(store, id, &survivor, err);
  if (status == DONE)
    status = store_row_with(store, &q, &row,
                            "select email, email_day from party where id = ?1 and kind = 'person'",
                            err, survivor);
  if (status == DONE && row) {
    *address = query_copy_or_null(q, arena, 0);
    *since = query_day(q, 1);
  }
  query_end(q);
  return status;
}

const struct person *people_find(const struct people *people, int64_t id) {
  int at = id > 0 && id <= people->max_id ? people->by_id[id] : -1;
  if (at >= 0 && people->all[at].survivor) at = people->by_id[people->all[at].survivor];
  return at < 0 ? NULL : &people->all[at];
}
