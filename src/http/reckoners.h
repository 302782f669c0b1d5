/* Threads for pages that reckon (RECKONS): what somebody may get and must pay takes 10 to 100 ms of
 * a processor, so it is worked out beside the threads that take requests, as many at a time as
 * there are processors. All other pages are answered meanwhile.
 *
 *     status = reckoners_ask(reckoners, &job, &err);    job.run gets a snapshot of a connection
 *
 * A job that has waited `most_ms` is not begun: it ends REFUSED (REFUSAL_TOO_LONG), as one
 * does that takes longer than that (assess.h: ends_us).
 */
#ifndef WEAL_HTTP_RECKONERS_H
#define WEAL_HTTP_RECKONERS_H

#include "http/readers.h"
#include "http/writer.h"

struct reckoners;

enum status reckoners_start(struct reckoners **out, struct readers *readers, int64_t most_ms,
                            struct error *err) MUST_USE;
/* As writer_ask. REFUSED: LIMIT_RECKONING_WAITING jobs wait already; then `done` is not called. */
enum status reckoners_ask(struct reckoners *r, struct write_job *job, struct error *err) MUST_USE;
void reckoners_stop(struct reckoners *r); /* runs the jobs that wait, then stops; takes null */

#endif
