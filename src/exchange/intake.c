#include "exchange/intake.h"

#include "base/limits.h"
#include "base/pasted.h"
#include "base/refusal.h"
#include "book/imports.h"
#include "book/life.h"

#include "book/book.h"
#include "book/pack_rows.h"
#include "exchange/columns.h"
#include "register/schemes.h"
#include "store/head.h"

/* Rows that are sorted and accepted at a time: two million people take some 400 MB here; larger
 * files come in portions. */
enum { PORTION_ROWS = 2000000 };

struct row_ref {
  const struct table_rows *rows;
  uint32_t index;
};
struct refused {
  uint64_t line;
  char column[ERROR_COLUMN_SIZE];
  struct span value;
  const char *reason;
  struct refusal refusal;
};

struct portion {
  struct table_rows **blocks;
  int block_count, block_capacity;
  struct row_ref *rows;
  size_t count, capacity;
};

struct file_intake {
  struct intake *in;
  const char *path;
  struct arena *arena; /* for the file's refused rows */
  struct table *table;
  struct portion portion;
  struct refused *refused;
  size_t refused_count, refused_capacity; /* kept, the first LIMIT_REJECTS_KEPT */
  int64_t refused_all;
  struct progress progress;
  struct import_file *about;
};

bool intake_tells(const struct intake *in, const struct intake_row *row, int column) {
  if (!in->json) return in->told >> column & 1;
  struct table_piece piece =
      row->rows->piece[row->index * (size_t)row->rows->columns + (size_t)column];
  return piece.at || piece.size;
}

struct span intake_field(const struct intake *in, const struct intake_row *row, int column) {
  if (!intake_tells(in, row, column)) return (struct span){0};
  struct span field = table_field(row->rows, row->index, column);
  if (!field.bytes) field.bytes = "";
  return field;
}

/* ---- who is registered ---- */

enum status intake_registered(struct intake *in, struct error *err) {
  struct store *store = in->call->store;
  struct arena *arena = in->call->arena;
  if (in->bodies) return DONE;
  enum status status = register_directory(store, arena, &in->directory, err);
  return status == DONE ? register_bodies(store, arena, &in->bodies, err) : status;
}

enum status intake_person(struct intake *in, const struct intake_row *row, int column,
                          const struct directory_person **out, struct error *err) {
  const struct span named = intake_field(in, row, column);
  char quoted[SPAN_QUOTE_SIZE];
  bool differs = false;
  const char *reason = NULL;
  *out = directory_person(in->directory, named, &differs, &reason);
  return *out ? DONE
              : refuse_at(err, in->kind->columns[column].name, FACT_PERSON_UNREGISTERED,
                          span_quote(named, quoted));
}

/* ---- fields ---- */

enum status intake_need(const struct intake *in, const struct intake_row *row, int column,
                        struct error *err) {
  if (intake_field(in, row, column).size) return DONE;
  refuse(err, ROW_FIELD_EMPTY);
  return error_at(err, NULL, 0, in->kind->columns[column].name);
}

enum status intake_day(const struct intake *in, const struct intake_row *row, int column,
                       day_t *day, struct error *err) {
  struct span field = intake_field(in, row, column);
  *day = DAY_NONE;
  if (field.size == 0 || day_parse(field, day, err) == DONE) return DONE;
  return error_at(err, NULL, 0, in->kind->columns[column].name);
}

/* ---- refused rows ---- */

static int refused_compare(const void *a, const void *b) {
  const struct refused *x = a, *y = b;
  return x->line < y->line ? -1 : x->line > y->line;
}

/* Rows were accepted in order of code; refusals are reported in order of line. */
static void report(struct file_intake *f) {
  array_sort(f->refused, f->refused_count, refused_compare);
  for (size_t i = 0; i < f->refused_count; i++) {
    const struct refused *r = &f->refused[i];
    rejects_add(f->in->call->rejects, f->path, r->line, r->column, r->value, r->reason,
                &r->refusal);
  }
}

/* Rows past those that the book keeps are reported as they come: a file may have millions. */
static void add_refused(struct file_intake *f, uint64_t line, const char *column, struct span value,
                        const char *reason, const struct refusal *refusal) {
  if (f->refused_all++ == LIMIT_REJECTS_KEPT) report(f);
  if (f->refused_all > LIMIT_REJECTS_KEPT) {
    rejects_add(f->in->call->rejects, f->path, line, column, value, reason, refusal);
    return;
  }
  array_reserve(f->refused, f->refused_capacity, f->refused_count + 1);
  struct refused *r = &f->refused[f->refused_count++];
  *r =
      (struct refused){.line = line, .reason = arena_string(f->arena, reason), .refusal = *refusal};
  snprintf(r->column, sizeof r->column, "%s", column ? column : "");
  r->value = span_make(arena_copy(f->arena, value.bytes ? value.bytes : "", value.size),
                       value.size);
}

