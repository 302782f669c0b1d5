/* One thread reads the file and finds its fields; two take blocks of rows, look everything up, value services and give the rows to the book. What a row
 * may say is in docs/reference/files.md. */
#include "exchange/import_entries.h"

#include "base/money.h"
#include "base/queue.h"
#include "book/bulk.h"
#include "register/register.h"

#include <assert.h>
#include <pthread.h>

enum { DATE, PERSON, CATEGORY, AMOUNT, QUANTITY, UNIT, SERVICE, BODY, PLACE, REFERENCE, NOTE, ESTIMATED };

const struct table_column entries_columns[ENTRIES_COLUMNS] = {
    [DATE] = {"date", true}, [PERSON] = {"person", true}, [CATEGORY] = {"category", true}, [AMOUNT] = {"amount", false},
    [QUANTITY] = {"quantity", false}, [UNIT] = {"unit", false}, [SERVICE] = {"service", false}, [BODY] = {"body", false},
    [PLACE] = {"place", false}, [REFERENCE] = {"reference", false}, [NOTE] = {"note", false}, [ESTIMATED] = {"estimated", false}};

enum {
  BLOCKS_WAITING = 8,
  CATEGORY_SLOTS = 4096,
  PEOPLE_AHEAD = 8 /* 56 ns a look-up against 114: of a million people each is a cache miss */
};

/* A category as a row needs it. */
struct entry_category {
  const struct pack_category *pack;
  int64_t id;
  int64_t only_service; /* the one service it has; 0: none or several */
  int service_count;
};

/* What both threads read and neither writes. */
struct entries {
  const struct import_call *call;
  struct bulk *bulk;
  struct codes *codes;
  struct directory *people;
  struct bodies *bodies;
  struct places *places;
  struct entry_category *slots[CATEGORY_SLOTS]; /* by hash of the code, open addressing */
  struct queue *blocks;
  const char *path;
  int file;
  int64_t gross; /* of the files read so far */
};

struct worker {
  struct entries *e;
  int lane;
  int64_t posted, amount;
  int64_t gross, gross_max; /* of what was given to the book, without signs; more than the call may still hold is refused */
  enum status status;
  struct error err;
  /* The last body and its control accounts: files come in stretches of one body. */
  const struct body *body;
  int64_t control[UNIT_COUNT];
  bool control_known;
};

/* ---- looking up ---- */

static struct entry_category *find_category(const struct entries *e, struct span code) {
  size_t at = (size_t)span_hash(code) % CATEGORY_SLOTS;
  while (e->slots[at] && !span_is(code, e->slots[at]->pack->code)) at = (at + 1) % CATEGORY_SLOTS;
  return e->slots[at];
}

static void index_categories(struct entries *e) {
  const struct pack *pack = e->call->pack;
  struct entry_category *all = arena_array(e->call->arena, struct entry_category, pack->category_count + 1);
  assert(pack->category_count < CATEGORY_SLOTS / 2);
  for (int i = 0; i < pack->category_count; i++) {
    struct entry_category *c = &all[i];
    c->pack = &pack->categories[i];
    c->id = codes_category(e->codes, span_of(c->pack->code));
    for (int s = 0; s < e->codes->service_count; s++) {
      const struct book_service *service = &e->codes->services[s];
      if (!service->id || service->category != c->id) continue;
      c->only_service = service->id;
      c->service_count++;
    }
    if (c->service_count != 1) c->only_service = 0;
    size_t at = (size_t)span_hash(span_of(c->pack->code)) % CATEGORY_SLOTS;
    while (e->slots[at]) at = (at + 1) % CATEGORY_SLOTS;
    e->slots[at] = c;
  }
}

/* ---- one row ---- */

struct row {
  const struct table_rows *rows;
  size_t r;
  struct span field[ENTRIES_COLUMNS];
  const struct directory_person *person;
  const struct entry_category *category;
  struct bulk_row out;
};

static enum status refuse(struct error *err, int column, const char *message) {
  error_set(err, REFUSED, "%s", message);
  return error_at(err, NULL, 0, entries_columns[column].name);
}

