#include "register/schemes.h"

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
  while ((status = query_step(q, &row, err)) == DONE && row && out->count < LIMIT_SCHEMES) {
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

enum status schemes_sync(struct store *store, const struct pack *pack, struct error *err) {
  enum status status = DONE;
  for (int i = 0; status == DONE && i < pack->scheme_count; i++) {
    const struct pack_scheme *s = &pack->schemes[i];
    struct query *q;
    if ((status = store_query(
             store, &q,
             "insert into scheme (code, position, name, name_cy, form, check_digit) values (?1, "
             "?2, "
             "?3, ?4, ?5, ?6) on conflict (code) do update set position = excluded.position, name "
             "= "
             "excluded.name, name_cy = excluded.name_cy, form = excluded.form, check_digit = "
             "excluded.check_digit",
             err)) != DONE)
      return status;
    query_bind_text(q, 1, span_of(s->code));
    query_bind_int(q, 2, i + 1);
    query_bind_text(q, 3, span_of(s->name[ENGLISH]));
    query_bind_text(q, 4, span_of(s->name[WELSH]));
    query_bind_text(q, 5, span_of(s->form));
    query_bind_text(q, 6, span_of(s->check));
    status = query_run(q, err);
    query_end(q);
  }
  return status;
}
