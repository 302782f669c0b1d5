/* A publication as bytes, and read again. */
#include "publish/kept.h"

#include "base/json.h"
#include "publish/parts.h"

#include <jansson.h>
#include <stdlib.h>
#include <zstd.h>

enum { FORM = 1, LEVEL = 6 };
/* of a cell: the last three say whether there is any, which a hidden or rounded one does not */
enum { ESTIMATED = 1, HIDDEN = 2, LINES = 4, AMOUNT = 8, PEOPLE = 16 };
static const int64_t TOO_LARGE = INT64_MAX;

/* ---- writing ---- */

static bool something(const struct public_cell *c) {
  return c->hidden || c->lines || c->people || c->amount || c->since;
}

/* `exact`: past what can be shown nothing of it is kept but that. */
static void put_amount(struct json *j, wide_t exact, wide_t shown) {
  json_int(j, NULL, !wide_shown(exact) ? TOO_LARGE : wide_shown(shown) ? (int64_t)shown : 0);
}

/* [index, amount, people, flags, since, set]: as shown. */
static void put_cell(struct json *j, int index, const struct public_cell *c) {
  if (!something(c)) return;
  json_open_array(j, NULL);
  json_int(j, NULL, index);
  put_amount(j, c->hidden ? 0 : c->amount, c->hidden ? 0 : c->shown_amount);
  json_int(j, NULL, c->hidden ? 0 : c->shown_people);
  json_int(j, NULL,
           (c->estimated && !c->hidden ? ESTIMATED : 0) | (c->hidden ? HIDDEN : 0) |
               (c->lines ? LINES : 0) | (c->amount ? AMOUNT : 0) | (c->people ? PEOPLE : 0));
  json_int(j, NULL, c->since);
  json_int(j, NULL, c->set);
  json_close_array(j);
}

static void put_cells(struct json *j, const char *key, const struct public_cell *cells, int count) {
  json_open_array(j, key);
  for (int i = 0; i < count; i++) put_cell(j, i, &cells[i]);
  json_close_array(j);
}

static void put_text(struct json *j, const char *key, const char *text) {
  if (text) json_text(j, key, span_of(text));
  else json_none(j, key);
}

static void begin_line(struct json *j, struct text *out) {
  json_begin(j, out);
  json_open_object(j, NULL);
}

static void end_line(struct json *j, struct text *out) {
  json_close_object(j);
  text_add_char(out, '\n');
}

static void write_head(const struct publication *p, struct text *out) {
  struct json j;
  begin_line(&j, out);
  json_int(&j, "form", FORM);
  json_int(&j, "year", p->year);
  json_int(&j, "log_size", p->log_size);
  json_int(&j, "entry", p->entry);
  json_int(&j, "places", p->node_count);
  json_int(&j, "payers", p->payer_count);
  json_int(&j, "files", p->file_count);
  json_int(&j, "sources", p->source_count);
  json_open_array(&j, "categories");
  for (int c = 0; c < p->categories; c++) put_text(&j, NULL, p->pack->categories[c].code);
  json_close_array(&j);
  end_line(&j, out);
}

static void write_lists(const struct publication *p, struct text *out) {
  struct json j;
  for (int i = 0; i < p->payer_count; i++) {
    begin_line(&j, out);
    put_text(&j, "code", p->payers[i].code);
    put_text(&j, "name", p->payers[i].name);
    end_line(&j, out);
  }
  for (int i = 0; i < p->file_count; i++) {
    const struct source_file *f = &p->files[i];
    begin_line(&j, out);
    put_text(&j, "name", f->name);
    put_text(&j, "profile", f->profile);
    json_int(&j, "rows", f->rows);
    json_int(&j, "day", f->day);
    end_line(&j, out);
  }
  for (int i = 0; i < p->source_count; i++) {
    const struct published_source *s = &p->sources[i];
    begin_line(&j, out);
    json_int(&j, "category", s->category);
    put_text(&j, "what", s->what);
    put_text(&j, "year", s->year);
    put_text(&j, "value", s->value);
    put_text(&j, "source", s->source);
    json_int(&j, "pence", s->pence);
    json_bool(&j, "estimated", s->estimated);
    end_line(&j, out);
  }
}

