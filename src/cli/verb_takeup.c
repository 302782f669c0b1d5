/* weal assess --place CODE --missing BENEFIT...: who misses out; --run NUMBER: what a run found,
 * letters to them, and what came of these. */
#include "cli/cli.h"

#include "publish/take_up.h"
#include "takeup/letters.h"

/* ---- the row of verbs.c ---- */

const char assess_help[] =
    "Works out from the facts that were told ('weal help fact') what the person, their "
    "partner and the children they are responsible for are entitled to and must pay, by "
    "the rules of the policy pack, week or month from the day on. What is not known is "
    "never taken for zero: an amount that hangs on it is a range, and the questions that "
    "can still change an answer follow, the one that settles most first. While it is not "
    "known who belongs together that is the first question, and no amount is told.\n\n"
    "With a second --policy that pack stands over the first, as a council's own scheme.\n\n"
    "--if says what would change, beside what is: as many times as there are changes. A "
    "variable is the person's own, or the household's.\n\n"
    "--assumed says too what was taken as it usually is, because nobody is asked for it, where it "
    "could change an amount.\n\n"
    "--missing looks through a place instead: who seems entitled to a BENEFIT of take-up.csv "
    "and gets nothing. Each sees on their own page that they were found, and why. With --public "
    "nobody is listed, and nothing is "
    "kept: it counts, for the place and each place under it, what anyone would see of the benefits "
    "that take-up.csv lets be told; the public account does so once a year ('weal publish').\n\n"
    "    weal assess P000001\n"
    "    weal assess P000001 --assumed\n"
    "    weal assess --place E07000117 --missing council_tax_reduction\n"
    "    weal assess --place E07000117 --missing pension_credit --public --format csv\n"
    "    weal assess --run 1 --write\n"
    "    weal assess P000001 --on 2026-12-01 --format json\n";

/* ---- what is done ---- */

enum { TAKEUP_FIELDS_MOST = 40 };

static struct takeup_telling telling_of(const struct call *call) {
  return (struct takeup_telling){.store = call->store,
                                 .pack = call->pack,
                                 .language = ENGLISH,
                                 .outcomes = true,
                                 .today = day_today()};
}

/* Of a run just made the looks are noted already. */
static enum status say_run(struct call *call, int64_t run, bool people, struct error *err) {
  struct takeup_telling telling = telling_of(call);
  struct document *d = NULL;
  telling.people = people;
  telling.outcomes = !people;
  enum status status = takeup_document(call->arena, &telling, run, &d, err);
  if (status == DONE) output_document(call, d);
  return status;
}

static enum status say_runs(struct call *call, struct error *err) {
  const struct takeup_telling telling = telling_of(call);
  struct document *d = NULL;
  enum status status = takeup_runs_document(call->arena, &telling,
                                            span_of(call_option(call, "place")), &d, err);
  if (status == DONE) output_document(call, d);
  return status;
}

/* The letters of a run, one after another; a look is noted at each who gets one. */
static enum status say_letters(struct call *call, int64_t run, struct error *err) {
  const struct takeup_reading reading = {.store = call->store, .pack = call->pack};
  struct takeup_letter *letters = NULL;
  struct takeup_run of = {0};
  struct document *d = NULL;
  struct access_reader by = {0};
  int count = 0;
  if (call_reader(call, &by, err) != DONE || store_begin(call->store, STORE_WRITE, err) != DONE)
    return err->code;
  enum status status = takeup_run_find(call->store, call->arena, run, &of, err);
  if (status == DONE)
    status = takeup_letters_of_run(call->store, call->arena, run, &letters, &count, err);
  for (int i = 0; status == DONE && i < count; i++)
    status = access_log_add(call->store, &by, letters[i].party, "printed a letter", of.purpose,
                            err);
  if (status == DONE)
    status = takeup_letter_document(call->arena, &reading, letters, count, &d, err);
  if (status == DONE) status = store_commit(call->store, err);
  if (status == DONE) output_document(call, d);
  else store_rollback(call->store);
  return status;
}

