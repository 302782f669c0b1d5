/* The audit's data. Private to audit*.c. */
#ifndef WEAL_BOOK_AUDIT_PARTS_H
#define WEAL_BOOK_AUDIT_PARTS_H

#include "base/wide.h"
#include "book/audit.h"
#include "book/leaf.h"
#include "book/streams.h"
#include "book/references.h"
#include "proof/tree.h"
#include "register/names.h"

#include <pthread.h>

enum finding_kind {
  FINDING_SUM,
  FINDING_ROOT,
  FINDING_COUNT,
  FINDING_NO_ENTRY,
  FINDING_SEQ,
  FINDING_HEAD,
  FINDING_BALANCE,
  FINDING_HOLD,
  FINDING_REVERSAL,
  FINDING_ACCOUNT,
  FINDING_REFERENCE,
  FINDING_LINE,
  FINDING_ERASED,
  FINDING_HOLDING,
  FINDING_IMPORT,
  FINDING_LOG,
  FINDING_LARGE,
  FINDING_LIFE,
  FINDING_PAYMENTS,
  FINDING_KINDS
};

/* An entry of the journal, and the sums of its lines. */
struct audit_entry {
  /* broken: its lines are not in order of line number, so that its root cannot be made */
  bool finished, closing, broken;
  bool referenced; /* its references must be unique: of a file of that kind, or of no file */
  day_t day;
  int64_t lines; /* as the journal says */
  struct digest root;
  int64_t found;            /* lines found, including sums of erased lines */
  wide_t amount[2];         /* pence, minutes: nearly all */
  struct tree_range *range; /* of as many peaks as `lines` can need */
  int64_t again;            /* the import that its import replaces; 0: none */
  /* the accounts of its lines, as its row says; null bytes: it does not say */
  struct span accounts;
};

struct other_sum {
  int64_t entry;
  wide_t amount;
  int unit;
}; /* of further units: rare */
struct reversing {
  int64_t account, entry, reverses_entry, amount, quantity;
  int32_t line_no, reverses_line_no, category;
};
struct floored {
  int64_t account, amount, held;
  wide_t sum;
};
struct stray {
  int64_t person, account, entry;
  int32_t line_no;
};
struct large {
  int64_t account, entry, amount;
  const char *unit;
  int32_t line_no;
};
struct erased {
  int64_t entry;
  int32_t line_no;
  struct digest hash;
};
struct late {
  int64_t entry, account;
};

/* The sum of the digests of a bucket of references: that of the lines must equal that of the table.
 * Sums of SHA-256 digests do not agree by chance. */
struct digest_sum {
  uint64_t high, low, count;
};
static inline void digest_sum_add(struct digest_sum *sum, const void *digest) {
  uint64_t high, low;
  memcpy(&high, digest, 8);
  memcpy(&low, (const char *)digest + 8, 8);
  sum->high += high;
  sum->low += low;
  sum->count++;
}

struct audit {
  struct store *store;
  const struct audit_options *options;
  struct audit_result *result;
  struct arena *arena;
  struct reading reading;
  struct leaf_codes codes;
  struct streams *streams;
  int64_t account_max;
  /* codes of units that accounts have: pence and minutes first, then in the order in which they
   * come. In the arena */
  const char **units;
  int unit_count, unit_capacity;
  struct audit_entry *entries; /* by entry number, 1 .. reading.head */
  struct floored *floored;
  int floored_count;
  struct erased *erased;
  size_t erased_count, erased_used;
  /* the line furthest past the head: posted since then, or forged */
  struct late late;
  struct digest_sum *references; /* of the lines, by bucket */
  struct life *lives;
  int64_t life_max; /* by party id */
  /* lines of days on which their person did not live */
  struct stray *strays;
  size_t stray_count, stray_capacity;
  struct large *large;
  size_t large_count, large_capacity; /* lines larger than a line may be */
  struct reversing *reversing;
  size_t reversing_count, reversing_capacity;
  struct other_sum *others;
  size_t other_count, other_capacity;
  struct hasher *hasher; /* for combining, which one thread at a time does */
  pthread_mutex_t mutex;
  int64_t lines_expected;
  int findings_of_kind[FINDING_KINDS];
};

/* Reports a finding, but only the first hundred of a kind: a store that is damaged in one way often
 * has many. */
void audit_find(struct audit *a, enum finding_kind kind, const char *format, ...) PRINTF(3, 4);
/* The index of a unit, also of one that no account had yet. The caller holds the mutex, or no other
 * thread reads. */
int audit_unit(struct audit *a, struct span unit);

/* The digest that `reference` must hold for a line of a finished entry; false: none. */
bool audit_digest(const struct audit *a, struct hasher *h, const struct line *l,
                  struct digest *out);

/* audit_lives.c */
/* Call it after the reversals, which it looks up. Reports for each person how many lines, the first
 * of them, and what to do. */
enum status audit_lives(struct audit *a, struct error *err) MUST_USE;
bool audit_is_reversed(const struct audit *a, int64_t account, int64_t entry, int32_t line_no);

/* Reads the ledger on every core. */
enum status audit_scan(struct audit *a, struct error *err) MUST_USE;
/* Checks that references and reversals are unique, and that `reference` has the digests of the
 * lines (audit_once.c). Call it after audit_scan and the sorting of a->reversing. */
enum status audit_once(struct audit *a, struct error *err) MUST_USE;
/* Checks the log's tiles and heads against the journal (audit_log.c). */
enum status audit_log(struct audit *a, struct error *err) MUST_USE;
/* Compares the kept totals of payments with the lines (audit_payments.c). */
enum status audit_payments(struct audit *a, struct error *err) MUST_USE;
/* Adds the kept hashes of erased lines before line n (0: up to the end). */
void audit_fill_erased(struct audit *a, int64_t entry, int64_t before_n);

#endif
