/* Progress on long work, drawn on stderr when it is a terminal (or when asked for): what, how far, rate, time left. */
#ifndef WEAL_BASE_PROGRESS_H
#define WEAL_BASE_PROGRESS_H

#include <stdbool.h>
#include <stdint.h>

enum progress_mode { PROGRESS_AUTO, PROGRESS_ALWAYS, PROGRESS_NEVER };

struct progress {
  bool shown;
  const char *what;   /* "reading", "posting": a word */
  uint64_t total;     /* 0 when unknown */
  double started_s, drawn_s;
};

/* `total` in whatever `done` will be counted in; `items` below may be another unit (rows read while bytes are the measure). */
void progress_begin(struct progress *p, enum progress_mode mode, const char *what, uint64_t total);
/* Draws at most ten times a second; cheap to call often. */
void progress_update(struct progress *p, uint64_t done, uint64_t items);
void progress_end(struct progress *p); /* wipes the line */

#endif
