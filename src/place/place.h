/* A place's account: the same lines that statements show, summed by a column of the chart of
 * categories, and what bodies spent.
 *
 * A place's account includes the places under it. The sum of all citizens' statements equals the
 * account of the book's own place, to the penny. Payments by bodies (`spend`) and services used are
 * two views of the same pound and are never added together. What the place spent and no citizen's
 * account carries is `unattributed`.
 */
#ifndef WEAL_PLACE_PLACE_H
#define WEAL_PLACE_PLACE_H

#include "base/progress.h"
#include "book/book.h"
#include "document/document.h"
#include "pack/pack.h"
#include "register/register.h"

enum place_by { BY_CATEGORY, BY_COFOG, BY_PURPOSE, BY_DOMAIN, BY_SIDE, BY_BODY };
enum status place_by_parse(struct span text, enum place_by *by, struct error *err) MUST_USE;

struct place_request {
  const char *code; /* null: the book's own place */
  int year;
  int days_before; /* so many days before the year its lines are read too (population.h); 0: none */
  enum place_by by;
  enum language language;
  int threads; /* 0: as many as the machine has */
  enum progress_mode progress;
};

enum status place_account(struct store *store, const struct pack *pack,
                          const struct place_request *request, struct arena *arena,
                          struct document **out, struct error *err) MUST_USE;

#endif
