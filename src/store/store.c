/* What both drivers share: which driver a URL means, statements kept from one use to the next, the
 * rule that nothing else runs while a stream or an append is open, and the batches of an append. */
#include "base/refusal.h"
#include "store/driver.h"
#include <assert.h>
#include <strings.h>

/* A statement that is kept, with a copy of its text. Its queries are idle, or open (the same text
 * may be open twice, one inside the other). */
struct kept_statement {
  char *text;
  struct query *idle;
  struct query **all;
  size_t count, capacity;
};

static const char savepoint_set[] = "savepoint job", savepoint_release[] = "release savepoint job",
                  savepoint_undo[] = "rollback to savepoint job";

/* ---- opening ---- */

static char *copy_string(const char *text) {
  size_t size = strlen(text) + 1;
  return memcpy(memory_alloc(size), text, size);
}

static const char sqlite_scheme[] = "sqlite:", postgresql_scheme[] = "postgresql://";

static bool begins(const char *text, const char *scheme) {
  return strncasecmp(text, scheme, strlen(scheme)) == 0;
}

const char *store_url_path(const char *url) {
  return begins(url, sqlite_scheme) ? url + strlen(sqlite_scheme) : NULL;
}

/* The two forms of a store, and nothing else: what is neither may be a slip, or hold a password, so
 * it is not repeated. *where: the path, or the URL with its scheme in small letters as libpq wants
 * it; malloced. */
static enum status read_url(const char *url, const struct driver **driver, char **where,
                            struct error *err) {
  if (begins(url, postgresql_scheme)) {
    *driver = &driver_postgresql;
    *where = copy_string(url);
    memcpy(*where, postgresql_scheme, strlen(postgresql_scheme));
    return DONE;
  }
  const char *path = store_url_path(url);
  if (!path || strstr(path, "://") || strstr(path, "password="))
    return error_set(err, USAGE,
                     "the store that --store or $WEAL_STORE names has neither of a store's two "
                     "forms; write sqlite:PATH or postgresql://USER@HOST/DATABASE");
  if (!*path)
    return error_set(err, USAGE,
                     "the store has no name; write sqlite:PATH, such as sqlite:weal.db");
  if (path[0] == ':' || begins(path, "file:"))
    return error_set(
        err, USAGE,
        "'%s' would mean something of its own to SQLite; a store is sqlite:PATH, where "
        "PATH is a file's: write sqlite:weal.db, or sqlite:./%s for a file of that name",
        path, path);
  *driver = &driver_sqlite;
  *where = copy_string(path);
  return DONE;
}

enum status store_open_with(struct store **out, const char *url, enum store_mode mode,
                            const struct embedded_file *files, struct error *err) {
  char *where = NULL;
  const struct driver *driver = NULL;
  struct store *store;
  *out = NULL;
  enum status status = read_url(url, &driver, &where, err);
  if (status == DONE) status = driver->open(&store, where, mode, err);
  if (status != DONE) {
    free(where);
    return status;
  }
  store->driver = driver;
  store->mode = mode;
  store->url = copy_string(url);
  if (store->shown) free(where);
  else store->shown = where;
  status = schema_ready(store, files, err);
  if (status != DONE) {
    store_close(store);
    return status;
  }
  store->mode = mode == STORE_CREATE ? STORE_WRITE : mode;
  *out = store;
  return DONE;
}

enum status store_open(struct store **out, const char *url, enum store_mode mode,
                       struct error *err) {
  return store_open_with(out, url, mode, embedded_schema, err);
}

enum status store_again(struct store **out, struct store *store, enum store_mode mode,
                        struct error *err) {
  assert(mode != STORE_CREATE);
  return store_open(out, store->url, mode, err);
}

static void free_room(struct block_room *room) {
  if (!room) return;
  for (int i = 0; i < STORE_BLOCK_COLUMNS; i++) {
    free(room->block.column[i].integers);
    free(room->block.column[i].null);
    free(room->block.column[i].texts);
    free(room->at[i]);
  }
  text_release(&room->bytes);
  free(room);
}

static void forget_statements(struct store *store) {
  for (size_t i = 0; i < store->kept_count; i++) {
    struct kept_statement *kept = &store->kept[i];
    for (size_t k = 0; k < kept->count; k++) store->driver->dispose(kept->all[k]);
    free(kept->all);
    free(kept->text);
  }
  free(store->kept);
  map_release(&store->kept_by_text);
}

