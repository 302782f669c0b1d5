/* Lists of cases. An inbox is what several sources give, each in the order of an index (a body, a
 * role, a person): the first rows of each are read and merged, so a page costs what it shows and
 * not what waits. */
#include "case/parts.h"

#include "base/map.h"

#include <stdlib.h>

struct list {
  struct store *store;
  struct arena *arena;
  const struct case_desk *desk;
  const struct case_actor *actor;
  const struct case_filter *filter;
  int64_t most; /* rows of each source: those before the page too */
  struct case_file *all;
  int count, capacity;
  int64_t total;
};

#define CASE_FILTER \
  " and (c.kind = ?2 or ?2 = '') and (c.subject = ?3 or ?3 = '') and (c.assigned = ?4 or ?4 = 0 " \
  "or " \
  "(?4 = -1 and c.assigned is null))"
#define CASES_WHERE "select " CASE_COLUMNS " from case_file c where "
#define COUNT_CASES_WHERE "select count(*) from case_file c where "

/* The first of all sources' values; the rest is the filter's. */
static void bind_filter(const struct list *list, struct query *q, int64_t id, const char *word) {
  const struct case_filter *filter = list->filter;
  if (word) query_bind_text(q, 1, span_of(word));
  else query_bind_int(q, 1, id);
  query_bind_text(q, 2, span_of(filter->kind ? filter->kind : ""));
  query_bind_text(q, 3, span_of(filter->subject ? filter->subject : ""));
  query_bind_int(q, 4, filter->assigned);
}

static enum status read_rows(struct list *list, struct query *q, struct error *err) {
  bool row;
  enum status status;
  while ((status = query_step(q, &row, err)) == DONE && row) {
    arena_reserve(list->arena, list->all, list->capacity, list->count + 1);
    status = case_file_read(list->desk->pack, list->arena, q, &list->all[list->count++], err);
    if (status != DONE) break;
  }
  query_end(q);
  return status;
}

static enum status read_count(struct list *list, struct query *q, struct error *err) {
  bool row;
  enum status status = query_step(q, &row, err);
  if (status == DONE && row) list->total += query_int(q, 0);
  query_end(q);
  return status;
}

/* ---- one source ---- */

enum source_kind { OF_BODY, OF_ROLE, OF_PERSON, OF_ALL, SOURCES };
enum source_part { WITH_DUE, WITHOUT_DUE, ANSWERED_DUE, ANSWERED_NO_DUE, COUNTED, PARTS };

#define WAITING_WITH_DUE(whose) \
  CASES_WHERE whose " and c.waits = 1 and c.due is not null and c.due < ?6" CASE_FILTER \
                    " order by c.due, c.id limit ?5"
#define WAITING_WITHOUT_DUE(whose) \
  CASES_WHERE whose " and c.waits = 1 and c.due is null" CASE_FILTER " order by c.id limit ?5"
#define ANSWERED_WITH_DUE(whose) \
  CASES_WHERE whose " and c.waits = 0 and c.due is not null" CASE_FILTER \
                    " order by c.due desc, c.id desc limit ?5"
#define ANSWERED_WITHOUT_DUE(whose) \
  CASES_WHERE whose " and c.waits = 0 and c.due is null" CASE_FILTER " order by c.id desc limit " \
                    "?5"
#define CASES_COUNTED(whose) \
  COUNT_CASES_WHERE whose CASE_FILTER " and c.waits between ?7 and ?8 and coalesce(c.due, ?5) < " \
                                      "?6"

/* In the order of enum source_part. */
static const char *const source_sql[SOURCES][PARTS] = {
    [OF_BODY] = {WAITING_WITH_DUE("c.to_body = ?1"), WAITING_WITHOUT_DUE("c.to_body = ?1"),
                 ANSWERED_WITH_DUE("c.to_body = ?1"), ANSWERED_WITHOUT_DUE("c.to_body = ?1"),
                 CASES_COUNTED("c.to_body = ?1")},
    [OF_ROLE] = {WAITING_WITH_DUE("c.to_role = ?1"), WAITING_WITHOUT_DUE("c.to_role = ?1"),
                 ANSWERED_WITH_DUE("c.to_role = ?1"), ANSWERED_WITHOUT_DUE("c.to_role = ?1"),
                 CASES_COUNTED("c.to_role = ?1")},
    [OF_PERSON] = {WAITING_WITH_DUE("c.to_person = ?1"), WAITING_WITHOUT_DUE("c.to_person = ?1"),
                   ANSWERED_WITH_DUE("c.to_person = ?1"), ANSWERED_WITHOUT_DUE("c.to_person = ?1"),
                   CASES_COUNTED("c.to_person = ?1")},
    [OF_ALL] = {WAITING_WITH_DUE("c.party >= ?1"), WAITING_WITHOUT_DUE("c.party >= ?1"),
                ANSWERED_WITH_DUE("c.party >= ?1"), ANSWERED_WITHOUT_DUE("c.party >= ?1"),
                CASES_COUNTED("c.party >= ?1")},
};

