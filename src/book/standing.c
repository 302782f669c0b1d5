#include "book/standing.h"

#include "book/references.h"
#include "book/reversal.h"

#include <assert.h>

/* lines of a year that are tested one by one before all are gathered: in most years one of these
 * was not undone */
enum { LOOKED_AT_ONCE = 64 };

struct year_lines {
  int year;
  int64_t lines, undoing; /* as the journal counts them, with control lines */
  bool doubtful, stands;
  int looked;
  uint64_t found, undone; /* in the ledger: lines that undo nothing, and lines that were undone */
  wide_t *sums;           /* of amounts and quantities, by category */
};

struct standing_scan {
  struct store *store, *reader;
  struct arena *arena;
  const atomic_bool *stopping;
  struct year_lines *years;
  int count, doubtful;
  int64_t *reversals;
  int64_t reversal_count; /* entries, sorted */
  int64_t category_max;
  struct references *references;
};

/* An entry has one day, so the journal says how many lines each year has. */
static enum status read_journal(struct standing_scan *l, struct error *err) {
  struct query *q = NULL;
  bool row = false;
  struct year_lines *all = NULL;
  int capacity = 0;
  enum status status =
      store_query(l->store, &q,
                  "select day, case when kind = 'reversal' then 1 else 0 end, sum(lines) from "
                  "entry where kind <> 'closing' group by 1, 2 order by 1",
                  err);
  if (status != DONE) return status;
  while ((status = query_step(q, &row, err)) == DONE && row) {
    int year = year_of_day(YEAR_TAX, (day_t)query_int(q, 0));
    if (!l->count || all[l->count - 1].year != year) {
      array_reserve(all, capacity, l->count + 1);
      all[l->count++] = (struct year_lines){.year = year};
    }
    *(query_int(q, 1) ? &all[l->count - 1].undoing : &all[l->count - 1].lines) += query_int(q, 2);
  }
  query_end(q);
  l->years = arena_array(l->arena, struct year_lines, l->count + 1);
  if (l->count) memcpy(l->years, all, sizeof *all * (size_t)l->count);
  free(all);
  return status;
}

/* Every line has a control line or shares one, and the number of shared ones may differ for their
 * reversals. So if all lines of a year are undone, they are fewer than twice the lines that undo
 * them. */
static void find_doubtful(struct standing_scan *l) {
  for (int i = 0; i < l->count; i++) {
    struct year_lines *y = &l->years[i];
    y->doubtful = y->lines < 2 * y->undoing;
    y->stands = !y->doubtful && y->lines;
    l->doubtful += y->doubtful;
    if (y->doubtful) y->sums = arena_array(l->arena, wide_t, 2 * (l->category_max + 1));
  }
}

static struct year_lines *year_at(struct standing_scan *l, day_t day) {
  int year = year_of_day(YEAR_TAX, day), low = 0, high = l->count;
  while (low < high) {
    int middle = (low + high) / 2;
    if (l->years[middle].year < year) low = middle + 1;
    else high = middle;
  }
  return low < l->count && l->years[low].year == year ? &l->years[low] : NULL;
}

static enum status read_reversals(struct standing_scan *l, day_t first, day_t last,
                                  struct error *err) {
  struct query *q = NULL;
  bool row = false;
  int64_t *ids = NULL, capacity = 0;
  enum status status = store_query(
      l->store, &q,
      "select id from entry where kind = 'reversal' and day between ?1 and ?2 order by id", err);
  if (status != DONE) return status;
  query_bind_int(q, 1, first);
  query_bind_int(q, 2, last);
  while ((status = query_step(q, &row, err)) == DONE && row) {
    array_reserve(ids, capacity, l->reversal_count + 1);
    ids[l->reversal_count++] = query_int(q, 0);
  }
  query_end(q);
  l->reversals = ids;
  return status;
}

enum { DAY, ENTRY, N, ACCOUNT, AMOUNT, QUANTITY, CATEGORY, ERASED, REVERSES };

