/* What a book is known by, what lies beside its file, and a disk that is full or may not be
 * written, on both engines. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "store_values.h"
#include "store/driver.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

/* ---- recognising a book ---- */

enum { SCHEMA_FILES_MOST = 64 };

static const struct embedded_file *longer_schema(void) {
  static struct embedded_file files[SCHEMA_FILES_MOST];
  int n = 0;
  for (; embedded_schema[n].name; n++) files[n] = embedded_schema[n];
  assert_true(n + 3 <= SCHEMA_FILES_MOST); /* two more, and the end */
  static const char next[] = "create table later (id bigint not null primary key, b bytea) "
                             "{sqlite: strict}; insert into later (id) select entry from head;";
  files[n++] = (struct embedded_file){"998-later.sql", next, sizeof next - 1};
  files[n] = (struct embedded_file){NULL, NULL, 0};
  return files;
}

static const struct embedded_file *broken_schema(void) {
  static struct embedded_file files[SCHEMA_FILES_MOST];
  int n = 0;
  for (const struct embedded_file *f = longer_schema(); f[n].name; n++) files[n] = f[n];
  static const char next[] =
      "create table latest (id bigint not null); insert into no_such_table values (1);";
  files[n++] = (struct embedded_file){"999-broken.sql", next, sizeof next - 1};
  files[n] = (struct embedded_file){NULL, NULL, 0};
  return files;
}

static void an_older_store_is_upgraded_once_and_a_newer_one_refused(void **state) {
  (void)state;
  const char *url = fresh_url();
  struct store *store;
  ok(store_open(&store, url, STORE_CREATE, &err));
  store_close(store);
  is(REFUSED, store_open_with(&store, url, STORE_READ, longer_schema(), &err));
  says("older");
  is(FAILED, store_open_with(&store, url, STORE_WRITE, broken_schema(), &err));
  ok(store_open(&store, url, STORE_READ, &err)); /* nothing of the failed upgrade remains */
  store_close(store);
  ok(store_open_with(&store, url, STORE_WRITE, longer_schema(), &err));
  assert_int_equal(number_of(store, "select count(*) from later"), 1);
  store_close(store);
  ok(store_open_with(&store, url, STORE_WRITE, longer_schema(), &err));
  assert_int_equal(number_of(store, "select count(*) from later"), 1);
  store_close(store);
  is(REFUSED, store_open(&store, url, STORE_WRITE, &err));
  says("newer");
  is(REFUSED, store_open(&store, url, STORE_READ, &err));
  is(REFUSED, store_open(&store, url, STORE_CREATE, &err));
}

static void a_store_is_made_once(void **state) {
  (void)state;
  const char *url = fresh_url();
  struct store *store;
  is(REFUSED, store_open(&store, url, STORE_READ, &err));
  says("weal init");
  is(REFUSED, store_open(&store, url, STORE_WRITE, &err));
  says("weal init");
  ok(store_open(&store, url, STORE_CREATE, &err));
  assert_int_equal(number_of(store, "select count(*) from head"), 1);
  store_close(store);
  is(REFUSED, store_open(&store, url, STORE_CREATE, &err));
  says("already is a book");
  ok(store_open(&store, url, STORE_WRITE, &err));
  store_close(store);
}

static void a_pdf_of_another_program_is_refused(void **state) {
  (void)state;
  const char *url = fresh_url();
  struct store *store;
  if (fresh_is_postgresql()) {
    fresh_sql(url, "create table invoice (id int)");
  } else {
    struct text command = {0};
    text_addf(&command, "sqlite3 %s 'create table invoice (id int)'", url + strlen("sqlite:"));
    assert_int_equal(system(command.bytes), 0);
    text_release(&command);
  }
  is(REFUSED, store_open(&store, url, STORE_CREATE, &err));
  says("no book");
  is(REFUSED, store_open(&store, url, STORE_WRITE, &err));
  is(REFUSED, store_open(&store, url, STORE_READ, &err));
}

/* ---- SQLite: one file is the whole book ---- */

static bool is_there(const char *path) {
  struct stat st;
  return stat(path, &st) == 0;
}

