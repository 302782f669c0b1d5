/* A case is opened by who may, decided once by who may, and never by its own people. The kinds are
 * those of the policy pack; handlers are stand-ins. */
#include "register/register.h"
#include "web/escalation.h"

#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "case_town.h"

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

static void a_second_decision_is_refused(void **state) {
  struct town *t = *state;
  int64_t id = open_line(t, "line:12:3");
  ok(move_by(t, CAT, id, "uphold", "yes"));
  refuses(move_by(t, CYD, id, "refuse", "no"), "", "somebody was faster");
  refuses(move_by(t, CAT, id, "uphold", "again"), "", "somebody was faster");
  refuses(move_by(t, ANN, id, "withdraw", ""), "", "somebody was faster");
  struct case_file file = look(t, id);
  assert_string_equal(file.state_word, "done");
  assert_int_equal(file.event_count, 2);
}

static void a_move_asks_for_its_words(void **state) {
  struct town *t = *state;
  struct text far_too_long = {0};
  int64_t id = open_line(t, "line:12:3");
  refuses(move_by(t, CAT, id, "refuse", "  "), "words", "is empty");
  refuses(move_by(t, ANN, id, "withdraw", "because"), "words", "not asked for");
  refuses(move_by(t, CAT, id, "refuse", "\xC3("), "words", "no text");
  for (int i = 0; i <= CASE_WORDS_BYTES_MAX; i++) text_add_char(&far_too_long, 'a');
  refuses(move_by(t, CAT, id, "refuse", far_too_long.bytes), "words", "4000 bytes");
  text_release(&far_too_long);
  refuses(move_by(t, CAT, id, "no-such-move", ""), "", "somebody was faster");
  ok(move_by(t, CAT, id, "refuse", "It stands as it is"));
}

static void a_role_that_ended_decides_nothing(void **state) {
  struct town *t = *state;
  int64_t id = open_line(t, "line:12:3");
  struct case_actor before = actor_of(t, CAT);
  assert_int_equal(before.body_count, 1);
  ok(store_begin(t->uk.store, STORE_WRITE, &err));
  ok(role_grant_end(t->uk.store, CAT, role_find(span_of("staff")), CLUB, t->desk.today, &err));
  ok(store_commit(t->uk.store, &err));
  refuses(move_by(t, CAT, id, "uphold", "yes"), "", "no such");
  ok(move_by(t, CYD, id, "uphold", "yes"));
}

/* Dan and Cyd turn out to be one person after Dan's case was opened. */
static void a_record_merged_since_is_their_own(void **state) {
  struct town *t = *state;
  int64_t id = 0;
  const struct pack_case_move *moves[8];
  struct case_opening opening = line_wrong("line:7:1");
  opening.party = DAN;
  ok(open_by(t, DAN, opening, &id));
  struct case_actor cyd = actor_of(t, CYD);
  struct case_file file = look(t, id);
  assert_int_equal(case_moves_of(&cyd, &file, moves, 8), 2);
  ok(store_begin(t->uk.store, STORE_WRITE, &err));
  ok(register_merge(t->uk.store, CYD, DAN, "one person", &err));
  ok(store_commit(t->uk.store, &err));
  cyd = actor_of(t, CYD);
  assert_int_equal(case_moves_of(&cyd, &file, moves, 8), 1); /* may take it back */
  assert_string_equal(moves[0]->word, "withdraw");
  refuses(move_by(t, CYD, id, "uphold", "yes"), "", "nobody decides");
  refuses(move_by(t, DAN, id, "uphold", "yes"), "", "nobody decides");
  ok(move_by(t, CAT, id, "uphold", "yes"));
}

static void what_is_opened_twice(void **state) {
  struct town *t = *state;
  int64_t id = open_line(t, "line:12:3"), other = 0;
  refuses(open_by(t, ANN, line_wrong("line:12:3"), &other), "", "waits for its answer");
  (void)open_line(t, "line:12:4");
  ok(move_by(t, CAT, id, "refuse", "no"));
  ok(open_by(t, ANN, line_wrong("line:12:3"), &other)); /* answered: again */
  struct case_opening objection = {.kind = "look-objection",
                                   .party = ANN,
                                   .subject = "look:7",
                                   .reason = span_of("I do not know them")};
  ok(open_by(t, ANN, objection, &id));
  refuses(open_by(t, ANN, objection, &other), "", "waits for its answer");
  ok(move_by(t, EVE, id, "answer", "They are your doctor"));
  refuses(open_by(t, ANN, objection, &other), "", "answered already");
  /* of an older record of hers too */
  ok(store_begin(t->uk.store, STORE_WRITE, &err));
  ok(store_run(
      t->uk.store,
      "insert into case_file (party, id, kind, state, waits, opened_at, opener, opened_by, "
      "to_body, subject, facts, reason) values (6, 90, 'line-wrong', 'waiting', 1, "
      "'2026-01-01T00:00:00Z', 6, 'id:P6', 1, 'line:9:9', '{}', 'x')",
      &err));
  ok(store_commit(t->uk.store, &err));
  refuses(open_by(t, ANN, line_wrong("line:9:9"), &other), "", "waits for its answer");
}

