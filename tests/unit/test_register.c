/* People, residences and mergers: on the engine that WEAL_TEST_STORE names (fresh.h). */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "calls.h"
#include "fresh.h"
#include "register/access_log.h"
#include "register/identifier.h"
#include "register/register.h"
#include "register/schemes.h"

static day_t day(const char *text) {
  day_t d;
  ok(day_parse(span_of(text), &d, &err));
  return d;
}

struct fixture {
  struct store *store;
  struct arena *arena;
  struct register_writer *w;
  struct register_counts counts;
  int64_t first, last;
};

static void write_begin(struct fixture *f) {
  ok(store_begin(f->store, STORE_WRITE, &err));
  ok(register_writer_open(&f->w, f->store, f->arena, &err));
}

static void write_end(struct fixture *f) {
  ok(register_writer_end(f->w, &f->counts, &f->first, &f->last, &err));
  register_writer_free(f->w);
  ok(store_commit(f->store, &err));
}

static struct place_row place(const char *code, const char *name, const char *kind,
                              const char *parent) {
  return (struct place_row){span_of(code), span_of(name), span_of(kind), span_of(parent)};
}
static struct household_row household(const char *code, const char *where, day_t from) {
  return (struct household_row){.code = span_of(code), .place = span_of(where), .from = from};
}
/* A row with only the given columns. */
static struct person_row person(const char *code, const char *name, const char *home,
                                const char *where, day_t from) {
  return (struct person_row){.code = span_of(code),
                             .name = span_of(name),
                             .household = span_of(home),
                             .place = span_of(where),
                             .born = day("1980-02-29"),
                             .died = DAY_NONE,
                             .from = from,
                             .keep_died = true};
}

static enum status put_place(struct fixture *f, struct place_row row) {
  return register_write_place(f->w, &row, &err);
}
static enum status put_household(struct fixture *f, struct household_row row) {
  return register_write_household(f->w, &row, &err);
}
static enum status put_person(struct fixture *f, struct person_row row) {
  return register_write_person(f->w, &row, &err);
}
static enum status put_body(struct fixture *f, struct body_row row) {
  return register_write_body(f->w, &row, &err);
}

/* England > Held > North, South; households H1 in North, H2 in South. */
static int setup(void **state) {
  struct fixture *f = memory_zeroed(1, sizeof *f);
  f->store = fresh_store();
  f->arena = arena_new();
  write_begin(f);
  ok(put_place(f, place("E92", "England", "nation", NULL)));
  ok(put_place(f, place("E07X", "Held", "locality", "E92")));
  ok(put_place(f, place("E07X2", "South", "neighbourhood", "E07X")));
  ok(put_place(f, place("E07X1", "North", "neighbourhood", "E07X")));
  write_end(f);
  assert_int_equal(f->counts.added, 4);
  write_begin(f);
  ok(put_household(f, household("H1", "E07X1", DAY_NONE)));
  ok(put_household(f, household("H2", "E07X2", DAY_NONE)));
  write_end(f);
  *state = f;
  return 0;
}

static int teardown(void **state) {
  struct fixture *f = *state;
  store_close(f->store);
  arena_free(f->arena);
  free(f);
  fresh_remove();
  return 0;
}

static const struct person *find(const struct people *people, const char *code) {
  for (int i = 0; i < people->count; i++)
    if (strcmp(people->all[i].code, code) == 0) return &people->all[i];
  fail_msg("no %s", code);
  return NULL;
}

/* The place of somebody on a day, found both ways: among everyone, and alone. */
static const char *address_history(struct fixture *f, const char *code, const char *on) {
  struct people *people;
  struct places *places;
  struct person alone;
  struct homes *homes;
  ok(register_people(f->store, f->arena, &people, &err));
  ok(register_places(f->store, f->arena, &places, &err));
  const struct person *p = find(people, code);
  int64_t id = person_place(p, people, day(on));
  ok(register_person(f->store, f->arena, p->id, &alone, &err));
  ok(register_homes(f->store, f->arena, &alone, &homes, &err));
  assert_int_equal(homes_place(homes, &alone, day(on)), id);
  assert_int_equal(person_household(&alone, day(on)), person_household(p, day(on)));
  int index = places_by_id(places, id);
  return index == PLACE_NONE ? "nowhere" : places->all[index].code;
}

/* ---- places and bodies ---- */

