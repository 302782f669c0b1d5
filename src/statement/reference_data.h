/* The reference data that every view needs and that seldom changes: places, bodies, codes and the
 * chart of categories. Read once for many views, and shared between threads (nothing in it
 * changes).
 *
 *     reference_data_read(store, pack, arena, &facts, &err);          once
 *     statement_one(store, facts, person, ...);              any number of times, on any thread
 *     reference_data_current(store, facts, &current, &err);
 *         now and then, in the snapshot of the view: when false, read again
 */
#ifndef WEAL_STATEMENT_REFERENCE_H
#define WEAL_STATEMENT_REFERENCE_H

#include "book/figures.h"
#include "document/document.h"
#include "register/keeper.h"
#include "register/register.h"

struct reference_data {
  const struct pack *pack;
  struct places *places;
  struct bodies *bodies;
  struct codes *codes;
  struct chart *chart;
  struct keeper keeper;
  /* by index in codes->units: how amounts of the unit are written */
  struct doc_unit *shown[LANGUAGES];
  /* The last ids of `head` when they were read: if the store's differ, there is more. An import of
   * any kind counts, since it may rename something or bring unit costs. */
  int64_t place_last, body_last, category_last, service_last, import_last;
};

enum status reference_data_read(struct store *store, const struct pack *pack, struct arena *arena,
                                struct reference_data **out, struct error *err) MUST_USE;
/* Whether the store has more since then. A rename without an import is not seen, so read again from
 * time to time. */
enum status reference_data_current(struct store *store, const struct reference_data *reference_data,
                                   bool *current, struct error *err) MUST_USE;

/* The name of a body in the language (pack_body_name), its code; "" if no body has the id; for a
 * place or a service null. */
const char *reference_data_body_name(const struct reference_data *reference_data, int64_t body,
                                     enum language language);
const char *reference_data_body_code(const struct reference_data *reference_data, int64_t body);
const struct place *reference_data_place(const struct reference_data *reference_data,
                                         int64_t place);
/* An amount in a unit as a document's value: of a sum, and of one line of the book. In pounds or
 * hours where the unit is pence or minutes. */
struct doc_value reference_data_amount(const struct reference_data *reference_data,
                                       enum language language, const char *unit, wide_t n);
struct doc_value reference_data_exactly(const struct reference_data *reference_data,
                                        enum language language, const char *unit, int64_t n);
const struct book_service *reference_data_service(const struct reference_data *reference_data,
                                                  int64_t service);

#endif
