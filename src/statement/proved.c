#include "statement/proved.h"

#include "attest/person_accounts.h"
#include "attest/proof.h"
#include "attest/verify.h"
#include "book/log.h"

/* The statement's PDF with the proven JSON in it. The seal is over the pages' digest, which does
 * not depend on the attachment. */
static enum status attach_proof(struct store *store, const struct reference_data *reference_data,
                                const struct document *document, struct proof_request *proof,
                                enum language language, struct text *out, struct error *err) {
  const struct document_attachment attachment = {
      .name = "statement.json",
      .description = say(
          language, "The sealed statement, as data: `weal verify` reads it from this file and says "
                    "whether anything in it or in the pages was changed since it was signed")};
  struct document_options options = {.attachment = &attachment};
  struct text pdf = {0}, json = {0};
  struct span inside;
  struct digest pages;
  document_render(document, FORMAT_PDF, &options, &pdf);
  enum status status = document_pdf_digest(span_make(pdf.bytes, pdf.size), &inside, &pages, err);
  document_render(document, FORMAT_JSON, NULL, &json);
  proof->pdf = &pages;
  if (status == DONE) status = proof_add(store, reference_data->pack, proof, &json, err);
  if (status == DONE) {
    document_pdf_attach(&pdf, span_make(json.bytes, json.size));
    text_add_bytes(out, pdf.bytes, pdf.size);
  }
  text_release(&pdf);
  text_release(&json);
  return status;
}

enum status statement_proved(struct store *store, const struct reference_data *reference_data,
                             int64_t person, const struct statement_request *request,
                             const struct signer *signer, enum format format, struct arena *arena,
                             struct text *out, struct error *err) {
  struct proof_request proof = {.person = person, .year = request->year, .signer = signer};
  struct document *document = NULL;
  struct text json = {0};
  char fingerprint[FINGERPRINT_SIZE];
  struct statement_request sealed = *request;
  sealed.key = arena_string(arena, verifier_fingerprint(&signer->verifier, fingerprint));
  enum status status = statement_one(store, reference_data, person, &sealed, arena, &document, err);
  if (status != DONE) return status;
  if (format == FORMAT_PDF)
    return attach_proof(store, reference_data, document, &proof, request->language, out, err);
  document_render(document, FORMAT_JSON, NULL, &json);
  status = proof_add(store, reference_data->pack, &proof, &json, err);
  if (status == DONE) text_add_bytes(out, json.bytes, json.size);
  text_release(&json);
  return status;
}

/* ---- verified here ---- */

struct verify_findings {
  struct document *d;
  struct arena *arena;
  enum language language;
};

#define SAY(text) say(f->language, (text))
#define SAY_COUNT(one, other, count) \
  arena_printf(f->arena, say_count(f->language, (one), (other), (count)), (long long)(count))

static void add_checks(const struct verify_findings *f, const struct verify_result *r) {
  document_list(f->d, "checked", SAY("What was checked"));
  document_list_item(f->d, arena_printf(f->arena, SAY("The seal was signed with the key of %s."),
                                        r->origin));
  document_list_item(f->d, SAY("The closing of the year is under that seal."));
  document_list_item(f->d, SAY("The closing fixes how many items you have."));
  document_list_item(f->d, r->lines
                               ? SAY_COUNT("The %lld item in the statement is what the closing "
                                           "fixed: it was not changed, and none is missing.",
                                           "The %lld items in the statement are what the closing "
                                           "fixed: none was changed, and none is missing.",
                                           r->lines)
                               : SAY("The closing says that you have no item in the time that is "
                                     "closed, and the statement shows none."));
  document_list_item(f->d, SAY("Every figure in the statement is the sum of its items."));
  document_list_item(f->d, SAY("The key's seal covers all the rest of the statement."));
  document_list_end(f->d);
}

/* Says what the check cannot show, and whom to ask. */
static const char *say_limits(const struct verify_findings *f, const struct places *places) {
  if (places->own == PLACE_NONE)
    return SAY("This does not say that each figure is right. Organisations recorded the items; "
               "costs, shares and values of time are worked out from published figures. If an item "
               "is wrong, open it in your account and choose “Something wrong with this?”, or ask "
               "those who keep these accounts.");
  return arena_printf(
      f->arena,
      SAY("This does not say that each figure is right. Organisations recorded the items; costs, "
          "shares and values of time are worked out from published figures. If an item is wrong, "
          "open it in your account and choose “Something wrong with this?”, or ask those who keep "
          "the accounts of %s."),
      places->all[places->own].name);
}

static struct document *describe(struct arena *arena, const struct reference_data *reference_data,
                                 const struct statement_request *request,
                                 const struct verify_result *r) {
  struct verify_findings findings = {.arena = arena, .language = request->language}, *f = &findings;
  char *year = year_write(request->year, arena_alloc(arena, 8));
  struct text says = {0};
  f->d = document_new(arena, f->language,
                      arena_printf(arena, SAY("Your statement for %s agrees with what was signed"),
                                   year));
  document_paragraph(f->d, SAY("We made the sealed statement just now and checked it as anybody "
                               "can: from the file, the public key and the published seal alone."));
  verify_say(&says, f->language, r);
  document_inset(f->d, arena_string(arena, says.bytes));
  text_release(&says);
  document_paragraph(f->d, say_limits(f, reference_data->places));
  document_value(f->d, "person", SAY("Reference"), doc_text(r->person));
  document_value(f->d, "year", SAY("Year"), doc_text(year));
  document_value(f->d, "closed", SAY("Complete as the accounts were on"), doc_day(r->closed));
  const bool whole_year = r->to == year_last_day(YEAR_TAX, r->year);
  document_value(f->d, "to", whole_year ? NULL : SAY("The closing covers items up to"),
                 doc_day(r->to));
  document_value(f->d, "lines", SAY("Items checked"), doc_count(r->lines));
  document_value(f->d, "unproved", SAY("Items that came later and are not checked yet"),
                 doc_count(r->unproved));
  document_value(f->d, "log", SAY("Public record of seals"), doc_text(r->origin));
  document_value(f->d, "log_size", SAY("Records under the seal"), doc_count((int64_t)r->log_size));
  add_checks(f, r);
  document_paragraph(f->d,
                     SAY("The computer that keeps these accounts made this check. To trust nobody, "
                         "download the sealed statement and check it on your own computer with "
                         "weal verify, and with a published seal that somebody else kept."));
  return f->d;
}

enum status statement_verified(struct store *store, const struct reference_data *reference_data,
                               int64_t person, const struct statement_request *request,
                               const struct signer *signer, struct arena *arena,
                               struct document **out, struct error *err) {
  struct text json = {0};
  struct verify_result result;
  struct person *whose = NULL;
  const char *head = NULL;
  int64_t size = 0;
  enum status status = person_accounts_owner(store, arena, person, &whose, err);
  if (status == DONE)
    status = statement_proved(store, reference_data, person, request, signer, FORMAT_JSON, arena,
                              &json, err);
  if (status == DONE) status = log_last_head(store, arena, &size, &head, err);
  if (status == DONE) {
    const struct verify_options options = {.head = span_of(head),
                                           .verifiers = &signer->verifier,
                                           .verifier_count = 1,
                                           .person = whose->code};
    status = verify_bytes(span_make(json.bytes, json.size), &options, arena, &result, err);
    /* our own statement is wrong, not the request */
    if (status == REFUSED) status = err->code = FAILED;
  }
  if (status == DONE) *out = describe(arena, reference_data, request, &result);
  text_release(&json);
  return status;
}
