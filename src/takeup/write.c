/* Writing to those whom a run found, once. */
#include "takeup/letters.h"
#include "takeup/parts.h"

#include "award/award.h"
#include "award/claim.h"
#include "base/refusal.h"
#include "case/case.h"
#include "notify/notify.h"
#include "register/benefit_unit.h"
#include "store/counter.h"

enum left_out {
  LEFT_NOT,
  LEFT_DIED,
  LEFT_UNSAFE,
  LEFT_OBJECTS,
  LEFT_MOVED,
  LEFT_LATELY,
  LEFT_GETS,
  LEFT_CLAIMED
};

/* In the order of the words above, from LEFT_DIED. */
const struct takeup_left_out takeup_left_outs[] = {
    {"died", N_("They have died")},
    {"unsafe", N_("A letter could harm somebody who lives there")},
    {"objects", N_("They do not want such letters")},
    {"moved", N_("They have moved away")},
    {"lately", N_("They had a letter recently")},
    {"gets", N_("They get it by now")},
    {"claimed", N_("They have claimed it, and wait for the answer")},
    {NULL, NULL}};

struct writer {
  struct arena *arena;
  const struct takeup_writing *w;
  struct takeup_run run;
  struct places *places;
  int64_t *refuse, *unsafe; /* records of whoever refuses; whom a letter could harm */
  int refuse_count, unsafe_count;
  int64_t *next; /* a number that was taken for the first letter; 0: it has it */
};

/* One adult whom the run found, and their rows. */
struct addressee {
  int64_t party;
  const struct takeup_found *rows;
  int row_count;
  struct person person;
  struct benefit_unit unit;
  struct takeup_letter *letters; /* that they had before */
  int letter_count;
};

static bool is_among(const int64_t *ids, int count, int64_t id) {
  return array_find(&id, ids, count, int64_compare) != NULL;
}

static bool is_any_among(const struct person *p, const int64_t *ids, int count) {
  if (is_among(ids, count, p->id)) return true;
  for (int i = 0; i < p->merged_count; i++)
    if (is_among(ids, count, p->merged[i])) return true;
  return false;
}

/* Of everybody who lives in the home on the day. */
static enum status is_home_unsafe(const struct writer *w, const struct addressee *a, bool *out,
                                  struct error *err) {
  int64_t *ids = NULL;
  int count = 0;
  *out = is_any_among(&a->person, w->unsafe, w->unsafe_count);
  if (*out || !w->unsafe_count || !a->unit.household) return DONE;
  enum status status = register_household_members(w->w->store, w->arena, a->unit.household, &ids,
                                                  &count, err);
  for (int i = 0; status == DONE && !*out && i < count; i++) {
    struct person p = {0};
    if (!is_among(w->unsafe, w->unsafe_count, ids[i])) continue;
    status = register_surviving_person(w->w->store, w->arena, ids[i], &p, err);
    *out = status == DONE && p.died == DAY_NONE &&
           person_household(&p, w->w->today) == a->unit.household;
  }
  return status;
}

static enum status has_moved(const struct writer *w, const struct addressee *a, bool *out,
                             struct error *err) {
  struct homes *homes = NULL;
  enum status status = register_homes(w->w->store, w->arena, &a->person, &homes, err);
  if (status != DONE) return status;
  const int64_t place = homes_place(homes, &a->person, w->w->today);
  const int at = place ? places_by_id(w->places, place) : PLACE_NONE;
  const int own = places_by_id(w->places, w->run.place);
  *out = at == PLACE_NONE || own == PLACE_NONE || !places_within(w->places, at, own);
  return DONE;
}

/* Why nothing at all is written to them. */
static enum status why_nothing(const struct writer *w, const struct addressee *a,
                               enum left_out *out, struct error *err) {
  bool unsafe = false, moved = false;
  enum status status = is_home_unsafe(w, a, &unsafe, err);
  if (status == DONE) status = has_moved(w, a, &moved, err);
  *out = a->person.died != DAY_NONE                             ? LEFT_DIED
         : unsafe                                               ? LEFT_UNSAFE
         : is_any_among(&a->person, w->refuse, w->refuse_count) ? LEFT_OBJECTS
         : moved                                                ? LEFT_MOVED
                                                                : LEFT_NOT;
  return status;
}

