/* The log: a record for each entry, in the order of `seq`; and its tree. A record is text, a line
 * for each value, every line ended by a newline (docs/explanation/proof.md):
 *
 *     weal entry 1
 *     SEQ            its number in the log, from 1; the leaf's index is SEQ - 1
 *     ID             the entry's number
 *     DAY            2026-03-31
 *     RECORDED       2026-04-02T09:00:00Z
 *     KIND           import, reversal, closing, ...
 *     DIGEST         SHA-256 of the unpacked file, hexadecimal; empty when it came from no file
 *     LINES          count of its lines (of a closing: people)
 *     ROOT           RFC 6962 root over its lines (people), hexadecimal
 *     YEAR           of a closing only: 2025-26
 *     TO             of a closing only: a day
 *     SIZE           of a closing only: the log size whose lines it covers
 */
#ifndef WEAL_BOOK_LOG_H
#define WEAL_BOOK_LOG_H

#include "book/book.h"
#include "book/tiles.h"

/* The record of an entry by its number in the log, and its values. REFUSED: no such entry. */
struct log_record {
  int64_t seq, id, lines;
  struct digest root;
  bool closing;
  int year; /* of a closing */
  day_t to;
  int64_t size;
};
enum status log_read_record(struct store *store, int64_t seq, struct text *out,
                            struct log_record *facts, struct error *err) MUST_USE;

/* The leaf hashes of the records that follow `after` (a seq; 0: from the first), up to `capacity`
 * of them; fewer only at the end. */
enum status log_read_leaves(struct store *store, struct hasher *hasher, int64_t after,
                            struct digest *leaves, int capacity, int *count,
                            struct error *err) MUST_USE;

/* Adds every entry logged so far to the tiles, in a transaction of its own. */
enum status log_update(struct store *store, struct tree_head *head, struct error *err) MUST_USE;

/* ---- heads that were signed and kept ---- */

enum status log_keep_head(struct store *store, int64_t size, const char *note,
                          struct error *err) MUST_USE;
struct signed_head {
  int64_t size;
  struct span note, at; /* at: RFC 3339 */
};
/* Texts in the arena. */
enum status log_find_head(struct store *store, struct arena *arena, int64_t size,
                          struct signed_head *out, bool *found, struct error *err) MUST_USE;
/* One by one, all in order of size, or the largest `most` from the largest on; texts are borrowed
 * until the next one, query_end is the caller's. */
enum status log_heads_open(struct store *store, struct query **out, struct error *err) MUST_USE;
enum status log_heads_open_largest(struct store *store, int most, struct query **out,
                                   struct error *err) MUST_USE;
enum status log_heads_next(struct query *q, struct signed_head *out, bool *some,
                           struct error *err) MUST_USE;
/* The last one kept; *note null when there is none. In the arena. */
enum status log_last_head(struct store *store, struct arena *arena, int64_t *size,
                          const char **note, struct error *err) MUST_USE;

#endif
