/* Erasure together with other writers: an uncommitted posting, an import under way, another
 * erasure, a merger, a kill. In every order nothing of the person is left afterwards and the book
 * is sound. */
#include "book/audit.h"
#include "book/bulk.h"
#include "book/posting.h"
#include "book/reversal.h"
#include "register/legal_holds.h"
#include "register/register.h"
#include "privacy/erasure.h"
#include "privacy/rewrite.h"
#include "web/rewriting.h"
#include "fresh.h"

#include <dirent.h>
#include <pthread.h>
#include <semaphore.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "calls.h"

enum { ANN = 1, BOB = 2, CAT = 3, PEOPLE = 40 };
enum { TAX = 1, BENEFIT = 2 };

static struct store *store;
static int64_t control;
static const char *book_url;

static int64_t number(const char *sql) {
  int64_t n = 0;
  ok(store_int(store, sql, 0, &n, &err));
  return n;
}

static void new_book(void) {
  err = (struct error){0};
  book_url = fresh_url();
  ok(store_open(&store, book_url, STORE_CREATE, &err));
  ok(store_begin(store, STORE_WRITE, &err));
  ok(store_run(
      store,
      "insert into category (id, code, unit) values (1, 'tax', 'pence'), (2, 'benefit', 'pence'), "
      "(3, 'help', 'minutes');"
      "insert into place (id, code, name, kind) values (1, 'T', 'T', 'locality'), (2, 'U', 'U', "
      "'locality');"
      "insert into body (id, code, name, kind) values (1, 'a', 'A', 'department'), (2, 'b', 'B', "
      "'charity');"
      "update head set category = 3, body = 2, party = 40, place = 2;"
      "insert into party (id, kind, code, name, born) with recursive n (i) as (select 1 union all "
      "select i + 1 from n where i < 40) select i, 'person', 'P' || i, 'Name of ' || i, 0 from n;"
      "insert into identifier (value, scheme, party) select code, 'id', id from party;"
      "insert into residence (party, from_day, place) select id, 0, 1 + id % 2 from party;",
      &err));
  ok(book_open_people(store, 1, PEOPLE, &err));
  ok(fresh_control(store, 1, &control, &err));
  ok(store_commit(store, &err));
}

static void end_book(void) {
  store_close(store);
  store = NULL;
}

static int64_t social(int64_t person) { return 2 * person - 1; }

static struct posting *a_posting(struct store *in, int64_t person, int64_t pence,
                                 const char *note) {
  struct posting *p = posting_begin(in, 20000, "portal", "by hand");
  posting_add(p, &(struct line){.account = social(person),
                                .category = BENEFIT,
                                .amount = pence,
                                .body = 1,
                                .note = span_of(note)});
  posting_add(p,
              &(struct line){.account = control, .category = BENEFIT, .amount = -pence, .body = 1});
  return p;
}

static void post(int64_t person, int64_t pence, const char *note) {
  int64_t entry = 0;
  ok(posting_commit(a_posting(store, person, pence, note), &entry, &err));
}

static void tell(void *context, const char *sentence) {
  (void)context;
  print_message("audit: %s\n", sentence);
}

static void assert_sound(void) {
  struct audit_options options = {.threads = 2, .progress = PROGRESS_NEVER, .finding = tell};
  struct audit_result result;
  ok(audit_book(store, &options, &result, &err));
  assert_int_equal(result.findings, 0);
}

/* Nothing is left of a person except their number, and the remaining sums are right. */
static void assert_gone(int64_t person, int64_t pence) {
  char sql[256];
  snprintf(sql, sizeof sql, "select count(*) from line where account between %lld and %lld",
           (long long)social(person), (long long)social(person) + 1);
  assert_int_equal(number(sql), 0);
  snprintf(sql, sizeof sql,
           "select count(*) from party where id = %lld and kind = 'erased' and name is null and "
           "code = ''",
           (long long)person);
  assert_int_equal(number(sql), 1);
  snprintf(sql, sizeof sql, "select count(*) from identifier where party = %lld",
           (long long)person);
  assert_int_equal(number(sql), 0);
  assert_int_equal(number("select count(*) from alias"), 0);
  assert_int_equal(number("select coalesce(sum(l.amount), 0) from line l join account a on a.id = "
                          "l.account where a.role = 'erased'"),
                   pence);
}

