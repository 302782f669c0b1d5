/* Sends requests to a server on this machine: load PORT CONNECTIONS SECONDS RATE FILE. FILE has one
 * request on each line: METHOD, path, cookie, body, with a tab between (the last two may be empty);
 * they are sent in turn, and again from the beginning. RATE 0: each connection sends its next
 * request when the last was answered. Otherwise so many requests a second are begun by the clock,
 * without waiting for answers: a request's time runs from when it was due, so that a pause of the
 * server is not measured only once (open loop). Prints one line: requests a second, the median, p99
 * and the longest in ms, megabytes a second, replies by class. */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum {
  REPLY_MAX = 1 << 20,
  CONNECTIONS_MAX = 20000,
  REQUEST_MAX = 1 << 14,
  BUCKETS = 400000,
  BUCKET_US = 10
};

struct connection {
  int fd;
  bool busy;
  double due;
  size_t got, body_at, whole;
  char *reply;
};

struct load {
  int port, epoll, count;
  double rate, end;
  char **lines;
  size_t line_count, next;
  struct connection *all, **idle;
  int idle_count;
  uint64_t done, bytes, classes[6], buckets[BUCKETS + 1];
  double longest;
};

static double now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static void fail(const char *what) {
  fprintf(stderr, "load: %s: %s\n", what, strerror(errno));
  exit(1);
}

