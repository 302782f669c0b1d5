/* What must be unique: the (body, reference) of a row in an entries file or a small posting, and
 * the undoing of a line. Private to the book. Each is a 128-bit digest. The store keeps them in
 * 65,536 buckets by their first 16 bits, with one sorted row for each bucket and posting; a row
 * counts once its entry is finished. (With one row for each reference: 0.29 M lines/s, where this
 * gives 0.55.) A call's digests are spooled in 256 partitions by their first byte, so that each is
 * checked in memory, whatever their number.
 */
#ifndef WEAL_BOOK_REFERENCES_H
#define WEAL_BOOK_REFERENCES_H

#include "book/bulk.h"
#include "book/spool.h"

struct references;

/* The kept bytes of a digest, and the bucket in which it is kept: its first two bytes. */
enum { REFERENCE_BYTES = 16, REFERENCE_BUCKETS = 65536 };
static inline int reference_bucket(const void *digest) {
  const uint8_t *bytes = digest;
  return bytes[0] << 8 | bytes[1];
}

/* A line that is undone. Sums of erased lines may have the same number in two places' accounts, so
 * for them the account is given too (0 for every other line). */
struct undone_line {
  int64_t entry;
  int32_t line_no;
  int64_t sum_account;
};

/* again: the import that the call replaces (again.h), else 0. */
struct references *references_new(struct store *store, int64_t again);
void references_free(struct references *r); /* takes null */

/* Digest: the first 16 bytes of SHA-256 over body (u64, big-endian, 0 for none) and the reference's
 * bytes; in a call that replaces an import, over "weal again", that import's number (u64), body and
 * reference. No body number begins like one of the labels. */
enum status references_add(struct references *r, int worker, int64_t body, struct span reference,
                           int file, uint64_t line, struct error *err) MUST_USE;
/* Digest: the first 16 bytes of SHA-256 over "weal reverses", entry (u64), line number (u32), and
 * for a sum its account (u64), big-endian. */
enum status references_add_reversal(struct references *r, int worker,
                                    const struct undone_line *undone, int file, uint64_t line,
                                    struct error *err) MUST_USE;

/* The message that reference_digest hashes, added to `out`: for many at once. */
void reference_message(struct text *out, int64_t body, struct span reference);
void reference_digest(struct hasher *h, int64_t body, struct span reference, struct digest *out);
void reference_again_digest(struct hasher *h, int64_t import, int64_t body, struct span reference,
                            struct digest *out);
void reference_reversal_digest(struct hasher *h, const struct undone_line *undone,
                               struct digest *out);

typedef void references_found(void *context, int file, uint64_t line, bool in_book);
/* Finds digests that are in the book as of `reading`, or came earlier in the call, and calls
 * `found` for each, in no particular order. The others are sorted, ready to be written. */
enum status references_check(struct references *r, struct store *store,
                             const struct reading *reading, references_found *found, void *context,
                             uint64_t *count, struct error *err) MUST_USE;
/* Whether this row is one of the duplicates found. */
bool references_dropped(const struct references *r, int file, uint64_t line);
uint64_t references_dropped_count(const struct references *r);
uint64_t references_kept(const struct references *r); /* how many digests are to be written */

/* After the check: finds the row of the call that has this digest and will be posted; *found false:
 * none. */
enum status references_find(struct references *r, const struct digest *digest, bool *found,
                            int *file, uint64_t *line, struct error *err) MUST_USE;

/* Writes up to some thousand buckets under `entry` into the open transaction; *more is false when
 * all are written. */
enum status references_write_some(struct references *r, struct store *store, int64_t entry,
                                  bool *more, struct error *err) MUST_USE;
/* For a small entry, inside its transaction, which holds the head row: the digest of each line that
 * has a reference or reverses another; sorted. */
struct reference_key {
  struct digest digest;
  bool reversal;
};
/* room for `count`; how many there are */
int references_of_lines(struct hasher *h, const struct line *lines, int count,
                        struct reference_key *out);
/* REFUSED when one comes twice, or is in the book: with the message of an import, column
 * `reference`. It sends one query for each before it waits for the first answer; the caller ends
 * the query. `reading` is of that transaction. query_run_later writes the rows. */
enum status references_twice(const struct reference_key *once, int count,
                             struct error *err) MUST_USE;
enum status references_ask(struct store *store, const struct reference_key *once,
                           struct query **out, struct error *err) MUST_USE;
/* *is_live: live numbers, which the reading does not see, hold it. Then the caller finds out
 * whether that posting is still running, and refuses if so. */
enum status references_answer(struct query *q, const struct reading *reading,
                              const struct entry_range *live, const struct reference_key *once,
                              bool *is_live, struct error *err) MUST_USE;
enum status references_refuse_pending(const struct reference_key *once, struct error *err) MUST_USE;
enum status references_write_few(struct store *store, const struct reference_key *once, int count,
                                 int64_t entry, struct error *err) MUST_USE;

/* Whether it is in the store, for any entry; adds it to the rows of `entry`. Call it with the
 * import lock held, after dead imports were swept. */
enum status references_known(struct store *store, const struct reference_key *once, bool *known,
                             struct error *err) MUST_USE;
enum status references_add_one(struct store *store, const struct reference_key *once, int64_t entry,
                               struct error *err) MUST_USE;

/* Buckets of more rows than this are made into one row before the next posting that touches them
 * finishes, so that reading one stays short. */
enum { REFERENCE_ROWS_MAX = 16 };
enum status references_compact(struct references *r, struct store *store,
                               const struct reading *reading, struct error *err) MUST_USE;

#endif
