/* A citizen says that an item is wrong; its body takes it back, once, and records what is right; or
 * refuses, and people who did not decide it hear the complaint. The kinds are the policy pack's. */
#include "book/audit.h"
#include "book/posting.h"
#include "book/reversal.h"
#include "redress/redress.h"
#include "register/access_log.h"
#include "register/case_actor.h"
#include "register/legal_holds.h"
#include "action/desk.h"

#include <inttypes.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

#include "uk_book.h"

/* Ann asks; Old Ann is an older record of hers, with lines of its own. Ben helps Ann and may see.
 * Cat and Cyd are staff of the club; Old Eve is staff of it too, and an older record of Eve, who
 * with Fay is administrator. Dan is staff of the trust. */
enum { ANN = 1, BEN, CAT, DAN, EVE, OLD_ANN, CYD, FAY, OLD_EVE, PEOPLE = 9, CLUB = 1, TRUST = 2 };

struct town {
  struct uk_book uk;
  struct desk_terms terms;
  struct case_desk desk;
  int64_t references;
};

static void add_people(struct town *t, day_t today) {
  ok(store_run(
      t->uk.store,
      "insert into body (id, code, name, kind) values (1, 'club', 'The Club', 'charity'), "
      "(2, 'trust', 'A Trust', 'provider');"
      "insert into place (id, code, name, kind) values (1, 'E', 'England', 'nation');"
      "insert into party (id, kind, code, name, born) values (1, 'person', 'P1', 'Ann', 0), "
      "(2, 'person', 'P2', 'Ben', 0), (3, 'person', 'P3', 'Cat', 0), (4, 'person', 'P4', "
      "'Dan', 0), (5, 'person', 'P5', 'Eve', 0), (6, 'person', 'P6', 'Ann', 0), (7, "
      "'person', 'P7', 'Cyd', 0), (8, 'person', 'P8', 'Fay', 0), (9, 'person', 'P9', 'Eve', 0);"
      "insert into alias (gone, keep, at, reason) values (6, 1, '2026-01-01T00:00:00Z', "
      "'one person'), (9, 5, '2026-01-01T00:00:00Z', 'one person');"
      "insert into act_for (principal, id, agent, scope, what, from_day, at) values (1, 900, 2, "
      "'see', 'my friend', 0, '2026-01-01T00:00:00Z');"
      "update head set party = 9, body = 2, place = 1",
      &err));
  static const struct {
    int64_t person;
    const char *role;
    int64_t body;
  } grants[] = {{CAT, "staff", CLUB},      {CYD, "staff", CLUB},      {DAN, "staff", TRUST},
                {EVE, "administrator", 0}, {FAY, "administrator", 0}, {OLD_EVE, "staff", CLUB}};
  for (size_t i = 0; i < sizeof grants / sizeof *grants; i++)
    ok(role_grant_add(t->uk.store, grants[i].person, role_find(span_of(grants[i].role)),
                      grants[i].body, today - 10, "test", &err));
}

static int new_town(void **state) {
  struct town *t = memory_zeroed(1, sizeof *t);
  day_t today = day_make(2026, 3, 2);
  struct codes *codes = NULL;
  uk_book_open(&t->uk);
  add_people(t, today);
  ok(book_open_people(t->uk.store, 1, PEOPLE, &err));
  ok(store_commit(t->uk.store, &err));
  ok(book_codes(t->uk.store, t->uk.arena, &codes, &err));
  t->terms =
      (struct desk_terms){.record = {.pack = t->uk.pack, .codes = codes, .any_category = true}};
  t->desk = action_desk(&t->terms, today);
  *state = t;
  return 0;
}

static int close_town(void **state) {
  struct town *t = *state;
  uk_book_close(&t->uk);
  free(t);
  return 0;
}

/* ---- lines ---- */

static const char *category_of(struct town *t, enum pack_side side) {
  for (int i = 0; i < t->uk.pack->category_count; i++)
    if (t->uk.pack->categories[i].side == side) return t->uk.pack->categories[i].code;
  fail_msg("no category");
  return NULL;
}

static const char *post(struct town *t, struct record_row row) {
  struct recorded out;
  row.day = row.day ? row.day : t->desk.today - 1;
  row.reference = span_of(arena_printf(t->uk.arena, "r%lld", (long long)++t->references));
  ok(store_begin(t->uk.store, STORE_WRITE, &err));
  ok(record_post(t->uk.store, &t->terms.record, &row, &out, &err));
  ok(store_commit(t->uk.store, &err));
  return arena_printf(t->uk.arena, "line:%lld:%d", (long long)out.entry, out.line_no);
}

static const char *paid(struct town *t, int64_t person, int64_t pence, int64_t body) {
  return post(t, (struct record_row){.person = person,
                                     .category = span_of(category_of(t, SIDE_CONTRIBUTION)),
                                     .has_amount = true,
                                     .amount = pence,
                                     .body = body,
                                     .note = span_of("a fee")});
}

static int64_t balance(struct town *t, enum owner_kind kind, int64_t owner, const char *unit) {
  struct account *accounts = NULL;
  struct reading reading;
  int count = 0;
  wide_t sum = 0, amount = 0;
  ok(book_accounts_of(t->uk.store, t->uk.arena, kind, &owner, 1, &accounts, &count, &err));
  ok(book_reading(t->uk.store, t->uk.arena, &reading, &err));
  for (int i = 0; i < count; i++) {
    if (strcmp(accounts[i].unit, unit) != 0) continue;
    ok(book_balance(t->uk.store, &reading, accounts[i].id, DAY_LAST, &amount, &err));
    sum += amount;
  }
  return (int64_t)sum;
}

static void say_finding(void *context, const char *sentence) {
  (void)context;
  print_message("audit: %s\n", sentence);
}

