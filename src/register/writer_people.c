/* Households and people: the register in memory, then written in the order of the tables' keys. */
#include "base/pasted.h"
#include "base/refusal.h"
#include "register/writer.h"
#include "register/changes.h"

#include "register/numbers.h"

#include <assert.h>

/* ---- reading the register ---- */

static const char *text_kept(struct register_writer *w, struct query *q, int column) {
  return writer_keep(w, query_text(q, column));
}

int writer_keep_person(struct register_writer *w, struct query *q) {
  array_reserve(w->people, w->person_capacity, w->person_count + 1);
  struct known_party party = {.id = query_int(q, 0), .code = text_kept(w, q, 2)};
  struct span sex = query_text(q, 7);
  w->people[w->person_count] =
      (struct known_person){.party = party,
                            .name = text_kept(w, q, 3),
                            .email = text_kept(w, q, 4),
                            .born = query_day(q, 5),
                            .died = query_day(q, 6),
                            .email_day = query_day(q, 10),
                            .sex = sex.size ? sex.bytes[0] : 0,
                            .number = arena_array(w->arena, const char *, writer_schemes(w))};
  map_set(&w->person_by_code, span_of(party.code), w->person_count);
  return w->person_count++;
}

int writer_keep_household(struct register_writer *w, struct query *q) {
  array_reserve(w->households, w->household_capacity, w->household_count + 1);
  struct known_party party = {.id = query_int(q, 0), .code = text_kept(w, q, 2)};
  w->households[w->household_count] = (struct known_household){.party = party,
                                                               .tenure = text_kept(w, q, 8),
                                                               .band = text_kept(w, q, 9)};
  map_set(&w->household_by_code, span_of(party.code), w->household_count);
  return w->household_count++;
}

static bool is_old_form(int number, struct span value) {
  return number == NUMBER_NINO && value.size > NINO_BYTES;
}

void writer_keep_number(struct register_writer *w, int person, int number, struct span value,
                        struct span suffix) {
  const char *whole = arena_printf(w->arena, SPAN_FORMAT SPAN_FORMAT, SPAN(value), SPAN(suffix));
  w->people[person].number[number] = whole;
  w->old_forms |= is_old_form(number, value);
  map_set(&w->person_by_number[number], span_make(whole, value.size), person);
}

/* `seat` gets, by party id, the index of a person, or (-2 - index) for a household; -1: none. */
static enum status read_parties(struct register_writer *w, int32_t *seat, int64_t max_id,
                                struct error *err) {
  struct query *q;
  enum status status = store_stream(w->store, &q, "select " PARTY_COLUMNS " from party order by id",
                                    err);
  if (status != DONE) return status;
  bool row;
  while ((status = query_step(q, &row, err)) == DONE && row) {
    int64_t id = query_int(q, 0);
    if (id < 1 || id > max_id || !query_text(q, 2).size) continue;
    seat[id] = span_is(query_text(q, 1), "person") ? writer_keep_person(w, q)
                                                   : -2 - writer_keep_household(w, q);
  }
  query_end(q);
  return status;
}

static struct known_party *party_at(struct register_writer *w, const int32_t *seat, int64_t max_id,
                                    int64_t id) {
  if (id < 1 || id > max_id || seat[id] == -1) return NULL;
  return seat[id] >= 0 ? &w->people[seat[id]].party : &w->households[-2 - seat[id]].party;
}

static enum status read_residences(struct register_writer *w, const int32_t *seat, int64_t max_id,
                                   struct error *err) {
  int64_t count;
  enum status status = store_int(w->store, "select count(*) from residence", 0, &count, err);
  if (status != DONE) return status;
  struct residence *residences = arena_array(w->arena, struct residence, count + 1);
  struct query *q;
  if ((status = store_stream(w->store, &q,
                             "select party, from_day, household, place, " ADDRESS_STORED
                             " from residence order by party, from_day",
                             err)) != DONE)
    return status;
  bool row;
  for (int64_t n = 0; (status = query_step(q, &row, err)) == DONE && row && n < count; n++) {
    struct known_party *party = party_at(w, seat, max_id, query_int(q, 0));
    if (!party) continue;
    residences[n] = (struct residence){(day_t)query_int(q, 1), query_int(q, 2), query_int(q, 3),
                                       address_of_row(q, w->arena, 4)};
    if (!party->residences) party->residences = &residences[n];
    party->residence_count++;
  }
  query_end(q);
  return status;
}

