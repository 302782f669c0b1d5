/* Every citizen with their lines of the year: people are taken in order of id, so that their accounts, and the lines under them, come in the ledger's own order; a
 * block at a time, each thread with a connection of its own.
 */
#include "place/crowd.h"

#include "base/limits.h"
#include "base/worker.h"

#include <pthread.h>

enum { BLOCK_PEOPLE = 500 };

struct crowd {
  struct scope *scope;
  const struct crowd_reader *reader;
  void *context;
  int *order; int64_t count; /* indexes of people who are their own keep, in order of id */
  pthread_mutex_t lock;
  struct progress progress;
  int64_t next, done;
  enum status status;
  struct error err;
};

struct want { int64_t account; int slot; };

struct lane {
  struct crowd *crowd;
  struct scope *scope;
  void *sums;                /* the reader's */
  struct store *store;
  day_t first, last;
  struct want *wants; size_t want_count, want_capacity;
  int64_t *ids; size_t id_capacity;
  struct held_lines held;
  struct held **lines; size_t line_capacity;
  size_t *begin;             /* BLOCK_PEOPLE + 2 */
};

static void want_accounts(struct lane *l, int64_t owner, int slot) {
  const struct scope *s = l->scope;
  for (int i = s->account_first[owner]; i < s->account_first[owner + 1]; i++) {
    const struct account *a = &s->accounts[i];
    if (!roles_in_statement(s->codes->roles, a->role) || unit_is_holding(a->unit)) continue;
    array_reserve(l->wants, l->want_capacity, l->want_count + 1);
    l->wants[l->want_count++] = (struct want){a->id, slot};
  }
}

static int compare_wants(const void *a, const void *b) {
  const struct want *x = a, *y = b;
  return (x->account > y->account) - (x->account < y->account);
}

/* Lines by person: counted, then placed. */
static void deal_lines(struct lane *l, int slots) {
  memset(l->begin, 0, sizeof *l->begin * (size_t)(slots + 2));
  array_reserve(l->lines, l->line_capacity, l->held.count + 1);
  for (size_t i = 0; i < l->want_count; i++) l->begin[l->wants[i].slot + 1] += l->held.first[i + 1] - l->held.first[i];
  for (int i = 0; i < slots; i++) l->begin[i + 1] += l->begin[i];
  for (size_t i = 0; i < l->want_count; i++)
    for (size_t k = l->held.first[i]; k < l->held.first[i + 1]; k++) l->lines[l->begin[l->wants[i].slot]++] = &l->held.all[k];
  for (int i = slots; i > 0; i--) l->begin[i] = l->begin[i - 1];
  l->begin[0] = 0;
}

static enum status do_block(struct lane *l, int64_t first, int count, struct error *err) {
  const struct people *people = l->scope->people;
  const int *order = l->crowd->order + first;
  l->want_count = 0;
  for (int i = 0; i < count; i++) {
    const struct person *person = &people->all[order[i]];
    want_accounts(l, person->id, i);
    for (int k = 0; k < person->gone_count; k++) want_accounts(l, person->gone[k], i);
  }
  bool sorted = true;
  array_reserve(l->ids, l->id_capacity, l->want_count + 1);
  for (size_t i = 1; i < l->want_count && sorted; i++) sorted = l->wants[i - 1].account < l->wants[i].account;
  if (!sorted) qsort(l->wants, l->want_count, sizeof *l->wants, compare_wants);
  for (size_t i = 0; i < l->want_count; i++) l->ids[i] = l->wants[i].account;
  enum status status = figures_hold(&l->held, l->store, &l->scope->reading, l->ids, l->want_count, l->first, l->last, err);
  if (status != DONE) return status;
  deal_lines(l, count);
  for (int i = 0; i < count; i++) l->crowd->reader->person(l->sums, &people->all[order[i]], l->lines + l->begin[i], l->begin[i + 1] - l->begin[i]);
  return DONE;
}

/* What erasure left of lines that can no longer be tied to anyone: sums in the book's `erased` accounts, each with its place. They count beside the others,
 * but nobody is counted with them. An account's come together: their time is valued as one, and of two accounts an entry may have sums of the same number. */
