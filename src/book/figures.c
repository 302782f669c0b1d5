#include "book/figures.h"

#include "base/money.h"
#include "base/refusal.h"

enum status figures_chart(struct chart **out, const struct pack *pack, const struct codes *codes,
                          struct arena *arena, struct error *err) {
  struct chart *chart = arena_alloc(arena, sizeof *chart);
  *chart = (struct chart){.pack = pack, .codes = codes, .max = codes->category_max};
  chart->category = arena_array(arena, const struct pack_category *, codes->category_max + 1);
  chart->rank = arena_array(arena, int, codes->category_max + 1);
  chart->household = arena_array(arena, int64_t, codes->category_max + 1);
  for (int64_t id = 1; id <= codes->category_max; id++) {
    const char *code = codes->category_code[id];
    if (!code) continue;
    const struct pack_category *category = pack_find_category(pack, span_of(code));
    if (!category) return refuse(err, CATEGORY_NOT_IN_PACK, code, pack->dir);
    if (strcmp(category->unit->code, codes->category_unit[id]) != 0 ||
        !units_find(codes->units, span_of(category->unit->code)))
      return refuse(err, CATEGORY_UNIT_OF_PACK, code, codes->category_unit[id], pack->dir,
                    category->unit->code);
    chart->category[id] = category;
    chart->rank[id] = (int)(category - pack->categories);
    if (category->household) chart->household[chart->household_count++] = id;
  }
  *out = chart;
  return DONE;
}

static void keep_line(struct loaded_line *line, const struct line_block *b, size_t row) {
  *line = (struct loaded_line){.entry = b->entry[row],
                               .amount = b->amount[row],
                               .quantity = b->quantity[row],
                               .body = b->body[row],
                               .place = b->place[row],
                               .reverses_entry = b->reverses_entry[row],
                               .day = (day_t)b->day[row],
                               .line_no = (int32_t)b->line_no[row],
                               .category = (int32_t)b->category[row],
                               .service = (int32_t)b->service[row],
                               .cost_year = (int32_t)b->cost_year[row],
                               .reverses_line_no = (int32_t)b->reverses_line_no[row],
                               .estimated = b->estimated[row] != 0,
                               .has_quantity = !b->no_quantity[row]};
}

/* Closes the lines. */
static enum status hold(struct loaded_lines *loaded_line, struct line_cursor *lines,
                        const int64_t *accounts, size_t count, struct error *err) {
  enum status status;
  loaded_line->count = 0;
  array_reserve(loaded_line->first, loaded_line->first_capacity, count + 1);
  size_t at = 0; /* the current account; held->first is set up to it */
  loaded_line->first[0] = 0;
  const struct line_block *block = NULL;
  while ((status = lines_next_block(lines, &block, err)) == DONE && block->rows) {
    array_reserve(loaded_line->all, loaded_line->capacity, loaded_line->count + block->rows);
    for (size_t i = 0; i < block->rows; i++) {
      while (accounts[at] != block->account[i]) loaded_line->first[++at] = loaded_line->count;
      keep_line(&loaded_line->all[loaded_line->count++], block, i);
    }
  }
  while (at < count) loaded_line->first[++at] = loaded_line->count;
  lines_close(lines);
  return status;
}

enum status figures_load(struct loaded_lines *loaded_line, struct store *store,
                         const struct reading *reading, const int64_t *accounts, size_t count,
                         day_t from, day_t to, struct error *err) {
  struct line_cursor *lines = NULL;
  enum status status = lines_open(&lines, store, reading, accounts, count, from, to, err);
  if (status != DONE) return status;
  lines_without_texts(lines);
  return hold(loaded_line, lines, accounts, count, err);
}

enum status figures_load_household(struct loaded_lines *loaded_line, const struct chart *chart,
                                   struct store *store, const struct reading *reading,
                                   const int64_t *accounts, size_t count, day_t from, day_t to,
                                   struct error *err) {
  struct line_cursor *lines = NULL;
  enum status status = lines_open(&lines, store, reading, accounts, count, from, to, err);
  if (status != DONE) return status;
  lines_of_categories(lines, chart->household, (size_t)chart->household_count);
  return hold(loaded_line, lines, accounts, count, err);
}

