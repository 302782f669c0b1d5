#include "rules/population_files.h"

#include "base/input.h"
#include "base/limits.h"
#include "base/refusal.h"
#include "base/table.h"
#include "rules/values.h"
#include <math.h>
#include <stdlib.h>
#include <sys/stat.h>

struct text_pool {
  struct arena *arena;
  char *at;
  size_t left, last_size;
  const char *last;
};

/* A file while it is read. */
struct file_columns {
  struct arena *arena; /* of what stays: ids and values */
  struct arena *spare; /* of what is needed until all have their groups */
  struct text_pool id_texts, member_texts, group_texts[RULE_ENTITIES_MOST];
  const struct rules *rules;
  const struct rule_entity *entity;
  const char *path;
  int rows, room, column_count;
  int id, members;               /* which columns; -1: none */
  int group[RULE_ENTITIES_MOST]; /* the column with the id of the group; -1: none */
  const char **ids;
  uint64_t *lines;                            /* of each row */
  const char **member_lists;                  /* of each row: the ids of its members */
  const char **group_ids[RULE_ENTITIES_MOST]; /* of each row */
  const struct rule_variable *variables[LIMIT_FILE_COLUMNS]; /* null: not an input */
  double *values[LIMIT_FILE_COLUMNS];
  char *names[LIMIT_FILE_COLUMNS];
};

static enum status at(const struct file_columns *f, uint64_t line, const char *column,
                      struct error *err) {
  return error_at(err, f->path, line, column);
}

/* ---- the header ---- */

/* Where the number of a column that is no variable is kept; null: it is one, or nobody's. */
static int *place_kept(struct file_columns *f, struct span name) {
  const struct rule_entity *group = f->entity->is_group ? NULL : rules_entity(f->rules, name);
  if (span_is(name, "id")) return &f->id;
  if (span_is(name, "members") && f->entity->is_group) return &f->members;
  return group && group->is_group ? &f->group[group->index] : NULL;
}

static enum status column_twice(const struct file_columns *f, int i, const char *what,
                                struct error *err) {
  (void)refuse(err, RULE_COLUMN_TWICE, what);
  return at(f, 1, f->names[i], err);
}

static enum status take_header(struct arena *arena, struct population_files *files,
                               struct file_columns *f, const struct span *fields, int count,
                               struct error *err) {
  const struct rules *rules = f->rules;
  bool has_marked = false;
  f->id = f->members = -1;
  for (int g = 0; g < RULE_ENTITIES_MOST; g++) f->group[g] = -1;
  for (int i = 0; i < count; i++)
    has_marked |= fields[i].size > 3 && memcmp(fields[i].bytes, "in_", 3) == 0;
  f->column_count = count;
  for (int i = 0; i < count; i++) {
    struct span name = span_trim(fields[i]);
    f->names[i] = arena_copy(arena, name.bytes, name.size);
    const bool marked = name.size > 3 && memcmp(name.bytes, "in_", 3) == 0;
    int *kept = place_kept(f, name);
    if (kept && *kept >= 0) return column_twice(f, i, f->names[i], err);
    if (kept) *kept = i;
    else if (name.size > 1 && memcmp(name.bytes, "x_", 2) == 0) continue;
    else {
      const struct rule_variable *v =
          rules_variable(rules, marked ? span_make(name.bytes + 3, name.size - 3) : name);
      if (v && !marked && has_marked && v->version_count) {
        if (files->left_alone_count < 64) files->left_alone[files->left_alone_count++] = v->name;
        continue;
      }
      if (!v) {
        (void)rules_refuse_name(rules, name, err);
        return at(f, 1, f->names[i], err);
      }
      if (v->entity->index != f->entity->index) {
        (void)refuse(err, RULE_GIVEN_OF_ENTITY, v->name, v->entity->name,
                     arena_printf(f->spare, "%s.csv", rule_entity_rows(v->entity)));
        return at(f, 1, f->names[i], err);
      }
      for (int k = 0; k < i; k++)
        if (f->variables[k] == v) return column_twice(f, i, v->name, err);
      f->variables[i] = v;
    }
  }
  if (f->id >= 0) return DONE;
  (void)refuse(err, RULE_COLUMN_MISSING, "id");
  return at(f, 1, NULL, err);
}

/* ---- rows ---- */

enum { READ_BYTES = 1 << 18, POOL_BYTES = 1 << 16, POPULATION_ROWS_MOST = 500000000 };

/* Short texts side by side: in an arena each would begin on 16 bytes. The same text as the one
 * before is kept once (people of one household follow one another). */
