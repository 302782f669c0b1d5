/* script/same-bytes loads this before a program's own libraries (LD_PRELOAD). The time of day is
 * then what the file that WEAL_SAME_CLOCK names says (seconds since 1970, eight bytes), and random
 * bytes follow from it: two programs that are asked the same at the same time give the same bytes.
 *
 * The monotonic clock is the machine's. Waits until a time of day last as long
 * as they would have. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

/* Read when first asked: other libraries ask while they are loaded. */
static int64_t seconds(void) {
  static const volatile int64_t *_Atomic mapped;
  const volatile int64_t *at = mapped;
  if (!at) {
    const char *path = getenv("WEAL_SAME_CLOCK");
    int fd = path ? open(path, O_RDONLY | O_CLOEXEC) : -1;
    void *map = fd < 0 ? MAP_FAILED : mmap(NULL, sizeof *at, PROT_READ, MAP_SHARED, fd, 0);
    if (map == MAP_FAILED) abort();
    close(fd);
    mapped = at = map;
  }
  return *at;
}

/* ---- the time of day ---- */

time_t time(time_t *out) {
  time_t now = (time_t)seconds();
  if (out) *out = now;
  return now;
}

int gettimeofday(struct timeval *out, void *zone) {
  (void)zone;
  *out = (struct timeval){.tv_sec = (time_t)seconds()};
  return 0;
}

int clock_gettime(clockid_t clock, struct timespec *out) {
  if (clock != CLOCK_REALTIME && clock != CLOCK_REALTIME_COARSE)
    return (int)syscall(SYS_clock_gettime, clock, out);
  *out = (struct timespec){.tv_sec = (time_t)seconds()};
  return 0;
}

/* `until` is a time of day when it is after 2001, for no machine has been on for so long. */
int pthread_cond_timedwait(pthread_cond_t *cond, pthread_mutex_t *lock,
                           const struct timespec *until) {
  enum { YEAR_2001 = 978307200 };
  struct timespec then = *until;
  if (until->tv_sec < YEAR_2001) return pthread_cond_clockwait(cond, lock, CLOCK_MONOTONIC, &then);
  struct timespec now;
  syscall(SYS_clock_gettime, CLOCK_REALTIME, &now);
  then.tv_sec += now.tv_sec - (time_t)seconds();
  then.tv_nsec += now.tv_nsec;
  then.tv_sec += then.tv_nsec / 1000000000L;
  then.tv_nsec %= 1000000000L;
  return pthread_cond_clockwait(cond, lock, CLOCK_REALTIME, &then);
}

/* ---- SQLite takes its random bytes from a file: it is given the clock's ---- */

int open64(const char *path, int flags, ...);
int open64(const char *path, int flags, ...) {
  va_list more;
  va_start(more, flags);
  mode_t mode = flags & (O_CREAT | __O_TMPFILE) ? va_arg(more, mode_t) : 0;
  va_end(more);
  if (strcmp(path, "/dev/urandom") == 0) path = getenv("WEAL_SAME_CLOCK");
  return (int)syscall(SYS_openat, AT_FDCWD, path, flags, mode);
}

/* ---- threads ---- */

/* With WEAL_SAME_ONE_BY_ONE the threads that run one function run one after another, in the order
 * in which they were started: what they share does not hang on which of them comes first. */
enum { ROUTINES = 64 };
static struct routine {
  void *(*run)(void *);
  int started, ended;
} routines[ROUTINES];
static pthread_mutex_t routines_lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t routine_ended = PTHREAD_COND_INITIALIZER;

struct turn {
  struct routine *of;
  void *argument;
  int number;
};

static void *run_in_turn(void *argument) {
  struct turn turn = *(struct turn *)argument;
  free(argument);
  pthread_mutex_lock(&routines_lock);
  while (turn.of->ended < turn.number) pthread_cond_wait(&routine_ended, &routines_lock);
  pthread_mutex_unlock(&routines_lock);
  void *result = turn.of->run(turn.argument);
  pthread_mutex_lock(&routines_lock);
  turn.of->ended++;
  pthread_cond_broadcast(&routine_ended);
  pthread_mutex_unlock(&routines_lock);
  return result;
}

int pthread_create(pthread_t *out, const pthread_attr_t *how, void *(*run)(void *),
                   void *argument) {
  typedef int create(pthread_t *, const pthread_attr_t *, void *(*)(void *), void *);
  create *real = (create *)dlsym(RTLD_NEXT, "pthread_create");
  if (!getenv("WEAL_SAME_ONE_BY_ONE")) return real(out, how, run, argument);
  struct turn *turn = malloc(sizeof *turn);
  pthread_mutex_lock(&routines_lock);
  struct routine *of = routines;
  while (of->run && of->run != run) of++;
  of->run = run;
  *turn = (struct turn){.of = of, .argument = argument, .number = of->started++};
  pthread_mutex_unlock(&routines_lock);
  return real(out, how, run_in_turn, turn);
}

/* ---- random bytes: splitmix64 of the second and of how many bytes were drawn in it ---- */

/* Up to so many bytes seed a table in memory, number a form or name a fault: what nobody sees, or
 * what is masked. They come from a count of their own, so that one table more changes no secret. */
enum { SMALL_BYTES = 8 };

static void draw(unsigned char *out, size_t size) {
  static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
  static int64_t second;
  static uint64_t drawn[2];
  pthread_mutex_lock(&lock);
  int64_t now = seconds();
  if (second != now) {
    second = now;
    drawn[0] = drawn[1] = 0;
  }
  uint64_t *count = &drawn[size <= SMALL_BYTES];
  for (size_t i = 0; i < size; i++, ++*count) {
    uint64_t x = (uint64_t)second * 0x9e3779b97f4a7c15u + (*count + 1) * 0xd1342543de82ef95u;
    x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9u;
    x = (x ^ (x >> 27)) * 0x94d049bb133111ebu;
    out[i] = (unsigned char)(x >> 56);
  }
  pthread_mutex_unlock(&lock);
}

int RAND_bytes(unsigned char *out, int size);
int RAND_bytes(unsigned char *out, int size) {
  draw(out, (size_t)size);
  return 1;
}

void randombytes_buf(void *out, size_t size);
void randombytes_buf(void *out, size_t size) { draw(out, size); }
