/* Exports posted lines, one row each: entries from the accounts of people, spend from those of
 * suppliers, budgets from the streams of bodies. Reversed rows and their reversals are both left
 * out; so an export posted into another book gives the same balances. Accounts are read in blocks
 * (lines_open takes them sorted); each account's lines are written into a buffer first, since a
 * later line may reverse an earlier one. */
#include "base/refusal.h"
#include "exchange/columns.h"
#include "exchange/export.h"
#include "exchange/row_writer.h"
#include "exchange/subject_lines.h"

#include "book/book.h"
#include "book/streams.h"
#include "register/register.h"

enum { BLOCK_OWNERS = 2048 };

/* An account to export. `owner` gives its place in the output: an index into people or bodies. */
struct wanted {
  int64_t account;
  int owner, word; /* word: of a person's own lines, an index into account_words */
};

struct written {
  int64_t entry, reverses_entry;
  int32_t line_no, reverses_line_no;
  size_t from, to;
  bool out;
};

struct line_export;
typedef void write_line(struct line_export *x, const struct line *line, int owner);

struct line_export {
  struct store *store;
  struct arena *arena;
  struct row_writer writer;
  struct reading reading;
  write_line *write;
  struct codes *codes;
  struct places *places;
  struct bodies *bodies;
  struct people *people;                 /* entries only */
  struct streams *streams;               /* spend and budget */
  const struct pack_category **category; /* by category id; entries only */
  struct wanted *wanted;
  int wanted_count, wanted_capacity;
  struct text lines; /* of one account */
  struct written *written;
  size_t written_count, written_capacity;
  /* lines of the account that reverse another */
  int64_t reversing;
  /* for a block whose accounts are not in the order of their owners */
  struct text block;
  struct line_run {
    int owner;
    int64_t account;
    size_t from, size;
  } * runs;
  size_t run_count, run_capacity;
  struct subject_lines *subject;    /* null: everybody's, without what was reversed */
  const char *const *account_words; /* of `subject`: role and unit, by place in `wanted` */
  int entry_capacity;
};

static struct span written_text(struct line_export *x, struct span text) {
  if (x->subject) x->subject->withheld += held_withhold(x->subject->subject, &text);
  return text;
}

static const char *category_code(const struct line_export *x, int32_t category) {
  return category >= 1 && category <= x->codes->category_max ? x->codes->category_code[category]
                                                             : NULL;
}

static const char *body_code(const struct line_export *x, int64_t id) {
  const struct body *b = id ? bodies_by_id(x->bodies, id) : NULL;
  return b ? b->code : NULL;
}

static const char *place_code(const struct line_export *x, int64_t id) {
  int index = id ? places_by_id(x->places, id) : PLACE_NONE;
  return index == PLACE_NONE ? NULL : x->places->all[index].code;
}

/* ---- one account ---- */

static int written_by_entry(const void *a, const void *b) {
  const struct written *x = a, *y = b;
  if (x->entry != y->entry) return x->entry < y->entry ? -1 : 1;
  return x->line_no < y->line_no ? -1 : x->line_no > y->line_no;
}

static int written_by_text(const void *a, const void *b) {
  const struct written *x = a, *y = b;
  return x->from < y->from ? -1 : x->from > y->from;
}

/* Removes reversed rows and their reversals, the latest first: if a reversal was itself reversed,
 * the first row is kept. */
static void take_out_reversed(struct line_export *x) {
  array_sort(x->written, x->written_count, written_by_entry);
  for (size_t i = x->written_count; i-- > 0;) {
    struct written *w = &x->written[i];
    if (w->out || !w->reverses_entry) continue;
    struct written key = {.entry = w->reverses_entry, .line_no = w->reverses_line_no};
    struct written *undone = array_find(&key, x->written, x->written_count, written_by_entry);
    if (!undone) continue;
    w->out = undone->out = true;
  }
  array_sort(x->written, x->written_count, written_by_text);
}

/* The last column of a person's own lines says whether a line was reversed, which only its later
 * lines tell. */
static void subject_end(struct line_export *x, struct text *to) {
  take_out_reversed(x);
  for (size_t i = 0; i < x->written_count; i++) {
    const struct written *w = &x->written[i];
    text_add_bytes(to, x->lines.bytes + w->from, w->to - w->from);
    x->writer.to = to;
    x->writer.column = x->writer.count - 1;
    row_string(&x->writer, w->out ? "yes" : NULL);
    row_end(&x->writer);
  }
  x->subject->rows += (int64_t)x->written_count;
}

