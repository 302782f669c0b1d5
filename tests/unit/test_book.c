/* The book on both engines: entries balance, floors hold under concurrent postings, files are
 * posted whole or not at all, changes behind its back are found. */
#include "base/limits.h"
#include "book/entries.h"
#include "book/audit.h"
#include "base/refusal.h"
#include "book/bulk_call.h"
#include "book/posting.h"
#include "book/reversal.h"
#include "fresh.h"

#include "base/worker.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

enum { PEOPLE = 50, CATEGORIES = 3 };

/* A store with three categories, PEOPLE people with accounts, and two bodies; the book needs no
 * rows of the register. */
static struct store *new_book(void) {
  struct store *store = fresh_store();
  struct error err = {0};
  assert_int_equal(store_begin(store, STORE_WRITE, &err), DONE);
  assert_int_equal(store_run(store,
                             "insert into category (id, code, unit) values (1, 'tax', 'pence'), "
                             "(2, 'benefit', 'pence'), (3, 'help', 'minutes');"
                             "insert into body (id, code, name, kind) values (1, 'a', 'A', "
                             "'department'), (2, 'b', 'B', 'charity');"
                             "update head set category = 3, body = 2, party = 50;",
                             &err),
                   DONE);
  assert_int_equal(book_open_people(store, 1, PEOPLE, &err), DONE);
  assert_int_equal(store_commit(store, &err), DONE);
  return store;
}

static int64_t open_purse(struct store *store, int64_t floor) {
  struct account account = {
      .owner_kind = OWNER_PERSON, .owner = 1, .role = "purse", .unit = "pence"};
  struct error err = {0};
  assert_int_equal(store_begin(store, STORE_WRITE, &err), DONE);
  assert_int_equal(book_open_account(store, &account, floor, &err), DONE);
  assert_int_equal(store_commit(store, &err), DONE);
  return account.id;
}

static enum status move(struct store *store, int64_t from, int64_t to, int64_t pence,
                        struct error *err) {
  struct posting *p = posting_begin(store, 20000, "test", "a move");
  int64_t entry = 0;
  posting_add(p, &(struct line){.account = from, .category = 1, .amount = -pence});
  posting_add(p, &(struct line){.account = to, .category = 1, .amount = pence});
  return posting_commit(p, &entry, err);
}

static int64_t balance_of(struct store *store, int64_t account) {
  struct arena *arena = arena_new();
  struct reading reading;
  struct error err = {0};
  wide_t amount = 0;
  assert_int_equal(book_reading(store, arena, &reading, &err), DONE);
  assert_int_equal(book_balance(store, &reading, account, DAY_LAST, &amount, &err), DONE);
  arena_free(arena);
  assert_true(wide_shown(amount));
  return (int64_t)amount;
}

static void print_finding(void *context, const char *sentence) {
  char **last = context;
  free(*last);
  *last = strdup(sentence);
}

/* How many findings the audit has; the last sentence in *last, if not null. */
static int64_t findings(struct store *store, char **last) {
  char *own = NULL;
  struct error err = {0};
  struct audit_options options = {.threads = 2,
                                  .progress = PROGRESS_NEVER,
                                  .finding = print_finding,
                                  .context = last ? last : &own};
  struct audit_result result;
  enum status status = audit_book(store, &options, &result, &err);
  if (status != DONE) fail_msg("audit: %s", err.message);
  free(own);
  return result.findings;
}

static void balanced_entry_moves_money(void **state) {
  (void)state;
  struct store *store = new_book();
  struct error err = {0};
  assert_int_equal(move(store, 1, 3, 1250, &err), DONE);
  assert_int_equal(balance_of(store, 1), -1250);
  assert_int_equal(balance_of(store, 3), 1250);
  assert_int_equal(findings(store, NULL), 0);
  store_close(store);
}