static void places_are_a_tree(void **state) {
  struct fixture *f = *state;
  struct places *places;
  ok(register_places(f->store, f->arena, &places, &err));
  int top = places_by_code(places, span_of("E92")), held = places_by_code(places, span_of("E07X"));
  assert_int_equal(places->all[top].parent, PLACE_NONE);
  assert_int_equal(places->all[top].first_child, held);
  int north = places->all[held].first_child, south = places->all[north].next_sibling;
  assert_string_equal(places->all[north].code, "E07X1"); /* children in order of code */
  assert_string_equal(places->all[south].code, "E07X2");
  assert_int_equal(places->all[south].next_sibling, PLACE_NONE);
  assert_true(places_within(places, north, top));
  assert_true(places_within(places, held, held));
  assert_false(places_within(places, top, held));
  assert_false(places_within(places, north, south));
  assert_int_equal(places_by_code(places, span_of("E99")), PLACE_NONE);
  assert_int_equal(places_by_id(places, 99), PLACE_NONE);
  assert_int_equal(places->own, PLACE_NONE);
  ok(store_run(f->store, "insert into setting (key, value) values ('place', 'E07X')", &err));
  ok(register_places(f->store, f->arena, &places, &err));
  assert_string_equal(places->all[places->own].code, "E07X");
}

static void places_refuse_rings_and_unknown_parents(void **state) {
  struct fixture *f = *state;
  write_begin(f);
  refused("parent", put_place(f, place("E92", "England", "nation", "E92")));
  refused("parent", put_place(f, place("E92", "England", "neighbourhood", "E07X1")));
  refused("parent", put_place(f, place("X", "X", "locality", "nowhere")));
  refused("parent", put_place(f, place("X", "X", "nation", "E07X")));
  refused("kind", put_place(f, place("X", "X", "village", NULL)));
  refused("name", put_place(f, place("X", "", "county", NULL)));
  refused("code", put_place(f, place("", "X", "county", NULL)));
  ok(put_place(f, place("E07X1", "North End", "neighbourhood", NULL))); /* parent not given: kept */
  ok(put_place(f, place("E07X", "Held", "locality", "E92")));
  write_end(f);
  assert_int_equal(f->counts.changed, 1);
  assert_int_equal(f->counts.same, 1);
  struct places *places;
  ok(register_places(f->store, f->arena, &places, &err));
  int north = places_by_code(places, span_of("E07X1"));
  assert_string_equal(places->all[north].name, "North End");
  assert_string_equal(places->all[places->all[north].parent].code, "E07X");
  write_begin(f);
  ok(put_place(f, place("E07X", "Held", "locality", ""))); /* told, and empty: cleared */
  write_end(f);
  ok(register_places(f->store, f->arena, &places, &err));
  assert_int_equal(places->all[places_by_code(places, span_of("E07X"))].parent, PLACE_NONE);
}

static void places_are_not_too_deep(void **state) {
  struct fixture *f = *state;
  write_begin(f);
  char code[8] = "", above[8] = "";
  for (int depth = 1; depth <= 16; depth++) {
    snprintf(code, sizeof code, "D%d", depth);
    ok(put_place(f, place(code, code, "locality", depth == 1 ? NULL : above)));
    memcpy(above, code, sizeof above);
  }
  refused("parent", put_place(f, place("D17", "D17", "locality", above)));
  write_end(f);
}

static void bodies_are_found_by_code_and_id(void **state) {
  struct fixture *f = *state;
  write_begin(f);
  ok(put_body(f, (struct body_row){
                     span_of("hmrc"), span_of("HM Revenue"), span_of("department"), {0}, {0}}));
  ok(put_body(f, (struct body_row){span_of("club"), span_of("Club"), span_of("charity"),
                                   span_of("sc123456"), span_of("E07X1")}));
  refused("kind",
          put_body(f, (struct body_row){span_of("x"), span_of("X"), span_of("firm"), {0}, {0}}));
  refused("company",
          put_body(f, (struct body_row){
                          span_of("x"), span_of("X"), span_of("employer"), span_of("12"), {0}}));
  refused("place",
          put_body(f,
                   (struct body_row){
                       span_of("x"), span_of("X"), span_of("employer"), {0}, span_of("nowhere")}));
  refused("id",
          put_body(f, (struct body_row){span_of(""), span_of("X"), span_of("employer"), {0}, {0}}));
  write_end(f);
  write_begin(f);
  ok(put_body(
      f, (struct body_row){span_of("club"), span_of("The Club"), span_of("charity"), {0}, {0}}));
  write_end(f);
  assert_int_equal(f->counts.changed, 1);
  struct bodies *bodies;
  ok(register_bodies(f->store, f->arena, &bodies, &err));
  assert_int_equal(bodies->count, 2);
  const struct body *club = bodies_by_code(bodies, span_of("club"));
  assert_string_equal(club->name, "The Club");
  assert_string_equal(club->company, "SC123456"); /* not told: stays */
  assert_true(club->place > 0);
  assert_ptr_equal(bodies_by_id(bodies, club->id), club);
  assert_null(bodies_by_code(bodies, span_of("x")));
  assert_null(bodies_by_id(bodies, 77));
  write_begin(f);
  ok(put_body(f, (struct body_row){span_of("club"), span_of("The Club"), span_of("charity"),
                                   span_of(""), span_of("")}));
  write_end(f);
  ok(register_bodies(f->store, f->arena, &bodies, &err));
  assert_null(bodies_by_code(bodies, span_of("club"))->company);
  assert_int_equal(bodies_by_code(bodies, span_of("club"))->place, 0);
}