static void who_may_open(void **state) {
  struct town *t = *state;
  int64_t id = 0;
  struct case_actor nobody = {.who = "operator"}, ben = actor_of(t, BEN);
  refuses(open_by(t, BEN, line_wrong("line:1:1"), &id), "", "for this person");
  refuses(open_by(t, CAT, line_wrong("line:1:1"), &id), "", "for this person");
  refuses(open_as(t, &nobody, line_wrong("line:1:1"), &id), "", "for this person");
  struct case_opening unknown = {.kind = "no-such-kind", .party = ANN};
  refuses(open_by(t, ANN, unknown, &id), "kind", "no-such-kind");
  /* Ben may tell and not see; only in a call as her helper */
  ok(register_case_helper(t->uk.store, t->uk.arena, &ben, OLD_ANN, t->desk.today, &err));
  assert_int_equal(ben.helped, ANN);
  assert_string_equal(ben.scopes, "tell");
  struct case_opening mend = {.kind = "rectification-request",
                              .party = ANN,
                              .reason = span_of("My name is spelt otherwise")};
  refuses(open_as(t, &ben, line_wrong("line:1:1"), &id), "", "for this person");
  ok(open_as(t, &ben, mend, &id));
  struct case_file file = look(t, id);
  assert_int_equal(file.opener, BEN);
  assert_string_equal(file.to_role, "administrator");
  ok(case_one(t->uk.store, t->uk.arena, &t->desk, &ben, id, &file, &err));
  /* whom it is about may take it back; a helper decides nothing */
  refuses(move_as(t, &ben, id, "uphold", "yes", &file), "", "nobody decides");
  ok(move_by(t, ANN, id, "withdraw", ""));
  /* after the help has ended Ben takes nothing back */
  ok(open_as(t, &ben, mend, &id));
  ok(store_run(t->uk.store, "update act_for set to_day = 1", &err));
  ben = actor_of(t, BEN);
  ok(register_case_helper(t->uk.store, t->uk.arena, &ben, ANN, t->desk.today, &err));
  assert_string_equal(ben.scopes, "");
  is(REFUSED, move_as(t, &ben, id, "withdraw", "", &file));
  ok(move_by(t, EVE, id, "refuse", "it is right"));
}

static enum status read_as(struct town *t, const struct case_actor *actor, int64_t id) {
  struct case_file file;
  return case_one(t->uk.store, t->uk.arena, &t->desk, actor, id, &file, &err);
}

static enum status attach_as(struct town *t, const struct case_actor *actor, int64_t id) {
  struct case_file file = look(t, id);
  ok(store_begin(t->uk.store, STORE_WRITE, &err));
  return end_transaction(t, case_attach(t->uk.store, actor, &file, span_of("a.txt"),
                                        span_of("words"), &err));
}

/* What a helper opened is the person's: in calls of their own it is nothing of theirs, during the
 * help nor after it. */
