/* A person's account, as `weal account` prints it. People read the sums of each year by section,
 * and what happened, the newest first, in money and in time together. Programs get the lines of
 * each unit with a running balance; there signs are the book's: plus is received. */
#include "attest/person_accounts.h"
#include "base/fold.h"
#include "base/refusal.h"
#include "book/line_reads.h"
#include "statement/account_search.h"
#include "statement/corrections.h"
#include "statement/statement.h"
#include "statement/subject.h"

struct listing {
  struct store *store;
  struct arena *arena;
  const struct reference_data *reference_data;
  const struct account_request *request;
  struct person *person;
  struct reading reading;
  enum language language;
  day_t from, to;
  int64_t category, body; /* ids asked for; 0: any */
  int side;               /* -1: any */
  bool narrowed;          /* one of these is given, or words */
  struct account_search search;
  struct text texts; /* of the line that is looked at */
  struct account *accounts;
  int account_count;
  struct corrections corrections;
  int64_t found_most; /* items found, of money and time together or of the unit that has more */
  struct document *d;
};

/* index of the account; the balance after it */
struct account_row {
  struct line line;
  int account;
  bool wanted;
  wide_t balance;
};

static int compare_rows(const void *a, const void *b) {
  const struct line *x = &((const struct account_row *)a)->line,
                    *y = &((const struct account_row *)b)->line;
  if (x->day != y->day) return x->day < y->day ? -1 : 1;
  if (x->entry != y->entry) return x->entry < y->entry ? -1 : 1;
  return (x->line_no > y->line_no) - (x->line_no < y->line_no);
}

/* ---- which lines ---- */

/* The name's words as they may stand without the soft mutation: `y dreth gyngor` is also found as
 * `treth` and `cyngor`. Folded. */
static void add_unmutated(struct text *t, const char *name) {
  static const struct {
    const char *soft, *radical;
  } rows[] = {{"dd", "d"}, {"b", "p"}, {"d", "t"},  {"g", "c"},
              {"f", "m"},  {"f", "b"}, {"l", "ll"}, {"r", "rh"}};
  struct text folded = {0};
  text_add_folded(&folded, span_of(name));
  for (const char *word = folded.bytes; word && *word;) {
    const char *end = strchr(word, ' ');
    const size_t size = end ? (size_t)(end - word) : strlen(word);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
      const size_t soft = strlen(rows[i].soft);
      if (size <= soft || strncmp(word, rows[i].soft, soft) != 0) continue;
      text_addf(t, "%s%.*s\n", rows[i].radical, (int)(size - soft), word + soft);
    }
    word += end ? size + 1 : size;
  }
  text_release(&folded);
}

/* Everything of the line that people look for by its words, folded. */
static struct span line_texts(struct listing *l, const struct line *line,
                              const struct pack_category *category) {
  const struct reference_data *d = l->reference_data;
  const char *code = reference_data_body_code(d, line->body),
             *name = reference_data_body_name(d, line->body, l->language);
  const struct book_service *service = reference_data_service(d, line->service);
  const struct span texts[] = {span_of(category ? category->name[l->language] : NULL),
                               span_of(service ? service->name : NULL),
                               span_of(name),
                               span_of(code),
                               line->note,
                               line->reference};
  text_clear(&l->texts);
  for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
    text_add_folded(&l->texts, texts[i]);
    text_add_char(&l->texts, '\n');
  }
  if (l->language == WELSH && category) add_unmutated(&l->texts, category->name[WELSH]);
  return span_make(l->texts.bytes, l->texts.size);
}

static bool is_wanted(struct listing *l, const struct line *line, const char *unit) {
  if (!l->narrowed) return true;
  if (l->category && line->category != l->category) return false;
  if (l->body && line->body != l->body) return false;
  const struct pack_category *category = chart_category(l->reference_data->chart, line->category);
  if (l->side >= 0 && (!category || (int)category->side != l->side)) return false;
  if (!l->search.count) return true;
  const struct account_item item = {.texts = line_texts(l, line, category),
                                    .day = line->day,
                                    .is_money = strcmp(unit, UNIT_PENCE) == 0,
                                    .is_time = strcmp(unit, UNIT_MINUTES) == 0,
                                    .amount = line->amount};
  return account_search_finds(&l->search, &item);
}

