/* Erasure together with other writers: an uncommitted posting, an import under way, another
 * erasure, a merger, a kill. In every order nothing of the person is left afterwards and the book
 * is sound. */
#include "book/bulk.h"
#include "book/reversal.h"
#include "register/access_log.h"
#include "register/legal_holds.h"
#include "register/register.h"

#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "erasure_book.h"

/* ---- sums that one line cannot hold ---- */

static void post_counted(int64_t quantity) {
  int64_t entry = 0;
  struct posting *p = posting_begin(store, 20000, "portal", "by hand");
  for (int64_t person = ANN; person <= CAT; person += CAT - ANN) /* of one place */
    posting_add(p, &(struct line){.account = social(person),
                                  .category = BENEFIT,
                                  .amount = 1000,
                                  .quantity = quantity,
                                  .has_quantity = true,
                                  .body = 1});
  posting_add(p,
              &(struct line){.account = control, .category = BENEFIT, .amount = -2000, .body = 1});
  ok(posting_commit(p, &entry, &err));
}

/* Checks the accounts of sums: the number of lines, and by how much their quantity exceeds the
 * largest 64-bit number. */
static void assert_sums(int64_t lines, int64_t past) {
  assert_int_equal(number("select count(*) from line l join account a on a.id = l.account where "
                          "a.role = 'erased' and l.n > 3"),
                   lines);
  assert_int_equal(
      number("select sum(quantity - 9223372036854775000) from line l join account a on a.id = "
             "l.account where a.role = 'erased' and l.n > 3 and quantity > 1000000000000") +
          number("select coalesce(sum(quantity), 0) from line l join account a on a.id = l.account "
                 "where a.role = 'erased' and l.n > 3 and quantity <= 1000000000000"),
      past);
}

/* The sum of one person's lines is nearly as large as a 64-bit number: the next one begins another
 * sum of the same kind, and later ones are added where there is room. */
static void a_sum_that_is_full_begins_another(void **state) {
  (void)state;
  struct erasure_result result;
  struct reversal what = {.entry = 1, .on = DAY_NONE, .reason = "wrong", .who = "officer"};
  struct reversal_result undone;
  new_book();
  post_counted(900);
  ok(erasure_person(store, ANN, "officer", "asked for it", &result, &err));
  /* sums are outside the root */
  ok(store_run(store, "update line set quantity = 9223372036854775000 where n > 3", &err));
  ok(erasure_person(store, CAT, "officer", "asked for it", &result, &err));
  assert_int_equal(result.sums, 1);
  assert_sums(2, 900);
  assert_gone(CAT, 2000);
  assert_sound();
  ok(reversal_post(store, &what, &undone, &err));
  assert_int_equal(undone.lines, 2);
  assert_int_equal(number("select count(*) from (select account from line group by account having "
                          "sum(amount) <> 0) wrong"),
                   0);
  assert_int_equal(
      number("select count(*) from line r join line l on l.entry = r.reverses_entry and l.n = "
             "r.reverses_n and l.quantity = -r.quantity where r.reverses_entry = 1"),
      2);
  assert_sound();
  end_book();
}

/* The same for lines of one person, positive and negative; the smallest 64-bit number, which
 * nothing could undo, is never a sum. */
static void lines_that_pass_64_bits_become_several_sums(void **state) {
  static const char *const large[] = {
      "update line set quantity = 9223372036854775000 where quantity is not null",
      "update line set quantity = -4611686018427387904 where quantity is not null"};
  (void)state;
  for (size_t i = 0; i < sizeof large / sizeof *large; i++) {
    struct erasure_result result;
    int64_t entry = 0;
    new_book();
    struct posting *p = posting_begin(store, 20000, "portal", "by hand");
    for (int l = 0; l < 2; l++)
      posting_add(p, &(struct line){.account = social(ANN),
                                    .category = BENEFIT,
                                    .amount = 1000,
                                    .quantity = 900,
                                    .has_quantity = true,
                                    .body = 1});
    posting_add(
        p, &(struct line){.account = control, .category = BENEFIT, .amount = -2000, .body = 1});
    ok(posting_commit(p, &entry, &err));
    ok(store_run(store, large[i], &err));
    ok(erasure_person(store, ANN, "officer", "asked for it", &result, &err));
    assert_int_equal(result.sums, 2);
    assert_gone(ANN, 2000);
    end_book();
  }
}

