/* The audit finds any change made behind the program's back: each column of a line and of the
 * tables beside lines is changed in turn, rows are removed and added. And it finds nothing in a
 * sound book, even while others post to it. */
#include "book/audit.h"
#include "book/bulk.h"
#include "book/log.h"
#include "book/posting.h"
#include "book/reversal.h"
#include "attest/closing.h"
#include "privacy/erasure.h"
#include "attest/head.h"
#include "fresh.h"

#include "base/worker.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

enum { PEOPLE = 300, ROWS = 600 };

static void run(struct store *store, const char *sql) {
  struct error err = {0};
  assert_int_equal(store_begin(store, STORE_WRITE, &err), DONE);
  if (store_run(store, sql, &err) != DONE) fail_msg("%s: %s", sql, err.message);
  if (store_commit(store, &err) != DONE) fail_msg("%s: %s", sql, err.message);
}

static void print_finding(void *context, const char *sentence) {
  if (context) print_message("%s\n", sentence);
}

static int64_t findings(struct store *store, bool shown) {
  struct error err = {0};
  struct audit_options options = {.threads = 2,
                                  .progress = PROGRESS_NEVER,
                                  .finding = print_finding,
                                  .context = shown ? &err : NULL};
  struct closing_check_options alone = {.progress = PROGRESS_NEVER,
                                        .finding = print_finding,
                                        .context = shown ? &err : NULL},
                               both = alone;
  struct audit_result result;
  struct closing_check_result closed, together;
  both.audit = &options;
  both.audited = &result;
  if (closing_check(store, &both, &together, &err) != DONE) fail_msg("audit: %s", err.message);
  if (closing_check(store, &alone, &closed, &err) != DONE) fail_msg("closings: %s", err.message);
  /* the same together with the audit as separately */
  assert_int_equal(together.findings, closed.findings);
  assert_int_equal(together.people, closed.people);
  return result.findings + closed.findings;
}

static void post_file(struct store *store, int mark, day_t from, bool references) {
  struct bulk *bulk = NULL;
  struct bulk_result result;
  struct error err = {0};
  struct bulk_options options = {
      .who = "test", .kind = "import", .progress = PROGRESS_NEVER, .check_references = references};
  assert_int_equal(bulk_open(&bulk, store, &options, &err), DONE);
  assert_int_equal(bulk_load_people(bulk, &err), DONE);
  int file = bulk_file(bulk, references ? "entries" : "spend", "file.csv");
  for (int i = 0; i < ROWS; i++) {
    char reference[16];
    int category = 1 + i % 3;
    const char *unit = category == 3 ? "minutes" : "pence";
    snprintf(reference, sizeof reference, "%d-%d", mark, i);
    struct bulk_row row = {.file = file,
                           .line = (uint64_t)i + 2,
                           .account = bulk_person_account(bulk, 1 + i * 7 % PEOPLE, unit),
                           .control = bulk_control(bulk, i % 3, unit),
                           .fields = {.day = from + i % 40,
                                      .category = category,
                                      .amount = 100 + i,
                                      .body = i % 3,
                                      .reference = span_of(reference),
                                      .note = span_of("a note")}};
    if (category == 2) {
      row.fields.has_quantity = true;
      row.fields.quantity = 1500;
      row.fields.service = 1;
      row.fields.cost_year = 2024;
      row.fields.place = 1;
    }
    assert_int_equal(bulk_add(bulk, i % 2, &row, &err), DONE);
  }
  struct bulk_file_facts facts = {.rows = ROWS};
  facts.digest.bytes[0] = (uint8_t)mark;
  assert_int_equal(bulk_file_end(bulk, file, &facts, &err), DONE);
  assert_int_equal(bulk_duplicates(bulk, NULL, NULL, NULL, &err), DONE);
  if (bulk_post(bulk, &result, &err) != DONE) fail_msg("%s", err.message);
  bulk_free(bulk);
}

static void move_of(struct store *store, int category, int64_t from, int64_t to, int64_t pence) {
  struct posting *p = posting_begin(store, day_make(2025, 6, 1), "test", "a move");
  struct error err = {0};
  int64_t entry = 0;
  posting_add(p, &(struct line){.account = from, .category = category, .amount = -pence});
  posting_add(p, &(struct line){.account = to, .category = category, .amount = pence});
  if (posting_commit(p, &entry, &err) != DONE) fail_msg("%s", err.message);
}

static void move(struct store *store, int64_t from, int64_t to, int64_t pence) {
  move_of(store, 1, from, to, pence);
}