static void seen_add(struct listing *l, int64_t **all, int *count, int *capacity, int64_t id) {
  for (int i = 0; i < *count; i++)
    if ((*all)[i] == id) return;
  arena_reserve(l->arena, *all, *capacity, *count + 1);
  (*all)[(*count)++] = id;
}

static void note_seen(struct listing *l, const struct line *line) {
  struct account_seen *seen = l->request->seen;
  if (!seen) return;
  if (line->body) seen_add(l, &seen->bodies, &seen->body_count, &seen->body_capacity, line->body);
  if (line->category)
    seen_add(l, &seen->categories, &seen->category_count, &seen->category_capacity, line->category);
}

static bool asked(const char *word) { return word && *word; }

static enum status read_request(struct listing *l, struct error *err) {
  const struct account_request *r = l->request;
  const struct body *body = NULL;
  l->from = r->from == DAY_NONE ? DAY_FIRST : r->from;
  l->to = r->to == DAY_NONE ? DAY_LAST : r->to;
  l->side = -1;
  if (asked(r->category)) {
    if (!pack_find_category(l->reference_data->pack, span_of(r->category)))
      return refuse_at(err, "category", ACCOUNT_CATEGORY_UNKNOWN, r->category);
    l->category = codes_category(l->reference_data->codes, span_of(r->category));
    if (!l->category) l->category = -1; /* the pack has it, but the book has no line of it */
  }
  if (asked(r->body)) {
    if (!(body = bodies_by_code(l->reference_data->bodies, span_of(r->body))))
      return refuse_at(err, "body", ACCOUNT_BODY_UNKNOWN, r->body);
    l->body = body->id;
  }
  for (int side = 0; asked(r->side) && side < SIDE_COUNT; side++)
    if (strcmp(r->side, pack_side_word((enum pack_side)side)) == 0) l->side = side;
  if (asked(r->side) && l->side < 0) return refuse_at(err, "side", ACCOUNT_SIDE_UNKNOWN, r->side);
  account_search_read(l->arena, span_of(r->words), &l->search);
  l->narrowed = l->category || l->body || l->side >= 0 || l->search.count;
  return DONE;
}

/* ---- reading ---- */

struct unit_rows {
  const char *unit;
  int64_t *ids;
  int *index;
  size_t id_count; /* of the accounts in this unit */
  struct account_row *rows;
  size_t count, capacity;
  wide_t opening, closing;
  int64_t found;
  wide_t found_amount; /* the lines asked for */
  /* whether a balance cannot be shown; the largest lines read */
  bool lost;
  struct largest largest;
};

static void choose_accounts(struct listing *l, struct unit_rows *u) {
  u->ids = arena_array(l->arena, int64_t, l->account_count + 1);
  u->index = arena_array(l->arena, int, l->account_count + 1);
  for (int i = 0; i < l->account_count; i++)
    if (strcmp(l->accounts[i].unit, u->unit) == 0) {
      u->index[u->id_count] = i;
      u->ids[u->id_count++] = l->accounts[i].id;
    }
}

/* The accounts' balance at the end of the day before `from`: the store sums it. */
static enum status read_opening(struct listing *l, struct unit_rows *u, struct error *err) {
  return l->from <= DAY_FIRST ? DONE
                              : lines_sum_before(l->store, &l->reading, u->ids, u->id_count,
                                                 l->from, &u->opening, err);
}

static enum status read_rows(struct listing *l, struct unit_rows *u, struct error *err) {
  struct line_cursor *lines = NULL;
  const struct line *line = NULL;
  size_t at = 0;
  enum status status = lines_open(&lines, l->store, &l->reading, u->ids, u->id_count, l->from,
                                  l->to, err);
  if (status != DONE) return status;
  while ((status = lines_next(lines, &line, err)) == DONE && line) {
    while (u->ids[at] != line->account) at++;
    array_reserve(u->rows, u->capacity, u->count + 1);
    struct account_row *row = &u->rows[u->count++];
    *row = (struct account_row){*line, u->index[at], is_wanted(l, line, u->unit), 0};
    note_seen(l, line);
    if (!row->wanted) continue;
    line_keep_texts(l->arena, &row->line);
  }
  lines_close(lines);
  return status;
}

