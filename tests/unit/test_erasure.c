/* Erasure against those who write at the same moment: a posting that is not committed, an import under way, another erasure, a merge, a kill. Whatever happens first, nothing
 * of the person is left afterwards and the book is sound. */
#include "book/audit.h"
#include "book/bulk.h"
#include "book/posting.h"
#include "register/legal_holds.h"
#include "register/register.h"
#include "statement/erasure.h"
#include "fresh.h"

#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

enum { ANN = 1, BOB = 2, CAT = 3, PEOPLE = 40 };
enum { TAX = 1, BENEFIT = 2 };

static struct store *store;
static struct error err;
static int64_t control;
static const char *book_url;

static void must(enum status status) {
  if (status != DONE) fail_msg("%s", err.message);
}

static int64_t number(const char *sql) {
  int64_t n = 0;
  must(store_int(store, sql, 0, &n, &err));
  return n;
}

static void new_book(void) {
  err = (struct error){0};
  book_url = fresh_url();
  must(store_open(&store, book_url, STORE_CREATE, &err));
  must(store_begin(store, STORE_WRITE, &err));
  must(store_run(store,
      "insert into category (id, code, unit) values (1, 'tax', 'pence'), (2, 'benefit', 'pence'), (3, 'help', 'minutes');"
      "insert into place (id, code, name, kind) values (1, 'T', 'T', 'locality'), (2, 'U', 'U', 'locality');"
      "insert into body (id, code, name, kind) values (1, 'a', 'A', 'department'), (2, 'b', 'B', 'charity');"
      "update head set category = 3, body = 2, party = 40, place = 2;"
      "insert into party (id, kind, code, name, born) with recursive n (i) as (select 1 union all select i + 1 from n where i < 40) select i, 'person', 'P' || i, 'Name of ' || i, 0 from n;"
      "insert into identifier (value, scheme, party) select code, 'id', id from party;"
      "insert into residence (party, from_day, place) select id, 0, 1 + id % 2 from party;", &err));
  must(book_open_people(store, 1, PEOPLE, &err));
  must(book_control(store, 1, "pence", &control, &err));
  must(store_commit(store, &err));
}

static void end_book(void) {
  store_close(store);
  store = NULL;
}

static int64_t social(int64_t person) { return 2 * person - 1; }

static struct posting *a_posting(struct store *in, int64_t person, int64_t pence, const char *note) {
  struct posting *p = posting_begin(in, 20000, "portal", "by hand");
  posting_add(p, &(struct line){.account = social(person), .category = BENEFIT, .amount = pence, .body = 1, .note = span_of(note)});
  posting_add(p, &(struct line){.account = control, .category = BENEFIT, .amount = -pence, .body = 1});
  return p;
}

static void post(int64_t person, int64_t pence, const char *note) {
  int64_t entry = 0;
  must(posting_commit(a_posting(store, person, pence, note), &entry, &err));
}

static void tell(void *context, const char *sentence) {
  (void)context;
  print_message("audit: %s\n", sentence);
}

static void assert_sound(void) {
  struct audit_options options = {.threads = 2, .progress = PROGRESS_NEVER, .finding = tell};
  struct audit_result result;
  must(audit_book(store, &options, &result, &err));
  assert_int_equal(result.findings, 0);
}

/* Nothing is left of a person but their number, and what they left adds up. */
static void assert_gone(int64_t person, int64_t pence) {
  char sql[256];
  snprintf(sql, sizeof sql, "select count(*) from line where account between %lld and %lld", (long long)social(person), (long long)social(person) + 1);
  assert_int_equal(number(sql), 0);
  snprintf(sql, sizeof sql, "select count(*) from party where id = %lld and kind = 'erased' and name is null and code = ''", (long long)person);
  assert_int_equal(number(sql), 1);
  snprintf(sql, sizeof sql, "select count(*) from identifier where party = %lld", (long long)person);
  assert_int_equal(number(sql), 0);
  assert_int_equal(number("select count(*) from alias"), 0);
  assert_int_equal(number("select coalesce(sum(l.amount), 0) from line l join account a on a.id = l.account where a.role = 'erased'"), pence);
}

