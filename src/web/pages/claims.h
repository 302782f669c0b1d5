/* What the pages of claiming share: claims.c (the visitor's own, or of somebody whom they help),
 * claims_take.c (somebody's, taken by an officer). */
#ifndef WEAL_WEB_PAGES_CLAIMS_H
#define WEAL_WEB_PAGES_CLAIMS_H

#include "web/pages/pages.h"

/* The day of birth of the person whom the page is about. */
enum status claimant_born(const struct request *r, day_t *born, struct error *err) MUST_USE;
/* The row by which they claim it today; null: they cannot, or there is no such thing. */
const struct pack_claim *claim_row_for(const struct request *r, const struct pack_entitlement *what,
                                       day_t born);
/* Who decides it, as a sentence. */
enum status claim_decides_words(const struct request *r, const struct pack_claim *row,
                                const char **out, struct error *err) MUST_USE;
/* How far back it can begin, as a sentence. */
const char *claim_back_words(const struct request *r, const struct pack_claim *row);
/* What can be claimed and is not, as lists of links to `path` with `?of=`, each with a flag (has_):
 * `claims`, what the rules say is due first; `others`, of staff, what other organisations decide;
 * `unlikely`, what by the rules comes to nothing; `paid` already; `waits` for its answer. */
enum status view_claims(struct view *v, const struct request *r, const char *path, bool is_staff,
                        struct error *err) MUST_USE;
/* What goes along with a claim from a day on, as the partial claim_goes (award/goes_along.h), for
 * who reads it: the claimant, or a helper who may see what they see; whoever decides it; or
 * somebody who may send the claim and not see what was told. */
enum goes_reader { GOES_TO_CLAIMANT, GOES_TO_DECIDER, GOES_TO_TELLER };
enum status view_goes_along(struct view *v, const struct request *r,
                            const struct pack_entitlement *what, day_t on, enum goes_reader reader,
                            struct error *err) MUST_USE;
/* The form of the action for the row, as `form`, sent to `path`. */
void view_claim_form(struct view *v, const struct request *r, const struct pack_claim *row,
                     const char *action, const char *path, const char *button);

#endif
