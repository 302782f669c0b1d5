/* One thread reads the file and finds its fields; two take blocks of rows, look everything up,
 * value services and give the rows to the book. docs/reference/files.md describes the rows. */
#include "exchange/import_entries.h"

#include "award/history.h"
#include "base/map.h"
#include "base/money.h"
#include "base/pasted.h"
#include "base/queue.h"
#include "base/refusal.h"
#include "base/thread.h"
#include "book/bulk.h"
#include "book/entry_input.h"
#include "exchange/columns.h"
#include "exchange/import_bulk.h"
#include "exchange/own_export.h"
#include "exchange/preview.h"
#include "register/erased_ids.h"
#include "register/register.h"

#include <assert.h>

const struct table_column entries_columns[ENTRIES_COLUMNS] = {
    [ENTRY_DATE] = {"date", true},          [ENTRY_PERSON] = {"person", true},
    [ENTRY_CATEGORY] = {"category", true},  [ENTRY_AMOUNT] = {"amount", false},
    [ENTRY_QUANTITY] = {"quantity", false}, [ENTRY_UNIT] = {"unit", false},
    [ENTRY_SERVICE] = {"service", false},   [ENTRY_BODY] = {"body", false},
    [ENTRY_PLACE] = {"place", false},       [ENTRY_REFERENCE] = {"reference", false},
    [ENTRY_NOTE] = {"note", false},         [ENTRY_ESTIMATED] = {"estimated", false}};

enum {
  BLOCKS_WAITING = 8,
  PEOPLE_AHEAD = 8 /* 56 ns a look-up against 114: of a million people each is a cache miss */
};

/* Data that both threads only read. */
struct entries {
  const struct import_call *call;
  struct bulk *bulk;
  struct codes *codes;
  struct unusual unusual;
  struct directory *people;
  const struct erased_ids *erased;
  struct bodies *bodies;
  struct places *places;
  struct entry_input_category *categories; /* in the pack's order */
  struct award_awaited awaited;            /* payments of awards that came with a file */
  struct map category_by_code;
  struct queue *blocks;
  struct own_exports *own;
  struct map own_rows; /* of bodies' own exports, by file and line: index of own_amounts */
  int64_t *own_amounts;
  int own_count, own_capacity; /* in the call's arena */
  const char **own_reference;  /* by file: its own heading of references; null: our own */
  const char ***own_shown;     /* by file: as of struct own_result; null: our own form */
  const char *path;            /* or the sheet of it that is read */
  int file;
  int64_t gross; /* of the files read so far */
};

struct import_worker {
  struct entries *e;
  int number;
  int64_t posted, amount;
  int64_t posted_own; /* pence, of a body's own export: amounts as its file has them */
  int64_t posted_more_lines, rejected_more_lines;
  /* rows that name a person by a National Insurance number with another last letter than the
   * register's */
  int64_t differ;
  uint64_t differ_first; /* the line of the first */
  int64_t passed;        /* rows that were posted before (bulk_passes_over) */
  /* of the rows given to the book, without signs; a row that would pass gross_max is refused */
  int64_t gross, gross_max;
  enum status status;
  struct error err;
  /* The last body and its control accounts: neighbouring rows mostly have the same body. */
  const struct body *body;
  int64_t *control; /* by the unit's place in the book's table */
  bool control_known;
};

/* ---- looking up ---- */

static struct entry_input_category *find_category(const struct entries *e, struct span code) {
  int64_t index = map_get(&e->category_by_code, code);
  return index < 0 ? NULL : &e->categories[index];
}

static void index_categories(struct entries *e) {
  const struct pack *pack = e->call->pack;
  e->categories = arena_array(e->call->arena, struct entry_input_category,
                              pack->category_count + 1);
  e->category_by_code = map_make(e->call->arena, (size_t)pack->category_count);
  for (int i = 0; i < pack->category_count; i++) {
    entry_input_category(&e->categories[i], &pack->categories[i], e->codes);
    map_set(&e->category_by_code, span_of(pack->categories[i].code), i);
  }
}

/* ---- one row ---- */

struct input_row {
  const struct table_rows *rows;
  size_t r;
  struct span field[ENTRIES_COLUMNS];
  const struct directory_person *person;
  const struct entry_input_category *category;
  struct bulk_row out;
};

