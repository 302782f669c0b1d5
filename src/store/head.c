#include "store/head.h"

#define HEAD_COLUMNS "entry, logged, account, party, place, body, category, service, import"

static const char head_row_sql[] = "select " HEAD_COLUMNS " from head where id = 1";

static enum status take_row(struct query *q, struct head *out, struct error *err) {
  bool row = false;
  enum status status = query_step(q, &row, err);
  if (status != DONE) return status;
  if (!row) return error_set(err, FAILED, "the store has no head row; it is damaged");
  *out = (struct head){.entry = query_int(q, 0),
                       .logged = query_int(q, 1),
                       .account = query_int(q, 2),
                       .party = query_int(q, 3),
                       .place = query_int(q, 4),
                       .body = query_int(q, 5),
                       .category = query_int(q, 6),
                       .service = query_int(q, 7),
                       .import = query_int(q, 8)};
  return DONE;
}

static enum status read_with(struct store *store, const char *sql, struct head *out,
                             struct error *err) {
  struct query *q = NULL;
  enum status status = store_query(store, &q, sql, err);
  if (status == DONE) status = take_row(q, out, err);
  query_end(q);
  return status;
}

enum status head_read(struct store *store, struct head *out, struct error *err) {
  return read_with(store, head_row_sql, out, err);
}

enum status head_lock(struct store *store, struct head *out, struct error *err) {
  return read_with(store, "select " HEAD_COLUMNS " from head where id = 1 {postgresql: for update}",
                   out, err);
}

enum status head_ask(struct store *store, const struct head *n, struct query **out,
                     struct error *err) {
  enum status status =
      n ? store_query_with(
              store, out,
              "update head set entry = entry + ?1, logged = logged + ?2, account = account + ?3, "
              "party = party + ?4, place = place + ?5, body = body + ?6, category = category + "
              "?7, service = service + ?8, import = import + ?9 where id = 1 "
              "returning " HEAD_COLUMNS,
              err, n->entry, n->logged, n->account, n->party, n->place, n->body, n->category,
              n->service, n->import)
        : store_query(store, out, head_row_sql, err);
  return status == DONE ? query_ask(*out, err) : status;
}

/* Reads to the end: an update that returns rows is done when its last row was read. */
enum status head_answer(struct query *q, struct head *numbers, struct error *err) {
  bool row = false;
  enum status status = take_row(q, numbers, err);
  return status == DONE ? query_step(q, &row, err) : status;
}

enum status head_take(struct store *store, struct head *numbers, struct error *err) {
  struct query *q = NULL;
  enum status status = head_ask(store, numbers, &q, err);
  if (status == DONE) status = head_answer(q, numbers, err);
  query_end(q);
  return status;
}
