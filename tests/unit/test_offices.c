/* Role grants, invitations, delegations, the access log and objections: on the engine that
 * WEAL_TEST_STORE names (fresh.h). */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <time.h>

#include <cmocka.h>

#include "portal_town.h"
#include "privacy/erasure.h"
#include "register/access_log.h"
#include "register/case_actor.h"
#include "register/alerts.h"
#include "register/invites.h"
#include "register/sign_in_tries.h"

/* ---- role grants ---- */

static const struct role *role(const char *word) {
  const struct role *found = role_find(span_of(word));
  assert_non_null(found);
  return found;
}

/* The bodies of which the person is staff. */
static const int64_t *staff_of(struct town *t, const struct granted_roles *o, int *count) {
  return roles_granted_bodies(o, t->arena, MAY_SEE_PEOPLE, count);
}

static struct granted_roles role_grants_now(struct town *t, int64_t person, day_t on) {
  struct granted_roles o;
  ok(roles_granted_of(t->store, t->arena, person, on, &o, &err));
  return o;
}

static void a_role_grant_is_granted_and_ends(void **state) {
  struct town *t = *state;
  day_t d = day("2026-03-01");
  ok(role_grant_add(t->store, t->ann, role("staff"), t->council, d, "root", &err));
  ok(role_grant_add(t->store, t->ann, role("administrator"), 0, d, "root", &err));
  struct granted_roles o = role_grants_now(t, t->ann, d);
  assert_true(permission_in(MAY_IMPORT, o.gives) && !permission_in(MAY_AUDIT, o.gives));
  int bodies = 0;
  assert_int_equal(staff_of(t, &o, &bodies)[0], t->council);
  assert_int_equal(bodies, 1);
  assert_int_equal((roles_granted_bodies(&o, t->arena, MAY_IMPORT, &bodies), bodies), 0);
  assert_false(permission_in(MAY_IMPORT, role_grants_now(t, t->ann, d - 1).gives));
  refused("", role_grant_add(t->store, t->ann, role("staff"), t->council, d + 1, "root", &err));
  /* at once, on the same day */
  ok(role_grant_end(t->store, t->ann, role("staff"), t->council, d, &err));
  o = role_grants_now(t, t->ann, d);
  assert_int_equal((staff_of(t, &o, &bodies), bodies), 0);
  refused("", role_grant_end(t->store, t->ann, role("staff"), t->council, d, &err));
  ok(role_grant_add(t->store, t->ann, role("staff"), t->council, d + 5, "root", &err));
  struct role_grant *all;
  int count;
  ok(role_grants_list(t->store, t->arena, &all, &count, &err));
  assert_int_equal(count, 3);
  assert_string_equal(all[0].code, "P1");
  assert_int_equal(all[0].to, d - 1);
  assert_int_equal(all[2].to, DAY_NONE);
  ok(role_grants_at(t->store, t->arena, t->ann, d, true, &all, &count, &err));
  assert_int_equal(count, 2); /* the grant that ended that day explains an access of that day */
}

/* What the banner of the portal says: until when somebody holds a role that one person gave. */
static void a_role_for_some_hours_is_over_when_it_was_ended(void **state) {
  struct town *t = *state;
  const day_t d = day_today(); /* whether it is held is asked of the clock */
  const int64_t now = (int64_t)time(NULL), next = now + 86400 - 60;
  int64_t until = 0, found = 0;
  ok(role_grant_add_hours(t->store, t->ann, role("administrator"), d, now, "root", &until, &err));
  ok(role_grants_hours(t->store, now + 60, &found, &err));
  assert_int_equal(found, until);
  ok(role_grants_hours(t->store, next, &found, &err));
  assert_int_equal(found, until);
  ok(role_grant_end(t->store, t->ann, role("administrator"), 0, d + 1, &err));
  ok(role_grants_hours(t->store, next, &found, &err));
  assert_int_equal(found, 0);
}

static void a_role_grant_that_cannot_be_is_refused(void **state) {
  struct town *t = *state;
  day_t d = day("2026-03-01");
  refused("body", role_grant_add(t->store, t->ann, role("staff"), 0, d, "root", &err));
  refused("body", role_grant_add(t->store, t->ann, role("staff"), 999, d, "root", &err));
  refused("body", role_grant_add(t->store, t->ann, role("auditor"), t->council, d, "root", &err));
  refused("", role_grant_add(t->store, 999, role("auditor"), 0, d, "root", &err));
  refused("", role_grant_add(t->store, t->dead, role("auditor"), 0, d, "root", &err));
  refused("", role_grant_end(t->store, t->bob, role("auditor"), 0, d, &err));
  const struct role *held = NULL, *other;
  refused("", role_parse(span_of("king"), &held, &err));
  struct text said = {0};
  text_add(&said, "'king' is no role; write ");
  text_add_roles(&said, false);
  assert_string_equal(err.message, said.bytes);
  text_release(&said);
  refused("", role_parse(span_of(""), &held, &err));
  for (int r = 0; (other = role_at(r)); r++) {
    ok(role_parse(span_of(other->word), &held, &err));
    assert_ptr_equal(held, other);
  }
}

static void role_grants_of_a_merged_record_are_the_survivors(void **state) {
  struct town *t = *state;
  day_t d = day("2026-03-01");
  ok(role_grant_add(t->store, t->bob, role("auditor"), 0, d, "root", &err));
  ok(register_merge(t->store, t->ann, t->bob, "same", &err));
  assert_true(permission_in(MAY_AUDIT, role_grants_now(t, t->ann, d).gives));
  assert_true(permission_in(MAY_AUDIT, role_grants_now(t, t->bob, d).gives));
  refused("", role_grant_add(t->store, t->ann, role("auditor"), 0, d, "root", &err));
  ok(role_grant_end(t->store, t->ann, role("auditor"), 0, d, &err));
  /* belongs to the survivor */
  ok(role_grant_add(t->store, t->bob, role("administrator"), 0, d, "root", &err));
  ok(register_unmerge(t->store, t->ann, t->bob, &err));
  assert_true(permission_in(MAY_IMPORT, role_grants_now(t, t->ann, d).gives));
  assert_false(permission_in(MAY_IMPORT, role_grants_now(t, t->bob, d).gives));
}