/* Whether an id is that of an erased person; their other numbers cannot be recognised. */
static bool was_erased(const struct import_worker *w, struct span reference,
                       char day[ERASED_DAY_SIZE]) {
  static const char scheme[] = "id:";
  const size_t size = sizeof scheme - 1;
  if (reference.size > size && memcmp(reference.bytes, scheme, size) == 0)
    reference = span_make(reference.bytes + size, reference.size - size);
  return erased_ids_find(w->e->erased, reference, day);
}

static enum status read_person(struct import_worker *w, struct input_row *row, struct error *err) {
  const char *reason = NULL;
  struct span reference = row->field[ENTRY_PERSON];
  bool differs = false;
  char day[ERASED_DAY_SIZE];
  row->person = directory_person(w->e->people, reference, &differs, &reason);
  if (differs && !w->differ++) w->differ_first = row->out.line;
  if (row->person) return DONE;
  if (!reference.size) refuse(err, ENTRY_PERSON_MISSING);
  else if (reason) refuse(err, ENTRY_PERSON_MALFORMED, SPAN(reference), reason);
  else if (was_erased(w, reference, day)) refuse(err, ENTRY_PERSON_ERASED, SPAN(reference), day);
  else refuse(err, ENTRY_PERSON_UNREGISTERED, SPAN(reference));
  return error_at(err, NULL, 0, "person");
}

/* The category with this code or name, ignoring capitals and blanks in place of dashes: `Income
 * Tax`. Null when there is none. */
static const struct entry_input_category *meant_category(const struct entries *e,
                                                         struct span typed) {
  char code[64];
  if (!typed.size || typed.size >= sizeof code) return NULL;
  for (size_t i = 0; i < typed.size; i++) {
    char c = typed.bytes[i];
    code[i] = c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c == ' ' || c == '_' ? '-' : c;
  }
  const struct entry_input_category *found = find_category(e, span_make(code, typed.size));
  const struct pack *pack = e->call->pack;
  /* not through the slots: a file may be wrong in every row */
  for (int i = 0; !found && i < pack->category_count; i++)
    if (span_is(typed, pack->categories[i].name[ENGLISH]))
      found = find_category(e, span_of(pack->categories[i].code));
  return found && found->id ? found : NULL;
}

static enum status read_category(struct import_worker *w, struct input_row *row,
                                 struct error *err) {
  struct span code = row->field[ENTRY_CATEGORY];
  row->category = find_category(w->e, code);
  if (row->category && row->category->id) return DONE;
  const struct entry_input_category *meant = meant_category(w->e, code);
  if (meant) refuse(err, CATEGORY_UNKNOWN_NEAR, SPAN(code), meant->pack->code);
  else refuse(err, CATEGORY_UNKNOWN, SPAN(code));
  return error_at(err, NULL, 0, "category");
}

/* Reads the columns that the category takes, and refuses others. */
static enum status read_value(struct import_worker *w, struct input_row *row, struct error *err) {
  const struct entry_input_category *c = row->category;
  const struct book_service *service = NULL;
  struct entry_input told = {row->field[ENTRY_AMOUNT].size > 0, row->field[ENTRY_QUANTITY].size > 0,
                             row->field[ENTRY_UNIT], row->field[ENTRY_SERVICE],
                             row->out.fields.estimated};
  int64_t number = 0;
  enum status status = entry_input_check(c, w->e->codes, &told, &service, err);
  if (status != DONE) return status;
  int64_t price = 0;
  const bool priced = told.amount && told.quantity; /* of a service, as was checked */
  if (told.amount) status = money_parse(row->field[ENTRY_AMOUNT], priced ? &price : &number, err);
  if (status != DONE) return error_at(err, NULL, 0, "amount");
  if (told.amount && !priced) status = DONE;
  else if (service) status = quantity_parse(row->field[ENTRY_QUANTITY], &number, err);
  else if (c->pack->shown == SHOWN_HOLDINGS)
    status = decimal_parse(row->field[ENTRY_QUANTITY], c->unit->scale, c->unit->code, &number, err);
  else status = minutes_parse(row->field[ENTRY_QUANTITY], &number, err);
  if (status != DONE) return error_at(err, NULL, 0, "quantity");
  const struct entry_input_rules rules = {w->e->codes,
                                          w->e->call->options.unusual ? NULL : &w->e->unusual,
                                          priced ? &price : NULL};
  return entry_input_value(c, &rules, service, number, &row->out.fields, err);
}

