#include "publish/take_up.h"

#include "base/refusal.h"
#include "publish/parts.h"
#include "publish/states.h"
#include "rules/model.h"
#include "store/store.h"

enum {
  AFTER_YEAR_DAYS = 90,
  MEAN_UNIT_PENCE = 10 * 100,  /* what one household misses on average, a year */
  SUM_UNIT_PENCE = 1000 * 100, /* as all money of the public account */
  RECEIVING = 0,
  MISSING = 1,
  ENTITLED = 2
};

/* ---- the tree ---- */

/* The places of a run as columns: each after the one above it; then, for each place with others
 * under it, who lives in none of these. */
struct tree {
  int columns, places;
  int *parent;
  const char **code; /* null: in none of the places under it */
  int *of_place;     /* of each place: its column */
  int *of_part;      /* of each part of the run: the column of who lives right there */
};

static void add_column(struct tree *t, int parent, const char *code) {
  t->parent[t->columns] = parent;
  t->code[t->columns++] = code;
}

static void add_places(struct tree *t, const struct places *places, int at, int above) {
  const int column = t->of_place[at] = t->columns;
  add_column(t, above, places->all[at].code);
  for (int child = places->all[at].first_child; child != PLACE_NONE;
       child = places->all[child].next_sibling)
    add_places(t, places, child, column);
}

static void read_tree(struct arena *arena, const struct places *places, const struct takeup *found,
                      struct tree *t) {
  const int most = 2 * places->count + 1;
  *t = (struct tree){.parent = arena_array(arena, int, most),
                     .code = arena_array(arena, const char *, most),
                     .of_place = arena_array(arena, int, places->count + 1),
                     .of_part = arena_array(arena, int, found->part_count + 1)};
  add_places(t, places, places_by_id(places, found->place), -1);
  t->places = t->columns;
  for (int i = 0; i < found->part_count; i++) {
    const int at = places_by_id(places, found->parts[i].place);
    t->of_part[i] = t->of_place[at];
    if (places->all[at].first_child == PLACE_NONE) continue;
    add_column(t, t->of_part[i], NULL);
    t->of_part[i] = t->columns - 1;
  }
}

/* ---- what is hidden ---- */

/* Sets of each column what stands right there, and adds it to all above. */
static void add_to_tree(struct state_grid *g, const struct tree *t, int part, int state,
                        int64_t households) {
  for (int c = t->of_part[part]; c >= 0; c = t->parent[c])
    g->people[states_cell(g, c, state)] += households;
}

static int by_benefit_and_place(const void *a, const void *b) {
  const struct take_up_shown *x = a, *y = b;
  const int order = strcmp(x->variable, y->variable);
  return order ? order : strcmp(x->place, y->place);
}

const struct take_up_shown *take_up_find_shown(const struct take_up_figures *figures,
                                               const char *variable, const char *place) {
  const struct take_up_shown key = {.variable = variable, .place = place};
  return place ? array_find(&key, figures->all, figures->count, by_benefit_and_place) : NULL;
}

static void bind_years(struct arena *arena, const struct tree *t, const char *variable,
                       const struct take_up_figures *before, struct state_grid *counts,
                       struct state_grid *unsaid) {
  int64_t *of_counts = arena_array(arena, int64_t, counts->columns * 3),
          *of_unsaid = arena_array(arena, int64_t, unsaid->columns * 2);
  if (!before->count) return;
  for (int c = 0; c < t->columns; c++) {
    const struct take_up_shown *s = take_up_find_shown(before, variable, t->code[c]);
    of_counts[3 * c + RECEIVING] = s ? s->receiving : STATES_NEVER_SHOWN;
    of_counts[3 * c + MISSING] = s ? s->missing : STATES_NEVER_SHOWN;
    of_counts[3 * c + ENTITLED] = s ? s->entitled : STATES_NEVER_SHOWN;
    of_unsaid[2 * c] = of_unsaid[2 * c + 1] = s ? s->unsaid : STATES_NEVER_SHOWN;
  }
  states_before(arena, counts, of_counts);
  states_before(arena, unsaid, of_unsaid);
}

