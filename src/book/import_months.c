#include "book/import_months.h"

#include "book/again.h"

/* ---- gathering ---- */

static struct import_month *month_of(struct import_months *m, int64_t payer, day_t first_day) {
  const uint64_t day = (uint32_t)first_day;
  const int64_t at = map_get_number(&m->index, (uint64_t)payer, day);
  if (at >= 0) return &m->all[at];
  m->index.arena = m->arena;
  map_set_number(&m->index, (uint64_t)payer, day, m->count);
  arena_reserve(m->arena, m->all, m->capacity, m->count + 1);
  m->all[m->count] = (struct import_month){.payer = payer, .first_day = first_day};
  return &m->all[m->count++];
}

static uint64_t take_u64(const uint8_t *p) {
  uint64_t v = 0;
  for (int i = 0; i < 8; i++) v = v << 8 | p[i];
  return v;
}

void import_months_add(struct import_months *m, int64_t payer, day_t day, int64_t amount,
                       struct span payee) {
  int year, month, day_of_month;
  uint8_t numbers[16];
  struct digest digest;
  day_parts(day, &year, &month, &day_of_month);
  struct import_month *of = month_of(m, payer, day_make(year, month, 1));
  if (!m->hasher) m->hasher = hasher_new();
  put_u64(put_u64(numbers, (uint64_t)day), (uint64_t)amount);
  hasher_begin(m->hasher);
  hasher_add(m->hasher, numbers, sizeof numbers);
  hasher_add(m->hasher, payee.bytes, payee.size);
  hasher_end(m->hasher, &digest);
  const uint64_t low = take_u64(digest.bytes + 8), before = of->content[1];
  of->content[1] += low;
  of->content[0] += take_u64(digest.bytes) + (of->content[1] < before);
  of->rows++;
  of->amount += amount; /* within the file's sum, which does not pass 64 bits */
}

void import_months_release(struct import_months *m) {
  hasher_free(m->hasher);
  m->hasher = NULL;
}

/* ---- finding ---- */

static void found_add(struct import_months_found *out, const struct import_month *month,
                      int64_t import, const char *file) {
  arena_reserve(out->arena, out->all, out->capacity, out->count + 1);
  out->all[out->count++] = (struct import_month_found){month, import, file};
}

static bool is_same(const struct import_month *a, const struct import_month *b) {
  return a->payer == b->payer && a->first_day == b->first_day && a->rows == b->rows &&
         a->amount == b->amount && a->content[0] == b->content[0] && a->content[1] == b->content[1];
}

void import_months_both(const struct import_months *months, const struct import_months *other,
                        const char *file, struct import_months_found *out) {
  for (int i = 0; i < months->count; i++) {
    const struct import_month *m = &months->all[i];
    const int64_t at = map_get_number(&other->index, (uint64_t)m->payer, (uint32_t)m->first_day);
    if (at >= 0 && is_same(m, &other->all[at])) found_add(out, m, 0, file);
  }
}

static void write_content(const struct import_month *m, uint8_t out[16]) {
  put_u64(put_u64(out, m->content[0]), m->content[1]);
}

static enum status find_month(struct store *store, const struct import_month *m, int64_t *import,
                              const char **file, struct arena *arena, struct error *err) {
  struct query *q = NULL;
  uint8_t content[16];
  bool row = false;
  *import = 0;
  enum status status =
      store_query(store, &q,
                  "select m.import, i.file from import_month m join import i on i.id = m.import "
                  "where m.payer = ?1 and m.first_day = ?2 and m.rows = ?3 and m.amount = ?4 "
                  "and m.content = ?5 order by m.import desc limit 1",
                  err);
  if (status != DONE) return status;
  write_content(m, content);
  query_bind_int(q, 1, m->payer);
  query_bind_int(q, 2, m->first_day);
  query_bind_int(q, 3, m->rows);
  query_bind_int(q, 4, m->amount);
  query_bind_bytes(q, 5, content, sizeof content);
  status = query_step(q, &row, err);
  if (status == DONE && row) {
    *import = query_int(q, 0);
    *file = arena_copy(arena, query_text(q, 1).bytes, query_text(q, 1).size);
  }
  query_end(q);
  return status;
}

enum status import_months_same(struct store *store, const struct reading *reading,
                               const struct import_months *months, struct import_months_found *out,
                               struct error *err) {
  int64_t import = 0, asked = 0; /* the import that was asked last whether it is undone */
  const char *file = NULL;
  bool undone = false;
  for (int i = 0; i < months->count; i++) {
    enum status status = find_month(store, &months->all[i], &import, &file, out->arena, err);
    if (status == DONE && import && import != asked)
      status = import_undone_whole(store, reading, asked = import, &undone, err);
    if (status != DONE) return status;
    if (import && !undone) found_add(out, &months->all[i], import, file);
  }
  return DONE;
}

/* ---- keeping ---- */

static enum status insert_month(struct store *store, int64_t import, int64_t payer,
                                const struct import_month *m, struct error *err) {
  struct query *q = NULL;
  uint8_t content[16];
  enum status status =
      store_query(store, &q,
                  "insert into import_month (import, payer, first_day, rows, amount, content) "
                  "values (?1, ?2, ?3, ?4, ?5, ?6)",
                  err);
  if (status != DONE) return status;
  write_content(m, content);
  query_bind_int(q, 1, import);
  query_bind_int(q, 2, payer);
  query_bind_int(q, 3, m->first_day);
  query_bind_int(q, 4, m->rows);
  query_bind_int(q, 5, m->amount);
  query_bind_bytes(q, 6, content, sizeof content);
  status = query_run(q, err);
  query_end(q);
  return status;
}

enum status import_months_insert(struct store *store, int64_t import,
                                 const struct import_months *months, int64_t body_base,
                                 int64_t body_shift, struct error *err) {
  enum status status = DONE;
  for (int i = 0; status == DONE && i < months->count; i++) {
    const int64_t payer = months->all[i].payer;
    status = insert_month(store, import, payer > body_base ? payer + body_shift : payer,
                          &months->all[i], err);
  }
  return status;
}