enum status figures_load_corrections(struct loaded_lines *loaded_line, struct store *store,
                                     const struct reading *reading, const int64_t *accounts,
                                     size_t count, day_t from, day_t to, struct error *err) {
  struct line_cursor *lines = NULL;
  enum status status = lines_open(&lines, store, reading, accounts, count, from, to, err);
  if (status != DONE) return status;
  lines_of_corrections(lines);
  return hold(loaded_line, lines, accounts, count, err);
}

void figures_release(struct loaded_lines *loaded_line) {
  free(loaded_line->all);
  free(loaded_line->first);
  *loaded_line = (struct loaded_lines){0};
}

/* Order of (entry, n). */
static int compare_number(const void *a, const void *b) {
  const struct loaded_line *x = *(struct loaded_line *const *)a,
                           *y = *(struct loaded_line *const *)b;
  if (x->entry != y->entry) return x->entry < y->entry ? -1 : 1;
  return (x->line_no > y->line_no) - (x->line_no < y->line_no);
}

static void cancel(struct loaded_line **lines, size_t n, bool within_years) {
  size_t reversals = 0;
  for (size_t i = 0; i < n; i++) {
    lines[i]->cancelled = false;
    reversals += lines[i]->reverses_entry != 0;
  }
  if (!reversals) return;
  struct loaded_line **sorted = memory_alloc(n * sizeof *sorted);
  memcpy(sorted, lines, n * sizeof *sorted);
  array_sort(sorted, n, compare_number);
  for (size_t i = n; i-- > 0;) {
    struct loaded_line *second = sorted[i];
    if (!second->reverses_entry || second->cancelled) continue;
    struct loaded_line undone = {.entry = second->reverses_entry,
                                 .line_no = second->reverses_line_no},
                       *key = &undone;
    struct loaded_line **found = array_find(&key, sorted, n, compare_number);
    if (found && !(*found)->cancelled &&
        (!within_years ||
         year_of_day(YEAR_TAX, (*found)->day) == year_of_day(YEAR_TAX, second->day)))
      second->cancelled = (*found)->cancelled = true;
  }
  free(sorted);
}

void figures_cancel(struct loaded_line **lines, size_t n) { cancel(lines, n, false); }

void figures_cancel_in_years(struct loaded_line **lines, size_t n) { cancel(lines, n, true); }

bool figures_cost_stands(const struct codes *codes, const struct loaded_line *line) {
  bool stale = false;
  int64_t value = 0;
  const struct book_cost *cost = codes_cost(codes, line->service, line->cost_year, &stale);
  return cost && !stale && money_scale(line->quantity, cost->pence, 1000, &value) &&
         value == line->amount;
}

_Static_assert(FIGURE_COUNT == 5, "each section has its place and its name here");
const enum pack_shown figures_order[FIGURE_COUNT] = {SHOWN_PAID, SHOWN_CASH, SHOWN_SERVICES,
                                                     SHOWN_GIVEN, SHOWN_EMPLOYER};

const char *figures_name(enum language language, enum pack_shown section, wide_t n) {
  static const char *const names[FIGURE_COUNT][2] = {
      [SHOWN_PAID] = {N_("Paid"), N_("Paid, less corrections")},
      [SHOWN_EMPLOYER] = {N_("Paid by employers"), N_("Paid by employers, less corrections")},
      [SHOWN_CASH] = {N_("Benefits, pensions and grants"),
                      N_("Benefits, pensions and grants, less corrections")},
      [SHOWN_SERVICES] = {N_("Services used"), N_("Services used, less corrections")},
      [SHOWN_GIVEN] = {N_("Time for others"), N_("Time for others, less corrections")}};
  return say(language, names[section][n < 0]);
}

const char *figures_name_theirs(enum language language, enum pack_shown section, wide_t n) {
  if (section != SHOWN_GIVEN) return figures_name(language, section, n);
  return n < 0 ? say(language, "Time they gave, less corrections")
               : say(language, "Time they gave");
}

const char *figures_item_name(enum language language, const struct pack_category *category,
                              bool theirs, struct arena *arena) {
  if (!category->off_bill[language])
    return theirs ? figures_name_theirs(language, category->shown, 0)
                  : figures_name(language, category->shown, 0);
  const struct text_filling all[] = {{"bill", category->off_bill[language]}, {NULL, NULL}};
  struct text t = {0};
  text_add_filled(&t, say(language, "Taken off the {bill}"), all);
  return text_take(arena, &t);
}

