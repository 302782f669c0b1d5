/* Whose record an id is, and which accounts that person has: those that their leaf in a closing
 * commits to and their statement shows. */
#ifndef WEAL_ATTEST_PERSON_ACCOUNTS_H
#define WEAL_ATTEST_PERSON_ACCOUNTS_H

#include "book/book.h"
#include "register/register.h"

/* The person of an id: the survivor if the record was merged. */
enum status person_accounts_owner(struct store *store, struct arena *arena, int64_t id,
                                  struct person **out, struct error *err) MUST_USE;
/* Moves the accounts whose lines count in a statement to the front; *kept is their number. */
enum status person_accounts_counted(struct store *store, struct arena *arena,
                                    struct account *accounts, int count, int *kept,
                                    struct error *err) MUST_USE;
/* The accounts of all of the person's records, in order of id. */
enum status person_accounts_all(struct store *store, struct arena *arena,
                                const struct person *person, struct account **out, int *count,
                                struct error *err) MUST_USE;

#endif