/* ---- people ---- */

static void a_first_residence_is_valid_from_birth(void **state) {
  struct fixture *f = *state;
  write_begin(f);
  ok(put_person(f, person("P1", "Ann", "H1", NULL, DAY_NONE)));
  ok(put_person(f, person("P2", "Ben", "H1", "E07X2", DAY_NONE)));
  ok(put_person(f, person("P3", "Cat", "H2", NULL, day("2020-01-01"))));
  ok(put_person(f, person("P4", "Dan", NULL, NULL, DAY_NONE)));
  write_end(f);
  assert_int_equal(f->counts.added, 4);
  assert_int_equal(f->last - f->first, 3);
  assert_string_equal(address_history(f, "P1", "1801-01-01"), "E07X1");
  assert_string_equal(address_history(f, "P2", "2025-05-01"), "E07X2"); /* their own goes first */
  assert_string_equal(address_history(f, "P3", "2019-12-31"), "nowhere");
  assert_string_equal(address_history(f, "P3", "2020-01-01"), "E07X2");
  assert_string_equal(address_history(f, "P4", "2020-01-01"), "nowhere");
}

static void a_later_from_is_a_move_and_no_from_a_correction(void **state) {
  struct fixture *f = *state;
  write_begin(f);
  ok(put_person(f, person("P1", "Ann", "H1", NULL, DAY_NONE)));
  write_end(f);
  write_begin(f);
  ok(put_person(f, person("P1", "Ann", "H2", NULL, day("2025-07-01"))));
  write_end(f);
  assert_int_equal(f->counts.moved, 1);
  assert_string_equal(address_history(f, "P1", "2025-06-30"), "E07X1");
  assert_string_equal(address_history(f, "P1", "2025-07-01"), "E07X2");
  write_begin(f);
  /* the latest residence was wrong */
  ok(put_person(f, person("P1", "Ann Other", "H1", "E92", DAY_NONE)));
  write_end(f);
  assert_int_equal(f->counts.changed, 1);
  assert_string_equal(address_history(f, "P1", "2025-06-30"), "E07X1");
  assert_string_equal(address_history(f, "P1", "2025-07-01"), "E92");
  write_begin(f);
  /* the same day again; place cleared, household kept */
  ok(put_person(f, person("P1", "Ann Other", NULL, "", day("2025-07-01"))));
  /* an earlier move, reported late */
  ok(put_person(f, person("P1", "Ann Other", "H2", NULL, day("2023-01-01"))));
  ok(put_person(f, person("P1", "Ann Other", "H2", NULL, day("2023-01-01"))));
  write_end(f);
  assert_int_equal(f->counts.same, 1);
  assert_string_equal(address_history(f, "P1", "2022-12-31"), "E07X1");
  assert_string_equal(address_history(f, "P1", "2023-01-01"), "E07X2");
  assert_string_equal(address_history(f, "P1", "2025-07-01"), "E07X1");
}