static enum status read_person(struct worker *w, struct row *row, struct error *err) {
  const char *reason = NULL;
  struct span reference = row->field[PERSON];
  row->person = directory_person(w->e->people, reference, &reason);
  if (row->person) return DONE;
  if (!reference.size) error_set(err, REFUSED, "is empty; write the person's id, or SCHEME:VALUE");
  else if (reason) error_set(err, REFUSED, "'" SPAN_FORMAT "': %s", SPAN(reference), reason);
  else error_set(err, REFUSED, "no person '" SPAN_FORMAT "' is registered; import people first, or correct it", SPAN(reference));
  return error_at(err, NULL, 0, "person");
}

/* The category whose code or name this is, but for capitals and for blanks in the place of dashes: `Income Tax`. Null when there is none. */
static const struct entry_category *meant_category(const struct entries *e, struct span typed) {
  char code[64];
  if (!typed.size || typed.size >= sizeof code) return NULL;
  for (size_t i = 0; i < typed.size; i++) {
    char c = typed.bytes[i];
    code[i] = c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c == ' ' || c == '_' ? '-' : c;
  }
  const struct entry_category *found = find_category(e, span_make(code, typed.size));
  const struct pack *pack = e->call->pack;
  for (int i = 0; !found && i < pack->category_count; i++) /* not the slots: a file may be wrong in every row */
    if (span_is(typed, pack->categories[i].name[ENGLISH])) found = find_category(e, span_of(pack->categories[i].code));
  return found && found->id ? found : NULL;
}

static enum status read_category(struct worker *w, struct row *row, struct error *err) {
  struct span code = row->field[CATEGORY];
  row->category = find_category(w->e, code);
  if (row->category && row->category->id) return DONE;
  const struct entry_category *meant = meant_category(w->e, code);
  if (meant) error_set(err, REFUSED, "'" SPAN_FORMAT "' is not a category; write %s", SPAN(code), meant->pack->code);
  else error_set(err, REFUSED, "'" SPAN_FORMAT "' is not a category; the policy pack's categories.csv lists them", SPAN(code));
  return error_at(err, NULL, 0, "category");
}

static enum status read_amount(struct row *row, struct error *err) {
  struct line *line = &row->out.fields;
  int64_t pence = 0;
  if (row->field[UNIT].size && !span_is(row->field[UNIT], "pence") && !span_is(row->field[UNIT], "GBP")) return refuse(err, UNIT, "an amount of money has no unit; leave it empty");
  if (row->field[SERVICE].size) return refuse(err, SERVICE, "an amount of money is of no service; leave it empty");
  enum status status = money_parse(row->field[AMOUNT], &pence, err);
  if (status != DONE) return error_at(err, NULL, 0, "amount");
  if (pence == INT64_MIN) return refuse(err, AMOUNT, "is too large");
  line->amount = row->category->pack->side == SIDE_CONTRIBUTION ? -pence : pence;
  return DONE;
}

static enum status read_minutes(struct row *row, struct error *err) {
  int64_t minutes = 0;
  if (!span_is(row->field[UNIT], "minutes")) return refuse(err, UNIT, "time given is in minutes; write minutes");
  if (row->field[SERVICE].size) return refuse(err, SERVICE, "time given is of no service; leave it empty");
  enum status status = minutes_parse(row->field[QUANTITY], &minutes, err);
  if (status != DONE) return error_at(err, NULL, 0, "quantity");
  row->out.fields.amount = -minutes;
  return DONE;
}