/* [amount, payments]: as shown. */
static void put_spending(struct json *j, const char *key, const struct spending *s) {
  json_open_array(j, key);
  put_amount(j, s->amount, s->shown_amount);
  json_int(j, NULL, s->shown_payments);
  json_close_array(j);
}

static void write_place(const struct publication *p, int n, struct text *out) {
  const struct place_node *node = &p->nodes[n];
  const struct spending *spending = &p->spending[n * p->payer_count];
  struct json j;
  begin_line(&j, out);
  put_text(&j, "code", node->code);
  put_text(&j, "name", node->name);
  json_int(&j, "parent", node->parent);
  json_int(&j, "first_child", node->first_child);
  json_int(&j, "next", node->next);
  json_int(&j, "depth", node->depth);
  json_int(&j, "width", node->width);
  json_bool(&j, "rest", node->rest);
  put_cells(&j, "totals", &p->totals[n * FIGURE_COUNT], FIGURE_COUNT);
  put_cells(&j, "ages", &p->ages[n * (AGES + 1)], AGES + 1);
  put_cells(&j, "households", &p->households[n], 1);
  put_cells(&j, "cells", &p->cells[n * p->categories], p->categories);
  json_open_array(&j, "spending");
  for (int i = 0; i < p->payer_count; i++) {
    if (!spending[i].amount && !spending[i].payments) continue;
    json_int(&j, NULL, i);
    put_spending(&j, NULL, &spending[i]);
  }
  json_close_array(&j);
  put_spending(&j, "spending_total", &p->spending_totals[n]);
  end_line(&j, out);
}

void publication_write(const struct publication *p, struct text *out) {
  struct text lines = {0};
  write_head(p, &lines);
  write_lists(p, &lines);
  for (int n = 0; n < p->node_count; n++) write_place(p, n, &lines);
  for (int c = 0; c < p->categories; c++) {
    struct json j;
    begin_line(&j, &lines);
    put_cells(&j, "reach", &p->reach[c * AGES], AGES);
    end_line(&j, &lines);
  }
  size_t most = ZSTD_compressBound(lines.size);
  text_reserve(out, most);
  out->size += ZSTD_compress(out->bytes + out->size, most, lines.bytes, lines.size, LEVEL);
  text_release(&lines);
}

/* ---- reading ---- */

struct kept {
  struct span rest; /* the lines that are not read yet */
  struct arena *arena;
  const struct pack *pack;
  struct publication *p;
  int *category; /* by the number in the bytes: its number in the pack, -1: it has none */
  int categories;
  json_t *line;
  bool sound;
};

/* The next line, as k->line; false at the end and where the bytes are not what was written. */
static bool next_line(struct kept *k) {
  json_decref(k->line);
  k->line = NULL;
  const char *end = k->rest.size ? memchr(k->rest.bytes, '\n', k->rest.size) : NULL;
  if (end && k->sound) {
    size_t size = (size_t)(end - k->rest.bytes);
    k->line = json_loadb(k->rest.bytes, size, 0, NULL);
    k->rest = span_make(end + 1, k->rest.size - size - 1);
  }
  return k->sound = json_is_object(k->line);
}

static int64_t number(struct kept *k, const char *key, int64_t least, int64_t most) {
  const json_t *value = json_object_get(k->line, key);
  int64_t n = json_is_integer(value) ? json_integer_value(value) : INT64_MIN;
  if (n >= least && n <= most) return n;
  k->sound = false;
  return least;
}
static const char *string(struct kept *k, const char *key) {
  return arena_string(k->arena, json_string_value(json_object_get(k->line, key)));
}
static bool truth(const struct kept *k, const char *key) {
  return json_is_true(json_object_get(k->line, key));
}
static int64_t item(const json_t *row, size_t i) {
  return json_integer_value(json_array_get(row, i));
}
static wide_t amount_item(const json_t *row, size_t i) {
  int64_t n = item(row, i);
  return n == TOO_LARGE ? WIDE_LOST : n;
}