static void unbalanced_entry_is_refused(void **state) {
  (void)state;
  struct store *store = new_book();
  struct error err = {0};
  int64_t entry = 0;
  struct posting *p = posting_begin(store, 20000, "test", NULL);
  posting_add(p, &(struct line){.account = 1, .category = 1, .amount = -5});
  posting_add(p, &(struct line){.account = 3, .category = 1, .amount = 4});
  assert_int_equal(posting_commit(p, &entry, &err), REFUSED);
  assert_string_equal(err.message, "the lines do not sum to zero: -1 pence are left over");
  /* Minutes cannot pay for pence. */
  p = posting_begin(store, 20000, "test", NULL);
  posting_add(p, &(struct line){.account = 1, .category = 1, .amount = -5});
  posting_add(p, &(struct line){.account = 4, .category = 3, .amount = 5});
  assert_int_equal(posting_commit(p, &entry, &err), REFUSED);
  assert_int_equal(balance_of(store, 1), 0);
  assert_int_equal(findings(store, NULL), 0);
  store_close(store);
}

struct spenders {
  struct store *store;
  int64_t purse;
  int done[8];
};

static void spend_from_purse(void *context, int worker) {
  struct spenders *s = context;
  struct store *mine = NULL;
  struct error err = {0};
  if (store_again(&mine, s->store, STORE_WRITE, &err) != DONE) return;
  for (int i = 0; i < 30; i++)
    if (move(mine, s->purse, 3, 7, &err) == DONE) s->done[worker]++;
  store_close(mine);
}

static void floor_holds_under_concurrent_writers(void **state) {
  (void)state;
  struct store *store = new_book();
  struct error err = {0};
  struct spenders s = {.store = store, .purse = open_purse(store, 0)};
  assert_int_equal(move(store, s.purse, 3, 1, &err), REFUSED);
  assert_int_equal(move(store, 1, s.purse, 1000, &err), DONE);
  workers_run(8, spend_from_purse, &s);
  int done = 0;
  for (int i = 0; i < 8; i++) done += s.done[i];
  assert_int_equal(done, 1000 / 7); /* 240 tried, 142 fit */
  assert_int_equal(balance_of(store, s.purse), 1000 - 7 * done);
  assert_int_equal(findings(store, NULL), 0);
  store_close(store);
}

static void hold_sets_money_aside(void **state) {
  (void)state;
  struct store *store = new_book();
  struct error err = {0};
  int64_t purse = open_purse(store, 0), entry = 0, expired = 0;
  assert_int_equal(move(store, 1, purse, 1000, &err), DONE);
  assert_int_equal(hold_place(store, purse, "card 1", 800, 20010, &err), DONE);
  /* the id is used */
  assert_int_equal(hold_place(store, purse, "card 1", 10, 20010, &err), REFUSED);
  /* 200 are free */
  assert_int_equal(hold_place(store, purse, "card 2", 201, 20010, &err), REFUSED);
  assert_int_equal(hold_place(store, 1, "card 3", 1, 20010, &err), REFUSED); /* no floor */
  assert_int_equal(move(store, purse, 3, 201, &err), REFUSED);
  struct posting *p = posting_begin(store, 20001, "test", NULL);
  posting_add(p, &(struct line){.account = purse, .category = 1, .amount = -750});
  posting_add(p, &(struct line){.account = 3, .category = 1, .amount = 750});
  posting_settles(p, purse, "card 1");
  assert_int_equal(posting_commit(p, &entry, &err), DONE);
  assert_int_equal(balance_of(store, purse), 250);
  assert_int_equal(hold_release(store, purse, "card 1", &err), REFUSED); /* settled */
  /* the same event sent again */
  assert_int_equal(hold_place(store, purse, "card 1", 10, 20010, &err), REFUSED);
  assert_string_equal(strstr(err.message, "hold 'card 1' is used already"), err.message);
  int64_t rows = -1;
  assert_int_equal(store_int(store, "select count(*) from hold", 0, &rows, &err), DONE);
  assert_int_equal(rows, 0);
  assert_int_equal(hold_place(store, purse, "card 4", 250, 20010, &err), DONE);
  assert_int_equal(hold_expire(store, 20011, &expired, &err), DONE);
  assert_int_equal(expired, 1);
  assert_int_equal(move(store, purse, 3, 250, &err), DONE);
  assert_int_equal(findings(store, NULL), 0);
  store_close(store);
}