static void open_connection(struct load *l, struct connection *c) {
  struct sockaddr_in to = {.sin_family = AF_INET,
                           .sin_port = htons((uint16_t)l->port),
                           .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
  int one = 1;
  c->fd = socket(AF_INET, SOCK_STREAM, 0);
  if (c->fd < 0 || connect(c->fd, (struct sockaddr *)&to, sizeof to) != 0) fail("connect");
  setsockopt(c->fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
  fcntl(c->fd, F_SETFL, O_NONBLOCK);
  struct epoll_event event = {.events = EPOLLIN, .data.ptr = c};
  if (epoll_ctl(l->epoll, EPOLL_CTL_ADD, c->fd, &event) != 0) fail("epoll");
}

static void read_lines(struct load *l, const char *path) {
  FILE *file = fopen(path, "r");
  char *line = NULL;
  size_t size = 0, capacity = 0;
  ssize_t got;
  if (!file) fail(path);
  while ((got = getline(&line, &size, file)) > 0) {
    if (line[got - 1] == '\n') line[got - 1] = '\0';
    if (l->line_count == capacity)
      l->lines = realloc(l->lines, (capacity = capacity * 2 + 1024) * sizeof *l->lines);
    l->lines[l->line_count++] = strdup(line);
  }
  free(line);
  fclose(file);
  if (!l->line_count) fail("no request in the file");
}

static void ask(struct load *l, struct connection *c, double due) {
  char words[REQUEST_MAX], request[REQUEST_MAX + 512], *rest = words;
  snprintf(words, sizeof words, "%s", l->lines[l->next++ % l->line_count]);
  const char *method = strsep(&rest, "\t"), *path = strsep(&rest, "\t"),
             *cookie = strsep(&rest, "\t"), *body = rest ? rest : "";
  int size = snprintf(request, sizeof request, "%s %s HTTP/1.1\r\nHost: 127.0.0.1:%d\r\n", method,
                      path ? path : "/", l->port);
  if (cookie && *cookie)
    size += snprintf(request + size, sizeof request - (size_t)size, "Cookie: %s\r\n", cookie);
  if (strcmp(method, "POST") == 0)
    size += snprintf(request + size, sizeof request - (size_t)size,
                     "Origin: http://127.0.0.1:%d\r\nContent-Type: "
                     "application/x-www-form-urlencoded\r\nContent-Length: %zu\r\n",
                     l->port, strlen(body));
  size += snprintf(request + size, sizeof request - (size_t)size, "\r\n%s", body);
  c->due = due;
  c->busy = true;
  c->got = c->body_at = c->whole = 0;
  if (write(c->fd, request, (size_t)size) != size) fail("write");
}

static void answered(struct load *l, struct connection *c) {
  double took = now() - c->due;
  size_t bucket = (size_t)(took * 1e6 / BUCKET_US);
  int class = c->reply[9] - '0';
  l->buckets[bucket < BUCKETS ? bucket : BUCKETS]++;
  if (took > l->longest) l->longest = took;
  l->done++;
  l->bytes += c->got;
  l->classes[class >= 1 && class <= 5 ? class : 0]++;
  c->busy = false;
  l->idle[l->idle_count++] = c;
}

static void take(struct load *l, struct connection *c) {
  ssize_t got = read(c->fd, c->reply + c->got, REPLY_MAX - c->got - 1);
  if (got < 0 && errno == EAGAIN) return;
  if (got <= 0) { /* closed: connect again; the request under way is counted as failed */
    close(c->fd);
    if (c->busy) c->reply[9] = '0', answered(l, c);
    open_connection(l, c);
    return;
  }
  c->got += (size_t)got;
  c->reply[c->got] = '\0';
  if (!c->body_at) {
    char *end = strstr(c->reply, "\r\n\r\n");
    if (!end) return;
    c->body_at = (size_t)(end - c->reply) + 4;
    const char *length = strcasestr(c->reply, "\r\nContent-Length:");
    c->whole = c->body_at + (length && length < end ? strtoul(length + 17, NULL, 10) : 0);
  }
  if (c->got >= c->whole) answered(l, c);
}

static double quantile(const struct load *l, double part) {
  uint64_t want = (uint64_t)((double)l->done * part), seen = 0;
  for (int i = 0; i <= BUCKETS; i++)
    if ((seen += l->buckets[i]) > want) return (double)i * BUCKET_US / 1000;
  return l->longest * 1000;
}

static void run(struct load *l, double start) {
  struct epoll_event events[256];
  uint64_t begun = 0;
  while (now() < l->end) {
    if (l->rate > 0) {
      for (double t = now(); l->idle_count && start + (double)begun / l->rate <= t; begun++)
        ask(l, l->idle[--l->idle_count], start + (double)begun / l->rate);
    } else
      while (l->idle_count) ask(l, l->idle[--l->idle_count], now());
    double due = start + (double)begun / l->rate,
           wait = l->rate > 0 && l->idle_count ? (due - now()) * 1000 : 100;
    int count = epoll_wait(l->epoll, events, 256, wait < 0 ? 0 : (int)wait);
    for (int i = 0; i < count; i++) take(l, events[i].data.ptr);
  }
}

int main(int argc, char **argv) {
  static struct load l;
  if (argc != 6) return fprintf(stderr, "load PORT CONNECTIONS SECONDS RATE FILE\n"), 2;
  l.port = (int)strtol(argv[1], NULL, 10);
  l.count = (int)strtol(argv[2], NULL, 10);
  double seconds = strtod(argv[3], NULL);
  l.rate = strtod(argv[4], NULL);
  if (l.count < 1 || l.count > CONNECTIONS_MAX)
    return fprintf(stderr, "load: 1 to %d connections\n", CONNECTIONS_MAX), 2;
  read_lines(&l, argv[5]);
  l.epoll = epoll_create1(0);
  l.all = calloc((size_t)l.count, sizeof *l.all);
  l.idle = calloc((size_t)l.count, sizeof *l.idle);
  for (int i = 0; i < l.count; i++) {
    l.all[i].reply = malloc(REPLY_MAX);
    open_connection(&l, &l.all[i]);
    l.idle[l.idle_count++] = &l.all[i];
  }
  double start = now();
  l.end = start + seconds;
  run(&l, start);
  double took = now() - start;
  printf("%.0f %.2f %.2f %.1f %.1f 2xx=%llu 3xx=%llu 4xx=%llu 5xx=%llu lost=%llu\n",
         (double)l.done / took, quantile(&l, .5), quantile(&l, .99), l.longest * 1000,
         (double)l.bytes / took / 1e6, (unsigned long long)l.classes[2],
         (unsigned long long)l.classes[3], (unsigned long long)l.classes[4],
         (unsigned long long)l.classes[5], (unsigned long long)l.classes[0]);
  return 0;
}