static void account_end(struct line_export *x, struct text *to) {
  if (x->subject) subject_end(x, to);
  else if (!x->reversing) text_add_bytes(to, x->lines.bytes ? x->lines.bytes : "", x->lines.size);
  else {
    take_out_reversed(x);
    for (size_t i = 0; i < x->written_count; i++)
      if (!x->written[i].out)
        text_add_bytes(to, x->lines.bytes + x->written[i].from,
                       x->written[i].to - x->written[i].from);
  }
  text_clear(&x->lines);
  x->written_count = 0;
  x->reversing = 0;
}

static void row_integer(struct row_writer *w, int64_t value) {
  row_plain_begin(w);
  text_add_int(w->to, value);
  row_plain_end(w);
}

static void row_line(struct row_writer *w, int64_t entry, int32_t line_no) {
  char number[40];
  if (!entry) {
    row_empty(w);
    return;
  }
  snprintf(number, sizeof number, "%lld:%d", (long long)entry, line_no);
  row_plain_begin(w);
  text_add(w->to, number);
  row_plain_end(w);
}

/* All but the last of the columns that only a person's own lines have. */
static void subject_line(struct line_export *x, const struct line *line) {
  struct subject_lines *s = x->subject;
  const struct wanted *wanted = x->wanted;
  while (wanted->account != line->account) wanted++;
  row_line(&x->writer, line->entry, line->line_no);
  row_string(&x->writer, x->account_words[wanted->word]);
  row_integer(&x->writer, line->amount);
  if (line->cost_year) row_integer(&x->writer, line->cost_year);
  else row_empty(&x->writer);
  row_text(&x->writer, line->department);
  row_text(&x->writer, line->stream);
  row_text(&x->writer, line->condition);
  row_line(&x->writer, line->reverses_entry, line->reverses_line_no);
  arena_reserve(x->arena, s->entries, x->entry_capacity, s->entry_count + 1);
  s->entries[s->entry_count++] = line->entry;
}

static void account_line(struct line_export *x, const struct line *line, int owner) {
  array_reserve(x->written, x->written_capacity, x->written_count + 1);
  struct written *w = &x->written[x->written_count++];
  *w = (struct written){line->entry,   line->reverses_entry,
                        line->line_no, line->reverses_line_no,
                        x->lines.size, 0,
                        false};
  if (line->reverses_entry) x->reversing++;
  row_begin(&x->writer, &x->lines);
  x->write(x, line, owner);
  if (x->subject) subject_line(x, line);
  else row_end(&x->writer);
  w->to = x->lines.size;
}

/* ---- a block of accounts ---- */

static int wanted_compare(const void *a, const void *b) {
  const struct wanted *x = a, *y = b;
  return x->account < y->account ? -1 : x->account > y->account;
}

static int run_compare(const void *a, const void *b) {
  const struct line_run *x = a, *y = b;
  if (x->owner != y->owner) return x->owner < y->owner ? -1 : 1;
  return x->account < y->account ? -1 : x->account > y->account;
}

static enum status account_done(struct line_export *x, const struct wanted *account, bool in_order,
                                struct error *err) {
  if (x->written_count == 0) return DONE;
  if (in_order) {
    account_end(x, x->writer.out);
    return row_flush(&x->writer, false, err);
  }
  array_reserve(x->runs, x->run_capacity, x->run_count + 1);
  struct line_run *run = &x->runs[x->run_count++];
  *run = (struct line_run){account->owner, account->account, x->block.size, 0};
  account_end(x, &x->block);
  run->size = x->block.size - run->from;
  return DONE;
}

static enum status block_lines(struct line_export *x, bool in_order, struct error *err) {
  int64_t *accounts = memory_alloc(sizeof *accounts * (size_t)x->wanted_count);
  for (int i = 0; i < x->wanted_count; i++) accounts[i] = x->wanted[i].account;
  struct line_cursor *lines = NULL;
  enum status status = lines_open(&lines, x->store, &x->reading, accounts, (size_t)x->wanted_count,
                                  DAY_FIRST, DAY_LAST, err);
  const struct line *line;
  int at = 0;
  while (status == DONE && (status = lines_next(lines, &line, err)) == DONE && line) {
    while (x->wanted[at].account != line->account) {
      if ((status = account_done(x, &x->wanted[at], in_order, err)) != DONE) break;
      at++;
    }
    if (status == DONE) account_line(x, line, x->wanted[at].owner);
  }
  if (status == DONE) status = account_done(x, &x->wanted[at], in_order, err);
  lines_close(lines);
  free(accounts);
  return status;
}

