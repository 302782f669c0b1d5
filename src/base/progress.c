#include "base/progress.h"
#include "base/day.h"
#include <stdio.h>
#include <unistd.h>

void progress_begin(struct progress *p, enum progress_mode mode, const char *what, uint64_t total) {
  *p = (struct progress){.shown = mode == PROGRESS_ALWAYS ||
                                  (mode == PROGRESS_AUTO && isatty(STDERR_FILENO)),
                         .what = what,
                         .total = total};
  if (p->shown) p->started_s = p->drawn_s = clock_seconds();
}

void progress_report(struct progress *p, const struct progress_watch *watch) {
  p->watch = watch;
  if (!watch) return;
  p->started_s = p->drawn_s = clock_seconds();
  watch->told(watch->context, p->what, 0, p->total, 0);
}

void progress_update(struct progress *p, uint64_t done, uint64_t items) {
  if (!p->shown && !p->watch) return;
  double now = clock_seconds(), passed = now - p->started_s;
  /* ten times a second: as fast as people read, and cheap beside the work */
  if (now - p->drawn_s < 0.1) return;
  p->drawn_s = now;
  if (p->watch) p->watch->told(p->watch->context, p->what, done, p->total, items);
  if (!p->shown) return;
  double rate = passed > 0 ? (double)items / passed : 0;
  if (!p->total || !done) {
    fprintf(stderr, "\r%s %llu, %.0f/s\033[K", p->what, (unsigned long long)items, rate);
    return;
  }
  double part = done < p->total ? (double)done / (double)p->total : 1;
  enum { WIDTH = 24 };
  char bar[WIDTH + 1];
  for (int i = 0; i < WIDTH; i++) bar[i] = i < (int)(part * WIDTH) ? '#' : '.';
  bar[WIDTH] = 0;
  long left_s = (long)(passed / part - passed + 0.5);
  fprintf(stderr, "\r%s [%s] %3.0f%%, %llu, %.0f/s, %ld:%02ld left\033[K", p->what, bar, part * 100,
          (unsigned long long)items, rate, left_s / 60, left_s % 60);
}

void progress_end(struct progress *p) {
  if (!p->shown) return;
  fputs("\r\033[K", stderr);
  p->shown = false;
}
