/* What must happen once happens once on both engines, even if others post between a call's steps:
 * (body, reference) of a file and of a small posting, the undoing of a line, and dedup keys. */
#include "book/audit.h"
#include "book/bulk_call.h"
#include "book/posting.h"
#include "book/reversal.h"
#include "fresh.h"
#include "privacy/erasure.h"
#include "store/dedup_key.h"

#include <pthread.h>

#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "calls.h"

enum { PEOPLE = 4, DAY = 20000, TAX = 1, BENEFIT = 2 };

static const char *url_of_last; /* book made */

static struct store *new_book(void) {
  struct store *store = NULL;
  url_of_last = fresh_url();
  ok(store_open(&store, url_of_last, STORE_CREATE, &err));
  ok(store_begin(store, STORE_WRITE, &err));
  ok(store_run(
      store,
      "insert into category (id, code, unit) values (1, 'tax', 'pence'), (2, 'benefit', 'pence');"
      "insert into body (id, code, name, kind) values (1, 'a', 'A', 'department'), (2, 'b', 'B', "
      "'charity');"
      "update head set category = 2, body = 2, party = 4;",
      &err));
  ok(book_open_people(store, 1, PEOPLE, &err));
  ok(store_commit(store, &err));
  return store;
}

/* No key is used twice, computed from the lines alone. */
static void assert_once(struct store *store) {
  assert_int_equal(number_of(store, "select count(*) from (select body, reference from posted_line "
                                    "where reference is not null and reverses_entry is null "
                                    "group by body, reference having count(*) > 1) twice"),
                   0);
  assert_int_equal(number_of(store,
                             "select count(*) from (select reverses_entry, reverses_n from "
                             "posted_line where reverses_entry is not null "
                             "group by reverses_entry, reverses_n having count(*) > 1) twice"),
                   0);
}

static void print_finding(void *context, const char *sentence) {
  (void)context;
  print_message("audit: %s\n", sentence);
}

static int64_t findings(struct store *store) {
  struct audit_options options = {.threads = 2,
                                  .progress = PROGRESS_NEVER,
                                  .finding = print_finding};
  struct audit_result result;
  ok(audit_book(store, &options, &result, &err));
  return result.findings;
}

static enum status pay(struct store *store, int64_t person, const char *reference, int64_t *entry) {
  int64_t control = 0;
  err = (struct error){0};
  ok(store_begin(store, STORE_WRITE, &err));
  ok(fresh_control(store, 1, &control, &err));
  struct posting *p = posting_begin(store, DAY, "record", "by form");
  posting_add(p, &(struct line){.account = 2 * person - 1,
                                .category = BENEFIT,
                                .amount = 1000,
                                .body = 1,
                                .reference = span_of(reference)});
  posting_add(p, &(struct line){.account = control, .category = BENEFIT, .amount = -1000});
  enum status status = posting_post(p, entry, &err);
  if (status == DONE) status = store_commit(store, &err);
  if (status != DONE) store_rollback(store);
  return status;
}

static enum status undo_line(struct store *store, int64_t account, int64_t entry) {
  struct reversal_of_line what = {.account = account,
                                  .day = DAY,
                                  .entry = entry,
                                  .line_no = 1,
                                  .body = 1,
                                  .on = DAY_NONE,
                                  .reason = "by staff"};
  int64_t second = 0;
  err = (struct error){0};
  ok(store_begin(store, STORE_WRITE, &err));
  enum status status = reversal_line(store, &what, &second, &err);
  if (status == DONE) status = store_commit(store, &err);
  if (status != DONE) store_rollback(store);
  return status;
}

/* ---- a posting between two steps of a file ---- */

struct between {
  struct store *other;
  enum bulk_step at;
  const char *reference; /* to be posted there, or */
  int64_t undo_entry;    /* undone there */
  enum status status;
  int64_t entry;
  char message[ERROR_MESSAGE_SIZE];
};

static void come_between(void *context, enum bulk_step done) {
  struct between *b = context;
  struct error of_call = err;
  if (done != b->at) return;
  b->status = b->reference ? pay(b->other, 1, b->reference, &b->entry)
                           : undo_line(b->other, 1, b->undo_entry);
  snprintf(b->message, sizeof b->message, "%s", err.message);
  err = of_call;
}

#define TAKEN(entry) \
  "somebody recorded the reference 'R2' of the same body (entry " entry \
  ") while this file was being " \
  "posted, so nothing of the file was posted; run it again: it will name every row whose " \
  "reference is taken"