/* ---- one-time codes and invitations ---- */

static void codes_are_read_as_people_type_them(void **state) {
  (void)state;
  char code[ONE_TIME_CODE_SIZE], other[ONE_TIME_CODE_SIZE];
  struct digest made, read;
  one_time_code_make(other, &made);
  one_time_code_make(code, &made);
  assert_string_not_equal(code, other);
  assert_int_equal(strlen(code), 23);
  assert_int_equal(strspn(code, "ABCDEFGHJKLMNPQRSTUVWXYZ23456789-"), 23);
  struct text typed = {0};
  text_add_char(&typed, ' ');
  for (int i = 0; code[i]; i++)
    if (code[i] != '-') text_add_char(&typed, (char)(code[i] >= 'A' ? code[i] + 32 : code[i]));
  assert_true(one_time_code_read(span_make(typed.bytes, typed.size), &read));
  assert_memory_equal(read.bytes, made.bytes, 32);
  assert_false(one_time_code_read(span_make(typed.bytes, typed.size - 1), &read));
  text_add_char(&typed, 'A');
  assert_false(one_time_code_read(span_make(typed.bytes, typed.size), &read));
  text_release(&typed);
  assert_false(one_time_code_read(span_make("AAAAA\0AAAAAAAAAAAAAAAA", 21), &read));
  assert_false(one_time_code_read(span_of("O0I1O-AAAAA-AAAAA-AAAAA"), &read));
  assert_false(one_time_code_read(span_make(NULL, 0), &read));
}

static int64_t redeem(struct town *t, const char *reference, const char *code, int64_t now) {
  int64_t person = -1;
  ok(register_redeem_invite(t->store, reference, span_of(code), now, &person, &err));
  return person;
}

static void an_invitation_is_used_once(void **state) {
  struct town *t = *state;
  char code[ONE_TIME_CODE_SIZE], second[ONE_TIME_CODE_SIZE];
  day_t last;
  ok(register_invite(t->store, t->ann, NOW, code, &last, &err));
  assert_int_equal(last, NOW / 86400 + 30);
  assert_int_equal(redeem(t, "P2", code, NOW), 0); /* another's */
  assert_int_equal(redeem(t, "nobody", code, NOW), 0);
  int64_t nobody;
  refused("reference",
          register_redeem_invite(t->store, "nino:rubbish", span_of(code), NOW, &nobody, &err));
  refused("reference", register_redeem_invite(t->store, "", span_of(code), NOW, &nobody, &err));
  refused("code", register_redeem_invite(t->store, "P1", span_of("K7QXM"), NOW, &nobody, &err));
  refused("code", register_redeem_invite(t->store, "P9", span_of("K7QXM"), NOW, &nobody, &err));
  assert_int_equal(redeem(t, "nino:QQ123456C", code, NOW), t->ann);
  assert_int_equal(redeem(t, "P1", code, NOW), 0);
  ok(register_invite(t->store, t->ann, NOW, code, &last, &err));
  ok(register_invite(t->store, t->ann, NOW, second, &last, &err));
  assert_int_equal(redeem(t, "P1", code, NOW), 0); /* replaced */
  assert_int_equal(redeem(t, "P1", second, NOW), t->ann);
  refused("", register_invite(t->store, t->dead, NOW, code, &last, &err));
  refused("", register_invite(t->store, 999, NOW, code, &last, &err));
}

static void an_invitation_lasts_thirty_days_and_any_wrong_tries(void **state) {
  struct town *t = *state;
  char code[ONE_TIME_CODE_SIZE];
  day_t last;
  ok(register_invite(t->store, t->ann, NOW, code, &last, &err));
  assert_int_equal(redeem(t, "P1", code, ((int64_t)last + 1) * 86400), 0);
  for (int i = 0; i < 100; i++)
    assert_int_equal(redeem(t, "P1", "AAAAA-AAAAA-AAAAA-AAAAA", NOW), 0);
  assert_int_equal(redeem(t, "P1", code, ((int64_t)last + 1) * 86400 - 1), t->ann);
}

static int64_t wait_at(struct town *t, const char *source, const char *network, int64_t now) {
  int64_t seconds = -1;
  ok(sign_in_wait(t->store, source, network, now, &seconds, &err));
  return seconds;
}