static enum status find_service(struct worker *w, struct row *row, const struct book_service **out, struct error *err) {
  const struct codes *codes = w->e->codes;
  struct span code = row->field[SERVICE];
  *out = NULL;
  if (code.size) *out = codes_service(codes, code);
  else if (row->category->only_service) *out = &codes->services[row->category->only_service - 1];
  if (!*out && code.size) error_set(err, REFUSED, "no service '" SPAN_FORMAT "' is known; import services first, or correct it", SPAN(code));
  else if (!*out && row->category->service_count) error_set(err, REFUSED, "%s has %d services; say which", row->category->pack->code, row->category->service_count);
  else if (!*out) error_set(err, REFUSED, "%s has no service yet; import services first", row->category->pack->code);
  else if ((*out)->category != row->category->id)
    error_set(err, REFUSED, "service '%s' is of category %s", (*out)->code, codes->category_code[(*out)->category]);
  else return DONE;
  return error_at(err, NULL, 0, "service");
}

/* Valued when posted: quantity x unit cost, by the cost of the tax year of the day, else of the latest earlier one (estimated, with its year); without
 * one it is counted, not valued. */
static enum status read_service(struct worker *w, struct row *row, struct error *err) {
  struct line *line = &row->out.fields;
  const struct book_service *service = NULL;
  bool stale = false;
  enum status status = find_service(w, row, &service, err);
  if (status != DONE) return status;
  if (row->field[UNIT].size && !span_is(row->field[UNIT], service->unit)) {
    error_set(err, REFUSED, "service '%s' is counted in %s, not '" SPAN_FORMAT "'", service->code, service->unit, SPAN(row->field[UNIT]));
    return error_at(err, NULL, 0, "unit");
  }
  status = quantity_parse(row->field[QUANTITY], &line->quantity, err);
  if (status != DONE) return error_at(err, NULL, 0, "quantity");
  line->has_quantity = true;
  line->service = (int32_t)service->id;
  const struct book_cost *cost = codes_cost(w->e->codes, service->id, year_of_day(YEAR_TAX, line->day), &stale);
  if (!cost) return DONE;
  if (!money_scale(line->quantity, cost->pence, 1000, &line->amount)) return refuse(err, QUANTITY, "is too large: its value passes 64 bits");
  line->cost_year = cost->year;
  line->estimated = line->estimated || stale || cost->estimated;
  return DONE;
}

/* What the category takes, and only that. */
static enum status read_value(struct worker *w, struct row *row, struct error *err) {
  bool amount = row->field[AMOUNT].size > 0, quantity = row->field[QUANTITY].size > 0;
  const struct pack_category *c = row->category->pack;
  if (!amount && !quantity) return refuse(err, AMOUNT, "a row has an amount, a quantity of a service, or minutes given; this one has none");
  if (amount && quantity) return refuse(err, AMOUNT, "a row has an amount or a quantity, not both");
  if (c->side == SIDE_SERVICE || c->side == SIDE_GIVEN) {
    if (amount) {
      error_set(err, REFUSED, "%s takes %s, not an amount of money; write it in the column quantity", c->code, c->side == SIDE_GIVEN ? "minutes" : "a quantity of a service");
      return error_at(err, NULL, 0, "amount");
    }
    return c->side == SIDE_GIVEN ? read_minutes(row, err) : read_service(w, row, err);
  }
  if (quantity) {
    error_set(err, REFUSED, "%s takes an amount of money, not %s; write it in the column amount", c->code, span_is(row->field[UNIT], "minutes") ? "minutes" : "a quantity");
    return error_at(err, NULL, 0, "quantity");
  }
  return read_amount(row, err);
}

/* After a death only corrections and what was already owed (cash, contributions) are accepted. */
static enum status check_life(struct row *row, struct error *err) {
  day_t day = row->out.fields.day;
  char when[11];
  if (row->person->born != DAY_NONE && day < row->person->born) {
    error_set(err, REFUSED, "is before the person was born, on %s", day_write(row->person->born, when));
    return error_at(err, NULL, 0, "date");
  }
  if (row->person->died == DAY_NONE || day <= row->person->died) return DONE;
  enum pack_side side = row->category->pack->side;
  if (side != SIDE_SERVICE && side != SIDE_GIVEN) return DONE;
  error_set(err, REFUSED, "the person died on %s; after that only money that was owed, and corrections, are accepted", day_write(row->person->died, when));
  return error_at(err, NULL, 0, "date");
}

