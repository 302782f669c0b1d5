/* The one writer: a thread with its own connection that runs small jobs in groups, one transaction
 * and one wait for the disk for many of them. Whoever asked is told when the group is durable,
 * never before. A job that fails is undone alone (a savepoint) and the others go on.
 *
 * Nobody waits for company: the group is what came while the last one was written. When the store
 * is lost in the middle of a group (the connection, the disk) those begun fail, since a job runs
 * once only; those not begun are taken up again, once, on a new connection. While the store is away
 * whoever asks is told so at once, but for one a moment whose job tries.
 *
 *     static enum status add(void *context, struct store *store, struct error *err) { ... }
 *     static void added(void *context, enum status status, const struct error *err) { ... resume
 *         the request ... }
 *     job = (struct write_job){.run = add, .done = added, .context = mine};
 *     status = writer_ask(writer, &job, &err);
 */
#ifndef WEAL_HTTP_WRITER_H
#define WEAL_HTTP_WRITER_H

#include "store/store.h"

struct writer;

/* Lives in whoever asks, until `done` was called. */
struct write_job {
  /* inside the transaction; must not wait for anything but the store */
  enum status (*run)(void *context, struct store *store, struct error *err);
  /* after the commit, or its failure; on the writer's thread */
  void (*done)(void *context, enum status status, const struct error *err);
  void *context;
  struct write_job *next; /* from here on the writer's */
  enum status status;
  bool tried;
  struct error err;
};

enum status writer_start(struct writer **out, const char *store_url, struct error *err) MUST_USE;
/* Before the first is asked: what is run at the beginning of each group's transaction, before its
 * jobs. */
void writer_before_groups(struct writer *w,
                          enum status (*run)(void *context, struct store *store, struct error *err),
                          void *context);
/* REFUSED: the queue is full (LIMIT_WRITES_WAITING): 503, try again. Then `done` is not called. */
enum status writer_ask(struct writer *w, struct write_job *job, struct error *err) MUST_USE;
/* What need not be certain (when a session was last used): written with the next group, or a
 * quarter of a second later without waiting for the disk. `note` (at most LIMIT_NOTICE_BYTES) is
 * copied. False when it was dropped: too many wait. */
bool writer_notify(struct writer *w,
                   enum status (*run)(void *note, struct store *store, struct error *err),
                   const void *note, size_t size);
/* Runs what waits, then stops. */
void writer_stop(struct writer *w); /* takes null */

struct writer_counts {
  int64_t jobs, groups, failures, waiting; /* now */
  int64_t tells, tells_dropped, reopened;
};
void writer_count(struct writer *w, struct writer_counts *out);

/* ---- shared with slow_queue.c: a connection open to write that is opened again when it was lost
 * ---- */

struct write_connection {
  const char *url;
  struct store *store;        /* null: not open */
  int64_t try_at_ms, wait_ms; /* when to try again; grows from try to try */
  int64_t opened;             /* times */
  struct error last;          /* why it could not be opened */
};
enum status write_connection_ready(struct write_connection *c, struct error *err) MUST_USE;
void write_connection_drop(struct write_connection *c);
/* Any failure to have a connection is the store's, whatever the driver calls it. */

#endif
