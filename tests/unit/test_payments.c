/* The kept totals of payments: after every step of a random history they are what a scan of the
 * lines gives; a posting that is not finished does not count; what is changed behind our back is
 * found, named and mended. */
#include "book/audit.h"
#include "book/bulk_call.h"
#include "book/figures.h"
#include "book/payment_totals.h"
#include "book/posting.h"
#include "book/reversal.h"
#include "fresh.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#include "calls.h"

enum { PAYERS = 3, PAYEES = 6, BODIES = PAYERS + PAYEES, CATEGORIES = 2, PLACES = 3 };
enum { YEAR_FIRST = 2022, YEARS = 3, STEPS = 60 };

static struct store *store;
static uint64_t seed;
static int64_t account_of[BODIES + 1], control_of[BODIES + 1]; /* by body */

static int below(int n) {
  seed = seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
  return (int)((seed >> 33) % (uint64_t)n);
}

static void new_book(void) {
  err = (struct error){0};
  store = fresh_store();
  ok(store_begin(store, STORE_WRITE, &err));
  ok(store_run(store,
               "insert into category (id, code, unit) values (1, 'roads', 'pence'), (2, 'care', "
               "'pence');"
               "insert into place (id, code, name, kind) values (1, 'T1', 'T', 'locality'), (2, "
               "'T2', 'T', 'locality');"
               "insert into body (id, code, name, kind) values (1, 'a', 'A', 'council'), (2, 'b', "
               "'B', 'council'), (3, 'c', 'C', 'council'), (4, 's4', 'D', 'supplier'), (5, 's5', "
               "'E', 'supplier'), (6, 's6', 'F', 'supplier'), (7, 's7', 'G', 'supplier'), (8, "
               "'s8', 'H', 'supplier'), (9, 's9', 'I', 'supplier');"
               "update head set category = 2, body = 9, place = 2;",
               &err));
  for (int64_t body = 1; body <= BODIES; body++) {
    struct account account = {.owner_kind = OWNER_BODY, .owner = body};
    ok(fresh_control(store, body, &control_of[body], &err));
    account_set_role(&account, "provider");
    account_set_unit(&account, "pence");
    if (body > PAYERS) ok(book_open_account(store, &account, FLOOR_NONE, &err));
    account_of[body] = account.id;
  }
  ok(store_commit(store, &err));
}

/* ---- what the lines come to, line by line, with figures_cancel ---- */

struct sums {
  wide_t amount[2][PAYERS + 1][PLACES][BODIES + 1];
  int64_t payments[2][PAYERS + 1][PLACES][BODIES + 1];
};

static void add(struct sums *s, int by, const struct payment_key *key, wide_t amount,
                int64_t payments) {
  assert_in_range(key->payer, 0, PAYERS);
  assert_in_range(key->place, 0, PLACES - 1);
  assert_in_range(key->what, 0, BODIES);
  s->amount[by][key->payer][key->place][key->what] += amount;
  s->payments[by][key->payer][key->place][key->what] += payments;
}

static void scan(int year, struct sums *out) {
  struct arena *arena = arena_new();
  struct reading reading;
  struct loaded_lines lines = {0};
  ok(book_reading(store, arena, &reading, &err));
  for (int64_t body = PAYERS + 1; body <= BODIES; body++) {
    ok(figures_load(&lines, store, &reading, &account_of[body], 1,
                    year_first_day(YEAR_FINANCIAL, year), year_last_day(YEAR_FINANCIAL, year),
                    &err));
    struct loaded_line **all = arena_array(arena, struct loaded_line *, lines.count + 1);
    for (size_t i = 0; i < lines.count; i++) all[i] = &lines.all[i];
    figures_cancel(all, lines.count);
    for (size_t i = 0; i < lines.count; i++) {
      const struct loaded_line *l = all[i];
      add(out, PAYMENTS_BY_CATEGORY, &(struct payment_key){0, year, l->body, l->place, l->category},
          l->amount, !l->cancelled);
      add(out, PAYMENTS_BY_PAYEE, &(struct payment_key){0, year, l->body, l->place, body},
          l->amount, !l->cancelled);
    }
  }
  figures_release(&lines);
  arena_free(arena);
}

static void take(void *context, const struct payment_total *total) {
  add(context, (int)total->key.by, &total->key, total->amount, total->payments);
}

static void assert_kept(void) {
  for (int year = YEAR_FIRST; year < YEAR_FIRST + YEARS; year++) {
    struct sums *scanned = memory_zeroed(1, sizeof *scanned),
                *kept = memory_zeroed(1, sizeof *kept);
    scan(year, scanned);
    for (int by = 0; by < 2; by++)
      ok(payment_totals_read(store, (enum payments_by)by, year, take, kept, &err));
    assert_memory_equal(scanned, kept, sizeof *kept);
    free(scanned);
    free(kept);
  }
}

/* ---- what happens ---- */

static struct line random_line(day_t *day) {
  *day = year_first_day(YEAR_FINANCIAL, YEAR_FIRST) + below(YEARS * 365);
  return (struct line){.amount = below(100000) - 10000,
                       .category = below(CATEGORIES) + 1,
                       .body = below(PAYERS) + 1,
                       .place = below(PLACES),
                       .day = *day};
}

