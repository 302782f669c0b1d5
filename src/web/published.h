/* The public accounts that are kept ready, a publication a year (publish/publish.h), made by a
 * thread of its own, so that no page waits for a reading of the whole book.
 *
 *     struct published_use use;
 *     switch (published_take(published, year, wait_ms, &use)) {         year 0: the latest
 *     case PUBLISHED_READY:  ...use.publication...; published_give(published, &use); break;
 *     case PUBLISHED_MAKING: say so, and ask again in two seconds
 *     case PUBLISHED_NONE:   the book has no line of that year
 *     case PUBLISHED_FAILED: the store is away
 *     }
 *
 * A reader who compares two accounts, from before and after one posting, learns about one person.
 * So an account is made again only when PUBLISHED_LINES lines have come since, or, if any came,
 * after a day (docs/explanation/suppression.md).
 */
#ifndef WEAL_WEB_PUBLISHED_H
#define WEAL_WEB_PUBLISHED_H

#include "publish/publish.h"

enum {
  PUBLISHED_LINES = 1000,
  PUBLISHED_SECONDS = 24 * 3600,
  PUBLISHED_LOOK_SECONDS = 60, /* how often, at most, we check whether the log grew */
  /* kept at a time; the one that was asked for longest ago is dropped */
  PUBLISHED_YEARS = 12
};

struct published;
struct edition;
enum published_answer { PUBLISHED_READY, PUBLISHED_MAKING, PUBLISHED_NONE, PUBLISHED_FAILED };
struct published_use {
  const struct publication *publication;
  int year;
  struct publish_years years; /* that have lines */
  struct edition *edition;
};

/* Begins at once to make the latest year. */
enum status published_start(struct published **out, const char *store_url, const struct pack *pack,
                            struct error *err) MUST_USE;
enum published_answer published_take(struct published *p, int year, int wait_ms,
                                     struct published_use *use);
void published_give(struct published *p, struct published_use *use);
void published_stop(struct published *p); /* all must have been given back; takes null */

#endif
