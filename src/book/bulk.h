/* Posting files: millions of rows, any order, all or nothing.
 *
 * One call, however many files, is one posting. Each file and day becomes an entry; a line a row,
 * and one control line per (control account, category). Rows may be given from two threads at once,
 * each on its own lane.
 *
 *     bulk_open(&bulk, store, &options, &err);
 *     int file = bulk_file(bulk, "entries", path);
 *     bulk_add(bulk, lane, &row, &err);                     for each sound row
 *     bulk_file_end(bulk, file, &facts, &err);
 *     bulk_duplicates(bulk, found, context, &n, &err);
 *         after the last row: references posted before, or twice in the call
 *     bulk_post(bulk, &err);  begin, write (references first), finish
 *     bulk_free(bulk);                                       also abandons: nothing of it remains
 *
 * Memory is bounded (LIMIT_SORT_MEMORY_BYTES); what does not fit is sorted in runs in an unlinked
 * temporary file beside the store.
 */
#ifndef WEAL_BOOK_BULK_H
#define WEAL_BOOK_BULK_H

#include "base/hash.h"
#include "base/progress.h"
#include "book/book.h"

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
  /* entries: (body, reference) once ever; spend: a reference is information */
  bool check_references;
  /* the import that the call's one file replaces, wholly undone (again.h); 0: none */
  int64_t again;
  const struct bulk_hook *hook; /* of tests (bulk_call.h); null */
};

struct bulk_row {
  int file; /* from bulk_file */
  /* of the file; orders lines of one account and category. A lane's rows come in order of (file,
   * line) */
  uint64_t line;
  int64_t account;     /* where the row's line goes */
  int64_t control;     /* its contra: the control account, from bulk_control */
  int64_t sum_account; /* of a row that reverses a sum of what was erased: its account; else 0 */
  /* day, amount, category, quantity, service, cost_year, estimated, body, place, reference, note,
   * reverses_*: as they are to stand */
  struct line fields;
};

struct bulk;

/* Waits for another import to end, then makes void what dead ones left. REFUSED: options->again
 * names no import, one that is not wholly undone, or was replaced before. */
enum status bulk_open(struct bulk **out, struct store *store, const struct bulk_options *options,
                      struct error *err) MUST_USE;

int bulk_file(struct bulk *bulk, const char *kind, const char *path);

struct bulk_file_facts {
  struct digest digest; /* of the unpacked bytes */
  int64_t rows, rejected;
  int64_t amount;      /* pence, of what was typed */
  const char *profile; /* of a published file; null */
};
/* After the file's last row. REFUSED when a file of these bytes is posted already, or stands twice
 * in the call; of one that replaces an import, when its kind or its bytes are others. */
enum status bulk_file_end(struct bulk *bulk, int file, const struct bulk_file_facts *facts,
                          struct error *err) MUST_USE;

/* Of a call that replaces an import: whether that one left out this row of the file. Then it is to
 * be refused. */
bool bulk_left_out(const struct bulk *bulk, uint64_t line);
extern const char bulk_left_out_reason[];

/* A row that --partial left out, kept in the book's list. Thread-safe. */
void bulk_reject(struct bulk *bulk, int file, uint64_t line, const char *column, struct span value,
                 const char *reason);

/* ---- where rows go; all thread-safe. What is not there yet is opened when the call posts, so a
 * refused call leaves nothing. ---- */

/* Once, before bulk_person_account. */
enum status bulk_load_people(struct bulk *bulk, struct error *err) MUST_USE;
/* A person's account for entries in a unit of the book; one that is not opened for everyone at
 * registration is opened when the call posts. 0: no such person, or the book has no role for units
 * of this kind. */
int64_t bulk_person_account(struct bulk *bulk, int64_t person, const char *unit);
/* The account of a body in the role of a use. */
int64_t bulk_body_account(struct bulk *bulk, int64_t body, enum role_use use, const char *unit);
/* The control account of a body, or of the book itself (body 0). */
int64_t bulk_control(struct bulk *bulk, int64_t body, const char *unit);
/* A body that the file names and the register lacks (a supplier, by exact name): a provisional id,
 * good for bulk_body_account. Give the same name once. */
int64_t bulk_new_body(struct bulk *bulk, const char *code, const char *name, const char *kind);

enum status bulk_add(struct bulk *bulk, int worker, const struct bulk_row *row,
                     struct error *err) MUST_USE;

/* After the last row: `found` for each row whose (body, reference) is in the book or came earlier
 * in the call; those will not be posted. */
typedef void bulk_found(void *context, int file, uint64_t line, bool in_book);
/* what is wrong with such a row, in words */
extern const char reference_in_book[], reference_in_call[];
enum status bulk_duplicates(struct bulk *bulk, bulk_found *found, void *context, uint64_t *count,
                            struct error *err) MUST_USE;

/* import: id of the first file's; the others follow */
struct bulk_result {
  int64_t first_entry, last_entry, rows, entries, import;
};
/* Begin, write, finish. REFUSED when nothing is left to post, a floor would be passed, or a small
 * posting took one of the call's references (or undid a line that it undoes) since bulk_duplicates
 * looked: then it may be run again at once. Nothing of it is in the book then, but for control
 * accounts that it opened, which are empty. */
enum status bulk_post(struct bulk *bulk, struct bulk_result *result, struct error *err) MUST_USE;
void bulk_free(struct bulk *bulk); /* takes null; lets the next import in */

/* Makes void what dead posters left and takes away its lines. The caller holds the import lock. */
enum status bulk_sweep(struct store *store, struct error *err) MUST_USE;

#endif
