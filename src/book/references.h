/* What must happen once: (body, reference) of an entries file or of a small posting, and the
 * undoing of a line. Private to the book.
 *
 * Each is a 128-bit digest. The store keeps them in 65,536 buckets by their first 16 bits, one row
 * a bucket and posting, sorted; a row counts once its entry is finished. (A row a reference
 * instead: 0.29 M lines/s where this gives 0.55.) A call's digests are spooled in 256 partitions by
 * their first byte, so that each is checked in memory, whatever their number.
 */
#ifndef WEAL_BOOK_REFERENCES_H
#define WEAL_BOOK_REFERENCES_H

#include "book/bulk.h"
#include "book/spool.h"

struct references;

/* What is kept of a digest, and the bucket in which it is kept: its first two bytes. */
enum { REFERENCE_BYTES = 16, REFERENCE_BUCKETS = 65536 };
static inline int reference_bucket(const void *digest) {
  const uint8_t *bytes = digest;
  return bytes[0] << 8 | bytes[1];
}

/* A line that is undone. Sums of what was erased may share a number in two places' accounts, so
 * theirs names the account too (0 for every other line). */
struct undone_line {
  int64_t entry;
  int32_t line_no;
  int64_t sum_account;
};

/* again: the import that the call replaces (again.h), else 0. */
struct references *references_new(struct store *store, int64_t again);
void references_free(struct references *r); /* takes null */

/* Digest: the first 16 bytes of SHA-256 over body (u64, big-endian, 0 for none) and the reference's
 * bytes; of a call that replaces an import, over "weal again", that import's number (u64), body and
 * reference. No body has a number that begins as one of the labels does. */
enum status references_add(struct references *r, int worker, int64_t body, struct span reference,
                           int file, uint64_t line, struct error *err) MUST_USE;
/* Digest: the first 16 bytes of SHA-256 over "weal reverses", entry (u64), n (u32), and of a sum
 * its account (u64), big-endian. */
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
/* Finds what is in the book as of `reading`, or came earlier in the call: `found` for each, in no
 * order. What is left is sorted, ready to be written. */
enum status references_check(struct references *r, struct store *store,
                             const struct reading *reading, references_found *found, void *context,
                             uint64_t *count, struct error *err) MUST_USE;
/* Is this row one of those that were found? */
bool references_dropped(const struct references *r, int file, uint64_t line);
uint64_t references_dropped_count(const struct references *r);
uint64_t references_kept(const struct references *r); /* how many digests are to be written */

/* After the check: which row of the call has this digest and will be posted? Not *found: none. */
enum status references_find(struct references *r, const struct digest *digest, bool *found,
                            int *file, uint64_t *line, struct error *err) MUST_USE;

/* Writes up to some thousand buckets under `entry` into the open transaction; *more is false when
 * all are written. */
enum status references_write_some(struct references *r, struct store *store, int64_t entry,
                                  bool *more, struct error *err) MUST_USE;
/* For a small entry, inside its transaction, which holds the head row. Of each line that has a
 * reference, or reverses another, the digest; sorted. */
struct reference_key {
  struct digest digest;
  bool reversal;
};
/* room for `count`; how many there are */
int references_of_lines(struct hasher *h, const struct line *lines, int count,
                        struct reference_key *out);
/* REFUSED when one stands twice, or is in the book: in the words of an import, column `reference`.
 * Asked for one by one, before the answer to the first is waited for; the caller ends the query.
 * `reading` is of that transaction. The rows are written by query_run_later. */
enum status references_twice(const struct reference_key *once, int count,
                             struct error *err) MUST_USE;
enum status references_ask(struct store *store, const struct reference_key *once,
                           struct query **out, struct error *err) MUST_USE;
/* *is_live: numbers that are live, which the reading does not see, hold it. Then the caller finds
 * out whether their poster is at work, and refuses if so. */
enum status references_answer(struct query *q, const struct reading *reading,
                              const struct entry_range *live, const struct reference_key *once,
                              bool *is_live, struct error *err) MUST_USE;
enum status references_refuse_pending(const struct reference_key *once, struct error *err) MUST_USE;
enum status references_write_few(struct store *store, const struct reference_key *once, int count,
                                 int64_t entry, struct error *err) MUST_USE;

/* Is it in the store, whoever has it? Adds it to what `entry` has, where its rows are already.
 * Under the import lock, all that died swept. */
enum status references_known(struct store *store, const struct reference_key *once, bool *known,
                             struct error *err) MUST_USE;
enum status references_add_one(struct store *store, const struct reference_key *once, int64_t entry,
                               struct error *err) MUST_USE;

/* Buckets of more rows than this are made into one row before the next posting that touches them
 * finishes, so that a look into one stays short. */
enum { REFERENCE_ROWS_MAX = 16 };
enum status references_compact(struct references *r, struct store *store,
                               const struct reading *reading, struct error *err) MUST_USE;

#endif
