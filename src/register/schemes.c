#include "register/schemes.h"

#include "base/number_form.h"
#include "base/refusal.h"
#include "register/names.h"

enum status schemes_read(struct store *store, struct arena *arena, struct schemes *out,
                         struct error *err) {
  struct own_scheme *all = arena_array(arena, struct own_scheme, LIMIT_SCHEMES);
  struct query *q;
  *out = (struct schemes){all, 0};
  enum status status = store_query(
      store, &q,
      "select code, name, name_cy, form, check_digit from scheme order by position, code", err);
  if (status != DONE) return status;
  bool row;
  while ((status = query_step(q, &row, err)) == DONE && row) {
    if (out->count == LIMIT_SCHEMES) {
      status = error_set(err, FAILED,
                         "the table `scheme` has more than %d rows, which no import writes; "
                         "somebody changed it",
                         (int)LIMIT_SCHEMES);
      break;
    }
    all[out->count++] = (struct own_scheme){
        .code = query_copy(q, arena, 0),
        .name = {[ENGLISH] = query_copy(q, arena, 1), [WELSH] = query_copy(q, arena, 2)},
        .form = query_copy(q, arena, 3),
        .check = query_copy(q, arena, 4)};
  }
  query_end(q);
  return status;
}

static bool is_same(const struct own_scheme *held, const struct pack_scheme *told) {
  return strcmp(held->code, told->code) == 0 && strcmp(held->form, told->form) == 0 &&
         strcmp(held->check, told->check) == 0 &&
         strcmp(held->name[ENGLISH], told->name[ENGLISH]) == 0 &&
         strcmp(held->name[WELSH], told->name[WELSH]) == 0;
}

enum status schemes_differ(struct store *store, const struct pack *pack, bool *differ,
                           struct error *err) {
  struct arena *arena = arena_new();
  struct schemes held;
  enum status status = schemes_read(store, arena, &held, err);
  *differ = false;
  for (int i = 0; status == DONE && i < pack->scheme_count; i++) {
    bool same = false;
    for (int k = 0; k < held.count; k++) same |= is_same(&held.all[k], &pack->schemes[i]);
    *differ |= !same;
  }
  arena_free(arena);
  return status;
}

/* Refuses a form or check digit that a number which somebody has does not fit. */
static enum status check_form(struct store *store, const struct own_scheme *held,
                              const struct pack_scheme *told, struct error *err) {
  if (strcmp(held->form, told->form) == 0 && strcmp(held->check, told->check) == 0) return DONE;
  struct query *q;
  bool row;
  enum status status = store_query(store, &q, "select value from identifier where scheme = ?1",
                                   err);
  if (status != DONE) return status;
  query_bind_text(q, 1, span_of(told->code));
  while ((status = query_step(q, &row, err)) == DONE && row) {
    struct span value = query_text(q, 0);
    if (number_form_fits(span_of(told->form), value) &&
        check_digit_right(span_of(told->check), value))
      continue;
    status = refuse(err, PACK_SCHEME_CHANGED, told->code, held->form);
    break;
  }
  query_end(q);
  return status;
}

static enum status write_scheme(struct store *store, const struct pack_scheme *s, int position,
                                struct error *err) {
  struct query *q;
  enum status status = store_query(
      store, &q,
      "insert into scheme (code, position, name, name_cy, form, check_digit) values (?1, ?2, ?3, "
      "?4, ?5, ?6) on conflict (code) do update set position = excluded.position, name = "
      "excluded.name, name_cy = excluded.name_cy, form = excluded.form, check_digit = "
      "excluded.check_digit",
      err);
  if (status != DONE) return status;
  query_bind_text(q, 1, span_of(s->code));
  query_bind_int(q, 2, position);
  query_bind_text(q, 3, span_of(s->name[ENGLISH]));
  query_bind_text(q, 4, span_of(s->name[WELSH]));
  query_bind_text(q, 5, span_of(s->form));
  query_bind_text(q, 6, span_of(s->check));
  status = query_run(q, err);
  query_end(q);
  return status;
}

static bool pack_has(const struct pack *pack, const char *code) {
  for (int i = 0; i < pack->scheme_count; i++)
    if (strcmp(pack->schemes[i].code, code) == 0) return true;
  return false;
}

/* Makes room for the pack's new schemes: deletes those that nobody has a number of and the pack
 * does not have. */
static enum status make_room(struct store *store, const struct schemes *held,
                             const struct pack *pack, struct error *err) {
  enum status status = DONE;
  int count = pack->scheme_count;
  for (int i = 0; i < held->count; i++) count += !pack_has(pack, held->all[i].code);
  for (int i = 0; status == DONE && count > LIMIT_SCHEMES && i < held->count; i++) {
    const char *code = held->all[i].code;
    bool used = false;
    if (pack_has(pack, code)) continue;
    if ((status = register_has_numbers(store, code, &used, err)) != DONE || used) continue;
    struct query *q;
    if ((status = store_query(store, &q, "delete from scheme where code = ?1", err)) != DONE) break;
    query_bind_text(q, 1, span_of(code));
    status = query_run(q, err);
    query_end(q);
    count--;
  }
  if (status == DONE && count > LIMIT_SCHEMES)
    status = refuse(err, BOOK_SCHEMES_TOO_MANY, count, (int)LIMIT_SCHEMES);
  return status;
}

enum status schemes_sync(struct store *store, const struct pack *pack, struct error *err) {
  struct arena *arena = arena_new();
  struct schemes held;
  enum status status = schemes_read(store, arena, &held, err);
  if (status == DONE) status = make_room(store, &held, pack, err);
  for (int i = 0; status == DONE && i < pack->scheme_count; i++) {
    const struct pack_scheme *told = &pack->schemes[i];
    const struct own_scheme *before = schemes_find(&held, span_of(told->code));
    if (before) status = check_form(store, before, told, err);
    if (status == DONE) status = write_scheme(store, told, i + 1, err);
  }
  arena_free(arena);
  return status;
}
