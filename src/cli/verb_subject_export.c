/* weal subject-export: everything that is held about one person, for that person. */
#include "cli/cli.h"

#include "base/json.h"
#include "exchange/subject_export.h"

static void add_result(struct call *call, const char *dir,
                       const struct subject_export_result *result) {
  if (call_format(call) == FORMAT_JSON) {
    struct json j;
    json_begin(&j, &call->out);
    json_open_object(&j, NULL);
    json_text(&j, "folder", span_of(dir));
    json_int(&j, "files", result->files);
    json_int(&j, "rows", result->rows);
    json_int(&j, "attachments", result->attachments);
    json_int(&j, "withheld", result->withheld);
    json_close_object(&j);
    text_add_char(&call->out, '\n');
    return;
  }
  text_addf(&call->out, "Wrote everything held about them to %s: %lld rows of %lld subjects", dir,
            (long long)result->rows, (long long)result->files);
  if (result->attachments)
    text_addf(&call->out, ", %lld attached %s", (long long)result->attachments,
              result->attachments == 1 ? "file" : "files");
  text_addf(&call->out, ". Other people are withheld in %lld %s.\n", (long long)result->withheld,
            result->withheld == 1 ? "place" : "places");
}

enum status verb_subject_export(struct call *call, struct error *err) {
  struct subject_export_options options = {.language = ENGLISH};
  struct subject_export_result result;
  if (call_language(call, &options.language, err) != DONE) return err->code;
  const struct out_path out = call_out_path(call, "DIR", call->arguments[1]);
  if (out_folder_check(&out, err) != DONE) return err->code;
  if (call_open_store(call, STORE_WRITE, err) != DONE) return err->code;
  if (call_open_pack(call, err) != DONE) return err->code;
  if (call_person(call, 0, &options.person, err) != DONE) return err->code;
  if (call_who(call, &options.by, err) != DONE) return err->code;
  if (call_note_access(call, options.person, "subject-export", err) != DONE) return err->code;
  if (subject_export_folder(call->store, call->pack, &options, call->arguments[1], &result, err) !=
      DONE)
    return err->code;
  if (!call->quiet) add_result(call, call->arguments[1], &result);
  return DONE;
}