static enum status read_body_and_place(struct import_worker *w, struct input_row *row,
                                       struct error *err) {
  struct line *line = &row->out.fields;
  struct span body = row->field[ENTRY_BODY], place = row->field[ENTRY_PLACE];
  if (!body.size) {
    if (w->body) w->control_known = false;
    w->body = NULL;
  } else if (!w->body || !span_is(body, w->body->code)) {
    w->body = bodies_by_code(w->e->bodies, body);
    w->control_known = false;
    if (!w->body) {
      refuse(err, ENTRY_BODY_UNREGISTERED, SPAN(body));
      return error_at(err, NULL, 0, "body");
    }
  }
  line->body = w->body ? w->body->id : 0;
  if (!place.size) return DONE;
  int index = places_by_code(w->e->places, place);
  if (index == PLACE_NONE) {
    refuse(err, ENTRY_PLACE_UNREGISTERED, SPAN(place));
    return error_at(err, NULL, 0, "place");
  }
  line->place = w->e->places->all[index].id;
  return DONE;
}

static enum status find_accounts(struct import_worker *w, struct input_row *row,
                                 struct error *err) {
  const struct units *units = w->e->codes->units;
  const struct book_unit *unit = row->category->unit;
  int64_t *control = &w->control[unit - units->all];
  if (!w->control_known) memset(w->control, 0, (size_t)units->count * sizeof *w->control);
  w->control_known = true;
  if (!*control) *control = bulk_control(w->e->bulk, row->out.fields.body, unit->code);
  row->out.control = *control;
  row->out.account = bulk_person_account(w->e->bulk, row->person->id, unit->code);
  if (row->out.account) return DONE;
  refuse(err, ENTRY_UNIT_WITHOUT_ACCOUNT, unit->code);
  return error_at(err, NULL, 0, "category");
}

/* Only lines of payments that came with a file of awards have their references. */
static enum status check_reference(struct import_worker *w, const struct input_row *row,
                                   struct error *err) {
  const struct line *line = &row->out.fields;
  struct error why = {0};
  const struct span reference = row->field[ENTRY_REFERENCE];
  enum status status = entry_input_reference(reference, &why);
  if (status == DONE ||
      award_awaits(&w->e->awaited, reference, row->person->id, line->body, line->amount))
    return DONE;
  *err = why;
  return status;
}

/* A reference with a line break could not be exported to another book. A row of a body's own export
 * has no `rows`. */
static enum status refuse_reference_break(const struct input_row *row, struct error *err) {
  const struct span reference = row->field[ENTRY_REFERENCE];
  if (!reference.size || (!memchr(reference.bytes, '\n', reference.size) &&
                          !memchr(reference.bytes, '\r', reference.size)))
    return DONE;
  return row->rows ? column_refuse_break(row->rows, row->r, entries_columns, ENTRY_REFERENCE, err)
                   : refuse_at(err, "reference", REFERENCE_WITH_BREAK);
}

/* Everything of row->field, row->out.file and row->out.line. */
static enum status read_fields(struct import_worker *w, struct input_row *row, struct error *err) {
  struct line *line = &row->out.fields;
  if (refuse_reference_break(row, err) != DONE) return err->code;
  enum status status = day_parse(row->field[ENTRY_DATE], &line->day, err);
  if (status != DONE) return error_at(err, NULL, 0, "date");
  if ((status = read_person(w, row, err)) != DONE) return status;
  if ((status = read_category(w, row, err)) != DONE) return status;
  line->category = (int32_t)row->category->id;
  if (row->field[ENTRY_ESTIMATED].size &&
      boolean_parse(row->field[ENTRY_ESTIMATED], &line->estimated, err) != DONE)
    return error_at(err, NULL, 0, "estimated");
  if ((status = read_value(w, row, err)) != DONE) return status;
  if ((status = entry_input_life(row->category, row->person->born, row->person->died, line->day,
                                 err)) != DONE)
    return status;
  if ((status = read_body_and_place(w, row, err)) != DONE) return status;
  if ((status = check_reference(w, row, err)) != DONE) return status;
  line->reference = row->field[ENTRY_REFERENCE];
  line->note = row->field[ENTRY_NOTE];
  return find_accounts(w, row, err);
}

