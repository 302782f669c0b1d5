/* Posting files: millions of rows, any order, all or nothing.
 *
 * One call, however many files, is one posting. Each file and day becomes an entry; a line a row, and one control line per (control
 * account, category). Rows may be given from two threads at once, each on its own lane.
 *
 *     bulk_open(&bulk, store, &options, &err);
 *     int file = bulk_file(bulk, "entries", path);
 *     bulk_add(bulk, lane, &row, &err);                     for each sound row
 *     bulk_duplicates(bulk, dropped, context, &err);        after the last row: references posted before, or twice in the call
 *     bulk_post(bulk, &err);                                 begin, write, finish
 *     bulk_free(bulk);                                       also abandons: nothing of it remains
 *
 * Memory is bounded (LIMIT_SORT_MEMORY_BYTES); what does not fit is sorted in runs in an unlinked temporary file beside the store.
 */
#ifndef WEAL_BOOK_BULK_H
#define WEAL_BOOK_BULK_H

#include "base/hash.h"
#include "base/progress.h"
#include "book/book.h"

enum { BULK_LANES = 2 };

struct bulk_options {
  const char *who;             /* for the import's record */
  enum progress_mode progress;
  bool check_references;       /* entries: (body, reference) once ever; spend: a reference is information */
};

struct bulk_row {
  int file;               /* from bulk_file */
  uint64_t line;          /* of the file; its place in the file orders lines of one account and category */
  int64_t account;        /* where the row's line goes */
  int64_t control;        /* control account, from bulk_account: the contra */
  struct line fields;     /* day, amount, category, quantity, service, cost_year, estimated, body, place, reference, note: as they are to stand */
};

struct bulk;
enum status bulk_open(struct bulk **out, struct store *store, const struct bulk_options *options, struct error *err) MUST_USE;
/* Refuses a digest that is posted already when the file ends (bulk_file_end). */
int bulk_file(struct bulk *bulk, const char *kind, const char *path);
enum status bulk_file_end(struct bulk *bulk, int file, const struct digest *digest, uint64_t rows, uint64_t rejected, const char *profile, struct error *err) MUST_USE;
/* A row that --partial left out, kept in the book's list. */
void bulk_reject(struct bulk *bulk, int file, uint64_t line, const char *column, struct span value, const char *reason);

/* The account of an owner in a role and unit, opened if need be when the call posts. Thread-safe; remember what it gave per body. */
int64_t bulk_account(struct bulk *bulk, enum owner_kind kind, int64_t owner, const char *role, const char *unit);

enum status bulk_add(struct bulk *bulk, int lane, const struct bulk_row *row, struct error *err) MUST_USE;

/* Calls `found` for each row whose (body, reference) is in the book or came earlier in the call; those rows will not be posted. */
enum status bulk_duplicates(struct bulk *bulk, void (*found)(void *context, int file, uint64_t line, struct span reference, bool in_book),
                            void *context, uint64_t *count, struct error *err) MUST_USE;

struct bulk_result { int64_t first_entry, last_entry, rows, entries, import; };
enum status bulk_post(struct bulk *bulk, struct bulk_result *result, struct error *err) MUST_USE;
void bulk_free(struct bulk *bulk);

/* Makes void what dead posters left. Called by imports before they start and by the audit's advice. */
enum status bulk_sweep(struct store *store, struct error *err) MUST_USE;

#endif