static struct store *new_book(void) {
  struct store *store = fresh_store();
  struct error err = {0};
  assert_int_equal(store_begin(store, STORE_WRITE, &err), DONE);
  assert_int_equal(
      store_run(
          store,
          "insert into category (id, code, unit) values (1, 'tax', 'pence'), (2, 'benefit', "
          "'pence'), (3, 'help', 'minutes');"
          "insert into service (id, code, name, category, unit) values (1, 'visit', 'Visit', 2, "
          "'visits'), (2, 'stay', 'Stay', 2, 'nights');"
          "insert into place (id, code, name, kind) values (1, 'P', 'P', 'locality'), (2, 'Q', "
          "'Q', 'locality');"
          "insert into body (id, code, name, kind) values (1, 'a', 'A', 'department'), (2, 'b', "
          "'B', 'charity');"
          "update head set category = 3, body = 2, party = 300, service = 2, place = 2;"
          "insert into party (id, kind, code, name) with recursive n (i) as (select 1 union all "
          "select i + 1 from n where i < 300) select i, 'person', 'P' || i, 'Name' from n;",
          &err),
      DONE);
  assert_int_equal(book_open_people(store, 1, PEOPLE, &err), DONE);
  struct account purse = {.owner_kind = OWNER_PERSON, .owner = 1, .role = "purse", .unit = "pence"};
  assert_int_equal(book_open_account(store, &purse, 0, &err), DONE);
  assert_int_equal(store_commit(store, &err), DONE);
  move(store, 3, purse.id, 5000);
  assert_int_equal(hold_place(store, purse.id, "card", 100, day_make(2025, 6, 10), &err), DONE);
  return store;
}

/* Everything at once: files, reversals, closings, a signed head, somebody erased. */
static struct store *whole_book(void) {
  struct store *store = new_book();
  struct error err = {0};
  struct signer signer;
  const char *note = NULL;
  struct arena *arena = arena_new();
  post_file(store, 1, day_make(2025, 5, 1), true);
  post_file(store, 2, day_make(2024, 5, 1), false);
  struct reversal_result undone;
  struct reversal one = {.entry = 3, .line_no = 1, .on = DAY_NONE, .reason = "x", .who = "test"},
                  other = {.entry = 5,
                           .line_no = 2,
                           .on = day_make(2026, 5, 1),
                           .reason = "x",
                           .who = "test"};
  assert_int_equal(reversal_post(store, &one, &undone, &err), DONE);
  if (reversal_post(store, &other, &undone, &err) != DONE) fail_msg("%s", err.message);
  struct closing_result closed;
  struct closing_options first = {.year = 2025, .to = DAY_NONE, .progress = PROGRESS_NEVER},
                         second = {.year = 2024, .to = DAY_NONE, .progress = PROGRESS_NEVER};
  if (closing_post(store, &first, &closed, &err) != DONE) fail_msg("%s", err.message);
  if (closing_post(store, &second, &closed, &err) != DONE) fail_msg("%s", err.message);
  if (closing_post(store, &first, &closed, &err) != DONE) fail_msg("%s", err.message);
  assert_int_equal(signer_generate(span_of("weal"), KEY_ED25519, &signer, &err), DONE);
  if (head_sign(store, &signer, arena, &note, &err) != DONE) fail_msg("%s", err.message);
  signer_wipe(&signer);
  post_file(store, 3, day_make(2025, 6, 1), true); /* past the head and the closings */
  arena_free(arena);
  return store;
}

static struct store *book; /* for the tests that change something and restore it */
static int missed;

/* Changes a table, runs the audit, restores the table. */
static void change(const char *table, const char *sql) {
  char text[512];
  snprintf(text, sizeof text, "create table kept as select * from %s;", table);
  run(book, text);
  run(book, sql);
  if (!findings(book, false)) {
    print_message("not found: %s\n", sql);
    missed++;
  }
  snprintf(text, sizeof text, "delete from %s; insert into %s select * from kept; drop table kept;",
           table, table);
  run(book, text);
}