/* A release that finds no row to change fails: the store has lost the balance row. */
static void a_hold_without_a_balance_is_damage(void **state) {
  (void)state;
  struct store *store = new_book();
  struct error err = {0};
  int64_t purse = open_purse(store, 0), held = 0;
  assert_int_equal(move(store, 1, purse, 1000, &err), DONE);
  assert_int_equal(hold_place(store, purse, "card 1", 800, 20010, &err), DONE);
  assert_int_equal(store_run(store, "delete from balance", &err), DONE);
  assert_int_equal(hold_release(store, purse, "card 1", &err), FAILED);
  assert_non_null(strstr(err.message, "has lost its balance"));
  assert_int_equal(store_int(store, "select count(*) from hold", 0, &held, &err), DONE);
  assert_int_equal(held, 1);
  store_close(store);
}

/* Both readers of the roles report it: the one that opens accounts and the one that posts files. */
static void too_many_roles_for_everyone_is_damage(void **state) {
  (void)state;
  struct store *store = new_book();
  struct error err = {0};
  struct bulk *bulk = NULL;
  const struct bulk_options options = {.who = "test", .kind = "import", .progress = PROGRESS_NEVER};
  assert_int_equal(store_run(store,
                             "insert into account_role (code, position, owner, use, kind, opened, "
                             "statement, purpose) values"
                             " ('a', 90, 'person', 'entries', 'count', 'pence', 0, ''), ('b', 91, "
                             "'person', 'entries', 'count', 'pence', 0, '')",
                             &err),
                   DONE);
  assert_int_equal(store_begin(store, STORE_WRITE, &err), DONE);
  assert_int_equal(book_open_people(store, 900, 900, &err), FAILED);
  store_rollback(store);
  err = (struct error){0};
  assert_int_equal(bulk_open(&bulk, store, &options, &err), DONE);
  assert_int_equal(bulk_load_people(bulk, &err), FAILED);
  assert_non_null(strstr(err.message, "more roles of accounts are opened for everyone"));
  bulk_free(bulk);
  store_close(store);
}

static void more_units_than_files_can_be_posted_with_are_refused(void **state) {
  (void)state;
  struct store *store = new_book();
  struct error err = {0};
  struct bulk *bulk = NULL;
  const struct bulk_options options = {.who = "test", .kind = "import", .progress = PROGRESS_NEVER};
  char sql[256];
  for (int i = 0; i < PROVISIONAL_EACH; i++) {
    snprintf(
        sql, sizeof sql,
        "insert into unit (code, position, kind, scale, name, name_cy, before, one, many, one_cy, "
        "many_cy) values ('u%d', %d, 'count', 0, 'U', 'U', '', 'u', 'u', 'u', 'u')",
        i, 1000 + i);
    if (store_run(store, sql, &err) != DONE) fail_msg("%s", err.message);
  }
  assert_int_equal(bulk_open(&bulk, store, &options, &err), REFUSED);
  assert_int_equal(err.refusal.code, REFUSAL_UNITS_TOO_MANY_TO_POST);
  bulk_free(bulk);
  store_close(store);
}

/* ---- files ---- */

static uint64_t random_state;
static uint64_t next_random(void) { /* splitmix64 */
  uint64_t z = (random_state += UINT64_C(0x9E3779B97F4A7C15));
  z = (z ^ z >> 30) * UINT64_C(0xBF58476D1CE4E5B9);
  z = (z ^ z >> 27) * UINT64_C(0x94D049BB133111EB);
  return z ^ z >> 31;
}

static int64_t expected[2 * PEOPLE + 1]; /* by account */