static bool had_lately(const struct writer *w, const struct addressee *a, const char *variable) {
  const struct pack_entitlement *what = pack_find_entitlement(w->w->pack, span_of(variable));
  const struct pack_take_up *up = what ? pack_find_take_up(w->w->pack, what) : NULL;
  for (int i = 0; i < a->letter_count; i++) {
    const day_t again = up ? case_deadline_of(w->w->pack, up->again, a->letters[i].on) : DAY_NONE;
    if (span_has_word(span_of(a->letters[i].benefits), variable) && again != DAY_NONE &&
        again > w->w->today)
      return true;
  }
  return false;
}

/* An award to one of the unit or to somebody who lives with them, or a claim of theirs that waits.
 */
static enum status gets_it(const struct writer *w, const struct addressee *a, const char *variable,
                           enum left_out *out, struct error *err) {
  enum status status = DONE;
  int64_t *people = NULL;
  int count = 0;
  const struct pack_entitlement *what = pack_find_entitlement(w->w->pack, span_of(variable));
  takeup_people_of(w->arena, &a->unit, &people, &count);
  for (int i = 0; status == DONE && *out != LEFT_GETS && i < count; i++) {
    const int64_t person = people[i];
    struct awards all = {0};
    struct case_file *claims = NULL;
    int claim_count = 0;
    status = claims_waiting(w->w->store, w->arena, w->w->pack, person, w->w->today, &claims,
                            &claim_count, err);
    if (status == DONE) status = awards_of_person(w->w->store, w->arena, person, &all, err);
    if (status == DONE && claim_among(w->w->pack, claims, claim_count, what)) *out = LEFT_CLAIMED;
    for (int k = 0; k < all.count; k++)
      if (strcmp(all.all[k].variable, variable) == 0 && all.all[k].pence > 0 &&
          award_runs(&all.all[k], w->w->today, DAY_NONE))
        *out = LEFT_GETS;
  }
  return status;
}

static enum status note_row(const struct writer *w, const struct takeup_found *row, bool written,
                            enum left_out why, struct error *err) {
  struct query *q = NULL;
  enum status status = store_query(w->w->store, &q,
                                   "update take_up_found set written = ?5, left_out = ?6 where "
                                   "party = ?1 and run = ?2 and variable = ?3 and whose = ?4",
                                   err);
  if (status != DONE) return status;
  query_bind_int(q, 1, row->party);
  query_bind_int(q, 2, row->run);
  query_bind_text(q, 3, span_of(row->variable));
  query_bind_int(q, 4, row->whose);
  if (written) query_bind_int(q, 5, w->w->today);
  if (why != LEFT_NOT) query_bind_text(q, 6, span_of(takeup_left_outs[why - LEFT_DIED].word));
  status = query_run(q, err);
  query_end(q);
  return status;
}

static enum status insert_letter(const struct writer *w, const struct addressee *a,
                                 const char *benefits, struct error *err) {
  enum language language = ENGLISH;
  int64_t id = *w->next;
  char at[21];
  struct homes *homes = NULL;
  enum status status = id ? DONE : counter_next(w->w->store, "take_up_letter", &id, err);
  *w->next = 0;
  if (status == DONE) status = notify_language(w->w->store, a->person.id, &language, err);
  if (status == DONE) status = register_homes(w->w->store, w->arena, &a->person, &homes, err);
  if (status != DONE) return status;
  return store_run_with(w->w->store,
                        "insert into take_up_letter (party, id, run, on_day, benefits, language, "
                        "place, made_at, made_by) values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
                        err, a->person.id, id, w->run.id, (int64_t)w->w->today, benefits,
                        language_row(language)->code, homes_place(homes, &a->person, w->w->today),
                        clock_write(w->w->now, at), w->w->by->who);
}

