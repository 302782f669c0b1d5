#include "book/scan.h"

#include "base/limits.h"
#include "base/worker.h"

#include <assert.h>
#include <pthread.h>

struct scan_run {
  const struct scan *scan;
  int64_t chunks;
  void *workers[LIMIT_THREADS]; /* the data of each worker */
  bool begun[LIMIT_THREADS];
  pthread_mutex_t mutex;
  pthread_cond_t turn;
  int64_t next, turned; /* the next chunk to be taken; whose turn it is */
  uint64_t done;
  struct progress progress;
  enum status status;
  struct error err;
};

static bool take_chunk(struct scan_run *run, struct scan_chunk *chunk) {
  const struct scan *scan = run->scan;
  pthread_mutex_lock(&run->mutex);
  bool taken = run->status == DONE && run->next < run->chunks;
  if (taken) chunk->number = run->next++;
  pthread_mutex_unlock(&run->mutex);
  if (!taken) return false;
  chunk->first = chunk->number * scan->chunk_items;
  chunk->end = scan->items - chunk->first < scan->chunk_items ? scan->items
                                                              : chunk->first + scan->chunk_items;
  chunk->done = (uint64_t)(chunk->end - chunk->first);
  return true;
}

static void note_failure(struct scan_run *run, enum status status, const struct error *err) {
  pthread_mutex_lock(&run->mutex);
  if (run->status == DONE) {
    run->status = status;
    run->err = *err;
  }
  pthread_cond_broadcast(&run->turn);
  pthread_mutex_unlock(&run->mutex);
}

/* A worker waits for others here, which base/worker.h allows only in this form: chunks are taken in
 * order, so earlier ones were taken by workers that have begun, and each of them waits only for
 * still earlier ones, the first for none: every wait ends. On a machine that gives no thread,
 * worker 0 takes all chunks itself, each in its turn, and the others find none. */
static enum status take_turn(struct scan_run *run, void *worker, const struct scan_chunk *chunk,
                             struct error *err) {
  pthread_mutex_lock(&run->mutex);
  while (run->turned != chunk->number && run->status == DONE)
    pthread_cond_wait(&run->turn, &run->mutex);
  bool mine = run->status == DONE;
  pthread_mutex_unlock(&run->mutex);
  if (!mine) return DONE;
  enum status status = run->scan->reader->turn(worker, chunk, err);
  pthread_mutex_lock(&run->mutex);
  run->turned += status == DONE; /* after a failure no turn comes: note_failure ends all */
  pthread_cond_broadcast(&run->turn);
  pthread_mutex_unlock(&run->mutex);
  return status;
}

static void count_done(struct scan_run *run, uint64_t done) {
  pthread_mutex_lock(&run->mutex);
  run->done += done;
  if (run->scan->what) progress_update(&run->progress, run->done, run->done);
  pthread_mutex_unlock(&run->mutex);
}

static void work(void *context, int number) {
  struct scan_run *run = context;
  const struct scan_reader *reader = run->scan->reader;
  struct store *store = NULL;
  struct scan_chunk chunk = {0};
  struct error err = {0};
  enum status status = store_again(&store, run->scan->store, STORE_READ, &err);
  void *worker = NULL;
  if (status == DONE) {
    worker = run->workers[number] = reader->begin(run->scan->context, store);
    run->begun[number] = true;
  }
  while (status == DONE && take_chunk(run, &chunk)) {
    status = reader->chunk(worker, &chunk, &err);
    if (status == DONE && reader->turn) status = take_turn(run, worker, &chunk, &err);
    if (status == DONE) count_done(run, chunk.done);
  }
  if (status != DONE) note_failure(run, status, &err);
  store_close(store);
}