static void assert_sound(struct town *t) {
  struct audit_options options = {.threads = 1, .progress = PROGRESS_NEVER, .finding = say_finding};
  struct audit_result result;
  ok(audit_book(t->uk.store, &options, &result, &err));
  assert_int_equal(result.findings, 0);
  int64_t twice;
  ok(store_int(t->uk.store,
               "select count(*) from (select reverses_entry, reverses_n from line where "
               "reverses_entry is not null group by reverses_entry, reverses_n having count(*) > "
               "1) as twice",
               0, &twice, &err));
  assert_int_equal(twice, 0);
}

/* ---- cases ---- */

static struct case_actor actor_of(struct town *t, int64_t person) {
  struct case_actor actor;
  ok(register_case_actor(t->uk.store, t->uk.arena, person, t->desk.today,
                         arena_printf(t->uk.arena, "id:P%lld", (long long)person), &actor, &err));
  return actor;
}

static enum status end_transaction(struct town *t, enum status status) {
  if (status == DONE) ok(store_commit(t->uk.store, &err));
  else store_rollback(t->uk.store);
  return status;
}

static enum status open_as(struct town *t, const struct case_actor *actor, const char *kind,
                           const char *subject, int64_t *id) {
  struct case_opening opening = {.kind = kind,
                                 .party = actor->helped ? actor->helped : actor->person,
                                 .subject = subject,
                                 .reason = span_of("I was in hospital that day")};
  ok(store_begin(t->uk.store, STORE_WRITE, &err));
  return end_transaction(t,
                         case_open(t->uk.store, t->uk.arena, &t->desk, actor, &opening, id, &err));
}

static enum status open_by(struct town *t, int64_t person, const char *kind, const char *subject,
                           int64_t *id) {
  struct case_actor actor = actor_of(t, person);
  return open_as(t, &actor, kind, subject, id);
}

static int64_t opened(struct town *t, int64_t person, const char *kind, const char *subject) {
  int64_t id = 0;
  ok(open_by(t, person, kind, subject, &id));
  return id;
}

static enum status move_with(struct town *t, int64_t person, int64_t id, const char *move,
                             const struct case_fact *facts, int fact_count,
                             struct case_file *file) {
  struct case_actor actor = actor_of(t, person);
  const struct case_motion motion = {.id = id,
                                     .move = move,
                                     .words = span_of("You are right"),
                                     .facts = facts,
                                     .fact_count = fact_count};
  ok(store_begin(t->uk.store, STORE_WRITE, &err));
  return end_transaction(t, case_move(t->uk.store, t->uk.arena, &t->desk, &actor, &motion, file,
                                      &err));
}

static enum status move_by(struct town *t, int64_t person, int64_t id, const char *move,
                           struct case_file *file) {
  return move_with(t, person, id, move, NULL, 0, file);
}

static struct case_file look_at(struct town *t, int64_t id) {
  struct case_actor program = {.who = "operator"};
  struct case_file file;
  ok(case_one(t->uk.store, t->uk.arena, &t->desk, &program, id, &file, &err));
  return file;
}

/* ---- a line that is wrong ---- */

static void a_wrong_line_is_taken_back(void **state) {
  struct town *t = *state;
  struct case_file file;
  const char *line = paid(t, ANN, 1250, CLUB), *kept = paid(t, ANN, 700, CLUB);
  int64_t id = opened(t, ANN, "line-wrong", line), other;
  file = look_at(t, id);
  assert_int_equal(file.to_body, CLUB);
  assert_true(file.due != DAY_NONE);
  refused("", move_by(t, DAN, id, "uphold", &file)); /* another body's staff */
  ok(move_by(t, CAT, id, "uphold", &file));
  assert_int_equal(balance(t, OWNER_PERSON, ANN, "pence"), -700);
  assert_int_equal(balance(t, OWNER_BODY, CLUB, "pence"), 700);
  assert_true(strncmp(file.result, "line:", 5) == 0);
  /* once */
  refused("", move_by(t, CYD, id, "uphold", &file));
  refused("", move_by(t, CAT, id, "refuse", &file));
  refuses(open_by(t, ANN, "line-wrong", line, &other), "", "taken back already");
  file = look_at(t, id);
  refuses(open_by(t, ANN, "line-wrong", file.result, &other), "", "takes another one back");
  ok(open_by(t, ANN, "line-wrong", kept, &other));
  assert_sound(t);
}

static void the_right_line_is_recorded_with_it(void **state) {
  struct town *t = *state;
  struct case_file file;
  char day[11];
  int64_t id = opened(t, ANN, "line-wrong", paid(t, ANN, 1250, CLUB));
  const struct case_fact right[] = {
      {"amount", span_of("12.00")},
      {"day", span_of(arena_string(t->uk.arena, day_write(t->desk.today - 7, day)))}};
  refuses(move_with(t, CAT, id, "uphold", (struct case_fact[]){{"quantity", span_of("3")}}, 1,
                    &file),
          "quantity", "not counted");
  refuses(move_with(t, CAT, id, "uphold", (struct case_fact[]){{"minutes", span_of("30")}}, 1,
                    &file),
          "minutes", "not time");
  refuses(move_with(t, CAT, id, "uphold", (struct case_fact[]){{"amount", span_of("12.50")}}, 1,
                    &file),
          "", "the same");
  refused("amount",
          move_with(t, CAT, id, "uphold",
                    (struct case_fact[]){{"amount", span_of("92233720368547758.07")}}, 1, &file));
  refused("amount", move_with(t, CAT, id, "uphold",
                              (struct case_fact[]){{"amount", span_of("much")}}, 1, &file));
  refused("day", move_with(t, CAT, id, "uphold",
                           (struct case_fact[]){{"day", span_of("1850-01-01")}}, 1, &file));
  static const char *const nothing[] = {"0", "0.00", "-0.01", "-5.00"};
  for (size_t i = 0; i < sizeof nothing / sizeof *nothing; i++)
    refuses(move_with(t, CAT, id, "uphold", (struct case_fact[]){{"amount", span_of(nothing[i])}},
                      1, &file),
            "amount", "not more than zero");
  assert_int_equal(balance(t, OWNER_PERSON, ANN, "pence"), -1250); /* nothing of it remains */
  ok(move_with(t, CAT, id, "uphold", right, 2, &file));
  assert_int_equal(balance(t, OWNER_PERSON, ANN, "pence"), -1200);
  assert_int_equal(number_of(t->uk.store, "select count(*) from entry where kind = 'record' and "
                                          "memo like 'request-%'"),
                   1);
  /* the result is the line that stands now, and can be wrong again */
  ok(open_by(t, ANN, "line-wrong", file.result, &id));
  assert_sound(t);
}

