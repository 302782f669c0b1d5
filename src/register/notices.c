/* Notices. A notice's row is stored with the person; notice_body says to which bodies it was
 * passed, and leads from a body to it. */
#include "register/notices.h"

#include "base/refusal.h"
#include "register/legal_holds.h"
#include "register/notice_facts.h"
#include "register/numbers.h"
#include "register/schemes.h"
#include "store/counter.h"

#include <stdlib.h>

static const char *const words[NOTICE_KINDS] = {"name", "address", "household", "birth", "death"};
static const char *const states[] = {"waiting", "taken", "refused"};

const char *notice_word(enum notice_kind kind) { return words[kind]; }

enum status notice_kind_parse(struct span word, enum notice_kind *kind, struct error *err) {
  for (int k = 0; k < NOTICE_KINDS; k++)
    if (span_is(word, words[k])) return *kind = (enum notice_kind)k, DONE;
  return refuse_at(err, "kind", NOTICE_KIND_UNKNOWN);
}

/* ---- the bodies to notify ---- */

static int id_compare(const void *a, const void *b) {
  int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
  return (x > y) - (x < y);
}

enum status notice_bodies(struct store *store, struct arena *arena, int64_t person, day_t day,
                          const struct places *places, const struct bodies *bodies,
                          const int64_t *known, int known_count, int64_t **out, int *count,
                          struct error *err) {
  struct person p;
  struct homes *homes = NULL;
  enum status status = register_surviving_person(store, arena, person, &p, err);
  if (status == DONE) status = register_homes(store, arena, &p, &homes, err);
  if (status != DONE) return status;
  int place = places_by_id(places, homes_place(homes, &p, day)), n = 0;
  int64_t *all = arena_array(arena, int64_t, known_count + bodies->count + 1);
  for (int i = 0; i < known_count; i++) all[n++] = known[i];
  for (int i = 0; i < bodies->count; i++) {
    const struct body *b = &bodies->all[i];
    int seat = b->place && strcmp(b->kind, "council") == 0 ? places_by_id(places, b->place)
                                                           : PLACE_NONE;
    if (seat == PLACE_NONE) continue;
    if (place != PLACE_NONE && places_within(places, place, seat)) all[n++] = b->id;
  }
  qsort(all, (size_t)n, sizeof *all, id_compare);
  int kept = 0;
  for (int i = 0; i < n; i++)
    if (!kept || all[i] != all[kept - 1]) all[kept++] = all[i];
  *out = all;
  *count = kept;
  return DONE;
}

/* ---- making a notice ---- */

/* Checks a notice and gives the change that would be applied. */
static enum status check_telling(struct store *store, struct arena *arena,
                                 const struct notice_input *t, struct notice_facts *told,
                                 struct change *change, struct error *err) {
  bool known = false;
  enum status status = notice_facts_parse(arena, t->facts, told, err);
  if (status != DONE) return status;
  struct notice_facts_asked asking = {.teller = t->person, .kind = t->kind, .today = t->today};
  status = notice_facts_change(store, arena, &asking, told, change, &known, err);
  if (status != DONE || !known) return status;
  struct error found = {0};
  status = change_check(store, arena, change, &found);
  /* Nobody but staff may learn whether a household with a given reference exists, so this is not
   * refused here. An empty reference is. */
  if (status == REFUSED && t->kind == NOTICE_HOUSEHOLD && strcmp(found.column, "household") == 0 &&
      told->text[FACT_HOUSEHOLD].bytes)
    return DONE;
  if (status != DONE && err) *err = found;
  return status;
}

enum status notice_check(struct store *store, struct arena *arena,
                         const struct notice_input *telling, bool whole, struct error *err) {
  struct notice_facts told = {0};
  struct change change;
  struct error found = {0};
  enum status status = check_telling(store, arena, telling, &told, &change, &found);
  /* a later question asks for it */
  if (status == REFUSED && !whole && found.column[0] && !notice_facts_have(&told, found.column))
    return DONE;
  if (status != DONE && err) *err = found;
  return status;
}