static void wrong_tries_slow_their_source_and_its_network(void **state) {
  struct town *t = *state;
  const char *one = "203.0.113.7", *network = "203.0.113.0/24";
  struct sign_in_tries *all = NULL;
  struct alert *alerts = NULL;
  char other[16];
  int64_t total = 0;
  int count = 0;
  for (int i = 0; i < 9; i++) ok(sign_in_failed(t->store, one, network, NOW, &err));
  assert_int_equal(wait_at(t, one, network, NOW), 0);
  ok(sign_in_failed(t->store, one, network, NOW, &err));
  assert_int_equal(wait_at(t, one, network, NOW), 30);
  assert_int_equal(wait_at(t, one, network, NOW + 29), 1);
  assert_int_equal(wait_at(t, one, network, NOW + 30), 0);
  assert_int_equal(wait_at(t, one, network, NOW - 1000), 30); /* a clock that was set back */
  assert_int_equal(wait_at(t, "203.0.113.8", network, NOW), 0);
  ok(sign_in_failed(t->store, one, network, NOW + 30, &err));
  assert_int_equal(wait_at(t, one, network, NOW + 30), 60);
  for (int i = 0; i < 60; i++) ok(sign_in_failed(t->store, one, network, NOW + 31, &err));
  assert_int_equal(wait_at(t, one, network, NOW + 31), 900);
  assert_int_equal(wait_at(t, "203.0.113.8", network, NOW + 31), 900); /* its neighbours */
  assert_int_equal(wait_at(t, "198.51.100.1", "198.51.100.0/24", NOW + 31), 0);
  ok(alerts_list(t->store, t->arena, &(struct alerts_page){.most = 10}, &alerts, &count, &total,
                 &err));
  assert_int_equal(count, 2); /* once for the address, once for its network */
  assert_string_equal(alerts[0].detail, network);
  assert_string_equal(alerts[1].detail, one);
  for (int i = 0; i < 5; i++) {
    snprintf(other, sizeof other, "192.0.2.%d", i);
    ok(sign_in_failed(t->store, other, "192.0.2.0/24", NOW + 3600, &err));
  }
  ok(sign_in_tries_list(t->store, t->arena, 0, 3, &all, &count, &total, &err));
  assert_int_equal(count, 3);
  assert_int_equal(total, 6);
  ok(sign_in_failed(t->store, other, "192.0.2.0/24", NOW + 31 * 86400LL, &err));
  ok(sign_in_tries_remove_old(t->store, NOW + 31 * 86400LL, &err));
  ok(sign_in_tries_list(t->store, t->arena, 0, 3, &all, &count, &total, &err));
  assert_int_equal(total, 1); /* what is older than 30 days is gone */
}

static void an_invitation_of_a_merged_record_is_the_survivors(void **state) {
  struct town *t = *state;
  char code[ONE_TIME_CODE_SIZE];
  day_t last;
  ok(register_merge(t->store, t->ann, t->bob, "same", &err));
  ok(register_invite(t->store, t->bob, NOW, code, &last, &err));
  assert_int_equal(redeem(t, "P2", code, NOW), t->ann);
}

/* ---- acting for others ---- */

static bool may(struct town *t, int64_t principal, int64_t agent, unsigned scope, day_t on) {
  unsigned has = 0;
  ok(delegation_scope(t->store, principal, agent, on, &has, &err));
  return (has & scope) == scope;
}

static struct delegation_offer offer_of(unsigned scope) {
  return (struct delegation_offer){
      .scope = scope, .what = span_of("my daughter"), .to = DAY_NONE, .now = NOW};
}

/* Somebody who acts on cases on a day. */
struct acting {
  struct case_call call;
  struct case_desk desk;
  struct case_actor actor;
};

static struct case_call *act(struct town *t, struct acting *a, int64_t person, day_t on) {
  static const struct case_handler *const handlers[] = {&help_case_handler, &look_case_handler,
                                                        NULL};
  a->desk = (struct case_desk){.pack = t->pack, .handlers = handlers, .today = on};
  ok(register_case_actor(t->store, t->arena, person, on, "id:P", &a->actor, &err));
  a->call = (struct case_call){t->store, t->arena, &a->desk, &a->actor};
  return &a->call;
}

static enum status offer_as(struct town *t, int64_t person, const struct delegation_offer *offer,
                            char code[ONE_TIME_CODE_SIZE], day_t *last) {
  struct acting a;
  return delegation_offer(act(t, &a, person, TODAY), offer, code, last, &err);
}

/* What is refused is undone, as a caller does. */
static enum status accept_as(struct town *t, int64_t person, const char *code, day_t on,
                             int64_t now, struct delegation *out) {
  struct acting a;
  ok(store_savepoint(t->store, &err));
  enum status status = delegation_accept(act(t, &a, person, on), span_of(code), now, out, &err);
  struct error none = {0};
  assert_int_equal(status == DONE ? store_savepoint_release(t->store, &none)
                                  : store_savepoint_undo(t->store, &none),
                   DONE);
  return status;
}

static struct delegation help(struct town *t, int64_t principal, int64_t agent, unsigned scope,
                              day_t from) {
  char code[ONE_TIME_CODE_SIZE];
  day_t last;
  struct delegation a;
  struct delegation_offer offer = offer_of(scope);
  ok(offer_as(t, principal, &offer, code, &last));
  assert_int_equal(last, TODAY + 14);
  ok(accept_as(t, agent, code, from, NOW, &a));
  return a;
}

static void a_delegation_is_offered_accepted_and_ended(void **state) {
  struct town *t = *state;
  struct delegation a = help(t, t->cai, t->ann, SCOPE_SEE | SCOPE_TIME, TODAY), *list;
  int count;
  assert_int_equal(a.principal, t->cai);
  assert_string_equal(a.code, "P3");
  assert_true(may(t, t->cai, t->ann, SCOPE_SEE, TODAY));
  assert_true(may(t, t->cai, t->ann, SCOPE_SEE | SCOPE_TIME, TODAY + 1000));
  assert_false(may(t, t->cai, t->ann, SCOPE_SEE | SCOPE_NOTIFY, TODAY));
  assert_false(may(t, t->cai, t->ann, SCOPE_SEE, TODAY - 1));
  assert_false(may(t, t->ann, t->cai, SCOPE_SEE, TODAY)); /* one way */
  assert_false(may(t, t->cai, t->bob, SCOPE_SEE, TODAY));
  assert_false(may(t, t->cai, t->cai, SCOPE_SEE, TODAY));
  ok(delegation_of_principal(t->store, t->arena, t->cai, &list, &count, &err));
  assert_int_equal(count, 1);
  assert_string_equal(list[0].name, "Ann Field");
  assert_string_equal(list[0].what, "my daughter");
  ok(delegation_of_agent(t->store, t->arena, t->ann, &list, &count, &err));
  assert_int_equal(count, 1);
  assert_string_equal(list[0].name, "Cai Moor");
  /* somebody else's counts as not there */
  refused("", delegation_end(t->store, t->cai, a.id, t->bob, TODAY, &err));
  refused("", delegation_end(t->store, t->cai, a.id + 1, t->cai, TODAY, &err));
  ok(delegation_end(t->store, t->cai, a.id, t->ann, TODAY, &err));
  assert_false(may(t, t->cai, t->ann, SCOPE_SEE, TODAY));
  refused("", delegation_end(t->store, t->cai, a.id, t->cai, TODAY, &err));
  ok(delegation_of_principal(t->store, t->arena, t->cai, &list, &count, &err));
  assert_int_equal(count, 1);
  assert_int_equal(list[0].to, TODAY - 1);
}

