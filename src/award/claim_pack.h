/* A claim pack: what another body needs to know of a claim that is decided in its own system, as
 * one document (PDF for people, JSON for programs). It holds what that claim needs and no more: of
 * what was told only answers whose purpose (tellable.csv) the claim is, each with who said it, on
 * what it rests and when (goes_along.h); a partner and children who claim with them, and which of
 * their own answers go along, without what those say; what the rules come to as the claimant may
 * learn it; the versions of rules and rows; and where it is claimed (entitlements.csv).
 *
 *     const struct claim_pack_of of = {.person = person, .row = row, .from = day};
 *     status = claim_pack(&call, &of, &document, &err);
 *     document_render(document, FORMAT_PDF, NULL, &pdf);
 *
 * The JSON: {"format":"commonweal-claim-pack","version":1,"made":DAY,
 * "claim":{"variable","name","from","body","address","law"},"person":{"reference","name","born"},
 * "others":[{"relation","reference","name"}],
 * "their_answers":[{"reference","variable","name","value"}],
 * "rules":{"known","low","high","per","versions"},
 * "facts":[{"fact","variable","name","value","from","said_by","source","said_at"}]}.
 * `high` is `low` where it is exact, and null where the rules have no highest; what is not known is
 * null, and so are the name of somebody of another home and an answer of another that the claimant
 * did not tell.
 */
#ifndef WEAL_AWARD_CLAIM_PACK_H
#define WEAL_AWARD_CLAIM_PACK_H

#include "award/claim.h"
#include "document/document.h"

struct claim_pack_of {
  int64_t person;
  const struct pack_claim *row;
  day_t from;
  enum language language;
};
enum status claim_pack(const struct award_call *call, const struct claim_pack_of *of,
                       struct document **out, struct error *err) MUST_USE;
/* Puts it into a claim that was opened, as files of the case, which the body's staff and the
 * claimant find there. In the transaction of the opening. */
enum status claim_pack_attach(const struct award_call *call, const struct case_file *file,
                              const struct pack_claim *row, struct error *err) MUST_USE;

#endif
