#include "rules/situation.h"

#include "base/limits.h"
#include "base/refusal.h"
#include "rules/parser.h"
#include <math.h>

static enum status at(const struct yaml_node *node, const char *file, struct error *err) {
  return error_at(err, file, (uint64_t)node->line, NULL);
}

/* ---- values ---- */

/* `(30_000 - 12_570) * 0.12` */
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
  if (node->kind != YAML_SCALAR || !node->text.size) return false;
  return parse_expression(&scratch, "", node->text, &e, &ignored) == DONE &&
         sum_of(e, LIMIT_RULE_FRAMES, out);
}

enum status situation_value(const struct situation *s, const struct rule_variable *v,
                            const struct yaml_node *node, const char *file, double *out,
                            struct error *err) {
  char quoted[SPAN_QUOTE_SIZE];
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
      if (yaml_as_bool(node, &yes)) {
        *out = yes;
        return DONE;
      }
    }
  (void)refuse(err, RULE_VALUE_MALFORMED, span_quote(node->text, quoted), v->name,
               rule_type_words(s->arena, &v->type));
  return at(node, file, err);
}

struct rule_period situation_period(const struct situation *s, const struct rule_variable *v,
                                    struct rule_period asked) {
  if (v->period == EACH_ETERNITY) return (struct rule_period){EACH_ETERNITY, 0};
  if (s->annual) {
    int year, month, day;
    day_parts(asked.start, &year, &month, &day);
    return asked.each == EACH_YEAR ? asked : period_year(s->rules, year);
  }
  const enum rule_each own = v->period == EACH_PAY ? EACH_MONTH : v->period;
  if (own > asked.each) return period_around(s->rules, asked, own);
  return asked;
}

