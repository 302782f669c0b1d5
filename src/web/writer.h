/* The one writer: a thread with its own connection that runs small jobs in groups, one transaction and one wait for the disk for many of them. Whoever asked is told when the
 * group is durable, never before. A job that fails is undone alone (a savepoint) and the others go on.
 */
#ifndef WEAL_WEB_WRITER_H
#define WEAL_WEB_WRITER_H

#include "store/store.h"

struct writer;

/* Lives in whoever asks, until `done` was called. */
struct write_job {
  enum status (*run)(void *context, struct store *store, struct error *err); /* inside the transaction */
  void (*done)(void *context, enum status status, const struct error *err);  /* after the commit, or its failure; on the writer's thread */
  void *context;
  struct write_job *next;   /* the writer's */
  enum status status;
  struct error err;
};

enum status writer_start(struct writer **out, const char *store_url, struct error *err) MUST_USE;
/* REFUSED: the queue is full (LIMIT_WRITES_WAITING): 503, try again. Then `done` is not called. */
enum status writer_ask(struct writer *w, struct write_job *job, struct error *err) MUST_USE;
/* Runs what waits, then stops. */
void writer_stop(struct writer *w); /* takes null */

struct writer_counts { int64_t jobs, groups, failures, waiting; };
void writer_count(struct writer *w, struct writer_counts *out);

#endif
