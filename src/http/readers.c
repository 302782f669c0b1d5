/* A stack of idle connections: the one given back last is taken first, since its pages are warm. */
#include "http/readers.h"

#include "base/arena.h"
#include "base/day.h"
#include "base/limits.h"
#include <assert.h>
#include <pthread.h>
#include <stdlib.h>
#include <time.h>

/* while the store cannot be reached, one caller tries it this often; the others get the error of
 * that try */
enum { RETRY_MS = 500 };

struct readers {
  pthread_mutex_t lock;
  pthread_cond_t given;
  char *url;
  struct store *idle[LIMIT_READERS];
  int idle_count, taken;
  bool away; /* the last try to open a connection failed */
  bool trying;
  int64_t try_at_ms;
  struct error last;
  int64_t opened, failures;
};

void readers_start(struct readers **out, const char *store_url) {
  struct readers *r = memory_zeroed(1, sizeof *r);
  pthread_mutex_init(&r->lock, NULL);
  pthread_cond_init(&r->given, NULL);
  size_t size = strlen(store_url) + 1;
  r->url = memcpy(memory_alloc(size), store_url, size);
  *out = r;
}

/* Opens one, without the lock. */
static enum status open_one(struct readers *r, struct store **out, struct error *err) {
  struct error why = {0};
  enum status status = store_open(out, r->url, STORE_READ, &why);
  if (status == DONE) {
    status = store_begin(*out, STORE_READ, &why);
    if (status != DONE) {
      store_close(*out);
      *out = NULL;
    }
  }
  pthread_mutex_lock(&r->lock);
  r->away = status != DONE;
  r->trying = false;
  if (status == DONE) {
    r->opened++;
  } else {
    r->failures++;
    r->try_at_ms = clock_milliseconds() + RETRY_MS;
    /* a missing book is a failure of the machine here, not a refusal of the visitor */
    why.code = FAILED;
    r->last = why;
    r->taken--;
    pthread_cond_signal(&r->given);
  }
  pthread_mutex_unlock(&r->lock);
  if (status == DONE) return DONE;
  if (err) *err = why;
  return FAILED;
}

/* Takes an idle connection, or null where the caller is to open one; its place is reserved. FAILED:
 * the store is known to be away. */
static enum status take_place(struct readers *r, struct store **out, struct error *err) {
  enum status status = DONE;
  *out = NULL;
  pthread_mutex_lock(&r->lock);
  while (r->taken == LIMIT_READERS) pthread_cond_wait(&r->given, &r->lock);
  if (r->idle_count) {
    *out = r->idle[--r->idle_count];
  } else if (r->away) {
    if (r->trying || clock_milliseconds() < r->try_at_ms) {
      if (err) *err = r->last;
      status = FAILED;
    } else {
      r->trying = true;
    }
  }
  if (status == DONE) r->taken++;
  pthread_mutex_unlock(&r->lock);
  return status;
}

enum status readers_take(struct readers *r, struct store **out, struct error *err) {
  for (;;) {
    struct store *store;
    enum status status = take_place(r, &store, err);
    if (status != DONE) return status;
    if (!store) return open_one(r, out, err);
    if (store_alive(store) && store_begin(store, STORE_READ, NULL) == DONE) {
      *out = store;
      return DONE;
    }
    readers_give(r, store, FAILED); /* the next idle one, or a new one */
  }
}

void readers_give(struct readers *r, struct store *store, enum status status) {
  if (!store) return;
  store_rollback(store);
  bool keep = status != FAILED && store_alive(store);
  if (!keep) store_close(store);
  pthread_mutex_lock(&r->lock);
  assert(r->taken > 0);
  r->taken--;
  if (!keep) r->failures++;
  else r->idle[r->idle_count++] = store;
  pthread_cond_signal(&r->given);
  pthread_mutex_unlock(&r->lock);
}

void readers_stop(struct readers *r) {
  if (!r) return;
  assert(!r->taken && "a connection is taken");
  while (r->idle_count) store_close(r->idle[--r->idle_count]);
  pthread_cond_destroy(&r->given);
  pthread_mutex_destroy(&r->lock);
  free(r->url);
  free(r);
}

void readers_count(struct readers *r, struct readers_counts *out) {
  pthread_mutex_lock(&r->lock);
  *out = (struct readers_counts){.open = r->idle_count + r->taken,
                                 .taken = r->taken,
                                 .opened = r->opened,
                                 .failures = r->failures};
  pthread_mutex_unlock(&r->lock);
}
