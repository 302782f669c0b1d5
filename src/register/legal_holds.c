#include "register/legal_holds.h"

#include "base/day.h"
#include "base/limits.h"
#include "base/money.h"
#include "base/refusal.h"
#include "register/access_log.h"
#include "register/register.h"
#include "store/counter.h"

static enum status check_reason(const char *reason, struct error *err) {
  size_t size = reason ? span_trim(span_of(reason)).size : 0;
  if (!size) return refuse_at(err, "reason", REASON_MISSING);
  if (size <= LIMIT_HOLD_REASON_BYTES) return DONE;
  refuse(err, HOLD_REASON_TOO_LONG, LIMIT_HOLD_REASON_BYTES);
  return error_at(err, NULL, 0, "reason");
}

/* ---- placing ---- */

static enum status insert_hold(struct store *store, int64_t person, int64_t id, const char *who,
                               const char *reason, struct error *err) {
  struct query *q;
  char now[21];
  enum status status = store_query(store, &q,
                                   "insert into legal_hold (party, id, reason, placed_by, "
                                   "placed_at) values (?1, ?2, ?3, ?4, ?5)",
                                   err);
  if (status != DONE) return status;
  query_bind_int(q, 1, person);
  query_bind_int(q, 2, id);
  query_bind_text(q, 3, span_trim(span_of(reason)));
  query_bind_text(q, 4, span_of(who));
  query_bind_text(q, 5, span_of(clock_write_now(now)));
  status = query_run(q, err);
  query_end(q);
  return status;
}

static enum status note_change(struct store *store, int64_t person, int64_t id,
                               const struct access_reader *by, const char *what,
                               struct error *err) {
  char words[64];
  snprintf(words, sizeof words, "legal hold %s: %lld", what, (long long)id);
  return access_log_add(store, by, person, words, "to keep the record", err);
}

enum status legal_hold_place(struct store *store, int64_t person, const struct access_reader *by,
                             const char *reason, int64_t *id, struct error *err) {
  struct arena *arena = arena_new();
  struct person there;
  enum status status = check_reason(reason, err);
  if (status == DONE) status = register_person(store, arena, person, &there, err);
  if (status == DONE) status = counter_next(store, "legal_hold", id, err);
  if (status == DONE) status = insert_hold(store, person, *id, by->who, reason, err);
  if (status == DONE) status = note_change(store, person, *id, by, "placed", err);
  arena_free(arena);
  return status;
}

/* ---- reading ---- */

#define HOLD_COLUMNS \
  "h.party, h.id, p.code, p.name, h.reason, h.placed_by, h.placed_at, h.ended_by, h.ended_at, " \
  "h.end_reason"

struct hold_list {
  struct legal_hold *all;
  int count, capacity;
};

static enum status read_holds(struct query *q, struct arena *arena, struct hold_list *list,
                              struct error *err) {
  bool row;
  enum status status;
  while ((status = query_step(q, &row, err)) == DONE && row) {
    array_reserve(list->all, list->capacity, list->count + 1);
    list->all[list->count++] = (struct legal_hold){.party = query_int(q, 0),
                                                   .id = query_int(q, 1),
                                                   .code = query_copy_or_null(q, arena, 2),
                                                   .name = query_copy_or_null(q, arena, 3),
                                                   .reason = query_copy(q, arena, 4),
                                                   .placed_by = query_copy(q, arena, 5),
                                                   .placed_at = query_copy(q, arena, 6),
                                                   .ended_by = query_copy_or_null(q, arena, 7),
                                                   .ended_at = query_copy_or_null(q, arena, 8),
                                                   .end_reason = query_copy_or_null(q, arena, 9)};
  }
  return status;
}

/* Adds the holds of one record to the list. */
static enum status holds_of_record(struct store *store, struct arena *arena, int64_t record,
                                   struct hold_list *list, struct error *err) {
  struct query *q;
  enum status status = store_query(
      store, &q,
      "select " HOLD_COLUMNS
      " from legal_hold h join party p on p.id = h.party where h.party = ?1 order by h.id",
      err);
  if (status != DONE) return status;
  query_bind_int(q, 1, record);
  status = read_holds(q, arena, list, err);
  query_end(q);
  return status;
}

static int by_number(const void *a, const void *b) {
  int64_t x = ((const struct legal_hold *)a)->id, y = ((const struct legal_hold *)b)->id;
  return (x > y) - (x < y);
}

/* Moves a list from malloc into the arena, in order of number. */
static void keep_holds(struct arena *arena, struct hold_list *list, struct legal_hold **out,
                       int *count) {
  array_sort(list->all, list->count, by_number);
  *out = arena_array(arena, struct legal_hold, list->count + 1);
  if (list->count) memcpy(*out, list->all, sizeof *list->all * (size_t)list->count);
  *count = list->count;
  free(list->all);
}