static void a_helper_sees_it_only_while_helping(void **state) {
  struct town *t = *state;
  int64_t id = 0, total = 0;
  struct case_file *list = NULL, file;
  int count = 0;
  const struct case_filter filter = {.which = CASES_ALL, .most = 10};
  struct case_actor helping = actor_of(t, BEN), ben = actor_of(t, BEN), ann = actor_of(t, ANN);
  ok(register_case_helper(t->uk.store, t->uk.arena, &helping, ANN, t->desk.today, &err));
  ok(open_as(t, &helping,
             (struct case_opening){.kind = "rectification-request",
                                   .party = ANN,
                                   .reason = span_of("My name is spelt otherwise")},
             &id));
  ok(read_as(t, &helping, id));
  ok(attach_as(t, &helping, id));
  int64_t own = 0;
  ok(open_by(t, ANN,
             (struct case_opening){.kind = "rectification-request",
                                   .party = ANN,
                                   .reason = span_of("Ben wrote it down wrongly")},
             &own));
  assert_int_not_equal(move_as(t, &helping, own, "withdraw", "", &file), DONE);
  assert_true(look(t, own).waits);
  ok(move_by(t, ANN, own, "withdraw", ""));
  ok(store_begin(t->uk.store, STORE_WRITE, &err));
  ok(case_erase(t->uk.store, ANN, own, &err));
  ok(store_commit(t->uk.store, &err));
  refuses(read_as(t, &ben, id), "", "no such");
  refuses(attach_as(t, &ben, id), "", "no such");
  refuses(move_as(t, &ben, id, "withdraw", "", &file), "", "no such");
  ok(cases_of(t->uk.store, t->uk.arena, &t->desk, ben.records, ben.record_count, &filter, &list,
              &count, &total, &err));
  assert_int_equal(count + total, 0);
  ok(cases_of(t->uk.store, t->uk.arena, &t->desk, ann.records, ann.record_count, &filter, &list,
              &count, &total, &err));
  assert_int_equal(count, 1);
  assert_int_equal(total, 1);
  /* the helper's own cases are none of those in a call as a helper */
  ok(open_by(t, BEN, (struct case_opening){.kind = "access-request", .party = BEN}, &total));
  refuses(read_as(t, &helping, total), "", "no such");
  refuses(move_as(t, &helping, total, "withdraw", "", &file), "", "no such");
  ok(store_run(t->uk.store, "update act_for set to_day = 1", &err));
  helping = ben;
  ok(register_case_helper(t->uk.store, t->uk.arena, &helping, ANN, t->desk.today, &err));
  ok(move_by(t, EVE, id, "refuse", "it is right"));
  refuses(read_as(t, &helping, id), "", "no such");
  refuses(read_as(t, &ben, id), "", "no such");
  refuses(attach_as(t, &helping, id), "", "no such");
  ok(read_as(t, &ann, id));
}

/* The file was read while the case waited, and written after its decision. */
static void a_decided_case_takes_no_file(void **state) {
  struct town *t = *state;
  int64_t id = open_line(t, "line:12:3");
  struct case_actor ann = actor_of(t, ANN), cat = actor_of(t, CAT);
  struct case_file before = look(t, id);
  ok(move_by(t, CAT, id, "refuse", "It is right"));
  ok(store_begin(t->uk.store, STORE_WRITE, &err));
  refuses(end_transaction(t, case_attach(t->uk.store, &ann, &before, span_of("a.txt"),
                                         span_of("words"), &err)),
          "", "faster");
  ok(store_begin(t->uk.store, STORE_WRITE, &err));
  is(REFUSED,
     end_transaction(t, case_assign(t->uk.store, t->uk.arena, &t->desk, &cat, id, &cat, &err)));
}

/* Whoever may answer a complaint reads what it is about while it waits, and does nothing to it. */
static void a_complaint_opens_what_it_is_about(void **state) {
  struct town *t = *state;
  int64_t id = open_line(t, "line:12:3"), complaint = 0, second = 0;
  struct case_actor eve = actor_of(t, EVE), dan = actor_of(t, DAN);
  struct case_file file;
  struct case_opening about = {.kind = "complaint", .party = ANN, .reason = span_of("Not so")};
  ok(move_by(t, CAT, id, "refuse", "It is right"));
  refuses(read_as(t, &eve, id), "", "no such");
  about.subject = arena_printf(t->uk.arena, "case:%lld", (long long)id);
  ok(open_by(t, ANN, about, &complaint));
  ok(read_as(t, &eve, id));
  refuses(read_as(t, &dan, id), "", "no such");
  refuses(move_as(t, &eve, id, "uphold", "", &file), "", "no such");
  refuses(attach_as(t, &eve, id), "", "no such");
  ok(move_by(t, EVE, complaint, "refuse", "It is right"));
  refuses(read_as(t, &eve, id), "", "no such");
  /* a complaint about that complaint is for Fay, who reads both */
  about.subject = arena_printf(t->uk.arena, "case:%lld", (long long)complaint);
  ok(open_by(t, ANN, about, &second));
  struct case_actor fay = actor_of(t, FAY);
  ok(read_as(t, &fay, id));
  refuses(read_as(t, &eve, id), "", "no such"); /* who decided the first may not decide this one */
}

/* ---- facts ---- */

static enum status open_time(struct town *t, const char *name, const char *value) {
  const char *texts[][2] = {{"category", "volunteering"},
                            {"date", "2026-02-28"},
                            {"minutes", "90"},
                            {"note", "Washed up"}};
  struct case_fact facts[4];
  int64_t id = 0;
  for (int i = 0; i < 4; i++)
    facts[i] = (struct case_fact){texts[i][0],
                                  span_of(strcmp(texts[i][0], name) == 0 ? value : texts[i][1])};
  return open_by(
      t, ANN,
      (struct case_opening){
          .kind = "time-given", .party = ANN, .to_person = DAN, .facts = facts, .fact_count = 4},
      &id);
}

