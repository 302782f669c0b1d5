#include "award/rows.h"

#include "base/refusal.h"
#include "register/register.h"
#include "store/counter.h"

#define AWARD_COLUMNS \
  "party, id, award, body, variable, amount, per, from_day, to_day, pay_days, first_due, " \
  "arrears, source, reference, facts, versions, made_by, made_at, why, supersedes"
#define PAYMENT_COLUMNS "party, award, due, row_id, first_day, last_day, amount, paid, entry"

enum status award_row_number(struct store *store, int64_t *id, struct error *err) {
  return counter_next(store, "award", id, err);
}

enum status award_rows_hold(struct store *store, struct error *err) {
  int64_t none = 0;
  return counter_take(store, "award", 0, &none, err);
}

/* ---- award ---- */

static void bind_day(struct query *q, int parameter, day_t day) {
  if (day != DAY_NONE) query_bind_int(q, parameter, day);
}

static void bind_words(struct query *q, int parameter, const char *words) {
  if (words) query_bind_text(q, parameter, span_of(words));
}

enum status award_row_insert(struct store *store, const struct award *a, struct error *err) {
  struct query *q = NULL;
  enum status status = store_query(store, &q,
                                   "insert into award (" AWARD_COLUMNS
                                   ") values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, "
                                   "?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20)",
                                   err);
  if (status != DONE) return status;
  query_bind_int(q, 1, a->party);
  query_bind_int(q, 2, a->id);
  query_bind_int(q, 3, a->award);
  query_bind_int(q, 4, a->body);
  query_bind_text(q, 5, span_of(a->variable));
  query_bind_int(q, 6, a->pence);
  query_bind_text(q, 7, span_of(tell_per_word(a->per)));
  query_bind_int(q, 8, a->from);
  bind_day(q, 9, a->to);
  bind_words(q, 10, a->pay_days);
  bind_day(q, 11, a->first_due);
  query_bind_int(q, 12, a->arrears);
  query_bind_text(q, 13, span_of(a->source));
  bind_words(q, 14, a->reference);
  bind_words(q, 15, a->facts);
  bind_words(q, 16, a->versions);
  query_bind_text(q, 17, span_of(a->made_by));
  query_bind_text(q, 18, span_of(a->made_at));
  bind_words(q, 19, a->why);
  if (a->supersedes) query_bind_int(q, 20, a->supersedes);
  status = query_run(q, err);
  query_end(q);
  return status;
}

static struct award read_row(struct query *q, struct arena *arena) {
  return (struct award){.party = query_int(q, 0),
                        .id = query_int(q, 1),
                        .award = query_int(q, 2),
                        .body = query_int(q, 3),
                        .variable = query_copy(q, arena, 4),
                        .pence = query_int(q, 5),
                        .per = tell_per_of(query_text(q, 6)),
                        .from = query_day(q, 7),
                        .to = query_day(q, 8),
                        .pay_days = query_copy_or_null(q, arena, 9),
                        .first_due = query_day(q, 10),
                        .arrears = query_int(q, 11),
                        .source = query_copy(q, arena, 12),
                        .reference = query_copy_or_null(q, arena, 13),
                        .facts = query_copy_or_null(q, arena, 14),
                        .versions = query_copy_or_null(q, arena, 15),
                        .made_by = query_copy(q, arena, 16),
                        .made_at = query_copy(q, arena, 17),
                        .why = query_copy_or_null(q, arena, 18),
                        .supersedes = query_int(q, 19)};
}

/* Rows of one award stand together, a row behind those that it supersedes. */
static void settle(struct awards *rows, int from) {
  for (int i = from; i < rows->count; i++)
    for (int k = i - 1; rows->all[i].supersedes && k >= from; k--)
      if (rows->all[k].id == rows->all[i].supersedes) {
        rows->all[k].superseded_by = rows->all[i].id;
        break;
      }
}

static enum status read_rows(struct query *q, struct arena *arena, struct awards *out,
                             struct error *err) {
  int capacity = out->count;
  const int from = out->count;
  bool row;
  enum status status;
  while ((status = query_step(q, &row, err)) == DONE && row) {
    arena_reserve(arena, out->all, capacity, out->count + 1);
    out->all[out->count++] = read_row(q, arena);
  }
  query_end(q);
  settle(out, from);
  return status;
}

enum status award_rows_of(struct store *store, struct arena *arena, int64_t party, int64_t number,
                          struct awards *out, struct error *err) {
  struct query *q = NULL;
  *out = (struct awards){0};
  enum status status = store_query_with(store, &q,
                                        "select " AWARD_COLUMNS
                                        " from award where party = ?1 and award = ?2 order by id",
                                        err, party, number);
  return status == DONE ? read_rows(q, arena, out, err) : status;
}

enum status award_numbered(struct store *store, struct arena *arena, int64_t number,
                           struct awards *out, struct error *err) {
  struct query *q = NULL;
  *out = (struct awards){0};
  enum status status = store_query_with(
      store, &q, "select " AWARD_COLUMNS " from award where award = ?1 order by id", err, number);
  return status == DONE ? read_rows(q, arena, out, err) : status;
}

static int by_id(const void *a, const void *b) {
  const int64_t x = ((const struct award *)a)->id, y = ((const struct award *)b)->id;
  return (x > y) - (x < y);
}

