/* Measures one page of one person, from an open book: bench_one STORE PACK [ROUNDS]. Random people;
 * each page in a snapshot of its own, in an arena that is reset between pages, as the portal makes
 * them: the statement's fragment, the account of the year. In wall time and processor time. */
#include "statement/statement.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <time.h>

enum { YEAR = 2025 };

struct bench {
  struct store *store;
  struct reference_data *reference_data;
  struct arena *arena;
  int64_t *people;
  int count;
};

static double seconds(clockid_t clock) {
  struct timespec now;
  clock_gettime(clock, &now);
  return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static enum status read_people(struct bench *b, struct arena *arena, struct error *err) {
  struct query *q = NULL;
  bool row = false;
  int64_t count = 0;
  enum status status = store_int(b->store, "select count(*) from party where kind = 'person'", 0,
                                 &count, err);
  b->people = arena_array(arena, int64_t, count + 1);
  if (status == DONE)
    status = store_query(b->store, &q, "select id from party where kind = 'person' order by id",
                         err);
  while (status == DONE && (status = query_step(q, &row, err)) == DONE && row && b->count < count)
    b->people[b->count++] = query_int(q, 0);
  query_end(q);
  return status;
}

static enum status statement(struct bench *b, int64_t person, struct document **d,
                             struct error *err) {
  const struct statement_request request = {.year = YEAR};
  return statement_one(b->store, b->reference_data, person, &request, b->arena, d, err);
}

static enum status account(struct bench *b, int64_t person, struct document **d,
                           struct error *err) {
  const struct account_request request = {.from = year_first_day(YEAR_TAX, YEAR),
                                          .to = year_last_day(YEAR_TAX, YEAR),
                                          .page = 1};
  return statement_account(b->store, b->reference_data, person, &request, b->arena, d, err);
}

static enum status run(struct bench *b, const char *name,
                       enum status (*make)(struct bench *, int64_t, struct document **,
                                           struct error *),
                       int rounds, struct error *err) {
  const struct document_options options = {.fragment = true};
  struct text out = {0};
  double wall = 0, processor = 0;
  size_t bytes = 0;
  uint64_t random = 1;
  /* the first tenth is not measured: it fills the caches */
  for (int i = -rounds / 10; i < rounds; i++) {
    struct document *d = NULL;
    if (i == 0) {
      wall = seconds(CLOCK_MONOTONIC);
      processor = seconds(CLOCK_PROCESS_CPUTIME_ID);
      bytes = 0;
    }
    random = random * 6364136223846793005u + 1442695040888963407u;
    arena_reset(b->arena);
    text_clear(&out);
    enum status status = store_begin(b->store, STORE_READ, err);
    if (status == DONE) status = make(b, b->people[(random >> 33) % (uint64_t)b->count], &d, err);
    store_rollback(b->store);
    if (status != DONE) return status;
    document_render(d, FORMAT_HTML, &options, &out);
    bytes += out.size;
  }
  wall = seconds(CLOCK_MONOTONIC) - wall;
  processor = seconds(CLOCK_PROCESS_CPUTIME_ID) - processor;
  printf("%s\t%.1f\t%.1f\t%.0f\t%.1f\n", name, wall / rounds * 1e6, processor / rounds * 1e6,
         rounds / wall, (double)bytes / rounds / 1e3);
  text_release(&out);
  return DONE;
}

int main(int argc, char **argv) {
  struct error err = {0};
  struct bench b = {.arena = arena_new()};
  struct arena *arena = arena_new();
  struct pack *pack = NULL;
  int rounds = argc > 3 ? (int)strtol(argv[3], NULL, 10) : 20000;
  if (argc < 3) {
    fprintf(stderr, "bench_one STORE PACK [ROUNDS]\n");
    return USAGE;
  }
  enum status status = pack_open(&pack, argv[2], &err);
  if (status == DONE) status = store_open(&b.store, argv[1], STORE_READ, &err);
  if (status == DONE) status = reference_data_read(b.store, pack, arena, &b.reference_data, &err);
  if (status == DONE) status = read_people(&b, arena, &err);
  if (status == DONE) printf("page\twall us\tprocessor us\ta second\tkB\n");
  if (status == DONE) status = run(&b, "statement", statement, rounds, &err);
  if (status == DONE) status = run(&b, "account of a year", account, rounds, &err);
  if (status != DONE) fprintf(stderr, "bench_one: %s\n", err.message);
  store_close(b.store);
  pack_close(pack);
  arena_free(b.arena);
  arena_free(arena);
  return status;
}
