/* Export writes files that import takes: imported into an empty book they make the same register
 * and the same lines. JSON is JSON Lines, an object a row with the same keys; money and quantities
 * are strings there, so that no reader rounds them, and an empty field is null. */
#ifndef WEAL_EXCHANGE_EXPORT_H
#define WEAL_EXCHANGE_EXPORT_H

#include "pack/pack.h"
#include "store/store.h"

/* EXPORT_RAW: CSV whose texts have no apostrophe before what a spreadsheet would run
 * (base/text.h) */
enum export_form { EXPORT_CSV, EXPORT_JSON, EXPORT_RAW };

typedef enum status export_flush(void *context, struct text *out);

#define EXPORT(name) \
  enum status name(struct store *store, const struct pack *pack, struct text *out, \
                   enum export_form form, export_flush *flush, void *context, struct error *err)

/* Each passes `out` to `flush` in pieces of some 256 KiB, including the last one. */
EXPORT(export_places);
EXPORT(export_households);
EXPORT(export_people);
EXPORT(export_bodies);
EXPORT(export_payees);
EXPORT(export_profiles);
EXPORT(export_matches);
EXPORT(export_services);
EXPORT(export_unit_costs);
EXPORT(export_rates);
EXPORT(export_streams);
EXPORT(export_facts);
EXPORT(export_awards);
EXPORT(export_award_history);
EXPORT(export_entries);
EXPORT(export_spend);
EXPORT(export_budget);

#endif