static void time_and_services_are_put_right_by_their_count(void **state) {
  struct town *t = *state;
  struct case_file file;
  const struct pack_cost *cost = &t->uk.pack->costs[0];
  const char *used = post(t, (struct record_row){.person = ANN,
                                                 .category = span_of(cost->service->category->code),
                                                 .service = span_of(cost->service->code),
                                                 .has_quantity = true,
                                                 .quantity = 2000,
                                                 .body = CLUB,
                                                 .day = year_first_day(YEAR_TAX, cost->year)});
  const char *given = post(t, (struct record_row){.person = OLD_ANN,
                                                  .category = span_of(category_of(t, SIDE_GIVEN)),
                                                  .has_quantity = true,
                                                  .quantity = 90});
  int64_t worth = balance(t, OWNER_PERSON, ANN, "pence");
  int64_t id = opened(t, ANN, "line-wrong", used);
  refused("amount", move_with(t, CAT, id, "uphold",
                              (struct case_fact[]){{"amount", span_of("1.00")}}, 1, &file));
  refused("quantity", move_with(t, CAT, id, "uphold",
                                (struct case_fact[]){{"quantity", span_of("0")}}, 1, &file));
  refused("quantity", move_with(t, CAT, id, "uphold",
                                (struct case_fact[]){{"quantity", span_of("-1")}}, 1, &file));
  ok(move_with(t, CAT, id, "uphold", (struct case_fact[]){{"quantity", span_of("1")}}, 1, &file));
  assert_int_equal(balance(t, OWNER_PERSON, ANN, "pence"), worth / 2);
  /* a line of a merged record; it names no body, so the administrators decide */
  id = opened(t, ANN, "line-wrong", given);
  assert_string_equal(look_at(t, id).to_role, "administrator");
  refused("", move_by(t, CAT, id, "uphold", &file));
  refused("minutes", move_with(t, FAY, id, "uphold",
                               (struct case_fact[]){{"minutes", span_of("0")}}, 1, &file));
  ok(move_with(t, FAY, id, "uphold", (struct case_fact[]){{"minutes", span_of("60")}}, 1, &file));
  assert_int_equal(balance(t, OWNER_PERSON, OLD_ANN, "minutes"), -60);
  assert_sound(t);
}

/* Whether the line that stands after Ann's was put right is marked as an estimate. */
static bool estimated_after(struct town *t, const char *line, const struct case_fact *right,
                            int count) {
  struct case_file file;
  int64_t entry = 0, n = 0, marked = 0;
  ok(move_with(t, CAT, opened(t, ANN, "line-wrong", line), "uphold", right, count, &file));
  assert_int_equal(sscanf(file.result, "line:%" SCNd64 ":%" SCNd64, &entry, &n), 2);
  ok(store_int_with(t->uk.store, "select estimated from line where entry = ?1 and n = ?2", -1,
                    &marked, &err, entry, n));
  return marked == 1;
}

/* A cost that is no estimate, where the year after it has none. */
static const struct pack_cost *last_exact_cost(struct town *t) {
  for (int i = 0; i < t->uk.pack->cost_count; i++) {
    const struct pack_cost *cost = &t->uk.pack->costs[i];
    bool last = !cost->estimated;
    for (int k = 0; k < t->uk.pack->cost_count; k++)
      last &= t->uk.pack->costs[k].service != cost->service ||
              t->uk.pack->costs[k].year <= cost->year;
    if (last) return cost;
  }
  fail_msg("every cost is an estimate");
  return NULL;
}

static void what_is_put_right_is_no_estimate(void **state) {
  struct town *t = *state;
  const struct pack_cost *cost = last_exact_cost(t);
  const day_t exact = year_first_day(YEAR_TAX, cost->year),
              stale = year_first_day(YEAR_TAX, cost->year + 1);
  char day[11];
  const struct case_fact to_exact = {"day",
                                     span_of(arena_string(t->uk.arena, day_write(exact, day)))};
  const struct case_fact to_stale = {"day",
                                     span_of(arena_string(t->uk.arena, day_write(stale, day)))};
  const struct case_fact amount = {"amount", span_of("12.00")};
  struct record_row money = {.person = ANN,
                             .category = span_of(category_of(t, SIDE_CONTRIBUTION)),
                             .has_amount = true,
                             .amount = 1250,
                             .body = CLUB,
                             .estimated = true};
  struct record_row visit = {.person = ANN,
                             .category = span_of(cost->service->category->code),
                             .service = span_of(cost->service->code),
                             .has_quantity = true,
                             .quantity = 2000,
                             .body = CLUB,
                             .day = stale};
  assert_false(estimated_after(t, post(t, money), &amount, 1));
  assert_true(estimated_after(t, post(t, money), &to_exact, 1));
  assert_false(estimated_after(t, post(t, visit), &to_exact, 1));
  assert_true(estimated_after(t, post(t, visit), &(struct case_fact){"quantity", span_of("1")}, 1));
  visit.day = exact;
  assert_true(estimated_after(t, post(t, visit), &to_stale, 1));
  assert_sound(t);
}

