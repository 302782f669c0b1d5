/* weal account, statement, statements, place: the views. A view is made completely, then the access
 * is noted, and only then is the view written: nobody sees a record without a note in the access
 * log. */
#include "cli/cli.h"

#include "base/json.h"
#include "base/limits.h"
#include "place/place.h"
#include "register/register.h"
#include "statement/balances.h"
#include "statement/line_compare.h"
#include "statement/statement.h"

static enum status open_book(struct call *call, struct error *err) {
  /* open to write, for the access log */
  if (call_open_store(call, STORE_WRITE, err) != DONE) return err->code;
  return call_open_pack(call, err);
}

/* Of which years it is, for the access log. */
static const char *account_year_words(struct call *call, const struct account_request *request) {
  char year[8];
  const int of = request->from == DAY_NONE ? 0 : year_of_day(YEAR_TAX, request->from);
  if (request->from == DAY_NONE && request->to == DAY_NONE) return "account all years";
  return of && request->from == year_first_day(YEAR_TAX, of) &&
                 request->to == year_last_day(YEAR_TAX, of)
             ? arena_printf(call->arena, "account %s", year_write(of, year))
             : "account in part";
}

static enum status load_rules(struct call *call, struct rules **out, struct error *err) {
  const char *const *packs;
  int count = 0;
  enum status status = call_policies(call, &packs, &count, err);
  return status == DONE ? rules_load(call->arena, packs, count, out, err) : status;
}

/* Makes what was asked for: the account's lines, one of them, or the life; and the words for the
 * access log. */
static enum status make_account(struct call *call, const struct account_request *request,
                                int64_t person, const char **what, struct document **out,
                                struct error *err) {
  int64_t entry;
  int32_t line_no;
  struct rules *rules = NULL;
  struct line_comparison comparison;
  *what = account_year_words(call, request);
  if (call_has(call, "rules") && load_rules(call, &rules, err) != DONE) return err->code;
  if (call_has(call, "line")) {
    if (call_line(call, "line", &entry, &line_no, err) != DONE) return err->code;
    *what = arena_printf(call->arena, "line %lld:%d", (long long)entry, line_no);
    const struct line_request wanted = {.entry = entry,
                                        .line_no = line_no,
                                        .language = request->language,
                                        .named = request->named,
                                        .rules = rules,
                                        .comparison = &comparison};
    return statement_line(call->store, call->reference_data, person, &wanted, call->arena, out,
                          err);
  }
  if (!call_has(call, "life"))
    return statement_account(call->store, call->reference_data, person, request, call->arena, out,
                             err);
  *what = "life";
  return statement_life(call->store, call->reference_data, person,
                        &(struct statement_request){.language = request->language}, call->arena,
                        out, err);
}

enum status verb_account(struct call *call, struct error *err) {
  static const char *const narrowing[] = {"from", "to", "category", "body", "side", "words"};
  struct account_request request = {.named = true,
                                    .from = DAY_NONE,
                                    .to = DAY_NONE,
                                    .category = call_option(call, "category"),
                                    .body = call_option(call, "body"),
                                    .side = call_option(call, "side"),
                                    .words = call_option(call, "words")};
  int64_t person;
  const char *what;
  struct document *document;
  if (call_has(call, "line") && call_has(call, "life"))
    return error_set(err, USAGE, "--line and --life are two things; give one of them");
  if (call_has(call, "rules") && !call_has(call, "line"))
    return error_set(err, USAGE, "--rules is about one line; write --line ENTRY:N with it");
  for (size_t i = 0; i < sizeof narrowing / sizeof *narrowing; i++)
    if ((call_has(call, "line") || call_has(call, "life")) && call_has(call, narrowing[i]))
      return error_set(err, USAGE, "--%s chooses lines of the account; it does not go with --%s",
                       narrowing[i], call_has(call, "line") ? "line" : "life");
  if (call_day(call, "from", &request.from, err) != DONE ||
      call_day(call, "to", &request.to, err) != DONE)
    return err->code;
  if (request.to != DAY_NONE && request.from > request.to)
    return error_set(err, USAGE, "--from lies after --to; the earlier day comes first");
  if (call_language(call, &request.language, err) != DONE || open_book(call, err) != DONE)
    return err->code;
  if (call_person(call, 0, &person, err) != DONE || call_read_reference_data(call, err) != DONE)
    return err->code;
  if (make_account(call, &request, person, &what, &document, err) != DONE) return err->code;
  if (call_note_access(call, person, what, err) != DONE) return err->code;
  output_document(call, document);
  return DONE;
}

