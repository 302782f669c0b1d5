/* The public account of a place: what is shown is the account, rounded; what must be hidden is. */
#include "book/pack_rows.h"
#include "book/posting.h"
#include "publish/kept.h"
#include "publish/parts.h"
#include "publish/suppress.h"
#include "store/setting.h"

#include <jansson.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <zstd.h>

#include <cmocka.h>

#include "uk_book.h"

/* ---- grids ---- */

enum { COLUMNS_MAX = 8, ROWS_MAX = 5, CELLS_MAX = COLUMNS_MAX * (ROWS_MAX + 1) };

static uint64_t seed = 1;
static int chance(int below) {
  seed ^= seed << 13;
  seed ^= seed >> 7;
  seed ^= seed << 17;
  return (int)(seed % (uint64_t)below);
}

struct sample {
  int columns, rows, parent[COLUMNS_MAX];
  bool present[CELLS_MAX], hidden[CELLS_MAX], inner[COLUMNS_MAX], valueless[ROWS_MAX + 1];
  int64_t people[CELLS_MAX], amount[CELLS_MAX], need[CELLS_MAX];
};

static int cell(const struct sample *s, int column, int row) {
  return column * (s->rows + 1) + row;
}

static void make_sample(struct sample *s, bool add_up) {
  memset(s, 0, sizeof *s);
  s->columns = 1 + chance(COLUMNS_MAX);
  s->rows = 1 + chance(ROWS_MAX);
  s->parent[0] = -1;
  for (int c = 1; c < s->columns; c++) s->inner[s->parent[c] = chance(c)] = true;
  for (int c = s->columns - 1; c >= 0; c--) {
    int64_t sum = 0, largest = 0;
    for (int r = 0; r < s->rows; r++) {
      int64_t *people = &s->people[cell(s, c, r)];
      if (!s->inner[c]) *people = chance(3) == 0 ? 0 : chance(2) ? chance(12) : chance(60);
      sum += *people;
      if (*people > largest) largest = *people;
      if (c) s->people[cell(s, s->parent[c], r)] += *people;
    }
    if (s->inner[c]) continue;
    s->people[cell(s, c, s->rows)] = add_up || sum == largest
                                         ? sum
                                         : largest + chance((int)(sum - largest) + 1);
  }
  for (int c = s->columns - 1; c > 0; c--)
    s->people[cell(s, s->parent[c], s->rows)] += s->people[cell(s, c, s->rows)];
  for (int i = 0; i < s->columns * (s->rows + 1); i++) s->present[i] = s->people[i] > 0;
  for (int r = 0; r < s->rows && !add_up; r++) s->valueless[r] = chance(4) == 0;
  for (int c = s->columns - 1; c >= 0; c--)
    for (int r = 0; r <= s->rows; r++) {
      int i = cell(s, c, r);
      s->need[i] = 50000;
      if (r < s->rows && !s->inner[c] && !s->valueless[r]) {
        s->amount[i] = s->people[i] * (1 + chance(300000));
        s->amount[cell(s, c, s->rows)] += s->amount[i];
      }
      if (c) s->amount[cell(s, s->parent[c], r)] += s->amount[i];
    }
}

/* Whether anything hidden can be computed is tried by tests/attack/attack_figures.py. */
static void few_people_are_hidden_and_nothing_absent_is(void **state) {
  (void)state;
  int hidden = 0, extra = 0;
  for (int number = 0; number < 4000; number++) {
    struct sample s;
    bool add_up = number % 2;
    make_sample(&s, add_up);
    struct public_grid grid = {.columns = s.columns,
                               .rows = s.rows,
                               .parent = s.parent,
                               .present = s.present,
                               .people = s.people,
                               .amount = add_up ? NULL : s.amount,
                               .need = s.need,
                               .unit = 100000,
                               .valueless = s.valueless,
                               .hidden = s.hidden};
    assert_true(grid_suppress(&grid));
    for (int i = 0; i < s.columns * (s.rows + 1); i++) {
      if (s.present[i] && s.people[i] < PUBLISH_FEWEST) assert_true(s.hidden[i]);
      if (!s.present[i]) assert_false(s.hidden[i]);
      hidden += s.hidden[i];
      extra += s.hidden[i] && s.people[i] >= PUBLISH_FEWEST;
    }
  }
  print_message("%d cells hidden, %d of them of ten people or more\n", hidden, extra);
  assert_true(hidden > 1000 && extra < hidden);
}

