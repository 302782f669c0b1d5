/* A small place for the tests of the portal's data: three living people, one who has died, two
 * homes, two bodies; a write transaction is open. */
#ifndef WEAL_TESTS_PORTAL_TOWN_H
#define WEAL_TESTS_PORTAL_TOWN_H

#include "calls.h"
#include "fresh.h"
#include "pack/pack.h"
#include "register/changes.h"
#include "register/register.h"

#include <stdlib.h>

/* A moment of a day, for what expires. */
#define TODAY ((day_t)20600)
#define NOW ((int64_t)20600 * 86400 + 36000)

static inline day_t day(const char *text) {
  day_t d;
  ok(day_parse(span_of(text), &d, &err));
  return d;
}

struct town {
  struct store *store;
  struct arena *arena;
  struct pack *pack;
  int64_t ann, bob, cai, dead, council, club;
};

static inline void town_person(struct register_writer *w, const char *code, const char *name,
                               const char *born, const char *died, const char *home,
                               const char *nino) {
  struct person_row row = {.code = span_of(code),
                           .name = span_of(name),
                           .born = day(born),
                           .died = died ? day(died) : DAY_NONE,
                           .sex = span_of("F"),
                           .household = span_of(home),
                           .nino = span_of(nino),
                           .from = DAY_NONE};
  ok(register_write_person(w, &row, &err));
}

static inline int64_t town_find(struct town *t, const char *code) {
  int64_t id;
  ok(register_find_person(t->store, code, &id, &err));
  return id;
}

static inline int town_setup(void **state) {
  struct town *t = memory_zeroed(1, sizeof *t);
  struct register_writer *w;
  struct register_counts counts;
  int64_t first, last;
  t->store = fresh_store();
  t->arena = arena_new();
  ok(pack_open(&t->pack, fresh_uk_pack(), &err));
  ok(store_begin(t->store, STORE_WRITE, &err));
  ok(register_writer_open(&w, t->store, t->arena, &err));
  static const char *const places[][4] = {{"E07T", "Testham", "locality", ""},
                                          {"N1", "North End", "neighbourhood", "E07T"},
                                          {"N2", "South End", "neighbourhood", "E07T"}};
  for (int i = 0; i < 3; i++)
    ok(register_write_place(w,
                            &(struct place_row){span_of(places[i][0]), span_of(places[i][1]),
                                                span_of(places[i][2]), span_of(places[i][3])},
                            &err));
  ok(register_write_body(w,
                         &(struct body_row){.code = span_of("council"),
                                            .name = span_of("Testham Council"),
                                            .kind = span_of("council"),
                                            .place = span_of("E07T")},
                         &err));
  ok(register_write_body(w,
                         &(struct body_row){.code = span_of("club"),
                                            .name = span_of("The Club"),
                                            .kind = span_of("charity"),
                                            .place = span_of("N2")},
                         &err));
  ok(register_write_household(
      w, &(struct household_row){.code = span_of("H1"), .place = span_of("N1"), .from = DAY_NONE},
      &err));
  ok(register_write_household(
      w, &(struct household_row){.code = span_of("H2"), .place = span_of("N2"), .from = DAY_NONE},
      &err));
  town_person(w, "P1", "Ann Field", "1980-03-01", NULL, "H1", "QQ123456C");
  town_person(w, "P2", "Bob Field", "1978-11-20", NULL, "H1", NULL);
  town_person(w, "P3", "Cai Moor", "1950-07-07", NULL, "H2", NULL);
  town_person(w, "P4", "Dee Gone", "1930-01-01", "2020-05-05", "H2", NULL);
  ok(register_writer_end(w, &counts, &first, &last, &err));
  register_writer_free(w);
  t->ann = town_find(t, "P1");
  t->bob = town_find(t, "P2");
  t->cai = town_find(t, "P3");
  t->dead = town_find(t, "P4");
  struct bodies *bodies;
  ok(register_bodies(t->store, t->arena, &bodies, &err));
  t->council = bodies_by_code(bodies, span_of("council"))->id;
  t->club = bodies_by_code(bodies, span_of("club"))->id;
  *state = t;
  return 0;
}

static inline int town_teardown(void **state) {
  struct town *t = *state;
  store_rollback(t->store);
  store_close(t->store);
  pack_close(t->pack);
  arena_free(t->arena);
  free(t);
  fresh_remove();
  return 0;
}

#endif
