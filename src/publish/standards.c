#include "publish/standards.h"

#include "base/refusal.h"
#include "place/standards_document.h"
#include "publish/states.h"
#include "rules/model.h"
#include "store/store.h"

#define YEAR_MOST_DAYS 90

/* ---- what is hidden ---- */

enum { STATES = 3, STANDARD_WIDTH = STATES + 1 }; /* kept, broken, unsaid; and their total */
static const char *const dimensions[] = {"place", "age", "sex", "home"};
enum { BY_PLACE, DIMENSIONS = sizeof dimensions / sizeof *dimensions };

/* One way to divide the people of a standard: the place's own column, then its parts, each with the
 * three states and their total. Every division has the same first column. */
static void put_sums(struct state_grid *g, int column, const struct standard_sums *s) {
  int64_t *to = g->people + states_cell(g, column, 0);
  to[0] = s->kept;
  to[1] = s->broken;
  to[2] = s->unsaid;
}

static struct state_grid grid_of(struct arena *arena, const struct standards *s,
                                 const struct standard_found *f, int dimension) {
  const int most = 1 + (dimension == BY_PLACE ? s->part_count + 1 : STANDARD_GROUPS);
  int *parent = arena_array(arena, int, most);
  parent[0] = -1;
  struct state_grid g = states_new(arena, parent, most, STATES);
  g.columns = 1;
  put_sums(&g, 0, &f->all);
  if (dimension == BY_PLACE) {
    for (int i = 0; i <= s->part_count; i++) put_sums(&g, g.columns++, &f->parts[i]);
  } else {
    for (int i = 0; i < STANDARD_GROUPS; i++)
      if (strcmp(standard_groups[i].dimension, dimensions[dimension]) == 0)
        put_sums(&g, g.columns++, &f->groups[i]);
  }
  states_add_up(&g);
  states_hide_none_of(&g, 0, 1);
  return g;
}

static bool hides_some(const bool *hidden, int cells) {
  bool some = false;
  for (int i = 0; i < cells; i++) some |= hidden[i];
  return some;
}

/* All divisions together. Each adds up to the place's own figures, so another place that looks the
 * same must fit all of them. Where nothing of the own figures is hidden, each division is made safe
 * with them unchanged; then what makes one safe leaves the others as they are. Where that
 * cannot be, nothing but the places is shown. `shows`: the divisions that are. */
static void suppress_all(struct arena *arena, struct state_grid grids[DIMENSIONS],
                         bool shows[DIMENSIONS]) {
  const struct state_grid *places = &grids[BY_PLACE];
  struct state_grid own = *places;
  own.hidden = arena_array(arena, bool, STANDARD_WIDTH);
  own.hidden[1] = places->hidden[1];
  const bool whole = states_suppress(arena, &own, 1, false) &&
                     !hides_some(own.hidden, STANDARD_WIDTH);
  for (int d = 0; d < DIMENSIONS; d++) {
    shows[d] = whole && states_suppress(arena, &grids[d], grids[d].columns, true);
    if (d == BY_PLACE && !shows[d]) {
      if (!states_suppress(arena, &grids[d], grids[d].columns, false))
        for (int i = 0; i < grids[d].columns * STANDARD_WIDTH; i++)
          grids[d].hidden[i] = grids[d].people[i] > 0;
      shows[d] = true;
      break;
    }
  }
  for (int d = 0; d < DIMENSIONS; d++) states_hide_zeros(&grids[d]);
}

/* ---- what is shown ---- */

/* The code of a column of a division; null: what is in no part of the place. */
static const char *part_code(const struct standards *s, int dimension, int column) {
  if (!column) return s->code;
  if (dimension == BY_PLACE) return column <= s->part_count ? s->parts[column - 1]->code : NULL;
  for (int i = 0; i < STANDARD_GROUPS; i++)
    if (strcmp(standard_groups[i].dimension, dimensions[dimension]) == 0 && !--column)
      return standard_groups[i].word;
  return NULL;
}

