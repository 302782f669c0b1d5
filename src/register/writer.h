/* What a writer holds in memory. Private to the register: writer.c opens, ends and writes places
 * and bodies; writer_people.c households and people. */
#ifndef WEAL_REGISTER_WRITER_H
#define WEAL_REGISTER_WRITER_H

#include "base/map.h"
#include "register/erased_ids.h"
#include "register/identifier.h"
#include "register/register.h"
#include "register/schemes.h"

/* A value as a message quotes it. */
#define QUOTED(value) span_quote((value), (char[SPAN_QUOTE_SIZE]){0})

/* Of the program's schemes; those of a place's own follow, in the order of register_writer.own. */
enum { NUMBER_NINO, NUMBER_NHS, NUMBER_UTR, NUMBER_COUNT };

enum known_change {
  KNOWN_NEW = 1,
  KNOWN_CHANGED = 2, /* the row itself */
  KNOWN_RESIDENCES = 4,
  KNOWN_NUMBER = 8 /* shifted by NUMBER_... */
};

struct known_place {
  int64_t id;
  const char *code, *name, *kind;
  int parent;
  uint8_t change;
};
struct known_body {
  int64_t id, place;
  const char *code, *name, *kind, *company;
  uint8_t change;
};

struct known_party {
  int64_t id;
  const char *code;
  struct residence *residences;
  int residence_count;
  uint32_t change;
};
_Static_assert(NUMBER_COUNT + LIMIT_SCHEMES + 3 <= 32, "a bit for each number that changes");
struct known_household {
  struct known_party party;
  const char *tenure, *band;
};
struct known_person {
  struct known_party party;
  const char *name, *email;
  /* by writer_scheme, as it was given: a NINO with its last letter, if it has one */
  const char **number;
  day_t born, died;
  day_t email_day; /* since when the address stands; DAY_NONE: there is none */
  char sex;
};

struct register_writer {
  struct store *store;
  struct arena *arena;
  int64_t first_party, first_place, first_body; /* the last ids allotted before it */
  int64_t last_party, last_place, last_body;    /* and so far */
  struct register_counts counts;
  int64_t first_new_person, last_new_person;

  /* reads nothing before a row names it (writer_few.c) */
  bool few;
  bool has_places, has_bodies, has_parties; /* read from the store already */
  struct known_place *places;
  int place_count, place_capacity;
  struct map place_by_code;
  struct known_body *bodies;
  int body_count, body_capacity;
  struct map body_by_code;
  struct known_household *households;
  int household_count, household_capacity;
  struct map household_by_code;
  struct known_person *people;
  int person_count, person_capacity;
  /* by `value` of the table `identifier` */
  struct map person_by_code, person_by_number[NUMBER_COUNT + LIMIT_SCHEMES];
  struct schemes own;
  /* read at the first new person; null: not yet */
  const struct erased_ids *erased;
  /* people, registered before, whose birth or death was changed */
  int64_t *lives;
  int life_count, life_capacity;
  /* some NINO is stored with its last letter, because an older book has it twice */
  bool old_forms;
};

const char *writer_scheme(const struct register_writer *w, int number);
static inline int writer_schemes(const struct register_writer *w) {
  return NUMBER_COUNT + w->own.count;
}

/* Copies a value into the writer's arena; null where it is empty. */
const char *writer_keep(struct register_writer *w, struct span value);
/* True when a given value differs from the register's (an absent column never does). */
bool writer_differs(const char *held, struct span told);
enum status writer_need_places(struct register_writer *w, struct error *err) MUST_USE;
/* The id of a place that a row names; 0 where it names none. REFUSED when it is not registered. */
enum status writer_place(struct register_writer *w, struct span code, const char *column,
                         int64_t *id, struct error *err) MUST_USE;

enum status writer_end_parties(struct register_writer *w, struct error *err) MUST_USE;

/* Keeps a row of `party` with these columns; returns the index of the person or household. */
#define PARTY_COLUMNS \
  "id, kind, code, name, email, born, died, sex, tenure, council_tax_band, email_day"
int writer_keep_person(struct register_writer *w, struct query *q);
int writer_keep_household(struct register_writer *w, struct query *q);

/* A writer of few rows that is never ended: it only checks rows, so a snapshot is enough. */
enum status writer_open_to_check(struct register_writer **out, struct store *store,
                                 struct arena *arena, struct error *err) MUST_USE;
/* In a writer of few rows: reads who or what has this code or number, unless it was read before. In
 * other writers: does nothing. */
enum status writer_few_number(struct register_writer *w, int number,
                              const struct identifier *wanted, struct error *err) MUST_USE;
/* Keeps a person's number as a row of the store has it. */
void writer_keep_number(struct register_writer *w, int person, int number, struct span value,
                        struct span suffix);
enum status writer_few_party(struct register_writer *w, const struct map *map, struct span value,
                             const char *scheme, struct error *err) MUST_USE;
enum status writer_few_place(struct register_writer *w, struct span code,
                             struct error *err) MUST_USE;

/* The residences of one party, in order of day (people.c). */
enum status residences_of_party(struct store *store, struct arena *arena, int64_t party,
                                struct residence **out, int *count, struct error *err) MUST_USE;

#endif