static enum status read_body_and_place(struct worker *w, struct row *row, struct error *err) {
  struct line *line = &row->out.fields;
  struct span body = row->field[BODY], place = row->field[PLACE];
  if (!body.size) {
    if (w->body) w->control_known = false;
    w->body = NULL;
  } else if (!w->body || !span_is(body, w->body->code)) {
    w->body = bodies_by_code(w->e->bodies, body);
    w->control_known = false;
    if (!w->body) {
      error_set(err, REFUSED, "no body '" SPAN_FORMAT "' is registered; import bodies first, or correct it (`weal export bodies` lists them)", SPAN(body));
      return error_at(err, NULL, 0, "body");
    }
  }
  line->body = w->body ? w->body->id : 0;
  if (!place.size) return DONE;
  int index = places_by_code(w->e->places, place);
  if (index == PLACE_NONE) {
    error_set(err, REFUSED, "no place '" SPAN_FORMAT "' is registered; import places first, or correct it", SPAN(place));
    return error_at(err, NULL, 0, "place");
  }
  line->place = w->e->places->all[index].id;
  return DONE;
}

static void find_accounts(struct worker *w, struct row *row) {
  enum pack_unit unit = row->category->pack->unit;
  if (!w->control_known) {
    for (int u = 0; u < UNIT_COUNT; u++) w->control[u] = 0;
    w->control_known = true;
  }
  if (!w->control[unit]) w->control[unit] = bulk_control(w->e->bulk, row->out.fields.body, pack_unit_word(unit));
  row->out.control = w->control[unit];
  row->out.account = bulk_person_account(w->e->bulk, row->person->id, pack_unit_word(unit));
}

static enum status read_row(struct worker *w, struct row *row, struct error *err) {
  struct line *line = &row->out.fields;
  const struct table_fault *fault = &row->rows->fault[row->r];
  if (fault->reason) {
    error_set(err, REFUSED, "%s", fault->reason);
    return error_at(err, NULL, 0, fault->column);
  }
  for (int c = 0; c < ENTRIES_COLUMNS; c++) row->field[c] = table_field(row->rows, row->r, c);
  row->out = (struct bulk_row){.file = w->e->file, .line = row->rows->line[row->r]};
  enum status status = day_parse(row->field[DATE], &line->day, err);
  if (status != DONE) return error_at(err, NULL, 0, "date");
  if ((status = read_person(w, row, err)) != DONE) return status;
  if ((status = read_category(w, row, err)) != DONE) return status;
  line->category = (int32_t)row->category->id;
  if (row->field[ESTIMATED].size && boolean_parse(row->field[ESTIMATED], &line->estimated, err) != DONE) return error_at(err, NULL, 0, "estimated");
  if ((status = read_value(w, row, err)) != DONE) return status;
  if ((status = check_life(row, err)) != DONE) return status;
  if ((status = read_body_and_place(w, row, err)) != DONE) return status;
  line->reference = row->field[REFERENCE];
  line->note = row->field[NOTE];
  find_accounts(w, row);
  assert(row->out.account); /* every person has both accounts from registration on */
  return DONE;
}

/* ---- the threads ---- */

static struct span value_at_fault(const struct row *row, const struct error *err) {
  for (int c = 0; c < ENTRIES_COLUMNS; c++)
    if (!row->rows->fault[row->r].reason && strcmp(err->column, entries_columns[c].name) == 0) return row->field[c];
  return span_make(NULL, 0);
}

static void reject_row(struct worker *w, const struct row *row, const struct error *err) {
  uint64_t line = row->rows->line[row->r];
  struct span value = value_at_fault(row, err);
  rejects_add(w->e->call->rejects, w->e->path, line, err->column, value, err->message);
  if (w->e->call->options.partial) {
    const char *column = "";
    for (int c = 0; c < ENTRIES_COLUMNS; c++)
      if (strcmp(err->column, entries_columns[c].name) == 0) column = entries_columns[c].name;
    bulk_reject(w->e->bulk, w->e->file, line, column, value, err->message);
  }
}