static void amounts_round_half_away_from_zero(void **state) {
  (void)state;
  static const int64_t cases[][4] = {/* n, shown, the least and the most shown so */
                                     {0, 0, -49999, 49999},
                                     {49999, 0, -49999, 49999},
                                     {50000, 100000, 50000, 149999},
                                     {149999, 100000, 50000, 149999},
                                     {-50000, -100000, -149999, -50000}};
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    assert_int_equal(round_to(cases[i][0], 100000), cases[i][1]);
    assert_int_equal(round_least(cases[i][0], 100000), cases[i][2]);
    assert_int_equal(round_most(cases[i][0], 100000), cases[i][3]);
  }
  for (int64_t n = 8; n <= 12; n++) {
    assert_int_equal(round_to(n, PUBLISH_PEOPLE_UNIT), 10);
    assert_int_equal(round_least(n, PUBLISH_PEOPLE_UNIT), 8);
    assert_int_equal(round_most(n, PUBLISH_PEOPLE_UNIT), 12);
  }
}

/* One place, its total known to within 500 pounds: three uses of a service at 50,000 pounds would
 * follow from the other categories, so one of these is hidden too. */
static void whole_uses_cannot_be_counted(void **state) {
  (void)state;
  const int parent[] = {-1};
  const int64_t people[] = {3, 40, 2000, 2043},
                amount[] = {15000000, 60000000, 900000000, 975000000},
                need[] = {50000, 50000, 50000, 50000}, step[] = {5000000, 0, 0};
  const bool present[] = {true, true, true, true};
  bool hidden[4] = {false};
  struct public_grid grid = {.columns = 1,
                             .rows = 3,
                             .parent = parent,
                             .present = present,
                             .people = people,
                             .amount = amount,
                             .need = need,
                             .unit = 100000,
                             .step = step,
                             .hidden = hidden};
  assert_true(grid_suppress(&grid));
  assert_true(hidden[0] && hidden[1] && !hidden[2] && !hidden[3]);
}

static void the_smallest_further_cell_is_hidden_first(void **state) {
  (void)state;
  const int parent[] = {-1};
  const int64_t people[] = {4, 28, 18, 50}; /* 28 and 18 are the least that are shown so */
  const bool present[] = {true, true, true, true};
  bool hidden[4] = {false};
  struct public_grid grid = {.columns = 1,
                             .rows = 3,
                             .parent = parent,
                             .present = present,
                             .people = people,
                             .hidden = hidden};
  assert_true(grid_suppress(&grid));
  assert_true(hidden[0] && hidden[2] && !hidden[1] && !hidden[3]);
}

static void totals_that_must_be_shown_may_have_no_solution(void **state) {
  (void)state;
  const int parent[] = {-1};
  const int64_t people[] = {4, 6, 10};
  const bool present[] = {true, true, true};
  bool hidden[3] = {false};
  struct public_grid grid = {.columns = 1,
                             .rows = 2,
                             .parent = parent,
                             .present = present,
                             .people = people,
                             .keep_totals = true,
                             .hidden = hidden};
  assert_false(grid_suppress(&grid)); /* 4 and 6 of 10: each would be at most 9 */
}

/* ---- random books: what is shown is the account, rounded ---- */

/* England > L (the book's own) > N, S; N > N1, N2. */
enum { PEOPLE = 90, YEAR = 2025, PLACE_L = 2, PLACE_FIRST = 3, PLACE_LAST = 6 };

struct book {
  struct uk_book uk;
  struct codes *codes;
};

static const char *const categories[] = {"income-tax",      "national-insurance",
                                         "council-tax",     "child-benefit",
                                         "state-pension",   "universal-credit",
                                         "gp-consultation", "home-care",
                                         "volunteering",    "employer-national-insurance"};
enum { CATEGORIES = sizeof categories / sizeof *categories };

/* Two people or so to a household, whose number follows the people's. */
static int household_of(int person) { return PEOPLE + 1 + person / 2; }