static enum status add_erased(struct lane *l, struct error *err) {
  struct scope *s = l->scope;
  struct arena *arena = arena_new(); /* the scope's is shared with the other lanes */
  struct account *accounts = NULL;
  int count = 0;
  enum status status = book_accounts_all(l->store, arena, OWNER_BOOK, &accounts, &count, err);
  l->want_count = 0;
  for (int i = 0; status == DONE && i < count; i++) {
    if (!roles_is(s->codes->roles, span_of(accounts[i].role), ROLE_ERASED)) continue;
    array_reserve(l->wants, l->want_capacity, l->want_count + 1);
    l->wants[l->want_count++] = (struct want){accounts[i].id, 0};
  }
  arena_free(arena);
  if (status != DONE || !l->want_count) return status;
  qsort(l->wants, l->want_count, sizeof *l->wants, compare_wants);
  array_reserve(l->ids, l->id_capacity, l->want_count);
  for (size_t i = 0; i < l->want_count; i++) l->ids[i] = l->wants[i].account;
  status = figures_hold(&l->held, l->store, &s->reading, l->ids, l->want_count, l->first, l->last, err);
  array_reserve(l->lines, l->line_capacity, l->held.count + 1);
  for (size_t i = 0; status == DONE && i < l->held.count; i++) l->lines[i] = &l->held.all[i];
  for (size_t i = 0; status == DONE && i < l->want_count; i++)
    if (l->held.first[i + 1] > l->held.first[i]) l->crowd->reader->person(l->sums, NULL, l->lines + l->held.first[i], l->held.first[i + 1] - l->held.first[i]);
  return status;
}

static int64_t take_block(struct crowd *c, int64_t before) {
  pthread_mutex_lock(&c->lock);
  c->done += before;
  progress_update(&c->progress, (uint64_t)c->done, (uint64_t)c->done);
  int64_t first = c->status == DONE && c->next < c->count ? c->next : -1;
  if (first >= 0) c->next += BLOCK_PEOPLE;
  pthread_mutex_unlock(&c->lock);
  return first;
}

static void work(void *context, int number) {
  struct crowd *c = context;
  struct scope *s = c->scope;
  struct error err = {0};
  struct lane l = {.crowd = c, .scope = s, .first = year_first_day(YEAR_TAX, s->request->year), .last = year_last_day(YEAR_TAX, s->request->year)};
  l.sums = c->reader->begin(c->context, s);
  l.begin = memory_zeroed(BLOCK_PEOPLE + 2, sizeof *l.begin);
  enum status status = store_again(&l.store, s->store, STORE_READ, &err);
  int count = 0;
  for (int64_t first; status == DONE && (first = take_block(c, count)) >= 0;) {
    count = c->count - first < BLOCK_PEOPLE ? (int)(c->count - first) : BLOCK_PEOPLE;
    status = do_block(&l, first, count, &err);
  }
  if (status == DONE && number == 0) status = add_erased(&l, &err);
  pthread_mutex_lock(&c->lock);
  c->reader->end(c->context, l.sums);
  if (status != DONE && c->status == DONE) {
    c->status = status;
    c->err = err;
  }
  pthread_mutex_unlock(&c->lock);
  store_close(l.store);
  figures_release(&l.held);
  free(l.wants);
  free(l.ids);
  free(l.lines);
  free(l.begin);
}

enum status crowd_read(struct scope *s, const struct crowd_reader *reader, void *context, struct error *err) {
  struct crowd crowd = {.scope = s, .reader = reader, .context = context};
  crowd.order = memory_zeroed((size_t)s->people->count + 1, sizeof *crowd.order);
  for (int64_t id = 1; id <= s->people->max_id; id++) {
    int index = s->people->by_id[id];
    if (index >= 0 && !s->people->all[index].keep) crowd.order[crowd.count++] = index;
  }
  pthread_mutex_init(&crowd.lock, NULL);
  int threads = s->request->threads > 0 ? s->request->threads : workers_count();
  progress_begin(&crowd.progress, s->request->progress, "summing", (uint64_t)crowd.count);
  workers_run(threads < LIMIT_THREADS ? threads : LIMIT_THREADS, work, &crowd);
  progress_end(&crowd.progress);
  pthread_mutex_destroy(&crowd.lock);
  free(crowd.order);
  if (crowd.status != DONE && err) *err = crowd.err;
  return crowd.status;
}

static day_t later(day_t a, day_t b) { return a > b ? a : b; }
static day_t earlier(day_t a, day_t b) { return a < b ? a : b; }

void crowd_homes(const struct people *people, const struct person *person, day_t first, day_t last, void (*visit)(void *context, int64_t place), void *context) {
  first = later(first, person->born);
  if (person->died != DAY_NONE) last = earlier(last, person->died);
  for (int i = 0; i < person->stay_count; i++) {
    const struct stay *stay = &person->stays[i];
    day_t from = later(first, stay->from), to = i + 1 < person->stay_count ? earlier(last, person->stays[i + 1].from - 1) : last;
    if (to < from) continue;
    if (stay->place) visit(context, stay->place);
    else if (stay->household) {
      const struct stay *homes = people->household_stays[stay->household];
      int count = people->household_stay_count[stay->household];
      for (int k = 0; k < count; k++) {
        day_t begin = later(from, homes[k].from), end = k + 1 < count ? earlier(to, homes[k + 1].from - 1) : to;
        if (begin <= end) visit(context, homes[k].place);
      }
    }
  }
}
