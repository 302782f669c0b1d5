/* A row recorded by hand is posted like an import of it; a time contribution is posted when the
 * other side confirms it, with exactly its minutes, once. */
#include "time/time.h"
#include "book/audit.h"
#include "book/pack_rows.h"
#include "book/posting.h"
#include "base/money.h"
#include "book/reversal.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#include "uk_book.h"

enum { ANN = 1, BEN, CAI, DEE, PEOPLE = 4, CLUB = 1, NHS = 2 };

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
  snprintf(sql, sizeof sql,
           "insert into body (id, code, name, kind) values (1, 'club', 'The Club', 'charity'), (2, "
           "'nhs', 'A Trust', 'provider');"
           "insert into place (id, code, name, kind) values (1, 'E', 'England', 'nation');"
           "insert into party (id, kind, code, name, born) values (1, 'person', 'P1', 'Ann', 0), "
           "(2, 'person', 'P2', 'Ben', 0), (4, 'person', 'P4', 'Dee', 0);"
           "insert into party (id, kind, code, name, born, died) values (3, 'person', 'P3', 'Cai', "
           "%d, %d);"
           "insert into alias (gone, keep, at, reason) values (4, 1, '2026-01-01T00:00:00Z', 'one "
           "person');"
           "update head set party = 4, body = 2, place = 1",
           day_make(2000, 1, 1), day_make(2025, 12, 31));
  ok(store_run(b->uk.store, sql, &err));
  ok(book_open_people(b->uk.store, 1, PEOPLE, &err));
  ok(store_commit(b->uk.store, &err));
  ok(book_codes(b->uk.store, b->uk.arena, &codes, &err));
  b->terms = (struct record_terms){b->uk.pack, codes};
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

static enum status propose(struct book *b, const struct time_proposal *g, int64_t *id) {
  ok(store_begin(b->uk.store, STORE_WRITE, &err));
  enum status status = time_propose(b->uk.store, &b->terms, g, id, &err);
  if (status == DONE) ok(store_commit(b->uk.store, &err));
  else store_rollback(b->uk.store);
  return status;
}

static enum status confirm(struct book *b, int64_t id, int64_t body, int64_t other, int64_t by,
                           struct recorded *out) {
  struct time_answer answer = {
      .id = id, .body = body, .other = other, .by = by, .who = "id:P2", .today = b->today};
  ok(store_begin(b->uk.store, STORE_WRITE, &err));
  enum status status = time_confirm(b->uk.store, &b->terms, &answer, out, &err);
  if (status == DONE) ok(store_commit(b->uk.store, &err));
  else store_rollback(b->uk.store);
  return status;
}

static struct time_proposal proposal(struct book *b, int64_t minutes) {
  return (struct time_proposal){.person = ANN,
                                .by = ANN,
                                .category = span_of(category_of(b, SIDE_GIVEN)),
                                .day = b->today - 1,
                                .minutes = minutes,
                                .body = CLUB,
                                .note = span_of("sorting"),
                                .today = b->today};
}

