/* Recomputes every stored total in one snapshot and reports the differences. */
#ifndef WEAL_BOOK_AUDIT_H
#define WEAL_BOOK_AUDIT_H

#include "base/progress.h"
#include "book/leaf.h"

/* A chunk of accounts as the audit has just read it, for code that needs the same leaves (closings:
 * attest/closing.h), so that the ledger is read once. Called on the audit's threads, several at
 * once, each with other accounts. The leaves are those of all lines of the reading in accounts that
 * exist, in the ledger's order. */
enum { AUDIT_CHUNK_ACCOUNTS = 1024 }; /* a chunk begins at a multiple of it */
/* outside: not part of an entry's root */
struct audit_leaf {
  int64_t account, entry;
  day_t day;
  int32_t line_no;
  bool outside;
  struct digest hash;
};
struct life;
/* unit null: no such account; sums: it holds sums of erased lines */
struct audit_account {
  const char *unit;
  const struct life *life;
  int unit_index;
  bool erased, sums, control;
  uint8_t secret[SECRET_BYTES];
};
struct audit_chunk {
  int64_t first;                        /* the lowest account */
  const struct audit_account *accounts; /* AUDIT_CHUNK_ACCOUNTS of them */
  const struct audit_leaf *leaves;
  size_t leaf_count;
};

struct audit_options {
  int threads; /* 0: as many as the machine has */
  enum progress_mode progress;
  const struct progress_watch *watch; /* gets the progress too; null: nobody watches */
  /* Called for each difference, with one sentence that names entry, account or row. */
  void (*finding)(void *context, const char *sentence);
  void *context;
  void (*chunk)(void *context, const struct audit_chunk *chunk); /* null: nobody needs the chunks */
  void *chunk_context;
};

struct audit_result {
  int64_t entries, lines, accounts, references, findings;
};

/* DONE also when something differs: see `findings`. */
enum status audit_book(struct store *store, const struct audit_options *options,
                       struct audit_result *result, struct error *err) MUST_USE;

#endif
