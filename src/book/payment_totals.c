#include "book/payment_totals.h"

#include "base/map.h"
#include "book/bulk.h"
#include "store/head.h"

/* A sum of pence is kept as thousand millions and what is left, so that it cannot pass 64 bits
 * (base/wide.h). */
#define BILLION INT64_C(1000000000)

static const char *const by_words[] = {
    [PAYMENTS_BY_CATEGORY] = "category", [PAYMENTS_BY_PAYEE] = "payee"};

struct payment_totals {
  struct arena *arena;
  struct map index;
  struct payment_total **all;
  size_t count, capacity;
  size_t payee_count; /* of them by payee */
  bool sorted;
  struct payment_total *last[2]; /* by enum payments_by: most lines add to the one before */
  int year;
  day_t year_first, year_last;
};

struct payment_totals *payment_totals_new(void) {
  struct payment_totals *t = memory_zeroed(1, sizeof *t);
  t->arena = arena_new();
  t->year_first = 1;
  return t;
}

void payment_totals_free(struct payment_totals *t) {
  if (!t) return;
  map_release(&t->index);
  free(t->all);
  arena_free(t->arena);
  free(t);
}

static bool same_key(const struct payment_key *a, const struct payment_key *b) {
  return memcmp(a, b, sizeof *a) == 0;
}

static struct payment_total *find(struct payment_totals *t, const struct payment_key *key) {
  struct payment_total **last = &t->last[key->by];
  if (*last && same_key(&(*last)->key, key)) return *last;
  const int64_t at = map_get(&t->index, span_make((const char *)key, sizeof *key));
  if (at >= 0) return *last = t->all[at];
  struct payment_total *total = arena_alloc(t->arena, sizeof *total);
  *total = (struct payment_total){.key = *key};
  array_reserve(t->all, t->capacity, t->count + 1);
  map_set(&t->index, span_make((const char *)&total->key, sizeof total->key), (int64_t)t->count);
  t->all[t->count++] = total;
  t->payee_count += key->by == PAYMENTS_BY_PAYEE;
  t->sorted = false;
  return *last = total;
}

static int financial_year(struct payment_totals *t, day_t day) {
  if (day < t->year_first || day > t->year_last) {
    t->year = year_of_day(YEAR_FINANCIAL, day);
    t->year_first = year_first_day(YEAR_FINANCIAL, t->year);
    t->year_last = year_last_day(YEAR_FINANCIAL, t->year);
  }
  return t->year;
}

void payment_totals_add(struct payment_totals *t, const struct payment *p) {
  const int undone = p->reverses && p->undone_day != DAY_NONE
                         ? year_of_day(YEAR_FINANCIAL, p->undone_day)
                         : INT32_MIN,
            year = financial_year(t, p->day);
  const struct payment_key keys[] = {{PAYMENTS_BY_CATEGORY, year, p->payer, p->place, p->category},
                                     {PAYMENTS_BY_PAYEE, year, p->payer, p->place, p->payee}};
  for (int i = 0; i < 2; i++) {
    struct payment_total *total = find(t, &keys[i]);
    total->amount += p->amount;
    total->payments += undone == year ? -1 : 1;
  }
}

void payment_totals_add_all(struct payment_totals *to, const struct payment_totals *more) {
  for (size_t i = 0; i < more->count; i++) {
    struct payment_total *total = find(to, &more->all[i]->key);
    total->amount += more->all[i]->amount;
    total->payments += more->all[i]->payments;
  }
}

struct payment_totals *payment_totals_take(struct payment_totals *t, size_t least) {
  const struct payment_total *last = t->last[PAYMENTS_BY_PAYEE];
  if (!last || t->payee_count < least) return NULL;
  const int64_t payee = last->key.what;
  struct payment_totals *full = payment_totals_new(), begun = *full;
  *full = *t;
  *t = begun;
  size_t kept = 0;
  for (size_t i = 0; i < full->count; i++) {
    struct payment_total *total = full->all[i];
    if (total->key.by == PAYMENTS_BY_PAYEE && total->key.what != payee) {
      full->all[kept++] = total;
      continue;
    }
    struct payment_total *rest = find(t, &total->key);
    rest->amount += total->amount;
    rest->payments += total->payments;
  }
  full->count = full->payee_count = kept;
  full->sorted = false; /* which makes the index anew too */
  return full;
}

static int compare_totals(const void *a, const void *b) {
  const struct payment_key *x = &(*(struct payment_total *const *)a)->key,
                           *y = &(*(struct payment_total *const *)b)->key;
  if (x->by != y->by) return x->by < y->by ? -1 : 1;
  if (x->year != y->year) return x->year < y->year ? -1 : 1;
  if (x->payer != y->payer) return x->payer < y->payer ? -1 : 1;
  if (x->place != y->place) return x->place < y->place ? -1 : 1;
  return (x->what > y->what) - (x->what < y->what);
}

