/* The SQLite driver. In this order: errors, opening and closing, the schema's mark, transactions,
 * statements, append, locks.
 *
 * A book is one file in WAL mode. The last connection to close writes the log back and removes it,
 * so that PATH alone is the book; for this reason a reader, too, opens the file for writing where
 * it may (`query_only` keeps it from writing anything else).
 */
#include "base/refusal.h"
#include "store/driver.h"
#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <sqlite3.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
  /* 'WEAL' in the file's header, by which `file` and this program recognise a book */
  APPLICATION_ID = 0x5745414C,
  WRITER_CACHE_KIB = 64 << 10,
  READER_CACHE_KIB = 16 << 10, /* an upper limit; memory is taken as needed */
  CHECKPOINT_PAGES = 4000      /* 16 MB of log: see sqlite_settings */
};

struct held_lock {
  bool shared;
  char *name, *path;
  int file;
  struct held_lock *next;
};

struct sqlite {
  struct store base;
  sqlite3 *db;
  struct held_lock *locks;
  dev_t device; /* of the file that was opened */
  ino_t inode;
  bool made;            /* the file did not exist before */
  bool relaxed;         /* commits do not wait for the disk (STORE_BULK) */
  bool rows_registered; /* the virtual table that an append reads */
  struct append *rows;
};

struct sqlite_query {
  struct query base;
  sqlite3_stmt *statement;
  int64_t changes;
};

static struct sqlite *sqlite_of(struct store *store) { return (struct sqlite *)store; }

/* ---- errors ---- */

static enum status sqlite_failed(struct sqlite *s, int rc, struct error *err) {
  const char *path = s->base.path, *words = sqlite3_errmsg(s->db);
  int detail = sqlite3_extended_errcode(s->db), system = sqlite3_system_errno(s->db);
  switch (rc & 0xff) {
  case SQLITE_CONSTRAINT:
  case SQLITE_MISMATCH:
  case SQLITE_TOOBIG: return refuse(err, SYSTEM_SAYS, words);
  case SQLITE_NOTADB: return refuse(err, STORE_NO_BOOK, path);
  case SQLITE_BUSY:
  case SQLITE_LOCKED:
    return error_set(err, FAILED,
                     "%s is in use: another program has been writing to it for more than %d "
                     "seconds; try again when it has finished",
                     path, STORE_LOCK_WAIT_S);
  case SQLITE_FULL:
    return error_set(
        err, FAILED,
        "%s: the disk is full, or a limit on the size of files is met; make room, then do it again",
        path);
  case SQLITE_IOERR:
    /* a limit on file sizes leads here: SQLite keeps no errno for it */
    if (detail == SQLITE_IOERR_WRITE && !system)
      return error_set(err, FAILED,
                       "%s: writing failed: the disk is full, a limit on the size of files is met, "
                       "or the disk is broken; see to it, then do it again",
                       path);
    return error_set(err, FAILED, "%s: reading or writing failed: %s (SQLite %d)", path,
                     system ? strerror(system) : words, detail);
  case SQLITE_READONLY: return error_set(err, FAILED, "%s cannot be written: %s", path, words);
  case SQLITE_CORRUPT:
    return error_set(err, FAILED, "%s is damaged (%s); restore a backup", path, words);
  case SQLITE_CANTOPEN:
    return error_set(err, FAILED, "%s cannot be opened: %s", path,
                     system ? strerror(system) : words);
  default: return error_set(err, FAILED, "%s: %s (SQLite %d)", path, words, detail);
  }
}

static enum status execute_text(struct sqlite *s, const char *sql, struct error *err) {
  int rc = sqlite3_exec(s->db, sql, NULL, NULL, NULL);
  return rc == SQLITE_OK ? DONE : sqlite_failed(s, rc, err);
}

/* ---- opening and closing ---- */

/* Counting every allocation under one mutex slows threads that read side by side, and we do not use
 * the count. A path is a path: some builds of SQLite read `file:` as a URI of theirs. */
static void configure_once(void) {
  sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
  sqlite3_config(SQLITE_CONFIG_URI, 0);
}

static enum status find_file(struct sqlite *s, enum store_mode mode, struct error *err) {
  struct stat st;
  if (stat(s->base.path, &st) == 0) {
    if (S_ISREG(st.st_mode)) return DONE;
    return refuse(err, STORE_NO_FILE, s->base.path);
  }
  if (errno != ENOENT && errno != ENOTDIR) return error_errno(err, "%s", s->base.path);
  if (mode != STORE_CREATE) return refuse(err, BOOK_NOT_FOUND, s->base.path);
  s->made = true;
  return DONE;
}

