/* Actions that take long: files taken in, a year closed. */
#include "action/importing.h"
#include "action/rows.h"
#include "attest/closing.h"
#include "base/refusal.h"
#include "book/imports.h"
#include "book/pack_rows.h"
#include "book/reversal.h"
#include "register/schemes.h"

/* ---- files ---- */

static const struct choice import_kinds[] = {
    {"places", N_("Places")},
    {"households", N_("Households")},
    {"people", N_("People")},
    {"bodies", N_("Organisations")},
    {"services", N_("Services")},
    {"unit-costs", N_("What one unit of each service costs")},
    {"rates", N_("What an hour of people's time is worth")},
    {"matches", N_("Who is meant by rows of organisations' own files")},
    {"payees", N_("Payees: which are one, and which are organisations")},
    {"profiles", N_("Profiles: what the columns of published files mean")},
    {"streams", N_("Streams of money of organisations")},
    {"facts", N_("Facts: what taxes and benefits depend on")},
    {"awards", N_("Awards: what other organisations pay people")},
    {"award-rows", N_("Awards from other accounts, with what was paid of them")},
    {"entries", N_("Items: what people paid, received, used and gave")},
    {"spend", N_("Spending: what organisations paid to suppliers")},
    {"budget", N_("Budgets of organisations")},
    {NULL, NULL}};
static const struct choice import_ways[] = {
    {"partial", N_("Leave refused rows out and take the others")},
    {"unusual", N_("Take unusual rows too: I have checked them")},
    {"dry-run", N_("Only try it: nothing is written")},
    {NULL, NULL}};
static const struct field import_fields[] = {
    {.name = "kind",
     .kind = FIELD_CHOICE,
     .choices = import_kinds,
     .label = N_("What is in the file?"),
     .missing = N_("Choose what is in the file")},
    {.name = "file",
     .kind = FIELD_FILES,
     .label = N_("The file"),
     .hint = N_(
         "CSV with a header row, or JSON Lines; it may be packed with gzip. What an "
         "organisation publishes or exports may also be Excel (.xlsx) or OpenDocument (.ods)"),
     .missing = N_("Choose the file")},
    {.name = "body",
     .kind = FIELD_CODE,
     .optional = true,
     .label = N_("Code of the organisation"),
     .hint =
         N_("For spending, budgets and organisations' own files that do not say whose they are")},
    {.name = "date",
     .kind = FIELD_DAY,
     .optional = true,
     .label = N_("Day of the payments"),
     .hint = N_("For spending whose file does not say on which day")},
    {.name = "again",
     .kind = FIELD_COUNT,
     .optional = true,
     .least = 1,
     .label = N_("Number of the earlier import"),
     .hint = N_("For a file that was uploaded before and has been wholly taken back since")},
    {.name = "rest",
     .kind = FIELD_COUNT,
     .optional = true,
     .least = 1,
     .label = N_("Number of the import whose refused rows come now"),
     .hint = N_("For the same file of items once more: only rows that were refused before are "
                "recorded")},
    {.name = "ways",
     .kind = FIELD_CHOICES,
     .optional = true,
     .choices = import_ways,
     .label = N_("How")},
    {.name = NULL}};

static bool has_way(struct action_call *call, const char *way) {
  struct span ways = action_text(call, "ways");
  for (size_t at = 0; at < ways.size;) {
    struct span word = span_make(ways.bytes + at, strcspn(ways.bytes + at, " "));
    if (span_is(word, way)) return true;
    at += word.size + 1;
  }
  return false;
}

/* The value `file`, a path and a NUL after it each time, as a list. */
static char *const *read_paths(struct action_call *call, int *count) {
  struct span all = action_text(call, "file");
  char **paths = arena_array(call->arena, char *, LIMIT_IMPORT_FILES);
  *count = 0;
  for (size_t at = 0; at < all.size && *count < LIMIT_IMPORT_FILES;) {
    paths[*count] = arena_string(call->arena, all.bytes + at);
    at += strlen(paths[(*count)++]) + 1;
  }
  return paths;
}

/* If the pack has grown since the book was made, adds the missing rows to the book, as `init`
 * would. A dry run keeps none: of a kind that does not post they are there while it runs. */
