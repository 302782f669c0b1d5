/* The kept edition of the public account (publish/edition.h), held for the pages. A thread of its
 * own reads it at the start, has the next one made when it is due, and reads a newer one, whoever
 * made it; until then every page is of the edition that is held. The portal answers once it is
 * held, or after PUBLISHED_BEGIN_MS: so that a small book's account is there for the first who
 * asks, and a large book's first account keeps nobody from the other pages. No request makes or
 * reads anything, so nobody can bring a new edition about by asking.
 *
 *     struct published_use use;
 *     switch (published_take(published, year, wait_ms, &use)) {         year 0: the latest
 *     case PUBLISHED_READY:  ...use.publication...; published_give(published, &use); break;
 *     case PUBLISHED_MAKING: the first one is being made: say so, and ask again in two seconds
 *     case PUBLISHED_NONE:   the edition has no such year
 *     case PUBLISHED_FAILED: the store is away
 *     }
 */
#ifndef WEAL_WEB_PUBLISHED_H
#define WEAL_WEB_PUBLISHED_H

#include "http/log.h"
#include "publish/edition.h"

enum {
  PUBLISHED_LOOK_MS = 10 * 1000, /* how often we look for a newer edition, and whether one is due */
  PUBLISHED_AGAIN_MS = 60 * 1000, /* after a failure */
  PUBLISHED_FIRST_MS = 500,       /* another program may be making the first one just now */
  PUBLISHED_BEGIN_MS = 5 * 1000   /* for how long the portal waits for it before it answers */
};

struct published;
struct held_edition;
enum published_answer { PUBLISHED_READY, PUBLISHED_MAKING, PUBLISHED_NONE, PUBLISHED_FAILED };
struct published_use {
  const struct publication *publication;
  int year;
  const struct publish_years *years; /* of the edition */
  struct held_edition *held;
};

struct published_options {
  const char *store_url;
  const struct pack *pack;
  struct log *log; /* for failures */
  /* called after another edition is held; may be null */
  void (*renewed)(void *context, int64_t edition);
  void *context;
};
enum status published_start(struct published **out, const struct published_options *options,
                            struct error *err) MUST_USE;
/* Returns when an edition is held, when there can be none, or after `wait_ms`. */
void published_await(struct published *p, int wait_ms);
enum published_answer published_take(struct published *p, int year, int wait_ms,
                                     struct published_use *use);
void published_give(struct published *p, struct published_use *use);
void published_stop(struct published *p); /* all must have been given back; takes null */

#endif
