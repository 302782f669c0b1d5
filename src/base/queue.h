/* A bounded queue of pointers between threads: the reader waits when the worker is behind, the
 * worker when it is ahead.
 *
 *     struct queue *q = queue_new(8);
 *     one thread:
 *         while (...) if (!queue_put(q, rows)) { table_rows_free(rows); break; }  queue_close(q);
 *     another:     while ((rows = queue_take(q))) ... ;
 *     queue_free(q);                             when both are done
 *
 * Any number of threads may put and take. Pointers are not owned; a null is never put.
 */
#ifndef WEAL_BASE_QUEUE_H
#define WEAL_BASE_QUEUE_H

#include <stdbool.h>
#include <stddef.h>

struct queue;

struct queue *queue_new(size_t capacity);
/* waits for room; false, and the item stays the caller's, once closed or aborted */
bool queue_put(struct queue *q, void *item);
/* waits for an item; null at the end: closed and empty, or aborted */
void *queue_take(struct queue *q);
/* no more will be put; what is in it can still be taken */
void queue_close(struct queue *q);
/* Wakes all that wait. Only queue_drain hands out what is still in the queue, so that the caller
 * can free it. */
void queue_abort(struct queue *q);
void *queue_drain(struct queue *q); /* without waiting; null when empty */
void queue_free(struct queue *q);   /* takes null; no thread may be using it */

#endif