static enum status sync_pack(struct action_call *call, struct action_import *import,
                             struct error *err) {
  bool differs = false, schemes = false;
  enum status status = book_pack_differs(call->store, call->pack, &differs, err);
  if (status == DONE) status = schemes_differ(call->store, call->pack, &schemes, err);
  if (status != DONE || (!differs && !schemes)) return status;
  if (import->options.dry_run) {
    import->options.take_pack = !import->kind->posts;
    import->pack_left = import->kind->posts;
    return DONE;
  }
  status = store_begin(call->store, STORE_WRITE, err);
  if (status == DONE) status = book_sync_pack(call->store, call->pack, err);
  if (status == DONE) status = schemes_sync(call->store, call->pack, err);
  if (status == DONE) status = store_commit(call->store, err);
  if (status != DONE) store_rollback(call->store);
  return status;
}

static enum status check_rest(const struct action_import *import, int path_count,
                              struct error *err) {
  const struct import_options *o = &import->options;
  if (!o->rest) return DONE;
  if (o->again) return refuse_at(err, "rest", IMPORT_REST_AND_AGAIN);
  if (strcmp(import->kind->name, "entries") != 0)
    return refuse_at(err, "rest", IMPORT_REST_KIND, (long long)o->rest, import->kind->name);
  return path_count == 1 ? DONE : refuse_at(err, "rest", IMPORT_AGAIN_SEVERAL, (long long)o->rest);
}

static enum status check_again(const struct action_import *import, int path_count,
                               struct error *err) {
  if (!import->options.again) return DONE;
  if (!import->kind->posts)
    return refuse_at(err, "again", IMPORT_AGAIN_OF_REGISTER, import->kind->name);
  if (path_count != 1)
    return refuse_at(err, "again", IMPORT_AGAIN_SEVERAL, (long long)import->options.again);
  return DONE;
}

static void answer_import(struct action_call *call, const struct import_result *done) {
  int64_t rows = 0, posted = 0, rejected = 0;
  for (int i = 0; i < done->file_count; i++) {
    rows += done->files[i].rows;
    posted += done->files[i].posted;
    rejected += done->files[i].rejected;
  }
  action_answer_int(call, "rows", rows);
  action_answer_int(call, "posted", posted);
  action_answer_int(call, "rejected", rejected);
  if (done->import) action_answer_int(call, "import", done->import);
  if (!done->first_entry) return;
  action_answer_int(call, "first_entry", done->first_entry);
  action_answer_int(call, "last_entry", done->last_entry);
}

static enum status run_import(struct action_call *call, struct error *err) {
  struct action_import own = {0}, *import = call->import ? call->import : &own;
  struct import_call files = {.store = call->store, .pack = call->pack, .arena = call->arena};
  struct span body = action_text(call, "body");
  import->kind = exchange_kind(action_text(call, "kind").bytes);
  import->options = (struct import_options){.dry_run = has_way(call, "dry-run"),
                                            .partial = has_way(call, "partial"),
                                            .unusual = has_way(call, "unusual"),
                                            .way_out = import->way_out,
                                            .profile = import->profile,
                                            .previewed = import->previewed,
                                            .preview = import->preview,
                                            .body = body.size ? body.bytes : NULL,
                                            .date = action_day(call, "date"),
                                            .unpacked_most = import->unpacked_most,
                                            .again = action_int(call, "again"),
                                            .rest = action_int(call, "rest"),
                                            .who = call->actor.by.who,
                                            .progress = call->progress,
                                            .watch = call->watch};
  files.paths = read_paths(call, &files.path_count);
  if (check_again(import, files.path_count, err) != DONE ||
      check_rest(import, files.path_count, err) != DONE)
    return err->code;
  if (!import->options.dry_run &&
      action_alert_begun(call, ALERT_IMPORT, import->kind->name, err) != DONE)
    return err->code;
  if (sync_pack(call, import, err) != DONE) return err->code;
  files.options = import->options;
  files.rejects = import->rejects;
  if (!files.rejects && rejects_open(&files.rejects, NULL, files.path_count > 1, err) != DONE)
    return err->code;
  enum status status = exchange_import(import->kind, &files, &import->result, err);
  if (!import->rejects) rejects_free(files.rejects);
  if (status == DONE) answer_import(call, &import->result);
  return status;
}