static enum status post_random_file(struct store *store, int rows, uint8_t mark,
                                    bool repeat_references, struct bulk_result *result,
                                    struct error *err) {
  struct bulk *bulk = NULL;
  struct bulk_options options = {
      .who = "test", .kind = "import", .progress = PROGRESS_NEVER, .check_references = true};
  enum status status = bulk_open(&bulk, store, &options, err);
  if (status == DONE) status = bulk_load_people(bulk, err);
  int file = status == DONE ? bulk_file(bulk, "entries", "random.csv") : 0;
  for (int i = 0; status == DONE && i < rows; i++) {
    int category = 1 + (int)(next_random() % CATEGORIES);
    const char *unit = category == 3 ? "minutes" : "pence";
    int64_t person = 1 + (int64_t)(next_random() % PEOPLE), body = (int64_t)(next_random() % 3);
    char reference[32];
    snprintf(reference, sizeof reference, "%d-%d", mark, repeat_references ? i / 2 : i);
    struct bulk_row row = {.file = file,
                           .line = (uint64_t)i + 2,
                           .account = bulk_person_account(bulk, person, unit),
                           .control = bulk_control(bulk, repeat_references ? 0 : body, unit)};
    row.fields = (struct line){.day = 20000 + (day_t)(next_random() % 300),
                               .category = category,
                               .amount = (int64_t)(next_random() % 20001) - 10000,
                               .body = repeat_references ? 0 : body,
                               .reference = span_of(reference),
                               .note = span_of(i % 7 ? "" : "a note")};
    if (!repeat_references || i % 2 == 0) expected[row.account] += row.fields.amount;
    status = bulk_add(bulk, i % 2, &row, err);
  }
  struct bulk_file_facts facts = {.rows = rows};
  facts.digest.bytes[0] = mark;
  if (status == DONE) status = bulk_file_end(bulk, file, &facts, err);
  uint64_t duplicates = 0;
  if (status == DONE) status = bulk_duplicates(bulk, NULL, NULL, &duplicates, err);
  if (status == DONE) assert_int_equal(duplicates, repeat_references ? rows / 2 : 0);
  if (status == DONE) status = bulk_post(bulk, result, err);
  bulk_free(bulk);
  return status;
}

static void assert_balances(struct store *store) {
  for (int64_t a = 1; a <= 2 * PEOPLE; a++) assert_int_equal(balance_of(store, a), expected[a]);
}

/* Which thread meets a body first is random; which accounts the file opens, and under which ids,
 * must not be. */
static void accounts_are_opened_in_a_fixed_order(void **state) {
  (void)state;
  static const struct {
    int64_t body;
    const char *unit;
  } rows[] = {{2, "minutes"}, {0, "pence"}, {2, "pence"}, {1, "minutes"}, {1, "pence"}};
  enum { ROWS = sizeof rows / sizeof *rows };
  char found[2][256];
  for (int way = 0; way < 2; way++) {
    struct store *store = new_book();
    struct error err = {0};
    struct bulk *bulk = NULL;
    struct bulk_result result;
    struct bulk_options options = {.who = "test", .kind = "import", .progress = PROGRESS_NEVER};
    assert_int_equal(bulk_open(&bulk, store, &options, &err), DONE);
    assert_int_equal(bulk_load_people(bulk, &err), DONE);
    int file = bulk_file(bulk, "entries", "order.csv");
    for (int i = ROWS; way && i-- > 0;) (void)bulk_control(bulk, rows[i].body, rows[i].unit);
    for (int i = 0; i < ROWS; i++) {
      bool minutes = strcmp(rows[i].unit, "minutes") == 0;
      struct bulk_row row = {.file = file,
                             .line = (uint64_t)i + 2,
                             .account = bulk_person_account(bulk, 1, rows[i].unit),
                             .control = bulk_control(bulk, rows[i].body, rows[i].unit)};
      row.fields = (struct line){
          .day = 20000, .category = minutes ? 3 : 1, .amount = i + 1, .body = rows[i].body};
      assert_int_equal(bulk_add(bulk, way ? i % 2 : 0, &row, &err), DONE);
    }
    struct bulk_file_facts facts = {.rows = ROWS};
    assert_int_equal(bulk_file_end(bulk, file, &facts, &err), DONE);
    assert_int_equal(bulk_post(bulk, &result, &err), DONE);
    bulk_free(bulk);
    assert_int_equal(findings(store, NULL), 0);
    struct query *q = NULL;
    bool more = false;
    int size = 0;
    assert_int_equal(store_query(store, &q,
                                 "select a.id, a.owner, a.unit, sum(l.amount) from account a join "
                                 "line l on l.account = a.id where a.owner_kind <> 'person' group "
                                 "by a.id, a.owner, a.unit order by a.id",
                                 &err),
                     DONE);
    while (query_step(q, &more, &err) == DONE && more)
      size += snprintf(found[way] + size, sizeof found[way] - (size_t)size, "%lld:%lld:%.7s:%lld ",
                       (long long)query_int(q, 0), (long long)query_int(q, 1),
                       query_text(q, 2).bytes, (long long)query_int(q, 3));
    query_end(q);
    store_close(store);
  }
  assert_string_equal(found[0], found[1]);
}