void store_close(struct store *store) {
  if (!store) return;
  store_rollback(store);
  forget_statements(store);
  free_room(store->room);
  char *url = store->url, *shown = store->shown, *path = store->path, *warning = store->warning;
  store->driver->close(store);
  free(warning);
  free(url);
  free(shown);
  free(path);
}

enum store_engine store_engine_of(const struct store *store) { return store->driver->engine; }
const char *store_shown(const struct store *store) { return store->shown; }
const char *store_warning(const struct store *store) { return store->warning; }
const char *store_path(const struct store *store) { return store->path; }

/* ---- transactions ---- */

/* Nothing may run while a stream or an append is open: that would be our own mistake, so it is
 * asserted. */
static void assert_idle(const struct store *store) {
  assert(!store->stream && "a stream is open on this store");
  assert(!store->append && "an append is open on this store");
}

enum status store_begin(struct store *store, enum store_mode mode, struct error *err) {
  assert_idle(store);
  assert(store->transaction == TRANSACTION_NONE && "a transaction is open already");
  assert(mode == STORE_READ || store->mode != STORE_READ);
  enum status status = store->driver->begin(store, mode, err);
  if (status == DONE)
    store->transaction = mode == STORE_READ ? TRANSACTION_READ : TRANSACTION_WRITE;
  return status;
}

enum status store_commit(struct store *store, struct error *err) {
  assert_idle(store);
  assert(store->transaction != TRANSACTION_NONE);
  assert(!store->savepoints && "a savepoint was neither released nor undone");
  enum status status = DONE;
  if (store->pipeline) status = store_pipeline_end(store, err);
  if (status == DONE) status = store->driver->commit(store, err);
  if (status == DONE) store->transaction = TRANSACTION_NONE;
  return status;
}

/* Ends what a failed caller has left open. */
static void drop_unfinished(struct store *store) {
  if (store->append) {
    if (!store->append->stopped) store->driver->append_stop(store->append);
    store->append->stopped = true;
    store->append = NULL;
  }
  if (store->stream) {
    store->driver->reset(store->stream);
    store->stream->started = false;
    store->stream = NULL;
  }
  store->pipeline = false;
  if (store->transaction != TRANSACTION_NONE) {
    /* a failed transaction is being rolled back */
    if (store->driver->pipeline_end(store, NULL) != DONE) {}
  }
}

void store_rollback(struct store *store) {
  drop_unfinished(store);
  if (store->transaction != TRANSACTION_NONE) store->driver->rollback(store);
  store->transaction = TRANSACTION_NONE;
  store->savepoints = 0;
}

bool store_alive(const struct store *store) { return store->driver->alive(store); }

/* Kept statements, since the portal's writer sets one for each of some thousands of jobs a second;
 * `ahead`: sent with the next statement, so that PostgreSQL answers both in one round trip. */
static enum status run_kept(struct store *store, const char *sql, bool ahead, struct error *err) {
  struct query *q;
  enum status status = store_query(store, &q, sql, err);
  if (status != DONE) return status;
  status = ahead ? query_run_later(q, err) : query_run(q, err);
  query_end(q);
  return status;
}

/* Prepared before anything can fail: in a failed transaction PostgreSQL prepares only statements
 * that end it. */
static enum status prepare_undo(struct store *store, struct error *err) {
  static const char *const all[] = {savepoint_undo, savepoint_release};
  for (int i = 0; i < 2; i++) {
    struct query *q;
    enum status status = store_query(store, &q, all[i], err);
    if (status != DONE) return status;
    query_end(q);
  }
  return DONE;
}

enum status store_savepoint(struct store *store, struct error *err) {
  assert_idle(store);
  assert(store->transaction == TRANSACTION_WRITE && !store->pipeline);
  enum status status = prepare_undo(store, err);
  if (status == DONE) status = run_kept(store, savepoint_set, true, err);
  store->savepoints += status == DONE;
  return status;
}

enum status store_savepoint_release(struct store *store, struct error *err) {
  assert(store->savepoints > 0);
  enum status status = run_kept(store, savepoint_release, true, err);
  store->savepoints -= status == DONE; /* after a failure it can still be undone */
  return status;
}

