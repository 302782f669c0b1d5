/* The second person of an action (action/second.h): asked, approved, refused, run out, two at once,
 * and what was kept: on the engine that WEAL_TEST_STORE names (fresh.h). */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <pthread.h>
#include <unistd.h>

#include <cmocka.h>

#include "action/second.h"
#include "case_town.h"

#include "action/action.h"
#include "action/desk.h"

static void run_sql(struct town *t, const char *sql) {
  ok(store_begin(t->uk.store, STORE_WRITE, &err));
  ok(store_run(t->uk.store, sql, &err));
  ok(store_commit(t->uk.store, &err));
}

static int town_of_actions(void **state) {
  int failed = new_town(state);
  struct town *t = *state;
  static const struct reference_data none;
  static struct desk_terms terms;
  terms = (struct desk_terms){.record.pack = t->uk.pack, .reference_data = &none};
  t->desk.handlers = case_handlers;
  t->desk.terms = &terms;
  run_sql(t, "insert into identifier (scheme, value, party) select 'id', code, id from party where "
             "kind = 'person'");
  return failed;
}

/* ---- asking ---- */

/* Somebody makes the person of the reference an administrator. *id: of the case; 0: it was done. */
static enum status grant(struct town *t, int64_t asker, const char *reference, const char *role,
                         int64_t *id) {
  const struct reference_data none = {0};
  struct action_call call = {.store = t->uk.store,
                             .arena = t->uk.arena,
                             .pack = t->uk.pack,
                             .reference_data = &none,
                             .today = t->desk.today,
                             .actor.person = asker};
  struct sent sent[] = {{.name = span_of("person"), .value = span_of(reference)},
                        {.name = span_of("role"), .value = span_of(role)}};
  call.actor.by = (struct access_reader){
      .who = arena_printf(t->uk.arena, "id:P%lld", (long long)asker), .person = asker};
  ok(roles_granted_of(t->uk.store, t->uk.arena, asker, t->desk.today, &call.actor.roles, &err));
  ok(store_begin(t->uk.store, STORE_WRITE, &err));
  enum status status =
      end_transaction(t, action_run_sent(action_find(span_of("role-grant")), &call, sent, 2, &err));
  const char *number = action_answer_of(&call, "case");
  *id = status == DONE && number ? strtoll(number, NULL, 10) : 0;
  if (*id) assert_string_equal(action_answer_of(&call, "waits-for"), "administrator");
  return status;
}

static int64_t ask(struct town *t, int64_t asker, const char *reference) {
  int64_t id = 0;
  ok(grant(t, asker, reference, "administrator", &id));
  assert_true(id > 0);
  return id;
}

static bool is_administrator(struct town *t, int64_t person) {
  struct granted_roles roles;
  ok(roles_granted_of(t->uk.store, t->uk.arena, person, t->desk.today, &roles, &err));
  return permission_in(MAY_GRANT_ROLES, roles.gives);
}

static void end_role(struct town *t, int64_t person) {
  ok(store_begin(t->uk.store, STORE_WRITE, &err));
  ok(role_grant_end(t->uk.store, person, role_find(span_of("administrator")), 0, t->desk.today,
                    &err));
  ok(store_commit(t->uk.store, &err));
}

/* ---- the rows of the table ---- */

/* The texts of its fields are all that is kept of a call. */
static void an_action_with_a_second_needs_its_fields_only(void **state) {
  const struct action *action;
  int count = 0;
  (void)state;
  for (int i = 0; (action = action_at(i)); i++) {
    if (!action->second) continue;
    bool cases = false, waits_for = false;
    assert_true(action->about != ABOUT_ONESELF);
    for (const struct field *f = action->fields; f && f->name; f++)
      assert_true(f->is_step || (f->kind != FIELD_FILE && f->kind != FIELD_CHOICES));
    for (const char *const *name = action->answers; name && *name; name++) {
      cases |= strcmp(*name, "case") == 0;
      waits_for |= strcmp(*name, "waits-for") == 0;
    }
    assert_true(cases && waits_for && *action->second->when && action->second->needed &&
                *action->second->kind && *action->second->asks);
    count++;
  }
  assert_true(count > 0);
}

/* ---- one after the other ---- */

static void what_is_asked_is_done_when_another_approves(void **state) {
  struct town *t = *state;
  const char *words;
  int64_t id = ask(t, EVE, "P2");
  assert_false(is_administrator(t, BEN));
  struct case_file file = look(t, id);
  assert_string_equal(case_fact(&file, "person"), "P2");
  assert_string_equal(case_fact(&file, "role"), "administrator");
  assert_null(case_fact(&file, "body"));
  assert_int_equal(file.party, BEN);
  assert_int_equal(file.due, day_make(2026, 3, 9)); /* seven days */
  ok(second_words(t->uk.store, t->uk.arena, ENGLISH, &file, &words, &err));
  assert_string_equal(words, "Eve asks to give Ben a role");
  refused("", move_by(t, EVE, id, "approve", ""));
  refused("", move_by(t, BEN, id, "approve", ""));
  refused("", move_by(t, CAT, id, "approve", ""));
  ok(move_by(t, FAY, id, "approve", ""));
  assert_true(is_administrator(t, BEN));
  assert_int_equal(number_of(t->uk.store, "select count(*) from access where party = 2 and what = "
                                          "'office administrator granted' and ((who = 'id:P5' and "
                                          "why = 'to act in it') or (who = 'id:P8' and why = 'to "
                                          "approve it'))"),
                   2);
  assert_int_equal(number_of(t->uk.store, "select count(*) from office where person = 2 and who = "
                                          "'id:P5'"),
                   1);
  refused("", move_by(t, FAY, id, "approve", ""));
}

