/* weal import, weal export: files in and out. */
#include "base/refusal.h"
#include "cli/cli.h"
#include "cli/files.h"

#include "action/importing.h"
#include "base/folder.h"
#include "base/json.h"
#include "base/money.h"
#include "exchange/imports.h"
#include "exchange/summary.h"
#include "register/register.h"

#include <sys/stat.h>

const char import_help[] =
    "Reads CSV or JSON Lines, plain or packed with gzip or zstd; '-' is standard input. All "
    "files of one call are taken, or none: a row that is "
    "refused refuses the call, and the message names its line and column. With --partial the "
    "sound rows are posted and the others are written to the "
    "rejects file (FILE.rejects.csv beside the first file when --rejects does not name one).\n"
    "\n"
    "Register kinds (places, households, people, bodies, services, unit-costs, rates, "
    "streams) "
    "update what is there. Kinds that post (entries, spend, budget) add to "
    "the book: the same file twice is refused, and in entries so is the same body and "
    "reference twice. Import places first, then households, people "
    "and bodies, then entries.\n"
    "\n"
    "A row whose amount, quantity or minutes pass what the policy pack holds to be plausible "
    "(plausible.csv), or whose day lies before 1900 or after the running tax year, is refused "
    "as "
    "unusual: it is most often a slip of the keyboard. Where it is right, --unusual posts it. "
    "Budgets may be of any year.\n"
    "\n"
    "A file that was undone as a whole ('weal reverse import:12') comes in again with --again "
    "import:12: the same bytes, and of them the rows that were posted then. "
    "Their references, which nobody else can use, serve once more. The rows of a file of entries "
    "that --partial left out come in with --rest import:12 once they are right: the same bytes, "
    "and of them only the rows that still wait, each once.\n"
    "\n"
    "    weal import people people.csv\n"
    "    weal import entries tax.csv.gz benefits.csv\n"
    "    weal import entries --profile visits.csv --review who.csv home-care-may.csv\n"
    "    weal import entries --dry-run new.csv\n"
    "    weal import spend --body E07000178 'Apr - Jun 2016.csv'\n"
    "    weal import spend --profile testham.csv --body testham payments-may-2024.csv\n"
    "    zcat old.csv.gz | weal import entries -\n"
    "    weal import entries --again import:12 tax.csv.gz\n"
    "    weal import entries --partial --rest import:12 home-care-may.csv\n";

/* ---- which kind ---- */

static enum status find_kind(const struct call *call, bool out, const struct exchange_kind **kind,
                             struct error *err) {
  const char *name = call->arguments[0];
  *kind = exchange_kind(name);
  if (*kind && (!out || (*kind)->export)) return DONE;
  struct nearest n = {.typed = name};
  for (const struct exchange_kind *k = exchange_kinds; k->name; k++) nearest_offer(&n, k->name);
  if (*kind)
    return error_set(err, USAGE, "%s cannot be exported; 'weal help export' lists the kinds", name);
  if (n.best)
    return error_set(err, USAGE, "there is no kind '%s'; did you mean '%s'?", name, n.best);
  struct text list = {0};
  for (const struct exchange_kind *k = exchange_kinds; k->name; k++)
    text_addf(&list, " %s", k->name);
  error_set(err, USAGE, "there is no kind '%s'; the kinds are:%s", name, list.bytes);
  text_release(&list);
  return USAGE;
}

/* ---- the rejects file ---- */

/* Where refused rows are written: the file of --rejects; with --partial, where rows would otherwise
 * be lost, a file beside the first one, but a dry run writes nothing that nobody asked for; else
 * nowhere. */
static enum status rejects_path(struct call *call, const struct import_options *options,
                                struct out_path *out, struct error *err) {
  const char *path = call_option(call, "rejects"), *option = "--rejects";
  if (!path && options->partial && !options->dry_run) {
    struct stat info;
    const char *first = call->arguments[1];
    bool plain = strcmp(first, "-") != 0 && stat(first, &info) == 0 && S_ISREG(info.st_mode);
    path = plain ? arena_printf(call->arena, "%s.rejects.csv", first) : "weal.rejects.csv";
    option = "--partial without --rejects";
  }
  *out = (struct out_path){0};
  if (!path) return DONE;
  *out = call_out_path(call, option, path);
  return out_path_check(out, err);
}

