/* Random interleavings: imports, files that come in again, reversals of a line, an entry and a
 * file, erasures, and small postings between any two of their steps, on three connections. After
 * each the audit finds nothing, every key is unique (computed from the lines alone), and the
 * amounts equal those of the rows that were not undone (counted here beside the book).
 * test_interleavings as many rounds as a test may take; in half of them the seed chooses what comes
 * between, the other half runs on threads test_interleavings ROUNDS [SEED] script/soak A failure
 * says how to repeat it; without threads the repetition is exact. */
#include "book/audit.h"
#include "book/bulk_call.h"
#include "book/posting.h"
#include "book/reversal.h"
#include "fresh.h"
#include "privacy/erasure.h"

#include <pthread.h>

enum {
  ROUNDS = 50,
  ROUNDS_A_BOOK = 25, /* the audit reads all of a book each time */
  PEOPLE_FIRST = 8,
  PEOPLE_MOST = 400,
  DAY = 20000,
  PENCE = 1000,
  BENEFIT = 2,
  ROWS_MOST = 4,
  FILES_MOST = 400,
  SMALL_MOST = 4000,
  REFERENCES = 6,
  BULK_OPERATIONS = 3,
  SMALL_AT_ONCE = 12
};

/* ---- a model of what the book must contain ---- */

struct model_row {
  int person, body;
  char reference[24];
};
struct model_file {
  int64_t import, entry;
  uint8_t mark;
  struct model_row rows[ROWS_MOST];
  int row_count, alive; /* rows posted and not undone */
  bool left_out[ROWS_MOST], replaced;
};
struct model_small {
  int64_t entry, account;
  bool alive;
};

struct world {
  struct store *bulk, *small[2];
  const char *url;
  uint64_t random;
  /* the first round of this book, since rounds depend on those before them; the people registered
   * so far, including erased ones */
  int first_round, round, people;
  bool erased[PEOPLE_MOST + 1];
  struct model_file *files;
  int file_count;
  struct model_small *smalls;
  int small_count;
  /* of this book: other work runs on threads; bulk postings erase, or undo files */
  bool at_once, erases;
  int64_t tally; /* rows that were not undone, in a book where no undone row was erased */
  char said[256];
};

static uint64_t next_random(uint64_t *state) { /* splitmix64 */
  uint64_t z = (*state += UINT64_C(0x9E3779B97F4A7C15));
  z = (z ^ z >> 30) * UINT64_C(0xBF58476D1CE4E5B9);
  z = (z ^ z >> 27) * UINT64_C(0x94D049BB133111EB);
  return z ^ z >> 31;
}
static int below(struct world *w, int n) { return (int)(next_random(&w->random) % (uint64_t)n); }

