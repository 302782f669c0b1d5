/* The figures of statements: signs, sections, reversals, households, mergers, moves; and the
 * place's account agrees with the statements. */
#include "book/figures.h"
#include "book/pack_rows.h"
#include "book/posting.h"
#include "place/place.h"
#include "statement/balances.h"
#include "attest/closing.h"
#include "attest/head.h"
#include "statement/proved.h"
#include "statement/statement.h"
#include "store/setting.h"

#include <jansson.h>
#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#include "uk_book.h"

/* A locality L with two neighbourhoods. Ann (1) and Ben (2) live together in N; Cai (3) moved from
 * N to S on 1 October 2025; Dee (4) was merged into Ann; Eve (5) died on 30 June 2025 in S; Fay (6)
 * has no known place. */
enum { ANN = 1, BEN, CAI, DEE, EVE, FAY, HOME_N, HOME_S, PEOPLE = 6, YEAR = 2025 };

struct book {
  struct uk_book uk;
  struct codes *codes;
  struct reference_data *reference_data;
};

static void write_register(struct store *store) {
  char sql[2000];
  ok(store_run(
      store,
      UK_PLACES
      "insert into body (id, code, name, kind, place) values (1, 'hmrc', 'HM Revenue', "
      "'department', null), (2, 'council', 'The Council', 'council', 2), (3, 'shop', 'A Shop', "
      "'supplier', null);"
      "insert into party (id, kind, code, name, born) values (1, 'person', 'P1', 'Ann', 0), (2, "
      "'person', 'P2', 'Ben', 0), (3, 'person', 'P3', 'Cai', 0), (4, 'person', 'P4', 'Dee', 0), "
      "(6, 'person', 'P6', 'Fay', 0);"
      "insert into party (id, kind, code) values (7, 'household', 'H7'), (8, 'household', 'H8');"
      "insert into alias (gone, keep, at, reason) values (4, 1, '2026-01-01T00:00:00Z', 'one "
      "person');",
      &err));
  snprintf(sql, sizeof sql,
           "insert into party (id, kind, code, name, born, died) values (5, 'person', 'P5', 'Eve', "
           "-10000, %d);"
           "insert into residence (party, from_day, household, place) values (7, %d, null, 3), (8, "
           "%d, null, 4), (1, %d, 7, null), (2, %d, 7, null), (3, %d, 7, null), (3, %d, 8, null), "
           "(5, %d, 8, null), (4, %d, 8, null);",
           day_make(2025, 6, 30), DAY_NONE, DAY_NONE, DAY_NONE, DAY_NONE, DAY_NONE,
           day_make(2025, 10, 1), DAY_NONE, DAY_NONE);
  ok(store_run(store, sql, &err));
  ok(store_run(store, "update head set party = 8, place = 4, body = 3", &err));
}

static int new_book(void **state) {
  struct book *b = memory_zeroed(1, sizeof *b);
  uk_book_open(&b->uk);
  write_register(b->uk.store);
  ok(setting_write(b->uk.store, "place", "L", &err));
  ok(book_open_people(b->uk.store, 1, PEOPLE, &err));
  uk_book_controls(&b->uk);
  ok(store_commit(b->uk.store, &err));
  ok(book_codes(b->uk.store, b->uk.arena, &b->codes, &err));
  ok(reference_data_read(b->uk.store, b->uk.pack, b->uk.arena, &b->reference_data, &err));
  *state = b;
  return 0;
}

static int close_book(void **state) {
  struct book *b = *state;
  uk_book_close(&b->uk);
  free(b);
  return 0;
}

/* Posts one line of a person with its contra; returns the entry. The amount has the book's sign. */
static int64_t post(struct book *b, int64_t person, day_t day, const char *category, int64_t amount,
                    struct line more) {
  const struct pack_category *c = pack_find_category(b->uk.pack, span_of(category));
  assert_non_null(c);
  struct posting *p = posting_begin(b->uk.store, day, "test", "a line");
  more.account = uk_book_account(&b->uk, OWNER_PERSON, person,
                                 c->unit == b->uk.pack->minutes ? "minutes" : "pence");
  more.category = (int32_t)codes_category(b->codes, span_of(category));
  more.amount = amount;
  posting_add(p, &more);
  posting_add(p, &(struct line){.account = c->unit == b->uk.pack->minutes ? b->uk.control_minutes
                                                                          : b->uk.control_pence,
                                .category = more.category,
                                .amount = -amount});
  int64_t entry = 0;
  ok(posting_commit(p, &entry, &err));
  return entry;
}