/* An estimated line of a tax in prices, as books of before have them. */
static const char *post_as_before(struct town *t, day_t day, int64_t pence) {
  struct record_row exact = {
      .person = ANN, .category = span_of("vat"), .has_amount = true, .amount = pence, .body = CLUB};
  int64_t entry = 0, n = 0, account = 0, contra = 0, category = 0, made = 0;
  assert_int_equal(sscanf(post(t, exact), "line:%" SCNd64 ":%" SCNd64, &entry, &n), 2);
  ok(store_int_with(t->uk.store, "select account from line where entry = ?1 and n = ?2", 0,
                    &account, &err, entry, n));
  ok(store_int_with(t->uk.store, "select account from line where entry = ?1 and n <> ?2", 0,
                    &contra, &err, entry, n));
  ok(store_int_with(t->uk.store, "select category from line where entry = ?1 and n = ?2", 0,
                    &category, &err, entry, n));
  ok(store_begin(t->uk.store, STORE_WRITE, &err));
  struct posting *p = posting_begin(t->uk.store, day, "entries", "a file of before");
  posting_add(p, &(struct line){.account = account,
                                .category = (int32_t)category,
                                .amount = -pence,
                                .body = CLUB,
                                .estimated = true});
  posting_add(p, &(struct line){.account = contra, .category = (int32_t)category, .amount = pence});
  ok(posting_post(p, &made, &err));
  ok(store_commit(t->uk.store, &err));
  return arena_printf(t->uk.arena, "line:%lld:%d", (long long)made, account < contra ? 1 : 2);
}

/* What one person paid of a tax in prices is not known: no estimate of it is recorded, neither
 * anew nor in the place of an old one; what somebody measured is. */
static void nothing_in_prices_is_estimated(void **state) {
  struct town *t = *state;
  const day_t before = t->desk.today - 9;
  struct case_file file;
  struct recorded out;
  struct record_row row = {.person = ANN,
                           .category = span_of("tobacco-duty"),
                           .has_amount = true,
                           .amount = 13909,
                           .body = CLUB,
                           .day = before,
                           .reference = span_of("smokes"),
                           .estimated = true};
  ok(store_begin(t->uk.store, STORE_WRITE, &err));
  refused("estimated", record_post(t->uk.store, &t->terms.record, &row, &out, &err));
  store_rollback(t->uk.store);
  row.estimated = false;
  ok(store_begin(t->uk.store, STORE_WRITE, &err));
  ok(record_post(t->uk.store, &t->terms.record, &row, &out, &err));
  ok(store_commit(t->uk.store, &err));
  char day[11];
  const struct case_fact other_day = {"day", span_of(arena_string(t->uk.arena,
                                                                  day_write(before + 1, day)))};
  int64_t id = opened(t, ANN, "line-wrong", post_as_before(t, before, 5000));
  refused("", move_with(t, CAT, id, "uphold", &other_day, 1, &file));
  ok(move_with(t, CAT, id, "uphold", &(struct case_fact){"amount", span_of("12.00")}, 1, &file));
  assert_sound(t);
}

static void bad_subjects_are_refused(void **state) {
  struct town *t = *state;
  const char *line = paid(t, ANN, 1250, CLUB), *others = paid(t, DAN, 300, CLUB);
  int64_t entry = strtoll(line + 5, NULL, 10), id;
  const char *const none[] = {"line:", "line:1", "line:0:1", "line:1:0", "line:99999:1",
                              "line:-1:1", "line:9223372036854775807:1",
                              "line:9223372036854775808:1", "line:1:2147483648", "case:1", "look:1",
                              "hello", "line:1:1 or 1=1", others,
                              /* another way to write the number of the line */
                              arena_printf(t->uk.arena, "line:0%lld:1", (long long)entry),
                              arena_printf(t->uk.arena, "line:+%lld:1", (long long)entry),
                              /* its contra */
                              arena_printf(t->uk.arena, "line:%lld:2", (long long)entry)};
  for (size_t i = 0; i < sizeof none / sizeof *none; i++)
    refused("", open_by(t, ANN, "line-wrong", none[i], &id));
  refuses(open_by(t, ANN, "line-wrong", NULL, &id), "", "one item");
  ok(open_by(t, ANN, "line-wrong", line, &id));
  refused("", open_by(t, ANN, "line-wrong", line, &id)); /* one waits */
  for (size_t i = 0; i < sizeof none / sizeof *none; i++)
    if (none[i] != others)
      refused(strncmp(none[i], "look", 4) == 0 ? "" : "subject",
              open_by(t, ANN, "complaint",
                      strncmp(none[i], "case:1", 6) == 0 ? "case:999" : none[i], &id));
  refuses(open_by(t, ANN, "complaint", others, &id), "subject", "nothing of that kind");
  refused("", open_by(t, ANN, "access-request", line, &id));
  refused("", open_by(t, CAT, "line-wrong", line, &id));
}

static void a_helper_says_it_for_them(void **state) {
  struct town *t = *state;
  struct case_file file;
  struct case_actor ben = actor_of(t, BEN);
  int64_t id;
  const char *line = paid(t, ANN, 1250, CLUB);
  ok(register_case_helper(t->uk.store, t->uk.arena, &ben, ANN, t->desk.today, &err));
  ok(open_as(t, &ben, "line-wrong", line, &id));
  assert_int_equal(look_at(t, id).party, ANN);
  ok(move_by(t, CAT, id, "uphold", &file));
  refused("", open_as(t, &ben, "access-request", NULL, &id)); /* only for oneself */
}