static void a_household_moves_with_its_people(void **state) {
  struct fixture *f = *state;
  write_begin(f);
  ok(put_person(f, person("P1", "Ann", "H1", NULL, DAY_NONE)));
  ok(put_person(f, person("P2", "Ben", "H1", "E92", DAY_NONE)));
  write_end(f);
  write_begin(f);
  ok(put_household(f, household("H1", "E07X2", day("2025-01-01"))));
  write_end(f);
  assert_int_equal(f->counts.moved, 1);
  assert_string_equal(address_history(f, "P1", "2024-12-31"), "E07X1");
  assert_string_equal(address_history(f, "P1", "2025-01-01"), "E07X2");
  assert_string_equal(address_history(f, "P2", "2025-01-01"), "E92");
  struct people *people;
  ok(register_people(f->store, f->arena, &people, &err));
  const struct person *p = find(people, "P1");
  int64_t h = person_household(p, day("2025-01-01"));
  assert_string_equal(people->household_code[h], "H1");
  assert_int_equal(people->member_count[h], 2);
  assert_string_equal(people->all[people->member[h][1]].code, "P2");
  int64_t *ids;
  int count;
  ok(register_household_members(f->store, f->arena, h, &ids, &count, &err));
  assert_int_equal(count, 2);
  assert_int_equal(ids[0], p->id);
}

static void bad_rows_are_refused_by_column(void **state) {
  struct fixture *f = *state;
  write_begin(f);
  struct person_row row = person("P1", "Ann", "H1", NULL, DAY_NONE);
  row.nino = span_of("QQ 12 34 56 C");
  row.nhs = span_of("9434765919");
  ok(put_person(f, row));
  row = person("P2", "Ben", NULL, NULL, DAY_NONE);
  row.nino = span_of("qq123456c");
  refused("nino", put_person(f, row)); /* another has it */
  row.nino = span_of("QQ123456Z");
  refused("nino", put_person(f, row));
  row.nino = (struct span){0};
  row.nhs = span_of("9434765918");
  refused("nhs", put_person(f, row));
  row.nhs = (struct span){0};
  row.utr = span_of("1");
  refused("utr", put_person(f, row));
  refused("household", put_person(f, person("P2", "Ben", "H9", NULL, DAY_NONE)));
  refused("place", put_person(f, person("P2", "Ben", NULL, "E99", DAY_NONE)));
  refused("id", put_person(f, person("P 2", "Ben", NULL, NULL, DAY_NONE)));
  refused("name", put_person(f, person("P2", "", NULL, NULL, DAY_NONE)));
  row = person("P2", "Ben", NULL, NULL, DAY_NONE);
  row.sex = span_of("male");
  refused("sex", put_person(f, row));
  row.sex = span_of("X");
  row.keep_died = false;
  row.died = day("1970-01-01");
  refused("died", put_person(f, row));
  row.born = DAY_NONE;
  refused("born", put_person(f, row));
  refused("place", put_household(f, household("H3", "E99", DAY_NONE)));
  refused("id", put_household(f, household("", NULL, DAY_NONE)));
  write_end(f);
  assert_int_equal(f->counts.added, 1); /* a refused row changes nothing */
  int64_t count;
  ok(store_int(f->store, "select count(*) from party", 0, &count, &err));
  assert_int_equal(count, 3);
}

static void a_number_can_be_given_to_another_once_removed(void **state) {
  struct fixture *f = *state;
  struct person_row ann = person("P1", "Ann", NULL, NULL, DAY_NONE),
                    ben = person("P2", "Ben", NULL, NULL, DAY_NONE);
  ann.nino = span_of("QQ123456C");
  ann.email = span_of("ann@example.org");
  ann.sex = span_of("F");
  write_begin(f);
  ok(put_person(f, ann));
  ok(put_person(f, ben));
  write_end(f);
  write_begin(f);
  ann.nino = span_of("");
  ann.email = (struct span){0};
  ann.sex = span_of("");
  ok(put_person(f, ann));
  ben.nino = span_of("QQ123456C");
  ok(put_person(f, ben));
  write_end(f);
  assert_int_equal(f->counts.changed, 2);
  int64_t id;
  struct person p;
  ok(register_find_person(f->store, "nino:qq123456c", &id, &err));
  ok(register_person(f->store, f->arena, id, &p, &err));
  assert_string_equal(p.code, "P2");
  ok(register_find_person(f->store, "P1", &id, &err));
  ok(register_person(f->store, f->arena, id, &p, &err));
  assert_string_equal(p.email, "ann@example.org"); /* not told: stays */
  assert_int_equal(p.sex, 0);                      /* told, and empty: cleared */
  refused("", register_find_person(f->store, "P9", &id, &err));
  refused("", register_find_person(f->store, "nhs:1", &id, &err));
  refused("", register_find_person(f->store, "uprn:1", &id, &err));
  refused("", register_person(f->store, f->arena, 1, &p, &err)); /* a household */
}

