#include "rules/model.h"

#include "base/folder.h"
#include "base/nearest.h"
#include "base/refusal.h"
#include "rules/check.h"
#include "rules/parser.h"
#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* ---- reading by name ---- */

const struct rule_variable *rules_variable(const struct rules *rules, struct span name) {
  const int64_t found = name.size ? map_get(&rules->names, name) : -1;
  return found < 0 ? NULL : rules->variables[found];
}

static const char *nearest_variable(const struct rules *rules, struct span name) {
  char typed[SPAN_QUOTE_SIZE];
  struct nearest n = {.typed = span_quote(name, typed)};
  for (int i = 0; i < rules->variable_count; i++) nearest_offer(&n, rules->variables[i]->name);
  return n.best;
}

enum status rules_refuse_name(const struct rules *rules, struct span name, struct error *err) {
  char quoted[SPAN_QUOTE_SIZE];
  const char *nearest = nearest_variable(rules, name);
  return nearest ? refuse(err, RULE_NAME_NEAREST, span_quote(name, quoted), nearest)
                 : refuse(err, RULE_NAME_UNKNOWN, span_quote(name, quoted));
}

const struct rule_entity *rules_entity(const struct rules *rules, struct span word) {
  for (int i = 0; i < rules->entity_count; i++) {
    const struct rule_entity *e = rules->entities[i];
    if (span_is(word, e->name)) return e;
    for (int k = 0; k < e->plural_count; k++)
      if (span_is(word, e->plurals[k])) return e;
  }
  return NULL;
}

enum rule_each rule_period_named(struct span word) {
  for (int i = EACH_DAY; i <= EACH_YEAR; i++)
    if (i != EACH_PAY && span_is(word, rule_each_words[i])) return (enum rule_each)i;
  return EACH_NONE;
}

bool rule_unit_read(struct span unit, const char *money, struct rule_type *out) {
  enum { BEFORE_CODE = 9, CODE = 3 };
  static const char before[] = "currency-";
  *out = (struct rule_type){0};
  if (unit.size >= BEFORE_CODE + CODE && memcmp(unit.bytes, before, BEFORE_CODE) == 0) {
    const struct span code = span_make(unit.bytes + BEFORE_CODE, CODE);
    for (size_t i = 0; i < CODE; i++)
      if (code.bytes[i] < 'A' || code.bytes[i] > 'Z') return false;
    if (money && !span_is(code, money)) return false;
    const struct span rest = span_make(code.bytes + CODE, unit.size - BEFORE_CODE - CODE);
    out->money = 1;
    out->hours = span_is(rest, "/hour") ? -1 : 0;
    return !rest.size || out->hours;
  }
  out->hours = span_is(unit, "hour");
  return out->hours || (!memmem(unit.bytes, unit.size, "currency", sizeof "currency" - 1) &&
                        !memmem(unit.bytes, unit.size, "hour", sizeof "hour" - 1));
}

int rule_enum_item(const struct rule_enum *items, struct span name) {
  for (int i = 0; i < items->count; i++)
    if (span_is(name, items->items[i])) return i;
  return -1;
}

const char *rule_no_law(const char *title) {
  static const char none[] = "none: ";
  return strncmp(title, none, sizeof none - 1) == 0 ? title + sizeof none - 1 : NULL;
}

const struct rule_version *rule_version_on(const struct rule_variable *v, day_t day) {
  for (int i = v->version_count - 1; i >= 0; i--)
    if (v->versions[i].from <= day) return &v->versions[i];
  return NULL;
}

const char *rule_type_words(const struct rules *rules, struct arena *arena,
                            const struct rule_type *t) {
  const char *money = rules->money_words ? rules->money_words : "money";
  if (t->kind == KIND_BOOL) return "true or false";
  if (t->kind == KIND_DATE) return "a day";
  if (t->kind == KIND_LIST) return "a list";
  if (t->kind == KIND_ENUM) return t->items ? t->items->name : "an item of an enum";
  if (t->any_unit || (!t->money && !t->hours)) return "a plain number";
  const char *unit = t->money == 1 && t->hours == -1 ? arena_printf(arena, "%s an hour", money)
                     : t->money == 1 && !t->hours    ? money
                     : t->hours == 1 && !t->money    ? "hours"
                                                     : NULL;
  if (!unit) unit = arena_printf(arena, "%s^%d hours^%d", money, t->money, t->hours);
  return t->flow ? arena_printf(arena, "%s a %s", unit, rule_each_words[t->flow]) : unit;
}

/* ---- files ---- */

enum { FILES_MOST = 4096, FILE_BYTES_MOST = 4 << 20 };

