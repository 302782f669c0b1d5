/* Single changes, applied or only checked. Each builds the row that an import would have and gives
 * it to a writer of few rows, which checks the row at once and writes at its end. */
#include "register/changes.h"

#include "base/fold.h"
#include "base/refusal.h"
#include "register/register.h"
#include "register/writer.h"
#include "store/head.h"

/* A person's name, as a form or a journey gives it. */
static enum status check_name(struct span *name, struct error *err) {
  *name = span_trim(*name);
  if (name->size == 0) return refuse_at(err, "name", NAME_MISSING);
  if (name->size > CHANGE_NAME_BYTES_MAX) return refuse_at(err, "name", NAME_TOO_LONG);
  if (!utf8_valid(name->bytes, name->size)) return refuse_at(err, "name", TEXT_BROKEN);
  for (size_t i = 0; i < name->size; i++)
    if ((unsigned char)name->bytes[i] < ' ' || name->bytes[i] == 127)
      return refuse_at(err, "name", NAME_CONTROL_CHARACTER);
  return DONE;
}

/* A row with only the person and the columns that every row must have. */
static struct person_row row_of(const struct person *p) {
  return (struct person_row){.code = span_of(p->code),
                             .name = span_of(p->name),
                             .born = p->born,
                             .died = DAY_NONE,
                             .from = DAY_NONE,
                             .keep_died = true};
}

struct doing {
  struct store *store;
  struct arena *arena;
  bool check;
};

/* `home`: the household that the row names, when it is new or changes too; else null. */
static enum status write_rows(const struct doing *d, const struct household_row *home,
                              const struct person_row *row, int64_t *added, struct error *err) {
  struct register_writer *w = NULL;
  struct register_counts counts;
  int64_t first = 0, last = 0;
  enum status status = d->check ? writer_open_to_check(&w, d->store, d->arena, err)
                                : register_writer_open_few(&w, d->store, d->arena, err);
  if (status == DONE && home) status = register_write_household(w, home, err);
  if (status == DONE) status = register_write_person(w, row, err);
  if (status == DONE && !d->check) status = register_writer_end(w, &counts, &first, &last, err);
  register_writer_free(w);
  if (status == DONE && added) *added = first;
  return status;
}

static enum status write_row(const struct doing *d, const struct person_row *row, int64_t *added,
                             struct error *err) {
  return write_rows(d, NULL, row, added, err);
}

/* ---- codes of our own ---- */

/* Makes a code that no file is likely to use, and that nobody has in the scheme. Who writes has the
 * row of `head` locked, so one code is never made twice. */
static enum status code_make(const struct doing *d, const char *begins, const char *scheme,
                             const char **code, struct error *err) {
  struct head head;
  bool taken = true;
  enum status status = d->check ? head_read(d->store, &head, err) : head_lock(d->store, &head, err);
  for (int64_t n = head.party + 1; status == DONE && taken; n++) {
    struct query *q;
    *code = arena_printf(d->arena, "%s%lld", begins, (long long)n);
    if ((status = store_query(d->store, &q,
                              "select 1 from identifier where value = ?1 and scheme = ?2", err)) !=
        DONE)
      return status;
    query_bind_text(q, 1, span_of(*code));
    query_bind_text(q, 2, span_of(scheme));
    status = query_step(q, &taken, err);
    query_end(q);
  }
  return status;
}

static enum status code_of(struct store *store, struct arena *arena, const char *sql, int64_t id,
                           const char **code, struct error *err) {
  struct query *q;
  enum status status = store_query(store, &q, sql, err);
  if (status != DONE) return status;
  query_bind_int(q, 1, id);
  bool row;
  if ((status = query_step(q, &row, err)) == DONE && row) *code = query_copy(q, arena, 0);
  query_end(q);
  return status;
}

/* ---- changes ---- */

static enum status rename_person(const struct doing *d, int64_t person, struct span name,
                                 struct error *err) {
  struct person p;
  enum status status = check_name(&name, err);
  if (status == DONE) status = register_surviving_person(d->store, d->arena, person, &p, err);
  if (status != DONE) return status;
  if (span_is(name, p.name)) return refuse_at(err, "name", NAME_UNCHANGED);
  struct person_row row = row_of(&p);
  row.name = name;
  return write_row(d, &row, NULL, err);
}

static enum status check_from(const struct person *p, day_t from, day_t today, struct error *err) {
  if (from == DAY_NONE) return refuse_at(err, "from", CHANGE_DAY_MISSING);
  if (from < p->born) return refuse_at(err, "from", MOVE_BEFORE_BIRTH);
  if (p->died != DAY_NONE) return refuse_at(err, "from", MOVE_OF_THE_DEAD);
  if (from > today + CHANGE_MOVE_AHEAD_DAYS) return refuse_at(err, "from", MOVE_TOO_FAR_AHEAD);
  return DONE;
}

/* given and empty: no place of their own */
static const struct span leaves = {"", 0};

#define HOME_BEGINS "home-"

