#include "publish/standards.h"

#include "publish/suppress.h"

/* One standard in one place. Counts are as they are shown; -1: hidden. */
struct standard_shown {
  const char *standard, *place, *place_name;
  int64_t people, kept, broken, unsaid;
};

enum { STATES = 3, STANDARD_WIDTH = STATES + 1 }; /* kept, broken, unsaid; and their total */

static void put_sums(int64_t *to, const struct standard_sums *s) {
  to[0] = s->kept;
  to[1] = s->broken;
  to[2] = s->unsaid;
  to[STATES] = s->kept + s->broken + s->unsaid;
}

/* The place's own column, then its parts', then what is in none of them. */
static int64_t *people_of(struct arena *arena, const struct standard_found *f, int columns) {
  int64_t *people = arena_array(arena, int64_t, columns * STANDARD_WIDTH);
  put_sums(people, &f->all);
  for (int i = 1; i < columns; i++) put_sums(people + i * STANDARD_WIDTH, &f->parts[i - 1]);
  return people;
}

/* A grid knows its zeros, and shows them. Here each row is about the same few people: beside what
 * is hidden, `kept 0` would say of each of them that it was not kept. */
static void hide_zeros(const int64_t *people, bool *hidden, int columns) {
  for (int c = 0; c < columns; c++) {
    bool *row = hidden + c * STANDARD_WIDTH;
    bool some = false;
    for (int i = 0; i < STANDARD_WIDTH; i++) some |= row[i];
    for (int i = 0; i < STANDARD_WIDTH; i++) row[i] |= some && !people[c * STANDARD_WIDTH + i];
  }
}

static bool *hidden_of(struct arena *arena, const int64_t *people, int columns) {
  const int cells = columns * STANDARD_WIDTH;
  bool *present = arena_array(arena, bool, cells), *hidden = arena_array(arena, bool, cells);
  int *parent = arena_array(arena, int, columns);
  for (int i = 0; i < columns; i++) parent[i] = i ? 0 : -1;
  for (int i = 0; i < cells; i++) present[i] = people[i] > 0;
  struct public_grid grid = {.columns = columns,
                             .rows = STATES,
                             .parent = parent,
                             .present = present,
                             .people = people,
                             .hidden = hidden};
  if (!grid_suppress(&grid))
    for (int i = 0; i < cells; i++) hidden[i] = present[i];
  hide_zeros(people, hidden, columns);
  return hidden;
}

static int64_t shown(const int64_t *people, const bool *hidden, int cell) {
  return hidden[cell] ? -1 : round_to(people[cell], PUBLISH_PEOPLE_UNIT);
}

/* The place first, then the places under it that have somebody; by standard. */
static void standards_show(struct arena *arena, const struct standards *s,
                           struct standard_shown **out, int *count) {
  const int columns = s->part_count + 2;
  *out = arena_array(arena, struct standard_shown, s->found_count * columns + 1);
  *count = 0;
  for (int i = 0; i < s->found_count; i++) {
    const int64_t *people = people_of(arena, &s->found[i], columns);
    const bool *hidden = hidden_of(arena, people, columns);
    for (int c = 0; c < columns - 1; c++) {
      const int cell = c * STANDARD_WIDTH;
      if (c && !people[cell + STATES]) continue;
      (*out)[(*count)++] = (struct standard_shown){.standard = s->found[i].what->code,
                                                   .place = c ? s->parts[c - 1]->code : s->code,
                                                   .place_name = c ? s->parts[c - 1]->name
                                                                   : s->name,
                                                   .people = shown(people, hidden, cell + STATES),
                                                   .kept = shown(people, hidden, cell),
                                                   .broken = shown(people, hidden, cell + 1),
                                                   .unsaid = shown(people, hidden, cell + 2)};
    }
  }
}

static void add_count(struct document *d, int64_t n) {
  document_cell(d, n < 0 ? doc_hidden() : doc_count(n));
}

void standards_public_document(struct arena *arena, const struct standards *s,
                               enum language language, struct document **out) {
  const struct doc_column columns[] = {{"standard", NULL},
                                       {"name", say(language, "Standard")},
                                       {"place", NULL},
                                       {"place_name", say(language, "Place")},
                                       {"people", say(language, "People it is for")},
                                       {"kept", say(language, "Kept")},
                                       {"broken", say(language, "Not known to be kept")},
                                       {"unsaid", say(language, "Cannot be said")}};
  static const char *const keys[] = {"standard", "place", "people", "kept", "broken", "unsaid"};
  const char *year = year_write(s->year, arena_alloc(arena, 8));
  struct standard_shown *rows = NULL;
  int count = 0;
  struct document *d = document_new(
      arena, language,
      arena_printf(arena, say(language, "Minimum standards in %s, %s"), s->name, year));
  standards_show(arena, s, &rows, &count);
  document_value(d, "place", NULL, doc_text(s->code));
  document_value(d, "year", NULL, doc_text(year));
  document_value(d, "on", say(language, "Who lived there on"), doc_day(s->on));
  document_paragraph(d, say(language, "People are rounded to five. A figure is hidden where it, or "
                                      "another worked out from it, would be of fewer than ten."));
  document_table(d, "places", NULL, columns, 8, "places");
  for (int i = 0; i < count; i++) {
    const struct standard_found *f = s->found;
    while (f->what->code != rows[i].standard) f++;
    document_cell(d, doc_text(rows[i].standard));
    document_cell(d, doc_text(f->what->name[language]));
    document_cell(d, doc_text(rows[i].place));
    document_cell(d, doc_text(rows[i].place_name));
    add_count(d, rows[i].people);
    add_count(d, rows[i].kept);
    add_count(d, rows[i].broken);
    add_count(d, rows[i].unsaid);
  }
  document_table_end(d);
  document_csv_columns(d, keys, sizeof keys / sizeof *keys);
  *out = d;
}
