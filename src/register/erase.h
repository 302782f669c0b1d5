/* What the register has of somebody goes (privacy/erasure.h says when). */
#ifndef WEAL_REGISTER_ERASE_H
#define WEAL_REGISTER_ERASE_H

#include "register/register.h"

/* Everything that the register's tables have of the party, sign-ins and notices too. Its row stays
 * as a number of kind `erased`, so that a closing's places still count. What others told of them
 * goes before it (notices_forget), and what a legal hold leaves (legal_holds_forget). */
enum status register_erase(struct store *store, int64_t party, struct error *err) MUST_USE;

#endif