#define NOTHING_MORE ((struct line){0})

static int64_t line_number(struct book *b, int64_t entry, int64_t account) {
  int64_t n = 0;
  struct query *q;
  bool row;
  ok(store_query(b->uk.store, &q, "select n from line where account = ?2 and entry = ?1", &err));
  query_bind_int(q, 1, entry);
  query_bind_int(q, 2, account);
  ok(query_step(q, &row, &err));
  n = query_int(q, 0);
  query_end(q);
  return n;
}

static int64_t undo(struct book *b, int64_t person, day_t day, const char *category, int64_t amount,
                    int64_t entry) {
  struct line more = {.reverses_entry = entry,
                      .reverses_line_no = (int32_t)line_number(
                          b, entry, uk_book_account(&b->uk, OWNER_PERSON, person, "pence"))};
  return post(b, person, day, category, -amount, more);
}

/* ---- reading documents back ---- */

static json_t *rendered(const struct document *d) {
  struct text t = {0};
  document_render(d, FORMAT_JSON, NULL, &t);
  json_error_t where;
  json_t *json = json_loadb(t.bytes, t.size, JSON_REJECT_DUPLICATES, &where);
  if (!json) fail_msg("%s", where.text);
  text_release(&t);
  return json;
}

static json_t *statement_of(struct book *b, int64_t person, int year) {
  const struct statement_request request = {.year = year, .life = true};
  struct document *d;
  ok(statement_one(b->uk.store, b->reference_data, person, &request, b->uk.arena, &d, &err));
  return rendered(d);
}

static json_t *place_of(struct book *b, const char *code, enum place_by by) {
  const struct place_request request = {
      .code = code, .year = YEAR, .by = by, .threads = 2, .progress = PROGRESS_NEVER};
  struct document *d;
  ok(place_account(b->uk.store, b->uk.pack, &request, b->uk.arena, &d, &err));
  return rendered(d);
}

/* `received.services.total` */
static json_t *at(json_t *json, const char *path) {
  char part[64];
  while (json && *path) {
    size_t n = strcspn(path, ".");
    snprintf(part, sizeof part, "%.*s", (int)n, path);
    json = json_is_array(json) ? json_array_get(json, (size_t)strtol(part, NULL, 10))
                               : json_object_get(json, part);
    path += n + (path[n] == '.');
  }
  return json;
}
static int64_t number_at(json_t *json, const char *path) {
  json_t *found = at(json, path);
  if (!json_is_integer(found)) fail_msg("no integer at %s", path);
  return json_integer_value(found);
}
static const char *text_at(json_t *json, const char *path) {
  return json_string_value(at(json, path));
}

static bool has_note(json_t *json, const char *beginning) {
  size_t i;
  json_t *note;
  json_array_foreach(json_object_get(json, "notes"), i,
                     note) if (strstr(json_string_value(note), beginning)) return true;
  return false;
}

/* ---- tests ---- */

static void sections_and_signs(void **state) {
  struct book *b = *state;
  const struct book_service *gp = codes_service(b->codes, span_of("gp-consultation"));
  assert_non_null(gp);
  post(b, BEN, day_make(2025, 5, 1), "income-tax", -120000, (struct line){.body = 1});
  post(b, BEN, day_make(2025, 6, 1), "income-tax", 2000, (struct line){.body = 1});
  post(b, BEN, day_make(2025, 6, 1), "national-insurance", -30005, NOTHING_MORE);
  post(b, BEN, day_make(2025, 6, 1), "employer-national-insurance", -50000, NOTHING_MORE);
  post(b, BEN, day_make(2025, 7, 1), "child-benefit", 2605, NOTHING_MORE);
  post(b, BEN, day_make(2025, 8, 1), "gp-consultation", 8400,
       (struct line){.service = (int32_t)gp->id,
                     .has_quantity = true,
                     .quantity = 2000,
                     .cost_year = 2024,
                     .estimated = true});
  post(b, BEN, day_make(2025, 8, 2), "gp-consultation", 0,
       (struct line){.service = (int32_t)gp->id, .has_quantity = true, .quantity = 1500});
  post(b, BEN, day_make(2025, 9, 1), "volunteering", -100, NOTHING_MORE);
  post(b, BEN, day_make(2024, 9, 1), "vat", -777, NOTHING_MORE);
  post(b, BEN, day_make(2026, 4, 6), "vat", -1, NOTHING_MORE); /* next year: not here */

  json_t *s = statement_of(b, BEN, YEAR);
  assert_int_equal(number_at(s, "paid.total"), 148005);
  assert_int_equal(number_at(s, "paid.lines.0.amount"), 118000);
  assert_int_equal(number_at(s, "paid.lines.0.entries"), 2);
  assert_string_equal(text_at(s, "paid.lines.1.category"), "national-insurance");
  assert_int_equal(number_at(s, "employer.total"), 50000);
  assert_int_equal(number_at(s, "received.cash.total"), 2605);
  assert_int_equal(number_at(s, "received.services.total"), 8400);
  assert_int_equal(number_at(s, "received.total"), 11005);
  assert_string_equal(text_at(s, "received.services.lines.0.quantity"), "3.5");
  assert_string_equal(text_at(s, "received.services.lines.0.unit"), "consultation");
  assert_true(json_is_true(at(s, "received.services.lines.0.estimated")));
  assert_int_equal(number_at(s, "given.minutes"), 100);
  assert_int_equal(number_at(s, "given.value"), (100 * 1127 + 30) / 60);
  assert_int_equal(number_at(s, "given.lines.0.rate"), 1127);
  assert_int_equal(number_at(s, "previous.paid"), 777);
  assert_int_equal(number_at(s, "life.paid"), 148782);
  assert_int_equal(json_array_size(at(s, "life.by_year")), 2);
  assert_string_equal(text_at(s, "person.place"), "N");
  assert_true(has_note(s, "not valued in full"));
  assert_true(has_note(s, "1 correction"));
  json_decref(s);
}