static void a_new_acceptance_replaces_the_old(void **state) {
  struct town *t = *state;
  help(t, t->cai, t->ann, SCOPE_SEE | SCOPE_NOTIFY, TODAY - 10);
  help(t, t->cai, t->ann, SCOPE_TIME, TODAY);
  assert_true(may(t, t->cai, t->ann, SCOPE_NOTIFY, TODAY - 1));
  assert_false(may(t, t->cai, t->ann, SCOPE_SEE, TODAY));
  assert_true(may(t, t->cai, t->ann, SCOPE_TIME, TODAY));
}

static struct case_file case_as(struct town *t, int64_t person, int64_t id) {
  struct acting a;
  struct case_file file = {0};
  act(t, &a, person, TODAY);
  ok(case_one(t->store, t->arena, &a.desk, &a.actor, id, &file, &err));
  return file;
}

static enum status move_as(struct town *t, int64_t person, int64_t id, const char *move,
                           const char *words) {
  struct acting a;
  struct case_file file;
  act(t, &a, person, TODAY);
  return case_move(t->store, t->arena, &a.desk, &a.actor,
                   &(struct case_motion){.id = id, .move = move, .words = span_of(words)}, &file,
                   &err);
}

static void a_delegation_code_is_used_once(void **state) {
  struct town *t = *state;
  char code[ONE_TIME_CODE_SIZE];
  day_t last;
  struct delegation a;
  struct delegation_offer offer = offer_of(SCOPE_SEE);
  ok(offer_as(t, t->cai, &offer, code, &last));
  refused("code", accept_as(t, t->cai, code, TODAY, NOW, &a));
  refused("code", accept_as(t, t->ann, code, TODAY, NOW + 15 * 86400, &a));
  refused("code", accept_as(t, t->ann, "AAAAA-AAAAA-AAAAA-AAAAA", TODAY, NOW, &a));
  refused("code", accept_as(t, t->ann, "'; drop table act_for; --", TODAY, NOW, &a));
  assert_true(case_as(t, t->cai, 1).waits);
  ok(accept_as(t, t->ann, code, TODAY, NOW, &a));
  assert_string_equal(case_as(t, t->cai, 1).state_word, "accepted");
  assert_int_equal(case_as(t, t->cai, 1).decider, t->ann);
  refused("code", accept_as(t, t->bob, code, TODAY, NOW, &a));
  assert_int_equal(number_of(t->store, "select count(*) from help_offer"), 0);
}

/* An offer is a case, but neither made nor accepted without its code. */
static void an_offer_without_its_code_is_refused(void **state) {
  struct town *t = *state;
  char code[ONE_TIME_CODE_SIZE];
  day_t last;
  int64_t id;
  struct acting a;
  struct delegation_offer offer = offer_of(SCOPE_SEE);
  const struct case_fact facts[] = {{"scope", span_of("see")}, {"what", span_of("my friend")}};
  struct case_opening opening = {
      .kind = HELP_OFFER, .party = t->cai, .facts = facts, .fact_count = 2};
  act(t, &a, t->cai, TODAY);
  ok(store_savepoint(t->store, &err));
  refuses(case_open(t->store, t->arena, &a.desk, &a.actor, &opening, &id, &err), "", "code");
  ok(store_savepoint_undo(t->store, &err));
  ok(offer_as(t, t->cai, &offer, code, &last));
  ok(store_savepoint(t->store, &err));
  refused("", move_as(t, t->ann, 1, "accept", ""));
  ok(store_savepoint_undo(t->store, &err));
  assert_true(case_as(t, t->cai, 1).waits);
  /* one may be taken back by itself, and its code is no good then */
  struct delegation taken;
  ok(move_as(t, t->cai, 1, "withdraw", ""));
  refused("code", accept_as(t, t->ann, code, TODAY, NOW, &taken));
}

static void offers_are_bounded_and_can_be_taken_back(void **state) {
  struct town *t = *state;
  char code[ONE_TIME_CODE_SIZE];
  day_t last;
  struct delegation a;
  struct delegation_open_offer *open;
  struct acting acting;
  int count;
  struct delegation_offer offer = offer_of(SCOPE_SEE);
  for (int i = 0; i < DELEGATION_OFFERS_MAX; i++) ok(offer_as(t, t->cai, &offer, code, &last));
  refused("", offer_as(t, t->cai, &offer, code, &last));
  act(t, &acting, t->cai, TODAY);
  ok(delegation_offers_of(&acting.call, NOW, &open, &count, &err));
  assert_int_equal(count, DELEGATION_OFFERS_MAX);
  assert_int_equal(open[0].last, last);
  assert_int_equal(open[0].scope, SCOPE_SEE);
  assert_string_equal(open[0].what, "my daughter");
  ok(delegation_withdraw(&acting.call, &count, &err));
  assert_int_equal(count, DELEGATION_OFFERS_MAX);
  assert_string_equal(case_as(t, t->cai, 1).state_word, "withdrawn");
  refused("code", accept_as(t, t->ann, code, TODAY, NOW, &a));
  for (int i = 0; i < DELEGATION_OFFERS_MAX; i++) ok(offer_as(t, t->cai, &offer, code, &last));
  offer.now += 20 * (int64_t)86400; /* old offers do not count: they have run out */
  ok(offer_as(t, t->cai, &offer, code, &last));
  assert_string_equal(case_as(t, t->cai, DELEGATION_OFFERS_MAX + 1).state_word, "expired");
  assert_int_equal(number_of(t->store, "select count(*) from help_offer"), 1);
  ok(delegation_expire(&acting.call, offer.now + 20 * (int64_t)86400, &err));
  assert_int_equal(number_of(t->store, "select count(*) from help_offer"), 0);
  assert_int_equal(number_of(t->store, "select count(*) from case_file where waits = 1"), 0);
}

