/* A row recorded by hand is posted like an import of it; a time contribution is a case, posted when
 * the other side confirms it, with exactly its minutes, once. */
#include "time/time.h"
#include "book/audit.h"
#include "book/pack_rows.h"
#include "book/posting.h"
#include "book/record.h"
#include "base/money.h"
#include "book/reversal.h"
#include "register/case_actor.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#include "uk_book.h"

enum { ANN = 1, BEN, CAI, DEE, EVE, PEOPLE = 5, CLUB = 1, NHS = 2 };

struct book {
  struct uk_book uk;
  struct record_terms terms;
  day_t today;
};

static int new_book(void **state) {
  struct book *b = memory_zeroed(1, sizeof *b);
  char sql[1000];
  struct codes *codes = NULL;
  b->today = day_make(2026, 3, 1);
  uk_book_open(&b->uk);
  snprintf(
      sql, sizeof sql,
      "insert into body (id, code, name, kind) values (1, 'club', 'The Club', 'charity'), (2, "
      "'nhs', 'A Trust', 'provider');"
      "insert into place (id, code, name, kind) values (1, 'E', 'England', 'nation');"
      "insert into party (id, kind, code, name, born) values (1, 'person', 'P1', 'Ann', 0), "
      "(2, 'person', 'P2', 'Ben', 0), (4, 'person', 'P4', 'Dee', 0), (5, 'person', 'P5', 'Eve', 0);"
      "insert into party (id, kind, code, name, born, died) values (3, 'person', 'P3', 'Cai', "
      "%d, %d);"
      "insert into alias (gone, keep, at, reason) values (4, 1, '2026-01-01T00:00:00Z', 'one "
      "person');"
      "update head set party = 5, body = 2, place = 1;"
      "insert into office (person, id, role, body, from_day, who, at) values (1, 1, 'staff', 1, "
      "0, '', ''), (2, 2, 'staff', 1, 0, '', ''), (5, 3, 'staff', 1, 0, '', '');"
      "insert into act_for (principal, id, agent, scope, what, from_day, at) values (1, 1, 2, "
      "'time', 'Ben', 0, '')",
      day_make(2000, 1, 1), day_make(2025, 12, 31));
  ok(store_run(b->uk.store, sql, &err));
  ok(book_open_people(b->uk.store, 1, PEOPLE, &err));
  ok(store_commit(b->uk.store, &err));
  ok(book_codes(b->uk.store, b->uk.arena, &codes, &err));
  b->terms = (struct record_terms){.pack = b->uk.pack, .codes = codes, .any_category = true};
  *state = b;
  return 0;
}

static int close_book(void **state) {
  struct book *b = *state;
  uk_book_close(&b->uk);
  free(b);
  return 0;
}

static void say_finding(void *context, const char *sentence) {
  (void)context;
  print_message("audit: %s\n", sentence);
}

static void assert_sound(struct book *b) {
  struct audit_options options = {.threads = 1, .progress = PROGRESS_NEVER, .finding = say_finding};
  struct audit_result result;
  ok(audit_book(b->uk.store, &options, &result, &err));
  assert_int_equal(result.findings, 0);
}

static int64_t balance(struct book *b, enum owner_kind kind, int64_t owner, const char *unit) {
  struct account *accounts = NULL;
  struct reading reading;
  int count = 0;
  wide_t sum = 0, amount = 0;
  ok(book_accounts_of(b->uk.store, b->uk.arena, kind, &owner, 1, &accounts, &count, &err));
  ok(book_reading(b->uk.store, b->uk.arena, &reading, &err));
  for (int i = 0; i < count; i++) {
    if (strcmp(accounts[i].unit, unit) != 0) continue;
    ok(book_balance(b->uk.store, &reading, accounts[i].id, DAY_LAST, &amount, &err));
    sum += amount;
  }
  assert_true(wide_shown(sum));
  return (int64_t)sum;
}

/* ---- one row ---- */

static enum status record(struct book *b, const struct record_row *row, struct recorded *out) {
  ok(store_begin(b->uk.store, STORE_WRITE, &err));
  enum status status = record_post(b->uk.store, &b->terms, row, out, &err);
  if (status == DONE) ok(store_commit(b->uk.store, &err));
  else store_rollback(b->uk.store);
  return status;
}

static const char *category_of(struct book *b, enum pack_side side) {
  for (int i = 0; i < b->uk.pack->category_count; i++)
    if (b->uk.pack->categories[i].side == side) return b->uk.pack->categories[i].code;
  fail_msg("no category");
  return NULL;
}