static enum status insert_notice(struct store *store, const struct notice_input *t, int64_t party,
                                 int64_t id, struct error *err) {
  struct query *q;
  char now[21];
  enum status status =
      store_query(store, &q,
                  "insert into notice (party, id, kind, day, facts, at, who, state, answered_at) "
                  "values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
                  err);
  if (status != DONE) return status;
  clock_write_now(now);
  query_bind_int(q, 1, party);
  query_bind_int(q, 2, id);
  query_bind_text(q, 3, span_of(words[t->kind]));
  query_bind_int(q, 4, t->today);
  query_bind_text(q, 5, t->facts);
  query_bind_text(q, 6, span_of(now));
  query_bind_text(q, 7, span_of(t->who));
  query_bind_text(q, 8, span_of(states[notice_waits(t->kind) ? NOTICE_WAITING : NOTICE_TAKEN]));
  if (notice_waits(t->kind)) query_bind_null(q, 9);
  else query_bind_text(q, 9, span_of(now));
  status = query_run(q, err);
  query_end(q);
  return status;
}

static enum status insert_bodies(struct store *store, const struct notice_input *t, int64_t party,
                                 int64_t id, struct error *err) {
  enum status status = DONE;
  for (int i = 0; status == DONE && i < t->body_count; i++) {
    struct query *q;
    if ((status = store_query(store, &q,
                              "insert into notice_body (notice, body, party) values (?1, ?2, ?3) "
                              "on conflict (party, notice, body) do nothing",
                              err)) != DONE)
      break;
    query_bind_int(q, 1, id);
    query_bind_int(q, 2, t->bodies[i]);
    query_bind_int(q, 3, party);
    status = query_run(q, err);
    query_end(q);
  }
  return status;
}

enum status notice_make(struct store *store, struct arena *arena,
                        const struct notice_input *telling, int64_t *id, struct error *err) {
  struct notice_facts told;
  struct change change;
  struct person teller;
  int64_t born;
  enum status status = register_surviving_person(store, arena, telling->person, &teller, err);
  if (status == DONE) status = check_telling(store, arena, telling, &told, &change, err);
  if (status != DONE) return status;
  if (notice_waits(telling->kind) && telling->body_count == 0) return refuse(err, NOTICE_NO_BODY);
  if (telling->body_count > NOTICE_BODIES_MAX)
    return refuse(err, NOTICE_BODIES_TOO_MANY, NOTICE_BODIES_MAX);
  if (!notice_waits(telling->kind) &&
      (status = change_apply(store, arena, &change, &born, err)) != DONE)
    return status;
  status = counter_next(store, "notice", id, err);
  if (status == DONE) status = insert_notice(store, telling, teller.id, *id, err);
  return status == DONE ? insert_bodies(store, telling, teller.id, *id, err) : status;
}

/* ---- reading ---- */

struct notice_list {
  struct notice *all;
  int count, capacity;
};

static struct notice *list_add(struct notice_list *list, struct arena *arena) {
  arena_reserve(arena, list->all, list->capacity, list->count + 1);
  return &list->all[list->count++];
}

#define NOTICE_COLUMNS \
  "party, id, kind, day, facts, at, who, state, answer, answered_at, answered_by"

static enum status read_notice(struct arena *arena, struct query *q, struct notice *n,
                               struct error *err) {
  *n = (struct notice){.person = query_int(q, 0),
                       .id = query_int(q, 1),
                       .day = (day_t)query_int(q, 3),
                       .facts = query_copy_or_null(q, arena, 4),
                       .at = query_copy_or_null(q, arena, 5),
                       .who = query_copy_or_null(q, arena, 6),
                       .answer = query_copy_or_null(q, arena, 8),
                       .answered_at = query_copy_or_null(q, arena, 9),
                       .answered_by = query_copy_or_null(q, arena, 10)};
  for (int s = NOTICE_WAITING; s <= NOTICE_REFUSED; s++)
    if (span_is(query_text(q, 7), states[s])) n->state = (enum notice_state)s;
  return notice_kind_parse(query_text(q, 2), &n->kind, err);
}

static enum status read_readers(struct store *store, struct arena *arena, struct notice *n,
                                int64_t body, struct error *err) {
  struct query *q;
  enum status status = store_query(
      store, &q,
      "select body, read_at from notice_body where party = ?1 and notice = ?2 order by body", err);
  if (status != DONE) return status;
  query_bind_int(q, 1, n->person);
  query_bind_int(q, 2, n->id);
  bool row;
  n->readers = arena_array(arena, struct notice_reader, NOTICE_BODIES_MAX);
  while ((status = query_step(q, &row, err)) == DONE && row && n->reader_count < NOTICE_BODIES_MAX)
    if (!body || query_int(q, 0) == body)
      n->readers[n->reader_count++] = (struct notice_reader){query_int(q, 0),
                                                             query_copy_or_null(q, arena, 1)};
  query_end(q);
  return status;
}

