/* The access log. It is clustered by person and id; a page of it is read from its end. */
#include "register/access_log.h"

#include "base/money.h"
#include "base/refusal.h"
#include "register/alerts.h"
#include "register/names.h"
#include "store/counter.h"
#include "store/head.h"
#include "case/subject.h"

#include <stdlib.h>
#include <time.h>

/* ---- writing ---- */

static const char *or_empty(const char *text) { return text ? text : ""; }

/* Of a look, in place of 0: it is one of a search (struct access_reader). */
enum { REACH_SEARCHED = -1 };

struct reached {
  int64_t last, place;
  day_t day;
};

/* `reached` null: a look. Each page of staff writes one: it waits for the id only, and the row's
 * failure shows at the commit at the latest. */
static enum status insert_note(struct store *store, const struct access_reader *by, int64_t party,
                               const char *what, const char *why, const struct reached *reached,
                               struct error *err) {
  int64_t id = 0;
  char now[21];
  enum status status = counter_next(store, "access", &id, err);
  struct query *q = NULL;
  if (status == DONE)
    status = store_query(store, &q,
                         "insert into access (party, id, at, who, person, name, role, machine, "
                         "what, why, reach, place, day) "
                         "values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)",
                         err);
  if (status != DONE) return status;
  query_bind_int(q, 1, party);
  query_bind_int(q, 2, id);
  query_bind_text(q, 3, span_of(clock_write_now(now)));
  query_bind_text(q, 4, span_of(or_empty(by->who)));
  query_bind_int(q, 5, by->person);
  query_bind_text(q, 6, span_of(or_empty(by->name)));
  query_bind_text(q, 7, span_of(or_empty(by->role)));
  query_bind_text(q, 8, span_of(or_empty(by->machine)));
  query_bind_text(q, 9, span_of(or_empty(what)));
  query_bind_text(q, 10, span_of(or_empty(why)));
  query_bind_int(q, 11, reached ? reached->last : by->searches ? REACH_SEARCHED : 0);
  query_bind_int(q, 12, reached ? reached->place : 0);
  if (reached && reached->place) query_bind_int(q, 13, reached->day);
  else query_bind_null(q, 13);
  status = query_run_later(q, err);
  query_end(q);
  return status;
}

/* ---- how many ---- */

enum { LOOKS_SECONDS = 3600 };

/* How many looks the reader has left within the hour; INT64_MAX where they are not bounded. */
static enum status looks_left(struct store *store, const struct access_reader *by, int64_t *left,
                              struct error *err) {
  char since[21];
  int64_t made = 0;
  *left = INT64_MAX;
  if (!by->most || !by->person || by->searches) return DONE;
  /* The index holds the rows of people only, which the planner must be told. A row of oneself is
   * about one's own invitation. */
  enum status status =
      store_int_with(store,
                     "select count(*) from access where person = ?1 and person <> 0 and party <> "
                     "?1 and reach >= 0 "
                     "and at > ?2",
                     0, &made, err, by->person,
                     span_of(clock_write((int64_t)time(NULL) - LOOKS_SECONDS, since)));
  if (status != DONE) return status;
  *left = made < by->most ? by->most - made : 0;
  return *left || by->acts ? DONE : refuse(err, LOOKS_TOO_MANY, (long long)by->most);
}

/* With the last look that was left, inside its transaction: a refusal would take the alert back. */
static enum status tell_looks(struct store *store, const struct access_reader *by,
                              struct error *err) {
  char since[21], most[24];
  bool told = false;
  enum status status = alert_is_told(store, ALERT_LOOKS, by->who,
                                     clock_write((int64_t)time(NULL) - LOOKS_SECONDS, since), &told,
                                     err);
  if (status != DONE || told) return status;
  snprintf(most, sizeof most, "%lld", (long long)by->most);
  return alert_add(store, ALERT_LOOKS, by->who, by->person, most, err);
}

enum status access_log_writable(struct store *store, bool *out, struct error *err) {
  int64_t may = 0;
  enum status status = store_int(store,
                                 "select {sqlite: 1}{postgresql: cast(not pg_is_in_recovery() and "
                                 "has_table_privilege('access', 'insert') as integer)}",
                                 0, &may, err);
  *out = may;
  return status;
}