/* Opens a book on a medium that cannot be written, where even the log's index cannot be made, as a
 * file that never changes. Only when there is no log beside it, since a log holds changes that the
 * file does not. */
static int open_immutable(struct sqlite *s) {
  struct stat st;
  struct text uri = {0};
  text_addf(&uri, "%s-wal", s->base.path);
  if (stat(uri.bytes, &st) == 0 && st.st_size > 0) {
    text_release(&uri);
    return SQLITE_CANTOPEN;
  }
  text_clear(&uri);
  text_add(&uri, "file:");
  for (const unsigned char *p = (const unsigned char *)s->base.path; *p; p++) {
    if (*p == '%' || *p == '?' || *p == '#') text_addf(&uri, "%%%02X", *p);
    else text_add_char(&uri, (char)*p);
  }
  text_add(&uri, "?immutable=1");
  sqlite3_close(s->db);
  int rc = sqlite3_open_v2(uri.bytes, &s->db,
                           SQLITE_OPEN_READONLY | SQLITE_OPEN_URI | SQLITE_OPEN_NOMUTEX |
                               SQLITE_OPEN_EXRESCODE,
                           NULL);
  text_release(&uri);
  return rc;
}

/* The settings of every connection, measured with bench/store:
 * - The log may grow to 16 MB before it is written back. A bulk import of sorted rows writes each
 *   page once to the log and once to the file whatever the limit is (119 bytes a row of 59), but
 *   each write-back waits for the disk twice: 100 waits for 3 M rows with SQLite's 1,000 pages, 40
 *   with 4,000; 16,000 is no faster, and one write-back then takes noticeably long.
 * - Pages of 4,096 bytes. 16,384 take 10 to 30 % more rows/s in bulk, but a few rows that are each
 *   on a page of its own, as in a day's small import, write 33 kB a row instead of 9.
 * - No mmap: scans gain 3 %, and the pages of the file would count as the program's memory. */
static enum status sqlite_settings(struct sqlite *s, enum store_mode mode, struct error *err) {
  struct text sql = {0};
  text_addf(&sql,
            "pragma cache_size=-%d;pragma temp_store=memory;pragma foreign_keys=off;pragma "
            "trusted_schema=off;",
            mode == STORE_READ ? READER_CACHE_KIB : WRITER_CACHE_KIB);
  if (mode == STORE_READ) text_add(&sql, "pragma query_only=on;");
  else
    text_addf(&sql, "pragma journal_mode=wal;pragma synchronous=full;pragma wal_autocheckpoint=%d;",
              CHECKPOINT_PAGES);
  enum status status = execute_text(s, sql.bytes, err);
  text_release(&sql);
  return status;
}

/* Reads the header: for a file that cannot be used, this is the first call that fails. */
static int first_touch(struct sqlite *s) {
  return sqlite3_exec(s->db, "pragma user_version", NULL, NULL, NULL);
}

/* Only the owner may read a new book, whatever the umask, and also where a link leads or an empty
 * file lies already: it holds everybody's records. SQLite makes its other files with the mode of
 * the first. */
static void make_private(const char *path) {
  struct stat about;
  int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (fd < 0) return;
  if (fstat(fd, &about) == 0 && S_ISREG(about.st_mode) && about.st_size == 0 &&
      (about.st_mode & 0077))
    (void)fchmod(fd, 0600);
  close(fd);
}

/* SQLite keeps an aggregate's memory at multiples of 8 bytes, where a wide_t would want 16. */
struct wide_sum {
  wide_t value;
} __attribute__((packed, aligned(8)));

/* SQLite's own sum fails past 64 bits. Returns text, in which every whole number fits. */
static void wide_sum_step(sqlite3_context *context, int count, sqlite3_value **values) {
  struct wide_sum *sum = sqlite3_aggregate_context(context, sizeof *sum);
  (void)count;
  if (!sum) sqlite3_result_error_nomem(context);
  else sum->value += sqlite3_value_int64(values[0]);
}

static void wide_sum_final(sqlite3_context *context) {
  const struct wide_sum *sum = sqlite3_aggregate_context(context, 0);
  struct text t = {0};
  text_add_wide(&t, sum ? sum->value : 0);
  sqlite3_result_text(context, t.bytes, (int)t.size, SQLITE_TRANSIENT);
  text_release(&t);
}

