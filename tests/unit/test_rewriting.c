/* After a rewriting nothing of the store's files holds what was erased; it waits for who reads
 * since before, the portal does it by itself, and a stop does not wait for it. */
#include "book/bulk.h"
#include "privacy/rewrite.h"
#include "web/rewriting.h"

#include <dirent.h>
#include <semaphore.h>
#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#include "erasure_book.h"

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

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(after_a_rewriting_no_file_holds_what_was_erased),
      cmocka_unit_test(a_rewriting_waits_for_older_readers),
      cmocka_unit_test(a_rewriting_is_due_by_days_and_nights),
      cmocka_unit_test(the_portal_rewrites_what_is_due),
      cmocka_unit_test(a_rewriting_that_waits_is_stopped_soon),
  };
  return cmocka_run_group_tests(tests, NULL, fresh_teardown);
}
