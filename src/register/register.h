/* The register: people, households, bodies and places; who lives where and when; which records are
 * one person. Files use codes; the store uses ids, which are small dense integers that are never
 * reused. Every function and file that names a person takes SCHEME:VALUE (`nino:QQ123456C`,
 * `nhs:9434765919`, `id:P000001`); a bare value means `id:` (identifier.h checks forms).
 *
 * Two ways to read it. One by one, for a single statement or a form: register_find_person,
 * register_person. All at once, for an import or a run over everyone: `struct directory` (codes to
 * ids, in memory) and register_people (all people with their residences and mergers). Functions
 * that write run inside the caller's write transaction. Ids are allotted from the `head` row.
 */
#ifndef WEAL_REGISTER_REGISTER_H
#define WEAL_REGISTER_REGISTER_H

#include "base/arena.h"
#include "base/day.h"
#include "register/address.h"
#include "register/identifier.h"
#include "store/store.h"

enum { PLACE_NONE = -1 };

/* ---- places: a tree, always read whole (a nation has some 10,000) ---- */

struct place {
  int64_t id;
  const char *code, *name, *kind;
  int parent;                    /* index into places; PLACE_NONE at the top */
  int first_child, next_sibling; /* indexes, PLACE_NONE at the end; children in order of code */
};

struct places {
  struct place *all; /* in order of id */
  int count;
  int own; /* the book's own place; PLACE_NONE in an unfinished store */
};

enum status register_places(struct store *store, struct arena *arena, struct places **out,
                            struct error *err) MUST_USE;
int places_by_id(const struct places *places, int64_t id);         /* index or PLACE_NONE */
int places_by_code(const struct places *places, struct span code); /* index or PLACE_NONE */
/* A place and those above it, the nearest first, without reading the tree: their `parent` is the
 * next one, and they have no children here. None where `place` is 0. */
enum status register_places_above(struct store *store, struct arena *arena, int64_t place,
                                  struct place **out, int *count, struct error *err) MUST_USE;
/* `place` is `upper` or is under it */
bool places_within(const struct places *places, int place, int upper);

/* ---- people ---- */

/* Where somebody lives from a day on, until their next residence. A household's residence has only
 * a place; a person's has a household, a place, or both (then their own place counts). */
struct residence {
  day_t from;        /* DAY_NONE: from birth */
  int64_t household; /* party id; 0: none */
  int64_t place;     /* place id; 0: none of their own */
  /* null: none of their own, or not read (register_people) */
  const struct address *address;
};

struct person {
  int64_t id;
  const char *code, *name, *email;
  day_t born, died; /* died: DAY_NONE while alive */
  char sex;         /* F, M, X; 0 when not given */
  struct residence *residences;
  int residence_count; /* in order of day */
  /* ids of the records that were merged into this one (all levels), sorted */
  int64_t *merged;
  int merged_count;
  /* the survivor of this record, at the end of the chain; 0: not merged */
  int64_t survivor;
};

/* Finds by SCHEME:VALUE. REFUSED with the nearest right form when the scheme is unknown, the value
 * is malformed, or nobody has it. */
enum status register_find_person(struct store *store, const char *reference, int64_t *id,
                                 struct error *err) MUST_USE;
/* The same. A National Insurance number finds its holder with any last letter, or without one; if a
 * letter was given and the register has another, `registered` is the number as in the register,
 * else it is empty. REFUSED when an older book has it for two people and the letter decides for
 * neither. */
enum status register_find_person_as(struct store *store, const char *reference, int64_t *id,
                                    char registered[NUMBER_FULL_SIZE], struct error *err) MUST_USE;
enum status register_person(struct store *store, struct arena *arena, int64_t id,
                            struct person *out, struct error *err) MUST_USE;
/* The same, but for a merged record gives its survivor. */
enum status register_surviving_person(struct store *store, struct arena *arena, int64_t id,
                                      struct person *out, struct error *err) MUST_USE;
/* The e-mail address of the person (of a merged record, its survivor's), null: none; and the day on
 * which an import or a merger last changed it. */
enum status register_email(struct store *store, struct arena *arena, int64_t id,
                           const char **address, day_t *since, struct error *err) MUST_USE;
/* All ids of one person, given any of them: the survivor first, then the records merged into it.
 * For an unknown id, that id alone. */
enum status register_records(struct store *store, struct arena *arena, int64_t id, int64_t **ids,
                             int *count, struct error *err) MUST_USE;
/* Whether two ids are one person, whichever was merged into which: every rule that somebody may not
 * do something to themself asks this, or the records that a case's actor was read with
 * (case_actor_is). False where either is 0. */
enum status register_same_person(struct store *store, int64_t a, int64_t b, bool *same,
                                 struct error *err) MUST_USE;
/* Everybody's day of birth, by party id; DAY_NONE where the id is no person or the day is unknown.
 * For a merged record, its survivor's. */
enum status register_born(struct store *store, struct arena *arena, day_t **out, int64_t *max_id,
                          struct error *err) MUST_USE;
