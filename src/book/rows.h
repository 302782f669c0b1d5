/* Rows that posting.c and bulk.c both write. Private to the book. */
#ifndef WEAL_BOOK_ROWS_H
#define WEAL_BOOK_ROWS_H

#include "base/hash.h"
#include "book/book.h"

struct entry_row {
  int64_t id, seq;
  day_t day;
  const char *recorded; /* RFC 3339 */
  const char *kind;
  int64_t import; /* 0: none */
  const char *memo;
  int64_t lines;
  const struct digest *root; /* RFC 6962, over its lines in order of line number */
  struct span accounts;      /* of a small entry (packed as below); null bytes: of a file */
};

/* The accounts of a small entry's lines as its row keeps them: 8 bytes each, big-endian, in order
 * of line number. */
enum { ACCOUNT_BYTES = 8 };
static inline size_t accounts_count(struct span packed) { return packed.size / ACCOUNT_BYTES; }
int64_t accounts_at(struct span packed, size_t index);

enum status entry_insert(struct store *store, const struct entry_row *e,
                         struct error *err) MUST_USE;
/* Adds a line to an append of "line" with LINE_COLUMNS, or with LINE_COLUMNS_UNLABELLED. */
enum status line_append(struct append *a, const struct line *l, bool labelled,
                        struct error *err) MUST_USE;
/* Adds to the balance of an account that has a floor (does nothing for others); REFUSED when it
 * would fall below the floor. The caller holds the head. */
enum status balance_change(struct store *store, int64_t account, int64_t change,
                           struct error *err) MUST_USE;

/* The lowest balance allowed; FLOOR_NONE when the account has none, or is not there. */
enum status balance_floor(struct store *store, int64_t account, int64_t *floor,
                          struct error *err) MUST_USE;
/* Ends a hold that is settled or released: deletes its row, frees the amount, and keeps its id as
 * used for some days. *amount: the amount of the hold. REFUSED: it is not in force. */
enum status hold_end(struct store *store, int64_t account, const char *id, const char *how,
                     int64_t *amount, struct error *err) MUST_USE;

#endif
