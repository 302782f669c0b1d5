/* Erases a person from the register's tables (for privacy/erasure.h). */
#ifndef WEAL_REGISTER_ERASE_H
#define WEAL_REGISTER_ERASE_H

#include "register/register.h"

/* Deletes everything that the register's tables have about the party, with sign-ins and notices.
 * Its row is kept as a number of kind `erased`, so that the indexes of closings stay right. Before
 * it, call notices_forget for notices of others about the person, and legal_holds_forget for the
 * reasons of legal holds. */
enum status register_erase(struct store *store, int64_t party, struct error *err) MUST_USE;

#endif