static void a_death_is_kept_until_it_is_corrected(void **state) {
  struct fixture *f = *state;
  struct person_row ann = person("P1", "Ann", NULL, NULL, DAY_NONE);
  ann.keep_died = false;
  ann.died = day("2024-03-01");
  write_begin(f);
  ok(put_person(f, ann));
  write_end(f);
  ann.keep_died = true;
  ann.died = DAY_NONE;
  write_begin(f);
  ok(put_person(f, ann));
  write_end(f);
  assert_int_equal(f->counts.same, 1);
  struct people *people;
  ok(register_people(f->store, f->arena, &people, &err));
  assert_int_equal(people->all[0].died, day("2024-03-01"));
  write_begin(f);
  ann.born = day("2024-04-01");
  refused("born", put_person(f, ann));
  ann.born = day("1980-02-29");
  ann.keep_died = false;
  ok(put_person(f, ann));
  write_end(f);
  ok(register_people(f->store, f->arena, &people, &err));
  assert_int_equal(people->all[0].died, DAY_NONE);
}

static void everyone_comes_in_order_of_code(void **state) {
  struct fixture *f = *state;
  write_begin(f);
  ok(put_person(f, person("b", "B", "H1", NULL, DAY_NONE)));
  ok(put_person(f, person("B", "B", "H1", NULL, DAY_NONE)));
  ok(put_person(f, person("a", "A", "H2", NULL, DAY_NONE)));
  ok(put_person(f, person("\xc3\xa9", "E", "H2", NULL, DAY_NONE)));
  write_end(f);
  struct people *people;
  ok(register_people(f->store, f->arena, &people, &err));
  const char *expected[] = {"B", "a", "b", "\xc3\xa9"};
  assert_int_equal(people->count, 4);
  for (int i = 0; i < 4; i++) {
    assert_string_equal(people->all[i].code, expected[i]);
    assert_int_equal(people->by_id[people->all[i].id], i);
    assert_int_equal(people->all[i].residence_count, 1);
  }
  assert_int_equal(people->by_id[1], -1);
}

/* ---- the directory ---- */

static void the_directory_knows_every_scheme(void **state) {
  struct fixture *f = *state;
  enum { PEOPLE = 3000 };
  char code[80];
  write_begin(f);
  for (int i = 0; i < PEOPLE; i++) {
    snprintf(code, sizeof code, i % 7 ? "P%d" : "a-code-that-is-longer-than-a-slot-%d", i);
    struct person_row row = person(code, "Somebody", "H1", NULL, DAY_NONE);
    char nino[10];
    snprintf(nino, sizeof nino, "AB%06dA", i);
    row.nino = span_of(nino);
    row.keep_died = i % 2;
    row.died = i % 2 ? DAY_NONE : day("2020-01-01");
    ok(put_person(f, row));
  }
  write_end(f);
  struct directory *d;
  ok(register_directory(f->store, f->arena, &d, &err));
  const char *reason;
  bool differs;
  for (int i = 0; i < PEOPLE; i++) {
    snprintf(code, sizeof code, i % 7 ? "P%d" : "id:a-code-that-is-longer-than-a-slot-%d", i);
    const struct directory_person *p = directory_person(d, span_of(code), &differs, &reason);
    assert_non_null(p);
    assert_int_equal(p->id, f->first + i);
    assert_int_equal(p->born, day("1980-02-29"));
    assert_int_equal(p->died, i % 2 ? DAY_NONE : day("2020-01-01"));
    snprintf(code, sizeof code, "nino:ab %06d a", i);
    assert_int_equal(directory_person(d, span_of(code), &differs, &reason)->id, f->first + i);
  }
  assert_null(directory_person(d, span_of("P999999"), &differs, &reason));
  assert_null(reason);
  assert_null(directory_person(d, span_of("nhs:9434765918"), &differs, &reason));
  assert_non_null(reason);
  assert_null(directory_person(d, span_of("nhs:9434765919"), &differs, &reason));
  assert_null(reason);
  assert_null(directory_person(d, span_of("uprn:1"), &differs, &reason));
  assert_null(directory_person(d, span_of(""), &differs, &reason));
  assert_non_null(reason);
  assert_null(directory_person(d, span_of("P 1"), &differs, &reason));
  assert_non_null(reason);
  assert_null(directory_person(d, span_of("H1"), &differs, &reason));
  assert_true(directory_household(d, span_of("H1")) > 0);
  assert_int_equal(directory_household(d, span_of("P1")), 0);
}