static enum status connect_file(struct sqlite *s, enum store_mode mode, struct error *err) {
  if (mode == STORE_CREATE) make_private(s->base.path);
  int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE |
              (mode == STORE_CREATE ? SQLITE_OPEN_CREATE : 0);
  int rc = sqlite3_open_v2(s->base.path, &s->db, flags, NULL);
  if (rc == SQLITE_OK) {
    /* Checked before SQLite looks for the log: on a read-only disk its error would only be "no such
     * file". */
    if (mode != STORE_READ && sqlite3_db_readonly(s->db, "main") == 1)
      return error_set(err, FAILED, "%s cannot be written; its permissions or its disk forbid it",
                       s->base.path);
    sqlite3_busy_timeout(s->db, STORE_LOCK_WAIT_S * 1000);
    rc = first_touch(s);
  }
  int kind = rc & 0xff;
  if (mode == STORE_READ &&
      (kind == SQLITE_CANTOPEN || kind == SQLITE_READONLY || kind == SQLITE_PERM)) {
    rc = open_immutable(s);
    if (rc == SQLITE_CANTOPEN)
      return error_set(err, FAILED,
                       "%s was not closed in order and cannot be put in order here; copy it and "
                       "%s-wal to a folder that can be written",
                       s->base.path, s->base.path);
    if (rc == SQLITE_OK) rc = first_touch(s);
  }
  return rc == SQLITE_OK ? DONE : sqlite_failed(s, rc, err);
}

/* WITHIN_RANGES: is the number within one of the ranges, which are sorted pairs of int64_t? The
 * ranges come in one parameter, bound by query_bind_ranges. */
static void within_ranges(sqlite3_context *context, int argc, sqlite3_value **argv) {
  (void)argc;
  const char *ranges = sqlite3_value_blob(argv[1]);
  int64_t number = sqlite3_value_int64(argv[0]), bounds[2] = {0};
  size_t low = 0, count = ranges ? (size_t)sqlite3_value_bytes(argv[1]) / sizeof bounds : 0,
         high = count;
  while (low < high) { /* the first that ends at or past the number */
    size_t middle = (low + high) / 2;
    memcpy(bounds, ranges + middle * sizeof bounds, sizeof bounds);
    if (bounds[1] < number) low = middle + 1;
    else high = middle;
  }
  if (low < count) memcpy(bounds, ranges + low * sizeof bounds, sizeof bounds);
  sqlite3_result_int(context, low < count && bounds[0] <= number);
}

static void block_row(sqlite3_context *context, int count, sqlite3_value **values);

static enum status register_functions(struct sqlite *s, struct error *err) {
  int rc = sqlite3_create_function(s->db, "wide_sum", 1, SQLITE_UTF8 | SQLITE_DETERMINISTIC, NULL,
                                   NULL, wide_sum_step, wide_sum_final);
  if (rc == SQLITE_OK)
    rc = sqlite3_create_function(s->db, "within_ranges", 2,
                                 SQLITE_UTF8 | SQLITE_DETERMINISTIC | SQLITE_INNOCUOUS, NULL,
                                 within_ranges, NULL, NULL);
  if (rc == SQLITE_OK)
    rc = sqlite3_create_function(s->db, "block_row", -1, SQLITE_UTF8 | SQLITE_DIRECTONLY, s,
                                 block_row, NULL, NULL);
  return rc == SQLITE_OK ? DONE : sqlite_failed(s, rc, err);
}

static void sqlite_close(struct store *store);

static enum status sqlite_open(struct store **out, const char *where, enum store_mode mode,
                               struct error *err) {
  static pthread_once_t once = PTHREAD_ONCE_INIT;
  pthread_once(&once, configure_once);
  struct sqlite *s = memory_zeroed(1, sizeof *s);
  size_t size = strlen(where) + 1;
  s->base.path = memcpy(memory_alloc(size), where, size);
  enum status status = find_file(s, mode, err);
  if (status == DONE) status = connect_file(s, mode, err);
  if (status == DONE) status = register_functions(s, err);
  struct stat st;
  if (status == DONE && stat(s->base.path, &st) != 0) status = error_errno(err, "%s", s->base.path);
  if (status != DONE) {
    char *path = s->base.path;
    sqlite_close(&s->base);
    free(path);
    return status;
  }
  s->inode = st.st_ino;
  s->device = st.st_dev;
  *out = &s->base;
  return DONE;
}

static enum status pragma_int(struct sqlite *s, const char *sql, int64_t *out, struct error *err) {
  sqlite3_stmt *statement;
  int rc = sqlite3_prepare_v2(s->db, sql, -1, &statement, NULL);
  if (rc == SQLITE_OK) rc = sqlite3_step(statement);
  if (rc == SQLITE_ROW) *out = sqlite3_column_int64(statement, 0);
  sqlite3_finalize(statement);
  return rc == SQLITE_ROW ? DONE : sqlite_failed(s, rc, err);
}