static void write_people(struct store *store) {
  char sql[400];
  for (int h = household_of(1); h <= household_of(PEOPLE); h++) {
    snprintf(sql, sizeof sql, "insert into party (id, kind, code) values (%d, 'household', 'H%d')",
             h, h);
    ok(store_run(store, sql, &err));
  }
  for (int i = 1; i <= PEOPLE; i++) {
    int own = chance(9) ? PLACE_FIRST + chance(PLACE_LAST - PLACE_FIRST + 1) : PLACE_L;
    if (chance(12) == 0) own = PLACE_LAST; /* a small place stays small */
    snprintf(sql, sizeof sql,
             "insert into party (id, kind, code, name, born) values (%d, 'person', 'P%d', 'Xerxes "
             "Quux %d', %d)",
             i, i, i, day_make(1930 + chance(94), 1 + chance(12), 1 + chance(28)));
    ok(store_run(store, sql, &err));
    if (chance(20) == 0) continue; /* without a known place */
    snprintf(sql, sizeof sql,
             "insert into residence (party, from_day, household, place) values (%d, %d, %d, %d)", i,
             DAY_NONE, household_of(i), own);
    ok(store_run(store, sql, &err));
    if (chance(8)) continue;
    snprintf(sql, sizeof sql,
             "insert into residence (party, from_day, household, place) values (%d, %d, %d, %d)", i,
             day_make(2025, 9, 1), household_of(i), PLACE_FIRST + chance(4));
    ok(store_run(store, sql, &err));
  }
}

/* One line of a person and its contra; at times undone by a second entry. */
static void post(struct book *b, int64_t person, int which) {
  const struct pack_category *c = pack_find_category(b->uk.pack, span_of(categories[which]));
  bool minutes = c->unit == b->uk.pack->minutes,
       out = c->side == SIDE_CONTRIBUTION || c->side == SIDE_GIVEN;
  int64_t amount = (1 + chance(100000)) * (out ? -1 : 1), entry = 0;
  struct line line = {.account = uk_book_account(&b->uk, OWNER_PERSON, person,
                                                 minutes ? "minutes" : "pence"),
                      .category = (int32_t)codes_category(b->codes, span_of(categories[which])),
                      .amount = amount,
                      .estimated = chance(5) == 0};
  if (chance(15) == 0) line.place = PLACE_FIRST + chance(4);
  int times = chance(10) ? 1 : 2;
  day_t day = day_make(2025, 4, 6) + chance(360);
  for (int i = 0; i < times; i++) {
    struct posting *p = posting_begin(b->uk.store, day, "test", "a line");
    if (i) {
      line.amount = -amount;
      line.reverses_entry = entry;
      line.reverses_line_no = line.account < (minutes ? b->uk.control_minutes : b->uk.control_pence)
                                  ? 1
                                  : 2;
    }
    posting_add(p, &line);
    posting_add(p, &(struct line){.account = minutes ? b->uk.control_minutes : b->uk.control_pence,
                                  .category = line.category,
                                  .amount = -line.amount});
    ok(posting_commit(p, &entry, &err));
  }
}

static void make_book(struct book *b) {
  uk_book_open(&b->uk);
  ok(store_run(b->uk.store,
               "insert into place (id, code, name, kind, parent) values (1, 'E', 'England', "
               "'nation', null), (2, 'L', 'Locality', 'locality', 1), (3, 'N', 'North', "
               "'neighbourhood', 2), (4, 'S', 'South', 'neighbourhood', 2), (5, 'N1', 'North "
               "One', 'neighbourhood', 3), (6, 'N2', 'North Two', 'neighbourhood', 3);",
               &err));
  char sql[100];
  snprintf(sql, sizeof sql, "update head set party = %d, place = 6", household_of(PEOPLE));
  ok(store_run(b->uk.store, sql, &err));
  write_people(b->uk.store);
  ok(setting_write(b->uk.store, "place", "L", &err));
  ok(book_open_people(b->uk.store, 1, PEOPLE, &err));
  uk_book_controls(&b->uk);
  ok(store_commit(b->uk.store, &err));
  ok(book_codes(b->uk.store, b->uk.arena, &b->codes, &err));
  for (int which = 0; which < CATEGORIES; which++) {
    int often = 1 + chance(8);
    for (int64_t person = 1; person <= PEOPLE; person++)
      for (int times = chance(often) ? 0 : 1 + chance(2); times; times--) post(b, person, which);
  }
}

static struct text rendered(const struct document *d, enum format format) {
  struct text t = {0};
  document_render(d, format, NULL, &t);
  return t;
}

