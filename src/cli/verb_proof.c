/* weal key, close, head, publish-log, and the proof of a statement: with these, others can check
 * the book without trusting its keeper. */
#include "cli/cli.h"

#include "attest/head.h"
#include "attest/proof.h"
#include "base/money.h"
#include "base/refusal.h"
#include "book/book.h"
#include "proof/keys.h"
#include "proof/note.h"
#include "register/register.h"
#include "statement/proved.h"
#include "store/setting.h"

#include <unistd.h>

static const char default_name[] = "weal";

static enum status key_folder(struct call *call, const char **out, struct error *err) {
  struct text folder = {0};
  enum status status = keys_folder(call_option(call, "keys"), &folder, err);
  if (status == DONE) *out = arena_copy(call->arena, folder.bytes, folder.size);
  text_release(&folder);
  return status;
}

/* ---- key ---- */

static enum status list_keys(struct call *call, const char *folder, struct error *err) {
  struct key_row *rows = NULL;
  int count = 0;
  if (keys_list(folder, call->arena, &rows, &count, err) != DONE) return err->code;
  for (int i = 0; i < count; i++) {
    text_add_verifier(&call->out, &rows[i].verifier);
    text_addf(&call->out, "  %s", rows[i].file);
    if (rows[i].generation == 0 && rows[i].secret == KEY_SECRET_PRESENT)
      text_add(&call->out, "  signs");
    if (rows[i].generation > 0)
      text_addf(&call->out, "  before the present one, number %d", rows[i].generation);
    if (rows[i].secret == KEY_SECRET_ABSENT) text_add(&call->out, "  public half only");
    if (rows[i].secret == KEY_SECRET_EXPOSED)
      text_addf(&call->out, "  others can read it: chmod 600 %s/%s.key", folder, rows[i].file);
    text_add_char(&call->out, '\n');
  }
  if (!count) output_note(call, "there is no key in %s; 'weal key new' makes one", folder);
  return DONE;
}

enum status verb_key(struct call *call, struct error *err) {
  const char *what = call->arguments[0],
             *name = call->argument_count > 1 ? call->arguments[1] : NULL, *folder = NULL;
  struct verifier verifier;
  if (key_folder(call, &folder, err) != DONE) return err->code;
  if (strcmp(what, "list") == 0) {
    if (name) return error_set(err, USAGE, "key list takes no name");
    return list_keys(call, folder, err);
  }
  if (strcmp(what, "new") == 0) {
    const struct out_path out = call_out_path(call, "--keys", folder);
    /* a folder that is there may be a link: its owner put it there for the keys */
    if (access(folder, F_OK) != 0 && out_path_check(&out, err) != DONE) return err->code;
    if (keys_new(folder, span_of(name ? name : default_name), &verifier, err) != DONE)
      return err->code;
  } else if (strcmp(what, "rotate") == 0) {
    if (!name)
      return error_set(err, USAGE, "key rotate lacks the key's name; write: weal key rotate %s",
                       default_name);
    if (keys_rotate(folder, span_of(name), &verifier, err) != DONE) return err->code;
  } else
    return error_set(
        err, USAGE,
        "key does not know '%s'; write: weal key new, weal key list or weal key rotate NAME", what);
  text_add_verifier(&call->out, &verifier);
  text_add_char(&call->out, '\n');
  output_note(call, "the key lies in %s; what is printed is its public half, to hand out", folder);
  return DONE;
}

/* ---- the key that signs for this book ---- */

/* The name of the log's key: the name that all its heads have; before the first head --name, else
 * the only name there is, else the default. */