static void the_audit_watches_every_column_of_a_line(void **state) {
  (void)state;
  static const char *const sets[] = {"account = account + 2",
                                     "account = 99999",
                                     "account = -5",
                                     "day = day + 1",
                                     "entry = entry + 1",
                                     "entry = 100000",
                                     "n = 500",
                                     "n = 0",
                                     "amount = amount + 1",
                                     "category = 2",
                                     "category = 99",
                                     "quantity = 0",
                                     "quantity = 7",
                                     "service = 2",
                                     "service = 77",
                                     "cost_year = 2020",
                                     "estimated = 1",
                                     "body = case body when 2 then 1 else 2 end",
                                     "body = 77",
                                     "place = 2",
                                     "place = 77",
                                     "reference = 'other'",
                                     "reference = null",
                                     "note = 'other'",
                                     "note = null",
                                     "reverses_entry = 2",
                                     "reverses_n = 3"};
  book = whole_book();
  missed = 0;
  assert_int_equal(findings(book, true), 0);
  for (size_t i = 0; i < sizeof sets / sizeof *sets; i++) {
    char sql[256];
    /* A row of a file with a body, no quantity and no place; of the first file, and of the one past
     * the head. */
    snprintf(sql, sizeof sql, "update line set %s where entry = 4 and n = 1;", sets[i]);
    change("line", sql);
    snprintf(sql, sizeof sql,
             "update line set %s where entry = (select max(id) from entry) and n = 2;", sets[i]);
    change("line", sql);
  }
  change("line", "delete from line where entry = 4 and n = 2;");
  change("line", "delete from line where entry = 4;");
  change("line", "insert into line (account, day, entry, n, amount, category, estimated) values "
                 "(1, 20300, 4, 100, 5, 1, 0), (3, 20300, 4, 101, -5, 1, 0);");
  change("line", "insert into line (account, day, entry, n, amount, category, estimated) values "
                 "(1, 20300, 4, 0, 5, 1, 0), (3, 20300, 4, -1, -5, 1, 0);");
  change("line", "insert into line (account, day, entry, n, amount, category, estimated) values "
                 "(1, 20300, 100000, 1, 5, 1, 0), (3, 20300, 100000, 2, -5, 1, 0);");
  change("line", "insert into line (account, day, entry, n, amount, category, estimated) values "
                 "(-1, 20300, 4, 1, 5, 1, 0);");
  /* Two rows exchange references; two amounts of an entry change so that the sum stays the same. */
  change("line", "update line set reference = case reference when '1-4' then '1-44' else '1-4' end "
                 "where reference in ('1-4', '1-44');");
  change("line", "update line set amount = amount + case n when 1 then 1 else -1 end where entry = "
                 "4 and n in (1, 2);");
  change("line", "update line set note = 'x' where reverses_entry is not null;");
  if (!fresh_is_postgresql()) {
    change("line", "update line set n = n + 4294967296 where entry = 4 and n = 1;");
    change("line", "update line set category = category + 4294967296 where entry = 4 and n = 1;");
    change("line", "update line set estimated = 2 where entry = 4 and n = 1;");
  }
  assert_int_equal(findings(book, true), 0);
  store_close(book);
  assert_int_equal(missed, 0);
}