/* Prints the first refused rows as messages, how many there were, and where all are. True when the
 * error that ended the import is among them. */
static bool report_rejects(const struct call *call, struct rejects *rejects, const char *path,
                           const struct error *err) {
  int count;
  const struct reject *first = rejects_first(rejects, &count);
  uint64_t all = rejects_count(rejects);
  bool told = false;
  for (int i = 0; i < count; i++) {
    struct error one = {0};
    refuse_again(&one, &first[i].refusal, first[i].reason);
    error_at(&one, first[i].file, first[i].line, first[i].column);
    output_error(&one);
    if (strcmp(one.message, err->message) == 0 && one.line == err->line) told = true;
  }
  struct text counted = {0};
  text_add_count(&counted, (int64_t)all - count);
  text_add(&counted,
           (int64_t)all - count == 1 ? " more row was refused" : " more rows were refused");
  if (all > (uint64_t)count && path) output_message("%s; all are in %s", counted.bytes, path);
  else if (all > (uint64_t)count)
    output_message("%s; --rejects FILE writes them all to a file", counted.bytes);
  else if (all && path) output_note(call, "the refused rows are in %s", path);
  text_release(&counted);
  return told;
}

/* An earlier rejects file makes way for this one, or for none where no row is refused any more. */
static void report_earlier(const struct call *call, struct rejects *rejects, const char *path,
                           enum status status) {
  if (!rejects_met_earlier(rejects)) return;
  if (rejects_count(rejects)) output_note(call, "the earlier rejects file %s is replaced", path);
  else if (status == DONE) {
    rejects_remove_earlier(rejects);
    output_note(call, "the earlier rejects file %s is removed: no row is refused now", path);
  }
}

/* ---- the summary ---- */

static void add_summary_json(struct text *t, const struct import_run *run) {
  const struct import_result *r = &run->result;
  for (int i = 0; i < r->file_count; i++) {
    const struct import_file *f = &r->files[i];
    const bool published = run->kind->posts &&
                           (f->decisions_json || strcmp(run->kind->name, "entries") != 0);
    struct json j;
    json_begin(&j, t);
    json_open_object(&j, NULL);
    json_text(&j, "file", span_of(f->path));
    json_int(&j, "rows", f->rows);
    json_int(&j, "posted", f->posted);
    json_int(&j, "rejected", f->rejected);
    if (f->suffix_differs) json_int(&j, "suffix_differs", f->suffix_differs);
    if (published) {
      json_int(&j, "amount", f->amount);
      json_int(&j, "rejected_amount", f->rejected_amount);
      if (f->profile) json_text(&j, "profile", span_of(f->profile));
      else json_none(&j, "profile");
    }
    if (f->read) {
      json_int(&j, "read", f->read);
      json_int(&j, "left_out", f->left_out);
    }
    if (run->kind->posts && r->import) json_int(&j, "import", r->import + i);
    if (run->options.dry_run) json_bool(&j, "dry_run", true);
    json_close_object(&j);
    if (published) { /* `decisions` is an object that the import wrote already */
      t->size--;
      text_addf(t, ",\"decisions\":%s}", f->decisions_json ? f->decisions_json : "{}");
    }
    text_add_char(t, '\n');
  }
}

/* ---- questions ---- */

static bool is_matches_file(struct span head) {
  const char *const ours = "body,name,born,postcode,person,decision,reason";
  return head.size >= strlen(ours) && memcmp(head.bytes, ours, strlen(ours)) == 0;
}

/* What is left for a person to decide, as a file of matches whose column `decision` is empty. */
static enum status write_questions(struct call *call, const struct import_result *r,
                                   struct error *err) {
  const char *path = call_option(call, "review");
  const struct out_path out = call_out_path(call, "--review", path);
  const struct outfile_kind kind = {"a file of matches", is_matches_file};
  struct outfile *file = NULL;
  struct text t = {0};
  text_add(&t, "body,name,born,postcode,person,decision,reason,x_why,x_rows\n");
  for (int i = 0; i < r->question_count; i++) {
    const struct import_question *q = &r->questions[i];
    const char *const cells[] = {q->body, q->name, q->born, q->postcode, q->person, "", "", q->how};
    for (size_t c = 0; c < sizeof cells / sizeof *cells; c++) {
      text_add_csv_guarded(&t, span_of(cells[c]));
      text_add_char(&t, ',');
    }
    text_addf(&t, "%lld\n", (long long)q->rows);
  }
  enum status status = outfile_open(&file, &out, &kind, err);
  if (status == DONE)
    status = file_write_all(file->fd, span_make(t.bytes, t.size), "the questions cannot be written",
                            err);
  if (status == DONE) status = outfile_place(file, err);
  outfile_close(file);
  text_release(&t);
  if (status == DONE)
    output_note(call,
                "questions of who is meant: %d, in %s; write same or different into the "
                "column decision, and import it as matches",
                r->question_count, path);
  return status;
}

