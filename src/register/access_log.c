/* The access log. It is clustered by person and moment; a page of it is read from its end. */
#include "register/access_log.h"

#include "base/hash.h"
#include "base/refusal.h"
#include "register/register.h"

#include <stdlib.h>

/* ---- who read the record ---- */

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

enum status access_log_viewer(struct store *store, struct arena *arena, int64_t person,
                              const char *who, const char *at, struct viewer *out,
                              struct error *err) {
  struct viewer viewer = {.kind = VIEWER_OPERATOR};
  struct person p;
  struct error ignored = {0};
  int64_t id = 0, *records = NULL;
  int count = 0;
  day_t day = 0;
  *out = viewer;
  if (strncmp(who, "id:", 3) != 0) return DONE; /* a user of the machine */
  if (strlen(at) < 10 || day_parse(span_make(at, 10), &day, &ignored) != DONE)
    return error_set(err, FAILED, "the log of who looked holds '%s', which is no moment", at);
  enum status status = find_code(store, span_of(who + 3), &id, err);
  if (status != DONE || !id) return status; /* erased since then */
  if ((status = register_surviving_person(store, arena, id, &p, err)) != DONE) return status;
  if ((status = register_records(store, arena, person, &records, &count, err)) != DONE)
    return status;
  viewer.person = p.id;
  viewer.name = p.name;
  viewer.kind = p.id == records[0] ? VIEWER_SELF : VIEWER_PERSON;
  if (viewer.kind == VIEWER_PERSON) {
    if ((status = helped(store, arena, person, p.id, day, &viewer.what, err)) != DONE)
      return status;
    if ((status = role_grants_at(store, arena, p.id, day, true, &viewer.role_grants,
                                 &viewer.role_grant_count, err)) != DONE)
      return status;
    if (viewer.role_grant_count) viewer.kind = VIEWER_ROLE;
    if (viewer.what) viewer.kind = VIEWER_HELPER;
  }
  *out = viewer;
  return DONE;
}

/* ---- the list ---- */

static void name_access_note(struct access_note *access_note) {
  struct hasher *h = hasher_new();
  struct digest digest;
  const char *parts[] = {access_note->at, access_note->who, access_note->what};
  hasher_begin(h);
  for (int i = 0; i < 3; i++) hasher_add(h, parts[i], strlen(parts[i]) + 1);
  hasher_end(h, &digest);
  hasher_free(h);
  struct text key = {0};
  text_add_bytes(&key, access_note->at,
                 strlen(access_note->at) > 20 ? 20 : strlen(access_note->at));
  text_add_char(&key, '-');
  text_add_hex(&key, digest.bytes, 8);
  snprintf(access_note->key, sizeof access_note->key, "%s", key.bytes);
  text_release(&key);
}

struct access_note_list {
  struct access_note *all;
  int count, capacity;
};

static void list_add(struct access_note_list *list, struct arena *arena, struct query *q) {
  arena_reserve(arena, list->all, list->capacity, list->count + 1);
  list->all[list->count++] = (struct access_note){.at = query_copy(q, arena, 0),
                                                  .who = query_copy(q, arena, 1),
                                                  .what = query_copy(q, arena, 2),
                                                  .why = query_copy(q, arena, 3)};
}

/* The accesses to one record, newest first, at most `most` of them; without those by `own`
 * (`id:P000001`, null: none left out). */
static const char some[] = "select at, who, what, why from access where party = ?1 and who <> ?2 "
                           "order by at desc, who, what, why limit ?3";
static const char counted[] = "select count(*) from access where party = ?1 and who <> ?2";

static enum status read_record(struct store *store, struct arena *arena, int64_t record,
                               const char *own, int64_t most, struct access_note_list *list,
                               int64_t *total, struct error *err) {
  struct query *q;
  bool row;
  enum status status = store_query(store, &q, counted, err);
  if (status != DONE) return status;
  query_bind_int(q, 1, record);
  query_bind_text(q, 2, span_of(own));
  if ((status = query_step(q, &row, err)) == DONE && row) *total += query_int(q, 0);
  query_end(q);
  if (status == DONE) status = store_query(store, &q, some, err);
  if (status != DONE) return status;
  query_bind_int(q, 1, record);
  query_bind_text(q, 2, span_of(own));
  query_bind_int(q, 3, most);
  while ((status = query_step(q, &row, err)) == DONE && row) list_add(list, arena, q);
  query_end(q);
  return status;
}