static enum status read_row(struct import_worker *w, struct input_row *row, struct error *err) {
  const struct table_fault *fault = &row->rows->fault[row->r];
  if (fault->reason) {
    refuse_again(err, fault->refusal, fault->reason);
    return error_at(err, NULL, 0, fault->column);
  }
  /* with a blank at an end it would be another reference, and a payment be posted twice */
  if (pasted_may_fold(table_field(row->rows, row->r, ENTRY_REFERENCE)))
    columns_trim(row->rows, row->r);
  for (int c = 0; c < ENTRIES_COLUMNS; c++) row->field[c] = table_field(row->rows, row->r, c);
  row->out = (struct bulk_row){.file = w->e->file, .line = row->rows->line[row->r]};
  if (bulk_left_out(w->e->bulk, row->out.line)) return refuse_code(err, REFUSAL_ROW_LEFT_OUT);
  return read_fields(w, row, err);
}

/* ---- the threads ---- */

static struct span value_at_fault(const struct input_row *row, const struct error *err) {
  if (row->rows->fault[row->r].reason) return table_row_text(row->rows, row->r);
  for (int c = 0; c < ENTRIES_COLUMNS; c++)
    if (strcmp(err->column, entries_columns[c].name) == 0) return row->field[c];
  return span_make(NULL, 0);
}

/* A row of a body's own export, under the heading of its file. */
static void reject_own(void *context, uint64_t line, const char *column, struct span value,
                       const struct error *why) {
  struct import_worker *w = context;
  rejects_add(w->e->call->rejects, w->e->path, line & (OWN_SHEET_LINES - 1), column, value,
              why->message, &why->refusal);
  if (w->e->call->options.partial)
    bulk_reject(w->e->bulk, w->e->file, line, column ? column : "", value, why->message);
}

static void begin_own(void *context, const char *shown) {
  struct import_worker *w = context;
  w->e->path = shown;
}

static bool passes_own(void *context, uint64_t line) {
  const struct import_worker *w = context;
  return bulk_passes_over(w->e->bulk, line);
}

static void reject_row(struct import_worker *w, const struct input_row *row,
                       const struct error *err) {
  uint64_t line = row->rows->line[row->r];
  struct span value = value_at_fault(row, err);
  w->rejected_more_lines += (int64_t)table_row_lines(row->rows, row->r) - 1;
  rejects_add(w->e->call->rejects, w->e->path, line, err->column, value, err->message,
              &err->refusal);
  if (w->e->call->options.partial) {
    const char *column = "";
    for (int c = 0; c < ENTRIES_COLUMNS; c++)
      if (strcmp(err->column, entries_columns[c].name) == 0) column = entries_columns[c].name;
    bulk_reject(w->e->bulk, w->e->file, line, column, value, err->message);
  }
}

/* The sum of all amounts of a call without their signs must fit 64 bits, so that no sum of its
 * lines can pass them, however they are grouped. */
static enum status add_row(struct import_worker *w, const struct input_row *row,
                           struct error *err) {
  int64_t amount = row->out.fields.amount, gross = amount < 0 ? -amount : amount;
  if (gross > w->gross_max - w->gross) {
    refuse(err, CALL_SUM_TOO_LARGE);
    return error_at(
        err, NULL, 0,
        entries_columns[row->field[ENTRY_AMOUNT].size ? ENTRY_AMOUNT : ENTRY_QUANTITY].name);
  }
  w->gross += gross;
  if (row->field[ENTRY_AMOUNT].size)
    w->amount += row->category->pack->side == SIDE_CONTRIBUTION ? -amount : amount;
  return bulk_add(w->e->bulk, w->number, &row->out, err);
}

/* So that the sum is right where the row is refused later, as a reference that is there twice. */
static void note_own_amount(struct entries *e, const struct own_row *row) {
  if (!row->field[ENTRY_REFERENCE].size || !row->amount) return;
  const int at = e->own_count++;
  arena_reserve(e->call->arena, e->own_amounts, e->own_capacity, e->own_count);
  e->own_amounts[at] = row->amount;
  map_set_number(&e->own_rows, (uint64_t)e->file, row->line, at);
}

