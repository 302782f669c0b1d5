#include "attest/line_json.h"

#include "base/base64.h"
#include "base/money.h"
#include "register/names.h"
#include "store/head.h"

enum status line_codes_open(struct store *store, struct arena *arena, struct leaf_codes *out,
                            struct error *err) {
  struct codes *codes = NULL;
  enum status status = book_codes(store, arena, &codes, err);
  out->codes = codes;
  struct head head = {0};
  if (status == DONE) status = head_read(store, &head, err);
  out->body_max = head.body;
  out->place_max = head.place;
  out->body = arena_array(arena, const char *, out->body_max + 1);
  out->place = arena_array(arena, const char *, out->place_max + 1);
  return status;
}

static bool is_wanted(const char *const *list, int64_t max, int64_t id) {
  return id >= 1 && id <= max && !list[id];
}

enum status line_codes_find(struct store *store, struct arena *arena, struct leaf_codes *codes,
                            const struct line *line, struct error *err) {
  struct register_name name;
  enum status status = DONE;
  if (is_wanted(codes->body, codes->body_max, line->body)) {
    status = register_name_of_body(store, arena, line->body, &name, err);
    codes->body[line->body] = name.code;
  }
  if (status == DONE && is_wanted(codes->place, codes->place_max, line->place)) {
    status = register_name_of_place(store, arena, line->place, &name, err);
    codes->place[line->place] = name.code;
  }
  return status;
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

static void add_text(struct json *j, const char *key, struct span text) {
  if (text.size) json_text(j, key, text);
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
  add_text(j, "reference", line->reference);
  add_text(j, "note", line->note);
  if (line->cost_year) json_text(j, "cost_year", span_of(year_write(line->cost_year, year)));
  if (line->estimated) json_bool(j, "estimated", true);
  if (line->reverses_entry) json_int(j, "reverses_entry", line->reverses_entry);
  if (line->reverses_line_no) json_int(j, "reverses_n", line->reverses_line_no);
  add_text(j, "department", line->department);
  add_text(j, "stream", line->stream);
  add_text(j, "condition", line->condition);
  if (salt) {
    text_clear(&t);
    text_add_base64(&t, salt, SALT_BYTES);
    json_text(j, "salt", span_make(t.bytes, t.size));
  }
  json_close_object(j);
  text_release(&t);
}
