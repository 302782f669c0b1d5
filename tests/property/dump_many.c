/* dump_many STORE PACK DAY AT_ONCE VARIABLE...: what everybody of the book seems entitled to of
 * these, so many units worked out at once, a line an answer: adult, variable, whose it is, the
 * least and the most in its period to the last bit, whether it is exact, cannot be known, and what
 * would tell. For take_up.py; on standard error the seconds of processor that it took. */
#include "assess/many.h"
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

static double processor_s(void) {
  struct timespec now;
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
  return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static void print_unit(const struct pack *pack, const struct people *people,
                       const struct many_unit *u) {
  for (int i = 0; i < u->reason_count; i++)
    printf("%s\t?%s\n", people_find(people, u->adult)->code, u->reasons[i]);
  for (int i = 0; i < u->answer_count; i++) {
    const struct many_answer *a = &u->answers[i];
    printf("%s\t%s\t%s\t%.17g\t%.17g\t%d\t%d\t", people_find(people, u->adult)->code,
           a->what->variable, a->person ? people_find(people, a->person)->code : "", a->low,
           a->high, a->is_exact, a->cannot);
    for (int row = 0; row < pack->tellable_count; row++)
      if (many_needs(a, row)) printf("%s ", pack->tellables[row].variable);
    printf("\n");
  }
}

static enum status dump(const struct many_request *request, int variable_count, char **variables,
                        struct error *err) {
  struct arena *arena = arena_new();
  struct many_request q = *request;
  struct people *people;
  struct places *places;
  struct many many;
  bool *wanted = arena_array(arena, bool, q.pack->entitlement_count + 1);
  for (int i = 0; i < q.pack->entitlement_count; i++)
    for (int k = 0; k < variable_count; k++)
      wanted[i] |= strcmp(q.pack->entitlements[i].variable, variables[k]) == 0;
  enum status status = register_people(q.store, arena, &people, err);
  if (status == DONE) status = register_places(q.store, arena, &places, err);
  bool *lives = status == DONE ? arena_array(arena, bool, people->count + 1) : NULL;
  for (int i = 0; status == DONE && i < people->count; i++) {
    const struct person *p = &people->all[i];
    lives[i] = !p->survivor && (p->died == DAY_NONE || p->died > q.on) &&
               (p->born == DAY_NONE || p->born <= q.on) && person_place(p, people, q.on);
  }
  q.people = people;
  q.places = places;
  q.lives = lives;
  q.wanted = wanted;
  const double begin = processor_s();
  if (status == DONE) status = assess_many(arena, &q, &many, err);
  fprintf(stderr, "%.3f\n", processor_s() - begin);
  for (int i = 0; status == DONE && i < many.unit_count; i++)
    print_unit(q.pack, people, &many.units[i]);
  arena_free(arena);
  return status;
}

int main(int count, char **arguments) {
  if (count < 6) return USAGE;
  struct error err = {0};
  struct arena *arena = arena_new();
  struct rules *rules = NULL;
  const char *const packs[] = {arguments[2]};
  struct store *store = NULL;
  struct pack *pack = NULL;
  struct many_request q = {.at_once = (int)strtol(arguments[4], NULL, 10)};
  enum status status = pack_open(&pack, arguments[2], &err);
  if (status == DONE) status = rules_load(arena, packs, 1, &rules, &err);
  if (status == DONE) status = store_open(&store, arguments[1], STORE_READ, &err);
  if (status == DONE) status = day_parse(span_of(arguments[3]), &q.on, &err);
  if (status == DONE) status = store_begin(store, STORE_READ, &err);
  q.store = store;
  q.pack = pack;
  q.rules = rules;
  if (status == DONE) status = dump(&q, count - 5, arguments + 5, &err);
  if (status != DONE) fprintf(stderr, "dump_many: %s\n", err.message);
  store_close(store);
  pack_close(pack);
  arena_free(arena);
  return (int)status;
}