static json_t *parsed(const struct document *d) {
  struct text t = rendered(d, FORMAT_JSON);
  json_error_t where;
  json_t *json = json_loadb(t.bytes, t.size, JSON_REJECT_DUPLICATES, &where);
  if (!json) fail_msg("%s", where.text);
  text_release(&t);
  return json;
}

static json_t *row_of(json_t *rows, const char *key) {
  size_t i;
  json_t *row;
  json_array_foreach(rows, i, row) {
    const char *has = json_string_value(json_object_get(row, "key"));
    if (has && strcmp(has, key) == 0) return row;
  }
  return NULL;
}

/* Households are rounded or hidden, and the taxes in prices are of those that are shown. */
static void compare_in_prices(json_t *staff, json_t *public) {
  json_t *exact = json_object_get(staff, "in_prices"),
         *shown = json_object_get(public, "in_prices");
  if (!json_is_object(exact)) assert_true(json_is_null(shown)); /* fewer than ten */
  if (!json_is_object(shown)) return;
  const int64_t households = json_integer_value(json_object_get(shown, "households"));
  assert_int_equal(households,
                   round_to(json_integer_value(json_object_get(exact, "households")), 5));
  /* value added tax: 3,528 pounds a household in 2018-19 */
  json_t *vat = json_array_get(json_object_get(shown, "lines"), 0);
  assert_int_equal(json_integer_value(json_object_get(vat, "amount")),
                   round_to(households * 352800, 100000));
}

static const char *const measures[] = {"paid", "received", "services", "given_minutes", "employer"};

static int64_t rounded(size_t measure, json_t *exact) {
  bool minutes = strstr(measures[measure], "minutes");
  return round_to(json_integer_value(exact), minutes ? 6000 : 100000);
}

/* The shown rows of a place by category, and its totals, are those of the account for staff, each
 * rounded by itself; fewer than ten people are not shown. */
static int compare_place(struct book *b, const struct publication *p, const char *code) {
  const struct place_request request = {
      .code = code, .year = YEAR, .by = BY_CATEGORY, .threads = 1, .progress = PROGRESS_NEVER};
  struct document *d;
  int hidden = 0;
  size_t i;
  json_t *row;
  ok(place_account(b->uk.store, b->uk.pack, &request, b->uk.arena, &d, &err));
  json_t *staff = parsed(d),
         *public = parsed(publication_page(p, publication_find(p, span_of(code)), PUBLISH_CATEGORY,
                                           ENGLISH, b->uk.arena));
  json_array_foreach(json_object_get(staff, "by"), i, row) {
    json_t *shown = row_of(json_object_get(public, "by"),
                           json_string_value(json_object_get(row, "key")));
    if (!shown) { /* a row with only undone lines is not shown */
      assert_int_equal(json_integer_value(json_object_get(row, "people")), 0);
      continue;
    }
    bool is_hidden = json_is_true(json_object_get(shown, "hidden"));
    hidden += is_hidden;
    if (json_integer_value(json_object_get(row, "people")) < PUBLISH_FEWEST) assert_true(is_hidden);
    assert_int_equal(is_hidden, json_is_null(json_object_get(shown, "people")));
    if (!is_hidden)
      assert_int_equal(json_integer_value(json_object_get(shown, "people")),
                       round_to(json_integer_value(json_object_get(row, "people")), 5));
    for (size_t m = 0; m < sizeof measures / sizeof *measures; m++)
      if (!is_hidden)
        assert_int_equal(json_integer_value(json_object_get(shown, measures[m])),
                         rounded(m, json_object_get(row, measures[m])));
      else
        assert_true(json_is_null(json_object_get(shown, measures[m])) ||
                    json_integer_value(json_object_get(shown, measures[m])) == 0);
  }
  for (size_t m = 0; m < sizeof measures / sizeof *measures; m++) {
    json_t *total = json_object_get(json_object_get(public, "total"), measures[m]);
    if (!json_is_null(total))
      assert_int_equal(json_integer_value(total),
                       rounded(m, json_object_get(json_object_get(staff, "total"), measures[m])));
  }
  json_t *people = json_object_get(public, "people");
  if (!json_is_null(people))
    assert_int_equal(json_integer_value(people),
                     round_to(json_integer_value(json_object_get(staff, "people")), 5));
  compare_in_prices(staff, public);
  json_decref(staff);
  json_decref(public);
  return hidden;
}

