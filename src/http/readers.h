/* Connections that read. A page takes one and gives it back; a new one is opened when none is idle.
 * A connection that the store closed, or whose file was moved away, is closed and opened again at
 * the next take. While the store cannot be reached, one caller at a time tries to open it, and all
 * others fail at once.
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
 * store cannot be reached (503, try again). */
enum status readers_take(struct readers *readers, struct store **out, struct error *err) MUST_USE;
/* `status`: the result of the reading. After FAILED the connection is not used again. */
/* takes a null store */
void readers_give(struct readers *readers, struct store *store, enum status status);
void readers_stop(struct readers *readers); /* none may be taken. Takes null */

struct readers_counts {
  int64_t open, taken, opened, failures;
};
void readers_count(struct readers *readers, struct readers_counts *out);

#endif
