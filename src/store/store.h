/* One SQL interface, two drivers: SQLite (`sqlite:PATH`) and PostgreSQL (`postgresql://...`).
 *
 * SQL is written once, in what both understand; parameters are `?1`, `?2`. Values are 64-bit
 * integers, text and bytes; nothing is ever a float. Where the engines must differ, a statement
 * marks the part: `{sqlite: ...}` is kept by SQLite only, `{postgresql: ...}` by PostgreSQL only
 * (the same marks that the files of schema/ use).
 *
 *     struct store *store;
 *     status = store_open(&store, "sqlite:weal.db", STORE_WRITE, &err);
 *     status = store_begin(store, STORE_WRITE, &err);
 *     struct query *q;
 *     status = store_query(store, &q, "select id, name from place where code = ?1", &err);
 *     query_bind_text(q, 1, span_of("E07000117"));
 *     while ((status = query_step(q, &row, &err)) == DONE && row) use(query_int(q, 0),
 *         query_text(q, 1));
 *     query_end(q);
 *     status = store_commit(store, &err);
 *     store_close(store);
 *
 * A store is used by one thread at a time; open one for each thread. Statements are prepared once
 * for a store and kept; a query is "open" from store_query to query_end. Queries may be nested: an
 * inner one may run while an outer one is read. Open an outer query of many rows with store_stream:
 * a connection may have one open at a time, and no other query meanwhile (PostgreSQL sends its rows
 * as they come).
 *
 * Errors: a constraint that the input broke is REFUSED, everything else (locked too long, disk
 * full, connection lost) is FAILED with the engine's own words; after FAILED inside a transaction
 * call store_rollback.
 */
#ifndef WEAL_STORE_STORE_H
#define WEAL_STORE_STORE_H

#include "base/arena.h"
#include "base/day.h"
#include "base/status.h"
#include "base/text.h"
#include "base/wide.h"

struct store;
struct query;
struct append;

enum store_engine { STORE_SQLITE, STORE_POSTGRESQL };
enum store_mode {
  /* for open: the store must exist and be of this program's version; for begin: one snapshot */
  STORE_READ,
  /* for open: an older version is upgraded first; for begin: takes the write lock at once
   * (SQLite) */
  STORE_WRITE,
  /* for open: an empty store is made with the whole schema; one that has tables is REFUSED */
  STORE_CREATE,
  /* for begin only: as STORE_WRITE, and no other write transaction is open until it ends, on either
   * engine: it waits for open ones to end, and new writers wait for it (SQLite: as always) */
  STORE_ALONE,
  /* for begin only: as STORE_WRITE, but its commit does not wait for the disk; the next commit of a
   * STORE_WRITE transaction that wrote something makes it durable too. For the short transactions
   * of a bulk import */
  STORE_BULK
};

/* ---- opening ---- */

/* `url` as the global option --store takes it, `sqlite:PATH` or `postgresql://...`, the scheme in
 * any case; anything else is USAGE, and is not repeated. A store that is newer than the program, or
 * a file that is no store, is REFUSED; the message says what it is. */
enum status store_open(struct store **out, const char *url, enum store_mode mode,
                       struct error *err) MUST_USE;
/* The PATH of `sqlite:PATH`, which need not be there; null for others. */
const char *store_url_path(const char *url);
/* Rolls back an open transaction. SQLite: after the last connection closes, PATH alone is the whole
 * book. Takes null. */
void store_close(struct store *store);
/* Another connection to the same store, for another thread. */
enum status store_again(struct store **out, struct store *store, enum store_mode mode,
                        struct error *err) MUST_USE;
enum store_engine store_engine_of(const struct store *store);
const char *store_shown(const struct store *store); /* for messages */
/* What whoever runs the store must know of how it is reached; null: nothing. A sentence. */
const char *store_warning(const struct store *store);
/* The path of the database file (SQLite), null on PostgreSQL. Large temporary files go beside
 * it. */
const char *store_path(const struct store *store);

/* ---- transactions ---- */

