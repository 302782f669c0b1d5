/* measure OUT COMMAND...: runs COMMAND, and writes to OUT `wall processor peak status`: seconds,
 * seconds, kB of resident memory at most.
 *
 * A separate small program, because a process started by a large one inherits its peak. */
#include <errno.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static double seconds(struct timeval t) { return (double)t.tv_sec + (double)t.tv_usec / 1e6; }

int main(int argc, char **argv) {
  if (argc < 3) {
    fprintf(stderr, "usage: measure OUT COMMAND...\n");
    return 2;
  }
  struct timespec from, to;
  clock_gettime(CLOCK_MONOTONIC, &from);
  pid_t child = fork();
  if (child < 0) return 3;
  if (child == 0) {
    execvp(argv[2], argv + 2);
    fprintf(stderr, "measure: %s: %s\n", argv[2], strerror(errno));
    _exit(127);
  }
  int status;
  struct rusage use;
  while (wait4(child, &status, 0, &use) < 0)
    if (errno != EINTR) return 3;
  clock_gettime(CLOCK_MONOTONIC, &to);
  FILE *out = fopen(argv[1], "w");
  if (!out) return 3;
  int code = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  fprintf(out, "%.6f %.6f %ld %d\n",
          (double)(to.tv_sec - from.tv_sec) + (double)(to.tv_nsec - from.tv_nsec) / 1e9,
          seconds(use.ru_utime) + seconds(use.ru_stime), use.ru_maxrss, code);
  return fclose(out) == 0 ? code : 3;
}
