#include "rules/situation.h"

#include "base/limits.h"
#include "base/refusal.h"
#include "rules/parser.h"
#include "rules/values.h"
#include <math.h>

static enum status at(const struct yaml_node *node, const char *file, struct error *err) {
  return error_at(err, file, (uint64_t)node->line, NULL);
}

/* ---- values ---- */

/* `(30_000 - 12_570) * 0.12`, of plain numbers: what has a unit or is a day says another thing. */
static bool sum_of(const struct rule_expr *e, int depth, double *out) {
  if (!depth) return false;
  double a = 0, b = 0;
  if (e->op == OP_NUMBER) {
    *out = e->number;
    return true;
  }
  if (e->op == OP_NEGATE) {
    if (!sum_of(e->args[0], depth - 1, &a)) return false;
    *out = -a;
    return true;
  }
  if (e->op != OP_ADD && e->op != OP_SUBTRACT && e->op != OP_MULTIPLY && e->op != OP_DIVIDE)
    return false;
  if (!sum_of(e->args[0], depth - 1, &a) || !sum_of(e->args[1], depth - 1, &b)) return false;
  *out = e->op == OP_ADD        ? a + b
         : e->op == OP_SUBTRACT ? a - b
         : e->op == OP_MULTIPLY ? a * b
                                : a / b;
  return isfinite(*out);
}

static bool number_or_sum(const struct situation *s, const struct yaml_node *node, double *out) {
  if (yaml_as_number(node, out)) return true;
  struct rules scratch = {.arena = s->arena};
  struct rule_expr *e = NULL;
  struct error ignored = {0};
  int day[3];
  if (node->kind != YAML_SCALAR || !node->text.size || rule_looks_like_day(node->text, day))
    return false;
  for (size_t i = 0; i < node->text.size; i++) /* no word, so no unit */
    if (!memchr("0123456789_.+-*/() ", node->text.bytes[i], 19)) return false;
  return parse_expression(&scratch, "", node->text, &e, &ignored) == DONE &&
         sum_of(e, LIMIT_RULE_FRAMES, out);
}

enum status situation_value(const struct situation *s, const struct rule_variable *v,
                            const struct yaml_node *node, const char *file, double *out,
                            struct error *err) {
  bool yes;
  day_t day;
  if (yaml_is_null(node)) {
    *out = v->by_default;
    return DONE;
  }
  if (node->kind == YAML_SCALAR) switch (v->type.kind) {
    case KIND_BOOL:
      if (yaml_as_bool(node, &yes)) {
        *out = yes;
        return DONE;
      }
      if (number_or_sum(s, node, out) && (*out == 0 || *out == 1)) return DONE;
      break;
    case KIND_DATE:
      if (yaml_as_day(node, &day)) {
        *out = day;
        return DONE;
      }
      break;
    case KIND_ENUM: {
      const int item = rule_enum_item(v->type.items, node->text);
      if (item >= 0) {
        *out = item;
        return DONE;
      }
      break;
    }
    default:
      if (number_or_sum(s, node, out)) return DONE;
      if (s->takes_truths && yaml_as_bool(node, &yes)) {
        *out = yes;
        return DONE;
      }
    }
  const struct span written = node->kind == YAML_SCALAR ? node->text
                              : node->kind == YAML_LIST ? span_of("[...]")
                                                        : span_of("{...}");
  (void)rule_value_refuse(s->rules, s->arena, v, written, err);
  return at(node, file, err);
}

struct rule_period situation_period(const struct situation *s, const struct rule_variable *v,
                                    struct rule_period asked) {
  if (v->period == EACH_ETERNITY) return (struct rule_period){.each = EACH_ETERNITY};
  if (s->annual) return period_around(s->rules, asked, EACH_YEAR);
  const enum rule_each own = v->period == EACH_PAY     ? EACH_MONTH
                             : v->period == EACH_ASKED ? EACH_YEAR /* what is told holds all year */
                                                       : v->period;
  if (own > asked.each) return period_around(s->rules, asked, own);
  return asked;
}