static void bad_offers_are_refused(void **state) {
  struct town *t = *state;
  char code[ONE_TIME_CODE_SIZE], much[200];
  day_t last;
  unsigned scope;
  struct delegation_offer offer = offer_of(0);
  refused("scope", offer_as(t, t->cai, &offer, code, &last));
  offer.scope = 64;
  refused("scope", offer_as(t, t->cai, &offer, code, &last));
  offer = offer_of(SCOPE_SEE);
  offer.what = span_of("  ");
  refused("what", offer_as(t, t->cai, &offer, code, &last));
  memset(much, 'a', sizeof much);
  offer.what = span_make(much, sizeof much);
  refused("what", offer_as(t, t->cai, &offer, code, &last));
  offer.what = span_of("\xff\xfe");
  refused("what", offer_as(t, t->cai, &offer, code, &last));
  offer = offer_of(SCOPE_SEE);
  offer.to = TODAY - 1;
  refused("to", offer_as(t, t->cai, &offer, code, &last));
  offer = offer_of(SCOPE_SEE);
  refused("", offer_as(t, t->dead, &offer, code, &last));
  refused("scope", scope_parse(span_of("see fly"), &scope, &err));
  refused("scope", scope_parse(span_of(" "), &scope, &err));
  ok(scope_parse(span_of("time  see"), &scope, &err));
  struct text words = {0};
  text_add_scope(&words, scope);
  assert_string_equal(words.bytes, "see time");
  text_release(&words);
}

static void delegations_of_merged_records_are_the_survivors(void **state) {
  struct town *t = *state;
  help(t, t->cai, t->bob, SCOPE_SEE, TODAY);
  ok(register_merge(t->store, t->ann, t->bob, "same", &err));
  assert_true(may(t, t->cai, t->ann, SCOPE_SEE, TODAY));
  struct delegation *list;
  int count;
  ok(delegation_of_principal(t->store, t->arena, t->cai, &list, &count, &err));
  assert_string_equal(list[0].name, "Ann Field");
  /* principal and helper are now one person, who cannot be their own helper */
  ok(register_merge(t->store, t->ann, t->cai, "same", &err));
  assert_false(may(t, t->cai, t->ann, SCOPE_SEE, TODAY));
}

static void a_delegation_ends_with_a_death(void **state) {
  struct town *t = *state;
  help(t, t->cai, t->ann, SCOPE_SEE, TODAY);
  ok(change_death(t->store, t->arena, t->cai, TODAY, TODAY, &err));
  assert_false(may(t, t->cai, t->ann, SCOPE_SEE, TODAY));
}

/* After any offers, acceptances and ends, on every day each part of a scope is valid exactly when
 * some row says so. */
static void random_delegations_are_valid_exactly_on_their_days(void **state) {
  struct town *t = *state;
  const int64_t people[] = {t->ann, t->bob, t->cai};
  struct {
    int64_t p, a;
    unsigned scope;
    day_t from, to;
  } rows[64];
  int count = 0;
  uint32_t seed = 7;
  for (int step = 0; step < 40; step++) {
    seed = seed * 1664525u + 1013904223u;
    int64_t p = people[seed >> 8 & 1], a = people[2 - (seed >> 12 & 1)];
    day_t on = TODAY + step;
    if (p == a) continue;
    bool running = false;
    for (int i = 0; i < count; i++) running |= rows[i].p == p && rows[i].a == a && rows[i].to >= on;
    if (running && (seed >> 16 & 1)) {
      struct delegation *list;
      int n;
      ok(delegation_of_principal(t->store, t->arena, p, &list, &n, &err));
      for (int i = 0; i < n; i++)
        if (list[i].agent == a && delegation_runs(&list[i], on))
          ok(delegation_end(t->store, p, list[i].id, a, on, &err));
      for (int i = 0; i < count; i++)
        if (rows[i].p == p && rows[i].a == a && rows[i].to >= on) rows[i].to = on - 1;
    } else {
      unsigned scope = (seed >> 20) % 7 + 1;
      help(t, p, a, scope, on);
      for (int i = 0; i < count; i++)
        if (rows[i].p == p && rows[i].a == a && rows[i].to >= on) rows[i].to = on - 1;
      rows[count].p = p, rows[count].a = a, rows[count].scope = scope, rows[count].from = on,
      rows[count++].to = INT32_MAX;
    }
    for (int i = 0; i < 3; i++)
      for (int j = 0; j < 3; j++)
        for (unsigned scope = 1; scope <= SCOPE_TIME; scope <<= 1)
          for (day_t d = on; d >= TODAY && d > on - 4; d--) {
            bool want = false;
            for (int r = 0; r < count; r++)
              want |= rows[r].p == people[i] && rows[r].a == people[j] && rows[r].from <= d &&
                      rows[r].to >= d && rows[r].scope & scope;
            assert_int_equal(may(t, people[i], people[j], scope, d), want);
          }
  }
  assert_true(count > 5);
}

