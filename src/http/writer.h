/* The one writer: a thread with its own connection that runs small jobs in groups, one transaction
 * and one wait for the disk for many of them. The writer calls a job's `done` when its group is
 * durable, never before. A job that fails is undone alone (a savepoint) and the others go on. A job
 * never waits for others to join it: a group is the jobs that came while the group before was
 * written. When the store is lost in the middle of a group (the connection, the disk), the jobs
 * that have begun fail, since a job runs once only; the others are taken up again, once, on a new
 * connection. While the store cannot be reached, one job at a time tries to open it, and all others
 * fail at once.
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

/* The caller keeps it until `done` was called. */
struct write_job {
  /* inside the transaction; must not wait for anything but the store */
  enum status (*run)(void *context, struct store *store, struct error *err);
  /* after the commit, or its failure; on the writer's thread */
  void (*done)(void *context, enum status status, const struct error *err);
  void *context;
  int64_t asked_us;       /* reckoners.c: when it was asked for */
  struct write_job *next; /* the fields from here on are the writer's */
  enum status status;
  bool tried;
  struct error err;
};

enum status writer_start(struct writer **out, const char *store_url, struct error *err) MUST_USE;
/* Sets a function that runs at the beginning of each group's transaction, before its jobs. Call it
 * before the first job is asked for. */
void writer_before_groups(struct writer *w,
                          enum status (*run)(void *context, struct store *store, struct error *err),
                          void *context);
/* REFUSED: the queue is full (LIMIT_WRITES_WAITING): 503, try again. Then `done` is not called. */
enum status writer_ask(struct writer *w, struct write_job *job, struct error *err) MUST_USE;
/* For writes that may be lost (when a session was last used): written with the next group, or a
 * quarter of a second later without waiting for the disk. `note` (at most LIMIT_NOTE_BYTES) is
 * copied. False: it was dropped because too many wait. */
bool writer_notify(struct writer *w,
                   enum status (*run)(void *note, struct store *store, struct error *err),
                   const void *note, size_t size);
/* Runs the jobs that wait, then stops. */
void writer_stop(struct writer *w); /* takes null */

struct writer_counts {
  int64_t jobs, groups, failures, waiting; /* now */
  int64_t tells, tells_dropped, reopened;
};
void writer_count(struct writer *w, struct writer_counts *out);

/* ---- shared with slow_queue.c: a connection open to write, opened again after it was lost
 * ---- */

struct write_connection {
  const char *url;
  struct store *store;        /* null: not open */
  int64_t try_at_ms, wait_ms; /* when to try again; the wait grows with each try */
  int64_t opened;             /* times */
  struct error last;          /* why the last try to open it failed */
};
enum status write_connection_ready(struct write_connection *c, struct error *err) MUST_USE;
void write_connection_drop(struct write_connection *c);
/* Every failure to open a connection counts as FAILED, whatever the driver calls it. */

#endif
