/* Series that no file states, since they follow from others: a growth of the year before, the
 * greatest of several, and the level that growth comes to. Rows of indices.yaml say which. */
#include "rules/parameters_tree.h"

#include "base/limits.h"
#include "base/refusal.h"

#include <stdio.h>
#include <stdlib.h>

enum { INDEX_PARTS_MOST = 8, INDEX_DECIMALS_MOST = 15 };

/* One of the series that a row takes the greatest of. */
struct index_part {
  const char *of;    /* a path */
  const char *where; /* a path: only while this is true; null: always */
  int lag;           /* in years */
};

struct index_row {
  const struct index_row *next;
  const char *path, *label, *unit, *file;
  bool is_level;
  struct index_part parts[INDEX_PARTS_MOST];
  int part_count;
  const char *instead; /* a path: its value of the same year is taken where it has one */
  double at_least, at_most;
  int decimals;           /* -1: not rounded */
  int from_year, to_year; /* 0: as far as the series goes */
  int reference_count;
  const struct parameter_reference *references;
  int line;
};

struct parameter_indices {
  const struct index_row *first; /* growth before levels */
};

/* ---- reading ---- */

struct index_reader {
  struct arena *arena;
  const char *file;
};

static enum status index_fault(const struct index_reader *r, const struct yaml_node *node,
                               struct error *err) {
  char where[24];
  (void)refuse(err, PARAMETER_INDEX_ROW_MALFORMED);
  (void)snprintf(where, sizeof where, "column %d", node->column);
  return error_at(err, r->file, (uint64_t)node->line, where);
}

static bool index_int(const struct yaml_node *map, const char *key, int least, int most, int *out) {
  const struct yaml_node *node = yaml_get(map, key);
  double number;
  if (!node) return true;
  if (!yaml_as_number(node, &number) || number < least || number > most ||
      number != (double)(int)number)
    return false;
  *out = (int)number;
  return true;
}

static bool index_part_read(const struct yaml_node *node, struct index_row *row) {
  if (row->part_count == INDEX_PARTS_MOST) return false;
  struct index_part *part = &row->parts[row->part_count++];
  part->of = yaml_text(yaml_get(node, "of"));
  part->where = yaml_text(yaml_get(node, "where"));
  return part->of && index_int(node, "lag", 0, 100, &part->lag);
}

static bool index_numbers_read(const struct yaml_node *node, struct index_row *row) {
  const struct yaml_node *least = yaml_get(node, "at_least"), *most = yaml_get(node, "at_most");
  return (!least || yaml_as_number(least, &row->at_least)) &&
         (!most || yaml_as_number(most, &row->at_most)) &&
         index_int(node, "decimals", 0, INDEX_DECIMALS_MOST, &row->decimals) &&
         index_int(node, "from", DAY_YEAR_MIN, DAY_YEAR_MAX, &row->from_year) &&
         index_int(node, "to", DAY_YEAR_MIN, DAY_YEAR_MAX, &row->to_year);
}

static enum status index_row_read(const struct index_reader *r, const struct yaml_node *node,
                                  struct index_row *row, struct error *err) {
  row->line = node->line;
  row->path = yaml_text(yaml_get(node, "path"));
  row->label = yaml_text(yaml_get(node, "label"));
  row->unit = yaml_text(yaml_get(node, "unit"));
  row->instead = yaml_text(yaml_get(node, "instead"));
  row->reference_count = parameter_references(r->arena, yaml_get(node, "reference"),
                                              &row->references);
  const struct yaml_node *parts = yaml_get(node, "greatest_of");
  bool is_sound = row->path && !strpbrk(row->path, "[] ") && index_numbers_read(node, row);
  if (is_sound && !parts) is_sound = index_part_read(node, row);
  for (int i = 0; is_sound && parts && i < parts->count; i++)
    is_sound = index_part_read(parts->items[i], row);
  return is_sound && row->part_count ? DONE : index_fault(r, node, err);
}