/* Of the first rows what is recorded, and not of whom. */
static void preview_own(const struct import_worker *w, const struct own_row *given,
                        const struct input_row *row) {
  struct import_preview *p = w->e->call->options.preview;
  struct arena *arena = w->e->call->arena;
  if (!p || p->row_count == PREVIEW_ROWS) return;
  const struct span quantity = row->field[ENTRY_QUANTITY], unit = row->field[ENTRY_UNIT];
  p->rows[p->row_count++] = (struct preview_row){
      .line = given->line & (OWN_SHEET_LINES - 1),
      .day = row->out.fields.day,
      .amount = given->amount,
      .category = row->category->pack->code,
      .quantity = arena_copy(arena, quantity.size ? quantity.bytes : "", quantity.size),
      .unit = arena_copy(arena, unit.size ? unit.bytes : "", unit.size)};
}

static enum status take_own(void *context, const struct own_row *given, struct error *err) {
  struct import_worker *w = context;
  struct input_row row = {.out = {.file = w->e->file, .line = given->line}};
  struct error why = {0};
  memcpy(row.field, given->field, sizeof row.field);
  enum status status = bulk_left_out(w->e->bulk, given->line)
                           ? refuse_code(&why, REFUSAL_ROW_LEFT_OUT)
                           : read_fields(w, &row, &why);
  if (status == FAILED) {
    *err = why;
    return status;
  }
  if (status == DONE) {
    w->posted++;
    w->posted_own += given->amount;
    preview_own(w, given, &row);
    note_own_amount(w->e, given);
    w->e->own_reference[w->e->file] = given->heading[ENTRY_REFERENCE];
    return add_row(w, &row, err);
  }
  int c = 0;
  while (c < ENTRIES_COLUMNS && strcmp(why.column, entries_columns[c].name) != 0) c++;
  const bool known = c < ENTRIES_COLUMNS;
  reject_own(w, given->line, known && given->heading[c] ? given->heading[c] : why.column,
             known ? given->told[c] : span_make(NULL, 0), &why);
  return DONE;
}

/* Off the fast path: only a row that would be refused is read as a paste may have brought it. */
static bool read_again(struct import_worker *w, struct input_row *row) {
  struct error ignored = {0};
  return !row->rows->fault[row->r].reason && columns_fold(row->rows, row->r, entries_columns) &&
         read_row(w, row, &ignored) == DONE;
}

static void *work(void *context) {
  struct import_worker *w = context;
  struct input_row row = {0};
  for (struct table_rows *rows; (rows = queue_take(w->e->blocks));) {
    row.rows = rows;
    for (row.r = 0; w->status == DONE && row.r < rows->count; row.r++) {
      struct error err = {0};
      if (bulk_passes_over(w->e->bulk, rows->line[row.r])) {
        w->passed++;
        continue;
      }
      if (row.r + PEOPLE_AHEAD < rows->count)
        directory_expect(w->e->people, table_field(rows, row.r + PEOPLE_AHEAD, ENTRY_PERSON));
      if (read_row(w, &row, &err) != DONE && !read_again(w, &row)) {
        reject_row(w, &row, &err);
        continue;
      }
      w->status = add_row(w, &row, &w->err);
      if (w->status != DONE) error_at(&w->err, w->e->path, rows->line[row.r], NULL);
      w->posted++;
      w->posted_more_lines += (int64_t)table_row_lines(rows, row.r) - 1;
    }
    table_rows_free(rows);
    if (w->status != DONE) queue_abort(w->e->blocks);
  }
  return NULL;
}

