#include "web/published.h"

#include "base/thread.h"
#include "base/worker.h"
#include "book/entries.h"

#include <assert.h>
#include <stdlib.h>
#include <time.h>

/* One publication. */
struct edition {
  struct arena *arena;
  const struct publication *publication;
  int uses; /* one is the slot's */
};

struct published_slot {
  int year; /* 0: free */
  struct edition *edition;
  int64_t made, looked, used; /* seconds */
  bool wanted;                /* to be made, or to be checked */
  bool failed;                /* the last try failed, and no caller has got the error yet */
};

struct published {
  pthread_t thread;
  pthread_mutex_t lock;
  pthread_cond_t wake, news;
  atomic_bool stopping; /* changed with the lock held; publish_years reads it without the lock */
  bool years_known, years_wanted, years_failed;
  const char *url;
  const struct pack *pack;
  struct publish_years years;
  /* the log's size and the tax year when the years were read; only the thread uses both */
  int64_t years_size;
  int years_today;
  int latest; /* the year that is shown when none is asked for */
  struct published_slot slots[PUBLISHED_YEARS];
};

static int64_t seconds_now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return (int64_t)t.tv_sec + 1; /* never 0 */
}

/* With the lock held. */
static struct edition *drop_use(struct edition *e) { return e && --e->uses == 0 ? e : NULL; }

static void free_edition(struct edition *e) {
  if (!e) return;
  arena_free(e->arena);
  free(e);
}

/* ---- making ---- */

static enum status read_years(struct published *p, struct store *store, struct error *err) {
  struct publish_years years;
  const int today = year_of_day(YEAR_TAX, day_today());
  int64_t size = 0;
  /* read before the years: what is posted meanwhile is seen the next time */
  enum status status = publish_log_size(store, &size, err);
  if (status == DONE && p->years_known && p->years_size == size && p->years_today == today)
    return DONE;
  if (status == DONE) status = publish_years(store, today, &p->stopping, &years, err);
  if (status != DONE) return status;
  int latest = publish_years_latest(&years, today);
  if (!years.count) years.year[years.count++] = latest; /* an empty book has an empty account */
  pthread_mutex_lock(&p->lock);
  p->years = years;
  p->latest = latest;
  p->years_known = true;
  p->years_size = size;
  p->years_today = today;
  pthread_mutex_unlock(&p->lock);
  return DONE;
}

/* Whether the account is to be made again: enough lines have come since that nobody can tell one
 * posting from the difference, or it is old enough. */
static enum status is_due(struct store *store, const struct edition *e, int64_t age_seconds,
                          bool *due, struct error *err) {
  int64_t size, lines = 0;
  *due = true;
  if (!e) return DONE;
  enum status status = publish_log_size(store, &size, err);
  if (status != DONE) return status;
  *due = size != publication_log_size(e->publication) && age_seconds >= PUBLISHED_SECONDS;
  if (*due || size == publication_log_size(e->publication)) return DONE;
  status = entries_lines_after(store, publication_log_size(e->publication), &lines, err);
  *due = lines >= PUBLISHED_LINES;
  return status;
}

/* Makes the year's edition, if it is due. *made null: it is not. */
static enum status make(struct published *p, int year, const struct edition *old,
                        int64_t age_seconds, struct edition **made, struct error *err) {
  struct store *store = NULL;
  struct publication *publication;
  bool due = false;
  int threads = workers_count() / 2; /* pages that others read meanwhile need the other threads */
  const struct publish_options options = {.year = year,
                                          .threads = threads ? threads : 1,
                                          .progress = PROGRESS_NEVER};
  *made = NULL;
  enum status status = store_open(&store, p->url, STORE_READ, err);
  if (status == DONE) status = read_years(p, store, err);
  if (status == DONE && year) status = is_due(store, old, age_seconds, &due, err);
  if (status == DONE && due) {
    struct edition *e = memory_zeroed(1, sizeof *e);
    *e = (struct edition){.arena = arena_new(), .uses = 1};
    status = publication_make(store, p->pack, &options, e->arena, &publication, err);
    if (status == DONE) e->publication = publication;
    if (status == DONE) *made = e;
    else free_edition(e);
  }
  store_close(store);
  return status;
}

static struct published_slot *next_wanted(struct published *p) {
  for (int i = 0; i < PUBLISHED_YEARS; i++)
    if (p->slots[i].wanted) return &p->slots[i];
  return NULL;
}

static struct published_slot *slot_for(struct published *p, int year);