static void file_is_posted_whole_and_balances(void **state) {
  (void)state;
  struct store *store = new_book();
  struct error err = {0};
  struct bulk_result result;
  memset(expected, 0, sizeof expected);
  random_state = 1;
  assert_int_equal(post_random_file(store, 5000, 1, false, &result, &err), DONE);
  assert_int_equal(result.rows, 5000);
  assert_int_equal(result.entries, 300);
  assert_balances(store);
  assert_int_equal(findings(store, NULL), 0);
  /* The same bytes again; then the same references in other bytes. */
  random_state = 1;
  assert_int_equal(post_random_file(store, 10, 1, false, &result, &err), REFUSED);
  assert_non_null(strstr(err.message, "posted already, as import:1"));
  store_close(store);
}

static void repeated_references_are_left_out(void **state) {
  (void)state;
  struct store *store = new_book();
  struct error err = {0};
  struct bulk_result result;
  memset(expected, 0, sizeof expected);
  random_state = 2;
  assert_int_equal(post_random_file(store, 4000, 7, true, &result, &err), DONE);
  assert_int_equal(result.rows, 2000);
  assert_balances(store); /* the earlier row of each two is posted */
  assert_int_equal(findings(store, NULL), 0);
  store_close(store);
}

static void reversal_undoes_once(void **state) {
  (void)state;
  struct store *store = new_book();
  struct error err = {0};
  struct bulk_result posted;
  struct reversal_result undone;
  memset(expected, 0, sizeof expected);
  random_state = 3;
  assert_int_equal(post_random_file(store, 3000, 3, false, &posted, &err), DONE);
  /* One line, then the whole file: the line is skipped; then nothing is left. */
  int64_t n = 0;
  assert_int_equal(store_int(store, "select min(n) from line where entry = 5 and account <= 100", 0,
                             &n, &err),
                   DONE);
  struct reversal one = {
      .entry = 5, .line_no = (int32_t)n, .on = DAY_NONE, .reason = "typed twice", .who = "test"};
  assert_int_equal(reversal_post(store, &one, &undone, &err), DONE);
  assert_int_equal(undone.lines, 1);
  assert_int_equal(reversal_post(store, &one, &undone, &err), REFUSED);
  assert_string_equal(err.message, "this line is reversed already");
  struct reversal all = {
      .import = posted.import, .on = DAY_NONE, .reason = "the wrong file", .who = "test"};
  assert_int_equal(reversal_post(store, &all, &undone, &err), DONE);
  assert_int_equal(undone.lines, 2999);
  assert_int_equal(undone.skipped, 1);
  memset(expected, 0, sizeof expected);
  assert_balances(store);
  assert_int_equal(reversal_post(store, &all, &undone, &err), REFUSED);
  assert_int_equal(findings(store, NULL), 0);
  /* A control line cannot be reversed. */
  assert_int_equal(store_int(store, "select max(n) from line where entry = 6 and account > 100", 0,
                             &n, &err),
                   DONE);
  struct reversal control = {
      .entry = 6, .line_no = (int32_t)n, .on = DAY_NONE, .reason = "x", .who = "test"};
  assert_int_equal(reversal_post(store, &control, &undone, &err), REFUSED);
  assert_non_null(strstr(err.message, "is a control line"));
  store_close(store);
}

static void audit_finds_one_altered_amount(void **state) {
  (void)state;
  struct store *store = new_book();
  struct error err = {0};
  struct bulk_result result;
  char *sentence = NULL;
  memset(expected, 0, sizeof expected);
  random_state = 4;
  assert_int_equal(post_random_file(store, 2000, 4, false, &result, &err), DONE);
  for (int64_t entry = 1; entry <= 200; entry += 40) {
    struct query *q = NULL;
    assert_int_equal(store_begin(store, STORE_WRITE, &err), DONE);
    assert_int_equal(store_query(store, &q,
                                 "update line set amount = amount + 1 where entry = ?1 and n = 2",
                                 &err),
                     DONE);
    query_bind_int(q, 1, entry);
    assert_int_equal(query_run(q, &err), DONE);
    query_end(q);
    assert_int_equal(store_commit(store, &err), DONE);
    assert_int_equal(findings(store, &sentence), entry / 40 + 1);
  }
  assert_non_null(strstr(sentence, "its lines leave 1 "));
  free(sentence);
  store_close(store);
}