enum status store_begin(struct store *store, enum store_mode mode, struct error *err) MUST_USE;
enum status store_commit(struct store *store, struct error *err) MUST_USE;
void store_rollback(struct store *store); /* does nothing when none is open */

/* A part of a write transaction that can be undone alone, not within an append or a
 * pipeline. After a failed statement (on PostgreSQL nothing runs before) store_savepoint_undo goes
 * back to where store_savepoint was called, and the transaction goes on. Fails when the whole
 * transaction is lost (the connection, the disk): then store_rollback.
 *
 *     status = store_savepoint(store, &err);
 *     status = work(store, &err);
 *     status = status == DONE ? store_savepoint_release(store, &err) : store_savepoint_undo(store,
 *         &err);
 */
/* One may be set within another; the two below end the last that was set. */
enum status store_savepoint(struct store *store, struct error *err) MUST_USE;
enum status store_savepoint_release(struct store *store, struct error *err) MUST_USE;
/* and releases it */
enum status store_savepoint_undo(struct store *store, struct error *err) MUST_USE;

/* Whether the connection still leads to the store: false when the server has closed it (as far as
 * we know without asking) or when the file is gone or replaced. Cheap. */
bool store_alive(const struct store *store);

/* ---- statements ---- */

/* One or more statements without parameters or results. */
enum status store_run(struct store *store, const char *sql, struct error *err) MUST_USE;

/* Statements are kept by their text: `sql` should be a literal, or one of a few. */
enum status store_query(struct store *store, struct query **out, const char *sql,
                        struct error *err) MUST_USE;
enum status store_stream(struct store *store, struct query **out, const char *sql,
                         struct error *err) MUST_USE;

/* Parameters count from 1. Unbound parameters are null. All are unbound again after a run, after
 * the last row, and by a new binding in the middle of the rows. Bytes are copied. A text with a
 * zero byte is REFUSED by the step or run (and by append_row). */
void query_bind_int(struct query *q, int parameter, int64_t value);
/* bytes == null binds null */
void query_bind_text(struct query *q, int parameter, struct span value);
void query_bind_bytes(struct query *q, int parameter, const void *bytes, size_t size);
void query_bind_null(struct query *q, int parameter);
/* Binds `count` ranges of numbers, sorted and not overlapping: the first and the last number of
 * each. No range binds null. A statement tests whether a column is within them by
 * WITHIN_RANGES("entry", "?1"), which is not true for null. This needs no table, so every node of a
 * cluster gets the ranges with the statement. */
void query_bind_ranges(struct query *q, int parameter, const int64_t *bounds, int count);
#define WITHIN_RANGES(column, parameter) \
  "({sqlite: " parameter " is not null and within_ranges(" column ", " parameter \
  ")}{postgresql: (" column " <@ " parameter "::int8multirange) is true})"

/* The next row; *row false when there is none. Values are valid until the next step or end. */
enum status query_step(struct query *q, bool *row, struct error *err) MUST_USE;
/* Runs a statement that gives no rows and resets it for the next binding. Between
 * store_pipeline_begin and _end PostgreSQL gets these in pipeline mode, and an error may show only
 * at the end. */
enum status query_run(struct query *q, struct error *err) MUST_USE;
/* For several small statements in a row, without waiting for PostgreSQL after each one. They run in
 * the order of the calls, and each sees the effects of those before it. A failure is reported by
 * the next statement whose result is awaited (a step, a run, a commit), so end a series with one.
 * query_ask: asks for the rows now; query_step reads them afterwards. Several may be outstanding;
 * read them in the order asked. (SQLite runs it at the first step.) query_run_later: as query_run,
 * without waiting. (SQLite runs it at once.) */
enum status query_ask(struct query *q, struct error *err) MUST_USE;
enum status query_run_later(struct query *q, struct error *err) MUST_USE;
bool query_is_null(struct query *q, int column); /* columns count from 0 */
int64_t query_int(struct query *q, int column);  /* null reads as 0 */
struct span query_text(struct query *q, int column);
/* A sum of 128 bits, for a column SQL_WIDE_SUM("name"): it never overflows, where the engines' own
 * sums would fail. Of no rows: 0. */
