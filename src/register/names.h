/* Parts of a row of the register, without reading the whole row: the code and name of an id,
 * whether it exists, its survivor.
 *
 *     struct register_name name;
 *     status = register_name_of_party(store, arena, id, &name, &err);
 *     if (name.code) ...                                  null: there is no such party
 */
#ifndef WEAL_REGISTER_NAMES_H
#define WEAL_REGISTER_NAMES_H

#include "register/register.h"

struct register_name {
  const char *code, *name; /* in the arena; code null: there is none, name null: not given */
};
enum status register_name_of_party(struct store *store, struct arena *arena, int64_t id,
                                   struct register_name *out, struct error *err) MUST_USE;
enum status register_name_of_body(struct store *store, struct arena *arena, int64_t id,
                                  struct register_name *out, struct error *err) MUST_USE;
enum status register_name_of_place(struct store *store, struct arena *arena, int64_t id,
                                   struct register_name *out, struct error *err) MUST_USE;
/* The name of a person who is registered and alive. */
enum status register_name_of_living(struct store *store, struct arena *arena, int64_t id,
                                    struct register_name *out, struct error *err) MUST_USE;
/* The names of many: an item of `out` for each id; id 0 has no name. Waits for a few answers at
 * once. */
enum status register_names_of_parties(struct store *store, struct arena *arena, const int64_t *ids,
                                      int count, struct register_name *out,
                                      struct error *err) MUST_USE;

/* The codes of all by id (null where there is none), up to the largest id. */
enum register_table { REGISTER_PERSONS, REGISTER_BODIES, REGISTER_PLACES };
enum status register_codes(struct store *store, struct arena *arena, enum register_table table,
                           const char ***out, int64_t *max, struct error *err) MUST_USE;

/* What kind of party has the id: person, household, erased; null: there is none. */
enum status register_kind(struct store *store, struct arena *arena, int64_t id, const char **kind,
                          struct error *err) MUST_USE;
enum status register_has_person(struct store *store, int64_t id, bool *there,
                                struct error *err) MUST_USE;
enum status register_has_body(struct store *store, int64_t id, bool *there,
                              struct error *err) MUST_USE;
/* The survivor at the end of the chain of mergers; the id itself if it was not merged. */
enum status register_survivor(struct store *store, int64_t id, int64_t *survivor,
                              struct error *err) MUST_USE;
/* DAY_NONE where a day is not known, or nobody has the id. */
enum status register_life(struct store *store, int64_t id, day_t *born, day_t *died,
                          struct error *err) MUST_USE;
/* The same for a posting, asked for and answered in two steps (query_ask): query_end is the
 * caller's. */
struct person_facts {
  bool registered;
  day_t born, died;    /* of that record itself */
  int64_t merged_into; /* 0: into none */
};
enum status register_ask_facts(struct store *store, int64_t id, struct query **out,
                               struct error *err) MUST_USE;
enum status register_answer_facts(struct query *q, struct person_facts *out,
                                  struct error *err) MUST_USE;
/* The youngest living person of those born on `day` or before, the lowest id of several. */
enum status register_youngest(struct store *store, struct arena *arena, day_t day,
                              struct register_name *out, day_t *born, struct error *err) MUST_USE;

/* The births and deaths of everybody, by id up to the largest: a merged record has those of its
 * survivor. The caller frees *out. */
struct life {
  int64_t person; /* its survivor; 0: no such person */
  day_t born, died;
};
enum status register_lives(struct store *store, struct life **out, int64_t *max,
                           struct error *err) MUST_USE;

/* ---- everybody who has a place in a closing: people, and the rows of erased ones ---- */

struct register_record {
  int64_t id;
  const char *code; /* empty: erased */
  bool person;      /* false: erased */
};
/* In order of id. */
enum status register_records_ever(struct store *store, struct arena *arena,
                                  struct register_record **out, int *count,
                                  struct error *err) MUST_USE;
/* How many of them have ids from `first` up to, and without, `end`. */
enum status register_records_between(struct store *store, int64_t first, int64_t end,
                                     int64_t *count, struct error *err) MUST_USE;

/* ---- for exports: everything, row by row ----
 *
 *     status = register_households_open(store, &q, &err);
 *     while ((status = register_households_next(q, &row, &some, &err)) == DONE && some) ...
 *     query_end(q);
 */

struct household_record {
  int64_t id;
  struct span tenure, band; /* borrowed until the next one; null bytes: not given */
};
enum status register_households_open(struct store *store, struct query **out,
                                     struct error *err) MUST_USE;
enum status register_households_next(struct query *q, struct household_record *out, bool *some,
                                     struct error *err) MUST_USE;
struct number_record {
  int64_t party;
  struct span scheme, value, suffix;
};
/* All but ids of people and households. */
enum status register_numbers_open(struct store *store, struct query **out,
                                  struct error *err) MUST_USE;
enum status register_numbers_next(struct query *q, struct number_record *out, bool *some,
                                  struct error *err) MUST_USE;
/* Whether anybody has a number of the scheme. */
enum status register_has_numbers(struct store *store, const char *scheme, bool *some,
                                 struct error *err) MUST_USE;
/* Every identifier of one party, in the same way. */
enum status register_numbers_of(struct store *store, int64_t party, struct query **out,
                                struct error *err) MUST_USE;

#endif