static enum status log_name(struct call *call, const char *folder, const char **out,
                            struct error *err) {
  struct key_row *rows = NULL;
  const char *asked = call_option(call, "name"), *only = NULL;
  int count = 0, names = 0;
  if (setting_read(call->store, call->arena, "log_origin", out, err) != DONE) return err->code;
  if (*out && asked && strcmp(*out, asked) != 0) return refuse(err, HEAD_NAME_OTHER, *out);
  if (*out) return DONE;
  *out = asked;
  if (*out) return DONE;
  if (keys_list(folder, call->arena, &rows, &count, err) != DONE) return err->code;
  for (int i = 0; i < count; i++) {
    if (rows[i].generation != 0 || rows[i].secret == KEY_SECRET_ABSENT ||
        rows[i].verifier.kind != KEY_ED25519)
      continue;
    only = rows[i].verifier.name;
    names++;
    if (strcmp(only, default_name) == 0) return *out = default_name, DONE;
  }
  if (names > 1) return refuse(err, KEY_WHICH, names, folder);
  if (!names) return refuse(err, KEY_NONE, folder);
  *out = only;
  return DONE;
}

static enum status open_signer(struct call *call, struct signer *signer, const char **folder,
                               const char **name, struct error *err) {
  if (key_folder(call, folder, err) != DONE) return err->code;
  if (log_name(call, *folder, name, err) != DONE) return err->code;
  return keys_signer(*folder, span_of(*name), signer, err);
}

static enum status keep_name(struct call *call, const char *name, struct error *err) {
  const char *kept = NULL;
  if (setting_read(call->store, call->arena, "log_origin", &kept, err) != DONE) return err->code;
  if (kept) return DONE;
  if (store_begin(call->store, STORE_WRITE, err) != DONE) return err->code;
  if (setting_write(call->store, "log_origin", name, err) == DONE &&
      store_commit(call->store, err) == DONE)
    return DONE;
  store_rollback(call->store);
  return err->code;
}

/* ---- close ---- */

enum status verb_close(struct call *call, struct error *err) {
  struct sent all[3];
  struct call_sent sent = {.all = all};
  struct action_call act = {0};
  day_t to = DAY_NONE;
  int year;
  if (year_parse(span_of(call->arguments[0]), &year, err) != DONE) {
    err->code = USAGE;
    return USAGE;
  }
  if (call_day(call, "to", &to, err) != DONE || call_open_store(call, STORE_WRITE, err) != DONE)
    return err->code;
  char year_text[8], to_text[11];
  call_send(&sent, "year", year_write(year, year_text));
  call_send(&sent, "to", to == DAY_NONE ? NULL : day_write(to, to_text));
  call_send(&sent, "unfinished", call_has(call, "unfinished") ? "yes" : NULL);
  double start = clock_seconds();
  if (call_act(call, "close-year", &sent, &act, err) != DONE) {
    if (err->refusal.code == REFUSAL_CLOSING_YEAR_RUNS)
      snprintf(err->column, sizeof err->column, "--unfinished");
    return err->code;
  }
  if (call->quiet) return DONE;
  int64_t people = action_answer_int_of(&act, "people"),
          lines = action_answer_int_of(&act, "lines");
  text_addf(&call->out, "Closed %s by entry %s: ", year_text, action_answer_of(&act, "entry"));
  text_add_count(&call->out, people);
  text_add(&call->out, people == 1 ? " person, " : " people, ");
  text_add_count(&call->out, lines);
  text_add(&call->out, lines == 1 ? " line" : " lines");
  text_addf(&call->out, ", in %.1f s. Run `weal head` to sign it.\n", clock_seconds() - start);
  return DONE;
}

/* ---- head ---- */

static enum status sign_head(struct call *call, const struct signer *signer, const char *folder,
                             const char *name, struct error *err) {
  const char *since = call_option(call, "since"), *note = NULL;
  struct verifier *verifiers = NULL;
  struct span old_note;
  int count = 0;
  if (since && cli_read_file(call->arena, since, NOTE_SIZE_MAX, &old_note, err) != DONE)
    return err->code;
  if (head_sign(call->store, signer, call->arena, &note, err) != DONE) return err->code;
  if (keep_name(call, name, err) != DONE) return err->code;
  if (!since) {
    text_add(&call->out, note);
    return DONE;
  }
  if (keys_verifiers(folder, span_of(name), call->arena, &verifiers, &count, err) != DONE)
    return err->code;
  if (head_consistency(call->store, old_note, note, verifiers, count, &call->out, err) != DONE)
    return error_at(err, since, 0, NULL);
  return DONE;
}