/* The rows of a grouping are sums of the figures shown by category, and what is hidden there has
 * no figure here either. */
static void compare_grouping(struct book *b, const struct publication *p, int node,
                             enum publish_table by) {
  json_t *all = parsed(publication_page(p, node, PUBLISH_CATEGORY, ENGLISH, b->uk.arena)),
         *grouped = parsed(publication_page(p, node, by, WELSH, b->uk.arena)), *row;
  size_t i;
  for (size_t m = 0; m < sizeof measures / sizeof *measures; m++) {
    int64_t shown = 0, sum = 0;
    json_array_foreach(json_object_get(all, "by"), i, row)
        shown += json_integer_value(json_object_get(row, measures[m]));
    json_array_foreach(json_object_get(grouped, "by"), i, row) {
      int64_t n = json_integer_value(json_object_get(row, measures[m]));
      if (strcmp(json_string_value(json_object_get(row, "key")), "hidden") == 0)
        assert_int_equal(n, 0);
      sum += n;
    }
    assert_int_equal(sum, shown);
  }
  json_decref(all);
  json_decref(grouped);
}

/* What is kept of it and read again makes the same documents. */
static void check_kept(struct book *b, const struct publication *p, int places) {
  struct text kept = {0}, again = {0};
  struct publication *read;
  publication_write(p, &kept);
  ok(publication_read(span_make(kept.bytes, kept.size), b->uk.pack, b->uk.arena, &read, &err));
  for (int node = 0; node < places; node++)
    for (enum publish_table t = PUBLISH_CATEGORY; t < PUBLISH_TABLES; t++) {
      assert_int_equal(publication_has(p, node, t), publication_has(read, node, t));
      if (!publication_has(p, node, t)) continue;
      struct text one = rendered(publication_table(p, node, t, WELSH, b->uk.arena), FORMAT_JSON),
                  two = rendered(publication_table(read, node, t, WELSH, b->uk.arena), FORMAT_JSON);
      assert_string_equal(one.bytes, two.bytes);
      text_release(&one);
      text_release(&two);
      if (t > PUBLISH_SIDE) continue;
      one = rendered(publication_page(p, node, t, ENGLISH, b->uk.arena), FORMAT_HTML);
      two = rendered(publication_page(read, node, t, ENGLISH, b->uk.arena), FORMAT_HTML);
      assert_string_equal(one.bytes, two.bytes);
      text_release(&one);
      text_release(&two);
    }
  publication_write(read, &again);
  assert_int_equal(again.size, kept.size);
  assert_memory_equal(again.bytes, kept.bytes, kept.size);
  text_release(&kept);
  text_release(&again);
}

/* An edition that was kept before households were counted has none, and everything else. */
static void check_kept_before(struct book *b, const struct publication *p) {
  struct text kept = {0}, lines = {0}, old = {0};
  struct publication *read;
  publication_write(p, &kept);
  size_t size = (size_t)ZSTD_getFrameContentSize(kept.bytes, kept.size);
  text_reserve(&lines, size + 1);
  assert_int_equal(ZSTD_decompress(lines.bytes, size, kept.bytes, kept.size), size);
  lines.bytes[size] = '\0';
  int taken = 0;
  for (char *at = lines.bytes; (at = strstr(at, "\"households\":")); taken++) {
    char *end = strstr(at, "\"cells\":");
    assert_non_null(end);
    memmove(at, end, strlen(end) + 1);
  }
  assert_int_equal(taken, 7); /* five places, and what is in none of two of them */
  size = strlen(lines.bytes);
  text_reserve(&old, ZSTD_compressBound(size));
  old.size = ZSTD_compress(old.bytes, ZSTD_compressBound(size), lines.bytes, size, 3);
  ok(publication_read(span_make(old.bytes, old.size), b->uk.pack, b->uk.arena, &read, &err));
  assert_true(publication_has(p, 0, PUBLISH_IN_PRICES));
  assert_false(publication_has(read, 0, PUBLISH_IN_PRICES));
  json_t *page = parsed(publication_page(read, 0, PUBLISH_CATEGORY, ENGLISH, b->uk.arena)),
         *today = parsed(publication_page(p, 0, PUBLISH_CATEGORY, ENGLISH, b->uk.arena));
  assert_true(json_is_null(json_object_get(page, "in_prices")));
  assert_true(json_is_object(json_object_get(today, "in_prices")));
  assert_true(json_equal(json_object_get(page, "by"), json_object_get(today, "by")));
  json_decref(page);
  json_decref(today);
  text_release(&kept);
  text_release(&lines);
  text_release(&old);
}