/* The household of somebody who lives alone from the day on: one of their own, which whoever is
 * born to them or joins them shares. Told again for that day, it is the one made before. */
static enum status own_household(const struct doing *d, const struct person *p, day_t day,
                                 const char **code, struct error *err) {
  const struct residence *at = NULL;
  int64_t *members = NULL;
  int count = 0;
  enum status status = DONE;
  for (int s = 0; s < p->residence_count && !at; s++)
    if (p->residences[s].from == day && p->residences[s].household) at = &p->residences[s];
  *code = NULL;
  if (at)
    status = register_household_members(d->store, d->arena, at->household, &members, &count, err);
  if (status == DONE && count == 1)
    status = code_of(d->store, d->arena, "select code from party where id = ?1", at->household,
                     code, err);
  if (status != DONE || (*code && strncmp(*code, HOME_BEGINS, sizeof HOME_BEGINS - 1) == 0))
    return status;
  return code_make(d, HOME_BEGINS, "household", code, err);
}

static enum status move_person(const struct doing *d, const struct change *move,
                               struct error *err) {
  struct person p;
  const char *code = NULL;
  enum status status = register_surviving_person(d->store, d->arena, move->person, &p, err);
  if (status == DONE) status = check_from(&p, move->day, move->today, err);
  if (status != DONE) return status;
  if (move->text.size == 0) return refuse_at(err, "place", MOVE_PLACE_MISSING);
  struct person_row row = row_of(&p);
  if ((status = own_household(d, &p, move->day, &code, err)) != DONE) return status;
  struct household_row home = {
      .code = span_of(code), .place = move->text, .address = move->address, .from = move->day};
  if (!address_told(&home.address)) home.address.postcode = leaves; /* never that of an old home */
  row.household = span_of(code);
  row.place = leaves; /* theirs is that of the household */
  row.address.postcode = leaves;
  row.from = move->day;
  return write_rows(d, &home, &row, NULL, err);
}

static enum status join_person(const struct doing *d, int64_t person, struct span household,
                               day_t from, day_t today, struct error *err) {
  struct person p;
  enum status status = register_surviving_person(d->store, d->arena, person, &p, err);
  if (status == DONE) status = check_from(&p, from, today, err);
  if (status != DONE) return status;
  if (household.size == 0) return refuse_at(err, "household", MOVE_HOUSEHOLD_MISSING);
  struct person_row row = row_of(&p);
  row.household = household;
  row.place = leaves;
  row.address.postcode = leaves;
  row.from = from;
  return write_row(d, &row, NULL, err);
}

static enum status death_of(const struct doing *d, int64_t person, day_t died, day_t today,
                            struct error *err) {
  struct person p;
  enum status status = register_surviving_person(d->store, d->arena, person, &p, err);
  if (status != DONE) return status;
  if (died == DAY_NONE) return refuse_at(err, "died", CHANGE_DAY_MISSING);
  if (died > today) return refuse_at(err, "died", DAY_IN_FUTURE);
  if (p.died != DAY_NONE) return refuse_at(err, "died", DEATH_REGISTERED_ALREADY);
  struct person_row row = row_of(&p);
  row.died = died;
  row.keep_died = false;
  return write_row(d, &row, NULL, err);
}

/* ---- birth ---- */

/* Where somebody lives on a day: the household, and the person's own place and address. Codes;
 * null: none. */
struct home_codes {
  const char *household, *place;
  const struct address *address;
};

static enum status home_of(struct store *store, struct arena *arena, const struct person *p,
                           day_t day, struct home_codes *home, struct error *err) {
  const struct residence *residence = NULL;
  enum status status = DONE;
  *home = (struct home_codes){0};
  for (int s = 0; s < p->residence_count && p->residences[s].from <= day; s++)
    residence = &p->residences[s];
  if (residence && residence->household)
    status = code_of(store, arena, "select code from party where id = ?1", residence->household,
                     &home->household, err);
  home->address = residence ? residence->address : NULL;
  if (status == DONE && residence && residence->place)
    status = code_of(store, arena, "select code from place where id = ?1", residence->place,
                     &home->place, err);
  return status;
}

enum status changes_like_births(struct store *store, struct arena *arena, struct span name,
                                day_t born, int64_t **out, int *count, struct error *err) {
  struct query *q;
  int capacity = 0;
  bool row;
  *out = NULL;
  *count = 0;
  enum status status =
      store_query_with(store, &q,
                       "select id, name from party where born = ?1 and kind = 'person' order by id",
                       err, born);
  while (status == DONE && (status = query_step(q, &row, err)) == DONE && row) {
    if (!fold_same(query_text(q, 1), name)) continue;
    arena_reserve(arena, *out, capacity, *count + 1);
    (*out)[(*count)++] = query_int(q, 0);
  }
  query_end(q);
  return status;
}

/* Whether they lived in the household on that day. */
static enum status lived_in(const struct doing *d, const struct person *p, const char *household,
                            day_t day, bool *out, struct error *err) {
  struct home_codes there = {0};
  enum status status = household ? home_of(d->store, d->arena, p, day, &there, err) : DONE;
  *out = status == DONE && there.household && strcmp(there.household, household) == 0;
  return status;
}