static void release_locks(struct sqlite *s);

/* If SQLite could not close in order, its log may be left: removes it. */
static void remove_unfinished(const char *path) {
  struct text beside = {0};
  for (int i = 0; i < 3; i++) {
    text_clear(&beside);
    text_addf(&beside, "%s%s", path, (const char *const[]){"", "-wal", "-shm"}[i]);
    unlink(beside.bytes);
  }
  text_release(&beside);
}

static void sqlite_close(struct store *store) {
  struct sqlite *s = sqlite_of(store);
  int64_t version = 0;
  bool unfinished = s->made && s->db &&
                    (pragma_int(s, "pragma user_version", &version, NULL) != DONE || version == 0);
  release_locks(s);
  int rc = sqlite3_close(s->db);
  assert(rc == SQLITE_OK && "a statement outlives its store");
  if (unfinished) remove_unfinished(s->base.path);
  free(s);
}

/* ---- the schema's mark ---- */

/* A file of UTF-16 would keep every text otherwise than its digests say. */
static enum status refuse_other_encoding(struct sqlite *s, struct error *err) {
  sqlite3_stmt *statement;
  int rc = sqlite3_prepare_v2(s->db, "pragma encoding", -1, &statement, NULL);
  if (rc == SQLITE_OK) rc = sqlite3_step(statement);
  bool sound = rc == SQLITE_ROW &&
               strcmp((const char *)sqlite3_column_text(statement, 0), "UTF-8") == 0;
  sqlite3_finalize(statement);
  if (rc != SQLITE_ROW) return sqlite_failed(s, rc, err);
  return sound ? DONE : refuse(err, STORE_FILE_NOT_UTF8, s->base.path);
}

static enum status sqlite_schema_version(struct store *store, int64_t *version, struct error *err) {
  struct sqlite *s = sqlite_of(store);
  int64_t id = 0, tables = 0;
  enum status status = pragma_int(s, "pragma user_version", version, err);
  if (status == DONE) status = pragma_int(s, "pragma application_id", &id, err);
  if (status == DONE && store->transaction == TRANSACTION_NONE)
    status = refuse_other_encoding(s, err);
  if (status != DONE) return status;
  if (id == APPLICATION_ID && *version > 0) {
    /* Settings that the file keeps are made only now, when we know that the file is ours. */
    return store->transaction == TRANSACTION_NONE ? sqlite_settings(s, store->mode, err) : DONE;
  }
  status = pragma_int(s, "select count(*) from sqlite_schema", &tables, err);
  *version = id || *version || tables ? -1 : 0;
  if (status == DONE && *version == 0 && store->mode == STORE_CREATE &&
      store->transaction == TRANSACTION_NONE)
    status = sqlite_settings(s, store->mode, err);
  return status;
}

static enum status sqlite_schema_set_version(struct store *store, int64_t version,
                                             struct error *err) {
  struct text sql = {0};
  text_addf(&sql, "pragma application_id=%d;pragma user_version=%d", APPLICATION_ID, (int)version);
  enum status status = execute_text(sqlite_of(store), sql.bytes, err);
  text_release(&sql);
  return status;
}

/* ---- transactions ---- */

/* synchronous cannot change inside a transaction. NORMAL: the log is not waited for; the next
 * commit under FULL makes all before it durable, since it waits for the same log. */
static enum status set_relaxed(struct sqlite *s, bool relaxed, struct error *err) {
  if (s->relaxed == relaxed) return DONE;
  s->relaxed = relaxed;
  return execute_text(s, relaxed ? "pragma synchronous=normal" : "pragma synchronous=full", err);
}

static enum status sqlite_begin(struct store *store, enum store_mode mode, struct error *err) {
  struct sqlite *s = sqlite_of(store);
  /* The first read takes the snapshot, so we read at once. */
  if (mode == STORE_READ) return execute_text(s, "begin;select 1 from sqlite_schema limit 1", err);
  enum status status = set_relaxed(s, mode == STORE_BULK, err);
  return status == DONE ? execute_text(s, "begin immediate", err) : status;
}

static enum status sqlite_commit(struct store *store, struct error *err) {
  return execute_text(sqlite_of(store), "commit", err);
}