static int files_beside(const char *path) {
  char name[300];
  int n = 0;
  const char *const ends[] = {"-wal", "-shm", "-journal", "-import"};
  for (size_t i = 0; i < sizeof ends / sizeof *ends; i++) {
    snprintf(name, sizeof name, "%s%s", path, ends[i]);
    n += is_there(name);
  }
  return n;
}

static void write_file(const char *path, const char *bytes) {
  FILE *f = fopen(path, "w");
  fputs(bytes, f);
  fclose(f);
}

static void a_file_that_is_no_store_is_left_alone(void **state) {
  (void)state;
  if (fresh_is_postgresql()) skip();
  char path[200], missing[200];
  struct store *store;
  snprintf(path, sizeof path, "sqlite:%s/letter.txt", fresh_folder());
  snprintf(missing, sizeof missing, "sqlite:%s/missing.db", fresh_folder());
  write_file(path + strlen("sqlite:"),
             "Dear Sir, this is a letter of more than one hundred bytes, so that it is not "
             "taken for the beginning of an SQLite file, I hope.\n");
  is(REFUSED, store_open(&store, path, STORE_READ, &err));
  says("no book");
  is(REFUSED, store_open(&store, path, STORE_WRITE, &err));
  is(REFUSED, store_open(&store, path, STORE_CREATE, &err));
  assert_true(is_there(path + strlen("sqlite:")));
  is(REFUSED, store_open(&store, missing, STORE_WRITE, &err));
  says("no book at");
  says("make one with `weal init`");
  assert_false(is_there(missing + strlen("sqlite:")));
  snprintf(missing, sizeof missing, "sqlite:%s", fresh_folder());
  is(REFUSED, store_open(&store, missing, STORE_READ, &err));
  snprintf(missing, sizeof missing, "sqlite:%s/no/such/folder.db", fresh_folder());
  is(FAILED, store_open(&store, missing, STORE_CREATE, &err));
  is(USAGE, store_open(&store, "sqlite:", STORE_READ, &err));
}

static void the_file_alone_is_the_book(void **state) {
  (void)state;
  if (fresh_is_postgresql()) skip();
  const char *url = fresh_url(), *path = url + strlen("sqlite:");
  struct store *store, *reader, *store_of_path;
  ok(store_open(&store, url, STORE_CREATE, &err));
  assert_string_equal(store_path(store), path);
  ok(store_run(store, "insert into setting values ('a', 'b')", &err));
  ok(store_open(&reader, url, STORE_READ, &err));
  is(USAGE, store_open(&store_of_path, path, STORE_READ, &err)); /* a plain path is no URL */
  assert_int_equal(number_of(reader, "select count(*) from setting where key <> 'erased'"), 1);
  bool held;
  ok(store_lock(store, "import", true, &held, &err));
  store_close(store);
  assert_int_equal(number_of(reader, "select count(*) from setting where key <> 'erased'"), 1);
  store_close(reader);
  assert_int_equal(files_beside(path), 0);

  /* a writer that dies leaves its log; the next reader puts it into the file */
  pid_t child = fork();
  if (child == 0) {
    if (store_open(&store, url, STORE_WRITE, &err) != DONE ||
        store_run(store, "insert into setting values ('c', 'd')", &err) != DONE)
      _exit(1);
    kill(getpid(), SIGKILL);
  }
  waitpid(child, NULL, 0);
  assert_int_not_equal(files_beside(path), 0);
  ok(store_open(&store, url, STORE_READ, &err));
  assert_int_equal(number_of(store, "select count(*) from setting where key <> 'erased'"), 2);
  store_close(store);
  assert_int_equal(files_beside(path), 0);
}