enum status parameter_indices_read(struct arena *arena, const char *file,
                                   const struct parameter_indices **out, struct error *err) {
  struct yaml_stream stream;
  if (yaml_read_file(arena, file, &stream, err) != DONE) return err->code;
  struct parameter_indices *indices = arena_alloc(arena, sizeof *indices);
  struct index_reader r = {arena, file};
  const struct index_row **last = &indices->first;
  *out = indices;
  static const char *const sections[] = {"growth", "levels"};
  for (int s = 0; s < 2 && stream.count; s++) {
    const struct yaml_node *rows = yaml_get(stream.documents[0], sections[s]);
    if (rows && rows->kind != YAML_LIST) return index_fault(&r, rows, err);
    for (int i = 0; rows && i < rows->count; i++) {
      struct index_row *row = arena_alloc(arena, sizeof *row);
      *row = (struct index_row){
          .file = file, .is_level = s == 1, .decimals = -1, .at_least = -1e300, .at_most = 1e300};
      if (index_row_read(&r, rows->items[i], row, err) != DONE) return err->code;
      *last = row;
      last = &row->next;
    }
  }
  return DONE;
}

/* ---- layers ---- */

static bool index_has_row(const struct parameter_indices *indices, const char *path) {
  for (const struct index_row *row = indices->first; row; row = row->next)
    if (strcmp(row->path, path) == 0) return true;
  return false;
}

const struct parameter_indices *parameter_indices_laid(struct arena *arena,
                                                       const struct parameter_indices *lower,
                                                       const struct parameter_indices *upper) {
  struct parameter_indices *laid = arena_alloc(arena, sizeof *laid);
  const struct index_row **last = &laid->first;
  for (int part = 0; part < 4; part++) { /* growth of both, then levels of both */
    const bool is_upper = part % 2;
    const struct index_row *row = is_upper ? upper->first : lower->first;
    for (; row; row = row->next) {
      if (row->is_level != (part >= 2) || (!is_upper && index_has_row(upper, row->path))) continue;
      struct index_row *copy = arena_alloc(arena, sizeof *copy);
      *copy = *row;
      copy->next = NULL;
      *last = copy;
      last = &copy->next;
    }
  }
  return laid;
}

/* A level may be made of a group, `of` being its path. */
static bool index_is_of(const char *of, const char *path) {
  const size_t size = of ? strlen(of) : 0;
  return size && strncmp(of, path, size) == 0 && (!path[size] || path[size] == '.');
}

bool parameter_indices_name(const struct parameter_indices *indices, const char *path) {
  for (const struct index_row *row = indices->first; row; row = row->next) {
    if (index_is_of(row->instead, path)) return true;
    for (int i = 0; i < row->part_count; i++)
      if (index_is_of(row->parts[i].of, path) || index_is_of(row->parts[i].where, path))
        return true;
  }
  return false;
}

/* ---- making ---- */

struct index_maker {
  struct arena *arena;
  struct parameters *tree;
};

/* The nearest decimal of so many places, as the text of it reads. */
static double index_round(double value, int decimals) {
  char text[400];
  if (decimals < 0) return value;
  (void)snprintf(text, sizeof text, "%.*f", decimals, value);
  return strtod(text, NULL);
}

static day_t index_years_on(day_t day, int years) {
  int year, month, date;
  day_parts(day, &year, &month, &date);
  year += years;
  if (year < DAY_YEAR_MIN || year > DAY_YEAR_MAX) return DAY_NONE;
  return day_make(year, month, month == 2 && date == 29 ? 28 : date);
}

static int index_year_of(day_t day) {
  int year, month, date;
  day_parts(day, &year, &month, &date);
  return year;
}

static const struct parameter *index_series(const struct index_maker *m, const char *path) {
  const struct parameter *p = path ? parameters_find(m->tree, span_of(path)) : NULL;
  return p && p->kind == PARAMETER_VALUES && p->entry_count ? p : NULL;
}

static bool index_number(const struct parameter *p, day_t day, double *out) {
  const struct parameter_entry *entry = p && day != DAY_NONE ? parameter_on(p, day) : NULL;
  if (!entry || (entry->value.form != FORM_NUMBER && entry->value.form != FORM_BOOL)) return false;
  *out = entry->value.number;
  return true;
}

/* The entry of the same year; null: none. */
static const struct parameter_entry *index_entry_of_year(const struct parameter *p, int year) {
  for (int i = 0; p && i < p->entry_count; i++)
    if (index_year_of(p->entries[i].from) == year) return &p->entries[i];
  return NULL;
}

