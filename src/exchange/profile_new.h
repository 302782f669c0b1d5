/* `weal profile new FILE`: a first profile of a published file, to be corrected by hand. */
#ifndef WEAL_EXCHANGE_PROFILE_NEW_H
#define WEAL_EXCHANGE_PROFILE_NEW_H

#include "base/arena.h"
#include "base/text.h"

/* Writes the profile's CSV: what each column was taken for, how sure that is and three samples; the
 * forms of its days and amounts. Where no header was found, a row for each column, by its place.
 * REFUSED when the file cannot be read, or has no rows of several cells. */
enum status profile_new(const char *path, const char *pack_dir, struct arena *arena,
                        struct text *out, struct error *err) MUST_USE;

#endif