static enum status block_end(struct line_export *x, struct error *err) {
  if (x->wanted_count == 0) return DONE;
  array_sort(x->wanted, x->wanted_count, wanted_compare);
  /* ids were given in order of code: the block can be written as it is read */
  bool in_order = true;
  for (int i = 1; i < x->wanted_count && in_order; i++)
    in_order = x->wanted[i - 1].owner <= x->wanted[i].owner;
  enum status status = block_lines(x, in_order, err);
  array_sort(x->runs, x->run_count, run_compare);
  for (size_t r = 0; r < x->run_count && status == DONE; r++) {
    text_add_bytes(x->writer.out, x->block.bytes + x->runs[r].from, x->runs[r].size);
    status = row_flush(&x->writer, false, err);
  }
  text_clear(&x->block);
  x->run_count = 0;
  x->wanted_count = 0;
  return status;
}

static void want(struct line_export *x, int64_t account, int owner) {
  array_reserve(x->wanted, x->wanted_capacity, x->wanted_count + 1);
  x->wanted[x->wanted_count++] = (struct wanted){.account = account, .owner = owner};
}

/* ---- a kind ---- */

static enum status lines_read_codes(struct line_export *x, struct error *err) {
  enum status status = book_reading(x->store, x->arena, &x->reading, err);
  if (status == DONE) status = book_codes(x->store, x->arena, &x->codes, err);
  if (status == DONE) status = register_places(x->store, x->arena, &x->places, err);
  if (status == DONE) status = register_bodies(x->store, x->arena, &x->bodies, err);
  row_head(&x->writer);
  return status;
}

static enum status lines_begin(struct line_export *x, struct error *err) {
  x->arena = arena_new();
  enum status status = store_begin(x->store, STORE_READ, err);
  return status == DONE ? lines_read_codes(x, err) : status;
}

static void lines_release(struct line_export *x) {
  text_release(&x->lines);
  text_release(&x->block);
  free(x->written);
  free(x->wanted);
  free(x->runs);
}

static enum status lines_end(struct line_export *x, enum status status, struct error *err) {
  if (status == DONE) status = block_end(x, err);
  if (status == DONE) status = row_flush(&x->writer, true, err);
  store_rollback(x->store);
  lines_release(x);
  arena_free(x->arena);
  return status;
}

/* ---- entries ---- */

/* Files have no sign: the category's side says who pays whom, so an amount that the citizen paid is
 * written without its minus. */
static void write_entry(struct line_export *x, const struct line *line, int owner) {
  struct row_writer *w = &x->writer;
  const struct pack_category *category = line->category >= 1 &&
                                                 line->category <= x->codes->category_max
                                             ? x->category[line->category]
                                             : NULL;
  enum pack_side side = category ? category->side : SIDE_TRANSFER;
  const struct book_service *service = line->service >= 1 &&
                                               line->service <= x->codes->service_count
                                           ? &x->codes->services[line->service - 1]
                                           : NULL;
  row_day(w, line->day);
  row_string(w, x->people->all[owner].code);
  row_string(w, category_code(x, line->category));
  if (side == SIDE_GIVEN) {
    row_empty(w);
    row_plain_begin(w);
    text_add_int(w->to, -line->amount);
    row_plain_end(w);
    row_string(w, UNIT_MINUTES);
  } else if (category && category->shown == SHOWN_HOLDINGS) {
    row_empty(w);
    row_plain_begin(w);
    text_add_decimal(w->to, side == SIDE_CONTRIBUTION ? -line->amount : line->amount,
                     units_find(x->codes->units, span_of(category->unit->code))->scale);
    row_plain_end(w);
    row_string(w, category->unit->code);
  } else if (line->has_quantity) {
    /* what was paid for a service; one that its unit cost valued is valued again */
    if (line->amount && !line->cost_year) row_money(w, line->amount);
    else row_empty(w);
    row_plain_begin(w);
    text_add_quantity(w->to, line->quantity);
    row_plain_end(w);
    row_string(w, service ? service->unit : NULL);
  } else {
    row_money(w, side == SIDE_CONTRIBUTION ? -line->amount : line->amount);
    row_empty(w);
    row_empty(w);
  }
  row_string(w, service ? service->code : NULL);
  row_string(w, body_code(x, line->body));
  row_string(w, place_code(x, line->place));
  row_text(w, written_text(x, line->reference));
  row_text(w, written_text(x, line->note));
  row_string(w, line->estimated ? "yes" : NULL);
}