enum status access_log_add(struct store *store, const struct access_reader *by, int64_t person,
                           const char *what, const char *why, struct error *err) {
  int64_t left = 0;
  enum status status = looks_left(store, by, &left, err);
  if (status == DONE) status = insert_note(store, by, person, what, why, NULL, err);
  return status == DONE && left <= 1 ? tell_looks(store, by, err) : status;
}

enum status access_log_add_found(struct store *store, const struct access_reader *by,
                                 const int64_t *people, int *count, const char *why,
                                 struct error *err) {
  int64_t left = 0;
  enum status status = looks_left(store, by, &left, err);
  if (*count > left) *count = (int)left;
  for (int i = 0; status == DONE && i < *count; i++)
    status = insert_note(store, by, people[i], "found in a search", why, NULL, err);
  if (status == DONE && !*count)
    status = insert_note(store, by, 0, "a search that found nobody", why, NULL, err);
  return status == DONE && left <= (*count ? *count : 1) ? tell_looks(store, by, err) : status;
}

enum status access_log_add_run(struct store *store, const struct access_reader *by,
                               const struct access_run *run, struct error *err) {
  struct head head;
  enum status status = head_read(store, &head, err);
  if (status != DONE) return status;
  const struct reached reached = {head.party, run->place, run->day};
  return insert_note(store, by, 0, run->what, run->why, &reached, err);
}

/* ---- who it was, of rows of before it was kept ---- */

static enum status find_code(struct store *store, struct span code, int64_t *id,
                             struct error *err) {
  struct query *q;
  enum status status = store_query(
      store, &q, "select party from identifier where value = ?1 and scheme = 'id'", err);
  if (status != DONE) return status;
  query_bind_text(q, 1, code);
  bool row;
  *id = 0;
  if ((status = query_step(q, &row, err)) == DONE && row) *id = query_int(q, 0);
  query_end(q);
  return status;
}

static enum status helped(struct store *store, struct arena *arena, int64_t person, int64_t agent,
                          day_t day, const char **what, struct error *err) {
  struct delegation *all = NULL;
  int count = 0, agents = 0;
  int64_t *records = NULL;
  enum status status = delegation_of_principal(store, arena, person, &all, &count, err);
  if (status == DONE) status = register_records(store, arena, agent, &records, &agents, err);
  for (int i = 0; status == DONE && i < count && !*what; i++)
    /* a delegation that was ended on that day was still running at the access */
    for (int r = 0; r < agents; r++)
      if (all[i].agent == records[r] && all[i].from <= day &&
          (all[i].to == DAY_NONE || all[i].to >= day - 1))
        *what = all[i].what;
  return status;
}

static enum status day_of(const char *at, day_t *day, struct error *err) {
  *day = clock_day_of(span_of(at));
  if (*day == DAY_NONE)
    return error_set(err, FAILED, "the log of who looked holds '%s', which is no moment", at);
  return DONE;
}

/* The first of the words that is a role of a body, else the first. */
static void read_role(struct arena *arena, struct span words, struct viewer *viewer) {
  while (words.size) {
    const char *space = memchr(words.bytes, ' ', words.size);
    struct span word = span_make(words.bytes, space ? (size_t)(space - words.bytes) : words.size);
    const char *colon = word.size ? memchr(word.bytes, ':', word.size) : NULL;
    size_t named = colon ? (size_t)(colon - word.bytes) : word.size;
    const struct role *role = role_find(span_make(word.bytes, named));
    if (span_is(word, "helper")) viewer->helped = true;
    if (role && (!viewer->role || (colon && !viewer->body_code))) {
      viewer->role = role;
      viewer->body_code = colon ? arena_copy(arena, colon + 1, word.size - named - 1) : NULL;
    }
    words = space ? span_make(space + 1, words.size - word.size - 1) : span_make("", 0);
  }
}