static void only_confirmed_time_is_in_the_account(void **state) {
  struct book *b = *state;
  struct recorded out;
  struct time_contribution *all = NULL;
  struct time_list_page page = {0};
  int count = 0;
  int64_t id = 0, second = 0, third = 0, total = 0;
  struct time_proposal g = proposal(b, 90);
  ok(propose(b, &g, &id));
  ok(propose(b, &g, &second));
  ok(propose(b, &g, &third));
  assert_int_equal(balance(b, OWNER_PERSON, ANN, "minutes"), 0);
  ok(time_waiting_for_body(b->uk.store, b->uk.arena, CLUB, &page, &all, &count, &total, &err));
  assert_int_equal(count, 3);
  assert_int_equal(all[0].id, id);
  assert_string_equal(all[0].person_name, "Ann");
  assert_string_equal(all[0].body_name, "The Club");
  ok(confirm(b, id, CLUB, 0, BEN, &out));
  assert_int_equal(balance(b, OWNER_PERSON, ANN, "minutes"), -90);
  assert_int_equal(balance(b, OWNER_BODY, CLUB, "minutes"), 90);
  refuses(confirm(b, id, CLUB, 0, BEN, &out), "", "still waits");    /* once */
  refuses(confirm(b, second, NHS, 0, BEN, &out), "", "still waits"); /* another body's */
  ok(store_begin(b->uk.store, STORE_WRITE, &err));
  struct time_answer answer = {
      .id = second, .body = CLUB, .by = BEN, .who = "id:P2", .today = b->today};
  refuses(time_refuse(b->uk.store, &answer, span_of(""), &err), "reason", "Say why");
  ok(time_refuse(b->uk.store, &answer, span_of("nobody saw it"), &err));
  ok(time_withdraw(b->uk.store, ANN, third, &err));
  refuses(time_withdraw(b->uk.store, ANN, id, &err), "", "still waits");
  ok(store_commit(b->uk.store, &err));
  ok(time_list_of(b->uk.store, b->uk.arena, ANN, &page, &all, &count, &total, &err));
  assert_int_equal(count, 3);
  assert_int_equal(all[0].state, TIME_WITHDRAWN);
  assert_int_equal(all[1].state, TIME_REFUSED);
  assert_string_equal(all[1].answer, "nobody saw it");
  assert_int_equal(all[2].state, TIME_CONFIRMED);
  assert_int_equal(all[2].entry, out.entry ? all[2].entry : 0);
  assert_true(all[2].entry > 0 && all[2].line_no > 0);
  assert_sound(b);
}

static void nobody_confirms_their_own(void **state) {
  struct book *b = *state;
  struct recorded out;
  int64_t id = 0;
  struct time_proposal g = proposal(b, 60);
  ok(propose(b, &g, &id));
  /* though of the club's staff */
  refuses(confirm(b, id, CLUB, 0, ANN, &out), "", "their own time");
  refuses(confirm(b, id, CLUB, 0, DEE, &out), "", "their own time"); /* a second record of hers */
  g.by = BEN;                                                        /* her helper enters it */
  ok(propose(b, &g, &id));
  refuses(confirm(b, id, CLUB, 0, BEN, &out), "", "entered this yourself");
  g = proposal(b, 60);
  g.body = 0, g.other = ANN;
  refuses(propose(b, &g, &id), "other", "their own time");
  g.other = DEE;
  refuses(propose(b, &g, &id), "other", "their own time");
  g.other = BEN;
  ok(propose(b, &g, &id));
  struct time_contribution *all = NULL;
  int count = 0;
  int64_t total = 0;
  ok(time_waiting_for_person(b->uk.store, b->uk.arena, BEN, &(struct time_list_page){0}, &all,
                             &count, &total, &err));
  assert_int_equal(count, 1);
  assert_string_equal(all[0].other_name, "Ben");
  ok(confirm(b, id, 0, BEN, BEN, &out));
  assert_int_equal(balance(b, OWNER_BOOK, 0, "minutes"), 60);
  assert_sound(b);
}