/* What one household that receives nothing misses on average, in pence a year. 0: it would tell of
 * few, or of one that misses nearly all of it. */
static int64_t mean_missed(const struct takeup_benefit *b, bool hidden) {
  const int64_t others = b->all.missing_low - b->largest - b->second;
  if (hidden || b->all.missing < PUBLISH_FEWEST || others < b->largest / PUBLISH_NEARNESS) return 0;
  return round_to(b->all.missing_low / b->all.missing, MEAN_UNIT_PENCE);
}

static int64_t missed(int64_t mean, int64_t households) {
  if (!households) return 0;
  if (!mean || households == STATES_HIDDEN) return TAKE_UP_HIDDEN;
  return round_to(mean * households, SUM_UNIT_PENCE);
}

static void show_benefit(struct arena *arena, const struct tree *t, const struct takeup *found,
                         const struct takeup_benefit *b, const struct take_up_figures *before,
                         struct take_up_shown *out) {
  const char *variable = b->what->what->variable;
  struct state_grid counts = states_new(arena, t->parent, t->columns, 2);
  struct state_grid unsaid = states_new(arena, t->parent, t->columns, 1);
  /* of what nobody may get here, as of another country, nothing is asked of anybody */
  const bool is_asked = b->all.entitled || b->all.maybe;
  for (int i = 0; i < found->part_count; i++) {
    add_to_tree(&counts, t, i, RECEIVING, b->parts[i].receiving);
    add_to_tree(&counts, t, i, MISSING, b->parts[i].missing);
    add_to_tree(&unsaid, t, i, 0, is_asked ? b->parts[i].maybe + found->parts[i].open : 0);
  }
  states_add_up(&counts);
  states_add_up(&unsaid);
  states_hide_none_of(&counts, RECEIVING, MISSING);
  bind_years(arena, t, variable, before, &counts, &unsaid);
  const bool possible = states_suppress(arena, &counts, t->columns, false) &&
                        states_suppress(arena, &unsaid, t->columns, false);
  states_hide_zeros(&counts);
  const int64_t mean = mean_missed(b, counts.hidden[MISSING]);
  for (int c = 0; c < t->places; c++) {
    struct take_up_shown *s = &out[c];
    *s = (struct take_up_shown){.variable = variable,
                                .place = t->code[c],
                                .entitled = TAKE_UP_HIDDEN,
                                .receiving = TAKE_UP_HIDDEN,
                                .missing = TAKE_UP_HIDDEN,
                                .unsaid = TAKE_UP_HIDDEN,
                                .pence = TAKE_UP_HIDDEN};
    if (!possible) continue;
    s->entitled = states_shown(&counts, states_cell(&counts, c, ENTITLED));
    s->receiving = states_shown(&counts, states_cell(&counts, c, RECEIVING));
    s->missing = states_shown(&counts, states_cell(&counts, c, MISSING));
    s->unsaid = states_shown(&unsaid, states_cell(&unsaid, c, 0));
    s->pence = missed(mean, s->missing);
  }
}

void take_up_show(struct arena *arena, const struct places *places, const struct takeup *found,
                  const struct take_up_figures *before, struct take_up_figures *out) {
  struct tree tree;
  read_tree(arena, places, found, &tree);
  *out = (struct take_up_figures){.on = found->on, .made = DAY_NONE};
  out->year = year_of_day(YEAR_TAX, found->on);
  out->all = arena_array(arena, struct take_up_shown, tree.places * found->benefit_count + 1);
  for (int i = 0; i < found->benefit_count; i++) {
    show_benefit(arena, &tree, found, &found->benefits[i], before, out->all + out->count);
    out->count += tree.places;
  }
  array_sort(out->all, out->count, by_benefit_and_place);
}