void standards_show(struct arena *arena, const struct standards *s, struct standards_shown *out) {
  int room = 0;
  *out = (struct standards_shown){.year = s->year, .on = s->on};
  for (int i = 0; i < s->found_count; i++) {
    struct state_grid grids[DIMENSIONS];
    for (int d = 0; d < DIMENSIONS; d++) grids[d] = grid_of(arena, s, &s->found[i], d);
    bool shows[DIMENSIONS] = {false};
    suppress_all(arena, grids, shows);
    for (int d = 0; d < DIMENSIONS; d++)
      for (int c = d == BY_PLACE ? 0 : 1; shows[d] && c < grids[d].columns; c++) {
        const int cell = c * STANDARD_WIDTH;
        const char *code = part_code(s, d, c);
        if (!code || (c && !grids[d].people[cell + STATES])) continue;
        arena_reserve(arena, out->all, room, out->count + 1);
        out->all[out->count++] =
            (struct standard_shown){.standard = s->found[i].what->code,
                                    .dimension = dimensions[d],
                                    .part = code,
                                    .people = states_shown(&grids[d], cell + STATES),
                                    .kept = states_shown(&grids[d], cell),
                                    .broken = states_shown(&grids[d], cell + 1),
                                    .unsaid = states_shown(&grids[d], cell + 2)};
      }
  }
}

/* ---- what is kept ---- */

static void bind_count(struct query *q, int at, int64_t n) {
  if (n != STANDARD_HIDDEN) query_bind_int(q, at, n);
}

static enum status write_row(struct store *store, const struct standards_shown *s,
                             const struct standard_shown *row, day_t made, struct error *err) {
  struct query *q = NULL;
  enum status status = store_query(
      store, &q,
      "insert into standard_figure (year, standard, dimension, part, on_day, made, people, kept, "
      "broken, unsaid) values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
      err);
  if (status != DONE) return status;
  query_bind_int(q, 1, s->year);
  query_bind_text(q, 2, span_of(row->standard));
  query_bind_text(q, 3, span_of(row->dimension));
  query_bind_text(q, 4, span_of(row->part));
  query_bind_int(q, 5, s->on);
  query_bind_int(q, 6, made);
  bind_count(q, 7, row->people);
  bind_count(q, 8, row->kept);
  bind_count(q, 9, row->broken);
  bind_count(q, 10, row->unsaid);
  status = query_run(q, err);
  query_end(q);
  return status;
}

static enum status is_kept(struct store *store, int year, const char *standard, bool *out,
                           struct error *err) {
  int64_t count = 0;
  enum status status =
      store_int_with(store,
                     "select count(*) from standard_figure where year = ?1 and standard = ?2", 0,
                     &count, err, year, span_of(standard));
  *out = count > 0;
  return status;
}

/* Looks again in the transaction whether another program was first. */
static enum status write_shown(struct store *store, const struct standards_shown *s, day_t made,
                               struct error *err) {
  enum status status = store_begin(store, STORE_WRITE, err);
  if (status != DONE) return status;
  bool kept = false;
  for (int i = 0; status == DONE && i < s->count; i++) {
    const bool first = !i || strcmp(s->all[i].standard, s->all[i - 1].standard) != 0;
    if (first) status = is_kept(store, s->year, s->all[i].standard, &kept, err);
    if (status == DONE && !kept) status = write_row(store, s, &s->all[i], made, err);
  }
  if (status == DONE) status = store_commit(store, err);
  if (status != DONE) store_rollback(store);
  return status;
}

enum status standards_publish(struct store *store, const struct pack *pack, day_t today,
                              int threads, struct error *err) {
  const int year = year_of_day(YEAR_TAX, today - YEAR_MOST_DAYS) - 1;
  struct arena *arena = arena_new();
  struct standards found;
  struct standards_shown out;
  const struct rules *rules = NULL;
  bool kept = true;
  enum status status = DONE;
  for (int i = 0; status == DONE && kept && i < pack->standard_count; i++)
    status = is_kept(store, year, pack->standards[i].code, &kept, err);
  if (status == DONE && !kept) status = rules_ready(arena, NULL, pack->dir, &rules, err);
  if (status == DONE && !kept) {
    const struct standards_request q = {.store = store,
                                        .pack = pack,
                                        .rules = rules,
                                        .year = year,
                                        .today = today,
                                        .threads = threads};
    status = standards_check(arena, &q, &found, err);
    if (status == DONE) {
      standards_show(arena, &found, &out);
      status = write_shown(store, &out, today, err);
    }
  }
  arena_free(arena);
  return status;
}

static enum status read_rows(struct query *q, struct arena *arena, struct standards_shown *out,
                             struct error *err) {
  int room = 0;
  bool row;
  enum status status;
  while ((status = query_step(q, &row, err)) == DONE && row) {
    arena_reserve(arena, out->all, room, out->count + 1);
    struct standard_shown *one = &out->all[out->count++];
    *one = (struct standard_shown){.standard = query_copy(q, arena, 0),
                                   .dimension = query_copy(q, arena, 1),
                                   .part = query_copy(q, arena, 2)};
    int64_t *const counts[] = {&one->people, &one->kept, &one->broken, &one->unsaid};
    for (int i = 0; i < STANDARD_WIDTH; i++)
      *counts[i] = query_is_null(q, 5 + i) ? STANDARD_HIDDEN : query_int(q, 5 + i);
    out->on = query_day(q, 3);
    out->made = query_day(q, 4);
  }
  return status;
}

