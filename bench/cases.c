/* Measures what an officer does with cases, one call after another: bench_cases STORE PACK ROUNDS.
 * Fills a book that has people and no cases with 50 bodies, an officer each, and 20,000 cases; then
 * a page of an inbox, one case with its history, one decision that is committed. Beside each the
 * least SQL that gives or writes the same rows, by hand, with no rights and no checks. Prints a
 * line for each: name, p50 and p99 in milliseconds, the same by hand. */
#include "case/case.h"
#include "register/case_actor.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

enum { BODIES = 50, CASES = 20000, PAGE = 25, FIRST_BODY = 1000 };

struct bench {
  struct store *store;
  struct arena *arena;
  struct case_desk desk;
  int rounds;
  int round;
  int64_t first; /* the first person */
};

static enum status nothing(struct case_call *call, struct case_file *file,
                           const struct pack_case_move *move, const struct case_motion *motion,
                           struct error *err) {
  (void)call, (void)file, (void)move, (void)motion, (void)err;
  return DONE;
}
/* The kind's own handler would look for the lines that the cases are about. */
static const struct case_handler stand_in = {.word = "line", .move = nothing};
static const struct case_handler *const handlers[] = {&stand_in, NULL};

static double now_ms(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

/* ---- the book ---- */

/* The first 50 people are the officers. */
static enum status add_officers(struct bench *b, struct error *err) {
  enum status status = DONE;
  for (int64_t i = 0; status == DONE && i < BODIES; i++) {
    const char *code = arena_printf(b->arena, "bench-%d", (int)i);
    status =
        store_run_with(b->store,
                       "insert into body (id, code, name, kind) values (?1, ?2, ?2, 'council')",
                       err, FIRST_BODY + i, code);
    if (status == DONE)
      status =
          store_run_with(b->store,
                         "insert into office (person, id, role, body, from_day, who, at) values "
                         "(?1, ?2, 'staff', ?3, 0, 'bench', '2026-01-01T00:00:00Z')",
                         err, b->first + i, FIRST_BODY + i, FIRST_BODY + i);
  }
  return status;
}

/* Two of three wait, each body's in turn; the deadlines are of the next 60 days. */
static enum status add_case(struct bench *b, int64_t id, int64_t person, struct error *err) {
  bool waits = id % 3 != 0;
  enum status status = store_run_with(
      b->store,
      "insert into case_file (party, id, kind, state, waits, opened_at, opener, opened_by, "
      "to_body, "
      "due, subject, facts, reason, decided_at) values (?1, ?2, 'line-wrong', ?3, ?4, "
      "'2026-03-01T00:00:00Z', ?1, 'id:P1', ?5, ?6, ?7, '{\"from\":\"2026-02-01\"}', 'I was in "
      "hospital that day', ?8)",
      err, person, id, waits ? "waiting" : "refused", waits, FIRST_BODY + id % BODIES,
      b->desk.today + (id * 7919) % 60, (const char *)arena_printf(b->arena, "line:%d:1", (int)id),
      QUERY_OR_NULL(!waits, "2026-03-01T00:00:00Z"));
  if (status != DONE) return status;
  return store_run_with(b->store,
                        "insert into case_event (party, case_id, n, at, actor, who, what, state, "
                        "words) values (?1, ?2, 1, '2026-03-01T00:00:00Z', ?1, 'id:P1', 'opened', "
                        "'waiting', 'I was in hospital that day')",
                        err, person, id);
}

static enum status fill(struct bench *b, struct error *err) {
  int64_t people = 0;
  enum status status = store_int(b->store, "select count(*) from party where kind = 'person'", 0,
                                 &people, err);
  if (status == DONE)
    status = store_int(b->store, "select min(id) from party where kind = 'person'", 0, &b->first,
                       err);
  if (status == DONE) status = store_begin(b->store, STORE_WRITE, err);
  if (status == DONE) status = add_officers(b, err);
  for (int64_t id = 1; status == DONE && id <= CASES; id++)
    status = add_case(b, id, b->first + BODIES + (id * 104729) % (people - BODIES), err);
  if (status == DONE)
    status = store_run_with(b->store, "update counter set last = ?1 where name = 'case_file'", err,
                            (int64_t)CASES);
  if (status == DONE) status = store_commit(b->store, err);
  if (status == DONE && store_engine_of(b->store) == STORE_POSTGRESQL)
    status = store_run(b->store, "analyze", err);
  return status;
}

/* ---- what is measured ---- */

/* The case of this round, which waits, and its body. */
static int64_t case_of(const struct bench *b) { return 1 + (b->round * 3) % (CASES - 2); }
static int64_t body_of(int64_t id) { return FIRST_BODY + id % BODIES; }

static enum status officer(struct bench *b, int64_t body, struct case_actor *out,
                           struct error *err) {
  return register_case_actor(b->store, b->arena, b->first + body - FIRST_BODY, b->desk.today,
                             "id:P1", out, err);
}

static enum status inbox(struct bench *b, struct error *err) {
  const struct case_filter filter = {.which = CASES_WAITING, .most = PAGE};
  struct case_actor actor;
  struct case_file *files;
  int count;
  int64_t total;
  enum status status = officer(b, FIRST_BODY + b->round % BODIES, &actor, err);
  if (status == DONE)
    status = cases_inbox(b->store, b->arena, &b->desk, &actor, &filter, &files, &count, &total,
                         err);
  if (status == DONE && count != PAGE) return error_set(err, FAILED, "a page has %d rows", count);
  return status;
}

static enum status all_rows(struct query *q, struct error *err) {
  bool row;
  enum status status;
  while ((status = query_step(q, &row, err)) == DONE && row) (void)query_text(q, 1);
  query_end(q);
  return status;
}

static enum status inbox_by_hand(struct bench *b, struct error *err) {
  int64_t body = FIRST_BODY + b->round % BODIES, total;
  struct query *q;
  enum status status = store_query_with(b->store, &q,
                                        "select id, kind, state, party, due, opened_at, subject, "
                                        "reason from case_file where to_body = "
                                        "?1 and waits = 1 order by due, id limit 25",
                                        err, body);
  if (status == DONE) status = all_rows(q, err);
  if (status != DONE) return status;
  return store_int_with(b->store, "select count(*) from case_file where to_body = ?1 and waits = 1",
                        0, &total, err, body);
}

static enum status one(struct bench *b, struct error *err) {
  struct case_actor actor;
  struct case_file file;
  int64_t id = case_of(b);
  enum status status = officer(b, body_of(id), &actor, err);
  return status == DONE ? case_one(b->store, b->arena, &b->desk, &actor, id, &file, err) : status;
}

static enum status one_by_hand(struct bench *b, struct error *err) {
  struct query *q;
  int64_t id = case_of(b), party = 0;
  bool row;
  enum status status = store_row_with(
      b->store, &q, &row,
      "select party, kind, state, due, opened_at, subject, facts, reason, decided_at, answer from "
      "case_file where id = ?1",
      err, id);
  if (status == DONE && row) party = query_int(q, 0);
  query_end(q);
  if (status == DONE)
    status = store_query_with(b->store, &q,
                              "select at, who, what, state, words from case_event where party = ?1 "
                              "and case_id = ?2 order by n",
                              err, party, id);
  if (status == DONE) status = all_rows(q, err);
  if (status == DONE)
    status =
        store_query_with(b->store, &q,
                         "select body, read_at from case_told where party = ?1 and case_id = ?2",
                         err, party, id);
  return status == DONE ? all_rows(q, err) : status;
}

static enum status decision(struct bench *b, struct error *err) {
  struct case_actor actor;
  struct case_file file;
  const struct case_motion motion = {.id = case_of(b),
                                     .move = "refuse",
                                     .words = span_of("It stands as it is")};
  enum status status = store_begin(b->store, STORE_WRITE, err);
  if (status == DONE) status = officer(b, body_of(motion.id), &actor, err);
  if (status == DONE) status = case_move(b->store, b->arena, &b->desk, &actor, &motion, &file, err);
  return status == DONE ? store_commit(b->store, err) : status;
}

/* Of the cases that are left, those one further: case_of gives every third. */
static enum status decision_by_hand(struct bench *b, struct error *err) {
  int64_t id = case_of(b) + 1, party = 0;
  enum status status = store_begin(b->store, STORE_WRITE, err);
  if (status == DONE)
    status = store_int_with(b->store, "select party from case_file where id = ?1", 0, &party, err,
                            id);
  if (status == DONE)
    status = store_run_with(
        b->store,
        "update case_file set state = 'refused', waits = 0, decided_at = '2026-03-02T00:00:00Z', "
        "decider = 1, decided_by = 'id:P1', answer = 'It stands as it is' where party = ?1 and id "
        "= "
        "?2 and state = 'waiting'",
        err, party, id);
  if (status == DONE)
    status =
        store_run_with(b->store,
                       "insert into case_event (party, case_id, n, at, actor, who, what, state, "
                       "words) values (?1, ?2, 2, '2026-03-02T00:00:00Z', 1, 'id:P1', 'refuse', "
                       "'refused', 'It stands as it is')",
                       err, party, id);
  return status == DONE ? store_commit(b->store, err) : status;
}

/* ---- the clock ---- */

static int by_size(const void *a, const void *b) {
  double x = *(const double *)a, y = *(const double *)b;
  return (x > y) - (x < y);
}

static enum status measure(struct bench *b, enum status (*call)(struct bench *, struct error *),
                           double *half, double *almost_all, struct error *err) {
  double *took = memory_zeroed((size_t)b->rounds, sizeof *took);
  enum status status = DONE;
  for (b->round = 0; status == DONE && b->round < b->rounds; b->round++) {
    double began = now_ms();
    status = call(b, err);
    took[b->round] = now_ms() - began;
    arena_reset(b->arena);
  }
  qsort(took, (size_t)b->rounds, sizeof *took, by_size);
  *half = took[b->rounds / 2];
  *almost_all = took[b->rounds * 99 / 100];
  free(took);
  return status;
}

static enum status measure_all(struct bench *b, struct error *err) {
  static const struct {
    const char *name;
    enum status (*call)(struct bench *, struct error *), (*by_hand)(struct bench *, struct error *);
  } all[] = {{"inbox", inbox, inbox_by_hand},
             {"one", one, one_by_hand},
             {"decision", decision, decision_by_hand}};
  enum status status = DONE;
  for (size_t i = 0; status == DONE && i < sizeof all / sizeof *all; i++) {
    double half = 0, most = 0, half_by_hand = 0, most_by_hand = 0;
    status = measure(b, all[i].call, &half, &most, err);
    if (status == DONE) status = measure(b, all[i].by_hand, &half_by_hand, &most_by_hand, err);
    printf("%s %.4f %.4f %.4f %.4f\n", all[i].name, half, most, half_by_hand, most_by_hand);
  }
  return status;
}

int main(int argc, char **argv) {
  struct error err = {0};
  struct pack *pack = NULL;
  struct bench b = {.rounds = argc == 4 ? (int)strtol(argv[3], NULL, 10) : 0};
  if (b.rounds < 1 || b.rounds > CASES / 3 - 1) {
    fprintf(stderr, "write: bench_cases STORE PACK ROUNDS, at most %d\n", CASES / 3 - 1);
    return USAGE;
  }
  b.arena = arena_new();
  enum status status = store_open(&b.store, argv[1], STORE_WRITE, &err);
  if (status == DONE) status = pack_open(&pack, argv[2], &err);
  b.desk = (struct case_desk){.pack = pack, .handlers = handlers, .today = day_today()};
  if (status == DONE) status = fill(&b, &err);
  if (status == DONE) status = measure_all(&b, &err);
  if (status != DONE) fprintf(stderr, "bench_cases: %s\n", err.message);
  store_close(b.store);
  pack_close(pack);
  arena_free(b.arena);
  return status;
}