/* Null is no answer: the row has the default, and counts as not told. */
static void keep(struct situation *s, const struct rule_variable *v, struct rule_period period,
                 int row, const struct yaml_node *node, double value) {
  rule_population_column(s->pop, v, period)[row] = value;
  struct rule_population_column *column = &s->pop->columns[rule_population_find(s->pop, v, period)];
  if (!column->told) column->told = arena_array(s->arena, bool, s->rows[v->entity->index] + 1);
  column->told[row] = !yaml_is_null(node);
}

/* One value, or, with `{2025-01: 40}`, one for each period. */
static enum status give(struct situation *s, const struct rule_variable *v, int row,
                        const struct yaml_node *node, const char *file, struct error *err) {
  double value;
  if (node->kind == YAML_MAP) {
    struct map known = {.arena = s->arena};
    for (int i = 0; i < node->count; i++) {
      struct rule_period p;
      enum status status = period_parse(s->rules, node->keys[i]->text, &p, err);
      if (status != DONE) return at(node->keys[i], file, err);
      if (map_get_number(&known, p.each, (uint32_t)p.start) >= 0) { /* 2025 beside 2025-26 */
        char quoted[SPAN_QUOTE_SIZE];
        (void)refuse(err, YAML_KEY_TWICE, span_quote(node->keys[i]->text, quoted));
        return at(node->keys[i], file, err);
      }
      map_set_number(&known, p.each, (uint32_t)p.start, i);
      status = situation_value(s, v, node->items[i], file, &value, err);
      if (status != DONE) return status;
      if (s->annual && v->type.flow && p.each < EACH_YEAR) { /* a month's pay is not the year's */
        char quoted[SPAN_QUOTE_SIZE];
        char *year = period_write(s->arena, period_around(s->rules, p, EACH_YEAR));
        (void)refuse(err, RULE_GIVEN_FOR_PART, v->name, year,
                     span_quote(node->keys[i]->text, quoted));
        return at(node->keys[i], file, err);
      }
      /* pay or a state told for one week or month is of that, though others are of the year */
      const bool parts = v->type.flow || v->period == EACH_ASKED;
      const bool own = !s->annual && parts && v->period > p.each;
      keep(s, v, own ? p : situation_period(s, v, p), row, node->items[i], value);
    }
    return DONE;
  }
  enum status status = situation_value(s, v, node, file, &value, err);
  if (status == DONE) keep(s, v, situation_period(s, v, s->period), row, node, value);
  return status;
}

/* One value for every row, or a list with one for each. */
static enum status give_all(struct situation *s, const struct rule_variable *v, int rows,
                            const struct yaml_node *node, const char *file, struct error *err) {
  const bool is_list = node->kind == YAML_LIST;
  if (is_list && node->count != rows) {
    (void)refuse(err, RULE_LIST_LENGTH, node->count, rows, v->entity->name);
    return at(node, file, err);
  }
  enum status status = DONE;
  for (int row = 0; row < rows && status == DONE; row++)
    status = give(s, v, row, is_list ? node->items[row] : node, file, err);
  return status;
}

/* ---- parameters by path ---- */

static enum status read_override(struct situation *s, const struct yaml_node *key,
                                 const struct yaml_node *node, const char *file,
                                 struct error *err) {
  double number;
  bool yes;
  struct parameter_value value = {.form = FORM_NUMBER};
  if (number_or_sum(s, node, &number)) value.number = number;
  else if (yaml_as_bool(node, &yes))
    value = (struct parameter_value){.form = FORM_BOOL, .number = yes};
  else if (node->kind == YAML_LIST) {
    struct parameter_value *items = arena_array(s->arena, struct parameter_value, node->count + 1);
    for (int i = 0; i < node->count; i++)
      items[i] = (struct parameter_value){.form = FORM_TEXT, .text = yaml_text(node->items[i])};
    value = (struct parameter_value){.form = FORM_LIST, .count = node->count, .items = items};
  } else {
    char quoted[SPAN_QUOTE_SIZE];
    (void)refuse(err, RULE_OVERRIDE_VALUE, span_quote(key->text, quoted));
    return at(node, file, err);
  }
  arena_reserve(s->arena, s->overrides, s->override_room, s->override_count + 1);
  /* the years that policyengine-core sets */
  s->overrides[s->override_count++] = (struct parameter_override){
      .path = key->text, .from = day_make(2000, 1, 1), .to = day_make(2040, 1, 1), .value = value};
  return DONE;
}

