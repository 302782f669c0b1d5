#include "base/worker.h"
#include "base/limits.h"
#include <assert.h>
#include <pthread.h>
#include <sched.h>
#include <stdbool.h>

struct lane {
  pthread_t thread;
  void (*work)(void *context, int lane);
  void *context;
  int number;
  bool started;
};

static void *run(void *argument) {
  struct lane *lane = argument;
  lane->work(lane->context, lane->number);
  return NULL;
}

void workers_run(int threads, void (*work)(void *context, int lane), void *context) {
  assert(threads >= 1 && threads <= LIMIT_THREADS);
  struct lane lanes[LIMIT_THREADS];
  for (int i = 1; i < threads; i++) {
    lanes[i] = (struct lane){.work = work, .context = context, .number = i};
    lanes[i].started = pthread_create(&lanes[i].thread, NULL, run, &lanes[i]) == 0;
  }
  work(context, 0);
  for (int i = 1; i < threads; i++) {
    if (lanes[i].started) pthread_join(lanes[i].thread, NULL);
    else work(context, i);
  }
}

int workers_count(void) {
  cpu_set_t set;
  int count = sched_getaffinity(0, sizeof set, &set) == 0 ? CPU_COUNT(&set) : 1;
  return count < 1 ? 1 : count > LIMIT_THREADS ? LIMIT_THREADS : count;
}
