/* Wrong tries to sign in. They slow down where they come from, and the network around it, and never
 * use up anybody's code: a stranger could otherwise destroy the codes of others.
 *
 *     status = sign_in_wait(store, source, network, now, &seconds, &err);   0: it may be tried
 *     status = sign_in_failed(store, source, network, now, &err);           it was wrong
 *
 * What slowing is for: a code has 100 bits. With a million codes that are good at the same time,
 * and a thousand tries a second for the thirty days of a code (2^31 in all), somebody would find
 * one with a chance of 2^31 x 2^20 / 2^100 = 2^-49. So guessing is hopeless without it. It keeps
 * one source from filling the writer's queue, and tells administrators that somebody tries.
 *
 * Both write inside the caller's write transaction, the same rows whatever was wrong.
 */
#ifndef WEAL_REGISTER_SIGN_IN_TRIES_H
#define WEAL_REGISTER_SIGN_IN_TRIES_H

#include "base/arena.h"
#include "store/store.h"

/* Seconds until this source may try again; 0: now. */
enum status sign_in_wait(struct store *store, const char *source, const char *network, int64_t now,
                         int64_t *seconds, struct error *err) MUST_USE;
/* Counts one, and tells administrators when there are many. */
enum status sign_in_failed(struct store *store, const char *source, const char *network,
                           int64_t now, struct error *err) MUST_USE;

/* Removes what is older than LIMIT_SIGN_IN_FAILED_DAYS. */
enum status sign_in_tries_remove_old(struct store *store, int64_t now, struct error *err) MUST_USE;

struct sign_in_tries {
  const char *source; /* an address; of IPv6 its first half */
  int64_t hour;       /* its first second, since 1970 */
  int64_t tries;
};

/* Of addresses, not of networks, the newest hours first; *total: of all. */
enum status sign_in_tries_list(struct store *store, struct arena *arena, int64_t skip, int most,
                               struct sign_in_tries **out, int *count, int64_t *total,
                               struct error *err) MUST_USE;

#endif