/* ---- an eraser on a thread of its own ---- */

struct eraser_thread {
  pthread_t thread;
  struct store *store;
  int64_t person; /* 0: retention */
  enum status status;
  struct erasure_result result;
  struct error err;
};

static void *erase(void *context) {
  static const struct pack_category benefit = {.code = "benefit"};
  static struct pack_retention years = {.category = &benefit, .years = 1};
  static const struct pack pack = {.retentions = &years, .retention_count = 1};
  struct eraser_thread *e = context;
  if (e->person) e->status = erasure_person(e->store, e->person, "officer", "asked for it", &e->result, &e->err);
  else e->status = erasure_retention(e->store, &pack, day_make(2099, 1, 1), PROGRESS_NEVER, &e->result, &e->err);
  return NULL;
}

enum { A_WHILE_US = 150000 }; /* what is to wait does so by then */

static void begin_to_erase(struct eraser_thread *e, int64_t person) {
  *e = (struct eraser_thread){.person = person};
  must(store_again(&e->store, store, STORE_WRITE, &err));
  if (pthread_create(&e->thread, NULL, erase, e) != 0) fail_msg("no thread");
  usleep(A_WHILE_US);
}

static enum status end_of_erasing(struct eraser_thread *e) {
  pthread_join(e->thread, NULL);
  store_close(e->store);
  return e->status;
}

/* ---- a posting that is not committed ---- */

static void what_is_being_posted_is_erased_too(void **state) {
  (void)state;
  struct eraser_thread e;
  int64_t entry = 0;
  new_book();
  post(ANN, 1000, "first");
  must(store_begin(store, STORE_WRITE, &err));
  must(posting_post(a_posting(store, ANN, 777, "personal note"), &entry, &err));
  begin_to_erase(&e, ANN);
  must(store_commit(store, &err));
  assert_int_equal(end_of_erasing(&e), DONE);
  assert_int_equal(e.result.lines, 2);
  assert_gone(ANN, 1777);
  assert_int_equal(number("select count(*) from line where note = 'personal note'"), 0);
  assert_sound();
  end_book();
}

static void what_is_being_posted_and_given_up_is_not_in_the_way(void **state) {
  (void)state;
  struct eraser_thread e;
  int64_t entry = 0;
  new_book();
  post(ANN, 1000, "first");
  must(store_begin(store, STORE_WRITE, &err));
  must(posting_post(a_posting(store, ANN, 777, "personal note"), &entry, &err));
  begin_to_erase(&e, ANN);
  store_rollback(store);
  assert_int_equal(end_of_erasing(&e), DONE);
  assert_gone(ANN, 1000);
  assert_sound();
  end_book();
}

static void retention_takes_what_is_being_posted(void **state) {
  (void)state;
  struct eraser_thread e;
  int64_t entry = 0;
  new_book();
  post(ANN, 1000, "first");
  must(store_begin(store, STORE_WRITE, &err));
  must(posting_post(a_posting(store, ANN, 777, "personal note"), &entry, &err));
  begin_to_erase(&e, 0);
  must(store_commit(store, &err));
  assert_int_equal(end_of_erasing(&e), DONE);
  assert_int_equal(e.result.lines, 2);
  assert_int_equal(number("select count(*) from line where note = 'personal note'"), 0);
  assert_sound();
  end_book();
}

static void nothing_is_posted_to_who_was_erased(void **state) {
  (void)state;
  struct erasure_result result;
  int64_t entry = 0;
  new_book();
  post(ANN, 1000, "first");
  must(erasure_person(store, ANN, "officer", "asked for it", &result, &err));
  assert_int_equal(posting_commit(a_posting(store, ANN, 777, "personal note"), &entry, &err), REFUSED);
  assert_non_null(strstr(err.message, "erased"));
  assert_gone(ANN, 1000);
  assert_sound();
  end_book();
}

/* ---- an import under way ---- */

enum { ROWS = 200 };

