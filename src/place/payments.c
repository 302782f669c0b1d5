/* What bodies of a place paid to their suppliers in the financial year, and what they were
 * budgeted.
 *
 * A payment is a line in the supplier's `provider` account that names the payer: the book keeps
 * their totals (book/payment_totals.h), so that no line of them is read. A budget is a line
 * of 1 April in the body's `stream` account, with its stream and conditions. Both belong to the
 * place that the line names, else to the place of the paying (budgeted) body; those of bodies
 * without a place are only in the account of the book's own place and of places above it.
 */
#include "place/gather.h"
#include "place/population.h"

static bool belongs(const struct scope *s, int64_t place, int64_t body) {
  if (s->whole) return true;
  int index = body_index(s, body);
  int64_t id = place ? place : index < 0 ? 0 : s->bodies->all[index].place;
  int at = id ? places_by_id(s->places, id) : PLACE_NONE;
  return at != PLACE_NONE && places_within(s->places, at, s->place);
}

/* ---- spend ---- */

bool payment_belongs(const struct scope *s, const struct payment_key *key) {
  return belongs(s, key->place, key->payer);
}

static void add_payments(void *context, const struct payment_total *total) {
  struct payments *p = context;
  const struct scope *s = p->scope;
  const struct payment_key *key = &total->key;
  if (!payment_belongs(s, key)) return;
  struct spend_row *row = &p->rows[scope_row(s, (int)key->what, key->payer)];
  const int payer = body_index(s, key->payer);
  row->payments += total->payments;
  p->total.payments += total->payments;
  row->amount += total->amount;
  p->total.amount += total->amount;
  if (payer >= 0) p->paid[payer] += total->amount;
  if (payer >= 0) p->pays[payer] |= total->payments > 0;
}

/* Reads one account after another, some thousand accounts in one query: so a supplier's lines of
 * the year and their reversals come together. */
enum status payments_largest(struct scope *s, struct largest *out, struct error *err) {
  enum { TOGETHER = 2000 };
  struct body_account *accounts = NULL;
  int64_t ids[TOGETHER];
  size_t all = 0;
  struct loaded_lines loaded_line = {0};
  struct loaded_line **lines = NULL;
  size_t capacity = 0;
  day_t first = year_first_day(YEAR_FINANCIAL, s->request->year),
        last = year_last_day(YEAR_FINANCIAL, s->request->year);
  enum status status = book_accounts_in_role(s->store, s->arena, ROLE_PAYMENTS, &accounts, &all,
                                             err);
  for (size_t at = 0; status == DONE && at < all; at += TOGETHER) {
    const size_t count = all - at < TOGETHER ? all - at : TOGETHER;
    for (size_t i = 0; i < count; i++) ids[i] = accounts[at + i].account;
    status = figures_load(&loaded_line, s->store, &s->reading, ids, count, first, last, err);
    if (status != DONE) break;
    array_reserve(lines, capacity, loaded_line.count + 1);
    for (size_t i = 0; i < loaded_line.count; i++) lines[i] = &loaded_line.all[i];
    for (size_t i = 0; i < count; i++)
      figures_cancel(lines + loaded_line.first[i], loaded_line.first[i + 1] - loaded_line.first[i]);
    for (size_t i = 0; i < loaded_line.count; i++) {
      const struct loaded_line *line = lines[i];
      if (!line->cancelled && belongs(s, line->place, line->body))
        largest_add(out, line->entry, line->line_no, line->amount);
    }
  }
  figures_release(&loaded_line);
  free(lines);
  return status;
}

/* ---- budgets ---- */

struct budget_line {
  struct budget_row row;
  int64_t entry, reverses_entry;
  int32_t line_no, reverses_line_no;
  bool gone;
};

static const char *keep(struct scope *s, struct span text) {
  return text.size ? arena_copy(s->arena, text.bytes, text.size) : "";
}

static void read_budget_line(struct scope *s, const struct streams *streams,
                             const struct line *line, int64_t owner, struct budget_line *out) {
  struct line_labels labels;
  int body = body_index(s, owner);
  line_labels(streams, line, owner, &labels);
  *out = (struct budget_line){.entry = line->entry,
                              .line_no = line->line_no,
                              .reverses_entry = line->reverses_entry,
                              .reverses_line_no = line->reverses_line_no};
  out->row = (struct budget_row){.body_id = owner,
                                 .body = body < 0 ? "" : s->bodies->all[body].code,
                                 .name = body < 0 ? "" : s->bodies->all[body].name,
                                 .stream = keep(s, labels.stream),
                                 .conditions = keep(s, labels.condition),
                                 .of = labels.of,
                                 .category = line->category,
                                 .amount = line->amount};
}

static int compare_budgets(const struct budget_row *x, const struct budget_row *y) {
  int order = strcmp(x->body, y->body);
  if (order == 0) order = strcmp(x->stream, y->stream);
  if (order == 0) order = strcmp(x->of ? x->of->code : "", y->of ? y->of->code : "");
  return order ? order : (x->category > y->category) - (x->category < y->category);
}

