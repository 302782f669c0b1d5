/* Editions of the public account: made on a schedule, kept in the book, and shown until the next
 * one. Pages, `weal publish DIR` and everybody who asks read the kept figures, never the book.
 *
 * A reader who compares two accounts from before and after one posting learns about one person. So
 * no visitor, restart or repeated call brings a new edition about: only the calendar does (monthly
 * unless the operator chose otherwise), or the operator by an act of their own (`early`). And an
 * edition shows new figures of a year only when new lines of at least EDITION_PEOPLE people have
 * come in it since; else it shows the same figures as the edition before.
 * docs/explanation/suppression.md.
 *
 *     const struct edition_making making = {.pack = pack, .today = day_today()};
 *     status = edition_make(store, &making, &made, &err);        nothing is made when none is due
 *     status = edition_read(store, pack, 0, &edition, &err);     null: none yet
 *     ...edition->of[0 .. edition->years.count - 1]...
 *     edition_free(edition);
 *
 * An edition is written in one transaction, after all of it was made: killed before, nothing is
 * there, and the next call makes it. Two programs at once make one: whoever makes one holds a lock,
 * and looks again in the transaction whether another came before.
 */
#ifndef WEAL_PUBLISH_EDITION_H
#define WEAL_PUBLISH_EDITION_H

#include "publish/publish.h"

/* Held while an edition is made (store_lock). */
#define EDITION_LOCK "edition"

enum {
  /* people with new lines in a year before its figures change: the threshold of
   * publish/suppress.h */
  EDITION_PEOPLE = 10,
  /* lines besides, before an operator may have an edition made early: a month's payments of a small
   * place. (Until editions were kept, the portal renewed its account after so many.) */
  EDITION_EARLY_LINES = 1000
};

/* ---- the schedule ---- */

enum edition_schedule { EDITION_WEEKLY, EDITION_MONTHLY, EDITION_QUARTERLY, EDITION_NEVER };
/* weekly, monthly, quarterly, never */
bool edition_schedule_parse(struct span word, enum edition_schedule *out);
/* Of the book; monthly where nothing was chosen. */
enum status edition_schedule_read(struct store *store, enum edition_schedule *out,
                                  struct error *err) MUST_USE;
/* In the caller's write transaction. `who` as in the access log; every administrator is told. */
enum status edition_schedule_write(struct store *store, enum edition_schedule schedule,
                                   const char *who, struct error *err) MUST_USE;
/* The day on which an edition is due after one that was made on `made`: the first of the next
 * month, of the next quarter of a year, or the next Monday; DAY_NONE: never. */
day_t edition_due_after(enum edition_schedule schedule, day_t made);

/* A sentence for whoever has recorded payments: when anybody sees them at the earliest. A year that
 * was never shown comes in with the next edition; one that was, when enough is new in it. */
enum status edition_next_words(struct store *store, enum language language, day_t today,
                               struct arena *arena, const char **out, struct error *err) MUST_USE;

/* ---- what is kept ---- */

struct edition_record {
  int64_t id; /* from 1 */
  day_t day;
  const char *made_at;  /* RFC 3339 */
  const char *why;      /* first, schedule, early */
  int64_t log_size;     /* how many entries the log had */
  int years, years_new; /* that it shows; of them, with figures that were new in it */
};
/* All of them, the latest first, in the arena. */
enum status editions_list(struct store *store, struct arena *arena, struct edition_record **out,
                          int *count, struct error *err) MUST_USE;
/* The latest one, and the day it was made; 0 and DAY_NONE: there is none. */
enum status edition_last(struct store *store, int64_t *id, day_t *made, struct error *err) MUST_USE;

struct edition {
  struct arena *arena; /* everything here lives in it */
  int64_t id;
  day_t made, due; /* due: the next one, DAY_NONE: never */
  enum edition_schedule schedule;
  int latest; /* the year that is shown when none is asked for */
  struct publish_years years;
  const struct publication *of[LIMIT_PUBLISHED_YEARS]; /* as years.year */
};
/* id 0: the latest; *out null: there is none. REFUSED: no edition has this number. */
enum status edition_read(struct store *store, const struct pack *pack, int64_t id,
                         struct edition **out, struct error *err) MUST_USE;
void edition_free(struct edition *edition); /* takes null */
/* Null: the edition has no such year. year 0: the latest. */
const struct publication *edition_year(const struct edition *edition, int year);

/* ---- making ---- */

struct edition_making {
  const struct pack *pack;
  day_t today;
  int threads; /* 0: as many as the machine has */
  enum progress_mode progress;
  /* an operator wants it before it is due: null, or who they are, as in the access log; every
   * administrator is told */
  const char *early;
  bool wait;                   /* for another program that is making one; else nothing is made */
  const atomic_bool *stopping; /* may be null: once true it gives up, FAILED */
};
struct edition_made {
  int64_t id;           /* 0: none was due, or another program is making one */
  int years, years_new; /* as in struct edition_record */
};
/* Makes the edition that is due, if one is; the first is always due. The store: open to write, no
 * transaction begun. REFUSED: an early one, where too little has come since; the book has no place
 * of its own. */
enum status edition_make(struct store *store, const struct edition_making *making,
                         struct edition_made *made, struct error *err) MUST_USE;

#endif