static enum status name_person(struct store *store, struct arena *arena, struct notice *n,
                               struct error *err) {
  struct person p;
  enum status status = register_surviving_person(store, arena, n->person, &p, err);
  if (status != DONE) return status;
  n->code = p.code;
  n->name = p.name;
  return DONE;
}

static int newest_first(const void *a, const void *b) {
  const struct notice *x = a, *y = b;
  return (x->id < y->id) - (x->id > y->id);
}

enum status notices_of(struct store *store, struct arena *arena, int64_t person,
                       struct notice **out, int *count, struct error *err) {
  struct notice_list list = {0};
  int64_t *records = NULL;
  int n = 0;
  enum status status = register_records(store, arena, person, &records, &n, err);
  for (int r = 0; status == DONE && r < n; r++) {
    struct query *q;
    if ((status = store_query(store, &q, "select " NOTICE_COLUMNS " from notice where party = ?1",
                              err)) != DONE)
      return status;
    query_bind_int(q, 1, records[r]);
    bool row;
    while ((status = query_step(q, &row, err)) == DONE && row)
      if ((status = read_notice(arena, q, list_add(&list, arena), err)) != DONE) break;
    query_end(q);
  }
  for (int i = 0; status == DONE && i < list.count; i++) {
    status = name_person(store, arena, &list.all[i], err);
    if (status == DONE) status = read_readers(store, arena, &list.all[i], 0, err);
  }
  if (status != DONE) return status;
  if (list.count) qsort(list.all, (size_t)list.count, sizeof *list.all, newest_first);
  *out = list.all;
  *count = list.count;
  return DONE;
}

/* `notice` and `party` of a body's notices: all, or those that wait for an answer. */
static const char list_all[] =
    "select notice, party from notice_body where body = ?1 order by case when read_at is null then "
    "0 else 1 end, notice desc limit ?2 offset ?3";
static const char list_waiting[] =
    "select b.notice, b.party from notice_body b join notice n on n.party = b.party and n.id = "
    "b.notice where b.body = ?1 and n.state = 'waiting' "
    "order by case when b.read_at is null then 0 else 1 end, b.notice desc limit ?2 offset ?3";
static const char count_all[] = "select count(*) from notice_body where body = ?1";
static const char count_waiting[] =
    "select count(*) from notice_body b join notice n on n.party = b.party and n.id = b.notice "
    "where b.body = ?1 and n.state = 'waiting'";

static enum status read_one(struct store *store, struct arena *arena, int64_t party, int64_t id,
                            int64_t body, struct notice *out, struct error *err) {
  struct query *q;
  enum status status = store_query(
      store, &q, "select " NOTICE_COLUMNS " from notice where party = ?1 and id = ?2", err);
  if (status != DONE) return status;
  query_bind_int(q, 1, party);
  query_bind_int(q, 2, id);
  bool row;
  if ((status = query_step(q, &row, err)) == DONE && row) status = read_notice(arena, q, out, err);
  query_end(q);
  if (status == DONE && !row) return refuse(err, NOTICE_UNKNOWN);
  if (status == DONE) status = name_person(store, arena, out, err);
  return status == DONE ? read_readers(store, arena, out, body, err) : status;
}

static enum status count_notices(struct store *store, const char *sql, int64_t body, int64_t *total,
                                 struct error *err) {
  struct query *q;
  enum status status = store_query(store, &q, sql, err);
  if (status != DONE) return status;
  query_bind_int(q, 1, body);
  bool row;
  *total = 0;
  if ((status = query_step(q, &row, err)) == DONE && row) *total = query_int(q, 0);
  query_end(q);
  return status;
}