static const char *text_kept(struct text_pool *pool, struct span s) {
  if (pool->last && s.size == pool->last_size && memcmp(pool->last, s.bytes, s.size) == 0)
    return pool->last;
  if (s.size + 1 > pool->left) {
    pool->left = s.size + 1 > POOL_BYTES ? s.size + 1 : POOL_BYTES;
    pool->at = arena_alloc(pool->arena, pool->left);
  }
  char *text = pool->at;
  if (s.size) memcpy(text, s.bytes, s.size);
  pool->at += s.size + 1; /* the memory is zeroed */
  pool->left -= s.size + 1;
  pool->last = text;
  pool->last_size = s.size;
  return text;
}

/* Up to 15 digits are a whole number that a double holds, and so is the power of ten: their
 * quotient is the nearest double, as strtod gives it, in a fifth of the time. */
static bool plain_number(struct span s, double *out) {
  static const double tens[] = {1,   1e1, 1e2,  1e3,  1e4,  1e5,  1e6,  1e7,
                                1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15};
  const bool minus = s.size && s.bytes[0] == '-';
  int digits = 0, decimals = -1;
  int64_t n = 0;
  for (size_t i = minus; i < s.size; i++) {
    const char c = s.bytes[i];
    if (c == '.' && decimals < 0) decimals = 0;
    else if (c < '0' || c > '9' || ++digits > 15) return false;
    else {
      n = n * 10 + (c - '0');
      decimals += decimals >= 0;
    }
  }
  *out = (double)n / tens[decimals > 0 ? decimals : 0];
  if (minus) *out = -*out;
  return digits > 0;
}

static bool number_of(struct span s, double *out) {
  char text[64], *end;
  if (plain_number(s, out)) return true;
  if (span_is(s, "inf") || span_is(s, "-inf")) { /* as results say that there is no bound */
    *out = s.bytes[0] == '-' ? -INFINITY : INFINITY;
    return true;
  }
  if (!s.size || s.size >= sizeof text) return false;
  memcpy(text, s.bytes, s.size);
  text[s.size] = 0;
  if (strspn(text, "0123456789+-.eE") != s.size) return false;
  *out = strtod(text, &end);
  return *end == 0 && isfinite(*out);
}

static bool field_value(const struct rule_variable *v, struct span s, double *out) {
  day_t day;
  struct error ignored = {0};
  if (v->type.kind == KIND_ENUM) {
    const int item = rule_enum_item(v->type.items, s);
    *out = item;
    return item >= 0;
  }
  if (v->type.kind == KIND_DATE) {
    const bool is_day = day_parse(s, &day, &ignored) == DONE;
    *out = is_day ? day : 0;
    return is_day;
  }
  if (span_is(s, "True") || span_is(s, "true")) *out = 1;
  else if (span_is(s, "False") || span_is(s, "false")) *out = 0;
  else return number_of(s, out) && (v->type.kind != KIND_BOOL || *out == 0 || *out == 1);
  return true;
}

/* The most rows that the file can have: a row stands in a line of its own that is not blank, and
 * has a comma or the line's end for each column. */
static enum status count_rows(const struct file_columns *f, uint64_t *rows, struct error *err) {
  struct input *in;
  uint64_t lines = 0, filled = 0;
  enum status status = input_open_plain(&in, f->path, err);
  if (status != DONE) return status;
  char *bytes = memory_alloc(READ_BYTES);
  bool blank = true;
  for (size_t size = 1; status == DONE && size;) {
    status = input_read(in, bytes, READ_BYTES, &size, err);
    for (size_t i = 0; status == DONE && i < size; i++) {
      const bool ends = bytes[i] == '\n' || bytes[i] == '\r'; /* a bare CR ends a line too */
      lines += !ends && blank;
      filled += !ends;
      blank = ends;
    }
  }
  free(bytes);
  input_close(in);
  const uint64_t wide = (filled + lines) / (uint64_t)f->column_count;
  *rows = lines < wide ? lines : wide;
  return status;
}

/* Once, so that no column is ever moved: at a million people a column that grows by doubling costs
 * as much memory again. */