static struct bulk *an_import(int mark) {
  struct bulk *bulk = NULL;
  struct bulk_options options = {.who = "test", .kind = "import", .progress = PROGRESS_NEVER, .check_references = true};
  must(bulk_open(&bulk, store, &options, &err));
  must(bulk_load_people(bulk, &err));
  int file = bulk_file(bulk, "entries", "file.csv");
  for (int i = 0; i < ROWS; i++) {
    char reference[16];
    snprintf(reference, sizeof reference, "%d-%d", mark, i);
    struct bulk_row row = {.file = file, .line = (uint64_t)i + 2, .account = bulk_person_account(bulk, 1 + i % 4, "pence"), .control = bulk_control(bulk, 1, "pence"),
                           .fields = {.day = 20000 + i % 5, .category = BENEFIT, .amount = 10, .body = 1, .reference = span_of(reference), .note = span_of("of a file")}};
    if (!row.account) continue;
    must(bulk_add(bulk, i % 2, &row, &err));
  }
  struct bulk_file_facts facts = {.rows = ROWS};
  facts.digest.bytes[0] = (uint8_t)mark;
  must(bulk_file_end(bulk, file, &facts, &err));
  must(bulk_duplicates(bulk, NULL, NULL, NULL, &err));
  return bulk;
}

static void an_import_that_is_under_way_is_waited_for(void **state) {
  (void)state;
  struct eraser_thread e;
  struct bulk_result posted;
  new_book();
  post(ANN, 1000, "first");
  struct bulk *bulk = an_import(1);
  begin_to_erase(&e, ANN);
  must(bulk_post(bulk, &posted, &err));
  bulk_free(bulk);
  assert_int_equal(end_of_erasing(&e), DONE);
  assert_int_equal(e.result.lines, 1 + ROWS / 4);
  assert_gone(ANN, 1000 + 10 * ROWS / 4);
  assert_int_equal(number("select count(*) from line where note = 'of a file'"), ROWS - ROWS / 4);
  assert_sound();
  end_book();
}

static void an_import_that_is_given_up_leaves_nothing_of_who_was_erased(void **state) {
  (void)state;
  struct eraser_thread e;
  new_book();
  post(ANN, 1000, "first");
  struct bulk *bulk = an_import(1);
  begin_to_erase(&e, ANN);
  bulk_free(bulk);
  assert_int_equal(end_of_erasing(&e), DONE);
  assert_gone(ANN, 1000);
  bulk = an_import(2); /* and the next one finds no account of hers */
  struct bulk_result posted;
  must(bulk_post(bulk, &posted, &err));
  bulk_free(bulk);
  assert_int_equal(posted.rows, ROWS - ROWS / 4);
  assert_gone(ANN, 1000);
  assert_sound();
  end_book();
}

/* Its poster died between its lines and its finish: what nobody can see any more goes first. */
static void what_a_dead_import_left_goes_too(void **state) {
  (void)state;
  struct erasure_result result;
  new_book();
  post(ANN, 1000, "first");
  must(store_begin(store, STORE_WRITE, &err));
  must(store_run(store,
      "update head set entry = entry + 2; insert into pending (first, last, state) values (2, 3, 'live');"
      "insert into line (account, day, entry, n, amount, category, estimated, note) values (1, 20000, 2, 1, 50, 2, 0, 'of a dead file');", &err));
  must(store_commit(store, &err));
  must(erasure_person(store, ANN, "officer", "asked for it", &result, &err));
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
  must(store_begin(store, STORE_WRITE, &err)); /* so that both wait */
  must(store_run(store, "update head set entry = entry", &err));
  begin_to_erase(&one, ANN);
  begin_to_erase(&other, ANN);
  must(store_commit(store, &err));
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
  must(store_begin(store, STORE_WRITE, &err));
  must(store_run(store, "update head set entry = entry", &err));
  begin_to_erase(&one, ANN);
  begin_to_erase(&other, CAT);
  must(store_commit(store, &err));
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
  must(store_begin(store, STORE_WRITE, &err));
  must(register_merge(store, ANN, BOB, "one person", &err));
  begin_to_erase(&e, BOB);
  must(store_commit(store, &err));
  assert_int_equal(end_of_erasing(&e), DONE);
  assert_int_equal(e.result.people, 2);
  assert_gone(ANN, 1500);
  assert_gone(BOB, 1500);
  assert_sound();
  end_book();
}