static void tax_is_divided_as_hmrc_says(void **state) {
  struct book *b = *state;
  post(b, BEN, day_make(2025, 5, 1), "income-tax", -434567, NOTHING_MORE);
  post(b, BEN, day_make(2025, 5, 1), "national-insurance", -100001, NOTHING_MORE);
  post(b, BEN, day_make(2025, 5, 1), "vat", -5000, NOTHING_MORE);
  json_t *s = statement_of(b, BEN, YEAR), *line;
  size_t i;
  int64_t sum = 0;
  const struct pack_tax_table *table = pack_find_tax_table(b->uk.pack, YEAR);
  assert_int_equal(number_at(s, "where_it_went.base.amount"), 534568);
  assert_int_equal(json_array_size(at(s, "where_it_went.lines")), 15);
  json_array_foreach(at(s, "where_it_went.lines"), i, line) {
    sum += number_at(line, "amount");
    assert_int_equal(number_at(line, "amount"),
                     (534568 * (int64_t)table->lines[i].share_hundredths + 5000) / 10000);
    assert_true(json_is_array(json_object_get(line, "cofog")));
  }
  assert_int_equal(number_at(s, "where_it_went.remainder"), 534568 - sum);
  assert_true(json_is_true(at(s, "where_it_went.table.estimated")));
  json_decref(s);
}

static void reversed_lines_are_gone(void **state) {
  struct book *b = *state;
  day_t day = day_make(2025, 5, 1);
  int64_t first = post(b, BEN, day, "vat", -500, NOTHING_MORE);
  post(b, BEN, day, "vat", -70, NOTHING_MORE);
  undo(b, BEN, day, "vat", -500, first);
  int64_t fuel = post(b, BEN, day, "fuel-duty", -900, NOTHING_MORE);
  int64_t second = undo(b, BEN, day, "fuel-duty", -900, fuel);
  int64_t late = post(b, BEN, day, "council-tax", -10000, NOTHING_MORE);
  /* in the next year, so this year's line counts */
  undo(b, BEN, day_make(2026, 5, 1), "council-tax", -10000, late);

  json_t *s = statement_of(b, BEN, YEAR);
  assert_int_equal(number_at(s, "paid.total"), 10070);
  assert_int_equal(json_array_size(at(s, "paid.lines")), 2);
  assert_int_equal(number_at(s, "paid.lines.1.entries"), 1);
  json_decref(s);
  json_t *p = place_of(b, NULL, BY_CATEGORY);
  assert_int_equal(json_array_size(at(p, "by")), 2); /* a row that was wholly undone is not shown */
  json_decref(p);

  undo(b, BEN, day, "fuel-duty", 900, second); /* the reversal undone: the first line is back */
  s = statement_of(b, BEN, YEAR);
  assert_int_equal(number_at(s, "paid.total"), 10970);
  assert_int_equal(json_array_size(at(s, "paid.lines")), 3);
  json_decref(s);
  s = statement_of(b, BEN, YEAR + 1);
  assert_int_equal(number_at(s, "paid.total"), -10000);
  assert_true(has_note(s, "1 correction"));
  assert_int_equal(number_at(s, "life.paid"), 970);
  assert_int_equal(json_array_size(at(s, "life.categories")), 2);
  json_decref(s);
}

