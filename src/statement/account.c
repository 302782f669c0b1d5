/* The lines of a person, with a running balance in each unit: what `weal account` prints. Signs are the book's: plus is received. */
#include "book/figures.h"
#include "statement/statement.h"

#include "base/money.h"

struct listing {
  struct store *store;
  struct arena *arena;
  struct person person;
  const struct pack *pack;
  struct codes *codes;
  struct chart *chart;
  struct places *places;
  struct reading reading;
  enum language language;
  day_t from, to;
  struct account *accounts; int account_count;
  struct document *d;
};

struct row { struct line line; int account; }; /* index of the account */

static int compare_rows(const void *a, const void *b) {
  const struct line *x = &((const struct row *)a)->line, *y = &((const struct row *)b)->line;
  if (x->day != y->day) return x->day < y->day ? -1 : 1;
  if (x->entry != y->entry) return x->entry < y->entry ? -1 : 1;
  return (x->n > y->n) - (x->n < y->n);
}

/* ---- reading ---- */

struct unit_rows { const char *unit; struct row *rows; size_t count, capacity; int64_t opening; };

static enum status read_unit(struct listing *l, struct unit_rows *u, struct error *err) {
  int64_t *ids = arena_array(l->arena, int64_t, l->account_count);
  int *index = arena_array(l->arena, int, l->account_count);
  size_t count = 0, at = 0;
  for (int i = 0; i < l->account_count; i++)
    if (strcmp(l->accounts[i].unit, u->unit) == 0) {
      index[count] = i;
      ids[count++] = l->accounts[i].id;
    }
  struct lines *lines = NULL;
  const struct line *line = NULL;
  enum status status = lines_open(&lines, l->store, &l->reading, ids, count, INT32_MIN + 1, l->to, err);
  if (status != DONE) return status;
  while ((status = lines_next(lines, &line, err)) == DONE && line) {
    while (ids[at] != line->account) at++;
    if (line->day < l->from) {
      if (money_add(u->opening, line->amount, &u->opening)) continue;
      status = figures_overflow(err);
      break;
    }
    array_reserve(u->rows, u->capacity, u->count + 1);
    struct row *row = &u->rows[u->count++];
    *row = (struct row){*line, index[at]};
    row->line.reference = span_make(arena_copy(l->arena, line->reference.bytes, line->reference.size), line->reference.size);
    row->line.note = span_make(arena_copy(l->arena, line->note.bytes, line->note.size), line->note.size);
  }
  lines_close(lines);
  if (u->count) qsort(u->rows, u->count, sizeof *u->rows, compare_rows);
  return status;
}

/* ---- the document ---- */

static const char *body_code(struct listing *l, int64_t id) {
  struct query *q = NULL;
  struct error err = {0};
  bool row = false;
  const char *code = "";
  if (!id || store_query(l->store, &q, "select code from body where id = ?1", &err) != DONE) return code;
  query_bind_int(q, 1, id);
  if (query_step(q, &row, &err) == DONE && row) code = arena_copy(l->arena, query_text(q, 0).bytes, query_text(q, 0).size);
  query_end(q);
  return code;
}

static struct doc_value in_unit(bool minutes, bool pence, int64_t n) { return minutes ? doc_minutes(n) : pence ? doc_money(n) : doc_count(n); }

static struct doc_value text_or_nothing(const char *text) { return text && *text ? doc_text(text) : doc_null(); }

/* Council Tax; Council Tax (estimated); Council Tax, undoing 3:1; Council Tax: arrears. In one cell, so that the account fits a terminal. */
static const char *what(struct listing *l, const struct line *line, const char *name, const char *undone) {
  if (!name) name = "";
  if (undone) name = arena_printf(l->arena, say(l->language, "%s, undoing %s"), name, undone);
  if (line->estimated) name = arena_printf(l->arena, say(l->language, "%s (estimated)"), name);
  return line->note.size ? arena_printf(l->arena, say(l->language, "%s: %s"), name, line->note.bytes) : name;
}

static const char *undone(struct listing *l, const struct line *line) {
  return line->reverses_entry ? arena_printf(l->arena, "%lld:%d", (long long)line->reverses_entry, line->reverses_n) : NULL;
}

static void add_row(struct listing *l, const struct unit_rows *u, const struct row *row, int64_t balance) {
  bool minutes = strcmp(u->unit, "minutes") == 0, pence = strcmp(u->unit, "pence") == 0;
  const struct line *line = &row->line;
  const struct pack_category *category = chart_category(l->chart, line->category);
  const struct book_service *service = line->service > 0 && line->service <= l->codes->service_count ? &l->codes->services[line->service - 1] : NULL;
  int place = line->place ? places_by_id(l->places, line->place) : PLACE_NONE;
  document_cell(l->d, doc_day(line->day));
  document_cell(l->d, text_or_nothing(what(l, line, category ? category->name[l->language] : NULL, undone(l, line))));
  document_cell(l->d, text_or_nothing(category ? category->name[l->language] : NULL));
  document_cell(l->d, in_unit(minutes, pence, line->amount));
  document_cell(l->d, in_unit(minutes, pence, balance));
  document_cell(l->d, doc_text(arena_printf(l->arena, "%lld:%d", (long long)line->entry, line->n)));
  document_cell(l->d, text_or_nothing(undone(l, line)));
  document_cell(l->d, text_or_nothing(line->note.bytes));
  document_cell(l->d, doc_text(l->accounts[row->account].role));
  document_cell(l->d, text_or_nothing(category ? category->code : NULL));
  document_cell(l->d, line->has_quantity ? doc_quantity_of(line->quantity, service ? service->unit : NULL) : doc_null());
  document_cell(l->d, text_or_nothing(service ? service->code : NULL));
  document_cell(l->d, text_or_nothing(body_code(l, line->body)));
  document_cell(l->d, text_or_nothing(place == PLACE_NONE ? NULL : l->places->all[place].code));
  document_cell(l->d, text_or_nothing(line->reference.bytes));
  document_cell(l->d, doc_bool(line->estimated));
}