static enum status find_role(struct store *store, struct arena *arena, int64_t person, day_t day,
                             struct viewer *viewer, struct error *err) {
  struct role_grant *all = NULL;
  int count = 0;
  enum status status = role_grants_at(store, arena, person, day, true, &all, &count, err);
  for (int i = 0; status == DONE && i < count; i++)
    if (!viewer->role || (all[i].body && !viewer->body))
      viewer->role = all[i].role, viewer->body = all[i].body;
  return status;
}

enum status access_log_viewer(struct store *store, struct arena *arena, int64_t person,
                              const char *who, const char *at, struct viewer *out,
                              struct error *err) {
  struct viewer viewer = {.kind = VIEWER_OPERATOR};
  struct person p;
  int64_t id = 0, *records = NULL;
  int count = 0;
  day_t day = 0;
  *out = viewer;
  if (strcmp(who, WHO_ERASED) == 0 || strncmp(who, WHO_ERASED ":", sizeof WHO_ERASED) == 0) {
    out->kind = VIEWER_ERASED;
    if (who[sizeof WHO_ERASED - 1]) read_role(arena, span_of(who + sizeof WHO_ERASED), out);
    return DONE;
  }
  if (*who && strncmp(who, "id:", 3) != 0) return DONE; /* a user of the machine */
  enum status status = day_of(at, &day, err);
  if (status == DONE && *who) status = find_code(store, span_of(who + 3), &id, err);
  out->kind = VIEWER_ERASED;
  if (status != DONE || !id) return status;
  if ((status = register_surviving_person(store, arena, id, &p, err)) != DONE) return status;
  if ((status = register_records(store, arena, person, &records, &count, err)) != DONE)
    return status;
  viewer.person = p.id;
  viewer.name = p.name;
  viewer.kind = p.id == records[0] ? VIEWER_SELF : VIEWER_PERSON;
  if (viewer.kind == VIEWER_PERSON) {
    if ((status = helped(store, arena, person, p.id, day, &viewer.what, err)) != DONE)
      return status;
    if ((status = find_role(store, arena, p.id, day, &viewer, err)) != DONE) return status;
    if (viewer.role) viewer.kind = VIEWER_ROLE;
    if (viewer.what) viewer.kind = VIEWER_HELPER;
  }
  *out = viewer;
  return DONE;
}

/* ---- who it was, of rows that say it ---- */

/* A row of the log, before its reader is told. */
struct row {
  struct access_note note;
  int64_t person;
  const char *name, *role, *machine;
  day_t day; /* of a run over a place */
};

static bool is_one_of(const int64_t *ids, int count, int64_t id) {
  for (int i = 0; i < count; i++)
    if (ids[i] == id) return true;
  return false;
}

/* `records`: all of the person whose record was read. */
static enum status tell_viewer(struct store *store, struct arena *arena, const int64_t *records,
                               int record_count, struct row *row, struct error *err) {
  struct viewer *viewer = &row->note.viewer;
  if (*row->note.who && !*row->name && !*row->machine)
    return access_log_viewer(store, arena, records[0], row->note.who, row->note.at, viewer, err);
  *viewer = (struct viewer){.kind = VIEWER_OPERATOR,
                            .person = row->person,
                            .name = *row->name ? row->name : NULL,
                            .machine = *row->machine ? row->machine : NULL};
  read_role(arena, span_of(row->role), viewer);
  if (is_one_of(records, record_count, row->person)) viewer->kind = VIEWER_SELF;
  else if (!*row->note.who) viewer->kind = VIEWER_ERASED;
  else if (!row->person) viewer->machine = NULL; /* `who` is the same user */
  else viewer->kind = viewer->role ? VIEWER_ROLE : viewer->helped ? VIEWER_HELPER : VIEWER_PERSON;
  if (viewer->kind != VIEWER_HELPER) return DONE;
  day_t day = 0;
  enum status status = day_of(row->note.at, &day, err);
  return status == DONE ? helped(store, arena, records[0], row->person, day, &viewer->what, err)
                        : status;
}

/* ---- the list ---- */

struct row_list {
  struct row *all;
  int count, capacity;
};

