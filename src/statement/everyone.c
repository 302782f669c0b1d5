/* Everybody's statements: blocks of people in order of code, on every core.
 *
 * The register and the accounts are read once and shared; each thread has a connection of its own
 * and the same reading, so all see one book. A block's lines are read together, its statements made
 * one by one in an arena that is reset between them.
 */
#include "statement/output.h"
#include "statement/subject.h"

#include "base/limits.h"
#include "base/worker.h"

#include <pthread.h>

enum { BLOCK_PEOPLE = 250 }; /* their lines and one statement fit the second-level cache */

struct everyone {
  struct store *store;
  const struct statements_options *options;
  struct arena *arena;
  const struct pack *pack;
  struct reference_data *reference_data;
  struct people *people;
  struct reading reading;
  struct account *accounts;
  int account_count;  /* in order of owner */
  int *account_first; /* by party id, and one more */
  /* indexes into people->all of those who get a statement, in order of code */
  int *order;
  int64_t order_count;
  struct maker maker;
  struct statements_output *output;
  pthread_mutex_t lock;
  struct progress progress;
  int64_t next, done, bytes; /* under the lock, like the members that follow */
  enum status status;
  struct error err;
};

struct statement_worker {
  struct everyone *all;
  struct store *store;
  struct gathering *gathering;
  struct arena *arena;
  struct text text;
  int *slot_of; /* by index of person: 1 where they are in the block */
  int *touched;
  int touched_count, touched_capacity;
};

/* ---- where people live ---- */

static int64_t place_on(void *context, const struct person *person, day_t day) {
  const struct everyone *all = context;
  return person_place(person, all->people, day);
}

static bool may_move(void *context, const struct person *person, day_t first, day_t last) {
  const struct everyone *all = context;
  for (int i = 0; i < person->residence_count; i++) {
    const struct residence *residence = &person->residences[i];
    if (residence->from > first && residence->from <= last) return true;
    if (!residence->household || residence->place) continue;
    for (int k = 0; k < all->people->household_residence_count[residence->household]; k++) {
      day_t from = all->people->household_residences[residence->household][k].from;
      if (from > first && from <= last) return true;
    }
  }
  return false;
}

/* ---- one block ---- */

static void add_person(struct statement_worker *worker, int index, bool shown) {
  const struct everyone *all = worker->all;
  const struct person *person = &all->people->all[index];
  const int *first = all->account_first;
  worker->slot_of[index] = 1;
  array_reserve(worker->touched, worker->touched_capacity, worker->touched_count + 1);
  worker->touched[worker->touched_count++] = index;
  gathering_add(worker->gathering, person, all->accounts + first[person->id],
                first[person->id + 1] - first[person->id], shown);
  for (int i = 0; i < person->merged_count; i++) {
    int64_t merged = person->merged[i];
    gathering_add_accounts(worker->gathering, all->accounts + first[merged],
                           first[merged + 1] - first[merged]);
  }
}

static void add_housemates(struct statement_worker *worker, const struct person *person) {
  const struct people *people = worker->all->people;
  int year = worker->all->options->request.year;
  day_t first = year_first_day(YEAR_TAX, year), last = year_last_day(YEAR_TAX, year);
  for (int i = 0; i < person->residence_count; i++) {
    const struct residence *residence = &person->residences[i];
    if (!residence->household || residence->from > last ||
        (i + 1 < person->residence_count && person->residences[i + 1].from <= first))
      continue;
    for (int k = 0; k < people->member_count[residence->household]; k++) {
      int index = people->member[residence->household][k];
      const struct person *other = &people->all[index];
      if (other->survivor) index = people->by_id[other->survivor];
      if (index >= 0 && !worker->slot_of[index]) add_person(worker, index, false);
    }
  }
}

