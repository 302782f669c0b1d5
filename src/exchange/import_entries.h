/* `weal import entries`: what people paid, received, used and gave. */
#ifndef WEAL_EXCHANGE_IMPORT_ENTRIES_H
#define WEAL_EXCHANGE_IMPORT_ENTRIES_H

#include "exchange/exchange.h"

/* In the order of docs/reference/files.md. */
enum {
  ENTRY_DATE,
  ENTRY_PERSON,
  ENTRY_CATEGORY,
  ENTRY_AMOUNT,
  ENTRY_QUANTITY,
  ENTRY_UNIT,
  ENTRY_SERVICE,
  ENTRY_BODY,
  ENTRY_PLACE,
  ENTRY_REFERENCE,
  ENTRY_NOTE,
  ENTRY_ESTIMATED,
  ENTRIES_COLUMNS
};
extern const struct table_column entries_columns[ENTRIES_COLUMNS];
extern const struct column_help entries_help[ENTRIES_COLUMNS];

enum status import_entries(const struct import_call *call, struct import_result *result,
                           struct error *err) MUST_USE;

#endif
