/* A town for tests of cases: people, two bodies, officers, and the kinds of the policy pack with
 * stand-ins for their handlers. Included after cmocka.h. */
#ifndef WEAL_TESTS_CASE_TOWN_H
#define WEAL_TESTS_CASE_TOWN_H

#include "case/case.h"
#include "register/case_actor.h"
#include "register/role_grants.h"
#include "uk_book.h"

/* Ann asks; Old Ann is an older record of hers, and so is staff of the club under another name. Ben
 * helps Ann and may tell. Cat and Cyd are staff of the club, Dan of the trust; Eve and Fay are
 * administrators. */
enum { ANN = 1, BEN, CAT, DAN, EVE, OLD_ANN, CYD, FAY, CLUB = 1, TRUST = 2 };

struct town {
  struct uk_book uk;
  struct case_desk desk;
  const char *url;
};

static inline enum status nothing(struct case_call *call, struct case_file *file,
                                  const struct pack_case_move *move,
                                  const struct case_motion *motion, struct error *problem) {
  (void)call, (void)move, (void)motion, (void)problem;
  file->result = "made:1";
  return DONE;
}
static const struct case_handler stand_ins[] = {
    {.word = "notice", .move = nothing},        {.word = "time", .move = nothing},
    {.word = "help", .move = nothing},          {.word = "look", .move = nothing},
    {.word = "line", .move = nothing},          {.word = "access", .move = nothing},
    {.word = "erasure", .move = nothing},       {.word = "complaint", .move = nothing},
    {.word = "second-person", .move = nothing},
};
static const struct case_handler *const handlers[] = {&stand_ins[0], &stand_ins[1], &stand_ins[2],
                                                      &stand_ins[3], &stand_ins[4], &stand_ins[5],
                                                      &stand_ins[6], &stand_ins[7], &stand_ins[8],
                                                      NULL};

static inline int new_town(void **state) {
  struct town *t = memory_zeroed(1, sizeof *t);
  day_t today = day_make(2026, 3, 2);
  t->uk.arena = arena_new();
  t->url = fresh_url();
  ok(store_open(&t->uk.store, t->url, STORE_CREATE, &err));
  ok(pack_open(&t->uk.pack, fresh_uk_pack(), &err));
  ok(store_begin(t->uk.store, STORE_WRITE, &err));
  ok(store_run(
      t->uk.store,
      "insert into body (id, code, name, kind) values (1, 'club', 'The Club', 'charity'), "
      "(2, 'trust', 'A Trust', 'provider');"
      "insert into party (id, kind, code, name, born) values (1, 'person', 'P1', 'Ann', 0), "
      "(2, 'person', 'P2', 'Ben', 0), (3, 'person', 'P3', 'Cat', 0), (4, 'person', 'P4', "
      "'Dan', 0), (5, 'person', 'P5', 'Eve', 0), (6, 'person', 'P6', 'Ann', 0), (7, "
      "'person', 'P7', 'Cyd', 0), (8, 'person', 'P8', 'Fay', 0);"
      "insert into alias (gone, keep, at, reason) values (6, 1, '2026-01-01T00:00:00Z', "
      "'one person');"
      "update head set party = 8, body = 2",
      &err));
  static const struct {
    int64_t person;
    const char *role;
    int64_t body;
  } grants[] = {{CAT, "staff", CLUB},      {CYD, "staff", CLUB},      {DAN, "staff", TRUST},
                {EVE, "administrator", 0}, {FAY, "administrator", 0}, {OLD_ANN, "staff", CLUB}};
  for (size_t i = 0; i < sizeof grants / sizeof *grants; i++)
    ok(role_grant_add(t->uk.store, grants[i].person, role_find(span_of(grants[i].role)),
                      grants[i].body, today - 10, "test", &err));
  ok(store_run(t->uk.store,
               "insert into act_for (principal, id, agent, scope, what, from_day, at) values (1, "
               "900, 2, 'tell', 'my friend', 0, '2026-01-01T00:00:00Z')",
               &err));
  ok(store_commit(t->uk.store, &err));
  t->desk = (struct case_desk){.pack = t->uk.pack, .handlers = handlers, .today = today};
  *state = t;
  return 0;
}

static inline int close_town(void **state) {
  struct town *t = *state;
  uk_book_close(&t->uk);
  free(t);
  return 0;
}

static inline struct case_actor actor_of(struct town *t, int64_t person) {
  struct case_actor actor;
  ok(register_case_actor(t->uk.store, t->uk.arena, person, t->desk.today,
                         arena_printf(t->uk.arena, "id:P%lld", (long long)person), &actor, &err));
  return actor;
}

/* In a transaction of its own, which anything but DONE undoes. */
static inline enum status end_transaction(struct town *t, enum status status) {
  if (status == DONE) ok(store_commit(t->uk.store, &err));
  else store_rollback(t->uk.store);
  return status;
}

static inline enum status open_as(struct town *t, const struct case_actor *actor,
                                  struct case_opening opening, int64_t *id) {
  ok(store_begin(t->uk.store, STORE_WRITE, &err));
  return end_transaction(t,
                         case_open(t->uk.store, t->uk.arena, &t->desk, actor, &opening, id, &err));
}

static inline enum status open_by(struct town *t, int64_t person, struct case_opening opening,
                                  int64_t *id) {
  struct case_actor actor = actor_of(t, person);
  return open_as(t, &actor, opening, id);
}

static inline enum status move_as(struct town *t, const struct case_actor *actor, int64_t id,
                                  const char *move, const char *words, struct case_file *file) {
  ok(store_begin(t->uk.store, STORE_WRITE, &err));
  return end_transaction(
      t, case_move(t->uk.store, t->uk.arena, &t->desk, actor,
                   &(struct case_motion){.id = id, .move = move, .words = span_of(words)}, file,
                   &err));
}

static inline enum status move_by(struct town *t, int64_t person, int64_t id, const char *move,
                                  const char *words) {
  struct case_actor actor = actor_of(t, person);
  struct case_file file;
  return move_as(t, &actor, id, move, words, &file);
}

static inline struct case_file look(struct town *t, int64_t id) {
  struct case_actor operator= {.who = "operator"};
  struct case_file file;
  ok(case_one(t->uk.store, t->uk.arena, &t->desk, &operator, id, &file, &err));
  return file;
}

static inline struct case_opening line_wrong(const char *subject) {
  return (struct case_opening){.kind = "line-wrong",
                               .party = ANN,
                               .to_body = CLUB,
                               .subject = subject,
                               .reason = span_of("I was in hospital that day")};
}

static inline int64_t open_line(struct town *t, const char *subject) {
  int64_t id = 0;
  ok(open_by(t, ANN, line_wrong(subject), &id));
  return id;
}

static inline enum status open_birth(struct town *t, const char *name, const char *value) {
  const char *texts[][2] = {{"name", "Meg"}, {"born", "2026-02-28"}, {"sex", "F"}, {NULL, NULL}};
  struct case_fact facts[5];
  int count = 0;
  int64_t id = 0;
  bool known = false;
  for (int i = 0; texts[i][0]; i++) {
    bool this_one = strcmp(texts[i][0], name) == 0;
    known = known || this_one;
    facts[count++] = (struct case_fact){texts[i][0], span_of(this_one ? value : texts[i][1])};
  }
  if (!known) facts[count++] = (struct case_fact){name, span_of(value)};
  return open_by(
      t, ANN,
      (struct case_opening){
          .kind = "told-birth", .party = ANN, .to_body = CLUB, .facts = facts, .fact_count = count},
      &id);
}

#endif
