/* What the imports that post share: how they open a posting of the book, and how they end it.
 * Private to exchange. */
#ifndef WEAL_EXCHANGE_IMPORT_BULK_H
#define WEAL_EXCHANGE_IMPORT_BULK_H

#include "book/bulk.h"
#include "exchange/exchange.h"
#include "exchange/kept_profiles.h"

/* Room for the result of each file, and the posting, as the call's options say. Also on failure the
 * caller frees *bulk. */
enum status import_open(const struct import_call *call, bool check_references, struct bulk **bulk,
                        struct import_result *result, struct error *err) MUST_USE;
/* Posts what was given to the book, unless the call is a dry run: what was refused is on disk
 * before. */
enum status import_post(const struct import_call *call, struct bulk *bulk,
                        struct import_result *result, struct error *err) MUST_USE;

/* The version that the profile which --profile gives becomes of the body; from here on the profile
 * has its name, by which the import is known. */
enum status import_answer(const struct import_call *call, const struct body *body,
                          struct profile *given, struct kept_profile **out,
                          struct error *err) MUST_USE;
/* Has the book keep it with what is posted, unless it is kept already (null: none was given). */
void import_keep_answer(const struct import_call *call, struct bulk *bulk,
                        const struct kept_profile *answer);
/* REFUSED where a file was read by another profile (null: none) than the preview showed: that is
 * not what somebody looked at. */
enum status import_check_previewed(const struct import_call *call, const char *profile,
                                   struct error *err) MUST_USE;

#endif
