/* What anyone may see of take-up (takeup/takeup.h): by benefit and place, how many households seem
 * entitled, how many of them receive it, of how many nothing can be said, and what is not claimed a
 * year. Households are rounded, and hidden where fewer than ten could be told apart (states.h).
 *
 *     status = take_up_publish(store, pack, today, 0, &err);            with an edition (edition.h)
 *     status = take_up_read(store, arena, 0, &figures, &err);           year 0: nothing yet
 *     take_up_public_document(arena, &telling, &d);                     of one place
 *
 * Figures of a tax year are counted once, of who lived there on its last day, with the first
 * edition that is made at least 90 days after it, and never again. From year to year a figure moves
 * only by a whole rounding step. So nobody learns by comparing. What is kept (take_up_figure) is
 * what is shown, with what is hidden left out.
 *
 * Which benefits: those with `public` in take-up.csv; what is sensitive has no row there.
 *
 * What is not claimed is an estimate: households that receive nothing, as shown, times what one of
 * them misses on average in the whole of the book's own place. Sums of single places would tell how
 * many households stand behind a hidden figure, since much is paid at one rate. */
#ifndef WEAL_PUBLISH_TAKE_UP_H
#define WEAL_PUBLISH_TAKE_UP_H

#include "document/document.h"
#include "takeup/takeup.h"

#define TAKE_UP_HIDDEN (-1) /* STATES_HIDDEN */

/* Of one benefit and one place. */
struct take_up_shown {
  const char *variable, *place; /* of the policy pack; a place's code */
  /* households, or TAKE_UP_HIDDEN; receiving and missing are of the entitled */
  int64_t entitled, receiving, missing, unsaid;
  int64_t pence; /* not claimed, a year, at least; TAKE_UP_HIDDEN: not known in public */
};
struct take_up_figures {
  int year;       /* tax year; 0: nothing */
  day_t on, made; /* who lived there on; made DAY_NONE: just counted, and not kept */
  int count;
  struct take_up_shown *all; /* in order of variable, then of place */
};
/* Null: there is none. */
const struct take_up_shown *take_up_find_shown(const struct take_up_figures *figures,
                                               const char *variable, const char *place);

/* How many of 100 that seem entitled receive it, from what is shown; TAKE_UP_HIDDEN: cannot be
 * said. */
int take_up_of_100(const struct take_up_shown *s);

/* `found` with each_place; `before`: the figures of the last year before, or of none. Every
 * place of the run has figures of each of its benefits. */
void take_up_show(struct arena *arena, const struct places *places, const struct takeup *found,
                  const struct take_up_figures *before, struct take_up_figures *out);

/* A benefit by its variable or category that may be told in public. Adds as takeup_want. REFUSED at
 * `benefits`. */
enum status take_up_want_public(const struct pack *pack, struct span word,
                                const struct pack_take_up **out, int *count,
                                struct error *err) MUST_USE;

/* Counts and keeps what is not kept yet of the last year that ended 90 days ago or before. The
 * store: open to write, no transaction begun. */
enum status take_up_publish(struct store *store, const struct pack *pack, day_t today, int threads,
                            struct error *err) MUST_USE;
/* year 0: the latest that is kept; out->year 0: there is none. */
enum status take_up_read(struct store *store, struct arena *arena, int year,
                         struct take_up_figures *out, struct error *err) MUST_USE;
/* The years that are kept, the latest first. */
enum status take_up_years(struct store *store, struct arena *arena, int **out, int *count,
                          struct error *err) MUST_USE;

/* take_up_page.c: the place's own figures first, then those of the places directly under it. */
struct take_up_of_place {
  const struct pack *pack;
  const struct places *places;
  const struct take_up_figures *figures;
  const struct place *place;
  enum language language;
};
/* Whether there are figures of the place. */
bool take_up_has_place(const struct take_up_of_place *of);
void take_up_public_document(struct arena *arena, const struct take_up_of_place *of,
                             struct document **out);

#endif
