/* A case is opened by who may, decided once by who may, never by its own people, and its deadline
 * is what a calendar says. The kinds are those of the policy pack; handlers are stand-ins. */
#include "case/case.h"
#include "base/limits.h"
#include "register/case_actor.h"
#include "register/role_grants.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "uk_book.h"

/* Ann asks; Old Ann is an older record of hers, and so is staff of the club under another name. Ben
 * helps Ann and may tell. Cat and Cyd are staff of the club, Dan of the trust; Eve and Fay are
 * administrators. */
enum { ANN = 1, BEN, CAT, DAN, EVE, OLD_ANN, CYD, FAY, CLUB = 1, TRUST = 2 };

struct town {
  struct uk_book uk;
  struct case_desk desk;
};

static enum status nothing(struct case_call *call, struct case_file *file,
                           const struct pack_case_move *move, const struct case_motion *motion,
                           struct error *problem) {
  (void)call, (void)move, (void)motion, (void)problem;
  file->result = "made:1";
  return DONE;
}
static const struct case_handler stand_ins[] = {
    {.word = "notice", .move = nothing},  {.word = "time", .move = nothing},
    {.word = "help", .move = nothing},    {.word = "look", .move = nothing},
    {.word = "line", .move = nothing},    {.word = "access", .move = nothing},
    {.word = "erasure", .move = nothing}, {.word = "complaint", .move = nothing},
};
static const struct case_handler *const handlers[] = {&stand_ins[0], &stand_ins[1], &stand_ins[2],
                                                      &stand_ins[3], &stand_ins[4], &stand_ins[5],
                                                      &stand_ins[6], &stand_ins[7], NULL};