/* The people who ever lived in the household (ids, sorted); read each one's residences by
 * register_person. */
enum status register_household_members(struct store *store, struct arena *arena, int64_t household,
                                       int64_t **ids, int *count, struct error *err) MUST_USE;

/* For erasure: takes the addresses of a household in which nobody is left who ever lived there, and
 * what was told of it. */
enum status register_forget_home(struct store *store, int64_t household,
                                 struct error *err) MUST_USE;

/* Everyone, in order of code (bytes): 1 M people take some 150 MB. Merged records are among them,
 * with `survivor` set. */
struct people {
  struct person *all;
  int count; /* in order of code */
  /* index into `all`, by id (0 .. max_id); -1 where the id is no person */
  int *by_id;
  int64_t max_id;
  /* by party id, null where the id is no household */
  struct residence **household_residences;
  int *household_residence_count;
  const char **household_code;
  /* by household's party id: indexes into `all` of everyone who ever lived there */
  int **member;
  int *member_count;
};
enum status register_people(struct store *store, struct arena *arena, struct people **out,
                            struct error *err) MUST_USE;
/* The person of an id; of a merged record its survivor. Null: it is nobody's. */
const struct person *people_find(const struct people *people, int64_t id);

/* Reads the addresses of everybody's residences, which register_people leaves out. *some: there is
 * one. */
enum status register_people_addresses(struct store *store, struct arena *arena,
                                      struct people *people, bool *some,
                                      struct error *err) MUST_USE;

/* The place of somebody on a day: the person's own, else their household's, both as of that day; 0
 * when unknown. */
int64_t person_place(const struct person *person, const struct people *people, day_t day);
/* The same from the store, for one person: reads the households' residences that it needs into
 * `arena` once. */
struct homes; /* residences of the households that one person lived in */
enum status register_homes(struct store *store, struct arena *arena, const struct person *person,
                           struct homes **out, struct error *err) MUST_USE;
int64_t homes_place(const struct homes *homes, const struct person *person, day_t day);
/* The same of the address; null: none. */
const struct address *homes_address(const struct homes *homes, const struct person *person,
                                    day_t day);
/* Where the person lived from which day to which, as far as there is an address: of a household's
 * only those of the days on which they lived in it. In order of day. */
struct address_stay {
  day_t from, to; /* DAY_NONE: from birth; to this day */
  const struct address *address;
};
void homes_addresses(const struct homes *homes, const struct person *person, struct arena *arena,
                     struct address_stay **out, int *count);
/* Whether a residence of theirs, or of a household they lived in, begins after `first` and up to
 * `last`. */
bool homes_move(const struct homes *homes, const struct person *person, day_t first, day_t last);
/* The last day of a residence, which lasts until the next; DAY_NONE: it is the last. */
static inline day_t person_stay_end(const struct person *person, int at) {
  return at + 1 < person->residence_count ? person->residences[at + 1].from - 1 : DAY_NONE;
}
/* The household of somebody on a day (party id), 0: none. */
int64_t person_household(const struct person *person, day_t day);
/* Whoever lives in a household on a day, by their surviving records, each once, in no order. */
enum status register_residents(struct store *store, struct arena *arena, int64_t household,
                               day_t day, const int64_t **out, int *count,
                               struct error *err) MUST_USE;

/* ---- codes to ids, in memory, for imports: read-only once built, so any number of threads may
 * look up ---- */

struct directory;
/* The record that was named; for a merged one, with the birth and death of its survivor. */
struct directory_person {
  int64_t id;
  day_t born, died;
};

enum status register_directory(struct store *store, struct arena *arena, struct directory **out,
                               struct error *err) MUST_USE;
/* By SCHEME:VALUE or bare id, as register_find_person; null when there is none. A malformed
 * identifier, or a number that an older book has for two people, sets *reason (a literal), else it
 * stays null. *differs: found by a National Insurance number that has another last letter in the
 * register. */
const struct directory_person *directory_person(const struct directory *d, struct span reference,
                                                bool *differs, const char **reason);
/* Says that a bare id will be asked for soon, some rows ahead: fetches its slot into the cache (2x:
 * 114 to 56 ns a lookup, a million people in any order, eight rows ahead). */
void directory_expect(const struct directory *d, struct span reference);
int64_t directory_household(const struct directory *d, struct span code); /* 0: none */

struct body {
  int64_t id;
  const char *code, *name, *kind, *company;
  int64_t place;
};
struct bodies {
  struct body *all;
  int count; /* in order of id */
};
enum status register_bodies(struct store *store, struct arena *arena, struct bodies **out,
                            struct error *err) MUST_USE;
/* The same where none is looked up by its code: bodies_by_code finds nothing. (100,000 suppliers:
 * half the time.) */
enum status register_bodies_by_id(struct store *store, struct arena *arena, struct bodies **out,
                                  struct error *err) MUST_USE;