static void sqlite_rollback(struct store *store) {
  struct sqlite *s = sqlite_of(store);
  /* some failures have rolled back already */
  if (!sqlite3_get_autocommit(s->db)) sqlite3_exec(s->db, "rollback", NULL, NULL, NULL);
}

/* Writes to a file that was moved away would be lost. */
static bool sqlite_alive(const struct store *store) {
  const struct sqlite *s = (const struct sqlite *)store;
  struct stat st;
  return stat(s->base.path, &st) == 0 && st.st_ino == s->inode && st.st_dev == s->device;
}

static enum status sqlite_run(struct store *store, const char *sql, struct error *err) {
  return execute_text(sqlite_of(store), sql, err);
}

/* ---- statements ---- */

static struct sqlite_query *query_of(struct query *q) { return (struct sqlite_query *)q; }

static enum status sqlite_prepare(struct store *store, struct query **out, const char *sql,
                                  struct error *err) {
  struct sqlite *s = sqlite_of(store);
  sqlite3_stmt *statement;
  int rc = sqlite3_prepare_v3(s->db, sql, -1, SQLITE_PREPARE_PERSISTENT, &statement, NULL);
  if (rc != SQLITE_OK) return sqlite_failed(s, rc, err);
  struct sqlite_query *q = memory_zeroed(1, sizeof *q);
  q->statement = statement;
  *out = &q->base;
  return DONE;
}

static void sqlite_dispose(struct query *q) {
  sqlite3_finalize(query_of(q)->statement);
  free(q);
}

static void sqlite_reset(struct query *q) {
  sqlite3_reset(query_of(q)->statement);
  sqlite3_clear_bindings(query_of(q)->statement);
}

/* Binding a parameter that the statement does not have is our own mistake; so is binding while it
 * runs, which store.c prevents. */
static void check_bind(int rc) { assert(rc == SQLITE_OK); }

static void sqlite_bind_int(struct query *q, int parameter, int64_t value) {
  check_bind(sqlite3_bind_int64(query_of(q)->statement, parameter, value));
}

static void sqlite_bind_text(struct query *q, int parameter, struct span value) {
  check_bind(sqlite3_bind_text64(query_of(q)->statement, parameter, value.bytes, value.size,
                                 SQLITE_TRANSIENT, SQLITE_UTF8));
}

static void sqlite_bind_bytes(struct query *q, int parameter, const void *bytes, size_t size) {
  check_bind(sqlite3_bind_blob64(query_of(q)->statement, parameter, bytes, size, SQLITE_TRANSIENT));
}

static void sqlite_bind_null(struct query *q, int parameter) {
  check_bind(sqlite3_bind_null(query_of(q)->statement, parameter));
}

static enum status sqlite_step(struct query *query, bool *row, struct error *err) {
  struct sqlite_query *q = query_of(query);
  struct sqlite *s = sqlite_of(query->store);
  int rc = sqlite3_step(q->statement);
  *row = rc == SQLITE_ROW;
  if (rc == SQLITE_ROW) return DONE;
  q->changes = rc == SQLITE_DONE && !sqlite3_stmt_readonly(q->statement) ? sqlite3_changes64(s->db)
                                                                         : 0;
  enum status status = rc == SQLITE_DONE ? DONE : sqlite_failed(s, rc, err);
  sqlite_reset(query);
  return status;
}

/* block_row(columns...) of a scan in blocks: keeps a row, true when the block is full (store.h,
 * STORE_BLOCKS). Its arguments are the row's values, not copied; columns without an argument are
 * null. */
static void block_row(sqlite3_context *context, int count, sqlite3_value **values) {
  struct block_room *room = ((struct sqlite *)sqlite3_user_data(context))->base.room;
  if (!room || count > room->columns || room->block.rows >= STORE_BLOCK_ROWS) {
    sqlite3_result_error(context, "block_row outside a scan in blocks", -1);
    return;
  }
  for (int i = 0; i < count; i++) {
    if (room->kinds[i] == 't') {
      const void *bytes = sqlite3_value_blob(values[i]);
      if (!bytes && sqlite3_value_type(values[i]) != SQLITE_NULL) bytes = "";
      room_add_text(room, i, bytes, bytes ? (size_t)sqlite3_value_bytes(values[i]) : 0);
      continue;
    }
    room_add_int(room, i, sqlite3_value_int64(values[i]));
    if (room->kinds[i] == 'n')
      room->block.column[i].null[room->block.rows] = sqlite3_value_type(values[i]) == SQLITE_NULL;
  }
  for (int i = count; i < room->columns; i++) {
    if (room->kinds[i] == 't') room_add_text(room, i, NULL, 0);
    else room_add_int(room, i, 0);
    if (room->kinds[i] == 'n') room->block.column[i].null[room->block.rows] = true;
  }
  room->block.whole += count == room->columns;
  sqlite3_result_int(context, ++room->block.rows == STORE_BLOCK_ROWS);
}