static void a_book_that_cannot_be_written_can_be_read(void **state) {
  (void)state;
  if (fresh_is_postgresql()) skip();
  char folder[200], url[256];
  const char *path = url + strlen("sqlite:");
  struct store *store;
  snprintf(folder, sizeof folder, "%s/read only?#%%", fresh_folder());
  snprintf(url, sizeof url, "sqlite:%s/book.db", folder);
  chmod(fresh_folder(), 0755);
  assert_int_equal(mkdir(folder, 0755), 0);
  ok(store_open(&store, url, STORE_CREATE, &err));
  store_close(store);
  chmod(path, 0444);
  chmod(folder, 0555);
  pid_t child = fork();
  if (child == 0) { /* root may write everything: be nobody */
    if (getuid() == 0 && setuid(65534) != 0) _exit(9);
    int64_t n = 0;
    if (store_open(&store, url, STORE_READ, &err) != DONE) _exit(1);
    if (store_int(store, "select count(*) from head", 0, &n, &err) != DONE || n != 1) _exit(2);
    store_close(store);
    if (store_open(&store, url, STORE_WRITE, &err) != FAILED) _exit(3);
    _exit(strstr(err.message, "cannot be written") ? 0 : 4);
  }
  int status;
  waitpid(child, &status, 0);
  chmod(folder, 0755);
  assert_int_equal(WEXITSTATUS(status), 0);
}

/* ---- a full disk ---- */

/* Appends until the file may not grow: status 3 and a message, and the store is unchanged. In a
 * process of its own, since limits cannot be raised again. */
static void child_fills_the_disk(const char *url, size_t limit_bytes) {
  struct rlimit limit = {limit_bytes, limit_bytes};
  signal(SIGXFSZ, SIG_IGN);
  struct store *store;
  if (store_open(&store, url, STORE_WRITE, &err) != DONE) _exit(10);
  if (setrlimit(RLIMIT_FSIZE, &limit) != 0) _exit(11);
  enum status status = store_begin(store, STORE_WRITE, &err);
  struct append *a = NULL;
  if (status == DONE) status = append_begin(store, &a, "setting", "key, value", &err);
  char key[32];
  for (int i = 0; i < 200000 && status == DONE; i++) {
    snprintf(key, sizeof key, "%09d", i);
    append_text(a, span_of(key)),
        append_text(
            a, span_of("some words that take room in the file, which will be full before long"));
    status = append_row(a, &err);
  }
  if (status == DONE) {
    status = append_end(a, &err);
    a = NULL;
  }
  if (status == DONE) status = store_commit(store, &err);
  append_abandon(a);
  store_rollback(store);
  store_close(store);
  if (status == FAILED && strstr(err.message, "full")) _exit(0);
  fprintf(stderr, "status %d: %s\n", status, err.message);
  _exit(12);
}

static void a_full_disk_fails_and_nothing_is_lost(void **state) {
  (void)state;
  if (fresh_is_postgresql()) skip();
  const char *url = fresh_url();
  struct store *store;
  ok(store_open(&store, url, STORE_CREATE, &err));
  ok(store_run(store, "insert into setting values ('zzz', 'kept')", &err));
  store_close(store);
  for (size_t limit = 400 << 10; limit <= 8 << 20; limit *= 2) {
    pid_t child = fork();
    if (child == 0) child_fills_the_disk(url, limit);
    int status;
    waitpid(child, &status, 0);
    assert_int_equal(status, 0);
    ok(store_open(&store, url, STORE_READ, &err));
    assert_int_equal(number_of(store, "select count(*) from setting where value = 'kept'"), 1);
    assert_int_equal(number_of(store, "select count(*) from setting where key <> 'erased'"), 1);
    struct query *q;
    ok(store_query(store, &q, "pragma integrity_check", &err));
    one_row(q);
    assert_true(span_is(query_text(q, 0), "ok"));
    query_end(q);
    store_close(store);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(an_older_store_is_upgraded_once_and_a_newer_one_refused),
      cmocka_unit_test(a_store_is_made_once),
      cmocka_unit_test(a_pdf_of_another_program_is_refused),
      cmocka_unit_test(a_file_that_is_no_store_is_left_alone),
      cmocka_unit_test(the_file_alone_is_the_book),
      cmocka_unit_test(a_book_that_cannot_be_written_can_be_read),
      cmocka_unit_test(a_full_disk_fails_and_nothing_is_lost),
  };
  return cmocka_run_group_tests(tests, NULL, fresh_teardown);
}