/* ---- a posting that is not committed ---- */

static void a_posting_under_way_is_erased_too(void **state) {
  (void)state;
  struct eraser_thread e;
  int64_t entry = 0;
  new_book();
  post(ANN, 1000, "first");
  ok(store_begin(store, STORE_WRITE, &err));
  ok(posting_post(a_posting(store, ANN, 777, "personal note"), &entry, &err));
  begin_to_erase(&e, ANN);
  assert_waits(&e);
  ok(store_commit(store, &err));
  assert_int_equal(end_of_erasing(&e), DONE);
  assert_int_equal(e.result.lines, 2);
  assert_gone(ANN, 1777);
  assert_int_equal(number("select count(*) from line where note = 'personal note'"), 0);
  assert_sound();
  end_book();
}

static void a_rolled_back_posting_does_not_block_an_erasure(void **state) {
  (void)state;
  struct eraser_thread e;
  int64_t entry = 0;
  new_book();
  post(ANN, 1000, "first");
  ok(store_begin(store, STORE_WRITE, &err));
  ok(posting_post(a_posting(store, ANN, 777, "personal note"), &entry, &err));
  begin_to_erase(&e, ANN);
  assert_waits(&e);
  store_rollback(store);
  assert_int_equal(end_of_erasing(&e), DONE);
  assert_gone(ANN, 1000);
  assert_sound();
  end_book();
}

static void retention_erases_a_posting_under_way(void **state) {
  (void)state;
  struct eraser_thread e;
  int64_t entry = 0;
  new_book();
  post(ANN, 1000, "first");
  ok(store_begin(store, STORE_WRITE, &err));
  ok(posting_post(a_posting(store, ANN, 777, "personal note"), &entry, &err));
  begin_to_erase(&e, 0);
  assert_waits(&e);
  ok(store_commit(store, &err));
  assert_int_equal(end_of_erasing(&e), DONE);
  assert_int_equal(e.result.lines, 2);
  assert_int_equal(number("select count(*) from line where note = 'personal note'"), 0);
  assert_sound();
  end_book();
}

static void nothing_is_posted_to_an_erased_person(void **state) {
  (void)state;
  struct erasure_result result;
  int64_t entry = 0;
  new_book();
  post(ANN, 1000, "first");
  ok(erasure_person(store, ANN, "officer", "asked for it", &result, &err));
  assert_int_equal(posting_commit(a_posting(store, ANN, 777, "personal note"), &entry, &err),
                   REFUSED);
  assert_non_null(strstr(err.message, "erased"));
  assert_gone(ANN, 1000);
  assert_sound();
  end_book();
}

/* If the store cannot say whether somebody was erased before, the error says that. */
static void a_store_that_cannot_say_who_was_erased_fails(void **state) {
  (void)state;
  struct erasure_result result;
  new_book();
  ok(erasure_person(store, ANN, "officer", "asked for it", &result, &err));
  assert_int_equal(erasure_person(store, ANN, "officer", "asked for it", &result, &err), REFUSED);
  assert_non_null(strstr(err.message, "was erased before"));
  ok(store_run(store, "alter table erasure rename to elsewhere", &err));
  assert_int_equal(erasure_person(store, ANN, "officer", "asked for it", &result, &err), FAILED);
  err = (struct error){0};
  end_book();
}

/* ---- an import under way ---- */

enum { ROWS = 200 };

/* An import of `rows` rows, for people 1 to `people` in turn. */
static struct bulk *an_import_of(int mark, int people, int rows) {
  struct bulk *bulk = NULL;
  struct bulk_options options = {
      .who = "test", .kind = "import", .progress = PROGRESS_NEVER, .check_references = true};
  ok(bulk_open(&bulk, store, &options, &err));
  ok(bulk_load_people(bulk, &err));
  int file = bulk_file(bulk, "entries", "file.csv");
  for (int i = 0; i < rows; i++) {
    char reference[16];
    snprintf(reference, sizeof reference, "%d-%d", mark, i);
    struct bulk_row row = {.file = file,
                           .line = (uint64_t)i + 2,
                           .account = bulk_person_account(bulk, 1 + i % people, "pence"),
                           .control = bulk_control(bulk, 1, "pence"),
                           .fields = {.day = 20000 + i % 5,
                                      .category = BENEFIT,
                                      .amount = 10,
                                      .body = 1,
                                      .reference = span_of(reference),
                                      .note = span_of("of a file")}};
    if (!row.account) continue;
    ok(bulk_add(bulk, i % 2, &row, &err));
  }
  struct bulk_file_facts facts = {.rows = (uint64_t)rows};
  facts.digest.bytes[0] = (uint8_t)mark;
  ok(bulk_file_end(bulk, file, &facts, &err));
  ok(bulk_duplicates(bulk, NULL, NULL, NULL, &err));
  return bulk;
}