struct payment_total **payment_totals_sorted(struct payment_totals *t, size_t *count) {
  if (!t->sorted) {
    array_sort(t->all, t->count, compare_totals);
    map_clear(&t->index);
    for (size_t i = 0; i < t->count; i++)
      map_set(&t->index, span_make((const char *)&t->all[i]->key, sizeof t->all[i]->key),
              (int64_t)i);
    t->sorted = true;
  }
  *count = t->count;
  return t->all;
}

/* ---- writing ---- */

#define ADDED_TO_KEPT \
  " on conflict (kind, year, payer, place, what, entry) do update set billions = " \
  "payment_total.billions + excluded.billions + (payment_total.amount + excluded.amount) / " \
  "1000000000, amount = (payment_total.amount + excluded.amount) % 1000000000, payments = " \
  "payment_total.payments + excluded.payments"

enum status payment_totals_post(struct payment_totals *t, struct store *store, struct error *err) {
  struct query *q = NULL;
  size_t count = 0;
  struct payment_total **all = payment_totals_sorted(t, &count);
  if (!count) return DONE;
  enum status status = store_query(
      store, &q,
      "insert into payment_total (kind, year, payer, place, what, entry, billions, amount, "
      "payments) values (?1, ?2, ?3, ?4, ?5, 0, ?6, ?7, ?8)" ADDED_TO_KEPT,
      err);
  if (status != DONE) return status;
  for (size_t i = 0; status == DONE && i < count; i++) {
    const struct payment_key *k = &all[i]->key;
    query_bind_all(q, by_words[k->by], k->year, k->payer, k->place, k->what,
                   (int64_t)(all[i]->amount / BILLION), (int64_t)(all[i]->amount % BILLION),
                   all[i]->payments);
    status = query_run_later(q, err);
  }
  query_end(q);
  return status;
}

enum status payment_totals_write(struct payment_totals *t, struct store *store, int64_t entry,
                                 struct error *err) {
  struct append *a = NULL;
  size_t count = 0;
  struct payment_total **all = payment_totals_sorted(t, &count);
  if (!count) return DONE;
  enum status status =
      append_begin(store, &a, "payment_total",
                   "kind, year, payer, place, what, entry, billions, amount, payments", err);
  for (size_t i = 0; status == DONE && i < count; i++) {
    const struct payment_key *k = &all[i]->key;
    append_text(a, span_of(by_words[k->by]));
    append_int(a, k->year);
    append_int(a, k->payer);
    append_int(a, k->place);
    append_int(a, k->what);
    append_int(a, entry);
    append_int(a, (int64_t)(all[i]->amount / BILLION));
    append_int(a, (int64_t)(all[i]->amount % BILLION));
    append_int(a, all[i]->payments);
    status = append_row(a, err);
  }
  if (status == DONE) return append_end(a, err);
  append_abandon(a);
  return status;
}

enum status payment_totals_sweep(struct store *store, const struct entry_range *entries,
                                 struct error *err) {
  enum status status = store_begin(store, STORE_BULK, err);
  if (status == DONE)
    status = store_run_with(store,
                            "delete from payment_total where entry > 0 and entry between ?1 and ?2",
                            err, entries->first, entries->last);
  if (status == DONE) status = store_commit(store, err);
  if (status != DONE) store_rollback(store);
  return status;
}

/* ---- folding ---- */

#define FINISHED "not exists (select 1 from pending p where t.entry between p.first and p.last)"

/* A part of what one import wrote: of one kind, year and payer, so that a transaction is short. */
static enum status fold_part(struct store *store, bool *more, struct error *err) {
  struct query *q = NULL;
  struct head head;
  char kind[16] = "";
  int64_t entry = 0, year = 0, payer = 0;
  /* the head first, as small postings lock it, which change the same rows */
  enum status status = head_lock(store, &head, err);
  if (status == DONE)
    status = store_query(store, &q,
                         "select t.kind, t.year, t.payer, t.entry from payment_total t where "
                         "t.entry > 0 and " FINISHED " limit 1",
                         err);
  if (status == DONE) status = query_step(q, more, err);
  if (status == DONE && *more) {
    const struct span word = query_text(q, 0);
    memcpy(kind, word.bytes, word.size < sizeof kind ? word.size : sizeof kind - 1);
    year = query_int(q, 1);
    payer = query_int(q, 2);
    entry = query_int(q, 3);
  }
  query_end(q);
  if (status != DONE || !*more) return status;
  status = store_run_with(
      store,
      "insert into payment_total (kind, year, payer, place, what, entry, billions, amount, "
      "payments) select kind, year, payer, place, what, 0, billions, amount, payments from "
      "payment_total where kind = ?1 and year = ?2 and payer = ?3 and entry = ?4" ADDED_TO_KEPT,
      err, kind, year, payer, entry);
  return status == DONE
             ? store_run_with(store,
                              "delete from payment_total where kind = ?1 and year = ?2 and payer = "
                              "?3 and entry = ?4",
                              err, kind, year, payer, entry)
             : status;
}

