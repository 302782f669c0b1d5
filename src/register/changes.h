/* One change to one record, without loading everybody: a name, a move, a household joined, a birth,
 * a death. The checks are those of an import (register_writer in its `few` mode); these functions
 * only build the row. Call them inside a write transaction. REFUSED sets err->column to one of the
 * named columns. For a merged record the survivor is changed.
 */
#ifndef WEAL_REGISTER_CHANGES_H
#define WEAL_REGISTER_CHANGES_H

#include "base/arena.h"
#include "base/day.h"
#include "register/address.h"
#include "store/store.h"

enum { CHANGE_NAME_BYTES_MAX = 200, CHANGE_MOVE_AHEAD_DAYS = 366 };

/* Columns: name. */
enum status change_rename(struct store *store, struct arena *arena, int64_t person,
                          struct span name, struct error *err) MUST_USE;

/* Moves the person to a home of their own: they leave the household, and get a new one (of a code
 * of our own, `home-1234`) whose place and address are those told. The day: not before birth,
 * not after death, at most a year after `today`. Columns: place, from. */
enum status change_move(struct store *store, struct arena *arena, int64_t person, struct span place,
                        day_t from, day_t today, struct error *err) MUST_USE;
/* Moves the person into a registered household, whose place is then theirs. Columns: household,
 * from. */
enum status change_join(struct store *store, struct arena *arena, int64_t person,
                        struct span household, day_t from, day_t today, struct error *err) MUST_USE;

/* Registers a new person with a code of our own (`birth-1234`), who lives where `parent` lived on
 * the day. *id is new: open its accounts with book_open_people. REFUSED: born after today, or
 * before the parent; a child of the same name and day of birth already lives with the parent.
 * Columns: name, born, sex. */
struct change_birth {
  int64_t parent;
  struct span name, sex;
  day_t born;
};
enum status change_birth(struct store *store, struct arena *arena, const struct change_birth *birth,
                         day_t today, int64_t *id, struct error *err) MUST_USE;

/* The people of that day of birth whose name is the same when folded (base/fold.h): ids, sorted. */
enum status changes_like_births(struct store *store, struct arena *arena, struct span name,
                                day_t born, int64_t **out, int *count, struct error *err) MUST_USE;

/* REFUSED: dead already, before birth, after today. Columns: died. */
enum status change_death(struct store *store, struct arena *arena, int64_t person, day_t died,
                         day_t today, struct error *err) MUST_USE;

/* ---- the same as data, and only checked ---- */

enum change_kind { CHANGE_NAME, CHANGE_MOVE, CHANGE_JOIN, CHANGE_BIRTH, CHANGE_DEATH };
struct change {
  enum change_kind kind;
  int64_t person;             /* the parent of a birth */
  struct span text;           /* name, place or household */
  struct span sex;            /* of a birth */
  struct address_row address; /* of a move; nothing told: the new home has none */
  day_t day, today;           /* from, born, died; DAY_NONE: not given */
};
/* *born: the child; 0 otherwise. */
enum status change_apply(struct store *store, struct arena *arena, const struct change *change,
                         int64_t *born, struct error *err) MUST_USE;
/* Checks whether change_apply would succeed. Writes nothing, so a snapshot is enough. */
enum status change_check(struct store *store, struct arena *arena, const struct change *change,
                         struct error *err) MUST_USE;

#endif