static void a_recorded_row_is_what_an_import_makes(void **state) {
  struct book *b = *state;
  struct recorded out;
  struct record_row tax = {.person = ANN,
                           .category = span_of(category_of(b, SIDE_CONTRIBUTION)),
                           .has_amount = true,
                           .amount = 1250,
                           .body = CLUB,
                           .day = b->today,
                           .reference = span_of("r1")};
  ok(record(b, &tax, &out));
  assert_int_equal(out.amount, -1250);
  assert_int_equal(balance(b, OWNER_PERSON, ANN, "pence"), -1250);
  /* its control account was opened */
  assert_int_equal(balance(b, OWNER_BODY, CLUB, "pence"), 1250);
  assert_int_equal(out.line_no, 1);
  struct record_row cash = {.person = ANN,
                            .category = span_of(category_of(b, SIDE_CASH)),
                            .has_amount = true,
                            .amount = 300,
                            .day = b->today,
                            .note = span_of("by hand")};
  ok(record(b, &cash, &out));
  assert_int_equal(balance(b, OWNER_PERSON, ANN, "pence"), -950);
  assert_int_equal(balance(b, OWNER_BOOK, 0, "pence"), -300); /* no body: the book's own */
  const struct pack_cost *cost = &b->uk.pack->costs[0];
  struct record_row use = {.person = BEN,
                           .category = span_of(cost->service->category->code),
                           .service = span_of(cost->service->code),
                           .has_quantity = true,
                           .quantity = 2500,
                           .body = NHS,
                           .day = year_first_day(YEAR_TAX, cost->year)};
  ok(record(b, &use, &out));
  int64_t worth = 0;
  assert_true(money_scale(2500, cost->cost_pence, 1000, &worth));
  assert_int_equal(out.amount, worth);
  assert_int_equal(out.cost_year, cost->year);
  assert_int_equal(balance(b, OWNER_PERSON, BEN, "pence"), worth);
  assert_sound(b);
}

static void a_wrong_row_is_refused_by_field(void **state) {
  struct book *b = *state;
  struct recorded out;
  const char *tax = category_of(b, SIDE_CONTRIBUTION), *given = category_of(b, SIDE_GIVEN);
  struct record_row row = {.person = ANN,
                           .category = span_of(tax),
                           .has_amount = true,
                           .amount = 1,
                           .body = CLUB,
                           .day = b->today,
                           .reference = span_of("once")};
  ok(record(b, &row, &out));
  refuses(record(b, &row, &out), "reference", "this reference of this body is posted already");
  row.body = NHS;
  ok(record(b, &row, &out)); /* the same reference of another body is allowed */
  struct record_row other = row;
  other.reference = span_of("x");
  other.category = span_of("no-such");
  refuses(record(b, &other, &out), "category", "");
  other.category = span_of(given);
  refuses(record(b, &other, &out), "amount", "takes minutes");
  other = row;
  other.has_quantity = true;
  refuses(record(b, &other, &out), "amount", "not both");
  other = row;
  other.person = 99;
  refuses(record(b, &other, &out), "person", "");
  other = row;
  other.reference = span_of("y");
  other.place = 77;
  refuses(record(b, &other, &out), "place", "no place");
  other.place = 0;
  other.body = 99;
  refuses(record(b, &other, &out), "body", "");
  struct record_row dead = {.person = CAI,
                            .category = span_of(given),
                            .has_quantity = true,
                            .quantity = 60,
                            .day = b->today};
  refuses(record(b, &dead, &out), "date", "died on 2025-12-31");
  dead.day = day_make(1999, 12, 31);
  refuses(record(b, &dead, &out), "date", "before the person was born");
  dead.category = span_of(tax), dead.has_quantity = false, dead.has_amount = true, dead.amount = 5,
  dead.day = b->today;
  ok(record(b, &dead, &out)); /* what was owed */
  assert_sound(b);
}