static enum status read_unit(struct listing *l, struct unit_rows *u, struct error *err) {
  choose_accounts(l, u);
  enum status status = read_opening(l, u, err);
  if (status == DONE) status = read_rows(l, u, err);
  if (status != DONE) return status;
  if (u->id_count > 1) array_sort(u->rows, u->count, compare_rows);
  u->closing = u->opening;
  u->lost = !wide_shown(u->opening);
  for (size_t i = 0; i < u->count; i++) {
    struct account_row *row = &u->rows[i];
    u->closing += row->line.amount;
    row->balance = u->closing;
    u->lost |= !wide_shown(row->balance);
    largest_add(&u->largest, row->line.entry, row->line.line_no, row->line.amount);
    if (!row->wanted) continue;
    u->found++;
    u->found_amount += row->line.amount;
  }
  return DONE;
}

/* ---- the sums of each year, by section ---- */

/* What people read: lines of money and of time. */
struct item {
  const struct unit_rows *unit;
  const struct account_row *row;
};

struct sections {
  struct year_figures {
    int year;
    struct figures totals;
    int64_t unvalued; /* uses of services without a cost */
  } * years;          /* the newest first */
  int count, capacity;
};

static const struct pack_category *category_of(const struct listing *l, const struct line *line) {
  return chart_category(l->reference_data->chart, line->category);
}

static bool is_counted(const struct listing *l, const struct account_row *row) {
  return statement_counts(l->reference_data, category_of(l, &row->line),
                          l->accounts[row->account].role);
}

static struct year_figures *figures_of_year(struct listing *l, struct sections *s, int year) {
  if (s->count && s->years[s->count - 1].year == year) return &s->years[s->count - 1];
  arena_reserve(l->arena, s->years, s->capacity, s->count + 1);
  s->years[s->count] = (struct year_figures){.year = year};
  return &s->years[s->count++];
}

static bool is_unvalued(const struct line *line) {
  return line->has_quantity && line->service && !line->cost_year && !line->amount;
}

static void sum_items(struct listing *l, const struct item *items, size_t count,
                      struct sections *out) {
  *out = (struct sections){0};
  for (size_t i = 0; i < count; i++) {
    const struct line *line = &items[i].row->line;
    if (!is_counted(l, items[i].row)) continue;
    struct year_figures *of = figures_of_year(l, out, year_of_day(YEAR_TAX, line->day));
    figures_add(&of->totals, category_of(l, line), line->amount);
    if (is_unvalued(line)) of->unvalued += line->quantity > 0 ? 1 : -1;
  }
}

static const char *section_name(const struct listing *l, enum pack_shown section, wide_t n) {
  return l->request->named ? figures_name_theirs(l->language, section, n)
                           : figures_name(l->language, section, n);
}

static struct doc_value section_value(enum pack_shown section, const struct year_figures *of) {
  const wide_t n = of->totals.of[section];
  if (section == SHOWN_SERVICES && !n && of->unvalued > 0) return doc_unvalued();
  return section == SHOWN_GIVEN ? doc_minutes(n) : doc_money(n);
}

static bool has_employer(const struct sections *s) {
  bool some = false;
  for (int y = 0; y < s->count; y++) some |= s->years[y].totals.of[SHOWN_EMPLOYER] != 0;
  return some;
}

/* One year for people: a row for each section. */
static void add_one_year(struct listing *l, const struct sections *s) {
  const struct doc_column columns[] = {{NULL, say(l->language, "What")},
                                       {NULL, say(l->language, "Sum")}};
  document_table(l->d, NULL, NULL, columns, 2, NULL);
  for (int i = 0; s->count && i < FIGURE_COUNT; i++) {
    const enum pack_shown section = figures_order[i];
    const wide_t n = s->years[0].totals.of[section];
    const bool unvalued = section == SHOWN_SERVICES && s->years[0].unvalued > 0;
    if (!n && !unvalued && (section == SHOWN_EMPLOYER || l->narrowed)) continue;
    document_cell(l->d, doc_text(section_name(l, section, n)));
    document_cell(l->d, section_value(section, &s->years[0]));
  }
  document_table_end(l->d);
}