static enum status read_numbers(struct register_writer *w, const int32_t *seat, int64_t max_id,
                                struct error *err) {
  struct query *q;
  enum status status = store_stream(
      w->store, &q,
      "select value, scheme, party, suffix from identifier where scheme not in ('id', 'household')",
      err);
  if (status != DONE) return status;
  bool row;
  while ((status = query_step(q, &row, err)) == DONE && row) {
    struct span scheme = query_text(q, 1);
    int64_t id = query_int(q, 2);
    for (int n = 0; n < writer_schemes(w); n++)
      if (span_is(scheme, writer_scheme(w, n)) && id >= 1 && id <= max_id && seat[id] >= 0)
        writer_keep_number(w, seat[id], n, query_text(q, 0), query_text(q, 3));
  }
  query_end(q);
  return status;
}

static enum status need_parties(struct register_writer *w, struct error *err) {
  if (w->has_parties) return DONE;
  enum status status = writer_need_places(w, err);
  int64_t max_id = 0;
  if (status == DONE && !w->few)
    status = store_int(w->store, "select coalesce(max(id), 0) from party", 0, &max_id, err);
  if (status != DONE) return status;
  w->person_by_code = map_make(w->arena, (size_t)max_id);
  w->household_by_code = map_make(w->arena, (size_t)max_id / 3);
  for (int n = 0; n < writer_schemes(w); n++) w->person_by_number[n] = map_make(w->arena, 0);
  if (w->few) {
    w->has_parties = true;
    return DONE;
  }
  int32_t *seat = memory_alloc(sizeof *seat * (size_t)(max_id + 1));
  for (int64_t i = 0; i <= max_id; i++) seat[i] = -1;
  status = read_parties(w, seat, max_id, err);
  if (status == DONE) status = read_residences(w, seat, max_id, err);
  if (status == DONE) status = read_numbers(w, seat, max_id, err);
  free(seat);
  w->has_parties = status == DONE;
  return status;
}

/* ---- residences ---- */

struct residence_input {
  bool has_household, has_place, has_address;
  int64_t household, place;
  const struct address *address;
};
enum residence_change { RESIDENCE_SAME, RESIDENCE_CORRECTED, RESIDENCE_MOVED };

static struct residence residence_with(struct residence before,
                                       const struct residence_input *told) {
  struct residence after = before;
  if (told->has_household) after.household = told->household;
  if (told->has_place) after.place = told->place;
  if (told->has_address) after.address = told->address;
  else if (after.household != before.household || after.place != before.place)
    after.address = NULL; /* it was that of the other home */
  return after;
}

static void residences_insert(struct register_writer *w, struct known_party *party, int at,
                              struct residence residence) {
  struct residence *larger = arena_array(w->arena, struct residence, party->residence_count + 1);
  if (at) memcpy(larger, party->residences, sizeof *larger * (size_t)at);
  if (at < party->residence_count)
    memcpy(larger + at + 1, party->residences + at,
           sizeof *larger * (size_t)(party->residence_count - at));
  larger[at] = residence;
  party->residences = larger;
  party->residence_count++;
  party->change |= KNOWN_RESIDENCES;
}

static bool is_nowhere(const struct residence *residence) {
  return !residence->household && !residence->place && !residence->address;
}