int take_up_of_100(const struct take_up_shown *s) {
  if (s->entitled <= 0 || s->receiving == TAKE_UP_HIDDEN) return TAKE_UP_HIDDEN;
  const int64_t n = (s->receiving * 200 + s->entitled) / (2 * s->entitled);
  return n > 100 ? 100 : (int)n;
}

enum status take_up_want_public(const struct pack *pack, struct span word,
                                const struct pack_take_up **out, int *count, struct error *err) {
  const int before = *count;
  enum status status = takeup_want(pack, word, out, count, err);
  for (int i = before; status == DONE && i < *count; i++)
    if (!out[i]->is_public)
      status = refuse_at(err, "benefits", TAKE_UP_NOT_PUBLIC, out[i]->what->name[ENGLISH]);
  return status;
}

/* ---- what is kept ---- */

static void bind_figure(struct query *q, int at, int64_t n) {
  if (n != TAKE_UP_HIDDEN) query_bind_int(q, at, n);
}

static enum status write_figure(struct store *store, const struct take_up_figures *f,
                                const struct take_up_shown *s, struct error *err) {
  struct query *q = NULL;
  enum status status = store_query(
      store, &q,
      "insert into take_up_figure (year, variable, place, on_day, made, entitled, receiving, "
      "missing, unsaid, pence) values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
      err);
  if (status != DONE) return status;
  query_bind_int(q, 1, f->year);
  query_bind_text(q, 2, span_of(s->variable));
  query_bind_text(q, 3, span_of(s->place));
  query_bind_int(q, 4, f->on);
  query_bind_int(q, 5, f->made);
  bind_figure(q, 6, s->entitled);
  bind_figure(q, 7, s->receiving);
  bind_figure(q, 8, s->missing);
  bind_figure(q, 9, s->unsaid);
  bind_figure(q, 10, s->pence);
  status = query_run(q, err);
  query_end(q);
  return status;
}

static enum status is_kept(struct store *store, int year, const char *variable, bool *out,
                           struct error *err) {
  int64_t count = 0;
  enum status status =
      store_int_with(store, "select count(*) from take_up_figure where year = ?1 and variable = ?2",
                     0, &count, err, year, span_of(variable));
  *out = count > 0;
  return status;
}

/* Looks again in the transaction whether another program was first. */
static enum status write_figures(struct store *store, const struct take_up_figures *f,
                                 struct error *err) {
  enum status status = store_begin(store, STORE_WRITE, err);
  if (status != DONE) return status;
  bool kept = false;
  for (int i = 0; status == DONE && i < f->count; i++) {
    const bool first = !i || strcmp(f->all[i].variable, f->all[i - 1].variable) != 0;
    if (first) status = is_kept(store, f->year, f->all[i].variable, &kept, err);
    if (status == DONE && !kept) status = write_figure(store, f, &f->all[i], err);
  }
  if (status == DONE) status = store_commit(store, err);
  if (status != DONE) store_rollback(store);
  return status;
}

/* In a snapshot, which holds up nobody. */
static enum status count_all(struct arena *arena, struct takeup_request *request,
                             struct take_up_figures *out, struct error *err) {
  struct takeup found;
  struct places *places = NULL;
  struct take_up_figures before;
  const struct rules *rules = NULL;
  int *years = NULL, year_count = 0, last = 0;
  enum status status = rules_ready(arena, NULL, request->pack->dir, &rules, err);
  request->rules = rules;
  if (status == DONE) status = store_begin(request->store, STORE_READ, err);
  if (status != DONE) return status;
  status = register_places(request->store, arena, &places, err);
  if (status == DONE) status = takeup_find(arena, request, &found, err);
  if (status == DONE) status = take_up_years(request->store, arena, &years, &year_count, err);
  for (int i = year_count - 1; status == DONE && i >= 0; i--)
    if (years[i] < year_of_day(YEAR_TAX, request->on)) last = years[i];
  before = (struct take_up_figures){0};
  if (status == DONE && last) status = take_up_read(request->store, arena, last, &before, err);
  store_rollback(request->store);
  if (status == DONE) take_up_show(arena, places, &found, &before, out);
  return status;
}