/* ---- an eraser on a thread of its own ---- */

struct eraser_thread {
  pthread_t thread;
  struct store *store;
  int64_t person; /* 0: retention */
  atomic_bool ended;
  enum status status;
  struct erasure_result result;
  struct error err;
};

static void *erase(void *context) {
  static const struct pack_category benefit = {.code = "benefit"};
  static struct pack_retention years = {.category = &benefit, .years = 1};
  static const struct pack pack = {.retentions = &years, .retention_count = 1};
  struct eraser_thread *e = context;
  if (e->person)
    e->status = erasure_person(e->store, e->person, "officer", "asked for it", &e->result, &e->err);
  else
    e->status = erasure_retention(e->store, &pack, day_make(2099, 1, 1), PROGRESS_NEVER, &e->result,
                                  &e->err);
  atomic_store(&e->ended, true);
  return NULL;
}

enum { A_WHILE_US = 150000 }; /* a call that has to wait is waiting after this time */

static void begin_to_erase(struct eraser_thread *e, int64_t person) {
  *e = (struct eraser_thread){.person = person};
  ok(store_again(&e->store, store, STORE_WRITE, &err));
  if (pthread_create(&e->thread, NULL, erase, e) != 0) fail_msg("no thread");
  usleep(A_WHILE_US);
}

/* Erases without anything to wait for. */
static enum status erase_now(struct eraser_thread *e, int64_t person) {
  *e = (struct eraser_thread){.person = person};
  ok(store_again(&e->store, store, STORE_WRITE, &err));
  erase(e);
  store_close(e->store);
  return e->status;
}

/* Asserts that the eraser still waits for what the test holds open; called before the test releases
 * it. */
static void assert_waits(struct eraser_thread *e) { assert_false(atomic_load(&e->ended)); }

static enum status end_of_erasing(struct eraser_thread *e) {
  pthread_join(e->thread, NULL);
  store_close(e->store);
  return e->status;
}

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
  ok(legal_hold_place(store, person, "counsel", "claim 12", &id, &err));
  ok(store_commit(store, &err));
  return id;
}

static void end_hold(int64_t person, int64_t id) {
  struct arena *arena = arena_new();
  ok(store_begin(store, STORE_WRITE, &err));
  ok(legal_hold_end(store, arena, person, &id, "counsel", "settled", &err));
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
  ok(legal_hold_place(store, ANN, "counsel", "claim 12", &id, &err));
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
                          "end_reason = '' and ended_by = 'counsel'"),
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
  assert_int_equal(legal_hold_place(store, ANN, "counsel", "claim 12", &id, &err), REFUSED);
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

/* ---- the bytes ---- */

static bool file_holds(const char *path, const char *words) {
  struct text all = {0};
  char piece[65536];
  FILE *f = fopen(path, "rb");
  if (!f) return false; /* removed meanwhile */
  for (size_t n; (n = fread(piece, 1, sizeof piece, f)) > 0;) text_add_bytes(&all, piece, n);
  fclose(f);
  bool found = all.size && memmem(all.bytes, all.size, words, strlen(words));
  text_release(&all);
  return found;
}

static bool folder_holds(const char *folder, const char *words) {
  bool found = false;
  DIR *d = opendir(folder);
  if (!d) fail_msg("%s cannot be read", folder);
  for (struct dirent *e; !found && (e = readdir(d));) {
    struct text path = {0};
    text_addf(&path, "%s/%s", folder, e->d_name);
    found = e->d_type == DT_REG && file_holds(path.bytes, words);
    text_release(&path);
  }
  closedir(d);
  return found;
}