static enum residence_change residences_correct(struct known_party *party, int at,
                                                struct residence residence) {
  struct residence *held = &party->residences[at];
  if (held->household == residence.household && held->place == residence.place &&
      address_same(held->address, residence.address))
    return RESIDENCE_SAME;
  *held = residence;
  party->change |= KNOWN_RESIDENCES;
  /* A residence from birth without household, place and address means the same as no residence: it
   * is not kept, so that each register has one form, which export gives. */
  if (at == 0 && residence.from == DAY_NONE && is_nowhere(&residence)) {
    party->residences++;
    party->residence_count--;
  }
  return RESIDENCE_CORRECTED;
}

static enum residence_change residences_apply(struct register_writer *w, struct known_party *party,
                                              day_t from, const struct residence_input *told) {
  /* one past the residence in force on the day, or past the last one */
  int at = party->residence_count;
  if (from != DAY_NONE)
    while (at > 0 && party->residences[at - 1].from > from) at--;
  struct residence before = at > 0 ? party->residences[at - 1] : (struct residence){0};
  struct residence residence = residence_with(before, told);
  if (at > 0 && (from == DAY_NONE || before.from == from))
    return residences_correct(party, at - 1, residence);
  /* a first record that names no place */
  if (from == DAY_NONE && is_nowhere(&residence)) return RESIDENCE_SAME;
  residence.from = from;
  residences_insert(w, party, at, residence);
  return RESIDENCE_MOVED;
}

static void count_row(struct register_writer *w, bool added, bool changed,
                      enum residence_change residence) {
  if (added) w->counts.added++;
  else if (residence == RESIDENCE_MOVED) w->counts.moved++;
  else if (changed || residence == RESIDENCE_CORRECTED) w->counts.changed++;
  else w->counts.same++;
}

static enum status check_address(struct register_writer *w, const struct address_row *row,
                                 struct residence_input *told, struct error *err) {
  told->has_address = address_told(row);
  return told->has_address ? address_read(w->arena, row, &told->address, err) : DONE;
}

/* ---- households ---- */

static enum status check_move(day_t from, struct error *err) {
  if (from == DAY_NONE || from <= day_today() + CHANGE_MOVE_AHEAD_DAYS) return DONE;
  return refuse_at(err, "from", MOVE_TOO_FAR_AHEAD);
}

enum status register_write_household(struct register_writer *w, const struct household_row *row,
                                     struct error *err) {
  enum status status = need_parties(w, err);
  if (status != DONE) return status;
  if (row->code.size == 0) return refuse_at(err, "id", HOUSEHOLD_ID_MISSING);
  if (row->code.size > IDENTIFIER_BYTES_MAX) return refuse_at(err, "id", HOUSEHOLD_ID_TOO_LONG);
  if (check_move(row->from, err) != DONE) return err->code;
  struct residence_input told = {.has_place = row->place.bytes != NULL};
  if ((status = writer_place(w, row->place, "place", &told.place, err)) != DONE) return status;
  if ((status = check_address(w, &row->address, &told, err)) != DONE) return status;
  if ((status = writer_few_party(w, &w->household_by_code, row->code, "household", err)) != DONE)
    return status;
  int self = (int)map_get(&w->household_by_code, row->code);
  bool added = self < 0, changed = false;
  if (added) {
    array_reserve(w->households, w->household_capacity, w->household_count + 1);
    self = w->household_count++;
    w->households[self] = (struct known_household){
        .party = {.id = ++w->last_party, .code = writer_keep(w, row->code), .change = KNOWN_NEW}};
    map_set(&w->household_by_code, span_of(w->households[self].party.code), self);
  }
  struct known_household *h = &w->households[self];
  if (writer_differs(h->tenure, row->tenure)) {
    h->tenure = writer_keep(w, row->tenure);
    changed = true;
  }
  if (writer_differs(h->band, row->band)) {
    h->band = writer_keep(w, row->band);
    changed = true;
  }
  if (changed) h->party.change |= KNOWN_CHANGED;
  count_row(w, added, changed, residences_apply(w, &h->party, row->from, &told));
  return DONE;
}

/* ---- people ---- */

/* A number as a row gives it: empty, or checked. */
struct number_input {
  struct identifier identifier;
  char whole[NUMBER_FULL_SIZE];
};

