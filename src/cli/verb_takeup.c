/* weal assess --place CODE --missing BENEFIT...: who misses out. */
#include "cli/cli.h"

#include "takeup/takeup.h"

enum { TAKEUP_FIELDS_MOST = 8 };

static enum status say_run(struct call *call, int64_t run, struct error *err) {
  const struct takeup_telling telling = {
      .store = call->store, .pack = call->pack, .language = ENGLISH, .people = true};
  struct document *d = NULL;
  enum status status = takeup_document(call->arena, &telling, run, &d, err);
  if (status == DONE) output_document(call, d);
  return status;
}

static enum status say_runs(struct call *call, struct error *err) {
  const struct takeup_telling telling = {.store = call->store,
                                         .pack = call->pack,
                                         .language = ENGLISH};
  struct document *d = NULL;
  enum status status = takeup_runs_document(call->arena, &telling,
                                            span_of(call_option(call, "place")), &d, err);
  if (status == DONE) output_document(call, d);
  return status;
}

enum status verb_missing(struct call *call, struct error *err) {
  struct sent texts[TAKEUP_FIELDS_MOST];
  struct call_sent sent = {.all = texts};
  struct action_call act = {0};
  struct text wanted = {0};
  if (!call_has(call, "place"))
    return error_set(err, USAGE, "write: assess --place CODE --missing BENEFIT...");
  if (call_open_store(call, STORE_WRITE, err) != DONE || call_open_pack(call, err) != DONE)
    return err->code;
  if (!call->argument_count) return say_runs(call, err);
  for (int i = 0; i < call->argument_count; i++)
    text_addf(&wanted, "%s%s", i ? " " : "", call->arguments[i]);
  call_send(&sent, "place", call_option(call, "place"));
  call_send(&sent, "benefits", text_take(call->arena, &wanted));
  call_send(&sent, "purpose", call_option(call, "purpose"));
  call_send(&sent, "agreement", call_option(call, "agreement"));
  call_send(&sent, "on", call_option(call, "on"));
  call_send(&sent, "body", call_option(call, "body"));
  if (call_act(call, "take-up-find", &sent, &act, err) != DONE) return err->code;
  return say_run(call, action_answer_int_of(&act, "run"), err);
}
