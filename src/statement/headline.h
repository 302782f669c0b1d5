/* A year in a sentence, as the first screen of a statement and the home page say it, and what
 * changed since the year before:
 *
 *     In 2025-26 you paid £6,912 and received £25,040, mostly State Pension and health care.
 *     You received £3,200 more than in 2024-25.
 *     The biggest rise is Attendance Allowance: £4,200, first recorded on 7 July 2025.
 *
 * Whole pounds; what rests on an estimate is rounded to ten pounds and said to be about so much. A
 * reason is given only where the lines or the register hold it. Paid and received are the totals
 * of the statement: received is cash and the cost of services. A category with a use whose cost is
 * not known in either year is compared in neither. Nothing is read here.
 */
#ifndef WEAL_STATEMENT_HEADLINE_H
#define WEAL_STATEMENT_HEADLINE_H

#include "base/arena.h"
#include "book/figures.h"
#include "pack/pack.h"

/* What one category came to in the year and in the year before, as the citizen sees it (pence). */
struct headline_part {
  const struct pack_category *category;
  wide_t now, before;
  day_t first, last;  /* of their lines in it, without corrections; DAY_NONE: there are none */
  bool is_new;        /* the first of them is of the year */
  bool is_estimated;  /* a line of the year */
  bool was_estimated; /* a line of the year before */
  bool is_recorded;   /* there is a line of the year that was not undone in it */
  bool was_recorded;  /* of the year before */
  bool is_unvalued;   /* a use of the year has no known cost */
  bool was_unvalued;  /* a use of the year before */
};

struct headline {
  enum language language;
  int year;
  const char *named; /* the person's name, for somebody else's eyes; null: `you` */
  bool some;         /* something was recorded in the year */
  bool is_running;   /* the year has not ended: it is not compared */
  struct figures now, before;
  bool has_unvalued;         /* services were used in the year without a known cost */
  struct price_years prices; /* of the services used in the year */
  bool has_before;           /* there are lines of the year before that were not undone in it */
  /* lines of other years were taken back in this one, or in the year before: the sum is not what
   * was paid in it */
  bool corrected[FIGURE_COUNT], was_corrected[FIGURE_COUNT];
  struct headline_part *parts;
  int part_count;
  day_t born, died;      /* DAY_NONE where not known */
  day_t moved;           /* the last move of the year; DAY_NONE: none */
  const char *from, *to; /* places of that move */
};

enum { HEADLINE_SENTENCES = 12 };
struct headline_words {
  const char *year;                       /* null: a sum is too large to be said */
  const char *change[HEADLINE_SENTENCES]; /* whole sentences */
  int count;
};
/* Texts are in the arena. */
void headline_say(const struct headline *h, struct arena *arena, struct headline_words *out);

/* `£6,912`, or `about £6,910` of an estimate; `less than £1` of pence, which are not nothing. A sum
 * too large to be shown is said to be so. */
const char *headline_amount(enum language language, wide_t pence, bool estimated,
                            struct arena *arena);
#endif