enum status awards_of_person(struct store *store, struct arena *arena, int64_t person,
                             struct awards *out, struct error *err) {
  int64_t *records = NULL;
  int count = 0;
  struct query *q = NULL;
  *out = (struct awards){0};
  enum status status = register_records(store, arena, person, &records, &count, err);
  for (int i = 0; status == DONE && i < count; i++) {
    status = store_query_with(store, &q,
                              "select " AWARD_COLUMNS " from award where party = ?1 order by id",
                              err, records[i]);
    if (status == DONE) status = read_rows(q, arena, out, err);
  }
  array_sort(out->all, out->count, by_id);
  return status;
}

enum status awards_all(struct store *store, struct arena *arena, struct awards *out,
                       struct error *err) {
  struct query *q = NULL;
  *out = (struct awards){0};
  int capacity = 0, begins = 0;
  bool row;
  enum status status = store_stream(store, &q,
                                    "select " AWARD_COLUMNS " from award order by award, id", err);
  while (status == DONE && (status = query_step(q, &row, err)) == DONE && row) {
    arena_reserve(arena, out->all, capacity, out->count + 1);
    out->all[out->count] = read_row(q, arena);
    if (out->count && out->all[out->count - 1].award != out->all[out->count].award) {
      struct awards one = {out->all + begins, out->count - begins};
      settle(&one, 0);
      begins = out->count;
    }
    out->count++;
  }
  query_end(q);
  if (!out->count) return status;
  struct awards last = {out->all + begins, out->count - begins};
  settle(&last, 0);
  return status;
}

enum status award_find(struct store *store, struct arena *arena, int64_t person, int64_t number,
                       struct award *out, struct error *err) {
  struct awards rows = {0};
  const struct award *found = NULL;
  enum status status = awards_of_person(store, arena, person, &rows, err);
  for (int i = 0; status == DONE && i < rows.count; i++) {
    const struct award *a = &rows.all[i];
    if (a->award != number) continue;
    if (!found || award_stands(a) || !award_stands(found)) found = a;
  }
  if (status != DONE) return status;
  if (!found) return refuse_at(err, "award", AWARD_UNKNOWN, (long long)number);
  *out = *found;
  return DONE;
}

/* ---- payments ---- */

enum status award_payment_insert(struct store *store, const struct award_payment *p,
                                 struct error *err) {
  return store_run_with(store,
                        "insert into award_payment (" PAYMENT_COLUMNS
                        ") values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
                        err, p->party, p->award, p->due, p->row, p->first, p->last, p->pence,
                        p->paid, p->entry);
}

enum status award_payments_of(struct store *store, struct arena *arena, int64_t party,
                              int64_t number, struct award_payment **out, int *count,
                              struct error *err) {
  struct query *q = NULL;
  int capacity = 0;
  bool row;
  *out = NULL;
  *count = 0;
  enum status status =
      store_query_with(store, &q,
                       "select " PAYMENT_COLUMNS
                       " from award_payment where party = ?1 and award = ?2 order by due, row_id",
                       err, party, number);
  while (status == DONE && (status = query_step(q, &row, err)) == DONE && row) {
    arena_reserve(arena, *out, capacity, *count + 1);
    (*out)[(*count)++] = (struct award_payment){.party = query_int(q, 0),
                                                .award = query_int(q, 1),
                                                .due = query_day(q, 2),
                                                .row = query_int(q, 3),
                                                .first = query_day(q, 4),
                                                .last = query_day(q, 5),
                                                .pence = query_int(q, 6),
                                                .paid = query_day(q, 7),
                                                .entry = query_int(q, 8)};
  }
  query_end(q);
  return status;
}

enum status award_lasts(struct store *store, struct arena *arena, struct award_last **out,
                        int *count, struct error *err) {
  struct query *q = NULL;
  int capacity = 0;
  bool row;
  *out = NULL;
  *count = 0;
  enum status status = store_stream(store, &q,
                                    "select award, max(due), count(*) from award_payment where "
                                    "row_id = 0 group by award order by award",
                                    err);
  while (status == DONE && (status = query_step(q, &row, err)) == DONE && row) {
    arena_reserve(arena, *out, capacity, *count + 1);
    (*out)[(*count)++] = (struct award_last){query_int(q, 0), query_day(q, 1), query_int(q, 2)};
  }
  query_end(q);
  return status;
}

/* ---- reckoning ---- */

enum status award_plan_of(const struct pack *pack, const struct award *a, struct award_plan *out,
                          struct error *err) {
  const struct pack_entitlement *what = pack_find_entitlement(pack, span_of(a->variable));
  const struct pack_pay_days *days = what && a->pay_days
                                         ? pack_find_pay_days(pack, what, span_of(a->pay_days))
                                         : NULL;
  if (!days) return refuse_at(err, "pay_days", AWARD_PAY_DAYS, a->variable);
  *out = (struct award_plan){
      .every = days->every, .whole = days->whole, .after = days->after, .first = a->first_due};
  return DONE;
}

int award_rates_of(struct arena *arena, const struct awards *rows, day_t last,
                   struct award_rate **out) {
  int count = 0;
  *out = arena_array(arena, struct award_rate, rows->count + 1);
  for (int i = 0; i < rows->count; i++) {
    const struct award *a = &rows->all[i];
    if (!award_stands(a)) continue;
    const bool cut = last != DAY_NONE && (a->to == DAY_NONE || a->to > last);
    (*out)[count++] = (struct award_rate){a->per, a->pence, a->from, cut ? last : a->to};
  }
  return count;
}