wide_t query_wide(struct query *q, int column);
#define SQL_WIDE_SUM(what) "{sqlite: wide_sum(" what ")}{postgresql: sum(" what ")::text}"
struct span query_bytes(struct query *q, int column);
/* Copies a text so that it outlives the row, terminated. A null gives an empty text, or null. */
char *query_copy(struct query *q, struct arena *arena, int column);
char *query_copy_or_null(struct query *q, struct arena *arena, int column);
day_t query_day(struct query *q, int column); /* null reads as DAY_NONE */
/* Rows changed by the last step or run of this query. */
int64_t query_changes(struct query *q);
void query_end(struct query *q); /* takes null */

/* Many small writes in a row, each by query_run: one round trip for many on PostgreSQL, nothing to
 * do on SQLite. */
enum status store_pipeline_begin(struct store *store, struct error *err) MUST_USE;
enum status store_pipeline_end(struct store *store, struct error *err) MUST_USE;

/* One value: the first column of the first row, or `absent` when there is no row. */
enum status store_int(struct store *store, const char *sql, int64_t absent, int64_t *out,
                      struct error *err) MUST_USE;

/* ---- statements with their values ---- */

/* What most callers need, in one line: the statement and its parameters, in order, as the values
 * of C that they are. An integer of any kind, a `const char *` (null binds null), a `struct span`,
 * QUERY_BYTES(pointer, size), QUERY_OR_NULL(whether, value), or QUERY_NULL; the compiler refuses
 * any other. At least one value, at most 16.
 *
 *     status = store_run_with(store, "delete from invite where person = ?1", err, person);
 *
 *     status = store_row_with(store, &q, &row, "select died from party where id = ?1 and sex = ?2",
 *                             err, id, "F");
 *     if (status == DONE && row) *died = (day_t)query_int(q, 0);
 *     query_end(q);
 *
 * store_query_with: opened and bound, for query_step, query_ask or query_run.
 * store_row_with: and its first row is read; then query_end in any case.
 * store_run_with: run and ended.
 * store_int_with: as store_int. */
#define store_query_with(store, out, sql, err, ...) \
  store_query_values(store, out, sql, QUERY_VALUES(__VA_ARGS__), err)
#define store_row_with(store, out, row, sql, err, ...) \
  store_row_values(store, out, row, sql, QUERY_VALUES(__VA_ARGS__), err)
#define store_run_with(store, sql, err, ...) \
  store_run_values(store, sql, QUERY_VALUES(__VA_ARGS__), err)
#define store_int_with(store, sql, absent, out, err, ...) \
  store_int_values(store, sql, absent, out, QUERY_VALUES(__VA_ARGS__), err)
/* The same for a query that is open: its parameters from 1 on. */
#define query_bind_all(q, ...) query_bind_values(q, QUERY_VALUES(__VA_ARGS__))

struct query_value {
  enum query_value_kind { QUERY_VALUE_INT, QUERY_VALUE_TEXT, QUERY_VALUE_BYTES } kind;
  int64_t integer;
  const void *bytes; /* null: null */
  size_t size;
};
struct query_values {
  const struct query_value *all;
  int count;
};
enum status store_query_values(struct store *store, struct query **out, const char *sql,
                               struct query_values values, struct error *err) MUST_USE;
enum status store_row_values(struct store *store, struct query **out, bool *row, const char *sql,
                             struct query_values values, struct error *err) MUST_USE;
enum status store_run_values(struct store *store, const char *sql, struct query_values values,
                             struct error *err) MUST_USE;
enum status store_int_values(struct store *store, const char *sql, int64_t absent, int64_t *out,
                             struct query_values values, struct error *err) MUST_USE;
void query_bind_values(struct query *q, struct query_values values);