static void a_line_that_was_taken_back_meanwhile_is_left_alone(void **state) {
  struct town *t = *state;
  struct case_file file;
  const char *line = paid(t, ANN, 1250, CLUB);
  int64_t id = opened(t, ANN, "line-wrong", line);
  struct reversal_result undone;
  ok(reversal_post(t->uk.store,
                   &(struct reversal){.entry = strtoll(line + 5, NULL, 10),
                                      .line_no = 1,
                                      .on = DAY_NONE,
                                      .reason = "at the counter",
                                      .who = "clerk"},
                   &undone, &err));
  ok(move_by(t, CAT, id, "uphold", &file));
  assert_string_equal(file.result,
                      arena_printf(t->uk.arena, "line:%lld:1", (long long)undone.first_entry));
  assert_int_equal(balance(t, OWNER_PERSON, ANN, "pence"), 0);
  assert_sound(t);
}

/* At the counter, by somebody else's connection. */
struct counter_door {
  struct store *store;
  struct reversal_of_line what;
  enum status status;
};

static void *reverse_at_once(void *context) {
  struct counter_door *door = context;
  struct error why = {0};
  int64_t entry;
  door->status = store_begin(door->store, STORE_WRITE, &why);
  if (door->status == DONE) door->status = reversal_line(door->store, &door->what, &entry, &why);
  if (door->status == DONE) door->status = store_commit(door->store, &why);
  if (door->status != DONE) store_rollback(door->store);
  return NULL;
}

static void through_two_doors_a_line_is_taken_back_once(void **state) {
  struct town *t = *state;
  enum { ROUNDS = 12 };
  int64_t account = uk_book_account(&t->uk, OWNER_PERSON, ANN, "pence");
  for (int round = 0; round < ROUNDS; round++) {
    const char *line = paid(t, ANN, 100 + round, CLUB);
    int64_t id = opened(t, ANN, "line-wrong", line);
    struct counter_door door = {.what = {.account = account,
                                         .entry = strtoll(line + 5, NULL, 10),
                                         .day = t->desk.today - 1,
                                         .line_no = 1,
                                         .on = DAY_NONE,
                                         .reason = "at the counter"}};
    struct case_file file;
    pthread_t thread;
    ok(store_again(&door.store, t->uk.store, STORE_WRITE, &err));
    assert_int_equal(pthread_create(&thread, NULL, reverse_at_once, &door), 0);
    enum status upheld = move_by(t, CAT, id, "uphold", &file);
    pthread_join(thread, NULL);
    store_close(door.store);
    /* the one who comes second is refused, or finds it done; then the other way is open */
    assert_true(upheld == DONE || upheld == REFUSED);
    assert_true(door.status == DONE || door.status == REFUSED);
    assert_true(upheld == DONE || door.status == DONE);
    if (upheld != DONE) ok(move_by(t, CAT, id, "uphold", &file));
    assert_int_equal(balance(t, OWNER_PERSON, ANN, "pence"), 0);
  }
  assert_sound(t);
}

/* ---- a complaint ---- */

static void nobody_hears_a_complaint_about_what_they_did(void **state) {
  struct town *t = *state;
  struct case_file file;
  const char *line = paid(t, ANN, 1250, CLUB);
  int64_t id = opened(t, ANN, "line-wrong", line);
  /* Eve decides it under her older record, as staff of the club */
  ok(move_by(t, OLD_EVE, id, "refuse", &file));
  int64_t complaint = opened(t, ANN, "complaint",
                             arena_printf(t->uk.arena, "case:%lld", (long long)id));
  refused("", move_by(t, EVE, complaint, "uphold", &file));
  refused("", move_by(t, OLD_EVE, complaint, "refuse", &file));
  refused("", move_by(t, CAT, complaint, "uphold", &file)); /* no administrator */
  char past[11], coming[11];
  const struct case_fact late[] = {{"hearing", span_of(day_write(t->desk.today - 1, past))},
                                   {"where", span_of("The town hall")},
                                   {"panel", span_of("Three councillors")}},
                         hearing[] = {{"hearing", span_of(day_write(t->desk.today + 9, coming))},
                                      {"where", span_of("The town hall")},
                                      {"panel", span_of("Three councillors")}};
  refused("hearing", move_with(t, FAY, complaint, "hear", late, 3, &file));
  ok(move_with(t, FAY, complaint, "hear", hearing, 3, &file));
  assert_string_equal(case_fact(&file, "panel"), "Three councillors");
  refused("", move_by(t, EVE, complaint, "refuse", &file));
  refuses(move_by(t, FAY, complaint, "refuse", &file), "", "the hearing is on");
  t->desk.today += 9;
  ok(move_by(t, FAY, complaint, "refuse", &file));
  /* about how the complaint was handled: neither of the two */
  int64_t again = opened(t, ANN, "complaint",
                         arena_printf(t->uk.arena, "case:%lld", (long long)complaint));
  refused("", move_by(t, EVE, again, "refuse", &file));
  refused("", move_by(t, FAY, again, "refuse", &file));
  /* about the line itself: who refused the case about it is barred too */
  int64_t direct = opened(t, ANN, "complaint", line);
  refused("", move_by(t, EVE, direct, "uphold", &file));
  ok(move_by(t, FAY, direct, "uphold", &file));
  assert_int_equal(balance(t, OWNER_PERSON, ANN, "pence"), -1250); /* an answer moves no money */
}

/* How late it is, is the doing of whoever took it on, also of those who gave it back. */
static void whoever_had_the_case_does_not_answer_for_it(void **state) {
  struct town *t = *state;
  struct case_file file;
  struct case_actor eve = actor_of(t, OLD_EVE), cat = actor_of(t, CAT);
  for (int given_back = 0; given_back < 2; given_back++) {
    int64_t id = opened(t, ANN, "line-wrong", paid(t, ANN, 100, CLUB));
    ok(store_begin(t->uk.store, STORE_WRITE, &err));
    ok(case_assign(t->uk.store, t->uk.arena, &t->desk, &eve, id, &eve, &err));
    if (given_back) ok(case_assign(t->uk.store, t->uk.arena, &t->desk, &cat, id, NULL, &err));
    ok(store_run(t->uk.store, "update case_file set due = 20000", &err)); /* it is late */
    ok(store_commit(t->uk.store, &err));
    int64_t late = opened(t, ANN, "complaint",
                          arena_printf(t->uk.arena, "case:%lld", (long long)id));
    refuses(move_by(t, EVE, late, "refuse", &file), "", "took part");
    ok(move_by(t, FAY, late, "refuse", &file));
  }
}