enum status store_savepoint_undo(struct store *store, struct error *err) {
  assert(store->savepoints > 0);
  store->savepoints--;
  drop_unfinished(store);
  enum status status = run_kept(store, savepoint_undo, false, err);
  return status == DONE ? run_kept(store, savepoint_release, true, err) : status;
}

/* ---- statements ---- */

enum status store_run(struct store *store, const char *sql, struct error *err) {
  assert_idle(store);
  struct text own = {0};
  store_translate(&own, sql, store->driver->engine, false);
  enum status status = own.size ? store->driver->run(store, own.bytes, err) : DONE;
  text_release(&own);
  return status;
}

static size_t find_statement(struct store *store, const char *sql) {
  int64_t index = map_get(&store->kept_by_text, span_of(sql));
  if (index >= 0) return (size_t)index;
  array_reserve(store->kept, store->kept_capacity, store->kept_count + 1);
  store->kept[store->kept_count] = (struct kept_statement){.text = copy_string(sql)};
  map_set(&store->kept_by_text, span_of(store->kept[store->kept_count].text),
          (int64_t)store->kept_count);
  return store->kept_count++;
}

static enum status prepare(struct store *store, size_t index, struct query **out,
                           struct error *err) {
  struct kept_statement *kept = &store->kept[index];
  struct text own = {0};
  store_translate(&own, kept->text, store->driver->engine, false);
  enum status status = store->driver->prepare(store, out, own.bytes, err);
  text_release(&own);
  if (status != DONE) return status;
  (*out)->store = store;
  (*out)->kept = index;
  array_reserve(kept->all, kept->capacity, kept->count + 1);
  kept->all[kept->count++] = *out;
  return DONE;
}

enum status store_query(struct store *store, struct query **out, const char *sql,
                        struct error *err) {
  assert_idle(store);
  *out = NULL;
  size_t index = find_statement(store, sql);
  struct query *q = store->kept[index].idle;
  if (q) {
    store->kept[index].idle = q->idle_next;
  } else {
    enum status status = prepare(store, index, &q, err);
    if (status != DONE) return status;
  }
  q->idle_next = NULL;
  q->open = true;
  q->stream = q->started = q->zero_byte = q->ended = false;
  q->kinds = NULL;
  *out = q;
  return DONE;
}

enum status store_stream(struct store *store, struct query **out, const char *sql,
                         struct error *err) {
  enum status status = store_query(store, out, sql, err);
  if (status == DONE) (*out)->stream = true;
  return status;
}

void query_end(struct query *q) {
  if (!q) return;
  struct store *store = q->store;
  assert(q->open && "ended twice");
  store->driver->reset(q);
  if (store->stream == q) store->stream = NULL;
  q->open = false;
  q->idle_next = store->kept[q->kept].idle;
  store->kept[q->kept].idle = q;
}

/* Binding begins a new execution: drops the rows and parameters that are left of the last one. */
static void ready_to_bind(struct query *q) {
  assert(q->open);
  q->ended = false;
  if (!q->started) return;
  q->store->driver->reset(q);
  if (q->store->stream == q) q->store->stream = NULL;
  q->started = false;
}

void query_bind_int(struct query *q, int parameter, int64_t value) {
  ready_to_bind(q);
  q->store->driver->bind_int(q, parameter, value);
}

void query_bind_text(struct query *q, int parameter, struct span value) {
  ready_to_bind(q);
  if (value.bytes && value.size && memchr(value.bytes, 0, value.size)) q->zero_byte = true;
  if (value.bytes) q->store->driver->bind_text(q, parameter, value);
  else q->store->driver->bind_null(q, parameter);
}

void query_bind_bytes(struct query *q, int parameter, const void *bytes, size_t size) {
  ready_to_bind(q);
  if (bytes) q->store->driver->bind_bytes(q, parameter, bytes, size);
  else q->store->driver->bind_null(q, parameter);
}

void query_bind_null(struct query *q, int parameter) {
  ready_to_bind(q);
  q->store->driver->bind_null(q, parameter);
}