static void facts_are_checked_by_their_type(void **state) {
  struct town *t = *state;
  refuses(open_birth(t, "name", " "), "name", "not answered");
  refuses(open_birth(t, "born", "2026-02-30"), "born", "2026-02-30");
  refuses(open_birth(t, "sex", "W"), "sex", "F, M or X");
  refuses(open_birth(t, "colour", "red"), "colour", "not asked for");
  refuses(open_birth(t, "name", "\xFF"), "name", "no text");
  struct text long_name = {0};
  for (int i = 0; i < 201; i++) text_add_char(&long_name, 'a');
  refuses(open_birth(t, "name", long_name.bytes), "name", "200 bytes");
  text_release(&long_name);
  ok(open_birth(t, "sex", ""));
  refuses(open_time(t, "category", "no-such"), "category", "no-such");
  refuses(open_time(t, "minutes", "-5"), "minutes", "-5");
  refuses(open_time(t, "minutes", "an hour"), "minutes", "an hour");
  ok(open_time(t, "note", " Mended \"chairs\" "));
  struct case_file file = look(t, 2);
  assert_string_equal(case_fact(&file, "note"), "Mended \"chairs\"");
  assert_string_equal(case_fact(&file, "minutes"), "90");
  assert_null(case_fact(&file, "sex"));
}

static void whoever_answers_is_somebody_else(void **state) {
  struct town *t = *state;
  int64_t id = 0;
  const struct case_fact facts[] = {{"category", span_of("volunteering")},
                                    {"date", span_of("2026-02-28")},
                                    {"minutes", span_of("90")}};
  struct case_opening time = {.kind = "time-given", .party = ANN, .facts = facts, .fact_count = 3};
  refuses(open_by(t, ANN, time, &id), "to", "who is to answer");
  time.to_person = ANN;
  refuses(open_by(t, ANN, time, &id), "to", "of their own");
  time.to_person = OLD_ANN;
  refuses(open_by(t, ANN, time, &id), "to", "of their own");
  time.to_person = DAN;
  time.to_body = TRUST;
  refuses(open_by(t, ANN, time, &id), "to", "one organisation or person");
  time.to_body = 0;
  time.to_role = "administrator";
  refuses(open_by(t, ANN, time, &id), "to", "not for them");
  time.to_role = NULL;
  ok(open_by(t, ANN, time, &id));
  refuses(move_by(t, CAT, id, "confirm", ""), "", "no such");
  ok(move_by(t, DAN, id, "confirm", ""));
  struct case_opening asked = {.kind = "access-request", .party = ANN, .to_body = CLUB};
  refuses(open_by(t, ANN, asked, &id), "to", "not for them");
}

/* What a move asks for is kept beside what was told. */
static void a_move_has_facts_too(void **state) {
  struct town *t = *state;
  int64_t id = 0;
  struct case_file file;
  struct case_actor eve = actor_of(t, EVE);
  ok(open_by(t, ANN,
             (struct case_opening){.kind = "complaint",
                                   .party = ANN,
                                   .subject = "",
                                   .reason = span_of("Nobody answered")},
             &id));
  struct case_fact facts[] = {{"hearing", span_of("2026-03-09")},
                              {"where", span_of("Town hall")},
                              {"panel", span_of("Fay, Cat")}};
  struct case_motion motion = {.id = id, .move = "hear", .facts = facts, .fact_count = 2};
  ok(store_begin(t->uk.store, STORE_WRITE, &err));
  refuses(case_move(t->uk.store, t->uk.arena, &t->desk, &eve, &motion, &file, &err), "panel",
          "not answered");
  motion.fact_count = 3;
  ok(case_move(t->uk.store, t->uk.arena, &t->desk, &eve, &motion, &file, &err));
  ok(store_commit(t->uk.store, &err));
  assert_string_equal(file.state_word, "hearing");
  assert_string_equal(case_fact(&file, "where"), "Town hall");
  assert_true(file.waits && !file.decided_at);
  ok(move_by(t, EVE, id, "uphold", "We are sorry"));
}

/* A complaint about a case is not for who decided that one. */
static void an_independent_kind_is_for_somebody_else(void **state) {
  struct town *t = *state;
  int64_t first = 0, id = 0;
  ok(open_by(t, ANN, (struct case_opening){.kind = "access-request", .party = ANN}, &first));
  ok(move_by(t, EVE, first, "refuse", "no"));
  ok(open_by(t, ANN,
             (struct case_opening){.kind = "complaint",
                                   .party = ANN,
                                   .subject = arena_printf(t->uk.arena, "case:%lld",
                                                           (long long)first),
                                   .reason = span_of("That was wrong")},
             &id));
  refuses(move_by(t, EVE, id, "refuse", "still no"), "", "you decided what");
  ok(move_by(t, FAY, id, "uphold", "It was wrong"));
}

