/* weal profile: what the columns of a published file mean. */
#include "base/folder.h"
#include "base/outfile.h"
#include "base/refusal.h"
#include "cli/options.h"

#include "exchange/kept_profiles.h"
#include "exchange/profile_new.h"
#include "register/body_profiles.h"

const struct option profile_options[] = {
    {"body", "CODE", "whose files the profile reads", NULL},
    {"version", "N", "of the body's versions; the newest when not said", NULL},
    REASON_OPTION,
    END_OPTIONS,
};

const char profile_help[] =
    "A profile says what the columns of a publisher's files mean. 'profile new' reads a file "
    "that no profile knows and writes what it takes each column for, how sure that is of 100, "
    "and three of its values; no book is needed. Correct what is wrong and import the file with "
    "it: the book then keeps the profile as the body's next version, and reads the body's other "
    "files with the same headings by it. 'weal imports' names the version that read each file.\n"
    "\n"
    "'list' shows what the book keeps; with --body of one body. 'show CODE' writes the rules of a "
    "body's profile, and 'export CODE FILE' writes them to a file that another book takes with "
    "'import FILE': there --body names whose files they read, if the code is another. A profile "
    "that is wrong is refused with its line, and nothing is kept. Versions are never changed or "
    "taken away. In the folder 'profiles' of the policy pack a profile serves every book.\n"
    "\n"
    "    weal profile new payments-may-2024.csv > testham.csv\n"
    "    weal import spend --profile testham.csv --body testham payments-may-2024.csv\n"
    "    weal profile list\n"
    "    weal profile export testham testham-profile.csv\n"
    "    weal profile import testham-profile.csv --body otherham\n";

/* ---- new ---- */

static enum status make_new(struct call *call, struct error *err) {
  const char *const *packs = NULL, *pack = NULL;
  int count = 0;
  if (call->argument_count != 2)
    return error_set(err, USAGE, "which file? Write: weal profile new FILE");
  if (call_policies(call, &packs, &count, err) != DONE) return err->code;
  if (!count && call_installed_policy(call, &pack, err) != DONE) return err->code;
  return profile_new(call->arguments[1], count ? packs[0] : pack, call->arena, &call->out, err);
}

/* ---- what the book keeps ---- */

struct kept_list {
  struct bodies *bodies;
  struct body_profiles all;
};

static enum status read_kept(struct call *call, struct kept_list *out, struct error *err) {
  enum status status = call_open_store(call, STORE_READ, err);
  if (status == DONE) status = register_bodies(call->store, call->arena, &out->bodies, err);
  return status == DONE ? body_profiles_read(call->store, call->arena, &out->all, err) : status;
}

static enum status list(struct call *call, struct error *err) {
  static const struct doc_column columns[] = {{"body", "Body"},  {"version", "Version"},
                                              {"kind", "Kind"},  {"made_at", "Made"},
                                              {"made_by", "By"}, {"reason", "Why"},
                                              {"pack", NULL}};
  static const char *const csv[] = {"body",    "version", "kind", "made_at",
                                    "made_by", "reason",  "pack"};
  enum { COLUMNS = sizeof columns / sizeof *columns };
  const char *only = call_option(call, "body");
  struct kept_list kept;
  if (read_kept(call, &kept, err) != DONE) return err->code;
  struct document *d = document_new(call->arena, ENGLISH, "Profiles of published files");
  document_csv_columns(d, csv, sizeof csv / sizeof *csv);
  document_table(d, "profiles", NULL, columns, COLUMNS, "profiles");
  for (int i = 0; i < kept.all.count; i++) {
    const struct body_profile *p = &kept.all.all[i];
    const struct body *body = bodies_by_id(kept.bodies, p->body);
    if (!body || (only && strcmp(only, body->code) != 0)) continue;
    document_cell(d, doc_text(body->code));
    document_cell(d, doc_count(p->version));
    document_cell(d, doc_text(p->kind));
    document_cell(d, doc_text(p->at));
    document_cell(d, doc_text(p->by));
    document_cell(d, doc_text(p->reason));
    document_cell(d, doc_text(p->pack));
  }
  document_table_end(d);
  output_document(call, d);
  return DONE;
}

