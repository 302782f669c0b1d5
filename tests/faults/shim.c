/* Loaded before the program's own libraries (LD_PRELOAD); makes one of its writing calls fail: the
 * FAULT_AT-th of them, and every later one with FAULT_STAYS=1. FAULT_HOW says how: enospc, eio,
 * reset (a connection lost) or kill (the process dies there). With FAULT_COUNT=FILE nothing fails
 * and the number of calls is written to FILE at the end. Only writes to files below FAULT_UNDER (a
 * folder) and to sockets count, so that messages are still printed. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

static atomic_long calls;
static long fault_at = -1;
static int stays, how_errno, kills;
static const char *under;
static int ready;

__attribute__((constructor)) static void begin(void) {
  const char *at = getenv("FAULT_AT"), *how = getenv("FAULT_HOW");
  under = getenv("FAULT_UNDER");
  if (at) fault_at = strtol(at, NULL, 10);
  stays = getenv("FAULT_STAYS") != NULL;
  how_errno = how && strcmp(how, "eio") == 0     ? EIO
              : how && strcmp(how, "reset") == 0 ? ECONNRESET
                                                 : ENOSPC;
  kills = how && strcmp(how, "kill") == 0;
  ready = 1;
}

__attribute__((destructor)) static void end(void) {
  const char *path = getenv("FAULT_COUNT");
  FILE *out = path ? fopen(path, "w") : NULL;
  if (out) fprintf(out, "%ld\n", (long)calls), fclose(out);
}

static int counts(int fd) {
  struct stat st;
  if (fstat(fd, &st) != 0) return 0;
  if (S_ISSOCK(st.st_mode)) return getenv("FAULT_SOCKETS") != NULL;
  if (!S_ISREG(st.st_mode) || !under) return 0;
  char link[64], path[4096];
  snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
  ssize_t n = readlink(link, path, sizeof path - 1);
  if (n <= 0) return 0;
  path[n] = 0;
  return strncmp(path, under, strlen(under)) == 0;
}

/* True when this call is to fail. */
static int fails(int fd) {
  if (!ready || !counts(fd)) return 0;
  long n = ++calls;
  if (fault_at < 0 || n < fault_at || (n > fault_at && !stays)) return 0;
  if (kills) raise(SIGKILL);
  if (how_errno == ECONNRESET) shutdown(fd, SHUT_RDWR); /* a connection is lost both ways */
  errno = how_errno;
  return 1;
}

#define REAL(name) \
  static __typeof__(name) *real; \
  if (!real) real = (__typeof__(name) *)dlsym(RTLD_NEXT, #name)

ssize_t write(int fd, const void *bytes, size_t size) {
  REAL(write);
  return fails(fd) ? -1 : real(fd, bytes, size);
}
ssize_t pwrite(int fd, const void *bytes, size_t size, off_t at) {
  REAL(pwrite);
  return fails(fd) ? -1 : real(fd, bytes, size, at);
}
ssize_t pwrite64(int fd, const void *bytes, size_t size, off64_t at) {
  REAL(pwrite64);
  return fails(fd) ? -1 : real(fd, bytes, size, at);
}
ssize_t writev(int fd, const struct iovec *v, int n) {
  REAL(writev);
  return fails(fd) ? -1 : real(fd, v, n);
}
ssize_t send(int fd, const void *bytes, size_t size, int flags) {
  REAL(send);
  return fails(fd) ? -1 : real(fd, bytes, size, flags);
}
int fsync(int fd) {
  REAL(fsync);
  return fails(fd) ? -1 : real(fd);
}
int fdatasync(int fd) {
  REAL(fdatasync);
  return fails(fd) ? -1 : real(fd);
}
int ftruncate(int fd, off_t size) {
  REAL(ftruncate);
  return fails(fd) ? -1 : real(fd, size);
}
int ftruncate64(int fd, off64_t size) {
  REAL(ftruncate64);
  return fails(fd) ? -1 : real(fd, size);
}