static void two_records_one_statement(void **state) {
  struct book *b = *state;
  post(b, ANN, day_make(2025, 5, 1), "vat", -100, NOTHING_MORE);
  post(b, DEE, day_make(2025, 5, 1), "vat", -23, NOTHING_MORE);
  for (int i = 0; i < 2; i++) { /* for either record */
    json_t *s = statement_of(b, i ? DEE : ANN, YEAR);
    assert_string_equal(text_at(s, "person.id"), "P1");
    assert_int_equal(number_at(s, "paid.total"), 123);
    assert_int_equal(number_at(s, "paid.lines.0.entries"), 2);
    assert_true(has_note(s, "1 other record"));
    json_decref(s);
  }
  json_t *p = place_of(b, "N", BY_CATEGORY); /* both lines belong to where Ann lives */
  assert_int_equal(number_at(p, "by.0.paid"), 123);
  assert_int_equal(number_at(p, "by.0.people"), 1);
  json_decref(p);
}

static void household_lines_are_shared(void **state) {
  struct book *b = *state;
  post(b, BEN, day_make(2025, 5, 1), "council-tax", -12000, NOTHING_MORE);
  post(b, BEN, day_make(2025, 11, 1), "council-tax", -12000, NOTHING_MORE);
  post(b, BEN, day_make(2025, 11, 1), "vat", -1, NOTHING_MORE);
  json_t *s = statement_of(b, ANN, YEAR);
  assert_int_equal(number_at(s, "paid.total"), 0);
  assert_int_equal(json_array_size(at(s, "household")), 1);
  assert_int_equal(number_at(s, "household.0.amount"), 24000);
  assert_int_equal(number_at(s, "household.0.share_of"), 2); /* Cai had left by then */
  json_decref(s);
  s = statement_of(b, CAI, YEAR); /* lived there to September */
  assert_int_equal(number_at(s, "household.0.amount"), 12000);
  assert_int_equal(number_at(s, "household.0.share_of"), 3);
  assert_true(has_note(s, "Moved from North to South on 1 October 2025"));
  json_decref(s);
  s = statement_of(b, BEN, YEAR);
  assert_int_equal(json_array_size(at(s, "household")), 0);
  json_decref(s);
}

static void lives_that_end_and_years_without_a_line(void **state) {
  struct book *b = *state;
  json_t *s = statement_of(b, EVE, YEAR);
  assert_true(has_note(s, "Died in the year, on 30 June 2025"));
  assert_true(has_note(s, "Nothing was recorded"));
  assert_true(json_is_null(json_object_get(s, "previous")));
  assert_int_equal(number_at(s, "where_it_went.base.amount"), 0);
  assert_int_equal(json_array_size(at(s, "where_it_went.lines")), 15);
  assert_int_equal(json_array_size(at(s, "life.by_year")), 1);
  json_decref(s);
}

static int64_t sum_of(json_t *place, const char *key) {
  size_t i;
  json_t *row;
  int64_t sum = 0;
  json_array_foreach(json_object_get(place, "by"), i, row) sum += number_at(row, key);
  return sum;
}

static void the_place_agrees_with_the_statements(void **state) {
  struct book *b = *state;
  static const char *const categories[] = {"vat",          "income-tax",  "child-benefit",
                                           "volunteering", "council-tax", "unpaid-care"};
  int64_t paid = 0, cash = 0, minutes = 0, value = 0;
  for (int i = 0; i < 60; i++) {
    const char *category = categories[i % 6];
    int64_t amount = 100 + i * 37;
    post(b, 1 + i % PEOPLE, day_make(2025, 4 + i % 9, 6 + i % 20), category,
         category[0] == 'c' && category[1] == 'h' ? amount : -amount,
         (struct line){.place = i % 7 == 0 ? 4 : 0});
  }
  for (int person = 1; person <= PEOPLE; person++) {
    if (person == DEE) continue;
    json_t *s = statement_of(b, person, YEAR);
    paid += number_at(s, "paid.total");
    cash += number_at(s, "received.cash.total");
    minutes += number_at(s, "given.minutes");
    value += number_at(s, "given.value");
    json_decref(s);
  }
  for (enum place_by by = BY_CATEGORY; by <= BY_BODY; by++) {
    json_t *p = place_of(b, NULL, by);
    assert_int_equal(sum_of(p, "paid"), paid);
    assert_int_equal(sum_of(p, "received"), cash);
    assert_int_equal(sum_of(p, "given_minutes"), minutes);
    assert_int_equal(number_at(p, "total.paid"), paid);
    assert_int_equal(number_at(p, "total.given_value"), value);
    assert_int_equal(number_at(p, "people"), 5);
    json_decref(p);
  }
  json_t *whole = place_of(b, "L", BY_CATEGORY), *north = place_of(b, "N", BY_CATEGORY),
         *south = place_of(b, "S", BY_CATEGORY);
  assert_int_equal(number_at(whole, "places.0.paid"), number_at(north, "total.paid"));
  assert_int_equal(number_at(whole, "places.1.paid"), number_at(south, "total.paid"));
  assert_int_equal(number_at(whole, "places.0.paid") + number_at(whole, "places.1.paid") +
                       number_at(whole, "places.2.paid"),
                   paid);
  assert_int_equal(number_at(north, "people"), 3);
  assert_int_equal(number_at(south, "people"), 2);
  json_decref(whole);
  json_decref(north);
  json_decref(south);
}