/* The files *.rules of a folder, in order of their names. */
static enum status files_of(struct arena *arena, const char *folder, char ***out, int *count,
                            struct error *err) {
  DIR *dir = opendir(folder);
  if (!dir) return error_errno(err, "%s", folder);
  *out = arena_array(arena, char *, FILES_MOST);
  *count = 0;
  enum status status = DONE;
  for (struct dirent *d; status == DONE && (d = readdir(dir));) {
    const size_t size = strlen(d->d_name);
    if (size < 7 || strcmp(d->d_name + size - 6, ".rules") != 0 || d->d_name[0] == '.') continue;
    if (*count == FILES_MOST) status = refuse(err, RULE_FILES_MOST, folder, FILES_MOST);
    else (*out)[(*count)++] = arena_printf(arena, "%s/%s", folder, d->d_name);
  }
  closedir(dir);
  array_sort(*out, *count, string_compare);
  return status;
}

static enum status file_text(struct arena *arena, const char *path, struct span *out,
                             struct error *err) {
  int fd;
  if (file_open_plain(path, &fd, err) != DONE) return err->code;
  FILE *f = fdopen(fd, "rb");
  if (!f) {
    close(fd);
    return error_errno(err, "%s", path);
  }
  struct text text = {0};
  char bytes[16384];
  size_t n;
  while ((n = fread(bytes, 1, sizeof bytes, f)) > 0 && text.size <= FILE_BYTES_MOST)
    text_add_bytes(&text, bytes, n);
  const bool broken = ferror(f);
  fclose(f);
  enum status status = broken ? error_errno(err, "%s", path) : DONE;
  if (status == DONE && text.size > FILE_BYTES_MOST) {
    (void)refuse(err, RULE_FILE_LARGE);
    status = error_at(err, path, 0, NULL);
  }
  if (status == DONE && text.size && !utf8_valid(text.bytes, text.size)) {
    (void)refuse(err, RULE_FILE_BYTES);
    status = error_at(err, path, 0, NULL);
  }
  if (status == DONE)
    *out = span_make(arena_copy(arena, text.size ? text.bytes : "", text.size), text.size);
  text_release(&text);
  return status;
}

static enum status find_groups_around(struct rules *r, struct error *err) {
  for (int i = 0; i < r->entity_count; i++) {
    struct rule_entity *e = (struct rule_entity *)r->entities[i];
    if (!e->within_name) continue;
    const struct rule_entity *around = rules_entity(r, span_of(e->within_name));
    if (!around || !around->is_group || around == e) {
      (void)refuse(err, RULE_ENTITY_UNKNOWN, e->within_name);
      return error_at(err, e->place.file, (uint64_t)e->place.line, NULL);
    }
    e->within = around->index;
  }
  return DONE;
}

/* The files of a pack's folder `rules`. */
struct rule_files {
  int count;
  char **names;
  struct span *texts;
};

static enum status load_declarations(struct rules *r, const char *pack, struct rule_files *f,
                                     struct error *err) {
  char *folder = arena_printf(r->arena, "%s/rules", pack);
  *f = (struct rule_files){0};
  if (!path_is_folder(folder)) return DONE;
  enum status status = files_of(r->arena, folder, &f->names, &f->count, err);
  if (status != DONE) return status;
  f->texts = arena_array(r->arena, struct span, f->count + 1);
  for (int i = 0; i < f->count && status == DONE; i++) {
    status = file_text(r->arena, f->names[i], &f->texts[i], err);
    if (status == DONE) status = parse_declarations(r, f->names[i], f->texts[i], err);
  }
  return status == DONE ? find_groups_around(r, err) : status;
}

static enum status load_rules(struct rules *r, const char *pack, struct error *err) {
  struct rule_files f;
  enum status status = load_declarations(r, pack, &f, err);
  const int first_own = r->variable_count;
  for (int i = 0; i < f.count && status == DONE; i++)
    status = parse_variables(r, f.names[i], f.texts[i], first_own, err);
  return status;
}

static enum status lay(struct rules *r, const char *pack, struct error *err) {
  struct arena *arena = r->arena;
  char *folder = arena_printf(arena, "%s/parameters", pack);
  struct parameters *tree = NULL;
  enum status status = DONE;
  if (!path_is_folder(pack)) return refuse(err, RULE_NO_PACK, pack);
  r->layers++;
  if (path_is_folder(folder)) {
    status = r->parameters ? parameters_lay_over(arena, r->parameters, folder, &tree, err)
                           : parameters_load(arena, folder, &tree, err);
    if (status == DONE) r->parameters = tree;
  }
  if (status == DONE)
    status = tables_load(arena, arena_printf(arena, "%s/tables", pack), r->tables, &r->tables, err);
  return status == DONE ? load_rules(r, pack, err) : status;
}

