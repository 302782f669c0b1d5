/* Connections that read: taken for one page, given back, opened when there is none. A connection
 * that the store hung up on, or whose file was taken away, is closed and opened again at the next
 * take; while the store is away each take fails at once, but for one a moment that tries.
 *
 *     struct store *store;
 *     status = readers_take(readers, &store, &err);     a snapshot is begun
 *     if (status == DONE) status = page(store, &err);
 *     readers_give(readers, store, status);             ended
 */
#ifndef WEAL_HTTP_READERS_H
#define WEAL_HTTP_READERS_H

#include "store/store.h"

struct readers;

void readers_start(struct readers **out, const char *store_url);
/* A connection with a read transaction begun. Waits while LIMIT_READERS are taken. FAILED: the
 * store is away (503, try again). */
enum status readers_take(struct readers *readers, struct store **out, struct error *err) MUST_USE;
/* `status`: of what was read. FAILED: the connection is not used again. */
/* takes a null store */
void readers_give(struct readers *readers, struct store *store, enum status status);
void readers_stop(struct readers *readers); /* none may be taken. Takes null */

struct readers_counts {
  int64_t open, taken, opened, failures;
};
void readers_count(struct readers *readers, struct readers_counts *out);

#endif