/* A file of two rows, R1 and R2, of people 2 and 3. */
static enum status post_file(struct store *store, const struct bulk_hook *hook, uint8_t mark) {
  struct bulk *b = NULL;
  struct bulk_options options = {.who = "test",
                                 .kind = "import",
                                 .progress = PROGRESS_NEVER,
                                 .check_references = true,
                                 .hook = hook};
  struct bulk_file_facts facts = {.rows = 2, .digest.bytes[0] = mark};
  struct bulk_result result;
  uint64_t found = 0;
  err = (struct error){0};
  ok(bulk_open(&b, store, &options, &err));
  ok(bulk_load_people(b, &err));
  int file = bulk_file(b, "entries", "f.csv");
  for (int i = 0; i < 2; i++) {
    struct bulk_row row = {.file = file,
                           .line = (uint64_t)i + 2,
                           .account = bulk_person_account(b, i + 2, "pence"),
                           .control = bulk_control(b, 1, "pence"),
                           .fields = {.day = DAY,
                                      .category = BENEFIT,
                                      .amount = 1000,
                                      .body = 1,
                                      .reference = span_of(i ? "R2" : "R1")}};
    ok(bulk_add(b, i, &row, &err));
  }
  ok(bulk_file_end(b, file, &facts, &err));
  ok(bulk_duplicates(b, NULL, NULL, &found, &err));
  enum status status = bulk_post(b, &result, &err);
  bulk_free(b);
  return status;
}

static void a_reference_taken_while_a_file_is_posted(void **state) {
  (void)state;
  for (enum bulk_step step = BULK_CHECKED; step <= BULK_FINISHED; step++) {
    struct store *store = new_book();
    struct between b = {.at = step, .reference = "R2", .status = FAILED};
    struct bulk_hook hook = {come_between, &b};
    ok(store_again(&b.other, store, STORE_WRITE, &err));
    enum status status = post_file(store, &hook, 1);
    bool taken = step <= BULK_BEGUN; /* afterwards the file has it */
    assert_int_equal(b.status, taken ? DONE : REFUSED);
    assert_int_equal(status, taken ? REFUSED : DONE);
    if (taken) {
      assert_int_equal(b.entry, step == BULK_CHECKED ? 1 : 2); /* begun, the file holds number 1 */
      assert_string_equal(err.message, step == BULK_CHECKED ? TAKEN("1") : TAKEN("2"));
      assert_string_equal(err.file, "f.csv");
      assert_int_equal(err.line, 3);
      assert_int_equal(number_of(store, "select count(*) from pending"), 0);
      assert_int_equal(number_of(store, "select count(*) from line"), 2);
      assert_int_equal(post_file(store, NULL, 1), DONE); /* at once; its second row is left out */
    } else {
      assert_string_equal(
          b.message, step == BULK_FINISHED
                         ? "this reference of this body is posted already"
                         : "an import that is being posted now holds this reference; when it is "
                           "done, look whether this is in the book, and try again if it is not");
    }
    assert_int_equal(number_of(store, "select count(*) from posted_line where reference = 'R2'"),
                     1);
    assert_once(store);
    assert_int_equal(findings(store), 0);
    store_close(b.other);
    store_close(store);
  }
}

/* A row by hand that checks before the file's references are there, and is committed after the
 * file's last check except the one while holding the head. SQLite has one writer at a time, so it
 * cannot happen there. */
struct open_meanwhile {
  struct store *other;
  int64_t entry;
};

static void hold_it_open(void *context, enum bulk_step done) {
  struct open_meanwhile *o = context;
  int64_t control = 0;
  if (done == BULK_BEGUN) {
    ok(store_begin(o->other, STORE_WRITE, &err));
    ok(fresh_control(o->other, 1, &control, &err));
    struct posting *p = posting_begin(o->other, DAY, "record", "by form");
    posting_add(p, &(struct line){.account = 1,
                                  .category = BENEFIT,
                                  .amount = 1000,
                                  .body = 1,
                                  .reference = span_of("R2")});
    posting_add(p, &(struct line){.account = control, .category = BENEFIT, .amount = -1000});
    ok(posting_post(p, &o->entry, &err));
  } else if (done == BULK_LOOKED) ok(store_commit(o->other, &err));
}

