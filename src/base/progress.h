/* Progress on long work, drawn on stderr when it is a terminal (or when asked for): what, how far,
 * rate, time left. The caller can watch it too (the portal's pages show it). */
#ifndef WEAL_BASE_PROGRESS_H
#define WEAL_BASE_PROGRESS_H

#include <stdbool.h>
#include <stdint.h>

enum progress_mode { PROGRESS_AUTO, PROGRESS_ALWAYS, PROGRESS_NEVER };

/* Called with what is drawn, from the thread that works, at most ten times a second: `what` lives
 * as long as the program; total 0: unknown. */
struct progress_watch {
  void (*told)(void *context, const char *what, uint64_t done, uint64_t total, uint64_t items);
  void *context;
};

struct progress {
  bool shown;
  const struct progress_watch *watch; /* null: nobody */
  const char *what;                   /* "reading", "posting": a word */
  uint64_t total;                     /* 0 when unknown */
  double started_s, drawn_s;
};

/* `total` in whatever `done` will be counted in; `items` below may be another unit (rows read while
 * bytes are the measure). */
void progress_begin(struct progress *p, enum progress_mode mode, const char *what, uint64_t total);
/* Call it right after progress_begin; null: nobody watches. The watch must live until
 * progress_end. */
void progress_report(struct progress *p, const struct progress_watch *watch);
/* Draws at most ten times a second; cheap to call often. */
void progress_update(struct progress *p, uint64_t done, uint64_t items);
void progress_end(struct progress *p); /* wipes the line */

#endif
