/* A large file takes a few thousand blocks, and another thread frees them than the one that fills
 * them. They are kept and used again: without that, the kernel took a third of the reading time to
 * hand out pages (0.51 s against 0.38 s of processor for 5 M rows: tests/base/dump_rows count). */
#include "base/block.h"
#include "base/arena.h"
#include <pthread.h>
#include <stdlib.h>

enum { POOL_KEEPS = 16 };

struct block_pool {
  pthread_mutex_t lock;
  size_t users; /* the table, and each block in use */
  struct block *kept[POOL_KEEPS];
  size_t count;
};

struct block_pool *pool_new(void) {
  struct block_pool *pool = memory_zeroed(1, sizeof *pool);
  pthread_mutex_init(&pool->lock, NULL);
  pool->users = 1;
  return pool;
}

static void block_free(struct block *b) {
  arena_free(b->notes);
  free(b->rows.line);
  free(b->rows.fault);
  free(b->rows.piece);
  free(b->buffer.bytes);
  free(b);
}

void pool_release(struct block_pool *pool) {
  pthread_mutex_lock(&pool->lock);
  bool last = --pool->users == 0;
  pthread_mutex_unlock(&pool->lock);
  if (!last) return;
  for (size_t i = 0; i < pool->count; i++) block_free(pool->kept[i]);
  pthread_mutex_destroy(&pool->lock);
  free(pool);
}

struct block *block_take(struct block_pool *pool, int columns, uint64_t first_row) {
  pthread_mutex_lock(&pool->lock);
  pool->users++;
  struct block *b = pool->count ? pool->kept[--pool->count] : NULL;
  pthread_mutex_unlock(&pool->lock);
  if (!b) b = memory_zeroed(1, sizeof *b);
  b->pool = pool;
  b->rows.columns = columns;
  b->rows.first_row = first_row;
  b->rows.count = 0;
  b->rows.bytes = NULL;
  if (b->notes) arena_reset(b->notes);
  return b;
}

void table_rows_free(struct table_rows *rows) {
  if (!rows) return;
  struct block *b = (struct block *)rows;
  struct block_pool *pool = b->pool;
  bool large = b->buffer.capacity > 2 * BLOCK_BYTES_MAX; /* it held a huge row: not worth keeping */
  pthread_mutex_lock(&pool->lock);
  bool keep = !large && pool->count < POOL_KEEPS;
  if (keep) pool->kept[pool->count++] = b;
  pthread_mutex_unlock(&pool->lock);
  if (!keep) block_free(b);
  pool_release(pool);
}

size_t block_add_row(struct block *b, uint64_t line) {
  struct table_rows *rows = &b->rows;
  if (rows->count == b->capacity) {
    b->capacity = b->capacity ? b->capacity * 2 : BLOCK_ROWS;
    rows->line = memory_grow(rows->line, b->capacity * sizeof *rows->line);
    rows->fault = memory_grow(rows->fault, b->capacity * sizeof *rows->fault);
    rows->piece = memory_grow(rows->piece,
                              b->capacity * (size_t)rows->columns * sizeof *rows->piece);
  }
  rows->line[rows->count] = line;
  rows->fault[rows->count] = (struct table_fault){0};
  return rows->count++;
}

void block_fault(struct block *b, const struct table *table, size_t row, const char *column,
                 const struct error *why) {
  struct table_fault *fault = &b->rows.fault[row];
  int slot = column ? table_find(table, span_of(column)) : -1;
  if (slot >= 0) b->rows.piece[row * (size_t)table->count + (size_t)slot] = (struct table_piece){0};
  if (fault->reason) return;
  if (!b->notes) b->notes = arena_new();
  struct error at = *why; /* makes the column printable */
  error_at(&at, NULL, 0, column);
  struct refusal *refusal = arena_alloc(b->notes, sizeof *refusal);
  *refusal = why->refusal;
  *fault = (struct table_fault){.reason = arena_string(b->notes, why->message),
                                .refusal = refusal,
                                .column = column ? arena_string(b->notes, at.column) : NULL,
                                .record = fault->record};
}

void block_record(struct block *b, size_t row, struct span text, uint64_t last_line) {
  if (!b->notes) b->notes = arena_new();
  struct table_record *record = arena_alloc(b->notes, sizeof *record);
  *record = (struct table_record){text, last_line};
  b->rows.fault[row].record = record;
}