/* ---- the access log ---- */

static struct access_notes access_notes(struct town *t, int64_t person, int64_t before, int most) {
  struct access_notes notes;
  const struct access_log_page page = {.before = before, .most = most};
  ok(access_log_of(t->store, t->arena, person, &page, &notes, &err));
  return notes;
}

/* A row as older programs wrote it: without who it was as they were then. */
static void looked(struct town *t, int64_t person, const char *who, const char *what,
                   const char *why) {
  int64_t by = 0;
  struct error none = {0};
  if (strncmp(who, "id:", 3) == 0 && register_find_person(t->store, who, &by, &none) != DONE)
    by = 0;
  ok(access_log_add(t->store, &(struct access_reader){.who = who, .person = by}, person, what, why,
                    &err));
}

static void an_old_access_note_says_who_it_was(void **state) {
  struct town *t = *state;
  day_t now = day_today();
  ok(role_grant_add(t->store, t->bob, role("staff"), t->council, now, "root", &err));
  help(t, t->cai, t->ann, SCOPE_SEE, now);
  looked(t, t->cai, "id:P3", "account", "own");
  looked(t, t->cai, "id:P1", "account", "helping");
  looked(t, t->cai, "id:P2", "account", "a question on the phone");
  looked(t, t->cai, "root", "statement", "command line");
  looked(t, t->cai, "id:gone", "statement", "x");
  looked(t, 0, "root", "closing", "x");
  for (int ended = 0; ended < 2; ended++) {
    const struct access_notes notes = access_notes(t, t->cai, 0, 100);
    assert_int_equal(notes.count, 5);
    assert_int_equal(notes.all[0].viewer.kind, VIEWER_ERASED);
    assert_int_equal(notes.all[1].viewer.kind, VIEWER_OPERATOR);
    assert_int_equal(notes.all[2].viewer.kind, VIEWER_ROLE);
    assert_int_equal(notes.all[2].viewer.body, t->council);
    assert_string_equal(notes.all[2].viewer.name, "Bob Field");
    assert_int_equal(notes.all[3].viewer.kind, VIEWER_HELPER);
    assert_string_equal(notes.all[3].viewer.what, "my daughter");
    assert_int_equal(notes.all[4].viewer.kind, VIEWER_SELF);
    if (!ended) /* they had it at the access */
      ok(role_grant_end(t->store, t->bob, role("staff"), t->council, now, &err));
  }
}

static struct access_reader clerk(const struct town *t) {
  return (struct access_reader){
      .who = "id:P2", .person = t->bob, .name = "Bob Field", .role = "administrator staff:council"};
}

static void rename_person(struct town *t, const char *code, const char *name) {
  struct person_row row = {.code = span_of(code),
                           .name = span_of(name),
                           .born = DAY_NONE,
                           .died = DAY_NONE,
                           .from = DAY_NONE,
                           .keep_died = true};
  struct register_writer *w;
  struct register_counts counts;
  int64_t first, last;
  struct person before;
  ok(register_person(t->store, t->arena, town_find(t, code), &before, &err));
  row.born = before.born;
  ok(register_writer_open(&w, t->store, t->arena, &err));
  ok(register_write_person(w, &row, &err));
  ok(register_writer_end(w, &counts, &first, &last, &err));
  register_writer_free(w);
}

static void an_access_note_keeps_who_it_was(void **state) {
  struct town *t = *state;
  struct access_reader by = clerk(t), self = {.who = "id:P3", .person = t->cai, .name = "Cai"},
                       at_machine = {.who = "id:P1",
                                     .person = t->ann,
                                     .name = "Ann",
                                     .machine = "root"},
                       helper = {.who = "id:P1", .person = t->ann, .name = "Ann", .role = "helper"};
  help(t, t->cai, t->ann, SCOPE_SEE, day_today());
  ok(access_log_add(t->store, &by, t->cai, "account", "a call", &err));
  ok(access_log_add(t->store, &self, t->cai, "account", "own", &err));
  ok(access_log_add(t->store, &at_machine, t->cai, "statement", "", &err));
  ok(access_log_add(t->store, &helper, t->cai, "statement", "", &err));
  rename_person(t, "P2", "Robert Meadow");
  const struct access_notes notes = access_notes(t, t->cai, 0, 100);
  assert_int_equal(notes.count, 4);
  for (int i = 1; i < 4; i++) assert_true(notes.all[i - 1].id > notes.all[i].id);
  assert_int_equal(notes.all[0].viewer.kind, VIEWER_HELPER);
  assert_string_equal(notes.all[0].viewer.what, "my daughter");
  assert_int_equal(notes.all[1].viewer.kind, VIEWER_PERSON);
  assert_string_equal(notes.all[1].viewer.machine, "root");
  assert_int_equal(notes.all[2].viewer.kind, VIEWER_SELF);
  /* never had the role in the register; the row says so */
  assert_int_equal(notes.all[3].viewer.kind, VIEWER_ROLE);
  assert_string_equal(notes.all[3].viewer.name, "Bob Field");
  assert_string_equal(notes.all[3].viewer.role->word, "staff");
  assert_string_equal(notes.all[3].viewer.body_code, "council");
  struct access_note one;
  ok(access_note_by_id(t->store, t->arena, t->cai, notes.all[3].id, &one, &err));
  assert_string_equal(one.viewer.name, "Bob Field");
  refused("", access_note_by_id(t->store, t->arena, t->ann, notes.all[3].id, &one, &err));
  refused("", access_note_by_id(t->store, t->arena, t->cai, notes.all[0].id + 1, &one, &err));
  refused("", access_note_by_id(t->store, t->arena, t->cai, INT64_MAX, &one, &err));
  refused("", access_note_by_id(t->store, t->arena, t->cai, INT64_MIN, &one, &err));
}