/* The least that a section came to: below zero its column is named so. */
static wide_t least_of(const struct sections *s, enum pack_shown section) {
  wide_t least = 0;
  for (int y = 0; y < s->count; y++)
    if (s->years[y].totals.of[section] < least) least = s->years[y].totals.of[section];
  return least;
}

/* What was left out of a narrowed account is not shown as nothing. */
static bool is_in_account(const struct listing *l, const struct sections *s,
                          enum pack_shown section) {
  bool some = section != SHOWN_EMPLOYER && !l->narrowed;
  for (int y = 0; y < s->count; y++)
    some |= s->years[y].totals.of[section] != 0 ||
            (section == SHOWN_SERVICES && s->years[y].unvalued > 0);
  return some;
}

/* Whether the days asked for leave out no part of a year. */
static bool is_whole_years(const struct account_request *request) {
  return (request->from == DAY_NONE ||
          request->from == year_first_day(YEAR_TAX, year_of_day(YEAR_TAX, request->from))) &&
         (request->to == DAY_NONE ||
          request->to == year_last_day(YEAR_TAX, year_of_day(YEAR_TAX, request->to)));
}

static void add_sums(struct listing *l, const struct sections *s) {
  static const char *const keys[FIGURE_COUNT] = {[SHOWN_PAID] = "paid",
                                                 [SHOWN_EMPLOYER] = "employer",
                                                 [SHOWN_CASH] = "cash",
                                                 [SHOWN_SERVICES] = "services",
                                                 [SHOWN_GIVEN] = "given_minutes"};
  const bool several = s->count > 1, employer = has_employer(s);
  struct doc_column columns[FIGURE_COUNT + 1] = {
      {"year", several ? say(l->language, "Year") : NULL}};
  for (int i = 0; i < FIGURE_COUNT; i++) {
    const enum pack_shown section = figures_order[i];
    const bool is_shown = several && is_in_account(l, s, section);
    columns[i + 1] = (struct doc_column){keys[section],
                                         is_shown ? section_name(l, section, least_of(s, section))
                                                  : NULL};
  }
  char year[8];
  const bool found = l->narrowed || !is_whole_years(l->request);
  const char *heading = found && s->count == 1 ? say(l->language, "Sums of what was found")
                        : found         ? say(l->language, "Sums of what was found, year by year")
                        : s->count == 1 ? arena_printf(l->arena, say(l->language, "Sums of %s"),
                                                       year_write(s->years[0].year, year))
                                        : say(l->language, "Sums of each year");
  document_open(l->d, NULL, heading);
  if (!several) add_one_year(l, s);
  document_table(l->d, "by_year", NULL, columns, FIGURE_COUNT + 1, NULL);
  for (int y = 0; y < s->count; y++) {
    document_cell(l->d, doc_text(arena_string(l->arena, year_write(s->years[y].year, year))));
    for (int i = 0; i < FIGURE_COUNT; i++)
      document_cell(l->d, section_value(figures_order[i], &s->years[y]));
  }
  document_table_end(l->d);
  if (employer)
    document_paragraph(
        l->d,
        l->request->named
            ? arena_printf(l->arena,
                           say(l->language, "Employers paid this because %s worked. It is not part "
                                            "of what they paid."),
                           l->person->name)
            : say(l->language, "Employers paid this because you worked. It is not part of what you "
                               "paid."));
  document_close(l->d);
}

/* ---- what happened, for people ---- */

static struct doc_value in_unit(const struct listing *l, const struct unit_rows *u, wide_t n) {
  return reference_data_amount(l->reference_data, l->language, u->unit, n);
}

static struct doc_value text_or_nothing(const char *text) {
  return text && *text ? doc_text(text) : doc_null();
}

static const char *line_number(struct listing *l, const struct line *line) {
  return arena_printf(l->arena, "%lld:%d", (long long)line->entry, line->line_no);
}

/* Council Tax; Home care, 3.5 (hour); Council Tax (estimated); Council Tax: arrears. In one cell,
 * so that the account fits a terminal. */