static enum status take(struct standing_scan *l, const struct column_block *b, size_t r,
                        struct error *err) {
  const struct block_column *c = b->column;
  struct year_lines *y = year_at(l, (day_t)c[DAY].integers[r]);
  const int64_t entry = c[ENTRY].integers[r], category = c[CATEGORY].integers[r],
                sum_account = c[ERASED].integers[r] ? c[ACCOUNT].integers[r] : 0;
  if (!y || !y->doubtful || y->stands) return DONE;
  if (category >= 0 && category <= l->category_max) {
    y->sums[2 * category] += c[AMOUNT].integers[r];
    y->sums[2 * category + 1] += c[QUANTITY].integers[r];
  }
  /* A sum of erased reversals does not say that it undoes lines, but its entry does. */
  if (c[REVERSES].integers[r] ||
      (sum_account && l->reversal_count &&
       array_find(&entry, l->reversals, l->reversal_count, int64_compare)))
    return DONE;
  const int32_t line_no = (int32_t)c[N].integers[r];
  if (y->looked < LOOKED_AT_ONCE) {
    bool undone = false;
    y->looked++;
    enum status status = reversal_known(l->store, entry, line_no, sum_account, &undone, err);
    if (status != DONE) return status;
    if (!undone) {
      y->stands = true;
      l->doubtful--;
      return DONE;
    }
  }
  return references_add_reversal(l->references, 0,
                                 &(struct undone_line){entry, line_no, sum_account},
                                 (int)(y - l->years), ++y->found, err);
}

static enum status scan(struct standing_scan *l, const struct reading *reading, day_t first,
                        day_t last, struct error *err) {
  struct query *q = NULL;
  const struct column_block *block = NULL;
  static const char sql[] =
      STORE_BLOCKS("l.day, l.entry, l.n, l.account, l.amount, l.quantity, l.category, case when "
                   "k.use = 'erased' then 1 else 0 end, l.reverses_entry",
                   "from line l join account a on a.id = l.account join account_role k on k.code = "
                   "a.role and k.use <> 'contra' where l.day between ?1 and ?2");
  enum status status = store_blocks(l->reader, &q, sql, "iiiiiiiii", err);
  if (status != DONE) return status;
  query_bind_int(q, 1, first);
  query_bind_int(q, 2, last);
  while (l->doubtful && (status = query_block(q, &block, err)) == DONE && block->rows) {
    for (size_t r = 0; status == DONE && r < block->rows; r++)
      if (reading_sees(reading, block->column[ENTRY].integers[r])) status = take(l, block, r, err);
    if (status == DONE && l->stopping && atomic_load(l->stopping))
      status = error_set(err, FAILED, "the program was told to stop");
    if (status != DONE) break;
  }
  query_end(q);
  return status;
}

static void count_undone(void *context, int file, uint64_t line, bool in_book) {
  struct standing_scan *l = context;
  (void)line;
  l->years[file].undone += in_book;
}

static void decide(struct standing_scan *l) {
  for (int i = 0; i < l->count; i++) {
    struct year_lines *y = &l->years[i];
    if (!y->doubtful || y->stands) continue;
    y->stands = y->undone < y->found;
    /* the reversals of its lines are in another year */
    for (int64_t s = 0; !y->stands && s < 2 * (l->category_max + 1); s++)
      y->stands = y->sums[s] != 0;
  }
}

static enum status look_at_lines(struct standing_scan *l, struct error *err) {
  struct reading reading;
  day_t first = DAY_LAST, last = DAY_FIRST;
  for (int i = 0; i < l->count; i++) {
    if (!l->years[i].doubtful) continue;
    if (first == DAY_LAST) first = year_first_day(YEAR_TAX, l->years[i].year);
    last = year_last_day(YEAR_TAX, l->years[i].year);
  }
  l->references = references_new(l->store, 0);
  enum status status = book_reading(l->store, l->arena, &reading, err);
  if (status == DONE) status = read_reversals(l, first, last, err);
  if (status == DONE) status = store_again(&l->reader, l->store, STORE_READ, err);
  if (status == DONE) status = scan(l, &reading, first, last, err);
  store_close(l->reader);
  if (status == DONE && l->doubtful)
    status = references_check(l->references, l->store, &reading, count_undone, l, NULL, err);
  if (status == DONE) decide(l);
  references_free(l->references);
  free(l->reversals);
  return status;
}

enum status standing_years(struct store *store, struct arena *arena, const atomic_bool *stopping,
                           struct standing *out, struct error *err) {
  struct standing_scan l = {.store = store, .arena = arena, .stopping = stopping};
  enum status status = store_int(store, "select max(id) from category", 0, &l.category_max, err);
  if (status == DONE) status = read_journal(&l, err);
  if (status != DONE) return status;
  find_doubtful(&l);
  if (l.doubtful) status = look_at_lines(&l, err);
  *out = (struct standing){.year = arena_array(arena, int, l.count + 1)};
  for (int i = 0; i < l.count; i++)
    if (l.years[i].stands) out->year[out->count++] = l.years[i].year;
  return status;
}
