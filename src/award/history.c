#include "award/history.h"

#include "award/rows.h"
#include "base/money.h"
#include "store/counter.h"

enum status award_history_has(struct store *store, int64_t number, bool *there, struct error *err) {
  struct awards rows = {0};
  struct arena *arena = arena_new();
  enum status status = award_rows_hold(store, err);
  if (status == DONE) status = award_numbered(store, arena, number, &rows, err);
  *there = rows.count > 0;
  arena_free(arena);
  return status;
}

enum status award_history_add(struct store *store, const struct award *row, struct error *err) {
  int64_t last = 0, first = 0;
  enum status status = counter_last(store, "award", &last, err);
  if (status == DONE && row->id > last)
    status = counter_take(store, "award", row->id - last, &first, err);
  return status == DONE ? award_row_insert(store, row, err) : status;
}

enum status award_history_pay(struct store *store, const struct award_payment *payment,
                              struct error *err) {
  return award_payment_insert(store, payment, err);
}

/* ---- which lines are awaited ---- */

static int by_due(const void *a, const void *b) {
  const struct award_payment *x = a, *y = b;
  if (x->award != y->award) return x->award < y->award ? -1 : 1;
  return (x->due > y->due) - (x->due < y->due);
}

enum status award_awaited_read(struct store *store, struct arena *arena, struct award_awaited *out,
                               struct error *err) {
  struct query *q = NULL;
  int capacity = 0;
  bool row;
  *out = (struct award_awaited){0};
  enum status status = store_query(
      store, &q,
      "select party, award, due, row_id, amount from award_payment where entry = 0 and amount <> 0",
      err);
  while (status == DONE && (status = query_step(q, &row, err)) == DONE && row) {
    arena_reserve(arena, out->all, capacity, out->count + 1);
    out->all[out->count++] = (struct award_payment){.party = query_int(q, 0),
                                                    .award = query_int(q, 1),
                                                    .due = query_day(q, 2),
                                                    .row = query_int(q, 3),
                                                    .pence = query_int(q, 4)};
  }
  query_end(q);
  array_sort(out->all, out->count, by_due);
  out->bodies = arena_array(arena, int64_t, out->count + 1);
  for (int i = 0; status == DONE && i < out->count; i++) {
    struct awards rows = {0};
    if (i && out->all[i].award == out->all[i - 1].award) out->bodies[i] = out->bodies[i - 1];
    else status = award_numbered(store, arena, out->all[i].award, &rows, err);
    if (rows.count) out->bodies[i] = rows.all[0].body;
  }
  return status;
}

/* The part up to the next colon, of which `rest` is taken. */
static struct span next_part(struct span *rest) {
  const char *colon = rest->size ? memchr(rest->bytes, ':', rest->size) : NULL;
  const size_t size = colon ? (size_t)(colon - rest->bytes) : rest->size;
  const struct span part = span_make(rest->bytes, size);
  *rest = colon ? span_make(colon + 1, rest->size - size - 1) : span_of("");
  return part;
}

bool award_awaits(const struct award_awaited *awaited, struct span reference, int64_t person,
                  int64_t body, int64_t pence) {
  struct error none = {0};
  struct span rest = reference;
  int64_t award = 0, row = 0;
  day_t due = DAY_NONE;
  if (!span_is(next_part(&rest), "award") || integer_parse(next_part(&rest), &award, &none) != DONE)
    return false;
  const struct span what = next_part(&rest);
  const bool by_hand = span_is(what, "repaid") || span_is(what, "returned");
  if (!by_hand && day_parse(what, &due, &none) != DONE) return false;
  const bool less = !by_hand && rest.size > 5 && memcmp(rest.bytes, "less:", 5) == 0;
  if (!by_hand && !less && rest.size && integer_parse(rest, &row, &none) != DONE) return false;
  for (int i = 0; i < awaited->count; i++) {
    const struct award_payment *p = &awaited->all[i];
    if (p->award != award || awaited->bodies[i] != body) continue;
    if (by_hand && p->party == person) return true;
    if (by_hand || p->due != due) continue;
    /* of a merged record the line is in the account of the other */
    if (less ? pence < 0 && -pence <= p->pence : p->row == row && p->pence == pence) return true;
  }
  return false;
}
