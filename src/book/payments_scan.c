/* Adds up the lines of payments, on every core: for payment_totals.h. */
#include "book/payment_totals.h"
#include "book/scan.h"

#include "base/map.h"

/* ---- accounts ---- */

bool account_is_of_payments(const struct roles *roles, const struct account *account) {
  return account->owner_kind == OWNER_BODY && strcmp(account->unit, UNIT_PENCE) == 0 &&
         roles_is(roles, span_of(account->role), ROLE_PAYMENTS);
}

/* ---- days of entries ---- */

struct entry_days {
  struct store *store;
  struct map index; /* from an entry to its day, from DAY_FIRST on; 0: there is no such entry */
};

struct entry_days *entry_days_new(struct store *store) {
  struct entry_days *days = memory_zeroed(1, sizeof *days);
  days->store = store;
  return days;
}

void entry_days_free(struct entry_days *days) {
  if (!days) return;
  map_release(&days->index);
  free(days);
}

/* *day is DAY_NONE where there is no such entry. */
static enum status entry_days_find(struct entry_days *days, int64_t entry, day_t *day,
                                   struct error *err) {
  int64_t found = map_get_number(&days->index, (uint64_t)entry, 0), asked = 0;
  if (found < 0) {
    enum status status = store_int_with(days->store, "select day from entry where id = ?1",
                                        INT64_MIN, &asked, err, entry);
    if (status != DONE) return status;
    found = asked == INT64_MIN ? 0 : asked - DAY_FIRST + 1;
    map_set_number(&days->index, (uint64_t)entry, 0, found);
  }
  *day = found ? (day_t)(found - 1 + DAY_FIRST) : DAY_NONE;
  return DONE;
}

enum status payment_totals_add_line(struct payment_totals *t, struct entry_days *days,
                                    int64_t payee, const struct line *line, struct error *err) {
  struct payment payment = {.payee = payee,
                            .payer = line->body,
                            .place = line->place,
                            .category = line->category,
                            .amount = line->amount,
                            .day = line->day,
                            .undone_day = DAY_NONE,
                            .reverses = line->reverses_entry != 0};
  enum status status = payment.reverses
                           ? entry_days_find(days, line->reverses_entry, &payment.undone_day, err)
                           : DONE;
  if (status == DONE) payment_totals_add(t, &payment);
  return status;
}

/* ---- the scan ---- */

struct payments_scan {
  const struct reading *reading;
  const struct body_account *accounts;
  struct payment_totals *out;
};

struct payments_reader {
  const struct payments_scan *scan;
  struct store *store;
  struct entry_days *days;
  struct payment_totals *totals;
  /* reversals of a chunk, whose undone lines' days are asked when it is read */
  struct undoing {
    struct payment payment;
    int64_t entry;
  } * undoing;
  size_t undoing_count, undoing_capacity;
  int64_t *ids;
};

enum { ACCOUNTS_A_CHUNK = 256 };

static void *begin_reader(void *context, struct store *store) {
  struct payments_reader *r = memory_zeroed(1, sizeof *r);
  r->scan = context;
  r->store = store;
  r->days = entry_days_new(store);
  r->totals = payment_totals_new();
  r->ids = memory_alloc(sizeof *r->ids * ACCOUNTS_A_CHUNK);
  return r;
}

static void take_block(struct payments_reader *r, const struct line_block *b,
                       const struct body_account **at) {
  for (size_t i = 0; i < b->rows; i++) {
    while ((*at)->account != b->account[i]) ++*at;
    const struct payment p = {.payee = (*at)->body,
                              .payer = b->body[i],
                              .place = b->place[i],
                              .category = b->category[i],
                              .amount = b->amount[i],
                              .day = (day_t)b->day[i],
                              .undone_day = DAY_NONE,
                              .reverses = b->reverses_entry[i] != 0};
    if (!p.reverses) {
      payment_totals_add(r->totals, &p);
      continue;
    }
    array_reserve(r->undoing, r->undoing_capacity, r->undoing_count + 1);
    r->undoing[r->undoing_count++] = (struct undoing){p, b->reverses_entry[i]};
  }
}

static enum status read_chunk(void *worker, struct scan_chunk *chunk, struct error *err) {
  struct payments_reader *r = worker;
  struct line_cursor *lines = NULL;
  const struct line_block *block = NULL;
  const struct body_account *at = r->scan->accounts + chunk->first;
  const size_t count = (size_t)(chunk->end - chunk->first);
  for (size_t i = 0; i < count; i++) r->ids[i] = at[i].account;
  r->undoing_count = 0;
  enum status status = lines_open(&lines, r->store, r->scan->reading, r->ids, count, DAY_FIRST,
                                  DAY_LAST, err);
  if (status != DONE) return status;
  lines_without_texts(lines);
  while ((status = lines_next_block(lines, &block, err)) == DONE && block->rows)
    take_block(r, block, &at);
  lines_close(lines);
  for (size_t i = 0; status == DONE && i < r->undoing_count; i++) {
    struct payment *p = &r->undoing[i].payment;
    status = entry_days_find(r->days, r->undoing[i].entry, &p->undone_day, err);
    if (status == DONE) payment_totals_add(r->totals, p);
  }
  return status;
}

static void end_reader(void *context, void *worker) {
  struct payments_scan *scan = context;
  struct payments_reader *r = worker;
  payment_totals_add_all(scan->out, r->totals);
  payment_totals_free(r->totals);
  entry_days_free(r->days);
  free(r->undoing);
  free(r->ids);
  free(r);
}

enum status payment_totals_of_lines(struct store *store, const struct reading *reading,
                                    enum progress_mode progress, struct payment_totals *out,
                                    struct error *err) {
  static const struct scan_reader reader = {.begin = begin_reader,
                                            .chunk = read_chunk,
                                            .end = end_reader};
  struct arena *arena = arena_new();
  struct body_account *accounts = NULL;
  size_t count = 0;
  enum status status = book_accounts_in_role(store, arena, ROLE_PAYMENTS, &accounts, &count, err);
  struct payments_scan scan = {reading, accounts, out};
  if (status == DONE && count)
    status = scan_run(&(struct scan){.store = store,
                                     .reader = &reader,
                                     .context = &scan,
                                     .items = (int64_t)count,
                                     .chunk_items = ACCOUNTS_A_CHUNK,
                                     .what = "adding",
                                     .total = count,
                                     .progress = progress},
                      err);
  arena_free(arena);
  return status;
}