/* ---- assigning, reading, escalating ---- */

static enum status assign(struct town *t, int64_t by, int64_t id, int64_t to) {
  struct case_actor actor = actor_of(t, by), other = actor_of(t, to);
  ok(store_begin(t->uk.store, STORE_WRITE, &err));
  return end_transaction(t, case_assign(t->uk.store, t->uk.arena, &t->desk, &actor, id,
                                        to ? &other : NULL, &err));
}

static void a_case_is_taken_on(void **state) {
  struct town *t = *state;
  int64_t id = open_line(t, "line:12:3");
  ok(assign(t, CAT, id, CAT));
  assert_int_equal(look(t, id).assigned, CAT);
  ok(assign(t, CYD, id, CYD)); /* from a colleague who fell ill */
  refuses(assign(t, CAT, id, DAN), "to", "may not decide");
  refuses(assign(t, CAT, id, OLD_ANN), "to", "may not decide");
  refuses(assign(t, OLD_ANN, id, OLD_ANN), "", "nobody decides");
  refuses(assign(t, DAN, id, DAN), "", "no such");
  ok(assign(t, CAT, id, 0));
  assert_int_equal(look(t, id).assigned, 0);
  ok(move_by(t, CAT, id, "uphold", "yes"));
  refuses(assign(t, CAT, id, CAT), "", "somebody was faster");
  /* whoever it is about reads the words: they have nobody's reference */
  static const int64_t given[] = {CAT, CYD, 0};
  struct case_file file = look(t, id);
  int n = 0;
  for (int i = 0; i < file.event_count; i++) {
    if (strcmp(file.events[i].what, "assigned") != 0) continue;
    assert_string_equal(file.events[i].words, "");
    assert_int_equal(file.events[i].given_to, given[n++]);
  }
  assert_int_equal(n, 3);
}

static void the_first_reading_is_kept(void **state) {
  struct town *t = *state;
  int64_t id = 0;
  const int64_t told[] = {CLUB, TRUST, CLUB};
  const struct case_fact facts[] = {{"name", span_of("Anna")}};
  ok(open_by(t, ANN,
             (struct case_opening){.kind = "told-name",
                                   .party = ANN,
                                   .facts = facts,
                                   .fact_count = 1,
                                   .told = told,
                                   .told_count = 3},
             &id));
  struct case_file file = look(t, id);
  assert_int_equal(file.told_count, 2);
  assert_true(!file.waits && file.decided_at && !file.answer);
  struct case_actor cat = actor_of(t, CAT);
  struct case_filter unread = {.which = CASES_UNREAD, .most = 10};
  struct case_file *list;
  int count;
  int64_t total;
  ok(cases_inbox(t->uk.store, t->uk.arena, &t->desk, &cat, &unread, &list, &count, &total, &err));
  assert_int_equal(total, 1);
  assert_int_equal(list[0].id, id);
  ok(case_one(t->uk.store, t->uk.arena, &t->desk, &cat, id, &file, &err));
  for (int i = 0; i < 2; i++) {
    ok(store_begin(t->uk.store, STORE_WRITE, &err));
    ok(case_read(t->uk.store, &cat, &file, &err));
    ok(store_commit(t->uk.store, &err));
  }
  file = look(t, id);
  assert_true(file.told[0].read_at && !file.told[1].read_at);
  assert_int_equal(file.event_count, 2);
  ok(cases_inbox(t->uk.store, t->uk.arena, &t->desk, &cat, &unread, &list, &count, &total, &err));
  assert_true(!total && !count);
  struct case_actor eve = actor_of(t, EVE);
  refuses(case_one(t->uk.store, t->uk.arena, &t->desk, &eve, id, &file, &err), "", "no such");
}

/* Whoever answers for two of the bodies that were told has one to read. */
static void what_two_bodies_were_told_counts_once(void **state) {
  struct town *t = *state;
  int64_t id = 0, total = 0;
  const int64_t told[] = {CLUB, TRUST};
  const struct case_fact facts[] = {{"name", span_of("Anna")}};
  struct case_opening opening = {.kind = "told-name",
                                 .party = ANN,
                                 .facts = facts,
                                 .fact_count = 1,
                                 .told = told,
                                 .told_count = 2};
  struct case_filter unread = {.which = CASES_UNREAD, .most = 10};
  struct case_file *list;
  int count = 0;
  ok(open_by(t, ANN, opening, &id));
  opening.told_count = 1;
  ok(open_by(t, ANN, opening, &id));
  ok(store_begin(t->uk.store, STORE_WRITE, &err));
  ok(role_grant_add(t->uk.store, CAT, role_find(span_of("staff")), TRUST, t->desk.today, "test",
                    &err));
  ok(store_commit(t->uk.store, &err));
  struct case_actor cat = actor_of(t, CAT);
  assert_int_equal(cat.body_count, 2);
  ok(cases_inbox(t->uk.store, t->uk.arena, &t->desk, &cat, &unread, &list, &count, &total, &err));
  assert_int_equal(count, 2);
  assert_int_equal(total, 2);
  unread.body = TRUST;
  ok(cases_inbox(t->uk.store, t->uk.arena, &t->desk, &cat, &unread, &list, &count, &total, &err));
  assert_int_equal(total, 1);
}