static void an_uncommitted_row_by_hand_refuses_the_file(void **state) {
  (void)state;
  if (!fresh_is_postgresql()) skip();
  struct store *store = new_book();
  struct open_meanwhile o = {0};
  struct bulk_hook hook = {hold_it_open, &o};
  ok(store_again(&o.other, store, STORE_WRITE, &err));
  assert_int_equal(post_file(store, &hook, 1), REFUSED);
  assert_string_equal(err.message, TAKEN("2"));
  assert_int_equal(post_file(store, NULL, 1), DONE);
  assert_once(store);
  assert_int_equal(findings(store), 0);
  store_close(o.other);
  store_close(store);
}

static void a_line_undone_while_all_are(void **state) {
  (void)state;
  for (enum bulk_step step = BULK_CHECKED; step <= BULK_FINISHED; step++) {
    struct store *store = new_book();
    int64_t entry = 0;
    struct between b = {.at = step, .status = FAILED};
    struct bulk_hook hook = {come_between, &b};
    ok(store_again(&b.other, store, STORE_WRITE, &err));
    ok(pay(store, 1, "R1", &entry));
    b.undo_entry = entry;
    struct reversal what = {
        .entry = entry, .on = DAY_NONE, .reason = "wrong", .who = "test", .hook = &hook};
    struct reversal_result result;
    err = (struct error){0};
    enum status status = reversal_post(store, &what, &result, &err);
    bool taken = step <= BULK_BEGUN;
    assert_int_equal(b.status, taken ? DONE : REFUSED);
    assert_int_equal(status, taken ? REFUSED : DONE);
    if (taken)
      assert_non_null(strstr(err.message, "line 1 of entry 1 was reversed meanwhile by entry "));
    else
      assert_string_equal(
          b.message,
          step == BULK_FINISHED
              ? "this line is reversed already"
              : "this line is being reversed now, with others; look at it again when that is done");
    assert_int_equal(number_of(store, "select sum(amount) from posted_line where account = 1"), 0);
    err = (struct error){0};
    assert_int_equal(reversal_post(store, &what, &result, &err), REFUSED);
    assert_string_equal(err.message, "all of it is reversed already");
    assert_once(store);
    assert_int_equal(findings(store), 0);
    store_close(b.other);
    store_close(store);
  }
}

/* Numbers of a posting that died are live until they are swept, and do not block a reference. */
static void a_dead_import_blocks_no_reference(void **state) {
  (void)state;
  struct store *store = new_book();
  int64_t entry = 0;
  ok(pay(store, 1, "R0", &entry));
  ok(store_run(store,
               "update head set entry = entry + 3; insert into pending values (2, 4, 'live');"
               "insert into reference select bucket, 2, digests from reference where entry = 1;"
               "delete from reference where entry = 1; delete from line where entry = 1; delete "
               "from entry where id = 1; update head set logged = 0;",
               &err));
  assert_int_equal(pay(store, 1, "R0", &entry), DONE);
  assert_int_equal(entry, 5);
  assert_int_equal(post_file(store, NULL, 1), DONE); /* sweeps */
  assert_int_equal(number_of(store, "select count(*) from pending"), 0);
  assert_int_equal(findings(store), 0);
  store_close(store);
}

/* ---- the accounts of a small entry's lines ---- */

static void a_small_entry_names_the_accounts_of_its_lines(void **state) {
  (void)state;
  struct store *store = new_book();
  int64_t entry = 0;
  ok(pay(store, 2, "R1", &entry));
  assert_int_equal(number_of(store, "select length(accounts) from entry"), 16);
  assert_int_equal(post_file(store, NULL, 1), DONE);
  assert_int_equal(number_of(store, "select count(*) from entry where accounts is null"), 1);
  assert_int_equal(findings(store), 0);
  ok(store_run(
      store,
      "update entry set accounts = {sqlite: x'00000000000000010000000000000009'}{postgresql: "
      "'\\x00000000000000010000000000000009'::bytea} where id = 1",
      &err));
  assert_int_equal(findings(store), 1);
  ok(store_run(
      store, "update entry set accounts = {sqlite: x'00'}{postgresql: '\\x00'::bytea} where id = 1",
      &err));
  assert_int_equal(findings(store), 1);
  store_close(store);
}

/* ---- duplicates that an older program let in are found ---- */

static void take_sentence(void *context, const char *sentence) {
  char *all = context;
  size_t size = strlen(all);
  snprintf(all + size, 4096 - size, "%s\n", sentence);
}

