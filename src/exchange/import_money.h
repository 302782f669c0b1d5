/* `weal import spend` and `weal import budget`: what bodies paid, and what they were given to
 * spend. Files have our own columns (docs/reference/files.md) or those of the publishing body,
 * which a profile of the policy pack explains (profile.h).
 */
#ifndef WEAL_EXCHANGE_IMPORT_MONEY_H
#define WEAL_EXCHANGE_IMPORT_MONEY_H

#include "exchange/exchange.h"

enum status import_spend(const struct import_call *call, struct import_result *result,
                         struct error *err) MUST_USE;
enum status import_budget(const struct import_call *call, struct import_result *result,
                          struct error *err) MUST_USE;

#endif