/* Whoever has a code may take what it is for, but not who offered it; only the program lets it run
 * out. */
static void a_code_is_for_whoever_has_it(void **state) {
  struct town *t = *state;
  int64_t id = 0;
  struct case_file file;
  struct case_actor program = {.who = "program"}, operator= program;
  const struct case_fact facts[] = {{"scope", span_of("see tell")}, {"what", span_of("my son")}};
  struct case_opening offer = {.kind = "help-offer", .party = ANN, .facts = facts, .fact_count = 2};
  ok(open_by(t, ANN, offer, &id));
  refuses(move_by(t, OLD_ANN, id, "accept", ""), "", "nobody decides");
  is(REFUSED, move_as(t, &operator, id, "accept", "", &file));
  refuses(move_by(t, BEN, id, "withdraw", ""), "", "no such");
  refuses(move_by(t, BEN, id, "expire", ""), "", "no such");
  ok(move_by(t, BEN, id, "accept", ""));
  ok(open_by(t, ANN, offer, &id));
  ok(move_as(t, &program, id, "expire", "", &file));
  assert_string_equal(file.state_word, "expired");
  assert_int_equal(file.decider, 0);
  refuses(move_by(t, BEN, id, "accept", ""), "", "no such");
}

static int64_t escalate(struct town *t) {
  int64_t count;
  ok(store_begin(t->uk.store, STORE_WRITE, &err));
  ok(cases_escalate(t->uk.store, t->uk.arena, &t->desk, &count, &err));
  ok(store_commit(t->uk.store, &err));
  return count;
}

static void what_is_late_escalates_once(void **state) {
  struct town *t = *state;
  ok(open_birth(t, "name", "Meg")); /* 1: ten working days, then administrators too */
  int64_t id = 1, mend = 0;
  ok(open_by(t, ANN, /* 2: a month; nobody else decides it */
             (struct case_opening){
                 .kind = "rectification-request", .party = ANN, .reason = span_of("wrong")},
             &mend));
  assert_int_equal(escalate(t), 0);
  refuses(move_by(t, EVE, id, "accept", ""), "", "no such");
  t->desk.today = day_make(2026, 3, 16); /* its last day */
  assert_int_equal(look(t, id).due, t->desk.today);
  assert_int_equal(escalate(t), 0);
  t->desk.today = day_make(2026, 5, 1);
  assert_int_equal(escalate(t), 1);
  assert_int_equal(escalate(t), 0);
  assert_null(look(t, mend).escalated);
  struct case_file file = look(t, id);
  assert_int_equal(file.event_count, 2);
  assert_string_equal(file.events[1].words, "administrator");
  assert_true(case_late(&file, t->desk.today));
  refuses(move_by(t, CAT, mend, "uphold", "yes"), "", "no such");
  ok(move_by(t, EVE, id, "accept", ""));
  assert_false(case_late(&(struct case_file){.waits = false, .due = 1}, t->desk.today));
}

/* A server does it by itself when it starts. */
static void a_server_does_what_time_does(void **state) {
  struct town *t = *state;
  struct log *log = NULL;
  struct escalation *e = NULL;
  int64_t second = 0;
  ok(open_birth(t, "name", "Meg"));
  ok(open_by(t, EVE, (struct case_opening){.kind = "second-person"}, &second));
  ok(store_run(t->uk.store, "update case_file set due = 20000", &err));
  ok(log_start(&log, true, &err));
  ok(escalation_start(&e, t->url, t->uk.pack, log, &err));
  for (int i = 0; i < 1000 && !look(t, 1).escalated; i++) usleep(10000);
  escalation_stop(e);
  log_stop(log);
  assert_non_null(look(t, 1).escalated);
  assert_string_equal(look(t, second).state_word, "expired");
  escalation_stop(NULL);
}