/* Lines of one row in the order in which they were posted. */
static int compare_budget_lines(const void *a, const void *b) {
  const struct budget_line *x = a, *y = b;
  int order = compare_budgets(&x->row, &y->row);
  if (order == 0) order = (x->entry > y->entry) - (x->entry < y->entry);
  return order ? order : (x->line_no > y->line_no) - (x->line_no < y->line_no);
}

/* Whether these are among the conditions of the row, which are joined by semicolons. */
static bool has_conditions(const char *all, const char *one) {
  const size_t size = strlen(one);
  for (const char *at = all; (at = strstr(at, one)); at++) {
    const bool begins = at == all || (at - all >= 2 && memcmp(at - 2, "; ", 2) == 0);
    if (begins && (!at[size] || strncmp(at + size, "; ", 2) == 0)) return true;
  }
  return false;
}

static void add_conditions(struct scope *s, struct budget_row *row, const char *more) {
  if (!*more || has_conditions(row->conditions, more)) return;
  row->conditions = *row->conditions ? arena_printf(s->arena, "%s; %s", row->conditions, more)
                                     : more;
}

/* What the stream's own conditions say joins those of the lines. */
static void end_budget(struct scope *s, struct budget_row *row) {
  for (int i = 0; row->of && i < row->of->condition_count; i++)
    add_conditions(s, row, row->of->conditions[i].words);
}

/* Leaves out reversed lines and their reversals; budgets are few. */
static void keep_budget(struct scope *s, struct budget_line *all, size_t count,
                        struct payments *p) {
  for (size_t i = count; i-- > 0;)
    for (size_t k = 0; k < count && all[i].reverses_entry && !all[i].gone; k++)
      if (!all[k].gone && all[k].entry == all[i].reverses_entry &&
          all[k].line_no == all[i].reverses_line_no)
        all[i].gone = all[k].gone = true;
  array_sort(all, count, compare_budget_lines);
  p->budget = arena_array(s->arena, struct budget_row, count + 1);
  for (size_t i = 0; i < count; i++) {
    if (all[i].gone) continue;
    struct budget_row *last = p->budget_count ? &p->budget[p->budget_count - 1] : NULL;
    if (last && compare_budgets(last, &all[i].row) == 0) {
      last->amount += all[i].row.amount;
      add_conditions(s, last, all[i].row.conditions);
    } else p->budget[p->budget_count++] = all[i].row;
    p->budget_total += all[i].row.amount;
    p->budgeted[scope_row(s, all[i].row.category, all[i].row.body_id)] += all[i].row.amount;
    largest_add(&p->largest_budget, all[i].entry, all[i].line_no, (int64_t)all[i].row.amount);
  }
  for (int i = 0; i < p->budget_count; i++) end_budget(s, &p->budget[i]);
}

static enum status gather_budget(struct scope *s, struct payments *p, struct error *err) {
  struct body_account *accounts = NULL;
  int64_t *ids = NULL;
  struct budget_line *all = NULL;
  size_t count = 0, capacity = 0, at = 0, account_count = 0;
  struct line_cursor *lines = NULL;
  const struct line *line = NULL;
  struct streams *streams = NULL;
  day_t day = year_first_day(YEAR_FINANCIAL, s->request->year),
        last = year_last_day(YEAR_FINANCIAL, s->request->year);
  enum status status = book_accounts_in_role(s->store, s->arena, ROLE_BUDGET, &accounts,
                                             &account_count, err);
  if (status != DONE) return status;
  ids = arena_array(s->arena, int64_t, account_count + 1);
  for (size_t i = 0; i < account_count; i++) ids[i] = accounts[i].account;
  if (status == DONE) status = streams_read(s->store, s->arena, &streams, err);
  if (status == DONE)
    status = lines_open(&lines, s->store, &s->reading, ids, account_count, day, last, err);
  while (status == DONE && (status = lines_next(lines, &line, err)) == DONE && line) {
    while (ids[at] != line->account) at++;
    if (!belongs(s, line->place, accounts[at].body)) continue;
    array_reserve(all, capacity, count + 1);
    read_budget_line(s, streams, line, accounts[at].body, &all[count++]);
  }
  lines_close(lines);
  if (status == DONE) keep_budget(s, all, count, p);
  free(all);
  return status;
}

enum status gather_payments(struct scope *s, struct payments *out, struct error *err) {
  *out = (struct payments){.scope = s};
  out->rows = arena_array(s->arena, struct spend_row, s->row_count);
  out->budgeted = arena_array(s->arena, wide_t, s->row_count);
  out->paid = arena_array(s->arena, wide_t, s->bodies->count + 1);
  out->pays = arena_array(s->arena, bool, s->bodies->count + 1);
  enum status status = payment_totals_read(s->store, PAYMENTS_BY_CATEGORY, s->request->year,
                                           add_payments, out, err);
  return status == DONE ? gather_budget(s, out, err) : status;
}
