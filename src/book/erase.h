/* What an erasure changes in the book (privacy/erasure.h decides of whom and when): it deletes
 * lines, of which hashes and sums remain, and empties reasons. All functions run
 * inside the caller's write transaction. */
#ifndef WEAL_BOOK_ERASE_H
#define WEAL_BOOK_ERASE_H

#include "base/hash.h"
#include "book/book.h"

/* One line to erase: where it was, and its hash. */
struct erased_line {
  int64_t account, entry;
  day_t day;
  int32_t line_no;
  struct digest hash;
};
/* Deletes the lines, keeps their hashes, and forgets the accounts of their entries' lines, with the
 * reason of an entry that has one line and its contra. */
enum status book_erase_lines(struct store *store, const struct erased_line *lines, size_t count,
                             struct error *err) MUST_USE;

/* What remains: one sum for each (entry, category, place, body, stream, unit), or several where one
 * would pass 64 bits. Lines that were undone before make a sum of their own, which counts as
 * undone, so that nobody can undo it again. */
struct erased_sum {
  int64_t entry, category, place, body;
  day_t day;
  const char *unit;
  const char *stream; /* its code; null: none */
  int64_t amount, quantity;
  bool has_quantity, estimated, undone;
};
/* False, and `into` untouched: the two together do not fit into one line, so `more` begins another.
 * The smallest 64-bit number is not used: nothing could undo it. */
bool erased_sum_add(struct erased_sum *into, const struct erased_sum *more);
/* Writes it into the place's account of erased sums, in a line numbered past the entry's count;
 * *added false: it was added to an existing sum. `reversals`: whether anything was ever undone. */
enum status book_add_erased_sum(struct store *store, const struct roles *roles, bool reversals,
                                struct erased_sum *sum, bool *added, struct error *err) MUST_USE;

/* The reasons of entries with more lines, which may name somebody; `memo` is borrowed until the
 * next one, query_end is the caller's. */
enum status book_memos_open(struct store *store, struct query **out, struct error *err) MUST_USE;
enum status book_memos_next(struct query *q, int64_t *entry, struct span *memo, bool *some,
                            struct error *err) MUST_USE;
enum status book_forget_memo(struct store *store, int64_t entry, struct error *err) MUST_USE;

#endif