static void the_audit_watches_every_other_table(void **state) {
  (void)state;
  book = whole_book();
  missed = 0;
  static const struct {
    const char *table, *sql;
  } changes[] = {
      {"entry", "update entry set day = day + 1 where id = 4;"},
      {"entry", "update entry set lines = lines + 1 where id = 4;"},
      {"entry", "delete from entry where id = 4;"},
      {"entry", "update entry set root = (select root from entry where id = 5) where id = 4;"},
      {"entry",
       "update entry set seq = 99999 where id = 4; update entry set seq = seq - 1 where id = 5; "
       "update entry set seq = (select seq + 1 from entry where id = 5) where id = 4;"},
      {"entry", "update entry set recorded = '2001-01-01T00:00:00Z' where id = 4;"},
      {"entry", "update entry set kind = 'reversal' where id = 4;"},
      {"entry", "update entry set import = 2 where id = 4;"},
      {"entry", "update entry set import = null where id = 4;"},
      {"entry", "update entry set kind = 'import' where kind = 'closing';"},
      {"import", "delete from import where id = 1;"},
      {"import",
       "update import set digest = (select digest from import where id = 2) where id = 1;"},
      {"import", "update import set last_entry = last_entry - 1 where id = 1;"},
      {"head", "update head set logged = logged - 1;"},
      {"head", "update head set entry = entry - 1;"},
      {"reference", "delete from reference where bucket = (select min(bucket) from reference);"},
      {"reference",
       "update reference set entry = 100000 where bucket = (select min(bucket) from reference);"},
      {"balance", "update balance set amount = amount + 1;"},
      {"balance", "update balance set held = held + 1;"},
      {"balance", "delete from balance;"},
      {"balance", "insert into balance values (1, 0, 0);"},
      {"hold", "update hold set amount = amount + 1;"},
      {"hold", "delete from hold;"},
      {"account", "update account set floor = null where floor is not null;"},
      {"account", "update account set owner = 2 where id = 1;"},
      {"account", "update account set unit = 'minutes' where id = 1;"},
      {"account", "delete from account where id = 3;"},
      {"account",
       "update account set secret = (select secret from account where id = 3) where id = 1;"},
      {"holding", "update holding set owner = 3 - owner where owner in (1, 2) and unit = 'pence' "
                  "and role = 'social';"},
      {"holding", "delete from holding where account = 2;"},
      {"closing", "update closing set year = 2023 where year = 2024;"},
      {"closing", "update closing set to_day = to_day - 200 where year = 2024;"},
      {"closing", "update closing set people = people - 1;"},
      {"closing", "delete from closing;"},
      {"closing_tile",
       "update closing_tile set first_party = first_party + 1 where tile = 1 and level = 0;"},
      {"closing_tile", "delete from closing_tile where level = 1;"},
      {"closing_tile", "update closing_tile set hashes = (select hashes from log_tile where level "
                       "= 0 and tile = 0) where level = 0 and tile = 1;"},
      {"closing_tile", "insert into closing_tile (entry, level, tile, first_party, hashes) select "
                       "entry, 0, 2, 900, hashes from closing_tile where tile = 1;"},
      {"log_tile", "delete from log_tile;"},
      {"log_tile", "update log_tile set hashes = (select root from entry where id = 4);"},
      {"log_tile", "insert into log_tile select 1, 0, hashes from log_tile;"},
      {"log_head", "update log_head set size = size - 1;"},
      {"log_head", "update log_head set note = 'x';"},
      {"party", "update party set code = 'X9' where id = 9;"},
  };
  for (size_t i = 0; i < sizeof changes / sizeof *changes; i++) {
    change(changes[i].table, changes[i].sql);
  }
  change(
      "reference",
      fresh_is_postgresql()
          ? "update reference set digests = set_byte(digests, 15, (get_byte(digests, 15) + 1) % "
            "256) where bucket = (select min(bucket) from reference);"
          : "update reference set digests = cast(substr(digests, 1, 15) || x'00' as blob) where "
            "bucket = (select min(bucket) from reference where substr(digests, 16, 1) <> x'00');");
  change("closing_tile",
         fresh_is_postgresql()
             ? "update closing_tile set hashes = set_byte(hashes, 10, (get_byte(hashes, 10) + 1) % "
               "256);"
             : "update closing_tile set hashes = cast(substr(hashes, 1, 40) || x'00' || "
               "substr(hashes, 42) as blob) where substr(hashes, 41, 1) <> x'00';");
  assert_int_equal(findings(book, true), 0);
  store_close(book);
  assert_int_equal(missed, 0);
}

/* A person is erased, and retention erases an old line whose reversal is younger: nothing differs,
 * and the audit checks the remaining sums too. */
static void erasure_leaves_a_sound_book(void **state) {
  (void)state;
  struct error err = {0};
  struct erasure_result erased;
  book = whole_book();
  missed = 0;
  if (erasure_person(book, 8, "test", "asked", &erased, &err) != DONE) fail_msg("%s", err.message);
  assert_int_equal(findings(book, true), 0);
  if (erasure_person(book, 15, "test", "asked", &erased, &err) != DONE) fail_msg("%s", err.message);
  assert_int_equal(findings(book, true), 0);
  /* The whole file is reversed after the erasure, and then another person in it is erased. */
  struct reversal_result undone;
  struct reversal all = {.import = 1, .on = DAY_NONE, .reason = "x", .who = "test"};
  if (reversal_post(book, &all, &undone, &err) != DONE) fail_msg("%s", err.message);
  assert_int_equal(findings(book, true), 0);
  if (erasure_person(book, 29, "test", "asked", &erased, &err) != DONE) fail_msg("%s", err.message);
  assert_int_equal(findings(book, true), 0);
  /* Retention erases old lines; the younger reversal of one of them is kept. */
  static const struct pack_category tax = {.code = "tax"}, benefit = {.code = "benefit"},
                                    help = {.code = "help"};
  struct pack_retention retentions[] = {{.category = &tax, .years = 1},
                                        {.category = &benefit, .years = 1},
                                        {.category = &help, .years = 1}};
  struct pack pack = {.retentions = retentions, .retention_count = 3};
  if (erasure_retention(book, &pack, day_make(2026, 10, 1), PROGRESS_NEVER, &erased, &err) != DONE)
    fail_msg("%s", err.message);
  assert_true(erased.lines > 1000);
  int64_t young = 0;
  assert_int_equal(store_int(book,
                             "select count(*) from line l join account a on a.id = l.account where "
                             "l.reverses_entry is not null and a.owner_kind = 'person'",
                             0, &young, &err),
                   DONE);
  assert_int_equal(young, 1);
  assert_int_equal(findings(book, true), 0);
  change("erased_leaf",
         "delete from erased_leaf where entry = (select max(entry) from erased_leaf);");
  change("erased_leaf", "update erased_leaf set hash = (select root from entry where id = 4) where "
                        "entry = (select max(entry) from erased_leaf);");
  change("erased_leaf", "insert into erased_leaf select 1, 2, root from entry where id = 4;");
  change("line", "update line set amount = amount + 1 where account in (select id from account "
                 "where role = 'erased');");
  store_close(book);
  assert_int_equal(missed, 0);
}