/* Called with the lock held; releases it while it reads. */
static void do_next(struct published *p, struct published_slot *slot) {
  struct error err = {0};
  int year = slot ? slot->year : 0;
  struct edition *old = slot ? slot->edition : NULL, *made = NULL, *gone = NULL;
  int64_t age = slot ? seconds_now() - slot->made : 0;
  if (old) old->uses++;
  pthread_mutex_unlock(&p->lock);
  enum status status = make(p, year, old, age, &made, &err);
  pthread_mutex_lock(&p->lock);
  free_edition(drop_use(old));
  if (!slot) {
    p->years_wanted = false;
    p->years_failed = status != DONE;
    if (status == DONE && (slot = slot_for(p, p->latest))) slot->wanted = !slot->edition;
  } else if (slot->year == year) { /* a slot that somebody waits for is not given to another year */
    slot->wanted = false;
    slot->failed = status != DONE && !slot->edition;
    slot->looked = seconds_now();
    if (made) {
      gone = drop_use(slot->edition);
      slot->edition = made;
      slot->made = slot->looked;
      made = NULL;
    }
  }
  pthread_cond_broadcast(&p->news);
  free_edition(gone);
  free_edition(made);
}

static void *work(void *context) {
  struct published *p = context;
  pthread_mutex_lock(&p->lock);
  while (!p->stopping) {
    struct published_slot *slot = next_wanted(p);
    if (slot || p->years_wanted) do_next(p, slot);
    else pthread_cond_wait(&p->wake, &p->lock);
  }
  pthread_mutex_unlock(&p->lock);
  return NULL;
}

/* ---- taking ---- */

/* The slot of the year, or else the slot that was asked for longest ago and is not being made;
 * null: all are being made. With the lock held. */
static struct published_slot *slot_for(struct published *p, int year) {
  struct published_slot *oldest = NULL;
  for (int i = 0; i < PUBLISHED_YEARS; i++)
    if (p->slots[i].year == year) return &p->slots[i];
  for (int i = 0; i < PUBLISHED_YEARS; i++)
    if (!p->slots[i].wanted && (!oldest || p->slots[i].used < oldest->used)) oldest = &p->slots[i];
  if (!oldest) return NULL;
  free_edition(drop_use(oldest->edition));
  *oldest = (struct published_slot){.year = year};
  return oldest;
}

static bool has_year(const struct publish_years *years, int year) {
  for (int i = 0; i < years->count; i++)
    if (years->year[i] == year) return true;
  return false;
}

static enum published_answer look(struct published *p, int year, struct published_use *use) {
  if (!p->years_known) {
    if (p->years_failed) {
      p->years_failed = false;
      return PUBLISHED_FAILED;
    }
    p->years_wanted = true;
    return PUBLISHED_MAKING;
  }
  if (!year) year = p->latest;
  /* making a year reads the whole book */
  if (!has_year(&p->years, year)) return PUBLISHED_NONE;
  struct published_slot *slot = slot_for(p, year);
  if (!slot) return PUBLISHED_MAKING;
  slot->used = seconds_now();
  if (slot->failed) {
    slot->failed = false;
    return PUBLISHED_FAILED;
  }
  if (!slot->edition || slot->used - slot->looked >= PUBLISHED_LOOK_SECONDS) slot->wanted = true;
  if (!slot->edition) return PUBLISHED_MAKING;
  slot->edition->uses++;
  *use = (struct published_use){.publication = slot->edition->publication,
                                .year = year,
                                .years = p->years,
                                .edition = slot->edition};
  return PUBLISHED_READY;
}

enum published_answer published_take(struct published *p, int year, int wait_ms,
                                     struct published_use *use) {
  const struct timespec until = moment_after_ms(wait_ms);
  pthread_mutex_lock(&p->lock);
  enum published_answer answer = look(p, year, use);
  pthread_cond_signal(&p->wake);
  while (answer == PUBLISHED_MAKING && pthread_cond_timedwait(&p->news, &p->lock, &until) == 0) {
    answer = look(p, year, use);
    pthread_cond_signal(&p->wake);
  }
  pthread_mutex_unlock(&p->lock);
  return answer;
}

void published_give(struct published *p, struct published_use *use) {
  pthread_mutex_lock(&p->lock);
  struct edition *gone = drop_use(use->edition);
  pthread_mutex_unlock(&p->lock);
  free_edition(gone);
  use->edition = NULL;
}

/* ---- life ---- */

static void release(struct published *p) {
  pthread_cond_destroy(&p->wake);
  pthread_cond_destroy(&p->news);
  pthread_mutex_destroy(&p->lock);
  free(p);
}

enum status published_start(struct published **out, const char *store_url, const struct pack *pack,
                            struct error *err) {
  struct published *p = memory_zeroed(1, sizeof *p);
  p->url = store_url;
  p->pack = pack;
  p->years_wanted = true;
  pthread_mutex_init(&p->lock, NULL);
  pthread_cond_init(&p->wake, NULL);
  condition_init(&p->news);
  if (thread_start(&p->thread, work, p, "what is published", err) != DONE) {
    release(p);
    return FAILED;
  }
  *out = p;
  return DONE;
}

void published_stop(struct published *p) {
  if (!p) return;
  pthread_mutex_lock(&p->lock);
  p->stopping = true;
  pthread_cond_signal(&p->wake);
  pthread_mutex_unlock(&p->lock);
  pthread_join(p->thread, NULL);
  for (int i = 0; i < PUBLISHED_YEARS; i++) {
    assert(!p->slots[i].edition || p->slots[i].edition->uses == 1);
    free_edition(p->slots[i].edition);
  }
  release(p);
}