static void what_is_refused_or_taken_back_is_not_done(void **state) {
  struct town *t = *state;
  int64_t id = ask(t, EVE, "P2"), again;
  refused("", grant(t, FAY, "P2", "administrator", &again)); /* it waits already */
  refused("words", move_by(t, FAY, id, "refuse", ""));
  ok(move_by(t, FAY, id, "refuse", "there are enough"));
  id = ask(t, EVE, "P2");
  refused("", move_by(t, FAY, id, "withdraw", ""));
  ok(move_by(t, EVE, id, "withdraw", ""));
  refused("", move_by(t, FAY, id, "approve", ""));
  assert_false(is_administrator(t, BEN));
}

static void what_would_be_refused_is_not_asked(void **state) {
  struct town *t = *state;
  int64_t id;
  refused("person", grant(t, EVE, "P8", "administrator", &id));
  refused("person", grant(t, EVE, "P5", "administrator", &id));
  refused("person", grant(t, EVE, "P99", "administrator", &id));
  refused("role", grant(t, EVE, "P2", "", &id));
  refused("", grant(t, CAT, "P2", "administrator", &id));
  assert_int_equal(number_of(t->uk.store, "select count(*) from case_file"), 0);
}

static void nobody_acts_because_they_are_alone(void **state) {
  struct town *t = *state;
  int64_t id;
  run_sql(t, "update party set died = 20000 where id = 8"); /* Fay is no help any more */
  refuses(grant(t, EVE, "P2", "administrator", &id), "", "nobody else");
  refuses(grant(t, EVE, "P2", "auditor", &id), "", "nobody else");
  assert_false(is_administrator(t, BEN));
  assert_int_equal(number_of(t->uk.store, "select count(*) from case_file"), 0);
}

static void it_is_not_done_for_whoever_may_no_longer(void **state) {
  struct town *t = *state;
  int64_t id = ask(t, EVE, "P2");
  end_role(t, EVE);
  refuses(move_by(t, FAY, id, "approve", ""), "", "may no longer");
  assert_false(is_administrator(t, BEN));
  assert_true(look(t, id).waits);
  ok(store_begin(t->uk.store, STORE_WRITE, &err));
  ok(role_grant_add(t->uk.store, EVE, role_find(span_of("administrator")), 0, t->desk.today, "test",
                    &err));
  ok(store_commit(t->uk.store, &err));
  end_role(t, FAY);
  refused("", move_by(t, FAY, id, "approve", ""));
  assert_false(is_administrator(t, BEN));
}

/* The two were one person all the time: the register learns it before the approval. */
static void nobody_is_their_own_second_person(void **state) {
  struct town *t = *state;
  int64_t id = ask(t, EVE, "P2");
  run_sql(t, "insert into alias (gone, keep, at, reason) values (8, 5, '2026-03-02T00:00:00Z', "
             "'one person')");
  refused("", move_by(t, FAY, id, "approve", ""));
  refused("", move_by(t, EVE, id, "approve", ""));
  assert_false(is_administrator(t, BEN));
  /* and nobody else is left who could approve another */
  refuses(grant(t, EVE, "P7", "administrator", &id), "", "nobody else");
}

static void what_runs_out_is_not_approved(void **state) {
  struct town *t = *state;
  int64_t id = ask(t, EVE, "P2");
  t->desk.today = day_make(2026, 3, 10);
  refuses(move_by(t, FAY, id, "approve", ""), "", "last day");
  assert_true(look(t, id).waits);
  int64_t again = ask(t, EVE, "P2");
  assert_string_equal(look(t, id).state_word, "expired");
  t->desk.today = look(t, again).due; /* on the last day it is */
  ok(move_by(t, FAY, again, "approve", ""));
  assert_true(is_administrator(t, BEN));
}

static void what_changed_meanwhile_refuses_it(void **state) {
  struct town *t = *state;
  int64_t id = ask(t, EVE, "P2");
  ok(store_begin(t->uk.store, STORE_WRITE, &err));
  ok(role_grant_add(t->uk.store, BEN, role_find(span_of("administrator")), 0, t->desk.today, "test",
                    &err));
  ok(store_commit(t->uk.store, &err));
  refuses(move_by(t, FAY, id, "approve", ""), "", "already");
  assert_true(look(t, id).waits);
  end_role(t, BEN);
  ok(move_by(t, FAY, id, "approve", ""));
  assert_true(is_administrator(t, BEN));
}