static enum status sqlite_fill(struct query *q, struct block_room *room, bool *row,
                               struct error *err) {
  (void)room; /* block_row finds the room by it */
  return sqlite_step(q, row, err);
}

static enum status sqlite_execute(struct query *query, struct error *err) {
  bool row;
  enum status status = sqlite_step(query, &row, err);
  assert(!row && "query_run of a statement that gives rows");
  return status;
}

static enum status sqlite_ask(struct query *query, struct error *err) {
  (void)query, (void)err;
  return DONE;
}

static bool sqlite_is_null(struct query *q, int column) {
  return sqlite3_column_type(query_of(q)->statement, column) == SQLITE_NULL;
}
static int64_t sqlite_get_int(struct query *q, int column) {
  return sqlite3_column_int64(query_of(q)->statement, column);
}

/* column_blob gives a text without copying; column_text would copy it to add a zero. */
static struct span sqlite_get_bytes(struct query *query, int column) {
  sqlite3_stmt *statement = query_of(query)->statement;
  if (sqlite3_column_type(statement, column) == SQLITE_NULL) return (struct span){NULL, 0};
  const char *bytes = sqlite3_column_blob(statement, column);
  return bytes ? (struct span){bytes, (size_t)sqlite3_column_bytes(statement, column)}
               : (struct span){"", 0};
}

static int64_t sqlite_changes(struct query *q) { return query_of(q)->changes; }
static enum status sqlite_pipeline(struct store *store, struct error *err) {
  (void)store, (void)err;
  return DONE;
}

/* ---- append ----
 *
 * A batch of rows is read by SQLite itself from a virtual table over its cells: `insert into line
 * select c0, c1, ... from append_rows`. One statement a batch instead of sixteen binds, a step and
 * a reset a row: 0.94 M wide rows/s into an empty ledger against 0.66 M (bench/store, one core,
 * with the log). */

struct sqlite_append {
  struct append base;
  sqlite3_stmt *insert;
};

struct rows_table {
  sqlite3_vtab base;
  struct sqlite *s;
};

struct rows_cursor {
  sqlite3_vtab_cursor base;
  const struct append *rows;
  const struct store_cell *cell; /* the first of the current row */
  size_t row;
};

static int rows_connect(sqlite3 *db, void *own, int argc, const char *const *argv,
                        sqlite3_vtab **out, char **message) {
  (void)argc, (void)argv, (void)message;
  struct text sql = {0};
  text_add(&sql, "create table x(c0");
  for (int i = 1; i < STORE_APPEND_COLUMNS; i++) text_addf(&sql, ",c%d", i);
  text_add_char(&sql, ')');
  int rc = sqlite3_declare_vtab(db, sql.bytes);
  text_release(&sql);
  if (rc != SQLITE_OK) return rc;
  struct rows_table *table = memory_zeroed(1, sizeof *table);
  table->s = own;
  *out = &table->base;
  return SQLITE_OK;
}

static int rows_disconnect(sqlite3_vtab *table) {
  free(table);
  return SQLITE_OK;
}

static int rows_best_index(sqlite3_vtab *table, sqlite3_index_info *info) {
  (void)table;
  info->estimatedCost = info->estimatedRows = STORE_APPEND_ROWS;
  return SQLITE_OK;
}

static int rows_open(sqlite3_vtab *table, sqlite3_vtab_cursor **out) {
  struct rows_cursor *cursor = memory_zeroed(1, sizeof *cursor);
  cursor->rows = ((struct rows_table *)table)->s->rows;
  *out = &cursor->base;
  return cursor->rows ? SQLITE_OK : SQLITE_ERROR;
}

static int rows_close(sqlite3_vtab_cursor *cursor) {
  free(cursor);
  return SQLITE_OK;
}

static int rows_filter(sqlite3_vtab_cursor *base, int number, const char *text, int argc,
                       sqlite3_value **argv) {
  (void)number, (void)text, (void)argc, (void)argv;
  struct rows_cursor *cursor = (struct rows_cursor *)base;
  cursor->row = 0;
  cursor->cell = cursor->rows->cells;
  return SQLITE_OK;
}

static int rows_next(sqlite3_vtab_cursor *base) {
  struct rows_cursor *cursor = (struct rows_cursor *)base;
  cursor->row++;
  cursor->cell += cursor->rows->columns;
  return SQLITE_OK;
}