static void one_of_many_rows_in_a_transaction_is_undone_alone(void **state) {
  struct book *b = *state;
  struct recorded out;
  const char *tax = category_of(b, SIDE_CONTRIBUTION);
  char reference[16];
  ok(store_begin(b->uk.store, STORE_WRITE, &err));
  for (int i = 0; i < 60; i++) {
    /* every seventh is there already */
    snprintf(reference, sizeof reference, "r%d", i % 7 == 6 ? i - 1 : i);
    struct record_row row = {.person = 1 + i % 2,
                             .category = span_of(tax),
                             .has_amount = true,
                             .amount = 100,
                             .body = CLUB,
                             .day = b->today,
                             .reference = span_of(reference)};
    ok(store_savepoint(b->uk.store, &err));
    enum status status = record_post(b->uk.store, &b->terms, &row, &out, &err);
    assert_int_equal(status, i % 7 == 6 ? REFUSED : DONE);
    ok(status == DONE ? store_savepoint_release(b->uk.store, &err)
                      : store_savepoint_undo(b->uk.store, &err));
  }
  ok(store_commit(b->uk.store, &err));
  assert_int_equal(balance(b, OWNER_BODY, CLUB, "pence"), 52 * 100);
  assert_sound(b);
}

static enum status undo(struct book *b, const struct reversal_of_line *what, int64_t *entry) {
  ok(store_begin(b->uk.store, STORE_WRITE, &err));
  enum status status = reversal_line(b->uk.store, what, entry, &err);
  if (status == DONE) ok(store_commit(b->uk.store, &err));
  else store_rollback(b->uk.store);
  return status;
}

static void a_line_is_reversed_by_its_key_and_once(void **state) {
  struct book *b = *state;
  struct recorded out;
  struct reversal_result result;
  int64_t entry = 0;
  const struct pack_cost *cost = &b->uk.pack->costs[0];
  struct record_row row = {.person = BEN,
                           .category = span_of(cost->service->category->code),
                           .service = span_of(cost->service->code),
                           .has_quantity = true,
                           .quantity = 2500,
                           .body = NHS,
                           .day = b->today,
                           .reference = span_of("r")};
  ok(record(b, &row, &out));
  struct reversal_of_line what = {.account = out.account,
                                  .day = b->today,
                                  .entry = out.entry,
                                  .line_no = out.line_no,
                                  .body = CLUB,
                                  .on = DAY_NONE,
                                  .reason = "a slip"};
  refuses(undo(b, &what, &entry), "", "no such line"); /* another body's */
  what.body = NHS;
  what.reason = "";
  refuses(undo(b, &what, &entry), "reason", "needs a reason");
  what.reason = "a slip";
  struct reversal_of_line control = what;
  struct account *accounts = NULL;
  int count = 0;
  int64_t nhs = NHS;
  ok(book_accounts_of(b->uk.store, b->uk.arena, OWNER_BODY, &nhs, 1, &accounts, &count, &err));
  control.account = accounts[0].id, control.line_no = 3 - out.line_no, control.body = 0;
  refuses(undo(b, &control, &entry), "", "control line");
  ok(undo(b, &what, &entry));
  assert_int_equal(balance(b, OWNER_PERSON, BEN, "pence"), 0);
  assert_int_equal(balance(b, OWNER_BODY, NHS, "pence"), 0);
  refuses(undo(b, &what, &entry), "", "reversed already");
  struct reversal again = {
      .entry = out.entry, .line_no = out.line_no, .on = DAY_NONE, .reason = "again", .who = "test"};
  /* the other function sees it too */
  refuses(reversal_post(b->uk.store, &again, &result, &err), "", "reversed already");
  what.entry = entry;
  refuses(undo(b, &what, &entry), "", "is a reversal");
  /* the reference of a reversed line remains used, as with files */
  refuses(record(b, &row, &out), "reference", "posted already");
  row.reference = span_of("s");
  ok(record(b, &row, &out));
  again.entry = out.entry, again.line_no = out.line_no;
  ok(reversal_post(b->uk.store, &again, &result, &err)); /* and the other way round */
  what.entry = out.entry, what.line_no = out.line_no;
  refuses(undo(b, &what, &entry), "", "reversed already");
  assert_sound(b);
}

/* ---- time ---- */

static const struct case_handler *const handlers[] = {&time_case_handler, NULL};

static struct case_desk desk_of(struct book *b) {
  return (struct case_desk){
      .pack = b->uk.pack, .handlers = handlers, .today = b->today, .terms = &b->terms};
}

static enum status commit_or_not(struct book *b, enum status status) {
  if (status == DONE) ok(store_commit(b->uk.store, &err));
  else store_rollback(b->uk.store);
  return status;
}

/* Time that somebody gave, as it is entered. */
struct entered {
  int64_t person, by, minutes, body, other;
  day_t day;
  const char *category;
};