/* ---- import ---- */

/* As fields of the action. */
static enum status act(struct call *call, const struct import_run *run,
                       struct action_import *import, struct error *err) {
  const struct import_options *options = &run->options;
  struct action_call act = {.import = import};
  struct call_sent sent = {.all = arena_array(call->arena, struct sent, run->path_count + 8)};
  char day[11];
  call_send(&sent, "kind", run->kind->name);
  for (int i = 0; i < run->path_count; i++) {
    call_send(&sent, "file", run->paths[i]);
    sent.all[sent.count - 1].file = true;
  }
  call_send(&sent, "ways", options->partial ? "partial" : NULL);
  call_send(&sent, "ways", options->unusual ? "unusual" : NULL);
  call_send(&sent, "ways", options->dry_run ? "dry-run" : NULL);
  call_send(&sent, "body", options->body);
  call_send(&sent, "date", options->date == DAY_NONE ? NULL : day_write(options->date, day));
  call_send(&sent, "again",
            options->again ? arena_printf(call->arena, "%lld", (long long)options->again) : NULL);
  call_send(&sent, "rest",
            options->rest ? arena_printf(call->arena, "%lld", (long long)options->rest) : NULL);
  return call_act(call, "import", &sent, &act, err);
}

enum status files_import(struct call *call, struct import_run *run, struct error *err) {
  struct action_import import = {.profile = run->options.profile};
  const char *path = run->rejects.path;
  if (rejects_open(&import.rejects, path ? &run->rejects : NULL, run->path_count > 1, err) != DONE)
    return err->code;
  double start = clock_seconds();
  enum status status = act(call, run, &import, err);
  run->seconds = clock_seconds() - start;
  run->result = import.result;

  struct error unwritten = {0};
  report_earlier(call, import.rejects, path, status);
  enum status closed = rejects_close(import.rejects, &unwritten);
  if (import.pack_left)
    output_note(call, "the policy pack differs from what the book has of it; a dry run does not "
                      "take it up, so rows that need it are refused here");
  bool told = report_rejects(call, import.rejects, closed == DONE ? path : NULL, err);
  uint64_t refused = rejects_count(import.rejects);
  rejects_free(import.rejects);
  /* its message is on the terminal already */
  if (status == REFUSED && refused && (told || !err->message[0])) {
    *err = (struct error){.code = REFUSED};
    output_message(
        refused == 1
            ? "nothing was written: a row was refused; mend it, or give --partial to leave it out"
            : "nothing was written: rows were refused; mend them, or give --partial to leave them "
              "out");
  }
  /* posted rows remain posted, and the book then has the refused rows too */
  if ((status == DONE || status == REFUSED) && closed != DONE) {
    *err = unwritten;
    status = closed;
  }
  return status;
}

/* --again import:12, --rest import:12; 0: not given. */
static enum status read_number(struct call *call, const char *option, int64_t *out,
                               struct error *err) {
  const char *word = call_option(call, option),
             *number = word && strncmp(word, "import:", 7) == 0 ? word + 7 : NULL;
  if (!word) return DONE;
  return number && integer_parse(span_of(number), out, NULL) == DONE && *out >= 1
             ? DONE
             : error_set(err, USAGE,
                         "--%s: '%s' is no import; write import:12, as `weal imports` lists them",
                         option, word);
}