/* Another person who has it; -1: nobody. */
static int other_holder(const struct register_writer *w, int n, const struct number_input *told,
                        int self) {
  int holder = (int)map_get(&w->person_by_number[n], span_of(told->identifier.value));
  char form[NUMBER_FULL_SIZE];
  for (const char *letter = w->old_forms && n == NUMBER_NINO ? NINO_LETTERS : "";
       *letter && (holder < 0 || holder == self); letter++) {
    snprintf(form, sizeof form, "%s%c", told->identifier.value, *letter);
    holder = (int)map_get(&w->person_by_number[n], span_of(form));
  }
  return holder == self ? -1 : holder;
}

static enum status check_number(struct register_writer *w, int n, struct span told, int self,
                                struct number_input *out, struct error *err) {
  const char *scheme = writer_scheme(w, n),
             *fault = identifier_read_value(&w->own, scheme, told, &out->identifier);
  if (fault) {
    refuse(err, IDENTIFIER_MALFORMED, QUOTED(told), fault);
    return error_at(err, NULL, 0, scheme);
  }
  snprintf(out->whole, sizeof out->whole, "%s%s", out->identifier.value, out->identifier.suffix);
  /* unchanged: it does not take the number from somebody else */
  if (self >= 0 && w->people[self].number[n] && strcmp(w->people[self].number[n], out->whole) == 0)
    return DONE;
  if (writer_few_number(w, n, &out->identifier, err) != DONE) return err->code;
  int holder = other_holder(w, n, out, self);
  if (holder < 0) return DONE;
  const struct known_person *p = &w->people[holder];
  if (strcmp(p->number[n], out->whole) == 0)
    refuse(err, NUMBER_OF_ANOTHER, out->whole, p->party.code);
  else refuse(err, NUMBER_OF_ANOTHER_BUT_LETTER, out->whole, p->number[n], p->party.code);
  return error_at(err, NULL, 0, scheme);
}

/* What a row says of a number; null bytes: nothing. */
static struct span number_told(const struct register_writer *w, const struct person_row *row,
                               int n) {
  if (n < NUMBER_COUNT) return (const struct span[]){row->nino, row->nhs, row->utr}[n];
  for (int i = 0; i < row->own_count; i++)
    if (strcmp(row->own[i].scheme, writer_scheme(w, n)) == 0) return row->own[i].value;
  return (struct span){0};
}

static enum status check_numbers(struct register_writer *w, const struct person_row *row, int self,
                                 struct number_input *number, struct error *err) {
  for (int n = 0; n < writer_schemes(w); n++) {
    struct span told = number_told(w, row, n);
    number[n] = (struct number_input){0};
    if (told.size && check_number(w, n, told, self, &number[n], err) != DONE) return err->code;
  }
  for (int i = 0; i < row->own_count; i++) {
    if (!row->own[i].value.size || schemes_find(&w->own, span_of(row->own[i].scheme))) continue;
    refuse(err, SCHEME_NOT_IN_BOOK, QUOTED(row->own[i].value));
    return error_at(err, NULL, 0, row->own[i].scheme);
  }
  return DONE;
}

/* Refuses the id of a person who was erased: it is not given again. */
static enum status check_not_erased(struct register_writer *w, struct span code,
                                    struct error *err) {
  char day[ERASED_DAY_SIZE];
  enum status status = w->erased ? DONE : erased_ids_read(w->store, w->arena, &w->erased, err);
  if (status != DONE || !erased_ids_find(w->erased, code, day)) return status;
  refuse(err, PERSON_ID_ERASED, QUOTED(code), day);
  return error_at(err, NULL, 0, "id");
}

/* Births and deaths happened; a move may be known some months ahead. */
static enum status check_days(const struct person_row *row, day_t died, struct error *err) {
  const day_t today = day_today();
  char edge[11];
  if (row->born > today)
    return refuse_at(err, "born", REGISTER_DAY_IN_FUTURE, day_write(today, edge));
  if (died != DAY_NONE && died > today && !row->keep_died)
    return refuse_at(err, "died", REGISTER_DAY_IN_FUTURE, day_write(today, edge));
  return check_move(row->from, err);
}