enum status take_up_publish(struct store *store, const struct pack *pack, day_t today, int threads,
                            struct error *err) {
  const int year = year_of_day(YEAR_TAX, today - AFTER_YEAR_DAYS) - 1;
  const struct pack_take_up *wanted[TAKEUP_WANTED_MOST];
  struct arena *arena = arena_new();
  struct take_up_figures out;
  struct takeup_request request = {.store = store,
                                   .pack = pack,
                                   .each_place = true,
                                   .on = year_last_day(YEAR_TAX, year),
                                   .wanted = wanted,
                                   .threads = threads};
  enum status status = DONE;
  for (int i = 0; status == DONE && i < pack->take_up_count; i++) {
    bool kept = true;
    if (!pack->take_ups[i].is_public || request.wanted_count == TAKEUP_WANTED_MOST) continue;
    status = is_kept(store, year, pack->take_ups[i].what->variable, &kept, err);
    if (!kept) wanted[request.wanted_count++] = &pack->take_ups[i];
  }
  if (status == DONE && request.wanted_count) {
    status = count_all(arena, &request, &out, err);
    out.made = today;
    if (status == DONE) status = write_figures(store, &out, err);
  }
  arena_free(arena);
  return status;
}

static enum status read_rows(struct query *q, struct arena *arena, struct take_up_figures *out,
                             struct error *err) {
  enum { FIRST = 4, FIGURES = 5 };
  int room = 0;
  bool row;
  enum status status;
  while ((status = query_step(q, &row, err)) == DONE && row) {
    arena_reserve(arena, out->all, room, out->count + 1);
    struct take_up_shown *one = &out->all[out->count++];
    *one = (struct take_up_shown){.variable = query_copy(q, arena, 0),
                                  .place = query_copy(q, arena, 1)};
    int64_t *const figures[FIGURES] = {&one->entitled, &one->receiving, &one->missing, &one->unsaid,
                                       &one->pence};
    for (int i = 0; i < FIGURES; i++)
      *figures[i] = query_is_null(q, FIRST + i) ? TAKE_UP_HIDDEN : query_int(q, FIRST + i);
    out->on = query_day(q, 2);
    out->made = query_day(q, 3);
  }
  return status;
}

enum status take_up_read(struct store *store, struct arena *arena, int year,
                         struct take_up_figures *out, struct error *err) {
  struct query *q = NULL;
  int64_t latest = year;
  *out = (struct take_up_figures){.on = DAY_NONE, .made = DAY_NONE};
  enum status status = year ? DONE
                            : store_int(store, "select coalesce(max(year), 0) from take_up_figure",
                                        0, &latest, err);
  if (status != DONE || !latest) return status;
  status = store_query_with(store, &q,
                            "select variable, place, on_day, made, entitled, receiving, missing, "
                            "unsaid, pence from take_up_figure where year = ?1",
                            err, latest);
  if (status == DONE) status = read_rows(q, arena, out, err);
  query_end(q);
  if (out->count) out->year = (int)latest;
  array_sort(out->all, out->count, by_benefit_and_place); /* an engine may have another order */
  return status;
}

enum status take_up_years(struct store *store, struct arena *arena, int **out, int *count,
                          struct error *err) {
  struct query *q = NULL;
  bool row;
  int room = 0;
  *out = NULL;
  *count = 0;
  enum status status =
      store_query(store, &q, "select distinct year from take_up_figure order by year desc", err);
  while (status == DONE && (status = query_step(q, &row, err)) == DONE && row) {
    arena_reserve(arena, *out, room, *count + 1);
    (*out)[(*count)++] = (int)query_int(q, 0);
  }
  query_end(q);
  return status;
}
