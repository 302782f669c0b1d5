#include "base/worker.h"
#include "base/limits.h"
#include <assert.h>
#include <pthread.h>
#include <sched.h>
#include <stdbool.h>

struct worker_start {
  pthread_t thread;
  void (*work)(void *context, int worker);
  void *context;
  int number;
  bool started;
};

static void *run(void *argument) {
  struct worker_start *worker = argument;
  worker->work(worker->context, worker->number);
  return NULL;
}

void workers_run(int threads, void (*work)(void *context, int worker), void *context) {
  assert(threads >= 1 && threads <= LIMIT_THREADS);
  struct worker_start workers[LIMIT_THREADS];
  for (int i = 1; i < threads; i++) {
    workers[i] = (struct worker_start){.work = work, .context = context, .number = i};
    workers[i].started = pthread_create(&workers[i].thread, NULL, run, &workers[i]) == 0;
  }
  work(context, 0);
  for (int i = 1; i < threads; i++) {
    if (workers[i].started) pthread_join(workers[i].thread, NULL);
    else work(context, i);
  }
}

int workers_count(void) {
  cpu_set_t set;
  int count = sched_getaffinity(0, sizeof set, &set) == 0 ? CPU_COUNT(&set) : 1;
  return count < 1 ? 1 : count > LIMIT_THREADS ? LIMIT_THREADS : count;
}