static int rows_eof(sqlite3_vtab_cursor *base) {
  const struct rows_cursor *cursor = (const struct rows_cursor *)base;
  return cursor->row >= cursor->rows->rows;
}

/* The batch's buffer does not change until the statement has ended, so nothing is copied. An empty
 * buffer is null, an empty value is not. */
static const char *cell_bytes(const struct append *rows, const struct store_cell *cell) {
  return rows->bytes.bytes ? rows->bytes.bytes + cell->offset : "";
}

static int rows_column(sqlite3_vtab_cursor *base, sqlite3_context *context, int column) {
  const struct rows_cursor *cursor = (const struct rows_cursor *)base;
  const struct store_cell *cell = &cursor->cell[column];
  switch (cell->kind) {
  case CELL_INT: sqlite3_result_int64(context, cell->integer); break;
  case CELL_TEXT:
    sqlite3_result_text(context, cell_bytes(cursor->rows, cell), (int)cell->size, SQLITE_STATIC);
    break;
  case CELL_BYTES:
    sqlite3_result_blob(context, cell_bytes(cursor->rows, cell), (int)cell->size, SQLITE_STATIC);
    break;
  default: break; /* null */
  }
  return SQLITE_OK;
}

static int rows_rowid(sqlite3_vtab_cursor *base, sqlite3_int64 *out) {
  *out = (sqlite3_int64)((const struct rows_cursor *)base)->row;
  return SQLITE_OK;
}

static enum status register_rows(struct sqlite *s, struct error *err) {
  static const sqlite3_module module = {.iVersion = 1,
                                        .xConnect = rows_connect,
                                        .xBestIndex = rows_best_index,
                                        .xDisconnect = rows_disconnect,
                                        .xOpen = rows_open,
                                        .xClose = rows_close,
                                        .xFilter = rows_filter,
                                        .xNext = rows_next,
                                        .xEof = rows_eof,
                                        .xColumn = rows_column,
                                        .xRowid = rows_rowid};
  if (s->rows_registered) return DONE;
  int rc = sqlite3_create_module(s->db, "append_rows", &module, s);
  s->rows_registered = rc == SQLITE_OK;
  return rc == SQLITE_OK ? DONE : sqlite_failed(s, rc, err);
}

static enum status sqlite_append_begin(struct store *store, struct append **out, const char *table,
                                       const char *columns, struct error *err) {
  struct sqlite *s = sqlite_of(store);
  enum status status = register_rows(s, err);
  if (status != DONE) return status;
  struct text sql = {0};
  /* `or fail`: without it SQLite would keep the old pages of each batch, to undo that batch alone;
   * the caller rolls back everything anyway. */
  text_addf(&sql, "insert or fail into %s (%s) select c0", table, columns);
  int column = 0;
  for (const char *p = columns; *p; p++)
    if (*p == ',') text_addf(&sql, ",c%d", ++column);
  text_add(&sql, " from append_rows");
  sqlite3_stmt *insert;
  int rc = sqlite3_prepare_v3(s->db, sql.bytes, -1, SQLITE_PREPARE_PERSISTENT, &insert, NULL);
  text_release(&sql);
  if (rc != SQLITE_OK) return sqlite_failed(s, rc, err);
  struct sqlite_append *a = memory_zeroed(1, sizeof *a);
  a->insert = insert;
  *out = &a->base;
  return DONE;
}

static enum status sqlite_append_flush(struct append *append, struct error *err) {
  struct sqlite_append *a = (struct sqlite_append *)append;
  struct sqlite *s = sqlite_of(append->store);
  s->rows = append;
  int rc = sqlite3_step(a->insert);
  enum status status = rc == SQLITE_DONE ? DONE : sqlite_failed(s, rc, err);
  sqlite3_reset(a->insert);
  s->rows = NULL;
  return status;
}

static enum status sqlite_append_end(struct append *a, struct error *err) {
  (void)a, (void)err;
  return DONE;
}

static void sqlite_append_stop(struct append *a) { (void)a; }

static void sqlite_append_free(struct append *a) {
  sqlite3_finalize(((struct sqlite_append *)a)->insert);
  free(a);
}

/* ---- locks ---- */

/* Whether the locked file still has that name: its holder may have removed it between our open and
 * our lock. */
static bool still_there(const struct held_lock *lock) {
  struct stat by_name, by_file;
  return stat(lock->path, &by_name) == 0 && fstat(lock->file, &by_file) == 0 &&
         by_name.st_ino == by_file.st_ino && by_name.st_dev == by_file.st_dev;
}