static struct public_cell cell_of(const json_t *row) {
  const int64_t flags = item(row, 3);
  const wide_t amount = amount_item(row, 1);
  const int64_t people = item(row, 2);
  return (struct public_cell){.amount = amount ? amount : (flags & AMOUNT) != 0,
                              .shown_amount = amount,
                              .people = people ? people : (flags & PEOPLE) != 0,
                              .shown_people = people,
                              .lines = (flags & LINES) != 0,
                              .estimated = flags & ESTIMATED,
                              .hidden = flags & HIDDEN,
                              .since = item(row, 4),
                              .set = item(row, 5)};
}

/* `map`: the cell's place in `to`, by the number in the bytes; null: the number itself. */
static void read_cells(struct kept *k, const char *key, struct public_cell *to, int count,
                       const int *map) {
  size_t i;
  const json_t *cells = json_object_get(k->line, key), *row;
  json_array_foreach(cells, i, row) {
    int64_t index = item(row, 0);
    if (index < 0 || index >= count) {
      k->sound = false;
      return;
    }
    int at = map ? map[index] : (int)index;
    if (at >= 0) to[at] = cell_of(row);
  }
}

static struct spending spending_of(const json_t *row) {
  const wide_t amount = amount_item(row, 0);
  const int64_t payments = item(row, 1);
  return (struct spending){
      .amount = amount, .shown_amount = amount, .payments = payments, .shown_payments = payments};
}

static void read_categories(struct kept *k) {
  const json_t *codes = json_object_get(k->line, "categories");
  k->categories = (int)json_array_size(codes);
  k->category = arena_array(k->arena, int, k->categories + 1);
  for (int i = 0; i < k->categories; i++) {
    const char *code = json_string_value(json_array_get(codes, (size_t)i));
    k->category[i] = -1;
    for (int c = 0; code && c < k->pack->category_count; c++)
      if (strcmp(k->pack->categories[c].code, code) == 0) k->category[i] = c;
  }
}

static void read_head(struct kept *k) {
  struct publication *p = k->p;
  if (!next_line(k)) return;
  (void)number(k, "form", FORM, FORM);
  p->year = (int)number(k, "year", DAY_YEAR_MIN, DAY_YEAR_MAX);
  p->log_size = number(k, "log_size", 0, INT64_MAX);
  p->entry = number(k, "entry", 0, INT64_MAX);
  p->payer_count = (int)number(k, "payers", 0, LIMIT_PUBLISHED_CELLS);
  p->file_count = (int)number(k, "files", 0, LIMIT_IMPORT_FILES);
  p->source_count = (int)number(k, "sources", 0, LIMIT_PUBLISHED_CELLS);
  read_categories(k);
  p->categories = k->pack->category_count;
  p->node_count = (int)number(k, "places", 1, LIMIT_PUBLISHED_CELLS);
  p->nodes = arena_array(k->arena, struct place_node, p->node_count);
  p->cells = arena_array(k->arena, struct public_cell, p->node_count * p->categories + 1);
  p->totals = arena_array(k->arena, struct public_cell, p->node_count * FIGURE_COUNT);
  p->ages = arena_array(k->arena, struct public_cell, p->node_count * (AGES + 1));
  p->households = arena_array(k->arena, struct public_cell, p->node_count);
  p->reach = arena_array(k->arena, struct public_cell, p->categories * AGES + 1);
  p->payers = arena_array(k->arena, struct payer, p->payer_count + 1);
  p->spending = arena_array(k->arena, struct spending,
                            (size_t)p->payer_count * (size_t)p->node_count + 1);
  p->spending_totals = arena_array(k->arena, struct spending, p->node_count);
  p->files = arena_array(k->arena, struct source_file, p->file_count + 1);
  p->sources = arena_array(k->arena, struct published_source, p->source_count + 1);
}