static void nobody_is_merged_with_who_was_erased(void **state) {
  (void)state;
  struct erasure_result result;
  new_book();
  must(erasure_person(store, ANN, "officer", "asked for it", &result, &err));
  must(store_begin(store, STORE_WRITE, &err));
  assert_int_equal(register_merge(store, ANN, BOB, "one person", &err), REFUSED);
  assert_int_equal(register_merge(store, BOB, ANN, "one person", &err), REFUSED);
  store_rollback(store);
  assert_gone(ANN, 0);
  end_book();
}

/* ---- legal holds ---- */

static int64_t placed_hold(int64_t person) {
  int64_t id = 0;
  must(store_begin(store, STORE_WRITE, &err));
  must(legal_hold_place(store, person, "counsel", "claim 12", &id, &err));
  must(store_commit(store, &err));
  return id;
}

static void end_hold(int64_t person, int64_t id) {
  struct arena *arena = arena_new();
  must(store_begin(store, STORE_WRITE, &err));
  must(legal_hold_end(store, arena, person, id, "counsel", "settled", &err));
  must(store_commit(store, &err));
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
  must(store_begin(store, STORE_WRITE, &err));
  must(legal_hold_place(store, ANN, "counsel", "claim 12", &id, &err));
  begin_to_erase(&e, ANN);
  must(store_commit(store, &err));
  end_of_erasing(&e);
  assert_held(&e);
  assert_int_equal(number("select count(*) from line where account = 1"), 1);
  end_hold(ANN, 0);
  begin_to_erase(&e, ANN);
  assert_int_equal(end_of_erasing(&e), DONE);
  assert_gone(ANN, 1000);
  assert_int_equal(number("select count(*) from legal_hold where party = 1 and reason = '' and end_reason = '' and ended_by = 'counsel'"), 1);
  assert_sound();
  end_book();
}

static void a_hold_on_who_was_erased_is_refused(void **state) {
  (void)state;
  struct erasure_result result;
  int64_t id = 0;
  new_book();
  must(erasure_person(store, ANN, "officer", "asked for it", &result, &err));
  must(store_begin(store, STORE_WRITE, &err));
  assert_int_equal(legal_hold_place(store, ANN, "counsel", "claim 12", &id, &err), REFUSED);
  store_rollback(store);
  end_book();
}

static void merge(int64_t keep, int64_t gone) {
  must(store_begin(store, STORE_WRITE, &err));
  must(register_merge(store, keep, gone, "one person", &err));
  must(store_commit(store, &err));
}

/* A hold on one of three records that are one person, by a chain of merges, keeps each of them, whichever is named; parted again, only its own. */
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
      begin_to_erase(&e, records[r]);
      end_of_erasing(&e);
      assert_held(&e);
    }
    begin_to_erase(&e, 0);
    assert_int_equal(end_of_erasing(&e), DONE);
    assert_int_equal(e.result.held, 3);
    assert_int_equal(e.result.lines, 0);
    must(store_begin(store, STORE_WRITE, &err));
    must(register_unmerge(store, BOB, CAT, &err));
    must(store_commit(store, &err));
    begin_to_erase(&e, CAT);
    end_of_erasing(&e);
    assert_int_equal(e.status, records[held] == CAT ? REFUSED : DONE);
    begin_to_erase(&e, ANN);
    end_of_erasing(&e);
    assert_int_equal(e.status, records[held] == CAT ? DONE : REFUSED);
    end_hold(records[held], id);
    assert_int_equal(number("select count(*) from access where party in (1, 2, 3) and what like 'legal hold%'"), 2); /* placed, ended */
    assert_sound();
    end_book();
  }
}