void query_bind_ranges(struct query *q, int parameter, const int64_t *bounds, int count) {
  if (!count) query_bind_null(q, parameter);
  else if (q->store->driver->engine == STORE_SQLITE)
    query_bind_bytes(q, parameter, bounds, sizeof *bounds * 2 * (size_t)count);
  else {
    struct text list = {0};
    for (int i = 0; i < count; i++)
      text_addf(&list, "%c[%lld,%lld]", i ? ',' : '{', (long long)bounds[2 * i],
                (long long)bounds[2 * i + 1]);
    text_add_char(&list, '}');
    query_bind_text(q, parameter, span_make(list.bytes, list.size));
    text_release(&list);
  }
}

static enum status refuse_zero_byte(struct error *err) { return refuse(err, STORE_ZERO_BYTE); }

static void assert_may_step(const struct query *q) {
  const struct store *store = q->store;
  assert(q->open);
  assert((!store->stream || store->stream == q) && "another stream is open on this store");
  assert(!store->append && "an append is open on this store");
}

/* The next row, or (with a room) the next block. */
static enum status step(struct query *q, struct block_room *room, bool *row, struct error *err) {
  assert_may_step(q);
  *row = false;
  if (q->zero_byte) {
    ready_to_bind(q);
    q->zero_byte = false;
    return refuse_zero_byte(err);
  }
  if (q->stream) q->store->stream = q;
  q->started = true;
  enum status status = room ? q->store->driver->fill(q, room, row, err)
                            : q->store->driver->step(q, row, err);
  if (status != DONE || !*row) {
    if (q->stream) q->store->stream = NULL;
    if (status != DONE) q->store->driver->reset(q);
    q->started = false;
  }
  return status;
}

enum status query_step(struct query *q, bool *row, struct error *err) {
  assert(!q->kinds && "rows that come in blocks");
  return step(q, NULL, row, err);
}

/* ---- columns in blocks ---- */

static void make_room(struct block_room *room, const char *kinds) {
  room->kinds = kinds;
  room->columns = (int)strlen(kinds);
  assert(room->columns >= 1 && room->columns <= STORE_BLOCK_COLUMNS);
  for (int i = 0; i < room->columns; i++) {
    struct block_column *column = &room->block.column[i];
    if (kinds[i] == 't') {
      if (!column->texts) column->texts = memory_zeroed(STORE_BLOCK_ROWS, sizeof *column->texts);
      if (!room->at[i]) room->at[i] = memory_zeroed(STORE_BLOCK_ROWS, sizeof *room->at[i]);
    } else if (!column->integers)
      column->integers = memory_zeroed(STORE_BLOCK_ROWS, sizeof *column->integers);
    if (kinds[i] == 'n' && !column->null)
      column->null = memory_zeroed(STORE_BLOCK_ROWS, sizeof *column->null);
  }
}

enum status store_blocks(struct store *store, struct query **out, const char *sql,
                         const char *kinds, struct error *err) {
  enum status status = store_stream(store, out, sql, err);
  if (status != DONE) return status;
  (*out)->kinds = kinds;
  if (!store->room) store->room = memory_zeroed(1, sizeof *store->room);
  return DONE;
}

enum status query_block(struct query *q, const struct column_block **out, struct error *err) {
  struct block_room *room = q->store->room;
  bool more = false;
  assert(q->kinds && "rows that do not come in blocks");
  if (!q->started) make_room(room, q->kinds);
  room->block.rows = room->block.whole = 0;
  text_clear(&room->bytes);
  *out = &room->block;
  if (q->ended) return DONE;
  enum status status = step(q, room, &more, err);
  q->ended = status == DONE && !more;
  for (int c = 0; status == DONE && c < room->columns; c++) {
    struct span *texts = room->block.column[c].texts;
    for (size_t i = 0; room->kinds[c] == 't' && i < room->block.rows; i++)
      if (texts[i].size) texts[i].bytes = room->bytes.bytes + room->at[c][i];
      else if (texts[i].bytes) texts[i].bytes = ""; /* the engine's copy may be gone */
  }
  return status;
}

enum status query_run(struct query *q, struct error *err) {
  assert_may_step(q);
  if (q->zero_byte) {
    q->zero_byte = false;
    q->store->driver->reset(q);
    return refuse_zero_byte(err);
  }
  q->started = false;
  enum status status = q->store->driver->execute(q, err);
  if (status != DONE) q->store->driver->reset(q);
  return status;
}

