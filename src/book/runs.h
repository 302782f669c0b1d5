/* The external sort of an import: takes rows in any order from two workers, and gives records in
 * the order of the ledger's key. Private to the book.
 *
 * The ledger's key is (account, day, entry, line number), and an entry is one file and day, its
 * lines numbered by (account, category, place in the file). So rows are sorted by (account, day,
 * file, category, line), which fits 128 bits:
 *
 *     high = account (42 bits), day (22 bits)
 *         low = file (10 bits), category (14 bits), line of the file (40 bits)
 *
 * When its memory is full, a worker sorts its rows by a radix sort and writes them out as a run;
 * the merge reads all runs at once.
 */
#ifndef WEAL_BOOK_RUNS_H
#define WEAL_BOOK_RUNS_H

#include "book/bulk.h"
#include "book/spool.h"

struct run_record { /* run_labels follow if it is labelled, then the texts: reference, note,
                        department, stream, condition */
  uint64_t high, low;
  int64_t control; /* the contra of a row; 0: this is a control line itself */
  int64_t amount, quantity, reverses_entry;
  int32_t reverses_line_no, body, place, service;
  uint16_t cost_year, reference_size, note_size;
  bool estimated, has_quantity : 1, labelled : 1;
};
struct run_labels { /* sizes */
  uint16_t department, stream, condition, unused;
};

enum { KEY_DAY_BITS = 22, KEY_LINE_BITS = 40, KEY_CATEGORY_BITS = 14, KEY_FILE_BITS = 10 };

static inline uint64_t key_high(int64_t account, day_t day) {
  return (uint64_t)account << KEY_DAY_BITS | (uint64_t)(day - DAY_FIRST);
}
static inline uint64_t key_low(int file, int64_t category, uint64_t line) {
  return (uint64_t)file << (KEY_CATEGORY_BITS + KEY_LINE_BITS) |
         (uint64_t)category << KEY_LINE_BITS | line;
}
static inline int64_t record_account(const struct run_record *r) {
  return (int64_t)(r->high >> KEY_DAY_BITS);
}
static inline day_t record_day(const struct run_record *r) {
  return (day_t)(r->high & ((1u << KEY_DAY_BITS) - 1)) + DAY_FIRST;
}
static inline int record_file(const struct run_record *r) {
  return (int)(r->low >> (KEY_CATEGORY_BITS + KEY_LINE_BITS));
}
static inline int64_t record_category(const struct run_record *r) {
  return (int64_t)(r->low >> KEY_LINE_BITS & ((1u << KEY_CATEGORY_BITS) - 1));
}
static inline uint64_t record_line(const struct run_record *r) {
  return r->low & ((UINT64_C(1) << KEY_LINE_BITS) - 1);
}
static inline struct run_labels record_labels(const struct run_record *r) {
  return r->labelled ? *(const struct run_labels *)(r + 1) : (struct run_labels){0};
}
static inline const char *record_texts(const struct run_record *r) {
  return (const char *)(r + 1) + (r->labelled ? sizeof(struct run_labels) : 0);
}
static inline size_t record_size_with(const struct run_record *r, struct run_labels labels) {
  size_t size = sizeof *r + r->reference_size + r->note_size;
  if (r->labelled) size += sizeof labels + labels.department + labels.stream + labels.condition;
  return (size + 7) & ~(size_t)7;
}
static inline size_t record_size(const struct run_record *r) {
  return record_size_with(r, record_labels(r));
}

struct runs;

struct runs *runs_new(struct store *store);
/* Rows of one worker must come in order of (file, line). Each worker may have its own thread. */
enum status runs_add(struct runs *runs, int worker, const struct bulk_row *row,
                     struct error *err) MUST_USE;
/* Whether a row has a label; after the last row. */
bool runs_are_labelled(const struct runs *runs);
void runs_free(struct runs *runs); /* takes null */

/* Reads everything in order, together with `extra`: control lines, whose accounts no row has. May
 * be called more than once. */
struct run_merge;
enum status merge_open(struct run_merge **out, struct runs *runs, struct run_record *extra,
                       size_t extra_count, struct error *err) MUST_USE;
/* Borrowed until the next call; null at the end. */
enum status merge_next(struct run_merge *merge, const struct run_record **record,
                       struct error *err) MUST_USE;
void merge_close(struct run_merge *merge); /* takes null */

#endif