static void refuse_row(struct file_intake *f, const struct row_ref *row, const struct error *err) {
  struct span value = {0};
  const struct intake_kind *kind = f->in->kind;
  for (int c = 0; c < kind->column_count; c++)
    if (strcmp(kind->columns[c].name, err->column) == 0)
      value = table_field(row->rows, row->index, c);
  add_refused(f, row->rows->line[row->index], err->column, value, err->message, &err->refusal);
  f->about->rejected_more_lines += (int64_t)table_row_lines(row->rows, row->index) - 1;
}

/* ---- taking rows ---- */

static int first_field_compare(const void *a, const void *b) {
  const struct row_ref *x = a, *y = b;
  int order = span_compare(table_field(x->rows, x->index, 0), table_field(y->rows, y->index, 0));
  if (order) return order;
  /* a person's rows keep the order of the file */
  uint64_t left = x->rows->first_row + x->index, right = y->rows->first_row + y->index;
  return left < right ? -1 : left > right;
}

static void portion_sort(struct portion *p) {
  bool sorted = true;
  for (size_t i = 1; i < p->count && sorted; i++)
    sorted = first_field_compare(&p->rows[i - 1], &p->rows[i]) < 0;
  if (!sorted) array_sort(p->rows, p->count, first_field_compare);
}

/* ---- one thing named twice ---- */

static int key_compare(const void *a, const void *b, void *context) {
  const struct row_ref *x = a, *y = b;
  for (int c = 0; c < *(const int *)context; c++) {
    int order = span_compare(table_field(x->rows, x->index, c), table_field(y->rows, y->index, c));
    if (order) return order;
  }
  uint64_t left = x->rows->first_row + x->index, right = y->rows->first_row + y->index;
  return left < right ? -1 : left > right;
}

static bool is_same_key(const struct row_ref *x, const struct row_ref *y, int keys) {
  for (int c = 0; c < keys; c++)
    if (!span_equal(table_field(x->rows, x->index, c), table_field(y->rows, y->index, c)))
      return false;
  return true;
}

static bool tells(const struct intake *in, const struct row_ref *row, int column) {
  return intake_tells(in, &(struct intake_row){row->rows, row->index}, column);
}

/* Which column says otherwise in the later row; -1: none. A cell without a value says that there is
 * none, and would erase the other's. Rows with another `from` are moves: where somebody lives may
 * differ. */
static int other_facts(const struct intake *in, const struct row_ref *before,
                       const struct row_ref *after) {
  const struct intake_kind *kind = in->kind;
  bool moved = false;
  for (int c = 0; c < kind->column_count; c++)
    if (strcmp(kind->columns[c].name, "from") == 0)
      moved = !column_same("from", table_field(before->rows, before->index, c),
                           table_field(after->rows, after->index, c));
  for (int c = kind->key_columns; c < kind->column_count; c++) {
    const char *name = kind->columns[c].name;
    if (moved && (strcmp(name, "from") == 0 || strcmp(name, "place") == 0 ||
                  strcmp(name, "household") == 0 || address_column(name) >= 0))
      continue;
    struct span x = table_field(before->rows, before->index, c),
                y = table_field(after->rows, after->index, c);
    if (tells(in, before, c) && tells(in, after, c) && !column_same(name, x, y)) return c;
  }
  return -1;
}

/* Refuses the later of two rows about one thing that say different things of it: which of them is
 * right cannot be known. */
