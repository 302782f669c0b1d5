/* Every citizen with their lines of the year: people are taken in order of id, so that their
 * accounts and lines come in the ledger's own order. Each thread takes a block at a time, on a
 * connection of its own.
 */
#include "place/population.h"

#include "base/limits.h"
#include "base/worker.h"

#include <pthread.h>

enum { BLOCK_PEOPLE = 500 };

struct population {
  struct scope *scope;
  const struct population_reader *reader;
  void *context;
  int *order;
  int64_t count; /* indexes of people whose record was not merged into another, in order of id */
  pthread_mutex_t lock;
  struct progress progress;
  int64_t next, done;
  enum status status;
  struct error err;
};

struct account_want {
  int64_t account;
  int slot;
};

struct population_worker {
  struct population *population;
  struct scope *scope;
  void *sums; /* the reader's */
  struct store *store;
  day_t first, last;
  struct account_want *wants;
  size_t want_count, want_capacity;
  int64_t *ids;
  size_t id_capacity;
  struct loaded_lines loaded_line;
  struct loaded_line **lines;
  size_t line_capacity;
  size_t *begin; /* BLOCK_PEOPLE + 2 */
};

static void want_accounts(struct population_worker *l, int64_t owner, int slot) {
  const struct scope *s = l->scope;
  for (int i = s->account_first[owner]; i < s->account_first[owner + 1]; i++) {
    const struct account *a = &s->accounts[i];
    if (!roles_in_statement(s->codes->roles, a->role) || unit_is_holding(a->unit)) continue;
    array_reserve(l->wants, l->want_capacity, l->want_count + 1);
    l->wants[l->want_count++] = (struct account_want){a->id, slot};
  }
}

static int compare_wants(const void *a, const void *b) {
  const struct account_want *x = a, *y = b;
  return (x->account > y->account) - (x->account < y->account);
}

/* Lines by person: counted, then placed. */
static void deal_lines(struct population_worker *l, int slots) {
  memset(l->begin, 0, sizeof *l->begin * (size_t)(slots + 2));
  array_reserve(l->lines, l->line_capacity, l->loaded_line.count + 1);
  for (size_t i = 0; i < l->want_count; i++)
    l->begin[l->wants[i].slot + 1] += l->loaded_line.first[i + 1] - l->loaded_line.first[i];
  for (int i = 0; i < slots; i++) l->begin[i + 1] += l->begin[i];
  for (size_t i = 0; i < l->want_count; i++)
    for (size_t k = l->loaded_line.first[i]; k < l->loaded_line.first[i + 1]; k++)
      l->lines[l->begin[l->wants[i].slot]++] = &l->loaded_line.all[k];
  for (int i = slots; i > 0; i--) l->begin[i] = l->begin[i - 1];
  l->begin[0] = 0;
}

static enum status do_block(struct population_worker *l, int64_t first, int count,
                            struct error *err) {
  const struct people *people = l->scope->people;
  const int *order = l->population->order + first;
  l->want_count = 0;
  for (int i = 0; i < count; i++) {
    const struct person *person = &people->all[order[i]];
    want_accounts(l, person->id, i);
    for (int k = 0; k < person->merged_count; k++) want_accounts(l, person->merged[k], i);
  }
  bool sorted = true;
  array_reserve(l->ids, l->id_capacity, l->want_count + 1);
  for (size_t i = 1; i < l->want_count && sorted; i++)
    sorted = l->wants[i - 1].account < l->wants[i].account;
  if (!sorted) qsort(l->wants, l->want_count, sizeof *l->wants, compare_wants);
  for (size_t i = 0; i < l->want_count; i++) l->ids[i] = l->wants[i].account;
  enum status status = figures_load(&l->loaded_line, l->store, &l->scope->reading, l->ids,
                                    l->want_count, l->first, l->last, err);
  if (status != DONE) return status;
  deal_lines(l, count);
  for (int i = 0; i < count; i++)
    l->population->reader->person(l->sums, &people->all[order[i]], l->lines + l->begin[i],
                                  l->begin[i + 1] - l->begin[i]);
  return DONE;
}

/* Adds the sums of erased lines, which belong to nobody any more: they are in the book's `erased`
 * accounts, each with its place. Their amounts count like others, but no person is counted. The
 * sums of an account come together, because their time is valued as one, and because an entry may
 * have sums of the same line number in two accounts. */