static enum status propose(struct book *b, const struct entered *g, int64_t *id) {
  struct case_desk desk = desk_of(b);
  struct case_actor actor;
  char date[11], minutes[24];
  snprintf(minutes, sizeof minutes, "%lld", (long long)g->minutes);
  const struct case_fact facts[] = {{"category", span_of(g->category)},
                                    {"date", span_of(day_write(g->day, date))},
                                    {"minutes", span_of(minutes)},
                                    {"note", span_of("sorting")}};
  struct case_opening opening = {.kind = TIME_GIVEN,
                                 .party = g->person,
                                 .to_body = g->body,
                                 .to_person = g->other,
                                 .facts = facts,
                                 .fact_count = 4};
  ok(store_begin(b->uk.store, STORE_WRITE, &err));
  ok(register_case_actor(b->uk.store, b->uk.arena, g->by, b->today, "id:P", &actor, &err));
  if (g->by != g->person)
    ok(register_case_helper(b->uk.store, b->uk.arena, &actor, g->person, b->today, &err));
  return commit_or_not(b, case_open(b->uk.store, b->uk.arena, &desk, &actor, &opening, id, &err));
}

static enum status move(struct book *b, int64_t id, const char *word, int64_t by,
                        const char *words) {
  struct case_desk desk = desk_of(b);
  struct case_actor actor;
  struct case_file file;
  const struct case_motion motion = {.id = id, .move = word, .words = span_of(words)};
  ok(store_begin(b->uk.store, STORE_WRITE, &err));
  ok(register_case_actor(b->uk.store, b->uk.arena, by, b->today, "id:P", &actor, &err));
  return commit_or_not(b, case_move(b->uk.store, b->uk.arena, &desk, &actor, &motion, &file, &err));
}

static enum status confirm(struct book *b, int64_t id, int64_t by) {
  return move(b, id, "confirm", by, "");
}

static struct entered entry_of(struct book *b, int64_t minutes) {
  return (struct entered){.person = ANN,
                          .by = ANN,
                          .category = category_of(b, SIDE_GIVEN),
                          .day = b->today - 1,
                          .minutes = minutes,
                          .body = CLUB};
}

static struct case_file case_of(struct book *b, int64_t id) {
  struct case_desk desk = desk_of(b);
  struct case_actor actor;
  struct case_file file = {0};
  ok(register_case_actor(b->uk.store, b->uk.arena, ANN, b->today, "id:P", &actor, &err));
  ok(case_one(b->uk.store, b->uk.arena, &desk, &actor, id, &file, &err));
  return file;
}

static void only_confirmed_time_is_in_the_account(void **state) {
  struct book *b = *state;
  struct case_file file;
  struct time_given given;
  int64_t id = 0, second = 0, third = 0;
  struct entered g = entry_of(b, 90);
  ok(propose(b, &g, &id));
  ok(propose(b, &g, &second));
  ok(propose(b, &g, &third));
  assert_int_equal(balance(b, OWNER_PERSON, ANN, "minutes"), 0);
  ok(confirm(b, id, BEN));
  assert_int_equal(balance(b, OWNER_PERSON, ANN, "minutes"), -90);
  assert_int_equal(balance(b, OWNER_BODY, CLUB, "minutes"), 90);
  refused("", confirm(b, id, BEN)); /* once */
  refused("", move(b, id, "withdraw", ANN, ""));
  refused("words", move(b, second, "decline", BEN, ""));
  ok(move(b, second, "decline", BEN, "nobody saw it"));
  ok(move(b, third, "withdraw", ANN, ""));
  refused("", confirm(b, third, BEN));
  assert_string_equal(case_of(b, third).state_word, "withdrawn");
  assert_string_equal(case_of(b, second).answer, "nobody saw it");
  file = case_of(b, id);
  assert_string_equal(file.state_word, "done");
  assert_int_equal(strncmp(file.result, "line:", 5), 0);
  ok(time_given_of(&file, &given, &err));
  assert_int_equal(given.minutes, 90);
  assert_int_equal(given.day, g.day);
  assert_true(span_is(given.note, "sorting"));
  assert_int_equal(number_of(b->uk.store, "select count(*) from line"), 2);
  assert_sound(b);
}

static void merge_ben_into_ann(struct book *b) {
  ok(store_begin(b->uk.store, STORE_WRITE, &err));
  ok(store_run(b->uk.store, "insert into alias (gone, keep, at, reason) values (2, 1, '', '')",
               &err));
  ok(store_commit(b->uk.store, &err));
}

