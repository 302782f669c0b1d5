/* A map of pages under a lock for many readers: a hit takes it shared, adds one to the
 * page's uses and marks the page as asked for. When room is needed, a hand that goes round all
 * pages (the clock algorithm) removes the first page that nobody asked for since the hand passed it
 * last. */
#include "http/cache.h"

#include "base/arena.h"
#include "base/day.h"
#include "base/limits.h"
#include "base/map.h"
#include <assert.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <time.h>

enum {
  MAKING_SHARE = 10 /* at most one part in so many of the time since is spent making it again */
};

struct cached {
  atomic_int uses; /* the table itself counts as one */
  void *held;
  size_t bytes;
  int64_t log, made_at_ms, took_ms;
  struct cached *next_gone; /* thrown out, to be released when the lock is free */
};

struct entry {
  struct cached *page; /* null: being made for the first time */
  bool making;
  int64_t making_since_ms, making_log;
  struct cache_wait *waiting;
  atomic_bool asked;
  size_t key_size;
  char key[];
};

struct cache {
  pthread_rwlock_t lock;
  pthread_mutex_t sleep_lock; /* for threads that wait inside cache_take */
  pthread_cond_t made;
  void (*release)(void *held);
  struct entry **entries; /* in no order */
  size_t count, capacity;
  struct map by_key;
  size_t hand; /* an index in entries */
  int64_t bytes;
  _Atomic int64_t log;
  _Atomic int64_t hits, old_hits, makes, waits;
};

struct cache *cache_new(void (*release)(void *held)) {
  struct cache *c = memory_zeroed(1, sizeof *c);
  pthread_rwlock_init(&c->lock, NULL);
  pthread_mutex_init(&c->sleep_lock, NULL);
  pthread_cond_init(&c->made, NULL);
  c->release = release;
  return c;
}

void *cached_held(const struct cached *page) { return page->held; }

void cache_give(struct cache *c, struct cached *page) {
  if (!page || atomic_fetch_sub_explicit(&page->uses, 1, memory_order_acq_rel) > 1) return;
  c->release(page->held);
  free(page);
}

static struct entry *find(const struct cache *c, struct span key) {
  int64_t index = map_get(&c->by_key, key);
  return index < 0 ? NULL : c->entries[index];
}

static bool fresh(const struct cache *c, const struct cached *page, int seconds) {
  if (seconds < 0) return true;
  int64_t age_ms = clock_milliseconds() - page->made_at_ms;
  if (age_ms >= (int64_t)seconds * 1000) return false;
  return page->log == atomic_load_explicit(&c->log, memory_order_relaxed) ||
         age_ms < page->took_ms * MAKING_SHARE;
}

static void count(_Atomic int64_t *counter) {
  atomic_fetch_add_explicit(counter, 1, memory_order_relaxed);
}

static struct cached *use(struct entry *e) {
  atomic_fetch_add_explicit(&e->page->uses, 1, memory_order_relaxed);
  if (!atomic_load_explicit(&e->asked, memory_order_relaxed))
    atomic_store_explicit(&e->asked, true, memory_order_relaxed);
  return e->page;
}

/* Takes a fresh page, or an old one that another thread is making again. */
static bool take_ready(struct cache *c, struct span key, int seconds, struct cached **out) {
  pthread_rwlock_rdlock(&c->lock);
  struct entry *e = find(c, key);
  bool is_fresh = e && e->page && fresh(c, e->page, seconds),
       good = is_fresh || (e && e->page && e->making);
  if (good) *out = use(e);
  pthread_rwlock_unlock(&c->lock);
  if (good) count(is_fresh ? &c->hits : &c->old_hits);
  return good;
}

static struct span key_of(const struct entry *e) { return span_make(e->key, e->key_size); }

static struct entry *add_entry(struct cache *c, struct span key) {
  struct entry *e = memory_zeroed(1, sizeof *e + key.size);
  memcpy(e->key, key.bytes, key.size);
  e->key_size = key.size;
  map_set(&c->by_key, key_of(e), (int64_t)c->count);
  array_reserve(c->entries, c->capacity, c->count + 1);
  return c->entries[c->count++] = e;
}

static void begin_making(struct cache *c, struct entry *e) {
  e->making = true;
  e->making_since_ms = clock_milliseconds();
  /* The stamp from before the maker reads: if the book grows meanwhile, the page is old at once. */
  e->making_log = atomic_load_explicit(&c->log, memory_order_relaxed);
  atomic_store_explicit(&e->asked, true, memory_order_relaxed);
}

/* With the lock held alone: things may have changed since take_ready. */
static enum cache_answer take_alone(struct cache *c, struct span key, int seconds,
                                    struct cache_wait *wait, struct cached **out) {
  struct entry *e = find(c, key);
  if (!e) e = add_entry(c, key);
  if (e->page && (e->making || fresh(c, e->page, seconds))) {
    *out = use(e);
    count(e->making ? &c->old_hits : &c->hits);
    return CACHE_HIT;
  }
  if (!e->making) {
    begin_making(c, e);
    count(&c->makes);
    return CACHE_MAKE;
  }
  count(&c->waits);
  if (wait) {
    wait->next = e->waiting;
    e->waiting = wait;
  }
  return CACHE_WAIT;
}