const struct body *bodies_by_id(const struct bodies *b, int64_t id);
const struct body *bodies_by_code(const struct bodies *b, struct span code); /* hashed */

/* Adds a body that an import met (without place; without company where that is null), in the
 * caller's write transaction, who has taken its id from the head and knows that its code is new. */
enum status register_insert_body(struct store *store, const struct body *body,
                                 struct error *err) MUST_USE;
/* Keeps a company number that an import told of a body without one, in the caller's transaction;
 * where the body has one by now, that one stays. */
enum status register_keep_company(struct store *store, int64_t body, const char *company,
                                  struct error *err) MUST_USE;

/* ---- writing ---- */

/* A span with null bytes is a column that the file does not have: the register's value is kept. An
 * empty span was given: the register's value is cleared. */
struct place_row {
  struct span code, name, kind, parent;
};
struct household_row {
  struct span code, place, tenure, band;
  struct address_row address;
  day_t from; /* DAY_NONE: first record or a correction */
};
/* A value of a scheme of the place's own. */
struct own_number {
  const char *scheme;
  struct span value; /* null bytes: not told */
};
struct person_row {
  struct span code, name, sex, household, place, nino, nhs, utr, email;
  struct address_row address;
  const struct own_number *own;
  int own_count;
  day_t born, died, from; /* died DAY_NONE: alive */
  bool keep_died;         /* the file has no such column: the register's value is kept */
};
struct body_row {
  struct span code, name, kind, company, place;
};

/* Counts of what a writer did, for the summary. */
struct register_counts {
  int64_t added, changed, moved, same;
};

/* A writer of one kind (places, bodies, households or people) holds the register's rows of that
 * kind in memory, checks each new row against them, and at its end writes all that is new or
 * different. So a million people do not take a statement each, and a later row of a call sees the
 * earlier ones. Rows are checked: places, parents and households must exist, identifiers be free
 * and well-formed, died not before born, sex F, M or X, kind known, no place above itself. A bad
 * row is REFUSED with err->column set; it changes nothing and the writer can go on (a partial
 * import does). New ids are in the order of the rows. Residences: a row without `from` is the first
 * residence (from birth on) or corrects the latest one; a row with `from` corrects the residence
 * that begins on that day, or else begins a new one (a move). Household and place that are not
 * given are those of the residence before; so is the address, as long as they stay the same. */
struct register_writer;
/* Locks the `head` row, so that two writers wait for each other. Everything the writer keeps is in
 * `arena`. */
enum status register_writer_open(struct register_writer **out, struct store *store,
                                 struct arena *arena, struct error *err) MUST_USE;
/* The same for a few rows of households or people: reads each party, number or place when a row
 * names it, instead of reading all. */
enum status register_writer_open_few(struct register_writer **out, struct store *store,
                                     struct arena *arena, struct error *err) MUST_USE;
/* Whether the register has this code, byte for byte, whoever has it. */
enum code_kind { CODE_OF_PLACE, CODE_OF_HOUSEHOLD, CODE_OF_PERSON, CODE_OF_BODY };
enum status register_has_code(struct store *store, enum code_kind kind, struct span code, bool *has,
                              struct error *err) MUST_USE;
enum status register_write_place(struct register_writer *w, const struct place_row *row,
                                 struct error *err) MUST_USE;
enum status register_write_household(struct register_writer *w, const struct household_row *row,
                                     struct error *err) MUST_USE;
enum status register_write_person(struct register_writer *w, const struct person_row *row,
                                  struct error *err) MUST_USE;
enum status register_write_body(struct register_writer *w, const struct body_row *row,
                                struct error *err) MUST_USE;
/* Writes, and stores the last ids in `head`. `new_people` (ids first..last, both 0 when none): the
 * caller must open their accounts (book_open_people). */
enum status register_writer_end(struct register_writer *w, struct register_counts *counts,
                                int64_t *first_new_person, int64_t *last_new_person,
                                struct error *err) MUST_USE;
/* People who were registered before and whose day of birth or death was changed: the caller reports
 * which lines are now outside their life. Borrowed. */
const int64_t *register_writer_lives(const struct register_writer *w, int *count);
void register_writer_free(struct register_writer *w);

/* ---- two records, one person ---- */

/* Merges one record into another: from now on the merged record is read as its survivor. REFUSED
 * when either is unknown, both are the same, already merged, or it would make a ring. */
enum status register_merge(struct store *store, int64_t survivor, int64_t merged,
                           const char *reason, struct error *err) MUST_USE;
enum status register_unmerge(struct store *store, int64_t survivor, int64_t merged,
                             struct error *err) MUST_USE;

/* ---- the audit's part ---- */

/* Calls `finding` for each National Insurance number that an older book has for two people, each
 * number of a place's own that does not fit its scheme and each row of a number that is nobody's,
 * with a sentence that says what to do. *count is their number. */
enum status register_check(struct store *store,
                           void (*finding)(void *context, const char *sentence), void *context,
                           int64_t *count, struct error *err) MUST_USE;

#endif
