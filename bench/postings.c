/* Measures how many small postings a second one thread makes durable: bench_postings STORE PACK
 * COUNT GROUP weal|plain|portal
 *
 * STORE is a book with people, bodies and services (bench/postings makes one). `weal` records COUNT
 * rows by book/record.h, as the portal's writer does: GROUP of them in a transaction, each with a
 * savepoint when GROUP is more than 1. `plain` writes rows of the same size into the same tables by
 * prepared statements, without any check or hash: the least work that is possible. `portal` asks
 * the portal's own writer (http/writer.h) from GROUP threads, each of which waits until its row is
 * durable before it asks for the next. Prints count, wall s, processor s, peak kB. */
#include "book/record.h"
#include "store/store.h"
#include "http/writer.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <time.h>

static struct error err;

static void must(enum status status, const char *what) {
  if (status == DONE) return;
  fprintf(stderr, "bench_postings: %s: %s%s%s\n", what, err.column, *err.column ? ": " : "",
          err.message);
  exit(3);
}

struct work {
  struct store *store;
  struct record_terms terms;
  const char *cash, *service; /* codes of a category of either kind */
  int64_t people, first, bodies, entry, seq;
  uint64_t seed;
};

static uint64_t next(struct work *w) {
  return (w->seed = w->seed * 6364136223846793005u + 1442695040888963407u) >> 33;
}

static int64_t one(struct work *w, const char *sql) {
  int64_t out = 0;
  must(store_int(w->store, sql, 0, &out, &err), sql);
  return out;
}

static void choose_categories(struct work *w) {
  for (int i = 0; i < w->terms.pack->category_count; i++) {
    const struct pack_category *c = &w->terms.pack->categories[i];
    int64_t id = codes_category(w->terms.codes, span_of(c->code));
    int services = 0;
    for (int s = 0; s < w->terms.codes->service_count; s++)
      services += w->terms.codes->services[s].id && w->terms.codes->services[s].category == id;
    if (c->side == SIDE_CASH && !w->cash) w->cash = c->code;
    if (c->side == SIDE_SERVICE && services == 1 && !w->service) w->service = c->code;
  }
  if (!w->cash || !w->service)
    must(error_set(&err, REFUSED, "no category of one service"), "the pack");
}

static void record_one(struct work *w, int64_t i) {
  char reference[32];
  struct recorded out;
  snprintf(reference, sizeof reference, "bench-%lld-%llu", (long long)i,
           (unsigned long long)w->seed);
  bool cash = i % 2;
  struct record_row row = {.person = w->first + (int64_t)(next(w) % (uint64_t)w->people),
                           .category = span_of(cash ? w->cash : w->service),
                           .has_amount = cash,
                           .has_quantity = !cash,
                           .amount = 100 + (int64_t)(next(w) % 50000),
                           .quantity = 500 + (int64_t)(next(w) % 4000),
                           .body = 1 + (int64_t)(next(w) % (uint64_t)w->bodies),
                           .day = day_make(2025, 6, 1) + (day_t)(next(w) % 200),
                           .reference = span_of(reference),
                           .note = span_of("recorded by hand")};
  must(record_post(w->store, &w->terms, &row, &out, &err), "recording");
}

static void plain_line(struct work *w, int64_t account, day_t day, int n, int64_t amount,
                       struct span reference) {
  struct query *q = NULL;
  must(store_query(w->store, &q,
                   "insert into line (account, day, entry, n, amount, category, estimated, body, "
                   "reference, note) values (?1, ?2, ?3, ?4, ?5, 1, 0, ?6, ?7, ?8)",
                   &err),
       "line");
  query_bind_int(q, 1, account);
  query_bind_int(q, 2, day);
  query_bind_int(q, 3, w->entry);
  query_bind_int(q, 4, n);
  query_bind_int(q, 5, amount);
  if (n == 1) query_bind_int(q, 6, 1 + (int64_t)(next(w) % (uint64_t)w->bodies));
  if (n == 1) query_bind_text(q, 7, reference);
  if (n == 1) query_bind_text(q, 8, span_of("recorded by hand"));
  must(query_run(q, &err), "line");
  query_end(q);
}

static void plain_one(struct work *w, int64_t i) {
  struct query *q = NULL;
  uint8_t bytes[32] = {0};
  char reference[32];
  bool row = false;
  snprintf(reference, sizeof reference, "bench-%lld-%llu", (long long)i,
           (unsigned long long)w->seed);
  day_t day = day_make(2025, 6, 1) + (day_t)(next(w) % 200);
  must(store_query(w->store, &q,
                   "update head set entry = entry + 1, logged = logged + 1 where id = 1 returning "
                   "entry, logged",
                   &err),
       "head");
  must(query_step(q, &row, &err), "head");
  w->entry = query_int(q, 0);
  w->seq = query_int(q, 1);
  query_end(q);
  must(store_pipeline_begin(w->store, &err), "pipeline");
  int64_t amount = (int64_t)(next(w) % 50000);
  plain_line(w, 1 + (int64_t)(next(w) % (uint64_t)(2 * w->people)), day, 1, amount,
             span_of(reference));
  plain_line(w, 2 * w->people + 1 + (int64_t)(next(w) % (uint64_t)w->bodies), day, 2, -amount,
             span_of(reference));
  must(store_query(w->store, &q,
                   "insert into reference (bucket, entry, digests) values (?1, ?2, ?3)", &err),
       "reference");
  query_bind_int(q, 1, (int64_t)(next(w) % 65536));
  query_bind_int(q, 2, w->entry);
  query_bind_bytes(q, 3, bytes, 16);
  must(query_run(q, &err), "reference");
  query_end(q);
  must(store_query(w->store, &q,
                   "insert into entry (id, seq, day, recorded, kind, lines, root) values (?1, ?2, "
                   "?3, '2026-01-01T00:00:00Z', 'record', 2, ?4)",
                   &err),
       "entry");
  query_bind_int(q, 1, w->entry);
  query_bind_int(q, 2, w->seq);
  query_bind_int(q, 3, day);
  query_bind_bytes(q, 4, bytes, 32);
  must(query_run(q, &err), "entry");
  query_end(q);
  must(store_pipeline_end(w->store, &err), "pipeline");
}

