#include "book/erase.h"

#include "base/money.h"
#include "book/reversal.h"

/* In a pipeline: 10,000 lines of one person take 1.0 s on PostgreSQL, one answer at a time 22 s. */
enum status book_erase_lines(struct store *store, const struct erased_line *lines, size_t count,
                             struct error *err) {
  struct query *q = NULL, *d = NULL, *f = NULL;
  enum status status =
      store_query(store, &q, "insert into erased_leaf (entry, n, hash) values (?1, ?2, ?3)", err);
  if (status == DONE)
    status =
        store_query(store, &d,
                    "delete from line where account = ?1 and day = ?2 and entry = ?3 and n = ?4",
                    err);
  /* The account numbers would show that erased lines of several entries belonged to one account.
   * The reason of an entry of one line and its contra is about that line. */
  if (status == DONE)
    status = store_query(store, &f,
                         "update entry set accounts = null, memo = case when lines <= 2 then null "
                         "else memo end where id = ?1 and (accounts is not null or memo <> '')",
                         err);
  if (status == DONE) status = store_pipeline_begin(store, err);
  for (size_t i = 0; status == DONE && i < count; i++) {
    const struct erased_line *line = &lines[i];
    query_bind_all(f, line->entry);
    status = query_run(f, err);
    if (status != DONE) break;
    query_bind_all(q, line->entry, line->line_no,
                   QUERY_BYTES(line->hash.bytes, sizeof line->hash.bytes));
    status = query_run(q, err);
    if (status != DONE) break;
    query_bind_all(d, line->account, line->day, line->entry, line->line_no);
    status = query_run(d, err);
  }
  if (status == DONE) status = store_pipeline_end(store, err);
  query_end(q);
  query_end(d);
  query_end(f);
  return status;
}

/* ---- sums ---- */

bool erased_sum_add(struct erased_sum *into, const struct erased_sum *more) {
  int64_t amount, quantity;
  if (!money_add(into->amount, more->amount, &amount) ||
      !money_add(into->quantity, more->quantity, &quantity) || amount == INT64_MIN ||
      quantity == INT64_MIN)
    return false;
  into->amount = amount;
  into->quantity = quantity;
  into->has_quantity |= more->has_quantity;
  into->estimated |= more->estimated;
  return true;
}

struct sum_writer {
  struct store *store;
  bool reversals;
  int64_t account;
  struct erased_sum *sum;
};

/* The place's account of erased sums, opened when it is first needed. */
static enum status erased_account(struct sum_writer *w, const struct roles *roles,
                                  struct error *err) {
  struct account account = {.owner_kind = OWNER_BOOK, .owner = w->sum->place};
  account_set_role(&account, roles_of_use(roles, ROLE_ERASED));
  account_set_unit(&account, w->sum->unit);
  enum status status = book_ready_account(w->store, &account, err);
  w->account = account.id;
  return status;
}

/* Whether the existing sum is of the same kind: undone, or not. */
static enum status same_kind(struct sum_writer *w, int32_t line_no, bool *same, struct error *err) {
  bool undone = false;
  enum status status = w->reversals ? reversal_known(w->store, w->sum->entry, line_no, w->account,
                                                     &undone, err)
                                    : DONE;
  *same = undone == w->sum->undone;
  return status;
}

/* Finds a line number past the entry's count: that of an existing sum of the same category, body,
 * stream and kind that has room (*there: `sum` is then both together), else the first free number
 * in the account. */
static enum status sum_number(struct sum_writer *w, int32_t *n, bool *there, struct error *err) {
  struct erased_sum *sum = w->sum;
  struct query *q = NULL;
  bool row = false;
  int64_t lines = 0;
  *there = false;
  enum status status = store_int_with(w->store, "select lines from entry where id = ?1", 0, &lines,
                                      err, sum->entry);
  *n = (int32_t)lines + 1;
  /* the reversal of a sum is in the same account, within the count */
  if (status == DONE)
    status = store_query_with(w->store, &q,
                              "select n, category, body, amount, quantity, estimated, stream from "
                              "line where account = ?1 "
                              "and day = ?2 and entry = ?3 and n > ?4 order by n",
                              err, w->account, sum->day, sum->entry, lines);
  if (status != DONE) return status;
  while ((status = query_step(q, &row, err)) == DONE && row) {
    if (*there) continue;
    *n = (int32_t)query_int(q, 0);
    const struct erased_sum stands = {.amount = query_int(q, 3),
                                      .quantity = query_int(q, 4),
                                      .has_quantity = !query_is_null(q, 4),
                                      .estimated = query_int(q, 5)};
    *there = query_int(q, 1) == sum->category && query_int(q, 2) == sum->body &&
             span_is(query_text(q, 6), sum->stream ? sum->stream : "");
    if (*there && (status = same_kind(w, *n, there, err)) != DONE) break;
    if (*there) *there = erased_sum_add(sum, &stands);
    if (!*there) ++*n;
  }
  query_end(q);
  return status;
}

enum status book_add_erased_sum(struct store *store, const struct roles *roles, bool reversals,
                                struct erased_sum *sum, bool *added, struct error *err) {
  struct sum_writer w = {.store = store, .reversals = reversals, .sum = sum};
  int32_t line_no = 0;
  bool there = false;
  enum status status = erased_account(&w, roles, err);
  if (status == DONE) status = sum_number(&w, &line_no, &there, err);
  if (status != DONE) return status;
  *added = !there;
  if (there)
    return store_run_with(
        store,
        "update line set amount = ?5, quantity = ?6, estimated = ?7 where account = ?1 and day = "
        "?2 and entry = ?3 and n = ?4",
        err, w.account, sum->day, sum->entry, line_no, sum->amount,
        QUERY_OR_NULL(sum->has_quantity, sum->quantity), sum->estimated);
  status = store_run_with(
      store,
      "insert into line (account, day, entry, n, amount, quantity, estimated, category, place, "
      "body, stream) values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)",
      err, w.account, sum->day, sum->entry, line_no, sum->amount,
      QUERY_OR_NULL(sum->has_quantity, sum->quantity), sum->estimated, sum->category,
      QUERY_OR_NULL(sum->place, sum->place), QUERY_OR_NULL(sum->body, sum->body),
      QUERY_OR_NULL(sum->stream, sum->stream));
  return status == DONE && sum->undone
             ? reversal_mark_sum(store, sum->entry, line_no, w.account, err)
             : status;
}

/* ---- reasons ---- */

enum status book_memos_open(struct store *store, struct query **out, struct error *err) {
  return store_query(store, out, "select id, memo from entry where memo <> '' and lines > 2", err);
}

enum status book_memos_next(struct query *q, int64_t *entry, struct span *memo, bool *some,
                            struct error *err) {
  enum status status = query_step(q, some, err);
  if (status != DONE || !*some) return status;
  *entry = query_int(q, 0);
  *memo = query_text(q, 1);
  return DONE;
}

enum status book_forget_memo(struct store *store, int64_t entry, struct error *err) {
  return store_run_with(store, "update entry set memo = null where id = ?1", err, entry);
}
