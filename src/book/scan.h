/* Reads the whole ledger on every core: for the statements of everybody, closings, balances, the
 * account of a place and the audit.
 *
 * A scan goes over items: the numbers of accounts, or people with all their accounts (struct
 * scan_group). It is cut into chunks of a few items. Each worker has its own connection and takes
 * the next chunk when it has finished one, so that all workers end at about the same time. All
 * workers use the caller's reading, so they see the same book.
 *
 *     static const struct scan_reader reader = {.begin = begin_sums, .chunk = sum_people,
 *         .end = add_sums};
 *     struct scan scan = {.store = store, .reader = &reader, .context = &sums, .items = people,
 *         .chunk_items = 128, .what = "summing", .total = people};
 *     status = scan_run(&scan, &err);
 *
 * A chunk reads its lines in blocks of columns, in the ledger's order (book.h: lines_open,
 * lines_between, lines_next_block). Only `balances` lets the engine sum them: it needs one row for
 * each account, and PostgreSQL would otherwise send every line.
 *
 * The first error ends the scan: no worker takes another chunk or waits for its turn.
 */
#ifndef WEAL_BOOK_SCAN_H
#define WEAL_BOOK_SCAN_H

#include "base/progress.h"
#include "book/figures.h"

/* Items first .. end - 1. */
struct scan_chunk {
  int64_t number, first, end;
  uint64_t done; /* for the progress, in the unit of `total`; the scan sets it to the items */
};

struct scan_reader {
  /* Makes a worker's data, on the worker's thread before its first chunk. The connection stays open
   * until the worker's last chunk is done. */
  void *(*begin)(void *context, struct store *store);
  enum status (*chunk)(void *worker, struct scan_chunk *chunk, struct error *err);
  /* Called after each chunk, for one chunk at a time and in the order of chunks, while other
   * workers read on. May be null. */
  enum status (*turn)(void *worker, const struct scan_chunk *chunk, struct error *err);
  /* Adds a worker's data to the whole and releases it. Called for one worker after another, in the
   * order of their numbers, when all workers have finished, also after an error. */
  void (*end)(void *context, void *worker);
};

struct scan {
  struct store *store; /* each worker opens another connection to it */
  const struct scan_reader *reader;
  void *context;
  int64_t items, chunk_items;
  int threads;      /* 0: as many as the machine has */
  const char *what; /* for the progress: a word; null: none is shown */
  uint64_t total;
  enum progress_mode progress;
  const struct progress_watch *watch;
};
enum status scan_run(const struct scan *scan, struct error *err) MUST_USE;

/* ---- the accounts of some people, and their lines by person ---- */

/* Each account belongs to a slot: the number of its person in the chunk. Begin with {0}; clear it
 * for each chunk. */
struct scan_group {
  struct scan_account {
    int64_t account;
    int slot;
  } * accounts; /* sorted by account after scan_group_sort */
  size_t count, capacity;
  int64_t *ids; /* the accounts, as lines_open and figures_load take them */
  size_t id_capacity;
  struct loaded_lines lines; /* of figures_load, by index of account */
};
void scan_group_clear(struct scan_group *group);
void scan_group_add(struct scan_group *group, int64_t account, int slot);
void scan_group_sort(struct scan_group *group);
void scan_group_release(struct scan_group *group);

/* The loaded lines of one or two groups (`others` may be null), put in order of slot: those of slot
 * i are lines[begin[i]] .. lines[begin[i + 1] - 1], first those of `group`, each group's in the
 * ledger's order. */
struct scan_deal {
  struct loaded_line **lines;
  size_t count, capacity;
  size_t *begin; /* a slot, and one more */
  size_t begin_capacity;
};
void scan_deal(struct scan_deal *deal, const struct scan_group *group,
               const struct scan_group *others, int slots);
void scan_deal_release(struct scan_deal *deal);

/* ---- accounts by owner ---- */

/* For a list in order of owner (book_accounts_all): the accounts of owner i are [first[i]] ..
 * [first[i + 1] - 1], for i of 0 .. max. */
int *scan_index_owners(const struct account *accounts, int count, int64_t max, struct arena *arena);

#endif
