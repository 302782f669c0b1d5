/* What a driver provides, and what it may rely on. Private to this folder.
 *
 * store.c keeps the rules that both engines share: statements are translated and prepared once,
 * parameters are cleared after each execution, at most one stream or append is open, and nothing
 * else runs meanwhile. So a driver only follows its calls:
 *
 *     open -> prepare -> bind... -> step... -> reset -> bind... -> dispose -> close
 *
 * `struct store`, `struct query` and `struct append` are the shared first members of a driver's own
 * structures.
 */
#ifndef WEAL_STORE_DRIVER_H
#define WEAL_STORE_DRIVER_H

#include "base/embedded.h"
#include "base/map.h"
#include "store/store.h"

enum {
  /* longer than any short transaction of an import; after it a program that waits for a hung one
   * gets an error */
  STORE_LOCK_WAIT_S = 60,
  /* rows a batch: its cells stay in the cache (bench/store: 256 and 1,024 alike, 8,192 slower) */
  STORE_APPEND_ROWS = 256,
  STORE_APPEND_COLUMNS = 32, /* none of our tables is wider */
  STORE_PIPELINE_ROWS = 256  /* statements sent before their results are read */
};

struct kept_statement; /* a statement that is kept, with its idle queries */

enum transaction { TRANSACTION_NONE, TRANSACTION_READ, TRANSACTION_WRITE };

/* A block while it is filled. The bytes of its texts are in one buffer, which moves as it grows. */
struct block_room {
  struct column_block block;
  const char *kinds; /* of the query that fills it */
  int columns;
  size_t *at[STORE_BLOCK_COLUMNS]; /* of texts: where they begin in `bytes` */
  struct text bytes;
};

static inline void room_add_int(struct block_room *room, int column, int64_t value) {
  room->block.column[column].integers[room->block.rows] = value;
}

/* bytes null: a null. */
static inline void room_add_text(struct block_room *room, int column, const void *bytes,
                                 size_t size) {
  room->block.column[column].texts[room->block.rows] = span_make(bytes, size);
  room->at[column][room->block.rows] = room->bytes.size;
  if (!size) return;
  text_reserve(&room->bytes, size);
  memcpy(room->bytes.bytes + room->bytes.size, bytes, size);
  room->bytes.size += size;
}

struct store {
  const struct driver *driver;
  char *url;     /* as given */
  char *shown;   /* the same for people, without a password; null until connected */
  char *path;    /* SQLite */
  char *warning; /* null: none; see store_warning */
  enum store_mode mode;
  enum transaction transaction;
  int savepoints;       /* set, one within the other */
  struct query *stream; /* the one that is open */
  struct append *append;
  bool pipeline;
  struct block_room *room; /* null until the first scan in blocks */
  struct kept_statement *kept;
  size_t kept_count, kept_capacity;
  struct map kept_by_text;
};

struct query {
  struct store *store;
  size_t kept; /* index of its statement */
  struct query *idle_next;
  bool open, stream;
  bool started;      /* has been stepped since its last reset */
  bool zero_byte;    /* a text with a zero byte was bound, which no engine should take */
  bool ended;        /* its last block was given out */
  const char *kinds; /* of a query in blocks: of its columns */
};

/* A value of a row to append. Bytes are an offset into the batch's buffer, which moves as it
 * grows. */
enum cell_kind { CELL_NULL, CELL_INT, CELL_TEXT, CELL_BYTES };
struct store_cell {
  uint32_t kind, size;
  union {
    int64_t integer;
    size_t offset;
  };
};

struct append {
  struct store *store;
  const char *table;
  size_t columns;           /* of a row */
  size_t column;            /* the next one of the row at hand */
  size_t rows;              /* in the batch */
  struct store_cell *cells; /* rows * columns */
  struct text bytes;
  bool zero_byte, stopped;
};

struct driver {
  enum store_engine engine;
  /* Opens a connection; schema.c checks the tables. */
  enum status (*open)(struct store **out, const char *where, enum store_mode mode,
                      struct error *err);
  void (*close)(struct store *store);

  /* -1: another program's tables; 0: empty; else the number of schema files applied. */
  enum status (*schema_version)(struct store *store, int64_t *version, struct error *err);
  enum status (*schema_set_version)(struct store *store, int64_t version, struct error *err);

  enum status (*begin)(struct store *store, enum store_mode mode, struct error *err);
  enum status (*commit)(struct store *store, struct error *err);
  void (*rollback)(struct store *store);
  bool (*alive)(const struct store *store);
  enum status (*run)(struct store *store, const char *sql, struct error *err);

  enum status (*prepare)(struct store *store, struct query **out, const char *sql,
                         struct error *err);
  void (*dispose)(struct query *q);
  /* ends an execution, clears parameters; may be called at any time */
  void (*reset)(struct query *q);
  void (*bind_int)(struct query *q, int parameter, int64_t value);
  void (*bind_text)(struct query *q, int parameter, struct span value);
  void (*bind_bytes)(struct query *q, int parameter, const void *bytes, size_t size);
  void (*bind_null)(struct query *q, int parameter);
  enum status (*step)(struct query *q, bool *row, struct error *err);
  /* Steps until the room of the store is full (then *row) or the rows are at their end. */
  enum status (*fill)(struct query *q, struct block_room *room, bool *row, struct error *err);
  enum status (*execute)(struct query *q, struct error *err);
  enum status (*ask)(struct query *q, struct error *err); /* the rows now, to be stepped later */
  /* executed before the next statement whose result is awaited */
  enum status (*later)(struct query *q, struct error *err);
  bool (*is_null)(struct query *q, int column);
  int64_t (*get_int)(struct query *q, int column);
  struct span (*get_text)(struct query *q, int column);
  struct span (*get_bytes)(struct query *q, int column);
  int64_t (*changes)(struct query *q);

  enum status (*pipeline_begin)(struct store *store, struct error *err);
  enum status (*pipeline_end)(struct store *store, struct error *err);

  enum status (*append_begin)(struct store *store, struct append **out, const char *table,
                              const char *columns, struct error *err);
  /* takes a->rows rows from a->cells */
  enum status (*append_flush)(struct append *a, struct error *err);
  enum status (*append_end)(struct append *a, struct error *err);
  void (*append_stop)(struct append *a); /* gives up; nothing runs on the engine afterwards */
  void (*append_free)(struct append *a);

  enum status (*lock)(struct store *store, const char *name, bool shared, bool wait, bool *held,
                      struct error *err);
  /* Also releases a shared lock. */
  void (*unlock)(struct store *store, const char *name);
};

extern const struct driver driver_sqlite;
extern const struct driver driver_postgresql;

/* ---- translate.c ---- */

/* Adds `sql` in the engine's own dialect: marks resolved, `?1` as `$1` on PostgreSQL, and (schema
 * files only) words of types. */
void store_translate(struct text *out, const char *sql, enum store_engine engine, bool schema);

/* ---- schema.c ---- */

/* Checks, makes or upgrades the tables of a connection just opened. `files` is ended by a null
 * name; tests pass longer tables. */
enum status schema_ready(struct store *store, const struct embedded_file *files,
                         struct error *err) MUST_USE;
/* store_open with the schema files given. */
enum status store_open_with(struct store **out, const char *url, enum store_mode mode,
                            const struct embedded_file *files, struct error *err) MUST_USE;

#endif
