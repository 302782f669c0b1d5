/* A person's lines with a running balance in each unit, as `weal account` prints them. Signs are
 * the book's: plus is received. */
#include "attest/person_accounts.h"
#include "base/fold.h"
#include "base/refusal.h"
#include "book/line_reads.h"
#include "statement/account_search.h"
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
  int64_t found_most; /* lines found, in the unit that has more */
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

/* Everything of the line that people look for by its words, folded. */
static struct span line_texts(struct listing *l, const struct line *line,
                              const struct pack_category *category) {
  const struct reference_data *d = l->reference_data;
  const char *code = reference_data_body_code(d, line->body),
             *name = reference_data_body_name(d, line->body);
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
  l->from = r->from == DAY_NONE ? INT32_MIN + 1 : r->from;
  l->to = r->to == DAY_NONE ? INT32_MAX : r->to;
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
  if (u->count && u->id_count > 1) qsort(u->rows, u->count, sizeof *u->rows, compare_rows);
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

/* ---- the document ---- */

static struct doc_value in_unit(const struct listing *l, const struct unit_rows *u, wide_t n) {
  return reference_data_amount(l->reference_data, l->language, u->unit, n);
}

static struct doc_value text_or_nothing(const char *text) {
  return text && *text ? doc_text(text) : doc_null();
}

/* Council Tax; Council Tax (estimated); Council Tax, undoing 3:1; Council Tax: arrears. In one
 * cell, so that the account fits a terminal. */
static const char *what(struct listing *l, const struct line *line, const char *name,
                        const char *undone) {
  if (!name) name = "";
  if (undone) name = arena_printf(l->arena, say(l->language, "%s, undoing %s"), name, undone);
  if (line->estimated) name = arena_printf(l->arena, say(l->language, "%s (estimated)"), name);
  return line->note.size
             ? arena_printf(l->arena, say(l->language, "%s: %s"), name, line->note.bytes)
             : name;
}

static const char *undone(struct listing *l, const struct line *line) {
  return line->reverses_entry ? arena_printf(l->arena, "%lld:%d", (long long)line->reverses_entry,
                                             line->reverses_line_no)
                              : NULL;
}

static void add_row(struct listing *l, const struct unit_rows *u, const struct account_row *row) {
  const struct line *line = &row->line;
  const struct pack_category *category = chart_category(l->reference_data->chart, line->category);
  const struct book_service *service = reference_data_service(l->reference_data, line->service);
  const struct place *place = reference_data_place(l->reference_data, line->place);
  const char *name = category ? category->name[l->language] : NULL, *undone_line = undone(l, line);
  document_cell(l->d, doc_day(line->day));
  document_cell(l->d, text_or_nothing(what(l, line, name, undone_line)));
  document_cell(l->d, text_or_nothing(name));
  document_cell(l->d,
                reference_data_exactly(l->reference_data, l->language, u->unit, line->amount));
  document_cell(l->d, in_unit(l, u, row->balance));
  document_cell(l->d,
                doc_line(arena_printf(l->arena, "%lld:%d", (long long)line->entry, line->line_no)));
  document_cell(l->d, text_or_nothing(undone_line));
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
}

/* All lines in order of day, or one page of those asked for, the newest first. */
static void add_rows(struct listing *l, const struct unit_rows *u) {
  int page = l->request->page;
  if (page <= 0) {
    for (size_t i = 0; i < u->count; i++)
      if (u->rows[i].wanted) add_row(l, u, &u->rows[i]);
    return;
  }
  int64_t skip = (int64_t)(page - 1) * ACCOUNT_PAGE_LINES, shown = 0;
  for (size_t i = u->count; i-- > 0 && shown < ACCOUNT_PAGE_LINES;) {
    if (!u->rows[i].wanted || skip-- > 0) continue;
    add_row(l, u, &u->rows[i]);
    shown++;
  }
}

static enum status add_unit(struct listing *l, const char *unit, const char *key,
                            const char *heading, struct error *err) {
  enum language say_in = l->language;
  struct unit_rows u = {.unit = unit};
  const struct book_unit *holding = unit_is_holding(unit)
                                        ? units_find(l->reference_data->codes->units, span_of(unit))
                                        : NULL;
  enum status status = read_unit(l, &u, err);
  /* People see the columns that fit a page's width; programs get all. */
  const struct doc_column columns[] = {{"date", say(say_in, "Day")},
                                       {NULL, say(say_in, "What")},
                                       {"name", NULL},
                                       {strcmp(unit, UNIT_MINUTES) == 0 ? "minutes" : "amount",
                                        say(say_in, "Amount")},
                                       {"balance", say(say_in, "Balance")},
                                       {"line", say(say_in, "Line")},
                                       {"reverses", NULL},
                                       {"note", NULL},
                                       {"account", NULL},
                                       {"category", NULL},
                                       {"quantity", NULL},
                                       {"service", NULL},
                                       {"body", NULL},
                                       {"place", NULL},
                                       {"reference", NULL},
                                       {"estimated", NULL}};
  document_open(l->d, key, heading);
  if (u.lost) statement_notice_lines(l->d, say_in, l->reference_data, &u.largest, l->arena);
  if (holding) document_value(l->d, "name", NULL, doc_text(holding->name[say_in]));
  if (holding) document_value(l->d, "scale", NULL, doc_count(holding->scale));
  document_value(l->d, "opening", say(say_in, "Balance before"), in_unit(l, &u, u.opening));
  if (l->narrowed || l->request->page > 0)
    document_value(l->d, "found", say(say_in, "Lines found"), doc_count(u.found));
  if (l->narrowed)
    document_value(l->d, "found_amount", say(say_in, "Their sum"), in_unit(l, &u, u.found_amount));
  document_table(l->d, "lines", NULL, columns, 16, key);
  if (status == DONE) add_rows(l, &u);
  document_table_end(l->d);
  document_value(l->d, "closing", say(say_in, "Balance after"), in_unit(l, &u, u.closing));
  document_close(l->d);
  if (u.found > l->found_most) l->found_most = u.found;
  if (l->request->seen) l->request->seen->found += u.found;
  free(u.rows);
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
    if (some && unit_is_holding(units->all[i].code))
      status = add_unit(l, units->all[i].code, units->all[i].code, units->all[i].name[l->language],
                        err);
  }
  document_close(l->d);
  return status;
}

