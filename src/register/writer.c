/* Opening and ending a writer; places and bodies, which are few and written one by one. */
#include "register/writer.h"

#include "base/pasted.h"
#include "base/limits.h"
#include "base/refusal.h"
#include "pack/pack.h"
#include "register/identifier.h"
#include "store/head.h"

#include <assert.h>

const char *writer_scheme(const struct register_writer *w, int number) {
  static const char *const of_program[NUMBER_COUNT] = {"nino", "nhs", "utr"};
  return number < NUMBER_COUNT ? of_program[number] : w->own.all[number - NUMBER_COUNT].code;
}

/* From the top down. A parent may skip kinds, but its kind is never below its child's. */
static const char *const place_kinds[] = {"nation", "region", "county", "locality",
                                          "neighbourhood"};

enum { CODE_BYTES_MAX = 255 };

const char *writer_keep(struct register_writer *w, struct span value) {
  return value.size ? arena_copy(w->arena, value.bytes, value.size) : NULL;
}

bool writer_differs(const char *held, struct span told) {
  return told.bytes && !span_equal(span_of(held ? held : ""), told);
}

static int word_index(const char *const *words, size_t count, struct span word) {
  for (size_t i = 0; i < count; i++)
    if (span_is(word, words[i])) return (int)i;
  return -1;
}
#define WORD_INDEX(words, word) word_index((words), sizeof(words) / sizeof *(words), (word))

/* A code and a name must be there. */
static enum status check_code_name(struct span code, const char *code_column, struct span name,
                                   struct error *err) {
  if (code.size == 0) return refuse_at(err, code_column, ROW_FIELD_EMPTY);
  if (code.size > CODE_BYTES_MAX) return refuse_at(err, code_column, CODE_TOO_LONG);
  if (span_trim_pasted(name).size == 0) return refuse_at(err, "name", ROW_FIELD_EMPTY);
  return DONE;
}

/* ---- opening ---- */

static enum status writer_open(struct register_writer **out, struct store *store,
                               struct arena *arena, bool few, bool check, struct error *err) {
  struct register_writer *w = arena_alloc(arena, sizeof *w);
  struct head head;
  enum status status = check ? head_read(store, &head, err) : head_lock(store, &head, err);
  if (status == DONE) {
    w->store = store;
    w->arena = arena;
    w->few = few;
    w->last_party = w->first_party = head.party;
    w->last_place = w->first_place = head.place;
    w->last_body = w->first_body = head.body;
  }
  if (status == DONE) status = schemes_read(store, arena, &w->own, err);
  if (status == DONE) *out = w;
  return status;
}

enum status register_writer_open(struct register_writer **out, struct store *store,
                                 struct arena *arena, struct error *err) {
  return writer_open(out, store, arena, false, false, err);
}

enum status register_writer_open_few(struct register_writer **out, struct store *store,
                                     struct arena *arena, struct error *err) {
  return writer_open(out, store, arena, true, false, err);
}

enum status writer_open_to_check(struct register_writer **out, struct store *store,
                                 struct arena *arena, struct error *err) {
  return writer_open(out, store, arena, true, true, err);
}

void register_writer_free(struct register_writer *w) {
  if (!w) return; /* the writer itself is in its arena */
  free(w->places);
  free(w->bodies);
  free(w->households);
  free(w->people);
  free(w->lives);
  w->places = NULL;
  w->bodies = NULL;
  w->households = NULL;
  w->people = NULL;
}

/* ---- places ---- */

enum status writer_need_places(struct register_writer *w, struct error *err) {
  if (w->has_places) return DONE;
  if (w->few) {
    w->place_by_code = map_make(w->arena, 0);
    w->has_places = true;
    return DONE;
  }
  struct places *places;
  enum status status = register_places(w->store, w->arena, &places, err);
  if (status != DONE) return status;
  w->place_by_code = map_make(w->arena, (size_t)places->count);
  for (int i = 0; i < places->count; i++) {
    const struct place *p = &places->all[i];
    array_reserve(w->places, w->place_capacity, w->place_count + 1);
    w->places[w->place_count++] = (struct known_place){p->id,   p->code,   p->name,
                                                       p->kind, p->parent, 0};
    map_set(&w->place_by_code, span_of(p->code), i);
  }
  w->has_places = true;
  return DONE;
}

enum status writer_place(struct register_writer *w, struct span code, const char *column,
                         int64_t *id, struct error *err) {
  *id = 0;
  if (code.size == 0) return DONE;
  enum status status = writer_few_place(w, code, err);
  if (status != DONE) return status;
  int index = (int)map_get(&w->place_by_code, code);
  if (index < 0) {
    refuse(err, PLACE_UNREGISTERED, QUOTED(code));
    return error_at(err, NULL, 0, column);
  }
  *id = w->places[index].id;
  return DONE;
}

