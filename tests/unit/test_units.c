/* Units and roles of accounts are rows: amounts of a third unit are posted by hand and undone, are
 * in no other unit's account, and the audit handles any number of units. */
#include "book/audit.h"
#include "book/bulk.h"
#include "book/pack_rows.h"
#include "book/posting.h"
#include "book/record.h"
#include "book/reversal.h"
#include "fresh.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#include "calls.h"

#include <dirent.h>
#include <unistd.h>

enum { ANN = 1, BEN, PEOPLE = 2, CLUB = 1, PATH_SIZE = 1024 };

static char pack_dir[] = "/tmp/weal-test-units-XXXXXX";
static struct store *store;
static struct pack *pack;
static struct codes *codes;
static struct arena *arena;
static struct record_terms terms;

/* ---- a copy of the policy pack with rows of ours ---- */

static void copy_file(const char *from, const char *name, const char *rows) {
  char path[PATH_SIZE], buffer[4096];
  snprintf(path, sizeof path, "%s/%s", from, name);
  FILE *in = fopen(path, "rb");
  snprintf(path, sizeof path, "%s/%s", pack_dir, name);
  FILE *out = fopen(path, "wb");
  assert_non_null(in);
  assert_non_null(out);
  for (size_t n; (n = fread(buffer, 1, sizeof buffer, in)) > 0;) fwrite(buffer, 1, n, out);
  fputs(rows, out);
  fclose(in);
  fclose(out);
}

/* A pack without kinds of case has no claims. */
static bool is_copied(const char *name) {
  return strstr(name, ".csv") && strcmp(name, "claims.csv") != 0 &&
         strcmp(name, "disputes.csv") != 0;
}

static void make_pack(const char *units, const char *roles, const char *categories) {
  DIR *dir = opendir(fresh_uk_pack());
  assert_non_null(dir);
  for (struct dirent *entry; (entry = readdir(dir));) {
    const char *name = entry->d_name, *rows = strcmp(name, "units.csv") == 0        ? units
                                              : strcmp(name, "roles.csv") == 0      ? roles
                                              : strcmp(name, "categories.csv") == 0 ? categories
                                                                                    : "";
    if (is_copied(name)) copy_file(fresh_uk_pack(), name, rows);
  }
  closedir(dir);
  ok(pack_open(&pack, pack_dir, &err));
}

#define SHARES \
  "shares,Shares,Cyfranddaliadau,count,3,,share,shares,cyfranddaliad,cyfranddaliad,a test\n"
#define ESCROW "escrow,person,,,,no,what is kept aside until both sides agree\n"
#define STAKE \
  "stake,A stake,Cyfran,transfer,shares,holdings,,,,,no,no,no,no,a test\nstake-returned,A stake " \
  "returned,Cyfran a ddychwelwyd,contribution,shares,holdings,,,,,no,no,no,no,a test\n"

static int new_book(void **state) {
  (void)state;
  memcpy(pack_dir + strlen(pack_dir) - 6, "XXXXXX", 6);
  assert_non_null(mkdtemp(pack_dir));
  arena = arena_new();
  store = fresh_store();
  make_pack(SHARES, ESCROW, STAKE);
  ok(store_begin(store, STORE_WRITE, &err));
  ok(book_sync_pack(store, pack, &err));
  ok(store_run(store,
               "insert into body (id, code, name, kind) values (1, 'club', 'The Club', 'charity');"
               "insert into party (id, kind, code, name, born) values (1, 'person', 'P1', 'Ann', "
               "0), (2, 'person', 'P2', 'Ben', 0);"
               "update head set party = 2, body = 1",
               &err));
  ok(book_open_people(store, 1, PEOPLE, &err));
  ok(store_commit(store, &err));
  ok(book_codes(store, arena, &codes, &err));
  terms = (struct record_terms){.pack = pack, .codes = codes, .any_category = true};
  return 0;
}

static int close_book(void **state) {
  char path[PATH_SIZE];
  (void)state;
  store_close(store);
  pack_close(pack);
  arena_free(arena);
  fresh_remove();
  DIR *dir = opendir(pack_dir);
  for (struct dirent *entry; dir && (entry = readdir(dir));) {
    snprintf(path, sizeof path, "%s/%s", pack_dir, entry->d_name);
    if (strstr(entry->d_name, ".csv")) unlink(path);
  }
  closedir(dir);
  rmdir(pack_dir);
  return 0;
}

/* ---- asking ---- */

static char said[8192];