/* Opens and locks until the locked file is the one of that name. *held false: another process has
 * it. */
static enum status take_lock(struct held_lock *lock, bool wait, bool *held, struct error *err) {
  for (;;) {
    lock->file = open(lock->path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    /* nobody writes here */
    *held = lock->shared && lock->file < 0 && (errno == EROFS || errno == EACCES || errno == EPERM);
    if (*held) return DONE;
    if (lock->file < 0) return error_errno(err, "%s", lock->path);
    int rc;
    while ((rc = flock(lock->file, (lock->shared ? LOCK_SH : LOCK_EX) | (wait ? 0 : LOCK_NB))) !=
               0 &&
           errno == EINTR)
      continue;
    if (rc != 0 && errno == EWOULDBLOCK) {
      close(lock->file);
      *held = false;
      return DONE;
    }
    if (rc != 0) {
      enum status status = error_errno(err, "%s", lock->path);
      close(lock->file);
      return status;
    }
    if (still_there(lock)) {
      *held = true;
      return DONE;
    }
    close(lock->file);
  }
}

static void free_lock(struct held_lock *lock) {
  free(lock->name);
  free(lock->path);
  free(lock);
}

static enum status sqlite_lock(struct store *store, const char *name, bool shared, bool wait,
                               bool *held, struct error *err) {
  struct sqlite *s = sqlite_of(store);
  struct held_lock *lock = memory_zeroed(1, sizeof *lock);
  struct text path = {0};
  text_addf(&path, "%s-%s", store->path, name);
  lock->path = path.bytes; /* malloced: the text's buffer becomes ours */
  lock->name = strdup(name);
  lock->shared = shared;
  enum status status = take_lock(lock, wait, held, err);
  if (status != DONE || !*held) {
    free_lock(lock);
    return status;
  }
  lock->next = s->locks;
  s->locks = lock;
  return DONE;
}

static void release_lock(struct held_lock *lock) {
  /* Removes the name before it releases the lock, so that a waiting process sees that the name is
   * gone. For a shared lock the last holder removes the name. */
  if (lock->file >= 0 && (!lock->shared || flock(lock->file, LOCK_EX | LOCK_NB) == 0))
    unlink(lock->path);
  if (lock->file >= 0) close(lock->file);
  free_lock(lock);
}

static void sqlite_unlock(struct store *store, const char *name) {
  for (struct held_lock **at = &sqlite_of(store)->locks; *at; at = &(*at)->next) {
    struct held_lock *lock = *at;
    if (strcmp(lock->name, name) != 0) continue;
    *at = lock->next;
    release_lock(lock);
    return;
  }
}

static void release_locks(struct sqlite *s) {
  while (s->locks) {
    struct held_lock *lock = s->locks;
    s->locks = lock->next;
    release_lock(lock);
  }
}

const struct driver driver_sqlite = {.engine = STORE_SQLITE,
                                     .open = sqlite_open,
                                     .close = sqlite_close,
                                     .schema_version = sqlite_schema_version,
                                     .schema_set_version = sqlite_schema_set_version,
                                     .begin = sqlite_begin,
                                     .commit = sqlite_commit,
                                     .rollback = sqlite_rollback,
                                     .alive = sqlite_alive,
                                     .run = sqlite_run,
                                     .prepare = sqlite_prepare,
                                     .dispose = sqlite_dispose,
                                     .reset = sqlite_reset,
                                     .bind_int = sqlite_bind_int,
                                     .bind_text = sqlite_bind_text,
                                     .bind_bytes = sqlite_bind_bytes,
                                     .bind_null = sqlite_bind_null,
                                     .step = sqlite_step,
                                     .fill = sqlite_fill,
                                     .execute = sqlite_execute,
                                     .ask = sqlite_ask,
                                     .later = sqlite_execute,
                                     .is_null = sqlite_is_null,
                                     .get_int = sqlite_get_int,
                                     .get_text = sqlite_get_bytes,
                                     .get_bytes = sqlite_get_bytes,
                                     .changes = sqlite_changes,
                                     .pipeline_begin = sqlite_pipeline,
                                     .pipeline_end = sqlite_pipeline,
                                     .append_begin = sqlite_append_begin,
                                     .append_flush = sqlite_append_flush,
                                     .append_end = sqlite_append_end,
                                     .append_stop = sqlite_append_stop,
                                     .append_free = sqlite_append_free,
                                     .lock = sqlite_lock,
                                     .unlock = sqlite_unlock};
