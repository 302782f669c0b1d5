/* The desk: a thread with its own connection open to write, for what takes long (rows that are SLOW): one job after another, each of which begins its own transactions. What a job
 * leaves begun is rolled back.
 */
#ifndef WEAL_HTTP_SLOW_QUEUE_H
#define WEAL_HTTP_SLOW_QUEUE_H

#include "http/writer.h"

struct desk;

enum status desk_start(struct desk **out, const char *store_url, struct error *err) MUST_USE;
/* As writer_ask. REFUSED: LIMIT_DESK_WAITING wait already; then `done` is not called. */
enum status desk_ask(struct desk *d, struct write_job *job, struct error *err) MUST_USE;
void desk_stop(struct desk *d); /* runs what waits, then stops; takes null */

struct desk_counts { int64_t jobs, failures, waiting; };
void desk_count(struct desk *d, struct desk_counts *out);

#endif