static void read_lists(struct kept *k) {
  struct publication *p = k->p;
  int sources = 0;
  for (int i = 0; i < p->payer_count && next_line(k); i++)
    p->payers[i] = (struct payer){string(k, "code"), string(k, "name")};
  for (int i = 0; i < p->file_count && next_line(k); i++)
    p->files[i] = (struct source_file){.name = string(k, "name"),
                                       .profile = string(k, "profile"),
                                       .rows = number(k, "rows", 0, INT64_MAX),
                                       .day = (day_t)number(k, "day", DAY_NONE, DAY_LAST)};
  for (int i = 0; i < p->source_count && next_line(k); i++) {
    int category = k->category[number(k, "category", 0, k->categories - 1)];
    if (category < 0) continue;
    p->sources[sources++] = (struct published_source){.category = category,
                                                      .what = string(k, "what"),
                                                      .year = string(k, "year"),
                                                      .value = string(k, "value"),
                                                      .source = string(k, "source"),
                                                      .pence = number(k, "pence", 0, INT64_MAX),
                                                      .estimated = truth(k, "estimated")};
  }
  p->source_count = sources;
}

static void read_place(struct kept *k, int n) {
  struct publication *p = k->p;
  const int last = p->node_count - 1;
  if (!next_line(k)) return;
  p->nodes[n] = (struct place_node){.code = string(k, "code"),
                                    .name = string(k, "name"),
                                    .parent = (int)number(k, "parent", -1, n - 1),
                                    .first_child = (int)number(k, "first_child", -1, last),
                                    .next = (int)number(k, "next", -1, last),
                                    .depth = (int)number(k, "depth", 0, LIMIT_PLACE_DEPTH + 1),
                                    .width = (int)number(k, "width", 0, last - n),
                                    .rest = truth(k, "rest")};
  read_cells(k, "totals", &p->totals[n * FIGURE_COUNT], FIGURE_COUNT, NULL);
  read_cells(k, "ages", &p->ages[n * (AGES + 1)], AGES + 1, NULL);
  read_cells(k, "households", &p->households[n], 1, NULL);
  read_cells(k, "cells", &p->cells[n * p->categories], k->categories, k->category);
  const json_t *rows = json_object_get(k->line, "spending");
  for (size_t i = 0; i + 1 < json_array_size(rows); i += 2) { /* payer and figures in turn */
    int64_t payer = item(rows, i);
    if (payer < 0 || payer >= p->payer_count) k->sound = false;
    else p->spending[n * p->payer_count + payer] = spending_of(json_array_get(rows, i + 1));
  }
  p->spending_totals[n] = spending_of(json_object_get(k->line, "spending_total"));
}

static void read_lines(struct kept *k) {
  struct publication *p = k->p;
  read_head(k);
  if (!k->sound) return;
  read_lists(k);
  for (int n = 0; n < p->node_count && k->sound; n++) read_place(k, n);
  for (int c = 0; c < k->categories && next_line(k); c++)
    if (k->category[c] >= 0) read_cells(k, "reach", &p->reach[k->category[c] * AGES], AGES, NULL);
}

enum status publication_read(struct span bytes, const struct pack *pack, struct arena *arena,
                             struct publication **out, struct error *err) {
  unsigned long long size = ZSTD_getFrameContentSize(bytes.bytes, bytes.size);
  if (size > LIMIT_EDITION_BYTES) return error_set(err, FAILED, "a kept edition is damaged");
  struct text lines = {0};
  text_reserve(&lines, (size_t)size + 1);
  lines.size = ZSTD_decompress(lines.bytes, (size_t)size, bytes.bytes, bytes.size);
  struct kept k = {.rest = span_make(lines.bytes, lines.size),
                   .arena = arena,
                   .pack = pack,
                   .p = arena_alloc(arena, sizeof *k.p),
                   .sound = lines.size == size};
  *k.p = (struct publication){.arena = arena, .pack = pack};
  if (k.sound) read_lines(&k);
  json_decref(k.line);
  text_release(&lines);
  if (!k.sound || k.rest.size) return error_set(err, FAILED, "a kept edition is damaged");
  *out = k.p;
  return DONE;
}
