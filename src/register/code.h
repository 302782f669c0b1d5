/* One-time codes, handed over on paper or by voice: 20 letters and digits in groups of five,
 * `K7QXM-...`, of an alphabet of 32 without I, O, 0 and 1: 100 bits at random. Only the SHA-256 is
 * stored. Typed codes may have small letters, and spaces and dashes of any kind (base/pasted.h).
 */
#ifndef WEAL_REGISTER_CODE_H
#define WEAL_REGISTER_CODE_H

#include "base/hash.h"

enum { ONE_TIME_CODE_SIZE = 24 }; /* with dashes and the terminating zero */

void one_time_code_make(char out[ONE_TIME_CODE_SIZE], struct digest *digest);
/* The digest of what somebody typed; false when it does not have the form of a code (the digest
 * then matches no code, but may be compared). */
bool one_time_code_read(struct span typed, struct digest *digest);

#endif