static inline struct query_value query_value_int(int64_t value) {
  return (struct query_value){.kind = QUERY_VALUE_INT, .integer = value};
}
static inline struct query_value query_value_span(struct span value) {
  return (struct query_value){.kind = QUERY_VALUE_TEXT, .bytes = value.bytes, .size = value.size};
}
static inline struct query_value query_value_text(const char *value) {
  return query_value_span(value ? span_of(value) : span_make(NULL, 0));
}
static inline struct query_value query_value_bytes(const void *bytes, size_t size) {
  return (struct query_value){.kind = QUERY_VALUE_BYTES, .bytes = bytes, .size = size};
}
static inline struct query_value query_value_itself(struct query_value value) { return value; }

#define QUERY_VALUE(v) \
  _Generic((v), struct span: query_value_span, const char *: query_value_text, \
           char *: query_value_text, struct query_value: query_value_itself, \
           default: query_value_int)(v)
#define QUERY_NULL query_value_bytes(NULL, 0)
#define QUERY_BYTES(pointer, size) query_value_bytes(pointer, size)
#define QUERY_OR_NULL(whether, value) ((whether) ? QUERY_VALUE(value) : QUERY_NULL)

#define QUERY_VALUES(...) \
  ((struct query_values){(const struct query_value[]){QUERY_EACH(__VA_ARGS__)}, \
                         QUERY_COUNT(__VA_ARGS__)})
#define QUERY_EACH(...) QUERY_EACH_OF(QUERY_COUNT(__VA_ARGS__), __VA_ARGS__)
#define QUERY_EACH_OF(count, ...) QUERY_EACH_PASTED(count, __VA_ARGS__)
#define QUERY_EACH_PASTED(count, ...) QUERY_EACH_##count(__VA_ARGS__)
#define QUERY_COUNT(...) \
  QUERY_17TH(__VA_ARGS__, 16, 15, 14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0)
#define QUERY_17TH(a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p, count, ...) count
#define QUERY_EACH_1(v) QUERY_VALUE(v)
#define QUERY_EACH_2(v, ...) QUERY_VALUE(v), QUERY_EACH_1(__VA_ARGS__)
#define QUERY_EACH_3(v, ...) QUERY_VALUE(v), QUERY_EACH_2(__VA_ARGS__)
#define QUERY_EACH_4(v, ...) QUERY_VALUE(v), QUERY_EACH_3(__VA_ARGS__)
#define QUERY_EACH_5(v, ...) QUERY_VALUE(v), QUERY_EACH_4(__VA_ARGS__)
#define QUERY_EACH_6(v, ...) QUERY_VALUE(v), QUERY_EACH_5(__VA_ARGS__)
#define QUERY_EACH_7(v, ...) QUERY_VALUE(v), QUERY_EACH_6(__VA_ARGS__)
#define QUERY_EACH_8(v, ...) QUERY_VALUE(v), QUERY_EACH_7(__VA_ARGS__)
#define QUERY_EACH_9(v, ...) QUERY_VALUE(v), QUERY_EACH_8(__VA_ARGS__)
#define QUERY_EACH_10(v, ...) QUERY_VALUE(v), QUERY_EACH_9(__VA_ARGS__)
#define QUERY_EACH_11(v, ...) QUERY_VALUE(v), QUERY_EACH_10(__VA_ARGS__)
#define QUERY_EACH_12(v, ...) QUERY_VALUE(v), QUERY_EACH_11(__VA_ARGS__)
#define QUERY_EACH_13(v, ...) QUERY_VALUE(v), QUERY_EACH_12(__VA_ARGS__)
#define QUERY_EACH_14(v, ...) QUERY_VALUE(v), QUERY_EACH_13(__VA_ARGS__)
#define QUERY_EACH_15(v, ...) QUERY_VALUE(v), QUERY_EACH_14(__VA_ARGS__)
#define QUERY_EACH_16(v, ...) QUERY_VALUE(v), QUERY_EACH_15(__VA_ARGS__)

/* ---- columns in blocks ---- */