/* ---- flat: variables straight away ---- */

static enum status variable_of(const struct situation *s, const struct yaml_node *key,
                               const char *file, const struct rule_variable **out,
                               struct error *err) {
  *out = rules_variable(s->rules, key->text);
  if (*out) return DONE;
  (void)rules_refuse_name(s->rules, key->text, err);
  return at(key, file, err);
}

static bool has_dot(struct span text) { return memchr(text.bytes, '.', text.size) != NULL; }

static enum status read_flat(struct situation *s, const struct yaml_node *map, const char *file,
                             struct error *err) {
  int rows = 1;
  for (int i = 0; map && i < map->count; i++)
    if (map->items[i]->kind == YAML_LIST && map->items[i]->count > rows &&
        !has_dot(map->keys[i]->text))
      rows = map->items[i]->count;
  for (int e = 0; e < s->rules->entity_count; e++) s->rows[e] = rows;
  s->pop = rule_population_make(s->arena, s->rules, s->rows);
  for (int g = 1; g < s->rules->entity_count; g++)
    for (int i = 0; i < rows; i++) s->pop->member[g][i] = i;
  enum status status = DONE;
  for (int i = 0; map && i < map->count && status == DONE; i++) {
    const struct yaml_node *key = map->keys[i], *item = map->items[i];
    const struct rule_variable *v;
    if (has_dot(key->text)) {
      status = read_override(s, key, item, file, err);
      continue;
    }
    status = variable_of(s, key, file, &v, err);
    if (status == DONE) status = give_all(s, v, rows, item, file, err);
  }
  return status;
}

/* ---- by entity ---- */

/* The rows of an entity as the file has them: names, and what is known of each. */
struct entity_rows {
  int count;
  const struct yaml_node **keys, **items;
};

static enum status find_rows(const struct situation *s, const struct yaml_node *map,
                             const char *file, struct entity_rows *rows, struct error *err) {
  for (int i = 0; i < map->count; i++) {
    const struct yaml_node *key = map->keys[i], *item = map->items[i];
    if (has_dot(key->text)) continue;
    const struct rule_entity *e = rules_entity(s->rules, key->text);
    if (!e) {
      if (rules_variable(s->rules, key->text)) continue; /* beside them, for all */
      const struct rule_variable *ignored;
      return variable_of(s, key, file, &ignored, err);
    }
    struct entity_rows *r = &rows[e->index];
    if (r->keys) { /* `person` beside `people` */
      (void)refuse(err, RULE_ROWS_TWICE, e->name);
      return at(key, file, err);
    }
    const bool singular = span_is(key->text, e->name);
    const int count = singular ? 1 : item->count;
    r->keys = arena_array(s->arena, const struct yaml_node *, count + 1);
    r->items = arena_array(s->arena, const struct yaml_node *, count + 1);
    r->count = count;
    if (!singular && item->kind != YAML_MAP && !yaml_is_null(item)) {
      (void)refuse(err, RULE_ROWS_MALFORMED, e->name);
      return at(item, file, err);
    }
    for (int k = 0; k < count; k++) {
      r->keys[k] = singular ? key : item->keys[k];
      r->items[k] = singular ? item : item->items[k];
    }
  }
  return DONE;
}

static bool names_members(const struct rule_entity *e, struct span key, int *role) {
  *role = 0;
  if (span_is(key, "members")) return true;
  for (int r = 0; r < e->role_count; r++)
    if (span_is(key, e->roles[r])) {
      *role = r;
      return true;
    }
  return false;
}

/* Who is in which group, before the population is made. */
struct joining {
  struct situation *s;
  const char *file;
  struct map people; /* by name */
  int *member[RULE_ENTITIES_MOST];
  signed char *role[RULE_ENTITIES_MOST];
};

