/* Files are read by base/table.h, whose columns are asked for by name: so the header is read first,
 * for the names of the keys. */
#include "rules/tables.h"

#include "base/refusal.h"
#include "base/table.h"
#include "rules/model.h"
#include "rules/yaml.h"

#include <dirent.h>
#include <errno.h>
#include <math.h>
#include <stdlib.h>

enum { TABLE_COLUMNS_MOST = LIMIT_TABLE_KEYS + 5 };

struct table_cell {
  int count; /* rows by day, the earliest first */
  const struct rule_table_row *rows;
};

/* A column of keys. The place of a word is its place in order; of a number how far it is from the
 * least. */
struct table_key {
  const char *name;
  bool is_number;
  int64_t first;
  int count;
  const char *const *words; /* null where they are numbers */
};

struct rule_table {
  const char *name, *file;
  const char *unit, *period; /* null: none */
  int key_count, row_count, cell_count;
  const struct table_key *keys;   /* in order of the columns in the file */
  const struct table_cell *cells; /* of every combination of places, the last key fastest */
};

struct rule_tables {
  int count;
  const struct rule_table **all; /* in order of name */
};

struct table_reader {
  struct arena *arena;
  const char *file;
  struct table_column columns[TABLE_COLUMNS_MOST]; /* the fixed ones, then the keys */
  int column_count;
  const char *unit, *period; /* of the rows so far; null: none */
  struct table_draft {
    struct rule_table_row row;
    int places[LIMIT_TABLE_KEYS];
    struct span words[LIMIT_TABLE_KEYS];
  } * drafts;
  size_t count, capacity;
};

enum { TABLE_FROM, TABLE_VALUE, TABLE_SOURCE, TABLE_UNIT, TABLE_PERIOD, TABLE_FIRST_KEY };
static const struct table_column table_fixed[TABLE_FIRST_KEY] = {
    {"from", true}, {"value", true}, {"source", true}, {"unit", false}, {"period", false}};

static int table_keys_of(const struct table_reader *r) { return r->column_count - TABLE_FIRST_KEY; }

/* ---- reading ---- */

static enum status table_read_header(struct table_reader *r, struct error *err) {
  struct table_raw *raw = NULL;
  struct span *fields;
  int count = -1;
  uint64_t line = 0;
  if (table_raw_open_plain(&raw, r->file, err) != DONE) return error_at(err, r->file, 0, NULL);
  enum status status = table_raw_next(raw, &fields, &count, &line, err);
  memcpy(r->columns, table_fixed, sizeof table_fixed);
  r->column_count = TABLE_FIRST_KEY;
  for (int i = 0; status == DONE && i < count; i++) {
    struct span name = span_trim(fields[i]);
    if (i == 0 && name.size > 3 && memcmp(name.bytes, UTF8_MARK, 3) == 0)
      name = span_make(name.bytes + 3, name.size - 3);
    bool is_key = !(name.size > 2 && memcmp(name.bytes, "x_", 2) == 0);
    for (int k = 0; k < TABLE_FIRST_KEY; k++)
      is_key = is_key && !span_is(name, table_fixed[k].name);
    if (!is_key) continue;
    if (r->column_count == TABLE_COLUMNS_MOST)
      status = refuse(err, TABLE_TOO_MANY_KEYS, LIMIT_TABLE_KEYS);
    else
      r->columns[r->column_count++] =
          (struct table_column){arena_copy(r->arena, name.bytes, name.size), true};
  }
  table_raw_close(raw);
  if (status == DONE && r->column_count == TABLE_FIRST_KEY) status = refuse(err, TABLE_NO_KEYS);
  return status == DONE ? DONE : error_at(err, r->file, 1, NULL);
}

static bool table_unit_is(struct span unit) {
  struct rule_type t;
  return rule_unit_read(unit, NULL, &t) && (t.money || t.hours || span_is(unit, "/1"));
}