/* ---- numbers of an older book ---- */

static const char *holder(struct fixture *f, const char *reference) {
  int64_t id;
  struct person p;
  ok(register_find_person(f->store, reference, &id, &err));
  ok(register_person(f->store, f->arena, id, &p, &err));
  return p.code;
}

/* The person whom the directory of imports finds; `?` if it gives a reason, null if there is
 * nobody. */
static const char *directory_holder(struct fixture *f, const char *reference, bool *differs) {
  struct directory *d;
  struct person p;
  const char *reason;
  ok(register_directory(f->store, f->arena, &d, &err));
  const struct directory_person *found = directory_person(d, span_of(reference), differs, &reason);
  if (!found) return reason ? "?" : NULL;
  ok(register_person(f->store, f->arena, found->id, &p, &err));
  return p.code;
}

static char findings[1000];
static void add_finding(void *context, const char *sentence) {
  (void)context;
  snprintf(findings, sizeof findings, "%s", sentence);
}

static int64_t find_clashes(struct fixture *f) {
  int64_t count;
  findings[0] = 0;
  ok(register_check(f->store, add_finding, NULL, &count, &err));
  return count;
}

/* P1 with AB123456A and P2 with AB123456B, as an upgrade leaves a book in which both were
 * registered. */
static void put_clash(struct fixture *f) {
  write_begin(f);
  struct person_row row = person("P1", "Ann", NULL, NULL, DAY_NONE);
  row.nino = span_of("AB123456A");
  ok(put_person(f, row));
  row = person("P2", "Ben", NULL, NULL, DAY_NONE);
  row.nino = span_of("AB123457B");
  ok(put_person(f, row));
  write_end(f);
  ok(store_begin(f->store, STORE_WRITE, &err));
  ok(store_run(f->store,
               "update identifier set value = 'AB123456A', suffix = '' where value = 'AB123456'",
               &err));
  ok(store_run(f->store,
               "update identifier set value = 'AB123456B', suffix = '' where value = 'AB123457'",
               &err));
  ok(store_commit(f->store, &err));
}

static enum status put_nino(struct fixture *f, const char *code, const char *nino) {
  struct person_row row = person(code, "Somebody", NULL, NULL, DAY_NONE);
  row.nino = span_of(nino);
  return put_person(f, row);
}

static void one_number_of_two_people_needs_its_letter_and_is_a_finding(void **state) {
  struct fixture *f = *state;
  bool differs;
  int64_t id;
  put_clash(f);
  assert_string_equal(holder(f, "nino:AB123456A"), "P1");
  assert_string_equal(holder(f, "nino:AB123456B"), "P2");
  refused("", register_find_person(f->store, "nino:AB123456C", &id, &err));
  refused("", register_find_person(f->store, "nino:AB123456", &id, &err));
  assert_string_equal(directory_holder(f, "nino:AB123456A", &differs), "P1");
  assert_string_equal(directory_holder(f, "nino:AB123456B", &differs), "P2");
  assert_false(differs);
  assert_string_equal(directory_holder(f, "nino:AB123456C", &differs), "?");
  assert_string_equal(directory_holder(f, "nino:AB123456", &differs), "?");
  assert_int_equal(find_clashes(f), 1);
  assert_non_null(strstr(findings, "P1 (AB123456A) and P2 (AB123456B)"));
}

static void a_writer_keeps_the_numbers_of_both_holders(void **state) {
  struct fixture *f = *state;
  struct register_writer *few;
  put_clash(f);
  write_begin(f);
  refused("nino", put_nino(f, "P3", "AB123456C"));
  refused("nino", put_nino(f, "P1", "AB123456C"));
  refused("nino", put_nino(f, "P2", "AB123456"));
  ok(put_nino(f, "P1", "AB123456A")); /* as it was */
  ok(put_nino(f, "P2", "AB123456B"));
  write_end(f);
  assert_int_equal(find_clashes(f), 1);
  ok(store_begin(f->store, STORE_WRITE, &err));
  ok(register_writer_open_few(&few, f->store, f->arena, &err));
  struct person_row row = person("P2", "Ben", NULL, NULL, DAY_NONE);
  row.nino = span_of("AB123456C");
  refused("nino", register_write_person(few, &row, &err));
  register_writer_free(few);
  store_rollback(f->store);
}