static void an_erased_officer_leaves_role_and_body(void **state) {
  struct town *t = *state;
  struct access_reader by = clerk(t);
  day_t now = day_today();
  ok(role_grant_add(t->store, t->bob, role("staff"), t->council, now, "root", &err));
  looked(t, t->cai, "id:P2", "account", "of before the names were kept");
  ok(access_log_add(t->store, &by, t->cai, "account", "a call", &err));
  ok(access_log_add(t->store, &by, t->bob, "account", "own", &err));
  struct erasure_result erased;
  ok(store_commit(t->store, &err));
  ok(erasure_person(t->store, t->bob, "root", "asked for it", &erased, &err));
  erasure_result_free(&erased);
  ok(store_begin(t->store, STORE_WRITE, &err));
  const struct access_notes notes = access_notes(t, t->cai, 0, 100);
  assert_int_equal(notes.count, 2);
  for (int i = 0; i < 2; i++) {
    assert_int_equal(notes.all[i].viewer.kind, VIEWER_ERASED);
    assert_null(notes.all[i].viewer.name);
    assert_string_equal(notes.all[i].who, "");
    assert_string_equal(notes.all[i].viewer.role->word, "staff");
    assert_string_equal(notes.all[i].viewer.body_code, "council");
  }
  int64_t left;
  ok(store_int(t->store, "select count(*) from access where who like '%P2%' or name like '%Field%'",
               0, &left, &err));
  assert_int_equal(left, 0);
  ok(store_int(t->store, "select count(*) from access", 0, &left, &err));
  assert_int_equal(left, 2);
}

static void run_over(struct town *t, const char *what, int64_t place, day_t on) {
  struct access_reader by = clerk(t);
  ok(access_log_add_run(t->store, &by,
                        &(struct access_run){.what = what, .place = place, .day = on}, &err));
}

static void a_run_is_shown_to_whom_it_covered(void **state) {
  struct town *t = *state;
  struct places *places;
  struct access_note one;
  day_t now = day_today();
  ok(register_places(t->store, t->arena, &places, &err));
  int64_t north = places->all[places_by_code(places, span_of("N1"))].id,
          whole = places->all[places_by_code(places, span_of("E07T"))].id;
  struct person ann, cai;
  struct homes *homes;
  ok(register_person(t->store, t->arena, t->ann, &ann, &err));
  ok(register_person(t->store, t->arena, t->cai, &cai, &err));
  ok(register_homes(t->store, t->arena, &ann, &homes, &err));
  assert_int_equal(homes_place(homes, &ann, now), north);
  ok(register_homes(t->store, t->arena, &cai, &homes, &err));
  assert_int_not_equal(homes_place(homes, &cai, now), north);
  run_over(t, "statements 2025-26", 0, DAY_NONE);
  run_over(t, "statements 2025-26", 0, DAY_NONE);
  run_over(t, "statements 2024-25", north, now);
  run_over(t, "export people", whole, now);
  ok(access_log_add(t->store, &(struct access_reader){.who = "root"}, 0, "closing", "", &err));
  const struct access_notes notes = access_notes(t, t->ann, 0, 100);
  assert_int_equal(notes.count, 3);
  assert_string_equal(notes.all[0].what, "export people");
  assert_int_equal(notes.all[1].place, north);
  assert_int_equal(notes.all[2].times, 2);
  assert_int_equal(notes.all[2].viewer.kind, VIEWER_ROLE);
  ok(access_note_by_id(t->store, t->arena, t->ann, notes.all[1].id, &one, &err));
  refused("", access_note_by_id(t->store, t->arena, t->cai, notes.all[1].id, &one, &err));
  assert_int_equal(access_notes(t, t->cai, 0, 100).count, 2);
  /* whoever ran it sees it as their own */
  assert_int_equal(access_notes(t, t->bob, 0, 100).all[0].viewer.kind, VIEWER_SELF);
  /* somebody who came later was not in it */
  ok(store_run(t->store, "update access set reach = 1 where party = 0", &err));
  assert_int_equal(access_notes(t, t->cai, 0, 100).count, t->cai > 1 ? 0 : 2);
}

static void the_access_log_comes_in_pages(void **state) {
  struct town *t = *state;
  for (int i = 0; i < 25; i++) {
    char at[21];
    snprintf(at, sizeof at, "2026-01-%02dT00:00:00Z", i + 1);
    looked(t, i % 2 ? t->ann : t->bob, "root", "account", "");
    ok(store_run_with(t->store, "update access set at = ?1 where id = ?2", &err, at,
                      (int64_t)i + 1));
  }
  ok(register_merge(t->store, t->ann, t->bob, "same", &err));
  int seen = 25;
  int64_t before = 0;
  for (int page = 0; page < 3; page++) {
    const struct access_notes notes = access_notes(t, t->ann, before, 10);
    assert_int_equal(notes.count, page < 2 ? 10 : 5);
    assert_int_equal(notes.more, page < 2);
    for (int i = 0; i < notes.count; i++)
      assert_int_equal(strtol(notes.all[i].at + 8, NULL, 10), seen--);
    before = notes.oldest;
  }
  assert_int_equal(access_notes(t, t->ann, before, 10).count, 0);
}

/* However often somebody looked, and however often everybody was read, a page reads so many rows as
 * it says. */