static void what_was_kept_is_read_strictly(void **state) {
  struct town *t = *state;
  static const char *const kept[] = {
      "{}",
      "{\"person\":\"P2\"}",
      "{\"person\":\"P2\",\"role\":\"king\"}",
      "{\"person\":\"P2\",\"role\":\"administrator\",\"more\":\"1\"}",
      "{\"person\":\"P2'; --\",\"role\":\"administrator\"}",
      "{\"person\":\"P2\\nP3\",\"role\":\"administrator\"}",
      "{\"person\":[\"P2\"],\"role\":\"administrator\"}",
  };
  int64_t id = ask(t, EVE, "P2");
  for (size_t i = 0; i < sizeof kept / sizeof *kept; i++) {
    ok(store_begin(t->uk.store, STORE_WRITE, &err));
    ok(store_run_with(t->uk.store, "update case_file set facts = ?2 where id = ?1", &err, id,
                      kept[i]));
    ok(store_commit(t->uk.store, &err));
    refuses(move_by(t, FAY, id, "approve", ""), "", "can no longer be read");
  }
  static const char *const subjects[] = {"action:", "action:nothing", "action:merge", "role"};
  for (size_t i = 0; i < sizeof subjects / sizeof *subjects; i++) {
    ok(store_begin(t->uk.store, STORE_WRITE, &err));
    ok(store_run_with(t->uk.store, "update case_file set subject = ?2 where id = ?1", &err, id,
                      subjects[i]));
    ok(store_commit(t->uk.store, &err));
    refuses(move_by(t, FAY, id, "approve", ""), "", "can no longer be read");
  }
  assert_false(is_administrator(t, BEN));
  ok(move_by(t, FAY, id, "refuse", "what is this?"));
}

/* ---- two at once ---- */

struct other {
  struct store *store;
  struct town *town;
  int64_t id;
  enum status status;
};

static void *approve_at_once(void *context) {
  struct other *o = context;
  struct arena *arena = arena_new();
  struct case_actor cat;
  struct case_file file;
  struct error problem = {0};
  const struct case_motion motion = {.id = o->id, .move = "approve"};
  o->status = store_begin(o->store, STORE_WRITE, &problem);
  if (o->status == DONE)
    o->status = register_case_actor(o->store, arena, CAT, o->town->desk.today, "id:P3", &cat,
                                    &problem);
  if (o->status == DONE)
    o->status = case_move(o->store, arena, &o->town->desk, &cat, &motion, &file, &problem);
  if (o->status == DONE) o->status = store_commit(o->store, &problem);
  else store_rollback(o->store);
  arena_free(arena);
  return NULL;
}

static void of_two_approvals_at_once_one_is_made(void **state) {
  for (int fails = 0; fails < 2; fails++) {
    if (fails) close_town(state), town_of_actions(state);
    struct town *t = *state;
    struct other other = {.town = t};
    struct case_file file;
    pthread_t thread;
    ok(store_begin(t->uk.store, STORE_WRITE, &err));
    ok(role_grant_add(t->uk.store, CAT, role_find(span_of("administrator")), 0, t->desk.today,
                      "test", &err));
    ok(store_commit(t->uk.store, &err));
    other.id = ask(t, EVE, "P2");
    struct case_actor fay = actor_of(t, FAY);
    ok(store_again(&other.store, t->uk.store, STORE_WRITE, &err));
    ok(store_begin(t->uk.store, STORE_WRITE, &err));
    ok(case_move(t->uk.store, t->uk.arena, &t->desk, &fay,
                 &(struct case_motion){.id = other.id, .move = "approve"}, &file, &err));
    assert_int_equal(pthread_create(&thread, NULL, approve_at_once, &other), 0);
    usleep(50000); /* it waits by now, or comes later: both must work */
    if (fails) store_rollback(t->uk.store);
    else ok(store_commit(t->uk.store, &err));
    pthread_join(thread, NULL);
    assert_int_equal(other.status, fails ? DONE : REFUSED);
    assert_int_equal(look(t, other.id).decider, fails ? CAT : FAY);
    assert_int_equal(number_of(t->uk.store, "select count(*) from office where person = 2"), 1);
    store_close(other.store);
  }
}

#define IN_A_TOWN(test) cmocka_unit_test_setup_teardown(test, town_of_actions, close_town)

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(an_action_with_a_second_needs_its_fields_only),
      IN_A_TOWN(what_is_asked_is_done_when_another_approves),
      IN_A_TOWN(what_is_refused_or_taken_back_is_not_done),
      IN_A_TOWN(what_would_be_refused_is_not_asked),
      IN_A_TOWN(nobody_acts_because_they_are_alone),
      IN_A_TOWN(it_is_not_done_for_whoever_may_no_longer),
      IN_A_TOWN(nobody_is_their_own_second_person),
      IN_A_TOWN(what_runs_out_is_not_approved),
      IN_A_TOWN(what_changed_meanwhile_refuses_it),
      IN_A_TOWN(what_was_kept_is_read_strictly),
      IN_A_TOWN(of_two_approvals_at_once_one_is_made),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