enum status statement_account(struct store *store, const struct reference_data *reference_data,
                              int64_t person, const struct account_request *request,
                              struct arena *arena, struct document **out, struct error *err) {
  static const char *const csv[] = {"section",  "date",     "line",    "account",   "category",
                                    "name",     "amount",   "minutes", "balance",   "quantity",
                                    "service",  "body",     "place",   "reference", "note",
                                    "reverses", "estimated"};
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
  if (status != DONE) return status;
  bool begins = request->from != DAY_NONE, ends = request->to != DAY_NONE;
  l.d = document_new(arena, language,
                     arena_printf(arena, say(language, "Account of %s"), l.person->name));
  document_csv_columns(l.d, csv, sizeof csv / sizeof *csv);
  document_open(l.d, "person", NULL);
  document_value(l.d, "id", say(language, "Reference"), doc_text(l.person->code));
  document_value(l.d, "name", say(language, "Name"), doc_text(l.person->name));
  document_close(l.d);
  document_value(l.d, "from", begins ? say(language, "From") : NULL,
                 begins ? doc_day(request->from) : doc_null());
  document_value(l.d, "to", ends ? say(language, "To") : NULL,
                 ends ? doc_day(request->to) : doc_null());
  status = add_unit(&l, UNIT_PENCE, "money", say(language, "Money"), err);
  if (status == DONE) status = add_unit(&l, UNIT_MINUTES, "time", say(language, "Time"), err);
  if (status == DONE) status = add_holdings(&l, err);
  int pages = (int)((l.found_most + ACCOUNT_PAGE_LINES - 1) / ACCOUNT_PAGE_LINES);
  if (request->page > 0) document_value(l.d, "pages", NULL, doc_count(pages));
  if (request->pages) *request->pages = pages;
  text_release(&l.texts);
  *out = l.d;
  return status;
}