/* Searches the store's files. PostgreSQL writes them at a checkpoint, and then removes the old
 * ones. */
static bool store_holds(const char *words) {
  if (!fresh_is_postgresql()) return folder_holds(fresh_folder(), words);
  struct query *q = NULL;
  struct text folder = {0};
  bool row = false;
  ok(store_run(store, "checkpoint", &err));
  ok(store_query(store, &q,
                 "select current_setting('data_directory') || '/base/' || oid from pg_database "
                 "where datname = current_database()",
                 &err));
  ok(query_step(q, &row, &err));
  text_add_span(&folder, query_text(q, 0));
  query_end(q);
  bool found = folder_holds(folder.bytes, words);
  text_release(&folder);
  return found;
}

static int64_t samples_with(const char *words) {
  if (!fresh_is_postgresql()) return 0;
  char sql[160];
  snprintf(sql, sizeof sql,
           "select count(*) from pg_stats where schemaname = current_schema() and "
           "histogram_bounds::text like '%%%s%%'",
           words);
  return number(sql);
}

/* A name, a former name, a note, a reference: they are in the files before, and afterwards in no
 * file and not in the planner's samples. */
static void after_a_rewriting_no_file_holds_what_was_erased(void **state) {
  (void)state;
  enum { LINES = 300 };
  enum { WORDS = 4 };
  static const char *const words[WORDS] = {"Zebedee Quillfeather", "Former Oldfield",
                                           "a most private note", "ref-of-zebedee"};
  struct erasure_result erased;
  struct rewrite_result rewritten;
  int64_t since = 0;
  new_book();
  /* the default of most builds of SQLite; in Debian's it is on */
  ok(store_run(store, "{sqlite: pragma secure_delete = off}", &err));
  ok(store_begin(store, STORE_WRITE, &err));
  ok(store_run(store,
               "update party set name = 'Former Oldfield, by which name everybody in the town "
               "had known him for as long as they could think' where id = 1",
               &err));
  ok(store_run(store, "update party set name = 'Zebedee Quillfeather' where id = 1", &err));
  for (int i = 0; i < LINES; i++) {
    int64_t entry = 0;
    char reference[32], note[48];
    snprintf(reference, sizeof reference, "ref-of-zebedee-%d", i);
    snprintf(note, sizeof note, "a most private note, the %d.", i);
    struct posting *p = posting_begin(store, 20000, "portal", "by hand");
    int64_t person = i % 3 ? ANN : BOB;
    struct line line = {.account = social(person), .category = BENEFIT, .amount = 5, .body = 1};
    if (person == ANN) line.note = span_of(note), line.reference = span_of(reference);
    posting_add(p, &line);
    posting_add(p,
                &(struct line){.account = control, .category = BENEFIT, .amount = -5, .body = 1});
    ok(posting_post(p, &entry, &err));
  }
  ok(store_commit(store, &err));
  ok(store_run(store, "analyze", &err));
  for (int i = 0; i < WORDS; i++) assert_true(store_holds(words[i]));
  assert_int_equal(samples_with(words[0]), fresh_is_postgresql());
  ok(erasure_unwritten_since(store, &since, &err));
  assert_int_equal(since, 0);
  ok(erasure_person(store, ANN, "officer", "asked for it", &erased, &err));
  ok(erasure_unwritten_since(store, &since, &err));
  assert_true(since > 0);
  assert_true(store_holds(words[1])); /* which is what a rewriting is for */
  ok(erasure_rewrite(store, NULL, &rewritten, &err));
  for (int i = 0; i < WORDS; i++) assert_false(store_holds(words[i]));
  assert_int_equal(samples_with(words[0]), 0);
  assert_true(rewritten.before_bytes > 0 && rewritten.after_bytes > 0 &&
              rewritten.after_bytes <= rewritten.before_bytes);
  ok(erasure_unwritten_since(store, &since, &err));
  assert_int_equal(since, 0);
  assert_sound();
  end_book();
}

