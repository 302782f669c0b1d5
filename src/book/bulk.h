/* Posting files: millions of rows, any order, all or nothing.
 *
 * One call, however many files, is one posting. Each file and day becomes an entry, with a line for
 * each row, and one control line for each (control account, category). Rows may be given from two
 * threads at once, each as its own worker.
 *
 *     bulk_open(&bulk, store, &options, &err);
 *     int file = bulk_file(bulk, "entries", path);
 *     bulk_add(bulk, worker, &row, &err); for each sound row
 *     bulk_file_end(bulk, file, &facts, &err);
 *     bulk_duplicates(bulk, found, context, &n, &err);
 *         after the last row: references posted before, or twice in the call
 *     bulk_post(bulk, &result, &err);  begin, write (references first), finish
 *     bulk_free(bulk);  also abandons the call: nothing of it remains
 *
 * Memory is bounded (LIMIT_SORT_MEMORY_BYTES); what does not fit is sorted in runs in an unlinked
 * temporary file beside the store.
 */
#ifndef WEAL_BOOK_BULK_H
#define WEAL_BOOK_BULK_H

#include "base/hash.h"
#include "base/progress.h"
#include "book/book.h"
#include "book/import_months.h"

enum { BULK_WORKERS = 2 };

/* The lock (store_lock) under which numbers stay pending across transactions: imports, reversals,
 * closings, one at a time. */
#define BULK_LOCK "import"

struct bulk_options {
  const char *who;  /* for the import's record */
  const char *kind; /* of the entries: import, reversal */
  const char *memo; /* of the entries; null: none */
  enum progress_mode progress;
  const struct progress_watch *watch; /* null: nobody */
  /* true for entries: (body, reference) is unique in the book; false for spend, where a reference
   * is only information */
  bool check_references;
  /* the import that the call's one file replaces, wholly undone (again.h); 0: none */
  int64_t again;
  /* the import of which the call's one file posts what was left out (again.h); 0: none */
  int64_t rest;
  const struct bulk_hook *hook; /* of tests (bulk_call.h); null */
};

struct bulk_row {
  int file; /* from bulk_file */
  /* of the file; orders lines of one account and category. A worker's rows come in order of (file,
   * line) */
  uint64_t line;
  int64_t account; /* the account of the row's line */
  int64_t control; /* its contra: the control account, from bulk_control */
  /* for a row that reverses a sum of erased lines: that sum's account; else 0 */
  int64_t sum_account;
  /* day, amount, category, quantity, service, cost_year, estimated, body, place, reference, note,
   * reverses_*, labels: as they will be posted */
  struct line fields;
};

struct bulk;

/* Waits for another import to end, then makes the numbers of dead imports void. REFUSED:
 * options->again names no import, one that is not wholly undone, or was replaced before. */
enum status bulk_open(struct bulk **out, struct store *store, const struct bulk_options *options,
                      struct error *err) MUST_USE;

/* What else the posting keeps, in the transaction that makes it count: all of it, or nothing. What
 * `run` refuses refuses the posting. */
struct bulk_along {
  enum status (*run)(void *context, struct store *store, struct error *err);
  void *context;
};
void bulk_keep_along(struct bulk *bulk, struct bulk_along along);

int bulk_file(struct bulk *bulk, const char *kind, const char *path);

struct bulk_file_facts {
  struct digest digest; /* of the unpacked bytes */
  int64_t rows, rejected;
  int64_t amount;      /* pence, the total that was typed */
  const char *profile; /* of a published file; null */
  /* of spending: lives until the call has posted; null: nothing is kept of its months */
  const struct import_months *months;
};
/* Call it after the file's last row. REFUSED when a file of these bytes is posted already, or is
 * twice in the call; for a file that replaces an import, when its kind or bytes differ. */
enum status bulk_file_end(struct bulk *bulk, int file, const struct bulk_file_facts *facts,
                          struct error *err) MUST_USE;