/* Nobody of the first case answers the last complaint, however long the chain. */
static void a_chain_of_complaints_is_read_to_its_end(void **state) {
  struct town *t = *state;
  struct case_file file;
  int64_t id = opened(t, ANN, "line-wrong", paid(t, ANN, 100, CLUB));
  ok(move_by(t, OLD_EVE, id, "refuse", &file));
  for (int deep = 1; deep <= 8; deep++) {
    id = opened(t, ANN, "complaint", arena_printf(t->uk.arena, "case:%lld", (long long)id));
    refused("", move_by(t, EVE, id, "refuse", &file));
    ok(store_run(t->uk.store, "update case_file set due = 20000", &err));
    if (deep < 8) continue;
    ok(move_by(t, FAY, id, "refuse", &file)); /* the others of the chain were never answered */
  }
  int64_t over = 0;
  const char *last = arena_printf(t->uk.arena, "case:%lld", (long long)id);
  refuses(open_by(t, ANN, "complaint", last, &over), "subject", "ombudsman");
  /* one that is there all the same is nobody's to answer */
  int64_t general = opened(t, ANN, "complaint", NULL);
  ok(store_begin(t->uk.store, STORE_WRITE, &err));
  ok(store_run_with(t->uk.store, "update case_file set subject = ?1 where id = ?2", &err, last,
                    general));
  ok(store_commit(t->uk.store, &err));
  refused("", move_by(t, EVE, general, "refuse", &file));
  assert_true(look_at(t, general).waits);
}

static void a_complaint_about_a_look_is_not_for_who_looked(void **state) {
  struct town *t = *state;
  struct case_file file;
  const struct access_reader by = {
      .who = "id:P9", .person = OLD_EVE, .name = "Eve", .role = "staff:club"};
  ok(store_begin(t->uk.store, STORE_WRITE, &err));
  ok(access_log_add(t->uk.store, &by, ANN, "account", "a call", &err));
  ok(store_commit(t->uk.store, &err));
  int64_t id = opened(t, ANN, "complaint", "look:1"), other;
  refused("", open_by(t, DAN, "complaint", "look:1", &other));
  refused("", move_by(t, EVE, id, "uphold", &file));
  ok(move_by(t, FAY, id, "uphold", &file));
  int64_t general = opened(t, ANN, "complaint", NULL);
  ok(move_by(t, EVE, general, "refuse", &file));
}

/* Administrators may be staff who recorded the line, under whichever record. */
static void whoever_recorded_the_line_does_not_answer_for_it(void **state) {
  struct town *t = *state;
  struct case_file file;
  const struct access_reader by = {
      .who = "id:P9", .person = OLD_EVE, .name = "Eve", .role = "staff:club"};
  const char *line = paid(t, ANN, 100, CLUB);
  ok(store_begin(t->uk.store, STORE_WRITE, &err));
  ok(access_log_add(t->uk.store, &by, OLD_ANN,
                    arena_printf(t->uk.arena, "recorded line %s", strchr(line, ':') + 1), "a call",
                    &err));
  ok(store_commit(t->uk.store, &err));
  int64_t id = opened(t, ANN, "complaint", line);
  refuses(move_by(t, EVE, id, "refuse", &file), "", "took part");
  ok(move_by(t, FAY, id, "refuse", &file));
}

/* The one who decided is found behind more than a page of others. */
static void every_case_about_the_line_is_looked_at(void **state) {
  struct town *t = *state;
  struct case_file file;
  const char *line = paid(t, ANN, 100, CLUB);
  for (int i = 0; i <= CASES_PAGE_MOST; i++) {
    int64_t id = opened(t, ANN, "line-wrong", line);
    ok(move_by(t, i ? CAT : OLD_EVE, id, "refuse", &file));
  }
  int64_t id = opened(t, ANN, "complaint", line);
  refuses(move_by(t, EVE, id, "refuse", &file), "", "took part");
}

static const char *case_code(struct town *t, int64_t id) {
  return arena_printf(t->uk.arena, "case:%lld", (long long)id);
}

static enum status hear(struct town *t, int64_t person, int64_t id, int days, const char *panel,
                        struct case_file *file) {
  char day[11];
  const struct case_fact facts[] = {{"hearing", span_of(day_write(t->desk.today + days, day))},
                                    {"where", span_of("The town hall")},
                                    {"panel", span_of(panel)}};
  return move_with(t, person, id, "hear", facts, 3, file);
}

/* Upholding opens the refused case again, once; the answer that it then has can be complained about
 * in its turn. */