static void *erase_and_rewrite(void *context) {
  struct eraser_thread *e = context;
  struct rewrite_result result;
  erase(e);
  if (e->status == DONE) e->status = erasure_rewrite(e->store, NULL, &result, &e->err);
  return NULL;
}

/* Somebody has been reading since before the erasure: the rewriting waits for them, because it
 * would copy rows that they may still see. */
static void a_rewriting_waits_for_older_readers(void **state) {
  (void)state;
  struct store *reader = NULL;
  struct eraser_thread e = {.person = ANN};
  int64_t n = 0;
  new_book();
  post(ANN, 1000, "a most private note");
  ok(store_again(&reader, store, STORE_READ, &err));
  ok(store_begin(reader, STORE_READ, &err));
  ok(store_int(reader, "select count(*) from line", 0, &n, &err));
  ok(store_again(&e.store, store, STORE_WRITE, &err));
  if (pthread_create(&e.thread, NULL, erase_and_rewrite, &e) != 0) fail_msg("no thread");
  usleep(5 * A_WHILE_US);
  ok(store_int(reader, "select count(*) from line where note = 'a most private note'", 0, &n,
               &err));
  assert_int_equal(n, 1);
  ok(store_commit(reader, &err));
  store_close(reader);
  if (end_of_erasing(&e) != DONE) fail_msg("%s", e.err.message);
  assert_false(store_holds("a most private note"));
  assert_sound();
  end_book();
}

/* ---- the portal rewrites by itself ---- */

static void a_rewriting_is_due_by_days_and_nights(void **state) {
  (void)state;
  enum { DAY_S = 86400 };
  struct tm night = {.tm_year = 126, .tm_mon = 2, .tm_mday = 9, .tm_hour = 3, .tm_isdst = -1},
            noon = night;
  noon.tm_hour = 12;
  time_t at_night = mktime(&night), at_noon = mktime(&noon);
  assert_false(rewriting_due(at_night - 5 * DAY_S, at_night, 7));
  assert_true(rewriting_due(at_night - 6 * DAY_S, at_night, 7));
  assert_false(rewriting_due(at_noon - 7 * DAY_S + 60, at_noon, 7));
  assert_true(rewriting_due(at_noon - 7 * DAY_S, at_noon, 7));
  assert_true(rewriting_due(1, at_noon, 365));
}

static void the_portal_rewrites_what_is_due(void **state) {
  (void)state;
  struct erasure_result erased;
  struct rewriting *rewriting = NULL;
  struct log *log = NULL;
  int64_t since = 1;
  new_book();
  post(ANN, 1000, "a most private note");
  ok(erasure_person(store, ANN, "officer", "asked for it", &erased, &err));
  ok(log_start(&log, true, &err));
  ok(rewriting_start(&rewriting, book_url, 7, log, &err)); /* today's: not due */
  usleep(5 * A_WHILE_US);
  rewriting_stop(rewriting);
  ok(erasure_unwritten_since(store, &since, &err));
  assert_true(since > 1);
  ok(store_begin(store, STORE_WRITE, &err));
  ok(store_run(store, "update setting set value = '1000' where key = 'erased_since'", &err));
  ok(store_commit(store, &err));
  ok(rewriting_start(&rewriting, book_url, 7, log, &err));
  for (int i = 0; i < 400 && since; i++) {
    usleep(A_WHILE_US);
    ok(erasure_unwritten_since(store, &since, &err));
  }
  assert_int_equal(since, 0);
  rewriting_stop(rewriting);
  log_stop(log);
  assert_false(store_holds("a most private note"));
  assert_sound();
  end_book();
}