static struct bulk *an_import(int mark) { return an_import_of(mark, 4, ROWS); }

static void an_erasure_waits_for_an_import(void **state) {
  (void)state;
  struct eraser_thread e;
  struct bulk_result posted;
  new_book();
  post(ANN, 1000, "first");
  struct bulk *bulk = an_import(1);
  begin_to_erase(&e, ANN);
  assert_waits(&e);
  ok(bulk_post(bulk, &posted, &err));
  bulk_free(bulk);
  assert_int_equal(end_of_erasing(&e), DONE);
  assert_int_equal(e.result.lines, 1 + ROWS / 4);
  assert_gone(ANN, 1000 + 10 * ROWS / 4);
  assert_int_equal(number("select count(*) from line where note = 'of a file'"), ROWS - ROWS / 4);
  assert_sound();
  end_book();
}

static void an_abandoned_import_leaves_nothing_of_an_erased_person(void **state) {
  (void)state;
  struct eraser_thread e;
  new_book();
  post(ANN, 1000, "first");
  struct bulk *bulk = an_import(1);
  begin_to_erase(&e, ANN);
  assert_waits(&e);
  bulk_free(bulk);
  assert_int_equal(end_of_erasing(&e), DONE);
  assert_gone(ANN, 1000);
  bulk = an_import(2); /* and the next one finds no account of hers */
  struct bulk_result posted;
  ok(bulk_post(bulk, &posted, &err));
  bulk_free(bulk);
  assert_int_equal(posted.rows, ROWS - ROWS / 4);
  assert_gone(ANN, 1000);
  assert_sound();
  end_book();
}

/* An import died between writing its lines and finishing: the erasure first deletes those lines. */
static void lines_of_a_dead_import_are_erased_too(void **state) {
  (void)state;
  struct erasure_result result;
  new_book();
  post(ANN, 1000, "first");
  ok(store_begin(store, STORE_WRITE, &err));
  ok(store_run(store,
               "update head set entry = entry + 2; insert into pending (first, last, state) "
               "values (2, 3, 'live');"
               "insert into line (account, day, entry, n, amount, category, estimated, note) "
               "values (1, 20000, 2, 1, 50, 2, 0, 'of a dead file');",
               &err));
  ok(store_commit(store, &err));
  ok(erasure_person(store, ANN, "officer", "asked for it", &result, &err));
  assert_gone(ANN, 1000);
  assert_int_equal(number("select count(*) from line where note = 'of a dead file'"), 0);
  assert_sound();
  end_book();
}

/* ---- two at once ---- */

static void two_erasures_of_one_person(void **state) {
  (void)state;
  struct eraser_thread one, other;
  new_book();
  post(ANN, 1000, "first");
  ok(store_begin(store, STORE_WRITE, &err)); /* so that both wait */
  ok(store_run(store, "update head set entry = entry", &err));
  begin_to_erase(&one, ANN);
  begin_to_erase(&other, ANN);
  assert_waits(&one);
  assert_waits(&other);
  ok(store_commit(store, &err));
  enum status first = end_of_erasing(&one), second = end_of_erasing(&other);
  assert_true((first == DONE && second == REFUSED) || (first == REFUSED && second == DONE));
  assert_non_null(strstr(first == DONE ? other.err.message : one.err.message, "erased before"));
  assert_gone(ANN, 1000);
  assert_sound();
  end_book();
}