/* Amounts without their signs stay within 64 bits over a whole call, so that no sum of its lines, however grouped, can pass them. */
static enum status add_row(struct worker *w, const struct row *row, struct error *err) {
  int64_t amount = row->out.fields.amount, gross = amount < 0 ? -amount : amount;
  if (gross > w->gross_max - w->gross) {
    error_set(err, REFUSED, "with this row the amounts of the call pass 64 bits; one of them must be wrong");
    return error_at(err, NULL, 0, entries_columns[row->field[AMOUNT].size ? AMOUNT : QUANTITY].name);
  }
  w->gross += gross;
  if (row->category->pack->unit == UNIT_PENCE && !row->out.fields.has_quantity) w->amount += row->category->pack->side == SIDE_CONTRIBUTION ? -amount : amount;
  return bulk_add(w->e->bulk, w->lane, &row->out, err);
}

static void *work(void *context) {
  struct worker *w = context;
  struct row row = {0};
  for (struct table_rows *rows; (rows = queue_take(w->e->blocks));) {
    row.rows = rows;
    for (row.r = 0; w->status == DONE && row.r < rows->count; row.r++) {
      struct error err = {0};
      if (row.r + PEOPLE_AHEAD < rows->count) directory_expect(w->e->people, table_field(rows, row.r + PEOPLE_AHEAD, PERSON));
      if (read_row(w, &row, &err) != DONE) {
        reject_row(w, &row, &err);
        continue;
      }
      w->status = add_row(w, &row, &w->err);
      if (w->status != DONE) error_at(&w->err, w->e->path, rows->line[row.r], NULL);
      w->posted++;
    }
    table_rows_free(rows);
    if (w->status != DONE) queue_abort(w->e->blocks);
  }
  return NULL;
}

/* Reads the table to its end, feeding the workers. */
static enum status feed(struct entries *e, struct table *table, int64_t *row_count, struct error *err) {
  struct progress progress = {0};
  struct input *in = table_input(table);
  progress_begin(&progress, e->call->options.progress, "reading", input_size_bytes(in));
  progress_tell(&progress, e->call->options.watch);
  enum status status = DONE;
  for (;;) {
    struct table_rows *rows = NULL;
    status = table_next(table, &rows, err);
    if (status != DONE || !rows) break;
    *row_count += (int64_t)rows->count;
    progress_update(&progress, input_position_bytes(in), (uint64_t)*row_count);
    if (!queue_put(e->blocks, rows)) {
      table_rows_free(rows);
      break;
    }
  }
  progress_end(&progress);
  return status;
}

static enum status run_workers(struct entries *e, struct table *table, struct worker *workers, int64_t *row_count, struct error *err) {
  pthread_t threads[BULK_LANES];
  int started = 0;
  e->blocks = queue_new(BLOCKS_WAITING);
  for (; started < BULK_LANES; started++) {
    workers[started] = (struct worker){.e = e, .lane = started, .gross_max = INT64_MAX - e->gross};
    if (pthread_create(&threads[started], NULL, work, &workers[started]) != 0) break;
  }
  enum status status = started ? feed(e, table, row_count, err) : error_errno(err, "cannot start a thread");
  if (status != DONE) queue_abort(e->blocks);
  queue_close(e->blocks);
  for (int i = 0; i < started; i++) pthread_join(threads[i], NULL);
  for (struct table_rows *rows; (rows = queue_drain(e->blocks));) table_rows_free(rows);
  queue_free(e->blocks);
  for (int i = 0; status == DONE && i < started; i++)
    if (workers[i].status != DONE) {
      *err = workers[i].err;
      status = workers[i].status;
    }
  for (int i = 0; status == DONE && i < started; i++)
    if (!money_add(e->gross, workers[i].gross, &e->gross)) {
      error_set(err, REFUSED, "the amounts of the call pass 64 bits with this file; one of them must be wrong");
      status = error_at(err, e->path, 0, "amount");
    }
  return status;
}