enum status standards_read_shown(struct store *store, struct arena *arena,
                                 struct standards_shown *out, struct error *err) {
  struct query *q = NULL;
  int64_t year = 0;
  *out = (struct standards_shown){.on = DAY_NONE, .made = DAY_NONE};
  enum status status = store_int(store, "select coalesce(max(year), 0) from standard_figure", 0,
                                 &year, err);
  out->year = (int)year;
  if (status != DONE || !year) return status;
  status = store_query_with(store, &q,
                            "select standard, dimension, part, on_day, made, people, kept, broken, "
                            "unsaid from standard_figure where year = ?1 order by standard, "
                            "dimension, part",
                            err, year);
  if (status == DONE) status = read_rows(q, arena, out, err);
  query_end(q);
  return status;
}

/* ---- as a document ---- */

static void add_count(struct document *d, int64_t n) {
  document_cell(d, n == STANDARD_HIDDEN ? doc_hidden() : doc_count(n));
}

static void add_row(struct document *d, enum language language, const struct pack_standard *what,
                    const struct standard_shown *row, const char *name) {
  document_cell(d, doc_text(row->standard));
  document_cell(d, doc_text(what->name[language]));
  document_cell(d, doc_text(row->part));
  document_cell(d, doc_text(name));
  add_count(d, row->people);
  add_count(d, row->kept);
  add_count(d, row->broken);
  add_count(d, row->unsaid);
}

/* In the order of the pack; a standard that the pack has no more is left out. */
static void add_table(struct document *d, enum language language, const struct pack *pack,
                      const struct places *places, const struct standards_shown *s, bool by_place) {
  const struct doc_column columns[] = {{"standard", NULL},
                                       {"name", say(language, "Standard")},
                                       {by_place ? "place" : "group", NULL},
                                       {by_place ? "place_name" : "group_name",
                                        by_place ? say(language, "Place") : say(language, "Group")},
                                       {"people", say(language, "People it is for")},
                                       {"kept", say(language, "Kept")},
                                       {"broken", say(language, "Not known to be kept")},
                                       {"unsaid", say(language, "Cannot be said")}};
  const char *key = by_place ? "places" : "groups";
  document_table(d, key, by_place ? say(language, "By place") : say(language, "By group"), columns,
                 8, key);
  for (int k = 0; k < pack->standard_count; k++)
    for (int i = 0; i < s->count; i++) {
      const struct standard_shown *row = &s->all[i];
      if (strcmp(row->standard, pack->standards[k].code) != 0 ||
          (strcmp(row->dimension, dimensions[BY_PLACE]) == 0) != by_place)
        continue;
      const int at = by_place ? places_by_code(places, span_of(row->part)) : PLACE_NONE;
      add_row(d, language, &pack->standards[k], row,
              by_place ? (at == PLACE_NONE ? row->part : places->all[at].name)
                       : standard_group_words(language, row->dimension, row->part));
    }
  document_table_end(d);
}

void standards_public_document(struct arena *arena, const struct pack *pack,
                               const struct places *places, const struct standards_shown *s,
                               const struct place *place, enum language language,
                               struct document **out) {
  static const char *const keys[] = {"section", "standard", "place",  "group",
                                     "people",  "kept",     "broken", "unsaid"};
  const char *year = year_write(s->year, arena_alloc(arena, 8));
  struct document *d = document_new(
      arena, language,
      arena_printf(arena, say(language, "Minimum standards in %s, %s"), place->name, year));
  document_value(d, "place", NULL, doc_text(place->code));
  document_value(d, "year", NULL, doc_text(year));
  document_value(d, "on", say(language, "Who lived there on"), doc_day(s->on));
  if (s->made != DAY_NONE)
    document_value(d, "made", say(language, "Counted on, and not changed since"), doc_day(s->made));
  document_paragraph(d, say(language, "Not known to be kept: nothing shows that it was. It is a "
                                      "question to whoever answers for it."));
  document_paragraph(d, say(language, "People are rounded to five. A figure is hidden where it, or "
                                      "another worked out from it, would be of fewer than ten."));
  add_table(d, language, pack, places, s, true);
  add_table(d, language, pack, places, s, false);
  document_csv_columns(d, keys, sizeof keys / sizeof *keys);
  *out = d;
}
