#include "web/published.h"

#include "base/thread.h"
#include "base/ticker.h"
#include "base/worker.h"

#include <assert.h>
#include <stdlib.h>

struct held_edition {
  struct edition *edition;
  int uses; /* one is ours while it is the latest */
};

struct published {
  struct published_options options;
  struct ticker *ticker;
  pthread_mutex_t lock;
  pthread_cond_t news;
  bool failed; /* the last look failed, and there is no edition */
  struct held_edition *held;
};

/* With the lock held. */
static struct held_edition *drop_use(struct held_edition *h) {
  return h && --h->uses == 0 ? h : NULL;
}

static void free_held(struct held_edition *h) {
  if (!h) return;
  edition_free(h->edition);
  free(h);
}

/* ---- looking ---- */

static enum status make_due(struct published *p, day_t today, const atomic_bool *stopping,
                            struct error *err) {
  struct store *store = NULL;
  struct edition_made made;
  int threads = workers_count() / 2; /* pages that others read meanwhile need the other threads */
  const struct edition_making making = {.pack = p->options.pack,
                                        .today = today,
                                        .threads = threads ? threads : 1,
                                        .progress = PROGRESS_NEVER,
                                        .stopping = stopping};
  enum status status = store_open(&store, p->options.store_url, STORE_WRITE, err);
  if (status == DONE) status = edition_make(store, &making, &made, err);
  store_close(store);
  return status;
}

/* Reads the latest edition if it is another than `held`. */
static enum status read_newer(struct published *p, const struct edition *held, int64_t *id,
                              struct edition **out, struct error *err) {
  struct store *store = NULL;
  day_t made;
  enum edition_schedule schedule;
  *out = NULL;
  enum status status = store_open(&store, p->options.store_url, STORE_READ, err);
  if (status == DONE) status = edition_last(store, id, &made, err);
  if (status == DONE) status = edition_schedule_read(store, &schedule, err);
  if (status == DONE && *id && (!held || held->id != *id || held->schedule != schedule))
    status = edition_read(store, p->options.pack, 0, out, err);
  store_close(store);
  return status;
}

static bool is_due(const struct edition *e, day_t today) {
  return !e || (e->due != DAY_NONE && today >= e->due);
}

static void hold(struct published *p, struct edition *edition) {
  struct held_edition *held = memory_zeroed(1, sizeof *held), *gone;
  *held = (struct held_edition){.edition = edition, .uses = 1};
  pthread_mutex_lock(&p->lock);
  gone = drop_use(p->held);
  p->held = held;
  pthread_cond_broadcast(&p->news);
  pthread_mutex_unlock(&p->lock);
  free_held(gone);
  if (p->options.renewed) p->options.renewed(p->options.context, edition->id);
}

/* Only the ticker's thread changes p->held, so it may read it without the lock. */
static enum status look_for_newer(struct published *p, const atomic_bool *stopping,
                                  struct error *err) {
  const day_t today = day_today();
  for (int round = 0; round < 2; round++) {
    int64_t id = 0;
    struct edition *newer = NULL;
    enum status status = read_newer(p, p->held ? p->held->edition : NULL, &id, &newer, err);
    if (status != DONE) return status;
    if (newer) hold(p, newer);
    if (round || !is_due(p->held ? p->held->edition : NULL, today)) return DONE;
    status = make_due(p, today, stopping, err);
    if (status != DONE) return status;
  }
  return DONE;
}

static int64_t look(void *context, const atomic_bool *stopping) {
  struct published *p = context;
  struct error err = {0};
  const bool failed = look_for_newer(p, stopping, &err) != DONE && !atomic_load(stopping);
  if (failed)
    log_warning(p->options.log, NULL, "the edition of the public account: %s", err.message);
  pthread_mutex_lock(&p->lock);
  p->failed = failed && !p->held;
  if (p->failed) pthread_cond_broadcast(&p->news);
  pthread_mutex_unlock(&p->lock);
  return failed ? PUBLISHED_AGAIN_MS : p->held ? PUBLISHED_LOOK_MS : PUBLISHED_FIRST_MS;
}

/* ---- taking ---- */

static enum published_answer answer(struct published *p, int year, struct published_use *use) {
  if (!p->held) return p->failed ? PUBLISHED_FAILED : PUBLISHED_MAKING;
  const struct edition *edition = p->held->edition;
  const struct publication *publication = edition_year(edition, year);
  if (!publication) return PUBLISHED_NONE;
  p->held->uses++;
  *use = (struct published_use){.publication = publication,
                                .year = year ? year : edition->latest,
                                .years = &edition->years,
                                .held = p->held};
  return PUBLISHED_READY;
}

enum published_answer published_take(struct published *p, int year, int wait_ms,
                                     struct published_use *use) {
  const struct timespec until = moment_after_ms(wait_ms);
  pthread_mutex_lock(&p->lock);
  enum published_answer given = answer(p, year, use);
  while (given == PUBLISHED_MAKING && pthread_cond_timedwait(&p->news, &p->lock, &until) == 0)
    given = answer(p, year, use);
  pthread_mutex_unlock(&p->lock);
  return given;
}

void published_await(struct published *p, int wait_ms) {
  const struct timespec until = moment_after_ms(wait_ms);
  pthread_mutex_lock(&p->lock);
  while (!p->held && !p->failed && pthread_cond_timedwait(&p->news, &p->lock, &until) == 0)
    continue;
  pthread_mutex_unlock(&p->lock);
}

void published_give(struct published *p, struct published_use *use) {
  pthread_mutex_lock(&p->lock);
  struct held_edition *gone = drop_use(use->held);
  pthread_mutex_unlock(&p->lock);
  free_held(gone);
  use->held = NULL;
}

/* ---- life ---- */

static void release(struct published *p) {
  pthread_cond_destroy(&p->news);
  pthread_mutex_destroy(&p->lock);
  free(p);
}

enum status published_start(struct published **out, const struct published_options *options,
                            struct error *err) {
  struct published *p = memory_zeroed(1, sizeof *p);
  p->options = *options;
  pthread_mutex_init(&p->lock, NULL);
  condition_init(&p->news);
  if (ticker_start(&p->ticker, look, p, "what is published", err) != DONE) {
    release(p);
    return FAILED;
  }
  *out = p;
  return DONE;
}

void published_stop(struct published *p) {
  if (!p) return;
  ticker_stop(p->ticker);
  assert(!p->held || p->held->uses == 1);
  free_held(p->held);
  release(p);
}