enum status notices_of_body(struct store *store, struct arena *arena, int64_t body,
                            const struct notices_page *page, struct notice **out, int *count,
                            int64_t *total, struct error *err) {
  struct notice_list list = {0};
  struct query *q;
  int most = page->most > 0 && page->most < NOTICES_PAGE_MOST ? page->most : NOTICES_PAGE_MOST;
  enum status status = count_notices(store, page->waiting_only ? count_waiting : count_all, body,
                                     total, err);
  if (status == DONE)
    status = store_query(store, &q, page->waiting_only ? list_waiting : list_all, err);
  if (status != DONE) return status;
  query_bind_int(q, 1, body);
  query_bind_int(q, 2, most);
  query_bind_int(q, 3, page->skip > 0 ? page->skip : 0);
  bool row;
  while ((status = query_step(q, &row, err)) == DONE && row)
    if ((status = read_one(store, arena, query_int(q, 1), query_int(q, 0), body,
                           list_add(&list, arena), err)) != DONE)
      break;
  query_end(q);
  if (status != DONE) return status;
  *out = list.all;
  *count = list.count;
  return DONE;
}

/* The person of a notice, if it was passed to this body (0: to any). */
static enum status find_party(struct store *store, int64_t id, int64_t body, int64_t *party,
                              struct error *err) {
  struct query *q;
  enum status status = store_query(store, &q,
                                   "select party from notice_body where notice = ?1 and (body = ?2 "
                                   "or ?2 = 0) order by body limit 1",
                                   err);
  if (status != DONE) return status;
  query_bind_int(q, 1, id);
  query_bind_int(q, 2, body);
  bool row;
  if ((status = query_step(q, &row, err)) == DONE && row) *party = query_int(q, 0);
  query_end(q);
  return status == DONE && !row ? refuse(err, NOTICE_UNKNOWN) : status;
}

enum status notice_one(struct store *store, struct arena *arena, int64_t id, int64_t body,
                       struct notice *out, struct error *err) {
  int64_t party;
  enum status status = find_party(store, id, body, &party, err);
  return status == DONE ? read_one(store, arena, party, id, body, out, err) : status;
}

enum status notice_read(struct store *store, int64_t id, int64_t body, struct error *err) {
  int64_t party;
  struct query *q;
  char now[21];
  enum status status = find_party(store, id, body, &party, err);
  if (status == DONE)
    status = store_query(store, &q,
                         "update notice_body set read_at = ?4 where party = ?1 and notice = ?2 and "
                         "body = ?3 and read_at is null",
                         err);
  if (status != DONE) return status;
  query_bind_int(q, 1, party);
  query_bind_int(q, 2, id);
  query_bind_int(q, 3, body);
  query_bind_text(q, 4, span_of(clock_write_now(now)));
  status = query_run(q, err);
  query_end(q);
  return status;
}

/* ---- answering ---- */

static enum status settle(struct store *store, const struct notice *n, enum notice_state state,
                          struct span words_said, const char *who, struct error *err) {
  struct query *q;
  char now[21];
  enum status status =
      store_query(store, &q,
                  "update notice set state = ?3, answer = ?4, answered_at = ?5, answered_by = ?6 "
                  "where party = ?1 and id = ?2 and state = 'waiting'",
                  err);
  if (status != DONE) return status;
  query_bind_int(q, 1, n->person);
  query_bind_int(q, 2, n->id);
  query_bind_text(q, 3, span_of(states[state]));
  query_bind_text(q, 4, words_said); /* null where no words are given */
  query_bind_text(q, 5, span_of(clock_write_now(now)));
  query_bind_text(q, 6, span_of(who));
  status = query_run(q, err);
  int64_t changed = status == DONE ? query_changes(q) : 0;
  query_end(q);
  return status == DONE && !changed ? refuse(err, NOTICE_ANSWERED_ALREADY) : status;
}

static enum status waiting_notice(struct store *store, struct arena *arena,
                                  const struct notice_answer *answer, struct notice *n,
                                  struct error *err) {
  if (!answer->body) return refuse(err, NOTICE_OF_ANOTHER_BODY);
  enum status status = notice_one(store, arena, answer->id, answer->body, n, err);
  return status == DONE && n->state != NOTICE_WAITING ? refuse(err, NOTICE_ANSWERED_ALREADY)
                                                      : status;
}