static struct row *list_add(struct row_list *list, struct arena *arena, struct query *q) {
  arena_reserve(arena, list->all, list->capacity, list->count + 1);
  struct row *row = &list->all[list->count++];
  *row = (struct row){.note = {.id = query_int(q, 0),
                               .at = query_copy(q, arena, 1),
                               .who = query_copy(q, arena, 2),
                               .what = query_copy(q, arena, 7),
                               .why = query_copy(q, arena, 8),
                               .first_id = query_int(q, 0)},
                      .person = query_int(q, 3),
                      .name = query_copy(q, arena, 4),
                      .role = query_copy(q, arena, 5),
                      .machine = query_copy(q, arena, 6)};
  return row;
}

/* The accesses to one record, newest first, at most `most` of them. */
static enum status read_record(struct store *store, struct arena *arena, int64_t record,
                               const struct access_log_page *page, struct row_list *list,
                               struct error *err) {
  struct query *q;
  bool row;
  enum status status = store_query_with(
      store, &q,
      "select id, at, who, person, name, role, machine, what, why from access where party = ?1 and "
      "id < ?2 order by id desc limit ?3",
      err, record, page->before, (int64_t)page->most);
  if (status != DONE) return status;
  while ((status = query_step(q, &row, err)) == DONE && row) (void)list_add(list, arena, q);
  query_end(q);
  return status;
}

/* ---- runs that covered somebody ---- */

/* Whose looks are asked for; the homes are read when a run over one place is met. */
struct covered {
  struct store *store;
  struct arena *arena;
  struct person person;
  int64_t *records;
  int record_count;
  struct homes *homes;
  struct places *places;
};

static enum status covered_begin(struct covered *c, struct store *store, struct arena *arena,
                                 int64_t person, struct error *err) {
  *c = (struct covered){.store = store, .arena = arena};
  enum status status = register_surviving_person(store, arena, person, &c->person, err);
  return status == DONE ? register_records(store, arena, person, &c->records, &c->record_count, err)
                        : status;
}

/* Whether a run over the people of `place` on `day` had the person among them. */
static enum status lived_there(struct covered *c, int64_t place, day_t day, bool *yes,
                               struct error *err) {
  enum status status = DONE;
  if (!c->places) {
    status = register_places(c->store, c->arena, &c->places, err);
    if (status == DONE) status = register_homes(c->store, c->arena, &c->person, &c->homes, err);
  }
  if (status != DONE) return status;
  if (c->person.died != DAY_NONE && c->person.died < day) day = c->person.died;
  int64_t home = homes_place(c->homes, &c->person, day);
  int lived = home ? places_by_id(c->places, home) : PLACE_NONE;
  int upper = places_by_id(c->places, place);
  *yes = lived != PLACE_NONE && upper != PLACE_NONE && places_within(c->places, lived, upper);
  return DONE;
}

/* A run touched those who were registered by then: their number is not above `reach`. Newest first,
 * at most `most` rows, of which those over other places do not stay. */
static enum status read_runs(struct covered *c, const struct access_log_page *page,
                             struct row_list *list, struct error *err) {
  struct query *q;
  bool row;
  char born[21] = "";
  int64_t first = c->records[0];
  for (int i = 1; i < c->record_count; i++)
    if (c->records[i] < first) first = c->records[i];
  if (c->person.born != DAY_NONE) clock_write(clock_day_begins(c->person.born), born);
  enum status status = store_query_with(
      c->store, &q,
      "select id, at, who, person, name, role, machine, what, why, place, day from access where "
      "party = 0 and reach >= ?1 and at >= ?2 and id < ?3 order by id desc limit ?4",
      err, first, born, page->before, (int64_t)page->most);
  if (status != DONE) return status;
  while ((status = query_step(q, &row, err)) == DONE && row) {
    struct row *run = list_add(list, c->arena, q);
    run->note.times = 1;
    run->note.place = query_int(q, 9);
    run->day = query_day(q, 10);
  }
  query_end(q);
  return status;
}

static bool same_run(const struct row *a, const struct row *b) {
  return a->person == b->person && a->note.place == b->note.place && a->day == b->day &&
         strcmp(a->note.who, b->note.who) == 0 && strcmp(a->name, b->name) == 0 &&
         strcmp(a->role, b->role) == 0 && strcmp(a->machine, b->machine) == 0 &&
         strcmp(a->note.what, b->note.what) == 0 && strcmp(a->note.why, b->note.why) == 0;
}