static void payments_are_kept_apart(void **state) {
  struct book *b = *state;
  struct account shop = {.owner_kind = OWNER_BODY, .owner = 3, .role = "provider", .unit = "pence"},
                 stream = {.owner_kind = OWNER_BODY, .owner = 2, .role = "stream", .unit = "pence"};
  ok(store_begin(b->uk.store, STORE_WRITE, &err));
  ok(book_open_account(b->uk.store, &shop, FLOOR_NONE, &err));
  ok(book_open_account(b->uk.store, &stream, FLOOR_NONE, &err));
  ok(store_commit(b->uk.store, &err));
  int64_t entry, category = codes_category(b->codes, span_of("highways-and-transport"));
  struct posting *p = posting_begin(b->uk.store, day_make(2025, 4, 2), "test", "a payment");
  posting_add(p,
              &(struct line){
                  .account = shop.id, .amount = 50000, .body = 2, .category = (int32_t)category});
  posting_add(p, &(struct line){.account = b->uk.control_pence,
                                .amount = -50000,
                                .category = (int32_t)category});
  ok(posting_commit(p, &entry, &err));
  p = posting_begin(b->uk.store, day_make(2025, 4, 1), "test", "a budget");
  posting_add(p, &(struct line){.account = stream.id,
                                .amount = 70000,
                                .body = 2,
                                .category = (int32_t)category,
                                .note = span_of("roads\tspend it by March")});
  posting_add(p, &(struct line){.account = b->uk.control_pence,
                                .amount = -70000,
                                .category = (int32_t)category});
  ok(posting_commit(p, &entry, &err));
  post(b, BEN, day_make(2025, 6, 1), "council-tax-support", 20000, (struct line){.body = 2});
  json_t *whole = place_of(b, "L", BY_CATEGORY), *north = place_of(b, "N", BY_CATEGORY);
  assert_int_equal(number_at(whole, "spend.total"), 50000);
  assert_int_equal(number_at(whole, "spend.lines.0.payments"), 1);
  assert_string_equal(text_at(whole, "budget.0.stream"), "roads");
  assert_string_equal(text_at(whole, "budget.0.conditions"), "spend it by March");
  assert_int_equal(number_at(whole, "budget.0.amount"), 70000);
  assert_int_equal(number_at(whole, "unattributed"), 30000);
  assert_int_equal(number_at(north, "spend.total"), 0); /* the council is of the whole locality */
  json_decref(whole);
  json_decref(north);
}

/* ---- everybody's ---- */

static struct statements_result write_all(struct book *b, const char *dir, enum format format,
                                          const char *place) {
  const struct statements_options options = {.request = {.year = YEAR},
                                             .format = format,
                                             .out_dir = dir,
                                             .jobs = 2,
                                             .place = place,
                                             .progress = PROGRESS_NEVER};
  struct statements_result result = {0};
  ok(statements_write(b->uk.store, b->uk.pack, &options, &result, &err));
  return result;
}

static void read_file(const char *dir, const char *name, struct text *out) {
  char path[1024], bytes[4096];
  snprintf(path, sizeof path, "%s/%s", dir, name);
  FILE *f = fopen(path, "r");
  if (!f) fail_msg("no %s", path);
  text_clear(out);
  for (size_t n; (n = fread(bytes, 1, sizeof bytes, f)) > 0;) text_add_bytes(out, bytes, n);
  fclose(f);
}

