/* The same work on several threads at once. */
#ifndef WEAL_BASE_WORKER_H
#define WEAL_BASE_WORKER_H

/* Calls work(context, lane) for lane 0 to threads - 1, each on its own thread (lane 0 on the
 * caller's), and returns when all have returned. Where the machine refuses a thread, the lanes left
 * over run one after another on the caller's: so lanes must not wait for one another. At most
 * LIMIT_THREADS. */
void workers_run(int threads, void (*work)(void *context, int worker), void *context);
int workers_count(void); /* processors that this process may use, at most LIMIT_THREADS */

#endif