static enum status join_member(struct joining *j, int g, int group, int role,
                               const struct yaml_node *name, struct error *err) {
  const int64_t person = name->text.size ? map_get(&j->people, name->text) : -1;
  char quoted[SPAN_QUOTE_SIZE];
  if (person < 0) {
    (void)refuse(err, RULE_MEMBER_UNKNOWN, span_quote(name->text, quoted));
    return at(name, j->file, err);
  }
  if (j->member[g][person] >= 0) {
    (void)refuse(err, RULE_MEMBER_TWICE, span_quote(name->text, quoted));
    return at(name, j->file, err);
  }
  j->member[g][person] = group;
  if (j->role[g]) j->role[g][person] = (signed char)role;
  return DONE;
}

/* `[anna, bert]`, or one name. */
static enum status join_listed(struct joining *j, int g, int group, int role,
                               const struct yaml_node *who, struct error *err) {
  if (yaml_is_null(who)) return DONE;
  if (who->kind == YAML_SCALAR) return join_member(j, g, group, role, who, err);
  bool is_sound = who->kind == YAML_LIST;
  for (int m = 0; is_sound && m < who->count; m++) is_sound = who->items[m]->kind == YAML_SCALAR;
  if (!is_sound) {
    (void)refuse(err, RULE_MEMBERS_MALFORMED, j->s->rules->entities[g]->name);
    return at(who, j->file, err);
  }
  enum status status = DONE;
  for (int m = 0; m < who->count && status == DONE; m++)
    status = join_member(j, g, group, role, who->items[m], err);
  return status;
}

static enum status join_members(struct joining *j, const struct rule_entity *e,
                                const struct entity_rows *rows, int people, struct error *err) {
  const int g = e->index;
  j->member[g] = arena_array(j->s->arena, int, people + 1);
  for (int i = 0; i < people; i++) j->member[g][i] = -1;
  if (e->role_count) j->role[g] = arena_array(j->s->arena, signed char, people + 1);
  enum status status = DONE;
  for (int i = 0; i < rows->count; i++) {
    const struct yaml_node *group = rows->items[i];
    bool named = false;
    for (int k = 0; group->kind == YAML_MAP && k < group->count && status == DONE; k++) {
      int role;
      if (!names_members(e, group->keys[k]->text, &role)) continue;
      named = true;
      status = join_listed(j, g, i, role, group->items[k], err);
    }
    if (status != DONE) return status;
    /* one group that names nobody has everybody */
    if (!named && rows->count == 1)
      for (int p = 0; p < people; p++) j->member[g][p] = 0;
  }
  return DONE;
}

static enum status make_population(struct joining *j, const struct entity_rows *rows,
                                   struct error *err) {
  struct situation *s = j->s;
  int entity, row;
  enum status status = DONE;
  for (int e = 0; e < s->rules->entity_count; e++) s->rows[e] = rows[e].count;
  for (int g = 1; g < s->rules->entity_count && status == DONE; g++)
    status = join_members(j, s->rules->entities[g], &rows[g], s->rows[0], err);
  if (status != DONE) return status;
  rule_population_place_lone(s->arena, s->rules, s->rows, j->member);
  s->pop = rule_population_make(s->arena, s->rules, s->rows);
  for (int g = 1; g < s->rules->entity_count; g++) {
    s->pop->member[g] = j->member[g];
    s->pop->role[g] = j->role[g];
  }
  if (rule_population_check(s->pop, &entity, &row, err) == DONE) return DONE;
  return at(row < rows[entity].count ? rows[entity].keys[row] : rows[0].keys[0], j->file, err);
}