/* The version that the call asks for, as a profile that names its body and version. */
static enum status write_one(struct call *call, struct text *out, struct error *err) {
  const char *code = call->arguments[1];
  struct kept_list kept;
  struct profile *profile = NULL;
  int64_t version = 0;
  if (call_count(call, "version", 1, INT32_MAX, &version, err) != DONE ||
      read_kept(call, &kept, err) != DONE)
    return err->code;
  const struct body *body = bodies_by_code(kept.bodies, span_of(code));
  for (int i = 0; i < kept.all.count; i++) {
    const struct body_profile *p = &kept.all.all[i];
    if (!body || p->body != body->id || (version && p->version != version)) continue;
    if (profile_read_rules(&profile, code, span_of(p->rules), call->arena, err) != DONE)
      return err->code;
    profile_write(profile, code,
                  arena_printf(call->arena, "version %d, made at %s", p->version, p->at), out);
    return DONE;
  }
  return refuse(err, PROFILE_VERSION_UNKNOWN, code);
}

static bool is_profile_file(struct span head) {
  static const char first[] = "rule,published,means";
  return head.size >= sizeof first - 1 && memcmp(head.bytes, first, sizeof first - 1) == 0;
}

static enum status export_one(struct call *call, struct error *err) {
  static const struct outfile_kind kind = {"a profile", is_profile_file};
  const struct out_path path = call_out_path(call, "the profile", call->arguments[2]);
  struct text rules = {0};
  struct outfile *out = NULL;
  enum status status = write_one(call, &rules, err);
  if (status == DONE) status = outfile_open(&out, &path, &kind, err);
  if (status == DONE)
    status = file_write_all(out->fd, span_make(rules.bytes, rules.size),
                            "the profile cannot be written", err);
  if (status == DONE) status = outfile_place(out, err);
  outfile_close(out);
  text_release(&rules);
  return status;
}

static enum status import_one(struct call *call, struct error *err) {
  struct action_call act = {0};
  struct call_sent sent = {.all = arena_array(call->arena, struct sent, 3)};
  enum status status = call_open_store(call, STORE_WRITE, err);
  if (status != DONE) return status;
  call_send(&sent, "body", call_option(call, "body"));
  call_send(&sent, "file", call->arguments[1]);
  sent.all[sent.count - 1].file = true;
  call_send(&sent, "reason", call_option(call, "reason"));
  status = call_act(call, "profile-keep", &sent, &act, err);
  if (status != DONE || call->quiet) return status;
  text_addf(&call->out,
            strcmp(action_answer_of(&act, "added"), "yes") == 0
                ? "Kept as version %s of the profile of %s.\n"
                : "Nothing changed: it is version %s of the profile of %s already.\n",
            action_answer_of(&act, "version"), action_answer_of(&act, "body"));
  return DONE;
}

enum status verb_profile(struct call *call, struct error *err) {
  static const struct {
    const char *word;
    int arguments;
    enum status (*run)(struct call *call, struct error *err);
    const char *write;
  } all[] = {{"list", 1, list, "list"},
             {"export", 3, export_one, "export CODE FILE"},
             {"import", 2, import_one, "import FILE --body CODE"}};
  const char *what = call->arguments[0];
  if (strcmp(what, "new") == 0) return make_new(call, err);
  if (strcmp(what, "show") == 0)
    return call->argument_count == 2
               ? write_one(call, &call->out, err)
               : error_set(err, USAGE, "whose? Write: weal profile show CODE");
  for (size_t i = 0; i < sizeof all / sizeof *all; i++)
    if (strcmp(what, all[i].word) == 0)
      return call->argument_count == all[i].arguments
                 ? all[i].run(call, err)
                 : error_set(err, USAGE, "write: weal profile %s", all[i].write);
  return error_set(err, USAGE,
                   "there is no 'weal profile %s'; write: weal profile new FILE, list, show CODE, "
                   "export CODE FILE or import FILE",
                   what);
}