/* ---- a file taken back ---- */

static const struct field import_reverse_fields[] = {
    {.name = "import", .kind = FIELD_COUNT, .least = 1, .label = N_("Number of the import")},
    {.name = "reason",
     .kind = FIELD_TEXT,
     .least = 4,
     .most = 200,
     .label = N_("Why is it taken back?"),
     .hint = N_("For example, the wrong month. Name nobody"),
     .missing = N_("Say why it is taken back")},
    {.name = NULL}};

/* Payments and budgets only: what other files say of people is taken back on the command line. */
static enum status run_import_reverse(struct action_call *call, struct error *err) {
  const int64_t id = action_int(call, "import");
  struct import_record import;
  bool found = false;
  enum status status = import_find(call->store, call->arena, id, &import, &found, err);
  if (status != DONE) return status;
  if (!found) return refuse_at(err, "import", IMPORT_UNKNOWN, (long long)id);
  if (!span_is(import.kind, "spend") && !span_is(import.kind, "budget"))
    return refuse_at(err, "import", IMPORT_NOT_PAYMENTS);
  struct reversal reversal = {.import = id,
                              .on = DAY_NONE,
                              .reason = action_text(call, "reason").bytes,
                              .who = call->actor.by.who};
  struct reversal_result done = {0};
  status = action_alert_begun(call, ALERT_REVERSED,
                              arena_printf(call->arena, "import:%lld", (long long)id), err);
  if (status == DONE) status = reversal_post(call->store, &reversal, &done, err);
  if (status != DONE) return status;
  action_answer_int(call, "lines", done.lines);
  action_answer_int(call, "skipped", done.skipped);
  return DONE;
}

/* ---- a year ---- */

static const struct field close_fields[] = {
    {.name = "year",
     .kind = FIELD_YEAR,
     .label = N_("Which year?"),
     .hint = N_("For example, 2025-26"),
     .missing = N_("Enter the year to close")},
    {.name = "to",
     .kind = FIELD_DAY,
     .optional = true,
     .label = N_("Up to which day?"),
     .hint = N_("Leave it empty for the whole year")},
    {.name = "unfinished",
     .kind = FIELD_CHOICE,
     .optional = true,
     .choices = (const struct choice[]){{"no", N_("Close it only if the year is over")},
                                        {"yes", N_("Close it although the year is not over")},
                                        {NULL, NULL}},
     .label = N_("A year that is not over")},
    {.name = "sure",
     .kind = FIELD_CHOICES,
     .choices = (const struct choice[]){{"yes", N_("I have read what closing a year does")},
                                        {NULL, NULL}},
     .label = N_("Before you close"),
     .is_step = true,
     .missing = N_("Say that you have read what closing a year does")},
    {.name = NULL}};

/* Lines that come later in the year would be missing from what looks like the whole of it. */
static enum status check_over(struct action_call *call, struct error *err) {
  const int year = (int)action_int(call, "year");
  const day_t to = action_day(call, "to"), last = year_last_day(YEAR_TAX, year);
  char written[8], over[11];
  if ((to == DAY_NONE ? last : to) < call->today || span_is(action_text(call, "unfinished"), "yes"))
    return DONE;
  return refuse_at(err, "unfinished", CLOSING_YEAR_RUNS, year_write(year, written),
                   day_write(last + 1, over));
}

/* The access log says who closed it before it is closed, in a transaction of its own. */
static enum status note_closing(struct action_call *call, int year, struct error *err) {
  char written[8];
  enum status status = store_begin(call->store, STORE_WRITE, err);
  if (status == DONE)
    status = access_log_add(call->store, &call->actor.by, 0, "closing", year_write(year, written),
                            err);
  if (status == DONE && call->second)
    status = access_log_add(call->store, call->second, 0, "closing", year_write(year, written),
                            err);
  if (status == DONE) status = store_commit(call->store, err);
  if (status != DONE) store_rollback(call->store);
  return status;
}

