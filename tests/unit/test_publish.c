/* The public account of a place: shown figures are those of the account; hidden figures cannot be
 * computed. */
#include "book/pack_rows.h"
#include "book/posting.h"
#include "publish/publish.h"
#include "publish/suppress.h"
#include "store/setting.h"

#include <jansson.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

#include "uk_book.h"

/* ---- random grids, checked by linear algebra and linear programming, independent of networks
 * ---- */

enum {
  COLUMNS_MAX = 8,
  ROWS_MAX = 5,
  CELLS_MAX = COLUMNS_MAX * (ROWS_MAX + 1),
  SUMS_MAX = COLUMNS_MAX * (ROWS_MAX + 2)
};

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
  int64_t people[CELLS_MAX];
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
}

/* The sums as equations: a[sum][cell], each equal to zero. */
static int write_sums(const struct sample *s, bool rows_add_up, int a[SUMS_MAX][CELLS_MAX]) {
  int count = 0;
  memset(a, 0, sizeof(int) * SUMS_MAX * CELLS_MAX);
  for (int c = 0; c < s->columns; c++) {
    for (int r = 0; r <= s->rows && s->inner[c]; r++, count++) {
      a[count][cell(s, c, r)] = -1;
      for (int k = 1; k < s->columns; k++)
        if (s->parent[k] == c) a[count][cell(s, k, r)] = 1;
    }
    if (!rows_add_up) continue;
    for (int r = 0; r <= s->rows; r++) a[count][cell(s, c, r)] = r == s->rows ? -1 : 1;
    count++;
  }
  return count;
}

enum { PRIME = 1000003 };
static int64_t inverse(int64_t n) {
  int64_t result = 1;
  for (int64_t power = PRIME - 2, base = ((n % PRIME) + PRIME) % PRIME; power;
       power >>= 1, base = base * base % PRIME)
    if (power & 1) result = result * base % PRIME;
  return result;
}

/* Whether a cell has an amount: everybody knows the amounts of rows without a value, and of totals
 * of only such rows. */
static bool valued(const struct sample *s, int k) {
  int row = k % (s->rows + 1);
  if (row < s->rows) return !s->valueless[row];
  for (int r = 0; r < s->rows; r++)
    if (s->present[k - row + r] && !s->valueless[r]) return true;
  return false;
}

/* Whether adding and subtracting shown cells gives a hidden one: after elimination some row has
 * only one unknown. */
static int known_cell(const struct sample *s) {
  static int sums[SUMS_MAX][CELLS_MAX];
  static int64_t a[SUMS_MAX][CELLS_MAX];
  int rows = write_sums(s, true, sums), rank = 0, cells = s->columns * (s->rows + 1);
  for (int i = 0; i < rows; i++)
    for (int k = 0; k < cells; k++)
      a[i][k] = s->hidden[k] && valued(s, k) ? (sums[i][k] + PRIME) % PRIME : 0;
  for (int k = 0; k < cells; k++) {
    int pivot = rank;
    while (pivot < rows && !a[pivot][k]) pivot++;
    if (pivot == rows) continue;
    for (int j = 0; j < cells; j++) {
      int64_t swap = a[pivot][j];
      a[pivot][j] = a[rank][j];
      a[rank][j] = swap;
    }
    int64_t by = inverse(a[rank][k]);
    for (int j = 0; j < cells; j++) a[rank][j] = a[rank][j] * by % PRIME;
    for (int i = 0; i < rows; i++)
      for (int64_t j = 0, times = i == rank ? 0 : a[i][k]; times && j < cells; j++)
        a[i][j] = ((a[i][j] - times * a[rank][j]) % PRIME + PRIME) % PRIME;
    rank++;
  }
  for (int i = 0; i < rank; i++) {
    int unknowns = 0, last = -1;
    for (int k = 0; k < cells; k++)
      if (a[i][k]) {
        unknowns++;
        last = k;
      }
    if (unknowns == 1) return last;
  }
  return -1;
}

/* The largest value that a hidden cell can have under all sums, with each hidden cell at least 1:
 * the simplex method with Bland's rule, from artificial unknowns. */