static void keep_finding(void *context, const char *sentence) {
  (void)context;
  size_t at = strlen(said);
  snprintf(said + at, sizeof said - at, "%s\n", sentence);
}

static int64_t findings(void) {
  struct audit_options options = {.threads = 2,
                                  .progress = PROGRESS_NEVER,
                                  .finding = keep_finding};
  struct audit_result result;
  said[0] = 0;
  ok(audit_book(store, &options, &result, &err));
  return result.findings;
}

static void assert_sound(void) {
  if (findings()) fail_msg("%s", said);
}

static int accounts_in(enum owner_kind kind, int64_t owner, const char *role, const char *unit,
                       int64_t *id) {
  struct account *accounts = NULL;
  int count = 0, found = 0;
  ok(book_accounts_of(store, arena, kind, &owner, 1, &accounts, &count, &err));
  for (int i = 0; i < count; i++) {
    if (strcmp(accounts[i].unit, unit) != 0 || strcmp(accounts[i].role, role) != 0) continue;
    if (id && !found) *id = accounts[i].id;
    found++;
  }
  return found;
}

static enum status record(const struct record_row *row, struct recorded *out) {
  ok(store_begin(store, STORE_WRITE, &err));
  enum status status = record_post(store, &terms, row, out, &err);
  if (status == DONE) ok(store_commit(store, &err));
  else store_rollback(store);
  return status;
}

static void run(const char *sql) {
  ok(store_begin(store, STORE_WRITE, &err));
  ok(store_run(store, sql, &err));
  ok(store_commit(store, &err));
}

/* ---- by hand ---- */

static void shares_recorded_by_hand_have_an_account_of_their_own(void **state) {
  (void)state;
  struct recorded first, second, back;
  struct record_row row = {.person = ANN,
                           .category = span_of("stake"),
                           .has_quantity = true,
                           .quantity = 2500,
                           .body = CLUB,
                           .day = day_make(2025, 6, 1)};
  int64_t account = 0, control = 0, entry = 0;
  wide_t amount = 0;
  struct reading reading;
  assert_int_equal(accounts_in(OWNER_PERSON, ANN, "holding", "shares", NULL), 0);
  ok(record(&row, &first));
  row.unit = span_of("shares");
  ok(record(&row, &second));
  row.category = span_of("stake-returned");
  row.quantity = 125;
  ok(record(&row, &back));
  row.person = BEN;
  row.category = span_of("stake");
  ok(record(&row, &second));
  assert_int_equal(accounts_in(OWNER_PERSON, ANN, "holding", "shares", &account), 1);
  assert_int_equal(accounts_in(OWNER_PERSON, BEN, "holding", "shares", NULL), 1);
  assert_int_equal(accounts_in(OWNER_BODY, CLUB, "control", "shares", &control), 1);
  assert_int_equal(accounts_in(OWNER_BODY, CLUB, "control", "pence", NULL), 0);
  assert_true(first.account == account && first.amount == 2500 && back.amount == -125);
  ok(book_reading(store, arena, &reading, &err));
  ok(book_balance(store, &reading, account, DAY_LAST, &amount, &err));
  assert_true(amount == 2500 + 2500 - 125);
  ok(book_balance(store, &reading, control, DAY_LAST, &amount, &err));
  assert_true(amount == -(2500 + 2500 - 125 + 125));
  assert_sound();
  struct reversal_of_line what = {.account = first.account,
                                  .entry = first.entry,
                                  .day = day_make(2025, 6, 1),
                                  .line_no = first.line_no,
                                  .on = DAY_NONE,
                                  .reason = "not hers"};
  ok(store_begin(store, STORE_WRITE, &err));
  ok(reversal_line(store, &what, &entry, &err));
  ok(store_commit(store, &err));
  ok(book_reading(store, arena, &reading, &err));
  ok(book_balance(store, &reading, account, DAY_LAST, &amount, &err));
  assert_true(amount == 2500 - 125);
  assert_sound();
}