static enum status add_erased(struct population_worker *l, struct error *err) {
  struct scope *s = l->scope;
  struct arena *arena = arena_new(); /* the scope's arena is shared with the other workers */
  struct account *accounts = NULL;
  int count = 0;
  enum status status = book_accounts_all(l->store, arena, OWNER_BOOK, &accounts, &count, err);
  l->want_count = 0;
  for (int i = 0; status == DONE && i < count; i++) {
    if (!roles_is(s->codes->roles, span_of(accounts[i].role), ROLE_ERASED)) continue;
    array_reserve(l->wants, l->want_capacity, l->want_count + 1);
    l->wants[l->want_count++] = (struct account_want){accounts[i].id, 0};
  }
  arena_free(arena);
  if (status != DONE || !l->want_count) return status;
  qsort(l->wants, l->want_count, sizeof *l->wants, compare_wants);
  array_reserve(l->ids, l->id_capacity, l->want_count);
  for (size_t i = 0; i < l->want_count; i++) l->ids[i] = l->wants[i].account;
  status = figures_load(&l->loaded_line, l->store, &s->reading, l->ids, l->want_count, l->first,
                        l->last, err);
  array_reserve(l->lines, l->line_capacity, l->loaded_line.count + 1);
  for (size_t i = 0; status == DONE && i < l->loaded_line.count; i++)
    l->lines[i] = &l->loaded_line.all[i];
  for (size_t i = 0; status == DONE && i < l->want_count; i++)
    if (l->loaded_line.first[i + 1] > l->loaded_line.first[i])
      l->population->reader->person(l->sums, NULL, l->lines + l->loaded_line.first[i],
                                    l->loaded_line.first[i + 1] - l->loaded_line.first[i]);
  return status;
}

static int64_t take_block(struct population *c, int64_t before) {
  pthread_mutex_lock(&c->lock);
  c->done += before;
  progress_update(&c->progress, (uint64_t)c->done, (uint64_t)c->done);
  int64_t first = c->status == DONE && c->next < c->count ? c->next : -1;
  if (first >= 0) c->next += BLOCK_PEOPLE;
  pthread_mutex_unlock(&c->lock);
  return first;
}

static void work(void *context, int number) {
  struct population *c = context;
  struct scope *s = c->scope;
  struct error err = {0};
  struct population_worker l = {.population = c,
                                .scope = s,
                                .first = year_first_day(YEAR_TAX, s->request->year),
                                .last = year_last_day(YEAR_TAX, s->request->year)};
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
  figures_release(&l.loaded_line);
  free(l.wants);
  free(l.ids);
  free(l.lines);
  free(l.begin);
}

enum status population_read(struct scope *s, const struct population_reader *reader, void *context,
                            struct error *err) {
  struct population population = {.scope = s, .reader = reader, .context = context};
  population.order = memory_zeroed((size_t)s->people->count + 1, sizeof *population.order);
  for (int64_t id = 1; id <= s->people->max_id; id++) {
    int index = s->people->by_id[id];
    if (index >= 0 && !s->people->all[index].survivor) population.order[population.count++] = index;
  }
  pthread_mutex_init(&population.lock, NULL);
  int threads = s->request->threads > 0 ? s->request->threads : workers_count();
  progress_begin(&population.progress, s->request->progress, "summing", (uint64_t)population.count);
  workers_run(threads < LIMIT_THREADS ? threads : LIMIT_THREADS, work, &population);
  progress_end(&population.progress);
  pthread_mutex_destroy(&population.lock);
  free(population.order);
  if (population.status != DONE && err) *err = population.err;
  return population.status;
}

static day_t later(day_t a, day_t b) { return a > b ? a : b; }
static day_t earlier(day_t a, day_t b) { return a < b ? a : b; }

void population_homes(const struct people *people, const struct person *person, day_t first,
                      day_t last, void (*visit)(void *context, int64_t place), void *context) {
  first = later(first, person->born);
  if (person->died != DAY_NONE) last = earlier(last, person->died);
  for (int i = 0; i < person->residence_count; i++) {
    const struct residence *residence = &person->residences[i];
    day_t from = later(first, residence->from),
          to = i + 1 < person->residence_count ? earlier(last, person->residences[i + 1].from - 1)
                                               : last;
    if (to < from) continue;
    if (residence->place) visit(context, residence->place);
    else if (residence->household) {
      const struct residence *homes = people->household_residences[residence->household];
      int count = people->household_residence_count[residence->household];
      for (int k = 0; k < count; k++) {
        day_t begin = later(from, homes[k].from),
              end = k + 1 < count ? earlier(to, homes[k + 1].from - 1) : to;
        if (begin <= end) visit(context, homes[k].place);
      }
    }
  }
}
