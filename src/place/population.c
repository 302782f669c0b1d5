/* Every citizen with their lines of the year: people are taken in order of id, so that their
 * accounts and lines come in the ledger's own order.
 */
#include "place/population.h"

#include "book/scan.h"

enum { CHUNK_PEOPLE = 128 }; /* their lines fit the second-level cache */

struct population {
  struct scope *scope;
  const struct population_reader *reader;
  void *context;
  int *order; /* indexes of people whose record was not merged into another, in order of id */
  day_t first, last;
};

struct population_worker {
  struct population *population;
  struct scope *scope;
  void *sums; /* the reader's */
  struct store *store;
  struct scan_group group;
  struct scan_deal deal;
};

static void add_accounts(struct population_worker *w, int64_t owner, int slot) {
  const struct scope *s = w->scope;
  for (int i = s->account_first[owner]; i < s->account_first[owner + 1]; i++) {
    const struct account *a = &s->accounts[i];
    if (roles_in_statement(s->codes->roles, a->role) && !unit_is_holding(a->unit))
      scan_group_add(&w->group, a->id, slot);
  }
}

static enum status load(struct population_worker *w, struct error *err) {
  scan_group_sort(&w->group);
  return figures_load(&w->group.lines, w->store, &w->scope->reading, w->group.ids, w->group.count,
                      w->population->first, w->population->last, err);
}

static void tell_reader(struct population_worker *w, const struct person *person, int slot) {
  const size_t *begin = &w->deal.begin[slot];
  w->population->reader->person(w->sums, person, w->deal.lines + begin[0], begin[1] - begin[0]);
}

static enum status read_chunk(void *worker, struct scan_chunk *chunk, struct error *err) {
  struct population_worker *w = worker;
  const struct people *people = w->scope->people;
  const int *order = w->population->order + chunk->first;
  const int count = (int)(chunk->end - chunk->first);
  scan_group_clear(&w->group);
  for (int i = 0; i < count; i++) {
    const struct person *person = &people->all[order[i]];
    add_accounts(w, person->id, i);
    for (int k = 0; k < person->merged_count; k++) add_accounts(w, person->merged[k], i);
  }
  enum status status = load(w, err);
  if (status != DONE) return status;
  scan_deal(&w->deal, &w->group, NULL, count);
  for (int i = 0; i < count; i++) tell_reader(w, &people->all[order[i]], i);
  return DONE;
}

static void *begin_worker(void *context, struct store *store) {
  struct population *p = context;
  struct population_worker *w = memory_zeroed(1, sizeof *w);
  *w = (struct population_worker){.population = p, .scope = p->scope, .store = store};
  w->sums = p->reader->begin(p->context, p->scope);
  return w;
}

static void release_worker(struct population_worker *w) {
  scan_group_release(&w->group);
  scan_deal_release(&w->deal);
}

static void end_worker(void *context, void *worker) {
  struct population *p = context;
  struct population_worker *w = worker;
  p->reader->end(p->context, w->sums);
  release_worker(w);
  free(w);
}

/* Adds the sums of erased lines, which belong to nobody any more: they are in the book's `erased`
 * accounts, each with its place. Their amounts count like others, but no person is counted. The
 * sums of an account come together, because an entry may have sums of the same line number in two
 * accounts. */
static enum status add_erased(struct population *p, struct error *err) {
  struct scope *s = p->scope;
  struct population_worker w = {.population = p, .scope = s, .store = s->store};
  struct account *accounts = NULL;
  int count = 0, slots = 0;
  enum status status = book_accounts_all(s->store, s->arena, OWNER_BOOK, &accounts, &count, err);
  for (int i = 0; status == DONE && i < count; i++)
    if (roles_is(s->codes->roles, span_of(accounts[i].role), ROLE_ERASED))
      scan_group_add(&w.group, accounts[i].id, slots++);
  if (status == DONE && slots) status = load(&w, err);
  if (status == DONE && slots) {
    scan_deal(&w.deal, &w.group, NULL, slots);
    w.sums = p->reader->begin(p->context, s);
    for (int i = 0; i < slots; i++)
      if (w.deal.begin[i + 1] > w.deal.begin[i]) tell_reader(&w, NULL, i);
    p->reader->end(p->context, w.sums);
  }
  release_worker(&w);
  return status;
}

enum status population_read(struct scope *s, const struct population_reader *reader, void *context,
                            struct error *err) {
  static const struct scan_reader scanned = {begin_worker, read_chunk, NULL, end_worker};
  const struct people *people = s->people;
  struct population p = {.scope = s,
                         .reader = reader,
                         .context = context,
                         .first = year_first_day(YEAR_TAX, s->request->year) -
                                  s->request->days_before,
                         .last = year_last_day(YEAR_TAX, s->request->year)};
  int64_t count = 0;
  p.order = memory_zeroed((size_t)people->count + 1, sizeof *p.order);
  for (int64_t id = 1; id <= people->max_id; id++) {
    int index = people->by_id[id];
    if (index >= 0 && !people->all[index].survivor) p.order[count++] = index;
  }
  const struct scan scan = {.store = s->store,
                            .reader = &scanned,
                            .context = &p,
                            .items = count,
                            .chunk_items = CHUNK_PEOPLE,
                            .threads = s->request->threads,
                            .what = "summing",
                            .total = (uint64_t)count,
                            .progress = s->request->progress};
  enum status status = scan_run(&scan, err);
  if (status == DONE) status = add_erased(&p, err);
  free(p.order);
  return status;
}

static day_t later(day_t a, day_t b) { return a > b ? a : b; }
static day_t earlier(day_t a, day_t b) { return a < b ? a : b; }

void population_homes(const struct people *people, const struct person *person, day_t first,
                      day_t last, void (*visit)(void *context, int64_t place), void *context) {
  first = later(first, person->born);
  if (person->died != DAY_NONE) last = earlier(last, person->died);
  for (int i = 0; i < person->residence_count; i++) {
    const struct residence *residence = &person->residences[i];
    const day_t left = person_stay_end(person, i), from = later(first, residence->from);
    const day_t to = left == DAY_NONE ? last : earlier(last, left);
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
