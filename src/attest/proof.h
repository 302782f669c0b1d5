/* Makes the proof of a statement or of one line from the store: the object `proof` of
 * docs/explanation/proof.md. verify.h checks it without a store. Everything is read by its key: the
 * last kept head, the latest closing of the year under it, the person's accounts and lines, some
 * rows of tiles. So a proof costs the same in a book of sixty million lines. The exception is the
 * path of one line: its whole entry must be hashed.
 *
 *     store_begin(store, STORE_READ, err);  the statement and its proof are of one moment
 *     statement_one(...); document_render(..., FORMAT_JSON, ..., &json);
 *     proof_add(store, pack, &request, &json, err);
 *         json is now the same object with "proof", sealed
 */
#ifndef WEAL_ATTEST_PROOF_H
#define WEAL_ATTEST_PROOF_H

#include "base/arena.h"
#include "pack/pack.h"
#include "proof/sign.h"
#include "store/store.h"

struct proof_request {
  int64_t person;              /* party id; for a merged record its survivor is taken */
  int year;                    /* tax year, by its first calendar year */
  const struct signer *signer; /* seals; it must have signed the last kept head */
  /* SHA-256 of the PDF that will carry it, outside its attachment (document_pdf_digest); null: no
   * PDF */
  const struct digest *pdf;
};

/* `json` is one object, without a line end. REFUSED, with the command to run first: no head, a head
 * signed by an older key, no closing of the year under it, a person registered after it. FAILED:
 * the ledger does not agree with its closing. */
enum status proof_add(struct store *store, const struct pack *pack,
                      const struct proof_request *request, struct text *json,
                      struct error *err) MUST_USE;

/* Adds one line and its path to `out`, as an object that can be verified alone. Reads the whole
 * ledger once: lines are kept by account, not by entry. */
enum status proof_of_line(struct store *store, int64_t entry, int32_t line_no, int64_t person,
                          const struct signer *signer, struct text *out,
                          struct error *err) MUST_USE;

#endif