static double now_seconds(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

/* Something that blocks a rewriting for so long that a stop must not wait for it. */
enum in_the_way { AN_IMPORT, A_READER_OF_ALL, AN_OLD_READER, A_LATER_READER, IN_THE_WAY };
enum { IN_THE_WAY_S = 120, STOP_AT_MOST_S = 60 };

struct hinderer {
  pthread_t thread;
  struct store *store;
  enum in_the_way how;
  sem_t begun, enough;
  struct error err;
  enum status status;
};

static void *be_in_the_way(void *context) {
  struct hinderer *h = context;
  bool held = false;
  int64_t n = 0;
  if (h->how == AN_IMPORT) h->status = store_lock(h->store, BULK_LOCK, true, &held, &h->err);
  else if (h->how == A_READER_OF_ALL) h->status = store_lock_shared(h->store, BOOK_LOCK, &h->err);
  else {
    h->status = store_begin(h->store, STORE_READ, &h->err);
    if (h->status == DONE)
      h->status = store_int(h->store, "select count(*) from line", 0, &n, &h->err);
  }
  sem_post(&h->begun);
  struct timespec until;
  clock_gettime(CLOCK_REALTIME, &until);
  until.tv_sec += IN_THE_WAY_S;
  sem_timedwait(&h->enough, &until);
  if (h->how >= AN_OLD_READER) store_rollback(h->store);
  else store_unlock(h->store, h->how == AN_IMPORT ? BULK_LOCK : BOOK_LOCK);
  return NULL;
}

static void put_in_the_way(struct hinderer *h) {
  sem_init(&h->begun, 0, 0);
  sem_init(&h->enough, 0, 0);
  assert_int_equal(pthread_create(&h->thread, NULL, be_in_the_way, h), 0);
  sem_wait(&h->begun);
  assert_int_equal(h->status, DONE);
}

/* The portal is told to stop while its rewriting waits: it stops without waiting for what blocks
 * the rewriting. */
static void a_rewriting_that_waits_is_stopped_soon(void **state) {
  (void)state;
  for (enum in_the_way how = 0; how < IN_THE_WAY; how++) {
    struct erasure_result erased;
    struct rewriting *rewriting = NULL;
    struct log *log = NULL;
    struct hinderer h = {.how = how};
    int64_t since = 0;
    new_book();
    /* it is not waited for there */
    if (how >= AN_OLD_READER && store_engine_of(store) == STORE_SQLITE) {
      end_book();
      continue;
    }
    post(ANN, 1000, "a most private note");
    ok(store_again(&h.store, store, STORE_WRITE, &err));
    if (how == AN_OLD_READER) put_in_the_way(&h);
    ok(erasure_person(store, ANN, "officer", "asked for it", &erased, &err));
    ok(store_begin(store, STORE_WRITE, &err));
    ok(store_run(store, "update setting set value = '1000' where key = 'erased_since'", &err));
    ok(store_commit(store, &err));
    if (how != AN_OLD_READER) put_in_the_way(&h);
    ok(log_start(&log, true, &err));
    ok(rewriting_start(&rewriting, book_url, 7, log, &err));
    usleep(2 * A_WHILE_US);
    double told = now_seconds();
    rewriting_stop(rewriting);
    assert_true(now_seconds() - told < STOP_AT_MOST_S);
    log_stop(log);
    sem_post(&h.enough);
    pthread_join(h.thread, NULL);
    sem_destroy(&h.begun);
    sem_destroy(&h.enough);
    store_close(h.store);
    ok(erasure_unwritten_since(store, &since, &err));
    assert_int_equal(since, 1000); /* it is still to be done */
    assert_sound();
    end_book();
  }
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
      cmocka_unit_test(after_a_rewriting_no_file_holds_what_was_erased),
      cmocka_unit_test(a_rewriting_waits_for_older_readers),
      cmocka_unit_test(a_rewriting_is_due_by_days_and_nights),
      cmocka_unit_test(the_portal_rewrites_what_is_due),
      cmocka_unit_test(a_rewriting_that_waits_is_stopped_soon),
      cmocka_unit_test(a_kill_leaves_all_or_nothing),
  };
  return cmocka_run_group_tests(tests, NULL, fresh_teardown);
}