static void dead_import_is_swept(void **state) {
  (void)state;
  struct store *store = new_book();
  struct error err = {0};
  struct bulk_result result;
  memset(expected, 0, sizeof expected);
  /* What a killed import leaves: numbers pending, some lines, some references. */
  assert_int_equal(store_begin(store, STORE_WRITE, &err), DONE);
  assert_int_equal(store_run(store,
                             "update head set entry = entry + 3; insert into pending (first, last, "
                             "state) values (1, 3, 'live');"
                             "insert into line (account, day, entry, n, amount, category, "
                             "estimated) values (1, 20000, 2, 1, 55, 1, 0);"
                             "insert into reference (bucket, entry, digests) values (0, 1, "
                             "{sqlite: x'0000112233445566778899aabbccddee'}{postgresql: "
                             "'\\x0000112233445566778899aabbccddee'});",
                             &err),
                   DONE);
  assert_int_equal(store_commit(store, &err), DONE);
  assert_int_equal(balance_of(store, 1), 0);
  assert_int_equal(findings(store, NULL), 0);
  random_state = 5;
  assert_int_equal(post_random_file(store, 500, 5, false, &result, &err), DONE);
  assert_balances(store);
  int64_t left = -1;
  assert_int_equal(store_int(store, "select count(*) from line where entry <= 3", -1, &left, &err),
                   DONE);
  assert_int_equal(left, 0);
  assert_int_equal(store_int(store, "select count(*) from pending", -1, &left, &err), DONE);
  assert_int_equal(left, 0);
  assert_int_equal(findings(store, NULL), 0);
  store_close(store);
}

/* Somebody registers people and bodies after the call began and before it reads the register:
 * accounts that the call opens must not be taken for theirs. */
static void people_registered_meanwhile_keep_their_accounts(void **state) {
  (void)state;
  struct store *store = new_book();
  struct error err = {0};
  struct bulk *bulk = NULL;
  struct bulk_result result;
  struct bulk_options options = {.who = "test", .kind = "import", .progress = PROGRESS_NEVER};
  assert_int_equal(bulk_open(&bulk, store, &options, &err), DONE);
  assert_int_equal(store_begin(store, STORE_WRITE, &err), DONE);
  assert_int_equal(store_run(store,
                             "update head set party = 60, body = 3; insert into body (id, code, "
                             "name, kind) values (3, 'c', 'C', 'charity');",
                             &err),
                   DONE);
  assert_int_equal(book_open_people(store, PEOPLE + 1, PEOPLE + 10, &err), DONE);
  assert_int_equal(store_commit(store, &err), DONE);
  assert_int_equal(bulk_load_people(bulk, &err), DONE);
  int file = bulk_file(bulk, "entries", "f.csv");
  int64_t payee = bulk_new_body(bulk, "d", "D", "supplier", NULL);
  for (int i = 0; i < 10; i++) {
    struct bulk_row row = {.file = file,
                           .line = (uint64_t)i + 2,
                           .account = bulk_person_account(bulk, PEOPLE + 1 + i, "pence"),
                           .control = bulk_control(bulk, 3, "pence"),
                           .fields = {.day = 20000, .category = 2, .amount = 100 + i, .body = 3}};
    if (i == 9) row.account = bulk_body_account(bulk, payee, ROLE_PAYMENTS, "pence");
    assert_int_equal(bulk_add(bulk, 0, &row, &err), DONE);
  }
  struct bulk_file_facts facts = {.rows = 10};
  assert_int_equal(bulk_file_end(bulk, file, &facts, &err), DONE);
  assert_int_equal(bulk_duplicates(bulk, NULL, NULL, NULL, &err), DONE);
  enum status status = bulk_post(bulk, &result, &err);
  bulk_free(bulk);
  if (status != DONE) fail_msg("%s", err.message);
  for (int i = 0; i < 9; i++) assert_int_equal(balance_of(store, 2 * (PEOPLE + i) + 1), 100 + i);
  int64_t body = 0, paid = 0;
  assert_int_equal(store_int(store, "select count(*) from line where body = 3", -1, &body, &err),
                   DONE);
  assert_int_equal(body, 10);
  assert_int_equal(
      store_int(store,
                "select l.amount from line l join holding h on h.account = l.account join body b "
                "on b.id = h.owner and h.owner_kind = 'body' where b.code = 'd'",
                -1, &paid, &err),
      DONE);
  assert_int_equal(paid, 109);
  assert_int_equal(findings(store, NULL), 0);
  store_close(store);
}