/* A unit or a period, which the rows above have too. */
static enum status table_take_unit(struct table_reader *r, int column, struct span said,
                                   struct error *err) {
  const char **known = column == TABLE_UNIT ? &r->unit : &r->period;
  char quoted[SPAN_QUOTE_SIZE];
  if (r->count == 1 && said.size) {
    if (column == TABLE_UNIT && !table_unit_is(said))
      return refuse_at(err, "unit", TABLE_UNIT_UNKNOWN, span_quote(said, quoted));
    if (column == TABLE_PERIOD && !rule_period_named(said))
      return refuse_at(err, "period", TABLE_PERIOD_UNKNOWN, span_quote(said, quoted));
    *known = arena_copy(r->arena, said.bytes, said.size);
  }
  return span_is(said, *known ? *known : "")
             ? DONE
             : refuse_at(err, table_fixed[column].name, TABLE_UNIT_DIFFERS, *known ? *known : "");
}

static enum status table_take_row(struct table_reader *r, const struct table_rows *rows, size_t n,
                                  struct error *err) {
  if (rows->fault[n].reason) {
    (void)refuse_again(err, rows->fault[n].refusal, rows->fault[n].reason);
    return error_at(err, NULL, 0, rows->fault[n].column);
  }
  arena_reserve(r->arena, r->drafts, r->capacity, r->count + 1);
  struct table_draft *draft = &r->drafts[r->count++];
  *draft = (struct table_draft){.row.line = (int)rows->line[n]};
  if (day_parse(table_field(rows, n, TABLE_FROM), &draft->row.from, err) != DONE)
    return error_at(err, NULL, 0, "from");
  struct span value = table_field(rows, n, TABLE_VALUE);
  char quoted[SPAN_QUOTE_SIZE];
  draft->row.value = (double)NAN;
  if (value.size && !yaml_number(value, &draft->row.value))
    return refuse_at(err, "value", TABLE_VALUE_MALFORMED, span_quote(value, quoted));
  struct span source = table_field(rows, n, TABLE_SOURCE);
  if (!source.size) return refuse_at(err, "source", TABLE_SOURCE_MISSING);
  draft->row.source = arena_copy(r->arena, source.bytes, source.size);
  for (int i = TABLE_UNIT; i <= TABLE_PERIOD; i++)
    if (table_take_unit(r, i, table_field(rows, n, i), err) != DONE) return err->code;
  for (int k = 0; k < table_keys_of(r); k++) {
    struct span word = table_field(rows, n, TABLE_FIRST_KEY + k);
    if (!word.size) return refuse_at(err, r->columns[TABLE_FIRST_KEY + k].name, TABLE_KEY_MISSING);
    draft->words[k] = span_make(arena_copy(r->arena, word.bytes, word.size), word.size);
  }
  return DONE;
}

static enum status table_read_rows(struct table_reader *r, struct error *err) {
  struct table *table = NULL;
  struct table_rows *rows = NULL;
  enum status status = table_open_plain(&table, r->file, r->columns, r->column_count, err);
  if (status != DONE) return error_at(err, r->file, 0, NULL);
  while (status == DONE && (status = table_next(table, &rows, err)) == DONE && rows) {
    for (size_t n = 0; n < rows->count && status == DONE; n++) {
      status = table_take_row(r, rows, n, err);
      if (status != DONE) (void)error_at(err, r->file, rows->line[n], NULL);
    }
    table_rows_free(rows);
  }
  table_close(table);
  return status;
}

/* ---- making ---- */

/* A whole number without sign, zeros before it or blanks. */
static bool table_whole(struct span word, int64_t *out) {
  *out = 0;
  if (!word.size || word.size > 9 || (word.size > 1 && word.bytes[0] == '0')) return false;
  for (size_t i = 0; i < word.size; i++) {
    if (word.bytes[i] < '0' || word.bytes[i] > '9') return false;
    *out = *out * 10 + word.bytes[i] - '0';
  }
  return true;
}

/* The place of a key's word; -1: the table has none such. */
static int table_place(const struct table_key *key, struct span word) {
  int64_t number;
  if (key->is_number)
    return table_whole(word, &number) && number >= key->first && number - key->first < key->count
               ? (int)(number - key->first)
               : -1;
  int low = 0, high = key->count;
  while (low < high) {
    int middle = (low + high) / 2, order = span_compare(span_of(key->words[middle]), word);
    if (order == 0) return middle;
    if (order < 0) low = middle + 1;
    else high = middle;
  }
  return -1;
}