static void post_some(void) {
  int64_t entry = 0;
  day_t day;
  const struct line first = random_line(&day);
  struct posting *p = posting_begin(store, day, "portal", "by hand");
  for (int i = below(3); i >= 0; i--) {
    struct line line = random_line(&(day_t){0});
    line.account = account_of[PAYERS + 1 + below(PAYEES)];
    posting_add(p, &line);
    posting_add(p, &(struct line){.account = control_of[first.body],
                                  .category = line.category,
                                  .amount = -line.amount});
  }
  ok(posting_commit(p, &entry, &err));
}

static enum status import_some(int rows, const struct bulk_hook *hook) {
  static uint8_t file_number;
  struct bulk *bulk = NULL;
  const struct bulk_options options = {
      .who = "test", .kind = "import", .progress = PROGRESS_NEVER, .hook = hook};
  struct bulk_file_facts facts = {.rows = rows};
  struct bulk_result result;
  uint64_t twice = 0;
  facts.digest.bytes[0] = ++file_number;
  err = (struct error){0};
  enum status status = bulk_open(&bulk, store, &options, &err);
  const int file = status == DONE ? bulk_file(bulk, "spend", "f.csv") : 0;
  for (int i = 0; status == DONE && i < rows; i++) {
    day_t day;
    struct bulk_row row = {.file = file, .line = (uint64_t)i + 2, .fields = random_line(&day)};
    row.account = bulk_body_account(bulk, PAYERS + 1 + below(PAYEES), ROLE_PAYMENTS, "pence");
    row.control = bulk_control(bulk, row.fields.body, "pence");
    status = bulk_add(bulk, 0, &row, &err);
  }
  if (status == DONE) status = bulk_file_end(bulk, file, &facts, &err);
  if (status == DONE) status = bulk_duplicates(bulk, NULL, NULL, &twice, &err);
  if (status == DONE) status = bulk_post(bulk, &result, &err);
  bulk_free(bulk);
  return status;
}

/* REFUSED where all of it is undone already. */
static void undo_some(void) {
  const int64_t entries = number_of(store, "select max(id) from entry"),
                imports = number_of(store, "select max(id) from import");
  struct reversal what = {.reason = "typo", .who = "officer", .on = DAY_NONE};
  struct reversal_result result;
  day_t day;
  (void)random_line(&day);
  if (below(2)) what.on = day;
  if (below(2) && imports > 0) what.import = below((int)imports) + 1;
  else if (entries > 0) what.entry = below((int)entries) + 1, what.line_no = below(2);
  else return;
  err = (struct error){0};
  const enum status status = reversal_post(store, &what, &result, &err);
  if (status != DONE && status != REFUSED) fail_msg("%s", err.message);
}

static void look_between(void *context, enum bulk_step done) {
  (void)context;
  if (done >= BULK_LINES_WRITTEN) assert_kept();
}

static void kept_are_those_of_a_scan(void **state) {
  (void)state;
  const struct bulk_hook hook = {look_between, NULL};
  seed = 17;
  new_book();
  for (int i = 0; i < STEPS; i++) {
    const int step = below(5);
    if (step < 2) post_some();
    else if (step == 2) ok(import_some(below(40) + 1, i % 4 ? NULL : &hook));
    else undo_some();
    if (i % 5 == 0) assert_kept();
  }
  assert_kept();
  assert_int_equal(0, number_of(store, "select count(*) from payment_total where entry <> 0"));
  store_close(store);
}

/* ---- imports that end early ---- */

static void make_void(void *context, enum bulk_step done) {
  (void)context;
  if (done == BULK_LINES_WRITTEN) ok(store_run(store, "update pending set state = 'void'", &err));
}

static void a_dead_import_leaves_no_total(void **state) {
  (void)state;
  const struct bulk_hook hook = {make_void, NULL};
  seed = 3;
  new_book();
  ok(import_some(20, NULL));
  const int64_t rows = number_of(store, "select count(*) from payment_total");
  assert_int_equal(FAILED, import_some(30, &hook));
  assert_int_equal(rows, number_of(store, "select count(*) from payment_total"));
  assert_kept();
  store_close(store);
}

/* As if the program had been killed between the finish and the last of the fold. */
static void a_fold_that_was_interrupted_goes_on(void **state) {
  (void)state;
  seed = 5;
  new_book();
  ok(import_some(30, NULL));
  ok(store_run(store, "update payment_total set entry = 1 where kind = 'payee'", &err));
  assert_kept();
  post_some();
  assert_kept();
  ok(import_some(10, NULL));
  assert_kept();
  assert_int_equal(0, number_of(store, "select count(*) from payment_total where entry <> 0"));
  store_close(store);
}

/* ---- sums past 64 bits ---- */

static void take_sum(void *context, const struct payment_total *total) {
  *(wide_t *)context += total->amount;
}