static void a_wrong_amount_of_shares_is_refused_by_hand_too(void **state) {
  (void)state;
  struct recorded out;
  struct record_row row = {.person = ANN,
                           .category = span_of("stake"),
                           .has_quantity = true,
                           .quantity = 1,
                           .unit = span_of("minutes"),
                           .day = day_make(2025, 6, 1)};
  refuses(record(&row, &out), "unit", "stake is counted in shares, not in minutes");
  row.unit = span_of("apples");
  refuses(record(&row, &out), "unit", "'apples' is no unit");
  row.unit = span_make(NULL, 0);
  row.quantity = -1;
  refuses(record(&row, &out), "quantity", "negative");
  row.quantity = LIMIT_LINE + 1;
  refuses(record(&row, &out), "quantity", "at most 10000000000");
  row = (struct record_row){.person = ANN,
                            .category = span_of("stake"),
                            .has_amount = true,
                            .amount = 1,
                            .day = day_make(2025, 6, 1)};
  refuses(record(&row, &out), "amount", "takes a quantity of shares");
  row = (struct record_row){.person = 99,
                            .category = span_of("stake"),
                            .has_quantity = true,
                            .quantity = 1,
                            .day = day_make(2025, 6, 1)};
  refuses(record(&row, &out), "person", "no such person");
  assert_int_equal(accounts_in(OWNER_PERSON, ANN, "holding", "shares", NULL), 0);
  assert_int_equal(accounts_in(OWNER_PERSON, 99, "holding", "shares", NULL), 0);
}

/* The value shown before posting equals that of the posting, and so do refusals: an unusual day
 * first, then an amount too large for a line, then an unusual number. */
static void record_value_equals_the_posted_value(void **state) {
  (void)state;
  static const struct {
    day_t day;
    int64_t minutes;
    const char *column, *words;
  } wrong[] = {{100000, LIMIT_LINE + 1, "date", "is unusual"},
               {100000, 1441, "date", "is unusual"},
               {20000, LIMIT_LINE + 1, "quantity", "is too large"},
               {20000, 1441, "quantity", "is unusual"}};
  struct record_row row = {.person = ANN,
                           .category = span_of("volunteering"),
                           .has_quantity = true};
  struct recorded out;
  struct line line;
  for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
    row.day = wrong[i].day;
    row.quantity = wrong[i].minutes;
    refuses(record_value(store, &terms, &row, &line, &err), wrong[i].column, wrong[i].words);
    refuses(record(&row, &out), wrong[i].column, wrong[i].words);
  }
  row.day = -1;
  row.quantity = 90;
  refuses(record_value(store, &terms, &row, &line, &err), "date", "before the person was born");
  refuses(record(&row, &out), "date", "before the person was born");
  row.day = 20000;
  ok(record_value(store, &terms, &row, &line, &err));
  ok(record(&row, &out));
  assert_true(line.amount == -90 && out.amount == -90);
}

/* A merged record has the birth and death of its survivor, at the end of the chain, until they are
 * separated. */
static void a_row_of_a_merged_record_needs_the_survivors_life(void **state) {
  (void)state;
  struct record_row row = {
      .person = ANN, .category = span_of("volunteering"), .has_quantity = true, .quantity = 60};
  struct recorded out;
  struct line line;
  run("insert into party (id, kind, code, name, born, died) values (101, 'person', 'M', 'Middle', "
      "0, null), (102, 'person', 'K', 'Kept', 100, 200);"
      "insert into alias (gone, keep, at, reason) values (1, 101, '2026-01-01T00:00:00Z', ''), "
      "(101, 102, '2026-01-01T00:00:00Z', '')");
  static const struct {
    day_t day;
    const char *words;
  } wrong[] = {{99, "before the person was born"}, {201, "the person died"}};
  for (size_t i = 0; i < 2; i++) {
    row.day = wrong[i].day;
    refuses(record_value(store, &terms, &row, &line, &err), "date", wrong[i].words);
    refuses(record(&row, &out), "date", wrong[i].words);
  }
  row.day = 200;
  ok(record(&row, &out));
  run("delete from alias where gone = 1");
  row.day = 201;
  ok(record(&row, &out));
}

/* ---- each in its own ---- */