static const char *what(struct listing *l, const struct line *line, const char *name) {
  const struct book_service *service = reference_data_service(l->reference_data, line->service);
  enum { ONE = 1000 };
  if (line->has_quantity && line->quantity != ONE && service && service->unit) {
    struct text quantity = {0};
    value_for_people(&quantity, l->language, doc_exactly(DOC_QUANTITY, line->quantity));
    name = arena_printf(l->arena, say(l->language, "%s, %s (%s)"), name, quantity.bytes,
                        say(l->language, service->unit));
    text_release(&quantity);
  }
  if (line->estimated) name = arena_printf(l->arena, say(l->language, "%s (estimated)"), name);
  return line->note.size
             ? arena_printf(l->arena, say(l->language, "%s: %s"), name, line->note.bytes)
             : name;
}

/* What the line was; taken back, or taking back: when and why, with the other line. */
static enum status item_of(struct listing *l, const struct line *line,
                           const struct correction **back, struct doc_value *out,
                           struct error *err) {
  const struct pack_category *category = category_of(l, line);
  const char *name = category ? category->name[l->language] : say(l->language, "Other");
  const struct correction *by = NULL;
  struct doc_item *item = arena_alloc(l->arena, sizeof *item);
  if (corrections_of(&l->corrections, line->entry, line->line_no, back, err) != DONE ||
      corrections_by(&l->corrections, line, &by, err) != DONE)
    return err->code;
  *item = (struct doc_item){.what = by ? correction_name(by, name, l->language, l->arena)
                                       : what(l, line, name),
                            .line = line_number(l, line),
                            .is_taken_back = *back && correction_is_of_year(*back)};
  if (*back) {
    item->more = correction_taken_back_words(*back, l->language, l->arena);
    item->other = correction_line(*back, l->arena);
    item->other_name = say(l->language, "The correction");
  } else if (by) {
    item->more = correction_recorded_words(by, l->language, l->arena);
    item->other = correction_undone_line(by, l->arena);
    item->other_name = say(l->language, "The item taken back");
  }
  *out = doc_item_of(item);
  return DONE;
}

/* A figure below zero that takes no line back: we do not know whether money came back. */
static bool is_given_back(const struct listing *l, const struct account_row *row) {
  const struct line *line = &row->line;
  return !line->reverses_entry && is_counted(l, row) &&
         figures_amount(category_of(l, line), line->amount) < 0;
}

static struct doc_value item_amount(const struct listing *l, const struct item *item) {
  const struct line *line = &item->row->line;
  const struct pack_category *category = category_of(l, line);
  if (is_unvalued(line)) return doc_unvalued();
  return reference_data_exactly(l->reference_data, l->language, item->unit->unit,
                                category ? (int64_t)figures_amount(category, line->amount)
                                         : line->amount);
}

static enum status add_item(struct listing *l, const struct item *item, struct error *err) {
  const struct line *line = &item->row->line;
  const struct correction *back = NULL;
  struct doc_value shown, amount = item_amount(l, item), section = doc_null();
  if (item_of(l, line, &back, &shown, err) != DONE) return err->code;
  if (line->reverses_entry) section = doc_text(say(l->language, "Correction"));
  else if (back) section = doc_text(say(l->language, "Taken back"));
  else if (is_given_back(l, item->row))
    section = doc_text(say(l->language, "Given back or corrected"));
  else if (is_counted(l, item->row))
    section =
        doc_text(figures_item_name(l->language, category_of(l, line), l->request->named, l->arena));
  amount.is_struck = back && correction_is_of_year(back);
  document_cell(l->d, doc_day(line->day));
  document_cell(l->d, shown);
  document_cell(l->d, section);
  document_cell(l->d, amount);
  document_cell(l->d, doc_text(line_number(l, line)));
  return DONE;
}