static enum status check_person(struct register_writer *w, const struct person_row *row, int self,
                                struct residence_input *told, struct error *err) {
  const char *fault = identifier_fault("id", row->code);
  if (fault) {
    refuse(err, IDENTIFIER_MALFORMED, QUOTED(row->code), fault);
    return error_at(err, NULL, 0, "id");
  }
  if (self < 0 && check_not_erased(w, row->code, err) != DONE) return err->code;
  if (span_trim_pasted(row->name).size == 0) return refuse_at(err, "name", PERSON_NAME_MISSING);
  if (row->born == DAY_NONE) return refuse_at(err, "born", PERSON_BORN_MISSING);
  day_t died = row->keep_died ? self >= 0 ? w->people[self].died : DAY_NONE : row->died;
  if (died != DAY_NONE && died < row->born)
    return refuse_at(err, row->keep_died ? "born" : "died", DEATH_BEFORE_BIRTH);
  if (check_days(row, died, err) != DONE) return err->code;
  if (row->sex.size && !(row->sex.size == 1 && strchr("FMX", row->sex.bytes[0]))) {
    refuse(err, SEX_UNKNOWN, QUOTED(row->sex));
    return error_at(err, NULL, 0, "sex");
  }
  told->has_household = row->household.bytes != NULL;
  if (row->household.size) {
    if (writer_few_party(w, &w->household_by_code, row->household, "household", err) != DONE)
      return err->code;
    int household = (int)map_get(&w->household_by_code, row->household);
    if (household < 0) {
      refuse(err, HOUSEHOLD_UNREGISTERED, QUOTED(row->household));
      return error_at(err, NULL, 0, "household");
    }
    told->household = w->households[household].party.id;
  }
  told->has_place = row->place.bytes != NULL;
  if (writer_place(w, row->place, "place", &told->place, err) != DONE) return err->code;
  return check_address(w, &row->address, told, err);
}

static int person_add(struct register_writer *w, struct span code) {
  array_reserve(w->people, w->person_capacity, w->person_count + 1);
  int self = w->person_count++;
  w->people[self] = (struct known_person){
      .party = {.id = ++w->last_party, .code = writer_keep(w, code), .change = KNOWN_NEW},
      .born = DAY_NONE,
      .died = DAY_NONE,
      .email_day = DAY_NONE,
      .number = arena_array(w->arena, const char *, writer_schemes(w))};
  map_set(&w->person_by_code, span_of(w->people[self].party.code), self);
  int64_t id = w->people[self].party.id;
  if (!w->first_new_person) w->first_new_person = id;
  else
    assert(id == w->last_new_person +
                     1); /* a writer of one kind: no household took a number in between */
  w->last_new_person = id;
  return self;
}

/* Removes this key from the map, if it leads to this person. */
static void drop_key(struct map *map, struct span key, int self) {
  if (map_get(map, key) == self) map_remove(map, key);
}

static void change_number(struct register_writer *w, int self, int n,
                          const struct number_input *told) {
  struct known_person *p = &w->people[self];
  struct map *map = &w->person_by_number[n];
  struct span old = span_of(p->number[n]);
  if (old.size) drop_key(map, old, self);
  if (is_old_form(n, old)) drop_key(map, span_make(old.bytes, NINO_BYTES), self);
  p->number[n] = writer_keep(w, span_of(told->whole));
  if (p->number[n]) map_set(map, span_make(p->number[n], strlen(told->identifier.value)), self);
  p->party.change |= (uint32_t)KNOWN_NUMBER << n;
}