static enum status note_letter(const struct writer *w, const struct addressee *a,
                               const char *benefits, struct error *err) {
  struct access_reader by = *w->w->by;
  struct text what = {0};
  bool first = true;
  by.searches = true;
  text_add(&what, "wrote that they seem entitled: ");
  for (const char *at = benefits; *at; at += strspn(at, " ")) {
    const size_t size = strcspn(at, " ");
    const struct pack_entitlement *one = pack_find_entitlement(w->w->pack, span_make(at, size));
    text_addf(&what, "%s%s", first ? "" : ", ", one ? one->name[ENGLISH] : "");
    first = false;
    at += size;
  }
  return access_log_add(w->w->store, &by, a->person.id, text_take(w->arena, &what), w->run.purpose,
                        err);
}

/* What is written to them about; each row is noted with the day, or with why not. */
static enum status write_to(const struct writer *w, const struct addressee *a,
                            struct takeup_written *out, struct error *err) {
  enum left_out all = LEFT_NOT;
  struct text benefits = {0};
  enum status status = why_nothing(w, a, &all, err);
  for (int i = 0; status == DONE && i < a->row_count; i++) {
    const struct takeup_found *row = &a->rows[i];
    enum left_out why = all;
    if (why == LEFT_NOT && had_lately(w, a, row->variable)) why = LEFT_LATELY;
    if (why == LEFT_NOT) status = gets_it(w, a, row->variable, &why, err);
    if (why == LEFT_NOT &&
        !span_has_word(span_make(benefits.bytes ? benefits.bytes : "", benefits.size),
                       row->variable))
      text_addf(&benefits, "%s%s", benefits.size ? " " : "", row->variable);
    if (status == DONE) status = note_row(w, row, why == LEFT_NOT, why, err);
  }
  const bool some = benefits.size > 0;
  const char *about = text_take(w->arena, &benefits);
  if (status == DONE && some) status = insert_letter(w, a, about, err);
  if (status == DONE && some) status = note_letter(w, a, about, err);
  out->letters += some;
  out->left_out += !some;
  return status;
}

static enum status read_addressee(const struct writer *w, struct addressee *a, struct error *err) {
  struct store *store = w->w->store;
  enum status status = register_surviving_person(store, w->arena, a->party, &a->person, err);
  if (status == DONE)
    status = register_unit_on(store, w->arena, a->person.id, w->w->today, &a->unit, err);
  if (status == DONE)
    status = takeup_letters_to(store, w->arena, a->person.id, &a->letters, &a->letter_count, err);
  return status;
}

static enum status prepare(struct writer *w, struct error *err) {
  struct store *store = w->w->store;
  /* whoever writes letters at the same time waits here until this transaction is over */
  enum status status = counter_next(store, "take_up_letter", w->next, err);
  if (status == DONE) status = takeup_run_find(store, w->arena, w->w->run, &w->run, err);
  if (status == DONE) status = register_places(store, w->arena, &w->places, err);
  if (status == DONE)
    status = takeup_chosen(store, w->arena, false, &w->refuse, &w->refuse_count, err);
  if (status == DONE)
    status = takeup_chosen(store, w->arena, true, &w->unsafe, &w->unsafe_count, err);
  return status;
}

enum status takeup_write(struct arena *arena, const struct takeup_writing *writing,
                         struct takeup_written *out, struct error *err) {
  int64_t next = 0;
  struct writer w = {.arena = arena, .w = writing, .next = &next};
  struct takeup_found *all = NULL;
  int count = 0;
  *out = (struct takeup_written){0};
  enum status status = prepare(&w, err);
  if (status == DONE)
    status = takeup_found_by(writing->store, arena, writing->run, &all, &count, err);
  struct arena *own = arena_new();
  for (int i = 0, after; status == DONE && i < count; i = after) {
    int left = 0;
    struct takeup_found *rows = arena_array(own, struct takeup_found, count - i);
    for (after = i; after < count && all[after].party == all[i].party; after++)
      if (all[after].written == DAY_NONE) rows[left++] = all[after];
    if (!left) continue;
    w.arena = own;
    struct addressee a = {.party = all[i].party, .rows = rows, .row_count = left};
    status = read_addressee(&w, &a, err);
    if (status == DONE) status = write_to(&w, &a, out, err);
    arena_reset(own);
  }
  arena_free(own);
  return status;
}