static enum status holds_of_records(struct store *store, struct arena *arena,
                                    const int64_t *records, int n, struct legal_hold **out,
                                    int *count, struct error *err) {
  struct hold_list list = {0};
  enum status status = DONE;
  for (int r = 0; status == DONE && r < n; r++)
    status = holds_of_record(store, arena, records[r], &list, err);
  keep_holds(arena, &list, out, count);
  return status;
}

static enum status holds_of_all(struct store *store, struct arena *arena, struct legal_hold **out,
                                int *count, struct error *err) {
  struct hold_list list = {0};
  struct query *q;
  enum status status = store_query(
      store, &q, "select " HOLD_COLUMNS " from legal_hold h join party p on p.id = h.party", err);
  if (status != DONE) return status;
  status = read_holds(q, arena, &list, err);
  query_end(q);
  keep_holds(arena, &list, out, count);
  return status;
}

enum status legal_holds_list(struct store *store, struct arena *arena, int64_t person,
                             struct legal_hold **out, int *count, struct error *err) {
  int64_t *records = NULL;
  int n = 0;
  if (!person) return holds_of_all(store, arena, out, count, err);
  enum status status = register_records(store, arena, person, &records, &n, err);
  return status == DONE ? holds_of_records(store, arena, records, n, out, count, err) : status;
}

enum status legal_holds_standing(struct store *store, struct arena *arena, int64_t **parties,
                                 int *count, struct error *err) {
  struct legal_hold *all = NULL;
  int n = 0;
  enum status status = holds_of_all(store, arena, &all, &n, err);
  *parties = arena_array(arena, int64_t, n + 1);
  *count = 0;
  for (int i = 0; status == DONE && i < n; i++)
    if (!all[i].ended_at) (*parties)[(*count)++] = all[i].party;
  return status;
}

enum status legal_holds_keep(struct store *store, struct arena *arena, int64_t person, bool *held,
                             struct error *err) {
  struct legal_hold *all = NULL;
  int n = 0;
  enum status status = legal_holds_list(store, arena, person, &all, &n, err);
  *held = false;
  for (int i = 0; status == DONE && i < n; i++) *held |= !all[i].ended_at;
  return status;
}

enum status legal_holds_refuse(struct store *store, struct arena *arena, const int64_t *records,
                               int count, struct error *err) {
  struct legal_hold *all = NULL;
  int n = 0;
  enum status status = holds_of_records(store, arena, records, count, &all, &n, err);
  for (int i = 0; status == DONE && i < n; i++) {
    const struct legal_hold *h = &all[i];
    if (h->ended_at) continue;
    return refuse(err, LEGAL_HOLD_STANDS, h->code, (long long)h->id, h->code, (long long)h->id,
                  h->placed_by, h->placed_at, h->reason);
  }
  return status;
}

/* ---- ending ---- */

/* Finds the hold that the caller means, among those of the person's records. */
static enum status choose(const struct legal_hold *all, int count, int64_t id,
                          const struct legal_hold **out, struct error *err) {
  int standing = 0;
  *out = NULL;
  for (int i = 0; i < count; i++) {
    if (id && all[i].id != id) continue;
    if (id && all[i].ended_at)
      return refuse(err, LEGAL_HOLD_ENDED, (long long)id, all[i].ended_at, all[i].ended_by);
    if (all[i].ended_at) continue;
    *out = &all[i];
    standing++;
  }
  if (standing == 1) return DONE;
  if (id) return refuse(err, LEGAL_HOLD_OF_ANOTHER, (long long)id);
  if (!standing) return refuse(err, LEGAL_HOLD_NONE);
  return refuse(err, LEGAL_HOLD_WHICH, standing);
}

enum status legal_hold_end(struct store *store, struct arena *arena, int64_t person, int64_t *id,
                           const struct access_reader *by, const char *reason, struct error *err) {
  struct legal_hold *all = NULL;
  const struct legal_hold *hold = NULL;
  struct query *q = NULL;
  char now[21];
  int count = 0;
  enum status status = check_reason(reason, err);
  if (status == DONE) status = legal_holds_list(store, arena, person, &all, &count, err);
  if (status == DONE) status = choose(all, count, *id, &hold, err);
  if (status == DONE)
    status = store_query(store, &q,
                         "update legal_hold set ended_by = ?3, ended_at = ?4, end_reason = ?5 "
                         "where party = ?1 and id = ?2 and ended_at is null",
                         err);
  if (status != DONE) return status;
  *id = hold->id;
  query_bind_int(q, 1, hold->party);
  query_bind_int(q, 2, hold->id);
  query_bind_text(q, 3, span_of(by->who));
  query_bind_text(q, 4, span_of(clock_write_now(now)));
  query_bind_text(q, 5, span_trim(span_of(reason)));
  status = query_run(q, err);
  if (status == DONE && query_changes(q) != 1)
    status = refuse(err, LEGAL_HOLD_ENDED_MEANWHILE, (long long)hold->id);
  query_end(q);
  return status == DONE ? note_change(store, hold->party, hold->id, by, "ended", err) : status;
}