static enum status run_close(struct action_call *call, struct error *err) {
  struct closing_result done = {0};
  const struct closing_options options = {.year = (int)action_int(call, "year"),
                                          .to = action_day(call, "to"),
                                          .progress = call->progress,
                                          .watch = call->watch};
  char year[8];
  enum status status = check_over(call, err);
  if (status == DONE)
    status = action_alert_begun(call, ALERT_YEAR_CLOSED, year_write(options.year, year), err);
  if (status == DONE) status = note_closing(call, options.year, err);
  if (status == DONE) status = closing_post(call->store, &options, &done, err);
  if (status != DONE) return status;
  action_answer_int(call, "entry", done.entry);
  action_answer_int(call, "people", done.people);
  action_answer_int(call, "lines", done.lines);
  return DONE;
}

/* A closing cannot be taken back: nobody closes a year alone. */
static enum status close_needs_second(struct action_call *call, struct action_second_need *need,
                                      struct error *err) {
  need->needed = true;
  return check_over(call, err);
}
static const struct action_second close_second = {.kind = SECOND_OF_A_RUN,
                                                  .when = "always",
                                                  .needed = close_needs_second,
                                                  .asks = N_("%s asks to close a year")};

/* ---- rows ---- */

/* beside these whatever may be wrong with a row */
static const enum refusal_code import_refusals[] = {REFUSAL_FILE_NOT_FOUND,
                                                    REFUSAL_FILE_NOT_OPENED,
                                                    REFUSAL_FILE_EMPTY,
                                                    REFUSAL_FILE_TWICE_IN_CALL,
                                                    REFUSAL_FILE_POSTED_ALREADY,
                                                    REFUSAL_FILE_POSTED_AND_UNDONE,
                                                    REFUSAL_FILE_POSTED_AND_UNDONE_BY,
                                                    REFUSAL_BODY_OPTION_UNREGISTERED,
                                                    REFUSAL_IMPORT_UNKNOWN,
                                                    REFUSAL_IMPORT_AGAIN_OF_REGISTER,
                                                    REFUSAL_IMPORT_AGAIN_SEVERAL,
                                                    REFUSAL_IMPORT_AGAIN_NOT_UNDONE,
                                                    REFUSAL_IMPORT_AGAIN_OTHER_FILE,
                                                    REFUSAL_FILE_POSTED_PARTLY,
                                                    REFUSAL_IMPORT_REST_KIND,
                                                    REFUSAL_IMPORT_REST_NONE,
                                                    REFUSAL_IMPORT_REST_AND_AGAIN,
                                                    REFUSAL_NONE};
static const enum refusal_code import_reverse_refusals[] = {REFUSAL_IMPORT_UNKNOWN,
                                                            REFUSAL_IMPORT_NOT_PAYMENTS,
                                                            REFUSAL_LINE_REVERSED_ALREADY,
                                                            REFUSAL_NONE};
static const enum refusal_code close_refusals[] = {
    REFUSAL_CLOSING_NOBODY, REFUSAL_CLOSING_DAY_OUTSIDE, REFUSAL_CLOSING_YEAR_RUNS,
    REFUSAL_SECOND_NOBODY,  REFUSAL_CASE_WAITS_ALREADY,  REFUSAL_NONE};

const struct action long_actions[] = {
    {.name = "import",
     .summary = "Takes files in: all of them, or none.",
     .fields = import_fields,
     .needs = MAY_IMPORT,
     .begins = true,
     .job = true,
     .needs_pack = true,
     .refusals = import_refusals,
     .answers = (const char *const[]){"rows", "posted", "rejected", "import", "first_entry",
                                      "last_entry", NULL},
     .run = run_import},
    {.name = "import-reverse",
     .summary = "Takes back all that a file of payments or budgets posted.",
     .fields = import_reverse_fields,
     .needs = MAY_IMPORT,
     .begins = true,
     .refusals = import_reverse_refusals,
     .answers = (const char *const[]){"lines", "skipped", NULL},
     .run = run_import_reverse},
    {.name = "close-year",
     .summary =
         "Commits to everybody's lines of a year, so that statements can be proven complete.",
     .fields = close_fields,
     .needs = MAY_CLOSE_YEARS,
     .begins = true,
     .job = true,
     .second = &close_second,
     .refusals = close_refusals,
     .answers = (const char *const[]){"entry", "people", "lines", "case", "waits-for", NULL},
     .run = run_close},
    {.name = NULL},
};
