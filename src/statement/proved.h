/* A statement with its proof, as JSON or as a PDF that carries it; and the same statement verified
 * at once. The command line and the portal call these.
 *
 *     signer: the log's key, which must have signed the last kept head (proof.h)
 *     statement_proved(store, facts, person, &request, &signer, FORMAT_PDF, arena, &out, &err);
 */
#ifndef WEAL_STATEMENT_PROVED_H
#define WEAL_STATEMENT_PROVED_H

#include "proof/sign.h"
#include "statement/statement.h"

/* FORMAT_JSON: one object without a line end. FORMAT_PDF: the file. Added to `out`, which is
 * unchanged unless DONE. Call it in a snapshot (store_begin STORE_READ). REFUSED, with what is
 * missing: no head, a head signed by an older key, no closing of the year under it. */
enum status statement_proved(struct store *store, const struct reference_data *reference_data,
                             int64_t person, const struct statement_request *request,
                             const struct signer *signer, enum format format, struct arena *arena,
                             struct text *out, struct error *err) MUST_USE;

/* Makes the statement with its proof and verifies it as `weal verify` does, with only its bytes,
 * the log's key and the last kept head: gives a document that says what was checked and found.
 * Since the same server made both, it also says how to check elsewhere. REFUSED: as above; FAILED:
 * the statement does not verify, with what is wrong. */
enum status statement_verified(struct store *store, const struct reference_data *reference_data,
                               int64_t person, const struct statement_request *request,
                               const struct signer *signer, struct arena *arena,
                               struct document **out, struct error *err) MUST_USE;

#endif
