/* Who was paid by bodies of a place in a financial year, for everybody to see.
 *
 * Bodies that people found to be one payee are one row (register/body_pairs.h). All payees
 * who are not known to be organisations (body_is_private) are one row without a name and a code:
 * what one of them got is shown nowhere.
 */
#ifndef WEAL_PLACE_PAYEES_H
#define WEAL_PLACE_PAYEES_H

#include "base/wide.h"
#include "place/place.h"

struct payee {
  const char *code, *name; /* both null: private people */
  int64_t payees;          /* how many: of private people; else 1 */
  int64_t payments;        /* that were not undone */
  wide_t amount;           /* pence */
};
/* Those who were paid most come first, private people last. REFUSED as place_account. */
enum status place_payees(struct store *store, const struct pack *pack,
                         const struct place_request *request, struct arena *arena,
                         struct payee **out, int *count, struct error *err) MUST_USE;

#endif
