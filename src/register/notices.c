/* Notices: whom they are told to, what they ask for, what an erasure takes of them. */
#include "register/notices.h"

#include "base/fold.h"
#include "base/refusal.h"
#include "register/legal_holds.h"
#include "register/notice_facts.h"
#include "register/numbers.h"
#include "register/schemes.h"

#include <stdlib.h>

/* ---- the bodies to tell ---- */

/* Adds the councils whose place is `place` or above it. *nearest: of them the one with the lowest
 * place, of several the first. */
static int add_councils(const struct notice_bodies_asked *asked, int place, int64_t *all, int n,
                        int64_t *nearest) {
  int lowest = PLACE_NONE;
  for (int i = 0; place != PLACE_NONE && i < asked->bodies->count; i++) {
    const struct body *b = &asked->bodies->all[i];
    int seat = b->place && strcmp(b->kind, "council") == 0 ? places_by_id(asked->places, b->place)
                                                           : PLACE_NONE;
    if (seat == PLACE_NONE || !places_within(asked->places, place, seat)) continue;
    all[n++] = b->id;
    if (lowest != PLACE_NONE && (seat == lowest || !places_within(asked->places, seat, lowest)))
      continue;
    lowest = seat;
    *nearest = b->id;
  }
  return n;
}

static bool is_connected(const struct notice_bodies_asked *asked, int64_t body) {
  return array_find(&body, asked->connected, asked->connected_count, int64_compare) != NULL;
}

enum status notice_bodies(struct store *store, struct arena *arena,
                          const struct notice_bodies_asked *asked, struct notice_told *out,
                          struct error *err) {
  struct person p;
  struct homes *homes = NULL;
  enum status status = register_surviving_person(store, arena, asked->person, &p, err);
  if (status == DONE) status = register_homes(store, arena, &p, &homes, err);
  if (status != DONE) return status;
  int place = places_by_id(asked->places, homes_place(homes, &p, asked->day)), n = 0;
  const int most = asked->known_count + asked->bodies->count + 1;
  int64_t *all = arena_array(arena, int64_t, most);
  *out = (struct notice_told){.bodies = arena_array(arena, int64_t, most),
                              .others = arena_array(arena, int64_t, most)};
  for (int i = 0; i < asked->known_count; i++) all[n++] = asked->known[i];
  n = add_councils(asked, place, all, n, &out->decides);
  array_sort(all, n, int64_compare);
  for (int i = 0; i < n; i++) {
    if (i && all[i] == all[i - 1]) continue;
    if (is_connected(asked, all[i])) out->bodies[out->count++] = all[i];
    else out->others[out->other_count++] = all[i];
  }
  if (!out->decides && n) out->decides = out->count ? out->bodies[0] : all[0];
  out->decides_connected = is_connected(asked, out->decides);
  return DONE;
}

/* ---- what it asks for ---- */

/* As if it were applied. */
static enum status check_telling(struct store *store, struct arena *arena,
                                 const struct notice_facts *told, struct error *err) {
  struct change change;
  const struct address *address = NULL;
  bool known = false;
  enum status status = DONE;
  /* before the day of the move, which may not be asked yet */
  if (told->kind == NOTICE_ADDRESS) status = address_read(arena, &told->address, &address, err);
  if (status != DONE) return notice_facts_name(err), status;
  status = notice_facts_change(store, arena, told, 0, &change, &known, err);
  if (status != DONE || !known) return status;
  struct error found = {0};
  status = change_check(store, arena, &change, &found);
  /* Nobody but staff may learn whether a household with a given reference exists, so this is not
   * refused here. An empty reference is. */
  if (status == REFUSED && told->kind == NOTICE_HOUSEHOLD &&
      strcmp(found.column, "household") == 0 && told->text[FACT_HOUSEHOLD].bytes)
    return DONE;
  if (status != DONE && err) *err = found;
  return status;
}

enum status notice_check(struct store *store, struct arena *arena,
                         const struct notice_input *telling, bool whole, struct error *err) {
  struct notice_facts told;
  struct error found = {0};
  notice_facts_read(telling, &told);
  if (told.kind == NOTICE_PASSED_ON) return DONE;
  enum status status = check_telling(store, arena, &told, &found);
  /* a later question asks for it */
  if (status == REFUSED && !whole && found.column[0] && !notice_facts_have(&told, found.column))
    return DONE;
  if (status != DONE && err) *err = found;
  return status;
}