static void refuse_other_facts(struct file_intake *f, const struct row_ref *sorted) {
  struct portion *p = &f->portion;
  const struct intake_kind *kind = f->in->kind;
  size_t first = 0, refused = 0;
  for (size_t i = 1; i < p->count; i++) {
    if (!is_same_key(&sorted[first], &sorted[i], kind->key_columns)) {
      first = i;
      continue;
    }
    const struct row_ref *before = &sorted[i - 1], *row = &sorted[i];
    int column = other_facts(f->in, before, row);
    if (column < 0) column = other_facts(f->in, before = &sorted[first], row);
    if (column < 0) continue;
    struct error wrong;
    char here[SPAN_QUOTE_SIZE], there[SPAN_QUOTE_SIZE];
    refuse(&wrong, ROW_SAYS_OTHERWISE, span_quote(table_field(row->rows, row->index, column), here),
           (unsigned long long)before->rows->line[before->index],
           span_quote(table_field(before->rows, before->index, column), there));
    error_at(&wrong, NULL, 0, kind->columns[column].name);
    refuse_row(f, row, &wrong);
    row->rows->fault[row->index].reason = "refused";
    refused++;
  }
  if (!refused) return;
  size_t kept = 0;
  for (size_t i = 0; i < p->count; i++)
    if (!p->rows[i].rows->fault[p->rows[i].index].reason) p->rows[kept++] = p->rows[i];
  p->count = kept;
}

static void look_for_other_facts(struct file_intake *f) {
  struct portion *p = &f->portion;
  int keys = f->in->kind->key_columns;
  if (!keys || p->count < 2) return;
  if (f->in->kind->sorted && keys == 1) {
    refuse_other_facts(f, p->rows);
    return;
  }
  struct row_ref *sorted = memory_alloc(p->count * sizeof *sorted);
  memcpy(sorted, p->rows, p->count * sizeof *sorted);
  qsort_r(sorted, p->count, sizeof *sorted, key_compare, &keys);
  refuse_other_facts(f, sorted);
  free(sorted);
}

static enum status take(struct file_intake *f, const struct row_ref *row, struct error *err) {
  struct intake_row given = {row->rows, row->index};
  *err = (struct error){0};
  enum status status = f->in->kind->take(f->in, &given, err);
  if (status == REFUSED && columns_fold(row->rows, row->index, f->in->kind->columns)) {
    struct error again = {0}; /* the first refusal quotes what was given */
    status = f->in->kind->take(f->in, &given, &again);
    if (status == FAILED) *err = again;
  }
  if (status == DONE) {
    f->about->posted++;
    f->about->posted_more_lines += (int64_t)table_row_lines(row->rows, row->index) - 1;
  }
  return status;
}

static enum status portion_take(struct file_intake *f, struct error *err) {
  struct portion *p = &f->portion;
  if (f->in->kind->sorted) portion_sort(p);
  look_for_other_facts(f);
  bool again = f->in->kind->retries;
  while (p->count) {
    size_t left = 0;
    int64_t before = f->about->posted;
    for (size_t i = 0; i < p->count; i++) {
      struct error wrong;
      enum status status = take(f, &p->rows[i], &wrong);
      if (status == DONE) continue;
      if (status != REFUSED) {
        *err = wrong;
        return status;
      }
      if (again) p->rows[left++] = p->rows[i];
      else refuse_row(f, &p->rows[i], &wrong);
    }
    /* no row succeeded: the next round reports what is wrong with the rest */
    if (f->about->posted == before) again = false;
    p->count = left;
  }
  return DONE;
}

static void portion_clear(struct portion *p) {
  for (int b = 0; b < p->block_count; b++) table_rows_free(p->blocks[b]);
  p->block_count = 0;
  p->count = 0;
}

/* Folds what the row is about (base/pasted.h), so that one id is one; but an id that the book has
 * exactly so, from before ids were folded, stays. */
static enum status fold_keys(struct intake *in, const struct table_rows *rows, size_t row,
                             struct error *err) {
  for (int c = 0; c < in->kind->key_columns; c++) {
    struct span key = table_field(rows, row, c);
    bool has = false;
    if (!pasted_may_fold(key)) continue;
    enum status status = c == 0 && in->kind->has ? in->kind->has(in, key, &has, err) : DONE;
    if (status != DONE) return status;
    if (!has) column_fold(rows, row, c);
  }
  return DONE;
}

static enum status portion_add(struct file_intake *f, struct table_rows *rows, struct error *err) {
  struct portion *p = &f->portion;
  array_reserve(p->blocks, p->block_capacity, p->block_count + 1);
  p->blocks[p->block_count++] = rows;
  array_reserve(p->rows, p->capacity, p->count + rows->count);
  const struct table_column *columns = f->in->kind->columns;
  for (size_t r = 0; r < rows->count; r++) {
    int broken = -1;
    if (rows->fault[r].reason) {
      add_refused(f, rows->line[r], rows->fault[r].column, table_row_text(rows, r),
                  rows->fault[r].reason, rows->fault[r].refusal);
      f->about->rejected_more_lines += (int64_t)table_row_lines(rows, r) - 1;
    } else {
      columns_trim(rows, r);
      if ((broken = column_with_break(rows, r, columns)) < 0) {
        enum status status = fold_keys(f->in, rows, r, err);
        if (status != DONE) return status;
        p->rows[p->count++] = (struct row_ref){rows, (uint32_t)r};
      }
    }
    if (broken < 0) continue;
    struct error why;
    column_refuse_break(rows, r, columns, broken, &why);
    refuse_row(f, &(struct row_ref){rows, (uint32_t)r}, &why);
  }
  return DONE;
}