static enum status add_items(struct listing *l, const struct item *items, size_t count,
                             struct error *err) {
  const int page = l->request->page;
  const struct doc_column columns[] = {{NULL, say(l->language, "Day")},
                                       {NULL, say(l->language, "What")},
                                       {NULL, say(l->language, "Paid or received")},
                                       {NULL, say(l->language, "Amount")},
                                       {NULL, page > 0 ? NULL : say(l->language, "Number")}};
  const size_t first = page > 0 ? (size_t)(page - 1) * ACCOUNT_PAGE_LINES : 0;
  enum status status = DONE;
  document_open(l->d, NULL, say(l->language, "What happened, the newest first"));
  if (l->narrowed || (page > 0 && count > ACCOUNT_PAGE_LINES))
    document_value(l->d, NULL, say(l->language, "Items found"), doc_count((wide_t)count));
  document_table(l->d, NULL, NULL, columns, 5, NULL);
  for (size_t i = first; status == DONE && i < count; i++) {
    if (page > 0 && i - first == ACCOUNT_PAGE_LINES) break;
    status = add_item(l, &items[i], err);
  }
  document_table_end(l->d);
  document_close(l->d);
  return status;
}

static int compare_items(const void *a, const void *b) {
  return -compare_rows(((const struct item *)a)->row, ((const struct item *)b)->row);
}

/* The lines asked for of money and of time, the newest first. */
static enum status add_people_part(struct listing *l, const struct unit_rows *units, int unit_count,
                                   struct error *err) {
  struct sections sections;
  size_t count = 0, all = 0;
  for (int u = 0; u < unit_count; u++) all += units[u].count;
  struct item *items = memory_zeroed(all + 1, sizeof *items);
  for (int u = 0; u < unit_count; u++)
    for (size_t i = 0; i < units[u].count; i++)
      if (units[u].rows[i].wanted) items[count++] = (struct item){&units[u], &units[u].rows[i]};
  array_sort(items, count, compare_items);
  for (int u = 0; u < unit_count; u++)
    if (units[u].lost)
      statement_say_too_large_lines(l->d, l->language, l->reference_data, &units[u].largest,
                                    l->arena);
  sum_items(l, items, count, &sections);
  add_sums(l, &sections);
  enum status status = add_items(l, items, count, err);
  l->found_most = (int64_t)count;
  if (l->request->seen) l->request->seen->found += (int64_t)count;
  free(items);
  return status;
}

/* ---- the lines of a unit, for programs; of a holding also for people ---- */

static enum status add_row(struct listing *l, const struct unit_rows *u,
                           const struct account_row *row, struct error *err) {
  const struct line *line = &row->line;
  const struct pack_category *category = category_of(l, line);
  const struct book_service *service = reference_data_service(l->reference_data, line->service);
  const struct place *place = reference_data_place(l->reference_data, line->place);
  const struct correction *back = NULL, *by = NULL;
  struct doc_value shown,
      amount = reference_data_exactly(l->reference_data, l->language, u->unit, line->amount);
  if (item_of(l, line, &back, &shown, err) != DONE ||
      corrections_by(&l->corrections, line, &by, err) != DONE)
    return err->code;
  const struct correction *either = back ? back : by;
  amount.is_struck = back && correction_is_of_year(back);
  document_cell(l->d, doc_day(line->day));
  document_cell(l->d, shown);
  document_cell(l->d, text_or_nothing(category ? category->name[l->language] : NULL));
  document_cell(l->d, amount);
  document_cell(l->d, in_unit(l, u, row->balance));
  document_cell(l->d, doc_line(line_number(l, line)));
  document_cell(l->d, by ? doc_line(correction_undone_line(by, l->arena)) : doc_null());
  document_cell(l->d, text_or_nothing(line->note.bytes));
  document_cell(l->d, doc_text(l->accounts[row->account].role));
  document_cell(l->d, text_or_nothing(category ? category->code : NULL));
  struct doc_value quantity = doc_exactly(DOC_QUANTITY, line->quantity);
  quantity.text = service ? service->unit : NULL;
  document_cell(l->d, line->has_quantity ? quantity : doc_null());
  document_cell(l->d, text_or_nothing(service ? service->code : NULL));
  document_cell(l->d, text_or_nothing(reference_data_body_code(l->reference_data, line->body)));
  document_cell(l->d, text_or_nothing(place ? place->code : NULL));
  document_cell(l->d, text_or_nothing(line->reference.bytes));
  document_cell(l->d, doc_bool(line->estimated));
  document_cell(l->d, back ? doc_line(correction_line(back, l->arena)) : doc_null());
  document_cell(l->d, either ? doc_day(either->recorded) : doc_null());
  document_cell(l->d, either ? text_or_nothing(either->reason) : doc_null());
  return DONE;
}

