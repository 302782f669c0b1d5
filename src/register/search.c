/* Finding people. Candidates are read by key or by the index of birthdays (some 40 of a million
 * people were born on one day), and filtered here. */
#include "register/search.h"

#include "base/fold.h"
#include "base/refusal.h"
#include "register/notices.h"
#include "register/numbers.h"
#include "register/schemes.h"

#include <stdlib.h>

/* ---- names ---- */

/* `asked` is folded already. */
static bool name_fits(const char *name, const struct text *asked) {
  struct text folded = {0};
  text_add_folded(&folded, span_of(name));
  const bool fits = folded_name_fits(span_make(folded.bytes, folded.size),
                                     span_make(asked->bytes, asked->size));
  text_release(&folded);
  return fits;
}

/* ---- one candidate ---- */

struct finder {
  struct store *store;
  struct arena *arena;
  const struct search *search;
  struct text name;             /* asked for, folded */
  char postcode[POSTCODE_SIZE]; /* asked for; empty: it was not */
  struct found *all;
  int count, capacity;
  bool left_out; /* there are more candidates than are looked at */
};

/* A name that the record had before its person told a new one. */
static enum status former_name_fits(struct finder *f, int64_t id, bool *fits, struct error *err) {
  struct case_file *told = NULL;
  int count = 0;
  enum status status = cases_of_kind_about(f->store, f->arena, id, "told-name", &told, &count, err);
  for (int i = 0; status == DONE && !*fits && i < count; i++) {
    const char *former = case_fact(&told[i], NOTICE_FORMER), *name = case_fact(&told[i], "name");
    *fits = (former && name_fits(former, &f->name)) || (name && name_fits(name, &f->name));
  }
  return status;
}

/* Their own name, or that of the record that was found, which was merged into theirs; or one that
 * either had before. */
static enum status any_name_fits(struct finder *f, int64_t id, const struct person *p, bool *fits,
                                 struct error *err) {
  struct person found;
  enum status status = DONE;
  *fits = name_fits(p->name, &f->name);
  if (!*fits && id != p->id) {
    status = register_person(f->store, f->arena, id, &found, err);
    *fits = status == DONE && name_fits(found.name, &f->name);
  }
  if (status == DONE && !*fits) status = former_name_fits(f, p->id, fits, err);
  if (status == DONE && !*fits && id != p->id) status = former_name_fits(f, id, fits, err);
  return status;
}

static enum status consider(struct finder *f, int64_t id, struct error *err) {
  const struct search *s = f->search;
  struct person p;
  struct homes *homes = NULL;
  bool fits = false;
  enum status status = register_surviving_person(f->store, f->arena, id, &p, err);
  for (int i = 0; status == DONE && i < f->count; i++)
    if (f->all[i].id == p.id) return DONE;
  if (status == DONE) status = any_name_fits(f, id, &p, &fits, err);
  if (status != DONE || !fits) return status;
  if ((status = register_homes(f->store, f->arena, &p, &homes, err)) != DONE) return status;
  int64_t place = homes_place(homes, &p, s->today);
  if (s->place != PLACE_NONE && !places_within(s->places, places_by_id(s->places, place), s->place))
    return DONE;
  const struct address *address = homes_address(homes, &p, s->today);
  if (*f->postcode &&
      (!address || !address->postcode || strcmp(address->postcode, f->postcode) != 0))
    return DONE;
  arena_reserve(f->arena, f->all, f->capacity, f->count + 1);
  f->all[f->count++] = (struct found){p.id, p.code, p.name, p.born, p.died, place};
  return DONE;
}

/* ---- candidates ---- */

static enum status by_number(struct finder *f, const struct identifier *number, struct error *err) {
  struct holders holders;
  enum status status = numbers_holders(f->store, number, &holders, err);
  for (int i = 0; status == DONE && i < holders.count; i++)
    status = consider(f, holders.all[i].party, err);
  return status;
}

/* The reference as written; a bare number may be of any scheme that people have. */
static enum status by_reference(struct finder *f, struct error *err) {
  struct identifier identifier;
  struct span reference = span_trim(f->search->reference);
  struct schemes own;
  enum { PEOPLE = 4 };
  const char *people[PEOPLE + LIMIT_SCHEMES] = {"id", "nino", "nhs", "utr"};
  enum status status = schemes_read(f->store, f->arena, &own, err);
  if (status != DONE) return status;
  int count = PEOPLE;
  for (int i = 0; i < own.count; i++) people[count++] = own.all[i].code;
  if (!identifier_read(&own, reference, &identifier))
    for (int i = 0; i < count; i++)
      if (strcmp(identifier.scheme, people[i]) == 0) status = by_number(f, &identifier, err);
  if (memchr(reference.bytes, ':', reference.size)) return status;
  for (int i = 1; status == DONE && i < count; i++)
    if (!identifier_read_value(&own, people[i], reference, &identifier))
      status = by_number(f, &identifier, err);
  return status;
}

static enum status by_birthday(struct finder *f, struct error *err) {
  struct query *q;
  enum status status = store_query(
      f->store, &q, "select id from party where born = ?1 and kind = 'person' order by id", err);
  if (status != DONE) return status;
  query_bind_int(q, 1, f->search->born);
  bool row;
  while ((status = query_step(q, &row, err)) == DONE && row)
    if ((status = consider(f, query_int(q, 0), err)) != DONE) break;
  query_end(q);
  return status;
}