static void retention_leaves_who_is_held(void **state) {
  (void)state;
  struct eraser_thread e;
  new_book();
  post(ANN, 1000, "first");
  post(BOB, 500, "first");
  placed_hold(ANN);
  begin_to_erase(&e, 0);
  assert_int_equal(end_of_erasing(&e), DONE);
  assert_int_equal(e.result.held, 1);
  assert_int_equal(e.result.lines, 1);
  assert_int_equal(number("select count(*) from line where account = 1 and note = 'first'"), 1);
  end_hold(ANN, 0);
  begin_to_erase(&e, 0);
  assert_int_equal(end_of_erasing(&e), DONE);
  assert_int_equal(e.result.held, 0);
  assert_int_equal(e.result.lines, 1);
  assert_sound();
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
    if (store_open(&mine, url, STORE_WRITE, &mine_err) == DONE && erasure_person(mine, person, "officer", "asked for it", &result, &mine_err) == DONE) _exit(0);
    _exit(1);
  }
  int how = 0;
  usleep(after_us);
  kill(child, SIGKILL);
  waitpid(child, &how, 0);
}

/* Whenever it is killed, the person is wholly there or wholly gone, and the same call can be made again. */
static void a_kill_leaves_all_or_nothing(void **state) {
  (void)state;
  enum { KILLS = 30 };
  new_book();
  for (int i = 0; i < 6; i++) {
    struct bulk_result posted;
    struct bulk *bulk = an_import(1 + i);
    must(bulk_post(bulk, &posted, &err));
    bulk_free(bulk);
  }
  end_book(); /* no connection of ours may be open over a fork */
  const char *url = book_url;
  int64_t all = 6 * ROWS / 4 * 10;
  for (int i = 0; i < KILLS; i++) {
    int64_t person = 1 + i % 4;
    erase_in_a_child(url, person, 2000u + (unsigned)i * 1500u);
    must(store_open(&store, url, STORE_WRITE, &err));
    char sql[128];
    snprintf(sql, sizeof sql, "select coalesce(sum(amount), 0) from line where account = %lld", (long long)social(person));
    int64_t there = number(sql);
    snprintf(sql, sizeof sql, "select count(*) from party where id = %lld and kind = 'erased'", (long long)person);
    int64_t gone = number(sql);
    assert_true((there == all && !gone) || (there == 0 && gone == 1));
    assert_sound();
    end_book();
  }
  must(store_open(&store, url, STORE_WRITE, &err));
  for (int64_t person = 1; person <= 4; person++) {
    struct erasure_result result;
    enum status status = erasure_person(store, person, "officer", "asked for it", &result, &err);
    assert_true(status == DONE || (status == REFUSED && strstr(err.message, "erased before")));
  }
  assert_gone(ANN, 4 * all);
  assert_sound();
  end_book();
}

static int remove_all(void **state) {
  (void)state;
  fresh_remove();
  return 0;
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(what_is_being_posted_is_erased_too),
      cmocka_unit_test(what_is_being_posted_and_given_up_is_not_in_the_way),
      cmocka_unit_test(retention_takes_what_is_being_posted),
      cmocka_unit_test(nothing_is_posted_to_who_was_erased),
      cmocka_unit_test(an_import_that_is_under_way_is_waited_for),
      cmocka_unit_test(an_import_that_is_given_up_leaves_nothing_of_who_was_erased),
      cmocka_unit_test(what_a_dead_import_left_goes_too),
      cmocka_unit_test(two_erasures_of_one_person),
      cmocka_unit_test(two_erasures_of_two_people),
      cmocka_unit_test(a_merge_that_is_not_committed_counts),
      cmocka_unit_test(nobody_is_merged_with_who_was_erased),
      cmocka_unit_test(a_hold_that_is_not_committed_counts),
      cmocka_unit_test(a_hold_on_who_was_erased_is_refused),
      cmocka_unit_test(a_hold_on_one_record_holds_all_of_a_person),
      cmocka_unit_test(retention_leaves_who_is_held),
      cmocka_unit_test(a_kill_leaves_all_or_nothing),
  };
  return cmocka_run_group_tests(tests, NULL, remove_all);
}
