/* What the imports that post share: how they open a posting of the book, and how they end it.
 * Private to exchange. */
#ifndef WEAL_EXCHANGE_IMPORT_BULK_H
#define WEAL_EXCHANGE_IMPORT_BULK_H

#include "book/bulk.h"
#include "exchange/exchange.h"

/* Room for the result of each file, and the posting, as the call's options say. Also on failure the
 * caller frees *bulk. */
enum status import_open(const struct import_call *call, bool check_references, struct bulk **bulk,
                        struct import_result *result, struct error *err) MUST_USE;
/* Posts what was given to the book, unless the call is a dry run: what was refused is on disk
 * before. */
enum status import_post(const struct import_call *call, struct bulk *bulk,
                        struct import_result *result, struct error *err) MUST_USE;

#endif
