/* Check a statement: anybody drops a file, and reads what `weal verify` says of it. The file is not
 * kept: it lies in the folder of uploads until the reply is made, and has limits at each step
 * (LIMIT_CHECKED_BYTES, proof/canonical.h, document_pdf_digest). */
#include "web/pages/pages.h"

#include "attest/verify.h"
#include "base/folder.h"
#include "base/limits.h"
#include "web/site.h"

const struct field check_fields[] = {{.name = "file",
                                      .kind = FIELD_FILE,
                                      .most = LIMIT_CHECKED_BYTES,
                                      .label = N_("The statement, as a PDF or JSON file"),
                                      .hint = N_("It is read once and not kept"),
                                      .missing = N_("Choose the file of the statement")},
                                     {.name = NULL}};
const struct field check_page_fields[] = {
    {.name = "format",
     .kind = FIELD_CHOICE,
     .optional = true,
     .choices = (const struct choice[]){{"key", N_("The public key as a file")}, {NULL, NULL}}},
    {.name = NULL}};

/* The keys with which the book's seals are checked: of every generation. */
static void put_keys(struct view *v, const struct request *r) {
  char fingerprint[FINGERPRINT_SIZE];
  view_flag(v, "has_keys", r->site->verifier_count > 0);
  for (int i = 0; i < r->site->verifier_count; i++) {
    struct text vkey = {0};
    struct view *item = view_item(v, "keys");
    text_add_verifier(&vkey, &r->site->verifiers[i]);
    view_text(item, "vkey", arena_string(r->arena, vkey.bytes));
    view_text(item, "fingerprint",
              arena_string(r->arena, verifier_fingerprint(&r->site->verifiers[i], fingerprint)));
    text_release(&vkey);
  }
}

static void put_page(struct view *v, const struct request *r) {
  put_keys(v, r);
  view_text(v, "key_file", request_path(r, "/check?format=key"));
  (void)view_form(v, "form", r, route_post("/check"), NULL, say(r->language, "Check it"), NULL);
}

/* The public keys, one a line: the file that `weal verify --key` takes. */
static void reply_keys(struct reply *reply, const struct request *r) {
  struct text keys = {0};
  for (int i = 0; i < r->site->verifier_count; i++) {
    text_add_verifier(&keys, &r->site->verifiers[i]);
    text_add_char(&keys, '\n');
  }
  reply_bytes(reply, "text/plain; charset=utf-8", &keys, "seal.vkey");
}

/* What is said of a file, each on its own part of the page. */
enum checked { CHECKED_NONE, CHECKED_HOLDS, CHECKED_UNSEALED, CHECKED_STRANGE, CHECKED_WRONG };

/* A statement whose seal somebody removed looks like one that had none, so neither is said to be
 * changed; a file that is no statement at all is not said to differ from one. */
static enum checked checked_refused(enum refusal_code why, bool is_object_or_pdf) {
  if (!is_object_or_pdf) return CHECKED_STRANGE;
  switch (why) {
  case REFUSAL_VERIFY_NO_PROOF:
  case REFUSAL_PDF_WITHOUT_STATEMENT: return CHECKED_UNSEALED;
  case REFUSAL_PDF_OF_ANOTHER:
  case REFUSAL_VERIFY_PDF_CARRIES_OTHER: return CHECKED_STRANGE;
  default: return CHECKED_WRONG;
  }
}

static void put_outcome(struct view *v, enum checked what, const char *sentence) {
  view_text(v, "found", what == CHECKED_HOLDS ? sentence : NULL);
  view_flag(v, "unsealed", what == CHECKED_UNSEALED);
  view_flag(v, "strange", what == CHECKED_STRANGE);
  view_text(v, "wrong", what == CHECKED_WRONG ? sentence : NULL);
}

enum status page_check(struct request *r, struct reply *reply, struct error *err) {
  (void)err;
  if (request_has(r, "format") && r->site->verifier_count) {
    reply_keys(reply, r);
    return DONE;
  }
  struct view *v = view_new(r->arena, r->language);
  put_outcome(v, CHECKED_NONE, NULL);
  put_page(v, r);
  reply_page(reply, r, "check", say(r->language, "Check a statement"), v);
  return DONE;
}

/* What the command line says of its options, as a page says it. */
static const struct reworded check_refusals[] = {
    {REFUSAL_VERIFY_KEY_NOT_GIVEN, REFUSAL_CHECKED_KEY_OF_OTHERS},
    {REFUSAL_VERIFY_HEAD_KEY, REFUSAL_CHECKED_KEY_OF_OTHERS},
    {REFUSAL_NONE, REFUSAL_NONE}};

enum status act_check(struct request *r, struct reply *reply, struct error *err) {
  const struct verify_options options = {.verifiers = r->site->verifiers,
                                         .verifier_count = r->site->verifier_count};
  struct verify_result result;
  struct text bytes = {0}, says = {0};
  enum status status = file_read_whole(request_text(r, "file").bytes, LIMIT_CHECKED_BYTES, &bytes,
                                       err);
  if (status == DONE)
    status = verify_bytes(span_make(bytes.bytes ? bytes.bytes : "", bytes.size), &options, r->arena,
                          &result, err);
  const bool is_object_or_pdf = bytes.size && (bytes.bytes[0] == '{' || bytes.bytes[0] == '%');
  text_release(&bytes);
  if (status == FAILED) return status;
  if (status == REFUSED) refusal_reword(check_refusals, err);
  struct view *v = view_new(r->arena, r->language);
  if (status == DONE) verify_say(&says, r->language, &result);
  put_outcome(v,
              status == DONE ? CHECKED_HOLDS : checked_refused(err->refusal.code, is_object_or_pdf),
              status == DONE
                  ? arena_string(r->arena, says.bytes)
                  : refusal_sentence(r->arena, r->language, &err->refusal, err->message));
  view_flag(v, "is_sealed", status == DONE && result.signer_checked);
  view_flag(v, "is_item", err->refusal.code == REFUSAL_VERIFY_LINE_CHANGED);
  text_release(&says);
  *err = (struct error){0};
  put_page(v, r);
  reply_page(reply, r, "check", say(r->language, "Check a statement"), v);
  return DONE;
}
