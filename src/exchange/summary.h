/* The result of an import in words: what `weal import` prints and the portal shows. */
#ifndef WEAL_EXCHANGE_SUMMARY_H
#define WEAL_EXCHANGE_SUMMARY_H

#include "exchange/exchange.h"

void import_summary(struct text *out, const struct exchange_kind *kind,
                    const struct import_options *options, const struct import_result *result,
                    double seconds);

#endif
