/* One person's statement: reads only what concerns the person, so that it costs the same in a book
 * of sixty million lines. */
#include "attest/person_accounts.h"
#include "statement/subject.h"

enum { HOUSEMATES_MAX = 4096 }; /* a care home, a prison: further people are left out */

struct one {
  struct store *store;
  struct arena *arena;
  struct maker maker;
  struct gathering *g; /* of the maker's year */
  struct person *person;
  struct homes *homes;
};

static int64_t place_on(void *context, const struct person *person, day_t day) {
  struct one *one = context;
  return homes_place(one->homes, person, day);
}

static bool may_move(void *context, const struct person *person, day_t first, day_t last) {
  struct one *one = context;
  return homes_move(one->homes, person, first, last);
}

static enum status add_person(struct one *one, const struct person *person, bool shown,
                              struct error *err) {
  struct account *accounts = NULL;
  int count = 0;
  enum status status = person_accounts_all(one->store, one->arena, person, &accounts, &count, err);
  if (status == DONE) gathering_add(one->g, person, accounts, count, shown);
  return status;
}

static enum status add_household(struct one *one, int64_t household, int64_t *known,
                                 int *known_count, struct error *err) {
  int64_t *ids = NULL;
  int count = 0;
  enum status status = register_household_members(one->store, one->arena, household, &ids, &count,
                                                  err);
  for (int i = 0; i < count && status == DONE && *known_count < HOUSEMATES_MAX; i++) {
    struct person *other = NULL;
    bool is_known = ids[i] == one->person->id;
    for (int k = 0; k < *known_count && !is_known; k++) is_known = known[k] == ids[i];
    if (is_known) continue;
    if ((status = person_accounts_owner(one->store, one->arena, ids[i], &other, err)) != DONE)
      break;
    for (int k = 0; k < *known_count && !is_known; k++) is_known = known[k] == other->id;
    if (is_known || other->id == one->person->id) continue;
    known[(*known_count)++] = other->id;
    status = add_person(one, other, false, err);
  }
  return status;
}

static enum status add_housemates(struct one *one, struct error *err) {
  int64_t *known = arena_array(one->arena, int64_t, HOUSEMATES_MAX);
  int known_count = 0;
  const int year = one->maker.request.year;
  day_t first = year_first_day(YEAR_TAX, year), last = year_last_day(YEAR_TAX, year);
  const struct person *person = one->person;
  for (int i = 0; i < person->residence_count; i++) {
    const struct residence *residence = &person->residences[i];
    if (!residence->household || residence->from > last ||
        (i + 1 < person->residence_count && person->residences[i + 1].from <= first))
      continue;
    enum status status = add_household(one, residence->household, known, &known_count, err);
    if (status != DONE) return status;
  }
  return DONE;
}

static enum status find(struct one *one, int64_t person, struct error *err) {
  enum status status = person_accounts_owner(one->store, one->arena, person, &one->person, err);
  return status == DONE ? register_homes(one->store, one->arena, one->person, &one->homes, err)
                        : status;
}

/* The lines of the person, and of those they live with where these are wanted, and what they come
 * to for the person in the maker's year. What it gives lives as long as one->g. */
static enum status sum(struct one *one, bool housemates, struct subject *subject, struct sums **out,
                       struct error *err) {
  struct reading reading;
  const struct address_history where = {place_on, may_move, one};
  const struct reference_data *data = one->maker.reference_data;
  one->g = gathering_new(data->chart, data->places, one->maker.request.year);
  enum status status = add_person(one, one->person, true, err);
  if (status == DONE && housemates) status = add_housemates(one, err);
  if (status == DONE) status = book_reading(one->store, one->arena, &reading, err);
  if (status == DONE) status = gathering_read(one->g, one->store, &reading, &where, err);
  if (status != DONE) return status;
  gathering_subject(one->g, 0, subject);
  status = subject_find_begin(one->store, one->arena, one->maker.request.year, subject, err);
  if (status != DONE) return status;
  *out = subject_sum(data->chart, subject, &one->maker.request, one->arena);
  return DONE;
}

enum status statement_one(struct store *store, const struct reference_data *reference_data,
                          int64_t person, const struct statement_request *request,
                          struct arena *arena, struct document **out, struct error *err) {
  struct one one = {.store = store, .arena = arena, .maker = {reference_data, *request}};
  struct subject subject;
  struct sums *sums;
  enum status status = find(&one, person, err);
  if (status == DONE) status = sum(&one, true, &subject, &sums, err);
  if (status == DONE) *out = statement_make(&one.maker, &subject, sums, arena);
  gathering_free(one.g);
  return status;
}

/* ---- the year in a sentence ---- */

enum status statement_summary(struct store *store, const struct reference_data *reference_data,
                              int64_t person, const struct statement_request *request,
                              struct arena *arena, struct statement_summary *out,
                              struct error *err) {
  struct one one = {.store = store, .arena = arena, .maker = {reference_data, *request}};
  struct subject subject;
  struct sums *sums;
  enum status status = find(&one, person, err);
  if (status == DONE) status = sum(&one, false, &subject, &sums, err);
  if (status == DONE) {
    const struct statement_page page = {.maker = &one.maker,
                                        .subject = &subject,
                                        .sums = sums,
                                        .arena = arena,
                                        .language = request->language,
                                        .year = request->year};
    statement_summarise(&page, out);
  }
  gathering_free(one.g);
  return status;
}

/* ---- the life alone ---- */

/* *last: the last year that has a line which counts in a total; `year` where none has. */
static enum status life_to(struct one *one, int year, struct document **out, int *last,
                           struct error *err) {
  struct subject subject;
  struct sums *sums;
  one->maker.request.year = *last = year;
  one->maker.request.life = true;
  enum status status = sum(one, false, &subject, &sums, err);
  if (status == DONE) {
    *out = statement_make_life(&one->maker, &subject, sums, one->arena);
    for (int y = sums->year_count; y-- > 0;)
      if (sums->years[y].lines) {
        *last = sums->years[y].year;
        break;
      }
  }
  gathering_free(one->g);
  return status;
}

enum status statement_life(struct store *store, const struct reference_data *reference_data,
                           int64_t person, const struct statement_request *request,
                           struct arena *arena, struct document **out, struct error *err) {
  struct one one = {.store = store, .arena = arena, .maker = {reference_data, *request}};
  struct year_range range;
  enum status status = find(&one, person, err);
  if (status != DONE) return status;
  const int year = request->year;
  int to = year, last = 0;
  if (!year && (status = statement_years(store, one.person->id, arena, &range, err)) == DONE)
    to = range.some ? range.last : year_of_day(YEAR_TAX, day_today());
  if (status == DONE) status = life_to(&one, to, out, &last, err);
  /* the last years have only holdings or transfers */
  if (status == DONE && !year && last != to) status = life_to(&one, last, out, &last, err);
  return status;
}