static int new_town(void **state) {
  struct town *t = memory_zeroed(1, sizeof *t);
  day_t today = day_make(2026, 3, 2);
  uk_book_open(&t->uk);
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

static int close_town(void **state) {
  struct town *t = *state;
  uk_book_close(&t->uk);
  free(t);
  return 0;
}

static struct case_actor actor_of(struct town *t, int64_t person) {
  struct case_actor actor;
  ok(register_case_actor(t->uk.store, t->uk.arena, person, t->desk.today,
                         arena_printf(t->uk.arena, "id:P%lld", (long long)person), &actor, &err));
  return actor;
}

/* In a transaction of its own, which anything but DONE undoes. */
static enum status end_transaction(struct town *t, enum status status) {
  if (status == DONE) ok(store_commit(t->uk.store, &err));
  else store_rollback(t->uk.store);
  return status;
}

static enum status open_as(struct town *t, const struct case_actor *actor,
                           struct case_opening opening, int64_t *id) {
  ok(store_begin(t->uk.store, STORE_WRITE, &err));
  return end_transaction(t,
                         case_open(t->uk.store, t->uk.arena, &t->desk, actor, &opening, id, &err));
}

static enum status open_by(struct town *t, int64_t person, struct case_opening opening,
                           int64_t *id) {
  struct case_actor actor = actor_of(t, person);
  return open_as(t, &actor, opening, id);
}

static enum status move_as(struct town *t, const struct case_actor *actor, int64_t id,
                           const char *move, const char *words, struct case_file *file) {
  ok(store_begin(t->uk.store, STORE_WRITE, &err));
  return end_transaction(
      t, case_move(t->uk.store, t->uk.arena, &t->desk, actor,
                   &(struct case_motion){.id = id, .move = move, .words = span_of(words)}, file,
                   &err));
}

static enum status move_by(struct town *t, int64_t person, int64_t id, const char *move,
                           const char *words) {
  struct case_actor actor = actor_of(t, person);
  struct case_file file;
  return move_as(t, &actor, id, move, words, &file);
}

static struct case_file look(struct town *t, int64_t id) {
  struct case_actor operator= {.who = "operator"};
  struct case_file file;
  ok(case_one(t->uk.store, t->uk.arena, &t->desk, &operator, id, &file, &err));
  return file;
}

static struct case_opening line_wrong(const char *subject) {
  return (struct case_opening){.kind = "line-wrong",
                               .party = ANN,
                               .to_body = CLUB,
                               .subject = subject,
                               .reason = span_of("I was in hospital that day")};
}

static int64_t open_line(struct town *t, const char *subject) {
  int64_t id = 0;
  ok(open_by(t, ANN, line_wrong(subject), &id));
  return id;
}

/* ---- opening and deciding ---- */

static void a_case_is_opened_and_decided(void **state) {
  struct town *t = *state;
  int64_t id = open_line(t, "line:12:3");
  struct case_file file = look(t, id);
  assert_string_equal(file.state_word, "waiting");
  assert_true(file.waits && file.kind && !file.decided_at && !file.answer);
  assert_int_equal(file.due, day_make(2026, 4, 2)); /* a Thursday */
  assert_int_equal(file.to_body, CLUB);
  struct case_actor cat = actor_of(t, CAT);
  ok(move_as(t, &cat, id, "uphold", " You are right ", &file));
  assert_string_equal(file.state_word, "done");
  assert_string_equal(file.answer, "You are right");
  assert_string_equal(file.result, "made:1");
  assert_int_equal(file.decider, CAT);
  file = look(t, id);
  assert_int_equal(file.event_count, 2);
  assert_string_equal(file.events[1].what, "uphold");
  assert_string_equal(file.events[1].state, "done");
}

static void nobody_decides_their_own(void **state) {
  struct town *t = *state;
  int64_t id = open_line(t, "line:12:3");
  /* Old Ann, staff of the club, is Ann */
  refuses(move_by(t, OLD_ANN, id, "uphold", "yes"), "", "nobody decides");
  refuses(move_by(t, ANN, id, "uphold", "yes"), "", "nobody decides");
  /* staff of another body, and who has no role, are told nothing */
  refuses(move_by(t, DAN, id, "uphold", "yes"), "", "no such");
  refuses(move_by(t, BEN, id, "uphold", "yes"), "", "no such");
  refuses(move_by(t, CAT, 99, "uphold", "yes"), "", "no such");
  assert_string_equal(look(t, id).state_word, "waiting");
}

/* ---- lists ---- */

static int64_t total_of(struct town *t, const struct case_filter *filter) {
  struct case_file *files = NULL;
  const int64_t ann[] = {ANN, OLD_ANN};
  int count = 0;
  int64_t total = -1;
  ok(cases_of(t->uk.store, t->uk.arena, &t->desk, ann, 2, filter, &files, &count, &total, &err));
  assert_int_equal(count, total);
  return total;
}

static int64_t waiting_for(struct town *t, int64_t person, enum case_which which) {
  struct case_actor actor = actor_of(t, person);
  struct case_file *files = NULL;
  int count = 0;
  int64_t total = -1;
  ok(cases_inbox(t->uk.store, t->uk.arena, &t->desk, &actor,
                 &(struct case_filter){.which = which, .most = 10}, &files, &count, &total, &err));
  assert_int_equal(count, total);
  return total;
}

/* Every list answers on every engine. */
static void lists_hold_what_waits_and_what_was_answered(void **state) {
  struct town *t = *state;
  int64_t id = open_line(t, "line:12:3");
  open_line(t, "line:12:4");
  ok(move_by(t, CAT, id, "uphold", "yes"));
  static const int64_t wanted[] = {[CASES_ALL] = 2,
                                   [CASES_WAITING] = 1,
                                   [CASES_ANSWERED] = 1,
                                   [CASES_LATE] = 0,
                                   [CASES_UNREAD] = 0};
  for (int which = CASES_ALL; which <= CASES_UNREAD; which++) {
    assert_int_equal(waiting_for(t, CAT, (enum case_which)which), wanted[which]);
    assert_int_equal(waiting_for(t, BEN, (enum case_which)which), 0);
    if (which == CASES_UNREAD) continue;
    for (int about = 0; about < 2; about++)
      assert_int_equal(total_of(t, &(struct case_filter){.which = (enum case_which)which,
                                                         .kind = "line-wrong",
                                                         .about = about,
                                                         .most = 10}),
                       wanted[which]);
  }
  assert_int_equal(total_of(t, &(struct case_filter){.subject = "line:12:4", .most = 10}), 1);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test_setup_teardown(a_case_is_opened_and_decided, new_town, close_town),
      cmocka_unit_test_setup_teardown(nobody_decides_their_own, new_town, close_town),
      cmocka_unit_test_setup_teardown(lists_hold_what_waits_and_what_was_answered, new_town,
                                      close_town),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
