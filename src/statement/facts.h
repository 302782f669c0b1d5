/* What every view needs and seldom changes: places, bodies, codes and the chart of categories. Read once for many views; whoever reads many shares one between
 * threads (nothing in it changes).
 */
#ifndef WEAL_STATEMENT_FACTS_H
#define WEAL_STATEMENT_FACTS_H

#include "book/figures.h"
#include "register/register.h"

struct facts {
  const struct pack *pack;
  struct places *places;
  struct bodies *bodies;
  struct codes *codes;
  struct chart *chart;
  int64_t place_last, body_last, category_last, service_last; /* of `head`: larger ones mean that it is out of date */
};

enum status facts_read(struct store *store, const struct pack *pack, struct arena *arena, struct facts **out, struct error *err) MUST_USE;
/* Whether the store has got more since. A rename is not seen: read again from time to time. */
enum status facts_current(struct store *store, const struct facts *facts, bool *current, struct error *err) MUST_USE;

#endif