static void an_upheld_complaint_opens_the_case_again(void **state) {
  struct town *t = *state;
  struct case_file file;
  const char *line = paid(t, ANN, 1250, CLUB);
  int64_t id = opened(t, ANN, "line-wrong", line), other;
  refuses(open_by(t, ANN, "complaint", case_code(t, id), &other), "subject", "not late");
  ok(move_by(t, CAT, id, "refuse", &file));
  int64_t complaint = opened(t, ANN, "complaint", case_code(t, id));
  refuses(open_by(t, ANN, "complaint", case_code(t, id), &other), "subject", "waits for");
  t->desk.today += 3;
  ok(move_by(t, EVE, complaint, "uphold", &file));
  file = look_at(t, id);
  assert_string_equal(file.state_word, "waiting");
  assert_int_equal(file.due, case_deadline(t->uk.pack, file.kind, t->desk.today));
  assert_true(!file.decided_at && !file.answer);
  assert_int_equal(file.to_body, CLUB);
  assert_int_equal(file.event_count, 3);
  assert_string_equal(file.events[2].what, "reopen");
  assert_string_equal(file.events[2].who, "program");
  assert_string_equal(file.events[2].words, case_code(t, complaint));
  refuses(open_by(t, ANN, "complaint", case_code(t, id), &other), "subject", "not late");
  /* refused again: that is another answer, and there is one complaint about it */
  ok(move_by(t, CYD, id, "refuse", &file));
  int64_t second = opened(t, ANN, "complaint", case_code(t, id));
  ok(move_by(t, FAY, second, "refuse", &file));
  assert_string_equal(look_at(t, id).state_word, "refused");
  refuses(open_by(t, ANN, "complaint", case_code(t, id), &other), "subject", "about this answer");
  /* about the complaint itself: nothing is opened again by it */
  int64_t third = opened(t, ANN, "complaint", case_code(t, second));
  ok(move_by(t, EVE, third, "uphold", &file));
  assert_string_equal(look_at(t, second).state_word, "refused");
}

/* What was sent anew about the same item waits already. */
static void an_upheld_complaint_leaves_what_waits_anew(void **state) {
  struct town *t = *state;
  struct case_file file;
  const char *line = paid(t, ANN, 1250, CLUB);
  int64_t id = opened(t, ANN, "line-wrong", line);
  ok(move_by(t, CAT, id, "refuse", &file));
  int64_t complaint = opened(t, ANN, "complaint", case_code(t, id)),
          anew = opened(t, ANN, "line-wrong", line);
  ok(move_by(t, EVE, complaint, "uphold", &file));
  assert_string_equal(look_at(t, id).state_word, "refused");
  ok(move_by(t, CAT, anew, "uphold", &file));
}

static void a_withdrawn_complaint_can_be_sent_again(void **state) {
  struct town *t = *state;
  struct case_file file;
  int64_t id = opened(t, ANN, "access-request", NULL);
  struct case_actor ann = actor_of(t, ANN);
  ok(move_by(t, EVE, id, "refuse", &file));
  int64_t complaint = opened(t, ANN, "complaint", case_code(t, id));
  ok(store_begin(t->uk.store, STORE_WRITE, &err));
  ok(case_move(t->uk.store, t->uk.arena, &t->desk, &ann,
               &(struct case_motion){.id = complaint, .move = "withdraw"}, &file, &err));
  ok(store_commit(t->uk.store, &err));
  complaint = opened(t, ANN, "complaint", case_code(t, id));
  ok(move_by(t, FAY, complaint, "uphold", &file));
  assert_string_equal(look_at(t, id).state_word, "waiting");
}

static void a_hearing_is_held_by_others_and_awaited(void **state) {
  struct town *t = *state;
  struct case_file file;
  int64_t id = opened(t, ANN, "access-request", NULL);
  ok(move_by(t, EVE, id, "refuse", &file));
  int64_t complaint = opened(t, ANN, "complaint", case_code(t, id));
  ok(store_run(t->uk.store, "update party set name = 'Eve Ŵyn-Jones' where id = 5", &err));
  refuses(hear(t, FAY, complaint, 3, "Fay, EVE ŵYN JONES and Sir Guy", &file), "panel",
          "Eve Ŵyn-Jones took part");
  refuses(hear(t, FAY, complaint, 3, "eve", &file), "panel", "took part"); /* her older record */
  day_t due = look_at(t, complaint).due;
  ok(hear(t, FAY, complaint, 3, "Evelyn Jones", &file));
  assert_int_equal(file.due, due); /* a hearing before it moves nothing */
  int64_t other = opened(t, ANN, "erasure-request", NULL);
  ok(move_by(t, EVE, other, "refuse", &file));
  other = opened(t, ANN, "complaint", case_code(t, other));
  ok(hear(t, FAY, other, 90, "Three councillors", &file));
  assert_int_equal(file.due, t->desk.today + 90);
  t->desk.today += 89;
  refuses(move_by(t, FAY, other, "uphold", &file), "", "the hearing is on");
  t->desk.today++;
  ok(move_by(t, FAY, other, "uphold", &file));
}

/* ---- data ---- */

static void erasure_is_not_promised_while_a_hold_stands(void **state) {
  struct town *t = *state;
  struct case_file file;
  int64_t hold;
  int64_t id = opened(t, ANN, "erasure-request", NULL), copy = opened(t, ANN, "access-request", "");
  ok(store_begin(t->uk.store, STORE_WRITE, &err));
  ok(legal_hold_place(t->uk.store, OLD_ANN, &(struct access_reader){.who = "counsel"}, "claim 12",
                      &hold, &err));
  ok(store_commit(t->uk.store, &err));
  refuses(move_by(t, FAY, id, "agree", &file), "", "claim 12");
  ok(store_begin(t->uk.store, STORE_WRITE, &err));
  ok(legal_hold_end(t->uk.store, t->uk.arena, ANN, &hold, &(struct access_reader){.who = "counsel"},
                    "settled", &err));
  ok(store_commit(t->uk.store, &err));
  ok(move_by(t, FAY, id, "agree", &file));
  assert_true(file.waits); /* until the operator has erased it */
  ok(move_by(t, FAY, copy, "ready", &file));
  assert_false(file.waits);
}

/* ---- what the account shows of it, and what comes next ---- */