/* All lines in order of day, or one page of those asked for, the newest first. */
static enum status add_rows(struct listing *l, const struct unit_rows *u, struct error *err) {
  const int page = l->request->page;
  enum status status = DONE;
  if (page <= 0) {
    for (size_t i = 0; i < u->count && status == DONE; i++)
      if (u->rows[i].wanted) status = add_row(l, u, &u->rows[i], err);
    return status;
  }
  int64_t skip = (int64_t)(page - 1) * ACCOUNT_PAGE_LINES, shown = 0;
  for (size_t i = u->count; i-- > 0 && shown < ACCOUNT_PAGE_LINES && status == DONE;) {
    if (!u->rows[i].wanted || skip-- > 0) continue;
    status = add_row(l, u, &u->rows[i], err);
    shown++;
  }
  return status;
}

/* People see of a unit that neither counts pence nor minutes what is held after each line: the
 * columns that fit a page's width. */
static enum status add_unit(struct listing *l, const struct unit_rows *u, const char *key,
                            const struct book_unit *holding, struct error *err) {
  const bool people = holding != NULL;
  const char *const day = people ? say(l->language, "Day") : NULL,
                    *const what_label = people ? say(l->language, "What") : NULL,
                    *const amount = people ? say(l->language, "Amount") : NULL,
                    *const balance = people ? say(l->language, "Balance") : NULL,
                    *const number = people ? say(l->language, "Number") : NULL;
  const struct doc_column columns[] = {
      {"date", day},         {NULL, what_label},
      {"name", NULL},        {strcmp(u->unit, UNIT_MINUTES) == 0 ? "minutes" : "amount", amount},
      {"balance", balance},  {"line", number},
      {"reverses", NULL},    {"note", NULL},
      {"account", NULL},     {"category", NULL},
      {"quantity", NULL},    {"service", NULL},
      {"body", NULL},        {"place", NULL},
      {"reference", NULL},   {"estimated", NULL},
      {"reversed_by", NULL}, {"corrected", NULL},
      {"reason", NULL}};
  document_open(l->d, key, people ? holding->name[l->language] : NULL);
  if (people && u->lost)
    statement_say_too_large_lines(l->d, l->language, l->reference_data, &u->largest, l->arena);
  if (people) document_value(l->d, "name", NULL, doc_text(holding->name[l->language]));
  if (people) document_value(l->d, "scale", NULL, doc_count(holding->scale));
  document_value(l->d, "opening", people ? say(l->language, "Balance before") : NULL,
                 in_unit(l, u, u->opening));
  if (l->narrowed || l->request->page > 0)
    document_value(l->d, "found", people ? say(l->language, "Items found") : NULL,
                   doc_count(u->found));
  if (l->narrowed)
    document_value(l->d, "found_amount", people ? say(l->language, "Their sum") : NULL,
                   in_unit(l, u, u->found_amount));
  document_table(l->d, "lines", NULL, columns, sizeof columns / sizeof *columns, key);
  enum status status = add_rows(l, u, err);
  document_table_end(l->d);
  document_value(l->d, "closing", people ? say(l->language, "Balance after") : NULL,
                 in_unit(l, u, u->closing));
  document_close(l->d);
  return status;
}

/* Adds each further unit in which the person has an account. */
static enum status add_holdings(struct listing *l, struct error *err) {
  const struct units *units = l->reference_data->codes->units;
  enum status status = DONE;
  document_open(l->d, "holdings", NULL);
  for (int i = 0; status == DONE && i < units->count; i++) {
    bool some = false;
    for (int a = 0; a < l->account_count; a++)
      some |= strcmp(l->accounts[a].unit, units->all[i].code) == 0;
    if (!some || !unit_is_holding(units->all[i].code)) continue;
    struct unit_rows u = {.unit = units->all[i].code};
    status = read_unit(l, &u, err);
    if (status == DONE) status = add_unit(l, &u, units->all[i].code, &units->all[i], err);
    if (u.found > l->found_most) l->found_most = u.found;
    if (l->request->seen) l->request->seen->found += u.found;
    free(u.rows);
  }
  document_close(l->d);
  return status;
}