static int newest_first(const void *a, const void *b) {
  const struct access_note *x = a, *y = b;
  int order = strcmp(y->at, x->at);
  if (!order) order = strcmp(x->who, y->who);
  if (!order) order = strcmp(x->what, y->what);
  return order ? order : strcmp(x->why, y->why);
}

static enum status mark_objections(struct store *store, struct arena *arena, int64_t person,
                                   struct access_note *access_notes, int count, struct error *err) {
  struct objection *all = NULL;
  int n = 0;
  enum status status = objections_of(store, arena, person, &all, &n, err);
  for (int i = 0; status == DONE && i < count; i++)
    for (int o = 0; o < n; o++)
      if (strcmp(access_notes[i].at, all[o].access_at) == 0 &&
          strcmp(access_notes[i].who, all[o].access_who) == 0 &&
          strcmp(access_notes[i].what, all[o].access_what) == 0)
        access_notes[i].objection = all[o].id;
  return status;
}

enum status access_log_of(struct store *store, struct arena *arena, int64_t person,
                          const struct access_log_page *page, struct access_note **out, int *count,
                          int64_t *total, struct error *err) {
  int64_t *records = NULL, skip = page->skip > 0 ? page->skip : 0;
  int n = 0, most = page->most > 0 && page->most < ACCESS_LOG_PAGE_MOST ? page->most
                                                                        : ACCESS_LOG_PAGE_MOST;
  struct access_note_list list = {0};
  const char *own = ""; /* nobody has this name */
  struct person self;
  *total = 0;
  enum status status = register_surviving_person(store, arena, person, &self, err);
  if (status == DONE) status = register_records(store, arena, person, &records, &n, err);
  if (status == DONE && page->others_only) own = arena_printf(arena, "id:%s", self.code);
  for (int r = 0; status == DONE && r < n; r++)
    status = read_record(store, arena, records[r], own, skip + most, &list, total, err);
  if (status != DONE) return status;
  if (list.count) qsort(list.all, (size_t)list.count, sizeof *list.all, newest_first);
  int first = skip < list.count ? (int)skip : list.count;
  int given = list.count - first < most ? list.count - first : most;
  struct access_note *access_notes = list.all ? list.all + first : NULL;
  for (int i = 0; status == DONE && i < given; i++) {
    status = access_log_viewer(store, arena, person, access_notes[i].who, access_notes[i].at,
                               &access_notes[i].viewer, err);
    name_access_note(&access_notes[i]);
  }
  if (status == DONE) status = mark_objections(store, arena, person, access_notes, given, err);
  if (status != DONE) return status;
  *out = access_notes;
  *count = given;
  return DONE;
}

enum status access_note_by_key(struct store *store, struct arena *arena, int64_t person,
                               struct span key, struct access_note *out, struct error *err) {
  int64_t *records = NULL;
  int n = 0;
  bool found = false;
  enum status status = key.size > 20 ? register_records(store, arena, person, &records, &n, err)
                                     : DONE;
  for (int r = 0; status == DONE && r < n && !found; r++) {
    struct query *q;
    if ((status = store_query(store, &q,
                              "select at, who, what, why from access where party = ?1 and at = ?2",
                              err)) != DONE)
      return status;
    query_bind_int(q, 1, records[r]);
    query_bind_text(q, 2, span_make(key.bytes, 20));
    bool row;
    while ((status = query_step(q, &row, err)) == DONE && row && !found) {
      *out = (struct access_note){.at = query_copy(q, arena, 0),
                                  .who = query_copy(q, arena, 1),
                                  .what = query_copy(q, arena, 2),
                                  .why = query_copy(q, arena, 3)};
      name_access_note(out);
      found = span_is(key, out->key);
    }
    query_end(q);
  }
  if (status != DONE || found) return status;
  return refuse(err, ACCESS_UNKNOWN);
}

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
      "0 then party end), sum(case when party = 0 then 1 else 0 end), max(at) "
      "from access where at >= ?1 group by who order by min(at), who limit 500",
      err, since);
  if (status != DONE) return status;
  while ((status = query_step(q, &row, err)) == DONE && row && *count < VIEWERS_MOST)
    (*out)[(*count)++] = (struct viewer_count){.who = query_copy(q, arena, 0),
                                               .last = query_copy(q, arena, 4),
                                               .looks = query_int(q, 1),
                                               .records = query_int(q, 2),
                                               .over_everyone = query_int(q, 3)};
  query_end(q);
  return status;
}