/* ---- the call ---- */

static enum status read_file(struct entries *e, const char *path, struct import_file *out, struct error *err) {
  struct worker workers[BULK_LANES] = {0};
  struct bulk_file_facts facts = {0};
  struct table *table = NULL;
  uint64_t before = rejects_count(e->call->rejects);
  e->path = path;
  e->file = bulk_file(e->bulk, "entries", path);
  enum status status = table_open(&table, path, entries_columns, ENTRIES_COLUMNS, err);
  if (status == DONE) status = run_workers(e, table, workers, &facts.rows, err);
  if (status == DONE) {
    input_digest(table_input(table), &facts.digest);
    facts.rejected = (int64_t)(rejects_count(e->call->rejects) - before);
    for (int i = 0; i < BULK_LANES; i++) facts.amount += workers[i].amount;
    *out = (struct import_file){.path = path, .rows = facts.rows, .posted = facts.rows - facts.rejected, .rejected = facts.rejected, .amount = facts.amount};
    status = bulk_file_end(e->bulk, e->file, &facts, err);
  }
  table_close(table);
  return status;
}

struct duplicates {
  struct entries *e;
  struct import_result *result;
};

static void reject_duplicate(void *context, int file, uint64_t line, bool in_book) {
  struct duplicates *d = context;
  const struct import_call *call = d->e->call;
  const char *reason = in_book ? reference_in_book : reference_in_call;
  rejects_add(call->rejects, call->paths[file], line, "reference", span_make(NULL, 0), reason);
  if (call->options.partial) bulk_reject(d->e->bulk, file, line, "reference", span_make(NULL, 0), reason);
  d->result->files[file].posted--;
  d->result->files[file].rejected++;
}

static enum status load(struct entries *e, struct error *err) {
  struct store *store = e->call->store;
  struct arena *arena = e->call->arena;
  enum status status = book_codes(store, arena, &e->codes, err);
  if (status == DONE) status = register_directory(store, arena, &e->people, err);
  if (status == DONE) status = register_bodies(store, arena, &e->bodies, err);
  if (status == DONE) status = register_places(store, arena, &e->places, err);
  if (status == DONE) status = bulk_load_people(e->bulk, err);
  if (status == DONE) index_categories(e);
  return status;
}

static enum status import_within(struct entries *e, struct import_result *result, struct error *err) {
  const struct import_call *call = e->call;
  enum status status = load(e, err);
  for (int i = 0; status == DONE && i < call->path_count; i++) status = read_file(e, call->paths[i], &result->files[i], err);
  if (status != DONE) return status;
  struct duplicates duplicates = {e, result};
  status = bulk_duplicates(e->bulk, reject_duplicate, &duplicates, NULL, err);
  if (status != DONE) return status;
  if (rejects_count(call->rejects) && !call->options.partial) return DONE; /* nothing is posted; exchange_import refuses in the first one's words */
  int64_t rows = 0;
  for (int i = 0; i < call->path_count; i++) rows += result->files[i].posted;
  if (call->options.dry_run || !rows) return DONE;
  if ((status = rejects_flush(call->rejects, err)) != DONE) return status; /* before anything is posted without them */
  struct bulk_result posted;
  status = bulk_post(e->bulk, &posted, err);
  if (status != DONE) return status;
  result->import = posted.import;
  result->first_entry = posted.first_entry;
  result->last_entry = posted.last_entry;
  return DONE;
}

enum status import_entries(const struct import_call *call, struct import_result *result, struct error *err) {
  struct entries *e = arena_alloc(call->arena, sizeof *e);
  e->call = call;
  result->files = arena_array(call->arena, struct import_file, call->path_count + 1);
  result->file_count = call->path_count;
  struct bulk_options options = {.who = call->options.who, .kind = "import", .progress = call->options.progress, .watch = call->options.watch, .check_references = true};
  enum status status = bulk_open(&e->bulk, call->store, &options, err);
  if (status == DONE) status = import_within(e, result, err);
  bulk_free(e->bulk);
  return status;
}