static void a_page_of_a_long_log_reads_as_many_rows_as_it_shows(void **state) {
  enum { LOOKS = 50000, MOST = 500 };
  struct town *t = *state;
  for (int run = 0; run < 2; run++)
    ok(store_run_with(
        t->store,
        "insert into access (party, id, at, who, person, name, role, machine, what, why, reach, "
        "place) with recursive n (i) as (select 1 union all select i + 1 from n where i < ?1) "
        "select ?2, i + ?3, '2026-01-05T00:00:00Z', 'id:P1', ?4, 'Ann', 'helper', '', 'account', "
        "'helping', ?5, 0 from n",
        &err, (int64_t)LOOKS, run ? 0 : t->cai, (int64_t)run * LOOKS, t->ann,
        run ? INT64_MAX : INT64_C(0)));
  struct access_notes notes = access_notes(t, t->cai, LOOKS + 1, MOST);
  assert_int_equal(notes.count, MOST);
  assert_int_equal(notes.rows, MOST + 1);
  assert_true(notes.more);
  assert_int_equal(notes.oldest, LOOKS - MOST + 1);
  /* the runs of a day are one note, of the rows that were read */
  notes = access_notes(t, t->cai, 0, MOST);
  assert_int_equal(notes.rows, 2 * (MOST + 1));
  assert_int_equal(notes.count, 1);
  assert_int_equal(notes.all[0].times, MOST);
  assert_int_equal(notes.all[0].first_id, notes.oldest);
  notes = access_notes(t, t->cai, MOST, MOST);
  assert_int_equal(notes.count, MOST - 1);
  assert_false(notes.more);
}

static enum status object_as(struct town *t, int64_t person, const char *subject, const char *words,
                             int64_t *id) {
  struct acting a;
  struct case_opening opening = {
      .kind = LOOK_OBJECTION, .party = person, .subject = subject, .reason = span_of(words)};
  act(t, &a, person, TODAY);
  return case_open(t->store, t->arena, &a.desk, &a.actor, &opening, id, &err);
}

static void an_objection_is_made_and_answered(void **state) {
  struct town *t = *state;
  int64_t id, second;
  const struct access_reader root = {.who = "root"},
                             bob = {.who = "id:P2", .person = t->bob, .name = "Bob"};
  ok(access_log_add(t->store, &root, t->cai, "account", "", &err));
  ok(access_log_add(t->store, &bob, t->cai, "statement", "", &err));
  refused("reason", object_as(t, t->cai, "look:1", " ", &id));
  refused("", object_as(t, t->ann, "look:1", "who?", &id)); /* to somebody else's record */
  refused("", object_as(t, t->cai, "look:99", "who?", &id));
  refused("", object_as(t, t->cai, "look:x", "who?", &id));
  refused("", object_as(t, t->cai, "line:1:1", "who?", &id));
  refused("", object_as(t, t->cai, NULL, "who?", &id));
  ok(object_as(t, t->cai, "look:1", "who?", &id));
  refused("", object_as(t, t->cai, "look:1", "again", &second));
  ok(object_as(t, t->cai, "look:2", "and this?", &second));
  assert_true(case_as(t, t->cai, id).due > TODAY + 27); /* one month */
  day_t from = TODAY - 1;
  ok(role_grant_add(t->store, t->ann, role("administrator"), 0, from, "root", &err));
  ok(role_grant_add(t->store, t->bob, role("administrator"), 0, from, "root", &err));
  refused("words", move_as(t, t->ann, id, "answer", ""));
  refused("", move_as(t, t->dead, id, "answer", "why"));
  refuses(move_as(t, t->bob, second, "answer", "it was I"), "words", "look of your own");
}

static void an_objection_is_answered_once(void **state) {
  struct town *t = *state;
  int64_t id;
  const struct access_reader root = {.who = "root"};
  ok(access_log_add(t->store, &root, t->cai, "account", "", &err));
  ok(object_as(t, t->cai, "look:1", "who?", &id));
  ok(role_grant_add(t->store, t->ann, role("administrator"), 0, TODAY - 1, "root", &err));
  ok(role_grant_add(t->store, t->cai, role("administrator"), 0, TODAY - 1, "root", &err));
  refused("", move_as(t, t->cai, id, "answer", "because")); /* their own */
  ok(move_as(t, t->ann, id, "answer", "an audit"));
  assert_string_equal(case_as(t, t->cai, id).answer, "an audit");
  refused("", move_as(t, t->ann, id, "answer", "once more"));
  refused("", object_as(t, t->cai, "look:1", "again", &id));  /* to one look once */
  refused("", object_as(t, t->cai, "look:01", "again", &id)); /* by another spelling neither */
}

int main(void) {
#define each(f) cmocka_unit_test_setup_teardown(f, town_setup, town_teardown)
  const struct CMUnitTest tests[] = {
      each(a_role_grant_is_granted_and_ends),
      each(a_role_for_some_hours_is_over_when_it_was_ended),
      each(a_role_grant_that_cannot_be_is_refused),
      each(role_grants_of_a_merged_record_are_the_survivors),
      cmocka_unit_test(codes_are_read_as_people_type_them),
      each(an_invitation_is_used_once),
      each(an_invitation_lasts_thirty_days_and_any_wrong_tries),
      each(wrong_tries_slow_their_source_and_its_network),
      each(an_invitation_of_a_merged_record_is_the_survivors),
      each(a_delegation_is_offered_accepted_and_ended),
      each(a_new_acceptance_replaces_the_old),
      each(a_delegation_code_is_used_once),
      each(an_offer_without_its_code_is_refused),
      each(offers_are_bounded_and_can_be_taken_back),
      each(bad_offers_are_refused),
      each(delegations_of_merged_records_are_the_survivors),
      each(a_delegation_ends_with_a_death),
      each(random_delegations_are_valid_exactly_on_their_days),
      each(an_old_access_note_says_who_it_was),
      each(an_access_note_keeps_who_it_was),
      each(an_erased_officer_leaves_role_and_body),
      each(a_run_is_shown_to_whom_it_covered),
      each(the_access_log_comes_in_pages),
      each(a_page_of_a_long_log_reads_as_many_rows_as_it_shows),
      each(an_objection_is_made_and_answered),
      each(an_objection_is_answered_once),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
