#include "statement/subject.h"

#include "base/money.h"
#include "book/entries.h"
#include "book/scan.h"
#include "statement/corrections.h"

struct gather_slot {
  const struct person *person;
  bool shown;
};
/* a household where somebody lived in the year */
struct shared_home {
  int64_t household;
  int slot;
};
struct shared_line {
  int slot;
  int rank;
  struct shared shared;
}; /* who gets the shared lines, and from whom */

struct gathering {
  const struct chart *chart;
  const struct places *places;
  const struct address_history *where;
  day_t first, last; /* of the year */
  struct gather_slot *slots;
  int slot_count, slot_capacity;
  /* accounts of the shown people, for their whole life; of those who lived with them, for the
   * year */
  struct scan_group own, others;
  struct scan_deal deal; /* the lines of each slot */
  struct shared_home *homes;
  int home_count, home_capacity;
  struct shared_line *told;
  int shared_line_count, shared_line_capacity;
  struct shared *shared;
  int shared_capacity;
  struct move *moves;
  int move_capacity;
  /* what was taken back in later years: the lines of `own` that do so, and of them those that take
   * back a line of the year, in order of slot */
  struct loaded_lines after;
  struct later_line {
    int slot;
    struct loaded_line *line;
  } * later;
  size_t later_count, later_capacity;
  struct loaded_line **later_of; /* of the subject */
  size_t later_of_capacity;
  struct recorded_on *recorded; /* of all blocks, in order of entry */
  size_t recorded_count, recorded_capacity;
};

struct gathering *gathering_new(const struct chart *chart, const struct places *places, int year) {
  struct gathering *g = memory_zeroed(1, sizeof *g);
  g->chart = chart;
  g->places = places;
  g->first = year_first_day(YEAR_TAX, year);
  g->last = year_last_day(YEAR_TAX, year);
  return g;
}

void gathering_free(struct gathering *g) {
  if (!g) return;
  scan_group_release(&g->own);
  scan_group_release(&g->others);
  scan_deal_release(&g->deal);
  free(g->slots);
  free(g->homes);
  free(g->told);
  free(g->shared);
  free(g->moves);
  figures_release(&g->after);
  free(g->later);
  free(g->later_of);
  free(g->recorded);
  free(g);
}

void gathering_clear(struct gathering *g) {
  g->slot_count = g->home_count = g->shared_line_count = 0;
  scan_group_clear(&g->own);
  scan_group_clear(&g->others);
}

void gathering_add_accounts(struct gathering *g, const struct account *accounts, int count) {
  int slot = g->slot_count - 1;
  struct scan_group *group = g->slots[slot].shown ? &g->own : &g->others;
  for (int i = 0; i < count; i++) {
    /* A purse or a welfare account holds money on its way; the other two accounts have the lines of
     * what is paid out of it. */
    if (!roles_in_statement(g->chart->codes->roles, accounts[i].role)) continue;
    scan_group_add(group, accounts[i].id, slot);
  }
}

void gathering_add(struct gathering *g, const struct person *person, const struct account *accounts,
                   int count, bool shown) {
  array_reserve(g->slots, g->slot_capacity, g->slot_count + 1);
  g->slots[g->slot_count] = (struct gather_slot){person, shown};
  for (int i = 0; i < person->residence_count; i++) {
    const struct residence *residence = &person->residences[i];
    if (!residence->household || residence->from > g->last ||
        (i + 1 < person->residence_count && person->residences[i + 1].from <= g->first))
      continue;
    array_reserve(g->homes, g->home_capacity, g->home_count + 1);
    g->homes[g->home_count++] = (struct shared_home){residence->household, g->slot_count};
  }
  g->slot_count++;
  gathering_add_accounts(g, accounts, count);
}

/* ---- lines ---- */

static bool in_year(const struct gathering *g, const struct loaded_line *line) {
  return line->day >= g->first && line->day <= g->last;
}

/* ---- when lines were taken back ---- */

static int compare_recorded(const void *a, const void *b) {
  const struct recorded_on *x = a, *y = b;
  return (x->entry > y->entry) - (x->entry < y->entry);
}

