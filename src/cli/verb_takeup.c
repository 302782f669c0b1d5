/* weal assess --place CODE --missing BENEFIT...: who misses out; --run NUMBER: what a run found,
 * letters to them, and what came of these. */
#include "cli/cli.h"

#include "takeup/letters.h"

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

enum status verb_missing(struct call *call, struct error *err) {
  struct sent texts[TAKEUP_FIELDS_MOST];
  struct call_sent sent = {.all = texts};
  struct action_call act = {0};
  if (call_option(call, "run")) return take_run(call, err);
  if (!call_has(call, "place"))
    return error_set(err, USAGE, "write: assess --place CODE --missing BENEFIT...");
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
