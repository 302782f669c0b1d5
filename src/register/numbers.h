/* Who has a number: the table `identifier`, asked by one number. Private to the register.
 *
 * A number belongs to one person; a National Insurance number is unique without its last letter. An
 * older book may hold one under two letters: then it has two holders, until the number of one is
 * corrected or the two records are merged.
 */
#ifndef WEAL_REGISTER_NUMBERS_H
#define WEAL_REGISTER_NUMBERS_H

#include "register/identifier.h"
#include "store/store.h"

/* One without its last letter, and one under each letter of an older book. */
enum { HOLDERS_MAX = 5, NUMBER_FULL_SIZE = IDENTIFIER_BYTES_MAX + 2 };

struct holder {
  int64_t party;
  char number[NUMBER_FULL_SIZE]; /* as the register has it, with its last letter */
};
struct holders {
  struct holder all[HOLDERS_MAX];
  int count;
  int whole; /* index of the one whose number is the asked one to its last letter; -1: none */
};
enum status numbers_holders(struct store *store, const struct identifier *wanted,
                            struct holders *out, struct error *err) MUST_USE;

/* The one of several holders that is meant: by the whole number, else the record that all of them
 * were found to be; 0: none, or more than one. */
enum status numbers_meant(struct store *store, const struct holders *holders, int64_t *party,
                          struct error *err) MUST_USE;

#endif