static void two_erasures_of_two_people(void **state) {
  (void)state;
  struct eraser_thread one, other;
  new_book();
  post(ANN, 1000, "first");
  post(CAT, 500, "first");
  ok(store_begin(store, STORE_WRITE, &err));
  ok(store_run(store, "update head set entry = entry", &err));
  begin_to_erase(&one, ANN);
  begin_to_erase(&other, CAT);
  assert_waits(&one);
  assert_waits(&other);
  ok(store_commit(store, &err));
  assert_int_equal(end_of_erasing(&one), DONE);
  assert_int_equal(end_of_erasing(&other), DONE);
  assert_gone(ANN, 1500);
  assert_gone(CAT, 1500);
  assert_sound();
  end_book();
}

static void a_merge_that_is_not_committed_counts(void **state) {
  (void)state;
  struct eraser_thread e;
  new_book();
  post(ANN, 1000, "first");
  post(BOB, 500, "first");
  ok(store_begin(store, STORE_WRITE, &err));
  ok(register_merge(store, ANN, BOB, "one person", &err));
  begin_to_erase(&e, BOB);
  assert_waits(&e);
  ok(store_commit(store, &err));
  assert_int_equal(end_of_erasing(&e), DONE);
  assert_int_equal(e.result.people, 2);
  assert_gone(ANN, 1500);
  assert_gone(BOB, 1500);
  assert_sound();
  end_book();
}

static void an_erased_person_is_not_merged(void **state) {
  (void)state;
  struct erasure_result result;
  new_book();
  ok(erasure_person(store, ANN, "officer", "asked for it", &result, &err));
  ok(store_begin(store, STORE_WRITE, &err));
  assert_int_equal(register_merge(store, ANN, BOB, "one person", &err), REFUSED);
  assert_int_equal(register_merge(store, BOB, ANN, "one person", &err), REFUSED);
  store_rollback(store);
  assert_gone(ANN, 0);
  end_book();
}

/* ---- legal holds ---- */

static int64_t placed_hold(int64_t person) {
  int64_t id = 0;
  ok(store_begin(store, STORE_WRITE, &err));
  ok(legal_hold_place(store, person, &(struct access_reader){.who = "counsel"}, "claim 12", &id,
                      &err));
  ok(store_commit(store, &err));
  return id;
}

static void end_hold(int64_t person, int64_t id) {
  struct arena *arena = arena_new();
  ok(store_begin(store, STORE_WRITE, &err));
  ok(legal_hold_end(store, arena, person, &id, &(struct access_reader){.who = "counsel"}, "settled",
                    &err));
  ok(store_commit(store, &err));
  arena_free(arena);
}

static void assert_held(const struct eraser_thread *e) {
  assert_int_equal(e->status, REFUSED);
  static const char *const words[] = {"counsel", "claim 12", "legal-hold end"};
  for (int i = 0; i < 3; i++) assert_non_null(strstr(e->err.message, words[i]));
}

static void a_hold_that_is_not_committed_counts(void **state) {
  (void)state;
  struct eraser_thread e;
  int64_t id = 0;
  new_book();
  post(ANN, 1000, "first");
  ok(store_begin(store, STORE_WRITE, &err));
  ok(legal_hold_place(store, ANN, &(struct access_reader){.who = "counsel"}, "claim 12", &id,
                      &err));
  begin_to_erase(&e, ANN);
  assert_waits(&e);
  ok(store_commit(store, &err));
  end_of_erasing(&e);
  assert_held(&e);
  assert_int_equal(number("select count(*) from line where account = 1"), 1);
  end_hold(ANN, 0);
  assert_int_equal(erase_now(&e, ANN), DONE);
  assert_gone(ANN, 1000);
  assert_int_equal(number("select count(*) from legal_hold where party = 1 and reason = '' and "
                          "end_reason is null and ended_by = 'counsel'"),
                   1);
  assert_sound();
  end_book();
}

static void a_hold_on_an_erased_person_is_refused(void **state) {
  (void)state;
  struct erasure_result result;
  int64_t id = 0;
  new_book();
  ok(erasure_person(store, ANN, "officer", "asked for it", &result, &err));
  ok(store_begin(store, STORE_WRITE, &err));
  assert_int_equal(legal_hold_place(store, ANN, &(struct access_reader){.who = "counsel"},
                                    "claim 12", &id, &err),
                   REFUSED);
  store_rollback(store);
  end_book();
}