/* Without the category's side the sign is unknown, so a pack without one of the book's categories
 * is refused, as in every view. */
static enum status chart_of_categories(struct line_export *x, const struct pack *pack,
                                       struct error *err) {
  x->category = arena_array(x->arena, const struct pack_category *, x->codes->category_max + 1);
  for (int64_t id = 1; id <= x->codes->category_max; id++) {
    const char *code = x->codes->category_code[id];
    const struct pack_category *category = code ? pack_find_category(pack, span_of(code)) : NULL;
    if (code && !category) return refuse(err, CATEGORY_NOT_IN_PACK, code, pack->dir);
    if (category && !units_find(x->codes->units, span_of(category->unit->code)))
      return refuse(err, UNIT_NOT_IN_BOOK, category->unit->code, pack->dir, code);
    x->category[id] = category;
  }
  return DONE;
}

/* Accounts come sorted by owner; people in order of code. */
static int first_account(const struct account *accounts, int count, int64_t owner) {
  int low = 0, high = count;
  while (low < high) {
    int middle = low + (high - low) / 2;
    if (accounts[middle].owner < owner) low = middle + 1;
    else high = middle;
  }
  return low;
}

EXPORT(export_entries) {
  struct line_export x = {.store = store,
                          .write = write_entry,
                          .writer = {.out = out,
                                     .json = form == EXPORT_JSON,
                                     .raw = form == EXPORT_RAW,
                                     .flush = flush,
                                     .context = context,
                                     .columns = entries_columns,
                                     .count = ENTRIES_COLUMNS}};
  struct account *accounts = NULL;
  int count = 0;
  enum status status = lines_begin(&x, err);
  if (status == DONE) status = register_people(store, x.arena, &x.people, err);
  if (status == DONE)
    status = book_accounts_all(store, x.arena, OWNER_PERSON, &accounts, &count, err);
  if (status == DONE) status = chart_of_categories(&x, pack, err);
  for (int p = 0; status == DONE && p < x.people->count; p++) {
    int64_t owner = x.people->all[p].id;
    for (int a = first_account(accounts, count, owner); a < count && accounts[a].owner == owner;
         a++)
      if (roles_is(x.codes->roles, span_of(accounts[a].role), ROLE_ENTRIES))
        want(&x, accounts[a].id, p);
    if ((p + 1) % BLOCK_OWNERS == 0) status = block_end(&x, err);
  }
  return lines_end(&x, status, err);
}

/* ---- one person's own ---- */

static const char *const subject_columns[] = {"x_line",      "x_account",    "x_amount",
                                              "x_cost_year", "x_department", "x_stream",
                                              "x_condition", "x_reverses",   "x_reversed"};
enum { SUBJECT_COLUMNS = sizeof subject_columns / sizeof *subject_columns };

static void sort_entries(struct subject_lines *lines) {
  int kept = 0;
  array_sort(lines->entries, lines->entry_count, int64_compare);
  for (int i = 0; i < lines->entry_count; i++)
    if (!kept || lines->entries[kept - 1] != lines->entries[i])
      lines->entries[kept++] = lines->entries[i];
  lines->entry_count = kept;
}

/* `people`: the records of the subject alone, so that write_entry finds their codes. */
static enum status want_accounts(struct line_export *x, struct people *people, struct error *err) {
  const struct held *s = x->subject->subject;
  struct account *accounts = NULL;
  int count = 0;
  *people = (struct people){.all = arena_array(x->arena, struct person, s->record_count),
                            .count = s->record_count};
  for (int i = 0; i < s->record_count; i++)
    people->all[i] = (struct person){.id = s->records[i], .code = s->codes[i]};
  x->people = people;
  enum status status = book_accounts_of(x->store, x->arena, OWNER_PERSON, s->records,
                                        s->record_count, &accounts, &count, err);
  const char **words = arena_array(x->arena, const char *, count + 1);
  x->account_words = words;
  for (int i = 0; status == DONE && i < count; i++) {
    int owner = 0;
    while (s->records[owner] != accounts[i].owner) owner++;
    words[i] = arena_printf(x->arena, "%s %s", accounts[i].role, accounts[i].unit);
    want(x, accounts[i].id, owner);
    x->wanted[x->wanted_count - 1].word = i;
  }
  return status;
}

static enum status take_rows(void *context, struct text *out) {
  struct subject_lines *lines = context;
  text_add_bytes(lines->out, out->bytes, out->size);
  return DONE;
}