/* ---- through the writer ---- */

struct asker {
  pthread_t thread;
  struct writer *writer;
  struct write_job job;
  struct work work;
  int64_t count, at;
  pthread_mutex_t lock;
  pthread_cond_t told;
  bool over;
};

static enum status asked_run(void *context, struct store *store, struct error *e) {
  struct asker *a = context;
  (void)e; /* record_one ends the program */
  a->work.store = store;
  record_one(&a->work, a->at);
  return DONE;
}

static void asked_done(void *context, enum status status, const struct error *e) {
  struct asker *a = context;
  if (status != DONE) err = *e;
  must(status, "the writer");
  pthread_mutex_lock(&a->lock);
  a->over = true;
  pthread_cond_signal(&a->told);
  pthread_mutex_unlock(&a->lock);
}

static void *ask_on(void *context) {
  struct asker *a = context;
  for (a->at = 0; a->at < a->count; a->at++) {
    struct error refused = {0};
    a->over = false;
    a->job = (struct write_job){.run = asked_run, .done = asked_done, .context = a};
    must(writer_ask(a->writer, &a->job, &refused), "asking");
    pthread_mutex_lock(&a->lock);
    while (!a->over) pthread_cond_wait(&a->told, &a->lock);
    pthread_mutex_unlock(&a->lock);
  }
  return NULL;
}

static void ask_the_writer(const char *url, const struct work *like, int64_t count,
                           int64_t threads) {
  struct asker *askers = memory_zeroed((size_t)threads, sizeof *askers);
  struct writer *writer = NULL;
  struct writer_counts counts;
  must(writer_start(&writer, url, &err), url);
  for (int64_t i = 0; i < threads; i++) {
    askers[i] = (struct asker){.writer = writer,
                               .work = *like,
                               .count = count / threads,
                               .lock = PTHREAD_MUTEX_INITIALIZER,
                               .told = PTHREAD_COND_INITIALIZER};
    askers[i].work.seed = like->seed * 1000 + (uint64_t)i; /* references of its own */
    pthread_create(&askers[i].thread, NULL, ask_on, &askers[i]);
  }
  for (int64_t i = 0; i < threads; i++) pthread_join(askers[i].thread, NULL);
  writer_count(writer, &counts);
  fprintf(stderr, "%lld jobs in %lld transactions\n", (long long)counts.jobs,
          (long long)counts.groups);
  writer_stop(writer);
  free(askers);
}

static double seconds(struct timespec t) { return (double)t.tv_sec + (double)t.tv_nsec / 1e9; }

int main(int argc, char **argv) {
  if (argc != 6) {
    fprintf(stderr, "usage: bench_postings STORE PACK COUNT GROUP weal|plain|portal\n");
    return 2;
  }
  int64_t count = strtoll(argv[3], NULL, 10), group = strtoll(argv[4], NULL, 10);
  bool plain = strcmp(argv[5], "plain") == 0, portal = strcmp(argv[5], "portal") == 0;
  struct arena *arena = arena_new();
  struct work w = {0};
  struct pack *pack = NULL;
  struct codes *codes = NULL;
  must(pack_open(&pack, argv[2], &err), argv[2]);
  must(store_open(&w.store, argv[1], STORE_WRITE, &err), argv[1]);
  must(book_codes(w.store, arena, &codes, &err), "codes");
  w.terms = (struct record_terms){.pack = pack, .codes = codes, .any_category = true};
  w.people = one(&w, "select count(*) from party where kind = 'person'");
  /* one file's people have ids in a row */
  w.first = one(&w, "select min(id) from party where kind = 'person'");
  w.bodies = one(&w, "select max(id) from body");
  /* so that another run has other references */
  w.seed = (uint64_t)one(&w, "select entry from head") + 1;
  choose_categories(&w);
  struct timespec from, to;
  struct rusage use;
  clock_gettime(CLOCK_MONOTONIC, &from);
  if (portal) ask_the_writer(argv[1], &w, count, group);
  for (int64_t i = 0; i < count && !portal;) {
    must(store_begin(w.store, STORE_WRITE, &err), "begin");
    for (int64_t k = 0; k < group && i < count; k++, i++) {
      if (group > 1 && !plain) must(store_savepoint(w.store, &err), "savepoint");
      if (plain) plain_one(&w, i);
      else record_one(&w, i);
      if (group > 1 && !plain) must(store_savepoint_release(w.store, &err), "release");
    }
    must(store_commit(w.store, &err), "commit");
  }
  clock_gettime(CLOCK_MONOTONIC, &to);
  getrusage(RUSAGE_SELF, &use);
  double processor = (double)(use.ru_utime.tv_sec + use.ru_stime.tv_sec) +
                     (double)(use.ru_utime.tv_usec + use.ru_stime.tv_usec) / 1e6;
  printf("%lld %.4f %.4f %ld\n", (long long)count, seconds(to) - seconds(from), processor,
         use.ru_maxrss);
  store_close(w.store);
  pack_close(pack);
  arena_free(arena);
  return 0;
}