enum status scan_run(const struct scan *scan, struct error *err) {
  int threads = scan->threads > 0 ? scan->threads : workers_count();
  struct scan_run run = {.scan = scan};
  assert(scan->chunk_items > 0 && scan->items >= 0);
  run.chunks = (scan->items + scan->chunk_items - 1) / scan->chunk_items;
  pthread_mutex_init(&run.mutex, NULL);
  pthread_cond_init(&run.turn, NULL);
  if (scan->what) {
    progress_begin(&run.progress, scan->progress, scan->what, scan->total);
    progress_report(&run.progress, scan->watch);
  }
  workers_run(threads < LIMIT_THREADS ? threads : LIMIT_THREADS, work, &run);
  if (scan->what) progress_end(&run.progress);
  for (int i = 0; i < LIMIT_THREADS; i++)
    if (run.begun[i]) scan->reader->end(scan->context, run.workers[i]);
  pthread_cond_destroy(&run.turn);
  pthread_mutex_destroy(&run.mutex);
  if (run.status != DONE && err) *err = run.err;
  return run.status;
}

/* ---- groups of accounts ---- */

void scan_group_clear(struct scan_group *group) { group->count = 0; }

void scan_group_add(struct scan_group *group, int64_t account, int slot) {
  array_reserve(group->accounts, group->capacity, group->count + 1);
  group->accounts[group->count++] = (struct scan_account){account, slot};
}

static int compare_accounts(const void *a, const void *b) {
  const struct scan_account *x = a, *y = b;
  return (x->account > y->account) - (x->account < y->account);
}

/* People in order of id have their accounts in order already. */
void scan_group_sort(struct scan_group *group) {
  bool sorted = true;
  for (size_t i = 1; i < group->count && sorted; i++)
    sorted = group->accounts[i - 1].account < group->accounts[i].account;
  if (!sorted) array_sort(group->accounts, group->count, compare_accounts);
  array_reserve(group->ids, group->id_capacity, group->count + 1);
  for (size_t i = 0; i < group->count; i++) group->ids[i] = group->accounts[i].account;
}

void scan_group_release(struct scan_group *group) {
  free(group->accounts);
  free(group->ids);
  figures_release(&group->lines);
  *group = (struct scan_group){0};
}

/* ---- lines by slot ---- */

static void count_lines(struct scan_deal *deal, const struct scan_group *group) {
  for (size_t i = 0; i < group->count; i++)
    deal->begin[group->accounts[i].slot + 1] += group->lines.first[i + 1] - group->lines.first[i];
}

static void place_lines(struct scan_deal *deal, const struct scan_group *group) {
  for (size_t i = 0; i < group->count; i++) {
    size_t *at = &deal->begin[group->accounts[i].slot];
    for (size_t k = group->lines.first[i]; k < group->lines.first[i + 1]; k++)
      deal->lines[(*at)++] = &group->lines.all[k];
  }
}

void scan_deal(struct scan_deal *deal, const struct scan_group *group,
               const struct scan_group *others, int slots) {
  array_reserve(deal->begin, deal->begin_capacity, (size_t)slots + 2);
  memset(deal->begin, 0, sizeof *deal->begin * ((size_t)slots + 2));
  deal->count = group->lines.count + (others ? others->lines.count : 0);
  array_reserve(deal->lines, deal->capacity, deal->count + 1);
  count_lines(deal, group);
  if (others) count_lines(deal, others);
  for (int i = 0; i < slots; i++) deal->begin[i + 1] += deal->begin[i];
  place_lines(deal, group);
  if (others) place_lines(deal, others);
  /* place_lines moved each index to its end, where the next begins */
  for (int i = slots; i > 0; i--) deal->begin[i] = deal->begin[i - 1];
  deal->begin[0] = 0;
}

void scan_deal_release(struct scan_deal *deal) {
  free(deal->lines);
  free(deal->begin);
  *deal = (struct scan_deal){0};
}

/* ---- accounts by owner ---- */

int *scan_index_owners(const struct account *accounts, int count, int64_t max,
                       struct arena *arena) {
  int *first = arena_array(arena, int, max + 2);
  for (int i = 0; i < count; i++)
    if (accounts[i].owner <= max) first[accounts[i].owner + 1] = i + 1;
  for (int64_t id = 1; id <= max + 1; id++)
    if (first[id] < first[id - 1]) first[id] = first[id - 1];
  return first;
}