static void sums_past_64_bits_are_exact(void **state) {
  (void)state;
  new_book();
  const wide_t most = INT64_MAX;
  for (int sign = 1; sign >= -1; sign -= 2) {
    wide_t sum = 0;
    ok(store_begin(store, STORE_WRITE, &err));
    for (int i = 0; i < 3; i++) {
      struct payment_totals *t = payment_totals_new();
      for (int k = 0; k < 2; k++)
        payment_totals_add(t, &(struct payment){.payee = 4,
                                                .payer = 1,
                                                .category = 1,
                                                .amount = sign * INT64_MAX,
                                                .day = day_make(YEAR_FIRST, 5, 1),
                                                .undone_day = DAY_NONE});
      ok(payment_totals_post(t, store, &err));
      payment_totals_free(t);
    }
    ok(payment_totals_read(store, PAYMENTS_BY_PAYEE, YEAR_FIRST, take_sum, &sum, &err));
    assert_true(sum == 6 * sign * most);
    store_rollback(store);
  }
  store_close(store);
}

/* ---- payee after payee ---- */

static void what_is_taken_out_and_what_is_left_come_to_all(void **state) {
  (void)state;
  struct payment_totals *t = payment_totals_new();
  wide_t taken = 0, left = 0, all = 0;
  size_t count = 0;
  assert_null(payment_totals_take(t, 0));
  for (int i = 0; i < 600; i++) {
    const struct payment p = {.payee = i / 3 + 1,
                              .payer = i % 2,
                              .category = i % 5,
                              .amount = i,
                              .day = day_make(YEAR_FIRST, 5, 1),
                              .undone_day = DAY_NONE};
    payment_totals_add(t, &p);
    all += p.amount;
    struct payment_totals *full = payment_totals_take(t, 50);
    struct payment_total **totals = full ? payment_totals_sorted(full, &count) : NULL;
    for (size_t k = 0; full && k < count; k++) {
      assert_int_equal(PAYMENTS_BY_PAYEE, totals[k]->key.by);
      assert_true(totals[k]->key.what < p.payee);
      taken += totals[k]->amount;
    }
    payment_totals_free(full);
  }
  assert_true(taken > 0);
  struct payment_total **totals = payment_totals_sorted(t, &count);
  assert_true(count < 70);
  for (size_t k = 0; k < count; k++)
    if (totals[k]->key.by == PAYMENTS_BY_PAYEE) left += totals[k]->amount;
  assert_true(taken + left == all);
  payment_totals_free(t);
}

/* ---- the audit ---- */

static char said[1024];
static void hear(void *context, const char *sentence) {
  (void)context;
  snprintf(said, sizeof said, "%s", sentence);
}

static int64_t findings(void) {
  struct audit_result result;
  said[0] = 0;
  ok(audit_book(store, &(struct audit_options){.progress = PROGRESS_NEVER, .finding = hear},
                &result, &err));
  return result.findings;
}

static void assert_found(const char *sql, const char *words) {
  int64_t count = 0;
  ok(store_run(store, sql, &err));
  if (findings() != 1) fail_msg("%s: %s", sql, said);
  if (!strstr(said, words)) fail_msg("'%s' does not say '%s'", said, words);
  ok(payment_totals_rebuild(store, PROGRESS_NEVER, &count, &err));
  assert_int_equal(count, number_of(store, "select count(*) from payment_total"));
  if (findings()) fail_msg("%s", said);
  assert_kept();
}

static void what_was_changed_is_found_and_mended(void **state) {
  (void)state;
  int64_t entry = 0;
  new_book();
  struct posting *p = posting_begin(store, day_make(YEAR_FIRST, 5, 1), "portal", "by hand");
  posting_add(p,
              &(struct line){
                  .account = account_of[4], .category = 2, .amount = 700, .body = 1, .place = 2});
  posting_add(p, &(struct line){.account = control_of[1], .category = 2, .amount = -700});
  ok(posting_commit(p, &entry, &err));
  if (findings()) fail_msg("%s", said);
  assert_found("update payment_total set amount = 701 where kind = 'category'",
               "payments of 2022-23 by a in T2, category care: the kept total is 701 pence "
               "(payments: 1); the lines come to 700 pence (payments: 1).");
  assert_found("update payment_total set payments = 2 where kind = 'payee'",
               "to s4: the kept total is 700 pence (payments: 2)");
  assert_found("delete from payment_total where kind = 'payee'",
               "the kept total is 0 pence (payments: 0)");
  assert_found(
      "insert into payment_total (kind, year, payer, place, what, entry, billions, amount, "
      "payments) values ('payee', 2019, 1, 0, 5, 0, 2, 7, 1)",
      "payments of 2019-20 by a, to s5: the kept total is 2000000007 pence");
  store_close(store);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(kept_are_those_of_a_scan),
      cmocka_unit_test(a_dead_import_leaves_no_total),
      cmocka_unit_test(a_fold_that_was_interrupted_goes_on),
      cmocka_unit_test(sums_past_64_bits_are_exact),
      cmocka_unit_test(what_is_taken_out_and_what_is_left_come_to_all),
      cmocka_unit_test(what_was_changed_is_found_and_mended),
  };
  return cmocka_run_group_tests(tests, NULL, fresh_teardown);
}
