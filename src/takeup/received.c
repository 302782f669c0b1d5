/* Who receives what: awards that stand, and lines of the last year, read once in order. */
#include "takeup/parts.h"

#include "takeup/got.h"

#include "award/award.h"
#include "book/book.h"

enum { ACCOUNTS_AT_ONCE = 4096, DAYS_READ = 366 };

struct paid_line {
  int64_t person;
  int64_t amount;
  day_t day;
  int of;
};

struct received_reader {
  struct arena *arena;
  const struct takeup_request *q;
  const struct people *people;
  struct takeup_benefit *benefits;
  struct received *out;
  int64_t *category;        /* id of each of wanted; 0: the book has none such */
  struct account *accounts; /* of people, in order of id */
  int account_count;
  int line_count, line_room;
  struct paid_line *lines;
  day_t *ended; /* as out->last: when the last award of it ended; null: the book has no awards */
};

static int64_t survivor_of(const struct people *people, int64_t id) {
  const struct person *p = people_find(people, id);
  return p ? p->id : id;
}

static day_t *no_days(struct arena *arena, const struct received *of) {
  const int64_t count = (of->max_id + 1) * of->wanted_count;
  day_t *days = arena_array(arena, day_t, count);
  for (int64_t i = 0; i < count; i++) days[i] = DAY_NONE;
  return days;
}

static enum status read_awards(struct received_reader *r, struct error *err) {
  struct awards all = {0};
  enum status status = awards_all(r->q->store, r->arena, &all, err);
  if (status == DONE && all.count) r->ended = no_days(r->arena, r->out);
  for (int i = 0; status == DONE && i < all.count; i++) {
    const struct award *a = &all.all[i];
    const int64_t person = survivor_of(r->people, a->party);
    for (int k = 0; k < r->q->wanted_count; k++) {
      if (strcmp(a->variable, r->q->wanted[k]->what->variable) != 0) continue;
      r->benefits[k].awards = true;
      if (person <= r->out->max_id)
        got_take_end(a, r->q->on, &r->ended[person * r->q->wanted_count + k]);
      const bool holds = award_runs(a, r->q->on, r->q->on) && a->pence > 0;
      if (holds && person <= r->out->max_id) r->out->award[person] |= (uint32_t)1 << k;
    }
  }
  return status;
}

static int account_compare(const void *a, const void *b) {
  const struct account *x = a, *y = b;
  return (x->id > y->id) - (x->id < y->id);
}

static void keep_line(struct received_reader *r, int64_t account, day_t day, int64_t category,
                      int64_t amount) {
  const struct account key = {.id = account};
  const struct account *of = array_find(&key, r->accounts, r->account_count, account_compare);
  for (int k = 0; of && k < r->q->wanted_count; k++) {
    if (r->category[k] != category) continue;
    array_reserve(r->lines, r->line_room, r->line_count + 1);
    r->lines[r->line_count++] = (struct paid_line){survivor_of(r->people, of->owner), amount, day,
                                                   k};
    if (day > r->benefits[k].paid_to || r->benefits[k].paid_to == DAY_NONE)
      r->benefits[k].paid_to = day;
  }
}

static enum status read_some(struct received_reader *r, const struct reading *reading, int from,
                             int count, const int64_t *categories, size_t category_count,
                             struct error *err) {
  int64_t ids[ACCOUNTS_AT_ONCE];
  struct line_cursor *lines = NULL;
  const struct line_block *b = NULL;
  for (int i = 0; i < count; i++) ids[i] = r->accounts[from + i].id;
  enum status status = lines_open(&lines, r->q->store, reading, ids, (size_t)count,
                                  r->q->on - DAYS_READ, r->q->on, err);
  if (status != DONE) return status;
  lines_of_categories(lines, categories, category_count);
  while ((status = lines_next_block(lines, &b, err)) == DONE && b->rows)
    for (size_t i = 0; i < b->rows; i++)
      keep_line(r, b->account[i], (day_t)b->day[i], b->category[i], b->amount[i]);
  lines_close(lines);
  return status;
}

static enum status read_lines(struct received_reader *r, struct error *err) {
  struct reading reading = {0};
  struct codes *codes = NULL;
  int64_t categories[TAKEUP_WANTED_MOST];
  size_t count = 0;
  enum status status = book_codes(r->q->store, r->arena, &codes, err);
  if (status == DONE)
    status = book_accounts_all(r->q->store, r->arena, OWNER_PERSON, &r->accounts, &r->account_count,
                               err);
  if (status == DONE) status = book_reading(r->q->store, r->arena, &reading, err);
  if (status != DONE) return status;
  array_sort(r->accounts, r->account_count, account_compare);
  for (int k = 0; k < r->q->wanted_count; k++) {
    r->category[k] = codes_category(codes, span_of(r->q->wanted[k]->what->category->code));
    bool before = !r->category[k];
    for (size_t i = 0; i < count; i++) before |= categories[i] == r->category[k];
    if (!before) categories[count++] = r->category[k];
  }
  for (int i = 0; status == DONE && count && i < r->account_count; i += ACCOUNTS_AT_ONCE) {
    const int left = r->account_count - i;
    status = read_some(r, &reading, i, left < ACCOUNTS_AT_ONCE ? left : ACCOUNTS_AT_ONCE,
                       categories, count, err);
  }
  return status;
}

static int line_compare(const void *a, const void *b) {
  const struct paid_line *x = a, *y = b;
  if (x->person != y->person) return x->person < y->person ? -1 : 1;
  return x->of - y->of;
}

/* What was taken back counts against what was paid. */
static void take_paid(struct received_reader *r) {
  array_sort(r->lines, r->line_count, line_compare);
  for (int i = 0, after; i < r->line_count; i = after) {
    const struct paid_line *first = &r->lines[i];
    const struct takeup_benefit *b = &r->benefits[first->of];
    const int days = b->what->what->per == PER_YEAR ? DAYS_READ : TAKEUP_PAID_DAYS;
    const int64_t at = first->person * r->out->wanted_count + first->of;
    struct got_paid paid = {0, DAY_NONE, DAY_NONE};
    __int128 sum = 0;
    for (after = i; after < r->line_count && line_compare(first, &r->lines[after]) == 0; after++)
      if (r->lines[after].day > b->paid_to - days) {
        sum += r->lines[after].amount;
        if (paid.last == DAY_NONE || r->lines[after].day > paid.last)
          paid.last = r->lines[after].day;
      }
    paid.pence = sum > 0;
    if (first->person <= r->out->max_id &&
        got_by_payments(b->what->what, paid, DAY_NONE, r->ended ? r->ended[at] : DAY_NONE))
      r->out->last[at] = paid.last;
  }
}

enum status takeup_received(struct arena *arena, const struct takeup_request *request,
                            const struct people *people, struct takeup_benefit *benefits,
                            struct received *out, struct error *err) {
  struct received_reader r = {
      .arena = arena, .q = request, .people = people, .benefits = benefits, .out = out};
  out->max_id = people->max_id;
  out->wanted_count = request->wanted_count;
  out->award = arena_array(arena, uint32_t, people->max_id + 1);
  out->last = no_days(arena, out);
  r.category = arena_array(arena, int64_t, request->wanted_count + 1);
  for (int k = 0; k < request->wanted_count; k++) benefits[k].paid_to = DAY_NONE;
  enum status status = read_awards(&r, err);
  if (status == DONE) status = read_lines(&r, err);
  if (status == DONE) take_paid(&r);
  free(r.lines);
  return status;
}
