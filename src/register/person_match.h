/* Who a row of a body's own file is about, where it has no number of theirs: by name, birth date
 * and postcode.
 *
 *     struct person_index *index;
 *     status = person_index_read(&index, store, words, arena, &err);
 *     struct person_told told = {.name = span_of("FIELD, Ann"), .born = day, .postcode = postcode};
 *     struct person_found found[PERSON_FOUND_MOST];
 *     int count;
 *     switch (person_index_find(index, &told, NULL, 0, found, &count)) ...     found[0]: sure
 *
 * A **name** is read as one of people: folded (base/fold.h: case and accents), without titles
 * (company-words.csv of the pack: Mr, Dr), apostrophes dropped, other punctuation parts words. The
 * forename is the first word and the surname the last; of `Field, Ann` the surname stands before
 * the comma. Two names are
 *
 *     the same   forename and surname are equal, and no middle names that both have begin
 *                differently
 *     alike      else, when they are alike (base/alike.h) by PERSON_ALIKE_FROM or more; or forename
 *                and surname changed places; or the surname is equal, and one forename is only the
 *                initial of the other, or is a step from it (base/nearest.h: `John`, `Joan`), or,
 *                of four letters or more, two steps with the same first letter (`Jon`, `Jean`)
 *     forename   else, when the forename is equal: a surname may have changed
 *
 * A **birth date** is the same; or swapped: day and month changed places; or near: one of day,
 * month and year differs, the year by at most ten. A **postcode** is the same when it is that of
 * any address that the register has of the person, so also of one before a move.
 *
 *     sure     name, birth date and postcode are the same; nobody else with the same birth date and
 *              postcode has the same name or one alike (twins)
 *     unsure   the birth date is the same, and the name is the same or alike
 *              birth date and postcode are the same, and the forename is equal
 *              the postcode is the same, the name is the same or alike, and the birth date is
 *              swapped, near or not known
 *              the name is the same and the birth date swapped
 *     none     all else
 *
 * These rules and PERSON_ALIKE_FROM are our own decision. tests/unit/test_person_match.c measures
 * them on people with errors of typing: a sure one was the right one each time. Nothing here
 * guesses: what is unsure is for a person to decide (register/person_decisions.h).
 */
#ifndef WEAL_REGISTER_PERSON_MATCH_H
#define WEAL_REGISTER_PERSON_MATCH_H

#include "pack/name_words.h"
#include "register/register.h"

#define PERSON_ALIKE_FROM 0.90
enum { PERSON_FOUND_MOST = 8 };

/* As a row says it. */
struct person_told {
  struct span name;     /* `Mrs Ann Field`, `Field, Ann` */
  day_t born;           /* DAY_NONE: not given */
  struct span postcode; /* of any case and blanks; what is none counts as not given */
};

/* How each part agrees, the least first. */
enum name_agrees { NAME_DIFFERS, NAME_FORENAME, NAME_ALIKE, NAME_AGREES };
enum born_agrees { BORN_DIFFERS, BORN_NOT_KNOWN, BORN_NEAR, BORN_SWAPPED, BORN_AGREES };
enum home_agrees { HOME_DIFFERS, HOME_NOT_KNOWN, HOME_AGREES };
struct person_agrees {
  enum name_agrees name;
  enum born_agrees born;
  enum home_agrees home;
};
/* As words: `name alike, birth date same, postcode same`. */
void person_agrees_write(struct text *t, const struct person_agrees *how);

enum person_is { PERSON_NONE, PERSON_UNSURE, PERSON_SURE };
struct person_found {
  int64_t person; /* a survivor, where records were merged */
  const char *code;
  struct person_agrees how;
};

/* ---- parts, without a register ---- */

struct person_name {
  struct span first, last; /* folded; first is empty where there is one word */
  struct span middle;      /* the words between, one blank apart */
};
/* Everything of *out is in the arena. A name without a letter has empty parts. */
void person_name_read(const struct pack_name_words *words, struct arena *arena, struct span name,
                      struct person_name *out);

/* ---- everybody ---- */

struct person_index;
struct person_index *person_index_new(const struct pack_name_words *words, struct arena *arena,
                                      int people_most, int homes_most);
struct person_listed {
  int64_t person, record; /* `person`: the survivor, where `record` was merged */
  const char *code;       /* the survivor's */
  struct span name;
  day_t born;
  const char *const *postcodes; /* of every address of theirs, in the register's form */
  int postcode_count;
};
/* Code and postcodes must live as long as the index. */
void person_index_add(struct person_index *index, const struct person_listed *one);
/* Everybody who is registered; a merged record is found as its survivor. */
enum status person_index_read(struct person_index **out, struct store *store,
                              const struct pack_name_words *words, struct arena *arena,
                              struct error *err) MUST_USE;
/* `found`: the ones that agree best first, at most PERSON_FOUND_MOST; *count 0 where it is none,
 * 1 where it is sure. `leave_out`: people of whom somebody said that they are not meant. */
enum person_is person_index_find(const struct person_index *index, const struct person_told *told,
                                 const int64_t *leave_out, int leave_out_count,
                                 struct person_found *found, int *count);
/* Of a record, what it agrees in with the row; false: the index does not have it. */
bool person_index_agrees(const struct person_index *index, int64_t record,
                         const struct person_told *told, struct person_agrees *out);
/* The code of a record's person; null: the index does not have it. */
const char *person_index_code(const struct person_index *index, int64_t record);

#endif