static bool index_growth_on(const struct index_maker *m, const struct index_row *row, day_t day,
                            double *out) {
  const struct parameter_entry *said = index_entry_of_year(index_series(m, row->instead),
                                                           index_year_of(day));
  if (said && said->value.form == FORM_NUMBER) {
    *out = said->value.number;
    return true;
  }
  bool has_any = false;
  for (int i = 0; i < row->part_count; i++) {
    const struct index_part *part = &row->parts[i];
    double number, is_so = 1;
    if (part->where && (!index_number(index_series(m, part->where), day, &is_so) || is_so == 0))
      continue;
    if (!index_number(index_series(m, part->of), index_years_on(day, -part->lag), &number))
      continue;
    if (!has_any || number > *out) *out = number;
    has_any = true;
  }
  if (*out < row->at_least) *out = row->at_least;
  if (*out > row->at_most) *out = row->at_most;
  *out = index_round(*out, row->decimals);
  return has_any;
}

static struct parameter *index_parameter(const struct index_maker *m, const struct index_row *row,
                                         const char *path, int most) {
  struct parameter *p = parameter_node_new(m->arena, path, row->file);
  p->kind = PARAMETER_VALUES;
  p->line = row->line;
  p->label = row->label;
  p->unit = row->unit;
  p->reference_count = row->reference_count;
  p->references = row->references;
  p->entries = arena_array(m->arena, struct parameter_entry, most);
  return p;
}

static struct parameter_entry index_entry(day_t day, double number) {
  return (struct parameter_entry){.from = day,
                                  .value = {.form = FORM_NUMBER, .number = number},
                                  .is_estimated = true};
}

/* Its days are those of the first part, so many years later. */
static void index_make_growth(const struct index_maker *m, const struct index_row *row) {
  const struct parameter *lead = index_series(m, row->parts[0].of);
  if (!lead) return;
  struct parameter *p = index_parameter(m, row, row->path, lead->entry_count);
  struct parameter_entry *entries = arena_array(m->arena, struct parameter_entry,
                                                lead->entry_count);
  for (int i = 0; i < lead->entry_count; i++) {
    day_t day = index_years_on(lead->entries[i].from, row->parts[0].lag);
    int year = day == DAY_NONE ? 0 : index_year_of(day);
    double number = 0;
    if (year < row->from_year || (row->to_year && year > row->to_year) || !year) continue;
    if (index_growth_on(m, row, day, &number)) entries[p->entry_count++] = index_entry(day, number);
  }
  p->entries = entries;
  if (p->entry_count) parameter_insert(m->arena, m->tree, p);
}

/* What growth comes to: 1 on its first day, then growing by each later one; after the last its
 * growth goes on, year by year, to the row's last year. */
static void index_make_level(const struct index_maker *m, const struct index_row *row,
                             const struct parameter *growth, const char *path) {
  if (growth->kind != PARAMETER_VALUES) {
    for (int i = 0; i < growth->child_count; i++) {
      const struct parameter *child = growth->children[i];
      index_make_level(m, row, child, arena_printf(m->arena, "%s.%s", path, child->name));
    }
    return;
  }
  int count = growth->entry_count;
  if (!count || parameters_find(m->tree, span_of(path))) return;
  int last_year = index_year_of(growth->entries[count - 1].from), after = row->to_year - last_year;
  int most = count + (after > 0 ? after : 0);
  struct parameter *p = index_parameter(m, row, path, 0);
  struct parameter_entry *entries = arena_array(m->arena, struct parameter_entry, most);
  if (growth->label) p->label = growth->label;
  double level = 1;
  for (int i = 0; i < most; i++) {
    const struct parameter_entry *entry = &growth->entries[i < count ? i : count - 1];
    if (entry->value.form != FORM_NUMBER) return;
    day_t day = i < count ? entry->from : index_years_on(entry->from, i - count + 1);
    if (i) level = index_round(level * (1 + entry->value.number), row->decimals);
    entries[i] = index_entry(day, level);
  }
  p->entries = entries;
  p->entry_count = most;
  parameter_insert(m->arena, m->tree, p);
}

void parameter_indices_make(struct arena *arena, const struct parameter_indices *indices,
                            struct parameters *tree) {
  struct index_maker m = {arena, tree};
  for (const struct index_row *row = indices ? indices->first : NULL; row; row = row->next) {
    if (!row->is_level) {
      if (!parameters_find(tree, span_of(row->path))) index_make_growth(&m, row);
      continue;
    }
    const struct parameter *growth = parameters_find(tree, span_of(row->parts[0].of));
    if (growth) index_make_level(&m, row, growth, row->path);
  }
}