static void give_up(const struct world *w, const char *what, const struct error *err) {
  fprintf(stderr, "round %d: %s: %s%s; %s test_interleavings %d %d\n", w->round, what,
          err ? err->message : "", w->said, w->at_once ? "on threads; not with" : "again with",
          w->round - w->first_round + 1, w->first_round);
  exit(1);
}
#define MUST(w, call) \
  do { \
    struct error must = {0}; \
    if ((call) != DONE) give_up(w, #call, &must); \
  } while (0)

/* ---- the book ---- */

static void register_people(struct world *w, int first, int last) {
  MUST(w, store_begin(w->bulk, STORE_WRITE, &must));
  for (int i = first; i <= last; i++) {
    struct query *q = NULL;
    char code[16];
    snprintf(code, sizeof code, "P%d", i);
    MUST(w, store_query(w->bulk, &q,
                        "insert into party (id, kind, code, name, born) values (?1, 'person', ?2, "
                        "'Somebody', 0)",
                        &must));
    query_bind_int(q, 1, i);
    query_bind_text(q, 2, span_of(code));
    MUST(w, query_run(q, &must));
    query_end(q);
  }
  MUST(w, book_open_people(w->bulk, first, last, &must));
  struct query *q = NULL;
  MUST(w, store_query(w->bulk, &q, "update head set party = ?1 where id = 1", &must));
  query_bind_int(q, 1, last);
  MUST(w, query_run(q, &must));
  query_end(q);
  MUST(w, store_commit(w->bulk, &must));
  w->people = last;
}

static void new_book(struct world *w) {
  w->url = fresh_url();
  w->file_count = w->small_count = 0;
  memset(w->erased, 0, sizeof w->erased);
  MUST(w, store_open(&w->bulk, w->url, STORE_CREATE, &must));
  MUST(w, store_begin(w->bulk, STORE_WRITE, &must));
  MUST(w, store_run(w->bulk,
                    "insert into category (id, code, unit) values (1, 'tax', 'pence'), (2, "
                    "'benefit', 'pence');"
                    "insert into place (id, code, name, kind) values (1, 'T', 'T', 'locality');"
                    "insert into body (id, code, name, kind) values (1, 'a', 'A', 'department'), "
                    "(2, 'b', 'B', 'charity');"
                    "update head set category = 2, body = 2, place = 1;",
                    &must));
  MUST(w, store_commit(w->bulk, &must));
  register_people(w, 1, PEOPLE_FIRST);
  for (int i = 0; i < 2; i++) MUST(w, store_again(&w->small[i], w->bulk, STORE_WRITE, &must));
}

static void close_book(struct world *w) {
  for (int i = 0; i < 2; i++) store_close(w->small[i]);
  store_close(w->bulk);
}

static int64_t number_of(struct world *w, const char *sql) {
  int64_t n = 0;
  MUST(w, store_int(w->bulk, sql, 0, &n, &must));
  return n;
}

static int somebody(struct world *w) {
  for (;;) {
    int person = 1 + below(w, w->people);
    if (!w->erased[person]) return person;
  }
}

static int64_t social_account(struct world *w, struct store *store, int person) {
  struct query *q = NULL;
  bool row = false;
  MUST(w, store_query(store, &q,
                      "select account from holding where owner = ?1 and owner_kind = 'person' and "
                      "role = 'social'",
                      &must));
  query_bind_int(q, 1, person);
  MUST(w, query_step(q, &row, &must));
  int64_t account = row ? query_int(q, 0) : 0;
  query_end(q);
  return account;
}

/* Mostly one of this round, and one of few, so that references collide. */
static void some_reference(struct world *w, char out[24]) {
  int of_round = below(w, 5) ? w->round : w->round - 1;
  if (below(w, 6) == 0) out[0] = 0;
  else snprintf(out, 24, "R%d-%d", of_round, below(w, REFERENCES));
}

/* ---- small postings ---- */

static enum status pay(struct world *w, struct store *store, int person, int body,
                       const char *reference, int64_t *entry, int64_t *account, struct error *err) {
  int64_t control = 0;
  *account = social_account(w, store, person);
  enum status status = store_begin(store, STORE_WRITE, err);
  if (status == DONE) status = fresh_control(store, body, &control, err);
  if (status == DONE) {
    struct posting *p = posting_begin(store, DAY, "record", NULL);
    posting_add(p, &(struct line){.account = *account,
                                  .category = BENEFIT,
                                  .amount = PENCE,
                                  .body = body,
                                  .reference = span_of(*reference ? reference : NULL)});
    posting_add(p, &(struct line){.account = control, .category = BENEFIT, .amount = -PENCE});
    status = posting_post(p, entry, err);
  }
  if (status == DONE) status = store_commit(store, err);
  if (status != DONE) store_rollback(store);
  return status;
}

static enum status undo_alone(struct store *store, int64_t account, int64_t entry, int32_t line_no,
                              struct error *err) {
  int64_t second = 0;
  const struct reversal_of_line what = {.account = account,
                                        .day = DAY,
                                        .entry = entry,
                                        .line_no = line_no,
                                        .on = DAY_NONE,
                                        .reason = "wrong"};
  enum status status = store_begin(store, STORE_WRITE, err);
  if (status == DONE) status = reversal_line(store, &what, &second, err);
  if (status == DONE) status = store_commit(store, err);
  if (status != DONE) store_rollback(store);
  return status;
}

/* Picks any line of a person: undone or not, of a file or not. False: there is none. */
static bool some_line(struct world *w, struct store *store, int64_t *account, int64_t *entry,
                      int32_t *n) {
  struct query *q = NULL;
  bool row = false;
  MUST(w, store_query(store, &q,
                      "select l.account, l.entry, l.n from posted_line l join account a on a.id = "
                      "l.account where a.role = 'social' and l.reverses_entry is null "
                      "order by l.entry desc, l.n limit 1 offset ?1",
                      &must));
  query_bind_int(q, 1, below(w, 12));
  MUST(w, query_step(q, &row, &must));
  if (row) *account = query_int(q, 0), *entry = query_int(q, 1), *n = (int32_t)query_int(q, 2);
  query_end(q);
  return row;
}

static void note_undone(struct world *w, int64_t entry) {
  for (int i = 0; i < w->file_count; i++)
    if (w->files[i].entry == entry) {
      w->files[i].alive--;
      return;
    }
  for (int i = 0; i < w->small_count && !w->at_once; i++)
    if (w->smalls[i].entry == entry) w->smalls[i].alive = false;
}

static void fail_unless_refused(const struct world *w, enum status status, const char *what,
                                const struct error *err) {
  if (status != DONE && status != REFUSED) give_up(w, what, err);
}

static void do_something_small(struct world *w) {
  struct error err = {0};
  struct store *store = w->small[below(w, 2)];
  int64_t account = 0, entry = 0;
  int32_t line_no = 0;
  if (below(w, 3)) {
    char reference[24];
    some_reference(w, reference);
    enum status status = pay(w, store, somebody(w), 1 + below(w, 2), reference, &entry, &account,
                             &err);
    fail_unless_refused(w, status, "pay", &err);
    w->tally += status == DONE;
    if (status == DONE && w->small_count < SMALL_MOST)
      w->smalls[w->small_count++] = (struct model_small){entry, account, true};
  } else if (some_line(w, store, &account, &entry, &line_no)) {
    enum status status = undo_alone(store, account, entry, line_no, &err);
    fail_unless_refused(w, status, "undo", &err);
    w->tally -= status == DONE;
    if (status == DONE) note_undone(w, entry);
  }
}

/* ---- between the steps of a bulk posting ---- */

static void come_between(void *context, enum bulk_step done) {
  struct world *w = context;
  if (done == BULK_FINISHED) return; /* the model does not have what it posted yet */
  while (below(w, 3) == 0) do_something_small(w);
}

/* ---- bulk postings ---- */

struct found {
  struct bulk *bulk;
  bool left_out[ROWS_MOST];
};

static void leave_out(void *context, int file, uint64_t line, bool in_book) {
  struct found *f = context;
  (void)in_book;
  f->left_out[line - 2] = true;
  bulk_reject(f->bulk, file, line, "reference", span_make(NULL, 0), "is there already");
}

/* Posts rows as exchange does with --partial. `again`: the file that it replaces. */
static enum status post_rows(struct world *w, struct model_file *f, const struct model_file *again,
                             const struct bulk_hook *hook, struct error *err) {
  struct found found = {0};
  struct bulk_options options = {.who = "test",
                                 .kind = "import",
                                 .progress = PROGRESS_NEVER,
                                 .check_references = true,
                                 .hook = hook,
                                 .again = again ? again->import : 0};
  struct bulk_file_facts facts = {.rows = f->row_count};
  struct bulk_result result;
  uint64_t count = 0;
  memcpy(facts.digest.bytes, &f->mark, sizeof f->mark);
  memcpy(facts.digest.bytes + 1, &f->rows[0].reference, sizeof f->rows[0].reference);
  enum status status = bulk_open(&found.bulk, w->bulk, &options, err);
  if (status == DONE) status = bulk_load_people(found.bulk, err);
  int file = status == DONE ? bulk_file(found.bulk, "entries", "f.csv") : 0;
  for (int i = 0; status == DONE && i < f->row_count; i++) {
    const struct model_row *m = &f->rows[i];
    struct bulk_row row = {.file = file,
                           .line = (uint64_t)i + 2,
                           .account = bulk_person_account(found.bulk, m->person, "pence"),
                           .control = bulk_control(found.bulk, m->body, "pence"),
                           .fields = {.day = DAY,
                                      .category = BENEFIT,
                                      .amount = PENCE,
                                      .body = m->body,
                                      .reference = span_of(m->reference[0] ? m->reference : NULL)}};
    if (!row.account || bulk_left_out(found.bulk, row.line)) {
      found.left_out[i] = true;
      bulk_reject(found.bulk, file, row.line, "person", span_make(NULL, 0),
                  "was left out, or is gone");
    } else status = bulk_add(found.bulk, i % 2, &row, err);
  }
  if (status == DONE) status = bulk_file_end(found.bulk, file, &facts, err);
  if (status == DONE) status = bulk_duplicates(found.bulk, leave_out, &found, &count, err);
  if (status == DONE) status = bulk_post(found.bulk, &result, err);
  bulk_free(found.bulk);
  if (status != DONE) return status;
  w->tally += result.rows;
  f->import = result.import;
  f->entry = result.first_entry;
  f->alive = 0;
  for (int i = 0; i < f->row_count; i++) {
    f->left_out[i] = found.left_out[i];
    f->alive += !found.left_out[i];
  }
  return DONE;
}

static void make_file(struct world *w, struct model_file *f) {
  *f = (struct model_file){.mark = (uint8_t)below(w, 256), .row_count = 1 + below(w, ROWS_MOST)};
  for (int i = 0; i < f->row_count; i++) {
    f->rows[i].person = somebody(w);
    f->rows[i].body = 1 + below(w, 2);
    some_reference(w, f->rows[i].reference);
  }
}

static void import_one(struct world *w, const struct bulk_hook *hook) {
  struct error err = {0};
  struct model_file f;
  if (w->file_count == FILES_MOST) return;
  make_file(w, &f);
  enum status status = post_rows(w, &f, NULL, hook, &err);
  fail_unless_refused(w, status, "import", &err);
  if (status == DONE) w->files[w->file_count++] = f;
}

static void import_again(struct world *w, const struct bulk_hook *hook) {
  struct error err = {0};
  if (!w->file_count || w->file_count == FILES_MOST) return;
  struct model_file *old = &w->files[below(w, w->file_count)], f = *old;
  enum status status = post_rows(w, &f, old, hook, &err);
  fail_unless_refused(w, status, "again", &err);
  if (status == DONE && (old->replaced || (old->alive && !w->at_once)))
    give_up(w, "a file came in again that stands", NULL);
  if (status != DONE) return;
  old->replaced = true;
  w->files[w->file_count++] = f;
}

static void reverse_one(struct world *w, const struct bulk_hook *hook) {
  struct error err = {0};
  struct reversal what = {.on = DAY_NONE, .reason = "wrong", .who = "test", .hook = hook};
  struct reversal_result result;
  struct model_file *f = w->file_count ? &w->files[below(w, w->file_count)] : NULL;
  int64_t account = 0;
  int kind = w->at_once && w->erases ? 2 : below(w, 3);
  if (!f) return;
  if (kind == 0) what.import = f->import;
  else if (kind == 1) what.entry = f->entry;
  else if (!some_line(w, w->bulk, &account, &what.entry, &what.line_no)) return;
  enum status status = reversal_post(w->bulk, &what, &result, &err);
  fail_unless_refused(w, status, "reverse", &err);
  if (status != DONE) return;
  w->tally -= result.lines;
  if (kind == 2) note_undone(w, what.entry);
  else f->alive = 0;
}

static void erase_one(struct world *w) {
  struct error err = {0};
  struct erasure_result result;
  int person = somebody(w);
  if (w->people == PEOPLE_MOST) return;
  enum status status = erasure_person(w->bulk, person, "test", "asked for it", &result, &err);
  fail_unless_refused(w, status, "erase", &err);
  if (status != DONE) return;
  w->erased[person] = true;
  register_people(w, w->people + 1, w->people + 1);
}

/* ---- what must hold ---- */

static void take_sentence(void *context, const char *sentence) {
  struct world *w = context;
  snprintf(w->said, sizeof w->said, " %s", sentence);
}

static void check(struct world *w) {
  struct error err = {0};
  struct audit_options options = {
      .threads = 1, .progress = PROGRESS_NEVER, .finding = take_sentence, .context = w};
  struct audit_result result;
  if (audit_book(w->bulk, &options, &result, &err) != DONE) give_up(w, "audit", &err);
  if (result.findings) give_up(w, "the audit finds", NULL);
  if (number_of(w, "select count(*) from (select l.body, l.reference from posted_line l where "
                   "l.reference is not null and l.reverses_entry is null and not exists "
                   "(select 1 from line r where r.reverses_entry = l.entry and r.reverses_n = l.n) "
                   "group by l.body, l.reference having count(*) > 1) twice"))
    give_up(w, "a reference stands twice", NULL);
  if (number_of(w, "select count(*) from (select reverses_entry, reverses_n, account from "
                   "posted_line where reverses_entry is not null "
                   "group by reverses_entry, reverses_n, account having count(*) > 1) twice"))
    give_up(w, "a line is undone twice", NULL);
  if (number_of(w, "select count(*) from pending")) give_up(w, "numbers are pending", NULL);
  int64_t alive = 0,
          stands = number_of(w, "select coalesce(sum(l.amount), 0) from posted_line l join account "
                                "a on a.id = l.account where a.role <> 'control'");
  for (int i = 0; i < w->file_count; i++) alive += w->files[i].alive;
  for (int i = 0; i < w->small_count; i++) alive += w->smalls[i].alive;
  if (w->at_once) alive = w->tally;
  snprintf(w->said, sizeof w->said, " %lld pence stand, where %lld rows do", (long long)stands,
           (long long)alive);
  if (stands != alive * PENCE) give_up(w, "the amounts", NULL);
  w->said[0] = 0;
}

/* ---- rounds ---- */

static void do_something_bulk(struct world *w, const struct bulk_hook *hook) {
  switch (below(w, 7)) {
  case 0: reverse_one(w, hook); break;
  case 1: reverse_one(w, hook); break;
  case 2: import_again(w, hook); break;
  case 3:
    if (!w->at_once || w->erases) erase_one(w);
    break;
  default: import_one(w, hook);
  }
}

/* The seed chooses what comes between. */
static void interleave(struct world *w) {
  struct bulk_hook hook = {come_between, w};
  for (int i = 0; i < BULK_OPERATIONS; i++) {
    while (below(w, 2)) do_something_small(w);
    do_something_bulk(w, &hook);
  }
  check(w);
}

static void *work_small(void *context) {
  struct world *w = context;
  for (int i = 0; i < SMALL_AT_ONCE; i++) do_something_small(w);
  return NULL;
}

/* On threads: what comes between is random. */
static void interleave_at_once(struct world *w) {
  struct world others[2];
  pthread_t threads[2];
  for (int i = 0; i < 2; i++) {
    others[i] = *w;
    others[i].small[0] = others[i].small[1] = w->small[i];
    others[i].random = next_random(&w->random);
    others[i].tally = 0;
    others[i].file_count = 0; /* this thread must not change the list */
    others[i].small_count = SMALL_MOST;
    if (pthread_create(&threads[i], NULL, work_small, &others[i]) != 0)
      give_up(w, "no thread", NULL);
  }
  for (int i = 0; i < BULK_OPERATIONS; i++) do_something_bulk(w, NULL);
  for (int i = 0; i < 2; i++) {
    pthread_join(threads[i], NULL);
    w->tally += others[i].tally;
  }
  check(w);
}

int main(int count, char **words) {
  struct world w = {.files = memory_zeroed(FILES_MOST, sizeof *w.files),
                    .smalls = memory_zeroed(SMALL_MOST, sizeof *w.smalls)};
  int64_t rounds = ROUNDS, seed = 1;
  if (count > 1) rounds = strtoll(words[1], NULL, 10);
  if (count > 2) seed = strtoll(words[2], NULL, 10);
  for (int64_t i = 0; i < rounds; i++) {
    w.round = (int)(seed + i);
    w.random = (uint64_t)w.round * UINT64_C(0x9E3779B97F4A7C15);
    if (i % ROUNDS_A_BOOK == 0) {
      if (i) close_book(&w);
      w.first_round = w.round;
      /* the command to repeat it makes one book of this kind */
      w.at_once = i / ROUNDS_A_BOOK % 2 && count < 3;
      w.erases = below(&w, 2);
      w.tally = 0;
      new_book(&w);
    }
    if (w.at_once) interleave_at_once(&w);
    else interleave(&w);
  }
  close_book(&w);
  free(w.files);
  free(w.smalls);
  fresh_remove();
  printf("%lld passed, 0 failed\n", (long long)rounds);
  return 0;
}
