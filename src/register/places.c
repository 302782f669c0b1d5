/* Places and bodies, read whole: there are few of them. */
#include "base/map.h"
#include "register/register.h"
#include "store/setting.h"

/* The places for the caller, followed by their index by code. */
struct places_indexed {
  struct places places;
  struct map by_code;
};
struct bodies_indexed {
  struct bodies bodies;
  struct map by_code;
};

static int place_code_compare(const void *a, const void *b, void *all) {
  const struct place *places = all;
  return strcmp(places[*(const int *)a].code, places[*(const int *)b].code);
}

/* Links parents and children; children in order of code. */
static void places_link(struct places *places, const int64_t *parents, struct arena *arena) {
  int *order = arena_array(arena, int, places->count + 1);
  for (int i = 0; i < places->count; i++) {
    struct place *p = &places->all[i];
    p->parent = parents[i] ? places_by_id(places, parents[i]) : PLACE_NONE;
    p->first_child = p->next_sibling = PLACE_NONE;
    order[i] = i;
  }
  qsort_r(order, (size_t)places->count, sizeof *order, place_code_compare, places->all);
  /* from the last, so that the first comes first in the list */
  for (int i = places->count - 1; i >= 0; i--) {
    struct place *p = &places->all[order[i]];
    if (p->parent == PLACE_NONE) continue;
    p->next_sibling = places->all[p->parent].first_child;
    places->all[p->parent].first_child = order[i];
  }
}

enum status register_places(struct store *store, struct arena *arena, struct places **out,
                            struct error *err) {
  struct places_indexed *found = arena_alloc(arena, sizeof *found);
  struct places *places = &found->places;
  int64_t count;
  enum status status = store_int(store, "select count(*) from place", 0, &count, err);
  if (status != DONE) return status;
  places->all = arena_array(arena, struct place, count + 1);
  places->own = PLACE_NONE;
  found->by_code = map_make(arena, (size_t)count);
  int64_t *parents = arena_array(arena, int64_t, count + 1);
  struct query *q;
  if ((status = store_query(store, &q, "select id, code, name, kind, parent from place order by id",
                            err)) != DONE)
    return status;
  bool row;
  while ((status = query_step(q, &row, err)) == DONE && row && places->count < count) {
    struct place *p = &places->all[places->count];
    struct span code = query_text(q, 1), name = query_text(q, 2), kind = query_text(q, 3);
    p->id = query_int(q, 0);
    p->code = arena_copy(arena, code.bytes, code.size);
    p->name = arena_copy(arena, name.bytes, name.size);
    p->kind = arena_copy(arena, kind.bytes, kind.size);
    parents[places->count] = query_int(q, 4);
    map_set(&found->by_code, span_make(p->code, code.size), places->count++);
  }
  query_end(q);
  if (status != DONE) return status;
  places_link(places, parents, arena);
  const char *own = NULL;
  if ((status = setting_read(store, arena, "place", &own, err)) != DONE) return status;
  if (own) places->own = places_by_code(places, span_of(own));
  *out = places;
  return DONE;
}

enum status register_places_above(struct store *store, struct arena *arena, int64_t place,
                                  struct place **out, int *count, struct error *err) {
  enum { DEPTH_MOST = 64 };
  int room = 0;
  enum status status = DONE;
  *out = NULL;
  *count = 0;
  while (status == DONE && place && *count < DEPTH_MOST) {
    struct query *q;
    bool row;
    status = store_query(store, &q, "select code, name, kind, parent from place where id = ?1",
                         err);
    if (status != DONE) return status;
    query_bind_int(q, 1, place);
    status = query_step(q, &row, err);
    if (status == DONE && row) {
      const struct span code = query_text(q, 0), name = query_text(q, 1), kind = query_text(q, 2);
      arena_reserve(arena, *out, room, *count + 1);
      (*out)[*count] = (struct place){.id = place,
                                      .code = arena_copy(arena, code.bytes, code.size),
                                      .name = arena_copy(arena, name.bytes, name.size),
                                      .kind = arena_copy(arena, kind.bytes, kind.size),
                                      .parent = PLACE_NONE,
                                      .first_child = PLACE_NONE,
                                      .next_sibling = PLACE_NONE};
      if (*count) (*out)[*count - 1].parent = *count;
      (*count)++;
    }
    place = status == DONE && row ? query_int(q, 3) : 0;
    query_end(q);
  }
  return status;
}

int places_by_id(const struct places *places, int64_t id) {
  /* As of bodies: ids are dense unless an import was rolled back. */
  if (id >= 1 && id <= places->count && places->all[id - 1].id == id) return (int)(id - 1);
  int low = 0, high = places->count;
  while (low < high) {
    int middle = low + (high - low) / 2;
    if (places->all[middle].id < id) low = middle + 1;
    else high = middle;
  }
  return low < places->count && places->all[low].id == id ? low : PLACE_NONE;
}