static void merge(int64_t survivor, int64_t merged) {
  ok(store_begin(store, STORE_WRITE, &err));
  ok(register_merge(store, survivor, merged, "one person", &err));
  ok(store_commit(store, &err));
}

/* A hold on one of three records that are one person by a chain of mergers protects all of them,
 * whichever is named; after they are separated, only its own. */
static void a_hold_on_one_record_holds_all_of_a_person(void **state) {
  (void)state;
  static const int64_t records[] = {ANN, BOB, CAT};
  for (int held = 0; held < 3; held++) {
    struct eraser_thread e;
    new_book();
    post(ANN, 1000, "first");
    post(BOB, 500, "first");
    post(CAT, 250, "first");
    int64_t id = placed_hold(records[held]);
    merge(ANN, BOB);
    merge(BOB, CAT);
    for (int r = 0; r < 3; r++) {
      erase_now(&e, records[r]);
      assert_held(&e);
    }
    assert_int_equal(erase_now(&e, 0), DONE);
    assert_int_equal(e.result.held_count, 3);
    for (int r = 0; r < 3; r++) assert_int_equal(e.result.held[r], records[r]);
    assert_int_equal(e.result.lines, 0);
    erasure_result_free(&e.result);
    ok(store_begin(store, STORE_WRITE, &err));
    ok(register_unmerge(store, BOB, CAT, &err));
    ok(store_commit(store, &err));
    erase_now(&e, CAT);
    assert_int_equal(e.status, records[held] == CAT ? REFUSED : DONE);
    erase_now(&e, ANN);
    assert_int_equal(e.status, records[held] == CAT ? DONE : REFUSED);
    end_hold(records[held], id);
    /* placed, ended */
    assert_int_equal(
        number("select count(*) from access where party in (1, 2, 3) and what like 'legal hold%'"),
        2);
    assert_sound();
    end_book();
  }
}

static void retention_keeps_people_under_a_hold(void **state) {
  (void)state;
  struct eraser_thread e;
  new_book();
  post(ANN, 1000, "first");
  post(BOB, 500, "first");
  placed_hold(ANN);
  assert_int_equal(erase_now(&e, 0), DONE);
  assert_int_equal(e.result.held_count, 1);
  assert_int_equal(e.result.held[0], ANN);
  assert_int_equal(e.result.lines, 1);
  erasure_result_free(&e.result);
  assert_int_equal(number("select count(*) from line where account = 1 and note = 'first'"), 1);
  end_hold(ANN, 0);
  assert_int_equal(erase_now(&e, 0), DONE);
  assert_int_equal(e.result.held_count, 0);
  assert_int_equal(e.result.lines, 1);
  assert_sound();
  end_book();
}

/* After a backup was restored, a person under a legal hold does not stop the erasure of others. */
static void erasing_again_skips_people_under_a_hold(void **state) {
  (void)state;
  struct erasure_result result;
  struct text path = {0};
  new_book();
  post(ANN, 1000, "first");
  post(BOB, 500, "first");
  post(CAT, 250, "first");
  placed_hold(BOB);
  text_addf(&path, "%s/erased.csv", fresh_folder());
  FILE *f = fopen(path.bytes, "w");
  assert_non_null(f);
  fputs("party,at,who,reason\n1,2026-01-01T00:00:00Z,officer,asked\n2,2026-01-01T00:00:00Z,officer,"
        "asked\n3,2026-01-01T00:00:00Z,officer,asked\n",
        f);
  fclose(f);
  ok(erasure_again(store, path.bytes, &result, &err));
  assert_int_equal(result.people, 2);
  assert_int_equal(result.held_count, 1);
  assert_int_equal(result.held[0], BOB);
  erasure_result_free(&result);
  assert_int_equal(number("select count(*) from counter where name = 'erasure' and last = 2"), 1);
  assert_gone(ANN, 1250);
  assert_gone(CAT, 1250);
  end_hold(BOB, 0);
  ok(erasure_again(store, path.bytes, &result, &err));
  assert_int_equal(result.people, 1);
  assert_gone(BOB, 1750);
  assert_sound();
  text_release(&path);
  end_book();
}

/* ---- killed ---- */