static void a_merger_or_a_correction_leaves_one_holder(void **state) {
  struct fixture *f = *state;
  bool differs;
  int64_t p1, p2;
  put_clash(f);
  ok(register_find_person(f->store, "P1", &p1, &err));
  ok(register_find_person(f->store, "P2", &p2, &err));
  ok(register_merge(f->store, p2, p1, "one person", &err));
  assert_int_equal(find_clashes(f), 0);
  assert_string_equal(holder(f, "nino:AB123456C"), "P2");
  assert_string_equal(directory_holder(f, "nino:AB123456C", &differs), "P2");
  assert_true(differs);
  ok(register_unmerge(f->store, p2, p1, &err));
  assert_int_equal(find_clashes(f), 1);
  write_begin(f);
  ok(put_nino(f, "P2", "AB999999B"));
  write_end(f);
  assert_int_equal(find_clashes(f), 0);
  assert_string_equal(holder(f, "nino:AB123456"), "P1");
  assert_string_equal(directory_holder(f, "nino:AB123456D", &differs), "P1");
  assert_true(differs);
  write_begin(f);
  refused("nino", put_nino(f, "P2", "AB123456B"));
  ok(put_nino(f, "P1", "AB123456D"));
  ok(put_nino(f, "P3", "AB999998"));
  write_end(f);
  assert_string_equal(holder(f, "nino:AB123456"), "P1");
}

/* ---- schemes of a place's own ---- */

static enum status take_schemes(struct fixture *f, struct pack_scheme *all, int count) {
  const struct pack pack = {.schemes = all, .scheme_count = count};
  ok(store_begin(f->store, STORE_WRITE, &err));
  enum status status = schemes_sync(f->store, &pack, &err);
  if (status == DONE) ok(store_commit(f->store, &err));
  else store_rollback(f->store);
  return status;
}

static struct pack_scheme card(const char *code, const char *form, const char *check) {
  return (
      struct pack_scheme){.code = code, .name = {"Card", "Cerdyn"}, .form = form, .check = check};
}

static void put_card(struct fixture *f, const char *scheme, const char *value) {
  struct own_number number = {scheme, span_of(value)};
  struct person_row row = person("P1", "Ann", NULL, NULL, DAY_NONE);
  row.own = &number;
  row.own_count = 1;
  write_begin(f);
  ok(put_person(f, row));
  write_end(f);
}

static void a_form_that_numbers_do_not_fit_is_refused(void **state) {
  struct fixture *f = *state;
  struct pack_scheme card_one = card("card", "X{4,16}", "");
  ok(take_schemes(f, &card_one, 1));
  put_card(f, "card", "AB12345");
  card_one.form = "9{5}";
  refused("", take_schemes(f, &card_one, 1));
  assert_non_null(strstr(err.message, "X{4,16}"));
  card_one.form = "X{7}";
  ok(take_schemes(f, &card_one, 1));
  put_card(f, "card", "CD67890");
}

static void a_book_has_at_most_as_many_schemes_as_are_read(void **state) {
  struct fixture *f = *state;
  static char code[LIMIT_SCHEMES][12];
  struct pack_scheme all[LIMIT_SCHEMES];
  struct schemes held;
  for (int i = 0; i < LIMIT_SCHEMES; i++) {
    snprintf(code[i], sizeof code[i], "card-%d", i);
    all[i] = card(code[i], "9{5}", "");
  }
  ok(take_schemes(f, all, LIMIT_SCHEMES));
  put_card(f, "card-0", "12345");
  all[0].code = "more"; /* everyone's number of card-0 would be read no longer */
  refused("", take_schemes(f, all, LIMIT_SCHEMES));
  ok(schemes_read(f->store, f->arena, &held, &err));
  assert_non_null(schemes_find(&held, span_of("card-0")));
  assert_null(schemes_find(&held, span_of("more")));
  ok(take_schemes(f, all, LIMIT_SCHEMES - 1)); /* card-15, which nobody has, makes room */
  ok(schemes_read(f->store, f->arena, &held, &err));
  assert_int_equal(held.count, LIMIT_SCHEMES);
  assert_non_null(schemes_find(&held, span_of("card-0")));
  assert_non_null(schemes_find(&held, span_of("more")));
  assert_null(schemes_find(&held, span_of("card-15")));
}