static enum status read_rows(struct situation *s, const struct rule_entity *e,
                             const struct entity_rows *rows, const char *file, struct error *err) {
  enum status status = DONE;
  for (int i = 0; i < rows->count; i++) {
    const struct yaml_node *row = rows->items[i];
    if (!row || yaml_is_null(row)) continue;
    if (row->kind != YAML_MAP) {
      (void)refuse(err, RULE_ROWS_MALFORMED, e->name);
      return at(row, file, err);
    }
    for (int k = 0; k < row->count && status == DONE; k++) {
      const struct rule_variable *v;
      int role;
      if (e->is_group && names_members(e, row->keys[k]->text, &role)) continue;
      status = variable_of(s, row->keys[k], file, &v, err);
      if (status == DONE && v->entity->index != e->index) {
        (void)refuse(err, RULE_GIVEN_OF_ENTITY, v->name, v->entity->name,
                     rule_entity_rows(v->entity));
        status = at(row->keys[k], file, err);
      }
      if (status == DONE) status = give(s, v, i, row->items[k], file, err);
    }
    if (status != DONE) return status;
  }
  return status;
}

/* Variables that stand beside the entities: for every row of theirs. */
static enum status read_beside(struct situation *s, const struct yaml_node *map, const char *file,
                               struct error *err) {
  enum status status = DONE;
  for (int i = 0; i < map->count && status == DONE; i++) {
    const struct yaml_node *key = map->keys[i], *item = map->items[i];
    if (has_dot(key->text)) {
      status = read_override(s, key, item, file, err);
      continue;
    }
    const struct rule_variable *v = rules_entity(s->rules, key->text)
                                        ? NULL
                                        : rules_variable(s->rules, key->text);
    if (v) status = give_all(s, v, s->rows[v->entity->index], item, file, err);
  }
  return status;
}

static enum status read_entities(struct situation *s, const struct yaml_node *map, const char *file,
                                 struct error *err) {
  struct entity_rows rows[RULE_ENTITIES_MOST] = {0};
  enum status status = find_rows(s, map, file, rows, err);
  if (status != DONE) return status;
  struct joining j = {.s = s, .file = file, .people = {.arena = s->arena}};
  if (!rows[0].count) { /* groups only: one person is in each first one */
    static const struct yaml_node nobody = {.kind = YAML_SCALAR, .line = 1, .text = {"person", 6}};
    rows[0].count = 1;
    rows[0].keys = arena_array(s->arena, const struct yaml_node *, 1);
    rows[0].items = arena_array(s->arena, const struct yaml_node *, 1);
    rows[0].keys[0] = &nobody;
  }
  for (int i = 0; i < rows[0].count; i++)
    if (rows[0].keys[i]->text.size) map_set(&j.people, rows[0].keys[i]->text, i);
  status = make_population(&j, rows, err);
  for (int e = 0; e < s->rules->entity_count && status == DONE; e++) {
    s->names[e] = arena_array(s->arena, const char *, s->rows[e] + 1);
    for (int i = 0; i < rows[e].count; i++) s->names[e][i] = rows[e].keys[i]->text.bytes;
  }
  if (status == DONE) status = read_beside(s, map, file, err);
  for (int e = 0; e < s->rules->entity_count && status == DONE; e++) /* what one has, over all's */
    if (rows[e].items) status = read_rows(s, s->rules->entities[e], &rows[e], file, err);
  return status;
}

enum status situation_read(struct situation *s, const struct yaml_node *map, const char *file,
                           struct error *err) {
  bool by_entity = false;
  if (map && map->kind != YAML_MAP && !yaml_is_null(map)) {
    (void)refuse(err, RULE_SITUATION_MALFORMED);
    return at(map, file, err);
  }
  if (map && yaml_is_null(map)) map = NULL;
  for (int i = 0; map && i < map->count; i++)
    by_entity |= rules_entity(s->rules, map->keys[i]->text) != NULL;
  enum status status = by_entity ? read_entities(s, map, file, err) : read_flat(s, map, file, err);
  if (status == DONE) rule_population_settle(s->pop);
  return status;
}

enum status situation_row(const struct situation *s, const struct rule_entity *e, struct span name,
                          int *out, struct error *err) {
  const char **names = s->names[e->index];
  char quoted[SPAN_QUOTE_SIZE];
  for (int i = 0; names && i < s->rows[e->index]; i++)
    if (names[i] && span_equal(span_of(names[i]), name)) {
      *out = i;
      return DONE;
    }
  return refuse(err, RULE_MEMBER_UNKNOWN, span_quote(name, quoted));
}