static void assert_found(struct store *store, const char *sentences) {
  char all[4096] = "";
  struct audit_options options = {
      .threads = 1, .progress = PROGRESS_NEVER, .finding = take_sentence, .context = all};
  struct audit_result result;
  ok(audit_book(store, &options, &result, &err));
  assert_string_equal(all, sentences);
}

/* Hides the rows of `entry` while `again` runs, so that it does not see them. */
#define UNSEEN(store, entry, again) \
  do { \
    ok(store_run(store, \
                 "create table aside as select * from reference where entry = " #entry \
                 "; delete from reference where entry = " #entry ";", \
                 &err)); \
    again; \
    ok(store_run(store, "insert into reference select * from aside; drop table aside;", &err)); \
  } while (0)

static void the_audit_finds_a_reference_twice(void **state) {
  (void)state;
  struct store *store = new_book();
  int64_t entry = 0;
  ok(pay(store, 1, "R1", &entry));
  UNSEEN(store, 1, ok(pay(store, 2, "R1", &entry)));
  assert_found(store, "entry 2: its line 1 has the reference and body that line 1 of entry 1 has; "
                      "one of the two is to be undone, such as by `weal reverse 2:1`\n");
  ok(undo_line(store, 3, 2)); /* the remedy */
  assert_int_equal(findings(store), 0);
  store_close(store);
}

static void the_audit_finds_a_line_undone_twice(void **state) {
  (void)state;
  struct store *store = new_book();
  int64_t entry = 0;
  ok(pay(store, 1, "R1", &entry));
  ok(undo_line(store, 1, 1));
  UNSEEN(store, 2, ok(undo_line(store, 1, 1)));
  assert_found(store, "entry 1: line 1 is reversed twice, by entries 2 and 3; post it once more, "
                      "with a reference of its own (this is said from then on too)\n");
  store_close(store);
}

static void the_audit_names_lines_whose_keys_are_gone(void **state) {
  (void)state;
  struct store *store = new_book();
  int64_t entry = 0;
  ok(pay(store, 1, "R1", &entry));
  ok(undo_line(store, 1, 1));
  ok(store_run(store, "delete from reference", &err));
  char all[4096] = "";
  struct audit_options options = {
      .threads = 1, .progress = PROGRESS_NEVER, .finding = take_sentence, .context = all};
  struct audit_result result;
  ok(audit_book(store, &options, &result, &err));
  assert_non_null(strstr(all, "entry 1: the reference of its line 1 is not kept in bucket "));
  assert_non_null(strstr(all, "entry 2: that its line 1 undoes another is not kept in bucket "));
  store_close(store);
}

/* ---- an undone and then erased line is not undone again ---- */

static void an_undone_line_is_not_undone_again_after_an_erasure(void **state) {
  (void)state;
  struct store *store = new_book();
  ok(store_run(store,
               "insert into place (id, code, name, kind) values (1, 'T', 'T', 'locality');"
               "insert into party (id, kind, code, name, born) values (2, 'person', 'P2', 'Ann', "
               "0), (3, 'person', 'P3', 'Bob', 0); update head set place = 1;",
               &err));
  ok(post_file(store, NULL, 1)); /* people 2 and 3 */
  ok(undo_line(store, 3, 1));    /* person 2's */
  struct erasure_result erased;
  for (int person = 2; person <= 3; person++)
    ok(erasure_person(store, person, "test", "asked for it", &erased, &err));
  assert_int_equal(number_of(store,
                             "select sum(l.amount) from posted_line l join account a on a.id = "
                             "l.account where a.role = 'erased'"),
                   1000);
  struct reversal what = {.import = 1, .on = DAY_NONE, .reason = "wrong", .who = "test"};
  struct reversal_result result;
  ok(reversal_post(store, &what, &result, &err));
  assert_int_equal(result.lines, 1);
  assert_int_equal(result.skipped, 1);
  assert_int_equal(number_of(store,
                             "select sum(l.amount) from posted_line l join account a on a.id = "
                             "l.account where a.role = 'erased'"),
                   0);
  err = (struct error){0};
  assert_int_equal(reversal_post(store, &what, &result, &err), REFUSED);
  assert_int_equal(findings(store), 0);
  store_close(store);
}

/* ---- dedup keys ---- */

/* this key does not delete older ones: that is tested below */
static const struct digest a_key = {.bytes = {1, 2, 3}};

