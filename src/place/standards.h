/* Minimum standards: of whom in a place what everybody is promised at least is not known to be
 * kept. The standards are rows of standards.csv.
 *
 *     struct standards_request q = {.store = store, .pack = pack, .rules = rules,
 *                                   .place = "E07000117", .year = 2025, .today = day_today()};
 *     status = standards_check(arena, &q, &out, &err);      reads; no look is noted
 *     for each of out.found: sums by part of the place and by group; out.breaches: who
 *
 * A person counts where they live, alive, on `out.on`: the last day of the tax year, or today while
 * it runs. Nothing recorded is what an account says: that no visit was recorded is a question to
 * whoever answers for it, not a proof that there was none. What cannot be said is counted apart: a
 * fact that nobody told, a day of birth that is not known, a year that is not over. */
#ifndef WEAL_PLACE_STANDARDS_H
#define WEAL_PLACE_STANDARDS_H

#include "base/progress.h"
#include "book/figures.h"
#include "register/register.h"
#include "rules/model.h"

struct standards_request {
  struct store *store;
  const struct pack *pack;
  const struct rules *rules;
  const char *place; /* code; null: the book's own */
  int year;          /* tax year */
  day_t today;
  const struct pack_standard *only; /* null: all */
  int threads;                      /* 0: as many as the machine has */
  enum progress_mode progress;
};

enum standard_state { STANDARD_NOT_OF, STANDARD_KEPT, STANDARD_BROKEN, STANDARD_UNSAID };
struct standard_sums {
  int64_t kept, broken, unsaid;
};

/* By age on the day (0 to 4, 5 to 15, 16 to 64, 65 and more, not known), by sex (F, M, X, not
 * known), by home (alone, several adults, with children, not known). */
enum { STANDARD_AGE_BANDS = 5, STANDARD_SEXES = 4, STANDARD_HOMES = 4 };
enum { STANDARD_GROUPS = STANDARD_AGE_BANDS + STANDARD_SEXES + STANDARD_HOMES };
struct standard_group {
  const char *dimension, *word; /* `age`, `5-15` */
};
extern const struct standard_group standard_groups[STANDARD_GROUPS];

struct standard_found {
  const struct pack_standard *what;
  struct standard_sums all, groups[STANDARD_GROUPS];
  struct standard_sums *parts; /* of each part of the place; the last: of what is in none */
};
struct standard_breach {
  int of; /* of found */
  int64_t person, place;
  const char *code, *name; /* of the person */
  day_t day;               /* the last day on which it could have been kept */
};
struct standards {
  const char *code, *name; /* of the place */
  int year;
  day_t on;
  bool year_over;
  int part_count;
  const struct place **parts; /* the places directly under it */
  int found_count;
  struct standard_found *found;
  int breach_count;
  struct standard_breach *breaches; /* in order of found, then of the person's id */
};
/* REFUSED: no such place; a year that has not begun; a rule that is no yes or no. */
enum status standards_check(struct arena *arena, const struct standards_request *request,
                            struct standards *out, struct error *err) MUST_USE;

/* One standard for one person; *day as in struct standard_breach. */
struct standard_of_person {
  struct store *store;
  const struct pack *pack;
  const struct rules *rules;
  const struct chart *chart;
  int64_t person;
  int year;
  day_t today;
  bool as_person; /* it is told to the person: what others of the home told is not used */
};
enum status standard_of(struct arena *arena, const struct standard_of_person *of,
                        const struct pack_standard *what, enum standard_state *state, day_t *day,
                        struct error *err) MUST_USE;
/* The body that answers for it to somebody who lives in the place: by the duty the nearest one, or
 * the body of the row; 0: there is none. */
enum status standard_body(struct store *store, struct arena *arena, const struct pack *pack,
                          const struct pack_standard *what, int64_t place, int64_t *body,
                          struct error *err) MUST_USE;

#endif