static void a_row_of_nobody_is_a_finding(void **state) {
  struct fixture *f = *state;
  put_clash(f);
  assert_int_equal(find_clashes(f), 1);
  ok(store_begin(f->store, STORE_WRITE, &err));
  ok(store_run(f->store,
               "insert into identifier (value, scheme, party) values ('AB123456C', 'nino', 999), "
               "('AB111111C', 'nino', 999), ('12345', 'card', 999), ('P9', 'id', 999), "
               "('9434765919', 'nhs', (select id from party where code = 'H1')), "
               "('H9', 'household', (select id from party where code = 'P1'))",
               &err));
  ok(store_commit(f->store, &err));
  assert_int_equal(find_clashes(f), 7);
  assert_non_null(strstr(findings, "P1 (AB123456A) and P2 (AB123456B)"));
}

/* ---- merges ---- */

static int64_t id_of(struct fixture *f, const char *code) {
  int64_t id;
  ok(register_find_person(f->store, code, &id, &err));
  return id;
}

static void mergers_chain_and_can_be_undone(void **state) {
  struct fixture *f = *state;
  write_begin(f);
  for (char code[] = "P1"; code[1] <= '4'; code[1]++)
    ok(put_person(f, person(code, "Somebody", "H1", NULL, DAY_NONE)));
  write_end(f);
  int64_t p1 = id_of(f, "P1"), p2 = id_of(f, "P2"), p3 = id_of(f, "P3"), p4 = id_of(f, "P4");
  ok(register_merge(f->store, p2, p3, "the same nino on paper", &err));
  ok(register_merge(f->store, p1, p2, "twice registered", &err));
  refused("", register_merge(f->store, p1, p1, "itself", &err));
  refused("", register_merge(f->store, p3, p1, "a ring", &err));
  refused("", register_merge(f->store, p4, p2, "gone already", &err));
  refused("", register_merge(f->store, p4, 999, "nobody", &err));
  refused("", register_merge(f->store, p4, 1, "a household", &err));
  struct person p;
  ok(register_person(f->store, f->arena, p1, &p, &err));
  assert_int_equal(p.merged_count, 2);
  assert_int_equal(p.merged[0], p2);
  assert_int_equal(p.merged[1], p3);
  assert_int_equal(p.survivor, 0);
  struct people *people;
  ok(register_people(f->store, f->arena, &people, &err));
  assert_int_equal(find(people, "P3")->survivor, p1);
  assert_int_equal(find(people, "P1")->merged_count, 2);
  assert_int_equal(find(people, "P4")->survivor, 0);
  refused("", register_unmerge(f->store, p1, p3, &err));
  ok(register_unmerge(f->store, p1, p2, &err));
  ok(register_person(f->store, f->arena, p1, &p, &err));
  assert_int_equal(p.merged_count, 0);
  ok(register_person(f->store, f->arena, p3, &p, &err));
  assert_int_equal(p.survivor, p2);
}

static void accesses_are_noted(void **state) {
  struct fixture *f = *state;
  ok(access_log_add(f->store, &(struct access_reader){.who = "clerk"}, 0, "closing",
                    "the year's run", &err));
  int64_t count;
  ok(store_int(f->store, "select count(*) from access where party = 0 and who = 'clerk'", 0, &count,
               &err));
  assert_int_equal(count, 1);
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void) {
  const struct CMUnitTest tests[] = {
      CASE(places_are_a_tree),
      CASE(places_refuse_rings_and_unknown_parents),
      CASE(places_are_not_too_deep),
      CASE(bodies_are_found_by_code_and_id),
      CASE(a_first_residence_is_valid_from_birth),
      CASE(a_later_from_is_a_move_and_no_from_a_correction),
      CASE(a_household_moves_with_its_people),
      CASE(bad_rows_are_refused_by_column),
      CASE(a_number_can_be_given_to_another_once_removed),
      CASE(a_death_is_kept_until_it_is_corrected),
      CASE(everyone_comes_in_order_of_code),
      CASE(the_directory_knows_every_scheme),
      CASE(one_number_of_two_people_needs_its_letter_and_is_a_finding),
      CASE(a_writer_keeps_the_numbers_of_both_holders),
      CASE(a_form_that_numbers_do_not_fit_is_refused),
      CASE(a_book_has_at_most_as_many_schemes_as_are_read),
      CASE(a_row_of_nobody_is_a_finding),
      CASE(a_merger_or_a_correction_leaves_one_holder),
      CASE(mergers_chain_and_can_be_undone),
      CASE(accesses_are_noted)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