enum status notice_take(struct store *store, struct arena *arena,
                        const struct notice_answer *answer, int64_t *born, struct error *err) {
  struct notice n;
  struct notice_facts told;
  struct change change;
  bool known = false;
  *born = 0;
  enum status status = waiting_notice(store, arena, answer, &n, err);
  if (status == DONE) status = notice_facts_parse(arena, span_of(n.facts), &told, err);
  if (status != DONE) return status;
  struct notice_facts_asked asking = {
      .teller = n.person,
      .subject = n.kind == NOTICE_DEATH && !told.text[FACT_PERSON].bytes ? answer->person : 0,
      .kind = n.kind,
      .today = answer->today};
  if ((status = notice_facts_change(store, arena, &asking, &told, &change, &known, err)) != DONE)
    return status;
  if (!known) return refuse_at(err, "person", NOTICE_DEAD_MISSING);
  /* first, so that of two people who answer at once the second waits here */
  if ((status = settle(store, &n, NOTICE_TAKEN, (struct span){0}, answer->who, err)) != DONE)
    return status;
  return change_apply(store, arena, &change, born, err);
}

enum status notice_refuse(struct store *store, struct arena *arena,
                          const struct notice_answer *answer, struct span reason,
                          struct error *err) {
  struct notice n;
  reason = span_trim(reason);
  if (reason.size == 0) return refuse_at(err, "reason", NOTICE_REASON_MISSING);
  if (reason.size > NOTICE_ANSWER_BYTES_MAX) return refuse_at(err, "reason", TEXT_TOO_LONG);
  if (!utf8_valid(reason.bytes, reason.size)) return refuse_at(err, "reason", TEXT_BROKEN);
  enum status status = waiting_notice(store, arena, answer, &n, err);
  return status == DONE ? settle(store, &n, NOTICE_REFUSED, reason, answer->who, err) : status;
}

/* ---- erasure ---- */

/* The identifiers of one person; they are few. */
struct own_numbers {
  struct identifier *all;
  int count, capacity;
  struct schemes schemes;
};

/* Whether the notice is about this person: a death or birth that somebody else reported. A
 * reference identifies the person, by its value; name and day of birth, which others may share,
 * decide only where no reference was given. */
static bool tells_of(struct arena *arena, const struct notice *n, const struct person *p,
                     const struct own_numbers *own) {
  char born[11];
  const char *person = notice_fact(arena, n, "person"), *name = notice_fact(arena, n, "name"),
             *day = notice_fact(arena, n, "born");
  struct identifier told;
  for (int i = 0; person && i < own->count; i++)
    if (identifier_is_named(&own->all[i], span_trim(span_of(person)))) return true;
  return (!person || identifier_read(&own->schemes, span_trim(span_of(person)), &told)) && name &&
         day && p->name && p->born != DAY_NONE && strcmp(name, p->name) == 0 &&
         strcmp(day, day_write(p->born, born)) == 0;
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

static enum status delete_notice(struct store *store, const struct notice *n, struct error *err) {
  static const char *const sql[] = {"delete from notice_body where party = ?1 and notice = ?2",
                                    "delete from notice where party = ?1 and id = ?2"};
  enum status status = DONE;
  for (int i = 0; status == DONE && i < 2; i++) {
    struct query *q;
    if ((status = store_query(store, &q, sql[i], err)) != DONE) break;
    query_bind_int(q, 1, n->person);
    query_bind_int(q, 2, n->id);
    status = query_run(q, err);
    query_end(q);
  }
  return status;
}

enum status notices_forget(struct store *store, struct arena *arena, int64_t person,
                           struct error *err) {
  struct notice_list list = {0};
  struct person p;
  struct query *q;
  struct own_numbers own = {0};
  bool row;
  enum status status = register_person(store, arena, person, &p, err);
  if (status == DONE) status = own_numbers(store, person, &own, err);
  if (status == DONE) status = schemes_read(store, arena, &own.schemes, err);
  if (status == DONE)
    status = store_query(store, &q,
                         "select " NOTICE_COLUMNS " from notice where kind in ('birth', 'death')",
                         err);
  if (status != DONE) return free(own.all), status;
  while ((status = query_step(q, &row, err)) == DONE && row)
    if ((status = read_notice(arena, q, list_add(&list, arena), err)) != DONE) break;
  query_end(q);
  for (int i = 0; status == DONE && i < list.count; i++) {
    bool held = false;
    if (!tells_of(arena, &list.all[i], &p, &own)) continue;
    status = legal_holds_keep(store, arena, list.all[i].person, &held, err);
    if (status == DONE && !held) status = delete_notice(store, &list.all[i], err);
  }
  free(own.all);
  return status;
}