enum cache_answer cache_take(struct cache *c, struct span key, int seconds, struct cache_wait *wait,
                             struct cached **out) {
  *out = NULL;
  if (key.size > LIMIT_CACHE_KEY_BYTES) {
    count(&c->makes);
    return CACHE_MAKE;
  }
  for (;;) {
    if (take_ready(c, key, seconds, out)) return CACHE_HIT;
    /* locked before we join the list, so that a page made in between still wakes us */
    if (!wait) pthread_mutex_lock(&c->sleep_lock);
    pthread_rwlock_wrlock(&c->lock);
    enum cache_answer answer = take_alone(c, key, seconds, wait, out);
    pthread_rwlock_unlock(&c->lock);
    if (!wait && answer == CACHE_WAIT) pthread_cond_wait(&c->made, &c->sleep_lock);
    if (!wait) pthread_mutex_unlock(&c->sleep_lock);
    if (wait || answer != CACHE_WAIT) return answer;
  }
}

static void wake(struct cache *c, struct cache_wait *waiting) {
  pthread_mutex_lock(&c->sleep_lock);
  pthread_cond_broadcast(&c->made);
  pthread_mutex_unlock(&c->sleep_lock);
  for (struct cache_wait *next; waiting; waiting = next) {
    next = waiting->next; /* the waiter may free it once it is notified */
    waiting->ready(waiting->context);
  }
}

/* Removes an entry, and gives its page, if it has one, to the caller. The last entry moves to its
 * index. */
static struct cached *remove_entry(struct cache *c, struct entry *e) {
  size_t index = (size_t)map_get(&c->by_key, key_of(e));
  struct cached *page = e->page;
  map_remove(&c->by_key, key_of(e));
  struct entry *last = c->entries[--c->count];
  if (last != e) {
    c->entries[index] = last;
    map_set(&c->by_key, key_of(last), (int64_t)index);
  }
  if (page) c->bytes -= (int64_t)page->bytes;
  free(e);
  return page;
}

/* Moves the hand to the next page that nobody asked for since the hand last passed. Null: all pages
 * are being made. */
static struct cached *throw_one_out(struct cache *c) {
  for (size_t steps = 0; steps < c->count * 2; steps++, c->hand++) {
    if (c->hand >= c->count) c->hand = 0;
    struct entry *e = c->entries[c->hand];
    if (!e->making && !atomic_exchange_explicit(&e->asked, false, memory_order_relaxed))
      return remove_entry(c, e);
  }
  return NULL;
}

/* Makes room. The caller releases the pages that were removed, after it has given up the lock. */
static struct cached *make_room(struct cache *c) {
  struct cached *gone = NULL;
  while (c->count > LIMIT_CACHE_ENTRIES || c->bytes > LIMIT_CACHE_BYTES) {
    struct cached *page = throw_one_out(c);
    if (!page) break;
    page->next_gone = gone;
    gone = page;
  }
  return gone;
}

struct cached *cache_put(struct cache *c, struct span key, int seconds, void *held, size_t bytes) {
  (void)seconds;
  struct cached *page = memory_zeroed(1, sizeof *page);
  *page = (struct cached){.held = held, .bytes = bytes, .made_at_ms = clock_milliseconds()};
  if (key.size > LIMIT_CACHE_KEY_BYTES) {
    atomic_store(&page->uses, 1); /* the caller's alone */
    return page;
  }
  atomic_store(&page->uses, 2);
  pthread_rwlock_wrlock(&c->lock);
  struct entry *e = find(c, key);
  assert(e && e->making && "a page that nobody was asked to make");
  struct cached *old = e->page;
  page->log = e->making_log;
  page->took_ms = page->made_at_ms - e->making_since_ms;
  c->bytes += (int64_t)bytes - (old ? (int64_t)old->bytes : 0);
  e->page = page;
  e->making = false;
  struct cache_wait *waiting = e->waiting;
  e->waiting = NULL;
  struct cached *gone = make_room(c);
  pthread_rwlock_unlock(&c->lock);
  cache_give(c, old);
  for (struct cached *next; gone; gone = next) {
    next = gone->next_gone;
    cache_give(c, gone);
  }
  wake(c, waiting);
  return page;
}

void cache_fail(struct cache *c, struct span key) {
  if (key.size > LIMIT_CACHE_KEY_BYTES) return;
  pthread_rwlock_wrlock(&c->lock);
  struct entry *e = find(c, key);
  assert(e && e->making && "a page that nobody was asked to make");
  struct cache_wait *waiting = e->waiting;
  e->waiting = NULL;
  e->making = false;
  if (!e->page) (void)remove_entry(c, e);
  pthread_rwlock_unlock(&c->lock);
  wake(c, waiting);
}

void cache_log_is(struct cache *c, int64_t stamp) {
  atomic_store_explicit(&c->log, stamp, memory_order_relaxed);
}

void cache_count(struct cache *c, struct cache_counts *out) {
  *out = (struct cache_counts){.hits = atomic_load(&c->hits),
                               .old_hits = atomic_load(&c->old_hits),
                               .makes = atomic_load(&c->makes),
                               .waits = atomic_load(&c->waits)};
  pthread_rwlock_rdlock(&c->lock);
  out->entries = (int64_t)c->count;
  out->bytes = c->bytes;
  pthread_rwlock_unlock(&c->lock);
}

void cache_free(struct cache *c) {
  if (!c) return;
  while (c->count) {
    struct entry *e = c->entries[c->count - 1];
    assert(!e->making);
    struct cached *page = remove_entry(c, e);
    assert((!page || atomic_load(&page->uses) == 1) && "a page is in use");
    cache_give(c, page);
  }
  free(c->entries);
  map_release(&c->by_key);
  pthread_rwlock_destroy(&c->lock);
  pthread_mutex_destroy(&c->sleep_lock);
  pthread_cond_destroy(&c->made);
  free(c);
}