static void everybody_in_order_and_in_place(void **state) {
  struct book *b = *state;
  const char *dir = fresh_folder();
  struct text all = {0}, one = {0};
  post(b, BEN, day_make(2025, 5, 1), "council-tax", -12000, NOTHING_MORE);
  post(b, DEE, day_make(2025, 5, 1), "vat", -23, NOTHING_MORE);
  for (int round = 0; round < 2; round++) { /* a second run replaces the first */
    assert_int_equal(write_all(b, dir, FORMAT_JSON, NULL).statements, 5);
    read_file(dir, "statements.jsonl", &all);
    const char *at = all.bytes;
    static const int people[] = {ANN, BEN, CAI, EVE, FAY};
    for (int i = 0; i < 5; i++) {
      const struct statement_request request = {.year = YEAR};
      struct document *d;
      ok(statement_one(b->uk.store, b->reference_data, people[i], &request, b->uk.arena, &d, &err));
      text_clear(&one);
      document_render(d, FORMAT_JSON, NULL, &one);
      assert_memory_equal(at, one.bytes, one.size);
      at += one.size;
      assert_int_equal(*at++, '\n');
    }
    assert_int_equal(at - all.bytes, all.size);
    write_all(b, dir, FORMAT_HTML, NULL);
    read_file(dir, "index.csv", &all);
    assert_non_null(strstr(all.bytes, "P1,0001/P1.html\n"));
    read_file(dir, "0001/P1.html", &all);
    read_file(dir, "0001/index.html", &all);
    read_file(dir, "index.html", &all);
  }
  /* Cai lives there, Eve died there */
  assert_int_equal(write_all(b, dir, FORMAT_JSON, "S").statements, 2);
  text_release(&all);
  text_release(&one);
}

static void accounts_balance_line_by_line(void **state) {
  struct book *b = *state;
  post(b, BEN, day_make(2025, 5, 1), "vat", -100, NOTHING_MORE);
  post(b, BEN, day_make(2025, 5, 2), "child-benefit", 250, NOTHING_MORE);
  post(b, BEN, day_make(2025, 5, 3), "volunteering", -30, NOTHING_MORE);
  struct document *d;
  const struct account_request request = {.from = day_make(2025, 5, 2), .to = day_make(2025, 5, 3)};
  ok(statement_account(b->uk.store, b->reference_data, BEN, &request, b->uk.arena, &d, &err));
  json_t *a = rendered(d);
  assert_int_equal(number_at(a, "money.opening"), -100);
  assert_int_equal(number_at(a, "money.lines.0.amount"), 250);
  assert_int_equal(number_at(a, "money.lines.0.balance"), 150);
  assert_int_equal(number_at(a, "money.closing"), 150);
  assert_int_equal(number_at(a, "time.lines.0.minutes"), -30);
  json_decref(a);
}

static void pages_of_an_account_begin_with_the_newest(void **state) {
  struct book *b = *state;
  for (int i = 0; i < ACCOUNT_PAGE_LINES + 5; i++)
    post(b, BEN, day_make(2025, 5, 1) + i, i % 2 ? "vat" : "council-tax", -100, NOTHING_MORE);
  struct account_request request = {.from = day_make(2025, 4, 6), .to = DAY_NONE, .page = 2};
  struct document *d;
  struct text page = {0};
  const struct document_options options = {.fragment = true, .line_path = "/account/lines/"};
  ok(statement_account(b->uk.store, b->reference_data, BEN, &request, b->uk.arena, &d, &err));
  json_t *a = rendered(d);
  assert_int_equal(number_at(a, "money.found"), ACCOUNT_PAGE_LINES + 5);
  assert_int_equal(number_at(a, "pages"), 2);
  assert_int_equal(number_at(a, "money.lines.0.balance"), -500); /* the fifth line of all */
  assert_int_equal(number_at(a, "money.lines.4.balance"), -100);
  json_decref(a);
  document_render(d, FORMAT_HTML, &options, &page);
  assert_non_null(strstr(page.bytes, "href=\"/account/lines/"));
  text_release(&page);
  request =
      (struct account_request){.from = DAY_NONE, .to = DAY_NONE, .category = "vat", .page = 1};
  ok(statement_account(b->uk.store, b->reference_data, BEN, &request, b->uk.arena, &d, &err));
  a = rendered(d);
  assert_int_equal(number_at(a, "money.found"), (ACCOUNT_PAGE_LINES + 5) / 2);
  assert_int_equal(number_at(a, "money.found_amount"), -100 * ((ACCOUNT_PAGE_LINES + 5) / 2));
  /* one line of council tax is later */
  assert_int_equal(number_at(a, "money.lines.0.balance"), -100 * (ACCOUNT_PAGE_LINES + 4));
  json_decref(a);
  request.category = "no-such";
  assert_int_equal(statement_account(b->uk.store, b->reference_data, BEN, &request, b->uk.arena, &d,
                                     &err),
                   REFUSED);
  assert_string_equal(err.column, "category");
}