/* Which of its months a file that is not wholly undone holds already: of the book, or of those that
 * ended before `file` in the call (import_months.h). */
enum status bulk_months_same(struct bulk *bulk, int file, const struct import_months *months,
                             struct import_months_found *out, struct error *err) MUST_USE;

/* In a call that replaces an import: whether that import left out this row of the file. Then the
 * caller must refuse the row. */
bool bulk_left_out(const struct bulk *bulk, uint64_t line);

/* In a call that takes in a rest: whether the row was posted before. Then the caller neither posts
 * nor refuses it. */
bool bulk_passes_over(const struct bulk *bulk, uint64_t line);

/* Counts a row that --partial left out, and keeps it in the book's list: of a file the first
 * LIMIT_REJECTS_KEPT. Thread-safe. */
void bulk_reject(struct bulk *bulk, int file, uint64_t line, const char *column, struct span value,
                 const char *reason);

/* ---- the accounts of rows; all thread-safe. Accounts that do not exist yet are opened when the
 * call posts, so a refused call leaves nothing. ---- */

/* Call it once, before bulk_person_account. */
enum status bulk_load_people(struct bulk *bulk, struct error *err) MUST_USE;
/* A person's account for entries in a unit of the book; if it does not exist, it is opened when the
 * call posts. 0: no such person, or the book has no role for units of this kind. */
int64_t bulk_person_account(struct bulk *bulk, int64_t person, const char *unit);
/* The account of a body in the role of a use. */
int64_t bulk_body_account(struct bulk *bulk, int64_t body, enum role_use use, const char *unit);
/* The control account of a body, or of the book itself (body 0). */
int64_t bulk_control(struct bulk *bulk, int64_t body, const char *unit);
/* A provisional id, for bulk_body_account, of a body that the file names and the register does not
 * have (a supplier, by name and company number). Call it once for each. `company`: its number;
 * null: not known. */
int64_t bulk_new_body(struct bulk *bulk, const char *code, const char *name, const char *kind,
                      const char *company);
/* Keeps the company number of a body that has none, of the register or of this call. If somebody
 * tells the register another meanwhile, theirs stays. */
void bulk_body_company(struct bulk *bulk, int64_t body, const char *company);

/* A stream that a budget names and the book does not have: added when the call posts. `owner` may
 * be a provisional id. The code must be free. */
void bulk_new_stream(struct bulk *bulk, const char *code, const char *name, int64_t owner);

enum status bulk_add(struct bulk *bulk, int worker, const struct bulk_row *row,
                     struct error *err) MUST_USE;

/* Call it after the last row: calls `found` for each row whose (body, reference) is in the book or
 * came earlier in the call; those will not be posted. */
typedef void bulk_found(void *context, int file, uint64_t line, bool in_book);
enum status bulk_duplicates(struct bulk *bulk, bulk_found *found, void *context, uint64_t *count,
                            struct error *err) MUST_USE;

/* import: id of the first file's; the others follow */
struct bulk_result {
  int64_t first_entry, last_entry, rows, entries, import;
  struct error
      unfolded; /* why payment_totals_fold failed after all was posted; code 0: it did not */
};
/* Begins, writes and finishes. REFUSED when nothing is left to post, a balance would fall below its
 * floor, or a small posting took one of the call's references (or undid a line that the call
 * undoes) after bulk_duplicates, or somebody added a stream with the code of one of its own: then
 * run the call again at once. After a refusal nothing of it is in the book, except control accounts
 * that it opened, which are empty, and streams that it added. */
enum status bulk_post(struct bulk *bulk, struct bulk_result *result, struct error *err) MUST_USE;
void bulk_free(struct bulk *bulk); /* takes null; releases the lock for the next import */

/* Makes the numbers of dead imports void and deletes their lines. The caller holds the import
 * lock. */
enum status bulk_sweep(struct store *store, struct error *err) MUST_USE;

#endif