/* Keeps the witnesses' signatures with the head. */
static enum status add_witnesses(struct call *call, struct error *err) {
  const char *answer = call_option(call, "witnessed"), *key = call_option(call, "key"),
             *note = NULL;
  struct verifier *witnesses = NULL;
  struct span bytes;
  int count = 0;
  if (!key)
    return error_set(err, USAGE,
                     "--witnessed lacks the witnesses' keys; write --key FILE, with a vkey a line");
  if (cli_read_file(call->arena, answer, NOTE_SIZE_MAX, &bytes, err) != DONE ||
      verifiers_read(key, call->arena, &witnesses, &count, err) != DONE)
    return err->code;
  if (head_witnessed(call->store, bytes, witnesses, count, call->arena, &note, err) != DONE)
    return error_at(err, answer, 0, NULL);
  text_add(&call->out, note);
  return DONE;
}

enum status verb_head(struct call *call, struct error *err) {
  struct signer signer = {0};
  const char *folder = NULL, *name = NULL;
  if (call_has(call, "witnessed") && call_has(call, "since"))
    return error_set(err, USAGE, "--witnessed and --since are two things; give one of them");
  if (call_open_store(call, STORE_WRITE, err) != DONE) return err->code;
  if (call_has(call, "witnessed")) return add_witnesses(call, err);
  enum status status = open_signer(call, &signer, &folder, &name, err);
  if (status == DONE) status = sign_head(call, &signer, folder, name, err);
  signer_wipe(&signer);
  return status;
}

/* ---- statement --proof ---- */

static enum status prove(struct call *call, const struct statement_request *request, int64_t person,
                         const struct signer *signer, struct error *err) {
  int64_t entry = 0;
  int32_t line_no = 0;
  if (!call_has(call, "only"))
    return statement_proved(call->store, call->reference_data, person, request, signer,
                            call_format(call) == FORMAT_PDF ? FORMAT_PDF : FORMAT_JSON, call->arena,
                            &call->out, err);
  if (call_line(call, "only", &entry, &line_no, err) != DONE) return err->code;
  return proof_of_line(call->store, entry, line_no, person, signer, &call->out, err);
}

enum status statement_with_proof(struct call *call, const struct statement_request *request,
                                 int64_t person, struct error *err) {
  struct signer signer = {0};
  const char *folder = NULL, *name = NULL;
  enum status status = open_signer(call, &signer, &folder, &name, err);
  if (status == DONE) status = store_begin(call->store, STORE_READ, err);
  if (status == DONE) {
    status = prove(call, request, person, &signer, err);
    store_rollback(call->store);
  }
  signer_wipe(&signer);
  if (status != DONE) text_clear(&call->out);
  else if (call_format(call) != FORMAT_PDF) text_add_char(&call->out, '\n');
  return status;
}

/* ---- publish-log ---- */

enum status verb_publish_log(struct call *call, struct error *err) {
  struct publish_result result;
  const struct out_path out = call_out_path(call, "DIR", call->arguments[0]);
  if (out_folder_check(&out, err) != DONE) return err->code;
  if (call_open_store(call, STORE_READ, err) != DONE) return err->code;
  if (publish_log(call->store, call->arguments[0], &result, err) != DONE) return err->code;
  if (!call->quiet)
    text_addf(&call->out,
              "The log of size %llu lies in %s: %lld files, %lld of them new; %lld head%s.\n",
              (unsigned long long)result.size, call->arguments[0], (long long)result.files,
              (long long)result.written, (long long)result.heads, result.heads == 1 ? "" : "s");
  return DONE;
}