static enum status make_room(struct file_columns *f, struct error *err) {
  uint64_t rows;
  enum status status = count_rows(f, &rows, err);
  if (status != DONE) return status;
  if (rows > POPULATION_ROWS_MOST) {
    (void)refuse(err, RULE_ROWS_MOST, POPULATION_ROWS_MOST);
    return at(f, 0, NULL, err);
  }
  f->room = (int)rows;
  f->ids = arena_array(f->arena, const char *, f->room);
  f->lines = arena_array(f->spare, uint64_t, f->room);
  if (f->members >= 0) f->member_lists = arena_array(f->spare, const char *, f->room);
  for (int g = 0; g < RULE_ENTITIES_MOST; g++)
    if (f->group[g] >= 0) f->group_ids[g] = arena_array(f->spare, const char *, f->room);
  for (int i = 0; i < f->column_count; i++)
    if (f->variables[i]) f->values[i] = arena_array(f->arena, double, f->room);
  return DONE;
}

static enum status take_row(struct file_columns *f, const struct span *fields, int count,
                            uint64_t line, struct error *err) {
  if (count != f->column_count) {
    (void)refuse(err, RULE_FIELDS_COUNT, count, f->column_count);
    return at(f, line, NULL, err);
  }
  if (f->rows == f->room) { /* it was opened twice, and somebody may have written between */
    (void)refuse(err, RULE_FILE_CHANGED);
    return at(f, line, NULL, err);
  }
  const int row = f->rows++;
  f->lines[row] = line;
  for (int i = 0; i < count; i++) {
    const struct span s = span_trim(fields[i]);
    const struct rule_variable *v = f->variables[i];
    if (i == f->id) f->ids[row] = text_kept(&f->id_texts, s);
    else if (i == f->members) f->member_lists[row] = text_kept(&f->member_texts, s);
    else if (!v) continue;
    else if (!s.size) f->values[i][row] = v->by_default;
    else if (!field_value(v, s, &f->values[i][row])) {
      (void)rule_value_refuse(f->rules, f->spare, v, s, err);
      return at(f, line, f->names[i], err);
    }
  }
  for (int g = 0; g < RULE_ENTITIES_MOST; g++)
    if (f->group[g] >= 0) {
      const struct span s = span_trim(fields[f->group[g]]);
      f->group_ids[g][row] = text_kept(&f->group_texts[g], s);
    }
  if (f->ids[row][0]) return DONE;
  (void)refuse(err, RULE_FIELD_EMPTY);
  return at(f, line, "id", err);
}

static enum status read_file(struct arena *arena, struct population_files *files,
                             struct file_columns *f, struct error *err) {
  struct table_raw *raw;
  struct span *fields;
  int count;
  uint64_t line;
  enum status status = table_raw_open_plain(&raw, f->path, err);
  if (status != DONE) return status;
  status = table_raw_next(raw, &fields, &count, &line, err);
  if (status == DONE && count < 0) {
    (void)refuse(err, RULE_COLUMN_MISSING, "id");
    status = at(f, 1, NULL, err);
  }
  if (status == DONE) status = take_header(arena, files, f, fields, count, err);
  if (status == DONE) status = make_room(f, err);
  struct progress progress;
  progress_begin(&progress, files->progress, "reading", (uint64_t)f->room);
  while (status == DONE) {
    status = table_raw_next(raw, &fields, &count, &line, err);
    if (status != DONE || count < 0) break;
    status = take_row(f, fields, count, line, err);
    progress_update(&progress, (uint64_t)f->rows, (uint64_t)f->rows);
  }
  progress_end(&progress);
  table_raw_close(raw);
  return status;
}

/* ---- who is in which group ---- */

static enum status ids_of(struct arena *arena, const struct file_columns *f, struct map *out,
                          struct error *err) {
  *out = map_make(arena, (size_t)f->rows + 1);
  for (int i = 0; i < f->rows; i++) {
    char quoted[SPAN_QUOTE_SIZE];
    if (map_get(out, span_of(f->ids[i])) >= 0) {
      (void)refuse(err, RULE_ID_TWICE, span_quote(span_of(f->ids[i]), quoted));
      return at(f, f->lines[i], "id", err);
    }
    map_set(out, span_of(f->ids[i]), i);
  }
  return DONE;
}

static enum status unknown_id(const struct file_columns *f, int row, const char *column,
                              struct span id, struct error *err) {
  char quoted[SPAN_QUOTE_SIZE];
  (void)refuse(err, RULE_MEMBER_UNKNOWN, span_quote(id, quoted));
  return at(f, f->lines[row], column, err);
}