/* ---- a copy that the check may write into ---- */

/* An expression as it was before the check: what a name means is found anew. */
static struct rule_expr *expr_copy(struct arena *arena, const struct rule_expr *from) {
  if (!from) return NULL;
  struct rule_expr *e = arena_array(arena, struct rule_expr, 1);
  *e = *from;
  if (e->op == OP_LOCAL || e->op == OP_VARIABLE || e->op == OP_ITEM) e->op = OP_NAME;
  if (e->op != OP_NUMBER && e->op != OP_PERIOD_DAY) e->type = (struct rule_type){0};
  e->args = arena_array(arena, struct rule_expr *, e->arg_count + 1);
  for (int i = 0; i < e->arg_count; i++) e->args[i] = expr_copy(arena, from->args[i]);
  e->steps = arena_array(arena, struct rule_step, e->step_count + 1);
  for (int i = 0; i < e->step_count; i++) {
    e->steps[i] = from->steps[i];
    e->steps[i].chosen = expr_copy(arena, from->steps[i].chosen);
  }
  return e;
}

static struct rule_variable *variable_copy(struct arena *arena, const struct rule_variable *from) {
  struct rule_variable *v = arena_array(arena, struct rule_variable, 1);
  *v = *from;
  v->versions = arena_array(arena, struct rule_version, v->version_count + 1);
  for (int i = 0; i < v->version_count; i++) {
    struct rule_version *version = &v->versions[i];
    *version = from->versions[i];
    version->lets = arena_array(arena, struct rule_let, version->let_count + 1);
    for (int k = 0; k < version->let_count; k++) {
      version->lets[k] = from->versions[i].lets[k];
      version->lets[k].value = expr_copy(arena, version->lets[k].value);
    }
    version->value = expr_copy(arena, version->value);
  }
  return v;
}

static struct rules *rules_copy(struct arena *arena, const struct rules *from) {
  struct rules *r = arena_array(arena, struct rules, 1);
  *r = *from;
  r->arena = arena;
  r->names = (struct map){.arena = arena};
  int room = 16;
  while (room <= from->variable_count) room *= 2;
  r->variables = arena_array(arena, struct rule_variable *, room);
  for (int i = 0; i < r->variable_count; i++) {
    r->variables[i] = variable_copy(arena, from->variables[i]);
    map_set(&r->names, span_of(r->variables[i]->name), i);
  }
  return r;
}

static struct rules *rules_empty(struct arena *arena) {
  struct rules *r = arena_array(arena, struct rules, 1);
  *r = (struct rules){.arena = arena,
                      .names = {.arena = arena},
                      .year_month = 1,
                      .year_day = 1,
                      .annual_month = 1,
                      .annual_day = 1};
  return r;
}

enum status rules_load_settings(struct arena *arena, const char *const *packs, int count,
                                struct rules **out, struct error *err) {
  struct rule_files ignored;
  enum status status = DONE;
  *out = rules_empty(arena);
  for (int i = 0; i < count && status == DONE; i++)
    status = load_declarations(*out, packs[i], &ignored, err);
  return status;
}

enum status rules_load(struct arena *arena, const char *const *packs, int count, struct rules **out,
                       struct error *err) {
  struct rules *r = rules_empty(arena);
  enum status status = DONE;
  for (int i = 0; i < count && status == DONE; i++) status = lay(r, packs[i], err);
  if (status == DONE && !r->entity_count) return refuse(err, RULE_NO_PACK, count ? packs[0] : "");
  if (status == DONE) status = check_rules(r, err);
  *out = r;
  return status;
}

enum status rules_ready(struct arena *arena, const struct rules *read, const char *pack,
                        const struct rules **out, struct error *err) {
  struct rules *now = NULL;
  *out = read;
  if (read) return DONE;
  enum status status = rules_load(arena, &pack, 1, &now, err);
  *out = now;
  return status;
}

/* A variable, parameter or table of the pack below that a formula names may have another type now,
 * so all are checked anew, as copies: `rules` stays as it is. */
enum status rules_lay_over(struct arena *arena, const struct rules *rules, const char *pack,
                           struct rules **out, struct error *err) {
  struct rules *r = rules_copy(arena, rules);
  enum status status = lay(r, pack, err);
  if (status == DONE) status = check_rules(r, err);
  *out = r;
  return status;
}

struct rules *rules_with_parameters(struct arena *arena, const struct rules *rules,
                                    const struct parameters *parameters) {
  struct rules *r = arena_array(arena, struct rules, 1);
  *r = *rules;
  r->parameters = parameters;
  return r;
}