static enum status take_run(struct call *call, struct error *err) {
  struct sent texts[1];
  struct call_sent sent = {.all = texts};
  struct action_call act = {0};
  int64_t run = 0;
  const char *number = call_option(call, "run");
  if (integer_parse(span_of(number), &run, NULL) != DONE)
    return error_set(err, USAGE, "--run '%s' is no number of a run", number);
  if (call_open_store(call, STORE_WRITE, err) != DONE || call_open_pack(call, err) != DONE)
    return err->code;
  call_send(&sent, "run", number);
  if (call_has(call, "write") && call_act(call, "take-up-write", &sent, &act, err) != DONE)
    return err->code;
  return call_has(call, "print") ? say_letters(call, run, err) : say_run(call, run, false, err);
}

/* What anyone would see of it, in the place and each place under it. */
static enum status count_public(struct call *call, struct error *err) {
  const struct pack_take_up *wanted[TAKEUP_WANTED_MOST];
  struct takeup_request q = {.each_place = true, .on = day_today(), .wanted = wanted};
  const char *const *packs;
  struct rules *rules = NULL;
  struct places *places = NULL;
  struct takeup found;
  struct take_up_figures before = {0}, figures;
  struct document *d = NULL;
  int pack_count = 0;
  if (call_open_store(call, STORE_READ, err) != DONE || call_open_pack(call, err) != DONE ||
      (call_has(call, "on") && call_day(call, "on", &q.on, err) != DONE) ||
      call_policies(call, &packs, &pack_count, err) != DONE ||
      rules_load(call->arena, packs, pack_count, &rules, err) != DONE)
    return err->code;
  for (int i = 0; i < call->argument_count; i++)
    if (take_up_want_public(call->pack, span_of(call->arguments[i]), wanted, &q.wanted_count,
                            err) != DONE)
      return err->code;
  q.store = call->store;
  q.pack = call->pack;
  q.rules = rules;
  q.place = call_option(call, "place");
  q.progress = call->progress;
  if (store_begin(call->store, STORE_READ, err) != DONE) return err->code;
  enum status status = register_places(call->store, call->arena, &places, err);
  if (status == DONE) status = takeup_find(call->arena, &q, &found, err);
  store_rollback(call->store);
  if (status != DONE) return status;
  take_up_show(call->arena, places, &found, &before, &figures);
  const struct take_up_of_place of = {.pack = call->pack,
                                      .places = places,
                                      .figures = &figures,
                                      .place = &places->all[places_by_id(places, found.place)],
                                      .language = ENGLISH};
  take_up_public_document(call->arena, &of, &d);
  output_document(call, d);
  return DONE;
}

enum status verb_missing(struct call *call, struct error *err) {
  struct sent texts[TAKEUP_FIELDS_MOST];
  struct call_sent sent = {.all = texts};
  struct action_call act = {0};
  if (call_option(call, "run")) return take_run(call, err);
  if (!call_has(call, "place"))
    return error_set(err, USAGE, "write: assess --place CODE --missing BENEFIT...");
  if (call_has(call, "public")) {
    if (!call->argument_count || call_has(call, "agreement") || call_has(call, "purpose"))
      return error_set(err, USAGE,
                       "--public lists nobody, so it needs no purpose and no agreement; write: "
                       "assess --place CODE --missing BENEFIT... --public");
    return count_public(call, err);
  }
  if (call_open_store(call, STORE_WRITE, err) != DONE || call_open_pack(call, err) != DONE)
    return err->code;
  if (!call->argument_count) return say_runs(call, err);
  for (int i = 0; i < call->argument_count; i++) call_send(&sent, "benefits", call->arguments[i]);
  call_send(&sent, "place", call_option(call, "place"));
  call_send(&sent, "purpose", call_option(call, "purpose"));
  call_send(&sent, "agreement", call_option(call, "agreement"));
  call_send(&sent, "on", call_option(call, "on"));
  call_send(&sent, "body", call_option(call, "body"));
  if (call_act(call, "take-up-find", &sent, &act, err) != DONE) return err->code;
  return say_run(call, action_answer_int_of(&act, "run"), true, err);
}