/* Refused rows wait outside memory and are written before the call counts: a call that is not
 * posted leaves none; the next import deletes those of a call that died. */
static void refused_rows_are_kept_with_their_import_or_not_at_all(void **state) {
  (void)state;
  struct store *store = new_book();
  struct error err = {0};
  struct bulk_result result = {0};
  int64_t count = -1;
  for (int round = 0; round < 2; round++) {
    struct bulk *bulk = NULL;
    struct bulk_options options = {.who = "test", .kind = "import", .progress = PROGRESS_NEVER};
    assert_int_equal(bulk_open(&bulk, store, &options, &err), DONE);
    assert_int_equal(bulk_load_people(bulk, &err), DONE);
    int file = bulk_file(bulk, "entries", "f.csv");
    for (int i = 0; i < 70000; i++)
      bulk_reject(bulk, file, (uint64_t)i + 3, "amount", span_of(i % 2 ? "one penn\xC5\xB5" : ""),
                  "is not an amount");
    struct bulk_row row = {.file = file,
                           .line = 2,
                           .account = 1,
                           .control = bulk_control(bulk, 1, "pence"),
                           .fields = {.day = 20000, .category = 1, .amount = -5, .body = 1}};
    if (round == 1) assert_int_equal(bulk_add(bulk, 0, &row, &err), DONE);
    struct bulk_file_facts facts = {.rows = 70001};
    assert_int_equal(bulk_file_end(bulk, file, &facts, &err), DONE);
    assert_int_equal(bulk_duplicates(bulk, NULL, NULL, NULL, &err), DONE);
    assert_int_equal(bulk_post(bulk, &result, &err), round ? DONE : REFUSED); /* nothing to post */
    bulk_free(bulk);
    assert_int_equal(store_int(store, "select count(*) from reject", -1, &count, &err), DONE);
    assert_int_equal(count, round ? LIMIT_REJECTS_KEPT : 0); /* of 70,000 */
  }
  assert_int_equal(store_int(store, "select rejected from import", -1, &count, &err), DONE);
  assert_int_equal(count, 70000);
  assert_int_equal(store_begin(store, STORE_WRITE, &err), DONE);
  assert_int_equal(store_run(store,
                             "update head set entry = entry + 1, import = import + 1; insert into "
                             "pending (first, last, state) select entry, entry, 'live' from head; "
                             "insert into reject (import, line, column_name, value, reason) select "
                             "import, 2, '', '', 'x' from head;",
                             &err),
                   DONE);
  assert_int_equal(store_commit(store, &err), DONE);
  assert_int_equal(store_begin(store, STORE_WRITE, &err), DONE);
  store_rollback(store);
  assert_int_equal(bulk_sweep(store, &err), DONE);
  assert_int_equal(store_int(store, "select count(*) from reject", -1, &count, &err), DONE);
  assert_int_equal(count, LIMIT_REJECTS_KEPT);
  assert_int_equal(findings(store, NULL), 0);
  store_close(store);
}

/* ---- the journal ---- */

static int selected(struct store *store, struct entries_wanted wanted, int most) {
  struct arena *arena = arena_new();
  struct error err = {0};
  struct entry_record *all = NULL;
  int count = 0;
  if (!wanted.to) wanted.from = DAY_FIRST, wanted.to = DAY_LAST;
  if (!wanted.before) wanted.before = INT64_MAX;
  if (!wanted.most) wanted.most = INT64_MAX;
  assert_int_equal(entries_select(store, arena, &wanted, most, &all, &count, &err), DONE);
  for (int i = 0; i < count; i++) {
    assert_true(all[i].id < (i ? all[i - 1].id : wanted.before));
    assert_true(all[i].day >= wanted.from && all[i].day <= wanted.to);
    assert_true(!wanted.kind || strcmp(all[i].kind, wanted.kind) == 0);
  }
  arena_free(arena);
  return count;
}