struct parties {
  int64_t *all;
  int count, capacity;
};

static enum status read_parties(struct finder *f, const char *sql, struct parties *out,
                                struct error *err) {
  struct query *q = NULL;
  bool row;
  enum status status = store_query(f->store, &q, sql, err);
  if (status != DONE) return status;
  query_bind_text(q, 1, span_of(f->postcode));
  query_bind_int(q, 2, SEARCH_CANDIDATES_MOST + 1);
  while ((status = query_step(q, &row, err)) == DONE && row) {
    if (out->count == SEARCH_CANDIDATES_MOST) {
      f->left_out = true;
      break;
    }
    arena_reserve(f->arena, out->all, out->capacity, out->count + 1);
    out->all[out->count++] = query_int(q, 0);
  }
  query_end(q);
  return status;
}

static enum status consider_all(struct finder *f, const struct parties *parties,
                                struct error *err) {
  enum status status = DONE;
  for (int i = 0; status == DONE && i < parties->count; i++)
    if (!i || parties->all[i] != parties->all[i - 1]) status = consider(f, parties->all[i], err);
  return status;
}

/* Who has the postcode of their own, and who lives or lived in a household that has it; whoever
 * has moved since is left out by `consider`. */
static enum status by_postcode(struct finder *f, struct error *err) {
  struct parties people = {0}, households = {0};
  enum status status = read_parties(f,
                                    "select r.party from residence r join party p on p.id = "
                                    "r.party where r.postcode = ?1 and p.kind = 'person' order by "
                                    "r.party limit ?2",
                                    &people, err);
  if (status == DONE)
    status = read_parties(f,
                          "select r.party from residence r join party p on p.id = r.party where "
                          "r.postcode = ?1 and p.kind = 'household' order by r.party limit ?2",
                          &households, err);
  if (status == DONE) status = consider_all(f, &people, err);
  for (int i = 0; status == DONE && i < households.count; i++) {
    struct parties members = {0};
    if (i && households.all[i] == households.all[i - 1]) continue;
    status = register_household_members(f->store, f->arena, households.all[i], &members.all,
                                        &members.count, err);
    f->left_out |= members.count > SEARCH_CANDIDATES_MOST;
    if (members.count > SEARCH_CANDIDATES_MOST) members.count = SEARCH_CANDIDATES_MOST;
    if (status == DONE) status = consider_all(f, &members, err);
  }
  return status;
}

static int found_compare(const void *a, const void *b) {
  const struct found *x = a, *y = b;
  int order = strcmp(x->name, y->name);
  return order ? order : strcmp(x->code, y->code);
}

/* Characters that are no blank, dash or apostrophe. */
static int letters_of(const struct text *folded) {
  int letters = 0;
  for (size_t i = 0; i < folded->size; i++)
    letters += (folded->bytes[i] & 0xc0) != 0x80 && !strchr(" -'", folded->bytes[i]);
  return letters;
}

/* Whether so much was given that a search is not browsing. */
static enum status enough(struct finder *f, bool reference, struct error *err) {
  enum { LETTERS = 2 }; /* of a name, beside a postcode */
  const struct search *s = f->search;
  const bool name = f->name.size > 0, place = s->place != PLACE_NONE;
  if (span_trim(s->postcode).size && !postcode_read(s->postcode, f->postcode))
    return refuse_at(err, "postcode", SEARCH_POSTCODE_MALFORMED);
  if (reference) return DONE;
  if (s->born == DAY_NONE && *f->postcode)
    return letters_of(&f->name) >= LETTERS ? DONE : refuse_at(err, "name", SEARCH_POSTCODE_ALONE);
  if (s->born == DAY_NONE)
    return refuse_at(err, name || place ? "born" : "reference", SEARCH_TOO_LITTLE);
  return name || place || *f->postcode ? DONE : refuse_at(err, "name", SEARCH_BORN_ALONE);
}

enum status search_people(struct store *store, struct arena *arena, const struct search *search,
                          struct found out[SEARCH_MOST], int *count, bool *more,
                          struct error *err) {
  struct finder f = {.store = store, .arena = arena, .search = search};
  *count = 0;
  *more = false;
  const bool reference = span_trim(search->reference).size > 0;
  text_add_folded(&f.name, search->name);
  enum status status = enough(&f, reference, err);
  if (status == DONE)
    status = reference                  ? by_reference(&f, err)
             : search->born != DAY_NONE ? by_birthday(&f, err)
                                        : by_postcode(&f, err);
  text_release(&f.name);
  if (status != DONE) return status;
  int n = 0;
  for (int i = 0; i < f.count; i++) /* with a number, the day must match too */
    if (search->born == DAY_NONE || f.all[i].born == search->born || !reference)
      f.all[n++] = f.all[i];
  array_sort(f.all, n, found_compare);
  *more = n > SEARCH_MOST || f.left_out;
  *count = n < SEARCH_MOST ? n : SEARCH_MOST;
  if (*count) memcpy(out, f.all, sizeof *out * (size_t)*count);
  return DONE;
}