static void nobody_confirms_their_own(void **state) {
  struct book *b = *state;
  int64_t id = 0;
  struct entered g = entry_of(b, 60);
  ok(propose(b, &g, &id));
  refused("", confirm(b, id, ANN)); /* though of the club's staff */
  refused("", confirm(b, id, DEE)); /* a second record of hers */
  refused("", confirm(b, id, CAI)); /* of no body */
  g.by = BEN;                       /* her helper enters it */
  ok(propose(b, &g, &id));
  refused("", confirm(b, id, BEN));
  ok(move(b, id, "withdraw", ANN, ""));
  g.person = BEN, g.by = ANN; /* whom she does not help */
  refused("", propose(b, &g, &id));
  g = entry_of(b, 60);
  g.body = 0, g.other = ANN;
  refused("to", propose(b, &g, &id));
  g.other = DEE;
  refused("to", propose(b, &g, &id));
  g.other = BEN;
  ok(propose(b, &g, &id));
  ok(confirm(b, id, BEN));
  assert_int_equal(balance(b, OWNER_BOOK, 0, "minutes"), 60);
  /* who was to confirm it turns out to be the giver */
  ok(propose(b, &g, &id));
  merge_ben_into_ann(b);
  refused("", confirm(b, id, BEN));
  assert_sound(b);
}

/* What was entered under a record that is merged now is confirmed, and shares the day's hours. */
static void time_of_a_merged_record_is_confirmed(void **state) {
  struct book *b = *state;
  int64_t id = 0, second = 0, third = 0;
  struct entered g = entry_of(b, 900);
  ok(propose(b, &g, &id));
  g.person = g.by = BEN;
  ok(propose(b, &g, &second));
  g.minutes = 540;
  ok(propose(b, &g, &third));
  merge_ben_into_ann(b);
  refused("", confirm(b, third, ANN));
  refused("", confirm(b, id, BEN));
  ok(confirm(b, id, EVE));
  refuses(confirm(b, second, EVE), "minutes", "24 hours");
  ok(confirm(b, third, EVE));
  assert_int_equal(balance(b, OWNER_PERSON, ANN, "minutes"), -900);
  assert_int_equal(balance(b, OWNER_PERSON, BEN, "minutes"), -540);
  assert_sound(b);
}

static void nobody_confirms_after_their_role_has_ended(void **state) {
  struct book *b = *state;
  int64_t id = 0;
  struct entered g = entry_of(b, 60);
  ok(propose(b, &g, &id));
  ok(store_begin(b->uk.store, STORE_WRITE, &err));
  ok(store_run(b->uk.store, "update office set to_day = 1 where person = 2", &err));
  ok(store_commit(b->uk.store, &err));
  refused("", confirm(b, id, BEN));
  assert_true(case_of(b, id).waits);
  assert_int_equal(balance(b, OWNER_PERSON, ANN, "minutes"), 0);
}

static void a_day_has_twenty_four_hours(void **state) {
  struct book *b = *state;
  struct recorded out;
  int64_t id = 0, second = 0;
  struct entered g = entry_of(b, 1441);
  refuses(propose(b, &g, &id), "minutes", "24 hours");
  g.minutes = 0;
  refuses(propose(b, &g, &id), "minutes", "one minute");
  g.minutes = 1000;
  ok(propose(b, &g, &id));
  g.minutes = 441;
  refuses(propose(b, &g, &second), "minutes", "24 hours");
  g.minutes = 440;
  ok(propose(b, &g, &second));
  ok(confirm(b, id, BEN));
  g.minutes = 1;
  /* confirmed minutes count together with those that wait */
  refuses(propose(b, &g, &id), "minutes", "24 hours");
  /* from elsewhere, meanwhile: under her second record */
  struct record_row file = {.person = DEE,
                            .category = span_of(g.category),
                            .has_quantity = true,
                            .quantity = 30,
                            .day = g.day};
  ok(record(b, &file, &out));
  refuses(confirm(b, second, BEN), "minutes", "24 hours");
  assert_true(case_of(b, second).waits);
  assert_int_equal(balance(b, OWNER_PERSON, ANN, "minutes"), -1000);
  g = entry_of(b, 10);
  g.day = b->today + 1;
  refuses(propose(b, &g, &id), "date", "still to come");
  g.day = b->today - TIME_BACK_DAYS - 1;
  refuses(propose(b, &g, &id), "date", "a year ago");
  g.day = b->today, g.person = g.by = CAI;
  refuses(propose(b, &g, &id), "date", "died");
  g = entry_of(b, 10);
  g.category = category_of(b, SIDE_CASH);
  refuses(propose(b, &g, &id), "category", "kind of time");
  g = entry_of(b, 10);
  g.other = BEN;
  refused("to", propose(b, &g, &id));
  g.other = 0, g.body = 99;
  refuses(propose(b, &g, &id), "to", "no such organisation");
  g.body = 0, g.other = 99, g.day -= 5; /* whether somebody is registered is not told */
  ok(propose(b, &g, &id));
  assert_int_equal(case_of(b, id).to_person, TIME_TO_NOBODY);
  assert_sound(b);
}