static void no_line_is_in_an_account_of_another_unit(void **state) {
  (void)state;
  struct recorded out;
  int64_t social = 0, time = 0, control = 0, entry = 0;
  ok(record(&(struct record_row){.person = ANN,
                                 .category = span_of("income-tax"),
                                 .has_amount = true,
                                 .amount = 100,
                                 .body = CLUB,
                                 .day = day_make(2025, 6, 1)},
            &out));
  assert_int_equal(accounts_in(OWNER_PERSON, ANN, "social", "pence", &social), 1);
  assert_int_equal(accounts_in(OWNER_PERSON, ANN, "time", "minutes", &time), 1);
  assert_int_equal(accounts_in(OWNER_BODY, CLUB, "control", "pence", &control), 1);
  int32_t stake = (int32_t)codes_category(codes, span_of("stake"));
  struct posting *p = posting_begin(store, day_make(2025, 6, 1), "test", NULL);
  posting_add(p, &(struct line){.account = social, .category = stake, .amount = 5});
  posting_add(p, &(struct line){.account = control, .category = stake, .amount = -5});
  refuses(posting_commit(p, &entry, &err), "category", "stake is counted in shares, and account");
  struct bulk *bulk = NULL;
  struct bulk_options options = {.who = "test", .kind = "import", .progress = PROGRESS_NEVER};
  struct bulk_file_facts facts = {.rows = 1};
  struct bulk_result result;
  ok(bulk_open(&bulk, store, &options, &err));
  ok(bulk_load_people(bulk, &err));
  int file = bulk_file(bulk, "entries", "f.csv");
  assert_int_equal(bulk_person_account(bulk, ANN, "pence"), social);
  assert_int_equal(bulk_person_account(bulk, ANN, "minutes"), time);
  assert_int_equal(bulk_person_account(bulk, ANN, "apples"), 0);
  assert_int_equal(bulk_person_account(bulk, 99, "shares"), 0);
  int64_t shares = bulk_person_account(bulk, ANN, "shares");
  assert_true(shares != 0 && shares == bulk_person_account(bulk, ANN, "shares") &&
              shares != bulk_person_account(bulk, BEN, "shares"));
  struct bulk_row row = {.file = file,
                         .line = 2,
                         .account = social,
                         .control = bulk_control(bulk, CLUB, "pence"),
                         .fields = {.day = day_make(2025, 6, 1), .category = stake, .amount = 5}};
  ok(bulk_add(bulk, 0, &row, &err));
  ok(bulk_file_end(bulk, file, &facts, &err));
  ok(bulk_duplicates(bulk, NULL, NULL, NULL, &err));
  assert_int_equal(bulk_post(bulk, &result, &err), FAILED);
  assert_non_null(strstr(err.message, "counted in shares"));
  err = (struct error){0};
  bulk_free(bulk);
  ok(store_lock(store, BULK_LOCK, true, &(bool){false}, &err));
  ok(bulk_sweep(store, &err));
  store_unlock(store, BULK_LOCK);
  assert_sound();
  run("update category set unit = 'minutes' where code = 'income-tax'");
  assert_true(findings() > 0);
  assert_non_null(
      strstr(said, "is of a category that is counted in another unit than the account"));
}

/* Two units whose sums are wrong by opposite amounts: added together they would seem right. */
static void an_entry_sums_to_zero_in_each_of_twenty_units(void **state) {
  enum { UNITS = 20 };
  (void)state;
  char sql[600];
  int64_t entry = 0;
  struct posting *p = posting_begin(store, day_make(2025, 6, 1), "test", NULL);
  int64_t accounts[UNITS][2];
  int64_t category = codes->category_max;
  for (int u = 0; u < UNITS; u++) {
    snprintf(
        sql, sizeof sql,
        "insert into unit (code, position, kind, scale, name, name_cy, before, one, many, one_cy, "
        "many_cy) values ('unit-%d', %d, 'count', 0, 'U', 'U', '', 'u', 'u', 'u', 'u');"
        "insert into category (id, code, unit) values (%lld, 'of-unit-%d', 'unit-%d');"
        "update head set category = category + 1",
        u, 10 + u, (long long)category + u + 1, u, u);
    run(sql);
    ok(store_begin(store, STORE_WRITE, &err));
    for (int side = 0; side < 2; side++) {
      struct account account = {.owner_kind = OWNER_PERSON,
                                .owner = side ? BEN : ANN,
                                .role = "holding"};
      snprintf(account.unit, sizeof account.unit, "unit-%d", u);
      ok(book_open_account(store, &account, FLOOR_NONE, &err));
      accounts[u][side] = account.id;
    }
    ok(store_commit(store, &err));
    for (int side = 0; side < 2; side++)
      posting_add(p, &(struct line){.account = accounts[u][side],
                                    .category = (int32_t)category + u + 1,
                                    .amount = side ? -7 - u : 7 + u});
  }
  ok(posting_commit(p, &entry, &err));
  assert_sound();
  snprintf(sql, sizeof sql,
           "update line set amount = amount + 3 where account = %lld; update line set amount = "
           "amount - 3 where account = %lld",
           (long long)accounts[12][0], (long long)accounts[17][0]);
  run(sql);
  assert_true(findings() >= 2);
  assert_non_null(strstr(said, "leave 3 unit-12 over"));
  assert_non_null(strstr(said, "leave -3 unit-17 over"));
}