static enum status render_block(struct statement_worker *worker, int64_t first, int64_t count,
                                struct error *err) {
  struct everyone *all = worker->all;
  const struct document_options options = {.csv_header = true};
  enum format format = all->options->format;
  text_clear(&worker->text);
  for (int i = 0; i < count; i++) {
    struct subject subject;
    arena_reset(worker->arena);
    gathering_subject(worker->gathering, i, &subject);
    struct sums *sums = subject_sum(all->reference_data->chart, &subject, &all->maker.request,
                                    worker->arena);
    const struct document *d = statement_make(&all->maker, &subject, sums, worker->arena);
    if (format != FORMAT_JSON) text_clear(&worker->text);
    size_t before = worker->text.size;
    document_render(d, format, &options, &worker->text);
    enum status status = DONE;
    if (format == FORMAT_JSON) text_add_char(&worker->text, '\n');
    else
      status = output_file(all->output, first + i, subject.person->code,
                           span_make(worker->text.bytes, worker->text.size), err);
    if (status != DONE) return status;
    __atomic_add_fetch(&all->bytes, (int64_t)(worker->text.size - before), __ATOMIC_RELAXED);
  }
  return DONE;
}

static enum status do_block(struct statement_worker *worker, int64_t block, struct error *err) {
  struct everyone *all = worker->all;
  int64_t first = block * BLOCK_PEOPLE,
          count = all->order_count - first < BLOCK_PEOPLE ? all->order_count - first : BLOCK_PEOPLE;
  const struct address_history where = {place_on, may_move, all};
  gathering_clear(worker->gathering);
  for (int64_t i = 0; i < count; i++) add_person(worker, all->order[first + i], true);
  for (int64_t i = 0; i < count; i++)
    add_housemates(worker, &all->people->all[all->order[first + i]]);
  for (int i = 0; i < worker->touched_count; i++) worker->slot_of[worker->touched[i]] = 0;
  worker->touched_count = 0;
  enum status status = gathering_read(worker->gathering, worker->store, &all->reading, &where, err);
  if (status == DONE) status = render_block(worker, first, count, err);
  if (status == DONE && all->options->format == FORMAT_JSON)
    status = output_block(all->output, block, span_make(worker->text.bytes, worker->text.size),
                          err);
  pthread_mutex_lock(&all->lock);
  all->done += count;
  progress_update(&all->progress, (uint64_t)all->done, (uint64_t)all->done);
  pthread_mutex_unlock(&all->lock);
  return status;
}

/* The next block's number; -1 when there is none, or another worker has failed. */
static int64_t take_block(struct everyone *all) {
  pthread_mutex_lock(&all->lock);
  int64_t block = all->status == DONE && all->next * BLOCK_PEOPLE < all->order_count ? all->next++
                                                                                     : -1;
  pthread_mutex_unlock(&all->lock);
  return block;
}

static void note_failure(struct everyone *all, enum status status, const struct error *err) {
  pthread_mutex_lock(&all->lock);
  if (all->status == DONE) {
    all->status = status;
    all->err = *err;
  }
  pthread_mutex_unlock(&all->lock);
  output_abort(all->output);
}

static void work(void *context, int number) {
  (void)number;
  struct everyone *all = context;
  struct error err = {0};
  struct statement_worker worker = {.all = all,
                                    .arena = arena_new(),
                                    .gathering = gathering_new(all->reference_data->chart,
                                                               all->reference_data->places,
                                                               all->options->request.year)};
  worker.slot_of = memory_zeroed((size_t)all->people->count + 1, sizeof *worker.slot_of);
  enum status status = store_again(&worker.store, all->store, STORE_READ, &err);
  for (int64_t block = 0; status == DONE && (block = take_block(all)) >= 0;)
    status = do_block(&worker, block, &err);
  if (status != DONE) note_failure(all, status, &err);
  store_close(worker.store);
  gathering_free(worker.gathering);
  arena_free(worker.arena);
  text_release(&worker.text);
  free(worker.slot_of);
  free(worker.touched);
}

/* ---- before and after ---- */

