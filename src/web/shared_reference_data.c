#include "web/shared_reference_data.h"

#include "base/day.h"
#include "base/thread.h"
#include "book/log.h"
#include "store/head.h"

#include <assert.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <time.h>

enum {
  LOOK_MS = 250,            /* the longest time until a public page sees that the book has grown */
  REFERENCE_DATA_MS = 2000, /* the longest time until pages have the name of a new body or place */
  /* a rename without an import changes no stamp (reference_data.h), so they are read again at least
   * this often */
  READ_AGAIN_MS = 60000
};

/* One reading of the reference data. */
struct fact_sheet {
  const struct reference_data *reference_data;
  struct arena *arena;
  int uses; /* the keeper of the latest counts as one */
  struct fact_sheet *next;
};

struct shared_reference_data {
  pthread_t thread;
  pthread_mutex_t lock;
  pthread_cond_t wake;
  bool stopping, look_now;
  struct readers *readers;
  const struct pack *pack;
  struct cache *cache;
  _Atomic int64_t edition;     /* of the public account, that pages show */
  struct fact_sheet *readings; /* the latest first, then older ones still used */
};

/* With the lock held. Takes out readings that nobody uses any more; the caller frees them without
 * the lock. */
static struct fact_sheet *drop_use(struct shared_reference_data *s, struct fact_sheet *r) {
  assert(r->uses > 0);
  if (--r->uses) return NULL;
  struct fact_sheet **at = &s->readings;
  while (*at != r) at = &(*at)->next;
  *at = r->next;
  return r;
}

static void free_sheet(struct fact_sheet *r) {
  if (!r) return;
  arena_free(r->arena);
  free(r);
}

static enum status read_reference_data(struct shared_reference_data *s, struct store *store,
                                       struct error *err) {
  struct fact_sheet *r = memory_zeroed(1, sizeof *r), *before = NULL;
  struct reference_data *reference_data;
  r->arena = arena_new();
  enum status status = reference_data_read(store, s->pack, r->arena, &reference_data, err);
  if (status != DONE) {
    free_sheet(r);
    return status;
  }
  r->reference_data = reference_data;
  r->uses = 1;
  pthread_mutex_lock(&s->lock);
  if (s->readings) before = s->readings;
  r->next = s->readings;
  s->readings = r;
  if (before) before = drop_use(s, before);
  pthread_mutex_unlock(&s->lock);
  free_sheet(before);
  return DONE;
}

/* A number that changes whenever a public page may change: with the log, the register, the signed
 * heads, the edition that is shown. */
static enum status read_stamp(struct store *store, int64_t edition, int64_t *stamp,
                              struct error *err) {
  struct query *q = NULL;
  struct head head = {0};
  struct signed_head last = {0};
  bool some = false;
  enum status status = head_read(store, &head, err);
  if (status == DONE) status = log_heads_open_largest(store, 1, &q, err);
  if (status == DONE) status = log_heads_next(q, &last, &some, err);
  query_end(q);
  const int64_t parts[] = {head.logged,  head.place,  head.body, head.category,
                           head.service, head.import, last.size, edition};
  uint64_t all = 0;
  for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
    all = all * 0x100000001b3u + (uint64_t)parts[i];
  *stamp = (int64_t)all;
  return status;
}

/* `check`: compare the reference data itself too; `again`: read it even if it seems current. *read:
 * whether it was read. */
static enum status look(struct shared_reference_data *s, bool check, bool again, bool *read) {
  /* the store cannot be reached: keep what we have; requests report the failure themselves */
  struct error ignored = {0};
  struct store *store;
  *read = false;
  enum status status = readers_take(s->readers, &store, &ignored);
  if (status != DONE) return status;
  int64_t stamp = 0;
  if (s->cache) status = read_stamp(store, atomic_load(&s->edition), &stamp, &ignored);
  bool current = !again;
  if (status == DONE && check && current) {
    const struct reference_data *reference_data = shared_reference_data_take(s);
    status = reference_data_current(store, reference_data, &current, &ignored);
    shared_reference_data_give(s, reference_data);
  }
  if (status == DONE && check && !current) {
    status = read_reference_data(s, store, &ignored);
    *read = status == DONE;
  }
  readers_give(s->readers, store, status);
  /* After the reference data, so that a page made because of this stamp has the new data. */
  if (status == DONE && s->cache) cache_log_is(s->cache, stamp);
  return status;
}