/* Of the rows that are kept so far, the same run of that day; null: none. */
static struct row *run_of_day(struct row *all, int count, const struct row *run) {
  const day_t day = clock_day_of(span_of(run->note.at));
  for (int i = count - 1; i >= 0 && clock_day_of(span_of(all[i].note.at)) == day; i--)
    if (all[i].note.times && same_run(&all[i], run)) return &all[i];
  return NULL;
}

/* Newest first: the same run of one day is one row, and a run over other places is none. */
static enum status keep_covering(struct covered *c, struct row_list *list, struct error *err) {
  int kept = 0;
  for (int i = 0; i < list->count; i++) {
    const struct row *row = &list->all[i];
    bool covers = true;
    struct row *same = row->note.times ? run_of_day(list->all, kept, row) : NULL;
    if (same) {
      same->note.times++;
      same->note.first_id = row->note.id;
      continue;
    }
    if (row->note.place && lived_there(c, row->note.place, row->day, &covers, err) != DONE)
      return err->code;
    if (covers) list->all[kept++] = *row;
  }
  list->count = kept;
  return DONE;
}

static int newest_first(const void *a, const void *b) {
  const struct row *x = a, *y = b;
  return (x->note.id < y->note.id) - (x->note.id > y->note.id);
}

/* The same reader, as they were in the same hour: a helper's pages follow one another, and who it
 * was is looked up once. A day of the place's clock begins at a whole hour of UTC. */
static bool same_reader(const struct row *a, const struct row *b) {
  return a->person == b->person && strcmp(a->note.who, b->note.who) == 0 &&
         strcmp(a->name, b->name) == 0 && strcmp(a->role, b->role) == 0 &&
         strcmp(a->machine, b->machine) == 0 && strncmp(a->note.at, b->note.at, 13) == 0;
}

/* The rows, newest first, as notes with who it was. */
static enum status tell_notes(struct covered *c, struct row_list *list, struct access_notes *out,
                              struct error *err) {
  enum status status = keep_covering(c, list, err);
  out->all = arena_array(c->arena, struct access_note, list->count + 1);
  for (int i = 0; status == DONE && i < list->count; i++) {
    struct row *row = &list->all[i];
    if (i && same_reader(row - 1, row)) row->note.viewer = row[-1].note.viewer;
    else status = tell_viewer(c->store, c->arena, c->records, c->record_count, row, err);
    out->all[out->count++] = row->note;
  }
  return status;
}

enum status access_log_of(struct store *store, struct arena *arena, int64_t person,
                          const struct access_log_page *page, struct access_notes *out,
                          struct error *err) {
  const struct access_log_page asked = {.before = page->before ? page->before : INT64_MAX,
                                        .most = page->most + 1};
  struct row_list list = {0};
  struct covered c;
  *out = (struct access_notes){0};
  enum status status = covered_begin(&c, store, arena, person, err);
  for (int r = 0; status == DONE && r < c.record_count; r++)
    status = read_record(store, arena, c.records[r], &asked, &list, err);
  if (status == DONE) status = read_runs(&c, &asked, &list, err);
  if (status != DONE) return status;
  array_sort(list.all, list.count, newest_first);
  out->rows = list.count;
  out->more = list.count > page->most;
  if (out->more) list.count = page->most;
  if (list.count) out->oldest = list.all[list.count - 1].note.id;
  return tell_notes(&c, &list, out, err);
}

enum status access_log_runs_of(struct store *store, struct arena *arena, int64_t person,
                               struct access_notes *out, struct error *err) {
  const struct access_log_page all = {.before = INT64_MAX, .most = INT32_MAX};
  struct row_list list = {0};
  struct covered c;
  *out = (struct access_notes){0};
  enum status status = covered_begin(&c, store, arena, person, err);
  if (status == DONE) status = read_runs(&c, &all, &list, err);
  return status == DONE ? tell_notes(&c, &list, out, err) : status;
}