static bool person_apply(struct register_writer *w, int self, const struct person_row *row,
                         const struct number_input *number) {
  struct known_person *p = &w->people[self];
  day_t died = row->keep_died ? p->died : row->died;
  char sex = !row->sex.bytes ? p->sex : row->sex.size ? row->sex.bytes[0] : 0;
  bool self_changed = writer_differs(p->name, row->name) || writer_differs(p->email, row->email) ||
                      p->born != row->born || p->died != died || p->sex != sex;
  bool changed = self_changed;
  if ((p->born != row->born || p->died != died) && !(p->party.change & KNOWN_NEW)) {
    array_reserve(w->lives, w->life_capacity, w->life_count + 1);
    w->lives[w->life_count++] = p->party.id;
  }
  if (self_changed) {
    if (writer_differs(p->name, row->name)) p->name = writer_keep(w, row->name);
    if (writer_differs(p->email, row->email)) {
      p->email = writer_keep(w, row->email);
      p->email_day = p->email ? day_today() : DAY_NONE;
    }
    p->born = row->born;
    p->died = died;
    p->sex = sex;
    p->party.change |= KNOWN_CHANGED;
  }
  for (int n = 0; n < writer_schemes(w); n++) {
    if (!number_told(w, row, n).bytes ||
        span_equal(span_of(p->number[n]), span_of(number[n].whole)))
      continue;
    change_number(w, self, n, &number[n]);
    changed = true;
  }
  return changed;
}

enum status register_write_person(struct register_writer *w, const struct person_row *row,
                                  struct error *err) {
  enum status status = need_parties(w, err);
  if (status == DONE) status = writer_few_party(w, &w->person_by_code, row->code, "id", err);
  if (status != DONE) return status;
  int self = (int)map_get(&w->person_by_code, row->code);
  struct residence_input told = {0};
  struct number_input number[NUMBER_COUNT + LIMIT_SCHEMES];
  if ((status = check_person(w, row, self, &told, err)) != DONE) return status;
  if ((status = check_numbers(w, row, self, number, err)) != DONE) return status;
  bool added = self < 0;
  if (added) self = person_add(w, row->code);
  bool changed = person_apply(w, self, row, number);
  count_row(w, added, changed, residences_apply(w, &w->people[self].party, row->from, &told));
  return DONE;
}

/* ---- writing ---- */

static void append_day(struct append *a, day_t day) {
  if (day == DAY_NONE) append_null(a);
  else append_int(a, day);
}

static void append_id(struct append *a, int64_t id) {
  if (id) append_int(a, id);
  else append_null(a);
}

static enum status append_parties(struct register_writer *w, struct error *err) {
  struct append *a;
  enum status status = append_begin(
      w->store, &a, "party",
      "id, kind, code, name, born, died, sex, email, tenure, council_tax_band, email_day", err);
  if (status != DONE) return status;
  for (int i = 0; i < w->household_count && status == DONE; i++) {
    const struct known_household *h = &w->households[i];
    if (!(h->party.change & KNOWN_NEW)) continue;
    append_int(a, h->party.id);
    append_text(a, span_of("household"));
    append_text(a, span_of(h->party.code));
    for (int column = 0; column < 5; column++) append_null(a);
    append_text(a, span_of(h->tenure));
    append_text(a, span_of(h->band));
    append_null(a);
    status = append_row(a, err);
  }
  for (int i = 0; i < w->person_count && status == DONE; i++) {
    const struct known_person *p = &w->people[i];
    if (!(p->party.change & KNOWN_NEW)) continue;
    append_int(a, p->party.id);
    append_text(a, span_of("person"));
    append_text(a, span_of(p->party.code));
    append_text(a, span_of(p->name));
    append_day(a, p->born);
    append_day(a, p->died);
    append_text(a, p->sex ? span_make(&p->sex, 1) : (struct span){0});
    append_text(a, span_of(p->email));
    append_null(a);
    append_null(a);
    append_day(a, p->email_day);
    status = append_row(a, err);
  }
  if (status == DONE) return append_end(a, err);
  append_abandon(a);
  return status;
}

