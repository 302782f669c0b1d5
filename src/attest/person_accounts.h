/* Whose record it is, and which accounts are theirs: those that their leaf of a closing commits to
 * and their statement shows. */
#ifndef WEAL_ATTEST_PERSON_ACCOUNTS_H
#define WEAL_ATTEST_PERSON_ACCOUNTS_H

#include "book/book.h"
#include "register/register.h"

/* The person of an id: of the record that theirs was merged into, where it was. */
enum status person_accounts_owner(struct store *store, struct arena *arena, int64_t id,
                                  struct person **out, struct error *err) MUST_USE;
/* Those whose lines count in a statement: *kept of them, moved to the front. */
enum status person_accounts_counted(struct store *store, struct arena *arena,
                                    struct account *accounts, int count, int *kept,
                                    struct error *err) MUST_USE;
/* The accounts of all their records, in order of id. */
enum status person_accounts_all(struct store *store, struct arena *arena,
                                const struct person *person, struct account **out, int *count,
                                struct error *err) MUST_USE;

#endif
