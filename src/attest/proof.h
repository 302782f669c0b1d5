/* What proves a statement, or one line: the object `proof` of docs/explanation/proof.md, made from
 * the store; verify.h reads it without one.
 *
 * Everything is read by its key: the last kept head, the latest closing of the year under it, the
 * person's accounts and lines, some rows of tiles. So it costs the same in a book of sixty million
 * lines. The exception is the path of one line, whose entry has to be hashed whole.
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
  int64_t person; /* party id; of a merged record the one it was merged into is meant */
  int year;       /* tax year, by its first calendar year */
  const struct signer *signer; /* seals; it must have signed the last kept head */
  /* SHA-256 of the PDF that will carry it, outside its attachment (document_pdf_digest); null: none
   * will */
  const struct digest *pdf;
};

/* `json` is one object, without a line's end. REFUSED, with what to run first: no head, one signed
 * by an older key, no closing of the year under it, a person registered after it. FAILED: the
 * ledger does not agree with its closing. */
enum status proof_add(struct store *store, const struct pack *pack,
                      const struct proof_request *request, struct text *json,
                      struct error *err) MUST_USE;

/* One line and its path, an object that is verified alone, added to `out`. Reads the whole ledger
 * once: lines are kept by account, not by entry. */
enum status proof_of_line(struct store *store, int64_t entry, int32_t line_no, int64_t person,
                          const struct signer *signer, struct text *out,
                          struct error *err) MUST_USE;

#endif
