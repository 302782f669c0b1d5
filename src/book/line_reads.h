/* Reads of the ledger by its key: one line, the lines of one entry, what some accounts add up to.
 * Everything of a person, too; lines_open (book.h) reads some accounts, bulk readers read all. */
#ifndef WEAL_BOOK_LINE_READS_H
#define WEAL_BOOK_LINE_READS_H

#include "base/hash.h"
#include "book/book.h"

/* Every line of a person's accounts, those of all their records together, as lines_open. `accounts`
 * has the accounts, in order of id; null: not needed. */
struct account_set {
  struct account *all;
  int count;
};
enum status person_lines_open(struct line_cursor **out, struct store *store, struct arena *arena,
                              int64_t person, struct account_set *accounts,
                              struct error *err) MUST_USE;
/* Its texts in the arena. */
enum status line_find(struct store *store, struct arena *arena, int64_t account, day_t day,
                      int64_t entry, int32_t line_no, struct line *out, bool *found,
                      struct error *err) MUST_USE;
/* The line that undoes this one, as far as the reading sees; *entry 0: none. */
enum status line_undone_by(struct store *store, const struct reading *reading,
                           const struct line *line, int64_t *entry, int32_t *line_no,
                           struct error *err) MUST_USE;

/* The lines of the accounts that take another back, of all days; in order of what they take
 * back. */
struct undoing {
  int64_t entry, undone_entry;
  int32_t line_no, undone_line_no;
  day_t day; /* of the line that takes back: the year in which the correction counts */
};
enum status lines_undoing(struct store *store, struct arena *arena, const struct reading *reading,
                          const struct account *accounts, int count, struct undoing **out,
                          int *out_count, struct error *err) MUST_USE;

/* The lines of an entry in the order of n, which is the ledger's own; line_read takes each row. */
enum status entry_lines_open(struct store *store, int64_t entry, struct query **out,
                             struct error *err) MUST_USE;
/* Those with after < n <= last of an entry of this day, with the units of their accounts. Lines
 * are stored by account, so they are searched account by account, on the entry's day. */
struct entry_line {
  int32_t line_no, reverses_line_no;
  int64_t account, category, amount, body, reverses_entry;
  bool is_persons; /* of an account of a person or a household, not of an organisation's own */
  const char *unit;
};
enum status entry_lines_between(struct store *store, struct arena *arena, int64_t entry, day_t day,
                                int64_t after, int64_t last, struct entry_line **out, int *count,
                                struct error *err) MUST_USE;

/* What the accounts hold when the day before `day` ends: summed where the lines are. */
enum status lines_sum_before(struct store *store, const struct reading *reading,
                             const int64_t *accounts, size_t count, day_t day, wide_t *sum,
                             struct error *err) MUST_USE;
/* The first day and the last up to `until` of the accounts' lines; *later: there is one after. */
struct line_days {
  bool some, later;
  day_t first, last;
};
enum status lines_days(struct store *store, const struct reading *reading,
                       const struct account *accounts, int count, day_t until,
                       struct line_days *out, struct error *err) MUST_USE;
/* The bodies that the accounts' lines since a day name, sorted. */
enum status lines_bodies(struct store *store, struct arena *arena, const struct reading *reading,
                         const struct account *accounts, int count, day_t since, int64_t **out,
                         int *out_count, struct error *err) MUST_USE;

/* The sums of all accounts with ids first..last, up to a day, one by one in order of account. A
 * stream: query_end is the caller's. */
struct account_sum {
  int64_t account, lines;
  wide_t sum;
};
enum status account_sums_open(struct store *store, const struct reading *reading, int64_t first,
                              int64_t last, day_t on, struct query **out,
                              struct error *err) MUST_USE;
enum status account_sums_next(struct query *q, struct account_sum *out, bool *some,
                              struct error *err) MUST_USE;

/* The hashes that erased lines of an entry left, in order of n. */
struct erased_hash {
  int32_t line_no;
  struct digest hash;
};
enum status erased_hashes(struct store *store, struct arena *arena, int64_t entry,
                          struct erased_hash **out, int *count, struct error *err) MUST_USE;
/* Whether a line of these days was erased. */
enum status erased_between(struct store *store, day_t from, day_t to, bool *some,
                           struct error *err) MUST_USE;

#endif
