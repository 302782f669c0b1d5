/* What anyone may see of the minimum standards of a place (place/standards.h): by place, and by
 * age, sex and home, people rounded, and hidden where fewer than ten could be told apart
 * (suppress.h).
 *
 *     status = standards_publish(store, pack, today, 0, &err);         with an edition (edition.h)
 *     status = standards_read_shown(store, arena, &shown, &err);       shown.year 0: nothing yet
 *
 * Figures of a year are counted once, with the first edition that is made at least 90 days after
 * the year's end, and never again: who compares two editions learns nothing. What is kept (the
 * table standard_figure) is what is shown, with what is hidden left out. */
#ifndef WEAL_PUBLISH_STANDARDS_H
#define WEAL_PUBLISH_STANDARDS_H

#include "document/document.h"
#include "place/standards.h"

#define STANDARD_HIDDEN (-1) /* STATES_HIDDEN */
/* Of one standard, of one place or one group of the book's own place; counts rounded, or
 * STANDARD_HIDDEN. */
struct standard_shown {
  const char *standard, *dimension, *part; /* dimension: place, age, sex, home */
  int64_t people, kept, broken, unsaid;
};
struct standards_shown {
  int year;
  day_t on, made; /* who lived there on; made DAY_NONE: just counted, and not kept */
  int count;
  struct standard_shown *all; /* those of a standard together */
};
/* The place first, then the places under it that have somebody; then the groups. */
void standards_show(struct arena *arena, const struct standards *s, struct standards_shown *out);

/* Counts and keeps what is not kept yet of the last year that ended 90 days ago or before. The
 * store: open to write, no transaction begun. */
enum status standards_publish(struct store *store, const struct pack *pack, day_t today,
                              int threads, struct error *err) MUST_USE;
/* The latest year that is kept. */
enum status standards_read_shown(struct store *store, struct arena *arena,
                                 struct standards_shown *out, struct error *err) MUST_USE;

/* `place`: whose figures they are. */
void standards_public_document(struct arena *arena, const struct pack *pack,
                               const struct places *places, const struct standards_shown *s,
                               const struct place *place, enum language language,
                               struct document **out);

#endif