static enum status add_money_and_time(struct listing *l, struct error *err) {
  struct unit_rows units[2] = {{.unit = UNIT_PENCE}, {.unit = UNIT_MINUTES}};
  enum status status = read_unit(l, &units[0], err);
  if (status == DONE) status = read_unit(l, &units[1], err);
  if (status == DONE) status = add_people_part(l, units, 2, err);
  if (status == DONE) status = add_unit(l, &units[0], "money", NULL, err);
  if (status == DONE) status = add_unit(l, &units[1], "time", NULL, err);
  free(units[0].rows);
  free(units[1].rows);
  return status;
}

static const char *day_words(const struct listing *l, day_t day) {
  return value_words(l->arena, l->language, doc_day(day));
}

/* Whose account it is, and of which days. */
static const char *days_words(const struct listing *l) {
  const struct account_request *r = l->request;
  const char *code = l->person->code;
  const bool begins = r->from != DAY_NONE, ends = r->to != DAY_NONE;
  if (begins && ends)
    return arena_printf(l->arena, say(l->language, "Reference %s, from %s to %s."), code,
                        day_words(l, r->from), day_words(l, r->to));
  if (begins)
    return arena_printf(l->arena, say(l->language, "Reference %s, from %s on."), code,
                        day_words(l, r->from));
  if (ends)
    return arena_printf(l->arena, say(l->language, "Reference %s, up to %s."), code,
                        day_words(l, r->to));
  return arena_printf(l->arena, say(l->language, "Reference %s."), code);
}

enum status statement_account(struct store *store, const struct reference_data *reference_data,
                              int64_t person, const struct account_request *request,
                              struct arena *arena, struct document **out, struct error *err) {
  static const char *const csv[] = {"section",  "date",      "line",        "account",   "category",
                                    "name",     "amount",    "minutes",     "balance",   "quantity",
                                    "service",  "body",      "place",       "reference", "note",
                                    "reverses", "estimated", "reversed_by", "corrected", "reason"};
  enum language language = request->language;
  struct listing l = {.store = store,
                      .arena = arena,
                      .reference_data = reference_data,
                      .request = request,
                      .language = language};
  enum status status = read_request(&l, err);
  if (status == DONE) status = person_accounts_owner(store, arena, person, &l.person, err);
  if (status == DONE)
    status = person_accounts_all(store, arena, l.person, &l.accounts, &l.account_count, err);
  if (status == DONE) status = book_reading(store, arena, &l.reading, err);
  if (status == DONE)
    status = corrections_read(&l.corrections, store, arena, &l.reading, l.accounts, l.account_count,
                              err);
  if (status != DONE) return status;
  const bool begins = request->from != DAY_NONE, ends = request->to != DAY_NONE;
  l.d = document_new(arena, language,
                     request->named
                         ? arena_printf(arena, say(language, "Account of %s"), l.person->name)
                         : say(language, "Your account"));
  document_csv_columns(l.d, csv, sizeof csv / sizeof *csv);
  document_open(l.d, "person", NULL);
  document_value(l.d, "id", NULL, doc_text(l.person->code));
  document_value(l.d, "name", NULL, doc_text(l.person->name));
  document_close(l.d);
  document_value(l.d, "from", NULL, begins ? doc_day(request->from) : doc_null());
  document_value(l.d, "to", NULL, ends ? doc_day(request->to) : doc_null());
  document_paragraph(l.d, days_words(&l));
  status = add_money_and_time(&l, err);
  if (status == DONE) status = add_holdings(&l, err);
  int pages = (int)((l.found_most + ACCOUNT_PAGE_LINES - 1) / ACCOUNT_PAGE_LINES);
  if (request->page > 0) document_value(l.d, "pages", NULL, doc_count(pages));
  if (request->pages) *request->pages = pages;
  text_release(&l.texts);
  *out = l.d;
  return status;
}