/* ---- tables ---- */

static void the_tables_equal_the_pack(void **state) {
  (void)state;
  bool differs = true;
  ok(book_pack_differs(store, pack, &differs, &err));
  assert_false(differs);
  assert_int_equal(units_find(codes->units, span_of("shares"))->scale, 3);
  assert_string_equal(roles_of_entries(codes->roles, UNIT_COUNT)->code, "holding");
  assert_string_equal(roles_of_use(codes->roles, ROLE_CONTRA), "control");
  const struct book_role *escrow = roles_find(codes->roles, "escrow");
  assert_true(escrow && escrow->use == ROLE_NAMED && escrow->owner == ROLE_OF_PERSON &&
              !roles_in_statement(codes->roles, "escrow") &&
              roles_in_statement(codes->roles, "holding"));
  run("update unit set one = 'old' where code = 'shares'; update account_role set statement = 1 "
      "where code = 'escrow'");
  ok(book_pack_differs(store, pack, &differs, &err));
  assert_true(differs);
  ok(store_begin(store, STORE_WRITE, &err));
  ok(book_sync_pack(store, pack, &err));
  ok(store_commit(store, &err));
  ok(book_pack_differs(store, pack, &differs, &err));
  assert_false(differs);
}

static void unit_and_scale_never_change(void **state) {
  (void)state;
  static const struct {
    const char *units, *roles, *says;
  } cases[] = {
      {"shares,Shares,Cyfranddaliadau,count,2,,share,shares,cyfranddaliad,cyfranddaliad,a test\n",
       ESCROW, "3 decimal places"},
      {"shares,Shares,Cyfranddaliadau,money,3,,share,shares,cyfranddaliad,cyfranddaliad,a test\n",
       ESCROW, "as count"},
      {SHARES, "escrow,body,,,,no,another owner\n", "another owner"}};
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    pack_close(pack);
    make_pack(cases[i].units, cases[i].roles, STAKE);
    ok(store_begin(store, STORE_WRITE, &err));
    refuses(book_sync_pack(store, pack, &err), "", cases[i].says);
    store_rollback(store);
  }
  run("update account_role set code = 'counter' where code = 'control'");
  pack_close(pack);
  make_pack(SHARES, ESCROW, STAKE);
  ok(store_begin(store, STORE_WRITE, &err));
  refuses(book_sync_pack(store, pack, &err), "", "counter for what the policy pack calls control");
  store_rollback(store);
}

/* A role, a unit or a length that no table has: written by another program. */
static void unknown_roles_and_units_are_found(void **state) {
  (void)state;
  assert_sound();
  run("update account set role = 'secret' where id = 1; update holding set role = 'secret' where "
      "account = 1");
  assert_int_equal(findings(), 1);
  assert_non_null(strstr(
      said,
      "account 1: no such unit or role of accounts is in the book's tables: 'pence', 'secret'"));
  run("update account set role = 'social', unit = 'a-unit-longer-than-any-code-can-be' where id = "
      "1; update holding set role = 'social', unit = 'a-unit-longer-than-any-code-can-be' where "
      "account = 1");
  struct account account;
  assert_int_equal(book_account(store, 1, &account, &err), FAILED);
  assert_non_null(strstr(err.message, "longer than a code can be"));
  err = (struct error){0};
  assert_true(findings() > 0);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test_setup_teardown(shares_recorded_by_hand_have_an_account_of_their_own,
                                      new_book, close_book),
      cmocka_unit_test_setup_teardown(a_wrong_amount_of_shares_is_refused_by_hand_too, new_book,
                                      close_book),
      cmocka_unit_test_setup_teardown(record_value_equals_the_posted_value, new_book, close_book),
      cmocka_unit_test_setup_teardown(a_row_of_a_merged_record_needs_the_survivors_life, new_book,
                                      close_book),
      cmocka_unit_test_setup_teardown(no_line_is_in_an_account_of_another_unit, new_book,
                                      close_book),
      cmocka_unit_test_setup_teardown(an_entry_sums_to_zero_in_each_of_twenty_units, new_book,
                                      close_book),
      cmocka_unit_test_setup_teardown(the_tables_equal_the_pack, new_book, close_book),
      cmocka_unit_test_setup_teardown(unit_and_scale_never_change, new_book, close_book),
      cmocka_unit_test_setup_teardown(unknown_roles_and_units_are_found, new_book, close_book),
  };
  return cmocka_run_group_tests_name("units", tests, NULL, NULL);
}