static enum status take_rows(struct file_intake *f, struct error *err) {
  struct table_rows *rows;
  enum status status;
  while ((status = table_next(f->table, &rows, err)) == DONE && rows) {
    f->about->rows += (int64_t)rows->count;
    if ((status = portion_add(f, rows, err)) != DONE) return status;
    progress_update(&f->progress, input_position_bytes(table_input(f->table)),
                    (uint64_t)f->about->rows);
    if (f->portion.count < PORTION_ROWS) continue;
    if ((status = portion_take(f, err)) != DONE) return status;
    portion_clear(&f->portion);
  }
  return status == DONE ? portion_take(f, err) : status;
}

/* ---- the record of a file ---- */

static enum status note_rejects(struct file_intake *f, int64_t import, struct error *err) {
  enum status status = DONE;
  for (size_t i = 0; i < f->refused_count && status == DONE; i++) {
    const struct refused *r = &f->refused[i];
    bool is_row = r->value.size > LIMIT_FIELD_BYTES || memchr(r->value.bytes, '\n', r->value.size);
    struct span shown = is_row ? span_cut(r->value, LIMIT_REJECT_SHOWN_BYTES) : r->value;
    bool sound = utf8_valid(shown.bytes, shown.size); /* the store takes only valid text */
    const struct reject_record reject = {.import = import,
                                         .line = (int64_t)r->line,
                                         .column = span_of(r->column),
                                         .value = sound ? shown : span_of("?"),
                                         .reason = span_of(r->reason)};
    status = reject_insert(f->in->call->store, &reject, err);
  }
  return status;
}

static enum status note_import(struct file_intake *f, const struct digest *digest,
                               struct error *err) {
  struct intake *in = f->in;
  const char *slash = strrchr(f->path, '/'), *who = in->call->options.who;
  char now[21];
  const struct import_record import = {.id = ++in->last_import,
                                       .kind = span_of(in->kind->name),
                                       .file = span_of(slash ? slash + 1 : f->path),
                                       .rows = f->about->posted,
                                       .rejected = f->about->rejected,
                                       .at = span_of(clock_write_now(now)),
                                       .who = span_of(who ? who : "")};
  enum status status = import_insert(in->call->store, &import, digest, err);
  if (!in->result->import) in->result->import = in->last_import;
  return status == DONE ? note_rejects(f, in->last_import, err) : status;
}

/* ---- a file, a call ---- */

static enum status take_file(struct intake *in, struct import_file *about, struct error *err) {
  struct file_intake f = {.in = in, .path = about->path, .about = about};
  enum status status = table_open(&f.table, about->path, in->kind->columns, in->kind->column_count,
                                  err);
  if (status != DONE) return status;
  input_bound(table_input(f.table), in->call->options.unpacked_most);
  f.arena = arena_new();
  in->told = 0;
  in->json = table_is_json(f.table);
  for (int c = 0; c < in->kind->column_count; c++)
    if (table_has_column(f.table, c)) in->told |= UINT64_C(1) << c;
  progress_begin(&f.progress, in->call->options.progress, in->kind->name,
                 input_size_bytes(table_input(f.table)));
  progress_report(&f.progress, in->call->options.watch);
  status = take_rows(&f, err);
  progress_end(&f.progress);
  about->rejected = f.refused_all;
  if (f.refused_all <= LIMIT_REJECTS_KEPT) report(&f);
  if (status == DONE) {
    struct digest digest;
    input_digest(table_input(f.table), &digest);
    if (in->once)
      status = import_check_once(in->call->store, in->kind->name, &digest, about->path, err);
    if (status == DONE) status = note_import(&f, &digest, err);
  }
  portion_clear(&f.portion);
  free(f.portion.blocks);
  free(f.portion.rows);
  free(f.refused);
  table_close(f.table);
  arena_free(f.arena);
  return status;
}

