/* The rows of a table while they are being found (private to base): table.c opens and hands out
 * blocks, table.c and jsonl.c fill them. */
#ifndef WEAL_BASE_BLOCK_H
#define WEAL_BASE_BLOCK_H

#include "base/reader.h"
#include "base/table.h"

/* More rows than this end a block, so that a file of very short rows makes no huge ones. */
enum { BLOCK_ROWS = 4096, BLOCK_ROWS_MAX = 4 * BLOCK_ROWS, BLOCK_BYTES_MAX = 512 << 10 };

struct block_pool; /* shared by a table and its blocks, which may outlive it */

struct block {
  struct table_rows rows; /* first: table_rows_free finds the block by it */
  struct block_pool *pool;
  struct buffer buffer; /* what the pieces point into */
  size_t capacity;      /* rows that the arrays hold */
  struct arena *notes;  /* reasons; null while all rows are sound */
};

struct block_pool *pool_new(void);
void pool_release(struct block_pool *pool);
struct block *block_take(struct block_pool *pool, int columns, uint64_t first_row);

struct table {
  struct reader reader;
  const struct table_column *columns;
  int count;
  bool is_json;
  uint64_t rows; /* handed out so far */
  /* CSV: the header. */
  char **heading;
  uint32_t headings;
  /* the asked column of each column of the file; -1 for one that was not asked for */
  int *slot;
  int *absent, absent_count; /* asked for, not in the header */
  struct csv_scan *scan;
  struct block_pool *pool;
  struct buffer packed; /* the header's block; the bytes of JSON Lines, whose texts are copied */
};

size_t block_add_row(struct block *b, uint64_t line); /* adds a row; its pieces are not set */
/* Keeps the first fault of a row. The field of `column` becomes empty, since its bytes may be what
 * is wrong. */
void block_fault(struct block *b, const struct table *table, size_t row, const char *column,
                 const struct error *why);
/* The same for a row of the table of refusals and its arguments. */
#define block_refuse(b, table, row, column, name, ...) \
  do { \
    struct error why_; \
    refuse(&why_, name, ##__VA_ARGS__); \
    block_fault(b, table, row, column, &why_); \
  } while (0)
/* Notes a row of several lines, or the text of a broken one, which the block keeps. */
void block_record(struct block *b, size_t row, struct span text, uint64_t last_line);
/* "'amuont' is not a column here; did you mean amount", or with the list of columns. */
void table_explain_unknown(const struct table *table, struct span name, struct error *err);
int table_find(const struct table *table, struct span name); /* -1 when it is not asked for */

/* Reads the whole lines of `bytes`; *used says how far it read. Their texts go to b->buffer. */
void jsonl_rows(struct table *table, struct block *b, const char *bytes, size_t size, size_t *used);

#endif