enum status query_ask(struct query *q, struct error *err) {
  assert_may_step(q);
  assert(!q->stream);
  if (q->zero_byte) {
    q->zero_byte = false;
    q->store->driver->reset(q);
    return refuse_zero_byte(err);
  }
  enum status status = q->store->driver->ask(q, err);
  q->started = status == DONE;
  if (status != DONE) q->store->driver->reset(q);
  return status;
}

enum status query_run_later(struct query *q, struct error *err) {
  assert_may_step(q);
  if (q->zero_byte) return query_run(q, err);
  q->started = false;
  enum status status = q->store->driver->later(q, err);
  if (status != DONE) q->store->driver->reset(q);
  return status;
}

bool query_is_null(struct query *q, int column) { return q->store->driver->is_null(q, column); }
int64_t query_int(struct query *q, int column) { return q->store->driver->get_int(q, column); }
struct span query_text(struct query *q, int column) {
  return q->store->driver->get_text(q, column);
}

wide_t query_wide(struct query *q, int column) {
  wide_t sum = 0;
  struct span digits = query_text(q, column);
  bool read = !digits.size || wide_parse(digits, &sum);
  assert(read); /* 2^63 lines of 64 bits each */
  return sum;
}

struct span query_bytes(struct query *q, int column) {
  return q->store->driver->get_bytes(q, column);
}

char *query_copy(struct query *q, struct arena *arena, int column) {
  struct span s = query_text(q, column);
  return arena_copy(arena, s.bytes ? s.bytes : "", s.size);
}

char *query_copy_or_null(struct query *q, struct arena *arena, int column) {
  return query_is_null(q, column) ? NULL : query_copy(q, arena, column);
}

day_t query_day(struct query *q, int column) {
  return query_is_null(q, column) ? DAY_NONE : (day_t)query_int(q, column);
}

int64_t query_changes(struct query *q) { return q->store->driver->changes(q); }

enum status store_pipeline_begin(struct store *store, struct error *err) {
  assert_idle(store);
  assert(!store->pipeline);
  enum status status = store->driver->pipeline_begin(store, err);
  store->pipeline = status == DONE;
  return status;
}

enum status store_pipeline_end(struct store *store, struct error *err) {
  assert_idle(store);
  store->pipeline = false;
  return store->driver->pipeline_end(store, err);
}

enum status store_int(struct store *store, const char *sql, int64_t absent, int64_t *out,
                      struct error *err) {
  struct query *q;
  enum status status = store_query(store, &q, sql, err);
  if (status != DONE) return status;
  bool row;
  status = query_step(q, &row, err);
  if (status == DONE) *out = row ? query_int(q, 0) : absent;
  query_end(q);
  return status;
}

/* ---- statements with their values ---- */

void query_bind_values(struct query *q, struct query_values values) {
  for (int i = 0; i < values.count; i++) {
    const struct query_value *v = &values.all[i];
    if (v->kind == QUERY_VALUE_INT) query_bind_int(q, i + 1, v->integer);
    else if (v->kind == QUERY_VALUE_TEXT) query_bind_text(q, i + 1, span_make(v->bytes, v->size));
    else if (v->bytes) query_bind_bytes(q, i + 1, v->bytes, v->size);
    else query_bind_null(q, i + 1);
  }
}

enum status store_query_values(struct store *store, struct query **out, const char *sql,
                               struct query_values values, struct error *err) {
  enum status status = store_query(store, out, sql, err);
  if (status == DONE) query_bind_values(*out, values);
  return status;
}

enum status store_row_values(struct store *store, struct query **out, bool *row, const char *sql,
                             struct query_values values, struct error *err) {
  *row = false;
  enum status status = store_query_values(store, out, sql, values, err);
  return status == DONE ? query_step(*out, row, err) : status;
}

enum status store_run_values(struct store *store, const char *sql, struct query_values values,
                             struct error *err) {
  struct query *q = NULL;
  enum status status = store_query_values(store, &q, sql, values, err);
  if (status == DONE) status = query_run(q, err);
  query_end(q);
  return status;
}

enum status store_int_values(struct store *store, const char *sql, int64_t absent, int64_t *out,
                             struct query_values values, struct error *err) {
  struct query *q = NULL;
  bool row = false;
  enum status status = store_row_values(store, &q, &row, sql, values, err);
  if (status == DONE) *out = row ? query_int(q, 0) : absent;
  query_end(q);
  return status;
}

