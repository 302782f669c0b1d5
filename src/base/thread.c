#include "base/thread.h"

#include <string.h>

enum status thread_start(pthread_t *thread, void *(*run)(void *context), void *context,
                         const char *what, struct error *err) {
  int rc = pthread_create(thread, NULL, run, context);
  if (rc == 0) return DONE;
  return error_set(err, FAILED, "no thread for %s: %s", what, strerrordesc_np(rc));
}

void condition_init(pthread_cond_t *condition) {
  pthread_condattr_t clock;
  pthread_condattr_init(&clock);
  pthread_condattr_setclock(&clock, CLOCK_MONOTONIC);
  pthread_cond_init(condition, &clock);
  pthread_condattr_destroy(&clock);
}

struct timespec moment_after_ms(int64_t ms) {
  struct timespec moment;
  clock_gettime(CLOCK_MONOTONIC, &moment);
  int64_t nanoseconds = moment.tv_nsec + ms % 1000 * 1000000;
  moment.tv_sec += ms / 1000 + nanoseconds / 1000000000;
  moment.tv_nsec = nanoseconds % 1000000000;
  return moment;
}