/* One row by its id: of `party`, or of party 0 a run that reached `record`. */
static enum status read_one(struct covered *c, int64_t party, int64_t record, int64_t id,
                            struct row_list *list, struct error *err) {
  struct query *q;
  bool row = false, covers = true;
  day_t day = DAY_NONE;
  enum status status = store_row_with(
      c->store, &q, &row,
      "select id, at, who, person, name, role, machine, what, why, place, day, reach from access "
      "where party = ?1 and id = ?2",
      err, party, id);
  if (status == DONE && row && (party || query_int(q, 11) >= record)) {
    struct row *found = list_add(list, c->arena, q);
    found->note.place = query_int(q, 9);
    found->note.times = party ? 0 : 1;
    day = query_day(q, 10);
  }
  query_end(q);
  if (status == DONE && list->count && list->all[0].note.place)
    status = lived_there(c, list->all[0].note.place, day, &covers, err);
  if (!covers) list->count = 0;
  return status;
}

enum status access_note_by_id(struct store *store, struct arena *arena, int64_t person, int64_t id,
                              struct access_note *out, struct error *err) {
  struct row_list list = {0};
  struct covered c;
  enum status status = covered_begin(&c, store, arena, person, err);
  for (int r = 0; status == DONE && r < c.record_count && !list.count; r++) {
    status = read_one(&c, c.records[r], 0, id, &list, err);
    if (status == DONE && !list.count) status = read_one(&c, 0, c.records[r], id, &list, err);
  }
  if (status == DONE && !list.count) return refuse(err, ACCESS_UNKNOWN);
  if (status == DONE) status = tell_viewer(store, arena, c.records, c.record_count, list.all, err);
  if (status == DONE) *out = list.all->note;
  return status;
}

enum status access_log_recorder(struct store *store, struct arena *arena, int64_t person,
                                int64_t entry, int32_t line_no, int64_t who[2], struct error *err) {
  int64_t *records = NULL;
  int count = 0;
  const char *what = arena_printf(arena, ACCESS_RECORDED, (long long)entry, line_no);
  who[0] = who[1] = 0;
  enum status status = register_records(store, arena, person, &records, &count, err);
  for (int r = 0; status == DONE && r < count && !who[0] && !who[1]; r++) {
    struct query *q;
    bool row = false;
    status = store_row_with(
        store, &q, &row,
        "select coalesce(min(person), 0), coalesce(max(person), 0) from access where party = ?1 "
        "and what = ?2",
        err, records[r], what);
    if (status == DONE && row) who[0] = query_int(q, 0), who[1] = query_int(q, 1);
    query_end(q);
  }
  return status;
}

enum status access_log_recorded_alone(struct store *store, struct arena *arena, int64_t person,
                                      const char *since, struct access_recorded **out, int *count,
                                      struct error *err) {
  int64_t *records = NULL;
  int record_count = 0, capacity = 0;
  *out = NULL;
  *count = 0;
  enum status status = register_records(store, arena, person, &records, &record_count, err);
  for (int r = 0; status == DONE && r < record_count; r++) {
    struct query *q;
    bool row = false;
    status = store_query_with(store, &q,
                              "select what from access where party = ?1 and at >= ?2 and what like "
                              "'recorded line %' group by what having count(*) = 1",
                              err, records[r], since);
    if (status != DONE) return status;
    while ((status = query_step(q, &row, err)) == DONE && row) {
      long long entry = 0;
      int line_no = 0;
      if (sscanf(query_text(q, 0).bytes, ACCESS_RECORDED, &entry, &line_no) != 2) continue;
      arena_reserve(arena, *out, capacity, *count + 1);
      (*out)[(*count)++] = (struct access_recorded){entry, line_no};
    }
    query_end(q);
  }
  return status;
}

/* ---- objections ---- */

static enum status look_of_subject(struct case_call *call, int64_t party, const char *subject,
                                   struct access_note *out, struct error *err) {
  const struct subject about = subject_read(subject);
  return about.kind == SUBJECT_LOOK
             ? access_note_by_id(call->store, call->arena, party, about.number, out, err)
             : refuse(err, ACCESS_UNKNOWN);
}