/* The case waits again, with a new deadline, for the same body. */
static void what_waits_again_has_a_new_deadline(void **state) {
  struct town *t = *state;
  const struct case_actor program = {.who = "program"};
  struct case_file file;
  int64_t id = open_line(t, "line:12:3");
  ok(move_by(t, CAT, id, "refuse", "no"));
  ok(store_run(t->uk.store, "update case_file set escalated = '2026-03-19T00:00:00Z'", &err));
  t->desk.today = day_make(2026, 3, 20);
  refuses(move_by(t, CAT, id, "reopen", "case:9"), "", "for others");
  refuses(move_by(t, ANN, id, "reopen", "case:9"), "", "for others");
  ok(move_as(t, &program, id, "reopen", "case:9", &file));
  assert_int_equal(file.due, day_make(2026, 4, 20));
  assert_true(file.waits && !file.decided_at && !file.answer && !file.decider && !file.escalated);
  assert_int_equal(file.to_body, CLUB);
  file = look(t, id);
  assert_string_equal(file.events[2].what, "reopen");
  assert_string_equal(file.events[2].words, "case:9");
  refuses(move_as(t, &program, id, "reopen", "case:9", &file), "", "somebody was faster");
  ok(move_by(t, CAT, id, "uphold", "yes after all"));
}

/* ---- two at once ---- */

struct other {
  struct store *store;
  struct town *town;
  enum status status;
  struct error error;
};

static void *decide_at_once(void *context) {
  struct other *o = context;
  struct arena *arena = arena_new();
  struct case_actor cyd;
  struct case_file file;
  const struct case_motion motion = {.id = 1, .move = "refuse", .words = span_of("no")};
  o->status = store_begin(o->store, STORE_WRITE, &o->error);
  if (o->status == DONE)
    o->status = register_case_actor(o->store, arena, CYD, o->town->desk.today, "id:P7", &cyd,
                                    &o->error);
  if (o->status == DONE)
    o->status = case_move(o->store, arena, &o->town->desk, &cyd, &motion, &file, &o->error);
  if (o->status == DONE) o->status = store_commit(o->store, &o->error);
  else store_rollback(o->store);
  arena_free(arena);
  return NULL;
}

static void of_two_who_decide_at_once_one_does(void **state) {
  for (int fails = 0; fails < 2; fails++) {
    if (fails) close_town(state), new_town(state);
    struct town *t = *state;
    struct other other = {.town = t};
    struct case_actor cat;
    struct case_file file;
    pthread_t thread;
    (void)open_line(t, "line:12:3");
    cat = actor_of(t, CAT);
    ok(store_again(&other.store, t->uk.store, STORE_WRITE, &err));
    ok(store_begin(t->uk.store, STORE_WRITE, &err));
    ok(case_move(t->uk.store, t->uk.arena, &t->desk, &cat,
                 &(struct case_motion){.id = 1, .move = "uphold", .words = span_of("yes")}, &file,
                 &err));
    assert_int_equal(pthread_create(&thread, NULL, decide_at_once, &other), 0);
    usleep(50000); /* it waits by now, or comes later: both must work */
    if (fails) store_rollback(t->uk.store);
    else ok(store_commit(t->uk.store, &err));
    pthread_join(thread, NULL);
    assert_int_equal(other.status, fails ? DONE : REFUSED);
    file = look(t, 1);
    assert_string_equal(file.state_word, fails ? "refused" : "done");
    assert_int_equal(file.event_count, 2);
    assert_int_equal(file.decider, fails ? CYD : CAT);
    store_close(other.store);
  }
}

static void *open_at_once(void *context) {
  struct other *o = context;
  struct arena *arena = arena_new();
  struct case_actor ann;
  struct case_opening opening = line_wrong("line:12:3");
  int64_t id;
  o->status = store_begin(o->store, STORE_WRITE, &o->error);
  if (o->status == DONE)
    o->status = register_case_actor(o->store, arena, ANN, o->town->desk.today, "id:P1", &ann,
                                    &o->error);
  if (o->status == DONE)
    o->status = case_open(o->store, arena, &o->town->desk, &ann, &opening, &id, &o->error);
  if (o->status == DONE) o->status = store_commit(o->store, &o->error);
  else store_rollback(o->store);
  arena_free(arena);
  return NULL;
}

static void of_two_that_are_opened_at_once_one_is(void **state) {
  struct town *t = *state;
  struct other other = {.town = t};
  struct case_actor ann = actor_of(t, ANN);
  struct case_opening opening = line_wrong("line:12:3");
  pthread_t thread;
  int64_t id;
  ok(store_again(&other.store, t->uk.store, STORE_WRITE, &err));
  ok(store_begin(t->uk.store, STORE_WRITE, &err));
  ok(case_open(t->uk.store, t->uk.arena, &t->desk, &ann, &opening, &id, &err));
  assert_int_equal(pthread_create(&thread, NULL, open_at_once, &other), 0);
  usleep(50000);
  ok(store_commit(t->uk.store, &err));
  pthread_join(thread, NULL);
  assert_int_equal(other.status, REFUSED);
  assert_int_equal(number_of(t->uk.store, "select count(*) from case_file"), 1);
  store_close(other.store);
}