int places_by_code(const struct places *places, struct span code) {
  /* -1 is PLACE_NONE */
  return (int)map_get(&((const struct places_indexed *)places)->by_code, code);
}

bool places_within(const struct places *places, int place, int upper) {
  for (int depth = 0; place != PLACE_NONE && depth <= places->count;
       depth++, place = places->all[place].parent)
    if (place == upper) return true;
  return false;
}

static const char *keep_text(struct arena *arena, struct span text) {
  return arena_copy(arena, text.bytes, text.size);
}

static enum status read_bodies(struct store *store, struct arena *arena, struct bodies *bodies,
                               struct error *err) {
  static const char sql[] = STORE_BLOCKS("id, code, name, kind, company, place",
                                         "from body order by id");
  struct query *q = NULL;
  const struct column_block *block = NULL;
  int64_t count = 0;
  enum status status = store_int(store, "select count(*) from body", 0, &count, err);
  if (status != DONE) return status;
  bodies->all = arena_array(arena, struct body, count + 1);
  if ((status = store_blocks(store, &q, sql, "itttti", err)) != DONE) return status;
  while ((status = query_block(q, &block, err)) == DONE && block->rows) {
    const struct block_column *c = block->column;
    for (size_t i = 0; i < block->rows && bodies->count < count; i++)
      bodies->all[bodies->count++] =
          (struct body){.id = c[0].integers[i],
                        .code = keep_text(arena, c[1].texts[i]),
                        .name = keep_text(arena, c[2].texts[i]),
                        .kind = keep_text(arena, c[3].texts[i]),
                        .company = c[4].texts[i].bytes ? keep_text(arena, c[4].texts[i]) : NULL,
                        .place = c[5].integers[i]};
  }
  query_end(q);
  return status;
}

enum status register_bodies(struct store *store, struct arena *arena, struct bodies **out,
                            struct error *err) {
  struct bodies_indexed *found = arena_alloc(arena, sizeof *found);
  struct bodies *bodies = &found->bodies;
  enum status status = read_bodies(store, arena, bodies, err);
  if (status != DONE) return status;
  found->by_code = map_make(arena, (size_t)bodies->count);
  for (int i = 0; i < bodies->count; i++) map_set(&found->by_code, span_of(bodies->all[i].code), i);
  *out = bodies;
  return DONE;
}

enum status register_bodies_by_id(struct store *store, struct arena *arena, struct bodies **out,
                                  struct error *err) {
  struct bodies_indexed *found = arena_alloc(arena, sizeof *found);
  *out = &found->bodies;
  return read_bodies(store, arena, &found->bodies, err);
}

const struct body *bodies_by_id(const struct bodies *b, int64_t id) {
  /* Ids are dense unless an import was rolled back: try the index from the id first. */
  if (id >= 1 && id <= b->count && b->all[id - 1].id == id) return &b->all[id - 1];
  int low = 0, high = b->count;
  while (low < high) {
    int middle = low + (high - low) / 2;
    if (b->all[middle].id < id) low = middle + 1;
    else high = middle;
  }
  return low < b->count && b->all[low].id == id ? &b->all[low] : NULL;
}

const struct body *bodies_by_code(const struct bodies *b, struct span code) {
  int index = (int)map_get(&((const struct bodies_indexed *)b)->by_code, code);
  return index < 0 ? NULL : &b->all[index];
}

enum status register_insert_body(struct store *store, const struct body *body, struct error *err) {
  return store_run_with(
      store, "insert into body (id, code, name, kind, company) values (?1, ?2, ?3, ?4, ?5)", err,
      body->id, body->code, body->name, body->kind, body->company);
}

enum status register_keep_company(struct store *store, int64_t body, const char *company,
                                  struct error *err) {
  return store_run_with(store, "update body set company = ?2 where id = ?1 and company is null",
                        err, body, company);
}

enum status register_has_code(struct store *store, enum code_kind kind, struct span code, bool *has,
                              struct error *err) {
  static const char *const statements[] = {
      [CODE_OF_PLACE] = "select 1 from place where code = ?1",
      [CODE_OF_HOUSEHOLD] = "select 1 from identifier where value = ?1 and scheme = 'household'",
      [CODE_OF_PERSON] = "select 1 from identifier where value = ?1 and scheme = 'id'",
      [CODE_OF_BODY] = "select 1 from body where code = ?1"};
  struct query *q;
  enum status status = store_query(store, &q, statements[kind], err);
  if (status != DONE) return status;
  query_bind_text(q, 1, code);
  status = query_step(q, has, err);
  query_end(q);
  return status;
}
