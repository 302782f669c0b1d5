/* The records of a published file, in memory: each cell without blanks at its ends. */
#ifndef WEAL_EXCHANGE_RECORDS_H
#define WEAL_EXCHANGE_RECORDS_H

#include "base/table.h"
#include "exchange/profile.h"

struct records {
  struct record_cells *all;
  int count, capacity; /* malloc */
};

/* Reads what is left of `raw`, after `first` (null: from its beginning), into the arena;
 * `line_base` is added to its lines. REFUSED with FILE:LINE when there is more than memory is kept
 * for. */
enum status records_read(struct records *records, struct table_raw *raw,
                         const struct record_cells *first, uint64_t line_base, struct arena *arena,
                         struct error *err) MUST_USE;
void records_free(struct records *records);

/* The index after the last filled cell. */
int record_width(const struct record_cells *r);
int record_filled(const struct record_cells *r); /* how many cells hold something */
static inline struct span record_cell(const struct record_cells *r, int column) {
  return column >= 0 && column < r->count ? r->cells[column] : span_make("", 0);
}

#endif