static void check_no_names(struct book *b, const struct publication *p, int node) {
  for (enum publish_table t = PUBLISH_CATEGORY; t < PUBLISH_TABLES; t++) {
    if (!publication_has(p, node, t)) continue;
    struct text page = t <= PUBLISH_SIDE
                           ? rendered(publication_page(p, node, t, WELSH, b->uk.arena), FORMAT_HTML)
                           : (struct text){0},
                csv = rendered(publication_table(p, node, t, ENGLISH, b->uk.arena), FORMAT_CSV);
    assert_true(!page.bytes || !strstr(page.bytes, "Quux"));
    assert_true(csv.size && !strstr(csv.bytes, "Quux"));
    text_release(&page);
    text_release(&csv);
  }
}

static void shown_figures_are_those_of_the_account_rounded(void **state) {
  static const char *const codes[] = {"L", "N", "S", "N1", "N2"};
  (void)state;
  for (int round = 0; round < 3; round++) {
    struct book b;
    struct publication *p;
    int hidden = 0;
    struct publish_years years;
    make_book(&b);
    const struct publish_options options = {.year = YEAR,
                                            .threads = 1 + round,
                                            .progress = PROGRESS_NEVER};
    ok(publication_make(b.uk.store, b.uk.pack, &options, b.uk.arena, &p, &err));
    ok(publish_years(b.uk.store, YEAR + 5, NULL, &years, &err));
    assert_int_equal(years.count, 1);
    assert_int_equal(years.year[0], YEAR);
    /* above the book's own place: subtraction would reveal what is outside */
    assert_int_equal(publication_find(p, span_of("E")), -1);
    check_kept(&b, p, (int)(sizeof codes / sizeof *codes));
    check_kept_before(&b, p);
    for (size_t i = 0; i < sizeof codes / sizeof *codes; i++) {
      hidden += compare_place(&b, p, codes[i]);
      int node = publication_find(p, span_of(codes[i]));
      for (enum publish_table by = PUBLISH_COFOG; by <= PUBLISH_SIDE; by++)
        compare_grouping(&b, p, node, by);
      check_no_names(&b, p, node);
    }
    assert_true(hidden > 0);
    uk_book_close(&b.uk);
  }
}

/* The value of a headline in the text of the page. */
static void assert_headline(const struct publication *p, int node, const char *name,
                            const char *value) {
  struct arena *arena = arena_new();
  struct text t = rendered(publication_page(p, node, PUBLISH_CATEGORY, ENGLISH, arena),
                           FORMAT_TEXT);
  const char *at = strstr(t.bytes, name);
  at = at ? at + strlen(name) : "";
  at += strspn(at, " ");
  if (strncmp(at, value, strlen(value)) != 0)
    fail_msg("no '%s' of '%s' in %.3000s", value, name, t.bytes);
  text_release(&t);
  arena_free(arena);
}

/* Services of which one has a cost that rounds to nothing are nothing; without any cost they are
 * not valued. */
static void a_small_cost_is_not_a_missing_one(void **state) {
  struct book b;
  struct publication *p;
  (void)state;
  make_book(&b);
  const struct publish_options options = {.year = YEAR, .threads = 1, .progress = PROGRESS_NEVER};
  ok(publication_make(b.uk.store, b.uk.pack, &options, b.uk.arena, &p, &err));
  const int node = publication_find(p, span_of("L"));
  struct published_source *source = arena_array(b.uk.arena, struct published_source, 1);
  *source = (struct published_source){
      .what = "A visit", .year = "2025-26", .value = "0.30", .source = "A test", .pence = 30};
  for (int c = 0; c < p->categories; c++) {
    if (p->pack->categories[c].shown != SHOWN_SERVICES) continue;
    const bool used = strcmp(p->pack->categories[c].code, "gp-consultation") == 0 ||
                      strcmp(p->pack->categories[c].code, "home-care") == 0;
    p->cells[node * p->categories + c] =
        used ? (struct public_cell){.people = 20, .shown_people = 20, .lines = 20}
             : (struct public_cell){0};
    if (used) source->category = c;
  }
  p->totals[node * FIGURE_COUNT + SHOWN_SERVICES] =
      (struct public_cell){.people = 20, .shown_people = 20, .lines = 40};
  p->source_count = 0;
  assert_headline(p, node, "Services used  ", "not valued");
  p->sources = source;
  p->source_count = 1;
  assert_headline(p, node, "Services used  ", "£0\n");
  uk_book_close(&b.uk);
}