static enum status begin(struct intake *in, struct error *err) {
  struct head head;
  enum status status = head_lock(in->call->store, &head, err);
  if (status == DONE) {
    in->last_import = in->first_import = head.import;
    in->last_service = in->first_service = head.service;
  }
  if (status == DONE && in->call->options.take_pack)
    status = book_sync_pack(in->call->store, in->call->pack, err);
  if (status == DONE && in->call->options.take_pack)
    status = schemes_sync(in->call->store, in->call->pack, err);
  if (status == DONE && in->kind->writes_register)
    status = register_writer_open(&in->writer, in->call->store, in->call->arena, err);
  return status;
}

/* After days of birth or death were changed: the book is not rewritten, so this reports the lines
 * that are now outside a life. */
static enum status look_at_lives(struct intake *in, struct error *err) {
  /* each takes a millisecond; the audit finds them all */
  enum { LOOKED_AT_MOST = 1000, SAID_MOST = 20 };
  int count = 0, said = 0, more = 0;
  const int64_t *changed = register_writer_lives(in->writer, &count);
  struct text t = {0};
  enum status status = DONE;
  for (int i = 0; status == DONE && i < count && i < LOOKED_AT_MOST; i++) {
    struct person person = {0};
    struct life_strays strays = {0};
    status = register_person(in->call->store, in->call->arena, changed[i], &person, err);
    if (status != DONE || person.survivor) continue;
    int64_t *records = arena_array(in->call->arena, int64_t, person.merged_count + 1);
    records[0] = person.id;
    for (int k = 0; k < person.merged_count; k++) records[k + 1] = person.merged[k];
    status = life_strays(in->call->store, in->call->arena, records, person.merged_count + 1,
                         person.born, person.died, &strays, err);
    if (!strays.lines) continue;
    if (said++ < SAID_MOST) life_strays_say(&t, person.code, &strays);
    else more++;
  }
  if (more || count > LOOKED_AT_MOST)
    text_add(&t, "There are more births and deaths that were changed; weal audit says of all of "
                 "them which lines lie outside a life\n");
  if (t.size) in->result->lives = arena_copy(in->call->arena, t.bytes, t.size);
  text_release(&t);
  return status;
}

static enum status end(struct intake *in, struct error *err) {
  struct store *store = in->call->store;
  struct import_result *result = in->result;
  result->added = in->added;
  result->changed = in->changed;
  result->same = in->same;
  enum status status = DONE;
  if (in->writer) {
    struct register_counts counts;
    int64_t first = 0, last = 0;
    status = register_writer_end(in->writer, &counts, &first, &last, err);
    if (status != DONE) return status;
    result->added = counts.added;
    result->changed = counts.changed;
    result->moved = counts.moved;
    result->same = counts.same;
    if (first && (status = book_open_people(store, first, last, err)) != DONE) return status;
    if ((status = look_at_lives(in, err)) != DONE) return status;
  }
  struct head taken = {.import = in->last_import - in->first_import,
                       .service = in->last_service - in->first_service};
  return head_take(store, &taken, err);
}

static enum status take_call(struct intake *in, bool *kept, struct error *err) {
  const struct import_call *call = in->call;
  enum status status = begin(in, err);
  for (int i = 0; i < call->path_count && status == DONE; i++) {
    in->result->files[i].path = call->paths[i];
    in->result->file_count = i + 1;
    status = take_file(in, &in->result->files[i], err);
  }
  if (status != DONE || (rejects_count(call->rejects) && !call->options.partial)) return status;
  if (in->finish) status = in->finish(in, err);
  if (status == DONE) status = end(in, err);
  /* a file is kept only together with its refused rows */
  if (status == DONE && !call->options.dry_run &&
      (status = rejects_flush(call->rejects, err)) == DONE) {
    status = store_commit(call->store, err);
    *kept = status == DONE;
  }
  return status;
}

enum status intake_run(const struct intake_kind *kind, const struct import_call *call,
                       struct import_result *result, struct error *err) {
  struct intake in = {.call = call, .kind = kind, .result = result};
  *result = (struct import_result){
      .files = arena_array(call->arena, struct import_file, call->path_count + 1)};
  enum status status = store_begin(call->store, STORE_WRITE, err);
  if (status != DONE) return status;
  bool kept = false;
  status = take_call(&in, &kept, err);
  register_writer_free(in.writer);
  if (kept) return DONE;
  store_rollback(call->store);
  result->import = 0;
  return status;
}