struct source {
  enum source_kind kind;
  int64_t id;
  const char *word;
};

static bool wants_waiting(enum case_which which) { return which != CASES_ANSWERED; }
static bool wants_answered(enum case_which which) {
  return which == CASES_ANSWERED || which == CASES_ALL;
}

/* Days past every deadline: of what has none, and of what may be later than today. */
enum { DAY_NEVER = INT32_MAX - 1, DAY_ANY = INT32_MAX };

static enum status read_part(struct list *list, const struct source *source, enum source_part part,
                             struct error *err) {
  struct query *q;
  bool late = list->filter->which == CASES_LATE;
  enum status status = store_query(list->store, &q, source_sql[source->kind][part], err);
  if (status != DONE) return status;
  bind_filter(list, q, source->id, source->word);
  if (part == WITH_DUE || part == COUNTED) query_bind_int(q, 6, late ? list->desk->today : DAY_ANY);
  query_bind_int(q, 5, part == COUNTED ? DAY_NEVER : list->most);
  if (part != COUNTED) return read_rows(list, q, err);
  query_bind_int(q, 7, wants_answered(list->filter->which) ? 0 : 1);
  query_bind_int(q, 8, wants_waiting(list->filter->which) ? 1 : 0);
  return read_count(list, q, err);
}

static enum status read_source(struct list *list, const struct source *source, struct error *err) {
  enum case_which which = list->filter->which;
  enum status status = DONE;
  if (wants_waiting(which)) {
    status = read_part(list, source, WITH_DUE, err);
    if (status == DONE && which != CASES_LATE) status = read_part(list, source, WITHOUT_DUE, err);
  }
  if (status == DONE && wants_answered(which)) {
    status = read_part(list, source, ANSWERED_DUE, err);
    if (status == DONE) status = read_part(list, source, ANSWERED_NO_DUE, err);
  }
  return status == DONE ? read_part(list, source, COUNTED, err) : status;
}

/* ---- what lies with a role because it is late ---- */

/* Counts those that are not the actor's by a body, role or person too, which were counted there. */
static enum status count_escalated(struct list *list, const char *kind, struct error *err) {
  struct query *q;
  bool row;
  enum status status = store_query(
      list->store, &q,
      "select c.to_body, c.to_role, c.to_person, count(*) from case_file c where c.waits = 1 and "
      "c.due is not null and c.due < ?5 and c.escalated is not null and c.kind = ?1" CASE_FILTER
      " group by c.to_body, c.to_role, c.to_person",
      err);
  if (status != DONE) return status;
  bind_filter(list, q, 0, kind);
  query_bind_int(q, 5, list->desk->today);
  while ((status = query_step(q, &row, err)) == DONE && row) {
    const char *role = query_copy_or_null(q, list->arena, 1);
    if (!case_is_to(list->actor, query_int(q, 0), role, query_int(q, 2)))
      list->total += query_int(q, 3);
  }
  query_end(q);
  return status;
}

/* The first of them, as of any source: what is theirs by another source as well is taken out with
 * all that comes twice, and cannot push out what comes before it. */
static enum status read_escalated(struct list *list, const char *kind, struct error *err) {
  struct query *q;
  enum status status = count_escalated(list, kind, err);
  if (status == DONE)
    status = store_query(list->store, &q,
                         CASES_WHERE
                         "c.waits = 1 and c.due is not null and c.due < ?5 and c.escalated "
                         "is not null and c.kind = ?1" CASE_FILTER " order by c.due, c.id limit ?6",
                         err);
  if (status != DONE) return status;
  bind_filter(list, q, 0, kind);
  query_bind_int(q, 5, list->desk->today);
  query_bind_int(q, 6, list->most);
  return read_rows(list, q, err);
}

static enum status read_all_escalated(struct list *list, struct error *err) {
  const struct pack *pack = list->desk->pack;
  enum status status = DONE;
  for (int k = 0; status == DONE && k < pack->case_kind_count; k++) {
    const struct pack_case_kind *kind = &pack->case_kinds[k];
    if (*kind->escalates && case_is_to(list->actor, 0, kind->escalates, 0))
      status = read_escalated(list, kind->code, err);
  }
  return status;
}

/* ---- told and not read ---- */

