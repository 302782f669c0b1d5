/* Closing a year: an entry of the log whose leaves are people. Each commits to all lines of one
 * person's accounts in the year, so that one path proves that a statement leaves none out.
 *
 *   leaf
 *       0x02, salt, person id, year, to i32, accounts u16, then for each account in order of id:
 *       account u64, count u64, the RFC 6962 root of its lines'
 *            leaves of the year, in the order of (day, entry, n)
 *   salt
 *       as a line's (book/leaf.h), from the secret of the person's lowest account, with the
 *       closing's entry and the leaf's index
 *
 * A person who was erased before has a leaf too, without salt, id and account, so that an index is
 * a count of records.
 *
 * Big-endian; a text is u16 length and UTF-8; the year is written 2025-26. A closing has a leaf for
 * every registered person, in the order of registration, an empty year too. It covers the lines of
 * the year up to `to` that are in the log up to `log_size`. A year may be closed again any number
 * of times: the latest closing counts.
 */
#ifndef WEAL_ATTEST_CLOSING_H
#define WEAL_ATTEST_CLOSING_H

#include "base/progress.h"
#include "book/audit.h"
#include "book/entries.h"
#include "book/tiles.h"

struct closing_options {
  int year; /* tax year, by its first calendar year */
  day_t to; /* DAY_NONE: the year's last day */
  enum progress_mode progress;
  const struct progress_watch *watch; /* gets the progress too; null: nobody watches */
};

struct closing_result {
  int64_t entry, seq, people, lines, log_size;
};

/* Waits for an import to end. REFUSED: `to` is outside the year; nobody is registered. If the
 * program is killed, the book is as before. */
enum status closing_post(struct store *store, const struct closing_options *options,
                         struct closing_result *result, struct error *err) MUST_USE;

/* Checks every closing's tree against its entry, and the latest closing of each year, person by
 * person, against the lines that it covers. Calls `found` for each difference, with one sentence.
 * Lines that were erased since cannot be hashed again: their people are skipped. */
struct closing_check_options {
  /* audits the book too, in the same reading of the ledger; null: closings alone */
  const struct audit_options *audit;
  struct audit_result *audited;
  enum progress_mode progress;
  const struct progress_watch *watch; /* gets the progress too; null: nobody watches */
  void (*finding)(void *context, const char *sentence);
  void *context;
};
struct closing_check_result {
  int64_t closings, people, findings;
};
enum status closing_check(struct store *store, const struct closing_check_options *options,
                          struct closing_check_result *result, struct error *err) MUST_USE;

/* What a closing holds for one record of a person, made again from the lines: the bytes of the leaf
 * and its place in the tree. */
struct closing_account {
  int64_t account;
  uint64_t count;
  struct digest root;
};

void closing_leaf_bytes(struct text *out, const uint8_t salt[SALT_BYTES], struct span person,
                        int year, day_t to, const struct closing_account *accounts, int count);

/* The index of a person's leaf; REFUSED when they were registered later. */
enum status closing_index(struct store *store, const struct closing *closing, int64_t person,
                          uint64_t *index, struct error *err) MUST_USE;

#endif