static double most_of(const struct sample *s, bool rows_add_up, int wanted) {
  static int sums[SUMS_MAX][CELLS_MAX];
  static double t[SUMS_MAX + 1][CELLS_MAX + SUMS_MAX + 1];
  int rows = write_sums(s, rows_add_up, sums), cells = s->columns * (s->rows + 1),
      width = cells + rows, basis[SUMS_MAX];
  memset(t, 0, sizeof t);
  for (int i = 0; i < rows; i++) {
    double right = 0;
    for (int k = 0; k < cells; k++) {
      if (s->hidden[k]) {
        t[i][k] = sums[i][k];
        right -= sums[i][k]; /* x = 1 + y */
      } else right -= (double)(sums[i][k] * s->people[k]);
    }
    t[i][width] = right;
    if (right < 0)
      for (int k = 0; k <= width; k++) t[i][k] = -t[i][k];
    t[i][cells + i] = 1;
    basis[i] = cells + i;
  }
  for (int phase = 0; phase < 2; phase++) {
    double *z = t[rows];
    memset(z, 0, sizeof t[rows]);
    if (phase) z[wanted] = -1;
    else
      for (int k = cells; k < width; k++) z[k] = 1;
    for (int i = 0; i < rows; i++)
      if (z[basis[i]] != 0) {
        double times = z[basis[i]];
        for (int k = 0; k <= width; k++) z[k] -= times * t[i][k];
      }
    for (;;) {
      int enter = -1, leave = -1;
      for (int k = 0; k < (phase ? cells : width) && enter < 0; k++)
        if (z[k] < -1e-9) enter = k;
      if (enter < 0) break;
      for (int i = 0; i < rows; i++) /* an artificial unknown stays zero */
        if (phase && basis[i] >= cells && t[i][enter] < -1e-9) leave = i;
      for (int i = 0; i < rows && leave < 0; i++)
        if (t[i][enter] > 1e-9) {
          int best = i;
          for (int j = i + 1; j < rows; j++)
            if (t[j][enter] > 1e-9) {
              double x = t[j][width] / t[j][enter], y = t[best][width] / t[best][enter];
              if (x < y - 1e-9 || (x < y + 1e-9 && basis[j] < basis[best])) best = j;
            }
          leave = best;
        }
      if (leave < 0) return 1e18;
      double by = t[leave][enter];
      for (int k = 0; k <= width; k++) t[leave][k] /= by;
      for (int i = 0; i <= rows; i++)
        if (i != leave && t[i][enter] != 0) {
          double times = t[i][enter];
          for (int k = 0; k <= width; k++) t[i][k] -= times * t[leave][k];
        }
      basis[leave] = enter;
    }
    if (!phase && t[rows][width] < -1e-6) fail_msg("the sums contradict one another");
  }
  return 1 + t[rows][width];
}

static void check_sample(const struct sample *s, bool add_up, int number) {
  int known = known_cell(s);
  if (known >= 0)
    fail_msg("grid %d: column %d row %d can be computed", number, known / (s->rows + 1),
             known % (s->rows + 1));
  for (int i = 0; i < s->columns * (s->rows + 1); i++) {
    if (s->present[i] && s->people[i] < PUBLISH_FEWEST) assert_true(s->hidden[i]);
    if (!s->present[i]) assert_false(s->hidden[i]);
    if (!s->hidden[i]) continue;
    double most = most_of(s, add_up, i);
    if (most < PUBLISH_FEWEST - 1e-6)
      fail_msg("grid %d: column %d row %d is at most %.3f", number, i / (s->rows + 1),
               i % (s->rows + 1), most);
  }
}

static void no_hidden_figure_can_be_computed(void **state) {
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
                               .valueless = s.valueless,
                               .people_add_up = add_up,
                               .hidden = s.hidden};
    assert_true(grid_suppress(&grid));
    check_sample(&s, add_up, number);
    for (int i = 0; i < s.columns * (s.rows + 1); i++) {
      hidden += s.hidden[i];
      extra += s.hidden[i] && s.people[i] >= PUBLISH_FEWEST;
    }
  }
  print_message("%d cells hidden, %d of them of ten people or more\n", hidden, extra);
  assert_true(hidden > 1000 && extra < hidden);
}

