#include "attest/line_json.h"

#include "base/base64.h"
#include "base/money.h"

static enum status open_list(struct store *store, struct arena *arena, const char *max_sql,
                             const char ***out, int64_t *max, struct error *err) {
  enum status status = store_int(store, max_sql, 0, max, err);
  if (status == DONE) *out = arena_array(arena, const char *, *max + 1);
  return status;
}

enum status line_codes_open(struct store *store, struct arena *arena, struct leaf_codes *out,
                            struct error *err) {
  struct codes *codes = NULL;
  enum status status = book_codes(store, arena, &codes, err);
  out->codes = codes;
  if (status == DONE)
    status = open_list(store, arena, "select max(id) from body", &out->body, &out->body_max, err);
  if (status == DONE)
    status = open_list(store, arena, "select max(id) from place", &out->place, &out->place_max,
                       err);
  return status;
}

static enum status find_code(struct store *store, struct arena *arena, const char *sql,
                             const char **list, int64_t max, int64_t id, struct error *err) {
  struct query *q = NULL;
  bool row = false;
  if (id < 1 || id > max || list[id]) return DONE;
  enum status status = store_query(store, &q, sql, err);
  if (status != DONE) return status;
  query_bind_int(q, 1, id);
  status = query_step(q, &row, err);
  if (status == DONE && row) {
    struct span code = query_text(q, 0);
    list[id] = arena_copy(arena, code.bytes, code.size);
  }
  query_end(q);
  return status;
}

enum status line_codes_find(struct store *store, struct arena *arena, struct leaf_codes *codes,
                            const struct line *line, struct error *err) {
  enum status status = find_code(store, arena, "select code from body where id = ?1", codes->body,
                                 codes->body_max, line->body, err);
  return status == DONE ? find_code(store, arena, "select code from place where id = ?1",
                                    codes->place, codes->place_max, line->place, err)
                        : status;
}

const char *line_category(const struct leaf_codes *codes, const struct line *line) {
  const char *code = line->category >= 1 && line->category <= codes->codes->category_max
                         ? codes->codes->category_code[line->category]
                         : NULL;
  return code ? code : "";
}

static void add_some(struct json *j, const char *key, const char *text) {
  if (text && *text) json_text(j, key, span_of(text));
}

void line_add_json(struct json *j, const char *key, const struct leaf_codes *codes,
                   const char *unit, const struct line *line, const uint8_t *salt) {
  char day[11], year[8];
  struct text t = {0};
  json_open_object(j, key);
  json_int(j, "entry", line->entry);
  json_int(j, "n", line->line_no);
  json_int(j, "account", line->account);
  json_text(j, "day", span_of(day_write(line->day, day)));
  json_int(j, "amount", line->amount);
  json_text(j, "unit", span_of(unit));
  add_some(j, "category", line_category(codes, line));
  if (line->has_quantity) {
    text_add_quantity(&t, line->quantity);
    json_text(j, "quantity", span_make(t.bytes, t.size));
  }
  if (line->service >= 1 && line->service <= codes->codes->service_count)
    add_some(j, "service", codes->codes->services[line->service - 1].code);
  if (line->body >= 1 && line->body <= codes->body_max)
    add_some(j, "body", codes->body[line->body]);
  if (line->place >= 1 && line->place <= codes->place_max)
    add_some(j, "place", codes->place[line->place]);
  if (line->reference.size) json_text(j, "reference", line->reference);
  if (line->note.size) json_text(j, "note", line->note);
  if (line->cost_year) json_text(j, "cost_year", span_of(year_write(line->cost_year, year)));
  if (line->estimated) json_bool(j, "estimated", true);
  if (line->reverses_entry) json_int(j, "reverses_entry", line->reverses_entry);
  if (line->reverses_line_no) json_int(j, "reverses_n", line->reverses_line_no);
  if (salt) {
    text_clear(&t);
    text_add_base64(&t, salt, SALT_BYTES);
    json_text(j, "salt", span_make(t.bytes, t.size));
  }
  json_close_object(j);
  text_release(&t);
}