/* Puts the entries of the list in order, each once. */
static void sort_recorded(struct gathering *g) {
  size_t kept = 0;
  array_sort(g->recorded, g->recorded_count, compare_recorded);
  for (size_t i = 0; i < g->recorded_count; i++)
    if (!kept || g->recorded[kept - 1].entry != g->recorded[i].entry)
      g->recorded[kept++] = g->recorded[i];
  g->recorded_count = kept;
}

/* Lists the entry unless one of the first `sorted` is it. */
static void want_recorded(struct gathering *g, size_t sorted, int64_t entry) {
  const struct recorded_on wanted = {.entry = entry, .day = DAY_NONE};
  if (sorted && array_find(&wanted, g->recorded, sorted, compare_recorded)) return;
  array_reserve(g->recorded, g->recorded_capacity, g->recorded_count + 1);
  g->recorded[g->recorded_count++] = wanted;
}

/* Upholding a request takes back, then records what is right: the next entry, of the same memo. */
static enum status find_put_right(struct store *store, struct arena *arena,
                                  const struct entry_record *record, struct recorded_on *out,
                                  struct error *err) {
  struct entry_record next = {0};
  bool found = false;
  if (!record->memo || !correction_request(record->memo)) return DONE;
  enum status status = entry_find(store, arena, record->id + 1, &next, &found, err);
  out->is_put_right = status == DONE && found && next.memo && strcmp(next.memo, record->memo) == 0;
  return status;
}

/* An entry may take back lines of many people, so it is read once for all blocks. */
static enum status read_all_recorded(struct gathering *g, struct store *store, struct error *err) {
  enum status status = DONE;
  const size_t before = g->recorded_count;
  for (int slot = 0; slot < g->slot_count; slot++) {
    if (!g->slots[slot].shown) continue;
    for (size_t i = g->deal.begin[slot]; i < g->deal.begin[slot + 1]; i++) {
      const struct loaded_line *line = g->deal.lines[i];
      if (line->reverses_entry && in_year(g, line)) want_recorded(g, before, line->entry);
    }
  }
  for (size_t i = 0; i < g->later_count; i++) want_recorded(g, before, g->later[i].line->entry);
  if (g->recorded_count == before) return DONE;
  sort_recorded(g);
  size_t kept = 0;
  struct arena *arena = arena_new();
  for (size_t i = 0; status == DONE && i < g->recorded_count; i++) {
    struct recorded_on one = g->recorded[i];
    struct entry_record record;
    bool found = one.day != DAY_NONE;
    if (!found) {
      arena_reset(arena);
      status = entry_find(store, arena, one.entry, &record, &found, err);
      if (found) one.day = record.recorded_day;
      if (found && status == DONE) status = find_put_right(store, arena, &record, &one, err);
    }
    if (found) g->recorded[kept++] = one; /* of one that is not found the line's own day is shown */
  }
  g->recorded_count = kept;
  arena_free(arena);
  return status;
}

/* ---- lines that later years take back ---- */

static int compare_later(const void *a, const void *b) {
  const struct later_line *x = a, *y = b;
  if (x->slot != y->slot) return x->slot - y->slot;
  if (x->line->day != y->line->day) return x->line->day < y->line->day ? -1 : 1;
  if (x->line->entry != y->line->entry) return x->line->entry < y->line->entry ? -1 : 1;
  return (x->line->line_no > y->line->line_no) - (x->line->line_no < y->line->line_no);
}

/* Whether the line takes back one that the year counts. */
static bool takes_back_of_year(const struct gathering *g, const struct later_line *later) {
  for (size_t i = g->deal.begin[later->slot]; i < g->deal.begin[later->slot + 1]; i++) {
    const struct loaded_line *line = g->deal.lines[i];
    if (line->entry == later->line->reverses_entry &&
        line->line_no == later->line->reverses_line_no)
      return in_year(g, line) && !line->cancelled;
  }
  return false;
}