static enum status append_residences_of(struct append *a, const struct known_party *party,
                                        struct error *err) {
  enum status status = DONE;
  for (int s = 0; s < party->residence_count && status == DONE; s++) {
    append_int(a, party->id);
    append_int(a, party->residences[s].from);
    append_id(a, party->residences[s].household);
    append_id(a, party->residences[s].place);
    address_append(a, party->residences[s].address);
    status = append_row(a, err);
  }
  return status;
}

static enum status append_residences(struct register_writer *w, struct error *err) {
  struct append *a;
  enum status status = append_begin(w->store, &a, "residence",
                                    "party, from_day, household, place, " ADDRESS_STORED, err);
  if (status != DONE) return status;
  for (int i = 0; i < w->household_count && status == DONE; i++)
    if (w->households[i].party.change & KNOWN_RESIDENCES)
      status = append_residences_of(a, &w->households[i].party, err);
  for (int i = 0; i < w->person_count && status == DONE; i++)
    if (w->people[i].party.change & KNOWN_RESIDENCES)
      status = append_residences_of(a, &w->people[i].party, err);
  if (status == DONE) return append_end(a, err);
  append_abandon(a);
  return status;
}

/* The table is clustered by value, so rows are sorted first; the row holds the first eight bytes,
 * so that most comparisons need not read the text. */
struct number_row {
  uint64_t prefix;
  struct span value, suffix;
  const char *scheme;
  int64_t party;
};

static int number_compare(const void *a, const void *b) {
  const struct number_row *x = a, *y = b;
  if (x->prefix != y->prefix) return x->prefix < y->prefix ? -1 : 1;
  int order = span_compare(x->value, y->value);
  return order ? order : strcmp(x->scheme, y->scheme);
}

struct number_rows {
  struct number_row *all;
  size_t count, capacity;
};

static void number_add(struct number_rows *rows, struct span value, const char *scheme,
                       int64_t party) {
  uint64_t prefix = 0;
  struct span suffix = span_of("");
  if (strcmp(scheme, "nino") == 0 && value.size > NINO_BYTES) {
    suffix = span_make(value.bytes + NINO_BYTES, value.size - NINO_BYTES);
    value.size = NINO_BYTES;
  }
  for (size_t i = 0; i < 8; i++)
    prefix = prefix << 8 | (unsigned char)(i < value.size ? value.bytes[i] : 0);
  array_reserve(rows->all, rows->capacity, rows->count + 1);
  rows->all[rows->count++] = (struct number_row){prefix, value, suffix, scheme, party};
}

static enum status append_numbers(struct register_writer *w, struct error *err) {
  struct number_rows rows = {0};
  for (int i = 0; i < w->household_count; i++)
    if (w->households[i].party.change & KNOWN_NEW)
      number_add(&rows, span_of(w->households[i].party.code), "household",
                 w->households[i].party.id);
  for (int i = 0; i < w->person_count; i++) {
    const struct known_person *p = &w->people[i];
    if (p->party.change & KNOWN_NEW) number_add(&rows, span_of(p->party.code), "id", p->party.id);
    for (int n = 0; n < writer_schemes(w); n++)
      if (p->party.change & ((uint32_t)KNOWN_NUMBER << n) && p->number[n])
        number_add(&rows, span_of(p->number[n]), writer_scheme(w, n), p->party.id);
  }
  bool sorted = true;
  for (size_t i = 1; i < rows.count && sorted; i++)
    sorted = number_compare(&rows.all[i - 1], &rows.all[i]) < 0;
  if (!sorted) array_sort(rows.all, rows.count, number_compare);
  struct append *a;
  enum status status = append_begin(w->store, &a, "identifier", "value, scheme, party, suffix",
                                    err);
  for (size_t i = 0; i < rows.count && status == DONE; i++) {
    append_text(a, rows.all[i].value);
    append_text(a, span_of(rows.all[i].scheme));
    append_int(a, rows.all[i].party);
    append_text(a, rows.all[i].suffix);
    if ((status = append_row(a, err)) != DONE) append_abandon(a);
  }
  if (status == DONE) status = append_end(a, err);
  free(rows.all);
  return status;
}