/* The range of a column where all are whole numbers; false where one is not. */
static bool table_make_number_key(const struct table_reader *r, int k, struct table_key *out) {
  int64_t least = INT64_MAX, most = INT64_MIN, number;
  for (size_t i = 0; i < r->count; i++) {
    if (!table_whole(r->drafts[i].words[k], &number)) return false;
    if (number < least) least = number;
    if (number > most) most = number;
  }
  out->is_number = true;
  out->first = r->count ? least : 0;
  out->count = r->count ? (int)(most - least) + 1 : 0;
  return true;
}

static void table_make_key(struct table_reader *r, int k, struct table_key *out) {
  out->name = r->columns[TABLE_FIRST_KEY + k].name;
  if (!table_make_number_key(r, k, out)) {
    const char **words = arena_array(r->arena, const char *, r->count);
    for (size_t i = 0; i < r->count; i++) words[i] = r->drafts[i].words[k].bytes;
    array_sort(words, r->count, string_compare);
    int count = 0;
    for (size_t i = 0; i < r->count; i++)
      if (!count || strcmp(words[count - 1], words[i]) != 0) words[count++] = words[i];
    out->count = count;
    out->words = words;
  }
  for (size_t i = 0; i < r->count; i++)
    r->drafts[i].places[k] = table_place(out, r->drafts[i].words[k]);
}

static int table_draft_compare(const void *a, const void *b) {
  const struct table_draft *x = a, *y = b;
  for (int k = 0; k < LIMIT_TABLE_KEYS; k++)
    if (x->places[k] != y->places[k]) return x->places[k] < y->places[k] ? -1 : 1;
  if (x->row.from != y->row.from) return x->row.from < y->row.from ? -1 : 1;
  return (x->row.line > y->row.line) - (x->row.line < y->row.line);
}

static size_t table_cell_index(const struct rule_table *table, const int *places) {
  size_t index = 0;
  for (int k = 0; k < table->key_count; k++)
    index = index * (size_t)table->keys[k].count + (size_t)places[k];
  return index;
}

static enum status table_make(struct table_reader *r, struct rule_table *out, struct error *err) {
  struct table_key *keys = arena_array(r->arena, struct table_key, table_keys_of(r));
  int64_t cell_count = 1;
  for (int k = 0; k < table_keys_of(r); k++) {
    table_make_key(r, k, &keys[k]);
    cell_count *= keys[k].count;
    if (cell_count > LIMIT_TABLE_CELLS) {
      (void)refuse(err, TABLE_TOO_MANY_CELLS, LIMIT_TABLE_CELLS);
      return error_at(err, r->file, 0, NULL);
    }
  }
  struct table_cell *cells = arena_array(r->arena, struct table_cell, cell_count);
  struct rule_table_row *rows = arena_array(r->arena, struct rule_table_row, r->count);
  out->key_count = table_keys_of(r);
  out->row_count = (int)r->count;
  out->unit = r->unit;
  out->period = r->period;
  out->cell_count = (int)cell_count;
  out->keys = keys;
  out->cells = cells;
  array_sort(r->drafts, r->count, table_draft_compare);
  for (size_t i = 0; i < r->count; i++) {
    struct table_cell *cell = &cells[table_cell_index(out, r->drafts[i].places)];
    rows[i] = r->drafts[i].row;
    if (!cell->count) cell->rows = &rows[i];
    if (cell->count && rows[i - 1].from == rows[i].from) {
      (void)refuse_at(err, "from", TABLE_ROW_TWICE, rows[i - 1].line);
      return error_at(err, r->file, (uint64_t)rows[i].line, NULL);
    }
    cell->count++;
  }
  return DONE;
}

/* ---- a folder ---- */

static enum status table_load_file(struct arena *arena, struct rule_table *out, struct error *err) {
  struct table_reader *r = arena_alloc(arena, sizeof *r);
  r->arena = arena;
  r->file = out->file;
  if (table_read_header(r, err) != DONE || table_read_rows(r, err) != DONE) return err->code;
  return table_make(r, out, err);
}

static int table_name_compare(const void *a, const void *b) {
  const struct rule_table *const *x = a, *const *y = b;
  return strcmp((*x)->name, (*y)->name);
}