/* A scan of millions of rows, in blocks of columns: a value is an item of an array, while query_int
 * takes three calls (a line of the ledger in SQLite: 536 ns by query_int, 408 in blocks).
 *
 *     static const char sql[] = STORE_BLOCKS("account, amount, quantity, note", "from line where
 *         account between ?1 and ?2 order by account, day, entry, n");
 *     status = store_blocks(store, &q, sql, "iint", &err);
 *     query_bind_int(q, 1, from), query_bind_int(q, 2, to);
 *     while ((status = query_block(q, &block, &err)) == DONE && block->rows)
 *       for (size_t i = 0; i < block->rows; i++) sum += block->column[1].integers[i];
 *     query_end(q);
 *
 * It is a stream: nothing else runs on the store meanwhile. `kinds` has a letter a column: i an
 * integer (null reads as 0), n an integer that may be null, t a text or bytes. */
enum { STORE_BLOCK_ROWS = 256, STORE_BLOCK_COLUMNS = 19 };
struct block_column {
  int64_t *integers;  /* of i and n */
  bool *null;         /* of n */
  struct span *texts; /* of t; bytes null where the value is null */
};
struct column_block {
  size_t rows;  /* 0: the end */
  size_t whole; /* rows that may have a value in a rare column */
  struct block_column column[STORE_BLOCK_COLUMNS];
};
/* Both are literals. `rest` is everything after the columns. In SQLite the columns are arguments of
 * a function of the driver's, which keeps them and says when the block is full. */
#define STORE_BLOCKS(columns, rest) \
  "{sqlite:select 1 from (select block_row(}{postgresql:select }" columns \
  "{sqlite:) as block_full} " rest " {sqlite:limit -1) where block_full}"
/* The same for one table and ranges of its primary key, which takes a tenth less time in SQLite:
 * `key` is `from TABLE where` with the ranges, `filter` the other conditions (or true), `order` the
 * order of the key. `rare` are the last columns; they are not read, and are null, where `none` is
 * true. */
#define STORE_BLOCKS_BY_KEY(columns, rare, none, key, filter, order) \
  "{sqlite:select 1 }{postgresql:select " columns ", " rare " }" key \
  " and {sqlite:case when not (}" filter "{sqlite:) then 0 when " none " then block_row(" columns \
  ") else block_row(" columns ", " rare ") end} " order
enum status store_blocks(struct store *store, struct query **out, const char *sql,
                         const char *kinds, struct error *err) MUST_USE;
/* Valid until the next one, or query_end. */
enum status query_block(struct query *q, const struct column_block **out,
                        struct error *err) MUST_USE;

/* ---- bulk append ---- */

/* Appends rows to a table as fast as the engine can (SQLite: batches read from a virtual table;
 * PostgreSQL: binary COPY), inside a write transaction; nothing else may run on the store until
 * append_end. Rows are sent in batches, so the error of a row may come with a later call. `columns`
 * is a comma-separated list of its columns. Rows should come in the order of the table's key. */
enum status append_begin(struct store *store, struct append **out, const char *table,
                         const char *columns, struct error *err) MUST_USE;
/* The values of a row, in the order of the columns; then append_row. */
void append_int(struct append *a, int64_t value);
void append_text(struct append *a, struct span value); /* bytes == null appends null */
void append_bytes(struct append *a, const void *bytes, size_t size);
void append_null(struct append *a);
enum status append_row(struct append *a, struct error *err) MUST_USE;
/* releases it, also after a failure */
enum status append_end(struct append *a, struct error *err) MUST_USE;
/* releases it; roll back afterwards. Takes null */
void append_abandon(struct append *a);

/* ---- locks that outlive a transaction ---- */

/* A named lock that this process holds until it releases it or ends: the holder is always alive.
 * SQLite: flock on `PATH-NAME`, removed by its holder; PostgreSQL: a session advisory lock. *held
 * is false when another process has it and `wait` is false. A waiting process holds no snapshot, so
 * deleted rows of the store can still be removed. */
enum status store_lock(struct store *store, const char *name, bool wait, bool *held,
                       struct error *err) MUST_USE;
/* The same lock, shared: any number may hold it shared, and none while another holds it alone.
 * Waits. In a folder that cannot be written nothing is locked, since nobody can write there. */
enum status store_lock_shared(struct store *store, const char *name, struct error *err) MUST_USE;
void store_unlock(struct store *store, const char *name);

#endif
