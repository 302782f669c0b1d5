#include "book/units.h"

#include <assert.h>

static int word_index(struct span word, const char *(*word_of)(int), int count) {
  for (int i = 0; i < count; i++)
    if (span_is(word, word_of(i))) return i;
  return -1;
}

static const char *kind_word(int i) { return unit_kind_word((enum unit_kind)i); }
static const char *use_word(int i) { return role_use_word((enum role_use)i); }
static const char *owner_word(int i) { return role_owner_word((enum role_owner)i); }

/* ---- units ---- */

static enum status take_unit(struct query *q, struct arena *arena, struct book_unit *u,
                             struct error *err) {
  int kind = word_index(query_text(q, 1), kind_word, UNIT_KINDS);
  int64_t scale = query_int(q, 2);
  *u = (struct book_unit){.code = query_copy(q, arena, 0),
                          .kind = (enum unit_kind)kind,
                          .scale = (int)scale,
                          .name = {query_copy(q, arena, 3), query_copy(q, arena, 4)},
                          .before = query_copy(q, arena, 5),
                          .one = {query_copy(q, arena, 6), query_copy(q, arena, 8)},
                          .many = {query_copy(q, arena, 7), query_copy(q, arena, 9)}};
  if (kind >= 0 && scale >= 0 && scale <= LIMIT_UNIT_SCALE && strlen(u->code) <= LIMIT_UNIT_BYTES)
    return DONE;
  return error_set(err, FAILED,
                   "the store's unit '%s' is damaged: its kind, its scale or its code is none that "
                   "a unit can have",
                   u->code);
}

enum status book_units(struct store *store, struct arena *arena, struct units **out,
                       struct error *err) {
  struct query *q = NULL;
  bool row = false;
  int64_t count = 0;
  struct units *units = arena_alloc(arena, sizeof *units);
  *units = (struct units){0};
  *out = units;
  enum status status = store_int(store, "select count(*) from unit", 0, &count, err);
  if (status != DONE) return status;
  units->all = arena_array(arena, struct book_unit, count + 1);
  status = store_query(store, &q,
                       "select code, kind, scale, name, name_cy, before, one, many, one_cy, "
                       "many_cy from unit order by position, code",
                       err);
  if (status != DONE) return status;
  while (units->count < count && (status = query_step(q, &row, err)) == DONE && row)
    if ((status = take_unit(q, arena, &units->all[units->count++], err)) != DONE) break;
  query_end(q);
  if (status == DONE &&
      (!units_find(units, span_of(UNIT_PENCE)) || !units_find(units, span_of(UNIT_MINUTES))))
    status = error_set(err, FAILED, "the store is damaged: it lacks the unit pence or minutes");
  return status;
}

const struct book_unit *units_find(const struct units *units, struct span code) {
  for (int i = 0; i < units->count; i++)
    if (span_is(code, units->all[i].code)) return &units->all[i];
  return NULL;
}

bool unit_is_holding(const char *code) {
  return strcmp(code, UNIT_PENCE) != 0 && strcmp(code, UNIT_MINUTES) != 0;
}

/* ---- roles ---- */

static enum status take_role(struct query *q, struct arena *arena, struct book_role *r,
                             struct error *err) {
  int owner = word_index(query_text(q, 1), owner_word, ROLE_OWNERS),
      use = word_index(query_text(q, 2), use_word, ROLE_USES);
  *r = (struct book_role){.code = query_copy(q, arena, 0),
                          .owner = (enum role_owner)owner,
                          .use = (enum role_use)use,
                          .kind = word_index(query_text(q, 3), kind_word, UNIT_KINDS),
                          .opened = query_copy(q, arena, 4),
                          .statement = query_int(q, 5) != 0};
  if (owner >= 0 && use >= 0 && (use != ROLE_ENTRIES || r->kind >= 0) &&
      strlen(r->code) <= LIMIT_ROLE_BYTES && strlen(r->opened) <= LIMIT_UNIT_BYTES)
    return DONE;
  return error_set(err, FAILED,
                   "the store's role of accounts '%s' is damaged: its owner, its use, its kind or "
                   "its code is none that a role can have",
                   r->code);
}

static enum status check_roles(const struct roles *roles, struct error *err) {
  for (int use = ROLE_CONTRA; use < ROLE_USES; use++) {
    bool some = false;
    for (int i = 0; i < roles->count; i++) some |= (int)roles->all[i].use == use;
    if (!some)
      return error_set(err, FAILED, "the store is damaged: it lacks the role of accounts for %s",
                       use_word(use));
  }
  return DONE;
}

enum status book_roles(struct store *store, struct arena *arena, struct roles **out,
                       struct error *err) {
  struct query *q = NULL;
  bool row = false;
  int64_t count = 0;
  struct roles *roles = arena_alloc(arena, sizeof *roles);
  *roles = (struct roles){0};
  *out = roles;
  enum status status = store_int(store, "select count(*) from account_role", 0, &count, err);
  if (status != DONE) return status;
  roles->all = arena_array(arena, struct book_role, count + 1);
  status = store_query(
      store, &q,
      "select code, owner, use, kind, opened, statement from account_role order by position, code",
      err);
  if (status != DONE) return status;
  while (roles->count < count && (status = query_step(q, &row, err)) == DONE && row)
    if ((status = take_role(q, arena, &roles->all[roles->count++], err)) != DONE) break;
  query_end(q);
  return status == DONE ? check_roles(roles, err) : status;
}

const struct book_role *roles_find(const struct roles *roles, const char *code) {
  for (int i = 0; i < roles->count; i++)
    if (strcmp(roles->all[i].code, code) == 0) return &roles->all[i];
  return NULL;
}

const char *roles_of_use(const struct roles *roles, enum role_use use) {
  assert(use != ROLE_NAMED && use != ROLE_ENTRIES);
  for (int i = 0; i < roles->count; i++)
    if (roles->all[i].use == use) return roles->all[i].code;
  assert(!"book_roles has seen one of each use");
  return NULL;
}

const struct book_role *roles_of_entries(const struct roles *roles, enum unit_kind kind) {
  for (int i = 0; i < roles->count; i++)
    if (roles->all[i].use == ROLE_ENTRIES && roles->all[i].kind == (int)kind) return &roles->all[i];
  return NULL;
}

bool roles_is(const struct roles *roles, struct span code, enum role_use use) {
  for (int i = 0; i < roles->count; i++)
    if (roles->all[i].use == use && span_is(code, roles->all[i].code)) return true;
  return false;
}

bool roles_in_statement(const struct roles *roles, const char *code) {
  const struct book_role *role = roles_find(roles, code);
  return role && role->statement;
}

enum status roles_of_everyone(const struct roles *roles, struct roles_opened *out,
                              struct error *err) {
  *out = (struct roles_opened){0};
  for (int i = 0; i < roles->count; i++) {
    if (!*roles->all[i].opened) continue;
    if (out->count == UNIT_KINDS)
      return error_set(err, FAILED,
                       "the store is damaged: more roles of accounts are opened for everyone than "
                       "there are kinds of units");
    out->role[out->count++] = &roles->all[i];
  }
  return out->count ? DONE
                    : error_set(err, FAILED,
                                "the store is damaged: no role of accounts is opened for everyone");
}