static void index_accounts(struct everyone *all) {
  int64_t max = all->people->max_id;
  all->account_first = arena_array(all->arena, int, max + 2);
  for (int i = 0; i < all->account_count; i++)
    if (all->accounts[i].owner <= max) all->account_first[all->accounts[i].owner + 1] = i + 1;
  for (int64_t id = 1; id <= max + 1; id++)
    if (all->account_first[id] < all->account_first[id - 1])
      all->account_first[id] = all->account_first[id - 1];
}

static enum status choose_people(struct everyone *all, struct error *err) {
  int upper = PLACE_NONE;
  if (all->options->place && (upper = places_by_code(all->reference_data->places,
                                                     span_of(all->options->place))) == PLACE_NONE)
    return error_set(err, REFUSED, "no place has the code %s", all->options->place);
  day_t last = year_last_day(YEAR_TAX, all->options->request.year);
  all->order = arena_array(all->arena, int, all->people->count + 1);
  for (int i = 0; i < all->people->count; i++) {
    const struct person *person = &all->people->all[i];
    if (person->survivor) continue;
    if (upper != PLACE_NONE) {
      const day_t day = subject_place_day(person, last);
      int64_t id = day == DAY_NONE ? 0 : person_place(person, all->people, day);
      int place = id ? places_by_id(all->reference_data->places, id) : PLACE_NONE;
      if (place == PLACE_NONE || !places_within(all->reference_data->places, place, upper))
        continue;
    }
    all->order[all->order_count++] = i;
  }
  return DONE;
}

static enum status read_all(struct everyone *all, struct error *err) {
  enum status status = reference_data_read(all->store, all->pack, all->arena, &all->reference_data,
                                           err);
  if (status == DONE) status = register_people(all->store, all->arena, &all->people, err);
  if (status == DONE)
    status = book_accounts_all(all->store, all->arena, OWNER_PERSON, &all->accounts,
                               &all->account_count, err);
  if (status == DONE) status = book_reading(all->store, all->arena, &all->reading, err);
  if (status != DONE) return status;
  index_accounts(all);
  all->maker = (struct maker){.reference_data = all->reference_data,
                              .request = all->options->request};
  return choose_people(all, err);
}

static enum status finish(struct everyone *all, struct error *err) {
  struct output_person *people = arena_array(all->arena, struct output_person,
                                             all->order_count + 1);
  for (int64_t i = 0; i < all->order_count; i++) {
    const struct person *person = &all->people->all[all->order[i]];
    people[i] = (struct output_person){person->code, person->name};
  }
  return output_finish(all->output, people, all->order_count, err);
}

static enum status run(struct everyone *all, struct error *err) {
  int jobs = all->options->jobs > 0 ? all->options->jobs : workers_count();
  if (jobs > LIMIT_THREADS) jobs = LIMIT_THREADS;
  progress_begin(&all->progress, all->options->progress, "statements", (uint64_t)all->order_count);
  workers_run(jobs, work, all);
  progress_end(&all->progress);
  if (all->status == DONE) return finish(all, err);
  if (err) *err = all->err;
  return all->status;
}

enum status statements_write(struct store *store, const struct pack *pack,
                             const struct statements_options *options,
                             struct statements_result *result, struct error *err) {
  struct everyone all = {.store = store, .options = options, .arena = arena_new(), .pack = pack};
  pthread_mutex_init(&all.lock, NULL);
  enum status status = store_lock_shared(store, BOOK_LOCK, err);
  bool locked = status == DONE;
  if (status == DONE) status = read_all(&all, err);
  if (status == DONE)
    status = output_open(&all.output, options->out_dir, options->format, options->request.language,
                         options->request.year, err);
  if (status == DONE) status = run(&all, err);
  if (status == DONE) *result = (struct statements_result){all.order_count, all.bytes};
  output_free(all.output);
  if (locked) store_unlock(store, BOOK_LOCK);
  pthread_mutex_destroy(&all.lock);
  arena_free(all.arena);
  return status;
}