static enum status open_objection(struct case_call *call, struct case_opening *opening,
                                  struct error *err) {
  struct access_note look;
  return look_of_subject(call, opening->party, opening->subject, &look, err);
}

/* Of an older book the look may be unknown: then nobody is kept from answering. */
static enum status may_answer_objection(struct case_call *call, const struct case_file *file,
                                        struct error *err) {
  struct access_note look;
  if (!*file->subject) return DONE;
  enum status status = look_of_subject(call, file->party, file->subject, &look, err);
  if (status == DONE && case_actor_is(call->actor, look.viewer.person))
    status = refuse_at(err, "words", OBJECTION_OF_OWN_LOOK);
  return status;
}

const struct case_handler look_case_handler = {.word = "look",
                                               .open = open_objection,
                                               .answers = may_answer_objection};

/* ---- erasing somebody ---- */

/* Rows of before roles were kept, of one person and day: what explains them goes with the erased
 * person, so that it is written down first. */
struct unexplained {
  int64_t party;
  const char *hour; /* of UTC: within one, it is one day by any clock */
};

static enum status explain(struct store *store, struct arena *arena, int64_t viewer,
                           const struct unexplained *looks, const struct bodies *bodies,
                           struct error *err) {
  day_t day = 0;
  const char *what = NULL, *words = "helper";
  struct role_grant *all = NULL;
  int count = 0;
  enum status status = day_of(looks->hour, &day, err);
  if (status == DONE && looks->party)
    status = helped(store, arena, looks->party, viewer, day, &what, err);
  if (status == DONE && !what) {
    status = role_grants_at(store, arena, viewer, day, true, &all, &count, err);
    words = roles_granted_words(all, count, ~(permission_set)0, bodies, arena);
  }
  if (status != DONE || !*words) return status;
  return store_run_with(store,
                        "update access set role = ?4 where party = ?1 and person = ?2 and "
                        "substr(at, 1, 13) = ?3 and name = '' and role = ''",
                        err, looks->party, viewer, looks->hour, words);
}

enum status access_log_explain(struct store *store, int64_t viewer, struct error *err) {
  struct arena *arena = arena_new();
  struct unexplained *all = NULL;
  struct bodies *bodies = NULL;
  int count = 0, capacity = 0;
  struct query *q = NULL;
  bool row;
  enum status status = store_query_with(
      store, &q,
      "select distinct party, substr(at, 1, 13) from access where person = ?1 and who <> '' and "
      "name = '' and role = '' and machine = ''",
      err, viewer);
  while (status == DONE && (status = query_step(q, &row, err)) == DONE && row) {
    arena_reserve(arena, all, capacity, count + 1);
    all[count++] = (struct unexplained){query_int(q, 0), query_copy(q, arena, 1)};
  }
  query_end(q);
  if (status == DONE && count) status = register_bodies(store, arena, &bodies, err);
  for (int i = 0; status == DONE && i < count; i++)
    status = explain(store, arena, viewer, &all[i], bodies, err);
  arena_free(arena);
  return status;
}

/* ---- the auditor's page ---- */

enum { VIEWERS_MOST = 500 };

enum status access_log_viewers(struct store *store, struct arena *arena, const char *since,
                               struct viewer_count **out, int *count, struct error *err) {
  struct query *q;
  bool row;
  *count = 0;
  *out = arena_array(arena, struct viewer_count, VIEWERS_MOST);
  enum status status = store_query_with(
      store, &q,
      "select who, sum(case when party <> 0 then 1 else 0 end), count(distinct case when party <> "
      "0 then party end), sum(case when party = 0 then 1 else 0 end), max(at), person "
      "from access where at >= ?1 group by who, person order by min(at), who, person limit 500",
      err, since);
  if (status != DONE) return status;
  while ((status = query_step(q, &row, err)) == DONE && row && *count < VIEWERS_MOST)
    (*out)[(*count)++] = (struct viewer_count){.who = query_copy(q, arena, 0),
                                               .last = query_copy(q, arena, 4),
                                               .looks = query_int(q, 1),
                                               .records = query_int(q, 2),
                                               .over_everyone = query_int(q, 3),
                                               .person = query_int(q, 5)};
  query_end(q);
  return status;
}
