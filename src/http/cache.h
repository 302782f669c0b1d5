/* Public pages kept ready. The held object belongs to the server (a response ready to be sent); the
 * cache counts its users and releases it after the last one.
 *
 *     struct cached *page;
 *     switch (cache_take(cache, key, seconds, wait, &page)) {
 *     case CACHE_HIT:  send(cached_held(page)); cache_give(cache, page); break;
 *     case CACHE_MAKE: held = make(); page = cache_put(cache, key, seconds, held, bytes);
 *         send(held); cache_give(cache, page); break;
 *         or cache_fail(cache, key)
 *     case CACHE_WAIT: another thread makes it; wait->ready is called when it is there: then take
 *         again
 *     }
 *
 * A page is fresh for its seconds, as long as the book's log has not grown since. While one thread
 * makes an old page again, the others get the old one. Making takes at most a tenth of one
 * processor: after a page took t to make, it is not made again for 10 t, even if the log grew.
 */
#ifndef WEAL_HTTP_CACHE_H
#define WEAL_HTTP_CACHE_H

#include "base/text.h"

struct cache;
struct cached;

enum cache_answer { CACHE_HIT, CACHE_MAKE, CACHE_WAIT };

struct cache_wait { /* the caller keeps it until `ready` was called, on the maker's thread */
  void (*ready)(void *context);
  void *context;
  struct cache_wait *next; /* the cache's */
};

struct cache *cache_new(void (*release)(void *held));
void cache_free(struct cache *c); /* takes null; nothing may be taken */
/* `wait` null: the call itself waits. A key longer than LIMIT_CACHE_KEY_BYTES is always CACHE_MAKE.
 * seconds -1: fresh as long as the program runs. */
enum cache_answer cache_take(struct cache *c, struct span key, int seconds, struct cache_wait *wait,
                             struct cached **out);
/* The maker's: exactly one of these after CACHE_MAKE. `bytes`: what it takes. Takes `held`, of
 * which the one returned is a use. `seconds` as given to take. */
struct cached *cache_put(struct cache *c, struct span key, int seconds, void *held,
                         size_t bytes) MUST_USE;
void cache_fail(struct cache *c, struct span key); /* the next caller of cache_take makes it */
void *cached_held(const struct cached *page);
void cache_give(struct cache *c, struct cached *page);
/* Says that pages made from now on are made from the book with this stamp. The stamp changes when
 * the book grows or changes (shared_reference_data.c). */
void cache_log_is(struct cache *c, int64_t stamp);

struct cache_counts {
  int64_t hits, old_hits, makes, waits, entries, bytes;
};
void cache_count(struct cache *c, struct cache_counts *out);

#endif