/* A year that has not ended has none. */
static enum status read_later(struct gathering *g, struct store *store,
                              const struct reading *reading, struct error *err) {
  g->later_count = 0;
  if (g->last >= day_today()) return DONE;
  enum status status = figures_load_corrections(&g->after, store, reading, g->own.ids, g->own.count,
                                                g->last + 1, DAY_LAST, err);
  if (status != DONE) return status;
  array_reserve(g->later, g->later_capacity, g->after.count + 1);
  array_reserve(g->later_of, g->later_of_capacity, g->after.count + 1);
  for (size_t i = 0; i < g->after.count; i++) g->later_of[i] = &g->after.all[i];
  /* a correction that was taken back in its own year takes nothing off there */
  figures_cancel_in_years(g->later_of, g->after.count);
  for (size_t account = 0; account < g->own.count; account++)
    for (size_t i = g->after.first[account]; i < g->after.first[account + 1]; i++) {
      const struct later_line later = {g->own.accounts[account].slot, &g->after.all[i]};
      if (!later.line->cancelled && takes_back_of_year(g, &later))
        g->later[g->later_count++] = later;
    }
  array_sort(g->later, g->later_count, compare_later);
  return DONE;
}

/* ---- lines that a household shares ---- */

static int compare_homes(const void *a, const void *b) {
  const struct shared_home *x = a, *y = b;
  if (x->household != y->household) return x->household < y->household ? -1 : 1;
  return x->slot - y->slot;
}

static int compare_shared_lines(const void *a, const void *b) {
  const struct shared_line *x = a, *y = b;
  if (x->slot != y->slot) return x->slot - y->slot;
  if (x->rank != y->rank) return x->rank - y->rank;
  return (x->shared.day > y->shared.day) - (x->shared.day < y->shared.day);
}

static bool lives(const struct person *person, int64_t household, day_t day) {
  return person->born <= day && (person->died == DAY_NONE || day <= person->died) &&
         person_household(person, day) == household;
}

static void tell_others(struct gathering *g, int slot, const struct loaded_line *line,
                        const struct pack_category *category) {
  int64_t household = person_household(g->slots[slot].person, line->day);
  /* people who are dead or not yet born do not count as living there */
  if (!household || !lives(g->slots[slot].person, household, line->day)) return;
  int low = 0, high = g->home_count;
  while (low < high) {
    int middle = (low + high) / 2;
    if (g->homes[middle].household < household) low = middle + 1;
    else high = middle;
  }
  int people = 0, before = g->shared_line_count, last = -1;
  for (int i = low; i < g->home_count && g->homes[i].household == household; i++) {
    int other = g->homes[i].slot;
    /* sorted, so duplicates within a household are neighbours */
    if (other == last || !lives(g->slots[other].person, household, line->day)) continue;
    last = other;
    people++;
    if (other == slot || !g->slots[other].shown) continue;
    array_reserve(g->told, g->shared_line_capacity, g->shared_line_count + 1);
    g->told[g->shared_line_count++] =
        (struct shared_line){other,
                             g->chart->rank[line->category],
                             {.category = line->category,
                              .amount = figures_amount(category, line->amount),
                              .day = line->day}};
  }
  for (int i = before; i < g->shared_line_count; i++) g->told[i].shared.people = people;
}

/* One row for each person and category; the number of people is as of its last line. */
static void sum_shared_lines(struct gathering *g) {
  array_sort(g->told, g->shared_line_count, compare_shared_lines);
  int kept = 0;
  for (int i = 0; i < g->shared_line_count; i++) {
    struct shared_line *now = &g->told[i], *row = kept ? &g->told[kept - 1] : NULL;
    if (!row || row->slot != now->slot || row->rank != now->rank) {
      g->told[kept++] = *now;
      continue;
    }
    const wide_t sum = row->shared.amount + now->shared.amount;
    row->shared = now->shared;
    row->shared.amount = sum;
  }
  g->shared_line_count = kept;
}