/* ---- bulk append ---- */

static size_t count_columns(const char *columns) {
  size_t count = 1;
  for (; *columns; columns++) count += *columns == ',';
  return count;
}

enum status append_begin(struct store *store, struct append **out, const char *table,
                         const char *columns, struct error *err) {
  assert_idle(store);
  assert(store->transaction == TRANSACTION_WRITE);
  assert(!store->pipeline);
  *out = NULL;
  struct append *a;
  enum status status = store->driver->append_begin(store, &a, table, columns, err);
  if (status != DONE) return status;
  a->store = store;
  a->table = copy_string(table);
  a->columns = count_columns(columns);
  assert(a->columns <= STORE_APPEND_COLUMNS);
  a->cells = memory_alloc(STORE_APPEND_ROWS * a->columns * sizeof *a->cells);
  store->append = a;
  *out = a;
  return DONE;
}

static struct store_cell *next_cell(struct append *a) {
  assert(a->column < a->columns && "more values than columns");
  return &a->cells[a->rows * a->columns + a->column++];
}

void append_int(struct append *a, int64_t value) {
  *next_cell(a) = (struct store_cell){.kind = CELL_INT, .integer = value};
}
void append_null(struct append *a) { *next_cell(a) = (struct store_cell){.kind = CELL_NULL}; }

static void append_piece(struct append *a, enum cell_kind kind, const void *bytes, size_t size) {
  if (!bytes) {
    append_null(a);
    return;
  }
  assert(size <= INT32_MAX);
  *next_cell(a) =
      (struct store_cell){.kind = kind, .size = (uint32_t)size, .offset = a->bytes.size};
  if (size) text_add_bytes(&a->bytes, bytes, size);
}

void append_text(struct append *a, struct span value) {
  if (value.bytes && value.size && memchr(value.bytes, 0, value.size)) a->zero_byte = true;
  append_piece(a, CELL_TEXT, value.bytes, value.size);
}

void append_bytes(struct append *a, const void *bytes, size_t size) {
  append_piece(a, CELL_BYTES, bytes, size);
}

static enum status flush(struct append *a, struct error *err) {
  enum status status = a->rows ? a->store->driver->append_flush(a, err) : DONE;
  a->rows = 0;
  text_clear(&a->bytes);
  return status == DONE ? DONE : error_while(err, "adding rows to %s", a->table);
}

enum status append_row(struct append *a, struct error *err) {
  assert(a->store->append == a && !a->stopped);
  assert(a->column == a->columns && "fewer values than columns");
  a->column = 0;
  if (a->zero_byte) return refuse_zero_byte(err);
  a->rows++;
  return a->rows == STORE_APPEND_ROWS ? flush(a, err) : DONE;
}

static void release(struct append *a) {
  if (a->store->append == a) a->store->append = NULL;
  free(a->cells);
  free((char *)a->table);
  text_release(&a->bytes);
  a->store->driver->append_free(a);
}

enum status append_end(struct append *a, struct error *err) {
  assert(a->column == 0 && "a row was begun and not appended");
  enum status status = a->stopped
                           ? error_set(err, FAILED, "adding rows to %s was rolled back", a->table)
                           : flush(a, err);
  if (status == DONE) {
    status = a->store->driver->append_end(a, err);
    if (status != DONE) status = error_while(err, "adding rows to %s", a->table);
  } else if (!a->stopped) {
    a->store->driver->append_stop(a);
  }
  release(a);
  return status;
}

void append_abandon(struct append *a) {
  if (!a) return;
  if (!a->stopped) a->store->driver->append_stop(a);
  release(a);
}

/* ---- locks that outlive a transaction ---- */

enum status store_lock(struct store *store, const char *name, bool wait, bool *held,
                       struct error *err) {
  assert_idle(store);
  *held = false;
  return store->driver->lock(store, name, false, wait, held, err);
}

enum status store_lock_shared(struct store *store, const char *name, struct error *err) {
  bool held = false;
  return store->driver->lock(store, name, true, true, &held, err);
}

void store_unlock(struct store *store, const char *name) {
  assert_idle(store);
  store->driver->unlock(store, name);
}