static void years_bodies_and_a_verified_statement(void **state) {
  struct book *b = *state;
  struct signer signer;
  struct year_range range;
  struct document *d;
  const char *note;
  int64_t *bodies;
  int count;
  ok(statement_years(b->uk.store, BEN, b->uk.arena, &range, &err));
  assert_false(range.some);
  post(b, BEN, day_make(2023, 4, 5), "vat", -100, NOTHING_MORE);
  post(b, BEN, day_make(2025, 5, 2), "child-benefit", 250, (struct line){.body = 2});
  post(b, BEN, day_make(2025, 5, 3), "council-tax", -250, (struct line){.body = 1});
  ok(statement_years(b->uk.store, BEN, b->uk.arena, &range, &err));
  assert_true(range.some && range.first == 2022 && range.last == 2025);
  ok(statement_bodies_of(b->uk.store, BEN, day_make(2025, 5, 2), b->uk.arena, &bodies, &count,
                         &err));
  assert_int_equal(count, 2);
  assert_true(bodies[0] == 1 && bodies[1] == 2);
  const struct statement_request request = {.year = 2025};
  ok(signer_generate(span_of("here"), KEY_ED25519, &signer, &err));
  /* no head */
  assert_int_equal(statement_verified(b->uk.store, b->reference_data, BEN, &request, &signer,
                                      b->uk.arena, &d, &err),
                   REFUSED);
  const struct closing_options options = {.year = 2025, .to = DAY_NONE, .progress = PROGRESS_NEVER};
  struct closing_result result;
  ok(closing_post(b->uk.store, &options, &result, &err));
  ok(head_sign(b->uk.store, &signer, b->uk.arena, &note, &err));
  ok(statement_verified(b->uk.store, b->reference_data, BEN, &request, &signer, b->uk.arena, &d,
                        &err));
  json_t *v = rendered(d);
  assert_int_equal(number_at(v, "lines"), 2);
  assert_int_equal(number_at(v, "unproved"), 0);
  json_decref(v);
  ok(statement_life(b->uk.store, b->reference_data, BEN,
                    &(struct statement_request){.language = ENGLISH}, b->uk.arena, &d, &err));
  v = rendered(d);
  assert_int_equal(number_at(v, "paid"), 350);
  assert_int_equal(number_at(v, "by_year.0.cash"), 250);
  assert_int_equal(number_at(v, "by_year.3.paid"), 100);
  json_decref(v);
  signer_wipe(&signer);
}

/* ---- unfinished postings ---- */

static enum status keep_text(void *context, struct text *out) {
  (void)context, (void)out;
  return DONE;
}

static char *balances_of(struct book *b, const struct reading *reading) {
  const struct balances_options options = {.on = DAY_LAST,
                                           .format = FORMAT_CSV,
                                           .reading = reading};
  struct text t = {0};
  ok(balances_write(b->uk.store, &options, &t, keep_text, NULL, &err));
  char *kept = arena_copy(b->uk.arena, t.bytes, t.size);
  text_release(&t);
  return kept;
}

/* Writes what an import has before it has finished: a line of Ben's, seven years before his others,
 * which undoes the given line. */
static int64_t half_import(struct book *b, int64_t undone) {
  struct query *q;
  struct reading now;
  int64_t ben = uk_book_account(&b->uk, OWNER_PERSON, BEN, "pence");
  ok(book_reading(b->uk.store, b->uk.arena, &now, &err));
  ok(store_run(b->uk.store,
               "insert into pending (first, last, state) select entry + 1, entry + 2, 'live' "
               "from head; update head set entry = entry + 2",
               &err));
  ok(store_query(b->uk.store, &q,
                 "insert into line (account, day, entry, n, amount, category, estimated, body, "
                 "reverses_entry, reverses_n) values (?1, ?2, ?3, 1, 7, 1, 0, 3, ?4, ?5)",
                 &err));
  query_bind_int(q, 1, ben);
  query_bind_int(q, 2, day_make(2019, 5, 1));
  query_bind_int(q, 3, now.head + 1);
  query_bind_int(q, 4, undone);
  query_bind_int(q, 5, line_number(b, undone, ben));
  ok(query_run(q, &err));
  query_end(q);
  return now.head + 1;
}