enum status payment_totals_fold(struct store *store, struct error *err) {
  int64_t waiting = 0;
  enum status status =
      store_int(store,
                "select t.entry from payment_total t where t.entry > 0 and " FINISHED " limit 1", 0,
                &waiting, err);
  for (bool more = waiting > 0; status == DONE && more;) {
    status = store_begin(store, STORE_BULK, err);
    if (status == DONE) status = fold_part(store, &more, err);
    if (status == DONE) status = store_commit(store, err);
    if (status != DONE) store_rollback(store);
  }
  return status;
}

/* ---- reading ---- */

static wide_t joined(int64_t billions, int64_t rest) { return (wide_t)billions * BILLION + rest; }

#define TOTAL_BLOCKS(and) \
  STORE_BLOCKS("t.payer, t.place, t.what, t.billions, t.amount, t.payments", \
               "from payment_total t where t.kind = ?1 and t.year = ?2" and \
                   " and (t.entry = 0 or " FINISHED ")")

static enum status read_bound(struct query *q, enum payments_by by, int year,
                              payment_total_take *take, void *context, struct error *err) {
  const struct column_block *block = NULL;
  enum status status;
  query_bind_text(q, 1, span_of(by_words[by]));
  query_bind_int(q, 2, year);
  while ((status = query_block(q, &block, err)) == DONE && block->rows) {
    const struct block_column *c = block->column;
    for (size_t i = 0; i < block->rows; i++) {
      const struct payment_total total = {.key = {by, year, c[0].integers[i], c[1].integers[i],
                                                  c[2].integers[i]},
                                          .amount = joined(c[3].integers[i], c[4].integers[i]),
                                          .payments = c[5].integers[i]};
      take(context, &total);
    }
  }
  query_end(q);
  return status;
}

enum status payment_totals_read(struct store *store, enum payments_by by, int year,
                                payment_total_take *take, void *context, struct error *err) {
  static const char sql[] = TOTAL_BLOCKS("");
  struct query *q = NULL;
  enum status status = store_blocks(store, &q, sql, "iiiiii", err);
  return status == DONE ? read_bound(q, by, year, take, context, err) : status;
}

enum status payment_totals_read_of(struct store *store, enum payments_by by, int year,
                                   int64_t payer, payment_total_take *take, void *context,
                                   struct error *err) {
  static const char sql[] = TOTAL_BLOCKS(" and t.payer = ?3");
  struct query *q = NULL;
  enum status status = store_blocks(store, &q, sql, "iiiiii", err);
  if (status != DONE) return status;
  query_bind_int(q, 3, payer);
  return read_bound(q, by, year, take, context, err);
}

enum status payment_totals_read_all(struct store *store, const struct reading *reading,
                                    payment_total_take *take, void *context, struct error *err) {
  struct query *q = NULL;
  bool row = false;
  enum status status =
      store_stream(store, &q,
                   "select kind, year, payer, place, what, entry, billions, amount, payments from "
                   "payment_total order by kind, year, payer, place, what, entry",
                   err);
  if (status != DONE) return status;
  while ((status = query_step(q, &row, err)) == DONE && row) {
    if (!reading_sees(reading, query_int(q, 5))) continue;
    const enum payments_by by = span_is(query_text(q, 0), by_words[PAYMENTS_BY_PAYEE])
                                    ? PAYMENTS_BY_PAYEE
                                    : PAYMENTS_BY_CATEGORY;
    const struct payment_total total = {.key = {by, query_int(q, 1), query_int(q, 2),
                                                query_int(q, 3), query_int(q, 4)},
                                        .amount = joined(query_int(q, 6), query_int(q, 7)),
                                        .payments = query_int(q, 8)};
    take(context, &total);
  }
  query_end(q);
  return status;
}

/* ---- making them anew ---- */

static enum status rebuild_within(struct store *store, struct payment_totals *totals,
                                  enum progress_mode progress, struct error *err) {
  struct arena *arena = arena_new();
  struct reading reading;
  struct head head;
  enum status status = head_lock(store, &head, err);
  if (status == DONE) status = book_reading(store, arena, &reading, err);
  if (status == DONE) status = payment_totals_of_lines(store, &reading, progress, totals, err);
  if (status == DONE) status = store_run(store, "delete from payment_total", err);
  if (status == DONE) status = payment_totals_write(totals, store, 0, err);
  arena_free(arena);
  return status;
}

/* Under the import lock and after a sweep no number is pending. */
enum status payment_totals_rebuild(struct store *store, enum progress_mode progress, int64_t *count,
                                   struct error *err) {
  struct payment_totals *totals = payment_totals_new();
  bool held = false;
  enum status status = store_lock(store, BULK_LOCK, true, &held, err);
  if (status == DONE) status = bulk_sweep(store, err);
  if (status == DONE) status = store_begin(store, STORE_WRITE, err);
  if (status == DONE) status = rebuild_within(store, totals, progress, err);
  if (status == DONE) status = store_commit(store, err);
  if (status != DONE) store_rollback(store);
  if (held) store_unlock(store, BULK_LOCK);
  *count = (int64_t)totals->count;
  payment_totals_free(totals);
  return status;
}