static void the_smallest_further_cell_is_hidden_first(void **state) {
  (void)state;
  const int parent[] = {-1};
  const int64_t people[] = {4, 30, 12, 46};
  const bool present[] = {true, true, true, true};
  bool hidden[4] = {false};
  struct public_grid grid = {.columns = 1,
                             .rows = 3,
                             .parent = parent,
                             .present = present,
                             .people = people,
                             .people_add_up = true,
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
                             .people_add_up = true,
                             .keep_totals = true,
                             .hidden = hidden};
  assert_false(grid_suppress(&grid)); /* 4 and 6 of 10: each would be at most 9 */
}

/* ---- random books: shown figures are those of the account ---- */

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

static void write_people(struct store *store) {
  char sql[400];
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
             "insert into residence (party, from_day, household, place) values (%d, %d, null, %d)",
             i, DAY_NONE, own);
    ok(store_run(store, sql, &err));
    if (chance(8)) continue;
    snprintf(sql, sizeof sql,
             "insert into residence (party, from_day, household, place) values (%d, %d, null, %d)",
             i, day_make(2025, 9, 1), PLACE_FIRST + chance(4));
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
  snprintf(sql, sizeof sql, "update head set party = %d, place = 6", PEOPLE);
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

static const char *const measures[] = {"paid", "received", "services", "given_minutes", "employer"};

/* The shown rows of a place by category, and its totals, equal those of the account for staff;
 * fewer than ten people are not shown. */
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
      assert_true(json_equal(json_object_get(row, "people"), json_object_get(shown, "people")));
    for (size_t m = 0; m < sizeof measures / sizeof *measures; m++)
      if (!is_hidden)
        assert_true(
            json_equal(json_object_get(row, measures[m]), json_object_get(shown, measures[m])));
      else
        assert_true(json_is_null(json_object_get(shown, measures[m])) ||
                    json_integer_value(json_object_get(shown, measures[m])) == 0);
  }
  for (size_t m = 0; m < sizeof measures / sizeof *measures; m++) {
    json_t *total = json_object_get(json_object_get(public, "total"), measures[m]);
    if (!json_is_null(total))
      assert_true(json_equal(total, json_object_get(json_object_get(staff, "total"), measures[m])));
  }
  json_t *people = json_object_get(public, "people");
  if (!json_is_null(people)) assert_true(json_equal(people, json_object_get(staff, "people")));
  json_decref(staff);
  json_decref(public);
  return hidden;
}

/* A grouping adds up to the same totals, and its rows are sums of shown figures. */
static void compare_grouping(struct book *b, const struct publication *p, int node,
                             enum publish_table by) {
  json_t *all = parsed(publication_page(p, node, PUBLISH_CATEGORY, ENGLISH, b->uk.arena)),
         *grouped = parsed(publication_page(p, node, by, WELSH, b->uk.arena)), *row;
  size_t i;
  for (size_t m = 0; m < sizeof measures / sizeof *measures; m++) {
    int64_t shown = 0, sum = 0;
    json_array_foreach(json_object_get(all, "by"), i, row)
        shown += json_integer_value(json_object_get(row, measures[m]));
    json_array_foreach(json_object_get(grouped, "by"), i,
                       row) if (strcmp(json_string_value(json_object_get(row, "key")), "hidden") !=
                                0) sum += json_integer_value(json_object_get(row, measures[m]));
    else if (!json_is_null(json_object_get(json_object_get(all, "total"), measures[m])))
        assert_int_equal(json_integer_value(json_object_get(row, measures[m])),
                         json_integer_value(
                             json_object_get(json_object_get(all, "total"), measures[m])) -
                             shown);
    assert_int_equal(sum, shown);
  }
  json_decref(all);
  json_decref(grouped);
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

static void shown_figures_equal_the_account(void **state) {
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
    assert_int_equal(publish_years_latest(&years, YEAR + 5), YEAR);
    /* above the book's own place: subtraction would reveal what is outside */
    assert_int_equal(publication_find(p, span_of("E")), -1);
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

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(no_hidden_figure_can_be_computed),
      cmocka_unit_test(the_smallest_further_cell_is_hidden_first),
      cmocka_unit_test(totals_that_must_be_shown_may_have_no_solution),
      cmocka_unit_test(shown_figures_equal_the_account),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