/* Reads the table to its end, feeding the workers. */
static enum status feed(struct entries *e, struct table *table, int64_t *row_count,
                        struct error *err) {
  struct progress progress = {0};
  struct input *in = table_input(table);
  progress_begin(&progress, e->call->options.progress, "reading", input_size_bytes(in));
  progress_report(&progress, e->call->options.watch);
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

static enum status run_workers(struct entries *e, struct table *table,
                               struct import_worker *workers, int64_t *row_count,
                               struct error *err) {
  pthread_t threads[BULK_WORKERS];
  enum status status = DONE;
  int started = 0;
  e->blocks = queue_new(BLOCKS_WAITING);
  for (; started < BULK_WORKERS; started++) {
    workers[started] =
        (struct import_worker){.e = e, .number = started, .gross_max = INT64_MAX - e->gross};
    workers[started].control = arena_array(e->call->arena, int64_t, e->codes->units->count);
    /* fewer than all will do */
    status = thread_start(&threads[started], work, &workers[started], "reading entries", err);
    if (status != DONE) break;
  }
  if (started) status = feed(e, table, row_count, err);
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
      refuse(err, CALL_SUM_TOO_LARGE_WITH_FILE);
      status = error_at(err, e->path, 0, "amount");
    }
  return status;
}

/* ---- the call ---- */

static enum status read_own(struct entries *e, const char *path, struct import_file *out,
                            struct error *err) {
  struct import_worker worker = {.e = e, .gross_max = INT64_MAX - e->gross};
  const struct own_taker taker = {&worker, begin_own, passes_own, take_own, reject_own};
  struct own_result own;
  e->path = path;
  e->file = bulk_file(e->bulk, "entries", path);
  worker.control = arena_array(e->call->arena, int64_t, e->codes->units->count);
  enum status status = own_export_read(e->own, path, &taker, &own, err);
  if (status != DONE) return status;
  e->path = path;
  e->own_shown[e->file] = own.shown;
  struct import_preview *preview = e->call->options.preview;
  if (preview) {
    preview->people = own.people;
    preview->decisions.columns = own.columns;
    preview->decisions.column_count = own.column_count;
  }
  const struct bulk_file_facts facts = {.digest = own.digest,
                                        .rows = own.rows,
                                        .rejected = own.rows - worker.posted,
                                        .amount = worker.amount,
                                        .profile = own.profile};
  *out = (struct import_file){.path = path,
                              .rows = own.rows,
                              .posted = worker.posted,
                              .rejected = own.rows - worker.posted,
                              .amount = worker.posted_own,
                              .rejected_amount = own.amount - worker.posted_own,
                              .read = own.read,
                              .left_out = own.read - own.rows,
                              .profile = own.profile,
                              .decisions_json = own.decisions_json,
                              .warnings = own.warnings,
                              .warning_count = own.warning_count,
                              .suffix_differs = worker.differ,
                              .suffix_differs_first = worker.differ_first};
  e->gross += worker.gross;
  status = bulk_file_end(e->bulk, e->file, &facts, err);
  if (status == REFUSED) rejects_forget(e->call->rejects);
  return status;
}