/* Only so many wait; what a helper entered for others does not count as theirs. */
static void so_many_entries_wait(void **state) {
  struct book *b = *state;
  int64_t id = 0;
  struct entered g = entry_of(b, 1), own = entry_of(b, 1440);
  own.person = own.by = BEN;
  g.by = BEN;
  for (int i = 0; i < TIME_WAITING_MOST; i++) {
    g.day = b->today - i;
    ok(propose(b, &g, &id));
  }
  refuses(propose(b, &g, &id), "", "Too many entries");
  ok(propose(b, &own, &id));
  ok(move(b, 1, "withdraw", ANN, ""));
  ok(propose(b, &g, &id));
  assert_int_equal(id, TIME_WAITING_MOST + 2);
}

/* After any proposals, confirmations, refusals and withdrawals, the accounts hold the sum of the
 * confirmed minutes, and no day has more than 24 hours. */
static void the_account_is_the_sum_of_confirmed_time(void **state) {
  struct book *b = *state;
  uint64_t seed = 20260301;
  int64_t id = 0, all = 0, sum[PEOPLE + 1] = {0};
  int64_t days[PEOPLE + 1][9] = {{0}};
  for (int i = 0; i < 400; i++) {
    seed = seed * 6364136223846793005u + 1442695040888963407u;
    unsigned r = (unsigned)(seed >> 33), ago = r / 1400 % 9;
    struct entered g = entry_of(b, 1 + r % 700);
    g.person = g.by = 1 + r / 700 % 2;
    g.day = b->today - (day_t)ago;
    if (r / 12600 % 3 == 0) g.body = 0, g.other = 3 - g.person;
    int64_t by = r / 37800 % 4 ? 3 - g.person : g.person;
    enum status status = propose(b, &g, &id);
    assert_true(status == DONE || status == REFUSED);
    if (status != DONE) continue;
    if (r / 151200 % 5 == 0) ok(move(b, id, "withdraw", g.person, ""));
    status = confirm(b, id, by);
    assert_true(status == DONE || status == REFUSED);
    if (status != DONE) continue;
    all++;
    sum[g.person] += g.minutes;
    days[g.person][ago] += g.minutes;
    assert_true(days[g.person][ago] <= TIME_DAY_MINUTES);
  }
  for (int64_t person = ANN; person <= BEN; person++) {
    assert_true(sum[person] > 0);
    assert_int_equal(balance(b, OWNER_PERSON, person, "minutes"), -sum[person]);
  }
  assert_int_equal(number_of(b->uk.store, "select count(distinct result) from case_file where "
                                          "state = 'done'"),
                   all);
  assert_int_equal(number_of(b->uk.store, "select count(*) from case_file c where state = 'done' "
                                          "and not exists (select 1 from line l where c.result = "
                                          "'line:' || l.entry || ':' || l.n)"),
                   0);
  assert_sound(b);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test_setup_teardown(a_recorded_row_is_what_an_import_makes, new_book, close_book),
      cmocka_unit_test_setup_teardown(a_wrong_row_is_refused_by_field, new_book, close_book),
      cmocka_unit_test_setup_teardown(one_of_many_rows_in_a_transaction_is_undone_alone, new_book,
                                      close_book),
      cmocka_unit_test_setup_teardown(a_line_is_reversed_by_its_key_and_once, new_book, close_book),
      cmocka_unit_test_setup_teardown(only_confirmed_time_is_in_the_account, new_book, close_book),
      cmocka_unit_test_setup_teardown(nobody_confirms_their_own, new_book, close_book),
      cmocka_unit_test_setup_teardown(nobody_confirms_after_their_role_has_ended, new_book,
                                      close_book),
      cmocka_unit_test_setup_teardown(time_of_a_merged_record_is_confirmed, new_book, close_book),
      cmocka_unit_test_setup_teardown(so_many_entries_wait, new_book, close_book),
      cmocka_unit_test_setup_teardown(a_day_has_twenty_four_hours, new_book, close_book),
      cmocka_unit_test_setup_teardown(the_account_is_the_sum_of_confirmed_time, new_book,
                                      close_book),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