/* One value, or, with `{2025-01: 40}`, one for each period. */
static enum status give(struct situation *s, const struct rule_variable *v, int row,
                        const struct yaml_node *node, const char *file, struct error *err) {
  double value;
  if (node->kind == YAML_MAP) {
    for (int i = 0; i < node->count; i++) {
      struct rule_period p;
      enum status status = period_parse(s->rules, node->keys[i]->text, &p, err);
      if (status != DONE) return at(node->keys[i], file, err);
      status = situation_value(s, v, node->items[i], file, &value, err);
      if (status != DONE) return status;
      /* pay told for one week or month is of that, though it is an amount of the year */
      const bool own = !s->annual && v->type.flow && v->period > p.each;
      rule_population_column(s->pop, v, own ? p : situation_period(s, v, p))[row] = value;
    }
    return DONE;
  }
  enum status status = situation_value(s, v, node, file, &value, err);
  if (status == DONE)
    rule_population_column(s->pop, v, situation_period(s, v, s->period))[row] = value;
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
    for (int row = 0; row < rows && status == DONE; row++)
      if (item->kind != YAML_LIST) status = give(s, v, row, item, file, err);
      else if (row < item->count) status = give(s, v, row, item->items[row], file, err);
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

static enum status join_member(struct situation *s, int g, int group, int role,
                               const struct map *people, const struct yaml_node *name,
                               const char *file, struct error *err) {
  const int64_t person = name->text.size ? map_get(people, name->text) : -1;
  if (person < 0) {
    char quoted[SPAN_QUOTE_SIZE];
    (void)refuse(err, RULE_MEMBER_UNKNOWN, span_quote(name->text, quoted));
    return at(name, file, err);
  }
  if (s->pop->member[g][person] >= 0) {
    char quoted[SPAN_QUOTE_SIZE];
    (void)refuse(err, RULE_MEMBER_TWICE, span_quote(name->text, quoted));
    return at(name, file, err);
  }
  s->pop->member[g][person] = group;
  if (s->pop->role[g]) s->pop->role[g][person] = (signed char)role;
  return DONE;
}

static enum status join_members(struct situation *s, const struct rule_entity *e,
                                const struct entity_rows *rows, const struct map *people,
                                const char *file, struct error *err) {
  const int g = e->index;
  for (int i = 0; i < s->rows[0]; i++) s->pop->member[g][i] = -1;
  if (e->role_count) s->pop->role[g] = arena_array(s->arena, signed char, s->rows[0] + 1);
  enum status status = DONE;
  for (int i = 0; i < rows->count; i++) {
    const struct yaml_node *group = rows->items[i];
    bool named = false;
    for (int k = 0; group->kind == YAML_MAP && k < group->count && status == DONE; k++) {
      int role;
      const struct yaml_node *who = group->items[k];
      if (!names_members(e, group->keys[k]->text, &role)) continue;
      named = true;
      if (who->kind == YAML_SCALAR) status = join_member(s, g, i, role, people, who, file, err);
      for (int m = 0; who->kind == YAML_LIST && m < who->count && status == DONE; m++)
        status = join_member(s, g, i, role, people, who->items[m], file, err);
    }
    if (status != DONE) return status;
    /* one group that names nobody has everybody */
    if (!named && rows->count == 1)
      for (int p = 0; p < s->rows[0]; p++) s->pop->member[g][p] = 0;
  }
  return DONE;
}

static void lone_people(struct situation *s, int g, int first_lone) {
  for (int i = 0, next = first_lone; i < s->rows[0]; i++)
    if (s->pop->member[g][i] < 0) s->pop->member[g][i] = next++;
}

static int people_alone(const struct situation *s, const struct rule_entity *e,
                        const struct entity_rows *rows, const struct map *people) {
  bool *named = arena_array(s->arena, bool, rows[0].count + 1);
  const struct entity_rows *groups = &rows[e->index];
  bool any = false, lacks = false;
  for (int i = 0; i < groups->count; i++) {
    const struct yaml_node *group = groups->items[i];
    bool own = false;
    for (int k = 0; group->kind == YAML_MAP && k < group->count; k++) {
      int role;
      const struct yaml_node *who = group->items[k];
      if (!names_members(e, group->keys[k]->text, &role)) continue;
      own = any = true;
      const int count = who->kind == YAML_LIST ? who->count : 1;
      for (int m = 0; m < count; m++) {
        const struct yaml_node *name = who->kind == YAML_LIST ? who->items[m] : who;
        const int64_t person = name->text.size ? map_get(people, name->text) : -1;
        if (person >= 0) named[person] = true;
      }
    }
    lacks |= !own;
  }
  if (!any && groups->count == 1 && lacks) return 0;
  int alone = 0;
  for (int i = 0; i < rows[0].count; i++) alone += !named[i];
  return alone;
}

static enum status read_rows(struct situation *s, const struct rule_entity *e,
                             const struct entity_rows *rows, const char *file, struct error *err) {
  enum status status = DONE;
  for (int i = 0; i < rows->count; i++) {
    const struct yaml_node *row = rows->items[i];
    if (!row || yaml_is_null(row)) continue;
    for (int k = 0; row->kind == YAML_MAP && k < row->count && status == DONE; k++) {
      const struct rule_variable *v;
      int role;
      if (e->is_group && names_members(e, row->keys[k]->text, &role)) continue;
      status = variable_of(s, row->keys[k], file, &v, err);
      if (status == DONE && v->entity->index != e->index) {
        (void)refuse(err, RULE_OF_ENTITY, v->name, v->entity->name, v->entity->name, v->name);
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
    for (int row = 0; v && row < s->rows[v->entity->index] && status == DONE; row++)
      if (item->kind != YAML_LIST) status = give(s, v, row, item, file, err);
      else if (row < item->count) status = give(s, v, row, item->items[row], file, err);
  }
  return status;
}

static enum status read_entities(struct situation *s, const struct yaml_node *map, const char *file,
                                 struct error *err) {
  struct entity_rows rows[RULE_ENTITIES_MOST] = {0};
  enum status status = find_rows(s, map, file, rows, err);
  if (status != DONE) return status;
  struct map people = {.arena = s->arena};
  if (!rows[0].count) { /* groups only: one person is in each first one */
    static const struct yaml_node nobody = {.kind = YAML_SCALAR, .text = {"person", 6}};
    rows[0].count = 1;
    rows[0].keys = arena_array(s->arena, const struct yaml_node *, 1);
    rows[0].items = arena_array(s->arena, const struct yaml_node *, 1);
    rows[0].keys[0] = &nobody;
  }
  for (int i = 0; i < rows[0].count; i++)
    if (rows[0].keys[i]->text.size) map_set(&people, rows[0].keys[i]->text, i);
  s->rows[0] = rows[0].count;
  for (int g = 1; g < s->rules->entity_count; g++)
    s->rows[g] = rows[g].count + people_alone(s, s->rules->entities[g], rows, &people);
  s->pop = rule_population_make(s->arena, s->rules, s->rows);
  for (int g = 1; g < s->rules->entity_count && status == DONE; g++) {
    status = join_members(s, s->rules->entities[g], &rows[g], &people, file, err);
    lone_people(s, g, rows[g].count);
  }
  for (int e = 0; e < s->rules->entity_count && status == DONE; e++) {
    s->names[e] = arena_array(s->arena, const char *, s->rows[e] + 1);
    for (int i = 0; i < rows[e].count; i++) s->names[e][i] = rows[e].keys[i]->text.bytes;
    if (rows[e].items) status = read_rows(s, s->rules->entities[e], &rows[e], file, err);
  }
  return status == DONE ? read_beside(s, map, file, err) : status;
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
