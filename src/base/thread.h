/* A thread that works on its own until it is stopped, and conditions that wait with a time limit.
 *
 *     pthread_mutex_init(&w->lock, NULL);
 *     condition_init(&w->wake);
 *     status = thread_start(&w->thread, work, w, "the writer", err);
 *
 *     struct timespec until = moment_after_ms(500);
 *     while (!w->stopping && pthread_cond_timedwait(&w->wake, &w->lock, &until) == 0) ...
 *
 * For the same work on several threads at once: base/worker.h.
 */
#ifndef WEAL_BASE_THREAD_H
#define WEAL_BASE_THREAD_H

#include "base/status.h"
#include <pthread.h>
#include <time.h>

/* FAILED where the machine gives no further thread: "no thread for WHAT". The caller joins it. */
enum status thread_start(pthread_t *thread, void *(*run)(void *context), void *context,
                         const char *what, struct error *err) MUST_USE;
/* A condition whose waits use the monotonic clock, like moment_after_ms. */
void condition_init(pthread_cond_t *condition);
struct timespec moment_after_ms(int64_t ms);

#endif
