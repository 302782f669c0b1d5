/* Removes a person's details from the rows that imports refused. */
#include "privacy/erasing.h"

#include "register/identifier.h"

struct own_number {
  struct identifier number;
  struct own_number *next;
};
struct refused_row {
  int64_t import, line;
  struct span column, value, reason;
  struct refused_row *next;
};

/* Also finds a number that an older book holds as nine characters of the value. */
static enum status read_numbers(struct store *store, struct arena *arena, int64_t party,
                                struct own_number **out, struct error *err) {
  struct query *q = NULL;
  bool row = false;
  enum status status =
      store_query(store, &q, "select scheme, value, suffix from identifier where party = ?1", err);
  if (status != DONE) return status;
  query_bind_int(q, 1, party);
  while ((status = query_step(q, &row, err)) == DONE && row) {
    struct own_number *own = arena_alloc(arena, sizeof *own);
    identifier_of_row(&own->number, query_text(q, 0), query_text(q, 1), query_text(q, 2));
    own->next = *out;
    *out = own;
  }
  query_end(q);
  return status;
}

static bool names(const struct own_number *own, struct span text) {
  for (; own; own = own->next)
    if (identifier_stands_in(&own->number, text)) return true;
  return false;
}

static enum status find_rows(struct store *store, struct arena *arena, const struct own_number *own,
                             struct refused_row **out, struct error *err) {
  struct query *q = NULL;
  bool row = false;
  enum status status =
      store_stream(store, &q, "select import, line, column_name, value, reason from reject", err);
  if (status != DONE) return status;
  while ((status = query_step(q, &row, err)) == DONE && row) {
    if (!names(own, query_text(q, 3)) && !names(own, query_text(q, 4))) continue;
    struct refused_row *found = arena_alloc(arena, sizeof *found);
    *found = (struct refused_row){.import = query_int(q, 0), .line = query_int(q, 1), .next = *out};
    found->column = span_of(query_copy(q, arena, 2));
    found->value = span_of(query_copy(q, arena, 3));
    found->reason = span_of(query_copy(q, arena, 4));
    *out = found;
  }
  query_end(q);
  return status;
}

enum status erasing_forget_refused(struct store *store, struct arena *arena, int64_t party,
                                   struct error *err) {
  struct query *q = NULL;
  struct own_number *own = NULL;
  struct refused_row *rows = NULL;
  enum status status = read_numbers(store, arena, party, &own, err);
  if (status == DONE && own) status = find_rows(store, arena, own, &rows, err);
  if (status == DONE)
    status = store_query(store, &q,
                         "update reject set value = '', reason = '' where import = ?1 and line = "
                         "?2 and column_name = ?3 and value = ?4 and reason = ?5",
                         err);
  if (status != DONE) return status;
  for (; status == DONE && rows; rows = rows->next) {
    query_bind_int(q, 1, rows->import);
    query_bind_int(q, 2, rows->line);
    query_bind_text(q, 3, rows->column);
    query_bind_text(q, 4, rows->value);
    query_bind_text(q, 5, rows->reason);
    status = query_run(q, err);
  }
  query_end(q);
  return status;
}
