/* A book of people, places and bodies for the tests of erasure, and an eraser on a thread of its
 * own. */
#ifndef WEAL_TESTS_ERASURE_BOOK_H
#define WEAL_TESTS_ERASURE_BOOK_H

#include "book/audit.h"
#include "book/posting.h"
#include "calls.h"
#include "fresh.h"
#include "privacy/erasure.h"

#include <pthread.h>
#include <stdatomic.h>
#include <unistd.h>

enum { ANN = 1, BOB = 2, CAT = 3, PEOPLE = 40 };
enum { TAX = 1, BENEFIT = 2 };

static struct store *store;
static int64_t control;
static const char *book_url;

static inline int64_t number(const char *sql) {
  int64_t n = 0;
  ok(store_int(store, sql, 0, &n, &err));
  return n;
}

static inline void new_book(void) {
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

static inline void end_book(void) {
  store_close(store);
  store = NULL;
}

static inline int64_t social(int64_t person) { return 2 * person - 1; }

static inline struct posting *a_posting(struct store *in, int64_t person, int64_t pence,
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

static inline void post(int64_t person, int64_t pence, const char *note) {
  int64_t entry = 0;
  ok(posting_commit(a_posting(store, person, pence, note), &entry, &err));
}

static inline void tell(void *context, const char *sentence) {
  (void)context;
  print_message("audit: %s\n", sentence);
}

static inline void assert_sound(void) {
  struct audit_options options = {.threads = 2, .progress = PROGRESS_NEVER, .finding = tell};
  struct audit_result result;
  ok(audit_book(store, &options, &result, &err));
  assert_int_equal(result.findings, 0);
}

/* Nothing is left of a person except their number, and the remaining sums are right. */
static inline void assert_gone(int64_t person, int64_t pence) {
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

static inline void *erase(void *context) {
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

static inline void begin_to_erase(struct eraser_thread *e, int64_t person) {
  *e = (struct eraser_thread){.person = person};
  ok(store_again(&e->store, store, STORE_WRITE, &err));
  if (pthread_create(&e->thread, NULL, erase, e) != 0) fail_msg("no thread");
  usleep(A_WHILE_US);
}

/* Erases without anything to wait for. */
static inline enum status erase_now(struct eraser_thread *e, int64_t person) {
  *e = (struct eraser_thread){.person = person};
  ok(store_again(&e->store, store, STORE_WRITE, &err));
  erase(e);
  store_close(e->store);
  return e->status;
}

/* Asserts that the eraser still waits for what the test holds open; called before the test releases
 * it. */
static inline void assert_waits(struct eraser_thread *e) { assert_false(atomic_load(&e->ended)); }

static inline enum status end_of_erasing(struct eraser_thread *e) {
  pthread_join(e->thread, NULL);
  store_close(e->store);
  return e->status;
}

#endif