static void a_line_shows_what_was_asked_about_it(void **state) {
  struct town *t = *state;
  struct case_file file;
  struct redress_note *notes;
  int count;
  bool open;
  const char *line = paid(t, ANN, 1250, CLUB), *old = paid(t, OLD_ANN, 5, CLUB);
  int64_t entry = strtoll(line + 5, NULL, 10);
  struct store *store = t->uk.store;
  ok(redress_line_is_open(store, t->uk.arena, t->uk.pack, ANN, entry, 1, &open, &err));
  assert_true(open);
  ok(redress_line_is_open(store, t->uk.arena, t->uk.pack, DAN, entry, 1, &open, &err));
  assert_false(open);
  int64_t id = opened(t, ANN, "line-wrong", line);
  (void)opened(t, ANN, "line-wrong", old);
  ok(redress_line_is_open(store, t->uk.arena, t->uk.pack, ANN, entry, 1, &open, &err));
  assert_false(open);
  ok(move_by(t, CAT, id, "refuse", &file));
  (void)opened(t, ANN, "complaint", arena_printf(t->uk.arena, "case:%lld", (long long)id));
  ok(redress_line_is_open(store, t->uk.arena, t->uk.pack, ANN, entry, 1, &open, &err));
  assert_true(open);
  ok(redress_notes(store, t->uk.arena, t->uk.pack, ANN, entry, 1, &notes, &count, &err));
  assert_int_equal(count, 2);
  assert_string_equal(notes[0].file->kind_word, "complaint");
  assert_int_equal(notes[0].entry, entry);
  ok(redress_notes(store, t->uk.arena, t->uk.pack, ANN, 0, 0, &notes, &count, &err));
  assert_int_equal(count, 3);
  ok(redress_notes(store, t->uk.arena, t->uk.pack, DAN, 0, 0, &notes, &count, &err));
  assert_int_equal(count, 0);
}

static const struct pack_case_step *step_of(struct town *t, const char *kind, const char *state,
                                            const char *about) {
  const struct pack_case_step *steps[4];
  int count = pack_case_steps(t->uk.pack, pack_find_case_kind(t->uk.pack, span_of(kind)),
                              pack_find_case_state(t->uk.pack, span_of(state)), about, steps, 4);
  return count ? steps[0] : NULL;
}

static void a_refusal_has_a_next_step(void **state) {
  struct town *t = *state;
  assert_string_equal(step_of(t, "line-wrong", "refused", "")->opens->code, "complaint");
  assert_null(step_of(t, "line-wrong", "done", ""));
  assert_non_null(strstr(step_of(t, "complaint", "refused", "line-wrong")->address, "lgo.org.uk"));
  assert_non_null(strstr(step_of(t, "complaint", "refused", "")->address, "lgo.org.uk"));
  assert_non_null(strstr(step_of(t, "complaint", "refused", "access-request")->address, "ico.org"));
}

/* ---- any sequence ---- */

/* After any sequence of what people do, each balance is the sum of what stands. */
static void any_sequence_leaves_the_book_balanced(void **state) {
  struct town *t = *state;
  static const int64_t deciders[] = {CAT, CYD, DAN, EVE, FAY, ANN, OLD_ANN};
  static const char *const moves[] = {"uphold", "uphold", "refuse", "withdraw"};
  const char *lines[12];
  int64_t cases[60], due[12];
  int line_count = 0, case_count = 0;
  srand(7);
  for (int i = 0; i < 12; i++) {
    due[i] = 100 + rand() % 900;
    lines[line_count++] = paid(t, i % 3 ? ANN : OLD_ANN, due[i], i % 4 ? CLUB : TRUST);
  }
  for (int step = 0; step < 300; step++) {
    struct case_file file;
    int64_t id;
    if (rand() % 3 == 0 && case_count < 60) {
      struct case_actor ann = actor_of(t, ANN);
      if (open_as(t, &ann, "line-wrong", lines[rand() % line_count], &id) == DONE)
        cases[case_count++] = id;
      continue;
    }
    if (!case_count) continue;
    const struct case_fact right[] = {{"amount", span_of("1.00")}};
    int n = rand() % case_count;
    const char *move = moves[rand() % 4];
    (void)move_with(t, deciders[rand() % 7], cases[n], move, right,
                    rand() % 2 && strcmp(move, "uphold") == 0 ? 1 : 0, &file);
  }
  assert_int_equal(balance(t, OWNER_PERSON, ANN, "pence") +
                       balance(t, OWNER_PERSON, OLD_ANN, "pence") +
                       balance(t, OWNER_BODY, CLUB, "pence") +
                       balance(t, OWNER_BODY, TRUST, "pence"),
                   0);
  assert_sound(t);
}

int main(void) {
#define each(f) cmocka_unit_test_setup_teardown(f, new_town, close_town)
  const struct CMUnitTest tests[] = {
      each(a_wrong_line_is_taken_back),
      each(the_right_line_is_recorded_with_it),
      each(time_and_services_are_put_right_by_their_count),
      each(what_is_put_right_is_no_estimate),
      each(nothing_in_prices_is_estimated),
      each(bad_subjects_are_refused),
      each(a_helper_says_it_for_them),
      each(a_line_that_was_taken_back_meanwhile_is_left_alone),
      each(through_two_doors_a_line_is_taken_back_once),
      each(nobody_hears_a_complaint_about_what_they_did),
      each(whoever_had_the_case_does_not_answer_for_it),
      each(a_chain_of_complaints_is_read_to_its_end),
      each(an_upheld_complaint_opens_the_case_again),
      each(an_upheld_complaint_leaves_what_waits_anew),
      each(a_withdrawn_complaint_can_be_sent_again),
      each(a_hearing_is_held_by_others_and_awaited),
      each(a_complaint_about_a_look_is_not_for_who_looked),
      each(whoever_recorded_the_line_does_not_answer_for_it),
      each(every_case_about_the_line_is_looked_at),
      each(erasure_is_not_promised_while_a_hold_stands),
      each(a_line_shows_what_was_asked_about_it),
      each(a_refusal_has_a_next_step),
      each(any_sequence_leaves_the_book_balanced),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