/* Refuses a birth that was reported before, perhaps by the other parent. Who asks learns only of
 * the household in which they live now; when it is written, staff learn of that of the birth. */
static enum status check_no_twin(const struct doing *d, const struct change_birth *birth,
                                 const char *now, const char *then, day_t today,
                                 struct error *err) {
  int64_t *ids = NULL;
  int count = 0;
  bool twin = false;
  enum status status = changes_like_births(d->store, d->arena, birth->name, birth->born, &ids,
                                           &count, err);
  for (int i = 0; status == DONE && !twin && i < count; i++) {
    struct person other;
    status = register_person(d->store, d->arena, ids[i], &other, err);
    if (status == DONE) status = lived_in(d, &other, now, today, &twin, err);
    if (status == DONE && !twin && !d->check)
      status = lived_in(d, &other, then, birth->born, &twin, err);
  }
  return status == DONE && twin ? refuse_at(err, "name", CHILD_REGISTERED_ALREADY) : status;
}

static enum status birth_of(const struct doing *d, const struct change_birth *birth, day_t today,
                            int64_t *id, struct error *err) {
  struct person parent;
  struct home_codes home, now;
  struct span name = birth->name;
  const char *code = NULL;
  struct head head;
  enum status status = check_name(&name, err);
  /* locked until the transaction ends: a birth sees each that was registered before it */
  if (status == DONE && !d->check) status = head_lock(d->store, &head, err);
  if (status == DONE)
    status = register_surviving_person(d->store, d->arena, birth->parent, &parent, err);
  if (status != DONE) return status;
  if (birth->born == DAY_NONE) return refuse_at(err, "born", CHILD_BORN_MISSING);
  if (birth->born > today) return refuse_at(err, "born", CHILD_BORN_IN_FUTURE);
  if (birth->born <= parent.born) return refuse_at(err, "born", CHILD_BORN_BEFORE_PARENT);
  status = home_of(d->store, d->arena, &parent, birth->born, &home, err);
  if (status == DONE) status = home_of(d->store, d->arena, &parent, today, &now, err);
  if (status == DONE) status = check_no_twin(d, birth, now.household, home.household, today, err);
  if (status == DONE) status = code_make(d, "birth-", "id", &code, err);
  if (status != DONE) return status;
  struct person_row row = {.code = span_of(code),
                           .name = name,
                           .sex = birth->sex,
                           .household = span_of(home.household),
                           .place = span_of(home.place),
                           .address = address_as_row(d->arena, home.address),
                           .born = birth->born,
                           .died = DAY_NONE,
                           .from = DAY_NONE};
  return write_row(d, &row, id, err);
}

/* ---- as data ---- */

static enum status change_do(const struct doing *d, const struct change *c, int64_t *born,
                             struct error *err) {
  *born = 0;
  switch (c->kind) {
  case CHANGE_NAME: return rename_person(d, c->person, c->text, err);
  case CHANGE_MOVE: return move_person(d, c, err);
  case CHANGE_JOIN: return join_person(d, c->person, c->text, c->day, c->today, err);
  case CHANGE_BIRTH:
    return birth_of(d, &(struct change_birth){c->person, c->text, c->sex, c->day}, c->today, born,
                    err);
  case CHANGE_DEATH: break;
  }
  return death_of(d, c->person, c->day, c->today, err);
}

enum status change_apply(struct store *store, struct arena *arena, const struct change *change,
                         int64_t *born, struct error *err) {
  return change_do(&(struct doing){store, arena, false}, change, born, err);
}

enum status change_check(struct store *store, struct arena *arena, const struct change *change,
                         struct error *err) {
  int64_t born;
  return change_do(&(struct doing){store, arena, true}, change, &born, err);
}

enum status change_rename(struct store *store, struct arena *arena, int64_t person,
                          struct span name, struct error *err) {
  return rename_person(&(struct doing){store, arena, false}, person, name, err);
}

enum status change_move(struct store *store, struct arena *arena, int64_t person, struct span place,
                        day_t from, day_t today, struct error *err) {
  const struct change move = {
      .kind = CHANGE_MOVE, .person = person, .text = place, .day = from, .today = today};
  return move_person(&(struct doing){store, arena, false}, &move, err);
}

enum status change_join(struct store *store, struct arena *arena, int64_t person,
                        struct span household, day_t from, day_t today, struct error *err) {
  return join_person(&(struct doing){store, arena, false}, person, household, from, today, err);
}

enum status change_birth(struct store *store, struct arena *arena, const struct change_birth *birth,
                         day_t today, int64_t *id, struct error *err) {
  return birth_of(&(struct doing){store, arena, false}, birth, today, id, err);
}

enum status change_death(struct store *store, struct arena *arena, int64_t person, day_t died,
                         day_t today, struct error *err) {
  return death_of(&(struct doing){store, arena, false}, person, died, today, err);
}
