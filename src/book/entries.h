/* Entries of the journal as rows, for who shows or proves one; posting.h and bulk.h write them. */
#ifndef WEAL_BOOK_ENTRIES_H
#define WEAL_BOOK_ENTRIES_H

#include "base/hash.h"
#include "book/book.h"

struct entry_record {
  int64_t id, seq;
  day_t day;
  int64_t import;                     /* 0: none */
  int64_t lines;                      /* of a closing: people */
  const char *kind, *recorded, *memo; /* in the arena; memo empty: none */
  day_t recorded_day;                 /* by the clocks of the place */
  bool has_root;
  struct digest root;
};
/* *found false: there is none. `arena` null: without the texts, which are null then. */
enum status entry_find(struct store *store, struct arena *arena, int64_t id,
                       struct entry_record *out, bool *found, struct error *err) MUST_USE;
/* Which entries of the journal; all zero but `before` and `to`: every one. */
struct entries_wanted {
  int64_t before;   /* a number: only those below it */
  day_t from, to;   /* both included */
  const char *kind; /* null or empty: any */
  int64_t import;   /* 0: any */
  /* with a line of one of these accounts (sorted), that is from `least` to `most`, whichever its
   * sign; null: any, of any amount */
  const int64_t *accounts;
  size_t account_count;
  int64_t least, most;
};
/* The latest first, at most `most`. With accounts their lines of these days are read: REFUSED where
 * they are more than LIMIT_JOURNAL_LINES. */
enum status entries_select(struct store *store, struct arena *arena,
                           const struct entries_wanted *wanted, int most, struct entry_record **out,
                           int *count, struct error *err) MUST_USE;
enum status entries_of_kind(struct store *store, const char *kind, int64_t *count,
                            struct error *err) MUST_USE;
/* Whether there is one, without counting. */
enum status entries_have_reversals(struct store *store, bool *some, struct error *err) MUST_USE;
/* How many lines the entries after this place in the log have. */
enum status entries_lines_after(struct store *store, int64_t seq, int64_t *lines,
                                struct error *err) MUST_USE;
/* What was read when the log had `size` entries. */
enum status entries_reading_at(struct store *store, struct arena *arena, int64_t size,
                               struct reading *out, struct error *err) MUST_USE;

/* ---- closings: entries that cover a year (attest/closing.h) ---- */

struct closing {
  int64_t entry, seq, people, log_size;
  int year;
  day_t to;
};
/* Takes the number of a closing that is worked on: it is pending until it is inserted. In the
 * caller's write transaction. */
enum status closing_begin(struct store *store, int64_t *entry, struct error *err) MUST_USE;
/* Takes its place in the log, and ends what was pending. Locks the head. */
enum status closing_place(struct store *store, int64_t entry, int64_t *seq,
                          struct error *err) MUST_USE;
/* The entry and what it covers. */
enum status closing_insert(struct store *store, const struct closing *closing,
                           const struct digest *root, struct error *err) MUST_USE;
/* The latest of the year whose place in the log lies below `log_size`; entry 0: there is none. */
enum status closing_latest(struct store *store, int year, int64_t log_size, struct closing *out,
                           struct error *err) MUST_USE;
/* The last that was made, of any year; entry 0: none. */
enum status closing_last(struct store *store, struct closing *out, struct error *err) MUST_USE;
/* The latest ones, the latest first, without their places in the log. */
enum status closings_latest(struct store *store, struct arena *arena, int most,
                            struct closing **out, int *count, struct error *err) MUST_USE;
/* All, in order of year, the latest of each first, with what the journal says of each. */
struct closing_kept {
  struct closing closing;
  int64_t entry_lines;
  bool in_journal; /* its entry is there, and is a closing */
};
enum status closings_all(struct store *store, struct arena *arena, struct closing_kept **out,
                         int *count, struct error *err) MUST_USE;

#endif
