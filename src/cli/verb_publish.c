/* weal publish: the editions of the public account, and their files. */
#include "cli/cli.h"

#include "base/limits.h"
#include "publish/files.h"

static enum status list(struct call *call, struct error *err) {
  static const struct doc_column columns[] = {{"edition", "Edition"},
                                              {"made", "Made on"},
                                              {"at", NULL},
                                              {"why", "Why"},
                                              {"log_size", "Entries"},
                                              {"years", "Years"},
                                              {"new", "With new figures"}};
  static const char *const csv[] = {"edition", "made", "at", "why", "log_size", "years", "new"};
  enum { COLUMNS = sizeof columns / sizeof *columns };
  struct edition_record *all = NULL;
  int count = 0;
  if (call_open_store(call, STORE_READ, err) != DONE ||
      editions_list(call->store, call->arena, &all, &count, err) != DONE)
    return err->code;
  struct document *d = document_new(call->arena, ENGLISH, "Editions of the public account");
  document_csv_columns(d, csv, COLUMNS);
  document_table(d, "editions", NULL, columns, COLUMNS, "editions");
  for (int i = 0; i < count; i++) {
    document_cell(d, doc_count(all[i].id));
    document_cell(d, doc_day(all[i].day));
    document_cell(d, doc_text(all[i].made_at));
    document_cell(d, doc_text(all[i].why));
    document_cell(d, doc_count(all[i].log_size));
    document_cell(d, doc_count(all[i].years));
    document_cell(d, doc_count(all[i].years_new));
  }
  document_table_end(d);
  output_document(call, d);
  return DONE;
}

static enum status say_schedule(struct call *call, enum edition_schedule schedule, const char *word,
                                struct error *err) {
  int64_t last;
  day_t made;
  char day[11];
  enum status status = edition_last(call->store, &last, &made, err);
  if (status != DONE) return status;
  if (schedule == EDITION_NEVER)
    text_add(&call->out,
             "The public account is made only when it is asked for (weal publish --new)");
  else text_addf(&call->out, "The public account is made %s", word);
  if (last && schedule != EDITION_NEVER)
    text_addf(&call->out, ", the next time on %s",
              day_write(edition_due_after(schedule, made), day));
  text_add(&call->out, ". Every administrator is told.\n");
  return DONE;
}

static enum status set_schedule(struct call *call, const char *word, struct error *err) {
  enum edition_schedule schedule;
  const char *who;
  if (!edition_schedule_parse(span_of(word), &schedule))
    return error_set(err, USAGE, "'%s' is no schedule; write weekly, monthly, quarterly or never",
                     word);
  if (call_open_store(call, STORE_WRITE, err) != DONE || call_who(call, &who, err) != DONE ||
      store_begin(call->store, STORE_WRITE, err) != DONE)
    return err->code;
  enum status status = edition_schedule_write(call->store, schedule, who, err);
  if (status == DONE) status = store_commit(call->store, err);
  if (status != DONE) store_rollback(call->store);
  return status == DONE && !call->quiet ? say_schedule(call, schedule, word, err) : status;
}

static enum status make(struct call *call, struct edition_made *made, struct error *err) {
  struct edition_making making = {.today = day_today(), .progress = call->progress, .wait = true};
  if (call_open_store(call, STORE_WRITE, err) != DONE || call_open_pack(call, err) != DONE ||
      (call_has(call, "new") && call_who(call, &making.early, err) != DONE))
    return err->code;
  making.pack = call->pack;
  return edition_make(call->store, &making, made, err);
}

static void say_made(struct call *call, const struct edition_made *made) {
  if (call->quiet || !made->id) return;
  text_addf(&call->out, "Edition %lld was made: %d year%s, %d of them with new figures.\n",
            (long long)made->id, made->years, made->years == 1 ? "" : "s", made->years_new);
}

/* id 0: the latest */
static enum status write_files(struct call *call, const char *dir, int64_t id, struct error *err) {
  struct edition *edition = NULL;
  struct publish_files_result result = {0};
  enum language language;
  char day[11];
  if (call_language(call, &language, err) != DONE ||
      edition_read(call->store, call->pack, id, &edition, err) != DONE)
    return err->code;
  if (!edition) return error_set(err, FAILED, "the edition that was made cannot be found");
  enum status status = publish_files(call->store, edition, language, dir, &result, err);
  if (status == DONE && !call->quiet) {
    text_addf(&call->out, "Edition %lld, made on %s: ", (long long)edition->id,
              day_write(edition->made, day));
    text_add_count(&call->out, result.files);
    text_addf(&call->out, " files in %s", dir);
    if (result.removed) {
      text_add(&call->out, "; of an earlier edition ");
      text_add_count(&call->out, result.removed);
      text_add(&call->out, " were removed");
    }
    text_add(&call->out, ".\n");
  }
  edition_free(edition);
  return status;
}

enum status verb_publish(struct call *call, struct error *err) {
  const char *dir = call->argument_count ? call->arguments[0] : NULL;
  const char *schedule = call_option(call, "schedule");
  struct edition_made made = {0};
  int64_t edition = 0;
  if ((call_has(call, "list") || schedule) &&
      (dir || call_has(call, "new") || call_has(call, "edition")))
    return error_set(err, USAGE, "--list and --schedule stand alone");
  if (call_has(call, "list") && schedule)
    return error_set(err, USAGE, "--list and --schedule are two things; give one of them");
  if (call_has(call, "list")) return list(call, err);
  if (schedule) return set_schedule(call, schedule, err);
  if (!dir && !call_has(call, "new"))
    return error_set(err, USAGE, "write publish DIR, or one of --new, --list, --schedule WHEN");
  if (call_has(call, "edition") && (!dir || call_has(call, "new")))
    return error_set(err, USAGE, "--edition says which one is written; write publish DIR with it");
  if (call_has(call, "edition") && call_count(call, "edition", 1, INT64_MAX, &edition, err) != DONE)
    return err->code;
  if (dir) {
    const struct out_path out = call_out_path(call, "publish", dir);
    if (out_folder_check(&out, err) != DONE) return err->code;
  }
  if (make(call, &made, err) != DONE) return err->code;
  say_made(call, &made);
  return dir ? write_files(call, dir, edition, err) : DONE;
}