static void a_key_is_taken_once(void **state) {
  (void)state;
  struct store *store = new_book(), *other = NULL;
  struct arena *arena = arena_new();
  const char *result = NULL;
  ok(store_begin(store, STORE_WRITE, &err));
  ok(dedup_key_take(store, arena, &a_key, "form", &result, &err));
  assert_null(result);
  ok(dedup_key_keep(store, &a_key, "/time?done=entered", &err));
  store_rollback(store); /* its act was not done */
  ok(store_begin(store, STORE_WRITE, &err));
  ok(dedup_key_take(store, arena, &a_key, "form", &result, &err));
  assert_null(result);
  ok(dedup_key_keep(store, &a_key, "/time?done=entered", &err));
  ok(store_commit(store, &err));
  ok(store_again(&other, store, STORE_WRITE, &err));
  ok(store_begin(other, STORE_WRITE, &err));
  ok(dedup_key_take(other, arena, &a_key, "form", &result, &err));
  assert_string_equal(result, "/time?done=entered");
  ok(store_commit(other, &err));
  ok(dedup_key_forget(store, "P1", &err));
  assert_int_equal(number_of(store, "select count(*) from once"), 1);
  ok(dedup_key_forget(store, "time", &err));
  assert_int_equal(number_of(store, "select count(*) from once"), 0);
  store_close(other);
  store_close(store);
  arena_free(arena);
}

/* Erasing P1 deletes the keys whose addresses contain P1, in every form of address, and no key of
 * P10 or XP1. */
static void an_erasure_forgets_keys_of_the_erased_only(void **state) {
  (void)state;
  static const char *const results[] = {"/people/P1",
                                        "/people/P1?done=recorded",
                                        "/people/P1/lines/3:1?done=recorded",
                                        "/cy/people/P1/lines/3:1",
                                        "/people/P10",
                                        "/people/P10?done=recorded",
                                        "/people/P10/lines/3:1?done=recorded",
                                        "/people/XP1/lines/3:1"};
  enum { RESULTS = sizeof results / sizeof *results, OF_P1 = 4 };
  struct store *store = new_book();
  struct arena *arena = arena_new();
  struct erasure_result erased;
  const char *result = NULL;
  ok(store_begin(store, STORE_WRITE, &err));
  ok(store_run(store,
               "insert into place (id, code, name, kind) values (1, 'T', 'T', 'locality');"
               "insert into party (id, kind, code, name, born) values (1, 'person', 'P1', 'Ann', "
               "0), (2, 'person', 'P10', 'Bob', 0);"
               "update head set place = 1;",
               &err));
  for (int i = 0; i < RESULTS; i++) {
    const struct digest key = {.bytes = {1, (uint8_t)i}};
    ok(dedup_key_take(store, arena, &key, "form", &result, &err));
    ok(dedup_key_keep(store, &key, results[i], &err));
  }
  ok(store_commit(store, &err));
  ok(erasure_person(store, 1, "test", "asked for it", &erased, &err));
  ok(store_begin(store, STORE_WRITE, &err));
  for (int i = 0; i < RESULTS; i++) {
    const struct digest key = {.bytes = {1, (uint8_t)i}};
    ok(dedup_key_take(store, arena, &key, "form", &result, &err));
    if (i < OF_P1) {
      assert_null(result);
      continue;
    }
    assert_non_null(result);
    assert_string_equal(result, results[i]);
  }
  ok(store_commit(store, &err));
  store_close(store);
  arena_free(arena);
}

static void old_keys_go(void **state) {
  (void)state;
  struct store *store = new_book();
  struct arena *arena = arena_new();
  const struct digest pruning = {.bytes = {16}};
  const char *result = NULL;
  ok(store_begin(store, STORE_WRITE, &err));
  ok(dedup_key_take(store, arena, &a_key, "form", &result, &err));
  ok(store_run(store, "update once set at = '2020-01-01T00:00:00Z'", &err));
  ok(dedup_key_take(store, arena, &pruning, "form", &result, &err));
  ok(store_commit(store, &err));
  assert_int_equal(number_of(store, "select count(*) from once"), 1);
  store_close(store);
  arena_free(arena);
}

/* Two connections at once: the second waits for the end of the first. */
struct taker {
  struct store *store;
  bool first, done;
  char result[32];
};

