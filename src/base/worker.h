/* The same work on several threads at once. */
#ifndef WEAL_BASE_WORKER_H
#define WEAL_BASE_WORKER_H

/* Calls work(context, worker) for worker 0 to threads - 1, each on its own thread (worker 0 on the
 * caller's), and returns when all have returned. Where the machine refuses a thread, the remaining
 * workers run one after another on the caller's thread, so a worker must not wait for one that may
 * not have begun. It may wait for a piece of work that another has taken already, when that one
 * waits only for pieces taken earlier (book/scan.c does). At most LIMIT_THREADS. */
void workers_run(int threads, void (*work)(void *context, int worker), void *context);
int workers_count(void); /* processors that this process may use, at most LIMIT_THREADS */

#endif