static enum status read_file(struct entries *e, const char *path, struct import_file *out,
                             struct error *err) {
  struct import_worker workers[BULK_WORKERS] = {0};
  struct bulk_file_facts facts = {0};
  struct table *table = NULL;
  uint64_t before = rejects_count(e->call->rejects);
  e->path = path;
  e->file = bulk_file(e->bulk, "entries", path);
  enum status status = table_open(&table, path, entries_columns, ENTRIES_COLUMNS, err);
  if (status == DONE) input_bound(table_input(table), e->call->options.unpacked_most);
  if (status == DONE) status = run_workers(e, table, workers, &facts.rows, err);
  if (status == DONE) {
    input_digest(table_input(table), &facts.digest);
    facts.rejected = (int64_t)(rejects_count(e->call->rejects) - before);
    const int64_t read = facts.rows;
    for (int i = 0; i < BULK_WORKERS; i++) {
      facts.amount += workers[i].amount;
      facts.rows -= workers[i].passed;
    }
    *out = (struct import_file){.path = path,
                                .read = facts.rows < read ? read : 0,
                                .left_out = read - facts.rows,
                                .rows = facts.rows,
                                .posted = facts.rows - facts.rejected,
                                .rejected = facts.rejected,
                                .amount = facts.amount};
    for (int i = 0; i < BULK_WORKERS; i++) {
      const struct import_worker *w = &workers[i];
      out->posted_more_lines += w->posted_more_lines;
      out->rejected_more_lines += w->rejected_more_lines;
      if (w->differ && (!out->suffix_differs || w->differ_first < out->suffix_differs_first))
        out->suffix_differs_first = w->differ_first;
      out->suffix_differs += w->differ;
    }
    status = bulk_file_end(e->bulk, e->file, &facts, err);
    if (status == REFUSED) rejects_forget(e->call->rejects);
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
  struct error why;
  const char *own_heading = d->e->own_reference[file];
  const char *column = own_heading ? own_heading : "reference";
  refuse_code(&why, in_book ? REFUSAL_REFERENCE_POSTED_ALREADY : REFUSAL_REFERENCE_TWICE_IN_CALL);
  const char *shown = d->e->own_shown[file] ? d->e->own_shown[file][line / OWN_SHEET_LINES]
                                            : call->paths[file];
  const uint64_t within = d->e->own_shown[file] ? line % OWN_SHEET_LINES : line;
  rejects_add(call->rejects, shown, within, column, span_make(NULL, 0), why.message, &why.refusal);
  if (call->options.partial)
    bulk_reject(d->e->bulk, file, line, column, span_make(NULL, 0), why.message);
  d->result->files[file].posted--;
  d->result->files[file].rejected++;
  const int64_t own = map_get_number(&d->e->own_rows, (uint64_t)file, line);
  if (own < 0) return;
  d->result->files[file].amount -= d->e->own_amounts[own];
  d->result->files[file].rejected_amount += d->e->own_amounts[own];
}

static enum status load(struct entries *e, struct error *err) {
  struct store *store = e->call->store;
  struct arena *arena = e->call->arena;
  enum status status = book_codes(store, arena, &e->codes, err);
  if (status == DONE) status = register_directory(store, arena, &e->people, err);
  if (status == DONE) status = erased_ids_read(store, arena, &e->erased, err);
  if (status == DONE) status = register_bodies(store, arena, &e->bodies, err);
  if (status == DONE) status = register_places(store, arena, &e->places, err);
  if (status == DONE) status = bulk_load_people(e->bulk, err);
  if (status == DONE) index_categories(e);
  if (status == DONE) status = award_awaited_read(e->call->store, e->call->arena, &e->awaited, err);
  const struct own_setting own = {e->call, e->codes, e->bodies, e->people};
  return status == DONE ? own_exports_open(&e->own, &own, err) : status;
}

static enum status import_within(struct entries *e, struct import_result *result,
                                 struct error *err) {
  const struct import_call *call = e->call;
  enum status status = load(e, err);
  if (status == DONE) import_keep_answer(call, e->bulk, own_exports_answer(e->own));
  for (int i = 0; status == DONE && i < call->path_count; i++) {
    const bool own = own_export_is(e->own, call->paths[i]);
    status = own ? read_own(e, call->paths[i], &result->files[i], err)
                 : read_file(e, call->paths[i], &result->files[i], err);
    if (status == DONE) status = import_check_previewed(call, result->files[i].profile, err);
  }
  if (status != DONE) return status;
  own_questions(e->own, &result->questions, &result->question_count);
  struct duplicates duplicates = {e, result};
  status = bulk_duplicates(e->bulk, reject_duplicate, &duplicates, NULL, err);
  if (status != DONE) return status;
  /* nothing is posted; exchange_import refuses with the first one's message */
  if (rejects_count(call->rejects) && !call->options.partial) return DONE;
  int64_t rows = 0;
  for (int i = 0; i < call->path_count; i++) rows += result->files[i].posted;
  if (!call->options.dry_run && (status = own_questions_keep(e->own, err)) != DONE) return status;
  return rows ? import_post(call, e->bulk, result, err) : DONE;
}

enum status import_entries(const struct import_call *call, struct import_result *result,
                           struct error *err) {
  struct entries *e = arena_alloc(call->arena, sizeof *e);
  e->call = call;
  e->own_rows = (struct map){.arena = call->arena};
  e->own_reference = arena_array(call->arena, const char *, call->path_count + 1);
  e->own_shown = arena_array(call->arena, const char **, call->path_count + 1);
  unusual_open(&e->unusual, call->pack, day_today(), import_way_out(&call->options));
  enum status status = import_open(call, true, &e->bulk, result, err);
  if (status == DONE) status = import_within(e, result, err);
  bulk_free(e->bulk);
  return status;
}
