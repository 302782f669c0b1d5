/* Everybody's statements: chunks of people in order of code, on every core.
 *
 * The register and the accounts are read once and shared by all workers. A chunk's lines are read
 * together; its statements are made one by one in an arena that is reset between them.
 */
#include "base/refusal.h"
#include "statement/output.h"
#include "statement/subject.h"

#include "book/scan.h"

enum { CHUNK_PEOPLE = 250 }; /* their lines and one statement fit the second-level cache */

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
  int64_t bytes; /* changed atomically */
};

struct statement_worker {
  struct everyone *all;
  struct store *store;
  struct gathering *gathering;
  struct arena *arena;
  struct text text;
  int *slot_of; /* by index of person: 1 where they are in the chunk */
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

/* ---- one chunk ---- */

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

static enum status render_chunk(struct statement_worker *worker, int64_t first, int64_t count,
                                struct error *err) {
  struct everyone *all = worker->all;
  const struct document_options options = {.csv_header = true};
  enum format format = all->options->format;
  text_clear(&worker->text);
  for (int i = 0; i < count; i++) {
    struct subject subject;
    arena_reset(worker->arena);
    gathering_subject(worker->gathering, i, &subject);
    if (subject_find_begin(worker->store, worker->arena, all->maker.request.year, &subject, err))
      return err->code;
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

static enum status write_chunk(void *context, struct scan_chunk *chunk, struct error *err) {
  struct statement_worker *worker = context;
  struct everyone *all = worker->all;
  const struct address_history where = {place_on, may_move, all};
  gathering_clear(worker->gathering);
  for (int64_t i = chunk->first; i < chunk->end; i++) add_person(worker, all->order[i], true);
  for (int64_t i = chunk->first; i < chunk->end; i++)
    add_housemates(worker, &all->people->all[all->order[i]]);
  for (int i = 0; i < worker->touched_count; i++) worker->slot_of[worker->touched[i]] = 0;
  worker->touched_count = 0;
  enum status status = gathering_read(worker->gathering, worker->store, &all->reading, &where, err);
  return status == DONE ? render_chunk(worker, chunk->first, chunk->end - chunk->first, err)
                        : status;
}

/* JSON is one file in order of code. */
static enum status append_chunk(void *context, const struct scan_chunk *chunk, struct error *err) {
  const struct statement_worker *worker = context;
  (void)chunk;
  return output_append(worker->all->output, span_make(worker->text.bytes, worker->text.size), err);
}

static void *begin_worker(void *context, struct store *store) {
  struct everyone *all = context;
  struct statement_worker *worker = memory_zeroed(1, sizeof *worker);
  *worker = (struct statement_worker){.all = all,
                                      .store = store,
                                      .arena = arena_new(),
                                      .gathering = gathering_new(all->reference_data->chart,
                                                                 all->reference_data->places,
                                                                 all->options->request.year)};
  worker->slot_of = memory_zeroed((size_t)all->people->count + 1, sizeof *worker->slot_of);
  return worker;
}

static void end_worker(void *context, void *ended) {
  struct statement_worker *worker = ended;
  (void)context;
  gathering_free(worker->gathering);
  arena_free(worker->arena);
  text_release(&worker->text);
  free(worker->slot_of);
  free(worker->touched);
  free(worker);
}

/* ---- before and after ---- */

static enum status choose_people(struct everyone *all, struct error *err) {
  int upper = PLACE_NONE;
  if (all->options->place && (upper = places_by_code(all->reference_data->places,
                                                     span_of(all->options->place))) == PLACE_NONE)
    return refuse(err, PLACE_UNKNOWN, all->options->place);
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
  all->account_first = scan_index_owners(all->accounts, all->account_count, all->people->max_id,
                                         all->arena);
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
  static const struct scan_reader files = {begin_worker, write_chunk, NULL, end_worker},
                                  one_file = {begin_worker, write_chunk, append_chunk, end_worker};
  const struct scan scan = {.store = all->store,
                            .reader = all->options->format == FORMAT_JSON ? &one_file : &files,
                            .context = all,
                            .items = all->order_count,
                            .chunk_items = CHUNK_PEOPLE,
                            .threads = all->options->jobs,
                            .what = "statements",
                            .total = (uint64_t)all->order_count,
                            .progress = all->options->progress};
  enum status status = scan_run(&scan, err);
  return status == DONE ? finish(all, err) : status;
}

enum status statements_write(struct store *store, const struct pack *pack,
                             const struct statements_options *options,
                             struct statements_result *result, struct error *err) {
  struct everyone all = {.store = store, .options = options, .arena = arena_new(), .pack = pack};
  enum status status = store_lock_shared(store, BOOK_LOCK, err);
  bool locked = status == DONE;
  if (status == DONE) status = read_all(&all, err);
  if (status == DONE)
    status = output_open(&all.output, options->out_dir, options->format, options->request.language,
                         options->request.year, err);
  if (status == DONE) status = run(&all, err);
  const bool replaced = all.output && output_replaces(all.output);
  status = output_end(all.output, status, err);
  if (status == DONE) *result = (struct statements_result){all.order_count, all.bytes, replaced};
  if (locked) store_unlock(store, BOOK_LOCK);
  arena_free(all.arena);
  return status;
}