/* Checks the parent that a row gives: known, not below its child by kind, no ring, not too deep.
 * `self` is -1 for a new place. */
static enum status place_parent(struct register_writer *w, const struct place_row *row, int self,
                                int kind, int *parent, struct error *err) {
  *parent = self >= 0 && !row->parent.bytes ? w->places[self].parent : PLACE_NONE;
  if (row->parent.size) {
    *parent = (int)map_get(&w->place_by_code, row->parent);
    if (*parent < 0) {
      refuse(err, PLACE_PARENT_UNKNOWN, QUOTED(row->parent));
      return error_at(err, NULL, 0, "parent");
    }
  }
  int depth = 1;
  for (int at = *parent; at != PLACE_NONE; at = w->places[at].parent) {
    if (at == self) {
      refuse(err, PLACE_UNDER_ITSELF, QUOTED(row->code));
      return error_at(err, NULL, 0, "parent");
    }
    if (++depth > LIMIT_PLACE_DEPTH) {
      refuse(err, PLACES_TOO_DEEP, LIMIT_PLACE_DEPTH);
      return error_at(err, NULL, 0, "parent");
    }
  }
  if (*parent != PLACE_NONE && WORD_INDEX(place_kinds, span_of(w->places[*parent].kind)) > kind) {
    refuse(err, PLACE_KIND_ORDER, place_kinds[kind], w->places[*parent].kind);
    return error_at(err, NULL, 0, "parent");
  }
  return DONE;
}

enum status register_write_place(struct register_writer *w, const struct place_row *row,
                                 struct error *err) {
  assert(!w->few);
  enum status status = writer_need_places(w, err);
  if (status == DONE) status = check_code_name(row->code, "code", row->name, err);
  if (status != DONE) return status;
  int kind = WORD_INDEX(place_kinds, row->kind);
  if (kind < 0) {
    refuse(err, PLACE_KIND_UNKNOWN, QUOTED(row->kind));
    return error_at(err, NULL, 0, "kind");
  }
  int self = (int)map_get(&w->place_by_code, row->code), parent;
  if ((status = place_parent(w, row, self, kind, &parent, err)) != DONE) return status;
  if (self < 0) {
    array_reserve(w->places, w->place_capacity, w->place_count + 1);
    self = w->place_count++;
    w->places[self] = (struct known_place){.id = ++w->last_place,
                                           .code = writer_keep(w, row->code),
                                           .change = KNOWN_NEW};
    map_set(&w->place_by_code, span_of(w->places[self].code), self);
    w->counts.added++;
  } else if (writer_differs(w->places[self].name, row->name) ||
             writer_differs(w->places[self].kind, row->kind) || w->places[self].parent != parent) {
    w->places[self].change |= KNOWN_CHANGED;
    w->counts.changed++;
  } else {
    w->counts.same++;
    return DONE;
  }
  struct known_place *p = &w->places[self];
  p->name = writer_keep(w, row->name);
  p->kind = place_kinds[kind];
  p->parent = parent;
  return DONE;
}

static enum status places_write(struct register_writer *w, struct error *err) {
  static const char insert[] =
      "insert into place (id, code, name, kind, parent) values (?1, ?2, ?3, ?4, ?5)";
  static const char update[] =
      "update place set name = ?3, kind = ?4, parent = ?5 where id = ?1 and code = ?2";
  struct query *q;
  enum status status = DONE;
  for (int i = 0; i < w->place_count && status == DONE; i++) {
    const struct known_place *p = &w->places[i];
    if (!p->change) continue;
    if ((status = store_query(w->store, &q, p->change & KNOWN_NEW ? insert : update, err)) != DONE)
      break;
    query_bind_int(q, 1, p->id);
    query_bind_text(q, 2, span_of(p->code));
    query_bind_text(q, 3, span_of(p->name));
    query_bind_text(q, 4, span_of(p->kind));
    if (p->parent == PLACE_NONE) query_bind_null(q, 5);
    else query_bind_int(q, 5, w->places[p->parent].id);
    status = query_run(q, err);
    query_end(q);
  }
  return status;
}

/* ---- bodies ---- */

static enum status need_bodies(struct register_writer *w, struct error *err) {
  if (w->has_bodies) return DONE;
  struct bodies *bodies;
  enum status status = register_bodies(w->store, w->arena, &bodies, err);
  if (status != DONE) return status;
  w->body_by_code = map_make(w->arena, (size_t)bodies->count);
  for (int i = 0; i < bodies->count; i++) {
    const struct body *b = &bodies->all[i];
    array_reserve(w->bodies, w->body_capacity, w->body_count + 1);
    w->bodies[w->body_count++] = (struct known_body){b->id,   b->place,   b->code, b->name,
                                                     b->kind, b->company, 0};
    map_set(&w->body_by_code, span_of(b->code), i);
  }
  w->has_bodies = true;
  return DONE;
}

