/* The row of `head`: the last number allotted of each kind. A writer that takes a number locks the
 * row until its transaction ends, so writers get their numbers one after the other.
 *
 *     struct head taken = {.entry = 1, .logged = 1};
 *     status = head_take(store, &taken, &err);      taken.entry: the number that we got
 */
#ifndef WEAL_STORE_HEAD_H
#define WEAL_STORE_HEAD_H

#include "store/store.h"

struct head {
  int64_t entry;  /* entry numbers */
  int64_t logged; /* how many entries the log has */
  /* ids of tables */
  int64_t account, party, place, body, category, service, import;
};

/* A store without the row is damaged: FAILED. */
enum status head_read(struct store *store, struct head *out, struct error *err) MUST_USE;
/* The same, and locks it; in a write transaction. */
enum status head_lock(struct store *store, struct head *out, struct error *err) MUST_USE;
/* Adds how many numbers of each kind are taken, and gives the last of each. Locks the row. */
enum status head_take(struct store *store, struct head *numbers, struct error *err) MUST_USE;
/* The same in two steps, like query_ask: the caller calls query_end. `numbers` null: takes no
 * number and locks nothing. */
enum status head_ask(struct store *store, const struct head *numbers, struct query **out,
                     struct error *err) MUST_USE;
enum status head_answer(struct query *q, struct head *numbers, struct error *err) MUST_USE;

#endif