/* Adds a table, in the place of one of its name. */
static void tables_add(struct arena *arena, struct rule_tables *tables, size_t *capacity,
                       const struct rule_table *table) {
  for (int i = 0; i < tables->count; i++)
    if (strcmp(tables->all[i]->name, table->name) == 0) {
      tables->all[i] = table;
      return;
    }
  arena_reserve(arena, tables->all, *capacity, (size_t)tables->count + 1);
  tables->all[tables->count++] = table;
}

enum status tables_load(struct arena *arena, const char *folder, const struct rule_tables *under,
                        struct rule_tables **out, struct error *err) {
  struct rule_tables *tables = arena_alloc(arena, sizeof *tables);
  size_t capacity = 0;
  *out = tables;
  for (int i = 0; under && i < under->count; i++)
    tables_add(arena, tables, &capacity, under->all[i]);
  DIR *dir = opendir(folder);
  if (!dir && errno == ENOENT) return DONE;
  if (!dir) return refuse(err, PARAMETERS_NO_FOLDER, folder, strerror(errno));
  enum status status = DONE;
  for (const struct dirent *entry; status == DONE && (entry = readdir(dir));) {
    size_t size = strlen(entry->d_name);
    if (entry->d_name[0] == '.' || size < 5 || strcmp(entry->d_name + size - 4, ".csv") != 0)
      continue;
    struct rule_table *table = arena_alloc(arena, sizeof *table);
    table->name = arena_copy(arena, entry->d_name, size - 4);
    table->file = arena_printf(arena, "%s/%s", folder, entry->d_name);
    status = table_load_file(arena, table, err);
    tables_add(arena, tables, &capacity, table);
  }
  (void)closedir(dir);
  array_sort(tables->all, tables->count, table_name_compare);
  return status;
}

/* ---- looking up ---- */

const struct rule_table *tables_find(const struct rule_tables *tables, struct span name) {
  for (int i = 0; tables && i < tables->count; i++)
    if (span_is(name, tables->all[i]->name)) return tables->all[i];
  return NULL;
}

int tables_count(const struct rule_tables *tables, int *rows) {
  *rows = 0;
  for (int i = 0; i < tables->count; i++) *rows += tables->all[i]->row_count;
  return tables->count;
}

int table_key_count(const struct rule_table *table) { return table->key_count; }

bool table_key_is_number(const struct rule_table *table, int key) {
  return table->keys[key].is_number;
}

const char *table_name(const struct rule_table *table) { return table->name; }
const char *table_unit(const struct rule_table *table) { return table->unit; }
const char *table_period(const struct rule_table *table) { return table->period; }

static const struct rule_table_row *table_cell_on(const struct table_cell *cell, day_t day) {
  int i = cell->count - 1;
  while (i >= 0 && cell->rows[i].from > day) i--;
  return i >= 0 && !isnan(cell->rows[i].value) ? &cell->rows[i] : NULL;
}

const struct rule_table_row *table_row_on(const struct rule_table *table, day_t day,
                                          const struct span *keys) {
  int places[LIMIT_TABLE_KEYS];
  for (int k = 0; k < table->key_count; k++)
    if ((places[k] = table_place(&table->keys[k], keys[k])) < 0) return NULL;
  return table_cell_on(&table->cells[table_cell_index(table, places)], day);
}

void table_grid_on(struct arena *arena, const struct rule_table *table, day_t day,
                   struct table_grid *out) {
  *out = (struct table_grid){.table = table, .value_count = table->cell_count};
  for (int k = 0; k < table->key_count; k++) {
    out->sizes[k] = table->keys[k].count;
    out->first[k] = (double)table->keys[k].first;
  }
  out->values = arena_array(arena, double, table->cell_count);
  for (int i = 0; i < table->cell_count; i++) {
    const struct rule_table_row *row = table_cell_on(&table->cells[i], day);
    out->values[i] = row ? row->value : (double)NAN;
  }
}

double table_grid_row(const struct table_grid *grid, int key, struct span word) {
  int place = table_place(&grid->table->keys[key], word);
  return place < 0 ? (double)NAN : place;
}