/* A decision that was killed before its commit was not made, and another can be. */
static void a_killed_decision_was_not_made(void **state) {
  struct town *t = *state;
  int ready[2];
  char said = 0;
  (void)open_line(t, "line:12:3");
  store_close(t->uk.store); /* no connection of ours may be open during a fork */
  assert_int_equal(pipe(ready), 0);
  pid_t child = fork();
  if (child == 0) {
    struct error error = {0};
    struct case_actor cat;
    struct case_file file;
    const struct case_motion motion = {.id = 1, .move = "uphold", .words = span_of("yes")};
    struct store *mine = NULL;
    enum status status = store_open(&mine, t->url, STORE_WRITE, &error);
    if (status == DONE) status = store_begin(mine, STORE_WRITE, &error);
    if (status == DONE)
      status = register_case_actor(mine, t->uk.arena, CAT, t->desk.today, "id:P3", &cat, &error);
    if (status == DONE)
      status = case_move(mine, t->uk.arena, &t->desk, &cat, &motion, &file, &error);
    if (write(ready[1], status == DONE ? "y" : "n", 1) == 1)
      for (;;) pause();
    _exit(1);
  }
  close(ready[1]); /* a child that dies by itself is seen as the end */
  assert_int_equal(read(ready[0], &said, 1), 1);
  kill(child, SIGKILL);
  waitpid(child, NULL, 0);
  close(ready[0]);
  assert_int_equal(said, 'y');
  ok(store_open(&t->uk.store, t->url, STORE_WRITE, &err));
  struct case_file file = look(t, 1);
  assert_string_equal(file.state_word, "waiting");
  assert_int_equal(file.event_count, 1);
  ok(move_by(t, CYD, 1, "refuse", "no"));
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test_setup_teardown(a_case_is_opened_and_decided, new_town, close_town),
      cmocka_unit_test_setup_teardown(nobody_decides_their_own, new_town, close_town),
      cmocka_unit_test_setup_teardown(a_second_decision_is_refused, new_town, close_town),
      cmocka_unit_test_setup_teardown(a_move_asks_for_its_words, new_town, close_town),
      cmocka_unit_test_setup_teardown(a_role_that_ended_decides_nothing, new_town, close_town),
      cmocka_unit_test_setup_teardown(a_record_merged_since_is_their_own, new_town, close_town),
      cmocka_unit_test_setup_teardown(what_is_opened_twice, new_town, close_town),
      cmocka_unit_test_setup_teardown(who_may_open, new_town, close_town),
      cmocka_unit_test_setup_teardown(a_helper_sees_it_only_while_helping, new_town, close_town),
      cmocka_unit_test_setup_teardown(a_decided_case_takes_no_file, new_town, close_town),
      cmocka_unit_test_setup_teardown(a_complaint_opens_what_it_is_about, new_town, close_town),
      cmocka_unit_test_setup_teardown(facts_are_checked_by_their_type, new_town, close_town),
      cmocka_unit_test_setup_teardown(whoever_answers_is_somebody_else, new_town, close_town),
      cmocka_unit_test_setup_teardown(a_move_has_facts_too, new_town, close_town),
      cmocka_unit_test_setup_teardown(an_independent_kind_is_for_somebody_else, new_town,
                                      close_town),
      cmocka_unit_test_setup_teardown(a_case_is_taken_on, new_town, close_town),
      cmocka_unit_test_setup_teardown(the_first_reading_is_kept, new_town, close_town),
      cmocka_unit_test_setup_teardown(what_two_bodies_were_told_counts_once, new_town, close_town),
      cmocka_unit_test_setup_teardown(a_code_is_for_whoever_has_it, new_town, close_town),
      cmocka_unit_test_setup_teardown(what_is_late_escalates_once, new_town, close_town),
      cmocka_unit_test_setup_teardown(a_server_does_what_time_does, new_town, close_town),
      cmocka_unit_test_setup_teardown(what_waits_again_has_a_new_deadline, new_town, close_town),
      cmocka_unit_test_setup_teardown(of_two_who_decide_at_once_one_does, new_town, close_town),
      cmocka_unit_test_setup_teardown(of_two_that_are_opened_at_once_one_is, new_town, close_town),
      cmocka_unit_test_setup_teardown(a_killed_decision_was_not_made, new_town, close_town),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