static int64_t counted(struct store *store, const char *sql) {
  struct error err = {0};
  int64_t count = 0;
  assert_int_equal(store_int(store, sql, 0, &count, &err), DONE);
  return count;
}

static void the_journal_is_selected_by_day_kind_file_and_account(void **state) {
  (void)state;
  enum { ALL = 100000 };
  struct store *store = new_book();
  struct error err = {0};
  struct bulk_result posted;
  struct reversal_result undone;
  int64_t control = 0;
  memset(expected, 0, sizeof expected);
  random_state = 3;
  assert_int_equal(post_random_file(store, 3000, 3, false, &posted, &err), DONE);
  struct reversal all = {
      .import = posted.import, .on = DAY_NONE, .reason = "the wrong file", .who = "test"};
  assert_int_equal(reversal_post(store, &all, &undone, &err), DONE);
  assert_int_equal(selected(store, (struct entries_wanted){0}, ALL),
                   counted(store, "select count(*) from entry"));
  assert_int_equal(selected(store, (struct entries_wanted){0}, 7), 7);
  assert_int_equal(selected(store, (struct entries_wanted){.before = 5}, ALL), 4);
  assert_int_equal(selected(store, (struct entries_wanted){.kind = "reversal"}, ALL),
                   counted(store, "select count(*) from entry where kind = 'reversal'"));
  assert_int_equal(selected(store, (struct entries_wanted){.kind = "nothing"}, ALL), 0);
  assert_int_equal(selected(store, (struct entries_wanted){.import = posted.import}, ALL),
                   counted(store, "select count(*) from entry where import = 1"));
  assert_int_equal(selected(store, (struct entries_wanted){.from = 20010, .to = 20019}, ALL),
                   counted(store, "select count(*) from entry where day between 20010 and 20019"));
  control = counted(
      store, "select max(id) from account where role = 'control' and unit = 'pence' and owner = 1");
  struct entries_wanted of_body = {.accounts = &control, .account_count = 1};
  assert_true(selected(store, of_body, ALL) > 0);
  assert_int_equal(
      selected(store, of_body, ALL),
      counted(store, "select count(distinct l.entry) from line l join account a on a.id = "
                     "l.account where a.role = 'control' and a.unit = 'pence' and a.owner = 1"));
  of_body.kind = "reversal";
  of_body.least = 5000;
  assert_int_equal(
      selected(store, of_body, ALL),
      counted(store,
              "select count(distinct l.entry) from line l join account a on a.id = l.account join "
              "entry e on e.id = l.entry where a.role = 'control' and a.unit = 'pence' and a.owner "
              "= 1 and abs(l.amount) >= 5000 and e.kind = 'reversal'"));
  of_body.account_count = 0;
  assert_int_equal(selected(store, of_body, ALL), 0);
  store_close(store);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(balanced_entry_moves_money),
      cmocka_unit_test(unbalanced_entry_is_refused),
      cmocka_unit_test(floor_holds_under_concurrent_writers),
      cmocka_unit_test(hold_sets_money_aside),
      cmocka_unit_test(a_hold_without_a_balance_is_damage),
      cmocka_unit_test(too_many_roles_for_everyone_is_damage),
      cmocka_unit_test(more_units_than_files_can_be_posted_with_are_refused),
      cmocka_unit_test(accounts_are_opened_in_a_fixed_order),
      cmocka_unit_test(file_is_posted_whole_and_balances),
      cmocka_unit_test(repeated_references_are_left_out),
      cmocka_unit_test(reversal_undoes_once),
      cmocka_unit_test(audit_finds_one_altered_amount),
      cmocka_unit_test(dead_import_is_swept),
      cmocka_unit_test(people_registered_meanwhile_keep_their_accounts),
      cmocka_unit_test(refused_rows_are_kept_with_their_import_or_not_at_all),
      cmocka_unit_test(the_journal_is_selected_by_day_kind_file_and_account),
  };
  return cmocka_run_group_tests(tests, NULL, fresh_teardown);
}