static enum status read_again(struct call *call, struct import_run *run, struct error *err) {
  struct import_options *o = &run->options;
  if (read_number(call, "again", &o->again, err) != DONE ||
      read_number(call, "rest", &o->rest, err) != DONE)
    return err->code;
  /* what the action would refuse, the command line calls malformed */
  if (o->again && !run->kind->posts)
    return error_set(err, USAGE,
                     "--again is for entries, spend and budget; %s can be imported at any time",
                     run->kind->name);
  if (o->rest && strcmp(run->kind->name, "entries") != 0)
    return error_set(err, USAGE, "--rest is for entries; a file of %s is given as a whole",
                     run->kind->name);
  if (o->again && o->rest)
    return error_set(err, USAGE,
                     "a file comes in again, or its rest does; give one of --again "
                     "and --rest");
  if ((o->again || o->rest) && run->path_count != 1)
    return error_set(err, USAGE, "--%s takes one file: the one that import:%lld took in",
                     o->again ? "again" : "rest", (long long)(o->again ? o->again : o->rest));
  return DONE;
}

enum status verb_import(struct call *call, struct error *err) {
  struct import_run run = {.options = {.dry_run = call_has(call, "dry-run"),
                                       .partial = call_has(call, "partial"),
                                       .unusual = call_has(call, "unusual"),
                                       .body = call_option(call, "body"),
                                       .profile = call_option(call, "profile"),
                                       .date = DAY_NONE}};
  if (find_kind(call, false, &run.kind, err) != DONE) return err->code;
  if (call_day(call, "date", &run.options.date, err) != DONE) return err->code;
  if (rejects_path(call, &run.options, &run.rejects, err) != DONE) return err->code;
  run.path_count = call->argument_count - 1;
  if (run.path_count > LIMIT_IMPORT_FILES)
    return error_set(err, USAGE, "%d files are too many for one call; give at most %d",
                     run.path_count, LIMIT_IMPORT_FILES);
  if (read_again(call, &run, err) != DONE) return err->code;
  if (call_option(call, "review")) {
    const struct out_path out = call_out_path(call, "--review", call_option(call, "review"));
    if (out_path_check(&out, err) != DONE) return err->code;
  }
  run.paths = arena_array(call->arena, char *, run.path_count);
  for (int i = 0; i < run.path_count; i++)
    run.paths[i] = arena_string(call->arena, call->arguments[i + 1]);

  if (call_open_store(call, STORE_WRITE, err) != DONE) return err->code;
  const enum status status = files_import(call, &run, err);
  struct error unwritten = {0};
  if (call_option(call, "review") && run.result.question_count &&
      write_questions(call, &run.result, &unwritten) != DONE)
    output_error(&unwritten);
  if (status != DONE) return status;
  if (call_format(call) == FORMAT_JSON) add_summary_json(&call->out, &run);
  else if (!call->quiet)
    import_summary(&call->out, run.kind, &run.options, &run.result, run.seconds);
  return DONE;
}

/* ---- imports ---- */

enum status verb_imports(struct call *call, struct error *err) {
  struct document *document = NULL;
  if (call_open_store(call, STORE_READ, err) != DONE ||
      imports_list(call->store, call->arena, &document, err) != DONE)
    return err->code;
  output_document(call, document);
  return DONE;
}

/* ---- export ---- */

/* Kinds that show a person's record. */
static bool shows_people(const char *kind) {
  return strcmp(kind, "people") == 0 || strcmp(kind, "households") == 0 ||
         strcmp(kind, "entries") == 0 || strcmp(kind, "facts") == 0 ||
         strcmp(kind, "awards") == 0 || strcmp(kind, "matches") == 0 ||
         strcmp(kind, "award-rows") == 0;
}

enum status verb_export(struct call *call, struct error *err) {
  const struct exchange_kind *kind;
  if (find_kind(call, true, &kind, err) != DONE) return err->code;
  bool people = shows_people(kind->name);
  if (call_open_store(call, people ? STORE_WRITE : STORE_READ, err) != DONE) return err->code;
  if (call_open_pack(call, err) != DONE) return err->code;
  if (people && call_note_run(call, arena_printf(call->arena, "export %s", kind->name), NULL,
                              DAY_NONE, err) != DONE)
    return err->code;
  enum status status = kind->export(call->store, call->pack, &call->out,
                                    call_format(call) == FORMAT_JSON ? EXPORT_JSON
                                    : call_has(call, "raw")          ? EXPORT_RAW
                                                                     : EXPORT_CSV,
                                    output_stream, call, err);
  return output_stream_end(call, status, err);
}