/* Each in its own statement; between them all run in one pipeline. */
static enum status update_household(struct register_writer *w, const struct known_household *h,
                                    struct error *err) {
  struct query *q;
  enum status status = store_query(
      w->store, &q, "update party set tenure = ?2, council_tax_band = ?3 where id = ?1", err);
  if (status != DONE) return status;
  query_bind_int(q, 1, h->party.id);
  query_bind_text(q, 2, span_of(h->tenure));
  query_bind_text(q, 3, span_of(h->band));
  status = query_run(q, err);
  query_end(q);
  return status;
}

static enum status update_person(struct register_writer *w, const struct known_person *p,
                                 struct error *err) {
  struct query *q;
  enum status status = store_query(w->store, &q,
                                   "update party set name = ?2, born = ?3, died = ?4, sex = ?5, "
                                   "email = ?6, email_day = ?7 where "
                                   "id = ?1",
                                   err);
  if (status != DONE) return status;
  query_bind_int(q, 1, p->party.id);
  query_bind_text(q, 2, span_of(p->name));
  query_bind_int(q, 3, p->born);
  if (p->died == DAY_NONE) query_bind_null(q, 4);
  else query_bind_int(q, 4, p->died);
  query_bind_text(q, 5, p->sex ? span_make(&p->sex, 1) : (struct span){0});
  query_bind_text(q, 6, span_of(p->email));
  if (p->email_day == DAY_NONE) query_bind_null(q, 7);
  else query_bind_int(q, 7, p->email_day);
  status = query_run(q, err);
  query_end(q);
  return status;
}

static enum status forget(struct register_writer *w, const char *sql, int64_t party,
                          const char *scheme, struct error *err) {
  struct query *q;
  enum status status = store_query(w->store, &q, sql, err);
  if (status != DONE) return status;
  query_bind_int(q, 1, party);
  if (scheme) query_bind_text(q, 2, span_of(scheme));
  status = query_run(q, err);
  query_end(q);
  return status;
}

/* Changes the stored rows of known people in place, or deletes them so that they are appended
 * anew. */
static enum status change_party(struct register_writer *w, const struct known_party *party,
                                struct error *err) {
  static const char residences[] = "delete from residence where party = ?1";
  static const char number[] = "delete from identifier where party = ?1 and scheme = ?2";
  enum status status = DONE;
  if (party->change & KNOWN_RESIDENCES) status = forget(w, residences, party->id, NULL, err);
  for (int n = 0; n < writer_schemes(w) && status == DONE; n++)
    if (party->change & ((uint32_t)KNOWN_NUMBER << n))
      status = forget(w, number, party->id, writer_scheme(w, n), err);
  return status;
}

static enum status change_known(struct register_writer *w, struct error *err) {
  enum status status = store_pipeline_begin(w->store, err);
  if (status != DONE) return status;
  for (int i = 0; i < w->household_count && status == DONE; i++) {
    const struct known_household *h = &w->households[i];
    if (!h->party.change || h->party.change & KNOWN_NEW) continue;
    status = change_party(w, &h->party, err);
    if (status == DONE && h->party.change & KNOWN_CHANGED) status = update_household(w, h, err);
  }
  for (int i = 0; i < w->person_count && status == DONE; i++) {
    const struct known_person *p = &w->people[i];
    if (!p->party.change || p->party.change & KNOWN_NEW) continue;
    status = change_party(w, &p->party, err);
    if (status == DONE && p->party.change & KNOWN_CHANGED) status = update_person(w, p, err);
  }
  enum status ended = store_pipeline_end(w->store, status == DONE ? err : NULL);
  return status == DONE ? ended : status;
}

enum status writer_end_parties(struct register_writer *w, struct error *err) {
  if (!w->has_parties) return DONE;
  enum status status = change_known(w, err);
  if (status == DONE) status = append_parties(w, err);
  if (status == DONE) status = append_residences(w, err);
  if (status == DONE) status = append_numbers(w, err);
  return status;
}
