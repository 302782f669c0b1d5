/* Who has a number: reads the table `identifier` for one number. Private to the register.
 *
 * A number belongs to one person; a National Insurance number is unique without its last letter. An
 * older book may have the same number with two letters: then it has two holders, until one of the
 * numbers is corrected or the two records are merged.
 */
#ifndef WEAL_REGISTER_NUMBERS_H
#define WEAL_REGISTER_NUMBERS_H

#include "register/identifier.h"
#include "store/store.h"

/* One holder without the last letter, and one for each letter of an older book. */
enum { HOLDERS_MAX = 5 };

struct holder {
  int64_t party;
  char number[NUMBER_FULL_SIZE]; /* as in the register, with its last letter */
};
struct holders {
  struct holder all[HOLDERS_MAX];
  int count;
  int whole; /* index of the holder whose number matches including the last letter; -1: none */
};
/* An id that nobody has as it is written is looked for in capitals. */
enum status numbers_holders(struct store *store, const struct identifier *wanted,
                            struct holders *out, struct error *err) MUST_USE;

/* Chooses one of several holders: the one whose whole number matches, else the survivor if all of
 * them were merged; 0: none, or more than one. */
enum status numbers_meant(struct store *store, const struct holders *holders, int64_t *party,
                          struct error *err) MUST_USE;

#endif