bool notice_asks_who(const struct notice_input *telling) {
  struct notice_facts told;
  notice_facts_read(telling, &told);
  return told.kind == NOTICE_DEATH && !told.text[FACT_PERSON].bytes;
}

enum status notice_apply(struct store *store, struct arena *arena,
                         const struct notice_input *telling, int64_t subject, int64_t *born,
                         struct error *err) {
  struct notice_facts told;
  struct change change;
  bool known = false;
  *born = 0;
  notice_facts_read(telling, &told);
  if (told.kind == NOTICE_PASSED_ON) return DONE;
  enum status status = notice_facts_change(store, arena, &told, subject, &change, &known, err);
  if (status != DONE) return status;
  return known ? change_apply(store, arena, &change, born, err)
               : refuse_at(err, NOTICE_WHO, NOTICE_DEAD_MISSING);
}

/* ---- erasure ---- */

bool notice_names(const struct person *p, const char *name, const char *born) {
  char day[11];
  return p->name && p->born != DAY_NONE && fold_same(span_of(name), span_of(p->name)) &&
         strcmp(born, day_write(p->born, day)) == 0;
}

/* The identifiers of one person; they are few. */
struct own_numbers {
  struct identifier *all;
  int count, capacity;
  struct schemes schemes;
};

/* Whether the notice is about this person: a death or birth that somebody else reported. Who was
 * registered by it is in its result, whatever they are called now. A reference identifies the
 * person, by its value: of whoever told it, or of staff who found whom it means. Name and day of
 * birth, which others may share and which may change, decide only where nothing else was given. */
static bool tells_of(struct arena *arena, const struct case_file *n, const struct person *p,
                     const struct own_numbers *own) {
  const char *person = case_fact(n, "person"), *name = case_fact(n, "name"),
             *day = case_fact(n, "born"), *found = case_fact(n, NOTICE_WHO);
  struct identifier told;
  if (n->result && *n->result)
    return strcmp(n->result, arena_printf(arena, "person:%lld", (long long)p->id)) == 0;
  for (int i = 0; person && i < own->count; i++)
    if (identifier_is_named(&own->all[i], span_trim(span_of(person)))) return true;
  for (int i = 0; found && i < own->count; i++)
    if (identifier_is_named(&own->all[i], span_trim(span_of(found)))) return true;
  return (!person || identifier_read(&own->schemes, span_trim(span_of(person)), &told)) && name &&
         day && notice_names(p, name, day);
}

/* The caller frees out->all. */
static enum status own_numbers(struct store *store, int64_t person, struct own_numbers *out,
                               struct error *err) {
  struct query *q;
  enum status status =
      store_query(store, &q, "select scheme, value, suffix from identifier where party = ?1", err);
  if (status != DONE) return status;
  query_bind_int(q, 1, person);
  bool row;
  while ((status = query_step(q, &row, err)) == DONE && row) {
    array_reserve(out->all, out->capacity, out->count + 1);
    identifier_of_row(&out->all[out->count++], query_text(q, 0), query_text(q, 1),
                      query_text(q, 2));
  }
  query_end(q);
  return status;
}

enum status notices_forget(struct store *store, struct arena *arena, int64_t person,
                           struct error *err) {
  static const char *const kinds[] = {"told-birth", "told-death"};
  struct person p;
  struct own_numbers own = {0};
  enum status status = register_person(store, arena, person, &p, err);
  if (status == DONE) status = own_numbers(store, person, &own, err);
  if (status == DONE) status = schemes_read(store, arena, &own.schemes, err);
  for (size_t k = 0; status == DONE && k < sizeof kinds / sizeof *kinds; k++) {
    struct case_file *all = NULL;
    int count = 0;
    status = cases_of_kind(store, arena, kinds[k], &all, &count, err);
    for (int i = 0; status == DONE && i < count; i++) {
      bool held = false;
      if (!tells_of(arena, &all[i], &p, &own)) continue;
      status = legal_holds_keep(store, arena, all[i].party, &held, err);
      if (status == DONE && !held) status = case_erase(store, all[i].party, all[i].id, err);
    }
  }
  free(own.all);
  return status;
}