bool figures_none(const struct figures *totals) {
  for (int i = 0; i < FIGURE_COUNT; i++)
    if (totals->of[i]) return false;
  return true;
}

const char *figures_age_words(const struct pack *pack, const struct old_figure *old,
                              enum age_form form, enum language language, struct arena *arena) {
  const int age = old->year - old->from;
  struct uprated now;
  if (!old->known || !pack_uprate(pack, old->pence, old->from, old->year, &now))
    return arena_printf(arena,
                        form != AGE_SENTENCE
                            ? say_count(language, "%d year earlier", "%d years earlier", age)
                            : say_count(language,
                                        "That is %d year earlier, and it is not raised to the "
                                        "prices of this year.",
                                        "That is %d years earlier, and it is not raised to the "
                                        "prices of this year.",
                                        age),
                        age);
  const char *year = year_write(now.year, arena_alloc(arena, 8));
  struct text t = {0};
  text_add_pounds(&t, now.pence);
  const char *pounds = arena_copy(arena, t.bytes, now.pence % 100 ? t.size : t.size - 3);
  text_release(&t);
  if (form != AGE_SENTENCE)
    return arena_printf(arena,
                        say_count(language, "%d year earlier: about %s in the prices of %s",
                                  "%d years earlier: about %s in the prices of %s", age),
                        age, pounds, year);
  return arena_printf(arena,
                      say_count(language,
                                "That is %d year earlier; in the prices of %s it would be about "
                                "%s (estimated with the GDP deflator).",
                                "That is %d years earlier; in the prices of %s it would be about "
                                "%s (estimated with the GDP deflator).",
                                age),
                      age, year, pounds);
}

void price_years_add(struct price_years *years, int year) {
  if (!years->first || year < years->first) years->first = year;
  if (year > years->last) years->last = year;
}

const char *price_years_words(const struct price_years *years, int year, enum language language,
                              struct arena *arena) {
  char first[8], last[8];
  if (!years->first || years->first >= year) return NULL;
  const struct text_filling all[] = {{"first", year_write(years->first, first)},
                                     {"last", year_write(years->last, last)},
                                     {NULL, NULL}};
  struct text t = {0};
  text_add_filled(&t,
                  years->first == years->last
                      ? say(language, "Services are counted at the prices of {first}, the latest "
                                      "that we hold. They are not raised for inflation.")
                      : say(language,
                            "Services are counted at the prices of {first} to {last}, the "
                            "latest that we hold. They are not raised for inflation."),
                  all);
  return text_take(arena, &t);
}

void figures_add(struct figures *totals, const struct pack_category *category, int64_t amount) {
  if (pack_is_summed(category)) totals->of[category->shown] += figures_amount(category, amount);
}

void figures_add_all(struct figures *to, const struct figures *more) {
  for (int i = 0; i < FIGURE_COUNT; i++) to->of[i] += more->of[i];
}

/* ---- the largest lines ---- */

static uint64_t size_of(int64_t n) { return n < 0 ? -(uint64_t)n : (uint64_t)n; }

void largest_add(struct largest *l, int64_t entry, int32_t line_no, int64_t amount) {
  int at = l->count;
  while (at > 0 && size_of(l->lines[at - 1].amount) < size_of(amount)) at--;
  if (at == LARGEST_LINES) return;
  if (l->count < LARGEST_LINES) l->count++;
  for (int i = l->count - 1; i > at; i--) l->lines[i] = l->lines[i - 1];
  l->lines[at].entry = entry;
  l->lines[at].line_no = line_no;
  l->lines[at].amount = amount;
}

void largest_add_all(struct largest *to, const struct largest *more) {
  for (int i = 0; i < more->count; i++)
    largest_add(to, more->lines[i].entry, more->lines[i].line_no, more->lines[i].amount);
}

bool largest_is_named(const struct largest *l, int i) {
  return size_of(l->lines[i].amount) >= size_of(l->lines[0].amount) / 100;
}

const char *largest_names(const struct largest *l, struct arena *arena) {
  struct text t = {0};
  for (int i = 0; i < l->count && largest_is_named(l, i); i++)
    text_addf(&t, "%s%lld:%d", i ? ", " : "", (long long)l->lines[i].entry, l->lines[i].line_no);
  return text_take(arena, &t);
}