/* Threads that close a year read each account's unit. For a unit that is neither pence nor minutes
 * each thread must keep its own copy: the thread sanitizer runs this test, with enough people that
 * each thread has some blocks. */
static void a_third_unit_is_closed(void **state) {
  enum { MANY = 4000 };
  (void)state;
  struct store *store = new_book();
  struct error err = {0};
  struct closing_result closed;
  struct closing_options options = {.year = 2025, .to = DAY_NONE, .progress = PROGRESS_NEVER};
  int64_t first = 0;
  assert_int_equal(store_begin(store, STORE_WRITE, &err), DONE);
  assert_int_equal(
      store_run(
          store,
          "update head set party = 4000, category = 4;"
          "insert into unit (code, position, kind, scale, name, name_cy, before, one, many, "
          "one_cy, many_cy) values ('shares', 3, 'count', 3, 'Shares', 'Cyfranddaliadau', '', "
          "'share', 'shares', 'x', 'x');"
          "insert into category (id, code, unit) values (4, 'stake', 'shares');"
          "insert into party (id, kind, code, name) with recursive n (i) as (select 301 union all "
          "select i + 1 from n where i < 4000) select i, 'person', 'P' || i, 'Name' from n;",
          &err),
      DONE);
  assert_int_equal(book_open_people(store, PEOPLE + 1, MANY, &err), DONE);
  for (int person = 1; person <= MANY; person++) {
    struct account shares = {
        .owner_kind = OWNER_PERSON, .owner = person, .role = "purse", .unit = "shares"};
    assert_int_equal(book_open_account(store, &shares, FLOOR_NONE, &err), DONE);
    if (!first) first = shares.id;
  }
  assert_int_equal(store_commit(store, &err), DONE);
  for (int64_t i = 0; i < 50; i++) move_of(store, 4, first + i, first + MANY - 1 - i, 3);
  if (closing_post(store, &options, &closed, &err) != DONE) fail_msg("%s", err.message);
  assert_int_equal(closed.people, MANY);
  assert_true(closed.lines >= 100);
  assert_int_equal(findings(store, true), 0);
  store_close(store);
}

struct posters {
  struct store *store;
  int64_t worst;
};

static void post_or_audit(void *context, int worker) {
  struct posters *p = context;
  struct store *mine = NULL;
  struct error err = {0};
  if (store_again(&mine, p->store, worker ? STORE_WRITE : STORE_READ, &err) != DONE)
    fail_msg("%s", err.message);
  if (worker == 0)
    for (int i = 0; i < 15; i++) {
      int64_t found = findings(mine, true);
      if (found > p->worst) p->worst = found;
    }
  else if (worker == 1)
    for (int i = 0; i < 150; i++) move(mine, 1 + 2 * (i % 50), 3 + 2 * (i % 60), 10);
  else
    for (int i = 0; i < 6; i++) post_file(mine, 10 + i, day_make(2025, 7, 1), true);
  store_close(mine);
}

static void audit_is_sound_while_others_post(void **state) {
  (void)state;
  struct posters p = {.store = new_book()};
  workers_run(3, post_or_audit, &p);
  assert_int_equal(p.worst, 0);
  assert_int_equal(findings(p.store, true), 0);
  store_close(p.store);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(the_audit_watches_every_column_of_a_line),
      cmocka_unit_test(the_audit_watches_every_other_table),
      cmocka_unit_test(erasure_leaves_a_sound_book),
      cmocka_unit_test(a_third_unit_is_closed),
      cmocka_unit_test(audit_is_sound_while_others_post),
  };
  return cmocka_run_group_tests(tests, NULL, fresh_teardown);
}