static void erase_in_a_child(const char *url, int64_t person, unsigned after_us) {
  pid_t child = fork();
  if (child < 0) fail_msg("no process");
  if (child == 0) {
    struct store *mine = NULL;
    struct error mine_err = {0};
    struct erasure_result result;
    if (store_open(&mine, url, STORE_WRITE, &mine_err) == DONE &&
        erasure_person(mine, person, "officer", "asked for it", &result, &mine_err) == DONE)
      _exit(0);
    _exit(1);
  }
  int how = 0;
  usleep(after_us);
  kill(child, SIGKILL);
  waitpid(child, &how, 0);
}

/* Whenever the process is killed, the person is either complete or erased, and the same call can be
 * made again. A new person each time; the next kill comes earlier after an erased person and later
 * after a complete one, so that kills fall close to the commit, before and after it. */
static void a_kill_leaves_all_or_nothing(void **state) {
  (void)state;
  enum { KILLS = 30, IMPORTS = 6, LINES = 50 };
  int merged_count = 0;
  double after_us = 4000;
  new_book();
  for (int i = 0; i < IMPORTS; i++) {
    struct bulk_result posted;
    struct bulk *bulk = an_import_of(1 + i, KILLS, KILLS * LINES);
    ok(bulk_post(bulk, &posted, &err));
    bulk_free(bulk);
  }
  end_book(); /* no connection of ours may be open during a fork */
  const char *url = book_url;
  int64_t all = IMPORTS * LINES * 10;
  for (int64_t person = 1; person <= KILLS; person++) {
    erase_in_a_child(url, person, (unsigned)after_us);
    ok(store_open(&store, url, STORE_WRITE, &err));
    char sql[128];
    snprintf(sql, sizeof sql, "select coalesce(sum(amount), 0) from line where account = %lld",
             (long long)social(person));
    int64_t there = number(sql);
    snprintf(sql, sizeof sql, "select count(*) from party where id = %lld and kind = 'erased'",
             (long long)person);
    int64_t merged = number(sql);
    assert_true((there == all && !merged) || (there == 0 && merged == 1));
    assert_sound();
    end_book();
    merged_count += (int)merged;
    after_us *= merged ? 0.6 : 1.4;
  }
  assert_in_range(merged_count, 1, KILLS - 1);
  ok(store_open(&store, url, STORE_WRITE, &err));
  for (int64_t person = 1; person <= KILLS; person++) {
    struct erasure_result result;
    enum status status = erasure_person(store, person, "officer", "asked for it", &result, &err);
    assert_true(status == DONE || (status == REFUSED && strstr(err.message, "erased before")));
  }
  assert_gone(ANN, KILLS * all);
  assert_sound();
  end_book();
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_sum_that_is_full_begins_another),
      cmocka_unit_test(lines_that_pass_64_bits_become_several_sums),
      cmocka_unit_test(a_posting_under_way_is_erased_too),
      cmocka_unit_test(a_rolled_back_posting_does_not_block_an_erasure),
      cmocka_unit_test(retention_erases_a_posting_under_way),
      cmocka_unit_test(nothing_is_posted_to_an_erased_person),
      cmocka_unit_test(a_store_that_cannot_say_who_was_erased_fails),
      cmocka_unit_test(an_erasure_waits_for_an_import),
      cmocka_unit_test(an_abandoned_import_leaves_nothing_of_an_erased_person),
      cmocka_unit_test(lines_of_a_dead_import_are_erased_too),
      cmocka_unit_test(two_erasures_of_one_person),
      cmocka_unit_test(two_erasures_of_two_people),
      cmocka_unit_test(a_merge_that_is_not_committed_counts),
      cmocka_unit_test(an_erased_person_is_not_merged),
      cmocka_unit_test(a_hold_that_is_not_committed_counts),
      cmocka_unit_test(a_hold_on_an_erased_person_is_refused),
      cmocka_unit_test(a_hold_on_one_record_holds_all_of_a_person),
      cmocka_unit_test(retention_keeps_people_under_a_hold),
      cmocka_unit_test(erasing_again_skips_people_under_a_hold),
      cmocka_unit_test(a_kill_leaves_all_or_nothing),
  };
  return cmocka_run_group_tests(tests, NULL, fresh_teardown);
}