static enum status body_check(struct register_writer *w, const struct body_row *row, int64_t *place,
                              struct identifier *company, struct error *err) {
  enum status status = check_code_name(row->code, "id", row->name, err);
  if (status != DONE) return status;
  if (!pack_is_body_kind(row->kind)) {
    refuse(err, BODY_KIND_UNKNOWN, QUOTED(row->kind), pack_body_kinds());
    return error_at(err, NULL, 0, "kind");
  }
  company->value[0] = 0;
  const char *fault = row->company.size
                          ? identifier_read_value(NULL, "company", row->company, company)
                          : NULL;
  if (fault) {
    refuse(err, IDENTIFIER_MALFORMED, QUOTED(row->company), fault);
    return error_at(err, NULL, 0, "company");
  }
  return writer_place(w, row->place, "place", place, err);
}

enum status register_write_body(struct register_writer *w, const struct body_row *row,
                                struct error *err) {
  assert(!w->few);
  int64_t place;
  struct identifier company;
  enum status status = writer_need_places(w, err);
  if (status == DONE) status = need_bodies(w, err);
  if (status == DONE) status = body_check(w, row, &place, &company, err);
  if (status != DONE) return status;
  struct span number = row->company.bytes ? span_make(company.value, strlen(company.value))
                                          : (struct span){0};
  int self = (int)map_get(&w->body_by_code, row->code);
  if (self < 0) {
    array_reserve(w->bodies, w->body_capacity, w->body_count + 1);
    self = w->body_count++;
    w->bodies[self] = (struct known_body){.id = ++w->last_body,
                                          .code = writer_keep(w, row->code),
                                          .change = KNOWN_NEW};
    map_set(&w->body_by_code, span_of(w->bodies[self].code), self);
    w->counts.added++;
  } else {
    const struct known_body *b = &w->bodies[self];
    if (!writer_differs(b->name, row->name) && !writer_differs(b->kind, row->kind) &&
        !writer_differs(b->company, number) && (!row->place.bytes || b->place == place)) {
      w->counts.same++;
      return DONE;
    }
    w->bodies[self].change |= KNOWN_CHANGED;
    w->counts.changed++;
  }
  struct known_body *b = &w->bodies[self];
  b->name = writer_keep(w, row->name);
  b->kind = writer_keep(w, row->kind);
  if (number.bytes) b->company = writer_keep(w, number);
  if (row->place.bytes) b->place = place;
  return DONE;
}

static enum status bodies_write(struct register_writer *w, struct error *err) {
  static const char insert[] =
      "insert into body (id, code, name, kind, company, place) values (?1, ?2, ?3, ?4, ?5, ?6)";
  static const char update[] =
      "update body set name = ?3, kind = ?4, company = ?5, place = ?6 where id = ?1 and code = ?2";
  struct query *q;
  enum status status = DONE;
  for (int i = 0; i < w->body_count && status == DONE; i++) {
    const struct known_body *b = &w->bodies[i];
    if (!b->change) continue;
    if ((status = store_query(w->store, &q, b->change & KNOWN_NEW ? insert : update, err)) != DONE)
      break;
    query_bind_int(q, 1, b->id);
    query_bind_text(q, 2, span_of(b->code));
    query_bind_text(q, 3, span_of(b->name));
    query_bind_text(q, 4, span_of(b->kind));
    query_bind_text(q, 5, span_of(b->company));
    if (b->place) query_bind_int(q, 6, b->place);
    else query_bind_null(q, 6);
    status = query_run(q, err);
    query_end(q);
  }
  return status;
}

/* ---- the end ---- */

const int64_t *register_writer_lives(const struct register_writer *w, int *count) {
  *count = w->life_count;
  return w->lives;
}

enum status register_writer_end(struct register_writer *w, struct register_counts *counts,
                                int64_t *first_new_person, int64_t *last_new_person,
                                struct error *err) {
  enum status status = places_write(w, err);
  if (status == DONE) status = bodies_write(w, err);
  if (status == DONE) status = writer_end_parties(w, err);
  if (status != DONE) return status;
  struct head taken = {.party = w->last_party - w->first_party,
                       .place = w->last_place - w->first_place,
                       .body = w->last_body - w->first_body};
  if ((status = head_take(w->store, &taken, err)) != DONE) return status;
  *counts = w->counts;
  *first_new_person = w->first_new_person;
  *last_new_person = w->last_new_person;
  return DONE;
}