enum status verb_statement(struct call *call, struct error *err) {
  struct statement_request request = {.life = call_has(call, "life")};
  bool proof = call_has(call, "proof");
  int64_t person;
  struct document *document;
  if (call_has(call, "only") && !proof) return error_set(err, USAGE, "--only goes with --proof");
  bool pdf = call_format(call) == FORMAT_PDF;
  if (proof && call_has(call, "format") && call_format(call) != FORMAT_JSON &&
      !(pdf && !call_has(call, "only")))
    return error_set(
        err, USAGE,
        "a statement with its proof is JSON, or a PDF that carries it; one line is JSON");
  if (call_year(call, &request.year, err) != DONE ||
      call_language(call, &request.language, err) != DONE)
    return err->code;
  if (open_book(call, err) != DONE) return err->code;
  if (call_person(call, 0, &person, err) != DONE || call_read_reference_data(call, err) != DONE)
    return err->code;
  if (pdf && !proof) { /* a PDF carries its proof if there is one */
    struct error why = {0};
    proof = statement_with_proof(call, &request, person, &why) == DONE;
    if (!proof) output_note(call, "the PDF carries no proof: %s", why.message);
  } else if (proof && statement_with_proof(call, &request, person, err) != DONE) return err->code;
  if (!proof && statement_one(call->store, call->reference_data, person, &request, call->arena,
                              &document, err) != DONE)
    return err->code;
  char year[8];
  const char *what = arena_printf(call->arena, "statement %s", year_write(request.year, year));
  if (call_note_access(call, person, what, err) != DONE) {
    text_clear(&call->out);
    return err->code;
  }
  if (!proof) output_document(call, document);
  return DONE;
}

static void add_statements_summary(struct call *call, const struct statements_options *options,
                                   const struct statements_result *result, double seconds) {
  struct text *t = &call->out;
  text_add_count(t, result->statements);
  text_add(t, result->statements == 1 ? " statement, " : " statements, ");
  text_addf(t, "%.1f MB, in %s, in %.1f s", (double)result->bytes / 1e6, options->out_dir, seconds);
  if (seconds >= 0.05) {
    text_add(t, ", ");
    text_add_count(t, (int64_t)((double)result->statements / seconds));
    text_add(t, " a second");
  }
  text_add(t, ".\n");
  if (result->replaced) text_add(t, "They take the place of an earlier run's.\n");
}

enum status verb_statements(struct call *call, struct error *err) {
  int64_t jobs = 0;
  struct statements_options options = {.request.life = call_has(call, "life"),
                                       .out_dir = call_option(call, "out"),
                                       .place = call_option(call, "place"),
                                       .format = call_format(call),
                                       .progress = call->progress};
  if (call_year(call, &options.request.year, err) != DONE ||
      call_language(call, &options.request.language, err) != DONE)
    return err->code;
  if (!options.out_dir || !*options.out_dir)
    return error_set(err, USAGE, "statements lacks its folder; write --out DIR");
  if (call_count(call, "jobs", 1, LIMIT_THREADS, &jobs, err) != DONE) return err->code;
  options.jobs = (int)jobs;
  const struct out_path out = call_out_path(call, "--out", options.out_dir);
  if (out_folder_check(&out, err) != DONE) return err->code;
  if (open_book(call, err) != DONE) return err->code;
  char year[8];
  const char *what = arena_printf(call->arena, "statements %s",
                                  year_write(options.request.year, year));
  if (call_note_run(call, what, options.place, year_last_day(YEAR_TAX, options.request.year),
                    err) != DONE)
    return err->code;
  struct statements_result result;
  double start = clock_seconds();
  if (statements_write(call->store, call->pack, &options, &result, err) != DONE) return err->code;
  if (!call->quiet) add_statements_summary(call, &options, &result, clock_seconds() - start);
  return DONE;
}

/* Totals are of nobody in particular, so whoever may read the store and not write to it is shown
 * them too: there is no row in the access log then. */
static enum status open_to_read(struct call *call, bool *notes, struct error *err) {
  struct error unwritable = {0};
  enum status status = call_open_store(call, STORE_WRITE, &unwritable);
  if (status == DONE) return access_log_writable(call->store, notes, err);
  *notes = false;
  if (status == USAGE || call_open_store(call, STORE_READ, err) != DONE)
    return *err = unwritable, unwritable.code;
  return DONE;
}

enum status verb_place(struct call *call, struct error *err) {
  struct place_request request = {.code = call->argument_count ? call->arguments[0] : NULL,
                                  .by = BY_CATEGORY,
                                  .progress = call->progress};
  struct document *document;
  const char *by = call_option(call, "by");
  if (call_year(call, &request.year, err) != DONE ||
      call_language(call, &request.language, err) != DONE)
    return err->code;
  if (by && place_by_parse(span_of(by), &request.by, err) != DONE) return USAGE;
  bool notes = false;
  if (open_to_read(call, &notes, err) != DONE || call_open_pack(call, err) != DONE)
    return err->code;
  if (place_account(call->store, call->pack, &request, call->arena, &document, err) != DONE)
    return err->code;
  char year[8];
  const char *what = arena_printf(call->arena, "place %s %s", request.code ? request.code : "(own)",
                                  year_write(request.year, year));
  if (notes && call_note_access(call, 0, what, err) != DONE) return err->code;
  output_document(call, document);
  return DONE;
}

enum status verb_balances(struct call *call, struct error *err) {
  struct balances_options options = {.on = DAY_LAST, .format = call_format(call)};
  if (call_day(call, "on", &options.on, err) != DONE) return err->code;
  if (call_open_store(call, STORE_WRITE, err) != DONE) return err->code;
  if (call_note_run(call, "balances", NULL, DAY_NONE, err) != DONE) return err->code;
  return output_stream_end(
      call, balances_write(call->store, &options, &call->out, output_stream, call, err), err);
}