static enum status join_by_list(const struct file_columns *f, const struct map *people, int *member,
                                struct error *err) {
  for (int i = 0; i < f->rows; i++)
    for (const char *p = f->member_lists[i]; *p;) {
      const size_t size = strcspn(p, " ");
      const struct span id = span_make(p, size);
      const int64_t person = size ? map_get(people, id) : 0;
      if (person < 0) return unknown_id(f, i, "members", id, err);
      if (size && member[person] >= 0) {
        char quoted[SPAN_QUOTE_SIZE];
        (void)refuse(err, RULE_MEMBER_TWICE, span_quote(id, quoted));
        return at(f, f->lines[i], "members", err);
      }
      if (size) member[person] = i;
      p += size + (p[size] == ' ');
    }
  return DONE;
}

static enum status join_by_id(const struct file_columns *people, int g, const struct map *groups,
                              int *member, struct error *err) {
  for (int i = 0; i < people->rows; i++) {
    if (i && people->group_ids[g][i] == people->group_ids[g][i - 1]) { /* text_kept */
      member[i] = member[i - 1];
      continue;
    }
    const struct span id = span_of(people->group_ids[g][i]);
    const int64_t group = id.size ? map_get(groups, id) : -1;
    if (group < 0) return unknown_id(people, i, people->names[people->group[g]], id, err);
    member[i] = (int)group;
  }
  return DONE;
}

/* Where people name their groups and the groups name their members, both say the same. */
static enum status compare_joins(const struct file_columns *people, const struct file_columns *f,
                                 int g, const struct map *groups, const int *member,
                                 struct error *err) {
  for (int i = 0; i < people->rows; i++) {
    const struct span id = span_of(people->group_ids[g][i]);
    const int64_t group = id.size ? map_get(groups, id) : member[i];
    const char *column = people->names[people->group[g]];
    if (group == member[i]) continue;
    if (group < 0) return unknown_id(people, i, column, id, err);
    char person[SPAN_QUOTE_SIZE], quoted[SPAN_QUOTE_SIZE];
    (void)refuse(err, RULE_MEMBER_ELSEWHERE, span_quote(span_of(people->ids[i]), person),
                 span_quote(id, quoted), f->path);
    return at(people, people->lines[i], column, err);
  }
  return DONE;
}

/* Groups that have no file: those whose ids people name, in the order in which they are met. */
static int join_named(const struct file_columns *people, int g, int *member) {
  struct map groups = map_make(people->spare, (size_t)people->rows + 1);
  int count = 0;
  for (int i = 0; i < people->rows; i++) {
    const struct span id = span_of(people->group_ids[g][i]);
    if (!id.size) continue;
    int64_t group = map_get(&groups, id);
    if (group < 0) map_set(&groups, id, group = count++);
    member[i] = (int)group;
  }
  return count;
}

static enum status join(struct arena *arena, struct file_columns *files, int g,
                        const struct map *people, int **member, int *rows, struct error *err) {
  struct file_columns *f = &files[g];
  *member = arena_array(arena, int, files[0].rows + 1);
  for (int i = 0; i < files[0].rows; i++) (*member)[i] = -1;
  enum status status = DONE;
  struct map groups;
  if (f->rows) status = ids_of(f->spare, f, &groups, err);
  if (status != DONE) return status;
  if (f->rows && f->members >= 0) {
    status = join_by_list(f, people, *member, err);
    if (status == DONE && files[0].group[g] >= 0)
      status = compare_joins(&files[0], f, g, &groups, *member, err);
  } else if (f->rows && files[0].group[g] >= 0) {
    status = join_by_id(&files[0], g, &groups, *member, err);
  } else if (f->rows) {
    (void)refuse(err, RULE_COLUMN_MISSING, "members");
    status = at(f, 1, NULL, err);
  }
  *rows = f->rows;
  if (!f->path && files[0].group[g] >= 0) *rows = join_named(&files[0], g, *member);
  return status;
}

/* ---- the whole ---- */

static const char *file_of(struct arena *arena, const char *folder, const struct rule_entity *e,
                           const char **name) {
  struct stat st;
  for (int i = 0; i < e->plural_count; i++) {
    char *path = arena_printf(arena, "%s/%s.csv", folder, e->plurals[i]);
    *name = arena_printf(arena, "%s.csv", e->plurals[i]);
    if (stat(path, &st) == 0) return path;
  }
  if (e->plural_count) *name = arena_printf(arena, "%s.csv", e->plurals[0]);
  return NULL;
}

/* The column of the file itself where nobody is alone in a group: a copy of a million people's
 * values is as large as what is computed from them. */