static enum status add_unit(struct listing *l, const char *unit, const char *key, const char *heading, struct error *err) {
  enum language say_in = l->language;
  struct unit_rows u = {.unit = unit};
  bool minutes = strcmp(unit, "minutes") == 0, pence = strcmp(unit, "pence") == 0;
  enum status status = read_unit(l, &u, err);
  int64_t balance = u.opening;
  /* People are shown what fits a page's width; programs get all. */
  const struct doc_column columns[] = {{"date", say(say_in, "Day")}, {NULL, say(say_in, "What")}, {"name", NULL}, {minutes ? "minutes" : "amount", say(say_in, "Amount")}, {"balance", say(say_in, "Balance")},
    {"line", say(say_in, "Line")}, {"reverses", NULL}, {"note", NULL}, {"account", NULL}, {"category", NULL},
    {"quantity", NULL}, {"service", NULL}, {"body", NULL}, {"place", NULL}, {"reference", NULL}, {"estimated", NULL}};
  document_open(l->d, key, heading);
  document_value(l->d, "opening", say(say_in, "Balance before"), in_unit(minutes, pence, u.opening));
  document_table(l->d, "lines", NULL, columns, 16, key);
  for (size_t i = 0; i < u.count && status == DONE; i++) {
    if (money_add(balance, u.rows[i].line.amount, &balance)) add_row(l, &u, &u.rows[i], balance);
    else status = figures_overflow(err);
  }
  document_table_end(l->d);
  document_value(l->d, "closing", say(say_in, "Balance after"), in_unit(minutes, pence, balance));
  document_close(l->d);
  free(u.rows);
  return status;
}

static enum status read_facts(struct listing *l, int64_t person, struct error *err) {
  enum status status = register_person(l->store, l->arena, person, &l->person, err);
  if (status == DONE && l->person.keep) {
    int64_t keep = l->person.keep;
    l->person = (struct person){0};
    status = register_person(l->store, l->arena, keep, &l->person, err);
  }
  if (status == DONE) status = register_places(l->store, l->arena, &l->places, err);
  if (status == DONE) status = book_codes(l->store, l->arena, &l->codes, err);
  if (status == DONE) status = figures_chart(&l->chart, l->pack, l->codes, l->arena, err);
  if (status == DONE) status = book_reading(l->store, l->arena, &l->reading, err);
  if (status != DONE) return status;
  int64_t *owners = arena_array(l->arena, int64_t, l->person.gone_count + 1);
  owners[0] = l->person.id;
  for (int i = 0; i < l->person.gone_count; i++) owners[i + 1] = l->person.gone[i];
  return book_accounts_of(l->store, l->arena, OWNER_PERSON, owners, l->person.gone_count + 1, &l->accounts, &l->account_count, err);
}

enum status statement_account(struct store *store, const struct pack *pack, int64_t person, day_t from, day_t to, enum language language,
                              struct arena *arena, struct document **out, struct error *err) {
  static const char *const csv[] = {"section", "date", "line", "account", "category", "name", "amount", "minutes", "balance", "quantity", "service", "body", "place", "reference", "note", "reverses", "estimated"};
  struct listing l = {.store = store, .arena = arena, .pack = pack, .language = language, .from = from == DAY_NONE ? INT32_MIN + 1 : from, .to = to == DAY_NONE ? INT32_MAX : to};
  enum status status = read_facts(&l, person, err);
  if (status != DONE) return status;
  l.d = document_new(arena, language, arena_printf(arena, say(language, "Account of %s"), l.person.name));
  document_csv_columns(l.d, csv, sizeof csv / sizeof *csv);
  document_open(l.d, "person", NULL);
  document_value(l.d, "id", say(language, "Reference"), doc_text(l.person.code));
  document_value(l.d, "name", say(language, "Name"), doc_text(l.person.name));
  document_close(l.d);
  bool begins = l.from > day_make(DAY_YEAR_MIN, 1, 1), ends = l.to < day_make(DAY_YEAR_MAX, 12, 31); /* else: everything, and no day to show */
  document_value(l.d, "from", begins ? say(language, "From") : NULL, begins ? doc_day(from) : doc_null());
  document_value(l.d, "to", ends ? say(language, "To") : NULL, ends ? doc_day(to) : doc_null());
  status = add_unit(&l, "pence", "money", say(language, "Money"), err);
  if (status == DONE) status = add_unit(&l, "minutes", "time", say(language, "Time"), err);
  *out = l.d;
  return status;
}