/* ---- editions: one after another, with what was posted between them ---- */

enum { EDITIONS = 14, POSTED_MOST = 1000 };
struct posted {
  int edition, which;
  int64_t person, amount;
};
struct chain {
  struct book b;
  const struct publication *made[EDITIONS];
  int count;
  struct posted posted[POSTED_MOST];
  int posted_count;
};

static void make_edition(struct chain *chain) {
  struct publication *p;
  const struct publish_options options = {.year = YEAR,
                                          .threads = 2,
                                          .progress = PROGRESS_NEVER,
                                          .earlier = chain->made,
                                          .earlier_count = chain->count};
  ok(publication_make(chain->b.uk.store, chain->b.uk.pack, &options, chain->b.uk.arena, &p, &err));
  chain->made[chain->count++] = p;
}

static int rank_of(const struct publication *p, int which) {
  for (int c = 0; c < p->categories; c++)
    if (strcmp(p->pack->categories[c].code, categories[which]) == 0) return c;
  fail_msg("no category %s", categories[which]);
  return -1;
}

static void post_once(struct chain *chain, int64_t person, int which, int64_t amount) {
  struct book *b = &chain->b;
  const struct pack_category *c = pack_find_category(b->uk.pack, span_of(categories[which]));
  bool minutes = c->unit == b->uk.pack->minutes,
       out = c->side == SIDE_CONTRIBUTION || c->side == SIDE_GIVEN;
  int64_t entry;
  struct posting *p = posting_begin(b->uk.store, day_make(2025, 10, 1), "test", "a line");
  struct line line = {.account = uk_book_account(&b->uk, OWNER_PERSON, person,
                                                 minutes ? "minutes" : "pence"),
                      .category = (int32_t)codes_category(b->codes, span_of(categories[which])),
                      .amount = out ? -amount : amount};
  posting_add(p, &line);
  line.account = minutes ? b->uk.control_minutes : b->uk.control_pence;
  line.amount = -line.amount;
  posting_add(p, &line);
  ok(posting_commit(p, &entry, &err));
  chain->posted[chain->posted_count++] = (struct posted){chain->count, which, person, amount};
}

/* Whether few people are in the cell, or one of them has nearly all of it (the p % rule). */
static bool must_hide(const struct public_cell *c) {
  return c->people < PUBLISH_FEWEST || (c->amount - c->largest - c->second) * 10 < c->largest;
}

/* No figure moves and none comes out of hiding; one goes into it only where it must. */
static void assert_same(const struct publication *a, const struct publication *b) {
  const struct public_cell *lists[][2] = {{a->cells, b->cells}, {a->totals, b->totals}};
  const int sizes[] = {a->node_count * a->categories, a->node_count * FIGURE_COUNT};
  for (int k = 0; k < 2; k++)
    for (int i = 0; i < sizes[k]; i++) {
      const struct public_cell *x = &lists[k][0][i], *y = &lists[k][1][i];
      if (y->hidden && !x->hidden) assert_true(must_hide(y));
      else assert_int_equal(x->hidden, y->hidden);
      if (y->hidden) continue;
      assert_true(x->shown_amount == y->shown_amount);
      assert_int_equal(x->shown_people, y->shown_people);
    }
}

static void one_posting_changes_nothing_that_is_shown(void **state) {
  (void)state;
  for (int round = 0; round < 4; round++) {
    struct chain chain = {.count = 0};
    make_book(&chain.b);
    make_edition(&chain);
    post_once(&chain, 1 + chance(PEOPLE), chance(CATEGORIES), 100000 * (1 + chance(50)));
    make_edition(&chain);
    assert_same(chain.made[0], chain.made[1]);
    /* nor do nine more, which are of the same person, or small beside it */
    for (int i = 0; i < 9; i++)
      post_once(&chain, chain.posted[0].person, chain.posted[0].which, 100);
    make_edition(&chain);
    assert_same(chain.made[0], chain.made[2]);
    uk_book_close(&chain.b.uk);
  }
}