static enum status read_unread(struct list *list, int64_t body, struct error *err) {
  struct query *q;
  enum status status =
      store_query(list->store, &q,
                  "select " CASE_COLUMNS
                  " from case_told t join case_file c on c.party = t.party and c.id = "
                  "t.case_id where t.body = ?1 and t.read_at is null" CASE_FILTER
                  " order by t.case_id limit ?5",
                  err);
  if (status != DONE) return status;
  bind_filter(list, q, body, NULL);
  query_bind_int(q, 5, list->most);
  if ((status = read_rows(list, q, err)) != DONE) return status;
  if (list->actor->body_count > 1 && !list->filter->body) return DONE;
  status = store_query(list->store, &q,
                       "select count(*) from case_told t join case_file c on c.party = t.party and "
                       "c.id = t.case_id where t.body = ?1 and t.read_at is null" CASE_FILTER,
                       err);
  if (status != DONE) return status;
  bind_filter(list, q, body, NULL);
  return read_count(list, q, err);
}

/* One that was told to two of the actor's bodies counts once. */
static enum status count_unread_of_several(struct list *list, struct error *err) {
  struct map seen = {.arena = list->arena};
  enum status status = DONE;
  for (int b = 0; status == DONE && b < list->actor->body_count; b++) {
    struct query *q;
    bool row;
    status = store_query(list->store, &q,
                         "select t.case_id from case_told t join case_file c on c.party = t.party "
                         "and c.id = t.case_id where t.body = ?1 and t.read_at is null" CASE_FILTER,
                         err);
    if (status != DONE) return status;
    bind_filter(list, q, list->actor->bodies[b], NULL);
    while ((status = query_step(q, &row, err)) == DONE && row) {
      const char *id = arena_printf(list->arena, "%lld", (long long)query_int(q, 0));
      if (map_get(&seen, span_of(id)) >= 0) continue;
      map_set(&seen, span_of(id), 1);
      list->total++;
    }
    query_end(q);
  }
  return status;
}

/* ---- the page ---- */

static int due_compare(day_t a, day_t b) {
  int x = a == DAY_NONE ? DAY_NEVER : a, y = b == DAY_NONE ? DAY_NEVER : b;
  return (x > y) - (x < y);
}

static int id_compare(int64_t a, int64_t b) { return (a > b) - (a < b); }

static int inbox_compare(const void *a, const void *b) {
  const struct case_file *x = a, *y = b;
  if (x->waits != y->waits) return x->waits ? -1 : 1;
  int order = x->waits || x->due == DAY_NONE || y->due == DAY_NONE ? due_compare(x->due, y->due)
                                                                   : due_compare(y->due, x->due);
  if (!order) order = x->waits ? id_compare(x->id, y->id) : id_compare(y->id, x->id);
  return order;
}

static int oldest_first(const void *a, const void *b) {
  return id_compare(((const struct case_file *)a)->id, ((const struct case_file *)b)->id);
}

static int newest_first(const void *a, const void *b) { return oldest_first(b, a); }

/* Sorts, takes out what came from two sources, and leaves the page. */
static void cut(struct list *list, int (*compare)(const void *, const void *),
                struct case_file **out, int *count) {
  int kept = 0;
  array_sort(list->all, list->count, compare);
  for (int i = 0; i < list->count; i++)
    if (!kept || list->all[kept - 1].id != list->all[i].id) list->all[kept++] = list->all[i];
  int64_t skip = list->filter->skip < kept ? list->filter->skip : kept;
  int64_t left = kept - skip;
  *out = kept ? list->all + skip : NULL;
  *count = (int)(left < list->filter->most ? left : list->filter->most);
}

static struct list begin(struct store *store, struct arena *arena, const struct case_desk *desk,
                         const struct case_filter *filter) {
  return (struct list){.store = store,
                       .arena = arena,
                       .desk = desk,
                       .filter = filter,
                       .most = filter->skip + filter->most};
}

static bool has_body(const struct case_actor *actor, int64_t body) {
  return !actor->person || case_is_to(actor, body, NULL, 0);
}

static enum status read_unread_of_all(struct list *list, struct error *err) {
  enum status status = DONE;
  const struct case_actor *actor = list->actor;
  if (list->filter->body)
    return has_body(actor, list->filter->body) ? read_unread(list, list->filter->body, err) : DONE;
  for (int i = 0; status == DONE && i < actor->body_count; i++)
    status = read_unread(list, actor->bodies[i], err);
  if (status != DONE || actor->body_count < 2) return status;
  return count_unread_of_several(list, err);
}

