/* Measures assessments of one person in a process that keeps the rules: bench_assess STORE PACK
 * PERSON DAY [ROUNDS]. Each in a snapshot of its own, in an arena that is reset between them, as
 * the portal makes them: the assessment, what a claim would do, and a what-if beside what is. The
 * least and the median in milliseconds of processor time. */
#include "assess/claiming.h"
#include "register/register.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

struct bench {
  struct assess_request request;
  struct arena *arena;
  int rounds;
};

static double now_ms(void) {
  struct timespec now;
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
  return (double)now.tv_sec * 1e3 + (double)now.tv_nsec / 1e6;
}

static enum status assess_alone(struct bench *b, struct error *err) {
  struct assessment a;
  return assess(b->arena, &b->request, &a, err);
}

static enum status assess_and_warn(struct bench *b, struct error *err) {
  struct assessment a;
  struct assess_claims claims;
  enum status status = assess(b->arena, &b->request, &a, err);
  return status == DONE ? assess_before_claiming(b->arena, &a, &claims, err) : status;
}

static enum status what_if(struct bench *b, struct error *err) {
  struct assess_request q = b->request;
  struct assess_comparison c;
  q.born_count = 1;
  return assess_compare(b->arena, &q, &c, err);
}

static int compare(const void *a, const void *b) {
  const double x = *(const double *)a, y = *(const double *)b;
  return (x > y) - (x < y);
}

static enum status run(struct bench *b, const char *name,
                       enum status (*make)(struct bench *, struct error *), struct error *err) {
  double *took = calloc((size_t)b->rounds, sizeof *took);
  enum status status = DONE;
  /* the first ones are not measured: they fill the caches */
  for (int i = -3; i < b->rounds && status == DONE; i++) {
    const double begin = now_ms();
    arena_reset(b->arena);
    status = store_begin(b->request.store, STORE_READ, err);
    if (status == DONE) status = make(b, err);
    store_rollback(b->request.store);
    if (i >= 0) took[i] = now_ms() - begin;
  }
  qsort(took, (size_t)b->rounds, sizeof *took, compare);
  if (status == DONE) printf("%s\t%.2f\t%.2f\n", name, took[0], took[b->rounds / 2]);
  free(took);
  return status;
}

int main(int argc, char **argv) {
  struct error err = {0};
  struct bench b = {.arena = arena_new()};
  struct arena *kept = arena_new();
  struct rules *rules = NULL;
  struct store *store = NULL;
  struct pack *pack = NULL;
  b.rounds = argc > 5 ? (int)strtol(argv[5], NULL, 10) : 100;
  if (argc < 5 || b.rounds < 1) {
    fprintf(stderr, "bench_assess STORE PACK PERSON DAY [ROUNDS]\n");
    return USAGE;
  }
  const char *const packs[] = {argv[2]};
  const double begin = now_ms();
  enum status status = pack_open(&pack, argv[2], &err);
  if (status == DONE) status = rules_load(kept, packs, 1, &rules, &err);
  if (status == DONE) printf("kept\t%.2f\t%.2f\n", now_ms() - begin, now_ms() - begin);
  if (status == DONE) status = store_open(&store, argv[1], STORE_READ, &err);
  b.request = (struct assess_request){.store = store, .pack = pack, .rules = rules};
  if (status == DONE) status = day_parse(span_of(argv[4]), &b.request.on, &err);
  if (status == DONE) status = register_find_person(store, argv[3], &b.request.person, &err);
  if (status == DONE) status = run(&b, "assessment", assess_alone, &err);
  if (status == DONE) status = run(&b, "warnings", assess_and_warn, &err);
  if (status == DONE) status = run(&b, "what-if", what_if, &err);
  if (status != DONE) fprintf(stderr, "bench_assess: %s\n", err.message);
  store_close(store);
  pack_close(pack);
  arena_free(b.arena);
  arena_free(kept);
  return status;
}