static void share(struct gathering *g) {
  array_sort(g->homes, g->home_count, compare_homes);
  for (int slot = 0; slot < g->slot_count; slot++)
    for (size_t i = g->deal.begin[slot]; i < g->deal.begin[slot + 1]; i++) {
      const struct loaded_line *line = g->deal.lines[i];
      const struct pack_category *category = chart_category(g->chart, line->category);
      if (category && category->household && pack_is_summed(category) && !line->cancelled &&
          in_year(g, line))
        tell_others(g, slot, line, category);
    }
  sum_shared_lines(g);
}

enum status gathering_read(struct gathering *g, struct store *store, const struct reading *reading,
                           const struct address_history *where, struct error *err) {
  g->where = where;
  scan_group_sort(&g->own);
  scan_group_sort(&g->others);
  enum status status = figures_load(&g->own.lines, store, reading, g->own.ids, g->own.count,
                                    DAY_FIRST, g->last, err);
  if (status == DONE)
    status = figures_load_household(&g->others.lines, g->chart, store, reading, g->others.ids,
                                    g->others.count, g->first, g->last, err);
  if (status != DONE) return status;
  scan_deal(&g->deal, &g->own, &g->others, g->slot_count);
  for (int i = 0; i < g->slot_count; i++)
    figures_cancel_in_years(&g->deal.lines[g->deal.begin[i]],
                            g->deal.begin[i + 1] - g->deal.begin[i]);
  share(g);
  status = read_later(g, store, reading, err);
  return status == DONE ? read_all_recorded(g, store, err) : status;
}

/* ---- one subject ---- */

day_t subject_place_day(const struct person *person, day_t year_last) {
  if (person->born != DAY_NONE && person->born > year_last) return DAY_NONE;
  return person->died != DAY_NONE && person->died < year_last ? person->died : year_last;
}

static int place_on(struct gathering *g, const struct person *person, day_t day) {
  int64_t id = g->where->place_on(g->where->context, person, day);
  return id ? places_by_id(g->places, id) : PLACE_NONE;
}

static void find_moves(struct gathering *g, const struct person *person, struct subject *out) {
  day_t first = person->born > g->first ? person->born : g->first,
        last = person->died != DAY_NONE && person->died < g->last ? person->died : g->last;
  const day_t placed = subject_place_day(person, g->last);
  out->place = placed == DAY_NONE ? PLACE_NONE : place_on(g, person, placed);
  if (last < first || !g->where->may_move(g->where->context, person, first, last)) return;
  int before = place_on(g, person, first);
  for (day_t day = first + 1; day <= last; day++) {
    int now = place_on(g, person, day);
    if (now != before && now != PLACE_NONE && before != PLACE_NONE) {
      array_reserve(g->moves, g->move_capacity, out->move_count + 1);
      g->moves[out->move_count++] = (struct move){day, before, now};
    }
    before = now;
  }
  out->moves = g->moves;
}

enum status subject_find_begin(struct store *store, struct arena *arena, int year,
                               struct subject *out, struct error *err) {
  struct year_range years;
  if (out->count) return DONE;
  enum status status = statement_years(store, out->person->id, arena, &years, err);
  if (status == DONE && years.some && years.first > year) out->begins = years.first;
  return status;
}

void gathering_subject(struct gathering *g, int index, struct subject *out) {
  *out = (struct subject){.person = g->slots[index].person,
                          .place = PLACE_NONE,
                          .lines = &g->deal.lines[g->deal.begin[index]],
                          .count = g->deal.begin[index + 1] - g->deal.begin[index],
                          .recorded = g->recorded,
                          .recorded_count = g->recorded_count};
  find_moves(g, out->person, out);
  for (size_t i = 0; i < g->later_count; i++)
    if (g->later[i].slot == index) g->later_of[out->later_count++] = g->later[i].line;
  out->later = g->later_of;
  int low = 0, high = g->shared_line_count;
  while (low < high) {
    int middle = (low + high) / 2;
    if (g->told[middle].slot < index) low = middle + 1;
    else high = middle;
  }
  for (; low < g->shared_line_count && g->told[low].slot == index; low++) {
    array_reserve(g->shared, g->shared_capacity, out->shared_count + 1);
    g->shared[out->shared_count++] = g->told[low].shared;
  }
  out->shared = g->shared;
}