static enum status read_sources(struct list *list, struct error *err) {
  const struct case_actor *actor = list->actor;
  int64_t body = list->filter->body;
  enum status status = DONE;
  if (body)
    return has_body(actor, body) ? read_source(list, &(struct source){OF_BODY, body, NULL}, err)
                                 : DONE;
  if (!actor->person) return read_source(list, &(struct source){OF_ALL, 0, NULL}, err);
  for (int i = 0; status == DONE && i < actor->body_count; i++)
    status = read_source(list, &(struct source){OF_BODY, actor->bodies[i], NULL}, err);
  for (int i = 0; status == DONE && i < actor->role_count; i++)
    status = read_source(list, &(struct source){OF_ROLE, 0, actor->roles[i]}, err);
  for (int i = 0; status == DONE && i < actor->record_count; i++)
    status = read_source(list, &(struct source){OF_PERSON, actor->records[i], NULL}, err);
  if (status == DONE && wants_waiting(list->filter->which)) status = read_all_escalated(list, err);
  return status;
}

enum status cases_inbox(struct store *store, struct arena *arena, const struct case_desk *desk,
                        const struct case_actor *actor, const struct case_filter *filter,
                        struct case_file **out, int *count, int64_t *total, struct error *err) {
  struct list list = begin(store, arena, desk, filter);
  bool unread = filter->which == CASES_UNREAD;
  list.actor = actor;
  enum status status = unread ? read_unread_of_all(&list, err) : read_sources(&list, err);
  if (status != DONE) return status;
  cut(&list, unread ? oldest_first : inbox_compare, out, count);
  *total = list.total;
  return DONE;
}

/* ---- a person's own ---- */

#define CASES_OF_FILTER \
  CASE_FILTER " and c.waits between ?6 and ?7 and coalesce(c.due, ?8) < " \
              "?5 and ?9 not like '% ' || c.kind || ' %'"
#define ABOUT_THEM "c.party = ?1"
#define ABOUT_NOBODY "c.opener = ?1 and c.party = 0"
enum own_part { ABOUT, OPENED, OWN_PARTS };
static const char *const own_rows[OWN_PARTS] = {
    CASES_WHERE ABOUT_THEM CASES_OF_FILTER " order by c.id desc limit ?10",
    CASES_WHERE ABOUT_NOBODY CASES_OF_FILTER " order by c.id desc limit ?10",
};
static const char *const own_counts[OWN_PARTS] = {
    COUNT_CASES_WHERE ABOUT_THEM CASES_OF_FILTER,
    COUNT_CASES_WHERE ABOUT_NOBODY CASES_OF_FILTER,
};

/* The words of the kinds that are matters of the officers, each between spaces. */
static const char *officers_kinds(const struct list *list) {
  const struct pack *pack = list->desk->pack;
  const char *words = " ";
  for (int k = 0; k < pack->case_kind_count; k++)
    if (case_kind_is_officers(&pack->case_kinds[k]))
      words = arena_printf(list->arena, "%s%s ", words, pack->case_kinds[k].code);
  return words;
}

static enum status open_own(const struct list *list, const char *sql, int64_t record,
                            struct query **q, struct error *err) {
  const struct case_filter *filter = list->filter;
  enum status status = store_query(list->store, q, sql, err);
  if (status != DONE) return status;
  bind_filter(list, *q, record, NULL);
  query_bind_int(*q, 5, filter->which == CASES_LATE ? list->desk->today : DAY_ANY);
  query_bind_int(*q, 6, wants_answered(filter->which) ? 0 : 1);
  query_bind_int(*q, 7, wants_waiting(filter->which) ? 1 : 0);
  query_bind_int(*q, 8, DAY_NEVER);
  query_bind_text(*q, 9, span_of(filter->theirs ? officers_kinds(list) : ""));
  return DONE;
}

static enum status read_own(struct list *list, enum own_part part, int64_t record,
                            struct error *err) {
  struct query *q;
  enum status status = open_own(list, own_rows[part], record, &q, err);
  if (status == DONE) query_bind_int(q, 10, list->most);
  if (status == DONE) status = read_rows(list, q, err);
  if (status == DONE) status = open_own(list, own_counts[part], record, &q, err);
  return status == DONE ? read_count(list, q, err) : status;
}

enum status cases_of(struct store *store, struct arena *arena, const struct case_desk *desk,
                     const int64_t *records, int record_count, const struct case_filter *filter,
                     struct case_file **out, int *count, int64_t *total, struct error *err) {
  struct list list = begin(store, arena, desk, filter);
  enum status status = DONE;
  for (int r = 0; status == DONE && r < record_count; r++) {
    status = read_own(&list, ABOUT, records[r], err);
    if (status == DONE) status = read_own(&list, OPENED, records[r], err);
  }
  if (status != DONE) return status;
  cut(&list, newest_first, out, count);
  *total = list.total;
  return DONE;
}