static void give_columns(const struct population_files *files, struct rule_population *pop,
                         const struct file_columns *f) {
  for (int i = 0; i < f->column_count; i++) {
    const struct rule_variable *v = f->variables[i];
    if (!v) continue;
    const bool always = v->period == EACH_ETERNITY;
    const struct rule_period period = always ? (struct rule_period){.each = EACH_ETERNITY}
                                             : files->period;
    if (pop->rows[f->entity->index] <= f->room && rule_population_find(pop, v, period) < 0) {
      for (int k = f->rows; k < pop->rows[f->entity->index]; k++) f->values[i][k] = v->by_default;
      rule_population_give(pop, v, period, f->values[i]);
      continue;
    }
    double *to = rule_population_column(pop, v, period);
    memcpy(to, f->values[i], sizeof *to * (size_t)f->rows);
  }
}

static enum status join_all(struct arena *arena, struct file_columns *all,
                            const struct rules *rules, struct population_files *files,
                            struct error *err) {
  int rows[RULE_ENTITIES_MOST] = {0}, *member[RULE_ENTITIES_MOST] = {0};
  struct map people;
  enum status status = ids_of(all[0].spare, &all[0], &people, err);
  rows[0] = all[0].rows;
  for (int g = 1; g < rules->entity_count && status == DONE; g++)
    status = join(arena, all, g, &people, &member[g], &rows[g], err);
  if (status != DONE) return status;
  int entity, row;
  rule_population_place_lone(all[0].spare, rules, rows, member);
  files->pop = rule_population_make(arena, rules, rows);
  for (int g = 1; g < rules->entity_count; g++) files->pop->member[g] = member[g];
  if (rule_population_check(files->pop, &entity, &row, err) != DONE) {
    const struct file_columns *f = &all[entity];
    return row < f->rows ? at(f, f->lines[row], NULL, err) : at(&all[0], 0, NULL, err);
  }
  for (int e = 0; e < rules->entity_count; e++) give_columns(files, files->pop, &all[e]);
  rule_population_settle(files->pop);
  return DONE;
}

enum status population_files_read(struct arena *arena, const struct rules *rules,
                                  struct population_files *files, struct error *err) {
  struct arena *spare = arena_new();
  struct file_columns *all = arena_array(spare, struct file_columns, RULE_ENTITIES_MOST);
  enum status status = DONE;
  for (int e = 0; e < rules->entity_count && status == DONE; e++) {
    struct file_columns *f = &all[e];
    f->arena = f->id_texts.arena = arena;
    f->spare = f->member_texts.arena = spare;
    for (int g = 0; g < RULE_ENTITIES_MOST; g++) f->group_texts[g].arena = spare;
    f->rules = rules;
    f->entity = rules->entities[e];
    f->path = file_of(arena, files->folder, rules->entities[e], &files->file_names[e]);
    if (f->path) status = read_file(arena, files, f, err);
    else if (!e)
      status = refuse(err, RULE_NO_PEOPLE, files->folder,
                      files->file_names[0] ? files->file_names[0] : "people.csv");
    files->ids[e] = f->ids;
    files->given[e] = f->rows;
    files->has_file[e] = f->path != NULL;
    for (int g = 1; !e && f->path && g < rules->entity_count; g++)
      files->has_column[g] = f->group[g] >= 0;
  }
  if (status == DONE) status = join_all(arena, all, rules, files, err);
  arena_free(spare);
  return status;
}

/* ---- results ---- */

/* What the rules do not know is left empty. */
static void add_value(struct text *out, const struct rule_variable *v, double x) {
  if (isnan(x)) return;
  if (!rule_value_word(out, &v->type, x)) rule_number_write(out, x);
}

void population_files_write(const struct population_files *files, int entity,
                            const struct population_result *results, int count, struct text *out) {
  const struct rule_population *pop = files->pop;
  const int rows = pop->rows[entity];
  int *place = memory_alloc(sizeof *place * (size_t)(rows + 1)); /* where a given row stands */
  for (int i = 0; i < rows; i++) place[pop->order[entity][i]] = i;
  text_add(out, "id");
  for (int k = 0; k < count; k++) text_addf(out, ",%s", results[k].variable->name);
  text_add_char(out, '\n');
  struct progress progress;
  progress_begin(&progress, files->progress, "writing", (uint64_t)files->given[entity]);
  for (int i = 0; i < files->given[entity]; i++) {
    progress_update(&progress, (uint64_t)i, (uint64_t)i);
    text_add_csv_guarded(out, span_of(files->ids[entity][i]));
    for (int k = 0; k < count; k++) {
      text_add_char(out, ',');
      add_value(out, results[k].variable, results[k].values[place[i]]);
    }
    text_add_char(out, '\n');
  }
  progress_end(&progress);
  free(place);
}