static void *take_at_once(void *context) {
  struct taker *t = context;
  struct arena *arena = arena_new();
  struct error mine = {0};
  const char *result = NULL;
  enum status status = store_begin(t->store, STORE_WRITE, &mine);
  if (status == DONE) status = dedup_key_take(t->store, arena, &a_key, "form", &result, &mine);
  if (status == DONE && !result) status = dedup_key_keep(t->store, &a_key, "mine", &mine);
  if (status == DONE) status = store_commit(t->store, &mine);
  t->done = status == DONE;
  t->first = !result;
  snprintf(t->result, sizeof t->result, "%s", result ? result : "");
  arena_free(arena);
  return NULL;
}

static void of_two_calls_at_once_one_gets_the_key(void **state) {
  (void)state;
  for (int fails = 0; fails < 2; fails++) {
    struct store *store = new_book();
    struct arena *arena = arena_new();
    struct taker other = {0};
    const char *result = NULL;
    pthread_t thread;
    ok(store_again(&other.store, store, STORE_WRITE, &err));
    ok(store_begin(store, STORE_WRITE, &err));
    ok(dedup_key_take(store, arena, &a_key, "form", &result, &err));
    ok(dedup_key_keep(store, &a_key, "the first", &err));
    assert_int_equal(pthread_create(&thread, NULL, take_at_once, &other), 0);
    usleep(50000);                    /* it waits by now, or comes later: both must work */
    if (fails) store_rollback(store); /* as when the first one's process is killed */
    else ok(store_commit(store, &err));
    pthread_join(thread, NULL);
    assert_true(other.done);
    assert_int_equal(other.first, fails);
    assert_string_equal(other.result, fails ? "" : "the first");
    assert_int_equal(number_of(store, "select count(*) from once"), 1);
    store_close(other.store);
    store_close(store);
    arena_free(arena);
  }
}

/* A process killed between taking a key and its commit has not taken it. */
static void a_killed_one_has_taken_nothing(void **state) {
  (void)state;
  struct store *store = new_book();
  struct arena *arena = arena_new();
  const char *result = NULL;
  int ready[2];
  assert_int_equal(pipe(ready), 0);
  pid_t child = fork();
  if (child == 0) { /* it opens its own connection and uses none of ours */
    struct store *mine = NULL;
    struct error error = {0};
    enum status status = store_open(&mine, url_of_last, STORE_WRITE, &error);
    if (status == DONE) status = store_begin(mine, STORE_WRITE, &error);
    if (status == DONE) status = dedup_key_take(mine, arena, &a_key, "form", &result, &error);
    if (status == DONE) status = dedup_key_keep(mine, &a_key, "a dead one's", &error);
    if (write(ready[1], status == DONE ? "y" : "n", 1) == 1)
      for (;;) pause();
    _exit(1);
  }
  char said = 0;
  assert_int_equal(read(ready[0], &said, 1), 1);
  kill(child, SIGKILL);
  waitpid(child, NULL, 0);
  assert_int_equal(said, 'y');
  ok(store_begin(store, STORE_WRITE, &err));
  ok(dedup_key_take(store, arena, &a_key, "form", &result, &err));
  assert_null(result);
  ok(store_commit(store, &err));
  close(ready[0]);
  close(ready[1]);
  store_close(store);
  arena_free(arena);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_reference_taken_while_a_file_is_posted),
      cmocka_unit_test(an_uncommitted_row_by_hand_refuses_the_file),
      cmocka_unit_test(a_line_undone_while_all_are),
      cmocka_unit_test(a_dead_import_blocks_no_reference),
      cmocka_unit_test(a_small_entry_names_the_accounts_of_its_lines),
      cmocka_unit_test(the_audit_finds_a_reference_twice),
      cmocka_unit_test(the_audit_finds_a_line_undone_twice),
      cmocka_unit_test(the_audit_names_lines_whose_keys_are_gone),
      cmocka_unit_test(an_undone_line_is_not_undone_again_after_an_erasure),
      cmocka_unit_test(a_key_is_taken_once),
      cmocka_unit_test(an_erasure_forgets_keys_of_the_erased_only),
      cmocka_unit_test(old_keys_go),
      cmocka_unit_test(of_two_calls_at_once_one_gets_the_key),
      cmocka_unit_test(a_killed_one_has_taken_nothing),
  };
  int failed = cmocka_run_group_tests(tests, NULL, NULL);
  fresh_remove();
  return failed;
}