static void finish_import(struct book *b, int64_t entry) {
  char sql[400];
  snprintf(sql, sizeof sql,
           "delete from pending; insert into entry (id, seq, day, recorded, kind, lines) select "
           "%lld, logged + 1, %d, '2026-01-01T00:00:00Z', 'entries', 1 from head; "
           "update head set logged = logged + 1",
           (long long)entry, day_make(2019, 5, 1));
  ok(store_run(b->uk.store, sql, &err));
}

/* Checks every reader of lines: the years, the bodies to notify, the opening balance of an account,
 * the reversal of a line. */
static void assert_seen(struct book *b, int64_t line, bool import) {
  struct year_range range;
  int64_t *bodies;
  int count;
  struct document *d;
  ok(statement_years(b->uk.store, BEN, b->uk.arena, &range, &err));
  assert_int_equal(range.first, import ? 2019 : 2025);
  ok(statement_bodies_of(b->uk.store, BEN, DAY_FIRST, b->uk.arena, &bodies, &count, &err));
  assert_int_equal(count, import);
  const struct account_request request = {.from = day_make(2025, 5, 2), .to = DAY_NONE};
  ok(statement_account(b->uk.store, b->reference_data, BEN, &request, b->uk.arena, &d, &err));
  json_t *a = rendered(d);
  assert_int_equal(number_at(a, "money.opening"), import ? -93 : -100);
  json_decref(a);
  const int64_t account = uk_book_account(&b->uk, OWNER_PERSON, BEN, "pence");
  const struct line_request one = {.entry = line,
                                   .line_no = (int32_t)line_number(b, line, account)};
  ok(statement_line(b->uk.store, b->reference_data, BEN, &one, b->uk.arena, &d, &err));
  a = rendered(d);
  assert_int_equal(json_is_string(at(a, "corrections.reversed_by")), import);
  json_decref(a);
}

/* The import finishes after the reading was taken: readers with that reading see the same book as
 * before, and readers with a new reading see the import. */
static void an_import_under_way_is_not_seen(void **state) {
  struct book *b = *state;
  struct reading before;
  int64_t line = post(b, BEN, day_make(2025, 5, 1), "vat", -100, NOTHING_MORE);
  const char *without = balances_of(b, NULL);
  int64_t entry = half_import(b, line);
  /* so that the reading's head is past it */
  post(b, CAI, day_make(2025, 5, 1), "vat", -5, NOTHING_MORE);
  ok(book_reading(b->uk.store, b->uk.arena, &before, &err));
  assert_true(before.pending_count == 1 && before.head > entry);
  const char *shown = balances_of(b, NULL);
  assert_string_not_equal(shown, without);
  assert_non_null(strstr(shown, ",-1.00,1\n"));
  assert_seen(b, line, false);
  finish_import(b, entry);
  assert_string_equal(balances_of(b, &before), shown);
  assert_non_null(strstr(balances_of(b, NULL), ",-0.93,2\n"));
  assert_seen(b, line, true);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test_setup_teardown(sections_and_signs, new_book, close_book),
      cmocka_unit_test_setup_teardown(pages_of_an_account_begin_with_the_newest, new_book,
                                      close_book),
      cmocka_unit_test_setup_teardown(years_bodies_and_a_verified_statement, new_book, close_book),
      cmocka_unit_test_setup_teardown(tax_is_divided_as_hmrc_says, new_book, close_book),
      cmocka_unit_test_setup_teardown(reversed_lines_are_gone, new_book, close_book),
      cmocka_unit_test_setup_teardown(two_records_one_statement, new_book, close_book),
      cmocka_unit_test_setup_teardown(household_lines_are_shared, new_book, close_book),
      cmocka_unit_test_setup_teardown(lives_that_end_and_years_without_a_line, new_book,
                                      close_book),
      cmocka_unit_test_setup_teardown(the_place_agrees_with_the_statements, new_book, close_book),
      cmocka_unit_test_setup_teardown(payments_are_kept_apart, new_book, close_book),
      cmocka_unit_test_setup_teardown(everybody_in_order_and_in_place, new_book, close_book),
      cmocka_unit_test_setup_teardown(accounts_balance_line_by_line, new_book, close_book),
      cmocka_unit_test_setup_teardown(an_import_under_way_is_not_seen, new_book, close_book),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