static void a_day_has_twenty_four_hours(void **state) {
  struct book *b = *state;
  struct recorded out;
  int64_t id = 0, second = 0;
  struct time_proposal g = proposal(b, 1441);
  refuses(propose(b, &g, &id), "minutes", "24 hours");
  g.minutes = 0;
  refuses(propose(b, &g, &id), "minutes", "one minute");
  g.minutes = 1000;
  ok(propose(b, &g, &id));
  g.minutes = 441;
  refuses(propose(b, &g, &second), "minutes", "24 hours");
  g.minutes = 440;
  ok(propose(b, &g, &second));
  ok(confirm(b, id, CLUB, 0, BEN, &out));
  g.minutes = 1;
  /* confirmed minutes count together with those that wait */
  refuses(propose(b, &g, &id), "minutes", "24 hours");
  /* from elsewhere, meanwhile */
  struct record_row file = {
      .person = ANN, .category = g.category, .has_quantity = true, .quantity = 30, .day = g.day};
  ok(record(b, &file, &out));
  refuses(confirm(b, second, CLUB, 0, BEN, &out), "minutes", "24 hours");
  assert_int_equal(balance(b, OWNER_PERSON, ANN, "minutes"), -1030);
  g = proposal(b, 10);
  g.day = b->today + 1;
  refuses(propose(b, &g, &id), "date", "still to come");
  g.day = b->today - TIME_BACK_DAYS - 1;
  refuses(propose(b, &g, &id), "date", "a year ago");
  g.day = b->today, g.person = g.by = CAI;
  refuses(propose(b, &g, &id), "date", "died");
  g = proposal(b, 10);
  g.category = span_of(category_of(b, SIDE_CASH));
  refuses(propose(b, &g, &id), "category", "kind of time");
  g = proposal(b, 10);
  g.other = BEN;
  refuses(propose(b, &g, &id), "body", "one of the two");
  assert_sound(b);
}

/* After any proposals, confirmations, refusals and withdrawals, the accounts hold the sum of the
 * confirmed minutes, and no day has more than 24 hours. */
static void the_account_is_the_sum_of_confirmed_time(void **state) {
  struct book *b = *state;
  uint64_t seed = 20260301;
  struct recorded out;
  int64_t id = 0;
  for (int i = 0; i < 400; i++) {
    seed = seed * 6364136223846793005u + 1442695040888963407u;
    unsigned r = (unsigned)(seed >> 33);
    struct time_proposal g = proposal(b, 1 + r % 700);
    g.person = g.by = 1 + r / 700 % 2;
    g.day = b->today - (day_t)(r / 1400 % 9);
    if (r / 12600 % 3 == 0) g.body = 0, g.other = 3 - g.person;
    int64_t by = r / 37800 % 4 ? 3 - g.person : g.person;
    enum status status = propose(b, &g, &id);
    assert_true(status == DONE || status == REFUSED);
    if (status != DONE) continue;
    if (r / 151200 % 5 == 0) {
      ok(store_begin(b->uk.store, STORE_WRITE, &err));
      ok(time_withdraw(b->uk.store, g.person, id, &err));
      ok(store_commit(b->uk.store, &err));
    }
    status = confirm(b, id, g.body, g.other, by, &out);
    assert_true(status == DONE || status == REFUSED);
  }
  int64_t most = 0;
  for (int64_t person = ANN; person <= BEN; person++) {
    struct query *q = NULL;
    bool row = false;
    ok(store_query(b->uk.store, &q,
                   "select coalesce(sum(minutes), 0), count(*), count(distinct entry) from given "
                   "where person = ?1 and state = 'confirmed'",
                   &err));
    query_bind_int(q, 1, person);
    ok(query_step(q, &row, &err));
    int64_t sum = query_int(q, 0), count = query_int(q, 1), entries = query_int(q, 2);
    query_end(q);
    assert_true(sum > 0);
    assert_int_equal(count, entries);
    assert_int_equal(balance(b, OWNER_PERSON, person, "minutes"), -sum);
  }
  ok(store_int(
      b->uk.store,
      "select count(*) from given g where state = 'confirmed' and not exists (select 1 from line l "
      "where l.entry = g.entry and l.n = g.n and l.amount = -g.minutes and l.day = g.day)",
      0, &most, &err));
  assert_int_equal(most, 0);
  ok(store_int(b->uk.store,
               "select coalesce(max(minutes), 0) from (select sum(minutes) as minutes from given "
               "where state = 'confirmed' group by person, day) d",
               0, &most, &err));
  assert_true(most <= TIME_DAY_MINUTES);
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
      cmocka_unit_test_setup_teardown(a_day_has_twenty_four_hours, new_book, close_book),
      cmocka_unit_test_setup_teardown(the_account_is_the_sum_of_confirmed_time, new_book,
                                      close_book),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