/* Waits; false: stop. *now: somebody asked for a check at once. */
static bool wait_a_moment(struct shared_reference_data *s, bool *now) {
  const struct timespec until = moment_after_ms(LOOK_MS);
  pthread_mutex_lock(&s->lock);
  while (!s->stopping && !s->look_now)
    if (pthread_cond_timedwait(&s->wake, &s->lock, &until) != 0) break;
  *now = s->look_now;
  s->look_now = false;
  bool go_on = !s->stopping;
  pthread_mutex_unlock(&s->lock);
  return go_on;
}

static void *look_on(void *context) {
  struct shared_reference_data *s = context;
  int64_t looked = clock_milliseconds(), read = looked;
  bool now;
  while (wait_a_moment(s, &now)) {
    int64_t t = clock_milliseconds();
    bool check = now || t - looked >= REFERENCE_DATA_MS, did = false;
    if (look(s, check, now || t - read >= READ_AGAIN_MS, &did) != DONE) continue;
    if (check) looked = t;
    if (did) read = t;
  }
  return NULL;
}

static void release(struct shared_reference_data *s) {
  while (s->readings) {
    struct fact_sheet *next = s->readings->next;
    free_sheet(s->readings);
    s->readings = next;
  }
  pthread_cond_destroy(&s->wake);
  pthread_mutex_destroy(&s->lock);
  free(s);
}

enum status shared_reference_data_start(struct shared_reference_data **out, struct readers *readers,
                                        const struct pack *pack, struct cache *cache,
                                        struct error *err) {
  struct shared_reference_data *s = memory_zeroed(1, sizeof *s);
  *s = (struct shared_reference_data){.readers = readers, .pack = pack, .cache = cache};
  pthread_mutex_init(&s->lock, NULL);
  condition_init(&s->wake);
  struct store *store = NULL;
  int64_t stamp = 0;
  enum status status = readers_take(readers, &store, err);
  if (status == DONE) status = read_reference_data(s, store, err);
  if (status == DONE && cache) status = read_stamp(store, 0, &stamp, err);
  readers_give(readers, store, status);
  if (status == DONE && cache) cache_log_is(cache, stamp);
  if (status == DONE) status = thread_start(&s->thread, look_on, s, "the reference data", err);
  if (status != DONE) {
    release(s);
    return status;
  }
  *out = s;
  return DONE;
}

const struct reference_data *shared_reference_data_take(struct shared_reference_data *s) {
  pthread_mutex_lock(&s->lock);
  s->readings->uses++;
  const struct reference_data *reference_data = s->readings->reference_data;
  pthread_mutex_unlock(&s->lock);
  return reference_data;
}

void shared_reference_data_give(struct shared_reference_data *s,
                                const struct reference_data *reference_data) {
  if (!reference_data) return;
  pthread_mutex_lock(&s->lock);
  struct fact_sheet *r = s->readings;
  while (r && r->reference_data != reference_data) r = r->next;
  assert(r && "facts that are not ours, or given back twice");
  struct fact_sheet *gone = drop_use(s, r);
  pthread_mutex_unlock(&s->lock);
  free_sheet(gone);
}

void shared_reference_data_look(struct shared_reference_data *s) {
  pthread_mutex_lock(&s->lock);
  s->look_now = true;
  pthread_cond_signal(&s->wake);
  pthread_mutex_unlock(&s->lock);
}

void shared_reference_data_edition(struct shared_reference_data *s, int64_t edition) {
  atomic_store(&s->edition, edition);
  shared_reference_data_look(s);
}

void shared_reference_data_stop(struct shared_reference_data *s) {
  if (!s) return;
  pthread_mutex_lock(&s->lock);
  s->stopping = true;
  pthread_cond_signal(&s->wake);
  pthread_mutex_unlock(&s->lock);
  pthread_join(s->thread, NULL);
  assert(s->readings && !s->readings->next && s->readings->uses == 1 && "facts are in use");
  release(s);
}