enum status export_subject_lines(struct store *store, const struct pack *pack, struct arena *arena,
                                 struct subject_lines *lines, struct error *err) {
  struct table_column columns[ENTRIES_COLUMNS + SUBJECT_COLUMNS];
  struct people people;
  struct text rows = {0};
  memcpy(columns, entries_columns, sizeof entries_columns);
  for (int c = 0; c < SUBJECT_COLUMNS; c++)
    columns[ENTRIES_COLUMNS + c] = (struct table_column){.name = subject_columns[c]};
  struct line_export x = {.store = store,
                          .arena = arena,
                          .subject = lines,
                          .write = write_entry,
                          .writer = {.out = &rows,
                                     .json = lines->json,
                                     .flush = take_rows,
                                     .context = lines,
                                     .columns = columns,
                                     .count = ENTRIES_COLUMNS + SUBJECT_COLUMNS}};
  enum status status = lines_read_codes(&x, err);
  if (status == DONE) status = want_accounts(&x, &people, err);
  if (status == DONE) status = chart_of_categories(&x, pack, err);
  if (status == DONE) status = block_end(&x, err);
  if (status == DONE) status = row_flush(&x.writer, true, err);
  if (status == DONE) sort_entries(lines);
  text_release(&rows);
  lines_release(&x);
  return status;
}

/* ---- spend and budget ---- */

static void write_payment(struct line_export *x, const struct line *line, int owner) {
  struct row_writer *w = &x->writer;
  struct line_labels labels;
  line_labels(x->streams, line, 0, &labels);
  row_day(w, line->day);
  row_string(w, body_code(x, line->body));
  row_string(w, x->bodies->all[owner].name);
  row_money(w, line->amount);
  row_string(w, category_code(x, line->category));
  row_text(w, labels.department);
  row_text(w, labels.description);
  row_text(w, line->reference);
  row_string(w, place_code(x, line->place));
}

static void write_allocation(struct line_export *x, const struct line *line, int owner) {
  struct row_writer *w = &x->writer;
  struct line_labels labels;
  char year[8];
  const int64_t body = x->bodies->all[owner].id;
  line_labels(x->streams, line, body, &labels);
  /* the name, unless an import would find another stream by it */
  const bool leads_back = !labels.of || streams_named(x->streams, body, labels.stream) == labels.of;
  row_string(w, year_write(year_of_day(YEAR_FINANCIAL, line->day), year));
  row_string(w, x->bodies->all[owner].code);
  row_text(w, leads_back ? labels.stream : line->stream);
  row_string(w, category_code(x, line->category));
  row_money(w, line->amount);
  row_text(w, labels.condition);
}

static enum status export_bodies_accounts(struct line_export *x, enum role_use use,
                                          struct error *err) {
  struct account *accounts = NULL;
  int count = 0;
  enum status status = lines_begin(x, err);
  if (status == DONE)
    status = book_accounts_all(x->store, x->arena, OWNER_BODY, &accounts, &count, err);
  if (status == DONE) status = streams_read(x->store, x->arena, &x->streams, err);
  for (int a = 0; status == DONE && a < count; a++) {
    const struct body *body = bodies_by_id(x->bodies, accounts[a].owner);
    if (!body || !roles_is(x->codes->roles, span_of(accounts[a].role), use)) continue;
    want(x, accounts[a].id, (int)(body - x->bodies->all));
    if (x->wanted_count == BLOCK_OWNERS) status = block_end(x, err);
  }
  return lines_end(x, status, err);
}

EXPORT(export_spend) {
  (void)pack;
  struct line_export x = {.store = store,
                          .write = write_payment,
                          .writer = {.out = out,
                                     .json = form == EXPORT_JSON,
                                     .raw = form == EXPORT_RAW,
                                     .flush = flush,
                                     .context = context,
                                     .columns = spend_columns,
                                     .count = SPEND_COLUMNS}};
  return export_bodies_accounts(&x, ROLE_PAYMENTS, err);
}

EXPORT(export_budget) {
  (void)pack;
  struct line_export x = {.store = store,
                          .write = write_allocation,
                          .writer = {.out = out,
                                     .json = form == EXPORT_JSON,
                                     .raw = form == EXPORT_RAW,
                                     .flush = flush,
                                     .context = context,
                                     .columns = budget_columns,
                                     .count = BUDGET_COLUMNS}};
  return export_bodies_accounts(&x, ROLE_BUDGET, err);
}
