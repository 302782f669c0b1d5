/* The slow queue: a thread with its own connection open to write, for rows of the table that take
 * long (SLOW). It runs one job after another; each job begins its own transactions. A transaction
 * that a job left open is rolled back.
 */
#ifndef WEAL_HTTP_SLOW_QUEUE_H
#define WEAL_HTTP_SLOW_QUEUE_H

#include "http/writer.h"

struct slow_queue;

enum status slow_queue_start(struct slow_queue **out, const char *store_url,
                             struct error *err) MUST_USE;
/* As writer_ask. REFUSED: LIMIT_SLOW_QUEUE_WAITING jobs wait already; then `done` is not called. */
enum status slow_queue_ask(struct slow_queue *d, struct write_job *job, struct error *err) MUST_USE;
void slow_queue_stop(struct slow_queue *d); /* runs the jobs that wait, then stops; takes null */

struct slow_queue_counts {
  int64_t jobs, failures, waiting;
};
void slow_queue_count(struct slow_queue *d, struct slow_queue_counts *out);

#endif