static void what_everybody_gets_is_shown(void **state) {
  (void)state;
  struct chain chain = {.count = 0};
  make_book(&chain.b);
  make_edition(&chain);
  for (int64_t person = 1; person <= PEOPLE; person++) post_once(&chain, person, 0, 100000);
  make_edition(&chain);
  const struct publication *p = chain.made[1];
  const struct public_cell *cell = &p->cells[rank_of(p, 0)];
  assert_false(cell->hidden);
  assert_true(cell->shown_amount == round_to((int64_t)cell->amount, PUBLISH_PENCE_UNIT));
  assert_true(cell->shown_amount != chain.made[0]->cells[rank_of(p, 0)].shown_amount);
  uk_book_close(&chain.b.uk);
}

/* The people whose postings after an edition changed the category, and the p % rule of them. */
static bool many_changed(const struct chain *chain, int which, int after, int until) {
  int64_t of[PEOPLE + 1] = {0}, all = 0, largest = 0, second = 0;
  int people = 0;
  for (int i = 0; i < chain->posted_count; i++) {
    const struct posted *x = &chain->posted[i];
    if (x->which == which && x->edition > after && x->edition <= until) of[x->person] += x->amount;
  }
  for (int i = 1; i <= PEOPLE; i++) {
    people += of[i] != 0;
    all += of[i];
    if (of[i] > largest) second = largest, largest = of[i];
    else if (of[i] > second) second = of[i];
  }
  return people >= PUBLISH_FEWEST && (all - largest - second) * 10 >= largest;
}

/* A figure that moves, or comes out of hiding, does so by ten people at least. */
static void a_difference_of_editions_is_of_ten_people(void **state) {
  (void)state;
  int moves = 0, appeared = 0;
  for (int round = 0; round < 6; round++) {
    struct chain chain = {.count = 0};
    int last[CATEGORIES] = {0};
    make_book(&chain.b);
    make_edition(&chain);
    while (chain.count < EDITIONS) {
      for (int which = 0; which < CATEGORIES; which++)
        for (int i = chance(6); i > 0; i--)
          post_once(&chain, 1 + chance(PEOPLE), which, 1 + chance(chance(8) ? 100000 : 3000000));
      make_edition(&chain);
      int now = chain.count - 1;
      const struct publication *p = chain.made[now], *before = chain.made[now - 1];
      for (int which = 0; which < CATEGORIES; which++) {
        const struct public_cell *x = &before->cells[rank_of(p, which)],
                                 *y = &p->cells[rank_of(p, which)];
        bool moved = !x->hidden && !y->hidden &&
                     (x->shown_amount != y->shown_amount || x->shown_people != y->shown_people);
        if (y->hidden) { /* the earliest edition from which on it was hidden */
          if (!x->hidden) last[which] = now;
          continue;
        }
        if (moved || (x->hidden && last[which] < now)) {
          if (!many_changed(&chain, which, last[which], now))
            fail_msg("%s moves from edition %d to %d, last %d", categories[which], now - 1, now,
                     last[which]);
          last[which] = now;
          moves += moved;
          appeared += x->hidden;
        }
      }
    }
    uk_book_close(&chain.b.uk);
  }
  print_message("%d moves, %d came out of hiding\n", moves, appeared);
  assert_true(moves > 20);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(few_people_are_hidden_and_nothing_absent_is),
      cmocka_unit_test(amounts_round_half_away_from_zero),
      cmocka_unit_test(whole_uses_cannot_be_counted),
      cmocka_unit_test(the_smallest_further_cell_is_hidden_first),
      cmocka_unit_test(totals_that_must_be_shown_may_have_no_solution),
      cmocka_unit_test(shown_figures_are_those_of_the_account_rounded),
      cmocka_unit_test(one_posting_changes_nothing_that_is_shown),
      cmocka_unit_test(what_everybody_gets_is_shown),
      cmocka_unit_test(a_difference_of_editions_is_of_ten_people),
      cmocka_unit_test(a_small_cost_is_not_a_missing_one),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
